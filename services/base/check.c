#include "base/check.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "base/field.h"
#include "base/geo.h"
#include "base/id.h"
#include "base/str.h"

#define DAY_MS INT64_C(86400000)
#define COUNCIL_LEN 9

#define TEXT_OF(macro) TEXT_OF_(macro)
#define TEXT_OF_(value) #value

/* Is the name this word, or does it end with it as a word of its own? */
static inline bool
ends_as(struct bytes name, const char *word, size_t tail)
{
	return name.len >= tail &&
	       memcmp(name.data + name.len - tail, word, tail) == 0 &&
	       (name.len == tail || name.data[name.len - tail - 1] == '_');
}
#define ENDS_AS(name, word) ends_as(name, word, sizeof(word) - 1)

static enum field_kind
text_kind(struct bytes name)
{
	if (ENDS_AS(name, "organisation_id"))
		return FIELD_ORGANISATION;
	if (ENDS_AS(name, "council_id") || ENDS_AS(name, "council_ids"))
		return FIELD_COUNCIL;
	if (ENDS_AS(name, "sector") || ENDS_AS(name, "sectors"))
		return FIELD_SECTOR;
	if (name.len > strlen("_id") && (ENDS_AS(name, "id") || ENDS_AS(name, "ids")))
		return FIELD_ID;
	return FIELD_PLAIN;
}

enum field_kind
field_kind(const ProtobufCFieldDescriptor *field)
{
	struct bytes name = bytes_of_text(field->name);

	if (field->type == PROTOBUF_C_TYPE_STRING)
		return text_kind(name);
	if (field->type == PROTOBUF_C_TYPE_INT32 && ENDS_AS(name, "day"))
		return FIELD_DAY;
	if (field->type == PROTOBUF_C_TYPE_UINT32 && ENDS_AS(name, "years"))
		return FIELD_YEARS;
	if (field->type != PROTOBUF_C_TYPE_INT64)
		return FIELD_PLAIN;
	if (ENDS_AS(name, "time"))
		return FIELD_TIME;
	if (ENDS_AS(name, "pence") || ENDS_AS(name, "pence_week"))
		return FIELD_PENCE;
	return FIELD_PLAIN;
}

size_t
check_string_max(const ProtobufCFieldDescriptor *field)
{
	return str_equal(field->name, "words") ? CHECK_WORDS_BYTES_MAX
	                                       : CHECK_STRING_BYTES_MAX;
}

