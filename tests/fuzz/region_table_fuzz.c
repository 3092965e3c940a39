/*
 * The public data as files of comma-separated rows: one table as such, or the five that
 * a region is read from, one behind the other with a byte 0x1e between (a part that is
 * empty or missing is the least that will do). The first byte says which.
 *
 * What is wrong ends the tool with a sentence (take.h); here it comes back instead: the
 * linker's --wrap puts ours in its place.
 */
#include "fuzz/support/fuzz.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <csv.h>

#include "base/str.h"
#include "region/data.h"
#include "region/table.h"
#include "region/take.h"

#define TABLES 5

static jmp_buf out_of_reading;
static bool is_reading;
static struct csv_parser *parser; /* the one that is at work; NULL: none */
static struct bytes files[TABLES];

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the names that
 * the linker's --wrap wants. */
void __wrap_fail(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));
void __real_csv_free(struct csv_parser *p);
void __wrap_csv_free(struct csv_parser *p);
int __real_csv_init(struct csv_parser *p, unsigned char options);
int __wrap_csv_init(struct csv_parser *p, unsigned char options);
struct bytes __wrap_table_inside_councils(void);
struct bytes __wrap_table_inside_adjacency(void);
struct bytes __wrap_table_inside_sectors(void);
struct bytes __wrap_table_inside_providers(void);
struct bytes __wrap_table_inside_figures(void);

void
__wrap_fail(const char *format, ...)
{
	char text[600];
	va_list list;

	va_start(list, format);
	int n = vsnprintf(text, sizeof text, format, list);
	va_end(list);
	FUZZ_CHECK(n > 0 && is_reading, "failed out of turn: %s", text);
	if (parser != NULL)
		__wrap_csv_free(parser);
	/* allowed: the tool ends here, and this must go on to the next input */
	longjmp(out_of_reading, 1); /* NOLINT(cert-err52-cpp) */
}

int
__wrap_csv_init(struct csv_parser *p, unsigned char options)
{
	parser = p;
	return __real_csv_init(p, options);
}

void
__wrap_csv_free(struct csv_parser *p)
{
	parser = NULL;
	__real_csv_free(p);
}

struct bytes
__wrap_table_inside_councils(void)
{
	return files[0];
}

struct bytes
__wrap_table_inside_adjacency(void)
{
	return files[1];
}

struct bytes
__wrap_table_inside_sectors(void)
{
	return files[2];
}

struct bytes
__wrap_table_inside_providers(void)
{
	return files[3];
}

struct bytes
__wrap_table_inside_figures(void)
{
	return files[4];
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* ---- one table ---- */

/* The same rows as a file, every cell in quotation marks. */
static struct bytes
write_table(const struct table *t)
{
	size_t room = 4, len = 0;
	char *text;

	for (size_t r = 0; r <= t->n; r++)
		for (size_t c = 0; c < t->columns; c++)
			room +=
			    2 * strlen((r == 0 ? t->header : t->rows[r - 1])[c]) + 4;
	text = arena_take(&fuzz_arena, room);
	FUZZ_CHECK(text != NULL, "no room for %zu bytes", room);
	for (size_t r = 0; r <= t->n; r++) {
		char *const *row = r == 0 ? t->header : t->rows[r - 1];
		for (size_t c = 0; c < t->columns; c++) {
			len +=
			    csv_write(text + len, room - len, row[c], strlen(row[c]));
			text[len++] = c + 1 < t->columns ? ',' : '\n';
		}
	}
	return (struct bytes){(const uint8_t *)text, len};
}

static void
a_table(struct bytes file)
{
	static const char *const header[] = {"a", NULL};
	struct table t = table_read(&fuzz_arena, NULL, "fuzzed.csv", file, header),
		     again;

	FUZZ_CHECK(t.n > 0 && t.columns > 0 && str_equal(t.header[0], "a"), "no table");
	again = table_read(&fuzz_arena, NULL, "again.csv", write_table(&t), header);
	FUZZ_CHECK(again.n == t.n && again.columns == t.columns,
	    "%zu rows of %zu became %zu of %zu", t.n, t.columns, again.n,
	    again.columns);
	for (size_t r = 0; r < t.n; r++)
		for (size_t c = 0; c < t.columns; c++)
			FUZZ_CHECK(str_equal(t.rows[r][c], again.rows[r][c]),
			    "row %zu: %s became %s", r, t.rows[r][c], again.rows[r][c]);
	for (size_t c = 0; c < t.columns; c++) {
		int64_t n = table_number(&t, 0, c);
		FUZZ_CHECK(n >= 0 && n <= INT32_MAX, "%lld", (long long)n);
	}
}

/* ---- the five ---- */

static void
all_five(struct bytes rest, enum data_scope scope)
{
	static const char *const least[TABLES] = {
	    "code,name,region,ring\nE08000003,Manchester,E12000002,member\n",
	    "code,adjoining_code\nE08000003,E08000006\n",
	    "sector,code,postcodes\nM14 5,E08000003,10\n",
	    "kind,code,sector,places,owner\nH,E08000003,P,4,1\n",
	    "code,looked_after.age.total\nE08000003,1200\n"};
	struct data d;

	for (size_t i = 0; i < TABLES; i++) {
		files[i] = fuzz_cut(&rest, 0x1e);
		if (files[i].len == 0)
			files[i] = bytes_of_text(least[i]);
	}
	data_read(&fuzz_arena, NULL, scope, &d);
	FUZZ_CHECK(d.members_n > 0 && d.members_n <= d.areas_n &&
		       d.areas_n <= d.councils_n && d.councils_n <= DATA_COUNCILS_MAX,
	    "%zu members of %zu", d.members_n, d.councils_n);
	for (size_t i = 0; i < d.councils_n; i++) {
		FUZZ_CHECK(d.councils[i].sectors_n > 0, "a council without a sector");
		FUZZ_CHECK(data_area(&d, d.councils[i].code) <= i || i >= d.areas_n,
		    "area %zu", i);
	}
	for (size_t i = 0; i < d.provided_n; i++)
		FUZZ_CHECK(d.provided[i].council < d.areas_n, "a home of nowhere");
	(void)data_members(&d, "looked_after", "age", "total");
}

static void
one(struct bytes input)
{
	if (input.len < 1)
		return;
	struct bytes rest = {input.data + 1, input.len - 1};
	is_reading = true;
	/* allowed: see __wrap_fail */
	if (setjmp(out_of_reading) == 0) { /* NOLINT(cert-err52-cpp) */
		if (input.data[0] % 2 == 0)
			a_table(rest);
		else
			all_five(rest, (enum data_scope)(input.data[0] / 2 % 2));
	}
	is_reading = false;
}

const struct fuzz_target fuzz_target = {.rounds = 6000, .bytes_max = 4096, .one = one};
