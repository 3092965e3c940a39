/*
 * How long does a region's backup take, while it is written to, and what do the writers
 * notice of it? From starting rccctl to its end: every store copied, each journal read
 * through, the manifest on the disk.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/message.h"

#include "bench/support/bench.h"
#include "bench/support/supply.h"

#include "common.pb-c.h"
#include "foster.pb-c.h"

#define REGION_EVENTS 6000ull
#define LARGE_EVENTS 1000000ull
#define ROUNDS 9
#define REST_US 300000 /* of writing alone, between two backups */
#define TEXT(literal) ((char *)(uintptr_t)(literal))

/* What the writer says, in memory that both share. */
struct writing {
	_Atomic uint64_t calls;
	_Atomic int64_t worst_us; /* since it was last set to 0 */
};

static struct writing *writing;

static void
register_household(struct bench_region *r, struct bus_client *c)
{
	Foster__RegisterHousehold call = FOSTER__REGISTER_HOUSEHOLD__INIT;
	Foster__Household h = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval a = FOSTER__APPROVAL__INIT;

	h.carer_name = TEXT("Invented Carer");
	h.council_id = TEXT("E08000003");
	h.home_sector = TEXT("M14 5");
	SET(&a, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(&a, children_max, 2);
	SET(&a, age_min_years, 0);
	SET(&a, age_max_years, 17);
	SET(&a, takes_girls, true);
	SET(&a, takes_boys, true);
	SET(&a, approved_day, day_in_london(clock_now_ms()) - 100);
	h.approval = &a;
	SET(&h, bedrooms, 2);
	SET(&h, fee_pence_week, 90000);
	call.household = &h;
	bench_call(r, c, 10, &call.base, &common__done__descriptor);
}

/* One command after another, in a process of its own. */
static pid_t
start_writing(struct bench_region *r)
{
	pid_t child = fork();
	struct bus_client *c;

	if (child != 0)
		return child;
	c = bench_client(r, BENCH_FOSTER, &r->officer);
	for (;;) {
		size_t mark = r->arena.used;
		int64_t began_us = clock_ticks_us(), took_us;

		register_household(r, c);
		took_us = clock_ticks_us() - began_us;
		if (took_us > writing->worst_us)
			writing->worst_us = took_us;
		writing->calls++;
		arena_release(&r->arena, mark);
	}
}

static void
run(const char *const *argv)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (freopen("/dev/null", "w", stdout) != NULL)
			execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		bench_fail("%s left with %d", argv[0], status);
}

/* Seconds; the backup is removed again. */
static double
back_up(struct bench_region *r)
{
	char tool[300], to[200];
	const char *const make[] = {
	    tool, "backup", "make", "--store", r->folder, "--to", to, NULL};
	const char *const drop[] = {"rm", "-rf", to, NULL};
	int64_t began_us;
	double took;

	snprintf(tool, sizeof tool, "%s/rccctl", getenv("BIN"));
	snprintf(to, sizeof to, "%s/backup", r->folder);
	began_us = clock_ticks_us();
	run(make);
	took = (double)(clock_ticks_us() - began_us) / 1e6;
	run(drop);
	return took;
}

/* Backups under load, and the worst that a writer met while one was made, or none. */
static void
measure_region(struct bench_region *r)
{
	double seconds[ROUNDS], during_ms[ROUNDS], between_ms[ROUNDS];
	pid_t writer = start_writing(r);
	uint64_t before;

	usleep(REST_US);
	before = writing->calls;
	for (unsigned i = 0; i < ROUNDS; i++) {
		writing->worst_us = 0;
		usleep(REST_US);
		between_ms[i] = (double)writing->worst_us / 1e3;
		writing->worst_us = 0;
		seconds[i] = back_up(r);
		during_ms[i] = (double)writing->worst_us / 1e3;
	}
	if (writing->calls == before)
		bench_fail("nothing was written meanwhile");
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	bench_limit("backup.region", bench_median(seconds, ROUNDS), "s", 0, 2.0);
	bench_figure("backup.region.worst", seconds[ROUNDS - 1], "s");
	bench_figure(
	    "backup.write_meanwhile.worst", bench_median(during_ms, ROUNDS), "ms");
	bench_figure(
	    "backup.write_without.worst", bench_median(between_ms, ROUNDS), "ms");
}

int
main(void)
{
	static struct bench_region r;

	bench_quiet();
	writing = mmap(NULL, sizeof *writing, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (writing == MAP_FAILED)
		bench_fail("no memory");
	bench_region_open(&r);
	bench_machine(r.folder);
	bench_people(&r, NULL);
	bench_stop(&r, BENCH_FOSTER, SIGTERM);
	bench_fill_foster(&r, REGION_EVENTS);
	bench_start(&r, BENCH_FOSTER, NULL);
	bench_start(&r, BENCH_REQUESTS, NULL);
	bench_start(&r, BENCH_MATCHING, NULL);
	measure_region(&r);
	bench_stop(&r, BENCH_FOSTER, SIGTERM);
	bench_fill_foster(&r, LARGE_EVENTS);
	bench_start(&r, BENCH_FOSTER, NULL);
	bench_figure("backup.million_events", back_up(&r), "s");
	bench_region_close(&r);
	return bench_exit();
}
