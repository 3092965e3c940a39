#include "sim/actors.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"

#define RESEND_MS 2000
#define THINK_MS_MAX 15000
#define REQUESTS_WANTED 40 /* a busy day, and journals that stay readable */
#define WAIT_MS 5000

/* Three councils in a row: the outer two do not adjoin. */
static const char *const councils[] = {"E08000003", "E08000009", "E08000002"};
static const char *const adjoining[][2] = {
	{"E08000009", "E08000002"}, {"E08000003", NULL}, {"E08000003", NULL}};
static const char *const sectors[] = {"M14 5", "M33 3", "BL9 0", "M1 1", "M16 7"};

#define TEXT(literal) ((char *)(uintptr_t)(literal))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct actors *current; /* one world at a time */

static struct random *
dice(struct actors *a)
{
	return &a->world->random;
}

static int32_t
today(const struct actors *a)
{
	return day_in_london(a->world->now_ms);
}

/* ---- knowing ---- */

static void
learn(struct known_list *l, const char *id, const char *parent, const char *owner)
{
	struct known *k;

	if (id == NULL || l->n == KNOWN_MAX)
		return;
	k = &l->items[l->n++];
	snprintf(k->id, sizeof k->id, "%s", id);
	snprintf(k->parent, sizeof k->parent, "%s", parent == NULL ? "" : parent);
	snprintf(k->owner, sizeof k->owner, "%s", owner == NULL ? "" : owner);
}

/* One of them at random, mostly one of this owner's and mostly a late one. */
static const struct known *
pick(struct actors *a, const struct known_list *l, const char *owner)
{
	uint32_t recent = l->n > 12 ? 12 : (uint32_t)l->n;

	if (l->n == 0)
		return NULL;
	for (unsigned tries = 0; tries < 24; tries++) {
		uint32_t back = random_one_in(dice(a), 4)
		    ? random_below(dice(a), (uint32_t)l->n)
		    : random_below(dice(a), recent);
		const struct known *k = &l->items[l->n - 1 - back];

		if (owner == NULL || str_equal(k->owner, owner) || random_one_in(dice(a), 40))
			return k;
	}
	return NULL;
}

/* A request of this council's on which something was decided. */
static const struct known *
pick_decided(struct actors *a, const char *council)
{
	for (unsigned tries = 0; tries < 24; tries++) {
		const struct known *d = pick(a, &a->decided, NULL);

		for (size_t i = 0; d != NULL && i < a->requests.n; i++)
			if (str_equal(a->requests.items[i].id, d->id) &&
			    str_equal(a->requests.items[i].owner, council))
				return d;
	}
	return NULL;
}

/* ---- calling ---- */

static void
send(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];

	c->tries++;
	c->next_send_ms = a->world->now_ms + RESEND_MS;
	world_send_call(a->world, client, c->to, (struct bytes){c->call, c->call_len});
	world_wake_client(a->world, client, RESEND_MS);
}

static void
call(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const ProtobufCMessage *message)
{
	struct actor *c = &a->list[client];
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	uint8_t random[ID_RANDOM_BYTES];
	struct bytes body, packed;

	for (size_t i = 0; i < sizeof random; i++)
		random[i] = (uint8_t)random_below(dice(a), 256);
	c->id = id_make(a->world->now_ms, random);
	e.message_id = c->id.text;
	if (c->organisation[0] != '\0')
		e.organisation_id = c->organisation;
	SET(&e, method, method);
	SET(&e, wait_ms, WAIT_MS);
	if (message_pack(&a->arena, message, &body) != ERR_NONE)
		abort();
	SET_BYTES(&e, body, body);
	if (message_pack(&a->arena, &e.base, &packed) != ERR_NONE ||
	    packed.len > sizeof c->call)
		abort();
	memcpy(c->call, packed.data, packed.len);
	c->call_len = packed.len;
	c->to = to;
	c->method = method;
	c->is_waiting = true;
	c->tries = 0;
	send(a, client);
}

