#include "story.h"

#include <stdio.h>

#include "base/str.h"

#include "child.h"
#include "resolve.h"
#include "table.h"
#include "words.h"

#define LABEL_WIDTH 14

/* "Needed by     21 Nov 2026" */
static void
line(const char *label, const char *text)
{
	(void)printf("%-*s", LABEL_WIDTH, label);
	words_wrap(stdout, text ? text : "?", LABEL_WIDTH, LABEL_WIDTH);
}

static const char *
until(struct tool *t, const char *text, const char *before, bool has, int64_t ms)
{
	return has ? str_format(&t->arena, "%s%s%s", text, before,
			 words_time(&t->arena, ms, t->now_ms))
	           : text;
}

static const char *
approver_word(struct tool *t, const Requests__Journey *j)
{
	return words_enum(&t->arena, &requests__approver__descriptor, (int)j->approver);
}

static bool
is_approval_due(const Requests__Journey *j)
{
	return j &&
	       (j->approver == REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER ||
		   j->approver == REQUESTS__APPROVER__APPROVER_DIRECTOR) &&
	       !j->has_approved_time;
}

/* "the provider's yes; held until today 15:40" */
static const char *
waits_for(struct tool *t, Requests__State state, int64_t answer_by_time,
    const Requests__Journey *j)
{
	switch (state) {
	case REQUESTS__STATE__STATE_UNSPECIFIED: break;
	case REQUESTS__STATE__STATE_SUBMITTED:
		return "the council: to circulate it to providers";
	case REQUESTS__STATE__STATE_CIRCULATED:
		return until(t, "the providers' answers, then the council's decision",
		    "; answers by ", answer_by_time != 0, answer_by_time);
	case REQUESTS__STATE__STATE_DECIDED:
		return "the owner of the place: to hold it";
	case REQUESTS__STATE__STATE_HELD:
		return until(t, "the provider's yes", "; held until ",
		    j && j->has_hold_expires_time, j ? j->hold_expires_time : 0);
	case REQUESTS__STATE__STATE_CONFIRMING:
		return "the owner of the place: to confirm the hold";
	case REQUESTS__STATE__STATE_CONFIRMED:
		if (is_approval_due(j))
			return str_format(&t->arena,
			    "the approval of the %s, then the start",
			    approver_word(t, j));
		return until(t, "the council: to start the placement",
		    "; at the latest ", j && j->has_latest_start_time,
		    j ? j->latest_start_time : 0);
	case REQUESTS__STATE__STATE_STARTING:
		return "the owner of the place: to record the start";
	case REQUESTS__STATE__STATE_STARTED: return "nothing: the child lives there";
	case REQUESTS__STATE__STATE_ENDED: return "nothing: the placement has ended";
	case REQUESTS__STATE__STATE_WITHDRAWN: return "nothing: it was withdrawn";
	}
	return "?";
}

static void
tell_need(struct tool *t, const Requests__NeedCirculation *need, const char *council)
{
	struct arena *a = &t->arena;

	if (!need)
		return;
	line("Council", council);
	line("Needed",
	    str_format(a, "%s%s%s",
		words_enum(a, &requests__urgency__descriptor, (int)need->urgency),
		need->has_needed_by_day ? ", by " : "",
		need->has_needed_by_day ? words_day(a, need->needed_by_day) : ""));
	if (need->has_expected_end_day)
		line("Expected end", words_day(a, need->expected_end_day));
	line("Home",
	    str_format(a, "%s%s", need->home_sector ? need->home_sector : "not said",
		need->has_miles_max
		    ? str_format(a, ", no further than about %u miles", need->miles_max)
		    : ""));
	for (size_t i = 0; i < need->n_children; i++)
		line(i == 0 ? "Children" : "", child_say(a, need->children[i]));
	if (need->has_are_siblings && need->are_siblings)
		line("", "siblings of each other, to live together");
}

static const char *
sectors(struct arena *a, char **list, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = str_format(
		    a, "%s%s%s", text ? text : "", i > 0 ? ", " : "", list[i]);
	return text;
}

