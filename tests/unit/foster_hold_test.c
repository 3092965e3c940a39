/* The life of a hold: what may follow what, with which number, how late. */
#include "foster/foster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/foster_home.h"

#define NOW INT64_C(1795262400000)
#define MINUTE INT64_C(60000)
#define DAY (INT64_C(24) * 60 * MINUTE)
#define STATE(name) PLACE__HOLD_STATE__HOLD_STATE_##name

static struct test_home t;

static int
make(void **state)
{
	(void)state;
	return arena_open(&t.arena, 1 << 20) == ERR_NONE ? 0 : -1;
}

static int
clear(void **state)
{
	(void)state;
	arena_close(&t.arena);
	return 0;
}

/* ---- the call ---- */

static Place__Hold call;

#define HOLD(change, no)                                                               \
	do {                                                                           \
		test_make(&t);                                                         \
		test_people(&t, "", "", "ggggggg");                                    \
		place__hold__init(&call);                                              \
		call.request_id = str_copy(&t.arena, "request");                       \
		call.vacancy_id = str_copy(&t.arena, "vacancy");                       \
		call.children = t.coming.children;                                     \
		call.n_children = 2;                                                   \
		SET(&call, hold_minutes, 60);                                          \
		change;                                                                \
		assert_int_equal(foster_check_hold(&call, TODAY), no);                 \
	} while (0)

static void
a_call_is_whole(void **state)
{
	(void)state;
	HOLD((void)0, FOSTER_OK);
	HOLD(call.request_id = NULL, FOSTER_REQUEST_MISSING);
	HOLD(call.vacancy_id = NULL, FOSTER_VACANCY_UNKNOWN);
	HOLD(call.n_children = 0, FOSTER_HOLD_CHILDREN);
	HOLD(call.n_children = 6, FOSTER_OK);
	HOLD(call.n_children = 7, FOSTER_HOLD_CHILDREN);
	HOLD(call.children[1]->child_id = NULL, FOSTER_HOLD_CHILD_INCOMPLETE);
	HOLD(call.children[1]->has_age_years = 0, FOSTER_HOLD_CHILD_INCOMPLETE);
	HOLD(call.children[1]->has_age_day = 0, FOSTER_HOLD_CHILD_INCOMPLETE);
	HOLD(SET(call.children[1], age_day, TODAY + 1), FOSTER_OK);
	HOLD(SET(call.children[1], age_day, TODAY + 2), FOSTER_HOLD_CHILD_INCOMPLETE);
	HOLD(
	    SET(call.children[1], sex, SEX(UNSPECIFIED)), FOSTER_HOLD_CHILD_INCOMPLETE);
	HOLD(SET(call.children[1], age_years, 17), FOSTER_OK);
	HOLD(SET(call.children[1], age_years, 18), FOSTER_HOLD_CHILD_ADULT);
	HOLD(SET(call.children[1], age_years, 17);
	     SET(call.children[1], age_day, TODAY - 365), FOSTER_HOLD_CHILD_ADULT);
	HOLD(call.children[1]->child_id = call.children[0]->child_id,
	    FOSTER_HOLD_CHILD_TWICE);
	HOLD(call.has_hold_minutes = 0; call.hold_minutes = 0, FOSTER_HOLD_MINUTES);
	HOLD(SET(&call, hold_minutes, 1), FOSTER_OK);
	HOLD(SET(&call, hold_minutes, 1440), FOSTER_OK);
	HOLD(SET(&call, hold_minutes, 10081), FOSTER_HOLD_MINUTES);
}

static enum foster_refusal
may_hold(void)
{
	struct foster_home home;

	assert_int_equal(
	    foster_home_of(&t.arena, &t.shown, &t.coming, TODAY, &home), ERR_NONE);
	return foster_may_hold(&home);
}

/* Each test in its order: the first that fails is the one that is told. */
static void
tests_come_in_order(void **state)
{
	(void)state;
	test_make(&t);
	test_people(&t, "..", "g", "g");
	SET(&t.approval, children_max, 3);
	SET(&t.household, bedrooms, 3);
	test_withhold(&t, 1);
	t.children_list[1]->child_id = t.children_list[0]->child_id;
	assert_int_equal(may_hold(), FOSTER_HOLD_CHILD_THERE);
	t.children_list[1]->child_id = t.occupants[1].child_id;
	assert_int_equal(may_hold(), FOSTER_HOLD_CHILD_THERE);
	t.children_list[1]->child_id = str_copy(&t.arena, "c9");
	assert_int_equal(may_hold(), FOSTER_TERMS_NUMBER);
	SET(&t.approval, children_max, 4);
	assert_int_equal(may_hold(), FOSTER_USUAL_LIMIT);
	t.shown.n_holds = 0;
	t.shown.n_occupants = 1;
	SET(&t.household, bedrooms, 1);
	assert_int_equal(may_hold(), FOSTER_BEDROOMS);
	SET(&t.household, bedrooms, 2);
	assert_int_equal(may_hold(), FOSTER_PLACES_WITHHELD);
	SET(&t.household, bedrooms, 3);
	assert_int_equal(may_hold(), FOSTER_OK);
}

