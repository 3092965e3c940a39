#include "requests/journey.h"

#include "requests/clocks.h"
#include "requests/shown.h"
#include "requests_sample.h"

#define TODAY day_in_london(SAMPLE_NOW)
#define STATE(name) REQUESTS__STATE__STATE_##name
#define OUTCOME(name) REQUESTS__OUTCOME__OUTCOME_##name

static Requests__Request *
lost_once(Requests__State in)
{
	Requests__Request *r = planned(in);

	SET(r->offers[0], is_lost, 1);
	(void)sample_place(r, in);
	return r;
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
	assert_int_equal(confirm(held, CHOSEN, HOLD_1, 0), REQUESTS_OFFER_UNKNOWN);
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
	struct requests_journeys starts;

	act.today += days;
	return requests_check_start(r, call, &act, &starts);
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
	SET(r->journeys[0], approver, REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER);
	assert_int_equal(start(r, TODAY), REQUESTS_APPROVAL_OWED);
	SET(r->journeys[0], approved_time, SAMPLE_NOW);
	assert_int_equal(start(r, TODAY), REQUESTS_OK);
	assert_int_equal(start(planned(STATE(HELD)), TODAY), REQUESTS_NOT_CONFIRMED);
	/* Where nothing is on its way, the state of the request says why. */
	assert_int_equal(
	    start(planned(STATE(CIRCULATED)), TODAY), REQUESTS_NOT_DECIDED);
	assert_int_equal(start(planned(STATE(STARTED)), TODAY), REQUESTS_STARTED);
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
	SET(r->journeys[0], decided_time, SAMPLE_NOW - 72 * HOUR_MS);
	assert_int_equal(start(r, TODAY - 3), REQUESTS_OK);
	SET(r->journeys[0], approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	SET(r->journeys[0], approved_time, SAMPLE_NOW - 24 * HOUR_MS);
	assert_int_equal(start(r, TODAY - 2), REQUESTS_START_BEFORE_APPROVAL);
	assert_int_equal(start(r, TODAY - 1), REQUESTS_OK);
	assert_int_equal(start(r, TODAY), REQUESTS_OK);
}

static enum requests_refusal
end(const Requests__Request *r, int32_t day, Requests__EndReason why)
{
	Requests__End call = REQUESTS__END__INIT;
	struct requests_act act = acting(MANCHESTER);
	Requests__Journey *ends;

	SET(&call, end_day, day);
	SET(&call, reason, why);
	return requests_check_end(r, &call, &act, &ends);
}

static void
ends_are_checked(void **state)
{
	const Requests__EndReason why = REQUESTS__END_REASON__END_REASON_CARE_PLAN;
	Requests__Request *r = planned(STATE(STARTED));
	Requests__End none = REQUESTS__END__INIT;
	struct requests_act act = acting(MANCHESTER);
	Requests__Journey *ends;

	(void)state;
	assert_int_equal(
	    requests_check_end(r, &none, &act, &ends), REQUESTS_END_DAY_MISSING);
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
	struct requests_journeys releases;

	(void)state;
	assert_int_equal(
	    requests_check_withdraw(planned(STATE(HELD)), &call, &releases),
	    REQUESTS_WITHDRAW_REASON_MISSING);
	SET(&call, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_RETURNED_HOME);
	for (unsigned s = STATE(SUBMITTED); s <= STATE(CONFIRMED); s++) {
		Requests__Request *r = planned((Requests__State)s);

		assert_int_equal(
		    requests_check_withdraw(r, &call, &releases), REQUESTS_OK);
		assert_int_equal(releases.n, holds[s - 1] == '+');
	}
	/* A journey that was lost holds nothing any more. */
	assert_int_equal(
	    requests_check_withdraw(lost_once(STATE(CIRCULATED)), &call, &releases),
	    REQUESTS_OK);
	assert_int_equal(releases.n, 0);
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

/* ---- a group in several homes ---- */

static Requests__Journey *
agreed(Requests__Journey *journey)
{
	SET(journey, agreed_time, SAMPLE_NOW);
	journey->agreed_by_id = text("000000000000000000000per03");
	return journey;
}

static void
the_last_yes_confirms_them_all(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	struct requests_journeys group;

	(void)state;
	requests_group(r, r->journeys[0], &group);
	assert_int_equal(group.n, 2);
	assert_false(requests_is_last_yes(&group, r->journeys[0]));
	agreed(r->journeys[0]);
	assert_true(requests_is_last_yes(&group, r->journeys[1]));
	assert_int_equal(confirm(r, CHOSEN, OFFER_1, 0), REQUESTS_ALREADY_CONFIRMED);
	assert_int_equal(confirm(r, OFFERING, OFFER_2, 0), REQUESTS_OK);
	/* The other place is over first: neither is confirmed. */
	r->journeys[0]->hold_expires_time = SAMPLE_NOW + 60000;
	assert_int_equal(confirm(r, OFFERING, OFFER_2, 59999), REQUESTS_OK);
	assert_int_equal(confirm(r, OFFERING, OFFER_2, 60000), REQUESTS_HOLD_OVER);
	/* What was decided on apart waits for nobody. */
	r->journeys[0]->decided_time -= 1;
	assert_int_equal(confirm(r, OFFERING, OFFER_2, 60000), REQUESTS_OK);
	requests_group(r, r->journeys[1], &group);
	assert_int_equal(group.n, 1);
}

static void
places_are_kept_until_all_can_move(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	struct requests_journeys group;

	(void)state;
	SET(r->offers[1], earliest_start_day, TODAY + 30);
	requests_group(r, r->journeys[0], &group);
	assert_int_equal(requests_kept_until(r, &group, SAMPLE_NOW),
	    requests_latest_start(false, SAMPLE_NOW, TODAY + 30));
}

/* A placement whose offer the store has lost is not started: what was offered, and to
 * whom the outcome goes, is then not known. */
static void
nothing_starts_without_its_offer(void **state)
{
	Requests__Request *r = planned(STATE(STARTING));
	Place__JourneyShown *shown;

	(void)state;
	r->n_offers = 0;
	assert_null(requests_started(sample_arena(), r, r->journeys[0], SAMPLE_NOW));
	/* Its restored owner hears that there is a journey, and no more. */
	shown = requests_journey_shown(sample_arena(), r, r->journeys[0]);
	assert_null(shown->hold);
	assert_false(shown->is_over);
}

static void
they_start_together_or_one_by_name(void **state)
{
	Requests__Request *r = sample_group(STATE(CONFIRMED));
	Requests__Start call = REQUESTS__START__INIT;
	struct requests_act act = acting(MANCHESTER);
	struct requests_journeys starts;

	(void)state;
	act.today += 2;
	SET(&call, start_day, act.today);
	assert_int_equal(requests_check_start(r, &call, &act, &starts), REQUESTS_OK);
	assert_int_equal(starts.n, 2);
	/* One not yet confirmed keeps the others, unless one is named. */
	r->journeys[1]->state = STATE(CONFIRMING);
	assert_int_equal(
	    requests_check_start(r, &call, &act, &starts), REQUESTS_NOT_CONFIRMED);
	call.placement_id = text(PLACE_1);
	assert_int_equal(requests_check_start(r, &call, &act, &starts), REQUESTS_OK);
	assert_int_equal(starts.n, 1);
	assert_ptr_equal(starts.list[0], r->journeys[0]);
	call.placement_id = text(PLACE_2);
	assert_int_equal(
	    requests_check_start(r, &call, &act, &starts), REQUESTS_NOT_CONFIRMED);
	call.placement_id = text(HOLD_1);
	assert_int_equal(
	    requests_check_start(r, &call, &act, &starts), REQUESTS_PLACEMENT_UNKNOWN);
	/* The first has begun: nobody need say again that the other is meant. */
	call.placement_id = NULL;
	r->journeys[0]->state = STATE(STARTED);
	r->journeys[1]->state = r->state = STATE(CONFIRMED);
	assert_int_equal(requests_check_start(r, &call, &act, &starts), REQUESTS_OK);
	assert_int_equal(starts.n, 1);
	assert_ptr_equal(starts.list[0], r->journeys[1]);
}

static void
each_ends_by_itself(void **state)
{
	Requests__Request *r = sample_group(STATE(STARTED));
	Requests__End call = REQUESTS__END__INIT;
	struct requests_act act = acting(MANCHESTER);
	Requests__Journey *ends;

	(void)state;
	SET(&call, end_day, TODAY);
	SET(&call, reason, REQUESTS__END_REASON__END_REASON_CARE_PLAN);
	assert_int_equal(
	    requests_check_end(r, &call, &act, &ends), REQUESTS_PLACEMENT_MISSING);
	call.placement_id = text(PLACE_2);
	assert_int_equal(requests_check_end(r, &call, &act, &ends), REQUESTS_OK);
	assert_ptr_equal(ends, r->journeys[1]);
	r->journeys[1]->state = STATE(ENDED);
	assert_int_equal(requests_check_end(r, &call, &act, &ends), REQUESTS_ENDED);
	call.placement_id = NULL;
	assert_int_equal(requests_check_end(r, &call, &act, &ends), REQUESTS_OK);
	assert_ptr_equal(ends, r->journeys[0]);
}

static void
what_has_begun_is_not_withdrawn(void **state)
{
	Requests__Request *r = sample_group(STATE(CONFIRMED));
	Requests__Withdraw call = REQUESTS__WITHDRAW__INIT;
	struct requests_journeys releases;

	(void)state;
	SET(&call, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_RETURNED_HOME);
	assert_int_equal(requests_check_withdraw(r, &call, &releases), REQUESTS_OK);
	assert_int_equal(releases.n, 2);
	r->journeys[0]->state = STATE(STARTING);
	assert_int_equal(
	    requests_check_withdraw(r, &call, &releases), REQUESTS_START_ORDERED);
	r->journeys[0]->state = STATE(STARTED);
	assert_int_equal(requests_check_withdraw(r, &call, &releases), REQUESTS_OK);
	assert_int_equal(releases.n, 1);
	assert_ptr_equal(releases.list[0], r->journeys[1]);
	/* Who has a child was chosen, whatever becomes of the rest. */
	assert_int_equal(
	    outcome(r, 0, REQUESTS_CLOSING_WITHDRAWN, SAMPLE_NOW), OUTCOME(CHOSEN));
	assert_int_equal(outcome(r, 1, REQUESTS_CLOSING_WITHDRAWN, SAMPLE_NOW),
	    OUTCOME(REQUEST_WITHDRAWN));
}

static void
the_search_is_over_with_the_last_start(void **state)
{
	Requests__Request *r = sample_group(STATE(STARTING));
	Requests__PlacementStarted *e;

	(void)state;
	e = requests_started(sample_arena(), r, r->journeys[0], SAMPLE_NOW);
	assert_true(e->others_wait);
	assert_int_equal(e->n_outcomes, 1);
	assert_string_equal(e->outcomes[0]->provider_id, CHOSEN);
	assert_int_equal(e->outcomes[0]->outcome, OUTCOME(CHOSEN));
	r->journeys[0]->state = STATE(ENDED); /* and over already */
	e = requests_started(sample_arena(), r, r->journeys[1], SAMPLE_NOW);
	assert_false(e->others_wait);
	assert_int_equal(e->n_outcomes, r->n_bids);
	assert_int_equal(e->outcomes[0]->outcome, OUTCOME(CHOSEN));
	assert_int_equal(e->outcomes[1]->outcome, OUTCOME(CHOSEN));
	assert_int_equal(e->outcomes[2]->outcome, OUTCOME(NOT_CHOSEN));
	assert_string_equal(e->placement_id, PLACE_2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_the_chosen_says_yes),
	    cmocka_unit_test(a_yes_comes_in_time),
	    cmocka_unit_test(starts_are_checked),
	    cmocka_unit_test(a_start_is_not_recorded_ahead),
	    cmocka_unit_test(no_start_before_the_approval),
	    cmocka_unit_test(ends_are_checked),
	    cmocka_unit_test(a_withdrawal_releases_what_may_be_held),
	    cmocka_unit_test(everybody_is_told_something),
	    cmocka_unit_test(who_lost_the_place_lapsed_unless_it_offers_again),
	    cmocka_unit_test(the_last_yes_confirms_them_all),
	    cmocka_unit_test(places_are_kept_until_all_can_move),
	    cmocka_unit_test(nothing_starts_without_its_offer),
	    cmocka_unit_test(they_start_together_or_one_by_name),
	    cmocka_unit_test(each_ends_by_itself),
	    cmocka_unit_test(what_has_begun_is_not_withdrawn),
	    cmocka_unit_test(the_search_is_over_with_the_last_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
