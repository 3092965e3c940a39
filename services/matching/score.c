#include "matching/score.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#define FACTOR(name) MATCHING__FACTOR__FACTOR_##name

static uint32_t
share(uint32_t points_max, uint32_t part, uint32_t whole)
{
	return points_max * part / whole;
}

/* All the points at no distance, none from `far_miles` on, in a straight line. */
static uint32_t
for_nearness(uint32_t points_max, const struct geo_point *a, const struct geo_point *b,
    uint32_t far_miles)
{
	uint32_t far_tenths = far_miles * 10, tenths = geo_miles_tenths(a, b);

	if (tenths >= far_tenths)
		return 0;
	return share(points_max, far_tenths - tenths, far_tenths);
}

/* How many of the children's needs at medium level or above there are, and how many
 * of them the household meets at their level. */
static void
count_needs(const struct matching_need *need, const struct matching_home *home,
    uint32_t *asked, uint32_t *met)
{
	uint32_t kinds = need->kinds;

	*asked = 0;
	*met = 0;
	for (; kinds != 0; kinds &= kinds - 1) {
		unsigned kind = (unsigned)__builtin_ctz(kinds);
		*asked += (uint32_t)need->medium_n[kind] + need->high_n[kind];
		if ((home->skills_medium >> kind & 1) != 0)
			*met += need->medium_n[kind];
		if ((home->facts.skills_high >> kind & 1) != 0)
			*met += need->high_n[kind];
	}
}

/* Where nothing is asked every home does as well. */
static uint32_t
for_skills(uint32_t points_max, const struct matching_need *need,
    const struct matching_home *home)
{
	uint32_t asked, met;

	count_needs(need, home, &asked, &met);
	return asked == 0 ? points_max : share(points_max, met, asked);
}

static bool
is_own_area(const struct matching_need *need, const struct matching_home *home)
{
	return home->council != 0 && need->council == home->council;
}

static uint32_t
for_area(const struct policy *policy, const struct matching_need *need,
    const struct matching_home *home)
{
	uint32_t points_max = policy->points_max[FACTOR(OWN_AREA)];

	if (is_own_area(need, home))
		return points_max;
	if (matching_adjoins(need, home->council))
		return share(points_max, policy->adjoining_percent, 100);
	return 0;
}

/* How many of the children share this with the home. */
static uint32_t
count_sharing(const struct matching_need *need, const struct matching_home *home,
    Matching__Factor factor)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < need->children_n; i++) {
		const struct matching_child *child = &need->child[i];
		if (factor == FACTOR(LANGUAGE))
			n += matching_share_language(
			    &child->languages, &home->languages);
		if (factor == FACTOR(ETHNICITY))
			n += child->ethnicity != 0 &&
			     child->ethnicity == home->ethnicity;
		if (factor == FACTOR(RELIGION))
			n += child->religion != 0 && child->religion == home->religion;
	}
	return n;
}

/* All the points where it is free today, fewer the closer to the day it is needed. */
static uint32_t
for_available(uint32_t points_max, const struct matching_need *need,
    const struct matching_home *home)
{
	if ((home->flags & HOME_HAS_AVAILABLE_DAY) == 0 ||
	    home->facts.available_from_day > need->terms.day)
		return 0;
	if (home->facts.available_from_day <= need->today)
		return points_max;
	return share(points_max,
	    (uint32_t)(need->terms.day - home->facts.available_from_day),
	    (uint32_t)(need->terms.day - need->today));
}

/* Days since it was last confirmed; another clock may be ahead of this one. */
static uint32_t
confirmed_days_ago(const struct matching_need *need, const struct matching_home *home)
{
	return need->today > home->confirmed_day
	           ? (uint32_t)(need->today - home->confirmed_day)
	           : 0;
}

static uint32_t
for_confirmed(const struct policy *policy, const struct matching_need *need,
    const struct matching_home *home)
{
	uint32_t days = confirmed_days_ago(need, home);

	if ((home->flags & HOME_HAS_CONFIRMED_DAY) == 0 ||
	    days >= policy->confirmed_days)
		return 0;
	return share(policy->points_max[FACTOR(CONFIRMED)],
	    policy->confirmed_days - days, policy->confirmed_days);
}

void
score_home(const struct policy *policy, const struct matching_need *need,
    const struct matching_home *home, struct score *out)
{
	const uint32_t *most = policy->points_max;
	bool is_located = (home->facts.against & AGAINST_NOT_LOCATED) == 0;

	*out = (struct score){0};
	out->has_home_distance = is_located && need->terms.is_located;
	out->has_school_distance = is_located && need->has_school;
	if (out->has_home_distance)
		out->factor[FACTOR(NEAR_HOME)] = for_nearness(most[FACTOR(NEAR_HOME)],
		    &need->home, &home->point, policy->home_miles);
	if (out->has_school_distance)
		out->factor[FACTOR(SCHOOL)] = for_nearness(most[FACTOR(SCHOOL)],
		    &need->school, &home->point, policy->school_miles);
	out->factor[FACTOR(SKILLS)] = for_skills(most[FACTOR(SKILLS)], need, home);
	out->factor[FACTOR(OWN_AREA)] = for_area(policy, need, home);
	for (Matching__Factor f = FACTOR(LANGUAGE); f <= FACTOR(RELIGION); f++)
		out->factor[f] =
		    share(most[f], count_sharing(need, home, f), need->children_n);
	out->factor[FACTOR(AVAILABLE)] =
	    for_available(most[FACTOR(AVAILABLE)], need, home);
	out->factor[FACTOR(CONFIRMED)] = for_confirmed(policy, need, home);
	for (unsigned f = 1; f < POLICY_FACTORS; f++)
		out->points += out->factor[f];
}

