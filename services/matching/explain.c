#include "matching/explain.h"

#include "base/day.h"
#include "base/str.h"
#include "matching/facts_inside.h"

#define RULE(name) MATCHING__RULE__RULE_##name

const char *
explain_source(Matching__Rule rule)
{
	switch (rule) {
	case RULE(UNSPECIFIED): break;
	case RULE(CARE_TYPE):
		return "the kinds of care the council would consider; supported "
		       "accommodation is for ages 16 and 17: Supported Accommodation "
		       "(England) Regulations 2023; secure beds are national";
	case RULE(OPEN):
		return "the provider has it open to referral; kind of approval: "
		       "Fostering Services (England) Regulations 2011, reg 27";
	case RULE(RESTRICTED):
		return "the regulator's notice: Care Standards Act 2000, s14A and s22B";
	case RULE(APPROVAL_AGE):
		return "ages of approval: Fostering Services (England) Regulations "
		       "2011, reg 27(5); of a home those of its registration, and of "
		       "the vacancy";
	case RULE(APPROVAL_SEX):
		return "sexes of approval: Fostering Services (England) Regulations "
		       "2011, reg 27(5); of a home those of its registration";
	case RULE(PLACES):
		return "free places: terms of approval, and Children Act 1989, Sch 7, "
		       "paras 2 to 4; in a home registered beds for which there are "
		       "staff";
	case RULE(RESERVED):
		return "the home's contract with the councils its beds are kept for";
	case RULE(NEEDS):
		return "Children Act 1989, s22C(5), the most appropriate placement "
		       "available; a home's own word is no evidence for a high level";
	case RULE(MIX_FOR_CHILD):
		return "Children Act 1989, s22(3)(a), the child's welfare; the "
		       "council's record of whom the child is not safe with";
	case RULE(MIX_FOR_HOME):
		return "the home's own word on whom it will not take; who is not safe "
		       "with the children living there";
	case RULE(AVOID_AREA):
		return "Children Act 1989, s22(3)(a), the child's welfare; the "
		       "council's record of places to avoid";
	case RULE(DISTANCE):
		return "the council's limit for this child; Children Act 1989, "
		       "s22C(8), near home";
	case RULE(AVAILABLE): return "the day the council needs the home";
	case RULE(EMERGENCY):
		return "the home's own word on taking children in an emergency";
	}
	return "not a rule";
}

static bool
has(const struct matching_home *home, enum matching_home_flag flag)
{
	return (home->flags & (unsigned)flag) != 0;
}

static bool
is_foster(const struct matching_home *home)
{
	return home->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER;
}

static bool
is_located(const struct matching_home *home)
{
	return (home->facts.against & AGAINST_NOT_LOCATED) == 0;
}

/* ---- facts ---- */

static const char *
care_type_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	if (home->facts.care_type == 0)
		return home->care_type == COMMON__CARE_TYPE__CARE_TYPE_SECURE
		           ? "secure beds are national: ask the Secure Welfare "
		             "Coordination Unit"
		           : explain_care_type(home->care_type);
	if ((home->facts.care_type & need->considered) == 0)
		return str_format(a, "it is %s, which the council does not consider",
		    explain_care_type(home->care_type));
	if (!need->terms.ages_are_known)
		return "unverified: an age is not recorded in the request, and "
		       "supported accommodation is for ages 16 and 17";
	return str_format(a,
	    "supported accommodation is for ages 16 and 17; asked for ages %u to %u",
	    need->terms.age_min_years, need->terms.age_max_years);
}

static const char *
open_fact(const struct matching_need *need, const struct matching_home *home)
{
	bool is_parent = need->terms.open_to == OPEN_TO_PARENT_AND_CHILD;

	if (!has(home, HOME_IS_OPEN))
		return "the vacancy is closed";
	if (!is_foster(home))
		return "nothing shows that the home takes a parent with a child";
	if (home->approval_kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_UNSPECIFIED)
		return "the kind of approval is not recorded";
	return is_parent ? "not approved as a parent and child home"
	                 : "approved for another kind of fostering";
}

