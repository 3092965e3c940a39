#ifndef RCC_REGION_CHANCE_H
#define RCC_REGION_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"

/*
 * Chance that comes out the same again: a stream of numbers of its own for every
 * seed, purpose and index (ChaCha20 under a key hashed from the three), so that more
 * draws for one household do not move the next one's.
 */
struct chance {
	uint8_t key[32];
	uint64_t block; /* the next one of the stream */
	uint8_t bytes[256];
	size_t used;
};

struct chance chance_of(uint64_t seed, const char *purpose, uint64_t index);

/* 0 to n - 1, all alike; n is not 0. */
uint32_t chance_below(struct chance *c, uint32_t n);
int32_t chance_between(struct chance *c, int32_t least, int32_t most); /* inclusive */
bool chance_per_mille(struct chance *c, uint32_t per_mille);
/* Which of n weights; their sum is not 0. */
size_t chance_weighted(struct chance *c, const uint32_t *weights, size_t n);
void chance_shuffle(struct chance *c, uint32_t *list, size_t n);

/*
 * A deck: n cards of k kinds, 0 to k - 1, as near to the weights as whole cards go
 * (largest remainder), shuffled. What is dealt from it comes as close to a published
 * share as is possible at all, not merely likely.
 */
#define CHANCE_KINDS_MAX 400
struct deck {
	uint32_t *cards;
	size_t n, next;
};
struct deck chance_deck(
    struct chance *c, struct arena *a, const uint32_t *weights, size_t k, size_t n);
uint32_t chance_deal(struct deck *d);
/* The shares alone: out[i] of n by weight, adding up to n. */
void chance_share(const uint32_t *weights, size_t k, size_t n, uint32_t *out);

/* An id that says this time. */
struct id chance_id(struct chance *c, int64_t time_ms);

#endif
