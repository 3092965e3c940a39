#include "requests/weigh.h"

#include "requests_sample.h"

#define STATE(name) REQUESTS__STATE__STATE_##name
#define OTHER_HOLD "00000000000000000000000h99"

/* Of each call: the state that waits for its answer, and what yes and no do there
 * and in every other state, or for another hold. */
static const struct {
	enum requests_owed owed;
	Requests__State waits; /* unspecified: none, the answer stands by itself */
	enum requests_effect yes, no, late_yes, late_no;
} answers[] = {
    {REQUESTS_OWED_HOLD, STATE(DECIDED), REQUESTS_HELD, REQUESTS_LOST,
	REQUESTS_OWES_RELEASE, REQUESTS_CLOSES},
    {REQUESTS_OWED_CONFIRM, STATE(CONFIRMING), REQUESTS_CONFIRMED,
	REQUESTS_LOST_OWES_RELEASE, REQUESTS_CLOSES, REQUESTS_CLOSES},
    {REQUESTS_OWED_START, STATE(STARTING), REQUESTS_BEGUN, REQUESTS_LOST_OWES_RELEASE,
	REQUESTS_CLOSES, REQUESTS_CLOSES},
    {REQUESTS_OWED_RELEASE, STATE(UNSPECIFIED), REQUESTS_RELEASED, REQUESTS_CLOSES,
	REQUESTS_RELEASED, REQUESTS_CLOSES},
    {REQUESTS_OWED_END, STATE(UNSPECIFIED), REQUESTS_FREED, REQUESTS_CLOSES,
	REQUESTS_FREED, REQUESTS_CLOSES},
};

static void
every_answer_in_every_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(answers); i++) {
		for (unsigned s = STATE(SUBMITTED); s <= STATE(WITHDRAWN); s++) {
			Requests__Request *r = planned((Requests__State)s);
			bool waits = s == (unsigned)answers[i].waits;
			enum requests_owed owed = answers[i].owed;

			assert_int_equal(requests_weigh_answer(r, owed, HOLD_1, true),
			    waits ? answers[i].yes : answers[i].late_yes);
			assert_int_equal(requests_weigh_answer(r, owed, HOLD_1, false),
			    waits ? answers[i].no : answers[i].late_no);
			assert_int_equal(
			    requests_weigh_answer(r, owed, OTHER_HOLD, true),
			    answers[i].late_yes);
			assert_int_equal(
			    requests_weigh_answer(r, owed, OTHER_HOLD, false),
			    answers[i].late_no);
		}
	}
}

static void
an_expired_hold_loses_the_journey_that_waits_with_it(void **state)
{
	static const char loses[] = "--++++----";
	struct requests_loss loss;

	(void)state;
	for (unsigned s = STATE(SUBMITTED); s <= STATE(WITHDRAWN); s++) {
		Requests__Request *r = planned((Requests__State)s);
		bool is_lost = requests_weigh_expiry(r, HOLD_1, &loss);

		assert_int_equal(is_lost, loses[s - 1] == '+');
		if (is_lost) {
			assert_ptr_equal(loss.journey, r->journeys[0]);
			assert_false(loss.owes_release);
		}
		assert_false(requests_weigh_expiry(r, OTHER_HOLD, &loss));
		assert_false(requests_weigh_expiry(r, NULL, &loss));
	}
}

static void
a_deadline_loses_only_what_is_past_it(void **state)
{
	struct requests_loss loss;

	(void)state;
	for (unsigned s = STATE(SUBMITTED); s <= STATE(WITHDRAWN); s++) {
		Requests__Request *r = planned((Requests__State)s);
		bool holding = s == STATE(DECIDED) || s == STATE(HELD);
		bool keeping = s == STATE(CONFIRMING) || s == STATE(CONFIRMED);
		int64_t latest = sample_journey(STATE(HELD))->latest_start_time;

		assert_int_equal(
		    requests_weigh_deadline(r, SAMPLE_NOW + HOUR_MS, &loss), holding);
		assert_false(
		    requests_weigh_deadline(r, SAMPLE_NOW + HOUR_MS - 1, &loss));
		assert_int_equal(
		    requests_weigh_deadline(r, latest, &loss), holding || keeping);
		if (holding || keeping)
			assert_true(loss.owes_release);
	}
}

