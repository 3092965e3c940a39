/* Whether a place may be held and lived in, and the rows of both. */
#include "foster/foster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/full.h"
#include "unit/foster_home.h"

#define NOW INT64_C(1795262400000)
#define MINUTE INT64_C(60000)
#define STATE(name) PLACE__HOLD_STATE__HOLD_STATE_##name

static struct test_home t;

/* Base judges a hold's life; its words are numbers on foster's wire, and no two the
 * same, nor other than they were. */
static void
the_words_of_base_have_numbers_here(void **state)
{
	static const uint32_t numbers[PLACE_NOES] = {0, 151, 148, 152, 153, 154, 155,
	    156, 157, 158, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182,
	    136, 137};

	(void)state;
	for (size_t no = 0; no < PLACE_NOES; no++)
		assert_int_equal(foster_of_place((enum place_no)no), numbers[no]);
}

static enum foster_refusal
may_hold(void)
{
	struct foster_home home;

	assert_int_equal(
	    foster_home_of(&arena, &t.shown, &t.coming, TODAY, &home), ERR_NONE);
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
	t.children_list[1]->child_id = str_copy(&arena, "c9");
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
	assert_true(foster_is_want_of_room(FOSTER_NOT_ALL_SIBLINGS));
	assert_true(foster_is_want_of_room(FOSTER_EXEMPTION_ELSEWHERE));
	assert_true(foster_is_want_of_room(FOSTER_EXEMPTION_MISSES_CHILD));
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
	Place__Hold call = PLACE__HOLD__INIT;

	(void)state;
	test_make(&t);
	test_people(&t, "", "", "gg");
	call.request_id = str_copy(&arena, "request");
	call.vacancy_id = str_copy(&arena, "vacancy");
	call.children = t.coming.children;
	call.n_children = 2;
	SET(&call, hold_minutes, 60);
	SET(&call, are_siblings, true);
	const Foster__HoldRow *row = foster_new_hold(&arena, &call, &grant);
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

static void
the_law_is_asked_again_at_the_start(void **state)
{
	struct foster_home home;

	(void)state;
	test_make(&t);
	test_people(&t, "..", "g", "");
	test_withhold(&t, 3); /* since the hold: what was promised stands */
	assert_int_equal(
	    foster_home_of(&arena, &t.shown, &t.held, TODAY, &home), ERR_NONE);
	assert_int_equal(foster_may_live_here(&home), FOSTER_OK);
	test_occupant(&t, 'o'); /* since the hold: a third child, from outside */
	assert_int_equal(
	    foster_home_of(&arena, &t.shown, &t.held, TODAY, &home), ERR_NONE);
	assert_int_equal(foster_may_live_here(&home), FOSTER_USUAL_LIMIT);
}

static void
a_start_makes_occupants(void **state)
{
	Foster__PlacementStarted event = FOSTER__PLACEMENT_STARTED__INIT;
	Place__Start start = PLACE__START__INIT;
	const char *const ids[] = {"one", "two"};
	Foster__HoldRow *row = &t.held;

	(void)state;
	test_make(&t);
	test_people(&t, "", "gg", "");
	row->request_id = str_copy(&arena, "request");
	SET(row, are_siblings, true);
	start.placement_id = str_copy(&arena, "placement");
	start.placing_council_id = str_copy(&arena, "E08000009");
	SET(&start, start_day, TODAY);
	assert_true(foster_new_occupants(&arena, row, &start, ids, &event));
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
	assert_true(foster_new_occupants(&arena, row, &start, ids, &event));
	assert_null(event.occupants[0]->sibling_group_id);
}

/* Neither a hold without its names nor a start that leaves a child out. */
static void
rows_are_whole_or_not_at_all(void **state)
{
	struct foster_grant grant = {"a hold's name", "a household's name", 41, NOW};
	Foster__PlacementStarted event = FOSTER__PLACEMENT_STARTED__INIT;
	Place__Hold call = PLACE__HOLD__INIT;
	Place__Start start = PLACE__START__INIT;
	const char *const ids[] = {"one", "two"};
	const Foster__HoldRow *row = NULL;

	(void)state;
	test_make(&t);
	test_people(&t, "", "gg", "");
	FULL_UNTIL_IT_FITS(
	    &arena, FULL_IF((row = foster_new_hold(&arena, &call, &grant)) == NULL));
	assert_string_equal(row->household_id, "a household's name");
	FULL_UNTIL_IT_FITS(&arena,
	    FULL_IF(!foster_new_occupants(&arena, &t.held, &start, ids, &event)));
	assert_int_equal(event.n_occupants, 2);
	assert_string_equal(event.occupants[1]->occupant_id, "two");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_words_of_base_have_numbers_here),
	    cmocka_unit_test(tests_come_in_order),
	    cmocka_unit_test(want_of_room_is_not_a_matter_of_terms),
	    cmocka_unit_test(the_row_says_what_was_granted),
	    cmocka_unit_test(the_law_is_asked_again_at_the_start),
	    cmocka_unit_test(a_start_makes_occupants),
	    cmocka_unit_test(rows_are_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
