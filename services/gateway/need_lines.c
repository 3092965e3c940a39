#include "gateway/need_lines.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/language.h"
#include "gateway/need.h"
#include "gateway/need_form.h"
#include "gateway/say.h"

#define WORDS_MAX 32
#define LEVEL(name) COMMON__LEVEL__LEVEL_##name

/* A list of texts that become one. */
struct words {
	const char *list[WORDS_MAX];
	size_t n;
};

static void
add_word(struct words *w, const char *word)
{
	if (w->n < WORDS_MAX && word != NULL)
		w->list[w->n++] = word;
}

static void
add_line(json_t *lines, const char *key, const char *value)
{
	json_array_append_new(
	    lines, json_pack("{s:s, s:[s]}", "key", key, "values", value));
}

/* ---- who ---- */

static uint32_t
age_of(const struct page *p, const Requests__ChildNeed *child)
{
	return day_age_at(child->age_years, child->age_day, day_in_london(p->now_ms));
}

const char *
need_lines_who(struct page *p, const Requests__NeedCirculation *need)
{
	return need_children_of(p, need, NULL, 0);
}

static const Requests__ChildNeed *
child_of(const Requests__NeedCirculation *need, const char *ref)
{
	for (size_t i = 0; i < need->n_children; i++) {
		if (str_equal(need->children[i]->child_ref, ref))
			return need->children[i];
	}
	return NULL;
}

const char *
need_lines_part(struct page *p, const Requests__NeedCirculation *need,
    char *const *child_refs, size_t n)
{
	struct words w = {.n = 0};

	for (size_t i = 0; i < n; i++) {
		const Requests__ChildNeed *child = child_of(need, child_refs[i]);
		if (child != NULL)
			add_word(
			    &w, str_format(p->arena, "%s (%s)", child_refs[i],
				    say_child(p->arena, child->sex, age_of(p, child))));
	}
	return say_list(p->arena, w.list, w.n);
}

/* ---- level 1 ---- */

static const char *
needed_by(struct page *p, const Requests__NeedCirculation *need)
{
	const char *day =
	    need->has_needed_by_day
		? say_day_near(p->arena, need->needed_by_day, day_in_london(p->now_ms))
		: "no day said";

	if (need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY)
		return str_format(p->arena, "Emergency: %s", day);
	return str_format(
	    p->arena, "Planned: %s%s", need->has_needed_by_day ? "by " : "", day);
}

static const char *
care_types(struct page *p, const Requests__NeedCirculation *need)
{
	struct words w = {.n = 0};

	for (size_t i = 0; i < need->n_care_types; i++)
		add_word(&w, say_enum_within(p->arena, &common__care_type__descriptor,
				 (int)need->care_types[i]));
	return w.n == 0 ? "Any kind of care that suits"
	                : say_first_up(p->arena, say_list(p->arena, w.list, w.n));
}

static const char *
home_area(struct page *p, const Requests__NeedCirculation *need)
{
	const char *area = str_format(p->arena, "%s, %s",
	    need->home_sector == NULL ? "area not said" : need->home_sector,
	    directory_council_name(p->directory, need->council_id));

	if (!need->has_miles_max)
		return area;
	return str_format(p->arena, "%s; within %s if possible", area,
	    say_count(p->arena, need->miles_max, "mile", "miles"));
}

/* The needs of a child at these levels, from `least` to `most`; NULL: none. */
static const char *
needs_of(struct page *p, const Requests__ChildNeed *child, Common__Level least,
    Common__Level most)
{
	struct words w = {.n = 0};

	for (size_t i = 0; i < child->n_needs; i++) {
		const Common__Need *need = child->needs[i];
		if (need->level >= least && need->level <= most)
			add_word(
			    &w, say_enum_within(p->arena,
				    &common__need_kind__descriptor, (int)need->kind));
	}
	return w.n == 0 ? NULL
	                : say_first_up(p->arena, say_list(p->arena, w.list, w.n));
}

static const char *
say_who(struct page *p, const Requests__ChildNeed *child)
{
	return say_first_up(
	    p->arena, say_child(p->arena, child->sex, age_of(p, child)));
}

static const char *
high_of(struct page *p, const Requests__ChildNeed *child)
{
	return needs_of(p, child, LEVEL(HIGH), LEVEL(HIGH));
}

static const char *
lower_of(struct page *p, const Requests__ChildNeed *child)
{
	return needs_of(p, child, LEVEL(UNSPECIFIED), LEVEL(MEDIUM));
}

static const char *
not_safe_with(struct page *p, const Requests__ChildNeed *child)
{
	struct words w = {.n = 0};

	for (size_t i = 0; i < child->n_not_safe_with; i++)
		add_word(
		    &w, say_enum_within(p->arena, &common__not_safe_with__descriptor,
			    (int)child->not_safe_with[i]));
	return w.n == 0 ? NULL
	                : say_first_up(p->arena, say_list(p->arena, w.list, w.n));
}

/* Its letters where it is a rare one. */
static const char *
language_of(const char *code)
{
	const char *name = language_name(code);

	return name == NULL ? code : name;
}

