#include "gateway/need_state.h"

#include <string.h>

#include "base/day.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define STATE(name) REQUESTS__STATE__STATE_##name

/* ---- what it is too late for ---- */

static const char *
too_late_begun(enum need_act act, bool is_ordered)
{
	switch (act) {
	case NEED_CHOOSE: return "A home was chosen, and the placement has begun.";
	case NEED_WITHDRAW:
		return "The placement has begun, so the need cannot be withdrawn any "
		       "more.";
	case NEED_START:
		return is_ordered ? "The start is being recorded."
		                  : "The start is recorded already.";
	case NEED_END: break;
	}
	return NULL;
}

const char *
need_too_late(enum need_act act, Requests__State state)
{
	switch (state) {
	case STATE(UNSPECIFIED):
	case STATE(SUBMITTED):
	case STATE(CIRCULATED): return NULL;
	case STATE(DECIDED):
	case STATE(HELD):
	case STATE(CONFIRMING):
	case STATE(CONFIRMED):
		return act != NEED_CHOOSE ? NULL
		                          : "An offer was chosen already, and its "
		                            "place is on the way. If that place is "
		                            "lost, you can choose again.";
	case STATE(STARTING): return too_late_begun(act, true);
	case STATE(STARTED): return too_late_begun(act, false);
	case STATE(ENDED): return "The placement has ended, and its end is recorded.";
	case STATE(WITHDRAWN): return "This need was withdrawn.";
	}
	return NULL;
}

/* ---- what comes next ---- */

static json_t *
link_to(struct page *p, const Requests__Request *r, const char *text, const char *page)
{
	const char *href = str_format(p->arena, "/needs/%s/%s", r->request_id, page);

	return json_pack("{s:s, s:s}", "text", text, "href", href != NULL ? href : "");
}

static void
put_next(json_t *step, json_t *next)
{
	json_object_set_new(step, "next", next);
}

static void
put_more(json_t *step, const char *text)
{
	json_object_set_new(step, "more", json_string(text));
}

/* How many providers were asked, and how many of them have said anything. */
static void
count_bids(const Requests__Request *r, size_t *asked, size_t *answered)
{
	*asked = r->n_bids;
	*answered = 0;
	for (size_t i = 0; i < r->n_bids; i++)
		*answered += r->bids[i]->has_answered_time != 0;
}

static const char *
answers_by(struct page *p, const Requests__Request *r, size_t asked, size_t answered)
{
	if (!r->has_answer_by_time || answered == asked)
		return "";
	const char *when = say_time_within(p->arena, r->answer_by_time, p->now_ms);
	return str_format(p->arena,
	    r->answer_by_time > p->now_ms ? " They have until %s."
					  : " Their time to answer ended %s.",
	    when);
}

static const char *
who_answered(struct page *p, size_t asked, size_t answered)
{
	if (asked == 1)
		return answered == 0 ? "The provider has not answered"
		                     : "The provider has answered";
	return str_format(p->arena, "%s of %s answered",
	    answered == 0 ? "None" : say_number(p->arena, answered),
	    say_count(p->arena, asked, "provider", "providers"));
}

static const char *
circulated_sentence(struct page *p, const Requests__Request *r)
{
	size_t asked, answered;

	count_bids(r, &asked, &answered);
	return str_format(p->arena, "%s, and %s.%s", who_answered(p, asked, answered),
	    say_count(p->arena, need_standing(r), "offer stands", "offers stand"),
	    answers_by(p, r, asked, answered));
}

static void
step_circulated(struct page *p, const Requests__Request *r, json_t *step)
{
	size_t standing = need_standing(r);

	json_object_set_new(step, "sentence", json_string(circulated_sentence(p, r)));
	if (!page_may(p, ROLE_COMMISSIONER))
		return;
	if (standing == 0) {
		put_next(step, link_to(p, r, "Ask more homes", "shortlist"));
		put_more(step, "The list of homes shows who has not been asked, and "
			       "what would bring in more.");
		return;
	}
	put_next(
	    step, link_to(p, r, standing == 1 ? "Look at the offer" : "Compare offers",
		      "offers"));
}

