#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

#define MEMBERS_EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name

const char *const toy_person_ids[4] = {"01jd5r0000aaaaaaaaaaaaaaaa",
    "01jd5r0000bbbbbbbbbbbbbbbb", "01jd5r0000cccccccccccccccc",
    "01jd5r0000dddddddddddddddd"};
const char toy_provider_id[] = "01jd5r0000pppppppppppppppp";
const char toy_other_provider_id[] = "01jd5r0000qqqqqqqqqqqqqqqq";

/* ---- opening ---- */

static void
add_key(struct toy *t, unsigned number, const char *person_id)
{
	Members__KeyRegistered event = MEMBERS__KEY_REGISTERED__INIT;
	Members__Key key = MEMBERS__KEY__INIT;
	uint8_t bytes[32];

	machine_key(number, bytes);
	SET_BYTES(&key, public_key, ((struct bytes){bytes, sizeof bytes}));
	key.person_id = str_copy(&t->m.arena, person_id);
	event.key = &key;
	machines_decide(&t->m, "members", MEMBERS_EVENT(KEY_REGISTERED), &event.base);
}

static void
add_person(struct toy *t, unsigned key, Members__Role role, const char *const *places,
    size_t n)
{
	Members__PersonRegistered event = MEMBERS__PERSON_REGISTERED__INIT;
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__Grant grants[2], *list[2];

	for (size_t i = 0; i < n; i++) {
		grants[i] = (Members__Grant)MEMBERS__GRANT__INIT;
		SET(&grants[i], role, role);
		SET(&grants[i], from_day, 100);
		grants[i].organisation_id = str_copy(&t->m.arena, places[i]);
		list[i] = &grants[i];
	}
	person.person_id = str_copy(&t->m.arena, toy_person_ids[key - TOY_OFFICER]);
	person.grants = list;
	person.n_grants = n;
	event.person = &person;
	machines_decide(
	    &t->m, "members", MEMBERS_EVENT(PERSON_REGISTERED), &event.base);
	add_key(t, key, person.person_id);
}

static void
add_people(struct toy *t)
{
	const char *const both[] = {toy_provider_id, toy_other_provider_id};
	const char *const council[] = {"E08000003"};

	add_person(t, TOY_OFFICER, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, both, 1);
	add_person(t, TOY_OFFICER_TOO, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, both, 1);
	add_person(t, TOY_OF_TWO, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, both, 2);
	add_person(t, TOY_COMMISSIONER, MEMBERS__ROLE__ROLE_COMMISSIONER, council, 1);
}

void
toy_open_cold(struct toy *t)
{
	*t = (struct toy){.at = "foster"};
	toy_seen = (struct toy_seen){0};
	machines_open(&t->m);
	machines_add(&t->m, &toy_members_service, NULL);
	machines_add(&t->m, &toy_service, NULL);
	machines_add(&t->m, &toy_follower_service, NULL);
	add_people(t);
}

void
toy_open(struct toy *t)
{
	toy_open_cold(t);
	machines_settle(&t->m);
	toy_seen = (struct toy_seen){0};
}

void
toy_close(struct toy *t)
{
	machines_close(&t->m);
}

struct svc *
toy_svc(struct toy *t)
{
	return machines_svc(&t->m, t->at);
}

