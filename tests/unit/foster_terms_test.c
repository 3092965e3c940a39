/* Terms of approval, bedrooms, places withheld. */
#include "foster/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/foster_home.h"

static struct test_home t;

static struct foster_home
home_today(void)
{
	struct foster_home home;

	assert_int_equal(
	    foster_home_of(&arena, &t.shown, &t.coming, TODAY, &home), ERR_NONE);
	return home;
}

/* ---- terms of approval ---- */

struct terms_row {
	const char *there, *held, *coming;
	uint32_t children_max, age_min, age_max;
	bool girls, boys;
	enum foster_refusal no;
};

static const struct terms_row terms_rows[] = {
    {"", "", "g", 1, 0, 17, true, true, FOSTER_OK},
    {"", "", "gg", 1, 0, 17, true, true, FOSTER_TERMS_NUMBER},
    {".", "", "g", 2, 0, 17, true, true, FOSTER_OK},
    {"..", "", "g", 2, 0, 17, true, true, FOSTER_TERMS_NUMBER},
    {".", "g", "g", 2, 0, 17, true, true, FOSTER_TERMS_NUMBER},
    {"p", "", "g", 1, 0, 17, true, true, FOSTER_TERMS_NUMBER},
    {"o", "", "g", 1, 0, 17, true, true, FOSTER_TERMS_NUMBER},
    {"s", "", "g", 1, 0, 17, true, true, FOSTER_TERMS_NUMBER},
    {"s", "", "g", 2, 0, 17, true, true, FOSTER_OK},
    /* a child of five */
    {"", "", "g", 3, 5, 17, true, true, FOSTER_OK},
    {"", "", "g", 3, 6, 17, true, true, FOSTER_TERMS_AGE},
    {"", "", "g", 3, 0, 5, true, true, FOSTER_OK},
    {"", "", "g", 3, 0, 4, true, true, FOSTER_TERMS_AGE},
    {"", "", "gb", 3, 5, 17, true, true, FOSTER_TERMS_AGE},
    /* only those coming are measured against ages: a child there grew up there */
    {".", "", "g", 3, 0, 5, true, true, FOSTER_OK},
    {"", "", "g", 3, 0, 17, true, false, FOSTER_OK},
    {"", "", "g", 3, 0, 17, false, true, FOSTER_TERMS_SEX},
    {"", "", "m", 3, 0, 17, true, false, FOSTER_TERMS_SEX},
    {"", "", "m", 3, 0, 17, false, true, FOSTER_OK},
    {"", "", "gm", 3, 0, 17, false, true, FOSTER_TERMS_SEX},
    {"", "", "u", 3, 0, 17, true, true, FOSTER_OK},
    {"", "", "u", 3, 0, 17, true, false, FOSTER_TERMS_SEX},
    {"", "", "u", 3, 0, 17, false, true, FOSTER_TERMS_SEX},
};

static void
terms_by_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof terms_rows / sizeof terms_rows[0]; i++) {
		const struct terms_row *row = &terms_rows[i];
		test_make(&t);
		test_people(&t, row->there, row->held, row->coming);
		SET(&t.approval, children_max, row->children_max);
		SET(&t.approval, age_min_years, row->age_min);
		SET(&t.approval, age_max_years, row->age_max);
		SET(&t.approval, takes_girls, row->girls);
		SET(&t.approval, takes_boys, row->boys);
		struct foster_home home = home_today();
		if (foster_test_terms(&home) != row->no)
			fail_msg("row %zu: %d", i, (int)foster_test_terms(&home));
	}
}

static void
ages_are_as_of_the_day(void **state)
{
	(void)state;
	test_make(&t);
	test_people(&t, "", "", "g");
	SET(&t.approval, age_max_years, 5);
	SET(t.children_list[0], age_day, TODAY - 365); /* six today */
	struct foster_home home = home_today();
	assert_int_equal(home.people[0].age_years, 6);
	assert_int_equal(foster_test_terms(&home), FOSTER_TERMS_AGE);
}

static void
kinship_is_for_named_children(void **state)
{
	char *named[1];

	(void)state;
	test_make(&t);
	named[0] = str_copy(&arena, "c0");
	test_people(&t, "", "", "gg");
	SET(&t.approval, kind, APPROVAL(FAMILY_AND_FRIENDS));
	t.approval.named_child_ids = named;
	t.approval.n_named_child_ids = 1;
	struct foster_home home = home_today();
	assert_int_equal(foster_test_terms(&home), FOSTER_TERMS_KIND);
	t.coming.n_children = 1;
	home = home_today();
	assert_int_equal(foster_test_terms(&home), FOSTER_OK);
}

/* ---- bedrooms, places withheld ---- */

static const struct {
	const char *there, *held, *coming;
	bool come_as_siblings, may_share;
	uint32_t needed;
} room_rows[] = {
    {"", "", "g", false, false, 1},
    {"", "", "gg", false, true, 2},
    {"", "", "gg", true, false, 2},
    {"", "", "gg", true, true, 1},
    {"", "", "ggg", true, true, 2},
    {"", "", "gggg", true, true, 3}, /* one bedroom is shared, by two */
    {"", "", "b", false, false, 0},
    {"", "", "gb", true, true, 1}, /* a baby shares nobody's bedroom away */
    {".", "", "g", false, true, 2},
    {"AA", "", "g", false, true, 2},
    {"AA", "", "gg", true, true, 3},
    {"AB", "", "g", false, true, 3},
    {"b", "", "g", false, false, 1},
    {"s", "", "g", false, true, 2},
    {"As", "", "g", false, true, 3}, /* who stays on at 18 shares with no child */
    {"", "g", "g", false, true, 2},
};

