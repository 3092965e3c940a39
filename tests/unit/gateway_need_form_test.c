#include "gateway/need_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

/* A need's form: what is typed becomes the message, and the message the form. */

#define NOW_MS INT64_C(1795262400000) /* 2026-11-21, noon in London */

static struct arena arena;

static struct page *
page_of(const char *typed)
{
	static struct page p;
	struct form *form = arena_take(&arena, sizeof *form);
	const char *why;

	json_decref(p.errors);
	json_decref(p.view);
	p = (struct page){.arena = &arena, .now_ms = NOW_MS, .is_post = true};
	p.errors = json_array();
	p.view = json_object();
	assert_int_equal(
	    form_decode(&arena, bytes_of_text(typed), form, &why), ERR_NONE);
	p.form = form;
	return &p;
}

static const char *
error_of(const struct page *p, const char *field)
{
	for (size_t i = 0; i < json_array_size(p->errors); i++) {
		const json_t *error = json_array_get(p->errors, i);

		if (str_equal(
			json_string_value(json_object_get(error, "field")), field))
			return json_string_value(json_object_get(error, "text"));
	}
	return NULL;
}

/* ---- read ---- */

static void
an_emergency_is_today(void **state)
{
	const int32_t today = day_in_london(NOW_MS);
	Requests__Submit *need = need_form_read(
	    page_of("token=x&button=check&urgency=emergency&needed_by_day-day=&"
		    "needed_by_day-month=&needed_by_day-year=&home_sector=m145&"
		    "children.0.age_years=9&children.0.sex=female&"
		    "children.0.needs.autism.level=high&"
		    "children.0.needs.trauma.level=&family_first="),
	    SIZE_MAX);

	(void)state;
	assert_non_null(need);
	assert_int_equal(need->needed_by_day, today);
	assert_string_equal(need->home_sector, "M14 5");
	assert_int_equal(need->n_children, 1);
	assert_int_equal(need->children[0]->age_day, today);
	assert_int_equal(need->children[0]->n_needs, 1);
	assert_false(need->has_are_siblings);
	assert_false(need->has_family_first);
	assert_int_equal(need->n_permitted_splits, 0);
}

static void
nothing_typed_is_nothing_said(void **state)
{
	Requests__Submit *need =
	    need_form_read(page_of("urgency=planned&children.0.age_years="), SIZE_MAX);

	(void)state;
	assert_non_null(need);
	assert_false(need->has_needed_by_day);
	assert_int_equal(need->n_children, 0);
}

#define THREE                                                                          \
	"children.0.age_years=9&children.1.age_years=7&children.2.age_years=4&"        \
	"children.1.sex=male"

static void
several_are_brothers_and_sisters(void **state)
{
	Requests__Submit *need = need_form_read(
	    page_of(THREE "&splits=AB/C&splits=A/B/C&splits=A/B&splits=AB/BC&"
			  "splits=ABC&splits=A/B/C/D&splits=%2F&splits=a/bc"),
	    SIZE_MAX);

	(void)state;
	assert_non_null(need);
	assert_int_equal(need->n_children, 3);
	assert_true(need->are_siblings);
	/* Those that divide these three, and no others. */
	assert_int_equal(need->n_permitted_splits, 2);
	assert_int_equal(need->permitted_splits[0]->n_parts, 2);
	assert_string_equal(need_form_split(&arena, need->permitted_splits[0]),
	    "A and B together, C alone");
	assert_string_equal(need_form_split(&arena, need->permitted_splits[1]),
	    "A alone, B alone, C alone");
}

/* More than any need may have: the service says so. */
static void
too_many_children_have_no_splits(void **state)
{
	(void)state;
	const char *text = "splits=A/B";
	Requests__Submit *need;

	for (unsigned i = 0; i < 34; i++)
		text = str_format(&arena, "%s&children.%u.age_years=9", text, i);
	need = need_form_read(page_of(text), SIZE_MAX);
	assert_non_null(need);
	assert_int_equal(need->n_children, 34);
	assert_int_equal(need->n_permitted_splits, 0);
}

static void
a_child_is_left_out(void **state)
{
	Requests__Submit *need = need_form_read(page_of(THREE "&splits=AB/C"), 0);

	(void)state;
	assert_non_null(need);
	assert_int_equal(need->n_children, 2);
	assert_int_equal(need->children[0]->age_years, 7);
	assert_int_equal(need->children[0]->sex, COMMON__SEX__SEX_MALE);
	assert_int_equal(need->n_permitted_splits, 0); /* it was of three */
}

