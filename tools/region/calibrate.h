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

#define CALIBRATE_ROWS_MAX 60
struct calibration {
	struct calibrate_row rows[CALIBRATE_ROWS_MAX];
	size_t n;
};

/* How close the plan comes to the published figures. */
void calibrate(struct arena *a, const struct plan *p, struct calibration *out);

/* The table, headed "Invented region", with what the region holds and where the figures
 * come from. */
void calibrate_print(FILE *f, struct arena *a, const struct plan *p);

#endif
