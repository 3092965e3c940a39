#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void
equal_by_length_and_content(void **state)
{
	(void)state;
	assert_true(bytes_equal(bytes_of_text("abc"), bytes_of_text("abc")));
	assert_false(bytes_equal(bytes_of_text("abc"), bytes_of_text("abd")));
	assert_false(bytes_equal(bytes_of_text("abc"), bytes_of_text("abcd")));
	assert_true(bytes_equal(BYTES_NONE, bytes_of_text("")));
	assert_int_equal(bytes_of_text(NULL).len, 0);
	assert_false(bytes_equal((struct bytes){(const uint8_t *)"a\0b", 3},
	    (struct bytes){(const uint8_t *)"a\0c", 3}));
}

static void
a_copy_is_its_own(void **state)
{
	(void)state;
	struct arena a;
	char text[] = "abc";
	assert_int_equal(arena_open(&a, 4096), ERR_NONE);
	struct bytes copy = bytes_copy(&a, bytes_of_text(text));
	text[0] = 'x';
	assert_true(bytes_equal(copy, bytes_of_text("abc")));
	assert_int_equal(bytes_copy(&a, BYTES_NONE).len, 0);
	static const uint8_t large[5000];
	assert_null(bytes_copy(&a, (struct bytes){large, sizeof large}).data);
	assert_true(a.is_full);
	arena_close(&a);
}

static void
hex_goes_both_ways(void **state)
{
	(void)state;
	uint8_t all[256], back[256];
	char hex[2 * 256 + 1];
	for (unsigned i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	bytes_to_hex((struct bytes){all, 256}, hex);
	assert_memory_equal(hex, "000102", 6);
	assert_string_equal(hex + 508, "feff");
	assert_true(bytes_from_hex(hex, back, 256));
	assert_memory_equal(all, back, 256);
	assert_true(bytes_from_hex("ABcd", back, 2));
	assert_int_equal(back[0], 0xab);
	bytes_to_hex(BYTES_NONE, hex);
	assert_string_equal(hex, "");
	assert_true(bytes_from_hex("", back, 0));
}

static void
what_is_not_hex_is_refused(void **state)
{
	(void)state;
	uint8_t out[2] = {7, 7};
	static const char *const wrong[] = {
	    "", "abc", "abcde", "abcdef", "abcg", "ab d", "0xab", "-bcd", "abc:"};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(bytes_from_hex(wrong[i], out, 2));
	assert_int_equal(out[0], 7);
}

static void
integers_sort_as_bytes(void **state)
{
	(void)state;
	static const uint64_t rising[] = {
	    0, 1, 255, 256, 65535, UINT32_MAX, 1ull << 32, 1ull << 63, UINT64_MAX};
	uint8_t last[8] = {0}, now[8], small[4];
	for (size_t i = 0; i < sizeof rising / sizeof rising[0]; i++) {
		bytes_put_u64(now, rising[i]);
		assert_int_equal(bytes_get_u64(now), rising[i]);
		if (i > 0)
			assert_true(memcmp(last, now, 8) < 0);
		memcpy(last, now, 8);
	}
	bytes_put_u32(small, 0x01020304);
	assert_memory_equal(small, "\1\2\3\4", 4);
	assert_int_equal(bytes_get_u32(small), 0x01020304);
	bytes_put_u32(small, UINT32_MAX);
	assert_int_equal(bytes_get_u32(small), UINT32_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equal_by_length_and_content),
	    cmocka_unit_test(a_copy_is_its_own),
	    cmocka_unit_test(hex_goes_both_ways),
	    cmocka_unit_test(what_is_not_hex_is_refused),
	    cmocka_unit_test(integers_sort_as_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
