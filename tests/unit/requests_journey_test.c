#include "requests/journey.h"

#include "requests/clocks.h"
#include "requests_sample.h"

#define TODAY day_in_london(SAMPLE_NOW)
#define STATE(name) REQUESTS__STATE__STATE_##name
#define OUTCOME(name) REQUESTS__OUTCOME__OUTCOME_##name
#define OTHER_HOLD "00000000000000000000000h99"

static Requests__Request *
lost_once(Requests__State in)
{
	Requests__Request *r = planned(in);

	SET(r->offers[0], is_lost, 1);
	r->journey = sample_journey();
	return r;
}

/* ---- decision ---- */

static enum requests_refusal
decide(const Requests__Request *r, const char *offer_id, Requests__DecisionReason why)
{
	Requests__Decide call = REQUESTS__DECIDE__INIT;

	call.offer_id = text(offer_id);
	SET(&call, reason, why);
	return requests_check_decide(r, &call);
}

static void
decisions_are_checked(void **state)
{
	const Requests__DecisionReason why =
	    REQUESTS__DECISION_REASON__DECISION_REASON_BEST_MEETS_NEEDS;
	Requests__Request *r = planned(STATE(CIRCULATED));

	(void)state;
	assert_int_equal(decide(r, OFFER_2, why), REQUESTS_OK);
	assert_int_equal(decide(r, HOLD_1, why), REQUESTS_OFFER_UNKNOWN);
	assert_int_equal(decide(r, NULL, why), REQUESTS_OFFER_UNKNOWN);
	assert_int_equal(
	    decide(lost_once(STATE(CIRCULATED)), OFFER_1, why), REQUESTS_OFFER_LOST);
	assert_int_equal(
	    decide(r, OFFER_2, REQUESTS__DECISION_REASON__DECISION_REASON_UNSPECIFIED),
	    REQUESTS_DECISION_REASON_MISSING);
	assert_int_equal(decide(planned(STATE(HELD)), OFFER_2, why), REQUESTS_DECIDED);
}

