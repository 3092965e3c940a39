#ifndef RCC_REGION_SELF_CHECK_H
#define RCC_REGION_SELF_CHECK_H

#include "base/arena.h"

#include "plan.h"

/*
 * Several regions against what every region must be: the same again from the same seed,
 * messages that are what their contracts say, homes whose places add up and whose
 * children fit their terms, names and numbers that nobody has twice, and figures near
 * the published ones. `data`: as data_read. One line for each claim; 0 when all hold, 1
 * otherwise.
 */
int self_check(struct arena *a, const char *data);

/* The same of one plan: how many claims do not hold, and of the first of them what. */
size_t self_check_plan(struct arena *a, const struct plan *p, char *first, size_t size);

#endif
