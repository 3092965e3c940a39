/* What browsers send, as messages and back. */
#include "gateway/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "support/memory.h"

#include "matching.pb-c.h"
#include "requests.pb-c.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))

static struct form
form_of(const char *text)
{
	struct form form = {0};
	const char *why = "";

	assert_int_equal(
	    form_decode(&arena, bytes_of_text(text), &form, &why), ERR_NONE);
	assert_null(why);
	return form;
}

static void
one_content_type_is_read(void **state)
{
	(void)state;
	static const char *const good[] = {
	    "application/x-www-form-urlencoded",
	    "Application/X-WWW-Form-Urlencoded",
	    "application/x-www-form-urlencoded; charset=UTF-8",
	    "application/x-www-form-urlencoded;charset=\"utf-8\"",
	    "application/x-www-form-urlencoded ;",
	};
	static const char *const bad[] = {
	    "",
	    "text/plain",
	    "multipart/form-data; boundary=x",
	    "application/json",
	    "application/x-www-form-urlencodedx",
	    "application/x-www-form-urlencoded; charset=latin1",
	    "application/x-www-form-urlencoded, text/plain",
	};

	for (size_t i = 0; i < N(good); i++)
		assert_true(form_is_type(good[i]));
	for (size_t i = 0; i < N(bad); i++)
		assert_false(form_is_type(bad[i]));
	assert_false(form_is_type(NULL));
}

static void
pairs_are_read_in_order(void **state)
{
	(void)state;
	struct form form =
	    form_of("a=1&b=two+words&a=%C2%A31%2c020&&c&d=x=y&%61=%0D%0A");

	assert_int_equal(form.n, 6);
	assert_string_equal(form_first(&form, "a"), "1");
	assert_string_equal(form_nth(&form, "a", 1), "£1,020");
	assert_string_equal(form_nth(&form, "a", 2), "\r\n");
	assert_null(form_nth(&form, "a", 3));
	assert_int_equal(form_count(&form, "a"), 3);
	assert_string_equal(form_first(&form, "b"), "two words");
	assert_string_equal(form_first(&form, "c"), "");
	assert_string_equal(form_first(&form, "d"), "x=y");
	assert_null(form_first(&form, "e"));
	assert_true(form_has(&form, "a", "£1,020"));
	assert_false(form_has(&form, "b", "1"));
	assert_int_equal(form_of("").n, 0);
}

static void
what_is_no_form_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *why;
	} rows[] = {
	    {"a=%", "holds a % without two digits behind it"},
	    {"a=%4", "holds a % without two digits behind it"},
	    {"a=%4g", "holds a % without two digits behind it"},
	    {"%zz=1", "holds a % without two digits behind it"},
	    {"a=%00", "holds a control character"},
	    {"a%1b=1", "holds a control character"},
	    {"a=%7F", "holds a control character"},
	    {"a=%c3", "is not valid UTF-8"},
	    {"a=%ed%a0%80", "is not valid UTF-8"},
	    {"a=%c0%af", "is not valid UTF-8"},
	    {"=1", "holds a value without a name"},
	    {"&=&", "holds a value without a name"},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct form form = {NULL, 77};
		const char *why = NULL;
		struct bytes text = bytes_of_text(rows[i].text);
		assert_int_equal(form_decode(&arena, text, &form, &why), ERR_MALFORMED);
		assert_string_equal(why, rows[i].why);
		assert_int_equal(form.n, 77);
	}
}

/* `n` times `unit`, then `tail`. */
static struct bytes
many(const char *unit, size_t n, const char *tail)
{
	size_t len = strlen(unit), size = n * len + strlen(tail) + 1;
	char *text = arena_take(&arena, size);

	assert_non_null(text);
	for (size_t i = 0; i < n * len; i++)
		text[i] = unit[i % len];
	(void)snprintf(text + n * len, size - n * len, "%s", tail);
	return bytes_of_text(text);
}

