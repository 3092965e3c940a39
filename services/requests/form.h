#ifndef RCC_REQUESTS_FORM_H
#define RCC_REQUESTS_FORM_H

#include "requests/requests.h"

/*
 * Is what a need says well formed, whatever it leaves out? A draft is held to this
 * (drafts.h); a need that is sent says more (need.h). No text about a child passes: all
 * is a code, a number, a day, a sector or a reference made here.
 */

/* Sectors of home, school and what to avoid, where they are given. */
enum requests_refusal requests_form_sectors(const Requests__Submit *need);
/* Age, languages, needs, and whom the child is not safe with. */
enum requests_refusal requests_form_child(const Requests__ChildNeed *child);
/* References of the children: of all of them, or of none. */
enum requests_refusal requests_form_child_ids(
    const Requests__Submit *need, int64_t now_ms);
/* Kinds of care, each once, and none that is not the co-operative's. */
enum requests_refusal requests_form_care_types(const Requests__Submit *need);
/* Miles, earlier placements, family time. */
enum requests_refusal requests_form_numbers(const Requests__Submit *need);

#endif
