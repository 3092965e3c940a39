#ifndef RCC_GATEWAY_FIGURES_H
#define RCC_GATEWAY_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "gateway/finding.h"

#include "observatory.pb-c.h"

/*
 * What the observatory counted, as a page shows it: headline figures, a map, supply
 * beside need, tables, and the same as CSV. What is hidden is "[c]" everywhere, and
 * nothing is worked out from it.
 */
struct figures {
	struct arena *arena;
	const Observatory__Sufficiency *counted;
	const char *(*council_name)(const void *of, const char *council_id);
	/* Is it of the co-operative? Others have lines where places lie in their areas.
	 */
	bool (*is_member)(const void *of, const char *council_id);
	const void *of;
};

/* The line of all, or of that council; NULL where it is not told. */
const Observatory__Line *figures_line(const struct figures *f, const char *council_id);
/* One figure of a line, whatever its unit; days in tenths. `line` may be NULL. */
struct finding_figure figures_value(
    const Observatory__Line *line, Observatory__Metric metric);
/* "1,024", "62%", "4.5 days", "[c]", "–" where there is none. */
const char *figures_text(
    struct arena *a, const Observatory__Line *line, Observatory__Metric metric);

/* [{number, label, more}] of four. */
json_t *figures_headline(const struct figures *f, const Observatory__Line *line);
/* The same in a sentence, for who listens. */
const char *figures_say(const struct figures *f, const Observatory__Line *line);

/* What a map may be of; the first is the usual one. */
struct figures_measure {
	const char *code;                  /* "free" */
	const char *label;                 /* "Share of places that are free" */
	Observatory__Metric metric, whole; /* `whole` 0: the metric as it is */
	const char *unit;                  /* "%" or "" */
};
extern const struct figures_measure figures_measures[];
extern const size_t figures_measures_n;
/* By its code; the usual one for NULL and for anything else. */
const struct figures_measure *figures_measure(const char *code);

/* {title, finding, whole, inset, key: [{swatch, text}], attribution}; `selected` is a
 * council that is outlined, or NULL. */
json_t *figures_map(const struct figures *f, const struct figures_measure *measure,
    const char *selected);
/* {finding, scale, key: [{mark, text}], rows: [{name, words, dots, is_hidden}]} */
json_t *figures_cover(const struct figures *f, const char *selected);

/* For the partial "table": a row for each council, by column `sort` ("free", "-free"),
 * and one of all. `address` is that of the page, to be followed by "sort=...". */
json_t *figures_by_council(
    const struct figures *f, const char *sort, const char *address);
/* By type of care, or by age. */
json_t *figures_by(
    const struct figures *f, Observatory__Breakdown breakdown, const char *caption);

/* Everything that was counted, a line for each line of it; the columns are all metrics,
 * by the names the contract gives them. "c" is hidden, "z" not counted so. */
struct bytes figures_csv(const struct figures *f);

/* {definitions: [{term, unit, words, source}]}: all of them, or (`is_shown`) of what
 * the page of figures shows. */
json_t *figures_definitions(
    struct arena *a, const Observatory__Definitions *d, bool is_shown);
/* [{service, when}]: how fresh each source is. */
json_t *figures_sources(
    struct arena *a, Observatory__Source *const *sources, size_t n, int64_t now_ms);

#endif
