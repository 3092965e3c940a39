#include "requests_steps.h"

/*
 * Answers that come late, twice, or beside an event that says the same; deadlines
 * that pass meanwhile. Whatever the order, a journey that is over stays over, and
 * what is held for it is released.
 */

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define EMERGENCY REQUESTS__URGENCY__URGENCY_EMERGENCY

static Place__Held *
held(struct machines *m, const char *hold_id)
{
	Place__Held *out = MESSAGE_NEW(&m->arena, place__held);

	out->hold_id = str_copy(&m->arena, hold_id);
	SET(out, fencing_number, 77);
	SET(out, expires_time, m->now_ms + HOUR_MS);
	return out;
}

static Common__Done *
done(struct machines *m)
{
	return MESSAGE_NEW(&m->arena, common__done);
}

static void
say_expired(
    struct machines *m, char *request_id, const char *hold_id, bool was_confirmed)
{
	Foster__HoldExpired event = FOSTER__HOLD_EXPIRED__INIT;

	event.hold_id = str_copy(&m->arena, hold_id);
	event.request_id = request_id;
	SET(&event, was_confirmed, was_confirmed);
	machines_decide(
	    m, "foster", FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED, &event.base);
}

/* No turn of the owner's ever comes: it is asked, and does not answer. */
static char *
decided_with_a_deaf_owner(struct machines *m, Requests__Urgency urgency, char **chosen)
{
	char *r = with_offers(m, urgency, chosen);

	owner.told[FOSTER_CALL(HOLD)] = SAY_NOTHING;
	owner.told[FOSTER_CALL(RELEASE)] = SAY_NOTHING;
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, *chosen));
	machines_settle(m);
	assert_state(m, r, STATE(DECIDED));
	return r;
}

/* ---- deadlines ---- */

static void
an_unanswered_hold_is_lost_at_its_deadline(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = decided_with_a_deaf_owner(m, EMERGENCY, &chosen);
	char hold_id[27] = "";

	copy_id(hold_id, last_asked(FOSTER_CALL(HOLD))->id);
	m->now_ms += 2 * HOUR_MS - 60000;
	assert_state(m, r, STATE(DECIDED));
	m->now_ms += 60000;
	assert_state(m, r, STATE(CIRCULATED));
	assert_true(shown(m, r)->offers[0]->is_lost);
	assert_int_equal(owed_n(m), 2); /* the hold still, and its release */
	/* And now the owner says yes after all. */
	answer_now(m, hold_id, FOSTER_CALL(HOLD), &held(m, hold_id)->base);
	assert_state(m, r, STATE(CIRCULATED));
	assert_int_equal(owed_n(m), 2); /* two releases of the one hold */
	machines_restart(m, "requests");
	owner.told[FOSTER_CALL(RELEASE)] = SAY_YES;
	m->now_ms += 20000;
	machines_settle(m);
	assert_string_equal(last_asked(FOSTER_CALL(RELEASE))->hold_id, hold_id);
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

static void
a_provider_that_says_nothing_loses_the_place(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(HELD), &chosen);

	m->now_ms += 2 * HOUR_MS;
	assert_int_equal(refused(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, chosen)),
	    REQUESTS_OFFER_LOST);
	assert_state(m, r, STATE(CIRCULATED));
	machines_settle(m);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 1);
	assert_int_equal(owed_n(m), 0);
}

static void
a_confirmed_place_is_kept_until_its_latest_start(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(CONFIRMED), &chosen);

	m->now_ms = journey_of(m, r)->latest_start_time - 1;
	assert_state(m, r, STATE(CONFIRMED));
	m->now_ms += 1;
	assert_state(m, r, STATE(CIRCULATED));
	machines_settle(m);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 1);
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

/* ---- answers that come twice, or late ---- */

static void
a_second_answer_changes_nothing(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(HELD), &chosen);
	const char *hold_id = last_asked(FOSTER_CALL(HOLD))->id;
	uint64_t number = entries_now(m);

	answer_now(m, hold_id, FOSTER_CALL(HOLD), &held(m, hold_id)->base);
	answer_now(m, hold_id, FOSTER_CALL(HOLD), NULL);
	assert_state(m, r, STATE(HELD));
	assert_int_equal(journey_of(m, r)->fencing_number, 4001);
	assert_int_equal(entries_now(m), number);
}

