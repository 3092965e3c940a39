#ifndef RCC_BENCH_SUPPLY_H
#define RCC_BENCH_SUPPLY_H

#include <stdint.h>

#include "bench/support/bench.h"

/*
 * A long journal of foster's, made without asking anybody: `events` publications of
 * 50,000 vacancies, each event about 300 bytes, appended to the (stopped) service's
 * own store with its own code for journals.
 */
void bench_fill_foster(struct bench_region *r, uint64_t events);

#endif
