#include "gateway/schema.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/json_names.h"
#include "base/str.h"
#include "gateway/proto_words.h"

#define NAME_MAX_LEN 160
#define ID "[0-7][0-9a-hjkmnp-tv-z]{25}"
#define COUNCIL "[ENSW][0-9]{8}"

/* ---- which ---- */

void
schema_add(struct schema_set *s, const ProtobufCMessageDescriptor *type)
{
	for (size_t i = 0; i < s->messages_n; i++) {
		if (s->messages[i] == type)
			return;
	}
	assert(s->messages_n < SCHEMA_TYPES_MAX);
	s->messages[s->messages_n++] = type;
}

static void
add_enum(struct schema_set *s, const ProtobufCEnumDescriptor *type)
{
	for (size_t i = 0; i < s->enums_n; i++) {
		if (s->enums[i] == type)
			return;
	}
	assert(s->enums_n < SCHEMA_TYPES_MAX);
	s->enums[s->enums_n++] = type;
}

void
schema_close(struct schema_set *s, bool are_inputs)
{
	/* What is added on the way stands behind, and is looked at in its turn. */
	for (size_t i = 0; i < s->messages_n; i++) {
		const ProtobufCMessageDescriptor *type = s->messages[i];

		for (unsigned f = 0; f < type->n_fields; f++) {
			const ProtobufCFieldDescriptor *field = &type->fields[f];

			if (field->type == PROTOBUF_C_TYPE_MESSAGE)
				schema_add(s, field->descriptor);
			else if (field->type == PROTOBUF_C_TYPE_ENUM)
				add_enum(s, field->descriptor);
		}
	}
	if (are_inputs)
		s->inputs_n = s->messages_n;
}

/* ---- words ---- */

const char *
schema_words(const char *type, const char *member)
{
	char name[NAME_MAX_LEN];

	snprintf(name, sizeof name, member == NULL ? "%s" : "%s.%s", type, member);
	for (size_t i = 0; i < proto_words_n; i++) {
		if (str_equal(proto_words[i].name, name))
			return proto_words[i].text;
	}
	return "";
}

static void
describe(json_t *schema, const char *words)
{
	if (words[0] != '\0')
		(void)json_object_set_new(schema, "description", json_string(words));
}

/* ---- values ---- */

json_t *
schema_ref(const char *name)
{
	return json_pack("{s:s++}", "$ref", SCHEMA_PREFIX, name, "");
}

/* No id stands for an example: whoever looks for ids that somebody should not have been
 * shown finds none here. */
static json_t *
pattern(const char *text, const char *example)
{
	if (example == NULL)
		return json_pack("{s:s, s:s}", "type", "string", "pattern", text);
	return json_pack("{s:s, s:s, s:[s]}", "type", "string", "pattern", text,
	    "examples", example);
}

static json_t *
whole_number(json_int_t least, json_int_t most)
{
	return json_pack(
	    "{s:s, s:I, s:I}", "type", "integer", "minimum", least, "maximum", most);
}

static json_t *
string_schema(const ProtobufCFieldDescriptor *f)
{
	switch (field_kind(f)) {
	case FIELD_ID: return pattern("^" ID "$", NULL);
	case FIELD_COUNCIL: return pattern("^" COUNCIL "$", "E08000003");
	case FIELD_ORGANISATION:
		return pattern("^(" ID "|" COUNCIL "|co-operative)$", "co-operative");
	case FIELD_SECTOR: return pattern("^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9]$", "M14 5");
	case FIELD_PLAIN:
	case FIELD_DAY:
	case FIELD_TIME:
	case FIELD_PENCE:
	case FIELD_YEARS: break;
	}
	return json_pack("{s:s, s:I}", "type", "string", "maxLength",
	    (json_int_t)check_string_max(f));
}

