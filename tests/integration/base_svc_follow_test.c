#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "support/toy.h"

#define EVENTS 1
#define MINUTE_MS INT64_C(60000)

/* Following: requests follows foster, and both follow members. */

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

static void
write_notes(struct toy *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		toy_write(t);
}

static void
write_bedrooms(struct toy *t, uint32_t bedrooms)
{
	toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
		       .method = TOY_METHOD(REGISTER_HOUSEHOLD),
		       .body = toy_note(t, bedrooms)});
}

static bool
requests_takes_commands(struct toy *t)
{
	const Envelope__Envelope *reply;

	t->at = "requests";
	reply = toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
			       .method = TOY_METHOD(REGISTER_HOUSEHOLD),
			       .body = toy_note(t, TOY_PLAIN)});
	t->at = "foster";
	return !reply->has_fault && reply->refusal == NULL;
}

static uint64_t
copies(struct toy *t)
{
	return toy_rows(t, "requests", TOY_COPIES);
}

/* What requests asks of this owner now; NULL: nothing. */
static const Envelope__Envelope *
pull(struct toy *t, const char *follower, const char *owner)
{
	struct svc_sends sends;
	int64_t wake;
	const Envelope__Envelope *call;

	t->at = follower;
	toy_due(t, &sends, &wake);
	call = toy_sent(t, &sends, owner, EVENTS, 0);
	t->at = "foster";
	return call;
}

/* The owner's answer to it, as the follower gets it; `page` is what it holds. */
static struct svc_input
page_for(
    struct toy *t, const char *follower, const char *owner, Journal__EventsPage **page)
{
	const Envelope__Envelope *call = pull(t, follower, owner);
	struct svc_input in = {.token = 9};
	struct svc_sends sends;
	Envelope__Envelope *reply;

	assert_non_null(call);
	machine_peer_key(&t->m, follower, in.key);
	assert_int_equal(
	    message_pack(&t->m.arena, &call->base, &in.envelope), ERR_NONE);
	t->at = owner;
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	t->at = "foster";
	reply = toy_reply(t, &sends, 9);
	*page = toy_body(t, reply, &journal__events_page__descriptor);
	return (struct svc_input){
	    .is_answer = true, .service = owner, .envelope = sends.list[0].envelope};
}

static struct svc_input
altered(struct toy *t, const struct svc_input *in, const Journal__EventsPage *page)
{
	ProtobufCMessage *m;
	Envelope__Envelope *e;
	struct bytes body;

	assert_int_equal(message_unpack(&t->m.arena, &envelope__envelope__descriptor,
			     in->envelope, &m),
	    ERR_NONE);
	e = (Envelope__Envelope *)(void *)m;
	assert_int_equal(message_pack(&t->m.arena, &page->base, &body), ERR_NONE);
	SET_BYTES(e, body, body);
	return toy_answer_input(t, in->service, e->correlation_id, e);
}

static void
give(struct toy *t, const char *follower, const struct svc_input *in)
{
	struct svc_sends sends;

	t->at = follower;
	assert_int_equal(toy_turn(t, in, 1, &sends), ERR_NONE);
	t->at = "foster";
}

/* Past the next poll. */
static void
wait_for_poll(struct toy *t)
{
	t->m.now_ms += 3000;
}

static void
pages_come_in_order_and_cause_what_they_cause(void **state)
{
	struct toy *t = *state;

	write_notes(t, 700); /* several pages */
	machines_settle(&t->m);
	assert_int_equal(copies(t), 700);
	assert_int_equal(toy_rows(t, "requests", TOY_REACTIONS), 700);
	assert_int_equal(toy_follow_health(t, "requests", "foster")->number, 700);
	assert_int_equal(toy_follow_health(t, "requests", "foster")->head_number, 700);
	machines_restart(&t->m, "requests");
	machines_settle(&t->m);
	assert_int_equal(toy_seen.reactions, 700);
	assert_int_equal(copies(t), 700);
}

static void
a_hint_lost_costs_one_poll(void **state)
{
	struct toy *t = *state;
	int64_t written_ms = t->m.now_ms;

	toy_write(t);
	while (pull(t, "requests", "foster") == NULL)
		t->m.now_ms += 10;
	assert_true(t->m.now_ms - written_ms <= 3000);
	assert_true(t->m.now_ms - written_ms > 100); /* nobody had hinted */
}

static void
a_hint_brings_the_next_pull_forward(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in;

	toy_write(t);
	assert_null(pull(t, "requests", "foster"));
	svc_hint(machines_svc(&t->m, "requests"), "foster", 1);
	in = page_for(t, "requests", "foster", &page);
	give(t, "requests", &in);
	assert_int_equal(copies(t), 1);
	assert_null(pull(t, "requests", "foster"));
	/* What was hinted at and is there already brings nothing. */
	svc_hint(machines_svc(&t->m, "requests"), "foster", 1);
	assert_null(pull(t, "requests", "foster"));
}

