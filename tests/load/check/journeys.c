/*
 * Placements as requests has them, and beside each the hold as its owner has it: the
 * same, once nothing is owed. A journey that is not over waits for a person, or is a
 * child's home.
 */
#include "load/check/check.h"

#include <inttypes.h>

#include "base/str.h"

#include "requests.pb-c.h"

#define EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name

static const char *const steps[] = {
    [CHECK_DECIDED] = "decided",
    [CHECK_HELD] = "held",
    [CHECK_YES] = "said yes to",
    [CHECK_CONFIRMED] = "confirmed",
    [CHECK_ORDERED] = "ordered to start",
    [CHECK_STARTED] = "started",
    [CHECK_ENDED] = "ended",
    [CHECK_FREED] = "freed",
    [CHECK_LOST] = "lost",
};

static void
see_decided(struct check *c, const struct check_entry *e)
{
	const Requests__PlacementDecided *d = e->event;
	const Requests__Journey *way = d->journey;
	struct check_journey *j;
	bool is_foster = !way->has_care_type ||
	                 way->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER;

	if (!ids_put(&c->journeys_by_hold, way->hold_id, c->journeys_n)) {
		check_wrong(c, "requests: hold %s is decided again at entry %" PRIu64,
		    way->hold_id, e->number);
		return;
	}
	(void)ids_put(&c->journeys_by_placement, way->placement_id, c->journeys_n);
	j = CHECK_ADD(c, journeys);
	check_keep(j->hold, way->hold_id);
	check_keep(j->placement, way->placement_id);
	check_keep(j->request, d->request_id);
	j->owner = is_foster ? CHECK_FOSTER : CHECK_RESIDENTIAL;
	j->step = CHECK_DECIDED;
}

/* Moves the one found from one of two steps to the next; NULL where it must not. */
static struct check_journey *
step(struct check *c, const struct check_entry *e, size_t at, enum check_step from,
    enum check_step to)
{
	if (at == IDS_NONE) {
		check_wrong(
		    c, "requests: entry %" PRIu64 " is of no placement", e->number);
		return NULL;
	}
	if (c->journeys[at].step != from) {
		check_wrong(c,
		    "requests: at entry %" PRIu64 " hold %s, which was %s, is %s",
		    e->number, c->journeys[at].hold, steps[c->journeys[at].step],
		    steps[to]);
		return NULL;
	}
	c->journeys[at].step = to;
	return &c->journeys[at];
}

static void
see_held(struct check *c, const struct check_entry *e)
{
	const Requests__PlaceHeld *h = e->event;
	struct check_journey *j = step(c, e, ids_find(&c->journeys_by_hold, h->hold_id),
	    CHECK_DECIDED, CHECK_HELD);

	if (j != NULL)
		j->fencing_number = h->fencing_number;
}

/* Lost or given back, before it has begun. */
static void
see_over(struct check *c, const struct check_entry *e, const char *hold)
{
	size_t at = ids_find(&c->journeys_by_hold, hold);

	if (at == IDS_NONE || c->journeys[at].step > CHECK_ORDERED)
		return; /* a release again, of one that was lost */
	(void)step(c, e, at, c->journeys[at].step, CHECK_LOST);
}

static void
see_ended(struct check *c, const struct check_entry *e)
{
	const Requests__PlacementEnded *d = e->event;
	size_t at = ids_find(&c->journeys_by_placement, d->placement_id);

	if (step(c, e, at, CHECK_STARTED, CHECK_ENDED) != NULL)
		(void)ids_put(&c->journeys_by_end, d->end_id, at);
}

