#include "gateway/arrival.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/page.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))

static void
a_login_is_read_as_members_keeps_it(void **state)
{
	static const struct {
		const char *typed, *login;
	} cases[] = {
	    {"ann@council.example", "ann@council.example"},
	    {"  Ann@Council.EXAMPLE\t ", "ann@council.example"},
	    {"", ""},
	    {"   ", ""},
	    {NULL, ""},
	    {"a b", "a b"},
	    {"\xc3\x89", "\xc3\x89"},
	};
	char long_one[400];

	(void)state;
	for (size_t i = 0; i < N(cases); i++)
		assert_string_equal(arrival_login(cases[i].typed).text, cases[i].login);
	memset(long_one, 'a', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	assert_int_equal(strlen(arrival_login(long_one).text), ARRIVAL_LOGIN_BYTES - 1);
}

static void
only_a_path_of_this_site_is_one(void **state)
{
	static const char *const good[] = {"/", "/needs", "/needs/01j?done=sent#offers",
	    "/a/b-c_d~e.f", "/%2e", "/?a=b&c=%20", "/:x@y"};
	static const char *const bad[] = {"", "needs", "//evil.example",
	    "/\\evil.example", "/a\\b", "\\evil", "https://evil.example",
	    "javascript:alert(1)", " /needs", "/a b", "/a\tb", "/a\r\nX: y", "/a\x01",
	    "/caf\xc3\xa9", "/<b>", "/\"x", "/a\x7f"};

	(void)state;
	for (size_t i = 0; i < N(good); i++)
		assert_true(page_is_path(good[i]));
	for (size_t i = 0; i < N(bad); i++)
		assert_false(page_is_path(bad[i]));
	assert_false(page_is_path(NULL));
}

static void
another_body_is_another_command(void **state)
{
	unsigned a = arrival_nth(bytes_of_text("a"));

	(void)state;
	assert_int_equal(arrival_nth(bytes_of_text("a")), a);
	assert_int_not_equal(arrival_nth(bytes_of_text("b")), a);
	/* Never one of the first, which pages name themselves. */
	for (uint8_t i = 0; i < 255; i++)
		assert_true(arrival_nth((struct bytes){&i, 1}) >= 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_login_is_read_as_members_keeps_it),
	    cmocka_unit_test(only_a_path_of_this_site_is_one),
	    cmocka_unit_test(another_body_is_another_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
