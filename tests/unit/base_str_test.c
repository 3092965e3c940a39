#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void
copies_and_formats(void **state)
{
	(void)state;
	struct arena a;
	assert_int_equal(arena_open(&a, 4096), ERR_NONE);
	char text[] = "abc";
	char *copy = str_copy(&a, text);
	text[0] = 'x';
	assert_string_equal(copy, "abc");
	assert_null(str_copy(&a, NULL));
	assert_false(a.is_full);
	assert_string_equal(str_format(&a, "%d of %s", 3, "ten"), "3 of ten");
	assert_string_equal(str_format(&a, "%s", ""), "");
	assert_string_equal(str_of_number(&a, 0), "0");
	assert_string_equal(str_of_number(&a, 999), "999");
	assert_string_equal(str_of_number(&a, 1024), "1,024");
	assert_string_equal(
	    str_of_number(&a, UINT64_MAX), "18,446,744,073,709,551,615");
	assert_null(str_format(&a, "%5000d", 1));
	assert_true(a.is_full);
	arena_close(&a);
}

static void
compares(void **state)
{
	(void)state;
	assert_true(str_equal("a", "a"));
	assert_false(str_equal("a", "b"));
	assert_false(str_equal("a", "ab"));
	assert_true(str_equal(NULL, NULL));
	assert_false(str_equal(NULL, ""));
	assert_true(str_starts("council_id", "council"));
	assert_false(str_starts("co", "council"));
	assert_false(str_starts(NULL, "a"));
	assert_true(str_ends("council_id", "_id"));
	assert_false(str_ends("id", "_id"));
	assert_true(str_ends("id", ""));
	assert_false(str_ends(NULL, ""));
}

static void
utf8_is_told_from_other_bytes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t len;
		bool is_utf8;
	} rows[] = {
	    {"", 0, true},
	    {"plain", 5, true},
	    {"Si\xc3\xa2n", 5, true},
	    {"\xe2\x82\xac\xf0\x9f\x8f\xa0", 7, true}, /* euro, house */
	    {"\xf4\x8f\xbf\xbf", 4, true},             /* the last character */
	    {"\xed\x9f\xbf\xee\x80\x80", 6, true}, /* on both sides of the surrogates */
	    {"a\0b", 3, false},
	    {"\x80", 1, false},
	    {"\xc3", 1, false}, /* cut short */
	    {"\xe2\x82", 2, false},
	    {"\xf0\x9f\x8f", 3, false},
	    {"\xc3(", 2, false},
	    {"\xc0\xaf", 2, false}, /* overlong forms */
	    {"\xc1\xbf", 2, false},
	    {"\xe0\x9f\xbf", 3, false},
	    {"\xf0\x8f\xbf\xbf", 4, false},
	    {"\xed\xa0\x80", 3, false},     /* a surrogate */
	    {"\xf4\x90\x80\x80", 4, false}, /* past the last character */
	    {"\xf5\x80\x80\x80", 4, false},
	    {"\xe2\x82\xff", 3, false},
	    {"\xff", 1, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
		    str_is_utf8(rows[i].text, rows[i].len), rows[i].is_utf8);
	assert_true(str_is_utf8(NULL, 0));
}

static void
numbers_are_whole_and_in_range(void **state)
{
	(void)state;
	int64_t v = 77;
	assert_true(str_to_i64("0", 0, 10, &v) && v == 0);
	assert_true(str_to_i64("10", 0, 10, &v) && v == 10);
	assert_true(str_to_i64("-5", -5, 5, &v) && v == -5);
	assert_true(str_to_i64("007", 0, 10, &v) && v == 7);
	assert_true(
	    str_to_i64("9223372036854775807", 0, INT64_MAX, &v) && v == INT64_MAX);
	assert_true(
	    str_to_i64("-9223372036854775808", INT64_MIN, 0, &v) && v == INT64_MIN);
	v = 77;
	static const char *const wrong[] = {"", "-", "+1", " 1", "1 ", "1x", "0x1",
	    "1.0", "--1", "-6", "11", "9223372036854775808", "99999999999999999999"};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(str_to_i64(wrong[i], -5, 10, &v));
	assert_false(str_to_i64("9223372036854775808", INT64_MIN, INT64_MAX, &v));
	assert_false(str_to_i64(NULL, 0, 1, &v));
	assert_int_equal(v, 77);
}

static void
characters_are_counted_and_lists_looked_through(void **state)
{
	char en[] = "en", ur[] = "ur", capital[] = "En", longer[] = "eng", none[] = "";
	char *two[] = {en, ur}, *twice[] = {en, ur, en}, *wrong[] = {en, capital};
	char *too_long[] = {longer}, *empty[] = {none};

	(void)state;
	assert_true(str_is_blank(NULL));
	assert_true(str_is_blank(" \t"));
	assert_false(str_is_blank(" a"));
	assert_int_equal(str_characters(""), 0);
	assert_int_equal(str_characters("Zo\xc3\xab"), 3);
	assert_false(str_repeats(two, 2));
	assert_true(str_repeats(twice, 3));
	assert_true(str_are_languages(NULL, 0));
	assert_true(str_are_languages(two, 2));
	assert_false(str_are_languages(twice, 3));
	assert_false(str_are_languages(wrong, 2));
	assert_false(str_are_languages(too_long, 1));
	assert_false(str_are_languages(empty, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(copies_and_formats),
	    cmocka_unit_test(compares),
	    cmocka_unit_test(utf8_is_told_from_other_bytes),
	    cmocka_unit_test(numbers_are_whole_and_in_range),
	    cmocka_unit_test(characters_are_counted_and_lists_looked_through),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