static void
tell_detail(struct tool *t, const Requests__NeedDetail *d)
{
	struct arena *a = &t->arena;

	if (!d)
		return;
	if (d->school_sector)
		line("School", d->school_sector);
	if (d->n_avoid_sectors > 0)
		line("Not near", sectors(a, d->avoid_sectors, d->n_avoid_sectors));
	if (d->has_legal_status)
		line("Legal status", words_enum(a, &requests__legal_status__descriptor,
					 (int)d->legal_status));
	if (d->has_care_plan_aim)
		line("Plan", words_enum(a, &requests__care_plan_aim__descriptor,
				 (int)d->care_plan_aim));
	if (d->has_family_first)
		line("Family first", words_enum(a, &requests__family_first__descriptor,
					 (int)d->family_first));
	if (d->has_earlier_placements)
		line("Earlier", str_format(a, "%u placements", d->earlier_placements));
	if (d->has_family_time_a_week)
		line("Family time", str_format(a, "%u a week", d->family_time_a_week));
}

static void
tell_identity(struct tool *t, const Requests__NeedIdentity *who)
{
	for (size_t i = 0; who && i < who->n_child_ids; i++)
		line(i == 0 ? "References" : "",
		    words_safe(&t->arena, who->child_ids[i]));
}

static void
tell_approval(struct tool *t, const Requests__Journey *j)
{
	struct arena *a = &t->arena;

	if (!j->has_approver || j->approver == REQUESTS__APPROVER__APPROVER_UNSPECIFIED)
		return;
	if (j->approver == REQUESTS__APPROVER__APPROVER_NONE) {
		line("Approval", "none needed");
		return;
	}
	line(
	    "Approval", j->has_approved_time
			    ? str_format(a, "given by %s (%s), %s",
				  words_safe(a, j->approved_by_id), approver_word(t, j),
				  words_time(a, j->approved_time, t->now_ms))
			    : str_format(a, "of the %s, not given: no start without it",
				  approver_word(t, j)));
	if (j->has_grounds_due_time)
		line("", str_format(a, "grounds still owed by %s",
			     words_time(a, j->grounds_due_time, t->now_ms)));
}

static void
tell_journey(struct tool *t, const Requests__Journey *j)
{
	struct arena *a = &t->arena;

	if (!j)
		return;
	if (j->has_decided_time)
		line(
		    "Decided", str_format(a, "%s, by %s: %s",
				   words_time(a, j->decided_time, t->now_ms),
				   words_safe(a, j->decided_by_id),
				   words_enum(a, &requests__decision_reason__descriptor,
				       (int)j->reason)));
	line("Offer", words_safe(a, j->offer_id));
	tell_approval(t, j);
	if (j->refused_sentence)
		line("Place lost", words_safe(a, j->refused_sentence));
	if (j->placement_id && j->has_start_day)
		line("Placement", words_safe(a, j->placement_id));
	if (j->has_start_day)
		line("Start", words_day(a, j->start_day));
	if (j->has_end_day)
		line("End", str_format(a, "%s: %s", words_day(a, j->end_day),
				words_enum(a, &requests__end_reason__descriptor,
				    (int)j->end_reason)));
}

static const char *
answer_word(struct arena *a, const Requests__Bid *b)
{
	if (b->has_declined)
		return str_format(a, "no: %s",
		    words_enum(
			a, &requests__decline_reason__descriptor, (int)b->declined));
	if (b->n_offer_ids > 0)
		return b->n_offer_ids == 1
		           ? "1 offer"
		           : str_format(a, "%zu offers", b->n_offer_ids);
	return b->has_is_interested && b->is_interested ? "interested" : "none yet";
}

