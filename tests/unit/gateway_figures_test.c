/* What was counted, as a page shows it: nothing hidden is told, nor worked out. */
#include "gateway/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "support/memory.h"
#include "support/wellformed.h"

#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define BREAKDOWN(name) OBSERVATORY__BREAKDOWN__BREAKDOWN_##name
#define N(list) (sizeof(list) / sizeof((list)[0]))
#define HIDDEN (-1)
#define NOT_TOLD (-2)

static Observatory__Sufficiency counted;
static Observatory__Line *lines[16];
static struct figures figures;

static char bury[] = "E08000002", manchester[] = "E08000003", trafford[] = "E08000009",
	    leeds[] = "E08000035";

static const char *
council_name(const void *of, const char *council_id)
{
	(void)of;
	return str_equal(council_id, bury)         ? "Bury"
	       : str_equal(council_id, manchester) ? "Manchester & <b>"
	       : str_equal(council_id, trafford)   ? "Trafford"
	                                           : "Leeds";
}

static bool
is_member(const void *of, const char *council_id)
{
	(void)of;
	return !str_equal(council_id, leeds);
}

static int
make(void **state)
{
	(void)state;
	arena_reset(&arena);
	observatory__sufficiency__init(&counted);
	counted.lines = lines;
	SET(&counted, as_at_time, INT64_C(1764000000000)); /* 2025-11-24 16:00 */
	SET(&counted, from_day, 20051);
	SET(&counted, until_day, 20416);
	SET(&counted, definitions_version, 2);
	figures = (struct figures){&arena, &counted, council_name, is_member, NULL};
	return 0;
}

static Observatory__Line *
add_line(Observatory__Breakdown breakdown, char *council_id)
{
	Observatory__Line *line = MESSAGE_NEW(&arena, observatory__line);

	SET(line, breakdown, breakdown);
	line->council_id = council_id;
	line->figures = LIST_NEW(&arena, 20, Observatory__Figure *);
	lines[counted.n_lines++] = line;
	return line;
}

static void
add(Observatory__Line *line, Observatory__Metric metric, int n)
{
	Observatory__Figure *f = MESSAGE_NEW(&arena, observatory__figure);

	if (n == NOT_TOLD)
		return;
	SET(f, metric, metric);
	if (n == HIDDEN)
		SET(f, is_hidden, true);
	else if (metric == METRIC(MEDIAN_DAYS))
		SET(f, days_tenths, (uint32_t)n);
	else if (metric == METRIC(SHARE_OVER_20) || metric == METRIC(SHARE_OWN_AREA))
		SET(f, percent, (uint32_t)n);
	else
		SET(f, count, (uint32_t)n);
	line->figures[line->n_figures++] = f;
}

/* A line with its children waiting, places approved and free. */
static Observatory__Line *
area(Observatory__Breakdown breakdown, char *council_id, int waiting, int approved,
    int free_places)
{
	Observatory__Line *line = add_line(breakdown, council_id);

	add(line, METRIC(SEARCHING), waiting);
	add(line, METRIC(APPROVED), approved);
	add(line, METRIC(FREE), free_places);
	return line;
}

static const char *
text_at(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static const json_t *
item(const json_t *object, const char *list, size_t i)
{
	return json_array_get(json_object_get(object, list), i);
}

/* ---- */

static void
a_figure_is_said_by_its_unit(void **state)
{
	static const struct {
		Observatory__Metric metric;
		int n;
		const char *text;
	} cases[] = {{METRIC(FREE), 1024, "1,024"}, {METRIC(FREE), 0, "0"},
	    {METRIC(FREE), HIDDEN, "[c]"}, {METRIC(FREE), NOT_TOLD, "\u2013"},
	    {METRIC(SHARE_OVER_20), 62, "62%"}, {METRIC(SHARE_OVER_20), HIDDEN, "[c]"},
	    {METRIC(MEDIAN_DAYS), 45, "4.5 days"}, {METRIC(MEDIAN_DAYS), 10, "1 day"},
	    {METRIC(MEDIAN_DAYS), 0, "0 days"}, {METRIC(MEDIAN_DAYS), 5, "0.5 days"},
	    {METRIC(MEDIAN_DAYS), HIDDEN, "[c]"}};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		Observatory__Line *line = add_line(BREAKDOWN(ALL), NULL);
		add(line, cases[i].metric, cases[i].n);
		assert_string_equal(
		    figures_text(&arena, line, cases[i].metric), cases[i].text);
	}
	assert_string_equal(figures_text(&arena, NULL, METRIC(FREE)), "\u2013");
}

