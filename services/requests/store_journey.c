#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "requests/store_change.h"

/* ---- owed calls ---- */

static void
owe(struct change *c, const char *owner, uint32_t method, const char *owed_id,
    const ProtobufCMessage *body)
{
	Journal__OwedCall owed = JOURNAL__OWED_CALL__INIT;
	struct bytes packed = BYTES_NONE;

	requests_change_latch(c, message_pack(c->a, body, &packed));
	owed.owed_id = str_copy(c->a, owed_id);
	owed.service = str_copy(c->a, owner);
	if (owed.owed_id == NULL || owed.service == NULL) {
		requests_change_latch(c, ERR_MEMORY);
		return;
	}
	SET(&owed, method, method);
	SET_BYTES(&owed, body, packed);
	SET(&owed, opened_time, c->event->time_ms);
	svc_owe(c->txn, c->a, &owed);
	kv_put(c->txn, REQUESTS_CALLS, row_key(owed_id), row_key(c->row->request_id));
}

static void
close_call(struct change *c, const char *owed_id)
{
	svc_owed_close(c->txn, owed_id);
	kv_delete(c->txn, REQUESTS_CALLS, row_key(owed_id));
}

/* Who is asked about the chosen place. */
static const char *
owner_of(const Requests__Journey *journey)
{
	return requests_store_owner(journey->care_type);
}

static void
owe_release(struct change *c, const char *owner, const char *release_id, char *hold_id)
{
	Place__Release body = PLACE__RELEASE__INIT;

	body.hold_id = hold_id;
	owe(c, owner, PLACE_CALL(RELEASE), release_id, &body.base);
}

/* ---- the journey ---- */

void
requests_change_decided(struct change *c, const void *event)
{
	const Requests__PlacementDecided *e = event;
	Place__Hold body = PLACE__HOLD__INIT;

	c->row->journey = e->journey;
	SET(c->row, state, STATE(DECIDED));
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
	owe(c, owner_of(e->journey), PLACE_CALL(HOLD), e->journey->hold_id, &body.base);
}

void
requests_change_held(struct change *c, const void *event)
{
	const Requests__PlaceHeld *e = event;

	SET_FROM(c->row->journey, fencing_number, e, fencing_number);
	SET_FROM(c->row->journey, hold_expires_time, e, expires_time);
	SET(c->row, state, STATE(HELD));
	close_call(c, e->hold_id);
}

/* Back to the offers that stand; the journey stays to be read, with the reason. */
void
requests_change_lost(struct change *c, const void *event)
{
	const Requests__PlaceLost *e = event;
	const char *provider_id = NULL;
	Requests__Bid *bid;

	SET(c->row, state, STATE(CIRCULATED));
	c->row->journey->refused_sentence = e->sentence;
	for (size_t i = 0; i < c->row->n_offers; i++) {
		Requests__OfferRow *offer = c->row->offers[i];

		if (!str_equal(offer->offer_id, c->row->journey->offer_id))
			continue;
		SET(offer, is_lost, 1);
		provider_id = offer->provider_id;
	}
	bid = requests_change_bid(c, provider_id);
	if (bid == NULL)
		return;
	SET(bid, outcome, REQUESTS__OUTCOME__OUTCOME_LAPSED);
	if (bid->level > REQUESTS__DISCLOSURE__DISCLOSURE_L2)
		SET(bid, level, REQUESTS__DISCLOSURE__DISCLOSURE_L2);
}

void
requests_change_approved(struct change *c, const void *event)
{
	const Requests__PlacementApproved *e = event;
	Requests__Journey *journey = c->row->journey;

	/* Grounds completed later do not move the day of the approval. */
	if (!journey->has_approved_time) {
		journey->approved_by_id = e->approved_by_id;
		SET_FROM(journey, approved_time, e, time);
	}
	journey->grounds = e->grounds;
	SET_FROM(journey, grounds_due_time, e, grounds_due_time);
}

void
requests_change_offer_confirmed(struct change *c, const void *event)
{
	const Requests__OfferConfirmed *e = event;
	Place__ConfirmHold body = PLACE__CONFIRM_HOLD__INIT;

	SET_FROM(c->row->journey, latest_start_time, e, latest_start_time);
	SET(c->row, state, STATE(CONFIRMING));
	body.hold_id = e->hold_id;
	SET_FROM(&body, fencing_number, e, fencing_number);
	SET_FROM(&body, latest_start_time, e, latest_start_time);
	owe(c, owner_of(c->row->journey), PLACE_CALL(CONFIRM_HOLD), e->confirm_id,
	    &body.base);
}

void
requests_change_hold_confirmed(struct change *c, const void *event)
{
	const Requests__HoldConfirmed *e = event;

	SET(c->row, state, STATE(CONFIRMED));
	close_call(c, e->confirm_id);
}

void
requests_change_start_ordered(struct change *c, const void *event)
{
	const Requests__StartOrdered *e = event;
	Place__Start body = PLACE__START__INIT;

	SET_FROM(c->row->journey, start_day, e, start_day);
	SET(c->row, state, STATE(STARTING));
	body.hold_id = e->hold_id;
	SET_FROM(&body, fencing_number, e, fencing_number);
	body.placement_id = e->placement_id;
	SET_FROM(&body, start_day, e, start_day);
	SET_FROM(&body, expected_end_day, e, expected_end_day);
	body.placing_council_id = e->placing_council_id;
	owe(c, owner_of(c->row->journey), PLACE_CALL(START), e->start_id, &body.base);
}

void
requests_change_started(struct change *c, const void *event)
{
	const Requests__PlacementStarted *e = event;

	SET(c->row, state, STATE(STARTED));
	requests_change_outcomes(c, e->outcomes, e->n_outcomes);
	close_call(c, e->start_id);
}

void
requests_change_ended(struct change *c, const void *event)
{
	const Requests__PlacementEnded *e = event;
	Place__End body = PLACE__END__INIT;

	SET_FROM(c->row->journey, end_day, e, end_day);
	SET_FROM(c->row->journey, end_reason, e, reason);
	SET(c->row, state, STATE(ENDED));
	body.placement_id = e->placement_id;
	SET_FROM(&body, end_day, e, end_day);
	owe(c, owner_of(c->row->journey), PLACE_CALL(END), e->end_id, &body.base);
}

void
requests_change_freed(struct change *c, const void *event)
{
	close_call(c, ((const Requests__PlaceFreed *)event)->end_id);
}

void
requests_change_withdrawn(struct change *c, const void *event)
{
	const Requests__RequestWithdrawn *e = event;

	SET(c->row, state, STATE(WITHDRAWN));
	requests_change_outcomes(c, e->outcomes, e->n_outcomes);
	if (e->release_id != NULL)
		owe_release(c, owner_of(c->row->journey), e->release_id, e->hold_id);
}

void
requests_change_release_owed(struct change *c, const void *event)
{
	const Requests__ReleaseOwed *e = event;

	owe_release(
	    c, e->owner != NULL ? e->owner : "foster", e->release_id, e->hold_id);
}

void
requests_change_released(struct change *c, const void *event)
{
	close_call(c, ((const Requests__HoldReleased *)event)->release_id);
}

void
requests_change_call_closed(struct change *c, const void *event)
{
	close_call(c, ((const Requests__CallClosed *)event)->call_id);
}
