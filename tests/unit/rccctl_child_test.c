/* One child on one line of the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/day.h"
#include "rccctl/child.h"

static struct arena a;

static int
set_up(void **state)
{
	(void)state;
	return arena_open(&a, 1 << 20) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_close(&a);
	return 0;
}

static void
a_whole_child_is_read(void **state)
{
	int32_t today = day_make(2026, 11, 21);
	struct check_problem why;
	Requests__ChildNeed c;

	(void)state;
	assert_true(child_read(&a,
	    "age=7,sex=female,needs=trauma:medium+goes-missing:low,not-safe-with=boys+"
	    "pets,"
	    "language=en+ur,ethnicity=mixed,religion=none",
	    today, &c, &why));
	assert_int_equal(7, c.age_years);
	assert_int_equal(today, c.age_day);
	assert_int_equal(COMMON__SEX__SEX_FEMALE, c.sex);
	assert_int_equal(2, c.n_needs);
	assert_int_equal(COMMON__NEED_KIND__NEED_KIND_TRAUMA, c.needs[0]->kind);
	assert_int_equal(COMMON__LEVEL__LEVEL_MEDIUM, c.needs[0]->level);
	assert_int_equal(COMMON__NEED_KIND__NEED_KIND_GOES_MISSING, c.needs[1]->kind);
	assert_int_equal(COMMON__LEVEL__LEVEL_LOW, c.needs[1]->level);
	assert_int_equal(2, c.n_not_safe_with);
	assert_int_equal(COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_BOYS, c.not_safe_with[0]);
	assert_int_equal(COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS, c.not_safe_with[1]);
	assert_int_equal(2, c.n_languages);
	assert_string_equal("ur", c.languages[1]);
	assert_int_equal(COMMON__ETHNICITY__ETHNICITY_MIXED, c.ethnicity);
	assert_string_equal(
	    "a girl of 7 (on 21 Nov 2026): trauma medium, goes missing low; not "
	    "safe with boys, pets; speaks en, ur; mixed; religion none",
	    child_say(&a, &c));
}

static void
what_is_not_said_is_not_set(void **state)
{
	struct check_problem why;
	Requests__ChildNeed c;

	(void)state;
	assert_true(child_read(&a, "sex=male", 0, &c, &why));
	assert_false(c.has_age_years);
	assert_false(c.has_age_day);
	assert_false(c.has_ethnicity);
	assert_int_equal(0, c.n_needs);
	assert_string_equal("a boy: no need recorded", child_say(&a, &c));
}

static void
a_wrong_part_is_named(void **state)
{
	static const struct {
		const char *text;
		const char *field;
	} bad[] = {
	    {"", ""},
	    {"age", ""},
	    {"age=7,", ""},
	    {"colour=red", ""},
	    {"age=seven", "age_years"},
	    {"age=-1", "age_years"},
	    {"age=4294967296", "age_years"},
	    {"age=7,age=8", "age_years"},
	    {"needs=trauma:low,needs=autism:low", "needs"},
	    {"sex=girl", "sex"},
	    {"needs=trauma", "needs"},
	    {"needs=sadness:low", "needs"},
	    {"needs=trauma:extreme", "level"},
	    {"needs=trauma:low+", "needs"},
	    {"not-safe-with=wolves", "not_safe_with"},
	};
	struct check_problem why;
	Requests__ChildNeed c;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(child_read(&a, bad[i].text, 0, &c, &why));
		assert_string_equal(bad[i].field, why.field);
		assert_true(why.reason[0] != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_whole_child_is_read),
	    cmocka_unit_test(what_is_not_said_is_not_set),
	    cmocka_unit_test(a_wrong_part_is_named),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
