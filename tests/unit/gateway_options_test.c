/* What may stand in the gateway's `option`, and in the file of the front's secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "base/str.h"
#include "gateway/options.h"
#include "support/folder.h"

#define GOOD "0123456789abcdef0123456789abcdef"
#define LONG                                                                           \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"             \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"

static char folder[FOLDER_PATH_MAX];

static int
make(void **state)
{
	(void)state;
	folder_make(folder);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	folder_remove(folder);
	return 0;
}

static enum err
read_option(const char *option, struct gateway_options *out, char problem[300])
{
	problem[0] = '\0';
	return gateway_options_read(out, option, problem, 300);
}

static void
an_address_may_stand_alone(void **state)
{
	struct gateway_options o;
	char problem[300];

	(void)state;
	assert_int_equal(read_option("127.0.0.1:8080", &o, problem), ERR_NONE);
	assert_string_equal(o.address, "127.0.0.1:8080");
	assert_string_equal(o.front, "");
	assert_string_equal(o.secret, "");
	assert_int_equal(read_option("[::1]:8080  ", &o, problem), ERR_NONE);
	assert_string_equal(o.address, "[::1]:8080");
	assert_string_equal(o.region, "");
}

static void
the_region_goes_on_to_the_end(void **state)
{
	struct gateway_options o;
	char problem[300];

	(void)state;
	assert_int_equal(
	    read_option("127.0.0.1:8080 region=Greater Manchester", &o, problem),
	    ERR_NONE);
	assert_string_equal(o.region, "Greater Manchester");
}

static void
what_is_not_understood_is_said(void **state)
{
	static const char *const rows[] = {
	    "127.0.0.1:80 front",
	    "127.0.0.1:80 front=/run/a.sock",
	    "127.0.0.1:80 front=unix:/run/a.sock",
	    "127.0.0.1:80 front=unix:/run/a.sock front=unix:/run/b.sock",
	    "127.0.0.1:80 secret-file=/no/such/file",
	    "127.0.0.1:80 Front=unix:/run/a.sock",
	    "127.0.0.1:80 region=",
	    "127.0.0.1:80 region=\xff",
	};
	struct gateway_options o = {.address = "untouched"};
	char problem[300];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(read_option(rows[i], &o, problem), ERR_MALFORMED);
		assert_string_not_equal(problem, "");
		assert_string_equal(o.address, "untouched");
	}
}

static void
a_secret_is_long_and_for_few(void **state)
{
	static const struct {
		const char *content;
		mode_t mode;
		bool is_good;
	} rows[] = {
	    {GOOD "\n", 0600, true},
	    {GOOD, 0640, true},
	    {GOOD "\r\nwhat follows is not read", 0600, true},
	    {GOOD "\n", 0644, false},
	    {"0123456789abcdef0123456789abcde\n", 0600, false},
	    {"0123456789abcdef 0123456789abcdef\n", 0600, false},
	    {"\n" GOOD "\n", 0600, false},
	    {"", 0600, false},
	    {LONG, 0600, false},
	};
	char path[FOLDER_PATH_MAX], option[600], problem[300];

	(void)state;
	folder_file(path, folder, "secret");
	snprintf(option, sizeof option,
	    "[::1]:80 front=unix:/run/a.sock secret-file=%s", path);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct gateway_options o = {.address = ""};

		folder_write(path, rows[i].content, strlen(rows[i].content));
		assert_int_equal(chmod(path, rows[i].mode), 0);
		if ((read_option(option, &o, problem) == ERR_NONE) != rows[i].is_good)
			fail_msg("row %zu: %s", i, problem);
		assert_string_equal(o.secret, rows[i].is_good ? GOOD : "");
		assert_string_equal(o.front, rows[i].is_good ? "/run/a.sock" : "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_may_stand_alone),
	    cmocka_unit_test(the_region_goes_on_to_the_end),
	    cmocka_unit_test(what_is_not_understood_is_said),
	    cmocka_unit_test(a_secret_is_long_and_for_few),
	};

	return cmocka_run_group_tests(tests, make, clear);
}
