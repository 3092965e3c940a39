#ifndef RCC_GATEWAY_OURS_H
#define RCC_GATEWAY_OURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/fit.h"
#include "gateway/page.h"

/*
 * A provider's own households and homes, as they stand today, and the vacancies they
 * have or could have: what every page of a provider's begins with.
 */

#define OURS_MAX 500      /* households or homes; what is beyond them is not shown */
#define OURS_STALE_DAYS 7 /* since a vacancy was last said to be so */

struct our_place {
	const char *id, *name;
	Common__CareType care_type;
	const Foster__Household *household; /* or home */
	const Residential__Home *home;
	const Foster__HouseholdStanding *household_now;
	const Residential__HomeStanding *home_now;
	struct fit_place fit;
	int64_t fee_pence_week;  /* per child; 0: not said */
	const char *cannot_open; /* a sentence; NULL: it can */
};

/* A vacancy that a place has, or could have: one a household, one a band of a home. */
struct our_vacancy {
	const struct our_place *place;
	const char *id;           /* NULL: never opened */
	Common__AgeBand age_band; /* of a home */
	bool is_open;
	bool can_open;
	uint32_t free; /* places or beds that somebody could have now */
	uint32_t
	    open; /* of those, open to referral: never more; 0 where it is closed */
	uint32_t most; /* places that it is approved or registered for */
	int64_t confirmed_ms;
	bool is_stale;
};

struct ours {
	struct our_place *places;
	size_t places_n;
	struct our_vacancy
	    *vacancies; /* side by side, in the order of places: by name */
	size_t vacancies_n;
	bool is_cut;      /* there are more than OURS_MAX */
	const char *down; /* the service that did not answer, so that its are missing */
};

/* False: not known yet, or the page is over. */
bool ours_ask(struct page *p, struct ours *out);

/* NULL where it is none of ours, or not known. */
const struct our_vacancy *ours_vacancy(const struct ours *ours, const char *vacancy_id);
const struct our_place *ours_place(const struct ours *ours, const char *place_id);
/* Has it one, or could it have one? */
bool ours_has_vacancy(const struct ours *ours, const struct our_place *place);

/* "Mill Bank, ages 10 to 15": what people call a vacancy. */
const char *ours_name(struct arena *a, const struct our_vacancy *vacancy);
/* Open, and said to be so longer ago than OURS_STALE_DAYS. */
size_t ours_stale(const struct ours *ours);

#endif
