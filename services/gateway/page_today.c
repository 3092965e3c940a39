#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/ours.h"
#include "gateway/pages.h"
#include "gateway/posted.h"
#include "gateway/referral.h"
#include "gateway/say.h"

#include "requests.pb-c.h"

/*
 * A provider's first page: what waits for it, the most pressing first. Whatever stands
 * in the part that is kept fresh is facts and links; forms stand beside it.
 */

#define LINES_MAX 200
#define CONFIRM_SHOWN 5
#define STATE(name) REQUESTS__STATE__STATE_##name

/* What a need waits for, in the order of the page. */
enum waiting { FOR_YES, FOR_ANSWER, FOR_OFFER, FOR_COUNCIL, WAITINGS };

struct need {
	const Requests__RequestLine *line;
	enum waiting waiting;
	int64_t due_ms; /* INT64_MAX: not said */
};

static enum waiting
waiting_of(const Requests__RequestLine *line)
{
	if (line->state == STATE(HELD) && line->has_step_due_time)
		return FOR_YES;
	if (line->has_declined || line->has_outcome || line->state != STATE(CIRCULATED))
		return WAITINGS;
	if (line->offers_standing > 0)
		return FOR_COUNCIL;
	return line->is_interested ? FOR_OFFER : FOR_ANSWER;
}

static bool
is_emergency(const struct need *need)
{
	return need->line->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
}

/* Emergencies first, then by the clock. */
static int
compare(const void *a, const void *b)
{
	const struct need *left = a, *right = b;

	if (left->waiting != right->waiting)
		return left->waiting < right->waiting ? -1 : 1;
	if (is_emergency(left) != is_emergency(right))
		return is_emergency(left) ? -1 : 1;
	if (left->due_ms != right->due_ms)
		return left->due_ms < right->due_ms ? -1 : 1;
	return strcmp(left->line->request_id, right->line->request_id);
}

static size_t
sort_out(struct arena *a, const Requests__Requests *all, struct need **out)
{
	size_t n = 0;

	*out = LIST_NEW(a, all->n_requests + 1, struct need);
	for (size_t i = 0; *out != NULL && i < all->n_requests; i++) {
		const Requests__RequestLine *line = all->requests[i];
		struct need need = {line, waiting_of(line), INT64_MAX};

		if (need.waiting == WAITINGS)
			continue;
		if (need.waiting == FOR_YES)
			need.due_ms = line->step_due_time;
		else if (line->has_answer_by_time)
			need.due_ms = line->answer_by_time;
		(*out)[n++] = need;
	}
	if (n > 0)
		qsort(*out, n, sizeof **out, compare);
	return n;
}

/* ---- a card ---- */

static const char *
clock_words(struct page *p, const struct need *need)
{
	struct arena *a = p->arena;
	const char *left;

	if (need->due_ms == INT64_MAX || need->waiting == FOR_COUNCIL)
		return NULL;
	if (need->due_ms <= p->now_ms)
		return need->waiting == FOR_ANSWER || need->waiting == FOR_OFFER
		           ? "The time to answer is over: the council may still take "
		             "an offer"
		           : "The time is over";
	left = say_left(a, need->due_ms, p->now_ms);
	return str_format(a, "%s %s (%s)",
	    need->waiting == FOR_YES ? "Say yes by" : "Answer by",
	    say_time_within(a, need->due_ms, p->now_ms), left);
}

static json_t *
card_of(struct page *p, const struct need *need)
{
	const Requests__RequestLine *line = need->line;
	struct arena *a = p->arena;
	const char *due = clock_words(p, need);
	json_t *card = json_pack("{s:s, s:s, s:s, s:s, s:b}", "href",
	    str_format(a, "/referrals/%s", line->request_id), "reference",
	    say_reference(a, line->request_id), "who",
	    say_first_up(a, referral_line_who(p, line)), "where",
	    str_format(a, "%s, %s",
		line->home_sector == NULL ? "area not said" : line->home_sector,
		directory_council_name(p->directory, line->council_id)),
	    "is_urgent", is_emergency(need) || need->waiting == FOR_YES);

	if (card == NULL)
		return NULL;
	if (line->has_needed_by_day)
		json_object_set_new(card, "needed",
		    json_string(say_day_near(
			a, line->needed_by_day, day_in_london(p->now_ms))));
	if (due != NULL)
		json_object_set_new(card, "due", json_string(due));
	if (is_emergency(need))
		json_object_set_new(card, "tag",
		    json_pack("{s:s, s:s}", "text", "Emergency", "colour", "red"));
	if (line->level >= REQUESTS__DISCLOSURE__DISCLOSURE_L2)
		json_object_set_new(card, "level",
		    json_pack("{s:s, s:s}", "text",
			line->level == REQUESTS__DISCLOSURE__DISCLOSURE_L2
			    ? "Level 2 opened"
			    : "Level 3 opened",
			"colour", "blue"));
	json_object_set_new(card, "has_tags",
	    json_boolean(json_object_get(card, "tag") != NULL ||
			 json_object_get(card, "level") != NULL));
	return card;
}

