#include "base/kv_lmdb.h"

#include "base/log.h"
#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAP_BYTES (64ull << 30) /* address space, not memory and not disk */
#define MAP_BYTES_LEAST (1ull << 30)

enum err
kv_err_of(int code)
{
	switch (code) {
	case 0: return ERR_NONE;
	case MDB_MAP_FULL:
	case MDB_DBS_FULL:
	case ENOSPC:
	case EDQUOT:
	case EFBIG: return ERR_FULL;
	case KV_EMPTY_FILE:
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_VERSION_MISMATCH:
	case MDB_INVALID:
	case MDB_INCOMPATIBLE:
	case MDB_NOTFOUND:
	case MDB_CURSOR_FULL: return ERR_CORRUPT;
	case MDB_TXN_FULL:
	case ENOMEM: return ERR_MEMORY;
	case MDB_READERS_FULL: return ERR_BUSY;
	case MDB_KEYEXIST:
	case MDB_BAD_TXN:
	case MDB_BAD_DBI:
	case MDB_BAD_VALSIZE:
	case MDB_BAD_RSLOT:
	case EINVAL: return ERR_INTERNAL;
	}
	return ERR_STORAGE; /* EIO, and whatever else a disk may say */
}

void
kv_fail(struct kv_txn *txn, enum err fault)
{
	if (txn->err == ERR_NONE)
		txn->err = fault;
}

void
kv_fail_with(struct kv_txn *txn, int code, const char *doing)
{
	if (txn->err != ERR_NONE)
		return;
	txn->err = kv_err_of(code);
	log_line(LOG_LEVEL_ERROR, "store.fault", "doing", doing, "fault",
	    err_name(txn->err), "why", mdb_strerror(code), NULL);
}

/* ---- opening and closing ---- */

static enum err
explain(const struct kv_options *o, int code, char *problem, size_t size)
{
	const char *why = mdb_strerror(code);

	if (code == ENOMEM)
		why = "the machine refused the address space it is mapped into; raise "
		      "the "
		      "limit on virtual memory (ulimit -v, LimitAS=)";
	else if (code == ENOENT)
		why = "there is no such folder";
	else if (code == MDB_INVALID)
		why = "it is damaged, or not a store";
	else if (code == MDB_VERSION_MISMATCH)
		why = "it is of another version of LMDB, or damaged";
	else if (code == MDB_CORRUPTED)
		why = "its root pages are damaged and show an older state: writing on "
		      "would lose what came after; restore it (rccctl restore)";
	else if (code == KV_EMPTY_FILE)
		why =
		    "its file data.mdb is empty, which no store is: restore it "
		    "(rccctl restore), or remove the file where nothing was ever in it";
	else if (code == MDB_NOTFOUND)
		why = "a table is missing: it is not a store of this system";
	snprintf(problem, size, "The store %s cannot be opened: %s.", o->path, why);
	return kv_err_of(code);
}

static int
open_env(struct kv *kv, const struct kv_options *o, uint64_t map_bytes)
{
	unsigned flags = MDB_NOTLS;
	int code;

	if (o->read_only)
		flags |= MDB_RDONLY;
	if (o->no_sync)
		flags |= MDB_NOSYNC;
	code = mdb_env_create(&kv->env);
	if (code != 0)
		return code;
	code = mdb_env_set_maxdbs(kv->env, (MDB_dbi)o->tables_n);
	if (code == 0)
		code = mdb_env_set_mapsize(kv->env, map_bytes);
	if (code == 0 && !o->read_only)
		code = kv_write_lock_file(o->path);
	if (code == 0)
		code = mdb_env_open(kv->env, o->path, flags, 0600);
	if (code != 0) { /* an environment that did not open can only be closed */
		mdb_env_close(kv->env);
		kv->env = NULL;
	}
	return code;
}

