#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/fields.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#include "requests.pb-c.h"

/*
 * The needs of a council, what needs somebody now first: two questions, the needs and
 * the drafts, whatever their number.
 */

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define STATE(name) REQUESTS__STATE__STATE_##name
#define EMERGENCY REQUESTS__URGENCY__URGENCY_EMERGENCY
#define PAGE_LINES 200
#define PAGES_MAX 10
#define LINES_MAX ((size_t)PAGE_LINES * PAGES_MAX)
#define CHILDREN_MAX 6

struct board {
	struct page *p;
	int32_t today;
	bool is_mine, is_placed, is_closed; /* what is asked for */
	const char *urgency;
	const Requests__RequestLine **lines;
	size_t n;
	bool is_cut; /* there are more than a page shows */
	const Requests__Drafts *drafts;
};

/* ---- asking ---- */

static bool
is_shown(const struct board *b, const Requests__RequestLine *line)
{
	bool is_closed = line->state == STATE(ENDED) || line->state == STATE(WITHDRAWN);
	bool is_placed = line->state == STATE(STARTED);

	if (is_closed != b->is_closed || (!is_closed && is_placed != b->is_placed))
		return false;
	if (b->is_mine && !str_equal(line->submitted_by_id, b->p->who->person_id))
		return false;
	return b->urgency == NULL ||
	       str_equal(b->urgency, "emergency") == (line->urgency == EMERGENCY);
}

/* All of them, page by page; false while some are still to come. */
static bool
ask_lines(struct board *b)
{
	Requests__RequestsAsked asked = REQUESTS__REQUESTS_ASKED__INIT;
	const Requests__Requests *page;

	SET(&asked, limit, PAGE_LINES);
	SET(&asked, include_closed, b->is_closed);
	b->lines = LIST_NEW(b->p->arena, LINES_MAX, const Requests__RequestLine *);
	for (unsigned i = 0; b->lines != NULL && i < PAGES_MAX; i++) {
		page = page_ask(b->p, "requests", CALL(REQUESTS), &asked.base);
		if (page == NULL)
			return false;
		for (size_t k = 0; k < page->n_requests && b->n < LINES_MAX; k++)
			if (is_shown(b, page->requests[k]))
				b->lines[b->n++] = page->requests[k];
		b->is_cut = page->next_id != NULL;
		if (!b->is_cut)
			break;
		asked.after_id = page->next_id;
	}
	return b->lines != NULL;
}

static bool
ask_drafts(struct board *b)
{
	Requests__DraftsAsked asked = REQUESTS__DRAFTS_ASKED__INIT;

	if (!page_may(b->p, ROLE_COMMISSIONER) || b->is_placed || b->is_closed)
		return true;
	SET(&asked, limit, PAGE_LINES);
	b->drafts = page_ask(b->p, "requests", CALL(DRAFTS), &asked.base);
	return b->drafts != NULL;
}

/* ---- the order: by when a home is needed, an emergency first ---- */

static int
by_urgency(const void *a, const void *b)
{
	const Requests__RequestLine *const *left = a, *const *right = b;

	if ((*left)->needed_by_day != (*right)->needed_by_day)
		return (*left)->needed_by_day < (*right)->needed_by_day ? -1 : 1;
	if (((*left)->urgency == EMERGENCY) != ((*right)->urgency == EMERGENCY))
		return (*left)->urgency == EMERGENCY ? -1 : 1;
	return strcmp((*left)->request_id, (*right)->request_id);
}

/* ---- one line ---- */

static const char *
who_of(struct board *b, Requests__ChildLine *const *lines, size_t n)
{
	struct say_child children[CHILDREN_MAX];
	size_t known = 0;

	for (size_t i = 0; i < n && known < CHILDREN_MAX; i++) {
		if (!lines[i]->has_age_years)
			continue;
		children[known].sex = lines[i]->sex;
		children[known++].age_years =
		    lines[i]->has_age_day
			? day_age_at(lines[i]->age_years, lines[i]->age_day, b->today)
			: lines[i]->age_years;
	}
	return known == 0 ? "age not said yet"
	                  : say_children(b->p->arena, children, known);
}

