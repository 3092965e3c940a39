/* What another service's journal says of one that holds by itself. */
#include "base/verify.h"

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

#define EVENT_BYTES 100
#define OTHER_BYTES 101 /* another event, and so another chain from there on */
#define OTHER_INCARNATION (CHAIN_INCARNATION + 1)

/* A journal as it was when it was witnessed at entries 30 and 60, what became of it,
 * and the witness's. */
struct here {
	struct chain was, is, witness;
};

static struct journal_head
head_after(struct chain *c, uint64_t n, size_t event_len)
{
	chain_append(c, n, 10, event_len);
	return chain_head(c);
}

static void
bear_witness(struct here *h, const char *service, const struct journal_head *of)
{
	struct chain *c = &h->witness;
	Common__Witnessed said = COMMON__WITNESSED__INIT;
	struct journal_head head = chain_head(c);
	struct journal_entry entry = {
	    .type = JOURNAL_TYPE_WITNESSED, .command_id = chain_id(head.number + 1)};
	struct journal_batch batch = {
	    &entry, 1, CHAIN_TIME_MS + (int64_t)head.number + 1};
	struct kv_txn txn;

	said.service = (char *)(uintptr_t)service;
	SET(&said, incarnation, of->incarnation);
	SET(&said, number, of->number);
	SET_BYTES(&said, hash, ((struct bytes){of->hash, sizeof of->hash}));
	assert_int_equal(message_pack(&c->arena, &said.base, &entry.event), ERR_NONE);
	kv_begin(c->kv, &txn, true);
	assert_int_equal(
	    journal_append(&txn, &c->arena, &batch, &head, head.epoch), ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static int
make(void **state)
{
	struct here *h = calloc(1, sizeof *h);
	struct journal_head head;

	assert_non_null(h);
	chain_open(&h->was);
	chain_open(&h->is);
	chain_open(&h->witness);
	chain_append(&h->witness, 1, 1, EVENT_BYTES); /* something else */
	head = head_after(&h->was, 30, EVENT_BYTES);
	bear_witness(h, "foster", &head);
	head = head_after(&h->was, 30, EVENT_BYTES);
	bear_witness(h, "foster", &head);
	bear_witness(h, "members", &head);
	*state = h;
	return 0;
}

static int
clear(void **state)
{
	struct here *h = *state;

	chain_close(&h->was);
	chain_close(&h->is);
	chain_close(&h->witness);
	free(h);
	return 0;
}

static void
restore(struct chain *c, uint64_t incarnation)
{
	struct kv_txn txn;

	kv_begin(c->kv, &txn, true);
	assert_int_equal(journal_restore(&txn, incarnation, CHAIN_TIME_MS), ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
close_store(struct chain *c)
{
	kv_close(c->kv);
	c->kv = NULL;
}

/* What the witness says of the journal as it is; nobody has the stores open then. */
static struct verify_witness
asked(struct here *h, const char *service)
{
	struct verify_report alone;
	struct verify_witness report;

	close_store(&h->is);
	close_store(&h->witness);
	assert_int_equal(verify_store(h->is.path, NULL, &alone), ERR_NONE);
	assert_int_equal(alone.verdict, VERIFY_HOLDS);
	assert_int_equal(
	    verify_witnessed(h->is.path, service, h->witness.path, &report), ERR_NONE);
	return report;
}

static void
the_same_journal_is_found_to_be_so(void **state)
{
	struct here *h = *state;
	struct verify_witness r;

	chain_append(&h->is, 70, 7, EVENT_BYTES);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_THE_SAME);
	assert_int_equal(r.entries, 4);
	assert_int_equal(r.times, 2);
	assert_int_equal(r.last_number, 60);
	assert_int_equal(r.lost_from, 0);
}

static void
nothing_may_be_said(void **state)
{
	struct here *h = *state;
	struct verify_witness r;

	chain_append(&h->is, 70, 7, EVENT_BYTES);
	r = asked(h, "residential");
	assert_int_equal(r.said, VERIFY_SAID_NOTHING);
	assert_int_equal(r.times, 0);
}

/* Every entry follows from the one before it, to a head that names the last. */
static void
a_rewritten_chain_is_contradicted(void **state)
{
	struct here *h = *state;
	struct journal_head head;
	struct verify_witness r;

	chain_append(&h->is, 40, 10, EVENT_BYTES);
	chain_append(&h->is, 1, 1, OTHER_BYTES);
	head = head_after(&h->is, 19, EVENT_BYTES);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_OTHERWISE);
	assert_int_equal(r.number, 60);
	assert_int_equal(r.last_number, 30);
	assert_false(r.is_missing);
	assert_memory_equal(r.witnessed_hash, chain_head(&h->was).hash, 32);
	assert_memory_equal(r.found_hash, head.hash, 32);
}

static void
the_first_contradiction_is_named(void **state)
{
	struct here *h = *state;
	struct verify_witness r;

	chain_append(&h->is, 1, 1, OTHER_BYTES);
	chain_append(&h->is, 69, 10, EVENT_BYTES);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_OTHERWISE);
	assert_int_equal(r.number, 30);
	assert_int_equal(r.times, 2);
	assert_int_equal(r.last_number, 0);
}

static void
so_is_one_cut_short(void **state)
{
	struct here *h = *state;
	struct verify_witness r;

	chain_append(&h->is, 59, 10, EVENT_BYTES);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_OTHERWISE);
	assert_int_equal(r.number, 60);
	assert_true(r.is_missing);
}