static void
a_form_has_limits(void **state)
{
	(void)state;
	const struct {
		struct bytes text;
		const char *why;
	} rows[] = {
	    {many("a=1&", FORM_PAIRS_MAX - 1, "a=1"), NULL},
	    {many("a=1&", FORM_PAIRS_MAX, "a=1"), "holds too many answers"},
	    {many("a", FORM_NAME_BYTES_MAX, "=1"), NULL},
	    {many("a", FORM_NAME_BYTES_MAX + 1, "=1"), "holds a name that is too long"},
	    {many("=", FORM_VALUE_BYTES_MAX, "="), "holds a value without a name"},
	};

	for (size_t i = 0; i < N(rows); i++) {
		struct form form;
		const char *why = NULL;
		enum err e = form_decode(&arena, rows[i].text, &form, &why);
		assert_int_equal(e, rows[i].why ? ERR_MALFORMED : ERR_NONE);
		assert_true(str_equal(why, rows[i].why));
	}
	struct form form;
	const char *why;
	char value[FORM_VALUE_BYTES_MAX + 4] = "a=";
	memset(value + 2, 'x', FORM_VALUE_BYTES_MAX + 1);
	assert_int_equal(
	    form_decode(&arena, bytes_of_text(value), &form, &why), ERR_MALFORMED);
	assert_string_equal(why, "holds an answer that is too long");
	value[FORM_VALUE_BYTES_MAX + 2] = '\0';
	assert_int_equal(
	    form_decode(&arena, bytes_of_text(value), &form, &why), ERR_NONE);
}

/* What a form says as a message, in JSON. */
static void
reads_as(const ProtobufCMessageDescriptor *type, const char *text, const char *json)
{
	struct form form = form_of(text);
	struct form_problems problems = {.n = 0};
	ProtobufCMessage *m = NULL;
	const char *same;

	enum err e = form_to_message(&arena, type, &form, &m, &problems);
	if (e != ERR_NONE && problems.n > 0)
		print_error("%s: %s %s\n", text, problems.list[0].name,
		    problems.list[0].sentence);
	assert_int_equal(e, ERR_NONE);
	assert_int_equal(json_from_message(&arena, m, 0, &same), ERR_NONE);
	assert_string_equal(same, json);
}

static void
fields_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text, *json;
	} rows[] = {
	    {"", "{}"},
	    {"token=x&done=sent&button=save&urgency=&children.4.age_years=+", "{}"},
	    {"urgency=emergency", "{\"urgency\":\"emergency\"}"},
	    {"home_sector=+m145+", "{\"home_sector\":\"M14 5\"}"},
	    {"home_sector=ec1a1", "{\"home_sector\":\"EC1A 1\"}"},
	    {"home_sector=m1+4", "{\"home_sector\":\"M1 4\"}"},
	    {"home_sector=m14++5", "{\"home_sector\":\"M14 5\"}"},
	    {"needed_by_day=2026-11-25", "{\"needed_by_day\":\"2026-11-25\"}"},
	    {"needed_by_day-day=5&needed_by_day-month=11&needed_by_day-year=2026",
		"{\"needed_by_day\":\"2026-11-05\"}"},
	    {"needed_by_day-year=2026&needed_by_day-month=nov&needed_by_day-day=05",
		"{\"needed_by_day\":\"2026-11-05\"}"},
	    {"needed_by_day-year=2026&needed_by_day-month=November&needed_by_day-day=5",
		"{\"needed_by_day\":\"2026-11-05\"}"},
	    {"are_siblings=yes", "{\"are_siblings\":true}"},
	    {"are_siblings=on", "{\"are_siblings\":true}"},
	    {"are_siblings=no", "{\"are_siblings\":false}"},
	    {"miles_max=20", "{\"miles_max\":20}"},
	    {"care_types=foster&care_types=childrens_home",
		"{\"care_types\":[\"foster\",\"childrens_home\"]}"},
	    {"avoid_sectors=m14+5,+M15+4&avoid_sectors=&avoid_sectors=M1+1",
		"{\"avoid_sectors\":[\"M14 5\",\"M15 4\",\"M1 1\"]}"},
	    {"avoid_sectors=,+,", "{}"},
	    {"permitted_splits.0.parts.0.child_refs=,", "{}"},
	    {"children.0.age_years=12&children.0.sex=male&children.1.age_years=7",
		"{\"children\":[{\"age_years\":12,\"sex\":\"male\"},{\"age_years\":7}]"
		"}"},
	    /* gaps close, whatever order the answers come in */
	    {"children.9.age_years=7&children.2.age_years=12&children.5.sex=",
		"{\"children\":[{\"age_years\":12},{\"age_years\":7}]}"},
	    {"children.0.needs.autism.level=high&children.0.needs.trauma.level="
	     "&children.0.needs.physical_disability.level=low",
		"{\"children\":[{\"needs\":[{\"kind\":\"physical_disability\","
		"\"level\":\"low\"},{\"kind\":\"autism\",\"level\":\"high\"}]}]}"},
	    {"children.0.needs.1.kind=autism&children.0.needs.1.level=high",
		"{\"children\":[{\"needs\":[{\"kind\":\"autism\",\"level\":\"high\"}]}]"
		"}"},
	    {"children.0.needs.autism.kind=autism",
		"{\"children\":[{\"needs\":[{\"kind\":\"autism\"}]}]}"},
	    {"permitted_splits.0.parts.0.child_refs=A&permitted_splits.0.parts.1.child_"
	     "refs=B"
	     "&permitted_splits.0.parts.1.child_refs=C",
		"{\"permitted_splits\":[{\"parts\":[{\"child_refs\":[\"A\"]},"
		"{\"child_refs\":[\"B\",\"C\"]}]}]}"},
	};

	for (size_t i = 0; i < N(rows); i++)
		reads_as(&requests__submit__descriptor, rows[i].text, rows[i].json);
	reads_as(&requests__offer__descriptor, "fee_pence_week=1%2C020",
	    "{\"fee_pence_week\":102000}");
	reads_as(&requests__offer__descriptor, "fee_pence_week=%C2%A31020.50",
	    "{\"fee_pence_week\":102050}");
	reads_as(&requests__offer__descriptor, "fee_pence_week=%C2%A3+1,020.5",
	    "{\"fee_pence_week\":102050}");
	reads_as(&requests__approve__descriptor,
	    "grounds.most_appropriate=on&grounds.wishes_considered=yes",
	    "{\"grounds\":{\"wishes_considered\":true,\"most_appropriate\":true}}");
}

