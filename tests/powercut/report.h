#ifndef RCC_POWERCUT_REPORT_H
#define RCC_POWERCUT_REPORT_H

#include "powercut/points.h"

#define REPORT_POINTS_MIN 3000 /* fewer are a short run */

/*
 * Says what was tried and what came of it, the total in the last line. The code to
 * leave with: 0 where no honest point was bad, each dishonest world was noticed, and
 * enough happened for that to mean something. A short run need not have killed anybody.
 */
int report(
    const struct job *jobs, const struct job_tally *tallies, size_t n, bool is_short);

#endif
