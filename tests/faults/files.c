/* Files, which fail at a call of their own or because no room is left. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "faults/inside.h"
#include "support/preload.h"

#define FDS_MAX 4096
#define IOV_PARTS_MAX 1024

static bool is_synchronous[FDS_MAX];

static int
note(int fd, int flags)
{
	if (fd >= 0 && fd < FDS_MAX)
		is_synchronous[fd] = (flags & O_DSYNC) != 0;
	return fd;
}

static bool
is_file(int fd)
{
	struct stat stat;
	int was = errno;
	bool is = fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode);

	errno = was;
	return is;
}

static enum kind
kind_of_write(int fd)
{
	if (!is_file(fd))
		return KIND_SOCKET;
	if (faults_kind == KIND_FLUSH && fd < FDS_MAX && is_synchronous[fd])
		return KIND_FLUSH;
	return KIND_WRITE;
}

/* How many of `len` bytes from `at` (-1: where the file stands) the disk still takes.
 */
static size_t
room_for(int fd, size_t len, off_t at)
{
	struct stat stat;
	int64_t growth, left;

	if (faults_room == NULL || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
		return len;
	if (at < 0)
		at = (fcntl(fd, F_GETFL) & O_APPEND) != 0 ? stat.st_size
		                                          : lseek(fd, 0, SEEK_CUR);
	growth = at + (int64_t)len - stat.st_size;
	if (growth <= 0)
		return len;
	left = atomic_load(faults_room);
	if (growth > left) {
		int64_t fits = (int64_t)len - (growth - (left > 0 ? left : 0));

		growth = left > 0 ? left : 0;
		len = fits > 0 ? (size_t)fits : 0;
	}
	atomic_fetch_sub(faults_room, growth);
	return len;
}

static size_t
bytes_in(const struct iovec *parts, int n)
{
	size_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += parts[i].iov_len;
	return sum;
}

/* The first `len` bytes of the parts; how many parts they are. */
static int
cut(const struct iovec *parts, int n, size_t len, struct iovec *out)
{
	int kept = 0;

	for (int i = 0; i < n && i < IOV_PARTS_MAX && len > 0; i++) {
		out[kept] = parts[i];
		if (out[kept].iov_len > len)
			out[kept].iov_len = len;
		len -= out[kept++].iov_len;
	}
	return kept;
}

/* How much of a write of `len` bytes is done; -1 with errno where none is. */
static ssize_t
allowed(int fd, size_t len, off_t at)
{
	enum kind kind;
	size_t fits;

	if (faults_kind == KIND_NONE && faults_room == NULL)
		return (ssize_t)len;
	kind = kind_of_write(fd);
	if (kind == KIND_SOCKET && STRUCK(kind, EINTR, EAGAIN))
		return -1;
	if (kind == KIND_FLUSH && STRUCK(kind, EIO, ENOSPC, EDQUOT))
		return -1;
	if (kind == KIND_WRITE &&
	    STRUCK(kind, EIO, ENOSPC, EDQUOT, EINTR, SHORT_WRITE)) {
		if (faults_error != SHORT_WRITE || len < 2)
			return -1;
		return (ssize_t)(len / 2);
	}
	fits = room_for(fd, len, at);
	if (fits == 0 && len > 0) {
		errno = ENOSPC;
		return -1;
	}
	return (ssize_t)fits;
}

#define OPEN_LIKE(name)                                                                \
	int name(const char *path, int flags, ...)                                     \
	{                                                                              \
		REAL(#name, int(const char *, int, ...))                               \
		va_list args;                                                          \
		mode_t mode;                                                           \
		va_start(args, flags);                                                 \
		mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;              \
		va_end(args);                                                          \
		if (STRUCK(KIND_FILE, EMFILE, EACCES, EIO, ENOMEM, ENOSPC, EINTR))     \
			return -1;                                                     \
		return note(real(path, flags, mode), flags);                           \
	}

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
OPEN_LIKE(open)
OPEN_LIKE(open64)

FILE *
fopen(const char *path, const char *mode)
{
	REAL("fopen", FILE * (const char *, const char *))
	if (STRUCK(KIND_FILE, EMFILE, EACCES, EIO, ENOMEM))
		return NULL;
	return real(path, mode);
}

int
mkdir(const char *path, mode_t mode)
{
	REAL("mkdir", int(const char *, mode_t))
	if (STRUCK(KIND_FILE, EACCES, ENOSPC, EIO))
		return -1;
	return real(path, mode);
}

int
flock(int fd, int operation)
{
	REAL("flock", int(int, int))
	if (STRUCK(KIND_FILE, EINTR, ENOLCK))
		return -1;
	return real(fd, operation);
}

int
ftruncate(int fd, off_t length)
{
	REAL("ftruncate", int(int, off_t))
	if (STRUCK(KIND_FILE, EIO, EINTR, ENOSPC))
		return -1;
	return real(fd, length);
}

int
ftruncate64(int fd, off_t length)
{
	return ftruncate(fd, length);
}

#define FCNTL_LIKE(name)                                                               \
	int name(int fd, int command, ...)                                             \
	{                                                                              \
		REAL(#name, int(int, int, ...))                                        \
		va_list args;                                                          \
		void *argument;                                                        \
		va_start(args, command);                                               \
		argument = va_arg(args, void *);                                       \
		va_end(args);                                                          \
		if ((command == F_SETLK || command == F_SETLKW) &&                     \
		    STRUCK(KIND_FILE, ENOLCK, EINTR, EAGAIN))                          \
			return -1;                                                     \
		return real(fd, command, argument);                                    \
	}

int fcntl(int fd, int command, ...);
int fcntl64(int fd, int command, ...);
FCNTL_LIKE(fcntl)
FCNTL_LIKE(fcntl64)

void *
mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	REAL("mmap", void *(void *, size_t, int, int, int, off_t))
	if (STRUCK(KIND_FILE, ENOMEM))
		return MAP_FAILED;
	return real(at, len, protection, flags, fd, offset);
}

void *
mmap64(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	return mmap(at, len, protection, flags, fd, offset);
}

ssize_t
read(int fd, void *data, size_t len)
{
	REAL("read", ssize_t(int, void *, size_t))
	if (faults_kind == KIND_FILE && is_file(fd) && STRUCK(KIND_FILE, EIO, EINTR))
		return -1;
	if (faults_kind == KIND_SOCKET && !is_file(fd) &&
	    STRUCK(KIND_SOCKET, EINTR, EAGAIN))
		return -1;
	return real(fd, data, len);
}

ssize_t
pread(int fd, void *data, size_t len, off_t at)
{
	REAL("pread", ssize_t(int, void *, size_t, off_t))
	if (STRUCK(KIND_FILE, EIO, EINTR))
		return -1;
	return real(fd, data, len, at);
}

ssize_t
pread64(int fd, void *data, size_t len, off_t at)
{
	return pread(fd, data, len, at);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	REAL("write", ssize_t(int, const void *, size_t))
	ssize_t n = allowed(fd, len, -1);

	return n < 0 ? -1 : real(fd, data, (size_t)n);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	REAL("pwrite", ssize_t(int, const void *, size_t, off_t))
	ssize_t n = allowed(fd, len, at);

	return n < 0 ? -1 : real(fd, data, (size_t)n, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t at)
{
	return pwrite(fd, data, len, at);
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
	REAL("writev", ssize_t(int, const struct iovec *, int))
	size_t len = bytes_in(parts, n);
	ssize_t done = allowed(fd, len, -1);
	struct iovec some[IOV_PARTS_MAX];

	if (done < 0 || (size_t)done == len)
		return done < 0 ? -1 : real(fd, parts, n);
	return real(fd, some, cut(parts, n, (size_t)done, some));
}

ssize_t
pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
	REAL("pwritev", ssize_t(int, const struct iovec *, int, off_t))
	size_t len = bytes_in(parts, n);
	ssize_t done = allowed(fd, len, at);
	struct iovec some[IOV_PARTS_MAX];

	if (done < 0 || (size_t)done == len)
		return done < 0 ? -1 : real(fd, parts, n, at);
	return real(fd, some, cut(parts, n, (size_t)done, some), at);
}

ssize_t
pwritev64(int fd, const struct iovec *parts, int n, off_t at)
{
	return pwritev(fd, parts, n, at);
}

/* ---- flushes ---- */

int
fsync(int fd)
{
	REAL("fsync", int(int))
	return STRUCK(KIND_FLUSH, EIO, ENOSPC, EDQUOT) ? -1 : real(fd);
}

int
fdatasync(int fd)
{
	REAL("fdatasync", int(int))
	return STRUCK(KIND_FLUSH, EIO, ENOSPC, EDQUOT) ? -1 : real(fd);
}

int
msync(void *address, size_t len, int flags)
{
	REAL("msync", int(void *, size_t, int))
	return STRUCK(KIND_FLUSH, EIO, ENOMEM) ? -1 : real(address, len, flags);
}
