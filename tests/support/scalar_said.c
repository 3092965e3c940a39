#include "support/scalar_said.h"

#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name

#define SAY_SHARED(out, v)                                                             \
	do {                                                                           \
		(out).is_open = (v)->is_open;                                          \
		(out).knows_pets = (v)->has_has_pets;                                  \
		(out).has_pets = (v)->has_pets;                                        \
		(out).n_own = (v)->n_will_not_take_with;                               \
		(out).own = (v)->will_not_take_with;                                   \
		(out).sector = (v)->home_sector;                                       \
		(out).council_id = (v)->council_id;                                    \
		(out).languages = (v)->languages;                                      \
		(out).n_languages = (v)->n_languages;                                  \
		(out).takes_emergencies = (v)->takes_emergencies;                      \
		(out).has_available_day = (v)->has_available_from_day;                 \
		(out).available_day = (v)->available_from_day;                         \
		(out).has_confirmed_time = (v)->has_confirmed_time;                    \
		(out).confirmed_time = (v)->confirmed_time;                            \
	} while (0)

static struct scalar_said
say_foster(const Foster__Vacancy *v)
{
	struct scalar_said out = {.care_type = CARE(FOSTER)};
	const Foster__Approval *approval = v->approval;

	SAY_SHARED(out, v);
	out.has_ages = approval != NULL && approval->has_age_min_years &&
	               approval->has_age_max_years;
	if (approval != NULL) {
		out.age_min_years = approval->age_min_years;
		out.age_max_years = approval->age_max_years;
		out.takes_girls = approval->takes_girls;
		out.takes_boys = approval->takes_boys;
	}
	out.lives_somebody = v->girls + v->boys > 0;
	out.live_girls = v->girls > 0;
	out.live_boys = v->boys > 0;
	out.knows_mix =
	    v->has_girls && v->has_boys &&
	    (v->has_youngest_years && v->has_oldest_years) == out.lives_somebody;
	out.youngest = v->youngest_years;
	out.oldest = v->oldest_years;
	out.ethnicity = (int)v->ethnicity;
	out.religion = (int)v->religion;
	return out;
}

static const uint32_t band_ages[6][2] = {
    {0, 0}, {0, 0}, {1, 4}, {5, 9}, {10, 15}, {16, 17}};

static struct scalar_said
say_home(const Residential__Vacancy *v)
{
	const Residential__Residents *there = v->residents;
	struct scalar_said out = {.care_type = v->care_type, .youngest = 99};

	SAY_SHARED(out, v);
	out.is_restricted = v->restriction != 0;
	out.has_ages = v->has_age_min_years && v->has_age_max_years;
	out.age_min_years = v->age_min_years;
	out.age_max_years = v->age_max_years;
	out.takes_girls = v->takes_girls;
	out.takes_boys = v->takes_boys;
	if (there == NULL)
		return out;
	out.lives_somebody = there->count > 0;
	out.live_girls = there->has_girls;
	out.live_boys = there->has_boys;
	out.knows_mix =
	    there->has_count &&
	    (out.lives_somebody ? there->has_has_girls && there->has_has_boys
				: there->n_age_bands == 0);
	if (there->n_age_bands == 0) { /* in no band of children: adults */
		out.youngest = 18;
		out.oldest = 99;
	}
	for (size_t i = 0; i < there->n_age_bands; i++) {
		const uint32_t *ages = band_ages[there->age_bands[i]];
		if (ages[0] < out.youngest)
			out.youngest = ages[0];
		if (ages[1] > out.oldest)
			out.oldest = ages[1];
	}
	if (there->has_adults)
		out.oldest = 99;
	out.n_theirs = there->n_not_safe_with;
	out.theirs = there->not_safe_with;
	return out;
}

struct scalar_said
scalar_say(struct scalar_vacancy v)
{
	return v.foster != NULL ? say_foster(v.foster) : say_home(v.home);
}
