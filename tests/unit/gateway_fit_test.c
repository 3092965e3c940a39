/* What a need asks beside what a place's own records say: yes, no, or look yourself. */
#include "gateway/fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "gateway/language.h"
#include "support/memory.h"

#define TODAY 20778 /* 2026-11-21 */
#define NEED(name) COMMON__NEED_KIND__NEED_KIND_##name
#define LEVEL(name) COMMON__LEVEL__LEVEL_##name
#define SAFE(name) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##name
#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name

static char m14[] = "M14 5", m1[] = "M1 1", truro[] = "TR1 1", nowhere[] = "ZZ9 9";

/* A boy of eight, planned for in three days, and a household of one place near by. */
static struct {
	Requests__NeedCirculation need;
	Requests__ChildNeed child, second, *children[2];
	Common__Need high, *needs[1];
	Common__NotSafeWith not_safe_with[1];
	Common__CareType care_types[1];
	struct fit_place place;
	Common__NotSafeWith will_not_take[1];
} t;

static void
fresh(void)
{
	arena_reset(&arena);
	memset(&t, 0, sizeof t);
	requests__need_circulation__init(&t.need);
	requests__child_need__init(&t.child);
	common__need__init(&t.high);
	SET(&t.child, age_years, 8);
	SET(&t.child, age_day, TODAY - 10);
	SET(&t.child, sex, COMMON__SEX__SEX_MALE);
	SET(&t.high, kind, NEED(AUTISM));
	SET(&t.high, level, LEVEL(HIGH));
	t.needs[0] = &t.high;
	t.child.needs = t.needs;
	t.child.not_safe_with = t.not_safe_with;
	t.second = t.child;
	t.children[0] = &t.child;
	t.children[1] = &t.second;
	t.need.children = t.children;
	t.need.n_children = 1;
	t.need.care_types = t.care_types;
	t.need.home_sector = m14;
	SET(&t.need, urgency, REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(&t.need, needed_by_day, TODAY + 3);
	t.place = (struct fit_place){.care_type = CARE(FOSTER),
	    .sector = m1,
	    .age_min_years = 5,
	    .age_max_years = 12,
	    .takes_girls = true,
	    .takes_boys = true,
	    .free = 1,
	    .free_for_siblings = 1,
	    .will_not_take = t.will_not_take,
	    .available_from_day = TODAY};
}

/* The line about what is asked, after one change; its absence is a fact of "". */
static const struct fit_line *
line_for(const char *asked, uint32_t children)
{
	static const struct fit_line none = {FIT_CHECK, "", ""};
	static struct fit_line lines[FIT_LINES_MAX];
	size_t n = fit_lines(&arena, &t.need, children, &t.place, TODAY, lines);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(lines[i].asked, asked) == 0)
			return &lines[i];
	}
	return &none;
}

#define SAYS(change, what, how, words)                                                 \
	do {                                                                           \
		fresh();                                                               \
		change;                                                                \
		const struct fit_line *line_ = line_for(what, UINT32_MAX);             \
		assert_string_equal(line_->fact, words);                               \
		assert_int_equal(line_->fit, how);                                     \
	} while (0)
#define SILENT(change, what) SAYS(change, what, FIT_CHECK, "")

static void
two(void)
{
	t.need.n_children = 2;
	SET(&t.need, are_siblings, true);
	SET(&t.second, age_years, 5);
	SET(&t.second, sex, COMMON__SEX__SEX_FEMALE);
}

