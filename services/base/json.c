#include "base/json.h"

#include <string.h>

#include <jansson.h>

#include "base/bytes.h"
#include "base/day.h"
#include "base/field.h"
#include "base/json_names.h"
#include "base/str.h"

#define FIRST_TRY_BYTES 4096

void
json_enum_name(const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value,
    char out[JSON_NAME_MAX])
{
	const char *first = type->values[0].name;
	size_t prefix = strlen(first), n = 0;

	for (unsigned i = 1; i < type->n_values; i++) {
		size_t same = 0;
		while (same < prefix && type->values[i].name[same] == first[same])
			same++;
		prefix = same;
	}
	while (prefix > 0 && first[prefix - 1] != '_')
		prefix--;
	for (const char *p = value->name + prefix; *p != '\0' && n < JSON_NAME_MAX - 1;
	     p++)
		out[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	out[n] = '\0';
}

bool
json_enum_value(const ProtobufCEnumDescriptor *type, const char *name, int *out)
{
	char each[JSON_NAME_MAX];

	for (unsigned i = 0; i < type->n_values; i++) {
		json_enum_name(type, &type->values[i], each);
		if (str_equal(each, name)) {
			*out = type->values[i].value;
			return true;
		}
	}
	return false;
}

/* jansson has one answer for no memory and for bytes that are not UTF-8. */
static enum err
made(json_t *value, json_t **out)
{
	*out = value;
	return value == NULL ? ERR_MALFORMED : ERR_NONE;
}

static enum err
enum_value(const ProtobufCFieldDescriptor *f, int number, json_t **out)
{
	char name[JSON_NAME_MAX];
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(f->descriptor, number);

	if (value == NULL)
		return ERR_MALFORMED;
	json_enum_name(f->descriptor, value, name);
	return made(json_string(name), out);
}

static enum err
bytes_value(struct arena *a, struct bytes b, json_t **out)
{
	size_t mark = a->used;
	char *hex = arena_take(a, 2 * b.len + 1);

	if (hex == NULL)
		return ERR_MEMORY;
	bytes_to_hex(b, hex);
	enum err e = made(json_string(hex), out);
	arena_release(a, mark);
	return e;
}

static enum err
day_value(int32_t day, json_t **out)
{
	char text[DAY_TEXT_LEN + 1];
	int32_t again;

	day_format(day, text);
	return day_parse(text, &again) ? made(json_string(text), out) : ERR_MALFORMED;
}

static enum err
time_value(int64_t ms, json_t **out)
{
	char text[TIME_TEXT_LEN + 1];
	int64_t again;

	time_format(ms, text);
	return time_parse(text, &again) ? made(json_string(text), out) : ERR_MALFORMED;
}

/* Numbers of 32 and of 64 bits as they lie in a message. */
static int64_t
number_at(const void *element, size_t size, bool is_signed)
{
	uint32_t v32;
	uint64_t v64;

	if (size == sizeof v64) {
		memcpy(&v64, element, sizeof v64);
		return (int64_t)v64;
	}
	memcpy(&v32, element, sizeof v32);
	return is_signed ? (int64_t)(int32_t)v32 : (int64_t)v32;
}

/* NOLINTBEGIN(misc-no-recursion): the contracts' messages never contain themselves
 * (tools/lint), so their descriptors bound it. */

static enum err object_of(struct arena *a, const ProtobufCMessage *m, json_t **out);

static enum err
value_of(struct arena *a, const ProtobufCFieldDescriptor *f, const void *element,
    json_t **out)
{
	ProtobufCBinaryData data;
	size_t size = field_element_size(f);

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING: return made(json_string(field_text(element)), out);
	case PROTOBUF_C_TYPE_MESSAGE: return object_of(a, field_message(element), out);
	case PROTOBUF_C_TYPE_BYTES:
		memcpy(&data, element, sizeof data);
		return bytes_value(a, (struct bytes){data.data, data.len}, out);
	case PROTOBUF_C_TYPE_ENUM:
		return enum_value(f, (int)number_at(element, size, true), out);
	case PROTOBUF_C_TYPE_BOOL:
		return made(json_boolean(number_at(element, size, true) != 0), out);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		if (field_kind(f) == FIELD_DAY)
			return day_value((int32_t)number_at(element, size, true), out);
		return made(json_integer(number_at(element, size, true)), out);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		if (field_kind(f) == FIELD_TIME)
			return time_value(number_at(element, size, true), out);
		return made(json_integer(number_at(element, size, true)), out);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		if (number_at(element, size, false) < 0)
			return ERR_MALFORMED; /* more than a JSON integer holds here */
		return made(json_integer(number_at(element, size, false)), out);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return made(json_integer(number_at(element, size, false)), out);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: return ERR_INTERNAL; /* no contract has one */
	}
	return ERR_INTERNAL;
}

static enum err
field_of(struct arena *a, const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    json_t **out)
{
	if (f->label != PROTOBUF_C_LABEL_REPEATED)
		return value_of(a, f, field_at(m, f, 0), out);
	json_t *list = json_array();
	enum err e = list == NULL ? ERR_MEMORY : ERR_NONE;
	size_t n = field_count(m, f);
	for (size_t i = 0; i < n && e == ERR_NONE; i++) {
		json_t *value = NULL;
		e = value_of(a, f, field_at(m, f, i), &value);
		if (e == ERR_NONE && json_array_append_new(list, value) != 0)
			e = ERR_MEMORY;
	}
	if (e == ERR_NONE)
		*out = list;
	else
		json_decref(list);
	return e;
}

static enum err
object_of(struct arena *a, const ProtobufCMessage *m, json_t **out)
{
	json_t *object = json_object();
	enum err e = object == NULL ? ERR_MEMORY : ERR_NONE;

	for (unsigned i = 0; i < m->descriptor->n_fields && e == ERR_NONE; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		json_t *value = NULL;
		if (field_count(m, f) == 0)
			continue;
		e = field_of(a, m, f, &value);
		if (e == ERR_NONE && json_object_set_new(object, f->name, value) != 0)
			e = ERR_MEMORY;
	}
	if (e == ERR_NONE)
		*out = object;
	else
		json_decref(object);
	return e;
}

/* NOLINTEND(misc-no-recursion) */

enum err
json_from_message(
    struct arena *a, const ProtobufCMessage *m, unsigned indent, const char **out)
{
	json_t *object;
	size_t flags = indent == 0 ? JSON_COMPACT : JSON_INDENT(indent);

	enum err e = object_of(a, m, &object);
	if (e != ERR_NONE)
		return e;
	/* Most fit at the first try; what does not is written again, into room enough.
	 */
	char first[FIRST_TRY_BYTES];
	size_t len = json_dumpb(object, first, sizeof first, flags);
	char *text = arena_take_raw(a, len + 1);
	if (text == NULL)
		e = ERR_MEMORY;
	else if (len > sizeof first && json_dumpb(object, text, len, flags) != len)
		e = ERR_INTERNAL;
	else if (len == 0)
		e = ERR_INTERNAL;
	if (e == ERR_NONE) {
		if (len <= sizeof first)
			memcpy(text, first, len);
		text[len] = '\0';
		*out = text;
	}
	json_decref(object);
	return e;
}