/* "By Tuesday 24 November", "Today"; where it is not waited for any more, "Needed
 * today" */
static json_t *
needed_by(struct board *b, bool has_day, int32_t day)
{
	struct arena *a = b->p->arena;
	const char *near = say_day_near(a, day, b->today);
	const char *before = b->is_placed || b->is_closed ? "Needed "
	                     : day > b->today             ? "By "
	                                                  : "";

	if (!has_day)
		return json_null();
	return json_pack("{s:s, s:s}", "iso", say_iso_day(a, day), "text",
	    say_first_up(a, str_format(a, "%s%s", before, near)));
}

static json_t *
tag(const char *text, const char *colour)
{
	return json_pack("{s:s, s:s}", "text", text, "colour", colour);
}

static json_t *
tags_of(struct board *b, const Requests__RequestLine *line)
{
	json_t *list = json_array();

	if (line->is_overdue && line->state < STATE(STARTED))
		json_array_append_new(list, tag("Overdue", "red"));
	if (line->urgency == EMERGENCY)
		json_array_append_new(list, tag("Emergency", "red"));
	if (line->state >= STATE(DECIDED) && line->state < STATE(STARTED))
		json_array_append_new(list, tag("Chosen", "blue"));
	else if (line->state == STATE(CIRCULATED) && line->offers_standing > 0)
		json_array_append_new(
		    list, tag(say_count(b->p->arena, line->offers_standing, "offer",
				  "offers"),
			      "green"));
	return list;
}

static const char *
answers_of(struct board *b, const Requests__RequestLine *line)
{
	struct arena *a = b->p->arena;

	if (line->state == STATE(SUBMITTED))
		return "Nobody asked yet";
	return str_format(a, "%u of %s answered", line->answered,
	    say_count(a, line->asked, "provider", "providers"));
}

/* What comes next, and the page of it for whoever may do it; no page: somebody else is
 * waited for. */
struct step {
	const char *text, *page;
	uint32_t roles;
};

static struct step
step_of_circulated(struct board *b, const Requests__RequestLine *line)
{
	struct arena *a = b->p->arena;

	if (line->is_broken)
		return (struct step){
		    "Choose again: a place was lost", "offers", ROLE_COUNCIL};
	if (line->offers_standing > 1)
		return (struct step){
		    str_format(a, "Compare %u offers", line->offers_standing), "offers",
		    ROLE_COUNCIL};
	if (line->offers_standing == 1)
		return (struct step){"Look at the offer", "offers", ROLE_COUNCIL};
	if (line->has_answer_by_time && line->answer_by_time <= b->p->now_ms)
		return (struct step){"Ask more providers: the time to answer is over",
		    "shortlist", ROLE_COMMISSIONER};
	if (line->asked > 0 && line->answered == line->asked)
		return (struct step){"Ask more providers: all have said no",
		    "shortlist", ROLE_COMMISSIONER};
	if (!line->has_answer_by_time)
		return (struct step){"Wait for answers", NULL, 0};
	return (struct step){
	    str_format(a, "Wait for answers until %s",
		say_time_within(a, line->answer_by_time, b->p->now_ms)),
	    NULL, 0};
}

static const char *
by_when(struct board *b, const Requests__RequestLine *line, const char *what)
{
	struct arena *a = b->p->arena;

	if (!line->has_step_due_time)
		return what;
	return str_format(
	    a, "%s by %s", what, say_time_within(a, line->step_due_time, b->p->now_ms));
}

/* Any time between the decision and the start; by whom the law names. What is due
 * before the place is confirmed is the provider's yes. */
static struct step
step_of_approval(struct board *b, const Requests__RequestLine *line)
{
	bool is_director = line->approver == REQUESTS__APPROVER__APPROVER_DIRECTOR;
	uint32_t roles = is_director ? ROLE_DIRECTOR : ROLE_NOMINATED | ROLE_DIRECTOR;
	const char *what = "Approve the placement";

	if (page_may(b->p, roles))
		return (struct step){
		    line->state == STATE(CONFIRMED) ? by_when(b, line, what) : what,
		    "approve", roles};
	return (struct step){by_when(b, line,
				 is_director ? "The director has to approve"
					     : "The nominated officer has to approve"),
	    NULL, 0};
}

