#ifndef RCC_OBSERVATORY_FIGURES_H
#define RCC_OBSERVATORY_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/mirror.h"
#include "observatory/facts.h"

#include "members.pb-c.h"

/*
 * The counting: one pass over all needs and all places, whatever is asked. What each
 * figure means stands in definition.c.
 */

/* Counts are held by metric; those of percentages and days stay zero. */
#define OBSERVATORY_METRICS (OBSERVATORY__METRIC__METRIC_MEDIAN_DAYS + 1)
bool observatory_is_count(Observatory__Metric metric);

/* Whoever waited longer is counted as having waited so long. */
#define OBSERVATORY_DAYS_MAX 366

struct observatory_line {
	Observatory__Breakdown breakdown;
	const struct observatory_area *area; /* by council; NULL: one not known here */
	int code;                            /* by care type, age band or sector */
	uint32_t counts[OBSERVATORY_METRICS];
	uint32_t *waited; /* children by the days they waited; NULL: none was placed */
	uint64_t hidden;  /* bits of metrics */
};

struct observatory_area {
	struct observatory_council council;
	const Members__Council *row;
};

struct observatory_provider {
	struct id id;
	Members__Sector sector;
	bool is_in_house; /* a council's own */
};

/* What the figures are counted from. Areas in the order of their codes; a mirror of
 * struct observatory_provider. */
struct observatory_known {
	const struct mirror *households, *homes, *needs, *providers;
	const struct observatory_area *areas;
	size_t areas_n;
};

struct observatory_question {
	const struct observatory_area *area; /* NULL: of all */
	Common__CareType care_type;          /* 0: of all */
	Common__AgeBand age_band;
	int32_t from_day, today;
	int64_t now_ms;
};

/* Lines side by side: of all; of each area in order and of those not known; of each
 * type, band and sector, by its code from the one not said. */
struct observatory_table {
	struct observatory_line *lines;
	size_t n;
	struct observatory_line *all, *areas, *types, *bands, *sectors;
};

#define OBSERVATORY_SECTORS 4

/* ERR_MEMORY at the arena's cap. */
enum err observatory_count(struct arena *a, const struct observatory_known *known,
    const struct observatory_question *question,
    struct observatory_table *out) MUST_CHECK;

const struct observatory_area *observatory_area(
    const struct observatory_known *known, const char *council_id);

/*
 * A percentage, whole, to the nearest: false where the metric is none, or where there
 * is nothing to take it of. Nothing is said of what it is taken of being small.
 */
struct observatory_share {
	uint32_t of, whole, percent;
};
bool observatory_share(const uint32_t counts[OBSERVATORY_METRICS],
    Observatory__Metric metric, struct observatory_share *out);

/* How many days the middle one of those placed within the period waited, in tenths: of
 * an even number half-way between the two. False where nobody was placed. */
bool observatory_median(const struct observatory_line *line, uint32_t *days_tenths);

#endif
