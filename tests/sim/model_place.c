/* The life of a hold, the same with every owner of places (proto/place.proto). */
#include "sim/model.h"

#include <string.h>

#include "base/str.h"

#define MINUTE_MS 60000LL

struct model_home *
model_home(struct model *m, enum node_name owner, const char *id)
{
	struct model_home *h = MODEL_FIND(m->homes, m->homes_n, id);

	if (h == NULL) {
		h = MODEL_ADD(m, m->homes, m->homes_n, id);
		h->owner = owner;
	}
	return h;
}

struct model_stay *
model_stay(struct model *m, const char *id)
{
	return MODEL_FIND(m->stays, m->stays_n, id);
}

struct model_hold *
model_hold(struct model *m, const char *id)
{
	return MODEL_FIND(m->holds, m->holds_n, id);
}

const struct model_home *
model_home_of_vacancy(const struct model *m, const char *vacancy)
{
	const struct model_vacancy *v =
	    MODEL_FIND(m->vacancies, m->vacancies_n, vacancy);

	return v == NULL ? NULL : MODEL_FIND(m->homes, m->homes_n, v->home);
}

bool
model_has_room(const struct model *m, const char *vacancy, uint32_t children)
{
	const struct model_vacancy *v =
	    MODEL_FIND(m->vacancies, m->vacancies_n, vacancy);
	const struct model_home *h = model_home_of_vacancy(m, vacancy);

	if (h == NULL)
		return false;
	if (h->owner == NODE_RESIDENTIAL)
		return v->is_open && h->care.counted.free >= children;
	return h->is_open && h->children_max >= h->filled + h->held + children;
}

void
model_end_stay(struct model *m, struct model_stay *s)
{
	if (s != NULL)
		*s = m->stays[--m->stays_n];
}

uint32_t
model_withheld_on(const struct model *m, const char *home, int32_t day)
{
	uint32_t places = 0;

	for (size_t i = 0; i < m->withheld_n; i++) {
		const struct model_withheld *row = &m->withheld[i];

		if (str_equal(row->home, home) && row->from_day <= day &&
		    day < row->until_day)
			places += row->places;
	}
	return places;
}

/* ---- granted ---- */

static void
keep_children(struct model_stay *s, struct model_hold *h, const struct model_granted *g)
{
	for (size_t i = 0; i < g->children_n && i < MODEL_CHILDREN; i++) {
		struct model_child *c = &s->children[s->children_n++];

		model_keep(c->id, g->children[i]->child_id);
		model_keep(h->children[h->children_n++], c->id);
		c->age_years = g->children[i]->age_years;
		c->age_day = g->children[i]->age_day;
		c->sex = (unsigned)g->children[i]->sex;
	}
}

/* As long as it was asked for, from the moment that its owner granted it. */
static void
check_length(
    struct model *m, const struct model_entry *e, const struct model_granted *g)
{
	const struct model_asked *asked = MODEL_FIND(m->asked, m->asked_n, g->hold_id);

	if (asked == NULL)
		world_fail(m->world,
		    "hold %s was granted, and not asked for by requests", g->hold_id);
	else if (g->expires_ms != e->time_ms + asked->minutes * MINUTE_MS)
		world_fail(m->world,
		    "hold %s is not granted for the %u minutes that were asked for",
		    g->hold_id, asked->minutes);
}

struct model_stay *
model_grant(struct model *m, const struct model_entry *e, const struct model_granted *g)
{
	struct model_hold *h;
	struct model_stay *s;

	if (model_hold(m, g->hold_id) != NULL) {
		world_fail(m->world, "hold %s was granted after its release, or twice",
		    g->hold_id);
		return NULL;
	}
	if (g->fencing_number != e->number)
		world_fail(m->world, "hold %s has fencing number %llu in entry %llu",
		    g->hold_id, (unsigned long long)g->fencing_number,
		    (unsigned long long)e->number);
	check_length(m, e, g);
	if (m->is_restored[g->owner])
		world_fail(m->world,
		    "hold %s was granted by a restored owner that does not know what "
		    "it promised",
		    g->hold_id);
	h = MODEL_ADD(m, m->holds, m->holds_n, g->hold_id);
	h->owner = g->owner;
	model_keep(h->home, g->home_id);
	model_keep(h->request, g->request_id);
	h->fencing_number = g->fencing_number;
	h->state = MODEL_HOLD_HELD;
	s = MODEL_ADD(m, m->stays, m->stays_n, g->hold_id);
	s->owner = g->owner;
	model_keep(s->home, g->home_id);
	model_keep(s->request, g->request_id);
	model_keep(s->council, g->council_id);
	if (g->are_siblings)
		model_keep(s->group, g->hold_id);
	keep_children(s, h, g);
	s->is_hold = true;
	s->ends_ms = g->expires_ms;
	m->world->tally.n[TALLY_HOLDS]++;
	m->world->tally.n[TALLY_SIBLING_HOLDS] += g->children_n > 1;
	return s;
}

