#include <stdlib.h>

#include "base/day.h"
#include "base/id.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/ours.h"
#include "gateway/pages.h"
#include "gateway/referral.h"
#include "gateway/say.h"

#include "requests.pb-c.h"

/*
 * What a provider was asked in the last months, what it said and how soon, and what
 * came of it. Its own part alone: of others it says neither who nor how many.
 */

#define DAY_MS INT64_C(86400000)
#define DAYS_SHOWN 90
#define LINES_MAX 200
#define PAGES_MAX 5
#define ALL_MAX ((size_t)1000) /* lines of so many pages */
#define STATE(name) REQUESTS__STATE__STATE_##name

struct lines {
	const Requests__RequestLine *list[ALL_MAX];
	size_t n;
	bool is_cut;
};

/* Requests are named by when they were made, so the first to ask after is a time. */
static bool
ask(struct page *p, struct lines *out)
{
	Requests__RequestsAsked asked = REQUESTS__REQUESTS_ASKED__INIT;
	const uint8_t nothing[ID_RANDOM_BYTES] = {0};
	struct id since = id_make((p->now_ms / DAY_MS - DAYS_SHOWN) * DAY_MS, nothing);

	asked.after_id = since.text;
	SET(&asked, limit, LINES_MAX);
	SET(&asked, include_closed, true);
	for (unsigned i = 0; i < PAGES_MAX; i++) {
		const Requests__Requests *page = page_ask(
		    p, "requests", REQUESTS__REQUESTS_CALL__CALL_REQUESTS, &asked.base);

		if (page == NULL)
			return false;
		for (size_t k = 0; k < page->n_requests && out->n < ALL_MAX; k++)
			out->list[out->n++] = page->requests[k];
		if (page->next_id == NULL)
			return true;
		asked.after_id = page->next_id;
	}
	out->is_cut = true;
	return true;
}

/* ---- what came of one ---- */

enum outcome { IS_OPEN, IS_CHOSEN, IS_NOT, IS_NO, OUTCOMES };
static const struct {
	const char *value, *label;
} outcomes[OUTCOMES] = {
    [IS_OPEN] = {"open", "Going on"},
    [IS_CHOSEN] = {"chosen", "Chosen"},
    [IS_NOT] = {"not", "Not chosen"},
    [IS_NO] = {"no", "No, or no answer"},
};

static enum outcome
outcome_of(const Requests__RequestLine *row)
{
	switch (row->outcome) {
	case REQUESTS__OUTCOME__OUTCOME_CHOSEN: return IS_CHOSEN;
	case REQUESTS__OUTCOME__OUTCOME_NOT_CHOSEN:
	case REQUESTS__OUTCOME__OUTCOME_LAPSED: return IS_NOT;
	case REQUESTS__OUTCOME__OUTCOME_REQUEST_WITHDRAWN:
		return row->has_declined ? IS_NO : IS_NOT;
	case REQUESTS__OUTCOME__OUTCOME_DECLINED:
	case REQUESTS__OUTCOME__OUTCOME_NO_RESPONSE: return IS_NO;
	case REQUESTS__OUTCOME__OUTCOME_UNSPECIFIED: break;
	}
	if (row->has_declined)
		return IS_NO;
	switch (row->state) {
	case STATE(ENDED):
	case STATE(WITHDRAWN): return IS_NOT;
	case STATE(DECIDED):
	case STATE(HELD):
	case STATE(CONFIRMING):
	case STATE(CONFIRMED):
	case STATE(STARTING):
	case STATE(STARTED): return IS_CHOSEN;
	case STATE(UNSPECIFIED):
	case STATE(SUBMITTED):
	case STATE(CIRCULATED): break;
	}
	return IS_OPEN;
}

static json_t *
tag_of(const Requests__RequestLine *row)
{
	static const char *const colours[OUTCOMES] = {[IS_OPEN] = "blue",
	    [IS_CHOSEN] = "green",
	    [IS_NOT] = "grey",
	    [IS_NO] = "grey"};
	enum outcome o = outcome_of(row);
	const char *text = outcomes[o].label;

	if (o == IS_NO)
		text = row->has_declined ? "You said no" : "No answer";
	if (row->outcome == REQUESTS__OUTCOME__OUTCOME_LAPSED)
		text = "Place lost";
	if (!row->has_declined &&
	    (row->state == STATE(WITHDRAWN) ||
		row->outcome == REQUESTS__OUTCOME__OUTCOME_REQUEST_WITHDRAWN))
		text = "Withdrawn";
	return json_pack("{s:s, s:s}", "text", text, "colour", colours[o]);
}

/* Why, as far as this provider is told. */
static const char *
reason_of(struct arena *a, const Requests__RequestLine *row, int64_t now_ms)
{
	Requests__Bid bid = REQUESTS__BID__INIT;

	if (row->has_declined)
		return say_enum(
		    a, &requests__decline_reason__descriptor, (int)row->declined);
	if (outcome_of(row) == IS_OPEN)
		return row->offers_standing > 0 ? "The council decides"
		       : row->is_interested     ? "You asked for more detail"
		                                : "Waits for your answer";
	if (row->state == STATE(HELD) && row->has_step_due_time)
		return str_format(
		    a, "Say yes by %s", say_time_within(a, row->step_due_time, now_ms));
	SET_FROM(&bid, outcome, row, outcome);
	if (!row->has_outcome && outcome_of(row) == IS_CHOSEN)
		return "On its way";
	return referral_outcome(&bid, row->state);
}

