#include "say.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/json_names.h"
#include "base/money.h"
#include "base/str.h"
#include "gateway/say_words.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define REFERENCE_LEN 4
#define NEAR_DAYS 300

static const char *
or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

/* ---- codes ---- */

const char *
say_first_up(struct arena *a, const char *text)
{
	char *copy = str_copy(a, text);

	if (copy != NULL)
		copy[0] = (char)toupper((unsigned char)copy[0]);
	return or_nothing(copy);
}

/* Its words in small letters; where a table has them, as they stand there. */
static const char *
words_of(struct arena *a, const ProtobufCEnumDescriptor *type, int value)
{
	const struct say_words *told = say_words_of(type, value);
	const ProtobufCEnumValue *known =
	    protobuf_c_enum_descriptor_get_value(type, value);
	char name[JSON_NAME_MAX];

	if (told != NULL && told->words != NULL)
		return told->words;
	if (known == NULL || value == 0)
		return "not said";
	json_enum_name(type, known, name);
	for (char *c = name; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	return or_nothing(str_copy(a, name));
}

const char *
say_enum_within(struct arena *a, const ProtobufCEnumDescriptor *type, int value)
{
	return words_of(a, type, value);
}

const char *
say_enum(struct arena *a, const ProtobufCEnumDescriptor *type, int value)
{
	return say_first_up(a, words_of(a, type, value));
}

const char *
say_hint(const ProtobufCEnumDescriptor *type, int value)
{
	const struct say_words *told = say_words_of(type, value);

	return told != NULL ? told->hint : NULL;
}

/* ---- numbers and lists ---- */

const char *
say_number(struct arena *a, uint64_t n)
{
	return or_nothing(str_of_number(a, n));
}

const char *
say_count(struct arena *a, uint64_t n, const char *one, const char *several)
{
	const char *number = n == 0 ? "no" : say_number(a, n);

	return or_nothing(str_format(a, "%s %s", number, n == 1 ? one : several));
}

const char *
say_list(struct arena *a, const char *const *texts, size_t n)
{
	const char *list = n > 0 ? texts[0] : "";

	for (size_t i = 1; i < n; i++)
		list = or_nothing(str_format(
		    a, "%s%s%s", list, i + 1 < n ? ", " : " and ", texts[i]));
	return list;
}

/* ---- days and times ---- */

const char *
say_day(struct arena *a, int32_t day)
{
	struct day_parts part;

	if (!day_split(day, &part))
		return "";
	return or_nothing(
	    str_format(a, "%d %s %d", part.day, day_month(part.month), part.year));
}

const char *
say_day_near(struct arena *a, int32_t day, int32_t today)
{
	/* 1970-01-01 was a Thursday. */
	static const char *const weekdays[] = {"Thursday", "Friday", "Saturday",
	    "Sunday", "Monday", "Tuesday", "Wednesday"};
	struct day_parts part;

	if (day == today)
		return "today";
	if (day == today + 1)
		return "tomorrow";
	if (day == today - 1)
		return "yesterday";
	if (!day_split(day, &part) || day < 0 || abs(day - today) > NEAR_DAYS)
		return say_day(a, day);
	return or_nothing(str_format(
	    a, "%s %d %s", weekdays[day % 7], part.day, day_month(part.month)));
}

const char *
say_time_within(struct arena *a, int64_t ms, int64_t now_ms)
{
	int32_t day = day_in_london(ms), today = day_in_london(now_ms);
	char clock[6];

	day_clock_in_london(ms, clock);
	if (abs(day - today) > 1)
		return or_nothing(str_format(a, "%s at %s",
		    day > today ? say_day_near(a, day, today) : say_day(a, day),
		    clock));
	return or_nothing(str_format(a, "%s %s", say_day_near(a, day, today), clock));
}

const char *
say_time(struct arena *a, int64_t ms, int64_t now_ms)
{
	return say_first_up(a, say_time_within(a, ms, now_ms));
}

const char *
say_iso(struct arena *a, int64_t ms)
{
	char text[TIME_TEXT_LEN + 1];

	time_format(ms, text);
	return or_nothing(str_copy(a, text));
}

const char *
say_iso_day(struct arena *a, int32_t day)
{
	char text[DAY_TEXT_LEN + 1];

	day_format(day, text);
	return or_nothing(str_copy(a, text));
}

json_t *
say_when(struct arena *a, int64_t ms, int64_t now_ms)
{
	return json_pack(
	    "{s:s,s:s}", "text", say_time(a, ms, now_ms), "iso", say_iso(a, ms));
}

json_t *
say_when_within(struct arena *a, int64_t ms, int64_t now_ms)
{
	return json_pack(
	    "{s:s,s:s}", "text", say_time_within(a, ms, now_ms), "iso", say_iso(a, ms));
}

json_t *
say_when_day(struct arena *a, int32_t day)
{
	return json_pack(
	    "{s:s,s:s}", "text", say_day(a, day), "iso", say_iso_day(a, day));
}

const char *
say_span(struct arena *a, int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *one, *several;
	} units[] = {
	    {DAY_MS, "day", "days"},
	    {HOUR_MS, "hour", "hours"},
	    {MINUTE_MS, "minute", "minutes"},
	};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (ms >= units[i].ms)
			return say_count(a, (uint64_t)(ms / units[i].ms), units[i].one,
			    units[i].several);
	return "under a minute";
}

