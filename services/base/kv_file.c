#include "base/kv_lmdb.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#define KV_PATH_BYTES 4096
/* What LMDB makes it for its 126 readers: it takes as many as the file has room for. */
#define LOCK_FILE_BYTES 8192
#define ZEROS_BYTES (64u << 10)
#define STEP_BYTES (1u << 20)
/* In a root page of LMDB 0.9. */
#define ROOT_TRANSACTION 144

/* Bytes up to the end of the last page that was ever used, and of the file. */
static int
measure(struct kv *kv, uint64_t *used, uint64_t *size, int *fd)
{
	MDB_envinfo info;
	struct stat stat;
	int code = mdb_env_info(kv->env, &info);

	if (code == 0)
		code = mdb_env_get_fd(kv->env, fd);
	if (code == 0 && fstat(*fd, &stat) != 0)
		code = errno;
	if (code != 0)
		return code;
	*used = (info.me_last_pgno + 1) * kv->page_bytes;
	*size = (uint64_t)stat.st_size;
	return 0;
}

/* Zeros from `at` up to `end`, where there is nothing yet. */
static int
write_zeros(int fd, uint64_t at, uint64_t end)
{
	static const uint8_t zeros[ZEROS_BYTES];
	struct iovec parts[STEP_BYTES / ZEROS_BYTES];
	ssize_t written;
	int n;

	while (at < end) {
		uint64_t left = end - at;

		for (n = 0; n < (int)(STEP_BYTES / ZEROS_BYTES) && left > 0; n++) {
			parts[n].iov_base = (void *)(uintptr_t)zeros;
			parts[n].iov_len = left < ZEROS_BYTES ? left : ZEROS_BYTES;
			left -= parts[n].iov_len;
		}
		written = pwritev(fd, parts, n, (off_t)at);
		if (written < 0 && errno != EINTR)
			return errno;
		if (written > 0)
			at += (uint64_t)written;
	}
	return 0;
}

int
kv_write_lock_file(const char *path)
{
	char name[KV_PATH_BYTES];
	struct stat stat;
	int fd, code = 0;

	if (snprintf(name, sizeof name, "%s/lock.mdb", path) >= (int)sizeof name)
		return ENAMETOOLONG;
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fstat(fd, &stat) != 0)
		code = errno;
	else if (stat.st_size < LOCK_FILE_BYTES)
		code = write_zeros(fd, (uint64_t)stat.st_size, LOCK_FILE_BYTES);
	if (fd >= 0)
		close(fd);
	return code;
}

/* ---- a store that is new, or was left by a process that was killed ---- */

/* What was made or renamed in the folder is there to stay. */
static int
sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code = fd < 0 || fsync(fd) != 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return code;
}

static int
make_env(const char *file)
{
	MDB_env *env;
	int code = mdb_env_create(&env);

	if (code != 0)
		return code;
	code = mdb_env_open(env, file, MDB_NOSUBDIR | MDB_NOLOCK, 0600);
	if (code == 0)
		code = mdb_env_sync(env, 1);
	mdb_env_close(env);
	return code;
}

/*
 * LMDB writes the first root pages of a new file without a flush: after a power cut
 * half of them may be there, and that is no store. So the file is made under another
 * name, and has its own only once it is whole and on the disk. One process at a time:
 * its caller has the folder locked.
 */
int
kv_make_file(const char *path)
{
	char file[KV_PATH_BYTES], made[KV_PATH_BYTES];
	struct stat stat_of;
	int code;

	if (snprintf(file, sizeof file, "%s/data.mdb", path) >= (int)sizeof file ||
	    snprintf(made, sizeof made, "%s/data.mdb.new", path) >= (int)sizeof made)
		return ENAMETOOLONG;
	if (stat(file, &stat_of) == 0)
		return stat_of.st_size > 0 ? 0 : KV_EMPTY_FILE;
	if (errno != ENOENT) /* a disk that fails: what is there is not replaced */
		return errno;
	if (unlink(made) != 0 && errno != ENOENT)
		return errno;
	code = make_env(made);
	if (code == 0 && rename(made, file) != 0)
		code = errno;
	if (code != 0)
		(void)unlink(made);
	return code;
}

