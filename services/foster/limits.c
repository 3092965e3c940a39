#include "foster/limits.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

/* ---- who lives here ---- */

static struct foster_child
person_of(const Common__Child *child, const char *group, int32_t day)
{
	return (struct foster_child){
	    .child_id = child->child_id,
	    .sibling_group_id = group,
	    .age_years = day_age_at(child->age_years, child->age_day, day),
	    .sex = child->sex,
	    .is_fostered = true,
	};
}

static struct foster_child
occupant_of(const Foster__Occupant *o, int32_t day)
{
	return (struct foster_child){
	    .child_id = o->child_id,
	    .sibling_group_id = o->sibling_group_id,
	    .age_years = day_age_at(o->age_years, o->age_day, day),
	    .sex = o->sex,
	    .is_fostered = o->kind != FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT,
	};
}

static size_t
add_hold(struct foster_child *people, const Foster__HoldRow *hold, int32_t day)
{
	const char *group = hold->are_siblings ? hold->hold_id : NULL;

	for (size_t i = 0; i < hold->n_children; i++)
		people[i] = person_of(hold->children[i], group, day);
	return hold->n_children;
}

static bool
is_other_hold(const Foster__HoldRow *hold, const Foster__HoldRow *coming)
{
	return coming == NULL || !str_equal(hold->hold_id, coming->hold_id);
}

enum err
foster_home_of(struct arena *a, const Foster__HouseholdShown *known,
    const Foster__HoldRow *coming, int32_t day, struct foster_home *out)
{
	size_t n = known->n_occupants + (coming == NULL ? 0 : coming->n_children);

	for (size_t i = 0; i < known->n_holds; i++)
		n += known->holds[i]->n_children;
	struct foster_child *people = LIST_NEW(a, n, struct foster_child);
	if (people == NULL)
		return ERR_MEMORY;
	struct foster_home home = {
	    .household = known->household,
	    .people = people,
	    .there_n = known->n_occupants,
	    .exemptions = known->exemptions,
	    .exemptions_n = known->n_exemptions,
	    .day = day,
	};
	for (size_t i = 0; i < known->n_occupants; i++)
		people[i] = occupant_of(known->occupants[i], day);
	people += home.there_n;
	for (size_t i = 0; i < known->n_holds; i++) {
		if (is_other_hold(known->holds[i], coming))
			home.held_n +=
			    add_hold(people + home.held_n, known->holds[i], day);
	}
	if (coming != NULL)
		home.coming_n = add_hold(people + home.held_n, coming, day);
	for (size_t i = 0; i < known->n_withheld; i++) {
		if (foster_is_withheld_on(known->withheld[i], day))
			home.withheld += known->withheld[i]->places;
	}
	*out = home;
	return ERR_NONE;
}

bool
foster_is_withheld_on(const Foster__Withheld *w, int32_t day)
{
	return day_is_in(day, DAY_SPAN_OF(w));
}

bool
foster_is_exempt_on(const Foster__Exemption *x, int32_t day)
{
	return day_is_in(day, DAY_SPAN_OF(x));
}

static size_t
everybody(const struct foster_home *home)
{
	return home->there_n + home->held_n + home->coming_n;
}

uint32_t
foster_fostered(const struct foster_home *home)
{
	uint32_t n = 0;

	for (size_t i = 0; i < everybody(home); i++)
		n += home->people[i].is_fostered;
	return n;
}

/* ---- test 1: terms of approval ---- */

static bool
is_listed(char *const *ids, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++) {
		if (id != NULL && str_equal(ids[i], id))
			return true;
	}
	return false;
}

/* A child of unknown sex fits only terms that name both. */
static bool
takes_sex(const Foster__Approval *terms, Common__Sex sex)
{
	if (sex == COMMON__SEX__SEX_FEMALE)
		return terms->takes_girls;
	if (sex == COMMON__SEX__SEX_MALE)
		return terms->takes_boys;
	return terms->takes_girls && terms->takes_boys;
}

