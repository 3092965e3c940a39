#include <string.h>

#include "base/json_names.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/language.h"
#include "gateway/need_form.h"
#include "gateway/say.h"

/* The controls of a need's form, section by section. */

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct controls {
	struct page *p;
	const struct fields *f;
	size_t children;
};

/* ---- a child ---- */

static const char *
name_of(struct controls *c, size_t child, const char *what)
{
	return str_format(c->p->arena, "children.%zu.%s", child, what);
}

/* A select for each kind of need; *said is how many have a level. */
static json_t *
needs_of(struct controls *c, size_t child, size_t *said)
{
	const ProtobufCEnumDescriptor *type = &common__need_kind__descriptor;
	json_t *list = json_array();

	*said = 0;
	for (unsigned i = 0; i < type->n_values; i++) {
		char kind[JSON_NAME_MAX];
		const char *name, *typed;

		if (type->values[i].value == 0)
			continue;
		json_enum_name(type, &type->values[i], kind);
		name =
		    name_of(c, child, str_format(c->p->arena, "needs.%s.level", kind));
		typed = name == NULL ? NULL : form_first(c->f->form, name);
		*said += typed != NULL && typed[0] != '\0';
		json_array_append_new(list,
		    fields_select(c->f,
			&(struct field){.name = name,
			    .label = say_enum(c->p->arena, type, type->values[i].value),
			    .type = &common__level__descriptor,
			    .blank = "No, or not known",
			    .is_small = true}));
	}
	return list;
}

static json_t *
care_of(struct controls *c, size_t child)
{
	return fields_checkboxes(
	    c->f, &(struct field){.name = name_of(c, child, "not_safe_with"),
		      .label = "Not safe to live with",
		      .hint = "Leave all empty where there is nobody.",
		      .type = &common__not_safe_with__descriptor,
		      .is_small = true});
}

/* Those most spoken, and any other that the form has already. */
static json_t *
languages_of(struct controls *c, size_t child)
{
	const char *name = name_of(c, child, "languages");
	size_t said = name == NULL ? 0 : form_count(c->f->form, name), n = 0;
	struct field_option *options =
	    LIST_NEW(c->p->arena, languages_n + said + 1, struct field_option);

	for (; options != NULL && n < languages_n; n++)
		options[n] = (struct field_option){
		    .value = languages[n].code, .label = languages[n].name};
	for (size_t i = 0; options != NULL && i < said; i++) {
		const char *code = form_nth(c->f->form, name, i);

		if (code[0] != '\0' && language_name(code) == NULL)
			options[n++] =
			    (struct field_option){.value = code, .label = code};
	}
	return fields_checkboxes(c->f, &(struct field){.name = name,
					   .label = "Languages, at most five",
					   .options = options,
					   .options_n = n,
					   .is_inline = true,
					   .is_small = true});
}

static void
put_culture(struct controls *c, size_t child, json_t *object)
{
	json_object_set_new(object, "languages", languages_of(c, child));
	json_object_set_new(object, "ethnicity",
	    fields_select(c->f, &(struct field){.name = name_of(c, child, "ethnicity"),
				    .label = "Ethnic group",
				    .type = &common__ethnicity__descriptor,
				    .blank = "Not said",
				    .is_small = true}));
	json_object_set_new(object, "religion",
	    fields_select(c->f, &(struct field){.name = name_of(c, child, "religion"),
				    .label = "Religion",
				    .type = &common__religion__descriptor,
				    .blank = "Not said",
				    .is_small = true}));
}

static size_t
said_of(struct controls *c, size_t child, const char *const *what, size_t n)
{
	size_t said = 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = name_of(c, child, what[i]);
		const char *typed = name == NULL ? NULL : form_first(c->f->form, name);

		said += typed != NULL && typed[0] != '\0';
	}
	return said;
}

