/* The words on a page. */
#include "gateway/say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "support/memory.h"

#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define NOW_MS INT64_C(1795183500000) /* 2026-11-20T14:05:00Z, a Friday */
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

static void
codes_are_said_in_words(void **state)
{
	(void)state;
	static const struct {
		const ProtobufCEnumDescriptor *type;
		int value;
		const char *words;
	} rows[] = {
	    {&common__need_kind__descriptor, 10, "Goes missing"},
	    {&common__need_kind__descriptor, 1, "Physical disability"},
	    {&common__need_kind__descriptor, 0, "Not said"},
	    {&common__need_kind__descriptor, 99, "Not said"},
	    {&common__care_type__descriptor, 2, "Children\u2019s home"},
	    {&common__ethnicity__descriptor, 4,
		"Black, Black British, Caribbean or African"},
	    {&common__age_band__descriptor, 1, "Under 1"},
	    {&common__age_band__descriptor, 2, "1 to 4"},
	    {&requests__legal_status__descriptor, 2, "C2: full care order"},
	    {&requests__decline_reason__descriptor, 7, "Too far away"},
	    {&members__grade__descriptor, 0, "Not yet inspected"},
	    {&members__role__descriptor, 5, "Co\xe2\x80\x91operative officer"},
	};

	for (size_t i = 0; i < N(rows); i++)
		assert_string_equal(
		    say_enum(&arena, rows[i].type, rows[i].value), rows[i].words);
	assert_string_equal(
	    say_enum_within(&arena, &common__need_kind__descriptor, 3), "autism");
	assert_string_equal(say_hint(&common__care_type__descriptor, 1),
	    "With a family, in their home");
	assert_null(say_hint(&common__need_kind__descriptor, 10));
}

/* Whatever is said of a code that forms and pages show reads as a sentence begins. */
static void
no_code_is_shown_raw(void **state)
{
	(void)state;
	static const ProtobufCEnumDescriptor *const types[] = {
	    &common__sex__descriptor,
	    &common__need_kind__descriptor,
	    &common__level__descriptor,
	    &common__not_safe_with__descriptor,
	    &common__ethnicity__descriptor,
	    &common__religion__descriptor,
	    &common__care_type__descriptor,
	    &common__age_band__descriptor,
	    &requests__urgency__descriptor,
	    &requests__legal_status__descriptor,
	    &requests__care_plan_aim__descriptor,
	    &requests__family_first__descriptor,
	    &requests__state__descriptor,
	    &requests__approver__descriptor,
	    &requests__decline_reason__descriptor,
	    &requests__decision_reason__descriptor,
	    &requests__split_reason__descriptor,
	    &requests__withdraw_reason__descriptor,
	    &requests__end_reason__descriptor,
	    &requests__outcome__descriptor,
	    &requests__disclosure__descriptor,
	    &requests__happening__descriptor,
	    &matching__rule__descriptor,
	    &matching__factor__descriptor,
	    &members__role__descriptor,
	    &members__provider_kind__descriptor,
	    &members__sector__descriptor,
	    &members__grade__descriptor,
	    &foster__approval_kind__descriptor,
	    &foster__occupant_kind__descriptor,
	    &foster__withheld_reason__descriptor,
	    &residential__evidence__descriptor,
	    &residential__occupant_kind__descriptor,
	    &residential__closed_reason__descriptor,
	    &residential__contract_basis__descriptor,
	    &observatory__metric__descriptor,
	};

	for (size_t t = 0; t < N(types); t++) {
		for (unsigned i = 0; i < types[t]->n_values; i++) {
			int value = types[t]->values[i].value;
			const char *words = say_enum(&arena, types[t], value);
			const char *within = say_enum_within(&arena, types[t], value);
			assert_null(strpbrk(words, "_"));
			assert_true(words[0] < 'a' || words[0] > 'z');
			assert_int_equal(strlen(words), strlen(within));
			assert_string_equal(words + 1, within + 1);
			for (unsigned j = 0; j < i; j++)
				assert_string_not_equal(
				    words, say_enum(&arena, types[t],
					       types[t]->values[j].value));
		}
	}
}

