/*
 * The bus on real sockets: who gets in, whose word is taken for who is speaking, and
 * what a caller does when nobody answers. The service is another process, for calls
 * wait; strangers speak raw ZeroMQ.
 */
#include <errno.h>
#include <setjmp.h> /* allowed: cmocka asks for it */
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

#include "base/bus.h"
#include "base/bus_socket.h"
#include "base/clock.h"
#include "base/message.h"

/* What the service of this test does with a call, by method number. */
enum method {
	WHO_AM_I = 10, /* answers the caller's key */
	COUNT, /* answers how many calls were delivered, this one too */
	BUSY_TWICE, /* then answers how often it was asked */
	BUSY_ALWAYS,
	SECOND_TIME, /* says nothing the first time */
	SILENCE,
	DIE, /* in its first life; answers in the second */
	REGISTER, /* the key in the body may connect from now on */
	PUBLISH, /* the body is a hint */
	GROW, /* answers as many bytes as the body says */
};

struct pair {
	uint8_t public_key[32], secret_key[32];
};

struct world {
	char folder[64];
	struct conf_peer service;
	struct pair service_keys, ann, bob, stranger;
	pid_t pid; /* of the service; 0: not started */
	struct arena arena;
};

/* ---- the service ---- */

struct life {
	struct world *w;
	struct bus *bus;
	unsigned number;
	uint32_t delivered;
	uint32_t asked; /* the methods that count */
	uint8_t registered[32];
	struct arena arena;
};

static bool
is_known(void *context, const uint8_t key[32])
{
	const struct life *life = context;

	return memcmp(key, life->w->ann.public_key, 32) == 0 ||
	    memcmp(key, life->w->bob.public_key, 32) == 0 ||
	    memcmp(key, life->registered, 32) == 0;
}

static void
reply(struct life *life, uint64_t token, const Envelope__Envelope *call,
    struct bytes body, bool is_busy)
{
	Envelope__Envelope answer = ENVELOPE__ENVELOPE__INIT;
	struct bytes packed;

	answer.correlation_id = call->message_id;
	SET(&answer, method, call->method);
	if (is_busy)
		SET(&answer, fault, ENVELOPE__FAULT__FAULT_BUSY);
	else
		SET_BYTES(&answer, body, body);
	if (message_pack(&life->arena, &answer.base, &packed) == ERR_NONE)
		bus_reply(life->bus, token, packed);
}

static void
reply_number(struct life *life, uint64_t token, const Envelope__Envelope *call,
    uint32_t number)
{
	uint8_t text[4];

	bytes_put_u32(text, number);
	reply(life, token, call, (struct bytes){text, sizeof text}, false);
}

static void
serve_call(struct life *life, const struct bus_message *m, const Envelope__Envelope *call)
{
	static uint8_t filler[BUS_MESSAGE_BYTES_MAX];

	switch ((enum method)call->method) {
	case WHO_AM_I:
		reply(life, m->token, call, (struct bytes){m->key, 32}, false);
		break;
	case COUNT: reply_number(life, m->token, call, life->delivered); break;
	case BUSY_TWICE:
		if (++life->asked < 3)
			reply(life, m->token, call, BYTES_NONE, true);
		else
			reply_number(life, m->token, call, life->asked);
		break;
	case BUSY_ALWAYS: reply(life, m->token, call, BYTES_NONE, true); break;
	case SECOND_TIME:
		if (++life->asked > 1)
			reply_number(life, m->token, call, life->asked);
		break;
	case SILENCE: break;
	case DIE:
		if (life->number == 1)
			raise(SIGKILL);
		reply_number(life, m->token, call, life->number);
		break;
	case REGISTER:
		memcpy(life->registered, call->body.data, 32);
		reply_number(life, m->token, call, 1);
		break;
	case PUBLISH:
		bus_hint(life->bus, BYTES_OF(call->body));
		reply_number(life, m->token, call, 1);
		break;
	case GROW:
		reply(life, m->token, call,
		    (struct bytes){filler, bytes_get_u32(call->body.data)}, false);
		break;
	}
}

