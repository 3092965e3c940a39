#include "matching/explain.h"

#include <string.h>

#include "base/day.h"
#include "base/str.h"

#define RULE(name) MATCHING__RULE__RULE_##name
#define WITH(who) (1u << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who)

const char *
explain_source(Matching__Rule rule)
{
	switch (rule) {
	case RULE(UNSPECIFIED): break;
	case RULE(OPEN):
		return "the provider has it open to referral; kind of approval: "
		       "Fostering "
		       "Services (England) Regulations 2011, reg 27";
	case RULE(APPROVAL_AGE):
	case RULE(APPROVAL_SEX):
		return "terms of approval: Fostering Services (England) Regulations "
		       "2011, "
		       "reg 27(5)";
	case RULE(PLACES):
		return "free places: terms of approval, and Children Act 1989, Sch 7, "
		       "paras "
		       "2 to 4";
	case RULE(NEEDS):
		return "Children Act 1989, s22C(5), the most appropriate placement "
		       "available; the household's recorded skills";
	case RULE(MIX_FOR_CHILD):
		return "Children Act 1989, s22(3)(a), the child's welfare; the "
		       "council's "
		       "record of whom the child is not safe with";
	case RULE(MIX_FOR_HOME):
		return "the household's own word on whom it will not take";
	case RULE(AVOID_AREA):
		return "Children Act 1989, s22(3)(a), the child's welfare; the "
		       "council's "
		       "record of places to avoid";
	case RULE(DISTANCE):
		return "the council's limit for this child; Children Act 1989, "
		       "s22C(8), "
		       "near home";
	case RULE(AVAILABLE): return "the day the council needs the home";
	case RULE(EMERGENCY):
		return "the household's own word on taking children in an emergency";
	case RULE(CARE_TYPE): return "the kinds of care the council would consider";
	case RULE(RESTRICTED): return "the regulator's notice";
	case RULE(RESERVED): return "beds kept for councils that are named";
	}
	return "not a rule";
}

static bool
has(const struct matching_home *home, enum matching_home_flag flag)
{
	return (home->flags & (unsigned)flag) != 0;
}

static const char *
open_fact(const struct matching_need *need, const struct matching_home *home)
{
	if (!has(home, HOME_IS_OPEN))
		return "the vacancy is closed";
	if (home->approval_kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_UNSPECIFIED)
		return "the kind of approval is not recorded";
	return need->is_parent_and_child ? "not approved as a parent and child home"
	                                 : "approved for another kind of fostering";
}

static const char *
age_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	if (!need->ages_are_known)
		return "unverified: an age is not recorded in the request";
	if (!has(home, HOME_HAS_AGES))
		return "unverified: the approved ages are not recorded";
	if (need->age_min_years == need->age_max_years)
		return str_format(a, "approved for ages %u to %u; asked for age %u",
		    home->age_min_years, home->age_max_years, need->age_min_years);
	return str_format(a, "approved for ages %u to %u; asked for ages %u to %u",
	    home->age_min_years, home->age_max_years, need->age_min_years,
	    need->age_max_years);
}

static const char *
sex_fact(const struct matching_need *need, const struct matching_home *home)
{
	if (!has(home, HOME_TAKES_GIRLS) && !has(home, HOME_TAKES_BOYS))
		return "unverified: whether approved for girls or boys is not recorded";
	if (need->has_unknown_sex)
		return "a child's sex is not known, and the home is not approved for "
		       "both";
	return has(home, HOME_TAKES_GIRLS) ? "approved for girls only"
	                                   : "approved for boys only";
}

static const char *
places_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	if (need->are_siblings && need->children_n > 1) {
		if (!has(home, HOME_HAS_FREE_FOR_SIBLINGS))
			return "unverified: free places for siblings are not recorded";
		return str_format(a, "%u free for one sibling group; %u asked for",
		    home->free_for_siblings, need->children_n);
	}
	if (!has(home, HOME_HAS_FREE))
		return "unverified: free places are not recorded";
	return str_format(a, "%u free; %u asked for", home->free, need->children_n);
}

/* "goes missing": the contract's own word for it, as people say it. */
static const char *
need_words(struct arena *a, int kind)
{
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(&common__need_kind__descriptor, kind);
	char *words;

	if (value == NULL || kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED)
		return "a need of a kind not known here";
	words = str_copy(a, value->name + strlen("NEED_KIND_"));
	for (char *at = words; at != NULL && *at != '\0'; at++)
		*at = *at == '_' ? ' ' : (char)(*at - 'A' + 'a');
	return words;
}

static const char *
needs_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	uint32_t unmet = need->needs_high & ~home->skills_high;
	const char *list = NULL;

	for (unsigned kind = 0; kind < MATCHING_NEED_KINDS; kind++) {
		if ((unmet >> kind & 1) == 0)
			continue;
		const char *name = need_words(a, (int)kind);
		if (name == NULL)
			return NULL;
		list = list == NULL ? name : str_format(a, "%s, %s", list, name);
		if (list == NULL)
			return NULL;
	}
	return str_format(a, "not met at high level: %s", list == NULL ? "" : list);
}

