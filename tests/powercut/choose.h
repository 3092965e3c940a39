#ifndef RCC_POWERCUT_CHOOSE_H
#define RCC_POWERCUT_CHOOSE_H

#include "powercut/points.h"
#include "powercut/recorded.h"
#include "powercut/told.h"

struct chooser {
	const struct recorded *recorded;
	const struct told *told; /* in a world that is not honest: of some answers */
	enum world world;
};

/* The next point to try, from `chance`, which moves on. */
void choose(const struct chooser *c, uint64_t *chance, struct point *out);

#endif
