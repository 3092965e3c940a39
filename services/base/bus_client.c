#include "base/bus.h"

#include <stdlib.h>
#include <string.h>

#include "base/bus_socket.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/str.h"

#define RESEND_US 1000000ll
#define CONNECT_STEP_US 100000ll
#define POST_WAIT_US 2000000ll
#define BACKOFF_MIN_US 20000ll
#define BACKOFF_MAX_US 500000ll
#define CLIENTS_WAITED_MAX 256

struct bus_client {
	struct bus_socket socket;
	struct bus_parts held; /* what bus_client_take last gave out */
};

/* One call on its way. */
struct attempt {
	Envelope__Envelope *call;
	struct arena *arena;
	int64_t until_us;
	int64_t next_us; /* when to send it again */
	int64_t backoff_us;
	bool was_sent;
	Envelope__Envelope *busy; /* the last answer that said "not now" */
};

struct id
bus_new_id(void)
{
	uint8_t random[ID_RANDOM_BYTES];

	bus_random(random, sizeof random);
	return id_make(clock_now_ms(), random);
}

enum err
bus_new_key(uint8_t public_key[32], uint8_t secret_key[32])
{
	char public_text[41], secret_text[41];
	bool is_made = zmq_curve_keypair(public_text, secret_text) == 0 &&
	               zmq_z85_decode(public_key, public_text) != NULL &&
	               zmq_z85_decode(secret_key, secret_text) != NULL;

	explicit_bzero(secret_text, sizeof secret_text);
	return is_made ? ERR_NONE : ERR_INTERNAL;
}

enum err
bus_client_open(struct bus_client **out, const struct conf_peer *peer,
    const uint8_t public_key[32], const uint8_t secret_key[32])
{
	struct bus_end end = {public_key, secret_key, peer->key};
	struct bus_client *c = calloc(1, sizeof *c);
	enum err e;

	if (c == NULL)
		return ERR_MEMORY;
	e = bus_context_hold();
	if (e != ERR_NONE) {
		free(c);
		return e;
	}
	e = bus_socket_open(&c->socket, BUS_KIND_CALLS_OUT, &end);
	if (e == ERR_NONE && bus_socket_connect(&c->socket, peer->endpoint) != 0)
		e = ERR_UNREACHABLE;
	if (e != ERR_NONE) {
		bus_client_close(c);
		return e;
	}
	*out = c;
	return ERR_NONE;
}

void
bus_client_close(struct bus_client *c)
{
	if (c == NULL)
		return;
	bus_parts_drop(&c->held);
	bus_socket_close(&c->socket);
	bus_context_release();
	free(c);
}

/* Sends, or finds that nobody is connected; either way says when to come again. */
static enum err
try_send(struct bus_client *c, struct attempt *t, int64_t now_us)
{
	size_t mark = t->arena->used;
	int64_t left_ms = (t->until_us - now_us + 999) / 1000;
	struct bytes packed;
	enum err e;

	SET(t->call, wait_ms, (uint32_t)left_ms);
	e = message_pack(t->arena, &t->call->base, &packed);
	if (e == ERR_NONE && packed.len > BUS_MESSAGE_BYTES_MAX)
		e = ERR_MALFORMED;
	if (e != ERR_NONE)
		return e;
	e = bus_socket_send(&c->socket, &packed, 1);
	arena_release(t->arena, mark);
	t->next_us = now_us + (e == ERR_NONE ? RESEND_US : CONNECT_STEP_US);
	if (e == ERR_NONE)
		t->was_sent = true;
	return ERR_NONE;
}

/* Half of the backoff is chance, so that callers turned away together do not come
 * back together. */
static void
back_off(struct attempt *t)
{
	uint32_t chance;
	int64_t half = t->backoff_us / 2;

	bus_random(&chance, sizeof chance);
	t->next_us = clock_ticks_us() + half + chance % half;
	if (t->backoff_us * 2 <= BACKOFF_MAX_US)
		t->backoff_us *= 2;
	else
		t->backoff_us = BACKOFF_MAX_US;
}

/* Reads what came. *answer stays NULL where it is not this call's, or says "not
 * now". */
