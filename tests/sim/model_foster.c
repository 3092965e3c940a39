#include "sim/model.h"

#include <string.h>

#include "base/day.h"
#include "base/str.h"

#include "foster.pb-c.h"

#define EVENT(name) FOSTER__FOSTER_EVENT__EVENT_##name
#define USUAL_LIMIT 3

static struct model_home *
home(struct model *m, const char *id)
{
	struct model_home *h = MODEL_FIND(m->homes, m->homes_n, id);

	return h != NULL ? h : MODEL_ADD(m, m->homes, m->homes_n, id);
}

static struct model_stay *
stay(struct model *m, const char *id)
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
	for (size_t i = 0; i < m->homes_n; i++)
		if (str_equal(m->homes[i].vacancy, vacancy))
			return &m->homes[i];
	return NULL;
}

static void
end_stay(struct model *m, struct model_stay *s)
{
	if (s != NULL)
		*s = m->stays[--m->stays_n];
}

/* ---- no bed is promised twice ---- */

struct crowd {
	uint32_t people;   /* whoever takes a place */
	uint32_t children; /* who are fostered */
	bool is_one_group; /* all siblings of each other */
};

static struct crowd
crowd_of(const struct model *m, const char *home_id)
{
	struct crowd c = {.is_one_group = true};
	const char *group = NULL;

	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (!str_equal(s->home, home_id))
			continue;
		c.people += s->children_n;
		if (s->is_adult)
			continue;
		c.children += s->children_n;
		if (s->group[0] == '\0' ||
		    (group != NULL && !str_equal(group, s->group)))
			c.is_one_group = false;
		group = s->group;
	}
	return c;
}

static uint32_t
withheld_on(const struct model *m, const char *home_id, int32_t day)
{
	uint32_t places = 0;

	for (size_t i = 0; i < m->withheld_n; i++) {
		const struct model_withheld *row = &m->withheld[i];

		if (str_equal(row->home, home_id) && row->from_day <= day &&
		    day < row->until_day)
			places += row->places;
	}
	return places;
}

static bool
names_all(const struct model *m, const struct model_exemption *x)
{
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (!str_equal(s->home, x->home) || s->is_adult)
			continue;
		for (size_t k = 0; k < s->children_n; k++)
			if (s->children[k][0] == '\0' ||
			    MODEL_FIND(x->named, x->named_n, s->children[k]) == NULL)
				return false;
	}
	return true;
}

static bool
is_exempt(const struct model *m, const struct model_home *h, int32_t day)
{
	for (size_t i = 0; i < m->exemptions_n; i++) {
		const struct model_exemption *x = &m->exemptions[i];

		if (str_equal(x->home, h->id) && str_equal(x->council, h->council) &&
		    x->from_day <= day && day < x->until_day && names_all(m, x))
			return true;
	}
	return false;
}

/*
 * Looked at whenever a hold is granted, and once more when it becomes a placement:
 * what a provider sells outside is recorded even where it is too much, since then it
 * is a fact, but nobody is placed on top of it.
 */
static void
check_home(struct model *m, const struct model_home *h, const struct model_entry *e)
{
	int32_t day = day_in_london(e->time_ms);
	struct crowd c = crowd_of(m, h->id);
	bool is_hold = e->type == EVENT(HOLD_GRANTED);
	uint32_t withheld = is_hold ? withheld_on(m, h->id, day) : 0;

	if (c.people > h->children_max)
		world_fail(m->world, "home %s was promised to %u, for %u places", h->id,
		    c.people, h->children_max);
	else if (c.people + withheld > h->children_max)
		world_fail(m->world,
		    "home %s was promised to %u, for %u places of which "
		    "%u are not available",
		    h->id, c.people, h->children_max, withheld);
	if (c.children <= USUAL_LIMIT || c.is_one_group)
		return;
	if (!is_exempt(m, h, day))
		world_fail(m->world, "home %s is over the usual limit with %u children",
		    h->id, c.children);
	m->world->tally.n[TALLY_EXEMPT_HOLDS] += is_hold;
}

