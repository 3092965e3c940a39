#include "sim/seed.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/journal.h"

#include "sim/actors.h"
#include "sim/day.h"
#include "sim/model.h"
#include "sim/portal.h"
#include "sim/retell.h"
#include "sim/world.h"

#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

#define RETOLD 40        /* lines, of what came before a failure */
#define REBUILD_ONE_IN 8 /* crashes: dear, so not at every one */
#define AFTERWARDS 8     /* times this: for the last hold to run out */
#define AFTERWARDS_JUMP_MS (96 * HOUR_MS)

static struct model model; /* large, and one at a time */
static struct actors actors;
static struct world world;

static void
on_turn(struct world *w, unsigned node)
{
	retell_entries(w, node, model.seen[node] + 1);
	model_follow(w->model, node);
	portal_hinted(node);
}

/* What was written is there, and nothing that was not. */
static void
on_open(struct world *w, unsigned node)
{
	struct journal_head head;
	struct kv_txn txn;

	kv_begin(svc_kv(w->nodes[node].svc), &txn, false);
	journal_read_head(&txn, &head);
	kv_abort(&txn);
	retell(w, "%s starts, at entry %llu", w->nodes[node].service->name,
	    (unsigned long long)head.number);
	if (head.number != model.seen[node])
		world_fail(w, "%s starts with %llu entries, of %llu written",
		    w->nodes[node].service->name, (unsigned long long)head.number,
		    (unsigned long long)model.seen[node]);
}

static void
on_send(struct world *w, unsigned from, unsigned to, struct bytes envelope)
{
	model_see_sent(w->model, from, to, envelope);
}

static void
on_crash(struct world *w, unsigned node)
{
	model_check_followed(w->model, node);
	/* Not where there may be no room to rebuild in. */
	if (w->nodes[node].disk_bytes == 0 && random_one_in(&w->random, REBUILD_ONE_IN))
		model_check_rebuild(w->model, node);
}

/* ---- a life ---- */

static void
live(struct world *w)
{
	actors_open(&actors, w, &model);
	if (!w->is_over) {
		portal_open(&actors);
		readers_open(&actors);
	}
	day_live(&actors);
	world_heal(w);
	world_make_room(w);
	if (!w->is_over && !actors_settle(&actors))
		world_fail(w, "somebody never got an answer");
	model_check_settled(&model);
	actors_check_ledger(&actors);
	for (unsigned i = 0; i < AFTERWARDS && !w->is_over; i++) {
		world_jump(w, AFTERWARDS_JUMP_MS);
		world_run(w, w->now_ms + 20 * SECOND_MS);
	}
	actors_check_health(&actors);
	model_check_end(&model);
	for (unsigned i = 0; i < NODES; i++)
		model_check_rebuild(&model, i);
}

void /* NOLINTNEXTLINE(misc-no-recursion): two levels deep, as it was made */
seed_remove_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char inner[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
		if (unlink(inner) != 0)
			seed_remove_folder(inner);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

struct outcome
seed_run(uint64_t seed, const char *root, bool is_loud)
{
	unsigned long long number = seed;
	struct outcome out;
	char folder[300];

	snprintf(folder, sizeof folder, "%s/%llu", root, number);
	if (mkdir(folder, 0700) != 0) {
		perror(folder);
		exit(1);
	}
	model_open(&model, &world, is_loud);
	world_open(&world, seed, folder);
	world.model = &model;
	world.on_turn = on_turn;
	world.on_crash = on_crash;
	world.on_send = on_send;
	world.on_open = on_open;
	if (!world.is_over)
		live(&world);
	out = (struct outcome){world.trace, world.turns, !world.is_over, world.tally};
	if (world.is_over) {
		printf("seed %llu FAILED: %s\n", number, world.failure);
		retell_print(&world, &actors, RETOLD);
		printf("  replay: rcc-sim --seed %llu\n", number);
	}
	portal_close();
	actors_close(&actors);
	model_close(&model);
	world_close(&world);
	seed_remove_folder(folder);
	return out;
}
