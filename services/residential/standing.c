#include "residential/standing.h"

#include "base/message.h"
#include "base/str.h"
#include "residential/beds.h"
#include "residential/home.h"

#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name

static const Common__AgeBand bands[] = {
    BAND(UNDER_1), BAND(1_TO_4), BAND(5_TO_9), BAND(10_TO_15), BAND(16_TO_17)};
#define BANDS_N (sizeof bands / sizeof bands[0])

/* What the provider itself said of it: all else is in the home's row. */
static Residential__Vacancy *
own_words(struct arena *a, const Residential__Vacancy *row)
{
	Residential__Vacancy *v = MESSAGE_NEW(a, residential__vacancy);

	if (v == NULL)
		return NULL;
	v->vacancy_id = row->vacancy_id;
	SET_FROM(v, age_band, row, age_band);
	SET_FROM(v, available_from_day, row, available_from_day);
	SET_FROM(v, opened_time, row, opened_time);
	SET_FROM(v, confirmed_time, row, confirmed_time);
	SET_FROM(v, is_open, row, is_open);
	SET_FROM(v, open_places, row, open_places);
	return v;
}

/* The bands it can open; the last no where there is none. */
static enum residential_refusal
fill_bands(Residential__HomeStanding *out, const Residential__Home *row, int32_t day)
{
	Residential__OpenVacancy today = RESIDENTIAL__OPEN_VACANCY__INIT;
	enum residential_refusal last = RESIDENTIAL_OK;
	int32_t from_day;

	for (size_t i = 0; i < BANDS_N; i++) {
		SET(&today, age_band, bands[i]);
		enum residential_refusal no =
		    residential_may_open(row, &today, day, &from_day);
		if (no == RESIDENTIAL_OK)
			out->age_bands[out->n_age_bands++] = bands[i];
		else
			last = no;
	}
	return out->n_age_bands > 0 ? RESIDENTIAL_OK : last;
}

Residential__HomeStanding *
residential_standing(struct arena *a, const Residential__HomeShown *known,
    const struct residential_house *house)
{
	Residential__HomeStanding *out = MESSAGE_NEW(a, residential__home_standing);

	if (out == NULL)
		return NULL;
	out->home_id = known->home->home_id;
	out->beds = MESSAGE_NEW(a, residential__beds);
	out->vacancies = LIST_NEW(a, known->n_vacancies + 1, Residential__Vacancy *);
	out->age_bands = LIST_NEW(a, BANDS_N, Common__AgeBand);
	if (out->beds == NULL || out->vacancies == NULL || out->age_bands == NULL)
		return NULL;
	residential_count_beds(house, out->beds);
	for (size_t i = 0; i < known->n_vacancies; i++)
		out->vacancies[out->n_vacancies++] = own_words(a, known->vacancies[i]);
	enum residential_refusal no = fill_bands(out, known->home, house->day);
	if (no != RESIDENTIAL_OK)
		out->cannot_open = str_copy(a, residential_refusal(no)->sentence);
	return a->is_full ? NULL : out;
}
