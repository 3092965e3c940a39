#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define MIB ((size_t)1024 * 1024)

static void
blocks_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena a;
	assert_int_equal(arena_open(&a, MIB), ERR_NONE);
	for (int round = 0; round < 2; round++) {
		unsigned char *last_end = NULL;
		for (size_t size = 0; size < 100; size++) {
			unsigned char *block = arena_take(&a, size);
			assert_non_null(block);
			assert_int_equal((uintptr_t)block % 16, 0);
			assert_true(last_end == NULL || block >= last_end);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(block[i], 0);
			memset(block, 0xab, size);
			last_end = block + (size == 0 ? 1 : size);
		}
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_close(&a);
}

static void
the_cap_holds(void **state)
{
	(void)state;
	struct arena a;
	assert_int_equal(arena_open(&a, 4096), ERR_NONE);
	assert_null(arena_take(&a, 4097));
	assert_true(a.is_full);
	assert_null(arena_take(&a, SIZE_MAX));
	assert_null(arena_take(&a, SIZE_MAX - 8));
	arena_reset(&a);
	assert_false(a.is_full);
	assert_non_null(arena_take(&a, 2000));
	assert_false(a.is_full);
	assert_null(arena_take(&a, 2100));
	assert_true(a.is_full);
	/* What is smaller may still fit, but that something did not is not forgotten.
	 */
	assert_non_null(arena_take(&a, 100));
	assert_true(a.is_full);
	unsigned taken = 0;
	arena_reset(&a);
	while (arena_take(&a, 0) != NULL)
		taken++;
	assert_in_range(taken, 4096 / 64, 4096 / 16); /* nothing is never free */
	arena_close(&a);
}

static void
release_goes_back_to_the_mark(void **state)
{
	(void)state;
	struct arena a;
	assert_int_equal(arena_open(&a, MIB), ERR_NONE);
	char *kept = arena_take(&a, 10);
	memcpy(kept, "kept", 5);
	size_t mark = a.used;
	unsigned char *scratch = arena_take(&a, 1000);
	memset(scratch, 0xff, 1000);
	arena_release(&a, mark);
	assert_int_equal(a.used, mark);
	assert_string_equal(kept, "kept");
	unsigned char *again = arena_take(&a, 1000);
	assert_ptr_equal(again, scratch);
	assert_int_equal(again[999], 0);
	arena_close(&a);
}

static size_t
pages_in_memory(const struct arena *a)
{
	static unsigned char in[16 * MIB / 4096];
	size_t n = 0;

	assert_int_equal(mincore(a->base, a->size, in), 0);
	for (size_t i = 0; i < a->size / 4096; i++)
		n += in[i] & 1;
	return n;
}

/* One large message must not make the process large for ever. */
static void
a_large_range_is_given_back(void **state)
{
	(void)state;
	if (sysconf(_SC_PAGESIZE) != 4096)
		skip();
	struct arena a;
	assert_int_equal(arena_open(&a, 16 * MIB), ERR_NONE);
	assert_int_equal(pages_in_memory(&a), 0);
	size_t mark = a.used;
	assert_non_null(arena_take(&a, 12 * MIB));
	assert_true(pages_in_memory(&a) >= 12 * MIB / 4096);
	arena_release(&a, mark); /* hides the range from `used`, not from the reset */
	assert_non_null(arena_take(&a, 100));
	arena_reset(&a);
	assert_true(pages_in_memory(&a) <= MIB / 4096);
	arena_close(&a);
}

static void
close_is_harmless_twice(void **state)
{
	(void)state;
	struct arena a;
	arena_close(NULL);
	assert_int_equal(arena_open(&a, 4096), ERR_NONE);
	arena_close(&a);
	arena_close(&a);
	assert_null(a.base);
	assert_int_equal(arena_open(&a, SIZE_MAX / 2), ERR_MEMORY);
	assert_null(a.base);
	arena_close(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blocks_are_zeroed_aligned_and_apart),
	    cmocka_unit_test(the_cap_holds),
	    cmocka_unit_test(release_goes_back_to_the_mark),
	    cmocka_unit_test(a_large_range_is_given_back),
	    cmocka_unit_test(close_is_harmless_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
