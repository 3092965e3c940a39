#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/message.h"
#include "base/str.h"

#include "args.h"
#include "backup.h"
#include "lines.h"
#include "progress.h"
#include "verbs.h"

static const struct flag flags[] = {
    {"--from", "DIR...",
	"a service's store, a folder with several, or a backup; or just DIR", NULL,
	NULL},
    {"--to", "DIR", "the folder to be made; nothing is written over", NULL, NULL},
};

static enum exit_code
cannot_write(const char *path)
{
	complain("%s cannot be written: %s", path, strerror(errno));
	return EXIT_FAULT;
}

static enum exit_code
say_entries(struct tool *t, const struct contract *c, struct kv_txn *txn, FILE *out)
{
	struct progress progress = progress_begin(c->service, "entries written", 1);
	size_t mark = t->arena.used;
	enum exit_code code = EXIT_YES;
	struct journal_walk w;

	journal_walk(txn, &w, 1);
	while (code == EXIT_YES && journal_next(&w, &t->arena)) {
		const char *line = NULL;
		code = lines_say(t, c, w.record, w.body, &line);
		if (code == EXIT_YES &&
		    (fputs(line, out) < 0 || fputc('\n', out) != '\n'))
			code = cannot_write(c->service);
		arena_release(&t->arena, mark);
		progress_more(&progress, w.number);
	}
	kv_walk_end(&w.rows);
	if (code == EXIT_YES && (w.bad || txn->err != ERR_NONE)) {
		complain("the journal of %s cannot be read on after entry %llu",
		    c->service, (unsigned long long)w.number);
		return EXIT_BROKEN;
	}
	return code;
}

static enum exit_code
say_journal(struct tool *t, const struct contract *c, const char *store, FILE *out)
{
	const struct kv_options options = {.path = store,
	    .tables = journal_tables,
	    .tables_n = JOURNAL_TABLES_N,
	    .read_only = true};
	char problem[256] = "";
	struct kv *kv = NULL;
	enum exit_code code;
	struct kv_txn txn;

	if (kv_open(&kv, &options, problem, sizeof(problem)) != ERR_NONE) {
		complain("%s", problem);
		return EXIT_FAULT;
	}
	kv_begin(kv, &txn, false);
	code = say_entries(t, c, &txn, out);
	kv_abort(&txn);
	kv_close(kv);
	return code;
}

/* The copy of a store becomes the journal's lines. */
static enum exit_code
turn_to_lines(struct tool *t, const char *folder, const char *store, Backup__Part *part)
{
	const char *name = str_format(&t->arena, "%s.jsonl", part->service);
	const char *path = name ? backup_path(t, folder, name) : "";
	struct copy read = {.from = path};
	FILE *out = fopen(path, "wxe");
	enum exit_code code;

	if (!out)
		return cannot_write(path);
	code = say_journal(t, contract_of(part->service), store, out);
	if (fflush(out) != 0 || fsync(fileno(out)) != 0)
		code = code == EXIT_YES ? cannot_write(path) : code;
	if (fclose(out) != 0 && code == EXIT_YES)
		code = cannot_write(path);
	if (code != EXIT_YES)
		return code;
	if (copy_file(&read) != ERR_NONE) {
		complain("%s", read.problem);
		return EXIT_FAULT;
	}
	part->file = (char *)(uintptr_t)name;
	SET(part, form, BACKUP__FORM__FORM_LINES);
	SET(part, file_bytes, read.bytes);
	SET_BYTES(part, file_hash,
	    bytes_copy(&t->arena, ((struct bytes){read.hash, sizeof(read.hash)})));
	return EXIT_YES;
}

static enum exit_code
run(struct tool *t)
{
	Backup__Manifest *m = NULL;
	enum exit_code code = backup_make_set(t, "--from", turn_to_lines, &m);

	if (code == EXIT_YES)
		backup_print_set(t, m, "Written to");
	return code;
}

const struct verb verb_export = {
    .name = "export",
    .takes = "[DIR...]",
    .summary = "the services' journals in open form: one JSON line an entry",
    .text = "All that the services hold, since their tables are made of nothing else: "
	    "every event with the hash of its entry and the salt to prove it. The "
	    "services may run meanwhile. rccctl restore makes stores of it again, "
	    "checking every entry against the chain; their services rebuild their "
	    "tables when they start.",
    .example = "rccctl export --from /var/lib/rcc --to region-in-open-form",
    FLAGS(flags),
    .words_max = ARGS_MAX,
    .run = run,
};