static void
want_of_room_is_not_a_matter_of_terms(void **state)
{
	(void)state;
	assert_true(foster_is_want_of_room(FOSTER_TERMS_NUMBER));
	assert_true(foster_is_want_of_room(FOSTER_USUAL_LIMIT));
	assert_true(foster_is_want_of_room(FOSTER_BEDROOMS));
	assert_true(foster_is_want_of_room(FOSTER_PLACES_WITHHELD));
	assert_false(foster_is_want_of_room(FOSTER_TERMS_AGE));
	assert_false(foster_is_want_of_room(FOSTER_TERMS_SEX));
	assert_false(foster_is_want_of_room(FOSTER_HOLD_CHILD_THERE));
}

static void
the_row_says_what_was_granted(void **state)
{
	struct foster_grant grant = {"hold", "household", 41, NOW};

	(void)state;
	HOLD(SET(&call, are_siblings, true), FOSTER_OK);
	const Foster__HoldRow *row = foster_new_hold(&t.arena, &call, &grant);
	assert_non_null(row);
	assert_string_equal(row->hold_id, "hold");
	assert_string_equal(row->household_id, "household");
	assert_string_equal(row->request_id, "request");
	assert_int_equal(row->fencing_number, 41);
	assert_int_equal(row->state, STATE(HELD));
	assert_int_equal(row->expires_time, NOW + 60 * MINUTE);
	assert_int_equal(row->granted_time, NOW);
	assert_int_equal(row->n_children, 2);
	assert_true(row->are_siblings);
}

/* ---- what may follow ---- */

static Foster__HoldRow *
row_in(Place__HoldState state)
{
	test_make(&t);
	test_people(&t, "", "gg", "");
	SET(&t.held, state, state);
	SET(&t.held, fencing_number, 41);
	SET(&t.held, expires_time, NOW + MINUTE);
	if (state == STATE(CONFIRMED) || state == STATE(STARTED))
		SET(&t.held, latest_start_time, NOW + DAY);
	return &t.held;
}

#define STEP_NONE 9

static const struct {
	Place__HoldState state;
	enum foster_refusal confirm, release, start;
	int confirm_step, release_step, start_step;
} states[] = {
    {STATE(HELD), FOSTER_OK, FOSTER_OK, FOSTER_HOLD_NOT_CONFIRMED, FOSTER_STEP_DO,
	FOSTER_STEP_DO, STEP_NONE},
    {STATE(CONFIRMED), FOSTER_OK, FOSTER_OK, FOSTER_OK, FOSTER_STEP_DONE,
	FOSTER_STEP_DO, FOSTER_STEP_DO},
    {STATE(RELEASED), FOSTER_HOLD_RELEASED, FOSTER_OK, FOSTER_HOLD_RELEASED, STEP_NONE,
	FOSTER_STEP_DONE, STEP_NONE},
    {STATE(EXPIRED), FOSTER_HOLD_EXPIRED, FOSTER_OK, FOSTER_HOLD_EXPIRED, STEP_NONE,
	FOSTER_STEP_DONE, STEP_NONE},
    {STATE(STARTED), FOSTER_HOLD_STARTED, FOSTER_HOLD_STARTED, FOSTER_HOLD_STARTED,
	STEP_NONE, STEP_NONE, STEP_NONE},
};

