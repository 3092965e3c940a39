#include "matching/matching.h"

#define WITH(who) (1u << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who)

static bool
has(const struct matching_home *home, enum matching_home_flag flag)
{
	return (home->flags & (unsigned)flag) != 0;
}

/* Open to referral, and approved as the kind of home that is asked for. A home of
 * family and friends or for short breaks is never the answer to a request. */
static bool
fails_open(const struct matching_need *need, const struct matching_home *home)
{
	unsigned wanted = need->is_parent_and_child
	                      ? FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD
	                      : FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM;

	return !has(home, HOME_IS_OPEN) || home->approval_kind != wanted;
}

/*
 * Law: Fostering Services (England) Regulations 2011, reg 27(5): "give X notice in
 * writing specifying any terms on which the approval is given"
 * The terms are the ages and the sexes a household is approved for.
 */
static bool
fails_approval_age(const struct matching_need *need, const struct matching_home *home)
{
	return !need->ages_are_known || !has(home, HOME_HAS_AGES) ||
	       need->age_min_years < home->age_min_years ||
	       need->age_max_years > home->age_max_years;
}

/* A child whose sex is not known needs a home approved for both. */
static bool
fails_approval_sex(const struct matching_need *need, const struct matching_home *home)
{
	bool asks_girls = need->has_girls || need->has_unknown_sex;
	bool asks_boys = need->has_boys || need->has_unknown_sex;

	return (asks_girls && !has(home, HOME_TAKES_GIRLS)) ||
	       (asks_boys && !has(home, HOME_TAKES_BOYS));
}

/*
 * Law: Children Act 1989, Sch 7 para 3: "A person may exceed the usual fostering
 * limit if the children concerned are all siblings with respect to each other."
 * The owner of the home has reckoned both numbers; this only takes the right one.
 */
static bool
fails_places(const struct matching_need *need, const struct matching_home *home)
{
	if (need->are_siblings && need->children_n > 1)
		return !has(home, HOME_HAS_FREE_FOR_SIBLINGS) ||
		       home->free_for_siblings < need->children_n;
	return !has(home, HOME_HAS_FREE) || home->free < need->children_n;
}

static bool
fails_needs(const struct matching_need *need, const struct matching_home *home)
{
	return (need->needs_high & ~home->skills_high) != 0;
}

/* Whom the children are not safe with, among the children and pets that live there. */
static bool
fails_mix_for_child(const struct matching_need *need, const struct matching_home *home)
{
	unsigned with = need->not_safe_with;
	bool somebody = home->girls > 0 || home->boys > 0;

	if ((with & WITH(UNSPECIFIED)) != 0)
		return true;
	if ((with & WITH(PETS)) != 0 &&
	    (!has(home, HOME_PETS_ARE_KNOWN) || has(home, HOME_HAS_PETS)))
		return true;
	if ((with & ~WITH(PETS)) == 0)
		return false;
	if (!has(home, HOME_MIX_IS_KNOWN))
		return true;
	if (!somebody)
		return false;
	if ((with & (WITH(YOUNGER_CHILDREN) | WITH(OLDER_CHILDREN))) != 0 &&
	    !need->ages_are_known)
		return true;
	return (with & WITH(ANY_CHILD)) != 0 ||
	       ((with & WITH(YOUNGER_CHILDREN)) != 0 &&
		   home->youngest_years < need->younger_than_years) ||
	       ((with & WITH(OLDER_CHILDREN)) != 0 &&
		   home->oldest_years > need->older_than_years) ||
	       ((with & WITH(GIRLS)) != 0 && home->girls > 0) ||
	       ((with & WITH(BOYS)) != 0 && home->boys > 0);
}

/* Whom the home will not take: girls, boys, a second child, or one younger or older
 * than those who live there. Pets are the home's own and keep no child out. */