static void
ages_sexes_and_places(void **state)
{
	(void)state;
	SAYS((void)0, "Age 8", FIT_YES, "Approved for 5 to 12");
	SAYS(SET(&t.child, age_years, 13), "Age 13", FIT_NO, "Approved for 5 to 12");
	SAYS(SET(&t.child, age_years, 4), "Age 4", FIT_NO, "Approved for 5 to 12");
	/* As old as today, not as on the day it was counted. */
	SAYS(SET(&t.child, age_years, 12); SET(&t.child, age_day, TODAY - 366),
	     "Age 13", FIT_NO, "Approved for 5 to 12");
	SAYS(t.place.care_type = CARE(CHILDRENS_HOME), "Age 8", FIT_YES,
	    "Registered for 5 to 12");
	SAYS(two(), "Ages 5 to 8", FIT_YES, "Approved for 5 to 12");
	SAYS((void)0, "A boy", FIT_YES, "Takes girls and boys");
	SAYS(t.place.takes_boys = false, "A boy", FIT_NO, "Takes girls");
	SAYS(t.place.takes_girls = false, "A boy", FIT_YES, "Takes boys");
	SAYS(t.place.takes_girls = t.place.takes_boys = false, "A boy", FIT_NO,
	    "Takes nobody");
	SAYS(SET(&t.child, sex, COMMON__SEX__SEX_FEMALE), "A girl", FIT_YES,
	    "Takes girls and boys");
	SAYS(SET(&t.child, sex, COMMON__SEX__SEX_UNKNOWN); t.place.takes_girls = false,
	     "A child whose sex is not known", FIT_NO, "Takes boys");
	SAYS(two(), "Girls and boys", FIT_YES, "Takes girls and boys");
	SAYS(two(); SET(&t.second, sex, COMMON__SEX__SEX_MALE), "Boys", FIT_YES,
	     "Takes girls and boys");
	SAYS(two(); SET(&t.child, sex, COMMON__SEX__SEX_FEMALE), "Girls", FIT_YES,
	     "Takes girls and boys");
	SAYS((void)0, "1 place", FIT_YES, "1 free now");
	SAYS(t.place.free = 0, "1 place", FIT_NO, "0 free now");
	SAYS(two(), "2 places, together", FIT_NO, "1 free for one sibling group");
	SAYS(two(); t.place.free_for_siblings = 2, "2 places, together", FIT_YES,
	     "2 free for one sibling group");
	SAYS(two(); SET(&t.need, are_siblings, false);
	     t.place.free = 2, "2 places", FIT_YES, "2 free now");
}

static void
only_the_children_it_is_for_are_asked_about(void **state)
{
	struct fit_line lines[FIT_LINES_MAX];

	(void)state;
	fresh();
	two();
	assert_string_equal(line_for("Age 5", 2)->fact, "Approved for 5 to 12");
	assert_string_equal(line_for("1 place", 2)->fact, "1 free now");
	assert_int_equal(fit_lines(&arena, &t.need, 0, &t.place, TODAY, lines), 0);
}

static void
when_and_how_far(void **state)
{
	(void)state;
	SAYS((void)0, "By Tuesday 24 November", FIT_YES, "Available from today");
	SAYS(t.place.available_from_day = TODAY + 4, "By Tuesday 24 November", FIT_NO,
	    "Available from Wednesday 25 November");
	/* Overdue is needed now. */
	SAYS(SET(&t.need, needed_by_day, TODAY - 4), "By today", FIT_YES,
	    "Available from today");
	SILENT((void)0, "In an emergency");
	SAYS(SET(&t.need, urgency, REQUESTS__URGENCY__URGENCY_EMERGENCY),
	    "In an emergency", FIT_NO, "Not recorded as taking emergencies");
	SAYS(SET(&t.need, urgency, REQUESTS__URGENCY__URGENCY_EMERGENCY);
	     t.place.takes_emergencies = true, "In an emergency", FIT_YES,
	     "Takes emergencies");
	SILENT((void)0, "Within 20 miles");
	SAYS(SET(&t.need, miles_max, 20), "Within 20 miles", FIT_YES, "About 2 miles");
	SAYS(SET(&t.need, miles_max, 20);
	     t.place.sector = truro, "Within 20 miles", FIT_NO, "About 251 miles");
	SAYS(SET(&t.need, miles_max, 2), "Within 2 miles", FIT_CHECK, "About 2 miles");
	SAYS(SET(&t.need, miles_max, 20); t.place.sector = nowhere, "Within 20 miles",
	     FIT_CHECK, "How far it is, is not known here");
	SAYS(SET(&t.need, miles_max, 20); t.need.home_sector = NULL, "Within 20 miles",
	     FIT_CHECK, "How far it is, is not known here");
	SILENT((void)0, "Foster care");
	SAYS(t.need.n_care_types = 1;
	     t.care_types[0] = CARE(FOSTER), "Foster care", FIT_YES, "Foster care");
	SAYS(t.need.n_care_types = 1; t.care_types[0] = CARE(CHILDRENS_HOME),
	     "Children\u2019s home", FIT_NO, "Foster care");
}

static void
needs_at_a_high_level(void **state)
{
	static const char what[] = "Autism, at a high level";

	(void)state;
	SILENT((void)0, what);
	SILENT(t.child.n_needs = 1; SET(&t.high, level, LEVEL(MEDIUM)), what);
	SAYS(t.child.n_needs = 1, what, FIT_NO, "Not recorded");
	SAYS(t.child.n_needs = 1; t.place.met[NEED(AUTISM)] = LEVEL(MEDIUM), what,
	     FIT_NO, "Recorded at a medium level");
	SAYS(t.child.n_needs = 1; t.place.met[NEED(AUTISM)] = LEVEL(HIGH);
	     t.place.is_proved[NEED(AUTISM)] = true, what, FIT_YES,
	     "Recorded at a high level");
	SAYS(t.child.n_needs = 1; t.place.met[NEED(AUTISM)] = LEVEL(HIGH), what,
	     FIT_CHECK, "Claimed, with no evidence but the home\u2019s own word");
}

