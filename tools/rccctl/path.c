#include "path.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/day.h"
#include "base/field.h"
#include "base/json.h"
#include "base/message.h"
#include "base/money.h"
#include "base/str.h"

#include "words.h"

#define NAME_LEN_MAX 64
#define TEXT_BYTES_MAX 4096

/* ---- in ---- */

static bool
set_number(const ProtobufCFieldDescriptor *f, const char *text, void *at,
    struct check_problem *why)
{
	bool is_wide = field_element_size(f) == sizeof(int64_t);
	bool is_signed =
	    f->type == PROTOBUF_C_TYPE_INT32 || f->type == PROTOBUF_C_TYPE_INT64;
	int64_t max = is_wide ? INT64_MAX : is_signed ? INT32_MAX : UINT32_MAX;
	int64_t min = !is_signed ? 0 : is_wide ? INT64_MIN : INT32_MIN;
	int64_t n;

	if (!str_to_i64(text, min, max, &n)) {
		(void)snprintf(why->reason, sizeof(why->reason),
		    "'%.40s' is not a %snumber", text, is_signed ? "" : "whole ");
		return false;
	}
	if (is_wide) {
		memcpy(at, &n, sizeof n);
	} else {
		uint32_t bits = (uint32_t)n;
		memcpy(at, &bits, sizeof bits);
	}
	return true;
}

static bool
set_enum(struct arena *a, const ProtobufCFieldDescriptor *f, const char *text, void *at,
    struct check_problem *why)
{
	int value;

	if (!words_enum_parse(f->descriptor, text, &value)) {
		(void)snprintf(why->reason, sizeof(why->reason),
		    "'%.30s' is not one of: %s", text,
		    words_cut(a, words_enum_list(a, f->descriptor), 90));
		return false;
	}
	memcpy(at, &value, sizeof value);
	return true;
}

static bool
set_bool(const char *text, void *at, struct check_problem *why)
{
	protobuf_c_boolean value = str_equal(text, "true") || str_equal(text, "yes");

	if (!value && !str_equal(text, "false") && !str_equal(text, "no")) {
		(void)snprintf(why->reason, sizeof(why->reason), "is yes or no");
		return false;
	}
	memcpy(at, &value, sizeof value);
	return true;
}

static bool
set_bytes(struct arena *a, const char *text, void *at, struct check_problem *why)
{
	size_t len = strlen(text) / 2;
	ProtobufCBinaryData data = {len, arena_take(a, len + 1)};

	if (!data.data)
		return false;
	if (!bytes_from_hex(text, data.data, len)) {
		(void)snprintf(
		    why->reason, sizeof(why->reason), "is hexadecimal digits");
		return false;
	}
	memcpy(at, &data, sizeof data);
	return true;
}

/* Days and money are written as people write them. */
static bool
set_by_kind(const ProtobufCFieldDescriptor *f, const char *text, int32_t today,
    void *at, struct check_problem *why)
{
	int64_t wide;
	int32_t day;

	if (field_kind(f) == FIELD_DAY) {
		if (words_day_parse(text, today, &day)) {
			memcpy(at, &day, sizeof day);
			return true;
		}
		(void)snprintf(why->reason, sizeof(why->reason),
		    "'%.30s' is not a day; say 2026-11-21, \"21 Nov 2026\", today "
		    "or tomorrow",
		    text);
		return false;
	}
	if (field_kind(f) == FIELD_PENCE || field_kind(f) == FIELD_TIME) {
		bool is_pence = field_kind(f) == FIELD_PENCE;
		if (is_pence ? money_parse(text, &wide) : time_parse(text, &wide)) {
			memcpy(at, &wide, sizeof wide);
			return true;
		}
		(void)snprintf(why->reason, sizeof(why->reason), "'%.30s' is not %s",
		    text,
		    is_pence ? "an amount in pounds, like 950 or 1,234.50"
			     : "a time like 2026-11-21T14:05:00Z");
		return false;
	}
	return set_number(f, text, at, why);
}

