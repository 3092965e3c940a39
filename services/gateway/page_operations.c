/* Live operations: what is open in the whole region now, the most urgent first, for
 * officers of the co-operative. */
#include <stdlib.h>

#include "base/day.h"
#include "base/json_names.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/figures.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define CALL(name) OBSERVATORY__OBSERVATORY_CALL__CALL_##name
#define CONCERN(name) OBSERVATORY__CONCERN__CONCERN_##name
#define LINES_MAX 200
#define CHILDREN_SAID 8

static const ProtobufCEnumDescriptor *const concerns =
    &observatory__concern__descriptor;

/* The name of a concern in an address. */
static const char *
code_of(struct arena *a, Observatory__Concern concern)
{
	const ProtobufCEnumValue *v =
	    protobuf_c_enum_descriptor_get_value(concerns, (int)concern);
	char name[JSON_NAME_MAX] = "";

	if (v != NULL)
		json_enum_name(concerns, v, name);
	return str_copy(a, name);
}

/* Red is what somebody should do something about now. */
static const char *
colour_of(Observatory__Concern concern)
{
	switch (concern) {
	case CONCERN(SAME_DAY_NO_OFFER):
	case CONCERN(OVERDUE): return "red";
	case CONCERN(HOLD_ENDING):
	case CONCERN(UNANSWERED):
	case CONCERN(NOT_SENT): return "orange";
	case CONCERN(APPROVAL_WAITING):
	case CONCERN(DECISION_WAITING): return "blue";
	case CONCERN(UNSPECIFIED): break;
	}
	return "grey";
}

/* ---- the numbers ---- */

static void
put_numbers(struct page *p, const Observatory__Operations *o, const char *shown)
{
	struct arena *a = p->arena;
	json_t *list = json_array();

	for (size_t i = 0; i < o->n_concerns; i++) {
		const Observatory__ConcernCount *row = o->concerns[i];
		const char *code = code_of(a, row->concern);
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s, s:b}", "number",
			      say_number(a, row->needs), "label",
			      say_enum_within(a, concerns, (int)row->concern), "href",
			      str_format(a, "/operations?show=%s", code), "is_shown",
			      str_equal(code, shown)));
	}
	page_put(p, "concerns", list);
	page_put(p, "open", json_string(say_number(a, o->open)));
	page_put(p, "open_words",
	    json_string(o->open == 1 ? "need is open" : "needs are open"));
	page_put(p, "same_day", json_string(say_number(a, o->same_day)));
	page_put(p, "planned", json_string(say_number(a, o->planned)));
	page_put(p, "as_at", say_when_within(a, o->as_at_time, p->now_ms));
}

/* The concern that alone is shown, in words; null: all are, or it is none of ours. */
static json_t *
concern_shown(struct arena *a, const Observatory__Operations *o, const char *shown)
{
	for (size_t i = 0; shown != NULL && i < o->n_concerns; i++) {
		Observatory__Concern concern = o->concerns[i]->concern;
		if (str_equal(code_of(a, concern), shown))
			return json_string(say_enum_within(a, concerns, (int)concern));
	}
	return json_null();
}

/* ---- the needs ---- */

/* How far one is that nobody need look at. */
static const char *
step_of(const Observatory__NeedOpen *need)
{
	if (need->chosen > 0)
		return "Place held";
	return need->asked > 0 ? "Sent" : "Entered";
}

static json_t *
tags_of(struct arena *a, const Observatory__NeedOpen *need)
{
	json_t *list = json_array();

	for (size_t i = 0; i < need->n_concerns; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:s}", "text",
			      say_enum(a, concerns, (int)need->concerns[i]), "colour",
			      colour_of(need->concerns[i])));
	if (need->n_concerns == 0)
		json_array_append_new(list,
		    json_pack("{s:s, s:s}", "text", step_of(need), "colour", "grey"));
	return list;
}

static int
compare_ages(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* "2 children, aged 4 and 7" */
static const char *
children_of(struct arena *a, const Observatory__NeedOpen *need)
{
	uint32_t years[CHILDREN_SAID];
	const char *ages[CHILDREN_SAID];
	size_t n = 0;

	for (; n < need->n_ages_years && n < CHILDREN_SAID; n++)
		years[n] = need->ages_years[n];
	if (n > 0)
		qsort(years, n, sizeof years[0], compare_ages);
	for (size_t i = 0; i < n; i++)
		ages[i] = years[i] == 0 ? "under 1" : say_number(a, years[i]);
	return str_format(a, "%s, aged %s",
	    say_count(a, need->n_ages_years, "child", "children"),
	    say_list(a, ages, n));
}

/* "3 of 7 providers have answered, 1 offer stands" */
static const char *
answers_of(struct arena *a, const Observatory__NeedOpen *need)
{
	if (need->asked == 0)
		return "No provider has been asked";
	return str_format(a, "%s of %s answered, %s", say_number(a, need->answered),
	    say_count(a, need->asked, "provider", "providers"),
	    say_count(a, need->offers_standing, "offer stands", "offers stand"));
}

static json_t *
need_of(const struct page *p, const Observatory__NeedOpen *need)
{
	struct arena *a = p->arena;
	bool is_urgent = need->n_concerns > 0 && need->concerns[0] <= CONCERN(OVERDUE);
	json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "reference",
	    say_reference(a, need->request_id), "href",
	    str_format(a, "/operations/%s", need->request_id), "council",
	    directory_council_name(p->directory, need->council_id), "children",
	    children_of(a, need), "answers", answers_of(a, need), "is_urgent",
	    is_urgent, "is_same_day", need->is_same_day, "tags", tags_of(a, need));

	if (need->has_submitted_time)
		json_object_set_new(out, "entered",
		    say_when_within(a, need->submitted_time, p->now_ms));
	if (need->has_needed_by_day)
		json_object_set_new(out, "needed_by",
		    json_string(say_day_near(
			a, need->needed_by_day, day_in_london(p->now_ms))));
	if (need->chosen > 0)
		json_object_set_new(out, "chosen",
		    json_string(say_count(a, need->chosen, "child has a place held",
			"children have a place held")));
	if (need->has_step_due_time)
		json_object_set_new(out, "due",
		    json_string(say_left(a, need->step_due_time, p->now_ms)));
	return out;
}

