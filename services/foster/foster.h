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
 * The rules of holds: may these children have a place, and what may follow. Days
 * are London days from 1970-01-01, times milliseconds from 1970 UTC. Each answers
 * the first thing wrong, in the order of the enum's groups.
 *   limits.h     the four tests of the foster limit, bedrooms, places withheld
 *   places.h     free places, derived; the vacancy as others may see it
 *   household.h  what a household's own records must be
 */

/* Two working days, with the longest holiday in between; configuration. */
#define FOSTER_HOLD_MINUTES_MAX 10080
/* How long after the provider's yes a place may be kept waiting; configuration. */
#define FOSTER_LATEST_START_DAYS_MAX 92

/*
 * Is the call whole: a request, a vacancy, one to six different children under 18
 * with age, day and sex, and minutes within a day? Ages in completed years on `day`.
 */
enum foster_refusal foster_check_hold(const Place__Hold *call, int32_t day);

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

/* What a call about a hold amounts to when it is not refused. */
enum foster_step {
	FOSTER_STEP_DO,
	FOSTER_STEP_DONE, /* it was done before: the answer is yes, nothing follows */
};

/* `row` NULL: no such hold. Refused after its expiry, whatever timers did. */
enum foster_refusal foster_may_confirm(const Foster__HoldRow *row,
    const Place__ConfirmHold *call, int64_t now_ms, enum foster_step *step);

/* `row` NULL: the hold never came, and a release before it is kept. */
enum foster_refusal foster_may_release(
    const Foster__HoldRow *row, enum foster_step *step);

/*
 * `placement` is the row with the call's placement id, NULL for none. Whether the
 * law still allows it is foster_may_live_here's to say.
 */
enum foster_refusal foster_may_start(const Foster__HoldRow *row,
    const Place__Start *call, const Foster__PlacementRow *placement, int64_t now_ms,
    enum foster_step *step);

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

/* An end may be told up to a day ahead: the other clock may have passed midnight. */
enum foster_refusal foster_may_end(const Foster__PlacementRow *placement,
    const Place__End *call, int32_t day, enum foster_step *step);

#endif