/* ---- placements on their way ---- */

static const char *
by_whom(struct page *p, const Requests__Request *r, const Requests__Journey *journey)
{
	const Requests__OfferRow *offer = need_offer(r, journey->offer_id);

	return offer == NULL
	           ? "a provider"
	           : directory_provider_name(p->directory, offer->provider_id);
}

static const char *
start_sentence(struct page *p, const Requests__Request *r,
    const Requests__Journey *journey, const char *provider)
{
	const char *until =
	    journey->has_latest_start_time
		? str_format(p->arena, " It is kept until %s.",
		      say_time_within(p->arena, journey->latest_start_time, p->now_ms))
		: "";

	if (need_awaits_approval(journey) && !journey->has_approved_time)
		return str_format(p->arena,
		    "%s said yes and the place is confirmed. The start waits for the "
		    "approval of the %s.%s",
		    provider,
		    say_enum_within(p->arena, &requests__approver__descriptor,
			(int)journey->approver),
		    until);
	return str_format(p->arena,
	    "%s said yes and the place is confirmed. Record the start when the %s "
	    "in.%s",
	    provider,
	    need_children_n(r, journey->n_child_refs) == 1 ? "child moves"
							   : "children move",
	    until);
}

static const char *
held_sentence(struct page *p, const Requests__Journey *journey, const char *provider)
{
	const char *until =
	    say_time_within(p->arena, journey->hold_expires_time, p->now_ms);

	if (journey->has_agreed_time)
		return str_format(p->arena,
		    "%s said yes. The place is held until %s while the others answer.",
		    provider, until);
	return str_format(p->arena,
	    "The place is held until %s. %s has still to say yes.", until, provider);
}

static const char *
placement_sentence(
    struct page *p, const Requests__Request *r, const Requests__Journey *journey)
{
	const char *provider = by_whom(p, r, journey);

	switch (journey->state) {
	case STATE(UNSPECIFIED):
	case STATE(SUBMITTED):
	case STATE(CIRCULATED):
	case STATE(WITHDRAWN): return "This placement did not come about.";
	case STATE(DECIDED):
		return str_format(p->arena,
		    "%s was chosen. The place is being held: this takes a moment, and "
		    "the page says so when it is.",
		    provider);
	case STATE(HELD): return held_sentence(p, journey, provider);
	case STATE(CONFIRMING):
		return str_format(
		    p->arena, "%s said yes. The place is being confirmed.", provider);
	case STATE(CONFIRMED): return start_sentence(p, r, journey, provider);
	case STATE(STARTING):
		return str_format(
		    p->arena, "The start with %s is being recorded.", provider);
	case STATE(STARTED):
		return str_format(p->arena, "Placed with %s since %s.", provider,
		    say_day(p->arena, journey->start_day));
	case STATE(ENDED):
		return str_format(p->arena, "Was placed with %s until %s: %s.",
		    provider, say_day(p->arena, journey->end_day),
		    say_enum_within(p->arena, &requests__end_reason__descriptor,
			(int)journey->end_reason));
	}
	return "";
}

/* The person whose role it is may approve; a director whatever is asked for. */
static bool
may_approve(const struct page *p, const Requests__Journey *journey)
{
	if (!need_awaits_approval(journey))
		return false;
	return page_may(p, ROLE_DIRECTOR) ||
	       (journey->approver == REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER &&
		   page_may(p, ROLE_NOMINATED));
}

