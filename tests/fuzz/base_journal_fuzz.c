/*
 * A journal that somebody tampers with. The input says what was written and which bit
 * of which row was then turned over: whoever walks it must name that entry, and whoever
 * follows it must not be told otherwise. Untouched it holds, is followed page by page
 * to its head, and can be taken entry by entry into another store.
 */
#include "fuzz/support/fuzz.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/id.h"
#include "base/journal.h"
#include "base/message.h"
#include "base/record.h"
#include "base/row.h"
#include "fuzz/support/speak.h"
#include "support/folder.h"

#define INCARNATION 7
#define TIME_MS INT64_C(1795262400000)
#define ENTRIES_MAX 12

static char folders[2][FOLDER_PATH_MAX];
static struct kv *stores[2];
static struct dice dice;

static void
begin(void)
{
	FUZZ_CHECK(sodium_init() >= 0, "no sodium");
	for (unsigned i = 0; i < 2; i++) {
		char problem[300] = "", path[FOLDER_PATH_MAX];
		struct kv_options o = {.path = path,
		    .tables = journal_tables,
		    .tables_n = JOURNAL_TABLES_N,
		    .map_bytes = 64u << 20,
		    .no_sync = true};

		folder_make(folders[i]);
		folder_file(path, folders[i], "store");
		FUZZ_CHECK(kv_open(&stores[i], &o, problem, sizeof problem) == ERR_NONE,
		    "%s", problem);
	}
}

static void
end(void)
{
	for (unsigned i = 0; i < 2; i++) {
		kv_close(stores[i]);
		folder_remove(folders[i]);
	}
}

static char *
some_id(void)
{
	uint8_t random[ID_RANDOM_BYTES] = {0};
	struct id id;
	char *copy = arena_take(&fuzz_arena, sizeof id.text);

	random[0] = (uint8_t)dice_below(&dice, 4);
	id = id_make(TIME_MS, random);
	memcpy(copy, id.text, sizeof id.text);
	return copy;
}

/* Up to ENTRIES_MAX entries, in commands of one or two; how many. */
static uint64_t
write_some(struct kv_txn *txn)
{
	uint64_t n = 1 + dice_below(&dice, ENTRIES_MAX);
	struct journal_head head;

	FUZZ_CHECK(journal_open(txn, INCARNATION) == ERR_NONE, "it cannot be begun");
	journal_read_head(txn, &head);
	while (head.number < n) {
		Journal__CommandRecord record = JOURNAL__COMMAND_RECORD__INIT;
		struct journal_entry entry = {.type = 10 + dice_below(&dice, 30)};
		struct journal_batch batch = {
		    &entry, 1, TIME_MS + (int64_t)head.number};
		static uint8_t key[32], digest[32];
		static char nobody[] = "";

		entry.event = dice_take(&dice, dice_below(&dice, 60));
		entry.command_id = some_id();
		memset(entry.salt, (int)head.number + 1, sizeof entry.salt);
		if (dice_below(&dice, 2) == 1) {
			SET_BYTES(
			    &record, caller_key, ((struct bytes){key, sizeof key}));
			SET_BYTES(
			    &record, digest, ((struct bytes){digest, sizeof digest}));
			record.user_id = nobody;
			SET(&record, method, dice_below(&dice, 50));
			SET_BYTES(
			    &record, answer, dice_take(&dice, dice_below(&dice, 30)));
			entry.command = &record;
		}
		FUZZ_CHECK(journal_append(txn, &fuzz_arena, &batch, &head,
			       JOURNAL_EPOCH_FIRST) == ERR_NONE,
		    "entry %" PRIu64 " cannot be written", head.number + 1);
	}
	return n;
}

/* ---- and then looked at ---- */

static struct journal_walk
walk(struct kv_txn *txn)
{
	struct journal_walk w;

	for (journal_walk(txn, &w, 1); journal_next(&w, &fuzz_arena);)
		FUZZ_CHECK(w.record != NULL && w.body != NULL, "an entry of nothing");
	return w;
}

