#ifndef RCC_CHECK_H
#define RCC_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#include "base/bytes.h"

#define CHECK_STRING_BYTES_MAX 200
#define CHECK_WORDS_BYTES_MAX 1000 /* of a field named words: text to be read */
#define CHECK_BYTES_MAX 4096
#define CHECK_LIST_MAX 1000
#define CHECK_PENCE_END 1000000000
#define CHECK_YEARS_MAX 120

/* What a field's name says of its value; see the top of proto/common.proto. */
enum field_kind {
	FIELD_PLAIN = 0,
	FIELD_ID,           /* *_id, *_ids: a time-ordered id */
	FIELD_ORGANISATION, /* organisation_id: an id, a council's code, "co-operative"
	                     */
	FIELD_COUNCIL,      /* *council_id, *council_ids: a GSS code */
	FIELD_SECTOR,       /* *_sector, *_sectors: a postcode sector that exists */
	FIELD_DAY,          /* int32 *_day */
	FIELD_TIME,         /* int64 *_time */
	FIELD_PENCE, /* int64 *_pence, *_pence_week: not negative, below a billion */
	FIELD_YEARS, /* uint32 *_years: at most 120 */
};

enum field_kind field_kind(const ProtobufCFieldDescriptor *field);

/* The most bytes a string of this field may have. */
size_t check_string_max(const ProtobufCFieldDescriptor *field);

/*
 * What is wrong with one value of this field, as a predicate ("is not valid UTF-8"), or
 * NULL; `element` as base/field has them. Of a message nothing: its fields are asked.
 */
const char *check_value(const ProtobufCFieldDescriptor *field, const void *element);

/* Which field, by its path ("children[0].age_years"), and why. */
struct check_problem {
	char field[120];
	char reason[160];
};

/*
 * Is this message what its contract says, whatever it means? Known enum values,
 * valid UTF-8 without NUL, strings, bytes and lists within their limits, no
 * unknown field anywhere, and each value of the kind its field's name says.
 * Absent fields are not its business: whether one is needed is a rule.
 * `packed` is what the message was unpacked from (a NUL inside a string is
 * invisible in C: it is found in the bytes).
 */
bool check_message(
    const ProtobufCMessage *m, struct bytes packed, struct check_problem *why);

#endif
