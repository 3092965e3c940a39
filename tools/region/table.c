#include "table.h"

#include <csv.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

#include "take.h"

#define COLUMNS_MAX 200
#define FILE_BYTES_MAX 4194304

/* The files themselves, taken in by the assembler from where make runs. */
#define FILE_INSIDE(name)                                                              \
	extern const char data_##name[];                                               \
	extern const uint64_t data_##name##_bytes;                                     \
	__asm__(".section .rodata\n"                                                   \
		".global data_" #name "\ndata_" #name ":\n"                            \
		".incbin \"tools/region/data/" #name ".csv\"\n"                        \
		"9: .byte 0\n.balign 8\n"                                              \
		".global data_" #name "_bytes\ndata_" #name "_bytes:\n"                \
		".quad 9b - data_" #name "\n.previous\n");                             \
	struct bytes table_inside_##name(void)                                         \
	{                                                                              \
		return (struct bytes){                                                 \
		    (const uint8_t *)data_##name, (size_t)data_##name##_bytes};        \
	}

FILE_INSIDE(councils)
FILE_INSIDE(adjacency)
FILE_INSIDE(sectors)
FILE_INSIDE(providers)
FILE_INSIDE(figures)

/* What the parser tells goes here; the first line is the header. */
struct reading {
	struct arena *arena;
	struct table *t;
	char **cells; /* of the line that is being read */
	size_t cells_n, lines;
	bool is_ragged; /* a line with more or fewer cells than the header */
};

static void
on_cell(void *bytes, size_t len, void *context)
{
	struct reading *r = context;

	if (r->is_ragged)
		return;
	if (r->cells_n == COLUMNS_MAX) {
		r->is_ragged = true;
		r->lines++;
		return;
	}
	r->cells[r->cells_n] = take(r->arena, len + 1);
	memcpy(r->cells[r->cells_n++], bytes, len);
}

static void
on_row(int end, void *context)
{
	struct reading *r = context;
	struct table *t = r->t;

	(void)end;
	if (r->is_ragged)
		return;
	if (r->lines++ == 0)
		t->columns = r->cells_n;
	if (r->cells_n != t->columns) {
		r->is_ragged = true;
		return;
	}
	char **kept = TAKE_LIST(r->arena, r->cells_n, char *);
	memcpy(kept, r->cells, r->cells_n * sizeof *kept);
	r->cells_n = 0;
	if (t->header == NULL)
		t->header = kept;
	else
		t->rows[t->n++] = kept;
}

static struct bytes
file_in(struct arena *a, const char *folder, const char *name)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);

	if (n < 0 || (size_t)n >= sizeof path)
		fail("the path of %s is too long", name);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		fail("%s cannot be read: %s", path, strerror(errno));
	uint8_t *bytes = take(a, FILE_BYTES_MAX);
	size_t len = fread(bytes, 1, FILE_BYTES_MAX, f);
	bool is_bad = ferror(f) != 0;
	if (fclose(f) != 0 || is_bad)
		fail("%s cannot be read: %s", path, strerror(errno));
	if (len == FILE_BYTES_MAX)
		fail("%s is larger than any table of a region", path);
	return (struct bytes){bytes, len};
}

/* At least as many as the parser will find: to it either character ends one. */
static size_t
count_lines(struct bytes file)
{
	size_t n = 1;

	for (size_t i = 0; i < file.len; i++)
		n += file.data[i] == '\n' || file.data[i] == '\r';
	return n;
}

static void
parse(struct reading *r, struct bytes file)
{
	struct csv_parser parser;

	if (csv_init(&parser, CSV_STRICT) != 0)
		fail("%s cannot be read: no memory", r->t->name);
	size_t taken = csv_parse(&parser, file.data, file.len, on_cell, on_row, r);
	if (taken != file.len || csv_fini(&parser, on_cell, on_row, r) != 0)
		fail("%s, line %zu, is damaged", r->t->name, r->lines + 1);
	csv_free(&parser);
	if (r->is_ragged)
		fail("%s, line %zu, has other columns than the header", r->t->name,
		    r->lines);
}

struct table
table_read(struct arena *a, const char *folder, const char *name, struct bytes inside,
    const char *const *header)
{
	struct table t = {.name = name};
	struct reading r = {.arena = a, .t = &t};
	struct bytes file = folder != NULL ? file_in(a, folder, name) : inside;

	r.cells = TAKE_LIST(a, COLUMNS_MAX, char *);
	t.rows = TAKE_LIST(a, count_lines(file), char **);
	parse(&r, file);
	for (size_t i = 0; header[i] != NULL; i++) {
		if (i >= t.columns || !str_equal(t.header[i], header[i]))
			fail(
			    "%s has no column '%s' where one belongs", name, header[i]);
	}
	if (t.n == 0)
		fail("%s has a header and nothing more", name);
	return t;
}

void
table_damaged(const struct table *t, size_t row, const char *how)
{
	fail("%s, line %zu, %s", t->name, row + 2, how);
}

int64_t
table_number(const struct table *t, size_t row, size_t column)
{
	int64_t n;

	if (!str_to_i64(t->rows[row][column], 0, INT32_MAX, &n))
		fail("%s, line %zu, has '%s' for a number", t->name, row + 2,
		    t->rows[row][column]);
	return n;
}
