#ifndef RCC_FINDING_H
#define RCC_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * What a chart shows, in one or two sentences made from its figures. They are true of
 * what is shown, and say how much is not: a hidden figure may be any, also the highest.
 */

struct finding_figure {
	enum { FINDING_NONE, FINDING_HIDDEN, FINDING_KNOWN } state;
	uint32_t value;
};

struct finding_row {
	const char *name; /* a council */
	struct finding_figure figure, beside;
};

/* Where `figure` is highest and where lowest. `unit` is put behind a number: "%", or
 * "". "Highest in Wigan (12%), lowest in Bolton and Bury (3% each)." */
const char *finding_extremes(
    struct arena *a, const struct finding_row *rows, size_t n, const char *unit);

/* Where `beside` (supply) is at least `figure` (need), of those councils with both.
 * "There are at least as many free places as children waiting in 8 of 10 councils;
 * there are fewer in Bolton and Bury." */
const char *finding_cover(struct arena *a, const struct finding_row *rows, size_t n);

#endif
