#include "base/message.h"

#include <assert.h>
#include <string.h>

#include "base/field.h"

uint8_t *
message_data(struct bytes b)
{
	union {
		const uint8_t *in;
		uint8_t *out;
	} data = {.in = b.data};

	return data.out;
}

void *
message_new(struct arena *a, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *m = arena_take(a, type->sizeof_message);

	if (m != NULL)
		type->message_init(m);
	return m;
}

/* Is this scalar zero though nothing says that it was set? */
static bool
unset_is_zero(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	static const uint8_t zero[sizeof(uint64_t)];
	const char *value = (const char *)m + f->offset;

	if (f->type == PROTOBUF_C_TYPE_BYTES) {
		ProtobufCBinaryData data;
		memcpy(&data, value, sizeof data);
		return data.len == 0;
	}
	return memcmp(value, zero, field_element_size(f)) == 0;
}

/* NOLINTBEGIN(misc-no-recursion): the contracts' messages never contain themselves
 * (tools/lint), so their descriptors bound it. */

/*
 * Was every scalar set together with its has_? Without it protobuf-c leaves the
 * value out and says nothing.
 */
static bool
is_whole(const ProtobufCMessage *m)
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		size_t n = field_count(m, f);
		bool has_flag = f->label != PROTOBUF_C_LABEL_REPEATED &&
		                (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 &&
		                f->type != PROTOBUF_C_TYPE_STRING &&
		                f->type != PROTOBUF_C_TYPE_MESSAGE;
		if (has_flag && n == 0 && !unset_is_zero(m, f))
			return false;
		if (f->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		for (size_t j = 0; j < n; j++)
			if (!is_whole(field_message(field_at(m, f, j))))
				return false;
	}
	return true;
}

/* Does it hold an unknown field of number 0? */
static bool
holds_field_0(const ProtobufCMessage *m)
{
	for (unsigned i = 0; i < m->n_unknown_fields; i++)
		if (m->unknown_fields[i].tag == 0)
			return true;
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		if (f->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		for (size_t j = 0; j < field_count(m, f); j++)
			if (holds_field_0(field_message(field_at(m, f, j))))
				return true;
	}
	return false;
}

/* NOLINTEND(misc-no-recursion) */

/*
 * No field has the number 0. protobuf-c refuses one, but not where its tag is written
 * in more bytes than it takes: that it keeps as unknown, and packs as bytes which it
 * then refuses. Could such a tag, 0x80 and the wire type and at last 0, be in here?
 */
static bool
may_hold_field_0(struct bytes in)
{
	const uint8_t *at = in.data, *end = in.len == 0 ? at : at + in.len;

	while (at < end && (at = memchr(at, 0, (size_t)(end - at))) != NULL) {
		if (at > in.data && at[-1] >= 0x80 && at[-1] < 0x88)
			return true;
		at++;
	}
	return false;
}

enum err
message_pack(struct arena *a, const ProtobufCMessage *m, struct bytes *out)
{
	assert(is_whole(m));
	size_t len = protobuf_c_message_get_packed_size(m);
	uint8_t *packed = arena_take_raw(a, len);
	if (packed == NULL)
		return ERR_MEMORY;
	protobuf_c_message_pack(m, packed);
	*out = (struct bytes){packed, len};
	return ERR_NONE;
}

static void *
allocate(void *arena, size_t size)
{
	return arena_take_raw(arena, size); /* protobuf-c starts what it takes */
}

/* The arena gives everything back at once. */
static void
release(void *arena, void *block)
{
	(void)arena;
	(void)block;
}

enum err
message_unpack(struct arena *a, const ProtobufCMessageDescriptor *type, struct bytes in,
    ProtobufCMessage **out)
{
	ProtobufCAllocator allocator = {allocate, release, a};
	bool was_full = a->is_full;

	/* protobuf-c says only "no"; which no it was, the arena knows. */
	a->is_full = false;
	ProtobufCMessage *m =
	    protobuf_c_message_unpack(type, &allocator, in.len, in.data);
	bool ran_out = a->is_full;
	a->is_full = was_full || ran_out;
	if (m == NULL)
		return ran_out ? ERR_MEMORY : ERR_MALFORMED;
	if (may_hold_field_0(in) && holds_field_0(m))
		return ERR_MALFORMED;
	*out = m;
	return ERR_NONE;
}

void *
message_copy(struct arena *a, const ProtobufCMessage *m)
{
	struct bytes packed;
	ProtobufCMessage *copy = NULL;

	if (message_pack(a, m, &packed) != ERR_NONE)
		return NULL;
	enum err e = message_unpack(a, m->descriptor, packed, &copy);
	assert(e == ERR_NONE || e == ERR_MEMORY); /* what was packed is a message */
	return copy;
}
