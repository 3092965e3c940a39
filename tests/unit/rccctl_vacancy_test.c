/* Vacancies of either owner in the words of one table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/message.h"
#include "rccctl/vacancy.h"

static struct tool tool;

static int
set_up(void **state)
{
	(void)state;
	return arena_open(&tool.arena, 1 << 20) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_close(&tool.arena);
	return 0;
}

static void
who_is_taken_reads_as_a_person_says_it(void **state)
{
	struct arena *a = &tool.arena;

	(void)state;
	assert_string_equal(
	    "girls and boys of 5 to 12", vacancy_takes(a, true, true, 5, 12));
	assert_string_equal("girls of 0 to 17", vacancy_takes(a, true, false, 0, 17));
	assert_string_equal("boys of 16 to 17", vacancy_takes(a, false, true, 16, 17));
	assert_string_equal("nobody of 0 to 0", vacancy_takes(a, false, false, 0, 0));
	assert_string_equal("5-12 both", vacancy_takes_short(a, true, true, 5, 12));
	assert_string_equal("0-4 girls", vacancy_takes_short(a, true, false, 0, 4));
}

static void
every_kind_of_care_has_a_short_word(void **state)
{
	const ProtobufCEnumDescriptor *types = &common__care_type__descriptor;
	static const char *const words[] = {
	    "?", "foster", "home", "supported", "secure"};

	(void)state;
	assert_int_equal(types->n_values, sizeof words / sizeof words[0]);
	for (unsigned i = 0; i < types->n_values; i++)
		assert_string_equal(
		    words[i], vacancy_type((Common__CareType)types->values[i].value));
}

static void
a_home_says_how_its_beds_stand(void **state)
{
	static char id[] = "01k9j3v5x2m8q4r7t6p2weh0ab", sector[] = "M6 5";
	Residential__Vacancy v = RESIDENTIAL__VACANCY__INIT;
	Residential__Beds beds = RESIDENTIAL__BEDS__INIT;
	struct vacancy said;

	(void)state;
	SET(&beds, registered, 6);
	SET(&beds, staffed, 5);
	SET(&beds, occupied, 2);
	SET(&beds, reserved, 1);
	SET(&beds, free, 2);
	v.vacancy_id = v.home_id = id;
	v.home_sector = sector;
	SET(&v, care_type, COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME);
	SET(&v, age_min_years, 10);
	SET(&v, age_max_years, 15);
	SET(&v, takes_boys, true);
	SET(&v, fee_pence_week, 560000);
	v.beds = &beds;
	said = vacancy_of_home(&tool, &v);
	assert_string_equal("6 registered, 5 staffed, 2 occupied, 0 held, 1 reserved, "
			    "0 closed: 2 free",
	    said.places);
	assert_string_equal("2", said.free);
	assert_string_equal("10-15 boys", said.takes_short);
	assert_string_equal("home", said.type);
	assert_string_equal("Home", said.place);
	assert_string_equal("£5,600.00", said.fee);
	assert_null(said.from);
	assert_null(said.confirmed);
	assert_false(said.is_open);
}

static void
what_was_not_said_is_not_made_up(void **state)
{
	Foster__Vacancy household = FOSTER__VACANCY__INIT;
	Residential__Vacancy home = RESIDENTIAL__VACANCY__INIT;

	(void)state;
	assert_string_equal("not said", vacancy_of_household(&tool, &household).takes);
	assert_string_equal("not said", vacancy_of_household(&tool, &household).places);
	assert_null(vacancy_of_household(&tool, &household).free);
	assert_string_equal("not said", vacancy_of_home(&tool, &home).places);
	assert_null(vacancy_of_home(&tool, &home).free);
	assert_null(vacancy_of_home(&tool, &home).fee);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_is_taken_reads_as_a_person_says_it),
	    cmocka_unit_test(every_kind_of_care_has_a_short_word),
	    cmocka_unit_test(a_home_says_how_its_beds_stand),
	    cmocka_unit_test(what_was_not_said_is_not_made_up),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
