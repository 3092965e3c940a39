#include "sim/disk.h"

#include <stdio.h>

#include <sys/stat.h>

#include "sim/retell.h"

#define RESTART_MS_MAX 20000

void
world_fill_disk(
    struct world *w, unsigned node, uint64_t left_bytes, int64_t full_for_ms)
{
	struct node *n = &w->nodes[node];
	char path[300];
	struct stat s;

	snprintf(path, sizeof path, "%s/data.mdb", n->path);
	if (n->disk_bytes > 0 || stat(path, &s) != 0)
		return;
	n->disk_bytes = (uint64_t)s.st_size + left_bytes;
	n->full_for_ms = full_for_ms;
}

uint64_t
disk_left(struct world *w, unsigned node)
{
	struct node *n = &w->nodes[node];

	if (n->full_until_ms > 0 && n->full_until_ms <= w->now_ms)
		n->disk_bytes = 0;
	if (n->disk_bytes == 0)
		n->full_until_ms = 0;
	return n->disk_bytes;
}

void
world_make_room(struct world *w)
{
	for (unsigned i = 0; i < NODES; i++) {
		if (w->nodes[i].disk_bytes > 0)
			world_crash(w, i, 1);
		w->nodes[i].disk_bytes = 0;
	}
}

static void
note_full(struct world *w, unsigned node)
{
	struct node *n = &w->nodes[node];

	w->tally.n[TALLY_DISK_FULL]++;
	retell(w, "the disk of %s is full", n->service->name);
	if (n->full_until_ms == 0)
		n->full_until_ms = w->now_ms + n->full_for_ms;
}

void
disk_is_full(struct world *w, unsigned node, const struct svc_sends *sends)
{
	if (sends->n > 0)
		world_fail(w, "%s answers what it had no room to write",
		    w->nodes[node].service->name);
	if (sends->has_news) /* some of it, where inputs were taken one by one */
		w->on_turn(w, node);
	note_full(w, node);
	world_crash(w, node, 1 + random_below(&w->random, RESTART_MS_MAX));
}

void
disk_keeps_down(struct world *w, unsigned node)
{
	int64_t again_ms = 1 + random_below(&w->random, RESTART_MS_MAX);

	note_full(w, node);
	network_plan(
	    w, (struct item){
		   .at_ms = w->now_ms + again_ms, .kind = ITEM_RESTART, .to = node});
}
