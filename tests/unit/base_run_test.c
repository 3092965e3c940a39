/*
 * What a turn takes in: bounded in all and for each caller, calls before answers, and
 * the wait for more that a lone caller never pays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/run_batch.h"

static int
set_up(void **state)
{
	struct run_batch *b = test_malloc(sizeof *b);

	assert_int_equal(run_batch_open(b), ERR_NONE);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	run_batch_close(*state);
	test_free(*state);
	return 0;
}

static bool
add_call(struct run_batch *b, uint64_t token)
{
	struct bus_message m = {
	    .what = BUS_CALL, .token = token, .bytes = bytes_of_text("call")};

	return run_batch_add(b, &m);
}

static void
add_answer(struct run_batch *b, const char *text)
{
	struct bus_message m = {
	    .what = BUS_ANSWER, .service = "foster", .bytes = bytes_of_text(text)};

	assert_true(run_batch_add(b, &m));
}

/* A turn of one call from each of `callers`, numbered from `first`. */
static void
turn_of(struct run_batch *b, uint64_t first, unsigned callers, int64_t turn_us)
{
	for (unsigned i = 0; i < callers; i++)
		assert_true(add_call(b, first + i));
	run_batch_done(b, run_batch_inputs(b), turn_us);
}

static void
calls_stand_before_answers(void **state)
{
	struct run_batch *b = *state;

	add_answer(b, "page");
	assert_true(add_call(b, 7));
	add_answer(b, "other page");
	assert_int_equal(run_batch_inputs(b), 3);
	assert_false(b->inputs[0].is_answer);
	assert_int_equal(b->inputs[0].token, 7);
	assert_true(bytes_equal(b->inputs[1].envelope, bytes_of_text("page")));
	assert_string_equal(b->inputs[2].service, "foster");
}

static void
a_caller_has_a_share(void **state)
{
	struct run_batch *b = *state;

	for (unsigned i = 0; i < RUN_CALLER_INPUTS_MAX; i++)
		assert_true(add_call(b, 1));
	assert_false(add_call(b, 1));
	assert_true(add_call(b, 2)); /* another's is untouched */
	assert_int_equal(run_batch_inputs(b), RUN_CALLER_INPUTS_MAX + 1);
	run_batch_done(b, RUN_CALLER_INPUTS_MAX + 1, 100);
	assert_true(add_call(b, 1)); /* the next turn, a new share */
}

static void
a_turn_is_full_by_number_and_by_bytes(void **state)
{
	static uint8_t large[BUS_MESSAGE_BYTES_MAX];
	struct bus_message m = {
	    .what = BUS_ANSWER, .service = "foster", .bytes = {large, sizeof large}};
	struct run_batch *b = *state;
	size_t n = 0;

	while (run_batch_has_room(b)) {
		assert_true(run_batch_add(b, &m));
		n++;
	}
	assert_in_range(n, 20, RUN_BATCH_BYTES / sizeof large);
	assert_false(b->arenas[0].is_full);
	assert_int_equal(b->inputs[0].envelope.len, 0);
	run_batch_done(b, run_batch_inputs(b), 100);
	for (n = 0; add_call(b, n); n++)
		assert_true(run_batch_has_room(b));
	assert_int_equal(n, RUN_FIRST_MAX + RUN_WAITING_MAX);
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
}

/* Calls that wait leave answers their room, or a flood of calls would stop following.
 */
static void
answers_have_room_beside_calls(void **state)
{
	struct run_batch *b = *state;

	for (unsigned i = 0; i < 2 * RUN_INPUTS_MAX; i++)
		assert_true(add_call(b, i));
	add_answer(b, "page");
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
	assert_true(b->inputs[RUN_INPUTS_MAX - 1].is_answer);
	run_batch_done(b, RUN_INPUTS_MAX, 100);
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
	assert_int_equal(b->inputs[0].token, RUN_INPUTS_MAX - 1);
	assert_false(b->inputs[RUN_INPUTS_MAX - 1].is_answer);
	run_batch_done(b, RUN_INPUTS_MAX, 100);
	assert_int_equal(run_batch_inputs(b), 1);
}

