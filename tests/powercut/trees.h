#ifndef RCC_POWERCUT_TREES_H
#define RCC_POWERCUT_TREES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Both trees of an LMDB 0.9 file, read from its bytes and not through LMDB: the tables
 * with their own trees, and the list of free pages. Does every page below the last
 * stand in exactly one place, in use or free; do the counts say what is there; are the
 * keys in order? Nothing is shared with LMDB, so its mistakes are not made here too.
 */
struct trees {
	uint64_t transaction; /* of the root that counts */
	uint64_t pages_used, pages_free, rows;
	char what[120]; /* is wrong; empty: nothing */
};

/* False where something is wrong, or nothing can be read. */
bool trees_walk(const uint8_t *file, size_t len, struct trees *out);

#endif