/* ---- what people do ---- */

static Requests__ChildNeed *
random_child(struct actors *a)
{
	Requests__ChildNeed *n = MESSAGE_NEW(&a->arena, requests__child_need);

	SET(n, age_years, random_below(dice(a), 17));
	SET(n, age_day, today(a));
	SET(n, sex, random_one_in(dice(a), 2) ? COMMON__SEX__SEX_FEMALE : COMMON__SEX__SEX_MALE);
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
	uint32_t n = random_one_in(dice(a), 3) ? 2 + random_below(dice(a), 3) : 1;
	bool is_emergency = random_one_in(dice(a), 3);

	SET(s, urgency,
	    is_emergency ? REQUESTS__URGENCY__URGENCY_EMERGENCY
	                 : REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(s, needed_by_day, today(a) + (is_emergency ? 0 : 7));
	s->home_sector = TEXT(sectors[random_below(dice(a), COUNT(sectors))]);
	s->children = LIST_NEW(&a->arena, n, Requests__ChildNeed *);
	for (; s->n_children < n; s->n_children++)
		s->children[s->n_children] = random_child(a);
	SET(s, are_siblings, n > 1);
	SET(s, legal_status, REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2);
	SET(s, care_plan_aim, REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_ASSESSMENT);
	SET(s, family_first, REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
	call(a, client, NODE_REQUESTS, 10, &s->base);
}

static void
circulate(struct actors *a, unsigned client, const char *request)
{
	Requests__Circulate *c = MESSAGE_NEW(&a->arena, requests__circulate);
	size_t n = 1 + random_below(dice(a), 4);

	c->request_id = TEXT(request);
	c->vacancy_ids = LIST_NEW(&a->arena, n, char *);
	for (size_t i = 0; i < n; i++) {
		const struct known *v = pick(a, &a->vacancies, NULL);
		bool is_new = v != NULL;

		for (size_t k = 0; is_new && k < c->n_vacancy_ids; k++)
			is_new = !str_equal(c->vacancy_ids[k], v->id);
		if (is_new)
			c->vacancy_ids[c->n_vacancy_ids++] = TEXT(v->id);
	}
	call(a, client, NODE_REQUESTS, 13, &c->base);
}

/* An offer for one of this council's requests. */
static const struct known *
pick_offer(struct actors *a, const char *council)
{
	for (unsigned tries = 0; tries < 24; tries++) {
		const struct known *o = pick(a, &a->offers, NULL);

		for (size_t i = 0; o != NULL && i < a->requests.n; i++)
			if (str_equal(a->requests.items[i].id, o->parent) &&
			    str_equal(a->requests.items[i].owner, council))
				return o;
	}
	return NULL;
}

static void
decide(struct actors *a, unsigned client)
{
	const struct known *o = pick_offer(a, a->list[client].organisation);
	Requests__Decide *d = MESSAGE_NEW(&a->arena, requests__decide);

	if (o == NULL)
		return;
	d->request_id = TEXT(o->parent);
	d->offer_id = TEXT(o->id);
	SET(d, reason, REQUESTS__DECISION_REASON__DECISION_REASON_ONLY_OFFER);
	snprintf(a->list[client].about, MODEL_ID, "%s", o->parent);
	snprintf(a->list[client].offer, MODEL_ID, "%s", o->id);
	snprintf(a->list[client].bidder, MODEL_ID, "%s", o->owner);
	call(a, client, NODE_REQUESTS, 18, &d->base);
}

static void
open_level(struct actors *a, unsigned client, const char *request)
{
	Requests__Open *o = MESSAGE_NEW(&a->arena, requests__open);
	const struct known *v = pick(a, &a->vacancies, NULL);

	if (v == NULL)
		return;
	o->request_id = TEXT(request);
	o->provider_id = TEXT(v->owner);
	SET(o, level,
	    random_one_in(dice(a), 2) ? REQUESTS__DISCLOSURE__DISCLOSURE_L2
	                              : REQUESTS__DISCLOSURE__DISCLOSURE_L3);
	call(a, client, NODE_REQUESTS, 17, &o->base);
}

static void
end_or_withdraw(struct actors *a, unsigned client, const char *request)
{
	if (!random_one_in(dice(a), 8)) {
		Requests__End *e = MESSAGE_NEW(&a->arena, requests__end);

		e->request_id = TEXT(request);
		SET(e, end_day, today(a));
		SET(e, reason, REQUESTS__END_REASON__END_REASON_CARE_PLAN);
		call(a, client, NODE_REQUESTS, 22, &e->base);
	} else {
		Requests__Withdraw *d = MESSAGE_NEW(&a->arena, requests__withdraw);

		d->request_id = TEXT(request);
		SET(d, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_NO_LONGER_NEEDED);
		call(a, client, NODE_REQUESTS, 23, &d->base);
	}
}

static void
start(struct actors *a, unsigned client, const char *request)
{
	Requests__Start *s = MESSAGE_NEW(&a->arena, requests__start);

	s->request_id = TEXT(request);
	SET(s, start_day, today(a));
	call(a, client, NODE_REQUESTS, 21, &s->base);
}

static void
ask_request(struct actors *a, unsigned client, const char *request, uint32_t method)
{
	Requests__RequestAsked *r = MESSAGE_NEW(&a->arena, requests__request_asked);

	r->request_id = TEXT(request);
	call(a, client, NODE_REQUESTS, method, &r->base);
}

static void
commissioner_acts(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	const struct known *r = pick(a, &a->requests, c->organisation);
	uint32_t what = random_below(dice(a), 14);

	if (r == NULL || (what < 2 && a->requests.n < REQUESTS_WANTED)) {
		submit(a, client);
		return;
	}
	if (what >= 8 && what < 11)
		r = pick_decided(a, c->organisation);
	if (r == NULL)
		return;
	snprintf(c->about, sizeof c->about, "%s", r->id);
	if (what < 5)
		circulate(a, client, r->id);
	else if (what < 8)
		decide(a, client);
	else if (what < 11)
		start(a, client, r->id);
	else if (what < 12)
		open_level(a, client, r->id);
	else if (what < 13)
		ask_request(a, client, r->id, random_one_in(dice(a), 2) ? 11 : 30);
	else
		end_or_withdraw(a, client, r->id);
}

static void
director_acts(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	const struct known *r = random_one_in(dice(a), 4) ? pick(a, &a->requests, c->organisation)
	                                                  : pick_decided(a, c->organisation);
	Requests__Approve *p = MESSAGE_NEW(&a->arena, requests__approve);

	if (r == NULL)
		return;
	p->request_id = TEXT(r->id);
	p->grounds = MESSAGE_NEW(&a->arena, requests__approval_grounds);
	SET(p->grounds, wishes_considered, true);
	SET(p->grounds, most_appropriate, true);
	SET(p->grounds, relatives_consulted, true);
	SET(p->grounds, reviewing_officer_consulted, true);
	SET(p->grounds, area_authority_notified, true);
	SET(p->grounds, area_authority_consulted, true);
	call(a, client, NODE_REQUESTS, 19, &p->base);
}

static void
offer(struct actors *a, unsigned client, const char *request)
{
	struct actor *c = &a->list[client];
	const struct known *v = pick(a, &a->vacancies, c->organisation);
	Requests__Offer *o = MESSAGE_NEW(&a->arena, requests__offer);

	if (v == NULL)
		return;
	o->request_id = TEXT(request);
	o->vacancy_id = TEXT(v->id);
	SET(o, fee_pence_week, 80000 + random_below(dice(a), 40000));
	SET(o, earliest_start_day, today(a));
	snprintf(c->about, sizeof c->about, "%s", request);
	call(a, client, NODE_REQUESTS, 15, &o->base);
}

static void
confirm_offer(struct actors *a, unsigned client)
{
	const struct known *o = pick(a, &a->decided, a->list[client].organisation);
	Requests__ConfirmOffer *c = MESSAGE_NEW(&a->arena, requests__confirm_offer);

	if (o == NULL)
		return;
	c->offer_id = TEXT(o->parent);
	call(a, client, NODE_REQUESTS, 20, &c->base);
}

static void
withhold(struct actors *a, unsigned client)
{
	const struct known *h = pick(a, &a->households, a->list[client].organisation);
	Foster__WithholdPlaces *p = MESSAGE_NEW(&a->arena, foster__withhold_places);

	if (h == NULL)
		return;
	p->household_id = TEXT(h->id);
	SET(p, places, 1);
	SET(p, reason, FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK);
	SET(p, from_day, today(a));
	SET(p, until_day, today(a) + 1);
	call(a, client, NODE_FOSTER, 14, &p->base);
}

static void
sell_outside(struct actors *a, unsigned client)
{
	const struct known *h = pick(a, &a->households, a->list[client].organisation);
	Foster__RecordOccupant *r = MESSAGE_NEW(&a->arena, foster__record_occupant);
	Foster__Occupant *o = MESSAGE_NEW(&a->arena, foster__occupant);

	if (h == NULL)
		return;
	o->household_id = TEXT(h->id);
	SET(o, kind, FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE);
	SET(o, age_years, 3 + random_below(dice(a), 12));
	SET(o, age_day, today(a));
	SET(o, sex, COMMON__SEX__SEX_FEMALE);
	SET(o, from_day, today(a));
	r->occupant = o;
	call(a, client, NODE_FOSTER, 12, &r->base);
}

static void
provider_acts(struct actors *a, unsigned client)
{
	const struct known *r = pick(a, &a->requests, NULL);
	uint32_t what = random_below(dice(a), 14);

	if (r == NULL)
		return;
	if (what < 5)
		offer(a, client, r->id);
	else if (what < 9)
		confirm_offer(a, client);
	else if (what < 11)
		ask_request(a, client, r->id, random_one_in(dice(a), 2) ? 14 : 30);
	else if (what < 12) {
		Requests__Decline *d = MESSAGE_NEW(&a->arena, requests__decline);

		d->request_id = TEXT(r->id);
		SET(d, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_CARER_DECLINED);
		call(a, client, NODE_REQUESTS, 16, &d->base);
	} else if (what < 13)
		withhold(a, client);
	else
		sell_outside(a, client);
}

static void
act(struct actors *a, unsigned client)
{
	arena_reset(&a->arena);
	switch (a->list[client].persona) {
	case PERSONA_ADMINISTRATOR: break;
	case PERSONA_COMMISSIONER: commissioner_acts(a, client); break;
	case PERSONA_DIRECTOR: director_acts(a, client); break;
	case PERSONA_PLACEMENT_OFFICER: provider_acts(a, client); break;
	}
}

/* ---- hearing ---- */

static void
acknowledge(struct actors *a, const struct actor *c)
{
	if (a->acknowledged_n == a->acknowledged_size) {
		a->acknowledged_size = a->acknowledged_size * 2 + 256;
		a->acknowledged = realloc(
		    a->acknowledged, a->acknowledged_size * sizeof *a->acknowledged);
		assert(a->acknowledged != NULL);
	}
	a->acknowledged[a->acknowledged_n++] = (struct ledger_row){c->to, c->method, c->id};
}

/* No message above its reader's level. */
static void
check_levels(struct actors *a, const struct actor *c, struct bytes body)
{
	ProtobufCMessage *m;
	const Requests__RequestShown *shown;
	const char *request;

	if (message_unpack(&a->arena, &requests__request_shown__descriptor, body, &m) !=
	    ERR_NONE) {
		world_fail(a->world, "a shown request cannot be read");
		return;
	}
	shown = (const Requests__RequestShown *)m;
	if (c->persona != PERSONA_PLACEMENT_OFFICER) {
		if (shown->request != NULL &&
		    !str_equal(shown->request->council_id, c->organisation))
			world_fail(a->world, "%s was shown another council's request",
			    c->organisation);
		return;
	}
	if (shown->request != NULL) {
		world_fail(a->world, "a provider was shown the council's view");
		return;
	}
	if (shown->referral == NULL)
		return;
	request = shown->referral->circulation->request_id;
	if (!model_is_opened(a->model, request, c->organisation, 1))
		world_fail(a->world, "a provider saw a request not circulated to it");
	/* The chosen provider, to whom L3 is opened, may read L2 as well. */
	if (shown->referral->detail != NULL &&
	    !model_is_opened(a->model, request, c->organisation, 2) &&
	    !model_is_opened(a->model, request, c->organisation, 3))
		world_fail(a->world, "a provider saw L2 that was not opened to it");
	if (shown->referral->identity != NULL &&
	    !model_is_opened(a->model, request, c->organisation, 3))
		world_fail(a->world, "a provider saw L3 that was not opened to it");
	if (shown->referral->bid != NULL &&
	    !str_equal(shown->referral->bid->provider_id, c->organisation))
		world_fail(a->world, "a provider saw another's bid");
}

static const ProtobufCMessageDescriptor *
answer_type(const struct actors *a, const struct actor *c)
{
	return protobuf_c_message_descriptor_get_field(
	    a->world->nodes[c->to].service->answer, c->method)
	    ->descriptor;
}

static void
hear_yes(struct actors *a, struct actor *c, struct bytes body)
{
	ProtobufCMessage *m;

	if (c->to == NODE_REQUESTS && c->method == 30) {
		check_levels(a, c, body);
		return;
	}
	if (c->to == NODE_REQUESTS && c->method == 11)
		return;
	if (c->to == NODE_REQUESTS && c->method == 10) {
		if (message_unpack(&a->arena, &requests__submitted__descriptor, body, &m) ==
		    ERR_NONE)
			learn(&a->requests, ((Requests__Submitted *)m)->request_id, NULL,
			    c->organisation);
		acknowledge(a, c);
		return;
	}
	if (answer_type(a, c) != &common__done__descriptor)
		return;
	if (message_unpack(&a->arena, &common__done__descriptor, body, &m) != ERR_NONE) {
		world_fail(a->world, "an answer cannot be read");
		return;
	}
	if (c->to == NODE_REQUESTS && c->method == 15)
		learn(&a->offers, ((Common__Done *)m)->id, c->about, c->organisation);
	if (c->to == NODE_REQUESTS && c->method == 18)
		learn(&a->decided, c->about, c->offer, c->bidder);
	/* A yes to what was already so is not in the journal again, and says so. */
	if (((Common__Done *)m)->has_number)
		acknowledge(a, c);
}

static void
hear(struct world *w, unsigned client, struct bytes envelope)
{
	struct actors *a = current;
	struct actor *c = &a->list[client];
	ProtobufCMessage *m;
	Envelope__Envelope *e;

	arena_reset(&a->arena);
	if (message_unpack(&a->arena, &envelope__envelope__descriptor, envelope, &m) !=
	    ERR_NONE) {
		world_fail(w, "a reply cannot be read");
		return;
	}
	e = (Envelope__Envelope *)m;
	if (!c->is_waiting || !str_equal(e->correlation_id, c->id.text))
		return;
	if (e->has_fault && e->fault != 0) {
		a->faults++;
		if (e->fault == ENVELOPE__FAULT__FAULT_INTERNAL ||
		    e->fault == ENVELOPE__FAULT__FAULT_CORRUPT ||
		    e->fault == ENVELOPE__FAULT__FAULT_MALFORMED)
			world_fail(w, "method %u: fault %d %s", c->method, (int)e->fault,
			    e->detail == NULL ? "" : e->detail);
		/* A question may be given up; a command is sent again. */
		if (c->to == NODE_REQUESTS && (c->method == 11 || c->method == 30))
			c->is_waiting = false;
		return;
	}
	c->is_waiting = false;
	a->got = true;
	assert(envelope.len <= sizeof a->answer_bytes);
	memcpy(a->answer_bytes, envelope.data, envelope.len);
	a->answer = (struct bytes){a->answer_bytes, envelope.len};
	if (e->refusal != NULL) {
		a->refusals++;
		return;
	}
	a->answers++;
	hear_yes(a, c, BYTES_OF(e->body));
}

static void
wake(struct world *w, unsigned client)
{
	struct actors *a = current;
	struct actor *c = &a->list[client];

	if (c->is_waiting) {
		if (w->now_ms >= c->next_send_ms)
			send(a, client);
		return;
	}
	if (a->is_resting)
		return;
	act(a, client);
	world_wake_client(w, client, 100 + random_below(dice(a), THINK_MS_MAX));
}

/* ---- setting up, in fair weather ---- */

/* Calls and waits; the answer's body, or the end of the run. */
static const void *
ask(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const ProtobufCMessage *message, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *m;
	Envelope__Envelope *e;

	if (a->world->is_over)
		return NULL;
	a->got = false;
	call(a, client, to, method, message);
	for (unsigned i = 0; !a->got && i < 100 && !a->world->is_over; i++)
		world_run(a->world, a->world->now_ms + 100);
	if (!a->got) {
		world_fail(a->world, "setting up: no answer to method %u", method);
		return NULL;
	}
	arena_reset(&a->arena);
	if (message_unpack(&a->arena, &envelope__envelope__descriptor, a->answer, &m) !=
	    ERR_NONE)
		abort();
	e = (Envelope__Envelope *)m;
	if (e->refusal != NULL) {
		world_fail(a->world, "setting up: method %u refused: %s (%s)", method,
		    e->refusal->sentence, e->refusal->field == NULL ? "" : e->refusal->field);
		return NULL;
	}
	if (message_unpack(&a->arena, type, BYTES_OF(e->body), &m) != ERR_NONE)
		abort();
	return m;
}

static const char *
done_id(const void *done)
{
	return done == NULL || ((const Common__Done *)done)->id == NULL
	    ? ""
	    : ((const Common__Done *)done)->id;
}

static enum err
first_administrator(struct svc_ask *ask, void *context)
{
	const uint8_t *public_key = context;
	Members__PersonRegistered p = MEMBERS__PERSON_REGISTERED__INIT;
	Members__KeyRegistered k = MEMBERS__KEY_REGISTERED__INIT;
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT;
	Members__Grant *grants[] = {&grant};
	Members__Key key = MEMBERS__KEY__INIT;

	SET(&grant, role, MEMBERS__ROLE__ROLE_ADMINISTRATOR);
	grant.organisation_id = TEXT("co-operative");
	SET(&grant, from_day, day_in_london(ask->now_ms) - 1);
	person.person_id = TEXT(svc_new_id(ask));
	person.name = TEXT("Invented Administrator");
	person.grants = grants;
	person.n_grants = 1;
	p.person = &person;
	svc_decide(ask, MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED, &p.base);
	key.person_id = person.person_id;
	SET_BYTES(&key, public_key, ((struct bytes){public_key, 32}));
	k.key = &key;
	svc_decide(ask, MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, &k.base);
	return ask->txn->err;
}

static void
register_council(struct actors *a, size_t i)
{
	Members__RegisterCouncil *r = MESSAGE_NEW(&a->arena, members__register_council);
	Members__Membership *m = MESSAGE_NEW(&a->arena, members__membership);

	r->council = MESSAGE_NEW(&a->arena, members__council);
	r->council->council_id = TEXT(councils[i]);
	r->council->name = str_format(&a->arena, "Invented Council %zu", i + 1);
	r->council->adjoining_council_ids = LIST_NEW(&a->arena, 2, char *);
	for (size_t k = 0; k < 2 && adjoining[i][k] != NULL; k++)
		r->council->adjoining_council_ids[r->council->n_adjoining_council_ids++] =
		    TEXT(adjoining[i][k]);
	SET(m, from_day, today(a) - 100);
	r->council->memberships = LIST_NEW(&a->arena, 1, Members__Membership *);
	r->council->memberships[r->council->n_memberships++] = m;
	ask(a, 0, NODE_MEMBERS, 10, &r->base, &common__done__descriptor);
}

/* A council's own team for the first three, then agencies. */
static void
register_provider(struct actors *a, size_t i, char out[MODEL_ID])
{
	Members__RegisterProvider *r = MESSAGE_NEW(&a->arena, members__register_provider);
	Members__Provider *p = MESSAGE_NEW(&a->arena, members__provider);

	p->name = str_format(&a->arena, "Invented Fostering %zu", i);
	p->urn = str_format(&a->arena, "SC9000%02zu", i);
	SET(p, kind,
	    i < COUNT(councils) ? MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING
	                        : MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY);
	SET(p, sector,
	    i < COUNT(councils) ? MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY
	                        : MEMBERS__SECTOR__SECTOR_PRIVATE);
	p->owner_name = TEXT("Invented Owner");
	if (i < COUNT(councils))
		p->council_id = TEXT(councils[i]);
	SET(p, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(p, grade_day, today(a) - 200);
	r->provider = p;
	snprintf(out, MODEL_ID, "%s",
	    done_id(ask(a, 0, NODE_MEMBERS, 11, &r->base, &common__done__descriptor)));
}

static void
add_actor(struct actors *a, enum persona persona, const char *organisation,
    Members__Role role)
{
	unsigned client = (unsigned)a->n++;
	struct actor *c = &a->list[client];
	Members__RegisterPerson *r = MESSAGE_NEW(&a->arena, members__register_person);
	Members__Grant *g = MESSAGE_NEW(&a->arena, members__grant);

	c->persona = persona;
	snprintf(c->organisation, sizeof c->organisation, "%s", organisation);
	if (persona == PERSONA_ADMINISTRATOR)
		return;
	r->name = str_format(&a->arena, "Invented Person %u", client);
	SET(g, role, role);
	g->organisation_id = TEXT(organisation);
	SET(g, from_day, today(a) - 1);
	r->grants = LIST_NEW(&a->arena, 1, Members__Grant *);
	r->grants[r->n_grants++] = g;
	SET_BYTES(r, public_key, ((struct bytes){a->world->client_keys[client], 32}));
	ask(a, 0, NODE_MEMBERS, 12, &r->base, &common__done__descriptor);
}

static void
register_household(struct actors *a, unsigned client, unsigned places)
{
	Foster__RegisterHousehold *r = MESSAGE_NEW(&a->arena, foster__register_household);
	Foster__Household *h = MESSAGE_NEW(&a->arena, foster__household);
	Foster__OpenVacancy *o;
	const Foster__Vacancy *v;
	char id[MODEL_ID];

	h->carer_name = TEXT("Invented Carer");
	h->council_id = TEXT(councils[random_below(dice(a), COUNT(councils))]);
	h->home_sector = TEXT(sectors[random_below(dice(a), COUNT(sectors))]);
	h->approval = MESSAGE_NEW(&a->arena, foster__approval);
	SET(h->approval, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(h->approval, children_max, places);
	SET(h->approval, age_min_years, 0);
	SET(h->approval, age_max_years, 17);
	SET(h->approval, takes_girls, true);
	SET(h->approval, takes_boys, true);
	SET(h->approval, approved_day, today(a) - 400);
	SET(h, bedrooms, places);
	SET(h, siblings_may_share, true);
	SET(h, takes_emergencies, true);
	SET(h, fee_pence_week, 90000);
	h->languages = LIST_NEW(&a->arena, 1, char *);
	h->languages[h->n_languages++] = TEXT("en");
	r->household = h;
	snprintf(id, sizeof id, "%s",
	    done_id(ask(a, client, NODE_FOSTER, 10, &r->base, &common__done__descriptor)));
	learn(&a->households, id, NULL, a->list[client].organisation);
	o = MESSAGE_NEW(&a->arena, foster__open_vacancy);
	o->household_id = id;
	SET(o, available_from_day, today(a));
	v = ask(a, client, NODE_FOSTER, 20, &o->base, &foster__vacancy__descriptor);
	if (v != NULL)
		learn(&a->vacancies, v->vacancy_id, id, a->list[client].organisation);
}

void
actors_open(struct actors *a, struct world *w, struct model *m)
{
	const uint8_t seed[32] = {1};
	char providers[5][MODEL_ID];

	memset(a, 0, sizeof *a);
	current = a;
	a->world = w;
	a->model = m;
	w->on_client = hear;
	w->on_client_wake = wake;
	if (arena_open(&a->arena, 16u << 20) != ERR_NONE)
		abort();
	a->is_resting = true;
	add_actor(a, PERSONA_ADMINISTRATOR, "", MEMBERS__ROLE__ROLE_UNSPECIFIED);
	if (w->is_over ||
	    svc_first(w->nodes[NODE_MEMBERS].svc, w->now_ms, seed, first_administrator,
	        w->client_keys[0]) != ERR_NONE) {
		world_fail(w, "no first administrator");
		return;
	}
	for (size_t i = 0; i < COUNT(councils); i++)
		register_council(a, i);
	for (size_t i = 0; i < COUNT(providers); i++)
		register_provider(a, i, providers[i]);
	for (size_t i = 0; i < COUNT(councils); i++) {
		add_actor(
		    a, PERSONA_COMMISSIONER, councils[i], MEMBERS__ROLE__ROLE_COMMISSIONER);
		add_actor(
		    a, PERSONA_COMMISSIONER, councils[i], MEMBERS__ROLE__ROLE_COMMISSIONER);
		add_actor(a, PERSONA_DIRECTOR, councils[i], MEMBERS__ROLE__ROLE_DIRECTOR);
	}
	for (size_t i = 0; i < COUNT(providers); i++)
		add_actor(a, PERSONA_PLACEMENT_OFFICER, providers[i],
		    MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
	world_run(w, w->now_ms + 10000); /* until everybody has heard of everybody */
	for (unsigned client = 0; client < a->n; client++)
		for (unsigned k = 0; a->list[client].persona == PERSONA_PLACEMENT_OFFICER && k < 3;
		     k++)
			register_household(a, client, 1 + random_below(dice(a), 5));
	world_run(w, w->now_ms + 10000);
}

void
actors_go(struct actors *a)
{
	a->is_resting = false;
	for (unsigned client = 1; client < a->n; client++)
		world_wake_client(a->world, client, random_below(dice(a), THINK_MS_MAX));
}

bool
actors_are_idle(const struct actors *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].is_waiting)
			return false;
	return true;
}

void
actors_check_acknowledged(struct actors *a)
{
	for (unsigned node = 0; node < NODES && !a->world->is_over; node++) {
		struct model_commands commands = {0};

		model_read_commands(&commands, a->world, node, &a->arena);
		for (size_t i = 0; i < a->acknowledged_n; i++) {
			const struct ledger_row *row = &a->acknowledged[i];

			if (row->node == node && !model_has_command(&commands, row->id.text))
				world_fail(a->world,
				    "%s lost an acknowledged write: method %u, %s",
				    a->world->nodes[node].service->name, row->method,
				    row->id.text);
		}
		free(commands.ids);
	}
}

void
actors_close(struct actors *a)
{
	free(a->acknowledged);
	arena_close(&a->arena);
}
