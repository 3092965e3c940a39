/* How a set of copies is made, whatever is then made of each copy. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/clock.h"
#include "base/copied.h"
#include "base/copy.h"
#include "base/message.h"
#include "base/str.h"

#include "args.h"
#include "backup.h"
#include "command.h"
#include "progress.h"
#include "table.h"
#include "words.h"

#define SERVICES_MAX 16

/* The stores found, in the order of the contracts: a service after those it follows. */
struct stores {
	const char *paths[SERVICES_MAX]; /* as in contracts; NULL: none */
	size_t n;
};

/* ---- which stores ---- */

static enum exit_code
add_store(struct tool *t, struct stores *s, const char *service, const char *path)
{
	const struct contract *c = contract_of(service);
	size_t i;

	if (!c) {
		complain("%s is the store of no service: its folder must have the "
			 "service's name",
		    path);
		return EXIT_USAGE;
	}
	i = (size_t)(c - contracts);
	if (s->paths[i])
		return complain_usage(t, "there are two stores of %s", service);
	s->paths[i] = path;
	s->n++;
	return EXIT_YES;
}

/* The folder's own name: "store/foster/" is of foster. */
static const char *
name_of(struct tool *t, const char *path)
{
	char real[4096];
	const char *slash;

	if (!realpath(path, real))
		return NULL;
	slash = strrchr(real, '/');
	return str_copy(&t->arena, slash ? slash + 1 : real);
}

/* A store, or a folder of stores. */
static enum exit_code
add_stores(struct tool *t, struct stores *s, const char *folder)
{
	size_t before = s->n;
	enum exit_code code = EXIT_YES;

	if (backup_is_file(backup_path(t, folder, BACKUP_STORE))) {
		const char *name = name_of(t, folder);
		return add_store(t, s, name ? name : "", folder);
	}
	for (size_t i = 0; i < contracts_n && code == EXIT_YES; i++) {
		const char *path = backup_path(t, folder, contracts[i].service);
		if (backup_is_file(backup_path(t, path, BACKUP_STORE)))
			code = add_store(t, s, contracts[i].service, path);
	}
	if (code == EXIT_YES && s->n == before) {
		complain("there is no service's store in %s", folder);
		return EXIT_USAGE;
	}
	return code;
}

/* ---- one of them ---- */

static enum exit_code
copy_one(struct tool *t, const char *from, const char *to, Backup__Part *part)
{
	struct progress progress =
	    progress_begin(part->service, "MiB copied", UINT64_C(1) << 20);
	struct copy copy = {.from = from,
	    .to = backup_path(t, to, BACKUP_STORE),
	    .more = progress_more,
	    .context = &progress};

	SET(part, begun_time, clock_now_ms());
	if (copy_store(&copy) != ERR_NONE) {
		complain("%s", copy.problem);
		return EXIT_FAULT;
	}
	part->file =
	    (char *)(uintptr_t)str_format(&t->arena, "%s/" BACKUP_STORE, part->service);
	SET(part, form, BACKUP__FORM__FORM_STORE);
	SET(part, file_bytes, copy.bytes);
	SET_BYTES(part, file_hash,
	    bytes_copy(&t->arena, ((struct bytes){copy.hash, sizeof(copy.hash)})));
	return EXIT_YES;
}

static enum exit_code
note_followed(struct tool *t, const char *store, Backup__Part *part)
{
	struct verify_known known[VERIFY_KNOWN_MAX];
	size_t n;

	if (verify_what_is_known(store, known, &n) != ERR_NONE)
		return EXIT_FAULT;
	part->follows = LIST_NEW(&t->arena, n + 1, Backup__Followed *);
	if (!part->follows)
		return complain_memory();
	for (size_t i = 0; i < n; i++) {
		Backup__Followed *f = MESSAGE_NEW(&t->arena, backup__followed);
		if (!f)
			return complain_memory();
		f->service = str_copy(&t->arena, known[i].service);
		SET(f, number, known[i].head.number);
		SET_BYTES(f, hash,
		    bytes_copy(&t->arena,
			((struct bytes){known[i].head.hash, JOURNAL_HASH_BYTES})));
		part->follows[part->n_follows++] = f;
	}
	return EXIT_YES;
}

