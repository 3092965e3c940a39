/*
 * The simulator: the four services, their people and an unkind world, from one
 * seed. A seed that fails says what broke and replays exactly:
 *   rcc-sim --seeds 200           seeds 1 to 200
 *   rcc-sim --seed 17             that one again, with its trace
 * What is checked stands in model.c, at every step and at the end.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"

#include "sim/actors.h"
#include "sim/model.h"
#include "sim/world.h"

#define STORM_MS (20ll * 60 * 1000)
#define SETTLE_MS (60ll * 1000)
#define HOUR_MS (3600ll * 1000)
#define REPEAT_EVERY 10 /* each tenth seed is run twice, to see that it replays */

static struct model model; /* large, and one at a time */
static struct actors actors;
static struct world world;

struct result {
	uint64_t trace;
	uint64_t turns;
	bool is_fine;
};

static void
remove_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char inner[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
		if (unlink(inner) != 0)
			remove_folder(inner);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

static void
followed(struct world *w, unsigned node)
{
	model_follow(&model, w, node);
}

static void
crashing(struct world *w, unsigned node)
{
	/* Dear, so not at every crash. */
	if (random_one_in(&w->random, 8))
		model_check_rebuild(&model, w, node);
}

/* Crashes, cut wires and a slow clock, at random moments of a busy hour. */
static void
storm(struct world *w)
{
	int64_t end_ms = w->now_ms + STORM_MS;

	w->weather.drop = random_below(&w->random, 80);
	w->weather.duplicate = random_below(&w->random, 80);
	w->weather.crash_after_turn = random_below(&w->random, 4);
	w->weather.delay_ms_max = 1 + random_below(&w->random, 400);
	while (!w->is_over && w->now_ms < end_ms) {
		unsigned a = random_below(&w->random, NODES);
		unsigned b = random_below(&w->random, NODES);

		world_run(w, w->now_ms + random_below(&w->random, 120000));
		if (random_one_in(&w->random, 3))
			world_crash(w, a, 1 + random_below(&w->random, 60000));
		if (a != b)
			world_partition(w, a, b, random_one_in(&w->random, 2));
		if (random_one_in(&w->random, 12))
			world_jump(w, HOUR_MS * (1 + random_below(&w->random, 4)));
	}
}

static void
settle(struct world *w)
{
	world_heal(w);
	actors.is_resting = true;
	world_run(w, w->now_ms + SETTLE_MS);
	for (unsigned i = 0; i < 20 && !actors_are_idle(&actors) && !w->is_over; i++)
		world_run(w, w->now_ms + SETTLE_MS);
	if (!actors_are_idle(&actors))
		world_fail(w, "somebody never got an answer");
}

static void
live(struct world *w)
{
	model_open(&model);
	w->on_turn = followed;
	w->on_crash = crashing;
	actors_open(&actors, w, &model);
	actors_go(&actors);
	storm(w);
	settle(w);
	/* Long enough for every hold to run out, confirmed ones too. */
	for (unsigned i = 0; i < 8 && !w->is_over; i++) {
		world_jump(w, 4 * 24 * HOUR_MS);
		world_run(w, w->now_ms + SETTLE_MS);
	}
	model_check_end(&model, w);
	actors_check_acknowledged(&actors);
	for (unsigned i = 0; i < NODES; i++)
		model_check_rebuild(&model, w, i);
}

static struct result
run_seed(uint64_t seed, const char *root, bool is_loud)
{
	char folder[300];
	struct result r;

	snprintf(folder, sizeof folder, "%s/seed-%llu", root, (unsigned long long)seed);
	if (mkdir(folder, 0700) != 0) {
		perror(folder);
		exit(1);
	}
	memset(&world, 0, sizeof world);
	world_open(&world, seed, folder);
	if (!world.is_over)
		live(&world);
	r = (struct result){world.trace, world.turns, !world.is_over};
	if (world.is_over)
		printf("seed %llu FAILED: %s\n  replay: rcc-sim --seed %llu\n",
		    (unsigned long long)seed, world.failure, (unsigned long long)seed);
	if (is_loud)
		printf("seed %llu: trace %016llx, %llu turns, %u answers, %u refusals, "
		       "%u holds (%u expired, %u lost), %u placements\n",
		    (unsigned long long)seed, (unsigned long long)r.trace,
		    (unsigned long long)r.turns, actors.answers, actors.refusals,
		    model.holds_granted, model.holds_expired, model.losses, model.placements);
	actors_close(&actors);
	model_close(&model);
	world_close(&world);
	remove_folder(folder);
	return r;
}

static bool
run_checked(uint64_t seed, const char *root, bool is_loud)
{
	struct result first = run_seed(seed, root, is_loud);

	if (first.is_fine && (is_loud || seed % REPEAT_EVERY == 0)) {
		struct result again = run_seed(seed, root, false);

		if (again.trace != first.trace || again.turns != first.turns) {
			printf("seed %llu FAILED: it did not replay\n",
			    (unsigned long long)seed);
			return false;
		}
	}
	return first.is_fine;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {{"seeds", required_argument, NULL, 'n'},
		{"seed", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	char root[200];
	int64_t seeds = 50, seed = 0;
	unsigned passed = 0, failed = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool fine = c == 'n' ? str_to_i64(optarg, 1, 1000000, &seeds)
		                     : c == 's' && str_to_i64(optarg, 1, INT64_MAX, &seed);

		if (!fine) {
			fprintf(stderr, "usage: rcc-sim [--seeds N | --seed K]\n");
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	log_open("sim", seed != 0 ? LOG_LEVEL_WARN : LOG_LEVEL_ERROR);
	snprintf(root, sizeof root, "%s/rcc-sim-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(root) == NULL) {
		perror(root);
		return 1;
	}
	for (int64_t s = seed != 0 ? seed : 1; s <= (seed != 0 ? seed : seeds); s++) {
		if (run_checked((uint64_t)s, root, seed != 0))
			passed++;
		else
			failed++;
	}
	remove_folder(root);
	printf("%u passed, %u failed\n", passed, failed);
	return failed == 0 ? 0 : 1;
}
