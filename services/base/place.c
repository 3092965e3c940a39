#include "base/place.h"

#include <stddef.h>

#include "base/day.h"
#include "base/str.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)

/* ---- ages ---- */

static const struct place_ages bands[] = {
    [COMMON__AGE_BAND__AGE_BAND_UNSPECIFIED] = {1, 0},
    [COMMON__AGE_BAND__AGE_BAND_UNDER_1] = {0, 0},
    [COMMON__AGE_BAND__AGE_BAND_1_TO_4] = {1, 4},
    [COMMON__AGE_BAND__AGE_BAND_5_TO_9] = {5, 9},
    [COMMON__AGE_BAND__AGE_BAND_10_TO_15] = {10, 15},
    [COMMON__AGE_BAND__AGE_BAND_16_TO_17] = {16, 17},
};
#define BANDS (sizeof bands / sizeof bands[0])

struct place_ages
place_band_ages(Common__AgeBand band)
{
	return (size_t)band < BANDS ? bands[band] : bands[0];
}

Common__AgeBand
place_band_of(uint32_t age_years)
{
	for (size_t i = 0; i < BANDS; i++) {
		if (age_years >= bands[i].min_years && age_years <= bands[i].max_years)
			return (Common__AgeBand)i;
	}
	return COMMON__AGE_BAND__AGE_BAND_UNSPECIFIED;
}

/* ---- a hold ---- */

/* The age may have been counted tomorrow: requests' clock passes midnight first. */
static enum place_no
check_child(const Common__Child *c, int32_t day)
{
	if (c->child_id == NULL || !c->has_age_years || !c->has_age_day ||
	    c->age_day > day + 1 || c->sex == COMMON__SEX__SEX_UNSPECIFIED)
		return PLACE_CHILD_INCOMPLETE;
	if (day_age_at(c->age_years, c->age_day, day) >= PLACE_ADULT_YEARS)
		return PLACE_CHILD_ADULT;
	return PLACE_OK;
}

enum place_no
place_check_hold(const Place__Hold *call, const struct place_hold *earlier, int32_t day)
{
	if (earlier != NULL)
		return earlier->is_granted ? PLACE_ID_USED : PLACE_RELEASED_FIRST;
	if (call->request_id == NULL)
		return PLACE_REQUEST_MISSING;
	if (call->vacancy_id == NULL)
		return PLACE_VACANCY_MISSING;
	if (call->n_children == 0 || call->n_children > PLACE_CHILDREN_MAX)
		return PLACE_CHILDREN;
	for (size_t i = 0; i < call->n_children; i++) {
		enum place_no no = check_child(call->children[i], day);
		if (no != PLACE_OK)
			return no;
		for (size_t j = 0; j < i; j++) {
			if (str_equal(call->children[i]->child_id,
				call->children[j]->child_id))
				return PLACE_CHILD_TWICE;
		}
	}
	if (call->hold_minutes < 1 || call->hold_minutes > PLACE_HOLD_MINUTES_MAX)
		return PLACE_MINUTES;
	return PLACE_OK;
}

/* Is this a hold that is still held or confirmed, by the one who was granted it? */
static enum place_no
check_live(const struct place_hold *hold, uint64_t fencing_number)
{
	if (hold == NULL)
		return PLACE_HOLD_UNKNOWN;
	switch (hold->state) {
	case PLACE__HOLD_STATE__HOLD_STATE_RELEASED: return PLACE_HOLD_RELEASED;
	case PLACE__HOLD_STATE__HOLD_STATE_EXPIRED: return PLACE_HOLD_EXPIRED;
	case PLACE__HOLD_STATE__HOLD_STATE_UNSPECIFIED: return PLACE_HOLD_UNKNOWN;
	case PLACE__HOLD_STATE__HOLD_STATE_HELD:
	case PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED:
	case PLACE__HOLD_STATE__HOLD_STATE_STARTED: break;
	}
	return fencing_number == hold->fencing_number ? PLACE_OK : PLACE_FENCING;
}

enum place_no
place_may_confirm(const struct place_hold *hold, const Place__ConfirmHold *call,
    int64_t now_ms, enum place_step *step)
{
	enum place_no no = check_live(hold, call->fencing_number);

	if (no != PLACE_OK)
		return no;
	if (hold->state == PLACE__HOLD_STATE__HOLD_STATE_STARTED)
		return PLACE_HOLD_STARTED;
	if (hold->state == PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED) {
		*step = PLACE_STEP_DONE;
		return hold->latest_start_time == call->latest_start_time
		           ? PLACE_OK
		           : PLACE_CONFIRMED_OTHERWISE;
	}
	if (hold->expires_time <= now_ms)
		return PLACE_HOLD_EXPIRED;
	if (call->latest_start_time <= now_ms ||
	    call->latest_start_time > now_ms + PLACE_LATEST_START_DAYS_MAX * DAY_MS)
		return PLACE_LATEST_START;
	*step = PLACE_STEP_DO;
	return PLACE_OK;
}

