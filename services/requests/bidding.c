#include "requests/bidding.h"

#include "base/message.h"
#include "base/str.h"
#include "requests/clocks.h"
#include "requests/group.h"

static bool
is_circulated(const Requests__Request *request, const char *vacancy_id)
{
	for (size_t i = 0; i < request->n_bids; i++)
		for (size_t j = 0; j < request->bids[i]->n_vacancy_ids; j++)
			if (str_equal(request->bids[i]->vacancy_ids[j], vacancy_id))
				return true;
	return false;
}

static size_t
circulated_n(const Requests__Request *request)
{
	size_t n = 0;

	for (size_t i = 0; i < request->n_bids; i++)
		n += request->bids[i]->n_vacancy_ids;
	return n;
}

static bool
is_named_before(const Requests__Circulate *call, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_equal(call->vacancy_ids[i], call->vacancy_ids[j]))
			return true;
	return false;
}

/* A kind of home that would do for one of those who wait is worth asking. */
static enum requests_refusal
check_kind(const Requests__Request *request, const Requests__VacancyRow *vacancy,
    int32_t today)
{
	const Requests__NeedCirculation *need = request->circulation;

	if ((requests_children_for(need, vacancy->care_type, today) &
		requests_children_waiting(request)) != 0)
		return REQUESTS_OK;
	return requests_check_care_type(
	    need, requests_children_all(need->n_children), vacancy->care_type, today);
}

enum requests_refusal
requests_check_circulate(const Requests__Request *request,
    const Requests__Circulate *call, const Requests__VacancyRow *const *vacancies,
    int32_t today, size_t *which)
{
	enum requests_refusal no =
	    requests_in_state(REQUESTS_CIRCULATE, request->state);
	size_t n = call->n_vacancy_ids;
	size_t fresh = 0;

	*which = n;
	if (no != REQUESTS_OK)
		return no;
	if (n == 0 || n > REQUESTS_CIRCULATE_VACANCIES_MAX)
		return REQUESTS_VACANCIES_COUNT;
	if (call->has_answer_minutes &&
	    (call->answer_minutes < REQUESTS_ANSWER_MINUTES_MIN ||
		call->answer_minutes > REQUESTS_ANSWER_MINUTES_MAX))
		return REQUESTS_ANSWER_MINUTES;
	for (size_t i = 0; i < n; i++) {
		*which = i;
		if (is_named_before(call, i))
			return REQUESTS_VACANCY_TWICE;
		if (vacancies[i] == NULL)
			return REQUESTS_VACANCY_UNKNOWN;
		if (!vacancies[i]->is_open)
			return REQUESTS_VACANCY_CLOSED;
		no = check_kind(request, vacancies[i], today);
		if (no != REQUESTS_OK)
			return no;
		if (!is_circulated(request, call->vacancy_ids[i]))
			fresh++;
	}
	*which = n;
	if (fresh == 0)
		return REQUESTS_VACANCY_CIRCULATED;
	if (circulated_n(request) + fresh > REQUESTS_VACANCIES_MAX)
		return REQUESTS_VACANCIES_MANY;
	return REQUESTS_OK;
}

/* The provider's bid among those being made, added where there is none yet. */
static Requests__Bid *
bid_for(struct arena *a, Requests__RequestCirculated *out, const char *provider_id,
    size_t vacancies_max, int64_t now_ms)
{
	Requests__Bid *bid;

	for (size_t i = 0; i < out->n_bids; i++)
		if (str_equal(out->bids[i]->provider_id, provider_id))
			return out->bids[i];
	bid = MESSAGE_NEW(a, requests__bid);
	if (bid == NULL)
		return NULL;
	bid->provider_id = str_copy(a, provider_id);
	bid->vacancy_ids = LIST_NEW(a, vacancies_max, char *);
	if (bid->provider_id == NULL || bid->vacancy_ids == NULL)
		return NULL;
	SET(bid, level, REQUESTS__DISCLOSURE__DISCLOSURE_L1);
	SET(bid, circulated_time, now_ms);
	out->bids[out->n_bids++] = bid;
	return bid;
}