static bool
set_element(struct arena *a, const ProtobufCFieldDescriptor *f, const char *text,
    int32_t today, void *at, struct check_problem *why)
{
	char *copy;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		copy = str_copy(a, text);
		memcpy(at, &copy, sizeof copy);
		return copy != NULL;
	case PROTOBUF_C_TYPE_ENUM: return set_enum(a, f, text, at, why);
	case PROTOBUF_C_TYPE_BOOL: return set_bool(text, at, why);
	case PROTOBUF_C_TYPE_BYTES: return set_bytes(a, text, at, why);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64: return set_by_kind(f, text, today, at, why);
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_MESSAGE: break;
	}
	assert(0 && "an option fills a field of a type that no contract uses");
	return false;
}

/* The sub-message of this name, made where it is not there yet. */
static ProtobufCMessage *
enter(struct arena *a, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	ProtobufCMessage *inner;
	void *at;

	assert(f->type == PROTOBUF_C_TYPE_MESSAGE &&
	       f->label == PROTOBUF_C_LABEL_OPTIONAL);
	if (field_count(m, f) > 0) {
		memcpy(&inner, field_at(m, f, 0), sizeof(ProtobufCMessage *));
		return inner;
	}
	inner = message_new(a, f->descriptor);
	at = inner ? field_make(a, m, f, 1) : NULL;
	if (!at)
		return NULL;
	memcpy(at, &inner, sizeof(ProtobufCMessage *));
	return inner;
}

/* Room for one more element, those before it kept. */
static void *
extend(struct arena *a, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	size_t size = field_element_size(f);
	size_t n = field_count(m, f);
	const void *before = n > 0 ? field_at(m, f, 0) : NULL;
	unsigned char *list;

	if (f->label != PROTOBUF_C_LABEL_REPEATED)
		return field_make(a, m, f, 1);
	list = field_make(a, m, f, n + 1);
	if (!list)
		return NULL;
	if (before)
		memcpy(list, before, n * size);
	return list + n * size;
}

bool
path_set(struct arena *a, ProtobufCMessage *m, const char *path, const char *text,
    int32_t today, struct check_problem *why)
{
	const char *dot;

	*why = (struct check_problem){0};
	(void)snprintf(why->field, sizeof(why->field), "%s", path);
	while ((dot = strchr(path, '.')) != NULL) {
		char name[NAME_LEN_MAX + 1];
		const ProtobufCFieldDescriptor *f;
		assert((size_t)(dot - path) <= NAME_LEN_MAX);
		(void)snprintf(name, sizeof(name), "%.*s", (int)(dot - path), path);
		f = protobuf_c_message_descriptor_get_field_by_name(
		    m->descriptor, name);
		assert(f != NULL);
		m = enter(a, m, f);
		if (!m)
			return false;
		path = dot + 1;
	}

	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(m->descriptor, path);
	void *at;
	assert(f != NULL);
	at = extend(a, m, f);
	return at && set_element(a, f, text, today, at, why);
}

/* ---- out ---- */

static const char *
bytes_text(struct arena *a, const void *element)
{
	ProtobufCBinaryData data;
	char *hex;

	memcpy(&data, element, sizeof data);
	hex = arena_take(a, data.len * 2 + 1);
	if (hex)
		bytes_to_hex(BYTES_OF(data), hex);
	return hex;
}

static const char *
number_text(struct arena *a, const ProtobufCFieldDescriptor *f, const void *element)
{
	char day[DAY_TEXT_LEN + 1], time[TIME_TEXT_LEN + 1];
	int32_t narrow = 0;
	int64_t wide = 0;

	if (field_element_size(f) == sizeof wide) {
		memcpy(&wide, element, sizeof wide);
		if (field_kind(f) == FIELD_TIME) {
			time_format(wide, time);
			return str_copy(a, time);
		}
		return f->type == PROTOBUF_C_TYPE_UINT64
		           ? str_format(a, "%" PRIu64, (uint64_t)wide)
		           : str_format(a, "%" PRId64, wide);
	}
	memcpy(&narrow, element, sizeof narrow);
	if (field_kind(f) == FIELD_DAY) {
		day_format(narrow, day);
		return str_copy(a, day);
	}
	return f->type == PROTOBUF_C_TYPE_UINT32
	           ? str_format(a, "%" PRIu32, (uint32_t)narrow)
	           : str_format(a, "%" PRId32, narrow);
}

