#include "support/scalar.h"

#include <assert.h>
#include <string.h>

#include "base/day.h"
#include "base/geo.h"
#include "base/str.h"

#define DAY_MS INT64_C(86400000)
#define WITH(who) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who

static int32_t
day_of(const struct scalar *w, const Requests__NeedCirculation *asked)
{
	return asked->has_needed_by_day && asked->needed_by_day > w->today
	           ? asked->needed_by_day
	           : w->today;
}

static bool
has_age(const Requests__ChildNeed *child)
{
	return child->has_age_years && child->has_age_day;
}

static uint32_t
age_of(const struct scalar *w, const Requests__ChildNeed *child,
    const Requests__NeedCirculation *asked)
{
	return day_age_at(child->age_years, child->age_day, day_of(w, asked));
}

static Common__Level
skill(const Foster__Vacancy *v, Common__NeedKind kind)
{
	Common__Level level = COMMON__LEVEL__LEVEL_UNSPECIFIED;

	if (kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED)
		return level;
	for (size_t i = 0; i < v->n_skills; i++) {
		if (v->skills[i]->kind == kind && v->skills[i]->level > level)
			level = v->skills[i]->level;
	}
	if (kind == COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD &&
	    v->approval != NULL &&
	    v->approval->kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD)
		level = COMMON__LEVEL__LEVEL_HIGH;
	return level;
}

static Common__Level
level_of(const Common__Need *need)
{
	return need->level == COMMON__LEVEL__LEVEL_UNSPECIFIED
	           ? COMMON__LEVEL__LEVEL_HIGH
	           : need->level;
}

static bool
asks_parent_and_child(const Requests__NeedCirculation *asked)
{
	for (size_t i = 0; i < asked->n_children; i++) {
		for (size_t j = 0; j < asked->children[i]->n_needs; j++) {
			if (asked->children[i]->needs[j]->kind ==
			    COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD)
				return true;
		}
	}
	return false;
}

static bool
mix_is_known(const Foster__Vacancy *v)
{
	bool somebody = v->girls + v->boys > 0;

	return v->has_girls && v->has_boys &&
	       (v->has_youngest_years && v->has_oldest_years) == somebody;
}

/* Is this child safe with those who live there, in this one respect? */
static bool
is_safe(const struct scalar *w, const Requests__ChildNeed *child,
    Common__NotSafeWith with, const Requests__NeedCirculation *asked,
    const Foster__Vacancy *v)
{
	bool somebody = v->girls + v->boys > 0;

	if (with == WITH(UNSPECIFIED))
		return false;
	if (with == WITH(PETS))
		return v->has_has_pets && !v->has_pets;
	if (!mix_is_known(v))
		return false;
	if (!somebody || with == WITH(ANY_CHILD))
		return !somebody;
	if (with == WITH(GIRLS))
		return v->girls == 0;
	if (with == WITH(BOYS))
		return v->boys == 0;
	if (!has_age(child))
		return false;
	return with == WITH(YOUNGER_CHILDREN)
	           ? v->youngest_years >= age_of(w, child, asked)
	           : v->oldest_years <= age_of(w, child, asked);
}

static bool
is_taken(const struct scalar *w, const Requests__ChildNeed *child,
    Common__NotSafeWith with, const Requests__NeedCirculation *asked,
    const Foster__Vacancy *v)
{
	bool somebody = v->girls + v->boys > 0;

	if (with == WITH(PETS))
		return true;
	if (with == WITH(GIRLS))
		return child->sex == COMMON__SEX__SEX_MALE;
	if (with == WITH(BOYS))
		return child->sex == COMMON__SEX__SEX_FEMALE;
	if (with == WITH(UNSPECIFIED) || !mix_is_known(v))
		return false;
	if (with == WITH(ANY_CHILD))
		return !somebody && asked->n_children == 1;
	if (!somebody)
		return true;
	if (!has_age(child))
		return false;
	return with == WITH(YOUNGER_CHILDREN)
	           ? age_of(w, child, asked) >= v->youngest_years
	           : age_of(w, child, asked) <= v->oldest_years;
}

