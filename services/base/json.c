#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

/*
 * Where it is written. What does not fit is counted: a text is begun on the stack, and
 * written again where there is room for all of it. jansson's writer makes a tree of
 * every answer and a text of its address of every object, a fifth of what the gateway
 * does for one.
 */
struct writer {
	char *out;
	size_t size, len;
	unsigned indent, depth;
};

static void
put(struct writer *w, const char *text, size_t len)
{
	if (w->len < w->size)
		memcpy(w->out + w->len, text,
		    len < w->size - w->len ? len : w->size - w->len);
	w->len += len;
}

static void
put_text(struct writer *w, const char *text)
{
	put(w, text, strlen(text));
}

static void
put_line(struct writer *w)
{
	static const char blanks[] = "        ";

	if (w->indent == 0)
		return;
	put(w, "\n", 1);
	for (size_t left = (size_t)w->indent * w->depth; left > 0;) {
		size_t n = left < sizeof blanks - 1 ? left : sizeof blanks - 1;

		put(w, blanks, n);
		left -= n;
	}
}

/* What a list or an object begins with, parts its values by, and ends with. */
static void
put_open(struct writer *w, char bracket)
{
	put(w, &bracket, 1);
	w->depth++;
}

static void
put_next(struct writer *w, bool is_first)
{
	if (!is_first)
		put(w, ",", 1);
	put_line(w);
}

static void
put_close(struct writer *w, char bracket, bool is_empty)
{
	w->depth--;
	if (!is_empty)
		put_line(w);
	put(w, &bracket, 1);
}

static void
put_escaped(struct writer *w, unsigned char c)
{
	static const char letters[] = {['\b'] = 'b',
	    ['\t'] = 't',
	    ['\n'] = 'n',
	    ['\f'] = 'f',
	    ['\r'] = 'r',
	    ['"'] = '"',
	    ['\\'] = '\\'};
	char text[8];

	if (letters[c] != '\0')
		snprintf(text, sizeof text, "\\%c", letters[c]);
	else
		snprintf(text, sizeof text, "\\u%04X", c);
	put_text(w, text);
}

static enum err
put_string(struct writer *w, const char *text)
{
	size_t len = strlen(text), begun = 0;

	if (!str_is_utf8(text, len))
		return ERR_MALFORMED;
	put(w, "\"", 1);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		put(w, text + begun, i - begun);
		put_escaped(w, c);
		begun = i + 1;
	}
	put(w, text + begun, len - begun);
	put(w, "\"", 1);
	return ERR_NONE;
}

static enum err
put_integer(struct writer *w, int64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, number);
	put_text(w, text);
	return ERR_NONE;
}

static enum err
put_enum(struct writer *w, const ProtobufCFieldDescriptor *f, int number)
{
	char name[JSON_NAME_MAX];
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(f->descriptor, number);

	if (value == NULL)
		return ERR_MALFORMED;
	json_enum_name(f->descriptor, value, name);
	return put_string(w, name);
}

static void
put_bytes(struct writer *w, struct bytes b)
{
	char hex[3];

	put(w, "\"", 1);
	for (size_t i = 0; i < b.len; i++) {
		bytes_to_hex((struct bytes){b.data + i, 1}, hex);
		put(w, hex, 2);
	}
	put(w, "\"", 1);
}

static enum err
put_day(struct writer *w, int32_t day)
{
	char text[DAY_TEXT_LEN + 1];
	int32_t again;

	day_format(day, text);
	return day_parse(text, &again) ? put_string(w, text) : ERR_MALFORMED;
}

static enum err
put_time(struct writer *w, int64_t ms)
{
	char text[TIME_TEXT_LEN + 1];
	int64_t again;

	time_format(ms, text);
	return time_parse(text, &again) ? put_string(w, text) : ERR_MALFORMED;
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

static enum err put_object(struct writer *w, const ProtobufCMessage *m);

static enum err
put_value(struct writer *w, const ProtobufCFieldDescriptor *f, const void *element)
{
	ProtobufCBinaryData data;
	size_t size = field_element_size(f);

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING: return put_string(w, field_text(element));
	case PROTOBUF_C_TYPE_MESSAGE: return put_object(w, field_message(element));
	case PROTOBUF_C_TYPE_BYTES:
		memcpy(&data, element, sizeof data);
		put_bytes(w, (struct bytes){data.data, data.len});
		return ERR_NONE;
	case PROTOBUF_C_TYPE_ENUM:
		return put_enum(w, f, (int)number_at(element, size, true));
	case PROTOBUF_C_TYPE_BOOL:
		put_text(w, number_at(element, size, true) != 0 ? "true" : "false");
		return ERR_NONE;
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		if (field_kind(f) == FIELD_DAY)
			return put_day(w, (int32_t)number_at(element, size, true));
		return put_integer(w, number_at(element, size, true));
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		if (field_kind(f) == FIELD_TIME)
			return put_time(w, number_at(element, size, true));
		return put_integer(w, number_at(element, size, true));
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		if (number_at(element, size, false) < 0)
			return ERR_MALFORMED; /* more than a JSON integer holds here */
		return put_integer(w, number_at(element, size, false));
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return put_integer(w, number_at(element, size, false));
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: return ERR_INTERNAL; /* no contract has one */
	}
	return ERR_INTERNAL;
}

static enum err
put_field(
    struct writer *w, const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	size_t n = field_count(m, f);
	enum err e = ERR_NONE;

	if (f->label != PROTOBUF_C_LABEL_REPEATED)
		return put_value(w, f, field_at(m, f, 0));
	put_open(w, '[');
	for (size_t i = 0; i < n && e == ERR_NONE; i++) {
		put_next(w, i == 0);
		e = put_value(w, f, field_at(m, f, i));
	}
	put_close(w, ']', n == 0);
	return e;
}

static enum err
put_object(struct writer *w, const ProtobufCMessage *m)
{
	bool is_empty = true;
	enum err e = ERR_NONE;

	put_open(w, '{');
	for (unsigned i = 0; i < m->descriptor->n_fields && e == ERR_NONE; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];

		if (field_count(m, f) == 0)
			continue;
		put_next(w, is_empty);
		is_empty = false;
		put(w, "\"", 1);
		put_text(w, f->name); /* of a contract: nothing in it to escape */
		put_text(w, w->indent == 0 ? "\":" : "\": ");
		e = put_field(w, m, f);
	}
	put_close(w, '}', is_empty);
	return e;
}

/* NOLINTEND(misc-no-recursion) */

enum err
json_from_message(
    struct arena *a, const ProtobufCMessage *m, unsigned indent, const char **out)
{
	char first[FIRST_TRY_BYTES], *text;
	struct writer w = {.out = first, .size = sizeof first, .indent = indent};
	enum err e = put_object(&w, m);

	if (e != ERR_NONE)
		return e;
	text = arena_take_raw(a, w.len + 1);
	if (text == NULL)
		return ERR_MEMORY;
	if (w.len <= sizeof first) {
		memcpy(text, first, w.len);
	} else {
		w = (struct writer){.out = text, .size = w.len, .indent = indent};
		e = put_object(&w, m);
	}
	text[w.len] = '\0';
	if (e == ERR_NONE)
		*out = text;
	return e;
}
