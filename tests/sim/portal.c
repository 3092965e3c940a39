/* The gateway, on the world's clock, network and chance. */
#include "sim/portal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bus.h"
#include "base/message.h"
#include "base/run_options.h"
#include "base/str.h"
#include "gateway/site.h"

#include "sim/retell.h"
#include "support/still_bus.h"

#define QUEUE_MAX 4096
#define STEP_MS_MAX 60000
#define TOLD_MAX 65536 /* ids told, in a table that is hashed into */
#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

/* Something for the bus to give out. */
struct queued {
	bool is_hint;
	const char *service;
	uint8_t *data; /* malloc'd */
	size_t len;
};

struct door {
	struct gateway_exchange exchange; /* first, so that one is the other */
	bool is_open, is_stream;
	struct gateway_request request;
	struct portal_request sent;
};

struct told {
	char person[ID_LEN + 1], id[ID_LEN + 1];
};

static struct portal {
	struct world *world;
	struct actors *actors;
	struct site site;
	struct run_options options;
	struct queued queue[QUEUE_MAX];
	size_t queue_n;
	struct queued given; /* last, until the next */
	struct door doors[PORTAL_READERS_MAX];
	struct told *told;
	struct random random;
	uint8_t call[1024];
	int64_t wake_ms;
	bool is_up, is_stepping;
} portal;

/* ---- beneath calls.c: the bus, the clock ---- */

int64_t __wrap_clock_now_ms(void);
int64_t __wrap_clock_ticks_us(void);
enum err __wrap_bus_send(struct bus *bus, const char *service, struct bytes envelope);
enum err __wrap_bus_receive(struct bus *bus, struct bus_message *out);
struct id __wrap_bus_new_id(void);

int64_t
__wrap_clock_now_ms(void)
{
	return portal.world->now_ms;
}

int64_t
__wrap_clock_ticks_us(void)
{
	return portal.world->now_ms * 1000;
}

enum err
__wrap_bus_send(struct bus *bus, const char *service, struct bytes envelope)
{
	unsigned node = world_node_named(portal.world, service);

	(void)bus;
	if (portal.world->nodes[node].svc == NULL)
		return ERR_UNREACHABLE;
	world_send_call(portal.world, PORTAL_CLIENT, (enum node_name)node, envelope);
	return ERR_NONE;
}

enum err
__wrap_bus_receive(struct bus *bus, struct bus_message *out)
{
	(void)bus;
	*out = (struct bus_message){.what = BUS_NOTHING};
	free(portal.given.data);
	portal.given = (struct queued){.data = NULL};
	if (portal.queue_n == 0)
		return ERR_NONE;
	portal.given = portal.queue[0];
	memmove(&portal.queue[0], &portal.queue[1],
	    --portal.queue_n * sizeof portal.queue[0]);
	*out = (struct bus_message){
	    .what = portal.given.is_hint ? BUS_HINT : BUS_ANSWER,
	    .service = portal.given.service,
	    .bytes = {portal.given.data, portal.given.len},
	};
	return ERR_NONE;
}

struct id
__wrap_bus_new_id(void)
{
	uint8_t chance[ID_RANDOM_BYTES];

	randombytes_buf(chance, sizeof chance);
	return id_make(portal.world->now_ms, chance);
}

/* ---- chance ---- */

static const char *
chance_name(void)
{
	return "a seed's";
}

static uint32_t
chance_word(void)
{
	return (uint32_t)random_next(&portal.random);
}

static void
chance_bytes(void *const out, const size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)out)[i] = (uint8_t)random_below(&portal.random, 256);
}

static struct randombytes_implementation chance = {
    .implementation_name = chance_name,
    .random = chance_word,
    .buf = chance_bytes,
};

/* ---- what each person was told ---- */

