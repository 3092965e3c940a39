#ifndef RCC_REGION_EXAMINED_H
#define RCC_REGION_EXAMINED_H

#include "plan.h"

/* One region on the table of the self-check, and what was found wrong with it. */
struct examined {
	struct arena *arena;
	struct plan plan;
	size_t wrong_n;
	char first[240];
};

__attribute__((format(printf, 2, 3))) void wrong(
    struct examined *x, const char *format, ...);
/* This message is as its contract says; NULL is. */
void contract(struct examined *x, const ProtobufCMessage *m);
/* Does the sector exist, and lie in this council's area? */
bool lies_in(const struct plan *p, const char *sector, size_t council);
/* Sorts the list. */
void none_twice(struct examined *x, const char *what, const char **list, size_t n);

/* ---- claims of homes: what rcc-residential refuses, and what the plan promises ----
 */

void homes_are_as_their_contracts_say(struct examined *x);
void homes_are_as_they_may_be(struct examined *x);
void beds_add_up(struct examined *x);
void residents_fit(struct examined *x);
void reserved_beds_are_their_councils(struct examined *x);

#endif
