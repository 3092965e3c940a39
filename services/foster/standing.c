#include "foster/standing.h"

#include "base/message.h"
#include "base/str.h"
#include "foster/household.h"
#include "foster/places.h"

/* What the provider itself said of it: all else is in the household's row. */
static Foster__Vacancy *
own_words(struct arena *a, const Foster__Vacancy *row)
{
	Foster__Vacancy *v = MESSAGE_NEW(a, foster__vacancy);

	if (v == NULL)
		return NULL;
	v->vacancy_id = row->vacancy_id;
	SET_FROM(v, available_from_day, row, available_from_day);
	SET_FROM(v, opened_time, row, opened_time);
	SET_FROM(v, confirmed_time, row, confirmed_time);
	SET_FROM(v, is_open, row, is_open);
	SET_FROM(v, open_places, row, open_places);
	return v;
}

Foster__HouseholdStanding *
foster_standing(struct arena *a, const Foster__HouseholdShown *known,
    const struct foster_home *home)
{
	Foster__HouseholdStanding *out = MESSAGE_NEW(a, foster__household_standing);
	Foster__OpenVacancy today = FOSTER__OPEN_VACANCY__INIT;
	int32_t from_day;

	if (out == NULL)
		return NULL;
	out->household_id = known->household->household_id;
	out->places = foster_places(a, home);
	if (known->vacancy != NULL)
		out->vacancy = own_words(a, known->vacancy);
	enum foster_refusal no =
	    foster_may_open(known->household, &today, home->day, &from_day);
	if (no != FOSTER_OK)
		out->cannot_open = str_copy(a, foster_refusal(no)->sentence);
	return a->is_full ? NULL : out;
}
