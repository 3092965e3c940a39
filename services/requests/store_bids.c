#include <string.h>

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "requests/store_change.h"

/* The list with one more place at its end. */
static void *
longer(struct change *c, const void *list, size_t n, size_t more)
{
	void **out = LIST_NEW(c->a, n + more, void *);

	if (out == NULL)
		requests_change_latch(c, ERR_MEMORY);
	else if (n > 0)
		memcpy(out, list, n * sizeof(*out));
	return out;
}

static Requests__Bid *
bid_of(struct change *c, const char *provider_id)
{
	for (size_t i = 0; i < c->row->n_bids; i++)
		if (str_equal(c->row->bids[i]->provider_id, provider_id))
			return c->row->bids[i];
	return NULL;
}

/* The bid of an event that only a bidder can have caused. */
Requests__Bid *
requests_change_bid(struct change *c, const char *provider_id)
{
	Requests__Bid *bid = bid_of(c, provider_id);

	if (bid == NULL)
		requests_change_latch(c, ERR_CORRUPT);
	return bid;
}

static void
add_bid(struct change *c, Requests__Bid *fresh)
{
	Requests__Bid *bid = bid_of(c, fresh->provider_id);
	char **ids;

	if (bid == NULL) {
		c->row->bids = longer(c, c->row->bids, c->row->n_bids, 1);
		if (c->row->bids == NULL)
			return;
		c->row->bids[c->row->n_bids++] = fresh;
		requests_change_index(
		    c, REQUESTS_BY_PROVIDER, fresh->provider_id, c->row->request_id);
		return;
	}
	ids = longer(c, bid->vacancy_ids, bid->n_vacancy_ids, fresh->n_vacancy_ids);
	if (ids == NULL)
		return;
	for (size_t i = 0; i < fresh->n_vacancy_ids; i++)
		ids[bid->n_vacancy_ids++] = fresh->vacancy_ids[i];
	bid->vacancy_ids = ids;
}

void
requests_change_circulated(struct change *c, const void *event)
{
	const Requests__RequestCirculated *e = event;

	for (size_t i = 0; i < e->n_bids; i++)
		add_bid(c, e->bids[i]);
	SET_FROM(c->row, answer_by_time, e, answer_by_time);
}

/* A later word of a provider replaces its earlier no. */
static void
take_back_decline(Requests__Bid *bid)
{
	bid->has_declined = 0;
	bid->declined = REQUESTS__DECLINE_REASON__DECLINE_REASON_UNSPECIFIED;
	bid->has_outcome = 0;
	bid->outcome = REQUESTS__OUTCOME__OUTCOME_UNSPECIFIED;
	bid->has_outcome_time = 0;
	bid->outcome_time = 0;
}

void
requests_change_interest(struct change *c, const void *event)
{
	const Requests__InterestShown *e = event;
	Requests__Bid *bid = requests_change_bid(c, e->provider_id);

	if (bid == NULL)
		return;
	take_back_decline(bid);
	SET(bid, is_interested, 1);
	SET_FROM(bid, answered_time, e, time);
}

void
requests_change_offer(struct change *c, const void *event)
{
	const Requests__OfferMade *e = event;
	Requests__Bid *bid = requests_change_bid(c, e->offer->provider_id);
	char **ids;

	if (bid == NULL)
		return;
	ids = longer(c, bid->offer_ids, bid->n_offer_ids, 1);
	c->row->offers = longer(c, c->row->offers, c->row->n_offers, 1);
	if (ids == NULL || c->row->offers == NULL)
		return;
	c->row->offers[c->row->n_offers++] = e->offer;
	ids[bid->n_offer_ids++] = e->offer->offer_id;
	bid->offer_ids = ids;
	take_back_decline(bid);
	SET_FROM(bid, answered_time, e->offer, made_time);
	kv_put(c->txn, REQUESTS_OFFERS, row_key(e->offer->offer_id),
	    row_key(c->row->request_id));
}

/* Has the placement of this offer gone too far for a no: a child lives there, or is
 * about to? */
static bool
is_settled(const struct change *c, const char *offer_id)
{
	for (size_t i = 0; i < c->row->n_journeys; i++) {
		const Requests__Journey *journey = c->row->journeys[i];

		if (journey->state > STATE(HELD) && journey->state <= STATE(ENDED) &&
		    str_equal(journey->offer_id, offer_id))
			return true;
	}
	return false;
}

void
requests_change_declined(struct change *c, const void *event)
{
	const Requests__OfferDeclined *e = event;
	Requests__Bid *bid = requests_change_bid(c, e->provider_id);
	Requests__Disclosure most = REQUESTS__DISCLOSURE__DISCLOSURE_L1;

	if (bid == NULL)
		return;
	SET_FROM(bid, declined, e, reason);
	SET_FROM(bid, answered_time, e, time);
	SET(bid, is_interested, 0);
	for (size_t i = 0; i < c->row->n_offers; i++) {
		Requests__OfferRow *offer = c->row->offers[i];

		if (!str_equal(offer->provider_id, e->provider_id))
			continue;
		if (is_settled(c, offer->offer_id))
			most = bid->level;
		else
			SET(offer, is_lost, 1);
	}
	SET(bid, level, most);
}

void
requests_change_opened(struct change *c, const void *event)
{
	const Requests__LevelOpened *e = event;
	Requests__Bid *bid = requests_change_bid(c, e->provider_id);

	if (bid == NULL)
		return;
	SET_FROM(bid, level, e, level);
	bid->n_identity_child_refs = e->n_child_refs;
	bid->identity_child_refs = e->child_refs;
}

/* Everybody's outcome; whoever was not chosen may read level 1 again, no more. */
void
requests_change_outcomes(struct change *c, Requests__BidOutcome *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		Requests__Bid *bid = requests_change_bid(c, list[i]->provider_id);

		if (bid == NULL)
			return;
		SET_FROM(bid, outcome, list[i], outcome);
		SET(bid, outcome_time, c->event->time_ms);
		if (list[i]->outcome != REQUESTS__OUTCOME__OUTCOME_CHOSEN)
			SET(bid, level, REQUESTS__DISCLOSURE__DISCLOSURE_L1);
	}
}
