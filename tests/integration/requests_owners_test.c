#include "requests_steps.h"

/*
 * Homes beside fostering households: what is asked about a bed is asked of its owner,
 * and what that owner says counts. The journey is the same.
 */

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define KIND(name) COMMON__CARE_TYPE__CARE_TYPE_##name

static char *
submit_for(struct machines *m, uint32_t age_years, const Common__CareType *kind)
{
	Requests__Submit *body = need(m, PLANNED);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), body);
	Requests__ChildNeed *child = body->children[0];
	Requests__Submitted *answer;

	SET(child, age_years, age_years);
	child->not_safe_with = LIST_NEW(&m->arena, 1, Common__NotSafeWith);
	child->not_safe_with[child->n_not_safe_with++] =
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD;
	if (kind != NULL) {
		body->care_types = LIST_NEW(&m->arena, 1, Common__CareType);
		body->care_types[body->n_care_types++] = *kind;
	}
	answer = machines_ask(m, &call, &requests__submitted__descriptor);
	return answer->request_id;
}

static uint32_t
circulated_to(struct machines *m, char *r, const char *vacancy_id)
{
	struct machine_call call =
	    by(COMMISSIONER, CALL(CIRCULATE), circulation(m, r, &vacancy_id, 1));
	Envelope__Envelope *answer = machines_call(m, &call);

	return answer->refusal == NULL ? 0 : answer->refusal->number;
}

static void
a_child_comes_to_live_in_a_home(void **state)
{
	struct machines *m = *state;
	char *r = submit_for(m, 9, NULL);
	char *chosen;

	assert_int_equal(circulated_to(m, r, BED_1), 0);
	chosen = offer(m, HOMES, r, BED_1);
	assert_string_equal(
	    shown(m, r)->offers[0]->home_id, "000000000000000000000000h2");
	assert_null(shown(m, r)->offers[0]->household_id);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	machines_settle(m);
	assert_true(last_asked(FOSTER_CALL(HOLD))->is_solo);
	assert_int_equal(last_asked(FOSTER_CALL(HOLD))->children, 1);
	does(m, HOMES, CALL(CONFIRM_OFFER), yes_to(m, chosen));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
	does(m, COMMISSIONER, CALL(END), end_of(m, r));
	machines_settle(m);
	assert_int_equal(owner.n, 4);
	for (size_t i = 0; i < owner.n; i++)
		assert_true(owner.calls[i].is_residential);
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

/* Its clock ends a hold there; and what it grants too late is given back to it. */
static void
the_home_s_owner_has_the_last_word_on_its_bed(void **state)
{
	struct machines *m = *state;
	Residential__HoldExpired event = RESIDENTIAL__HOLD_EXPIRED__INIT;
	char *r = submit_for(m, 9, NULL);
	char *chosen;

	assert_int_equal(circulated_to(m, r, BED_1), 0);
	chosen = offer(m, HOMES, r, BED_1);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	machines_settle(m);
	event.hold_id = str_copy(&m->arena, last_asked(FOSTER_CALL(HOLD))->id);
	event.request_id = r;
	machines_decide(m, "residential",
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOLD_EXPIRED, &event.base);
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	chosen = offer(m, HOMES, r, BED_1);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	machines_settle(m);
	assert_int_equal(asked_n(FOSTER_CALL(RELEASE)), 2);
	assert_true(last_asked(FOSTER_CALL(RELEASE))->is_residential);
	assert_int_equal(owed_n(m), 0);
	machines_check_rebuild(m, "requests");
}

static void
only_kinds_that_would_do_are_asked(void **state)
{
	const Common__CareType foster = KIND(FOSTER);
	struct machines *m = *state;
	char *nine = submit_for(m, 9, NULL);
	char *sixteen = submit_for(m, 16, NULL);
	char *fostered = submit_for(m, 16, &foster);

	assert_int_equal(circulated_to(m, nine, BED_2), REQUESTS_UNDER_16);
	assert_int_equal(circulated_to(m, sixteen, BED_2), 0);
	assert_int_equal(circulated_to(m, fostered, BED_2), REQUESTS_VACANCY_CARE_TYPE);
	assert_int_equal(circulated_to(m, fostered, BED_1), REQUESTS_VACANCY_CARE_TYPE);
	assert_int_equal(circulated_to(m, fostered, VACANCY_1), 0);
	/* Nor offered, by whoever was asked about another. */
	assert_int_equal(circulated_to(m, nine, BED_1), 0);
	assert_int_equal(refused(m, HOMES, CALL(OFFER), offer_of(m, nine, BED_2)),
	    REQUESTS_UNDER_16);
	offer(m, HOMES, sixteen, BED_2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(a_child_comes_to_live_in_a_home),
	    TEST(the_home_s_owner_has_the_last_word_on_its_bed),
	    TEST(only_kinds_that_would_do_are_asked),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
