#ifndef RCC_TESTS_SUPPORT_SCALAR_H
#define RCC_TESTS_SUPPORT_SCALAR_H

#include <stdbool.h>
#include <stdint.h>

#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

/*
 * The rules and the points of a shortlist once more, by somebody who has not seen the
 * service's: one vacancy, one child and one rule at a time, from the messages
 * themselves.
 */
struct scalar {
	int32_t today; /* noon of which is now_ms */
	int64_t now_ms;
	const uint32_t *points_max; /* by matching.Factor */
	uint32_t avoid_miles, home_miles, school_miles, confirmed_days;
	const char *adjoining_id; /* the one council next to all; half the points */
};

/* A vacancy of one kind of care or the other: exactly one is not NULL. */
struct scalar_vacancy {
	const Foster__Vacancy *foster;
	const Residential__Vacancy *home;
};

/* The waterfall as the officers were told it. */
#define SCALAR_RULES 14
extern const Matching__Rule scalar_waterfall[SCALAR_RULES];

const char *scalar_id(struct scalar_vacancy v);
const char *scalar_provider(struct scalar_vacancy v);
/* Beds that these children could have there; and is it within 20 miles of where they
 * come from, as far as is known? */
uint32_t scalar_places(const Requests__RequestSubmitted *r, struct scalar_vacancy v);
bool scalar_is_near(const Requests__RequestSubmitted *r, struct scalar_vacancy v);
bool scalar_passes(const struct scalar *w, Matching__Rule rule,
    const Requests__RequestSubmitted *r, struct scalar_vacancy v);
/* Bits of the rules that remove it, in the order of the waterfall. */
uint32_t scalar_mask(const struct scalar *w, const Requests__RequestSubmitted *r,
    struct scalar_vacancy v);
uint32_t scalar_points(const struct scalar *w, const Requests__RequestSubmitted *r,
    struct scalar_vacancy v);

#endif
