#ifndef RCC_MATCHING_SHORTLIST_H
#define RCC_MATCHING_SHORTLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "matching/facts.h"
#include "matching/homes.h"
#include "matching/matching.h"
#include "matching/policy.h"

/*
 * One pass over all homes of all owners for one need: how many each rule removes, and
 * the best of those that remain, by points and then by id, whatever order they stand
 * in.
 */

#define SHORTLIST_MAX 50
#define SHORTLIST_NEAR_MILES_TENTHS 200
/* Providers are counted so far; England has about half as many. */
#define SHORTLIST_PROVIDERS_ROOM (1u << 13)
#define SHORTLIST_PROVIDERS_MAX (SHORTLIST_PROVIDERS_ROOM * 3 / 4)

struct shortlist_place {
	const struct matching_home *home;
	uint32_t points;
	uint32_t mask; /* no rule; perhaps MATCHING_CHECK_DISTANCE */
};

struct shortlist {
	uint32_t vacancies; /* looked at: the suitable and all the removed */
	uint32_t suitable;
	/* By step of the waterfall: the first rule to fail, and the only one. */
	uint32_t removed[MATCHING_RULES];
	uint32_t only[MATCHING_RULES];
	uint32_t failing[1u << MATCHING_RULES]; /* exactly these rules */
	size_t n;
	struct shortlist_place best[SHORTLIST_MAX];
	/* Of the suitable: whose they are, how many of those have one within 20 miles
	 * by the estimate, and the places these children could have in all of them. */
	uint32_t providers, providers_near, places;
	struct shortlist_provider {
		const struct matching_home *home; /* one of its homes; NULL: nobody */
		bool is_near;
	} provider[SHORTLIST_PROVIDERS_ROOM];
};

void shortlist_make(const struct policy *policy, const struct matching_need *need,
    const struct homes homes[MATCHING_OWNERS], struct shortlist *out);

/* The place of a suitable home in the whole order: 1 is first. */
uint32_t shortlist_rank(const struct policy *policy, const struct matching_need *need,
    const struct homes homes[MATCHING_OWNERS], const struct matching_home *home);

#endif