static void
what_is_no_answer_is_said_beside_it(void **state)
{
	struct page *p = page_of("home_sector=12 Long Street&children.0.age_years=ten&"
				 "children.0.languages=she speaks Urdu&name=Annie");

	(void)state;
	assert_null(need_form_read(p, SIZE_MAX));
	assert_non_null(error_of(p, "home_sector"));
	assert_non_null(error_of(p, "children.0.age_years"));
	assert_non_null(error_of(p, "name"));
}

/* ---- and back ---- */

static void
a_draft_is_shown_as_it_was_typed(void **state)
{
	struct page *p = page_of(THREE "&urgency=planned&splits=AC/B&"
				       "children.0.needs.autism.level=low&"
				       "avoid_sectors=M14 5, M15 4&care_types=foster");
	Requests__Submit *need = need_form_read(p, SIZE_MAX), *again;
	const struct form *form;

	(void)state;
	assert_non_null(need);
	form = need_form_of(p, need);
	assert_non_null(form);
	assert_string_equal(form_first(form, "children.0.needs.autism.level"), "low");
	assert_string_equal(form_first(form, "splits"), "AC/B");
	assert_int_equal(need_form_children(form), 3);
	p->form = form;
	again = need_form_read(p, SIZE_MAX);
	assert_non_null(again);
	assert_true(protobuf_c_message_get_packed_size(&need->base) ==
		    protobuf_c_message_get_packed_size(&again->base));
}

static const json_t *
child_at(const struct page *p, size_t i)
{
	return json_array_get(json_object_get(p->view, "children"), i);
}

static void
there_is_room_for_one_child_more(void **state)
{
	struct page *p = page_of("children.0.age_years=9");

	(void)state;
	need_form_put(p, p->form, 2);
	assert_int_equal(json_array_size(json_object_get(p->view, "children")), 2);
	assert_non_null(json_object_get(p->view, "splits"));
	assert_true(json_is_true(json_object_get(p->view, "can_add")));
	assert_string_equal(
	    json_string_value(json_object_get(child_at(p, 1), "title")), "Child B");
	p = page_of("");
	need_form_put(p, p->form, 0);
	assert_int_equal(json_array_size(json_object_get(p->view, "children")), 1);
	assert_null(json_object_get(p->view, "splits"));
	assert_true(json_is_null(json_object_get(child_at(p, 0), "remove")));
	/* More than a need may have is not shown, whoever asks. */
	p = page_of("children.9.age_years=9");
	need_form_put(p, p->form, 40);
	assert_int_equal(
	    json_array_size(json_object_get(p->view, "children")), NEED_CHILDREN_MAX);
	assert_false(json_is_true(json_object_get(p->view, "can_add")));
}

/* ---- names ---- */

static void
a_services_field_is_a_control(void **state)
{
	static const struct {
		const char *field, *sentence, *name;
	} rows[] = {
	    {"home_sector", "There is no such postcode sector.", "home_sector"},
	    {"children[1].age_years", NULL, "children.1.age_years"},
	    {"children.age_years", "A child is 0 to 17 years old: child C",
		"children.2.age_years"},
	    {"children.sex", "Say the child's sex: child A", "children.0.sex"},
	    {"children.2.sex", "x", "children.2.sex"},
	    {"children", "A request is for one child, or up to six siblings.",
		"children.0.age_years"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(
		    need_form_name(&arena, rows[i].field, rows[i].sentence),
		    rows[i].name);
	assert_null(need_form_name(&arena, NULL, "x"));
	assert_string_equal(
	    need_form_missing(&arena, "children[1].sex", 2), "the sex of child B");
	assert_string_equal(need_form_missing(&arena, "children[0].age_years", 1),
	    "the child\u2019s age");
	assert_string_equal(need_form_missing(&arena, "something", 1), "something");
}

static int
open_arena(void **state)
{
	(void)state;
	return arena_open(&arena, 64u << 20) == ERR_NONE ? 0 : 1;
}

static int
close_arena(void **state)
{
	(void)state;
	(void)page_of(""); /* what the last one held is given back */
	arena_close(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_emergency_is_today),
	    cmocka_unit_test(nothing_typed_is_nothing_said),
	    cmocka_unit_test(several_are_brothers_and_sisters),
	    cmocka_unit_test(a_child_is_left_out),
	    cmocka_unit_test(too_many_children_have_no_splits),
	    cmocka_unit_test(what_is_no_answer_is_said_beside_it),
	    cmocka_unit_test(a_draft_is_shown_as_it_was_typed),
	    cmocka_unit_test(there_is_room_for_one_child_more),
	    cmocka_unit_test(a_services_field_is_a_control),
	};

	return cmocka_run_group_tests_name("need_form", tests, open_arena, close_arena);
}
