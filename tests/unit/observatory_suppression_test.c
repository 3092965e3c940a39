/* No small count can be worked out from what is shown: tried by solving small tables.
 */
#include "observatory/suppression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS_MAX 5
#define CELLS_MAX (ROWS_MAX * SUPPRESSION_COLUMNS_MAX)
#define TOTALS_MAX 200

struct table {
	size_t rows, columns;
	bool has_sums, knows_a_row;
	uint32_t counts[CELLS_MAX], totals[SUPPRESSION_COLUMNS_MAX];
	bool hidden[CELLS_MAX], totals_hidden[SUPPRESSION_COLUMNS_MAX];
};

static void
add_up(struct table *t)
{
	memset(t->totals, 0, sizeof t->totals);
	for (size_t r = 0; r < t->rows; r++) {
		uint32_t *row = t->counts + r * t->columns;
		if (t->has_sums)
			row[0] = 0;
		for (size_t c = 1; t->has_sums && c < t->columns; c++)
			row[0] += row[c];
		for (size_t c = 0; c < t->columns; c++)
			t->totals[c] += row[c];
	}
}

static bool
suppress(struct table *t)
{
	struct suppression s = {t->rows, t->columns, t->has_sums, t->knows_a_row,
	    t->counts, t->totals_hidden};

	add_up(t);
	suppression_totals(t->totals, t->columns, t->has_sums, t->totals_hidden);
	return suppression_rows(&s, t->hidden);
}

/* ---- a reader who solves what is shown ---- */

/* What a reader knows of each count: the least and the most it may be, then guesses. */
struct solving {
	const struct table *t;
	uint32_t low[CELLS_MAX], high[CELLS_MAX];
	uint32_t guess[CELLS_MAX];
	uint32_t sum[SUPPRESSION_COLUMNS_MAX]; /* of the guesses, down each column */
	size_t parts_from;                     /* the first column that is no sum */
};

static void
learn(struct solving *v, const struct table *t, size_t known_row)
{
	*v = (struct solving){.t = t, .parts_from = t->has_sums ? 1 : 0};
	for (size_t i = 0; i < t->rows * t->columns; i++) {
		uint32_t n = t->counts[i];
		bool is_shown = !t->hidden[i] || i / t->columns == known_row;
		bool is_known_small =
		    suppression_is_small(n) && !t->totals_hidden[i % t->columns];
		v->low[i] = is_shown ? n : is_known_small ? 1 : 0;
		v->high[i] = is_shown ? n : is_known_small ? 4 : TOTALS_MAX;
	}
}

static bool
totals_fit(const struct solving *v)
{
	uint32_t sum = 0;

	for (size_t c = v->parts_from; c < v->t->columns; c++) {
		uint32_t n = v->t->totals[c];
		if (!v->t->totals_hidden[c] && v->sum[c] != n)
			return false;
		if (v->t->totals_hidden[c] && suppression_is_small(n) &&
		    !suppression_is_small(v->sum[c]))
			return false;
		sum += v->sum[c];
	}
	return !v->t->has_sums || v->t->totals_hidden[0] || sum == v->t->totals[0];
}

static bool
row_fits(const struct solving *v, size_t row)
{
	size_t at = row * v->t->columns;
	uint32_t sum = 0;

	for (size_t c = 1; c < v->t->columns; c++)
		sum += v->guess[at + c];
	return !v->t->has_sums || (sum >= v->low[at] && sum <= v->high[at]);
}

/* NOLINTBEGIN(misc-no-recursion): as deep as a small table has cells. */
/* Is there a table that fits, from this cell on? */
static bool
solve(struct solving *v, size_t i)
{
	const struct table *t = v->t;

	if (t->columns == 0 || i == t->rows * t->columns)
		return totals_fit(v);
	size_t c = i % t->columns;
	if (t->has_sums && c == 0)
		return solve(v, i + 1);
	uint32_t most = v->high[i];
	uint32_t left = t->totals[c] + (t->totals_hidden[c] ? 4 : 0) - v->sum[c];
	if (most > left)
		most = left;
	for (uint32_t n = v->low[i]; n <= most && n < TOTALS_MAX; n++) {
		v->guess[i] = n;
		v->sum[c] += n;
		bool fits = (c + 1 < t->columns || row_fits(v, i / t->columns)) &&
		            solve(v, i + 1);
		v->sum[c] -= n;
		if (fits)
			return true;
	}
	return false;
}