static const char *
residents_words(struct arena *a, const struct matching_home *home)
{
	if (!has(home, HOME_MIX_IS_KNOWN))
		return "unverified: who lives there is not recorded";
	if (home->girls == 0 && home->boys == 0)
		return "no children live there";
	const char *ages =
	    home->youngest_years == home->oldest_years
		? str_format(a, "%u", home->youngest_years)
		: str_format(a, "%u to %u", home->youngest_years, home->oldest_years);
	if (ages == NULL)
		return NULL;
	return str_format(a, "%u girl%s and %u boy%s, aged %s, live there", home->girls,
	    home->girls == 1 ? "" : "s", home->boys, home->boys == 1 ? "" : "s", ages);
}

static const char *
mix_for_child_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	if ((need->not_safe_with & WITH(UNSPECIFIED)) != 0)
		return "unverified: whom the child is not safe with cannot be read";
	if ((need->not_safe_with & WITH(PETS)) != 0 && !has(home, HOME_PETS_ARE_KNOWN))
		return "unverified: whether there are pets is not recorded";
	if ((need->not_safe_with & WITH(PETS)) != 0 && has(home, HOME_HAS_PETS))
		return "there are pets";
	if (!need->ages_are_known)
		return "unverified: an age is not recorded in the request";
	return residents_words(a, home);
}

static const char *
mix_for_home_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	unsigned with = home->will_not_take_with;

	if ((with & WITH(UNSPECIFIED)) != 0)
		return "unverified: whom the home will not take cannot be read";
	if ((with & WITH(GIRLS)) != 0 && (need->has_girls || need->has_unknown_sex))
		return "the home will not take girls";
	if ((with & WITH(BOYS)) != 0 && (need->has_boys || need->has_unknown_sex))
		return "the home will not take boys";
	if ((with & WITH(ANY_CHILD)) != 0)
		return "the home takes one child alone";
	if (!need->ages_are_known)
		return "unverified: an age is not recorded in the request";
	return str_format(a, "the home will not take one %s: %s",
	    (with & WITH(YOUNGER_CHILDREN)) == 0 ? "older than those there"
	    : (with & WITH(OLDER_CHILDREN)) == 0 ? "younger than those there"
						 : "younger or older than those there",
	    residents_words(a, home));
}

static const char *
avoid_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	struct geo_distance nearest = {.miles_tenths = UINT32_MAX};

	if (!need->has_detail || need->avoid_is_unknown)
		return "unverified: where the places to avoid lie is not known here";
	if (!has(home, HOME_IS_LOCATED))
		return "unverified: where the home lies is not recorded";
	for (size_t i = 0; i < need->avoid_n; i++) {
		struct geo_distance d = geo_between(&need->avoid[i], &home->point);
		if (d.miles_tenths < nearest.miles_tenths)
			nearest = d;
	}
	return str_format(a,
	    "about %u.%u miles from a place to avoid, give or take %u.%u; nearer than "
	    "%u.%u is too near",
	    nearest.miles_tenths / 10, nearest.miles_tenths % 10,
	    nearest.error_tenths / 10, nearest.error_tenths % 10,
	    need->avoid_miles_tenths / 10, need->avoid_miles_tenths % 10);
}

static const char *
distance_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	if (!need->is_located)
		return "unverified: where the child's home lies is not recorded";
	if (!has(home, HOME_IS_LOCATED))
		return "unverified: where the home lies is not recorded";
	struct geo_distance d = geo_between(&need->home, &home->point);
	return str_format(a,
	    "about %u.%u miles from home, give or take %u.%u; the limit is %u",
	    d.miles_tenths / 10, d.miles_tenths % 10, d.error_tenths / 10,
	    d.error_tenths % 10, need->miles_max_tenths / 10);
}

static const char *
available_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	char from[DAY_TEXT_LEN + 1], day[DAY_TEXT_LEN + 1];

	if (!has(home, HOME_HAS_AVAILABLE_DAY))
		return "unverified: from when it is available is not recorded";
	day_format(home->available_from_day, from);
	day_format(need->day, day);
	return str_format(a, "available from %s; needed by %s", from, day);
}

const char *
explain_fact(struct arena *a, Matching__Rule rule, const struct matching_need *need,
    const struct matching_home *home)
{
	switch (rule) {
	case RULE(UNSPECIFIED): break;
	case RULE(OPEN): return open_fact(need, home);
	case RULE(APPROVAL_AGE): return age_fact(a, need, home);
	case RULE(APPROVAL_SEX): return sex_fact(need, home);
	case RULE(PLACES): return places_fact(a, need, home);
	case RULE(NEEDS): return needs_fact(a, need, home);
	case RULE(MIX_FOR_CHILD): return mix_for_child_fact(a, need, home);
	case RULE(MIX_FOR_HOME): return mix_for_home_fact(a, need, home);
	case RULE(AVOID_AREA): return avoid_fact(a, need, home);
	case RULE(DISTANCE): return distance_fact(a, need, home);
	case RULE(AVAILABLE): return available_fact(a, need, home);
	case RULE(EMERGENCY): return "does not take children in an emergency";
	case RULE(CARE_TYPE):
	case RULE(RESTRICTED):
	case RULE(RESERVED): break; /* of homes that are not followed yet */
	}
	return "not a rule";
}
