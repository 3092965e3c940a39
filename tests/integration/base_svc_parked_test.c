#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

#define SLOTS 256

/* Questions passed on: in memory alone, until the answer or the caller's deadline. */

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

static struct svc_input
question(struct toy *t, const char *peer, uint32_t wait_ms, uint64_t token)
{
	Foster__HouseholdAsked *call =
	    MESSAGE_NEW(&t->m.arena, foster__household_asked);

	call->household_id = machines_id(&t->m);
	return toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				.peer = peer,
				.method = TOY_METHOD(HOUSEHOLD),
				.body = &call->base,
				.wait_ms = wait_ms,
				.token = token});
}

/* A question of the officer's; nothing comes back yet. */
static const char *
ask(struct toy *t, uint32_t wait_ms, uint64_t token)
{
	struct svc_input in = question(t, NULL, wait_ms, token);
	struct svc_sends sends;
	ProtobufCMessage *m;

	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	assert_int_equal(sends.n, 0);
	assert_int_equal(message_unpack(&t->m.arena, &envelope__envelope__descriptor,
			     in.envelope, &m),
	    ERR_NONE);
	return ((Envelope__Envelope *)(void *)m)->message_id;
}

static struct svc_sends
due(struct toy *t)
{
	struct svc_sends sends;
	int64_t wake;

	toy_due(t, &sends, &wake);
	return sends;
}

/* What was asked of matching: the id that the answer must bear. */
static const char *
passed_id(struct toy *t, const struct svc_sends *sends, size_t i)
{
	const Envelope__Envelope *call =
	    toy_sent(t, sends, "matching", TOY_METHOD(HOUSEHOLD), i);

	return call == NULL ? NULL : call->message_id;
}

static struct svc_sends
answer(struct toy *t, const char *from, const char *id, const Envelope__Envelope *with)
{
	struct svc_input in = toy_answer_input(t, from, id, with);
	struct svc_sends sends;

	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	return sends;
}

static void
the_answer_becomes_the_caller_s(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope with = ENVELOPE__ENVELOPE__INIT;
	uint8_t body[] = {1, 2, 3};
	const char *asked = ask(t, 5000, 7);
	struct svc_sends sends = due(t);
	const char *id = passed_id(t, &sends, 0);
	const Envelope__Envelope *reply;

	assert_non_null(id);
	assert_string_not_equal(id, asked);
	SET(&with, method, 999);
	SET_BYTES(&with, body, ((struct bytes){body, sizeof body}));
	sends = answer(t, "matching", id, &with);
	reply = toy_reply(t, &sends, 7);
	assert_string_equal(reply->correlation_id, asked);
	assert_null(reply->message_id);
	assert_int_equal(reply->method, TOY_METHOD(HOUSEHOLD));
	assert_int_equal(reply->body.len, sizeof body);
	assert_memory_equal(reply->body.data, body, sizeof body);
	/* And once only. */
	assert_int_equal(answer(t, "matching", id, &with).n, 0);
	assert_int_equal(toy_head(t), 0);
}

static void
refusals_and_faults_are_passed_back(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope with = ENVELOPE__ENVELOPE__INIT;
	Envelope__Refusal refusal = ENVELOPE__REFUSAL__INIT;
	struct svc_sends sends;

	SET(&refusal, number, 321);
	with.refusal = &refusal;
	ask(t, 5000, 1);
	sends = due(t);
	sends = answer(t, "matching", passed_id(t, &sends, 0), &with);
	assert_int_equal(toy_reply(t, &sends, 1)->refusal->number, 321);
	with = (Envelope__Envelope)ENVELOPE__ENVELOPE__INIT;
	SET(&with, fault, ENVELOPE__FAULT__FAULT_STALE);
	ask(t, 5000, 2);
	sends = due(t);
	sends = answer(t, "matching", passed_id(t, &sends, 0), &with);
	assert_int_equal(toy_reply(t, &sends, 2)->fault, ENVELOPE__FAULT__FAULT_STALE);
}

static void
busy_is_asked_again_soon(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope busy = ENVELOPE__ENVELOPE__INIT;
	struct svc_sends sends;
	const char *id;

	SET(&busy, fault, ENVELOPE__FAULT__FAULT_BUSY);
	ask(t, 5000, 1);
	sends = due(t);
	id = passed_id(t, &sends, 0);
	assert_int_equal(answer(t, "matching", id, &busy).n, 0);
	sends = due(t);
	assert_null(passed_id(t, &sends, 0));
	t->m.now_ms += 20;
	sends = due(t);
	assert_string_equal(passed_id(t, &sends, 0), id);
}

