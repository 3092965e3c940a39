#include "gateway/ask.h"

#include <stdio.h>
#include <string.h>

#include "base/bus.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/message.h"
#include "base/run_options.h"
#include "base/str.h"

#include "envelope.pb-c.h"
#include "members.pb-c.h"

#define ROUND_US 1000000LL
#define RETRY_US 100000LL /* whoever is not connected: try again */
#define SAID_BYTES ((size_t)64 * 1024)
#define ROUND_BYTES ((size_t)4 * 1024)
#define SCRATCH_BYTES ((size_t)1024 * 1024)
/* The number of the question is the same with every service. */
#define HEALTH_METHOD MEMBERS__MEMBERS_CALL__CALL_HEALTH

/* The gateway serves nobody on the bus. */
static bool
is_known(void *context, const uint8_t key[32])
{
	(void)context;
	(void)key;
	return false;
}

static enum err
connect_to_peers(struct gateway_ask *ask, const struct run_options *o, char *problem,
    size_t problem_size)
{
	for (size_t i = 0; i < o->peers.n; i++) {
		struct conf_peer peer = o->peers.list[i];
		enum err e;

		if (peer.endpoint[0] == '\0' || &o->peers.list[i] == o->self)
			continue;
		peer.hints[0] = '\0'; /* no events are followed here */
		e = bus_connect(ask->bus, &peer);
		if (e == ERR_NONE)
			e = arena_open(&ask->asked[ask->n].said, SAID_BYTES);
		if (e != ERR_NONE) {
			snprintf(problem, problem_size,
			    "%s is no endpoint to connect to (for %s)", peer.endpoint,
			    peer.name);
			return e;
		}
		ask->heard[ask->n++].service = o->peers.list[i].name;
	}
	return ERR_NONE;
}

enum err
gateway_ask_open(struct gateway_ask *ask, const struct run_options *o, char *problem,
    size_t problem_size)
{
	struct bus_options bus = {.is_known = is_known};
	enum err e;

	*ask = (struct gateway_ask){.n = 0};
	memcpy(bus.public_key, o->public_key, sizeof bus.public_key);
	memcpy(bus.secret_key, o->secret_key, sizeof bus.secret_key);
	e = arena_open(&ask->round, ROUND_BYTES);
	if (e == ERR_NONE)
		e = arena_open(&ask->scratch, SCRATCH_BYTES);
	if (e == ERR_NONE)
		e = bus_open(&ask->bus, &bus, problem, problem_size);
	explicit_bzero(bus.secret_key, sizeof bus.secret_key);
	return e != ERR_NONE ? e : connect_to_peers(ask, o, problem, problem_size);
}

void
gateway_ask_close(struct gateway_ask *ask)
{
	bus_close(ask->bus);
	for (size_t i = 0; i < ask->n; i++)
		arena_close(&ask->asked[i].said);
	if (ask->round.base != NULL)
		arena_close(&ask->round);
	if (ask->scratch.base != NULL)
		arena_close(&ask->scratch);
}

/* ---- the questions ---- */

/* Nobody is spoken for: the gateway asks in its own name, which every service allows.
 */
static enum err
begin_round(struct gateway_ask *ask, int64_t now_us)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;

	ask->is_settled = ask->is_settled || ask->round_end_us > 0;
	for (size_t i = 0; i < ask->n; i++) {
		if (!ask->asked[i].is_answered)
			ask->heard[i].health = NULL;
		ask->asked[i].is_sent = ask->asked[i].is_answered = false;
	}
	ask->round_end_us = now_us + ROUND_US;
	ask->question = bus_new_id();
	call.message_id = ask->question.text;
	SET(&call, method, HEALTH_METHOD);
	SET(&call, wait_ms, (uint32_t)(ROUND_US / 1000));
	SET_BYTES(&call, body, BYTES_NONE);
	arena_reset(&ask->round);
	return message_pack(&ask->round, &call.base, &ask->packed);
}

enum err
gateway_ask_go_on(struct gateway_ask *ask, int64_t *wait_us)
{
	int64_t now_us = clock_ticks_us();
	bool is_missing = false;

	if (now_us >= ask->round_end_us) {
		enum err e = begin_round(ask, now_us);

		if (e != ERR_NONE)
			return e;
	}
	for (size_t i = 0; i < ask->n; i++) {
		struct gateway_asked *asked = &ask->asked[i];

		if (!asked->is_sent)
			asked->is_sent = bus_send(ask->bus, ask->heard[i].service,
					     ask->packed) == ERR_NONE;
		is_missing = is_missing || !asked->is_sent;
	}
	*wait_us = ask->round_end_us - now_us;
	if (is_missing && *wait_us > RETRY_US)
		*wait_us = RETRY_US;
	return ERR_NONE;
}

/* ---- the answers ---- */

/* The answer's body, where it answers this round's question; else BYTES_NONE. */
static struct bytes
read_envelope(struct gateway_ask *ask, struct bytes in)
{
	const Envelope__Envelope *answer;
	ProtobufCMessage *m;

	if (message_unpack(&ask->scratch, &envelope__envelope__descriptor, in, &m) !=
	    ERR_NONE)
		return BYTES_NONE;
	answer = (const Envelope__Envelope *)(const void *)m;
	if (!str_equal(answer->correlation_id, ask->question.text) ||
	    answer->has_fault || answer->refusal != NULL || !answer->has_body)
		return BYTES_NONE;
	return BYTES_OF(answer->body);
}

static void
take_answer(struct gateway_ask *ask, const struct bus_message *message)
{
	struct check_problem why;
	ProtobufCMessage *health;
	struct bytes body;
	size_t i = 0;

	while (!str_equal(ask->heard[i].service, message->service))
		i++;
	arena_reset(&ask->scratch);
	body = read_envelope(ask, message->bytes);
	if (body.len == 0)
		return;
	ask->heard[i].health = NULL;
	arena_reset(&ask->asked[i].said);
	if (message_unpack(&ask->asked[i].said, &common__health__descriptor, body,
		&health) != ERR_NONE ||
	    !check_message(health, body, &why)) {
		log_line(LOG_LEVEL_WARN, "answer.unreadable", "service",
		    ask->heard[i].service, NULL);
		return;
	}
	ask->heard[i].health = (const Common__Health *)(const void *)health;
	ask->heard[i].answered_ms = clock_now_ms();
	ask->asked[i].is_answered = true;
}

static bool
have_all_answered(const struct gateway_ask *ask)
{
	for (size_t i = 0; i < ask->n; i++) {
		if (!ask->asked[i].is_answered)
			return false;
	}
	return true;
}

enum err
gateway_ask_wait(struct gateway_ask *ask, int64_t wait_us, int fd)
{
	struct bus_message message;
	enum err e = bus_wait(ask->bus, (wait_us + 999) / 1000, fd);

	while (e == ERR_NONE) {
		e = bus_receive(ask->bus, &message);
		if (e != ERR_NONE || message.what == BUS_NOTHING)
			break;
		if (message.what == BUS_ANSWER)
			take_answer(ask, &message);
	}
	ask->is_settled = ask->is_settled || have_all_answered(ask);
	return e;
}
