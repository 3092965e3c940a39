#include "requests/need.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/clocks.h"
#include "requests/form.h"
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

static enum requests_refusal
check_places(const Requests__Submit *need)
{
	return need->home_sector == NULL ? REQUESTS_HOME_SECTOR_MISSING
	                                 : requests_form_sectors(need);
}

static enum requests_refusal
check_child(const Requests__ChildNeed *child, int32_t today)
{
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
	return requests_form_child(child);
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
	return requests_form_child_ids(need, act->now_ms);
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

static enum requests_refusal
check_care_types(const Requests__Submit *need, int32_t today, size_t *child)
{
	enum requests_refusal no = requests_form_care_types(need);

	if (no != REQUESTS_OK)
		return no;
	for (*child = 0; *child < need->n_children; (*child)++)
		if (!is_lawful_for(need->children[*child], need, today))
			return REQUESTS_ONLY_SUPPORTED;
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
	return requests_form_numbers(need);
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

Requests__NeedCirculation *
requests_need_circulation(struct arena *a, const Requests__Submit *need,
    const struct requests_act *act, char *id)
{
	Requests__NeedCirculation *out = MESSAGE_NEW(a, requests__need_circulation);
	size_t n = need->n_children;

	if (out == NULL)
		return NULL;
	out->request_id = id;
	SET(out, version, 1);
	out->council_id = str_copy(a, act->organisation_id);
	SET_FROM(out, urgency, need, urgency);
	SET_FROM(out, needed_by_day, need, needed_by_day);
	SET_FROM(out, expected_end_day, need, expected_end_day);
	out->home_sector = need->home_sector;
	SET_FROM(out, are_siblings, need, are_siblings);
	SET_FROM(out, miles_max, need, miles_max);
	out->n_care_types = need->n_care_types;
	out->care_types = need->care_types;
	out->n_permitted_splits = need->n_permitted_splits;
	out->permitted_splits = need->permitted_splits;
	out->children = LIST_NEW(a, n + 1, Requests__ChildNeed *);
	if (out->children == NULL)
		return NULL;
	out->n_children = n;
	for (size_t i = 0; i < n; i++)
		out->children[i] = lettered(a, need->children[i], i);
	return a->is_full ? NULL : out;
}

Requests__NeedDetail *
requests_need_detail(struct arena *a, const Requests__Submit *need, char *id)
{
	Requests__NeedDetail *out = MESSAGE_NEW(a, requests__need_detail);

	if (out == NULL)
		return NULL;
	out->request_id = id;
	SET(out, version, 1);
	out->school_sector = need->school_sector;
	out->n_avoid_sectors = need->n_avoid_sectors;
	out->avoid_sectors = need->avoid_sectors;
	SET_FROM(out, legal_status, need, legal_status);
	SET_FROM(out, care_plan_aim, need, care_plan_aim);
	SET_FROM(out, earlier_placements, need, earlier_placements);
	SET_FROM(out, family_time_a_week, need, family_time_a_week);
	SET_FROM(out, family_first, need, family_first);
	return out;
}

static Requests__NeedIdentity *
identity(struct arena *a, const Requests__Submit *need, char *id,
    const char *const child_ids[REQUESTS_CHILDREN_MAX])
{
	Requests__NeedIdentity *out = MESSAGE_NEW(a, requests__need_identity);

	if (out == NULL)
		return NULL;
	out->request_id = id;
	out->child_ids = LIST_NEW(a, need->n_children, char *);
	if (out->child_ids == NULL)
		return NULL;
	out->n_child_ids = need->n_children;
	for (size_t i = 0; i < need->n_children; i++)
		out->child_ids[i] = need->n_child_ids > 0 ? need->child_ids[i]
		                                          : str_copy(a, child_ids[i]);
	return out;
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
	out->circulation = requests_need_circulation(a, need, act, id);
	out->detail = requests_need_detail(a, need, id);
	out->identity = identity(a, need, id, child_ids);
	if (out->circulation == NULL || out->detail == NULL || out->identity == NULL)
		return NULL;
	SET(out->circulation, are_siblings, need->n_children > 1);
	if (need->family_first == REQUESTS__FAMILY_FIRST__FAMILY_FIRST_UNSPECIFIED)
		SET(out->detail, family_first,
		    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET);
	out->submitted_by_id = str_copy(a, act->person_id);
	SET(out, submitted_time, act->now_ms);
	SET(out, overdue_time, requests_overdue(need->needed_by_day));
	SET(out, members_copy_age_ms, act->copy_age_ms);
	return a->is_full ? NULL : out;
}
