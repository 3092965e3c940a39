#ifndef RCC_RESIDENTIAL_BEDS_H
#define RCC_RESIDENTIAL_BEDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "residential/house.h"

/*
 * How a home's beds stand on house->day, nobody coming. Of the staffed beds those are
 * left that nobody lives in, none is kept for and are not closed; of these the
 * reserved ones that stand empty are for their councils, the rest is free to
 * everybody. Where fewer are left than are reserved, the reserved are no more than
 * are left. A home that is restricted, or where somebody must live alone, has none
 * left: what would be left counts as closed.
 */
void residential_count_beds(
    const struct residential_house *house, Residential__Beds *out);

/* Reserved beds that stand empty, by council, in the order of their codes; those of
 * no home whose beds are all shut. False when the arena is full. */
bool residential_reserved_free(
    struct arena *a, const struct residential_house *house, Residential__Vacancy *out);

/*
 * Is there a bed for each of those coming, for this council? A reserved bed that the
 * council is entitled to is taken before a free one: it serves nobody else but its
 * councils, and the free one then serves all. *reserved_n (may be NULL): how many of
 * the beds would be reserved ones.
 */
bool residential_has_beds(const struct residential_house *house, const char *council_id,
    uint32_t *reserved_n);
/* Writes onto the coming row the reserved beds it takes. False when the arena is full.
 */
bool residential_take_reserved(struct arena *a, const struct residential_house *house,
    uint32_t reserved_n, Residential__HoldRow *row);

#endif
