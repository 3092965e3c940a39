#ifndef RCC_POWERCUT_CHECK_H
#define RCC_POWERCUT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "powercut/told.h"

/* A store after a cut, and what must be in it. */
struct check {
	const struct service *service;
	const char *folder; /* of the store */
	const char *option; /* the service's, as in its configuration */
	const struct told *told;
	size_t answers_n;     /* of them, those that were sent before the cut */
	uint64_t head_number; /* the least that the journal must reach */
	bool is_deep;         /* also: are its tables what its journal makes? */
};

struct checked {
	bool is_fine;
	uint64_t entries, rows;
	char what[200]; /* is wrong */
};

/*
 * Opens it as the service does and looks: both trees whole; the last commit, and not an
 * older one; every entry of the journal in its chain; every answer that was sent in it
 * and in the inbox; what followers were told not more than there is. Then, where deep,
 * the tables beside the same made anew, and the trees after that. May crash or hang on
 * a file that is damaged: call it in a process of its own.
 */
void check_store(const struct check *c, struct checked *out);

#endif