/* ---- occupants ---- */

static void
see_occupant(struct model *m, const Foster__Occupant *o)
{
	struct model_stay *s = MODEL_ADD(m, m->stays, m->stays_n, o->occupant_id);

	model_keep(s->home, o->household_id);
	model_keep(s->group, o->sibling_group_id);
	model_keep(s->request, o->request_id);
	model_keep(s->placement, o->placement_id);
	model_keep(s->children[s->children_n++], o->child_id);
	s->is_adult = o->kind == FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT;
}

static void
see_recorded(struct model *m, const struct model_entry *e)
{
	see_occupant(m, ((const Foster__OccupantRecorded *)e->event)->occupant);
	m->world->tally.n[TALLY_SOLD_OUTSIDE]++;
}

static void
see_occupant_ended(struct model *m, const struct model_entry *e)
{
	end_stay(m, stay(m, ((const Foster__OccupantEnded *)e->event)->occupant_id));
}

/* ---- holds ---- */

static void
see_granted(struct model *m, const struct model_entry *e)
{
	const Foster__HoldRow *row = ((const Foster__HoldGranted *)e->event)->hold;
	struct model_hold *h;
	struct model_stay *s;

	if (model_hold(m, row->hold_id) != NULL) {
		world_fail(m->world, "hold %s was granted after its release, or twice",
		    row->hold_id);
		return;
	}
	if (row->fencing_number != e->number)
		world_fail(m->world, "hold %s has fencing number %llu in entry %llu",
		    row->hold_id, (unsigned long long)row->fencing_number,
		    (unsigned long long)e->number);
	h = MODEL_ADD(m, m->holds, m->holds_n, row->hold_id);
	model_keep(h->home, row->household_id);
	model_keep(h->request, row->request_id);
	h->fencing_number = row->fencing_number;
	h->state = MODEL_HOLD_HELD;
	s = MODEL_ADD(m, m->stays, m->stays_n, row->hold_id);
	model_keep(s->home, row->household_id);
	model_keep(s->request, row->request_id);
	if (row->are_siblings)
		model_keep(s->group, row->hold_id);
	for (size_t i = 0; i < row->n_children; i++)
		model_keep(s->children[s->children_n++], row->children[i]->child_id);
	s->is_hold = true;
	s->ends_ms = row->expires_time;
	m->world->tally.n[TALLY_HOLDS]++;
	m->world->tally.n[TALLY_SIBLING_HOLDS] += row->n_children > 1;
	check_home(m, home(m, row->household_id), e);
}

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
static void
see_confirmed(struct model *m, const struct model_entry *e)
{
	const Foster__HoldConfirmed *c = e->event;
	struct model_stay *s = stay(m, c->hold_id);
	struct model_hold *h =
	    move_hold(m, c->hold_id, 1U << MODEL_HOLD_HELD, MODEL_HOLD_CONFIRMED);

	if (s != NULL)
		s->ends_ms = c->latest_start_time;
	if (h != NULL && !h->may_confirm)
		world_fail(m->world, "hold %s was confirmed without the provider's yes",
		    c->hold_id);
	m->world->tally.n[TALLY_CONFIRMS]++;
}

static void
see_released(struct model *m, const struct model_entry *e)
{
	const char *id = ((const Foster__HoldReleased *)e->event)->hold_id;
	struct model_hold *h = model_hold(m, id);

	m->world->tally.n[TALLY_RELEASES]++;
	if (h == NULL) {
		h = MODEL_ADD(m, m->holds, m->holds_n, id);
		h->state = MODEL_HOLD_OVER;
		m->world->tally.n[TALLY_RELEASES_FIRST]++;
		return;
	}
	move_hold(m, id, LIVE, MODEL_HOLD_OVER);
	end_stay(m, stay(m, id));
}

