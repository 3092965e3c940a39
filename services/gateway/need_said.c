#include "gateway/need_said.h"

#include "base/message.h"
#include "base/str.h"
#include "gateway/fields.h"
#include "gateway/language.h"
#include "gateway/need_form.h"
#include "gateway/need_lines.h"
#include "gateway/say.h"

#define WORDS_MAX 32

struct rows {
	struct page *p;
	json_t *list;
	const char *edit;
};

static void
add(struct rows *r, const char *key, const char *value, const char *name)
{
	const char *id = fields_id(r->p->arena, name);

	if (value == NULL || value[0] == '\0')
		return;
	json_array_append_new(
	    r->list, json_pack("{s:s, s:s, s:s, s:s}", "key", key, "value", value, "id",
			 id, "href", str_format(r->p->arena, "%s#%s", r->edit, id)));
}

static void
add_enum(struct rows *r, const char *key, const ProtobufCEnumDescriptor *type,
    int value, const char *name)
{
	if (value != 0)
		add(r, key, say_enum(r->p->arena, type, value), name);
}

static void
add_day(struct rows *r, const char *key, bool has_day, int32_t day, const char *name)
{
	if (has_day)
		add(r, key, say_day(r->p->arena, day), name);
}

static void
add_number(
    struct rows *r, const char *key, bool has_number, uint32_t number, const char *name)
{
	if (has_number)
		add(r, key, say_number(r->p->arena, number), name);
}

static void
add_texts(
    struct rows *r, const char *key, char *const *texts, size_t n, const char *name)
{
	const char *words[WORDS_MAX];

	for (size_t i = 0; i < n && i < WORDS_MAX; i++)
		words[i] = texts[i];
	add(r, key, say_list(r->p->arena, words, n < WORDS_MAX ? n : WORDS_MAX), name);
}

/* ---- a child ---- */

static const char *
needs_of(struct page *p, const Requests__ChildNeed *child)
{
	const char *words[WORDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < child->n_needs && n < WORDS_MAX; i++)
		words[n++] = str_format(p->arena, "%s (%s)",
		    say_enum_within(p->arena, &common__need_kind__descriptor,
			(int)child->needs[i]->kind),
		    say_enum_within(p->arena, &common__level__descriptor,
			(int)child->needs[i]->level));
	return say_first_up(p->arena, say_list(p->arena, words, n));
}

static const char *
safe_of(struct page *p, const Requests__ChildNeed *child)
{
	const char *words[WORDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < child->n_not_safe_with && n < WORDS_MAX; i++)
		words[n++] = say_enum_within(p->arena,
		    &common__not_safe_with__descriptor, (int)child->not_safe_with[i]);
	return say_first_up(p->arena, say_list(p->arena, words, n));
}

static const char *
languages_of(struct page *p, const Requests__ChildNeed *child)
{
	const char *words[WORDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < child->n_languages && n < WORDS_MAX; i++, n++) {
		const char *name = language_name(child->languages[i]);

		words[n] = name == NULL ? child->languages[i] : name;
	}
	return say_list(p->arena, words, n);
}

static const char *
name_of(struct rows *r, size_t i, const char *what)
{
	return str_format(r->p->arena, "children.%zu.%s", i, what);
}

static void
add_child(struct rows *r, const Requests__Submit *need, size_t i)
{
	const Requests__ChildNeed *child = need->children[i];
	struct arena *a = r->p->arena;
	const char *who = need->n_children == 1
	                      ? "the child"
	                      : str_format(a, "child %c", (int)('A' + i));
	const char *is = say_child(a, child->sex, child->age_years);

	if (child->has_age_years)
		add(r, say_first_up(a, who), say_first_up(a, is),
		    name_of(r, i, "age_years"));
	add(r, str_format(a, "Needs of %s", who), needs_of(r->p, child),
	    name_of(r, i, "needs.physical_disability.level"));
	add(r, str_format(a, "%s is not safe with", say_first_up(a, who)),
	    safe_of(r->p, child), name_of(r, i, "not_safe_with"));
	add(r, str_format(a, "Languages of %s", who), languages_of(r->p, child),
	    name_of(r, i, "languages"));
	add_enum(r, str_format(a, "Ethnic group of %s", who),
	    &common__ethnicity__descriptor, (int)child->ethnicity,
	    name_of(r, i, "ethnicity"));
	add_enum(r, str_format(a, "Religion of %s", who), &common__religion__descriptor,
	    (int)child->religion, name_of(r, i, "religion"));
}

