#ifndef RCC_REGION_DATA_H
#define RCC_REGION_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/geo.h"

/*
 * The public data that the region is invented from: the files of tools/region/data,
 * which travel inside the binary, or those of a folder of the same form. README.md
 * there says whose they are.
 */

#define DATA_COUNCILS_MAX 160

/* How much of England joins. */
enum data_scope {
	DATA_REGION,  /* the ten of Greater Manchester, amid what adjoins them */
	DATA_ENGLAND, /* all councils */
};

/* Where a council lies, as seen from those that join. */
enum data_ring {
	DATA_MEMBER,
	DATA_ADJOINING, /* shares a boundary with one of them */
	DATA_BEYOND,    /* shares one with one of those: an area and nothing more */
	DATA_ELSEWHERE, /* not in this region at all */
};

struct data_sector {
	const char *sector; /* "M14 5" */
	uint32_t postcodes;
};

struct data_council {
	const char *code, *name, *region; /* region: GSS code, E12000002 */
	enum data_ring ring;
	const char **adjoining; /* GSS codes, registered here or not */
	size_t adjoining_n;
	struct data_sector *sectors;
	size_t sectors_n;
	struct geo_point middle; /* of its postcodes */
};

/* One children's home or fostering agency of the published profile. */
struct data_provided {
	bool is_home; /* else an agency */
	size_t council;
	char sector; /* 'L', 'P', 'V': local authority, private, voluntary */
	uint32_t places, owner;
};

struct data {
	enum data_scope scope;
	struct data_council *councils; /* members first, then adjoining, then beyond */
	size_t councils_n, members_n, areas_n; /* areas: members and adjoining */
	struct data_provided *provided;        /* in these areas */
	size_t provided_n;
	char **figure_names; /* "looked_after.age.total" */
	size_t figures_n;
	char **figure_codes; /* areas, the North West and England among them */
	int64_t **figures;   /* [area][figure] */
	size_t figure_codes_n;
};

/* `folder`: where the files are; NULL for those inside the binary. Ends the process
 * with a sentence that names the file where one is missing or damaged. */
void data_read(
    struct arena *a, const char *folder, enum data_scope scope, struct data *out);

/* Its index, or SIZE_MAX where it is not among the areas. */
size_t data_area(const struct data *d, const char *code);

/* A published figure; 0 where it was suppressed or there is none. */
int64_t data_figure(const struct data *d, const char *source, const char *code,
    const char *group, const char *item);
/* Summed over the member councils. */
int64_t data_members(
    const struct data *d, const char *source, const char *group, const char *item);
/* Summed over a list of items, NULL-ended. */
int64_t data_items(const struct data *d, const char *source, const char *group,
    const char *const *items);

#define DATA_ENGLAND_CODE "E92000001"
#define DATA_NORTH_WEST_CODE "E12000002"

#endif
