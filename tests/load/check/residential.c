/* What residential's entries say of homes. */
#include "load/check/check.h"

#include <inttypes.h>

#include "residential.pb-c.h"

#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name

static void
see_home(struct check *c, const struct check_entry *e)
{
	/* Registered and amended are alike. */
	const Residential__Home *h =
	    ((const Residential__HomeRegistered *)e->event)->home;
	struct check_place *p = check_place(c, e, h->home_id);

	p->most_held = h->staffed_beds;
	p->most_there = h->registered_places;
}

static void
see_started(struct check *c, const struct check_entry *e)
{
	const Residential__PlacementStarted *s = e->event;
	const struct check_place *p;

	check_start(c, e, s->hold_id, s->placement_id);
	for (size_t i = 0; i < s->n_occupants; i++)
		check_stay(
		    c, e, s->occupants[i]->occupant_id, s->occupants[i]->home_id, 1);
	if (s->n_occupants == 0)
		return;
	p = check_place(c, e, s->occupants[0]->home_id);
	if (p->there > p->most_there)
		check_wrong(c,
		    "residential: at entry %" PRIu64
		    " %u live in %s, registered for %u",
		    e->number, p->there, p->id, p->most_there);
}

static void
see_closed(struct check *c, const struct check_entry *e)
{
	const Residential__ClosedBeds *w =
	    ((const Residential__BedsClosed *)e->event)->closed;
	struct check_withheld row = {.places = w->beds,
	    .from_day = w->from_day,
	    .until_day = w->has_until_day ? w->until_day : INT32_MAX};

	check_keep(row.id, w->closed_id);
	check_withhold(c, e, &row, w->home_id);
}

static void
see_granted(struct check *c, const struct check_entry *e)
{
	const Residential__HoldRow *h =
	    ((const Residential__HoldGranted *)e->event)->hold;

	check_grant(c, e, h->hold_id, h->home_id, h->n_children, h->fencing_number);
}

static void
see_occupant(struct check *c, const struct check_entry *e)
{
	const Residential__Occupant *o =
	    ((const Residential__OccupantRecorded *)e->event)->occupant;

	check_stay(c, e, o->occupant_id, o->home_id, 1);
}

void
check_see_residential(struct check *c, const struct check_entry *e)
{
	switch (e->type) {
	case EVENT(HOME_REGISTERED):
	case EVENT(HOME_AMENDED): see_home(c, e); break;
	case EVENT(OCCUPANT_RECORDED): see_occupant(c, e); break;
	case EVENT(OCCUPANT_ENDED):
		check_leave(
		    c, e, ((const Residential__OccupantEnded *)e->event)->occupant_id);
		break;
	case EVENT(BEDS_CLOSED): see_closed(c, e); break;
	case EVENT(BEDS_REOPENED):
		check_restore(
		    c, e, ((const Residential__BedsReopened *)e->event)->closed_id);
		break;
	case EVENT(HOLD_GRANTED): see_granted(c, e); break;
	case EVENT(HOLD_CONFIRMED):
		check_move(c, e,
		    ((const Residential__HoldConfirmed *)e->event)->hold_id,
		    CHECK_HOLD_CONFIRMED);
		break;
	case EVENT(HOLD_RELEASED):
		check_move(c, e, ((const Residential__HoldReleased *)e->event)->hold_id,
		    CHECK_HOLD_OVER);
		break;
	case EVENT(HOLD_EXPIRED):
		check_move(c, e, ((const Residential__HoldExpired *)e->event)->hold_id,
		    CHECK_HOLD_OVER);
		break;
	case EVENT(PLACEMENT_STARTED): see_started(c, e); break;
	case EVENT(PLACEMENT_ENDED):
		check_stop(c, e,
		    ((const Residential__PlacementEnded *)e->event)->placement_id);
		break;
	default: break; /* counts and publications: derived from these */
	}
}
