#ifndef RCC_FOSTER_STANDING_H
#define RCC_FOSTER_STANDING_H

#include "base/arena.h"
#include "foster/limits.h"

#include "foster.pb-c.h"

/*
 * How a household stands on home->day, for its own provider: its places, what it said
 * of its vacancy, and why it cannot have one. NULL when the arena is full.
 */
Foster__HouseholdStanding *foster_standing(struct arena *a,
    const Foster__HouseholdShown *known, const struct foster_home *home);

#endif
