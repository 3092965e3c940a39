#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

#define MINUTE_MS INT64_C(60000)

/* Passing time is an event, and it comes before whatever came in meanwhile. */

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
hold_input(struct toy *t, uint32_t minutes, uint64_t token)
{
	Place__Hold *call = MESSAGE_NEW(&t->m.arena, place__hold);

	SET(call, hold_minutes, minutes);
	return toy_input(t, &(struct toy_call){.peer = "requests",
				.method = TOY_METHOD(HOLD),
				.body = &call->base,
				.token = token});
}

static uint32_t
hold(struct toy *t, uint32_t minutes)
{
	struct svc_input in = hold_input(t, minutes, 1);
	struct svc_sends sends;
	const Envelope__Envelope *reply;

	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	reply = toy_reply(t, &sends, 1);
	assert_false(reply->has_fault);
	return reply->refusal == NULL ? 0 : reply->refusal->number;
}

static int64_t
wake_ms(struct toy *t)
{
	struct svc_sends sends;
	int64_t wake;

	toy_due(t, &sends, &wake);
	return wake;
}

static uint32_t
type_of(struct toy *t, uint64_t number)
{
	struct journal_walk w;
	struct kv_txn txn;
	uint32_t type;

	kv_begin(svc_kv(toy_svc(t)), &txn, false);
	journal_walk(&txn, &w, number);
	assert_true(journal_next(&w, &t->m.arena));
	type = w.record->header->type;
	kv_walk_end(&w.rows);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	return type;
}

static void
a_due_timer_comes_before_what_came_in(void **state)
{
	struct toy *t = *state;

	assert_int_equal(hold(t, 1), 0);
	t->m.now_ms += MINUTE_MS - 1;
	assert_int_equal(hold(t, 1), TOY_TAKEN);
	t->m.now_ms += 1;
	assert_int_equal(hold(t, 1), 0); /* a late hold is seen by no rule */
	assert_int_equal(type_of(t, 3), TOY_EVENT(HOLD_EXPIRED));
	assert_int_equal(type_of(t, 4), TOY_EVENT(HOLD_GRANTED));
}

static void
nothing_need_come_in_for_time_to_pass(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;

	assert_int_equal(hold(t, 1), 0);
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_int_equal(toy_head(t), 1);
	t->m.now_ms += MINUTE_MS;
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_true(sends.has_news);
	assert_int_equal(toy_head(t), 2);
	assert_int_equal(toy_rows(t, "foster", SVC_TIMERS), 0);
}

static void
we_are_woken_for_the_first_of_them(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;
	int64_t due_ms = t->m.now_ms + MINUTE_MS;

	assert_int_equal(hold(t, 1), 0);
	/* Pulls come round too: all that matters is that nobody sleeps past it. */
	t->m.now_ms = due_ms - 10;
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_int_equal(wake_ms(t), due_ms);
	machines_restart(&t->m, "foster");
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_int_equal(wake_ms(t), due_ms);
}

/* One that is due as soon as it is set is over before the next rule is asked. */
static void
what_is_due_at_once_is_late_for_the_next_input(void **state)
{
	struct toy *t = *state;
	struct svc_input in[2] = {hold_input(t, 0, 1), hold_input(t, 1, 2)};
	struct svc_sends sends;

	assert_int_equal(toy_turn(t, in, 2, &sends), ERR_NONE);
	assert_null(toy_reply(t, &sends, 1)->refusal);
	assert_null(toy_reply(t, &sends, 2)->refusal);
	assert_int_equal(toy_head(t), 3);
	assert_int_equal(type_of(t, 2), TOY_EVENT(HOLD_EXPIRED));
}

static void
the_same_when_a_fault_makes_them_go_alone(void **state)
{
	struct toy *t = *state;
	struct svc_input in[3] = {hold_input(t, 0, 1), hold_input(t, 1, 2)};
	struct svc_sends sends;

	in[2] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				 .method = TOY_METHOD(REGISTER_HOUSEHOLD),
				 .body = toy_note(t, TOY_BREAKS_APPLY),
				 .token = 3});
	assert_int_equal(toy_turn(t, in, 3, &sends), ERR_NONE);
	assert_null(toy_reply(t, &sends, 2)->refusal);
	assert_true(toy_reply(t, &sends, 3)->has_fault);
	assert_int_equal(toy_head(t), 3);
}

/* ---- many ---- */

struct many {
	unsigned n, first_name;
	int64_t due_ms;
};

/* Holds decided all at once, each a millisecond sooner than the one before it; the
 * last three fall on the same moment. */
static enum err
decide_holds(struct svc_ask *ask, void *context)
{
	const struct many *many = context;

	for (unsigned i = 0; i < many->n; i++) {
		Foster__HoldGranted event = FOSTER__HOLD_GRANTED__INIT;
		Foster__HoldRow row = FOSTER__HOLD_ROW__INIT;
		unsigned back = i + 3 > many->n ? many->n - 3 : i;

		row.hold_id =
		    str_format(ask->arena, "01jd5r0000%016u", many->first_name - i);
		SET(&row, expires_time, many->due_ms - back);
		event.hold = &row;
		svc_decide(ask, TOY_EVENT(HOLD_GRANTED), &event.base);
	}
	return ask->txn->err;
}

