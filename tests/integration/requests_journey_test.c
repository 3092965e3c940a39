#include "requests_steps.h"

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define OUTCOME(name) REQUESTS__OUTCOME__OUTCOME_##name

/* The process dies and comes back, its owed calls with it. */
static void
crash(struct machines *m, bool does_crash)
{
	if (does_crash)
		machines_restart(m, "requests");
}

/* From a need to a placement and its end; a crash at every point changes nothing. */
static void
travel(struct machines *m, bool crashes)
{
	char *offer_1;
	char *r = submit(m, PLANNED);

	crash(m, crashes);
	circulate(m, r);
	crash(m, crashes);
	offer_1 = offer(m, BIDDER, r, VACANCY_1);
	offer(m, RIVAL, r, VACANCY_2);
	crash(m, crashes);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, offer_1));
	assert_state(m, r, STATE(DECIDED));
	crash(m, crashes);
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	crash(m, crashes);
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, offer_1));
	assert_state(m, r, STATE(CONFIRMING));
	crash(m, crashes);
	machines_settle(m);
	assert_state(m, r, STATE(CONFIRMED));
	crash(m, crashes);
	assert_int_equal(refused(m, COMMISSIONER, CALL(START), start_of(m, r)),
	    REQUESTS_APPROVAL_OWED);
	does(m, OFFICER, CALL(APPROVE), approval(m, r, true));
	crash(m, crashes);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	assert_state(m, r, STATE(STARTING));
	crash(m, crashes);
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
	assert_int_equal(outcome_of(m, r, PROVIDER_1), OUTCOME(CHOSEN));
	assert_int_equal(outcome_of(m, r, PROVIDER_2), OUTCOME(NOT_CHOSEN));
	assert_int_equal(outcome_of(m, r, PROVIDER_3), OUTCOME(NO_RESPONSE));
	crash(m, crashes);
	does(m, COMMISSIONER, CALL(END), end_of(m, r));
	assert_state(m, r, STATE(ENDED));
	crash(m, crashes);
	machines_settle(m);
	assert_int_equal(owed_n(m), 0);
}

static void
check_what_the_owner_heard(struct machines *m)
{
	const struct owner_call *hold = last_asked(FOSTER_CALL(HOLD));
	const struct owner_call *confirm = last_asked(FOSTER_CALL(CONFIRM_HOLD));
	const struct owner_call *start = last_asked(FOSTER_CALL(START));
	const struct owner_call *end = last_asked(FOSTER_CALL(END));

	assert_int_equal(owner.n, 4);
	assert_string_equal(confirm->hold_id, hold->id);
	assert_int_equal(confirm->fencing_number, 4001);
	assert_true(confirm->latest_start_time > m->now_ms + 27 * DAY_MS);
	assert_string_equal(start->hold_id, hold->id);
	assert_int_equal(start->fencing_number, 4001);
	assert_string_equal(end->placement_id, start->placement_id);
	assert_int_equal(end->day, day_in_london(m->now_ms));
}

static void
the_whole_journey(void **state)
{
	travel(*state, false);
	check_what_the_owner_heard(*state);
	machines_check_rebuild(*state, "requests");
}

static void
the_whole_journey_with_a_crash_at_every_step(void **state)
{
	travel(*state, true);
	check_what_the_owner_heard(*state);
	machines_check_rebuild(*state, "requests");
}

/* What is over has no clocks left: time passes and nothing is recorded. */
static void
nothing_happens_to_what_is_over(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(CONFIRMED), &chosen);
	uint64_t number;

	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	travel(m, false);
	m->now_ms += DAY_MS; /* and what it followed is witnessed */
	number = entries_now(m);
	m->now_ms += 60 * DAY_MS;
	assert_int_equal(entries_now(m), number);
}

/* The owner is down for weeks and comes back: the journey goes on by itself. */
static void
an_owner_that_is_down_is_waited_for(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(CONFIRMED), &chosen);

	does(m, OFFICER, CALL(APPROVE), approval(m, r, true));
	owner.told[FOSTER_CALL(START)] = SAY_NOTHING;
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_true(asked_n(FOSTER_CALL(START)) > 1);
	assert_state(m, r, STATE(STARTING));
	m->now_ms += 29 * DAY_MS; /* past the latest start: only the owner knows */
	machines_settle(m);
	assert_state(m, r, STATE(STARTING));
	assert_int_equal(refused(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r)),
	    REQUESTS_START_ORDERED);
	machines_restart(m, "requests");
	owner.told[FOSTER_CALL(START)] = SAY_YES;
	m->now_ms += 20000;
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
	/* One call all along: the same id every time. */
	for (size_t i = 0; i < owner.n; i++)
		if (owner.calls[i].method == FOSTER_CALL(START))
			assert_string_equal(
			    owner.calls[i].id, last_asked(FOSTER_CALL(START))->id);
	assert_int_equal(owed_n(m), 0);
}

/* ---- the owner says no ---- */

static void
check_lost(struct machines *m, char *r)
{
	const Requests__Request *request = shown(m, r);

	assert_int_equal(request->state, STATE(CIRCULATED));
	assert_true(request->offers[0]->is_lost);
	assert_int_equal(outcome_of(m, r, PROVIDER_1), OUTCOME(LAPSED));
	assert_non_null(request->journeys[0]->refused_sentence);
}

