#include "requests/need.h"

#include <string.h>

#include "base/day.h"
#include "base/geo.h"
#include "base/id.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/clocks.h"
#include "requests/group.h"

static enum requests_refusal
check_days(const Requests__Submit *need, int32_t today)
{
	int32_t by = need->needed_by_day;

	if (!need->has_needed_by_day)
		return REQUESTS_NEEDED_BY_MISSING;
	if (by < today)
		return REQUESTS_NEEDED_BY_PAST;
	if (need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY && by > today + 1)
		return REQUESTS_NEEDED_BY_NOT_EMERGENCY;
	if (by > today + REQUESTS_NEEDED_AHEAD_DAYS_MAX)
		return REQUESTS_NEEDED_BY_FAR;
	if (need->has_expected_end_day &&
	    (need->expected_end_day <= by ||
		need->expected_end_day > by + REQUESTS_EXPECTED_END_AHEAD_DAYS_MAX))
		return REQUESTS_EXPECTED_END;
	return REQUESTS_OK;
}

static bool
is_sector(const char *sector)
{
	return geo_sector_is_well_formed(sector) && geo_sector(sector) != NULL;
}

static enum requests_refusal
check_places(const Requests__Submit *need)
{
	if (need->home_sector == NULL)
		return REQUESTS_HOME_SECTOR_MISSING;
	if (!is_sector(need->home_sector))
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

/* No free text about a child is kept anywhere, so a language is a code. */
static bool
is_language(const char *text)
{
	return strlen(text) == 2 && text[0] >= 'a' && text[0] <= 'z' &&
	       text[1] >= 'a' && text[1] <= 'z';
}

static enum requests_refusal
check_languages(const Requests__ChildNeed *child)
{
	if (child->n_languages > REQUESTS_LANGUAGES_MAX)
		return REQUESTS_CHILD_LANGUAGE;
	for (size_t i = 0; i < child->n_languages; i++) {
		if (!is_language(child->languages[i]))
			return REQUESTS_CHILD_LANGUAGE;
		for (size_t j = 0; j < i; j++)
			if (str_equal(child->languages[i], child->languages[j]))
				return REQUESTS_CHILD_LANGUAGE;
	}
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

static enum requests_refusal
check_child(const Requests__ChildNeed *child, int32_t today)
{
	enum requests_refusal no = check_languages(child);

	if (!child->has_age_years)
		return REQUESTS_CHILD_AGE_MISSING;
	if (child->age_years > REQUESTS_CHILD_AGE_YEARS_MAX)
		return REQUESTS_CHILD_AGE;
	if (!child->has_age_day)
		return REQUESTS_CHILD_AGE_DAY_MISSING;
	if (child->age_day > today)
		return REQUESTS_CHILD_AGE_DAY_AHEAD;
	if (child->age_day < today - REQUESTS_AGE_DAY_OLD_DAYS_MAX)
		return REQUESTS_CHILD_AGE_DAY_OLD;
	/* Whoever was 17 a year ago is no child today. */
	if (day_age_at(child->age_years, child->age_day, today) >
	    REQUESTS_CHILD_AGE_YEARS_MAX)
		return REQUESTS_CHILD_AGE;
	if (child->sex == COMMON__SEX__SEX_UNSPECIFIED)
		return REQUESTS_CHILD_SEX_MISSING;
	return no != REQUESTS_OK ? no : check_needs(child);
}

/*
 * A reference given is one that was made by this system, at some time since there
 * were any: a case number with noughts before it has another time in it.
 */
static enum requests_refusal
check_child_ids(const Requests__Submit *need, int64_t now_ms)
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

/*
 * Law: Children Act 1989, s22C(8): "if C has a sibling for whom the local authority
 * are also providing accommodation, it enables C and the sibling to live together".
 * Brothers and sisters are one request, held all or nothing; children who are not
 * siblings of each other are requests of their own.
 */
static enum requests_refusal
check_children(
    const Requests__Submit *need, const struct requests_act *act, size_t *which)
{
	size_t n = need->n_children;

	if (n == 0 || n > REQUESTS_CHILDREN_MAX)
		return REQUESTS_CHILDREN_COUNT;
	if (n > 1 && !(need->has_are_siblings && need->are_siblings))
		return REQUESTS_NOT_SIBLINGS;
	for (*which = 0; *which < n; (*which)++) {
		enum requests_refusal no =
		    check_child(need->children[*which], act->today);

		if (no != REQUESTS_OK)
			return no;
	}
	return check_child_ids(need, act->now_ms);
}

/*
 * Law: Children Act 1989, s22C(2): "The local authority must make arrangements for C
 * to live with a person who falls within subsection (3) (but subject to subsection
 * (4))." and s22C(5): "If the local authority are unable to make arrangements under
 * subsection (2), they must place C in the placement which is, in their opinion, the
 * most appropriate placement available."
 * So family comes first. An emergency is recorded with that still owed; a planned
 * search says what came of it.
 */
static enum requests_refusal
check_family_first(const Requests__Submit *need)
{
	bool is_said =
	    need->family_first != REQUESTS__FAMILY_FIRST__FAMILY_FIRST_UNSPECIFIED &&
	    need->family_first != REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET;

	if (need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY || is_said)
		return REQUESTS_OK;
	return REQUESTS_FAMILY_FIRST;
}

/* A kind of care that would do for this child, of those that are named. */
static bool
is_lawful_for(
    const Requests__ChildNeed *child, const Requests__Submit *need, int32_t today)
{
	bool may_be_supported = day_age_at(child->age_years, child->age_day, today) >=
	                        REQUESTS_SUPPORTED_AGE_YEARS_MIN;

	for (size_t i = 0; i < need->n_care_types; i++)
		if (may_be_supported ||
		    need->care_types[i] !=
			COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION)
			return true;
	return need->n_care_types == 0;
}

/* A secure bed is not chosen from a list: the Secure Welfare Coordination Unit finds
 * one for the whole country, and a court orders it. */
static enum requests_refusal
check_care_types(const Requests__Submit *need, int32_t today, size_t *child)
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
	for (*child = 0; *child < need->n_children; (*child)++)
		if (!is_lawful_for(need->children[*child], need, today))
			return REQUESTS_ONLY_SUPPORTED;
	return REQUESTS_OK;
}

static enum requests_refusal
check_numbers(const Requests__Submit *need)
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

enum requests_refusal
requests_check_need(const Requests__Submit *need, const struct requests_act *act,
    bool is_member, size_t *child)
{
	enum requests_refusal no;

	*child = need->n_children;
	if (!is_member)
		return REQUESTS_NOT_A_MEMBER;
	if (need->urgency == REQUESTS__URGENCY__URGENCY_UNSPECIFIED)
		return REQUESTS_URGENCY_MISSING;
	if ((no = check_days(need, act->today)) != REQUESTS_OK ||
	    (no = check_places(need)) != REQUESTS_OK ||
	    (no = check_children(need, act, child)) != REQUESTS_OK ||
	    (no = check_care_types(need, act->today, child)) != REQUESTS_OK ||
	    (no = requests_check_splits(need->permitted_splits,
		 need->n_permitted_splits, need->n_children)) != REQUESTS_OK ||
	    (no = check_family_first(need)) != REQUESTS_OK)
		return no;
	return check_numbers(need);
}

/* ---- what is recorded ---- */

static Requests__ChildNeed *
lettered(struct arena *a, const Requests__ChildNeed *child, size_t i)
{
	Requests__ChildNeed *out = MESSAGE_NEW(a, requests__child_need);

	if (out == NULL)
		return NULL;
	*out = *child;
	out->child_ref = str_format(a, "%c", (int)('A' + i));
	return out;
}

static bool
fill_circulation(struct arena *a, Requests__NeedCirculation *out,
    const Requests__Submit *need, const struct requests_act *act)
{
	size_t n = need->n_children;

	SET(out, version, 1);
	out->council_id = str_copy(a, act->organisation_id);
	SET_FROM(out, urgency, need, urgency);
	SET_FROM(out, needed_by_day, need, needed_by_day);
	SET_FROM(out, expected_end_day, need, expected_end_day);
	out->home_sector = need->home_sector;
	SET(out, are_siblings, n > 1);
	SET_FROM(out, miles_max, need, miles_max);
	out->n_care_types = need->n_care_types;
	out->care_types = need->care_types;
	out->n_permitted_splits = need->n_permitted_splits;
	out->permitted_splits = need->permitted_splits;
	out->children = LIST_NEW(a, n, Requests__ChildNeed *);
	if (out->children == NULL)
		return false;
	out->n_children = n;
	for (size_t i = 0; i < n; i++)
		out->children[i] = lettered(a, need->children[i], i);
	return !a->is_full;
}

static void
fill_detail(Requests__NeedDetail *out, const Requests__Submit *need)
{
	SET(out, version, 1);
	out->school_sector = need->school_sector;
	out->n_avoid_sectors = need->n_avoid_sectors;
	out->avoid_sectors = need->avoid_sectors;
	SET_FROM(out, legal_status, need, legal_status);
	SET_FROM(out, care_plan_aim, need, care_plan_aim);
	SET_FROM(out, earlier_placements, need, earlier_placements);
	SET_FROM(out, family_time_a_week, need, family_time_a_week);
	if (need->family_first == REQUESTS__FAMILY_FIRST__FAMILY_FIRST_UNSPECIFIED)
		SET(out, family_first, REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET);
	else
		SET_FROM(out, family_first, need, family_first);
}

static bool
fill_identity(struct arena *a, Requests__NeedIdentity *out,
    const Requests__Submit *need, const char *const child_ids[REQUESTS_CHILDREN_MAX])
{
	out->child_ids = LIST_NEW(a, need->n_children, char *);
	if (out->child_ids == NULL)
		return false;
	out->n_child_ids = need->n_children;
	for (size_t i = 0; i < need->n_children; i++)
		out->child_ids[i] = need->n_child_ids > 0 ? need->child_ids[i]
		                                          : str_copy(a, child_ids[i]);
	return !a->is_full;
}

Requests__RequestSubmitted *
requests_submitted(struct arena *a, const Requests__Submit *need,
    const struct requests_act *act, const char *request_id,
    const char *const child_ids[REQUESTS_CHILDREN_MAX])
{
	Requests__RequestSubmitted *out = MESSAGE_NEW(a, requests__request_submitted);
	char *id = str_copy(a, request_id);

	if (out == NULL || id == NULL)
		return NULL;
	out->circulation = MESSAGE_NEW(a, requests__need_circulation);
	out->detail = MESSAGE_NEW(a, requests__need_detail);
	out->identity = MESSAGE_NEW(a, requests__need_identity);
	if (out->circulation == NULL || out->detail == NULL || out->identity == NULL)
		return NULL;
	out->circulation->request_id = id;
	out->detail->request_id = id;
	out->identity->request_id = id;
	if (!fill_circulation(a, out->circulation, need, act) ||
	    !fill_identity(a, out->identity, need, child_ids))
		return NULL;
	fill_detail(out->detail, need);
	out->submitted_by_id = str_copy(a, act->person_id);
	SET(out, submitted_time, act->now_ms);
	SET(out, overdue_time, requests_overdue(need->needed_by_day));
	SET(out, members_copy_age_ms, act->copy_age_ms);
	return a->is_full ? NULL : out;
}
