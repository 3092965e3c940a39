#ifndef RCC_OBSERVATORY_FACTS_H
#define RCC_OBSERVATORY_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/geo.h"
#include "base/id.h"

#include "common.pb-c.h"
#include "observatory.pb-c.h"

/*
 * A place to live and a need, boiled down to what the figures look at. Codes of
 * councils and ids are copied, "" where they are not recorded; days are London days
 * from 1970-01-01.
 */

#define OBSERVATORY_COUNCIL_LEN 9
#define OBSERVATORY_BANDS 6 /* with the one not said */
#define OBSERVATORY_TYPES 5
#define OBSERVATORY_CHILDREN_MAX 6 /* of one request */
#define OBSERVATORY_CLOSED_MAX                                                         \
	16                         /* reasons kept for one place; more are "at limit"  \
	                            */
#define OBSERVATORY_OPENINGS_MAX 5 /* a band each, or one for a household */

struct observatory_council {
	char code[OBSERVATORY_COUNCIL_LEN + 1];
};

struct observatory_closed {
	Observatory__Metric reason;
	uint32_t places;
	int32_t from_day, until_day; /* exclusive */
};

/* A fostering household or a home. */
struct observatory_place {
	struct id id;
	struct id provider;
	struct observatory_council council;
	Common__CareType care_type;
	unsigned bands; /* bits of age bands, 1 << common.AgeBand */
	bool is_apart;
	const struct geo_point *point; /* NULL: not known */
	uint32_t approved, filled, held, free, reserved, unstaffed;
	struct observatory_closed closed[OBSERVATORY_CLOSED_MAX];
	unsigned closed_n;
	int64_t confirmed_ms[OBSERVATORY_OPENINGS_MAX]; /* of the open vacancies */
	unsigned openings_n;
};

struct observatory_placement {
	struct id place;
	struct id provider;
	struct observatory_council area;
	Common__CareType care_type;
	bool is_ended;
	int32_t start_day, end_day;
	unsigned children; /* bits of the children's places in the request */
};

/* What is chosen and has not begun: of all such placements of a request together. */
struct observatory_chosen {
	unsigned children; /* bits */
	int64_t until_ms;  /* when the first of the places is lost; 0: not known yet */
	bool needs_approval;
};

struct observatory_child {
	uint32_t age_years;
	int32_t age_day;
};

/* A request: one child, or brothers and sisters. */
struct observatory_need {
	struct id id;
	struct observatory_council council;
	const struct geo_point *point; /* the home's sector */
	int64_t overdue_ms;            /* 0: not said */
	bool are_siblings, is_circulated, is_withdrawn, is_same_day;
	int32_t withdrawn_day;
	int64_t submitted_ms, circulated_ms; /* 0: not said; not yet */
	int32_t needed_by_day;               /* 0: not said */
	unsigned asked, answered, offers;    /* providers; offers that stand */
	unsigned types; /* bits of what would be considered; 0: any that suits */
	struct observatory_child children[OBSERVATORY_CHILDREN_MAX];
	unsigned children_n;
	/* Those that have begun. */
	struct observatory_placement placements[OBSERVATORY_CHILDREN_MAX];
	unsigned placements_n;
	struct observatory_chosen chosen;
};

#define OBSERVATORY_BIT(code) (1u << (unsigned)(code))

/* The band of so many completed years; those over 17 are in the last. */
Common__AgeBand observatory_band(uint32_t years);
/* Bits of the bands that have an age from min to max in them. */
unsigned observatory_bands(uint32_t min_years, uint32_t max_years);

/* Into zeroed structs. */
void observatory_place_of(
    const Observatory__PlaceRow *row, struct observatory_place *out);
void observatory_need_of(const Observatory__NeedRow *row, struct observatory_need *out);

#endif
