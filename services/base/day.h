#ifndef RCC_DAY_H
#define RCC_DAY_H

#include <stdbool.h>
#include <stdint.h>

#define DAY_MIN (-25567) /* 1900-01-01 */
#define DAY_MAX 84005    /* 2199-12-31 */
#define DAY_TEXT_LEN 10
#define TIME_TEXT_LEN 24

/* Days are counted from 1970-01-01; instants in milliseconds from 1970 UTC. */
int32_t day_make(int year, int month, int day); /* DAY_MIN - 1 if no such day */
bool day_parse(const char *text, int32_t *out); /* "2026-11-21" and nothing else */
void day_format(int32_t day, char out[DAY_TEXT_LEN + 1]);
/* A day's parts; false where no contract allows the day. */
struct day_parts {
	int year, month, day;
};
bool day_split(int32_t day, struct day_parts *out);
const char *day_month(int month);                   /* "November" for 11; 1 to 12 */
bool time_parse(const char *text, int64_t *out_ms); /* "2026-11-21T14:05:00[.000]Z" */
void time_format(int64_t ms, char out[TIME_TEXT_LEN + 1]);

/* The calendar day, and the minute of it, on London's clocks at an instant. */
int32_t day_in_london(int64_t ms);
int day_minute_in_london(int64_t ms);
/* "14:05" on London's clocks. */
void day_clock_in_london(int64_t ms, char out[6]);
/* The instant at which a London calendar day begins. */
int64_t day_start_in_london(int32_t day);

/* Saturdays, Sundays and the bank holidays of England and Wales do not work. */
bool day_is_working(int32_t day);
/* Does the table of bank holidays reach this day? Beyond it only weekends count. */
bool day_is_known(int32_t day);
/*
 * The end (17:00 in London) of the n-th working day after the instant; what
 * happens out of hours or on a day that does not work counts from the next
 * working day's start, so that day is the first: five working days from a Saturday
 * end on the Friday. 0: the end of the working day it falls in, or of the next.
 * Source: Care Planning, Placement and Case Review (England) Regulations 2010,
 * reg 2 "working day"; office hours are configuration, not law.
 */
int64_t day_working_deadline(int64_t ms, unsigned days);

/* Completed years on `on_day` of somebody who was `years` old on `age_day`; the
 * least it can be, since no birth date is stored. */
uint32_t day_age_at(uint32_t years, int32_t age_day, int32_t on_day);
/* The first day on which day_age_at says `target` years; DAY_MIN - 1 where the
 * calendar does not reach it. */
int32_t day_of_age(uint32_t years, int32_t age_day, uint32_t target);

/* Before this day nobody of that age was born. */
int32_t day_earliest_birth(uint32_t years, int32_t age_day);

/* Days from the first up to, not including, `until` where that is said. */
struct day_span {
	int32_t from;
	bool has_until;
	int32_t until;
};
/* Of a row with from_day and until_day. */
#define DAY_SPAN_OF(row)                                                               \
	((struct day_span){(row)->from_day, (row)->has_until_day, (row)->until_day})
/* Of a call with both: from today where it does not say. */
#define DAY_SPAN_OF_CALL(call, today)                                                  \
	((struct day_span){(call)->has_from_day ? (call)->from_day : (today),          \
	    (call)->has_until_day, (call)->until_day})
/* Does it end, if it does, after it begins and after today? */
bool day_span_lies_ahead(struct day_span span, int32_t today);
bool day_is_in(int32_t day, struct day_span span);
bool day_is_past(int32_t day, struct day_span span); /* is the span over by then? */
bool day_spans_meet(struct day_span a, struct day_span b);

/* The first of the days seen that comes after `after`. */
struct day_next {
	int32_t after;
	int32_t day;
	bool is_any;
};
void day_see(struct day_next *next, int32_t day);
void day_see_span(struct day_next *next, struct day_span span);

#endif
