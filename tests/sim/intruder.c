/*
 * People who mean harm, each with what they really have: a role, a role that has ended,
 * a key that was revoked. Whatever they try must be refused, whenever it comes; a yes
 * is a failure, and so is an answer to a key that nobody knows any more.
 */
#include "sim/actors.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"

#define REQUESTS_CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define DAY_MS (24LL * 3600 * 1000)

#define TRIES 40
#define GARBAGE_BYTES 12
#define LONG_BYTES 2000
#define MANY 200
#define FLOOD 150 /* at once: run takes 64 of a caller's in a turn */
#define FLOOD_ONE_IN 150

/* A number without end: no message. */
static const uint8_t garbage[GARBAGE_BYTES] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static unsigned
role_of(const struct actor *c)
{
	return c->is_commissioner ? MEMBERS__ROLE__ROLE_COMMISSIONER
	                          : MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER;
}

/* A method of any service that this role may, or may not, call; NULL: none was found.
 */
static const struct svc_method *
any_method(struct actors *a, const struct actor *c, bool is_allowed, enum node_name *to)
{
	for (unsigned tries = 0; tries < TRIES; tries++) {
		const struct service *s;
		const struct svc_method *m;

		*to = (enum node_name)random_below(actors_dice(a), NODES);
		s = a->world->nodes[*to].service;
		m = &s->methods[random_below(actors_dice(a), (uint32_t)s->methods_n)];
		if (((m->roles & 1U << role_of(c)) != 0) == is_allowed)
			return m;
	}
	return NULL;
}

/* Of somebody else. */
static const struct known *
others(struct actors *a, const struct actor *c, const struct known_list *l)
{
	for (unsigned tries = 0; tries < TRIES; tries++) {
		const struct known *k = actors_pick(a, l, NULL);

		if (k != NULL && !str_equal(k->owner, c->organisation))
			return k;
	}
	return NULL;
}

/* ---- by whom ---- */

static void
beyond_its_role(struct actors *a, unsigned client)
{
	struct actors_forged f = {.body = {garbage, 0}};
	enum node_name to;
	const struct svc_method *m = any_method(a, &a->list[client], false, &to);

	f.body.len = random_one_in(actors_dice(a), 2) ? sizeof garbage : 0;
	if (m != NULL)
		actors_forge(a, client, to, m->number, &f);
}

static void
in_anothers_name(struct actors *a, unsigned client)
{
	const struct actor *c = &a->list[client];
	const struct actor *other =
	    &a->list[1 + random_below(actors_dice(a), (uint32_t)a->n - 1)];
	struct actors_forged f = {.body = BYTES_NONE};
	enum node_name to;
	const struct svc_method *m = any_method(a, c, true, &to);

	if (m == NULL || other->person[0] == '\0' ||
	    str_equal(other->organisation, c->organisation))
		return;
	if (random_one_in(actors_dice(a), 2))
		f.organisation = other->organisation;
	else
		f.user = other->person;
	actors_forge(a, client, to, m->number, &f);
}

/* Word for word what somebody else has just said. */
static void
replayed(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	const struct actor *other =
	    &a->list[1 + random_below(actors_dice(a), (uint32_t)a->n - 1)];

	if (other->call_len == 0 || other->organisation[0] == '\0' ||
	    other->persona == PERSONA_INTRUDER ||
	    str_equal(other->organisation, c->organisation))
		return;
	actors_send_as(a, client, other);
}

/* By a session or a link of somebody else, with a key that is not the gateway's. */
static void
by_anothers_session(struct actors *a, unsigned client)
{
	const struct known *session = actors_pick(a, &a->sessions, NULL);
	const struct known *link = actors_pick(a, &a->links, NULL);
	Members__UseSession *use = MESSAGE_NEW(&a->arena, members__use_session);
	Members__UseLink *follow = MESSAGE_NEW(&a->arena, members__use_link);
	Members__EndSessions *end = MESSAGE_NEW(&a->arena, members__end_sessions);

	if (session == NULL || link == NULL)
		return;
	SET(use, digest, doorkeeper_token(a, session));
	SET(follow, digest, doorkeeper_token(a, link));
	SET(follow, session_digest, doorkeeper_token(a, session));
	end->person_id = TEXT(session->owner);
	switch (random_below(actors_dice(a), 3)) {
	case 0:
		actors_call(a, client, NODE_MEMBERS,
		    MEMBERS__MEMBERS_CALL__CALL_SESSION, &use->base);
		break;
	case 1:
		actors_call(a, client, NODE_MEMBERS,
		    MEMBERS__MEMBERS_CALL__CALL_SIGN_IN_BY_LINK, &follow->base);
		break;
	default:
		actors_call(a, client, NODE_MEMBERS,
		    MEMBERS__MEMBERS_CALL__CALL_END_SESSIONS, &end->base);
	}
}

