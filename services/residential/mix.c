#include "residential/mix.h"

#include "base/message.h"
#include "base/place.h"
#include "base/str.h"

#define WITH(who) RESIDENTIAL_WITH(who)

/* ---- safe together ---- */

static bool
may_be_girl(const struct residential_person *p)
{
	return p->sex != COMMON__SEX__SEX_MALE;
}

static bool
may_be_boy(const struct residential_person *p)
{
	return p->sex != COMMON__SEX__SEX_FEMALE;
}

/* Must these two not live together for what is known of the first? */
static bool
is_not_safe(const struct residential_person *p, const struct residential_person *other)
{
	uint32_t with = p->not_safe_with;

	return (with & WITH(ANY_CHILD)) != 0 ||
	       ((with & WITH(YOUNGER_CHILDREN)) != 0 &&
		   other->age_years < p->age_years) ||
	       ((with & WITH(OLDER_CHILDREN)) != 0 &&
		   other->age_years > p->age_years) ||
	       ((with & WITH(GIRLS)) != 0 && may_be_girl(other)) ||
	       ((with & WITH(BOYS)) != 0 && may_be_boy(other));
}

static bool
are_safe_together(
    const struct residential_person *p, const struct residential_person *other)
{
	if (p->sibling_group_id != NULL &&
	    str_equal(p->sibling_group_id, other->sibling_group_id))
		return true;
	return !is_not_safe(p, other) && !is_not_safe(other, p);
}

/*
 * Law: Children's Homes (England) Regulations 2015, reg 12(1): "children are protected
 * from harm and enabled to keep themselves safe"
 * Law: Children's Homes (England) Regulations 2015, reg 14(2)(a): "children are
 * admitted to the home only if their needs are within the range of needs of children
 * for whom it is intended that the home is to provide care and accommodation" Both
 * ways: the children who live there first have the same claim as those coming.
 */
enum residential_refusal
residential_test_mix(const struct residential_house *house, size_t present)
{
	const struct residential_person *coming =
	    house->people + residential_present(house);

	for (size_t i = 0; i < house->coming_n; i++) {
		if ((coming[i].not_safe_with & WITH(PETS)) != 0 &&
		    house->home->has_pets)
			return RESIDENTIAL_PETS;
		for (size_t j = 0; j < present; j++) {
			if (!are_safe_together(&coming[i], &house->people[j]))
				return RESIDENTIAL_NOT_SAFE_TOGETHER;
		}
		for (size_t j = 0; j < i; j++) {
			if (!are_safe_together(&coming[i], &coming[j]))
				return RESIDENTIAL_NOT_SAFE_TOGETHER;
		}
	}
	return RESIDENTIAL_OK;
}

/* ---- the home's wishes ---- */

static bool
is_unwanted(uint32_t with, const struct residential_person *p)
{
	return ((with & WITH(GIRLS)) != 0 && may_be_girl(p)) ||
	       ((with & WITH(BOYS)) != 0 && may_be_boy(p));
}

static bool
is_unwanted_beside(uint32_t with, const struct residential_person *p,
    const struct residential_person *there)
{
	return (with & WITH(ANY_CHILD)) != 0 ||
	       ((with & WITH(YOUNGER_CHILDREN)) != 0 &&
		   p->age_years < there->age_years) ||
	       ((with & WITH(OLDER_CHILDREN)) != 0 && p->age_years > there->age_years);
}

enum residential_refusal
residential_test_wishes(const struct residential_house *house)
{
	uint32_t with = residential_with(
	    house->home->will_not_take_with, house->home->n_will_not_take_with);
	size_t present = residential_present(house);

	if ((with & WITH(ANY_CHILD)) != 0 && house->coming_n > 1)
		return RESIDENTIAL_HOME_WILL_NOT_TAKE;
	for (size_t i = present; i < present + house->coming_n; i++) {
		if (is_unwanted(with, &house->people[i]))
			return RESIDENTIAL_HOME_WILL_NOT_TAKE;
		for (size_t j = 0; j < present; j++) {
			if (is_unwanted_beside(
				with, &house->people[i], &house->people[j]))
				return RESIDENTIAL_HOME_WILL_NOT_TAKE;
		}
	}
	return RESIDENTIAL_OK;
}

/* ---- in bands ---- */

bool
residential_takes_band(const Residential__Home *home, Common__AgeBand band)
{
	struct place_ages ages = place_band_ages(band);

	return ages.min_years <= home->age_max_years &&
	       ages.max_years >= home->age_min_years &&
	       ages.min_years <= ages.max_years;
}

/* Each list in the order of its enum, so that who came last does not show. */
static bool
set_lists(struct arena *a, Residential__Residents *r, uint32_t age_bands,
    uint32_t risks, uint32_t with)
{
	r->age_bands = LIST_NEW(a, 32, Common__AgeBand);
	r->risks = LIST_NEW(a, 32, Common__NeedKind);
	r->not_safe_with = LIST_NEW(a, 32, Common__NotSafeWith);
	if (r->age_bands == NULL || r->risks == NULL || r->not_safe_with == NULL)
		return false;
	for (unsigned i = 1; i < 32; i++) {
		if ((age_bands & 1u << i) != 0)
			r->age_bands[r->n_age_bands++] = (Common__AgeBand)i;
		if ((risks & 1u << i) != 0)
			r->risks[r->n_risks++] = (Common__NeedKind)i;
		if ((with & 1u << i) != 0)
			r->not_safe_with[r->n_not_safe_with++] = (Common__NotSafeWith)i;
	}
	return true;
}

Residential__Residents *
residential_residents(struct arena *a, const Residential__HomeShown *known,
    const struct residential_house *house)
{
	Residential__Residents *r = MESSAGE_NEW(a, residential__residents);
	uint32_t age_bands = 0, risks = 0, with = 0;
	bool has_girls = false, has_boys = false, has_adults = false;

	if (r == NULL)
		return NULL;
	for (size_t i = 0; i < house->there_n; i++) {
		const struct residential_person *p = &house->people[i];
		const Residential__Occupant *o = known->occupants[i];
		age_bands |= 1u << (unsigned)place_band_of(p->age_years);
		with |= p->not_safe_with;
		for (size_t j = 0; j < o->n_risks; j++)
			risks |= 1u << (unsigned)o->risks[j];
		has_girls = has_girls || may_be_girl(p);
		has_boys = has_boys || may_be_boy(p);
		has_adults = has_adults || p->age_years >= PLACE_ADULT_YEARS;
	}
	SET(r, count, (uint32_t)house->there_n);
	SET(r, has_girls, has_girls);
	SET(r, has_boys, has_boys);
	SET(r, has_adults, has_adults);
	return set_lists(a, r, age_bands, risks, with) ? r : NULL;
}
