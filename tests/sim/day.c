/*
 * 24 hours, from nine to nine. People follow the hour as it is lived: while it storms
 * the clocks jump by hours, and afterwards on to that hour of a later day.
 */
#include "sim/day.h"

#include <string.h>

#include "base/day.h"

#include "sim/portal.h"

#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

#define HOURS 24
#define FIRST_HOUR 9
#define NIGHT_HOUR 2 /* when an emergency comes */
#define OFFICE_FIRST 8
#define OFFICE_LAST 17

#define STORM_MS (4 * MINUTE_MS)
#define STORMS 3
#define NIGHT_DOWN_MS (4 * MINUTE_MS)
#define NIGHT_ANSWER_MS (20 * SECOND_MS)
#define TROUBLE_EVERY_MIN 10
#define PORTAL_ENDS_ONE_IN 30
#define COMMANDS_MIN 300  /* in a day, or it was none */
#define REQUESTS_FIRST 24 /* may be made in the first hour, and then so many more */
#define REQUESTS_AN_HOUR 2
#define REQUESTS_AWAY 6 /* more while members is away */

struct day {
	struct actors *a;
	struct world *w;
	int64_t began_ms;
	int64_t lived_ms;
	unsigned storm_hours; /* bits, by hours lived */
	unsigned away_hour;   /* in which members is cut off; HOURS: in none */
};

static unsigned
hour_of(const struct day *d)
{
	return (unsigned)(FIRST_HOUR + d->lived_ms / HOUR_MS) % HOURS;
}

static void
live_minute(struct day *d)
{
	int64_t began_ms = d->w->now_ms;

	world_run(d->w, began_ms + MINUTE_MS);
	d->lived_ms += MINUTE_MS;
	if (d->a->sent_ms < began_ms)
		world_fail(d->w, "nobody asked anything for a minute");
}

/* On to the hour that it would be, had no clock jumped. */
static void
set_clocks(struct day *d)
{
	int64_t ahead_ms = d->w->now_ms - d->began_ms - d->lived_ms;

	if (ahead_ms % DAY_MS != 0)
		world_jump(d->w, DAY_MS - ahead_ms % DAY_MS);
}

static void
storm(struct day *d)
{
	d->a->is_calm = false;
	actors_go(d->a);
	weather_storm(d->w, STORM_MS);
	d->lived_ms += STORM_MS;
}

static void
be_without_members(struct day *d)
{
	d->a->is_calm = false;
	d->a->requests_wanted += REQUESTS_AWAY;
	actors_go(d->a);
	weather_without_members(d->a);
}

/* Every other service may be down when it comes; it is taken at once all the same. */
static void
night_emergency(struct day *d)
{
	const struct actor *c;
	struct id asked;
	unsigned client;

	weather_be_calm(d->w);
	world_make_room(d->w);
	do
		live_minute(d);
	while (!d->w->is_over && d->w->nodes[NODE_REQUESTS].svc == NULL);
	for (unsigned node = 0; node < NODES && random_one_in(&d->w->random, 2); node++)
		if (node != NODE_REQUESTS)
			world_crash(d->w, node, NIGHT_DOWN_MS);
	d->w->weather.drop = d->w->weather.busy = 0;
	client = commissioner_in_need(d->a);
	if (client == 0)
		return; /* all of them wait for an answer still */
	c = &d->a->list[client];
	asked = c->id;
	world_run(d->w, d->w->now_ms + NIGHT_ANSWER_MS);
	if (c->is_waiting && strcmp(c->id.text, asked.text) == 0)
		world_fail(d->w, "an emergency at night was not taken");
	d->w->tally.n[TALLY_NIGHT_EMERGENCIES]++;
	world_run(d->w, d->w->now_ms + MINUTE_MS - NIGHT_ANSWER_MS);
	d->lived_ms += MINUTE_MS;
}

static void
trouble(struct day *d)
{
	weather_trouble(d->w);
	if (random_one_in(&d->w->random, PORTAL_ENDS_ONE_IN))
		portal_restart();
}

static void
live_hour(struct day *d)
{
	unsigned lived = (unsigned)(d->lived_ms / HOUR_MS);
	unsigned hour = hour_of(d);

	d->a->is_office = hour >= OFFICE_FIRST && hour <= OFFICE_LAST;
	d->a->requests_wanted = REQUESTS_FIRST + REQUESTS_AN_HOUR * lived;
	if ((d->storm_hours & 1U << lived) != 0)
		storm(d);
	if (lived == d->away_hour && !d->w->is_over)
		be_without_members(d);
	set_clocks(d);
	weather_be_calm(d->w);
	d->a->is_calm = true;
	actors_go(d->a);
	readers_sign_in();
	if (hour == NIGHT_HOUR)
		night_emergency(d);
	while (!d->w->is_over && d->lived_ms / HOUR_MS == lived) {
		live_minute(d);
		if (d->lived_ms / MINUTE_MS % TROUBLE_EVERY_MIN == 0)
			trouble(d);
	}
}

void
day_live(struct actors *a)
{
	struct world *w = a->world;
	struct day d = {.a = a, .w = w, .began_ms = w->now_ms, .away_hour = HOURS};
	uint64_t commands;

	d.storm_hours = 1;
	while (__builtin_popcount(d.storm_hours) < STORMS)
		d.storm_hours |= 1U << random_below(&w->random, HOURS);
	if (random_one_in(&w->random, 3))
		d.away_hour = random_below(&w->random, HOURS);
	while (!w->is_over && d.lived_ms < DAY_MS)
		live_hour(&d);
	w->tally.n[TALLY_DAYS]++;
	commands = w->tally.n[TALLY_COMMANDS];
	if (commands < COMMANDS_MIN)
		world_fail(w, "%llu commands are no day", (unsigned long long)commands);
}
