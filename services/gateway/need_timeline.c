#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/need_state.h"
#include "gateway/say.h"

#define HAPPENING(name) REQUESTS__HAPPENING__HAPPENING_##name

typedef const Requests__TimelineEntry entry;

static const char *
provider_of(struct page *p, entry *e)
{
	return e->provider_id == NULL
	           ? "a provider"
	           : directory_provider_name(p->directory, e->provider_id);
}

static const char *
circulated(struct page *p, entry *e)
{
	return str_format(p->arena, "Sent to %s, to answer by %s.",
	    say_count(p->arena, e->providers, "provider", "providers"),
	    say_time_within(p->arena, e->due_time, p->now_ms));
}

static const char *
offered(struct page *p, entry *e)
{
	return str_format(p->arena, "%s made an offer at %s.", provider_of(p, e),
	    say_fee(p->arena, e->fee_pence_week));
}

static const char *
declined(struct page *p, entry *e)
{
	return str_format(p->arena, "%s said no: %s.", provider_of(p, e),
	    say_enum_within(p->arena, &requests__decline_reason__descriptor,
		(int)e->decline_reason));
}

static const char *
opened(struct page *p, entry *e)
{
	return str_format(p->arena, "%s was shown %s.", provider_of(p, e),
	    say_enum_within(
		p->arena, &requests__disclosure__descriptor, (int)e->level));
}

static const char *
decided(struct page *p, entry *e)
{
	return str_format(p->arena, "%s was chosen: %s.", provider_of(p, e),
	    say_enum_within(p->arena, &requests__decision_reason__descriptor,
		(int)e->decision_reason));
}

static const char *
held(struct page *p, entry *e)
{
	return str_format(p->arena, "The place of %s was held, until %s.",
	    provider_of(p, e), say_time_within(p->arena, e->due_time, p->now_ms));
}

static const char *
approved(struct page *p, entry *e)
{
	if (!e->has_due_time)
		return "The placement was approved.";
	return str_format(p->arena,
	    "The placement was approved as an emergency, with grounds owed by %s.",
	    say_time_within(p->arena, e->due_time, p->now_ms));
}

static const char *
confirmed(struct page *p, entry *e)
{
	if (!e->has_due_time)
		return str_format(p->arena, "%s said yes.", provider_of(p, e));
	return str_format(p->arena, "%s said yes. The place was kept, until %s.",
	    provider_of(p, e), say_time_within(p->arena, e->due_time, p->now_ms));
}

static const char *
started(struct page *p, entry *e)
{
	return str_format(p->arena, "The placement with %s started on %s.",
	    provider_of(p, e), say_day(p->arena, e->day));
}

static const char *
ended(struct page *p, entry *e)
{
	return str_format(p->arena, "The placement with %s ended on %s: %s.",
	    provider_of(p, e), say_day(p->arena, e->day),
	    say_enum_within(
		p->arena, &requests__end_reason__descriptor, (int)e->end_reason));
}

static const char *
withdrawn(struct page *p, entry *e)
{
	return str_format(p->arena, "The need was withdrawn: %s.",
	    say_enum_within(p->arena, &requests__withdraw_reason__descriptor,
		(int)e->withdraw_reason));
}

static const char *
passed(entry *e)
{
	switch (e->clock) {
	case REQUESTS__CLOCK_KIND__CLOCK_KIND_UNSPECIFIED: break;
	case REQUESTS__CLOCK_KIND__CLOCK_KIND_UNFILLED:
		return "The day a home was needed by is over.";
	case REQUESTS__CLOCK_KIND__CLOCK_KIND_GROUNDS:
		return "The time for the grounds that were owed is over.";
	case REQUESTS__CLOCK_KIND__CLOCK_KIND_HOLD:
		return "The time for which the place was held is over.";
	case REQUESTS__CLOCK_KIND__CLOCK_KIND_ANSWER:
		return "The time that providers had to answer is over.";
	case REQUESTS__CLOCK_KIND__CLOCK_KIND_DRAFT:
		return "The time for which a draft is kept is over.";
	}
	return "A stated time is over.";
}

static const char *
or_sentence(struct page *p, entry *e, const char *text)
{
	return e->sentence == NULL ? text
	                           : str_format(p->arena, "%s %s", text, e->sentence);
}

static const char *
text_of(struct page *p, entry *e)
{
	switch (e->kind) {
	case HAPPENING(UNSPECIFIED): break;
	case HAPPENING(SUBMITTED): return "The need was recorded.";
	case HAPPENING(CIRCULATED): return circulated(p, e);
	case HAPPENING(INTEREST_SHOWN):
		return str_format(p->arena, "%s was interested.", provider_of(p, e));
	case HAPPENING(OFFER_MADE): return offered(p, e);
	case HAPPENING(DECLINED): return declined(p, e);
	case HAPPENING(LEVEL_OPENED): return opened(p, e);
	case HAPPENING(DECIDED): return decided(p, e);
	case HAPPENING(HELD): return held(p, e);
	case HAPPENING(PLACE_LOST):
		return or_sentence(p, e,
		    str_format(
			p->arena, "The place of %s was lost.", provider_of(p, e)));
	case HAPPENING(APPROVED): return approved(p, e);
	case HAPPENING(PROVIDER_AGREED):
		return str_format(p->arena, "%s said yes; others have still to answer.",
		    provider_of(p, e));
	case HAPPENING(OFFER_CONFIRMED): return confirmed(p, e);
	case HAPPENING(HOLD_CONFIRMED): return "The place was confirmed.";
	case HAPPENING(START_ORDERED): return "The start was recorded.";
	case HAPPENING(STARTED): return started(p, e);
	case HAPPENING(ENDED): return ended(p, e);
	case HAPPENING(WITHDRAWN): return withdrawn(p, e);
	case HAPPENING(GROUP_BROKEN):
		return or_sentence(p, e, "The places held together were given back.");
	case HAPPENING(CLOCK_PASSED): return passed(e);
	}
	return "Something happened that this page has no words for.";
}

static json_t *
line_of(struct page *p, const Requests__Request *r, entry *e)
{
	const char *text = text_of(p, e);
	json_t *line = json_pack("{s:s, s:o}", "text", text != NULL ? text : "", "when",
	    say_when(p->arena, e->time, p->now_ms));

	if (e->person_id != NULL)
		json_object_set_new(line, "who",
		    json_string(directory_person_name(p->directory, e->person_id)));
	if (e->n_child_refs > 0 && r->circulation->n_children > 1)
		json_object_set_new(line, "children",
		    json_string(need_children(p, r, e->child_refs, e->n_child_refs)));
	return line;
}

json_t *
need_timeline(struct page *p, const Requests__Request *r,
    const Requests__RequestTimeline *timeline)
{
	json_t *list = json_array();

	for (size_t i = timeline->n_entries; i > 0; i--)
		json_array_append_new(list, line_of(p, r, timeline->entries[i - 1]));
	return list;
}
