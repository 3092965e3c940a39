#include "sim/model.h"

#include <string.h>

#include "base/str.h"

#include "members.pb-c.h"
#include "requests.pb-c.h"

#define EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name
#define ROLE(name) (1U << MEMBERS__ROLE__ROLE_##name)

const struct model_request *
model_request(const struct model *m, const char *id)
{
	return MODEL_FIND(m->requests, m->requests_n, id);
}

const struct model_bid *
model_bid(const struct model_request *r, const char *provider)
{
	return MODEL_FIND(r->bids, r->bids_n, provider);
}

void
model_expect(const struct sight *s, bool is_so, const char *wrong)
{
	if (!is_so)
		world_fail(s->m->world, "request %s %s (entry %llu)", s->r->id, wrong,
		    (unsigned long long)s->e->number);
}

void
model_expect_officer(const struct sight *s, const char *person, unsigned roles)
{
	model_expect(s, model_may(s->m, person, s->r->council, roles),
	    "was acted on by somebody who may not");
}

struct model_bid *
model_bid_of(const struct sight *s, const char *provider)
{
	struct model_bid *bid = MODEL_FIND(s->r->bids, s->r->bids_n, provider);

	model_expect(s, bid != NULL, "was answered by a provider it was not sent to");
	return bid;
}

/* ---- a need, and what providers say ---- */

static void
see_circulated(struct sight *s)
{
	const Requests__RequestCirculated *e = s->e->event;

	model_expect(s,
	    model_children_from(s->r, MODEL_DECIDED) != (1U << s->r->children) - 1,
	    "was circulated while a place was chosen");
	model_expect_officer(s, e->circulated_by_id, ROLE(COMMISSIONER));
	for (size_t i = 0; i < e->n_bids; i++) {
		const Requests__Bid *row = e->bids[i];
		struct model_bid *bid =
		    MODEL_FIND(s->r->bids, s->r->bids_n, row->provider_id);

		if (bid == NULL)
			bid =
			    MODEL_ADD(s->m, s->r->bids, s->r->bids_n, row->provider_id);
		if (bid->level < 1)
			bid->level = 1;
		for (size_t k = 0; k < row->n_vacancy_ids; k++) {
			const struct model_home *h =
			    model_home_of_vacancy(s->m, row->vacancy_ids[k]);

			model_expect(s,
			    h != NULL && str_equal(h->provider, row->provider_id),
			    "was sent to the wrong provider");
		}
	}
}

static void
see_interest(struct sight *s)
{
	const Requests__InterestShown *e = s->e->event;
	struct model_bid *bid = model_bid_of(s, e->provider_id);

	if (bid != NULL)
		bid->is_interested = true;
}

static void
see_offer(struct sight *s)
{
	const Requests__OfferMade *e = s->e->event;
	const struct model_home *h = model_home_of_vacancy(s->m, e->offer->vacancy_id);
	struct model_bid *bid = model_bid_of(s, e->offer->provider_id);
	struct model_offer *o =
	    MODEL_ADD(s->m, s->r->offers, s->r->offers_n, e->offer->offer_id);

	model_keep(o->provider, e->offer->provider_id);
	model_keep(o->vacancy, e->offer->vacancy_id);
	o->children =
	    model_children(s->r, e->offer->child_refs, e->offer->n_child_refs);
	if (bid != NULL)
		bid->is_interested = true;
	model_expect(s, h != NULL && str_equal(h->provider, o->provider),
	    "was offered another provider's place");
	model_expect(s,
	    model_may(s->m, e->made_by_id, o->provider, ROLE(PLACEMENT_OFFICER)),
	    "had an offer made by somebody else");
	*s->tally += 1;
}

/* A child lives there or is about to: a later no is to what is still looked for. */
static bool
is_settled(const struct model_request *r, size_t offer)
{
	for (size_t i = 0; i < r->journeys_n; i++)
		if (r->journeys[i].offer == offer && r->journeys[i].step > MODEL_HELD &&
		    r->journeys[i].step < MODEL_GIVEN_BACK)
			return true;
	return false;
}

