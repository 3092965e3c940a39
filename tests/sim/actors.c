#include "sim/actors.h"
#include "sim/portal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define THINK_MS_MAX 6000
#define CALM_TICK_MS 30000  /* screens ask anew together, twice a minute */
#define CALM_THINK_MS 25000 /* about what was just read */
#define CALM_ACT_ONE_IN 3
#define ASK_TRIES 100
#define ASK_STEP_MS 50
#define INTRUDER_WAITS_MS 10000
#define SETTLE_MS (60LL * 1000)
#define SETTLE_TRIES 20

struct random *
actors_dice(struct actors *a)
{
	return &a->world->random;
}

int32_t
actors_today(const struct actors *a)
{
	return day_in_london(a->world->now_ms);
}

/* ---- when ---- */

/* The longest between two looks at the screen, in a day without hurry. */
static uint32_t
poll_every_ms(const struct actors *a, const struct actor *c)
{
	switch (c->persona) {
	case PERSONA_COMMISSIONER: return 30000;
	case PERSONA_COOPERATIVE_OFFICER: return 60000;
	case PERSONA_PLACEMENT_OFFICER: return a->is_office ? 180000 : 480000;
	case PERSONA_NOMINATED_OFFICER:
	case PERSONA_DIRECTOR: return 240000;
	case PERSONA_GHOST:
	case PERSONA_INTRUDER: return 300000;
	case PERSONA_DOORKEEPER: return 40000;
	case PERSONA_ADMINISTRATOR: break;
	}
	return UINT32_MAX;
}

static bool
is_busy_with(const struct actor *c)
{
	return c->seen.is_there || c->household_len > 0 ||
	       (c->named_n > 0 && c->home[0] != '\0');
}

/* Later, of its own accord; out of hours only those on call. */
static void
wake_later(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	int64_t tick_ms = 1, at_ms;
	uint32_t most_ms = THINK_MS_MAX;

	c->wake_ms = INT64_MAX;
	if (a->is_calm && !a->is_office && !c->is_on_call)
		return;
	if (a->is_calm) {
		tick_ms = CALM_TICK_MS;
		most_ms = is_busy_with(c) ? CALM_THINK_MS : poll_every_ms(a, c);
	}
	at_ms = a->world->now_ms + 1 + random_below(actors_dice(a), most_ms);
	if (a->is_calm && !is_busy_with(c))
		at_ms += (a->world->now_ms + most_ms - at_ms) / 2;
	c->wake_ms = (at_ms + tick_ms - 1) / tick_ms * tick_ms;
	world_wake_client(a->world, client, c->wake_ms);
}

static void
act(struct actors *a, unsigned client)
{
	const struct actor *c = &a->list[client];

	arena_reset(&a->arena);
	if (a->is_calm && !is_busy_with(c) && c->persona < PERSONA_GHOST &&
	    !random_one_in(actors_dice(a), CALM_ACT_ONE_IN)) {
		actors_ask_list(a, client);
		return;
	}
	switch (a->list[client].persona) {
	case PERSONA_ADMINISTRATOR: break;
	case PERSONA_COMMISSIONER: commissioner_acts(a, client); break;
	case PERSONA_NOMINATED_OFFICER:
	case PERSONA_DIRECTOR: approver_acts(a, client); break;
	case PERSONA_COOPERATIVE_OFFICER: actors_look(a, client); break;
	case PERSONA_PLACEMENT_OFFICER: provider_acts(a, client); break;
	case PERSONA_GHOST: ghost_acts(a, client); break;
	case PERSONA_INTRUDER: intruder_acts(a, client); break;
	case PERSONA_DOORKEEPER: doorkeeper_acts(a, client); break;
	}
}

static void
wake(struct world *w, unsigned client)
{
	struct actors *a = w->people;
	struct actor *c = &a->list[client];

	if (client == PORTAL_CLIENT) {
		portal_wake();
		return;
	}
	if (w->now_ms < c->wake_ms)
		return; /* it has changed its mind since */
	c->wake_ms = INT64_MAX;
	if (c->is_waiting && w->now_ms - c->asked_ms > INTRUDER_WAITS_MS &&
	    c->persona == PERSONA_INTRUDER) {
		c->is_waiting = false; /* nobody speaks to them */
		wake_later(a, client);
	} else if (c->is_waiting)
		actors_send(a, client);
	else if (!a->is_resting) {
		act(a, client);
		if (!c->is_waiting)
			wake_later(a, client);
	}
}

