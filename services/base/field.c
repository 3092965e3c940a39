#include "base/field.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

#define NO_SIZE ((size_t)0)

size_t
field_element_size(const ProtobufCFieldDescriptor *f)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT: return sizeof(uint32_t);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE: return sizeof(uint64_t);
	case PROTOBUF_C_TYPE_BOOL: return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_ENUM: return sizeof(int);
	case PROTOBUF_C_TYPE_STRING: return sizeof(char *);
	case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_MESSAGE: return sizeof(ProtobufCMessage *);
	}
	return NO_SIZE;
}

static const void *
member(const ProtobufCMessage *m, unsigned offset)
{
	return (const char *)m + offset;
}

/* Lists keep their length there, oneofs their case, scalars their has_. */
static uint32_t
quantifier(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	uint32_t v;

	memcpy(&v, member(m, f->quantifier_offset), sizeof v);
	return v;
}

size_t
field_count(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		size_t n;
		memcpy(&n, member(m, f->quantifier_offset), sizeof n);
		return n;
	}
	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 && quantifier(m, f) != f->id)
		return 0; /* the shared room holds another's value */
	if (f->type == PROTOBUF_C_TYPE_STRING || f->type == PROTOBUF_C_TYPE_MESSAGE)
		return field_text(member(m, f->offset)) != NULL;
	return quantifier(m, f) != 0;
}

const void *
field_at(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, size_t i)
{
	assert(i < field_count(m, f));
	if (f->label != PROTOBUF_C_LABEL_REPEATED)
		return member(m, f->offset);
	const char *list;
	memcpy(&list, member(m, f->offset), sizeof list);
	return list + i * field_element_size(f);
}

void *
field_make(
    struct arena *a, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, size_t n)
{
	char *base = (char *)m;

	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		void *list = arena_take(a, n * field_element_size(f));
		if (list == NULL)
			return NULL;
		memcpy(base + f->offset, &list, sizeof list);
		memcpy(base + f->quantifier_offset, &n, sizeof n);
		return list;
	}
	assert(n == 1);
	/* Optional text and sub-messages have no has_: to be there is to be set. */
	if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
		memcpy(base + f->quantifier_offset, &f->id, sizeof f->id);
	else if (f->type != PROTOBUF_C_TYPE_STRING &&
		 f->type != PROTOBUF_C_TYPE_MESSAGE)
		memcpy(base + f->quantifier_offset, &(protobuf_c_boolean){1},
		    sizeof(protobuf_c_boolean));
	return base + f->offset;
}

size_t
field_path_add(struct field_path *path, const char *name)
{
	size_t mark = path->len, room = sizeof path->text - mark - 1;
	size_t len = strlen(name);

	/* Every field of every message comes by here: no printf. */
	if (mark > 0 && room > 0) {
		path->text[path->len++] = '.';
		room--;
	}
	if (len > room)
		len = room;
	memcpy(path->text + path->len, name, len);
	path->len += len;
	path->text[path->len] = '\0';
	return mark;
}

size_t
field_path_enter(struct field_path *path, const ProtobufCFieldDescriptor *f, size_t i)
{
	size_t mark = field_path_add(path, f->name);

	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		size_t room = sizeof path->text - path->len;
		int len = snprintf(path->text + path->len, room, "[%zu]", i);
		path->len += len < (int)room ? (size_t)len : room - 1;
	}
	return mark;
}

void
field_path_leave(struct field_path *path, size_t mark)
{
	path->text[mark] = '\0';
	path->len = mark;
}

const char *
field_text(const void *element)
{
	return *(char *const *)element;
}

const ProtobufCMessage *
field_message(const void *element)
{
	return *(ProtobufCMessage *const *)element;
}