static void
serve(struct world *w, unsigned number, int ready)
{
	struct life life = {.w = w, .number = number};
	struct bus_options o = {.is_known = is_known, .context = &life};
	struct bus_message m;
	char problem[200];

	memcpy(o.public_key, w->service_keys.public_key, 32);
	memcpy(o.secret_key, w->service_keys.secret_key, 32);
	if (arena_open(&life.arena, 4u << 20) != ERR_NONE ||
	    bus_open(&life.bus, &o, problem, sizeof problem) != ERR_NONE ||
	    bus_bind(life.bus, w->service.endpoint, w->service.hints, problem,
	        sizeof problem) != ERR_NONE)
		_exit(3);
	if (write(ready, "r", 1) != 1)
		_exit(4);
	for (;;) {
		if (bus_wait(life.bus, 1000, -1) != ERR_NONE)
			_exit(5);
		while (bus_receive(life.bus, &m) == ERR_NONE && m.what == BUS_CALL) {
			ProtobufCMessage *call;

			life.delivered++;
			arena_reset(&life.arena);
			if (message_unpack(&life.arena, &envelope__envelope__descriptor,
			        m.bytes, &call) == ERR_NONE)
				serve_call(&life, &m, (Envelope__Envelope *)(void *)call);
		}
	}
}

/* Two lives: the second begins where the first was killed. */
static void
start_service(struct world *w)
{
	int ready[2];
	char c;

	assert_int_equal(pipe(ready), 0);
	w->pid = fork();
	assert_true(w->pid >= 0);
	if (w->pid == 0) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (unsigned number = 1; number <= 2; number++) {
			pid_t pid = fork();

			if (pid == 0) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				serve(w, number, ready[1]);
			}
			waitpid(pid, NULL, 0);
		}
		_exit(0);
	}
	setpgid(w->pid, w->pid);
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
}

/* ---- the world ---- */

static void
make_pair(struct pair *pair)
{
	assert_int_equal(bus_new_key(pair->public_key, pair->secret_key), ERR_NONE);
}

static int
set_up(void **state)
{
	struct world *w = test_calloc(1, sizeof *w);

	memcpy(w->folder, "/tmp/rcc-bus-XXXXXX", sizeof "/tmp/rcc-bus-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	make_pair(&w->service_keys);
	make_pair(&w->ann);
	make_pair(&w->bob);
	make_pair(&w->stranger);
	memcpy(w->service.name, "echo", sizeof "echo");
	memcpy(w->service.key, w->service_keys.public_key, 32);
	snprintf(w->service.endpoint, sizeof w->service.endpoint, "ipc://%s/echo",
	    w->folder);
	snprintf(w->service.hints, sizeof w->service.hints, "ipc://%s/hints", w->folder);
	assert_int_equal(arena_open(&w->arena, 8u << 20), ERR_NONE);
	*state = w;
	return 0;
}

static int
set_up_service(void **state)
{
	set_up(state);
	start_service(*state);
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const files[] = {"echo", "hints", "echo.lock", "hints.lock"};
	struct world *w = *state;

	if (w->pid != 0) {
		kill(-w->pid, SIGKILL);
		waitpid(w->pid, NULL, 0);
	}
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char path[96];

		snprintf(path, sizeof path, "%s/%s", w->folder, files[i]);
		unlink(path);
	}
	rmdir(w->folder);
	arena_close(&w->arena);
	test_free(w);
	return 0;
}

static struct bus_client *
client(struct world *w, const struct pair *keys)
{
	struct bus_client *c = NULL;

	assert_int_equal(
	    bus_client_open(&c, &w->service, keys->public_key, keys->secret_key),
	    ERR_NONE);
	return c;
}

static enum err
call(struct world *w, struct bus_client *c, enum method method, struct bytes body,
    int64_t wait_ms, Envelope__Envelope **answer)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;

	SET(&envelope, method, (uint32_t)method);
	SET_BYTES(&envelope, body, body);
	return bus_client_call(c, &w->arena, &envelope, wait_ms, answer);
}

