/* Following: the owner's pages, and the follower's check of them. */
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

/* Where a follower stands. */
struct cursor {
	uint64_t number, incarnation;
	uint8_t hash[JOURNAL_HASH_BYTES];
	uint32_t page_bytes;
};

/* A page as it arrives: packed by the owner and unpacked, in the arena. */
static Journal__EventsPage *
pull(struct chain *c, const struct cursor *at, const struct journal_filter *filter,
    size_t *packed_len)
{
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
	Journal__EventsPage *page = NULL;
	ProtobufCMessage *arrived = NULL;
	struct bytes packed;
	struct kv_txn txn;

	SET(&asked, after_number, at->number);
	SET(&asked, incarnation, at->incarnation);
	SET_BYTES(&asked, after_hash, ((struct bytes){at->hash, sizeof at->hash}));
	if (at->page_bytes != 0)
		SET(&asked, page_bytes, at->page_bytes);
	kv_begin(c->kv, &txn, false);
	assert_int_equal(
	    journal_page(&txn, &c->arena, &asked, filter, &page), ERR_NONE);
	assert_int_equal(message_pack(&c->arena, &page->base, &packed), ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	*packed_len = packed.len;
	assert_int_equal(message_unpack(&c->arena, &journal__events_page__descriptor,
			     packed, &arrived),
	    ERR_NONE);
	return (Journal__EventsPage *)arrived;
}

static void
follow_to_the_head(struct chain *c, struct cursor *at, size_t page_bytes)
{
	struct journal_head head = chain_head(c);
	Journal__EventsPage *page;
	size_t len;

	do {
		uint64_t before = at->number;

		page = pull(c, at, NULL, &len);
		assert_false(page->cursor_unknown);
		assert_int_equal(page->head_number, head.number);
		assert_int_equal(page->incarnation, CHAIN_INCARNATION);
		assert_in_range(len, 1, page_bytes);
		for (size_t i = 0; i < page->n_entries; i++) {
			const Journal__Entry *e = page->entries[i];
			struct bytes event = chain_event(before + i + 1, e->event.len);

			assert_in_range(event.len, 300, 100000);
			assert_true(bytes_equal(BYTES_OF(e->event), event));
			assert_string_equal(
			    e->header->command_id, chain_id(before + i + 1));
		}
		assert_int_equal(
		    journal_check_page(page, &at->number, at->hash), ERR_NONE);
		assert_int_equal(at->number, before + page->n_entries);
		at->incarnation = page->incarnation;
		arena_reset(&c->arena);
	} while (at->number < head.number);
	assert_int_equal(at->number, head.number);
	assert_memory_equal(at->hash, head.hash, sizeof head.hash);
}

static void
a_follower_arrives_at_the_head(void **state)
{
	static const struct {
		uint32_t asked;
		size_t most;
	} sizes[] = {{0, 65536}, {1, 4096}, {10000, 10000}, {1u << 30, 65536}};
	struct chain *c = *state;

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct cursor at = {.page_bytes = sizes[i].asked};

		chain_append(c, i > 0 ? 100 : 0, 30, 300);
		follow_to_the_head(c, &at, sizes[i].most);
		chain_append(c, 100, 30, 300);
		follow_to_the_head(c, &at, sizes[i].most);
	}
}

static void
pages_are_full_and_never_empty(void **state)
{
	struct chain *c = *state;
	struct cursor at = {.page_bytes = 0};
	Journal__EventsPage *page;
	size_t len;

	chain_append(c, 400, 50, 300);
	page = pull(c, &at, NULL, &len);
	assert_in_range(len, 60000, 65536);
	assert_in_range(page->n_entries, 140, 200);
	chain_append(c, 1, 1, 100000); /* larger than any page */
	at.number = 400;
	memcpy(at.hash, chain_head(c).hash, sizeof at.hash);
	page = pull(c, &at, NULL, &len);
	assert_true(page->cursor_unknown); /* that was the hash of 401 */
	at = (struct cursor){.number = 0};
	follow_to_the_head(c, &at, 110000);
	assert_int_equal(at.number, 401);
}

