#include "gateway/need_draft.h"

#include "base/message.h"
#include "base/str.h"
#include "gateway/fields.h"
#include "gateway/need_form.h"
#include "gateway/say.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name

const Requests__DraftShown *
need_draft_try(struct page *p, enum page_state *state)
{
	Requests__DraftAsked asked = REQUESTS__DRAFT_ASKED__INIT;

	asked.draft_id = str_copy(p->arena, page_param(p, "id"));
	return page_try(p, "requests", CALL(DRAFT), &asked.base, state);
}

const Requests__DraftShown *
need_draft_ask(struct page *p)
{
	Requests__DraftAsked asked = REQUESTS__DRAFT_ASKED__INIT;
	const Requests__DraftShown *shown;

	asked.draft_id = str_copy(p->arena, page_param(p, "id"));
	shown = page_ask(p, "requests", CALL(DRAFT), &asked.base);
	if (shown == NULL || (shown->draft != NULL && shown->draft_id != NULL))
		return shown;
	page_missing(p);
	return NULL;
}

const Matching__Shortlist *
need_draft_shortlist(struct page *p, const char *draft_id, bool *is_down)
{
	Requests__ShortlistAsked asked = REQUESTS__SHORTLIST_ASKED__INIT;
	enum page_state state;
	const Matching__Shortlist *list;

	asked.request_id = str_copy(p->arena, draft_id);
	list = page_try(p, "requests", CALL(SHORTLIST), &asked.base, &state);
	*is_down = state == PAGE_DOWN || state == PAGE_NO;
	return list;
}

/* The rule that rules out most of what nothing else does. */
static const Matching__RuleCount *
strongest(const Matching__Shortlist *list)
{
	const Matching__RuleCount *most = NULL;

	for (size_t i = 0; i < list->n_waterfall; i++)
		if (list->waterfall[i]->only > 0 &&
		    (most == NULL || list->waterfall[i]->only > most->only))
			most = list->waterfall[i];
	return most;
}

json_t *
need_draft_reach(struct page *p, const Matching__Shortlist *list, bool is_down)
{
	struct arena *a = p->arena;
	const Matching__RuleCount *rule;
	json_t *reach;

	if (list == NULL)
		return json_pack("{s:b, s:s}", "is_down", is_down, "sentence",
		    "Whom it would reach cannot be counted just now. It can be kept "
		    "and sent all the same.");
	reach = json_pack("{s:s, s:s, s:s}", "sentence",
	    str_format(a, "Would reach %s",
		say_count(a, list->providers, "provider", "providers")),
	    "near",
	    list->providers_within_20_miles == 0
		? "none within 20 miles"
		: str_format(a, "%s within 20 miles",
		      say_number(a, list->providers_within_20_miles)),
	    "places",
	    str_format(a, "%s in %s of %s",
		say_count(a, list->places, "place", "places"),
		say_number(a, list->suitable),
		say_count(a, list->vacancies, "vacancy", "vacancies")));
	rule = strongest(list);
	if (rule != NULL)
		json_object_set_new(reach, "why",
		    json_string(str_format(a, "%s but for one thing: %s.",
			say_count(a, rule->only, "more vacancy", "more vacancies"),
			say_enum_within(
			    a, &matching__rule__descriptor, (int)rule->rule))));
	return reach;
}

json_t *
need_draft_missing(struct page *p, const Requests__DraftShown *draft, const char *base)
{
	json_t *list = json_array();

	for (size_t i = 0; i < draft->n_missing_fields; i++) {
		const char *field = draft->missing_fields[i];
		const char *name = need_form_name(p->arena, field, NULL);

		json_array_append_new(list,
		    json_pack("{s:s, s:s}", "href",
			str_format(p->arena, "%s#%s", base,
			    fields_id(p->arena, name == NULL ? field : name)),
			"text",
			need_form_missing(p->arena, field, draft->draft->n_children)));
	}
	return list;
}