/*
 * Law: Fostering Services (England) Regulations 2011, reg 27(5)(a):
 * "give X notice in writing specifying any terms on which the approval is given"
 * The number is taken for everybody who has a place in the home, the privately
 * fostered and the young adult staying put among them: each takes a place that the
 * approval was given for.
 */
enum foster_refusal
foster_test_terms(const struct foster_home *home)
{
	const Foster__Approval *terms = home->household->approval;
	size_t first = home->there_n + home->held_n;
	bool named_only =
	    terms->kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_FAMILY_AND_FRIENDS;

	for (size_t i = first; named_only && i < everybody(home); i++) {
		if (!is_listed(terms->named_child_ids, terms->n_named_child_ids,
			home->people[i].child_id))
			return FOSTER_TERMS_KIND;
	}
	if (everybody(home) > terms->children_max)
		return FOSTER_TERMS_NUMBER;
	for (size_t i = first; i < everybody(home); i++) {
		if (home->people[i].age_years < terms->age_min_years ||
		    home->people[i].age_years > terms->age_max_years)
			return FOSTER_TERMS_AGE;
	}
	for (size_t i = first; i < everybody(home); i++) {
		if (!takes_sex(terms, home->people[i].sex))
			return FOSTER_TERMS_SEX;
	}
	return FOSTER_OK;
}

/* ---- test 2: the usual limit ---- */

/*
 * Law: Children Act 1989, Sch 7 para 2:
 * "Subject to what follows, a person may not foster more than three children"
 * Whoever placed them, and however: the privately fostered count, the carer's own
 * children and adults do not.
 */
enum foster_refusal
foster_test_usual_limit(const struct foster_home *home)
{
	return foster_fostered(home) > FOSTER_USUAL_LIMIT_CHILDREN ? FOSTER_USUAL_LIMIT
	                                                           : FOSTER_OK;
}

/* ---- test 3: siblings ---- */

/*
 * Law: Children Act 1989, Sch 7 para 3:
 * "A person may exceed the usual fostering limit if the children concerned are all
 * siblings with respect to each other."
 * All of them: one child who lives there, or is held for, and is nobody's sibling
 * takes the exception away.
 */
enum foster_refusal
foster_test_siblings(const struct foster_home *home)
{
	const char *group = NULL;
	bool is_first = true;

	for (size_t i = 0; i < everybody(home); i++) {
		const struct foster_child *c = &home->people[i];
		if (!c->is_fostered)
			continue;
		if (c->sibling_group_id == NULL)
			return FOSTER_NOT_ALL_SIBLINGS;
		if (!is_first && !str_equal(group, c->sibling_group_id))
			return FOSTER_NOT_ALL_SIBLINGS;
		group = c->sibling_group_id;
		is_first = false;
	}
	return FOSTER_OK;
}

/* ---- test 4: exemption ---- */

/*
 * Law: Children Act 1989, Sch 7 para 5(1)(b): "he fosters any child not named in the
 * exemption"
 * The exemption, one of them: two that name half the children each name nobody
 * enough.
 */
static bool
names_all(const Foster__Exemption *x, const struct foster_home *home)
{
	for (size_t i = 0; i < everybody(home); i++) {
		const struct foster_child *c = &home->people[i];
		if (c->is_fostered &&
		    !is_listed(x->child_ids, x->n_child_ids, c->child_id))
			return false;
	}
	return true;
}

/*
 * Law: Children Act 1989, Sch 7 para 4(1):
 * "A person may exceed the usual fostering limit if he is exempted from it by the
 * local authority within whose area he lives."
 * Law: Children Act 1989, Sch 7 para 4(3)(b):
 * "of the children, described by name, whom he may foster"
 * A household that moves to another council's area leaves its exemptions behind.
 */