/* ---- and what follows ---- */

/* The hold that an event moves on, if it was where it must be moved from. */
static struct model_hold *
move_hold(struct model *m, const char *id, unsigned from, enum model_hold_state to)
{
	struct model_hold *h = model_hold(m, id);

	if (h == NULL || (from & (1U << (unsigned)h->state)) == 0) {
		world_fail(
		    m->world, "hold %s went to state %d out of turn", id, (int)to);
		return NULL;
	}
	h->state = to;
	return h;
}

#define LIVE (1U << MODEL_HOLD_HELD | 1U << MODEL_HOLD_CONFIRMED)

/* Only what requests has recorded the provider's yes to; not what a ghost of it with
 * an old fencing number asks for. */
void
model_confirm(struct model *m, const char *hold, int64_t latest_start_ms)
{
	struct model_stay *s = model_stay(m, hold);
	struct model_hold *h =
	    move_hold(m, hold, 1U << MODEL_HOLD_HELD, MODEL_HOLD_CONFIRMED);

	if (s != NULL)
		s->ends_ms = latest_start_ms;
	if (h != NULL && !h->may_confirm)
		world_fail(
		    m->world, "hold %s was confirmed without the provider's yes", hold);
	m->world->tally.n[TALLY_CONFIRMS]++;
}

void
model_release(struct model *m, enum node_name owner, const char *hold)
{
	struct model_hold *h = model_hold(m, hold);

	m->world->tally.n[TALLY_RELEASES]++;
	if (h == NULL) {
		h = MODEL_ADD(m, m->holds, m->holds_n, hold);
		h->owner = owner;
		h->state = MODEL_HOLD_OVER;
		m->world->tally.n[TALLY_RELEASES_FIRST]++;
		return;
	}
	move_hold(m, hold, LIVE, MODEL_HOLD_OVER);
	model_end_stay(m, model_stay(m, hold));
}

void
model_expire(struct model *m, const struct model_entry *e, const char *hold)
{
	struct model_stay *s = model_stay(m, hold);

	if (s != NULL && e->time_ms < s->ends_ms)
		world_fail(m->world, "hold %s expired too early", hold);
	move_hold(m, hold, LIVE, MODEL_HOLD_OVER);
	model_end_stay(m, s);
	m->world->tally.n[TALLY_EXPIRIES]++;
}

bool
model_start(struct model *m, const char *hold, const char *placement)
{
	struct model_hold *h =
	    move_hold(m, hold, 1U << MODEL_HOLD_CONFIRMED, MODEL_HOLD_STARTED);

	if (h == NULL)
		return false;
	model_keep(h->placement, placement);
	if (!h->may_start)
		world_fail(
		    m->world, "placement %s started without an order", placement);
	model_end_stay(m, model_stay(m, hold));
	return true;
}

void
model_end(struct model *m, const char *placement)
{
	for (size_t i = m->stays_n; i-- > 0;)
		if (str_equal(m->stays[i].placement, placement))
			model_end_stay(m, &m->stays[i]);
	for (size_t i = 0; i < m->holds_n; i++)
		if (str_equal(m->holds[i].placement, placement))
			m->holds[i].is_ended = true;
}

/* ---- restored ---- */

void
model_see_restored(struct model *m, enum node_name owner)
{
	m->is_restored[owner] = true;
}

void
model_see_shown(struct model *m, enum node_name owner, bool is_all)
{
	if (!is_all)
		return;
	m->is_restored[owner] = false;
	m->world->tally.n[TALLY_JOURNEYS_SHOWN]++;
}

/* ---- time ---- */

void
model_check_holds(struct model *m, enum node_name owner)
{
	int64_t now_ms = world_now_at(m->world, owner);

	if (m->is_restored[owner])
		return;
	for (size_t i = 0; i < m->stays_n; i++)
		if (m->stays[i].is_hold && m->stays[i].owner == owner &&
		    m->stays[i].ends_ms <= now_ms)
			world_fail(
			    m->world, "hold %s outlived its expiry", m->stays[i].id);
}

void
model_check_time(struct model *m, const struct model_entry *e, enum node_name owner)
{
	if (m->is_restored[owner])
		return;
	for (size_t i = 0; i < m->stays_n; i++)
		if (m->stays[i].is_hold && m->stays[i].owner == owner &&
		    m->stays[i].ends_ms <= e->time_ms)
			world_fail(m->world, "entry %llu of %s still saw hold %s",
			    (unsigned long long)e->number,
			    m->world->nodes[owner].service->name, m->stays[i].id);
}
