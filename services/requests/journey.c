#include "requests/journey.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/approval.h"
#include "requests/clocks.h"
#include "requests/group.h"

/* ---- what was decided on together ---- */

static bool
is_before_start(const Requests__Journey *journey)
{
	return requests_is_under_way(journey->state) &&
	       journey->state != REQUESTS__STATE__STATE_STARTING;
}

/* No second decision is taken in the instant of the first: it would need a loss. */
void
requests_group(const Requests__Request *request, const Requests__Journey *journey,
    struct requests_journeys *out)
{
	out->n = 0;
	for (size_t i = 0; i < request->n_journeys; i++)
		if (is_before_start(request->journeys[i]) &&
		    request->journeys[i]->decided_time == journey->decided_time)
			out->list[out->n++] = request->journeys[i];
}

/* ---- the provider's yes ---- */

enum requests_refusal
requests_check_confirm(const Requests__Request *request, const char *offer_id,
    const struct requests_act *act)
{
	const Requests__OfferRow *offer = requests_offer_of(request, offer_id);
	const Requests__Journey *journey = requests_journey_of_offer(request, offer_id);
	struct requests_journeys group;
	enum requests_refusal no;

	if (offer == NULL || !str_equal(offer->provider_id, act->organisation_id))
		return REQUESTS_OFFER_UNKNOWN;
	/* Before the state, so that only the chosen one can tell it. */
	if (journey == NULL && requests_is_open(request->state))
		return offer->is_lost ? REQUESTS_OFFER_LOST : REQUESTS_NOT_CHOSEN;
	no = requests_in_state(
	    REQUESTS_CONFIRM_OFFER, journey == NULL ? request->state : journey->state);
	if (journey == NULL || no != REQUESTS_OK)
		return no;
	if (journey->has_agreed_time)
		return REQUESTS_ALREADY_CONFIRMED;
	requests_group(request, journey, &group);
	for (size_t i = 0; i < group.n; i++)
		if (act->now_ms >= group.list[i]->hold_expires_time)
			return REQUESTS_HOLD_OVER;
	return REQUESTS_OK;
}

bool
requests_is_last_yes(
    const struct requests_journeys *group, const Requests__Journey *journey)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->list[i] != journey && !group->list[i]->has_agreed_time)
			return false;
	return true;
}

int64_t
requests_kept_until(const Requests__Request *request,
    const struct requests_journeys *group, int64_t now_ms)
{
	int32_t earliest_start_day = INT32_MIN;

	for (size_t i = 0; i < group->n; i++) {
		const Requests__OfferRow *offer =
		    requests_offer_of(request, group->list[i]->offer_id);

		if (offer != NULL && offer->earliest_start_day > earliest_start_day)
			earliest_start_day = offer->earliest_start_day;
	}
	return requests_latest_start(
	    requests_is_emergency(request), now_ms, earliest_start_day);
}

/* ---- start, end, withdrawal ---- */

/* The law has the approval come before the decision is put into effect, and a day
 * before the approval would say that it was not. */
static bool
is_before_approval(const Requests__Journey *journey, int32_t start_day)
{
	return journey->approver != REQUESTS__APPROVER__APPROVER_NONE &&
	       start_day < day_in_london(journey->approved_time);
}

