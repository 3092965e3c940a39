#include "base/kv_lmdb.h"

#include <assert.h>
#include <string.h>

static struct bytes
bytes_of(MDB_val v)
{
	return (struct bytes){v.mv_data, v.mv_size};
}

static MDB_dbi
table_of(const struct kv_txn *txn, unsigned table)
{
	assert(table < txn->kv->tables_n);
	return txn->kv->tables[table];
}

/* No row has such a key: looking for it finds nothing, writing it is a mistake. */
static bool
is_key(struct bytes key)
{
	return key.len > 0 && key.len <= KV_KEY_MAX;
}

bool
kv_get(struct kv_txn *txn, unsigned table, struct bytes key, struct bytes *out)
{
	MDB_val k = kv_val_of(key), v;
	int code;

	if (txn->err != ERR_NONE || !is_key(key))
		return false;
	code = mdb_get(txn->handle, table_of(txn, table), &k, &v);
	if (code == 0) {
		*out = bytes_of(v);
		return true;
	}
	if (code != MDB_NOTFOUND)
		kv_fail_with(txn, code, "get");
	return false;
}

bool
kv_has(struct kv_txn *txn, unsigned table, struct bytes key)
{
	struct bytes value;

	return kv_get(txn, table, key, &value);
}

static void
note_write(struct kv_txn *txn, unsigned table)
{
	txn->is_dirty = true;
	txn->written |= KV_BIT(table);
}

static void
put(struct kv_txn *txn, unsigned table, struct bytes key, struct bytes value,
    unsigned flags)
{
	MDB_val k = kv_val_of(key), v = kv_val_of(value);
	int code;

	if (txn->err != ERR_NONE)
		return;
	assert(txn->is_write);
	code = is_key(key) ? mdb_put(txn->handle, table_of(txn, table), &k, &v, flags)
	                   : MDB_BAD_VALSIZE;
	if (code != 0)
		kv_fail_with(txn, code, "put");
	else
		note_write(txn, table);
}

void
kv_put(struct kv_txn *txn, unsigned table, struct bytes key, struct bytes value)
{
	put(txn, table, key, value, 0);
}

void
kv_append(struct kv_txn *txn, unsigned table, struct bytes key, struct bytes value)
{
	put(txn, table, key, value, MDB_APPEND);
}

void
kv_delete(struct kv_txn *txn, unsigned table, struct bytes key)
{
	MDB_val k = kv_val_of(key);
	int code;

	if (txn->err != ERR_NONE || !is_key(key))
		return;
	assert(txn->is_write);
	code = mdb_del(txn->handle, table_of(txn, table), &k, NULL);
	if (code == 0)
		note_write(txn, table);
	else if (code != MDB_NOTFOUND)
		kv_fail_with(txn, code, "delete");
}

void
kv_clear(struct kv_txn *txn, unsigned table)
{
	int code;

	if (txn->err != ERR_NONE)
		return;
	assert(table_of(txn, table) != txn->kv->root && "it holds the others");
	assert(txn->is_write);
	code = mdb_drop(txn->handle, table_of(txn, table), 0);
	if (code != 0)
		kv_fail_with(txn, code, "clear");
	else
		note_write(txn, table);
}

uint64_t
kv_count(struct kv_txn *txn, unsigned table)
{
	MDB_stat stat;
	int code;

	if (txn->err != ERR_NONE)
		return 0;
	code = mdb_stat(txn->handle, table_of(txn, table), &stat);
	if (code != 0) {
		kv_fail_with(txn, code, "count");
		return 0;
	}
	return stat.ms_entries;
}

bool
kv_last(struct kv_txn *txn, unsigned table, struct bytes *key, struct bytes *value)
{
	MDB_cursor *cursor;
	MDB_val k, v;
	int code;

	if (txn->err != ERR_NONE)
		return false;
	code = mdb_cursor_open(txn->handle, table_of(txn, table), &cursor);
	if (code == 0) {
		code = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
		mdb_cursor_close(cursor);
	}
	if (code == 0) {
		*key = bytes_of(k);
		*value = bytes_of(v);
	} else if (code != MDB_NOTFOUND) {
		kv_fail_with(txn, code, "last");
	}
	return code == 0;
}

/* ---- walks ---- */

/* Moves the cursor; at the end, or at trouble, ends the walk. */
static void
step(struct kv_walk *w, struct bytes from, MDB_cursor_op move)
{
	MDB_val k = kv_val_of(from), v;
	int code = mdb_cursor_get(w->cursor, &k, &v, move);

	if (code == 0) {
		w->key = bytes_of(k);
		w->value = bytes_of(v);
		if (w->key.len >= w->prefix.len &&
		    (w->prefix.len == 0 ||
			memcmp(w->key.data, w->prefix.data, w->prefix.len) == 0))
			return;
	} else if (code != MDB_NOTFOUND) {
		kv_fail_with(w->txn, code, "walk");
	}
	kv_walk_end(w);
}

static bool
is_before(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n > 0 ? memcmp(a.data, b.data, n) : 0;

	return order < 0 || (order == 0 && a.len < b.len);
}

void
kv_walk(struct kv_txn *txn, struct kv_walk *w, unsigned table, struct bytes prefix,
    struct bytes from)
{
	MDB_cursor *cursor;
	int code;

	*w = (struct kv_walk){.txn = txn, .prefix = prefix};
	if (txn->err != ERR_NONE || prefix.len > KV_KEY_MAX || from.len > KV_KEY_MAX)
		return;
	code = mdb_cursor_open(txn->handle, table_of(txn, table), &cursor);
	if (code != 0) {
		kv_fail_with(txn, code, "walk");
		return;
	}
	w->cursor = cursor;
	if (is_before(from, prefix))
		from = prefix;
	step(w, from, from.len > 0 ? MDB_SET_RANGE : MDB_FIRST);
}

bool
kv_next(struct kv_walk *w)
{
	if (w->cursor == NULL)
		return false;
	if (w->txn->err != ERR_NONE) {
		kv_walk_end(w);
		return false;
	}
	if (w->is_started)
		step(w, BYTES_NONE, MDB_NEXT);
	w->is_started = true;
	return w->cursor != NULL;
}

void
kv_walk_end(struct kv_walk *w)
{
	if (w->cursor != NULL)
		mdb_cursor_close(w->cursor);
	w->cursor = NULL;
}
