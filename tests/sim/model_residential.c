#include "sim/model.h"

#include "base/day.h"
#include "base/str.h"

#include "place.pb-c.h"
#include "residential.pb-c.h"

#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name
#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define WITH_ANY_CHILD (1U << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD)
#define SUPPORTED_FROM_YEARS 16

static struct model_home *
home(struct model *m, const char *id)
{
	return model_home(m, NODE_RESIDENTIAL, id);
}

/* ---- no bed is promised twice, and none to the wrong child ---- */

bool
model_has_open_band(const struct model *m, const struct model_home *h, uint32_t age)
{
	for (size_t i = 0; i < m->vacancies_n; i++)
		if (m->vacancies[i].is_open && str_equal(m->vacancies[i].home, h->id) &&
		    m->vacancies[i].band == model_band(age))
			return true;
	return false;
}

/* What is law on the day of a hold, and once more on that of the start. */
static void
check_child(struct model *m, const struct model_home *h, const struct model_child *c,
    int32_t day)
{
	uint32_t age = model_age(c, day);

	if (h->care.type == CARE(SUPPORTED_ACCOMMODATION) && age < SUPPORTED_FROM_YEARS)
		world_fail(m->world,
		    "a child of %u was given supported accommodation %s", age, h->id);
	if (age < h->care.age_min_years || age > h->care.age_max_years)
		world_fail(m->world,
		    "a child of %u was given home %s, which is registered for others",
		    age, h->id);
	if ((model_may_be_girl(c) && !h->care.takes_girls) ||
	    (model_may_be_boy(c) && !h->care.takes_boys))
		world_fail(
		    m->world, "home %s does not take children of that sex", h->id);
	if (h->care.is_restricted)
		world_fail(
		    m->world, "home %s is restricted and was given a child", h->id);
}

static void
check_reserved(struct model *m, const struct model_home *h, const struct model_stay *s,
    int32_t day)
{
	for (size_t i = 0; i < s->reservations_n; i++) {
		const struct model_reservation *r =
		    MODEL_FIND(m->reservations, m->reservations_n, s->reservations[i]);

		if (r == NULL || !str_equal(r->home, h->id) ||
		    !model_is_kept_on(r, day) || model_is_used(m, r->id, s))
			world_fail(m->world,
			    "hold %s was given a reserved bed that is none", s->id);
		else if (MODEL_FIND(r->councils, r->councils_n, s->council) == NULL)
			world_fail(m->world,
			    "hold %s of council %s was given a bed kept for others",
			    s->id, s->council);
	}
}

/* All or nothing; who has no claim to a reserved bed has one that is free to all. */
static void
check_beds(struct model *m, const struct model_home *h, const struct model_stay *s,
    int32_t day)
{
	struct model_shown is = {.count = 0};
	uint32_t closed = model_withheld_on(m, h->id, day);
	uint32_t left, kept, own = (uint32_t)s->reservations_n;

	(void)model_count_people(m, h, day, &is);
	left =
	    model_beds_left(h, is.beds.occupied + is.beds.held - s->children_n, closed);
	kept = model_beds_kept(m, h, NULL, s, day);
	if (s->children_n > left)
		world_fail(m->world,
		    "home %s was promised to %u, for %u staffed beds of which %u are "
		    "closed",
		    h->id, is.beds.occupied + is.beds.held, h->care.staffed, closed);
	else if (s->children_n - own > left - (kept < left ? kept : left))
		world_fail(m->world,
		    "hold %s of council %s was given a bed that is kept for others",
		    s->id, s->council);
}

static void
check_hold(struct model *m, const struct model_stay *s, const char *vacancy,
    const struct model_entry *e)
{
	const struct model_home *h = home(m, s->home);
	const struct model_request *r = model_request(m, s->request);
	int32_t day = day_in_london(e->time_ms);

	if (model_home_of_vacancy(m, vacancy) != h)
		world_fail(m->world, "hold %s is not where it was asked for", s->id);
	if (r == NULL || !str_equal(r->council, s->council))
		world_fail(m->world, "hold %s is not for who asked", s->id);
	for (uint32_t i = 0; i < s->children_n; i++) {
		check_child(m, h, &s->children[i], day);
		if (!model_has_open_band(m, h, model_age(&s->children[i], day)))
			world_fail(
			    m->world, "home %s is not open to hold %s", h->id, s->id);
	}
	check_reserved(m, h, s, day);
	check_beds(m, h, s, day);
	model_check_mix(m, h, s, true, day);
	m->world->tally.n[TALLY_BED_HOLDS]++;
	m->world->tally.n[TALLY_SUPPORTED_HOLDS] +=
	    h->care.type == CARE(SUPPORTED_ACCOMMODATION);
	m->world->tally.n[TALLY_RESERVED_HOLDS] += s->reservations_n > 0;
	m->world->tally.n[TALLY_NOT_SAFE_HOLDS] += s->not_safe_with != 0;
	m->world->tally.n[TALLY_SOLO_HOLDS] += (s->not_safe_with & WITH_ANY_CHILD) != 0;
}

/* ---- holds and placements ---- */

