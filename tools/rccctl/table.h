#ifndef RCC_RCCCTL_TABLE_H
#define RCC_RCCCTL_TABLE_H

#include <stdio.h>

#include "base/arena.h"

#define TABLE_COLUMNS_MAX 12

/* A table of text, lined up under its heads, no wider than WORDS_WIDTH. */
struct table {
	struct arena *arena;
	const char *heads[TABLE_COLUMNS_MAX];
	char marks[TABLE_COLUMNS_MAX]; /* '>' to the right, '~' may be cut, or 0 */
	size_t columns;
	const char **cells; /* row by row */
	size_t cells_n, cells_room;
};

/* Heads with | between; one ended by > stands to the right, one by ~ is cut where
 * the table would be too wide: "vacancy|provider~|points>". */
void table_begin(struct table *t, struct arena *a, const char *heads);
/* The next cell, borrowed. NULL and "" leave it empty. */
void table_cell(struct table *t, const char *text);
/* Nothing at all where there are no rows. */
void table_print(const struct table *t, FILE *out);

#endif
