#include "foster/foster.h"

#include "base/message.h"
#include "base/str.h"

#define MINUTE_MS INT64_C(60000)

/* ---- a hold ---- */

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

/* ---- what a start makes of it ---- */

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