#define UNKNOWN                                                                        \
	"The page sent an answer that it does not ask for. Reload it and try again"

static const struct {
	const char *text, *name, *sentence;
} refusals[] = {
    {"nonsense=1", "nonsense", UNKNOWN},
    {"urgency.x=1", "urgency.x", UNKNOWN},
    {"children=1", "children", UNKNOWN},
    {"children.0=1", "children.0", UNKNOWN},
    {"children.64.age_years=1", "children.64.age_years", UNKNOWN},
    {"children.-1.age_years=1", "children.-1.age_years", UNKNOWN},
    {"children.x.age_years=1", "children.x.age_years", UNKNOWN},
    {"children..age_years=1", "children..age_years", UNKNOWN},
    {"children.0.needs.unspecified.level=low", "children.0.needs.unspecified.level",
	UNKNOWN},
    {"miles_max-day=1", "miles_max-day", UNKNOWN},
    {".=1", ".", UNKNOWN},
    {"children.0.age_years=twelve", "children.0.age_years",
	"Enter the child\u2019s age in years, such as 12"},
    {"children.3.age_years=121", "children.3.age_years",
	"Enter the child\u2019s age in years, such as 12"},
    {"children.3.age_years=-1", "children.3.age_years",
	"Enter the child\u2019s age in years, such as 12"},
    {"urgency=soon", "urgency", "Choose one of the answers"},
    {"urgency=unspecified", "urgency", "Choose one of the answers"},
    {"urgency=emergency&urgency=planned", "urgency", "Give one answer here"},
    {"are_siblings=maybe", "are_siblings", "Choose yes or no"},
    {"miles_max=4294967296", "miles_max",
	"Enter the most miles from home as a whole number, such as 20"},
    {"home_sector=M14", "home_sector",
	"Enter the first half of a postcode and the digit after it, such as "
	"M14 5"},
    {"home_sector=M14+5RT", "home_sector",
	"Leave out the last two letters of the postcode, such as M14 5"},
    {"avoid_sectors=M14+5,+m145rt", "avoid_sectors",
	"Leave out the last two letters of the postcode, such as M14 5"},
    {"home_sector=ZZ99+9", "home_sector",
	"Enter the first half of a postcode and the digit after it, such as "
	"M14 5"},
    {"needed_by_day=25/11/2026", "needed_by_day",
	"Enter a day that exists, such as 25 11 2026"},
    {"needed_by_day-day=31&needed_by_day-month=2&needed_by_day-year=2026",
	"needed_by_day", "Enter a day that exists, such as 25 11 2026"},
    {"needed_by_day-day=3&needed_by_day-year=2026", "needed_by_day",
	"The day must include a month, such as 25 11 2026"},
    {"needed_by_day-month=3&needed_by_day-year=2026", "needed_by_day",
	"The day must include a day, such as 25 11 2026"},
    {"needed_by_day-day=3&needed_by_day-month=x&needed_by_day-year=2026",
	"needed_by_day", "Enter a day that exists, such as 25 11 2026"},
    {"needed_by_day-day=3&needed_by_day-day=4&needed_by_day-month=1"
     "&needed_by_day-year=2026",
	"needed_by_day", "Give one answer here"},
    {"needed_by_day-day=3&needed_by_day-month=1&needed_by_day-year=2026"
     "&needed_by_day=2026-01-03",
	"needed_by_day", "Give one answer here"},
    {"children.0.needs.autism.level=low&children.0.needs.3.kind=trauma",
	"children.0.needs.3.kind", "Give one answer here"},
    /* the same child under another name, with needs that were not counted */
    {"children.0.needs.0.level=low&children.00.needs.63.level=low",
	"children.00.needs.63.level", UNKNOWN},
    {"permitted_splits.0.parts.0.child_refs=A"
     "&permitted_splits.00.parts.1.child_refs=B",
	"permitted_splits.00.parts.1.child_refs", UNKNOWN},
    {"child_ids=not-an-id", "child_ids",
	"Choose again: the choice was not one of this page"},
};