/* ---- one of several ---- */

/* Whoever said yes does not lose its place because another was silent. */
static void
the_silent_one_is_to_blame(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	struct requests_loss loss;

	(void)state;
	SET(r->journeys[0], agreed_time, SAMPLE_NOW);
	r->journeys[1]->hold_expires_time += 5;
	assert_true(requests_weigh_deadline(r, SAMPLE_NOW + HOUR_MS, &loss));
	assert_ptr_equal(loss.journey, r->journeys[1]);
	assert_true(requests_weigh_expiry(r, HOLD_1, &loss));
	assert_ptr_equal(loss.journey, r->journeys[1]);
	/* The clock ended the other's hold, not this one's. */
	assert_true(loss.owes_release);
	assert_string_equal(
	    loss.sentence, "The provider did not say yes while the place was held.");
	assert_true(requests_weigh_expiry(r, HOLD_2, &loss));
	assert_ptr_equal(loss.journey, r->journeys[1]);
	assert_false(loss.owes_release);
}

/* Where nobody was silent, time is over for the one whose time it was. */
static void
nobody_else_is_to_blame_where_all_said_yes(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	struct requests_loss loss;

	(void)state;
	SET(r->journeys[0], agreed_time, SAMPLE_NOW);
	SET(r->journeys[1], agreed_time, SAMPLE_NOW);
	assert_true(requests_weigh_expiry(r, HOLD_2, &loss));
	assert_ptr_equal(loss.journey, r->journeys[1]);
	assert_false(loss.owes_release);
}

/* What was decided on apart is nobody's loss but its own. */
static void
a_loss_leaves_what_was_decided_on_apart(void **state)
{
	Requests__Request *r = sample_group(STATE(STARTED));
	struct requests_loss loss = {r->journeys[0], "It burnt down.", true};
	Requests__GroupBroken *e;

	(void)state;
	r->journeys[0]->state = STATE(CONFIRMED);
	r->journeys[1]->decided_time -= 1;
	e = requests_broken(sample_arena(), r, &loss, SAMPLE_NOW);
	assert_int_equal(e->n_kept_placement_ids, 0);
	assert_int_equal(e->n_released_hold_ids, 0);
}

static void
a_loss_gives_back_what_has_not_begun(void **state)
{
	static const struct {
		Requests__State other;
		bool is_released, is_kept;
	} rows[] = {
	    {STATE(DECIDED), true, false},
	    {STATE(HELD), true, false},
	    {STATE(CONFIRMING), true, false},
	    {STATE(CONFIRMED), true, false},
	    {STATE(STARTING), false, true},
	    {STATE(STARTED), false, true},
	    {STATE(ENDED), false, true},
	    {STATE(CIRCULATED), false, false},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		Requests__Request *r = sample_group(STATE(CONFIRMED));
		struct requests_loss loss = {r->journeys[0], "It burnt down.", true};
		Requests__GroupBroken *e;

		r->journeys[1]->state = rows[i].other;
		e = requests_broken(sample_arena(), r, &loss, SAMPLE_NOW);
		assert_string_equal(e->lost_hold_id, HOLD_1);
		assert_string_equal(e->sentence, "It burnt down.");
		assert_int_equal(e->n_permitted_splits, 3);
		assert_int_equal(e->n_released_hold_ids, rows[i].is_released);
		assert_int_equal(e->n_kept_placement_ids, rows[i].is_kept);
		if (rows[i].is_released)
			assert_string_equal(e->released_hold_ids[0], HOLD_2);
		if (rows[i].is_kept)
			assert_string_equal(e->kept_placement_ids[0], PLACE_2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_answer_in_every_state),
	    cmocka_unit_test(an_expired_hold_loses_the_journey_that_waits_with_it),
	    cmocka_unit_test(a_deadline_loses_only_what_is_past_it),
	    cmocka_unit_test(the_silent_one_is_to_blame),
	    cmocka_unit_test(nobody_else_is_to_blame_where_all_said_yes),
	    cmocka_unit_test(a_loss_leaves_what_was_decided_on_apart),
	    cmocka_unit_test(a_loss_gives_back_what_has_not_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
