/* Free places are derived, and agree with what a hold would be told. */
#include "foster/places.h"
#include "foster/standing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/full.h"
#include "unit/foster_home.h"

static struct test_home t;

static struct foster_home
home_with(const Foster__HoldRow *coming)
{
	struct foster_home home;

	assert_int_equal(
	    foster_home_of(&arena, &t.shown, coming, TODAY, &home), ERR_NONE);
	return home;
}

static const Foster__Places *
places_now(void)
{
	struct foster_home home = home_with(NULL);
	const Foster__Places *p = foster_places(&arena, &home);

	assert_non_null(p);
	return p;
}

/* ---- by table ---- */

static const struct {
	const char *there, *held;
	uint32_t children_max, bedrooms, withheld;
	bool may_share;
	uint32_t filled, held_n, free, free_for_siblings;
} rows[] = {
    {"", "", 3, 3, 0, false, 0, 0, 3, 3},
    {"", "", 1, 3, 0, false, 0, 0, 1, 1},
    {"", "", 6, 8, 0, false, 0, 0, 3, 6}, /* an empty home: no limit for siblings */
    {"", "", 4, 3, 0, false, 0, 0, 3, 3},
    {"", "", 4, 3, 0, true, 0, 0, 3, 4}, /* two of them share */
    {"", "", 4, 3, 1, true, 0, 0, 2, 3}, /* of one bedroom less */
    {"", "", 3, 1, 1, true, 0, 0, 0, 0}, /* the one bedroom is not ready */
    {".", "", 3, 3, 0, false, 1, 0, 2, 2},
    {".", "", 6, 8, 0, false, 1, 0, 2, 2}, /* not empty: the usual limit again */
    {"...", "", 6, 8, 0, false, 3, 0, 0, 0},
    {"....", "", 6, 8, 0, false, 4, 0, 0, 0}, /* over it already: none, not less */
    {"AAA", "", 6, 8, 0, false, 3, 0, 0, 0},  /* siblings there are of each other */
    {".", "g", 3, 3, 0, false, 1, 1, 1, 1},
    {".", "gg", 3, 3, 0, false, 1, 2, 0, 0},
    {".", "g", 3, 3, 1, false, 1, 1, 0, 0},
    {"p", "", 3, 3, 0, false, 1, 0, 2, 2},
    {"s", "", 3, 3, 0, false, 1, 0, 2, 2},  /* staying put: a place and a bedroom */
    {"s", "", 6, 8, 0, false, 1, 0, 3, 5},  /* but not of the limit */
    {"ss", "", 3, 8, 0, false, 2, 0, 1, 1}, /* approval is the tightest */
    {"b", "", 3, 2, 0, false, 1, 0, 2, 2},  /* a baby has no bedroom yet */
    {"AA", "", 4, 2, 0, true, 2, 0, 1, 1},  /* they share; one bedroom is left */
    {"AA", "", 4, 2, 0, false, 2, 0, 0, 0},
    {"AA", "", 6, 3, 0, true, 2, 0, 1, 1}, /* the sharing is used up */
    {"", "", 3, 3, 5, false, 0, 0, 0, 0},
};

static void
places_by_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		test_make(&t);
		test_people(&t, rows[i].there, rows[i].held, "");
		SET(&t.approval, children_max, rows[i].children_max);
		SET(&t.household, bedrooms, rows[i].bedrooms);
		SET(&t.household, siblings_may_share, rows[i].may_share);
		if (rows[i].withheld > 0)
			test_withhold(&t, rows[i].withheld);
		const Foster__Places *p = places_now();
		assert_int_equal(p->approved, rows[i].children_max);
		assert_int_equal(p->not_available, rows[i].withheld);
		if (p->filled != rows[i].filled || p->held != rows[i].held_n ||
		    p->free != rows[i].free ||
		    p->free_for_siblings != rows[i].free_for_siblings)
			fail_msg("row %zu: filled %u held %u free %u siblings %u", i,
			    p->filled, p->held, p->free, p->free_for_siblings);
	}
}