static const char *
restricted_fact(const struct matching_home *home)
{
	switch ((Residential__RestrictionKind)home->restriction) {
	case RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_UNSPECIFIED: break;
	case RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_ACCOMMODATION:
		return "under a notice that no child may be newly accommodated";
	case RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_SUSPENDED:
		return "its registration is suspended";
	}
	return "under a notice of a kind not known here";
}

static const char *
age_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	const struct matching_terms *terms = &need->terms;
	const char *is_for = is_foster(home) ? "approved for" : "open to";

	if (!terms->ages_are_known)
		return "unverified: an age is not recorded in the request";
	if (!has(home, HOME_HAS_AGES))
		return is_foster(home)
		           ? "unverified: the approved ages are not recorded"
		           : "unverified: the ages it is registered for are "
		             "not recorded";
	if (terms->age_min_years == terms->age_max_years)
		return str_format(a, "%s ages %u to %u; asked for age %u", is_for,
		    home->facts.age_min_years, home->facts.age_max_years,
		    terms->age_min_years);
	return str_format(a, "%s ages %u to %u; asked for ages %u to %u", is_for,
	    home->facts.age_min_years, home->facts.age_max_years, terms->age_min_years,
	    terms->age_max_years);
}

static const char *
sex_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	const char *is_for = is_foster(home) ? "approved" : "registered";

	if (home->facts.takes == 0)
		return str_format(a, "not %s for girls, nor for boys", is_for);
	if (need->has_unknown_sex)
		return str_format(a,
		    "a child's sex is not known, and the home is not %s for both",
		    is_for);
	return str_format(a, "%s for %s only", is_for,
	    home->facts.takes == MATCHING_GIRLS ? "girls" : "boys");
}

static const char *
places_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	const char *free =
	    has(home, HOME_OPENS_FEWER) ? "free and open to referral" : "free";

	if (is_foster(home) && need->terms.places_for_siblings > 0) {
		if (!has(home, HOME_HAS_FREE_FOR_SIBLINGS))
			return "unverified: free places for siblings are not recorded";
		return str_format(a, "%u %s for one sibling group; %u asked for",
		    home->facts.free_for_siblings, free, need->children_n);
	}
	if (!has(home, HOME_HAS_FREE))
		return "unverified: free places are not recorded";
	return str_format(
	    a, "%u %s; %u asked for", home->facts.free, free, need->children_n);
}

static const char *
reserved_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	return str_format(a,
	    "%u free to everybody and %u kept for the council; %u asked for; %u in all "
	    "kept for councils",
	    home->facts.free, matching_reserved_beds(home, need->council),
	    need->children_n, home->facts.free_with_reserved - home->facts.free);
}

static const char *
needs_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	uint32_t unmet = need->terms.needs_high & ~home->facts.skills_high;
	const char *list = explain_needs(a, unmet);

	if (list == NULL)
		return NULL;
	return str_format(a, "not met at high level: %s%s", list,
	    (unmet & home->skills_claimed) != 0
		? " (claimed by the home, with no evidence but its own word)"
		: "");
}

/* What of it is not certain, where who lives there is known in bands alone. */
static const char *
may_be_words(const struct matching_need *need, const struct matching_home *home)
{
	if (is_foster(home))
		return "";
	if (home->facts.youngest_years < need->terms.younger_than_years)
		return ": somebody there may be younger";
	if (home->facts.oldest_below > need->terms.older_below)
		return ": somebody there may be older";
	return "";
}

static const char *
mix_for_child_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	unsigned with = need->terms.not_safe_with;

	if ((with & WITH(UNSPECIFIED)) != 0)
		return "unverified: whom the child is not safe with cannot be read";
	if ((with & WITH(PETS)) != 0 && !has(home, HOME_PETS_ARE_KNOWN))
		return "unverified: whether there are pets is not recorded";
	if ((with & WITH(PETS)) != 0 && has(home, HOME_HAS_PETS))
		return "there are pets";
	if (has(home, HOME_MIX_IS_KNOWN) && !need->terms.ages_are_known &&
	    (with & (WITH(YOUNGER_CHILDREN) | WITH(OLDER_CHILDREN))) != 0)
		return "unverified: an age is not recorded in the request";
	const char *residents = explain_residents(a, home);
	if (residents == NULL)
		return NULL;
	return str_format(a, "%s%s", residents, may_be_words(need, home));
}

