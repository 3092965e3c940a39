#include "requests/disclosure.h"

#include "base/message.h"
#include "base/str.h"
#include "requests/group.h"

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
	Requests__Disclosure most = REQUESTS__DISCLOSURE__DISCLOSURE_L2;

	if (requests_children_with(request, bid->provider_id) != 0)
		most = REQUESTS__DISCLOSURE__DISCLOSURE_L3;
	else if (bid->has_declined || !requests_is_open(request->state))
		most = REQUESTS__DISCLOSURE__DISCLOSURE_L1;
	return bid->level < most ? bid->level : most;
}

/* Of its own placements the least far; none where none of them lives. */
static Requests__State
own_state(const Requests__Request *request, const char *provider_id)
{
	Requests__State least = REQUESTS__STATE__STATE_UNSPECIFIED;

	for (size_t i = 0; i < request->n_journeys; i++) {
		const Requests__Journey *journey = request->journeys[i];

		if (requests_is_with(request, journey, provider_id) &&
		    (least == REQUESTS__STATE__STATE_UNSPECIFIED ||
			journey->state < least))
			least = journey->state;
	}
	return least;
}

Requests__State
requests_state_for(const Requests__Request *request, const char *provider_id)
{
	Requests__State own = own_state(request, provider_id);

	if (request->state == REQUESTS__STATE__STATE_WITHDRAWN)
		return request->state;
	/* Where its own placements are over it may still have room for the others. */
	if (own != REQUESTS__STATE__STATE_UNSPECIFIED &&
	    !(own == REQUESTS__STATE__STATE_ENDED && requests_is_open(request->state)))
		return own;
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
	SET_FROM(out, state, journey, state);
	SET_FROM(out, agreed_time, journey, agreed_time);
	SET_FROM(out, care_type, journey, care_type);
	out->n_child_refs = journey->n_child_refs;
	out->child_refs = journey->child_refs;
	return out;
}

static bool
fill_journeys(struct arena *a, Requests__Referral *out,
    const Requests__Request *request, const char *provider_id)
{
	out->journeys = LIST_NEW(a, request->n_journeys + 1, Requests__Journey *);
	if (out->journeys == NULL)
		return false;
	for (size_t i = 0; i < request->n_journeys; i++)
		if (requests_is_with(request, request->journeys[i], provider_id))
			out->journeys[out->n_journeys++] =
			    journey_for_provider(a, request->journeys[i]);
	return !a->is_full;
}

/* Who they are, of those children it has a place for and was told of: in the order of
 * their letters. */
static Requests__NeedIdentity *
identity_for_provider(
    struct arena *a, const Requests__Request *request, const Requests__Bid *bid)
{
	Requests__NeedIdentity *out = MESSAGE_NEW(a, requests__need_identity);
	uint32_t children = requests_children_known(request, bid);

	if (out == NULL)
		return NULL;
	out->request_id = request->request_id;
	out->child_ids = LIST_NEW(a, request->identity->n_child_ids + 1, char *);
	for (size_t i = 0; out->child_ids != NULL && i < request->identity->n_child_ids;
	     i++)
		if ((children & UINT32_C(1) << i) != 0)
			out->child_ids[out->n_child_ids++] =
			    request->identity->child_ids[i];
	return out;
}

/* Who else needs a home: only where some have one, as all do otherwise. */
static void
fill_waiting(struct arena *a, Requests__Referral *out, const Requests__Request *request)
{
	uint32_t begun = requests_children_begun(request);

	if (begun != 0 && requests_is_open(request->state))
		out->waiting_child_refs = requests_children_refs(a,
		    requests_children_all(request->circulation->n_children) & ~begun,
		    &out->n_waiting_child_refs);
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
		out->identity = identity_for_provider(a, request, own);
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
	fill_waiting(a, out, request);
	if (!fill_journeys(a, out, request, provider_id))
		return NULL;
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
	case REQUESTS_VIEW_COUNCIL:
		out->request = request;
		request->splits = requests_splits_shown(a, request, &request->n_splits);
		return request->splits == NULL ? NULL : out;
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