static struct told *
told_at(const char *person_id, const char *id)
{
	uint64_t hash = 1469598103934665603U;

	for (const char *at = id; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211U;
	for (const char *at = person_id; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211U;
	for (size_t i = 0; i < TOLD_MAX; i++) {
		struct told *t = &portal.told[(hash + i) % TOLD_MAX];

		if (t->id[0] == '\0' ||
		    (strcmp(t->id, id) == 0 && strcmp(t->person, person_id) == 0))
			return t;
	}
	abort(); /* a longer table */
}

bool
portal_was_told(const char *person_id, const char *id)
{
	return told_at(person_id, id)->id[0] != '\0' || told_at("", id)->id[0] != '\0';
}

static void
tell(const char *person_id, const char *id)
{
	struct told *t = told_at(person_id, id);

	snprintf(t->id, sizeof t->id, "%s", id);
	snprintf(t->person, sizeof t->person, "%s", person_id);
}

/* Every id in the answer, wherever it stands: texts stand as they are in a message. */
static void
tell_all(const char *person_id, struct bytes body)
{
	size_t run = 0;

	for (size_t i = 0; i <= body.len; i++) {
		uint8_t c = i < body.len ? body.data[i] : 0;
		char id[ID_LEN + 1];

		run = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? run + 1 : 0;
		if (run < ID_LEN)
			continue;
		memcpy(id, body.data + i + 1 - ID_LEN, ID_LEN);
		id[ID_LEN] = '\0';
		if (id_is_well_formed(id))
			tell(person_id, id);
	}
}

/* For whom was this asked? Of a command its own id is told too. */
static const char *
person_of(const struct page *p, const char *correlation_id)
{
	for (size_t i = 0; i < p->asked_n; i++) {
		if (str_equal(p->asked[i].id.text, correlation_id))
			return p->asked[i].is_own ? "" : p->session.person_id;
	}
	return NULL;
}

static void
note_told(struct bytes envelope)
{
	ProtobufCMessage *m;
	const Envelope__Envelope *e;

	arena_reset(&portal.actors->arena);
	if (message_unpack(&portal.actors->arena, &envelope__envelope__descriptor,
		envelope, &m) != ERR_NONE)
		abort();
	e = (const Envelope__Envelope *)m;
	for (size_t i = 0; i < SITE_PAGES_MAX; i++) {
		const struct page *p = &portal.site.pages[i];
		const char *person =
		    p->is_taken ? person_of(p, e->correlation_id) : NULL;

		if (person != NULL)
			tell_all(person, BYTES_OF(e->body));
	}
	if (person_of(&portal.site.directory.page, e->correlation_id) != NULL)
		tell_all("", BYTES_OF(e->body));
}

/* ---- the door ---- */

const char *
gateway_http_header(const struct gateway_request *r, const char *name)
{
	const struct door *d = (const struct door *)(const void *)r->exchange;
	const struct {
		const char *name, *value;
	} headers[] = {
	    {"Cookie", d->sent.cookie},
	    {"Accept", d->sent.accept},
	    {"Content-Type", d->sent.type},
	    {"Sec-Fetch-Site", d->sent.site},
	    {"Last-Event-ID", d->sent.last_event},
	    {"Host", "portal"},
	};

	for (size_t i = 0; i < COUNT(headers); i++) {
		if (str_equal(headers[i].name, name))
			return headers[i].value;
	}
	return NULL;
}

static struct door *
door_of(struct gateway_exchange *x)
{
	struct door *d = (struct door *)(void *)x;

	if (!d->is_open)
		world_fail(portal.world, "the portal answered nobody, or twice");
	return d;
}

void
gateway_http_answer(struct gateway_exchange *x, const struct gateway_reply *reply)
{
	struct door *d = door_of(x);
	struct portal_reply said = {.status = reply->status,
	    .is_page = reply->type != NULL && str_starts(reply->type, "text/html"),
	    .body = reply->body};

	for (size_t i = 0; i < reply->headers_n; i++) {
		if (str_equal(reply->headers[i].name, "Location"))
			said.location = reply->headers[i].value;
	}
	d->is_open = false;
	reader_hears((unsigned)(d - portal.doors), &said);
}

void
gateway_http_stream(struct gateway_exchange *x)
{
	struct portal_reply said = {.status = 200, .body = BYTES_NONE};
	struct door *d = door_of(x);

	d->is_stream = true;
	reader_hears((unsigned)(d - portal.doors), &said);
}

enum err
gateway_http_push(struct gateway_exchange *x, struct bytes event)
{
	struct portal_reply said = {.status = 0, .body = event};
	struct door *d = door_of(x);

	reader_hears((unsigned)(d - portal.doors), &said);
	return ERR_NONE;
}

void
gateway_http_end(struct gateway_exchange *x)
{
	door_of(x)->is_open = false;
}

/* ---- turns ---- */

static void
step(void)
{
	struct world *w = portal.world;
	int64_t wait_us = 0, wake_ms;

	if (!portal.is_up || portal.is_stepping)
		return;
	portal.is_stepping = true;
	do {
		if (calls_wait(&portal.site.calls, 0, -1) != ERR_NONE)
			abort();
		site_go_on(&portal.site, &wait_us);
	} while (portal.queue_n > 0);
	portal.is_stepping = false;
	wake_ms = w->now_ms + 1 + wait_us / 1000;
	if (wake_ms > w->now_ms + STEP_MS_MAX)
		wake_ms = w->now_ms + STEP_MS_MAX;
	if (wake_ms < portal.wake_ms || portal.wake_ms <= w->now_ms) {
		portal.wake_ms = wake_ms;
		world_wake_client(w, PORTAL_CLIENT, wake_ms);
	}
}

/* What portal_hear has malloc'd is freed when the bus has given it out; gcc 12 loses
 * sight of it in the queue. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

static void
enqueue(struct queued q)
{
	if (portal.queue_n == QUEUE_MAX)
		abort();
	portal.queue[portal.queue_n++] = q;
}

void
portal_hear(struct bytes envelope)
{
	struct queued q = {.len = envelope.len};
	ProtobufCMessage *m;
	const Envelope__Envelope *e;

	note_told(envelope);
	if (message_unpack(&portal.actors->arena, &envelope__envelope__descriptor,
		envelope, &m) != ERR_NONE)
		abort();
	e = (const Envelope__Envelope *)m;
	/* Whose answer it is stands in no answer: whoever is asked under this id. */
	for (size_t i = 0; i < CALLS_MAX && q.service == NULL; i++) {
		const struct call *call = &portal.site.calls.list[i];

		if (call->of != NULL && str_equal(call->id.text, e->correlation_id))
			q.service = call->service;
	}
	if (q.service == NULL || !portal.is_up)
		return;
	q.data = malloc(envelope.len + 1);
	if (q.data == NULL)
		abort();
	memcpy(q.data, envelope.data, envelope.len);
	enqueue(q);
	step();
}

void
portal_wake(void)
{
	if (portal.world->now_ms >= portal.wake_ms)
		step();
	reader_wake();
}

void
portal_hinted(unsigned node)
{
	if (!portal.is_up)
		return;
	struct queued q = {
	    .is_hint = true, .service = portal.world->nodes[node].service->name};

	if (portal.queue_n > QUEUE_MAX / 2)
		return;
	enqueue(q);
	/* It is looked at when the turn is over. */
	portal.wake_ms = portal.world->now_ms + 1;
	world_wake_client(portal.world, PORTAL_CLIENT, portal.wake_ms);
}

void
portal_ask(unsigned reader, const struct portal_request *request)
{
	struct door *d = &portal.doors[reader];

	*d = (struct door){.is_open = true, .sent = *request};
	d->request = (struct gateway_request){
	    .exchange = &d->exchange,
	    .method = request->method,
	    .path = request->path,
	    .query = request->query,
	    .body = request->body,
	    .address = "192.0.2.1",
	};
	site_asked(&portal.site, &d->request);
	step();
}

void
portal_leave(unsigned reader)
{
	struct door *d = &portal.doors[reader];

	if (!d->is_open)
		return;
	d->is_open = false;
	site_gone(&portal.site, &d->exchange);
}

/* ---- signing in ---- */

/* Asks members, as the administrator (client 0) or in the gateway's own name. False:
 * it was a bad moment, and nothing was done. */
static bool
ask_members(
    struct actors *a, unsigned client, uint32_t method, const ProtobufCMessage *message)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	struct id id = actors_new_id(a);
	struct bytes body, packed;
	const Envelope__Envelope *answer;

	call.message_id = id.text;
	if (a->list[client].is_by_gateway)
		call.user_id = a->list[client].person;
	SET(&call, method, method);
	if (message_pack(&a->arena, message, &body) != ERR_NONE)
		abort();
	SET_BYTES(&call, body, body);
	if (message_pack(&a->arena, &call.base, &packed) != ERR_NONE)
		abort();
	if (packed.len > sizeof portal.call)
		abort();
	memcpy(portal.call, packed.data, packed.len); /* the arena is reset meanwhile */
	packed.data = portal.call;
	answer = actors_ask(a, client, NODE_MEMBERS, &id, packed);
	if (answer != NULL && answer->refusal != NULL)
		world_fail(a->world, "signing in: method %u: %s", method,
		    answer->refusal->sentence);
	return answer != NULL && !answer->has_fault;
}

