#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fields.h"
#include "gateway/need.h"
#include "gateway/need_state.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define SHORTLIST REQUESTS__REQUESTS_CALL__CALL_SHORTLIST
#define STATE(name) REQUESTS__STATE__STATE_##name
#define SHOWN_FIRST 15

/* ---- for which of the children ---- */

/* What the address asks for, also while a form that was refused is shown again. */
struct asked_for {
	char **refs; /* "?children=A&children=B"; none: all */
	size_t refs_n;
	bool is_all; /* all of the list, not the first alone */
};

static struct asked_for
asked_for(struct page *p)
{
	struct asked_for out = {0};
	struct form query = {0};
	const char *why;

	if (form_decode(p->arena, bytes_of_text(p->query), &query, &why) != ERR_NONE)
		return out;
	out.refs = LIST_NEW(p->arena, query.n + 1, char *);
	for (size_t i = 0; out.refs != NULL && i < query.n; i++)
		if (str_equal(query.pairs[i].name, "children"))
			out.refs[out.refs_n++] =
			    str_copy(p->arena, query.pairs[i].value);
	out.is_all = form_first(&query, "all") != NULL;
	return out;
}

/* The address of the list for these children. */
static const char *
address_of(struct page *p, const Requests__Request *r, const struct asked_for *asked)
{
	const char *text = str_format(p->arena, "/needs/%s/shortlist?", r->request_id);

	for (size_t i = 0; i < asked->refs_n && text != NULL; i++)
		text = str_format(p->arena, "%schildren=%s&", text, asked->refs[i]);
	return text != NULL
	           ? str_format(p->arena, "%s%s", text, asked->is_all ? "all=yes" : "")
	           : "";
}

/* The parts that the council permits, each a list of its own. */
static void
put_parts(struct page *p, const Requests__Request *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_splits; i++) {
		for (size_t j = 0; j < r->splits[i]->n_parts; j++) {
			const Requests__PartShown *part = r->splits[i]->parts[j];
			json_array_append_new(
			    list, json_pack("{s:s, s:s}", "text",
				      need_children(
					  p, r, part->child_refs, part->n_child_refs),
				      "href",
				      address_of(p, r,
					  &(struct asked_for){part->child_refs,
					      part->n_child_refs, false})));
		}
	}
	page_put(p, "has_parts", json_boolean(json_array_size(list) > 0));
	page_put(p, "parts", list);
}

/* ---- homes that suit ---- */

static bool
was_asked(const Requests__Request *r, const Matching__Candidate *c)
{
	const Requests__Bid *bid = need_bid(r, c->provider_id);

	for (size_t i = 0; bid != NULL && i < bid->n_vacancy_ids; i++)
		if (str_equal(bid->vacancy_ids[i], c->vacancy_id))
			return true;
	return false;
}

static enum need_area
area_of(const Matching__Candidate *c)
{
	if (c->own_area)
		return NEED_AREA_OWN;
	return c->adjoining ? NEED_AREA_ADJOINING : NEED_AREA_FAR;
}

static json_t *
candidate_of(struct page *p, const Requests__Request *r, const Matching__Candidate *c)
{
	const char *miles = c->has_miles_tenths ? say_miles(p->arena, c->miles_tenths,
						      c->check_distance)
	                                        : "distance not known";
	json_t *one = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "id",
	    c->vacancy_id, "provider",
	    directory_provider_name(p->directory, c->provider_id), "kind",
	    say_enum(p->arena, &common__care_type__descriptor, (int)c->care_type),
	    "name", need_place_name(p, c->vacancy_id), "miles", miles, "where",
	    directory_council_name(p->directory, c->council_id), "grade",
	    need_grade(p, c->grade), "area", need_area_tag(area_of(c)), "points",
	    need_points(p, c));

	json_object_set_new(one, "residents",
	    json_string(c->residents != NULL ? c->residents : "not recorded"));
	json_object_set_new(one, "places",
	    json_string(say_count(p->arena, c->places, "free place", "free places")));
	json_object_set_new(one, "fee",
	    json_string(c->has_fee_pence_week ? say_fee(p->arena, c->fee_pence_week)
					      : "Fee on request"));
	json_object_set_new(
	    one, "confirmed", say_when_within(p->arena, c->confirmed_time, p->now_ms));
	json_object_set_new(
	    one, "total", json_integer((json_int_t)((c->points + 5) / 10)));
	json_object_set_new(one, "was_asked", json_boolean(was_asked(r, c)));
	json_object_set_new(one, "checked",
	    json_boolean(form_has(p->form, "vacancy_ids", c->vacancy_id)));
	return one;
}

static void
put_candidates(struct page *p, const Requests__Request *r, const Matching__Shortlist *s,
    const struct asked_for *asked)
{
	json_t *list = json_array();
	size_t n = asked->is_all || s->n_candidates <= SHOWN_FIRST ? s->n_candidates
	                                                           : SHOWN_FIRST;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, candidate_of(p, r, s->candidates[i]));
	page_put(p, "has_candidates", json_boolean(n > 0));
	page_put(p, "candidates", list);
	if (n < s->n_candidates)
		page_put(p, "all",
		    json_pack("{s:s, s:s}", "href",
			address_of(p, r,
			    &(struct asked_for){asked->refs, asked->refs_n, true}),
			"text",
			str_format(p->arena, "Show %s %zu",
			    s->n_candidates == s->suitable ? "all" : "the best",
			    s->n_candidates)));
}

/* ---- what removed the others ---- */

