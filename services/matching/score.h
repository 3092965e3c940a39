#ifndef RCC_MATCHING_SCORE_H
#define RCC_MATCHING_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/geo.h"
#include "matching/facts.h"
#include "matching/policy.h"

#include "matching.pb-c.h"

/*
 * The order of a shortlist: additive points by the published policy, in tenths of a
 * point, whole numbers rounded down. For one child's list only: points never say whose
 * need is greater. Neither the fee nor whose provider it is gives a point.
 */
struct score {
	uint32_t points;                 /* the sum */
	uint32_t factor[POLICY_FACTORS]; /* by matching.Factor */
	bool has_home_distance, has_school_distance;
};

void score_home(const struct policy *policy, const struct matching_need *need,
    const struct matching_home *home, struct score *out);

/*
 * Fills in points, each factor with the fact behind it, and the distance from home;
 * false when the arena is full.
 */
bool score_explain(const struct score *score, const struct policy *policy,
    const struct matching_need *need, const struct matching_home *home, struct arena *a,
    Matching__Candidate *out);

#endif
