#include "words.h"

#include <ctype.h>
#include <string.h>

#include "base/day.h"
#include "base/json_names.h"
#include "base/money.h"
#include "base/str.h"

#define MONTH_LEN 3 /* "Nov" */

static const char *
or_unknown(const char *text)
{
	return text ? text : "?";
}

/* The value's name without what only repeats its enum's, as json names it. */
static const char *
short_name(const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value)
{
	char json[JSON_NAME_MAX];

	json_enum_name(type, value, json);
	return value->name + (strlen(value->name) - strlen(json));
}

const char *
words_enum_json(struct arena *a, const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
	char *text = v ? str_copy(a, short_name(type, v)) : NULL;

	for (char *c = text; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return or_unknown(text);
}

const char *
words_enum(struct arena *a, const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
	char *text;

	if (value == 0)
		return "not said";
	text = v ? str_copy(a, short_name(type, v)) : NULL;
	/* A letter and a digit are a code of a published list: it stays in capitals. */
	if (text && strlen(text) == 2 && isdigit((unsigned char)text[1]))
		return text;
	for (char *c = text; c && *c; c++)
		*c = *c == '_' ? ' ' : (char)tolower((unsigned char)*c);
	return or_unknown(text);
}

static char
folded(char c)
{
	if (c == ' ' || c == '-')
		return '_';
	return (char)toupper((unsigned char)c);
}

bool
words_enum_parse(const ProtobufCEnumDescriptor *type, const char *text, int *out)
{
	for (unsigned i = 0; i < type->n_values; i++) {
		const char *name = short_name(type, &type->values[i]);
		size_t at = 0;
		while (text[at] && folded(text[at]) == name[at])
			at++;
		if (type->values[i].value != 0 && !text[at] && !name[at]) {
			*out = type->values[i].value;
			return true;
		}
	}
	return false;
}

static const char *
enum_list(struct arena *a, const ProtobufCEnumDescriptor *type,
    const char *(*word)(struct arena *, const ProtobufCEnumDescriptor *, int))
{
	const char *list = "";

	for (unsigned i = 0; i < type->n_values; i++) {
		int value = type->values[i].value;
		if (value == 0)
			continue;
		list = or_unknown(str_format(
		    a, "%s%s%s", list, *list ? ", " : "", word(a, type, value)));
	}
	return list;
}

const char *
words_enum_list(struct arena *a, const ProtobufCEnumDescriptor *type)
{
	return enum_list(a, type, words_enum);
}

const char *
words_enum_list_json(struct arena *a, const ProtobufCEnumDescriptor *type)
{
	return enum_list(a, type, words_enum_json);
}

const char *
words_day(struct arena *a, int32_t day)
{
	struct day_parts part;

	if (!day_split(day, &part))
		return "?";
	return or_unknown(str_format(
	    a, "%d %.*s %d", part.day, MONTH_LEN, day_month(part.month), part.year));
}

/* "21 Nov 2026" */
static bool
spoken_day(const char *text, int32_t *out)
{
	size_t digits = strspn(text, "0123456789");
	char part[5] = "";
	int64_t date = 0, year = 0;

	if (digits < 1 || digits > 2 || strlen(text) != digits + 9 ||
	    text[digits] != ' ' || text[digits + 4] != ' ')
		return false;
	(void)memcpy(part, text, digits);
	if (!str_to_i64(part, 1, 31, &date) ||
	    !str_to_i64(text + digits + 5, 1900, 2199, &year))
		return false;
	for (int month = 1; month <= 12; month++) {
		if (strncasecmp(text + digits + 1, day_month(month), MONTH_LEN) == 0) {
			*out = day_make((int)year, month, (int)date);
			return *out >= DAY_MIN;
		}
	}
	return false;
}

bool
words_day_parse(const char *text, int32_t today, int32_t *out)
{
	if (str_equal(text, "today")) {
		*out = today;
		return true;
	}
	if (str_equal(text, "tomorrow")) {
		*out = today + 1;
		return true;
	}
	return day_parse(text, out) || spoken_day(text, out);
}

const char *
words_time(struct arena *a, int64_t ms, int64_t now_ms)
{
	int32_t day = day_in_london(ms);
	char clock[6];

	day_clock_in_london(ms, clock);
	return or_unknown(str_format(a, "%s %s",
	    day == day_in_london(now_ms) ? "today" : words_day(a, day), clock));
}

const char *
words_clock(struct arena *a, int64_t ms)
{
	char clock[6];

	day_clock_in_london(
	    ms, clock); /* London is whole hours off UTC: seconds agree */
	return or_unknown(str_format(a, "%s:%02d", clock, (int)(ms / 1000 % 60)));
}

const char *
words_money(struct arena *a, int64_t pence)
{
	char text[MONEY_TEXT_LEN + 1];

	money_format(pence, text);
	return or_unknown(str_copy(a, text));
}

const char *
words_number(struct arena *a, uint64_t n)
{
	return or_unknown(str_of_number(a, n));
}

const char *
words_tenths(struct arena *a, uint32_t tenths)
{
	return or_unknown(str_format(a, "%u.%u", tenths / 10, tenths % 10));
}

const char *
words_safe(struct arena *a, const char *text)
{
	char *copy = text ? str_copy(a, text) : NULL;

	for (char *c = copy; c && *c; c++) {
		unsigned char u = (unsigned char)*c;
		/* C1 controls are 0xc2 0x80 to 0xc2 0x9f in UTF-8. */
		bool is_c1 = u == 0xc2 && (unsigned char)c[1] >= 0x80 &&
		             (unsigned char)c[1] < 0xa0;
		if (u < 0x20 || u == 0x7f)
			*c = ' ';
		if (is_c1)
			c[0] = c[1] = ' ';
	}
	return or_unknown(copy);
}

const char *
words_json(struct arena *a, const char *text)
{
	const char *safe = words_safe(a, text);
	char *out = arena_take(a, strlen(safe) * 2 + 1);
	char *to = out;

	if (!out)
		return "?";
	for (; *safe; safe++) {
		if (*safe == '"' || *safe == '\\')
			*to++ = '\\';
		*to++ = *safe;
	}
	return out;
}

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
words_width(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += !is_continuation(*text);
	return n;
}

const char *
words_cut(struct arena *a, const char *text, size_t width)
{
	size_t n = 0;
	const char *end = text;

	if (words_width(text) <= width)
		return text;
	for (; *end; end++) {
		n += !is_continuation(*end);
		if (n == width)
			break;
	}
	return or_unknown(str_format(a, "%.*s…", (int)(end - text), text));
}

void
words_wrap(FILE *out, const char *text, size_t column, size_t indent)
{
	bool is_first = true;

	while (*text) {
		size_t len = strcspn(text, " ");
		size_t width = 0;
		for (size_t i = 0; i < len; i++)
			width += !is_continuation(text[i]);
		if (!is_first && column + 1 + width > WORDS_WIDTH) {
			(void)fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!is_first) {
			(void)fputc(' ', out);
			column++;
		}
		(void)fwrite(text, 1, len, out);
		column += width;
		is_first = false;
		text += len;
		text += strspn(text, " ");
	}
	(void)fputc('\n', out);
}
