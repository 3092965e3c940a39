#include "gateway/referral.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/need_lines.h"
#include "gateway/say.h"

const Requests__Referral *
referral_ask(struct page *p)
{
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	const Requests__RequestShown *shown;

	asked.request_id = str_copy(p->arena, page_param(p, "id"));
	shown =
	    page_ask(p, "requests", REQUESTS__REQUESTS_CALL__CALL_REQUEST, &asked.base);
	if (shown == NULL)
		return NULL;
	if (shown->referral == NULL || shown->referral->circulation == NULL ||
	    shown->referral->bid == NULL) {
		page_missing(p);
		return NULL;
	}
	return shown->referral;
}

void
referral_put_head(struct page *p, const Requests__Referral *r, const char *before)
{
	const Requests__NeedCirculation *need = r->circulation;
	const char *who = say_first_up(p->arena, need_lines_who(p, need));

	page_put(
	    p, "reference", json_string(say_reference(p->arena, need->request_id)));
	page_put(p, "heading", json_string(who));
	page_put(p, "page",
	    json_pack("{s:s, s:s}", "path", p->path, "title",
		str_format(p->arena, "%s%s: %s", before,
		    say_reference(p->arena, need->request_id), who)));
	page_put(p, "is_emergency",
	    json_boolean(need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY));
}

const char *
referral_line_who(struct page *p, const Requests__RequestLine *line)
{
	struct say_child children[6];
	int32_t today = day_in_london(p->now_ms);
	size_t n = 0;

	for (size_t i = 0; i < line->n_child_lines && n < 6; i++) {
		const Requests__ChildLine *c = line->child_lines[i];
		children[n++] = (struct say_child){
		    c->sex, day_age_at(c->age_years, c->age_day, today)};
	}
	return say_children(p->arena, children, n);
}

/* What is said in the end is the outcome; before that, that the search went on without
 * this provider. */
const char *
referral_outcome(const Requests__Bid *bid, Requests__State state)
{
	if (state == REQUESTS__STATE__STATE_WITHDRAWN)
		return "The council withdrew this need.";
	switch (bid->outcome) {
	case REQUESTS__OUTCOME__OUTCOME_CHOSEN: return "You were chosen.";
	case REQUESTS__OUTCOME__OUTCOME_NOT_CHOSEN:
		return "The council chose another home.";
	case REQUESTS__OUTCOME__OUTCOME_DECLINED:
		return "You said no, and the search is over.";
	case REQUESTS__OUTCOME__OUTCOME_NO_RESPONSE:
		return "The search is over. You had not answered.";
	case REQUESTS__OUTCOME__OUTCOME_REQUEST_WITHDRAWN:
		return "The council withdrew this need.";
	case REQUESTS__OUTCOME__OUTCOME_LAPSED:
		return "You were chosen, and the place was lost before the start.";
	case REQUESTS__OUTCOME__OUTCOME_UNSPECIFIED: break;
	}
	return "The search is over.";
}