static enum err
read_answer(struct attempt *t, struct bytes in, Envelope__Envelope **answer)
{
	ProtobufCMessage *m;
	Envelope__Envelope *a;
	size_t mark = t->arena->used;
	enum err e = message_unpack(t->arena, &envelope__envelope__descriptor, in, &m);

	if (e != ERR_NONE)
		return e;
	a = (Envelope__Envelope *)(void *)m;
	if (!str_equal(a->correlation_id, t->call->message_id)) {
		arena_release(t->arena, mark);
		return ERR_NONE;
	}
	if (a->has_fault && (a->fault == ENVELOPE__FAULT__FAULT_BUSY ||
				a->fault == ENVELOPE__FAULT__FAULT_STALE)) {
		t->busy = a;
		back_off(t);
		return ERR_NONE;
	}
	*answer = a;
	return ERR_NONE;
}

/* Until the answer, a fault, or the deadline: sends when it is time, else waits. */
static enum err
converse(struct bus_client *c, struct attempt *t, Envelope__Envelope **answer)
{
	struct bus_parts parts = {.n = 0};
	enum err e = ERR_NONE;

	for (;;) {
		int64_t now = clock_ticks_us();
		int64_t wake = t->next_us < t->until_us ? t->next_us : t->until_us;
		int events = t->was_sent ? ZMQ_POLLIN : ZMQ_POLLIN | ZMQ_POLLOUT;

		if (now >= t->until_us)
			return ERR_LATE;
		if (now >= t->next_us) {
			e = try_send(c, t, now);
			if (e != ERR_NONE)
				return e;
			continue;
		}
		if (!bus_socket_wait(&c->socket, events, wake - now))
			continue;
		if (!bus_socket_take(&c->socket, &parts)) {
			t->next_us = now; /* connected just now */
			continue;
		}
		if (parts.n == 1)
			e = read_answer(t, bus_part(&parts, 0), answer);
		bus_parts_drop(&parts);
		if (e != ERR_NONE || *answer != NULL)
			return e;
	}
}

enum err
bus_client_call(struct bus_client *c, struct arena *a, Envelope__Envelope *call,
    int64_t wait_ms, Envelope__Envelope **answer)
{
	int64_t now = clock_ticks_us();
	struct attempt t = {
	    .call = call,
	    .arena = a,
	    .until_us = now + wait_ms * 1000,
	    .next_us = now,
	    .backoff_us = BACKOFF_MIN_US,
	};
	Envelope__Envelope *found = NULL;
	enum err e;

	if (call->message_id == NULL) {
		struct id id = bus_new_id();

		call->message_id = str_copy(a, id.text);
		if (call->message_id == NULL)
			return ERR_MEMORY;
	}
	e = converse(c, &t, &found);
	if (e == ERR_LATE && t.busy != NULL) {
		*answer = t.busy; /* better than silence: it says why */
		return ERR_NONE;
	}
	if (e == ERR_LATE && !t.was_sent)
		return ERR_UNREACHABLE;
	if (e == ERR_NONE)
		*answer = found;
	return e;
}

enum err
bus_client_try(struct bus_client *c, struct bytes envelope)
{
	return envelope.len > BUS_MESSAGE_BYTES_MAX
	           ? ERR_MALFORMED
	           : bus_socket_send(&c->socket, &envelope, 1);
}

enum err
bus_client_post(struct bus_client *c, struct bytes envelope)
{
	enum err e = bus_client_try(c, envelope);

	if (e != ERR_UNREACHABLE)
		return e;
	if (!bus_socket_wait(&c->socket, ZMQ_POLLOUT, POST_WAIT_US))
		return ERR_UNREACHABLE;
	return bus_client_try(c, envelope);
}

enum err
bus_client_take(struct bus_client *c, int64_t wait_ms, struct bytes *out)
{
	int64_t until = clock_ticks_us() + wait_ms * 1000;

	bus_parts_drop(&c->held);
	for (;;) {
		if (bus_socket_take(&c->socket, &c->held)) {
			if (c->held.n == 1) {
				*out = bus_part(&c->held, 0);
				return ERR_NONE;
			}
			bus_parts_drop(&c->held);
			continue;
		}
		if (!bus_socket_wait(&c->socket, ZMQ_POLLIN, until - clock_ticks_us()))
			return ERR_LATE;
	}
}

void
bus_client_wait_any(struct bus_client *const *clients, size_t n, int64_t wait_ms)
{
	zmq_pollitem_t items[CLIENTS_WAITED_MAX];

	if (n > CLIENTS_WAITED_MAX)
		n = CLIENTS_WAITED_MAX;
	for (size_t i = 0; i < n; i++)
		items[i] = (zmq_pollitem_t){clients[i]->socket.zmq, 0, ZMQ_POLLIN, 0};
	(void)zmq_poll(items, (int)n, (long)wait_ms);
}
