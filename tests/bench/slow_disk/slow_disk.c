/*
 * A disk whose every flush takes a millisecond longer: LD_PRELOAD this over any
 * process. It delays fsync, fdatasync, msync(MS_SYNC) and writes to descriptors
 * opened O_SYNC or O_DSYNC (LMDB's meta page), which is how a council's virtual
 * machine differs from a developer's.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "support/preload.h"

#define FLUSH_NS 1000000
#define FDS_MAX 4096

static bool is_synchronous[FDS_MAX];

static void
flush_slowly(void)
{
	struct timespec pause = {0, FLUSH_NS};

	nanosleep(&pause, NULL);
}

static int
note(int fd, int flags)
{
	if (fd >= 0 && fd < FDS_MAX)
		is_synchronous[fd] = (flags & O_DSYNC) != 0;
	return fd;
}

static bool
is_slow(int fd)
{
	return fd >= 0 && fd < FDS_MAX && is_synchronous[fd];
}

typedef int open_function(const char *, int, ...);
typedef int openat_function(int, const char *, int, ...);
typedef int sync_function(int);
typedef int msync_function(void *, size_t, int);
typedef ssize_t pwrite_function(int, const void *, size_t, off_t);
typedef ssize_t write_function(int, const void *, size_t);
typedef ssize_t pwritev_function(int, const struct iovec *, int, off_t);
typedef ssize_t writev_function(int, const struct iovec *, int);

#define OPEN_LIKE(name)                                                                \
	int name(const char *path, int flags, ...)                                     \
	{                                                                              \
		REAL(#name, open_function)                                             \
		va_list args;                                                          \
		mode_t mode;                                                           \
		va_start(args, flags);                                                 \
		mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;              \
		va_end(args);                                                          \
		return note(real(path, flags, mode), flags);                           \
	}

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
OPEN_LIKE(open)
OPEN_LIKE(open64)

int
openat(int dir, const char *path, int flags, ...)
{
	REAL("openat", openat_function)
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
	va_end(args);
	return note(real(dir, path, flags, mode), flags);
}

int
fsync(int fd)
{
	REAL("fsync", sync_function)
	flush_slowly();
	return real(fd);
}

int
fdatasync(int fd)
{
	REAL("fdatasync", sync_function)
	flush_slowly();
	return real(fd);
}

int
msync(void *address, size_t len, int flags)
{
	REAL("msync", msync_function)
	if ((flags & MS_SYNC) != 0)
		flush_slowly();
	return real(address, len, flags);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	REAL("pwrite", pwrite_function)
	if (is_slow(fd))
		flush_slowly();
	return real(fd, data, len, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t at)
{
	return pwrite(fd, data, len, at);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	REAL("write", write_function)
	if (is_slow(fd))
		flush_slowly();
	return real(fd, data, len);
}

ssize_t
pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
	REAL("pwritev", pwritev_function)
	if (is_slow(fd))
		flush_slowly();
	return real(fd, parts, n, at);
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
	REAL("writev", writev_function)
	if (is_slow(fd))
		flush_slowly();
	return real(fd, parts, n);
}
