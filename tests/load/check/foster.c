/* What foster's entries say of households. */
#include "load/check/check.h"

#include <inttypes.h>

#include "foster.pb-c.h"

#define EVENT(name) FOSTER__FOSTER_EVENT__EVENT_##name

static void
see_household(struct check *c, const struct check_entry *e)
{
	/* Registered and amended are alike. */
	const Foster__Household *h =
	    ((const Foster__HouseholdRegistered *)e->event)->household;
	struct check_place *p = check_place(c, e, h->household_id);

	p->most_held = p->most_there = h->approval->children_max;
}

/* Who has grown up uses a bedroom, not a child's place. */
static void
see_occupant(struct check *c, const struct check_entry *e, const Foster__Occupant *o)
{
	bool is_adult = o->kind == FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT;

	check_stay(c, e, o->occupant_id, o->household_id, is_adult ? 0 : 1);
}

static void
see_started(struct check *c, const struct check_entry *e)
{
	const Foster__PlacementStarted *s = e->event;
	const struct check_place *p;

	check_start(c, e, s->hold_id, s->placement_id);
	for (size_t i = 0; i < s->n_occupants; i++)
		see_occupant(c, e, s->occupants[i]);
	if (s->n_occupants == 0)
		return;
	p = check_place(c, e, s->occupants[0]->household_id);
	if (p->there + p->held > p->most_there)
		check_wrong(c,
		    "foster: at entry %" PRIu64 " %u live in %s and %u are held for, "
		    "of %u",
		    e->number, p->there, p->id, p->held, p->most_there);
}

static void
see_withheld(struct check *c, const struct check_entry *e)
{
	const Foster__Withheld *w =
	    ((const Foster__PlacesWithheld *)e->event)->withheld;
	struct check_withheld row = {.places = w->places,
	    .from_day = w->from_day,
	    .until_day = w->has_until_day ? w->until_day : INT32_MAX};

	check_keep(row.id, w->withheld_id);
	check_withhold(c, e, &row, w->household_id);
}

static void
see_granted(struct check *c, const struct check_entry *e)
{
	const Foster__HoldRow *h = ((const Foster__HoldGranted *)e->event)->hold;

	check_grant(
	    c, e, h->hold_id, h->household_id, h->n_children, h->fencing_number);
}

void
check_see_foster(struct check *c, const struct check_entry *e)
{
	switch (e->type) {
	case EVENT(HOUSEHOLD_REGISTERED):
	case EVENT(HOUSEHOLD_AMENDED): see_household(c, e); break;
	case EVENT(OCCUPANT_RECORDED):
		see_occupant(
		    c, e, ((const Foster__OccupantRecorded *)e->event)->occupant);
		break;
	case EVENT(OCCUPANT_ENDED):
		check_leave(
		    c, e, ((const Foster__OccupantEnded *)e->event)->occupant_id);
		break;
	case EVENT(PLACES_WITHHELD): see_withheld(c, e); break;
	case EVENT(PLACES_RESTORED):
		check_restore(
		    c, e, ((const Foster__PlacesRestored *)e->event)->withheld_id);
		break;
	case EVENT(HOLD_GRANTED): see_granted(c, e); break;
	case EVENT(HOLD_CONFIRMED):
		check_move(c, e, ((const Foster__HoldConfirmed *)e->event)->hold_id,
		    CHECK_HOLD_CONFIRMED);
		break;
	case EVENT(HOLD_RELEASED):
		check_move(c, e, ((const Foster__HoldReleased *)e->event)->hold_id,
		    CHECK_HOLD_OVER);
		break;
	case EVENT(HOLD_EXPIRED):
		check_move(c, e, ((const Foster__HoldExpired *)e->event)->hold_id,
		    CHECK_HOLD_OVER);
		break;
	case EVENT(PLACEMENT_STARTED): see_started(c, e); break;
	case EVENT(PLACEMENT_ENDED):
		check_stop(
		    c, e, ((const Foster__PlacementEnded *)e->event)->placement_id);
		break;
	default: break; /* counts and publications: derived from these */
	}
}