static void
see_expired(struct model *m, const struct model_entry *e)
{
	const char *id = ((const Foster__HoldExpired *)e->event)->hold_id;
	struct model_stay *s = stay(m, id);

	if (s != NULL && e->time_ms < s->ends_ms)
		world_fail(m->world, "hold %s expired too early", id);
	move_hold(m, id, LIVE, MODEL_HOLD_OVER);
	end_stay(m, s);
	m->world->tally.n[TALLY_EXPIRIES]++;
}

void
model_check_holds(struct model *m)
{
	int64_t now_ms = world_now_at(m->world, NODE_FOSTER);

	for (size_t i = 0; i < m->stays_n; i++)
		if (m->stays[i].is_hold && m->stays[i].ends_ms <= now_ms)
			world_fail(
			    m->world, "hold %s outlived its expiry", m->stays[i].id);
}

/* ---- placements ---- */

static void
see_started(struct model *m, const struct model_entry *e)
{
	const Foster__PlacementStarted *s = e->event;
	struct model_hold *h =
	    move_hold(m, s->hold_id, 1U << MODEL_HOLD_CONFIRMED, MODEL_HOLD_STARTED);

	if (h == NULL)
		return;
	model_keep(h->placement, s->placement_id);
	if (!h->may_start)
		world_fail(
		    m->world, "placement %s started without an order", s->placement_id);
	end_stay(m, stay(m, s->hold_id));
	for (size_t i = 0; i < s->n_occupants; i++)
		see_occupant(m, s->occupants[i]);
	check_home(m, home(m, h->home), e);
}

static void
see_ended(struct model *m, const struct model_entry *e)
{
	const char *placement =
	    ((const Foster__PlacementEnded *)e->event)->placement_id;

	for (size_t i = m->stays_n; i-- > 0;)
		if (str_equal(m->stays[i].placement, placement))
			end_stay(m, &m->stays[i]);
	for (size_t i = 0; i < m->holds_n; i++)
		if (str_equal(m->holds[i].placement, placement))
			m->holds[i].is_ended = true;
}

/* ---- homes ---- */

void
model_check_places(struct model *m, const struct model_home *h)
{
	uint32_t filled = 0, held = 0;

	for (size_t i = 0; i < m->stays_n; i++)
		if (str_equal(m->stays[i].home, h->id))
			*(m->stays[i].is_hold ? &held : &filled) +=
			    m->stays[i].children_n;
	if (h->is_open && (h->filled != filled || h->held != held))
		world_fail(m->world,
		    "home %s is published with %u filled and %u held, "
		    "and has %u and %u",
		    h->id, h->filled, h->held, filled, held);
}

static void
see_household(struct model *m, const struct model_entry *e)
{
	/* Registered and amended are alike. */
	const Foster__Household *row =
	    ((const Foster__HouseholdRegistered *)e->event)->household;
	struct model_home *h = home(m, row->household_id);

	model_keep(h->provider, row->provider_id);
	if (e->type == EVENT(HOUSEHOLD_AMENDED)) {
		h->has_moved |= !str_equal(h->council, row->council_id);
		m->world->tally.n[TALLY_AMENDED]++;
	}
	model_keep(h->council, row->council_id);
	h->children_max = row->approval->children_max;
}

static void
see_vacancy(struct model *m, const struct model_entry *e)
{
	const Foster__Vacancy *v =
	    ((const Foster__VacancyPublished *)e->event)->vacancy;

	struct model_home *h = home(m, v->household_id);

	model_keep(h->vacancy, v->vacancy_id);
	h->is_open = v->is_open;
	h->filled = v->places->filled;
	h->held = v->places->held;
	model_check_places(m, h);
}

