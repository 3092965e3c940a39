#include "faults/fall.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/preload.h"

#define FRAMES_MAX 100
#define LINE_MAX_BYTES 1024

static bool is_told;
static struct sigaction theirs[NSIG]; /* what the process wants done */

static int
real_sigaction(int signal_, const struct sigaction *new, struct sigaction *old)
{
	REAL("sigaction", int(int, const struct sigaction *, struct sigaction *))
	return real(signal_, new, old);
}

static const char *
library_of(void *address)
{
	const char *slash;
	Dl_info at;

	if (dladdr(address, &at) == 0 || at.dli_fname == NULL)
		return "?";
	slash = strrchr(at.dli_fname, '/');
	return slash != NULL ? slash + 1 : at.dli_fname;
}

static void
on_fall(int signal_)
{
	void *frames[FRAMES_MAX];
	char line[LINE_MAX_BYTES];
	const char *last = "";
	int n = backtrace(frames, FRAMES_MAX);
	size_t len =
	    (size_t)snprintf(line, sizeof line, "faults: signal %d in", signal_);

	for (int i = 0; i < n && len < sizeof line - 2; i++) {
		const char *library = library_of(frames[i]);

		if (strcmp(library, last) == 0)
			continue;
		len += (size_t)snprintf(line + len, sizeof line - len, "%s%s",
		    *last == '\0' ? " " : " < ", library);
		last = library;
	}
	if (len > sizeof line - 2)
		len = sizeof line - 2;
	line[len] = '\n';
	(void)syscall(SYS_write, STDERR_FILENO, line, len + 1); /* never to be failed */
	(void)real_sigaction(signal_, &theirs[signal_], NULL);  /* it comes again */
}

int
sigaction(int signal_, const struct sigaction *new, struct sigaction *old)
{
	if (!is_told || (signal_ != SIGSEGV && signal_ != SIGABRT))
		return real_sigaction(signal_, new, old);
	if (old != NULL)
		*old = theirs[signal_];
	if (new != NULL)
		theirs[signal_] = *new;
	return 0;
}

void
fall_tell(void)
{
	struct sigaction action = {.sa_handler = on_fall};
	void *frame;

	(void)backtrace(&frame, 1); /* the first time it allocates */
	sigemptyset(&action.sa_mask);
	(void)real_sigaction(SIGSEGV, &action, &theirs[SIGSEGV]);
	(void)real_sigaction(SIGABRT, &action, &theirs[SIGABRT]);
	is_told = true;
}
