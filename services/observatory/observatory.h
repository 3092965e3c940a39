#ifndef RCC_OBSERVATORY_H
#define RCC_OBSERVATORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/refusal.h"

#include "observatory.pb-c.h"

/*
 * Who may be told which figures.
 *   definition.h   what each figure counts, in words
 *   figures.h      the counting
 *   suppression.h  which counts may not leave the council
 */

#define OBSERVATORY_PERIOD_DAYS 365
#define OBSERVATORY_FROM_DAYS_BACK_MAX 1830
#define OBSERVATORY_STALE_DAYS 14

enum observatory_refusal {
	OBSERVATORY_OK,
	OBSERVATORY_OTHER_COUNCIL = 100,
	OBSERVATORY_NARROWED = 101,
	OBSERVATORY_PERIOD_FIXED = 102,
	OBSERVATORY_PERIOD = 103,
	OBSERVATORY_COUNCIL_UNKNOWN = 104,
};

const struct refusal *observatory_refusal(enum observatory_refusal no);

/* Who asks: for the co-operative, or for the council they act for. */
struct observatory_asker {
	bool is_cooperative;
	const char *council_id;
	int32_t today;
};

/* What they are told. */
struct observatory_view {
	const char *council_id; /* of this council alone; NULL: of all */
	const char *own_id; /* whose row is shown exactly beside hidden ones, or NULL */
	Common__CareType care_type; /* 0: of all kinds */
	Common__AgeBand age_band;
	int32_t from_day;
	bool is_suppressed;
};

/*
 * Exact figures for the co-operative, and for a council about its own children and
 * area, however narrowed. All else is suppressed, and then neither narrowed nor of
 * another period: two answers that overlap would tell what lies between them.
 */
enum observatory_refusal observatory_may_ask(const struct observatory_asker *asker,
    const Observatory__SufficiencyAsked *asked, struct observatory_view *out);

#endif
