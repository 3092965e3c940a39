#include "base/json.h"
#include "base/json_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/message.h"
#include "support/memory.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"

#define MIB ((size_t)1024 * 1024)
#define N(list) (sizeof(list) / sizeof((list)[0]))

static int
empty_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static ProtobufCMessage *
read_message(const ProtobufCMessageDescriptor *type, const char *json)
{
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	enum err e = json_to_message(&arena, type, json, &m, &why);

	if (e != ERR_NONE)
		fail_msg("%s: %s: %s", json, why.field, why.reason);
	assert_string_equal(why.field, "");
	return m;
}

static const char *
written(const ProtobufCMessage *m)
{
	const char *json = NULL;

	assert_int_equal(json_from_message(&arena, m, 0, &json), ERR_NONE);
	return json;
}

/* Read and written again it is the same text. */
static void
keeps(const ProtobufCMessageDescriptor *type, const char *json)
{
	assert_string_equal(written(read_message(type, json)), json);
}

static void
refuses(const ProtobufCMessageDescriptor *type, const char *json, const char *field,
    const char *reason)
{
	struct check_problem why;
	ProtobufCMessage *m = NULL;

	assert_int_equal(json_to_message(&arena, type, json, &m, &why), ERR_MALFORMED);
	assert_null(m);
	if (strcmp(why.field, field) != 0 || strstr(why.reason, reason) == NULL)
		fail_msg("\"%s\" \"%s\" for %s", why.field, why.reason, json);
}

static void
every_kind_of_field_goes_both_ways(void **state)
{
	(void)state;
	keeps(&requests__submit__descriptor, "{}");
	keeps(&requests__submit__descriptor,
	    "{\"urgency\":\"emergency\",\"needed_by_day\":\"2026-11-21\","
	    "\"home_sector\":\"M14 "
	    "5\",\"children\":[{\"age_years\":0,\"sex\":\"female\","
	    "\"needs\":[{\"kind\":\"goes_missing\",\"level\":\"high\"},{}],"
	    "\"not_safe_with\":[\"any_child\",\"pets\"]},{}],"
	    "\"are_siblings\":false,\"miles_max\":4294967295,"
	    "\"avoid_sectors\":[\"OL1 1\",\"\"],\"legal_status\":\"c1\"}");
	keeps(&foster__vacancy__descriptor,
	    "{\"approval\":{},\"fee_pence_week\":-9223372036854775808,"
	    "\"opened_time\":\"2026-11-21T14:05:00.007Z\",\"is_open\":true}");
	keeps(
	    &foster__hold_row__descriptor, "{\"fencing_number\":9223372036854775807}");
	keeps(&members__key__descriptor, "{\"public_key\":\"00ff10\"}");
	keeps(&members__key__descriptor, "{\"public_key\":\"\"}");
	keeps(&members__person__descriptor,
	    "{\"name\":\"Si\xc3\xa2n \\\"\\\\/\\u001B\"}");
	keeps(&members__person__descriptor,
	    "{\"name\":\"\\b\\f\\n\\r\\t\\u0001\\u001F \x7f\"}");
}

/* What was written can be read as the message it was written from. */
static void
values_are_where_they_belong(void **state)
{
	(void)state;
	const Requests__Submit *m =
	    (const Requests__Submit *)read_message(&requests__submit__descriptor,
		"{\"children\": [{}, {\"sex\": \"unknown\", \"age_day\": "
		"\"1970-01-02\"}],\n"
		" \"avoid_sectors\": [], \"family_first\": \"not_yet\"}");
	assert_int_equal(m->n_children, 2);
	assert_false(m->children[0]->has_sex);
	assert_true(m->children[1]->has_sex && m->children[1]->has_age_day);
	assert_int_equal(m->children[1]->sex, COMMON__SEX__SEX_UNKNOWN);
	assert_int_equal(m->children[1]->age_day, 1);
	assert_int_equal(m->n_avoid_sectors, 0);
	assert_int_equal(m->family_first, REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET);
	assert_false(m->has_urgency);
	const Members__Key *key = (const Members__Key *)read_message(
	    &members__key__descriptor, "{\"public_key\":\"DEADbeef\"}");
	assert_true(key->has_public_key);
	assert_true(
	    bytes_equal(BYTES_OF(key->public_key), bytes_of_text("\xde\xad\xbe\xef")));
}

