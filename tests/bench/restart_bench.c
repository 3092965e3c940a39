/*
 * How long from kill -9 to serving again, with a million events in the journal?
 * From the start of the new process to its first answer to a call.
 */
#include <signal.h>

#include "base/clock.h"

#include "bench/support/bench.h"
#include "bench/support/supply.h"

#define EVENTS 1000000ull
#define ROUNDS 7

int
main(void)
{
	static struct bench_region r;
	double times[ROUNDS];

	bench_quiet();
	bench_region_open(&r);
	bench_machine(r.folder);
	bench_start(&r, BENCH_FOSTER, NULL);
	bench_stop(&r, BENCH_FOSTER, SIGTERM);
	bench_fill_foster(&r, EVENTS);
	bench_start(&r, BENCH_FOSTER, NULL);
	for (unsigned i = 0; i < ROUNDS; i++) {
		int64_t began;

		bench_stop(&r, BENCH_FOSTER, SIGKILL);
		began = clock_ticks_us();
		bench_start(&r, BENCH_FOSTER, NULL);
		times[i] = (double)(clock_ticks_us() - began) / 1e6;
	}
	bench_limit("restart.million_events", bench_median(times, ROUNDS), "s", 0, 1.0);
	bench_figure("restart.million_events.worst", times[ROUNDS - 1], "s");
	bench_region_close(&r);
	return bench_exit();
}
