#ifndef RCC_ARENA_H
#define RCC_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Memory for one message or one turn: taken in order, never freed by hand, all
 * given back at once. The cap is the most a message can make a service use.
 */
struct arena {
	unsigned char *base;
	size_t size; /* the cap, bytes */
	size_t used;
	size_t touched; /* the furthest byte taken since pages were last given back */
	bool is_full;   /* a take was refused since the last reset */
};

/* Reserves `size` bytes of address space; pages are touched as they are taken. */
enum err arena_open(struct arena *a, size_t size) MUST_CHECK;
void arena_close(struct arena *a);

/*
 * `size` zeroed bytes, aligned for any type; NULL at the cap. Sanitizer builds
 * fence the blocks off from each other.
 */
void *arena_take(struct arena *a, size_t size);

/* The same, not zeroed: for bytes that are written whole at once. */
void *arena_take_raw(struct arena *a, size_t size);

/* Forgets everything taken; gives large touched ranges back to the system. */
void arena_reset(struct arena *a);

/* Forgets what was taken after `mark` (a value of `used` seen earlier). */
void arena_release(struct arena *a, size_t mark);

#endif