/* NOLINTEND(misc-no-recursion) */

/* Could the count be anything else, as far as this reader can tell? */
static bool
is_ambiguous(const struct table *t, size_t i, size_t known_row)
{
	uint32_t n = t->counts[i];
	struct solving v;

	for (uint32_t other = 0; other <= 12; other++) {
		learn(&v, t, known_row);
		if (other == n || other < v.low[i] || other > v.high[i])
			continue;
		v.low[i] = other;
		v.high[i] = other;
		if (solve(&v, 0))
			return true;
	}
	return false;
}

static void
print(const struct table *t)
{
	for (size_t i = 0; i < t->rows * t->columns; i++)
		print_message("%3u%s%s", t->counts[i], t->hidden[i] ? "c" : " ",
		    (i + 1) % t->columns == 0 ? "\n" : "");
	for (size_t c = 0; c < t->columns; c++)
		print_message("%3u%s", t->totals[c], t->totals_hidden[c] ? "c" : " ");
	print_message("\n");
}

/* Whatever row the reader knows, no other row's small count can be recovered. */
static void
check(const struct table *t)
{
	size_t readers = t->knows_a_row ? t->rows + 1 : 1;

	for (size_t i = 0; i < t->rows * t->columns; i++) {
		if (!suppression_is_small(t->counts[i]))
			continue;
		assert_true(t->hidden[i]);
		for (size_t k = 0; k < readers; k++) {
			size_t known = k == 0 ? SIZE_MAX : k - 1;
			if (i / t->columns == known || is_ambiguous(t, i, known))
				continue;
			print(t);
			fail_msg("count %zu can be recovered by whoever knows row %zd",
			    i, (ssize_t)known);
		}
	}
}

/* ---- random tables ---- */

static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
many(bool has_sums, bool knows_a_row, size_t columns, unsigned tables)
{
	uint64_t state = 88172645463325252u + columns + (knows_a_row ? 7 : 0);
	unsigned safe = 0, hidden = 0, shown = 0;

	for (unsigned n = 0; n < tables; n++) {
		struct table t = {.rows = 3 + draw(&state) % (ROWS_MAX - 2),
		    .columns = columns,
		    .has_sums = has_sums,
		    .knows_a_row = knows_a_row};
		uint64_t zeros = draw(&state) % 4, most = 3 + draw(&state) % 7;
		for (size_t i = 0; i < t.rows * t.columns; i++)
			t.counts[i] = draw(&state) % 4 < zeros
			                  ? 0
			                  : (uint32_t)(draw(&state) % most);
		if (!suppress(&t)) {
			for (size_t i = 0; i < t.rows * t.columns; i++)
				assert_true(t.hidden[i]);
			continue;
		}
		safe++;
		check(&t);
		for (size_t i = 0; i < t.rows * t.columns; i++) {
			hidden += t.hidden[i];
			shown += !t.hidden[i];
		}
	}
	/* Nearly always a choice is found, and it is not to hide everything. */
	assert_true(safe * 10 >= tables * 6);
	assert_true(shown * 10 >= hidden);
}

static void
one_column_cannot_be_solved(void **state)
{
	(void)state;
	many(false, false, 1, 2000);
	many(false, true, 1, 2000);
}

static void
a_sum_and_two_parts_cannot_be_solved(void **state)
{
	(void)state;
	many(true, false, 3, 600);
	many(true, true, 3, 600);
}

static void
a_sum_and_three_parts_cannot_be_solved(void **state)
{
	(void)state;
	many(true, true, 4, 100);
}

/* ---- by hand ---- */

