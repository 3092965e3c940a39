/* What a household's own records must be. */
#include "foster/household.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/foster_home.h"

#include "members.pb-c.h"

static struct test_home t;
static Common__Need skills[2], *skills_list[2] = {&skills[0], &skills[1]};
static Foster__OwnChild own, *own_list[1] = {&own};
static char *texts[FOSTER_ROWS_EACH_MAX + 2];

static void
fresh(void)
{
	test_make(&t);
	for (size_t i = 0; i < 2; i++) {
		common__need__init(&skills[i]);
		SET(&skills[i], kind, COMMON__NEED_KIND__NEED_KIND_AUTISM);
		SET(&skills[i], level, COMMON__LEVEL__LEVEL_HIGH);
	}
	foster__own_child__init(&own);
	SET(&own, age_years, 8);
	SET(&own, age_day, TODAY);
	SET(&own, sex, SEX(FEMALE));
	for (size_t i = 0; i < FOSTER_ROWS_EACH_MAX + 2; i++)
		texts[i] = str_format(&arena, "x%zu", i);
}

/* A good row, one thing done to it, and what is then said. */
#define WITH(change, no)                                                               \
	do {                                                                           \
		fresh();                                                               \
		change;                                                                \
		assert_int_equal(foster_check_household(&t.household, TODAY), no);     \
	} while (0)

static void
languages(const char *first, const char *second)
{
	texts[0] = str_copy(&arena, first);
	texts[1] = str_copy(&arena, second);
	t.household.languages = texts;
	t.household.n_languages = 2;
}

/* Of so many letters, two bytes each. */
static void
carer_name(size_t letters)
{
	char *name = arena_take(&arena, 2 * letters + 1);

	for (size_t i = 0; i < letters; i++) {
		name[2 * i] = '\xc3';
		name[2 * i + 1] = '\xa9';
	}
	t.household.carer_name = name;
}

static void
will_not_take(Common__NotSafeWith first, Common__NotSafeWith second)
{
	static Common__NotSafeWith with[2];

	with[0] = first;
	with[1] = second;
	t.household.will_not_take_with = with;
	t.household.n_will_not_take_with = 2;
}

static void
a_row_is_whole(void **state)
{
	(void)state;
	WITH((void)0, FOSTER_OK);
	WITH(t.household.carer_name = NULL, FOSTER_NAME_MISSING);
	WITH(t.household.carer_name = str_copy(&arena, ""), FOSTER_NAME_MISSING);
	WITH(t.household.carer_name = str_copy(&arena, " \t "), FOSTER_NAME_MISSING);
	WITH(carer_name(80), FOSTER_OK);
	WITH(carer_name(81), FOSTER_NAME_LONG);
	WITH(t.household.council_id = NULL, FOSTER_COUNCIL_MISSING);
	WITH(t.household.home_sector = NULL, FOSTER_SECTOR_MISSING);
	WITH(t.household.approval = NULL, FOSTER_APPROVAL_MISSING);
	WITH(SET(&t.household, bedrooms, 0), FOSTER_BEDROOMS_RANGE);
	WITH(SET(&t.household, bedrooms, 1), FOSTER_OK);
	WITH(SET(&t.household, bedrooms, 9), FOSTER_BEDROOMS_RANGE);
	WITH(SET(&t.household, fee_pence_week, 0), FOSTER_OK);
	WITH(SET(&t.household, fee_pence_week, 2000000), FOSTER_OK);
	WITH(SET(&t.household, fee_pence_week, 2000001), FOSTER_FEE);
	WITH(SET(&t.household, fee_pence_week, -1), FOSTER_FEE);
	WITH(languages("en", "ur"), FOSTER_OK);
	WITH(languages("en", "en"), FOSTER_LANGUAGE);
	WITH(languages("en", "EN"), FOSTER_LANGUAGE);
	WITH(languages("en", "e"), FOSTER_LANGUAGE);
	WITH(languages("en", ""), FOSTER_LANGUAGE);
	WITH(languages("en", "eng"), FOSTER_LANGUAGE);
}

static void
has_skills(size_t n, Common__NeedKind second)
{
	t.household.skills = skills_list;
	t.household.n_skills = n;
	SET(&skills[1], kind, second);
}

static void
has_own(void)
{
	t.household.own_children = own_list;
	t.household.n_own_children = 1;
}

