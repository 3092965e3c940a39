#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/need.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define AT_A_TIME 3
#define OFFERS_MAX 200
#define STATE(name) REQUESTS__STATE__STATE_##name

/* An offer beside others, and what matching says of its place; `why` NULL: nothing. */
struct column {
	const Requests__OfferRow *offer;
	const Matching__Why *why;
	const Matching__Candidate
	    *candidate; /* NULL: a rule is against it, or no why */
	bool is_taken;  /* chosen: its place is out of the search, for this need */
};

static const char *
not_known(const struct column *c)
{
	return c->is_taken ? "Not compared any more" : "Not known";
}

/* ---- the same facts of each ---- */

static void
add_fact(json_t *facts, const char *key, const char *value, const char *note)
{
	json_array_append_new(facts, json_pack("{s:s, s:s, s:s*}", "key", key, "value",
					 value != NULL ? value : "", "note", note));
}

static const char *
distance_of(struct page *p, const struct column *c)
{
	if (c->candidate == NULL || !c->candidate->has_miles_tenths)
		return not_known(c);
	return say_first_up(p->arena, say_miles(p->arena, c->candidate->miles_tenths,
					  c->candidate->check_distance));
}

static const char *
distance_note(const struct column *c)
{
	if (c->candidate == NULL || !c->candidate->has_miles_tenths)
		return NULL;
	return c->candidate->check_distance ? "work out the exact figure"
	                                    : "straight line, by postcode sector";
}

/* What matching knows as a fact behind one of its factors. */
static const char *
evidence_of(struct page *p, const struct column *c, Matching__Factor factor)
{
	for (size_t i = 0; c->candidate != NULL && i < c->candidate->n_factors; i++)
		if (c->candidate->factors[i]->factor == factor &&
		    c->candidate->factors[i]->evidence != NULL)
			return say_first_up(
			    p->arena, c->candidate->factors[i]->evidence);
	return not_known(c);
}

static const char *
together_of(struct page *p, const Requests__Request *r, const struct column *c)
{
	const Requests__OfferRow *offer = c->offer;

	if (r->circulation->n_children < 2)
		return NULL;
	if (offer->n_child_refs == 0 ||
	    offer->n_child_refs == r->circulation->n_children)
		return "All together";
	return str_format(p->arena, "Only for %s",
	    need_children(p, r, offer->child_refs, offer->n_child_refs));
}

static const char *
fee_note(struct page *p, const Requests__Request *r, const struct column *c)
{
	size_t n = need_children_n(r, c->offer->n_child_refs);

	if (n < 2)
		return NULL;
	return n == 2 ? "for both children together"
	              : str_format(p->arena, "for all %zu children together", n);
}

/* The finding in words: what speaks for it beside what does not. */
static const char *
fit_of(struct page *p, const struct column *c)
{
	unsigned full = 0;

	if (c->is_taken)
		return "Chosen";
	if (c->why != NULL && !c->why->suitable)
		return say_first_up(
		    p->arena, str_format(p->arena, "%s against it",
				  say_count(p->arena, c->why->n_failures, "rule is now",
				      "rules are now")));
	if (c->candidate == NULL)
		return not_known(c);
	for (size_t i = 0; i < c->candidate->n_factors; i++)
		full += c->candidate->factors[i]->points ==
		        c->candidate->factors[i]->points_max;
	return str_format(
	    p->arena, "%u of %zu wishes met in full", full, c->candidate->n_factors);
}

/* What matching says of the home. */
static void
add_home_facts(struct page *p, json_t *facts, const struct column *c)
{
	add_fact(
	    facts, "School", evidence_of(p, c, MATCHING__FACTOR__FACTOR_SCHOOL), NULL);
	add_fact(
	    facts, "Needs", evidence_of(p, c, MATCHING__FACTOR__FACTOR_SKILLS), NULL);
	add_fact(facts, "Ofsted grade",
	    c->candidate != NULL ? need_grade(p, c->candidate->grade) : not_known(c),
	    NULL);
	add_fact(facts, "Who lives there",
	    c->candidate != NULL && c->candidate->residents != NULL
		? say_first_up(p->arena, c->candidate->residents)
		: not_known(c),
	    NULL);
}

