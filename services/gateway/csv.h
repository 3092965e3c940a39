#ifndef RCC_CSV_H
#define RCC_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

/*
 * A table as comma-separated values (RFC 4180): UTF-8, a line for each row ended by CR
 * LF, every cell in quotes where it has to be. A text that a spreadsheet would take for
 * a formula (it begins with = + - @, a tab or a carriage return) gets an apostrophe in
 * front, unless it is a plain number.
 */
struct csv {
	char *text;
	size_t len, size, cells; /* of the line so far */
	bool is_full;
};

/* With the mark of UTF-8 in front where `has_mark`, for spreadsheets that need it. */
void csv_begin(struct csv *c, struct arena *a, size_t bytes_max, bool has_mark);
void csv_cell(struct csv *c, const char *text); /* NULL is empty */
void csv_number(struct csv *c, uint64_t n);
void csv_line_end(struct csv *c);
/* BYTES_NONE where there was no room for it. */
struct bytes csv_end(const struct csv *c);

#endif