void
check_see_requests(struct check *c, const struct check_entry *e)
{
	const struct ids *holds = &c->journeys_by_hold;

	switch (e->type) {
	case EVENT(PLACEMENT_DECIDED): see_decided(c, e); break;
	case EVENT(PLACE_HELD): see_held(c, e); break;
	case EVENT(OFFER_CONFIRMED):
		(void)step(c, e,
		    ids_find(
			holds, ((const Requests__OfferConfirmed *)e->event)->hold_id),
		    CHECK_HELD, CHECK_YES);
		break;
	case EVENT(HOLD_CONFIRMED):
		(void)step(c, e,
		    ids_find(
			holds, ((const Requests__HoldConfirmed *)e->event)->hold_id),
		    CHECK_YES, CHECK_CONFIRMED);
		break;
	case EVENT(START_ORDERED):
		(void)step(c, e,
		    ids_find(
			holds, ((const Requests__StartOrdered *)e->event)->hold_id),
		    CHECK_CONFIRMED, CHECK_ORDERED);
		break;
	case EVENT(PLACEMENT_STARTED):
		(void)step(c, e,
		    ids_find(&c->journeys_by_placement,
			((const Requests__PlacementStarted *)e->event)->placement_id),
		    CHECK_ORDERED, CHECK_STARTED);
		break;
	case EVENT(PLACEMENT_ENDED): see_ended(c, e); break;
	case EVENT(PLACE_FREED):
		(void)step(c, e,
		    ids_find(&c->journeys_by_end,
			((const Requests__PlaceFreed *)e->event)->end_id),
		    CHECK_ENDED, CHECK_FREED);
		break;
	case EVENT(PLACE_LOST):
		see_over(c, e, ((const Requests__PlaceLost *)e->event)->hold_id);
		break;
	case EVENT(RELEASE_OWED):
		see_over(c, e, ((const Requests__ReleaseOwed *)e->event)->hold_id);
		break;
	default: break; /* needs and offers: no place hangs on them */
	}
}

/* ---- both beside each other ---- */

/* What the owner must have of it; false where an answer is still owed. */
static bool
owner_has(enum check_step step, enum check_hold_state *out)
{
	switch (step) {
	case CHECK_HELD: *out = CHECK_HOLD_HELD; return true;
	case CHECK_CONFIRMED: *out = CHECK_HOLD_CONFIRMED; return true;
	case CHECK_STARTED: *out = CHECK_HOLD_STARTED; return true;
	case CHECK_FREED: *out = CHECK_HOLD_ENDED; return true;
	case CHECK_LOST: *out = CHECK_HOLD_OVER; return true;
	case CHECK_DECIDED:
	case CHECK_YES:
	case CHECK_ORDERED:
	case CHECK_ENDED: return false;
	}
	return false;
}

static void
check_journey(struct check *c, const struct check_journey *j)
{
	size_t at = ids_find(&c->holds_by_id, j->hold);
	enum check_hold_state is =
	    at == IDS_NONE ? CHECK_HOLD_NONE : c->holds[at].state;
	enum check_hold_state must = CHECK_HOLD_NONE;
	bool is_lost = j->step == CHECK_LOST;

	c->journeys_open += j->step < CHECK_FREED;
	if (at != IDS_NONE && j->fencing_number != 0 && is != CHECK_HOLD_NONE &&
	    c->holds[at].fencing_number != j->fencing_number)
		check_wrong(c,
		    "hold %s: requests knows number %" PRIu64 ", %s granted %" PRIu64,
		    j->hold, j->fencing_number, check_service_name(j->owner),
		    c->holds[at].fencing_number);
	if (!c->is_settled)
		return;
	if (!owner_has(j->step, &must))
		check_wrong(c,
		    "request %s: hold %s is %s, and nothing is owed: it never ends",
		    j->request, j->hold, steps[j->step]);
	else if (is != must && !(is_lost && is == CHECK_HOLD_NONE))
		check_wrong(c,
		    "request %s: hold %s is %s, and with %s it is in state %d, not %d",
		    j->request, j->hold, steps[j->step], check_service_name(j->owner),
		    (int)is, (int)must);
}

/* It took its place like any other, and of it requests knows nothing. */
static void
check_by_hand(struct check *c)
{
	if (ids_find(&c->holds_by_id, c->by_hand) == IDS_NONE)
		check_wrong(c, "nobody holds %s, asked for by hand", c->by_hand);
	if (ids_find(&c->journeys_by_hold, c->by_hand) != IDS_NONE)
		check_wrong(c, "requests knows hold %s, asked for by hand", c->by_hand);
}

void
check_journeys(struct check *c)
{
	for (size_t i = 0; i < c->journeys_n; i++)
		check_journey(c, &c->journeys[i]);
	if (c->by_hand != NULL)
		check_by_hand(c);
	for (size_t i = 0; i < c->holds_n; i++) {
		const struct check_hold *h = &c->holds[i];

		if (h->state != CHECK_HOLD_NONE && !str_equal(h->id, c->by_hand) &&
		    ids_find(&c->journeys_by_hold, h->id) == IDS_NONE)
			check_wrong(c, "%s holds %s for nobody",
			    check_service_name(h->owner), h->id);
	}
}

uint64_t
check_end(struct check *c)
{
	check_commands(c);
	check_order(c);
	check_journeys(c);
	return c->wrong;
}
