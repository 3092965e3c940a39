#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "requests/store_change.h"

/* ---- which placement ---- */

static bool
lives(const Requests__Journey *journey)
{
	return journey->state >= STATE(DECIDED) && journey->state <= STATE(ENDED);
}

Requests__Journey *
requests_change_journey(struct change *c, const char *hold_id, const char *placement_id)
{
	for (size_t i = 0; i < c->row->n_journeys; i++) {
		Requests__Journey *journey = c->row->journeys[i];

		if (lives(journey) &&
		    (hold_id == NULL || str_equal(journey->hold_id, hold_id)) &&
		    (placement_id == NULL ||
			str_equal(journey->placement_id, placement_id)))
			return journey;
	}
	requests_change_latch(c, ERR_CORRUPT);
	return NULL;
}

static bool
is_of(const Requests__Journey *journey, const char *child_ref)
{
	for (size_t i = 0; i < journey->n_child_refs; i++)
		if (str_equal(journey->child_refs[i], child_ref))
			return true;
	return journey->n_child_refs == 0;
}

static Requests__State
state_of_child(const Requests__Request *row, const char *child_ref)
{
	for (size_t i = 0; i < row->n_journeys; i++)
		if (lives(row->journeys[i]) && is_of(row->journeys[i], child_ref))
			return row->journeys[i]->state;
	if (row->has_withdraw_reason)
		return STATE(WITHDRAWN);
	return row->n_bids > 0 ? STATE(CIRCULATED) : STATE(SUBMITTED);
}

Requests__State
requests_change_state(const Requests__Request *row)
{
	Requests__State least = STATE(WITHDRAWN);

	for (size_t i = 0; i < row->circulation->n_children; i++) {
		Requests__State state =
		    state_of_child(row, row->circulation->children[i]->child_ref);

		if (state < least)
			least = state;
	}
	return least;
}

/* ---- what is owed about it ---- */

static void
owe(struct change *c, const Requests__Journey *journey, uint32_t method, const char *id,
    const ProtobufCMessage *body)
{
	requests_change_owe(c,
	    &(struct owed){requests_store_owner(journey->care_type), method, id, body});
}

/* ---- decided ---- */

/* The new one behind those that are on their way or begun; what was lost before has
 * been read by whoever decided anew. */
static void
add_journey(struct change *c, Requests__Journey *journey)
{
	Requests__Request *row = c->row;
	Requests__Journey **list =
	    LIST_NEW(c->a, row->n_journeys + 1, Requests__Journey *);
	size_t n = 0;

	if (list == NULL) {
		requests_change_latch(c, ERR_MEMORY);
		return;
	}
	for (size_t i = 0; i < row->n_journeys; i++)
		if (lives(row->journeys[i]))
			list[n++] = row->journeys[i];
	list[n++] = journey;
	row->journeys = list;
	row->n_journeys = n;
	row->broken = NULL;
}

void
requests_change_decided(struct change *c, const void *event)
{
	const Requests__PlacementDecided *e = event;
	Requests__Journey *journey = MESSAGE_NEW(c->a, requests__journey);
	Place__Hold body = PLACE__HOLD__INIT;

	if (journey == NULL) {
		requests_change_latch(c, ERR_MEMORY);
		return;
	}
	*journey = *e->journey;
	SET(journey, state, STATE(DECIDED));
	add_journey(c, journey);
	body.request_id = e->request_id;
	body.vacancy_id = e->vacancy_id;
	body.n_children = e->n_children;
	body.children = e->children;
	SET_FROM(&body, are_siblings, e, are_siblings);
	SET_FROM(&body, hold_minutes, e, hold_minutes);
	SET_FROM(&body, is_emergency, e, is_emergency);
	body.n_not_safe_with = e->n_not_safe_with;
	body.not_safe_with = e->not_safe_with;
	body.placing_council_id = c->row->council_id;
	owe(c, journey, PLACE_CALL(HOLD), journey->hold_id, &body.base);
}

void
requests_change_held(struct change *c, const void *event)
{
	const Requests__PlaceHeld *e = event;
	Requests__Journey *journey = requests_change_journey(c, e->hold_id, NULL);

	if (journey == NULL)
		return;
	SET_FROM(journey, fencing_number, e, fencing_number);
	SET_FROM(journey, hold_expires_time, e, expires_time);
	SET(journey, state, STATE(HELD));
	requests_change_close(c, e->hold_id);
}

/* ---- lost, or given back ---- */

static Requests__OfferRow *
offer_of(struct change *c, const Requests__Journey *journey)
{
	for (size_t i = 0; i < c->row->n_offers; i++)
		if (str_equal(c->row->offers[i]->offer_id, journey->offer_id))
			return c->row->offers[i];
	requests_change_latch(c, ERR_CORRUPT);
	return NULL;
}

/* Does another placement of this provider live on? */
static bool
is_chosen_still(struct change *c, const char *provider_id)
{
	for (size_t i = 0; i < c->row->n_journeys; i++) {
		const Requests__OfferRow *offer;

		if (!lives(c->row->journeys[i]))
			continue;
		offer = offer_of(c, c->row->journeys[i]);
		if (offer != NULL && str_equal(offer->provider_id, provider_id))
			return true;
	}
	return false;
}

/* Back to the offers that stand; the journey stays to be read until the next decision,
 * and whoever has no child to care for any more reads no more of one. */
