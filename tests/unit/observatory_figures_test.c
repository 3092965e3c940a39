/* What is counted, and under what: places, needs, and who is told. */
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
#define NOW_MS (TODAY * DAY_MS + 12 * 3600 * 1000)
#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define TYPE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name

/* Manchester adjoins Trafford; Bury adjoins neither here. Ids in order. */
static char bury[] = "E08000002", manchester[] = "E08000003", trafford[] = "E08000009";
static char own_team[] = "01jd5r00000000000000000001";
static char agency[] = "01jd5r00000000000000000002";
static char near[] = "M14 5", nearer[] = "M14 6", far[] = "TR1 1";

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

static enum err
put(struct mirror *m, const char *text, const ProtobufCMessage *row)
{
	struct id id = {0};

	memcpy(id.text, text, ID_LEN);
	return mirror_put(m, &id, row);
}

static void
put_provider(struct world *w, char *id, Members__Sector sector)
{
	Members__Provider row = MEMBERS__PROVIDER__INIT;

	SET(&row, sector, sector);
	assert_int_equal(put(&w->providers, id, &row.base), ERR_NONE);
}

static int
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

static int
clear(void **state)
{
	struct world *w = *state;

	arena_close(&w->arena);
	return 0;
}

static char *
new_id(struct world *w)
{
	return str_format(&w->arena, "01jd5r%020u", 100 + w->ids++);
}

static void
count(struct world *w)
{
	assert_int_equal(
	    observatory_count(&w->arena, &w->known, &w->question, &w->table), ERR_NONE);
}

static uint32_t
all(const struct world *w, Observatory__Metric metric)
{
	return w->table.all->counts[metric];
}

/* ---- places ---- */

struct place {
	uint32_t approved, filled, held, free, unstaffed, reserved, closed;
};

static Observatory__PlaceRow *
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

static void
put_place(struct world *w, const Observatory__PlaceRow *row)
{
	struct mirror *m = row->care_type == TYPE(FOSTER) ? &w->households : &w->homes;

	assert_int_equal(put(m, row->place_id, &row->base), ERR_NONE);
}

/* The states always sum to what is approved, and reasons to what is not available. */
static void
places_add_up(void **state)
{
	static const struct {
		struct place place;
		uint32_t filled, held, free, unstaffed, carer_break, reserved, at_limit,
		    above;
	} cases[] = {
	    {{.approved = 3, .free = 3}, 0, 0, 3, 0, 0, 0, 0, 0},
	    {{.approved = 3, .filled = 1, .held = 1, .free = 1}, 1, 1, 1, 0, 0, 0, 0,
		0},
	    {{.approved = 3, .filled = 1, .closed = 2}, 1, 0, 0, 0, 2, 0, 0, 0},
	    /* More withheld than there is. */
	    {{.approved = 2, .filled = 1, .closed = 2}, 1, 0, 0, 0, 1, 0, 0, 0},
	    /* No bedroom for the third. */
	    {{.approved = 3, .filled = 2}, 2, 0, 0, 0, 0, 0, 1, 0},
	    /* Exempted: four where three are approved. */
	    {{.approved = 3, .filled = 4}, 3, 0, 0, 0, 0, 0, 0, 1},
	    {{.approved = 6, .filled = 2, .free = 1, .unstaffed = 2, .reserved = 1}, 2,
		0, 1, 2, 0, 1, 0, 0},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		mirror_clear(&w->households);
		put_place(w, place_row(w, &cases[i].place));
		count(w);
		assert_int_equal(all(w, METRIC(APPROVED)), cases[i].place.approved);
		assert_int_equal(all(w, METRIC(FILLED)), cases[i].filled);
		assert_int_equal(all(w, METRIC(HELD)), cases[i].held);
		assert_int_equal(all(w, METRIC(FREE)), cases[i].free);
		assert_int_equal(all(w, METRIC(UNSTAFFED)), cases[i].unstaffed);
		assert_int_equal(all(w, METRIC(CARER_BREAK)), cases[i].carer_break);
		assert_int_equal(all(w, METRIC(RESERVED)), cases[i].reserved);
		assert_int_equal(all(w, METRIC(AT_LIMIT)), cases[i].at_limit);
		assert_int_equal(all(w, METRIC(ABOVE_APPROVED)), cases[i].above);
		assert_int_equal(all(w, METRIC(FILLED_IN_HOUSE)), cases[i].filled);
		assert_int_equal(all(w, METRIC(NO_REQUEST)), cases[i].filled);
		for (Observatory__Metric m = 1; m < OBSERVATORY_COUNTS; m++) {
			uint32_t sum = 0;
			bool has_parts = false;
			for (Observatory__Metric p = 1; p < OBSERVATORY_COUNTS; p++) {
				if (observatory_definition(p)->part_of != m)
					continue;
				has_parts = true;
				sum += all(w, p);
			}
			if (m == METRIC(APPROVED) || m == METRIC(NOT_FREE) ||
			    m == METRIC(NOT_AVAILABLE))
				assert_true(has_parts && sum == all(w, m));
		}
	}
}

