/* What is said of a chart is true of its figures; and the same figures as CSV. */
#include "gateway/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/csv.h"
#include "support/memory.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define IS(n)                                                                          \
	{                                                                              \
		FINDING_KNOWN, n                                                       \
	}
#define HIDDEN                                                                         \
	{                                                                              \
		FINDING_HIDDEN, 3                                                      \
	}
#define NONE                                                                           \
	{                                                                              \
		FINDING_NONE, 99                                                       \
	}

static int
arena_again(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

struct finding_case {
	struct finding_row rows[6];
	const char *words;
};

static size_t
rows_of(const struct finding_case *c)
{
	size_t n = 0;

	while (n < N(c->rows) && c->rows[n].name != NULL)
		n++;
	return n;
}

static void
extremes_are_named_with_ties_and_what_is_hidden(void **state)
{
	static const struct finding_case cases[] = {
	    {{{NULL, NONE, NONE}}, "There is nothing to show yet."},
	    {{{"Bury", NONE, NONE}}, "There is nothing to show yet."},
	    {{{"Bury", HIDDEN, NONE}}, "No council\u2019s figure can be shown. The "
				       "figures of 1 council are hidden "
				       "[c]."},
	    {{{"Bury", IS(7), NONE}}, "In Bury it is 7%."},
	    {{{"Bolton", IS(0), NONE}, {"Bury", IS(12), NONE}, {"Wigan", IS(3), NONE}},
		"Highest in Bury (12%), lowest in Bolton (0%)."},
	    {{{"Bolton", IS(12), NONE}, {"Bury", IS(12), NONE}, {"Leeds", IS(12), NONE},
		 {"Wigan", IS(3), NONE}, {"York", NONE, NONE}},
		"Highest in Bolton, Bury and Leeds (12% each), lowest in Wigan (3%)."},
	    {{{"A", IS(1), NONE}, {"B", IS(1), NONE}, {"C", IS(1), NONE},
		 {"D", IS(1), NONE}, {"E", IS(5), NONE}},
		"Highest in E (5%), lowest in 4 councils (1% each)."},
	    {{{"A", IS(4), NONE}, {"B", IS(4), NONE}},
		"It is the same in all 2 councils: 4%."},
	    {{{"A", IS(4), NONE}, {"B", IS(4), NONE}, {"C", HIDDEN, NONE}},
		"It is the same in all 2 councils that are shown: 4%. The figures of 1 "
		"council are hidden [c]."},
	    {{{"A", IS(9), NONE}, {"B", HIDDEN, NONE}, {"C", IS(4), NONE},
		 {"D", HIDDEN, NONE}},
		"Of those shown, highest in A (9%), lowest in C (4%). The figures of 2 "
		"councils are hidden [c]."},
	};

	(void)state;
	for (size_t i = 0; i < N(cases); i++)
		assert_string_equal(
		    finding_extremes(&arena, cases[i].rows, rows_of(&cases[i]), "%"),
		    cases[i].words);
	assert_string_equal(
	    finding_extremes(&arena, cases[3].rows, 1, ""), "In Bury it is 7.");
}

static void
cover_is_of_councils_with_both_figures(void **state)
{
	static const struct finding_case cases[] = {
	    {{{NULL, NONE, NONE}}, "There is nothing to show yet."},
	    {{{"Bury", HIDDEN, IS(4)}}, "No council\u2019s figure can be shown. The "
					"figures of 1 council are hidden "
					"[c]."},
	    {{{"Bury", IS(4), IS(4)}},
		"There are at least as many free places as children waiting in the 1 "
		"council."},
	    {{{"Bury", IS(4), IS(4)}, {"Leeds", IS(0), IS(0)}, {"York", NONE, IS(3)}},
		"There are at least as many free places as children waiting in all 2 "
		"councils."},
	    {{{"Bury", IS(4), IS(3)}, {"Leeds", IS(0), IS(0)}},
		"There are at least as many free places as children waiting in 1 of 2 "
		"councils, and fewer in Bury."},
	    {{{"A", IS(4), IS(3)}, {"B", IS(1), IS(0)}, {"C", IS(1), IS(0)},
		 {"D", IS(1), IS(0)}, {"E", IS(1), IS(1)}},
		"There are at least as many free places as children waiting in 1 of 5 "
		"councils, and fewer in 4 councils."},
	    {{{"A", IS(4), IS(3)}, {"B", HIDDEN, IS(0)}, {"C", IS(1), HIDDEN}},
		"There are at least as many free places as children waiting in 0 of 1 "
		"council shown, and fewer in A. The figures of 2 councils are hidden "
		"[c]."},
	    {{{"A", IS(3), IS(3)}, {"B", IS(3), IS(3)}, {"C", HIDDEN, HIDDEN}},
		"There are at least as many free places as children waiting in all 2 "
		"councils shown. The figures of 1 council are hidden [c]."},
	};

	(void)state;
	for (size_t i = 0; i < N(cases); i++)
		assert_string_equal(
		    finding_cover(&arena, cases[i].rows, rows_of(&cases[i])),
		    cases[i].words);
}

/* ---- CSV ---- */

static void
cells_are_quoted_and_are_no_formulas(void **state)
{
	static const struct {
		const char *text, *cell;
	} cases[] = {{NULL, ""}, {"", ""}, {"Bury", "Bury"},
	    {"Bristol, City of", "\"Bristol, City of\""},
	    {"the \"Oaks\"", "\"the \"\"Oaks\"\"\""}, {"a\nb", "\"a\nb\""},
	    {"=1+1", "'=1+1"}, {"+44", "'+44"}, {"@home", "'@home"}, {"\tx", "'\tx"},
	    {"\rx", "\"'\rx\""}, {"-", "'-"}, {"-2+3", "'-2+3"}, {"-2.5", "-2.5"},
	    {"7", "7"}, {"=\"a\"", "\"'=\"\"a\"\"\""}, {"[c]", "[c]"}};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		struct csv c;
		csv_begin(&c, &arena, 100, false);
		csv_cell(&c, cases[i].text);
		struct bytes b = csv_end(&c);
		assert_int_equal(b.len, strlen(cases[i].cell));
		assert_memory_equal(b.data, cases[i].cell, b.len);
	}
}

