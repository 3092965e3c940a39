#ifndef RCC_MESSAGE_H
#define RCC_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

/*
 * The only way a scalar field is set: a value without its has_ would be lost.
 *   SET(row, free_places, 2);
 */
#define SET(message, field, value)                                                     \
	do {                                                                           \
		(message)->has_##field = 1;                                            \
		(message)->field = (value);                                            \
	} while (0)
/* Copies a scalar, set or not, from one message to another. */
#define SET_FROM(message, field, source, source_field)                                 \
	do {                                                                           \
		(message)->has_##field = (source)->has_##source_field;                 \
		(message)->field = (source)->source_field;                             \
	} while (0)
/* Sets a bytes field to borrowed bytes. */
#define SET_BYTES(message, field, bytes_value)                                         \
	do {                                                                           \
		struct bytes set_bytes_ = (bytes_value);                               \
		(message)->has_##field = 1;                                            \
		(message)->field.len = set_bytes_.len;                                 \
		(message)->field.data = message_data(set_bytes_);                      \
	} while (0)
#define BYTES_OF(binary_data) ((struct bytes){(binary_data).data, (binary_data).len})

/* protobuf-c's pointer to data is not const; it is not written through. */
uint8_t *message_data(struct bytes b);

/*
 * A new message of this type in the arena, initialised; NULL when it is full.
 *   Foster__Vacancy *v = MESSAGE_NEW(arena, foster__vacancy);
 */
#define MESSAGE_NEW(arena, name) message_new((arena), &name##__descriptor)
void *message_new(struct arena *a, const ProtobufCMessageDescriptor *type);

/* `n` zeroed elements for a repeated field; NULL when the arena is full. */
#define LIST_NEW(arena, n, element)                                                    \
	((element *)arena_take((arena), (n) * sizeof(element)))

/*
 * Packed bytes in the arena. Asserts that no scalar is set without its has_.
 * ERR_MEMORY at the cap.
 */
enum err message_pack(
    struct arena *a, const ProtobufCMessage *m, struct bytes *out) MUST_CHECK;

/*
 * A message in the arena. ERR_MALFORMED for bytes that are not one, ERR_MEMORY
 * where unpacking them would take more than the arena has.
 */
enum err message_unpack(struct arena *a, const ProtobufCMessageDescriptor *type,
    struct bytes in, ProtobufCMessage **out) MUST_CHECK;

/* A deep copy in the arena; NULL when it is full. */
void *message_copy(struct arena *a, const ProtobufCMessage *m);

#endif
