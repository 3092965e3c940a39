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
	uint8_t *given; /* a bit for each that can be made */
	size_t n;       /* given so far */
};

struct names names_of(struct arena *a, uint64_t seed);

char *names_person(struct names *s, struct arena *a); /* "Tavi Quelmorrow" */
char *names_house(struct names *s, struct arena *a);  /* "Quelmorrow Lodge" */
/* "Brenvossel Fostering (invented)": no two with one first word, whatever follows. */
char *names_firm(struct names *s, struct arena *a, const char *what);

#endif
