#include "foster/foster.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "foster/household.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)

/* ---- a hold ---- */

/* The age may have been counted tomorrow: requests' clock passes midnight first. */
static enum foster_refusal
check_child(const Common__Child *c, int32_t day)
{
	if (c->child_id == NULL || !c->has_age_years || !c->has_age_day ||
	    c->age_day > day + 1 || c->sex == COMMON__SEX__SEX_UNSPECIFIED)
		return FOSTER_HOLD_CHILD_INCOMPLETE;
	if (day_age_at(c->age_years, c->age_day, day) >= FOSTER_ADULT_YEARS)
		return FOSTER_HOLD_CHILD_ADULT;
	return FOSTER_OK;
}

enum foster_refusal
foster_check_hold(const Place__Hold *call, int32_t day)
{
	if (call->request_id == NULL)
		return FOSTER_REQUEST_MISSING;
	if (call->vacancy_id == NULL)
		return FOSTER_VACANCY_UNKNOWN;
	if (call->n_children == 0 || call->n_children > FOSTER_CHILDREN_MAX)
		return FOSTER_HOLD_CHILDREN;
	for (size_t i = 0; i < call->n_children; i++) {
		enum foster_refusal no = check_child(call->children[i], day);
		if (no != FOSTER_OK)
			return no;
		for (size_t j = 0; j < i; j++) {
			if (str_equal(call->children[i]->child_id,
				call->children[j]->child_id))
				return FOSTER_HOLD_CHILD_TWICE;
		}
	}
	if (call->hold_minutes < 1 || call->hold_minutes > FOSTER_HOLD_MINUTES_MAX)
		return FOSTER_HOLD_MINUTES;
	return FOSTER_OK;
}

/* A child with a place there is not given a second one. */
static bool
is_there_already(const struct foster_home *home)
{
	size_t present = home->there_n + home->held_n;

	for (size_t i = present; i < present + home->coming_n; i++) {
		for (size_t j = 0; j < present; j++) {
			if (str_equal(
				home->people[i].child_id, home->people[j].child_id))
				return true;
		}
	}
	return false;
}

enum foster_refusal
foster_may_live_here(const struct foster_home *home)
{
	enum foster_refusal no = foster_test_terms(home);

	return no != FOSTER_OK ? no : foster_test_limit(home);
}

enum foster_refusal
foster_may_hold(const struct foster_home *home)
{
	if (is_there_already(home))
		return FOSTER_HOLD_CHILD_THERE;
	enum foster_refusal no = foster_may_live_here(home);
	if (no != FOSTER_OK)
		return no;
	no = foster_test_bedrooms(home);
	return no != FOSTER_OK ? no : foster_test_withheld(home);
}

bool
foster_is_want_of_room(enum foster_refusal no)
{
	return no == FOSTER_TERMS_NUMBER || no == FOSTER_USUAL_LIMIT ||
	       no == FOSTER_NOT_ALL_SIBLINGS || no == FOSTER_EXEMPTION_ELSEWHERE ||
	       no == FOSTER_EXEMPTION_MISSES_CHILD || no == FOSTER_BEDROOMS ||
	       no == FOSTER_PLACES_WITHHELD;
}

Foster__HoldRow *
foster_new_hold(
    struct arena *a, const Place__Hold *call, const struct foster_grant *grant)
{
	Foster__HoldRow *row = MESSAGE_NEW(a, foster__hold_row);

	if (row == NULL)
		return NULL;
	row->hold_id = str_copy(a, grant->hold_id);
	row->household_id = str_copy(a, grant->household_id);
	if (row->hold_id == NULL || row->household_id == NULL)
		return NULL;
	row->vacancy_id = call->vacancy_id;
	row->request_id = call->request_id;
	row->n_children = call->n_children;
	row->children = call->children;
	SET(row, are_siblings, call->are_siblings);
	SET(row, state, PLACE__HOLD_STATE__HOLD_STATE_HELD);
	SET(row, fencing_number, grant->fencing_number);
	SET(row, expires_time, grant->now_ms + call->hold_minutes * MINUTE_MS);
	SET(row, changed_time, grant->now_ms);
	SET(row, granted_time, grant->now_ms);
	return row;
}

/* ---- what may follow ---- */

/* Is this a hold that is still held or confirmed, by the one who was granted it? */
static enum foster_refusal
check_live(const Foster__HoldRow *row, uint64_t fencing_number)
{
	if (row == NULL)
		return FOSTER_HOLD_UNKNOWN;
	switch (row->state) {
	case PLACE__HOLD_STATE__HOLD_STATE_RELEASED: return FOSTER_HOLD_RELEASED;
	case PLACE__HOLD_STATE__HOLD_STATE_EXPIRED: return FOSTER_HOLD_EXPIRED;
	case PLACE__HOLD_STATE__HOLD_STATE_UNSPECIFIED: return FOSTER_HOLD_UNKNOWN;
	case PLACE__HOLD_STATE__HOLD_STATE_HELD:
	case PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED:
	case PLACE__HOLD_STATE__HOLD_STATE_STARTED: break;
	}
	return fencing_number == row->fencing_number ? FOSTER_OK : FOSTER_FENCING;
}