static void
nothing_small_hides_nothing(void **state)
{
	struct table t = {3, 1, false, true, {0, 5, 120}, {0}, {0}, {0}};

	(void)state;
	assert_true(suppress(&t));
	for (size_t i = 0; i < 3; i++)
		assert_false(t.hidden[i]);
	assert_false(t.totals_hidden[0]);
}

/* What is left of the total is not the one small count. */
static void
one_small_count_has_company(void **state)
{
	struct table t = {5, 1, false, true, {3, 50, 9, 0, 80}, {0}, {0}, {0}};

	(void)state;
	assert_true(suppress(&t));
	assert_true(t.hidden[0]);
	assert_true(t.hidden[2]); /* the smallest others, and not a zero */
	assert_true(t.hidden[1]);
	assert_false(t.hidden[3]);
	assert_false(t.hidden[4]);
	check(&t);
}

/* Three ones that sum to three can only be ones. */
static void
ones_among_themselves_are_no_company(void **state)
{
	struct table t = {5, 1, false, false, {1, 1, 1, 40, 60}, {0}, {0}, {0}};

	(void)state;
	assert_true(suppress(&t));
	assert_true(t.hidden[3]);
	assert_false(t.hidden[4]);
	check(&t);
}

static void
a_small_total_hides_its_column(void **state)
{
	struct table t = {
	    4, 3, true, true, {0, 2, 4, 0, 0, 5, 0, 1, 6, 0, 0, 7}, {0}, {0}, {0}};

	(void)state;
	assert_true(suppress(&t));
	assert_true(t.totals_hidden[1]);
	assert_true(t.totals_hidden[2]);
	assert_false(t.totals_hidden[0]);
	for (size_t r = 0; r < 4; r++)
		assert_true(t.hidden[r * 3 + 1] && t.hidden[r * 3 + 2]);
	check(&t);
}

/* Each of two councils knows the other from the total: nothing at all is shown. */
static void
two_councils_cannot_hide_from_each_other(void **state)
{
	struct table t = {2, 1, false, true, {3, 40}, {0}, {0}, {0}};

	(void)state;
	assert_false(suppress(&t));
	assert_true(t.hidden[0] && t.hidden[1]);
}

#define ENGLAND ((size_t)153)

/* 153 councils by four columns: fast enough to be asked for at any time. */
static void
all_of_england_is_done(void **state)
{
	static uint32_t counts[ENGLAND * 4];
	static bool hidden[ENGLAND * 4];
	uint32_t totals[4] = {0};
	bool totals_hidden[4];
	struct suppression s = {ENGLAND, 4, true, true, counts, totals_hidden};
	uint64_t chance = 4711;
	size_t n = 0;

	(void)state;
	for (size_t r = 0; r < ENGLAND; r++) {
		uint32_t *row = counts + r * 4;
		for (size_t c = 1; c < 4; c++)
			row[c] = (uint32_t)(draw(&chance) % (c == 3 ? 12 : 400));
		row[0] = row[1] + row[2] + row[3];
		for (size_t c = 0; c < 4; c++)
			totals[c] += row[c];
	}
	suppression_totals(totals, 4, true, totals_hidden);
	assert_true(suppression_rows(&s, hidden));
	for (size_t i = 0; i < ENGLAND * 4; i++) {
		assert_true(hidden[i] || !suppression_is_small(counts[i]));
		n += hidden[i];
	}
	assert_true(n < ENGLAND * 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_small_hides_nothing),
	    cmocka_unit_test(one_small_count_has_company),
	    cmocka_unit_test(ones_among_themselves_are_no_company),
	    cmocka_unit_test(a_small_total_hides_its_column),
	    cmocka_unit_test(two_councils_cannot_hide_from_each_other),
	    cmocka_unit_test(all_of_england_is_done),
	    cmocka_unit_test(one_column_cannot_be_solved),
	    cmocka_unit_test(a_sum_and_two_parts_cannot_be_solved),
	    cmocka_unit_test(a_sum_and_three_parts_cannot_be_solved),
	};

	return cmocka_run_group_tests_name(
	    "observatory_suppression", tests, NULL, NULL);
}