void
toy_end_role(struct toy *t, enum toy_key who)
{
	Members__RoleEnded event = MEMBERS__ROLE_ENDED__INIT;

	event.person_id = str_copy(&t->m.arena, toy_person_ids[who - TOY_OFFICER]);
	event.organisation_id = str_copy(&t->m.arena, toy_provider_id);
	SET(&event, role, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
	SET(&event, until_day, day_in_london(t->m.now_ms));
	machines_decide(&t->m, "members", MEMBERS_EVENT(ROLE_ENDED), &event.base);
}

static struct machine *
machine_named(struct toy *t, const char *service)
{
	size_t i = 0;

	while (i < t->m.n && !str_equal(t->m.list[i].service->name, service))
		i++;
	assert_true(i < t->m.n);
	return &t->m.list[i];
}

static void
open_again(struct toy *t, struct machine *one, uint64_t incarnation)
{
	char problem[300] = "";
	struct svc_options o = {
	    .service = one->service,
	    .path = one->path,
	    .peers = &t->m.peers,
	    .no_sync = true,
	    .incarnation = incarnation,
	    .now_ms = t->m.now_ms,
	};

	if (svc_open(&one->svc, &o, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
}

void
toy_replace(struct toy *t, const char *service, uint64_t incarnation)
{
	struct machine *one = machine_named(t, service);

	svc_close(one->svc);
	folder_remove(one->path);
	open_again(t, one, incarnation);
}

void
toy_reopen_as(struct toy *t, const char *service, const struct service *as)
{
	struct machine *one = machine_named(t, service);

	svc_close(one->svc);
	one->service = as;
	open_again(t, one, 1);
}

/* ---- calls ---- */

static struct bytes
pack(struct toy *t, const ProtobufCMessage *message)
{
	struct bytes out;

	assert_int_equal(message_pack(&t->m.arena, message, &out), ERR_NONE);
	return out;
}

const ProtobufCMessage *
toy_note(struct toy *t, uint32_t bedrooms)
{
	Foster__RegisterHousehold *call =
	    MESSAGE_NEW(&t->m.arena, foster__register_household);

	call->household = MESSAGE_NEW(&t->m.arena, foster__household);
	SET(call->household, bedrooms, bedrooms);
	return &call->base;
}

struct svc_input
toy_input(struct toy *t, const struct toy_call *call)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	struct svc_input in = {.token = call->token};

	envelope.message_id = call->message_id != NULL
	                          ? str_copy(&t->m.arena, call->message_id)
	                          : machines_id(&t->m);
	envelope.user_id = str_copy(&t->m.arena, call->user_id);
	envelope.organisation_id = str_copy(&t->m.arena, call->organisation_id);
	SET(&envelope, method, call->method);
	SET(&envelope, wait_ms, call->wait_ms);
	if (call->body != NULL)
		SET_BYTES(&envelope, body, pack(t, call->body));
	if (call->peer != NULL)
		machine_peer_key(&t->m, call->peer, in.key);
	else
		machine_key(call->key, in.key);
	in.envelope = pack(t, &envelope.base);
	return in;
}

struct svc_input
toy_answer_input(struct toy *t, const char *from, const char *correlation_id,
    const Envelope__Envelope *answer)
{
	Envelope__Envelope envelope = *answer;

	envelope.correlation_id = str_copy(&t->m.arena, correlation_id);
	return (struct svc_input){
	    .is_answer = true, .service = from, .envelope = pack(t, &envelope.base)};
}

/* Sends end with the next call of svc: these are kept. */
static void
keep_sends(struct toy *t, struct svc_sends *sends)
{
	struct svc_send *list = arena_take(&t->m.arena, sends->n * sizeof *list + 1);

	assert_non_null(list);
	for (size_t i = 0; i < sends->n; i++) {
		list[i] = sends->list[i];
		list[i].envelope = bytes_copy(&t->m.arena, sends->list[i].envelope);
	}
	sends->list = list;
}

enum err
toy_turn(struct toy *t, const struct svc_input *inputs, size_t n, struct svc_sends *out)
{
	uint8_t seed[32] = {0};
	enum err e;

	bytes_put_u64(seed, ++t->m.drawn);
	e = svc_turn(toy_svc(t), t->m.now_ms, seed, inputs, n, out);
	if (e == ERR_NONE)
		assert_int_equal(out->taken, n);
	keep_sends(t, out);
	return e;
}

void
toy_due(struct toy *t, struct svc_sends *out, int64_t *wake_ms)
{
	assert_int_equal(svc_due(toy_svc(t), t->m.now_ms, out, wake_ms), ERR_NONE);
	keep_sends(t, out);
}

static Envelope__Envelope *
unpack(struct toy *t, struct bytes packed)
{
	ProtobufCMessage *m;

	assert_int_equal(
	    message_unpack(&t->m.arena, &envelope__envelope__descriptor, packed, &m),
	    ERR_NONE);
	return (Envelope__Envelope *)(void *)m;
}

Envelope__Envelope *
toy_reply(struct toy *t, const struct svc_sends *sends, uint64_t token)
{
	Envelope__Envelope *found = NULL;

	for (size_t i = 0; i < sends->n; i++) {
		const struct svc_send *s = &sends->list[i];
		if (s->service != NULL || s->token != token)
			continue;
		assert_null(found);
		found = unpack(t, s->envelope);
	}
	return found;
}

Envelope__Envelope *
toy_sent(struct toy *t, const struct svc_sends *sends, const char *service,
    uint32_t method, size_t i)
{
	for (size_t s = 0; s < sends->n; s++) {
		Envelope__Envelope *e;
		if (!str_equal(sends->list[s].service, service))
			continue;
		e = unpack(t, sends->list[s].envelope);
		if (e->method == method && i-- == 0)
			return e;
	}
	return NULL;
}

Envelope__Envelope *
toy_ask(struct toy *t, const struct toy_call *call)
{
	struct svc_input in = toy_input(t, call);
	struct svc_sends sends;
	Envelope__Envelope *reply;

	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	reply = toy_reply(t, &sends, call->token);
	assert_non_null(reply);
	return reply;
}

uint64_t
toy_write(struct toy *t)
{
	const Envelope__Envelope *reply =
	    toy_ask(t, &(struct toy_call){
			   .key = TOY_OFFICER,
			   .method = TOY_METHOD(REGISTER_HOUSEHOLD),
			   .body = toy_note(t, TOY_PLAIN),
		       });
	const Common__Done *done = toy_body(t, reply, &common__done__descriptor);

	return done->number;
}

/* ---- following ---- */

const Envelope__Envelope *
toy_pull(struct toy *t, const char *follower, const char *owner)
{
	struct svc_sends sends;
	int64_t wake;
	const Envelope__Envelope *call;

	t->at = follower;
	toy_due(t, &sends, &wake);
	call = toy_sent(t, &sends, owner, 1, 0);
	t->at = "foster";
	return call;
}

struct svc_input
toy_page(
    struct toy *t, const char *follower, const char *owner, Journal__EventsPage **page)
{
	const Envelope__Envelope *call = toy_pull(t, follower, owner);
	struct svc_input in = {.token = 9};
	struct svc_sends sends;
	Envelope__Envelope *reply;

	assert_non_null(call);
	machine_peer_key(&t->m, follower, in.key);
	assert_int_equal(
	    message_pack(&t->m.arena, &call->base, &in.envelope), ERR_NONE);
	t->at = owner;
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	t->at = "foster";
	reply = toy_reply(t, &sends, 9);
	*page = toy_body(t, reply, &journal__events_page__descriptor);
	return (struct svc_input){
	    .is_answer = true, .service = owner, .envelope = sends.list[0].envelope};
}

void
toy_give(struct toy *t, const char *follower, const struct svc_input *in)
{
	struct svc_sends sends;

	t->at = follower;
	assert_int_equal(toy_turn(t, in, 1, &sends), ERR_NONE);
	t->at = "foster";
}

/* ---- looking ---- */

static const Common__Health *
health(struct toy *t, const char *service)
{
	Common__HealthAsked body = COMMON__HEALTH_ASKED__INIT;
	const char *at = t->at;
	const Envelope__Envelope *reply;

	t->at = service;
	reply = toy_ask(
	    t, &(struct toy_call){.peer = "gateway", .method = 2, .body = &body.base});
	t->at = at;
	return toy_body(t, reply, &common__health__descriptor);
}

const Common__FollowHealth *
toy_follow_health(struct toy *t, const char *service, const char *source)
{
	const Common__Health *h = health(t, service);

	for (size_t i = 0; i < h->n_follows; i++)
		if (str_equal(h->follows[i]->service, source))
			return h->follows[i];
	fail_msg("%s does not follow %s", service, source);
	return NULL;
}

uint64_t
toy_head(struct toy *t)
{
	return health(t, t->at)->head_number;
}

uint64_t
toy_rows(struct toy *t, const char *service, unsigned table)
{
	struct kv_txn txn;
	uint64_t n;

	kv_begin(svc_kv(machines_svc(&t->m, service)), &txn, false);
	n = kv_count(&txn, table);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	return n;
}

void *
toy_body(struct toy *t, const Envelope__Envelope *reply,
    const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *m;

	assert_non_null(reply);
	if (reply->has_fault)
		fail_msg("fault %d: %s", (int)reply->fault,
		    reply->detail != NULL ? reply->detail : "");
	if (reply->refusal != NULL)
		fail_msg("refused: %s", reply->refusal->sentence);
	assert_int_equal(
	    message_unpack(&t->m.arena, type, BYTES_OF(reply->body), &m), ERR_NONE);
	return m;
}