/* Under its council, type and provider once; under every band that it reaches. */
static void
a_place_stands_under_each_heading(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 4, .free = 4};
	Observatory__PlaceRow *row = place_row(w, &p);

	row->provider_id = agency;
	row->council_id = trafford;
	SET(row, care_type, TYPE(CHILDRENS_HOME));
	SET(row, age_min_years, 8);
	SET(row, age_max_years, 17);
	put_place(w, row);
	row = place_row(w, &p);
	row->council_id = new_id(w); /* no council */
	SET(row, is_apart, true);
	put_place(w, row);
	count(w);
	assert_int_equal(w->table.areas[2].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.areas[1].counts[METRIC(FREE)], 0);
	assert_int_equal(w->table.areas[3].counts[METRIC(APPROVED_APART)], 4);
	assert_int_equal(all(w, METRIC(APPROVED)), 4);
	assert_int_equal(all(w, METRIC(HOMES)), 1);
	assert_int_equal(w->table.types[TYPE(CHILDRENS_HOME)].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.types[TYPE(FOSTER)].counts[METRIC(FREE)], 0);
	assert_int_equal(w->table.bands[BAND(1_TO_4)].counts[METRIC(FREE)], 0);
	assert_int_equal(w->table.bands[BAND(5_TO_9)].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.bands[BAND(10_TO_15)].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.bands[BAND(16_TO_17)].counts[METRIC(FREE)], 4);
	assert_int_equal(
	    w->table.sectors[MEMBERS__SECTOR__SECTOR_PRIVATE].counts[METRIC(FREE)], 4);
	/* Narrowed, it is there or not. */
	w->question.age_band = BAND(1_TO_4);
	count(w);
	assert_int_equal(all(w, METRIC(FREE)), 0);
	w->question.age_band = BAND(5_TO_9);
	w->question.care_type = TYPE(CHILDRENS_HOME);
	w->question.area = &w->areas[2];
	count(w);
	assert_int_equal(all(w, METRIC(FREE)), 4);
	assert_int_equal(w->table.bands[BAND(10_TO_15)].counts[METRIC(FREE)], 0);
}

static void
a_reason_has_its_days(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 2, .closed = 2};
	Observatory__PlaceRow *row = place_row(w, &p);

	SET(row->closed[0], from_day, TODAY - 3);
	SET(row->closed[0], until_day, TODAY + 1);
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 2);
	w->question.today = TODAY + 1;
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 0);
	assert_int_equal(all(w, METRIC(AT_LIMIT)), 2);
}

static void
a_vacancy_goes_stale(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 2, .free = 2};
	Observatory__PlaceRow *row = place_row(w, &p);
	Observatory__Opening *opening = MESSAGE_NEW(&w->arena, observatory__opening);

	SET(opening, is_open, true);
	SET(opening, confirmed_time, NOW_MS - OBSERVATORY_STALE_DAYS * DAY_MS);
	row->openings = &opening;
	row->n_openings = 1;
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(VACANCIES)), 1);
	assert_int_equal(all(w, METRIC(VACANCIES_STALE)), 0);
	w->question.now_ms++;
	count(w);
	assert_int_equal(all(w, METRIC(VACANCIES_STALE)), 1);
	SET(opening, is_open, false);
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(VACANCIES)), 0);
}

