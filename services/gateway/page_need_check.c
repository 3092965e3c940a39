#include <stdint.h>
#include <stdlib.h>

#include "base/day.h"
#include "base/message.h"
#include "base/refusal.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fields.h"
#include "gateway/need.h"
#include "gateway/need_draft.h"
#include "gateway/need_form.h"
#include "gateway/need_said.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

/*
 * Check and send. What is sent is what this page showed: the whole need stands in its
 * form, so a colleague's later change is not sent unseen, and the same form sent twice
 * is the same need. Sending is two commands of one form: it is recorded, then shown to
 * those who are ticked; where the second fails the need is there and can be shown
 * later.
 */

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define NEAR_TENTHS 200
#define CANDIDATES_MAX 200

/* ---- to whom ---- */

enum reach { REACH_ALL, REACH_NEAR, REACH_AREA, REACH_OWN, REACHES };

static const struct {
	const char *value, *label;
} reaches[REACHES] = {
    [REACH_ALL] = {"all", "All that suit"},
    [REACH_NEAR] = {"near", "Within 20 miles"},
    [REACH_AREA] = {"area", "In your own area"},
    [REACH_OWN] = {"own", "Your own carers and homes"},
};

static bool
is_own_team(const struct page *p, const Matching__Candidate *c)
{
	const Members__Provider *provider =
	    directory_provider(p->directory, c->provider_id);

	return provider != NULL &&
	       str_equal(provider->council_id, p->who->organisation_id);
}

static bool
is_in(const struct page *p, enum reach reach, const Matching__Candidate *c)
{
	switch (reach) {
	case REACH_ALL: return true;
	case REACH_NEAR: return c->has_miles_tenths && c->miles_tenths <= NEAR_TENTHS;
	case REACH_AREA: return c->own_area;
	case REACH_OWN: return is_own_team(p, c);
	case REACHES: break;
	}
	return false;
}

static enum reach
reach_asked(const struct page *p)
{
	const char *asked = page_query(p, "to");

	for (unsigned i = 0; i < REACHES; i++)
		if (str_equal(asked, reaches[i].value))
			return (enum reach)i;
	return REACH_ALL;
}

static const char *
area_of(const Matching__Candidate *c)
{
	if (c->own_area)
		return "your own area";
	return c->adjoining ? "an adjoining area" : "at a distance";
}

/* "Foster care, about 6 miles, your own area, 2 places, £950 a week" */
static const char *
facts_of(struct page *p, const Matching__Candidate *c)
{
	struct arena *a = p->arena;
	const char *facts = str_format(a, "%s%s%s, %s, %s",
	    say_enum(a, &common__care_type__descriptor, (int)c->care_type),
	    c->has_miles_tenths ? ", " : "",
	    c->has_miles_tenths ? say_miles(a, c->miles_tenths, c->check_distance) : "",
	    area_of(c), say_count(a, c->places, "place", "places"));

	if (c->has_fee_pence_week && facts != NULL)
		facts = str_format(a, "%s, %s", facts, say_fee(a, c->fee_pence_week));
	return facts == NULL ? "" : facts;
}

/* How many providers those are: each once, by where it is first. */
static size_t
providers_of(const struct field_option *options, const Matching__Shortlist *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n_candidates; i++) {
		bool is_first = options[i].is_checked;

		for (size_t k = 0; is_first && k < i; k++)
			is_first = !options[k].is_checked ||
			           !str_equal(list->candidates[k]->provider_id,
				       list->candidates[i]->provider_id);
		n += is_first;
	}
	return n;
}