static uint32_t
ask_number(struct world *w, struct bus_client *c, enum method method)
{
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, c, method, BYTES_NONE, 10000, &answer), ERR_NONE);
	assert_false(answer->has_fault);
	assert_int_equal(answer->body.len, 4);
	return bytes_get_u32(answer->body.data);
}

/* ---- who gets in ---- */

static void
a_known_key_is_who_it_is(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann), *bob = client(w, &w->bob);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, ann, WHO_AM_I, BYTES_NONE, 5000, &answer), ERR_NONE);
	assert_int_equal(answer->body.len, 32);
	assert_memory_equal(answer->body.data, w->ann.public_key, 32);
	assert_int_equal(call(w, bob, WHO_AM_I, BYTES_NONE, 5000, &answer), ERR_NONE);
	assert_memory_equal(answer->body.data, w->bob.public_key, 32);
	bus_client_close(ann);
	bus_client_close(bob);
}

static void
an_unknown_key_gets_nothing_through(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann), *c = client(w, &w->stranger);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, c, WHO_AM_I, BYTES_NONE, 700, &answer), ERR_UNREACHABLE);
	assert_null(answer);
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	bus_client_close(ann);
	bus_client_close(c);
}

/* The right public key with a secret that is not its own. */
static void
a_stolen_public_key_gets_nothing_through(void **state)
{
	struct world *w = *state;
	struct pair forged = w->stranger;
	struct bus_client *ann = client(w, &w->ann), *c;
	Envelope__Envelope *answer = NULL;

	memcpy(forged.public_key, w->ann.public_key, 32);
	c = client(w, &forged);
	assert_int_equal(call(w, c, WHO_AM_I, BYTES_NONE, 700, &answer), ERR_UNREACHABLE);
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	bus_client_close(ann);
	bus_client_close(c);
}

/* Somebody else at the service's address is not taken for the service. */
static void
a_false_service_is_not_believed(void **state)
{
	struct world *w = *state;
	struct bus_client *c;
	Envelope__Envelope *answer = NULL;

	memcpy(w->service.key, w->stranger.public_key, 32);
	c = client(w, &w->ann);
	assert_int_equal(call(w, c, WHO_AM_I, BYTES_NONE, 700, &answer), ERR_UNREACHABLE);
	bus_client_close(c);
}

static void
a_key_registered_meanwhile_gets_in(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann), *c = client(w, &w->stranger);
	struct bytes key = {w->stranger.public_key, 32};
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, c, WHO_AM_I, BYTES_NONE, 300, &answer), ERR_UNREACHABLE);
	assert_int_equal(call(w, ann, REGISTER, key, 5000, &answer), ERR_NONE);
	answer = NULL;
	assert_int_equal(call(w, c, WHO_AM_I, BYTES_NONE, 15000, &answer), ERR_NONE);
	assert_memory_equal(answer->body.data, w->stranger.public_key, 32);
	bus_client_close(ann);
	bus_client_close(c);
}

/* A packed call that asks who one is; and its id. */
static struct bytes
raw_call(struct world *w, struct id *id)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	struct bytes packed;

	*id = bus_new_id();
	envelope.message_id = id->text;
	SET(&envelope, method, WHO_AM_I);
	assert_int_equal(message_pack(&w->arena, &envelope.base, &packed), ERR_NONE);
	return packed;
}

struct raw {
	void *context, *socket;
};

/* A DEALER without the safe options; without CURVE where `keys` is NULL. */
static struct raw
raw_dealer(struct world *w, const struct pair *keys, const void *routing_id, size_t len)
{
	struct raw raw = {.context = zmq_ctx_new()};
	int none = 0, soon = 700;

	raw.socket = zmq_socket(raw.context, ZMQ_DEALER);
	assert_non_null(raw.socket);
	zmq_setsockopt(raw.socket, ZMQ_LINGER, &none, sizeof none);
	zmq_setsockopt(raw.socket, ZMQ_RCVTIMEO, &soon, sizeof soon);
	zmq_setsockopt(raw.socket, ZMQ_SNDTIMEO, &soon, sizeof soon);
	if (len > 0)
		assert_int_equal(
		    zmq_setsockopt(raw.socket, ZMQ_ROUTING_ID, routing_id, len), 0);
	if (keys != NULL) {
		zmq_setsockopt(raw.socket, ZMQ_CURVE_SERVERKEY, w->service.key, 32);
		zmq_setsockopt(raw.socket, ZMQ_CURVE_PUBLICKEY, keys->public_key, 32);
		zmq_setsockopt(raw.socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, 32);
	}
	assert_int_equal(zmq_connect(raw.socket, w->service.endpoint), 0);
	return raw;
}

