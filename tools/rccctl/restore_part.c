#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/clock.h"
#include "base/copy.h"
#include "base/str.h"

#include "progress.h"
#include "restore.h"

static enum exit_code
broken(const struct restored *r, const char *why)
{
	complain("the backup of %s cannot be used: %s", r->part->service, why);
	return EXIT_BROKEN;
}

/* ---- its bytes ---- */

static enum exit_code
fetch(struct tool *t, const char *from, const struct restored *r)
{
	const Backup__Part *part = r->part;
	bool is_store = part->form == BACKUP__FORM__FORM_STORE;
	struct progress progress =
	    progress_begin(part->service, "MiB read", UINT64_C(1) << 20);
	struct copy copy = {.from = backup_path(t, from, part->file),
	    .to = is_store ? backup_path(t, r->work, BACKUP_STORE) : NULL,
	    .more = progress_more,
	    .context = &progress};

	if (copy_file(&copy) != ERR_NONE) {
		complain("%s", copy.problem);
		return EXIT_FAULT;
	}
	if (copy.bytes != part->file_bytes ||
	    memcmp(copy.hash, part->file_hash.data, sizeof(copy.hash)) != 0)
		return broken(r, "its file is not what was written");
	return is_store ? EXIT_YES : restore_lines(t, from, r);
}

static enum exit_code
check_chain(const struct restored *r)
{
	const Backup__Part *part = r->part;
	struct progress progress = progress_begin(part->service, "entries checked", 1);
	const struct verify_watch watch = {APART_SILENT_MS, progress_more, &progress};
	struct verify_report report;

	if (verify_store_watched(r->work, NULL, &watch, &report) != ERR_NONE)
		return EXIT_FAULT;
	if (report.verdict != VERIFY_HOLDS)
		return broken(r, report.what);
	if (report.head_number != part->head_number ||
	    memcmp(report.head_hash, part->head_hash.data, JOURNAL_HASH_BYTES) != 0)
		return broken(r, "its journal does not end where the manifest says");
	return EXIT_YES;
}

/* ---- what it holds ---- */

/* Has somebody seen another entry here than the one the backup has? */
static enum exit_code
compare(const struct restored *r, const struct restore_heads *heads,
    const struct journal_walk *w)
{
	for (size_t i = 0; i < heads->n; i++) {
		const struct restore_known *k = &heads->list[i];
		if (k->known.head.number != w->number ||
		    !str_equal(k->known.service, r->part->service) ||
		    memcmp(k->known.head.hash, w->hash, JOURNAL_HASH_BYTES) == 0)
			continue;
		complain("%s has seen another entry %" PRIu64
			 " of %s than this backup has",
		    k->who, w->number, r->part->service);
		if (k->is_stated)
			return EXIT_BROKEN;
	}
	return EXIT_YES;
}

static enum exit_code
check_entries(struct tool *t, const struct restored *r,
    const struct restore_heads *heads, struct kv_txn *txn)
{
	const struct contract *c = contract_of(r->part->service);
	size_t mark = t->arena.used;
	enum exit_code code = EXIT_YES;
	struct journal_walk w;

	journal_walk(txn, &w, 1);
	while (code == EXIT_YES && journal_next(&w, &t->arena)) {
		if (!protobuf_c_message_descriptor_get_field(
			c->event, w.record->header->type))
			code = broken(
			    r, "it holds events that only a later release knows");
		else
			code = compare(r, heads, &w);
		arena_release(&t->arena, mark);
	}
	kv_walk_end(&w.rows);
	return code;
}

static enum exit_code
finish(struct tool *t, const struct restored *r, const struct restore_heads *heads)
{
	const struct kv_options options = {
	    .path = r->work, .tables = journal_tables, .tables_n = JOURNAL_TABLES_N};
	uint64_t incarnation = 0;
	char problem[256] = "";
	struct kv *kv = NULL;
	enum exit_code code;
	struct kv_txn txn;
	enum err e;

	if (getrandom(&incarnation, sizeof(incarnation), 0) !=
		(ssize_t)sizeof(incarnation) ||
	    kv_open(&kv, &options, problem, sizeof(problem)) != ERR_NONE) {
		complain("%s", problem);
		return EXIT_FAULT;
	}
	kv_begin(kv, &txn, true);
	code = check_entries(t, r, heads, &txn);
	/* Never zero, and no more than the integers of JSON can say. */
	kv_fail(
	    &txn, journal_restore(&txn, (incarnation & INT64_MAX) | 1, clock_now_ms()));
	if (code != EXIT_YES)
		kv_abort(&txn);
	e = kv_end(&txn);
	kv_close(kv);
	if (e != ERR_NONE && code == EXIT_YES) {
		complain("%s cannot be written (%s)", r->work, err_name(e));
		return EXIT_FAULT;
	}
	return code;
}

enum exit_code
restore_make(struct tool *t, const char *from, const struct restored *r,
    const struct restore_heads *heads)
{
	enum exit_code code = fetch(t, from, r);

	if (code == EXIT_YES)
		code = check_chain(r);
	if (code == EXIT_YES)
		code = finish(t, r, heads);
	return code;
}
