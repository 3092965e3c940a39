#include "base/geo.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/geo_table.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))

static void
sectors_are_told_by_their_shape(void **state)
{
	(void)state;
	static const char *const right[] = {
	    "M1 1", "M14 5", "W1A 0", "OL1 1", "SK10 2", "EC1A 1"};
	static const char *const wrong[] = {"", "M", "M14", "M14 ", "M14  5", "M145",
	    "m14 5", "M14 5A", "M14 5AB", " M14 5", "M14 5 ", "MAN1 1", "14 5",
	    "M1AA 5", "M111 5", "M14\t5", "M14 X"};
	for (size_t i = 0; i < N(right); i++)
		assert_true(geo_sector_is_well_formed(right[i]));
	for (size_t i = 0; i < N(wrong); i++)
		if (geo_sector_is_well_formed(wrong[i]))
			fail_msg("\"%s\" is no sector", wrong[i]);
	assert_false(geo_sector_is_well_formed(NULL));
}

static void
the_table_is_whole_and_every_row_is_found(void **state)
{
	(void)state;
	assert_int_equal(geo_table_rows, 12018);
	for (size_t i = 0; i < geo_table_rows; i++) {
		const struct geo_row *row = &geo_table[i];
		assert_ptr_equal(geo_sector(row->sector), &row->point);
		assert_in_range(row->point.easting, 0, 700000);
		assert_in_range(row->point.northing, 0, 1300000);
	}
	assert_null(geo_sector("ZZ1 1"));
	assert_null(geo_sector("BT1 1")); /* Northern Ireland is not in it */
	assert_null(geo_sector("M14"));
	assert_null(geo_sector(""));
	assert_null(geo_sector(NULL));
}

/* Known places: the Town Hall of Manchester, and how far Leeds and London lie. */
static void
places_are_where_they_are(void **state)
{
	(void)state;
	const struct geo_point *manchester = geo_sector("M2 5");
	const struct geo_point *leeds = geo_sector("LS1 3");
	const struct geo_point *westminster = geo_sector("SW1A 0");
	assert_non_null(manchester);
	assert_non_null(leeds);
	assert_non_null(westminster);
	assert_in_range(manchester->easting, 383500, 384300);
	assert_in_range(manchester->northing, 397700, 398500);
	assert_in_range(geo_between(manchester, leeds).miles_tenths, 340, 370);
	assert_in_range(geo_between(manchester, westminster).miles_tenths, 1600, 1650);
}

static void
distance_is_the_returns_formula(void **state)
{
	(void)state;
	const struct geo_point here = {400000, 400000, 300};
	static const struct {
		int32_t east, north;
		uint32_t tenths;
	} rows[] = {
	    {0, 0, 0}, {80, 0, 0},    /* 0.0497 miles */
	    {81, 0, 1},               /* 0.0503 */
	    {1609, 0, 10},            /* 0.99981 */
	    {0, -1690, 11},           /* 1.05015 */
	    {0, -1689, 10},           /* 1.04952 */
	    {3000, 4000, 31},         /* 5 km: 3.1069 */
	    {-300000, -400000, 3107}, /* 500 km: 310.694 */
	};
	for (size_t i = 0; i < N(rows); i++) {
		struct geo_point there = {
		    400000 + rows[i].east, 400000 + rows[i].north, 400};
		struct geo_distance d = geo_between(&here, &there);
		assert_int_equal(d.miles_tenths, rows[i].tenths);
		assert_int_equal(d.error_tenths, 3); /* 500 m */
		assert_int_equal(
		    geo_between(&there, &here).miles_tenths, rows[i].tenths);
	}
}

/* Whole-number roots against the mathematics library's, near the half too. */
static void
rounding_agrees_with_arithmetic(void **state)
{
	(void)state;
	const struct geo_point origin = {0, 0, 0};
	uint32_t random = 2463534242;
	for (int i = 0; i < 100000; i++) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		struct geo_point p = {
		    (int32_t)(random % 700000), (int32_t)(random / 3301), 0};
		double miles = hypot(p.easting, p.northing) / 1000 / 1.6093;
		long tenths = lround(miles * 10);
		struct geo_distance d = geo_between(&origin, &p);
		/* The library's own rounding may differ where it is the very half. */
		if (fabs(miles * 10 - floor(miles * 10) - 0.5) > 1e-6)
			assert_int_equal(d.miles_tenths, tenths);
		else
			assert_true(labs((long)d.miles_tenths - tenths) <= 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sectors_are_told_by_their_shape),
	    cmocka_unit_test(the_table_is_whole_and_every_row_is_found),
	    cmocka_unit_test(places_are_where_they_are),
	    cmocka_unit_test(distance_is_the_returns_formula),
	    cmocka_unit_test(rounding_agrees_with_arithmetic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