static void
exempted_places_are_shown(void **state)
{
	char *named[5] = {0};

	(void)state;
	test_make(&t);
	test_people(&t, "...", "", "g");
	test_exempt(&t, EVERYBODY);
	assert_int_equal(places_now()->free, 1);
	/* Five named: room for two. One there whom it does not name: for nobody. */
	for (size_t i = 0; i < 4; i++)
		named[i] = t.named[i];
	named[4] = str_copy(&arena, "another");
	t.exemption.child_ids = named;
	t.exemption.n_child_ids = 5;
	assert_int_equal(places_now()->free, 2);
	named[0] = str_copy(&arena, "yet another");
	assert_int_equal(places_now()->free, 0);

	/* Two siblings share already: the one bedroom left is for one more. */
	test_make(&t);
	test_people(&t, "AA", "", "gg");
	test_exempt(&t, EVERYBODY);
	SET(&t.household, siblings_may_share, true);
	SET(&t.household, bedrooms, 2);
	assert_int_equal(places_now()->free_for_siblings, 1);
}

static void
kinship_is_never_free(void **state)
{
	(void)state;
	test_make(&t);
	SET(&t.approval, kind, APPROVAL(FAMILY_AND_FRIENDS));
	assert_int_equal(places_now()->free, 0);
	assert_int_equal(places_now()->free_for_siblings, 0);
	assert_int_equal(places_now()->approved, 6);
}

/* ---- as a hold would be told ---- */

static const char *const there_some[] = {
    "", ".", "s", "p", "b", "A", "AA", ".A", "AAA", "...", "sAA"};
static const char *const held_some[] = {"", "g", "gg"};
static const char *const coming_some[] = {"g", "gg", "ggg", "gggg", "ggggg", "gggggg"};

static void
compare_holds(const char *there, const char *held)
{
	const Foster__Places *p = places_now();

	for (uint32_t n = 1; n <= 6; n++) {
		t.children_n = t.held.n_children;
		t.texts_n = 40;
		test_children(&t, &t.coming, 'c', coming_some[n - 1]);
		struct foster_home home = home_with(&t.coming);
		bool fits = foster_may_hold(&home) == FOSTER_OK;
		if (fits != (n <= p->free))
			fail_msg("%u unrelated to \"%s\", \"%s\": free %u, may %d", n,
			    there, held, p->free, fits);
		if (n == 1)
			continue;
		SET(&t.coming, are_siblings, true);
		home = home_with(&t.coming);
		fits = foster_may_hold(&home) == FOSTER_OK;
		if (fits != (n <= p->free_for_siblings))
			fail_msg("%u siblings to \"%s\", \"%s\": free %u, may %d", n,
			    there, held, p->free_for_siblings, fits);
	}
}

static void
try_homes(const char *there, const char *held, bool may_share, uint32_t withheld)
{
	for (uint32_t children_max = 1; children_max <= 6; children_max++) {
		for (uint32_t bedrooms = 1; bedrooms <= 7; bedrooms++) {
			test_make(&t);
			test_people(&t, there, held, "");
			SET(&t.approval, children_max, children_max);
			SET(&t.household, bedrooms, bedrooms);
			SET(&t.household, siblings_may_share, may_share);
			if (withheld > 0)
				test_withhold(&t, withheld);
			compare_holds(there, held);
		}
	}
}

static void
free_is_what_a_hold_gets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof there_some / sizeof there_some[0]; i++)
		for (size_t j = 0; j < sizeof held_some / sizeof held_some[0]; j++)
			for (uint32_t withheld = 0; withheld <= 2; withheld++) {
				try_homes(there_some[i], held_some[j], false, withheld);
				try_homes(there_some[i], held_some[j], true, withheld);
			}
}

/* ---- the vacancy ---- */

