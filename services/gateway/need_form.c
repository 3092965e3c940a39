#include "gateway/need_form.h"

#include <stdint.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/say.h"

#define CHILDREN "children."

/* ---- what was typed ---- */

/* "children.2.sex" -> 2; SIZE_MAX where it is no child's. */
static size_t
child_of_name(const char *name)
{
	size_t len = strlen(CHILDREN);

	if (!str_starts(name, CHILDREN) || name[len] < '0' || name[len] > '9' ||
	    name[len + 1] != '.')
		return SIZE_MAX;
	return (size_t)(name[len] - '0');
}

size_t
need_form_children(const struct form *form)
{
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++) {
		size_t child = child_of_name(form->pairs[i].name);

		if (child != SIZE_MAX && child + 1 > n)
			n = child + 1;
	}
	return n > NEED_CHILDREN_MAX ? NEED_CHILDREN_MAX : n;
}

/* Names on the pages of a need that are no answers of it. */
static bool
is_other(const char *name)
{
	static const char *const others[] = {
	    "splits", "vacancy_ids", "answer_minutes", "to", "seen"};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (str_equal(name, others[i]))
			return true;
	return false;
}

/* What the message is made of: no other names, nor a child that goes. */
static struct form
without(struct page *p, size_t removed)
{
	struct form_pair *pairs = LIST_NEW(p->arena, p->form->n + 1, struct form_pair);
	struct form out = {pairs, 0};

	for (size_t i = 0; pairs != NULL && i < p->form->n; i++) {
		const struct form_pair *pair = &p->form->pairs[i];
		size_t child = child_of_name(pair->name);

		if (is_other(pair->name) || (removed != SIZE_MAX && child == removed))
			continue;
		pairs[out.n++] = *pair;
	}
	return out;
}

/* ---- how they may live apart ---- */

