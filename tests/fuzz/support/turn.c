#include "fuzz/support/turn.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/fuzz.h"
#include "fuzz/support/turn_inside.h"
#include "rccctl/method.h"

#include "common.pb-c.h"
#include "envelope.pb-c.h"
#include "journal.pb-c.h"

#define STEPS_MAX 24
#define REBUILD_EVERY 8 /* inputs, by their digest */
#define WAITED_MS 10000 /* what is passed on is answered by then */
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define METHOD_EVENTS 1

struct turn_now now;

/* ---- turns ---- */

static void
turn(struct svc_input *in, const struct told *list, size_t n)
{
	struct svc_sends sends;
	uint8_t seed[32] = {0};

	bytes_put_u64(seed, ++now.drawn);
	for (size_t i = 0; i < n; i++)
		in[i].token = TURN_TOKEN(now.drawn, i);
	FUZZ_CHECK(svc_turn(now.world.one->svc, now.world.m.now_ms, seed, in, n,
		       &sends) == ERR_NONE,
	    "the turn did not end well");
	FUZZ_CHECK(sends.taken == n, "%zu of %zu inputs were taken", sends.taken, n);
	turn_hear(&sends, list, n);
}

/* What passing time makes it send; its timers come due in the next turn. */
static void
pass_time(int64_t ms)
{
	struct svc_sends sends;
	int64_t wake_ms;

	now.world.m.now_ms += ms;
	FUZZ_CHECK(svc_due(now.world.one->svc, now.world.m.now_ms, &sends, &wake_ms) ==
		       ERR_NONE,
	    "what is due cannot be told");
	turn_hear(&sends, NULL, 0);
	turn(NULL, NULL, 0);
}

/* ---- calls ---- */

static const struct svc_method *
method_numbered(uint32_t number)
{
	const struct service *s = now.world.one->service;

	for (size_t i = 0; i < s->methods_n; i++)
		if (s->methods[i].number == number)
			return &s->methods[i];
	return NULL;
}

/* A service that may, mostly; or one that may not. */
static const struct conf_peer *
some_peer(const struct svc_method *method)
{
	const struct conf_peers *peers = &now.world.m.peers;
	uint32_t odd = dice_below(&now.speaker.dice, 28 + (uint32_t)peers->n);

	if (odd >= 28)
		return &peers->list[odd - 28];
	for (size_t i = 0; method != NULL && i < peers->n; i++)
		if (method->services != NULL &&
		    strstr(method->services, peers->list[i].name) != NULL)
			return &peers->list[i];
	return &peers->list[0];
}

/* Somebody who may do this, mostly. */
static void
some_key(uint32_t number, uint8_t key[32])
{
	const struct svc_method *method = method_numbered(number);
	uint32_t who = dice_below(&now.speaker.dice, 64);
	bool is_for_services = method == NULL || method->services != NULL;

	if (who == 63)
		machine_key(99, key); /* nobody knows them */
	else if (who > 60 || (is_for_services && who % 2 == 1))
		memcpy(key, some_peer(method)->key, 32);
	else if (who > 50) /* with one role, or with those of nobody */
		machine_key(TURN_FIRST_PERSON + who % now.world.people, key);
	else
		machine_key(TURN_FIRST_PERSON + who % now.world.organisations, key);
}

static struct bytes
enveloped(struct told *out, struct bytes body)
{
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	struct bytes packed = BYTES_NONE;
	uint32_t odd = dice_below(&now.speaker.dice, 16);
	const struct conf_peer *gateway = conf_peer(&now.world.m.peers, "gateway");

	out->message_id = machines_id(&now.world.m);
	e.message_id = str_copy(&fuzz_arena, out->message_id);
	SET(&e, method, out->method);
	SET(&e, wait_ms, 5000);
	SET_BYTES(&e, body, body);
	if (odd == 15 || memcmp(out->key, gateway->key, sizeof out->key) == 0)
		e.user_id = str_copy(
		    &fuzz_arena, speak_word(&now.world.words, "person_id",
				     dice_below(&now.speaker.dice, now.world.people)));
	if (odd >= 14)
		e.organisation_id = str_copy(
		    &fuzz_arena, speak_word(&now.world.words, "organisation_id",
				     dice_below(&now.speaker.dice, 12)));
	FUZZ_CHECK(message_pack(&fuzz_arena, &e.base, &packed) == ERR_NONE,
	    "no room for an envelope");
	return packed;
}

