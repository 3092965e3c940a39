#ifndef RCC_FOSTER_PLACES_H
#define RCC_FOSTER_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "foster/limits.h"

#include "foster.pb-c.h"

/*
 * How a household's approved places stand on home->day, nobody coming. `free` is the
 * least of what approval, foster limit and bedrooms leave when everybody there, held
 * for and every place withheld is taken off, never below zero; a child of three or
 * more within the terms is held for if it is not zero, and refused if it is. Where an
 * exemption lifts the limit, its places are free for the children it names alone; the
 * hold looks. `free_for_siblings` is the same for one group of siblings: an empty home
 * knows no limit for them, and two may share where that is agreed.
 * NULL when the arena is full.
 */
Foster__Places *foster_places(struct arena *a, const struct foster_home *home);

/*
 * The vacancy as others may know it, from `base` (its ids, days, times and how many
 * places are open) and all that the household is on home->day. NULL when the arena is
 * full.
 */
Foster__Vacancy *foster_vacancy_now(struct arena *a,
    const Foster__HouseholdShown *known, const struct foster_home *home,
    const Foster__Vacancy *base);

/*
 * The next day on which something stated here changes what may be held or seen: a
 * withheld place or an exemption begins or ends, or somebody there is a year older.
 * False when there is none.
 */
bool foster_next_review(const Foster__HouseholdShown *known, int32_t day, int32_t *out);
/* Is there a withheld place or an exemption whose last day has passed? */
bool foster_has_lapsed(const Foster__HouseholdShown *known, int32_t day);

/*
 * What the area council needs to decide an exemption: places, who is fostered there
 * and how they belong together; nobody's name, fee, request or placing council.
 * Source: Children Act 1989, Sch 7 para 4(2). NULL when the arena is full.
 */
Foster__HouseholdShown *foster_shown_to_council(
    struct arena *a, const Foster__HouseholdShown *known);

#endif
