#include "base/day.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define YEAR_MIN 1900
#define YEAR_MAX 2199

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 1970 to the first of January. */
static int32_t
year_start(int year)
{
	int before = year - 1;

	return (
	    int32_t)(before * 365 + before / 4 - before / 100 + before / 400 - 719162);
}

int32_t
day_make(int year, int month, int day)
{
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month))
		return DAY_MIN - 1;
	int32_t n = year_start(year) + day - 1;
	for (int m = 1; m < month; m++)
		n += month_days(year, m);
	return n;
}

static bool
is_in_range(int32_t day)
{
	return day >= DAY_MIN && day <= DAY_MAX;
}

static struct day_parts
date_of(int32_t day)
{
	struct day_parts d = {
	    .year = YEAR_MIN + (int)((day - DAY_MIN) / 366), .month = 1};

	while (d.year < YEAR_MAX && year_start(d.year + 1) <= day)
		d.year++;
	int left = day - year_start(d.year);
	while (left >= month_days(d.year, d.month))
		left -= month_days(d.year, d.month++);
	d.day = left + 1;
	return d;
}

/* ---- text ---- */

/* Reads as the picture shows: 0 stands for a digit, all else for itself. */
static bool
looks_like(const char *text, const char *picture)
{
	for (; *picture != '\0'; text++, picture++)
		if (*picture == '0' ? *text < '0' || *text > '9' : *text != *picture)
			return false;
	return true;
}

static int
number_at(const char *text, int digits)
{
	int n = 0;

	while (digits-- > 0)
		n = n * 10 + (*text++ - '0');
	return n;
}

static bool
parse_day(const char *text, int32_t *out)
{
	if (text == NULL || !looks_like(text, "0000-00-00"))
		return false;
	int32_t day = day_make(
	    number_at(text, 4), number_at(text + 5, 2), number_at(text + 8, 2));
	if (day < DAY_MIN)
		return false;
	*out = day;
	return true;
}

bool
day_split(int32_t day, struct day_parts *out)
{
	if (!is_in_range(day))
		return false;
	*out = date_of(day);
	return true;
}

const char *
day_month(int month)
{
	static const char *const names[] = {"January", "February", "March", "April",
	    "May", "June", "July", "August", "September", "October", "November",
	    "December"};

	assert(month >= 1 && month <= 12);
	return names[month - 1];
}

bool
day_parse(const char *text, int32_t *out)
{
	int32_t day;

	if (!parse_day(text, &day) || text[DAY_TEXT_LEN] != '\0')
		return false;
	*out = day;
	return true;
}

void
day_format(int32_t day, char out[DAY_TEXT_LEN + 1])
{
	struct day_parts d = is_in_range(day) ? date_of(day) : (struct day_parts){0};

	/* A day that no contract allows is shown as no day. */
	out[0] = (char)('0' + d.year / 1000);
	out[1] = (char)('0' + d.year / 100 % 10);
	out[2] = (char)('0' + d.year / 10 % 10);
	out[3] = (char)('0' + d.year % 10);
	out[4] = '-';
	out[5] = (char)('0' + d.month / 10);
	out[6] = (char)('0' + d.month % 10);
	out[7] = '-';
	out[8] = (char)('0' + d.day / 10);
	out[9] = (char)('0' + d.day % 10);
	out[10] = '\0';
}

bool
time_parse(const char *text, int64_t *out_ms)
{
	int32_t day;

	if (!parse_day(text, &day) || !looks_like(text + DAY_TEXT_LEN, "T00:00:00"))
		return false;
	int hour = number_at(text + 11, 2), minute = number_at(text + 14, 2);
	int second = number_at(text + 17, 2), ms = 0;
	const char *rest = text + 19;
	if (looks_like(rest, ".000")) {
		ms = number_at(rest + 1, 3);
		rest += 4;
	}
	if (hour > 23 || minute > 59 || second > 59 || strcmp(rest, "Z") != 0)
		return false;
	*out_ms = day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS +
	          second * SECOND_MS + ms;
	return true;
}

/* The day of an instant, before 1970 too, and what is left of it. */
static int64_t
split(int64_t ms, int64_t *left)
{
	int64_t day = ms / DAY_MS;

	*left = ms % DAY_MS;
	if (*left < 0) {
		*left += DAY_MS;
		day--;
	}
	return day;
}