static bool
is_shown(struct arena *a, const Observatory__NeedOpen *need, const char *shown)
{
	for (size_t i = 0; shown != NULL && i < need->n_concerns; i++) {
		if (str_equal(code_of(a, need->concerns[i]), shown))
			return true;
	}
	return shown == NULL;
}

static void
put_needs(struct page *p, const Observatory__Operations *o, const char *shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < o->n_needs; i++) {
		if (is_shown(p->arena, o->needs[i], shown))
			json_array_append_new(list, need_of(p, o->needs[i]));
	}
	if (o->n_needs > 0)
		page_put(p, "worst",
		    json_pack("{s:s, s:s}", "href",
			str_format(p->arena, "/operations/%s", o->needs[0]->request_id),
			"reference", say_reference(p->arena, o->needs[0]->request_id)));
	if (o->n_needs < o->open)
		page_put(p, "cut", json_string(say_number(p->arena, o->n_needs)));
	page_put(p, "has_needs", json_boolean(json_array_size(list) > 0));
	page_put(p, "needs", list);
}

/* ---- vacancies that nobody has confirmed ---- */

static json_t *
cell(const char *text, bool is_head, bool is_number)
{
	return json_pack("{s:s, s:b, s:b}", "text", text, "is_head", is_head,
	    "is_number", is_number);
}

/* "2 of 40 vacancies open to referral have not been confirmed for 14 days, at 1
 * provider." */
static const char *
unconfirmed_words(struct arena *a, const Observatory__Operations *o)
{
	if (o->vacancies == 0)
		return "No vacancy is open to referral now.";
	if (o->unconfirmed_vacancies == 0)
		return str_format(a,
		    "Every vacancy open to referral (%s) was confirmed in the last %u "
		    "days.",
		    say_number(a, o->vacancies), o->stale_days);
	return str_format(a,
	    "%s of %s open to referral %s not been confirmed for %u days, at %s.",
	    say_number(a, o->unconfirmed_vacancies),
	    say_count(a, o->vacancies, "vacancy", "vacancies"),
	    o->unconfirmed_vacancies == 1 ? "has" : "have", o->stale_days,
	    say_count(a, o->unconfirmed_providers, "provider", "providers"));
}

static void
put_unconfirmed(struct page *p, const Observatory__Operations *o)
{
	struct arena *a = p->arena;
	json_t *rows = json_array();

	for (size_t i = 0; i < o->n_unconfirmed; i++) {
		const Observatory__Unconfirmed *u = o->unconfirmed[i];
		json_array_append_new(rows,
		    json_pack("{s:[o, o, o]}", "cells",
			cell(directory_provider_name(p->directory, u->provider_id),
			    true, false),
			cell(say_number(a, u->vacancies), false, true),
			cell(say_day(a, day_in_london(u->oldest_confirmed_time)), false,
			    false)));
	}
	page_put(p, "unconfirmed",
	    json_pack("{s:s, s:[{s:s}, {s:s, s:b}, {s:s}], s:o}", "caption",
		"Unconfirmed vacancies by provider, the longest first", "head", "text",
		"Provider", "text", "Vacancies", "is_number", 1, "text",
		"Longest unconfirmed since", "rows", rows));
	page_put(p, "has_unconfirmed", json_boolean(o->n_unconfirmed > 0));
	page_put(p, "unconfirmed_words", json_string(unconfirmed_words(a, o)));
}

void
page_operations_view(struct page *p)
{
	Observatory__OperationsAsked asked = OBSERVATORY__OPERATIONS_ASKED__INIT;
	const char *shown = page_query(p, "show");
	const Observatory__Operations *o;

	SET(&asked, limit, LINES_MAX);
	o = page_ask(p, "observatory", CALL(OPERATIONS), &asked.base);
	if (o == NULL)
		return;
	put_numbers(p, o, shown);
	put_needs(p, o, shown);
	put_unconfirmed(p, o);
	page_put(p, "is_filtered", json_boolean(shown != NULL));
	page_put(p, "shown", concern_shown(p->arena, o, shown));
	page_put(p, "sources",
	    figures_sources(p->arena, o->sources, o->n_sources, p->now_ms));
	page_put(p, "say",
	    json_pack("{s:s}", "operations_numbers",
		str_format(p->arena, "%s open, %s of them needed today",
		    say_count(p->arena, o->open, "need", "needs"),
		    say_number(p->arena, o->same_day))));
}
