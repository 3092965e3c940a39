#include "requests_steps.h"

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define EMERGENCY REQUESTS__URGENCY__URGENCY_EMERGENCY

static void
submitting_is_checked(void **state)
{
	struct machines *m = *state;
	Requests__Submit *bad = need(m, PLANNED);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), bad);
	Envelope__Envelope *answer;

	SET(bad->children[0], age_years, 18);
	answer = machines_call(m, &call);
	assert_int_equal(answer->refusal->number, REQUESTS_CHILD_AGE);
	assert_string_equal(answer->refusal->field, "children.age_years");
	assert_non_null(strstr(answer->refusal->sentence, "child A"));
	bad = need(m, PLANNED);
	bad->has_family_first = 0;
	bad->family_first = REQUESTS__FAMILY_FIRST__FAMILY_FIRST_UNSPECIFIED;
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(SUBMIT), bad), REQUESTS_FAMILY_FIRST);
	assert_int_equal(faulted(m, BIDDER, CALL(SUBMIT), need(m, PLANNED)),
	    ENVELOPE__FAULT__FAULT_DENIED);
	assert_int_equal(faulted(m, DIRECTOR, CALL(SUBMIT), need(m, PLANNED)),
	    ENVELOPE__FAULT__FAULT_DENIED);
}

/* A council that left cannot ask; its people are still known. */
static void
only_member_councils_ask(void **state)
{
	struct machines *m = *state;

	add_council(m, MANCHESTER, SALFORD, false);
	machines_settle(m);
	assert_int_equal(refused(m, COMMISSIONER, CALL(SUBMIT), need(m, EMERGENCY)),
	    REQUESTS_NOT_A_MEMBER);
}

/* An unfilled request is overdue, and never closed. */
static void
unfilled_becomes_overdue_and_stays_open(void **state)
{
	struct machines *m = *state;
	char *r = submit(m, PLANNED);
	int32_t needed = day_in_london(m->now_ms) + 1;

	circulate(m, r);
	m->now_ms = day_start_in_london(needed + 1) - 1;
	assert_false(shown(m, r)->is_overdue);
	m->now_ms += 1;
	assert_true(shown(m, r)->is_overdue);
	m->now_ms += 10 * DAY_MS;
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	offer(m, BIDDER, r, VACANCY_1);
	machines_check_rebuild(m, "requests");
}

/* ---- circulating and answering ---- */

static void
circulation_needs_open_known_vacancies(void **state)
{
	static const char *const unknown[] = {"000000000000000000000000vx"};
	static const char *const shut[] = {VACANCY_SHUT};
	static const char *const one[] = {VACANCY_1};
	static const char *const more[] = {VACANCY_1, VACANCY_2};
	struct machines *m = *state;
	char *r = submit(m, PLANNED);
	struct machine_call call =
	    by(COMMISSIONER, CALL(CIRCULATE), circulation(m, r, unknown, 1));

	assert_int_equal(machines_refused(m, &call), REQUESTS_VACANCY_UNKNOWN);
	call.body = &circulation(m, r, shut, 1)->base;
	assert_int_equal(machines_refused(m, &call), REQUESTS_VACANCY_CLOSED);
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(CIRCULATE), circulation(m, r, one, 1)),
	    REQUESTS_UNKNOWN);
	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, one, 1));
	assert_int_equal(refused(m, RIVAL, CALL(OFFER), offer_of(m, r, VACANCY_2)),
	    REQUESTS_UNKNOWN);
	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, more, 2));
	assert_int_equal(shown(m, r)->n_bids, 2);
	offer(m, RIVAL, r, VACANCY_2);
}

/* The copy of the owner's vacancies follows its events. */
static void
a_vacancy_that_closed_cannot_be_offered(void **state)
{
	struct machines *m = *state;
	char *r = submit(m, PLANNED);

	circulate(m, r);
	publish(m, VACANCY_1, PROVIDER_1, SALFORD, false);
	machines_settle(m);
	assert_int_equal(refused(m, BIDDER, CALL(OFFER), offer_of(m, r, VACANCY_1)),
	    REQUESTS_VACANCY_OF_ANOTHER);
	assert_int_equal(refused(m, BIDDER, CALL(OFFER), offer_of(m, r, VACANCY_2)),
	    REQUESTS_VACANCY_OF_ANOTHER);
}

static void
interest_and_decline_and_offer_again(void **state)
{
	struct machines *m = *state;
	Requests__ShowInterest interest = REQUESTS__SHOW_INTEREST__INIT;
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	const Requests__Bid *bid;
	char *r = submit(m, PLANNED);

	circulate(m, r);
	interest.request_id = r;
	assert_int_equal(does(m, BIDDER, CALL(SHOW_INTEREST), &interest)->number, 3);
	/* Again: yes, and nothing more is recorded. */
	assert_false(does(m, BIDDER, CALL(SHOW_INTEREST), &interest)->has_number);
	no.request_id = r;
	assert_int_equal(
	    refused(m, BIDDER, CALL(DECLINE), &no), REQUESTS_DECLINE_REASON_MISSING);
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_SKILLS_GAP);
	offer(m, BIDDER, r, VACANCY_1);
	does(m, BIDDER, CALL(DECLINE), &no);
	bid = requests_bid_of(shown(m, r), PROVIDER_1);
	assert_int_equal(
	    bid->declined, REQUESTS__DECLINE_REASON__DECLINE_REASON_SKILLS_GAP);
	assert_true(shown(m, r)->offers[0]->is_lost);
	offer(m, BIDDER, r, VACANCY_1);
	bid = requests_bid_of(shown(m, r), PROVIDER_1);
	assert_false(bid->has_declined);
	assert_int_equal(bid->n_offer_ids, 2);
	machines_check_rebuild(m, "requests");
}

