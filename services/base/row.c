#include "base/row.h"

#include "base/message.h"

#include <string.h>

static void *
unpack(struct kv_txn *txn, struct arena *a, const ProtobufCMessageDescriptor *type,
    struct bytes packed)
{
	ProtobufCMessage *row = NULL;
	enum err e = message_unpack(a, type, packed, &row);

	if (e == ERR_NONE)
		return row;
	kv_fail(txn, e == ERR_MALFORMED ? ERR_CORRUPT : e);
	return NULL;
}

void
row_put(struct kv_txn *txn, struct arena *scratch, unsigned table, struct bytes key,
    const ProtobufCMessage *row)
{
	size_t mark = scratch->used;
	struct bytes packed;
	enum err e;

	if (txn->err != ERR_NONE)
		return;
	e = message_pack(scratch, row, &packed);
	if (e != ERR_NONE) {
		kv_fail(txn, e);
		return;
	}
	kv_put(txn, table, key, packed);
	arena_release(scratch, mark);
}

void *
row_get(struct kv_txn *txn, struct arena *a, unsigned table, struct bytes key,
    const ProtobufCMessageDescriptor *type)
{
	struct bytes packed;

	if (!kv_get(txn, table, key, &packed))
		return NULL;
	return unpack(txn, a, type, packed);
}

void *
row_at(const struct kv_walk *w, struct arena *a, const ProtobufCMessageDescriptor *type)
{
	return unpack(w->txn, a, type, w->value);
}

bool
row_is(struct kv_txn *txn, struct arena *scratch, unsigned table, struct bytes key,
    const ProtobufCMessage *row)
{
	size_t mark = scratch->used;
	struct bytes packed;
	struct bytes stored;
	enum err e = message_pack(scratch, row, &packed);

	if (e != ERR_NONE) {
		kv_fail(txn, e);
		return false;
	}
	bool is_same = kv_get(txn, table, key, &stored) && bytes_equal(packed, stored);
	arena_release(scratch, mark);
	return is_same;
}

struct bytes
row_key(const char *id)
{
	return id == NULL ? BYTES_NONE : bytes_of_text(id);
}

struct bytes
row_key2(struct arena *a, const char *first, const char *second)
{
	struct bytes one = row_key(first), two = row_key(second);
	uint8_t *key = arena_take(a, one.len + 1 + two.len);

	if (key == NULL)
		return BYTES_NONE;
	if (one.len > 0)
		memcpy(key, one.data, one.len);
	if (two.len > 0)
		memcpy(key + one.len + 1, two.data, two.len);
	return (struct bytes){key, one.len + 1 + two.len};
}

struct bytes
row_part_key(
    struct kv_txn *txn, struct arena *a, const char *first, char part, const char *id)
{
	struct bytes owner = first == NULL ? BYTES_NONE : bytes_of_text(first);
	struct bytes rest = id == NULL ? BYTES_NONE : bytes_of_text(id);
	uint8_t *key = arena_take(a, owner.len + 1 + rest.len);

	if (first == NULL)
		kv_fail(txn, ERR_CORRUPT);
	else if (key == NULL)
		kv_fail(txn, ERR_MEMORY);
	if (first == NULL || key == NULL)
		return BYTES_NONE;
	memcpy(key, owner.data, owner.len);
	key[owner.len] = (uint8_t)part;
	if (rest.len > 0)
		memcpy(key + owner.len + 1, rest.data, rest.len);
	return (struct bytes){key, owner.len + 1 + rest.len};
}

char *
row_text(struct kv_txn *txn, struct arena *a, struct bytes b)
{
	char *text = arena_take(a, b.len + 1);

	if (text == NULL) {
		kv_fail(txn, ERR_MEMORY);
		return NULL;
	}
	if (b.len > 0)
		memcpy(text, b.data, b.len);
	return text;
}

struct bytes
row_key_after(
    struct kv_txn *txn, struct arena *a, struct bytes prefix, const char *after_id)
{
	if (after_id == NULL)
		return BYTES_NONE;
	struct bytes id = bytes_of_text(after_id);
	/* The NUL behind it makes this the first key after that id's own. */
	size_t len = prefix.len + id.len + 1;
	uint8_t *from = arena_take(a, len);
	if (from == NULL) {
		kv_fail(txn, ERR_MEMORY);
		return BYTES_NONE;
	}
	if (prefix.len > 0)
		memcpy(from, prefix.data, prefix.len);
	memcpy(from + prefix.len, id.data, id.len);
	return (struct bytes){from, len};
}
