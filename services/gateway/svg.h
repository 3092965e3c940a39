#ifndef RCC_SVG_H
#define RCC_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * What is drawn: a map of councils in five classes, and the marks of a row of a chart.
 * Numbers and words stand beside it in HTML, in the same order, and are the source of
 * truth: no text is inside a drawing that is scaled, but for "[c]" on a map. Everything
 * is an attribute of its own (no style), as the policy of the pages wants it, and all
 * words are escaped. No colour says anything alone: marks have shapes, hidden is
 * hatched.
 */

/* Which class of colour, lightest first; or why there is none. */
enum svg_level {
	SVG_NO_DATA = -2, /* there is nothing to say of it */
	SVG_HIDDEN = -1,  /* there is, and it may not be told: hatched, "[c]" */
	SVG_LEVEL_0 = 0,
	SVG_LEVELS = 5,
};

/* A class of counts or percentages is so wide that five of them reach `most`: 1, 2, 5,
 * 10, 20, 50 ... */
uint32_t svg_step(uint32_t most);
/* 0 to 4. */
int svg_level(uint32_t value, uint32_t step);

struct svg_area {
	const char *council_id;
	const char *words; /* "Bury: 12%", shown where a pointer rests on it */
	int level;
};

struct svg_map {
	const char *id;    /* of the page's drawings this one: letters and hyphens */
	const char *title; /* what it is a map of */
	const char *words; /* what it shows: the finding */
	const struct svg_area *areas;
	size_t areas_n;
	const char *selected_id; /* outlined; NULL: none */
};

/* Are there metropolitan councils too small to be seen on the whole map? */
bool svg_map_has_inset(const struct svg_map *map);
/* An svg element fitted to its councils (`is_inset`: to the metropolitan ones), with
 * what adjoins them in grey. Councils without an outline are left out; NULL where none
 * has one, or the arena is full. */
const char *svg_map(struct arena *a, const struct svg_map *map, bool is_inset);
/* The same colour or hatching as a key beside a word. */
const char *svg_swatch(struct arena *a, int level);

enum svg_shape { SVG_SQUARE, SVG_CIRCLE };

struct svg_mark {
	enum svg_shape shape;
	uint32_t value;
	bool is_absent; /* hidden, or there is none: no mark */
};

/* One row of a dot plot, from 0 to `most` over the width it is given; a value beyond it
 * stands at the end. Where two marks meet both are seen. Hidden from readers: the row
 * says its numbers in words. */
const char *svg_dots(
    struct arena *a, const struct svg_mark *marks, size_t n, uint32_t most);
/* One row of a bar chart. */
const char *svg_bar(struct arena *a, const struct svg_mark *mark, uint32_t most);
/* A mark of a key. */
const char *svg_key(struct arena *a, enum svg_shape shape);

/* The colours, "#12436d": for what tests their contrast. */
const char *svg_level_colour(int level);
const char *svg_shape_colour(enum svg_shape shape);

#endif