static json_t *
child_of(struct controls *c, size_t child)
{
	static const char *const safe[] = {"not_safe_with"};
	static const char *const culture[] = {"languages", "ethnicity", "religion"};
	struct arena *a = c->p->arena;
	json_t *object = json_object();
	size_t said;
	json_t *needs = needs_of(c, child, &said);

	json_object_set_new(object, "title",
	    json_string(c->children == 1
			    ? "The child"
			    : str_format(a, "Child %c", (int)('A' + child))));
	json_object_set_new(
	    object, "anchor", json_string(str_format(a, "child-%zu", child)));
	json_object_set_new(object, "age",
	    fields_text(c->f, &(struct field){.name = name_of(c, child, "age_years"),
				  .label = "Age in years",
				  .hint = "0 for a baby under one",
				  .inputmode = "numeric",
				  .width = 2,
				  .is_needed = true}));
	json_object_set_new(object, "sex",
	    fields_radios(c->f, &(struct field){.name = name_of(c, child, "sex"),
				    .label = "Sex",
				    .type = &common__sex__descriptor,
				    .is_inline = true,
				    .is_needed = true}));
	json_object_set_new(object, "needs", needs);
	json_object_set_new(object, "needs_said",
	    json_string(say_count(a, said, "need said", "needs said")));
	json_object_set_new(object, "needs_open", json_boolean(said > 0));
	json_object_set_new(object, "safe", care_of(c, child));
	json_object_set_new(object, "safe_open",
	    json_boolean(said_of(c, child, safe, COUNT(safe)) > 0));
	put_culture(c, child, object);
	json_object_set_new(object, "culture_open",
	    json_boolean(said_of(c, child, culture, COUNT(culture)) > 0));
	json_object_set_new(object, "remove",
	    c->children == 1
		? json_null()
		: json_pack("{s:s, s:s}", "value", str_format(a, "remove-%zu", child),
		      "label", str_format(a, "Remove child %c", (int)('A' + child))));
	return object;
}

/* ---- how they may live apart ---- */

/* A way to part them as the value of a box ("AB/C") and its words. */
static struct field_option
split_option(struct arena *a, const unsigned *homes, size_t homes_n)
{
	const char *value = "", *label = "";

	for (size_t h = 0; h < homes_n; h++) {
		const char *letters[NEED_CHILDREN_MAX];
		size_t n = 0;

		value = h == 0 ? "" : str_format(a, "%s/", value);
		for (unsigned i = 0; i < NEED_CHILDREN_MAX; i++) {
			if ((homes[h] & 1u << i) == 0)
				continue;
			letters[n++] = str_format(a, "%c", (int)('A' + i));
			value = str_format(a, "%s%c", value, (int)('A' + i));
		}
		label = need_form_home(a, label, letters, n);
	}
	return (struct field_option){.value = value, .label = label};
}

/* Into two homes in every way for up to four, or between any two that follow each
 * other; and each in a home of their own. */
static size_t
split_options(struct arena *a, size_t children, struct field_option *out)
{
	unsigned all = (1u << children) - 1;
	unsigned alone[NEED_CHILDREN_MAX];
	size_t n = 0;

	for (unsigned first = 1; first < all; first += 2) { /* A is in the first */
		bool is_run = (first & (first + 1)) == 0;

		if (children <= 4 || is_run)
			out[n++] =
			    split_option(a, (const unsigned[]){first, all & ~first}, 2);
	}
	for (size_t i = 0; i < children; i++)
		alone[i] = 1u << i;
	if (children > 2)
		out[n++] = split_option(a, alone, children);
	return n;
}

static void
put_splits(struct controls *c)
{
	struct field_option options[16];
	size_t n;

	if (c->children < 2)
		return;
	n = split_options(c->p->arena, c->children, options);
	page_put(c->p, "splits",
	    fields_checkboxes(c->f,
		&(struct field){.name = "splits",
		    .label =
			"If no one home can have them all, how may they live apart?",
		    .hint = "They are looked for together first. Leave all empty to "
			    "keep them together.",
		    .options = options,
		    .options_n = n,
		    .is_small = true}));
}

/* ---- the need ---- */

static void
put_when(struct controls *c)
{
	page_put(c->p, "urgency",
	    fields_radios(c->f, &(struct field){.name = "urgency",
				    .label = "How soon is a home needed?",
				    .type = &requests__urgency__descriptor,
				    .is_needed = true}));
	page_put(c->p, "needed_by",
	    fields_day(
		c->f, &(struct field){.name = "needed_by_day",
			  .label = "Needed by",
			  .hint = "For an emergency leave it empty: it is today.",
			  .is_needed = true}));
	page_put(c->p, "home_sector",
	    fields_text(c->f, &(struct field){.name = "home_sector",
				  .label = "Postcode sector of home",
				  .hint = "Such as M14 5: never a whole postcode.",
				  .width = 10,
				  .is_needed = true}));
}

