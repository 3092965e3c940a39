#ifndef RCC_OBSERVATORY_SUPPRESSION_H
#define RCC_OBSERVATORY_SUPPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which counts of a table may not leave the council whose children they count.
 *
 * A count of 1 to 4 is small, and hidden. Where the totals are shown, a hidden count
 * could be worked out as what is left: so further counts are hidden until every small
 * one could be another number and every sum that is shown still be the same. That holds
 * also for a reader who knows which of the hidden counts are small ones, and who knows
 * one whole row: its own council's.
 *
 * A block is rows of counts over the same columns, above a line of totals that other
 * blocks share. Where it has sums, column 0 of every row and of the totals is the sum
 * of the other columns. Source: Code of Practice for Statistics, T6 (confidentiality);
 * the co-operative's rule that counts below five do not leave the council.
 */

#define SUPPRESSION_SMALL_MAX 4
#define SUPPRESSION_COLUMNS_MAX 4

static inline bool
suppression_is_small(uint32_t n)
{
	return n > 0 && n <= SUPPRESSION_SMALL_MAX;
}

struct suppression {
	size_t rows, columns;
	bool has_sums;
	bool knows_a_row;          /* a reader may know one of the rows whole */
	const uint32_t *counts;    /* row by row */
	const bool *totals_hidden; /* as suppression_totals decided */
};

/*
 * Which totals are hidden; whatever column has one is hidden whole, in every block
 * below. Decided once for all blocks that share the totals.
 */
void suppression_totals(
    const uint32_t *totals, size_t columns, bool has_sums, bool *hidden);

/*
 * Which counts are hidden, row by row. False where no choice is safe (too few rows to
 * hide one among): then all totals have to be hidden, and with them everything.
 */
bool suppression_rows(const struct suppression *s, bool *hidden);

#endif