static void
see_granted(struct model *m, const struct model_entry *e)
{
	const Residential__HoldRow *row =
	    ((const Residential__HoldGranted *)e->event)->hold;
	const struct model_granted granted = {
	    .owner = NODE_RESIDENTIAL,
	    .hold_id = row->hold_id,
	    .home_id = row->home_id,
	    .request_id = row->request_id,
	    .council_id = row->placing_council_id,
	    .fencing_number = row->fencing_number,
	    .expires_ms = row->expires_time,
	    .children = row->children,
	    .children_n = row->n_children,
	    .are_siblings = row->are_siblings,
	};
	struct model_stay *s = model_grant(m, e, &granted);

	if (s == NULL)
		return;
	s->not_safe_with = model_with(row->not_safe_with, row->n_not_safe_with);
	for (size_t i = 0; i < row->n_reservation_ids && i < MODEL_CHILDREN; i++)
		model_keep(
		    s->reservations[s->reservations_n++], row->reservation_ids[i]);
	check_hold(m, s, row->vacancy_id, e);
}

static void
see_confirmed(struct model *m, const struct model_entry *e)
{
	const Residential__HoldConfirmed *c = e->event;

	model_confirm(m, c->hold_id, c->latest_start_time);
}

static void
see_released(struct model *m, const struct model_entry *e)
{
	model_release(m, NODE_RESIDENTIAL,
	    ((const Residential__HoldReleased *)e->event)->hold_id);
}

static void
see_expired(struct model *m, const struct model_entry *e)
{
	model_expire(m, e, ((const Residential__HoldExpired *)e->event)->hold_id);
}

static struct model_stay *
see_occupant(struct model *m, const Residential__Occupant *o)
{
	struct model_stay *s = MODEL_ADD(m, m->stays, m->stays_n, o->occupant_id);
	struct model_child *c = &s->children[s->children_n++];

	s->owner = NODE_RESIDENTIAL;
	model_keep(s->home, o->home_id);
	model_keep(s->group, o->sibling_group_id);
	model_keep(s->request, o->request_id);
	model_keep(s->placement, o->placement_id);
	model_keep(s->council, o->placing_council_id);
	c->age_years = o->age_years;
	c->age_day = o->age_day;
	c->sex = (unsigned)o->sex;
	s->not_safe_with = model_with(o->not_safe_with, o->n_not_safe_with);
	for (size_t i = 0; i < o->n_risks; i++)
		s->risks |= 1U << (unsigned)o->risks[i];
	if (o->reservation_id != NULL)
		model_keep(s->reservations[s->reservations_n++], o->reservation_id);
	s->is_adult = o->kind == RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_OVER_18;
	return s;
}

static void
see_started(struct model *m, const struct model_entry *e)
{
	const Residential__PlacementStarted *s = e->event;
	int32_t day = day_in_london(e->time_ms);
	const struct model_home *h;
	struct model_shown is = {.count = 0};

	if (!model_start(m, s->hold_id, s->placement_id))
		return;
	h = home(m, model_hold(m, s->hold_id)->home);
	for (size_t i = 0; i < s->n_occupants; i++) {
		const struct model_stay *o = see_occupant(m, s->occupants[i]);

		check_child(m, h, &o->children[0], day);
		model_check_mix(m, h, o, false, day);
	}
	(void)model_count_people(m, h, day, &is);
	if (is.beds.occupied > h->care.registered)
		world_fail(m->world, "%u live in home %s, registered for %u",
		    is.beds.occupied, h->id, h->care.registered);
	m->world->tally.n[TALLY_BED_STARTS]++;
}

static void
see_ended(struct model *m, const struct model_entry *e)
{
	model_end(m, ((const Residential__PlacementEnded *)e->event)->placement_id);
}

static void
see_recorded(struct model *m, const struct model_entry *e)
{
	(void)see_occupant(
	    m, ((const Residential__OccupantRecorded *)e->event)->occupant);
	m->world->tally.n[TALLY_BED_OCCUPANTS]++;
}

static void
see_occupant_ended(struct model *m, const struct model_entry *e)
{
	model_end_stay(m,
	    model_stay(m, ((const Residential__OccupantEnded *)e->event)->occupant_id));
}

/* ---- every event ---- */

static void
see_restored_owner(struct model *m, const struct model_entry *e)
{
	(void)e;
	model_see_restored(m, NODE_RESIDENTIAL);
}

static void
see_journeys_shown(struct model *m, const struct model_entry *e)
{
	model_see_shown(
	    m, NODE_RESIDENTIAL, ((const Place__JourneysShown *)e->event)->is_all != 0);
}

static const struct {
	uint32_t type;
	void (*see)(struct model *m, const struct model_entry *e);
} sights[] = {
    {EVENT(OCCUPANT_RECORDED), see_recorded},
    {EVENT(OCCUPANT_ENDED), see_occupant_ended},
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
model_see_residential(struct model *m, const struct model_entry *e)
{
	m->homes_seen_ms = e->time_ms;
	/* What a hold's end makes known may stand between the ends of two. */
	if (e->type != EVENT(RESTORED) && e->type != EVENT(HOLD_EXPIRED) &&
	    e->type != EVENT(VACANCY_PUBLISHED) && e->type != EVENT(BEDS_COUNTED) &&
	    e->type != EVENT(HOME_REVIEWED))
		model_check_time(m, e, NODE_RESIDENTIAL);
	model_see_homes(m, e);
	for (size_t i = 0; i < sizeof sights / sizeof sights[0]; i++)
		if (sights[i].type == e->type)
			sights[i].see(m, e);
}
