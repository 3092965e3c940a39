/* How siblings may live apart, on the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "rccctl/split.h"

static const struct {
	const char *text;
	size_t parts; /* 0: it is not read */
	size_t in_the_first;
} rows[] = {
    {"A,B/C", 2, 2},
    {"AB/C", 2, 2},
    {"A/B, C/D", 3, 1},
    {"ABC", 1, 3}, /* which the service refuses */
    {"", 0, 0},
    {"A/", 0, 0},
    {"/A", 0, 0},
    {"A//B", 0, 0},
    {"a/b", 0, 0},
    {"A;B", 0, 0},
    {"1/2", 0, 0},
};

static void
splits_are_read(void **state)
{
	struct arena a;

	(void)state;
	assert_int_equal(arena_open(&a, 1 << 20), ERR_NONE);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		Requests__Split split;
		bool is_read = split_read(&a, rows[i].text, &split);

		if (is_read != (rows[i].parts > 0))
			fail_msg("'%s'", rows[i].text);
		if (!is_read)
			continue;
		assert_int_equal(split.n_parts, rows[i].parts);
		assert_int_equal(split.parts[0]->n_child_refs, rows[i].in_the_first);
		assert_string_equal(split.parts[0]->child_refs[0], "A");
	}
	arena_close(&a);
}

static void
a_full_arena_is_no_split(void **state)
{
	struct arena a;
	Requests__Split split;

	(void)state;
	assert_int_equal(arena_open(&a, 64), ERR_NONE);
	assert_false(split_read(&a, "A,B/C", &split));
	assert_true(a.is_full);
	arena_close(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(splits_are_read),
	    cmocka_unit_test(a_full_arena_is_no_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