static void
rooms_by_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof room_rows / sizeof room_rows[0]; i++) {
		uint32_t needed = room_rows[i].needed;
		test_make(&t);
		test_people(
		    &t, room_rows[i].there, room_rows[i].held, room_rows[i].coming);
		SET(&t.coming, are_siblings, room_rows[i].come_as_siblings);
		SET(&t.household, siblings_may_share, room_rows[i].may_share);
		SET(&t.household, bedrooms, needed);
		struct foster_home home = home_today();
		size_t n = home.there_n + home.held_n + home.coming_n;
		if (foster_rooms_needed(&home, n) != needed)
			fail_msg("row %zu: %u", i, foster_rooms_needed(&home, n));
		assert_int_equal(foster_test_bedrooms(&home), FOSTER_OK);
		if (needed == 0)
			continue;
		SET(&t.household, bedrooms, needed - 1);
		assert_int_equal(foster_test_bedrooms(&home), FOSTER_BEDROOMS);
	}
}

static void
three_years_is_the_age_of_a_bedroom(void **state)
{
	(void)state;
	test_make(&t);
	test_people(&t, "", "", "b");
	SET(t.children_list[0], age_years, 2);
	struct foster_home home = home_today();
	assert_int_equal(foster_rooms_needed(&home, 1), 0);
	SET(t.children_list[0], age_years, 3);
	home = home_today();
	assert_int_equal(foster_rooms_needed(&home, 1), 1);
}

static void
withheld_places_come_off_every_bound(void **state)
{
	static const struct {
		uint32_t children_max, bedrooms, withheld;
		enum foster_refusal no;
	} rows[] = {
	    {3, 8, 0, FOSTER_OK}, {3, 8, 1, FOSTER_OK},
	    {3, 8, 2, FOSTER_PLACES_WITHHELD}, /* one there, one coming */
	    {6, 8, 2, FOSTER_PLACES_WITHHELD}, /* by the limit of three */
	    {6, 3, 1, FOSTER_OK}, {6, 2, 1, FOSTER_PLACES_WITHHELD}, /* by bedrooms */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		test_make(&t);
		test_people(&t, ".", "", "g");
		SET(&t.approval, children_max, rows[i].children_max);
		SET(&t.household, bedrooms, rows[i].bedrooms);
		test_withhold(&t, rows[i].withheld);
		struct foster_home home = home_today();
		if (foster_test_withheld(&home) != rows[i].no)
			fail_msg("row %zu", i);
	}
}

static void
withheld_has_days(void **state)
{
	(void)state;
	test_make(&t);
	test_people(&t, "", "", "g");
	test_withhold(&t, 2);
	assert_int_equal(home_today().withheld, 2);
	SET(&t.withheld, from_day, TODAY + 1);
	assert_int_equal(home_today().withheld, 0);
	SET(&t.withheld, from_day, TODAY - 9);
	SET(&t.withheld, until_day, TODAY);
	assert_int_equal(home_today().withheld, 0);
	SET(&t.withheld, until_day, TODAY + 1);
	assert_int_equal(home_today().withheld, 2);
}

/* Two periods that meet withhold the places of both. */
static void
withheld_twice_is_withheld_of_both(void **state)
{
	static Foster__Withheld other, *both[2] = {&t.withheld, &other};

	(void)state;
	test_make(&t);
	test_people(&t, "", "", "g");
	test_withhold(&t, 1);
	other = t.withheld;
	SET(&other, places, 2);
	t.shown.withheld = both;
	t.shown.n_withheld = 2;
	assert_int_equal(home_today().withheld, 3);
	SET(&other, from_day, TODAY + 1);
	assert_int_equal(home_today().withheld, 1);
}

/* Everybody held for counts, by whichever hold; at the start of one, the others. */
static void
every_hold_is_counted(void **state)
{
	static Foster__HoldRow *both[2] = {&t.held, &t.coming};
	struct foster_home home;

	(void)state;
	test_make(&t);
	test_people(&t, ".", "gm", "g");
	t.shown.holds = both;
	t.shown.n_holds = 2;
	assert_int_equal(
	    foster_home_of(&arena, &t.shown, NULL, TODAY, &home), ERR_NONE);
	assert_int_equal(home.held_n, 3);
	assert_int_equal(foster_fostered(&home), 4);
	assert_int_equal(
	    foster_home_of(&arena, &t.shown, &t.coming, TODAY, &home), ERR_NONE);
	assert_int_equal(home.held_n, 2);
	assert_int_equal(home.coming_n, 1);
	assert_string_equal(home.people[3].child_id, "c0");
	assert_int_equal(foster_test_limit(&home), FOSTER_USUAL_LIMIT);
}

/* At the start the hold's own children come; they are not held for as well. */
static void
the_hold_itself_is_counted_once(void **state)
{
	struct foster_home home;

	(void)state;
	test_make(&t);
	test_people(&t, "..", "g", "");
	assert_int_equal(
	    foster_home_of(&arena, &t.shown, &t.held, TODAY, &home), ERR_NONE);
	assert_int_equal(home.held_n, 0);
	assert_int_equal(home.coming_n, 1);
	assert_int_equal(foster_fostered(&home), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(terms_by_table),
	    cmocka_unit_test(ages_are_as_of_the_day),
	    cmocka_unit_test(kinship_is_for_named_children),
	    cmocka_unit_test(rooms_by_table),
	    cmocka_unit_test(three_years_is_the_age_of_a_bedroom),
	    cmocka_unit_test(withheld_places_come_off_every_bound),
	    cmocka_unit_test(withheld_has_days),
	    cmocka_unit_test(withheld_twice_is_withheld_of_both),
	    cmocka_unit_test(every_hold_is_counted),
	    cmocka_unit_test(the_hold_itself_is_counted_once),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
