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

/* What an event is about, and where its faults are said. */
struct sight {
	struct model *m;
	struct model_request *r;
	const struct model_entry *e;
	uint64_t *tally;
};

static void
expect(const struct sight *s, bool is_so, const char *wrong)
{
	if (!is_so)
		world_fail(s->m->world, "request %s %s (entry %llu)", s->r->id, wrong,
		    (unsigned long long)s->e->number);
}

static void
expect_officer(const struct sight *s, const char *person, unsigned roles)
{
	expect(s, model_may(s->m, person, s->r->council, roles),
	    "was acted on by somebody not of its council");
}

static struct model_bid *
bid_of(const struct sight *s, const char *provider)
{
	struct model_bid *bid = MODEL_FIND(s->r->bids, s->r->bids_n, provider);

	expect(s, bid != NULL, "was answered by a provider it was not sent to");
	return bid;
}

static const struct model_offer *
chosen(const struct sight *s)
{
	return &s->r->offers[s->r->chosen];
}

/* ---- a need, and what providers say ---- */

static void
see_circulated(struct sight *s)
{
	const Requests__RequestCirculated *e = s->e->event;

	expect(s, !s->r->is_decided, "was circulated while a place was chosen");
	expect_officer(s, e->circulated_by_id, ROLE(COMMISSIONER));
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

			expect(s, h != NULL && str_equal(h->provider, row->provider_id),
			    "was sent to the wrong provider");
		}
	}
}

static void
see_interest(struct sight *s)
{
	const Requests__InterestShown *e = s->e->event;
	struct model_bid *bid = bid_of(s, e->provider_id);

	if (bid != NULL)
		bid->is_interested = true;
}

static void
see_offer(struct sight *s)
{
	const Requests__OfferMade *e = s->e->event;
	const struct model_home *h = model_home_of_vacancy(s->m, e->offer->vacancy_id);
	struct model_bid *bid = bid_of(s, e->offer->provider_id);
	struct model_offer *o =
	    MODEL_ADD(s->m, s->r->offers, s->r->offers_n, e->offer->offer_id);

	model_keep(o->provider, e->offer->provider_id);
	model_keep(o->vacancy, e->offer->vacancy_id);
	if (bid != NULL)
		bid->is_interested = true;
	expect(s, h != NULL && str_equal(h->provider, o->provider),
	    "was offered another provider's place");
	expect(s, model_may(s->m, e->made_by_id, o->provider, ROLE(PLACEMENT_OFFICER)),
	    "had an offer made by somebody else");
	*s->tally += 1;
}

static void
see_declined(struct sight *s)
{
	const Requests__OfferDeclined *e = s->e->event;

	(void)bid_of(s, e->provider_id);
	expect(s, e->reason != 0, "was declined without a reason");
	for (size_t i = 0; i < s->r->offers_n; i++)
		if (str_equal(s->r->offers[i].provider, e->provider_id))
			s->r->offers[i].is_lost = true;
	*s->tally += 1;
}

static void
see_level(struct sight *s)
{
	const Requests__LevelOpened *e = s->e->event;
	struct model_bid *bid = bid_of(s, e->provider_id);
	bool is_chosen = (s->r->is_decided || s->r->is_started) &&
	                 str_equal(chosen(s)->provider, e->provider_id);

	if (bid == NULL)
		return;
	expect_officer(s, e->opened_by_id, ROLE(COMMISSIONER));
	if (e->level == REQUESTS__DISCLOSURE__DISCLOSURE_L3)
		expect(s, is_chosen && s->r->is_held,
		    "was opened at L3 to a provider that does not have the child");
	else
		expect(s, bid->is_interested || is_chosen,
		    "was opened at L2 to a provider without interest");
	if (bid->level < (unsigned)e->level)
		bid->level = (unsigned)e->level;
	s->m->world->tally
	    .n[e->level == REQUESTS__DISCLOSURE__DISCLOSURE_L3 ? TALLY_LEVEL_3
							       : TALLY_LEVEL_2]++;
}

/* ---- the journey, each step after the one before it ---- */

