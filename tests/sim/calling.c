/* What people know of, and how they ask. */
#include "sim/actors.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define RESEND_MS 2000
#define WAIT_MS 5000
#define SHARED_ID_ONE_IN 20

#define REQUESTS_CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name

/* ---- knowing ---- */

void
actors_learn(
    struct known_list *l, const char *id, const char *parent, const char *owner)
{
	struct known *k;

	if (id == NULL || l->n == KNOWN_MAX || actors_known(l, id) != NULL)
		return;
	k = &l->items[l->n++];
	model_keep(k->id, id);
	model_keep(k->parent, parent);
	model_keep(k->owner, owner);
}

const struct known *
actors_known(const struct known_list *l, const char *id)
{
	return MODEL_FIND(l->items, l->n, id);
}

const struct known *
actors_pick(struct actors *a, const struct known_list *l, const char *owner)
{
	uint32_t recent = l->n > 12 ? 12 : (uint32_t)l->n;

	for (unsigned tries = 0; l->n > 0 && tries < 24; tries++) {
		uint32_t back = random_one_in(actors_dice(a), 4)
		                    ? random_below(actors_dice(a), (uint32_t)l->n)
		                    : random_below(actors_dice(a), recent);
		const struct known *k = &l->items[l->n - 1 - back];

		if (owner == NULL || str_equal(k->owner, owner))
			return k;
	}
	return NULL;
}

/* ---- calling ---- */

static struct id
id_at(struct actors *a, int64_t by_ms)
{
	uint8_t bytes[ID_RANDOM_BYTES];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)random_below(actors_dice(a), 256);
	return id_make(a->world->now_ms + by_ms, bytes);
}

struct id
actors_new_id(struct actors *a)
{
	return id_at(a, 0);
}

/* Through the gateway two people may come with the same id: each is its own. */
static struct id
id_for(struct actors *a, unsigned client)
{
	struct id id = actors_new_id(a);

	if (!a->list[client].is_by_gateway)
		return id;
	if (a->gateway_id.text[0] != '\0' && a->gateway_client != client &&
	    random_one_in(actors_dice(a), SHARED_ID_ONE_IN)) {
		id = a->gateway_id;
		a->gateway_id.text[0] = '\0';
		a->world->tally.n[TALLY_SHARED_IDS]++;
		return id;
	}
	a->gateway_id = id;
	a->gateway_client = client;
	return id;
}

static void
wake_at(struct actors *a, unsigned client, int64_t in_ms)
{
	a->list[client].wake_ms = a->world->now_ms + in_ms;
	world_wake_client(a->world, client, a->list[client].wake_ms);
}

void
actors_send(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];

	if (c->persona != PERSONA_INTRUDER) {
		a->sent_ms = a->world->now_ms;
		a->world->tally.n[TALLY_POLLS] +=
		    actors_is_question(a, c->to, c->method);
	}
	world_send_call(a->world, client, c->to, (struct bytes){c->call, c->call_len});
	wake_at(a, client, RESEND_MS);
}

/* What is packed goes out, and again until it is answered. */
static void
call_packed(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    struct bytes packed)
{
	struct actor *c = &a->list[client];

	if (packed.len > sizeof c->call)
		abort();
	memcpy(c->call, packed.data, packed.len);
	c->call_len = packed.len;
	c->to = to;
	c->method = method;
	c->asked_ms = a->world->now_ms;
	c->is_waiting = true;
	actors_send(a, client);
}

void
actors_forge(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const struct actors_forged *f)
{
	struct actor *c = &a->list[client];
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	struct bytes packed;

	c->id = f->by_ms == 0 ? id_for(a, client) : id_at(a, f->by_ms);
	e.message_id = c->id.text;
	if (f->organisation != NULL)
		e.organisation_id = TEXT(f->organisation);
	else if (c->organisation[0] != '\0')
		e.organisation_id = c->organisation;
	if (f->user != NULL)
		e.user_id = TEXT(f->user);
	else if (c->is_by_gateway)
		e.user_id = c->person;
	SET(&e, method, method);
	SET(&e, wait_ms, WAIT_MS);
	SET_BYTES(&e, body, f->body);
	if (message_pack(&a->arena, &e.base, &packed) != ERR_NONE)
		abort();
	call_packed(a, client, to, method, packed);
}

void
actors_send_as(struct actors *a, unsigned client, const struct actor *other)
{
	a->list[client].id = other->id;
	call_packed(a, client, other->to, other->method,
	    (struct bytes){other->call, other->call_len});
}

void
actors_call(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const ProtobufCMessage *message)
{
	struct actors_forged f = {.by_ms = 0};

	if (message_pack(&a->arena, message, &f.body) != ERR_NONE)
		abort();
	actors_forge(a, client, to, method, &f);
}

void
actors_ask_request(
    struct actors *a, unsigned client, const char *request, uint32_t method)
{
	Requests__RequestAsked *r = MESSAGE_NEW(&a->arena, requests__request_asked);

	r->request_id = TEXT(request);
	actors_call(a, client, NODE_REQUESTS, method, &r->base);
}

void
actors_ask_home(struct actors *a, unsigned client, const char *home)
{
	Foster__HouseholdAsked *h = MESSAGE_NEW(&a->arena, foster__household_asked);

	h->household_id = TEXT(home);
	model_keep(a->list[client].about, home);
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(HOUSEHOLD), &h->base);
}

void
actors_ask_list(struct actors *a, unsigned client)
{
	Requests__RequestsAsked *list =
	    MESSAGE_NEW(&a->arena, requests__requests_asked);
	const struct known *after = actors_pick(a, &a->requests, NULL);

	/* Mostly only what came since some that are known already. */
	if (after != NULL && !random_one_in(actors_dice(a), a->is_calm ? 4 : 2))
		list->after_id = TEXT(after->id);
	actors_call(a, client, NODE_REQUESTS, REQUESTS_CALL(REQUESTS), &list->base);
}

void
actors_look(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	size_t i;

	if (c->todo_n == 0) {
		actors_ask_list(a, client);
		return;
	}
	i = random_below(actors_dice(a), (uint32_t)c->todo_n);
	actors_ask_request(a, client, c->todo[i], REQUESTS_CALL(REQUEST));
	memmove(c->todo[i], c->todo[--c->todo_n], MODEL_ID);
}