static void
draw(char token[65])
{
	uint8_t bytes[32];

	chance_bytes(bytes, sizeof bytes);
	bytes_to_hex((struct bytes){bytes, sizeof bytes}, token);
}

bool
portal_sign_in(struct actors *a, const char *person_id, char token[65])
{
	Members__OfferLink offer = MEMBERS__OFFER_LINK__INIT;
	Members__UseLink use = MEMBERS__USE_LINK__INIT;
	char link[65], session[65];
	uint8_t link_digest[SECRETS_DIGEST_BYTES], session_digest[SECRETS_DIGEST_BYTES];

	draw(link);
	draw(session);
	secrets_digest(link, link_digest);
	secrets_digest(session, session_digest);
	offer.person_id = TEXT(person_id);
	SET(&offer, purpose, MEMBERS__LINK_PURPOSE__LINK_PURPOSE_SIGN_IN);
	SET_BYTES(&offer, digest, ((struct bytes){link_digest, sizeof link_digest}));
	if (!ask_members(a, 0, CALL(OFFER_LINK), &offer.base))
		return false;
	SET_BYTES(&use, digest, ((struct bytes){link_digest, sizeof link_digest}));
	SET_BYTES(&use, session_digest,
	    ((struct bytes){session_digest, sizeof session_digest}));
	memcpy(token, session, sizeof session);
	return ask_members(a, PORTAL_CLIENT, CALL(SIGN_IN_BY_LINK), &use.base);
}

