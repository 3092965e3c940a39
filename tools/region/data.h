#ifndef RCC_REGION_DATA_H
#define RCC_REGION_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * The public data that the region is invented from: the files of tools/region/data,
 * which travel inside the binary. README.md there says whose they are.
 */

/* Where a council lies, as seen from the ten that join. */
enum data_ring {
	DATA_MEMBER,    /* one of the ten of Greater Manchester */
	DATA_ADJOINING, /* shares a boundary with one of them */
	DATA_BEYOND,    /* shares one with one of those: an area and nothing more */
};

struct data_sector {
	const char *sector; /* "M14 5" */
	uint32_t postcodes;
};

struct data_council {
	const char *code, *name;
	enum data_ring ring;
	const char **adjoining; /* GSS codes, registered here or not */
	size_t adjoining_n;
	struct data_sector *sectors; /* of members and adjoining councils */
	size_t sectors_n;
};

struct data_figure {
	const char *source, *code, *group, *item;
	int64_t number;
};

struct data {
	struct data_council *councils; /* members first, then adjoining, then beyond */
	size_t councils_n, members_n, areas_n; /* areas: members and adjoining */
	struct data_figure *figures;
	size_t figures_n;
};

void data_read(struct arena *a, struct data *out);

/* A published figure; 0 where it was suppressed or there is none. */
int64_t data_figure(const struct data *d, const char *source, const char *code,
    const char *group, const char *item);
/* Summed over the member councils. */
int64_t data_members(
    const struct data *d, const char *source, const char *group, const char *item);
/* Summed over a list of items, NULL-ended. */
int64_t data_items(const struct data *d, const char *source, const char *group,
    const char *const *items);

#define DATA_ENGLAND "E92000001"
#define DATA_NORTH_WEST "E12000002"

#endif