static void
raw_close(struct raw raw)
{
	zmq_close(raw.socket);
	zmq_ctx_term(raw.context);
}

static void
raw_send(struct raw raw, struct bytes bytes)
{
	assert_int_equal(zmq_send(raw.socket, bytes.data, bytes.len, 0), bytes.len);
}

static void
without_encryption_nothing_gets_through(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	struct raw raw = raw_dealer(w, NULL, NULL, 0);
	struct id id;
	char answer[200];

	raw_send(raw, raw_call(w, &id));
	assert_int_equal(zmq_recv(raw.socket, answer, sizeof answer, 0), -1);
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	raw_close(raw);
	bus_client_close(ann);
}

/* ---- whose word is taken ---- */

/* The routing id is whatever a peer says it is: Ann says that she is Bob. */
static void
a_routing_id_is_nobodys_name(void **state)
{
	struct world *w = *state;
	struct bus_client *bob = client(w, &w->bob);
	char claimed[65];
	struct raw raw;
	struct id id;
	char answer[200];

	bytes_to_hex((struct bytes){w->bob.public_key, 32}, claimed);
	raw = raw_dealer(w, &w->ann, claimed, 64);
	raw_send(raw, raw_call(w, &id));
	assert_int_equal(zmq_recv(raw.socket, answer, sizeof answer, 0), -1);
	assert_int_equal(ask_number(w, bob, COUNT), 1);
	raw_close(raw);
	bus_client_close(bob);
}

/* The same peer, without the claim, is heard: it was the claim that was not. */
static void
a_raw_peer_with_a_known_key_is_heard(void **state)
{
	struct world *w = *state;
	struct raw raw = raw_dealer(w, &w->ann, NULL, 0);
	ProtobufCMessage *m;
	uint8_t answer[200];
	struct id id;
	int n;

	raw_send(raw, raw_call(w, &id));
	n = zmq_recv(raw.socket, answer, sizeof answer, 0);
	assert_true(n > 0);
	assert_int_equal(message_unpack(&w->arena, &envelope__envelope__descriptor,
	                     (struct bytes){answer, (size_t)n}, &m),
	    ERR_NONE);
	assert_string_equal(((Envelope__Envelope *)(void *)m)->correlation_id, id.text);
	assert_memory_equal(
	    ((Envelope__Envelope *)(void *)m)->body.data, w->ann.public_key, 32);
	raw_close(raw);
}

static void
only_one_part_is_a_call(void **state)
{
	struct world *w = *state;
	struct bus_client *bob = client(w, &w->bob);
	struct raw raw = raw_dealer(w, &w->ann, NULL, 0);
	struct id id;
	struct bytes packed = raw_call(w, &id);

	for (int parts = 2; parts <= 20; parts += 9) { /* 20: more than are kept */
		for (int i = 1; i < parts; i++)
			assert_true(zmq_send(raw.socket, "", 0, ZMQ_SNDMORE) == 0);
		raw_send(raw, packed);
	}
	assert_int_equal(ask_number(w, bob, COUNT), 1);
	raw_send(raw, packed);
	assert_true(zmq_recv(raw.socket, (char[200]){0}, 200, 0) > 0);
	assert_int_equal(ask_number(w, bob, COUNT), 3);
	raw_close(raw);
	bus_client_close(bob);
}

/* ---- sizes ---- */

