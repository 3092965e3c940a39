/*
 * What rccctl restore reads: a manifest as it is, a manifest with a check that is
 * right, a line of a journal in open form, a file of heads that others wrote down. The
 * first byte says which.
 */
#include "fuzz/support/fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/copy.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "rccctl/backup.h"
#include "rccctl/lines.h"
#include "rccctl/restore.h"
#include "support/folder.h"

#define TOOL_BYTES ((size_t)8 << 20)

static struct tool tool;
static char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
static struct kv *kv;

static void
begin(void)
{
	char store[FOLDER_PATH_MAX], problem[300] = "";
	struct kv_options o = {.path = store,
	    .tables = journal_tables,
	    .tables_n = JOURNAL_TABLES_N,
	    .map_bytes = 16u << 20,
	    .no_sync = true};

	FUZZ_CHECK(
	    sodium_init() >= 0 && arena_open(&tool.arena, TOOL_BYTES) == ERR_NONE,
	    "no room");
	folder_make(folder);
	folder_file(path, folder, BACKUP_MANIFEST);
	folder_file(store, folder, "store");
	FUZZ_CHECK(
	    kv_open(&kv, &o, problem, sizeof problem) == ERR_NONE, "%s", problem);
	fuzz_listen();
}

static void
end(void)
{
	kv_close(kv);
	folder_remove(folder);
	arena_close(&tool.arena);
}

static void
is_told(enum exit_code code, enum exit_code no)
{
	const char *heard = fuzz_heard();

	FUZZ_CHECK(code == EXIT_YES || code == no, "it left with %d", (int)code);
	FUZZ_CHECK(
	    (code == EXIT_YES) == (heard[0] == '\0'), "%d, and: %s", (int)code, heard);
}

/* ---- the manifest ---- */

/* No file of it is outside the folder, and no service is there twice. */
static void
is_a_manifest(const Backup__Manifest *m)
{
	FUZZ_CHECK(m->n_parts > 0 && m->layout == BACKUP_LAYOUT, "no parts");
	for (size_t i = 0; i < m->n_parts; i++) {
		const Backup__Part *p = m->parts[i];
		FUZZ_CHECK(
		    contract_of(p->service) != NULL && backup_part(m, p->service) == p,
		    "part %zu", i);
		FUZZ_CHECK(p->file[0] != '\0' && p->file[0] != '/' &&
			       strstr(p->file, "..") == NULL,
		    "it names %s", p->file);
		FUZZ_CHECK(p->file_hash.len == COPY_HASH_BYTES &&
			       p->head_hash.len == JOURNAL_HASH_BYTES,
		    "part %zu has no hash", i);
	}
}

static void
a_manifest(struct bytes text)
{
	Backup__Manifest *m = NULL;
	enum exit_code code;

	folder_write(path, text.data, text.len);
	code = backup_read_manifest(&tool, folder, &m);
	is_told(code, EXIT_BROKEN);
	if (code == EXIT_YES)
		is_a_manifest(m);
}

/* What the input says, made whole with its layout and its check. */
static void
a_checked_manifest(const char *text)
{
	uint8_t check[COPY_HASH_BYTES];
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	Backup__Manifest *manifest;
	struct bytes packed;
	const char *json;

	if (json_to_message(
		&tool.arena, &backup__manifest__descriptor, text, &m, &why) != ERR_NONE)
		return;
	manifest = (Backup__Manifest *)(void *)m;
	manifest->has_check = 0;
	manifest->check = (ProtobufCBinaryData){0};
	SET(manifest, layout, BACKUP_LAYOUT);
	FUZZ_CHECK(message_pack(&tool.arena, m, &packed) == ERR_NONE, "no room");
	(void)crypto_generichash(check, sizeof check, packed.data, packed.len, NULL, 0);
	SET_BYTES(manifest, check, ((struct bytes){check, sizeof check}));
	FUZZ_CHECK(json_from_message(&tool.arena, m, 2, &json) == ERR_NONE, "%s", text);
	a_manifest(bytes_of_text(json));
}

/* ---- lines ---- */

/* The entry that the line says: it is said as the same line, and is taken into a
 * journal only where it is the one that follows there. */
static void
a_line(const struct contract *c, const char *text)
{
	struct lines_entry entry, again;
	struct check_problem why;
	const char *line = NULL;
	struct kv_txn txn;
	enum err e;

	if (!lines_read(&tool, c, text, &entry, &why)) {
		FUZZ_CHECK(why.field[0] != '\0' && why.reason[0] != '\0',
		    "refused without a reason: %s", text);
		return;
	}
	FUZZ_CHECK(lines_say(&tool, c, &entry.record, &entry.body, &line) == EXIT_YES,
	    "read, and cannot be said: %s", text);
	FUZZ_CHECK(
	    lines_read(&tool, c, line, &again, &why) &&
		bytes_equal(BYTES_OF(entry.body.event), BYTES_OF(again.body.event)) &&
		entry.record.header->number == again.record.header->number,
	    "%s became %s", text, line);
	kv_begin(kv, &txn, true);
	FUZZ_CHECK(journal_open(&txn, 7) == ERR_NONE, "no journal");
	e = journal_take(&txn, &tool.arena, &entry.record, &entry.body);
	FUZZ_CHECK(e == ERR_NONE || e == ERR_MALFORMED, "%s: %s", err_name(e), text);
	if (e == ERR_NONE) {
		struct journal_walk w;
		for (journal_walk(&txn, &w, 1); journal_next(&w, &tool.arena);)
			FUZZ_CHECK(w.number == 1, "%" PRIu64, w.number);
		FUZZ_CHECK(w.bad == NULL && txn.err == ERR_NONE, "taken, and %s",
		    w.bad == NULL ? err_name(txn.err) : w.bad);
	}
	kv_abort(&txn);
}

/* ---- heads ---- */

static void
heads_file(struct bytes text)
{
	static const struct flag heads = {.name = "--heads", .value = "FILE"};
	static const Backup__Manifest nothing = BACKUP__MANIFEST__INIT;
	struct restore_heads *out = arena_take(&fuzz_arena, sizeof *out);

	tool.args.n = 1;
	tool.args.list[0] = (struct arg){&heads, fuzz_file(text)};
	FUZZ_CHECK(out != NULL, "no room");
	is_told(restore_read_heads(&tool, folder, &nothing, out), EXIT_USAGE);
	FUZZ_CHECK(out->n <= RESTORE_KNOWN_MAX, "%zu heads", out->n);
	for (size_t i = 0; i < out->n; i++)
		FUZZ_CHECK(contract_of(out->list[i].known.service) != NULL &&
			       out->list[i].known.head.number > 0 &&
			       out->list[i].is_stated,
		    "head %zu is of '%s'", i, out->list[i].known.service);
}

static void
one(struct bytes input)
{
	struct arena arena = tool.arena;

	if (input.len < 1)
		return;
	struct bytes rest = {input.data + 1, input.len - 1};
	arena_reset(&arena);
	tool = (struct tool){.arena = arena};
	switch (input.data[0] % 4) {
	case 0: a_manifest(rest); break;
	case 1: a_checked_manifest(fuzz_text(rest)); break;
	case 2:
		a_line(&contracts[input.data[0] / 4 % contracts_n], fuzz_text(rest));
		break;
	case 3: heads_file(rest); break;
	}
}

const struct fuzz_target fuzz_target = {
    .rounds = 6000, .bytes_max = 4096, .open = begin, .one = one, .close = end};
