#include "sim/actors.h"

#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define STATE(name) REQUESTS__STATE__STATE_##name

#define REQUESTS_WANTED 70 /* a busy day, and journals that stay readable */
#define SUBMIT_ONE_IN 24
#define NONSENSE_ONE_IN 10

static const char *const sectors[] = {"M14 5", "M33 3", "BL9 0", "M1 1", "M16 7"};

/* ---- a need ---- */

static Requests__ChildNeed *
random_child(struct actors *a)
{
	Requests__ChildNeed *n = MESSAGE_NEW(&a->arena, requests__child_need);
	bool is_girl = random_one_in(actors_dice(a), 2);

	SET(n, age_years, random_below(actors_dice(a), 17));
	SET(n, age_day, actors_today(a));
	SET(n, sex, is_girl ? COMMON__SEX__SEX_FEMALE : COMMON__SEX__SEX_MALE);
	n->needs = LIST_NEW(&a->arena, 1, Common__Need *);
	n->needs[0] = MESSAGE_NEW(&a->arena, common__need);
	n->n_needs = 1;
	SET(n->needs[0], kind, COMMON__NEED_KIND__NEED_KIND_TRAUMA);
	SET(n->needs[0], level, COMMON__LEVEL__LEVEL_MEDIUM);
	return n;
}

