#include "requests/journey.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/approval.h"
#include "requests/clocks.h"

#define MINUTE_MS INT64_C(60000)

/*
 * Law: Children Act 1989, s22C(5): "they must place C in the placement which is, in
 * their opinion, the most appropriate placement available."
 * Their opinion: the council chooses among the offers that stand and says why; no
 * list or score of ours chooses.
 */
enum requests_refusal
requests_check_decide(const Requests__Request *request, const Requests__Decide *call)
{
	enum requests_refusal no = requests_in_state(REQUESTS_DECIDE, request->state);
	const Requests__OfferRow *offer;

	if (no != REQUESTS_OK)
		return no;
	offer = requests_offer_of(request, call->offer_id);
	if (call->offer_id == NULL || offer == NULL)
		return REQUESTS_OFFER_UNKNOWN;
	if (offer->is_lost)
		return REQUESTS_OFFER_LOST;
	if (call->reason == REQUESTS__DECISION_REASON__DECISION_REASON_UNSPECIFIED)
		return REQUESTS_DECISION_REASON_MISSING;
	return REQUESTS_OK;
}

/* The children as the owner of the place may know them. */
static bool
fill_children(
    struct arena *a, Requests__PlacementDecided *out, const Requests__Request *request)
{
	const Requests__NeedCirculation *need = request->circulation;

	if (request->identity->n_child_ids != need->n_children)
		return false;
	out->children = LIST_NEW(a, need->n_children, Common__Child *);
	if (out->children == NULL)
		return false;
	for (size_t i = 0; i < need->n_children; i++) {
		Common__Child *child = MESSAGE_NEW(a, common__child);

		if (child == NULL)
			return false;
		child->child_id = request->identity->child_ids[i];
		SET_FROM(child, age_years, need->children[i], age_years);
		SET_FROM(child, age_day, need->children[i], age_day);
		SET_FROM(child, sex, need->children[i], sex);
		out->children[out->n_children++] = child;
	}
	return true;
}

/* Whom any of them is not safe with, each once: who lives there is the owner's to know.
 */
static bool
fill_not_safe_with(
    struct arena *a, Requests__PlacementDecided *out, const Requests__Request *request)
{
	const Requests__NeedCirculation *need = request->circulation;
	bool is_there[COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS + 1] = {false};

	out->not_safe_with =
	    LIST_NEW(a, REQUESTS_NOT_SAFE_WITH_MAX, Common__NotSafeWith);
	if (out->not_safe_with == NULL)
		return false;
	for (size_t i = 0; i < need->n_children; i++) {
		const Requests__ChildNeed *child = need->children[i];

		for (size_t j = 0; j < child->n_not_safe_with; j++) {
			Common__NotSafeWith who = child->not_safe_with[j];

			if (!is_there[who])
				out->not_safe_with[out->n_not_safe_with++] = who;
			is_there[who] = true;
		}
	}
	return true;
}

/* "Most appropriate placement available" is said of a choice: what there was to
 * choose from stays with what was chosen. */
static bool
fill_standing(
    struct arena *a, Requests__Journey *journey, const Requests__Request *request)
{
	journey->standing_offer_ids = LIST_NEW(a, request->n_offers, char *);
	if (journey->standing_offer_ids == NULL)
		return false;
	for (size_t i = 0; i < request->n_offers; i++)
		if (!request->offers[i]->is_lost)
			journey->standing_offer_ids[journey->n_standing_offer_ids++] =
			    request->offers[i]->offer_id;
	return true;
}

Requests__PlacementDecided *
requests_decided(struct arena *a, const Requests__Request *request,
    const Requests__Decide *call, const struct requests_act *act,
    const struct requests_decision *decision)
{
	Requests__PlacementDecided *out = MESSAGE_NEW(a, requests__placement_decided);
	Requests__Journey *journey = MESSAGE_NEW(a, requests__journey);
	const Requests__OfferRow *offer = requests_offer_of(request, call->offer_id);
	bool is_emergency = requests_is_emergency(request);
	uint32_t minutes = requests_hold_minutes(is_emergency, act->now_ms);

	if (out == NULL || journey == NULL || offer == NULL ||
	    !fill_children(a, out, request) || !fill_not_safe_with(a, out, request) ||
	    !fill_standing(a, journey, request))
		return NULL;
	journey->offer_id = call->offer_id;
	journey->placement_id = str_copy(a, decision->placement_id);
	journey->hold_id = str_copy(a, decision->hold_id);
	SET(journey, hold_expires_time, act->now_ms + minutes * MINUTE_MS);
	journey->decided_by_id = str_copy(a, act->person_id);
	SET(journey, reason, call->reason);
	SET(journey, decided_time, act->now_ms);
	SET(journey, approver, decision->approver);
	SET_FROM(journey, care_type, offer, care_type);
	if (decision->area_council_id != NULL)
		journey->area_council_id = str_copy(a, decision->area_council_id);
	out->request_id = request->request_id;
	out->journey = journey;
	out->vacancy_id = offer->vacancy_id;
	SET_FROM(out, are_siblings, request->circulation, are_siblings);
	SET(out, hold_minutes, minutes);
	SET(out, is_emergency, is_emergency);
	SET(out, members_copy_age_ms, act->copy_age_ms);
	return a->is_full ? NULL : out;
}

