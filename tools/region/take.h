#ifndef RCC_REGION_TAKE_H
#define RCC_REGION_TAKE_H

#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

/*
 * Memory for this tool: as base/arena, but never NULL. At the cap it ends the process
 * with one sentence: the region asked for is larger than this tool makes.
 */
void *take(struct arena *a, size_t size);
#define TAKE_LIST(arena, n, element) ((element *)take((arena), (n) * sizeof(element)))
#define TAKE_MESSAGE(arena, name) take_message((arena), &name##__descriptor)
void *take_message(struct arena *a, const ProtobufCMessageDescriptor *type);
char *take_text(struct arena *a, const char *text);
char *take_format(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One sentence on stderr, beginning with this tool's name, and the end: status 1. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

#endif
