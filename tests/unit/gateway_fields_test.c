/* The controls of a form: what is in them, and what is wrong with it. */
#include "gateway/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/day.h"
#include "base/message.h"
#include "support/memory.h"

#include "common.pb-c.h"
#include "requests.pb-c.h"

static struct form form;
static json_t *errors;
static struct fields fields;

static void
typed(const char *text)
{
	const char *why;

	assert_int_equal(
	    form_decode(&arena, bytes_of_text(text), &form, &why), ERR_NONE);
	json_decref(errors);
	errors = json_array();
	fields = (struct fields){&arena, &form, errors};
}

static void
is_shown_as(json_t *object, const char *json)
{
	json_t *wanted = json_loads(json, 0, NULL);

	assert_non_null(wanted);
	if (!json_equal(object, wanted))
		print_error("%s\n", json_dumps(object, 0));
	assert_true(json_equal(object, wanted));
	json_decref(wanted);
	json_decref(object);
}

static void
a_text_keeps_what_was_typed(void **state)
{
	(void)state;
	const struct field field = {.name = "children.0.age_years",
	    .label = "Age",
	    .is_needed = true,
	    .width = 2,
	    .inputmode = "numeric"};

	typed("children.0.age_years=12%3Cb%3E");
	json_array_append_new(errors,
	    json_pack("{s:s,s:s}", "field", "children.0.sex", "text", "Say it"));
	json_array_append_new(errors, json_pack("{s:s}", "text", "Try again"));
	json_array_append_new(
	    errors, json_pack("{s:s,s:s}", "field", "children.0.age_years", "text",
			"Enter an age"));
	is_shown_as(fields_text(&fields, &field),
	    "{\"name\":\"children.0.age_years\",\"id\":\"children-0-age_years\","
	    "\"label\":\"Age\",\"value\":\"12<b>\",\"error\":\"Enter an age\","
	    "\"is_needed\":true,\"width\":2,\"inputmode\":\"numeric\"}");

	typed("avoid_sectors=M14+5&avoid_sectors=&avoid_sectors=M1+1");
	is_shown_as(fields_text(&fields,
			&(struct field){.name = "avoid_sectors", .label = "Avoid"}),
	    "{\"name\":\"avoid_sectors\",\"id\":\"avoid_sectors\",\"label\":\"Avoid\","
	    "\"value\":\"M14 5, M1 1\"}");
	fields.errors = NULL;
	is_shown_as(fields_hidden(&fields, &(struct field){.name = "x", .value = "y"}),
	    "{\"name\":\"x\",\"value\":\"y\"}");
}

/* A form may say one name as often as it likes: that takes the memory of the form. */
static void
what_is_said_often_takes_no_more_room(void **state)
{
	(void)state;
	static char text[FORM_PAIRS_MAX * 128];
	const struct field field = {.name = "login", .label = "Email"};
	size_t len = 0, before;
	json_t *object;

	for (size_t i = 0; i < FORM_PAIRS_MAX - 1; i++)
		len += (size_t)snprintf(
		    text + len, sizeof text - len, "login=%0100zu&", i);
	typed(text);
	before = arena.used;
	object = fields_text(&fields, &field);
	assert_true(arena.used - before < 2 * sizeof text);
	assert_int_equal(json_string_length(json_object_get(object, "value")),
	    (FORM_PAIRS_MAX - 1) * 102 - 2);
	json_decref(object);
}

static void
what_was_emptied_stays_empty(void **state)
{
	(void)state;
	const struct field field = {
	    .name = "miles_max", .label = "Miles", .value = "20"};

	typed("");
	json_t *object = fields_text(&fields, &field);
	assert_string_equal(json_string_value(json_object_get(object, "value")), "20");
	json_decref(object);
	typed("miles_max=");
	object = fields_text(&fields, &field);
	assert_string_equal(json_string_value(json_object_get(object, "value")), "");
	json_decref(object);
}