static void
lists_are_whole(void **state)
{
	(void)state;
	WITH(has_skills(1, COMMON__NEED_KIND__NEED_KIND_TRAUMA), FOSTER_OK);
	WITH(has_skills(2, COMMON__NEED_KIND__NEED_KIND_TRAUMA), FOSTER_OK);
	WITH(has_skills(2, COMMON__NEED_KIND__NEED_KIND_AUTISM), FOSTER_SKILL_TWICE);
	WITH(has_skills(2, COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED),
	    FOSTER_SKILL_INCOMPLETE);
	WITH(has_skills(1, COMMON__NEED_KIND__NEED_KIND_AUTISM);
	     SET(&skills[0], level, COMMON__LEVEL__LEVEL_UNSPECIFIED),
	     FOSTER_SKILL_INCOMPLETE);
#define ALONGSIDE(name) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##name
	WITH(will_not_take(ALONGSIDE(GIRLS), ALONGSIDE(PETS)), FOSTER_OK);
	WITH(will_not_take(ALONGSIDE(GIRLS), ALONGSIDE(GIRLS)), FOSTER_WILL_NOT_TAKE);
	WITH(will_not_take(ALONGSIDE(UNSPECIFIED), ALONGSIDE(GIRLS)),
	    FOSTER_WILL_NOT_TAKE);
	WITH(has_own(), FOSTER_OK);
	WITH(has_own(); own.has_age_years = 0, FOSTER_OWN_CHILD);
	WITH(has_own(); own.has_age_day = 0, FOSTER_OWN_CHILD);
	WITH(has_own(); SET(&own, age_day, TODAY + 1), FOSTER_OWN_CHILD);
	WITH(has_own(); SET(&own, sex, SEX(UNSPECIFIED)), FOSTER_OWN_CHILD);
}

#define EVERY_NEED COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD

