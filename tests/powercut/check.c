#include "powercut/check.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/conf.h"
#include "base/message.h"

#include "powercut/disk.h"
#include "powercut/trees.h"

#define ARENA_BYTES (4u << 20)
#define ROOM_BYTES ((uint64_t)2 << 20) /* as the recorded services keep */

/* The commands of the journal by their id: an open table of indices and one more. */
struct command {
	struct id id;
	uint64_t number;
	uint8_t digest[TOLD_DIGEST_BYTES];
	uint8_t caller_key[32];
	struct id user; /* empty: none */
};

struct commands {
	struct command *list;
	size_t n, room;
};

struct checking {
	const struct check *check;
	struct checked *out;
	struct svc *svc;
	struct commands commands;
	struct arena arena;
};

__attribute__((format(printf, 2, 3))) static bool
bad(struct checked *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (out->what[0] == '\0')
		(void)vsnprintf(out->what, sizeof out->what, format, args);
	va_end(args);
	return false;
}

/* ---- the file ---- */

/* A file of no bytes is as good as none: it is a store that is to be made. */
static bool
check_trees(const struct check *c, struct checked *out)
{
	char path[2 * DISK_PATH_MAX];
	struct stat stat;
	struct trees trees;
	void *bytes = MAP_FAILED;
	bool is_fine;
	int fd;

	snprintf(path, sizeof path, "%s/data.mdb", c->folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	if (fstat(fd, &stat) == 0 && stat.st_size > 0)
		bytes = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return true;
	is_fine = trees_walk(bytes, (size_t)stat.st_size, &trees);
	munmap(bytes, (size_t)stat.st_size);
	out->rows = trees.rows;
	return is_fine || bad(out, "its trees: %s", trees.what);
}

static bool
open_store(struct checking *k)
{
	static const struct conf_peers nobody;
	const struct svc_options options = {
	    .service = k->check->service,
	    .path = k->check->folder,
	    .peers = &nobody,
	    .room_bytes = ROOM_BYTES,
	    .no_sync = true,
	    .option = k->check->option,
	    .incarnation = 1,
	};
	char problem[200] = "";

	if (svc_open(&k->svc, &options, problem, sizeof problem) != ERR_NONE)
		return bad(k->out, "it does not open: %s", problem);
	return true;
}

/* ---- the journal ---- */

static size_t
slot_of(const struct commands *c, const char *id)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < ID_LEN; i++)
		hash = (hash ^ (uint8_t)id[i]) * UINT64_C(0x100000001b3);
	hash = disk_mix(&hash) % c->room;
	while (c->list[hash].id.text[0] != '\0' &&
	       memcmp(c->list[hash].id.text, id, ID_LEN) != 0)
		hash = (hash + 1) % c->room;
	return hash;
}

static bool
note_command(struct checking *k, const struct journal_walk *w)
{
	const Journal__CommandRecord *from = w->body->command;
	const char *id = w->record->header->command_id;
	struct command *c;

	if (from == NULL || !from->has_caller_key || !id_is_well_formed(id))
		return true;
	if (from->caller_key.len != sizeof c->caller_key)
		return bad(
		    k->out, "entry %" PRIu64 " bears no caller's key", w->number);
	c = &k->commands.list[slot_of(&k->commands, id)];
	memcpy(c->id.text, id, ID_LEN);
	c->number = w->number;
	told_digest(from->answer.data, from->answer.len, c->digest);
	memcpy(c->caller_key, from->caller_key.data, sizeof c->caller_key);
	if (from->user_id != NULL)
		snprintf(c->user.text, sizeof c->user.text, "%s", from->user_id);
	return true;
}