/* ---- needs ---- */

static Observatory__NeedRow *
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

static void
put_need(struct world *w, const Observatory__NeedRow *row)
{
	assert_int_equal(put(&w->needs, row->request_id, &row->base), ERR_NONE);
	count(w);
}

/* A placement that has begun, of these children ("AB"; "": of all). */
static Observatory__PlacementRow *
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

static void
a_child_is_in_one_state(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 2};
	Observatory__PlaceRow *place = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, 1, 7);

	put_place(w, place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
	assert_int_equal(all(w, METRIC(OPEN)), 1);
	assert_int_equal(all(w, METRIC(IN_TIME)), 1);
	SET(row, is_circulated, true);
	SET(row, overdue_time, NOW_MS);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(OPEN)), 0);
	assert_int_equal(all(w, METRIC(WAITING)), 1);
	assert_int_equal(all(w, METRIC(UNFILLED)), 1);
	assert_int_equal(all(w, METRIC(NO_REQUEST)), 2);
	Observatory__PlacementRow *placement = place_them(w, row, "", place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
	assert_int_equal(all(w, METRIC(UNFILLED)), 0);
	assert_int_equal(all(w, METRIC(PLACED)), 1);
	assert_int_equal(all(w, METRIC(NO_REQUEST)), 1);
	assert_int_equal(all(w, METRIC(PLACED_IN_HOUSE)), 1);
	SET(placement, end_day, TODAY);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 0);
	assert_int_equal(all(w, METRIC(ENDED)), 1);
	w->question.from_day = TODAY + 1;
	count(w);
	assert_int_equal(all(w, METRIC(ENDED)), 0);
	row = need_row(w, 2, 7);
	SET(row, withdrawn_day, TODAY);
	w->question.from_day = TODAY;
	put_need(w, row);
	assert_int_equal(all(w, METRIC(WITHDRAWN)), 2);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
}

/* Asked for by kind; by age in years today; of none named, whatever is lawful. */
static void
a_need_stands_under_what_was_asked(void **state)
{
	struct world *w = *state;
	Common__CareType home = TYPE(CHILDRENS_HOME);
	Observatory__NeedRow *row = need_row(w, 1, 15);

	put_need(w, row);
	assert_int_equal(w->table.types[TYPE(FOSTER)].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(w->table.types[home].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(
	    w->table.types[TYPE(SUPPORTED_ACCOMMODATION)].counts[METRIC(SEARCHING)], 0);
	assert_int_equal(w->table.bands[BAND(10_TO_15)].counts[METRIC(SEARCHING)], 1);
	w->question.today = TODAY + 366; /* and is 16 */
	count(w);
	assert_int_equal(
	    w->table.types[TYPE(SUPPORTED_ACCOMMODATION)].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(w->table.bands[BAND(16_TO_17)].counts[METRIC(SEARCHING)], 1);
	row->care_types = &home;
	row->n_care_types = 1;
	put_need(w, row);
	assert_int_equal(w->table.types[TYPE(FOSTER)].counts[METRIC(SEARCHING)], 0);
	assert_int_equal(w->table.areas[1].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
	w->question.care_type = TYPE(FOSTER);
	count(w);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
}

/* By the recorded area and the table of adjoining councils, never by miles. */
static void
how_far_from_home(void **state)
{
	static const struct {
		char *area, *sector;
		Observatory__Metric where, miles;
	} cases[] = {
	    {manchester, nearer, METRIC(OWN_AREA), METRIC(MILES_TO_5)},
	    {trafford, far, METRIC(ADJOINING), METRIC(MILES_OVER_20)},
	    {bury, near, METRIC(AT_A_DISTANCE), METRIC(MILES_TO_5)},
	    {NULL, NULL, METRIC(AREA_UNKNOWN), METRIC(MILES_UNKNOWN)},
	};
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 1};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		Observatory__PlaceRow *place = place_row(w, &p);
		Observatory__NeedRow *row = need_row(w, 1, 7);
		place->council_id = cases[i].area;
		place->home_sector = cases[i].sector;
		put_place(w, place);
		place_them(w, row, "", place);
		uint32_t where = 0, miles = 0;
		if (i > 0) {
			where = all(w, cases[i].where);
			miles = all(w, cases[i].miles);
		}
		put_need(w, row);
		assert_int_equal(all(w, cases[i].where), where + 1);
		assert_int_equal(all(w, cases[i].miles), miles + 1);
	}
	struct observatory_share share;
	assert_true(
	    observatory_share(w->table.all->counts, METRIC(SHARE_OVER_20), &share));
	assert_int_equal(share.percent, 33); /* of the three that are known */
	assert_true(
	    observatory_share(w->table.all->counts, METRIC(SHARE_OWN_AREA), &share));
	assert_int_equal(share.percent, 33);
	assert_false(
	    observatory_share(w->table.all->counts, METRIC(SHARE_STALE), &share));
	assert_false(observatory_share(w->table.all->counts, METRIC(PLACED), &share));
}

static void
siblings_live_together_or_not(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 3};
	Observatory__PlaceRow *one = place_row(w, &p), *other = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, 3, 7);

	put_place(w, one);
	put_place(w, other);
	place_them(w, row, "AB", one);
	put_need(w, row);
	/* The third is still sought a home for. */
	assert_int_equal(all(w, METRIC(PLACED)), 2);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
	assert_int_equal(all(w, METRIC(APART)), 2);
	place_them(w, row, "C", other);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(APART)), 3);
	assert_int_equal(all(w, METRIC(NO_REQUEST)), 3);
	row = need_row(w, 2, 7);
	place_them(w, row, "", one);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(TOGETHER)), 2);
	row = need_row(w, 1, 7);
	place_them(w, row, "", one);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(TOGETHER)), 2);
	assert_int_equal(all(w, METRIC(APART)), 3);
	assert_int_equal(all(w, METRIC(PLACED)), 6);
}

