#include "sim/world.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/day.h"
#include "base/message.h"
#include "base/row.h"

#include "foster/wire.h"
#include "matching/wire.h"
#include "members/wire.h"
#include "observatory/wire.h"
#include "requests/wire.h"
#include "residential/wire.h"

#include "sim/disk.h"
#include "sim/power.h"
#include "sim/retell.h"

#define TURNS_MAX 1000000 /* fifty thousand are usual */
#define WORLD_BYTES (1U << 20)
#define COMMITS_A_TURN 2 /* one, but where a turn is taken again, input by input */
#define SKEW_MS_MAX 2000

void
world_fail(struct world *w, const char *format, ...)
{
	long long passed_s = (long long)(w->now_ms - w->began_ms) / 1000;
	va_list args;
	int n;

	if (w->is_over)
		return;
	w->is_over = true;
	n = snprintf(w->failure, sizeof w->failure, "after %lld s: ", passed_s);
	va_start(args, format);
	vsnprintf(w->failure + n, sizeof w->failure - (size_t)n, format, args);
	va_end(args);
}

unsigned
world_node_named(const struct world *w, const char *name)
{
	for (unsigned i = 0; i < NODES; i++)
		if (strcmp(w->nodes[i].service->name, name) == 0)
			return i;
	assert(0 && "a service only sends to services");
	return 0;
}

/* ---- turns ---- */

/* The sends of a turn, and what passing time makes the node send. */
static void
send_all(struct world *w, unsigned i, struct svc_sends *sends)
{
	struct node *n = &w->nodes[i];
	int64_t wake_ms;
	enum err e;

	network_carry_all(w, i, sends);
	e = svc_due(n->svc, world_now_at(w, i), sends, &wake_ms);
	if (e != ERR_NONE) {
		world_fail(w, "%s: due failed: %s", n->service->name, err_name(e));
		return;
	}
	network_carry_all(w, i, sends);
	node_plan_wake(w, i, wake_ms);
}

/* Power went before all was written. What the service has handed over by then has
 * left, though it should be nothing: it answers after the commit. */
static void
lose_power(struct world *w, unsigned i, enum err e, const struct svc_sends *sends)
{
	const char *name = w->nodes[i].service->name;

	w->tally.n[TALLY_POWER_CUTS]++;
	retell(w, "%s loses power in a turn", name);
	if (e == ERR_NONE)
		world_fail(w, "%s takes for written what is not", name);
	if (sends->has_news)
		w->on_turn(w, i);
	network_carry_all(w, i, sends);
	world_crash(w, i, 1 + random_below(&w->random, 20000));
}

/* How many of the inputs were taken, or all where it fell over. */
static size_t
turn(struct world *w, unsigned i, const struct svc_input *inputs, size_t inputs_n)
{
	struct node *n = &w->nodes[i];
	struct svc_sends sends;
	uint8_t seed[32] = {0};
	size_t taken;
	enum err e;

	if (++w->turns > TURNS_MAX)
		world_fail(w, "turns without end");
	bytes_put_u64(seed, random_next(&w->random));
	if (random_below(&w->random, 10000) < w->weather.power_cut)
		power_goes_after(random_below(&w->random, COMMITS_A_TURN));
	e = svc_turn(n->svc, world_now_at(w, i), seed, inputs, inputs_n, &sends);
	if (power_was_gone()) {
		lose_power(w, i, e, &sends);
		return inputs_n;
	}
	if (e == ERR_FULL && n->disk_bytes > 0) {
		disk_is_full(w, i, &sends);
		return inputs_n;
	}
	if (e != ERR_NONE) {
		world_fail(w, "%s: a turn failed: %s", n->service->name, err_name(e));
		return inputs_n;
	}
	w->trace = (w->trace ^ (sends.head_number + i)) * 0x100000001b3U;
	if (sends.has_news)
		w->on_turn(w, i);
	if (!w->is_over &&
	    random_below(&w->random, 10000) < w->weather.crash_after_turn) {
		w->tally.n[TALLY_UNSENT] += sends.has_news;
		retell(w, "%s ends behind a commit", n->service->name);
		world_crash(w, i, 1 + random_below(&w->random, 20000));
		return inputs_n;
	}
	taken = sends.taken; /* what is sent next is another turn's */
	send_all(w, i, &sends);
	return taken;
}

