/* The usual limit, siblings and exemptions, each alone and together, at every edge. */
#include "foster/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/full.h"
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

/* ---- tests 2 to 4, by table ---- */

struct limit_row {
	const char *there, *held, *coming;
	bool are_siblings;
	const char
	    *named; /* by an exemption of the area council; NULL: there is none */
	enum foster_refusal usual, siblings, exemption, limit;
};

#define OVER FOSTER_USUAL_LIMIT
#define MIXED FOSTER_NOT_ALL_SIBLINGS
#define NONE FOSTER_NO_EXEMPTION
#define MISSES FOSTER_EXEMPTION_MISSES_CHILD

static const struct limit_row limit_rows[] = {
    /* the usual limit */
    {"", "", "g", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"", "", "ggg", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"", "", "gggg", false, NULL, OVER, MIXED, NONE, OVER},
    {".", "", "gg", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"..", "", "g", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"..", "", "gg", false, NULL, OVER, MIXED, NONE, OVER},
    {"...", "", "g", false, NULL, OVER, MIXED, NONE, OVER},
    {"....", "", "g", false, NULL, OVER, MIXED, NONE, OVER},
    /* held children count */
    {"", "gg", "g", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"", "ggg", "g", false, NULL, OVER, MIXED, NONE, OVER},
    {".", "g", "g", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {".", "gg", "g", false, NULL, OVER, MIXED, NONE, OVER},
    {"..", "g", "g", false, NULL, OVER, MIXED, NONE, OVER},
    /* placed from outside, privately fostered: they count */
    {"oo", "", "g", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"ooo", "", "g", false, NULL, OVER, MIXED, NONE, OVER},
    {"pp", "", "g", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"ppp", "", "g", false, NULL, OVER, MIXED, NONE, OVER},
    {".op", "", "g", false, NULL, OVER, MIXED, NONE, OVER},
    /* staying put: they do not */
    {"s", "", "ggg", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"sss", "", "ggg", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"s..", "", "g", false, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    {"s...", "", "g", false, NULL, OVER, MIXED, NONE, OVER},
    /* all siblings of each other */
    {"", "", "gggg", true, NULL, OVER, FOSTER_OK, NONE, FOSTER_OK},
    {"", "", "gggggg", true, NULL, OVER, FOSTER_OK, NONE, FOSTER_OK},
    {"s", "", "gggg", true, NULL, OVER, FOSTER_OK, NONE, FOSTER_OK},
    {".", "", "ggg", true, NULL, OVER, MIXED, NONE, MIXED},
    {"A", "", "ggg", true, NULL, OVER, MIXED, NONE, MIXED},
    {"AAA", "", "g", false, NULL, OVER, MIXED, NONE, OVER},
    {"AA", "", "gg", true, NULL, OVER, MIXED, NONE, MIXED},
    {"p", "", "ggg", true, NULL, OVER, MIXED, NONE, MIXED},
    {"", "g", "ggg", true, NULL, OVER, MIXED, NONE, MIXED},
    {"", "gg", "gg", true, NULL, OVER, MIXED, NONE, MIXED},
    {"A", "", "gg", true, NULL, FOSTER_OK, MIXED, NONE, FOSTER_OK},
    /* exempted by name */
    {"...", "", "g", false, "t0 t1 t2 c0", OVER, MIXED, FOSTER_OK, FOSTER_OK},
    {"...", "", "g", false, "t0 t1 t2", OVER, MIXED, MISSES, MISSES},
    {"...", "", "g", false, "t0 t2 c0", OVER, MIXED, MISSES, MISSES},
    {"...", "", "g", false, "c0", OVER, MIXED, MISSES, MISSES},
    {"..", "g", "g", false, "t0 t1 h0 c0", OVER, MIXED, FOSTER_OK, FOSTER_OK},
    {"..", "g", "g", false, "t0 t1 c0", OVER, MIXED, MISSES, MISSES},
    {"s...", "", "g", false, "t1 t2 t3 c0", OVER, MIXED, FOSTER_OK, FOSTER_OK},
    {"..p", "", "g", false, "t0 t1 t2 c0", OVER, MIXED, FOSTER_OK, FOSTER_OK},
    {"..p", "", "g", false, "t0 t1 c0", OVER, MIXED, MISSES, MISSES},
    {"AA", "", "gg", true, "t0 t1 c0 c1", OVER, MIXED, FOSTER_OK, FOSTER_OK},
    {"AA", "", "gg", true, "t0 t1 c0", OVER, MIXED, MISSES, MISSES},
    {"..", "", "g", false, "t0 t1", FOSTER_OK, MIXED, MISSES, FOSTER_OK},
    {"", "", "gggg", true, "c0", OVER, FOSTER_OK, MISSES, FOSTER_OK},
};

static void
name_in_exemption(const char *names)
{
	static char texts[8][8];

	test_exempt(&t, EVERYBODY);
	t.exemption.n_child_ids = 0;
	for (size_t i = 0; *names != '\0'; i++) {
		size_t len = strcspn(names, " ");
		snprintf(texts[i], sizeof texts[i], "%.*s", (int)len, names);
		t.named[t.exemption.n_child_ids++] = texts[i];
		names += len + (names[len] == ' ');
	}
}

static void
limit_by_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof limit_rows / sizeof limit_rows[0]; i++) {
		const struct limit_row *row = &limit_rows[i];
		test_make(&t);
		test_people(&t, row->there, row->held, row->coming);
		SET(&t.coming, are_siblings, row->are_siblings);
		if (row->named != NULL)
			name_in_exemption(row->named);
		struct foster_home home = home_today();
		if (foster_test_usual_limit(&home) != row->usual ||
		    foster_test_siblings(&home) != row->siblings ||
		    foster_test_exemption(&home) != row->exemption ||
		    foster_test_limit(&home) != row->limit)
			fail_msg("row %zu: there \"%s\" held \"%s\" coming \"%s\": "
				 "%d %d %d %d",
			    i, row->there, row->held, row->coming,
			    (int)foster_test_usual_limit(&home),
			    (int)foster_test_siblings(&home),
			    (int)foster_test_exemption(&home),
			    (int)foster_test_limit(&home));
	}
}