const char *
say_left(struct arena *a, int64_t until_ms, int64_t now_ms)
{
	int64_t left = until_ms - now_ms;

	if (left <= 0)
		return "time is over";
	if (left < MINUTE_MS)
		return "less than a minute left";
	return or_nothing(str_format(a, "%s left", say_span(a, left)));
}

/* ---- money and miles ---- */

const char *
say_money(struct arena *a, int64_t pence)
{
	char text[MONEY_TEXT_LEN + 1];

	money_format(pence, text);
	if (str_ends(text, ".00"))
		text[strlen(text) - strlen(".00")] = '\0';
	return or_nothing(str_copy(a, text));
}

const char *
say_fee(struct arena *a, int64_t pence_week)
{
	return or_nothing(str_format(a, "%s a week", say_money(a, pence_week)));
}

const char *
say_miles(struct arena *a, uint32_t miles_tenths, bool is_to_check)
{
	uint32_t miles = (miles_tenths + 5) / 10;
	const char *text = "under a mile";

	if (miles > 0)
		text = str_format(a, "about %u mile%s", miles, miles == 1 ? "" : "s");
	if (!is_to_check)
		return or_nothing(text);
	return or_nothing(str_format(a, "%s, close to the limit", or_nothing(text)));
}

/* ---- children ---- */

const char *
say_reference(struct arena *a, const char *request_id)
{
	size_t len = request_id != NULL ? strlen(request_id) : 0;
	char *text = len >= REFERENCE_LEN
	                 ? str_format(a, "RC-%s", request_id + len - REFERENCE_LEN)
	                 : NULL;

	for (char *c = text; c != NULL && *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return or_nothing(text);
}

static const char *
said_child(struct arena *a, struct say_child child, const char *between)
{
	const char *who = "child";

	switch (child.sex) {
	case COMMON__SEX__SEX_FEMALE: who = "girl"; break;
	case COMMON__SEX__SEX_MALE: who = "boy"; break;
	case COMMON__SEX__SEX_UNSPECIFIED:
	case COMMON__SEX__SEX_UNKNOWN: break;
	}
	if (child.age_years == 0)
		return or_nothing(str_format(a, "%s%s under 1", who, between));
	return or_nothing(str_format(a, "%s%s %u", who, between, child.age_years));
}

const char *
say_child(struct arena *a, Common__Sex sex, uint32_t age_years)
{
	return said_child(a, (struct say_child){sex, age_years}, ",");
}

const char *
say_children(struct arena *a, const struct say_child *children, size_t n)
{
	const char **texts = arena_take(a, (n + 1) * sizeof *texts);

	if (texts == NULL)
		return "";
	for (size_t i = 0; i < n; i++)
		texts[i] = said_child(a, children[i], n == 1 ? "," : "");
	return say_list(a, texts, n);
}
