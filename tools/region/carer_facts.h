#ifndef RCC_REGION_CARER_FACTS_H
#define RCC_REGION_CARER_FACTS_H

#include "chance.h"
#include "plan.h"

/*
 * What matching may know of a household beyond its places: skills, languages, faith,
 * own children, pets, wishes. Agencies' carers have more of the graded skills.
 */
void carer_facts(struct arena *a, const struct plan *p, struct plan_home *home,
    bool is_agency, struct chance *c);

/* The published mix of the area's looked-after children stands for that of its carers,
 * of whom none is published. */
Common__Ethnicity carer_ethnicity(
    const struct data *d, size_t council, struct chance *c);

/* A religion and, one time in so many, a language beside English that go with it. */
Common__Religion carer_religion(Common__Ethnicity ethnicity, struct chance *c);
const char *carer_language(Common__Ethnicity ethnicity, struct chance *c); /* or NULL */

#endif