bool
portal_close_account(struct actors *a, const char *person_id, bool is_closed)
{
	Members__CloseAccount close = MEMBERS__CLOSE_ACCOUNT__INIT;
	Members__ReopenAccount reopen = MEMBERS__REOPEN_ACCOUNT__INIT;

	close.person_id = reopen.person_id = TEXT(person_id);
	return is_closed ? ask_members(a, 0, CALL(CLOSE_ACCOUNT), &close.base)
	                 : ask_members(a, 0, CALL(REOPEN_ACCOUNT), &reopen.base);
}

/* ---- beginning and end ---- */

static void
start(void)
{
	char problem[300] = "";

	if (site_open(&portal.site, &portal.options, problem, sizeof problem) !=
	    ERR_NONE) {
		world_fail(portal.world, "the portal does not open: %s", problem);
		return;
	}
	portal.is_up = true;
	step();
}

static void
stop(void)
{
	if (!portal.is_up)
		return;
	for (unsigned i = 0; i < PORTAL_READERS_MAX; i++) {
		if (portal.doors[i].is_open)
			reader_lost(i);
		portal.doors[i].is_open = false;
	}
	site_close(&portal.site);
	while (portal.queue_n > 0)
		free(portal.queue[--portal.queue_n].data);
	free(portal.given.data);
	portal.given.data = NULL;
	portal.is_up = false;
}

void
portal_restart(void)
{
	stop();
	portal.world->tally.n[TALLY_PORTAL_RESTARTS]++;
	retell(portal.world, "the portal starts anew");
	start();
}

void
portal_open(struct actors *a)
{
	struct world *w = a->world;

	portal = (struct portal){.world = w, .actors = a, .random = {w->seed + 1}};
	portal.told = calloc(TOLD_MAX, sizeof *portal.told);
	if (portal.told == NULL)
		abort();
	randombytes_set_implementation(&chance);
	portal.options.peers = w->peers;
	for (size_t i = 0; i < NODES; i++)
		memcpy(portal.options.peers.list[i].endpoint, "sim", sizeof "sim");
	portal.options.self = conf_peer(&portal.options.peers, "gateway");
	memcpy(w->client_keys[PORTAL_CLIENT], portal.options.self->key, 32);
	start();
}

void
portal_close(void)
{
	stop();
	free(portal.told);
	portal.told = NULL;
}
