/* The command line: options anywhere, verbs of one or two words, clear refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "rccctl/args.h"

static const struct flag flags[] = {
    {"--reason", "WORD", "", NULL, NULL},
    {"--child", "CHILD...", "", NULL, NULL},
    {"--all", NULL, "", NULL, NULL},
};
static const struct verb list = {.name = "request list", .flags = flags, .flags_n = 3};
static const struct verb show = {.name = "request show",
    .takes = "REQUEST",
    .flags = flags,
    .flags_n = 3,
    .words_min = 1,
    .words_max = 2};
static const struct verb status = {.name = "status"};
static const struct verb *const verbs[] = {&list, &show, &status};

/* Reads a command line of words without blanks. */
static enum exit_code
reading(struct tool *t, const char *line, bool *help)
{
	static char text[256];
	static char *argv[32];
	size_t n = 0;

	*t = (struct tool){0};
	*help = false;
	assert_true(snprintf(text, sizeof(text), "%s", line) < (int)sizeof(text));
	for (char *c = text; *c && n < 31; n++) {
		argv[n] = c;
		c += strcspn(c, " ");
		if (*c)
			*c++ = '\0';
	}
	argv[n] = NULL;
	return args_read(t, verbs, 3, argv, help);
}

static void
options_stand_anywhere(void **state)
{
	struct tool t;
	bool help;

	(void)state;
	assert_int_equal(EXIT_YES, reading(&t,
				       "rccctl --json request --wait=5 show abc "
				       "--organisation E08000003 --all def",
				       &help));
	assert_ptr_equal(&show, t.verb);
	assert_true(t.is_json && t.is_wait_given && !t.is_yes);
	assert_int_equal(5000, t.wait_ms);
	assert_string_equal("E08000003", t.organisation_id);
	assert_int_equal(2, t.args.words_n);
	assert_string_equal("def", t.args.words[1]);
	assert_string_equal("", args_value(&t, "--all"));
	assert_null(args_value(&t, "--reason"));
	assert_int_equal(EXIT_YES, reading(&t, "rccctl request show -- --all", &help));
	assert_string_equal("--all", t.args.words[0]);
	assert_int_equal(EXIT_YES, reading(&t, "rccctl request show -", &help));
	assert_string_equal("-", t.args.words[0]);
}

static void
the_environment_stands_in(void **state)
{
	struct tool t;
	bool help;

	(void)state;
	assert_int_equal(0, setenv("RCC_ORGANISATION", "E08000001", 1));
	assert_int_equal(EXIT_YES, reading(&t, "rccctl status", &help));
	assert_string_equal("E08000001", t.organisation_id);
	assert_int_equal(WAIT_DEFAULT_MS, t.wait_ms);
	assert_false(t.is_wait_given);
	assert_int_equal(
	    EXIT_YES, reading(&t, "rccctl status --organisation E08000002", &help));
	assert_string_equal("E08000002", t.organisation_id);
	assert_int_equal(0, unsetenv("RCC_ORGANISATION"));
}

static void
wrong_lines_are_refused(void **state)
{
	static const char *const bad[] = {
	    "rccctl",
	    "rccctl frob",
	    "rccctl request",
	    "rccctl request frob",
	    "rccctl request show",
	    "rccctl request show a b c",
	    "rccctl status now",
	    "rccctl --all status",
	    "rccctl status --reason x",
	    "rccctl request list --reason",
	    "rccctl request list --reason --all",
	    "rccctl request list --all=yes",
	    "rccctl request list --reason a --reason b",
	    "rccctl status --wait soon",
	    "rccctl status --wait -1",
	    "rccctl status --wait 99999",
	    "rccctl status --id abc",
	    "rccctl status --json --field ready",
	};
	struct tool t;
	bool help;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(EXIT_USAGE, reading(&t, bad[i], &help));
}

static void
some_options_may_be_repeated(void **state)
{
	struct tool t;
	bool help;

	(void)state;
	assert_int_equal(
	    EXIT_YES, reading(&t, "rccctl request list --child a --child b", &help));
	assert_int_equal(2, t.args.n);
}

static void
help_needs_nothing_else(void **state)
{
	struct tool t;
	bool help;

	(void)state;
	assert_int_equal(EXIT_YES, reading(&t, "rccctl request show --help", &help));
	assert_true(help);
	assert_ptr_equal(&show, t.verb);
	assert_int_equal(EXIT_YES, reading(&t, "rccctl -h", &help));
	assert_true(help);
	assert_null(t.verb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(options_stand_anywhere),
	    cmocka_unit_test(the_environment_stands_in),
	    cmocka_unit_test(wrong_lines_are_refused),
	    cmocka_unit_test(some_options_may_be_repeated),
	    cmocka_unit_test(help_needs_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