static bool
fails_mix_for_home(const struct matching_need *need, const struct matching_home *home)
{
	unsigned with = home->will_not_take_with;
	unsigned of_residents =
	    WITH(ANY_CHILD) | WITH(YOUNGER_CHILDREN) | WITH(OLDER_CHILDREN);
	bool somebody = home->girls > 0 || home->boys > 0;

	if ((with & WITH(UNSPECIFIED)) != 0)
		return true;
	if (((with & WITH(GIRLS)) != 0 && (need->has_girls || need->has_unknown_sex)) ||
	    ((with & WITH(BOYS)) != 0 && (need->has_boys || need->has_unknown_sex)))
		return true;
	if ((with & WITH(ANY_CHILD)) != 0 && need->children_n > 1)
		return true;
	if ((with & of_residents) == 0)
		return false;
	if (!has(home, HOME_MIX_IS_KNOWN))
		return true;
	if (!somebody)
		return false;
	if ((with & WITH(ANY_CHILD)) != 0 || !need->ages_are_known)
		return true;
	return ((with & WITH(YOUNGER_CHILDREN)) != 0 &&
		   need->age_min_years < home->youngest_years) ||
	       ((with & WITH(OLDER_CHILDREN)) != 0 &&
		   need->age_max_years > home->oldest_years);
}

/*
 * Farther apart than this, whatever the error of the estimate? No root is taken: most
 * homes are far away, and this is asked of all of them. A tenth of a mile is 160.93 m;
 * two tenths are for rounding, and both radii together are more than the error.
 */
static bool
is_beyond(const struct geo_point *a, const struct geo_point *b, uint32_t miles_tenths)
{
	int64_t east = (int64_t)a->easting - b->easting;
	int64_t north = (int64_t)a->northing - b->northing;
	int64_t limit_m =
	    ((int64_t)miles_tenths + 2) * 161 + a->radius_p90_m + b->radius_p90_m;

	return east * east + north * north > limit_m * limit_m;
}

/* Too near may be too near: the estimate is given the benefit of the child. */
static bool
fails_avoid_area(const struct matching_need *need, const struct matching_home *home)
{
	if (!need->has_detail || need->avoid_is_unknown)
		return true;
	if (need->avoid_n > 0 && !has(home, HOME_IS_LOCATED))
		return true;
	for (size_t i = 0; i < need->avoid_n; i++) {
		if (is_beyond(&need->avoid[i], &home->point, need->avoid_miles_tenths))
			continue;
		struct geo_distance d = geo_between(&need->avoid[i], &home->point);
		if (d.miles_tenths <= need->avoid_miles_tenths + d.error_tenths)
			return true;
	}
	return false;
}

/* Removed only where it lies beyond the limit for certain; *check where the limit
 * lies within the error of the estimate. */
static bool
fails_distance(
    const struct matching_need *need, const struct matching_home *home, bool *check)
{
	*check = false;
	if (!need->has_miles_max)
		return false;
	if (!need->is_located || !has(home, HOME_IS_LOCATED))
		return true;
	if (is_beyond(&need->home, &home->point, need->miles_max_tenths))
		return true;
	struct geo_distance d = geo_between(&need->home, &home->point);
	if (d.miles_tenths > need->miles_max_tenths + d.error_tenths)
		return true;
	*check = d.miles_tenths + d.error_tenths > need->miles_max_tenths;
	return false;
}

static bool
fails_available(const struct matching_need *need, const struct matching_home *home)
{
	return !has(home, HOME_HAS_AVAILABLE_DAY) ||
	       home->available_from_day > need->day;
}

static bool
fails_emergency(const struct matching_need *need, const struct matching_home *home)
{
	return need->is_emergency && !has(home, HOME_TAKES_EMERGENCIES);
}

uint32_t
matching_mask(const struct matching_need *need, const struct matching_home *home)
{
	bool check;
	uint32_t mask = 0;
	const bool fails[MATCHING_RULES] = {
	    fails_open(need, home),
	    fails_approval_age(need, home),
	    fails_approval_sex(need, home),
	    fails_places(need, home),
	    fails_needs(need, home),
	    fails_mix_for_child(need, home),
	    fails_mix_for_home(need, home),
	    fails_avoid_area(need, home),
	    fails_distance(need, home, &check),
	    fails_available(need, home),
	    fails_emergency(need, home),
	};

	for (unsigned i = 0; i < MATCHING_RULES; i++)
		mask |= (uint32_t)fails[i] << i;
	return check ? mask | MATCHING_CHECK_DISTANCE : mask;
}