/* ---- the need ---- */

static const char *
care_of(struct page *p, const Requests__Submit *need)
{
	const char *words[WORDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < need->n_care_types && n < WORDS_MAX; i++)
		words[n++] = say_enum_within(
		    p->arena, &common__care_type__descriptor, (int)need->care_types[i]);
	return n == 0 ? "Any that suits"
	              : say_first_up(p->arena, say_list(p->arena, words, n));
}

static const char *
splits_of(struct page *p, const Requests__Submit *need)
{
	const char *out = "";

	for (size_t i = 0; i < need->n_permitted_splits; i++)
		out = str_format(p->arena, "%s%s%s", out, i == 0 ? "" : "; or ",
		    need_form_split(p->arena, need->permitted_splits[i]));
	return out;
}

static void
add_suits(struct rows *r, const Requests__Submit *need)
{
	add(r, "Kinds of care", care_of(r->p, need), "care_types");
	add(r, "May live apart as", splits_of(r->p, need), "splits");
	if (need->has_miles_max)
		add(r, "Farthest from home",
		    say_count(r->p->arena, need->miles_max, "mile", "miles"),
		    "miles_max");
	add_day(r, "Expected to end", need->has_expected_end_day,
	    need->expected_end_day, "expected_end_day");
	add(r, "Postcode sector of school", need->school_sector, "school_sector");
	add_texts(r, "Sectors to keep away from", need->avoid_sectors,
	    need->n_avoid_sectors, "avoid_sectors");
	if (need->has_family_time_a_week)
		add(r, "Family time",
		    str_format(r->p->arena, "%s a week",
			say_count(r->p->arena, need->family_time_a_week, "meeting",
			    "meetings")),
		    "family_time_a_week");
}

json_t *
need_said_rows(struct page *p, const Requests__Submit *need, const char *edit)
{
	struct rows r = {p, json_array(), edit};

	add_enum(&r, "How soon", &requests__urgency__descriptor, (int)need->urgency,
	    "urgency");
	add_day(&r, "Needed by", need->has_needed_by_day, need->needed_by_day,
	    "needed_by_day");
	add(&r, "Postcode sector of home", need->home_sector, "home_sector");
	for (size_t i = 0; i < need->n_children; i++)
		add_child(&r, need, i);
	add_suits(&r, need);
	add_enum(&r, "Family and friends", &requests__family_first__descriptor,
	    (int)need->family_first, "family_first");
	add_enum(&r, "Legal status", &requests__legal_status__descriptor,
	    (int)need->legal_status, "legal_status");
	add_enum(&r, "Aim of the care plan", &requests__care_plan_aim__descriptor,
	    (int)need->care_plan_aim, "care_plan_aim");
	add_number(&r, "Earlier placements", need->has_earlier_placements,
	    need->earlier_placements, "earlier_placements");
	return r.list;
}

/* ---- what a provider reads ---- */

/* Level 1 as it will be recorded. */
static Requests__NeedCirculation
circulation_of(const struct page *p, const Requests__DraftShown *draft)
{
	const Requests__Submit *need = draft->draft;
	Requests__NeedCirculation out = REQUESTS__NEED_CIRCULATION__INIT;

	out.request_id = draft->draft_id;
	out.council_id = str_copy(p->arena, p->who->organisation_id);
	SET_FROM(&out, urgency, need, urgency);
	SET_FROM(&out, needed_by_day, need, needed_by_day);
	SET_FROM(&out, expected_end_day, need, expected_end_day);
	out.home_sector = need->home_sector;
	out.n_children = need->n_children;
	out.children = need->children;
	SET(&out, are_siblings, need->n_children > 1);
	SET_FROM(&out, miles_max, need, miles_max);
	out.n_care_types = need->n_care_types;
	out.care_types = need->care_types;
	out.n_permitted_splits = need->n_permitted_splits;
	out.permitted_splits = need->permitted_splits;
	return out;
}

void
need_said_preview(struct page *p, const Requests__DraftShown *draft)
{
	const Requests__NeedCirculation need = circulation_of(p, draft);

	page_put(p, "heading",
	    json_string(say_first_up(p->arena, need_lines_who(p, &need))));
	page_put(p, "lines", need_lines_circulation(p, &need));
}