static void
lost_on_the_way_it_is_asked_again(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;

	ask(t, 5000, 1);
	sends = due(t);
	assert_non_null(passed_id(t, &sends, 0));
	t->m.now_ms += 1000;
	sends = due(t);
	assert_non_null(passed_id(t, &sends, 0));
}

static void
another_service_cannot_answer_it(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope with = ENVELOPE__ENVELOPE__INIT;
	struct svc_sends sends;
	const char *id;

	ask(t, 5000, 1);
	sends = due(t);
	id = passed_id(t, &sends, 0);
	assert_int_equal(answer(t, "requests", id, &with).n, 0);
	assert_int_equal(answer(t, "matching", id, &with).n, 1);
}

static void
unreachable_is_said_at_once(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;
	const Envelope__Envelope *reply;

	ask(t, 5000, 1);
	due(t);
	svc_unreachable(toy_svc(t), "requests", t->m.now_ms);
	assert_int_equal(due(t).n, 0);
	svc_unreachable(toy_svc(t), "matching", t->m.now_ms);
	sends = due(t);
	reply = toy_reply(t, &sends, 1);
	assert_int_equal(reply->fault, ENVELOPE__FAULT__FAULT_UNREACHABLE);
	assert_string_equal(reply->detail, "matching");
	/* The slot is free, and whoever has it next is not unreachable for that. */
	ask(t, 5000, 2);
	sends = due(t);
	assert_null(toy_reply(t, &sends, 2));
	assert_non_null(passed_id(t, &sends, 0));
}

static void
past_the_deadline_it_is_late(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;
	Envelope__Envelope with = ENVELOPE__ENVELOPE__INIT;
	const char *id;
	int64_t wake;

	ask(t, 1500, 1);
	toy_due(t, &sends, &wake);
	id = passed_id(t, &sends, 0);
	t->m.now_ms += 1499;
	toy_due(t, &sends, &wake);
	assert_null(toy_reply(t, &sends, 1));
	assert_true(wake <= t->m.now_ms + 1);
	t->m.now_ms += 1;
	sends = due(t);
	assert_int_equal(toy_reply(t, &sends, 1)->fault, ENVELOPE__FAULT__FAULT_LATE);
	assert_int_equal(answer(t, "matching", id, &with).n, 0);
	assert_int_equal(due(t).n, 0);
}

/* Nobody waits for longer than half a minute, whatever they say. */
static void
a_huge_wait_is_half_a_minute(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;

	ask(t, UINT32_MAX, 1);
	t->m.now_ms += 29999;
	sends = due(t);
	assert_null(toy_reply(t, &sends, 1));
	t->m.now_ms += 1;
	sends = due(t);
	assert_int_equal(toy_reply(t, &sends, 1)->fault, ENVELOPE__FAULT__FAULT_LATE);
}

/* The turn that parked it was void: it is parked once, by the turn that was not. */
static void
a_void_turn_parks_nothing(void **state)
{
	struct toy *t = *state;
	struct svc_input in[2] = {question(t, NULL, 5000, 1)};
	struct svc_sends sends;

	in[1] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				 .method = TOY_METHOD(REGISTER_HOUSEHOLD),
				 .body = toy_note(t, TOY_BREAKS_APPLY),
				 .token = 2});
	assert_int_equal(toy_turn(t, in, 2, &sends), ERR_NONE);
	assert_int_equal(sends.n, 1);
	assert_true(toy_reply(t, &sends, 2)->has_fault);
	sends = due(t);
	assert_non_null(passed_id(t, &sends, 0));
	assert_null(passed_id(t, &sends, 1));
}

/* Passed on, and then the handler failed: the caller has its fault, and nobody has a
 * second reply when the deadline comes. */
static void
a_failed_handler_parks_nothing(void **state)
{
	struct toy *t = *state;
	struct svc_input in = question(t, NULL, 1000, 1);
	struct svc_sends sends;

	toy_seen.passes_then_fails = true;
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	assert_int_equal(
	    toy_reply(t, &sends, 1)->fault, ENVELOPE__FAULT__FAULT_INTERNAL);
	t->m.now_ms += 1000;
	assert_int_equal(due(t).n, 0);
}

