/* A family for two homes, of which one is lost: before anybody moves in, and after. */
#include "requests_family.h"

/* ---- one place is lost ---- */

static void
lose_the_hold(struct machines *m)
{
	owner.homes_told[FOSTER_CALL(HOLD)] = SAY_NO;
	family_in(m, STATE(DECIDED));
}

static void
lose_by_expiry(struct machines *m)
{
	Residential__HoldExpired event = RESIDENTIAL__HOLD_EXPIRED__INIT;

	event.request_id = family_in(m, STATE(HELD));
	event.hold_id = place(m, C)->hold_id;
	machines_decide(m, "residential",
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOLD_EXPIRED, &event.base);
}

/* One says yes, the other nothing: the silent one is to blame. */
static void
lose_by_silence(struct machines *m)
{
	family_in(m, STATE(HELD));
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, family.ab));
	m->now_ms += 2 * HOUR_MS;
	health(m);
}

static void
lose_by_decline(struct machines *m)
{
	Requests__Decline no = REQUESTS__DECLINE__INIT;

	family_in(m, STATE(HELD));
	no.request_id = family.request_id;
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_STAFFING_GAP);
	does(m, HOMES, CALL(DECLINE), &no);
}

static void
lose_the_confirmation(struct machines *m)
{
	owner.homes_told[FOSTER_CALL(CONFIRM_HOLD)] = SAY_NO;
	family_in(m, STATE(CONFIRMING));
}

/* The owner of the home hears nothing of it until too late. */
static void
lose_by_a_deaf_owner(struct machines *m)
{
	owner.homes_told[FOSTER_CALL(HOLD)] = SAY_NOTHING;
	family_in(m, STATE(DECIDED));
	machines_settle(m);
	m->now_ms = place(m, C)->hold_expires_time;
	health(m);
	owner.homes_told[FOSTER_CALL(HOLD)] = SAY_YES; /* too late */
	m->now_ms += 20000;
}

static void
lose_what_was_kept(struct machines *m)
{
	owner.hold_ms = 60 * DAY_MS;
	family_in(m, STATE(CONFIRMED));
	m->now_ms = place(m, C)->latest_start_time;
	health(m);
}

static const struct {
	const char *name;
	void (*lose)(struct machines *m);
	size_t lost;     /* AB or C */
	size_t released; /* calls to the owners, in all */
} losses[] = {
    {"hold refused", lose_the_hold, C, 2}, /* the other came after its release */
    {"expired", lose_by_expiry, C, 1},
    {"silent", lose_by_silence, C, 2},
    {"declined", lose_by_decline, C, 2},
    {"confirm refused", lose_the_confirmation, C, 2},
    {"deaf", lose_by_a_deaf_owner, AB, 3}, /* its late hold once more */
    {"not started", lose_what_was_kept, AB, 2},
};

/* Nothing is held any more, the other offer stands, and the officer sees what is free.
 */
static void
check_broken(struct machines *m, size_t row)
{
	const Requests__Request *r = shown(m, family.request_id);
	bool is_ab_lost = losses[row].lost == AB;

	assert_int_equal(r->state, STATE(CIRCULATED));
	assert_int_equal(r->offers[0]->is_lost, is_ab_lost);
	assert_int_equal(r->offers[1]->is_lost, !is_ab_lost);
	assert_non_null(r->broken);
	assert_non_null(r->broken->sentence);
	assert_int_equal(r->broken->n_released_hold_ids, 1);
	assert_int_equal(r->broken->n_kept_placement_ids, 0);
	assert_int_equal(r->broken->n_permitted_splits, 2);
	assert_int_equal(r->n_splits, 2);
	assert_int_equal(r->splits[0]->parts[0]->n_offer_ids, !is_ab_lost);
	assert_int_equal(r->splits[0]->parts[1]->n_offer_ids, is_ab_lost);
	assert_false(r->splits[0]->is_covered);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), losses[row].released);
	assert_int_equal(owed_n(m), 0);
}

/* A loss at any step gives all of it back; and the council chooses again, or not. */
static void
a_loss_breaks_the_group(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(losses); i++) {
		struct machines *m;
		void *world;
		uint64_t number;

		make_world(&world);
		m = world;
		owner.are_apart = true;
		print_message("%s\n", losses[i].name);
		losses[i].lose(m);
		machines_restart(m, "requests");
		machines_settle(m);
		check_broken(m, i);
		/* The machine chooses nothing, and has no clock left to run out. */
		number = entries_now(m);
		machines_settle(m);
		assert_int_equal(entries_now(m), number);
		memset(owner.homes_told, 0, sizeof owner.homes_told);
		if (losses[i].lost == AB)
			family.ab =
			    offer_part(m, BIDDER, family.request_id, VACANCY_1, "AB");
		else
			family.c = offer_part(m, HOMES, family.request_id, BED_1, "C");
		decide_both(m);
		machines_settle(m);
		assert_state(m, family.request_id, STATE(HELD));
		assert_null(shown(m, family.request_id)->broken);
		assert_int_equal(shown(m, family.request_id)->n_journeys, 2);
		machines_check_rebuild(m, "requests");
		clear_world(&world);
	}
}

/* ---- when one has moved in already ---- */

/* Ordered together; the household is there, the home says no. */
static char *
half_started(struct machines *m)
{
	char *r;

	owner.are_apart = true;
	owner.homes_told[FOSTER_CALL(START)] = SAY_NO;
	r = family_in(m, STATE(STARTING));
	machines_settle(m);
	return r;
}

static void
what_has_begun_stays(void **state)
{
	struct machines *m = *state;
	char *r = half_started(m);
	char *again;

	assert_state(m, r, STATE(CIRCULATED));
	assert_int_equal(place(m, AB)->state, STATE(STARTED));
	assert_int_equal(shown(m, r)->broken->n_kept_placement_ids, 1);
	assert_int_equal(shown(m, r)->broken->n_released_hold_ids, 0);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 1); /* of the home */
	assert_int_equal(owed_n(m), 0);
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_1), REQUESTS__OUTCOME__OUTCOME_CHOSEN);
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_4), REQUESTS__OUTCOME__OUTCOME_LAPSED);
	assert_int_equal(outcome_of(m, r, PROVIDER_2), 0); /* the search goes on */
	/* For the child who is left: said or not, that is whom an offer is for. */
	again = offer(m, HOMES, r, BED_1);
	assert_string_equal(shown(m, r)->offers[2]->child_refs[0], "C");
	owner.homes_told[FOSTER_CALL(START)] = SAY_YES;
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, again));
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	does(m, HOMES, CALL(CONFIRM_OFFER), yes_to(m, again));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_4), REQUESTS__OUTCOME__OUTCOME_CHOSEN);
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_2), REQUESTS__OUTCOME__OUTCOME_NO_RESPONSE);
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

/* The rest is withdrawn; the request lives on with those who have a home. */
static void
the_rest_is_withdrawn(void **state)
{
	struct machines *m = *state;
	char *r = half_started(m);

	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	assert_state(m, r, STATE(STARTED));
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_1), REQUESTS__OUTCOME__OUTCOME_CHOSEN);
	assert_int_equal(
	    outcome_of(m, r, PROVIDER_4), REQUESTS__OUTCOME__OUTCOME_LAPSED);
	assert_int_equal(refused(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r)),
	    REQUESTS_STARTED);
	does(m, COMMISSIONER, CALL(END), end_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(ENDED));
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    cmocka_unit_test(a_loss_breaks_the_group),
	    TEST(what_has_begun_stays),
	    TEST(the_rest_is_withdrawn),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
