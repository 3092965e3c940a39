#ifndef RCC_KV_LMDB_H
#define RCC_KV_LMDB_H

#include <lmdb.h>
#include <stdint.h>

#include "base/kv.h"

/*
 * What the three files of kv share, and the end of what is known of LMDB: kv.c opens
 * and transacts, kv_rows.c reads and writes, kv_file.c looks after the file.
 */

#define KV_NAME_BYTES 40

/*
 * Beside the tables, LMDB's own table of tables holds one row of ours, written by
 * every commit:
 *   "kv.commit" -> number of the LMDB transaction (8), digest of the root page of
 *   the one before it (16)
 * See kv_is_latest.
 */
#define KV_COMMIT_KEY "kv.commit"
#define KV_DIGEST_BYTES 16
/* A root page: the page's head, and what a commit is, its number last. */
#define KV_ROOT_BYTES 152

struct kv {
	MDB_env *env;
	MDB_txn *reader; /* a read transaction that ended, kept to be renewed */
	uint64_t page_bytes, map_bytes, room_bytes;
	bool is_read_only, is_synced;
	MDB_dbi root;
	size_t tables_n;
	MDB_dbi tables[KV_TABLES_MAX];
	char names[KV_TABLES_MAX][KV_NAME_BYTES];
};

/* LMDB never writes through what it is given, but does not say so in its types. */
static inline MDB_val
kv_val_of(struct bytes b)
{
	return (MDB_val){b.len, (void *)(uintptr_t)b.data};
}

/* The one place where LMDB's trouble, and the disk's, becomes ours. */
enum err kv_err_of(int code);
/*
 * Writes out LMDB's lock file before LMDB maps it: on a full disk a hole in it would
 * end the process by a signal instead of by a sentence. For a store not yet open.
 */
int kv_write_lock_file(const char *path);
/*
 * Where there is no file yet: a whole one, on the disk. LMDB would take an empty one
 * for a new store; but ours begin whole, so one that is there and empty was cut short.
 */
#define KV_EMPTY_FILE (-1)
int kv_make_file(const char *path);
/* Of a store just opened: all that is read in it is on the disk, and so is its folder.
 */
int kv_make_lasting(struct kv *kv, const char *path);
/*
 * The last pages that were given out may never have been written, and then the file may
 * end before them; or it was cut short, and what is missing would soon be zeros. Only
 * reading everything tells, and the rest of a cut file answers that with SIGBUS.
 */
int kv_read_what_is_cut(struct kv *kv);
/* A root page, 0 or 1: which transaction's it says it is, and a digest of all of it. */
int kv_read_root(struct kv *kv, unsigned which, uint64_t *transaction,
    uint8_t digest[KV_DIGEST_BYTES]);
/* What stands there before a commit writes it; and that again, after one that failed.
 */
void kv_keep_root(struct kv *kv, unsigned which, uint8_t page[KV_ROOT_BYTES]);
void kv_put_back_root(struct kv *kv, unsigned which, const uint8_t page[KV_ROOT_BYTES]);
/* Latches it and logs it, unless something is latched already. */
void kv_fail_with(struct kv_txn *txn, int code, const char *doing);

#endif
