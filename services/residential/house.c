#include "residential/house.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

uint32_t
residential_with(const Common__NotSafeWith *list, size_t n)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < n; i++)
		bits |= 1u << (unsigned)list[i];
	return bits;
}

bool
residential_is_restricted(const Residential__Home *home)
{
	return home->restriction !=
	       RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_UNSPECIFIED;
}

size_t
residential_present(const struct residential_house *house)
{
	return house->there_n + house->held_n;
}

/* ---- people ---- */

static struct residential_person
occupant_of(const Residential__Occupant *o, int32_t day)
{
	return (struct residential_person){
	    .sibling_group_id = o->sibling_group_id,
	    .age_years = day_age_at(o->age_years, o->age_day, day),
	    .sex = o->sex,
	    .not_safe_with = residential_with(o->not_safe_with, o->n_not_safe_with),
	};
}

static size_t
add_hold(
    struct residential_person *people, const Residential__HoldRow *hold, int32_t day)
{
	uint32_t with = residential_with(hold->not_safe_with, hold->n_not_safe_with);

	for (size_t i = 0; i < hold->n_children; i++) {
		const Common__Child *child = hold->children[i];
		people[i] = (struct residential_person){
		    .sibling_group_id = hold->are_siblings ? hold->hold_id : NULL,
		    .child_id = child->child_id,
		    .age_years = day_age_at(child->age_years, child->age_day, day),
		    .sex = child->sex,
		    .not_safe_with = with,
		};
	}
	return hold->n_children;
}

static bool
is_other_hold(const Residential__HoldRow *hold, const Residential__HoldRow *coming)
{
	return coming == NULL || !str_equal(hold->hold_id, coming->hold_id);
}

static bool
add_people(struct arena *a, const Residential__HomeShown *known,
    const Residential__HoldRow *coming, struct residential_house *house)
{
	size_t n = known->n_occupants + (coming == NULL ? 0 : coming->n_children);

	for (size_t i = 0; i < known->n_holds; i++)
		n += known->holds[i]->n_children;
	struct residential_person *people = LIST_NEW(a, n, struct residential_person);
	if (people == NULL)
		return false;
	for (size_t i = 0; i < known->n_occupants; i++)
		people[i] = occupant_of(known->occupants[i], house->day);
	house->people = people;
	house->there_n = known->n_occupants;
	people += house->there_n;
	for (size_t i = 0; i < known->n_holds; i++) {
		if (is_other_hold(known->holds[i], coming))
			house->held_n += add_hold(
			    people + house->held_n, known->holds[i], house->day);
	}
	if (coming != NULL)
		house->coming_n = add_hold(people + house->held_n, coming, house->day);
	return true;
}

/* ---- reserved beds ---- */

/* `coming`'s own bed is not used yet. */
static bool
is_taken(const Residential__HomeShown *known, const Residential__HoldRow *coming,
    const char *reservation_id)
{
	for (size_t i = 0; i < known->n_occupants; i++) {
		if (str_equal(known->occupants[i]->reservation_id, reservation_id))
			return true;
	}
	for (size_t i = 0; i < known->n_holds; i++) {
		const Residential__HoldRow *hold = known->holds[i];
		if (!is_other_hold(hold, coming))
			continue;
		for (size_t j = 0; j < hold->n_reservation_ids; j++) {
			if (str_equal(hold->reservation_ids[j], reservation_id))
				return true;
		}
	}
	return false;
}

bool
residential_is_used(const Residential__HomeShown *known, const char *reservation_id)
{
	return is_taken(known, NULL, reservation_id);
}

/* One that serves few councils goes before one that serves many, so that the others
 * keep theirs; then by number. */
static bool
goes_before(const Residential__Reservation *x, const Residential__Reservation *y)
{
	if (x->n_council_ids != y->n_council_ids)
		return x->n_council_ids < y->n_council_ids;
	return x->bed_number < y->bed_number;
}

static bool
add_reserved(struct arena *a, const Residential__HomeShown *known,
    const Residential__HoldRow *coming, struct residential_house *house)
{
	const Residential__Reservation **list =
	    LIST_NEW(a, known->n_reservations, const Residential__Reservation *);
	size_t n = 0;

	if (list == NULL)
		return false;
	for (size_t i = 0; i < known->n_reservations; i++) {
		const Residential__Reservation *r = known->reservations[i];
		size_t at = n;
		if (!day_is_in(house->day, DAY_SPAN_OF(r)) ||
		    is_taken(known, coming, r->reservation_id))
			continue;
		for (; at > 0 && goes_before(r, list[at - 1]); at--)
			list[at] = list[at - 1];
		list[at] = r;
		n++;
	}
	house->reserved = list;
	house->reserved_n = n;
	return true;
}

enum err
residential_house_of(struct arena *a, const Residential__HomeShown *known,
    const Residential__HoldRow *coming, int32_t day, struct residential_house *out)
{
	struct residential_house house = {.home = known->home, .day = day};

	if (!add_people(a, known, coming, &house) ||
	    !add_reserved(a, known, coming, &house))
		return ERR_MEMORY;
	for (size_t i = 0; i < known->n_closed; i++) {
		if (day_is_in(day, DAY_SPAN_OF(known->closed[i])))
			house.closed += known->closed[i]->beds;
	}
	*out = house;
	return ERR_NONE;
}