static void
vacancy_shows_the_mix_and_no_names(void **state)
{
	Foster__Vacancy base = FOSTER__VACANCY__INIT;
	Foster__OwnChild own = FOSTER__OWN_CHILD__INIT;
	Foster__OwnChild grown = FOSTER__OWN_CHILD__INIT;
	static Foster__OwnChild *list[2];

	(void)state;
	list[0] = &own;
	list[1] = &grown;
	test_make(&t);
	test_people(&t, ".s", "m", "");
	base.vacancy_id = str_copy(&arena, "vacancy");
	SET(&base, is_open, true);
	SET(&base, open_places, 2);
	SET(&own, age_years, 3);
	SET(&own, age_day, TODAY - 366); /* four by now */
	SET(&own, sex, SEX(MALE));
	SET(&grown, age_years, 17);
	SET(&grown, age_day, TODAY - 365); /* eighteen today */
	SET(&grown, sex, SEX(MALE));
	t.household.own_children = list;
	t.household.n_own_children = 2;
	struct foster_home home = home_with(NULL);
	const Foster__Vacancy *v = foster_vacancy_now(&arena, &t.shown, &home, &base);
	assert_non_null(v);
	assert_int_equal(v->youngest_years, 4);
	assert_int_equal(v->oldest_years, 9);
	assert_int_equal(v->girls, 1);
	assert_int_equal(v->boys, 1); /* neither the one held for nor the adult */
	assert_string_equal(v->vacancy_id, "vacancy");
	assert_string_equal(v->council_id, AREA);
	assert_true(v->is_open);
	assert_true(v->has_open_places && v->open_places == 2);
	assert_int_equal(v->places->filled, 2);

	t.household.n_own_children = 0;
	t.shown.n_occupants = 0;
	home = home_with(NULL);
	v = foster_vacancy_now(&arena, &t.shown, &home, &base);
	assert_false(v->has_youngest_years);
	assert_false(v->has_oldest_years);
	assert_int_equal(v->girls + v->boys, 0);
}

/* In whatever order they came; of unknown sex, neither a girl nor a boy. */
static void
the_mix_is_from_the_youngest_to_the_oldest(void **state)
{
	static const struct {
		uint32_t ages[3], youngest, oldest;
		Common__Sex sexes[3];
		uint32_t girls, boys;
	} mixes[] = {
	    {{9, 9, 9}, 9, 9, {SEX(FEMALE), SEX(FEMALE), SEX(FEMALE)}, 3, 0},
	    {{0, 9, 17}, 0, 17, {SEX(MALE), SEX(MALE), SEX(FEMALE)}, 1, 2},
	    {{17, 9, 0}, 0, 17, {SEX(FEMALE), SEX(MALE), SEX(MALE)}, 1, 2},
	    {{9, 17, 0}, 0, 17, {SEX(FEMALE), SEX(FEMALE), SEX(UNKNOWN)}, 2, 0},
	};
	Foster__Vacancy base = FOSTER__VACANCY__INIT;

	(void)state;
	for (size_t i = 0; i < sizeof mixes / sizeof mixes[0]; i++) {
		test_make(&t);
		test_people(&t, "...", "", "");
		for (size_t j = 0; j < 3; j++) {
			SET(&t.occupants[j], age_years, mixes[i].ages[j]);
			SET(&t.occupants[j], sex, mixes[i].sexes[j]);
		}
		struct foster_home home = home_with(NULL);
		const Foster__Vacancy *v =
		    foster_vacancy_now(&arena, &t.shown, &home, &base);
		assert_non_null(v);
		assert_int_equal(v->youngest_years, mixes[i].youngest);
		assert_int_equal(v->oldest_years, mixes[i].oldest);
		assert_int_equal(v->girls, mixes[i].girls);
		assert_int_equal(v->boys, mixes[i].boys);
	}
}

/* A vacancy is published whole, and a council is shown the whole home, or nothing is.
 */