/* What may be done about it now by who looks; the most pressing first. */
static json_t *
actions_of(struct page *p, const Requests__Request *r, const Requests__Journey *journey)
{
	json_t *list = json_array();
	const char *id = journey->placement_id != NULL ? journey->placement_id : "";
	const char *approve = str_format(p->arena, "approve?placement_id=%s", id);
	const char *start = str_format(p->arena, "start?placement_id=%s", id);
	const char *end = str_format(p->arena, "end?placement_id=%s", id);
	bool is_blocked = need_awaits_approval(journey) && !journey->has_approved_time;

	if (approve == NULL || start == NULL || end == NULL)
		return list;
	if (may_approve(p, journey))
		json_array_append_new(
		    list, link_to(p, r,
			      journey->has_approved_time ? "Complete the approval"
							 : "Approve the placement",
			      approve));
	if (!page_may(p, ROLE_COMMISSIONER))
		return list;
	if (journey->state == STATE(CONFIRMED) && !is_blocked)
		json_array_append_new(list, link_to(p, r, "Record the start", start));
	if (journey->state == STATE(STARTED))
		json_array_append_new(list, link_to(p, r, "Record the end", end));
	return list;
}

static const char *
approval_sentence(struct page *p, const Requests__Journey *journey)
{
	const char *who = say_enum_within(
	    p->arena, &requests__approver__descriptor, (int)journey->approver);

	switch (journey->approver) {
	case REQUESTS__APPROVER__APPROVER_UNSPECIFIED:
	case REQUESTS__APPROVER__APPROVER_NONE: return NULL;
	case REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER:
	case REQUESTS__APPROVER__APPROVER_DIRECTOR: break;
	}
	if (!journey->has_approved_time)
		return str_format(p->arena, "Needs the approval of the %s.", who);
	const char *by = directory_person_name(p->directory, journey->approved_by_id);
	const char *when = say_time_within(p->arena, journey->approved_time, p->now_ms);
	if (!journey->has_grounds_due_time)
		return str_format(p->arena, "Approved by %s, %s.", by, when);
	return str_format(p->arena,
	    "Approved by %s, %s, as an emergency. The other grounds are owed by %s.",
	    by, when, say_time_within(p->arena, journey->grounds_due_time, p->now_ms));
}

static json_t *
placement_of(
    struct page *p, const Requests__Request *r, const Requests__Journey *journey)
{
	const Requests__OfferRow *offer = need_offer(r, journey->offer_id);
	json_t *one = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "children",
	    need_children(p, r, journey->child_refs, journey->n_child_refs), "provider",
	    by_whom(p, r, journey), "kind",
	    say_enum(p->arena, &common__care_type__descriptor,
		journey->has_care_type ? (int)journey->care_type
				       : (int)COMMON__CARE_TYPE__CARE_TYPE_FOSTER),
	    "fee", offer == NULL ? "" : say_fee(p->arena, offer->fee_pence_week),
	    "where", directory_council_name(p->directory, journey->area_council_id),
	    "area", need_area_tag(need_area(p, r, journey->area_council_id)), "actions",
	    actions_of(p, r, journey));
	const char *approval = approval_sentence(p, journey);

	if (approval != NULL)
		json_object_set_new(one, "approval", json_string(approval));
	/* Of the only one the page has said it above. */
	if (r->circulation->n_children > 1)
		json_object_set_new(
		    one, "sentence", json_string(placement_sentence(p, r, journey)));
	/* So has its button what is to be done first. */
	if (r->circulation->n_children == 1 && journey->state != STATE(STARTED))
		json_array_remove(json_object_get(one, "actions"), 0);
	json_object_set_new(one, "has_actions",
	    json_boolean(json_array_size(json_object_get(one, "actions")) > 0));
	json_object_set_new(one, "decided",
	    json_pack("{s:s, s:s, s:o}", "by",
		directory_person_name(p->directory, journey->decided_by_id), "reason",
		say_enum_within(p->arena, &requests__decision_reason__descriptor,
		    (int)journey->reason),
		"when", say_when_within(p->arena, journey->decided_time, p->now_ms)));
	return one;
}