enum requests_refusal
requests_check_confirm(const Requests__Request *request, const char *offer_id,
    const struct requests_act *act)
{
	const Requests__OfferRow *offer = requests_offer_of(request, offer_id);
	enum requests_refusal no;

	if (offer == NULL || !str_equal(offer->provider_id, act->organisation_id))
		return REQUESTS_OFFER_UNKNOWN;
	/* Before the state, so that only the chosen one can tell it. */
	if (requests_is_open(request->state) && offer != requests_chosen_offer(request))
		return offer->is_lost ? REQUESTS_OFFER_LOST : REQUESTS_NOT_CHOSEN;
	no = requests_in_state(REQUESTS_CONFIRM_OFFER, request->state);
	if (no != REQUESTS_OK)
		return no;
	if (act->now_ms >= request->journey->hold_expires_time)
		return REQUESTS_HOLD_OVER;
	return REQUESTS_OK;
}

/* The law has the approval come before the decision is put into effect, and a day
 * before the approval would say that it was not. */
static bool
is_before_approval(const Requests__Journey *journey, int32_t start_day)
{
	return journey->approver != REQUESTS__APPROVER__APPROVER_NONE &&
	       start_day < day_in_london(journey->approved_time);
}

enum requests_refusal
requests_check_start(const Requests__Request *request, const Requests__Start *call,
    const struct requests_act *act)
{
	enum requests_refusal no = requests_in_state(REQUESTS_START, request->state);
	const Requests__Journey *journey = request->journey;
	const Requests__OfferRow *offer;

	if (no != REQUESTS_OK)
		return no;
	if (!call->has_start_day)
		return REQUESTS_START_DAY_MISSING;
	offer = requests_chosen_offer(request);
	if (call->start_day < day_in_london(journey->decided_time) ||
	    (offer != NULL && call->start_day < offer->earliest_start_day))
		return REQUESTS_START_DAY_EARLY;
	if (call->start_day > day_in_london(journey->latest_start_time) ||
	    (request->circulation->has_expected_end_day &&
		call->start_day > request->circulation->expected_end_day))
		return REQUESTS_START_DAY_LATE;
	if (!requests_is_approved(journey))
		return REQUESTS_APPROVAL_OWED;
	if (is_before_approval(journey, call->start_day))
		return REQUESTS_START_BEFORE_APPROVAL;
	/* Last: whoever asks too early hears of the rest first. Once started it can
	 * only be ended, and not before that day. */
	return call->start_day > act->today ? REQUESTS_START_DAY_AHEAD : REQUESTS_OK;
}

enum requests_refusal
requests_check_end(const Requests__Request *request, const Requests__End *call,
    const struct requests_act *act)
{
	enum requests_refusal no = requests_in_state(REQUESTS_END, request->state);

	if (no != REQUESTS_OK)
		return no;
	if (!call->has_end_day)
		return REQUESTS_END_DAY_MISSING;
	if (call->end_day < request->journey->start_day)
		return REQUESTS_END_DAY_EARLY;
	if (call->end_day > act->today)
		return REQUESTS_END_DAY_AHEAD;
	if (call->reason == REQUESTS__END_REASON__END_REASON_UNSPECIFIED)
		return REQUESTS_END_REASON_MISSING;
	return REQUESTS_OK;
}

enum requests_refusal
requests_check_withdraw(const Requests__Request *request,
    const Requests__Withdraw *call, const char **hold_id)
{
	enum requests_refusal no = requests_in_state(REQUESTS_WITHDRAW, request->state);

	*hold_id = NULL;
	if (no != REQUESTS_OK)
		return no;
	if (call->reason == REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_UNSPECIFIED)
		return REQUESTS_WITHDRAW_REASON_MISSING;
	if (requests_is_under_way(request->state))
		*hold_id = request->journey->hold_id;
	return REQUESTS_OK;
}

/* ---- outcomes ---- */

static bool
has_standing_offer(const Requests__Request *request, const Requests__Bid *bid)
{
	for (size_t i = 0; i < request->n_offers; i++)
		if (!request->offers[i]->is_lost &&
		    str_equal(request->offers[i]->provider_id, bid->provider_id))
			return true;
	return false;
}