/* A call as somebody might send it, or bytes that only look so. */
static struct svc_input
some_call(struct told *out)
{
	const ProtobufCMessageDescriptor *calls = now.world.one->service->call;
	const ProtobufCFieldDescriptor *method =
	    &calls->fields[dice_below(&now.speaker.dice, calls->n_fields)];
	uint32_t how = dice_below(&now.speaker.dice, 32);
	struct svc_input in = {.is_answer = false};

	*out = (struct told){.method = method->id};
	if (how == 31 && now.told_n > 0) { /* the same again, and at times of another */
		*out = now.told[dice_below(&now.speaker.dice,
		    (uint32_t)(now.told_n < TURN_TOLD_MAX ? now.told_n
							  : TURN_TOLD_MAX))];
		if (dice_below(&now.speaker.dice, 4) == 3)
			some_key(out->method, out->key);
	} else if (how == 30) { /* bytes */
		some_key(out->method, out->key);
		out->envelope = dice_take(
		    &now.speaker.dice, 1 + dice_below(&now.speaker.dice, 200));
		out->message_id = NULL;
	} else {
		some_key(out->method, out->key);
		out->envelope = enveloped(
		    out, how == 29 ? dice_take(&now.speaker.dice,
					 1 + dice_below(&now.speaker.dice, 200))
				   : speak_packed(&now.speaker, method->descriptor));
	}
	now.told[now.told_n++ % TURN_TOLD_MAX] = *out;
	memcpy(in.key, out->key, sizeof in.key);
	in.envelope = out->envelope;
	return in;
}

/* ---- answers ---- */

/* The newest letter to anybody (or this one) with a method, or without. */
static const struct sent *
find_sent(const char *service, bool is_pull)
{
	for (size_t i = now.sent_n; i > 0 && i + TURN_SENT_MAX > now.sent_n; i--) {
		const struct sent *s = &now.sent[(i - 1) % TURN_SENT_MAX];
		if ((service == NULL || str_equal(s->service, service)) &&
		    (s->method == METHOD_EVENTS) == is_pull)
			return s;
	}
	return NULL;
}

static void
answer_with(const struct sent *to, Envelope__Envelope *e)
{
	struct svc_input in = {.is_answer = true, .service = to->service};

	e->correlation_id = str_copy(&fuzz_arena, to->message_id);
	SET(e, method, to->method);
	FUZZ_CHECK(message_pack(&fuzz_arena, &e->base, &in.envelope) == ERR_NONE,
	    "no room for an answer");
	turn(&in, &(struct told){.message_id = NULL}, 1);
}

static void
answer_something(void)
{
	const struct sent *to = find_sent(NULL, false);
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	Envelope__Refusal no = ENVELOPE__REFUSAL__INIT;
	uint32_t how = dice_below(&now.speaker.dice, 8);

	if (to == NULL)
		return;
	now.is_lied_to = true;
	const ProtobufCFieldDescriptor *type = protobuf_c_message_descriptor_get_field(
	    contract_of(to->service)->answer, to->method);
	if (how == 7) {
		SET(&e, fault,
		    (Envelope__Fault)(1 + dice_below(&now.speaker.dice, 14)));
	} else if (how == 6) {
		e.refusal = &no;
		SET(&no, number, 1 + dice_below(&now.speaker.dice, 300));
	} else {
		SET_BYTES(&e, body, speak_packed(&now.speaker, type->descriptor));
	}
	answer_with(to, &e);
}

/* ---- pages ---- */

static Journal__Entry *
some_entry(const struct svc_source *source, uint64_t number, uint64_t incarnation)
{
	Journal__Entry *e = MESSAGE_NEW(&fuzz_arena, journal__entry);
	Journal__Header *h = MESSAGE_NEW(&fuzz_arena, journal__header);
	uint32_t which = dice_below(&now.speaker.dice, source->event->n_fields);
	static const uint8_t hash[32] = {1};

	FUZZ_CHECK(e != NULL && h != NULL, "no room for an entry");
	SET(h, number, number);
	SET(h, time, now.world.m.now_ms);
	SET(h, type, source->event->fields[which].id);
	SET(h, incarnation, incarnation);
	h->command_id = machines_id(&now.world.m);
	e->header = h;
	SET_BYTES(e, body_hash, ((struct bytes){hash, sizeof hash}));
	if (dice_below(&now.speaker.dice, 16) != 15)
		SET_BYTES(e, event,
		    speak_packed(
			&now.speaker, source->event->fields[which].descriptor));
	return e;
}

