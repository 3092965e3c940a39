#ifndef RCC_MATCHING_EXPLAIN_H
#define RCC_MATCHING_EXPLAIN_H

#include "base/arena.h"
#include "matching/facts.h"

#include "matching.pb-c.h"

/*
 * A rule in words: on what authority it removes a vacancy, and which fact of this home
 * and this need it looked at. For the child's own council; names no child.
 */

/* Law, standard or policy behind the rule. */
const char *explain_source(Matching__Rule rule);

/* The fact for a home that the rule removes; NULL when the arena is full. */
const char *explain_fact(struct arena *a, Matching__Rule rule,
    const struct matching_need *need, const struct matching_home *home);

#endif
