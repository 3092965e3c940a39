#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "support/toy.h"

/* What services write down of each other's journals: once an hour, or per thousand
 * entries, and never because of that alone. */

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct toy toy;

static int
make(void **state)
{
	toy_open(&toy);
	*state = &toy;
	return 0;
}

static int
clear(void **state)
{
	toy_close(*state);
	return 0;
}

struct witnesses {
	unsigned n;
	uint64_t entries; /* of the whole journal */
	Common__Witnessed last;
	uint8_t hash[JOURNAL_HASH_BYTES];
};

/* What `service` has witnessed of `of`. */
static struct witnesses
witnesses(struct toy *t, const char *service, const char *of)
{
	struct witnesses out = {.last = COMMON__WITNESSED__INIT};
	struct journal_walk j;
	struct kv_txn txn;

	kv_begin(svc_kv(machines_svc(&t->m, service)), &txn, false);
	for (journal_walk(&txn, &j, 1); journal_next(&j, &t->m.arena); out.entries++) {
		ProtobufCMessage *m;

		if (j.record->header->type != JOURNAL_TYPE_WITNESSED)
			continue;
		assert_int_equal(
		    message_unpack(&t->m.arena, &common__witnessed__descriptor,
			BYTES_OF(j.body->event), &m),
		    ERR_NONE);
		if (strcmp(((Common__Witnessed *)m)->service, of) != 0)
			continue;
		out.n++;
		out.last = *(Common__Witnessed *)m;
		memcpy(out.hash, out.last.hash.data, sizeof out.hash);
	}
	assert_null(j.bad);
	kv_abort(&txn);
	return out;
}

static void
write_notes(struct toy *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		toy_write(t);
	machines_settle(&t->m);
}

/* So much time, with the services at work. */
static void
pass(struct toy *t, int64_t ms)
{
	t->m.now_ms += ms;
	machines_settle(&t->m);
}

static struct journal_head
head_of(struct toy *t, const char *service)
{
	struct journal_head head;
	struct kv_txn txn;

	kv_begin(svc_kv(machines_svc(&t->m, service)), &txn, false);
	journal_read_head(&txn, &head);
	kv_abort(&txn);
	return head;
}

static void
a_thousand_entries_are_witnessed(void **state)
{
	struct toy *t = *state;
	struct journal_head head;
	struct witnesses w;

	write_notes(t, 999);
	assert_int_equal(witnesses(t, "requests", "foster").n, 0);
	write_notes(t, 1);
	w = witnesses(t, "requests", "foster");
	head = head_of(t, "foster");
	assert_int_equal(w.n, 1);
	assert_int_equal(w.last.number, 1000);
	assert_int_equal(w.last.incarnation, head.incarnation);
	assert_memory_equal(w.hash, head.hash, sizeof w.hash);
	write_notes(t, 999);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
	write_notes(t, 1);
	assert_int_equal(witnesses(t, "requests", "foster").n, 2);
}

