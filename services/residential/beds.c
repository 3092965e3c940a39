#include "residential/beds.h"

#include <string.h>

#include "base/message.h"
#include "base/str.h"

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* A child who must live alone closes the home to all others, from the hold on. */
static bool
is_shut(const struct residential_house *house)
{
	for (size_t i = 0; i < residential_present(house); i++) {
		if ((house->people[i].not_safe_with & RESIDENTIAL_WITH(ANY_CHILD)) != 0)
			return true;
	}
	return residential_is_restricted(house->home);
}

/* Staffed beds that nobody lives in, none is kept for and are not closed. */
static uint32_t
beds_left(const struct residential_house *house)
{
	uint64_t used = (uint64_t)residential_present(house) + house->closed;

	return house->home->staffed_beds > used
	           ? (uint32_t)(house->home->staffed_beds - used)
	           : 0;
}

void
residential_count_beds(const struct residential_house *house, Residential__Beds *out)
{
	uint32_t left = beds_left(house);
	uint32_t open = is_shut(house) ? 0 : left;
	uint32_t reserved = least((uint32_t)house->reserved_n, open);

	SET(out, registered, house->home->registered_places);
	SET(out, staffed, house->home->staffed_beds);
	SET(out, occupied, (uint32_t)house->there_n);
	SET(out, held, (uint32_t)house->held_n);
	SET(out, reserved, reserved);
	SET(out, closed, house->closed + left - open);
	SET(out, free, open - reserved);
}

/* ---- for one council ---- */

static bool
is_for(const Residential__Reservation *r, const char *council_id)
{
	for (size_t i = 0; council_id != NULL && i < r->n_council_ids; i++) {
		if (str_equal(r->council_ids[i], council_id))
			return true;
	}
	return false;
}

static uint32_t
reserved_for(const struct residential_house *house, const char *council_id)
{
	uint32_t n = 0;

	for (size_t i = 0; i < house->reserved_n; i++)
		n += is_for(house->reserved[i], council_id);
	return n;
}

bool
residential_has_beds(
    const struct residential_house *house, const char *council_id, uint32_t *reserved_n)
{
	uint32_t coming = (uint32_t)house->coming_n;
	Residential__Beds beds;

	residential__beds__init(&beds);
	residential_count_beds(house, &beds);
	uint32_t reserved =
	    least(least(reserved_for(house, council_id), beds.reserved), coming);
	if (reserved_n != NULL)
		*reserved_n = reserved;
	return coming - reserved <= beds.free;
}

bool
residential_take_reserved(struct arena *a, const struct residential_house *house,
    uint32_t reserved_n, Residential__HoldRow *row)
{
	row->reservation_ids = LIST_NEW(a, reserved_n, char *);
	if (row->reservation_ids == NULL)
		return false;
	for (size_t i = 0; i < house->reserved_n && row->n_reservation_ids < reserved_n;
	     i++) {
		const Residential__Reservation *r = house->reserved[i];
		if (is_for(r, row->placing_council_id))
			row->reservation_ids[row->n_reservation_ids++] =
			    r->reservation_id;
	}
	return true;
}

/* ---- as all may know it ---- */

static bool
add_council(struct arena *a, char *council_id, Residential__Vacancy *out)
{
	size_t at = out->n_reserved_free;

	for (size_t i = 0; i < out->n_reserved_free; i++) {
		if (str_equal(out->reserved_free[i]->council_id, council_id))
			return true;
	}
	Residential__ReservedFree *row = MESSAGE_NEW(a, residential__reserved_free);
	if (row == NULL)
		return false;
	row->council_id = council_id;
	for (; at > 0 && strcmp(council_id, out->reserved_free[at - 1]->council_id) < 0;
	     at--)
		out->reserved_free[at] = out->reserved_free[at - 1];
	out->reserved_free[at] = row;
	out->n_reserved_free++;
	return true;
}

bool
residential_reserved_free(
    struct arena *a, const struct residential_house *house, Residential__Vacancy *out)
{
	size_t n = 0;

	if (out->beds->reserved == 0)
		return true;
	for (size_t i = 0; i < house->reserved_n; i++)
		n += house->reserved[i]->n_council_ids;
	out->reserved_free = LIST_NEW(a, n, Residential__ReservedFree *);
	if (out->reserved_free == NULL)
		return false;
	for (size_t i = 0; i < house->reserved_n; i++) {
		const Residential__Reservation *r = house->reserved[i];
		for (size_t j = 0; j < r->n_council_ids; j++) {
			if (!add_council(a, r->council_ids[j], out))
				return false;
		}
	}
	for (size_t i = 0; i < out->n_reserved_free; i++) {
		Residential__ReservedFree *row = out->reserved_free[i];
		SET(row, beds,
		    least(reserved_for(house, row->council_id), out->beds->reserved));
	}
	return true;
}