static void
a_restored_one_has_lost_what_came_after(void **state)
{
	struct here *h = *state;
	struct verify_witness r;

	chain_append(&h->is, 40, 10, EVENT_BYTES);
	restore(&h->is, OTHER_INCARNATION);
	chain_append(&h->is, 30, 10, OTHER_BYTES);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_RESTORED);
	assert_int_equal(r.last_number, 30);
	assert_int_equal(r.lost_from, 41);
	assert_int_equal(r.lost_to, 60);
}

/* With nothing written since, and restored again in the middle of that. */
static void
so_has_one_restored_twice(void **state)
{
	struct here *h = *state;
	struct journal_head head;
	struct verify_witness r;

	chain_append(&h->is, 40, 10, EVENT_BYTES);
	restore(&h->is, OTHER_INCARNATION);
	head = head_after(&h->is, 5, OTHER_BYTES);
	bear_witness(h, "foster", &head);
	restore(&h->is, OTHER_INCARNATION + 1);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_RESTORED);
	assert_int_equal(r.last_number, 45);
	assert_int_equal(r.lost_from, 41);
	assert_int_equal(r.lost_to, 60);
}

/* Another journal from its first entry on, whatever incarnation it bears. */
static void
one_begun_anew_was_not_restored(void **state)
{
	struct here *h = *state;
	struct journal_head never = chain_head(&h->was);
	struct verify_witness r;

	never.incarnation = OTHER_INCARNATION;
	never.hash[0] ^= 1;
	bear_witness(h, "foster", &never);
	chain_append(&h->is, 70, 10, EVENT_BYTES);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_OTHERWISE);
	assert_int_equal(r.number, 60);
	assert_int_equal(r.lost_from, 0);
}

static void
a_restore_does_not_hide_what_was_rewritten(void **state)
{
	struct here *h = *state;
	struct verify_witness r;

	chain_append(&h->is, 20, 10, EVENT_BYTES);
	chain_append(&h->is, 20, 10, OTHER_BYTES);
	restore(&h->is, OTHER_INCARNATION);
	chain_append(&h->is, 30, 10, EVENT_BYTES);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_OTHERWISE);
	assert_int_equal(r.number, 30);
}

/* What comes behind an entry that does not hold is not believed. */
static void
a_witness_must_hold_itself(void **state)
{
	struct here *h = *state;
	struct kv_txn txn;
	struct bytes row;
	uint8_t key[8], bytes[500];
	struct verify_witness r;

	chain_append(&h->is, 70, 7, EVENT_BYTES);
	bytes_put_u64(key, 2);
	kv_begin(h->witness.kv, &txn, true);
	assert_true(kv_get(&txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, &row));
	assert_true(row.len <= sizeof bytes);
	memcpy(bytes, row.data, row.len);
	bytes[row.len / 2] ^= 1;
	kv_put(&txn, JOURNAL_TABLE, (struct bytes){key, sizeof key},
	    (struct bytes){bytes, row.len});
	assert_int_equal(kv_end(&txn), ERR_NONE);
	r = asked(h, "foster");
	assert_int_equal(r.said, VERIFY_SAID_UNREADABLE);
	assert_int_equal(r.entries, 1);
	assert_int_equal(r.times, 0);
	assert_true(r.what[0] != '\0');
}

static void
a_witness_must_be_there(void **state)
{
	struct here *h = *state;
	struct verify_witness r;

	chain_append(&h->is, 70, 7, EVENT_BYTES);
	close_store(&h->is);
	assert_int_equal(
	    verify_witnessed(h->is.path, "foster", h->is.folder, &r), ERR_NONE);
	assert_int_equal(r.said, VERIFY_SAID_UNREADABLE);
	assert_true(r.what[0] != '\0');
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(the_same_journal_is_found_to_be_so),
	    TEST(nothing_may_be_said),
	    TEST(a_rewritten_chain_is_contradicted),
	    TEST(the_first_contradiction_is_named),
	    TEST(so_is_one_cut_short),
	    TEST(a_restored_one_has_lost_what_came_after),
	    TEST(so_has_one_restored_twice),
	    TEST(one_begun_anew_was_not_restored),
	    TEST(a_restore_does_not_hide_what_was_rewritten),
	    TEST(a_witness_must_hold_itself),
	    TEST(a_witness_must_be_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