static Requests__Part *
part_of(struct arena *a, const char *letters, size_t n)
{
	Requests__Part *part = MESSAGE_NEW(a, requests__part);

	if (part == NULL)
		return NULL;
	part->child_refs = LIST_NEW(a, n + 1, char *);
	if (part->child_refs == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		part->child_refs[part->n_child_refs++] =
		    str_format(a, "%c", letters[i]);
	return part;
}

/* "AB/C". Whatever is not letters of the request, each once, is none. */
static Requests__Split *
split_of(struct arena *a, const char *text, size_t children)
{
	Requests__Split *split = MESSAGE_NEW(a, requests__split);
	unsigned seen = 0, all = (1u << children) - 1;

	if (split == NULL)
		return NULL;
	split->parts = LIST_NEW(a, NEED_CHILDREN_MAX, Requests__Part *);
	if (split->parts == NULL)
		return NULL;
	while (split->n_parts < NEED_CHILDREN_MAX) {
		size_t len = strcspn(text, "/");

		for (size_t i = 0; i < len; i++) {
			unsigned bit = (unsigned char)text[i] - (unsigned)'A';
			if (bit >= children || (seen & 1u << bit) != 0)
				return NULL;
			seen |= 1u << bit;
		}
		split->parts[split->n_parts] = part_of(a, text, len);
		if (len == 0 || split->parts[split->n_parts++] == NULL)
			return NULL;
		text += len;
		if (*text++ != '/')
			break;
	}
	return seen == all && split->n_parts > 1 ? split : NULL;
}

/* Those ticked that fit the children there are now. */
static void
read_splits(struct page *p, Requests__Submit *need)
{
	size_t n = form_count(p->form, "splits");

	if (need->n_children < 2 || need->n_children > NEED_CHILDREN_MAX)
		return;
	need->permitted_splits = LIST_NEW(p->arena, n + 1, Requests__Split *);
	for (size_t i = 0; need->permitted_splits != NULL && i < n; i++) {
		Requests__Split *split = split_of(
		    p->arena, form_nth(p->form, "splits", i), need->n_children);

		if (split != NULL)
			need->permitted_splits[need->n_permitted_splits++] = split;
	}
}

/* What nobody should have to type. */
static void
complete(struct page *p, Requests__Submit *need)
{
	int32_t today = day_in_london(p->now_ms);

	for (size_t i = 0; i < need->n_children; i++) {
		Requests__ChildNeed *child = need->children[i];

		if (child->has_age_years)
			SET(child, age_day, today);
	}
	if (need->n_children > 1)
		SET(need, are_siblings, true);
	if (!need->has_needed_by_day &&
	    need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY)
		SET(need, needed_by_day, today);
}

Requests__Submit *
need_form_read(struct page *p, size_t removed)
{
	struct form form = without(p, removed);
	struct form_problems problems = {.n = 0};
	ProtobufCMessage *m;
	Requests__Submit *need;

	if (form_to_message(p->arena, &requests__submit__descriptor, &form, &m,
		&problems) != ERR_NONE) {
		for (size_t i = 0; i < problems.n; i++)
			page_error(
			    p, problems.list[i].name, "%s", problems.list[i].sentence);
		if (problems.n == 0)
			p->end = PAGE_BROKEN;
		return NULL;
	}
	need = (Requests__Submit *)(void *)m;
	complete(p, need);
	read_splits(p, need);
	return need;
}

/* ---- names ---- */

/* The letter in ": child B" at the end of a sentence; -1. */
static int
child_in(const char *sentence)
{
	const char *at = sentence == NULL ? NULL : strstr(sentence, "child ");
	int found = -1;

	for (; at != NULL; at = strstr(at + 1, "child "))
		if (at[6] >= 'A' && at[6] < 'A' + NEED_CHILDREN_MAX &&
		    (at[7] < 'a' || at[7] > 'z'))
			found = at[6] - 'A';
	return found;
}

const char *
need_form_name(struct arena *a, const char *field, const char *sentence)
{
	int child = child_in(sentence);
	const char *end;

	if (field == NULL || !str_starts(field, "children"))
		return field;
	if (field[8] == '[' && (end = strchr(field, ']')) != NULL)
		return str_format(
		    a, "children.%.*s%s", (int)(end - field - 9), field + 9, end + 1);
	if (child_of_name(field) != SIZE_MAX)
		return field;
	return str_format(a, "children.%d%s", child < 0 ? 0 : child,
	    field[8] == '.' ? field + 8 : ".age_years");
}

const char *
need_form_missing(struct arena *a, const char *field, size_t children)
{
	static const struct {
		const char *field, *words;
	} rows[] = {
	    {"urgency", "how soon a home is needed"},
	    {"needed_by_day", "by which day"},
	    {"home_sector", "the postcode sector of home"},
	    {"family_first", "whether family and friends were considered"},
	    {"are_siblings", "that they are brothers and sisters"},
	};
	size_t child = SIZE_MAX;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (str_equal(rows[i].field, field))
			return rows[i].words;
	if (str_starts(field, "children["))
		child = (size_t)(field[9] - '0');
	if (child >= NEED_CHILDREN_MAX)
		return field;
	if (children < 2)
		return str_ends(field, "sex") ? "the child\u2019s sex"
		                              : "the child\u2019s age";
	return str_format(a, "%s of child %c",
	    str_ends(field, "sex") ? "the sex" : "the age", (int)('A' + child));
}

const char *
need_form_home(
    struct arena *a, const char *before, const char *const *letters, size_t n)
{
	const char *out =
	    str_format(a, "%s%s%s%s", before, before[0] == '\0' ? "" : ", ",
		say_list(a, letters, n), n > 1 ? " together" : " alone");

	return out == NULL ? "" : out;
}

const char *
need_form_split(struct arena *a, const Requests__Split *split)
{
	const char *out = "";

	for (size_t i = 0; i < split->n_parts; i++)
		out = need_form_home(a, out,
		    (const char *const *)split->parts[i]->child_refs,
		    split->parts[i]->n_child_refs);
	return out;
}

/* "AB/C" */
static const char *
split_value(struct arena *a, const Requests__Split *split)
{
	const char *out = "";

	for (size_t i = 0; i < split->n_parts; i++) {
		out = i == 0 ? "" : str_format(a, "%s/", out);
		for (size_t k = 0; k < split->parts[i]->n_child_refs; k++)
			out =
			    str_format(a, "%s%s", out, split->parts[i]->child_refs[k]);
	}
	return out == NULL ? "" : out;
}

const struct form *
need_form_of(struct page *p, const Requests__Submit *draft)
{
	struct form *form = arena_take(p->arena, sizeof *form);
	Requests__Submit shown = *draft;
	struct form_pair *pairs;

	shown.n_permitted_splits = 0; /* in words of their own */
	if (form == NULL ||
	    form_from_message(p->arena, &shown.base, form) != ERR_NONE) {
		p->end = PAGE_BROKEN;
		return NULL;
	}
	pairs = LIST_NEW(
	    p->arena, form->n + draft->n_permitted_splits + 1, struct form_pair);
	if (pairs == NULL) {
		p->end = PAGE_BROKEN;
		return NULL;
	}
	memcpy(pairs, form->pairs, form->n * sizeof *pairs);
	for (size_t i = 0; i < draft->n_permitted_splits; i++)
		pairs[form->n++] = (struct form_pair){
		    "splits", split_value(p->arena, draft->permitted_splits[i])};
	form->pairs = pairs;
	return form;
}
