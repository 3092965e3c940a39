/* Occupants, places withheld, exemptions, vacancies: what may be recorded. */
#include "foster/household.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/foster_home.h"

static struct test_home t;
static char *texts[FOSTER_ROWS_EACH_MAX + 2];

static void
fresh(void)
{
	test_make(&t);
	for (size_t i = 0; i < FOSTER_ROWS_EACH_MAX + 2; i++)
		texts[i] = str_format(&arena, "x%zu", i);
}

/* ---- occupants ---- */

static Foster__Occupant occupant;

#define RECORD(change, no)                                                             \
	do {                                                                           \
		fresh();                                                               \
		foster__occupant__init(&occupant);                                     \
		SET(&occupant, kind, KIND(PLACED_OUTSIDE));                            \
		SET(&occupant, age_years, 9);                                          \
		SET(&occupant, age_day, TODAY);                                        \
		SET(&occupant, sex, SEX(MALE));                                        \
		SET(&occupant, from_day, TODAY);                                       \
		change;                                                                \
		assert_int_equal(foster_may_record(&t.shown, &occupant, TODAY), no);   \
	} while (0)

static void
kind_and_age(Foster__OccupantKind kind, uint32_t age, int32_t age_day)
{
	SET(&occupant, kind, kind);
	SET(&occupant, age_years, age);
	SET(&occupant, age_day, age_day);
}

static void
of_child(const char *id)
{
	test_people(&t, ".", "", "");
	occupant.child_id = str_copy(&arena, id);
}

static void
occupants_are_possible(void **state)
{
	(void)state;
	RECORD((void)0, FOSTER_OK);
	RECORD(SET(&occupant, kind, KIND(UNSPECIFIED)), FOSTER_OCCUPANT_KIND);
	RECORD(SET(&occupant, kind, KIND(PLACED_HERE)), FOSTER_OCCUPANT_PLACED_HERE);
	RECORD(occupant.request_id = texts[0], FOSTER_OCCUPANT_PLACED_HERE);
	RECORD(occupant.placement_id = texts[0], FOSTER_OCCUPANT_PLACED_HERE);
	RECORD(occupant.occupant_id = texts[0], FOSTER_ID_GIVEN);
	RECORD(occupant.has_age_years = 0, FOSTER_OCCUPANT_AGE);
	RECORD(occupant.has_age_day = 0, FOSTER_OCCUPANT_AGE);
	RECORD(SET(&occupant, age_day, TODAY + 1), FOSTER_OCCUPANT_AGE);
	RECORD(SET(&occupant, sex, SEX(UNSPECIFIED)), FOSTER_OCCUPANT_AGE);
	RECORD(kind_and_age(KIND(PRIVATELY_FOSTERED), 17, TODAY), FOSTER_OK);
	RECORD(
	    kind_and_age(KIND(PRIVATELY_FOSTERED), 18, TODAY), FOSTER_OCCUPANT_CHILD);
	RECORD(
	    kind_and_age(KIND(PLACED_OUTSIDE), 17, TODAY - 365), FOSTER_OCCUPANT_CHILD);
	RECORD(kind_and_age(KIND(STAYING_PUT), 17, TODAY), FOSTER_OCCUPANT_ADULT);
	RECORD(kind_and_age(KIND(STAYING_PUT), 18, TODAY), FOSTER_OK);
	RECORD(kind_and_age(KIND(STAYING_PUT), 17, TODAY - 365), FOSTER_OK);
	RECORD(kind_and_age(KIND(STAYING_PUT), 25, TODAY), FOSTER_OK);
	RECORD(kind_and_age(KIND(STAYING_PUT), 26, TODAY), FOSTER_OCCUPANT_ADULT);
	RECORD(occupant.has_from_day = 0, FOSTER_OCCUPANT_DAYS);
	RECORD(SET(&occupant, from_day, TODAY + 1), FOSTER_OCCUPANT_DAYS);
	/* Nine today: born ten years ago at the earliest. */
	RECORD(SET(&occupant, from_day, TODAY - 9 * 365), FOSTER_OK);
	RECORD(SET(&occupant, from_day, TODAY - 11 * 366), FOSTER_OCCUPANT_DAYS);
	RECORD(SET(&occupant, expected_end_day, TODAY), FOSTER_OK);
	RECORD(SET(&occupant, expected_end_day, TODAY - 1), FOSTER_OCCUPANT_DAYS);
	RECORD(of_child("t0"), FOSTER_OCCUPANT_THERE);
	RECORD(of_child("t1"), FOSTER_OK);
	/* A fourth child placed from outside is a fact, and recorded. */
	RECORD(test_people(&t, "...", "", ""), FOSTER_OK);
	RECORD(test_people(&t, "...........", "", ""), FOSTER_OK);
	RECORD(test_people(&t, "............", "", ""), FOSTER_ROWS_MANY);
}

