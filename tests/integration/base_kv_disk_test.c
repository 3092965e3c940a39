/* What the machine does to a store: full disks, refused memory, killed processes. */
#include "base/kv.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/sanitized.h"
#include "support/folder.h"

#define READERS 126 /* LMDB's own limit */
#define ROW_BYTES 2000
#define ROOT_BYTES 152 /* what a root page holds */
#define ROOT_TRANSACTION 144
#define COMMITS 3
#define REFUSED 255 /* left with by a child that was told so */

static const char *const tables[] = {"rows"};

struct here {
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	struct kv_options options;
	char problem[256];
};

static int
make(void **state)
{
	struct here *h = calloc(1, sizeof *h);

	assert_non_null(h);
	folder_make(h->folder);
	folder_file(h->path, h->folder, "store");
	h->options =
	    (struct kv_options){.path = h->path, .tables = tables, .tables_n = 1};
	*state = h;
	return 0;
}

static int
clear(void **state)
{
	struct here *h = *state;

	folder_remove(h->folder);
	free(h);
	return 0;
}

static struct kv *
opened(struct here *h)
{
	struct kv *kv = NULL;

	assert_int_equal(
	    kv_open(&kv, &h->options, h->problem, sizeof h->problem), ERR_NONE);
	return kv;
}

static enum err
write_row(struct kv *kv, uint32_t i)
{
	uint8_t key[4], row[ROW_BYTES];
	struct kv_txn txn;

	bytes_put_u32(key, i);
	memset(row, (int)(i % 251), sizeof row);
	kv_begin(kv, &txn, true);
	kv_put(
	    &txn, 0, (struct bytes){key, sizeof key}, (struct bytes){row, sizeof row});
	return kv_end(&txn);
}

static void
assert_rows(struct kv *kv, uint32_t n)
{
	struct kv_txn txn;
	struct kv_walk w;
	uint32_t i = 0;

	kv_begin(kv, &txn, false);
	for (kv_walk(&txn, &w, 0, BYTES_NONE, BYTES_NONE); kv_next(&w); i++) {
		assert_int_equal(bytes_get_u32(w.key.data), i);
		assert_int_equal(w.value.len, ROW_BYTES);
		assert_int_equal(w.value.data[ROW_BYTES - 1], i % 251);
	}
	assert_int_equal(i, n);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

/* Fills the disk that `folder` is on to the last byte. */
static void
fill_disk(const char *folder)
{
	static const char block[4096];
	char file[FOLDER_PATH_MAX];
	int fd;

	folder_file(file, folder, "ballast");
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, block, sizeof block) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(close(fd), 0);
}

