/*
 * A region's people, all at once, against daemons that run: what they do is in
 * council.c, provider.c, house.c and officer.c, what they heard goes into a history
 * that rcc-history compares with the journals afterwards.
 */
#include "load/load.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"

#define ARENA_BYTES (16u << 20)
#define WAIT_MS 5
#define SETTLE_MS 120000
#define TIMES_MAX 1000000

void
load_fail(const char *format, ...)
{
	va_list args;

	(void)fputs("rcc-load: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	exit(1);
}

void *
load_take(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		load_fail("no memory");
	return p;
}

void
load_keep(char out[LOAD_ID], const char *text)
{
	(void)snprintf(out, LOAD_ID, "%s", text != NULL ? text : "");
}

int32_t
load_today(void)
{
	return day_in_london(clock_now_ms());
}

static void
open_load(struct load *l)
{
	char path[600], problem[200] = "";

	load_path(path, sizeof path, l, "peers.conf");
	if (conf_read_peers(path, &l->peers, problem, sizeof problem) != ERR_NONE)
		load_fail("%s", problem);
	if (arena_open(&l->arena, ARENA_BYTES) != ERR_NONE)
		load_fail("no memory");
	l->random.state = (uint64_t)l->options.seed;
	l->places = load_take(LOAD_PLACES_MAX, sizeof *l->places);
	l->journeys = load_take(LOAD_JOURNEYS_MAX, sizeof *l->journeys);
	l->clients = load_take(LOAD_CLIENTS_MAX, sizeof *l->clients);
	l->totals.command_ms_room = TIMES_MAX;
	l->totals.command_ms = load_take(TIMES_MAX, sizeof *l->totals.command_ms);
	l->history = history_open(l->options.history);
	if (l->history < 0)
		load_fail("%s cannot be written", l->options.history);
	load_path(path, sizeof path, l, "keys/README");
	if (access(path, F_OK) == 0)
		load_people(l);
	else
		load_set_up(l);
	load_sit(l);
	load_read_places(l);
}

static void
close_load(struct load *l)
{
	for (size_t i = 0; i < l->clients_n; i++)
		for (size_t k = 0; k < LOAD_SERVICES; k++)
			bus_client_close(l->clients[i].lines[k]);
	for (size_t i = 0; i < l->desks_n; i++)
		free(l->desks[i].jobs);
	free(l->places);
	free(l->journeys);
	free(l->clients);
	free(l->totals.command_ms);
	arena_close(&l->arena);
	(void)close(l->history);
}

/* ---- rounds ---- */

static bool
is_time_up(const struct load *l)
{
	const struct load_options *o = &l->options;
	int64_t now_us = clock_ticks_us();

	return (o->seconds > 0 && now_us - l->began_us >= o->seconds * 1000000) ||
	       (o->commands > 0 && l->totals.commands >= (uint64_t)o->commands);
}

/* Everybody has a turn; how many wait for an answer. */
static size_t
go_round(struct load *l)
{
	struct bus_client *waited_for[LOAD_CLIENTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < l->clients_n; i++) {
		struct load_client *c = &l->clients[i];

		load_attend(l, c);
		load_act(l, c);
		if (c->is_waiting && c->lines[c->to] != NULL)
			waited_for[n++] = c->lines[c->to];
	}
	if (n > 0)
		bus_client_wait_any(waited_for, n, WAIT_MS);
	else
		(void)usleep(WAIT_MS * 1000);
	return n;
}

static void
run(struct load *l)
{
	size_t waiting = 0;

	l->began_us = l->heard_us = l->sends_allowed_us = clock_ticks_us();
	while (!l->is_ending || waiting > 0 ||
	       (l->options.must_settle && l->journeys_open > 0)) {
		l->is_ending = l->is_ending || is_time_up(l);
		waiting = go_round(l);
		if (clock_ticks_us() - l->heard_us > l->options.patience_s * 1000000)
			load_fail("nobody has answered for %" PRId64 " s",
			    l->options.patience_s);
	}
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

double
load_percentile(double *values, size_t n, double fraction)
{
	size_t i = (size_t)((double)n * fraction);

	qsort(values, n, sizeof *values, compare);
	return n == 0 ? 0 : values[i < n ? i : n - 1];
}

static void
print_totals(struct load *l)
{
	struct load_totals *t = &l->totals;
	double s = (double)(clock_ticks_us() - l->began_us) / 1e6;

	(void)printf("%" PRIu64 " journeys: %" PRIu64 " started and stay, %" PRIu64
		     " ended, %" PRIu64 " withdrawn\n",
	    t->journeys, t->started, t->ended, t->withdrawn);
	(void)printf("%" PRIu64 " commands answered (%" PRIu64 " refused), %" PRIu64
		     " questions, %" PRIu64 " sent again, %" PRIu64 " busy, %" PRIu64
		     " faults, in %.1f s; a command took %.1f ms (median), %.1f ms "
		     "(p99), %.1f ms (longest)\n",
	    t->commands, t->refused, t->questions, t->resent, t->busy, t->faults, s,
	    load_percentile(t->command_ms, t->command_ms_n, 0.5),
	    load_percentile(t->command_ms, t->command_ms_n, 0.99),
	    load_percentile(t->command_ms, t->command_ms_n, 1));
}

int
main(int argc, char **argv)
{
	static struct load l;
	int status = load_options_read(&l.options, argc, argv);

	if (status >= 0)
		return status;
	open_load(&l);
	if (l.options.flood > 0) {
		load_flood(&l);
		close_load(&l);
		return 0;
	}
	run(&l);
	if (l.options.must_settle && !load_settle(&l, SETTLE_MS))
		load_fail("something is still owed, or not followed");
	print_totals(&l);
	close_load(&l);
	return 0;
}