enum foster_refusal
foster_test_exemption(const struct foster_home *home)
{
	enum foster_refusal no = FOSTER_NO_EXEMPTION;

	for (size_t i = 0; i < home->exemptions_n; i++) {
		const Foster__Exemption *x = home->exemptions[i];
		if (!foster_is_exempt_on(x, home->day))
			continue;
		if (!str_equal(x->council_id, home->household->council_id)) {
			if (no == FOSTER_NO_EXEMPTION)
				no = FOSTER_EXEMPTION_ELSEWHERE;
			continue;
		}
		if (names_all(x, home))
			return FOSTER_OK;
		no = FOSTER_EXEMPTION_MISSES_CHILD;
	}
	return no;
}

enum foster_refusal
foster_test_limit(const struct foster_home *home)
{
	enum foster_refusal usual = foster_test_usual_limit(home);

	if (usual == FOSTER_OK)
		return FOSTER_OK;
	enum foster_refusal siblings = foster_test_siblings(home);
	if (siblings == FOSTER_OK)
		return FOSTER_OK;
	enum foster_refusal exemption = foster_test_exemption(home);
	if (exemption != FOSTER_NO_EXEMPTION)
		return exemption;
	/* Which no helps most: brothers and sisters are told why the exception fails.
	 */
	size_t last = everybody(home);
	bool come_as_siblings =
	    home->coming_n > 1 && home->people[last - 1].sibling_group_id != NULL;
	return come_as_siblings ? siblings : usual;
}

/* ---- bedrooms and places withheld ---- */

static bool
needs_room(const struct foster_child *c)
{
	return !c->is_fostered || c->age_years >= FOSTER_OWN_BEDROOM_YEARS;
}

static bool
may_share(const struct foster_child *a, const struct foster_child *b)
{
	return a->is_fostered && b->is_fostered && needs_room(a) && needs_room(b) &&
	       a->sibling_group_id != NULL &&
	       str_equal(a->sibling_group_id, b->sibling_group_id);
}

static bool
has_pair(const struct foster_home *home, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++) {
			if (may_share(&home->people[i], &home->people[j]))
				return true;
		}
	}
	return false;
}

uint32_t
foster_rooms_needed(const struct foster_home *home, size_t n)
{
	uint32_t rooms = 0;

	for (size_t i = 0; i < n; i++)
		rooms += needs_room(&home->people[i]);
	if (home->household->siblings_may_share && has_pair(home, n))
		rooms--;
	return rooms;
}

enum foster_refusal
foster_test_bedrooms(const struct foster_home *home)
{
	uint32_t needed = foster_rooms_needed(home, everybody(home));

	return needed > home->household->bedrooms ? FOSTER_BEDROOMS : FOSTER_OK;
}

uint32_t
foster_limit(const struct foster_home *home)
{
	uint32_t limit = FOSTER_USUAL_LIMIT_CHILDREN;

	for (size_t i = 0; i < home->exemptions_n; i++) {
		const Foster__Exemption *x = home->exemptions[i];
		if (foster_is_exempt_on(x, home->day) && x->n_child_ids > limit &&
		    str_equal(x->council_id, home->household->council_id) &&
		    names_all(x, home))
			limit = (uint32_t)x->n_child_ids;
	}
	return limit;
}

/*
 * Places withheld come off whichever bound is the tightest, never off the number
 * approved alone: a place that is not available is not to be found again by
 * another way of counting.
 */
enum foster_refusal
foster_test_withheld(const struct foster_home *home)
{
	uint64_t withheld = home->withheld;
	uint32_t needed = foster_rooms_needed(home, everybody(home));
	bool is_limited = foster_test_siblings(home) != FOSTER_OK;

	if (withheld == 0)
		return FOSTER_OK;
	if (everybody(home) + withheld > home->household->approval->children_max)
		return FOSTER_PLACES_WITHHELD;
	if (is_limited && foster_fostered(home) + withheld > foster_limit(home))
		return FOSTER_PLACES_WITHHELD;
	if (needed + withheld > home->household->bedrooms)
		return FOSTER_PLACES_WITHHELD;
	return FOSTER_OK;
}
