#include "story.h"

#include <stdio.h>

#include "base/str.h"

#include "child.h"
#include "resolve.h"
#include "story_places.h"
#include "table.h"
#include "words.h"

static const char *
kinds(struct arena *a, const Requests__NeedCirculation *need)
{
	const char *text = "";

	for (size_t i = 0; text && i < need->n_care_types; i++)
		text = str_format(a, "%s%s%s", text, i > 0 ? " or " : "",
		    words_enum(
			a, &common__care_type__descriptor, (int)need->care_types[i]));
	return text;
}

static void
tell_need(struct tool *t, const Requests__NeedCirculation *need, const char *council)
{
	struct arena *a = &t->arena;

	if (!need)
		return;
	story_line("Council", council);
	story_line("Needed",
	    str_format(a, "%s%s%s",
		words_enum(a, &requests__urgency__descriptor, (int)need->urgency),
		need->has_needed_by_day ? ", by " : "",
		need->has_needed_by_day ? words_day(a, need->needed_by_day) : ""));
	if (need->has_expected_end_day)
		story_line("Expected end", words_day(a, need->expected_end_day));
	story_line("Home",
	    str_format(a, "%s%s", need->home_sector ? need->home_sector : "not said",
		need->has_miles_max
		    ? str_format(a, ", no further than about %u miles", need->miles_max)
		    : ""));
	for (size_t i = 0; i < need->n_children; i++)
		story_line(i == 0 ? "Children" : "", child_say(a, need->children[i]));
	if (need->has_are_siblings && need->are_siblings)
		story_line("", "siblings of each other, to live together");
	if (need->n_care_types > 0)
		story_line("Would do", kinds(a, need));
	for (size_t i = 0; i < need->n_permitted_splits; i++)
		story_line(i == 0 ? "May be apart" : "",
		    story_split(a, need->permitted_splits[i]));
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
		story_line("School", d->school_sector);
	if (d->n_avoid_sectors > 0)
		story_line(
		    "Not near", sectors(a, d->avoid_sectors, d->n_avoid_sectors));
	if (d->has_legal_status)
		story_line(
		    "Legal status", words_enum(a, &requests__legal_status__descriptor,
					(int)d->legal_status));
	if (d->has_care_plan_aim)
		story_line("Plan", words_enum(a, &requests__care_plan_aim__descriptor,
				       (int)d->care_plan_aim));
	if (d->has_family_first)
		story_line(
		    "Family first", words_enum(a, &requests__family_first__descriptor,
					(int)d->family_first));
	if (d->has_earlier_placements)
		story_line(
		    "Earlier", str_format(a, "%u placements", d->earlier_placements));
	if (d->has_family_time_a_week)
		story_line(
		    "Family time", str_format(a, "%u a week", d->family_time_a_week));
}

static void
tell_identity(struct tool *t, const Requests__NeedIdentity *who)
{
	for (size_t i = 0; who && i < who->n_child_ids; i++)
		story_line(i == 0 ? "References" : "",
		    words_safe(&t->arena, who->child_ids[i]));
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
	table_begin(&table, a, "offer|vacancy|for|area~|a week>|from|");
	for (size_t i = 0; i < n; i++) {
		const Requests__OfferRow *o = offers[i];
		table_cell(&table, o->offer_id);
		table_cell(&table, o->vacancy_id);
		table_cell(&table, story_letters(a, o->child_refs, o->n_child_refs));
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

	story_line("Request", words_safe(a, id));
	story_line("State", words_enum(a, &requests__state__descriptor, (int)state));
	story_line("Waits for", waits);
}

void
story_request(struct tool *t, const Requests__Request *r)
{
	struct arena *a = &t->arena;
	struct resolve_names providers, councils;

	resolve_providers(t, &providers);
	resolve_councils(t, &councils);
	tell_head(t, r->request_id, r->state,
	    story_waits_for(t, r->state, r->answer_by_time,
		(struct story_places){r->journeys, r->n_journeys, NULL}));
	if (r->has_is_overdue && r->is_overdue)
		story_line(
		    "", "OVERDUE: past the day it was needed by, and not filled");
	if (r->has_submitted_time)
		story_line("Submitted",
		    str_format(a, "%s%s%s", words_time(a, r->submitted_time, t->now_ms),
			r->submitted_by_id ? ", by " : "",
			r->submitted_by_id ? words_safe(a, r->submitted_by_id) : ""));
	tell_need(t, r->circulation, resolve_name(&councils, r->council_id));
	tell_detail(t, r->detail);
	tell_identity(t, r->identity);
	story_places(t, (struct story_places){r->journeys, r->n_journeys,
			    r->broken ? r->broken->lost_hold_id : NULL});
	story_free(t, r);
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
	    story_waits_for(t, r->state, r->answer_by_time,
		(struct story_places){r->journeys, r->n_journeys, NULL}));
	tell_need(t, need, need ? resolve_name(&councils, need->council_id) : NULL);
	tell_detail(t, r->detail);
	tell_identity(t, r->identity);
	if (r->n_waiting_child_refs > 0)
		story_line("Still waiting",
		    story_letters(a, r->waiting_child_refs, r->n_waiting_child_refs));
	story_places(t, (struct story_places){r->journeys, r->n_journeys, NULL});
	if (r->bid)
		story_line(
		    "Your part", str_format(a, "%s; outcome %s", answer_word(a, r->bid),
				     r->bid->has_outcome
					 ? words_enum(a, &requests__outcome__descriptor,
					       (int)r->bid->outcome)
					 : "still open"));
	tell_offers(t, r->offers, r->n_offers, &councils);
}
