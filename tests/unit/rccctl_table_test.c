/* Tables: lined up, cut where they must be, never wider than a screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "rccctl/table.h"
#include "rccctl/words.h"

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
check_prints(const struct table *t, const char *expected)
{
	char printed[4096] = "";
	FILE *out = fmemopen(printed, sizeof(printed), "w");

	assert_non_null(out);
	table_print(t, out);
	(void)fclose(out);
	assert_string_equal(expected, printed);
}

static void
columns_line_up(void **state)
{
	struct table t;

	(void)state;
	table_begin(&t, &a, "name|fee>|area");
	table_cell(&t, "a");
	table_cell(&t, "£950.00");
	table_cell(&t, NULL);
	table_cell(&t, "longer");
	table_cell(&t, "£1.00");
	table_cell(&t, "own\n");
	check_prints(&t, "name        fee  area\n"
			 "a       £950.00\n"
			 "longer    £1.00  own \n");
}

static void
an_empty_table_is_nothing(void **state)
{
	struct table t;

	(void)state;
	table_begin(&t, &a, "name|fee>");
	check_prints(&t, "");
}

static void
no_line_is_too_wide(void **state)
{
	static const char long_text[] =
	    "0123456789012345678901234567890123456789012345678901234567"
	    "8901234567890123456789012345678901234567890123456789";
	char printed[4096] = "";
	FILE *out = fmemopen(printed, sizeof(printed), "w");
	struct table t;

	(void)state;
	assert_non_null(out);
	table_begin(&t, &a, "id|provider~|because~|fee>");
	table_cell(&t, "01k9j3v5x2m8q4r7t6p2weh0ab");
	table_cell(&t, long_text);
	table_cell(&t, long_text);
	table_cell(&t, "£1.00");
	table_print(&t, out);
	(void)fclose(out);
	assert_non_null(strstr(printed, "£1.00"));
	assert_non_null(strstr(printed, "…"));
	for (char *line = printed; *line; line = line + strlen(line) + 1) {
		char *end = strchr(line, '\n');
		assert_non_null(end);
		*end = '\0';
		assert_in_range(words_width(line), 1, WORDS_WIDTH);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_line_up),
	    cmocka_unit_test(an_empty_table_is_nothing),
	    cmocka_unit_test(no_line_is_too_wide),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