static void
put_suits(struct controls *c)
{
	static const int types[] = {COMMON__CARE_TYPE__CARE_TYPE_FOSTER,
	    COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME,
	    COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION};
	static const char *const values[] = {
	    "foster", "childrens_home", "supported_accommodation"};
	struct field_option options[COUNT(types)];

	for (size_t i = 0; i < COUNT(types); i++)
		options[i] = (struct field_option){.value = values[i],
		    .label =
			say_enum(c->p->arena, &common__care_type__descriptor, types[i]),
		    .hint = say_hint(&common__care_type__descriptor, types[i])};
	page_put(c->p, "care_types",
	    fields_checkboxes(c->f, &(struct field){.name = "care_types",
					.label = "Kinds of care that would do",
					.hint = "Leave all empty for any that suits.",
					.options = options,
					.options_n = COUNT(options),
					.is_small = true}));
	page_put(c->p, "miles_max",
	    fields_text(c->f, &(struct field){.name = "miles_max",
				  .label = "Within how many miles of home",
				  .hint = "Leave empty for no limit.",
				  .inputmode = "numeric",
				  .width = 3,
				  .is_small = true}));
	page_put(c->p, "expected_end",
	    fields_day(c->f, &(struct field){.name = "expected_end_day",
				 .label = "Expected to end on",
				 .hint = "Leave empty where it is not known."}));
	put_splits(c);
}

static void
put_places(struct controls *c)
{
	page_put(c->p, "school_sector",
	    fields_text(c->f,
		&(struct field){.name = "school_sector",
		    .label = "Postcode sector of school",
		    .hint = "A provider reads it only once you show it the detail.",
		    .width = 10,
		    .is_small = true}));
	page_put(c->p, "avoid_sectors",
	    fields_text(
		c->f, &(struct field){.name = "avoid_sectors",
			  .label = "Sectors to keep away from",
			  .hint = "Such as M14 5, M15 4. Homes near them are left out.",
			  .width = 20,
			  .is_small = true}));
	page_put(c->p, "family_time",
	    fields_text(c->f, &(struct field){.name = "family_time_a_week",
				  .label = "Family time: meetings a week",
				  .inputmode = "numeric",
				  .width = 2,
				  .is_small = true}));
}

static void
put_law(struct controls *c)
{
	page_put(c->p, "family_first",
	    fields_radios(c->f,
		&(struct field){.name = "family_first",
		    .label = "Have family and friends been considered?",
		    .hint =
			"For a planned need that comes first; in an emergency it may "
			"follow.",
		    .type = &requests__family_first__descriptor,
		    .is_needed = true}));
	page_put(c->p, "legal_status",
	    fields_select(c->f, &(struct field){.name = "legal_status",
				    .label = "Legal status",
				    .type = &requests__legal_status__descriptor,
				    .blank = "Not said",
				    .is_small = true}));
	page_put(c->p, "care_plan_aim",
	    fields_select(c->f, &(struct field){.name = "care_plan_aim",
				    .label = "Aim of the care plan",
				    .type = &requests__care_plan_aim__descriptor,
				    .blank = "Not said",
				    .is_small = true}));
	page_put(c->p, "earlier_placements",
	    fields_text(c->f, &(struct field){.name = "earlier_placements",
				  .label = "Earlier placements",
				  .inputmode = "numeric",
				  .width = 2,
				  .is_small = true}));
}

/* Errors name fields as the services do; the controls have names of their own. */
static void
name_errors(struct page *p)
{
	for (size_t i = 0; i < json_array_size(p->errors); i++) {
		json_t *error = json_array_get(p->errors, i);
		const char *name = need_form_name(p->arena,
		    json_string_value(json_object_get(error, "field")),
		    json_string_value(json_object_get(error, "text")));

		if (name != NULL)
			json_object_set_new(error, "field", json_string(name));
	}
}

void
need_form_put(struct page *p, const struct form *form, size_t children)
{
	struct fields f = {p->arena, form, p->errors};
	struct controls c = {p, &f, need_form_children(form)};
	json_t *list = json_array();

	if (c.children < children)
		c.children = children;
	if (c.children == 0)
		c.children = 1;
	if (c.children > NEED_CHILDREN_MAX)
		c.children = NEED_CHILDREN_MAX;
	name_errors(p);
	put_when(&c);
	for (size_t i = 0; i < c.children; i++)
		json_array_append_new(list, child_of(&c, i));
	page_put(p, "children", list);
	page_put(p, "can_add", json_boolean(c.children < NEED_CHILDREN_MAX));
	put_suits(&c);
	put_places(&c);
	put_law(&c);
}
