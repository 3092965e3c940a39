#include "base/geo.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/geo_table.h"

static bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
geo_sector_is_well_formed(const char *sector)
{
	const char *p = sector;

	if (p == NULL || !is_capital(*p++))
		return false;
	if (is_capital(*p))
		p++;
	if (!is_digit(*p++))
		return false;
	if (is_digit(*p) || is_capital(*p))
		p++;
	return p[0] == ' ' && is_digit(p[1]) && p[2] == '\0';
}

static int
compare(const void *sector, const void *row)
{
	return strcmp(sector, ((const struct geo_row *)row)->sector);
}

const struct geo_point *
geo_sector(const char *sector)
{
	if (sector == NULL)
		return NULL;
	const struct geo_row *row =
	    bsearch(sector, geo_table, geo_table_rows, sizeof geo_table[0], compare);
	return row == NULL ? NULL : &row->point;
}

/* The whole part of the square root: the processor's own, which rounds, put right. */
static uint64_t
root(uint64_t n)
{
	uint64_t r = (uint64_t)(int64_t)sqrt((double)(int64_t)n); /* n is below 2^63 */

	while (r * r > n)
		r--;
	while ((r + 1) * (r + 1) <= n)
		r++;
	return r;
}

/*
 * Tenths of a mile, to the nearest, in a length given by its square in metres. A
 * tenth is 160.93 m. With t tenths we want the largest t such that
 * (t - 1/2) * 160.93 <= length, which is (2t - 1) * 16093 <= 200 * length, and
 * 200 * length is the root of 40,000 squares: whole numbers throughout.
 */
static uint32_t
tenths_of_mile(uint64_t metres_squared)
{
	return (uint32_t)((root(metres_squared * 40000) / 16093 + 1) / 2);
}

static uint64_t
square_sum(int32_t a, int32_t b)
{
	int64_t x = a, y = b;

	return (uint64_t)(x * x + y * y);
}

uint32_t
geo_miles_tenths(const struct geo_point *a, const struct geo_point *b)
{
	/* The grid is under 1,400 km; beyond 10,000 km the squares could overflow. */
	assert(abs(a->easting) < 5000000 && abs(a->northing) < 5000000);
	assert(abs(b->easting) < 5000000 && abs(b->northing) < 5000000);
	return tenths_of_mile(
	    square_sum(a->easting - b->easting, a->northing - b->northing));
}

struct geo_distance
geo_between(const struct geo_point *a, const struct geo_point *b)
{
	return (struct geo_distance){
	    .miles_tenths = geo_miles_tenths(a, b),
	    .error_tenths =
		tenths_of_mile(square_sum(a->radius_p90_m, b->radius_p90_m)),
	};
}
