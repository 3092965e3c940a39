#include "matching/matching.h"

#include <assert.h>
#include <string.h>

/*
 * Each rule once, for both kinds of care, as a comparison of numbers without branches,
 * so that a compiler makes of it one that judges sixteen homes at a time. A rule that
 * would have to look closer (a root, a list) only says where that is worth while, and
 * matching_settle looks.
 */

#define STEP_RULE(name) MATCHING__RULE__RULE_##name,
const Matching__Rule matching_waterfall[MATCHING_RULES] = {
    MATCHING_WATERFALL(STEP_RULE)};
#undef STEP_RULE

static_assert(MATCHING_RULES <= 14, "behind the rules stand two bits of their own");

/*
 * A kind of care that the council would consider, and that is lawful at these ages. No
 * home is a secure one here: those beds are national.
 */
static inline bool
fails_care_type(const struct matching_terms *need, struct matching_facts home)
{
	return (home.care_type & need->care_types) == 0;
}

/* Open to referral, and to what is asked: a child, or a parent with a child. A foster
 * home of family and friends or for short breaks is never the answer to a request. */
static inline bool
fails_open(const struct matching_terms *need, struct matching_facts home)
{
	return (home.open_to & need->open_to) == 0;
}

/* The regulator has said that no child may be newly accommodated, or suspended it. */
static inline bool
fails_restricted(const struct matching_terms *need, struct matching_facts home)
{
	(void)need;
	return (home.against & AGAINST_RESTRICTED) != 0;
}

/*
 * Law: Fostering Services (England) Regulations 2011, reg 27(5): "give X notice in
 * writing specifying any terms on which the approval is given"
 * The terms are the ages and the sexes a household is approved for. A children's home
 * has those of its registration and of the band of ages the vacancy is for.
 */
static inline bool
fails_approval_age(const struct matching_terms *need, struct matching_facts home)
{
	return !need->ages_are_known | (need->age_min_years < home.age_min_years) |
	       (need->age_max_years > home.age_max_years);
}

/* A child whose sex is not known needs a home for both. */
static inline bool
fails_approval_sex(const struct matching_terms *need, struct matching_facts home)
{
	return (need->sexes & ~home.takes) != 0;
}

/*
 * Law: Children Act 1989, Sch 7 para 3: "A person may exceed the usual fostering
 * limit if the children concerned are all siblings with respect to each other."
 * The owner of the home has reckoned both numbers; this only takes the right one.
 */
static inline bool
has_too_few(const struct matching_terms *need, struct matching_facts home)
{
	return (home.free < need->places) |
	       (home.free_for_siblings < need->places_for_siblings);
}

/* A bed that is kept for some council is a place: see the next rule. */
static inline bool
fails_places(const struct matching_terms *need, struct matching_facts home)
{
	return has_too_few(need, home) & (home.free_with_reserved < need->beds);
}

/* There are beds, but kept for councils: matching_settle asks whether for this one. */
static inline bool
fails_reserved(const struct matching_terms *need, struct matching_facts home)
{
	return has_too_few(need, home) & (home.free_with_reserved >= need->beds);
}

static inline bool
fails_needs(const struct matching_terms *need, struct matching_facts home)
{
	return (need->needs_high & ~home.skills_high) != 0;
}

/* Whom the children are not safe with, among the children and pets that live there. */
static inline bool
fails_mix_for_child(const struct matching_terms *need, struct matching_facts home)
{
	return ((need->not_safe_with & home.with) != 0) |
	       (home.youngest_years < need->younger_than_years) |
	       (home.oldest_below > need->older_below);
}

/* Whom the home will not take, and who is not safe with those who live there. */
static inline bool
fails_mix_for_home(const struct matching_terms *need, struct matching_facts home)
{
	return ((home.refuses & need->refused) != 0) |
	       (need->age_min_years < home.will_take_from_years) |
	       (need->age_max_years > home.will_take_to_years);
}

static inline bool
fails_available(const struct matching_terms *need, struct matching_facts home)
{
	return home.available_from_day > need->day;
}