/* Is the copy's journal what was written? And what does it say of itself? */
static enum exit_code
check_one(struct tool *t, const char *store, Backup__Part *part)
{
	struct progress progress = progress_begin(part->service, "entries checked", 1);
	const struct verify_watch watch = {APART_SILENT_MS, progress_more, &progress};
	struct verify_report report;

	if (verify_store_watched(store, NULL, &watch, &report) != ERR_NONE)
		return EXIT_FAULT;
	if (report.verdict != VERIFY_HOLDS) {
		complain("the journal of %s is not what was written, and was not "
			 "copied: %s (rccctl journal verify says more)",
		    part->service, report.what);
		return EXIT_BROKEN;
	}
	SET(part, incarnation, report.incarnation);
	SET(part, head_number, report.head_number);
	SET(part, head_time, report.head_time_ms);
	SET_BYTES(part, head_hash,
	    bytes_copy(&t->arena,
		((struct bytes){report.head_hash, sizeof(report.head_hash)})));
	return note_followed(t, store, part);
}

static enum exit_code
make_one(struct tool *t, const char *from, const char *folder, backup_turn *turn,
    Backup__Part *part)
{
	const char *store = backup_path(t, folder, part->service);
	enum exit_code code;

	if (mkdir(store, 0700) != 0) {
		complain("%s cannot be made: %s", store, strerror(errno));
		return EXIT_FAULT;
	}
	code = copy_one(t, from, store, part);
	if (code == EXIT_YES)
		code = check_one(t, store, part);
	(void)unlink(backup_path(t, store, "lock.mdb"));
	if (code == EXIT_YES && turn) {
		code = turn(t, folder, store, part);
		backup_remove(store);
	}
	if (code == EXIT_YES && !turn && copy_sync_folder(store) != ERR_NONE)
		return EXIT_FAULT;
	return code;
}

/* ---- all of them ---- */

/* Owners were copied last, so none can lack what a follower has. */
static enum exit_code
check_set(const Backup__Manifest *m)
{
	for (size_t i = 0; i < m->n_parts; i++) {
		for (size_t k = 0; k < m->parts[i]->n_follows; k++) {
			const Backup__Followed *f = m->parts[i]->follows[k];
			const Backup__Part *owner = backup_part(m, f->service);
			if (!owner || f->number <= owner->head_number)
				continue;
			complain("%s has seen entry %" PRIu64
				 " of %s, which ends at %" PRIu64
				 ": these stores are not of one time",
			    m->parts[i]->service, f->number, f->service,
			    owner->head_number);
			return EXIT_BROKEN;
		}
	}
	return EXIT_YES;
}

static enum exit_code
make_all(struct tool *t, const struct stores *s, const char *folder, backup_turn *turn,
    Backup__Manifest *m)
{
	enum exit_code code = EXIT_YES;

	for (size_t i = contracts_n; i-- > 0 && code == EXIT_YES;) {
		Backup__Part *part;
		if (!s->paths[i])
			continue;
		part = MESSAGE_NEW(&t->arena, backup__part);
		if (!part)
			return complain_memory();
		part->service = (char *)(uintptr_t)contracts[i].service;
		m->parts[m->n_parts++] = part;
		code = make_one(t, s->paths[i], folder, turn, part);
	}
	if (code == EXIT_YES)
		code = check_set(m);
	return code == EXIT_YES ? backup_write_manifest(t, folder, m) : code;
}

static void
remove_all(struct tool *t, const struct stores *s, const char *folder)
{
	for (size_t i = 0; i < contracts_n; i++)
		if (s->paths[i])
			backup_remove(backup_path(t, folder, contracts[i].service));
	backup_remove(folder);
}

/* Under another name, and at the end under its own. */
static enum exit_code
make_under_another_name(struct tool *t, const struct stores *s, const char *to,
    backup_turn *turn, Backup__Manifest *m)
{
	const char *work = str_format(&t->arena, "%s.unfinished", to);
	const char *parent = str_format(&t->arena, "%s/..", to);
	enum exit_code code;

	if (!work || !parent)
		return complain_memory();
	if (mkdir(work, 0700) != 0) {
		complain("%s cannot be made: %s%s", work, strerror(errno),
		    errno == EEXIST
			? " (it is being made by another, or was cut short: "
			  "then remove it)"
			: "");
		return errno == EEXIST ? EXIT_REFUSED : EXIT_FAULT;
	}
	code = make_all(t, s, work, turn, m);
	if (code == EXIT_YES && rename(work, to) != 0) {
		complain("%s cannot be renamed to %s: %s", work, to, strerror(errno));
		code =
		    errno == ENOTEMPTY || errno == EEXIST ? EXIT_REFUSED : EXIT_FAULT;
	}
	if (code == EXIT_YES && copy_sync_folder(parent) != ERR_NONE) {
		complain("%s cannot be made to last", to);
		return EXIT_FAULT;
	}
	if (code != EXIT_YES)
		remove_all(t, s, work);
	return code;
}