static void
whom_the_child_would_live_with(void **state)
{
#define NOT_WITH(name)                                                                 \
	t.child.n_not_safe_with = 1;                                                   \
	t.not_safe_with[0] = SAFE(name)
	(void)state;
	SAYS(NOT_WITH(PETS), "Not with pets", FIT_YES, "No pets");
	SAYS(NOT_WITH(PETS);
	     t.place.has_pets = true, "Not with pets", FIT_NO, "There are pets");
	SAYS(NOT_WITH(ANY_CHILD), "With no other child", FIT_YES,
	    "No child lives there now");
	SAYS(NOT_WITH(ANY_CHILD); t.place.living = 1, "With no other child", FIT_NO,
	     "1 child lives there now");
	SAYS(NOT_WITH(YOUNGER_CHILDREN); t.place.living = 2,
	     "Not with younger children", FIT_CHECK,
	     "2 children live there now: look who they are");
	SAYS(NOT_WITH(OLDER_CHILDREN), "Not with older children", FIT_YES,
	    "No child lives there now");
	SAYS(NOT_WITH(GIRLS); t.place.living = 1, "Not with girls", FIT_CHECK,
	     "1 child lives there now: look who they are");
	SAYS(NOT_WITH(BOYS), "Not with boys", FIT_YES, "No child lives there now");
}

static void
whom_the_place_will_not_take(void **state)
{
#define WILL_NOT(name)                                                                 \
	t.place.will_not_take_n = 1;                                                   \
	t.will_not_take[0] = SAFE(name)
	(void)state;
	SILENT(WILL_NOT(GIRLS), "A girl");
	SAYS(WILL_NOT(BOYS);
	     t.place.takes_boys = false, "A boy", FIT_NO, "Takes girls");
	SAYS(WILL_NOT(ANY_CHILD); t.place.living = 1, "Living with others", FIT_NO,
	     "You said: one child alone");
	SAYS(WILL_NOT(ANY_CHILD);
	     two(), "Living with others", FIT_NO, "You said: one child alone");
	SILENT(WILL_NOT(ANY_CHILD), "Living with others");
	SAYS(WILL_NOT(YOUNGER_CHILDREN); t.place.living = 1, "Beside who lives there",
	     FIT_CHECK, "You said: nobody younger");
	SAYS(WILL_NOT(OLDER_CHILDREN); t.place.living = 1, "Beside who lives there",
	     FIT_CHECK, "You said: nobody older");
	SILENT(WILL_NOT(OLDER_CHILDREN), "Beside who lives there");
	SILENT(WILL_NOT(PETS); t.place.living = 1, "Beside who lives there");
}

/* ---- a place from its rows ---- */

static void
a_household_is_read(void **state)
{
	Foster__Household row = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval terms = FOSTER__APPROVAL__INIT;
	Foster__HouseholdStanding now = FOSTER__HOUSEHOLD_STANDING__INIT;
	Foster__Places places = FOSTER__PLACES__INIT;
	Foster__Vacancy vacancy = FOSTER__VACANCY__INIT;
	Foster__OwnChild own = FOSTER__OWN_CHILD__INIT, *owns[1] = {&own};
	Common__Need *skills[1] = {&t.high};
	struct fit_place place;

	(void)state;
	fresh();
	row.home_sector = m1;
	row.skills = skills;
	row.n_skills = 1;
	row.own_children = owns;
	row.n_own_children = 1;
	SET(&own, age_years, 17);
	SET(&own, age_day, TODAY);
	SET(&row, has_pets, true);
	fit_of_household(&row, NULL, TODAY, &place);
	assert_int_equal(place.care_type, CARE(FOSTER));
	assert_int_equal(place.living, 1);
	assert_int_equal(place.free, 0);
	assert_false(place.takes_girls);
	assert_true(place.has_pets && place.is_proved[NEED(AUTISM)]);
	assert_int_equal(place.met[NEED(AUTISM)], LEVEL(HIGH));
	assert_int_equal(place.available_from_day, TODAY);

	row.approval = &terms;
	SET(&terms, age_max_years, 12);
	SET(&terms, takes_girls, true);
	now.places = &places;
	SET(&places, free, 1);
	SET(&places, free_for_siblings, 2);
	SET(&places, filled, 1);
	now.vacancy = &vacancy;
	SET(&vacancy, available_from_day, TODAY + 5);
	fit_of_household(&row, &now, TODAY, &place);
	assert_int_equal(place.free, 1);
	assert_int_equal(place.free_for_siblings, 2);
	assert_int_equal(place.living, 2);
	assert_int_equal(place.age_max_years, 12);
	assert_true(place.takes_girls);
	assert_int_equal(place.available_from_day, TODAY + 5);
	fit_of_household(&row, &now, TODAY + 365, &place); /* grown up by then */
	assert_int_equal(place.living, 1);
	assert_int_equal(place.available_from_day, TODAY + 365);
}

