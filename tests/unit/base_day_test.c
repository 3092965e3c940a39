#include "base/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)
#define N(list) (sizeof(list) / sizeof((list)[0]))

static int32_t
on(const char *text)
{
	int32_t day;

	assert_true(day_parse(text, &day));
	return day;
}

static int64_t
at(const char *text)
{
	int64_t ms;

	assert_true(time_parse(text, &ms));
	return ms;
}

/* Every day of three centuries, against the C library's calendar. */
static void
the_calendar_is_the_librarys(void **state)
{
	(void)state;
	char ours[DAY_TEXT_LEN + 1], theirs[64];
	assert_int_equal(day_make(1900, 1, 1), DAY_MIN);
	assert_int_equal(day_make(2199, 12, 31), DAY_MAX);
	for (int32_t day = DAY_MIN; day <= DAY_MAX; day++) {
		time_t seconds = (time_t)day * 86400;
		struct tm tm;
		assert_non_null(gmtime_r(&seconds, &tm));
		assert_true(strftime(theirs, sizeof theirs, "%Y-%m-%d", &tm) > 0);
		day_format(day, ours);
		assert_string_equal(ours, theirs);
		assert_int_equal(on(ours), day);
		struct day_parts part;
		assert_true(day_split(day, &part));
		assert_int_equal(day_make(part.year, part.month, part.day), day);
		assert_true(strftime(theirs, sizeof theirs, "%B", &tm) > 0);
		assert_string_equal(day_month(part.month), theirs);
	}
	assert_false(day_split(DAY_MIN - 1, &(struct day_parts){0}));
	assert_false(day_split(DAY_MAX + 1, &(struct day_parts){0}));
}

static void
what_is_no_day_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "2026", "2026-1-01", "2026-11-31",
	    "2025-02-29", "1900-02-29", "2026-00-10", "2026-13-01", "2026-01-00",
	    "1899-12-31", "2200-01-01", "2026-11-21 ", " 2026-11-21", "2026-11-21T",
	    "2026/11/21", "2026-11-2/", "2026-11-2:", "+026-11-21", "21-11-2026",
	    "2026-11-2x"};
	int32_t day = 7;
	for (size_t i = 0; i < N(wrong); i++)
		assert_false(day_parse(wrong[i], &day));
	assert_false(day_parse(NULL, &day));
	assert_int_equal(day, 7);
	assert_int_equal(day_make(2026, 2, 29), DAY_MIN - 1);
	assert_int_equal(day_make(2028, 2, 29), day_make(2028, 3, 1) - 1);
	char text[DAY_TEXT_LEN + 1];
	day_format(DAY_MAX + 1, text);
	assert_string_equal(text, "0000-00-00");
	day_format(INT32_MIN, text);
	assert_string_equal(text, "0000-00-00");
}

static void
times_go_both_ways(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
	    {"1970-01-01T00:00:00.000Z", 0},
	    {"1969-12-31T23:59:59.999Z", -1},
	    {"2026-11-21T14:05:00.000Z", 1795269900000},
	    {"1900-01-01T00:00:00.000Z", DAY_MIN * DAY_MS},
	    {"2199-12-31T23:59:59.999Z", (DAY_MAX + 1) * DAY_MS - 1},
	};
	char text[TIME_TEXT_LEN + 1];
	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(at(rows[i].text), rows[i].ms);
		time_format(rows[i].ms, text);
		assert_string_equal(text, rows[i].text);
	}
	assert_int_equal(at("2026-11-21T14:05:00Z"), 1795269900000);
	time_format(INT64_MAX, text);
	assert_string_equal(text, "0000-00-00T00:00:00.000Z");
	time_format(INT64_MIN, text);
	assert_string_equal(text, "0000-00-00T00:00:00.000Z");
}