static void
kept_room_serves_when_the_disk_is_full(void **state)
{
	struct here *h = *state;
	uint32_t n = 0;
	struct kv *kv;
	enum err e;

	if (unshare(CLONE_NEWNS) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", h->folder, "tmpfs", 0, "size=8m") != 0)
		skip(); /* only an administrator may; the limit below tells the same */
	h->options.room_bytes = 2 << 20;
	kv = opened(h);
	assert_int_equal(kv_keep_room(kv), ERR_NONE);
	assert_in_range(kv_used_percent(kv), 0, 1);
	fill_disk(h->folder);
	for (; kv_keep_room(kv) == ERR_NONE && n < 1000; n++)
		assert_int_equal(write_row(kv, n), ERR_NONE);
	assert_in_range(n, 200, 300); /* a step was used and there is none to be had */
	assert_in_range(kv_used_percent(kv), 40, 99);
	while ((e = write_row(kv, n)) == ERR_NONE)
		n++;
	assert_true(e == ERR_FULL || e == ERR_STORAGE);
	assert_in_range(kv_used_percent(kv), 95, 100);
	assert_in_range(n, 450, 600); /* half-full pages of 4 KiB, in 2 MiB */
	assert_rows(kv, n);
	kv_close(kv);
	kv = opened(h);
	assert_rows(kv, n);
	kv_close(kv);
	assert_int_equal(umount(h->folder), 0);
}

/* Runs it in a child, which fails by dying: what it limits does not come back. */
static void
in_a_child(struct here *h, void (*test)(struct here *h))
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		test(h);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
demand(bool is_so, int line)
{
	if (!is_so)
		_exit(line % 256);
}
#define DEMAND(claim) demand(claim, __LINE__)

static void
grow_beyond_the_limit(struct here *h)
{
	struct rlimit limit = {1 << 20, 1 << 20};
	struct kv *kv;
	uint32_t n;

	h->options.room_bytes = 2 << 20;
	DEMAND(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	DEMAND(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	DEMAND(kv_open(&kv, &h->options, h->problem, sizeof h->problem) == ERR_NONE);
	DEMAND(kv_keep_room(kv) == ERR_FULL);
	for (n = 0; n < 100; n++)
		DEMAND(write_row(kv, n) == ERR_NONE);
	DEMAND(kv_keep_room(kv) == ERR_FULL);
	kv_close(kv);
}

static void
without_room_it_still_serves(void **state)
{
	struct here *h = *state;
	char file[FOLDER_PATH_MAX];
	struct stat stat_;
	struct kv *kv;

	in_a_child(h, grow_beyond_the_limit);
	folder_file(file, h->path, "data.mdb");
	assert_int_equal(stat(file, &stat_), 0);
	assert_int_equal(stat_.st_size, 1 << 20); /* what could be had was taken */
	kv = opened(h);
	assert_rows(kv, 100);
	kv_close(kv);
}

static void
open_in_little_space(struct here *h)
{
	struct rlimit limit = {8ul << 30, 8ul << 30};
	struct kv *kv = NULL;

	DEMAND(setrlimit(RLIMIT_AS, &limit) == 0);
	DEMAND(kv_open(&kv, &h->options, h->problem, sizeof h->problem) == ERR_NONE);
	DEMAND(write_row(kv, 0) == ERR_NONE);
	kv_close(kv);
	limit.rlim_cur = 512ul << 20;
	DEMAND(setrlimit(RLIMIT_AS, &limit) == 0);
	DEMAND(kv_open(&kv, &h->options, h->problem, sizeof h->problem) == ERR_MEMORY);
	DEMAND(strstr(h->problem, "address space") != NULL);
}

static void
less_address_space_is_enough(void **state)
{
	if (IS_SANITIZED)
		skip(); /* it needs terabytes of address space itself */
	in_a_child(*state, open_in_little_space);
}

/* Takes every place that LMDB has for readers, says so, and waits to be killed. */
static void
read_on(struct here *h, int told)
{
	static struct kv_txn txns[READERS];
	struct kv *kv;

	if (kv_open(&kv, &h->options, h->problem, sizeof h->problem) != ERR_NONE)
		_exit(1);
	for (size_t i = 0; i < READERS; i++)
		kv_begin(kv, &txns[i], false);
	if (txns[READERS - 1].err != ERR_NONE || write(told, "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void
places_of_killed_readers_are_taken_back(void **state)
{
	struct here *h = *state;
	struct kv_txn txn;
	int pipe_[2], status;
	pid_t child;
	struct kv *kv;
	char byte;

	assert_int_equal(pipe2(pipe_, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		read_on(h, pipe_[1]);
	assert_int_equal(close(pipe_[1]), 0);
	assert_int_equal(read(pipe_[0], &byte, 1), 1);
	assert_int_equal(close(pipe_[0]), 0);
	kv = opened(h);
	kv_begin(kv, &txn, false);
	assert_int_equal(kv_end(&txn), ERR_BUSY);
	assert_int_equal(write_row(kv, 0), ERR_NONE); /* writing needs no place */
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_rows(kv, 1);
	kv_close(kv);
}

/* Writes and tells how far it came, until it is killed. */
static void
write_on(struct here *h, int told)
{
	struct kv *kv;

	if (kv_open(&kv, &h->options, h->problem, sizeof h->problem) != ERR_NONE)
		_exit(1);
	for (uint32_t i = 0;; i++)
		if (write_row(kv, i) != ERR_NONE || write(told, &i, sizeof i) < 0)
			_exit(1);
}

static void
what_a_killed_writer_committed_is_there(void **state)
{
	struct here *h = *state;
	int pipe_[2], status;
	uint32_t last = 0, n = 0;
	struct kv_txn txn;
	struct kv *kv;
	pid_t child;

	assert_int_equal(pipe2(pipe_, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		write_on(h, pipe_[1]);
	assert_int_equal(close(pipe_[1]), 0);
	while (last < 200)
		assert_int_equal(read(pipe_[0], &last, sizeof last), sizeof last);
	assert_int_equal(kill(child, SIGKILL), 0);
	while (read(pipe_[0], &last, sizeof last) == (ssize_t)sizeof last)
		;
	assert_int_equal(close(pipe_[0]), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	kv = opened(h);
	kv_begin(kv, &txn, false);
	n = (uint32_t)kv_count(&txn, 0);
	assert_true(kv_is_latest(&txn));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	assert_in_range(n, last + 1, last + 2); /* the last may not have been told */
	assert_rows(kv, n);
	assert_int_equal(write_row(kv, n), ERR_NONE);
	kv_close(kv);
}

/* A first start cut short: the file that was being made. */
static void
what_a_cut_left_of_a_first_start_is_begun_anew(void **state)
{
	struct here *h = *state;
	char half[FOLDER_PATH_MAX];
	uint8_t torn[4096] = {0xde, 0xc0, 0xef, 0xbe};
	struct stat stat_of;
	struct kv *kv;

	assert_int_equal(mkdir(h->path, 0700), 0);
	folder_file(half, h->path, "data.mdb.new");
	folder_write(half, torn, sizeof torn);
	kv = opened(h);
	assert_int_equal(write_row(kv, 0), ERR_NONE);
	assert_rows(kv, 1);
	kv_close(kv);
	assert_int_equal(stat(half, &stat_of), -1);
	kv = opened(h);
	assert_rows(kv, 1);
	kv_close(kv);
}

/* A file of which the disk does not even say what it is: perhaps the whole store. */
static void
what_cannot_be_looked_at_is_not_replaced(void **state)
{
	struct here *h = *state;
	char file[FOLDER_PATH_MAX];
	struct stat stat_of;
	struct kv *kv;

	assert_int_equal(mkdir(h->path, 0700), 0);
	folder_file(file, h->path, "data.mdb");
	assert_int_equal(symlink("data.mdb", file), 0); /* it leads to itself: ELOOP */
	assert_int_equal(
	    kv_open(&kv, &h->options, h->problem, sizeof h->problem), ERR_STORAGE);
	assert_int_equal(lstat(file, &stat_of), 0);
	assert_true(S_ISLNK(stat_of.st_mode));
	assert_int_equal(unlink(file), 0);
}

static void
flip(const char *path, off_t at, uint8_t bits)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= bits;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	assert_int_equal(close(fd), 0);
}

/* Refused, with a sentence that names it; or all that was committed is there. */
static void
open_what_was_flipped(struct here *h)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	const struct rlimit none = {0, 0};
	struct kv_txn txn;
	struct kv *kv;
	uint64_t n;
	enum err e;

	for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
		DEMAND(signal(deadly[i], SIG_DFL) != SIG_ERR);
	DEMAND(setrlimit(RLIMIT_CORE, &none) == 0);
	DEMAND(dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO) >= 0);
	(void)alarm(10);
	e = kv_open(&kv, &h->options, h->problem, sizeof h->problem);
	if (e != ERR_NONE) {
		DEMAND(strstr(h->problem, h->path) != NULL);
		_exit(REFUSED);
	}
	kv_begin(kv, &txn, false);
	n = kv_count(&txn, 0);
	if (kv_end(&txn) != ERR_NONE)
		_exit(REFUSED);
	DEMAND(n == COMMITS);
	_exit(0);
}

/* One damaged byte in a root page can make the last commit but one look current. */
static void
an_older_state_is_not_gone_on_from(void **state)
{
	struct here *h = *state;
	char file[FOLDER_PATH_MAX];
	unsigned refused = 0;
	struct kv *kv = opened(h);

	for (uint32_t i = 0; i < COMMITS; i++)
		assert_int_equal(write_row(kv, i), ERR_NONE);
	kv_close(kv);
	folder_file(file, h->path, "data.mdb");
	for (off_t i = 0; i < (off_t)2 * ROOT_BYTES * 8; i++) {
		off_t at = i / 8 / ROOT_BYTES * 4096 + i / 8 % ROOT_BYTES;
		int status;
		pid_t child;

		/* Of what is not the commit's number one bit a byte. */
		if (at % 4096 < ROOT_TRANSACTION && i % 8 != at % 8)
			continue;
		flip(file, at, (uint8_t)(1u << i % 8));
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			open_what_was_flipped(h);
		assert_int_equal(waitpid(child, &status, 0), child);
		flip(file, at, (uint8_t)(1u << i % 8));
		/* LMDB may crash on it; an answer from it must be right. */
		if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
			assert_int_equal(WEXITSTATUS(status), REFUSED);
		refused += WIFEXITED(status) && WEXITSTATUS(status) == REFUSED;
	}
	assert_in_range(refused, 64, 2 * ROOT_BYTES * 8);
	kv = opened(h);
	assert_rows(kv, COMMITS);
	kv_close(kv);
}

static void
an_empty_file_is_no_new_store(void **state)
{
	struct here *h = *state;
	char file[FOLDER_PATH_MAX];
	struct kv *kv = opened(h);

	assert_int_equal(write_row(kv, 0), ERR_NONE);
	kv_close(kv);
	folder_file(file, h->path, "data.mdb");
	assert_int_equal(truncate(file, 0), 0);
	assert_int_equal(
	    kv_open(&kv, &h->options, h->problem, sizeof h->problem), ERR_CORRUPT);
	assert_non_null(strstr(h->problem, "data.mdb is empty"));
	assert_non_null(strstr(h->problem, h->path));
	assert_int_equal(unlink(file), 0); /* as the sentence says */
	kv = opened(h);
	assert_rows(kv, 0);
	kv_close(kv);
}

static void
fail_to_make_it(struct here *h)
{
	struct rlimit limit = {8192, 8192}, none = {RLIM_INFINITY, RLIM_INFINITY};
	char file[FOLDER_PATH_MAX];
	struct stat stat_;
	struct kv *kv;

	DEMAND(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	DEMAND(getrlimit(RLIMIT_FSIZE, &none) == 0);
	limit.rlim_max = none.rlim_max;
	limit.rlim_cur =
	    8191; /* less than two root pages; the lock file has its 8192 */
	folder_file(file, h->path, "lock.mdb");
	DEMAND(mkdir(h->path, 0700) == 0);
	DEMAND(close(open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) == 0);
	DEMAND(truncate(file, 8192) == 0);
	DEMAND(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	DEMAND(kv_open(&kv, &h->options, h->problem, sizeof h->problem) != ERR_NONE);
	folder_file(file, h->path, "data.mdb");
	DEMAND(stat(file, &stat_) != 0);
	DEMAND(setrlimit(RLIMIT_FSIZE, &none) == 0);
	DEMAND(kv_open(&kv, &h->options, h->problem, sizeof h->problem) == ERR_NONE);
	kv_close(kv);
}

static void
what_could_not_be_made_is_made_later(void **state)
{
	in_a_child(*state, fail_to_make_it);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(kept_room_serves_when_the_disk_is_full),
	    TEST(without_room_it_still_serves),
	    TEST(less_address_space_is_enough),
	    TEST(places_of_killed_readers_are_taken_back),
	    TEST(what_a_killed_writer_committed_is_there),
	    TEST(what_a_cut_left_of_a_first_start_is_begun_anew),
	    TEST(what_cannot_be_looked_at_is_not_replaced),
	    TEST(an_older_state_is_not_gone_on_from),
	    TEST(an_empty_file_is_no_new_store),
	    TEST(what_could_not_be_made_is_made_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