/* Asked ahead of what is checked: the hash is held against an earlier entry. */
static void
a_follower_may_ask_ahead(void **state)
{
	struct chain *c = *state;
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
	Journal__EventsPage *page;
	struct cursor at = {.page_bytes = 0};
	struct kv_txn txn;

	chain_append(c, 10, 5, 300);
	follow_to_the_head(c, &at, 65536);
	chain_append(c, 10, 5, 300);
	SET(&asked, incarnation, CHAIN_INCARNATION);
	SET(&asked, known_number, 10);
	SET_BYTES(&asked, after_hash, ((struct bytes){at.hash, sizeof at.hash}));
	for (uint64_t after = 9; after <= 21; after++) {
		bool is_ours = after >= 10 && after <= 20;

		SET(&asked, after_number, after);
		kv_begin(c->kv, &txn, false);
		assert_int_equal(
		    journal_page(&txn, &c->arena, &asked, NULL, &page), ERR_NONE);
		assert_int_equal(page->cursor_unknown, !is_ours);
		assert_int_equal(page->n_entries, is_ours ? 20 - after : 0);
		kv_abort(&txn);
	}
	at.hash[0] ^= 1;
	SET(&asked, after_number, 15);
	kv_begin(c->kv, &txn, false);
	assert_int_equal(journal_page(&txn, &c->arena, &asked, NULL, &page), ERR_NONE);
	assert_true(page->cursor_unknown);
	kv_abort(&txn);
}

static void
a_cursor_that_is_not_ours_is_unknown(void **state)
{
	struct chain *c = *state;
	struct cursor at = {.incarnation = 0}, bad;
	size_t len;

	chain_append(c, 10, 5, 300);
	follow_to_the_head(c, &at, 65536);
	assert_int_equal(pull(c, &at, NULL, &len)->n_entries, 0);
	bad = at;
	bad.incarnation++;
	assert_true(pull(c, &bad, NULL, &len)->cursor_unknown);
	bad = at;
	bad.number++;
	assert_true(pull(c, &bad, NULL, &len)->cursor_unknown);
	bad = at;
	bad.number--;
	assert_true(pull(c, &bad, NULL, &len)->cursor_unknown);
	bad = at;
	bad.hash[0] ^= 0x80;
	assert_true(pull(c, &bad, NULL, &len)->cursor_unknown);
	bad = (struct cursor){.incarnation = at.incarnation + 1};
	assert_true(pull(c, &bad, NULL, &len)->cursor_unknown);
	assert_int_equal(pull(c, &bad, NULL, &len)->n_entries, 0);
	bad = (struct cursor){.number = UINT64_MAX};
	assert_true(pull(c, &bad, NULL, &len)->cursor_unknown);
}

/* Withholds events of even numbers' types, and sends no more than four bytes. */
static enum err
pass(const void *context, struct arena *a, uint32_t type, struct bytes event,
    struct bytes *out, bool *is_sent)
{
	assert_string_equal(context, "context");
	*is_sent = type % 2 == 1;
	*out = bytes_copy(a, (struct bytes){event.data, 4});
	return ERR_NONE;
}

static void
what_is_withheld_keeps_its_number(void **state)
{
	static const struct journal_filter filter = {"context", pass};
	struct chain *c = *state;
	struct cursor at = {.number = 0};
	Journal__EventsPage *page;
	struct journal_head head;
	size_t len, sent = 0;

	chain_append(c, 14, 5, 300);
	page = pull(c, &at, &filter, &len);
	assert_int_equal(page->n_entries, 14);
	assert_in_range(len, 500, 14 * 120);
	for (size_t i = 0; i < 14; i++) {
		const Journal__Entry *e = page->entries[i];

		assert_int_equal(e->header->number, i + 1);
		assert_int_equal(e->has_event, e->header->type % 2 == 1);
		assert_int_equal(e->event.len, e->has_event ? 4 : 0);
		sent += (size_t)e->has_event;
	}
	assert_in_range(sent, 4, 10);
	assert_int_equal(journal_check_page(page, &at.number, at.hash), ERR_NONE);
	head = chain_head(c);
	assert_memory_equal(at.hash, head.hash, sizeof head.hash);
}

static enum err
break_off(const void *context, struct arena *a, uint32_t type, struct bytes event,
    struct bytes *out, bool *is_sent)
{
	(void)context;
	(void)a;
	(void)type;
	(void)event;
	(void)out;
	(void)is_sent;
	return ERR_MALFORMED;
}