static void
indenting_is_for_people(void **state)
{
	(void)state;
	const char *json;
	ProtobufCMessage *m =
	    read_message(&common__done__descriptor, "{\"id\":\"x\",\"number\":1}");
	assert_int_equal(json_from_message(&arena, m, 2, &json), ERR_NONE);
	assert_string_equal(json, "{\n  \"id\": \"x\",\n  \"number\": 1\n}");
	m = read_message(&requests__submit__descriptor,
	    "{\"children\":[{},{\"age_years\":1}],\"miles_max\":2}");
	assert_int_equal(json_from_message(&arena, m, 2, &json), ERR_NONE);
	assert_string_equal(json,
	    "{\n  \"children\": [\n    {},\n    {\n      \"age_years\": 1\n"
	    "    }\n  ],\n  \"miles_max\": 2\n}");
}

/* Longer than what is tried first, and just as long. */
static void
a_long_message_is_written_whole(void **state)
{
	(void)state;
	char json[3 * 4096];

	for (size_t len = 4080; len < 4110; len++) {
		snprintf(json, sizeof json, "{\"id\":\"%0*d\"}", (int)len, 0);
		keeps(&common__done__descriptor, json);
	}
	snprintf(json, sizeof json, "{\"id\":\"%09000d\"}", 0);
	keeps(&common__done__descriptor, json);
}

static void
a_oneof_has_one(void **state)
{
	(void)state;
	const ProtobufCMessageDescriptor *type = &requests__requests_call__descriptor;
	keeps(type, "{\"start\":{\"start_day\":\"2026-11-21\"}}");
	keeps(type, "{\"health\":{}}");
	refuses(type, "{\"start\":{},\"end\":{}}", "end", "beside another");
	const Requests__RequestsCall *call =
	    (const Requests__RequestsCall *)read_message(type, "{\"withdraw\":{}}");
	assert_int_equal(call->call_case, REQUESTS__REQUESTS_CALL__CALL_WITHDRAW);
	assert_non_null(call->withdraw);
}