static enum requests_refusal
check_one_start(const Requests__Request *request, const Requests__Journey *journey,
    const Requests__Start *call, const struct requests_act *act)
{
	enum requests_refusal no = requests_in_state(REQUESTS_START, journey->state);
	const Requests__OfferRow *offer = requests_offer_of(request, journey->offer_id);

	if (no != REQUESTS_OK)
		return no;
	if (!call->has_start_day)
		return REQUESTS_START_DAY_MISSING;
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

static void
all_before_start(const Requests__Request *request, struct requests_journeys *out)
{
	out->n = 0;
	for (size_t i = 0; i < request->n_journeys; i++)
		if (is_before_start(request->journeys[i]))
			out->list[out->n++] = request->journeys[i];
}

enum requests_refusal
requests_check_start(const Requests__Request *request, const Requests__Start *call,
    const struct requests_act *act, struct requests_journeys *starts)
{
	enum requests_refusal no = REQUESTS_OK;

	all_before_start(request, starts);
	if (call->placement_id != NULL) {
		starts->n = 1;
		no = requests_pick(
		    request, REQUESTS_START, call->placement_id, &starts->list[0]);
	} else if (starts->n == 0) {
		no = requests_in_state(REQUESTS_START, request->state);
	}
	for (size_t i = 0; no == REQUESTS_OK && i < starts->n; i++)
		no = check_one_start(request, starts->list[i], call, act);
	return no;
}

enum requests_refusal
requests_check_end(const Requests__Request *request, const Requests__End *call,
    const struct requests_act *act, Requests__Journey **ends)
{
	enum requests_refusal no =
	    requests_pick(request, REQUESTS_END, call->placement_id, ends);

	if (no != REQUESTS_OK)
		return no;
	if (!call->has_end_day)
		return REQUESTS_END_DAY_MISSING;
	if (call->end_day < (*ends)->start_day)
		return REQUESTS_END_DAY_EARLY;
	if (call->end_day > act->today)
		return REQUESTS_END_DAY_AHEAD;
	if (call->reason == REQUESTS__END_REASON__END_REASON_UNSPECIFIED)
		return REQUESTS_END_REASON_MISSING;
	return REQUESTS_OK;
}

enum requests_refusal
requests_check_withdraw(const Requests__Request *request,
    const Requests__Withdraw *call, struct requests_journeys *releases)
{
	enum requests_refusal no = requests_in_state(REQUESTS_WITHDRAW, request->state);

	all_before_start(request, releases);
	if (no != REQUESTS_OK)
		return no;
	/* Of several one may be ordered to start while others are less far. */
	for (size_t i = 0; i < request->n_journeys; i++)
		if (request->journeys[i]->state == REQUESTS__STATE__STATE_STARTING)
			return REQUESTS_START_ORDERED;
	if (call->reason == REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_UNSPECIFIED)
		return REQUESTS_WITHDRAW_REASON_MISSING;
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

/* Where only the rest of a group is withdrawn, who has one of the children was chosen.
 */
static bool
has_begun_with(const Requests__Request *request, const char *provider_id)
{
	for (size_t i = 0; i < request->n_journeys; i++)
		if (requests_has_begun(request->journeys[i]->state) &&
		    requests_is_with(request, request->journeys[i], provider_id))
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

	if (is_withdrawn ? has_begun_with(request, bid->provider_id)
			 : requests_is_chosen(request, bid->provider_id))
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

static Requests__BidOutcome **
only_the_chosen(struct arena *a, const char *provider_id)
{
	Requests__BidOutcome **list = LIST_NEW(a, 1, Requests__BidOutcome *);
	Requests__BidOutcome *row = MESSAGE_NEW(a, requests__bid_outcome);

	if (list == NULL || row == NULL)
		return NULL;
	row->provider_id = str_copy(a, provider_id);
	SET(row, outcome, REQUESTS__OUTCOME__OUTCOME_CHOSEN);
	list[0] = row;
	return a->is_full ? NULL : list;
}

/* Are there children, but for these, whose placement has not begun? */
static bool
do_others_wait(const Requests__Request *request, const Requests__Journey *journey)
{
	const Requests__NeedCirculation *need = request->circulation;
	uint32_t begun =
	    requests_children_begun(request) |
	    requests_children_in(need, journey->child_refs, journey->n_child_refs);

	return begun != requests_children_all(need->n_children);
}

Requests__PlacementStarted *
requests_started(struct arena *a, const Requests__Request *request,
    const Requests__Journey *journey, int64_t now_ms)
{
	Requests__PlacementStarted *out = MESSAGE_NEW(a, requests__placement_started);
	const Requests__OfferRow *offer = requests_offer_of(request, journey->offer_id);

	if (out == NULL || offer == NULL)
		return NULL;
	out->request_id = request->request_id;
	SET_FROM(out, start_day, journey, start_day);
	out->placement_id = journey->placement_id;
	if (do_others_wait(request, journey)) {
		SET(out, others_wait, 1);
		out->n_outcomes = 1;
		out->outcomes = only_the_chosen(a, offer->provider_id);
	} else {
		out->n_outcomes = request->n_bids;
		out->outcomes =
		    requests_outcomes(a, request, REQUESTS_CLOSING_STARTED, now_ms);
	}
	return out->outcomes == NULL ? NULL : out;
}
