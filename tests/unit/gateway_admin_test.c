/* How the services stand, as an administrator is shown it: above all when each was
 * copied last, and what to do where that is too long ago. */
#include "unit/gateway_page.h"

#include "common.pb-c.h"

#define NOW_MS INT64_C(1795269900000) /* 2026-11-21T14:05:00Z */

/* What stands in the health of foster behind its head, 1,214; the others are well. */
static const char *foster_copied;
static bool is_foster_down;

static const ProtobufCMessage *
answer(const char *service, const char *call)
{
	const char *copied =
	    ",\"copied\":{\"number\":9,\"begun_time\":\"2026-11-21T03:10:00.000Z\"}";
	bool is_foster = str_equal(service, "foster");

	assert_string_equal(call, "common.HealthAsked {}");
	if (is_foster && is_foster_down)
		return NULL;
	return message(&common__health__descriptor,
	    str_format(page.arena,
		"{\"service\":\"%s\",\"ready\":true,\"head_number\":%s,"
		"\"owed_calls\":0,\"store_used_percent\":1,"
		"\"started_time\":\"2026-11-20T09:00:00.000Z\"%s}",
		service, is_foster ? "1214" : "9", is_foster ? foster_copied : copied));
}

static int
begin(void **state)
{
	(void)state;
	foster_copied = "";
	is_foster_down = false;
	return begin_page("/administration/health", NOW_MS);
}

/* The cell under "Last copied" in the row of a service. */
static const json_t *
copied_of(const char *service)
{
	const json_t *rows = at("list.rows"), *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const json_t *cells = json_object_get(row, "cells");
		const json_t *name = json_object_get(json_array_get(cells, 0), "text");

		if (str_equal(json_string_value(name), service))
			return json_array_get(cells, 6);
	}
	fail_msg("no row of %s", service);
	return NULL;
}

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

static void
each_says_when_it_was_copied(void **state)
{
	static const struct {
		const char *copied, *text, *tag;
		bool is_warned;
	} cases[] = {
	    {"", "", "Never copied", true},
	    {"1200,2026-11-21T03:10", "Today 03:10, 14 entries since", "", false},
	    {"1213,2026-11-21T14:04", "Today 14:04, 1 entry since", "", false},
	    {"1214,2026-11-21T03:10", "Today 03:10, no entries since", "", false},
	    {"1214,2026-11-20T02:05", "Yesterday 02:05, no entries since", "", false},
	    {"1214,2026-11-20T02:04", "", "Yesterday 02:04, no entries since", true},
	    {"14,2026-11-03T03:10", "", "3 November 2026 at 03:10, 1,200 entries since",
		true},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *at_comma = strchr(cases[i].copied, ',');
		const json_t *cell;

		assert_int_equal(end_page(state), 0);
		assert_int_equal(begin(state), 0);
		if (at_comma != NULL)
			foster_copied = str_format(page.arena,
			    ",\"copied\":{\"number\":%.*s,"
			    "\"begun_time\":\"%s:00.000Z\"}",
			    (int)(at_comma - cases[i].copied), cases[i].copied,
			    at_comma + 1);
		page_make(page_admin_health_view, answer);
		cell = copied_of("foster");
		assert_string_equal(text_of(cell, "label"), "Last copied");
		assert_string_equal(text_of(cell, "text"), cases[i].text);
		assert_string_equal(
		    text_of(json_object_get(cell, "tag"), "text"), cases[i].tag);
		assert_string_equal(
		    words_at("uncopied"), cases[i].is_warned ? "foster" : "");
		assert_string_equal(text_of(copied_of("members"), "text"),
		    "Today 03:10, no entries since");
	}
}

/* Of one that does not answer nobody knows. */
static void
one_that_is_down_says_nothing_of_copies(void **state)
{
	(void)state;
	is_foster_down = true;
	page_make(page_admin_health_view, answer);
	assert_string_equal(text_of(copied_of("foster"), "text"), "");
	assert_null(json_object_get(copied_of("foster"), "tag"));
	assert_string_equal(words_at("uncopied"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		each_says_when_it_was_copied, begin, end_page),
	    cmocka_unit_test_setup_teardown(
		one_that_is_down_says_nothing_of_copies, begin, end_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
