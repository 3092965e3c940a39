#include "requests/disclosure.h"

#include "base/message.h"
#include "base/str.h"

enum requests_view
requests_view(const Requests__Request *request, const struct requests_reader *reader)
{
	if (reader->is_council &&
	    str_equal(request->council_id, reader->organisation_id))
		return REQUESTS_VIEW_COUNCIL;
	if (reader->is_cooperative && requests_is_open(request->state))
		return REQUESTS_VIEW_COOPERATIVE;
	if (reader->is_provider &&
	    requests_bid_of(request, reader->organisation_id) != NULL)
		return REQUESTS_VIEW_PROVIDER;
	return REQUESTS_VIEW_NONE;
}

Requests__Disclosure
requests_level(const Requests__Request *request, const Requests__Bid *bid)
{
	bool is_chosen = requests_is_chosen(request, bid->provider_id);
	Requests__Disclosure most = REQUESTS__DISCLOSURE__DISCLOSURE_L2;

	if (is_chosen && request->state >= REQUESTS__STATE__STATE_HELD &&
	    request->state <= REQUESTS__STATE__STATE_STARTED)
		most = REQUESTS__DISCLOSURE__DISCLOSURE_L3;
	else if (bid->has_declined || !requests_is_open(request->state))
		most = REQUESTS__DISCLOSURE__DISCLOSURE_L1;
	return bid->level < most ? bid->level : most;
}

Requests__State
requests_state_for(const Requests__Request *request, const char *provider_id)
{
	if (request->state == REQUESTS__STATE__STATE_WITHDRAWN ||
	    requests_is_chosen(request, provider_id))
		return request->state;
	if (requests_is_open(request->state))
		return REQUESTS__STATE__STATE_CIRCULATED;
	/* Somebody else was chosen: for this provider the search has ended. */
	return REQUESTS__STATE__STATE_ENDED;
}

/* Only what concerns the chosen provider: not who decided, why, or who approved. */
static Requests__Journey *
journey_for_provider(struct arena *a, const Requests__Journey *journey)
{
	Requests__Journey *out = MESSAGE_NEW(a, requests__journey);

	if (out == NULL)
		return NULL;
	out->offer_id = journey->offer_id;
	out->placement_id = journey->placement_id;
	SET_FROM(out, hold_expires_time, journey, hold_expires_time);
	SET_FROM(out, latest_start_time, journey, latest_start_time);
	SET_FROM(out, start_day, journey, start_day);
	SET_FROM(out, end_day, journey, end_day);
	SET_FROM(out, end_reason, journey, end_reason);
	return out;
}

static Requests__Referral *
show_provider(struct arena *a, Requests__Request *request, const char *provider_id)
{
	Requests__Referral *out = MESSAGE_NEW(a, requests__referral);
	Requests__Bid *bid = MESSAGE_NEW(a, requests__bid);
	const Requests__Bid *own = requests_bid_of(request, provider_id);
	Requests__Disclosure level;

	if (out == NULL || bid == NULL || own == NULL)
		return NULL;
	level = requests_level(request, own);
	out->circulation = request->circulation;
	if (level >= REQUESTS__DISCLOSURE__DISCLOSURE_L2)
		out->detail = request->detail;
	if (level >= REQUESTS__DISCLOSURE__DISCLOSURE_L3)
		out->identity = request->identity;
	*bid = *own;
	SET(bid, level, level);
	out->bid = bid;
	out->offers = LIST_NEW(a, request->n_offers + 1, Requests__OfferRow *);
	if (out->offers == NULL)
		return NULL;
	for (size_t i = 0; i < request->n_offers; i++)
		if (str_equal(request->offers[i]->provider_id, provider_id))
			out->offers[out->n_offers++] = request->offers[i];
	SET(out, state, requests_state_for(request, provider_id));
	SET_FROM(out, answer_by_time, request, answer_by_time);
	if (requests_is_chosen(request, provider_id))
		out->journey = journey_for_provider(a, request->journey);
	return a->is_full ? NULL : out;
}

