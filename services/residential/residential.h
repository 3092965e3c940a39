#ifndef RCC_RESIDENTIAL_H
#define RCC_RESIDENTIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "residential/house.h"
#include "residential/refusals.h"

#include "place.pb-c.h"
#include "residential.pb-c.h"

/*
 * The rules of holds: may these children have beds, and may they still move in. Each
 * answers the first thing wrong, in the order of the enum's groups.
 *   house.h    a home on a day, with everybody its rules must count
 *   beds.h     free beds, derived; which reserved bed is whose
 *   mix.h      who is safe with whom, both ways; residents in bands
 *   home.h     what a home's own records must be
 *   vacancy.h  the vacancy as others may see it, the next stated day
 * What follows a hold, whoever owns the place, is base/place.h.
 */

/* Is what the call says of the children whole, beyond what place_check_hold looks at?
 */
enum residential_refusal residential_check_hold(const Place__Hold *call);

/*
 * May beds be kept for the children coming: registration, an open vacancy for each
 * one's age, beds for all of them (all or nothing), and living together with those
 * there and those held for. *reserved_n: how many of the beds would be reserved ones.
 * Source: Children's Homes (England) Regulations 2015, regs 12, 14 and 16; Care
 * Standards Act 2000, ss14A and 22B; Care Planning, Placement and Case Review (England)
 * Regulations 2010, reg 27A.
 */
enum residential_refusal residential_may_hold(const Residential__HomeShown *known,
    const struct residential_house *house, const char *council_id,
    uint32_t *reserved_n);

/* Does this no come from a want of room, which somebody else's hold may explain? */
bool residential_is_want_of_room(enum residential_refusal no);

/* What a granted hold has that the call does not say. */
struct residential_grant {
	const char *hold_id;
	const char *home_id;
	uint64_t fencing_number;
	int64_t now_ms;
};
/* The row, without its reserved beds; NULL when the arena is full. */
Residential__HoldRow *residential_new_hold(
    struct arena *a, const Place__Hold *call, const struct residential_grant *grant);

/*
 * On the day of the start, once more what is law and what keeps children safe, since
 * the home may have changed under a confirmed hold: restriction, ages, sex, registered
 * places, and living together with those who live there. Those held for come after.
 */
enum residential_refusal residential_may_live_here(
    const struct residential_house *house);

/* The occupants that the start makes of the held children, ids in the order of the
 * children; false when the arena is full. */
bool residential_new_occupants(struct arena *a, const Residential__HoldRow *row,
    const Place__Start *call, char *const *ids, Residential__PlacementStarted *out);

#endif
