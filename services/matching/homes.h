#ifndef RCC_MATCHING_HOMES_H
#define RCC_MATCHING_HOMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/kv.h"
#include "matching/facts.h"

/*
 * Every followed vacancy, boiled down, in memory, in the order of ids: what a shortlist
 * looks through. A copy of a copy: it says how far it had followed, and a question
 * first brings it up to where the store is in that question's own transaction.
 */

#define HOMES_A_BLOCK 4096
#define HOMES_BLOCKS_MAX 64
#define HOMES_MAX ((size_t)HOMES_A_BLOCK * HOMES_BLOCKS_MAX)

struct homes {
	struct arena *memory; /* blocks are taken from it and kept */
	struct matching_home *block[HOMES_BLOCKS_MAX];
	size_t n;
	uint64_t number; /* of the journal of foster: what these homes are as of */
	uint64_t incarnation;
};

static inline const struct matching_home *
homes_at(const struct homes *homes, size_t i)
{
	return &homes->block[i / HOMES_A_BLOCK][i % HOMES_A_BLOCK];
}

/* NULL when there is no such vacancy. */
const struct matching_home *homes_find(
    const struct homes *homes, const char *vacancy_id);

/*
 * Puts a home in its place: over the one with its id, or behind the last. False where
 * it belongs between two others. ERR_MEMORY in *e beyond HOMES_MAX.
 */
bool homes_put(struct homes *homes, const struct matching_home *home, enum err *e);

/*
 * Reads what changed since, or everything where that cannot be told (another
 * incarnation, a store that is behind, an id between two others).
 */
enum err homes_catch_up(
    struct homes *homes, struct kv_txn *txn, struct arena *scratch) MUST_CHECK;

#endif