static void
nothing_parked_outlives_the_process(void **state)
{
	struct toy *t = *state;

	ask(t, 5000, 1);
	machines_restart(&t->m, "foster");
	t->m.now_ms += 2000;
	for (unsigned i = 0; i < 5; i++) {
		struct svc_sends sends = due(t);
		assert_null(passed_id(t, &sends, 0));
		assert_null(toy_reply(t, &sends, 1));
		t->m.now_ms += 1000;
	}
}

static void
with_every_slot_taken_the_answer_is_busy(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope with = ENVELOPE__ENVELOPE__INIT;
	struct svc_input in[SLOTS + 2];
	struct svc_sends sends;
	const char *id;

	for (size_t i = 0; i < SLOTS + 1; i++)
		in[i] = question(t, "requests", 5000, i);
	in[SLOTS + 1] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
					 .method = TOY_METHOD(REGISTER_HOUSEHOLD),
					 .body = toy_note(t, TOY_PLAIN),
					 .token = SLOTS + 1});
	assert_int_equal(toy_turn(t, in, SLOTS + 2, &sends), ERR_NONE);
	assert_int_equal(sends.n, 2);
	assert_int_equal(
	    toy_reply(t, &sends, SLOTS)->fault, ENVELOPE__FAULT__FAULT_BUSY);
	assert_false(toy_reply(t, &sends, SLOTS + 1)->has_fault);
	sends = due(t);
	id = passed_id(t, &sends, 0);
	assert_non_null(passed_id(t, &sends, SLOTS - 1));
	assert_int_equal(answer(t, "matching", id, &with).n, 1);
	in[0] = question(t, "requests", 5000, 1000);
	assert_int_equal(toy_turn(t, in, 1, &sends), ERR_NONE);
	assert_int_equal(sends.n, 0);
}

static void
one_person_cannot_take_every_slot(void **state)
{
	struct toy *t = *state;
	struct svc_input in[64];
	struct svc_sends sends;

	for (size_t i = 0; i < 64; i++)
		in[i] = question(t, NULL, 5000, i);
	assert_int_equal(toy_turn(t, in, 64, &sends), ERR_NONE);
	assert_int_equal(sends.n, 32);
	in[0] = question(t, "requests", 5000, 100);
	assert_int_equal(toy_turn(t, in, 1, &sends), ERR_NONE);
	assert_int_equal(sends.n, 0);
}

static void
a_question_too_long_to_park_is_a_fault_of_its_own(void **state)
{
	struct toy *t = *state;
	Foster__HouseholdAsked call = FOSTER__HOUSEHOLD_ASKED__INIT;
	struct svc_input in[2];
	struct svc_sends sends;

	toy_seen.passes_long = true;
	in[1] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				 .method = TOY_METHOD(HOUSEHOLD),
				 .body = &call.base,
				 .token = 1});
	in[0] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				 .method = TOY_METHOD(REGISTER_HOUSEHOLD),
				 .body = toy_note(t, TOY_PLAIN),
				 .token = 2});
	assert_int_equal(toy_turn(t, in, 2, &sends), ERR_NONE);
	assert_int_equal(toy_reply(t, &sends, 1)->fault, ENVELOPE__FAULT__FAULT_MEMORY);
	assert_false(toy_reply(t, &sends, 2)->has_fault);
	assert_int_equal(toy_seen.handled, 1); /* the turn was not redone for it */
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(the_answer_becomes_the_caller_s),
	    TEST(refusals_and_faults_are_passed_back),
	    TEST(busy_is_asked_again_soon),
	    TEST(lost_on_the_way_it_is_asked_again),
	    TEST(another_service_cannot_answer_it),
	    TEST(unreachable_is_said_at_once),
	    TEST(past_the_deadline_it_is_late),
	    TEST(a_huge_wait_is_half_a_minute),
	    TEST(a_void_turn_parks_nothing),
	    TEST(a_failed_handler_parks_nothing),
	    TEST(nothing_parked_outlives_the_process),
	    TEST(with_every_slot_taken_the_answer_is_busy),
	    TEST(one_person_cannot_take_every_slot),
	    TEST(a_question_too_long_to_park_is_a_fault_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
