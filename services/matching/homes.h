#ifndef RCC_MATCHING_HOMES_H
#define RCC_MATCHING_HOMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/kv.h"
#include "matching/facts.h"
#include "matching/matching.h"
#include "matching/store.h"

/*
 * Every followed vacancy of one owner, boiled down, in memory: what a shortlist looks
 * through. A copy of a copy: it says how far it had followed, and a question first
 * brings it up to where the store is in that question's own transaction.
 *
 * A home keeps its place from when it was first heard of; `by_id` is the order of ids,
 * so that one that belongs between two others moves a few numbers and no home.
 */

#define HOMES_MAX ((size_t)1 << 17)

struct homes {
	enum matching_owner owner;
	struct matching_home *home;
	struct matching_lanes *lanes; /* the same homes, as the rules look at them */
	uint32_t *by_id;
	size_t n;
	uint64_t number; /* of the owner's journal: what these homes are as of */
	uint64_t incarnation;
};

/* What homes_open takes: address space, of which only what is used is touched. */
#define HOMES_BYTES                                                                    \
	(HOMES_MAX * (sizeof(struct matching_home) + sizeof(uint32_t)) +               \
	    HOMES_MAX / MATCHING_LANES * sizeof(struct matching_lanes) + 4096)

enum err homes_open(
    struct homes *homes, enum matching_owner owner, struct arena *memory) MUST_CHECK;

/* NULL when there is no such vacancy. */
const struct matching_home *homes_find(
    const struct homes *homes, const char *vacancy_id);

/* Over the home with its id, or as a new one. ERR_MEMORY beyond HOMES_MAX. */
enum err homes_put(struct homes *homes, const struct matching_home *home) MUST_CHECK;

/*
 * Reads what changed since, or everything of this owner where that cannot be told:
 * another incarnation, or a store that is behind.
 */
enum err homes_catch_up(
    struct homes *homes, struct kv_txn *txn, struct arena *scratch) MUST_CHECK;

#endif
