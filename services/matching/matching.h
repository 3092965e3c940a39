#ifndef RCC_MATCHING_H
#define RCC_MATCHING_H

#include <stdint.h>

#include "matching/facts.h"

#include "matching.pb-c.h"

/*
 * The hard rules: what removes a vacancy from a request's shortlist. Nothing is
 * judged on a fact that is not recorded: what is missing fails the rule that needs it.
 *   facts.h      what is judged
 *   score.h      points for what the rules let through
 *   explain.h    rule, fact and source in words
 */

/* A rule's bit in a mask; bits stand in the order of the waterfall. */
#define MATCHING_RULES MATCHING__RULE__RULE_EMERGENCY
#define MATCHING_BIT(rule) (1u << ((unsigned)(rule)-1u))
/* Not a rule: the distance limit lies within the error of the estimate. */
#define MATCHING_CHECK_DISTANCE (1u << 15)

/*
 * Which rules remove this home for this need? A bit a rule (MATCHING_BIT), none where
 * it is suitable, and MATCHING_CHECK_DISTANCE beside them where somebody should look
 * at the map.
 */
uint32_t matching_mask(
    const struct matching_need *need, const struct matching_home *home);
#define MATCHING_FAILED(mask) ((mask) & (MATCHING_CHECK_DISTANCE - 1u))

#endif
