#ifndef RCC_RESIDENTIAL_STANDING_H
#define RCC_RESIDENTIAL_STANDING_H

#include "base/arena.h"
#include "residential/house.h"

#include "residential.pb-c.h"

/*
 * How a home stands on house->day, for its own provider: its beds, what it said of its
 * vacancies, for which ages it can open one, and why for none. NULL when the arena is
 * full.
 */
Residential__HomeStanding *residential_standing(struct arena *a,
    const Residential__HomeShown *known, const struct residential_house *house);

#endif
