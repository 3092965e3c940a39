#ifndef RCC_RCCCTL_PATH_H
#define RCC_RCCCTL_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/check.h"

/*
 * A field of any message by its path, as a person types it: "request_id",
 * "grounds.most_appropriate", "candidates[0].vacancy_id", "candidates[].points".
 */

/*
 * Puts what a person typed into the field: enum words, "yes", "today", "£950",
 * numbers, text. One more element where it is a list; sub-messages on the way are
 * made. The path itself is the tool's own and must be there (no indices). False
 * with the reason, or, where the arena is full, with an empty reason.
 */
bool path_set(struct arena *a, ProtobufCMessage *m, const char *path, const char *text,
    int32_t today, struct check_problem *why);

struct path_texts {
	const char **list;
	size_t n, room;
};

/*
 * What stands at the path, as JSON writes it but without quotation marks; nothing
 * where it is absent; all elements for "[]" or a list named without an index.
 * False where the message has no such field, or the arena is full.
 */
bool path_texts(struct arena *a, const ProtobufCMessage *m, const char *path,
    struct path_texts *out);

#endif
