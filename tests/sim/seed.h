#ifndef RCC_SIM_SEED_H
#define RCC_SIM_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/tally.h"

/* What became of one seed. */
struct outcome {
	uint64_t trace; /* a hash of everything that was sent */
	uint64_t turns;
	bool is_fine;
	struct tally tally;
};

/*
 * Lives one seed through, from its setting up to the last promise checked; its
 * stores are in a folder made in `root` and gone when it returns. A failure is said
 * on standard output; `is_loud`: each journal entry is, too.
 */
struct outcome seed_run(uint64_t seed, const char *root, bool is_loud);

/* A folder and all in it. */
void seed_remove_folder(const char *path);

#endif
