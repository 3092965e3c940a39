#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* As `printf abc | b2sum -l 256` says it. */
static void
it_is_blake2b_of_256_bits(void **state)
{
	static const char *const rows[][2] = {
	    {"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
	    {"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
	};
	char hex[2 * DIGEST_BYTES + 1];
	uint8_t digest[DIGEST_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		digest_of(bytes_of_text(rows[i][0]), digest);
		bytes_to_hex((struct bytes){digest, sizeof digest}, hex);
		assert_string_equal(hex, rows[i][1]);
	}
}

static void
the_same_is_equal_and_nothing_else(void **state)
{
	uint8_t one[DIGEST_BYTES], other[DIGEST_BYTES];
	struct bytes a = {one, sizeof one}, b = {other, sizeof other};

	(void)state;
	digest_of(bytes_of_text("a"), one);
	memcpy(other, one, sizeof other);
	assert_true(digest_equal(a, b));
	for (size_t i = 0; i < sizeof other; i++) {
		other[i] ^= 1;
		assert_false(digest_equal(a, b));
		other[i] ^= 1;
	}
	b.len--;
	assert_false(digest_equal(a, b));
	assert_true(digest_equal(BYTES_NONE, BYTES_NONE));
	assert_false(digest_equal(a, BYTES_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_blake2b_of_256_bits),
	    cmocka_unit_test(the_same_is_equal_and_nothing_else),
	};

	return cmocka_run_group_tests_name("base_digest", tests, NULL, NULL);
}
