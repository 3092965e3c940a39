#include "gateway/need.h"

#include <ctype.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fields.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define REQUEST REQUESTS__REQUESTS_CALL__CALL_REQUEST
#define WHY REQUESTS__REQUESTS_CALL__CALL_WHY
#define STATE(name) REQUESTS__STATE__STATE_##name
#define PLACE_LETTERS 4
#define DAY_LETTERS DAY_TEXT_LEN

static const char *
or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

json_t *
need_tag(const char *text, const char *colour)
{
	return json_pack("{s:s, s:s}", "text", text, "colour", colour);
}

/* ---- the request ---- */

static const char *
state_colour(Requests__State state)
{
	switch (state) {
	case STATE(UNSPECIFIED):
	case STATE(ENDED):
	case STATE(WITHDRAWN): return "grey";
	case STATE(SUBMITTED): return "yellow";
	case STATE(CIRCULATED): return "blue";
	case STATE(DECIDED):
	case STATE(HELD):
	case STATE(CONFIRMING):
	case STATE(CONFIRMED):
	case STATE(STARTING): return "purple";
	case STATE(STARTED): return "green";
	}
	return "grey";
}

static void
put_need(struct page *p, const Requests__Request *r)
{
	const char *reference = say_reference(p->arena, r->request_id);
	const char *children = need_children(p, r, NULL, 0);
	bool is_emergency =
	    r->circulation->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;

	page_put(p, "need",
	    json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:b}", "id", r->request_id,
		"reference", reference, "children", children, "council",
		directory_council_name(p->directory, r->council_id), "urgency",
		need_tag(say_enum(p->arena, &requests__urgency__descriptor,
			     (int)r->circulation->urgency),
		    is_emergency ? "red" : "grey"),
		"state",
		need_tag(
		    say_enum(p->arena, &requests__state__descriptor, (int)r->state),
		    state_colour(r->state)),
		"has_several", r->circulation->n_children > 1, "may_list",
		page_may(p, ROLE_COMMISSIONER | ROLE_NOMINATED)));
}

const Requests__Request *
need_ask(struct page *p)
{
	Requests__RequestAsked ask = REQUESTS__REQUEST_ASKED__INIT;
	const Requests__RequestShown *shown;

	ask.request_id = str_copy(p->arena, page_param(p, "id"));
	shown = page_ask(p, "requests", REQUEST, &ask.base);
	if (shown == NULL)
		return NULL;
	/* The co-operative reads no more than level 1, a provider its own part. */
	if (shown->request == NULL || shown->request->circulation == NULL) {
		page_missing(p);
		return NULL;
	}
	put_need(p, shown->request);
	return shown->request;
}

void
need_title(struct page *p, const Requests__Request *r, const char *title)
{
	const char *reference = say_reference(p->arena, r->request_id);

	page_put(p, "page",
	    json_pack("{s:s, s:s, s:s}", "path", p->path, "title",
		or_nothing(str_format(p->arena, "%s: %s", title, reference)), "heading",
		title));
	page_put(p, "back",
	    json_pack("{s:s, s:s}", "href",
		or_nothing(str_format(p->arena, "/needs/%s", r->request_id)), "text",
		or_nothing(str_format(p->arena, "Need %s", reference))));
}

/* ---- the children ---- */

/* Is this child among those of these letters? None: all are. */
static bool
is_among(const Requests__ChildNeed *child, char *const *refs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(child->child_ref, refs[i]))
			return true;
	return n == 0;
}

const char *
need_children_of(
    struct page *p, const Requests__NeedCirculation *need, char *const *refs, size_t n)
{
	int32_t today = day_in_london(p->now_ms);
	struct say_child *list =
	    arena_take(p->arena, (need->n_children + 1) * sizeof *list);
	size_t found = 0;

	for (size_t i = 0; list != NULL && i < need->n_children; i++) {
		const Requests__ChildNeed *child = need->children[i];
		if (is_among(child, refs, n))
			list[found++] = (struct say_child){child->sex,
			    day_age_at(child->age_years, child->age_day, today)};
	}
	return list == NULL ? "" : say_children(p->arena, list, found);
}

