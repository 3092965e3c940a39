#ifndef RCC_MATCHING_CANDIDATE_H
#define RCC_MATCHING_CANDIDATE_H

#include "base/arena.h"
#include "matching/facts.h"
#include "matching/policy.h"

#include "matching.pb-c.h"

/*
 * A suitable home as the child's own council sees it: its points with the fact behind
 * each, and beside them what is shown and never scored (fee, grade, who lives there).
 */
struct candidate {
	const struct policy *policy;
	const struct matching_need *need;
	const struct matching_home *home;
	uint32_t mask;       /* perhaps MATCHING_CHECK_DISTANCE */
	const void *vacancy; /* foster.Vacancy or residential.Vacancy, as published */
	const Members__Provider *agency; /* of a foster home; NULL: not known here */
};

/* NULL when the arena is full. */
Matching__Candidate *candidate_message(
    const struct candidate *candidate, struct arena *a);

#endif