static void
the_headline_says_what_is_told_alone(void **state)
{
	Observatory__Line *all = area(BREAKDOWN(ALL), NULL, 38, 200, 112);
	json_t *list;

	(void)state;
	add(all, METRIC(SAME_DAY), 6);
	add(all, METRIC(UNFILLED), HIDDEN);
	add(all, METRIC(STARTED), 1);
	add(all, METRIC(MEDIAN_DAYS), 42);
	list = figures_headline(&figures, figures_line(&figures, NULL));
	assert_int_equal(json_array_size(list), 4);
	assert_string_equal(text_at(json_array_get(list, 0), "number"), "38");
	assert_string_equal(json_string_value(item(json_array_get(list, 0), "more", 0)),
	    "6 needed today");
	assert_string_equal(json_string_value(item(json_array_get(list, 0), "more", 1)),
	    "[c] past the day needed");
	assert_string_equal(text_at(json_array_get(list, 1), "number"), "112");
	assert_null(item(json_array_get(list, 1), "more", 0));
	assert_string_equal(text_at(json_array_get(list, 2), "number"), "4.2 days");
	assert_string_equal(json_string_value(item(json_array_get(list, 2), "more", 0)),
	    "1 child placed in the period");
	assert_string_equal(text_at(json_array_get(list, 3), "number"), "\u2013");
	assert_string_equal(json_string_value(item(json_array_get(list, 3), "more", 0)),
	    "nobody is placed whose distance is known");
	assert_string_equal(
	    figures_say(&figures, all), "38 children waiting, 112 places free");
	json_decref(list);
}

/* Of two that are told, to the nearest; of one that is not, nothing. */
static void
a_map_is_of_members_and_what_is_told(void **state)
{
	json_t *map;

	(void)state;
	area(BREAKDOWN(ALL), NULL, 9, 1000, 90);
	area(BREAKDOWN(COUNCIL), bury, 2, 200, 25); /* 12.5, so 13 */
	area(BREAKDOWN(COUNCIL), manchester, 7, 400, HIDDEN);
	area(BREAKDOWN(COUNCIL), trafford, HIDDEN, 0, 0); /* of no places none */
	area(BREAKDOWN(COUNCIL), leeds, 0, 10, 10);
	area(BREAKDOWN(COUNCIL), NULL, 0, 10, 10);
	map = figures_map(&figures, figures_measure("free"), bury);
	assert_string_equal(text_at(map, "finding"),
	    "In Bury it is 13%. The figures of 1 council are hidden [c].");
	assert_null(wellformed_wrong(text_at(map, "whole")));
	assert_non_null(strstr(text_at(map, "whole"), "<title>Bury: 13%</title>"));
	assert_non_null(strstr(
	    text_at(map, "whole"), "<title>Manchester &amp; &lt;b&gt;: [c]</title>"));
	assert_non_null(
	    strstr(text_at(map, "whole"), "<title>Trafford: no figure</title>"));
	assert_null(strstr(text_at(map, "whole"), "Leeds"));
	assert_null(json_object_get(map, "inset"));
	assert_int_equal(json_array_size(json_object_get(map, "key")), 5);
	assert_string_equal(text_at(item(map, "key", 0), "text"), "0 to 4%");
	assert_string_equal(text_at(item(map, "key", 2), "text"), "10 to 14%");
	assert_string_equal(text_at(item(map, "key", 3), "text"), "[c] hidden");
	assert_string_equal(text_at(item(map, "key", 4), "text"), "no figure");
	json_decref(map);
	map = figures_map(&figures, figures_measure("waiting"), NULL);
	assert_string_equal(text_at(map, "finding"),
	    "Of those shown, highest in Manchester & <b> (7), lowest in Bury (2). The "
	    "figures of 1 council are hidden [c].");
	assert_string_equal(text_at(item(map, "key", 1), "text"), "2 to 3");
	json_decref(map);
	/* Told by nobody, as outside. */
	map = figures_map(&figures, figures_measure("far"), NULL);
	assert_string_equal(text_at(map, "finding"), "There is nothing to show yet.");
	assert_int_equal(json_array_size(json_object_get(map, "key")), 1);
	assert_string_equal(text_at(item(map, "key", 0), "text"), "no figure");
	json_decref(map);
}

static void
a_measure_is_found_by_its_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < figures_measures_n; i++)
		assert_ptr_equal(
		    figures_measure(figures_measures[i].code), &figures_measures[i]);
	assert_ptr_equal(figures_measure(NULL), &figures_measures[0]);
	assert_ptr_equal(figures_measure("<script>"), &figures_measures[0]);
}

