#include <string.h>

#include "base/id.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "requests/store_change.h"

#define HAPPENING(name) REQUESTS__HAPPENING__HAPPENING_##name

/* One entry being made of an event. */
struct telling {
	struct change *c;
	Requests__TimelineEntry *entry;
};

/* Whose offer that was, as the row still knows. */
static void
tell_offer(struct telling *t, char *offer_id)
{
	const Requests__Request *row = t->c->row;

	t->entry->offer_id = offer_id;
	for (size_t i = 0; i < row->n_offers; i++)
		if (str_equal(row->offers[i]->offer_id, offer_id))
			t->entry->provider_id = row->offers[i]->provider_id;
}

static void
tell_journey(struct telling *t, const Requests__Journey *journey)
{
	t->entry->placement_id = journey->placement_id;
	t->entry->n_child_refs = journey->n_child_refs;
	t->entry->child_refs = journey->child_refs;
	tell_offer(t, journey->offer_id);
}

/* The placement of this hold, or with this id, lost ones too; where neither is said, as
 * it was when there was but one: the last. */
static void
tell_placement(struct telling *t, const char *hold_id, const char *placement_id)
{
	const Requests__Journey *found = NULL;

	for (size_t i = 0; i < t->c->row->n_journeys; i++) {
		const Requests__Journey *journey = t->c->row->journeys[i];

		if ((hold_id == NULL || str_equal(journey->hold_id, hold_id)) &&
		    (placement_id == NULL ||
			str_equal(journey->placement_id, placement_id)))
			found = journey;
	}
	if (found != NULL)
		tell_journey(t, found);
}

/* ---- one function an event ---- */

static void
tell_submitted(struct telling *t, const void *event)
{
	t->entry->person_id =
	    ((const Requests__RequestSubmitted *)event)->submitted_by_id;
}

static void
tell_circulated(struct telling *t, const void *event)
{
	const Requests__RequestCirculated *e = event;

	t->entry->person_id = e->circulated_by_id;
	SET(t->entry, providers, (uint32_t)e->n_bids);
	SET_FROM(t->entry, due_time, e, answer_by_time);
}

static void
tell_interest(struct telling *t, const void *event)
{
	t->entry->provider_id = ((const Requests__InterestShown *)event)->provider_id;
}

static void
tell_offer_made(struct telling *t, const void *event)
{
	const Requests__OfferMade *e = event;

	t->entry->person_id = e->made_by_id;
	t->entry->provider_id = e->offer->provider_id;
	t->entry->offer_id = e->offer->offer_id;
	SET_FROM(t->entry, fee_pence_week, e->offer, fee_pence_week);
	SET_FROM(t->entry, day, e->offer, earliest_start_day);
	t->entry->n_child_refs = e->offer->n_child_refs;
	t->entry->child_refs = e->offer->child_refs;
}

static void
tell_declined(struct telling *t, const void *event)
{
	const Requests__OfferDeclined *e = event;

	t->entry->provider_id = e->provider_id;
	SET_FROM(t->entry, decline_reason, e, reason);
}

static void
tell_opened(struct telling *t, const void *event)
{
	const Requests__LevelOpened *e = event;

	t->entry->person_id = e->opened_by_id;
	t->entry->provider_id = e->provider_id;
	SET_FROM(t->entry, level, e, level);
	t->entry->n_child_refs = e->n_child_refs;
	t->entry->child_refs = e->child_refs;
}

static void
tell_decided(struct telling *t, const void *event)
{
	const Requests__PlacementDecided *e = event;

	tell_journey(t, e->journey);
	t->entry->person_id = e->journey->decided_by_id;
	SET_FROM(t->entry, decision_reason, e->journey, reason);
	SET_FROM(t->entry, due_time, e->journey, hold_expires_time);
}

static void
tell_held(struct telling *t, const void *event)
{
	const Requests__PlaceHeld *e = event;

	tell_placement(t, e->hold_id, NULL);
	SET_FROM(t->entry, due_time, e, expires_time);
}

static void
tell_lost(struct telling *t, const void *event)
{
	const Requests__PlaceLost *e = event;

	tell_placement(t, e->hold_id, NULL);
	t->entry->sentence = e->sentence;
}

static void
tell_approved(struct telling *t, const void *event)
{
	const Requests__PlacementApproved *e = event;

	tell_placement(t, NULL, e->placement_id);
	t->entry->person_id = e->approved_by_id;
	SET_FROM(t->entry, due_time, e, grounds_due_time);
}

static void
tell_agreed(struct telling *t, const void *event)
{
	const Requests__ProviderAgreed *e = event;

	tell_placement(t, e->hold_id, NULL);
	t->entry->person_id = e->agreed_by_id;
}

static void
tell_offer_confirmed(struct telling *t, const void *event)
{
	const Requests__OfferConfirmed *e = event;

	tell_placement(t, e->hold_id, NULL);
	t->entry->person_id = e->confirmed_by_id;
	SET_FROM(t->entry, due_time, e, latest_start_time);
}

