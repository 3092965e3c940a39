#ifndef RCC_REQUESTS_DRAFTS_H
#define RCC_REQUESTS_DRAFTS_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * A need on its way, kept before it is sent: one page, saved as it is filled in. Any
 * answer may be missing; what is there is well formed (form.h), so that no text about a
 * child can be kept here either. Its own council's commissioners read and change it,
 * nobody else; it is dropped when it is sent, by a person, or when nobody changed it
 * for REQUESTS_DRAFT_DAYS.
 */

/*
 * May this be kept on act->now_ms? Answers the first thing wrong; *child is then the
 * child it is about, as in requests_check_need.
 */
enum requests_refusal requests_check_draft(const Requests__Submit *draft,
    const struct requests_act *act, bool is_member, size_t *child);

/* Is it this council's? */
bool requests_is_own_draft(const Requests__DraftKept *kept, const char *council_id);

/* What is recorded of one that passed; it borrows from `draft`. NULL when the arena is
 * full. */
Requests__DraftKept *requests_draft_kept(struct arena *a, const Requests__Submit *draft,
    const struct requests_act *act, const char *draft_id);

/* What it cannot be sent without: how many answers that are, and which of them are not
 * there yet, as paths in Submit ("children[0].sex"). An emergency needs no word on
 * family and friends. */
struct requests_answers {
	uint32_t needed;
	size_t n;
	char *missing[5 + 2 * REQUESTS_CHILDREN_MAX];
};

/* False when the arena is full. */
bool requests_draft_answers(
    struct arena *a, const Requests__DraftKept *kept, struct requests_answers *out);

/* The draft as it can be gone on with or sent, and as a line of a list. NULL when the
 * arena is full. */
Requests__DraftShown *requests_draft_shown(
    struct arena *a, const Requests__DraftKept *kept);
Requests__DraftLine *requests_draft_line(
    struct arena *a, const Requests__DraftKept *kept);

#endif
