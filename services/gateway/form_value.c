#include <ctype.h>
#include <string.h>

#include "base/check.h"
#include "base/day.h"
#include "base/field.h"
#include "base/geo.h"
#include "base/json_names.h"
#include "base/message.h"
#include "base/money.h"
#include "base/str.h"
#include "gateway/form_inside.h"

#define SENTENCE_DAY "Enter a day that exists, such as 25 11 2026"
#define SENTENCE_SECTOR                                                                \
	"Enter the first half of a postcode and the digit after it, such as M14 5"
#define SENTENCE_WHOLE_POSTCODE                                                        \
	"Leave out the last two letters of the postcode, such as M14 5"

/* ---- what is said of a value that cannot be read ---- */

/* Where a field has a better sentence than its kind. */
static const struct {
	const char *field, *sentence;
} better[] = {
    {"age_years", "Enter the child\u2019s age in years, such as 12"},
    {"fee_pence_week", "Enter the fee a week in pounds, such as 1,020"},
    {"miles_max", "Enter the most miles from home as a whole number, such as 20"},
    {"answer_minutes", "Enter how many minutes providers have, such as 120"},
    {"earlier_placements", "Enter how many earlier placements, such as 2"},
    {"family_time_a_week", "Enter how many times a week, such as 2"},
    {"languages", "Enter each language by its two letters, such as en"},
};

static const char *
number_sentence(const ProtobufCFieldDescriptor *f)
{
	switch (field_kind(f)) {
	case FIELD_DAY: return SENTENCE_DAY;
	case FIELD_TIME: return "Enter a time such as 2026-11-21T14:05:00Z";
	case FIELD_PENCE: return "Enter an amount in pounds, such as 1,020 or 1020.50";
	case FIELD_YEARS: return "Enter an age in whole years, such as 12";
	case FIELD_PLAIN:
	case FIELD_ID:
	case FIELD_ORGANISATION:
	case FIELD_COUNCIL:
	case FIELD_SECTOR: break;
	}
	return "Enter a whole number, such as 2";
}

static const char *
text_sentence(const ProtobufCFieldDescriptor *f, const char *value)
{
	switch (field_kind(f)) {
	case FIELD_SECTOR: return SENTENCE_SECTOR;
	case FIELD_ID:
	case FIELD_ORGANISATION:
	case FIELD_COUNCIL: return "Choose again: the choice was not one of this page";
	case FIELD_PLAIN:
	case FIELD_DAY:
	case FIELD_TIME:
	case FIELD_PENCE:
	case FIELD_YEARS: break;
	}
	return strlen(value) > CHECK_STRING_BYTES_MAX ? "Use fewer words"
	                                              : "Enter this in other words";
}

static const char *
sentence_of(const ProtobufCFieldDescriptor *f, const char *value)
{
	for (size_t i = 0; i < sizeof better / sizeof better[0]; i++)
		if (str_equal(better[i].field, f->name))
			return better[i].sentence;
	if (f->type == PROTOBUF_C_TYPE_ENUM)
		return "Choose one of the answers";
	if (f->type == PROTOBUF_C_TYPE_BOOL)
		return "Choose yes or no";
	if (f->type == PROTOBUF_C_TYPE_STRING)
		return text_sentence(f, value);
	return number_sentence(f);
}

static bool
refuse(struct form_reader *r, const char *name, const char *sentence)
{
	form_problem_add(r->problems, name, "%s", sentence);
	return false;
}

/* ---- values ---- */

static bool
put(const void *value, size_t size, void *element)
{
	memcpy(element, value, size);
	return true;
}

static bool
read_i32(const ProtobufCFieldDescriptor *f, const char *value, void *element)
{
	int64_t number;
	int32_t v;

	if (field_kind(f) == FIELD_DAY)
		return day_parse(value, &v) && put(&v, sizeof v, element);
	if (!str_to_i64(value, INT32_MIN, INT32_MAX, &number))
		return false;
	return put(&(int32_t){(int32_t)number}, sizeof(int32_t), element);
}

static bool
read_u32(const char *value, void *element)
{
	int64_t number;

	return str_to_i64(value, 0, UINT32_MAX, &number) &&
	       put(&(uint32_t){(uint32_t)number}, sizeof(uint32_t), element);
}

