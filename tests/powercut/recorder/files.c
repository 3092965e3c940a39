/* What is opened, written and flushed. */
#include "powercut/recorder/recorder.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static uint32_t handles;

typedef int openat_function(int, const char *, int, ...);
typedef int close_function(int);
typedef int sync_function(int);
typedef int size_function(int, off_t);
typedef int fallocate_function(int, int, off_t, off_t);
typedef int posix_fallocate_function(int, off_t, off_t);
typedef ssize_t pwrite_function(int, const void *, size_t, off_t);
typedef ssize_t write_function(int, const void *, size_t);
typedef ssize_t pwritev_function(int, const struct iovec *, int, off_t);
typedef void *mmap_function(void *, size_t, int, int, int, off_t);

/* ---- opening ---- */

/* A file that was there before this process: as it was found. */
static void
say_found(int fd)
{
	static const uint8_t zeros[RECORD_PAGE_BYTES];
	uint8_t page[RECORD_PAGE_BYTES];
	struct stat stat;
	ssize_t n;

	if (fstat(fd, &stat) != 0)
		recorder_give_up("fstat");
	recorder_say(
	    RECORD_FOUND, recorder_files[fd].handle, (uint64_t)stat.st_size, NULL, 0);
	for (off_t at = 0; at < stat.st_size; at += (off_t)sizeof page) {
		n = pread(fd, page, sizeof page, at);
		if (n > 0 && memcmp(page, zeros, (size_t)n) != 0)
			recorder_say(RECORD_FOUND_PAGE, recorder_files[fd].handle,
			    (uint64_t)at, page, (size_t)n);
	}
}

static void
note_open(int fd, const char *path, int flags, bool is_new)
{
	struct stat stat;
	bool is_folder = fstat(fd, &stat) == 0 && S_ISDIR(stat.st_mode);

	if (fd >= RECORDER_FDS_MAX)
		recorder_give_up("too many files are open");
	recorder_files[fd] = (struct open_file){.handle = ++handles,
	    .is_durable = (flags & O_DSYNC) != 0,
	    .is_folder = is_folder};
	snprintf(recorder_files[fd].path, sizeof recorder_files[fd].path, "%s", path);
	if (is_folder)
		return;
	recorder_say_path(RECORD_OPENED, handles, is_new ? RECORD_NEW : 0, path);
	if ((flags & O_TRUNC) != 0)
		recorder_say(RECORD_SIZED, handles, 0, NULL, 0);
	else if (!is_new && (flags & O_ACCMODE) != O_RDONLY &&
		 !recorder_files[fd].is_durable)
		say_found(fd);
}

static int
open_at(int dir, const char *path, int flags, mode_t mode)
{
	REAL("openat", openat_function)
	char whole[PATH_MAX];
	const char *name = recorder_within_at(dir, path, whole);
	struct stat stat;
	bool is_new = name != NULL && lstat(path, &stat) != 0;
	int fd = real(dir, path, flags, mode);

	if (fd >= 0 && fd < RECORDER_FDS_MAX)
		recorder_files[fd].handle = 0;
	if (fd >= 0 && name != NULL)
		note_open(fd, name, flags, is_new);
	return fd;
}

#define OPEN_LIKE(name)                                                                \
	int name(const char *path, int flags, ...);                                    \
	int name(const char *path, int flags, ...)                                     \
	{                                                                              \
		va_list args;                                                          \
		mode_t mode;                                                           \
		va_start(args, flags);                                                 \
		mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;              \
		va_end(args);                                                          \
		return open_at(AT_FDCWD, path, flags, mode);                           \
	}
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define OPENAT_LIKE(name)                                                              \
	int name(int dir, const char *path, int flags, ...);                           \
	int name(int dir, const char *path, int flags, ...)                            \
	{                                                                              \
		va_list args;                                                          \
		mode_t mode;                                                           \
		va_start(args, flags);                                                 \
		mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;              \
		va_end(args);                                                          \
		return open_at(dir, path, flags, mode);                                \
	}
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)

int
close(int fd)
{
	REAL("close", close_function)
	if (recorder_is_watched(fd))
		recorder_files[fd].handle = 0;
	return real(fd);
}

/* ---- writes ---- */