static void
states_by_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		const Foster__HoldRow *row = row_in(states[i].state);
		Place__ConfirmHold confirm = PLACE__CONFIRM_HOLD__INIT;
		Place__Start start = PLACE__START__INIT;
		enum foster_step step = (enum foster_step)STEP_NONE;
		SET(&confirm, fencing_number, 41);
		SET(&confirm, latest_start_time, NOW + DAY);
		assert_int_equal(
		    foster_may_confirm(row, &confirm, NOW, &step), states[i].confirm);
		if (states[i].confirm == FOSTER_OK)
			assert_int_equal(step, states[i].confirm_step);
		assert_int_equal(foster_may_release(row, &step), states[i].release);
		if (states[i].release == FOSTER_OK)
			assert_int_equal(step, states[i].release_step);
		SET(&start, fencing_number, 41);
		start.placement_id = str_copy(&t.arena, "placement");
		SET(&start, start_day, TODAY);
		assert_int_equal(
		    foster_may_start(row, &start, NULL, NOW, &step), states[i].start);
		if (states[i].start == FOSTER_OK)
			assert_int_equal(step, states[i].start_step);
	}
}

static void
confirm_presents_the_number_in_time(void **state)
{
	Place__ConfirmHold confirm = PLACE__CONFIRM_HOLD__INIT;
	enum foster_step step;
	const Foster__HoldRow *row = row_in(STATE(HELD));

	(void)state;
#define CONFIRM(now) foster_may_confirm(row, &confirm, now, &step)
	SET(&confirm, latest_start_time, NOW + DAY);
	assert_int_equal(CONFIRM(NOW), FOSTER_FENCING);
	SET(&confirm, fencing_number, 40);
	assert_int_equal(CONFIRM(NOW), FOSTER_FENCING);
	SET(&confirm, fencing_number, 41);
	assert_int_equal(CONFIRM(NOW), FOSTER_OK);
	assert_int_equal(CONFIRM(NOW + MINUTE - 1), FOSTER_OK);
	assert_int_equal(CONFIRM(NOW + MINUTE), FOSTER_HOLD_EXPIRED);
	SET(&confirm, latest_start_time, NOW);
	assert_int_equal(CONFIRM(NOW), FOSTER_LATEST_START);
	SET(&confirm, latest_start_time, NOW + 92 * DAY);
	assert_int_equal(CONFIRM(NOW), FOSTER_OK);
	SET(&confirm, latest_start_time, NOW + 92 * DAY + 1);
	assert_int_equal(CONFIRM(NOW), FOSTER_LATEST_START);
	row = row_in(STATE(CONFIRMED));
	assert_int_equal(CONFIRM(NOW), FOSTER_CONFIRMED_OTHERWISE);
	row = NULL;
	assert_int_equal(CONFIRM(NOW), FOSTER_HOLD_UNKNOWN);
}

static void
a_release_may_come_first(void **state)
{
	enum foster_step step = FOSTER_STEP_DONE;

	(void)state;
	assert_int_equal(foster_may_release(NULL, &step), FOSTER_OK);
	assert_int_equal(step, FOSTER_STEP_DO);
}

static void
start_presents_the_number_in_time(void **state)
{
	Place__Start start = PLACE__START__INIT;
	Foster__PlacementRow placement = FOSTER__PLACEMENT_ROW__INIT;
	enum foster_step step = FOSTER_STEP_DO;
	const Foster__HoldRow *row = row_in(STATE(CONFIRMED));

	(void)state;
#define START(now) foster_may_start(row, &start, NULL, now, &step)
	assert_int_equal(START(NOW), FOSTER_FENCING);
	SET(&start, fencing_number, 41);
	assert_int_equal(START(NOW), FOSTER_PLACEMENT_MISSING);
	start.placement_id = str_copy(&t.arena, "placement");
	assert_int_equal(START(NOW), FOSTER_START_DAYS);
	SET(&start, start_day, TODAY);
	assert_int_equal(START(NOW), FOSTER_OK);
	SET(&start, expected_end_day, TODAY - 1);
	assert_int_equal(START(NOW), FOSTER_START_DAYS);
	SET(&start, expected_end_day, TODAY);
	assert_int_equal(START(NOW + DAY - 1), FOSTER_OK);
	assert_int_equal(START(NOW + DAY), FOSTER_HOLD_EXPIRED);
	placement.hold_id = str_copy(&t.arena, "another hold");
	assert_int_equal(foster_may_start(row, &start, &placement, NOW, &step),
	    FOSTER_PLACEMENT_TAKEN);
	/* The same placement of the same hold again: yes, and nothing follows. */
	row = row_in(STATE(STARTED));
	placement.hold_id = str_copy(&t.arena, row->hold_id);
	start.placement_id = str_copy(&t.arena, "placement");
	assert_int_equal(
	    foster_may_start(row, &start, &placement, NOW, &step), FOSTER_OK);
	assert_int_equal(step, FOSTER_STEP_DONE);
	row = NULL;
	assert_int_equal(START(NOW), FOSTER_HOLD_UNKNOWN);
}