static inline bool
fails_emergency(const struct matching_terms *need, struct matching_facts home)
{
	return need->is_emergency & ((home.against & AGAINST_NO_EMERGENCIES) != 0);
}

/* For certain, the one or the other: no root is taken, for most homes are far away, and
 * this is asked of all of them. */
static inline int32_t
square_from(const struct matching_circle *circle, struct matching_facts home)
{
	int32_t east = home.east - circle->east, north = home.north - circle->north;

	return east * east + north * north;
}

static inline bool
is_outside(const struct matching_circle *circle, struct matching_facts home)
{
	int32_t reach = circle->reach + home.radius;

	return square_from(circle, home) > reach * reach;
}

static inline bool
is_inside(const struct matching_circle *circle, struct matching_facts home)
{
	int32_t within = circle->within - home.radius;

	within = within < 0 ? 0 : within;
	return square_from(circle, home) < within * within;
}

static inline bool
is_located(struct matching_facts home)
{
	return (home.against & AGAINST_NOT_LOCATED) == 0;
}

/* ---- looking closer ---- */

/* Too near may be too near: the estimate is given the benefit of the child. */
static bool
fails_avoid_area(const struct matching_need *need, const struct matching_home *home)
{
	if (!need->has_detail || need->avoid_is_unknown)
		return true;
	if (need->avoid_n > 0 && !is_located(home->facts))
		return true;
	for (size_t i = 0; i < need->avoid_n; i++) {
		if (is_outside(&need->avoid_around[i], home->facts))
			continue;
		struct geo_distance d = geo_between(&need->avoid[i], &home->point);
		if (d.miles_tenths <= need->avoid_miles_tenths + d.error_tenths)
			return true;
	}
	return false;
}

/* Removed only where it lies beyond the limit for certain; looked at on the map where
 * the limit lies within the error of the estimate. */
static uint32_t
measure(const struct matching_need *need, const struct matching_home *home)
{
	struct geo_distance d = geo_between(&need->home, &home->point);

	if (d.miles_tenths > need->miles_max_tenths + d.error_tenths)
		return MATCHING_BIT(DISTANCE);
	return d.miles_tenths + d.error_tenths > need->miles_max_tenths
	           ? MATCHING_CHECK_DISTANCE
	           : 0;
}

static bool
is_reserved_to_others(
    const struct matching_need *need, const struct matching_home *home)
{
	return home->facts.free + matching_reserved_beds(home, need->council) <
	       need->terms.beds;
}

uint32_t
matching_settle(
    const struct matching_need *need, const struct matching_home *home, uint32_t looked)
{
	uint32_t mask = looked & ~MATCHING_MEASURE;

	if ((looked & MATCHING_MEASURE) != 0)
		mask |= measure(need, home);
	if ((looked & MATCHING_BIT(RESERVED)) != 0 &&
	    !is_reserved_to_others(need, home))
		mask &= ~MATCHING_BIT(RESERVED);
	if ((looked & MATCHING_BIT(AVOID_AREA)) != 0 && !fails_avoid_area(need, home))
		mask &= ~MATCHING_BIT(AVOID_AREA);
	return mask;
}

/* ---- many homes at a time ---- */

void
matching_lanes_put(
    struct matching_lanes *lanes, unsigned lane, const struct matching_facts *facts)
{
#define PUT(fact) lanes->fact[lane] = facts->fact
	PUT(care_type);
	PUT(open_to);
	PUT(against);
	PUT(age_min_years);
	PUT(age_max_years);
	PUT(takes);
	PUT(free);
	PUT(free_for_siblings);
	PUT(free_with_reserved);
	PUT(with);
	PUT(youngest_years);
	PUT(oldest_below);
	PUT(refuses);
	PUT(will_take_from_years);
	PUT(will_take_to_years);
	PUT(east);
	PUT(north);
	PUT(radius);
	PUT(skills_high);
	PUT(available_from_day);
#undef PUT
}

