#include "base/verify.h"

#include "base/apart.h"
#include "base/arena.h"
#include "base/kv.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
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
	out->head_time_ms = head.time_ms;
	out->incarnation = head.incarnation;
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
	const struct kv_options options = {
	    .path = path,
	    .tables = journal_tables,
	    .tables_n = JOURNAL_TABLES_N,
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

struct errand {
	const char *path;
	const struct verify_head *expected;
};

static int
verify_apart(const void *context, int pipe)
{
	const struct errand *errand = context;
	struct verify_report report = {.verdict = VERIFY_UNREADABLE};

	read_store(errand->path, errand->expected, pipe, &report);
	say(pipe, true, &report);
	return 0;
}

/* ---- the parent: listens, and trusts nothing it hears ---- */

/* 1: a word came. 0: silence for too long. -1: the child is gone. */
static int
hear(const struct apart *a, int silent_ms, struct word *out)
{
	ssize_t n;

	if (apart_wait(a, silent_ms) == 0)
		return 0;
	do {
		n = read(a->pipe, out, sizeof *out);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof *out ||
	    (unsigned)out->report.verdict > VERIFY_OTHER_HEAD)
		return -1;
	out->report.what[sizeof out->report.what - 1] = '\0';
	return 1;
}

static void
listen_to(struct apart *a, const struct verify_watch *watch, struct verify_report *out)
{
	struct word word = {.is_last = false};
	int heard, status;

	do {
		heard = hear(a, watch->silent_ms, &word);
		if (heard == 1)
			*out = word.report;
		if (heard == 1 && watch->more != NULL)
			watch->more(watch->context, out->entries);
	} while (heard == 1 && !word.is_last);
	status = apart_end(a, heard != -1);
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
verify_store_watched(const char *path, const struct verify_head *expected,
    const struct verify_watch *watch, struct verify_report *out)
{
	const struct errand errand = {path, expected};
	struct verify_report report = {.verdict = VERIFY_UNREADABLE};
	struct apart a;
	enum err e = apart_begin(&a, verify_apart, &errand);

	if (e != ERR_NONE)
		return e;
	listen_to(&a, watch, &report);
	*out = report;
	return ERR_NONE;
}

enum err
verify_store(
    const char *path, const struct verify_head *expected, struct verify_report *out)
{
	const struct verify_watch watch = {.silent_ms = APART_SILENT_MS};

	return verify_store_watched(path, expected, &watch, out);
}