static void
occupants_end(void **state)
{
	Foster__EndOccupant call = FOSTER__END_OCCUPANT__INIT;

	(void)state;
	RECORD((void)0, FOSTER_OK);
	SET(&occupant, from_day, TODAY - 5);
	assert_int_equal(
	    foster_may_end_occupant(&occupant, &call, TODAY), FOSTER_END_DAY_MISSING);
	SET(&call, end_day, TODAY);
	assert_int_equal(foster_may_end_occupant(&occupant, &call, TODAY), FOSTER_OK);
	SET(&call, end_day, TODAY + 1);
	assert_int_equal(
	    foster_may_end_occupant(&occupant, &call, TODAY), FOSTER_END_DAY_AHEAD);
	SET(&call, end_day, TODAY - 5);
	assert_int_equal(foster_may_end_occupant(&occupant, &call, TODAY), FOSTER_OK);
	SET(&call, end_day, TODAY - 6);
	assert_int_equal(
	    foster_may_end_occupant(&occupant, &call, TODAY), FOSTER_END_DAY_EARLY);
	SET(&call, end_day, TODAY);
	SET(&occupant, kind, KIND(PLACED_HERE));
	assert_int_equal(foster_may_end_occupant(&occupant, &call, TODAY),
	    FOSTER_OCCUPANT_PLACED_HERE);
}

/* ---- places withheld, exemptions, the vacancy ---- */

static enum foster_refusal
withhold(uint32_t places, int32_t from, int32_t until, int32_t *from_day)
{
	Foster__WithholdPlaces call = FOSTER__WITHHOLD_PLACES__INIT;

	SET(&call, places, places);
	SET(&call, reason, FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK);
	if (from != 0)
		SET(&call, from_day, from);
	if (until != 0)
		SET(&call, until_day, until);
	return foster_may_withhold(&t.shown, &call, TODAY, from_day);
}

static void
withheld_is_within_the_approval(void **state)
{
	Foster__WithholdPlaces call = FOSTER__WITHHOLD_PLACES__INIT;
	int32_t from = 0;

	(void)state;
	fresh();
	SET(&call, places, 1);
	assert_int_equal(
	    foster_may_withhold(&t.shown, &call, TODAY, &from), FOSTER_WITHHELD_REASON);
	SET(&t.approval, children_max, 3);
	assert_int_equal(withhold(0, 0, 0, &from), FOSTER_WITHHELD_PLACES);
	assert_int_equal(withhold(3, 0, 0, &from), FOSTER_OK);
	assert_int_equal(from, TODAY);
	assert_int_equal(withhold(4, 0, 0, &from), FOSTER_WITHHELD_PLACES);
	assert_int_equal(withhold(1, TODAY + 9, 0, &from), FOSTER_OK);
	assert_int_equal(from, TODAY + 9);
	assert_int_equal(withhold(1, TODAY, TODAY, &from), FOSTER_PERIOD);
	assert_int_equal(withhold(1, TODAY, TODAY + 1, &from), FOSTER_OK);
	assert_int_equal(withhold(1, TODAY - 9, TODAY, &from), FOSTER_PERIOD);
	/* Two are withheld for ten days: one more, unless it is for other days. */
	test_withhold(&t, 2);
	SET(&t.withheld, until_day, TODAY + 10);
	assert_int_equal(withhold(1, 0, 0, &from), FOSTER_OK);
	assert_int_equal(withhold(2, 0, 0, &from), FOSTER_WITHHELD_PLACES);
	assert_int_equal(withhold(3, TODAY + 10, 0, &from), FOSTER_OK);
	SET(&t.withheld, from_day, TODAY + 4);
	assert_int_equal(withhold(3, TODAY, TODAY + 4, &from), FOSTER_OK);
	assert_int_equal(withhold(3, TODAY, TODAY + 5, &from), FOSTER_WITHHELD_PLACES);
}