/* Carries one pull there and its page back, if there is one to be made. */
static bool
pull_and_give(struct toy *t)
{
	struct svc_sends sends;
	struct svc_input in = {.token = 9};
	const Envelope__Envelope *call = pull(t, "requests", "foster");

	if (call == NULL)
		return false;
	machine_peer_key(&t->m, "requests", in.key);
	assert_int_equal(
	    message_pack(&t->m.arena, &call->base, &in.envelope), ERR_NONE);
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	in = (struct svc_input){
	    .is_answer = true, .service = "foster", .envelope = sends.list[0].envelope};
	give(t, "requests", &in);
	return true;
}

/* A hint at what will never be costs one pull, and not one after the other for ever. */
static void
a_false_hint_does_not_make_it_ask_without_end(void **state)
{
	struct toy *t = *state;
	unsigned pulls = 0;

	svc_hint(machines_svc(&t->m, "requests"), "foster", UINT64_MAX);
	for (int64_t until = t->m.now_ms + 2900; t->m.now_ms < until;
	     t->m.now_ms += 100)
		pulls += pull_and_give(t);
	assert_int_equal(pulls, 1);
}

/* ---- what stops a source ---- */

static void
a_broken_chain_stops_that_source_alone(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in;
	const Common__FollowHealth *h;

	write_notes(t, 3);
	wait_for_poll(t);
	in = page_for(t, "requests", "foster", &page);
	page->entries[1] = page->entries[2]; /* one is left out */
	page->n_entries = 2;
	in = altered(t, &in, page);
	give(t, "requests", &in);
	h = toy_follow_health(t, "requests", "foster");
	assert_string_equal(h->stopped, "the chain of its journal does not hold");
	assert_int_equal(h->number, 0);
	assert_int_equal(copies(t), 0);
	assert_null(toy_follow_health(t, "requests", "members")->stopped);
	assert_true(requests_takes_commands(t));
	machines_settle(&t->m);
	assert_int_equal(copies(t), 0);
	/* Started again it looks again. */
	machines_restart(&t->m, "requests");
	machines_settle(&t->m);
	assert_int_equal(copies(t), 3);
}

static void
an_altered_header_is_found_out_at_the_next_pull(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in;

	write_notes(t, 3);
	wait_for_poll(t);
	in = page_for(t, "requests", "foster", &page);
	SET(page->entries[1]->header, time, 12345);
	in = altered(t, &in, page);
	give(t, "requests", &in);
	wait_for_poll(t);
	(void)page_for(t, "requests", "foster", &page);
	assert_true(page->cursor_unknown);
}

static void
a_page_that_cannot_be_read_stops_it(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	uint8_t garbage[] = {0xff, 0xff, 0xff};
	struct svc_input in;

	wait_for_poll(t);
	SET_BYTES(&e, body, ((struct bytes){garbage, sizeof garbage}));
	in = toy_answer_input(
	    t, "foster", pull(t, "requests", "foster")->message_id, &e);
	give(t, "requests", &in);
	assert_string_equal(toy_follow_health(t, "requests", "foster")->stopped,
	    "its page cannot be read");
}

/* A page that nobody asked for is no page. */
static void
a_page_must_have_been_asked_for_of_that_owner(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in, other;

	write_notes(t, 2);
	wait_for_poll(t);
	in = page_for(t, "requests", "foster", &page);
	other = in;
	other.service = "matching";
	give(t, "requests", &other);
	assert_int_equal(copies(t), 0);
	give(t, "requests", &in);
	assert_int_equal(copies(t), 2);
	give(t, "requests", &in);
	assert_int_equal(toy_follow_health(t, "requests", "foster")->number, 2);
}