/* ---- who is told what ---- */

static enum observatory_refusal
ask(const struct observatory_asker *asker, char *council_id, Common__CareType type,
    int32_t from_day, bool for_print)
{
	Observatory__SufficiencyAsked asked = OBSERVATORY__SUFFICIENCY_ASKED__INIT;
	struct observatory_view view;

	asked.council_id = council_id;
	if (type != 0)
		SET(&asked, care_type, type);
	if (from_day != 0)
		SET(&asked, from_day, from_day);
	SET(&asked, for_print, for_print);
	enum observatory_refusal no = observatory_may_ask(asker, &asked, &view);
	if (no == OBSERVATORY_OK) {
		bool is_exact =
		    !for_print && (asker->is_cooperative || council_id != NULL);
		assert_int_equal(view.is_suppressed, !is_exact);
	}
	return no;
}

static void
who_is_told_what(void **state)
{
	static const struct observatory_asker officer = {true, NULL, TODAY};
	static const struct observatory_asker council = {false, manchester, TODAY};

	(void)state;
	assert_int_equal(ask(&officer, NULL, 0, 0, false), OBSERVATORY_OK);
	assert_int_equal(
	    ask(&officer, bury, TYPE(FOSTER), TODAY - 10, false), OBSERVATORY_OK);
	assert_int_equal(ask(&officer, NULL, 0, 0, true), OBSERVATORY_OK);
	assert_int_equal(ask(&officer, bury, 0, 0, true), OBSERVATORY_NARROWED);
	assert_int_equal(
	    ask(&officer, NULL, TYPE(FOSTER), 0, true), OBSERVATORY_NARROWED);
	assert_int_equal(
	    ask(&officer, NULL, 0, TODAY - 10, true), OBSERVATORY_PERIOD_FIXED);
	assert_int_equal(ask(&officer, NULL, 0, TODAY + 1, false), OBSERVATORY_PERIOD);
	assert_int_equal(
	    ask(&officer, NULL, 0, TODAY - 1831, false), OBSERVATORY_PERIOD);
	assert_int_equal(
	    ask(&council, manchester, TYPE(FOSTER), TODAY - 10, false), OBSERVATORY_OK);
	assert_int_equal(ask(&council, NULL, 0, 0, false), OBSERVATORY_OK);
	assert_int_equal(
	    ask(&council, NULL, TYPE(FOSTER), 0, false), OBSERVATORY_NARROWED);
	assert_int_equal(
	    ask(&council, NULL, 0, TODAY - 10, false), OBSERVATORY_PERIOD_FIXED);
	assert_int_equal(ask(&council, bury, 0, 0, false), OBSERVATORY_OTHER_COUNCIL);
	assert_int_equal(ask(&council, manchester, 0, 0, true), OBSERVATORY_NARROWED);
}