/* Names, types, ranges: the field by its path and what it should have been. */
static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *json, *field, *reason;
	} rows[] = {
	    {"{\"urgent\":1}", "urgent", "not a field we know"},
	    {"{\"children\":[{},{\"name\":\"x\"}]}", "children[1].name", "not a field"},
	    {"{\"children\":[{\"needs\":[{\"kind\":\"sad\"}]}]}",
		"children[0].needs[0].kind", "must be one of physical_disability, "},
	    {"{\"urgency\":\"PLANNED\"}", "urgency",
		"must be one of emergency, planned"},
	    {"{\"urgency\":2}", "urgency", "must be one of"},
	    {"{\"urgency\":\"urgency_planned\"}", "urgency", "must be one of"},
	    {"{\"needed_by_day\":\"2026-02-30\"}", "needed_by_day", "must be a day"},
	    {"{\"needed_by_day\":20000}", "needed_by_day", "must be a day"},
	    {"{\"home_sector\":5}", "home_sector", "must be text"},
	    {"{\"home_sector\":null}", "home_sector", "must be text"},
	    {"{\"are_siblings\":1}", "are_siblings", "true or false"},
	    {"{\"miles_max\":-1}", "miles_max", "from 0 to 4294967295"},
	    {"{\"miles_max\":4294967296}", "miles_max", "from 0 to 4294967295"},
	    {"{\"miles_max\":1.0}", "miles_max", "whole number"},
	    {"{\"miles_max\":\"1\"}", "miles_max", "whole number"},
	    {"{\"miles_max\":99999999999999999999}", "miles_max", "too large"},
	    {"{\"children\":{}}", "children", "must be a list"},
	    {"{\"children\":[5]}", "children[0]", "must be an object"},
	    {"{\"avoid_sectors\":\"M14 5\"}", "avoid_sectors", "must be a list"},
	    {"{\"avoid_sectors\":[\"a\",7]}", "avoid_sectors[1]", "must be text"},
	    {"{\"miles_max\":1,\"miles_max\":1}", "miles_max", "twice"},
	    {"{\"children\":[{\"age_years\":1, \"age_years\" : 1}]}", "age_years",
		"twice"},
	    {"{\"a_name_that_is_long_enough_to_be_left_out\":1,"
	     "\"a_name_that_is_long_enough_to_be_left_out\":1}",
		"a_name_that_is_long_enough_to_be_left_out", "twice"},
	    {"{\"\x1b[2J\":1}", "the JSON text", "line 1"},
	    {"{\"\\u001b[2J\":1}", "?[2J", "not a field"},
	};
	for (size_t i = 0; i < N(rows); i++)
		refuses(&requests__submit__descriptor, rows[i].json, rows[i].field,
		    rows[i].reason);
	refuses(&foster__vacancy__descriptor, "{\"opened_time\":\"2026-11-21\"}",
	    "opened_time", "must be a time");
	refuses(&members__key__descriptor, "{\"public_key\":\"abc\"}", "public_key",
	    "hexa");
	refuses(
	    &members__key__descriptor, "{\"public_key\":\"xy\"}", "public_key", "hexa");
	refuses(&members__key__descriptor, "{\"public_key\":[]}", "public_key", "hexa");
	refuses(&common__done__descriptor, "{\"number\":-1}", "number", "from 0 to");
}

static void
what_is_not_json_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", " \n", "[]", "5", "null", "{", "{}x",
	    "{\"a\"}", "{'a':1}", "{\"home_sector\":\"a\\u0000b\"}",
	    "{\"home_sector\":\"\xff\"}", "{\"home_sector\":\"\\ud800\"}",
	    "{\"miles_max\":01}"};
	for (size_t i = 0; i < N(wrong); i++)
		refuses(&requests__submit__descriptor, wrong[i], "the JSON text", "");
	refuses(&requests__submit__descriptor, " ", "the JSON text", "is empty");
	refuses(&requests__submit__descriptor, "{\n\"a\":}", "the JSON text", "line 2");
}

static void
size_and_depth_are_bounded(void **state)
{
	(void)state;
	static char large[3 * MIB];
	memset(large, ' ', sizeof large - 1);
	large[0] = '{';
	large[MIB - 1] = '}';
	large[MIB] = '\0';
	keeps(&common__done__descriptor, "{}");
	assert_non_null(read_message(&common__done__descriptor, large));
	large[MIB] = ' ';
	refuses(&common__done__descriptor, large, "the JSON text", "1 MiB");
	memset(large, '[', MIB);
	large[MIB] = '\0';
	refuses(&common__done__descriptor, large, "the JSON text", "line 1");
}

static void
what_json_cannot_say_is_malformed(void **state)
{
	(void)state;
	const char *json = NULL;
	Common__Child *child = MESSAGE_NEW(&arena, common__child);
	SET(child, sex, (Common__Sex)99);
	assert_int_equal(
	    json_from_message(&arena, &child->base, 0, &json), ERR_MALFORMED);
	child = MESSAGE_NEW(&arena, common__child);
	SET(child, age_day, INT32_MAX);
	assert_int_equal(
	    json_from_message(&arena, &child->base, 0, &json), ERR_MALFORMED);
	child = MESSAGE_NEW(&arena, common__child);
	char broken[] = "\xff";
	child->child_id = broken;
	assert_int_equal(
	    json_from_message(&arena, &child->base, 0, &json), ERR_MALFORMED);
	Common__Done *done = MESSAGE_NEW(&arena, common__done);
	SET(done, number, UINT64_MAX);
	assert_int_equal(
	    json_from_message(&arena, &done->base, 0, &json), ERR_MALFORMED);
	assert_null(json);
}

