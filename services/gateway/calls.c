#include "gateway/calls.h"

#include <stdio.h>
#include <string.h>

#include "base/bus.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/message.h"
#include "base/run_options.h"
#include "base/str.h"

#include "journal.pb-c.h"

#define AGAIN_US 50000LL  /* until a call that could not be sent is tried again */
#define REST_US 1000000LL /* the longest that nobody looks */
#define DOWN_US 1000000LL /* unreachable for so long: down */
#define ARENA_SPARE 4096  /* what an arena keeps beside its blocks */
#define SCRATCH_BYTES ((size_t)1024 * 1024)
/* Messages taken before readers are written to again: they ask their next while others
 * wait, or else gateway and service would work in turns. */
#define MESSAGES_A_ROUND 4

/* The gateway serves nobody on the bus. */
static bool
is_known(void *context, const uint8_t key[32])
{
	(void)context;
	(void)key;
	return false;
}

static enum err
connect_to_peers(
    struct calls *c, const struct run_options *o, char *problem, size_t problem_size)
{
	for (size_t i = 0; i < o->peers.n; i++) {
		const struct conf_peer *peer = &o->peers.list[i];

		if (peer->endpoint[0] == '\0' || peer == o->self)
			continue;
		if (bus_connect(c->bus, peer) != ERR_NONE) {
			snprintf(problem, problem_size,
			    "%s is no endpoint to connect to (for %s)", peer->endpoint,
			    peer->name);
			return ERR_MALFORMED;
		}
		c->peers[c->peers_n++] = peer->name;
	}
	return ERR_NONE;
}

static enum err
open_list(struct calls *c)
{
	enum err e = arena_open(&c->table, CALLS_MAX * sizeof *c->list + ARENA_SPARE);

	if (e != ERR_NONE)
		return e;
	c->list = LIST_NEW(&c->table, CALLS_MAX, struct call);
	if (c->list == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < CALLS_MAX; i++) {
		c->list[i].next = c->free;
		c->free = &c->list[i];
	}
	return arena_open(&c->scratch, SCRATCH_BYTES);
}

enum err
calls_open(
    struct calls *c, const struct run_options *o, char *problem, size_t problem_size)
{
	struct bus_options bus = {.is_known = is_known};
	enum err e;

	*c = (struct calls){.hinted = c->hinted, .context = c->context};
	memcpy(bus.public_key, o->public_key, sizeof bus.public_key);
	memcpy(bus.secret_key, o->secret_key, sizeof bus.secret_key);
	e = open_list(c);
	if (e == ERR_NONE)
		e = bus_open(&c->bus, &bus, problem, problem_size);
	explicit_bzero(bus.secret_key, sizeof bus.secret_key);
	return e != ERR_NONE ? e : connect_to_peers(c, o, problem, problem_size);
}

void
calls_close(struct calls *c)
{
	bus_close(c->bus);
	if (c->scratch.base != NULL)
		arena_close(&c->scratch);
	if (c->table.base != NULL)
		arena_close(&c->table);
}

int64_t
calls_now_ms(const struct calls *c)
{
	(void)c;
	return clock_now_ms();
}

struct id
calls_new_id(struct calls *c)
{
	(void)c;
	return bus_new_id();
}

/* ---- the table ---- */

/* The end of an id is chance. */
static struct call **
bucket_of(struct calls *c, const char *id)
{
	uint32_t hash = 0;

	for (size_t i = ID_LEN - 6; i < ID_LEN; i++)
		hash = hash * 31 + (unsigned char)id[i];
	return &c->buckets[hash % CALLS_BUCKETS];
}

static void
take_out(struct calls *c, struct call *call)
{
	struct call **at = bucket_of(c, call->id.text);

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->next = c->free;
	call->of = NULL;
	c->free = call;
	c->under_way_n--;
}

static void
end(struct calls *c, struct call *call, const Envelope__Envelope *answer, bool is_down)
{
	calls_answered *answered = call->answered;
	void *of = call->of;
	size_t index = call->index;

	take_out(c, call);
	answered(of, index, answer, is_down);
}

void
calls_forget(struct calls *c, const void *of)
{
	for (size_t i = 0; i < CALLS_MAX && c->under_way_n > 0; i++) {
		if (c->list[i].of == of)
			take_out(c, &c->list[i]);
	}
}

/* ---- out ---- */

static const char *
peer_name(const struct calls *c, const char *service)
{
	for (size_t i = 0; i < c->peers_n; i++) {
		if (str_equal(c->peers[i], service))
			return c->peers[i];
	}
	return NULL;
}