/* Every small count is hidden; of the rest only what shelters one. */
static void
what_is_hidden_outside(void **state)
{
	struct world *w = *state;
	static const unsigned searching[] = {3, 9, 20};
	char *codes[] = {bury, manchester, trafford};

	for (size_t i = 0; i < 3; i++) {
		for (unsigned n = 0; n < searching[i]; n++) {
			Observatory__NeedRow *row = need_row(w, 1, n % 2 ? 7 : 12);
			row->council_id = codes[i];
			assert_int_equal(
			    put(&w->needs, row->request_id, &row->base), 0);
		}
	}
	count(w);
	assert_int_equal(observatory_hide(&w->arena, &w->table, TODAY), ERR_NONE);
	uint64_t bit = UINT64_C(1) << METRIC(SEARCHING);
	assert_true(w->table.areas[0].hidden & bit);
	assert_true(w->table.areas[1].hidden & bit);
	assert_true(w->table.areas[2].hidden & bit);
	assert_false(w->table.all->hidden & bit);
	assert_false(w->table.types[TYPE(FOSTER)].hidden & bit);
	assert_false(w->table.bands[BAND(5_TO_9)].hidden & bit);
	assert_false(w->table.areas[0].hidden & UINT64_C(1) << METRIC(PLACED));
}

/* Everything outside is in a block, and every metric has its words. */
static void
every_figure_is_defined(void **state)
{
	struct world *w = *state;
	const Observatory__Definitions *d = observatory_definitions(&w->arena);

	assert_non_null(d);
	assert_int_equal(
	    d->n_definitions, observatory__metric__descriptor.n_values - 1);
	for (size_t i = 0; i < d->n_definitions; i++) {
		const Observatory__Definition *row = d->definitions[i];
		assert_int_equal(row->metric, i + 1);
		assert_true(strlen(row->words) > 10 && strlen(row->source) > 10);
		assert_ptr_equal(observatory_definition(row->metric)->words != NULL, 1);
	}
	assert_null(observatory_definition(0));
	assert_null(observatory_definition(OBSERVATORY_METRICS));
	/* All that goes outside small is hidden there. */
	for (size_t i = 0; i < 3; i++) {
		Observatory__NeedRow *row = need_row(w, 1, 7);
		put_need(w, row);
	}
	count(w);
	for (Observatory__Metric m = 1; m < OBSERVATORY_COUNTS; m++) {
		w->table.all->counts[m] = 2;
		w->table.areas[0].counts[m] = 2;
	}
	assert_int_equal(observatory_hide(&w->arena, &w->table, TODAY), ERR_NONE);
	for (Observatory__Metric m = 1; m < OBSERVATORY_COUNTS; m++) {
		if (observatory_definition(m)->is_outside)
			assert_true(w->table.areas[0].hidden >> m & 1);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(places_add_up),
	    TEST(a_place_stands_under_each_heading),
	    TEST(a_reason_has_its_days),
	    TEST(a_vacancy_goes_stale),
	    TEST(a_child_is_in_one_state),
	    TEST(a_need_stands_under_what_was_asked),
	    TEST(how_far_from_home),
	    TEST(siblings_live_together_or_not),
	    TEST(who_is_told_what),
	    TEST(what_is_hidden_outside),
	    TEST(every_figure_is_defined),
	};

	return cmocka_run_group_tests_name("observatory_figures", tests, NULL, NULL);
}