/* "£ 1,020" is meant well, too. */
static bool
read_pence(const char *value, int64_t *out)
{
	static const char pound[] = "£ ";

	if (str_starts(value, pound))
		value += strlen(pound);
	return money_parse(value, out);
}

static bool
read_i64(
    const ProtobufCFieldDescriptor *f, const char *value, int64_t min, void *element)
{
	int64_t v;
	enum field_kind kind = field_kind(f);
	bool is_read = kind == FIELD_PENCE  ? read_pence(value, &v)
	               : kind == FIELD_TIME ? time_parse(value, &v)
	                                    : str_to_i64(value, min, INT64_MAX, &v);

	return is_read && put(&v, sizeof v, element);
}

static bool
read_enum(const ProtobufCFieldDescriptor *f, const char *value, void *element)
{
	int number;

	return json_enum_value(f->descriptor, value, &number) && number != 0 &&
	       put(&number, sizeof number, element);
}

static bool
read_bool(const char *value, void *element)
{
	protobuf_c_boolean v = str_equal(value, "yes") || str_equal(value, "on");

	return (v || str_equal(value, "no")) && put(&v, sizeof v, element);
}

/* "M14" may be a district, or M1 4 without its space: it is not guessed which. */
static bool
is_district(const char *squeezed)
{
	size_t letters = strcspn(squeezed, "0123456789");
	size_t digits = strspn(squeezed + letters, "0123456789");

	return digits <= 2 && squeezed[letters + digits] == '\0';
}

/* In capitals, with one space before the last digit. Is it a whole postcode instead? */
static char *
neat_sector(struct arena *a, const char *value, bool *is_whole)
{
	bool has_space = strchr(value, ' ') != NULL;
	char *out = arena_take(a, strlen(value) + 2), *to = out;

	for (; out != NULL && *value != '\0'; value++)
		if (*value != ' ')
			*to++ = (char)toupper((unsigned char)*value);
	*is_whole = to - out > 3 && isalpha((unsigned char)to[-1]) &&
	            isalpha((unsigned char)to[-2]) && isdigit((unsigned char)to[-3]);
	if (to - out > 1 && (has_space || !is_district(out))) {
		to[0] = to[-1];
		to[-1] = ' ';
	}
	return out;
}

static bool
read_text(struct form_reader *r, const ProtobufCFieldDescriptor *f, const char *name,
    const char *value, void *element)
{
	bool is_whole = false;
	char *text = field_kind(f) == FIELD_SECTOR
	                 ? neat_sector(r->arena, value, &is_whole)
	                 : str_copy(r->arena, value);

	if (is_whole)
		return refuse(r, name, SENTENCE_WHOLE_POSTCODE);
	return text != NULL && put(&text, sizeof text, element);
}

static bool
read_bytes(struct arena *a, const char *value, void *element)
{
	size_t len = strlen(value) / 2;
	uint8_t *data = arena_take(a, len);

	return data != NULL && bytes_from_hex(value, data, len) &&
	       put(&(ProtobufCBinaryData){len, data}, sizeof(ProtobufCBinaryData),
		   element);
}

static bool
read_value(struct form_reader *r, const ProtobufCFieldDescriptor *f, const char *name,
    const char *value, void *element)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING: return read_text(r, f, name, value, element);
	case PROTOBUF_C_TYPE_BYTES: return read_bytes(r->arena, value, element);
	case PROTOBUF_C_TYPE_ENUM: return read_enum(f, value, element);
	case PROTOBUF_C_TYPE_BOOL: return read_bool(value, element);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32: return read_i32(f, value, element);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32: return read_u32(value, element);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64: return read_i64(f, value, INT64_MIN, element);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64: return read_i64(f, value, 0, element);
	case PROTOBUF_C_TYPE_MESSAGE: /* has fields of its own */
	case PROTOBUF_C_TYPE_FLOAT:   /* no contract has one */
	case PROTOBUF_C_TYPE_DOUBLE: return false;
	}
	return false;
}

bool
form_value_read(struct form_reader *r, const ProtobufCFieldDescriptor *f,
    const char *name, const char *value, void *element)
{
	if (read_value(r, f, name, value, element) && check_value(f, element) == NULL)
		return true;
	return refuse(r, name, sentence_of(f, value));
}

