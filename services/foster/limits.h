#ifndef RCC_FOSTER_LIMITS_H
#define RCC_FOSTER_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "foster/refusals.h"

#include "common.pb-c.h"
#include "foster.pb-c.h"

/*
 * May these people live together here? The four tests of the foster limit, each
 * apart, then bedrooms, then places withheld. All read their arguments and nothing
 * else; ages are completed years on one stated day.
 * Source: Children Act 1989, Sch 7 paras 2 to 4; Fostering Services (England)
 * Regulations 2011, reg 27. Quoted in limits.c.
 */

#define FOSTER_USUAL_LIMIT_CHILDREN 3u
#define FOSTER_ADULT_YEARS 18u
/* From this age somebody needs a bedroom; see foster_rooms_needed. */
#define FOSTER_OWN_BEDROOM_YEARS 3u

/* Somebody who lives in the home, is held for, or is coming. */
struct foster_child {
	const char *child_id;         /* NULL: no exemption can name them */
	const char *sibling_group_id; /* NULL: not known to be anybody's sibling */
	uint32_t age_years;
	Common__Sex sex;
	bool is_fostered; /* false: staying put, an adult */
};

/* A household with everybody the tests must count. */
struct foster_home {
	const Foster__Household *household;
	const struct foster_child *people; /* there, then held for, then coming */
	size_t there_n;
	size_t held_n;
	size_t coming_n;
	Foster__Exemption *const *exemptions; /* in force or not */
	size_t exemptions_n;
	uint32_t withheld; /* places not available on the day */
	int32_t day;
};

/*
 * The home on a day, as the rows say it: occupants are there, live holds are held
 * for, and `coming` (NULL: nobody), which is left out of the held where it is one of
 * them, is coming. Children of one hold that are siblings are one sibling group,
 * named by the hold. ERR_MEMORY at the arena's cap.
 */
enum err foster_home_of(struct arena *a, const Foster__HouseholdShown *known,
    const Foster__HoldRow *coming, int32_t day, struct foster_home *out) MUST_CHECK;

/* Is the period running on this day? An end is exclusive. */
bool foster_is_withheld_on(const Foster__Withheld *w, int32_t day);
bool foster_is_exempt_on(const Foster__Exemption *x, int32_t day);

/* All fostered children in the home: there, held for and coming. */
uint32_t foster_fostered(const struct foster_home *home);

/* Test 1, terms of approval: kind, number, ages, sex. Number counts everybody there
 * and held for; the rest looks at those coming. */
enum foster_refusal foster_test_terms(const struct foster_home *home);
/* Test 2, the usual limit of three fostered children. */
enum foster_refusal foster_test_usual_limit(const struct foster_home *home);
/* Test 3, the siblings' exception: all fostered children are siblings of each other. */
enum foster_refusal foster_test_siblings(const struct foster_home *home);
/* Test 4: one exemption by the council in whose area the home is names them all. */
enum foster_refusal foster_test_exemption(const struct foster_home *home);

/* Tests 2 to 4 as Schedule 7 joins them: any of them is enough. */
enum foster_refusal foster_test_limit(const struct foster_home *home);

/*
 * Bedrooms that the first `n` people need: one each from three years on, less one
 * where the household's agreed sharing by two siblings can be used.
 * Source: Fostering Services: National Minimum Standards 2011, standard 10.6: a
 * standard, not law, so the ages are configuration. Which children may share is for
 * each child's own authority; the row says that it agreed.
 */
uint32_t foster_rooms_needed(const struct foster_home *home, size_t n);
enum foster_refusal foster_test_bedrooms(const struct foster_home *home);

/* How many fostered children may be here where they are not all siblings: three, or
 * as many as one exemption names that names everybody fostered here. */
uint32_t foster_limit(const struct foster_home *home);
/* Is there room besides the places withheld? */
enum foster_refusal foster_test_withheld(const struct foster_home *home);

#endif