static void
put_candidates(struct page *p, const Matching__Shortlist *list)
{
	enum reach reach = reach_asked(p);
	struct field_option *options =
	    LIST_NEW(p->arena, list->n_candidates + 1, struct field_option);
	size_t ticked = 0;

	for (size_t i = 0; options != NULL && i < list->n_candidates; i++) {
		const Matching__Candidate *c = list->candidates[i];

		options[i] = (struct field_option){.value = c->vacancy_id,
		    .label = directory_provider_name(p->directory, c->provider_id),
		    .hint = facts_of(p, c),
		    .is_checked = p->is_post
		                      ? form_has(p->form, "vacancy_ids", c->vacancy_id)
		                      : is_in(p, reach, c)};
		ticked += options[i].is_checked;
	}
	page_put(p, "vacancies",
	    fields_checkboxes(FIELDS_OF(p),
		&(struct field){.name = "vacancy_ids",
		    .label = str_format(p->arena, "Best first, %zu of %u that suit",
			list->n_candidates, list->suitable),
		    .options = options,
		    .options_n = options == NULL ? 0 : list->n_candidates,
		    .is_small = true}));
	page_put(p, "ticked",
	    json_string(str_format(p->arena, "%s of %s ticked: see and change them",
		say_first_up(
		    p->arena, say_count(p->arena, ticked, "vacancy", "vacancies")),
		say_count(p->arena, options == NULL ? 0 : providers_of(options, list),
		    "provider", "providers"))));
	page_put(p, "is_open", json_boolean(p->is_post || ticked == 0));
}

/* The ways to choose, with how many each is; those with none are left out. */
static void
put_reaches(struct page *p, const Matching__Shortlist *list)
{
	json_t *links = json_array();

	for (unsigned i = 0; i < REACHES; i++) {
		size_t n = 0;

		for (size_t k = 0; k < list->n_candidates; k++)
			n += is_in(p, (enum reach)i, list->candidates[k]);
		if (n == 0)
			continue;
		json_array_append_new(
		    links, json_pack("{s:s, s:s, s:b}", "href",
			       str_format(p->arena, "%s?to=%s#whom", p->path,
				   reaches[i].value),
			       "text",
			       str_format(p->arena, "%s: %s", reaches[i].label,
				   say_count(p->arena, n, "vacancy", "vacancies")),
			       "is_current", reach_asked(p) == (enum reach)i));
	}
	page_put(p, "has_reaches", json_boolean(json_array_size(links) > 1));
	page_put(p, "reaches", links);
}

/* Whose approval a choice among these would need, by where the homes lie. */
static void
put_approvals(struct page *p, const Matching__Shortlist *list)
{
	struct arena *a = p->arena;
	json_t *lines = json_array();
	uint32_t own = 0, adjoining = 0, far = 0;

	for (size_t i = 0; i < list->n_candidates; i++) {
		const Matching__Candidate *c = list->candidates[i];

		if (!is_in(p, reach_asked(p), c))
			continue;
		if (c->own_area || is_own_team(p, c))
			own++;
		else if (c->adjoining)
			adjoining++;
		else
			far++;
	}
	if (own > 0)
		json_array_append_new(lines,
		    json_string(str_format(a,
			"%s in your own area or with your own carers: no approval.",
			say_first_up(a, say_count(a, own, "vacancy", "vacancies")))));
	if (adjoining > 0)
		json_array_append_new(
		    lines, json_string(str_format(a,
			       "%s in an adjoining area: the nominated officer "
			       "approves before the "
			       "start.",
			       say_first_up(a,
				   say_count(a, adjoining, "vacancy", "vacancies")))));
	if (far > 0)
		json_array_append_new(lines,
		    json_string(str_format(a,
			"%s at a distance: the director of children\u2019s services "
			"approves "
			"before the start.",
			say_first_up(a, say_count(a, far, "vacancy", "vacancies")))));
	page_put(p, "approvals", lines);
}

/* ---- the need, in the form that sends it ---- */

static json_t *
hidden_of(struct page *p, const Requests__Submit *draft)
{
	const struct form *form = need_form_of(p, draft);
	json_t *list = json_array();

	for (size_t i = 0; form != NULL && i < form->n; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:s}", "name", form->pairs[i].name, "value",
			      form->pairs[i].value));
	return list;
}