static void
a_table_is_lines_of_cells(void **state)
{
	static const char whole[] = "\xef\xbb\xbf"
				    "council,free\r\nE08000002,12\r\n,\r\n";
	struct csv c;

	(void)state;
	for (size_t room = 0; room < sizeof whole - 1; room++) {
		csv_begin(&c, &arena, room, true);
		csv_cell(&c, "council");
		csv_cell(&c, "free");
		csv_line_end(&c);
		csv_cell(&c, "E08000002");
		csv_number(&c, 12);
		csv_line_end(&c);
		csv_cell(&c, NULL);
		csv_cell(&c, NULL);
		csv_line_end(&c);
		assert_null(csv_end(&c).data);
	}
	csv_begin(&c, &arena, sizeof whole - 1, true);
	csv_cell(&c, "council");
	csv_cell(&c, "free");
	csv_line_end(&c);
	csv_cell(&c, "E08000002");
	csv_number(&c, 12);
	csv_line_end(&c);
	csv_cell(&c, "");
	csv_cell(&c, "");
	csv_line_end(&c);
	assert_int_equal(csv_end(&c).len, sizeof whole - 1);
	assert_memory_equal(csv_end(&c).data, whole, sizeof whole - 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, arena_again)
	const struct CMUnitTest tests[] = {
	    TEST(extremes_are_named_with_ties_and_what_is_hidden),
	    TEST(cover_is_of_councils_with_both_figures),
	    TEST(cells_are_quoted_and_are_no_formulas),
	    TEST(a_table_is_lines_of_cells),
	};

	return cmocka_run_group_tests_name(
	    "gateway_finding", tests, open_arena, close_arena);
}
