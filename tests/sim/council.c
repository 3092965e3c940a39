#include "sim/actors.h"

#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define STATE(name) REQUESTS__STATE__STATE_##name

#define SUBMIT_ONE_IN 24
#define DRAFT_ONE_IN 12
#define NONSENSE_ONE_IN 10

static const char *const sectors[] = {"M14 5", "M33 3", "BL9 0", "M1 1", "M16 7"};

/* ---- a need ---- */

static Requests__ChildNeed *
random_child(struct actors *a)
{
	Requests__ChildNeed *n = MESSAGE_NEW(&a->arena, requests__child_need);
	bool is_girl = random_one_in(actors_dice(a), 2);

	SET(n, age_years,
	    random_one_in(actors_dice(a), 3) ? 14 + random_below(actors_dice(a), 4)
					     : random_below(actors_dice(a), 17));
	SET(n, age_day, actors_today(a));
	SET(n, sex, is_girl ? COMMON__SEX__SEX_FEMALE : COMMON__SEX__SEX_MALE);
	n->needs = LIST_NEW(&a->arena, 1, Common__Need *);
	n->needs[0] = MESSAGE_NEW(&a->arena, common__need);
	n->n_needs = 1;
	SET(n->needs[0], kind, COMMON__NEED_KIND__NEED_KIND_TRAUMA);
	SET(n->needs[0], level, COMMON__LEVEL__LEVEL_MEDIUM);
	n->n_not_safe_with = house_not_safe_with(a, 6, &n->not_safe_with);
	return n;
}

static Requests__Part *
part_of(struct actors *a, unsigned first, unsigned n)
{
	Requests__Part *part = MESSAGE_NEW(&a->arena, requests__part);

	part->child_refs = LIST_NEW(&a->arena, n, char *);
	for (; part->n_child_refs < n; part->n_child_refs++)
		part->child_refs[part->n_child_refs] = str_format(
		    &a->arena, "%c", (int)('A' + first + part->n_child_refs));
	return part;
}

/* In two somewhere, or each alone, or either. */
static void
permit_splits(struct actors *a, Requests__Submit *s)
{
	unsigned n = (unsigned)s->n_children;
	unsigned first = random_one_in(actors_dice(a), 2)
	                     ? n / 2
	                     : 1 + random_below(actors_dice(a), n - 1);
	Requests__Split *split;

	s->permitted_splits = LIST_NEW(&a->arena, 2, Requests__Split *);
	if (random_one_in(actors_dice(a), 6))
		return; /* together or not at all */
	split = MESSAGE_NEW(&a->arena, requests__split);
	split->parts = LIST_NEW(&a->arena, 2, Requests__Part *);
	split->parts[split->n_parts++] = part_of(a, 0, first);
	split->parts[split->n_parts++] = part_of(a, first, n - first);
	s->permitted_splits[s->n_permitted_splits++] = split;
	if (n == 2 || random_one_in(actors_dice(a), 3))
		return;
	split = MESSAGE_NEW(&a->arena, requests__split);
	split->parts = LIST_NEW(&a->arena, n, Requests__Part *);
	for (; split->n_parts < n; split->n_parts++)
		split->parts[split->n_parts] = part_of(a, (unsigned)split->n_parts, 1);
	s->permitted_splits[s->n_permitted_splits++] = split;
}

static void
name_care_types(struct actors *a, Requests__Submit *s)
{
	struct random *dice = actors_dice(a);

	s->care_types = LIST_NEW(&a->arena, 3, Common__CareType);
	for (Common__CareType type = COMMON__CARE_TYPE__CARE_TYPE_FOSTER;
	     type <= COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION; type++)
		if (random_one_in(dice, 2))
			s->care_types[s->n_care_types++] = type;
	if (random_one_in(dice, 20)) /* refused, and pointed elsewhere */
		s->care_types[0] = COMMON__CARE_TYPE__CARE_TYPE_SECURE;
}

