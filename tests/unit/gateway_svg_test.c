/* What is drawn: well-formed, escaped, of every council, in colours that can be told.
 */
#include "gateway/svg.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/boundary.h"
#include "gateway/markup.h"
#include "support/memory.h"
#include "support/wellformed.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))

static void
assert_well_formed(const char *text)
{
	const char *wrong = wellformed_wrong(text);

	if (wrong != NULL)
		fail_msg("%s in:\n%s", wrong, text == NULL ? "(nothing)" : text);
}

static int
arena_again(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

/* What says that others are well formed says of these that they are not. */
static void
what_is_not_well_formed_is_seen(void **state)
{
	static const char *const right[] = {"<a/>", "<a b=\"c\" d=\"\">&lt;e</a>",
	    "<a><b></b>\xc2\xa9</a>", "<a id=\"x\"><b href=\"#x\"/></a>",
	    "<a fill=\"#fff\"/>"};
	static const char *const wrong[] = {"", "a", "<a>", "<a></b>", "<a/><b/>",
	    "<a b=c/>", "<a b=\"<\"/>", "<a>&nbsp;</a>", "<a>&</a>",
	    "<a b=\"\" b=\"\"/>", "<a style=\"x\"/>", "<a onload=\"x\"/>", "<a", "<a b",
	    "<a b=\"", "<a><b id=\"x\"/><c id=\"x\"/></a>", "<a href=\"#xyz\"/>",
	    "<a fill=\"url(#xyz)\"/>", "</a>", "<a>\x01</a>", "<>"};

	(void)state;
	for (size_t i = 0; i < N(right); i++)
		assert_well_formed(right[i]);
	for (size_t i = 0; i < N(wrong); i++)
		if (wellformed_wrong(wrong[i]) == NULL)
			fail_msg("taken for well formed: %s", wrong[i]);
}

static void
words_are_escaped(void **state)
{
	static const struct {
		const char *words, *text;
	} cases[] = {{"Bury", "Bury"}, {"", ""}, {NULL, ""},
	    {"<script>\"&'", "&lt;script&gt;&quot;&amp;'"},
	    {"a\x01\x7f\nb\tc", "a?? b c"},
	    {"St Helen\xe2\x80\x99s", "St Helen\xe2\x80\x99s"}, {"\xff<", "?&lt;"}};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		struct markup m;
		markup_begin(&m, &arena, 200);
		markup_text(&m, cases[i].words);
		assert_string_equal(markup_end(&m), cases[i].text);
	}
}

static void
half_of_it_is_nothing(void **state)
{
	struct arena small;
	struct markup m;

	(void)state;
	markup_begin(&m, &arena, 5);
	markup_put(&m, "four");
	assert_string_equal(markup_end(&m), "four");
	markup_put(&m, "5");
	assert_null(markup_end(&m));
	markup_put(&m, "%s", "");
	assert_null(markup_end(&m));
	markup_begin(&m, &arena, 0);
	assert_null(markup_end(&m));
	assert_int_equal(arena_open(&small, 4096), ERR_NONE);
	markup_begin(&m, &small, 1 << 20);
	markup_text(&m, "a");
	assert_null(markup_end(&m));
	arena_close(&small);
}

/* ---- outlines ---- */

/* Every number of the outline, as where the pen then is. */
static bool
walk(const struct boundary *b)
{
	const char *at = b->outline;
	struct boundary_box seen = BOUNDARY_NOWHERE;
	long x = 0, y = 0;
	bool is_move = false;

	while (*at != '\0') {
		if (*at == 'z' || *at == ' ') {
			at++;
			continue;
		}
		if (*at == 'M' || *at == 'l')
			is_move = *at++ == 'M';
		char *end;
		long dx = strtol(at, &end, 10);
		if (end == at)
			return false;
		at = end;
		long dy = strtol(at, &end, 10);
		if (end == at)
			return false;
		at = end;
		x = is_move ? dx : x + dx;
		y = is_move ? dy : y + dy;
		seen = boundary_around(seen, (struct boundary_box){(int32_t)x,
						 (int32_t)y, (int32_t)x, (int32_t)y});
	}
	return memcmp(&seen, &b->box, sizeof seen) == 0;
}