static void
grant(struct toy *t, unsigned n, unsigned first_name, int64_t due_ms)
{
	struct many many = {n, first_name, due_ms};
	uint8_t seed[32] = {9};

	bytes_put_u64(seed + 8, ++t->m.drawn);
	assert_int_equal(
	    svc_first(toy_svc(t), t->m.now_ms, seed, decide_holds, &many), ERR_NONE);
}

static void
they_run_in_order_of_time_then_of_name(void **state)
{
	struct toy *t = *state;
	struct svc_sends sends;
	struct journal_walk w;
	struct kv_txn txn;
	const char *const expected[] = {
	    /* three at one moment, by name; then the later ones */
	    "01jd5r00000000000000009995", "01jd5r00000000000000009996",
	    "01jd5r00000000000000009997", "01jd5r00000000000000009998",
	    "01jd5r00000000000000009999"};

	grant(t, 5, 9999, t->m.now_ms + 10);
	t->m.now_ms += 10;
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	kv_begin(svc_kv(toy_svc(t)), &txn, false);
	journal_walk(&txn, &w, 6);
	for (unsigned i = 0; i < 5; i++) {
		ProtobufCMessage *event;
		assert_true(journal_next(&w, &t->m.arena));
		assert_int_equal(
		    message_unpack(&t->m.arena, &foster__hold_expired__descriptor,
			BYTES_OF(w.body->event), &event),
		    ERR_NONE);
		assert_string_equal(
		    ((Foster__HoldExpired *)(void *)event)->hold_id, expected[i]);
	}
	assert_false(journal_next(&w, &t->m.arena));
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

/* After a long sleep time catches up turn by turn, and inputs wait until it has. */
static void
no_turn_is_drowned_in_timers(void **state)
{
	struct toy *t = *state;
	struct svc_input in;
	struct svc_sends sends;
	uint8_t seed[32] = {1};
	unsigned turns = 0;

	for (unsigned i = 0; i < 50; i++)
		grant(t, 48, 5000 + 48 * i, t->m.now_ms + 1000000);
	assert_int_equal(toy_rows(t, "foster", SVC_TIMERS), 2400);
	t->m.now_ms += 2000000;
	in = hold_input(t, 1, 1);
	do {
		assert_int_equal(
		    svc_turn(toy_svc(t), t->m.now_ms, seed, &in, 1, &sends), ERR_NONE);
		seed[0]++;
		turns++;
	} while (sends.taken == 0);
	assert_int_equal(turns, 3);
	assert_int_equal(toy_seen.expired, 2400);
	assert_null(toy_reply(t, &sends, 1)->refusal);
	assert_int_equal(toy_head(t), 2 * 2400 + 1);
}

/* One that its own event leaves running would be the same event for ever. */
static void
a_timer_left_running_ends_the_process(void **state)
{
	struct toy *t = *state;
	Foster__HouseholdAsked question = FOSTER__HOUSEHOLD_ASKED__INIT;
	Envelope__Envelope yes = ENVELOPE__ENVELOPE__INIT;
	const Envelope__Envelope *passed;
	struct svc_input in;
	struct svc_sends sends;
	int64_t wake;

	in = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
			      .method = TOY_METHOD(HOUSEHOLD),
			      .body = &question.base,
			      .wait_ms = 30000});
	assert_int_equal(hold(t, 1), 0);
	t->m.now_ms += MINUTE_MS - 1;
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	toy_due(t, &sends, &wake);
	passed = toy_sent(t, &sends, "matching", TOY_METHOD(HOUSEHOLD), 0);
	assert_non_null(passed);
	/* An answer that could be passed back comes in that very turn: it is not. */
	in = toy_answer_input(t, "matching", passed->message_id, &yes);
	t->m.now_ms++;
	toy_seen.leaves_timer_on = true;
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_INTERNAL);
	assert_int_equal(sends.n, 0);
	toy_seen.leaves_timer_on = false;
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_int_equal(toy_head(t), 2);
}

static void
timers_are_rebuilt(void **state)
{
	struct toy *t = *state;
	char problem[200];
	struct svc_sends sends;

	assert_int_equal(hold(t, 1), 0);
	machines_check_rebuild(&t->m, "foster");
	assert_int_equal(toy_rows(t, "foster", SVC_TIMERS), 1);
	t->m.now_ms += MINUTE_MS;
	/* Rebuilt while it was due: it is known at once. */
	assert_int_equal(svc_rebuild(toy_svc(t), problem, sizeof problem), ERR_NONE);
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_int_equal(toy_head(t), 2);
	machines_check_rebuild(&t->m, "foster");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(a_due_timer_comes_before_what_came_in),
	    TEST(nothing_need_come_in_for_time_to_pass),
	    TEST(we_are_woken_for_the_first_of_them),
	    TEST(what_is_due_at_once_is_late_for_the_next_input),
	    TEST(the_same_when_a_fault_makes_them_go_alone),
	    TEST(they_run_in_order_of_time_then_of_name),
	    TEST(no_turn_is_drowned_in_timers),
	    TEST(a_timer_left_running_ends_the_process),
	    TEST(timers_are_rebuilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