/* Twelve that run or are to come; what is over is history, and takes no row away. */
static void
rows_that_count_are_counted(void **state)
{
	static const struct {
		size_t running, over;
		enum foster_refusal no;
	} lists[] = {
	    {11, 0, FOSTER_OK},
	    {11, 5, FOSTER_OK},
	    {12, 0, FOSTER_ROWS_MANY},
	    {12, 5, FOSTER_ROWS_MANY},
	};
	Foster__GrantExemption grant = FOSTER__GRANT_EXEMPTION__INIT;
	static Foster__Withheld withheld[2], *withheld_list[17];
	static Foster__Exemption exempt[2], *exempt_list[17];
	int32_t from = 0;

	(void)state;
	fresh();
	grant.child_ids = texts;
	grant.n_child_ids = 1;
	for (size_t i = 0; i < 2; i++) {
		foster__withheld__init(&withheld[i]);
		foster__exemption__init(&exempt[i]);
		SET(&withheld[i], from_day, TODAY - 9);
		SET(&withheld[i], until_day, i == 0 ? TODAY + 1 : TODAY);
		SET(&exempt[i], from_day, TODAY - 9);
		SET(&exempt[i], until_day, i == 0 ? TODAY + 1 : TODAY);
	}
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		size_t n = lists[i].running + lists[i].over;
		for (size_t j = 0; j < n; j++) {
			withheld_list[j] = &withheld[j >= lists[i].running];
			exempt_list[j] = &exempt[j >= lists[i].running];
		}
		t.shown.withheld = withheld_list;
		t.shown.exemptions = exempt_list;
		t.shown.n_withheld = t.shown.n_exemptions = n;
		assert_int_equal(withhold(1, 0, 0, &from), lists[i].no);
		assert_int_equal(
		    foster_may_exempt(&t.shown, &grant, AREA, TODAY, &from),
		    lists[i].no);
	}
}

static void
exemptions_are_the_area_councils(void **state)
{
	Foster__GrantExemption call = FOSTER__GRANT_EXEMPTION__INIT;
	int32_t from = 0;

	(void)state;
	fresh();
	call.child_ids = texts;
	call.n_child_ids = 4;
#define EXEMPT(council) foster_may_exempt(&t.shown, &call, council, TODAY, &from)
	assert_int_equal(EXEMPT(AREA), FOSTER_OK);
	assert_int_equal(from, TODAY);
	assert_int_equal(EXEMPT("E08000009"), FOSTER_NOT_AREA_COUNCIL);
	call.n_child_ids = 0;
	assert_int_equal(EXEMPT(AREA), FOSTER_EXEMPTION_CHILDREN);
	call.n_child_ids = FOSTER_ROWS_EACH_MAX + 1;
	assert_int_equal(EXEMPT(AREA), FOSTER_EXEMPTION_CHILDREN);
	call.n_child_ids = 2;
	texts[1] = texts[0];
	assert_int_equal(EXEMPT(AREA), FOSTER_EXEMPTION_CHILDREN);
	call.n_child_ids = 1;
	SET(&call, until_day, TODAY);
	assert_int_equal(EXEMPT(AREA), FOSTER_PERIOD);
	SET(&call, until_day, TODAY + 1);
	assert_int_equal(EXEMPT(AREA), FOSTER_OK);
	SET(&call, from_day, TODAY + 1);
	assert_int_equal(EXEMPT(AREA), FOSTER_PERIOD);
}