static void
so_is_an_entry_after_an_hour(void **state)
{
	struct toy *t = *state;

	write_notes(t, 1);
	pass(t, 58 * MINUTE_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 0);
	assert_int_equal(witnesses(t, "requests", "members").n, 0);
	pass(t, 2 * MINUTE_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
	assert_int_equal(witnesses(t, "requests", "foster").last.number, 1);
	assert_int_equal(witnesses(t, "requests", "members").n, 1);
	assert_int_equal(witnesses(t, "foster", "members").n, 1);
	/* Within the next hour of the second, not of the first. */
	pass(t, 30 * MINUTE_MS);
	write_notes(t, 1);
	pass(t, 58 * MINUTE_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
	pass(t, 2 * MINUTE_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 2);
}

/* It says when it is to be called, and needs no page for it. */
static void
an_owner_that_is_down_is_witnessed_all_the_same(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;
	int64_t wake_ms;

	write_notes(t, 1);
	t->at = "requests";
	t->m.now_ms += 59 * MINUTE_MS;
	toy_due(t, &sends, &wake_ms);
	t->m.now_ms += 2 * MINUTE_MS;
	toy_due(t, &sends, &wake_ms);
	assert_true(wake_ms <= t->m.now_ms);
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_true(sends.has_news);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
	toy_due(t, &sends, &wake_ms);
	assert_true(wake_ms > t->m.now_ms);
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
}

static enum err
follow_nothing(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

/* Both write, both witness; then neither has anything to say. */
static void
two_that_follow_each_other_fall_silent(void **state)
{
	struct toy *t = *state;
	const struct svc_source sources[] = {ACCESS_SOURCE,
	    {"requests", &foster__foster_event__descriptor, follow_nothing, NULL}};
	const struct svc_release releases[] = {
	    {"foster", TOY_EVENT(HOUSEHOLD_REGISTERED), NULL}};
	struct service foster = toy_service, requests = toy_follower_service;
	uint64_t heads[2];

	foster.sources = sources;
	foster.sources_n = COUNT(sources);
	requests.releases = releases;
	requests.releases_n = COUNT(releases);
	toy_reopen_as(t, "foster", &foster);
	toy_reopen_as(t, "requests", &requests);
	write_notes(t, 3);
	for (unsigned hours = 0; hours < 3; hours++)
		pass(t, HOUR_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
	assert_int_equal(witnesses(t, "foster", "requests").n, 1);
	heads[0] = head_of(t, "foster").number;
	heads[1] = head_of(t, "requests").number;
	for (unsigned hours = 0; hours < 100; hours++)
		pass(t, HOUR_MS);
	assert_int_equal(head_of(t, "foster").number, heads[0]);
	assert_int_equal(head_of(t, "requests").number, heads[1]);
	/* One word, and each says one more thing. */
	write_notes(t, 1);
	for (unsigned hours = 0; hours < 100; hours++)
		pass(t, HOUR_MS);
	assert_int_equal(head_of(t, "foster").number, heads[0] + 2);
	assert_int_equal(head_of(t, "requests").number, heads[1] + 2);
	toy_reopen_as(t, "foster", &toy_service);
	toy_reopen_as(t, "requests", &toy_follower_service);
}

static void
restarts_and_rebuilds_change_nothing(void **state)
{
	struct toy *t = *state;

	write_notes(t, 1);
	pass(t, 58 * MINUTE_MS);
	machines_restart(&t->m, "requests");
	machines_check_rebuild(&t->m, "requests");
	assert_int_equal(witnesses(t, "requests", "foster").n, 0);
	pass(t, 2 * MINUTE_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
	machines_restart(&t->m, "requests");
	machines_check_rebuild(&t->m, "requests");
	pass(t, 10 * HOUR_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 1);
}

/* Another journal under the same name is another thing to witness. */
static void
another_incarnation_is_witnessed_anew(void **state)
{
	struct toy *t = *state;

	write_notes(t, 5);
	pass(t, HOUR_MS);
	toy_replace(t, "foster", 777);
	machines_settle(&t->m);
	write_notes(t, 1);
	pass(t, HOUR_MS);
	assert_int_equal(witnesses(t, "requests", "foster").n, 2);
	/* Its note, and what it has witnessed itself. */
	assert_int_equal(witnesses(t, "requests", "foster").last.number, 2);
	assert_int_equal(witnesses(t, "requests", "foster").last.incarnation, 777);
}

/* It keeps its number, and says nothing to anybody. */
static void
no_follower_is_sent_a_witness(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;

	pass(t, HOUR_MS);
	assert_int_equal(witnesses(t, "foster", "members").n, 1);
	toy_replace(t, "requests", 778);
	(void)toy_page(t, "requests", "foster", &page);
	assert_int_equal(page->n_entries, 1);
	assert_int_equal(page->entries[0]->header->type, JOURNAL_TYPE_WITNESSED);
	assert_false(page->entries[0]->has_event);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(a_thousand_entries_are_witnessed),
	    TEST(so_is_an_entry_after_an_hour),
	    TEST(an_owner_that_is_down_is_witnessed_all_the_same),
	    TEST(two_that_follow_each_other_fall_silent),
	    TEST(restarts_and_rebuilds_change_nothing),
	    TEST(another_incarnation_is_witnessed_anew),
	    TEST(no_follower_is_sent_a_witness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
