#ifndef RCC_KV_H
#define RCC_KV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define KV_TABLES_MAX 48
#define KV_KEY_MAX 500
/*
 * As a table's name: the table in which LMDB itself keeps what the others are. Every
 * commit writes it anyway, so a few short rows there cost no page of their own.
 */
#define KV_ROOT_TABLE ""

/*
 * One LMDB environment: a folder, a set of named tables, ordered by key. Default
 * synchronous mode and nothing weaker: a commit that returned is on the disk.
 */
struct kv;

struct kv_options {
	const char *path; /* folder, made if absent (its parent must be there) */
	const char *const *tables; /* names; a table is then its index in this list */
	size_t tables_n;
	uint64_t map_bytes;  /* 0: 64 GiB of address space */
	uint64_t room_bytes; /* zero-filled ahead of need; 0: none (tests) */
	bool read_only;
	bool no_sync; /* tests and simulation only: power is simulated there */
};

/*
 * A new store is made whole and put in its place at once; the caller keeps other
 * processes from making it too. What is read from then on is on the disk, and so is the
 * file's place in its folder and the folder's in the one above.
 */
enum err kv_open(struct kv **out, const struct kv_options *o, char *problem,
    size_t problem_size) MUST_CHECK;
void kv_close(struct kv *kv);

/*
 * A transaction latches: the first error sticks, later steps do nothing, and
 * kv_end tells. What a get returned is good until the transaction ends or the
 * next write in it: copy what must last.
 */
struct kv_txn {
	struct kv *kv;
	void *handle;
	enum err err;
	bool is_write;
	bool is_dirty;    /* something was written */
	uint64_t written; /* the tables it was written to, by bit */
};

#define KV_BIT(table) (UINT64_C(1) << (table))

void kv_begin(struct kv *kv, struct kv_txn *txn, bool write);
/* Commits a clean write (aborts a failed one, and one that wrote nothing). */
enum err kv_end(struct kv_txn *txn) MUST_CHECK;
void kv_abort(struct kv_txn *txn);
/* Latches a fault that the caller found in what it read, unless one is latched. */
void kv_fail(struct kv_txn *txn, enum err fault);

bool kv_get(struct kv_txn *txn, unsigned table, struct bytes key, struct bytes *out);
bool kv_has(struct kv_txn *txn, unsigned table, struct bytes key);
void kv_put(struct kv_txn *txn, unsigned table, struct bytes key, struct bytes value);
/* The key must sort after every key there (the journal). */
void kv_append(
    struct kv_txn *txn, unsigned table, struct bytes key, struct bytes value);
void kv_delete(struct kv_txn *txn, unsigned table, struct bytes key); /* absent: fine */
void kv_clear(struct kv_txn *txn, unsigned table);
uint64_t kv_count(struct kv_txn *txn, unsigned table);
bool kv_last(
    struct kv_txn *txn, unsigned table, struct bytes *key, struct bytes *value);

/*
 * Walks the rows whose key starts with `prefix`, in order, from the first key at
 * or after `from` (BYTES_NONE: the first of the prefix).
 *   struct kv_walk w;
 *   for (kv_walk(txn, &w, T, prefix, BYTES_NONE); kv_next(&w);) use(w.key, w.value);
 * A walk ends itself at the end; leave it early with kv_walk_end. The table must
 * not be written during a walk.
 */
struct kv_walk {
	struct kv_txn *txn;
	void *cursor;
	struct bytes prefix;
	struct bytes key, value;
	bool is_started;
};

void kv_walk(struct kv_txn *txn, struct kv_walk *w, unsigned table, struct bytes prefix,
    struct bytes from);
bool kv_next(struct kv_walk *w);
void kv_walk_end(struct kv_walk *w);

/* Keeps `room_bytes` of zeroed file ahead of need; call between transactions.
 * ERR_FULL when the disk has no more: what is there still serves. */
enum err kv_keep_room(struct kv *kv) MUST_CHECK;
/* Percent of what may still be written (room on disk and map) that is used. */
unsigned kv_used_percent(struct kv *kv);
/*
 * Is what is read here the last that was committed, and not an older state that
 * damage made look current? LMDB cannot tell; every commit leaves its number for
 * this question. False also where the answer cannot be read. A copy compacted by
 * LMDB's own tools has lost the numbers and is refused too. In a transaction that
 * writes: before it has written anything. (kv_open asks it for whoever may write.)
 */
bool kv_is_latest(struct kv_txn *txn);
/*
 * Writes the whole file as the last commit left it, less the room kept ahead, while
 * whoever has it open goes on writing. A store opened from those bytes is that commit,
 * with its number: kv_is_latest holds there. Between transactions; what is freed
 * meanwhile cannot be used again until it returns.
 */
enum err kv_copy(struct kv *kv, int fd) MUST_CHECK;
const char *kv_table_name(const struct kv *kv, unsigned table);
const char *kv_path(const struct kv *kv); /* its folder */

#endif