static void
a_decision_says_all_that_the_owner_needs(void **state)
{
	const struct requests_decision decision = {
	    HOLD_1, "placement", SALFORD, REQUESTS__APPROVER__APPROVER_DIRECTOR};
	Requests__Request *r = emergency(STATE(CIRCULATED));
	Requests__Decide call = REQUESTS__DECIDE__INIT;
	struct requests_act act = acting(MANCHESTER);
	Requests__PlacementDecided *e;

	(void)state;
	call.offer_id = text(OFFER_2);
	SET(&call, reason, REQUESTS__DECISION_REASON__DECISION_REASON_ONLY_OFFER);
	e = requests_decided(sample_arena(), r, &call, &act, &decision);
	assert_string_equal(e->vacancy_id, r->offers[1]->vacancy_id);
	assert_string_equal(e->journey->hold_id, HOLD_1);
	assert_string_equal(e->journey->decided_by_id, act.person_id);
	assert_int_equal(e->journey->approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	assert_int_equal(e->n_children, 1);
	assert_string_equal(e->children[0]->child_id, r->identity->child_ids[0]);
	assert_int_equal(e->children[0]->age_years, 9);
	assert_int_equal(e->hold_minutes, REQUESTS_HOLD_MINUTES_EMERGENCY);
	assert_int_equal(e->journey->hold_expires_time, SAMPLE_NOW + 2 * HOUR_MS);
	assert_true(e->is_emergency);
	assert_int_equal(e->members_copy_age_ms, 5);
	/* What it was chosen among, and where it lay. */
	assert_int_equal(e->journey->n_standing_offer_ids, 2);
	assert_string_equal(e->journey->standing_offer_ids[0], OFFER_1);
	assert_string_equal(e->journey->standing_offer_ids[1], OFFER_2);
	assert_string_equal(e->journey->area_council_id, SALFORD);
	SET(r->offers[0], is_lost, 1);
	e = requests_decided(sample_arena(), r, &call, &act, &decision);
	assert_int_equal(e->journey->n_standing_offer_ids, 1);
	assert_string_equal(e->journey->standing_offer_ids[0], OFFER_2);
}

/* ---- the provider's yes ---- */

static enum requests_refusal
confirm(const Requests__Request *r, const char *provider_id, const char *offer_id,
    int64_t later_ms)
{
	struct requests_act act = acting(provider_id);

	act.now_ms += later_ms;
	return requests_check_confirm(r, offer_id, &act);
}

static void
only_the_chosen_says_yes(void **state)
{
	Requests__Request *held = planned(STATE(HELD));

	(void)state;
	assert_int_equal(confirm(held, CHOSEN, OFFER_1, 0), REQUESTS_OK);
	assert_int_equal(confirm(held, CHOSEN, OFFER_2, 0), REQUESTS_OFFER_UNKNOWN);
	assert_int_equal(confirm(held, OFFERING, OFFER_1, 0), REQUESTS_OFFER_UNKNOWN);
	/* The other bidder hears one thing whatever the chosen place is doing. */
	for (unsigned s = STATE(CIRCULATED); s <= STATE(STARTING); s++)
		assert_int_equal(
		    confirm(planned((Requests__State)s), OFFERING, OFFER_2, 0),
		    REQUESTS_NOT_CHOSEN);
	assert_int_equal(
	    confirm(planned(STATE(STARTED)), OFFERING, OFFER_2, 0), REQUESTS_CLOSED);
	assert_int_equal(
	    confirm(planned(STATE(DECIDED)), CHOSEN, OFFER_1, 0), REQUESTS_NOT_HELD);
	assert_int_equal(confirm(lost_once(STATE(CIRCULATED)), CHOSEN, OFFER_1, 0),
	    REQUESTS_OFFER_LOST);
	assert_int_equal(confirm(planned(STATE(CONFIRMED)), CHOSEN, OFFER_1, 0),
	    REQUESTS_ALREADY_CONFIRMED);
}

static void
a_yes_comes_in_time(void **state)
{
	Requests__Request *held = planned(STATE(HELD));

	(void)state;
	assert_int_equal(confirm(held, CHOSEN, OFFER_1, HOUR_MS - 1), REQUESTS_OK);
	assert_int_equal(confirm(held, CHOSEN, OFFER_1, HOUR_MS), REQUESTS_HOLD_OVER);
}

/* ---- start, end, withdraw ---- */

static enum requests_refusal
start_later(const Requests__Request *r, const Requests__Start *call, int32_t days)
{
	struct requests_act act = acting(MANCHESTER);

	act.today += days;
	return requests_check_start(r, call, &act);
}

/* Asked for on that day itself, or today where it is past. */
static enum requests_refusal
start(const Requests__Request *r, int32_t day)
{
	Requests__Start call = REQUESTS__START__INIT;

	SET(&call, start_day, day);
	return start_later(r, &call, day > TODAY ? day - TODAY : 0);
}

static enum requests_refusal
start_today(const Requests__Request *r, int32_t day)
{
	Requests__Start call = REQUESTS__START__INIT;

	SET(&call, start_day, day);
	return start_later(r, &call, 0);
}

static void
starts_are_checked(void **state)
{
	Requests__Request *r = planned(STATE(CONFIRMED));
	Requests__Start none = REQUESTS__START__INIT;

	(void)state;
	assert_int_equal(start_later(r, &none, 0), REQUESTS_START_DAY_MISSING);
	/* The sample's offer is for the day after tomorrow at the earliest. */
	assert_int_equal(start(r, TODAY + 1), REQUESTS_START_DAY_EARLY);
	assert_int_equal(start(r, TODAY + 2), REQUESTS_OK);
	assert_int_equal(start(r, TODAY + 28), REQUESTS_OK);
	assert_int_equal(start(r, TODAY + 29), REQUESTS_START_DAY_LATE);
	SET(r->circulation, expected_end_day, TODAY + 5);
	assert_int_equal(start(r, TODAY + 6), REQUESTS_START_DAY_LATE);
	SET(r->offers[0], earliest_start_day, TODAY - 9);
	assert_int_equal(start(r, TODAY - 1), REQUESTS_START_DAY_EARLY);
	assert_int_equal(start(r, TODAY), REQUESTS_OK);
	SET(r->journey, approver, REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER);
	assert_int_equal(start(r, TODAY), REQUESTS_APPROVAL_OWED);
	SET(r->journey, approved_time, SAMPLE_NOW);
	assert_int_equal(start(r, TODAY), REQUESTS_OK);
	assert_int_equal(start(planned(STATE(HELD)), TODAY), REQUESTS_NOT_CONFIRMED);
}

/* A start is recorded when it has come: from then on it can only be ended. */
static void
a_start_is_not_recorded_ahead(void **state)
{
	Requests__Request *r = planned(STATE(CONFIRMED));

	(void)state;
	assert_int_equal(start_today(r, TODAY + 2), REQUESTS_START_DAY_AHEAD);
	SET(r->offers[0], earliest_start_day, TODAY);
	assert_int_equal(start_today(r, TODAY + 1), REQUESTS_START_DAY_AHEAD);
	assert_int_equal(start_today(r, TODAY), REQUESTS_OK);
}

/* Reg 11(1): not put into effect until approved. */
static void
no_start_before_the_approval(void **state)
{
	Requests__Request *r = planned(STATE(CONFIRMED));

	(void)state;
	SET(r->offers[0], earliest_start_day, TODAY - 3);
	SET(r->journey, decided_time, SAMPLE_NOW - 72 * HOUR_MS);
	assert_int_equal(start(r, TODAY - 3), REQUESTS_OK);
	SET(r->journey, approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	SET(r->journey, approved_time, SAMPLE_NOW - 24 * HOUR_MS);
	assert_int_equal(start(r, TODAY - 2), REQUESTS_START_BEFORE_APPROVAL);
	assert_int_equal(start(r, TODAY - 1), REQUESTS_OK);
	assert_int_equal(start(r, TODAY), REQUESTS_OK);
}

static enum requests_refusal
end(const Requests__Request *r, int32_t day, Requests__EndReason why)
{
	Requests__End call = REQUESTS__END__INIT;
	struct requests_act act = acting(MANCHESTER);

	SET(&call, end_day, day);
	SET(&call, reason, why);
	return requests_check_end(r, &call, &act);
}

static void
ends_are_checked(void **state)
{
	const Requests__EndReason why = REQUESTS__END_REASON__END_REASON_CARE_PLAN;
	Requests__Request *r = planned(STATE(STARTED));
	Requests__End none = REQUESTS__END__INIT;
	struct requests_act act = acting(MANCHESTER);

	(void)state;
	assert_int_equal(requests_check_end(r, &none, &act), REQUESTS_END_DAY_MISSING);
	assert_int_equal(end(r, TODAY, why), REQUESTS_OK);
	assert_int_equal(end(r, TODAY - 30, why), REQUESTS_OK);
	assert_int_equal(end(r, TODAY - 31, why), REQUESTS_END_DAY_EARLY);
	assert_int_equal(end(r, TODAY + 1, why), REQUESTS_END_DAY_AHEAD);
	assert_int_equal(end(r, TODAY, REQUESTS__END_REASON__END_REASON_UNSPECIFIED),
	    REQUESTS_END_REASON_MISSING);
}

static void
a_withdrawal_releases_what_may_be_held(void **state)
{
	static const char holds[] = "--++++"; /* submitted to confirmed */
	Requests__Withdraw call = REQUESTS__WITHDRAW__INIT;
	const char *hold_id;

	(void)state;
	assert_int_equal(requests_check_withdraw(planned(STATE(HELD)), &call, &hold_id),
	    REQUESTS_WITHDRAW_REASON_MISSING);
	SET(&call, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_RETURNED_HOME);
	for (unsigned s = STATE(SUBMITTED); s <= STATE(CONFIRMED); s++) {
		Requests__Request *r = planned((Requests__State)s);

		assert_int_equal(
		    requests_check_withdraw(r, &call, &hold_id), REQUESTS_OK);
		assert_int_equal(hold_id != NULL, holds[s - 1] == '+');
	}
	/* A journey that was lost holds nothing any more. */
	assert_int_equal(
	    requests_check_withdraw(lost_once(STATE(CIRCULATED)), &call, &hold_id),
	    REQUESTS_OK);
	assert_null(hold_id);
}

/* ---- outcomes ---- */

static Requests__Outcome
outcome(const Requests__Request *r, size_t bid, enum requests_closing closing,
    int64_t now_ms)
{
	return requests_outcome(r, r->bids[bid], closing, now_ms);
}

static void
everybody_is_told_something(void **state)
{
	const enum requests_closing started = REQUESTS_CLOSING_STARTED;
	const enum requests_closing gone = REQUESTS_CLOSING_WITHDRAWN;
	const int64_t early = SAMPLE_NOW, late = SAMPLE_NOW + HOUR_MS;
	Requests__Request *r = planned(STATE(STARTING));
	Requests__BidOutcome **list;

	(void)state;
	assert_int_equal(outcome(r, 0, started, early), OUTCOME(CHOSEN));
	assert_int_equal(outcome(r, 1, started, early), OUTCOME(NOT_CHOSEN));
	assert_int_equal(outcome(r, 2, started, early), OUTCOME(NOT_CHOSEN));
	assert_int_equal(outcome(r, 3, started, early), OUTCOME(DECLINED));
	assert_int_equal(outcome(r, 4, started, early), OUTCOME(NO_RESPONSE));
	list = requests_outcomes(sample_arena(), r, started, early);
	for (size_t i = 0; i < r->n_bids; i++) {
		assert_string_equal(list[i]->provider_id, r->bids[i]->provider_id);
		assert_int_not_equal(list[i]->outcome, OUTCOME(UNSPECIFIED));
	}
	r = planned(STATE(HELD));
	assert_int_equal(outcome(r, 0, gone, early), OUTCOME(REQUEST_WITHDRAWN));
	assert_int_equal(outcome(r, 1, gone, early), OUTCOME(REQUEST_WITHDRAWN));
	assert_int_equal(outcome(r, 3, gone, early), OUTCOME(DECLINED));
	/* Silence counts once the time to answer is over. */
	assert_int_equal(outcome(r, 4, gone, early), OUTCOME(REQUEST_WITHDRAWN));
	assert_int_equal(outcome(r, 4, gone, late), OUTCOME(NO_RESPONSE));
}

static void
who_lost_the_place_lapsed_unless_it_offers_again(void **state)
{
	Requests__Request *r = planned(STATE(STARTING));

	(void)state;
	SET(r->offers[1], is_lost, 1);
	assert_int_equal(
	    outcome(r, 1, REQUESTS_CLOSING_STARTED, SAMPLE_NOW), OUTCOME(LAPSED));
	r->offers[1]->has_is_lost = 0;
	r->offers[1]->is_lost = 0;
	assert_int_equal(
	    outcome(r, 1, REQUESTS_CLOSING_STARTED, SAMPLE_NOW), OUTCOME(NOT_CHOSEN));
}

/* ---- what the owner's word does ---- */

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

	(void)state;
	for (unsigned s = STATE(SUBMITTED); s <= STATE(WITHDRAWN); s++) {
		Requests__Request *r = planned((Requests__State)s);

		assert_int_equal(requests_weigh_expiry(r, HOLD_1),
		    loses[s - 1] == '+' ? REQUESTS_LOST : REQUESTS_NOTHING);
		assert_int_equal(
		    requests_weigh_expiry(r, OTHER_HOLD), REQUESTS_NOTHING);
		assert_int_equal(requests_weigh_expiry(r, NULL), REQUESTS_NOTHING);
	}
}

static void
a_deadline_loses_only_what_is_past_it(void **state)
{
	(void)state;
	for (unsigned s = STATE(SUBMITTED); s <= STATE(WITHDRAWN); s++) {
		Requests__Request *r = planned((Requests__State)s);
		bool holding = s == STATE(DECIDED) || s == STATE(HELD);
		bool keeping = s == STATE(CONFIRMING) || s == STATE(CONFIRMED);
		int64_t latest = sample_journey()->latest_start_time;

		assert_int_equal(requests_weigh_deadline(r, SAMPLE_NOW + HOUR_MS),
		    holding ? REQUESTS_LOST_OWES_RELEASE : REQUESTS_NOTHING);
		assert_int_equal(requests_weigh_deadline(r, SAMPLE_NOW + HOUR_MS - 1),
		    REQUESTS_NOTHING);
		assert_int_equal(requests_weigh_deadline(r, latest),
		    holding || keeping ? REQUESTS_LOST_OWES_RELEASE : REQUESTS_NOTHING);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decisions_are_checked),
	    cmocka_unit_test(a_decision_says_all_that_the_owner_needs),
	    cmocka_unit_test(only_the_chosen_says_yes),
	    cmocka_unit_test(a_yes_comes_in_time),
	    cmocka_unit_test(starts_are_checked),
	    cmocka_unit_test(a_start_is_not_recorded_ahead),
	    cmocka_unit_test(no_start_before_the_approval),
	    cmocka_unit_test(ends_are_checked),
	    cmocka_unit_test(a_withdrawal_releases_what_may_be_held),
	    cmocka_unit_test(everybody_is_told_something),
	    cmocka_unit_test(who_lost_the_place_lapsed_unless_it_offers_again),
	    cmocka_unit_test(every_answer_in_every_state),
	    cmocka_unit_test(an_expired_hold_loses_the_journey_that_waits_with_it),
	    cmocka_unit_test(a_deadline_loses_only_what_is_past_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