/* Once the need is over, what was offered alone. */
static json_t *
facts_of(struct page *p, const Requests__Request *r, const struct column *c)
{
	const Requests__OfferRow *offer = c->offer;
	json_t *facts = json_array();
	const char *together = together_of(p, r, c);
	bool is_over = need_is_over(r);
	int32_t today = day_in_london(p->now_ms);

	add_fact(facts, is_over ? "Could start" : "Can start",
	    say_first_up(
		p->arena, say_day_near(p->arena, offer->earliest_start_day, today)),
	    offer->earliest_start_day > r->circulation->needed_by_day
		? "after the day needed"
		: NULL);
	if (!is_over)
		add_fact(
		    facts, "Distance from home", distance_of(p, c), distance_note(c));
	add_fact(facts, "Area", directory_council_name(p->directory, offer->council_id),
	    NULL);
	if (together != NULL)
		add_fact(facts, "Brothers and sisters", together, NULL);
	if (!is_over)
		add_home_facts(p, facts, c);
	add_fact(
	    facts, "Fee", say_fee(p->arena, offer->fee_pence_week), fee_note(p, r, c));
	if (!is_over)
		add_fact(facts, "Fit", fit_of(p, c), NULL);
	return facts;
}

static json_t *
against_of(struct page *p, const struct column *c)
{
	json_t *list = json_array();

	for (size_t i = 0; c->why != NULL && i < c->why->n_failures; i++) {
		const Matching__Failure *f = c->why->failures[i];
		json_array_append_new(list,
		    json_pack("{s:s, s:s}", "rule",
			say_enum(p->arena, &matching__rule__descriptor, (int)f->rule),
			"fact", f->fact != NULL ? f->fact : ""));
	}
	return list;
}

/* Who has to approve it before it can start, seen from where it lies. */
static const char *
approval_note(enum need_area area)
{
	switch (area) {
	case NEED_AREA_UNKNOWN:
	case NEED_AREA_OWN: return NULL;
	case NEED_AREA_ADJOINING:
		return "Outside your area: a nominated officer approves it before the "
		       "start, unless your own team fosters.";
	case NEED_AREA_FAR:
		return "At a distance: the director of children\u2019s services "
		       "approves it "
		       "before the start, unless your own team fosters.";
	}
	return NULL;
}

static json_t *
column_of(struct page *p, const Requests__Request *r, const struct column *c)
{
	const Requests__OfferRow *offer = c->offer;
	enum need_area area = need_area(p, r, offer->council_id);
	json_t *one = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s*}", "id",
	    offer->offer_id, "place", need_place_name(p, offer->vacancy_id), "provider",
	    directory_provider_name(p->directory, offer->provider_id), "kind",
	    say_enum(p->arena, &common__care_type__descriptor,
		offer->has_care_type ? (int)offer->care_type
				     : (int)COMMON__CARE_TYPE__CARE_TYPE_FOSTER),
	    "area", need_area_tag(area), "facts", facts_of(p, r, c), "against",
	    against_of(p, c), "approval",
	    c->is_taken || need_is_over(r) ? NULL : approval_note(area));

	if (c->is_taken)
		json_object_set_new(one, "taken", need_tag("Chosen", "green"));
	json_object_set_new(one, "has_against",
	    json_boolean(json_array_size(json_object_get(one, "against")) > 0));
	if (c->candidate != NULL) {
		json_object_set_new(one, "points", need_points(p, c->candidate));
		json_object_set_new(one, "total",
		    json_integer((json_int_t)((c->candidate->points + 5) / 10)));
	}
	if (page_may(p, ROLE_COMMISSIONER) && r->state == STATE(CIRCULATED))
		json_object_set_new(one, "choose",
		    json_string(str_format(p->arena, "/needs/%s/decide?offer_id=%s",
			r->request_id, offer->offer_id)));
	return one;
}

/* ---- which of them, three at a time ---- */

/* Those that stand: for all the children first, then part by part; by when they can
 * start, then by when they were made. */
static bool
comes_before(const Requests__OfferRow *a, const Requests__OfferRow *b)
{
	if ((a->n_child_refs == 0) != (b->n_child_refs == 0))
		return a->n_child_refs == 0;
	if (a->n_child_refs > 0 && !str_equal(a->child_refs[0], b->child_refs[0]))
		return strcmp(a->child_refs[0], b->child_refs[0]) < 0;
	if (a->earliest_start_day != b->earliest_start_day)
		return a->earliest_start_day < b->earliest_start_day;
	return a->made_time < b->made_time;
}

static size_t
standing_of(const Requests__Request *r, const Requests__OfferRow **list)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_offers && n < OFFERS_MAX; i++) {
		size_t at = n;
		if (r->offers[i]->is_lost)
			continue;
		for (; at > 0 && comes_before(r->offers[i], list[at - 1]); at--)
			list[at] = list[at - 1];
		list[at] = r->offers[i];
		n++;
	}
	return n;
}