static void
too_long_a_message_costs_its_sender_alone(void **state)
{
	struct world *w = *state;
	struct bus_client *bob = client(w, &w->bob);
	struct raw raw = raw_dealer(w, &w->ann, NULL, 0);
	static uint8_t long_one[512 * 1024];
	struct id id;
	char answer[200];

	assert_int_equal(ask_number(w, bob, COUNT), 1);
	raw_send(raw, (struct bytes){long_one, sizeof long_one});
	assert_int_equal(zmq_recv(raw.socket, answer, sizeof answer, 0), -1);
	assert_int_equal(ask_number(w, bob, COUNT), 2);
	/* It connects again and is heard. */
	raw_send(raw, raw_call(w, &id));
	assert_true(zmq_recv(raw.socket, answer, sizeof answer, 0) > 0);
	raw_close(raw);
	bus_client_close(bob);
}

static void
a_call_too_long_is_not_sent(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	static uint8_t body[BUS_MESSAGE_BYTES_MAX];
	Envelope__Envelope *answer = NULL;

	assert_int_equal(
	    call(w, ann, WHO_AM_I, (struct bytes){body, sizeof body}, 2000, &answer),
	    ERR_MALFORMED);
	assert_int_equal(
	    bus_client_post(ann, (struct bytes){body, sizeof body + 1}), ERR_MALFORMED);
	assert_int_equal(call(w, ann, WHO_AM_I, (struct bytes){body, sizeof body - 200},
	                     5000, &answer),
	    ERR_NONE);
	assert_int_equal(ask_number(w, ann, COUNT), 2);
	bus_client_close(ann);
}

static void
a_long_answer_arrives_whole(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;
	uint8_t size[4];

	bytes_put_u32(size, BUS_MESSAGE_BYTES_MAX - 100);
	assert_int_equal(call(w, ann, GROW, (struct bytes){size, 4}, 5000, &answer),
	    ERR_NONE);
	assert_int_equal(answer->body.len, BUS_MESSAGE_BYTES_MAX - 100);
	bus_client_close(ann);
}

/* ---- when nobody answers ---- */

static void
busy_is_tried_again(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);

	assert_int_equal(ask_number(w, ann, BUSY_TWICE), 3);
	bus_client_close(ann);
}

static void
busy_to_the_end_is_said(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, ann, BUSY_ALWAYS, BYTES_NONE, 700, &answer), ERR_NONE);
	assert_true(answer->has_fault);
	assert_int_equal(answer->fault, ENVELOPE__FAULT__FAULT_BUSY);
	assert_in_range(ask_number(w, ann, COUNT), 4, 40); /* more and more slowly */
	bus_client_close(ann);
}

static void
a_lost_call_is_sent_again(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);

	assert_int_equal(ask_number(w, ann, SECOND_TIME), 2);
	bus_client_close(ann);
}

static void
a_call_outlives_the_service(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);

	assert_int_equal(ask_number(w, ann, DIE), 2);
	bus_client_close(ann);
}

static void
silence_is_late(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, ann, SILENCE, BYTES_NONE, 300, &answer), ERR_LATE);
	/* Its end is not the end of the connection. */
	assert_int_equal(ask_number(w, ann, COUNT), 2);
	bus_client_close(ann);
}

static void
nobody_there_is_unreachable(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;
	int64_t began = clock_ticks_us();

	assert_int_equal(
	    call(w, ann, WHO_AM_I, BYTES_NONE, 300, &answer), ERR_UNREACHABLE);
	assert_true(clock_ticks_us() - began >= 300000);
	bus_client_close(ann);
}

static void
many_calls_at_once_are_all_answered(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	unsigned answered = 0;

	for (unsigned i = 0; i < 200; i++) {
		struct id id;

		assert_int_equal(bus_client_post(ann, raw_call(w, &id)), ERR_NONE);
	}
	for (unsigned i = 0; i < 200; i++) {
		struct bytes answer;

		answered += bus_client_take(ann, 5000, &answer) == ERR_NONE;
	}
	assert_int_equal(answered, 200);
	bus_client_close(ann);
}

/* ---- between services ---- */

static bool
lets_nobody_in(void *context, const uint8_t key[32])
{
	(void)context;
	(void)key;
	return false;
}

static bool
lets_all_in(void *context, const uint8_t key[32])
{
	(void)context;
	(void)key;
	return true;
}