Requests__RequestCirculated *
requests_circulated(struct arena *a, const Requests__Request *request,
    const Requests__Circulate *call, const Requests__VacancyRow *const *vacancies,
    const struct requests_act *act)
{
	Requests__RequestCirculated *out = MESSAGE_NEW(a, requests__request_circulated);
	size_t n = call->n_vacancy_ids;
	int64_t answer_by_ms;

	if (out == NULL)
		return NULL;
	out->bids = LIST_NEW(a, n, Requests__Bid *);
	if (out->bids == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		Requests__Bid *bid;

		if (is_circulated(request, call->vacancy_ids[i]))
			continue;
		bid = bid_for(a, out, vacancies[i]->provider_id, n - i, act->now_ms);
		if (bid == NULL)
			return NULL;
		bid->vacancy_ids[bid->n_vacancy_ids++] = call->vacancy_ids[i];
	}
	out->request_id = request->request_id;
	/* Who was asked first keeps the time it was given. */
	answer_by_ms = requests_answer_by(
	    requests_is_emergency(request), call->answer_minutes, act->now_ms);
	if (answer_by_ms < request->answer_by_time)
		answer_by_ms = request->answer_by_time;
	SET(out, answer_by_time, answer_by_ms);
	out->circulated_by_id = str_copy(a, act->person_id);
	SET(out, members_copy_age_ms, act->copy_age_ms);
	return a->is_full ? NULL : out;
}

enum requests_refusal
requests_check_answering(const Requests__Request *request,
    enum requests_command command, const char *provider_id)
{
	if (requests_bid_of(request, provider_id) == NULL)
		return REQUESTS_UNKNOWN;
	return requests_in_state(command, request->state);
}

static bool
has_standing_offer(
    const Requests__Request *request, const char *vacancy_id, uint32_t children)
{
	for (size_t i = 0; i < request->n_offers; i++) {
		const Requests__OfferRow *offer = request->offers[i];

		if (!offer->is_lost && str_equal(offer->vacancy_id, vacancy_id) &&
		    requests_children_in(request->circulation, offer->child_refs,
			offer->n_child_refs) == children)
			return true;
	}
	return false;
}

/* Whom the offer is for: all who wait for a home, or a part of a permitted split. */
static enum requests_refusal
check_children(
    const Requests__Request *request, const Requests__Offer *call, uint32_t *children)
{
	const Requests__NeedCirculation *need = request->circulation;
	uint32_t begun = requests_children_begun(request);
	uint32_t rest = requests_children_all(need->n_children) & ~begun;

	*children = rest;
	if (call->n_child_refs == 0)
		return REQUESTS_OK;
	if (!requests_children(
		need->n_children, call->child_refs, call->n_child_refs, children))
		return REQUESTS_CHILD_REFS;
	if ((*children & begun) != 0)
		return REQUESTS_CHILD_PLACED;
	return *children == rest || requests_is_part(need, *children)
	           ? REQUESTS_OK
	           : REQUESTS_OFFER_CHILDREN;
}

static enum requests_refusal
check_terms(
    const Requests__Request *request, const Requests__Offer *call, int32_t today)
{
	int32_t start_day = call->earliest_start_day;

	if (!call->has_fee_pence_week || call->fee_pence_week <= 0 ||
	    call->fee_pence_week > REQUESTS_FEE_PENCE_WEEK_MAX)
		return REQUESTS_FEE;
	if (!call->has_earliest_start_day || start_day < today ||
	    start_day > today + REQUESTS_EARLIEST_START_AHEAD_DAYS_MAX)
		return REQUESTS_EARLIEST_START;
	if (request->circulation->has_expected_end_day &&
	    start_day > request->circulation->expected_end_day)
		return REQUESTS_EARLIEST_START_AFTER_END;
	return REQUESTS_OK;
}

