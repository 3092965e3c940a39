#include "sim/random.h"

/* splitmix64: small, and every seed is as good as the next. */
uint64_t
random_next(struct random *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15U);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

uint32_t
random_below(struct random *r, uint32_t n)
{
	return n == 0 ? 0 : (uint32_t)(random_next(r) % n);
}

bool
random_one_in(struct random *r, uint32_t n)
{
	return random_below(r, n) == 0;
}
