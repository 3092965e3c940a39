#ifndef RCC_TESTS_SUPPORT_INVENT_H
#define RCC_TESTS_SUPPORT_INVENT_H

#include <stdint.h>

#include "base/arena.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

/*
 * Invented vacancies and requests from one seed, with a fact missing here and there:
 * for tests that want everything to happen once.
 */
#define INVENT_TODAY 20778 /* 2026-11-21 */
#define INVENT_NOON_MS INT64_C(1795262400000)
#define INVENT_COUNCILS 4

struct invent {
	struct arena *arena;
	uint64_t chance; /* the seed; not 0 */
};

extern char invent_councils[INVENT_COUNCILS][10];

/* The number makes the id, so that ids come in the order of numbers. */
Foster__Vacancy *invent_vacancy(struct invent *w, uint32_t number);
Residential__Vacancy *invent_home_vacancy(struct invent *w, uint32_t number);
Requests__RequestSubmitted *invent_request(struct invent *w, uint32_t number);

#endif
