#ifndef RCC_SIM_RETELL_H
#define RCC_SIM_RETELL_H

#include "sim/world.h"

/*
 * The last things that happened, kept as they are and put into words only where a
 * promise breaks: messages as they arrived, entries as they were written, and what the
 * world did. Followers' asking for events is left out.
 */

struct actors;

/* "foster crashes": what the world did. */
void retell(struct world *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void retell_cut(struct world *w, unsigned a, unsigned b);
/* A message arrives; its data is kept. */
void retell_item(struct world *w, const struct item *item);
/* Frees the data of what was not kept. */
void retell_drop(const struct item *item);
/* A node has written entries, from this one on. */
void retell_entries(struct world *w, unsigned node, uint64_t first);

/* The last so many, on standard output. */
void retell_print(struct world *w, const struct actors *a, unsigned lines);
void retell_open(struct world *w);
void retell_close(struct world *w);

#endif