static bool
add_call_that_waits(struct run_batch *b, uint64_t token, uint32_t wait_ms)
{
	struct bus_message m = {.what = BUS_CALL, .token = token};
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	uint8_t packed[100];

	e.message_id = (char *)(uintptr_t) "01m801zmdjcfrng1es00x4ch7w";
	SET(&e, wait_ms, wait_ms);
	m.bytes = (struct bytes){packed, envelope__envelope__pack(&e, packed)};
	return run_batch_add(b, &m);
}

/* A turn is full, and 1000 and 1001 were heard of in the last one. */
static void
fill_turn(struct run_batch *b, int64_t turn_us)
{
	for (uint64_t turn = 0; turn < 2; turn++) {
		for (uint64_t i = 0; i < RUN_INPUTS_MAX - 2; i++)
			assert_true(add_call_that_waits(b, i, 1));
		assert_true(add_call_that_waits(b, 1000 * (turn + 1), 1));
		assert_true(add_call_that_waits(b, 1000 * (turn + 1) + 1, 1));
		assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
		if (turn == 0)
			run_batch_done(b, RUN_INPUTS_MAX, turn_us);
	}
}

/* Two turns of 1,100 ms each lie before whoever comes now. */
static void
who_would_wait_too_long_is_turned_away(void **state)
{
	struct run_batch *b = *state;

	for (unsigned i = 0; i < 200; i++)
		turn_of(b, 1, 4, 1100000);
	fill_turn(b, 1100000);
	assert_false(add_call_that_waits(b, 5, 60000)); /* has one waiting */
	assert_true(add_call_that_waits(b, 1000, 20000));
	assert_false(add_call_that_waits(b, 1001, 17000)); /* not in time for that */
	assert_false(add_call_that_waits(b, 1000, 60000)); /* now it has one, too */
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
	run_batch_done(b, RUN_INPUTS_MAX, 1100000);
	assert_true(add_call_that_waits(b, 5, 5000)); /* its turn is over */
	assert_int_equal(run_batch_inputs(b), 2);
}

/* However many there are, and however soon it is wanted: the next turn has it. */
static void
who_was_not_heard_of_goes_first(void **state)
{
	struct run_batch *b = *state;

	for (unsigned i = 0; i < 200; i++)
		turn_of(b, 1, 4, 600000);
	fill_turn(b, 600000); /* the last two are new themselves */
	assert_true(add_call_that_waits(b, 3000, 1));
	assert_false(add_call_that_waits(b, 3000, 5000)); /* no second */
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
	assert_int_equal(b->inputs[0].token, 2000);
	assert_int_equal(b->inputs[2].token, 3000);
	assert_int_equal(b->inputs[3].token, 0);
	run_batch_done(b, 2, 600000);
	assert_true(add_call_that_waits(b, 4000, 1));
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
	assert_int_equal(b->inputs[0].token, 3000); /* left over, and still first */
	assert_int_equal(b->inputs[1].token, 4000);
}

/* All the room is taken by those who flood: who comes has a place all the same. */
static void
a_flood_leaves_room_for_who_comes(void **state)
{
	struct run_batch *b = *state;
	const unsigned flooding = RUN_WAITING_MAX / RUN_CALLER_INPUTS_MAX;

	turn_of(b, 1, flooding, 100);
	for (unsigned i = 0; i < RUN_WAITING_MAX; i++)
		assert_true(add_call(b, 1 + i % flooding));
	for (unsigned i = 0; i < RUN_FIRST_MAX; i++)
		assert_true(add_call_that_waits(b, 500 + i, 1));
	assert_false(add_call_that_waits(b, 700, 60000)); /* too many have come */
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
	for (unsigned i = 0; i < RUN_FIRST_MAX; i++)
		assert_int_equal(b->inputs[i].token, 500 + i);
	assert_int_equal(b->inputs[RUN_FIRST_MAX].token, 1);
}

