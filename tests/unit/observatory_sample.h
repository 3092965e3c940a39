#ifndef RCC_TESTS_UNIT_OBSERVATORY_SAMPLE_H
#define RCC_TESTS_UNIT_OBSERVATORY_SAMPLE_H

/* Three councils, a team and an agency; places and needs in a line each. */
#include "observatory/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "observatory/definition.h"
#include "observatory/observatory.h"
#include "observatory/outside.h"
#include "observatory/store.h"

#define TODAY 20778 /* 2026-11-21 */
#define DAY_MS INT64_C(86400000)
#define NOW_MS (TODAY * DAY_MS + INT64_C(43200000))
#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define TYPE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name

/* Manchester adjoins Trafford; Bury adjoins neither here. Ids in order. */
static char bury[] = "E08000002", manchester[] = "E08000003", trafford[] = "E08000009";
static char own_team[] = "01jd5r00000000000000000001";
static char agency[] = "01jd5r00000000000000000002";
static char near[] = "M14 5", nearer[] = "M14 6";

struct world {
	struct arena arena;
	struct mirror households, homes, needs, providers;
	Members__Council rows[3];
	Members__Membership membership, *memberships[1];
	char *adjoining[1];
	struct observatory_area areas[3];
	struct observatory_known known;
	struct observatory_question question;
	struct observatory_table table;
	unsigned ids;
};

static struct world world;

static inline enum err
put(struct mirror *m, const char *text, const ProtobufCMessage *row)
{
	struct id id = {0};

	memcpy(id.text, text, ID_LEN);
	return mirror_put(m, &id, row);
}

static inline void
put_provider(struct world *w, char *id, Members__Sector sector)
{
	Members__Provider row = MEMBERS__PROVIDER__INIT;

	SET(&row, sector, sector);
	assert_int_equal(put(&w->providers, id, &row.base), ERR_NONE);
}

static inline int
make(void **state)
{
	struct world *w = &world;
	char *codes[] = {bury, manchester, trafford};

	memset(w, 0, sizeof *w);
	*state = w;
	assert_int_equal(arena_open(&w->arena, (size_t)1 << 30), ERR_NONE);
	assert_int_equal(
	    mirror_open(&w->households, &observatory_households, &w->arena), 0);
	assert_int_equal(mirror_open(&w->homes, &observatory_homes, &w->arena), 0);
	assert_int_equal(
	    mirror_open(&w->providers, &observatory_providers, &w->arena), 0);
	assert_int_equal(mirror_open(&w->needs, &observatory_needs, &w->arena), 0);
	members__membership__init(&w->membership);
	w->memberships[0] = &w->membership;
	w->adjoining[0] = trafford;
	for (size_t i = 0; i < 3; i++) {
		members__council__init(&w->rows[i]);
		w->rows[i].council_id = codes[i];
		w->rows[i].memberships = w->memberships;
		w->rows[i].n_memberships = 1;
		memcpy(w->areas[i].council.code, codes[i], 10);
		w->areas[i].row = &w->rows[i];
	}
	w->rows[1].adjoining_council_ids = w->adjoining;
	w->rows[1].n_adjoining_council_ids = 1;
	put_provider(w, own_team, MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY);
	put_provider(w, agency, MEMBERS__SECTOR__SECTOR_PRIVATE);
	w->known = (struct observatory_known){
	    &w->households, &w->homes, &w->needs, &w->providers, w->areas, 3};
	w->question = (struct observatory_question){
	    .from_day = TODAY - 365, .today = TODAY, .now_ms = NOW_MS};
	return 0;
}

static inline int
clear(void **state)
{
	struct world *w = *state;

	arena_close(&w->arena);
	return 0;
}

static inline char *
new_id(struct world *w)
{
	return str_format(&w->arena, "01jd5r%020u", 100 + w->ids++);
}

static inline void
count(struct world *w)
{
	assert_int_equal(
	    observatory_count(&w->arena, &w->known, &w->question, &w->table), ERR_NONE);
}