static void
what_is_no_time_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "2026-11-21", "2026-11-21T14:05Z",
	    "2026-11-21T14:05:00", "2026-11-21T24:00:00Z", "2026-11-21T14:60:00Z",
	    "2026-11-21T14:05:60Z", "2026-11-21T14:05:00.0Z",
	    "2026-11-21T14:05:00.0000Z", "2026-11-21t14:05:00Z",
	    "2026-11-21T14:05:00+00:00", "2026-11-21T14:05:00Z ",
	    "2026-02-30T14:05:00Z"};
	int64_t ms = 7;
	for (size_t i = 0; i < N(wrong); i++)
		assert_false(time_parse(wrong[i], &ms));
	assert_false(time_parse(NULL, &ms));
	assert_int_equal(ms, 7);
}

static void
london_changes_its_clocks(void **state)
{
	(void)state;
	static const struct {
		const char *utc, *day, *clock;
	} rows[] = {
	    {"2026-01-15T12:00:00Z", "2026-01-15", "12:00"},
	    {"2026-07-15T12:00:00Z", "2026-07-15", "13:00"},
	    {"2026-07-15T23:30:00Z", "2026-07-16", "00:30"},
	    {"2026-03-29T00:59:59Z", "2026-03-29", "00:59"},
	    {"2026-03-29T01:00:00Z", "2026-03-29", "02:00"},
	    {"2026-10-25T00:59:59Z", "2026-10-25", "01:59"},
	    {"2026-10-25T01:00:00Z", "2026-10-25", "01:00"},
	    {"2024-03-31T01:00:00Z", "2024-03-31",
		"02:00"}, /* a Sunday on the last day */
	    {"2027-10-31T00:30:00Z", "2027-10-31", "01:30"},
	    {"2027-10-31T01:30:00Z", "2027-10-31", "01:30"},
	    {"1969-12-31T23:59:00Z", "1969-12-31", "23:59"},
	};
	char clock[6];
	for (size_t i = 0; i < N(rows); i++) {
		int64_t ms = at(rows[i].utc);
		assert_int_equal(day_in_london(ms), on(rows[i].day));
		day_clock_in_london(ms, clock);
		assert_string_equal(clock, rows[i].clock);
	}
	assert_int_equal(day_minute_in_london(at("2026-07-15T12:05:59Z")), 13 * 60 + 5);
}

/* No summer where there is no calendar: neither a fault nor another day. */
static void
beyond_the_calendar_clocks_stay(void **state)
{
	static const int32_t days[] = {
	    DAY_MIN - 1, DAY_MAX + 1, DAY_MIN - 200, DAY_MAX + 200};

	(void)state;
	for (size_t i = 0; i < N(days); i++) {
		int64_t noon = (days[i] * INT64_C(24) + 12) * 3600000;
		assert_int_equal(day_in_london(noon), days[i]);
		assert_int_equal(day_minute_in_london(noon), 12 * 60);
		assert_int_equal(
		    day_start_in_london(days[i]), noon - INT64_C(12) * 3600000);
	}
}

static void
a_london_day_begins_at_its_midnight(void **state)
{
	(void)state;
	assert_int_equal(
	    day_start_in_london(on("2026-01-15")), at("2026-01-15T00:00:00Z"));
	assert_int_equal(
	    day_start_in_london(on("2026-07-15")), at("2026-07-14T23:00:00Z"));
	assert_int_equal(
	    day_start_in_london(on("2026-03-29")), at("2026-03-29T00:00:00Z"));
	assert_int_equal(
	    day_start_in_london(on("2026-03-30")), at("2026-03-29T23:00:00Z"));
	assert_int_equal(
	    day_start_in_london(on("2026-10-25")), at("2026-10-24T23:00:00Z"));
	assert_int_equal(
	    day_start_in_london(on("2026-10-26")), at("2026-10-26T00:00:00Z"));
	for (int32_t day = on("2020-01-01"); day <= on("2040-12-31"); day++) {
		int64_t start = day_start_in_london(day);
		assert_int_equal(day_in_london(start), day);
		assert_int_equal(day_minute_in_london(start), 0);
		assert_int_equal(day_in_london(start - 1), day - 1);
	}
}

