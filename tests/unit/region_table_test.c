/* A file of comma-separated rows: whatever ends its lines, each is a row. */
#include "region/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/memory.h"

static struct table
read_text(const char *text)
{
	static const char *const header[] = {"code", "name", NULL};

	return table_read(&arena, NULL, "test.csv", bytes_of_text(text), header);
}

static void
each_way_of_ending_a_line_ends_one(void **state)
{
	static const char *const files[] = {
	    "code,name\nE1,Ash\nE2,\"Birch, and \"\"Co\"\"\"\nE3,Elm\n",
	    "code,name\r\nE1,Ash\r\nE2,\"Birch, and \"\"Co\"\"\"\r\nE3,Elm\r\n",
	    /* There was room for one row of these, and three were written. */
	    "code,name\rE1,Ash\rE2,\"Birch, and \"\"Co\"\"\"\rE3,Elm\r",
	    "code,name\rE1,Ash\rE2,\"Birch, and \"\"Co\"\"\"\rE3,Elm",
	};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct table t = read_text(files[i]);

		assert_int_equal(t.n, 3);
		assert_int_equal(t.columns, 2);
		assert_string_equal(t.header[1], "name");
		assert_string_equal(t.rows[0][0], "E1");
		assert_string_equal(t.rows[1][1], "Birch, and \"Co\"");
		assert_string_equal(t.rows[2][1], "Elm");
		arena_reset(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_way_of_ending_a_line_ends_one),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