static void
a_home_is_read(void **state)
{
	Residential__Home row = RESIDENTIAL__HOME__INIT;
	Residential__HomeStanding now = RESIDENTIAL__HOME_STANDING__INIT;
	Residential__Beds beds = RESIDENTIAL__BEDS__INIT;
	Residential__Capability can = RESIDENTIAL__CAPABILITY__INIT, *cans[1] = {&can};
	struct fit_place place;

	(void)state;
	fresh();
	row.capabilities = cans;
	row.n_capabilities = 1;
	SET(&row, care_type, CARE(CHILDRENS_HOME));
	fit_of_home(&row, NULL, TODAY, &place); /* of what need is not said */
	assert_int_equal(place.free, 0);
	can.need = &t.high;
	SET(&can, evidence, RESIDENTIAL__EVIDENCE__EVIDENCE_STATEMENT_OF_PURPOSE);
	now.beds = &beds;
	SET(&beds, free, 1);
	SET(&beds, reserved, 2);
	SET(&beds, occupied, 3);
	fit_of_home(&row, &now, TODAY, &place);
	assert_int_equal(place.free, 3);
	assert_int_equal(place.free_for_siblings, 3);
	assert_int_equal(place.living, 3);
	assert_int_equal(place.met[NEED(AUTISM)], LEVEL(HIGH));
	assert_false(place.is_proved[NEED(AUTISM)]);
	SET(&can, evidence, RESIDENTIAL__EVIDENCE__EVIDENCE_STAFF_TRAINED);
	fit_of_home(&row, &now, TODAY, &place);
	assert_true(place.is_proved[NEED(AUTISM)]);
}

/* More kinds than there are lines for: no line beyond them. */
static void
no_more_lines_than_there_is_room_for(void **state)
{
	static Common__Need kinds[FIT_NEEDS], *list[FIT_NEEDS];
	static Common__NotSafeWith wishes[FIT_LINES_MAX];
	struct fit_line lines[FIT_LINES_MAX];

	(void)state;
	fresh();
	for (unsigned i = 0; i < FIT_NEEDS; i++) {
		common__need__init(&kinds[i]);
		SET(&kinds[i], kind, (Common__NeedKind)i);
		SET(&kinds[i], level, LEVEL(HIGH));
		list[i] = &kinds[i];
	}
	t.child.needs = list;
	t.child.n_needs = FIT_NEEDS;
	for (size_t i = 0; i < FIT_LINES_MAX; i++)
		wishes[i] = SAFE(BOYS);
	t.place.will_not_take = wishes;
	t.place.will_not_take_n = FIT_LINES_MAX;
	assert_int_equal(
	    fit_lines(&arena, &t.need, 1, &t.place, TODAY, lines), FIT_LINES_MAX);
}

static void
languages_have_names(void **state)
{
	(void)state;
	assert_string_equal(language_name("en"), "English");
	assert_string_equal(language_name("ur"), "Urdu");
	assert_null(language_name("xx"));
	assert_null(language_name(NULL));
	for (size_t i = 2; i < languages_n; i++) {
		assert_int_equal(strlen(languages[i].code), 2);
		assert_true(strcmp(languages[i - 1].name, languages[i].name) < 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ages_sexes_and_places),
	    cmocka_unit_test(only_the_children_it_is_for_are_asked_about),
	    cmocka_unit_test(when_and_how_far),
	    cmocka_unit_test(needs_at_a_high_level),
	    cmocka_unit_test(whom_the_child_would_live_with),
	    cmocka_unit_test(whom_the_place_will_not_take),
	    cmocka_unit_test(a_household_is_read),
	    cmocka_unit_test(a_home_is_read),
	    cmocka_unit_test(no_more_lines_than_there_is_room_for),
	    cmocka_unit_test(languages_have_names),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