/* What is in the batch, in as many turns as that takes; none of it is left. */
static void
turn_node(struct world *w, unsigned i)
{
	size_t left;

	do {
		left = run_batch_inputs(w->batch);
		if (w->nodes[i].svc == NULL || w->is_over)
			run_batch_done(w->batch, left, 0);
		else
			run_batch_done(w->batch, turn(w, i, w->batch->inputs, left), 0);
		left = run_batch_inputs(w->batch);
	} while (left > 0);
}

/* The door: unknown keys never get as far as the service. */
static bool
read_input(const struct world *w, const struct item *item, struct bus_message *m)
{
	*m = (struct bus_message){
	    .what = BUS_CALL, .bytes = {item->data, item->len}, .token = item->from};
	if (item->kind == ITEM_ANSWER) {
		m->what = BUS_ANSWER;
		m->service = w->nodes[item->from].service->name;
		return true;
	}
	memcpy(m->key,
	    item->from < NODES ? w->nodes[item->from].key
			       : w->client_keys[item->from - NODES],
	    sizeof m->key);
	return svc_key_is_known(w->nodes[item->to].svc, m->key);
}

/* As run does with callers beyond their share of a turn. */
static void
turn_away(struct world *w, const struct item *item)
{
	Envelope__Envelope busy = ENVELOPE__ENVELOPE__INIT;
	struct item back = {.from = item->to, .to = item->from};
	ProtobufCMessage *call;
	struct bytes packed;

	arena_reset(&w->arena);
	if (message_unpack(&w->arena, &envelope__envelope__descriptor,
		(struct bytes){item->data, item->len}, &call) != ERR_NONE)
		abort();
	busy.correlation_id = ((Envelope__Envelope *)call)->message_id;
	SET(&busy, method, ((Envelope__Envelope *)call)->method);
	SET(&busy, fault, ENVELOPE__FAULT__FAULT_BUSY);
	if (message_pack(&w->arena, &busy.base, &packed) != ERR_NONE)
		abort();
	w->tally.n[TALLY_BUSY]++;
	back.kind = item->from < NODES ? ITEM_ANSWER : ITEM_TO_CLIENT;
	network_carry(w, back, packed);
}

/* Each caller has its share of a turn, as run has it; and now and then there is less.
 */
static void
take_inputs(struct world *w, const struct item *batch, size_t n)
{
	struct bus_message m;

	if (w->nodes[batch[0].to].svc == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!read_input(w, &batch[i], &m))
			continue;
		if ((batch[i].kind == ITEM_CALL &&
			random_below(&w->random, 1000) < w->weather.busy) ||
		    !run_batch_add(w->batch, &m))
			turn_away(w, &batch[i]);
	}
	if (run_batch_inputs(w->batch) > 0)
		turn_node(w, batch[0].to);
}

static void
wake_node(struct world *w, const struct item *item)
{
	if (w->nodes[item->to].wake_ms != item->at_ms)
		return;
	w->nodes[item->to].wake_ms = INT64_MAX;
	w->nodes[item->to].woken_ms = w->now_ms;
	turn_node(w, item->to);
}

static void
happen(struct world *w, const struct item *batch, size_t n)
{
	const struct item *item = &batch[0];

	switch (item->kind) {
	case ITEM_CALL:
	case ITEM_ANSWER: take_inputs(w, batch, n); break;
	case ITEM_HINT:
		if (w->nodes[item->to].svc == NULL)
			break;
		svc_hint(w->nodes[item->to].svc, w->nodes[item->from].service->name,
		    item->number);
		turn_node(w, item->to);
		break;
	case ITEM_TO_CLIENT:
		w->on_client(
		    w, item->to - NODES, (struct bytes){item->data, item->len});
		break;
	case ITEM_WAKE_NODE: wake_node(w, item); break;
	case ITEM_WAKE_CLIENT: w->on_client_wake(w, item->to - NODES); break;
	case ITEM_RESTART:
		node_open(w, item->to);
		turn_node(w, item->to);
		break;
	}
}

void
world_run(struct world *w, int64_t until_ms)
{
	struct item batch[BATCH_MAX];
	size_t n;

	while (!w->is_over && (n = network_take(w, until_ms, batch)) > 0) {
		if (batch[0].at_ms > w->now_ms)
			w->now_ms = batch[0].at_ms;
		if (!node_is_paused_for(w, &batch[0])) {
			for (size_t i = 0; i < n; i++)
				retell_item(w, &batch[i]);
			happen(w, batch, n);
		} else
			for (size_t i = 1; i < n; i++)
				(void)node_is_paused_for(w, &batch[i]);
		for (size_t i = 0; i < n; i++)
			retell_drop(&batch[i]);
	}
	if (w->now_ms < until_ms)
		w->now_ms = until_ms;
}