static void
trouble_makes_no_page(void **state)
{
	static const struct journal_filter filter = {NULL, break_off};
	struct chain *c = *state;
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
	Journal__EventsPage *page = NULL;
	struct bytes value;
	uint8_t key[8];
	struct kv_txn txn;

	chain_append(c, 5, 5, 300);
	kv_begin(c->kv, &txn, false);
	assert_int_equal(
	    journal_page(&txn, &c->arena, &asked, &filter, &page), ERR_MALFORMED);
	assert_int_equal(kv_end(&txn), ERR_MALFORMED);
	bytes_put_u64(key, 3);
	for (int times = 0; times < 2; times++) { /* gone; then another in its place */
		kv_begin(c->kv, &txn, true);
		kv_delete(&txn, JOURNAL_TABLE, (struct bytes){key, 8});
		if (times == 1) {
			assert_true(kv_last(&txn, JOURNAL_TABLE, &value, &value));
			value = bytes_copy(&c->arena, value);
			kv_put(&txn, JOURNAL_TABLE, (struct bytes){key, 8}, value);
		}
		assert_int_equal(
		    journal_page(&txn, &c->arena, &asked, NULL, &page), ERR_CORRUPT);
		kv_abort(&txn);
	}
	assert_null(page);
}

static void
a_page_that_does_not_go_on_is_refused(void **state)
{
	struct chain *c = *state;
	struct cursor start = {.number = 0}, at;
	Journal__EventsPage *page;
	char long_id[] = "an-id-that-is-far-too-long-to-be-one-";
	size_t len;

	chain_append(c, 5, 5, 300);
	page = pull(c, &start, NULL, &len);
	at = start;
	page->entries[2]->header->number = 4; /* a gap: 1, 2, 4 */
	assert_int_equal(journal_check_page(page, &at.number, at.hash), ERR_CORRUPT);
	assert_int_equal(at.number, 2);
	assert_false(
	    pull(c, &at, NULL, &len)->cursor_unknown); /* the good ones count */
	at = start;
	page->entries[2]->header->number = 3;
	page->entries[2]->body_hash.len = 31;
	assert_int_equal(journal_check_page(page, &at.number, at.hash), ERR_CORRUPT);
	at = start;
	page->entries[2]->body_hash.len = 32;
	page->entries[2]->header->has_type = 0;
	assert_int_equal(journal_check_page(page, &at.number, at.hash), ERR_CORRUPT);
	at = start;
	page->entries[2]->header->has_type = 1;
	page->entries[2]->header->command_id = long_id;
	assert_int_equal(journal_check_page(page, &at.number, at.hash), ERR_CORRUPT);
	at = start;
	page->entries[2]->header = NULL;
	assert_int_equal(journal_check_page(page, &at.number, at.hash), ERR_CORRUPT);
	at.number = 1;
	assert_int_equal(journal_check_page(page, &at.number, at.hash), ERR_CORRUPT);
	assert_int_equal(at.number, 1);
}

/* Each altered thing leads to a hash that the owner does not know. */
static void
an_altered_page_ends_in_an_unknown_cursor(void **state)
{
	struct chain *c = *state;
	struct cursor start = {.number = 0}, at;
	Journal__EventsPage *page;
	size_t len;

	chain_append(c, 5, 5, 300);
	for (int what = 0; what < 6; what++) {
		Journal__Entry *e;

		page = pull(c, &start, NULL, &len);
		e = page->entries[3];
		at = start;
		if (what == 1)
			e->header->time++;
		if (what == 2)
			e->header->type++;
		if (what == 3)
			e->header->incarnation++;
		if (what == 4)
			e->header->command_id[25] ^= 1;
		if (what == 5)
			e->body_hash.data[31] ^= 1;
		assert_int_equal(
		    journal_check_page(page, &at.number, at.hash), ERR_NONE);
		assert_int_equal(at.number, 5);
		assert_int_equal(pull(c, &at, NULL, &len)->cursor_unknown, what != 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_follower_arrives_at_the_head),
	    TEST(pages_are_full_and_never_empty),
	    TEST(a_follower_may_ask_ahead),
	    TEST(a_cursor_that_is_not_ours_is_unknown),
	    TEST(what_is_withheld_keeps_its_number),
	    TEST(trouble_makes_no_page),
	    TEST(a_page_that_does_not_go_on_is_refused),
	    TEST(an_altered_page_ends_in_an_unknown_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
