#include "base/crash.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sanitized.h"

#define SENTENCE_MAX 1024

/* Made beforehand: a handler may only write. */
static char cut_short[SENTENCE_MAX], damaged[SENTENCE_MAX];

static void
say(const char *sentence)
{
	ssize_t written = write(STDERR_FILENO, sentence, strlen(sentence));

	(void)written; /* nobody is left to tell */
}

static void
on_signal(int signal_)
{
	if (signal_ == SIGBUS) {
		say(cut_short);
		_exit(1);
	}
	say(damaged); /* and once more to where it happened, now without a handler */
}

void
crash_explain(const char *service, const char *store)
{
	struct sigaction action = {.sa_handler = on_signal};

	snprintf(cut_short, sizeof cut_short,
	    "rcc-%s: the store at %s cannot be read: its file is cut short, or the "
	    "disk "
	    "failed; nothing unwritten was acknowledged. Restore it (rccctl "
	    "restore).\n",
	    service, store);
	snprintf(damaged, sizeof damaged,
	    "rcc-%s: it crashed, perhaps at a damaged page of the store at %s: rccctl "
	    "journal verify --store %s says whether it is.\n",
	    service, store, store);
	action.sa_flags = (int)SA_RESETHAND;
	sigemptyset(&action.sa_mask);
	(void)sigaction(SIGBUS, &action, NULL);
	if (!IS_SANITIZED) /* which says more about a bad address than we can */
		(void)sigaction(SIGSEGV, &action, NULL);
}