static inline struct matching_facts
facts_at(const struct matching_lanes *lanes, unsigned lane)
{
#define GET(fact) .fact = lanes->fact[lane]
	return (struct matching_facts){GET(care_type), GET(open_to), GET(against),
	    GET(age_min_years), GET(age_max_years), GET(takes), GET(free),
	    GET(free_for_siblings), GET(free_with_reserved), GET(with),
	    GET(youngest_years), GET(oldest_below), GET(refuses),
	    GET(will_take_from_years), GET(will_take_to_years), GET(east), GET(north),
	    GET(radius), GET(skills_high), GET(available_from_day)};
#undef GET
}

/* Does the rule for every lane. */
#define SCAN(rule, step)                                                               \
	for (unsigned i = 0; i < MATCHING_LANES; i++)                                  \
	looked[i] |= (uint16_t)(fails_##rule(&terms, facts_at(lanes, i)) << STEP_##step)

static inline __attribute__((always_inline)) void
scan_plain(const struct matching_terms terms,
    const struct matching_lanes *restrict lanes, uint16_t *restrict looked)
{
	SCAN(care_type, CARE_TYPE);
	SCAN(open, OPEN);
	SCAN(restricted, RESTRICTED);
	SCAN(approval_age, APPROVAL_AGE);
	SCAN(approval_sex, APPROVAL_SEX);
	SCAN(places, PLACES);
	SCAN(reserved, RESERVED);
	SCAN(needs, NEEDS);
	SCAN(mix_for_child, MIX_FOR_CHILD);
	SCAN(mix_for_home, MIX_FOR_HOME);
	SCAN(available, AVAILABLE);
	SCAN(emergency, EMERGENCY);
}

/* Too far for certain, or to be measured. */
static inline __attribute__((always_inline)) void
scan_distance(const struct matching_terms terms,
    const struct matching_lanes *restrict lanes, uint16_t *restrict looked)
{
	for (unsigned i = 0; terms.has_miles_max && i < MATCHING_LANES; i++) {
		struct matching_facts home = facts_at(lanes, i);
		bool is_there = is_located(home);
		bool is_away = is_outside(&terms.around, home);
		bool is_near = is_inside(&terms.around, home);
		bool is_known = terms.is_located & is_there;
		looked[i] |= (uint16_t)((!is_known | is_away) << STEP_DISTANCE);
		bool is_to_measure = is_known & !is_away & !is_near;
		looked[i] |= is_to_measure ? MATCHING_MEASURE : 0;
	}
}

/* Every home that must be looked at: all, where what is to be avoided is not known. */
static inline __attribute__((always_inline)) void
scan_avoid(const struct matching_need *need,
    const struct matching_lanes *restrict lanes, uint16_t *restrict looked)
{
	bool is_unknown = !need->has_detail || need->avoid_is_unknown;

	for (size_t a = 0; a < need->avoid_n; a++) {
		const struct matching_circle around = need->avoid_around[a];
		for (unsigned i = 0; i < MATCHING_LANES; i++) {
			struct matching_facts home = facts_at(lanes, i);
			bool is_there = is_located(home);
			bool is_away = is_outside(&around, home);
			looked[i] |=
			    (uint16_t)(!(is_away & is_there) << STEP_AVOID_AREA);
		}
	}
	for (unsigned i = 0; is_unknown && i < MATCHING_LANES; i++)
		looked[i] |= MATCHING_BIT(AVOID_AREA);
}

/* Once for wider registers and once for any processor; which, is asked of it at the
 * start.
 */
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__clang__) &&             \
    !defined(__SANITIZE_ADDRESS__)
__attribute__((target_clones("avx2", "default")))
#endif
void
matching_scan(const struct matching_need *need, const struct matching_lanes *lanes,
    uint16_t looked[MATCHING_LANES])
{
	memset(looked, 0, MATCHING_LANES * sizeof(looked[0]));
	scan_plain(need->terms, lanes, looked);
	scan_distance(need->terms, lanes, looked);
	scan_avoid(need, lanes, looked);
}

uint32_t
matching_mask(const struct matching_need *need, const struct matching_home *home)
{
	struct matching_lanes lanes = {0};
	uint16_t looked[MATCHING_LANES];

	matching_lanes_put(&lanes, 0, &home->facts);
	matching_scan(need, &lanes, looked);
	return matching_settle(need, home, looked[0]);
}
