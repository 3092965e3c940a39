#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/row.h"
#include "support/toy.h"

#define MINUTE_MS INT64_C(60000)

/* How fresh a copy is, and when it is none. */

static struct toy toy;

static int
make(void **state)
{
	toy_open(&toy);
	*state = &toy;
	return 0;
}

static int
make_cold(void **state)
{
	toy_open_cold(&toy);
	*state = &toy;
	return 0;
}

static int
clear(void **state)
{
	toy_close(*state);
	return 0;
}

static int64_t
fresh_on_disk(struct toy *t)
{
	struct kv_txn txn;
	const Journal__Cursor *row;

	kv_begin(svc_kv(machines_svc(&t->m, "requests")), &txn, false);
	row = row_get(&txn, &t->m.arena, SVC_CURSORS, row_key("foster"),
	    &journal__cursor__descriptor);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	return row == NULL ? 0 : row->fresh_time;
}

static void
freshness_is_written_at_most_once_a_minute(void **state)
{
	struct toy *t = *state;
	int64_t from_ms = t->m.now_ms, last = fresh_on_disk(t);
	unsigned written = 0;

	while (t->m.now_ms < from_ms + 5 * MINUTE_MS) {
		int64_t fresh;

		machines_settle(&t->m);
		fresh = fresh_on_disk(t);
		if (fresh != last) {
			written++;
			assert_true(last == 0 || fresh - last >= MINUTE_MS);
		}
		last = fresh;
		/* In memory it is known to within a poll. */
		assert_true(t->m.now_ms -
				toy_follow_health(t, "requests", "foster")->fresh_time <
			    5000);
	}
	assert_true(written >= 3 && written <= 6);
	machines_restart(&t->m, "requests");
	assert_int_equal(toy_follow_health(t, "requests", "foster")->fresh_time, last);
}

static void
register_keys(struct toy *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		Members__KeyRegistered event = MEMBERS__KEY_REGISTERED__INIT;
		Members__Key key = MEMBERS__KEY__INIT;
		uint8_t bytes[32] = {0};
		char id[ID_LEN + 1];

		memcpy(id, toy_person_ids[0], sizeof id);
		bytes_put_u32(bytes, i);
		SET_BYTES(&key, public_key, ((struct bytes){bytes, sizeof bytes}));
		key.person_id = id;
		event.key = &key;
		machines_decide(&t->m, "members",
		    MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, &event.base);
	}
}

static Envelope__Fault
write_fault(struct toy *t)
{
	const Envelope__Envelope *reply =
	    toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
			   .method = TOY_METHOD(AMEND_HOUSEHOLD),
			   .body = toy_note(t, TOY_PLAIN)});

	return reply->has_fault ? reply->fault : ENVELOPE__FAULT__FAULT_UNSPECIFIED;
}

/* What a copy lacks may be the revocation of the very key that asks. */
static void
half_a_copy_of_members_is_none(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	Members__KeyRevoked revoked = MEMBERS__KEY_REVOKED__INIT;
	uint8_t key[32];

	register_keys(t, 2600);
	machine_key(TOY_OFFICER, key);
	SET_BYTES(&revoked, public_key, ((struct bytes){key, sizeof key}));
	machines_decide(
	    &t->m, "members", MEMBERS__MEMBERS_EVENT__EVENT_KEY_REVOKED, &revoked.base);
	while (toy_rows(t, "foster", SVC_ACCESS_KEYS) == 0) {
		struct svc_input in = toy_page(t, "foster", "members", &page);
		toy_give(t, "foster", &in);
	}
	assert_true(toy_rows(t, "foster", SVC_ACCESS_KEYS) < 2604);
	assert_false(svc_is_ready(toy_svc(t)));
	assert_int_equal(write_fault(t), ENVELOPE__FAULT__FAULT_STALE);
	machines_restart(&t->m, "foster");
	assert_int_equal(write_fault(t), ENVELOPE__FAULT__FAULT_STALE);
	machines_settle(&t->m);
	assert_true(svc_is_ready(toy_svc(t)));
	assert_int_equal(write_fault(t), ENVELOPE__FAULT__FAULT_DENIED);
}

/* Members came back from a backup: until all of it has come again nobody is known. */
static void
a_copy_that_begins_again_is_none_until_it_is_whole(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in;

	assert_int_equal(write_fault(t), 0);
	toy_replace(t, "members", 778);
	register_keys(t, 1);
	t->m.now_ms += 3000; /* past the next poll */
	in = toy_page(t, "foster", "members", &page);
	assert_true(page->cursor_unknown);
	toy_give(t, "foster", &in);
	assert_int_equal(write_fault(t), ENVELOPE__FAULT__FAULT_STALE);
	assert_int_equal(toy_follow_health(t, "foster", "members")->fresh_time, 0);
	assert_int_equal(toy_rows(t, "foster", SVC_ACCESS_KEYS), 0);
	machines_settle(&t->m);
	assert_int_equal(write_fault(t), ENVELOPE__FAULT__FAULT_DENIED);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(freshness_is_written_at_most_once_a_minute),
	    cmocka_unit_test_setup_teardown(
		half_a_copy_of_members_is_none, make_cold, clear),
	    TEST(a_copy_that_begins_again_is_none_until_it_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