static void
see_declined(struct sight *s)
{
	const Requests__OfferDeclined *e = s->e->event;

	(void)model_bid_of(s, e->provider_id);
	model_expect(s, e->reason != 0, "was declined without a reason");
	for (size_t i = 0; i < s->r->offers_n; i++)
		if (str_equal(s->r->offers[i].provider, e->provider_id) &&
		    !is_settled(s->r, i))
			s->r->offers[i].is_lost = true;
	*s->tally += 1;
}

static void
see_level(struct sight *s)
{
	const Requests__LevelOpened *e = s->e->event;
	struct model_bid *bid = model_bid_of(s, e->provider_id);
	bool is_chosen =
	    model_has_chosen(s->r, e->provider_id, MODEL_DECIDED, MODEL_STARTED);

	if (bid == NULL)
		return;
	model_expect_officer(s, e->opened_by_id, ROLE(COMMISSIONER));
	if (e->level == REQUESTS__DISCLOSURE__DISCLOSURE_L3)
		model_expect(s,
		    model_has_chosen(s->r, e->provider_id, MODEL_HELD, MODEL_STARTED),
		    "was opened at L3 to a provider that does not have the child");
	else
		model_expect(s, bid->is_interested || is_chosen,
		    "was opened at L2 to a provider without interest");
	if (bid->level < (unsigned)e->level)
		bid->level = (unsigned)e->level;
	s->m->world->tally
	    .n[e->level == REQUESTS__DISCLOSURE__DISCLOSURE_L3 ? TALLY_LEVEL_3
							       : TALLY_LEVEL_2]++;
}

/* ---- closing: everybody who was asked is told something, once ---- */

void
model_see_outcomes(struct sight *s, Requests__BidOutcome *const *list, size_t n)
{
	model_expect(s, n == s->r->bids_n, "closed with a bidder forgotten");
	for (size_t i = 0; i < n; i++) {
		struct model_bid *bid = model_bid_of(s, list[i]->provider_id);
		bool is_chosen = model_has_chosen(
		    s->r, list[i]->provider_id, MODEL_STARTED, MODEL_ENDED);

		if (bid == NULL)
			return;
		model_expect(s, list[i]->outcome != 0 && bid->outcome == 0,
		    "told a bidder nothing, or twice");
		model_expect(s,
		    (list[i]->outcome == REQUESTS__OUTCOME__OUTCOME_CHOSEN) ==
			is_chosen,
		    "told the wrong bidder that it was chosen");
		bid->outcome = (unsigned)list[i]->outcome;
	}
}

/* ---- every event ---- */

/* What may still be recorded of a request that is over: `is_closing`. */
static const struct model_journey_sight sights[] = {
    {EVENT(REQUEST_CIRCULATED), false, see_circulated, TALLIES},
    {EVENT(INTEREST_SHOWN), false, see_interest, TALLIES},
    {EVENT(OFFER_MADE), false, see_offer, TALLY_OFFERS},
    {EVENT(OFFER_DECLINED), false, see_declined, TALLY_DECLINES},
    {EVENT(LEVEL_OPENED), false, see_level, TALLIES},
    {EVENT(HOLD_RELEASED), true, NULL, TALLIES},
    {EVENT(CLOCK_PASSED), true, NULL, TALLIES},
    {EVENT(CALL_CLOSED), true, NULL, TALLIES},
};

static void
see_need(struct model_request *r, const Requests__RequestSubmitted *e)
{
	const Requests__NeedCirculation *need = e->circulation;

	model_keep(r->council, need->council_id);
	r->children = (unsigned)need->n_children;
	r->is_emergency = need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
	for (size_t i = 0; i < e->identity->n_child_ids && i < MODEL_CHILDREN; i++)
		model_keep(r->child_ids[i], e->identity->child_ids[i]);
	for (size_t i = 0; i < need->n_permitted_splits && i < MODEL_SPLITS; i++) {
		const Requests__Split *from = need->permitted_splits[i];
		struct model_split *to = &r->splits[r->splits_n++];

		for (size_t k = 0; k < from->n_parts && k < MODEL_CHILDREN; k++)
			to->parts[to->parts_n++] = model_children(r,
			    from->parts[k]->child_refs, from->parts[k]->n_child_refs);
	}
}

