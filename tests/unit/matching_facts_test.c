/* What boiling down keeps, and what it makes of words it cannot read: they pass no
 * rule, and hide nothing that passes one. */
#include "matching/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "matching/facts_inside.h"
#include "matching/matching.h"

#define TODAY 20778 /* 2026-11-21 */
#define NEED(name) COMMON__NEED_KIND__NEED_KIND_##name
#define LEVEL(name) COMMON__LEVEL__LEVEL_##name
#define TYPE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define BIT(code) (1u << (unsigned)(code))

static struct matching_home home;
static struct matching_need need;

static void
a_council_is_a_letter_and_eight_digits(void **state)
{
	static const char *const wrong[] = {"", "E0800000", "E080000033", "e08000003",
	    "[08000003", "@08000003", "E0800000x", "E-8000003", "108000003"};

	(void)state;
	assert_int_equal(matching_council(NULL), 0);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(matching_council(wrong[i]), 0);
	assert_int_not_equal(matching_council("A00000000"), 0);
	assert_int_not_equal(
	    matching_council("E08000003"), matching_council("W08000003"));
	assert_int_not_equal(
	    matching_council("Z99999999"), matching_council("Z99999998"));
}

static void
codes_not_known_here_are_not_said(void **state)
{
	const Common__NotSafeWith codes[] = {COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS + 1};

	(void)state;
	assert_int_equal(matching_with_bits(codes, 0), 0);
	assert_int_equal(matching_with_bits(codes, 1), WITH(PETS));
	assert_int_equal(matching_with_bits(codes, 2), WITH(PETS) | WITH(UNSPECIFIED));
}

static void
the_first_languages_are_looked_at(void **state)
{
	struct matching_languages out = {0};
	char codes[MATCHING_LANGUAGES_MAX + 2][4], *list[MATCHING_LANGUAGES_MAX + 2];

	(void)state;
	for (size_t i = 0; i < MATCHING_LANGUAGES_MAX + 2; i++) {
		snprintf(
		    codes[i], sizeof codes[i], i == 1 ? "eng" : "a%c", (int)('a' + i));
		list[i] = codes[i];
	}
	matching_copy_languages(&out, list, MATCHING_LANGUAGES_MAX + 2);
	assert_int_equal(out.n, MATCHING_LANGUAGES_MAX);
	assert_memory_equal(out.code[0], "aa", 2);
	assert_memory_equal(out.code[1], "ac", 2); /* a code of three letters is none */
	assert_memory_equal(out.code[MATCHING_LANGUAGES_MAX - 1], "au", 2);
}

/* Nothing that may be within is outside; nothing that is outside may be within. */
static void
a_circle_errs_to_both_sides(void **state)
{
	struct geo_point middle;

	(void)state;
	assert_true(matching_locate("M14 5", &middle));
	struct matching_circle c = matching_circle(&middle, 0);
	assert_int_equal(c.within, 0);
	assert_true(c.reach * 100 >= middle.radius_p90_m);
	c = matching_circle(&middle, 200);
	assert_true(c.within * 100 < 200 * 160 && c.reach * 100 > 200 * 161);
	c = matching_circle(&middle, 20000);
	assert_int_equal(c.reach, 20000);
	assert_int_equal(c.within, 20000);
	c = matching_circle(&middle, UINT32_MAX);
	assert_int_equal(c.reach, 20000);
	assert_int_equal(c.within, 20000);
	assert_false(matching_locate("ZZ9 9", &middle));
	assert_false(matching_locate(NULL, &middle));
}

/* ---- a vacancy ---- */

static void
of_foster(const Foster__Approval *approval, char *vacancy_id)
{
	Foster__Vacancy v = FOSTER__VACANCY__INIT;
	Foster__Approval copy = *approval;

	v.vacancy_id = vacancy_id;
	v.approval = &copy;
	SET(&v, is_open, true);
	matching_home_of_foster(&v, &home);
}

