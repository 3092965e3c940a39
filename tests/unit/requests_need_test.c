#include "requests/need.h"

#include <string.h>

#include "base/id.h"
#include "requests/clocks.h"
#include "requests_sample.h"

#define TODAY day_in_london(SAMPLE_NOW)

static Requests__ChildNeed *
child(uint32_t age_years)
{
	Requests__ChildNeed *c = MESSAGE_NEW(sample_arena(), requests__child_need);

	SET(c, age_years, age_years);
	SET(c, age_day, TODAY - 3);
	SET(c, sex, COMMON__SEX__SEX_MALE);
	c->child_ref = text("what the caller typed");
	return c;
}

/* A need that passes: two siblings, planned. */
static Requests__Submit *
good(void)
{
	Requests__Submit *need = MESSAGE_NEW(sample_arena(), requests__submit);

	SET(need, urgency, REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(need, needed_by_day, TODAY + 14);
	SET(need, expected_end_day, TODAY + 200);
	need->home_sector = text("M14 5");
	need->children = LIST_NEW(sample_arena(), 8, Requests__ChildNeed *);
	need->children[need->n_children++] = child(7);
	need->children[need->n_children++] = child(12);
	SET(need, are_siblings, 1);
	SET(need, family_first,
	    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
	return need;
}

static enum requests_refusal
checked_at(const Requests__Submit *need, size_t *which)
{
	struct requests_act act = acting(MANCHESTER);

	return requests_check_need(need, &act, true, which);
}

static enum requests_refusal
checked(const Requests__Submit *need)
{
	size_t which;

	return checked_at(need, &which);
}

/* ---- one wrong thing at a time ---- */

#define SPOIL(name, statement)                                                         \
	static void name(Requests__Submit *n)                                          \
	{                                                                              \
		statement;                                                             \
	}

static void
consider(Requests__Submit *n, Common__CareType one, Common__CareType two)
{
	n->care_types = LIST_NEW(sample_arena(), 2, Common__CareType);
	n->care_types[0] = one;
	n->care_types[1] = two;
	n->n_care_types = 1 + (two != 0);
}

static void
both_sixteen(Requests__Submit *n)
{
	n->children[0]->age_years = n->children[1]->age_years = 16;
}

static void
permit(Requests__Submit *n, const char *splits)
{
	n->n_permitted_splits = sample_splits(splits, &n->permitted_splits);
}

#define KIND(name) COMMON__CARE_TYPE__CARE_TYPE_##name
SPOIL(any_of_two_kinds, consider(n, KIND(CHILDRENS_HOME), KIND(FOSTER)))
SPOIL(no_kind, consider(n, KIND(UNSPECIFIED), KIND(FOSTER)))
SPOIL(one_kind_twice, consider(n, KIND(FOSTER), KIND(FOSTER)))
SPOIL(secure_too, consider(n, KIND(FOSTER), KIND(SECURE)))
SPOIL(only_supported, consider(n, KIND(SUPPORTED_ACCOMMODATION), 0))
SPOIL(supported_or_foster, consider(n, KIND(SUPPORTED_ACCOMMODATION), KIND(FOSTER)))
SPOIL(only_supported_at_16, both_sixteen(n); only_supported(n))
SPOIL(apart_if_they_must, permit(n, "A/B"))
SPOIL(apart_in_no_way, permit(n, "AB"))
SPOIL(apart_with_a_third, permit(n, "A/B/C"))

static void
no_urgency(Requests__Submit *n)
{
	n->has_urgency = 0;
	n->urgency = REQUESTS__URGENCY__URGENCY_UNSPECIFIED;
}

SPOIL(no_day, n->has_needed_by_day = 0)
SPOIL(yesterday, n->needed_by_day = TODAY - 1)
SPOIL(today, n->needed_by_day = TODAY)
SPOIL(in_two_years, n->needed_by_day = TODAY + 730)

static void
emergency_next_week(Requests__Submit *n)
{
	n->urgency = REQUESTS__URGENCY__URGENCY_EMERGENCY;
	n->needed_by_day = TODAY + 2;
}

static void
emergency_tomorrow(Requests__Submit *n)
{
	n->urgency = REQUESTS__URGENCY__URGENCY_EMERGENCY;
	n->needed_by_day = TODAY + 1;
	n->family_first = REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET;
}

SPOIL(ends_before_it_begins, n->expected_end_day = n->needed_by_day)
SPOIL(ends_in_thirty_years, n->expected_end_day = n->needed_by_day + 30 * 365)
SPOIL(no_home, n->home_sector = NULL)
SPOIL(whole_postcode, n->home_sector = text("M14 5AA"))
SPOIL(no_such_sector, n->home_sector = text("ZZ99 9"))
SPOIL(school_nowhere, n->school_sector = text("ZZ99 9"))

static void
avoid_nowhere(Requests__Submit *n)
{
	n->avoid_sectors = LIST_NEW(sample_arena(), 2, char *);
	n->avoid_sectors[n->n_avoid_sectors++] = text("M14 5");
	n->avoid_sectors[n->n_avoid_sectors++] = text("here");
}

static void
avoid_everywhere(Requests__Submit *n)
{
	n->n_avoid_sectors = REQUESTS_AVOID_SECTORS_MAX + 1;
	n->avoid_sectors = LIST_NEW(sample_arena(), n->n_avoid_sectors, char *);
	for (size_t i = 0; i < n->n_avoid_sectors; i++)
		n->avoid_sectors[i] = text("M14 5");
}

SPOIL(nobody, n->n_children = 0)
SPOIL(seven, while (n->n_children < 7) n->children[n->n_children++] = child(3))
SPOIL(strangers, n->are_siblings = 0)

static void
sibling_not_said(Requests__Submit *n)
{
	n->has_are_siblings = 0;
	n->are_siblings = 0;
}

SPOIL(no_age, n->children[1]->has_age_years = 0)
SPOIL(eighteen, n->children[1]->age_years = 18)

static void
seventeen(Requests__Submit *n)
{
	n->children[1]->age_years = 17;
	n->children[0]->age_years = 0;
}

SPOIL(no_age_day, n->children[1]->has_age_day = 0)
SPOIL(counted_tomorrow, n->children[1]->age_day = TODAY + 1)
SPOIL(counted_long_ago, n->children[1]->age_day = TODAY - 367)
SPOIL(counted_a_year_ago, n->children[1]->age_day = TODAY - 366)

/* Seventeen a year ago is grown up today. */
static void
grown_since(Requests__Submit *n)
{
	n->children[1]->age_years = 17;
	n->children[1]->age_day = TODAY - 365;
}

static void
almost_grown(Requests__Submit *n)
{
	n->children[1]->age_years = 17;
	n->children[1]->age_day = TODAY - 364;
}

static void
no_sex(Requests__Submit *n)
{
	n->children[1]->has_sex = 0;
	n->children[1]->sex = COMMON__SEX__SEX_UNSPECIFIED;
}

static void
give_needs(Requests__Submit *n, Common__Level first, Common__NeedKind second)
{
	Requests__ChildNeed *c = n->children[1];

	c->needs = LIST_NEW(sample_arena(), 2, Common__Need *);
	for (; c->n_needs < 2; c->n_needs++)
		c->needs[c->n_needs] = MESSAGE_NEW(sample_arena(), common__need);
	SET(c->needs[0], kind, COMMON__NEED_KIND__NEED_KIND_AUTISM);
	SET(c->needs[0], level, first);
	SET(c->needs[1], kind, second);
	SET(c->needs[1], level, COMMON__LEVEL__LEVEL_HIGH);
}

SPOIL(two_needs,
    give_needs(n, COMMON__LEVEL__LEVEL_LOW, COMMON__NEED_KIND__NEED_KIND_TRAUMA))
SPOIL(need_without_level, give_needs(n, COMMON__LEVEL__LEVEL_UNSPECIFIED,
			      COMMON__NEED_KIND__NEED_KIND_TRAUMA))
SPOIL(need_without_kind,
    give_needs(n, COMMON__LEVEL__LEVEL_LOW, COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED))
SPOIL(more_needs_than_there_are, two_needs(n);
      n->children[1]->n_needs = REQUESTS_NEEDS_MAX + 1)
SPOIL(need_twice,
    give_needs(n, COMMON__LEVEL__LEVEL_LOW, COMMON__NEED_KIND__NEED_KIND_AUTISM))
static void
not_safe_twice(Requests__Submit *n)
{
	static Common__NotSafeWith list[] = {COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS};

	n->children[1]->n_not_safe_with = 2;
	n->children[1]->not_safe_with = list;
}

static void
not_safe(Requests__Submit *n, size_t count, Common__NotSafeWith first)
{
	Requests__ChildNeed *c = n->children[1];

	c->not_safe_with = LIST_NEW(sample_arena(), count, Common__NotSafeWith);
	for (size_t i = 0; i < count; i++)
		c->not_safe_with[i] = (Common__NotSafeWith)((unsigned)first + i);
	c->n_not_safe_with = count;
}

SPOIL(not_safe_with_any_kind,
    not_safe(n, REQUESTS_NOT_SAFE_WITH_MAX, COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_GIRLS))
SPOIL(not_safe_with_more_kinds, not_safe(n, REQUESTS_NOT_SAFE_WITH_MAX + 1,
				    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_GIRLS))
SPOIL(not_safe_with_whom,
    not_safe(n, 1, COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_UNSPECIFIED))

static void
speaks(Requests__Submit *n, const char *first, size_t count)
{
	static const char *const others[] = {"cy", "pl", "pa", "so", "ro"};
	Requests__ChildNeed *c = n->children[1];

	c->languages = LIST_NEW(sample_arena(), count, char *);
	for (c->n_languages = 0; c->n_languages < count; c->n_languages++)
		c->languages[c->n_languages] =
		    text(c->n_languages == 0 ? first : others[c->n_languages - 1]);
}

SPOIL(five_languages, speaks(n, "ur", REQUESTS_LANGUAGES_MAX))
SPOIL(six_languages, speaks(n, "ur", REQUESTS_LANGUAGES_MAX + 1))
SPOIL(language_in_capitals, speaks(n, "UR", 1))
SPOIL(language_half_in_capitals, speaks(n, "uR", 1))
SPOIL(language_of_signs, speaks(n, "{u", 1))
SPOIL(language_half_of_signs, speaks(n, "u{", 1))

static void
language_in_words(Requests__Submit *n)
{
	n->children[1]->languages = LIST_NEW(sample_arena(), 1, char *);
	n->children[1]->languages[n->children[1]->n_languages++] =
	    text("speaks Urdu with grandmother");
}

static void
language_twice(Requests__Submit *n)
{
	n->children[1]->languages = LIST_NEW(sample_arena(), 2, char *);
	n->children[1]->languages[n->children[1]->n_languages++] = text("ur");
	n->children[1]->languages[n->children[1]->n_languages++] = text("ur");
}

static void
give_ids(Requests__Submit *n, size_t count, const char *second)
{
	n->child_ids = LIST_NEW(sample_arena(), 2, char *);
	n->child_ids[0] = text("01kak4b8000000000000000c01");
	n->child_ids[1] = text(second);
	n->n_child_ids = count;
}

SPOIL(one_id_for_two, give_ids(n, 1, ""))
SPOIL(same_id_twice, give_ids(n, 2, "01kak4b8000000000000000c01"))
/* What a case number with noughts before it would look like, and a made-up word. */
SPOIL(a_case_number, give_ids(n, 2, "00000000000000000012345678"))
SPOIL(of_another_time, give_ids(n, 2, "7zzzzzzzzz0000000000000c01"))
SPOIL(no_id_at_all, give_ids(n, 2, "Jane"))

static void
family_not_said(Requests__Submit *n)
{
	n->has_family_first = 0;
	n->family_first = REQUESTS__FAMILY_FIRST__FAMILY_FIRST_UNSPECIFIED;
}

SPOIL(family_not_yet, n->family_first = REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET)
SPOIL(no_miles, SET(n, miles_max, 0))
SPOIL(most_miles, SET(n, miles_max, REQUESTS_MILES_MAX))
SPOIL(too_many_miles, SET(n, miles_max, REQUESTS_MILES_MAX + 1))
SPOIL(many_placements, SET(n, earlier_placements, 101))
SPOIL(much_family_time, SET(n, family_time_a_week, 15))

static const struct {
	void (*spoil)(Requests__Submit *need);
	enum requests_refusal no;
	size_t child; /* 2: about none of the two */
} spoilt[] = {
    {no_urgency, REQUESTS_URGENCY_MISSING, 2},
    {no_day, REQUESTS_NEEDED_BY_MISSING, 2},
    {yesterday, REQUESTS_NEEDED_BY_PAST, 2},
    {today, REQUESTS_OK, 2},
    {in_two_years, REQUESTS_NEEDED_BY_FAR, 2},
    {emergency_next_week, REQUESTS_NEEDED_BY_NOT_EMERGENCY, 2},
    {emergency_tomorrow, REQUESTS_OK, 2},
    {ends_before_it_begins, REQUESTS_EXPECTED_END, 2},
    {ends_in_thirty_years, REQUESTS_EXPECTED_END, 2},
    {no_home, REQUESTS_HOME_SECTOR_MISSING, 2},
    {whole_postcode, REQUESTS_HOME_SECTOR_UNKNOWN, 2},
    {no_such_sector, REQUESTS_HOME_SECTOR_UNKNOWN, 2},
    {school_nowhere, REQUESTS_SCHOOL_SECTOR_UNKNOWN, 2},
    {avoid_nowhere, REQUESTS_AVOID_SECTOR_UNKNOWN, 2},
    {avoid_everywhere, REQUESTS_AVOID_SECTORS_MANY, 2},
    {nobody, REQUESTS_CHILDREN_COUNT, 0},
    {seven, REQUESTS_CHILDREN_COUNT, 7},
    {strangers, REQUESTS_NOT_SIBLINGS, 2},
    {sibling_not_said, REQUESTS_NOT_SIBLINGS, 2},
    {no_age, REQUESTS_CHILD_AGE_MISSING, 1},
    {eighteen, REQUESTS_CHILD_AGE, 1},
    {seventeen, REQUESTS_OK, 2},
    {no_age_day, REQUESTS_CHILD_AGE_DAY_MISSING, 1},
    {counted_tomorrow, REQUESTS_CHILD_AGE_DAY_AHEAD, 1},
    {counted_long_ago, REQUESTS_CHILD_AGE_DAY_OLD, 1},
    {counted_a_year_ago, REQUESTS_OK, 2},
    {grown_since, REQUESTS_CHILD_AGE, 1},
    {almost_grown, REQUESTS_OK, 2},
    {no_sex, REQUESTS_CHILD_SEX_MISSING, 1},
    {two_needs, REQUESTS_OK, 2},
    {need_without_level, REQUESTS_CHILD_NEED, 1},
    {need_without_kind, REQUESTS_CHILD_NEED, 1},
    {need_twice, REQUESTS_CHILD_NEED_TWICE, 1},
    {more_needs_than_there_are, REQUESTS_CHILD_NEED_TWICE, 1},
    {not_safe_with_any_kind, REQUESTS_OK, 2},
    {not_safe_with_more_kinds, REQUESTS_CHILD_NOT_SAFE_WITH, 1},
    {not_safe_with_whom, REQUESTS_CHILD_NOT_SAFE_WITH, 1},
    {five_languages, REQUESTS_OK, 2},
    {six_languages, REQUESTS_CHILD_LANGUAGE, 1},
    {language_in_capitals, REQUESTS_CHILD_LANGUAGE, 1},
    {language_half_in_capitals, REQUESTS_CHILD_LANGUAGE, 1},
    {language_of_signs, REQUESTS_CHILD_LANGUAGE, 1},
    {language_half_of_signs, REQUESTS_CHILD_LANGUAGE, 1},
    {not_safe_twice, REQUESTS_CHILD_NOT_SAFE_WITH, 1},
    {language_in_words, REQUESTS_CHILD_LANGUAGE, 1},
    {language_twice, REQUESTS_CHILD_LANGUAGE, 1},
    {one_id_for_two, REQUESTS_CHILD_IDS_COUNT, 2},
    {same_id_twice, REQUESTS_CHILD_IDS_TWICE, 2},
    {a_case_number, REQUESTS_CHILD_IDS_FORM, 2},
    {of_another_time, REQUESTS_CHILD_IDS_FORM, 2},
    {no_id_at_all, REQUESTS_CHILD_IDS_FORM, 2},
    {family_not_said, REQUESTS_FAMILY_FIRST, 2},
    {family_not_yet, REQUESTS_FAMILY_FIRST, 2},
    {no_miles, REQUESTS_MILES, 2},
    {most_miles, REQUESTS_OK, 2},
    {too_many_miles, REQUESTS_MILES, 2},
    {many_placements, REQUESTS_EARLIER_PLACEMENTS, 2},
    {much_family_time, REQUESTS_FAMILY_TIME, 2},
    {any_of_two_kinds, REQUESTS_OK, 2},
    {no_kind, REQUESTS_CARE_TYPES, 2},
    {one_kind_twice, REQUESTS_CARE_TYPES, 2},
    {secure_too, REQUESTS_SECURE, 2},
    {only_supported, REQUESTS_ONLY_SUPPORTED, 0},
    {supported_or_foster, REQUESTS_OK, 2},
    {only_supported_at_16, REQUESTS_OK, 2},
    {apart_if_they_must, REQUESTS_OK, 2},
    {apart_in_no_way, REQUESTS_SPLIT_PARTS, 2},
    {apart_with_a_third, REQUESTS_SPLIT_CHILDREN, 2},
};

static void
one_wrong_thing_at_a_time(void **state)
{
	size_t which;

	(void)state;
	assert_int_equal(checked(good()), REQUESTS_OK);
	for (size_t i = 0; i < N(spoilt); i++) {
		Requests__Submit *need = good();
		enum requests_refusal got;

		spoilt[i].spoil(need);
		got = checked_at(need, &which);
		if (got != spoilt[i].no || which != spoilt[i].child)
			fail_msg("row %zu: refusal %d, child %zu", i, (int)got, which);
	}
}

static void
councils_outside_cannot_ask(void **state)
{
	struct requests_act act = acting(SALFORD);
	size_t which;

	(void)state;
	assert_int_equal(
	    requests_check_need(good(), &act, false, &which), REQUESTS_NOT_A_MEMBER);
}

/* ---- what is recorded ---- */

static const char *const fresh[REQUESTS_CHILDREN_MAX] = {
    "fresh0", "fresh1", "fresh2", "fresh3", "fresh4", "fresh5"};

static Requests__RequestSubmitted *
recorded(const Requests__Submit *need)
{
	struct requests_act act = acting(MANCHESTER);

	return requests_submitted(sample_arena(), need, &act, "the request", fresh);
}

static void
letters_and_references_come_from_here(void **state)
{
	Requests__RequestSubmitted *e = recorded(good());

	(void)state;
	assert_string_equal(e->circulation->request_id, "the request");
	assert_string_equal(e->circulation->council_id, MANCHESTER);
	assert_string_equal(e->circulation->children[0]->child_ref, "A");
	assert_string_equal(e->circulation->children[1]->child_ref, "B");
	assert_int_equal(e->identity->n_child_ids, 2);
	assert_string_equal(e->identity->child_ids[1], "fresh1");
	assert_true(e->circulation->are_siblings);
	assert_int_equal(e->submitted_time, SAMPLE_NOW);
	assert_int_equal(e->members_copy_age_ms, 5);
	assert_int_equal(e->overdue_time, day_start_in_london(TODAY + 15));
}

static void
references_given_are_kept(void **state)
{
	Requests__Submit *need = good();

	(void)state;
	give_ids(need, 2, "01kak4b8000000000000000c02");
	assert_int_equal(checked(need), REQUESTS_OK);
	assert_string_equal(
	    recorded(need)->identity->child_ids[1], "01kak4b8000000000000000c02");
}

static void
one_child_is_no_sibling_group(void **state)
{
	Requests__Submit *need = good();

	(void)state;
	need->n_children = 1;
	assert_int_equal(checked(need), REQUESTS_OK);
	assert_false(recorded(need)->circulation->are_siblings);
}

/* What an emergency does not say about family is owed, and recorded as that. */
/* What would do, and how they may live apart, is for every provider to read. */
static void
kinds_and_splits_are_circulated(void **state)
{
	Requests__Submit *need = good();
	Requests__NeedCirculation *said;

	(void)state;
	any_of_two_kinds(need);
	apart_if_they_must(need);
	said = recorded(need)->circulation;
	assert_int_equal(said->n_care_types, 2);
	assert_int_equal(said->care_types[1], KIND(FOSTER));
	assert_int_equal(said->n_permitted_splits, 1);
	assert_string_equal(said->permitted_splits[0]->parts[1]->child_refs[0], "B");
}

static void
an_emergency_owes_family_first(void **state)
{
	Requests__Submit *need = good();

	(void)state;
	emergency_tomorrow(need);
	family_not_said(need);
	assert_int_equal(checked(need), REQUESTS_OK);
	assert_int_equal(recorded(need)->detail->family_first,
	    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET);
}

/* Level 1 goes to every provider: nothing in it may tell who the child is. */
static void
level_one_tells_nobody(void **state)
{
	Requests__Submit *need = good();
	Requests__RequestSubmitted *e;
	struct bytes packed;

	(void)state;
	need->school_sector = text("M14 6");
	give_ids(need, 2, "01kak4b8000000000000000c02");
	e = recorded(need);
	assert_int_equal(
	    message_pack(sample_arena(), &e->circulation->base, &packed), ERR_NONE);
	assert_null(memmem(packed.data, packed.len, "c01", 3));
	assert_null(memmem(packed.data, packed.len, "M14 6", 5));
	assert_null(memmem(packed.data, packed.len, "typed", 5));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_wrong_thing_at_a_time),
	    cmocka_unit_test(councils_outside_cannot_ask),
	    cmocka_unit_test(letters_and_references_come_from_here),
	    cmocka_unit_test(references_given_are_kept),
	    cmocka_unit_test(one_child_is_no_sibling_group),
	    cmocka_unit_test(kinds_and_splits_are_circulated),
	    cmocka_unit_test(an_emergency_owes_family_first),
	    cmocka_unit_test(level_one_tells_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
