/* The table of the programming interface, and the document that is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "gateway/api_table.h"
#include "gateway/openapi.h"
#include "gateway/schema.h"

static json_t *document;

static int
make(void **state)
{
	(void)state;
	document = openapi_document();
	return document == NULL;
}

static int
drop(void **state)
{
	(void)state;
	json_decref(document);
	return 0;
}

/* What stands at a path of names with "|" between; NULL where nothing does. */
static json_t *
at(const char *path)
{
	json_t *found = document;

	while (found != NULL && *path != '\0') {
		char name[120];
		size_t len = strcspn(path, "|");

		snprintf(name, sizeof name, "%.*s", (int)len, path);
		found = json_object_get(found, name);
		path += len + (path[len] == '|');
	}
	return found;
}

static const char *
text_at(const char *path)
{
	return json_string_value(at(path));
}

static void
every_operation_is_of_a_contract_and_found_by_its_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < api_operations_n; i++) {
		const struct api_operation *o = &api_operations[i];
		char path[120], name[API_NAME_MAX];

		assert_non_null(api_input(o));
		assert_non_null(api_output(o));
		assert_true(o->roles != 0 && strlen(o->summary) > 5);
		api_path_name(o, name);
		assert_null(strchr(name, '_'));
		snprintf(path, sizeof path, API_ROOT "/%s/%s", o->service, name);
		assert_ptr_equal(api_find(path), o); /* and so none is there twice */
	}
}

static void
what_is_no_operation_is_not_found(void **state)
{
	static const char *const paths[] = {"/api/v1", "/api/v1/", "/api/v1/requests",
	    "/api/v1/requests/", "/api/v1/requests/keep_draft",
	    "/api/v1/requests/keep-draft/", "/api/v1/requests/keep-draftx",
	    "/api/v1/request/submit", "/api/v1/members/register-person",
	    "/api/v1/requests/approve", "/api/v1/foster/hold",
	    "/api/v1/requests/events", "/api/v2/requests/submit", "/requests/submit"};

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_null(api_find(paths[i]));
}

static void
every_reference_leads_somewhere(void **state)
{
	char *text = json_dumps(document, JSON_COMPACT);
	unsigned n = 0;

	(void)state;
	for (const char *ref = text; (ref = strstr(ref, "\"$ref\":\"#/")) != NULL;
	     n++) {
		json_t *found = document;

		ref += strlen("\"$ref\":\"#/");
		while (*ref != '"') {
			char name[120];
			size_t len = strcspn(ref, "/\"");

			snprintf(name, sizeof name, "%.*s", (int)len, ref);
			found = json_object_get(found, name);
			if (found == NULL)
				fail_msg("nothing at %s", name);
			ref += len + (ref[len] == '/');
		}
	}
	free(text);
	assert_true(n > 500);
}

#define SCHEMA(name) "components|schemas|" name
#define FIELD(type, name) SCHEMA(type) "|properties|" name

static void
fields_have_the_kinds_and_limits_that_are_checked(void **state)
{
	(void)state;
	assert_string_equal(
	    text_at(FIELD("requests.Submit", "needed_by_day|format")), "date");
	assert_string_equal(
	    text_at(FIELD("foster.Vacancy", "confirmed_time|format")), "date-time");
	assert_non_null(
	    strstr(text_at(FIELD("requests.Decide", "offer_id|pattern")), "{25}"));
	assert_string_equal(text_at(FIELD("requests.Submit", "urgency|$ref")),
	    SCHEMA_PREFIX "requests.Urgency");
	assert_string_equal(text_at(FIELD("requests.Submit", "children|items|$ref")),
	    SCHEMA_PREFIX "requests.ChildNeed");
	assert_int_equal(
	    json_integer_value(at(FIELD("requests.Submit", "children|maxItems"))),
	    1000);
	assert_int_equal(
	    json_integer_value(at(FIELD("requests.Offer", "fee_pence_week|maximum"))),
	    999999999);
	assert_int_equal(
	    json_integer_value(at(FIELD("requests.ChildNeed", "age_years|maximum"))),
	    120);
	assert_int_equal(
	    json_integer_value(at(FIELD("foster.Household", "carer_name|maxLength"))),
	    200);
	assert_int_equal(
	    json_integer_value(at(FIELD("observatory.Definition", "words|maxLength"))),
	    1000);
	assert_string_equal(
	    text_at(FIELD("requests.Submit", "are_siblings|type")), "boolean");
}

static void
what_is_read_is_closed_and_what_is_written_may_grow(void **state)
{
	(void)state;
	assert_true(json_is_false(at(SCHEMA("requests.Submit|additionalProperties"))));
	assert_true(json_is_false(at(SCHEMA("common.Need|additionalProperties"))));
	assert_non_null(at(SCHEMA("requests.RequestShown")));
	assert_null(at(SCHEMA("requests.RequestShown|additionalProperties")));
}

static void
enums_are_named_as_json_has_them(void **state)
{
	json_t *names = at(SCHEMA("common.Sex|enum"));

	(void)state;
	assert_int_equal(json_array_size(names), 3);
	assert_string_equal(json_string_value(json_array_get(names, 0)), "female");
	assert_string_equal(text_at(SCHEMA("common.NotSafeWith|x-meanings|any_child")),
	    "a solo placement");
}

static void
the_contracts_comments_are_in_it(void **state)
{
	(void)state;
	assert_string_equal(
	    text_at(FIELD("requests.ChildNeed", "child_ref|description")),
	    "the request's own letter, \"A\", \"B\": no identity");
	assert_non_null(
	    strstr(text_at(SCHEMA("common.Need|description")), "at a level"));
	assert_string_equal(schema_words("requests.Submit", "no_such"), "");
}

static void
commands_take_an_id_and_all_need_a_key(void **state)
{
	(void)state;
	assert_non_null(at("paths|/requests/submit|post|parameters"));
	assert_null(at("paths|/requests/shortlist|post|parameters"));
	assert_string_equal(text_at("components|securitySchemes|key|scheme"), "bearer");
	assert_int_equal(json_array_size(at("security")), 1);
	assert_int_equal(json_object_size(at("paths")), api_operations_n);
	assert_string_equal(text_at("openapi"), "3.1.0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_operation_is_of_a_contract_and_found_by_its_path),
	    cmocka_unit_test(what_is_no_operation_is_not_found),
	    cmocka_unit_test(every_reference_leads_somewhere),
	    cmocka_unit_test(fields_have_the_kinds_and_limits_that_are_checked),
	    cmocka_unit_test(what_is_read_is_closed_and_what_is_written_may_grow),
	    cmocka_unit_test(enums_are_named_as_json_has_them),
	    cmocka_unit_test(the_contracts_comments_are_in_it),
	    cmocka_unit_test(commands_take_an_id_and_all_need_a_key),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