enum place_no
place_may_release(
    const struct place_hold *hold, const Place__Release *call, enum place_step *step)
{
	*step = PLACE_STEP_DO;
	if (call->hold_id == NULL)
		return PLACE_HOLD_UNKNOWN;
	if (hold == NULL)
		return PLACE_OK;
	switch (hold->state) {
	case PLACE__HOLD_STATE__HOLD_STATE_HELD:
	case PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED: return PLACE_OK;
	case PLACE__HOLD_STATE__HOLD_STATE_STARTED: return PLACE_HOLD_STARTED;
	case PLACE__HOLD_STATE__HOLD_STATE_RELEASED:
	case PLACE__HOLD_STATE__HOLD_STATE_EXPIRED:
	case PLACE__HOLD_STATE__HOLD_STATE_UNSPECIFIED: break;
	}
	*step = PLACE_STEP_DONE;
	return PLACE_OK;
}

enum place_no
place_may_start(const struct place_hold *hold, const Place__Start *call,
    const struct place_placement *placement, int64_t now_ms, enum place_step *step)
{
	enum place_no no = check_live(hold, call->fencing_number);

	if (no != PLACE_OK)
		return no;
	if (call->placement_id == NULL)
		return PLACE_PLACEMENT_MISSING;
	bool is_of_this_hold =
	    placement != NULL && str_equal(placement->hold_id, hold->hold_id);
	if (placement != NULL && !is_of_this_hold)
		return PLACE_PLACEMENT_TAKEN;
	if (hold->state == PLACE__HOLD_STATE__HOLD_STATE_STARTED) {
		*step = PLACE_STEP_DONE;
		return is_of_this_hold ? PLACE_OK : PLACE_HOLD_STARTED;
	}
	if (hold->state != PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED)
		return PLACE_HOLD_NOT_CONFIRMED;
	if (hold->latest_start_time <= now_ms)
		return PLACE_HOLD_EXPIRED;
	if (!call->has_start_day ||
	    (call->has_expected_end_day && call->expected_end_day < call->start_day))
		return PLACE_START_DAYS;
	*step = PLACE_STEP_DO;
	return PLACE_OK;
}

enum place_no
place_may_end(const struct place_placement *placement, const Place__End *call,
    int32_t day, enum place_step *step)
{
	if (call->placement_id == NULL)
		return PLACE_PLACEMENT_MISSING;
	if (placement == NULL)
		return PLACE_PLACEMENT_UNKNOWN;
	*step = PLACE_STEP_DONE;
	if (placement->is_ended)
		return PLACE_OK;
	*step = PLACE_STEP_DO;
	if (!call->has_end_day)
		return PLACE_END_DAY_MISSING;
	return call->end_day > day + 1 ? PLACE_END_DAY_AHEAD : PLACE_OK;
}

/* ---- what a restored owner is shown ---- */

static bool
is_hold_whole(const Place__JourneyShown *shown)
{
	const Place__Hold *hold = shown->hold;
	const Place__Held *held = shown->held;

	return hold != NULL && held != NULL &&
	       str_equal(hold->request_id, shown->request_id) && hold->n_children > 0 &&
	       hold->n_children <= PLACE_CHILDREN_MAX &&
	       str_equal(held->hold_id, shown->hold_id) && held->place_id != NULL &&
	       held->has_fencing_number && held->expires_time > 0;
}

static bool
is_start_whole(const Place__JourneyShown *shown)
{
	return shown->confirm != NULL && shown->start->placement_id != NULL &&
	       shown->start->has_start_day;
}

static bool
is_end_whole(const Place__JourneyShown *shown)
{
	return shown->start != NULL && shown->end->has_end_day &&
	       str_equal(shown->end->placement_id, shown->start->placement_id);
}

bool
place_is_shown_whole(const Place__JourneyShown *shown)
{
	if (shown->request_id == NULL || shown->hold_id == NULL)
		return false;
	if (shown->is_over)
		return true;
	return is_hold_whole(shown) &&
	       (shown->confirm == NULL || shown->confirm->latest_start_time > 0) &&
	       (shown->start == NULL || is_start_whole(shown)) &&
	       (shown->end == NULL || is_end_whole(shown));
}

static unsigned
facts_of(const Place__JourneyShown *shown)
{
	unsigned facts = PLACE_GRANTED;

	if (shown->is_over)
		return PLACE_RELEASED;
	if (shown->confirm != NULL)
		facts |= PLACE_CONFIRMED;
	if (shown->start != NULL)
		facts |= PLACE_STARTED;
	if (shown->end != NULL)
		facts |= PLACE_ENDED;
	return facts;
}

unsigned
place_missing(const struct place_hold *hold, const struct place_placement *placement,
    const Place__JourneyShown *shown)
{
	unsigned facts = facts_of(shown);

	if (hold == NULL)
		return facts & ~(unsigned)PLACE_RELEASED;
	switch (hold->state) {
	case PLACE__HOLD_STATE__HOLD_STATE_HELD:
		return facts & ~(unsigned)PLACE_GRANTED;
	case PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED:
		return facts & (PLACE_STARTED | PLACE_ENDED | PLACE_RELEASED);
	case PLACE__HOLD_STATE__HOLD_STATE_STARTED:
		return placement != NULL && !placement->is_ended ? facts & PLACE_ENDED
		                                                 : 0;
	case PLACE__HOLD_STATE__HOLD_STATE_UNSPECIFIED:
	case PLACE__HOLD_STATE__HOLD_STATE_RELEASED:
	case PLACE__HOLD_STATE__HOLD_STATE_EXPIRED: break;
	}
	return 0;
}

int64_t
place_due_time(const struct place_hold *hold)
{
	return hold->state == PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED
	           ? hold->latest_start_time
	           : hold->expires_time;
}
