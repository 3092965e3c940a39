/*
 * What a process does to the files in one folder, and what it sends, in order:
 * LD_PRELOAD this over a service. RCC_POWERCUT_WATCH= is the folder (absolute),
 * RCC_POWERCUT_LOG= the beginning of the name of the file to write, which gets a number
 * of its own; after RCC_POWERCUT_DIES= durable writes the process is killed, before the
 * last of them is written down. The format is recording.h's. Lock files are passed
 * over: nothing in them is to last.
 */
#include "powercut/recorder/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOGS_MAX 1000
#define PAUSE_NS 500000

struct open_file recorder_files[RECORDER_FDS_MAX];

static char watched[PATH_MAX];
static size_t watched_len;
static int log_fd = -1;
static unsigned long writes_left; /* 0: any number */
static pid_t recorded;            /* what it forks only reads, and is not recorded */

typedef ssize_t writev_function(int, const struct iovec *, int);

/* ---- the log ---- */

void
recorder_give_up(const char *why)
{
	fprintf(stderr, "recorder: %s: %s\n", why, strerror(errno));
	_exit(99);
}

ssize_t
recorder_real_writev(int fd, const struct iovec *parts, int n)
{
	REAL("writev", writev_function)
	return real(fd, parts, n);
}

void
recorder_say_parts(const struct record_head *head, const struct iovec *parts, int n)
{
	struct iovec all[RECORDER_PARTS_MAX + 1];
	size_t len = sizeof *head;

	if (log_fd < 0 || getpid() != recorded)
		return;
	if (n > RECORDER_PARTS_MAX)
		recorder_give_up("a write of too many parts");
	all[0] = (struct iovec){(void *)(uintptr_t)head, sizeof *head};
	for (int i = 0; i < n; i++) {
		all[i + 1] = parts[i];
		len += parts[i].iov_len;
	}
	if (recorder_real_writev(log_fd, all, n + 1) != (ssize_t)len)
		recorder_give_up("the recording cannot be written");
}

void
recorder_say(
    enum record_kind kind, uint32_t handle, uint64_t at, const void *data, size_t len)
{
	const struct record_head head = {kind, handle, at, len};
	const struct iovec part = {(void *)(uintptr_t)data, len};

	recorder_say_parts(&head, &part, 1);
}

void
recorder_say_path(enum record_kind kind, uint32_t handle, uint64_t at, const char *path)
{
	recorder_say(kind, handle, at, path, strlen(path));
}

static void
end(void)
{
	recorder_say(RECORD_END, 0, 0, NULL, 0);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *folder = getenv("RCC_POWERCUT_WATCH");
	const char *log = getenv("RCC_POWERCUT_LOG");
	const char *dies = getenv("RCC_POWERCUT_DIES");
	char name[PATH_MAX];

	if (folder == NULL || log == NULL)
		return;
	snprintf(watched, sizeof watched, "%s", folder);
	watched_len = strlen(watched);
	for (int i = 0; i < LOGS_MAX && log_fd < 0; i++) {
		snprintf(name, sizeof name, "%s.%03d", log, i);
		log_fd = openat(AT_FDCWD, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	}
	if (log_fd < 0)
		recorder_give_up(log);
	recorded = getpid();
	if (dies != NULL)
		writes_left = strtoul(dies, NULL, 10);
	recorder_say(RECORD_BEGIN, 0, 0, NULL, 0);
	atexit(end);
}

/*
 * After a flush, before it is said: a disk slower than a developer's, so that more
 * commands share a commit.
 */
void
recorder_pause(void)
{
	const struct timespec pause = {0, PAUSE_NS};

	if (log_fd < 0 || getpid() != recorded)
		return;
	nanosleep(&pause, NULL);
}

/* A commit is made, and nobody was told. */
void
recorder_die_if_due(void)
{
	if (log_fd >= 0 && getpid() == recorded && writes_left > 0 &&
	    --writes_left == 0)
		kill(recorded, SIGKILL);
}

/* ---- which files ---- */

static bool
ends_with(const char *text, const char *end_of_it)
{
	size_t n = strlen(text), m = strlen(end_of_it);

	return n >= m && strcmp(text + n - m, end_of_it) == 0;
}

/* The path within the watched folder, or NULL: elsewhere, or a lock. */
const char *
recorder_within(const char *path, char out[PATH_MAX])
{
	char here[PATH_MAX];
	size_t len;

	if (log_fd < 0)
		return NULL;
	if (path[0] == '/')
		snprintf(out, PATH_MAX, "%s", path);
	else if (getcwd(here, sizeof here) == NULL ||
		 snprintf(out, PATH_MAX, "%s/%s", here, path) >= PATH_MAX)
		return NULL;
	len = strlen(out);
	while (len > 1 && out[len - 1] == '/')
		out[--len] = '\0';
	if (strncmp(out, watched, watched_len) != 0 ||
	    (out[watched_len] != '/' && out[watched_len] != '\0'))
		return NULL;
	if (ends_with(out, "/lock.mdb") || ends_with(out, "-lock"))
		return NULL;
	if (ends_with(out, "/..")) /* of the folder itself: as `store/foster/..` */
		*strrchr(out, '/') = '\0', *strrchr(out, '/') = '\0';
	if (strlen(out) < watched_len)
		return NULL;
	return out[watched_len] == '/' ? out + watched_len + 1 : out + watched_len;
}

bool
recorder_is_watched(int fd)
{
	return fd >= 0 && fd < RECORDER_FDS_MAX && recorder_files[fd].handle != 0;
}

const char *
recorder_within_at(int dir, const char *path, char out[PATH_MAX])
{
	char joined[PATH_MAX];

	if (dir == AT_FDCWD || path[0] == '/')
		return recorder_within(path, out);
	if (!recorder_is_watched(dir) ||
	    snprintf(joined, sizeof joined, "%s/%s/%s", watched,
		recorder_files[dir].path, path) >= (int)sizeof joined)
		return NULL;
	return recorder_within(joined, out);
}