enum requests_refusal
requests_check_offer(const Requests__Request *request, const Requests__Offer *call,
    const Requests__VacancyRow *vacancy, const struct requests_act *act,
    uint32_t *children)
{
	enum requests_refusal no =
	    requests_check_answering(request, REQUESTS_OFFER, act->organisation_id);

	if (no != REQUESTS_OK)
		return no;
	/* Another provider's vacancy is none of this one's: the same words. */
	if (vacancy == NULL || !vacancy->is_open ||
	    !str_equal(vacancy->provider_id, act->organisation_id))
		return REQUESTS_VACANCY_OF_ANOTHER;
	if ((no = check_children(request, call, children)) != REQUESTS_OK ||
	    (no = requests_check_care_type(request->circulation, *children,
		 vacancy->care_type, act->today)) != REQUESTS_OK ||
	    (no = check_terms(request, call, act->today)) != REQUESTS_OK)
		return no;
	if (has_standing_offer(request, call->vacancy_id, *children))
		return REQUESTS_OFFER_STANDS;
	if (request->n_offers >= REQUESTS_OFFERS_MAX)
		return REQUESTS_OFFERS_MANY;
	return REQUESTS_OK;
}

/* Of its places on their way one that it has not said yes to, which takes with it what
 * was decided on together: *out. Refused where it has said yes to each of them; a child
 * that lives there is no matter of the search. */
static enum requests_refusal
check_own(
    const Requests__Request *request, const char *provider_id, Requests__Journey **out)
{
	bool is_bound = false;

	for (size_t i = 0; i < request->n_journeys; i++) {
		Requests__Journey *journey = request->journeys[i];

		if (!requests_is_under_way(journey->state) ||
		    !requests_is_with(request, journey, provider_id))
			continue;
		if (journey->state > REQUESTS__STATE__STATE_HELD ||
		    journey->has_agreed_time)
			is_bound = true;
		else
			*out = journey;
	}
	return is_bound && *out == NULL ? REQUESTS_ALREADY_CONFIRMED : REQUESTS_OK;
}

enum requests_refusal
requests_check_decline(const Requests__Request *request, const Requests__Decline *call,
    const char *provider_id, Requests__Journey **loses)
{
	enum requests_refusal no =
	    requests_check_answering(request, REQUESTS_DECLINE, provider_id);

	*loses = NULL;
	if (no != REQUESTS_OK)
		return no;
	if (call->reason == REQUESTS__DECLINE_REASON__DECLINE_REASON_UNSPECIFIED)
		return REQUESTS_DECLINE_REASON_MISSING;
	return check_own(request, provider_id, loses);
}

static bool
may_know_detail(const Requests__Request *request, const Requests__Bid *bid)
{
	if (!requests_is_open(request->state))
		return requests_is_chosen(request, bid->provider_id);
	return !bid->has_declined && (bid->is_interested || bid->n_offer_ids > 0);
}

enum requests_refusal
requests_check_open(
    const Requests__Request *request, const Requests__Open *call, bool *already)
{
	enum requests_refusal no = requests_in_state(REQUESTS_OPEN, request->state);
	const Requests__Bid *bid = requests_bid_of(request, call->provider_id);

	*already = false;
	if (no != REQUESTS_OK)
		return no;
	if (bid == NULL)
		return REQUESTS_PROVIDER_NOT_ASKED;
	if (call->level != REQUESTS__DISCLOSURE__DISCLOSURE_L2 &&
	    call->level != REQUESTS__DISCLOSURE__DISCLOSURE_L3)
		return REQUESTS_LEVEL;
	if (call->level == REQUESTS__DISCLOSURE__DISCLOSURE_L2 &&
	    !may_know_detail(request, bid))
		return REQUESTS_LEVEL_NO_INTEREST;
	if (call->level == REQUESTS__DISCLOSURE__DISCLOSURE_L3 &&
	    requests_children_with(request, call->provider_id) == 0)
		return REQUESTS_LEVEL_NOT_CHOSEN;
	*already = call->level == REQUESTS__DISCLOSURE__DISCLOSURE_L3
	               ? requests_children_known(request, bid) ==
	                     requests_children_with(request, call->provider_id)
	               : bid->level >= call->level;
	return REQUESTS_OK;
}
