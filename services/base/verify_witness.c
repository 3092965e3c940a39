#include "base/verify.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/arena.h"
#include "base/kv.h"
#include "base/message.h"
#include "base/record.h"

#define ARENA_BYTES (4u << 20)
#define READ_MS_MAX (10 * 60 * 1000)

static_assert(sizeof(struct verify_witness) <= PIPE_BUF,
    "a report is written whole or not at all");

struct errand {
	const char *path, *service, *witness;
};

/* The journal that is spoken of, and one earlier incarnation of it. */
struct spoken_of {
	struct kv_txn txn;
	const char *service;
	struct journal_head head;
	uint64_t incarnation;   /* the one looked for last */
	uint64_t ends;          /* its last entry; 0: none is left */
	uint64_t restored_from; /* the first entry of the present one */
};

static void
cannot_read(struct verify_witness *out, const char *what)
{
	out->said = VERIFY_SAID_UNREADABLE;
	snprintf(out->what, sizeof out->what, "%s", what);
}

static bool
entry_at(struct kv_txn *txn, uint64_t number, struct record *out)
{
	uint8_t key[8];
	struct bytes packed;

	bytes_put_u64(key, number);
	return kv_get(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, &packed) &&
	       record_read(packed, out);
}

/* ---- restored since, or rewritten? ---- */

static void
find_incarnation(struct spoken_of *of, uint64_t incarnation)
{
	struct kv_walk w;
	struct record r;

	if (of->incarnation == incarnation)
		return;
	of->incarnation = incarnation;
	of->ends = 0;
	of->restored_from = of->head.number + 1;
	kv_walk(&of->txn, &w, JOURNAL_TABLE, BYTES_NONE, BYTES_NONE);
	while (kv_next(&w)) {
		if (!record_read(w.value, &r))
			continue;
		if (r.header.incarnation == incarnation)
			of->ends = r.header.number;
		if (r.header.incarnation == of->head.incarnation &&
		    r.header.number < of->restored_from)
			of->restored_from = r.header.number;
	}
}

/* An entry of an incarnation that has ended, beyond where it ends now, is lost. */
static bool
is_lost(struct spoken_of *of, const Common__Witnessed *said, struct verify_witness *out)
{
	uint64_t from;

	if (said->incarnation == of->head.incarnation)
		return false;
	find_incarnation(of, said->incarnation);
	/* One that is all of the present incarnation was never restored. */
	if (said->number <= of->ends || of->restored_from == 1)
		return false;
	from = of->ends > 0 ? of->ends + 1 : of->restored_from;
	if (from > said->number)
		from = said->number;
	if (out->lost_from == 0 || from < out->lost_from)
		out->lost_from = from;
	if (said->number > out->lost_to)
		out->lost_to = said->number;
	return true;
}

/* ---- what is said ---- */

static void
compare(struct spoken_of *of, const Common__Witnessed *said, struct verify_witness *out)
{
	struct record r;
	bool is_found = entry_at(&of->txn, said->number, &r);

	out->times++;
	if (is_found &&
	    memcmp(r.entry_hash, said->hash.data, JOURNAL_HASH_BYTES) == 0) {
		if (said->number > out->last_number)
			out->last_number = said->number;
		return;
	}
	if (is_lost(of, said, out) || (out->number > 0 && out->number <= said->number))
		return;
	out->number = said->number;
	out->is_missing = !is_found;
	memcpy(out->witnessed_hash, said->hash.data, JOURNAL_HASH_BYTES);
	memset(out->found_hash, 0, JOURNAL_HASH_BYTES);
	if (is_found)
		memcpy(out->found_hash, r.entry_hash, JOURNAL_HASH_BYTES);
}

/* What the entry says of this service; NULL: nothing. */
static const Common__Witnessed *
said_in(const struct journal_walk *j, const char *service, struct arena *a)
{
	const Common__Witnessed *said;
	ProtobufCMessage *m;

	if (j->record->header->type != JOURNAL_TYPE_WITNESSED ||
	    message_unpack(a, &common__witnessed__descriptor, BYTES_OF(j->body->event),
		&m) != ERR_NONE)
		return NULL;
	said = (const Common__Witnessed *)m;
	return said->service != NULL && strcmp(said->service, service) == 0 &&
	               said->hash.len == JOURNAL_HASH_BYTES
	           ? said
	           : NULL;
}

static void
read_witness(struct kv *witness, struct spoken_of *of, struct arena *a,
    struct verify_witness *out)
{
	struct journal_walk j;
	struct kv_txn txn;

	kv_begin(witness, &txn, false);
	for (journal_walk(&txn, &j, 1); journal_next(&j, a); arena_reset(a)) {
		const Common__Witnessed *said = said_in(&j, of->service, a);

		if (said != NULL)
			compare(of, said, out);
		out->entries++;
	}
	if (out->number > 0)
		out->said = VERIFY_SAID_OTHERWISE;
	else if (txn.err != ERR_NONE || of->txn.err != ERR_NONE)
		cannot_read(out, "its pages are damaged");
	else if (j.bad != NULL)
		cannot_read(out, j.bad);
	else if (out->lost_from > 0)
		out->said = VERIFY_SAID_RESTORED;
	else
		out->said = out->times > 0 ? VERIFY_SAID_THE_SAME : VERIFY_SAID_NOTHING;
	kv_abort(&txn);
}

/* ---- in the child ---- */

static struct kv *
open_store(const char *path, struct verify_witness *out)
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
	struct kv *kv;

	return kv_open(&kv, &options, out->what, sizeof out->what) == ERR_NONE ? kv
	                                                                       : NULL;
}

static void
read_both(const struct errand *errand, struct verify_witness *out)
{
	struct spoken_of of = {.service = errand->service};
	struct kv *kv = open_store(errand->path, out);
	struct kv *witness = kv == NULL ? NULL : open_store(errand->witness, out);
	struct arena a;

	if (witness != NULL && arena_open(&a, ARENA_BYTES) == ERR_NONE) {
		kv_begin(kv, &of.txn, false);
		journal_read_head(&of.txn, &of.head);
		read_witness(witness, &of, &a, out);
		kv_abort(&of.txn);
		arena_close(&a);
	}
	kv_close(witness);
	kv_close(kv);
}

static int
read_apart(const void *context, int pipe)
{
	struct verify_witness report = {.said = VERIFY_SAID_UNREADABLE};

	read_both(context, &report);
	return write(pipe, &report, sizeof report) == (ssize_t)sizeof report ? 0 : 1;
}

/* ---- the parent ---- */

enum err
verify_witnessed(const char *path, const char *service, const char *witness,
    struct verify_witness *out)
{
	const struct errand errand = {path, service, witness};
	struct verify_witness report = {.said = VERIFY_SAID_UNREADABLE};
	struct apart child;
	ssize_t n = 0;
	enum err e = apart_begin(&child, read_apart, &errand);

	if (e != ERR_NONE)
		return e;
	if (apart_wait(&child, READ_MS_MAX) == 1) {
		do {
			n = read(child.pipe, &report, sizeof report);
		} while (n < 0 && errno == EINTR);
	}
	(void)apart_end(&child, true);
	if (n != (ssize_t)sizeof report ||
	    (unsigned)report.said > VERIFY_SAID_OTHERWISE) {
		report = (struct verify_witness){.said = VERIFY_SAID_UNREADABLE};
		cannot_read(&report, "reading it crashed or came to a halt");
	}
	report.what[sizeof report.what - 1] = '\0';
	*out = report;
	return ERR_NONE;
}
