#include "requests/clocks.h"

#include "base/place.h"
#include "requests_sample.h"

static int64_t
at(const char *when)
{
	int64_t ms;

	assert_true(time_parse(when, &ms));
	return ms;
}

static void
emergencies_count_minutes(void **state)
{
	int64_t now = at("2026-11-21T23:50:00Z"); /* a Saturday night */

	(void)state;
	assert_int_equal(requests_hold_minutes(true, now), 120);
	assert_int_equal(requests_answer_by(true, 0, now), at("2026-11-22T00:50:00Z"));
	assert_int_equal(requests_latest_start(true, now, day_in_london(now)),
	    at("2026-11-22T23:50:00Z"));
}

static void
planned_searches_count_working_days(void **state)
{
	int64_t friday = at("2026-11-20T10:00:00Z");

	(void)state;
	assert_int_equal(
	    requests_answer_by(false, 0, friday), at("2026-11-24T17:00:00Z"));
	assert_int_equal(
	    requests_answer_by(false, 90, friday), at("2026-11-20T11:30:00Z"));
	/* Until Tuesday at five, over the weekend. */
	assert_int_equal(requests_hold_minutes(false, friday), (4 * 24 + 7) * 60);
	assert_int_equal(requests_latest_start(false, friday, day_in_london(friday)),
	    at("2026-12-18T10:00:00Z"));
}

/* Two working days are never more minutes than an owner grants, whatever holidays of
 * the whole table lie between. */
static void
no_hold_is_longer_than_a_week(void **state)
{
	(void)state;
	for (int32_t day = day_make(2020, 1, 1); day_is_known(day); day++) {
		uint32_t minutes = requests_hold_minutes(
		    false, day_start_in_london(day) + 17 * HOUR_MS);

		/* One hour less where the clocks go forward. */
		assert_in_range(minutes, 47 * 60, PLACE_HOLD_MINUTES_MAX);
	}
}

/* A place offered from a later day is kept from that day on. */
static void
a_later_start_keeps_the_place_longer(void **state)
{
	int64_t now = at("2026-11-20T10:00:00Z");

	(void)state;
	assert_int_equal(requests_latest_start(false, now, day_make(2026, 12, 1)),
	    at("2026-12-29T00:00:00Z"));
	assert_int_equal(requests_latest_start(true, now, day_make(2026, 11, 21)),
	    at("2026-11-22T00:00:00Z"));
}

/* Overdue when the day needed by is over, on London's clocks. */
static void
overdue_begins_with_the_next_day(void **state)
{
	(void)state;
	assert_int_equal(
	    requests_overdue(day_make(2026, 11, 21)), at("2026-11-22T00:00:00Z"));
	assert_int_equal(
	    requests_overdue(day_make(2026, 6, 30)), at("2026-06-30T23:00:00Z"));
}

/* Christmas does not work. */
static void
grounds_are_due_in_five_working_days(void **state)
{
	(void)state;
	assert_int_equal(requests_grounds_due(at("2026-12-23T22:00:00Z")),
	    at("2027-01-04T17:00:00Z"));
}

static void
a_draft_is_kept_for_a_week(void **state)
{
	(void)state;
	assert_int_equal(requests_draft_drops(at("2026-11-22T09:30:00Z")),
	    at("2026-11-29T09:30:00Z"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(emergencies_count_minutes),
	    cmocka_unit_test(planned_searches_count_working_days),
	    cmocka_unit_test(no_hold_is_longer_than_a_week),
	    cmocka_unit_test(a_later_start_keeps_the_place_longer),
	    cmocka_unit_test(overdue_begins_with_the_next_day),
	    cmocka_unit_test(grounds_are_due_in_five_working_days),
	    cmocka_unit_test(a_draft_is_kept_for_a_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
