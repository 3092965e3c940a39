#ifndef RCC_RESIDENTIAL_VACANCY_H
#define RCC_RESIDENTIAL_VACANCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "residential/house.h"

/*
 * The vacancy as others may know it, from `base` (its ids, band, days, times and how
 * many places are open) and all that the home is on house->day: beds and residents of
 * the whole home, ages of registration and band together. It is no longer open where
 * the home has become restricted, or is no longer registered for the band. NULL when
 * the arena is full.
 */
Residential__Vacancy *residential_vacancy_now(struct arena *a,
    const Residential__HomeShown *known, const struct residential_house *house,
    const Residential__Vacancy *base);

/*
 * The next day on which something stated here changes what may be held or seen: closed
 * beds return, a reservation begins or ends, or somebody there grows into another band.
 * False when there is none.
 */
bool residential_next_review(
    const Residential__HomeShown *known, int32_t day, int32_t *out);
/* Are there closed beds or a reservation whose last day has passed? */
bool residential_has_lapsed(const Residential__HomeShown *known, int32_t day);

#endif
