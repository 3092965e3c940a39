#ifndef RCC_MATCHING_EXPLAIN_H
#define RCC_MATCHING_EXPLAIN_H

#include "base/arena.h"
#include "matching/facts.h"

#include "matching.pb-c.h"

/*
 * A rule in words: on what authority it removes a vacancy, and which fact of this home
 * and this need it looked at. For the child's own council; names no child.
 */

/* Law, standard or policy behind the rule, for both kinds of care. */
const char *explain_source(Matching__Rule rule);

/* The fact for a home that the rule removes; NULL when the arena is full. */
const char *explain_fact(struct arena *a, Matching__Rule rule,
    const struct matching_need *need, const struct matching_home *home);

/* Who lives there; NULL when the arena is full. Of a foster home counted, of any other
 * in bands of ages, with what others have to be kept safe from. */
const char *explain_residents(struct arena *a, const struct matching_home *home);

/* "a children's home"; common.CareType. */
const char *explain_care_type(uint8_t care_type);
/* Bits, 1 << common.NeedKind: "autism, goes missing and 3 more", no longer than a
 * sentence may be; NULL when the arena is full. */
const char *explain_needs(struct arena *a, uint32_t kinds);

/* "good on 2026-03-01"; of a foster home its agency's. */
const char *explain_grade(struct arena *a, Members__Grade grade, int32_t grade_day);

#endif