static void
nothing_is_shown_by_halves(void **state)
{
	Foster__Vacancy base = FOSTER__VACANCY__INIT;
	const Foster__HouseholdShown *shown = NULL;
	const Foster__Vacancy *v = NULL;

	(void)state;
	test_make(&t);
	test_people(&t, "..", "g", "");
	struct foster_home home = home_with(NULL);
	FULL_UNTIL_IT_FITS(&arena,
	    FULL_IF((v = foster_vacancy_now(&arena, &t.shown, &home, &base)) == NULL));
	assert_int_equal(v->places->filled, 2);
	assert_int_equal(v->approval->children_max, 6);
	FULL_UNTIL_IT_FITS(&arena,
	    FULL_IF((shown = foster_shown_to_council(&arena, &t.shown)) == NULL));
	assert_int_equal(shown->n_occupants, 2);
	assert_string_equal(shown->occupants[1]->child_id, "t1");
	assert_string_equal(shown->household->household_id, "household");
}

/* ---- how it stands, for its own provider ---- */

static void
the_standing_is_places_and_own_words(void **state)
{
	Foster__Vacancy row = FOSTER__VACANCY__INIT;

	(void)state;
	test_make(&t);
	test_people(&t, ".", "", "");
	struct foster_home home = home_with(NULL);
	const Foster__HouseholdStanding *s = foster_standing(&arena, &t.shown, &home);
	assert_string_equal(s->household_id, "household");
	assert_int_equal(s->places->filled, 1);
	assert_null(s->vacancy);
	assert_null(s->cannot_open);

	row.vacancy_id = str_copy(&arena, "vacancy");
	row.approval = &t.approval;
	SET(&row, available_from_day, TODAY);
	SET(&row, opened_time, 1);
	SET(&row, confirmed_time, 2);
	SET(&row, is_open, false);
	SET(&row, open_places, 2);
	t.shown.vacancy = &row;
	SET(&t.approval, kind, APPROVAL(FAMILY_AND_FRIENDS));
	FULL_UNTIL_IT_FITS(
	    &arena, FULL_IF((s = foster_standing(&arena, &t.shown, &home)) == NULL));
	assert_string_equal(s->vacancy->vacancy_id, "vacancy");
	assert_int_equal(s->vacancy->available_from_day, TODAY);
	assert_int_equal(s->vacancy->opened_time, 1);
	assert_int_equal(s->vacancy->confirmed_time, 2);
	assert_int_equal(s->vacancy->open_places, 2);
	assert_false(s->vacancy->is_open);
	assert_null(s->vacancy->approval); /* that is in the household's row */
	assert_string_equal(
	    s->cannot_open, foster_refusal(FOSTER_VACANCY_KINSHIP)->sentence);
	t.shown.vacancy = NULL;
}

/* ---- stated days ---- */

static void
next_review_is_the_first_stated_day(void **state)
{
	int32_t day = 0;

	(void)state;
	test_make(&t);
	assert_false(foster_next_review(&t.shown, TODAY, &day));
	test_withhold(&t, 1);
	assert_false(foster_next_review(&t.shown, TODAY, &day));
	SET(&t.withheld, until_day, TODAY + 30);
	assert_true(foster_next_review(&t.shown, TODAY, &day));
	assert_int_equal(day, TODAY + 30);
	SET(&t.withheld, from_day, TODAY + 4);
	assert_true(foster_next_review(&t.shown, TODAY, &day));
	assert_int_equal(day, TODAY + 4);
	assert_true(foster_next_review(&t.shown, TODAY + 4, &day));
	assert_int_equal(day, TODAY + 30);
	assert_false(foster_next_review(&t.shown, TODAY + 30, &day));

	test_people(&t, ".", "", "");
	test_exempt(&t, EVERYBODY);
	SET(&t.exemption, until_day, TODAY + 10);
	SET(&t.withheld, from_day, TODAY);
	assert_true(foster_next_review(&t.shown, TODAY, &day));
	assert_int_equal(day, TODAY + 10);
}

