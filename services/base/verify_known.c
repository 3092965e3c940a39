#include "base/verify.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/row.h"

#define ARENA_BYTES (1u << 20)
#define CURSORS 0

static void
say_cursors(struct kv_txn *txn, struct arena *a, int pipe)
{
	struct kv_walk w;

	for (kv_walk(txn, &w, CURSORS, BYTES_NONE, BYTES_NONE); kv_next(&w);) {
		const Journal__Cursor *row =
		    row_at(&w, a, &journal__cursor__descriptor);
		struct verify_known known;

		if (row == NULL || row->service == NULL || row->number == 0 ||
		    row->hash.len != JOURNAL_HASH_BYTES)
			continue;
		memset(&known, 0, sizeof known);
		snprintf(known.service, sizeof known.service, "%s", row->service);
		known.head.number = row->number;
		memcpy(known.head.hash, row->hash.data, JOURNAL_HASH_BYTES);
		if (write(pipe, &known, sizeof known) != (ssize_t)sizeof known)
			return;
	}
}

static int
read_cursors(const void *context, int pipe)
{
	static const char *const tables[] = {[CURSORS] = "cursors"};
	const struct kv_options options = {
	    .path = context, .tables = tables, .tables_n = 1, .read_only = true};
	char problem[256];
	struct arena a;
	struct kv_txn txn;
	struct kv *kv;

	if (arena_open(&a, ARENA_BYTES) != ERR_NONE ||
	    kv_open(&kv, &options, problem, sizeof problem) != ERR_NONE)
		return 1;
	kv_begin(kv, &txn, false);
	say_cursors(&txn, &a, pipe);
	kv_abort(&txn);
	kv_close(kv);
	return 0;
}

enum err
verify_what_is_known(
    const char *path, struct verify_known out[VERIFY_KNOWN_MAX], size_t *n)
{
	struct apart a;
	enum err e = apart_begin(&a, read_cursors, path);

	*n = 0;
	if (e != ERR_NONE)
		return e;
	while (*n < VERIFY_KNOWN_MAX && apart_wait(&a, APART_SILENT_MS) == 1 &&
	       read(a.pipe, &out[*n], sizeof out[*n]) == (ssize_t)sizeof out[*n]) {
		out[*n].service[sizeof out[*n].service - 1] = '\0';
		(*n)++;
	}
	(void)apart_end(&a, true);
	return ERR_NONE;
}