/* Law and register say what a home is approved for: what they do not is nothing. */
static void
a_kind_of_approval_not_known_here_is_closed(void **state)
{
	Foster__Approval approval = FOSTER__APPROVAL__INIT;
	char id[] = "01jd5r0000aaaaaaaaaaaaaaaa", shorter[] = "01jd5r0000";

	(void)state;
	SET(&approval, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	of_foster(&approval, id);
	assert_int_equal(home.facts.open_to, OPEN_TO_CHILDREN);
	assert_string_equal(home.vacancy_id, id);
	SET(&approval, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD + 9);
	of_foster(&approval, shorter);
	assert_int_equal(home.facts.open_to, 0);
	assert_string_equal(home.vacancy_id, "");
	of_foster(&approval, NULL);
	assert_string_equal(home.vacancy_id, "");
}

static void
a_home_is_no_foster_home(void **state)
{
	static const struct {
		int care_type;
		unsigned bit;
	} rows[] = {
	    {TYPE(FOSTER), 0}, /* not from the service that keeps homes */
	    {TYPE(CHILDRENS_HOME), BIT(TYPE(CHILDRENS_HOME))},
	    {TYPE(SUPPORTED_ACCOMMODATION), BIT(TYPE(SUPPORTED_ACCOMMODATION))},
	    {TYPE(SECURE), 0}, /* national, and allotted elsewhere */
	    {TYPE(SECURE) + 1, 0},
	    {TYPE(UNSPECIFIED), 0},
	};
	Residential__Vacancy v = RESIDENTIAL__VACANCY__INIT;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SET(&v, care_type, (Common__CareType)rows[i].care_type);
		matching_home_of_residential(&v, &home);
		assert_int_equal(home.facts.care_type, rows[i].bit);
	}
}

static void
what_stands_behind_a_high_level(void **state)
{
	static const struct {
		int evidence, kind;
		uint32_t high, claimed;
	} rows[] = {
	    {RESIDENTIAL__EVIDENCE__EVIDENCE_STAFF_TRAINED, NEED(AUTISM),
		BIT(NEED(AUTISM)), 0},
	    {RESIDENTIAL__EVIDENCE__EVIDENCE_STATEMENT_OF_PURPOSE, NEED(AUTISM), 0,
		BIT(NEED(AUTISM))},
	    {RESIDENTIAL__EVIDENCE__EVIDENCE_UNSPECIFIED, NEED(AUTISM), 0,
		BIT(NEED(AUTISM))},
	    /* Evidence, and kinds of need, of another release. */
	    {99, NEED(AUTISM), 0, BIT(NEED(AUTISM))},
	    {RESIDENTIAL__EVIDENCE__EVIDENCE_STAFF_TRAINED, MATCHING_NEED_KINDS, 0, 0},
	    {RESIDENTIAL__EVIDENCE__EVIDENCE_STAFF_TRAINED, NEED(UNSPECIFIED), 0, 0},
	};
	Residential__Vacancy v = RESIDENTIAL__VACANCY__INIT;
	Residential__Capability c = RESIDENTIAL__CAPABILITY__INIT, *list[] = {&c};
	Common__Need met = COMMON__NEED__INIT;

	(void)state;
	v.capabilities = list;
	v.n_capabilities = 1;
	matching_home_of_residential(&v, &home);
	assert_int_equal(home.skills_medium, 0); /* of nothing */
	c.need = &met;
	SET(&met, level, LEVEL(HIGH));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SET(&met, kind, (Common__NeedKind)rows[i].kind);
		SET(&c, evidence, (Residential__Evidence)rows[i].evidence);
		matching_home_of_residential(&v, &home);
		assert_int_equal(home.facts.skills_high, rows[i].high);
		assert_int_equal(home.skills_claimed, rows[i].claimed);
	}
}

/* Beds kept for a council whose code cannot be read are kept for nobody who asks. */
static void
the_first_councils_with_beds_kept_are_looked_at(void **state)
{
	Residential__Vacancy v = RESIDENTIAL__VACANCY__INIT;
	Residential__ReservedFree rows[MATCHING_RESERVED_MAX + 1];
	Residential__ReservedFree *list[MATCHING_RESERVED_MAX + 1];
	char codes[MATCHING_RESERVED_MAX + 1][10];

	(void)state;
	for (size_t i = 0; i <= MATCHING_RESERVED_MAX; i++) {
		residential__reserved_free__init(&rows[i]);
		snprintf(codes[i], sizeof codes[i], "E080000%02zu", i);
		rows[i].council_id = codes[i];
		SET(&rows[i], beds, 2);
		list[i] = &rows[i];
	}
	codes[1][0] = '?';
	v.reserved_free = list;
	v.n_reserved_free = MATCHING_RESERVED_MAX + 1;
	matching_home_of_residential(&v, &home);
	assert_int_equal(home.reserved_n, MATCHING_RESERVED_MAX);
	assert_int_equal(
	    matching_reserved_beds(&home, matching_council("E08000015")), 2);
	assert_int_equal(
	    matching_reserved_beds(&home, matching_council("E08000016")), 0);
	assert_int_equal(matching_reserved_beds(&home, 0), 0);
}

