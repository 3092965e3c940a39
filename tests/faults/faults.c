/*
 * A machine that fails on demand: LD_PRELOAD this over a process, and the Nth of its
 * calls of a kind comes back with an error, the rest are as ever.
 *
 *   FAULTS_KIND   write   writes to files: write writev pwrite pwritev
 *                 flush   fsync fdatasync msync, and writes to descriptors opened
 * O_DSYNC alloc   malloc calloc realloc and what they are called aligned socket
 * sockets, polls, eventfd, pipe; writes and reads of what is no file file    open fopen
 * mkdir mmap flock fcntl(lock) ftruncate read pread FAULTS_ERRNO  its name; calls that
 * can never fail so are neither failed nor counted. SHORT (of write): half of the bytes
 * are written, and it says so FAULTS_NTH    the first call to fail; 0: none, they are
 * only counted FAULTS_MANY   how many from there on; 0: all. 1 where not said
 *   FAULTS_TELL   a file of two numbers of 8 bytes: calls of the kind, and how many
 * failed FAULTS_ROOM   a file of one number of 8 bytes: how far all files together may
 * still grow; beyond it the disk is full. Whoever writes a larger number there has
 * freed some
 *
 * What glibc calls inside itself is out of reach; printf's buffer goes out by such a
 * call. In a test that steps through calls in its own process, faults_arm says all this
 * anew.
 */
#include "faults/faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS_MAX 4096
#define IOV_PARTS_MAX 1024

enum kind { KIND_NONE, KIND_WRITE, KIND_FLUSH, KIND_ALLOC, KIND_SOCKET, KIND_FILE };

#define SHORT_WRITE (-1)

static const struct {
	const char *name;
	enum kind kind;
} kinds[] = {
    {"write", KIND_WRITE},
    {"flush", KIND_FLUSH},
    {"alloc", KIND_ALLOC},
    {"socket", KIND_SOCKET},
    {"file", KIND_FILE},
};

static const struct {
	const char *name;
	int number;
} errors[] = {
    {"EIO", EIO},
    {"ENOSPC", ENOSPC},
    {"EDQUOT", EDQUOT},
    {"ENOMEM", ENOMEM},
    {"EMFILE", EMFILE},
    {"EINTR", EINTR},
    {"EAGAIN", EAGAIN},
    {"ENOBUFS", ENOBUFS},
    {"ECONNRESET", ECONNRESET},
    {"EADDRINUSE", EADDRINUSE},
    {"EACCES", EACCES},
    {"ENOLCK", ENOLCK},
    {"SHORT", SHORT_WRITE},
};

struct tally {
	_Atomic uint64_t calls, failed;
};

static struct tally own_tally;
static struct tally *tally = &own_tally;
static _Atomic int64_t *room; /* NULL: the disk is as large as it is */
static enum kind kind_wanted;
static int error_wanted;
static uint64_t first_wanted, many_wanted = 1;
static bool is_synchronous[FDS_MAX];

/* The real function, through memcpy because ISO C has no cast for it. */
#define REAL(name, type)                                                               \
	static __typeof__(type) *real;                                                 \
	if (real == NULL) {                                                            \
		void *found = dlsym(RTLD_NEXT, name);                                  \
		memcpy(&real, &found, sizeof real);                                    \
	}

/* Is this the call to fail? It is of `kind`, and may legally fail with `legal`. */
static bool
is_struck(enum kind kind, const int *legal)
{
	uint64_t nth;

	if (kind != kind_wanted)
		return false;
	while (*legal != 0 && *legal != error_wanted)
		legal++;
	if (*legal == 0)
		return false;
	nth = atomic_fetch_add(&tally->calls, 1) + 1;
	if (first_wanted == 0 || nth < first_wanted ||
	    (many_wanted != 0 && nth >= first_wanted + many_wanted))
		return false;
	atomic_fetch_add(&tally->failed, 1);
	errno = error_wanted;
	return true;
}
#define STRUCK(kind, ...) is_struck(kind, (const int[]){__VA_ARGS__, 0})

/* ---- what is wanted ---- */

void
faults_arm(const char *kind, const char *error, uint64_t nth, uint64_t many)
{
	kind_wanted = KIND_NONE;
	error_wanted = 0;
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(errors[i].name, error) == 0)
			error_wanted = errors[i].number;
	first_wanted = nth;
	many_wanted = many;
	atomic_store(&tally->calls, 0);
	atomic_store(&tally->failed, 0);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, kind) == 0)
			kind_wanted = kinds[i].kind;
}

void
faults_disarm(uint64_t *calls, uint64_t *failed)
{
	kind_wanted = KIND_NONE;
	*calls = atomic_load(&tally->calls);
	*failed = atomic_load(&tally->failed);
}

static void *
shared(const char *variable, size_t size)
{
	const char *path = getenv(variable);
	void *at;
	int fd;

	if (path == NULL)
		return NULL;
	fd = open(path, O_RDWR | O_CLOEXEC);
	at = fd < 0 ? MAP_FAILED
	            : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED) {
		fprintf(stderr, "faults: %s: %s\n", path, strerror(errno));
		_exit(99);
	}
	close(fd);
	return at;
}