/* As a follower does: a small page at a time, from the beginning to the head. */
static void
is_followed(struct kv_txn *txn, uint64_t n)
{
	uint8_t hash[JOURNAL_HASH_BYTES] = {0};
	struct journal_head head;
	uint64_t number = 0;

	while (number < n) {
		Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
		Journal__EventsPage *page = NULL;
		uint64_t was = number;

		SET(&asked, after_number, number);
		SET(&asked, incarnation, INCARNATION);
		SET_BYTES(&asked, after_hash, ((struct bytes){hash, sizeof hash}));
		SET(&asked, page_bytes, 1 + dice_below(&dice, 3) * 4096);
		FUZZ_CHECK(
		    journal_page(txn, &fuzz_arena, &asked, NULL, &page) == ERR_NONE &&
			!page->cursor_unknown,
		    "no page after %" PRIu64, number);
		FUZZ_CHECK(
		    journal_check_page(page, &number, hash) == ERR_NONE && number > was,
		    "the page after %" PRIu64 " does not hold", was);
	}
	journal_read_head(txn, &head);
	FUZZ_CHECK(head.number == n && memcmp(head.hash, hash, sizeof hash) == 0,
	    "followed to another head");
}

static void
is_taken_elsewhere(struct kv_txn *from)
{
	struct journal_head head, same;
	struct journal_walk w;
	struct kv_txn to;

	kv_begin(stores[1], &to, true);
	FUZZ_CHECK(journal_open(&to, INCARNATION) == ERR_NONE, "no second journal");
	for (journal_walk(from, &w, 1); journal_next(&w, &fuzz_arena);)
		FUZZ_CHECK(journal_take(&to, &fuzz_arena, w.record, w.body) == ERR_NONE,
		    "entry %" PRIu64 " is not taken", w.number);
	journal_read_head(from, &head);
	journal_read_head(&to, &same);
	FUZZ_CHECK(head.number == same.number &&
		       memcmp(head.hash, same.hash, sizeof head.hash) == 0,
	    "taken to another head");
	kv_abort(&to);
}

/* ---- what somebody did to it ---- */

static void
put_row(struct kv_txn *txn, uint64_t number, struct bytes row)
{
	uint8_t key[8];

	bytes_put_u64(key, number);
	kv_put(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, row);
}

static struct bytes
row_of(struct kv_txn *txn, uint64_t number)
{
	struct bytes row = BYTES_NONE;
	uint8_t key[8];

	bytes_put_u64(key, number);
	FUZZ_CHECK(kv_get(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, &row),
	    "no row");
	return bytes_copy(&fuzz_arena, row);
}

/* Changes the row of this entry in one way or another; is it another now? */
static bool
tamper(struct kv_txn *txn, uint64_t number)
{
	struct bytes was = row_of(txn, number), row = bytes_copy(&fuzz_arena, was);
	uint8_t *data = message_data(row), key[8];

	switch (dice_below(&dice, 5)) {
	case 0:
	case 1:
		data[dice_below(&dice, (uint32_t)row.len)] ^=
		    (uint8_t)(1u << dice_below(&dice, 8));
		break;
	case 2: row.len = dice_below(&dice, (uint32_t)row.len); break;
	case 3: row = dice_take(&dice, 200); break;
	case 4:
		bytes_put_u64(key, number);
		kv_delete(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key});
		return true;
	}
	put_row(txn, number, row);
	return !bytes_equal(was, row);
}

static void
one(struct bytes input)
{
	struct kv_txn txn;
	struct journal_walk w;
	uint64_t n, number;

	dice = dice_of(input);
	kv_begin(stores[0], &txn, true);
	bool is_left = dice_below(&dice, 4) == 0;
	n = write_some(&txn);
	w = walk(&txn);
	FUZZ_CHECK(txn.err == ERR_NONE && w.bad == NULL && w.number == n,
	    "entry %" PRIu64 " of %" PRIu64 ": %s", w.number, n,
	    w.bad == NULL ? err_name(txn.err) : w.bad);
	if (is_left) {
		is_followed(&txn, n);
		is_taken_elsewhere(&txn);
	} else {
		number = 1 + dice_below(&dice, (uint32_t)n);
		if (tamper(&txn, number)) {
			w = walk(&txn);
			FUZZ_CHECK(w.bad != NULL && w.number == number,
			    "entry %" PRIu64 " was changed, and %" PRIu64
			    " is said to be bad: %s",
			    number, w.number, w.bad == NULL ? "nothing" : w.bad);
		}
	}
	kv_abort(&txn);
}

const struct fuzz_target fuzz_target = {
    .rounds = 1500, .bytes_max = 2048, .open = begin, .one = one, .close = end};
