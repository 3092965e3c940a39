/* Rules, points and who lives there in words: what is said where little is recorded. */
#include "matching/explain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "matching/candidate.h"
#include "matching/facts_inside.h"
#include "matching/matching.h"
#include "matching/score.h"
#include "support/full.h"
#include "support/memory.h"

#define TODAY 20778 /* 2026-11-21 */
#define RULE(name) MATCHING__RULE__RULE_##name
#define FACTOR(name) MATCHING__FACTOR__FACTOR_##name
#define TYPE(name) (uint8_t) COMMON__CARE_TYPE__CARE_TYPE_##name
#define NEED(name) COMMON__NEED_KIND__NEED_KIND_##name
#define BIT(code) (1u << (unsigned)(code))

/* A foster home where a girl of eight lives, and one boy of nine asked for; of both as
 * little is recorded as may be. */
static struct {
	struct matching_home home;
	struct matching_need need;
	struct policy policy;
} t;

static void
fresh(void)
{
	arena_reset(&arena);
	t.home = (struct matching_home){
	    .care_type = TYPE(FOSTER),
	    .flags = HOME_IS_OPEN | HOME_MIX_IS_KNOWN | HOME_HAS_GIRLS,
	    .residents = {.n = 1, .girls = 1, .youngest_years = 8, .oldest_years = 8},
	    .facts = {.care_type = BIT(TYPE(FOSTER)),
		.open_to = OPEN_TO_CHILDREN,
		.takes = MATCHING_GIRLS | MATCHING_BOYS,
		.against = AGAINST_NOT_LOCATED},
	};
	t.need = (struct matching_need){
	    .today = TODAY,
	    .needed_by_day = TODAY,
	    .children_n = 1,
	    .terms = {.day = TODAY,
		.ages_are_known = true,
		.age_min_years = 9,
		.age_max_years = 9,
		.sexes = MATCHING_BOYS,
		.open_to = OPEN_TO_CHILDREN,
		.beds = 1},
	};
	t.policy = (struct policy){.home_miles = 10,
	    .school_miles = 10,
	    .adjoining_percent = 50,
	    .confirmed_days = 28};
	for (size_t i = 1; i < POLICY_FACTORS; i++)
		t.policy.points_max[i] = 100;
}

/* A home and a need, one thing done to them, and what is then said of the rule. */
#define SAYS(change, rule, words)                                                      \
	do {                                                                           \
		fresh();                                                               \
		change;                                                                \
		assert_string_equal(                                                   \
		    explain_fact(&arena, rule, &t.need, &t.home), words);              \
	} while (0)

static void
a_home(uint8_t care_type)
{
	t.home.care_type = care_type;
	t.home.residents.age_bands = BIT(COMMON__AGE_BAND__AGE_BAND_5_TO_9);
	t.home.residents.youngest_years = 5;
	t.home.residents.oldest_years = 9;
}

static void
avoiding(const char *first, const char *second)
{
	t.need.has_detail = true;
	t.need.avoid_miles_tenths = 20;
	t.need.avoid_n = 2;
	assert_true(matching_locate(first, &t.need.avoid[0]));
	assert_true(matching_locate(second, &t.need.avoid[1]));
}

static void
is_at(const char *sector)
{
	t.home.facts.against = 0;
	assert_true(matching_locate(sector, &t.home.point));
}

static void
of_no_rule_there_is_no_fact(void **state)
{
	(void)state;
	SAYS((void)0, RULE(UNSPECIFIED), "not a rule");
	SAYS((void)0, RULE(EMERGENCY) + 40, "not a rule");
	assert_string_equal(explain_source(RULE(UNSPECIFIED)), "not a rule");
	assert_string_equal(explain_source(RULE(EMERGENCY) + 40), "not a rule");
	for (Matching__Rule rule = 1; rule <= RULE(RESERVED); rule++)
		assert_string_not_equal(explain_source(rule), "not a rule");
}