static uint64_t
number_of(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

__attribute__((constructor)) static void
read_environment(void)
{
	const char *kind = getenv("FAULTS_KIND"), *error = getenv("FAULTS_ERRNO");
	struct tally *told = shared("FAULTS_TELL", sizeof *told);

	room = shared("FAULTS_ROOM", sizeof *room);
	if (told != NULL)
		tally = told;
	if (kind == NULL || error == NULL)
		return;
	faults_arm(
	    kind, error, number_of("FAULTS_NTH", 0), number_of("FAULTS_MANY", 1));
	if (kind_wanted == KIND_NONE || error_wanted == 0) {
		fprintf(stderr, "faults: no such kind or error: %s %s\n", kind, error);
		_exit(99);
	}
}

/* ---- files ---- */

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
	if (kind_wanted == KIND_FLUSH && fd < FDS_MAX && is_synchronous[fd])
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

	if (room == NULL || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
		return len;
	if (at < 0)
		at = (fcntl(fd, F_GETFL) & O_APPEND) != 0 ? stat.st_size
		                                          : lseek(fd, 0, SEEK_CUR);
	growth = at + (int64_t)len - stat.st_size;
	if (growth <= 0)
		return len;
	left = atomic_load(room);
	if (growth > left) {
		int64_t fits = (int64_t)len - (growth - (left > 0 ? left : 0));

		growth = left > 0 ? left : 0;
		len = fits > 0 ? (size_t)fits : 0;
	}
	atomic_fetch_sub(room, growth);
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

	if (kind_wanted == KIND_NONE && room == NULL)
		return (ssize_t)len;
	kind = kind_of_write(fd);
	if (kind == KIND_SOCKET && STRUCK(kind, EINTR, EAGAIN))
		return -1;
	if (kind == KIND_FLUSH && STRUCK(kind, EIO, ENOSPC, EDQUOT))
		return -1;
	if (kind == KIND_WRITE &&
	    STRUCK(kind, EIO, ENOSPC, EDQUOT, EINTR, SHORT_WRITE)) {
		if (error_wanted != SHORT_WRITE || len < 2)
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
	if (kind_wanted == KIND_FILE && is_file(fd) && STRUCK(KIND_FILE, EIO, EINTR))
		return -1;
	if (kind_wanted == KIND_SOCKET && !is_file(fd) &&
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

/* ---- memory: glibc's own, so that dlsym may call it ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *
malloc(size_t size)
{
	return STRUCK(KIND_ALLOC, ENOMEM) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return STRUCK(KIND_ALLOC, ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	return STRUCK(KIND_ALLOC, ENOMEM) ? NULL : __libc_realloc(old, size);
}

void *
memalign(size_t alignment, size_t size)
{
	return STRUCK(KIND_ALLOC, ENOMEM) ? NULL : __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	void *block = memalign(alignment, size);

	if (block == NULL)
		return ENOMEM;
	*out = block;
	return 0;
}

/* ---- sockets: what each of them may legally say ---- */

#define SOCKET_CALL(type, name, takes, gives, ...)                                     \
	type name takes                                                                \
	{                                                                              \
		REAL(#name, type takes)                                                \
		return STRUCK(KIND_SOCKET, __VA_ARGS__) ? (type)-1 : real gives;       \
	}

/* clang-format off */
SOCKET_CALL(int, socket, (int domain, int type, int protocol),
    (domain, type, protocol), EMFILE, ENOMEM, ENOBUFS, EACCES)
SOCKET_CALL(int, socketpair, (int domain, int type, int protocol, int fds[2]),
    (domain, type, protocol, fds), EMFILE, ENOMEM)
SOCKET_CALL(int, bind, (int fd, const struct sockaddr *to, socklen_t len),
    (fd, to, len), EADDRINUSE, EACCES, ENOMEM)
SOCKET_CALL(int, listen, (int fd, int backlog), (fd, backlog), EADDRINUSE)
SOCKET_CALL(int, accept, (int fd, struct sockaddr *who, socklen_t *len),
    (fd, who, len), EINTR, EAGAIN, EMFILE, ENOMEM, ENOBUFS)
SOCKET_CALL(int, accept4, (int fd, struct sockaddr *who, socklen_t *len, int flags),
    (fd, who, len, flags), EINTR, EAGAIN, EMFILE, ENOMEM, ENOBUFS)
SOCKET_CALL(int, connect, (int fd, const struct sockaddr *to, socklen_t len),
    (fd, to, len), EINTR, EAGAIN)
SOCKET_CALL(ssize_t, send, (int fd, const void *data, size_t len, int flags),
    (fd, data, len, flags), EINTR, EAGAIN, ENOMEM, ENOBUFS, ECONNRESET)
SOCKET_CALL(ssize_t, recv, (int fd, void *data, size_t len, int flags),
    (fd, data, len, flags), EINTR, EAGAIN, ENOMEM, ECONNRESET)
SOCKET_CALL(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags),
    (fd, m, flags), EINTR, EAGAIN, ENOMEM, ENOBUFS, ECONNRESET)
SOCKET_CALL(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags),
    (fd, m, flags), EINTR, EAGAIN, ENOMEM, ECONNRESET)
SOCKET_CALL(int, poll, (struct pollfd *list, nfds_t n, int wait_ms),
    (list, n, wait_ms), EINTR, ENOMEM)
SOCKET_CALL(int, ppoll, (struct pollfd *list, nfds_t n, const struct timespec *wait,
    const sigset_t *mask), (list, n, wait, mask), EINTR, ENOMEM)
SOCKET_CALL(int, epoll_create1, (int flags), (flags), EMFILE, ENOMEM)
SOCKET_CALL(int, epoll_ctl, (int set, int op, int fd, struct epoll_event *event),
    (set, op, fd, event), ENOMEM, ENOSPC)
SOCKET_CALL(int, epoll_wait, (int set, struct epoll_event *list, int n, int wait_ms),
    (set, list, n, wait_ms), EINTR)
SOCKET_CALL(int, eventfd, (unsigned count, int flags), (count, flags), EMFILE, ENOMEM)
SOCKET_CALL(int, pipe, (int fds[2]), (fds), EMFILE)
SOCKET_CALL(int, pipe2, (int fds[2], int flags), (fds, flags), EMFILE)
/* clang-format on */