void
world_send_call(
    struct world *w, unsigned client, enum node_name to, struct bytes envelope)
{
	struct item item = {.kind = ITEM_CALL, .from = NODES + client, .to = to};

	network_carry(w, item, envelope);
}

void
world_wake_client(struct world *w, unsigned client, int64_t at_ms)
{
	network_plan(
	    w, (struct item){
		   .at_ms = at_ms, .kind = ITEM_WAKE_CLIENT, .to = NODES + client});
}

void
world_cut(struct world *w, unsigned a, unsigned b, bool is_cut)
{
	uint64_t bit_a = 1ULL << a, bit_b = 1ULL << b;

	if (is_cut && (w->cut[a] & bit_b) == 0) {
		w->tally.n[TALLY_CUTS]++;
		retell_cut(w, a, b);
	}
	w->cut[a] = is_cut ? w->cut[a] | bit_b : w->cut[a] & ~bit_b;
	w->cut[b] = is_cut ? w->cut[b] | bit_a : w->cut[b] & ~bit_a;
}

void
world_silence(struct world *w, unsigned a, unsigned b)
{
	w->tally.n[TALLY_SILENCES] += (w->cut[a] & 1ULL << b) == 0;
	w->cut[a] |= 1ULL << b;
}

void
world_heal(struct world *w)
{
	memset(w->cut, 0, sizeof w->cut);
	w->weather = (struct weather){.delay_ms_max = 5};
	for (unsigned i = 0; i < NODES; i++) {
		w->nodes[i].paused_until_ms = 0;
		if (w->nodes[i].svc != NULL)
			node_plan_wake(w, i, 0);
	}
	retell(w, "the weather clears");
}

/* ---- beginning and end ---- */

static void
add_peer(struct world *w, const char *name, const uint8_t key[32])
{
	struct conf_peer *p = &w->peers.list[w->peers.n++];

	snprintf(p->name, sizeof p->name, "%s", name);
	memcpy(p->key, key, sizeof p->key);
}

static void
make_node(struct world *w, unsigned i, const struct service *service, const char *root)
{
	struct node *n = &w->nodes[i];

	n->service = service;
	n->skew_ms = (int64_t)random_below(&w->random, 2 * SKEW_MS_MAX) - SKEW_MS_MAX;
	n->key[0] = 'N';
	n->key[1] = (uint8_t)i;
	snprintf(n->path, sizeof n->path, "%s/%s", root, service->name);
	add_peer(w, service->name, n->key);
}

void
world_open(struct world *w, uint64_t seed, const char *root)
{
	static const struct service *const services[NODES] = {&members_service,
	    &foster_service, &residential_service, &requests_service, &matching_service,
	    &observatory_service};
	static const uint8_t gateway_key[32] = {'G'};

	memset(w, 0, sizeof *w);
	w->seed = seed;
	retell_open(w);
	w->batch = calloc(1, sizeof *w->batch);
	if (w->batch == NULL || run_batch_open(w->batch) != ERR_NONE)
		abort();
	w->random.state = seed;
	w->trace = 0xcbf29ce484222325U;
	/* A Monday morning. */
	w->now_ms = day_start_in_london(day_make(2026, 11, 23)) + 9 * 3600LL * 1000;
	w->began_ms = w->now_ms;
	world_heal(w);
	if (arena_open(&w->arena, WORLD_BYTES) != ERR_NONE)
		abort();
	for (unsigned i = 0; i < NODES; i++)
		make_node(w, i, services[i], root);
	add_peer(w, "gateway", gateway_key);
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		w->client_keys[i][0] = 'C';
		w->client_keys[i][1] = (uint8_t)(i + 1);
	}
	for (unsigned i = 0; i < NODES && !w->is_over; i++)
		node_open(w, i);
	for (unsigned i = 0; i < NODES; i++)
		node_plan_wake(w, i, 0);
}

void
world_close(struct world *w)
{
	for (unsigned i = 0; i < NODES; i++)
		svc_close(w->nodes[i].svc);
	network_close(w);
	retell_close(w);
	run_batch_close(w->batch);
	free(w->batch);
	arena_close(&w->arena);
}