static void
see_withheld(struct model *m, const struct model_entry *e)
{
	const Foster__Withheld *w =
	    ((const Foster__PlacesWithheld *)e->event)->withheld;
	struct model_withheld *row =
	    MODEL_ADD(m, m->withheld, m->withheld_n, w->withheld_id);

	model_keep(row->home, w->household_id);
	row->places = w->places;
	row->from_day = w->from_day;
	row->until_day = w->has_until_day ? w->until_day : INT32_MAX;
	m->world->tally.n[TALLY_WITHHELD]++;
}

static void
see_restored(struct model *m, const struct model_entry *e)
{
	struct model_withheld *row = MODEL_FIND(m->withheld, m->withheld_n,
	    ((const Foster__PlacesRestored *)e->event)->withheld_id);

	if (row != NULL)
		*row = m->withheld[--m->withheld_n];
}

static void
see_exemption(struct model *m, const struct model_entry *e)
{
	const Foster__Exemption *x =
	    ((const Foster__ExemptionGranted *)e->event)->exemption;
	struct model_exemption *row =
	    MODEL_ADD(m, m->exemptions, m->exemptions_n, x->exemption_id);

	model_keep(row->home, x->household_id);
	model_keep(row->council, x->council_id);
	for (size_t i = 0; i < x->n_child_ids && i < MODEL_NAMED; i++)
		model_keep(row->named[row->named_n++], x->child_ids[i]);
	row->from_day = x->from_day;
	row->until_day = x->has_until_day ? x->until_day : INT32_MAX;
	m->world->tally.n[TALLY_EXEMPTIONS]++;
}

static void
see_exemption_ended(struct model *m, const struct model_entry *e)
{
	const Foster__ExemptionEnded *ended = e->event;
	struct model_exemption *row =
	    MODEL_FIND(m->exemptions, m->exemptions_n, ended->exemption_id);

	if (row != NULL)
		row->until_day = ended->until_day;
}

static const struct {
	uint32_t type;
	void (*see)(struct model *m, const struct model_entry *e);
} sights[] = {
    {EVENT(HOUSEHOLD_REGISTERED), see_household},
    {EVENT(HOUSEHOLD_AMENDED), see_household},
    {EVENT(OCCUPANT_RECORDED), see_recorded},
    {EVENT(OCCUPANT_ENDED), see_occupant_ended},
    {EVENT(PLACES_WITHHELD), see_withheld},
    {EVENT(PLACES_RESTORED), see_restored},
    {EVENT(EXEMPTION_GRANTED), see_exemption},
    {EVENT(EXEMPTION_ENDED), see_exemption_ended},
    {EVENT(VACANCY_PUBLISHED), see_vacancy},
    {EVENT(HOLD_GRANTED), see_granted},
    {EVENT(HOLD_CONFIRMED), see_confirmed},
    {EVENT(HOLD_RELEASED), see_released},
    {EVENT(HOLD_EXPIRED), see_expired},
    {EVENT(PLACEMENT_STARTED), see_started},
    {EVENT(PLACEMENT_ENDED), see_ended},
};

/* Time passes first: no rule sees a hold that should be over. What its end makes known
 * may stand between the ends of two. */
static void
check_time(struct model *m, const struct model_entry *e)
{
	if (e->type == EVENT(HOLD_EXPIRED) || e->type == EVENT(VACANCY_PUBLISHED) ||
	    e->type == EVENT(PLACES_COUNTED) || e->type == EVENT(HOUSEHOLD_REVIEWED))
		return;
	for (size_t i = 0; i < m->stays_n; i++)
		if (m->stays[i].is_hold && m->stays[i].ends_ms <= e->time_ms)
			world_fail(m->world, "entry %llu of foster still saw hold %s",
			    (unsigned long long)e->number, m->stays[i].id);
}

void
model_see_foster(struct model *m, const struct model_entry *e)
{
	check_time(m, e);
	for (size_t i = 0; i < sizeof sights / sizeof sights[0]; i++)
		if (sights[i].type == e->type)
			sights[i].see(m, e);
}
