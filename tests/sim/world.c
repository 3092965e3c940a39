#include "sim/world.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "base/bytes.h"
#include "base/day.h"

#include "foster/wire.h"
#include "matching/wire.h"
#include "members/wire.h"
#include "requests/wire.h"

#define SKEW_MS_MAX 2000

uint64_t
random_next(struct random *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint32_t
random_below(struct random *r, uint32_t n)
{
	return n == 0 ? 0 : (uint32_t)(random_next(r) % n);
}

bool
random_one_in(struct random *r, uint32_t n)
{
	return random_below(r, n) == 0;
}

void
world_fail(struct world *w, const char *format, ...)
{
	va_list args;

	if (w->is_over)
		return;
	w->is_over = true;
	va_start(args, format);
	vsnprintf(w->failure, sizeof w->failure, format, args);
	va_end(args);
}

static void
trace(struct world *w, uint64_t what)
{
	w->trace = (w->trace ^ what) * 0x100000001b3u;
}

static void
trace_bytes(struct world *w, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		trace(w, b.data[i]);
}

/* ---- what will happen, earliest first ---- */

static bool
is_before(const struct item *a, const struct item *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void
swap(struct item *a, struct item *b)
{
	struct item t = *a;

	*a = *b;
	*b = t;
}

static void
plan(struct world *w, struct item item)
{
	size_t i;

	if (w->heap_n == w->heap_size) {
		w->heap_size = w->heap_size * 2 + 1024;
		w->heap = realloc(w->heap, w->heap_size * sizeof *w->heap);
		assert(w->heap != NULL);
	}
	item.order = w->order++;
	w->heap[w->heap_n] = item;
	for (i = w->heap_n++; i > 0 && is_before(&w->heap[i], &w->heap[(i - 1) / 2]);
	     i = (i - 1) / 2)
		swap(&w->heap[i], &w->heap[(i - 1) / 2]);
}

static struct item
take_next(struct world *w)
{
	struct item first = w->heap[0];
	size_t i = 0;

	w->heap[0] = w->heap[--w->heap_n];
	for (;;) {
		size_t least = i;

		for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < w->heap_n; c++)
			if (is_before(&w->heap[c], &w->heap[least]))
				least = c;
		if (least == i)
			return first;
		swap(&w->heap[i], &w->heap[least]);
		i = least;
	}
}

/* ---- the network ---- */

static void
carry(struct world *w, struct item item, struct bytes data)
{
	unsigned copies = 1;

	if ((w->cut[item.from] & (1ull << item.to)) != 0)
		return;
	if (random_below(&w->random, 1000) < w->weather.drop)
		return;
	if (random_below(&w->random, 1000) < w->weather.duplicate)
		copies = 2;
	for (; copies > 0; copies--) {
		item.at_ms = w->now_ms + 1 + random_below(&w->random, w->weather.delay_ms_max + 1);
		item.len = data.len;
		item.data = malloc(data.len + 1);
		assert(item.data != NULL);
		if (data.len > 0)
			memcpy(item.data, data.data, data.len);
		plan(w, item);
	}
}

void
world_send_call(struct world *w, unsigned client, enum node_name to, struct bytes envelope)
{
	struct item item = {.kind = ITEM_CALL, .from = NODES + client, .to = to};

	carry(w, item, envelope);
}

void
world_wake_client(struct world *w, unsigned client, int64_t in_ms)
{
	plan(w,
	    (struct item){
	        .at_ms = w->now_ms + in_ms, .kind = ITEM_WAKE_CLIENT, .to = NODES + client});
}

static unsigned
node_named(const struct world *w, const char *name)
{
	for (unsigned i = 0; i < NODES; i++)
		if (strcmp(w->nodes[i].service->name, name) == 0)
			return i;
	assert(0 && "a service only sends to services");
	return 0;
}

static void
deliver_sends(struct world *w, unsigned from, const struct svc_sends *sends)
{
	for (size_t i = 0; i < sends->n; i++) {
		const struct svc_send *s = &sends->list[i];
		struct item item = {.from = from};

		trace_bytes(w, s->envelope);
		if (s->service != NULL) {
			item.kind = ITEM_CALL;
			item.to = node_named(w, s->service);
		} else {
			item.to = (unsigned)s->token;
			item.kind = item.to < NODES ? ITEM_ANSWER : ITEM_TO_CLIENT;
		}
		carry(w, item, s->envelope);
	}
	if (!sends->has_news)
		return;
	for (unsigned to = 0; to < NODES; to++) {
		struct item item = {.kind = ITEM_HINT, .from = from, .to = to};

		item.number = sends->head_number;
		if (to != from)
			carry(w, item, BYTES_NONE);
	}
}

/* ---- nodes ---- */

static int64_t
node_now(const struct world *w, const struct node *n)
{
	return w->now_ms + n->skew_ms;
}

static void
open_node(struct world *w, unsigned i)
{
	struct node *n = &w->nodes[i];
	char problem[300] = "";
	struct svc_options o = {
		.service = n->service,
		.path = n->path,
		.peers = &w->peers,
		.no_sync = true, /* allowed: power is simulated, a crash loses whole turns */
		.option = i == NODE_MATCHING ? "services/matching/policy.conf" : "",
		.incarnation = 1 + random_below(&w->random, 1u << 30),
		.now_ms = node_now(w, n),
	};

	if (svc_open(&n->svc, &o, problem, sizeof problem) != ERR_NONE) {
		n->svc = NULL;
		world_fail(w, "%s does not open: %s", n->service->name, problem);
	}
	n->wake_ms = INT64_MAX;
}

static void
plan_wake(struct world *w, unsigned i, int64_t wake_ms)
{
	struct node *n = &w->nodes[i];
	int64_t at_ms = wake_ms == INT64_MAX ? INT64_MAX : wake_ms - n->skew_ms;

	if (at_ms <= w->now_ms)
		at_ms = w->now_ms + 1;
	if (at_ms >= n->wake_ms)
		return;
	n->wake_ms = at_ms;
	plan(w, (struct item){.at_ms = at_ms, .kind = ITEM_WAKE_NODE, .to = i});
}

void
world_crash(struct world *w, enum node_name i, int64_t down_ms)
{
	struct node *n = &w->nodes[i];

	if (n->svc == NULL)
		return;
	svc_close(n->svc);
	n->svc = NULL;
	n->crashes++;
	plan(w,
	    (struct item){.at_ms = w->now_ms + down_ms, .kind = ITEM_RESTART, .to = i});
}

/* One turn with whatever came, and what passing time makes it send. */
static void
turn_node(struct world *w, unsigned i, const struct svc_input *input, size_t n_inputs)
{
	struct node *n = &w->nodes[i];
	struct svc_sends sends;
	uint8_t seed[32] = {0};
	int64_t wake_ms;
	size_t taken;
	enum err e;

	if (n->svc == NULL)
		return;
	w->turns++;
	trace(w, i);
	bytes_put_u64(seed, random_next(&w->random));
	e = svc_turn(n->svc, node_now(w, n), seed, input, n_inputs, &taken, &sends);
	if (e != ERR_NONE) {
		world_fail(w, "%s: a turn failed: %s", n->service->name, err_name(e));
		return;
	}
	if (sends.has_news)
		w->on_turn(w, i);
	/* The power may fail between the commit and the replies. */
	if (random_below(&w->random, 1000) < w->weather.crash_after_turn) {
		w->on_crash(w, i);
		world_crash(w, i, 1 + random_below(&w->random, 20000));
		return;
	}
	deliver_sends(w, i, &sends);
	e = svc_due(n->svc, node_now(w, n), &sends, &wake_ms);
	if (e != ERR_NONE) {
		world_fail(w, "%s: due failed: %s", n->service->name, err_name(e));
		return;
	}
	deliver_sends(w, i, &sends);
	plan_wake(w, i, wake_ms);
}

static const uint8_t *
key_of(const struct world *w, unsigned party)
{
	return party < NODES ? w->nodes[party].key : w->client_keys[party - NODES];
}

static void
happen(struct world *w, const struct item *item)
{
	struct node *n = item->to < NODES ? &w->nodes[item->to] : NULL;
	struct svc_input in = {.envelope = {item->data, item->len}};

	switch (item->kind) {
	case ITEM_CALL:
		memcpy(in.key, key_of(w, item->from), sizeof in.key);
		in.token = item->from;
		/* The door: unknown keys never get as far as the service. */
		if (n->svc != NULL && svc_key_is_known(n->svc, in.key))
			turn_node(w, item->to, &in, 1);
		break;
	case ITEM_ANSWER:
		in.is_answer = true;
		in.service = w->nodes[item->from].service->name;
		turn_node(w, item->to, &in, 1);
		break;
	case ITEM_HINT:
		if (n->svc != NULL)
			svc_hint(n->svc, w->nodes[item->from].service->name, item->number);
		turn_node(w, item->to, NULL, 0);
		break;
	case ITEM_TO_CLIENT:
		w->on_client(w, item->to - NODES, in.envelope);
		break;
	case ITEM_WAKE_NODE:
		if (n->wake_ms == item->at_ms) {
			n->wake_ms = INT64_MAX;
			turn_node(w, item->to, NULL, 0);
		}
		break;
	case ITEM_WAKE_CLIENT:
		w->on_client_wake(w, item->to - NODES);
		break;
	case ITEM_RESTART:
		open_node(w, item->to);
		turn_node(w, item->to, NULL, 0);
		break;
	}
}

void
world_run(struct world *w, int64_t until_ms)
{
	while (!w->is_over && w->heap_n > 0 && w->heap[0].at_ms <= until_ms) {
		struct item item = take_next(w);

		w->now_ms = item.at_ms > w->now_ms ? item.at_ms : w->now_ms;
		happen(w, &item);
		free(item.data);
	}
	if (w->now_ms < until_ms)
		w->now_ms = until_ms;
}

/* Everybody's clock goes forward at once; what was on its way arrives late. */
void
world_jump(struct world *w, int64_t by_ms)
{
	w->now_ms += by_ms;
	for (unsigned i = 0; i < NODES; i++) {
		w->nodes[i].wake_ms = INT64_MAX;
		plan_wake(w, i, w->now_ms);
	}
}

void
world_partition(struct world *w, unsigned a, unsigned b, bool cut)
{
	uint64_t bit_a = 1ull << a, bit_b = 1ull << b;

	w->cut[a] = cut ? w->cut[a] | bit_b : w->cut[a] & ~bit_b;
	w->cut[b] = cut ? w->cut[b] | bit_a : w->cut[b] & ~bit_a;
}

void
world_heal(struct world *w)
{
	memset(w->cut, 0, sizeof w->cut);
	w->weather = (struct weather){.delay_ms_max = 5};
}

void
world_open(struct world *w, uint64_t seed, const char *root)
{
	static const struct service *const services[NODES] = {
		&members_service, &foster_service, &requests_service, &matching_service};

	w->seed = seed;
	w->random.state = seed;
	w->root = root;
	w->trace = 0xcbf29ce484222325u;
	w->weather = (struct weather){.delay_ms_max = 5};
	/* A Monday morning. */
	w->now_ms = day_start_in_london(day_make(2026, 11, 23)) + 9 * 3600 * 1000;
	for (unsigned i = 0; i < NODES; i++) {
		struct node *n = &w->nodes[i];
		struct conf_peer *p = &w->peers.list[w->peers.n++];

		n->service = services[i];
		n->skew_ms = (int64_t)random_below(&w->random, 2 * SKEW_MS_MAX) - SKEW_MS_MAX;
		n->key[0] = 'N';
		n->key[1] = (uint8_t)i;
		snprintf(n->path, sizeof n->path, "%s/%s", root, n->service->name);
		snprintf(p->name, sizeof p->name, "%s", n->service->name);
		memcpy(p->key, n->key, sizeof p->key);
	}
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		w->client_keys[i][0] = 'C';
		w->client_keys[i][1] = (uint8_t)(i + 1);
	}
	for (unsigned i = 0; i < NODES && !w->is_over; i++)
		open_node(w, i);
	for (unsigned i = 0; i < NODES; i++)
		plan_wake(w, i, 0);
}

void
world_close(struct world *w)
{
	for (unsigned i = 0; i < NODES; i++)
		svc_close(w->nodes[i].svc);
	while (w->heap_n > 0)
		free(w->heap[--w->heap_n].data);
	free(w->heap);
	w->heap = NULL;
}