static void
submit(struct actors *a, unsigned client)
{
	Requests__Submit *s = MESSAGE_NEW(&a->arena, requests__submit);
	struct random *dice = actors_dice(a);
	uint32_t n = random_one_in(dice, 4) ? 2 + random_below(dice, 3) : 1;
	bool is_emergency = random_one_in(dice, 2);

	SET(s, urgency,
	    is_emergency ? REQUESTS__URGENCY__URGENCY_EMERGENCY
			 : REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(s, needed_by_day, actors_today(a) + (is_emergency ? 0 : 7));
	s->home_sector = TEXT(sectors[random_below(dice, COUNT(sectors))]);
	s->children = LIST_NEW(&a->arena, n, Requests__ChildNeed *);
	for (; s->n_children < n; s->n_children++)
		s->children[s->n_children] = random_child(a);
	SET(s, are_siblings, n > 1);
	SET(s, legal_status, REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2);
	SET(s, care_plan_aim, REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_ASSESSMENT);
	SET(s, family_first,
	    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
	actors_call(a, client, NODE_REQUESTS, CALL(SUBMIT), &s->base);
}

/* ---- one command each ---- */

static void
circulate(struct actors *a, unsigned client, const char *request)
{
	Requests__Circulate *c = MESSAGE_NEW(&a->arena, requests__circulate);
	size_t n = 1 + random_below(actors_dice(a), 5);

	c->request_id = TEXT(request);
	c->vacancy_ids = LIST_NEW(&a->arena, n, char *);
	for (size_t i = 0; i < n; i++) {
		const struct known *v = actors_pick(a, &a->vacancies, NULL);
		bool is_new = v != NULL;

		for (size_t k = 0; is_new && k < c->n_vacancy_ids; k++)
			is_new = !str_equal(c->vacancy_ids[k], v->id);
		if (is_new)
			c->vacancy_ids[c->n_vacancy_ids++] = TEXT(v->id);
	}
	actors_call(a, client, NODE_REQUESTS, CALL(CIRCULATE), &c->base);
}

static void
decide(struct actors *a, unsigned client, const char *request, const char *offer)
{
	Requests__Decide *d = MESSAGE_NEW(&a->arena, requests__decide);

	d->request_id = TEXT(request);
	d->offer_id = TEXT(offer);
	SET(d, reason, REQUESTS__DECISION_REASON__DECISION_REASON_ONLY_OFFER);
	actors_call(a, client, NODE_REQUESTS, CALL(DECIDE), &d->base);
}

static void
open_level(struct actors *a, unsigned client, const char *request, const char *provider,
    Requests__Disclosure level)
{
	Requests__Open *o = MESSAGE_NEW(&a->arena, requests__open);

	o->request_id = TEXT(request);
	o->provider_id = TEXT(provider);
	SET(o, level, level);
	actors_call(a, client, NODE_REQUESTS, CALL(OPEN), &o->base);
}

static void
start(struct actors *a, unsigned client, const char *request)
{
	Requests__Start *s = MESSAGE_NEW(&a->arena, requests__start);

	s->request_id = TEXT(request);
	SET(s, start_day, actors_today(a));
	actors_call(a, client, NODE_REQUESTS, CALL(START), &s->base);
}

static void
end(struct actors *a, unsigned client, const char *request)
{
	Requests__End *e = MESSAGE_NEW(&a->arena, requests__end);

	e->request_id = TEXT(request);
	SET(e, end_day, actors_today(a));
	SET(e, reason, REQUESTS__END_REASON__END_REASON_CARE_PLAN);
	actors_call(a, client, NODE_REQUESTS, CALL(END), &e->base);
}

static void
withdraw(struct actors *a, unsigned client, const char *request)
{
	Requests__Withdraw *w = MESSAGE_NEW(&a->arena, requests__withdraw);

	w->request_id = TEXT(request);
	SET(w, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_NO_LONGER_NEEDED);
	actors_call(a, client, NODE_REQUESTS, CALL(WITHDRAW), &w->base);
}

static void
approve(struct actors *a, unsigned client, const char *request, bool is_emergency)
{
	Requests__Approve *p = MESSAGE_NEW(&a->arena, requests__approve);
	/* What an emergency may owe for a while, and what may not be owed at all. */
	bool has_rest = !is_emergency || random_one_in(actors_dice(a), 2);
	bool has_first = !random_one_in(actors_dice(a), 8);

	p->request_id = TEXT(request);
	p->grounds = MESSAGE_NEW(&a->arena, requests__approval_grounds);
	SET(p->grounds, wishes_considered, has_first);
	SET(p->grounds, most_appropriate, true);
	SET(p->grounds, relatives_consulted, has_rest);
	SET(p->grounds, reviewing_officer_consulted, has_rest);
	SET(p->grounds, area_authority_notified, has_rest);
	SET(p->grounds, area_authority_consulted, has_rest);
	actors_call(a, client, NODE_REQUESTS, CALL(APPROVE), &p->base);
}

/* ---- commissioners ---- */

/* Anything, to anybody's request, in any state. */
static void
commission_nonsense(struct actors *a, unsigned client)
{
	const struct known *r = actors_pick(a, &a->requests, NULL);
	const struct known *o = actors_pick(a, &a->offers, NULL);
	const struct known *v = actors_pick(a, &a->vacancies, NULL);

	if (r == NULL || o == NULL || v == NULL)
		return;
	switch (random_below(actors_dice(a), 9)) {
	case 0: circulate(a, client, r->id); break;
	case 1: decide(a, client, o->parent, o->id); break;
	case 2: decide(a, client, r->id, o->id); break;
	case 3: start(a, client, r->id); break;
	case 4: end(a, client, r->id); break;
	case 5:
		open_level(a, client, r->id, v->owner,
		    random_one_in(actors_dice(a), 2)
			? REQUESTS__DISCLOSURE__DISCLOSURE_L2
			: REQUESTS__DISCLOSURE__DISCLOSURE_L3);
		break;
	case 6: actors_ask_request(a, client, r->id, CALL(REQUEST)); break;
	case 7: approve(a, client, r->id, true); break; /* not theirs to do */
	default: withdraw(a, client, r->id); break;
	}
}

static void
pursue_circulated(struct actors *a, unsigned client, const struct seen *s)
{
	struct random *dice = actors_dice(a);

	if (random_one_in(dice, 20))
		withdraw(a, client, s->request);
	else if (random_one_in(dice, 12)) /* interested or not */
		open_level(a, client, s->request, s->asked,
		    REQUESTS__DISCLOSURE__DISCLOSURE_L2);
	else if (s->interested[0] != '\0' && random_one_in(dice, 4))
		open_level(a, client, s->request, s->interested,
		    REQUESTS__DISCLOSURE__DISCLOSURE_L2);
	else if (s->offer[0] != '\0')
		decide(a, client, s->request, s->offer);
	else if (random_one_in(dice, 3))
		circulate(a, client, s->request);
}

static void
pursue_chosen(struct actors *a, unsigned client, const struct seen *s)
{
	struct random *dice = actors_dice(a);
	bool is_ready = s->approver == REQUESTS__APPROVER__APPROVER_NONE ||
	                s->is_approved || random_one_in(dice, 3);

	if (random_one_in(dice, 12))
		withdraw(a, client, s->request);
	else if (random_one_in(dice, 4))
		open_level(a, client, s->request, s->chosen,
		    REQUESTS__DISCLOSURE__DISCLOSURE_L3);
	else if (is_ready && random_one_in(dice, s->state == STATE(CONFIRMED) ? 2 : 6))
		start(a, client, s->request); /* or it is too early */
}

/* What the request, as last seen, asks its council for. */
static void
pursue(struct actors *a, unsigned client, const struct seen *s)
{
	struct random *dice = actors_dice(a);

	switch ((Requests__State)s->state) {
	case STATE(SUBMITTED):
		if (random_one_in(dice, 4))
			actors_ask_request(a, client, s->request, CALL(SHORTLIST));
		else
			circulate(a, client, s->request);
		break;
	case STATE(CIRCULATED): pursue_circulated(a, client, s); break;
	case STATE(DECIDED):
		/* While the hold is on its way: its release may come before it. */
		if (random_one_in(dice, 4))
			withdraw(a, client, s->request);
		else if (random_one_in(dice, 3))
			open_level(a, client, s->request, s->chosen,
			    REQUESTS__DISCLOSURE__DISCLOSURE_L3); /* too early */
		break;
	case STATE(HELD):
	case STATE(CONFIRMING):
	case STATE(CONFIRMED): pursue_chosen(a, client, s); break;
	case STATE(STARTED):
		if (random_one_in(dice, 5))
			end(a, client, s->request);
		break;
	case STATE(STARTING):
		if (random_one_in(dice, 3)) /* too late */
			withdraw(a, client, s->request);
		break;
	case STATE(ENDED):
	case STATE(WITHDRAWN):
	case STATE(UNSPECIFIED): break;
	}
}

void
commissioner_acts(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	struct seen s = c->seen;

	c->seen.is_there = false;
	if (random_one_in(actors_dice(a), NONSENSE_ONE_IN))
		commission_nonsense(a, client);
	else if (s.is_there)
		pursue(a, client, &s);
	else if (a->requests.n < REQUESTS_WANTED &&
		 random_one_in(actors_dice(a), SUBMIT_ONE_IN))
		submit(a, client);
	if (!c->is_waiting)
		actors_look(a, client);
}

/* ---- nominated officers and directors ---- */

static bool
is_offered(const struct model_request *r, const char *vacancy)
{
	for (size_t i = 0; i < r->offers_n; i++)
		if (!r->offers[i].is_lost && str_equal(r->offers[i].vacancy, vacancy))
			return true;
	return false;
}

/* A request for which a place in this home is offered and not yet taken up. */
static const char *
request_offered(struct actors *a, const char *vacancy)
{
	const struct model *m = a->model;
	const char *found = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < m->requests_n; i++) {
		const struct model_request *r = &m->requests[i];

		if (!r->is_started && !r->is_withdrawn && is_offered(r, vacancy) &&
		    random_one_in(actors_dice(a), ++n))
			found = r->id;
	}
	return found;
}

/* A home in the council's area that is nearly full, as published, and offered still;
 * or any home. */
static const char *
home_to_look_at(struct actors *a, const char *council)
{
	const struct model *m = a->model;
	const struct known *any = actors_pick(a, &a->homes, NULL);
	const char *found = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < m->homes_n; i++) {
		const struct model_home *h = &m->homes[i];

		if (str_equal(h->council, council) && h->filled + h->held > 1 &&
		    h->children_max > h->filled + h->held &&
		    request_offered(a, h->vacancy) != NULL &&
		    random_one_in(actors_dice(a), ++n))
			found = h->id;
	}
	return found == NULL && any != NULL ? any->id : found;
}

