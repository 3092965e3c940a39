#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

/* Calls owed: rows that only another event closes. */

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

/* Ends an occupant, which owes a call to requests; the owed id. */
static const char *
owe(struct toy *t)
{
	Foster__EndOccupant call = FOSTER__END_OCCUPANT__INIT;
	const Envelope__Envelope *reply;
	const Common__Done *done;

	call.occupant_id = machines_id(&t->m);
	reply = toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
			       .method = TOY_METHOD(END_OCCUPANT),
			       .body = &call.base});
	done = toy_body(t, reply, &common__done__descriptor);
	return done->id;
}

/* How often an owed call is sent within this time, looking every 10 ms. */
static unsigned
sent_within(struct toy *t, int64_t ms, const char *owed_id)
{
	unsigned n = 0;

	for (int64_t until = t->m.now_ms + ms; t->m.now_ms < until; t->m.now_ms += 10) {
		struct svc_sends sends;
		int64_t wake;
		const Envelope__Envelope *call;

		toy_due(t, &sends, &wake);
		for (size_t i = 0; (call = toy_sent(t, &sends, "requests",
					TOY_METHOD(END), i)) != NULL;
		     i++)
			n += str_equal(call->message_id, owed_id);
	}
	return n;
}

static void
answer_from(struct toy *t, const char *service, const char *owed_id,
    const Envelope__Envelope *answer)
{
	struct svc_input in = toy_answer_input(t, service, owed_id, answer);
	struct svc_sends sends;

	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
}

static void
answer_yes(struct toy *t, const char *owed_id)
{
	Envelope__Envelope yes = ENVELOPE__ENVELOPE__INIT;

	answer_from(t, "requests", owed_id, &yes);
}

static void
answer_fault(struct toy *t, const char *owed_id, Envelope__Fault fault)
{
	Envelope__Envelope no = ENVELOPE__ENVELOPE__INIT;

	SET(&no, fault, fault);
	answer_from(t, "requests", owed_id, &no);
}

static uint64_t
owed_calls(struct toy *t)
{
	return toy_rows(t, "foster", SVC_OWED);
}

static void
it_is_sent_as_decided_once_it_is_committed(void **state)
{
	struct toy *t = *state;
	const char *id = owe(t);
	struct svc_sends sends;
	int64_t wake;
	const Envelope__Envelope *call;
	ProtobufCMessage *body;

	assert_int_equal(owed_calls(t), 1);
	toy_due(t, &sends, &wake);
	call = toy_sent(t, &sends, "requests", TOY_METHOD(END), 0);
	assert_non_null(call);
	assert_string_equal(call->message_id, id);
	assert_int_equal(message_unpack(&t->m.arena, &place__end__descriptor,
			     BYTES_OF(call->body), &body),
	    ERR_NONE);
	assert_non_null(((Place__End *)(void *)body)->placement_id);
	assert_true(wake <= t->m.now_ms + 1000);
}

static void
it_is_sent_again_until_it_is_answered(void **state)
{
	struct toy *t = *state;
	const char *id = owe(t);
	unsigned n = sent_within(t, 5000, id);

	assert_true(n >= 2 && n <= 5);
	/* Ever more slowly, but never given up. */
	sent_within(t, 60000, id);
	assert_true(sent_within(t, 10100, id) >= 1);
	answer_yes(t, id);
	assert_int_equal(owed_calls(t), 0);
	assert_int_equal(sent_within(t, 15000, id), 0);
	assert_int_equal(toy_seen.replies, 1);
}

/* Another call owed meanwhile does not make this one go out sooner. */
static void
each_keeps_its_own_pace(void **state)
{
	struct toy *t = *state;
	const char *first = owe(t), *second;

	sent_within(t, 4000, first);
	assert_int_equal(sent_within(t, 500, first), 0);
	second = owe(t);
	assert_int_equal(sent_within(t, 10, second), 1);
	owe(t);
	assert_int_equal(sent_within(t, 500, first), 0);
	answer_yes(t, second);
	assert_int_equal(sent_within(t, 500, first), 0);
	assert_int_equal(owed_calls(t), 2);
}

