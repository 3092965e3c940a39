#ifndef RCC_GEO_H
#define RCC_GEO_H

#include <stdbool.h>
#include <stdint.h>

/* Where a postcode sector lies: its centroid in the National Grid, metres. */
struct geo_point {
	int32_t easting;
	int32_t northing;
	int32_t radius_p90_m; /* nine in ten of its postcodes lie within this */
};

/* Tenths of a mile, straight line, and how far that may be off. */
struct geo_distance {
	uint32_t miles_tenths;
	uint32_t error_tenths;
};

/* "M14 5": area, district, one space, one digit, in capitals. */
bool geo_sector_is_well_formed(const char *sector);
/* NULL when no such sector is in the table (ONSPD, November 2025). */
const struct geo_point *geo_sector(const char *sector);
/*
 * An estimate from sector centroids by the formula of the children looked-after
 * return: miles = sqrt(dE^2 + dN^2) / 1000 / 1.6093, to one decimal. Shown as
 * "about"; never called the return's own figure, which is from full postcodes.
 * The error is the root of the squares of both radii.
 */
struct geo_distance geo_between(const struct geo_point *a, const struct geo_point *b);
/* The miles alone. */
uint32_t geo_miles_tenths(const struct geo_point *a, const struct geo_point *b);

#endif
