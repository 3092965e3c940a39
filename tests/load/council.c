/* Commissioners, nominated officers and directors: a request from need to end. */
#include "load/load.h"

#include "base/message.h"
#include "base/str.h"

#include "matching.pb-c.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define STATE(name) REQUESTS__STATE__STATE_##name
#define ROUNDS_MAX 3  /* circulations, before it is withdrawn */
#define LOOKS_MAX 400 /* ... in vain */
#define LOOK_MS 30
#define LOOK_LATER_MS 250
#define FEW 8        /* asked, and all of them answer */
#define HOT_PLACES 8 /* that half of all circulations go to: people race for them */

static struct load_journey *
journey_of(struct load *l, const struct load_client *c)
{
	return &l->journeys[c->job.journey];
}

static void
look_again(struct load *l, struct load_journey *j, int64_t in_ms)
{
	load_push(l, j->desk, LOAD_LOOK, (size_t)(j - l->journeys), 0, in_ms);
}

/* ---- a need ---- */

static Requests__ChildNeed *
child(struct load *l, uint32_t age_years)
{
	Requests__ChildNeed *n = MESSAGE_NEW(&l->arena, requests__child_need);

	SET(n, age_years, age_years);
	SET(n, age_day, load_today());
	SET(n, sex, COMMON__SEX__SEX_FEMALE + random_below(&l->random, 2));
	n->needs = LIST_NEW(&l->arena, 1, Common__Need *);
	n->needs[0] = MESSAGE_NEW(&l->arena, common__need);
	n->n_needs = 1;
	SET(n->needs[0], kind, COMMON__NEED_KIND__NEED_KIND_TRAUMA);
	SET(n->needs[0], level, COMMON__LEVEL__LEVEL_LOW);
	return n;
}