/* Where so much address space is refused, with less: LMDB needs only enough. */
static int
open_env_somehow(struct kv *kv, const struct kv_options *o)
{
	uint64_t map_bytes = o->map_bytes != 0 ? o->map_bytes : MAP_BYTES;
	int code = open_env(kv, o, map_bytes);

	while (code == ENOMEM && map_bytes / 4 >= MAP_BYTES_LEAST) {
		map_bytes /= 4;
		code = open_env(kv, o, map_bytes);
		if (code == 0)
			log_line(LOG_LEVEL_WARN, "store.map_is_smaller", "why",
			    "the machine refused more address space", "bytes",
			    log_number((int64_t)map_bytes), NULL);
	}
	return code;
}

/* The row that every commit leaves; see kv_is_latest. */
static int
stamp(struct kv *kv, MDB_txn *handle)
{
	uint8_t row[8 + KV_DIGEST_BYTES];
	MDB_val key = kv_val_of(bytes_of_text(KV_COMMIT_KEY));
	MDB_val value = {sizeof row, row};
	uint64_t number = mdb_txn_id(handle), before;
	int code = kv_read_root(kv, (number - 1) % 2, &before, row + 8);

	bytes_put_u64(row, number);
	if (code == 0)
		code = mdb_put(handle, kv->root, &key, &value, 0);
	return code;
}

/* Whoever wrote on from an older state would make the loss of what followed final. */
static int
check_latest(struct kv *kv, MDB_txn *handle)
{
	struct kv_txn txn = {.kv = kv, .handle = handle, .is_write = true};

	if (mdb_txn_id(handle) == 1) /* nothing was ever committed */
		return 0;
	if (kv_is_latest(&txn))
		return 0;
	return txn.err == ERR_NONE ? MDB_CORRUPTED : EIO;
}

/* All our tables are ordered by key and nothing else. Under another order, which is one
 * damaged bit, what is there is not found. */
static int
open_table(MDB_txn *handle, const char *name, unsigned flags, MDB_dbi *out)
{
	unsigned order = 0;
	int code = mdb_dbi_open(handle, name, flags, out);

	if (code == 0)
		code = mdb_dbi_flags(handle, *out, &order);
	return code == 0 && order != 0 ? MDB_INVALID : code;
}

static int
open_tables_in(struct kv *kv, const struct kv_options *o, MDB_txn *handle)
{
	bool is_new = false;
	int code = open_table(handle, NULL, 0, &kv->root);

	if (code == 0 && !o->read_only)
		code = check_latest(kv, handle);

	for (size_t i = 0; i < o->tables_n && code == 0; i++) {
		assert(strlen(o->tables[i]) < KV_NAME_BYTES);
		assert(!str_equal(o->tables[i], KV_COMMIT_KEY));
		snprintf(kv->names[i], KV_NAME_BYTES, "%s", o->tables[i]);
		if (str_equal(o->tables[i], KV_ROOT_TABLE)) {
			kv->tables[i] = kv->root;
			continue;
		}
		code = open_table(handle, o->tables[i], 0, &kv->tables[i]);
		if (code == MDB_NOTFOUND && !o->read_only) {
			is_new = true;
			code = open_table(
			    handle, o->tables[i], MDB_CREATE, &kv->tables[i]);
		}
	}
	if (code == 0 && is_new)
		code = stamp(kv, handle);
	return code;
}

static int
open_tables(struct kv *kv, const struct kv_options *o)
{
	MDB_txn *handle;
	int code = mdb_txn_begin(kv->env, NULL, o->read_only ? MDB_RDONLY : 0, &handle);

	if (code != 0)
		return code;
	code = open_tables_in(kv, o, handle);
	if (code != 0) {
		mdb_txn_abort(handle);
		return code;
	}
	return mdb_txn_commit(handle); /* also for reading: it keeps the tables open */
}

static int
open_all(struct kv *kv, const struct kv_options *o)
{
	MDB_envinfo info;
	MDB_stat stat;
	int code, dead;

	if (!o->read_only && mkdir(o->path, 0700) != 0 && errno != EEXIST)
		return errno;
	if (!o->read_only && !o->no_sync) {
		code = kv_make_file(o->path);
		if (code != 0)
			return code;
	}
	code = open_env_somehow(kv, o);
	if (code == 0 && !o->read_only && !o->no_sync)
		code = kv_make_lasting(kv, o->path);
	if (code == 0)
		code = mdb_env_stat(kv->env, &stat);
	if (code != 0)
		return code;
	kv->page_bytes = stat.ms_psize;
	code = mdb_reader_check(kv->env, &dead);
	if (code == 0)
		code = open_tables(kv, o);
	if (code == 0 && !o->read_only)
		code = kv_read_what_is_cut(kv);
	if (code == 0)
		code = mdb_env_info(kv->env, &info);
	if (code == 0)
		kv->map_bytes = info.me_mapsize;
	return code;
}