/* What was said, without who said it and at what price. */
static bool
fill_counts(struct arena *a, Requests__Request *out, const Requests__Request *request)
{
	out->bids = LIST_NEW(a, request->n_bids + 1, Requests__Bid *);
	out->offers = LIST_NEW(a, request->n_offers + 1, Requests__OfferRow *);
	if (out->bids == NULL || out->offers == NULL)
		return false;
	for (size_t i = 0; i < request->n_bids; i++) {
		Requests__Bid *bid = MESSAGE_NEW(a, requests__bid);

		if (bid == NULL)
			return false;
		SET_FROM(bid, is_interested, request->bids[i], is_interested);
		SET_FROM(bid, declined, request->bids[i], declined);
		SET_FROM(bid, circulated_time, request->bids[i], circulated_time);
		SET_FROM(bid, answered_time, request->bids[i], answered_time);
		out->bids[out->n_bids++] = bid;
	}
	for (size_t i = 0; i < request->n_offers; i++) {
		Requests__OfferRow *offer = MESSAGE_NEW(a, requests__offer_row);

		if (offer == NULL)
			return false;
		SET_FROM(offer, made_time, request->offers[i], made_time);
		SET_FROM(offer, is_lost, request->offers[i], is_lost);
		out->offers[out->n_offers++] = offer;
	}
	return true;
}

static Requests__Request *
show_cooperative(struct arena *a, Requests__Request *request)
{
	Requests__Request *out = MESSAGE_NEW(a, requests__request);

	if (out == NULL || !fill_counts(a, out, request))
		return NULL;
	out->request_id = request->request_id;
	out->council_id = request->council_id;
	out->circulation = request->circulation;
	SET_FROM(out, version, request, version);
	SET_FROM(out, state, request, state);
	SET_FROM(out, submitted_time, request, submitted_time);
	SET_FROM(out, answer_by_time, request, answer_by_time);
	SET_FROM(out, is_overdue, request, is_overdue);
	return out;
}

Requests__RequestShown *
requests_shown(struct arena *a, Requests__Request *request, enum requests_view view,
    const struct requests_reader *reader)
{
	Requests__RequestShown *out = MESSAGE_NEW(a, requests__request_shown);

	if (out == NULL)
		return NULL;
	switch (view) {
	case REQUESTS_VIEW_COUNCIL: out->request = request; return out;
	case REQUESTS_VIEW_COOPERATIVE:
		out->request = show_cooperative(a, request);
		return out->request == NULL ? NULL : out;
	case REQUESTS_VIEW_PROVIDER:
		out->referral = show_provider(a, request, reader->organisation_id);
		return out->referral == NULL ? NULL : out;
	case REQUESTS_VIEW_NONE: break;
	}
	return NULL;
}

bool
requests_is_current(const Requests__Request *request, enum requests_view view,
    const struct requests_reader *reader)
{
	Requests__State state = request->state;

	if (view == REQUESTS_VIEW_PROVIDER)
		state = requests_state_for(request, reader->organisation_id);
	return view != REQUESTS_VIEW_NONE && state != REQUESTS__STATE__STATE_ENDED &&
	       state != REQUESTS__STATE__STATE_WITHDRAWN;
}

Requests__RequestLine *
requests_line(struct arena *a, const Requests__Request *request,
    enum requests_view view, const struct requests_reader *reader)
{
	Requests__RequestLine *out = MESSAGE_NEW(a, requests__request_line);
	const Requests__NeedCirculation *need = request->circulation;
	const Requests__Bid *bid = NULL;
	size_t offers = request->n_offers;

	if (out == NULL)
		return NULL;
	out->request_id = request->request_id;
	out->council_id = request->council_id;
	out->home_sector = need->home_sector;
	SET_FROM(out, state, request, state);
	SET_FROM(out, urgency, need, urgency);
	SET(out, children, (uint32_t)need->n_children);
	SET_FROM(out, needed_by_day, need, needed_by_day);
	SET_FROM(out, is_overdue, request, is_overdue);
	if (view == REQUESTS_VIEW_PROVIDER)
		bid = requests_bid_of(request, reader->organisation_id);
	if (bid != NULL) {
		offers = bid->n_offer_ids;
		SET(out, state, requests_state_for(request, bid->provider_id));
		SET_FROM(out, outcome, bid, outcome);
		SET(out, level, requests_level(request, bid));
	}
	SET(out, offers, (uint32_t)offers);
	return out;
}