static Requests__Bid *
give_back(struct change *c, Requests__Journey *journey)
{
	const Requests__OfferRow *offer = offer_of(c, journey);
	Requests__Bid *bid;

	SET(journey, state, STATE(CIRCULATED));
	bid = requests_change_bid(c, offer == NULL ? NULL : offer->provider_id);
	if (bid == NULL || is_chosen_still(c, bid->provider_id))
		return NULL;
	if (bid->level > REQUESTS__DISCLOSURE__DISCLOSURE_L2)
		SET(bid, level, REQUESTS__DISCLOSURE__DISCLOSURE_L2);
	return bid;
}

void
requests_change_lost(struct change *c, const void *event)
{
	const Requests__PlaceLost *e = event;
	Requests__Journey *journey = requests_change_journey(c, e->hold_id, NULL);
	Requests__OfferRow *offer = journey == NULL ? NULL : offer_of(c, journey);
	Requests__Bid *bid;

	if (offer == NULL)
		return;
	journey->refused_sentence = e->sentence;
	SET(offer, is_lost, 1);
	bid = give_back(c, journey);
	if (bid == NULL)
		return;
	SET(bid, outcome, REQUESTS__OUTCOME__OUTCOME_LAPSED);
	SET(bid, outcome_time, c->event->time_ms);
}

void
requests_change_broken(struct change *c, const void *event)
{
	const Requests__GroupBroken *e = event;

	c->row->broken = message_copy(c->a, &e->base);
	if (c->row->broken == NULL)
		requests_change_latch(c, ERR_MEMORY);
	for (size_t i = 0; i < e->n_released_hold_ids; i++) {
		Requests__Journey *journey =
		    requests_change_journey(c, e->released_hold_ids[i], NULL);

		if (journey != NULL)
			(void)give_back(c, journey);
	}
}

/* ---- on the way ---- */

void
requests_change_approved(struct change *c, const void *event)
{
	const Requests__PlacementApproved *e = event;
	Requests__Journey *journey = requests_change_journey(c, NULL, e->placement_id);

	if (journey == NULL)
		return;
	/* Grounds completed later do not move the day of the approval. */
	if (!journey->has_approved_time) {
		journey->approved_by_id = e->approved_by_id;
		SET_FROM(journey, approved_time, e, time);
	}
	journey->grounds = e->grounds;
	SET_FROM(journey, grounds_due_time, e, grounds_due_time);
}

void
requests_change_agreed(struct change *c, const void *event)
{
	const Requests__ProviderAgreed *e = event;
	Requests__Journey *journey = requests_change_journey(c, e->hold_id, NULL);

	if (journey == NULL)
		return;
	SET_FROM(journey, agreed_time, e, time);
	journey->agreed_by_id = e->agreed_by_id;
}

void
requests_change_offer_confirmed(struct change *c, const void *event)
{
	const Requests__OfferConfirmed *e = event;
	Requests__Journey *journey = requests_change_journey(c, e->hold_id, NULL);
	Place__ConfirmHold body = PLACE__CONFIRM_HOLD__INIT;

	if (journey == NULL)
		return;
	SET_FROM(journey, latest_start_time, e, latest_start_time);
	SET(journey, state, STATE(CONFIRMING));
	body.hold_id = e->hold_id;
	SET_FROM(&body, fencing_number, e, fencing_number);
	SET_FROM(&body, latest_start_time, e, latest_start_time);
	owe(c, journey, PLACE_CALL(CONFIRM_HOLD), e->confirm_id, &body.base);
}

void
requests_change_hold_confirmed(struct change *c, const void *event)
{
	const Requests__HoldConfirmed *e = event;
	Requests__Journey *journey = requests_change_journey(c, e->hold_id, NULL);

	if (journey == NULL)
		return;
	SET(journey, state, STATE(CONFIRMED));
	requests_change_close(c, e->confirm_id);
}

void
requests_change_start_ordered(struct change *c, const void *event)
{
	const Requests__StartOrdered *e = event;
	Requests__Journey *journey = requests_change_journey(c, e->hold_id, NULL);
	Place__Start body = PLACE__START__INIT;

	if (journey == NULL)
		return;
	SET_FROM(journey, start_day, e, start_day);
	SET(journey, state, STATE(STARTING));
	body.hold_id = e->hold_id;
	SET_FROM(&body, fencing_number, e, fencing_number);
	body.placement_id = e->placement_id;
	SET_FROM(&body, start_day, e, start_day);
	SET_FROM(&body, expected_end_day, e, expected_end_day);
	body.placing_council_id = e->placing_council_id;
	owe(c, journey, PLACE_CALL(START), e->start_id, &body.base);
}

void
requests_change_started(struct change *c, const void *event)
{
	const Requests__PlacementStarted *e = event;
	Requests__Journey *journey = requests_change_journey(c, NULL, e->placement_id);

	if (journey == NULL)
		return;
	SET(journey, state, STATE(STARTED));
	requests_change_outcomes(c, e->outcomes, e->n_outcomes);
	requests_change_close(c, e->start_id);
}

void
requests_change_ended(struct change *c, const void *event)
{
	const Requests__PlacementEnded *e = event;
	Requests__Journey *journey = requests_change_journey(c, NULL, e->placement_id);
	Place__End body = PLACE__END__INIT;

	if (journey == NULL)
		return;
	SET_FROM(journey, end_day, e, end_day);
	SET_FROM(journey, end_reason, e, reason);
	SET(journey, state, STATE(ENDED));
	body.placement_id = e->placement_id;
	SET_FROM(&body, end_day, e, end_day);
	owe(c, journey, PLACE_CALL(END), e->end_id, &body.base);
}
