#ifndef RCC_OBSERVATORY_DEFINITION_H
#define RCC_OBSERVATORY_DEFINITION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#include "observatory.pb-c.h"

/*
 * What every figure counts, in words. The table has one version: whoever changes a
 * word that changes a figure raises it, and every answer says which it was counted by.
 */
#define OBSERVATORY_DEFINITIONS_VERSION 2
#define OBSERVATORY_DEFINITIONS_FROM_DAY 20779 /* 2026-11-22 */

struct observatory_definition {
	Observatory__Metric metric;
	Observatory__Unit unit;
	Observatory__Metric part_of; /* 0: of none */
	const char *words;
	const char *source; /* whose definition it is, or follows */
	bool is_outside;    /* leaves the council whose children are counted */
};

/* NULL for no metric. */
const struct observatory_definition *observatory_definition(Observatory__Metric metric);

/* The whole table as a message; NULL when the arena is full. */
Observatory__Definitions *observatory_definitions(struct arena *a);

#endif