static void
busy_and_faults_do_not_close_it(void **state)
{
	struct toy *t = *state;
	const char *id = owe(t);

	assert_int_equal(sent_within(t, 10, id), 1);
	for (int fault = ENVELOPE__FAULT__FAULT_MALFORMED;
	     fault <= ENVELOPE__FAULT__FAULT_INTERNAL; fault++)
		answer_fault(t, id, (Envelope__Fault)fault);
	assert_int_equal(owed_calls(t), 1);
	assert_int_equal(toy_seen.replies, 0);
	assert_true(sent_within(t, 10100, id) >= 1);
}

static void
a_refusal_is_an_answer(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope no = ENVELOPE__ENVELOPE__INIT;
	Envelope__Refusal refusal = ENVELOPE__REFUSAL__INIT;

	SET(&refusal, number, 123);
	no.refusal = &refusal;
	answer_from(t, "requests", owe(t), &no);
	assert_int_equal(owed_calls(t), 0);
	assert_int_equal(toy_seen.refusals, 1);
}

static void
a_second_answer_changes_nothing(void **state)
{
	struct toy *t = *state;
	const char *id = owe(t);
	uint64_t head;

	answer_yes(t, id);
	head = toy_head(t);
	answer_yes(t, id);
	answer_fault(t, id, ENVELOPE__FAULT__FAULT_BUSY);
	assert_int_equal(toy_head(t), head);
	assert_int_equal(toy_seen.replies, 1);
}

static void
both_answers_in_one_turn_are_one(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope yes = ENVELOPE__ENVELOPE__INIT;
	const char *id = owe(t);
	struct svc_input in[2];
	struct svc_sends sends;

	in[0] = in[1] = toy_answer_input(t, "requests", id, &yes);
	assert_int_equal(toy_turn(t, in, 2, &sends), ERR_NONE);
	assert_int_equal(toy_seen.replies, 1);
	assert_int_equal(toy_head(t), 2);
}

/* An answer counts from the service that was called, and from no other. */
static void
nobody_else_can_answer_it(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope yes = ENVELOPE__ENVELOPE__INIT;

	answer_from(t, "matching", owe(t), &yes);
	assert_int_equal(owed_calls(t), 1);
	assert_int_equal(toy_seen.replies, 0);
}

static void
what_cannot_be_read_is_no_answer(void **state)
{
	struct toy *t = *state;
	const char *id = owe(t);
	Envelope__Envelope odd = ENVELOPE__ENVELOPE__INIT;
	uint8_t garbage[] = {0xff, 0xff, 0xff};
	struct svc_input in[3] = {{.is_answer = true, .service = "requests"},
	    {.is_answer = true, .service = "requests", .envelope = {garbage, 3}}};
	struct svc_sends sends;

	SET_BYTES(&odd, body, ((struct bytes){garbage, sizeof garbage}));
	in[2] = toy_answer_input(t, "requests", id, &odd);
	assert_int_equal(toy_turn(t, in, 3, &sends), ERR_NONE);
	assert_int_equal(sends.n, 0);
	assert_int_equal(owed_calls(t), 1);
	assert_true(sent_within(t, 10100, id) >= 1);
}

/* The answer cannot be decided on: the row stays, and so do the others' answers. */
static void
a_fault_in_taking_it_leaves_it_open(void **state)
{
	struct toy *t = *state;
	const char *ids[2] = {owe(t), owe(t)};
	Common__Done done = COMMON__DONE__INIT;
	Envelope__Envelope bad = ENVELOPE__ENVELOPE__INIT,
			   good = ENVELOPE__ENVELOPE__INIT;
	struct bytes packed;
	struct svc_input in[2];
	struct svc_sends sends;

	SET(&done, number, TOY_OWED_FAULTS);
	assert_int_equal(message_pack(&t->m.arena, &done.base, &packed), ERR_NONE);
	SET_BYTES(&bad, body, packed);
	in[0] = toy_answer_input(t, "requests", ids[0], &bad);
	in[1] = toy_answer_input(t, "requests", ids[1], &good);
	assert_int_equal(toy_turn(t, in, 2, &sends), ERR_NONE);
	assert_int_equal(sends.n, 0);
	assert_int_equal(owed_calls(t), 1);
	assert_true(sent_within(t, 10100, ids[0]) >= 1);
	answer_yes(t, ids[0]);
	assert_int_equal(owed_calls(t), 0);
}