static struct step
step_of_chosen(struct board *b, const Requests__RequestLine *line)
{
	if (line->has_approver && (line->state == STATE(CONFIRMED) ||
				      page_may(b->p, ROLE_NOMINATED | ROLE_DIRECTOR)))
		return step_of_approval(b, line);
	if (line->state == STATE(DECIDED))
		return (struct step){"The place is being held", NULL, 0};
	if (line->state == STATE(HELD))
		return (struct step){
		    by_when(b, line, "The provider has to say yes"), NULL, 0};
	if (line->state == STATE(CONFIRMING))
		return (struct step){"The place is being confirmed", NULL, 0};
	return (struct step){
	    by_when(b, line, "Record the start"), "start", ROLE_COMMISSIONER};
}

static struct step
step_of(struct board *b, const Requests__RequestLine *line)
{
	switch (line->state) {
	case STATE(UNSPECIFIED):
	case STATE(SUBMITTED):
		return (struct step){
		    "Choose whom to ask", "shortlist", ROLE_COMMISSIONER};
	case STATE(CIRCULATED): return step_of_circulated(b, line);
	case STATE(DECIDED):
	case STATE(HELD):
	case STATE(CONFIRMING):
	case STATE(CONFIRMED): return step_of_chosen(b, line);
	case STATE(STARTING):
		return (struct step){"The start is being recorded", NULL, 0};
	case STATE(STARTED): return (struct step){"Placed", NULL, 0};
	case STATE(ENDED): return (struct step){"Ended", NULL, 0};
	case STATE(WITHDRAWN): return (struct step){"Withdrawn", NULL, 0};
	}
	return (struct step){"", NULL, 0};
}

/* {text, href}: the step, and where whoever looks may take it; what another has to do
 * is not asked of them. */
static json_t *
next_of(struct board *b, const Requests__RequestLine *line)
{
	struct step step = step_of(b, line);
	bool is_theirs = step.page != NULL && page_may(b->p, step.roles);

	return json_pack("{s:s, s:s*}", "text",
	    step.page == NULL || is_theirs ? step.text : "Waits for the commissioner",
	    "href",
	    is_theirs
		? str_format(b->p->arena, "/needs/%s/%s", line->request_id, step.page)
		: NULL);
}

static bool
is_urgent(const struct board *b, const Requests__RequestLine *line)
{
	return line->state < STATE(STARTED) &&
	       (line->is_overdue || line->urgency == EMERGENCY ||
		   (line->has_needed_by_day && line->needed_by_day <= b->today + 1));
}

static json_t *
line_of(struct board *b, const Requests__RequestLine *line)
{
	struct arena *a = b->p->arena;

	return json_pack("{s:s, s:s, s:s, s:o, s:b, s:o, s:s, s:o}", "href",
	    str_format(a, "/needs/%s", line->request_id), "reference",
	    say_reference(a, line->request_id), "who",
	    who_of(b, line->child_lines, line->n_child_lines), "by",
	    needed_by(b, line->has_needed_by_day, line->needed_by_day), "is_urgent",
	    is_urgent(b, line), "tags", tags_of(b, line), "answers",
	    answers_of(b, line), "next", next_of(b, line));
}

static json_t *
draft_of(struct board *b, const Requests__DraftLine *draft)
{
	struct arena *a = b->p->arena;
	uint32_t there = draft->answers_needed - draft->answers_missing;
	const char *href = str_format(a, "/needs/draft/%s", draft->draft_id);
	bool is_whole = draft->answers_missing == 0;

	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:{s:s, s:s}}", "href", href,
	    "reference", say_reference(a, draft->draft_id), "who",
	    who_of(b, draft->child_lines, draft->n_child_lines), "by",
	    needed_by(b, draft->has_needed_by_day, draft->needed_by_day), "saved",
	    say_when_within(a, draft->saved_time, b->p->now_ms), "answers",
	    str_format(a, "%u of %u answers", there, draft->answers_needed), "next",
	    "text", is_whole ? "Check and send" : "Finish", "href",
	    is_whole ? str_format(a, "%s/check", href) : href);
}

/* ---- the page ---- */

