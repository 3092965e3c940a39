#include "gateway/ask.h"

#include "base/bus.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/message.h"
#include "base/str.h"

#include "envelope.pb-c.h"
#include "members.pb-c.h"

#define ROUND_US 1000000LL
#define SAID_BYTES ((size_t)64 * 1024)
#define ROUND_BYTES ((size_t)4 * 1024)
/* The number of the question is the same with every service. */
#define HEALTH_METHOD MEMBERS__MEMBERS_CALL__CALL_HEALTH

enum err
gateway_ask_open(struct gateway_ask *ask, struct calls *calls)
{
	enum err e;

	*ask = (struct gateway_ask){.calls = calls};
	e = arena_open(&ask->round, ROUND_BYTES);
	for (size_t i = 0; e == ERR_NONE && i < calls->peers_n; i++) {
		e = arena_open(&ask->asked[i].said, SAID_BYTES);
		ask->heard[i].service = calls->peers[i];
		ask->n++;
	}
	return e;
}

void
gateway_ask_close(struct gateway_ask *ask)
{
	for (size_t i = 0; i < ask->n; i++) {
		if (ask->asked[i].said.base != NULL)
			arena_close(&ask->asked[i].said);
	}
	if (ask->round.base != NULL)
		arena_close(&ask->round);
}

/* ---- the answers ---- */

static bool
read_health(struct gateway_ask *ask, size_t i, const Envelope__Envelope *answer)
{
	struct check_problem why;
	ProtobufCMessage *health;
	struct bytes body;

	if (answer == NULL || answer->has_fault || answer->refusal != NULL ||
	    !answer->has_body)
		return false;
	body = BYTES_OF(answer->body);
	arena_reset(&ask->asked[i].said);
	ask->heard[i].health = NULL;
	if (message_unpack(&ask->asked[i].said, &common__health__descriptor, body,
		&health) != ERR_NONE ||
	    !check_message(health, body, &why)) {
		log_line(LOG_LEVEL_WARN, "answer.unreadable", "service",
		    ask->heard[i].service, NULL);
		return false;
	}
	ask->heard[i].health = (const Common__Health *)(const void *)health;
	ask->heard[i].answered_ms = clock_now_ms();
	return true;
}

static void
on_answer(void *of, size_t i, const Envelope__Envelope *answer, bool is_down)
{
	struct gateway_ask *ask = of;
	bool have_all = true;

	(void)is_down;
	ask->asked[i].is_answered = true;
	if (!read_health(ask, i, answer))
		ask->heard[i].health = NULL;
	for (size_t k = 0; k < ask->n; k++)
		have_all = have_all && ask->heard[k].health != NULL;
	ask->is_settled = ask->is_settled || have_all;
}

/* ---- the questions ---- */

/* Nobody is spoken for: the gateway asks in its own name, which every service allows.
 */
static enum err
begin_round(struct gateway_ask *ask, int64_t now_us)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	struct call_options o = {.id = bus_new_id(),
	    .wait_ms = ROUND_US / 1000,
	    .answered = on_answer,
	    .of = ask};
	enum err e;

	calls_forget(ask->calls, ask);
	for (size_t i = 0; i < ask->n; i++) {
		if (!ask->asked[i].is_answered)
			ask->heard[i].health = NULL;
		ask->asked[i].is_answered = false;
	}
	ask->is_settled = ask->is_settled || ask->round_end_us > 0;
	ask->round_end_us = now_us + ROUND_US;
	call.message_id = o.id.text;
	SET(&call, method, HEALTH_METHOD);
	SET(&call, wait_ms, (uint32_t)(ROUND_US / 1000));
	SET_BYTES(&call, body, BYTES_NONE);
	arena_reset(&ask->round);
	e = message_pack(&ask->round, &call.base, &o.packed);
	for (size_t i = 0; e == ERR_NONE && i < ask->n; i++) {
		o.service = ask->heard[i].service;
		o.index = i;
		if (calls_send(ask->calls, &o) != ERR_NONE)
			ask->asked[i].is_answered = false; /* down, for this round */
	}
	return e;
}

enum err
gateway_ask_go_on(struct gateway_ask *ask, int64_t *wait_us)
{
	int64_t now_us = clock_ticks_us();
	enum err e = ERR_NONE;

	if (now_us >= ask->round_end_us)
		e = begin_round(ask, now_us);
	*wait_us = ask->round_end_us - now_us;
	return e;
}
