#include "requests/line.h"

#include "base/message.h"
#include "base/str.h"
#include "requests/approval.h"

Requests__ChildLine **
requests_child_lines(struct arena *a, const Requests__NeedCirculation *need, size_t *n)
{
	Requests__ChildLine **list =
	    LIST_NEW(a, need->n_children + 1, Requests__ChildLine *);

	*n = 0;
	for (size_t i = 0; list != NULL && i < need->n_children; i++) {
		const Requests__ChildNeed *child = need->children[i];
		Requests__ChildLine *line = MESSAGE_NEW(a, requests__child_line);

		if (line == NULL)
			return NULL;
		line->child_ref = child->child_ref;
		SET_FROM(line, age_years, child, age_years);
		SET_FROM(line, age_day, child, age_day);
		SET_FROM(line, sex, child, sex);
		list[(*n)++] = line;
	}
	return list;
}

/* When what was chosen is lost, if the next step is not taken; 0: there is none. */
static int64_t
step_due(const Requests__Journey *journey)
{
	switch (journey->state) {
	case REQUESTS__STATE__STATE_DECIDED:
	case REQUESTS__STATE__STATE_HELD: return journey->hold_expires_time;
	case REQUESTS__STATE__STATE_CONFIRMING:
	case REQUESTS__STATE__STATE_CONFIRMED: return journey->latest_start_time;
	case REQUESTS__STATE__STATE_STARTING:
	case REQUESTS__STATE__STATE_UNSPECIFIED:
	case REQUESTS__STATE__STATE_SUBMITTED:
	case REQUESTS__STATE__STATE_CIRCULATED:
	case REQUESTS__STATE__STATE_STARTED:
	case REQUESTS__STATE__STATE_ENDED:
	case REQUESTS__STATE__STATE_WITHDRAWN: break;
	}
	return 0;
}

/* The nearest of all placements, or of those with this provider. */
static void
fill_step(Requests__RequestLine *out, const Requests__Request *request,
    const char *provider_id)
{
	for (size_t i = 0; i < request->n_journeys; i++) {
		const Requests__Journey *journey = request->journeys[i];
		int64_t due = step_due(journey);

		if (provider_id != NULL &&
		    !requests_is_with(request, journey, provider_id))
			continue;
		if (due > 0 && (!out->has_step_due_time || due < out->step_due_time))
			SET(out, step_due_time, due);
	}
}

/* How many were asked, and how many have said something. */
static void
fill_answers(Requests__RequestLine *out, const Requests__Request *request)
{
	uint32_t answered = 0, standing = 0;

	for (size_t i = 0; i < request->n_bids; i++)
		answered += request->bids[i]->has_answered_time ? 1 : 0;
	for (size_t i = 0; i < request->n_offers; i++)
		standing += request->offers[i]->is_lost ? 0 : 1;
	SET(out, offers, (uint32_t)request->n_offers);
	SET(out, offers_standing, standing);
	SET(out, asked, (uint32_t)request->n_bids);
	SET(out, answered, answered);
	SET_FROM(out, submitted_time, request, submitted_time);
}

static void
fill_council(Requests__RequestLine *out, const Requests__Request *request)
{
	fill_answers(out, request);
	fill_step(out, request, NULL);
	out->submitted_by_id = request->submitted_by_id;
	SET(out, is_broken, request->broken != NULL);
	for (size_t i = 0; i < request->n_journeys; i++) {
		const Requests__Journey *journey = request->journeys[i];

		if (requests_is_under_way(journey->state) &&
		    !requests_is_approved(journey) && journey->approver > out->approver)
			SET_FROM(out, approver, journey, approver);
	}
}

static void
fill_provider(Requests__RequestLine *out, const Requests__Request *request,
    const Requests__Bid *bid)
{
	const Requests__OfferRow *last = NULL;
	uint32_t standing = 0;

	for (size_t i = 0; i < request->n_offers; i++) {
		const Requests__OfferRow *offer = request->offers[i];

		if (!str_equal(offer->provider_id, bid->provider_id))
			continue;
		standing += offer->is_lost ? 0 : 1;
		last = offer;
	}
	SET(out, offers, (uint32_t)bid->n_offer_ids);
	SET(out, offers_standing, standing);
	if (last != NULL) {
		out->offer_id = last->offer_id;
		out->vacancy_id = last->vacancy_id;
		SET_FROM(out, fee_pence_week, last, fee_pence_week);
	}
	SET(out, state, requests_state_for(request, bid->provider_id));
	SET(out, level, requests_level(request, bid));
	SET_FROM(out, outcome, bid, outcome);
	SET_FROM(out, outcome_time, bid, outcome_time);
	SET_FROM(out, is_interested, bid, is_interested);
	SET_FROM(out, declined, bid, declined);
	SET_FROM(out, circulated_time, bid, circulated_time);
	SET_FROM(out, answered_time, bid, answered_time);
	fill_step(out, request, bid->provider_id);
}

Requests__RequestLine *
requests_line(struct arena *a, const Requests__Request *request,
    enum requests_view view, const struct requests_reader *reader)
{
	Requests__RequestLine *out = MESSAGE_NEW(a, requests__request_line);
	const Requests__NeedCirculation *need = request->circulation;
	const Requests__Bid *bid = NULL;

	if (out == NULL)
		return NULL;
	out->request_id = request->request_id;
	out->council_id = request->council_id;
	out->home_sector = need->home_sector;
	SET_FROM(out, state, request, state);
	SET_FROM(out, urgency, need, urgency);
	SET(out, children, (uint32_t)need->n_children);
	out->child_lines = requests_child_lines(a, need, &out->n_child_lines);
	SET_FROM(out, needed_by_day, need, needed_by_day);
	SET_FROM(out, is_overdue, request, is_overdue);
	SET_FROM(out, answer_by_time, request, answer_by_time);
	if (view == REQUESTS_VIEW_PROVIDER)
		bid = requests_bid_of(request, reader->organisation_id);
	if (bid != NULL)
		fill_provider(out, request, bid);
	else if (view == REQUESTS_VIEW_COUNCIL)
		fill_council(out, request);
	else
		fill_answers(out, request);
	return a->is_full ? NULL : out;
}