/* The next page of one it follows, with events of this input's making. */
static void
answer_page(void)
{
	const struct service *s = now.world.one->service;
	const struct svc_source *source;
	const struct sent *to;
	const Journal__EventsAsked *asked;
	Journal__EventsPage page = JOURNAL__EVENTS_PAGE__INIT;
	Journal__Entry *entries[4];
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	ProtobufCMessage *m;
	struct bytes packed = BYTES_NONE;

	if (s->sources_n == 0)
		return;
	source = &s->sources[dice_below(&now.speaker.dice, (uint32_t)s->sources_n)];
	pass_time(6000);
	to = find_sent(source->service, true);
	if (to == NULL ||
	    message_unpack(&fuzz_arena, &journal__events_asked__descriptor, to->body,
		&m) != ERR_NONE)
		return;
	now.is_lied_to = true;
	asked = (const Journal__EventsAsked *)m;
	SET(&page, incarnation, asked->incarnation);
	page.entries = entries;
	page.n_entries = dice_below(&now.speaker.dice, 4);
	for (size_t i = 0; i < page.n_entries; i++)
		entries[i] =
		    some_entry(source, asked->after_number + 1 + i, asked->incarnation);
	SET(&page, head_number, asked->after_number + page.n_entries);
	if (dice_below(&now.speaker.dice, 32) == 31)
		SET(&page, cursor_unknown, true);
	FUZZ_CHECK(message_pack(&fuzz_arena, &page.base, &packed) == ERR_NONE,
	    "no room for a page");
	SET_BYTES(&e, body, packed);
	answer_with(to, &e);
	turn(NULL, NULL, 0);
}

/* ---- one input ---- */

static void
some_calls(uint32_t n)
{
	struct svc_input in[TURN_BATCH_MAX];
	struct told list[TURN_BATCH_MAX];

	for (uint32_t i = 0; i < n; i++)
		in[i] = some_call(&list[i]);
	turn(in, list, n);
}

/* Who was waiting will ask again. */
static void
restart(void)
{
	machines_restart(&now.world.m, now.world.one->service->name);
	now.waiting_n = 0;
}

static void
step(void)
{
	static const int64_t times_ms[] = {
	    1, 1000, 10 * MINUTE_MS, DAY_MS / 24, DAY_MS, 31 * DAY_MS};
	uint32_t what = dice_below(&now.speaker.dice, 32);

	if (what < 20)
		some_calls(1);
	else if (what < 23)
		some_calls(1 + dice_below(&now.speaker.dice, TURN_BATCH_MAX));
	else if (what < 26)
		answer_page();
	else if (what < 29)
		answer_something();
	else if (what < 31)
		pass_time(times_ms[dice_below(
		    &now.speaker.dice, sizeof times_ms / sizeof times_ms[0])]);
	else
		restart();
}

static void
check_journal(void)
{
	struct journal_walk j;
	struct kv_txn txn;
	size_t mark = fuzz_arena.used;

	kv_begin(svc_kv(now.world.one->svc), &txn, false);
	for (journal_walk(&txn, &j, 1); journal_next(&j, &fuzz_arena);)
		arena_release(&fuzz_arena, mark);
	FUZZ_CHECK(txn.err == ERR_NONE && j.bad == NULL, "entry %llu: %s",
	    (unsigned long long)j.number, j.bad == NULL ? err_name(txn.err) : j.bad);
	kv_abort(&txn);
}

static uint32_t
digest(struct bytes input)
{
	uint32_t d = 2166136261u;

	for (size_t i = 0; i < input.len; i++)
		d = (d ^ input.data[i]) * 16777619u;
	return d ^ d >> 16;
}

void
turn_one(struct bytes input)
{
	turn_world_return(&now.world);
	now.speaker = (struct speaker){
	    dice_of(input), &fuzz_arena, &now.world.words, now.world.m.now_ms};
	now.sent_n = now.told_n = now.waiting_n = 0;
	now.drawn = 0;
	now.world.m.drawn = 1000000; /* ids of this input, the same each time */
	now.is_lied_to = false;
	for (unsigned i = 0; i < STEPS_MAX && !dice_is_over(&now.speaker.dice); i++) {
		now.speaker.now_ms = now.world.m.now_ms;
		step();
	}
	pass_time(WAITED_MS);
	FUZZ_CHECK(now.waiting_n == 0, "%zu calls are never answered", now.waiting_n);
	check_journal();
	if (digest(input) % REBUILD_EVERY == 0)
		machines_check_rebuild(&now.world.m, now.world.one->service->name);
}

void
turn_open(const struct service *service, const char *option)
{
	turn_world_open(&now.world, service, option);
}

void
turn_close(void)
{
	turn_world_close(&now.world);
}