/* However many come: half of the turn is for those who wait in order. */
static void
who_comes_leaves_half_a_turn(void **state)
{
	struct run_batch *b = *state;
	unsigned found = 0;

	for (unsigned i = 0; i < RUN_CALLER_INPUTS_MAX; i++)
		assert_true(add_call(b, 1));
	for (unsigned i = 0; i < RUN_INPUTS_MAX; i++)
		(void)add_call_that_waits(b, 500 + i, 1);
	assert_int_equal(run_batch_inputs(b), RUN_INPUTS_MAX);
	for (unsigned i = 0; i < RUN_INPUTS_MAX; i++)
		found += b->inputs[i].token == 1;
	assert_int_equal(found, RUN_CALLER_INPUTS_MAX);
}

/* Calls of ten milliseconds' work each: fewer are taken at a time, the others wait. */
static void
a_turn_does_not_last(void **state)
{
	struct run_batch *b = *state;

	for (unsigned i = 0; i < 100; i++) {
		size_t n;

		while (b->calls_n < (size_t)2 * RUN_TURN_CALLS_MIN)
			assert_true(add_call_that_waits(b, i, 5000));
		n = run_batch_inputs(b);
		run_batch_worked(b, (int64_t)n * 10000);
		run_batch_done(b, n, 160000);
	}
	run_batch_done(b, run_batch_inputs(b), 160000);
	assert_int_equal(run_batch_inputs(b), 0);
	for (unsigned i = 0; i < 40; i++)
		assert_true(add_call_that_waits(b, i, 5000));
	assert_int_equal(run_batch_inputs(b), RUN_TURN_CALLS_MIN);
	assert_int_equal(b->inputs[0].token, 0);
	assert_false(add_call_that_waits(b, 100, 3800)); /* two turns lie before it */
	assert_true(add_call_that_waits(b, 101, 4000));
	run_batch_done(b, RUN_TURN_CALLS_MIN, 160000);
	assert_int_equal(run_batch_inputs(b), RUN_TURN_CALLS_MIN);
	assert_int_equal(b->inputs[0].token, RUN_TURN_CALLS_MIN);
}

/* What is turned away takes time, too. */
static void
a_round_counts_whole(void **state)
{
	struct run_batch *b = *state;

	for (unsigned i = 0; i < 200; i++)
		turn_of(b, 1, 4, 1000);
	fill_turn(b, 1000);
	assert_true(add_call_that_waits(b, 1000, 1000));
	for (unsigned i = 0; i < 200; i++)
		run_batch_rounded(b, 600000);
	assert_false(add_call_that_waits(b, 1001, 9000));
	assert_true(add_call_that_waits(b, 1001, 10000));
	run_batch_done(b, run_batch_inputs(b), 1000);
	run_batch_done(b, run_batch_inputs(b), 1000);
	assert_int_equal(run_batch_inputs(b), 0);
	for (unsigned i = 0; i < 200; i++)
		run_batch_rounded(b, 1000); /* of no call: it tells nothing */
	assert_in_range(b->round_us, 599000, 600000);
}

static void
what_is_left_over_stays_whole(void **state)
{
	struct run_batch *b = *state;

	assert_true(add_call(b, 1));
	add_answer(b, "first");
	add_answer(b, "second");
	assert_int_equal(run_batch_inputs(b), 3);
	run_batch_done(b, 2, 100);
	assert_true(add_call(b, 2));
	assert_int_equal(run_batch_inputs(b), 2);
	assert_int_equal(b->inputs[0].token, 2); /* before what was left */
	assert_true(bytes_equal(b->inputs[1].envelope, bytes_of_text("second")));
	run_batch_done(b, 2, 100);
	assert_int_equal(run_batch_inputs(b), 0);
}

static void
a_lone_caller_never_waits(void **state)
{
	struct run_batch *b = *state;

	for (unsigned i = 0; i < 5; i++) {
		assert_true(add_call(b, 1));
		assert_false(run_batch_expects_more(b));
		run_batch_done(b, run_batch_inputs(b), 6000);
	}
}