static void
choices_are_the_values_of_an_enum(void **state)
{
	(void)state;
	struct field field = {.name = "urgency",
	    .label = "When",
	    .hint = "h",
	    .is_inline = true,
	    .type = &requests__urgency__descriptor};

	typed("urgency=planned");
	is_shown_as(fields_radios(&fields, &field),
	    "{\"name\":\"urgency\",\"id\":\"urgency\",\"label\":\"When\",\"hint\":"
	    "\"h\","
	    "\"is_inline\":true,\"options\":["
	    "{\"value\":\"emergency\",\"label\":\"Emergency\",\"id\":\"urgency\","
	    "\"checked\":false,\"hint\":\"A home is needed today\"},"
	    "{\"value\":\"planned\",\"label\":\"Planned\",\"id\":\"urgency-planned\","
	    "\"checked\":true}]}");
	typed("care_types=foster&care_types=secure");
	field = (struct field){.name = "care_types",
	    .label = "Kinds",
	    .is_small = true,
	    .without_hints = true,
	    .type = &common__care_type__descriptor};
	json_t *object = fields_checkboxes(&fields, &field);
	json_t *options = json_object_get(object, "options");
	assert_int_equal(json_array_size(options), 4);
	for (size_t i = 0; i < 4; i++) {
		json_t *option = json_array_get(options, i);
		assert_int_equal(
		    json_is_true(json_object_get(option, "checked")), i == 0 || i == 3);
		assert_null(json_object_get(option, "hint"));
	}
	json_decref(object);
}

static void
choices_may_be_given(void **state)
{
	(void)state;
	static const struct field_option options[] = {
	    {"120", "2 hours", NULL, true},
	    {"1440", "1 day", "until tomorrow", false},
	};
	const struct field field = {.name = "answer_minutes",
	    .label = "Time",
	    .blank = "Choose",
	    .options = options,
	    .options_n = 2};
	static const char shown[] =
	    "{\"name\":\"answer_minutes\",\"id\":\"answer_minutes\",\"label\":\"Time\","
	    "\"options\":[{\"value\":\"\",\"label\":\"Choose\",\"id\":\"answer_"
	    "minutes\","
	    "\"checked\":false},"
	    "{\"value\":\"120\",\"label\":\"2 hours\",\"id\":\"answer_minutes-120\","
	    "\"checked\":%s},"
	    "{\"value\":\"1440\",\"label\":\"1 day\",\"id\":\"answer_minutes-1440\","
	    "\"checked\":%s,\"hint\":\"until tomorrow\"}]}";
	char text[sizeof shown + 10];

	typed("");
	(void)snprintf(text, sizeof text, shown, "true", "false");
	is_shown_as(fields_select(&fields, &field), text);
	typed("answer_minutes=1440");
	(void)snprintf(text, sizeof text, shown, "false", "true");
	is_shown_as(fields_select(&fields, &field), text);
	typed("answer_minutes=7");
	(void)snprintf(text, sizeof text, shown, "false", "false");
	is_shown_as(fields_select(&fields, &field), text);
}

static void
a_day_has_three_parts(void **state)
{
	(void)state;
	const struct field field = {.name = "needed_by_day", .label = "By"};
	static const struct {
		const char *text, *json;
	} rows[] = {
	    {"", "{}"},
	    {"needed_by_day=2026-11-05",
		"{\"day\":\"5\",\"month\":\"11\",\"year\":\"2026\"}"},
	    {"needed_by_day-day=31&needed_by_day-month=feb&needed_by_day-year=",
		"{\"day\":\"31\",\"month\":\"feb\",\"year\":\"\"}"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		typed(rows[i].text);
		json_t *object = fields_day(&fields, &field);
		assert_int_equal(json_object_del(object, "name"), 0);
		assert_int_equal(json_object_del(object, "id"), 0);
		assert_int_equal(json_object_del(object, "label"), 0);
		is_shown_as(object, rows[i].json);
	}
}

static void
a_message_fills_the_fields(void **state)
{
	(void)state;
	Requests__Offer *offer = MESSAGE_NEW(&arena, requests__offer);

	SET(offer, fee_pence_week, 102050);
	typed("");
	assert_int_equal(form_from_message(&arena, &offer->base, &form), ERR_NONE);
	is_shown_as(fields_money(&fields, &(struct field){.name = "fee_pence_week",
					      .label = "Fee",
					      .suffix = "a week"}),
	    "{\"name\":\"fee_pence_week\",\"id\":\"fee_pence_week\",\"label\":\"Fee\","
	    "\"value\":\"1,020.50\",\"suffix\":\"a week\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_keeps_what_was_typed),
	    cmocka_unit_test(what_is_said_often_takes_no_more_room),
	    cmocka_unit_test(what_was_emptied_stays_empty),
	    cmocka_unit_test(choices_are_the_values_of_an_enum),
	    cmocka_unit_test(choices_may_be_given),
	    cmocka_unit_test(a_day_has_three_parts),
	    cmocka_unit_test(a_message_fills_the_fields),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
