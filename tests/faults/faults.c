/*
 * A machine that fails on demand: LD_PRELOAD this over a process, and the Nth of its
 * calls of a kind comes back with an error, the rest are as ever.
 *
 * FAULTS_KIND:
 *   write   writes to files: write writev pwrite pwritev
 *   flush   fsync fdatasync msync, and writes to descriptors opened O_DSYNC
 *   alloc   malloc calloc realloc, and what they are called aligned
 *   socket  sockets, polls, eventfd, pipe; writes and reads of what is no file
 *   file    open fopen mkdir mmap flock fcntl(lock) ftruncate read pread
 * FAULTS_ERRNO:
 *   its name. Calls that can never fail so are neither failed nor counted.
 *   SHORT (of write): half of the bytes are written, and it says so.
 * FAULTS_NTH:
 *   the first call to fail; 0: none, they are only counted.
 * FAULTS_MANY:
 *   how many from there on; 0: all. 1 where not said.
 * FAULTS_TELL:
 *   a file of two numbers of 8 bytes: calls of the kind, and how many failed.
 * FAULTS_ROOM:
 *   a file of one number of 8 bytes: how far all files together may still grow. Beyond
 *   it the disk is full; whoever writes a larger number there has freed some.
 *
 * What glibc calls inside itself is out of reach; printf's buffer goes out by such a
 * call. In a test that steps through calls in its own process, faults_arm says all this
 * anew.
 *
 * Here stands what is wanted, with memory and sockets; files stand in files.c.
 */
#include "faults/faults.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "faults/fall.h"
#include "faults/inside.h"
#include "support/preload.h"

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
_Atomic int64_t *faults_room;
enum kind faults_kind;
int faults_error;
static uint64_t first_wanted, many_wanted = 1;

bool
faults_are_due(enum kind kind, const int *legal)
{
	uint64_t nth;

	if (kind != faults_kind)
		return false;
	while (*legal != 0 && *legal != faults_error)
		legal++;
	if (*legal == 0)
		return false;
	nth = atomic_fetch_add(&tally->calls, 1) + 1;
	if (first_wanted == 0 || nth < first_wanted ||
	    (many_wanted != 0 && nth >= first_wanted + many_wanted))
		return false;
	atomic_fetch_add(&tally->failed, 1);
	errno = faults_error;
	return true;
}

/* ---- what is wanted ---- */

void
faults_arm(const char *kind, const char *error, uint64_t nth, uint64_t many)
{
	faults_kind = KIND_NONE;
	faults_error = 0;
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(errors[i].name, error) == 0)
			faults_error = errors[i].number;
	first_wanted = nth;
	many_wanted = many;
	atomic_store(&tally->calls, 0);
	atomic_store(&tally->failed, 0);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, kind) == 0)
			faults_kind = kinds[i].kind;
}

void
faults_disarm(uint64_t *calls, uint64_t *failed)
{
	faults_kind = KIND_NONE;
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
	struct tally *told;

	if (kind != NULL)
		fall_tell();
	told = shared("FAULTS_TELL", sizeof *told);

	faults_room = shared("FAULTS_ROOM", sizeof *faults_room);
	if (told != NULL)
		tally = told;
	if (kind == NULL || error == NULL)
		return;
	faults_arm(
	    kind, error, number_of("FAULTS_NTH", 0), number_of("FAULTS_MANY", 1));
	if (faults_kind == KIND_NONE || faults_error == 0) {
		fprintf(stderr, "faults: no such kind or error: %s %s\n", kind, error);
		_exit(99);
	}
}

/* ---- memory: glibc's own, so that dlsym may call it ---- */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

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

static void *
aligned_block(size_t alignment, size_t size)
{
	return STRUCK(KIND_ALLOC, ENOMEM) ? NULL : __libc_memalign(alignment, size);
}

void *
memalign(size_t alignment, size_t size)
{
	return aligned_block(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return aligned_block(alignment, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	void *block = aligned_block(alignment, size);

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
SOCKET_CALL(int, bind, (int fd, __CONST_SOCKADDR_ARG to, socklen_t len),
    (fd, to, len), EADDRINUSE, EACCES, ENOMEM)
SOCKET_CALL(int, listen, (int fd, int backlog), (fd, backlog), EADDRINUSE)
SOCKET_CALL(int, accept, (int fd, __SOCKADDR_ARG who, socklen_t *len),
    (fd, who, len), EINTR, EAGAIN, EMFILE, ENOMEM, ENOBUFS)
SOCKET_CALL(int, accept4, (int fd, __SOCKADDR_ARG who, socklen_t *len, int flags),
    (fd, who, len, flags), EINTR, EAGAIN, EMFILE, ENOMEM, ENOBUFS)
SOCKET_CALL(int, connect, (int fd, __CONST_SOCKADDR_ARG to, socklen_t len),
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
