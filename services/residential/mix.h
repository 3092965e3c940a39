#ifndef RCC_RESIDENTIAL_MIX_H
#define RCC_RESIDENTIAL_MIX_H

#include "base/arena.h"
#include "residential/house.h"
#include "residential/refusals.h"

/*
 * Would everybody be safe together? Each of those coming is looked at with each of
 * the first `present` people of the house (the people there alone, or those held for
 * too) and with each other, both ways, with exact ages. Children of one sibling group
 * are not each other's strangers. Somebody of unknown sex may be a girl or a boy.
 * Source: Children's Homes (England) Regulations 2015, regs 12 and 14; quoted in mix.c.
 */
enum residential_refusal residential_test_mix(
    const struct residential_house *house, size_t present);

/* What the home has said that it will not take alongside those there and held for:
 * its own wish, not law. */
enum residential_refusal residential_test_wishes(const struct residential_house *house);

/* Who lives there, in bands: those held for are not there yet. NULL when the arena is
 * full. */
Residential__Residents *residential_residents(struct arena *a,
    const Residential__HomeShown *known, const struct residential_house *house);

/* Is the home registered for any age of this band? */
bool residential_takes_band(const Residential__Home *home, Common__AgeBand band);

#endif