/*
 * What is read may be the last word of a process that was killed before its flush:
 * nobody may hear of it before it is sure to last. So with the file's place in its
 * folder, and the folder's in the one above, unless that one is closed to us: then we
 * made nothing in it.
 */
int
kv_make_lasting(struct kv *kv, const char *path)
{
	char above[KV_PATH_BYTES];
	int code = mdb_env_sync(kv->env, 1);

	if (code == 0)
		code = sync_folder(path);
	if (code == 0 &&
	    snprintf(above, sizeof above, "%s/..", path) >= (int)sizeof above)
		code = ENAMETOOLONG;
	if (code != 0)
		return code;
	code = sync_folder(above);
	return code == EACCES ? 0 : code;
}

/* ---- a file that was cut short ---- */

/* Touches every page that table has. */
static int
read_table(MDB_txn *handle, MDB_dbi table)
{
	volatile uint8_t last = 0; /* so that the compiler leaves the reading in */
	MDB_val key, value;
	MDB_cursor *cursor;
	int code = mdb_cursor_open(handle, table, &cursor);

	if (code != 0)
		return code;
	while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		const uint8_t *data = value.mv_data;

		if (value.mv_size > 0)
			last = data[value.mv_size - 1];
	}
	(void)last;
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? 0 : code;
}

int
kv_read_what_is_cut(struct kv *kv)
{
	uint64_t used, size;
	MDB_txn *handle;
	int fd, code = measure(kv, &used, &size, &fd);

	if (code != 0 || size >= used)
		return code;
	code = mdb_txn_begin(kv->env, NULL, 0, &handle);
	if (code != 0)
		return code;
	code = read_table(handle, 0); /* of free pages: LMDB's own */
	for (size_t i = 0; i < kv->tables_n && code == 0; i++)
		code = read_table(handle, kv->tables[i]);
	mdb_txn_abort(handle);
	return code;
}

/* ---- room ---- */

enum err
kv_keep_room(struct kv *kv)
{
	uint64_t used, size, wanted, at, step_bytes;
	int fd, code, dead;

	if (kv->room_bytes == 0 || kv->is_read_only)
		return ERR_NONE;
	code = measure(kv, &used, &size, &fd);
	if (code != 0)
		return kv_err_of(code);
	/* LMDB writes below `used` only; what is in the file is never touched. */
	at = size > used ? size : used;
	wanted = used + kv->room_bytes;
	if (wanted > kv->map_bytes)
		wanted = kv->map_bytes;
	step_bytes = kv->room_bytes < STEP_BYTES ? kv->room_bytes : STEP_BYTES;
	if (at + step_bytes > wanted)
		return ERR_NONE;
	/* A reader that was killed holds old pages: what one sees of it is growth. */
	code = mdb_reader_check(kv->env, &dead);
	if (code == 0)
		code = write_zeros(fd, at, wanted);
	/* The first filling is paid for here, not by the first commit after it. */
	if (code == 0 && kv->is_synced && wanted - at > STEP_BYTES &&
	    fdatasync(fd) != 0)
		code = errno;
	return kv_err_of(code);
}

unsigned
kv_used_percent(struct kv *kv)
{
	uint64_t used, size, left;
	struct statvfs disk;
	int fd;

	if (measure(kv, &used, &size, &fd) != 0 || fstatvfs(fd, &disk) != 0)
		return 100; /* a disk that does not answer has no room */
	left = size > used ? size - used : 0;
	if (disk.f_blocks == 0) /* a file system in memory without a limit */
		left = kv->map_bytes;
	else
		left += (uint64_t)disk.f_bavail * disk.f_frsize;
	if (used >= kv->map_bytes)
		return 100;
	if (left > kv->map_bytes - used)
		left = kv->map_bytes - used;
	return (unsigned)(used * 100 / (used + left));
}

