#include "gateway/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "support/memory.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define FILES_MAX 4

/* Up to FILES_MAX templates, each as "name:text"; the first is rendered. */
static size_t
files_of(const char *const *texts, struct gateway_asset *files, char names[][64])
{
	size_t n = 0;

	for (; n < FILES_MAX && texts[n] != NULL; n++) {
		const char *colon = strchr(texts[n], ':');

		assert_non_null(colon);
		snprintf(names[n], 64, "templates/%.*s.mustache",
		    (int)(colon - texts[n]), texts[n]);
		files[n] = (struct gateway_asset){
		    names[n], "text/plain", bytes_of_text(colon + 1), "", BYTES_NONE};
	}
	return n;
}

static struct template_set *
opened(const char *const *texts)
{
	struct gateway_asset files[FILES_MAX];
	char names[FILES_MAX][64], problem[200] = "";
	struct template_set *t = NULL;
	size_t n = files_of(texts, files, names);

	if (template_open(&t, files, n, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	return t;
}

static const char *
rendered(const char *const *texts, const char *view)
{
	struct template_set *t = opened(texts);
	json_t *json = json_loads(view, 0, NULL);
	struct bytes page = BYTES_NONE;

	assert_non_null(json);
	assert_int_equal(template_render(t, "a", json, &arena, &page), ERR_NONE);
	json_decref(json);
	template_close(t);
	char *text = arena_take(&arena, page.len + 1);
	assert_non_null(text);
	memcpy(text, page.data, page.len);
	return text;
}

/* ---- what a tag comes to ---- */

static void
each_tag_comes_to_what_it_stands_for(void **state)
{
	static const struct {
		const char *template, *view, *page;
	} rows[] = {
	    {"a:{{x}}", "{\"x\":\"<b a='1'>&\\\"\"}",
		"&lt;b a=&#39;1&#39;&gt;&amp;&quot;"},
	    {"a:{{{x}}}|{{&x}}", "{\"x\":\"<b>\"}", "<b>|<b>"},
	    {"a:{{x}} {{y.z}}", "{\"y\":{\"z\":\"far\"}}", " far"},
	    {"a:{{x}}", "{\"x\":\"\\u2011 {{y}}\",\"y\":\"no\"}", "\xe2\x80\x91 {{y}}"},
	    {"a:{{n}}|{{m}}|{{r}}", "{\"n\":0,\"m\":-9007199254740993,\"r\":2.5}",
		"0|-9007199254740993|2.5"},
	    {"a:{{t}}{{f}}{{z}}", "{\"t\":true,\"f\":false,\"z\":null}", ""},
	    {"a:{{#l}}<{{.}}>{{/l}}", "{\"l\":[\"1\",2,\"&\"]}", "<1><2><&amp;>"},
	    {"a:{{#l}}{{n}}{{o}};{{/l}}",
		"{\"o\":\"!\",\"l\":[{\"n\":1},{\"n\":2,\"o\":\"?\"}]}", "1!;2?;"},
	    {"a:{{#l}}{{.o}};{{#.o}}yes{{/.o}}{{^.o}}no{{/.o}}{{/l}}",
		"{\"o\":\"!\",\"l\":[{\"o\":\"?\"},{}]}", "?;yes;no"},
	    {"a:{{#l}}{{.o.p}}{{/l}}", "{\"o\":{\"p\":1},\"l\":[{\"o\":{\"p\":2}},{}]}",
		"2"},
	    {"a:{{#o}}{{#.t}}{{.p}}{{#.p}}<{{.}}{{.q}}>{{/.p}}{{/.t}}{{/o}}",
		"{\"p\":0,\"q\":9,\"o\":{\"t\":true,\"p\":\"1\"}}", "1<1>"},
	    {"a:{{#o}}[{{p}}]{{/o}}{{^q}}none{{/q}}", "{\"o\":{\"p\":1}}", "[1]none"},
	    {"a:x{{! a word for those who read it }}y", "{}", "xy"},
	    {"a:{{#l}}{{#m}}{{.}}{{/m}},{{/l}}", "{\"l\":[{\"m\":[1,2]},{\"m\":[]}]}",
		"12,,"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++)
		assert_string_equal(
		    rendered((const char *[]){rows[i].template, NULL}, rows[i].view),
		    rows[i].page);
}

/* A section and its inverse, for each kind of value: exactly one of them is there. */
static void
a_section_or_its_inverse_is_there(void **state)
{
	static const struct {
		const char *value;
		bool is_true;
	} rows[] = {
	    {"true", true},
	    {"1", true},
	    {"0", true},
	    {"0.0", true},
	    {"\"no\"", true},
	    {"{}", true},
	    {"{\"p\":null}", true},
	    {"[0]", true},
	    {"false", false},
	    {"null", false},
	    {"\"\"", false},
	    {"[]", false},
	};
	char view[64];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		snprintf(view, sizeof view, "{\"x\":%s}", rows[i].value);
		assert_string_equal(
		    rendered((const char *[]){"a:{{#x}}yes{{/x}}{{^x}}no{{/x}}", NULL},
			view),
		    rows[i].is_true ? "yes" : "no");
	}
}

static void
partials_are_taken_in_where_they_stand(void **state)
{
	static const char *const texts[] = {
	    "a:<ul>\n\t{{#l}}\n\t\t{{> item}}\n\t{{/l}}\n</ul>\n{{>b}}|{{> b }}\n",
	    "item:\n<li>{{n}}\n\n\t</li>\n", "b:{{> c}}!", "c:{{o}}\n"};

	(void)state;
	assert_string_equal(
	    rendered((const char *[]){texts[0], texts[1], texts[2], texts[3], NULL},
		"{\"o\":\"o\",\"l\":[{\"n\":1},{\"n\":2}]}"),
	    "<ul>\n<li>1\n</li>\n<li>2\n</li>\n</ul>\no!|o!");
}

/* ---- what is refused ---- */

static void
a_fault_names_its_file(void **state)
{
	static const struct {
		const char *texts[FILES_MAX];
		const char *says;
	} rows[] = {
	    {{"a:x", "b:{{#l}}"}, "templates/b.mustache does not parse: Unclosed"},
	    {{"a:{{/l}}"}, "templates/a.mustache does not parse: Unopened section"},
	    {{"a:{{#l}}{{#m}}{{/l}}{{/m}}"}, "templates/a.mustache does not parse"},
	    {{"a:{{#l}}x{{/m}}"}, "templates/a.mustache does not parse"},
	    {{"a:{{x"}, "templates/a.mustache has a tag without an end in a"},
	    {{"a:{{{x}}"}, "templates/a.mustache has a tag without an end in a"},
	    {{"a:{{"}, "templates/a.mustache has a tag without an end in a"},
	    {{"a:{{ }}"}, "templates/a.mustache has a tag that is none in a"},
	    {{"a:{{=<% %>=}}"}, "templates/a.mustache has a tag that is none in a"},
	    {{"a:{{> b}}"}, "templates/a.mustache takes in b, which is not there"},
	    {{"a:{{> a}}"}, "templates/a.mustache takes in a inside a"},
	    {{"a:{{> b}}", "b:{{#x}}{{> c}}{{/x}}", "c:{{> b}}"},
		"takes in b inside b"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct gateway_asset files[FILES_MAX];
		char names[FILES_MAX][64], problem[200] = "";
		struct template_set *t = NULL;
		size_t n = files_of(rows[i].texts, files, names);

		assert_int_equal(template_open(&t, files, n, problem, sizeof problem),
		    ERR_MALFORMED);
		assert_null(t);
		if (strstr(problem, rows[i].says) == NULL)
			fail_msg("row %zu: %s", i, problem);
	}
}

static void
other_files_are_passed_over(void **state)
{
	const struct gateway_asset files[] = {
	    {"assets/x.mustache", "", bytes_of_text("{{#"), "", BYTES_NONE},
	    {"templates/x.txt", "", bytes_of_text("{{#"), "", BYTES_NONE},
	    {"templates/.mustache", "", bytes_of_text("{{#"), "", BYTES_NONE},
	};
	char problem[200] = "";
	struct template_set *t = NULL;

	(void)state;
	assert_int_equal(
	    template_open(&t, files, N(files), problem, sizeof problem), ERR_NONE);
	template_close(t);
	template_close(NULL);
}

static void
what_cannot_be_rendered_is_a_fault(void **state)
{
	struct template_set *t =
	    opened((const char *[]){"a:{{#l}}{{{x}}}{{/l}}", NULL});
	json_t *view = json_object(), *list = json_array(), *deep = json_object();
	struct bytes page = BYTES_NONE;
	static char megabyte[1048577];

	(void)state;
	assert_int_equal(template_render(t, "b", view, &arena, &page), ERR_INTERNAL);
	assert_int_equal(template_render(t, "a", NULL, &arena, &page), ERR_INTERNAL);
	assert_int_equal(template_render(t, "a", list, &arena, &page), ERR_INTERNAL);
	/* Five times a megabyte is more than a page may be; four is more than this
	 * arena holds. */
	memset(megabyte, 'x', sizeof megabyte - 1);
	json_object_set_new(view, "x", json_string(megabyte));
	for (int i = 0; i < 5; i++)
		json_array_append_new(list, json_true());
	json_object_set(view, "l", list);
	assert_int_equal(template_render(t, "a", view, &arena, &page), ERR_MEMORY);
	assert_false(arena.is_full);
	json_array_remove(list, 0);
	struct arena small;
	assert_int_equal(arena_open(&small, 65536), ERR_NONE);
	assert_int_equal(template_render(t, "a", view, &small, &page), ERR_MEMORY);
	assert_true(small.is_full);
	arena_close(&small);
	for (int i = 0; i <= TEMPLATE_VIEW_DEPTH_MAX; i++) {
		json_t *outer = json_object();

		json_object_set_new(outer, "x", deep);
		deep = outer;
	}
	assert_int_equal(template_render(t, "a", deep, &arena, &page), ERR_INTERNAL);
	assert_null(page.data);
	json_decref(deep);
	json_decref(list);
	json_decref(view);
	template_close(t);
}

/* A page of a region: 150 rows of six cells, some 60 KB. */
static void
a_large_page_is_quick(void **state)
{
	struct template_set *t = opened(
	    (const char *[]){"a:<table>\n{{#rows}}\n{{> b}}\n{{/rows}}\n</table>",
		"b:<tr class=\"govuk-table__row\">\n\t<th "
		"scope=\"row\">{{name}}</th>\n\t{{#cells}}\n\t<td "
		"class=\"govuk-table__cell govuk-table__cell--numeric\">{{.}}</td>\n"
		"\t{{/cells}}\n</tr>",
		NULL});
	json_t *view = json_object(), *rows = json_array();
	struct bytes page = BYTES_NONE;
	int64_t best_us = INT64_MAX;

	(void)state;
	for (int i = 0; i < 150; i++)
		json_array_append_new(rows,
		    json_pack("{s:s,s:[i,i,i,i,s]}", "name", "Cheshire West & Chester",
			"cells", i, 2 * i, 3 * i, 4 * i, "about 6 miles"));
	json_object_set_new(view, "rows", rows);
	for (int i = 0; i < 5; i++) {
		int64_t began_us = clock_ticks_us();

		assert_int_equal(
		    template_render(t, "a", view, &arena, &page), ERR_NONE);
		if (clock_ticks_us() - began_us < best_us)
			best_us = clock_ticks_us() - began_us;
	}
	assert_in_range(page.len, 60000, 80000);
	print_message("%zu bytes in %lld us\n", page.len, (long long)best_us);
	assert_true(best_us < 50000); /* a few ms; the sanitizers take ten times that */
	json_decref(view);
	template_close(t);
}

/* ---- the portal's own files ---- */

static void
the_portals_own_templates_parse(void **state)
{
	char problem[200] = "";
	struct template_set *t = NULL;

	(void)state;
	if (template_open(&t, gateway_assets, gateway_assets_n, problem,
		sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	template_close(t);
}

static void
assets_are_found_by_path(void **state)
{
	(void)state;
	assert_true(gateway_assets_n > 0);
	for (size_t i = 0; i < gateway_assets_n; i++) {
		const struct gateway_asset *asset = &gateway_assets[i];

		assert_ptr_equal(gateway_asset_find(asset->path), asset);
		assert_int_equal(strlen(asset->tag), 16);
		assert_int_equal(asset->body.data[asset->body.len], 0);
		if (i > 0)
			assert_true(
			    strcmp(gateway_assets[i - 1].path, asset->path) < 0);
	}
	assert_null(gateway_asset_find("assets"));
	assert_null(gateway_asset_find(""));
	const struct gateway_asset *css = gateway_asset_find("assets/portal.css");
	assert_non_null(css);
	assert_string_equal(css->type, "text/css; charset=utf-8");
	assert_true(css->packed.len > 0 && css->packed.len < css->body.len / 4);
	assert_memory_equal(css->packed.data, "\x1f\x8b", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_tag_comes_to_what_it_stands_for),
	    cmocka_unit_test(a_section_or_its_inverse_is_there),
	    cmocka_unit_test(partials_are_taken_in_where_they_stand),
	    cmocka_unit_test(a_fault_names_its_file),
	    cmocka_unit_test(other_files_are_passed_over),
	    cmocka_unit_test(what_cannot_be_rendered_is_a_fault),
	    cmocka_unit_test(a_large_page_is_quick),
	    cmocka_unit_test(the_portals_own_templates_parse),
	    cmocka_unit_test(assets_are_found_by_path),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