static struct bus *
open_bus(const struct pair *keys, bool (*known)(void *, const uint8_t *))
{
	struct bus_options o = {.is_known = known};
	struct bus *bus = NULL;
	char problem[200];

	memcpy(o.public_key, keys->public_key, 32);
	memcpy(o.secret_key, keys->secret_key, 32);
	assert_int_equal(bus_open(&bus, &o, problem, sizeof problem), ERR_NONE);
	return bus;
}

/* Waits for the next message of one sort, five seconds at most. */
static void
expect(struct bus *bus, enum bus_what what, struct bus_message *m)
{
	int64_t until = clock_ticks_us() + 5000000;

	do {
		assert_int_equal(bus_wait(bus, 100, -1), ERR_NONE);
		assert_int_equal(bus_receive(bus, m), ERR_NONE);
	} while (m->what != what && clock_ticks_us() < until);
	assert_int_equal(m->what, what);
	assert_string_equal(m->service, "echo");
}

static void
a_service_asks_another_and_hears_its_hints(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->ann, lets_nobody_in);
	struct bus_client *bob = client(w, &w->bob);
	Envelope__Envelope *answer = NULL;
	struct bus_message m;
	struct id id;
	struct bytes packed = raw_call(w, &id);
	int64_t until = clock_ticks_us() + 5000000;

	assert_int_equal(bus_send(bus, "echo", packed), ERR_UNREACHABLE);
	assert_int_equal(bus_connect(bus, &w->service), ERR_NONE);
	assert_int_equal(bus_send(bus, "nobody", packed), ERR_UNREACHABLE);
	while (bus_send(bus, "echo", packed) != ERR_NONE && clock_ticks_us() < until)
		assert_int_equal(bus_wait(bus, 5, -1), ERR_NONE);
	expect(bus, BUS_ANSWER, &m);

	/* A hint may be lost while the subscription is on its way: ask again. */
	for (m.what = BUS_NOTHING; m.what != BUS_HINT && clock_ticks_us() < until;) {
		assert_int_equal(
		    call(w, bob, PUBLISH, bytes_of_text("news"), 5000, &answer),
		    ERR_NONE);
		assert_int_equal(bus_wait(bus, 100, -1), ERR_NONE);
		assert_int_equal(bus_receive(bus, &m), ERR_NONE);
	}
	assert_int_equal(m.what, BUS_HINT);
	assert_string_equal(m.service, "echo");
	assert_true(bytes_equal(m.bytes, bytes_of_text("news")));
	bus_client_close(bob);
	bus_close(bus);
}

static void
a_dead_peer_is_unreachable_at_once(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->ann, lets_nobody_in);
	struct id id;
	struct bytes packed = raw_call(w, &id);

	assert_int_equal(bus_connect(bus, &w->service), ERR_NONE);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(bus_wait(bus, 20, -1), ERR_NONE);
		assert_int_equal(bus_send(bus, "echo", packed), ERR_UNREACHABLE);
	}
	bus_close(bus);
}

static void
an_endpoint_is_served_once(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->service_keys, lets_nobody_in);
	struct bus_client *ann = client(w, &w->ann);
	char problem[300] = "";

	assert_int_equal(
	    bus_bind(bus, w->service.endpoint, "", problem, sizeof problem), ERR_BUSY);
	assert_non_null(strstr(problem, "another process serves ipc://"));
	bus_close(bus);
	/* And the one who was there first still serves. */
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	bus_client_close(ann);
}

static void
a_taken_port_is_one_sentence(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->service_keys, lets_nobody_in);
	void *context = zmq_ctx_new(), *other = zmq_socket(context, ZMQ_ROUTER);
	char endpoint[64], problem[300] = "";
	size_t len = sizeof endpoint;

	assert_int_equal(zmq_bind(other, "tcp://127.0.0.1:*"), 0);
	zmq_getsockopt(other, ZMQ_LAST_ENDPOINT, endpoint, &len);
	assert_int_equal(bus_bind(bus, endpoint, "", problem, sizeof problem), ERR_BUSY);
	assert_non_null(strstr(problem, "another process serves tcp://127.0.0.1:"));
	bus_close(bus);
	zmq_close(other);
	zmq_ctx_term(context);
}