static enum err
follow_all(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

static void
an_unknown_type_stops_that_source_alone(void **state)
{
	struct toy *t = *state;
	/* An older build: it knows of nothing but number 2. */
	const struct svc_source sources[] = {
	    ACCESS_SOURCE, {"foster", &common__health__descriptor, follow_all, NULL}};
	struct service older = toy_follower_service;

	older.sources = sources;
	toy_reopen_as(t, "requests", &older);
	write_notes(t, 1);
	machines_settle(&t->m);
	assert_string_equal(toy_follow_health(t, "requests", "foster")->stopped,
	    "event 10 is of a type this build does not know");
	assert_int_equal(toy_follow_health(t, "requests", "foster")->number, 0);
	assert_null(toy_follow_health(t, "requests", "members")->stopped);
	assert_true(requests_takes_commands(t));
	/* The newer build goes on where the older stopped. */
	toy_reopen_as(t, "requests", &toy_follower_service);
	machines_settle(&t->m);
	assert_int_equal(copies(t), 1);
}

/* In one turn with the page: a command is taken, the page is not. */
static void
a_fault_in_apply_stops_it_and_commands_go_on(void **state)
{
	struct toy *t = *state;
	struct svc_input in[2];
	struct svc_sends sends;
	Journal__EventsPage *page;

	write_notes(t, 1);
	write_bedrooms(t, TOY_BREAKS_COPY);
	write_notes(t, 1);
	wait_for_poll(t);
	in[0] = page_for(t, "requests", "foster", &page);
	in[1] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				 .method = TOY_METHOD(REGISTER_HOUSEHOLD),
				 .body = toy_note(t, TOY_PLAIN),
				 .token = 3});
	t->at = "requests";
	assert_int_equal(toy_turn(t, in, 2, &sends), ERR_NONE);
	t->at = "foster";
	assert_false(toy_reply(t, &sends, 3)->has_fault);
	assert_int_equal(toy_rows(t, "requests", TOY_NOTES), 1);
	assert_string_equal(
	    toy_follow_health(t, "requests", "foster")->stopped, "corrupt");
	/* None of that page is kept: it is not skipped, and nothing is caused. */
	assert_int_equal(copies(t), 0);
	assert_int_equal(toy_rows(t, "requests", SVC_CAUSED), 0);
	assert_true(requests_takes_commands(t));
}

/* ---- an owner that does not know us ---- */

static void
another_incarnation_is_followed_from_the_beginning(void **state)
{
	struct toy *t = *state;

	write_notes(t, 5);
	machines_settle(&t->m);
	toy_replace(t, "foster", 777);
	machines_settle(&t->m);
	assert_int_equal(copies(t), 0); /* they are no longer so */
	assert_int_equal(toy_follow_health(t, "requests", "foster")->number, 0);
	write_notes(t, 2);
	machines_settle(&t->m);
	assert_int_equal(copies(t), 2);
	assert_int_equal(toy_follow_health(t, "requests", "foster")->number, 2);
	/* What we did about the lost ones is done: our journal says so. */
	assert_int_equal(toy_rows(t, "requests", TOY_REACTIONS), 7);
	machines_check_rebuild(&t->m, "requests");
}

static void
spoil_cursor(struct toy *t)
{
	struct kv_txn txn;
	Journal__Cursor *row;

	kv_begin(svc_kv(machines_svc(&t->m, "requests")), &txn, true);
	row = row_get(&txn, &t->m.arena, SVC_CURSORS, row_key("foster"),
	    &journal__cursor__descriptor);
	assert_non_null(row);
	row->hash.data[0] ^= 1;
	row_put(&txn, &t->m.arena, SVC_CURSORS, row_key("foster"), &row->base);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	machines_restart(&t->m, "requests");
}

static void
followed_again_nothing_is_done_twice(void **state)
{
	struct toy *t = *state;

	write_notes(t, 5);
	machines_settle(&t->m);
	assert_int_equal(toy_seen.reactions, 5);
	spoil_cursor(t);
	write_notes(t, 1);
	machines_settle(&t->m);
	assert_int_equal(copies(t), 6);
	assert_int_equal(toy_seen.reactions, 6);
	assert_int_equal(toy_rows(t, "requests", TOY_REACTIONS), 6);
	assert_int_equal(toy_rows(t, "requests", SVC_CAUSED), 6);
	machines_check_rebuild(&t->m, "requests");
}

/* ---- how fresh ---- */

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
		struct svc_input in = page_for(t, "foster", "members", &page);
		give(t, "foster", &in);
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
	wait_for_poll(t);
	in = page_for(t, "foster", "members", &page);
	assert_true(page->cursor_unknown);
	give(t, "foster", &in);
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
	    TEST(pages_come_in_order_and_cause_what_they_cause),
	    TEST(a_hint_lost_costs_one_poll),
	    TEST(a_hint_brings_the_next_pull_forward),
	    TEST(a_false_hint_does_not_make_it_ask_without_end),
	    TEST(a_broken_chain_stops_that_source_alone),
	    TEST(an_altered_header_is_found_out_at_the_next_pull),
	    TEST(a_page_that_cannot_be_read_stops_it),
	    TEST(a_page_must_have_been_asked_for_of_that_owner),
	    TEST(an_unknown_type_stops_that_source_alone),
	    TEST(a_fault_in_apply_stops_it_and_commands_go_on),
	    TEST(another_incarnation_is_followed_from_the_beginning),
	    TEST(followed_again_nothing_is_done_twice),
	    TEST(freshness_is_written_at_most_once_a_minute),
	    cmocka_unit_test_setup_teardown(
		half_a_copy_of_members_is_none, make_cold, clear),
	    TEST(a_copy_that_begins_again_is_none_until_it_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
