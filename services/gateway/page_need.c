#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fields.h"
#include "gateway/need.h"
#include "gateway/need_lines.h"
#include "gateway/need_state.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define TIMELINE REQUESTS__REQUESTS_CALL__CALL_TIMELINE
#define TIMELINE_LIMIT 200 /* as many as requests gives at a time */
#define TIMELINE_PARTS ((size_t)5)
#define STATE(name) REQUESTS__STATE__STATE_##name
#define DISCLOSURE(name) REQUESTS__DISCLOSURE__DISCLOSURE_##name

/* ---- whom it was sent to ---- */

static const char *
answer_of(struct page *p, const Requests__Bid *bid)
{
	if (bid->has_declined)
		return "No";
	if (bid->n_offer_ids > 0)
		return say_count(p->arena, bid->n_offer_ids, "offer", "offers");
	return bid->is_interested ? "Interested" : "No answer yet";
}

static const char *
answer_colour(const Requests__Bid *bid)
{
	if (bid->has_declined)
		return "grey";
	if (bid->n_offer_ids > 0)
		return "green";
	return bid->is_interested ? "blue" : "yellow";
}

/* Has this provider a place held for these children, or do they live there? */
static bool
has_place(const Requests__Request *r, const Requests__Bid *bid)
{
	for (size_t i = 0; i < r->n_journeys; i++) {
		const Requests__Journey *journey = r->journeys[i];
		const Requests__OfferRow *offer = need_offer(r, journey->offer_id);
		if (offer != NULL && need_is_chosen(journey) &&
		    journey->state != STATE(DECIDED) &&
		    journey->state != STATE(ENDED) &&
		    str_equal(offer->provider_id, bid->provider_id))
			return true;
	}
	return false;
}

/* What may be opened to it next; NULL: nothing. */
static const char *
level_to_open(const Requests__Request *r, const Requests__Bid *bid)
{
	bool is_asking =
	    (bid->is_interested || bid->n_offer_ids > 0) && !bid->has_declined;

	if (bid->level < DISCLOSURE(L2) && is_asking && r->state == STATE(CIRCULATED))
		return "l2";
	if (bid->level < DISCLOSURE(L3) && has_place(r, bid))
		return "l3";
	return NULL;
}

static json_t *
bid_of(struct page *p, const Requests__Request *r, const Requests__Bid *bid)
{
	const char *level =
	    page_may(p, ROLE_COMMISSIONER) ? level_to_open(r, bid) : NULL;
	json_t *one = json_pack("{s:s, s:o, s:s, s:o}", "provider",
	    directory_provider_name(p->directory, bid->provider_id), "answer",
	    need_tag(answer_of(p, bid), answer_colour(bid)), "level",
	    say_enum_within(
		p->arena, &requests__disclosure__descriptor, (int)bid->level),
	    "sent", say_when_within(p->arena, bid->circulated_time, p->now_ms));

	if (bid->has_declined)
		json_object_set_new(one, "because",
		    json_string(say_enum(p->arena,
			&requests__decline_reason__descriptor, (int)bid->declined)));
	if (bid->has_answered_time)
		json_object_set_new(one, "answered",
		    say_when_within(p->arena, bid->answered_time, p->now_ms));
	if (level != NULL)
		json_object_set_new(one, "open",
		    json_pack("{s:s, s:s}", "href",
			str_format(p->arena, "/needs/%s/open?provider_id=%s&level=%s",
			    r->request_id, bid->provider_id, level),
			"text",
			str_equal(level, "l2") ? "Show the detail"
					       : "Say who the child is"));
	return one;
}

static void
put_bids(struct page *p, const Requests__Request *r)
{
	json_t *list = json_array();
	size_t answered = 0;

	for (size_t i = 0; i < r->n_bids; i++) {
		answered += r->bids[i]->has_answered_time != 0;
		json_array_append_new(list, bid_of(p, r, r->bids[i]));
	}
	page_put(p, "has_bids", json_boolean(r->n_bids > 0));
	page_put(p, "bids", list);
	page_put(p, "bids_summary",
	    json_string(str_format(p->arena, "%s asked, %s answered",
		say_count(p->arena, r->n_bids, "provider", "providers"),
		say_number(p->arena, answered))));
}