/* ---- approval ---- */

static void
far_away_the_director_approves(void **state)
{
	struct machines *m = *state;
	char *chosen, *far;
	char *r = with_offers(m, PLANNED, &chosen);

	far = shown(m, r)->offers[1]->offer_id; /* in Wigan */
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, far));
	assert_int_equal(
	    journey_of(m, r)->approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	assert_int_equal(refused(m, OFFICER, CALL(APPROVE), approval(m, r, true)),
	    REQUESTS_DIRECTOR_NEEDED);
	assert_int_equal(refused(m, DIRECTOR, CALL(APPROVE), approval(m, r, false)),
	    REQUESTS_GROUND_RELATIVES);
	does(m, DIRECTOR, CALL(APPROVE), approval(m, r, true));
	assert_string_equal(
	    journey_of(m, r)->approved_by_id, "00000000000000000000000023");
}

/* The council's own team, in Salford: reg 11(4). */
static void
the_councils_own_carers_need_no_approval(void **state)
{
	struct machines *m = *state;
	char *r = submit(m, PLANNED);
	char *own;

	circulate(m, r);
	own = offer(m, QUIET, r, VACANCY_3);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, own));
	machines_settle(m);
	assert_int_equal(refused(m, OFFICER, CALL(APPROVE), approval(m, r, true)),
	    REQUESTS_APPROVAL_NEEDLESS);
	does(m, QUIET, CALL(CONFIRM_OFFER), yes_to(m, own));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
}

/* An emergency starts on two grounds; the rest has five working days, during which
 * the placement goes on. */
static void
an_emergency_owes_its_other_grounds(void **state)
{
	struct machines *m = *state;
	uint64_t number;
	int64_t due;
	char *chosen;
	char *r = with_offers(m, EMERGENCY, &chosen);

	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	does(m, OFFICER, CALL(APPROVE), approval(m, r, false));
	due = journey_of(m, r)->grounds_due_time;
	assert_int_equal(due, day_working_deadline(m->now_ms, 5));
	machines_settle(m);
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, chosen));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
	m->now_ms = due - 1;
	number = entries_now(m);
	m->now_ms = due;
	assert_int_equal(entries_now(m), number + 1);
	machines_settle(m);
	does(m, OFFICER, CALL(APPROVE), approval(m, r, true));
	assert_false(journey_of(m, r)->has_grounds_due_time);
	assert_true(journey_of(m, r)->approved_time < due);
	machines_check_rebuild(m, "requests");
}

/* ---- every other service is dead ---- */

static void
an_emergency_is_taken_with_everything_else_down(void **state)
{
	struct machines *m = *state;
	Requests__ShowInterest interest = REQUESTS__SHOW_INTEREST__INIT;
	char *planned_before = submit(m, PLANNED);
	char *chosen;
	char *r;

	circulate(m, planned_before);
	m->now_ms += 3 * DAY_MS; /* and nobody answers */
	assert_int_equal(faulted(m, COMMISSIONER, CALL(SUBMIT), need(m, PLANNED)),
	    ENVELOPE__FAULT__FAULT_STALE);
	interest.request_id = planned_before;
	assert_int_equal(faulted(m, BIDDER, CALL(SHOW_INTEREST), &interest),
	    ENVELOPE__FAULT__FAULT_STALE);
	assert_int_equal(
	    faulted(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, planned_before)),
	    ENVELOPE__FAULT__FAULT_STALE);
	r = with_offers(m, EMERGENCY, &chosen);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	does(m, OFFICER, CALL(APPROVE), approval(m, r, false));
	assert_true(shown(m, r)->members_copy_age_ms >= 3 * DAY_MS - HOUR_MS);
	assert_state(m, r, STATE(DECIDED));
	/* They return, and its owed steps run. */
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, planned_before));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(submitting_is_checked),
	    TEST(only_member_councils_ask),
	    TEST(unfilled_becomes_overdue_and_stays_open),
	    TEST(circulation_needs_open_known_vacancies),
	    TEST(a_vacancy_that_closed_cannot_be_offered),
	    TEST(interest_and_decline_and_offer_again),
	    TEST(far_away_the_director_approves),
	    TEST(the_councils_own_carers_need_no_approval),
	    TEST(an_emergency_owes_its_other_grounds),
	    TEST(an_emergency_is_taken_with_everything_else_down),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