void
page_need_check_view(struct page *p)
{
	const Requests__DraftShown *draft = need_draft_ask(p);
	const Matching__Shortlist *list;
	const char *edit;
	bool is_down;

	if (draft == NULL)
		return;
	list = need_draft_shortlist(p, draft->draft_id, &is_down);
	if (list == NULL && !is_down)
		return;
	edit = str_format(p->arena, "/needs/draft/%s", draft->draft_id);
	page_put(p, "back",
	    json_pack("{s:s, s:s}", "href", edit, "text", "Back to the draft"));
	page_put(p, "reference", json_string(say_reference(p->arena, draft->draft_id)));
	page_put(p, "edit", json_string(edit));
	page_put(p, "check", json_string(p->path));
	page_put(p, "missing", need_draft_missing(p, draft, edit));
	page_put(p, "has_missing", json_boolean(draft->n_missing_fields > 0));
	page_put(p, "rows", need_said_rows(p, draft->draft, edit));
	page_put(p, "hidden", hidden_of(p, draft->draft));
	need_said_preview(p, draft);
	page_put(p, "answer_by", need_time_to_answer(p, draft->draft->urgency));
	page_put(p, "reach", need_draft_reach(p, list, is_down));
	page_put(
	    p, "has_candidates", json_boolean(list != NULL && list->n_candidates > 0));
	if (list == NULL)
		return;
	put_candidates(p, list);
	put_reaches(p, list);
	put_approvals(p, list);
}

/* ---- sent ---- */

/* The ticked ones, and until when they are to answer. */
static bool
read_whom(struct page *p, Requests__Circulate *c)
{
	const char *minutes = page_query(p, "answer_minutes");
	size_t n = form_count(p->form, "vacancy_ids");
	int64_t number;

	if (n > CANDIDATES_MAX)
		n = CANDIDATES_MAX;
	c->vacancy_ids = LIST_NEW(p->arena, n + 1, char *);
	for (size_t i = 0; c->vacancy_ids != NULL && i < n; i++)
		c->vacancy_ids[c->n_vacancy_ids++] =
		    str_copy(p->arena, form_nth(p->form, "vacancy_ids", i));
	if (minutes != NULL) {
		if (!str_to_i64(minutes, 1, INT32_MAX, &number)) {
			page_error(p, "answer_minutes", "Choose a time to answer.");
			return false;
		}
		SET(c, answer_minutes, (uint32_t)number);
	}
	return c->vacancy_ids != NULL;
}

/* It is recorded; now it is shown to providers. Where that cannot be done the need is
 * there all the same: others can be chosen. And where the same form was sent with other
 * ticks before, those were asked then. */
static void
circulate(struct page *p, Requests__Circulate *c, char *request_id)
{
	enum page_state state;

	c->request_id = request_id;
	if (c->n_vacancy_ids == 0) {
		page_go(p, "/needs/%s?done=recorded", request_id);
		return;
	}
	state = page_do(p, 1, "requests", CALL(CIRCULATE), &c->base, NULL);
	if (state == PAGE_YES)
		page_go(p, "/needs/%s?done=sent", request_id);
	else if (state == PAGE_NO && page_no(p)->number == REFUSAL_ID_OTHER_BODY)
		page_go(p, "/needs/%s?done=sent-before", request_id);
	else if (state == PAGE_NO)
		page_go(p, "/needs/%s/shortlist?done=not-asked", request_id);
}

/* The draft went while this page was open, sent by a colleague or dropped. What was to
 * be sent becomes a new draft: nobody can tell here which of the two it was. */
static void
keep_anew(struct page *p, Requests__Submit *need)
{
	Requests__KeepDraft keep = REQUESTS__KEEP_DRAFT__INIT;
	enum page_state state;
	const void *answer;

	if (page_no(p)->number == REFUSAL_ID_OTHER_BODY)
		return;
	(void)need_draft_try(p, &state);
	if (state != PAGE_NO)
		return;
	need->draft_id = NULL;
	keep.draft = need;
	if (page_do(p, 2, "requests", CALL(KEEP_DRAFT), &keep.base, &answer) ==
	    PAGE_YES)
		page_go(p, "/needs/draft/%s?done=kept-anew",
		    ((const Common__Done *)answer)->id);
}

void
page_need_check_act(struct page *p)
{
	Requests__Circulate whom = REQUESTS__CIRCULATE__INIT;
	Requests__Submit *need;
	enum page_state state;
	const void *answer;

	if (!read_whom(p, &whom))
		return;
	need = need_form_read(p, SIZE_MAX);
	if (need == NULL)
		return;
	need->draft_id = str_copy(p->arena, page_param(p, "id"));
	state = page_do(p, 0, "requests", CALL(SUBMIT), &need->base, &answer);
	if (state == PAGE_YES)
		circulate(p, &whom, ((const Requests__Submitted *)answer)->request_id);
	else if (state == PAGE_NO)
		keep_anew(p, need);
}
