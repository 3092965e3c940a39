#ifndef RCC_PLACE_H
#define RCC_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "common.pb-c.h"
#include "place.pb-c.h"

/*
 * The life of a hold (proto/place.proto), the same with every owner of places: what
 * may be asked of it in which state, and what was done already. Whether there is a
 * place at all is each owner's own to say. All read their arguments and nothing
 * else; times are milliseconds from 1970 UTC, days London days from 1970-01-01.
 */

/* The first and last completed year of a band; UNSPECIFIED has none, and is empty. */
struct place_ages {
	uint32_t min_years, max_years;
};
struct place_ages place_band_ages(Common__AgeBand band);
/* UNSPECIFIED from 18 on. */
Common__AgeBand place_band_of(uint32_t age_years);

#define PLACE_CHILDREN_MAX 6
#define PLACE_ADULT_YEARS 18u
/* Two working days, with the longest holiday in between; configuration. */
#define PLACE_HOLD_MINUTES_MAX 10080
/* How long after the provider's yes a place may be kept waiting; configuration. */
#define PLACE_LATEST_START_DAYS_MAX 92

/* A rule's no; each owner has its own number and sentence for it. */
enum place_no {
	PLACE_OK,

	/* a hold's own parts */
	PLACE_REQUEST_MISSING,
	PLACE_VACANCY_MISSING,
	PLACE_CHILDREN,
	PLACE_CHILD_INCOMPLETE,
	PLACE_CHILD_ADULT,
	PLACE_CHILD_TWICE,
	PLACE_MINUTES,
	PLACE_RELEASED_FIRST,
	PLACE_ID_USED,

	/* what follows a hold */
	PLACE_HOLD_UNKNOWN,
	PLACE_FENCING,
	PLACE_HOLD_RELEASED,
	PLACE_HOLD_EXPIRED,
	PLACE_HOLD_STARTED,
	PLACE_HOLD_NOT_CONFIRMED,
	PLACE_CONFIRMED_OTHERWISE,
	PLACE_LATEST_START,
	PLACE_PLACEMENT_MISSING,
	PLACE_PLACEMENT_TAKEN,
	PLACE_START_DAYS,
	PLACE_PLACEMENT_UNKNOWN,
	PLACE_END_DAY_MISSING,
	PLACE_END_DAY_AHEAD,
	PLACE_NOES,
};

/* What a call about a hold amounts to when it is not refused. */
enum place_step {
	PLACE_STEP_DO,
	PLACE_STEP_DONE, /* it was done before: the answer is yes, nothing follows */
};

/* An owner's hold row, as far as its life goes: of one that is there, or NULL of NULL.
 */
struct place_hold {
	const char *hold_id;
	bool is_granted; /* false: it was released before it came */
	Place__HoldState state;
	uint64_t fencing_number;
	int64_t expires_time;
	int64_t latest_start_time;
};
#define PLACE_HOLD_IN(row)                                                             \
	(&(const struct place_hold){(row)->hold_id, (row)->has_granted_time,           \
	    (row)->state, (row)->fencing_number, (row)->expires_time,                  \
	    (row)->latest_start_time})
#define PLACE_HOLD_OF(row) ((row) == NULL ? NULL : PLACE_HOLD_IN(row))

/* An owner's placement row, likewise. */
struct place_placement {
	const char *hold_id;
	bool is_ended;
};
#define PLACE_PLACEMENT_OF(row)                                                        \
	((row) == NULL                                                                 \
		? NULL                                                                 \
		: &(const struct place_placement){(row)->hold_id, (row)->has_end_day})

/*
 * Is the call whole: a request, a vacancy, one to six different children under 18
 * with age, day and sex, and minutes within bounds? `earlier` is the hold of this
 * name that is there already, NULL where none is.
 */
enum place_no place_check_hold(
    const Place__Hold *call, const struct place_hold *earlier, int32_t day);

/* `hold` NULL: no such hold. Refused after its expiry, whatever timers did. */
enum place_no place_may_confirm(const struct place_hold *hold,
    const Place__ConfirmHold *call, int64_t now_ms, enum place_step *step);

/* `hold` NULL: the hold never came, and a release before it is kept. */
enum place_no place_may_release(
    const struct place_hold *hold, const Place__Release *call, enum place_step *step);

/* `placement` is the row with the call's placement id, NULL for none. */
enum place_no place_may_start(const struct place_hold *hold, const Place__Start *call,
    const struct place_placement *placement, int64_t now_ms, enum place_step *step);

/* An end may be told up to a day ahead: the other clock may have passed midnight. */
enum place_no place_may_end(const struct place_placement *placement,
    const Place__End *call, int32_t day, enum place_step *step);

/* ---- what a restored owner is shown ---- */

/* What an owner has to write down, in this order; bits. */
enum place_fact {
	PLACE_GRANTED = 1,
	PLACE_CONFIRMED = 2,
	PLACE_STARTED = 4,
	PLACE_ENDED = 8,
	PLACE_RELEASED = 16,
};

/* Is what is shown whole: is each call there with those before it, all about one hold
 * and one placement, and with all that they write down? */
bool place_is_shown_whole(const Place__JourneyShown *shown);

/*
 * Which of what is shown is missing in the owner's hold and placement (NULL: none): it
 * is a fact, whatever limit it breaks by now. 0: nothing is. What the owner knows
 * beyond it stands, and a hold that it ended itself stays ended.
 */
unsigned place_missing(const struct place_hold *hold,
    const struct place_placement *placement, const Place__JourneyShown *shown);

/* When the clock would end this hold, as it stands. */
int64_t place_due_time(const struct place_hold *hold);

#endif