static void
a_reply_that_leaves_it_open_is_undone(void **state)
{
	struct toy *t = *state;
	const char *id = owe(t);

	toy_seen.leaves_owed_open = true;
	answer_yes(t, id);
	assert_int_equal(toy_head(t), 1);
	assert_int_equal(owed_calls(t), 1);
	toy_seen.leaves_owed_open = false;
	answer_yes(t, id);
	assert_int_equal(owed_calls(t), 0);
}

static void
it_survives_a_crash_and_a_rebuild(void **state)
{
	struct toy *t = *state;
	const char *id = owe(t);

	machines_restart(&t->m, "foster");
	assert_int_equal(sent_within(t, 10, id), 1);
	machines_check_rebuild(&t->m, "foster");
	assert_int_equal(owed_calls(t), 1);
	machines_restart(&t->m, "foster");
	answer_yes(t, id);
	assert_int_equal(owed_calls(t), 0);
	machines_check_rebuild(&t->m, "foster");
}

/* ---- many, to one that is down ---- */

struct owing {
	const char *service;
	unsigned n;
};

static enum err
decide_owed(struct svc_ask *ask, void *context)
{
	const struct owing *owing = context;
	Journal__OwedCall owed = JOURNAL__OWED_CALL__INIT;
	Foster__PlacesRestored event = FOSTER__PLACES_RESTORED__INIT;

	for (unsigned i = 0; i < owing->n; i++) {
		owed.owed_id = str_copy(ask->arena, svc_new_id(ask));
		owed.service = str_copy(ask->arena, owing->service);
		SET(&owed, method, TOY_METHOD(END));
		SET(&owed, opened_time, ask->now_ms);
		svc_owe(ask->txn, ask->arena, &owed);
	}
	svc_decide(ask, TOY_EVENT(PLACES_RESTORED), &event.base);
	return ask->txn->err;
}

static void
one_that_is_down_does_not_keep_calls_from_others(void **state)
{
	struct toy *t = *state;
	struct owing down = {"requests", 400}, up = {"matching", 3};
	uint8_t seed[32] = {3};
	struct svc_sends sends;
	int64_t wake;

	assert_int_equal(
	    svc_first(toy_svc(t), t->m.now_ms, seed, decide_owed, &down), ERR_NONE);
	t->m.now_ms += 1000;
	assert_int_equal(
	    svc_first(toy_svc(t), t->m.now_ms, seed, decide_owed, &up), ERR_NONE);
	toy_due(t, &sends, &wake);
	assert_non_null(toy_sent(t, &sends, "requests", TOY_METHOD(END), 0));
	assert_non_null(toy_sent(t, &sends, "matching", TOY_METHOD(END), 2));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(it_is_sent_as_decided_once_it_is_committed),
	    TEST(it_is_sent_again_until_it_is_answered),
	    TEST(each_keeps_its_own_pace),
	    TEST(busy_and_faults_do_not_close_it),
	    TEST(a_refusal_is_an_answer),
	    TEST(a_second_answer_changes_nothing),
	    TEST(both_answers_in_one_turn_are_one),
	    TEST(nobody_else_can_answer_it),
	    TEST(what_cannot_be_read_is_no_answer),
	    TEST(a_fault_in_taking_it_leaves_it_open),
	    TEST(a_reply_that_leaves_it_open_is_undone),
	    TEST(it_survives_a_crash_and_a_rebuild),
	    TEST(one_that_is_down_does_not_keep_calls_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