static void
problems_name_the_field(void **state)
{
	(void)state;

	for (size_t i = 0; i < N(refusals); i++) {
		struct form form = form_of(refusals[i].text);
		struct form_problems problems = {.n = 0};
		ProtobufCMessage *m = NULL;
		enum err e = form_to_message(
		    &arena, &requests__submit__descriptor, &form, &m, &problems);
		if (e != ERR_MALFORMED)
			print_error("%s was taken\n", refusals[i].text);
		assert_int_equal(e, ERR_MALFORMED);
		assert_null(m);
		assert_int_equal(problems.n, 1);
		assert_string_equal(problems.list[0].name, refusals[i].name);
		assert_string_equal(problems.list[0].sentence, refusals[i].sentence);
		assert_null(form_problem_of(&problems, "other"));
	}
}

/* What no single value tells: base/check has the last word. */
static void
a_list_too_long_is_refused(void **state)
{
	(void)state;
	struct form_problems problems = {.n = 0};
	struct form form;
	ProtobufCMessage *m;
	const char *text = "M1 1";

	for (int i = 0; i < 199; i++)
		text = str_format(&arena, "%s,M1 1", text);
	struct form_pair pairs[6];
	for (size_t i = 0; i < N(pairs); i++)
		pairs[i] = (struct form_pair){"avoid_sectors", text};
	form = (struct form){pairs, N(pairs)};
	assert_int_equal(form_to_message(&arena, &requests__submit__descriptor, &form,
			     &m, &problems),
	    ERR_MALFORMED);
	assert_string_equal(problems.list[0].name, "avoid_sectors");
	assert_string_equal(problems.list[0].sentence,
	    "This answer is one more than the 1000 a list may have");
}

static void
all_problems_are_told(void **state)
{
	(void)state;
	struct form form = form_of("children.0.age_years=x&children.1.age_years=y"
				   "&urgency=z&miles_max=20&miles_max=m&a=1&a=2");
	struct form_problems problems = {.n = 0};
	ProtobufCMessage *m;

	assert_int_equal(form_to_message(&arena, &requests__submit__descriptor, &form,
			     &m, &problems),
	    ERR_MALFORMED);
	assert_int_equal(problems.n, 5);
	assert_non_null(form_problem_of(&problems, "children.1.age_years"));
	assert_string_equal(form_problem_of(&problems, "a"), UNKNOWN);
	/* no more than there is room for */
	const char *list = "";
	for (int i = 0; i < 40; i++)
		list = str_format(&arena, "%sb%d=1&", list, i);
	form = form_of(list);
	assert_int_equal(form_to_message(&arena, &requests__submit__descriptor, &form,
			     &m, &problems),
	    ERR_MALFORMED);
	assert_int_equal(problems.n, FORM_PROBLEMS_MAX);
}

