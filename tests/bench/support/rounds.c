#include "bench/support/rounds.h"

#include <string.h>

#include "base/clock.h"

#include "bench/support/bench.h"

#define ROUND_US INT64_C(1500000)
#define SAMPLES_MAX 400000

static double samples[SAMPLES_MAX];

struct bench_round
bench_measure(const struct bench_peer *p, size_t clients)
{
	int64_t sent_us[BENCH_CLIENTS_MAX];
	uint8_t answered[BENCH_CLIENTS_MAX];
	int64_t began = clock_ticks_us(), until = began + ROUND_US, now = began;
	size_t n = 0, outstanding = clients;
	struct bench_round r;

	for (size_t i = 0; i < clients; i++) {
		sent_us[i] = clock_ticks_us();
		p->post(p->state, i);
	}
	while (outstanding > 0) {
		memset(answered, 0, clients);
		p->collect(p->state, clients, answered);
		now = clock_ticks_us();
		for (size_t i = 0; i < clients; i++) {
			if (!answered[i])
				continue;
			if (n < SAMPLES_MAX)
				samples[n++] = (double)(now - sent_us[i]);
			if (now >= until) {
				outstanding--;
				continue;
			}
			sent_us[i] = clock_ticks_us();
			p->post(p->state, i);
		}
	}
	r.commands_s = (double)n / ((double)(now - began) / 1e6);
	bench_sort(samples, n);
	r.p50_us = bench_percentile(samples, n, 0.5);
	r.p99_us = bench_percentile(samples, n, 0.99);
	return r;
}

double
bench_of_rounds(
    const struct bench_round rounds[BENCH_ROUNDS], enum bench_of_round which)
{
	double values[BENCH_ROUNDS];

	for (size_t i = 0; i < BENCH_ROUNDS; i++)
		values[i] = which == BENCH_RATE  ? rounds[i].commands_s
		            : which == BENCH_P50 ? rounds[i].p50_us
		                                 : rounds[i].p99_us;
	return bench_median(values, BENCH_ROUNDS);
}
