#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lines.h"
#include "progress.h"
#include "restore.h"

/* Of the text of one entry; four times what an event may have, with room to spare. */
#define LINE_BYTES_MAX ((size_t)1 << 20)
#define ENTRIES_A_COMMIT 10000

struct reading {
	struct tool *t;
	const struct restored *r;
	const struct contract *contract;
	FILE *file;
	char *line;
	uint64_t number; /* of the line */
	bool is_ended;
};

static enum exit_code
broken(const struct reading *in, const char *field, const char *why)
{
	complain("%s, line %" PRIu64 ": %s%s%s", in->r->part->file, in->number, field,
	    field[0] ? " " : "", why);
	return EXIT_BROKEN;
}

static enum exit_code
take_line(struct reading *in, struct kv_txn *txn)
{
	struct lines_entry entry;
	struct check_problem why;
	enum err e;

	in->number++;
	if (!strchr(in->line, '\n'))
		return broken(in, "", "it does not end");
	if (!lines_read(in->t, in->contract, in->line, &entry, &why))
		return broken(in, why.field, why.reason);
	e = journal_take(txn, &in->t->arena, &entry.record, &entry.body);
	if (e == ERR_MALFORMED)
		return broken(in, "", "it is not the entry that was written there");
	if (e == ERR_NONE)
		return EXIT_YES;
	complain("%s cannot be written (%s)", in->r->work, err_name(e));
	return EXIT_FAULT;
}

/* As many lines as one commit takes. */
static enum exit_code
take_some(struct reading *in, struct kv *kv)
{
	size_t mark = in->t->arena.used;
	enum exit_code code = EXIT_YES;
	struct kv_txn txn;
	enum err e;

	kv_begin(kv, &txn, true);
	for (unsigned i = 0; i < ENTRIES_A_COMMIT && code == EXIT_YES; i++) {
		in->is_ended = !fgets(in->line, (int)LINE_BYTES_MAX, in->file);
		if (in->is_ended)
			break;
		code = take_line(in, &txn);
		arena_release(&in->t->arena, mark);
	}
	if (code != EXIT_YES) {
		kv_abort(&txn);
		return code;
	}
	e = kv_end(&txn);
	if (e == ERR_NONE && !ferror(in->file))
		return EXIT_YES;
	complain("%s cannot be brought back (%s)", in->r->part->service,
	    e != ERR_NONE ? err_name(e) : "its file cannot be read");
	return EXIT_FAULT;
}

static enum exit_code
take_all(struct reading *in, struct kv *kv)
{
	struct progress progress =
	    progress_begin(in->r->part->service, "entries brought back", 1);
	enum exit_code code = EXIT_YES;
	struct kv_txn txn;

	kv_begin(kv, &txn, true);
	kv_fail(&txn, journal_open(&txn, in->r->part->incarnation));
	if (kv_end(&txn) != ERR_NONE)
		return broken(in, "", "its store cannot be begun");
	while (code == EXIT_YES && !in->is_ended) {
		code = take_some(in, kv);
		progress_more(&progress, in->number);
	}
	return code;
}

enum exit_code
restore_lines(struct tool *t, const char *from, const struct restored *r)
{
	const struct kv_options options = {
	    .path = r->work, .tables = journal_tables, .tables_n = JOURNAL_TABLES_N};
	struct reading in = {.t = t,
	    .r = r,
	    .contract = contract_of(r->part->service),
	    .file = fopen(backup_path(t, from, r->part->file), "re"),
	    .line = arena_take(&t->arena, LINE_BYTES_MAX)};
	char problem[256] = "it cannot be read";
	struct kv *kv = NULL;
	enum exit_code code = EXIT_FAULT;

	if (in.file && in.line &&
	    kv_open(&kv, &options, problem, sizeof(problem)) == ERR_NONE)
		code = take_all(&in, kv);
	else
		complain("%s: %s", r->part->file, problem);
	kv_close(kv);
	if (in.file)
		(void)fclose(in.file);
	return code;
}