static void
supply_stands_beside_need(void **state)
{
	json_t *cover;

	(void)state;
	area(BREAKDOWN(COUNCIL), bury, 2, 30, 1);
	area(BREAKDOWN(COUNCIL), manchester, HIDDEN, 30, 12);
	area(BREAKDOWN(COUNCIL), trafford, 3, 30, 3);
	area(BREAKDOWN(COUNCIL), leeds, 50, 30, 0);
	cover = figures_cover(&figures, trafford);
	assert_string_equal(text_at(cover, "finding"),
	    "There are at least as many free places as children waiting in 1 of 2 "
	    "councils shown, and fewer in Bury. The figures of 1 council are hidden "
	    "[c].");
	assert_string_equal(text_at(cover, "scale"), "Scale 0 to 25.");
	assert_int_equal(json_array_size(json_object_get(cover, "rows")), 3);
	assert_string_equal(
	    text_at(item(cover, "rows", 0), "words"), "1 free, 2 waiting");
	assert_string_equal(
	    text_at(item(cover, "rows", 1), "words"), "12 free, [c] waiting");
	assert_true(json_is_true(json_object_get(item(cover, "rows", 1), "is_hidden")));
	assert_null(strstr(text_at(item(cover, "rows", 1), "dots"), "<circle"));
	assert_true(
	    json_is_true(json_object_get(item(cover, "rows", 2), "is_selected")));
	for (size_t i = 0; i < 3; i++)
		assert_null(wellformed_wrong(text_at(item(cover, "rows", i), "dots")));
	json_decref(cover);
	counted.n_lines = 0;
	cover = figures_cover(&figures, NULL);
	assert_string_equal(text_at(cover, "finding"), "There is nothing to show yet.");
	json_decref(cover);
}

static const char *
cell(const json_t *table, size_t row, size_t column)
{
	return text_at(item(item(table, "rows", row), "cells", column), "text");
}

/* By any column, either way; what is hidden or not told comes last, and all at the end.
 */
static void
a_table_is_sorted(void **state)
{
	static const struct {
		const char *sort;
		const char *first, *second, *third, *fourth;
	} cases[] = {
	    {NULL, "Bury", "Leeds (not a member)", "Manchester & <b>", "Trafford"},
	    {"name", "Bury", "Leeds (not a member)", "Manchester & <b>", "Trafford"},
	    {"-name", "Trafford", "Manchester & <b>", "Leeds (not a member)", "Bury"},
	    {"-nothing", "Bury", "Leeds (not a member)", "Manchester & <b>",
		"Trafford"},
	    {"waiting", "Leeds (not a member)", "Trafford", "Bury", "Manchester & <b>"},
	    {"-waiting", "Bury", "Trafford", "Leeds (not a member)",
		"Manchester & <b>"},
	    {"free", "Bury", "Manchester & <b>", "Trafford", "Leeds (not a member)"},
	};

	(void)state;
	area(BREAKDOWN(ALL), NULL, 9, 90, 30);
	area(BREAKDOWN(COUNCIL), trafford, 3, 30, 10);
	area(BREAKDOWN(COUNCIL), manchester, HIDDEN, 30, 10);
	area(BREAKDOWN(COUNCIL), bury, 4, 30, 1);
	area(BREAKDOWN(COUNCIL), leeds, 0, 30, NOT_TOLD);
	for (size_t i = 0; i < N(cases); i++) {
		json_t *t = figures_by_council(&figures, cases[i].sort, "/x?");
		assert_string_equal(cell(t, 0, 0), cases[i].first);
		assert_string_equal(cell(t, 1, 0), cases[i].second);
		assert_string_equal(cell(t, 2, 0), cases[i].third);
		assert_string_equal(cell(t, 3, 0), cases[i].fourth);
		assert_string_equal(cell(t, 4, 0), "All councils");
		json_decref(t);
	}
	json_t *t = figures_by_council(&figures, "waiting", "/x?map=free&");
	assert_string_equal(
	    text_at(item(t, "head", 1), "href"), "/x?map=free&sort=-waiting");
	assert_string_equal(text_at(item(t, "head", 1), "sorted"), "ascending");
	assert_string_equal(
	    text_at(item(t, "head", 0), "href"), "/x?map=free&sort=name");
	assert_null(text_at(item(t, "head", 0), "sorted"));
	assert_string_equal(cell(t, 3, 1), "[c]");
	assert_true(json_is_true(
	    json_object_get(item(item(t, "rows", 3), "cells", 1), "is_hidden")));
	json_decref(t);
	t = figures_by_council(&figures, "-waiting", "/x?");
	assert_string_equal(text_at(item(t, "head", 1), "href"), "/x?sort=waiting");
	assert_string_equal(text_at(item(t, "head", 1), "sorted"), "descending");
	json_decref(t);
}