enum foster_refusal
foster_may_confirm(const Foster__HoldRow *row, const Place__ConfirmHold *call,
    int64_t now_ms, enum foster_step *step)
{
	enum foster_refusal no = check_live(row, call->fencing_number);

	if (no != FOSTER_OK)
		return no;
	if (row->state == PLACE__HOLD_STATE__HOLD_STATE_STARTED)
		return FOSTER_HOLD_STARTED;
	if (row->state == PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED) {
		*step = FOSTER_STEP_DONE;
		return row->latest_start_time == call->latest_start_time
		           ? FOSTER_OK
		           : FOSTER_CONFIRMED_OTHERWISE;
	}
	if (row->expires_time <= now_ms)
		return FOSTER_HOLD_EXPIRED;
	if (call->latest_start_time <= now_ms ||
	    call->latest_start_time > now_ms + FOSTER_LATEST_START_DAYS_MAX * DAY_MS)
		return FOSTER_LATEST_START;
	*step = FOSTER_STEP_DO;
	return FOSTER_OK;
}

enum foster_refusal
foster_may_release(const Foster__HoldRow *row, enum foster_step *step)
{
	*step = FOSTER_STEP_DO;
	if (row == NULL)
		return FOSTER_OK;
	switch (row->state) {
	case PLACE__HOLD_STATE__HOLD_STATE_HELD:
	case PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED: return FOSTER_OK;
	case PLACE__HOLD_STATE__HOLD_STATE_STARTED: return FOSTER_HOLD_STARTED;
	case PLACE__HOLD_STATE__HOLD_STATE_RELEASED:
	case PLACE__HOLD_STATE__HOLD_STATE_EXPIRED:
	case PLACE__HOLD_STATE__HOLD_STATE_UNSPECIFIED: break;
	}
	*step = FOSTER_STEP_DONE;
	return FOSTER_OK;
}

enum foster_refusal
foster_may_start(const Foster__HoldRow *row, const Place__Start *call,
    const Foster__PlacementRow *placement, int64_t now_ms, enum foster_step *step)
{
	enum foster_refusal no = check_live(row, call->fencing_number);

	if (no != FOSTER_OK)
		return no;
	if (call->placement_id == NULL)
		return FOSTER_PLACEMENT_MISSING;
	bool is_of_this_hold =
	    placement != NULL && str_equal(placement->hold_id, row->hold_id);
	if (placement != NULL && !is_of_this_hold)
		return FOSTER_PLACEMENT_TAKEN;
	if (row->state == PLACE__HOLD_STATE__HOLD_STATE_STARTED) {
		*step = FOSTER_STEP_DONE;
		return is_of_this_hold ? FOSTER_OK : FOSTER_HOLD_STARTED;
	}
	if (row->state != PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED)
		return FOSTER_HOLD_NOT_CONFIRMED;
	if (row->latest_start_time <= now_ms)
		return FOSTER_HOLD_EXPIRED;
	if (!call->has_start_day ||
	    (call->has_expected_end_day && call->expected_end_day < call->start_day))
		return FOSTER_START_DAYS;
	*step = FOSTER_STEP_DO;
	return FOSTER_OK;
}

static Foster__Occupant *
new_occupant(struct arena *a, const Foster__HoldRow *row, const Common__Child *child,
    const Place__Start *call, const char *id)
{
	Foster__Occupant *o = MESSAGE_NEW(a, foster__occupant);

	if (o == NULL)
		return NULL;
	o->occupant_id = str_copy(a, id);
	if (o->occupant_id == NULL)
		return NULL;
	o->household_id = row->household_id;
	SET(o, kind, FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_HERE);
	o->placing_council_id = call->placing_council_id;
	o->child_id = child->child_id;
	SET_FROM(o, age_years, child, age_years);
	SET_FROM(o, age_day, child, age_day);
	SET_FROM(o, sex, child, sex);
	/* The hold names the group: its id is theirs alone, and at hand. */
	o->sibling_group_id = row->are_siblings ? row->hold_id : NULL;
	SET_FROM(o, from_day, call, start_day);
	SET_FROM(o, expected_end_day, call, expected_end_day);
	o->request_id = row->request_id;
	o->placement_id = call->placement_id;
	return o;
}

bool
foster_new_occupants(struct arena *a, const Foster__HoldRow *row,
    const Place__Start *call, const char *const *ids, Foster__PlacementStarted *out)
{
	Foster__Occupant **list = LIST_NEW(a, row->n_children, Foster__Occupant *);

	if (list == NULL)
		return false;
	for (size_t i = 0; i < row->n_children; i++) {
		list[i] = new_occupant(a, row, row->children[i], call, ids[i]);
		if (list[i] == NULL)
			return false;
	}
	out->hold_id = row->hold_id;
	out->request_id = row->request_id;
	out->placement_id = call->placement_id;
	out->n_occupants = row->n_children;
	out->occupants = list;
	return true;
}

enum foster_refusal
foster_may_end(const Foster__PlacementRow *placement, const Place__End *call,
    int32_t day, enum foster_step *step)
{
	if (call->placement_id == NULL)
		return FOSTER_PLACEMENT_MISSING;
	if (placement == NULL)
		return FOSTER_PLACEMENT_UNKNOWN;
	*step = FOSTER_STEP_DONE;
	if (placement->has_end_day)
		return FOSTER_OK;
	*step = FOSTER_STEP_DO;
	if (!call->has_end_day)
		return FOSTER_END_DAY_MISSING;
	return call->end_day > day + 1 ? FOSTER_END_DAY_AHEAD : FOSTER_OK;
}
