#include "gateway/boundary.h"

#include <stdlib.h>
#include <string.h>

static int
compare(const void *code, const void *row)
{
	return strcmp(code, ((const struct boundary *)row)->code);
}

const struct boundary *
boundary_find(const char *code)
{
	if (code == NULL)
		return NULL;
	return bsearch(code, boundary_table, boundary_table_rows,
	    sizeof boundary_table[0], compare);
}

static int32_t
least(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static int32_t
most(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

struct boundary_box
boundary_around(struct boundary_box a, struct boundary_box b)
{
	return (struct boundary_box){least(a.left, b.left), least(a.top, b.top),
	    most(a.right, b.right), most(a.bottom, b.bottom)};
}