Requests__Outcome
requests_outcome(const Requests__Request *request, const Requests__Bid *bid,
    enum requests_closing closing, int64_t now_ms)
{
	bool is_withdrawn = closing == REQUESTS_CLOSING_WITHDRAWN;
	bool is_silent =
	    !bid->has_declined && !bid->is_interested && bid->n_offer_ids == 0;

	if (!is_withdrawn && requests_is_chosen(request, bid->provider_id))
		return REQUESTS__OUTCOME__OUTCOME_CHOSEN;
	if (bid->has_declined)
		return REQUESTS__OUTCOME__OUTCOME_DECLINED;
	if (bid->n_offer_ids > 0 && !has_standing_offer(request, bid))
		return REQUESTS__OUTCOME__OUTCOME_LAPSED;
	/* Who still had time to answer was not silent when the request went away. */
	if (is_silent && !(is_withdrawn && now_ms < request->answer_by_time))
		return REQUESTS__OUTCOME__OUTCOME_NO_RESPONSE;
	return is_withdrawn ? REQUESTS__OUTCOME__OUTCOME_REQUEST_WITHDRAWN
	                    : REQUESTS__OUTCOME__OUTCOME_NOT_CHOSEN;
}

Requests__BidOutcome **
requests_outcomes(struct arena *a, const Requests__Request *request,
    enum requests_closing closing, int64_t now_ms)
{
	Requests__BidOutcome **list =
	    LIST_NEW(a, request->n_bids + 1, Requests__BidOutcome *);

	for (size_t i = 0; list != NULL && i < request->n_bids; i++) {
		const Requests__Bid *bid = request->bids[i];
		Requests__BidOutcome *row = MESSAGE_NEW(a, requests__bid_outcome);

		if (row == NULL)
			return NULL;
		row->provider_id = bid->provider_id;
		SET(row, outcome, requests_outcome(request, bid, closing, now_ms));
		list[i] = row;
	}
	return list;
}

/* ---- what the owner's word, or time, does to the journey ---- */

static bool
waits_in(const Requests__Request *request, Requests__State state, const char *hold_id)
{
	return request->state == state && request->journey != NULL && hold_id != NULL &&
	       str_equal(request->journey->hold_id, hold_id);
}

enum requests_effect
requests_weigh_answer(const Requests__Request *request, enum requests_owed owed,
    const char *hold_id, bool is_yes)
{
	switch (owed) {
	case REQUESTS_OWED_HOLD:
		if (waits_in(request, REQUESTS__STATE__STATE_DECIDED, hold_id))
			return is_yes ? REQUESTS_HELD : REQUESTS_LOST;
		return is_yes ? REQUESTS_OWES_RELEASE : REQUESTS_CLOSES;
	case REQUESTS_OWED_CONFIRM:
		if (waits_in(request, REQUESTS__STATE__STATE_CONFIRMING, hold_id))
			return is_yes ? REQUESTS_CONFIRMED : REQUESTS_LOST_OWES_RELEASE;
		return REQUESTS_CLOSES;
	case REQUESTS_OWED_START:
		if (waits_in(request, REQUESTS__STATE__STATE_STARTING, hold_id))
			return is_yes ? REQUESTS_BEGUN : REQUESTS_LOST_OWES_RELEASE;
		return REQUESTS_CLOSES;
	case REQUESTS_OWED_RELEASE: return is_yes ? REQUESTS_RELEASED : REQUESTS_CLOSES;
	case REQUESTS_OWED_END: return is_yes ? REQUESTS_FREED : REQUESTS_CLOSES;
	}
	return REQUESTS_CLOSES;
}

enum requests_effect
requests_weigh_expiry(const Requests__Request *request, const char *hold_id)
{
	static const Requests__State held_in[] = {
	    REQUESTS__STATE__STATE_DECIDED,
	    REQUESTS__STATE__STATE_HELD,
	    REQUESTS__STATE__STATE_CONFIRMING,
	    REQUESTS__STATE__STATE_CONFIRMED,
	};

	for (size_t i = 0; i < sizeof(held_in) / sizeof(held_in[0]); i++)
		if (waits_in(request, held_in[i], hold_id))
			return REQUESTS_LOST;
	return REQUESTS_NOTHING;
}

enum requests_effect
requests_weigh_deadline(const Requests__Request *request, int64_t due_ms)
{
	bool is_over = false;

	if (request->journey == NULL)
		return REQUESTS_NOTHING;
	if (request->state == REQUESTS__STATE__STATE_DECIDED ||
	    request->state == REQUESTS__STATE__STATE_HELD)
		is_over = request->journey->hold_expires_time <= due_ms;
	if (request->state == REQUESTS__STATE__STATE_CONFIRMING ||
	    request->state == REQUESTS__STATE__STATE_CONFIRMED)
		is_over = request->journey->latest_start_time <= due_ms;
	return is_over ? REQUESTS_LOST_OWES_RELEASE : REQUESTS_NOTHING;
}
