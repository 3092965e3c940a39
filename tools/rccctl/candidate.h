#ifndef RCC_RCCCTL_CANDIDATE_H
#define RCC_RCCCTL_CANDIDATE_H

#include "tool.h"

#include "matching.pb-c.h"

/* The points of one vacancy for one request, a row a factor with its evidence. */
void candidate_print_points(struct tool *t, const Matching__Candidate *c);
/* "foster", "home" or "supported". */
const char *candidate_care(const Matching__Candidate *c);
/* Its places, who lives there and its grade, in a line. */
void candidate_print_home(struct tool *t, const Matching__Candidate *c);
/* "6.3", or "6.3 check" where the limit lies within the error; "?" unknown. */
const char *candidate_miles(struct arena *a, const Matching__Candidate *c);
/* "own", "adjoining" or "further". */
const char *candidate_area(const Matching__Candidate *c);
const char *rule_word(struct arena *a, Matching__Rule rule);

#endif