static void
see_decided(struct sight *s)
{
	const Requests__PlacementDecided *e = s->e->event;
	const Requests__Journey *j = e->journey;
	struct model_request *r = s->r;
	const struct model_offer *o = MODEL_FIND(r->offers, r->offers_n, j->offer_id);
	const struct model_home *h;
	struct model_bid *bid;

	expect(s, !r->is_decided, "was decided on twice");
	expect(s, o != NULL && !o->is_lost, "was decided on without a standing offer");
	expect(s, j->reason != 0, "was decided on without a reason");
	expect_officer(s, j->decided_by_id, ROLE(COMMISSIONER));
	expect(s, e->n_children == r->children, "lost a child on the way");
	if (o == NULL)
		return;
	bid = bid_of(s, o->provider);
	if (bid != NULL)
		bid->was_chosen = true;
	r->chosen = (size_t)(o - r->offers);
	/* Homes move, and requests may hear of it later. */
	h = model_home_of_vacancy(s->m, o->vacancy);
	expect(s,
	    h != NULL && (h->has_moved || str_equal(h->council, j->area_council_id)),
	    "was decided on for another area than the home is in");
	r->approver = model_approver(s->m, r->council, j->area_council_id, o->provider);
	expect(s, r->approver == (unsigned)j->approver,
	    "asks for another approval than the law does");
	model_keep(r->hold, j->hold_id);
	model_keep(r->placement, j->placement_id);
	r->is_decided = true;
	r->is_held = r->is_confirmed_by_provider = r->is_confirmed = false;
	r->is_approved = r->is_start_ordered = false;
	*s->tally += 1;
}

static void
see_held(struct sight *s)
{
	const Requests__PlaceHeld *e = s->e->event;
	const struct model_hold *h = model_hold(s->m, e->hold_id);

	expect(s,
	    s->r->is_decided && !s->r->is_held && str_equal(s->r->hold, e->hold_id),
	    "was held for without a decision");
	expect(s, h != NULL && h->fencing_number == e->fencing_number,
	    "believes in a hold that was not granted");
	s->r->is_held = true;
	s->r->hold_ends_ms = e->expires_time;
}

static void
see_lost(struct sight *s)
{
	const Requests__PlaceLost *e = s->e->event;

	expect(s, s->r->is_decided && str_equal(s->r->hold, e->hold_id),
	    "lost a place that it did not have");
	s->r->offers[s->r->chosen].is_lost = true;
	s->r->is_decided = s->r->is_held = false;
	*s->tally += 1;
}

static void
see_approved(struct sight *s)
{
	const Requests__PlacementApproved *e = s->e->event;
	bool is_director = s->r->approver == REQUESTS__APPROVER__APPROVER_DIRECTOR;
	unsigned roles = ROLE(DIRECTOR) | (is_director ? 0 : ROLE(NOMINATED_OFFICER));

	expect(s, s->r->is_decided || s->r->is_started, "was approved undecided");
	expect(s, s->r->approver > REQUESTS__APPROVER__APPROVER_NONE,
	    "was approved without need");
	expect_officer(s, e->approved_by_id, roles);
	expect(s,
	    e->grounds != NULL && e->grounds->wishes_considered &&
		e->grounds->most_appropriate,
	    "was approved without grounds");
	expect(s,
	    s->r->is_emergency ||
		(e->grounds != NULL && e->grounds->relatives_consulted),
	    "was approved before its relatives were consulted");
	s->r->is_approved = true;
	*s->tally += 1;
}

static void
see_offer_confirmed(struct sight *s)
{
	const Requests__OfferConfirmed *e = s->e->event;
	struct model_hold *h = model_hold(s->m, e->hold_id);

	expect(s, s->r->is_held && str_equal(s->r->hold, e->hold_id),
	    "was confirmed by a provider that holds nothing");
	expect(s, s->e->time_ms < s->r->hold_ends_ms,
	    "was confirmed when the hold was over");
	expect(s,
	    model_may(
		s->m, e->confirmed_by_id, chosen(s)->provider, ROLE(PLACEMENT_OFFICER)),
	    "was confirmed by another provider than the chosen");
	s->r->is_confirmed_by_provider = true;
	if (h != NULL)
		h->may_confirm = true;
}

