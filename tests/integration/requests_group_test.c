/* A family in two homes: moving in, saying yes and no, and what each reads. */
#include "requests_family.h"

/* ---- moving in, and who says yes ---- */

static void
end_of_one(struct machines *m, size_t i)
{
	Requests__End *call = end_of(m, family.request_id);

	call->placement_id = place(m, i)->placement_id;
	does(m, COMMISSIONER, CALL(END), call);
	machines_settle(m);
}

static void
a_group_in_two_homes(void **state)
{
	struct machines *m = *state;
	char *r = family_in(m, STATE(STARTED));
	const struct owner_call *calls = owner.calls;

	/* Of each owner its own: hold, confirm, start. */
	assert_int_equal(owner.n, 6);
	for (size_t i = 0; i < owner.n; i += 2)
		assert_true(calls[i].is_residential != calls[i + 1].is_residential);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(calls[i].children, calls[i].is_residential ? 1 : 2);
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_1), REQUESTS__OUTCOME__OUTCOME_CHOSEN);
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_4), REQUESTS__OUTCOME__OUTCOME_CHOSEN);
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_2), REQUESTS__OUTCOME__OUTCOME_NO_RESPONSE);
	assert_null(shown(m, r)->broken);
	assert_int_equal(refused(m, COMMISSIONER, CALL(END), end_of(m, r)),
	    REQUESTS_PLACEMENT_MISSING);
	end_of_one(m, C);
	assert_state(m, r, STATE(STARTED));
	end_of_one(m, AB);
	assert_state(m, r, STATE(ENDED));
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

/* The yes of each provider stays with the person who gave it. */
static void
each_confirms_its_own(void **state)
{
	struct machines *m = *state;

	family_in(m, STATE(CONFIRMED));
	assert_string_equal(place(m, AB)->agreed_by_id, "00000000000000000000000025");
	assert_int_equal(
	    place(m, AB)->latest_start_time, place(m, C)->latest_start_time);
	assert_int_equal(refused(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, family.ab)),
	    REQUESTS_ALREADY_CONFIRMED);
	machines_check_rebuild(m, "requests");
}

static void
both_are_given_back_by_a_withdrawal(void **state)
{
	struct machines *m = *state;

	for (unsigned s = STATE(HELD); s <= STATE(CONFIRMED); s++) {
		char *r;

		owner.n = 0;
		r = family_in(m, (Requests__State)s);
		does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
		machines_restart(m, "requests");
		machines_settle(m);
		assert_state(m, r, STATE(WITHDRAWN));
		assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 2);
		assert_int_equal(owed_n(m), 0);
	}
	machines_check_rebuild(m, "requests");
}

/* One is taken into its home before the other, by name. */
static void
one_moves_in_first(void **state)
{
	struct machines *m = *state;
	char *r = family_in(m, STATE(CONFIRMED));
	Requests__Start *call = start_of(m, r);

	call->placement_id = place(m, C)->placement_id;
	does(m, COMMISSIONER, CALL(START), call);
	machines_settle(m);
	assert_state(m, r, STATE(CONFIRMED));
	assert_int_equal(place(m, C)->state, STATE(STARTED));
	assert_int_equal(outcome_of(m, r, PROVIDER_2), 0);
	assert_int_equal(refused(m, COMMISSIONER, CALL(START), start_of(m, r)),
	    REQUESTS_APPROVAL_OWED);
	approve_ab(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

static char *
one_provider_offers_both(struct machines *m)
{
	static const char *const all[] = {VACANCY_1, "000000000000000000000000v7"};
	char *r = submit_siblings(m);

	publish(m, all[1], PROVIDER_1, MANCHESTER, true);
	machines_settle(m);
	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, all, N(all)));
	family.request_id = r;
	family.ab = offer_part(m, BIDDER, r, all[1], "AB");
	family.c = offer_part(m, BIDDER, r, all[0], "C");
	decide_both(m);
	machines_settle(m);
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, family.ab));
	return r;
}

static void
decline_the_rest(struct machines *m)
{
	Requests__Decline no = REQUESTS__DECLINE__INIT;

	no.request_id = family.request_id;
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_STAFFING_GAP);
	does(m, BIDDER, CALL(DECLINE), &no);
}

/* Its yes to one home binds nobody while the other is open: its no gives both back. */
static void
a_provider_says_yes_and_no(void **state)
{
	struct machines *m = *state;
	char *r = one_provider_offers_both(m);

	decline_the_rest(m);
	assert_state(m, r, STATE(CIRCULATED));
	assert_non_null(shown(m, r)->broken);
	assert_true(shown(m, r)->offers[0]->is_lost && shown(m, r)->offers[1]->is_lost);
	machines_settle(m);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 2);
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

