#include "base/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "base/message.h"
#include "base/record.h"
#include "support/chain.h"

#include "common.pb-c.h"

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

/* ---- the chain ---- */

/*
 * Five entries of which every byte is given. A change of the canonical form, of the
 * hash, or of what is hashed, turns this red: it would make every journal that was
 * ever written unreadable, and every follower's cursor unknown.
 */
static void
the_canonical_form_is_for_ever(void **state)
{
	struct chain *c = *state;
	struct journal_head head;
	char hex[2 * JOURNAL_HASH_BYTES + 1];

	chain_append(c, 5, 2, 40);
	head = chain_head(c);
	bytes_to_hex((struct bytes){head.hash, sizeof head.hash}, hex);
	assert_string_equal(
	    hex, "8a62265f517e4c40f6de3b551d335f32af7f82237c98f9a0eddc81e9040403e5");
	assert_int_equal(head.number, 5);
	assert_int_equal(head.time_ms, CHAIN_TIME_MS + 5);
	assert_int_equal(head.incarnation, CHAIN_INCARNATION);
	assert_int_equal(head.epoch, JOURNAL_EPOCH_FIRST);
}

/* The record written by hand is the one protobuf-c would have written. */
static void
a_record_is_a_message(void **state)
{
	struct chain *c = *state;
	ProtobufCMessage *record, *body;
	struct bytes key, value, again;
	struct kv_txn txn;

	for (size_t len = 0; len < 400; len += 133) {
		chain_append(c, 1, 1, len);
		kv_begin(c->kv, &txn, false);
		assert_true(kv_last(&txn, JOURNAL_TABLE, &key, &value));
		assert_int_equal(message_unpack(&c->arena, &journal__record__descriptor,
				     value, &record),
		    ERR_NONE);
		assert_int_equal(message_pack(&c->arena, record, &again), ERR_NONE);
		assert_true(bytes_equal(value, again));
		value = BYTES_OF(((Journal__Record *)record)->body);
		assert_int_equal(
		    message_unpack(&c->arena, &journal__body__descriptor, value, &body),
		    ERR_NONE);
		assert_int_equal(((Journal__Body *)body)->event.len, len);
		assert_int_equal(message_pack(&c->arena, body, &again), ERR_NONE);
		assert_true(bytes_equal(value, again));
		assert_int_equal(kv_end(&txn), ERR_NONE);
	}
}

static enum err
append_to(struct chain *c, const struct journal_head *expected, uint64_t epoch,
    const struct journal_batch *batch)
{
	struct journal_head head = *expected;
	struct kv_txn txn;
	enum err e;

	kv_begin(c->kv, &txn, true);
	e = journal_append(&txn, &c->arena, batch, &head, epoch);
	assert_int_equal(kv_end(&txn), e);
	return e;
}

static void
only_the_writer_of_the_head_appends(void **state)
{
	struct chain *c = *state;
	struct journal_entry entry = {
	    .type = 2, .event = chain_event(9, 9), .command_id = chain_id(9)};
	struct journal_entry two[2] = {entry, entry};
	struct journal_batch batch = {&entry, 1, CHAIN_TIME_MS + 100};
	struct journal_head before, wrong;

	chain_append(c, 3, 1, 10);
	before = chain_head(c);
	wrong = before;
	wrong.number--;
	assert_int_equal(append_to(c, &wrong, 1, &batch), ERR_CORRUPT);
	wrong = before;
	wrong.hash[31] ^= 1;
	assert_int_equal(append_to(c, &wrong, 1, &batch), ERR_CORRUPT);
	wrong = before;
	wrong.incarnation++;
	assert_int_equal(append_to(c, &wrong, 1, &batch), ERR_CORRUPT);
	assert_int_equal(append_to(c, &before, 2, &batch), ERR_CORRUPT);
	batch.time_ms = before.time_ms - 1;
	assert_int_equal(append_to(c, &before, 1, &batch), ERR_INTERNAL);
	batch = (struct journal_batch){two, 2, CHAIN_TIME_MS + 100};
	two[1].type = 0;
	assert_int_equal(append_to(c, &before, 1, &batch), ERR_INTERNAL);
	two[1].type = 2;
	two[1].command_id = "";
	assert_int_equal(append_to(c, &before, 1, &batch), ERR_INTERNAL);
	two[1].command_id = "an-id-that-is-far-too-long-to-be-one-";
	assert_int_equal(append_to(c, &before, 1, &batch), ERR_INTERNAL);
	wrong = chain_head(c);
	assert_memory_equal(&wrong, &before, sizeof before);
	two[1] = entry;
	assert_int_equal(append_to(c, &before, 1, &batch), ERR_NONE);
	assert_int_equal(chain_head(c).number, 5);
	assert_int_equal(chain_head(c).time_ms, CHAIN_TIME_MS + 100);
}

