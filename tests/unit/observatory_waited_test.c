/* How long children waited, and who of those searching is needed today. */
#include "unit/observatory_sample.h"

#include "support/full.h"

#define ALL(w) ((w)->table.all)

static void
begin(struct world *w, Observatory__NeedRow *row, const char *children,
    const Observatory__PlaceRow *place, int32_t day)
{
	Observatory__PlacementRow *p = place_them(w, row, children, place);

	SET(p, start_day, day);
}

/* Placed in Manchester (or elsewhere), `days` after the request, `ago` days before
 * today. */
static Observatory__NeedRow *
placed(struct world *w, char *council, int32_t days, int32_t ago)
{
	static const struct place p = {.approved = 3, .filled = 1};
	Observatory__PlaceRow *place = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, 1, 7);

	put_place(w, place);
	row->council_id = council;
	SET(row, submitted_time, (int64_t)(TODAY - ago - days) * DAY_MS + DAY_MS / 2);
	begin(w, row, "", place, TODAY - ago);
	put_need(w, row);
	return row;
}

static uint32_t
median(const struct observatory_line *line)
{
	uint32_t tenths = 0;

	return observatory_median(line, &tenths) ? tenths : UINT32_MAX;
}

static void
the_median_is_the_middle_one(void **state)
{
	static const struct {
		int32_t days;
		uint32_t tenths;
	} cases[] = {{4, 40}, {0, 20}, {9, 40}, {5, 45}, {5, 50}, {-3, 45}, {900, 50},
	    {900, 50}, {900, 50}, {900, 70}, {900, 90}, {900, 1875}, {900, 3660}};
	struct world *w = *state;

	count(w);
	assert_int_equal(median(ALL(w)), UINT32_MAX);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		placed(w, manchester, cases[i].days, 1);
		assert_int_equal(all(w, METRIC(STARTED)), i + 1);
		assert_int_equal(median(ALL(w)), cases[i].tenths);
	}
	assert_int_equal(median(&w->table.areas[1]), 3660);
	assert_int_equal(median(&w->table.areas[0]), UINT32_MAX);
	assert_int_equal(median(&w->table.types[TYPE(FOSTER)]), 3660);
}

/* Counted by the day it began, whatever became of it; once a child; not where the day
 * of the request is not recorded. */
static void
what_began_within_the_period(void **state)
{
	struct world *w = *state;
	Observatory__NeedRow *row = placed(w, manchester, 2, 30);

	w->question.from_day = TODAY - 30;
	count(w);
	assert_int_equal(all(w, METRIC(STARTED)), 1);
	w->question.from_day = TODAY - 29;
	count(w);
	assert_int_equal(all(w, METRIC(STARTED)), 0);
	w->question.from_day = TODAY - 30;
	w->question.today = TODAY - 31;
	count(w);
	assert_int_equal(all(w, METRIC(STARTED)), 0);
	w->question.today = TODAY;
	SET(row->placements[0], end_day, TODAY - 3);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(STARTED)), 1);
	assert_int_equal(all(w, METRIC(ENDED)), 1);
	row->has_submitted_time = false;
	row->submitted_time = 0;
	put_need(w, row);
	assert_int_equal(all(w, METRIC(STARTED)), 0);
	/* Two moved in, the third waits; then all three live in another home. */
	static const struct place p = {.approved = 3};
	Observatory__PlaceRow *place = place_row(w, &p);
	row = need_row(w, 3, 7);
	put_place(w, place);
	SET(row, submitted_time, NOW_MS - 4 * DAY_MS);
	begin(w, row, "AB", place, TODAY - 1);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(STARTED)), 2);
	assert_int_equal(median(ALL(w)), 30);
	begin(w, row, "ABC", place, TODAY);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(STARTED)), 3);
	assert_int_equal(median(ALL(w)), 30);
	FULL_UNTIL_IT_FITS(&w->arena,
	    observatory_count(&w->arena, &w->known, &w->question, &w->table));
	assert_int_equal(median(ALL(w)), 30);
}

/* Told outside of five children and more, and not where two councils alone have a part
 * in it. */
static void
few_are_not_told_outside(void **state)
{
	struct world *w = *state;
	char *councils[] = {bury, manchester, trafford};

	for (size_t i = 0; i < 4; i++)
		placed(w, manchester, 3, 1);
	assert_false(observatory_may_median(&w->table));
	placed(w, councils[1], 3, 1);
	assert_true(observatory_may_median(&w->table));
	placed(w, councils[2], 3, 1);
	assert_false(observatory_may_median(&w->table));
	placed(w, councils[0], 3, 1);
	assert_true(observatory_may_median(&w->table));
}

static void
searching_is_for_today_or_planned(void **state)
{
	struct world *w = *state;
	Observatory__NeedRow *row = need_row(w, 2, 7);

	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLANNED)), 2);
	assert_int_equal(all(w, METRIC(SAME_DAY)), 0);
	SET(row, is_same_day, true);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLANNED)), 0);
	assert_int_equal(all(w, METRIC(SAME_DAY)), 2);
	assert_int_equal(w->table.areas[1].counts[METRIC(SAME_DAY)], 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(the_median_is_the_middle_one),
	    TEST(what_began_within_the_period),
	    TEST(few_are_not_told_outside),
	    TEST(searching_is_for_today_or_planned),
	};

	return cmocka_run_group_tests_name("observatory_waited", tests, NULL, NULL);
}
