#ifndef RCC_TESTS_SUPPORT_MEMORY_H
#define RCC_TESTS_SUPPORT_MEMORY_H

/* The memory of a message, for all the tests of one program:
 * cmocka_run_group_tests(tests, open_arena, close_arena). */

#include "base/arena.h"

#define MEMORY_BYTES ((size_t)16 << 20)

static struct arena arena;

static inline int
open_arena(void **state)
{
	(void)state;
	return arena_open(&arena, MEMORY_BYTES) == ERR_NONE ? 0 : -1;
}

static inline int
close_arena(void **state)
{
	(void)state;
	arena_close(&arena);
	return 0;
}

#endif