/* The form that a message would be made by, as name=value lines. */
static void
is_said_as(const ProtobufCMessageDescriptor *type, const char *json, const char *lines)
{
	struct check_problem why;
	struct form_problems problems = {.n = 0};
	ProtobufCMessage *m, *again;
	struct form form;
	const char *text = "", *same;

	assert_int_equal(json_to_message(&arena, type, json, &m, &why), ERR_NONE);
	assert_int_equal(form_from_message(&arena, m, &form), ERR_NONE);
	for (size_t i = 0; i < form.n; i++)
		text = str_format(
		    &arena, "%s%s=%s\n", text, form.pairs[i].name, form.pairs[i].value);
	assert_string_equal(text, lines);
	assert_int_equal(
	    form_to_message(&arena, type, &form, &again, &problems), ERR_NONE);
	assert_int_equal(json_from_message(&arena, again, 0, &same), ERR_NONE);
	assert_string_equal(same, json);
}

static void
a_message_is_said_as_a_form(void **state)
{
	(void)state;
	const ProtobufCMessageDescriptor *submit = &requests__submit__descriptor;

	is_said_as(submit, "{}", "");
	is_said_as(submit,
	    "{\"urgency\":\"planned\",\"needed_by_day\":\"2026-11-25\",\"home_sector\":"
	    "\"M14 5\",\"are_siblings\":false,\"miles_max\":20}",
	    "urgency=planned\nneeded_by_day=2026-11-25\nhome_sector=M14 5\n"
	    "are_siblings=no\nmiles_max=20\n");
	is_said_as(submit,
	    "{\"children\":[{\"age_years\":12,\"needs\":[{\"kind\":\"autism\","
	    "\"level\":"
	    "\"high\"}],\"languages\":[\"en\",\"ur\"]},{\"age_years\":7}],"
	    "\"permitted_splits\":[{\"parts\":[{\"child_refs\":[\"A\"]},"
	    "{\"child_refs\":[\"B\"]}]}]}",
	    "children.0.age_years=12\nchildren.0.needs.autism.kind=autism\n"
	    "children.0.needs.autism.level=high\nchildren.0.languages=en\n"
	    "children.0.languages=ur\nchildren.1.age_years=7\n"
	    "permitted_splits.0.parts.0.child_refs=A\n"
	    "permitted_splits.0.parts.1.child_refs=B\n");
	/* the same need twice: by number */
	is_said_as(submit,
	    "{\"children\":[{\"needs\":[{\"kind\":\"autism\"},{\"kind\":\"autism\"}]}]"
	    "}",
	    "children.0.needs.0.kind=autism\nchildren.0.needs.1.kind=autism\n");
	is_said_as(&requests__offer__descriptor,
	    "{\"fee_pence_week\":102000,\"earliest_start_day\":\"2026-11-25\"}",
	    "fee_pence_week=1,020\nearliest_start_day=2026-11-25\n");
	is_said_as(&requests__offer__descriptor, "{\"fee_pence_week\":102050}",
	    "fee_pence_week=1,020.50\n");
	is_said_as(&requests__approve__descriptor,
	    "{\"grounds\":{\"most_appropriate\":true}}",
	    "grounds.most_appropriate=yes\n");
}

static void
memory_is_bounded(void **state)
{
	(void)state;
	struct arena small;
	struct form form = form_of("children.0.age_years=12&avoid_sectors=M14+5");
	struct form_problems problems = {.n = 0};
	ProtobufCMessage *m;
	bool was_done = false;

	for (size_t size = 4096; !was_done && size < 200000; size += 4096) {
		assert_int_equal(arena_open(&small, size), ERR_NONE);
		enum err e = form_to_message(
		    &small, &requests__submit__descriptor, &form, &m, &problems);
		assert_true(e == ERR_NONE || e == ERR_MEMORY);
		was_done = e == ERR_NONE;
		arena_close(&small);
	}
	assert_true(was_done);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_content_type_is_read),
	    cmocka_unit_test(pairs_are_read_in_order),
	    cmocka_unit_test(what_is_no_form_is_refused),
	    cmocka_unit_test(a_form_has_limits),
	    cmocka_unit_test(fields_are_read),
	    cmocka_unit_test(problems_name_the_field),
	    cmocka_unit_test(a_list_too_long_is_refused),
	    cmocka_unit_test(all_problems_are_told),
	    cmocka_unit_test(a_message_is_said_as_a_form),
	    cmocka_unit_test(memory_is_bounded),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
