#include "observatory/outside.h"

#include <string.h>

#include "base/access.h"
#include "base/message.h"
#include "observatory/suppression.h"

#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name

/* Counts that can be worked out from each other are hidden together: a sum and all its
 * parts, or one count alone. They are what definition.c says goes outside. */
static const struct {
	size_t columns;
	Observatory__Metric metrics[SUPPRESSION_COLUMNS_MAX];
} blocks[] = {
    {3, {METRIC(SEARCHING), METRIC(UNFILLED), METRIC(IN_TIME)}},
    {1, {METRIC(PLACED)}},
    {1, {METRIC(ENDED)}},
    {1, {METRIC(WITHDRAWN)}},
    {4, {METRIC(APPROVED), METRIC(FILLED), METRIC(FREE), METRIC(NOT_FREE)}},
};

bool
observatory_is_shown(
    const struct observatory_line *line, bool is_suppressed, int32_t today)
{
	bool is_area = line->breakdown == OBSERVATORY__BREAKDOWN__BREAKDOWN_COUNCIL;
	bool is_sector = line->breakdown == OBSERVATORY__BREAKDOWN__BREAKDOWN_SECTOR;

	if (line->breakdown == OBSERVATORY__BREAKDOWN__BREAKDOWN_ALL)
		return true;
	if (is_sector && is_suppressed)
		return false;
	for (size_t i = 0; i < OBSERVATORY_METRICS; i++) {
		if (line->counts[i] > 0)
			return true;
	}
	if (is_area)
		return line->area != NULL &&
		       access_council_is_member(line->area->row, today);
	return line->code != 0;
}

/* The lines of one breakdown that are shown, as rows of a block. */
struct rows {
	struct observatory_line **lines;
	size_t n;
	bool *hidden; /* row by row */
	uint32_t *counts;
	bool knows_a_row;
};

static bool
take_rows(struct arena *a, struct observatory_line *first, size_t n, int32_t today,
    struct rows *out)
{
	*out = (struct rows){.lines = LIST_NEW(a, n, struct observatory_line *),
	    .hidden = LIST_NEW(a, n * SUPPRESSION_COLUMNS_MAX, bool),
	    .counts = LIST_NEW(a, n * SUPPRESSION_COLUMNS_MAX, uint32_t)};
	if (out->lines == NULL || out->hidden == NULL || out->counts == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (observatory_is_shown(&first[i], true, today))
			out->lines[out->n++] = &first[i];
	}
	/* A council knows its own row. */
	out->knows_a_row =
	    first->breakdown == OBSERVATORY__BREAKDOWN__BREAKDOWN_COUNCIL;
	return true;
}

static bool
hide_rows(struct rows *rows, size_t block, const bool *totals_hidden)
{
	size_t columns = blocks[block].columns;
	struct suppression s = {rows->n, columns, columns > 1, rows->knows_a_row,
	    rows->counts, totals_hidden};

	for (size_t i = 0; i < rows->n * columns; i++)
		rows->counts[i] = rows->lines[i / columns]
		                      ->counts[blocks[block].metrics[i % columns]];
	return suppression_rows(&s, rows->hidden);
}

static void
mark(struct observatory_line *line, size_t block, const bool *hidden)
{
	for (size_t c = 0; c < blocks[block].columns; c++) {
		if (hidden[c])
			line->hidden |= UINT64_C(1) << blocks[block].metrics[c];
	}
}

/* Is there a count that only two councils have a part in? Each knows its own, and of a
 * total the rest is the other's. */
static bool
is_of_two(const struct rows *areas, size_t block)
{
	for (size_t c = 0; c < blocks[block].columns; c++) {
		size_t n = 0;
		for (size_t r = 0; r < areas->n; r++)
			n += areas->lines[r]->counts[blocks[block].metrics[c]] > 0;
		if (n == 2)
			return true;
	}
	return false;
}

/* All breakdowns share the totals: where one of them cannot be made safe, none is
 * shown. A council's own row may be told beside another's, its types and ages may not.
 */
static void
hide_block(struct observatory_line *all, struct rows *rows, size_t n, size_t block)
{
	uint32_t totals[SUPPRESSION_COLUMNS_MAX] = {0};
	bool hidden[SUPPRESSION_COLUMNS_MAX];
	size_t columns = blocks[block].columns;
	bool is_safe = true;

	for (size_t c = 0; c < columns; c++)
		totals[c] = all->counts[blocks[block].metrics[c]];
	suppression_totals(totals, columns, columns > 1, hidden);
	for (size_t i = 0; i < n; i++)
		is_safe = hide_rows(&rows[i], block, hidden) && is_safe;
	for (size_t c = 0; c < columns && !is_safe; c++)
		hidden[c] = true;
	bool is_two = is_of_two(&rows[0], block);
	for (size_t i = 0; i < n; i++) {
		if (!is_safe)
			(void)hide_rows(&rows[i], block, hidden);
		if (is_two && !rows[i].knows_a_row)
			memset(rows[i].hidden, true,
			    rows[i].n * columns * sizeof(rows[i].hidden[0]));
		for (size_t r = 0; r < rows[i].n; r++)
			mark(rows[i].lines[r], block, rows[i].hidden + r * columns);
	}
	mark(all, block, hidden);
}

enum err
observatory_hide(struct arena *a, struct observatory_table *table, int32_t today)
{
	struct rows rows[3];

	if (!take_rows(a, table->areas, (size_t)(table->types - table->areas), today,
		&rows[0]) ||
	    !take_rows(a, table->types, OBSERVATORY_TYPES, today, &rows[1]) ||
	    !take_rows(a, table->bands, OBSERVATORY_BANDS, today, &rows[2]))
		return ERR_MEMORY;
	for (size_t block = 0; block < sizeof(blocks) / sizeof(blocks[0]); block++)
		hide_block(table->all, rows, 3, block);
	return ERR_NONE;
}

static bool
is_between_two(const struct observatory_table *table, Observatory__Metric metric)
{
	struct observatory_share share;
	size_t n = 0;

	for (const struct observatory_line *l = table->areas; l < table->types; l++)
		n += observatory_share(l->counts, metric, &share);
	return n == 2;
}

bool
observatory_may_median(const struct observatory_table *table)
{
	size_t n = 0;

	for (const struct observatory_line *l = table->areas; l < table->types; l++)
		n += l->counts[METRIC(STARTED)] > 0;
	return n != 2 && table->all->counts[METRIC(STARTED)] > SUPPRESSION_SMALL_MAX;
}

bool
observatory_may_share(const struct observatory_table *table, Observatory__Metric metric,
    const struct observatory_share *share)
{
	return !is_between_two(table, metric) && share->whole > SUPPRESSION_SMALL_MAX &&
	       !suppression_is_small(share->of) &&
	       !suppression_is_small(share->whole - share->of);
}