/* Word to each service, beside its store. The copies are whole without it. */
static void
leave_word(struct tool *t, const struct stores *s, const Backup__Manifest *m)
{
	for (size_t i = 0; i < m->n_parts; i++) {
		const Backup__Part *p = m->parts[i];
		const char *store = s->paths[contract_of(p->service) - contracts];
		Common__Copied copied = COMMON__COPIED__INIT;

		SET_FROM(&copied, incarnation, p, incarnation);
		SET_FROM(&copied, number, p, head_number);
		SET_FROM(&copied, begun_time, p, begun_time);
		if (copied_write(&t->arena, store, &copied) != ERR_NONE)
			complain("the copy of %s is whole, but %s/" COPIED_FILE
				 " cannot be written: rcc-%s does not know of it",
			    p->service, store, p->service);
	}
}

/* What the words and this option name. */
static enum exit_code
find_stores(struct tool *t, const char *option, struct stores *out)
{
	enum exit_code code = EXIT_YES;

	*out = (struct stores){.n = 0};
	for (size_t i = 0; i < t->args.words_n && code == EXIT_YES; i++)
		code = add_stores(t, out, t->args.words[i]);
	for (size_t i = 0; i < t->args.n && code == EXIT_YES; i++)
		if (str_equal(t->args.list[i].flag->name, option))
			code = add_stores(t, out, t->args.list[i].value);
	if (code == EXIT_YES && out->n == 0)
		return complain_usage(t, "say which stores: %s DIR", option);
	return code;
}

enum exit_code
backup_make_set(
    struct tool *t, const char *option, backup_turn *turn, Backup__Manifest **out)
{
	const char *given = args_value(t, "--to");
	char *to = str_copy(&t->arena, given);
	size_t len = to ? strlen(to) : 0;
	Backup__Manifest *m = MESSAGE_NEW(&t->arena, backup__manifest);
	struct stores s;
	enum exit_code code;

	if (!given || len == 0)
		return complain_usage(t, "say where to: --to DIR");
	if (!m || !(m->parts = LIST_NEW(&t->arena, contracts_n, Backup__Part *)))
		return complain_memory();
	while (len > 1 && to[len - 1] == '/')
		to[--len] = '\0';
	code = find_stores(t, option, &s);
	if (code != EXIT_YES)
		return code;
	if (!backup_is_free(to)) {
		complain(
		    "there is something in %s already, and nothing is written over",
		    to);
		return EXIT_REFUSED;
	}
	(void)umask(077);     /* all that the stores hold stands in what is made */
	(void)fflush(stdout); /* nothing is left in it for a child to write again */
	code = make_under_another_name(t, &s, to, turn, m);
	if (code != EXIT_YES)
		return code;
	if (!turn)
		leave_word(t, &s, m);
	*out = m;
	return EXIT_YES;
}

void
backup_print_set(struct tool *t, const Backup__Manifest *m, const char *what)
{
	struct arena *a = &t->arena;
	enum exit_code code;
	uint64_t bytes = 0;
	struct table table;

	if (command_is_shown(t, &m->base, &code))
		return;
	table_begin(&table, a, "service|entries>|the last of|KiB>");
	for (size_t i = 0; i < m->n_parts; i++) {
		const Backup__Part *p = m->parts[i];
		bytes += p->file_bytes;
		table_cell(&table, p->service);
		table_cell(&table, words_number(a, p->head_number));
		table_cell(&table,
		    p->head_number > 0 ? words_time(a, p->head_time, t->now_ms) : "");
		table_cell(&table, words_number(a, (p->file_bytes + 1023) / 1024));
	}
	table_print(&table, stdout);
	(void)printf("%s %s: %s KiB. " NOTICE "\n", what,
	    words_safe(a, args_value(t, "--to")),
	    words_number(a, (bytes + 1023) / 1024));
}
