/* Storms, troubles, calm. */
#include "sim/day.h"
#include "sim/model.h"

#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

#define AWAY_MS (3 * MINUTE_MS) /* busy while members has been away for a day */
#define STEP_MS_MAX (40 * SECOND_MS)
#define DOWN_MS_MAX (3 * MINUTE_MS)
#define PAUSE_MS_MIN (10 * SECOND_MS)
#define PAUSE_JUMP_MS_MAX (72 * HOUR_MS)
#define PAUSE_MS_MAX (5 * MINUTE_MS)
#define FULL_MS_MAX (6 * MINUTE_MS)
#define DISK_LEFT_MAX (400U << 10)
#define CALM_WAKE_EVERY_MS (120 * SECOND_MS)

static void
change_weather(struct world *w)
{
	w->weather = (struct weather){
	    .drop = random_below(&w->random, 60),
	    .duplicate = random_below(&w->random, 80),
	    .late = random_below(&w->random, 30),
	    .busy = random_below(&w->random, 30),
	    .crash_after_turn = random_below(&w->random, 15),
	    .power_cut = random_below(&w->random, 80),
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

/* The hold that runs out next; NULL: none. */
static const struct model_stay *
next_to_end(const struct model *m)
{
	const struct model_stay *next = NULL;

	for (size_t i = 0; i < m->stays_n; i++)
		if (m->stays[i].is_hold &&
		    (next == NULL || m->stays[i].ends_ms < next->ends_ms))
			next = &m->stays[i];
	return next;
}

/* Stopped for minutes, or for as long as it takes a hold of its own to run out. */
static void
stop_one(struct world *w)
{
	const struct model_stay *hold = next_to_end(w->model);
	unsigned node = random_below(&w->random, NODES);
	int64_t for_ms = PAUSE_MS_MIN + random_below(&w->random, PAUSE_MS_MAX);
	int64_t by_ms = 0;

	if (hold != NULL && hold->ends_ms - w->now_ms < PAUSE_JUMP_MS_MAX &&
	    hold->ends_ms > w->now_ms && random_one_in(&w->random, 2)) {
		node = hold->owner;
		by_ms = hold->ends_ms - w->now_ms;
	}
	if (w->nodes[node].svc == NULL)
		return;
	world_pause(w, node, by_ms + for_ms);
	w->tally.n[TALLY_PAUSED_EXPIRIES] += by_ms > 0;
	if (by_ms > 0)
		world_jump(w, by_ms);
}

/* There is little room left on its disk when it starts again, or runs on. */
static void
fill_disk(struct world *w)
{
	unsigned node = random_below(&w->random, NODES);

	world_fill_disk(w, node, random_below(&w->random, DISK_LEFT_MAX),
	    1 + random_below(&w->random, FULL_MS_MAX));
	world_crash(w, node, 1);
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

/* Owners of places above all, who must not promise anything until they were shown what
 * they promised: and it may be long until somebody hears them ask. */
static void
restore(struct world *w)
{
	static const unsigned owners[] = {NODE_FOSTER, NODE_RESIDENTIAL};
	unsigned node = random_one_in(&w->random, 4)
	                    ? random_below(&w->random, NODES)
	                    : owners[random_below(&w->random, COUNT(owners))];

	world_restore(w, node);
	if (node != NODE_REQUESTS && random_one_in(&w->random, 2))
		world_silence(w, node, NODE_REQUESTS);
}

void
weather_storm(struct world *w, int64_t busy_ms)
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
			stop_one(w);
		if (random_one_in(&w->random, 12))
			fill_disk(w);
		if (random_one_in(&w->random, 8))
			restore(w);
		if (random_one_in(&w->random, 8))
			change_weather(w);
		change_wires(w);
		change_clocks(w);
	}
}

void
weather_without_members(struct actors *a)
{
	struct world *w = a->world;

	world_heal(w);
	world_run(w, w->now_ms + 5 * SECOND_MS);
	for (unsigned node = NODE_FOSTER; node < NODES; node++)
		world_cut(w, NODE_MEMBERS, node, true);
	w->tally.n[TALLY_OLD_COPIES]++;
	a->members_left_ms = w->now_ms;
	world_jump(w, 25 * HOUR_MS);
	world_run(w, w->now_ms + AWAY_MS);
	a->members_left_ms = 0;
	world_heal(w);
}

void
weather_be_calm(struct world *w)
{
	world_heal(w);
	w->weather = (struct weather){.drop = 2,
	    .duplicate = 2,
	    .late = 2,
	    .busy = 2,
	    .delay_ms_max = 50,
	    .late_ms_max = 30 * SECOND_MS,
	    .batch_ms = 50,
	    .wake_every_ms = CALM_WAKE_EVERY_MS};
}

void
weather_trouble(struct world *w)
{
	switch (random_below(&w->random, 8)) {
	case 0:
		world_crash(w, random_below(&w->random, NODES),
		    1 + random_below(&w->random, DOWN_MS_MAX));
		break;
	case 1:
	case 2: change_wires(w); break;
	case 3:
		world_drift(w, random_below(&w->random, NODES),
		    (int64_t)random_below(&w->random, 400) - 200);
		break;
	case 4:
		if (random_one_in(&w->random, 3))
			lose_cursor(w);
		break;
	case 5:
		if (random_one_in(&w->random, 4))
			fill_disk(w);
		else
			world_pause(w, random_below(&w->random, NODES),
			    PAUSE_MS_MIN + random_below(&w->random, PAUSE_MS_MAX));
		break;
	default: break;
	}
}