/* No contract has a signed number of 32 bits that is not a day; one may yet. */
static void
a_small_number_keeps_its_sign(void **state)
{
	(void)state;
	ProtobufCFieldDescriptor field =
	    *protobuf_c_message_descriptor_get_field_by_name(
		&common__child__descriptor, "age_day");
	ProtobufCMessageDescriptor type = common__child__descriptor;
	Common__Child *child = MESSAGE_NEW(&arena, common__child);
	field.name = "degrees";
	type.fields = &field;
	type.n_fields = 1;
	SET(child, age_day, -5);
	child->base.descriptor = &type;
	assert_string_equal(written(&child->base), "{\"degrees\":-5}");
	field.type = PROTOBUF_C_TYPE_UINT32;
	assert_string_equal(written(&child->base), "{\"degrees\":4294967291}");
}

static void
the_arena_is_the_limit(void **state)
{
	(void)state;
	struct arena small;
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	const char *json = NULL;
	char text[1100];
	snprintf(text, sizeof text, "{\"id\":\"%01000d\"}", 0);
	ProtobufCMessage *done = read_message(&common__done__descriptor, text);
	assert_int_equal(arena_open(&small, 512), ERR_NONE);
	assert_int_equal(
	    json_to_message(&small, &common__done__descriptor, text, &m, &why),
	    ERR_MEMORY);
	assert_int_equal(json_from_message(&small, done, 0, &json), ERR_MEMORY);
	assert_null(m);
	assert_null(json);
	arena_close(&small);
}

/* Each value of an enum has a name of its own. */
static void
enum_names_are_short_and_apart(void **state)
{
	(void)state;
	char json[100];
	for (int value = 0; value <= 18; value++) {
		Common__Need *need = MESSAGE_NEW(&arena, common__need);
		SET(need, kind, (Common__NeedKind)value);
		const char *text = written(&need->base);
		assert_null(strstr(text, "need_kind"));
		snprintf(json, sizeof json, "%s", text);
		const Common__Need *again =
		    (const Common__Need *)read_message(&common__need__descriptor, json);
		assert_int_equal(again->kind, value);
	}
	int value = -1;
	assert_true(
	    json_enum_value(&common__need_kind__descriptor, "goes_missing", &value));
	assert_int_equal(value, COMMON__NEED_KIND__NEED_KIND_GOES_MISSING);
	assert_false(
	    json_enum_value(&common__need_kind__descriptor, "Goes_missing", &value));
	assert_false(json_enum_value(&common__need_kind__descriptor, NULL, &value));
	keeps(&common__need__descriptor, "{\"kind\":\"unspecified\"}");
	keeps(&members__grant__descriptor, "{\"role\":\"nominated_officer\"}");
	keeps(&requests__bid__descriptor,
	    "{\"level\":\"l2\",\"outcome\":\"no_response\"}");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
	const struct CMUnitTest tests[] = {
	    TEST(every_kind_of_field_goes_both_ways),
	    TEST(values_are_where_they_belong),
	    TEST(indenting_is_for_people),
	    TEST(a_long_message_is_written_whole),
	    TEST(a_oneof_has_one),
	    TEST(what_is_wrong_is_named),
	    TEST(what_is_not_json_is_refused),
	    TEST(size_and_depth_are_bounded),
	    TEST(what_json_cannot_say_is_malformed),
	    TEST(a_small_number_keeps_its_sign),
	    TEST(the_arena_is_the_limit),
	    TEST(enum_names_are_short_and_apart),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