/* A number of the calendar, or a month by its name or its first three letters. */
static bool
read_part(const char *text, bool is_month, int *out)
{
	int64_t number;

	if (str_to_i64(text, 1, 9999, &number)) {
		*out = (int)number;
		return true;
	}
	for (int month = 1; is_month && month <= 12; month++) {
		const char *name = day_month(month);
		if (strcasecmp(text, name) == 0 ||
		    (strlen(text) == 3 && strncasecmp(text, name, 3) == 0)) {
			*out = month;
			return true;
		}
	}
	return false;
}

bool
form_value_read_day(
    struct form_reader *r, const char *name, const char *const parts[3], void *element)
{
	static const char *const names[3] = {"day", "month", "year"};
	int number[3];

	for (int i = 0; i < 3; i++) {
		if (*parts[i] == '\0') {
			form_problem_add(r->problems, name,
			    "The day must include a %s, such as 25 11 2026", names[i]);
			return false;
		}
		if (!read_part(parts[i], i == 1, &number[i]))
			return refuse(r, name, SENTENCE_DAY);
	}
	int32_t day = day_make(number[2], number[1], number[0]);
	if (day < DAY_MIN)
		return refuse(r, name, SENTENCE_DAY);
	return put(&day, sizeof day, element);
}

/* ---- and back ---- */

static const char *
whole_number(struct arena *a, const void *element, size_t size, bool is_signed)
{
	uint32_t v32;
	int64_t v64;

	if (size == sizeof v32) {
		memcpy(&v32, element, sizeof v32);
		v64 = is_signed ? (int64_t)(int32_t)v32 : (int64_t)v32;
	} else {
		memcpy(&v64, element, sizeof v64);
	}
	return str_format(a, "%lld", (long long)v64);
}

/* As it is typed: without the pound sign, and without pence where there are none. */
static const char *
pounds_of(struct arena *a, int64_t pence)
{
	char text[MONEY_TEXT_LEN + 1];

	if (pence < 0)
		return NULL;
	money_format(pence, text);
	if (str_ends(text, ".00"))
		text[strlen(text) - 3] = '\0';
	return str_copy(a, text + strlen("£"));
}

static const char *
number_of(struct arena *a, const ProtobufCFieldDescriptor *f, const void *element)
{
	char text[TIME_TEXT_LEN + 1];
	bool is_signed =
	    f->type != PROTOBUF_C_TYPE_UINT32 && f->type != PROTOBUF_C_TYPE_FIXED32;
	int64_t v64;
	int32_t day;

	switch (field_kind(f)) {
	case FIELD_DAY:
		memcpy(&day, element, sizeof day);
		day_format(day, text);
		return str_copy(a, text);
	case FIELD_TIME:
		memcpy(&v64, element, sizeof v64);
		time_format(v64, text);
		return str_copy(a, text);
	case FIELD_PENCE: memcpy(&v64, element, sizeof v64); return pounds_of(a, v64);
	case FIELD_PLAIN:
	case FIELD_ID:
	case FIELD_ORGANISATION:
	case FIELD_COUNCIL:
	case FIELD_SECTOR:
	case FIELD_YEARS: break;
	}
	return whole_number(a, element, field_element_size(f), is_signed);
}

static const char *
enum_of(struct arena *a, const ProtobufCFieldDescriptor *f, const void *element)
{
	char name[JSON_NAME_MAX];
	int number;

	memcpy(&number, element, sizeof number);
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(f->descriptor, number);
	if (value == NULL || number == 0)
		return NULL;
	json_enum_name(f->descriptor, value, name);
	return str_copy(a, name);
}

static const char *
hex_of(struct arena *a, const void *element)
{
	ProtobufCBinaryData data;

	memcpy(&data, element, sizeof data);
	char *hex = arena_take(a, 2 * data.len + 1);
	if (hex != NULL)
		bytes_to_hex(BYTES_OF(data), hex);
	return hex;
}

const char *
form_value_of(struct arena *a, const ProtobufCFieldDescriptor *f, const void *element)
{
	protobuf_c_boolean is_so;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING: return field_text(element);
	case PROTOBUF_C_TYPE_ENUM: return enum_of(a, f, element);
	case PROTOBUF_C_TYPE_BOOL:
		memcpy(&is_so, element, sizeof is_so);
		return is_so ? "yes" : "no";
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64: return number_of(a, f, element);
	case PROTOBUF_C_TYPE_BYTES: return hex_of(a, element);
	case PROTOBUF_C_TYPE_MESSAGE:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: return NULL;
	}
	return NULL;
}
