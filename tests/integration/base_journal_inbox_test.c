/* What the journal remembers of commands, so that a repeated one hears the same. */
#include "base/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "support/chain.h"

#include "common.pb-c.h"

#define DAYS_MS(n) ((n)*INT64_C(24) * 3600 * 1000)

static int
make(void **state)
{
	struct chain *c = calloc(1, sizeof *c);

	assert_non_null(c);
	chain_open(c);
	*state = c;
	return 0;
}

static int
clear(void **state)
{
	chain_close(*state);
	free(*state);
	return 0;
}

static struct journal_seen
seen(struct chain *c, struct bytes key, const char *user, const char *id)
{
	struct journal_seen out;
	struct kv_txn txn;

	kv_begin(c->kv, &txn, false);
	assert_int_equal(journal_seen(&txn, &c->arena, key, user, id, &out), ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	return out;
}

static void
a_command_is_known_by_id_key_and_user(void **state)
{
	struct chain *c = *state;
	uint8_t digest[JOURNAL_HASH_BYTES];
	struct journal_seen s;

	chain_append(c, 5, 2, 30);
	for (uint64_t i = 1; i <= 5; i++) {
		s = seen(c, chain_key(i), "somebody", chain_id(i));
		assert_true(s.is_known);
		journal_digest((uint32_t)i, "E06000001", chain_event(i, 30), digest);
		assert_memory_equal(s.digest, digest, sizeof digest);
		assert_true(bytes_equal(s.answer, bytes_of_text("yes")));
		assert_int_equal(s.refused_number, 0);
	}
	assert_false(seen(c, chain_key(1), "somebody", chain_id(6)).is_known);
	assert_false(seen(c, chain_key(2), "somebody", chain_id(1)).is_known);
	assert_false(seen(c, chain_key(1), "nobody", chain_id(1)).is_known);
	assert_false(seen(c, chain_key(1), NULL, chain_id(1)).is_known);
	assert_false(seen(c, chain_key(1), "somebody", "not an id").is_known);
	assert_false(seen(c, chain_key(1), "somebody", "").is_known);
}

static void
the_digest_tells_commands_apart(void **state)
{
	uint8_t one[JOURNAL_HASH_BYTES], other[JOURNAL_HASH_BYTES];
	struct bytes body = bytes_of_text("body");

	(void)state;
	journal_digest(7, "E06000001", body, one);
	journal_digest(7, "E06000001", body, other);
	assert_memory_equal(one, other, sizeof one);
	journal_digest(8, "E06000001", body, other);
	assert_memory_not_equal(one, other, sizeof one);
	journal_digest(7, "E06000002", body, other);
	assert_memory_not_equal(one, other, sizeof one);
	journal_digest(7, "E06000001b", bytes_of_text("ody"), other);
	assert_memory_not_equal(one, other, sizeof one);
	journal_digest(7, NULL, body, one);
	journal_digest(7, "", body, other);
	assert_memory_equal(one, other, sizeof one);
}

/* One entry with this event and command record behind the head. */
static void
append(struct chain *c, uint64_t number, uint32_t type, struct bytes event,
    const Journal__CommandRecord *command)
{
	struct journal_entry e = {.type = type,
	    .event = event,
	    .command_id = chain_id(number),
	    .command = command};
	struct journal_batch batch = {&e, 1, CHAIN_TIME_MS + (int64_t)number};
	struct journal_head head = chain_head(c);
	struct kv_txn txn;

	kv_begin(c->kv, &txn, true);
	assert_int_equal(
	    journal_append(&txn, &c->arena, &batch, &head, JOURNAL_EPOCH_FIRST),
	    ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
a_refusal_is_remembered_by_its_number(void **state)
{
	struct chain *c = *state;
	Common__Refused refused = COMMON__REFUSED__INIT;
	Journal__CommandRecord command = JOURNAL__COMMAND_RECORD__INIT;
	uint8_t digest[JOURNAL_HASH_BYTES] = {5};
	struct journal_seen s;
	struct bytes packed;

	SET(&refused, number, 117);
	assert_int_equal(message_pack(&c->arena, &refused.base, &packed), ERR_NONE);
	SET_BYTES(&command, caller_key, chain_key(1));
	SET_BYTES(&command, digest, ((struct bytes){digest, sizeof digest}));
	append(c, 1, JOURNAL_TYPE_REFUSED, packed, &command);
	s = seen(c, chain_key(1), NULL, chain_id(1));
	assert_true(s.is_known);
	assert_int_equal(s.refused_number, 117);
	assert_int_equal(s.answer.len, 0);
	assert_true(seen(c, chain_key(1), "", chain_id(1)).is_known);
}

static void
what_nobody_asked_for_is_not_in_the_inbox(void **state)
{
	struct chain *c = *state;
	Journal__CommandRecord reaction = JOURNAL__COMMAND_RECORD__INIT;
	uint8_t cause[JOURNAL_HASH_BYTES] = {9};
	struct kv_txn txn;

	SET_BYTES(&reaction, cause_hash, ((struct bytes){cause, sizeof cause}));
	append(c, 1, 2, bytes_of_text("event"), &reaction);
	append(c, 2, 2, bytes_of_text("event"), NULL);
	kv_begin(c->kv, &txn, false);
	assert_int_equal(kv_count(&txn, JOURNAL_TABLE), 2);
	assert_int_equal(kv_count(&txn, JOURNAL_INBOX_TABLE), 0);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
commands_are_forgotten_after_thirty_days(void **state)
{
	struct chain *c = *state;
	int64_t day_31 = CHAIN_TIME_MS + DAYS_MS(30);
	struct kv_txn txn;

	chain_append(c, 10, 5, 30);
	kv_begin(c->kv, &txn, true);
	journal_expire_inbox(&txn, day_31, 100);
	assert_int_equal(kv_count(&txn, JOURNAL_INBOX_TABLE), 10);
	journal_expire_inbox(
	    &txn, day_31 + 5, 100); /* the fifth is 30 days old, not more */
	assert_int_equal(kv_count(&txn, JOURNAL_INBOX_TABLE), 6);
	journal_expire_inbox(&txn, day_31 + 100, 2);
	assert_int_equal(kv_count(&txn, JOURNAL_INBOX_TABLE), 4);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	assert_false(seen(c, chain_key(6), "somebody", chain_id(6)).is_known);
	assert_true(seen(c, chain_key(7), "somebody", chain_id(7)).is_known);
	kv_begin(c->kv, &txn, true);
	journal_expire_inbox(&txn, day_31 + 100, 100);
	journal_expire_inbox(&txn, day_31 + 100, 100);
	assert_int_equal(kv_count(&txn, JOURNAL_INBOX_TABLE), 0);
	assert_int_equal(kv_count(&txn, JOURNAL_TABLE), 10);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

/* A digest of every row of the inbox, in order. */
static void
dump(struct kv_txn *txn, uint8_t out[JOURNAL_HASH_BYTES])
{
	struct kv_walk w;

	memset(out, 0, JOURNAL_HASH_BYTES);
	for (kv_walk(txn, &w, JOURNAL_INBOX_TABLE, BYTES_NONE, BYTES_NONE);
	     kv_next(&w);) {
		uint8_t row[200];

		assert_in_range(w.key.len + w.value.len, 1, 160);
		memcpy(row, out, 32);
		memcpy(row + 32, w.key.data, w.key.len);
		memcpy(row + 32 + w.key.len, w.value.data, w.value.len);
		journal_digest(
		    0, NULL, (struct bytes){row, 32 + w.key.len + w.value.len}, out);
	}
}

static void
the_inbox_comes_back_from_the_journal(void **state)
{
	struct chain *c = *state;
	uint8_t before[JOURNAL_HASH_BYTES], after[JOURNAL_HASH_BYTES];
	struct journal_walk w;
	struct kv_txn txn;

	chain_append(c, 50, 7, 30);
	kv_begin(c->kv, &txn, true);
	dump(&txn, before);
	kv_clear(&txn, JOURNAL_INBOX_TABLE);
	dump(&txn, after);
	assert_memory_not_equal(before, after, sizeof before);
	for (journal_walk(&txn, &w, 1); journal_next(&w, &c->arena);
	     arena_reset(&c->arena))
		journal_rebuild_inbox(&txn, w.record, w.body);
	assert_null(w.bad);
	assert_int_equal(w.number, 50);
	dump(&txn, after);
	assert_memory_equal(before, after, sizeof before);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
an_inbox_row_of_another_command_is_damage(void **state)
{
	struct chain *c = *state;
	uint8_t key[200], row[40];
	struct bytes first, value;
	struct journal_seen s;
	struct kv_txn txn;
	struct kv_walk w;

	chain_append(c, 3, 1, 30);
	for (uint64_t number = 2; number <= 4; number += 2) { /* another's; nobody's */
		kv_begin(c->kv, &txn, true);
		kv_walk(&txn, &w, JOURNAL_INBOX_TABLE, BYTES_NONE, BYTES_NONE);
		assert_true(kv_next(&w));
		memcpy(key, w.key.data, w.key.len);
		memcpy(row, w.value.data, sizeof row);
		first = (struct bytes){key, w.key.len};
		kv_walk_end(&w);
		bytes_put_u64(row + 32, number);
		kv_put(
		    &txn, JOURNAL_INBOX_TABLE, first, (struct bytes){row, sizeof row});
		assert_true(kv_get(&txn, JOURNAL_INBOX_TABLE, first, &value));
		assert_int_equal(journal_seen(&txn, &c->arena, chain_key(1), "somebody",
				     chain_id(1), &s),
		    ERR_CORRUPT);
		assert_false(s.is_known);
		kv_abort(&txn);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_command_is_known_by_id_key_and_user),
	    TEST(the_digest_tells_commands_apart),
	    TEST(a_refusal_is_remembered_by_its_number),
	    TEST(what_nobody_asked_for_is_not_in_the_inbox),
	    TEST(commands_are_forgotten_after_thirty_days),
	    TEST(the_inbox_comes_back_from_the_journal),
	    TEST(an_inbox_row_of_another_command_is_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