static void
days_and_times_are_near(void **state)
{
	(void)state;
	int32_t today = day_make(2026, 11, 20);
	static const struct {
		int days;
		const char *text;
	} days[] = {
	    {0, "today"},
	    {1, "tomorrow"},
	    {-1, "yesterday"},
	    {5, "Wednesday 25 November"},
	    {-4, "Monday 16 November"},
	    {300, "Thursday 16 September"},
	    {301, "17 September 2027"},
	    {-100000, ""},
	};
	static const struct {
		int64_t ms;
		const char *text;
	} times[] = {
	    {NOW_MS, "Today 14:05"}, {NOW_MS + DAY_MS, "Tomorrow 14:05"},
	    {NOW_MS - DAY_MS, "Yesterday 14:05"},
	    {NOW_MS + 5 * DAY_MS, "Wednesday 25 November at 14:05"},
	    {NOW_MS - 150 * DAY_MS, "23 June 2026 at 15:05"}, /* summer time */
	};

	for (size_t i = 0; i < N(days); i++)
		assert_string_equal(
		    say_day_near(&arena, today + days[i].days, today), days[i].text);
	for (size_t i = 0; i < N(times); i++)
		assert_string_equal(
		    say_time(&arena, times[i].ms, NOW_MS), times[i].text);
	assert_string_equal(say_day(&arena, today), "20 November 2026");
	assert_string_equal(say_day(&arena, DAY_MAX + 1), "");
	assert_string_equal(say_iso(&arena, NOW_MS), "2026-11-20T14:05:00.000Z");
	assert_string_equal(say_iso_day(&arena, today), "2026-11-20");

	json_t *when = say_when(&arena, NOW_MS, NOW_MS);
	assert_string_equal(
	    json_string_value(json_object_get(when, "text")), "Today 14:05");
	json_decref(when);
	when = say_when_day(&arena, today);
	assert_string_equal(
	    json_string_value(json_object_get(when, "iso")), "2026-11-20");
	json_decref(when);
}

static void
what_is_left_is_said(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
	    {-1, "time is over"},
	    {0, "time is over"},
	    {1, "less than a minute left"},
	    {MINUTE_MS, "1 minute left"},
	    {59 * MINUTE_MS, "59 minutes left"},
	    {119 * MINUTE_MS, "1 hour left"},
	    {120 * MINUTE_MS, "2 hours left"},
	    {3 * DAY_MS, "3 days left"},
	};

	for (size_t i = 0; i < N(rows); i++)
		assert_string_equal(
		    say_left(&arena, NOW_MS + rows[i].ms, NOW_MS), rows[i].text);
}

static void
how_long_it_took(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
	    {0, "under a minute"},
	    {59999, "under a minute"},
	    {60000, "1 minute"},
	    {45 * MINUTE_MS, "45 minutes"},
	    {7200000, "2 hours"},
	    {3 * 86400000LL, "3 days"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(say_span(&arena, rows[i].ms), rows[i].text);
}

static void
a_time_within_a_sentence(void **state)
{
	(void)state;
	assert_string_equal(say_time_within(&arena, NOW_MS, NOW_MS), "today 14:05");
}

static void
figures_are_said(void **state)
{
	(void)state;
	static const char *const texts[] = {"a", "b", "c"};

	assert_string_equal(say_number(&arena, 0), "0");
	assert_string_equal(say_number(&arena, 1024), "1,024");
	assert_string_equal(
	    say_number(&arena, UINT64_MAX), "18,446,744,073,709,551,615");
	assert_string_equal(say_count(&arena, 0, "offer", "offers"), "no offers");
	assert_string_equal(say_count(&arena, 1, "offer", "offers"), "1 offer");
	assert_string_equal(say_count(&arena, 1200, "offer", "offers"), "1,200 offers");
	assert_string_equal(say_list(&arena, texts, 0), "");
	assert_string_equal(say_list(&arena, texts, 1), "a");
	assert_string_equal(say_list(&arena, texts, 2), "a and b");
	assert_string_equal(say_list(&arena, texts, 3), "a, b and c");
	assert_string_equal(say_money(&arena, 102000), "£1,020");
	assert_string_equal(say_money(&arena, 102050), "£1,020.50");
	assert_string_equal(say_fee(&arena, 102000), "£1,020 a week");
	assert_string_equal(say_miles(&arena, 4, false), "under a mile");
	assert_string_equal(say_miles(&arena, 14, false), "about 1 mile");
	assert_string_equal(say_miles(&arena, 63, false), "about 6 miles");
	assert_string_equal(
	    say_miles(&arena, 198, true), "about 20 miles, close to the limit");
}

static void
children_are_said_without_names(void **state)
{
	(void)state;
	static const struct say_child children[] = {
	    {COMMON__SEX__SEX_FEMALE, 9},
	    {COMMON__SEX__SEX_MALE, 0},
	    {COMMON__SEX__SEX_UNKNOWN, 4},
	};

	assert_string_equal(say_child(&arena, COMMON__SEX__SEX_FEMALE, 9), "girl, 9");
	assert_string_equal(say_children(&arena, children, 0), "");
	assert_string_equal(say_children(&arena, children, 1), "girl, 9");
	assert_string_equal(
	    say_children(&arena, children, 3), "girl 9, boy under 1 and child 4");
	assert_string_equal(
	    say_reference(&arena, "01hzzzzzzzzzzzzzzzzzzz7k2m"), "RC-7K2M");
	assert_string_equal(say_reference(&arena, "abc"), "");
	assert_string_equal(say_reference(&arena, NULL), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_are_said_in_words),
	    cmocka_unit_test(no_code_is_shown_raw),
	    cmocka_unit_test(days_and_times_are_near),
	    cmocka_unit_test(what_is_left_is_said),
	    cmocka_unit_test(figures_are_said),
	    cmocka_unit_test(children_are_said_without_names),
	    cmocka_unit_test(how_long_it_took),
	    cmocka_unit_test(a_time_within_a_sentence),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
