#include "base/day.h"

#include <stddef.h>

#define MINUTE_MS INT64_C(60000)
#define OFFICE_OPENS (9 * 60) /* minutes of London's day */
#define OFFICE_CLOSES (17 * 60)
#define YEAR_FIRST 2020
#define YEAR_LAST 2040

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

/*
 * Holidays proclaimed for one year alone. Source: the Royal Proclamations under the
 * Banking and Financial Dealings Act 1971; published on GOV.UK, bank holidays.
 */
static const struct {
	int year, month, day;
	bool is_holiday; /* false: this year's ordinary one was moved */
} proclaimed[] = {
    {2020, 5, 4, false}, /* early May, moved to the 75th anniversary of VE Day */
    {2020, 5, 8, true},
    {2022, 5, 30, false}, /* spring, moved to the Platinum Jubilee */
    {2022, 6, 2, true}, {2022, 6, 3, true},
    {2022, 9, 19, true}, /* the state funeral of Queen Elizabeth II */
    {2023, 5, 8, true},  /* the coronation of King Charles III */
};

static enum weekday
weekday(int32_t day)
{
	/* 1970-01-01 was a Thursday; the weeks keep the sum positive. */
	return (enum weekday)((day + THURSDAY + 7 * 4000) % 7);
}

/* Of the Gregorian calendar, by the rule of Meeus, Jones and Butcher. */
static int32_t
easter_sunday(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int g = (8 * b + 13) / 25;
	int h = (19 * a + b - b / 4 - g + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 19 * l) / 433;
	int month = (h + l - 7 * m + 90) / 25;

	return day_make(year, month, (h + l - 7 * m + 33 * month + 19) % 32);
}

/*
 * Is it a bank holiday by the rules, which the year's proclaimed ones aside are all?
 * A holiday on a weekend is made up for on the next working days; weekends
 * themselves are not asked about.
 * Source: Banking and Financial Dealings Act 1971, Sch 1, and the yearly
 * proclamations (New Year's Day, early May, substitutes).
 */
static bool
is_yearly_holiday(int32_t day, int year)
{
	int of_year = day - day_make(year, 1, 1); /* January: the day less one */
	int of_may = day - day_make(year, 5, 1);
	int of_december = day - day_make(year, 12, 1);
	int32_t easter = easter_sunday(year);
	bool is_monday = weekday(day) == MONDAY;

	if (of_year == 0 || (is_monday && (of_year == 1 || of_year == 2)))
		return true;
	if (day == easter - 2 || day == easter + 1)
		return true;
	if (is_monday && of_may >= 0 && of_may < 31)
		return of_may < 7 || of_may >= 24; /* the first and the last */
	if (is_monday && day >= day_make(year, 8, 25) && day <= day_make(year, 8, 31))
		return true;
	if (of_december == 24 || of_december == 25)
		return true;
	/* 27 and 28 December stand in for a Christmas or Boxing Day on a weekend. */
	return (of_december == 26 || of_december == 27) &&
	       (is_monday || weekday(day) == TUESDAY);
}

static bool
is_bank_holiday(int32_t day)
{
	int year = YEAR_FIRST;

	for (size_t i = 0; i < sizeof proclaimed / sizeof proclaimed[0]; i++)
		if (day == day_make(proclaimed[i].year, proclaimed[i].month,
			       proclaimed[i].day))
			return proclaimed[i].is_holiday;
	while (year < YEAR_LAST && day >= day_make(year + 1, 1, 1))
		year++;
	return is_yearly_holiday(day, year);
}

bool
day_is_known(int32_t day)
{
	return day >= day_make(YEAR_FIRST, 1, 1) && day <= day_make(YEAR_LAST, 12, 31);
}

bool
day_is_working(int32_t day)
{
	enum weekday w = weekday(day);

	if (w == SATURDAY || w == SUNDAY)
		return false;
	return !day_is_known(day) || !is_bank_holiday(day);
}

/* Counted back from midnight: the clocks change before the office opens. */
static int64_t
office_closes(int32_t day)
{
	return day_start_in_london(day + 1) - (24 * 60 - OFFICE_CLOSES) * MINUTE_MS;
}

int64_t
day_working_deadline(int64_t ms, unsigned days)
{
	int32_t day = day_in_london(ms);
	int minute = day_minute_in_london(ms);

	if (days == 0 && day_is_working(day) && minute < OFFICE_CLOSES)
		return office_closes(day);
	/* The day it falls in counts only where its office hours lie ahead. */
	if (minute >= OFFICE_OPENS)
		day++;
	unsigned left = days > 0 ? days : 1;
	for (;; day++)
		if (day_is_working(day) && --left == 0)
			return office_closes(day);
}
