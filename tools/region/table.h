#ifndef RCC_REGION_TABLE_H
#define RCC_REGION_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

/*
 * One file of comma-separated rows, all of one length, under a header. Whatever is
 * wrong with it ends the process with a sentence that names the file and the line.
 */
struct table {
	const char *name; /* "councils.csv" */
	char **header;
	size_t columns, n;
	char ***rows; /* [row][column] */
};

/* Of the folder, or of inside the binary where that is NULL. The header begins with
 * these columns, NULL-ended. */
struct table table_read(struct arena *a, const char *folder, const char *name,
    struct bytes inside, const char *const *header);

/* Reads NAME.csv with at least these columns. */
#define TABLE_READ(a, folder, file, ...)                                               \
	table_read((a), (folder), #file ".csv", table_inside_##file(),                 \
	    (const char *const[]){__VA_ARGS__, NULL})

/* A whole number, 0 to INT32_MAX. */
int64_t table_number(const struct table *t, size_t row, size_t column);
/* "councils.csv, line 3, says no ring of its council" */
__attribute__((noreturn)) void table_damaged(
    const struct table *t, size_t row, const char *how);

/* The files inside the binary. */
struct bytes table_inside_councils(void);
struct bytes table_inside_adjacency(void);
struct bytes table_inside_sectors(void);
struct bytes table_inside_providers(void);
struct bytes table_inside_figures(void);

#endif
