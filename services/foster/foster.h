#ifndef RCC_FOSTER_H
#define RCC_FOSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/refusal.h"
#include "foster/limits.h"

#include "foster.pb-c.h"

/*
 * The rules of holds: may these children have a place, and may they still move in.
 * Each answers the first thing wrong, in the order of the enum's groups.
 *   limits.h     the four tests of the foster limit, bedrooms, places withheld
 *   places.h     free places, derived; the vacancy as others may see it
 *   household.h  what a household's own records must be
 * What follows a hold, whoever owns the place, is base/place.h.
 */

/*
 * May a place be held for the children coming to this home? The four tests of the
 * foster limit, then bedrooms, then places withheld, against who lives there and who
 * is held for on home->day.
 * Source: Children Act 1989, Sch 7; quoted in limits.c.
 */
enum foster_refusal foster_may_hold(const struct foster_home *home);

/* Does this no come from a want of room, which somebody else's hold may explain? */
bool foster_is_want_of_room(enum foster_refusal no);

/* A row whose every part is in the call or given; NULL when the arena is full. */
struct foster_grant {
	const char *hold_id;
	const char *household_id;
	uint64_t fencing_number;
	int64_t now_ms;
};
Foster__HoldRow *foster_new_hold(
    struct arena *a, const Place__Hold *call, const struct foster_grant *grant);

/*
 * On the day of the start: the legal tests again (terms and limit), since the home
 * may have changed under a confirmed hold; what was promised of bedrooms and
 * withheld places stands.
 */
enum foster_refusal foster_may_live_here(const struct foster_home *home);

/*
 * The occupants that the start makes of the held children, ids in the order of the
 * children; false when the arena is full.
 */
bool foster_new_occupants(struct arena *a, const Foster__HoldRow *row,
    const Place__Start *call, const char *const *ids, Foster__PlacementStarted *out);

#endif