static void
answers_after_a_withdrawal_close_their_calls(void **state)
{
	static const struct {
		uint32_t method;
		Requests__State in;
		bool says_yes;
		uint32_t owed; /* when the answer has been taken */
	} late[] = {
	    {FOSTER_CALL(HOLD), STATE(DECIDED), true, 2},
	    {FOSTER_CALL(HOLD), STATE(DECIDED), false, 1},
	    {FOSTER_CALL(CONFIRM_HOLD), STATE(CONFIRMING), true, 1},
	    {FOSTER_CALL(CONFIRM_HOLD), STATE(CONFIRMING), false, 1},
	};
	struct machines *m = *state;

	for (size_t i = 0; i < N(late); i++) {
		char *chosen, *r;
		char id[27] = "";

		owner.told[late[i].method] = SAY_NOTHING;
		owner.told[FOSTER_CALL(RELEASE)] = SAY_NOTHING;
		r = brought_to(m, late[i].in, &chosen);
		machines_settle(m);
		copy_id(id, last_asked(late[i].method)->id);
		does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
		assert_int_equal(owed_n(m), 2);
		machines_restart(m, "requests");
		answer_now(m, id, late[i].method,
		    !late[i].says_yes                     ? NULL
		    : late[i].method == FOSTER_CALL(HOLD) ? &held(m, id)->base
							  : &done(m)->base);
		assert_state(m, r, STATE(WITHDRAWN));
		assert_int_equal(owed_n(m), late[i].owed);
		owner.told[late[i].method] = SAY_YES;
		owner.told[FOSTER_CALL(RELEASE)] = SAY_YES;
		m->now_ms += 20000;
		machines_settle(m);
		assert_state(m, r, STATE(WITHDRAWN));
		assert_int_equal(owed_n(m), 0);
	}
	machines_check_rebuild(m, "requests");
}

/* A late answer about the first hold does not touch the second one's journey. */
static void
an_old_answer_does_not_move_a_new_journey(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = decided_with_a_deaf_owner(m, EMERGENCY, &chosen);
	char first[27] = "";

	copy_id(first, last_asked(FOSTER_CALL(HOLD))->id);
	m->now_ms += 2 * HOUR_MS;
	does(m, COMMISSIONER, CALL(DECIDE),
	    decision(m, r, shown(m, r)->offers[1]->offer_id));
	answer_now(m, first, FOSTER_CALL(HOLD), &held(m, first)->base);
	assert_state(m, r, STATE(DECIDED));
	assert_string_not_equal(journey_of(m, r)->hold_id, first);
	owner.told[FOSTER_CALL(HOLD)] = SAY_YES;
	owner.told[FOSTER_CALL(RELEASE)] = SAY_YES;
	m->now_ms += 20000;
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	say_expired(m, r, first, false);
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	assert_int_equal(owed_n(m), 0);
}

/* An answer that is no answer: without a fencing number nothing could be confirmed. */
static void
half_an_answer_is_asked_for_again(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = decided_with_a_deaf_owner(m, PLANNED, &chosen);
	Place__Held half = PLACE__HELD__INIT;
	const char *id = last_asked(FOSTER_CALL(HOLD))->id;

	answer_now(m, id, FOSTER_CALL(HOLD), &half.base);
	assert_state(m, r, STATE(DECIDED));
	owner.told[FOSTER_CALL(HOLD)] = SAY_YES;
	m->now_ms += 20000;
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
}

/* ---- the owner's event beside its answer ---- */

static void
expiry_before_the_answer_to_the_hold(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = decided_with_a_deaf_owner(m, PLANNED, &chosen);
	char id[27] = "";

	copy_id(id, last_asked(FOSTER_CALL(HOLD))->id);
	say_expired(m, r, id, false);
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	assert_int_equal(owed_n(m), 1);
	answer_now(m, id, FOSTER_CALL(HOLD), &held(m, id)->base);
	assert_state(m, r, STATE(CIRCULATED));
	owner.told[FOSTER_CALL(RELEASE)] = SAY_YES;
	machines_settle(m);
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

static void
expiry_while_a_confirm_is_owed(void **state)
{
	static const bool confirmed_first[] = {false, true};
	struct machines *m = *state;

	for (size_t i = 0; i < N(confirmed_first); i++) {
		char *chosen;
		char *r = brought_to(m, STATE(HELD), &chosen);
		char hold_id[27] = "", confirm_id[27] = "";

		copy_id(hold_id, last_asked(FOSTER_CALL(HOLD))->id);
		owner.told[FOSTER_CALL(CONFIRM_HOLD)] = SAY_NOTHING;
		does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, chosen));
		machines_settle(m);
		copy_id(confirm_id, last_asked(FOSTER_CALL(CONFIRM_HOLD))->id);
		say_expired(m, r, hold_id, confirmed_first[i]);
		machines_settle(m);
		assert_state(m, r, STATE(CIRCULATED));
		answer_now(m, confirm_id, FOSTER_CALL(CONFIRM_HOLD),
		    confirmed_first[i] ? &done(m)->base : NULL);
		assert_state(m, r, STATE(CIRCULATED));
		assert_int_equal(owed_n(m), 0);
		owner.told[FOSTER_CALL(CONFIRM_HOLD)] = SAY_YES;
	}
	machines_check_rebuild(m, "requests");
}

