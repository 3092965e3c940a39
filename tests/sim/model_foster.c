#include "sim/model.h"

#include <string.h>

#include "base/day.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "place.pb-c.h"

#define EVENT(name) FOSTER__FOSTER_EVENT__EVENT_##name
#define USUAL_LIMIT 3

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

static bool
names_all(const struct model *m, const struct model_exemption *x)
{
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (!str_equal(s->home, x->home) || s->is_adult)
			continue;
		for (size_t k = 0; k < s->children_n; k++)
			if (s->children[k].id[0] == '\0' ||
			    MODEL_FIND(x->named, x->named_n, s->children[k].id) == NULL)
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
	uint32_t withheld = is_hold ? model_withheld_on(m, h->id, day) : 0;

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

	s->owner = NODE_FOSTER;
	model_keep(s->home, o->household_id);
	model_keep(s->group, o->sibling_group_id);
	model_keep(s->request, o->request_id);
	model_keep(s->placement, o->placement_id);
	model_keep(s->children[s->children_n++].id, o->child_id);
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
	model_end_stay(
	    m, model_stay(m, ((const Foster__OccupantEnded *)e->event)->occupant_id));
}

/* ---- holds and placements ---- */

static void
see_granted(struct model *m, const struct model_entry *e)
{
	const Foster__HoldRow *row = ((const Foster__HoldGranted *)e->event)->hold;
	const struct model_granted granted = {
	    .owner = NODE_FOSTER,
	    .hold_id = row->hold_id,
	    .home_id = row->household_id,
	    .request_id = row->request_id,
	    .fencing_number = row->fencing_number,
	    .expires_ms = row->expires_time,
	    .children = row->children,
	    .children_n = row->n_children,
	    .are_siblings = row->are_siblings,
	};

	if (model_grant(m, e, &granted) != NULL)
		check_home(m, model_home(m, NODE_FOSTER, row->household_id), e);
}

static void
see_confirmed(struct model *m, const struct model_entry *e)
{
	const Foster__HoldConfirmed *c = e->event;

	model_confirm(m, c->hold_id, c->latest_start_time);
}

static void
see_released(struct model *m, const struct model_entry *e)
{
	model_release(
	    m, NODE_FOSTER, ((const Foster__HoldReleased *)e->event)->hold_id);
}

static void
see_expired(struct model *m, const struct model_entry *e)
{
	model_expire(m, e, ((const Foster__HoldExpired *)e->event)->hold_id);
}

static void
see_started(struct model *m, const struct model_entry *e)
{
	const Foster__PlacementStarted *s = e->event;

	if (!model_start(m, s->hold_id, s->placement_id))
		return;
	for (size_t i = 0; i < s->n_occupants; i++)
		see_occupant(m, s->occupants[i]);
	check_home(m, model_home(m, NODE_FOSTER, model_hold(m, s->hold_id)->home), e);
}

static void
see_ended(struct model *m, const struct model_entry *e)
{
	model_end(m, ((const Foster__PlacementEnded *)e->event)->placement_id);
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
	struct model_home *h = model_home(m, NODE_FOSTER, row->household_id);

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
	struct model_home *h = model_home(m, NODE_FOSTER, v->household_id);

	model_keep(h->vacancy, v->vacancy_id);
	if (MODEL_FIND(m->vacancies, m->vacancies_n, v->vacancy_id) == NULL) {
		struct model_vacancy *row =
		    MODEL_ADD(m, m->vacancies, m->vacancies_n, v->vacancy_id);

		model_keep(row->home, v->household_id);
	}
	if (v->has_open_places && v->open_places == 0)
		world_fail(m->world, "vacancy %s is open for nobody", v->vacancy_id);
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

static void
see_restored_owner(struct model *m, const struct model_entry *e)
{
	(void)e;
	model_see_restored(m, NODE_FOSTER);
}

static void
see_journeys_shown(struct model *m, const struct model_entry *e)
{
	model_see_shown(
	    m, NODE_FOSTER, ((const Place__JourneysShown *)e->event)->is_all != 0);
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
    {EVENT(RESTORED), see_restored_owner},
    {EVENT(JOURNEYS_SHOWN), see_journeys_shown},
};

void
model_see_foster(struct model *m, const struct model_entry *e)
{
	/* What a hold's end makes known may stand between the ends of two. */
	if (e->type != EVENT(RESTORED) && e->type != EVENT(HOLD_EXPIRED) &&
	    e->type != EVENT(VACANCY_PUBLISHED) && e->type != EVENT(PLACES_COUNTED) &&
	    e->type != EVENT(HOUSEHOLD_REVIEWED))
		model_check_time(m, e, NODE_FOSTER);
	for (size_t i = 0; i < sizeof sights / sizeof sights[0]; i++)
		if (sights[i].type == e->type)
			sights[i].see(m, e);
}
