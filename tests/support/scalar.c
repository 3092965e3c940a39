#include "support/scalar.h"

#include <assert.h>
#include <string.h>

#include "base/day.h"
#include "base/geo.h"
#include "base/str.h"
#include "support/scalar_said.h"

#define DAY_MS INT64_C(86400000)
#define WITH(who) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who
#define RULE(name) MATCHING__RULE__RULE_##name
#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name

const Matching__Rule scalar_waterfall[SCALAR_RULES] = {
    RULE(CARE_TYPE),
    RULE(RESTRICTED),
    RULE(OPEN),
    RULE(APPROVAL_AGE),
    RULE(APPROVAL_SEX),
    RULE(PLACES),
    RULE(RESERVED),
    RULE(NEEDS),
    RULE(MIX_FOR_CHILD),
    RULE(MIX_FOR_HOME),
    RULE(AVOID_AREA),
    RULE(DISTANCE),
    RULE(AVAILABLE),
    RULE(EMERGENCY),
};

const char *
scalar_id(struct scalar_vacancy v)
{
	return v.foster != NULL ? v.foster->vacancy_id : v.home->vacancy_id;
}

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
skill_of_household(const Foster__Vacancy *v, Common__NeedKind kind)
{
	Common__Level level = COMMON__LEVEL__LEVEL_UNSPECIFIED;

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

/* Without evidence better than its own statement a home meets no need at high level. */
static Common__Level
skill_of_home(const Residential__Vacancy *v, Common__NeedKind kind)
{
	Common__Level best = COMMON__LEVEL__LEVEL_UNSPECIFIED;

	for (size_t i = 0; i < v->n_capabilities; i++) {
		const Residential__Capability *c = v->capabilities[i];
		Common__Level level = c->need == NULL || c->need->kind != kind
		                          ? COMMON__LEVEL__LEVEL_UNSPECIFIED
		                          : c->need->level;
		if (level == COMMON__LEVEL__LEVEL_HIGH &&
		    c->evidence < RESIDENTIAL__EVIDENCE__EVIDENCE_STAFF_TRAINED)
			level = COMMON__LEVEL__LEVEL_MEDIUM;
		if (level > best)
			best = level;
	}
	return best;
}

static Common__Level
skill(struct scalar_vacancy v, Common__NeedKind kind)
{
	if (kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED)
		return COMMON__LEVEL__LEVEL_UNSPECIFIED;
	return v.foster != NULL ? skill_of_household(v.foster, kind)
	                        : skill_of_home(v.home, kind);
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

/* Is this child safe with those who live there, in this one respect? */
static bool
is_safe(const struct scalar *w, const Requests__ChildNeed *child,
    Common__NotSafeWith with, const Requests__NeedCirculation *asked,
    const struct scalar_said *v)
{
	if (with == WITH(UNSPECIFIED))
		return false;
	if (with == WITH(PETS))
		return v->knows_pets && !v->has_pets;
	if (!v->knows_mix)
		return false;
	if (!v->lives_somebody || with == WITH(ANY_CHILD))
		return !v->lives_somebody;
	if (with == WITH(GIRLS))
		return !v->live_girls;
	if (with == WITH(BOYS))
		return !v->live_boys;
	if (!has_age(child))
		return false;
	return with == WITH(YOUNGER_CHILDREN) ? v->youngest >= age_of(w, child, asked)
	                                      : v->oldest <= age_of(w, child, asked);
}

/* Would the home have this child, by its own word? */
static bool
is_taken(const struct scalar *w, const Requests__ChildNeed *child,
    Common__NotSafeWith with, const Requests__NeedCirculation *asked,
    const struct scalar_said *v)
{
	if (with == WITH(PETS))
		return true;
	if (with == WITH(GIRLS))
		return child->sex == COMMON__SEX__SEX_MALE;
	if (with == WITH(BOYS))
		return child->sex == COMMON__SEX__SEX_FEMALE;
	if (with == WITH(UNSPECIFIED) || !v->knows_mix)
		return false;
	if (with == WITH(ANY_CHILD))
		return !v->lives_somebody && asked->n_children == 1;
	if (!v->lives_somebody)
		return true;
	if (!has_age(child))
		return false;
	if (v->care_type == CARE(FOSTER))
		return with == WITH(YOUNGER_CHILDREN)
		           ? age_of(w, child, asked) >= v->youngest
		           : age_of(w, child, asked) <= v->oldest;
	return with == WITH(YOUNGER_CHILDREN) ? age_of(w, child, asked) >= v->oldest
	                                      : age_of(w, child, asked) <= v->youngest;
}

/* Are all who live there safe with this child, in this one respect of one of them, who
 * may be any of them? */
static bool
is_no_danger(const struct scalar *w, const Requests__ChildNeed *child,
    Common__NotSafeWith with, const Requests__NeedCirculation *asked,
    const struct scalar_said *v)
{
	if (with == WITH(PETS))
		return true;
	if (with == WITH(GIRLS))
		return child->sex == COMMON__SEX__SEX_MALE;
	if (with == WITH(BOYS))
		return child->sex == COMMON__SEX__SEX_FEMALE;
	if (with == WITH(UNSPECIFIED) || with == WITH(ANY_CHILD) || !v->knows_mix)
		return false;
	if (!v->lives_somebody)
		return true;
	if (!has_age(child))
		return false;
	return with == WITH(YOUNGER_CHILDREN) ? age_of(w, child, asked) >= v->oldest
	                                      : age_of(w, child, asked) <= v->youngest;
}

static bool
child_is_taken(const struct scalar *w, const Requests__ChildNeed *child,
    const Requests__NeedCirculation *asked, const struct scalar_said *v)
{
	for (size_t i = 0; i < v->n_own; i++) {
		if (!is_taken(w, child, v->own[i], asked, v))
			return false;
	}
	for (size_t i = 0; i < v->n_theirs; i++) {
		if (!is_no_danger(w, child, v->theirs[i], asked, v))
			return false;
	}
	return true;
}

static bool
child_passes(const struct scalar *w, Matching__Rule rule,
    const Requests__ChildNeed *child, const Requests__NeedCirculation *asked,
    struct scalar_vacancy vacancy)
{
	const struct scalar_said said = scalar_say(vacancy), *v = &said;
	bool boy = child->sex != COMMON__SEX__SEX_FEMALE;
	bool girl = child->sex != COMMON__SEX__SEX_MALE;

	if (rule == RULE(CARE_TYPE))
		return v->care_type != CARE(SUPPORTED_ACCOMMODATION) ||
		       (has_age(child) && age_of(w, child, asked) >= 16 &&
			   age_of(w, child, asked) <= 17);
	if (rule == RULE(APPROVAL_AGE))
		return v->has_ages && has_age(child) &&
		       age_of(w, child, asked) >= v->age_min_years &&
		       age_of(w, child, asked) <= v->age_max_years;
	if (rule == RULE(APPROVAL_SEX))
		return (!boy || v->takes_boys) && (!girl || v->takes_girls);
	if (rule == RULE(NEEDS)) {
		for (size_t i = 0; i < child->n_needs; i++) {
			if (level_of(child->needs[i]) == COMMON__LEVEL__LEVEL_HIGH &&
			    skill(vacancy, child->needs[i]->kind) !=
				COMMON__LEVEL__LEVEL_HIGH)
				return false;
		}
	}
	if (rule == RULE(MIX_FOR_CHILD)) {
		for (size_t i = 0; i < child->n_not_safe_with; i++) {
			if (!is_safe(w, child, child->not_safe_with[i], asked, v))
				return false;
		}
	}
	if (rule == RULE(MIX_FOR_HOME))
		return child_is_taken(w, child, asked, v);
	return true;
}

static const struct geo_point *
point_of(const char *sector)
{
	return sector == NULL ? NULL : geo_sector(sector);
}

static bool
is_away_from(
    const Requests__NeedDetail *detail, const struct scalar_said *v, uint32_t miles)
{
	const struct geo_point *home = point_of(v->sector);

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
is_near_enough(const Requests__NeedCirculation *asked, const struct scalar_said *v)
{
	const struct geo_point *from = point_of(asked->home_sector);
	const struct geo_point *to = point_of(v->sector);

	if (!asked->has_miles_max)
		return true;
	if (from == NULL || to == NULL)
		return false;
	struct geo_distance d = geo_between(from, to);
	return (int64_t)d.miles_tenths - d.error_tenths <=
	       (int64_t)asked->miles_max * 10;
}

/* Of so many, as many as the provider has opened. */
static uint32_t
opened(struct scalar_vacancy v, uint32_t places)
{
	bool is_said =
	    v.foster != NULL ? v.foster->has_open_places : v.home->has_open_places;
	uint32_t open = v.foster != NULL ? v.foster->open_places : v.home->open_places;

	return is_said && open < places ? open : places;
}

/* Beds this many children could have: of a household by the limits of its approval, of
 * a home those free to everybody and those kept for the council. */
static uint32_t
free_for(const Requests__NeedCirculation *asked, struct scalar_vacancy v)
{
	const Residential__Beds *beds;
	uint32_t places;

	if (v.foster != NULL) {
		const Foster__Places *p = v.foster->places;
		if (p == NULL)
			return 0;
		return asked->are_siblings && asked->n_children > 1
		           ? p->free_for_siblings
		           : p->free;
	}
	assert(v.home != NULL);
	beds = v.home->beds;
	if (beds == NULL || !beds->has_free)
		return 0;
	places = beds->free;
	for (size_t i = 0; i < v.home->n_reserved_free; i++) {
		const Residential__ReservedFree *kept = v.home->reserved_free[i];
		if (str_equal(kept->council_id, asked->council_id))
			return places + kept->beds;
	}
	return places;
}

static uint32_t
places_for(const Requests__NeedCirculation *asked, struct scalar_vacancy v)
{
	return opened(v, free_for(asked, v));
}

/* Not enough for this council, but enough if some were not kept for others. */
static bool
is_kept_from(const Requests__NeedCirculation *asked, struct scalar_vacancy v)
{
	const Residential__Beds *beds = v.home == NULL ? NULL : v.home->beds;

	return beds != NULL && beds->has_free &&
	       places_for(asked, v) < asked->n_children &&
	       opened(v, beds->free + beds->reserved) >= asked->n_children;
}

static bool
is_open_to(const Requests__NeedCirculation *asked, struct scalar_vacancy v)
{
	bool parent = asks_parent_and_child(asked);

	if (v.home != NULL)
		return v.home->is_open &&
		       (!parent ||
			   skill(v, COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD) ==
			       COMMON__LEVEL__LEVEL_HIGH);
	return v.foster->is_open && v.foster->approval != NULL &&
	       v.foster->approval->kind ==
	           (parent ? FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD
			   : FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
}

static bool
is_considered(const Requests__NeedCirculation *asked, Common__CareType care_type)
{
	if (care_type == CARE(UNSPECIFIED) || care_type == CARE(SECURE))
		return false;
	for (size_t i = 0; i < asked->n_care_types; i++) {
		if (asked->care_types[i] == care_type)
			return true;
	}
	return asked->n_care_types == 0;
}

static bool
request_passes(const struct scalar *w, Matching__Rule rule,
    const Requests__RequestSubmitted *r, struct scalar_vacancy v)
{
	const Requests__NeedCirculation *asked = r->circulation;
	struct scalar_said said = scalar_say(v);

	if (rule == RULE(CARE_TYPE))
		return is_considered(asked, said.care_type);
	if (rule == RULE(OPEN))
		return is_open_to(asked, v);
	if (rule == RULE(RESTRICTED))
		return !said.is_restricted;
	if (rule == RULE(PLACES))
		return is_kept_from(asked, v) ||
		       places_for(asked, v) >= asked->n_children;
	if (rule == RULE(RESERVED))
		return !is_kept_from(asked, v);
	if (rule == RULE(AVOID_AREA))
		return is_away_from(r->detail, &said, w->avoid_miles);
	if (rule == RULE(DISTANCE))
		return is_near_enough(asked, &said);
	if (rule == RULE(AVAILABLE))
		return said.has_available_day && said.available_day <= day_of(w, asked);
	if (rule == RULE(EMERGENCY))
		return asked->urgency == REQUESTS__URGENCY__URGENCY_PLANNED ||
		       said.takes_emergencies;
	return true;
}

bool
scalar_passes(const struct scalar *w, Matching__Rule rule,
    const Requests__RequestSubmitted *r, struct scalar_vacancy v)
{
	const Requests__NeedCirculation *asked = r->circulation;

	for (size_t i = 0; i < asked->n_children; i++) {
		if (!child_passes(w, rule, asked->children[i], asked, v))
			return false;
	}
	return request_passes(w, rule, r, v);
}

uint32_t
scalar_mask(const struct scalar *w, const Requests__RequestSubmitted *r,
    struct scalar_vacancy v)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < SCALAR_RULES; i++)
		mask |= (uint32_t)!scalar_passes(w, scalar_waterfall[i], r, v) << i;
	return mask;
}

/* ---- whom it reaches ---- */

const char *
scalar_provider(struct scalar_vacancy v)
{
	return v.foster != NULL ? v.foster->provider_id : v.home->provider_id;
}

uint32_t
scalar_places(const Requests__RequestSubmitted *r, struct scalar_vacancy v)
{
	return places_for(r->circulation, v);
}

bool
scalar_is_near(const Requests__RequestSubmitted *r, struct scalar_vacancy v)
{
	const struct geo_point *from = point_of(r->circulation->home_sector);
	const struct geo_point *to = point_of(scalar_say(v).sector);

	return from != NULL && to != NULL && geo_between(from, to).miles_tenths <= 200;
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
    uint32_t most, const Requests__NeedCirculation *asked, struct scalar_vacancy v)
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
speak_together(const Requests__ChildNeed *child, const struct scalar_said *v)
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
    struct scalar_vacancy vacancy)
{
	const struct scalar_said said = scalar_say(vacancy), *v = &said;
	const Requests__NeedCirculation *asked = r->circulation;
	const char *school = r->detail == NULL ? NULL : r->detail->school_sector;
	const uint32_t *most = w->points_max;
	uint32_t speak = 0, alike = 0, believe = 0, n = (uint32_t)asked->n_children;
	int32_t free_day = v->available_day, day = day_of(w, asked);
	int64_t days_ago = (w->now_ms - v->confirmed_time) / DAY_MS;
	uint32_t points;

	assert(n > 0 && w->confirmed_days > 0);
	points = nearness(most[1], asked->home_sector, v->sector, w->home_miles) +
	         skills_points(most[2], asked, vacancy) +
	         nearness(most[3], school, v->sector, w->school_miles);

	if (str_equal(v->council_id, asked->council_id))
		points += most[4];
	else if (str_equal(v->council_id, w->adjoining_id))
		points += most[4] / 2; /* the one that adjoins all */
	for (size_t i = 0; i < n; i++) {
		const Requests__ChildNeed *child = asked->children[i];
		speak += speak_together(child, v);
		alike += child->ethnicity != 0 && (int)child->ethnicity == v->ethnicity;
		believe += child->religion != 0 && (int)child->religion == v->religion;
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