/* A hold refused leaves the other offers; the loser may offer again. */
static void
a_refused_hold_goes_back_to_the_offers(void **state)
{
	struct machines *m = *state;
	char *chosen, *again;
	char *r;

	owner.told[FOSTER_CALL(HOLD)] = SAY_NO;
	r = brought_to(m, STATE(DECIDED), &chosen);
	machines_settle(m);
	check_lost(m, r);
	assert_string_equal(
	    journey_of(m, r)->refused_sentence, "The place was taken at 14:05.");
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 0);
	assert_int_equal(owed_n(m), 0);
	assert_int_equal(refused(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen)),
	    REQUESTS_OFFER_LOST);
	again = offer(m, BIDDER, r, VACANCY_1);
	assert_false(requests_bid_of(shown(m, r), PROVIDER_1)->has_outcome);
	owner.told[FOSTER_CALL(HOLD)] = SAY_YES;
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, again));
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	machines_check_rebuild(m, "requests");
}

static void
a_refused_confirm_releases(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r;

	owner.told[FOSTER_CALL(CONFIRM_HOLD)] = SAY_NO;
	r = brought_to(m, STATE(CONFIRMING), &chosen);
	machines_settle(m);
	check_lost(m, r);
	assert_string_equal(last_asked(FOSTER_CALL(RELEASE))->hold_id,
	    last_asked(FOSTER_CALL(HOLD))->id);
	assert_int_equal(owed_n(m), 0);
}

static void
a_refused_start_releases(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r;

	owner.told[FOSTER_CALL(START)] = SAY_NO;
	r = brought_to(m, STATE(STARTING), &chosen);
	machines_settle(m);
	check_lost(m, r);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 1);
	assert_int_equal(owed_n(m), 0);
	/* The next decision needs its own approval. */
	offer(m, BIDDER, r, VACANCY_1);
	chosen = shown(m, r)->offers[2]->offer_id;
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	assert_false(journey_of(m, r)->has_approved_time);
	machines_check_rebuild(m, "requests");
}

static void
a_refused_end_is_closed_and_stays_ended(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(STARTED), &chosen);

	owner.told[FOSTER_CALL(END)] = SAY_NO;
	does(m, COMMISSIONER, CALL(END), end_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(ENDED));
	assert_int_equal(owed_n(m), 0);
}

static void
a_refused_release_is_closed(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(HELD), &chosen);

	owner.told[FOSTER_CALL(RELEASE)] = SAY_NO;
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(WITHDRAWN));
	assert_int_equal(owed_n(m), 0);
}

/* ---- withdrawing ---- */

/* In every state before a start is ordered: what may be held is released, everybody
 * is told, and nothing stays owed. */
static void
a_withdrawal_at_every_step(void **state)
{
	struct machines *m = *state;

	for (unsigned s = STATE(SUBMITTED); s <= STATE(CONFIRMED); s++) {
		size_t before = asked_n(FOSTER_CALL(RELEASE));
		char *chosen;
		char *r = s == STATE(SUBMITTED)
		              ? submit(m, PLANNED)
		              : brought_to(m, (Requests__State)s, &chosen);

		does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
		machines_restart(m, "requests");
		machines_settle(m);
		assert_state(m, r, STATE(WITHDRAWN));
		/* Where the hold came after the release, it is released once more. */
		assert_int_equal(
		    asked_n(FOSTER_CALL(RELEASE)) - before, s == STATE(DECIDED)  ? 2
							    : s > STATE(DECIDED) ? 1
										 : 0);
		assert_int_equal(owed_n(m), 0);
		for (size_t i = 0; i < shown(m, r)->n_bids; i++)
			assert_int_equal(
			    shown(m, r)->bids[i]->outcome, OUTCOME(REQUEST_WITHDRAWN));
	}
	machines_check_rebuild(m, "requests");
}

/* The chosen provider's no, before its yes, lets the place go. */
static void
the_chosen_provider_declines(void **state)
{
	struct machines *m = *state;
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	char *chosen;
	char *r = brought_to(m, STATE(HELD), &chosen);

	no.request_id = r;
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_CARER_DECLINED);
	does(m, BIDDER, CALL(DECLINE), &no);
	check_lost(m, r);
	machines_settle(m);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 1);
	assert_int_equal(owed_n(m), 0);
	does(m, COMMISSIONER, CALL(DECIDE),
	    decision(m, r, shown(m, r)->offers[1]->offer_id));
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	machines_check_rebuild(m, "requests");
}

/* ---- the same command again ---- */

static void
the_same_command_three_times_is_one(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = with_offers(m, PLANNED, &chosen);
	struct machine_call call =
	    by(COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	Common__Done *first, *again;

	call.message_id = machines_id(m);
	first = machines_ask(m, &call, &common__done__descriptor);
	machines_settle(m);
	for (unsigned i = 0; i < 2; i++) {
		again = machines_ask(m, &call, &common__done__descriptor);
		assert_string_equal(again->id, first->id);
		assert_int_equal(again->number, first->number);
	}
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	assert_int_equal(asked_n(FOSTER_CALL(HOLD)), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(the_whole_journey),
	    TEST(the_whole_journey_with_a_crash_at_every_step),
	    TEST(nothing_happens_to_what_is_over),
	    TEST(an_owner_that_is_down_is_waited_for),
	    TEST(a_refused_hold_goes_back_to_the_offers),
	    TEST(a_refused_confirm_releases),
	    TEST(a_refused_start_releases),
	    TEST(a_refused_end_is_closed_and_stays_ended),
	    TEST(a_refused_release_is_closed),
	    TEST(a_withdrawal_at_every_step),
	    TEST(the_chosen_provider_declines),
	    TEST(the_same_command_three_times_is_one),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