/* Free to everybody come first; what a council may have is never more than is open. */
static void
no_more_is_offered_than_is_open_nor_than_is_free(void **state)
{
	static const struct {
		uint32_t open, free, kept, free_and_kept;
	} rows[] = {{0, 0, 0, 0}, {1, 1, 0, 1}, {2, 2, 0, 2}, {3, 2, 1, 3},
	    {4, 2, 2, 4}, {5, 2, 2, 4}, {999, 2, 2, 4}};
	Residential__Vacancy v = RESIDENTIAL__VACANCY__INIT;
	Residential__Beds beds = RESIDENTIAL__BEDS__INIT;
	Residential__ReservedFree row = RESIDENTIAL__RESERVED_FREE__INIT;
	Residential__ReservedFree *list[1] = {&row};
	char code[] = "E08000003";

	(void)state;
	SET(&beds, free, 2);
	SET(&beds, reserved, 2);
	row.council_id = code;
	SET(&row, beds, 2);
	v.beds = &beds;
	v.reserved_free = list;
	v.n_reserved_free = 1;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SET(&v, open_places, rows[i].open);
		matching_home_of_residential(&v, &home);
		assert_int_equal(home.facts.free, rows[i].free);
		assert_int_equal(home.facts.free_for_siblings, rows[i].free);
		assert_int_equal(matching_reserved_beds(&home, matching_council(code)),
		    rows[i].kept);
		assert_int_equal(home.facts.free_with_reserved, rows[i].free_and_kept);
	}
}

/* ---- a request ---- */

static Requests__NeedCirculation asked;
static Requests__RequestSubmitted request;
static Requests__ChildNeed child, *children[1] = {&child};
static Common__Need wanted, *wanted_list[1] = {&wanted};

static void
fresh(void)
{
	requests__need_circulation__init(&asked);
	requests__request_submitted__init(&request);
	requests__child_need__init(&child);
	common__need__init(&wanted);
	SET(&child, age_years, 9);
	SET(&child, age_day, TODAY);
	SET(&child, sex, COMMON__SEX__SEX_MALE);
	child.needs = wanted_list;
	child.n_needs = 1;
	SET(&wanted, kind, NEED(AUTISM));
	SET(&wanted, level, LEVEL(HIGH));
	asked.children = children;
	asked.n_children = 1;
	request.circulation = &asked;
}

static enum matching_refusal
boil_down(const Members__Council *council)
{
	struct matching_question q = {
	    .request = &request, .council = council, .today = TODAY};

	return matching_need_of(&q, &need);
}

/* A need that no home can be known to meet is asked for all the same. */
static void
needs_are_asked_for_at_their_level(void **state)
{
	static const struct {
		int kind, level;
		uint32_t high, kinds;
	} rows[] = {
	    {NEED(AUTISM), LEVEL(HIGH), BIT(NEED(AUTISM)), BIT(NEED(AUTISM))},
	    {NEED(AUTISM), LEVEL(UNSPECIFIED), BIT(NEED(AUTISM)), BIT(NEED(AUTISM))},
	    {NEED(AUTISM), LEVEL(MEDIUM), 0, BIT(NEED(AUTISM))},
	    {NEED(AUTISM), LEVEL(LOW), 0, 0},
	    {MATCHING_NEED_KINDS, LEVEL(HIGH), BIT(NEED(UNSPECIFIED)),
		BIT(NEED(UNSPECIFIED))},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fresh();
		SET(&wanted, kind, (Common__NeedKind)rows[i].kind);
		SET(&wanted, level, (Common__Level)rows[i].level);
		assert_int_equal(boil_down(NULL), MATCHING_OK);
		assert_int_equal(need.terms.needs_high, rows[i].high);
		assert_int_equal(need.kinds, rows[i].kinds);
	}
	request.circulation = NULL;
	assert_int_equal(boil_down(NULL), MATCHING_CHILDREN_COUNT);
}

/* The age counts on a stated day: either alone is none. */
static void
an_age_without_its_day_is_not_known(void **state)
{
	(void)state;
	fresh();
	assert_int_equal(boil_down(NULL), MATCHING_OK);
	assert_true(need.terms.ages_are_known);
	child.has_age_day = false;
	assert_int_equal(boil_down(NULL), MATCHING_OK);
	assert_false(need.terms.ages_are_known);
	child.has_age_day = true;
	child.has_age_years = false;
	assert_int_equal(boil_down(NULL), MATCHING_OK);
	assert_false(need.terms.ages_are_known);
}