static inline uint32_t
all(const struct world *w, Observatory__Metric metric)
{
	return w->table.all->counts[metric];
}

/* ---- places ---- */

struct place {
	uint32_t approved, filled, held, free, unstaffed, reserved, closed;
};

static inline Observatory__PlaceRow *
place_row(struct world *w, const struct place *p)
{
	Observatory__PlaceRow *row = MESSAGE_NEW(&w->arena, observatory__place_row);
	Observatory__Closed *closed = MESSAGE_NEW(&w->arena, observatory__closed);

	row->place_id = new_id(w);
	row->provider_id = own_team;
	row->council_id = manchester;
	row->home_sector = nearer;
	SET(row, care_type, TYPE(FOSTER));
	SET(row, age_min_years, 0);
	SET(row, age_max_years, 17);
	SET(row, approved, p->approved);
	SET(row, filled, p->filled);
	SET(row, held, p->held);
	SET(row, free, p->free);
	SET(row, unstaffed, p->unstaffed);
	SET(row, reserved, p->reserved);
	row->closed = LIST_NEW(&w->arena, 1, Observatory__Closed *);
	row->closed[0] = closed;
	row->n_closed = p->closed > 0;
	SET(closed, reason, METRIC(CARER_BREAK));
	SET(closed, places, p->closed);
	return row;
}

static inline void
put_place(struct world *w, const Observatory__PlaceRow *row)
{
	struct mirror *m = row->care_type == TYPE(FOSTER) ? &w->households : &w->homes;

	assert_int_equal(put(m, row->place_id, &row->base), ERR_NONE);
}

/* ---- needs ---- */

static inline Observatory__NeedRow *
need_row(struct world *w, size_t children, uint32_t age)
{
	static char refs[][2] = {"A", "B", "C", "D", "E", "F"};
	Observatory__NeedRow *row = MESSAGE_NEW(&w->arena, observatory__need_row);

	row->request_id = new_id(w);
	row->council_id = manchester;
	row->home_sector = near;
	SET(row, overdue_time, NOW_MS + 1);
	SET(row, are_siblings, children > 1);
	row->children = LIST_NEW(&w->arena, children, Observatory__ChildRow *);
	for (size_t i = 0; i < children; i++) {
		Observatory__ChildRow *child =
		    MESSAGE_NEW(&w->arena, observatory__child_row);
		child->child_ref = refs[i];
		SET(child, age_years, age);
		SET(child, age_day, TODAY);
		row->children[row->n_children++] = child;
	}
	return row;
}

static inline void
put_need(struct world *w, const Observatory__NeedRow *row)
{
	assert_int_equal(put(&w->needs, row->request_id, &row->base), ERR_NONE);
	count(w);
}

/* A placement that has begun, of these children ("AB"; "": of all). */
static inline Observatory__PlacementRow *
place_them(struct world *w, Observatory__NeedRow *row, const char *children,
    const Observatory__PlaceRow *place)
{
	Observatory__PlacementRow *p =
	    MESSAGE_NEW(&w->arena, observatory__placement_row);
	Observatory__PlacementRow **list =
	    LIST_NEW(&w->arena, row->n_placements + 1, Observatory__PlacementRow *);

	for (size_t i = 0; i < row->n_placements; i++)
		list[i] = row->placements[i];
	list[row->n_placements++] = p;
	row->placements = list;
	p->placement_id = new_id(w);
	p->place_id = place->place_id;
	p->provider_id = place->provider_id;
	p->area_council_id = place->council_id;
	SET(p, care_type, place->care_type);
	SET(p, is_started, true);
	p->child_refs = LIST_NEW(&w->arena, 6, char *);
	for (; children[p->n_child_refs] != '\0'; p->n_child_refs++)
		p->child_refs[p->n_child_refs] =
		    str_format(&w->arena, "%c", children[p->n_child_refs]);
	return p;
}

#endif
