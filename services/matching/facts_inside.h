#ifndef RCC_MATCHING_FACTS_INSIDE_H
#define RCC_MATCHING_FACTS_INSIDE_H

#include "matching/facts.h"

/* What boiling down a vacancy and a request have in common. */

#define WITH(who) (1u << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who)

static inline uint8_t
small(uint32_t number)
{
	return number > UINT8_MAX ? UINT8_MAX : (uint8_t)number;
}

/* Bits, 1 << code; a code that this build does not know becomes "not said", which
 * passes no rule. */
uint8_t matching_with_bits(const Common__NotSafeWith *codes, size_t n);
void matching_copy_languages(
    struct matching_languages *out, char *const *languages, size_t n);
/* False, and nothing set, where the sector is in no table. */
bool matching_locate(const char *sector, struct geo_point *out);
/* All that may lie within so many tenths of a mile of a place, and a little more. */
struct matching_circle matching_circle(
    const struct geo_point *middle, uint32_t miles_tenths);

#endif
