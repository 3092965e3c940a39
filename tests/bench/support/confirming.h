#ifndef RCC_BENCH_CONFIRMING_H
#define RCC_BENCH_CONFIRMING_H

#include "bench/support/bench.h"
#include "bench/support/rounds.h"

/* "Confirm vacancy" over CURVE: as many connections to rcc-foster as there may be
 * clients, and a vacancy for each. */
struct bench_confirming {
	struct bench_region region;
	struct bus_client *clients[BENCH_CLIENTS_MAX];
	char vacancies[BENCH_CLIENTS_MAX][32];
	struct arena arena;
};

void bench_confirming_open(struct bench_confirming *o, const char *preload);
void bench_confirming_close(struct bench_confirming *o);
/* For a struct bench_peer with this as its state. */
void bench_confirm_post(void *state, size_t client);
void bench_confirm_collect(void *state, size_t clients, uint8_t *answered);

#endif