/* ---- tests 2 to 4, all of them ---- */

static const char *const some[] = {"", ".", "..", "...", "...."};
static const char *const some_coming[] = {"g", "gg", "ggg", "gggg"};
static const char *const some_held[] = {"", "g", "gg", "ggg", "gggg"};

/* What Schedule 7 says, put another way than the code does. */
static bool
is_lawful(size_t there, size_t held, size_t coming, bool are_siblings, size_t unnamed)
{
	size_t all = there + held + coming;

	return all <= 3 || (there + held == 0 && are_siblings) || unnamed == all;
}

static void
try_naming(size_t there, size_t held, size_t coming, bool are_siblings)
{
	size_t all = there + held + coming;

	/* Every one of them left out of the exemption in turn; `all`: nobody. */
	for (size_t unnamed = 0; unnamed <= all; unnamed++) {
		test_make(&t);
		test_people(&t, some[there], some_held[held], some_coming[coming - 1]);
		SET(&t.coming, are_siblings, are_siblings);
		test_exempt(&t, unnamed);
		struct foster_home home = home_today();
		bool is_allowed = foster_test_limit(&home) == FOSTER_OK;
		if (is_allowed != is_lawful(there, held, coming, are_siblings, unnamed))
			fail_msg("%zu there, %zu held, %zu coming, siblings %d, not "
				 "named %zu: allowed %d",
			    there, held, coming, are_siblings, unnamed, is_allowed);
	}
}

static void
limit_of_every_home(void **state)
{
	(void)state;
	for (size_t there = 0; there <= 4; there++)
		for (size_t held = 0; held <= 4; held++)
			for (size_t coming = 1; coming <= 4; coming++) {
				try_naming(there, held, coming, false);
				try_naming(there, held, coming, true);
			}
}

/* ---- the exemption's own edges ---- */

static void
four_with_exemption(void)
{
	test_make(&t);
	test_people(&t, "...", "", "g");
	test_exempt(&t, EVERYBODY);
}

static void
exemption_has_days(void **state)
{
	static const struct {
		int32_t from, until; /* 0: without end */
		enum foster_refusal no;
	} rows[] = {
	    {TODAY, 0, FOSTER_OK},
	    {TODAY + 1, 0, FOSTER_NO_EXEMPTION},
	    {TODAY - 5, TODAY + 1, FOSTER_OK},
	    {TODAY - 5, TODAY, FOSTER_NO_EXEMPTION},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		four_with_exemption();
		SET(&t.exemption, from_day, rows[i].from);
		if (rows[i].until != 0)
			SET(&t.exemption, until_day, rows[i].until);
		struct foster_home home = home_today();
		assert_int_equal(foster_test_exemption(&home), rows[i].no);
	}
}