Requests__Submit *
commissioner_need(struct actors *a, bool is_emergency)
{
	Requests__Submit *s = MESSAGE_NEW(&a->arena, requests__submit);
	struct random *dice = actors_dice(a);
	uint32_t n = random_one_in(dice, 2) ? 2 + random_below(dice, 3) : 1;

	SET(s, urgency,
	    is_emergency ? REQUESTS__URGENCY__URGENCY_EMERGENCY
			 : REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(s, needed_by_day, actors_today(a) + (is_emergency ? 0 : 7));
	s->home_sector = TEXT(sectors[random_below(dice, COUNT(sectors))]);
	s->children = LIST_NEW(&a->arena, n, Requests__ChildNeed *);
	for (; s->n_children < n; s->n_children++)
		s->children[s->n_children] = random_child(a);
	SET(s, are_siblings, n > 1);
	if (n > 1)
		permit_splits(a, s);
	if (random_one_in(dice, 4))
		name_care_types(a, s);
	SET(s, legal_status, REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2);
	SET(s, care_plan_aim, REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_ASSESSMENT);
	SET(s, family_first,
	    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
	return s;
}

static void
submit(struct actors *a, unsigned client, bool is_emergency)
{
	actors_call(a, client, NODE_REQUESTS, CALL(SUBMIT),
	    &commissioner_need(a, is_emergency)->base);
}

/* ---- one command each ---- */

/* One that has room, by what is published of it, as a shortlist would say; now and
 * then any. */
static const struct known *
vacancy_to_ask(struct actors *a)
{
	const struct known *v = NULL;

	for (unsigned tries = 0; tries < 6; tries++) {
		v = actors_pick(a, &a->vacancies, NULL);
		if (v == NULL || model_has_room(a->model, v->id, 1) ||
		    random_one_in(actors_dice(a), 8))
			break;
	}
	return v;
}

static void
circulate(struct actors *a, unsigned client, const char *request)
{
	Requests__Circulate *c = MESSAGE_NEW(&a->arena, requests__circulate);
	size_t n = 2 + random_below(actors_dice(a), 6);

	c->request_id = TEXT(request);
	c->vacancy_ids = LIST_NEW(&a->arena, n, char *);
	for (size_t i = 0; i < n; i++) {
		const struct known *v = vacancy_to_ask(a);
		bool is_new = v != NULL;

		for (size_t k = 0; is_new && k < c->n_vacancy_ids; k++)
			is_new = !str_equal(c->vacancy_ids[k], v->id);
		if (is_new)
			c->vacancy_ids[c->n_vacancy_ids++] = TEXT(v->id);
	}
	actors_call(a, client, NODE_REQUESTS, CALL(CIRCULATE), &c->base);
}

/* One offer for all, or one for each part. */
static void
decide(struct actors *a, unsigned client, const char *request, char (*offers)[MODEL_ID],
    size_t n)
{
	Requests__Decide *d = MESSAGE_NEW(&a->arena, requests__decide);

	d->request_id = TEXT(request);
	d->offer_id = offers[0];
	d->further_offer_ids = LIST_NEW(&a->arena, n, char *);
	for (size_t i = 1; i < n; i++)
		d->further_offer_ids[d->n_further_offer_ids++] = offers[i];
	if (n > 1)
		SET(d, split_reason,
		    REQUESTS__SPLIT_REASON__SPLIT_REASON_NO_HOME_FOR_ALL);
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

/* All that are on their way, or one that is named. */
static void
start(struct actors *a, unsigned client, const char *request, const char *placement)
{
	Requests__Start *s = MESSAGE_NEW(&a->arena, requests__start);

	s->request_id = TEXT(request);
	if (placement != NULL && placement[0] != '\0')
		s->placement_id = TEXT(placement);
	SET(s, start_day, actors_today(a));
	actors_call(a, client, NODE_REQUESTS, CALL(START), &s->base);
}

static void
end(struct actors *a, unsigned client, const char *request, const char *placement)
{
	Requests__End *e = MESSAGE_NEW(&a->arena, requests__end);

	e->request_id = TEXT(request);
	if (placement != NULL && placement[0] != '\0')
		e->placement_id = TEXT(placement);
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

/* ---- commissioners ---- */

/* Anything, to anybody's request, in any state. */
static void
commission_nonsense(struct actors *a, unsigned client)
{
	const struct known *r = actors_pick(a, &a->requests, NULL);
	const struct known *o = actors_pick(a, &a->offers, NULL);
	const struct known *v = actors_pick(a, &a->vacancies, NULL);
	const struct known *further = actors_pick(a, &a->offers, NULL);
	char offers[2][MODEL_ID];

	if (r == NULL || o == NULL || v == NULL)
		return;
	model_keep(offers[0], o->id);
	model_keep(offers[1], further == NULL ? NULL : further->id);
	switch (random_below(actors_dice(a), 10)) {
	case 0: circulate(a, client, r->id); break;
	case 1: decide(a, client, o->parent, offers, 1); break;
	case 2: decide(a, client, r->id, offers, 2); break;
	case 3: start(a, client, r->id, NULL); break;
	case 4: end(a, client, r->id, NULL); break;
	case 5:
		open_level(a, client, r->id, v->owner,
		    random_one_in(actors_dice(a), 2)
			? REQUESTS__DISCLOSURE__DISCLOSURE_L2
			: REQUESTS__DISCLOSURE__DISCLOSURE_L3);
		break;
	case 6: actors_ask_request(a, client, r->id, CALL(REQUEST)); break;
	case 7:
		approver_approves(a, client, r->id, NULL, true);
		break;                        /* not theirs to do */
	case 8: drafts_act(a, client); break; /* perhaps another's */
	default: withdraw(a, client, r->id); break;
	}
}

static void
pursue_circulated(struct actors *a, unsigned client, struct seen *s)
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
	else if (s->split_n > 0 && random_one_in(dice, 2))
		decide(a, client, s->request, s->split, s->split_n);
	else if (s->offer[0] != '\0')
		decide(a, client, s->request, &s->offer, 1);
	else if (s->started[0] != '\0' && random_one_in(dice, 6))
		end(a, client, s->request, s->started);
	else if (random_one_in(dice, 3))
		circulate(a, client, s->request);
}

static void
pursue_chosen(struct actors *a, unsigned client, const struct seen *s)
{
	struct random *dice = actors_dice(a);
	bool is_ready = s->approver == REQUESTS__APPROVER__APPROVER_NONE ||
	                s->is_approved || random_one_in(dice, 3);

	if (s->started[0] != '\0' && !random_one_in(dice, a->is_calm ? 60 : 5))
		return; /* brothers or sisters follow later, and a place may be lost */
	if (random_one_in(dice, 12))
		withdraw(a, client, s->request);
	else if (random_one_in(dice, 4))
		open_level(a, client, s->request, s->chosen,
		    REQUESTS__DISCLOSURE__DISCLOSURE_L3);
	else if (is_ready && random_one_in(dice, s->state == STATE(CONFIRMED) ? 2 : 6))
		/* Or it is too early. */
		start(a, client, s->request,
		    random_one_in(dice, 2) ? s->placement : NULL);
}

/* What the request, as last seen, asks its council for. */
static void
pursue(struct actors *a, unsigned client, struct seen *s)
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
			end(a, client, s->request, s->started);
		break;
	case STATE(STARTING):
		if (random_one_in(dice, 3)) /* too late */
			withdraw(a, client, s->request);
		break;
	case STATE(ENDED):
	case STATE(WITHDRAWN):
	case STATE(UNSPECIFIED): break;
	}
	if (!a->list[client].is_waiting && random_one_in(dice, 8))
		actors_ask_request(a, client, s->request, CALL(TIMELINE));
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
	else if (a->requests.n < a->requests_wanted &&
		 random_one_in(actors_dice(a), SUBMIT_ONE_IN))
		submit(a, client, random_one_in(actors_dice(a), 2));
	else if (a->requests.n < a->requests_wanted &&
		 random_one_in(actors_dice(a), DRAFT_ONE_IN))
		drafts_act(a, client);
	if (!c->is_waiting)
		actors_look(a, client);
}

unsigned
commissioner_in_need(struct actors *a)
{
	unsigned found = 0, n = 0;

	for (unsigned client = 1; client < a->n; client++) {
		const struct actor *c = &a->list[client];

		if (c->persona == PERSONA_COMMISSIONER && c->is_on_call &&
		    !c->is_waiting && random_one_in(actors_dice(a), ++n))
			found = client;
	}
	arena_reset(&a->arena);
	if (found != 0)
		submit(a, found, true);
	return found;
}