/* The first `done` bytes of the parts were written at `at`. */
static void
note_write(int fd, const struct iovec *parts, int n, off_t at, ssize_t done)
{
	const struct open_file *f = &recorder_files[fd];
	struct record_head head = {f->is_durable ? RECORD_WROTE_DURABLY : RECORD_WROTE,
	    f->handle, (uint64_t)at, 0};
	struct iovec some[RECORDER_PARTS_MAX];
	size_t left = (size_t)done;
	int some_n = 0;

	if (f->is_durable) {
		recorder_pause();
		recorder_die_if_due();
	}
	for (int i = 0; i < n && left > 0 && some_n < RECORDER_PARTS_MAX; i++) {
		some[some_n] = parts[i];
		if (some[some_n].iov_len > left)
			some[some_n].iov_len = left;
		left -= some[some_n].iov_len;
		head.len += some[some_n++].iov_len;
	}
	recorder_say_parts(&head, some, some_n);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	REAL("pwrite", pwrite_function)
	const struct iovec part = {(void *)(uintptr_t)data, len};
	ssize_t done = real(fd, data, len, at);

	if (done > 0 && recorder_is_watched(fd))
		note_write(fd, &part, 1, at, done);
	return done;
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t at)
{
	return pwrite(fd, data, len, at);
}

ssize_t
pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
	REAL("pwritev", pwritev_function)
	ssize_t done = real(fd, parts, n, at);

	if (done > 0 && recorder_is_watched(fd))
		note_write(fd, parts, n, at, done);
	return done;
}

ssize_t
pwritev64(int fd, const struct iovec *parts, int n, off_t at)
{
	return pwritev(fd, parts, n, at);
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
	off_t at = recorder_is_watched(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
	ssize_t done = recorder_real_writev(fd, parts, n);

	if (done > 0 && recorder_is_watched(fd))
		note_write(fd, parts, n, at, done);
	return done;
}

ssize_t
write(int fd, const void *data, size_t len)
{
	REAL("write", write_function)
	const struct iovec part = {(void *)(uintptr_t)data, len};
	off_t at = recorder_is_watched(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
	ssize_t done = real(fd, data, len);

	if (done > 0 && recorder_is_watched(fd))
		note_write(fd, &part, 1, at, done);
	return done;
}

int
ftruncate(int fd, off_t size)
{
	REAL("ftruncate", size_function)
	int code = real(fd, size);

	if (code == 0 && recorder_is_watched(fd))
		recorder_say(
		    RECORD_SIZED, recorder_files[fd].handle, (uint64_t)size, NULL, 0);
	return code;
}

int
ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

/* ---- what nobody does here, and would not be modelled ---- */

static void
note_unknown(int fd, const char *what)
{
	if (recorder_is_watched(fd))
		recorder_say_path(RECORD_UNKNOWN, recorder_files[fd].handle, 0, what);
}

int
fallocate(int fd, int mode, off_t at, off_t len)
{
	REAL("fallocate", fallocate_function)
	note_unknown(fd, "fallocate");
	return real(fd, mode, at, len);
}

int
posix_fallocate(int fd, off_t at, off_t len)
{
	REAL("posix_fallocate", posix_fallocate_function)
	note_unknown(fd, "posix_fallocate");
	return real(fd, at, len);
}

void *
mmap(void *address, size_t len, int protection, int flags, int fd, off_t at)
{
	REAL("mmap", mmap_function)
	if ((protection & PROT_WRITE) != 0 && (flags & MAP_SHARED) != 0)
		note_unknown(fd, "mmap to be written through");
	return real(address, len, protection, flags, fd, at);
}

void *
mmap64(void *address, size_t len, int protection, int flags, int fd, off_t at)
{
	return mmap(address, len, protection, flags, fd, at);
}

/* ---- flushes ---- */

static void
note_flush(int fd)
{
	if (!recorder_is_watched(fd))
		return;
	recorder_pause();
	if (recorder_files[fd].is_folder)
		recorder_say_path(RECORD_FLUSHED_FOLDER, 0, 0, recorder_files[fd].path);
	else
		recorder_say(RECORD_FLUSHED, recorder_files[fd].handle, 0, NULL, 0);
}

int
fsync(int fd)
{
	REAL("fsync", sync_function)
	int code = real(fd);

	if (code == 0)
		note_flush(fd);
	return code;
}

int
fdatasync(int fd)
{
	REAL("fdatasync", sync_function)
	int code = real(fd);

	if (code == 0)
		note_flush(fd);
	return code;
}
