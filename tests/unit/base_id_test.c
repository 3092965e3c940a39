#include "base/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LAST_MS ((INT64_C(1) << 48) - 1)

static const uint8_t none[ID_RANDOM_BYTES];
static const uint8_t all[ID_RANDOM_BYTES] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

static void
spells_time_then_chance(void **state)
{
	(void)state;
	static const uint8_t one[ID_RANDOM_BYTES] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
	static const uint8_t first[ID_RANDOM_BYTES] = {0x80};
	assert_string_equal(id_make(0, none).text, "00000000000000000000000000");
	assert_string_equal(id_make(LAST_MS, all).text, "7zzzzzzzzzzzzzzzzzzzzzzzzz");
	assert_string_equal(id_make(1, one).text, "00000000010000000000000001");
	assert_string_equal(id_make(0, first).text, "0000000000g000000000000000");
}

static void
the_time_comes_back(void **state)
{
	(void)state;
	static const int64_t times[] = {0, 1, 31, 32, 1795262400000, LAST_MS};
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		struct id id = id_make(times[i], all);
		assert_true(id_is_well_formed(id.text));
		assert_int_equal(id_time_ms(id.text), times[i]);
	}
}

static void
text_sorts_by_time(void **state)
{
	(void)state;
	int64_t ms = 0;
	for (int64_t step = 1; ms < LAST_MS / 2; ms += step, step += step / 2 + 1)
		assert_true(
		    strcmp(id_make(ms, all).text, id_make(ms + 1, none).text) < 0);
}

static void
what_is_no_id_is_told(void **state)
{
	(void)state;
	static const char *const wrong[] = {
	    "",
	    "0",
	    "0000000000000000000000000",   /* 25 */
	    "000000000000000000000000000", /* 27 */
	    "80000000000000000000000000",  /* more than 128 bits */
	    "0000000000000000000000000i",
	    "0000000000000000000000000l",
	    "0000000000000000000000000o",
	    "0000000000000000000000000u",
	    "0000000000000000000000000A",
	    "0000000000000 000000000000",
	    "E06000001",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(id_is_well_formed(wrong[i]));
	assert_false(id_is_well_formed(NULL));
}

static void
an_ofsted_number_has_one_of_two_forms(void **state)
{
	static const char *const wrong[] = {"", "SC", "SC12345", "SC1234567", "123456",
	    "12345678", "sc123456", "SC12345a", "1234567 ", "SC-12345"};

	(void)state;
	assert_true(id_is_urn("SC123456"));
	assert_true(id_is_urn("1234567"));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(id_is_urn(wrong[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spells_time_then_chance),
	    cmocka_unit_test(the_time_comes_back),
	    cmocka_unit_test(text_sorts_by_time),
	    cmocka_unit_test(what_is_no_id_is_told),
	    cmocka_unit_test(an_ofsted_number_has_one_of_two_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
