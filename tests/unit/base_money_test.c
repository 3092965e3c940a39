#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N(list) (sizeof(list) / sizeof((list)[0]))

static void
pounds_are_written(void **state)
{
	(void)state;
	static const struct {
		int64_t pence;
		const char *text;
	} rows[] = {
	    {0, "£0.00"},
	    {5, "£0.05"},
	    {99900, "£999.00"},
	    {123456, "£1,234.56"},
	    {100000000, "£1,000,000.00"},
	    {-123456, "-£1,234.56"},
	    {INT64_MAX, "£92,233,720,368,547,758.07"},
	    {INT64_MIN, "-£92,233,720,368,547,758.08"},
	};
	char text[MONEY_TEXT_LEN + 1];
	for (size_t i = 0; i < N(rows); i++) {
		money_format(rows[i].pence, text);
		assert_string_equal(text, rows[i].text);
	}
}

static void
pounds_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t pence;
	} rows[] = {
	    {"950", 95000},
	    {"950.5", 95050},
	    {"950.05", 95005},
	    {"£1,234.56", 123456},
	    {"£1234.56", 123456},
	    {"1,234,567", 123456700},
	    {"0", 0},
	    {"999999999999999.99", 99999999999999999},
	};
	int64_t pence;
	for (size_t i = 0; i < N(rows); i++) {
		assert_true(money_parse(rows[i].text, &pence));
		assert_int_equal(pence, rows[i].pence);
	}
	for (int64_t p = 0; p < 100000000; p = p * 3 + 7) {
		char text[MONEY_TEXT_LEN + 1];
		money_format(p, text);
		assert_true(money_parse(text, &pence));
		assert_int_equal(pence, p);
	}
}

static void
what_is_no_sum_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "£", "-5", "+5", " 5", "5 ", "5.", ".5",
	    "5.555", "5,5", "1234,567", "1,23,456", "1,,234", ",123", "1,234,", "£-5",
	    "££5", "5p", "1e3", "0x5", "1000000000000000", "5.5.5", "5.5x", "5./",
	    "\xc2"};
	int64_t pence = 7;
	for (size_t i = 0; i < N(wrong); i++)
		if (money_parse(wrong[i], &pence))
			fail_msg("\"%s\" was read", wrong[i]);
	assert_false(money_parse(NULL, &pence));
	assert_int_equal(pence, 7);
}

static void
nights_round_once_at_the_end(void **state)
{
	(void)state;
	static const struct {
		int64_t week;
		uint32_t nights;
		int64_t pence;
	} rows[] = {
	    {95000, 0, 0},
	    {95000, 7, 95000},
	    {95000, 1, 13571}, /* 13,571.43 */
	    {95000, 2, 27143}, /* 27,142.86 */
	    {95000, 3, 40714}, /* not three rounded nights, 40,713 */
	    {95000, 365, 4953571},
	    {100, 8, 114},
	    {3, 1, 0}, /* 3/7 */
	    {4, 1, 1}, /* 4/7 */
	    {-3, 1, 0},
	    {-4, 1, -1},
	    {999999999, UINT32_MAX, 613566755815004672},
	};
	for (size_t i = 0; i < N(rows); i++)
		assert_int_equal(
		    money_for_nights(rows[i].week, rows[i].nights), rows[i].pence);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pounds_are_written),
	    cmocka_unit_test(pounds_are_read),
	    cmocka_unit_test(what_is_no_sum_is_refused),
	    cmocka_unit_test(nights_round_once_at_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
