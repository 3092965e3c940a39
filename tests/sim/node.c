/* One node: its clock, its power, and when it is stopped. */
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/row.h"

#include "sim/disk.h"
#include "sim/retell.h"
#include "sim/world.h"

/* What was on its way may come before a timer wakes it. */
#define JUMP_WAKE_MS_MAX 1000
#define WRONG_MS_MAX 8000 /* a clock's skew, drift and steps together */

/* ---- clocks ---- */

int64_t
world_now_at(const struct world *w, unsigned node)
{
	return w->now_ms + w->nodes[node].skew_ms;
}

void
node_plan_wake(struct world *w, unsigned i, int64_t wake_ms)
{
	struct node *n = &w->nodes[i];
	int64_t at_ms = wake_ms == INT64_MAX ? INT64_MAX : wake_ms - n->skew_ms;

	if (at_ms < n->woken_ms + w->weather.wake_every_ms)
		at_ms = n->woken_ms + w->weather.wake_every_ms;
	if (at_ms <= w->now_ms)
		at_ms = w->now_ms + 1;
	if (at_ms >= n->wake_ms)
		return;
	n->wake_ms = at_ms;
	network_plan(w, (struct item){.at_ms = at_ms, .kind = ITEM_WAKE_NODE, .to = i});
}

void
world_jump(struct world *w, int64_t by_ms)
{
	w->tally.n[TALLY_JUMPS]++;
	retell(w, "all clocks jump by %lld s", (long long)by_ms / 1000);
	w->now_ms += by_ms;
	for (unsigned i = 0; i < NODES; i++) {
		w->nodes[i].wake_ms = INT64_MAX;
		node_plan_wake(w, i,
		    world_now_at(w, i) + random_below(&w->random, JUMP_WAKE_MS_MAX));
	}
}

void
world_drift(struct world *w, unsigned node, int64_t by_ms)
{
	struct node *n = &w->nodes[node];
	int64_t skew_ms = n->skew_ms + by_ms;

	if (skew_ms < -WRONG_MS_MAX || skew_ms > WRONG_MS_MAX)
		return;
	w->tally.n[TALLY_CLOCK_STEPS] += by_ms <= -1000;
	retell(
	    w, "the clock of %s steps by %lld ms", n->service->name, (long long)by_ms);
	n->skew_ms = skew_ms;
}

/* ---- power ---- */

void
node_open(struct world *w, unsigned i)
{
	struct node *n = &w->nodes[i];
	char problem[300] = "";
	enum err e;
	struct svc_options o = {
	    .service = n->service,
	    .path = n->path,
	    .peers = &w->peers,
	    .no_sync = true, /* power is simulated: a crash loses whole turns */
	    .map_bytes = disk_left(w, i),
	    .option = i == NODE_MATCHING  ? "services/matching/policy.conf"
	              : i == NODE_MEMBERS ? "sign-in-links"
	                                  : "",
	    .incarnation = 1 + random_below(&w->random, 1U << 30),
	    .now_ms = world_now_at(w, i),
	};

	e = svc_open(&n->svc, &o, problem, sizeof problem);
	n->wake_ms = INT64_MAX;
	n->paused_until_ms = 0;
	if (e == ERR_NONE) {
		if (w->on_open != NULL)
			w->on_open(w, i);
		return;
	}
	n->svc = NULL;
	if (e == ERR_FULL && n->disk_bytes > 0)
		disk_keeps_down(w, i);
	else
		world_fail(w, "%s does not open: %s", n->service->name, problem);
}

void
world_pause(struct world *w, unsigned i, int64_t for_ms)
{
	struct node *n = &w->nodes[i];

	if (n->svc == NULL || n->paused_until_ms > w->now_ms)
		return;
	n->paused_until_ms = w->now_ms + for_ms;
	w->tally.n[TALLY_PAUSES]++;
	retell(
	    w, "%s is stopped for %lld s", n->service->name, (long long)for_ms / 1000);
}

/* In their order; and so do its timers. */
bool
node_is_paused_for(struct world *w, struct item *item)
{
	struct node *n = item->to < NODES ? &w->nodes[item->to] : NULL;

	if (n == NULL || n->svc == NULL || n->paused_until_ms <= w->now_ms ||
	    item->kind == ITEM_RESTART)
		return false;
	w->tally.n[TALLY_PAUSED_INPUTS] +=
	    item->kind == ITEM_CALL || item->kind == ITEM_ANSWER;
	if (item->kind == ITEM_WAKE_NODE) {
		if (n->wake_ms != item->at_ms)
			return false;
		n->wake_ms = n->paused_until_ms;
	}
	item->at_ms = n->paused_until_ms;
	network_plan(w, *item);
	item->data = NULL;
	return true;
}

void
world_crash(struct world *w, unsigned i, int64_t down_ms)
{
	struct node *n = &w->nodes[i];

	if (n->svc == NULL)
		return;
	w->on_crash(w, i);
	retell(
	    w, "%s crashes, for %lld s", n->service->name, (long long)down_ms / 1000);
	svc_close(n->svc);
	n->svc = NULL;
	w->tally.n[TALLY_CRASHES_MEMBERS + i]++;
	network_plan(w,
	    (struct item){.at_ms = w->now_ms + down_ms, .kind = ITEM_RESTART, .to = i});
}

bool
world_is_up(const struct world *w)
{
	for (unsigned i = 0; i < NODES; i++)
		if (w->nodes[i].svc == NULL)
			return false;
	return true;
}

void
world_estrange(struct world *w, unsigned node, unsigned source)
{
	struct bytes key = row_key(w->nodes[source].service->name);
	struct kv_txn txn;
	Journal__Cursor *cursor;

	if (w->nodes[node].svc == NULL || w->nodes[node].disk_bytes > 0)
		return;
	arena_reset(&w->arena);
	kv_begin(svc_kv(w->nodes[node].svc), &txn, true);
	cursor =
	    row_get(&txn, &w->arena, SVC_CURSORS, key, &journal__cursor__descriptor);
	if (cursor != NULL) {
		SET(cursor, incarnation, cursor->incarnation + 1);
		row_put(&txn, &w->arena, SVC_CURSORS, key, &cursor->base);
	}
	if (kv_end(&txn) != ERR_NONE)
		world_fail(w, "a cursor cannot be written");
	w->tally.n[TALLY_FOLLOWED_ANEW] += cursor != NULL;
	world_crash(w, node, 1);
}

void
world_restore(struct world *w, unsigned node)
{
	struct kv_txn txn;

	if (w->nodes[node].svc == NULL || w->nodes[node].disk_bytes > 0)
		return;
	kv_begin(svc_kv(w->nodes[node].svc), &txn, true);
	kv_fail(&txn, journal_restore(&txn, 1 + random_below(&w->random, 1U << 30),
			  world_now_at(w, node)));
	if (kv_end(&txn) != ERR_NONE)
		world_fail(w, "a store cannot be restored");
	w->tally.n[TALLY_RESTORED]++;
	world_crash(w, node, 1 + random_below(&w->random, 20000));
}
