#ifndef RCC_GATEWAY_FIT_H
#define RCC_GATEWAY_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

/*
 * What a need asks for beside what a provider's own records say of one of its places:
 * a list to tick, for the person who offers. It reads level 1 and the provider's own
 * rows alone, and decides nothing: the shortlist's rules are matching's, and whether a
 * child comes is the council's decision.
 */

#define FIT_NEEDS 32
#define FIT_LINES_MAX 48

/* A household or a home, as far as a need may ask. */
struct fit_place {
	Common__CareType care_type;
	const char *sector;
	uint32_t age_min_years, age_max_years; /* approved or registered for */
	bool takes_girls, takes_boys;
	uint32_t free, free_for_siblings; /* now, whether open or not */
	uint32_t living;                  /* children there now */
	Common__Level met[FIT_NEEDS];     /* by common.NeedKind, up to this level */
	bool is_proved[FIT_NEEDS]; /* by more than the home's own word; households: all
	                            */
	bool has_pets, takes_emergencies;
	const Common__NotSafeWith *will_not_take;
	size_t will_not_take_n;
	int32_t available_from_day;
};

void fit_of_household(const Foster__Household *row,
    const Foster__HouseholdStanding *now, int32_t today, struct fit_place *out);
void fit_of_home(const Residential__Home *row, const Residential__HomeStanding *now,
    int32_t today, struct fit_place *out);

enum fit { FIT_YES, FIT_NO, FIT_CHECK };

struct fit_line {
	enum fit fit;
	const char *asked; /* "Autism, at a high level" */
	const char *fact;  /* "Approved for 5 to 12" */
};

/*
 * The lines for those of the need's children whose bits are set (the first is 1), at
 * most FIT_LINES_MAX of them. Texts are constant or in the arena; "" where it is full.
 */
size_t fit_lines(struct arena *a, const Requests__NeedCirculation *need,
    uint32_t children, const struct fit_place *place, int32_t today,
    struct fit_line out[FIT_LINES_MAX]);

/* About how far the place is from the child's home; false where a sector is unknown.
 * *is_to_check: a limit of the council's lies within the error. */
bool fit_miles(const Requests__NeedCirculation *need, const char *sector,
    uint32_t *miles_tenths, bool *is_to_check);

#endif
