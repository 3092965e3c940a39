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
