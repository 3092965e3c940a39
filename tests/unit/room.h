#ifndef RCC_TESTS_UNIT_ROOM_H
#define RCC_TESTS_UNIT_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

#define ROOM_STEP_BYTES 16
#define ROOM_BYTES_MAX (1u << 20)

/*
 * What a rule makes in an arena is whole, or it is nothing: each `make` is given every
 * room from none up to the first that does, and answers false in each before it. One
 * that answers true in a room that was too small has left something out.
 */
static inline void
room_is_enough_or_nothing(bool (*const *make)(struct arena *a), size_t n)
{
	struct arena a;

	assert_int_equal(arena_open(&a, ROOM_BYTES_MAX), ERR_NONE);
	for (size_t i = 0; i < n; i++) {
		bool is_made = false;

		for (a.size = 0; !is_made; a.size += ROOM_STEP_BYTES) {
			arena_reset(&a);
			is_made = make[i](&a);
			if (is_made == a.is_full || (is_made && a.size == 0) ||
			    a.size == ROOM_BYTES_MAX)
				fail_msg("%zu: made in %zu bytes: %d, full: %d", i,
				    a.size, is_made, a.is_full);
		}
	}
	a.size = ROOM_BYTES_MAX;
	arena_close(&a);
}

#endif