/* A nation's letter and eight digits: E06000001. */
static bool
is_council_code(const char *text)
{
	if (strlen(text) != COUNCIL_LEN || strchr("ENSW", text[0]) == NULL)
		return false;
	for (int i = 1; i < COUNCIL_LEN; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

/* The checks below give what is wrong with a value, or NULL. */

static const char *
sector_problem(const char *text)
{
	if (!geo_sector_is_well_formed(text))
		return "is not a postcode sector such as \"M14 5\"";
	return geo_sector(text) == NULL ? "is not a postcode sector we know" : NULL;
}

static const char *
text_problem(const ProtobufCFieldDescriptor *f, const char *text)
{
	size_t len = strlen(text);

	if (len > check_string_max(f))
		return check_string_max(f) == CHECK_WORDS_BYTES_MAX
		           ? "is longer than " TEXT_OF(CHECK_WORDS_BYTES_MAX) " bytes"
		           : "is longer than " TEXT_OF(CHECK_STRING_BYTES_MAX) " bytes";
	if (!str_is_utf8(text, len))
		return "is not valid UTF-8";
	enum field_kind kind = field_kind(f);
	if (kind == FIELD_SECTOR)
		return sector_problem(text);
	if (kind == FIELD_COUNCIL && !is_council_code(text))
		return "is not a council's code such as \"E08000003\"";
	if (kind == FIELD_ID && !id_is_well_formed(text))
		return "is not an id: 26 lower-case letters and digits";
	if (kind == FIELD_ORGANISATION && !id_is_well_formed(text) &&
	    !is_council_code(text) && !str_equal(text, "co-operative"))
		return "is neither an id, nor a council's code, nor \"co-operative\"";
	return NULL;
}

static const char *
i32_problem(const ProtobufCFieldDescriptor *f, int32_t v)
{
	if (field_kind(f) == FIELD_DAY && (v < DAY_MIN || v > DAY_MAX))
		return "is not a day from 1900 to 2199";
	return NULL;
}

static const char *
i64_problem(const ProtobufCFieldDescriptor *f, int64_t v)
{
	enum field_kind kind = field_kind(f);

	if (kind == FIELD_TIME && (v < DAY_MIN * DAY_MS || v >= (DAY_MAX + 1) * DAY_MS))
		return "is not a time from 1900 to 2199";
	if (kind == FIELD_PENCE && (v < 0 || v >= CHECK_PENCE_END))
		return "is negative, or not below ten million pounds";
	return NULL;
}

const char *
check_value(const ProtobufCFieldDescriptor *f, const void *element)
{
	ProtobufCBinaryData data;
	int64_t i64;
	int32_t i32;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING: return text_problem(f, field_text(element));
	case PROTOBUF_C_TYPE_BYTES:
		memcpy(&data, element, sizeof data);
		return data.len > CHECK_BYTES_MAX
		           ? "is longer than " TEXT_OF(CHECK_BYTES_MAX) " bytes"
		           : NULL;
	case PROTOBUF_C_TYPE_ENUM:
		memcpy(&i32, element, sizeof i32);
		return protobuf_c_enum_descriptor_get_value(f->descriptor, i32) == NULL
		           ? "is a value we do not know"
		           : NULL;
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		memcpy(&i32, element, sizeof i32);
		return i32_problem(f, i32);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		memcpy(&i64, element, sizeof i64);
		return i64_problem(f, i64);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		/* Beyond it no JSON integer of ours goes. */
		memcpy(&i64, element, sizeof i64);
		return i64 < 0 ? "is too large a number" : NULL;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		memcpy(&i32, element, sizeof i32);
		return field_kind(f) == FIELD_YEARS && (uint32_t)i32 > CHECK_YEARS_MAX
		           ? "is over " TEXT_OF(CHECK_YEARS_MAX)
		           : NULL;
	case PROTOBUF_C_TYPE_BOOL:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_MESSAGE: return NULL;
	}
	return NULL;
}

static bool
refuse(struct check_problem *why, const char *field, const char *reason)
{
	snprintf(why->field, sizeof why->field, "%s", field);
	snprintf(why->reason, sizeof why->reason, "%s", reason);
	return false;
}

/* NOLINTBEGIN(misc-no-recursion): the contracts' messages never contain themselves
 * (tools/lint), so their descriptors bound it. */

static bool fields_are_good(
    const ProtobufCMessage *m, struct field_path *path, struct check_problem *why);

static bool
element_is_good(const ProtobufCFieldDescriptor *f, const void *element,
    struct field_path *path, struct check_problem *why)
{
	if (f->type == PROTOBUF_C_TYPE_MESSAGE)
		return fields_are_good(field_message(element), path, why);
	const char *problem = check_value(f, element);
	return problem == NULL || refuse(why, path->text, problem);
}

static bool
fields_are_good(
    const ProtobufCMessage *m, struct field_path *path, struct check_problem *why)
{
	if (m->n_unknown_fields > 0) {
		char reason[64];
		snprintf(reason, sizeof reason,
		    "holds a field we do not know, number %u",
		    (unsigned)m->unknown_fields[0].tag);
		return refuse(why,
		    path->len > 0 ? path->text : m->descriptor->short_name, reason);
	}
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		size_t n = field_count(m, f);
		if (f->label == PROTOBUF_C_LABEL_REPEATED && n > CHECK_LIST_MAX) {
			size_t mark = field_path_enter(path, f, CHECK_LIST_MAX);
			refuse(why, path->text,
			    "is one more than the " TEXT_OF(
				CHECK_LIST_MAX) " a list may have");
			field_path_leave(path, mark);
			return false;
		}
		for (size_t j = 0; j < n; j++) {
			size_t mark = field_path_enter(path, f, j);
			if (!element_is_good(f, field_at(m, f, j), path, why))
				return false;
			field_path_leave(path, mark);
		}
	}
	return true;
}