static bool
check_journal(struct checking *k, struct kv_txn *txn)
{
	struct journal_head head;
	struct journal_walk w;
	bool is_fine = true;

	if (!kv_is_latest(txn))
		return bad(k->out, "it is not the last commit");
	journal_read_head(txn, &head);
	k->commands.room = 2 * (size_t)head.number + 64;
	k->commands.list = calloc(k->commands.room, sizeof *k->commands.list);
	if (k->commands.list == NULL)
		return bad(k->out, "no memory for %" PRIu64 " entries", head.number);
	journal_walk(txn, &w, 1);
	while (is_fine && journal_next(&w, &k->arena)) {
		is_fine = note_command(k, &w);
		arena_reset(&k->arena);
	}
	kv_walk_end(&w.rows);
	if (w.bad != NULL)
		return bad(k->out, "entry %" PRIu64 ": %s", w.number, w.bad);
	k->out->entries = w.number;
	if (txn->err != ERR_NONE || w.number != head.number)
		return bad(
		    k->out, "its journal cannot be read (%s)", err_name(txn->err));
	if (head.number < k->check->head_number)
		return bad(k->out,
		    "entry %" PRIu64 " was told of and the last is %" PRIu64,
		    k->check->head_number, head.number);
	return is_fine;
}

/* ---- what was acknowledged ---- */

static bool
check_answer(struct checking *k, struct kv_txn *txn, const struct answered *a)
{
	const struct command *c = &k->commands.list[slot_of(&k->commands, a->id.text)];
	struct journal_seen seen;
	enum err e;

	if (c->id.text[0] == '\0')
		return bad(k->out, "command %s was answered and is lost", a->id.text);
	if (memcmp(c->digest, a->digest, sizeof c->digest) != 0)
		return bad(k->out, "command %s was answered otherwise", a->id.text);
	e = journal_seen(txn, &k->arena,
	    (struct bytes){c->caller_key, sizeof c->caller_key}, c->user.text,
	    c->id.text, &seen);
	arena_reset(&k->arena);
	if (e != ERR_NONE || !seen.is_known)
		return bad(k->out, "command %s is not in the inbox", a->id.text);
	return true;
}

static bool
check_what_is_kept(struct checking *k)
{
	struct kv_txn txn;
	bool is_fine;

	kv_begin(svc_kv(k->svc), &txn, false);
	is_fine = txn.err == ERR_NONE && check_journal(k, &txn);
	for (size_t i = 0; i < k->check->answers_n && is_fine; i++)
		is_fine = check_answer(k, &txn, &k->check->told->answers[i]);
	kv_abort(&txn);
	return is_fine || bad(k->out, "it cannot be read");
}

/* ---- the tables ---- */

static void
add_row(void *context, const char *table, struct bytes key, struct bytes value)
{
	uint64_t lengths[2] = {key.len, value.len};

	crypto_generichash_update(context, (const void *)table, strlen(table));
	crypto_generichash_update(context, (const void *)lengths, sizeof lengths);
	crypto_generichash_update(context, key.data, key.len);
	crypto_generichash_update(context, value.data, value.len);
}

static bool
digest_tables(struct svc *svc, uint8_t out[32])
{
	crypto_generichash_state state;
	bool is_fine;

	crypto_generichash_init(&state, NULL, 0, 32);
	is_fine = svc_dump(svc, add_row, &state) == ERR_NONE;
	crypto_generichash_final(&state, out, 32);
	return is_fine;
}

/* A rebuild writes much: the list of free pages is put to use too. */
static bool
check_tables(struct checking *k)
{
	uint8_t kept[32], rebuilt[32];
	char problem[200] = "";

	if (!digest_tables(k->svc, kept))
		return bad(k->out, "its tables cannot be read");
	if (svc_rebuild(k->svc, problem, sizeof problem) != ERR_NONE)
		return bad(k->out, "its tables cannot be made anew: %s", problem);
	if (kv_keep_room(svc_kv(k->svc)) != ERR_NONE)
		return bad(k->out, "no room can be kept ahead in it");
	if (!digest_tables(k->svc, rebuilt) || memcmp(kept, rebuilt, sizeof kept) != 0)
		return bad(k->out, "its tables are not what its journal makes");
	return check_trees(k->check, k->out);
}

void
check_store(const struct check *c, struct checked *out)
{
	struct checking k = {.check = c, .out = out};

	*out = (struct checked){.is_fine = false};
	if (arena_open(&k.arena, ARENA_BYTES) != ERR_NONE) {
		(void)bad(out, "no memory to check it with");
		return;
	}
	out->is_fine = check_trees(c, out) && open_store(&k) &&
	               check_what_is_kept(&k) && (!c->is_deep || check_tables(&k));
	free(k.commands.list);
	svc_close(k.svc);
	arena_close(&k.arena);
}