static void
see_confirmed(struct sight *s)
{
	const struct model_hold *h = model_hold(s->m, s->r->hold);

	expect(s, s->r->is_decided && s->r->is_confirmed_by_provider,
	    "had its hold confirmed without the provider's yes");
	/* It may have run out since the owner said so. */
	expect(s, h != NULL && h->state >= MODEL_HOLD_CONFIRMED,
	    "believes in a confirmation that was not");
	s->r->is_confirmed = true;
}

static void
see_start_ordered(struct sight *s)
{
	const Requests__StartOrdered *e = s->e->event;
	struct model_hold *h = model_hold(s->m, e->hold_id);

	expect(s, s->r->is_decided && s->r->is_confirmed && !s->r->is_start_ordered,
	    "was started before its place was confirmed");
	expect(s,
	    s->r->approver == REQUESTS__APPROVER__APPROVER_NONE || s->r->is_approved,
	    "was started without the approval it needs");
	expect(s, str_equal(e->placement_id, s->r->placement),
	    "was started as another placement");
	expect_officer(s, e->ordered_by_id, ROLE(COMMISSIONER));
	s->r->is_start_ordered = true;
	if (h != NULL)
		h->may_start = true;
}

/* ---- closing: everybody who was asked is told something, once ---- */

static void
see_outcomes(struct sight *s, Requests__BidOutcome *const *list, size_t n,
    const char *chosen_provider)
{
	expect(s, n == s->r->bids_n, "closed with a bidder forgotten");
	for (size_t i = 0; i < n; i++) {
		struct model_bid *bid = bid_of(s, list[i]->provider_id);
		bool is_chosen = str_equal(list[i]->provider_id, chosen_provider);

		if (bid == NULL)
			return;
		expect(s, list[i]->outcome != 0 && bid->outcome == 0,
		    "told a bidder nothing, or twice");
		expect(s,
		    (list[i]->outcome == REQUESTS__OUTCOME__OUTCOME_CHOSEN) ==
			is_chosen,
		    "told the wrong bidder that it was chosen");
		bid->outcome = (unsigned)list[i]->outcome;
	}
}

static void
see_started(struct sight *s)
{
	const Requests__PlacementStarted *e = s->e->event;
	const struct model_hold *h = model_hold(s->m, s->r->hold);

	expect(s, s->r->is_decided && s->r->is_start_ordered && !s->r->is_started,
	    "started without an order, or twice");
	expect(s,
	    h != NULL && h->state == MODEL_HOLD_STARTED &&
		str_equal(h->placement, e->placement_id),
	    "believes in a start that was not");
	see_outcomes(s, e->outcomes, e->n_outcomes, chosen(s)->provider);
	s->r->is_started = true;
	s->r->is_decided = false;
	*s->tally += 1;
}

static void
see_ended(struct sight *s)
{
	const Requests__PlacementEnded *e = s->e->event;

	expect(
	    s, s->r->is_started && !s->r->is_ended, "ended before its start, or twice");
	expect(s, e->reason != 0, "ended without a reason");
	expect_officer(s, e->ended_by_id, ROLE(COMMISSIONER));
	s->r->is_ended = true;
	*s->tally += 1;
}

static void
see_freed(struct sight *s)
{
	const struct model_hold *h = model_hold(s->m, s->r->hold);

	expect(s, s->r->is_ended && h != NULL && h->is_ended,
	    "believes in an end that was not");
	s->r->is_freed = true;
}

static void
see_withdrawn(struct sight *s)
{
	const Requests__RequestWithdrawn *e = s->e->event;

	expect(s, !s->r->is_started && !(s->r->is_decided && s->r->is_start_ordered),
	    "was withdrawn after its start was ordered");
	expect_officer(s, e->withdrawn_by_id, ROLE(COMMISSIONER));
	see_outcomes(s, e->outcomes, e->n_outcomes, NULL);
	s->r->owes_release = s->r->is_decided;
	s->r->is_withdrawn = true;
	s->r->is_decided = false;
	*s->tally += 1;
}

