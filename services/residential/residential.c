#include "residential/residential.h"

#include "base/day.h"
#include "base/message.h"
#include "base/place.h"
#include "base/str.h"
#include "residential/beds.h"
#include "residential/mix.h"

#define MINUTE_MS INT64_C(60000)

/* ---- may they come ---- */

enum residential_refusal
residential_check_hold(const Place__Hold *call)
{
	uint32_t with = residential_with(call->not_safe_with, call->n_not_safe_with);

	return (with & RESIDENTIAL_WITH(UNSPECIFIED)) != 0
	           ? RESIDENTIAL_HOLD_NOT_SAFE_WITH
	           : RESIDENTIAL_OK;
}

static const struct residential_person *
coming(const struct residential_house *house)
{
	return house->people + residential_present(house);
}

/* A child of unknown sex fits only a home for both. */
static bool
takes_sex(const Residential__Home *home, Common__Sex sex)
{
	if (sex == COMMON__SEX__SEX_FEMALE)
		return home->takes_girls;
	if (sex == COMMON__SEX__SEX_MALE)
		return home->takes_boys;
	return home->takes_girls && home->takes_boys;
}

/*
 * Law: Care Standards Act 2000, s22B(2): "The requirement is to ensure that no child is
 * accommodated at the establishment unless the child"
 * was there when the notice was served and has been since; a suspended registration
 * comes to the same for whoever would be new.
 * Law: Children's Homes (England) Regulations 2015, reg 16(5): "the home is at all
 * times conducted in a manner which is consistent with its statement of purpose"
 */
static enum residential_refusal
test_registration(const struct residential_house *house)
{
	const Residential__Home *home = house->home;
	bool is_supported =
	    home->care_type == COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION;

	if (residential_is_restricted(home))
		return RESIDENTIAL_RESTRICTED;
	for (size_t i = 0; i < house->coming_n; i++) {
		uint32_t age = coming(house)[i].age_years;
		if (is_supported && age < 16)
			return RESIDENTIAL_SUPPORTED_AGE;
		if (age < home->age_min_years || age > home->age_max_years)
			return RESIDENTIAL_AGE;
	}
	for (size_t i = 0; i < house->coming_n; i++) {
		if (!takes_sex(home, coming(house)[i].sex))
			return RESIDENTIAL_SEX;
	}
	return RESIDENTIAL_OK;
}

/* A child with a bed kept there is not given a second one. */
static bool
is_held_already(const struct residential_house *house)
{
	const struct residential_person *held = house->people + house->there_n;

	for (size_t i = 0; i < house->coming_n; i++) {
		for (size_t j = 0; j < house->held_n; j++) {
			if (str_equal(coming(house)[i].child_id, held[j].child_id))
				return true;
		}
	}
	return false;
}

/* Siblings of two bands come into one home by the vacancy of either, where both are
 * open. */
static bool
has_open_band(const Residential__HomeShown *known, uint32_t age_years)
{
	for (size_t i = 0; i < known->n_vacancies; i++) {
		const Residential__Vacancy *v = known->vacancies[i];
		if (v->is_open && v->age_band == place_band_of(age_years))
			return true;
	}
	return false;
}

enum residential_refusal
residential_may_hold(const Residential__HomeShown *known,
    const struct residential_house *house, const char *council_id, uint32_t *reserved_n)
{
	if (is_held_already(house))
		return RESIDENTIAL_HOLD_CHILD_THERE;
	enum residential_refusal no = test_registration(house);
	if (no != RESIDENTIAL_OK)
		return no;
	for (size_t i = 0; i < house->coming_n; i++) {
		if (!has_open_band(known, coming(house)[i].age_years))
			return RESIDENTIAL_BAND_CLOSED;
	}
	if (!residential_has_beds(house, council_id, reserved_n))
		return RESIDENTIAL_NO_BED;
	no = residential_test_mix(house, residential_present(house));
	return no != RESIDENTIAL_OK ? no : residential_test_wishes(house);
}

bool
residential_is_want_of_room(enum residential_refusal no)
{
	return no == RESIDENTIAL_NO_BED;
}

enum residential_refusal
residential_may_live_here(const struct residential_house *house)
{
	enum residential_refusal no = test_registration(house);

	if (no != RESIDENTIAL_OK)
		return no;
	if (house->there_n + house->coming_n > house->home->registered_places)
		return RESIDENTIAL_REGISTERED_FULL;
	return residential_test_mix(house, house->there_n);
}

/* ---- rows ---- */

Residential__HoldRow *
residential_new_hold(
    struct arena *a, const Place__Hold *call, const struct residential_grant *grant)
{
	Residential__HoldRow *row = MESSAGE_NEW(a, residential__hold_row);

	if (row == NULL)
		return NULL;
	row->hold_id = str_copy(a, grant->hold_id);
	row->home_id = str_copy(a, grant->home_id);
	if (row->hold_id == NULL || row->home_id == NULL)
		return NULL;
	row->vacancy_id = call->vacancy_id;
	row->request_id = call->request_id;
	row->n_children = call->n_children;
	row->children = call->children;
	SET(row, are_siblings, call->are_siblings);
	row->n_not_safe_with = call->n_not_safe_with;
	row->not_safe_with = call->not_safe_with;
	row->placing_council_id = call->placing_council_id;
	SET(row, state, PLACE__HOLD_STATE__HOLD_STATE_HELD);
	SET(row, fencing_number, grant->fencing_number);
	SET(row, expires_time, grant->now_ms + call->hold_minutes * MINUTE_MS);
	SET(row, changed_time, grant->now_ms);
	SET(row, granted_time, grant->now_ms);
	return row;
}

/* The i-th child of the hold, in the i-th of its reserved beds where it took any. */
static Residential__Occupant *
new_occupant(struct arena *a, const Residential__HoldRow *row, size_t i,
    const Place__Start *call, char *id)
{
	Residential__Occupant *o = MESSAGE_NEW(a, residential__occupant);
	const Common__Child *child = row->children[i];

	if (o == NULL)
		return NULL;
	o->occupant_id = id;
	o->home_id = row->home_id;
	SET(o, kind, RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_HERE);
	o->placing_council_id = call->placing_council_id;
	SET_FROM(o, age_years, child, age_years);
	SET_FROM(o, age_day, child, age_day);
	SET_FROM(o, sex, child, sex);
	o->n_not_safe_with = row->n_not_safe_with;
	o->not_safe_with = row->not_safe_with;
	/* The hold names the group: its id is theirs alone, and at hand. */
	o->sibling_group_id = row->are_siblings ? row->hold_id : NULL;
	SET_FROM(o, from_day, call, start_day);
	SET_FROM(o, expected_end_day, call, expected_end_day);
	o->reservation_id = i < row->n_reservation_ids ? row->reservation_ids[i] : NULL;
	o->request_id = row->request_id;
	o->placement_id = call->placement_id;
	return o;
}

bool
residential_new_occupants(struct arena *a, const Residential__HoldRow *row,
    const Place__Start *call, char *const *ids, Residential__PlacementStarted *out)
{
	Residential__Occupant **list =
	    LIST_NEW(a, row->n_children, Residential__Occupant *);

	if (list == NULL)
		return false;
	for (size_t i = 0; i < row->n_children; i++) {
		list[i] = new_occupant(a, row, i, call, ids[i]);
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
