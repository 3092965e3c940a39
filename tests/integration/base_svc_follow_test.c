#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "support/toy.h"

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
	while (toy_pull(t, "requests", "foster") == NULL)
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
	assert_null(toy_pull(t, "requests", "foster"));
	svc_hint(machines_svc(&t->m, "requests"), "foster", 1);
	in = toy_page(t, "requests", "foster", &page);
	toy_give(t, "requests", &in);
	assert_int_equal(copies(t), 1);
	assert_null(toy_pull(t, "requests", "foster"));
	/* What was hinted at and is there already brings nothing. */
	svc_hint(machines_svc(&t->m, "requests"), "foster", 1);
	assert_null(toy_pull(t, "requests", "foster"));
}

/* Carries one pull there and its page back, if there is one to be made. */
static bool
pull_and_give(struct toy *t)
{
	struct svc_sends sends;
	struct svc_input in = {.token = 9};
	const Envelope__Envelope *call = toy_pull(t, "requests", "foster");

	if (call == NULL)
		return false;
	machine_peer_key(&t->m, "requests", in.key);
	assert_int_equal(
	    message_pack(&t->m.arena, &call->base, &in.envelope), ERR_NONE);
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	in = (struct svc_input){
	    .is_answer = true, .service = "foster", .envelope = sends.list[0].envelope};
	toy_give(t, "requests", &in);
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
	in = toy_page(t, "requests", "foster", &page);
	page->entries[1] = page->entries[2]; /* one is left out */
	page->n_entries = 2;
	in = altered(t, &in, page);
	toy_give(t, "requests", &in);
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
	in = toy_page(t, "requests", "foster", &page);
	SET(page->entries[1]->header, time, 12345);
	in = altered(t, &in, page);
	toy_give(t, "requests", &in);
	wait_for_poll(t);
	(void)toy_page(t, "requests", "foster", &page);
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
	    t, "foster", toy_pull(t, "requests", "foster")->message_id, &e);
	toy_give(t, "requests", &in);
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
	in = toy_page(t, "requests", "foster", &page);
	other = in;
	other.service = "matching";
	toy_give(t, "requests", &other);
	assert_int_equal(copies(t), 0);
	toy_give(t, "requests", &in);
	assert_int_equal(copies(t), 2);
	toy_give(t, "requests", &in);
	assert_int_equal(toy_follow_health(t, "requests", "foster")->number, 2);
}

static const Journal__EventsAsked *
asked_in(struct toy *t, const Envelope__Envelope *pull)
{
	ProtobufCMessage *m;

	assert_non_null(pull);
	assert_int_equal(message_unpack(&t->m.arena, &journal__events_asked__descriptor,
			     BYTES_OF(pull->body), &m),
	    ERR_NONE);
	return (const Journal__EventsAsked *)m;
}

static void
the_next_page_is_asked_for_before_the_last_is_checked(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in;
	const Journal__EventsAsked *asked;
	uint64_t first;

	write_notes(t, 1500);
	wait_for_poll(t);
	in = toy_page(t, "requests", "foster", &page);
	first = page->n_entries;
	assert_in_range(first, 1, 700);
	toy_give(t, "requests", &in);
	in = toy_page(t, "requests", "foster", &page);
	assert_int_equal(page->entries[0]->header->number, first + 1);
	toy_give(t, "requests", &in);
	asked = asked_in(t, toy_pull(t, "requests", "foster"));
	assert_int_equal(asked->after_number, first + page->n_entries);
	assert_int_equal(asked->known_number, first);
}

/* The page behind it is on its way already, and comes to nothing. */
static void
a_chain_broken_in_an_earlier_page_stops_it(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in, next;

	write_notes(t, 700);
	wait_for_poll(t);
	in = toy_page(t, "requests", "foster", &page);
	SET(page->entries[1]->header, number, 3);
	in = altered(t, &in, page);
	toy_give(t, "requests", &in);
	next = toy_page(t, "requests", "foster", &page);
	toy_give(t, "requests", &next);
	assert_string_equal(toy_follow_health(t, "requests", "foster")->stopped,
	    "the chain of its journal does not hold");
	assert_null(toy_pull(t, "requests", "foster"));
	assert_int_equal(copies(t), 0);
	assert_true(requests_takes_commands(t));
}

static void
a_page_that_does_not_go_on_from_the_last_stops_it(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in;

	write_notes(t, 700);
	wait_for_poll(t);
	in = toy_page(t, "requests", "foster", &page);
	SET(page->entries[page->n_entries - 1]->header, number, 700);
	in = altered(t, &in, page);
	toy_give(t, "requests", &in);
	assert_string_equal(toy_follow_health(t, "requests", "foster")->stopped,
	    "the chain of its journal does not hold");
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
	in[0] = toy_page(t, "requests", "foster", &page);
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
	    TEST(the_next_page_is_asked_for_before_the_last_is_checked),
	    TEST(a_chain_broken_in_an_earlier_page_stops_it),
	    TEST(a_page_that_does_not_go_on_from_the_last_stops_it),
	    TEST(an_unknown_type_stops_that_source_alone),
	    TEST(a_fault_in_apply_stops_it_and_commands_go_on),
	    TEST(another_incarnation_is_followed_from_the_beginning),
	    TEST(followed_again_nothing_is_done_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
