#include "story_places.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

#include "words.h"

#define LABEL_WIDTH 14

void
story_line(const char *label, const char *text)
{
	(void)printf("%-*s", LABEL_WIDTH, label);
	words_wrap(stdout, text ? text : "?", LABEL_WIDTH, LABEL_WIDTH);
}

/* ---- letters ---- */

const char *
story_letters(struct arena *a, char *const *refs, size_t n)
{
	const char *text = n == 0 ? "all" : "";

	for (size_t i = 0; text && i < n; i++)
		text = str_format(a, "%s%s%s", text,
		    i == 0      ? ""
		    : i + 1 < n ? ", "
				: " and ",
		    words_safe(a, refs[i]));
	return text ? text : "?";
}

const char *
story_split(struct arena *a, const Requests__Split *split)
{
	const char *text = "";

	for (size_t i = 0; text && i < split->n_parts; i++)
		text = str_format(a, "%s%s%s", text, i == 0 ? "" : ", apart from ",
		    story_letters(
			a, split->parts[i]->child_refs, split->parts[i]->n_child_refs));
	return text;
}

/* ---- what is waited for ---- */

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
one_waits_for(struct tool *t, Requests__State state, int64_t answer_by_time,
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
		return until(t,
		    j && j->has_agreed_time
			? "the other providers' yes; its own is given"
			: "the provider's yes",
		    "; held until ", j && j->has_hold_expires_time,
		    j ? j->hold_expires_time : 0);
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

const char *
story_waits_for(struct tool *t, Requests__State state, int64_t answer_by_time,
    struct story_places places)
{
	/* Whose yes is given is not the one that keeps the others waiting. */
	for (size_t i = 0; i < places.n; i++)
		if (places.list[i]->state == state &&
		    !(state == REQUESTS__STATE__STATE_HELD &&
			places.list[i]->has_agreed_time))
			return one_waits_for(t, state, answer_by_time, places.list[i]);
	return one_waits_for(t, state, answer_by_time, NULL);
}

/* ---- placements ---- */

static void
tell_approval(struct tool *t, const Requests__Journey *j)
{
	struct arena *a = &t->arena;

	if (!j->has_approver || j->approver == REQUESTS__APPROVER__APPROVER_UNSPECIFIED)
		return;
	if (j->approver == REQUESTS__APPROVER__APPROVER_NONE) {
		story_line("Approval", "none needed");
		return;
	}
	story_line(
	    "Approval", j->has_approved_time
			    ? str_format(a, "given by %s (%s), %s",
				  words_safe(a, j->approved_by_id), approver_word(t, j),
				  words_time(a, j->approved_time, t->now_ms))
			    : str_format(a, "of the %s, not given: no start without it",
				  approver_word(t, j)));
	if (j->has_grounds_due_time)
		story_line("", str_format(a, "grounds still owed by %s",
				   words_time(a, j->grounds_due_time, t->now_ms)));
}

static void
tell_journey(struct tool *t, const Requests__Journey *j)
{
	struct arena *a = &t->arena;

	if (j->has_decided_time)
		story_line(
		    "Decided", str_format(a, "%s, by %s: %s",
				   words_time(a, j->decided_time, t->now_ms),
				   words_safe(a, j->decided_by_id),
				   words_enum(a, &requests__decision_reason__descriptor,
				       (int)j->reason)));
	if (j->has_split_reason)
		story_line(
		    "Apart because", words_enum(a, &requests__split_reason__descriptor,
					 (int)j->split_reason));
	story_line("Offer", words_safe(a, j->offer_id));
	if (j->refused_sentence)
		story_line("Place lost", words_safe(a, j->refused_sentence));
	if (j->state == REQUESTS__STATE__STATE_CIRCULATED)
		return; /* what it still waited for is of no matter now */
	tell_approval(t, j);
	if (j->placement_id)
		story_line("Placement", words_safe(a, j->placement_id));
	if (j->has_start_day)
		story_line("Start", words_day(a, j->start_day));
	if (j->has_end_day)
		story_line("End", str_format(a, "%s: %s", words_day(a, j->end_day),
				      words_enum(a, &requests__end_reason__descriptor,
					  (int)j->end_reason)));
}

static bool
is_lost(const Requests__Journey *j, const char *lost_hold_id)
{
	return j->refused_sentence ||
	       (lost_hold_id && j->hold_id && strcmp(j->hold_id, lost_hold_id) == 0);
}

void
story_places(struct tool *t, struct story_places places)
{
	struct arena *a = &t->arena;

	for (size_t i = 0; i < places.n; i++) {
		const Requests__Journey *j = places.list[i];

		if (places.n > 1 || j->n_child_refs > 0) {
			(void)printf("\nHome of %s: %s\n",
			    story_letters(a, j->child_refs, j->n_child_refs),
			    j->state == REQUESTS__STATE__STATE_CIRCULATED
				? is_lost(j, places.lost_hold_id) ? "lost"
			                                          : "given back"
				: words_enum(
				      a, &requests__state__descriptor, (int)j->state));
			if (j->state != REQUESTS__STATE__STATE_CIRCULATED)
				story_line(
				    "Waits for", one_waits_for(t, j->state, 0, j));
		}
		tell_journey(t, j);
	}
}

/* ---- what is free to choose ---- */

/* "A and B: 01..., or 01...; C: nothing yet" */
static const char *
say_split(struct arena *a, const Requests__SplitShown *split)
{
	const char *text = "";

	for (size_t i = 0; text && i < split->n_parts; i++) {
		const Requests__PartShown *part = split->parts[i];

		text = str_format(a, "%s%s%s: ", text, i > 0 ? "; " : "",
		    story_letters(a, part->child_refs, part->n_child_refs));
		for (size_t k = 0; text && k < part->n_offer_ids; k++)
			text = str_format(a, "%s%s%s", text, k > 0 ? " or " : "offer ",
			    words_safe(a, part->offer_ids[k]));
		if (text && part->n_offer_ids == 0)
			text = str_format(a, "%snothing offered yet", text);
	}
	return text;
}

void
story_free(struct tool *t, const Requests__Request *r)
{
	struct arena *a = &t->arena;

	if (r->broken) {
		(void)printf("\nOne of the homes was lost%s%s\n",
		    r->broken->has_time ? ", " : "",
		    r->broken->has_time ? words_time(a, r->broken->time, t->now_ms)
					: "");
		story_line(
		    "Why", words_safe(a,
			       r->broken->sentence ? r->broken->sentence : "not said"));
		story_line("So",
		    "what was held for brothers and sisters was given back; what was "
		    "offered for them still stands");
	}
	for (size_t i = 0; i < r->n_splits; i++) {
		if (i == 0)
			(void)puts("\nThey may live apart like this, if no home takes "
				   "all of them");
		story_line(r->splits[i]->is_covered ? "Can be chosen" : "Not yet",
		    say_split(a, r->splits[i]));
	}
}