const char *
need_children(struct page *p, const Requests__Request *r, char *const *refs, size_t n)
{
	return need_children_of(p, r->circulation, refs, n);
}

size_t
need_children_n(const Requests__Request *r, size_t n_refs)
{
	return n_refs > 0 ? n_refs : r->circulation->n_children;
}

/* ---- offers, placements, bids ---- */

const Requests__OfferRow *
need_offer(const Requests__Request *r, const char *offer_id)
{
	for (size_t i = 0; offer_id != NULL && i < r->n_offers; i++)
		if (str_equal(r->offers[i]->offer_id, offer_id))
			return r->offers[i];
	return NULL;
}

const Requests__Journey *
need_placement(const Requests__Request *r, const char *placement_id)
{
	for (size_t i = 0; placement_id != NULL && i < r->n_journeys; i++)
		if (str_equal(r->journeys[i]->placement_id, placement_id))
			return r->journeys[i];
	return NULL;
}

const Requests__Bid *
need_bid(const Requests__Request *r, const char *provider_id)
{
	for (size_t i = 0; provider_id != NULL && i < r->n_bids; i++)
		if (str_equal(r->bids[i]->provider_id, provider_id))
			return r->bids[i];
	return NULL;
}

bool
need_is_chosen(const Requests__Journey *journey)
{
	switch (journey->state) {
	case STATE(UNSPECIFIED):
	case STATE(SUBMITTED):
	case STATE(CIRCULATED):
	case STATE(WITHDRAWN): return false;
	case STATE(DECIDED):
	case STATE(HELD):
	case STATE(CONFIRMING):
	case STATE(CONFIRMED):
	case STATE(STARTING):
	case STATE(STARTED):
	case STATE(ENDED): return true;
	}
	return false;
}

bool
need_awaits_approval(const Requests__Journey *journey)
{
	if (!need_is_chosen(journey) || journey->state == STATE(ENDED))
		return false;
	switch (journey->approver) {
	case REQUESTS__APPROVER__APPROVER_UNSPECIFIED:
	case REQUESTS__APPROVER__APPROVER_NONE: return false;
	case REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER:
	case REQUESTS__APPROVER__APPROVER_DIRECTOR: break;
	}
	return !journey->has_approved_time || journey->has_grounds_due_time;
}

bool
need_is_taken(const Requests__Request *r, const char *offer_id)
{
	for (size_t i = 0; i < r->n_journeys; i++)
		if (need_is_chosen(r->journeys[i]) &&
		    str_equal(r->journeys[i]->offer_id, offer_id))
			return true;
	return false;
}

size_t
need_standing(const Requests__Request *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_offers; i++)
		n += !r->offers[i]->is_lost;
	return n;
}

bool
need_is_over(const Requests__Request *r)
{
	return r->state == STATE(STARTED) || r->state == STATE(ENDED) ||
	       r->state == STATE(WITHDRAWN);
}

const char *
need_offers_words(struct page *p, const Requests__Request *r)
{
	const char *words =
	    need_is_over(r)
		? say_count(p->arena, r->n_offers, "offer was made", "offers were made")
		: say_count(p->arena, need_standing(r), "offer stands", "offers stand");

	return say_first_up(p->arena, words);
}

json_t *
need_time_to_answer(struct page *p, Requests__Urgency urgency)
{
	static const struct field_option times[] = {
	    {"30", "30 minutes", NULL, false},
	    {"60", "1 hour", NULL, false},
	    {"120", "2 hours", NULL, false},
	    {"240", "4 hours", NULL, false},
	    {"480", "8 hours", NULL, false},
	    {"1440", "1 day", NULL, false},
	    {"2880", "2 days", NULL, false},
	    {"10080", "1 week", NULL, false},
	};
	bool is_emergency = urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;

	return fields_select(
	    FIELDS_OF(p), &(struct field){.name = "answer_minutes",
			      .label = "How long have they to answer?",
			      .blank = is_emergency ? "As usual in an emergency: 1 hour"
	                                            : "As usual: 2 working days",
			      .options = times,
			      .options_n = sizeof times / sizeof times[0]});
}