static void
exemption_is_of_the_area_council(void **state)
{
	(void)state;
	four_with_exemption();
	t.exemption.council_id = str_copy(&arena, "E08000009");
	struct foster_home home = home_today();
	assert_int_equal(foster_test_exemption(&home), FOSTER_EXEMPTION_ELSEWHERE);
	assert_int_equal(foster_test_limit(&home), FOSTER_EXEMPTION_ELSEWHERE);
	assert_int_equal(foster_limit(&home), 3);

	/* The household moves into that council's area. */
	t.household.council_id = str_copy(&arena, "E08000009");
	home = home_today();
	assert_int_equal(foster_test_limit(&home), FOSTER_OK);
	assert_int_equal(foster_limit(&home), 4);
}

/* The one in force is told of, wherever in the list the one left behind stands. */
static void
what_was_left_behind_hides_nothing(void **state)
{
	Foster__Exemption *both[2];
	Foster__Exemption elsewhere;

	(void)state;
	four_with_exemption();
	elsewhere = t.exemption;
	elsewhere.council_id = str_copy(&arena, "E08000009");
	t.exemption.n_child_ids = 3; /* all but the one who is coming */
	t.shown.exemptions = both;
	t.shown.n_exemptions = 2;
	for (size_t first = 0; first < 2; first++) {
		both[first] = &t.exemption;
		both[1 - first] = &elsewhere;
		struct foster_home home = home_today();
		assert_int_equal(
		    foster_test_exemption(&home), FOSTER_EXEMPTION_MISSES_CHILD);
	}
}

static void
two_exemptions_are_not_one(void **state)
{
	Foster__Exemption *both[2];
	Foster__Exemption other;
	char *rest[2];

	(void)state;
	four_with_exemption();
	rest[0] = str_copy(&arena, "t2");
	rest[1] = str_copy(&arena, "c0");
	t.exemption.n_child_ids = 2; /* t0, t1 */
	other = t.exemption;
	other.child_ids = rest;
	both[0] = &t.exemption;
	both[1] = &other;
	t.shown.exemptions = both;
	t.shown.n_exemptions = 2;
	struct foster_home home = home_today();
	assert_int_equal(foster_test_limit(&home), FOSTER_EXEMPTION_MISSES_CHILD);
}

static void
nobody_unknown_is_named(void **state)
{
	(void)state;
	four_with_exemption();
	t.occupants[0].child_id = NULL;
	struct foster_home home = home_today();
	assert_int_equal(foster_test_limit(&home), FOSTER_EXEMPTION_MISSES_CHILD);
}

/* Siblings who live there by the same sibling group, as recorded. */
static void
siblings_there_and_coming(void **state)
{
	(void)state;
	test_make(&t);
	test_people(&t, "AAA", "", "g");
	struct foster_home home = home_today();
	t.coming.hold_id = str_copy(&arena, "A");
	SET(&t.coming, are_siblings, true);
	home = home_today();
	assert_int_equal(foster_test_limit(&home), FOSTER_OK);
	test_occupant(&t, 'B');
	home = home_today();
	assert_int_equal(foster_test_siblings(&home), FOSTER_NOT_ALL_SIBLINGS);
}

/* Half a home is never judged. */
static void
no_home_without_everybody_in_it(void **state)
{
	struct foster_home home = {0};

	(void)state;
	test_make(&t);
	test_people(&t, "..", "g", "gg");
	FULL_UNTIL_IT_FITS(
	    &arena, foster_home_of(&arena, &t.shown, &t.coming, TODAY, &home));
	assert_int_equal(foster_fostered(&home), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limit_by_table),
	    cmocka_unit_test(limit_of_every_home),
	    cmocka_unit_test(exemption_has_days),
	    cmocka_unit_test(exemption_is_of_the_area_council),
	    cmocka_unit_test(what_was_left_behind_hides_nothing),
	    cmocka_unit_test(two_exemptions_are_not_one),
	    cmocka_unit_test(nobody_unknown_is_named),
	    cmocka_unit_test(siblings_there_and_coming),
	    cmocka_unit_test(no_home_without_everybody_in_it),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
