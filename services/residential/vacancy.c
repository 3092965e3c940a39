#include "residential/vacancy.h"

#include "base/day.h"
#include "base/message.h"
#include "base/place.h"
#include "residential/beds.h"
#include "residential/mix.h"

static void
set_facts(Residential__Vacancy *v, const Residential__Home *row)
{
	v->home_id = row->home_id;
	v->provider_id = row->provider_id;
	SET_FROM(v, care_type, row, care_type);
	v->council_id = row->council_id;
	v->home_sector = row->home_sector;
	SET_FROM(v, takes_girls, row, takes_girls);
	SET_FROM(v, takes_boys, row, takes_boys);
	v->n_capabilities = row->n_capabilities;
	v->capabilities = row->capabilities;
	v->n_will_not_take_with = row->n_will_not_take_with;
	v->will_not_take_with = row->will_not_take_with;
	SET_FROM(v, grade, row, grade);
	SET_FROM(v, grade_day, row, grade_day);
	SET_FROM(v, restriction, row, restriction);
	SET_FROM(v, takes_emergencies, row, takes_emergencies);
	SET_FROM(v, has_pets, row, has_pets);
	v->n_languages = row->n_languages;
	v->languages = row->languages;
	SET_FROM(v, fee_pence_week, row, fee_pence_week);
	SET_FROM(v, contract, row, contract);
	SET_FROM(v, statement_version, row, statement_version);
}

static void
set_band(Residential__Vacancy *v, const Residential__Home *row, Common__AgeBand band)
{
	struct place_ages ages = place_band_ages(band);

	SET(v, age_band, band);
	SET(v, age_min_years,
	    ages.min_years > row->age_min_years ? ages.min_years : row->age_min_years);
	SET(v, age_max_years,
	    ages.max_years < row->age_max_years ? ages.max_years : row->age_max_years);
}

Residential__Vacancy *
residential_vacancy_now(struct arena *a, const Residential__HomeShown *known,
    const struct residential_house *house, const Residential__Vacancy *base)
{
	const Residential__Home *row = known->home;
	Residential__Vacancy *v = MESSAGE_NEW(a, residential__vacancy);

	if (v == NULL)
		return NULL;
	set_facts(v, row);
	set_band(v, row, base->age_band);
	v->beds = MESSAGE_NEW(a, residential__beds);
	v->residents = residential_residents(a, known, house);
	if (v->beds == NULL || v->residents == NULL)
		return NULL;
	residential_count_beds(house, v->beds);
	if (!residential_reserved_free(a, house, v))
		return NULL;
	v->vacancy_id = base->vacancy_id;
	SET_FROM(v, available_from_day, base, available_from_day);
	SET_FROM(v, opened_time, base, opened_time);
	SET_FROM(v, confirmed_time, base, confirmed_time);
	SET_FROM(v, open_places, base, open_places);
	SET(v, is_open,
	    base->is_open && !residential_is_restricted(row) &&
		residential_takes_band(row, base->age_band));
	return v;
}

/* ---- stated days ---- */

/* The next day on which somebody there is in another band. */
static void
see_birthday(struct day_next *next, const Residential__Occupant *o)
{
	uint32_t age = day_age_at(o->age_years, o->age_day, next->after);

	if (age >= PLACE_ADULT_YEARS)
		return;
	uint32_t oldest = place_band_ages(place_band_of(age)).max_years;
	day_see(next, day_of_age(o->age_years, o->age_day, oldest + 1));
}

bool
residential_next_review(const Residential__HomeShown *known, int32_t day, int32_t *out)
{
	struct day_next next = {.after = day};

	for (size_t i = 0; i < known->n_closed; i++)
		day_see_span(&next, DAY_SPAN_OF(known->closed[i]));
	for (size_t i = 0; i < known->n_reservations; i++)
		day_see_span(&next, DAY_SPAN_OF(known->reservations[i]));
	for (size_t i = 0; i < known->n_occupants; i++)
		see_birthday(&next, known->occupants[i]);
	*out = next.day;
	return next.is_any;
}

bool
residential_has_lapsed(const Residential__HomeShown *known, int32_t day)
{
	for (size_t i = 0; i < known->n_closed; i++) {
		if (day_is_past(day, DAY_SPAN_OF(known->closed[i])))
			return true;
	}
	for (size_t i = 0; i < known->n_reservations; i++) {
		if (day_is_past(day, DAY_SPAN_OF(known->reservations[i])))
			return true;
	}
	return false;
}