static const char *
scalar_text(struct arena *a, const ProtobufCFieldDescriptor *f, const void *element)
{
	protobuf_c_boolean yes;
	const char *text = NULL;
	int value;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING: return words_safe(a, field_text(element));
	case PROTOBUF_C_TYPE_BYTES: return bytes_text(a, element);
	case PROTOBUF_C_TYPE_ENUM:
		memcpy(&value, element, sizeof value);
		return words_enum_json(a, f->descriptor, value);
	case PROTOBUF_C_TYPE_BOOL:
		memcpy(&yes, element, sizeof yes);
		return yes ? "true" : "false";
	case PROTOBUF_C_TYPE_MESSAGE:
		return json_from_message(a, field_message(element), 0, &text) ==
		               ERR_NONE
		           ? text
		           : NULL;
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64: return number_text(a, f, element);
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: break;
	}
	return "?"; /* no contract has fields of these types */
}

static bool
add_text(struct arena *a, struct path_texts *out, const char *text)
{
	if (!text)
		return false;
	if (out->n == out->room) {
		size_t room = out->room > 0 ? out->room * 2 : 64;
		const char **list = arena_take(a, room * sizeof(*list));
		if (!list)
			return false;
		if (out->n > 0)
			memcpy(list, out->list, out->n * sizeof(*list));
		out->list = list;
		out->room = room;
	}
	out->list[out->n++] = text;
	return true;
}

/* One step of a path: "candidates[3]." */
struct step {
	char name[NAME_LEN_MAX + 1];
	bool is_all; /* "[]", or no index at all */
	int64_t index;
	const char *rest; /* NULL at the end */
};

static bool
read_step(const char *path, struct step *out)
{
	size_t len = strcspn(path, ".[");
	const char *end = path + len;
	char digits[12];

	*out = (struct step){.is_all = true};
	if (len == 0 || len > NAME_LEN_MAX)
		return false;
	memcpy(out->name, path, len);
	if (*end == '[') {
		size_t n = strcspn(end + 1, "]");
		if (end[1 + n] != ']' || n >= sizeof(digits))
			return false;
		memcpy(digits, end + 1, n);
		digits[n] = '\0';
		out->is_all = n == 0;
		if (n > 0 && !str_to_i64(digits, 0, INT32_MAX, &out->index))
			return false;
		end += n + 2;
	}
	if (*end != '\0' && *end != '.')
		return false;
	out->rest = *end == '.' ? end + 1 : NULL;
	return true;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the path has steps, no deeper than the
 * contract, whose messages never contain themselves (tools/lint sees to that). */
bool
path_texts(struct arena *a, const ProtobufCMessage *m, const char *path,
    struct path_texts *out)
{
	const ProtobufCFieldDescriptor *f;
	struct step step;

	if (!read_step(path, &step))
		return false;
	f = protobuf_c_message_descriptor_get_field_by_name(m->descriptor, step.name);
	if (!f || (step.rest && f->type != PROTOBUF_C_TYPE_MESSAGE))
		return false;
	for (size_t i = 0; i < field_count(m, f); i++) {
		const void *element = field_at(m, f, i);
		bool ok;
		if (!step.is_all && (int64_t)i != step.index)
			continue;
		ok = step.rest ? path_texts(a, field_message(element), step.rest, out)
		               : add_text(a, out, scalar_text(a, f, element));
		if (!ok)
			return false;
	}
	return true;
}
/* NOLINTEND(misc-no-recursion) */