static void
see_release_owed(struct sight *s)
{
	const Requests__ReleaseOwed *e = s->e->event;

	if (str_equal(e->hold_id, s->r->hold))
		s->r->owes_release = false;
}

/* ---- every event ---- */

/* What may still be recorded of a request that is over: `is_closing`. */
static const struct {
	uint32_t type;
	bool is_closing;
	void (*see)(struct sight *s);
	enum tally_kind kind;
} sights[] = {
    {EVENT(REQUEST_CIRCULATED), false, see_circulated, TALLIES},
    {EVENT(INTEREST_SHOWN), false, see_interest, TALLIES},
    {EVENT(OFFER_MADE), false, see_offer, TALLY_OFFERS},
    {EVENT(OFFER_DECLINED), false, see_declined, TALLY_DECLINES},
    {EVENT(LEVEL_OPENED), false, see_level, TALLIES},
    {EVENT(PLACEMENT_DECIDED), false, see_decided, TALLY_DECISIONS},
    {EVENT(PLACE_HELD), false, see_held, TALLIES},
    {EVENT(PLACE_LOST), false, see_lost, TALLY_LOSSES},
    {EVENT(PLACEMENT_APPROVED), false, see_approved, TALLY_APPROVALS},
    {EVENT(OFFER_CONFIRMED), false, see_offer_confirmed, TALLIES},
    {EVENT(HOLD_CONFIRMED), false, see_confirmed, TALLIES},
    {EVENT(START_ORDERED), false, see_start_ordered, TALLIES},
    {EVENT(PLACEMENT_STARTED), false, see_started, TALLY_STARTS},
    {EVENT(PLACEMENT_ENDED), false, see_ended, TALLY_ENDS},
    {EVENT(PLACE_FREED), true, see_freed, TALLIES},
    {EVENT(REQUEST_WITHDRAWN), false, see_withdrawn, TALLY_WITHDRAWALS},
    {EVENT(RELEASE_OWED), true, see_release_owed, TALLIES},
    {EVENT(HOLD_RELEASED), true, NULL, TALLIES},
    {EVENT(CLOCK_PASSED), true, NULL, TALLIES},
    {EVENT(CALL_CLOSED), true, NULL, TALLIES},
};

static void
see_submitted(struct model *m, const struct model_entry *e)
{
	const Requests__RequestSubmitted *submitted = e->event;
	const Requests__NeedCirculation *need = submitted->circulation;
	struct model_request *r =
	    MODEL_ADD(m, m->requests, m->requests_n, need->request_id);

	model_keep(r->council, need->council_id);
	r->children = (unsigned)need->n_children;
	r->is_emergency = need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
	m->world->tally.n[TALLY_SUBMITTED]++;
	m->world->tally.n[TALLY_SIBLING_GROUPS] += need->are_siblings != 0;
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
	expect(
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

void
model_see_requests(struct model *m, const struct model_entry *e)
{
	struct sight s = {m, NULL, e, NULL};
	uint64_t unused = 0;

	if (e->type == EVENT(REQUEST_SUBMITTED))
		see_submitted(m, e);
	s.r = MODEL_FIND(m->requests, m->requests_n, request_id_of(e));
	if (s.r == NULL) {
		world_fail(m->world, "entry %llu of requests is about no request",
		    (unsigned long long)e->number);
		return;
	}
	check_copy(&s);
	for (size_t i = 0; i < sizeof sights / sizeof sights[0]; i++) {
		if (sights[i].type != e->type)
			continue;
		expect(&s,
		    sights[i].is_closing || !(s.r->is_withdrawn || s.r->is_ended),
		    "went on after it was over");
		s.tally = sights[i].kind == TALLIES
		              ? &unused
		              : &m->world->tally.n[sights[i].kind];
		if (sights[i].see != NULL)
			sights[i].see(&s);
	}
}
