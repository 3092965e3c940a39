#ifndef RCC_REGION_CALIBRATE_H
#define RCC_REGION_CALIBRATE_H

#include <stdint.h>
#include <stdio.h>

#include "plan.h"

/* One figure, published and invented, in tenths of its unit. */
struct calibrate_row {
	const char *figure;
	const char *unit; /* "%", "£ a week", "" */
	int64_t published, invented;
	const char *source;
};

#define CALIBRATE_ROWS_MAX 90
struct calibration {
	struct calibrate_row rows[CALIBRATE_ROWS_MAX];
	size_t n;
};

/* How close the plan comes to the published figures. */
void calibrate(struct arena *a, const struct plan *p, struct calibration *out);

/* The table, headed "Invented region", with what the region holds and where the figures
 * come from. */
void calibrate_print(FILE *f, struct arena *a, const struct plan *p);

/* ---- for the parts ---- */

void calibrate_add(struct calibration *t, const char *figure, const char *unit,
    int64_t published, int64_t invented, const char *source);
/* Part of all in tenths of a unit: scale 100 for per cent, 1 for a plain ratio. */
int64_t calibrate_ratio(int64_t part, int64_t all, int64_t scale);
int64_t calibrate_share(int64_t part, int64_t all); /* in tenths of a per cent */
/* Children's homes and supported accommodation. */
void calibrate_homes(struct arena *a, const struct plan *p, struct calibration *t);

#endif
