#ifndef RCC_OBSERVATORY_OPERATIONS_H
#define RCC_OBSERVATORY_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "observatory/figures.h"

/*
 * Live operations: which needs are open now, what somebody should look at in each, and
 * whose vacancies nobody has confirmed. One pass over all needs and all places.
 */

#define OBSERVATORY_WAITING_MINUTES 120
#define OBSERVATORY_ENDING_MINUTES 60
#define OBSERVATORY_CONCERNS (OBSERVATORY__CONCERN__CONCERN_DECISION_WAITING + 1)

/* Bits of the children for whom nothing is chosen and nothing has begun. */
unsigned observatory_waiting(const struct observatory_need *need);
/* Is anybody of the request still without a place to live in? */
bool observatory_is_open(const struct observatory_need *need);
/* Bits of concerns, 1 << observatory.Concern; of an open need. */
unsigned observatory_concerns(const struct observatory_need *need, int64_t now_ms);

struct observatory_open {
	const struct observatory_need *need;
	unsigned concerns;
};

struct observatory_unconfirmed {
	const struct id *provider;
	uint32_t vacancies;
	int64_t oldest_ms;
};

struct observatory_operations {
	struct observatory_open *needs; /* worst first, then longest waiting */
	size_t needs_n;
	uint32_t same_day;
	uint32_t by_concern[OBSERVATORY_CONCERNS];
	struct observatory_unconfirmed *unconfirmed; /* longest first */
	size_t unconfirmed_n;
	uint32_t vacancies, vacancies_stale;
};

/* ERR_MEMORY at the arena's cap. */
enum err observatory_operations(struct arena *a, const struct observatory_known *known,
    int64_t now_ms, struct observatory_operations *out) MUST_CHECK;

/* As a message, cut at the limit; NULL when the arena is full. Sources are the asker's.
 */
Observatory__Operations *observatory_operations_shown(struct arena *a,
    const struct observatory_operations *from, uint32_t limit, int64_t now_ms);

#endif