static json_t *
number_schema(const ProtobufCFieldDescriptor *f)
{
	switch (field_kind(f)) {
	case FIELD_DAY:
		return json_pack("{s:s, s:s}", "type", "string", "format", "date");
	case FIELD_TIME:
		return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
	case FIELD_PENCE: return whole_number(0, CHECK_PENCE_END - 1);
	case FIELD_YEARS: return whole_number(0, CHECK_YEARS_MAX);
	case FIELD_PLAIN:
	case FIELD_ID:
	case FIELD_ORGANISATION:
	case FIELD_COUNCIL:
	case FIELD_SECTOR: break;
	}
	if (f->type == PROTOBUF_C_TYPE_UINT32)
		return whole_number(0, UINT32_MAX);
	if (f->type == PROTOBUF_C_TYPE_INT32)
		return whole_number(INT32_MIN, INT32_MAX);
	return json_pack("{s:s, s:s}", "type", "integer", "format",
	    f->type == PROTOBUF_C_TYPE_UINT64 ? "uint64" : "int64");
}

static json_t *
value_schema(const ProtobufCFieldDescriptor *f)
{
	if (f->type == PROTOBUF_C_TYPE_MESSAGE)
		return schema_ref(
		    ((const ProtobufCMessageDescriptor *)f->descriptor)->name);
	if (f->type == PROTOBUF_C_TYPE_ENUM)
		return schema_ref(
		    ((const ProtobufCEnumDescriptor *)f->descriptor)->name);
	if (f->type == PROTOBUF_C_TYPE_BOOL)
		return json_pack("{s:s}", "type", "boolean");
	if (f->type == PROTOBUF_C_TYPE_BYTES)
		return json_pack("{s:s, s:s, s:i}", "type", "string", "pattern",
		    "^([0-9a-f]{2})*$", "maxLength", 2 * CHECK_BYTES_MAX);
	if (f->type == PROTOBUF_C_TYPE_STRING)
		return string_schema(f);
	return number_schema(f);
}

static json_t *
field_schema(const ProtobufCFieldDescriptor *f)
{
	json_t *value = value_schema(f);

	if (f->label != PROTOBUF_C_LABEL_REPEATED)
		return value;
	return json_pack("{s:s, s:i, s:o}", "type", "array", "maxItems", CHECK_LIST_MAX,
	    "items", value);
}

/* ---- types ---- */

static json_t *
message_schema(const ProtobufCMessageDescriptor *type, bool is_input)
{
	json_t *properties = json_object();
	json_t *schema =
	    json_pack("{s:s, s:o}", "type", "object", "properties", properties);

	if (schema == NULL)
		return NULL;
	describe(schema, schema_words(type->name, NULL));
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &type->fields[i];
		json_t *field = field_schema(f);

		if (field == NULL ||
		    json_object_set_new(properties, f->name, field) != 0) {
			json_decref(schema);
			return NULL;
		}
		describe(field, schema_words(type->name, f->name));
	}
	if (is_input)
		(void)json_object_set_new(schema, "additionalProperties", json_false());
	return schema;
}

/* The value zero means "not said", and is never written. */
static json_t *
enum_schema(const ProtobufCEnumDescriptor *type)
{
	json_t *names = json_array(), *meanings = json_object();
	json_t *schema = json_pack("{s:s, s:o}", "type", "string", "enum", names);

	describe(schema, schema_words(type->name, NULL));
	for (unsigned i = 0; i < type->n_values; i++) {
		const char *words = schema_words(type->name, type->values[i].name);
		char name[JSON_NAME_MAX];

		if (type->values[i].value == 0)
			continue;
		json_enum_name(type, &type->values[i], name);
		(void)json_array_append_new(names, json_string(name));
		if (words[0] != '\0')
			(void)json_object_set_new(meanings, name, json_string(words));
	}
	if (json_object_size(meanings) > 0)
		(void)json_object_set(schema, "x-meanings", meanings);
	json_decref(meanings);
	return schema;
}

json_t *
schema_all(const struct schema_set *s)
{
	json_t *all = json_object();

	for (size_t i = 0; all != NULL && i < s->messages_n; i++) {
		if (json_object_set_new(all, s->messages[i]->name,
			message_schema(s->messages[i], i < s->inputs_n)) != 0)
			goto none;
	}
	for (size_t i = 0; all != NULL && i < s->enums_n; i++) {
		if (json_object_set_new(
			all, s->enums[i]->name, enum_schema(s->enums[i])) != 0)
			goto none;
	}
	return all;
none:
	json_decref(all);
	return NULL;
}