static size_t
page_number(struct page *p, size_t n)
{
	int64_t number;
	size_t pages = n == 0 ? 1 : (n + AT_A_TIME - 1) / AT_A_TIME;

	return str_to_i64(page_query(p, "page"), 1, (int64_t)pages, &number)
	           ? (size_t)number
	           : 1;
}

static json_t *
to_page(struct page *p, const Requests__Request *r, size_t number, size_t n)
{
	size_t first = (number - 1) * AT_A_TIME + 1;
	size_t last = first + AT_A_TIME - 1 < n ? first + AT_A_TIME - 1 : n;

	return json_pack("{s:s, s:s}", "href",
	    str_format(p->arena, "/needs/%s/offers?page=%zu", r->request_id, number),
	    "label",
	    first == last ? str_format(p->arena, "Offer %zu", first)
			  : str_format(p->arena, "Offers %zu to %zu", first, last));
}

static void
put_pages(struct page *p, const Requests__Request *r, size_t number, size_t n)
{
	json_t *pages = json_object();

	if (number > 1)
		json_object_set_new(pages, "previous", to_page(p, r, number - 1, n));
	if (number * AT_A_TIME < n)
		json_object_set_new(pages, "next", to_page(p, r, number + 1, n));
	if (json_object_size(pages) > 0)
		page_put(p, "pagination", json_pack("[o]", pages));
	else
		json_decref(pages);
}

/* What matching says of each that is shown; false: not there yet. */
static bool
ask_why(struct page *p, const Requests__Request *r, struct column *columns, size_t n)
{
	bool is_there = true, is_down;

	for (size_t i = 0; i < n; i++) {
		const Requests__OfferRow *offer = columns[i].offer;
		columns[i].is_taken = need_is_taken(r, offer->offer_id);
		if (columns[i].is_taken || need_is_over(r))
			continue;
		columns[i].why = need_why(p, r, offer->vacancy_id, offer->child_refs,
		    offer->n_child_refs, &is_down);
		if (columns[i].why == NULL && !is_down)
			is_there = false;
		if (columns[i].why == NULL && is_down)
			page_put(p, "is_part", json_true());
		columns[i].candidate =
		    columns[i].why != NULL ? columns[i].why->candidate : NULL;
	}
	return is_there;
}

static void
put_lost(struct page *p, const Requests__Request *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_offers; i++)
		if (r->offers[i]->is_lost)
			json_array_append_new(
			    list, json_string(directory_provider_name(
				      p->directory, r->offers[i]->provider_id)));
	page_put(p, "has_lost", json_boolean(json_array_size(list) > 0));
	page_put(p, "lost", list);
}

/* Is there an offer for each part of a way to live apart that the council permits? */
static void
put_splits(struct page *p, const Requests__Request *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_splits; i++) {
		const Requests__SplitShown *split = r->splits[i];
		const char *text = "";
		for (size_t j = 0; j < split->n_parts; j++)
			text =
			    str_format(p->arena, "%s%s%s: %s", text, j > 0 ? "; " : "",
				need_children(p, r, split->parts[j]->child_refs,
				    split->parts[j]->n_child_refs),
				say_count(p->arena, split->parts[j]->n_offer_ids,
				    "offer", "offers"));
		json_array_append_new(
		    list, json_pack("{s:s, s:b}", "text", say_first_up(p->arena, text),
			      "is_covered", split->is_covered));
	}
	page_put(p, "has_splits", json_boolean(json_array_size(list) > 0));
	page_put(p, "splits", list);
}

/* The offers that stand side by side, on the same facts. */
void
page_compare_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);
	const Requests__OfferRow *standing[OFFERS_MAX];
	struct column columns[AT_A_TIME] = {{0}};
	size_t n, number, shown = 0;

	if (r == NULL)
		return;
	n = standing_of(r, standing);
	number = page_number(p, n);
	for (size_t i = (number - 1) * AT_A_TIME; i < n && shown < AT_A_TIME; i++)
		columns[shown++].offer = standing[i];
	if (!ask_why(p, r, columns, shown))
		return;
	need_title(p, r, n == 1 ? "The offer" : "Compare offers");
	json_t *list = json_array();
	for (size_t i = 0; i < shown; i++)
		json_array_append_new(list, column_of(p, r, &columns[i]));
	page_put(p, "columns", list);
	page_put(p, "has_columns", json_boolean(shown > 0));
	page_put(p, "finding", json_string(need_offers_words(p, r)));
	page_put(p, "is_over", json_boolean(need_is_over(r)));
	page_put(p, "say",
	    json_pack("{s:O}", "compare_offers", json_object_get(p->view, "finding")));
	put_pages(p, r, number, n);
	put_lost(p, r);
	put_splits(p, r);
}