static void
all_153_councils_have_an_outline_in_their_box(void **state)
{
	(void)state;
	assert_int_equal(boundary_table_rows, 153);
	for (size_t i = 0; i < boundary_table_rows; i++) {
		const struct boundary *b = &boundary_table[i];
		assert_ptr_equal(boundary_find(b->code), b);
		assert_true(i == 0 || strcmp(boundary_table[i - 1].code, b->code) < 0);
		if (!walk(b))
			fail_msg("the outline of %s is not in its box", b->code);
		assert_true(b->label.x > b->box.left && b->label.x < b->box.right);
		assert_true(b->label.y > b->box.top && b->label.y < b->box.bottom);
	}
	assert_null(boundary_find("E08000099"));
	assert_null(boundary_find(""));
	assert_null(boundary_find(NULL));
}

/* ---- classes ---- */

static void
classes_are_of_round_numbers(void **state)
{
	static const struct {
		uint32_t most, step;
	} cases[] = {{0, 1}, {4, 1}, {5, 2}, {9, 2}, {10, 5}, {24, 5}, {25, 10},
	    {49, 10}, {50, 20}, {99, 20}, {100, 50}, {766, 200},
	    {UINT32_MAX, 1000000000}};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		uint32_t step = svg_step(cases[i].most);
		assert_int_equal(step, cases[i].step);
		assert_int_equal(svg_level(0, step), 0);
		assert_int_equal(svg_level(step - 1, step), 0);
		assert_int_equal(svg_level(step, step), 1);
		assert_true((uint64_t)cases[i].most < (uint64_t)step * SVG_LEVELS);
		assert_true(svg_level(cases[i].most, step) < SVG_LEVELS);
	}
	assert_int_equal(svg_level(UINT32_MAX, 1), SVG_LEVELS - 1);
}

