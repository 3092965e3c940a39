#ifndef RCC_JSON_H
#define RCC_JSON_H

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/err.h"

/*
 * Any message as JSON and back, by walking its descriptor. Field names as in the
 * .proto (snake_case); enum values by name without their prefix, lower case
 * ("female" for SEX_FEMALE); bytes as lower-case hex; days "2026-11-21"; times
 * "2026-11-21T14:05:00.000Z"; 64-bit numbers as JSON integers; absent fields left
 * out. Text is NUL-terminated, in the arena; `indent` 0 is one line.
 */
enum err json_from_message(struct arena *a, const ProtobufCMessage *m, unsigned indent,
    const char **out) MUST_CHECK;

/*
 * Refuses an unknown field, a field twice, a wrong type, an unknown enum name and
 * a number out of range, naming the field: ERR_MALFORMED with `why` filled in.
 */
enum err json_to_message(struct arena *a, const ProtobufCMessageDescriptor *type,
    const char *text, ProtobufCMessage **out, struct check_problem *why) MUST_CHECK;

#endif