/* ---- hearing ---- */

bool
actors_is_question(const struct actors *a, enum node_name to, uint32_t method)
{
	const struct service *s = a->world->nodes[to].service;

	for (size_t i = 0; i < s->methods_n; i++)
		if (s->methods[i].number == method)
			return s->methods[i].kind == SVC_QUESTION;
	return true;
}

/* A person's write at an owner of places needs a copy of members no older than a day.
 */
static void
check_freshness(struct actors *a, const struct actor *c)
{
	const int64_t margin_ms = 60LL * 1000;

	if ((c->to == NODE_FOSTER || c->to == NODE_RESIDENTIAL) &&
	    a->members_left_ms > 0 &&
	    c->asked_ms > a->members_left_ms + SVC_COPY_AGE_MAX_MS + margin_ms)
		world_fail(a->world, "%s wrote by an old copy of members",
		    a->world->nodes[c->to].service->name);
}

static void
hear_fault(struct actors *a, struct actor *c, const Envelope__Envelope *e)
{
	bool is_stale = e->fault == ENVELOPE__FAULT__FAULT_STALE;

	/* Refused for today, denied, or a question: given up. The rest goes on asking.
	 */
	if (is_stale || e->fault == ENVELOPE__FAULT__FAULT_DENIED ||
	    actors_is_question(a, c->to, c->method))
		c->is_waiting = false;
	a->world->tally.n[TALLY_STALE] += is_stale;
	if (e->fault == ENVELOPE__FAULT__FAULT_INTERNAL ||
	    e->fault == ENVELOPE__FAULT__FAULT_CORRUPT ||
	    e->fault == ENVELOPE__FAULT__FAULT_MALFORMED ||
	    e->fault == ENVELOPE__FAULT__FAULT_MEMORY ||
	    e->fault == ENVELOPE__FAULT__FAULT_UNKNOWN_METHOD)
		world_fail(a->world, "%s, method %u: fault %d %s",
		    a->world->nodes[c->to].service->name, c->method, (int)e->fault,
		    e->detail == NULL ? "" : e->detail);
}

static void
hear_answer(struct actors *a, unsigned client, const Envelope__Envelope *e,
    struct bytes envelope)
{
	struct actor *c = &a->list[client];
	bool is_question = actors_is_question(a, c->to, c->method);

	c->is_waiting = false;
	if (e->refusal != NULL && e->refusal->number == REFUSAL_ID_OTHER_BODY)
		world_fail(
		    a->world, "%s was told that another's id was its own", c->person);
	if (e->refusal != NULL && e->refusal->number < 100)
		return;
	a->world->tally.n[TALLY_COMMANDS] += !is_question;
	if (!is_question)
		ledger_add(a, client, envelope);
	if (e->refusal != NULL)
		return;
	if (!is_question)
		check_freshness(a, c);
	actors_read(a, c, BYTES_OF(e->body));
}

static void
hear(struct world *w, unsigned client, struct bytes envelope)
{
	struct actors *a = w->people;
	struct actor *c = &a->list[client];
	ProtobufCMessage *m;
	const Envelope__Envelope *e;

	arena_reset(&a->arena);
	if (message_unpack(&a->arena, &envelope__envelope__descriptor, envelope, &m) !=
	    ERR_NONE) {
		world_fail(w, "a reply cannot be read");
		return;
	}
	e = (const Envelope__Envelope *)m;
	if (a->is_asking && a->ask_client == client &&
	    str_equal(e->correlation_id, a->ask_id)) {
		a->is_asking = false;
		a->answer_len = envelope.len;
		memcpy(a->answer, envelope.data, envelope.len);
		return;
	}
	if (client == PORTAL_CLIENT) {
		portal_hear(envelope);
		return;
	}
	w->tally.n[TALLY_FLOOD_BUSY] +=
	    c->persona == PERSONA_INTRUDER && e->fault == ENVELOPE__FAULT__FAULT_BUSY;
	if (!c->is_waiting || !str_equal(e->correlation_id, c->id.text))
		return;
	if (c->persona == PERSONA_INTRUDER)
		intruder_hears(a, client, e);
	else if (e->has_fault && e->fault != ENVELOPE__FAULT__FAULT_UNSPECIFIED)
		hear_fault(a, c, e);
	else
		hear_answer(a, client, e, envelope);
	if (!c->is_waiting)
		wake_later(a, client);
}

