#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#include "sim/world.h"

#define UNDER_WAY_MAX 20000 /* a few hundred is usual */

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

static void *
need(void *memory)
{
	if (memory == NULL) {
		perror("rcc-sim");
		abort();
	}
	return memory;
}

void
network_plan(struct world *w, struct item item)
{
	size_t i;

	if (w->heap_n >= UNDER_WAY_MAX)
		world_fail(w, "messages breed: %zu are under way", w->heap_n);
	if (w->heap_n == w->heap_size) {
		w->heap_size = w->heap_size * 2 + 1024;
		w->heap = need(realloc(w->heap, w->heap_size * sizeof *w->heap));
	}
	item.order = w->order++;
	w->heap[w->heap_n] = item;
	for (i = w->heap_n++; i > 0 && is_before(&w->heap[i], &w->heap[(i - 1) / 2]);
	     i = (i - 1) / 2)
		swap(&w->heap[i], &w->heap[(i - 1) / 2]);
}

static struct item
take_first(struct world *w)
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

static bool
is_input(const struct item *item)
{
	return item->kind == ITEM_CALL || item->kind == ITEM_ANSWER;
}

size_t
network_take(struct world *w, int64_t until_ms, struct item batch[BATCH_MAX])
{
	int64_t together_ms;
	size_t n = 0;

	if (w->heap_n == 0 || w->heap[0].at_ms > until_ms)
		return 0;
	batch[n++] = take_first(w);
	together_ms = batch[0].at_ms + w->weather.batch_ms;
	while (is_input(&batch[0]) && n < BATCH_MAX && w->heap_n > 0 &&
	       is_input(&w->heap[0]) && w->heap[0].to == batch[0].to &&
	       w->heap[0].at_ms <= together_ms)
		batch[n++] = take_first(w);
	w->tally.n[TALLY_BATCHES] += n > 1;
	return n;
}

/* ---- the network ---- */

/* What network_carry has malloc'd is freed when it was taken out; gcc 12 loses sight of
 * it where network_plan swaps it through the heap. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

static bool
happens(struct world *w, uint32_t in_a_thousand, enum tally_kind kind)
{
	bool does = random_below(&w->random, 1000) < in_a_thousand;

	w->tally.n[kind] += does;
	return does;
}

void
network_carry(struct world *w, struct item item, struct bytes data)
{
	unsigned copies = 1;

	if ((w->cut[item.from] & (1ULL << item.to)) != 0) {
		w->tally.n[TALLY_CUT_MESSAGES]++;
		return;
	}
	if (happens(w, w->weather.drop, TALLY_DROPS))
		return;
	if (happens(w, w->weather.duplicate, TALLY_DUPLICATES))
		copies = 2;
	for (; copies > 0; copies--) {
		item.at_ms =
		    w->now_ms + 1 + random_below(&w->random, w->weather.delay_ms_max);
		if (happens(w, w->weather.late, TALLY_LATE))
			item.at_ms += random_below(&w->random, w->weather.late_ms_max);
		item.len = data.len;
		item.data = need(malloc(data.len + 1));
		if (data.len > 0)
			memcpy(item.data, data.data, data.len);
		network_plan(w, item);
	}
}

static void
trace(struct world *w, struct bytes b)
{
	uint64_t word;

	while (b.len > 0) {
		size_t n = b.len < sizeof word ? b.len : sizeof word;

		word = n;
		memcpy(&word, b.data, n);
		w->trace = (w->trace ^ word) * 0x9e3779b97f4a7c15U;
		w->trace ^= w->trace >> 29;
		b = (struct bytes){b.data + n, b.len - n};
	}
}

void
network_carry_all(struct world *w, unsigned from, const struct svc_sends *sends)
{
	for (size_t i = 0; i < sends->n; i++) {
		const struct svc_send *s = &sends->list[i];
		struct item item = {.from = from};

		trace(w, s->envelope);
		if (s->service != NULL) {
			item.kind = ITEM_CALL;
			item.to = world_node_named(w, s->service);
		} else {
			item.to = (unsigned)s->token;
			item.kind = item.to < NODES ? ITEM_ANSWER : ITEM_TO_CLIENT;
		}
		if (item.to < NODES)
			w->on_send(w, from, item.to, s->envelope);
		network_carry(w, item, s->envelope);
	}
	for (unsigned to = 0; sends->has_news && to < NODES; to++) {
		struct item hint = {.kind = ITEM_HINT, .from = from, .to = to};

		hint.number = sends->head_number;
		if (to != from)
			network_carry(w, hint, BYTES_NONE);
	}
}

void
network_close(struct world *w)
{
	while (w->heap_n > 0)
		free(w->heap[--w->heap_n].data);
	free(w->heap);
	w->heap = NULL;
	w->heap_size = 0;
}