static void
the_kind_of_care_is_named(void **state)
{
	(void)state;
	assert_string_equal(explain_care_type(TYPE(FOSTER)), "foster care");
	assert_string_equal(
	    explain_care_type(TYPE(CHILDRENS_HOME)), "a children's home");
	assert_string_equal(explain_care_type(TYPE(SUPPORTED_ACCOMMODATION)),
	    "supported accommodation");
	assert_string_equal(explain_care_type(TYPE(SECURE)), "a secure home");
	assert_string_equal(
	    explain_care_type(TYPE(UNSPECIFIED)), "a kind of care not known here");
	assert_string_equal(
	    explain_care_type(TYPE(SECURE) + 1), "a kind of care not known here");
	SAYS(t.home.facts.care_type = 0; t.home.care_type = TYPE(SECURE),
	     RULE(CARE_TYPE),
	     "secure beds are national: ask the Secure Welfare Coordination Unit");
	SAYS(t.home.restriction = 0, RULE(RESTRICTED),
	    "under a notice of a kind not known here");
	SAYS(t.home.restriction = 9, RULE(RESTRICTED),
	    "under a notice of a kind not known here");
}

static void
what_it_is_approved_for(void **state)
{
	(void)state;
	SAYS(t.home.approval_kind = FOSTER__APPROVAL_KIND__APPROVAL_KIND_SHORT_BREAK,
	    RULE(OPEN), "approved for another kind of fostering");
	SAYS(t.home.approval_kind = FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM;
	     t.need.terms.open_to = OPEN_TO_PARENT_AND_CHILD, RULE(OPEN),
	     "not approved as a parent and child home");
	SAYS((void)0, RULE(OPEN), "the kind of approval is not recorded");
	SAYS(t.home.flags |= HOME_HAS_AGES; t.home.facts.age_min_years = 10;
	     t.home.facts.age_max_years = 17, RULE(APPROVAL_AGE),
	     "approved for ages 10 to 17; asked for age 9");
	SAYS(t.home.flags |= HOME_HAS_AGES; t.home.facts.age_min_years = 10;
	     t.home.facts.age_max_years = 17; t.need.terms.age_max_years = 12,
	     RULE(APPROVAL_AGE), "approved for ages 10 to 17; asked for ages 9 to 12");
}