static void
the_law_is_asked_again_at_the_start(void **state)
{
	struct foster_home home;

	(void)state;
	test_make(&t);
	test_people(&t, "..", "g", "");
	test_withhold(&t, 3); /* since the hold: what was promised stands */
	assert_int_equal(
	    foster_home_of(&t.arena, &t.shown, &t.held, TODAY, &home), ERR_NONE);
	assert_int_equal(foster_may_live_here(&home), FOSTER_OK);
	test_occupant(&t, 'o'); /* since the hold: a third child, from outside */
	assert_int_equal(
	    foster_home_of(&t.arena, &t.shown, &t.held, TODAY, &home), ERR_NONE);
	assert_int_equal(foster_may_live_here(&home), FOSTER_USUAL_LIMIT);
}

static void
a_start_makes_occupants(void **state)
{
	Foster__PlacementStarted event = FOSTER__PLACEMENT_STARTED__INIT;
	Place__Start start = PLACE__START__INIT;
	const char *const ids[] = {"one", "two"};
	Foster__HoldRow *row = row_in(STATE(CONFIRMED));

	(void)state;
	row->request_id = str_copy(&t.arena, "request");
	SET(row, are_siblings, true);
	start.placement_id = str_copy(&t.arena, "placement");
	start.placing_council_id = str_copy(&t.arena, "E08000009");
	SET(&start, start_day, TODAY);
	assert_true(foster_new_occupants(&t.arena, row, &start, ids, &event));
	assert_int_equal(event.n_occupants, 2);
	assert_string_equal(event.placement_id, "placement");
	for (size_t i = 0; i < 2; i++) {
		const Foster__Occupant *o = event.occupants[i];
		assert_string_equal(o->occupant_id, ids[i]);
		assert_string_equal(o->household_id, "household");
		assert_string_equal(o->child_id, row->children[i]->child_id);
		assert_string_equal(o->placing_council_id, "E08000009");
		assert_string_equal(o->request_id, "request");
		assert_int_equal(o->kind, KIND(PLACED_HERE));
		assert_int_equal(o->age_years, 5);
		assert_int_equal(o->from_day, TODAY);
		assert_false(o->has_expected_end_day);
		assert_string_equal(
		    o->sibling_group_id, event.occupants[0]->sibling_group_id);
	}
	SET(row, are_siblings, false);
	assert_true(foster_new_occupants(&t.arena, row, &start, ids, &event));
	assert_null(event.occupants[0]->sibling_group_id);
}

static void
an_end_is_told_once_it_is_there(void **state)
{
	Place__End end = PLACE__END__INIT;
	Foster__PlacementRow placement = FOSTER__PLACEMENT_ROW__INIT;
	enum foster_step step = FOSTER_STEP_DONE;
	const Foster__PlacementRow *row = &placement;

	(void)state;
#define END() foster_may_end(row, &end, TODAY, &step)
	test_make(&t);
	assert_int_equal(END(), FOSTER_PLACEMENT_MISSING);
	end.placement_id = str_copy(&t.arena, "placement");
	assert_int_equal(END(), FOSTER_END_DAY_MISSING);
	SET(&end, end_day, TODAY + 1); /* the other clock passed midnight already */
	assert_int_equal(END(), FOSTER_OK);
	assert_int_equal(step, FOSTER_STEP_DO);
	SET(&end, end_day, TODAY + 2);
	assert_int_equal(END(), FOSTER_END_DAY_AHEAD);
	SET(&placement, end_day, TODAY - 3);
	assert_int_equal(END(), FOSTER_OK);
	assert_int_equal(step, FOSTER_STEP_DONE);
	row = NULL;
	assert_int_equal(END(), FOSTER_PLACEMENT_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_call_is_whole),
	    cmocka_unit_test(tests_come_in_order),
	    cmocka_unit_test(want_of_room_is_not_a_matter_of_terms),
	    cmocka_unit_test(the_row_says_what_was_granted),
	    cmocka_unit_test(states_by_table),
	    cmocka_unit_test(confirm_presents_the_number_in_time),
	    cmocka_unit_test(a_release_may_come_first),
	    cmocka_unit_test(start_presents_the_number_in_time),
	    cmocka_unit_test(the_law_is_asked_again_at_the_start),
	    cmocka_unit_test(a_start_makes_occupants),
	    cmocka_unit_test(an_end_is_told_once_it_is_there),
	};

	return cmocka_run_group_tests(tests, make, clear);
}
