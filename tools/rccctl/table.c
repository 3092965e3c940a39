#include "table.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"

#include "words.h"

#define GAP 2
#define CUT_MIN 8

void
table_begin(struct table *t, struct arena *a, const char *heads)
{
	char *rest = str_copy(a, heads);

	*t = (struct table){.arena = a};
	while (rest) {
		char *bar = strchr(rest, '|');
		size_t len = bar ? (size_t)(bar - rest) : strlen(rest);
		assert(t->columns < TABLE_COLUMNS_MAX);
		if (len > 0 && (rest[len - 1] == '>' || rest[len - 1] == '~')) {
			t->marks[t->columns] = rest[len - 1];
			rest[len - 1] = '\0';
		}
		rest[len] = '\0';
		t->heads[t->columns++] = rest;
		rest = bar ? bar + 1 : NULL;
	}
}

void
table_cell(struct table *t, const char *text)
{
	if (t->cells_n == t->cells_room) {
		size_t room = t->cells_room > 0 ? t->cells_room * 2 : 256;
		const char **cells = arena_take(t->arena, room * sizeof(*cells));
		if (!cells)
			return; /* arena.is_full says so; what is there is still shown
			         */
		if (t->cells_n > 0)
			(void)memcpy(cells, t->cells, t->cells_n * sizeof(*cells));
		t->cells = cells;
		t->cells_room = room;
	}
	t->cells[t->cells_n++] = text ? words_safe(t->arena, text) : "";
}

/* The widest of the columns that may be cut and can be; t->columns: none. */
static size_t
widest(const struct table *t, const size_t widths[TABLE_COLUMNS_MAX])
{
	size_t found = t->columns;

	for (size_t c = 0; c < t->columns; c++) {
		if (t->marks[c] == '~' && widths[c] > CUT_MIN &&
		    (found == t->columns || widths[c] > widths[found]))
			found = c;
	}
	return found;
}

static void
measure(const struct table *t, size_t widths[TABLE_COLUMNS_MAX])
{
	size_t all = t->columns > 0 ? (t->columns - 1) * GAP : 0;

	for (size_t c = 0; c < t->columns; c++) {
		widths[c] = words_width(t->heads[c]);
		for (size_t i = c; i < t->cells_n; i += t->columns) {
			size_t width = words_width(t->cells[i]);
			if (width > widths[c])
				widths[c] = width;
		}
		all += widths[c];
	}
	while (all > WORDS_WIDTH) {
		size_t c = widest(t, widths);
		if (c == t->columns)
			return;
		widths[c]--;
		all--;
	}
}

static void
print_row(const struct table *t, const char *const *cells,
    const size_t widths[TABLE_COLUMNS_MAX], FILE *out)
{
	size_t owed = 0; /* blanks before the next text, so that none end the line */

	for (size_t c = 0; c < t->columns; c++) {
		const char *text = words_cut(t->arena, cells[c], widths[c]);
		size_t width = words_width(text);
		size_t before = t->marks[c] == '>' ? widths[c] - width : 0;
		if (*text)
			(void)fprintf(out, "%*s%s", (int)(owed + before), "", text);
		owed = (*text ? 0 : owed + before + width) + widths[c] - width -
		       before + GAP;
	}
	(void)fputc('\n', out);
}

void
table_print(const struct table *t, FILE *out)
{
	size_t widths[TABLE_COLUMNS_MAX] = {0};

	if (t->columns == 0 || t->cells_n < t->columns)
		return;
	measure(t, widths);
	print_row(t, t->heads, widths, out);
	for (size_t i = 0; i + t->columns <= t->cells_n; i += t->columns)
		print_row(t, t->cells + i, widths, out);
}
