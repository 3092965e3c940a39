#ifndef RCC_FIELD_H
#define RCC_FIELD_H

#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

struct arena;

/*
 * A field of any message, by its descriptor: what message, check and json share.
 * An element is a scalar, a ProtobufCBinaryData, a char * or a message pointer,
 * lying in the message itself or in its list.
 */

/* Bytes of one element. */
size_t field_element_size(const ProtobufCFieldDescriptor *f);
/* How many elements are set: of a list all, of any other field none or one. */
size_t field_count(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f);
/* The i-th element, i < field_count; borrowed from the message. */
const void *field_at(
    const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, size_t i);
/*
 * Marks the field as set (a list: as having n zeroed elements in the arena) and
 * says where its first element is to be written. NULL when the arena is full.
 */
void *field_make(
    struct arena *a, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, size_t n);

/* Where in a message a walk stands: "children[0].age_years"; cut when too long. */
struct field_path {
	char text[120];
	size_t len;
};

/* One field deeper, with the index in a list; gives the mark to leave by. */
size_t field_path_enter(
    struct field_path *path, const ProtobufCFieldDescriptor *f, size_t i);
/* The same for any name. */
size_t field_path_add(struct field_path *path, const char *name);
void field_path_leave(struct field_path *path, size_t mark);

/* A text or sub-message element; NULL where there is none. */
const char *field_text(const void *element);
const ProtobufCMessage *field_message(const void *element);

#endif