/* ---- the proof that the door is shut ---- */

static enum err
self_test(struct world *w, bool (*known)(void *, const uint8_t *))
{
	struct bus *bus = open_bus(&w->service_keys, known);
	char problem[300] = "";
	enum err e;

	assert_int_equal(
	    bus_bind(bus, w->service.endpoint, "", problem, sizeof problem), ERR_NONE);
	e = bus_self_test(bus, w->service.endpoint);
	bus_close(bus);
	return e;
}

static void
the_self_test_passes_a_shut_door(void **state)
{
	assert_int_equal(self_test(*state, lets_nobody_in), ERR_NONE);
}

static void
the_self_test_finds_an_open_door(void **state)
{
	assert_int_equal(self_test(*state, lets_all_in), ERR_DENIED);
}

static void
the_self_test_does_not_pass_unproved(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->service_keys, lets_nobody_in);

	/* Nobody serves there, so nobody said no. */
	assert_int_equal(bus_self_test(bus, w->service.endpoint), ERR_LATE);
	bus_close(bus);
}

/* A server socket whose door nobody keeps lets nobody in. */
static void
without_a_door_nobody_gets_in(void **state)
{
	struct world *w = *state;
	struct bus_end server = {w->service_keys.public_key, w->service_keys.secret_key,
		NULL};
	struct bus_end end = {w->ann.public_key, w->ann.secret_key, w->service.key};
	struct bus_socket calls, dealer;
	struct bytes nothing = BYTES_NONE;
	int64_t until = clock_ticks_us() + 500000;

	assert_int_equal(bus_context_hold(), ERR_NONE);
	assert_int_equal(bus_socket_open(&calls, BUS_KIND_CALLS_IN, &server), ERR_NONE);
	assert_int_equal(bus_socket_bind(&calls, w->service.endpoint), 0);
	assert_int_equal(bus_socket_open(&dealer, BUS_KIND_CALLS_OUT, &end), ERR_NONE);
	assert_int_equal(bus_socket_connect(&dealer, w->service.endpoint), 0);
	while (clock_ticks_us() < until) {
		assert_int_equal(bus_socket_send(&dealer, &nothing, 1), ERR_UNREACHABLE);
		assert_false(bus_socket_wait(&calls, ZMQ_POLLIN, 10000));
	}
	bus_socket_close(&calls);
	bus_socket_close(&dealer);
	bus_context_release();
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, set_up_service, tear_down)
#define ALONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(a_known_key_is_who_it_is),
		SERVED(an_unknown_key_gets_nothing_through),
		SERVED(a_stolen_public_key_gets_nothing_through),
		SERVED(a_false_service_is_not_believed),
		SERVED(a_key_registered_meanwhile_gets_in),
		SERVED(without_encryption_nothing_gets_through),
		SERVED(a_routing_id_is_nobodys_name),
		SERVED(a_raw_peer_with_a_known_key_is_heard),
		SERVED(only_one_part_is_a_call),
		SERVED(too_long_a_message_costs_its_sender_alone),
		SERVED(a_call_too_long_is_not_sent),
		SERVED(a_long_answer_arrives_whole),
		SERVED(busy_is_tried_again),
		SERVED(busy_to_the_end_is_said),
		SERVED(a_lost_call_is_sent_again),
		SERVED(a_call_outlives_the_service),
		SERVED(silence_is_late),
		ALONE(nobody_there_is_unreachable),
		SERVED(many_calls_at_once_are_all_answered),
		SERVED(a_service_asks_another_and_hears_its_hints),
		ALONE(a_dead_peer_is_unreachable_at_once),
		SERVED(an_endpoint_is_served_once),
		ALONE(a_taken_port_is_one_sentence),
		ALONE(the_self_test_passes_a_shut_door),
		ALONE(the_self_test_finds_an_open_door),
		ALONE(the_self_test_does_not_pass_unproved),
		ALONE(without_a_door_nobody_gets_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