/* As many as are allowed, and one more; no skill is said twice. */
static void
lists_have_an_end(void **state)
{
	static Common__Need many_skills[FOSTER_SKILLS_MAX + 1];
	static Common__Need *many_skills_list[FOSTER_SKILLS_MAX + 1];
	static Foster__OwnChild *many_own[FOSTER_OWN_CHILDREN_MAX + 1];
	static char codes[FOSTER_LANGUAGES_MAX + 1][3];
	static char *many_languages[FOSTER_LANGUAGES_MAX + 1];

	(void)state;
	for (size_t i = 0; i <= FOSTER_SKILLS_MAX; i++) {
		many_skills_list[i] = &many_skills[i];
		common__need__init(&many_skills[i]);
		SET(&many_skills[i], kind, (Common__NeedKind)(i + 1));
		SET(&many_skills[i], level, COMMON__LEVEL__LEVEL_HIGH);
	}
	for (size_t i = 0; i <= FOSTER_OWN_CHILDREN_MAX; i++)
		many_own[i] = &own;
	for (size_t i = 0; i <= FOSTER_LANGUAGES_MAX; i++) {
		snprintf(codes[i], sizeof codes[i], "a%c", (int)('a' + i));
		many_languages[i] = codes[i];
	}
#define MANY(list, all, n)                                                             \
	(t.household.list = (all), t.household.n_##list = (size_t)(n))
	WITH(MANY(skills, many_skills_list, EVERY_NEED), FOSTER_OK);
	WITH(MANY(skills, many_skills_list, FOSTER_SKILLS_MAX + 1), FOSTER_ROWS_MANY);
	WITH(MANY(own_children, many_own, FOSTER_OWN_CHILDREN_MAX), FOSTER_OK);
	WITH(MANY(own_children, many_own, FOSTER_OWN_CHILDREN_MAX + 1),
	    FOSTER_ROWS_MANY);
	WITH(MANY(languages, many_languages, FOSTER_LANGUAGES_MAX), FOSTER_OK);
	WITH(MANY(languages, many_languages, FOSTER_LANGUAGES_MAX + 1),
	    FOSTER_ROWS_MANY);
}

static void
named(size_t n)
{
	t.approval.named_child_ids = texts;
	t.approval.n_named_child_ids = n;
}

static void
kinship(size_t n)
{
	SET(&t.approval, kind, APPROVAL(FAMILY_AND_FRIENDS));
	named(n);
}

static void
parent_and_child(uint32_t age_max)
{
	SET(&t.approval, kind, APPROVAL(PARENT_AND_CHILD));
	SET(&t.approval, age_max_years, age_max);
}

static void
terms_are_possible(void **state)
{
	(void)state;
	WITH(SET(&t.approval, kind, APPROVAL(UNSPECIFIED)),
	    FOSTER_APPROVAL_KIND_MISSING);
	WITH(SET(&t.approval, children_max, 0), FOSTER_CHILDREN_MAX_RANGE);
	WITH(SET(&t.approval, children_max, 1), FOSTER_OK);
	WITH(SET(&t.approval, children_max, 7), FOSTER_CHILDREN_MAX_RANGE);
	WITH(t.approval.has_age_min_years = 0, FOSTER_AGES_MISSING);
	WITH(t.approval.has_age_max_years = 0, FOSTER_AGES_MISSING);
	WITH(SET(&t.approval, age_min_years, 17), FOSTER_OK);
	WITH(SET(&t.approval, age_min_years, 18), FOSTER_AGES_TURNED);
	WITH(SET(&t.approval, age_max_years, 18), FOSTER_AGE_ADULT);
	WITH(parent_and_child(25), FOSTER_OK);
	WITH(parent_and_child(26), FOSTER_AGE_ADULT);
	WITH(SET(&t.approval, takes_girls, false), FOSTER_OK);
	WITH(SET(&t.approval, takes_girls, false);
	     SET(&t.approval, takes_boys, false), FOSTER_SEX_MISSING);
	WITH(t.approval.has_approved_day = 0, FOSTER_APPROVED_DAY);
	WITH(SET(&t.approval, approved_day, TODAY), FOSTER_OK);
	WITH(SET(&t.approval, approved_day, TODAY + 1), FOSTER_APPROVED_DAY);
	WITH(named(1), FOSTER_NAMED_NEEDLESS);
	WITH(kinship(0), FOSTER_NAMED_MISSING);
	WITH(kinship(1), FOSTER_OK);
	WITH(kinship(FOSTER_ROWS_EACH_MAX), FOSTER_OK);
	WITH(kinship(FOSTER_ROWS_EACH_MAX + 1), FOSTER_NAMED_MISSING);
	WITH(kinship(2); texts[1] = texts[0], FOSTER_NAMED_MISSING);
}

/* ---- amending ---- */

static Foster__Household amended;
static Foster__Approval amended_terms;

static enum foster_refusal
amend(void)
{
	struct foster_home home;

	assert_int_equal(
	    foster_home_of(&arena, &t.shown, NULL, TODAY, &home), ERR_NONE);
	return foster_may_amend(&t.shown, &home, &amended);
}

static void
to_amend(const char *there, const char *held)
{
	fresh();
	test_people(&t, there, held, "");
	SET(&t.household, bedrooms, 4);
	amended = t.household;
	amended_terms = t.approval;
	amended.approval = &amended_terms;
}

static void
not_below_who_is_there(void **state)
{
	(void)state;
	to_amend("..", "g");
	assert_int_equal(amend(), FOSTER_OK);
	amended_terms.children_max = 3;
	assert_int_equal(amend(), FOSTER_OK);
	amended_terms.children_max = 2;
	assert_int_equal(amend(), FOSTER_BELOW_PLACES);
	amended_terms.children_max = 3;
	amended.bedrooms = 3;
	assert_int_equal(amend(), FOSTER_OK);
	amended.bedrooms = 2;
	assert_int_equal(amend(), FOSTER_BELOW_BEDROOMS);
}

static void
sharing_in_use_is_not_taken_away(void **state)
{
	(void)state;
	to_amend("AA", "");
	SET(&t.household, bedrooms, 1);
	SET(&t.household, siblings_may_share, true);
	amended.bedrooms = 1;
	assert_int_equal(amend(), FOSTER_BELOW_BEDROOMS);
	SET(&amended, siblings_may_share, true);
	assert_int_equal(amend(), FOSTER_OK);
}

/* What is over already may still have its name put right. */
static void
a_home_that_is_over_may_be_amended(void **state)
{
	(void)state;
	to_amend("......", "");
	t.approval.children_max = 3;
	amended_terms.children_max = 3;
	assert_int_equal(amend(), FOSTER_OK);
	amended_terms.children_max = 2;
	assert_int_equal(amend(), FOSTER_BELOW_PLACES);
}

static void
kinship_has_no_open_vacancy(void **state)
{
	Foster__Vacancy vacancy = FOSTER__VACANCY__INIT;

	(void)state;
	to_amend("", "");
	amended_terms.kind = APPROVAL(FAMILY_AND_FRIENDS);
	assert_int_equal(amend(), FOSTER_OK);
	t.shown.vacancy = &vacancy;
	assert_int_equal(amend(), FOSTER_OK);
	SET(&vacancy, is_open, true);
	assert_int_equal(amend(), FOSTER_KINSHIP_OPEN);
	to_amend("", "g");
	amended_terms.kind = APPROVAL(FAMILY_AND_FRIENDS);
	assert_int_equal(amend(), FOSTER_KINSHIP_OPEN);
}

/* ---- the rest ---- */

static void
only_fostering_providers(void **state)
{
	(void)state;
#define PROVIDER(name) (int)MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##name
	assert_true(foster_is_fostering(PROVIDER(COUNCIL_FOSTERING)));
	assert_true(foster_is_fostering(PROVIDER(FOSTERING_AGENCY)));
	assert_false(foster_is_fostering(PROVIDER(CHILDRENS_HOMES)));
	assert_false(foster_is_fostering(PROVIDER(SUPPORTED_ACCOMMODATION)));
	assert_false(foster_is_fostering(PROVIDER(UNSPECIFIED)));
}

static void
every_refusal_has_its_row(void **state)
{
	(void)state;
	for (int no = FOSTER_ROW_MISSING; no < FOSTER_REFUSALS_END; no++) {
		const struct refusal *row = foster_refusal((enum foster_refusal)no);
		assert_int_equal(row->sentence[strlen(row->sentence) - 1], '.');
		assert_int_equal(row->number, no);
		assert_non_null(row->sentence);
		assert_true(strlen(row->sentence) > 10);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_row_is_whole),
	    cmocka_unit_test(lists_are_whole),
	    cmocka_unit_test(lists_have_an_end),
	    cmocka_unit_test(terms_are_possible),
	    cmocka_unit_test(not_below_who_is_there),
	    cmocka_unit_test(sharing_in_use_is_not_taken_away),
	    cmocka_unit_test(a_home_that_is_over_may_be_amended),
	    cmocka_unit_test(kinship_has_no_open_vacancy),
	    cmocka_unit_test(only_fostering_providers),
	    cmocka_unit_test(every_refusal_has_its_row),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
