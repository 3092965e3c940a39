#include "gateway/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N(list) (sizeof(list) / sizeof((list)[0]))

static void
one_that_is_long_and_not_common_may_be_chosen(void **state)
{
	static const char *const good[] = {
	    "otter lamp gravel",
	    "ottergravel!",
	    "\xc3\xa9\xc3\xa8\xc3\xa0\xc3\xbc\xc3\xb6\xc3\xa4\xc3\xb1 lamp",
	    "     x1y2z3q4",
	    "7413 9026 5588 1",
	};

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		assert_null(password_problem(good[i], "ann@a.example"));
		assert_null(password_problem(good[i], NULL));
	}
}

static void
any_other_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *password, *reason;
	} cases[] = {
	    {"", "12 characters"},
	    {"eleven char", "12 characters"},
	    /* Characters are counted, not bytes. */
	    {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
		"12 characters"},
	    {"aaaaaaaaaaaaaaaa", "tried first"},
	    {"121212121212", "tried first"},
	    {"            ", "tried first"},
	    {"passwordpassword", "tried first"},
	    {"Password-1234!", "tried first"},
	    {"Correct Horse Battery Staple", "tried first"},
	    {"SocialWorker", "tried first"},
	    {"ann.bell.lee@a.example", "your login"},
	    {"ANN.BELL.LEE@A.EXAMPLE", "your login"},
	    {"Ann Bell Lee @ a example", "your login"},
	};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		const char *why =
		    password_problem(cases[i].password, "ann.bell.lee@a.example");

		assert_non_null(why);
		assert_non_null(strstr(why, cases[i].reason));
	}
}

static void
the_name_before_the_at_is_none_either(void **state)
{
	(void)state;
	assert_non_null(
	    password_problem("annabel.smithers1", "annabel.smithers@a.example"));
	assert_null(password_problem("ann otter gravel", "ann@a.example"));
	assert_null(password_problem("otter lamp gravel", ""));
}

static void
one_that_no_worker_takes_is_too_long(void **state)
{
	char text[PASSWORD_BYTES_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)('a' + i % 26);
	text[PASSWORD_BYTES_MAX + 1] = '\0';
	assert_non_null(strstr(password_problem(text, NULL), "too long"));
	text[PASSWORD_BYTES_MAX] = '\0';
	assert_null(password_problem(text, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_that_is_long_and_not_common_may_be_chosen),
	    cmocka_unit_test(any_other_is_refused_with_its_reason),
	    cmocka_unit_test(the_name_before_the_at_is_none_either),
	    cmocka_unit_test(one_that_no_worker_takes_is_too_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
