#ifndef RCC_SIM_RANDOM_H
#define RCC_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* All the chance of one simulated world, from its seed. */
struct random {
	uint64_t state;
};

uint64_t random_next(struct random *r);
uint32_t random_below(struct random *r, uint32_t n); /* 0 .. n - 1; 0 for 0 */
bool random_one_in(struct random *r, uint32_t n);

#endif