static void
a_table_is_by_type_or_by_age(void **state)
{
	Observatory__Line *line;
	json_t *t;

	(void)state;
	area(BREAKDOWN(ALL), NULL, 9, 90, 30);
	line = area(BREAKDOWN(CARE_TYPE), NULL, 5, 60, 20);
	SET(line, care_type, COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME);
	line = area(BREAKDOWN(AGE_BAND), NULL, 4, 60, 20);
	SET(line, age_band, COMMON__AGE_BAND__AGE_BAND_10_TO_15);
	line = area(BREAKDOWN(SECTOR), NULL, 0, 60, 20);
	SET(line, sector, MEMBERS__SECTOR__SECTOR_PRIVATE);
	t = figures_by(&figures, BREAKDOWN(CARE_TYPE), "By type");
	assert_int_equal(json_array_size(json_object_get(t, "rows")), 1);
	assert_string_equal(cell(t, 0, 0), "Children\u2019s home");
	assert_string_equal(cell(t, 0, 6), "20");
	assert_null(text_at(item(t, "head", 1), "href"));
	json_decref(t);
	t = figures_by(&figures, BREAKDOWN(AGE_BAND), "By age");
	assert_string_equal(text_at(item(t, "head", 0), "text"), "Age");
	assert_string_equal(cell(t, 0, 0), "10 to 15");
	json_decref(t);
}

/* A line each, all metrics, hidden and not told apart. */
static void
a_file_holds_every_line(void **state)
{
	Observatory__Line *line = area(BREAKDOWN(ALL), NULL, 9, 90, HIDDEN);
	struct bytes csv;
	const char *text, *second;

	(void)state;
	add(line, METRIC(MEDIAN_DAYS), 45);
	area(BREAKDOWN(COUNCIL), manchester, 9, 90, 30);
	SET(&counted, is_suppressed, true);
	csv = figures_csv(&figures);
	text = str_format(&arena, "%.*s", (int)csv.len, (const char *)csv.data);
	assert_true(str_starts(text,
	    "\xef\xbb\xbf"
	    "as_at,period_from,period_until,definitions_version,is_suppressed,"
	    "breakdown,council_code,name,searching,open,"));
	assert_true(str_ends(text, "\r\n"));
	second = strstr(text, "\r\n") + 2;
	assert_true(str_starts(second,
	    "2025-11-24T16:00:00.000Z,2024-11-24,2025-11-24,2,yes,all,,All,9,z,"));
	assert_non_null(strstr(second, ",z,4.5\r\n"));
	assert_non_null(strstr(second, ",90,z,c,"));
	assert_non_null(strstr(second, ",yes,council,E08000003,Manchester & <b>,9,z,"));
}

static void
definitions_are_of_all_or_of_what_is_shown(void **state)
{
	Observatory__Definitions d = OBSERVATORY__DEFINITIONS__INIT;
	Observatory__Definition rows[2], *list[] = {&rows[0], &rows[1]};
	char words[] = "Words.", source[] = "Ours";
	json_t *told;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		observatory__definition__init(&rows[i]);
		SET(&rows[i], metric, i == 0 ? METRIC(HELD) : METRIC(MEDIAN_DAYS));
		SET(&rows[i], unit, OBSERVATORY__UNIT__UNIT_DAYS);
		rows[i].words = words;
		rows[i].source = source;
	}
	d.definitions = list;
	d.n_definitions = 2;
	told = figures_definitions(&arena, &d, false);
	assert_int_equal(json_array_size(json_object_get(told, "definitions")), 2);
	json_decref(told);
	told = figures_definitions(&arena, &d, true);
	assert_int_equal(json_array_size(json_object_get(told, "definitions")), 1);
	assert_string_equal(text_at(item(told, "definitions", 0), "term"),
	    "Days from need to placement");
	json_decref(told);
}

static void
sources_say_how_fresh_they_are(void **state)
{
	Observatory__Source rows[2], *list[] = {&rows[0], &rows[1]};
	char foster[] = "foster";
	json_t *told;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		observatory__source__init(&rows[i]);
		rows[i].service = foster;
	}
	SET(&rows[1], fresh_time, counted.as_at_time);
	told = figures_sources(&arena, list, 2, counted.as_at_time);
	assert_string_equal(
	    text_at(json_array_get(told, 0), "when"), "nothing heard yet");
	assert_string_equal(
	    text_at(json_array_get(told, 1), "when"), "up to today 16:00");
	assert_string_equal(
	    text_at(json_array_get(told, 1), "service"), "Fostering households");
	json_decref(told);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, make)
	const struct CMUnitTest tests[] = {
	    TEST(a_figure_is_said_by_its_unit),
	    TEST(the_headline_says_what_is_told_alone),
	    TEST(a_map_is_of_members_and_what_is_told),
	    TEST(a_measure_is_found_by_its_code),
	    TEST(supply_stands_beside_need),
	    TEST(a_table_is_sorted),
	    TEST(a_table_is_by_type_or_by_age),
	    TEST(a_file_holds_every_line),
	    TEST(definitions_are_of_all_or_of_what_is_shown),
	    TEST(sources_say_how_fresh_they_are),
	};

	return cmocka_run_group_tests_name(
	    "gateway_figures", tests, open_arena, close_arena);
}