static void
see_submitted(struct model *m, const struct model_entry *e)
{
	const Requests__RequestSubmitted *submitted = e->event;
	const Requests__NeedCirculation *need = submitted->circulation;
	struct model_request *r =
	    MODEL_ADD(m, m->requests, m->requests_n, need->request_id);

	see_need(r, submitted);
	m->submitted_number = e->number;
	m->world->tally.n[TALLY_SUBMITTED]++;
	m->world->tally.n[TALLY_SIBLING_GROUPS] += need->are_siblings != 0;
	m->world->tally.n[TALLY_SPLITS_PERMITTED] += need->n_permitted_splits > 0;
	if (!model_may(
		m, submitted->submitted_by_id, need->council_id, ROLE(COMMISSIONER)))
		world_fail(
		    m->world, "request %s was submitted for another council", r->id);
}

/* The field of this name, where the event has one; 0 else. */
static int64_t
copy_age_ms(const ProtobufCMessage *event)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(
		event->descriptor, "members_copy_age_ms");
	int64_t age_ms = 0;

	if (field != NULL)
		memcpy(&age_ms, (const uint8_t *)event + field->offset, sizeof age_ms);
	return age_ms;
}

/* Planned work waits for a fresh copy of members; emergencies never do. */
static void
check_copy(const struct sight *s)
{
	if (copy_age_ms(s->e->event) <= SVC_COPY_AGE_MAX_MS)
		return;
	model_expect(
	    s, s->r->is_emergency, "is planned, and moved by an old copy of members");
	s->m->world->tally
	    .n[s->e->type == EVENT(REQUEST_SUBMITTED) ? TALLY_SUBMITTED_OLD
						      : TALLY_STEPS_OLD]++;
}

static const char *
request_id_of(const struct model_entry *e)
{
	if (e->type == EVENT(REQUEST_SUBMITTED))
		return ((const Requests__RequestSubmitted *)e->event)
		    ->circulation->request_id;
	if (e->type == EVENT(OFFER_MADE))
		return ((const Requests__OfferMade *)e->event)->offer->request_id;
	/* In every other event the first field. */
	return ((const Requests__ClockPassed *)e->event)->request_id;
}

/* Nobody waits for a home, or lives in one. */
static bool
is_over(const struct model_request *r)
{
	if (!r->is_withdrawn && !r->is_filled)
		return false;
	for (size_t i = 0; i < r->journeys_n; i++)
		if (r->journeys[i].step < MODEL_ENDED)
			return false;
	return true;
}

static void
see_one(struct sight *s, const struct model_journey_sight *list, size_t n)
{
	uint64_t unused = 0;

	for (size_t i = 0; i < n; i++) {
		if (list[i].type != s->e->type)
			continue;
		model_expect(s, list[i].is_closing || !is_over(s->r),
		    "went on after it was over");
		s->tally = list[i].kind == TALLIES
		               ? &unused
		               : &s->m->world->tally.n[list[i].kind];
		if (list[i].see != NULL)
			list[i].see(s);
	}
}

void
model_see_requests(struct model *m, const struct model_entry *e)
{
	struct sight s = {m, NULL, e, NULL};

	if (model_see_draft(m, e))
		return;
	if (e->type == EVENT(REQUEST_SUBMITTED))
		see_submitted(m, e);
	s.r = MODEL_FIND(m->requests, m->requests_n, request_id_of(e));
	if (s.r == NULL) {
		world_fail(m->world, "entry %llu of requests is about no request",
		    (unsigned long long)e->number);
		return;
	}
	check_copy(&s);
	see_one(&s, sights, sizeof sights / sizeof sights[0]);
	see_one(&s, model_journey_sights, model_journey_sights_n);
}