/* ---- the bytes themselves ---- */

/* One field as it lies in the bytes; `body` only where it carries a length. */
struct wire_field {
	uint32_t number;
	bool has_body;
	struct bytes body;
};

static bool
take_bytes(struct bytes *rest, uint64_t n)
{
	if (n > rest->len)
		return false;
	rest->data += n;
	rest->len -= n;
	return true;
}

static bool
take_varint(struct bytes *rest, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift < 70 && rest->len > 0; shift += 7) {
		uint8_t byte = rest->data[0];
		take_bytes(rest, 1);
		if (shift < 64)
			*out |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}

static bool
take_field(struct bytes *rest, struct wire_field *out)
{
	uint64_t tag, v;

	if (!take_varint(rest, &tag))
		return false;
	out->number = (uint32_t)(tag >> 3);
	out->has_body = (tag & 7) == 2;
	switch (tag & 7) {
	case 0: return take_varint(rest, &v);
	case 1: return take_bytes(rest, 8);
	case 2:
		if (!take_varint(rest, &v))
			return false;
		out->body = (struct bytes){rest->data, v};
		return take_bytes(rest, v);
	case 5: return take_bytes(rest, 4);
	}
	return false; /* groups, and what was never defined */
}

/* How many fields of this number stand before the byte `end`. */
static size_t
fields_before(struct bytes packed, uint32_t number, const uint8_t *end)
{
	struct wire_field field;
	size_t n = 0;

	while (packed.data < end && take_field(&packed, &field))
		n += field.number == number;
	return n;
}

static void
put_in_front(struct field_path *path, const ProtobufCFieldDescriptor *f, size_t i)
{
	struct field_path tail = *path;

	field_path_leave(path, 0);
	field_path_enter(path, f, i);
	size_t room = sizeof path->text - path->len;
	if (tail.len > 0 && tail.len + 1 < room) {
		path->text[path->len] = '.';
		memcpy(path->text + path->len + 1, tail.text, tail.len + 1);
		path->len += 1 + tail.len;
	}
}

/*
 * Does any string in these bytes hold a NUL? `path`, empty at first, then names
 * it. What unpacked is well-formed, so bytes that are not end the search.
 */
static bool
holds_nul(const ProtobufCMessageDescriptor *type, struct bytes packed,
    struct field_path *path)
{
	struct bytes rest = packed;
	struct wire_field field;

	while (rest.len > 0) {
		const uint8_t *here = rest.data;
		if (!take_field(&rest, &field))
			return false;
		const ProtobufCFieldDescriptor *f =
		    protobuf_c_message_descriptor_get_field(type, field.number);
		if (f == NULL || !field.has_body || field.body.len == 0)
			continue;
		bool found = false;
		if (f->type == PROTOBUF_C_TYPE_STRING)
			found = memchr(field.body.data, 0, field.body.len) != NULL;
		else if (f->type == PROTOBUF_C_TYPE_MESSAGE)
			found = holds_nul(f->descriptor, field.body, path);
		if (found) {
			put_in_front(
			    path, f, fields_before(packed, field.number, here));
			return true;
		}
	}
	return false;
}

/* NOLINTEND(misc-no-recursion) */

bool
check_message(const ProtobufCMessage *m, struct bytes packed, struct check_problem *why)
{
	struct field_path path = {.len = 0};

	*why = (struct check_problem){.field = ""};
	if (!fields_are_good(m, &path, why))
		return false;
	if (holds_nul(m->descriptor, packed, &path))
		return refuse(why, path.text, "holds a NUL");
	return true;
}