/* ---- offers, in short ---- */

static json_t *
tag_of(
    const struct page *p, const Requests__Request *r, const Requests__OfferRow *offer)
{
	if (need_is_taken(r, offer->offer_id))
		return need_tag("Chosen", "green");
	if (offer->is_lost)
		return need_tag("No longer stands", "grey");
	return need_area_tag(need_area(p, r, offer->council_id));
}

static json_t *
offer_of(struct page *p, const Requests__Request *r, const Requests__OfferRow *offer)
{
	int32_t today = day_in_london(p->now_ms);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "provider",
	    directory_provider_name(p->directory, offer->provider_id), "place",
	    need_place_name(p, offer->vacancy_id), "kind",
	    say_enum(p->arena, &common__care_type__descriptor,
		offer->has_care_type ? (int)offer->care_type
				     : (int)COMMON__CARE_TYPE__CARE_TYPE_FOSTER),
	    "fee", say_fee(p->arena, offer->fee_pence_week), "start",
	    say_day_near(p->arena, offer->earliest_start_day, today), "children",
	    need_children(p, r, offer->child_refs, offer->n_child_refs), "tag",
	    tag_of(p, r, offer));
}

static void
put_offers(struct page *p, const Requests__Request *r)
{
	json_t *list = json_array();
	size_t standing = need_standing(r);

	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < r->n_offers; i++)
			if ((r->offers[i]->is_lost != 0) == (pass == 1))
				json_array_append_new(
				    list, offer_of(p, r, r->offers[i]));
	page_put(p, "has_offers", json_boolean(r->n_offers > 0));
	page_put(p, "offers", list);
	/* What is chosen this page says itself. */
	if (!need_is_over(r) && standing > (r->state == STATE(CIRCULATED) ? 0 : 1))
		page_put(p, "offers_link",
		    json_string(standing == 1 ? "Look at its facts"
					      : "Compare them side by side"));
	page_put(p, "offers_summary", json_string(need_offers_words(p, r)));
}

/* ---- the need itself, in short ---- */

/* As any provider reads it, and what is opened to some beside it. */
static void
put_facts(struct page *p, const Requests__Request *r)
{
	json_t *lines = need_lines_circulation(p, r->circulation);

	if (r->detail != NULL) {
		json_t *detail = need_lines_detail(p, r->detail);
		json_array_extend(lines, detail);
		json_decref(detail);
	}
	json_array_append_new(
	    lines, json_pack("{s:s, s:[s]}", "key", "Recorded", "values",
		       str_format(p->arena, "%s by %s",
			   say_time(p->arena, r->submitted_time, p->now_ms),
			   directory_person_name(p->directory, r->submitted_by_id))));
	page_put(p, "facts", json_pack("{s:o}", "lines", lines));
}

/* ---- the page ---- */

static void
put_broken(struct page *p, const Requests__Request *r)
{
	if (r->broken == NULL || need_is_over(r))
		return;
	page_put(p, "broken",
	    json_pack("{s:s, s:o}", "sentence",
		r->broken->sentence != NULL ? r->broken->sentence : "", "when",
		say_when(p->arena, r->broken->time, p->now_ms)));
}

static void
put_placements(struct page *p, const Requests__Request *r)
{
	json_t *list = need_placements(p, r);

	page_put(p, "has_placements", json_boolean(json_array_size(list) > 0));
	page_put(p, "placements", list);
}

/* What is said aloud when a part of the page moves. */
static void
put_said(struct page *p)
{
	const json_t *step = json_object_get(p->view, "step");
	const char *offers =
	    json_string_value(json_object_get(p->view, "offers_summary"));
	const char *asked = json_string_value(json_object_get(p->view, "bids_summary"));

	page_put(p, "say",
	    json_pack("{s:O, s:s, s:s}", "need_state",
		json_object_get(step, "sentence"), "need_offers", offers, "need_asked",
		asked));
}

