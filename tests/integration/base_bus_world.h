#ifndef RCC_TESTS_INTEGRATION_BASE_BUS_WORLD_H
#define RCC_TESTS_INTEGRATION_BASE_BUS_WORLD_H

#include <setjmp.h>
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

#include "base/bus.h"
#include "base/clock.h"
#include "base/message.h"
#include "support/folder.h"

/*
 * A service on real sockets, in another process (for calls wait), and those who speak
 * to it: Ann and Bob, whom it knows, and a stranger.
 */

/* What the service of this test does with a call, by method number. */
enum method {
	WHO_AM_I = 10, /* answers the caller's key */
	COUNT,         /* answers how many calls were delivered, this one too */
	BUSY_TWICE,    /* then answers how often it was asked */
	BUSY_ALWAYS,
	SECOND_TIME, /* says nothing the first time */
	SILENCE,
	DIE,      /* in its first life; answers in the second */
	REGISTER, /* the key in the body may connect from now on */
	PUBLISH,  /* the body is a hint */
	GROW,     /* answers as many bytes as the body says */
};

struct pair {
	uint8_t public_key[32], secret_key[32];
};

struct world {
	char folder[FOLDER_PATH_MAX];
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

static inline bool
is_known(void *context, const uint8_t key[32])
{
	const struct life *life = context;

	return memcmp(key, life->w->ann.public_key, 32) == 0 ||
	       memcmp(key, life->w->bob.public_key, 32) == 0 ||
	       memcmp(key, life->registered, 32) == 0;
}

static inline void
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

static inline void
reply_number(
    struct life *life, uint64_t token, const Envelope__Envelope *call, uint32_t number)
{
	uint8_t text[4];

	bytes_put_u32(text, number);
	reply(life, token, call, (struct bytes){text, sizeof text}, false);
}

static inline void
serve_call(
    struct life *life, const struct bus_message *m, const Envelope__Envelope *call)
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

static inline void
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
				serve_call(
				    &life, &m, (Envelope__Envelope *)(void *)call);
		}
	}
}

/* Two lives: the second begins where the first was killed. */
static inline void
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

static inline void
make_pair(struct pair *pair)
{
	assert_int_equal(bus_new_key(pair->public_key, pair->secret_key), ERR_NONE);
}

static inline void
set_endpoint(char out[CONF_ENDPOINT_MAX], const char *folder, const char *name)
{
	int n = snprintf(out, CONF_ENDPOINT_MAX, "ipc://%s/%s", folder, name);

	assert_in_range(n, 1, CONF_ENDPOINT_MAX - 1);
}

static inline int
set_up(void **state)
{
	struct world *w = test_calloc(1, sizeof *w);

	folder_make(w->folder);
	make_pair(&w->service_keys);
	make_pair(&w->ann);
	make_pair(&w->bob);
	make_pair(&w->stranger);
	memcpy(w->service.name, "echo", sizeof "echo");
	memcpy(w->service.key, w->service_keys.public_key, 32);
	set_endpoint(w->service.endpoint, w->folder, "echo");
	set_endpoint(w->service.hints, w->folder, "hints");
	assert_int_equal(arena_open(&w->arena, 8u << 20), ERR_NONE);
	*state = w;
	return 0;
}

static inline int
set_up_service(void **state)
{
	set_up(state);
	start_service(*state);
	return 0;
}

static inline int
tear_down(void **state)
{
	struct world *w = *state;

	if (w->pid != 0) {
		kill(-w->pid, SIGKILL);
		waitpid(w->pid, NULL, 0);
	}
	folder_remove(w->folder);
	arena_close(&w->arena);
	test_free(w);
	return 0;
}

static inline struct bus_client *
client(struct world *w, const struct pair *keys)
{
	struct bus_client *c = NULL;

	assert_int_equal(
	    bus_client_open(&c, &w->service, keys->public_key, keys->secret_key),
	    ERR_NONE);
	return c;
}

static inline enum err
call(struct world *w, struct bus_client *c, enum method method, struct bytes body,
    int64_t wait_ms, Envelope__Envelope **answer)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;

	SET(&envelope, method, (uint32_t)method);
	SET_BYTES(&envelope, body, body);
	return bus_client_call(c, &w->arena, &envelope, wait_ms, answer);
}

static inline uint32_t
ask_number(struct world *w, struct bus_client *c, enum method method)
{
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, c, method, BYTES_NONE, 10000, &answer), ERR_NONE);
	assert_false(answer->has_fault);
	assert_int_equal(answer->body.len, 4);
	return bytes_get_u32(answer->body.data);
}

static inline bool
lets_nobody_in(void *context, const uint8_t key[32])
{
	(void)context;
	(void)key;
	return false;
}

static inline bool
lets_all_in(void *context, const uint8_t key[32])
{
	(void)context;
	(void)key;
	return true;
}

static inline struct bus *
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

/* A packed call that asks who one is; and its id. */
static inline struct bytes
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

#define SERVED(test) cmocka_unit_test_setup_teardown(test, set_up_service, tear_down)
#define ALONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
