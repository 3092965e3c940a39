#ifndef RCC_OBSERVATORY_OUTSIDE_H
#define RCC_OBSERVATORY_OUTSIDE_H

#include <stdbool.h>

#include "observatory/figures.h"

/*
 * What of a table of figures is told outside the council whose children it counts:
 * suppression.h says which counts are hidden, this which metrics go together and which
 * lines.
 */

/* Is this line one of the answer? By the provider's sector only inside; a council where
 * it is a member on that day, or there is anything to say of it. */
bool observatory_is_shown(
    const struct observatory_line *line, bool is_suppressed, int32_t today);

/* Marks in every line that is shown which of the counts that go outside are hidden. */
enum err observatory_hide(
    struct arena *a, struct observatory_table *table, int32_t today) MUST_CHECK;

/* Is a percentage of all neither of few nor of all but few, and of more than two
 * councils' children or places, so that neither of two can work out the other's? */
bool observatory_may_share(const struct observatory_table *table,
    Observatory__Metric metric, const struct observatory_share *share);

/* The same of the days that all who were placed waited. */
bool observatory_may_median(const struct observatory_table *table);

#endif