static double
luminance(const char *colour)
{
	static const double weights[] = {0.2126, 0.7152, 0.0722};
	unsigned long rgb = strtoul(colour + 1, NULL, 16);
	double sum = 0;

	for (size_t i = 0; i < 3; i++) {
		double c = (double)(rgb >> (16 - 8 * i) & 255) / 255;
		sum += weights[i] *
		       (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double
contrast(const char *a, const char *b)
{
	double one = luminance(a) + 0.05, other = luminance(b) + 0.05;

	return one > other ? one / other : other / one;
}

/* Classes go from light to dark in steps that are seen; marks stand 3 to 1 on white,
 * and one on the other. */
static void
colours_can_be_told_apart(void **state)
{
	(void)state;
	for (int i = 0; i + 1 < SVG_LEVELS; i++) {
		assert_true(luminance(svg_level_colour(i)) >
			    luminance(svg_level_colour(i + 1)));
		assert_true(
		    contrast(svg_level_colour(i), svg_level_colour(i + 1)) > 1.4);
	}
	assert_true(contrast(svg_shape_colour(SVG_SQUARE), "#ffffff") >= 3);
	assert_true(contrast(svg_shape_colour(SVG_CIRCLE), "#ffffff") >= 3);
	assert_true(
	    contrast(svg_shape_colour(SVG_CIRCLE), svg_shape_colour(SVG_SQUARE)) >= 3);
}

/* ---- maps ---- */

static size_t
times(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

static const char *const manchester[] = {"E08000001", "E08000002", "E08000003",
    "E08000004", "E08000005", "E08000006", "E08000007", "E08000008", "E08000009",
    "E08000010"};

static struct svg_map
map_of(const char *const *ids, size_t n)
{
	static struct svg_area areas[200];

	for (size_t i = 0; i < n; i++)
		areas[i] = (struct svg_area){ids[i], "<&>", (int)(i % 7) - 2};
	return (struct svg_map){.id = "free",
	    .title = "Free & \"open\"",
	    .words = "More < less",
	    .areas = areas,
	    .areas_n = n};
}

static void
a_map_is_well_formed_and_shows_each_council(void **state)
{
	struct svg_map map = map_of(manchester, N(manchester));
	const char *text = svg_map(&arena, &map, false);

	(void)state;
	assert_well_formed(text);
	assert_int_equal(times(text, "<title>&lt;&amp;&gt;</title>"), 10);
	for (size_t i = 0; i < N(manchester); i++)
		assert_int_equal(times(text, boundary_find(manchester[i])->outline), 1);
	assert_int_equal(times(text, "url(#free-whole-hidden)"), 2);
	assert_int_equal(times(text, "[c]</text>"), 2);
	assert_int_equal(times(text, "role=\"img\""), 1);
	assert_non_null(strstr(text, ">Free &amp; &quot;open&quot;</title>"));
	assert_non_null(strstr(text, ">More &lt; less</desc>"));
	for (int i = 0; i < SVG_LEVELS; i++)
		assert_true(times(text, svg_level_colour(i)) >= 1);
	/* Greater Manchester is 544 by 395 of 100 m, and a margin of 17. */
	assert_non_null(strstr(text, "viewBox=\"3500 2773 578 431\""));
	/* Lancashire is grey behind it, Kent is not there. */
	assert_int_equal(times(text, boundary_find("E10000017")->outline), 1);
	assert_int_equal(times(text, boundary_find("E10000016")->outline), 0);
}

static void
a_selected_council_is_outlined_over_all_others(void **state)
{
	struct svg_map map = map_of(manchester, N(manchester));
	const char *outline = boundary_find("E08000003")->outline;

	(void)state;
	map.selected_id = "E08000003";
	const char *text = svg_map(&arena, &map, false);
	assert_well_formed(text);
	assert_int_equal(times(text, outline), 3);
	assert_true(strstr(strstr(text, outline) + 1, outline) >
		    strstr(text, boundary_find("E08000010")->outline));
	map.selected_id = "E10000016"; /* not of the map */
	assert_int_equal(times(svg_map(&arena, &map, false), outline), 1);
}

/* The small ones among large ones get a map of their own; a city region needs none. */
static void
an_inset_shows_the_metropolitan_councils(void **state)
{
	const char *const north_west[] = {"E06000008", "E06000049", "E06000063",
	    "E08000001", "E08000002", "E08000003", "E10000017"};
	struct svg_map map = map_of(manchester, N(manchester));

	(void)state;
	assert_false(svg_map_has_inset(&map));
	map = map_of(north_west, N(north_west));
	assert_true(svg_map_has_inset(&map));
	const char *text = svg_map(&arena, &map, true);
	assert_well_formed(text);
	/* And with them what of the others is beside them. */
	assert_int_equal(times(text, "<title>&lt;&amp;&gt;</title>"), 6);
	assert_int_equal(times(text, "id=\"free-inset-areas\""), 1);
	map.areas_n = 4;
	assert_false(svg_map_has_inset(&map));
}

/* Of all England, of one council, of none that has an outline; and with no room. */
static void
a_map_is_of_any_councils(void **state)
{
	const char *ids[153] = {NULL}, *nowhere[] = {"W06000001", "", "E0"};
	struct svg_map map;
	struct arena small;

	(void)state;
	for (size_t i = 0; i < boundary_table_rows; i++)
		ids[i] = boundary_table[i].code;
	map = map_of(ids, 153);
	const char *text = svg_map(&arena, &map, false);
	assert_well_formed(text);
	assert_int_equal(times(text, "<title>&lt;&amp;&gt;</title>"), 153);
	assert_true(svg_map_has_inset(&map));
	assert_well_formed(svg_map(&arena, &map, true));
	for (size_t i = 0; i < boundary_table_rows; i++) {
		arena_reset(&arena);
		map = map_of(&ids[i], 1);
		assert_well_formed(svg_map(&arena, &map, false));
	}
	map = map_of(nowhere, 3);
	assert_null(svg_map(&arena, &map, false));
	map = map_of(ids, 0);
	assert_null(svg_map(&arena, &map, false));
	map = map_of(ids, 153);
	assert_int_equal(arena_open(&small, 4096), ERR_NONE);
	assert_null(svg_map(&small, &map, false));
	arena_close(&small);
}

/* ---- rows ---- */

static void
marks_stand_where_their_numbers_say(void **state)
{
	struct svg_mark marks[] = {{SVG_SQUARE, 0, false}, {SVG_CIRCLE, 50, false},
	    {SVG_SQUARE, 200, false}, {SVG_CIRCLE, 7, true}};
	const char *text = svg_dots(&arena, marks, 4, 100);

	(void)state;
	assert_well_formed(text);
	assert_int_equal(times(text, "<rect"), 2);
	assert_int_equal(times(text, "<circle"), 1);
	assert_non_null(strstr(text, "<rect x=\"3.00%\""));
	assert_non_null(strstr(text, "<circle cx=\"50.00%\""));
	assert_non_null(strstr(text, "<rect x=\"97.00%\""));
	text = svg_dots(&arena, marks, 2, 0);
	assert_well_formed(text);
	assert_int_equal(times(text, "3.00%"), 2);
	assert_int_equal(times(text, "<text"), 0);
}

static void
bars_are_as_long_as_their_numbers(void **state)
{
	static const struct {
		struct svg_mark mark;
		uint32_t most;
		const char *width;
	} cases[] = {{{SVG_SQUARE, 1, false}, 3, "width=\"33.33%\""},
	    {{SVG_CIRCLE, 3, false}, 3, "width=\"100.00%\""},
	    {{SVG_SQUARE, 9, false}, 3, "width=\"100.00%\""},
	    {{SVG_SQUARE, 0, false}, 0, "width=\"0.00%\""},
	    {{SVG_SQUARE, 3, true}, 3, NULL}};

	(void)state;
	for (size_t i = 0; i < N(cases); i++) {
		const char *text = svg_bar(&arena, &cases[i].mark, cases[i].most);
		assert_well_formed(text);
		assert_int_equal(times(text, "<rect"), cases[i].width != NULL);
		if (cases[i].width != NULL)
			assert_non_null(strstr(text, cases[i].width));
	}
}

static void
keys_have_the_look_of_what_they_explain(void **state)
{
	(void)state;
	for (int level = SVG_NO_DATA; level < SVG_LEVELS; level++) {
		const char *text = svg_swatch(&arena, level);
		assert_well_formed(text);
		assert_int_equal(times(text, "<path"), level == SVG_HIDDEN);
		if (level >= 0)
			assert_int_equal(times(text, svg_level_colour(level)), 1);
	}
	assert_well_formed(svg_key(&arena, SVG_SQUARE));
	assert_int_equal(times(svg_key(&arena, SVG_SQUARE), "<rect"), 1);
	assert_well_formed(svg_key(&arena, SVG_CIRCLE));
	assert_int_equal(times(svg_key(&arena, SVG_CIRCLE), "<circle"), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, arena_again)
	const struct CMUnitTest tests[] = {
	    TEST(what_is_not_well_formed_is_seen),
	    TEST(words_are_escaped),
	    TEST(half_of_it_is_nothing),
	    TEST(all_153_councils_have_an_outline_in_their_box),
	    TEST(classes_are_of_round_numbers),
	    TEST(colours_can_be_told_apart),
	    TEST(a_map_is_well_formed_and_shows_each_council),
	    TEST(a_selected_council_is_outlined_over_all_others),
	    TEST(an_inset_shows_the_metropolitan_councils),
	    TEST(a_map_is_of_any_councils),
	    TEST(marks_stand_where_their_numbers_say),
	    TEST(bars_are_as_long_as_their_numbers),
	    TEST(keys_have_the_look_of_what_they_explain),
	};

	return cmocka_run_group_tests_name(
	    "gateway_svg", tests, open_arena, close_arena);
}