static void
refusal_before_the_expiry(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r;
	uint64_t number;

	owner.told[FOSTER_CALL(CONFIRM_HOLD)] = SAY_NO;
	r = brought_to(m, STATE(CONFIRMING), &chosen);
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	number = entries_now(m);
	say_expired(m, r, last_asked(FOSTER_CALL(HOLD))->id, false);
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	assert_int_equal(entries_now(m), number);
}

/* The start is the owner's to answer: an expiry beside it settles nothing. */
static void
expiry_while_a_start_is_owed(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r;

	owner.told[FOSTER_CALL(START)] = SAY_NOTHING;
	r = brought_to(m, STATE(STARTING), &chosen);
	machines_settle(m);
	say_expired(m, r, last_asked(FOSTER_CALL(HOLD))->id, true);
	machines_settle(m);
	assert_state(m, r, STATE(STARTING));
	owner.told[FOSTER_CALL(START)] = SAY_NO;
	m->now_ms += 20000;
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	assert_int_equal(owed_n(m), 0);
}

/* The owner's journal followed again from 1: nothing is done twice. */
static void
an_expiry_followed_twice_is_once(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(HELD), &chosen);
	uint64_t number;

	say_expired(m, r, last_asked(FOSTER_CALL(HOLD))->id, false);
	say_expired(m, r, last_asked(FOSTER_CALL(HOLD))->id, false);
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	number = entries_now(m);
	machines_restart(m, "requests");
	machines_restart(m, "foster");
	machines_settle(m);
	assert_int_equal(entries_now(m), number);
	assert_int_equal(owed_n(m), 0);
}

/* What was approved was that placement: the next one has to be approved itself. */
static void
an_approval_dies_with_its_placement(void **state)
{
	struct machines *m = *state;
	Requests__Approve *call;
	char *first, *second, *looked_at;
	char *r = with_offers(m, REQUESTS__URGENCY__URGENCY_EMERGENCY, &first);

	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, first));
	machines_settle(m);
	does(m, OFFICER, CALL(APPROVE), approval(m, r, true));
	looked_at = journey_of(m, r)->placement_id;
	assert_true(journey_of(m, r)->has_approved_time);
	m->now_ms += 3 * HOUR_MS; /* the hold is over */
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	assert_int_equal(refused(m, OFFICER, CALL(APPROVE), approval(m, r, true)),
	    REQUESTS_NOT_DECIDED);
	second = offer(m, BIDDER, r, VACANCY_1);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, second));
	machines_settle(m);
	assert_false(journey_of(m, r)->has_approved_time);
	assert_null(journey_of(m, r)->grounds);
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, second));
	machines_settle(m);
	assert_int_equal(refused(m, COMMISSIONER, CALL(START), start_of(m, r)),
	    REQUESTS_APPROVAL_OWED);
	call = approval(m, r, true);
	call->placement_id = looked_at;
	assert_int_equal(
	    refused(m, OFFICER, CALL(APPROVE), call), REQUESTS_APPROVAL_OF_ANOTHER);
	call->placement_id = journey_of(m, r)->placement_id;
	does(m, OFFICER, CALL(APPROVE), call);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
}

/* The carer moved after the offer: who approves follows the home. */
static void
the_home_is_where_it_is_when_decided_on(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = with_offers(m, REQUESTS__URGENCY__URGENCY_PLANNED, &chosen);
	const Requests__Journey *journey;

	publish(m, VACANCY_1, PROVIDER_1, WIGAN, true);
	machines_settle(m);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	journey = journey_of(m, r);
	assert_int_equal(journey->approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	assert_string_equal(journey->area_council_id, WIGAN);
	assert_int_equal(journey->n_standing_offer_ids, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(an_unanswered_hold_is_lost_at_its_deadline),
	    TEST(a_provider_that_says_nothing_loses_the_place),
	    TEST(a_confirmed_place_is_kept_until_its_latest_start),
	    TEST(a_second_answer_changes_nothing),
	    TEST(answers_after_a_withdrawal_close_their_calls),
	    TEST(an_old_answer_does_not_move_a_new_journey),
	    TEST(half_an_answer_is_asked_for_again),
	    TEST(expiry_before_the_answer_to_the_hold),
	    TEST(expiry_while_a_confirm_is_owed),
	    TEST(refusal_before_the_expiry),
	    TEST(expiry_while_a_start_is_owed),
	    TEST(an_expiry_followed_twice_is_once),
	    TEST(an_approval_dies_with_its_placement),
	    TEST(the_home_is_where_it_is_when_decided_on),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
