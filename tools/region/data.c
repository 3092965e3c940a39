#include "data.h"

#include <assert.h>
#include <csv.h>
#include <string.h>

#include "base/bytes.h"
#include "base/str.h"

#include "take.h"

#define COLUMNS_MAX 5
#define AREA_ROWS_MAX 400

/* The files themselves, taken in by the assembler from where make runs. */
#define FILE_INSIDE(name)                                                              \
	extern const char data_##name[], data_##name##_end[];                          \
	__asm__(".section .rodata\n"                                                   \
		".global data_" #name "\ndata_" #name ":\n"                            \
		".incbin \"tools/region/data/" #name ".csv\"\n"                        \
		".global data_" #name "_end\ndata_" #name "_end:\n"                    \
		".byte 0\n.previous\n")

FILE_INSIDE(councils);
FILE_INSIDE(adjacency);
FILE_INSIDE(sectors);
FILE_INSIDE(figures);

/* ---- one file as rows of cells ---- */

struct table {
	struct arena *arena;
	size_t columns, n, room;
	char *(*rows)[COLUMNS_MAX];
	size_t column; /* of the cell that comes next */
	bool is_header_read;
	const char *const *header;
};

static void
on_cell(void *bytes, size_t len, void *context)
{
	struct table *t = context;

	assert(t->column < t->columns && t->n < t->room);
	char *text = take(t->arena, len + 1);
	memcpy(text, bytes, len);
	t->rows[t->n][t->column++] = text;
}

static void
on_row(int end, void *context)
{
	struct table *t = context;

	(void)end;
	assert(t->column == t->columns);
	t->column = 0;
	if (t->is_header_read) {
		t->n++;
		return;
	}
	for (size_t i = 0; i < t->columns; i++)
		assert(str_equal(t->rows[0][i], t->header[i]));
	t->is_header_read = true;
}

static size_t
count_lines(struct bytes file)
{
	size_t n = 0;

	for (size_t i = 0; i < file.len; i++)
		n += file.data[i] == '\n';
	return n;
}

static struct table
read_table(
    struct arena *a, const char *from, const char *until, const char *const *header)
{
	struct bytes file = {(const uint8_t *)from, (size_t)(until - from)};
	struct table t = {.arena = a, .header = header, .room = count_lines(file) + 1};
	struct csv_parser parser;

	while (header[t.columns] != NULL)
		t.columns++;
	t.rows = take(a, t.room * sizeof *t.rows);
	if (csv_init(&parser, CSV_STRICT) != 0)
		fail("the tables inside this program cannot be read");
	size_t taken = csv_parse(&parser, file.data, file.len, on_cell, on_row, &t);
	if (taken != file.len || csv_fini(&parser, on_cell, on_row, &t) != 0)
		fail("a table inside this program is damaged at byte %zu", taken);
	csv_free(&parser);
	return t;
}

#define READ(a, name, ...)                                                             \
	read_table((a), data_##name, data_##name##_end,                                \
	    (const char *const[]){__VA_ARGS__, NULL})

static int64_t
number(const char *text)
{
	int64_t n;

	if (!str_to_i64(text, 0, INT32_MAX, &n))
		fail("the tables inside this program hold '%s' for a number", text);
	return n;
}

/* ---- the councils ---- */

static enum data_ring
ring_of(const char *word)
{
	if (str_equal(word, "member"))
		return DATA_MEMBER;
	return str_equal(word, "adjoining") ? DATA_ADJOINING : DATA_BEYOND;
}

static void
read_councils(struct arena *a, struct data *d)
{
	struct table t = READ(a, councils, "code", "name", "ring");

	d->councils = TAKE_LIST(a, t.n, struct data_council);
	for (size_t i = 0; i < t.n; i++) {
		struct data_council *c = &d->councils[d->councils_n++];
		c->code = t.rows[i][0];
		c->name = t.rows[i][1];
		c->ring = ring_of(t.rows[i][2]);
		d->members_n += c->ring == DATA_MEMBER;
		d->areas_n += c->ring != DATA_BEYOND;
		assert(i == 0 || d->councils[i - 1].ring <= c->ring);
	}
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

static void
read_adjacency(struct arena *a, struct data *d)
{
	struct table t = READ(a, adjacency, "code", "adjoining_code");

	for (size_t i = 0; i < t.n; i++) {
		struct data_council *c = council_of(d, t.rows[i][0]);
		if (c == NULL)
			continue;
		if (c->adjoining == NULL)
			c->adjoining = TAKE_LIST(a, AREA_ROWS_MAX, const char *);
		assert(c->adjoining_n < AREA_ROWS_MAX);
		c->adjoining[c->adjoining_n++] = t.rows[i][1];
	}
}

static void
read_sectors(struct arena *a, struct data *d)
{
	struct table t = READ(a, sectors, "sector", "code", "postcodes");

	for (size_t i = 0; i < t.n; i++) {
		struct data_council *c = council_of(d, t.rows[i][1]);
		if (c == NULL)
			continue;
		if (c->sectors == NULL)
			c->sectors = TAKE_LIST(a, AREA_ROWS_MAX, struct data_sector);
		assert(c->sectors_n < AREA_ROWS_MAX);
		c->sectors[c->sectors_n++] = (struct data_sector){
		    .sector = t.rows[i][0],
		    .postcodes = (uint32_t)number(t.rows[i][2]),
		};
	}
}

/* ---- the figures ---- */

static void
read_figures(struct arena *a, struct data *d)
{
	struct table t = READ(a, figures, "source", "code", "group", "item", "number");

	d->figures = TAKE_LIST(a, t.n, struct data_figure);
	d->figures_n = t.n;
	for (size_t i = 0; i < t.n; i++)
		d->figures[i] = (struct data_figure){
		    .source = t.rows[i][0],
		    .code = t.rows[i][1],
		    .group = t.rows[i][2],
		    .item = t.rows[i][3],
		    .number = number(t.rows[i][4]),
		};
}

void
data_read(struct arena *a, struct data *out)
{
	*out = (struct data){0};
	read_councils(a, out);
	read_adjacency(a, out);
	read_sectors(a, out);
	read_figures(a, out);
}

int64_t
data_figure(const struct data *d, const char *source, const char *code,
    const char *group, const char *item)
{
	for (size_t i = 0; i < d->figures_n; i++) {
		const struct data_figure *f = &d->figures[i];
		if (str_equal(f->item, item) && str_equal(f->code, code) &&
		    str_equal(f->group, group) && str_equal(f->source, source))
			return f->number;
	}
	return 0;
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