/* What the home's own word says of these children; NULL where it is not that. */
static const char *
own_word_fact(const struct matching_need *need, const struct matching_home *home)
{
	unsigned with = home->will_not_take_with;

	if ((with & WITH(UNSPECIFIED)) != 0)
		return "unverified: whom the home will not take cannot be read";
	if ((with & WITH(GIRLS)) != 0 && (need->terms.sexes & MATCHING_GIRLS) != 0)
		return "the home will not take girls";
	if ((with & WITH(BOYS)) != 0 && (need->terms.sexes & MATCHING_BOYS) != 0)
		return "the home will not take boys";
	if ((with & WITH(ANY_CHILD)) != 0)
		return "the home takes one child alone";
	return NULL;
}

/* What is recorded of who lives there; NULL where it is not that. */
static const char *
residents_word_fact(const struct matching_need *need, const struct matching_home *home)
{
	unsigned with = home->residents.not_safe_with;

	if ((with & WITH(UNSPECIFIED)) != 0)
		return "unverified: whom a child living there is not safe with cannot "
		       "be read";
	if ((with & WITH(ANY_CHILD)) != 0)
		return "a child living there has to live alone";
	if ((with & WITH(GIRLS)) != 0 && (need->terms.sexes & MATCHING_GIRLS) != 0)
		return "a child living there is not safe with girls";
	if ((with & WITH(BOYS)) != 0 && (need->terms.sexes & MATCHING_BOYS) != 0)
		return "a child living there is not safe with boys";
	return NULL;
}

static const char *
mix_for_home_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	unsigned own = home->will_not_take_with;
	unsigned of_age = WITH(YOUNGER_CHILDREN) | WITH(OLDER_CHILDREN);
	const char *fact = own_word_fact(need, home), *whom;

	if (fact == NULL)
		fact = residents_word_fact(need, home);
	if (fact != NULL)
		return fact;
	if (!need->terms.ages_are_known)
		return "unverified: an age is not recorded in the request";
	if ((own & of_age) != 0)
		whom = (own & WITH(YOUNGER_CHILDREN)) == 0
		           ? "the home will not take one older than those there"
		       : (own & WITH(OLDER_CHILDREN)) == 0
		           ? "the home will not take one younger than those there"
		           : "the home will not take one younger or older than those "
		             "there";
	else
		whom = "a child living there is not safe with younger or older ones";
	const char *residents = explain_residents(a, home);
	return residents == NULL ? NULL : str_format(a, "%s: %s", whom, residents);
}

static const char *
avoid_fact(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	struct geo_distance nearest = {.miles_tenths = UINT32_MAX};

	if (!need->has_detail || need->avoid_is_unknown)
		return "unverified: where the places to avoid lie is not known here";
	if (!is_located(home))
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
	if (!need->terms.is_located)
		return "unverified: where the child's home lies is not recorded";
	if (!is_located(home))
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
	day_format(home->facts.available_from_day, from);
	day_format(need->terms.day, day);
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
	case RULE(APPROVAL_SEX): return sex_fact(a, need, home);
	case RULE(PLACES): return places_fact(a, need, home);
	case RULE(NEEDS): return needs_fact(a, need, home);
	case RULE(MIX_FOR_CHILD): return mix_for_child_fact(a, need, home);
	case RULE(MIX_FOR_HOME): return mix_for_home_fact(a, need, home);
	case RULE(AVOID_AREA): return avoid_fact(a, need, home);
	case RULE(DISTANCE): return distance_fact(a, need, home);
	case RULE(AVAILABLE): return available_fact(a, need, home);
	case RULE(EMERGENCY): return "does not take children in an emergency";
	case RULE(CARE_TYPE): return care_type_fact(a, need, home);
	case RULE(RESTRICTED): return restricted_fact(home);
	case RULE(RESERVED): return reserved_fact(a, need, home);
	}
	return "not a rule";
}