static bool
child_passes(const struct scalar *w, Matching__Rule rule,
    const Requests__ChildNeed *child, const Requests__NeedCirculation *asked,
    const Foster__Vacancy *v)
{
	const Foster__Approval *approval = v->approval;
	bool boy = child->sex != COMMON__SEX__SEX_FEMALE;
	bool girl = child->sex != COMMON__SEX__SEX_MALE;

	if (rule == MATCHING__RULE__RULE_APPROVAL_AGE)
		return approval != NULL && has_age(child) &&
		       approval->has_age_min_years && approval->has_age_max_years &&
		       age_of(w, child, asked) >= approval->age_min_years &&
		       age_of(w, child, asked) <= approval->age_max_years;
	if (rule == MATCHING__RULE__RULE_APPROVAL_SEX)
		return approval != NULL && (!boy || approval->takes_boys) &&
		       (!girl || approval->takes_girls);
	if (rule == MATCHING__RULE__RULE_NEEDS) {
		for (size_t i = 0; i < child->n_needs; i++) {
			if (level_of(child->needs[i]) == COMMON__LEVEL__LEVEL_HIGH &&
			    skill(v, child->needs[i]->kind) !=
				COMMON__LEVEL__LEVEL_HIGH)
				return false;
		}
	}
	if (rule == MATCHING__RULE__RULE_MIX_FOR_CHILD) {
		for (size_t i = 0; i < child->n_not_safe_with; i++) {
			if (!is_safe(w, child, child->not_safe_with[i], asked, v))
				return false;
		}
	}
	if (rule == MATCHING__RULE__RULE_MIX_FOR_HOME) {
		for (size_t i = 0; i < v->n_will_not_take_with; i++) {
			if (!is_taken(w, child, v->will_not_take_with[i], asked, v))
				return false;
		}
	}
	return true;
}

static const struct geo_point *
point_of(const char *sector)
{
	return sector == NULL ? NULL : geo_sector(sector);
}

static bool
is_away_from(
    const Requests__NeedDetail *detail, const Foster__Vacancy *v, uint32_t miles)
{
	const struct geo_point *home = point_of(v->home_sector);

	if (detail == NULL)
		return false;
	for (size_t i = 0; i < detail->n_avoid_sectors; i++) {
		const struct geo_point *avoid = point_of(detail->avoid_sectors[i]);
		if (avoid == NULL || home == NULL)
			return false;
		struct geo_distance d = geo_between(avoid, home);
		if (d.miles_tenths <= miles * 10 + d.error_tenths)
			return false;
	}
	return true;
}

static bool
is_near_enough(const Requests__NeedCirculation *asked, const Foster__Vacancy *v)
{
	const struct geo_point *from = point_of(asked->home_sector);
	const struct geo_point *to = point_of(v->home_sector);

	if (!asked->has_miles_max)
		return true;
	if (from == NULL || to == NULL)
		return false;
	struct geo_distance d = geo_between(from, to);
	return (int64_t)d.miles_tenths - d.error_tenths <=
	       (int64_t)asked->miles_max * 10;
}

bool
scalar_passes(const struct scalar *w, Matching__Rule rule,
    const Requests__RequestSubmitted *r, const Foster__Vacancy *v)
{
	const Requests__NeedCirculation *asked = r->circulation;
	const Foster__Places *places = v->places;
	Foster__ApprovalKind kind =
	    asks_parent_and_child(asked)
		? FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD
		: FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM;

	if (rule == MATCHING__RULE__RULE_OPEN)
		return v->is_open && v->approval != NULL && v->approval->kind == kind;
	if (rule == MATCHING__RULE__RULE_PLACES && asked->are_siblings &&
	    asked->n_children > 1)
		return places != NULL && places->free_for_siblings >= asked->n_children;
	if (rule == MATCHING__RULE__RULE_PLACES)
		return places != NULL && places->free >= asked->n_children;
	if (rule == MATCHING__RULE__RULE_AVOID_AREA)
		return is_away_from(r->detail, v, w->avoid_miles);
	if (rule == MATCHING__RULE__RULE_DISTANCE)
		return is_near_enough(asked, v);
	if (rule == MATCHING__RULE__RULE_AVAILABLE)
		return v->has_available_from_day &&
		       v->available_from_day <= day_of(w, asked);
	if (rule == MATCHING__RULE__RULE_EMERGENCY)
		return asked->urgency == REQUESTS__URGENCY__URGENCY_PLANNED ||
		       v->takes_emergencies;
	for (size_t i = 0; i < asked->n_children; i++) {
		if (!child_passes(w, rule, asked->children[i], asked, v))
			return false;
	}
	return true;
}