/* ---- of whom ---- */

static void
of_another_council(struct actors *a, unsigned client)
{
	static const uint32_t questions[] = {
	    REQUESTS_CALL(REQUEST), REQUESTS_CALL(SHORTLIST), REQUESTS_CALL(TIMELINE)};
	const struct known *r = others(a, &a->list[client], &a->requests);
	const struct known *d = others(a, &a->list[client], &a->drafts);
	Requests__Withdraw *w = MESSAGE_NEW(&a->arena, requests__withdraw);
	Requests__Circulate *c = MESSAGE_NEW(&a->arena, requests__circulate);
	const struct known *v = actors_pick(a, &a->vacancies, NULL);

	if (r == NULL || v == NULL)
		return;
	w->request_id = c->request_id = TEXT(r->id);
	SET(w, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_NO_LONGER_NEEDED);
	c->vacancy_ids = LIST_NEW(&a->arena, 1, char *);
	c->vacancy_ids[c->n_vacancy_ids++] = TEXT(v->id);
	switch (random_below(actors_dice(a), 4)) {
	case 3:
		if (d != NULL)
			drafts_do(a, client, d->id);
		break;
	case 0:
		actors_call(
		    a, client, NODE_REQUESTS, REQUESTS_CALL(WITHDRAW), &w->base);
		break;
	case 1:
		actors_call(
		    a, client, NODE_REQUESTS, REQUESTS_CALL(CIRCULATE), &c->base);
		break;
	default:
		actors_ask_request(a, client, r->id,
		    questions[random_below(actors_dice(a), COUNT(questions))]);
	}
}

static void
of_another_provider(struct actors *a, unsigned client)
{
	const struct known *o = others(a, &a->list[client], &a->offers);
	const struct known *v = others(a, &a->list[client], &a->vacancies);
	Requests__ConfirmOffer *yes = MESSAGE_NEW(&a->arena, requests__confirm_offer);
	Requests__Offer *offer = MESSAGE_NEW(&a->arena, requests__offer);
	Foster__CloseVacancy *shut = MESSAGE_NEW(&a->arena, foster__close_vacancy);

	if (o == NULL || v == NULL)
		return;
	yes->offer_id = TEXT(o->id);
	offer->request_id = TEXT(o->parent);
	offer->vacancy_id = shut->vacancy_id = TEXT(v->id);
	SET(offer, fee_pence_week, 90000);
	SET(offer, earliest_start_day, actors_today(a));
	switch (random_below(actors_dice(a), 4)) {
	case 0:
		actors_call(
		    a, client, NODE_REQUESTS, REQUESTS_CALL(CONFIRM_OFFER), &yes->base);
		break;
	case 1:
		actors_call(
		    a, client, NODE_REQUESTS, REQUESTS_CALL(OFFER), &offer->base);
		break;
	case 2:
		actors_call(
		    a, client, NODE_FOSTER, FOSTER_CALL(CLOSE_VACANCY), &shut->base);
		break;
	default: actors_ask_home(a, client, v->parent);
	}
}

static void
of_others(struct actors *a, unsigned client)
{
	(a->list[client].is_commissioner ? of_another_council : of_another_provider)(
	    a, client);
}

/* ---- what ---- */

static void
malformed(struct actors *a, unsigned client)
{
	struct actors_forged f = {.body = {garbage, sizeof garbage}};
	enum node_name to;
	const struct svc_method *m = any_method(a, &a->list[client], true, &to);

	if (m != NULL)
		actors_forge(a, client, to, m->number, &f);
}