/* The youngest of those not safe with older ones counts, wherever in the list. */
static void
the_youngest_not_safe_with_older_ones(void **state)
{
	Common__NotSafeWith older = COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_OLDER_CHILDREN;
	Requests__ChildNeed other, *both[2];

	(void)state;
	fresh();
	child.not_safe_with = &older;
	child.n_not_safe_with = 1;
	other = child;
	SET(&other, age_years, 12);
	asked.children = both;
	asked.n_children = 2;
	for (size_t first = 0; first < 2; first++) {
		both[first] = &child;
		both[1 - first] = &other;
		assert_int_equal(boil_down(NULL), MATCHING_OK);
		assert_int_equal(need.terms.older_below, 10);
	}
}

static void
kinds_of_care_not_known_here_are_not_considered(void **state)
{
	Common__CareType types[] = {TYPE(FOSTER), (Common__CareType)8};

	(void)state;
	fresh();
	asked.care_types = types;
	asked.n_care_types = 2;
	assert_int_equal(boil_down(NULL), MATCHING_OK);
	assert_int_equal(need.terms.care_types, BIT(TYPE(FOSTER)));
}

static void
the_first_adjoining_councils_are_looked_at(void **state)
{
	Members__Council council = MEMBERS__COUNCIL__INIT;
	char codes[MATCHING_ADJOINING_MAX + 1][10];
	char *list[MATCHING_ADJOINING_MAX + 1];

	(void)state;
	fresh();
	for (size_t i = 0; i <= MATCHING_ADJOINING_MAX; i++) {
		snprintf(codes[i], sizeof codes[i], "E080000%02zu", i);
		list[i] = codes[i];
	}
	council.adjoining_council_ids = list;
	council.n_adjoining_council_ids = MATCHING_ADJOINING_MAX + 1;
	assert_int_equal(boil_down(&council), MATCHING_OK);
	assert_int_equal(need.adjoining_n, MATCHING_ADJOINING_MAX);
	assert_true(matching_adjoins(&need, matching_council("E08000023")));
	assert_false(matching_adjoins(&need, matching_council("E08000024")));
	assert_false(matching_adjoins(&need, 0));
}

/* Where a home lies that may be near a place to avoid is not guessed. */
static void
a_home_nowhere_may_be_anywhere(void **state)
{
	Requests__NeedDetail detail = REQUESTS__NEED_DETAIL__INIT;
	Foster__Vacancy v = FOSTER__VACANCY__INIT;
	char near[] = "M14 5", *avoid[] = {near};

	(void)state;
	fresh();
	request.detail = &detail;
	matching_home_of_foster(&v, &home);
	assert_int_equal(boil_down(NULL), MATCHING_OK);
	assert_false(matching_mask(&need, &home) & MATCHING_BIT(AVOID_AREA));
	detail.avoid_sectors = avoid;
	detail.n_avoid_sectors = 1;
	assert_int_equal(boil_down(NULL), MATCHING_OK);
	assert_true(matching_mask(&need, &home) & MATCHING_BIT(AVOID_AREA));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_council_is_a_letter_and_eight_digits),
	    cmocka_unit_test(codes_not_known_here_are_not_said),
	    cmocka_unit_test(the_first_languages_are_looked_at),
	    cmocka_unit_test(a_circle_errs_to_both_sides),
	    cmocka_unit_test(a_kind_of_approval_not_known_here_is_closed),
	    cmocka_unit_test(a_home_is_no_foster_home),
	    cmocka_unit_test(what_stands_behind_a_high_level),
	    cmocka_unit_test(the_first_councils_with_beds_kept_are_looked_at),
	    cmocka_unit_test(no_more_is_offered_than_is_open_nor_than_is_free),
	    cmocka_unit_test(needs_are_asked_for_at_their_level),
	    cmocka_unit_test(an_age_without_its_day_is_not_known),
	    cmocka_unit_test(the_youngest_not_safe_with_older_ones),
	    cmocka_unit_test(kinds_of_care_not_known_here_are_not_considered),
	    cmocka_unit_test(the_first_adjoining_councils_are_looked_at),
	    cmocka_unit_test(a_home_nowhere_may_be_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
