#ifndef RCC_BENCH_SHORTLIST_SUPPLY_H
#define RCC_BENCH_SHORTLIST_SUPPLY_H

#include <stdint.h>

#include "base/arena.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

/*
 * England's vacancies from one seed: foster homes and, one in five, children's homes
 * and supported accommodation, spread over its postcode sectors; and requests for one
 * child each, most of them with a limit of distance. All facts are recorded.
 */
#define SUPPLY_TODAY 20778 /* 2026-11-21 */
#define SUPPLY_NOON_MS INT64_C(1795262400000)
#define SUPPLY_COUNCILS 150

struct supply {
	struct arena *arena;
	uint64_t chance; /* the seed; not 0 */
};

/* Is the i-th vacancy one of a foster home? */
static inline bool
supply_is_foster(uint32_t i)
{
	return i % 5 != 4;
}

Foster__Vacancy *supply_foster(struct supply *s, uint32_t i);
Residential__Vacancy *supply_home(struct supply *s, uint32_t i);
Requests__RequestSubmitted *supply_request(struct supply *s, uint32_t i);

#endif