/* A message like any, and beyond its limits. */
static void
beyond_limits(struct actors *a, unsigned client)
{
	Requests__Circulate *c = MESSAGE_NEW(&a->arena, requests__circulate);
	Requests__Submit *s = MESSAGE_NEW(&a->arena, requests__submit);
	Requests__RequestAsked *r = MESSAGE_NEW(&a->arena, requests__request_asked);
	Requests__ChildNeed *child = MESSAGE_NEW(&a->arena, requests__child_need);
	char *text = arena_take(&a->arena, LONG_BYTES + 1);

	memset(text, '0', LONG_BYTES);
	c->request_id = TEXT("'; DROP TABLE requests");
	r->request_id = text;
	s->children = LIST_NEW(&a->arena, MANY, Requests__ChildNeed *);
	for (; s->n_children < MANY; s->n_children++)
		s->children[s->n_children] = child;
	SET(child, age_years, 12);
	SET(child, sex, (Common__Sex)random_below(actors_dice(a), UINT16_MAX));
	SET(s, needed_by_day, INT32_MIN);
	s->home_sector = TEXT("ZZ99 9");
	switch (random_below(actors_dice(a), 3)) {
	case 0: actors_ask_request(a, client, text, REQUESTS_CALL(REQUEST)); break;
	case 1:
		actors_call(a, client, NODE_REQUESTS, REQUESTS_CALL(SUBMIT), &s->base);
		break;
	default:
		actors_call(
		    a, client, NODE_REQUESTS, REQUESTS_CALL(CIRCULATE), &c->base);
	}
}

/* An id from long ago, or from far ahead, of a command that might be fine. */
static void
out_of_time(struct actors *a, unsigned client)
{
	struct actors_forged f = {.body = BYTES_NONE};
	int64_t far_ms = (int64_t)(60 + random_below(actors_dice(a), 300)) * DAY_MS;
	enum node_name to;
	const struct svc_method *m = any_method(a, &a->list[client], true, &to);

	if (m == NULL || m->kind == SVC_QUESTION)
		return;
	f.by_ms = random_one_in(actors_dice(a), 2) ? far_ms : -far_ms;
	actors_forge(a, client, to, m->number, &f);
}

/* More at once than is a caller's share. */
static void
flood(struct actors *a, unsigned client)
{
	Requests__RequestsAsked *list =
	    MESSAGE_NEW(&a->arena, requests__requests_asked);

	SET(list, limit, 1);
	for (unsigned i = 0; i < FLOOD; i++)
		actors_call(
		    a, client, NODE_REQUESTS, REQUESTS_CALL(REQUESTS), &list->base);
	a->list[client].is_waiting = false; /* for none of them */
	a->world->tally.n[TALLY_FLOODS]++;
}

void
intruder_acts(struct actors *a, unsigned client)
{
	static void (*const attacks[])(struct actors *, unsigned) = {beyond_its_role,
	    in_anothers_name, by_anothers_session, replayed, of_others, of_others,
	    malformed, beyond_limits, out_of_time};
	struct actor *c = &a->list[client];

	if (c->has_left)
		actors_ask_list(a, client); /* as they used to */
	else if (random_one_in(actors_dice(a), FLOOD_ONE_IN))
		flood(a, client);
	else
		attacks[random_below(actors_dice(a), COUNT(attacks))](a, client);
	a->world->tally.n[TALLY_ATTACKS] += c->is_waiting;
}

/* ---- what they hear ---- */

static bool
is_kept_out(const Envelope__Envelope *e)
{
	return e->fault == ENVELOPE__FAULT__FAULT_DENIED ||
	       e->fault == ENVELOPE__FAULT__FAULT_STALE;
}

void
intruder_hears(struct actors *a, unsigned client, const Envelope__Envelope *e)
{
	struct actor *c = &a->list[client];
	bool is_fault = e->has_fault && e->fault != ENVELOPE__FAULT__FAULT_UNSPECIFIED;

	if (e->fault == ENVELOPE__FAULT__FAULT_INTERNAL ||
	    e->fault == ENVELOPE__FAULT__FAULT_CORRUPT)
		world_fail(a->world, "%s, method %u, fell over an intruder: %s",
		    a->world->nodes[c->to].service->name, c->method,
		    e->detail == NULL ? "" : e->detail);
	if (c->has_left && !is_kept_out(e) && !is_fault)
		world_fail(a->world, "%s is still let in by %s", c->person,
		    a->world->nodes[c->to].service->name);
	if (!is_fault && e->refusal == NULL)
		world_fail(a->world, "%s of %s got through at %s, method %u", c->person,
		    c->organisation, a->world->nodes[c->to].service->name, c->method);
	if (is_fault && (e->fault == ENVELOPE__FAULT__FAULT_BUSY ||
			    e->fault == ENVELOPE__FAULT__FAULT_LATE))
		return; /* asked again */
	c->is_waiting = false;
	a->world->tally.n[TALLY_REPELLED]++;
	a->world->tally.n[TALLY_REPELLED_BY_RULE] += e->refusal != NULL;
}
