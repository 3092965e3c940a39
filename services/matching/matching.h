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

/* The waterfall: a home is counted under the first rule that removes it, in this order,
 * whatever number the contract gave the rule. A notice comes before what it closed. */
#define MATCHING_WATERFALL(step)                                                       \
	step(CARE_TYPE) step(RESTRICTED) step(OPEN) step(APPROVAL_AGE)                 \
	    step(APPROVAL_SEX) step(PLACES) step(RESERVED) step(NEEDS)                 \
		step(MIX_FOR_CHILD) step(MIX_FOR_HOME) step(AVOID_AREA) step(DISTANCE) \
		    step(AVAILABLE) step(EMERGENCY)

#define MATCHING_STEP(name) STEP_##name,
enum matching_step { MATCHING_WATERFALL(MATCHING_STEP) MATCHING_RULES };
#undef MATCHING_STEP

extern const Matching__Rule matching_waterfall[MATCHING_RULES];

/* A rule's bit in a mask: bits stand in the order of the waterfall. */
#define MATCHING_BIT(name) (1u << STEP_##name)
/* Not a rule: the distance limit lies within the error of the estimate. */
#define MATCHING_CHECK_DISTANCE (1u << 15)
#define MATCHING_FAILED(mask) ((mask) & ((1u << MATCHING_RULES) - 1u))

/*
 * Which rules remove this home for this need? A bit a rule, none where it is suitable,
 * and MATCHING_CHECK_DISTANCE beside them where somebody should look at the map.
 */
uint32_t matching_mask(
    const struct matching_need *need, const struct matching_home *home);

/* The same of many homes, whose facts lie side by side, so that a processor can judge
 * several of them at a time. */
#define MATCHING_LANES 64

struct matching_lanes {
	uint8_t care_type[MATCHING_LANES], open_to[MATCHING_LANES];
	uint8_t against[MATCHING_LANES];
	uint8_t age_min_years[MATCHING_LANES], age_max_years[MATCHING_LANES];
	uint8_t takes[MATCHING_LANES];
	uint8_t free[MATCHING_LANES], free_for_siblings[MATCHING_LANES];
	uint8_t free_with_reserved[MATCHING_LANES];
	uint8_t with[MATCHING_LANES];
	uint8_t youngest_years[MATCHING_LANES], oldest_below[MATCHING_LANES];
	uint8_t refuses[MATCHING_LANES];
	uint8_t will_take_from_years[MATCHING_LANES];
	uint8_t will_take_to_years[MATCHING_LANES];
	int16_t east[MATCHING_LANES], north[MATCHING_LANES], radius[MATCHING_LANES];
	uint32_t skills_high[MATCHING_LANES];
	int32_t available_from_day[MATCHING_LANES];
};

void matching_lanes_put(
    struct matching_lanes *lanes, unsigned lane, const struct matching_facts *facts);

/*
 * A first look at all lanes: a home's mask, unless one of MATCHING_UNSETTLED is in it.
 * Then matching_settle has to look closer, at the home itself.
 */
#define MATCHING_MEASURE (1u << 14)
#define MATCHING_UNSETTLED                                                             \
	(MATCHING_MEASURE | MATCHING_BIT(RESERVED) | MATCHING_BIT(AVOID_AREA))
void matching_scan(const struct matching_need *need, const struct matching_lanes *lanes,
    uint16_t looked[MATCHING_LANES]);
uint32_t matching_settle(const struct matching_need *need,
    const struct matching_home *home, uint32_t looked);

#endif