/* The published bank holidays of England and Wales that fall on weekdays. */
static const struct {
	int year;
	const char *days[11];
} published[] = {
    {2020, {"01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-28"}},
    {2021, {"01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"}},
    {2022, {"01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19",
	       "12-26", "12-27"}},
    {2023, {"01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25",
	       "12-26"}},
    {2024, {"01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"}},
    {2025, {"01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"}},
    {2026, {"01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"}},
    {2027, {"01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"}},
};

static void
bank_holidays_are_those_published(void **state)
{
	(void)state;
	for (size_t y = 0; y < N(published); y++) {
		const char *const *next = published[y].days;
		int32_t last = day_make(published[y].year, 12, 31);
		for (int32_t d = day_make(published[y].year, 1, 1); d <= last; d++) {
			char text[DAY_TEXT_LEN + 1];
			bool is_weekend =
			    (d + 700003) % 7 == 5 || (d + 700003) % 7 == 6;
			day_format(d, text);
			bool is_holiday = *next != NULL && strcmp(*next, text + 5) == 0;
			if (is_holiday) {
				assert_false(is_weekend);
				next++;
			}
			if (day_is_working(d) == (is_holiday || is_weekend))
				fail_msg("%s", text);
		}
		assert_null(*next);
	}
}

/* The first and the last Monday of May and the last of August, in every year: nothing
 * proclaimed is known of those to come.
 * Source: Banking and Financial Dealings Act 1971, Sch 1; for early May, the yearly
 * proclamation. */
static void
mondays_of_may_and_august(void **state)
{
	(void)state;
	for (int year = 2024; year <= 2040; year++) {
		for (int day = 1; day <= 31; day++) {
			int32_t may = day_make(year, 5, day);
			int32_t august = day_make(year, 8, day);
			if ((may + 700003) % 7 == 0)
				assert_int_equal(
				    day_is_working(may), day > 7 && day + 7 <= 31);
			if ((august + 700003) % 7 == 0)
				assert_int_equal(day_is_working(august), day + 7 <= 31);
		}
	}
}

/* Easter Mondays as published in the Book of Common Prayer's tables. */
static void
easter_moves(void **state)
{
	(void)state;
	static const char *const mondays[] = {"2028-04-17", "2029-04-02", "2030-04-22",
	    "2031-04-14", "2032-03-29", "2033-04-18", "2034-04-10", "2035-03-26",
	    "2036-04-14", "2037-04-06", "2038-04-26", "2039-04-11", "2040-04-02"};
	for (size_t i = 0; i < N(mondays); i++) {
		assert_false(day_is_working(on(mondays[i])));
		assert_false(day_is_working(on(mondays[i]) - 3));
		assert_true(day_is_working(on(mondays[i]) + 1));
	}
}

static void
beyond_the_table_only_weekends_count(void **state)
{
	(void)state;
	assert_true(day_is_known(on("2020-01-01")) && day_is_known(on("2040-12-31")));
	assert_false(day_is_known(on("2019-12-31")) || day_is_known(on("2041-01-01")));
	assert_true(day_is_working(on("2041-12-25"))); /* a Wednesday */
	assert_true(day_is_working(on("2019-12-25")));
	assert_false(day_is_working(on("2041-12-28")));
	assert_false(day_is_working(on("2019-12-28")));
}