static void
put_waterfall(struct page *p, const Matching__Shortlist *s)
{
	json_t *rows = json_array();
	uint32_t left = s->vacancies;

	for (size_t i = 0; i < s->n_waterfall; i++) {
		const Matching__RuleCount *rule = s->waterfall[i];
		left -= rule->removed;
		if (rule->removed == 0)
			continue;
		json_array_append_new(
		    rows, json_pack("{s:s, s:s, s:s, s:s, s:s}", "rule",
			      say_enum(p->arena, &matching__rule__descriptor,
				  (int)rule->rule),
			      "removed", say_number(p->arena, rule->removed), "left",
			      say_number(p->arena, left), "only",
			      say_number(p->arena, rule->only), "source",
			      rule->source != NULL ? rule->source : ""));
	}
	page_put(p, "rules", rows);
	page_put(p, "has_rules", json_boolean(json_array_size(rows) > 0));
}

/* The one rule without which most more homes would be there; NULL: none. */
static const Matching__RuleCount *
dearest(const Matching__Shortlist *s)
{
	const Matching__RuleCount *found = NULL;

	for (size_t i = 0; i < s->n_waterfall; i++) {
		const Matching__RuleCount *rule = s->waterfall[i];
		bool is_yours = rule->rule == MATCHING__RULE__RULE_DISTANCE ||
		                rule->rule == MATCHING__RULE__RULE_CARE_TYPE ||
		                rule->rule == MATCHING__RULE__RULE_AVAILABLE ||
		                rule->rule == MATCHING__RULE__RULE_AVOID_AREA;
		if (is_yours && rule->only > 0 &&
		    (found == NULL || rule->only > found->only))
			found = rule;
	}
	return found;
}

/* "28 providers, 12 of them within 20 miles of home" */
static const char *
providers_of(struct page *p, const Matching__Shortlist *s)
{
	const char *all = say_count(p->arena, s->providers, "provider", "providers");
	const char *near =
	    s->providers_within_20_miles == 0
		? "none of them"
		: str_format(p->arena, "%s of them",
		      say_number(p->arena, s->providers_within_20_miles));

	if (s->providers_within_20_miles == s->providers)
		near = s->providers == 1 ? NULL : "all of them";
	return str_format(p->arena, "%s%s%s within 20 miles of home", all,
	    near == NULL ? "" : ", ", near == NULL ? "" : near);
}

static void
put_finding(struct page *p, const Requests__Request *r, const Matching__Shortlist *s,
    char *const *refs, size_t n)
{
	const char *who = n > 0 ? need_children(p, r, refs, n)
	                  : r->circulation->n_children == 1 ? "this child"
	                                                    : "these children together";
	const Matching__RuleCount *rule = dearest(s);

	page_put(p, "finding",
	    json_string(
		s->suitable == 0
		    ? str_format(p->arena, "None of %s vacancies could take %s.",
			  say_number(p->arena, s->vacancies), who)
		    : str_format(p->arena, "%s of %s vacancies could take %s: %s.",
			  say_number(p->arena, s->suitable),
			  say_number(p->arena, s->vacancies), who,
			  providers_of(p, s))));
	if (rule != NULL)
		page_put(p, "wish",
		    json_string(
			str_format(p->arena, "%s would suit but for this alone: %s.",
			    say_count(
				p->arena, rule->only, "more vacancy", "more vacancies"),
			    say_enum_within(p->arena, &matching__rule__descriptor,
				(int)rule->rule))));
	page_put(p, "policy", json_string(s->policy != NULL ? s->policy : ""));
	page_put(p, "fresh",
	    say_when_within(p->arena,
		s->foster_fresh_time < s->residential_fresh_time
		    ? s->foster_fresh_time
		    : s->residential_fresh_time,
		p->now_ms));
}

/* ---- the form ---- */

static void
put_form(struct page *p, const Requests__Request *r, const struct asked_for *asked)
{
	bool may = page_may(p, ROLE_COMMISSIONER) &&
	           (r->state == STATE(SUBMITTED) || r->state == STATE(CIRCULATED));

	page_put(p, "may_ask", json_boolean(may));
	page_put(p, "here", json_string(address_of(p, r, asked)));
	page_put(p, "answer_minutes", need_time_to_answer(p, r->circulation->urgency));
	for (size_t i = 0; i < json_array_size(p->errors); i++) {
		json_t *error = json_array_get(p->errors, i);
		if (str_equal(json_string_value(json_object_get(error, "field")),
			"vacancy_ids"))
			page_put(p, "choose_error",
			    json_incref(json_object_get(error, "text")));
	}
}

/* Which homes could take the children, why the others cannot, and whom to ask. */
void
page_shortlist_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);
	struct asked_for asked = asked_for(p);
	Requests__ShortlistAsked ask = REQUESTS__SHORTLIST_ASKED__INIT;
	const Matching__Shortlist *s;
	enum page_state state;

	ask.request_id = str_copy(p->arena, page_param(p, "id"));
	ask.child_refs = asked.refs;
	ask.n_child_refs = asked.refs_n;
	s = page_try(p, "requests", SHORTLIST, &ask.base, &state);
	if (r == NULL || state == PAGE_WAITS)
		return;
	need_title(p, r,
	    r->circulation->n_children == 1 ? "Homes that could take this child"
					    : "Homes that could take these children");
	put_parts(p, r);
	put_form(p, r, &asked);
	if (s == NULL) {
		const char *too_late = need_too_late(NEED_CHOOSE, r->state);
		page_put(p, "missing",
		    json_string(state == PAGE_NO && too_late != NULL ? too_late
				: state == PAGE_NO
				    ? page_no(p)->sentence
				    : "The list of homes cannot be made at the moment. "
				      "Nothing is lost: try again in a minute."));
		return;
	}
	put_finding(p, r, s, ask.child_refs, ask.n_child_refs);
	put_candidates(p, r, s, &asked);
	put_waterfall(p, s);
}
