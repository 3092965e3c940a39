#ifndef RCC_TESTS_SUPPORT_SCALAR_SAID_H
#define RCC_TESTS_SUPPORT_SCALAR_SAID_H

#include "support/scalar.h"

/* What either message says, in one set of words. */
struct scalar_said {
	Common__CareType care_type;
	bool is_open, is_restricted, has_ages, takes_girls, takes_boys;
	uint32_t age_min_years, age_max_years;
	bool knows_mix, lives_somebody, live_girls, live_boys;
	uint32_t youngest, oldest; /* who may live there */
	bool knows_pets, has_pets;
	size_t n_own,
	    n_theirs; /* not taken by the home; not safe with who lives there */
	const Common__NotSafeWith *own, *theirs;
	const char *sector, *council_id;
	char *const *languages;
	size_t n_languages;
	int ethnicity, religion;
	bool takes_emergencies, has_available_day, has_confirmed_time;
	int32_t available_day;
	int64_t confirmed_time;
};

struct scalar_said scalar_say(struct scalar_vacancy v);

#endif