static void
a_birthday_is_a_stated_day(void **state)
{
	Foster__OwnChild own = FOSTER__OWN_CHILD__INIT;
	static Foster__OwnChild *list;
	int32_t day = 0;

	(void)state;
	test_make(&t);
	test_people(&t, "..", "", "");
	SET(&t.occupants[0], age_day, TODAY - 365); /* 2025-11-21: ten today */
	SET(&t.occupants[1], age_day, TODAY - 364);
	assert_true(foster_next_review(&t.shown, TODAY, &day));
	assert_int_equal(day, TODAY + 1);
	assert_true(foster_next_review(&t.shown, TODAY + 1, &day));
	assert_int_equal(day, TODAY + 365);
	/* 29 February 2028, a year on: 1 March 2029. */
	t.shown.n_occupants = 1;
	SET(&t.occupants[0], age_day, day_make(2028, 2, 29));
	assert_true(foster_next_review(&t.shown, day_make(2028, 2, 29), &day));
	assert_int_equal(day, day_make(2029, 3, 1));
	/* The carer's own child has one too: the vacancy tells its age. */
	t.shown.n_occupants = 0;
	SET(&own, age_years, 4);
	SET(&own, age_day, TODAY - 360);
	list = &own;
	t.household.own_children = &list;
	t.household.n_own_children = 1;
	assert_true(foster_next_review(&t.shown, TODAY, &day));
	assert_int_equal(day, TODAY + 5);
}

static void
lapsed_is_past_its_last_day(void **state)
{
	(void)state;
	test_make(&t);
	test_withhold(&t, 1);
	assert_false(foster_has_lapsed(&t.shown, TODAY));
	SET(&t.withheld, until_day, TODAY + 1);
	assert_false(foster_has_lapsed(&t.shown, TODAY));
	assert_true(foster_has_lapsed(&t.shown, TODAY + 1));
	t.shown.n_withheld = 0;
	test_people(&t, ".", "", "");
	test_exempt(&t, EVERYBODY);
	SET(&t.exemption, until_day, TODAY);
	assert_true(foster_has_lapsed(&t.shown, TODAY));
}

static void
area_council_sees_what_an_exemption_needs(void **state)
{
	(void)state;
	test_make(&t);
	test_people(&t, "A", "g", "");
	t.occupants[0].placing_council_id = str_copy(&arena, "E08000009");
	t.occupants[0].request_id = str_copy(&arena, "request");
	SET(&t.household, fee_pence_week, 50000);
	test_withhold(&t, 1);
	const Foster__HouseholdShown *shown = foster_shown_to_council(&arena, &t.shown);
	assert_non_null(shown);
	assert_null(shown->household->carer_name);
	assert_false(shown->household->has_fee_pence_week);
	assert_null(shown->household->home_sector);
	assert_int_equal(shown->household->approval->children_max, 6);
	assert_int_equal(shown->n_holds, 0);
	assert_int_equal(shown->n_withheld, 0);
	assert_int_equal(shown->n_occupants, 1);
	assert_string_equal(shown->occupants[0]->child_id, "t0");
	assert_string_equal(shown->occupants[0]->sibling_group_id, "A");
	assert_null(shown->occupants[0]->placing_council_id);
	assert_null(shown->occupants[0]->request_id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places_by_table),
	    cmocka_unit_test(exempted_places_are_shown),
	    cmocka_unit_test(kinship_is_never_free),
	    cmocka_unit_test(free_is_what_a_hold_gets),
	    cmocka_unit_test(vacancy_shows_the_mix_and_no_names),
	    cmocka_unit_test(the_mix_is_from_the_youngest_to_the_oldest),
	    cmocka_unit_test(nothing_is_shown_by_halves),
	    cmocka_unit_test(the_standing_is_places_and_own_words),
	    cmocka_unit_test(next_review_is_the_first_stated_day),
	    cmocka_unit_test(a_birthday_is_a_stated_day),
	    cmocka_unit_test(lapsed_is_past_its_last_day),
	    cmocka_unit_test(area_council_sees_what_an_exemption_needs),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
