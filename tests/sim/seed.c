#include "sim/seed.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/stat.h>
#include <unistd.h>

#include "sim/actors.h"
#include "sim/model.h"
#include "sim/world.h"

#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

#define STORM_MS (20 * MINUTE_MS) /* of being busy; jumps come on top */
#define AWAY_MS (3 * MINUTE_MS)   /* busy while members has been away for a day */
#define STEP_MS_MAX (40 * SECOND_MS)
#define REBUILD_ONE_IN 8 /* crashes: dear, so not at every one */
#define AFTERWARDS 8     /* times this: for the last hold to run out */
#define AFTERWARDS_JUMP_MS (96 * HOUR_MS)

static struct model model; /* large, and one at a time */
static struct actors actors;
static struct world world;

static void
on_turn(struct world *w, unsigned node)
{
	model_follow(w->model, node);
}

static void
on_crash(struct world *w, unsigned node)
{
	if (random_one_in(&w->random, REBUILD_ONE_IN))
		model_check_rebuild(w->model, node);
}

/* ---- the weather ---- */

static void
change_weather(struct world *w)
{
	w->weather = (struct weather){
	    .drop = random_below(&w->random, 60),
	    .duplicate = random_below(&w->random, 80),
	    .late = random_below(&w->random, 30),
	    .busy = random_below(&w->random, 30),
	    .crash_after_turn = random_below(&w->random, 15),
	    .power_cut = random_below(&w->random, 15),
	    .delay_ms_max = 1 + random_below(&w->random, 400),
	    .late_ms_max = 30 * SECOND_MS,
	    .batch_ms = random_below(&w->random, 30),
	};
}

/* Wires are cut and mended, between services and from a person to one. */
static void
change_wires(struct world *w)
{
	for (unsigned a = 0; a < PARTIES; a++)
		for (unsigned b = 0; b < NODES; b++)
			if ((w->cut[a] & (1ULL << b)) != 0 &&
			    random_one_in(&w->random, 2))
				world_cut(w, a, b, false);
	if (random_one_in(&w->random, 4)) {
		unsigned a = random_below(&w->random, NODES);

		world_cut(
		    w, a, (a + 1 + random_below(&w->random, NODES - 1)) % NODES, true);
	}
	if (random_one_in(&w->random, 4))
		world_cut(w, NODES + random_below(&w->random, CLIENTS_MAX),
		    random_below(&w->random, NODES), true);
}

static void
change_clocks(struct world *w)
{
	unsigned node = random_below(&w->random, NODES);

	world_drift(w, node, (int64_t)random_below(&w->random, 400) - 200);
	if (random_one_in(&w->random, 15))
		world_drift(w, random_below(&w->random, NODES),
		    -(int64_t)(1000 + random_below(&w->random, 4000)));
	if (random_one_in(&w->random, 12))
		world_jump(
		    w, HOUR_MS * (1 + random_below(&w->random,
					  random_one_in(&w->random, 3) ? 30 : 4)));
}

static void
lose_cursor(struct world *w)
{
	static const unsigned follows[][2] = {{NODE_FOSTER, NODE_MEMBERS},
	    {NODE_RESIDENTIAL, NODE_MEMBERS}, {NODE_REQUESTS, NODE_MEMBERS},
	    {NODE_REQUESTS, NODE_FOSTER}, {NODE_REQUESTS, NODE_RESIDENTIAL},
	    {NODE_MATCHING, NODE_FOSTER}, {NODE_MATCHING, NODE_RESIDENTIAL},
	    {NODE_MATCHING, NODE_REQUESTS}, {NODE_OBSERVATORY, NODE_FOSTER},
	    {NODE_OBSERVATORY, NODE_RESIDENTIAL}, {NODE_OBSERVATORY, NODE_REQUESTS}};
	const unsigned *f = follows[random_below(&w->random, COUNT(follows))];

	world_estrange(w, f[0], f[1]);
}

/* ---- a life ---- */

static void
storm(struct world *w, int64_t busy_ms)
{
	change_weather(w);
	while (!w->is_over && busy_ms > 0) {
		int64_t step_ms = SECOND_MS + random_below(&w->random, STEP_MS_MAX);

		world_run(w, w->now_ms + step_ms);
		busy_ms -= step_ms;
		if (random_one_in(&w->random, 4))
			world_crash(w, random_below(&w->random, NODES),
			    1 + random_below(&w->random, MINUTE_MS));
		if (random_one_in(&w->random, 12))
			lose_cursor(w);
		if (random_one_in(&w->random, 8))
			change_weather(w);
		change_wires(w);
		change_clocks(w);
	}
}

/* Members cannot be reached for more than a day, and people go on. */
static void
be_without_members(struct world *w)
{
	world_heal(w);
	world_run(w, w->now_ms + 5 * SECOND_MS);
	for (unsigned node = NODE_FOSTER; node < NODES; node++)
		world_cut(w, NODE_MEMBERS, node, true);
	w->tally.n[TALLY_OLD_COPIES]++;
	actors.members_left_ms = w->now_ms;
	world_jump(w, 25 * HOUR_MS);
	world_run(w, w->now_ms + AWAY_MS);
	actors.members_left_ms = 0;
	world_heal(w);
}

static void
live(struct world *w)
{
	actors_open(&actors, w, &model);
	actors_go(&actors);
	storm(w, STORM_MS / 2);
	if (!w->is_over && random_one_in(&w->random, 3))
		be_without_members(w);
	storm(w, STORM_MS / 2);
	world_heal(w);
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
	if (!world.is_over)
		live(&world);
	out = (struct outcome){world.trace, world.turns, !world.is_over, world.tally};
	if (world.is_over)
		printf("seed %llu FAILED: %s\n  replay: rcc-sim --seed %llu\n", number,
		    world.failure, number);
	actors_close(&actors);
	model_close(&model);
	world_close(&world);
	seed_remove_folder(folder);
	return out;
}
