/* One open need as an officer of the co-operative sees it: level 1, and how far it is.
 */
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/need_lines.h"
#include "gateway/pages.h"
#include "gateway/say.h"

static void
add(json_t *rows, const char *key, const char *value)
{
	json_array_append_new(
	    rows, json_pack("{s:s, s:s}", "key", key, "value", value));
}

/* "2 of 5 providers have answered" */
static const char *
answers_of(struct arena *a, const Requests__Request *r)
{
	size_t answered = 0;

	if (r->n_bids == 0)
		return "No provider has been asked";
	for (size_t i = 0; i < r->n_bids; i++)
		answered += r->bids[i]->has_answered_time != 0;
	return str_format(a, "%s of %s answered", say_number(a, answered),
	    say_count(a, r->n_bids, "provider", "providers"));
}

static const char *
offers_of(struct arena *a, const Requests__Request *r)
{
	size_t standing = 0;

	for (size_t i = 0; i < r->n_offers; i++)
		standing += r->offers[i]->is_lost == 0;
	return say_first_up(a, say_count(a, standing, "offer stands", "offers stand"));
}

static json_t *
state_of(struct page *p, const Requests__Request *r)
{
	struct arena *a = p->arena;
	json_t *rows = json_array();

	add(rows, "State", say_enum(a, &requests__state__descriptor, (int)r->state));
	add(rows, "Entered", say_time(a, r->submitted_time, p->now_ms));
	add(rows, "Answers", answers_of(a, r));
	add(rows, "Offers", offers_of(a, r));
	if (r->has_answer_by_time)
		add(rows, "Providers answer by",
		    str_format(a, "%s (%s)", say_time(a, r->answer_by_time, p->now_ms),
			say_left(a, r->answer_by_time, p->now_ms)));
	return rows;
}

void
page_operation_view(struct page *p)
{
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	const Requests__RequestShown *shown;
	const Requests__Request *r;
	const char *reference;

	asked.request_id = str_copy(p->arena, page_param(p, "id"));
	shown =
	    page_ask(p, "requests", REQUESTS__REQUESTS_CALL__CALL_REQUEST, &asked.base);
	if (shown == NULL)
		return;
	r = shown->request;
	if (r == NULL || r->circulation == NULL) {
		page_missing(p);
		return;
	}
	reference = say_reference(p->arena, r->request_id);
	page_put(p, "page",
	    json_pack("{s:s, s:s}", "path", p->path, "title",
		str_format(p->arena, "Need %s", reference)));
	page_put(p, "back",
	    json_pack("{s:s, s:s}", "href", "/operations", "text", "Live operations"));
	page_put(p, "reference", json_string(reference));
	page_put(p, "children", json_string(need_lines_who(p, r->circulation)));
	page_put(p, "council",
	    json_string(directory_council_name(p->directory, r->council_id)));
	page_put(p, "is_overdue", json_boolean(r->is_overdue != 0));
	page_put(p, "is_same_day",
	    json_boolean(
		r->circulation->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY));
	page_put(p, "state", json_pack("{s:o}", "rows", state_of(p, r)));
	page_put(p, "lines", need_lines_circulation(p, r->circulation));
}
