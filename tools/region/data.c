#include "data.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"

#include "table.h"
#include "take.h"

#define AREA_ROWS_MAX 400

/* ---- the councils ---- */

static enum data_ring
ring_of(const struct table *t, size_t row, enum data_scope scope)
{
	static const char *const words[] = {
	    "member", "adjoining", "beyond", "elsewhere"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (str_equal(t->rows[row][3], words[i]))
			return scope == DATA_ENGLAND ? DATA_MEMBER : (enum data_ring)i;
	}
	table_damaged(t, row, "says no ring of its council");
}

static void
read_councils(struct arena *a, const char *folder, struct data *d)
{
	struct table t =
	    TABLE_READ(a, folder, councils, "code", "name", "region", "ring");

	d->councils = TAKE_LIST(a, t.n, struct data_council);
	for (size_t i = 0; i < t.n; i++) {
		enum data_ring ring = ring_of(&t, i, d->scope);
		if (ring == DATA_ELSEWHERE)
			continue;
		if (d->councils_n == DATA_COUNCILS_MAX)
			table_damaged(&t, i, "is one council too many");
		if (d->councils_n > 0 && d->councils[d->councils_n - 1].ring > ring)
			table_damaged(&t, i, "stands behind a ring further out");
		d->councils[d->councils_n++] = (struct data_council){
		    .code = t.rows[i][0],
		    .name = t.rows[i][1],
		    .region = t.rows[i][2],
		    .ring = ring,
		};
		d->members_n += ring == DATA_MEMBER;
		d->areas_n += ring != DATA_BEYOND;
	}
	if (d->members_n == 0)
		fail("%s has no council that joins", t.name);
}

static struct data_council *
council_of(struct data *d, const char *code)
{
	for (size_t i = 0; i < d->councils_n; i++) {
		if (str_equal(d->councils[i].code, code))
			return &d->councils[i];
	}
	return NULL;
}

size_t
data_area(const struct data *d, const char *code)
{
	for (size_t i = 0; i < d->areas_n; i++) {
		if (str_equal(d->councils[i].code, code))
			return i;
	}
	return SIZE_MAX;
}

static void
read_adjacency(struct arena *a, const char *folder, struct data *d)
{
	struct table t = TABLE_READ(a, folder, adjacency, "code", "adjoining_code");

	for (size_t i = 0; i < t.n; i++) {
		struct data_council *c = council_of(d, t.rows[i][0]);
		if (c == NULL)
			continue;
		if (c->adjoining == NULL)
			c->adjoining = TAKE_LIST(a, AREA_ROWS_MAX, const char *);
		if (c->adjoining_n == AREA_ROWS_MAX)
			table_damaged(&t, i, "is one neighbour too many");
		c->adjoining[c->adjoining_n++] = t.rows[i][1];
	}
}

/* The middle of its postcodes, as far as the machine's own table knows them. */
static struct geo_point
middle_of(const struct data_council *c)
{
	int64_t easting = 0, northing = 0, sum = 0;

	for (size_t i = 0; i < c->sectors_n; i++) {
		const struct geo_point *at = geo_sector(c->sectors[i].sector);
		if (at == NULL)
			continue;
		easting += (int64_t)at->easting * c->sectors[i].postcodes;
		northing += (int64_t)at->northing * c->sectors[i].postcodes;
		sum += c->sectors[i].postcodes;
	}
	if (sum == 0)
		return (struct geo_point){0};
	return (struct geo_point){
	    .easting = (int32_t)(easting / sum), .northing = (int32_t)(northing / sum)};
}

static void
read_sectors(struct arena *a, const char *folder, struct data *d)
{
	struct table t = TABLE_READ(a, folder, sectors, "sector", "code", "postcodes");

	for (size_t i = 0; i < t.n; i++) {
		struct data_council *c = council_of(d, t.rows[i][1]);
		if (c == NULL)
			continue;
		if (c->sectors == NULL)
			c->sectors = TAKE_LIST(a, AREA_ROWS_MAX, struct data_sector);
		if (c->sectors_n == AREA_ROWS_MAX)
			table_damaged(&t, i, "is one sector too many");
		c->sectors[c->sectors_n++] = (struct data_sector){
		    .sector = t.rows[i][0],
		    .postcodes = (uint32_t)table_number(&t, i, 2),
		};
	}
	for (size_t i = 0; i < d->councils_n; i++) {
		if (d->councils[i].sectors_n == 0)
			fail("%s has no postcode sector of %s", t.name,
			    d->councils[i].name);
		d->councils[i].middle = middle_of(&d->councils[i]);
	}
}