void
time_format(int64_t ms, char out[TIME_TEXT_LEN + 1])
{
	int64_t left;
	int64_t day = split(ms, &left);

	if (day < DAY_MIN || day > DAY_MAX) {
		day = DAY_MIN - 1;
		left = 0;
	}
	day_format((int32_t)day, out);
	unsigned rest = (unsigned)left;
	snprintf(out + DAY_TEXT_LEN, TIME_TEXT_LEN + 1 - DAY_TEXT_LEN,
	    "T%02u:%02u:%02u.%03uZ", rest / 3600000 % 24, rest / 60000 % 60,
	    rest / 1000 % 60, rest % 1000);
}

/* ---- London's clocks ---- */

static int32_t
last_sunday(int year, int month)
{
	int32_t day = day_make(year, month, month_days(year, month));

	/* 1970-01-01 was four days after a Sunday; the weeks keep the sum positive. */
	return day - (day + 4 + 7 * 4000) % 7;
}

/*
 * The rule in force since 1996, from the last Sunday of March to the last of
 * October, changing at 01:00 UTC, applied to every year: older days are only ever
 * whole days here.
 * Source: Summer Time Act 1972, s1, as amended by the Summer Time Order 2002.
 */
static bool
is_summer(int64_t ms)
{
	int64_t left, day = split(ms, &left);

	if (day < DAY_MIN || day > DAY_MAX)
		return false;
	int year = date_of((int32_t)day).year;
	return ms >= last_sunday(year, 3) * DAY_MS + HOUR_MS &&
	       ms < last_sunday(year, 10) * DAY_MS + HOUR_MS;
}

static int64_t
on_londons_clock(int64_t ms)
{
	return is_summer(ms) ? ms + HOUR_MS : ms;
}

int32_t
day_in_london(int64_t ms)
{
	int64_t left;

	return (int32_t)split(on_londons_clock(ms), &left);
}

int
day_minute_in_london(int64_t ms)
{
	int64_t left;

	split(on_londons_clock(ms), &left);
	return (int)(left / MINUTE_MS);
}

void
day_clock_in_london(int64_t ms, char out[6])
{
	unsigned minute = (unsigned)day_minute_in_london(ms);

	snprintf(out, 6, "%02u:%02u", minute / 60 % 24, minute % 60);
}

int64_t
day_start_in_london(int32_t day)
{
	int64_t midnight = day * DAY_MS;

	/* The clocks change after midnight, never at it. */
	return is_summer(midnight - HOUR_MS) ? midnight - HOUR_MS : midnight;
}

/* ---- ages ---- */

uint32_t
day_age_at(uint32_t years, int32_t age_day, int32_t on_day)
{
	if (!is_in_range(age_day) || !is_in_range(on_day))
		return years;
	/* The youngest this can be turned that age on that very day. A birthday on
	 * 29 February falls on 1 March in other years, which comparing by month and
	 * day gives. */
	struct day_parts born = date_of(age_day), on = date_of(on_day);
	int passed = on.year - born.year;
	if (on.month < born.month || (on.month == born.month && on.day < born.day))
		passed--;
	if (passed < 0 && years < (uint32_t)-passed)
		return 0;
	return (uint32_t)((int64_t)years + passed);
}

int32_t
day_of_age(uint32_t years, int32_t age_day, uint32_t target)
{
	if (!is_in_range(age_day) || target > YEAR_MAX || years > YEAR_MAX)
		return DAY_MIN - 1;
	struct day_parts born = date_of(age_day);
	int year = born.year + (int)target - (int)years;
	int32_t day = day_make(year, born.month, born.day);
	/* No 29 February in that year: the birthday falls on 1 March. */
	return day >= DAY_MIN ? day : day_make(year, born.month + 1, 1);
}

int32_t
day_earliest_birth(uint32_t years, int32_t age_day)
{
	return age_day - (int32_t)(years + 1) * 366;
}

bool
day_span_lies_ahead(struct day_span span, int32_t today)
{
	return !day_is_past(span.from, span) && !day_is_past(today, span);
}

bool
day_is_in(int32_t day, struct day_span span)
{
	return span.from <= day && !day_is_past(day, span);
}

bool
day_is_past(int32_t day, struct day_span span)
{
	return span.has_until && span.until <= day;
}

bool
day_spans_meet(struct day_span a, struct day_span b)
{
	return !day_is_past(b.from, a) && !day_is_past(a.from, b);
}

void
day_see(struct day_next *next, int32_t day)
{
	if (day <= next->after || (next->is_any && day >= next->day))
		return;
	next->day = day;
	next->is_any = true;
}

void
day_see_span(struct day_next *next, struct day_span span)
{
	day_see(next, span.from);
	if (span.has_until)
		day_see(next, span.until);
}