/* All that happened, asked for a part at a time; false: not there yet. */
static bool
ask_timeline(struct page *p, Requests__RequestTimeline *all)
{
	Requests__RequestTimelineAsked ask = REQUESTS__REQUEST_TIMELINE_ASKED__INIT;
	enum page_state state = PAGE_YES;

	ask.request_id = str_copy(p->arena, page_param(p, "id"));
	SET(&ask, limit, TIMELINE_LIMIT);
	all->entries = LIST_NEW(
	    p->arena, TIMELINE_PARTS * TIMELINE_LIMIT, Requests__TimelineEntry *);
	for (size_t i = 0; i < TIMELINE_PARTS && all->entries != NULL; i++) {
		const Requests__RequestTimeline *part =
		    page_try(p, "requests", TIMELINE, &ask.base, &state);
		for (size_t j = 0; part != NULL && j < part->n_entries &&
				   all->n_entries < TIMELINE_PARTS * TIMELINE_LIMIT;
		     j++)
			all->entries[all->n_entries++] = part->entries[j];
		if (part == NULL || !part->has_next_number)
			break;
		SET(&ask, after_number, part->next_number);
	}
	return state != PAGE_WAITS;
}

/* How it stands and what comes next first; then whom it was sent to and what they say,
 * and all that happened. */
void
page_need_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);
	Requests__RequestTimeline timeline = REQUESTS__REQUEST_TIMELINE__INIT;

	if (!ask_timeline(p, &timeline) || r == NULL)
		return;
	need_title(p, r, say_first_up(p->arena, need_children(p, r, NULL, 0)));
	page_put(
	    p, "back", json_pack("{s:s, s:s}", "href", "/needs", "text", "All needs"));
	page_put(p, "step", need_step(p, r));
	put_broken(p, r);
	put_placements(p, r);
	put_offers(p, r);
	put_bids(p, r);
	put_facts(p, r);
	page_put(p, "timeline", need_timeline(p, r, &timeline));
	put_said(p);
}

/* ---- what is opened to a provider ---- */

static const struct {
	const char *level, *heading, *button;
	const char *shows[6];
} levels[] = {
    {"l2", "Show the detail of this need", "Show the detail",
	{"the sector of the school", "places that the child must not live near",
	    "legal status and the aim of the care plan",
	    "how many placements there were before",
	    "how often the child meets the family",
	    "what came of asking family and friends"}},
    {"l3", "Say who the child is", "Give the reference",
	{"the child\u2019s reference in this system. You say who the child is outside "
	 "it, "
	 "as you do today"}},
};

void
page_need_open_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);
	const char *provider_id = page_query(p, "provider_id");
	const char *level = page_query(p, "level");
	const Requests__Bid *bid;

	if (r == NULL)
		return;
	bid = need_bid(r, provider_id);
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (bid == NULL || !str_equal(levels[i].level, level))
			continue;
		json_t *shows = json_array();
		for (size_t j = 0; j < 6 && levels[i].shows[j] != NULL; j++)
			json_array_append_new(shows, json_string(levels[i].shows[j]));
		need_title(p, r, levels[i].heading);
		page_put(p, "open",
		    json_pack("{s:s, s:s, s:s, s:s, s:o}", "provider",
			directory_provider_name(p->directory, provider_id),
			"provider_id", provider_id, "level", level, "button",
			levels[i].button, "shows", shows));
		return;
	}
	page_missing(p);
}

/* ---- withdrawn ---- */

void
page_need_withdraw_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);

	if (r == NULL)
		return;
	const char *too_late = need_too_late(NEED_WITHDRAW, r->state);
	need_title(p, r, "Withdraw this need");
	if (too_late != NULL)
		page_put(p, "too_late", json_string(too_late));
	page_put(p, "reason",
	    fields_radios(
		FIELDS_OF(p), &(struct field){.name = "reason",
				  .label = "Why is it withdrawn?",
				  .type = &requests__withdraw_reason__descriptor,
				  .is_needed = true}));
	page_put(p, "told",
	    json_string(say_count(p->arena, r->n_bids, "provider", "providers")));
	page_put(p, "has_bids", json_boolean(r->n_bids > 0));
	page_put(p, "has_begun",
	    json_boolean(r->state >= STATE(DECIDED) && r->state <= STATE(STARTED)));
}