/* ---- in words ---- */

static const char not_recorded[] = "not recorded";

static const char *
distance_words(struct arena *a, const struct geo_point *from,
    const struct geo_point *to, const char *what)
{
	struct geo_distance d = geo_between(from, to);

	return str_format(a, "about %u.%u miles from %s, give or take %u.%u",
	    d.miles_tenths / 10, d.miles_tenths % 10, what, d.error_tenths / 10,
	    d.error_tenths % 10);
}

static const char *
skills_words(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	uint32_t asked, met;

	count_needs(need, home, &asked, &met);
	if (asked == 0)
		return "no need at medium or high level to meet";
	return str_format(
	    a, "meets %u of %u needs at medium or high level", met, asked);
}

static const char *
area_words(const struct matching_need *need, const struct matching_home *home)
{
	if (home->council == 0 || need->council == 0)
		return not_recorded;
	if (is_own_area(need, home))
		return "in the council's own area";
	if (!need->adjoining_is_known)
		return "outside the council's area; which areas adjoin it is not "
		       "recorded";
	return matching_adjoins(need, home->council)
	           ? "in an area next to the council's own"
	           : "outside the council's area, and not next to it";
}

/* Is anything on record to compare, on the home's side and for any child? */
static bool
can_be_shared(const struct matching_need *need, const struct matching_home *home,
    Matching__Factor factor)
{
	bool child_has = false;

	for (uint32_t i = 0; i < need->children_n; i++) {
		const struct matching_child *child = &need->child[i];
		child_has = child_has ||
		            (factor == FACTOR(LANGUAGE) && child->languages.n > 0) ||
		            (factor == FACTOR(ETHNICITY) && child->ethnicity != 0) ||
		            (factor == FACTOR(RELIGION) && child->religion != 0);
	}
	return child_has && ((factor == FACTOR(LANGUAGE) && home->languages.n > 0) ||
				(factor == FACTOR(ETHNICITY) && home->ethnicity != 0) ||
				(factor == FACTOR(RELIGION) && home->religion != 0));
}

static const char *
sharing_words(struct arena *a, const struct matching_need *need,
    const struct matching_home *home, Matching__Factor factor)
{
	uint32_t n = count_sharing(need, home, factor);

	if (!can_be_shared(need, home, factor))
		return not_recorded;
	if (need->children_n == 1)
		return n == 1 ? "shared with the child" : "not shared with the child";
	return str_format(a, "shared with %u of %u children", n, need->children_n);
}

static const char *
available_words(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	char from[DAY_TEXT_LEN + 1], needed[DAY_TEXT_LEN + 1];

	if ((home->flags & HOME_HAS_AVAILABLE_DAY) == 0)
		return not_recorded;
	if (home->facts.available_from_day <= need->today)
		return "available now";
	day_format(home->facts.available_from_day, from);
	day_format(need->needed_by_day, needed);
	return str_format(a, "available from %s, needed by %s", from, needed);
}

static const char *
confirmed_words(
    struct arena *a, const struct matching_need *need, const struct matching_home *home)
{
	uint32_t days = confirmed_days_ago(need, home);

	if ((home->flags & HOME_HAS_CONFIRMED_DAY) == 0)
		return not_recorded;
	if (days == 0)
		return "confirmed today";
	return str_format(a, "confirmed %u day%s ago", days, days == 1 ? "" : "s");
}

static const char *
words(const struct score *score, const struct matching_need *need,
    const struct matching_home *home, Matching__Factor factor, struct arena *a)
{
	switch (factor) {
	case FACTOR(NEAR_HOME):
		return score->has_home_distance
		           ? distance_words(a, &need->home, &home->point, "home")
		           : not_recorded;
	case FACTOR(SKILLS): return skills_words(a, need, home);
	case FACTOR(SCHOOL):
		return score->has_school_distance
		           ? distance_words(a, &need->school, &home->point, "school")
		           : not_recorded;
	case FACTOR(OWN_AREA): return area_words(need, home);
	case FACTOR(LANGUAGE):
	case FACTOR(ETHNICITY):
	case FACTOR(RELIGION): return sharing_words(a, need, home, factor);
	case FACTOR(AVAILABLE): return available_words(a, need, home);
	case FACTOR(UNSPECIFIED): /* is none, and not asked about */
	case FACTOR(CONFIRMED): break;
	}
	return confirmed_words(a, need, home);
}

bool
score_explain(const struct score *score, const struct policy *policy,
    const struct matching_need *need, const struct matching_home *home, struct arena *a,
    Matching__Candidate *out)
{
	out->factors = LIST_NEW(a, POLICY_FACTORS, Matching__Points *);
	if (out->factors == NULL)
		return false;
	for (Matching__Factor f = FACTOR(NEAR_HOME); f <= FACTOR(CONFIRMED); f++) {
		Matching__Points *points = MESSAGE_NEW(a, matching__points);
		const char *evidence = words(score, need, home, f, a);
		if (points == NULL || evidence == NULL)
			return false;
		SET(points, factor, f);
		SET(points, points, score->factor[f]);
		SET(points, points_max, policy->points_max[f]);
		points->evidence = str_copy(a, evidence);
		out->factors[out->n_factors++] = points;
	}
	SET(out, points, score->points);
	if (score->has_home_distance) {
		struct geo_distance d = geo_between(&need->home, &home->point);
		SET(out, miles_tenths, d.miles_tenths);
		SET(out, miles_error_tenths, d.error_tenths);
	}
	SET(out, own_area, is_own_area(need, home));
	SET(out, adjoining, matching_adjoins(need, home->council));
	return !a->is_full;
}
