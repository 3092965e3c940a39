#include "observatory/suppression.h"

#include <assert.h>
#include <string.h>

/* ---- totals ---- */

static void
hide_all(bool *hidden, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hidden[i] = true;
}

/* A total is what its parts leave of their sum: a small one needs company, of one that
 * may be any number. The smallest part that is not small; the sum where there is none.
 */
static size_t
company(const uint32_t *totals, size_t columns)
{
	size_t best = 0;

	for (size_t c = 1; c < columns; c++) {
		if (totals[c] > SUPPRESSION_SMALL_MAX &&
		    (best == 0 || totals[c] < totals[best]))
			best = c;
	}
	return best;
}

void
suppression_totals(const uint32_t *totals, size_t columns, bool has_sums, bool *hidden)
{
	bool is_any = false;

	for (size_t c = 0; c < columns; c++) {
		hidden[c] = suppression_is_small(totals[c]);
		is_any = is_any || hidden[c];
	}
	if (!has_sums || !is_any)
		return;
	if (hidden[0])
		hide_all(hidden, columns);
	else
		hidden[company(totals, columns)] = true;
}

/* ---- rows ---- */

struct cell {
	size_t row, column;
};

/* One unit moves from a cell to another row, and back in another column, so that no sum
 * changes: the smallest thing that makes a count ambiguous. */
struct swap {
	struct cell cell;
	size_t other_row;
	size_t other_column; /* = cell.column: there are no sums to keep */
};

static size_t
place(const struct suppression *s, size_t row, size_t column)
{
	return row * s->columns + column;
}

/* Could the count there be one more (step 1) or one less (-1), as far as a reader knows
 * who sees that it is hidden, and whether because it is small? */
static bool
may_step(const struct suppression *s, size_t row, size_t column, int step)
{
	uint32_t n = s->counts[place(s, row, column)];

	if (s->totals_hidden[column] || !suppression_is_small(n))
		return step > 0 || n > 0;
	return step > 0 ? n < SUPPRESSION_SMALL_MAX : n > 1;
}

static bool
may_swap(const struct suppression *s, const struct swap *swap, int step)
{
	size_t row = swap->cell.row, column = swap->cell.column;
	/* A part is made up for by another part, and moves its sum along. */
	int back = column == 0 || swap->other_column == 0 ? step : -step;

	if (!may_step(s, row, column, step) ||
	    !may_step(s, swap->other_row, column, -step))
		return false;
	return swap->other_column == column ||
	       (may_step(s, row, swap->other_column, back) &&
		   may_step(s, swap->other_row, swap->other_column, -back));
}

/* What a swap costs: the counts that would have to be hidden for it. Zeros hide little
 * and are believed least, so they come last. */
static uint64_t
cost_of(const struct suppression *s, const bool *hidden, const struct swap *swap)
{
	const struct cell cells[] = {
	    {swap->other_row, swap->cell.column},
	    {swap->cell.row, swap->other_column},
	    {swap->other_row, swap->other_column},
	};
	uint64_t cost = 0;

	for (size_t i = 0; i < 3; i++) {
		size_t at = place(s, cells[i].row, cells[i].column);
		if (hidden[at] || (i > 0 && swap->other_column == swap->cell.column))
			continue;
		cost += (UINT64_C(1) << 40) +
		        (s->counts[at] == 0 ? UINT64_C(1) << 36 : s->counts[at]);
	}
	return cost;
}

/* The cheapest swap of this cell with that row; false where none is possible. */
static bool
cheapest(const struct suppression *s, const bool *hidden, struct cell cell, size_t row,
    struct swap *out, uint64_t *cost)
{
	bool is_any = false;

	for (size_t c = 0; c < s->columns; c++) {
		struct swap swap = {cell, row, c};
		if (s->has_sums == (c == cell.column))
			continue;
		if (!may_swap(s, &swap, -1) && !may_swap(s, &swap, 1))
			continue;
		uint64_t its = cost_of(s, hidden, &swap);
		if (is_any && its >= *cost)
			continue;
		*out = swap;
		*cost = its;
		is_any = true;
		if (!s->has_sums)
			break;
	}
	return is_any;
}

static void
hide(const struct suppression *s, bool *hidden, const struct swap *swap)
{
	hidden[place(s, swap->other_row, swap->cell.column)] = true;
	hidden[place(s, swap->cell.row, swap->other_column)] = true;
	hidden[place(s, swap->other_row, swap->other_column)] = true;
}

/* With as many other rows as are needed for one to be left, whichever row a reader
 * knows. */
static bool
protect(const struct suppression *s, bool *hidden, struct cell cell)
{
	unsigned wanted = s->knows_a_row ? 2 : 1;
	size_t done[2] = {SIZE_MAX, SIZE_MAX};

	for (unsigned n = 0; n < wanted; n++) {
		struct swap best = {cell, 0, 0}, swap;
		uint64_t best_cost = UINT64_MAX, cost = 0;
		for (size_t r = 0; r < s->rows; r++) {
			if (r == cell.row || r == done[0] ||
			    !cheapest(s, hidden, cell, r, &swap, &cost) ||
			    cost >= best_cost)
				continue;
			best = swap;
			best_cost = cost;
		}
		if (best_cost == UINT64_MAX)
			return false;
		hide(s, hidden, &best);
		done[n] = best.other_row;
	}
	return true;
}

bool
suppression_rows(const struct suppression *s, bool *hidden)
{
	size_t n = s->rows * s->columns;
	bool is_all = true;

	assert(s->columns > 0 && s->columns <= SUPPRESSION_COLUMNS_MAX);
	for (size_t c = 0; c < s->columns; c++)
		is_all = is_all && s->totals_hidden[c];
	for (size_t i = 0; i < n; i++)
		hidden[i] = s->totals_hidden[i % s->columns] ||
		            suppression_is_small(s->counts[i]);
	for (size_t i = 0; i < n && !is_all; i++) {
		struct cell cell = {i / s->columns, i % s->columns};
		if (suppression_is_small(s->counts[i]) && !protect(s, hidden, cell)) {
			hide_all(hidden, n);
			return false;
		}
	}
	return true;
}
