#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/day.h"
#include "base/field.h"
#include "base/json.h"
#include "base/json_names.h"
#include "base/message.h"
#include "base/str.h"

#define TEXT_BYTES_MAX ((size_t)1024 * 1024) /* four times what a message may have */
#define WHOLE "the JSON text"

struct reader {
	struct arena *arena;
	struct field_path path;
	struct check_problem *why;
};

/* What was read may stand in both; none of it may do anything to a terminal. */
static void
copy_printable(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; n < size - 1 && text[n] != '\0'; n++)
		out[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
	out[n] = '\0';
}

static enum err
refuse(struct check_problem *why, const char *field, const char *reason)
{
	copy_printable(why->field, sizeof why->field, field);
	copy_printable(why->reason, sizeof why->reason, reason);
	return ERR_MALFORMED;
}

static enum err
refuse_here(struct reader *r, const char *reason)
{
	return refuse(r->why, r->path.len > 0 ? r->path.text : WHOLE, reason);
}

/* About a name in the object the walk stands in. */
static enum err
refuse_name(struct reader *r, const char *name, const char *reason)
{
	field_path_add(&r->path, name);
	return refuse_here(r, reason);
}

static enum err
put(const void *value, size_t size, void *place)
{
	memcpy(place, value, size);
	return ERR_NONE;
}

static enum err
read_whole_number(
    struct reader *r, const json_t *value, int64_t min, int64_t max, int64_t *out)
{
	char reason[80];

	if (!json_is_integer(value))
		return refuse_here(r, "must be a whole number");
	*out = json_integer_value(value);
	if (*out >= min && *out <= max)
		return ERR_NONE;
	snprintf(reason, sizeof reason, "must be from %lld to %lld", (long long)min,
	    (long long)max);
	return refuse_here(r, reason);
}

static enum err
read_i32(struct reader *r, const ProtobufCFieldDescriptor *f, const json_t *value,
    void *place)
{
	int64_t number;
	int32_t v;

	if (field_kind(f) == FIELD_DAY) {
		if (!day_parse(json_string_value(value), &v))
			return refuse_here(r, "must be a day such as \"2026-11-21\"");
		return put(&v, sizeof v, place);
	}
	enum err e = read_whole_number(r, value, INT32_MIN, INT32_MAX, &number);
	v = e == ERR_NONE ? (int32_t)number : 0;
	return e == ERR_NONE ? put(&v, sizeof v, place) : e;
}

static enum err
read_u32(struct reader *r, const json_t *value, void *place)
{
	int64_t number;
	enum err e = read_whole_number(r, value, 0, UINT32_MAX, &number);

	if (e != ERR_NONE)
		return e;
	return put(&(uint32_t){(uint32_t)number}, sizeof(uint32_t), place);
}

static enum err
read_i64(struct reader *r, const ProtobufCFieldDescriptor *f, const json_t *value,
    int64_t min, void *place)
{
	int64_t v;
	enum err e = ERR_NONE;

	if (field_kind(f) != FIELD_TIME)
		e = read_whole_number(r, value, min, INT64_MAX, &v);
	else if (!time_parse(json_string_value(value), &v))
		e = refuse_here(
		    r, "must be a time such as \"2026-11-21T14:05:00.000Z\"");
	return e == ERR_NONE ? put(&v, sizeof v, place) : e;
}

static enum err
read_text(struct reader *r, const json_t *value, void *place)
{
	if (!json_is_string(value))
		return refuse_here(r, "must be text");
	char *text = str_copy(r->arena, json_string_value(value));
	return text == NULL ? ERR_MEMORY : put(&text, sizeof text, place);
}

static enum err
read_bytes(struct reader *r, const json_t *value, void *place)
{
	const char *hex = json_string_value(value);
	size_t len = hex == NULL ? 0 : strlen(hex) / 2;
	uint8_t *data = arena_take(r->arena, len);

	if (data == NULL)
		return ERR_MEMORY;
	if (hex == NULL || !bytes_from_hex(hex, data, len))
		return refuse_here(r, "must be bytes in hexadecimal");
	return put(
	    &(ProtobufCBinaryData){len, data}, sizeof(ProtobufCBinaryData), place);
}

/* "must be one of female, male, unknown", as many as there is room for. */
static enum err
refuse_value(struct reader *r, const ProtobufCEnumDescriptor *type)
{
	char reason[sizeof r->why->reason] = "must be one of ", name[JSON_NAME_MAX];
	size_t len = strlen(reason);

	/* The first says "not said", which nobody need say. */
	for (unsigned i = 1; i < type->n_values; i++) {
		json_enum_name(type, &type->values[i], name);
		const char *comma = i > 1 ? ", " : "";
		if (len + strlen(name) + sizeof ", and others" > sizeof reason) {
			snprintf(reason + len, sizeof reason - len, " and others");
			break;
		}
		len += (size_t)snprintf(
		    reason + len, sizeof reason - len, "%s%s", comma, name);
	}
	return refuse_here(r, reason);
}

static enum err
read_enum(struct reader *r, const ProtobufCEnumDescriptor *type, const json_t *value,
    void *place)
{
	int number;

	if (json_enum_value(type, json_string_value(value), &number))
		return put(&number, sizeof number, place);
	return refuse_value(r, type);
}

/* NOLINTBEGIN(misc-no-recursion): the contracts' messages never contain themselves
 * (tools/lint), so their descriptors bound it. */