static const struct {
	const char *title, *next;
} sections[WAITINGS] = {
    [FOR_YES] = {"Chosen: say yes", "Say yes or no"},
    [FOR_ANSWER] = {"To answer", "Answer"},
    [FOR_OFFER] = {"You asked for more detail", "Offer, or say no"},
    [FOR_COUNCIL] = {"Offered: the council decides", "See how it stands"},
};

static json_t *
sections_of(struct page *p, const struct need *needs, size_t n)
{
	json_t *list = json_array();

	for (int w = 0; w < WAITINGS; w++) {
		json_t *cards = json_array();

		for (size_t i = 0; i < n; i++) {
			if (needs[i].waiting == (enum waiting)w)
				json_array_append_new(cards, card_of(p, &needs[i]));
		}
		if (json_array_size(cards) == 0) {
			json_decref(cards);
			continue;
		}
		json_array_append_new(list,
		    json_pack("{s:s, s:i, s:s, s:b, s:o}", "title", sections[w].title,
			"n", (int)json_array_size(cards), "next", sections[w].next,
			"is_for_us", w != FOR_COUNCIL, "cards", cards));
	}
	return list;
}

static size_t
count(const struct need *needs, size_t n, enum waiting waiting)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += needs[i].waiting == waiting;
	return found;
}

/* "1 place to say yes to and 2 needs to answer"; NULL: nothing waits. */
static const char *
finding(struct page *p, const struct need *needs, size_t n)
{
	const char *parts[2];
	size_t parts_n = 0, yes = count(needs, n, FOR_YES);
	size_t answer = count(needs, n, FOR_ANSWER);

	if (yes > 0)
		parts[parts_n++] = say_count(
		    p->arena, yes, "place to say yes to", "places to say yes to");
	if (answer > 0)
		parts[parts_n++] =
		    say_count(p->arena, answer, "need to answer", "needs to answer");
	return parts_n == 0 ? NULL : say_list(p->arena, parts, parts_n);
}

/* ---- vacancies to confirm ---- */

static void
put_vacancies(struct page *p, const struct ours *ours)
{
	size_t stale = ours_stale(ours), open = 0;
	json_t *list = json_array();

	for (size_t i = 0; i < ours->vacancies_n; i++) {
		const struct our_vacancy *v = &ours->vacancies[i];

		open += v->is_open;
		if (!v->is_stale || json_array_size(list) == CONFIRM_SHOWN)
			continue;
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "name",
			      ours_name(p->arena, v), "id", v->id, "open",
			      say_number(p->arena, v->open), "since",
			      say_time(p->arena, v->confirmed_ms, p->now_ms), "token",
			      posted_token(p, "/vacancies"), "is_home",
			      v->place->home != NULL));
	}
	page_put(p, "stale", list);
	if (stale > 0)
		page_put(p, "stale_sentence",
		    json_string(str_format(p->arena, "%s to confirm",
			say_count(p->arena, stale, "vacancy", "vacancies"))));
	if (stale > CONFIRM_SHOWN)
		page_put(p, "stale_more",
		    json_string(say_number(p->arena, stale - CONFIRM_SHOWN)));
	page_put(p, "open_sentence",
	    json_string(open == 0 ? "None of your places is open to referral."
				  : str_format(p->arena, "%s open to referral.",
					say_count(p->arena, open, "vacancy is",
					    "vacancies are"))));
	page_put(p, "has_open", json_boolean(open > 0));
	if (ours->down != NULL)
		page_put(p, "is_ours_down", json_true());
}

void
page_today_view(struct page *p)
{
	Requests__RequestsAsked asked = REQUESTS__REQUESTS_ASKED__INIT;
	const Requests__Requests *all;
	struct need *needs;
	struct ours ours;
	enum page_state state;

	SET(&asked, limit, LINES_MAX);
	all = page_try(
	    p, "requests", REQUESTS__REQUESTS_CALL__CALL_REQUESTS, &asked.base, &state);
	if (!ours_ask(p, &ours))
		return;
	put_vacancies(p, &ours);
	if (all == NULL) {
		page_put(p, "is_down", json_true());
		return;
	}
	size_t n = sort_out(p->arena, all, &needs);
	const char *found = needs == NULL ? NULL : finding(p, needs, n);
	page_put(p, "sections", sections_of(p, needs, n));
	page_put(p, "finding", json_string(found == NULL ? "" : found));
	page_put(p, "is_empty", json_boolean(n == 0));
	if (all->next_id != NULL)
		page_put(p, "is_cut", json_true());
	page_put(p, "say",
	    json_pack("{s:s}", "today_needs", found == NULL ? "Nothing waits" : found));
}