static void
read_provided(struct arena *a, const char *folder, struct data *d)
{
	struct table t = TABLE_READ(
	    a, folder, providers, "kind", "code", "sector", "places", "owner");

	d->provided = TAKE_LIST(a, t.n, struct data_provided);
	for (size_t i = 0; i < t.n; i++) {
		size_t area = data_area(d, t.rows[i][1]);
		char kind = t.rows[i][0][0], sector = t.rows[i][2][0];
		if (area == SIZE_MAX)
			continue;
		if ((kind != 'H' && kind != 'A') || strchr("LPV", sector) == NULL)
			table_damaged(&t, i, "is no home and no agency");
		struct data_provided *row = &d->provided[d->provided_n++];
		*row = (struct data_provided){
		    .is_home = kind == 'H',
		    .council = area,
		    .sector = sector,
		    .places = (uint32_t)table_number(&t, i, 3),
		    .owner = (uint32_t)table_number(&t, i, 4),
		};
		if (row->is_home && row->places == 0)
			table_damaged(&t, i, "is a home without a place");
	}
}

/* ---- the figures ---- */

static void
read_figures(struct arena *a, const char *folder, struct data *d)
{
	struct table t = TABLE_READ(a, folder, figures, "code");

	d->figure_names = t.header;
	d->figures_n = t.columns;
	d->figure_codes_n = t.n;
	d->figure_codes = TAKE_LIST(a, t.n, char *);
	d->figures = TAKE_LIST(a, t.n, int64_t *);
	for (size_t i = 0; i < t.n; i++) {
		d->figure_codes[i] = t.rows[i][0];
		d->figures[i] = TAKE_LIST(a, t.columns, int64_t);
		for (size_t j = 1; j < t.columns; j++) {
			if (t.rows[i][j][0] != '\0')
				d->figures[i][j] = table_number(&t, i, j);
		}
	}
}

void
data_read(struct arena *a, const char *folder, enum data_scope scope, struct data *out)
{
	*out = (struct data){.scope = scope};
	read_councils(a, folder, out);
	read_adjacency(a, folder, out);
	read_sectors(a, folder, out);
	read_provided(a, folder, out);
	read_figures(a, folder, out);
}

/* "looked_after.age.total" of "looked_after", "age", "total"? */
static bool
is_named(const char *name, const char *source, const char *group, const char *item)
{
	const char *const parts[] = {source, group, item};

	for (size_t i = 0; i < 3; i++) {
		size_t len = strlen(parts[i]);
		if (strncmp(name, parts[i], len) != 0 ||
		    name[len] != (i < 2 ? '.' : '\0'))
			return false;
		name += len + 1;
	}
	return true;
}

int64_t
data_figure(const struct data *d, const char *source, const char *code,
    const char *group, const char *item)
{
	size_t area = 0, figure = 1;

	while (area < d->figure_codes_n && !str_equal(d->figure_codes[area], code))
		area++;
	while (figure < d->figures_n &&
	       !is_named(d->figure_names[figure], source, group, item))
		figure++;
	if (area == d->figure_codes_n || figure == d->figures_n)
		return 0;
	return d->figures[area][figure];
}

int64_t
data_members(
    const struct data *d, const char *source, const char *group, const char *item)
{
	int64_t sum = 0;

	for (size_t i = 0; i < d->members_n; i++)
		sum += data_figure(d, source, d->councils[i].code, group, item);
	return sum;
}

int64_t
data_items(const struct data *d, const char *source, const char *group,
    const char *const *items)
{
	int64_t sum = 0;

	for (size_t i = 0; items[i] != NULL; i++)
		sum += data_members(d, source, group, items[i]);
	return sum;
}
