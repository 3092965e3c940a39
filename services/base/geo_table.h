#ifndef RCC_GEO_TABLE_H
#define RCC_GEO_TABLE_H

#include <stddef.h>

#include "base/geo.h"

/* The postcode sectors of Great Britain, sorted by name. The build writes them from
 * geo_sectors.csv (tools/geo-table); only geo.c reads them. */
struct geo_row {
	char sector[7];
	struct geo_point point;
};

extern const struct geo_row geo_table[];
extern const size_t geo_table_rows;

#endif