static void
put_filters(struct board *b)
{
	static const struct field_option whose[] = {
	    {.value = "", .label = "All my council\u2019s"},
	    {.value = "mine", .label = "Mine"},
	};
	static const struct field_option stages[] = {
	    {.value = "", .label = "Open"},
	    {.value = "placed", .label = "Placed"},
	    {.value = "closed", .label = "Ended or withdrawn"},
	};
	const struct fields *f = FIELDS_OF(b->p);
	json_t *filters = json_array();

	/* Those who approve have entered none. */
	if (page_may(b->p, ROLE_COMMISSIONER))
		json_array_append_new(filters,
		    fields_select(f, &(struct field){.name = "show",
					 .label = "Whose",
					 .options = whose,
					 .options_n = sizeof whose / sizeof whose[0],
					 .is_small = true}));
	json_array_append_new(
	    filters, fields_select(f, &(struct field){.name = "stage",
					  .label = "Which",
					  .options = stages,
					  .options_n = sizeof stages / sizeof stages[0],
					  .is_small = true}));
	json_array_append_new(
	    filters, fields_select(f, &(struct field){.name = "urgency",
					  .label = "How urgent",
					  .type = &requests__urgency__descriptor,
					  .blank = "Any",
					  .without_hints = true,
					  .is_small = true}));
	page_put(b->p, "filters", filters);
}

/* "14 open needs, 2 of them urgent, 1 draft" */
static void
put_finding(struct board *b, size_t urgent, size_t drafts)
{
	struct arena *a = b->p->arena;
	const char *what = b->is_closed ? "closed" : b->is_placed ? "placed" : "open";
	const char *finding = str_format(a, "%s%s",
	    say_first_up(a, say_count(a, b->n, str_format(a, "%s need", what),
				str_format(a, "%s needs", what))),
	    urgent == 0 ? ""
			: str_format(a, ", %s of them urgent", say_number(a, urgent)));
	const char *more = drafts == 0 ? ""
	                               : str_format(a, ", %s",
					     say_count(a, drafts, "draft", "drafts"));

	page_put(b->p, "finding", json_string(str_format(a, "%s%s", finding, more)));
	page_put(b->p, "say", json_pack("{s:s}", "needs_board", finding));
}

static void
put_lines(struct board *b)
{
	json_t *lines = json_array(), *drafts = json_array();
	size_t urgent = 0, drafts_n;

	for (size_t i = 0; i < b->n; i++) {
		urgent += is_urgent(b, b->lines[i]);
		json_array_append_new(lines, line_of(b, b->lines[i]));
	}
	for (size_t i = 0; b->drafts != NULL && i < b->drafts->n_drafts; i++)
		if (!b->is_mine ||
		    str_equal(b->drafts->drafts[i]->saved_by_id, b->p->who->person_id))
			json_array_append_new(
			    drafts, draft_of(b, b->drafts->drafts[i]));
	drafts_n = json_array_size(drafts);
	page_put(b->p, "is_empty", json_boolean(b->n == 0 && drafts_n == 0));
	page_put(b->p, "is_narrowed",
	    json_boolean(
		b->is_mine || b->is_placed || b->is_closed || b->urgency != NULL));
	page_put(b->p, "has_lines", json_boolean(b->n > 0));
	page_put(b->p, "has_drafts", json_boolean(drafts_n > 0));
	page_put(b->p, "is_cut", json_boolean(b->is_cut));
	page_put(b->p, "lines", lines);
	page_put(b->p, "drafts", drafts);
	put_finding(b, urgent, drafts_n);
}

void
page_needs_view(struct page *p)
{
	struct board b = {.p = p,
	    .today = day_in_london(p->now_ms),
	    .is_mine = str_equal(page_query(p, "show"), "mine"),
	    .is_placed = str_equal(page_query(p, "stage"), "placed"),
	    .is_closed = str_equal(page_query(p, "stage"), "closed"),
	    .urgency = page_query(p, "urgency")};
	bool has_drafts = ask_drafts(&b);

	if (!ask_lines(&b) || !has_drafts)
		return;
	qsort(b.lines, b.n, sizeof(Requests__RequestLine *), by_urgency);
	put_filters(&b);
	put_lines(&b);
}
