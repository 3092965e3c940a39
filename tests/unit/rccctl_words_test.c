/* The words people read and write: days, codes, money, widths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/day.h"
#include "rccctl/words.h"

#include "common.pb-c.h"
#include "requests.pb-c.h"

static struct arena a;

static int
set_up(void **state)
{
	(void)state;
	return arena_open(&a, 1 << 20) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_close(&a);
	return 0;
}

static void
codes_read_as_words(void **state)
{
	(void)state;
	assert_string_equal(
	    "physical disability", words_enum(&a, &common__need_kind__descriptor, 1));
	assert_string_equal("physical_disability",
	    words_enum_json(&a, &common__need_kind__descriptor, 1));
	assert_string_equal(
	    "not said", words_enum(&a, &common__need_kind__descriptor, 0));
	assert_string_equal("?", words_enum(&a, &common__need_kind__descriptor, 999));
	/* Codes of published lists keep their capitals. */
	assert_string_equal("C2", words_enum(&a, &requests__legal_status__descriptor,
				      REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2));
	assert_string_equal("L1", words_enum(&a, &requests__disclosure__descriptor,
				      REQUESTS__DISCLOSURE__DISCLOSURE_L1));
	assert_string_equal(
	    "low, medium, high", words_enum_list(&a, &common__level__descriptor));
}

static void
words_are_taken_in_any_dress(void **state)
{
	static const char *const same[] = {"goes missing", "goes-missing",
	    "goes_missing", "GOES_MISSING", "Goes Missing"};
	static const char *const none[] = {"", "goes", "goes missing ",
	    "need_kind_goes_missing", "unspecified", "oes missing"};
	int value;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		value = 0;
		assert_true(
		    words_enum_parse(&common__need_kind__descriptor, same[i], &value));
		assert_int_equal(COMMON__NEED_KIND__NEED_KIND_GOES_MISSING, value);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(
		    words_enum_parse(&common__need_kind__descriptor, none[i], &value));
}

static void
days_are_said_and_taken(void **state)
{
	static const struct {
		const char *text;
		int year, month, day;
	} good[] = {{"2026-11-21", 2026, 11, 21}, {"21 Nov 2026", 2026, 11, 21},
	    {"1 jan 2027", 2027, 1, 1}, {"29 Feb 2028", 2028, 2, 29},
	    {"today", 2026, 11, 21}, {"tomorrow", 2026, 11, 22}};
	static const char *const bad[] = {"", "31 Feb 2026", "29 Feb 2027", "21 Nov 26",
	    "21 November 2026", "21  Nov 2026", "021 Nov 2026", "21 Nov 2026 ",
	    "yesterday", "Nov 2026", "21 Xxx 2026", "2026-13-01"};
	int32_t today = day_make(2026, 11, 21), out;

	(void)state;
	assert_string_equal("21 Nov 2026", words_day(&a, today));
	assert_string_equal("1 Jan 1970", words_day(&a, 0));
	assert_string_equal("?", words_day(&a, DAY_MAX + 1));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(words_day_parse(good[i].text, today, &out));
		assert_int_equal(
		    day_make(good[i].year, good[i].month, good[i].day), out);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(words_day_parse(bad[i], today, &out));
}

static void
times_are_londons(void **state)
{
	int64_t summer = 1784642705000; /* 2026-07-21T14:05:05Z: 15:05 in London */
	int64_t next_day = summer + INT64_C(86400000);

	(void)state;
	assert_string_equal("today 15:05", words_time(&a, summer, summer));
	assert_string_equal("21 Jul 2026 15:05", words_time(&a, summer, next_day));
	assert_string_equal("15:05:05", words_clock(&a, summer));
}

static void
numbers_are_grouped(void **state)
{
	(void)state;
	assert_string_equal("0", words_number(&a, 0));
	assert_string_equal("999", words_number(&a, 999));
	assert_string_equal("1,024", words_number(&a, 1024));
	assert_string_equal("18,446,744,073,709,551,615", words_number(&a, UINT64_MAX));
	assert_string_equal("6.3", words_tenths(&a, 63));
	assert_string_equal("0.0", words_tenths(&a, 0));
}

static void
texts_are_cut_by_character(void **state)
{
	(void)state;
	assert_int_equal(4, words_width("£1,2"));
	assert_string_equal("£££", words_cut(&a, "£££", 3));
	assert_string_equal("££…", words_cut(&a, "££££", 3));
	assert_string_equal("…", words_cut(&a, "££££", 1));
}

static void
nothing_steers_the_terminal(void **state)
{
	(void)state;
	assert_string_equal(" [31mred £", words_safe(&a, "\033[31mred £"));
	assert_string_equal("a  b", words_safe(&a, "a\xc2\x9b"
						   "b"));
	assert_string_equal("?", words_safe(&a, NULL));
	assert_string_equal("say \\\"yes\\\\", words_json(&a, "say \"yes\\"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_read_as_words),
	    cmocka_unit_test(words_are_taken_in_any_dress),
	    cmocka_unit_test(days_are_said_and_taken),
	    cmocka_unit_test(times_are_londons),
	    cmocka_unit_test(numbers_are_grouped),
	    cmocka_unit_test(texts_are_cut_by_character),
	    cmocka_unit_test(nothing_steers_the_terminal),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