static void
a_store_keeps_its_first_incarnation(void **state)
{
	struct chain *c = *state;
	struct kv_txn txn;

	chain_append(c, 2, 1, 10);
	kv_begin(c->kv, &txn, true);
	assert_int_equal(journal_open(&txn, 99), ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	assert_int_equal(chain_head(c).incarnation, CHAIN_INCARNATION);
	kv_begin(c->kv, &txn, true);
	kv_delete(&txn, JOURNAL_META_TABLE, bytes_of_text("head"));
	assert_int_equal(journal_open(&txn, 99), ERR_CORRUPT); /* entries, no head */
	kv_abort(&txn);
	kv_begin(c->kv, &txn, true);
	kv_clear(&txn, JOURNAL_TABLE);
	assert_int_equal(journal_open(&txn, 99), ERR_CORRUPT); /* head, no entries */
	kv_delete(&txn, JOURNAL_META_TABLE, bytes_of_text("head"));
	kv_abort(&txn);
	kv_begin(c->kv, &txn, true);
	kv_clear(&txn, JOURNAL_TABLE);
	kv_delete(&txn, JOURNAL_META_TABLE, bytes_of_text("head"));
	assert_int_equal(journal_open(&txn, 0), ERR_INTERNAL);
	kv_abort(&txn);
}

/* ---- walks ---- */

static const char *
what_is_bad(struct kv_txn *txn, struct arena *a, uint64_t from, uint64_t *number)
{
	struct journal_walk w;

	for (journal_walk(txn, &w, from); journal_next(&w, a); arena_reset(a)) {
		assert_int_equal(w.record->header->number, w.number);
		assert_string_equal(w.record->header->command_id, chain_id(w.number));
		assert_int_equal(w.body->event.len, 50);
		assert_int_equal(w.body->command->method, w.number);
	}
	assert_false(journal_next(&w, a));
	*number = w.number;
	return w.bad;
}

static void
a_walk_checks_from_anywhere_to_the_head(void **state)
{
	struct chain *c = *state;
	struct kv_txn txn;
	uint64_t number;

	kv_begin(c->kv, &txn, false);
	assert_null(what_is_bad(&txn, &c->arena, 1, &number));
	assert_int_equal(number, 0);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	chain_append(c, 20, 3, 50);
	kv_begin(c->kv, &txn, false);
	for (uint64_t from = 0; from <= 21; from++) {
		assert_null(what_is_bad(&txn, &c->arena, from, &number));
		assert_int_equal(number, 20);
	}
	assert_non_null(what_is_bad(&txn, &c->arena, 22, &number));
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

/* Every byte of a record means something: none can change unseen. */
static void
any_changed_byte_names_its_entry(void **state)
{
	struct chain *c = *state;
	uint8_t key[8], changed[400];
	struct bytes value;
	struct kv_txn txn;
	uint64_t number;
	size_t len;

	chain_append(c, 4, 2, 50);
	bytes_put_u64(key, 3);
	kv_begin(c->kv, &txn, false);
	assert_true(kv_get(&txn, JOURNAL_TABLE, (struct bytes){key, 8}, &value));
	len = value.len;
	assert_in_range(len, 200, sizeof changed);
	memcpy(changed, value.data, len);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
		kv_begin(c->kv, &txn, true);
		kv_put(&txn, JOURNAL_TABLE, (struct bytes){key, 8},
		    (struct bytes){changed, len});
		assert_non_null(what_is_bad(&txn, &c->arena, 1, &number));
		assert_int_equal(number, 3);
		assert_int_equal(txn.err, ERR_NONE);
		kv_abort(&txn);
		changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t less = 0; less < len; less++) {
		struct record r;

		assert_false(record_read((struct bytes){changed, less}, &r));
	}
}

static void
missing_and_surplus_entries_are_named(void **state)
{
	struct chain *c = *state;
	uint8_t key[8];
	struct bytes value;
	struct kv_txn txn;
	uint64_t number;

	chain_append(c, 6, 2, 50);
	for (uint64_t gone = 1; gone <= 6; gone++) {
		bytes_put_u64(key, gone);
		kv_begin(c->kv, &txn, true);
		kv_delete(&txn, JOURNAL_TABLE, (struct bytes){key, 8});
		assert_non_null(what_is_bad(&txn, &c->arena, 1, &number));
		assert_int_equal(number, gone);
		kv_abort(&txn);
	}
	kv_begin(c->kv, &txn, true);
	bytes_put_u64(key, 6);
	assert_true(kv_get(&txn, JOURNAL_TABLE, (struct bytes){key, 8}, &value));
	value = bytes_copy(&c->arena, value);
	bytes_put_u64(key, 7);
	kv_put(&txn, JOURNAL_TABLE, (struct bytes){key, 8}, value);
	assert_string_equal(what_is_bad(&txn, &c->arena, 1, &number),
	    "it bears another number than its key");
	assert_int_equal(number, 7);
	kv_abort(&txn);
}

static void
entries_beyond_the_head_are_named(void **state)
{
	struct chain *c = *state;
	struct bytes head;
	struct kv_txn txn;
	uint8_t row[100];
	uint64_t number;

	chain_append(c, 6, 2, 50);
	kv_begin(c->kv, &txn, false);
	assert_true(kv_get(&txn, JOURNAL_META_TABLE, bytes_of_text("head"), &head));
	assert_in_range(head.len, 1, sizeof row);
	memcpy(row, head.data, head.len);
	head.data = row;
	assert_int_equal(kv_end(&txn), ERR_NONE);
	chain_append(c, 2, 1, 50);
	kv_begin(c->kv, &txn, true);
	kv_put(&txn, JOURNAL_META_TABLE, bytes_of_text("head"), head);
	assert_string_equal(
	    what_is_bad(&txn, &c->arena, 1, &number), "it is beyond the head");
	assert_int_equal(number, 7);
	assert_int_equal(journal_open(&txn, CHAIN_INCARNATION), ERR_CORRUPT);
	kv_abort(&txn);
}

/* Another writing of the same number, a byte longer, is not the same record. */
static void
a_record_is_written_in_one_way(void **state)
{
	struct chain *c = *state;
	struct bytes key, value;
	struct record r;
	uint8_t longer[400];
	struct kv_txn txn;

	chain_append(c, 1, 1, 50);
	kv_begin(c->kv, &txn, false);
	assert_true(kv_last(&txn, JOURNAL_TABLE, &key, &value));
	assert_true(record_read(value, &r));
	assert_in_range(value.data[1], 30, 126); /* the header's length */
	memcpy(longer, value.data, 4);           /* tag, length, tag, number 1 */
	assert_int_equal(longer[3], 1);
	longer[1]++;
	longer[3] = 0x81;
	longer[4] = 0x00;
	memcpy(longer + 5, value.data + 4, value.len - 4);
	assert_false(record_read((struct bytes){longer, value.len + 1}, &r));
	memcpy(longer, value.data, value.len);
	longer[value.len] = 0x30; /* a sixth field, number 0 */
	longer[value.len + 1] = 0;
	assert_true(record_read((struct bytes){longer, value.len}, &r));
	assert_false(record_read((struct bytes){longer, value.len + 2}, &r));
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
a_damaged_head_is_a_fault(void **state)
{
	struct chain *c = *state;
	uint8_t changed[200];
	struct journal_head head;
	struct bytes value;
	struct kv_txn txn;
	uint64_t number;

	chain_append(c, 2, 1, 50);
	for (size_t i = 0; i < 8 + 32 + 8 + 8 + 8 + 16; i++) {
		kv_begin(c->kv, &txn, true);
		assert_true(
		    kv_get(&txn, JOURNAL_META_TABLE, bytes_of_text("head"), &value));
		assert_int_equal(value.len, 80);
		memcpy(changed, value.data, value.len);
		changed[i] ^= 0x10;
		kv_put(&txn, JOURNAL_META_TABLE, bytes_of_text("head"),
		    (struct bytes){changed, value.len});
		assert_null(what_is_bad(&txn, &c->arena, 1, &number));
		assert_int_equal(txn.err, ERR_CORRUPT);
		journal_read_head(&txn, &head);
		assert_int_equal(head.number, 0);
		kv_abort(&txn);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_canonical_form_is_for_ever),
	    TEST(a_record_is_a_message),
	    TEST(only_the_writer_of_the_head_appends),
	    TEST(a_store_keeps_its_first_incarnation),
	    TEST(a_walk_checks_from_anywhere_to_the_head),
	    TEST(any_changed_byte_names_its_entry),
	    TEST(missing_and_surplus_entries_are_named),
	    TEST(entries_beyond_the_head_are_named),
	    TEST(a_record_is_written_in_one_way),
	    TEST(a_damaged_head_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
