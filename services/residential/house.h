#ifndef RCC_RESIDENTIAL_HOUSE_H
#define RCC_RESIDENTIAL_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#include "common.pb-c.h"
#include "residential.pb-c.h"

/* A home on one day with everybody its rules must count, made once from the rows for
 * all the rules of beds.h, mix.h and residential.h. */

/* Bits of not_safe_with and will_not_take_with. */
#define RESIDENTIAL_WITH(who) (1u << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who)

/* Somebody who lives there, has a bed kept, or is coming; ages in completed years on
 * the day. */
struct residential_person {
	const char *sibling_group_id; /* NULL: not known to be anybody's sibling */
	const char *child_id;         /* NULL of those who live there */
	uint32_t age_years;
	Common__Sex sex;
	uint32_t not_safe_with; /* bits; of a hold: of any of its children */
};

struct residential_house {
	const Residential__Home *home;
	const struct residential_person *people; /* there, then held, then coming */
	size_t there_n;
	size_t held_n;
	size_t coming_n;
	/* Reserved on the day, and nobody's: neither lived in nor kept. In the order in
	 * which they are given away. */
	const Residential__Reservation *const *reserved;
	size_t reserved_n;
	uint32_t closed; /* beds closed on the day */
	int32_t day;
};

/*
 * The home on a day, as the rows say it: occupants are there, live holds are held
 * for, and `coming` (NULL: nobody), which is left out of the held where it is one of
 * them, is coming. Children of one hold that are siblings are one sibling group,
 * named by the hold. ERR_MEMORY at the arena's cap.
 */
enum err residential_house_of(struct arena *a, const Residential__HomeShown *known,
    const Residential__HoldRow *coming, int32_t day,
    struct residential_house *out) MUST_CHECK;

/* Everybody there and held for. */
size_t residential_present(const struct residential_house *house);
/* Is this reserved bed lived in, or kept for a hold? */
bool residential_is_used(
    const Residential__HomeShown *known, const char *reservation_id);
/* The list as bits; UNSPECIFIED is a bit too. */
uint32_t residential_with(const Common__NotSafeWith *list, size_t n);
/* May no child be newly accommodated, by order of the regulator? */
bool residential_is_restricted(const Residential__Home *home);

#endif
