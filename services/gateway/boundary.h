#ifndef RCC_BOUNDARY_H
#define RCC_BOUNDARY_H

#include <stddef.h>
#include <stdint.h>

/*
 * The outlines of the 153 councils of England with children's services: units of 100 m
 * of the National Grid, y growing to the south, as on a screen.
 * Source: Office for National Statistics, Open Government Licence v.3.0; contains OS
 * data (c) Crown copyright and database right 2025. Where it comes from:
 * data/README.md.
 */
struct boundary_point {
	int32_t x, y;
};
struct boundary_box {
	int32_t left, top, right, bottom;
};
struct boundary {
	char code[10];
	struct boundary_point label; /* inside, or as near as a label may stand */
	struct boundary_box box;
	const char *outline; /* a path of SVG: M l z */
};

/* In the order of their codes; made from boundaries.csv. */
extern const struct boundary boundary_table[];
extern const size_t boundary_table_rows;

#define BOUNDARY_ATTRIBUTION                                                           \
	"Boundaries: Office for National Statistics licensed under the Open "          \
	"Government Licence v.3.0. Contains OS data \u00a9 Crown copyright and "       \
	"database right 2025."

/* NULL for no such council. */
const struct boundary *boundary_find(const char *code);

/* The smallest box around both; an empty one (right < left) is around nothing. */
struct boundary_box boundary_around(struct boundary_box a, struct boundary_box b);
#define BOUNDARY_NOWHERE ((struct boundary_box){INT32_MAX, INT32_MAX, 0, 0})

#endif