/* ---- places ---- */

enum need_area
need_area(const struct page *p, const Requests__Request *r, const char *council_id)
{
	const Members__Council *own = directory_council(p->directory, r->council_id);

	if (council_id == NULL)
		return NEED_AREA_UNKNOWN;
	if (str_equal(council_id, r->council_id))
		return NEED_AREA_OWN;
	if (own == NULL)
		return NEED_AREA_UNKNOWN;
	for (size_t i = 0; i < own->n_adjoining_council_ids; i++)
		if (str_equal(own->adjoining_council_ids[i], council_id))
			return NEED_AREA_ADJOINING;
	return NEED_AREA_FAR;
}

json_t *
need_area_tag(enum need_area area)
{
	switch (area) {
	case NEED_AREA_UNKNOWN: break;
	case NEED_AREA_OWN: return need_tag("Own area", "green");
	case NEED_AREA_ADJOINING: return need_tag("Adjoining area", "yellow");
	case NEED_AREA_FAR: return need_tag("At a distance", "red");
	}
	return need_tag("Area not known", "grey");
}

const Matching__Why *
need_why(struct page *p, const Requests__Request *r, const char *vacancy_id,
    char *const *refs, size_t n, bool *is_down)
{
	Requests__WhyAsked ask = REQUESTS__WHY_ASKED__INIT;
	enum page_state state;

	ask.request_id = r->request_id;
	ask.vacancy_id = str_copy(p->arena, vacancy_id);
	ask.n_child_refs = n;
	ask.child_refs = LIST_NEW(p->arena, n + 1, char *);
	for (size_t i = 0; ask.child_refs != NULL && i < n; i++)
		ask.child_refs[i] = refs[i];
	const Matching__Why *why = page_try(p, "requests", WHY, &ask.base, &state);
	*is_down = state == PAGE_DOWN || state == PAGE_NO;
	return why;
}

const char *
need_grade(struct page *p, const char *grade)
{
	size_t len = grade != NULL ? strlen(grade) : 0;
	const char *on = len > DAY_LETTERS ? strstr(grade, " on ") : NULL;
	int32_t day;

	if (grade == NULL)
		return "Not known";
	if (on == NULL || !day_parse(grade + len - DAY_LETTERS, &day))
		return say_first_up(p->arena, grade);
	return say_first_up(
	    p->arena, str_format(p->arena, "%.*s, %s", (int)(on - grade), grade,
			  say_day(p->arena, day)));
}

const char *
need_place_name(struct page *p, const char *vacancy_id)
{
	size_t len = vacancy_id != NULL ? strlen(vacancy_id) : 0;
	char *text = str_format(p->arena, "place %s",
	    len > PLACE_LETTERS ? vacancy_id + len - PLACE_LETTERS : "not known");

	for (char *c = text; c != NULL && *c != '\0' && len > PLACE_LETTERS; c++)
		if (c >= text + strlen("place "))
			*c = (char)toupper((unsigned char)*c);
	return text != NULL ? text : "";
}

json_t *
need_points(struct page *p, const Matching__Candidate *candidate)
{
	json_t *list = json_array();

	for (size_t i = 0; i < candidate->n_factors; i++) {
		const Matching__Points *f = candidate->factors[i];
		json_array_append_new(
		    list, json_pack("{s:s, s:i, s:i, s:s}", "words",
			      say_enum(p->arena, &matching__factor__descriptor,
				  (int)f->factor),
			      "points", (int)((f->points + 5) / 10), "most",
			      (int)((f->points_max + 5) / 10), "evidence",
			      f->evidence != NULL ? f->evidence : ""));
	}
	return list;
}