static const char *
culture_of(struct page *p, const Requests__ChildNeed *child)
{
	struct words w = {.n = 0};
	struct arena *a = p->arena;

	for (size_t i = 0; i < child->n_languages; i++)
		add_word(&w, language_of(child->languages[i]));
	if (child->ethnicity != COMMON__ETHNICITY__ETHNICITY_UNSPECIFIED)
		add_word(&w, say_enum_within(a, &common__ethnicity__descriptor,
				 (int)child->ethnicity));
	if (child->religion != COMMON__RELIGION__RELIGION_UNSPECIFIED)
		add_word(&w, say_enum_within(a, &common__religion__descriptor,
				 (int)child->religion));
	return w.n == 0 ? NULL : say_first_up(a, say_list(a, w.list, w.n));
}

/* One line with a value for each child of whom there is something to say. */
static void
add_of_children(struct page *p, json_t *lines, const Requests__NeedCirculation *need,
    const char *key, const char *none,
    const char *(*say)(struct page *p, const Requests__ChildNeed *child))
{
	json_t *values = json_array();

	for (size_t i = 0; i < need->n_children; i++) {
		const Requests__ChildNeed *child = need->children[i];
		const char *text = say(p, child);

		if (text == NULL)
			continue;
		if (need->n_children > 1)
			text = str_format(p->arena, "%s: %s",
			    child->child_ref == NULL ? "?" : child->child_ref, text);
		json_array_append_new(values, json_string(text == NULL ? "" : text));
	}
	if (json_array_size(values) == 0)
		json_array_append_new(values, json_string(none));
	json_array_append_new(
	    lines, json_pack("{s:s, s:o}", "key", key, "values", values));
}

/* How siblings may live, if not all together. */
static void
add_siblings(struct page *p, json_t *lines, const Requests__NeedCirculation *need)
{
	json_t *values = json_array();

	json_array_append_new(
	    values, json_string(need->are_siblings ? "To live together in one home"
						   : "Not siblings of each other"));
	for (size_t i = 0; i < need->n_permitted_splits; i++)
		json_array_append_new(
		    values, json_string(str_format(p->arena, "If that cannot be: %s",
				need_form_split(p->arena, need->permitted_splits[i]))));
	json_array_append_new(lines,
	    json_pack("{s:s, s:o}", "key", "Brothers and sisters", "values", values));
}

json_t *
need_lines_circulation(struct page *p, const Requests__NeedCirculation *need)
{
	json_t *lines = json_array();
	bool is_one = need->n_children == 1;

	if (!is_one)
		add_of_children(p, lines, need, "Children", "None", say_who);
	add_line(lines, "Needed", needed_by(p, need));
	add_line(lines, "Home area", home_area(p, need));
	add_line(lines, "Kind of care", care_types(p, need));
	add_of_children(p, lines, need, "High needs", "None at a high level", high_of);
	add_of_children(p, lines, need, "Other needs", "None", lower_of);
	add_of_children(
	    p, lines, need, "Not safe with", "Nobody in particular", not_safe_with);
	add_of_children(p, lines, need, "Language, culture", "Not said", culture_of);
	if (!is_one)
		add_siblings(p, lines, need);
	add_line(lines, "How long",
	    need->has_expected_end_day ? str_format(p->arena, "Until about %s",
					     say_day(p->arena, need->expected_end_day))
				       : "Not said");
	return lines;
}

/* ---- levels 2 and 3 ---- */

static const char *
sectors(struct page *p, char *const *list, size_t n)
{
	return n == 0 ? "None" : say_list(p->arena, (const char *const *)list, n);
}

static void
add_code(struct page *p, json_t *lines, const char *key,
    const ProtobufCEnumDescriptor *type, int value)
{
	add_line(lines, key, say_enum(p->arena, type, value));
}

json_t *
need_lines_detail(struct page *p, const Requests__NeedDetail *detail)
{
	json_t *lines = json_array();

	add_line(lines, "School area",
	    detail->school_sector == NULL ? "Not said" : detail->school_sector);
	add_line(lines, "Must not live near",
	    sectors(p, detail->avoid_sectors, detail->n_avoid_sectors));
	add_code(p, lines, "Legal status", &requests__legal_status__descriptor,
	    (int)detail->legal_status);
	add_code(p, lines, "Aim of the care plan", &requests__care_plan_aim__descriptor,
	    (int)detail->care_plan_aim);
	add_line(lines, "Earlier placements",
	    detail->has_earlier_placements
		? say_number(p->arena, detail->earlier_placements)
		: "Not said");
	add_line(lines, "Family time",
	    detail->has_family_time_a_week
		? str_format(p->arena, "%s a week",
		      say_count(
			  p->arena, detail->family_time_a_week, "meeting", "meetings"))
		: "Not said");
	add_code(p, lines, "Family and friends", &requests__family_first__descriptor,
	    (int)detail->family_first);
	return lines;
}

json_t *
need_lines_identity(struct page *p, const Requests__NeedIdentity *identity)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < identity->n_child_ids; i++)
		add_line(lines,
		    str_format(p->arena, "Reference%s",
			identity->n_child_ids > 1 ? str_format(p->arena, " %zu", i + 1)
						  : ""),
		    identity->child_ids[i]);
	return lines;
}