static void
tell_hold_confirmed(struct telling *t, const void *event)
{
	tell_placement(t, ((const Requests__HoldConfirmed *)event)->hold_id, NULL);
}

static void
tell_start_ordered(struct telling *t, const void *event)
{
	const Requests__StartOrdered *e = event;

	tell_placement(t, e->hold_id, e->placement_id);
	t->entry->person_id = e->ordered_by_id;
	SET_FROM(t->entry, day, e, start_day);
}

static void
tell_started(struct telling *t, const void *event)
{
	const Requests__PlacementStarted *e = event;

	tell_placement(t, NULL, e->placement_id);
	SET_FROM(t->entry, day, e, start_day);
	SET(t->entry, providers, (uint32_t)e->n_outcomes);
}

static void
tell_ended(struct telling *t, const void *event)
{
	const Requests__PlacementEnded *e = event;

	tell_placement(t, NULL, e->placement_id);
	t->entry->person_id = e->ended_by_id;
	SET_FROM(t->entry, day, e, end_day);
	SET_FROM(t->entry, end_reason, e, reason);
}

static void
tell_withdrawn(struct telling *t, const void *event)
{
	const Requests__RequestWithdrawn *e = event;

	t->entry->person_id = e->withdrawn_by_id;
	SET_FROM(t->entry, withdraw_reason, e, reason);
	SET(t->entry, providers, (uint32_t)e->n_outcomes);
}

static void
tell_broken(struct telling *t, const void *event)
{
	const Requests__GroupBroken *e = event;

	tell_placement(t, e->lost_hold_id, NULL);
	t->entry->sentence = e->sentence;
}

static void
tell_clock(struct telling *t, const void *event)
{
	const Requests__ClockPassed *e = event;

	SET_FROM(t->entry, clock, e, clock);
	SET_FROM(t->entry, due_time, e, due_time);
}

/* What the owner of a place is owed, and its answers that only close that, is between
 * the services: no entry. */
static const struct {
	uint32_t type;
	Requests__Happening kind;
	void (*tell)(struct telling *t, const void *event);
} happenings[] = {
    {EVENT(REQUEST_SUBMITTED), HAPPENING(SUBMITTED), tell_submitted},
    {EVENT(REQUEST_CIRCULATED), HAPPENING(CIRCULATED), tell_circulated},
    {EVENT(INTEREST_SHOWN), HAPPENING(INTEREST_SHOWN), tell_interest},
    {EVENT(OFFER_MADE), HAPPENING(OFFER_MADE), tell_offer_made},
    {EVENT(OFFER_DECLINED), HAPPENING(DECLINED), tell_declined},
    {EVENT(LEVEL_OPENED), HAPPENING(LEVEL_OPENED), tell_opened},
    {EVENT(PLACEMENT_DECIDED), HAPPENING(DECIDED), tell_decided},
    {EVENT(PLACE_HELD), HAPPENING(HELD), tell_held},
    {EVENT(PLACE_LOST), HAPPENING(PLACE_LOST), tell_lost},
    {EVENT(PLACEMENT_APPROVED), HAPPENING(APPROVED), tell_approved},
    {EVENT(PROVIDER_AGREED), HAPPENING(PROVIDER_AGREED), tell_agreed},
    {EVENT(OFFER_CONFIRMED), HAPPENING(OFFER_CONFIRMED), tell_offer_confirmed},
    {EVENT(HOLD_CONFIRMED), HAPPENING(HOLD_CONFIRMED), tell_hold_confirmed},
    {EVENT(START_ORDERED), HAPPENING(START_ORDERED), tell_start_ordered},
    {EVENT(PLACEMENT_STARTED), HAPPENING(STARTED), tell_started},
    {EVENT(PLACEMENT_ENDED), HAPPENING(ENDED), tell_ended},
    {EVENT(REQUEST_WITHDRAWN), HAPPENING(WITHDRAWN), tell_withdrawn},
    {EVENT(GROUP_BROKEN), HAPPENING(GROUP_BROKEN), tell_broken},
    {EVENT(CLOCK_PASSED), HAPPENING(CLOCK_PASSED), tell_clock},
};

void
requests_change_timeline(struct change *c)
{
	Requests__TimelineEntry entry = REQUESTS__TIMELINE_ENTRY__INIT;
	struct telling telling = {c, &entry};
	uint8_t key[ID_LEN + 8];

	for (size_t i = 0; i < sizeof(happenings) / sizeof(happenings[0]); i++) {
		if (happenings[i].type != c->event->type)
			continue;
		SET(&entry, number, c->event->number);
		SET(&entry, time, c->event->time_ms);
		SET(&entry, kind, happenings[i].kind);
		happenings[i].tell(&telling, c->event->message);
		memcpy(key, c->row->request_id, ID_LEN);
		bytes_put_u64(key + ID_LEN, c->event->number);
		row_put(c->txn, c->a, REQUESTS_TIMELINE,
		    (struct bytes){key, sizeof(key)}, &entry.base);
	}
}