enum err
kv_copy(struct kv *kv, int fd)
{
	return kv_err_of(mdb_env_copyfd2(kv->env, fd, 0)); /* as it is: not compacted */
}

int
kv_read_root(struct kv *kv, unsigned which, uint64_t *transaction,
    uint8_t digest[KV_DIGEST_BYTES])
{
	uint8_t page[KV_ROOT_BYTES];
	int fd, code = mdb_env_get_fd(kv->env, &fd);

	if (code != 0)
		return code;
	if (pread(fd, page, sizeof page, (off_t)(which * kv->page_bytes)) !=
	    (ssize_t)sizeof page)
		return EIO;
	memcpy(transaction, page + ROOT_TRANSACTION, sizeof *transaction);
	crypto_generichash(digest, KV_DIGEST_BYTES, page, sizeof page, NULL, 0);
	return 0;
}

void
kv_keep_root(struct kv *kv, unsigned which, uint8_t page[KV_ROOT_BYTES])
{
	int fd;

	if (mdb_env_get_fd(kv->env, &fd) != 0 ||
	    pread(fd, page, KV_ROOT_BYTES, (off_t)(which * kv->page_bytes)) !=
		KV_ROOT_BYTES)
		memset(page, 0, KV_ROOT_BYTES);
}

/*
 * LMDB, where it cannot write a root page, puts the old number back into what it wrote,
 * and leaves the rest as the commit that failed would have had it. It never counts, but
 * it is not the page that the commit before came after. So all of it is put back.
 */
void
kv_put_back_root(struct kv *kv, unsigned which, const uint8_t page[KV_ROOT_BYTES])
{
	uint8_t digest[KV_DIGEST_BYTES];
	uint64_t number, was;
	int fd;

	memcpy(&was, page + ROOT_TRANSACTION, sizeof was);
	if (kv_read_root(kv, which, &number, digest) != 0 || number != was ||
	    mdb_env_get_fd(kv->env, &fd) != 0 ||
	    pwrite(fd, page, KV_ROOT_BYTES, (off_t)(which * kv->page_bytes)) !=
		KV_ROOT_BYTES ||
	    fdatasync(fd) != 0)
		log_line(LOG_LEVEL_WARN, "store.root_left", NULL);
}

/*
 * LMDB's two root pages, at the start of the file, are those of the last two commits,
 * the even one first, and the higher number counts. One damaged byte there can make
 * the last but one count, or tables that are older than their root: whole, and wrong.
 * So the row that the last commit left must bear the number it is read under, and
 * the other root must be the one that commit came after, to the byte. (Or the next
 * one, where a writer has gone on since we began to read.)
 */
bool
kv_is_latest(struct kv_txn *txn)
{
	MDB_val key = kv_val_of(bytes_of_text(KV_COMMIT_KEY)), row;
	uint8_t digest[KV_DIGEST_BYTES];
	uint64_t number, other;
	int code;

	if (txn->err != ERR_NONE)
		return false;
	number = mdb_txn_id(txn->handle) - (txn->is_write ? 1 : 0);
	code = mdb_get(txn->handle, txn->kv->root, &key, &row);
	if (code == 0)
		code = kv_read_root(txn->kv, (number + 1) % 2, &other, digest);
	if (code != 0 && code != MDB_NOTFOUND)
		kv_fail_with(txn, code, "latest");
	if (code != 0 || row.mv_size != 8 + KV_DIGEST_BYTES)
		return false;
	if (bytes_get_u64(row.mv_data) != number)
		return false;
	return other > number ||
	       memcmp(digest, (const uint8_t *)row.mv_data + 8, KV_DIGEST_BYTES) == 0;
}
