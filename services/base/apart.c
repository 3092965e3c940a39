#include "base/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Its crash is expected: no core file, no noise, no handler of the parent's that would
 * live on, and no life beyond its parent's. */
static bool
is_expendable(void)
{
	static const int deadly[] = {
	    SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM, SIGPIPE};
	const struct rlimit none = {0, 0};
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);

	for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
		if (signal(deadly[i], SIG_DFL) == SIG_ERR)
			return false;
	return setrlimit(RLIMIT_CORE, &none) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && quiet >= 0 &&
	       dup2(quiet, STDERR_FILENO) >= 0;
}

enum err
apart_begin(
    struct apart *out, int (*work)(const void *context, int pipe), const void *context)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return ERR_INTERNAL;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(is_expendable() ? work(context, ends[1]) : 1);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return ERR_INTERNAL;
	}
	*out = (struct apart){child, ends[0]};
	return ERR_NONE;
}

int
apart_wait(const struct apart *a, int silent_ms)
{
	struct pollfd wait = {.fd = a->pipe, .events = POLLIN};
	int ready;

	do {
		ready = poll(&wait, 1, silent_ms);
	} while (ready < 0 && errno == EINTR);
	return ready;
}

int
apart_end(struct apart *a, bool is_killed)
{
	int status = 0;

	if (is_killed)
		(void)kill(a->child, SIGKILL);
	while (waitpid(a->child, &status, 0) < 0 && errno == EINTR)
		;
	close(a->pipe);
	return status;
}