/* Those who are there, and nobody who is not. */
static void
who_lives_there(void **state)
{
	(void)state;
	static const struct {
		uint8_t n, girls, boys, youngest, oldest;
		const char *words;
	} rows[] = {
	    {0, 0, 0, 0, 0, "no children live there"},
	    {1, 1, 0, 8, 8, "1 girl, aged 8, lives there"},
	    {1, 0, 1, 8, 8, "1 boy, aged 8, lives there"},
	    {3, 0, 3, 4, 11, "3 boys, aged 4 to 11, live there"},
	    {2, 2, 0, 4, 11, "2 girls, aged 4 to 11, live there"},
	    {2, 1, 1, 3, 17, "1 girl and 1 boy, aged 3 to 17, live there"},
	    {5, 2, 3, 3, 17, "2 girls and 3 boys, aged 3 to 17, live there"},
	    {1, 0, 0, 5, 5, "1 lives there, a girl, aged 5"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fresh();
		t.home.residents = (struct matching_residents){.n = rows[i].n,
		    .girls = rows[i].girls,
		    .boys = rows[i].boys,
		    .youngest_years = rows[i].youngest,
		    .oldest_years = rows[i].oldest};
		assert_string_equal(explain_residents(&arena, &t.home), rows[i].words);
	}
}

/* The child's side: what is not recorded is said to be so, before what is. */
static void
whom_the_child_is_not_safe_with(void **state)
{
	(void)state;
	SAYS(t.need.terms.not_safe_with = WITH(YOUNGER_CHILDREN);
	     t.need.terms.ages_are_known = false, RULE(MIX_FOR_CHILD),
	     "unverified: an age is not recorded in the request");
	SAYS(t.need.terms.not_safe_with = WITH(OLDER_CHILDREN);
	     t.need.terms.ages_are_known = false, RULE(MIX_FOR_CHILD),
	     "unverified: an age is not recorded in the request");
	/* Girls are girls at any age. */
	SAYS(t.need.terms.not_safe_with = WITH(GIRLS);
	     t.need.terms.ages_are_known = false, RULE(MIX_FOR_CHILD),
	     "1 girl, aged 8, lives there");
	SAYS(a_home(TYPE(CHILDRENS_HOME)); t.home.facts.youngest_years = 5;
	     t.need.terms.younger_than_years = 9, RULE(MIX_FOR_CHILD),
	     "1 lives there, a girl, aged 5 to 9 by bands: somebody there may be "
	     "younger");
}

/* The home's side. A word that this release cannot read passes nobody. */
static void
whom_the_home_will_not_take(void **state)
{
	(void)state;
	SAYS(t.home.will_not_take_with = WITH(UNSPECIFIED), RULE(MIX_FOR_HOME),
	    "unverified: whom the home will not take cannot be read");
	SAYS(t.home.residents.not_safe_with = WITH(UNSPECIFIED), RULE(MIX_FOR_HOME),
	    "unverified: whom a child living there is not safe with cannot be read");
	/* Only what concerns this child is said of it. */
	SAYS(t.home.will_not_take_with = WITH(GIRLS) | WITH(BOYS), RULE(MIX_FOR_HOME),
	    "the home will not take boys");
	SAYS(t.home.will_not_take_with = WITH(GIRLS) | WITH(BOYS);
	     t.need.terms.sexes = MATCHING_GIRLS, RULE(MIX_FOR_HOME),
	     "the home will not take girls");
	SAYS(t.home.will_not_take_with = WITH(BOYS) | WITH(ANY_CHILD);
	     t.need.terms.sexes = MATCHING_GIRLS, RULE(MIX_FOR_HOME),
	     "the home takes one child alone");
	SAYS(t.home.residents.not_safe_with = WITH(GIRLS) | WITH(BOYS),
	    RULE(MIX_FOR_HOME), "a child living there is not safe with boys");
	SAYS(t.home.residents.not_safe_with = WITH(GIRLS) | WITH(BOYS);
	     t.need.terms.sexes = MATCHING_GIRLS, RULE(MIX_FOR_HOME),
	     "a child living there is not safe with girls");
	SAYS(
	    t.home.residents.not_safe_with = WITH(BOYS) | WITH(YOUNGER_CHILDREN);
	    t.need.terms.sexes = MATCHING_GIRLS, RULE(MIX_FOR_HOME),
	    "a child living there is not safe with younger or older ones: 1 girl, aged "
	    "8, lives there");
}

/* The nearest of the places to avoid, whichever was named first. */
static void
how_near_to_a_place_to_avoid(void **state)
{
	(void)state;
	SAYS(avoiding("M22 3", "TR1 1"), RULE(AVOID_AREA),
	    "unverified: where the home lies is not recorded");
	fresh();
	is_at("M14 5");
	avoiding("M22 3", "TR1 1");
	const char *one = explain_fact(&arena, RULE(AVOID_AREA), &t.need, &t.home);
	avoiding("TR1 1", "M22 3");
	assert_string_equal(
	    explain_fact(&arena, RULE(AVOID_AREA), &t.need, &t.home), one);
	assert_memory_equal(one, "about 5.0 miles", strlen("about 5.0 miles"));
}

static void
needs_are_named_no_more_than_four(void **state)
{
	static const struct {
		uint32_t kinds;
		const char *words;
	} lists[] = {
	    {0, ""},
	    {BIT(NEED(AUTISM)), "autism"},
	    {BIT(NEED(UNSPECIFIED)), "a need of a kind not known here"},
	    {BIT(NEED(FIRE_SETTING)) | BIT(NEED(OFFENDING)), "fire setting, offending"},
	};

	(void)state;
	fresh();
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		assert_string_equal(
		    explain_needs(&arena, lists[i].kinds), lists[i].words);
	const char *many = explain_needs(&arena, BIT(MATCHING_NEED_KINDS) - 2);
	assert_string_equal(
	    many + strlen(many) - strlen(" and 14 more"), " and 14 more");
}

/* ---- points ---- */

static const char *
evidence(Matching__Factor factor)
{
	Matching__Candidate out = MATCHING__CANDIDATE__INIT;
	struct score score;

	score_home(&t.policy, &t.need, &t.home, &score);
	assert_true(score_explain(&score, &t.policy, &t.need, &t.home, &arena, &out));
	for (size_t i = 0; i < out.n_factors; i++) {
		if (out.factors[i]->factor == factor)
			return out.factors[i]->evidence;
	}
	return NULL;
}

static uint32_t
points(Matching__Factor factor)
{
	struct score score;

	score_home(&t.policy, &t.need, &t.home, &score);
	return score.factor[factor];
}

/* Fewer the closer to the day it is needed; none after it, or where it is not said. */
static void
points_for_being_available(void **state)
{
	static const struct {
		int32_t from_day;
		bool is_said;
		uint32_t points;
	} rows[] = {
	    {TODAY - 9, true, 100},
	    {TODAY, true, 100},
	    {TODAY + 1, true, 75},
	    {TODAY + 4, true, 0},
	    {TODAY + 5, true, 0},
	    {TODAY, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fresh();
		t.need.terms.day = t.need.needed_by_day = TODAY + 4;
		t.home.facts.available_from_day = rows[i].from_day;
		if (rows[i].is_said)
			t.home.flags |= HOME_HAS_AVAILABLE_DAY;
		assert_int_equal(points(FACTOR(AVAILABLE)), rows[i].points);
	}
	assert_string_equal(evidence(FACTOR(AVAILABLE)), "not recorded");
	t.home.flags |= HOME_HAS_AVAILABLE_DAY;
	assert_string_equal(evidence(FACTOR(AVAILABLE)), "available now");
	t.home.facts.available_from_day = TODAY + 1;
	assert_string_equal(evidence(FACTOR(AVAILABLE)),
	    "available from 2026-11-22, needed by 2026-11-25");
}

/* An area is next to another by the recorded table, and without it that is not said. */
static void
points_for_the_area(void **state)
{
	uint32_t bury = matching_council("E08000002");

	(void)state;
	fresh();
	assert_string_equal(evidence(FACTOR(OWN_AREA)), "not recorded");
	t.home.council = bury;
	assert_string_equal(evidence(FACTOR(OWN_AREA)), "not recorded");
	t.need.council = matching_council("E08000003");
	assert_string_equal(evidence(FACTOR(OWN_AREA)),
	    "outside the council's area; which areas adjoin it is not recorded");
	t.need.adjoining_is_known = true;
	assert_int_equal(points(FACTOR(OWN_AREA)), 0);
	assert_string_equal(evidence(FACTOR(OWN_AREA)),
	    "outside the council's area, and not next to it");
	t.need.adjoining[t.need.adjoining_n++] = 0; /* one whose code cannot be read */
	t.home.council = 0;
	assert_int_equal(points(FACTOR(OWN_AREA)), 0);
	t.home.council = bury;
	t.need.adjoining[t.need.adjoining_n++] = bury;
	assert_int_equal(points(FACTOR(OWN_AREA)), 50);
	t.need.council = bury;
	assert_int_equal(points(FACTOR(OWN_AREA)), 100);
}

/* Of several children as many as share it; of one it is said of the child. */
static void
points_for_what_is_shared(void **state)
{
	(void)state;
	fresh();
	t.need.children_n = 3;
	t.need.child[0].ethnicity = 4;
	t.need.child[2].ethnicity = 5;
	assert_string_equal(evidence(FACTOR(ETHNICITY)), "not recorded");
	t.home.ethnicity = 5;
	assert_int_equal(points(FACTOR(ETHNICITY)), 33);
	assert_string_equal(evidence(FACTOR(ETHNICITY)), "shared with 1 of 3 children");
	assert_string_equal(evidence(FACTOR(RELIGION)), "not recorded");
	t.home.religion = 2;
	assert_string_equal(evidence(FACTOR(RELIGION)), "not recorded");
	t.need.children_n = 1;
	t.need.child[0].religion = 3;
	assert_string_equal(evidence(FACTOR(RELIGION)), "not shared with the child");
	t.need.child[0].religion = 2;
	assert_string_equal(evidence(FACTOR(RELIGION)), "shared with the child");
}

/* ---- a candidate ---- */

static void
a_candidate_is_whole_or_none(void **state)
{
	Foster__Vacancy vacancy = FOSTER__VACANCY__INIT;
	Members__Provider agency = MEMBERS__PROVIDER__INIT;
	struct candidate candidate = {
	    .policy = &t.policy, .need = &t.need, .home = &t.home, .vacancy = &vacancy};
	const Matching__Candidate *out = NULL;

	(void)state;
	fresh();
	t.home.facts.free = 1;
	t.home.facts.free_for_siblings = 3;
	out = candidate_message(&candidate, &arena);
	assert_non_null(out);
	assert_int_equal(out->places, 1);
	assert_null(out->grade); /* whose agency is not known here */
	t.need.terms.places_for_siblings = 2;
	candidate.agency = &agency;
	SET(&agency, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(&agency, grade_day, TODAY);
	FULL_UNTIL_IT_FITS(
	    &arena, FULL_IF((out = candidate_message(&candidate, &arena)) == NULL));
	assert_int_equal(out->places, 3);
	assert_string_equal(out->grade, "good on 2026-11-21");
	assert_int_equal(out->n_factors, POLICY_FACTORS - 1);
	assert_string_equal(out->residents, "1 girl, aged 8, lives there");
}

/* Much to say of both, in a foster home or another. */
static void
with_much_to_say(uint8_t care_type)
{
	fresh();
	t.home.flags |= HOME_HAS_FREE | HOME_HAS_AGES;
	t.home.residents.risks = BIT(NEED(FIRE_SETTING));
	t.home.residents.not_safe_with = WITH(OLDER_CHILDREN);
	t.need.terms.needs_high = BIT(NEED(AUTISM)) | BIT(NEED(TRAUMA)) |
	                          BIT(NEED(OFFENDING)) | BIT(NEED(SELF_HARM)) |
	                          BIT(NEED(FIRE_SETTING));
	if (care_type != TYPE(FOSTER))
		a_home(care_type);
}

static void
is_whole_or_none(Matching__Rule rule)
{
	const char *words = NULL;

	FULL_UNTIL_IT_FITS(&arena,
	    FULL_IF((words = explain_fact(&arena, rule, &t.need, &t.home)) == NULL));
	assert_true(strlen(words) > 10);
}

/* A fact is said whole or not at all, whatever it is about. */
static void
facts_are_whole_or_none(void **state)
{
	static const Matching__Rule built[] = {RULE(NEEDS), RULE(MIX_FOR_CHILD),
	    RULE(MIX_FOR_HOME), RULE(PLACES), RULE(RESERVED), RULE(APPROVAL_AGE)};

	(void)state;
	for (size_t i = 0; i < sizeof built / sizeof built[0]; i++) {
		with_much_to_say(TYPE(FOSTER));
		is_whole_or_none(built[i]);
		with_much_to_say(TYPE(CHILDRENS_HOME));
		is_whole_or_none(built[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_no_rule_there_is_no_fact),
	    cmocka_unit_test(the_kind_of_care_is_named),
	    cmocka_unit_test(what_it_is_approved_for),
	    cmocka_unit_test(who_lives_there),
	    cmocka_unit_test(whom_the_child_is_not_safe_with),
	    cmocka_unit_test(whom_the_home_will_not_take),
	    cmocka_unit_test(how_near_to_a_place_to_avoid),
	    cmocka_unit_test(needs_are_named_no_more_than_four),
	    cmocka_unit_test(points_for_being_available),
	    cmocka_unit_test(points_for_the_area),
	    cmocka_unit_test(points_for_what_is_shared),
	    cmocka_unit_test(a_candidate_is_whole_or_none),
	    cmocka_unit_test(facts_are_whole_or_none),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
