/*
 * How much memory do the services keep for themselves? The sum of RssAnon of all
 * four processes: with a long journal followed by matching, after a burst of calls.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"

#include "bench/support/bench.h"
#include "bench/support/supply.h"

#include "common.pb-c.h"

#define EVENTS 200000ull
#define CALLS 2000

static double
anonymous_mib(pid_t pid)
{
	char path[64], line[200];
	double kib = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtod(line + 8, NULL);
	if (f != NULL)
		fclose(f);
	if (kib < 0)
		bench_fail("process %d has gone", (int)pid);
	return kib / 1024;
}

static void
burst(struct bench_region *r, enum bench_service s)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	struct bus_client *c = bench_client(r, s, &r->keys[s == BENCH_FOSTER ? 0 : 1]);

	for (unsigned i = 0; i < CALLS; i++) {
		size_t mark = r->arena.used;

		bench_call(r, c, 2, &asked.base, &common__health__descriptor);
		arena_release(&r->arena, mark);
	}
	bus_client_close(c);
}

int
main(void)
{
	static const char *const names[] = {
	    "members", "foster", "requests", "matching"};
	static struct bench_region r;
	struct bus_client *c;
	double sum = 0;

	bench_quiet();
	bench_region_open(&r);
	bench_machine(r.folder);
	bench_people(&r, NULL);
	bench_stop(&r, BENCH_FOSTER, 15);
	bench_fill_foster(&r, EVENTS);
	bench_start(&r, BENCH_FOSTER, NULL);
	bench_start(&r, BENCH_REQUESTS, NULL);
	bench_start(&r, BENCH_MATCHING, NULL);
	c = bench_client(&r, BENCH_MATCHING, &r.keys[BENCH_MEMBERS]);
	bench_await_followed(&r, c, "foster", EVENTS);
	bus_client_close(c);
	for (unsigned s = 0; s < BENCH_SERVICES; s++)
		burst(&r, s);
	for (unsigned s = 0; s < BENCH_SERVICES; s++) {
		char name[60];
		double mib = anonymous_mib(r.pids[s]);

		snprintf(name, sizeof name, "memory.%s", names[s]);
		bench_figure(name, mib, "MiB");
		sum += mib;
	}
	bench_limit("memory.sum", sum, "MiB", 0, 200);
	bench_region_close(&r);
	return bench_exit();
}