enum err
kv_open(struct kv **out, const struct kv_options *o, char *problem, size_t problem_size)
{
	struct kv *kv;
	int code;

	assert(o->tables_n > 0 && o->tables_n <= KV_TABLES_MAX);
	kv = calloc(1, sizeof *kv);
	if (kv == NULL)
		return explain(o, ENOMEM, problem, problem_size);
	kv->tables_n = o->tables_n;
	kv->room_bytes = o->room_bytes;
	kv->is_read_only = o->read_only;
	kv->is_synced = !o->no_sync;
	code = open_all(kv, o);
	if (code != 0) {
		kv_close(kv);
		return explain(o, code, problem, problem_size);
	}
	*out = kv;
	return ERR_NONE;
}

void
kv_close(struct kv *kv)
{
	if (kv == NULL)
		return;
	if (kv->reader != NULL)
		mdb_txn_abort(kv->reader);
	if (kv->env != NULL)
		mdb_env_close(kv->env);
	free(kv);
}

const char *
kv_table_name(const struct kv *kv, unsigned table)
{
	assert(table < kv->tables_n);
	return kv->names[table];
}

const char *
kv_path(const struct kv *kv)
{
	const char *path = NULL;

	return mdb_env_get_path(kv->env, &path) == 0 ? path : "";
}

/* ---- transactions ---- */

static int
begin_read(struct kv *kv, MDB_txn **out)
{
	int code, dead;

	if (kv->reader != NULL) {
		*out = kv->reader;
		kv->reader = NULL;
		code = mdb_txn_renew(*out);
		if (code == 0)
			return 0;
		mdb_txn_abort(*out);
	}
	code = mdb_txn_begin(kv->env, NULL, MDB_RDONLY, out);
	if (code == MDB_READERS_FULL && mdb_reader_check(kv->env, &dead) == 0)
		code = mdb_txn_begin(kv->env, NULL, MDB_RDONLY, out);
	return code;
}

void
kv_begin(struct kv *kv, struct kv_txn *txn, bool write)
{
	MDB_txn *handle = NULL;
	int code;

	assert(!write || !kv->is_read_only);
	*txn = (struct kv_txn){.kv = kv, .is_write = write};
	code =
	    write ? mdb_txn_begin(kv->env, NULL, 0, &handle) : begin_read(kv, &handle);
	if (code != 0)
		kv_fail_with(txn, code, "begin");
	else
		txn->handle = handle;
}

void
kv_abort(struct kv_txn *txn)
{
	MDB_txn *handle = txn->handle;

	if (handle == NULL)
		return;
	txn->handle = NULL;
	if (txn->is_write || txn->err != ERR_NONE || txn->kv->reader != NULL) {
		mdb_txn_abort(handle);
	} else {
		mdb_txn_reset(handle);
		txn->kv->reader = handle;
	}
}

enum err
kv_end(struct kv_txn *txn)
{
	uint8_t root[KV_ROOT_BYTES];
	unsigned which;
	int code;

	if (txn->handle == NULL || txn->err != ERR_NONE || !txn->is_dirty) {
		kv_abort(txn);
		return txn->err;
	}
	code = stamp(txn->kv, txn->handle);
	if (code != 0) {
		kv_fail_with(txn, code, "stamp");
		kv_abort(txn);
		return txn->err;
	}
	which = mdb_txn_id(txn->handle) % 2;
	kv_keep_root(txn->kv, which, root);
	code = mdb_txn_commit(txn->handle);
	txn->handle = NULL;
	if (code != 0) {
		kv_fail_with(txn, code, "commit");
		kv_put_back_root(txn->kv, which, root);
	}
	return txn->err;
}