static enum err read_object(struct reader *r, const ProtobufCMessageDescriptor *type,
    json_t *object, ProtobufCMessage **out);

static enum err
read_element(
    struct reader *r, const ProtobufCFieldDescriptor *f, json_t *value, void *place)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING: return read_text(r, value, place);
	case PROTOBUF_C_TYPE_BYTES: return read_bytes(r, value, place);
	case PROTOBUF_C_TYPE_ENUM: return read_enum(r, f->descriptor, value, place);
	case PROTOBUF_C_TYPE_BOOL:
		if (!json_is_boolean(value))
			return refuse_here(r, "must be true or false");
		return put(&(protobuf_c_boolean){json_is_true(value)},
		    sizeof(protobuf_c_boolean), place);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32: return read_i32(r, f, value, place);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32: return read_u32(r, value, place);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64: return read_i64(r, f, value, INT64_MIN, place);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64: return read_i64(r, f, value, 0, place);
	case PROTOBUF_C_TYPE_MESSAGE:
		return read_object(r, f->descriptor, value, place);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: return ERR_INTERNAL; /* no contract has one */
	}
	return ERR_INTERNAL;
}

static enum err
read_list(struct reader *r, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    const json_t *list)
{
	size_t n = json_array_size(list), size = field_element_size(f);
	char *place = field_make(r->arena, m, f, n);

	if (place == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < n; i++) {
		size_t mark = field_path_enter(&r->path, f, i);
		enum err e =
		    read_element(r, f, json_array_get(list, i), place + i * size);
		if (e != ERR_NONE)
			return e;
		field_path_leave(&r->path, mark);
	}
	return ERR_NONE;
}

/* Is another field of the same oneof set already? */
static bool
is_taken(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return false;
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *other = &m->descriptor->fields[i];
		if (other != f && other->quantifier_offset == f->quantifier_offset &&
		    field_count(m, other) > 0)
			return true;
	}
	return false;
}

static enum err
read_field(struct reader *r, ProtobufCMessage *m, const char *name, json_t *value)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(m->descriptor, name);

	if (f == NULL)
		return refuse_name(r, name, "is not a field we know");
	if (is_taken(m, f))
		return refuse_name(
		    r, name, "stands beside another, of which only one may be");
	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return json_is_array(value) ? read_list(r, m, f, value)
		                            : refuse_name(r, name, "must be a list");
	void *place = field_make(r->arena, m, f, 1);
	if (place == NULL)
		return ERR_MEMORY;
	size_t mark = field_path_enter(&r->path, f, 0);
	enum err e = read_element(r, f, value, place);
	if (e == ERR_NONE)
		field_path_leave(&r->path, mark);
	return e;
}

static enum err
read_object(struct reader *r, const ProtobufCMessageDescriptor *type, json_t *object,
    ProtobufCMessage **out)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return refuse_here(r, "must be an object");
	ProtobufCMessage *m = message_new(r->arena, type);
	if (m == NULL)
		return ERR_MEMORY;
	json_object_foreach(object, name, value)
	{
		enum err e = read_field(r, m, name, value);
		if (e != ERR_NONE)
			return e;
	}
	*out = m;
	return ERR_NONE;
}

/* NOLINTEND(misc-no-recursion) */

/*
 * The name that a parser's complaint is about: the text ends behind it, or behind
 * the number that is its value. Empty where it cannot be told.
 */
static void
name_before(const char *text, int position, char *out, size_t size)
{
	const char *end = text + position;

	out[0] = '\0';
	while (end > text && strchr("0123456789-:, \t\r\n", end[-1]) != NULL)
		end--;
	if (end == text || *--end != '"')
		return;
	const char *start = end;
	while (start > text && start[-1] != '"')
		start--;
	if (start > text)
		snprintf(out, size, "%.*s", (int)(end - start), start);
}

static enum err
refuse_syntax(const char *text, const json_error_t *error, struct check_problem *why)
{
	char name[60], reason[sizeof why->reason];
	enum json_error_code code = json_error_code(error);

	if (code == json_error_out_of_memory)
		return ERR_MEMORY;
	name_before(text, error->position, name, sizeof name);
	if (name[0] != '\0' && code == json_error_duplicate_key)
		return refuse(why, name, "stands there twice");
	if (name[0] != '\0' && code == json_error_numeric_overflow)
		return refuse(why, name, "is too large a number");
	snprintf(reason, sizeof reason, "is not JSON at line %d, column %d: %.100s",
	    error->line, error->column, error->text);
	return refuse(why, WHOLE, reason);
}

enum err
json_to_message(struct arena *a, const ProtobufCMessageDescriptor *type,
    const char *text, ProtobufCMessage **out, struct check_problem *why)
{
	json_error_t error;
	struct reader r = {.arena = a, .why = why};

	*why = (struct check_problem){.field = ""};
	if (strnlen(text, TEXT_BYTES_MAX + 1) > TEXT_BYTES_MAX)
		return refuse(why, WHOLE, "is longer than 1 MiB");
	if (text[strspn(text, " \t\r\n")] == '\0')
		return refuse(why, WHOLE, "is empty");
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return refuse_syntax(text, &error, why);
	ProtobufCMessage *m = NULL;
	enum err e = read_object(&r, type, root, &m);
	json_decref(root);
	if (e == ERR_NONE)
		*out = m;
	return e;
}