static void
exemptions_end_from_today(void **state)
{
	Foster__EndExemption call = FOSTER__END_EXEMPTION__INIT;
	int32_t until = 0;

	(void)state;
	fresh();
	test_exempt(&t, EVERYBODY);
#define END(council)                                                                   \
	foster_may_end_exemption(&t.exemption, &call, council, TODAY, &until)
	assert_int_equal(END(AREA), FOSTER_OK);
	assert_int_equal(until, TODAY);
	assert_int_equal(END("E08000009"), FOSTER_NOT_AREA_COUNCIL);
	SET(&call, until_day, TODAY - 1);
	assert_int_equal(END(AREA), FOSTER_EXEMPTION_END);
	SET(&call, until_day, TODAY + 30);
	assert_int_equal(END(AREA), FOSTER_OK);
	assert_int_equal(until, TODAY + 30);
	SET(&t.exemption, until_day, TODAY + 29);
	assert_int_equal(END(AREA), FOSTER_EXEMPTION_END);
	SET(&call, until_day, TODAY + 29);
	assert_int_equal(END(AREA), FOSTER_OK);
	/* One that is over is not lengthened to today. */
	call.has_until_day = 0;
	SET(&t.exemption, until_day, TODAY - 1);
	assert_int_equal(END(AREA), FOSTER_EXEMPTION_END);
}

static void
kinship_is_never_a_vacancy(void **state)
{
	static const struct {
		Foster__ApprovalKind kind;
		enum foster_refusal no;
	} rows[] = {
	    {APPROVAL(MAINSTREAM), FOSTER_OK},
	    {APPROVAL(SHORT_BREAK), FOSTER_OK},
	    {APPROVAL(PARENT_AND_CHILD), FOSTER_OK},
	    {APPROVAL(FAMILY_AND_FRIENDS), FOSTER_VACANCY_KINSHIP},
	};
	Foster__OpenVacancy call = FOSTER__OPEN_VACANCY__INIT;
	int32_t from = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fresh();
		SET(&t.approval, kind, rows[i].kind);
		assert_int_equal(
		    foster_may_open(&t.household, &call, TODAY, &from), rows[i].no);
	}
	fresh();
	assert_int_equal(foster_may_open(&t.household, &call, TODAY, &from), FOSTER_OK);
	assert_int_equal(from, TODAY);
	SET(&call, available_from_day, TODAY);
	assert_int_equal(foster_may_open(&t.household, &call, TODAY, &from), FOSTER_OK);
	SET(&call, available_from_day, TODAY - 1);
	assert_int_equal(
	    foster_may_open(&t.household, &call, TODAY, &from), FOSTER_VACANCY_DAY);
	SET(&call, available_from_day, TODAY + 366);
	assert_int_equal(foster_may_open(&t.household, &call, TODAY, &from), FOSTER_OK);
	assert_int_equal(from, TODAY + 366);
	SET(&call, available_from_day, TODAY + 367);
	assert_int_equal(
	    foster_may_open(&t.household, &call, TODAY, &from), FOSTER_VACANCY_DAY);
}

/* A household of three: one to three at a time, or all that are free. */
static void
open_places_are_within_the_approval(void **state)
{
	static const struct {
		bool is_said;
		uint32_t places;
		enum foster_refusal no;
	} rows[] = {
	    {false, 0, FOSTER_OK},
	    {true, 0, FOSTER_OPEN_PLACES_NONE},
	    {true, 1, FOSTER_OK},
	    {true, 3, FOSTER_OK},
	    {true, 4, FOSTER_OPEN_PLACES_MANY},
	    {true, UINT32_MAX, FOSTER_OPEN_PLACES_MANY},
	};
	int32_t from = 0;

	(void)state;
	fresh();
	SET(&t.approval, children_max, 3);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;
		Foster__SetOpenPlaces set = FOSTER__SET_OPEN_PLACES__INIT;
		if (rows[i].is_said) {
			SET(&open, open_places, rows[i].places);
			SET(&set, open_places, rows[i].places);
		}
		assert_int_equal(
		    foster_may_open(&t.household, &open, TODAY, &from), rows[i].no);
		assert_int_equal(
		    foster_may_set_open_places(&t.household, &set), rows[i].no);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(occupants_are_possible),
	    cmocka_unit_test(occupants_end),
	    cmocka_unit_test(withheld_is_within_the_approval),
	    cmocka_unit_test(rows_that_count_are_counted),
	    cmocka_unit_test(exemptions_are_the_area_councils),
	    cmocka_unit_test(exemptions_end_from_today),
	    cmocka_unit_test(kinship_is_never_a_vacancy),
	    cmocka_unit_test(open_places_are_within_the_approval),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