static void
several_are_waited_for(void **state)
{
	struct run_batch *b = *state;

	turn_of(b, 100, 8, 6000);
	assert_false(run_batch_expects_more(b)); /* not before the first has come */
	for (unsigned i = 0; i < 7; i++) {
		assert_true(add_call(b, 100 + i));
		assert_true(run_batch_expects_more(b));
	}
	assert_true(add_call(b, 107));
	assert_false(run_batch_expects_more(b));
}

/* Two halves that take turns are waited for until they come together. */
static void
half_batches_find_each_other(void **state)
{
	struct run_batch *b = *state;

	turn_of(b, 100, 8, 6000);
	for (unsigned i = 0; i < 8; i++)
		assert_true(add_call(b, 200 + i));
	assert_true(run_batch_expects_more(b));
	for (unsigned i = 0; i < 8; i++)
		assert_true(add_call(b, 100 + i));
	assert_false(run_batch_expects_more(b));
	run_batch_done(b, run_batch_inputs(b), 6000);
	for (unsigned i = 0; i < 8; i++)
		assert_true(add_call(b, 200 + i));
	assert_true(run_batch_expects_more(b)); /* sixteen now, not eight */
}

static void
the_wait_is_a_third_of_a_commit(void **state)
{
	struct run_batch *b = *state;

	assert_int_equal(run_batch_linger_us(b), 0);
	for (unsigned i = 0; i < 200; i++)
		turn_of(b, 1, 4, 6000);
	assert_in_range(run_batch_linger_us(b), 1980, 2000);
	add_answer(b, "page"); /* a turn without calls says nothing of commits */
	run_batch_done(b, run_batch_inputs(b), 600000);
	assert_in_range(run_batch_linger_us(b), 1980, 2000);
}

static void
an_envelope_is_looked_into(void **state)
{
	static const char id_text[] = "01m801zmdjcfrng1es00x4ch7w";
	struct run_batch *b = *state;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	char text[ID_LEN + 1];
	struct bytes packed;
	struct run_peeked said;

	memcpy(text, id_text, sizeof text);
	e.message_id = text;
	SET(&e, method, 300);
	SET(&e, wait_ms, 1500);
	SET_BYTES(&e, body, bytes_of_text("anything at all"));
	assert_int_equal(message_pack(&b->arenas[0], &e.base, &packed), ERR_NONE);
	assert_true(run_peek(packed, &said));
	assert_string_equal(said.message_id.text, id_text);
	assert_int_equal(said.method, 300);
	assert_int_equal(said.wait_ms, 1500);

	/* Cut anywhere, it is read no further than it goes. */
	for (size_t len = 0; len < packed.len; len++) {
		uint8_t *cut = test_malloc(len + 1);

		memcpy(cut, packed.data, len);
		if (len < 2 + ID_LEN)
			assert_false(run_peek((struct bytes){cut, len}, &said));
		else
			(void)run_peek((struct bytes){cut, len}, &said);
		test_free(cut);
	}
	e.message_id = NULL;
	assert_int_equal(message_pack(&b->arenas[0], &e.base, &packed), ERR_NONE);
	assert_false(run_peek(packed, &said));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(calls_stand_before_answers),
	    TEST(a_caller_has_a_share),
	    TEST(a_turn_is_full_by_number_and_by_bytes),
	    TEST(answers_have_room_beside_calls),
	    TEST(who_would_wait_too_long_is_turned_away),
	    TEST(who_was_not_heard_of_goes_first),
	    TEST(a_flood_leaves_room_for_who_comes),
	    TEST(who_comes_leaves_half_a_turn),
	    TEST(a_turn_does_not_last),
	    TEST(a_round_counts_whole),
	    TEST(what_is_left_over_stays_whole),
	    TEST(a_lone_caller_never_waits),
	    TEST(several_are_waited_for),
	    TEST(half_batches_find_each_other),
	    TEST(the_wait_is_a_third_of_a_commit),
	    TEST(an_envelope_is_looked_into),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
