#ifndef RCC_REGION_NAMES_H
#define RCC_REGION_NAMES_H

#include "base/arena.h"

#include "chance.h"

/*
 * Names that nobody has: built from syllables that English place names and surnames
 * do not join so, and no two alike in one region. Children have none.
 */
struct names {
	struct chance chance;
	char **given; /* all words made so far */
	size_t n, room;
};

struct names names_of(struct arena *a, uint64_t seed, size_t room);

char *names_person(struct names *s, struct arena *a); /* "Tavi Quelmorrow" */
char *names_agency(
    struct names *s, struct arena *a); /* "Brenvossel Fostering (invented)" */
char *names_owner(
    struct names *s, struct arena *a); /* "Druvandell Holdings (invented)" */

#endif