static void
tell_bids(struct tool *t, Requests__Bid *const *bids, size_t n,
    const struct resolve_names *providers)
{
	struct arena *a = &t->arena;
	struct table table;

	if (n == 0)
		return;
	(void)puts("\nAsked");
	table_begin(&table, a, "provider~|id|reads|answer|outcome");
	for (size_t i = 0; i < n; i++) {
		const Requests__Bid *b = bids[i];
		table_cell(&table, resolve_name(providers, b->provider_id));
		table_cell(&table, b->provider_id);
		table_cell(&table,
		    words_enum(a, &requests__disclosure__descriptor, (int)b->level));
		table_cell(&table, answer_word(a, b));
		table_cell(&table,
		    b->has_outcome &&
			    b->outcome != REQUESTS__OUTCOME__OUTCOME_UNSPECIFIED
			? words_enum(a, &requests__outcome__descriptor, (int)b->outcome)
			: "open");
	}
	table_print(&table, stdout);
}

static void
tell_offers(struct tool *t, Requests__OfferRow *const *offers, size_t n,
    const struct resolve_names *councils)
{
	struct arena *a = &t->arena;
	struct table table;

	if (n == 0)
		return;
	(void)puts("\nOffers");
	table_begin(&table, a, "offer|vacancy|area~|a week>|from|");
	for (size_t i = 0; i < n; i++) {
		const Requests__OfferRow *o = offers[i];
		table_cell(&table, o->offer_id);
		table_cell(&table, o->vacancy_id);
		table_cell(&table, resolve_name(councils, o->council_id));
		table_cell(&table,
		    o->has_fee_pence_week ? words_money(a, o->fee_pence_week) : "");
		table_cell(&table, o->has_earliest_start_day
				       ? words_day(a, o->earliest_start_day)
				       : "");
		table_cell(&table, o->has_is_lost && o->is_lost ? "lost" : "");
	}
	table_print(&table, stdout);
}

static void
tell_head(struct tool *t, const char *id, Requests__State state, const char *waits)
{
	struct arena *a = &t->arena;

	line("Request", words_safe(a, id));
	line("State", words_enum(a, &requests__state__descriptor, (int)state));
	line("Waits for", waits);
}

void
story_request(struct tool *t, const Requests__Request *r)
{
	struct arena *a = &t->arena;
	struct resolve_names providers, councils;

	resolve_providers(t, &providers);
	resolve_councils(t, &councils);
	tell_head(t, r->request_id, r->state,
	    waits_for(t, r->state, r->answer_by_time, r->journey));
	if (r->has_is_overdue && r->is_overdue)
		line("", "OVERDUE: past the day it was needed by, and not filled");
	if (r->has_submitted_time)
		line("Submitted",
		    str_format(a, "%s%s%s", words_time(a, r->submitted_time, t->now_ms),
			r->submitted_by_id ? ", by " : "",
			r->submitted_by_id ? words_safe(a, r->submitted_by_id) : ""));
	tell_need(t, r->circulation, resolve_name(&councils, r->council_id));
	tell_detail(t, r->detail);
	tell_identity(t, r->identity);
	tell_journey(t, r->journey);
	tell_bids(t, r->bids, r->n_bids, &providers);
	tell_offers(t, r->offers, r->n_offers, &councils);
}

void
story_referral(struct tool *t, const Requests__Referral *r)
{
	struct arena *a = &t->arena;
	const Requests__NeedCirculation *need = r->circulation;
	struct resolve_names providers, councils;

	resolve_providers(t, &providers);
	resolve_councils(t, &councils);
	tell_head(t, need ? need->request_id : NULL, r->state,
	    waits_for(t, r->state, r->answer_by_time, r->journey));
	tell_need(t, need, need ? resolve_name(&councils, need->council_id) : NULL);
	tell_detail(t, r->detail);
	tell_identity(t, r->identity);
	tell_journey(t, r->journey);
	if (r->bid)
		line(
		    "Your part", str_format(a, "%s; outcome %s", answer_word(a, r->bid),
				     r->bid->has_outcome
					 ? words_enum(a, &requests__outcome__descriptor,
					       (int)r->bid->outcome)
					 : "still open"));
	tell_offers(t, r->offers, r->n_offers, &councils);
}
