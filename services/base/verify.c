#include "base/verify.h"

#include "base/arena.h"
#include "base/kv.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARENA_BYTES (4u << 20)
#define PROGRESS_ENTRIES 4096

/* What the child says, again and again: how far it is, and at last the verdict. */
struct word {
	bool is_last;
	struct verify_report report;
};

static_assert(sizeof(struct word) <= PIPE_BUF, "a word is written whole or not at all");

/* ---- the child: reads, and may die of it ---- */

static void
say(int pipe, bool is_last, const struct verify_report *report)
{
	struct word word;

	memset(&word, 0, sizeof word);
	word.is_last = is_last;
	word.report = *report;
	if (write(pipe, &word, sizeof word) != (ssize_t)sizeof word)
		_exit(1);
}

static void
conclude(struct verify_report *out, enum verify_verdict verdict, const char *what)
{
	out->verdict = verdict;
	snprintf(out->what, sizeof out->what, "%s", what);
}

/* Every entry was read: what is to be said? */
static void
judge(struct kv_txn *txn, const struct journal_walk *w,
    const struct verify_head *expected, struct verify_report *out)
{
	struct journal_head head;

	journal_read_head(txn, &head);
	if (txn->err != ERR_NONE) {
		conclude(out, VERIFY_UNREADABLE,
		    txn->err == ERR_CORRUPT ? "its pages are damaged"
					    : err_name(txn->err));
	} else if (w->bad != NULL) {
		out->bad_number = w->number;
		conclude(out, VERIFY_BAD_ENTRY, w->bad);
	} else if (head.incarnation == 0) {
		conclude(out, VERIFY_UNREADABLE, "it holds no journal");
	} else if (expected != NULL && expected->number > out->head_number) {
		conclude(out, VERIFY_OTHER_HEAD, "it ends before the entry expected");
	} else if (out->verdict != VERIFY_OTHER_HEAD) {
		conclude(out, VERIFY_HOLDS, "");
	}
}

static void
read_entries(struct kv_txn *txn, struct arena *a, const struct verify_head *expected,
    int pipe, struct verify_report *out)
{
	struct journal_walk w;

	if (!kv_is_latest(txn)) {
		conclude(out, VERIFY_UNREADABLE,
		    "its root pages are damaged: they show an older state, or none");
		return;
	}
	for (journal_walk(txn, &w, 1); journal_next(&w, a); arena_reset(a)) {
		out->entries++;
		out->head_number = w.number;
		memcpy(out->head_hash, w.hash, JOURNAL_HASH_BYTES);
		if (expected != NULL && w.number == expected->number &&
		    memcmp(w.hash, expected->hash, JOURNAL_HASH_BYTES) != 0)
			conclude(out, VERIFY_OTHER_HEAD,
			    "the entry expected has another hash: the chain was "
			    "rewritten");
		if (out->entries % PROGRESS_ENTRIES == 0)
			say(pipe, false, out);
	}
	judge(txn, &w, expected, out);
}

static void
read_store(const char *path, const struct verify_head *expected, int pipe,
    struct verify_report *out)
{
	static const char *const tables[] = {
	    [JOURNAL_TABLE] = JOURNAL_TABLE_NAME,
	    [JOURNAL_INBOX_TABLE] = JOURNAL_INBOX_TABLE_NAME,
	    [JOURNAL_META_TABLE] = JOURNAL_META_TABLE_NAME,
	};
	const struct kv_options options = {
	    .path = path,
	    .tables = tables,
	    .tables_n = sizeof tables / sizeof tables[0],
	    .read_only = true,
	};
	struct arena a;
	struct kv_txn txn;
	struct kv *kv;

	if (arena_open(&a, ARENA_BYTES) != ERR_NONE) {
		conclude(out, VERIFY_UNREADABLE, "there is no memory to read it with");
		return;
	}
	if (kv_open(&kv, &options, out->what, sizeof out->what) != ERR_NONE)
		return;
	kv_begin(kv, &txn, false);
	read_entries(&txn, &a, expected, pipe, out);
	kv_abort(&txn);
	kv_close(kv);
}

/*
 * Its crash is expected: no core file, no noise, no handler of the parent's that would
 * live on, and no life beyond its parent's.
 */
static _Noreturn void
be_the_child(const char *path, const struct verify_head *expected, int pipe)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM};
	const struct rlimit none = {0, 0};
	struct verify_report report = {.verdict = VERIFY_UNREADABLE};
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);

	for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
		if (signal(deadly[i], SIG_DFL) == SIG_ERR)
			_exit(1);
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || quiet < 0 ||
	    dup2(quiet, STDERR_FILENO) < 0)
		_exit(1);
	read_store(path, expected, pipe, &report);
	say(pipe, true, &report);
	_exit(0);
}

/* ---- the parent: listens, and trusts nothing it hears ---- */

/* 1: a word came. 0: silence for too long. -1: the child is gone. */
static int
hear(int pipe, int silent_ms, struct word *out)
{
	struct pollfd wait = {.fd = pipe, .events = POLLIN};
	ssize_t n;
	int ready;

	do {
		ready = poll(&wait, 1, silent_ms);
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return 0;
	do {
		n = read(pipe, out, sizeof *out);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof *out ||
	    (unsigned)out->report.verdict > VERIFY_OTHER_HEAD)
		return -1;
	out->report.what[sizeof out->report.what - 1] = '\0';
	return 1;
}

static void
listen_to(pid_t child, int pipe, int silent_ms, struct verify_report *out)
{
	struct word word = {.is_last = false};
	int heard, status = 0;

	do {
		heard = hear(pipe, silent_ms, &word);
		if (heard == 1)
			*out = word.report;
	} while (heard == 1 && !word.is_last);
	if (heard != -1)
		(void)kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (heard == 1)
		return;
	out->verdict = VERIFY_UNREADABLE;
	if (heard == 0)
		snprintf(out->what, sizeof out->what,
		    "reading came to a halt after entry %" PRIu64, out->head_number);
	else
		snprintf(out->what, sizeof out->what,
		    "reading crashed (signal %d) after entry %" PRIu64,
		    WIFSIGNALED(status) ? WTERMSIG(status) : 0, out->head_number);
}

enum err
verify_store_within(const char *path, const struct verify_head *expected, int silent_ms,
    struct verify_report *out)
{
	struct verify_report report = {.verdict = VERIFY_UNREADABLE};
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return ERR_INTERNAL;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		be_the_child(path, expected, ends[1]);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return ERR_INTERNAL;
	}
	listen_to(child, ends[0], silent_ms, &report);
	close(ends[0]);
	*out = report;
	return ERR_NONE;
}

enum err
verify_store(
    const char *path, const struct verify_head *expected, struct verify_report *out)
{
	return verify_store_within(path, expected, VERIFY_SILENT_MS, out);
}