/* ---- the test's own questions ---- */

const Envelope__Envelope *
actors_ask(struct actors *a, unsigned client, enum node_name to, const struct id *id,
    struct bytes call)
{
	ProtobufCMessage *m;

	if (a->world->is_over)
		return NULL;
	a->is_asking = true;
	a->ask_client = client;
	memcpy(a->ask_id, id->text, sizeof a->ask_id);
	for (unsigned i = 0; a->is_asking && i < ASK_TRIES && !a->world->is_over; i++) {
		if (i % 20 == 0)
			world_send_call(a->world, client, to, call);
		for (unsigned k = 0; k < ASK_STEP_MS && a->is_asking; k += 5)
			world_run(a->world, a->world->now_ms + 5);
	}
	if (a->is_asking)
		world_fail(a->world, "%s did not answer the test",
		    a->world->nodes[to].service->name);
	a->is_asking = false;
	if (a->world->is_over)
		return NULL;
	arena_reset(&a->arena);
	if (message_unpack(&a->arena, &envelope__envelope__descriptor,
		(struct bytes){a->answer, a->answer_len}, &m) != ERR_NONE)
		abort();
	return (const Envelope__Envelope *)m;
}

void
actors_check_health(struct actors *a)
{
	for (unsigned node = 0; node < NODES && !a->world->is_over; node++) {
		const char *name = a->world->nodes[node].service->name;
		Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
		struct id id = actors_new_id(a);
		struct bytes packed;
		const Envelope__Envelope *e;
		const Common__Health *health;
		ProtobufCMessage *m;

		call.message_id = id.text;
		SET(&call, method, 2);
		SET_BYTES(&call, body, BYTES_NONE);
		arena_reset(&a->arena);
		if (message_pack(&a->arena, &call.base, &packed) != ERR_NONE)
			abort();
		e = actors_ask(a, 0, (enum node_name)node, &id, packed);
		if (e == NULL)
			return;
		if (message_unpack(&a->arena, &common__health__descriptor,
			BYTES_OF(e->body), &m) != ERR_NONE) {
			world_fail(a->world, "%s does not say how it is", name);
			return;
		}
		health = (const Common__Health *)m;
		if (!health->ready || health->owed_calls > 0)
			world_fail(a->world, "%s is not ready, or owes %u calls", name,
			    health->owed_calls);
		for (size_t i = 0; i < health->n_follows; i++)
			if (health->follows[i]->stopped != NULL)
				world_fail(a->world, "%s no longer follows %s: %s",
				    name, health->follows[i]->service,
				    health->follows[i]->stopped);
	}
}

/* ---- beginning and end ---- */

void
actors_go(struct actors *a)
{
	a->world->on_client = hear;
	a->world->on_client_wake = wake;
	for (unsigned client = 1; !a->is_resting && client < a->n; client++)
		if (!a->list[client].is_waiting)
			wake_later(a, client);
	readers_go(a->is_resting);
}

static bool
are_idle(const struct actors *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].is_waiting)
			return false;
	return readers_are_idle();
}

bool
actors_settle(struct actors *a)
{
	struct world *w = a->world;

	a->is_resting = true;
	readers_go(true);
	for (unsigned i = 0; i < SETTLE_TRIES && !w->is_over; i++) {
		bool was_up = world_is_up(w);

		world_run(w, w->now_ms + SETTLE_MS);
		if (was_up && are_idle(a))
			return true;
	}
	return false;
}

void
actors_close(struct actors *a)
{
	ledger_close(a);
	arena_close(&a->arena);
}