static void
open_identity(struct machines *m, const char *provider_id)
{
	Requests__Open open = REQUESTS__OPEN__INIT;

	open.request_id = family.request_id;
	open.provider_id = str_copy(&m->arena, provider_id);
	SET(&open, level, REQUESTS__DISCLOSURE__DISCLOSURE_L3);
	does(m, COMMISSIONER, CALL(OPEN), &open);
}

/* One provider has both homes: losing one, it keeps the other, and what it may read;
 * also where it then says no to the child that still waits. */
static void
a_provider_keeps_the_home_it_has(void **state)
{
	struct machines *m = *state;
	char *r = one_provider_offers_both(m);
	Requests__Start *start;

	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, family.c));
	machines_settle(m);
	open_identity(m, PROVIDER_1);
	start = start_of(m, r);
	start->placement_id = place(m, AB)->placement_id;
	does(m, COMMISSIONER, CALL(START), start);
	machines_settle(m);
	m->now_ms = place(m, C)->latest_start_time;
	assert_state(m, r, STATE(CIRCULATED));
	for (unsigned i = 0; i < 2; i++) {
		assert_true(shown(m, r)->offers[1]->is_lost);
		assert_false(shown(m, r)->offers[0]->is_lost);
		assert_int_equal(
		    outcome_of(m, r, PROVIDER_1), REQUESTS__OUTCOME__OUTCOME_CHOSEN);
		assert_int_equal(requests_bid_of(shown(m, r), PROVIDER_1)->level,
		    REQUESTS__DISCLOSURE__DISCLOSURE_L3);
		machines_settle(m);
		if (i == 0)
			decline_the_rest(m);
	}
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

/* ---- what each reads ---- */

static size_t
identities_read(struct machines *m)
{
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	struct machine_call call = by(BIDDER, CALL(REQUEST), &asked);
	Requests__RequestShown *answer;

	asked.request_id = family.request_id;
	answer = machines_ask(m, &call, &requests__request_shown__descriptor);
	return answer->referral->identity->n_child_ids;
}

/* Whom it has a place for later is not open to it before the council has opened it. */
static void
each_child_is_opened(void **state)
{
	struct machines *m = *state;
	char *r = family_in(m, STATE(CONFIRMED));
	Requests__Start *start = start_of(m, r);

	open_identity(m, PROVIDER_1);
	approve_ab(m);
	start->placement_id = place(m, AB)->placement_id;
	does(m, COMMISSIONER, CALL(START), start);
	machines_settle(m);
	m->now_ms = place(m, C)->latest_start_time;
	machines_settle(m);
	does(m, COMMISSIONER, CALL(DECIDE),
	    decision(m, r, offer_part(m, BIDDER, r, VACANCY_1, "C")));
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	assert_int_equal(identities_read(m), 2);
	open_identity(m, PROVIDER_1);
	assert_int_equal(identities_read(m), 3);
	machines_check_rebuild(m, "requests");
}

static void
a_provider_knows_its_own_children(void **state)
{
	struct machines *m = *state;
	char *r = family_in(m, STATE(HELD));
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	struct machine_call call = by(HOMES, CALL(REQUEST), &asked);
	Requests__RequestShown *answer;

	open_identity(m, PROVIDER_4);
	asked.request_id = r;
	answer = machines_ask(m, &call, &requests__request_shown__descriptor);
	assert_int_equal(answer->referral->circulation->n_children, 3);
	assert_int_equal(answer->referral->identity->n_child_ids, 1);
	assert_string_equal(answer->referral->identity->child_ids[0],
	    shown(m, r)->identity->child_ids[2]);
	assert_int_equal(answer->referral->n_journeys, 1);
	assert_string_equal(answer->referral->journeys[0]->child_refs[0], "C");
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, family.ab));
	/* Nor can it tell what the other has said. */
	answer = machines_ask(m, &call, &requests__request_shown__descriptor);
	assert_int_equal(answer->referral->state, STATE(HELD));
	assert_false(answer->referral->journeys[0]->has_agreed_time);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(a_group_in_two_homes),
	    TEST(each_confirms_its_own),
	    TEST(both_are_given_back_by_a_withdrawal),
	    TEST(one_moves_in_first),
	    TEST(a_provider_says_yes_and_no),
	    TEST(a_provider_keeps_the_home_it_has),
	    TEST(each_child_is_opened),
	    TEST(a_provider_knows_its_own_children),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
