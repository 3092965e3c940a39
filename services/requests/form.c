#include "requests/form.h"

#include "base/geo.h"
#include "base/id.h"
#include "base/str.h"

static bool
is_sector(const char *sector)
{
	return geo_sector_is_well_formed(sector) && geo_sector(sector) != NULL;
}

enum requests_refusal
requests_form_sectors(const Requests__Submit *need)
{
	if (need->home_sector != NULL && !is_sector(need->home_sector))
		return REQUESTS_HOME_SECTOR_UNKNOWN;
	if (need->school_sector != NULL && !is_sector(need->school_sector))
		return REQUESTS_SCHOOL_SECTOR_UNKNOWN;
	if (need->n_avoid_sectors > REQUESTS_AVOID_SECTORS_MAX)
		return REQUESTS_AVOID_SECTORS_MANY;
	for (size_t i = 0; i < need->n_avoid_sectors; i++)
		if (!is_sector(need->avoid_sectors[i]))
			return REQUESTS_AVOID_SECTOR_UNKNOWN;
	return REQUESTS_OK;
}

static enum requests_refusal
check_needs(const Requests__ChildNeed *child)
{
	if (child->n_needs > REQUESTS_NEEDS_MAX)
		return REQUESTS_CHILD_NEED_TWICE;
	for (size_t i = 0; i < child->n_needs; i++) {
		const Common__Need *need = child->needs[i];

		if (need->kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED ||
		    need->level == COMMON__LEVEL__LEVEL_UNSPECIFIED)
			return REQUESTS_CHILD_NEED;
		for (size_t j = 0; j < i; j++)
			if (child->needs[j]->kind == need->kind)
				return REQUESTS_CHILD_NEED_TWICE;
	}
	return REQUESTS_OK;
}

static enum requests_refusal
check_not_safe_with(const Requests__ChildNeed *child)
{
	if (child->n_not_safe_with > REQUESTS_NOT_SAFE_WITH_MAX)
		return REQUESTS_CHILD_NOT_SAFE_WITH;
	for (size_t i = 0; i < child->n_not_safe_with; i++) {
		if (child->not_safe_with[i] ==
		    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_UNSPECIFIED)
			return REQUESTS_CHILD_NOT_SAFE_WITH;
		for (size_t j = 0; j < i; j++)
			if (child->not_safe_with[j] == child->not_safe_with[i])
				return REQUESTS_CHILD_NOT_SAFE_WITH;
	}
	return REQUESTS_OK;
}

enum requests_refusal
requests_form_child(const Requests__ChildNeed *child)
{
	enum requests_refusal no;

	if (child->age_years > REQUESTS_CHILD_AGE_YEARS_MAX)
		return REQUESTS_CHILD_AGE;
	/* No free text about a child is kept anywhere, so a language is a code. */
	if (child->n_languages > REQUESTS_LANGUAGES_MAX ||
	    !str_are_languages(child->languages, child->n_languages))
		return REQUESTS_CHILD_LANGUAGE;
	no = check_needs(child);
	if (no != REQUESTS_OK)
		return no;
	return check_not_safe_with(child);
}

/*
 * A reference given is one that was made by this system, at some time since there
 * were any: a case number with noughts before it has another time in it.
 */
enum requests_refusal
requests_form_child_ids(const Requests__Submit *need, int64_t now_ms)
{
	if (need->n_child_ids != 0 && need->n_child_ids != need->n_children)
		return REQUESTS_CHILD_IDS_COUNT;
	for (size_t i = 0; i < need->n_child_ids; i++) {
		const char *id = need->child_ids[i];

		if (!id_is_well_formed(id) ||
		    id_time_ms(id) < REQUESTS_CHILD_ID_TIME_MIN_MS ||
		    id_time_ms(id) > now_ms + REQUESTS_CHILD_ID_AHEAD_MAX_MS)
			return REQUESTS_CHILD_IDS_FORM;
		for (size_t j = 0; j < i; j++)
			if (str_equal(id, need->child_ids[j]))
				return REQUESTS_CHILD_IDS_TWICE;
	}
	return REQUESTS_OK;
}

/* A secure bed is not chosen from a list: the Secure Welfare Coordination Unit finds
 * one for the whole country, and a court orders it. */
enum requests_refusal
requests_form_care_types(const Requests__Submit *need)
{
	for (size_t i = 0; i < need->n_care_types; i++) {
		if (need->care_types[i] == COMMON__CARE_TYPE__CARE_TYPE_UNSPECIFIED)
			return REQUESTS_CARE_TYPES;
		if (need->care_types[i] == COMMON__CARE_TYPE__CARE_TYPE_SECURE)
			return REQUESTS_SECURE;
		for (size_t j = 0; j < i; j++)
			if (need->care_types[j] == need->care_types[i])
				return REQUESTS_CARE_TYPES;
	}
	return REQUESTS_OK;
}

enum requests_refusal
requests_form_numbers(const Requests__Submit *need)
{
	if (need->has_miles_max &&
	    (need->miles_max == 0 || need->miles_max > REQUESTS_MILES_MAX))
		return REQUESTS_MILES;
	if (need->earlier_placements > REQUESTS_EARLIER_PLACEMENTS_MAX)
		return REQUESTS_EARLIER_PLACEMENTS;
	if (need->family_time_a_week > REQUESTS_FAMILY_TIME_A_WEEK_MAX)
		return REQUESTS_FAMILY_TIME;
	return REQUESTS_OK;
}
