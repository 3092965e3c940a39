#ifndef RCC_GATEWAY_SAY_H
#define RCC_GATEWAY_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

#include "common.pb-c.h"

/*
 * What a page says of what messages carry, in words that people use. Texts are constant
 * or in the arena; where that is full they are "", and the page fails as a whole. Times
 * are milliseconds since 1970 UTC and shown on London's clocks; money is pence.
 */

/* The words for a value ("Children's home", "Goes missing", "C2: full care order");
 * "Not said" for zero. */
const char *say_enum(struct arena *a, const ProtobufCEnumDescriptor *type, int value);
/* The same within a sentence: "children's home", "autism", "C2: full care order". */
const char *say_enum_within(
    struct arena *a, const ProtobufCEnumDescriptor *type, int value);
/* What a person who chooses may need to be told of it; NULL: nothing. */
const char *say_hint(const ProtobufCEnumDescriptor *type, int value);

const char *say_number(struct arena *a, uint64_t n); /* "1,024" */
/* "1 offer", "3 offers", "no offers" */
const char *say_count(
    struct arena *a, uint64_t n, const char *one, const char *several);
/* "a", "a and b", "a, b and c"; "" of none */
const char *say_list(struct arena *a, const char *const *texts, size_t n);
/* A copy that begins with a capital letter. */
const char *say_first_up(struct arena *a, const char *text);

const char *say_day(struct arena *a, int32_t day); /* "25 November 2026" */
/* "today", "tomorrow", "yesterday", "Friday 27 November" within ten months, else as
 * say_day. */
const char *say_day_near(struct arena *a, int32_t day, int32_t today);
/* "Today 14:05", "Tomorrow 09:00", "Yesterday 23:10", "18 November 2026 at 14:05", and
 * to come "Wednesday 25 November at 14:05". */
const char *say_time(struct arena *a, int64_t ms, int64_t now_ms);
/* The same within a sentence: "today 14:05". */
const char *say_time_within(struct arena *a, int64_t ms, int64_t now_ms);
/* For <time datetime>: "2026-11-25T14:05:00.000Z", and "2026-11-25" of a day. */
const char *say_iso(struct arena *a, int64_t ms);
const char *say_iso_day(struct arena *a, int32_t day);
/* {"text", "iso"} of either, new, for the partial "when"; NULL without memory. */
json_t *say_when(struct arena *a, int64_t ms, int64_t now_ms);
json_t *say_when_within(struct arena *a, int64_t ms, int64_t now_ms);
json_t *say_when_day(struct arena *a, int32_t day);
/* "45 minutes", "2 hours", "3 days", "under a minute": how long something took. */
const char *say_span(struct arena *a, int64_t ms);
/* "2 hours left", "25 minutes left", "3 days left", "less than a minute left", "time is
 * over". A whole unit below is left out: 119 minutes are "1 hour left". */
const char *say_left(struct arena *a, int64_t until_ms, int64_t now_ms);

/* "£1,020", "£1,020.50"; "£1,020 a week" */
const char *say_money(struct arena *a, int64_t pence);
const char *say_fee(struct arena *a, int64_t pence_week);
/* "about 6 miles", "under a mile"; near a limit (`is_to_check`) "about 20 miles, check"
 */
const char *say_miles(struct arena *a, uint32_t miles_tenths, bool is_to_check);

/* "RC-7K2M" of a request's id */
const char *say_reference(struct arena *a, const char *request_id);
/* "girl, 9", "boy, under 1", "child, 12" */
const char *say_child(struct arena *a, Common__Sex sex, uint32_t age_years);
/* "girl, 9" of one, "girl 9, boy 7 and boy 4" of several */
struct say_child {
	Common__Sex sex;
	uint32_t age_years;
};
const char *say_children(struct arena *a, const struct say_child *children, size_t n);

#endif