const ProtobufCMessage *
load_need(struct load *l, uint32_t age_years, uint32_t children, bool is_emergency)
{
	static const char *const sectors[] = {"M14 5", "M33 3", "BL9 0", "M1 1"};
	Requests__Submit *s = MESSAGE_NEW(&l->arena, requests__submit);

	SET(s, urgency,
	    is_emergency ? REQUESTS__URGENCY__URGENCY_EMERGENCY
			 : REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(s, needed_by_day, load_today() + (is_emergency ? 0 : 7));
	s->home_sector = TEXT(sectors[random_below(&l->random, COUNT(sectors))]);
	s->children = LIST_NEW(&l->arena, children, Requests__ChildNeed *);
	for (; s->n_children < children; s->n_children++)
		s->children[s->n_children] = child(l, age_years);
	SET(s, are_siblings, children > 1);
	SET(s, legal_status, REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2);
	SET(s, care_plan_aim, REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_ASSESSMENT);
	SET(s, family_first,
	    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
	return &s->base;
}

static void
submit(struct load *l, struct load_client *c)
{
	struct load_journey *j = load_journey_new(l, c->desk);
	uint32_t children = random_one_in(&l->random, 4) ? 2 : 1;

	if (j == NULL)
		return;
	c->job.journey = (size_t)(j - l->journeys);
	c->job.serial = j->serial;
	j->age_years = 1 + random_below(&l->random, 17);
	j->is_to_end = !random_one_in(&l->random, 8);
	load_call(l, c, LOAD_REQUESTS, CALL(SUBMIT), NULL,
	    load_need(l, j->age_years, children, random_one_in(&l->random, 2)));
}

/* ---- one command each ---- */

static void
ask_shortlist(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__ShortlistAsked *s = MESSAGE_NEW(&l->arena, requests__shortlist_asked);

	s->request_id = j->request;
	load_call(l, c, LOAD_REQUESTS, CALL(SHORTLIST), j->request, &s->base);
}

static bool
is_new_bid(const struct load_journey *j, size_t place)
{
	for (size_t i = 0; i < j->bids_n; i++)
		if (j->bids[i].place == place)
			return false;
	return j->bids_n < LOAD_BIDS_MAX;
}

static void
add_bid(struct load *l, struct load_journey *j, size_t place)
{
	const struct load_place *p = &l->places[place];

	if (p->age_min <= j->age_years && j->age_years <= p->age_max &&
	    is_new_bid(j, place))
		j->bids[j->bids_n++] = (struct load_bid){.place = place};
}

static void
circulate(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__Circulate *m = MESSAGE_NEW(&l->arena, requests__circulate);

	for (int64_t i = 0; i < l->options.fan_out && l->places_n > 0; i++) {
		bool is_hot = random_one_in(&l->random, 2);
		size_t n =
		    is_hot && l->places_n > HOT_PLACES ? HOT_PLACES : l->places_n;

		add_bid(l, j, random_below(&l->random, (uint32_t)n));
	}
	m->request_id = j->request;
	m->vacancy_ids = LIST_NEW(&l->arena, LOAD_BIDS_MAX, char *);
	for (size_t i = 0; i < j->bids_n; i++)
		if (!j->bids[i].is_asked)
			m->vacancy_ids[m->n_vacancy_ids++] =
			    l->places[j->bids[i].place].vacancy;
	if (m->n_vacancy_ids == 0 || ++j->rounds > ROUNDS_MAX) {
		load_push(l, j->desk, LOAD_WITHDRAW, c->job.journey, 0, 0);
		return;
	}
	load_call(l, c, LOAD_REQUESTS, CALL(CIRCULATE), j->request, &m->base);
}

static void
decide(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__Decide *d = MESSAGE_NEW(&l->arena, requests__decide);

	d->request_id = j->request;
	d->offer_id = j->offer;
	SET(d, reason, REQUESTS__DECISION_REASON__DECISION_REASON_BEST_MEETS_NEEDS);
	load_call(l, c, LOAD_REQUESTS, CALL(DECIDE), j->request, &d->base);
}

static void
open_level(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__Open *o = MESSAGE_NEW(&l->arena, requests__open);
	size_t desk = l->places[j->bids[c->job.bid].place].desk;

	o->request_id = j->request;
	o->provider_id = l->desks[desk].organisation;
	SET(o, level, REQUESTS__DISCLOSURE__DISCLOSURE_L2);
	load_call(l, c, LOAD_REQUESTS, CALL(OPEN), j->request, &o->base);
}

static void
start(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__Start *s = MESSAGE_NEW(&l->arena, requests__start);

	s->request_id = j->request;
	SET(s, start_day, load_today());
	load_call(l, c, LOAD_REQUESTS, CALL(START), j->request, &s->base);
}

static void
end(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__End *e = MESSAGE_NEW(&l->arena, requests__end);

	e->request_id = j->request;
	SET(e, end_day, load_today());
	SET(e, reason, REQUESTS__END_REASON__END_REASON_CARE_PLAN);
	load_call(l, c, LOAD_REQUESTS, CALL(END), j->request, &e->base);
}

static void
withdraw(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__Withdraw *w = MESSAGE_NEW(&l->arena, requests__withdraw);

	w->request_id = j->request;
	SET(w, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_NO_LONGER_NEEDED);
	load_call(l, c, LOAD_REQUESTS, CALL(WITHDRAW), j->request, &w->base);
}

static void
approve(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__Approve *a = MESSAGE_NEW(&l->arena, requests__approve);

	a->request_id = j->request;
	a->grounds = MESSAGE_NEW(&l->arena, requests__approval_grounds);
	SET(a->grounds, wishes_considered, true);
	SET(a->grounds, most_appropriate, true);
	SET(a->grounds, relatives_consulted, true);
	SET(a->grounds, reviewing_officer_consulted, true);
	SET(a->grounds, area_authority_notified, true);
	SET(a->grounds, area_authority_consulted, true);
	load_call(l, c, LOAD_REQUESTS, CALL(APPROVE), j->request, &a->base);
}

static void
look(struct load *l, struct load_client *c, struct load_journey *j)
{
	Requests__RequestAsked *a = MESSAGE_NEW(&l->arena, requests__request_asked);

	a->request_id = j->request;
	load_call(l, c, LOAD_REQUESTS, CALL(REQUEST), j->request, &a->base);
}

static void
read_list(struct load *l, struct load_client *c)
{
	Requests__RequestsAsked *a = MESSAGE_NEW(&l->arena, requests__requests_asked);

	SET(a, limit, 50);
	load_call(l, c, LOAD_REQUESTS, CALL(REQUESTS), NULL, &a->base);
}

void
load_council_act(struct load *l, struct load_client *c)
{
	struct load_journey *j = journey_of(l, c);

	switch (c->job.verb) {
	case LOAD_SUBMIT: submit(l, c); break;
	case LOAD_SHORTLIST: ask_shortlist(l, c, j); break;
	case LOAD_CIRCULATE: circulate(l, c, j); break;
	case LOAD_LOOK: look(l, c, j); break;
	case LOAD_DECIDE: decide(l, c, j); break;
	case LOAD_OPEN: open_level(l, c, j); break;
	case LOAD_START: start(l, c, j); break;
	case LOAD_END: end(l, c, j); break;
	case LOAD_WITHDRAW: withdraw(l, c, j); break;
	case LOAD_APPROVE: approve(l, c, j); break;
	case LOAD_READ: read_list(l, c); break;
	case LOAD_NOTHING:
	case LOAD_REFERRAL:
	case LOAD_INTEREST:
	case LOAD_OFFER:
	case LOAD_DECLINE:
	case LOAD_CONFIRM:
	case LOAD_RENEGE:
	case LOAD_KEEP: break;
	}
}

/* ---- what the request, as read, asks for ---- */

/* The desk of whom this offer is from; the bid it was made by, or none. */
static size_t
bid_of(const struct load_journey *j, const char *offer)
{
	size_t i = 0;

	while (i < j->bids_n && !str_equal(j->bids[i].offer, offer))
		i++;
	return i;
}

static void
pursue_circulated(struct load *l, struct load_journey *j, const Requests__Request *r)
{
	size_t n = 0, waited_for = 0;

	j->is_yes_asked = j->is_approver_asked = false; /* lost, if there was one */
	for (size_t i = 0; i < r->n_offers; i++)
		if (!r->offers[i]->is_lost && random_one_in(&l->random, (uint32_t)++n))
			load_keep(j->offer, r->offers[i]->offer_id);
	for (size_t i = 0; i < j->bids_n; i++)
		waited_for += j->bids[i].is_asked && !j->bids[i].is_answered;
	if (random_one_in(&l->random, 60))
		load_push(l, j->desk, LOAD_WITHDRAW, (size_t)(j - l->journeys), 0, 0);
	else if (n > 0)
		load_push(l, j->desk, LOAD_DECIDE, (size_t)(j - l->journeys), 0, 0);
	else if (waited_for > 0)
		look_again(l, j, LOOK_LATER_MS);
	else
		load_push(l, j->desk, LOAD_CIRCULATE, (size_t)(j - l->journeys), 0, 0);
}

/* The journey that is on its way: there is one, from the decision on. */
static const Requests__Journey *
last_journey(const Requests__Request *r)
{
	static const Requests__Journey none = REQUESTS__JOURNEY__INIT;

	return r->n_journeys == 0 ? &none : r->journeys[r->n_journeys - 1];
}

/* Looked at so often that it is given up, where it may be. */
static bool
is_in_vain(const struct load_journey *j, const Requests__Request *r)
{
	return j->looks > LOOKS_MAX && r->state != STATE(STARTING) &&
	       r->state < STATE(STARTED);
}

static void
have_approved(struct load *l, struct load_journey *j, const Requests__Journey *way)
{
	bool is_director = way->approver == REQUESTS__APPROVER__APPROVER_DIRECTOR;

	if (way->approved_by_id != NULL || j->is_approver_asked ||
	    way->approver <= REQUESTS__APPROVER__APPROVER_NONE)
		return;
	j->is_approver_asked = true;
	load_push(l,
	    load_desk_of(l, is_director ? LOAD_DIRECTOR : LOAD_NOMINATED,
		l->desks[j->desk].organisation),
	    LOAD_APPROVE, (size_t)(j - l->journeys), 0, 0);
}

static void
pursue_held(struct load *l, struct load_journey *j, const Requests__Journey *way)
{
	size_t bid = bid_of(j, way->offer_id);

	have_approved(l, j, way);
	if (!j->is_yes_asked && bid < j->bids_n) {
		j->is_yes_asked = true;
		load_push(l, l->places[j->bids[bid].place].desk,
		    random_one_in(&l->random, 15) ? LOAD_RENEGE : LOAD_CONFIRM,
		    (size_t)(j - l->journeys), bid, 0);
	} else {
		look_again(l, j, LOOK_LATER_MS);
	}
}

static void
pursue_confirmed(struct load *l, struct load_journey *j, const Requests__Journey *way)
{
	have_approved(l, j, way);
	if (random_one_in(&l->random, 25))
		load_push(l, j->desk, LOAD_WITHDRAW, (size_t)(j - l->journeys), 0, 0);
	else if (way->approver > REQUESTS__APPROVER__APPROVER_NONE &&
		 way->approved_by_id == NULL)
		look_again(l, j, LOOK_MS);
	else
		load_push(l, j->desk, LOAD_START, (size_t)(j - l->journeys), 0, 0);
}

static void
pursue_started(struct load *l, struct load_journey *j)
{
	if (j->is_to_end) {
		load_push(l, j->desk, LOAD_END, (size_t)(j - l->journeys), 0, LOOK_MS);
		return;
	}
	l->totals.started++;
	load_journey_over(l, j); /* the child lives there */
}

static void
pursue(struct load *l, struct load_journey *j, const Requests__Request *r)
{
	const Requests__Journey *way = last_journey(r);
	size_t index = (size_t)(j - l->journeys);

	if (is_in_vain(j, r)) {
		load_push(l, j->desk, LOAD_WITHDRAW, index, 0, 0);
		return;
	}
	switch (r->state) {
	case STATE(SUBMITTED):
		load_push(l, j->desk,
		    random_one_in(&l->random, 2) ? LOAD_SHORTLIST : LOAD_CIRCULATE,
		    index, 0, 0);
		break;
	case STATE(CIRCULATED): pursue_circulated(l, j, r); break;
	case STATE(HELD): pursue_held(l, j, way); break;
	case STATE(CONFIRMED): pursue_confirmed(l, j, way); break;
	case STATE(DECIDED):
	case STATE(CONFIRMING):
	case STATE(STARTING): look_again(l, j, LOOK_MS); break;
	case STATE(STARTED): pursue_started(l, j); break;
	case STATE(ENDED):
		l->totals.ended++;
		load_journey_over(l, j);
		break;
	case STATE(WITHDRAWN):
		l->totals.withdrawn++;
		load_journey_over(l, j);
		break;
	case STATE(UNSPECIFIED): load_fail("a request came without a state");
	}
}

/* ---- what was answered ---- */

static void
hear_submitted(struct load *l, struct load_journey *j, const struct load_answer *answer)
{
	if (answer->refusal != NULL) { /* an area, and no member yet */
		l->desks[j->desk].may_not_ask = true;
		load_journey_over(l, j);
		return;
	}
	load_keep(j->request, ((const Requests__Submitted *)answer->body)->request_id);
	load_push(l, j->desk,
	    random_one_in(&l->random, 2) ? LOAD_SHORTLIST : LOAD_CIRCULATE,
	    (size_t)(j - l->journeys), 0, 0);
}

static void
hear_shortlist(struct load *l, struct load_journey *j, const struct load_answer *answer)
{
	const Matching__Shortlist *s = (const Matching__Shortlist *)answer->body;

	for (size_t i = 0; s != NULL && i < s->n_candidates && i < 3; i++)
		for (size_t k = 0; k < l->places_n; k++)
			if (str_equal(
				l->places[k].vacancy, s->candidates[i]->vacancy_id))
				add_bid(l, j, k);
	load_push(l, j->desk, LOAD_CIRCULATE, (size_t)(j - l->journeys), 0, 0);
}

/* Everybody it was sent to has it on the desk. */
static void
hear_circulated(
    struct load *l, struct load_journey *j, const struct load_answer *answer)
{
	size_t index = (size_t)(j - l->journeys);

	for (size_t i = 0; i < j->bids_n; i++) {
		struct load_bid *b = &j->bids[i];

		if (b->is_asked)
			continue;
		b->is_asked = true;
		b->is_answered = answer->refusal != NULL;
		if (l->options.fan_out > FEW && !random_one_in(&l->random, 3))
			b->is_answered = true; /* silence is an answer */
		if (!b->is_answered)
			load_push(
			    l, l->places[b->place].desk, LOAD_REFERRAL, index, i, 0);
	}
	look_again(l, j, LOOK_MS);
}

void
load_council_hear(
    struct load *l, struct load_client *c, const struct load_answer *answer)
{
	struct load_journey *j = journey_of(l, c);

	switch (c->job.verb) {
	case LOAD_SUBMIT: hear_submitted(l, j, answer); break;
	case LOAD_SHORTLIST: hear_shortlist(l, j, answer); break;
	case LOAD_CIRCULATE: hear_circulated(l, j, answer); break;
	case LOAD_LOOK:
		if (answer->refusal != NULL)
			load_fail("a request could not be read: %s",
			    answer->refusal->sentence);
		j->looks++;
		pursue(l, j, ((const Requests__RequestShown *)answer->body)->request);
		break;
	case LOAD_DECIDE:
		l->totals.lost += answer->refusal != NULL;
		look_again(l, j, LOOK_MS);
		break;
	case LOAD_START:
	case LOAD_END:
	case LOAD_WITHDRAW: look_again(l, j, LOOK_MS); break;
	case LOAD_APPROVE:
	case LOAD_OPEN:
	case LOAD_READ:
	case LOAD_NOTHING:
	case LOAD_REFERRAL:
	case LOAD_INTEREST:
	case LOAD_OFFER:
	case LOAD_DECLINE:
	case LOAD_CONFIRM:
	case LOAD_RENEGE:
	case LOAD_KEEP: break;
	}
}