json_t *
need_placements(struct page *p, const Requests__Request *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_journeys; i++)
		if (need_is_chosen(r->journeys[i]))
			json_array_append_new(list, placement_of(p, r, r->journeys[i]));
	return list;
}

/* ---- the whole ---- */

/* How near it is to moving: the least far first, and of those one that waits for a yes
 * before one that has it; one that who looks may approve before all. */
static int
urgency_of(const struct page *p, const Requests__Journey *journey)
{
	if (may_approve(p, journey))
		return 0;
	return 2 * (int)journey->state + (journey->has_agreed_time ? 1 : 0);
}

static const Requests__Journey *
pressing(struct page *p, const Requests__Request *r)
{
	const Requests__Journey *found = NULL;

	for (size_t i = 0; i < r->n_journeys; i++) {
		const Requests__Journey *journey = r->journeys[i];
		if (!need_is_chosen(journey) || journey->state == STATE(ENDED))
			continue;
		if (found == NULL || urgency_of(p, journey) < urgency_of(p, found))
			found = journey;
	}
	return found;
}

static void
step_chosen(struct page *p, const Requests__Request *r, json_t *step)
{
	const Requests__Journey *journey = pressing(p, r);

	if (journey == NULL) {
		json_object_set_new(step, "sentence",
		    json_string(r->state == STATE(ENDED)
				    ? "Every placement of this need has ended."
				    : "Nothing is to be done here now."));
		return;
	}
	json_object_set_new(
	    step, "sentence", json_string(placement_sentence(p, r, journey)));
	json_t *actions = actions_of(p, r, journey);
	if (json_array_size(actions) > 0 && journey->state != STATE(STARTED))
		put_next(step, json_incref(json_array_get(actions, 0)));
	json_decref(actions);
}

static void
add_others(struct page *p, const Requests__Request *r, json_t *others)
{
	if (!page_may(p, ROLE_COMMISSIONER) || r->state == STATE(ENDED) ||
	    r->state == STATE(WITHDRAWN))
		return;
	if (r->state == STATE(CIRCULATED) && need_standing(r) > 0)
		json_array_append_new(
		    others, link_to(p, r, "Ask more homes", "shortlist"));
	if (r->state != STATE(STARTED) && r->state != STATE(STARTING))
		json_array_append_new(
		    others, link_to(p, r, "Withdraw this need", "withdraw"));
}

static const char *
withdrawn_sentence(struct page *p, const Requests__Request *r)
{
	return str_format(p->arena, "This need was withdrawn: %s.",
	    say_enum_within(p->arena, &requests__withdraw_reason__descriptor,
		(int)r->withdraw_reason));
}

json_t *
need_step(struct page *p, const Requests__Request *r)
{
	json_t *step = json_pack("{s:[]}", "others");

	switch (r->state) {
	case STATE(UNSPECIFIED): break;
	case STATE(SUBMITTED):
		json_object_set_new(
		    step, "sentence", json_string("No provider has been asked yet."));
		if (page_may(p, ROLE_COMMISSIONER))
			put_next(step,
			    link_to(p, r, "Choose which homes to ask", "shortlist"));
		break;
	case STATE(CIRCULATED): step_circulated(p, r, step); break;
	case STATE(DECIDED):
	case STATE(HELD):
	case STATE(CONFIRMING):
	case STATE(CONFIRMED):
	case STATE(STARTING):
	case STATE(STARTED):
	case STATE(ENDED): step_chosen(p, r, step); break;
	case STATE(WITHDRAWN):
		json_object_set_new(
		    step, "sentence", json_string(withdrawn_sentence(p, r)));
		break;
	}
	add_others(p, r, json_object_get(step, "others"));
	json_object_set_new(step, "has_links",
	    json_boolean(json_object_get(step, "next") != NULL ||
			 json_array_size(json_object_get(step, "others")) > 0));
	return step;
}