static const char *
took(struct arena *a, const Requests__RequestLine *row)
{
	if (!row->has_answered_time || !row->has_circulated_time)
		return row->has_outcome ? "Not answered" : "Not answered yet";
	return say_first_up(a, say_span(a, row->answered_time - row->circulated_time));
}

static json_t *
line_of(struct page *p, const struct ours *ours, const Requests__RequestLine *row)
{
	struct arena *a = p->arena;
	const struct our_vacancy *v = ours_vacancy(ours, row->vacancy_id);
	const char *offer = "None";

	if (row->has_fee_pence_week)
		offer = str_format(a, "%s, %s",
		    v == NULL ? "One of our places" : ours_name(a, v),
		    say_fee(a, row->fee_pence_week));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "href",
	    str_format(a, "/referrals/%s", row->request_id), "reference",
	    say_reference(a, row->request_id), "who", referral_line_who(p, row),
	    "asked",
	    row->has_circulated_time ? say_time(a, row->circulated_time, p->now_ms)
				     : "",
	    "offer", offer, "took", took(a, row), "reason",
	    reason_of(a, row, p->now_ms), "tag", tag_of(row));
}

/* ---- all of them ---- */

static int
compare_spans(const void *a, const void *b)
{
	const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

/* Half of the answers came sooner; -1: there are none. */
static int64_t
median_ms(struct page *p, const struct lines *all)
{
	int64_t *spans = LIST_NEW(p->arena, all->n + 1, int64_t);
	size_t n = 0;

	for (size_t i = 0; spans != NULL && i < all->n; i++) {
		const Requests__RequestLine *row = all->list[i];
		if (row->has_answered_time && row->has_circulated_time)
			spans[n++] = row->answered_time - row->circulated_time;
	}
	if (n == 0)
		return -1;
	qsort(spans, n, sizeof *spans, compare_spans);
	return spans[n / 2];
}

static json_t *
figure(const char *number, const char *label)
{
	return json_pack("{s:s, s:s}", "number", number, "label", label);
}

static json_t *
figures_of(struct page *p, const struct lines *all)
{
	struct arena *a = p->arena;
	size_t answered = 0, offered = 0, chosen = 0;
	int64_t median = median_ms(p, all);

	for (size_t i = 0; i < all->n; i++) {
		const Requests__RequestLine *row = all->list[i];
		answered += row->has_answered_time ? 1 : 0;
		offered += row->offers > 0;
		chosen += row->offers > 0 && outcome_of(row) == IS_CHOSEN;
	}
	return json_pack("[o, o, o, o]",
	    figure(say_number(a, all->n),
		all->n == 1 ? "need shown to us" : "needs shown to us"),
	    figure(say_number(a, answered), "answered"),
	    offered == 0 ? figure("0", "offers made")
			 : figure(str_format(a, "%zu of %zu", chosen, offered),
			       offered == 1 ? "offer chosen" : "offers chosen"),
	    figure(median < 0 ? "None yet" : say_first_up(a, say_span(a, median)),
		"median time to answer"));
}

static json_t *
filters_of(const struct page *p, const struct lines *all)
{
	const char *show = page_query(p, "show");
	json_t *list = json_array();

	json_array_append_new(
	    list, json_pack("{s:s, s:s, s:i, s:b}", "value", "all", "label", "All", "n",
		      (int)all->n, "current", show == NULL || str_equal(show, "all")));
	for (int o = 0; o < OUTCOMES; o++) {
		int n = 0;

		for (size_t i = 0; i < all->n; i++)
			n += (int)outcome_of(all->list[i]) == o;
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:i, s:b}", "value", outcomes[o].value,
			      "label", outcomes[o].label, "n", n, "current",
			      str_equal(show, outcomes[o].value)));
	}
	return list;
}

static bool
is_shown(const char *show, const Requests__RequestLine *row)
{
	for (int o = 0; o < OUTCOMES; o++) {
		if (str_equal(show, outcomes[o].value))
			return (int)outcome_of(row) == o;
	}
	return true;
}

void
page_offers_view(struct page *p)
{
	struct lines *all = arena_take(p->arena, sizeof *all);
	json_t *list;
	struct ours ours;

	if (all == NULL) {
		p->end = PAGE_BROKEN;
		return;
	}
	bool has_lines = ask(p, all), has_ours = ours_ask(p, &ours);
	if (!has_lines || !has_ours)
		return;
	list = json_array();
	for (size_t i = all->n; i-- > 0;) {
		if (is_shown(page_query(p, "show"), all->list[i]))
			json_array_append_new(list, line_of(p, &ours, all->list[i]));
	}
	page_put(p, "days", json_integer(DAYS_SHOWN));
	page_put(p, "is_none", json_boolean(all->n == 0));
	page_put(p, "is_none_shown", json_boolean(json_array_size(list) == 0));
	page_put(p, "lines", list);
	page_put(p, "figures", figures_of(p, all));
	page_put(p, "filters", filters_of(p, all));
	page_put(p, "is_cut", json_boolean(all->is_cut));
}