/* ---- points ---- */

static uint32_t
nearness(uint32_t most, const char *from, const char *to, uint32_t far_miles)
{
	if (point_of(from) == NULL || point_of(to) == NULL)
		return 0;
	uint32_t tenths = geo_between(point_of(from), point_of(to)).miles_tenths;
	return tenths >= far_miles * 10
	           ? 0
	           : most * (far_miles * 10 - tenths) / (far_miles * 10);
}

static uint32_t
skills_points(
    uint32_t most, const Requests__NeedCirculation *asked, const Foster__Vacancy *v)
{
	uint32_t n = 0, met = 0;

	for (size_t i = 0; i < asked->n_children; i++) {
		const Requests__ChildNeed *child = asked->children[i];
		for (size_t j = 0; j < child->n_needs; j++) {
			Common__Level level = level_of(child->needs[j]);
			if (level < COMMON__LEVEL__LEVEL_MEDIUM)
				continue;
			n++;
			met += skill(v, child->needs[j]->kind) >= level;
		}
	}
	return n == 0 ? most : most * met / n;
}

static bool
speak_together(const Requests__ChildNeed *child, const Foster__Vacancy *v)
{
	for (size_t i = 0; i < child->n_languages; i++) {
		for (size_t j = 0; j < v->n_languages; j++) {
			if (strcmp(child->languages[i], v->languages[j]) == 0)
				return true;
		}
	}
	return false;
}

uint32_t
scalar_points(const struct scalar *w, const Requests__RequestSubmitted *r,
    const Foster__Vacancy *v)
{
	const Requests__NeedCirculation *asked = r->circulation;
	const char *school = r->detail == NULL ? NULL : r->detail->school_sector;
	const uint32_t *most = w->points_max;
	uint32_t speak = 0, alike = 0, believe = 0, n = (uint32_t)asked->n_children;
	int32_t free_day = v->available_from_day, day = day_of(w, asked);
	int64_t days_ago = (w->now_ms - v->confirmed_time) / DAY_MS;
	uint32_t points;

	assert(n > 0 && w->confirmed_days > 0);
	points = nearness(most[1], asked->home_sector, v->home_sector, w->home_miles) +
	         skills_points(most[2], asked, v) +
	         nearness(most[3], school, v->home_sector, w->school_miles);

	if (str_equal(v->council_id, asked->council_id))
		points += most[4];
	else if (str_equal(v->council_id, w->adjoining_id))
		points += most[4] / 2; /* the one that adjoins all */
	for (size_t i = 0; i < n; i++) {
		const Requests__ChildNeed *child = asked->children[i];
		speak += speak_together(child, v);
		alike += child->ethnicity != 0 && child->ethnicity == v->ethnicity;
		believe += child->religion != 0 && child->religion == v->religion;
	}
	points += most[5] * speak / n + most[6] * alike / n + most[7] * believe / n;
	if (free_day <= w->today || day <= w->today)
		points += most[8];
	else
		points +=
		    most[8] * (uint32_t)(day - free_day) / (uint32_t)(day - w->today);
	if (v->has_confirmed_time && days_ago < (int64_t)w->confirmed_days)
		points += most[9] * (uint32_t)(w->confirmed_days - days_ago) /
		          w->confirmed_days;
	return points;
}