/* For who lives there and who may come: by the area's council, which need not be the
 * children's. */
static void
exempt(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	Foster__GrantExemption *x = MESSAGE_NEW(&a->arena, foster__grant_exemption);
	const struct model_home *h =
	    MODEL_FIND(a->model->homes, a->model->homes_n, c->home);
	const char *request = h == NULL ? NULL : request_offered(a, h->vacancy);

	x->household_id = c->home;
	x->child_ids = LIST_NEW(&a->arena, MODEL_NAMED, char *);
	for (size_t i = 0; i < c->named_n; i++)
		x->child_ids[x->n_child_ids++] = c->named[i];
	for (size_t i = 0; request != NULL && i < a->children.n; i++)
		if (x->n_child_ids < MODEL_NAMED &&
		    str_equal(a->children.items[i].parent, request))
			x->child_ids[x->n_child_ids++] = a->children.items[i].id;
	SET(x, from_day, actors_today(a));
	SET(x, until_day,
	    actors_today(a) + 1 + (int32_t)random_below(actors_dice(a), 9));
	/* One that nobody comes by is of little use, and seldom asked for. */
	if (x->n_child_ids > 0 && (request != NULL || random_one_in(actors_dice(a), 8)))
		actors_call(
		    a, client, NODE_FOSTER, FOSTER_CALL(GRANT_EXEMPTION), &x->base);
}

static void
end_exemption(struct actors *a, unsigned client)
{
	Foster__EndExemption *e = MESSAGE_NEW(&a->arena, foster__end_exemption);
	const struct known *x =
	    actors_pick(a, &a->exemptions, a->list[client].organisation);

	if (x == NULL)
		return;
	e->exemption_id = TEXT(x->id);
	SET(e, until_day, actors_today(a));
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(END_EXEMPTION), &e->base);
}

static void
approve_nonsense(struct actors *a, unsigned client)
{
	const struct known *r = actors_pick(a, &a->requests, NULL);

	if (r != NULL)
		approve(a, client, r->id, true);
}

void
approver_acts(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	struct seen s = c->seen;

	c->seen.is_there = false;
	if (random_one_in(actors_dice(a), NONSENSE_ONE_IN))
		approve_nonsense(a, client);
	else if (s.is_there && !s.is_approved &&
		 s.approver > REQUESTS__APPROVER__APPROVER_NONE)
		approve(a, client, s.request, s.is_emergency);
	else if (c->home[0] != '\0') {
		exempt(a, client);
		c->home[0] = '\0';
	} else if (random_one_in(actors_dice(a), 8) && a->homes.n > 0)
		actors_ask_home(a, client, home_to_look_at(a, c->organisation));
	else if (random_one_in(actors_dice(a), 12))
		end_exemption(a, client);
	if (!c->is_waiting)
		actors_look(a, client);
}
