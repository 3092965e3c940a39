#ifndef RCC_REGION_BEGUN_H
#define RCC_REGION_BEGUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"

/*
 * RUN/region.plan: what a load was begun with. A load that is begun again takes its
 * seed, size and time from there, so that it makes the same plan, sends the same ids,
 * hears the first answers to what was done before, and goes on where it stopped.
 */
struct begun {
	int64_t seed, scope, households, residences, requests;
	int64_t started_ms;
	int64_t loaded_ms; /* 0: not to the end yet */
	char digest[PLAN_DIGEST_LEN + 1];
};

/* False where no load was begun there yet. */
bool begun_read(const char *run, struct begun *out);
/* Takes the old one's place at once, or ends the process with a sentence. */
void begun_write(const char *run, const struct begun *b);

#endif