static void
deadlines_are_working_days(void **state)
{
	(void)state;
	static const struct {
		const char *from;
		unsigned days;
		const char *until;
	} rows[] = {
	    {"2026-11-18T10:00:00Z", 1,
		"2026-11-19T17:00:00Z"}, /* Wednesday, in hours */
	    {"2026-11-18T10:00:00Z", 5, "2026-11-25T17:00:00Z"},
	    {"2026-11-18T09:00:00Z", 1, "2026-11-19T17:00:00Z"},
	    {"2026-11-18T08:59:59Z", 1,
		"2026-11-18T17:00:00Z"}, /* before the office opens */
	    {"2026-11-18T16:59:59Z", 1, "2026-11-19T17:00:00Z"},
	    {"2026-11-18T17:00:00Z", 1, "2026-11-19T17:00:00Z"}, /* after it closed */
	    {"2026-11-18T17:00:00Z", 5, "2026-11-25T17:00:00Z"},
	    {"2026-11-20T12:00:00Z", 1, "2026-11-23T17:00:00Z"}, /* Friday */
	    {"2026-11-21T12:00:00Z", 1, "2026-11-23T17:00:00Z"}, /* Saturday */
	    {"2026-11-21T12:00:00Z", 5, "2026-11-27T17:00:00Z"},
	    {"2026-12-24T12:00:00Z", 1,
		"2026-12-29T17:00:00Z"}, /* Christmas, its substitute */
	    {"2026-12-25T12:00:00Z", 2, "2026-12-30T17:00:00Z"},
	    {"2026-07-15T07:59:00Z", 1,
		"2026-07-15T16:00:00Z"}, /* summer: 08:59 in London */
	    {"2026-07-15T08:00:00Z", 1, "2026-07-16T16:00:00Z"},
	    {"2026-03-27T12:00:00Z", 1, "2026-03-30T16:00:00Z"}, /* over the change */
	    {"2026-10-23T12:00:00Z", 1, "2026-10-26T17:00:00Z"},
	    {"2026-11-18T10:00:00Z", 0, "2026-11-18T17:00:00Z"},
	    {"2026-11-18T08:00:00Z", 0, "2026-11-18T17:00:00Z"},
	    {"2026-11-20T17:00:00Z", 0, "2026-11-23T17:00:00Z"},
	    {"2026-11-21T10:00:00Z", 0, "2026-11-23T17:00:00Z"}, /* Saturday */
	    {"2026-12-28T10:00:00Z", 0, "2026-12-29T17:00:00Z"}, /* a bank holiday */
	};
	for (size_t i = 0; i < N(rows); i++) {
		char text[TIME_TEXT_LEN + 1];
		time_format(day_working_deadline(at(rows[i].from), rows[i].days), text);
		int64_t until = at(rows[i].until), got = at(text);
		if (until != got)
			fail_msg("%s and %u: %s", rows[i].from, rows[i].days, text);
	}
}

static void
an_age_is_the_least_it_can_be(void **state)
{
	(void)state;
	static const struct {
		uint32_t years;
		const char *counted, *on;
		uint32_t then;
	} rows[] = {
	    {7, "2026-11-21", "2026-11-21", 7},
	    {7, "2026-11-21", "2027-11-20", 7},
	    {7, "2026-11-21", "2027-11-21", 8},
	    {7, "2026-11-21", "2036-11-21", 17},
	    {7, "2026-11-21", "2026-11-20", 6},
	    {7, "2026-11-21", "2025-11-21", 6},
	    {7, "2026-11-21", "2025-11-20", 5},
	    {0, "2026-11-21", "2020-01-01", 0},
	    {3, "2024-02-29", "2025-02-28", 3},
	    {3, "2024-02-29", "2025-03-01", 4},
	    {3, "2024-02-29", "2028-02-29", 7},
	};
	for (size_t i = 0; i < N(rows); i++)
		assert_int_equal(
		    day_age_at(rows[i].years, on(rows[i].counted), on(rows[i].on)),
		    rows[i].then);
	assert_int_equal(day_age_at(5, INT32_MIN, INT32_MAX), 5);
	assert_int_equal(day_age_at(5, 20778, DAY_MAX + 1), 5);
	assert_int_equal(day_age_at(5, 20778, DAY_MIN - 1), 5);
}