static void
send_one(struct calls *c, struct call *call, int64_t now_us)
{
	call->is_sent = bus_send(c->bus, call->service, call->packed) == ERR_NONE;
	call->again_us = call->is_sent ? INT64_MAX : now_us + AGAIN_US;
	if (!call->is_sent && c->next_us > call->again_us)
		c->next_us = call->again_us;
	if (c->next_us > call->until_us)
		c->next_us = call->until_us;
}

enum err
calls_send(struct calls *c, const struct call_options *o)
{
	const char *service = peer_name(c, o->service);
	int64_t now_us = clock_ticks_us();
	struct call *call = c->free;
	struct call **bucket = bucket_of(c, o->id.text);

	if (service == NULL)
		return ERR_UNREACHABLE;
	if (call == NULL)
		return ERR_FULL;
	c->free = call->next;
	*call = (struct call){
	    .service = service,
	    .id = o->id,
	    .packed = o->packed,
	    .begun_us = now_us,
	    .until_us = now_us + o->wait_ms * 1000,
	    .answered = o->answered,
	    .of = o->of,
	    .index = o->index,
	    .next = *bucket,
	};
	*bucket = call;
	c->under_way_n++;
	send_one(c, call, now_us);
	return ERR_NONE;
}

/* Was it never sent in all the time it is given to find the service? */
static bool
is_lost(const struct call *call, int64_t now_us)
{
	return !call->is_sent && now_us > call->begun_us + DOWN_US;
}

void
calls_go_on(struct calls *c, int64_t *wait_us)
{
	int64_t now_us = clock_ticks_us();

	if (now_us >= c->next_us) {
		c->next_us = now_us + REST_US;
		for (size_t i = 0; i < CALLS_MAX && c->under_way_n > 0; i++) {
			struct call *call = &c->list[i];

			if (call->of == NULL)
				continue;
			if (now_us >= call->until_us || is_lost(call, now_us)) {
				end(c, call, NULL, !call->is_sent);
				continue;
			}
			if (now_us >= call->again_us)
				send_one(c, call, now_us);
			if (c->next_us > call->again_us)
				c->next_us = call->again_us;
			if (c->next_us > call->until_us)
				c->next_us = call->until_us;
		}
	}
	*wait_us = c->next_us > now_us ? c->next_us - now_us : 0;
}

/* ---- in ---- */

static struct call *
find(struct calls *c, const char *service, const char *id)
{
	struct call *call = id_is_well_formed(id) ? *bucket_of(c, id) : NULL;

	while (call != NULL &&
	       !(strcmp(call->id.text, id) == 0 && str_equal(call->service, service)))
		call = call->next;
	return call;
}

static bool
says_later(const Envelope__Envelope *answer)
{
	return answer->has_fault && (answer->fault == ENVELOPE__FAULT__FAULT_BUSY ||
					answer->fault == ENVELOPE__FAULT__FAULT_STALE);
}

static void
take_answer(struct calls *c, const struct bus_message *message)
{
	const Envelope__Envelope *answer;
	struct call *call;
	ProtobufCMessage *m;

	arena_reset(&c->scratch);
	if (message_unpack(&c->scratch, &envelope__envelope__descriptor, message->bytes,
		&m) != ERR_NONE) {
		log_line(LOG_LEVEL_WARN, "answer.unreadable", "service",
		    message->service, NULL);
		return;
	}
	answer = (const Envelope__Envelope *)(const void *)m;
	call = answer->correlation_id == NULL
	           ? NULL
	           : find(c, message->service, answer->correlation_id);
	if (call == NULL)
		return; /* late, or nobody waits for it any more */
	if (says_later(answer)) {
		call->again_us = clock_ticks_us() + AGAIN_US;
		if (call->again_us < call->until_us) {
			if (c->next_us > call->again_us)
				c->next_us = call->again_us;
			return;
		}
	}
	end(c, call, answer, false);
}

enum err
calls_wait(struct calls *c, int64_t wait_us, int fd)
{
	struct bus_message message;
	enum err e = bus_wait(c->bus, (wait_us + 999) / 1000, fd);

	for (unsigned i = 0; i < MESSAGES_A_ROUND && e == ERR_NONE; i++) {
		e = bus_receive(c->bus, &message);
		if (e != ERR_NONE || message.what == BUS_NOTHING)
			break;
		if (message.what == BUS_ANSWER)
			take_answer(c, &message);
		else if (message.what == BUS_HINT && c->hinted != NULL)
			c->hinted(c->context, message.service);
	}
	return e;
}