static void
an_age_is_reached_on_its_first_day(void **state)
{
	(void)state;
	static const struct {
		uint32_t years;
		const char *counted;
		uint32_t target;
		const char *first;
	} rows[] = {
	    {7, "2026-11-21", 8, "2027-11-21"},
	    {7, "2026-11-21", 18, "2037-11-21"},
	    {7, "2026-11-21", 7, "2026-11-21"},
	    {7, "2026-11-21", 5, "2024-11-21"},
	    {3, "2024-02-29", 4, "2025-03-01"},
	    {3, "2024-02-29", 7, "2028-02-29"},
	    {0, "2026-11-21", 1, "2027-11-21"},
	};
	for (size_t i = 0; i < N(rows); i++) {
		int32_t first =
		    day_of_age(rows[i].years, on(rows[i].counted), rows[i].target);
		assert_int_equal(first, on(rows[i].first));
		assert_int_equal(day_age_at(rows[i].years, on(rows[i].counted), first),
		    rows[i].target);
		if (rows[i].target > rows[i].years)
			assert_int_equal(
			    day_age_at(rows[i].years, on(rows[i].counted), first - 1),
			    rows[i].target - 1);
	}
	assert_int_equal(day_of_age(5, INT32_MIN, 6), DAY_MIN - 1);
	assert_int_equal(day_of_age(5, DAY_MAX, 6), DAY_MIN - 1);
	assert_int_equal(day_of_age(5, 0, UINT32_MAX), DAY_MIN - 1);
	assert_int_equal(day_of_age(UINT32_MAX, 0, 6), DAY_MIN - 1);
	assert_true(day_earliest_birth(7, 20778) <= 20778 - 8 * 365);
}

static void
spans_end_before_their_last_day(void **state)
{
	struct day_span open = {.from = 10};
	struct day_span closed = {.from = 10, .has_until = true, .until = 20};
	struct day_span behind = {.from = 20, .has_until = true, .until = 30};
	struct day_span before = {.from = 0, .has_until = true, .until = 10};

	(void)state;
	assert_false(day_is_in(9, closed));
	assert_true(day_is_in(10, closed));
	assert_true(day_is_in(19, closed));
	assert_false(day_is_in(20, closed));
	assert_true(day_is_in(20, open));
	assert_false(day_is_past(19, closed));
	assert_true(day_is_past(20, closed));
	assert_false(day_is_past(DAY_MAX, open));
	assert_true(day_spans_meet(open, closed));
	assert_true(day_spans_meet(open, behind));
	assert_false(day_spans_meet(closed, behind));
	assert_false(day_spans_meet(before, closed));
	assert_false(day_spans_meet(closed, before));
	assert_true(day_span_lies_ahead(closed, 19));
	assert_false(day_span_lies_ahead(closed, 20));
	assert_true(day_span_lies_ahead(open, 1000));
	closed.until = 10; /* ends as it begins */
	assert_false(day_span_lies_ahead(closed, 0));
}

static void
the_next_day_is_the_first_ahead(void **state)
{
	struct day_next next = {.after = 10};

	(void)state;
	day_see(&next, 10);
	assert_false(next.is_any);
	day_see_span(
	    &next, (struct day_span){.from = 5, .has_until = true, .until = 30});
	assert_true(next.is_any);
	assert_int_equal(next.day, 30);
	day_see_span(&next, (struct day_span){.from = 12});
	day_see(&next, 20);
	assert_int_equal(next.day, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_calendar_is_the_librarys),
	    cmocka_unit_test(what_is_no_day_is_refused),
	    cmocka_unit_test(times_go_both_ways),
	    cmocka_unit_test(what_is_no_time_is_refused),
	    cmocka_unit_test(london_changes_its_clocks),
	    cmocka_unit_test(beyond_the_calendar_clocks_stay),
	    cmocka_unit_test(a_london_day_begins_at_its_midnight),
	    cmocka_unit_test(bank_holidays_are_those_published),
	    cmocka_unit_test(mondays_of_may_and_august),
	    cmocka_unit_test(easter_moves),
	    cmocka_unit_test(beyond_the_table_only_weekends_count),
	    cmocka_unit_test(deadlines_are_working_days),
	    cmocka_unit_test(an_age_is_the_least_it_can_be),
	    cmocka_unit_test(an_age_is_reached_on_its_first_day),
	    cmocka_unit_test(spans_end_before_their_last_day),
	    cmocka_unit_test(the_next_day_is_the_first_ahead),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
