/* What is counted of places, and under what. */
#include "unit/observatory_sample.h"

#include "support/full.h"

/* The states always sum to what is approved, and reasons to what is not available. */
static void
places_add_up(void **state)
{
	static const struct {
		struct place place;
		uint32_t filled, held, free, unstaffed, carer_break, reserved, at_limit,
		    above;
	} cases[] = {
	    {{.approved = 3, .free = 3}, 0, 0, 3, 0, 0, 0, 0, 0},
	    {{.approved = 3, .filled = 1, .held = 1, .free = 1}, 1, 1, 1, 0, 0, 0, 0,
		0},
	    {{.approved = 3, .filled = 1, .closed = 2}, 1, 0, 0, 0, 2, 0, 0, 0},
	    /* More withheld than there is. */
	    {{.approved = 2, .filled = 1, .closed = 2}, 1, 0, 0, 0, 1, 0, 0, 0},
	    /* No bedroom for the third. */
	    {{.approved = 3, .filled = 2}, 2, 0, 0, 0, 0, 0, 1, 0},
	    /* Exempted: four where three are approved. */
	    {{.approved = 3, .filled = 4}, 3, 0, 0, 0, 0, 0, 0, 1},
	    {{.approved = 6, .filled = 2, .free = 1, .unstaffed = 2, .reserved = 1}, 2,
		0, 1, 2, 0, 1, 0, 0},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		mirror_clear(&w->households);
		put_place(w, place_row(w, &cases[i].place));
		count(w);
		assert_int_equal(all(w, METRIC(APPROVED)), cases[i].place.approved);
		assert_int_equal(all(w, METRIC(FILLED)), cases[i].filled);
		assert_int_equal(all(w, METRIC(HELD)), cases[i].held);
		assert_int_equal(all(w, METRIC(FREE)), cases[i].free);
		assert_int_equal(all(w, METRIC(UNSTAFFED)), cases[i].unstaffed);
		assert_int_equal(all(w, METRIC(CARER_BREAK)), cases[i].carer_break);
		assert_int_equal(all(w, METRIC(RESERVED)), cases[i].reserved);
		assert_int_equal(all(w, METRIC(AT_LIMIT)), cases[i].at_limit);
		assert_int_equal(all(w, METRIC(ABOVE_APPROVED)), cases[i].above);
		assert_int_equal(all(w, METRIC(FILLED_IN_HOUSE)), cases[i].filled);
		assert_int_equal(all(w, METRIC(NO_REQUEST)), cases[i].filled);
		for (Observatory__Metric m = 1; m < OBSERVATORY_METRICS; m++) {
			uint32_t sum = 0;
			bool has_parts = false;
			for (Observatory__Metric p = 1; p < OBSERVATORY_METRICS; p++) {
				if (observatory_definition(p)->part_of != m)
					continue;
				has_parts = true;
				sum += all(w, p);
			}
			if (m == METRIC(APPROVED) || m == METRIC(NOT_FREE) ||
			    m == METRIC(NOT_AVAILABLE))
				assert_true(has_parts && sum == all(w, m));
		}
	}
}

/* Under its council, type and provider once; under every band that it reaches. */
static void
a_place_stands_under_each_heading(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 4, .free = 4};
	Observatory__PlaceRow *row = place_row(w, &p);

	row->provider_id = agency;
	row->council_id = trafford;
	SET(row, care_type, TYPE(CHILDRENS_HOME));
	SET(row, age_min_years, 8);
	SET(row, age_max_years, 17);
	put_place(w, row);
	row = place_row(w, &p);
	row->council_id = new_id(w); /* no council */
	SET(row, is_apart, true);
	put_place(w, row);
	count(w);
	assert_int_equal(w->table.areas[2].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.areas[1].counts[METRIC(FREE)], 0);
	assert_int_equal(w->table.areas[3].counts[METRIC(APPROVED_APART)], 4);
	assert_int_equal(all(w, METRIC(APPROVED)), 4);
	assert_int_equal(all(w, METRIC(HOMES)), 1);
	assert_int_equal(w->table.types[TYPE(CHILDRENS_HOME)].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.types[TYPE(FOSTER)].counts[METRIC(FREE)], 0);
	assert_int_equal(w->table.bands[BAND(1_TO_4)].counts[METRIC(FREE)], 0);
	assert_int_equal(w->table.bands[BAND(5_TO_9)].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.bands[BAND(10_TO_15)].counts[METRIC(FREE)], 4);
	assert_int_equal(w->table.bands[BAND(16_TO_17)].counts[METRIC(FREE)], 4);
	assert_int_equal(
	    w->table.sectors[MEMBERS__SECTOR__SECTOR_PRIVATE].counts[METRIC(FREE)], 4);
	/* Narrowed, it is there or not. */
	w->question.age_band = BAND(1_TO_4);
	count(w);
	assert_int_equal(all(w, METRIC(FREE)), 0);
	w->question.age_band = BAND(5_TO_9);
	w->question.care_type = TYPE(CHILDRENS_HOME);
	w->question.area = &w->areas[2];
	count(w);
	assert_int_equal(all(w, METRIC(FREE)), 4);
	assert_int_equal(w->table.bands[BAND(10_TO_15)].counts[METRIC(FREE)], 0);
}

static void
a_reason_has_its_days(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 2, .closed = 2};
	Observatory__PlaceRow *row = place_row(w, &p);

	SET(row->closed[0], from_day, TODAY - 3);
	SET(row->closed[0], until_day, TODAY + 1);
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 2);
	w->question.today = TODAY + 1;
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 0);
	assert_int_equal(all(w, METRIC(AT_LIMIT)), 2);
	w->question.today = TODAY - 3;
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 2);
	w->question.today = TODAY - 4;
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 0);
}

/* Of one place sixteen reasons are kept; what is closed beyond them is at its limit. */
static void
reasons_beyond_those_kept_are_at_limit(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 20, .closed = 1};
	Observatory__PlaceRow *row = place_row(w, &p);
	Observatory__Closed *list[OBSERVATORY_CLOSED_MAX + 1];

	for (size_t i = 0; i <= OBSERVATORY_CLOSED_MAX; i++)
		list[i] = row->closed[0];
	row->closed = list;
	row->n_closed = OBSERVATORY_CLOSED_MAX;
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 16);
	assert_int_equal(all(w, METRIC(AT_LIMIT)), 4);
	row->n_closed++;
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 16);
	assert_int_equal(all(w, METRIC(AT_LIMIT)), 4);
}

/* Of a provider, a kind or ages that are not recorded: counted, under none of them. */
static void
what_is_not_recorded_is_under_no_heading(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 2, .free = 1};
	Observatory__PlaceRow *row = place_row(w, &p);

	row->provider_id = new_id(w); /* no provider */
	row->has_age_max_years = false;
	SET(row, care_type, OBSERVATORY_TYPES); /* of another release */
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(FREE)), 1);
	assert_int_equal(all(w, METRIC(FILLED_INDEPENDENT)), 2);
	assert_int_equal(w->table.sectors[0].counts[METRIC(FREE)], 1);
	assert_int_equal(w->table.types[0].counts[METRIC(FREE)], 1);
	for (size_t i = 0; i < OBSERVATORY_BANDS; i++)
		assert_int_equal(w->table.bands[i].counts[METRIC(FREE)], 0);
	SET(row, age_max_years, 17);
	SET(row, age_min_years, 18); /* turned round */
	put_place(w, row);
	count(w);
	for (size_t i = 0; i < OBSERVATORY_BANDS; i++)
		assert_int_equal(w->table.bands[i].counts[METRIC(FREE)], 0);
	w->question.care_type = TYPE(FOSTER);
	count(w);
	assert_int_equal(all(w, METRIC(HOMES)), 0);
}

static void
a_vacancy_goes_stale(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 2, .free = 2};
	Observatory__PlaceRow *row = place_row(w, &p);
	Observatory__Opening *opening = MESSAGE_NEW(&w->arena, observatory__opening);

	SET(opening, is_open, true);
	SET(opening, confirmed_time, NOW_MS - OBSERVATORY_STALE_DAYS * DAY_MS);
	row->openings = &opening;
	row->n_openings = 1;
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(VACANCIES)), 1);
	assert_int_equal(all(w, METRIC(VACANCIES_STALE)), 0);
	w->question.now_ms++;
	count(w);
	assert_int_equal(all(w, METRIC(VACANCIES_STALE)), 1);
	SET(opening, is_open, false);
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(VACANCIES)), 0);
	/* A band each, and there are five. */
	Observatory__Opening *list[OBSERVATORY_OPENINGS_MAX + 1];
	SET(opening, is_open, true);
	for (size_t i = 0; i <= OBSERVATORY_OPENINGS_MAX; i++)
		list[i] = opening;
	row->openings = list;
	row->n_openings = OBSERVATORY_OPENINGS_MAX + 1;
	put_place(w, row);
	count(w);
	assert_int_equal(all(w, METRIC(VACANCIES)), OBSERVATORY_OPENINGS_MAX);
}

/* All of the region is counted, or nothing is said. */
static void
half_a_region_is_not_counted(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 3, .free = 3};

	put_place(w, place_row(w, &p));
	FULL_UNTIL_IT_FITS(&w->arena,
	    observatory_count(&w->arena, &w->known, &w->question, &w->table));
	assert_int_equal(all(w, METRIC(FREE)), 3);
}

/* Of one place, and of two: to the nearest, halves up. */
static void
shares_are_whole_percentages(void **state)
{
	static const struct {
		uint32_t filled, approved, percent;
	} cases[] = {{0, 7, 0}, {1, 200, 1}, {1, 201, 0}, {199, 200, 100}, {2, 3, 67},
	    {7, 7, 100}, {3000000000, 4000000000, 75}};
	uint32_t counts[OBSERVATORY_METRICS] = {0};
	struct observatory_share share;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		counts[METRIC(FILLED)] = cases[i].filled;
		counts[METRIC(APPROVED)] = cases[i].approved;
		assert_true(observatory_share(counts, METRIC(SHARE_FILLED), &share));
		assert_int_equal(share.percent, cases[i].percent);
	}
	counts[METRIC(APPROVED)] = 0;
	assert_false(observatory_share(counts, METRIC(SHARE_FILLED), &share));
	assert_false(observatory_share(
	    counts, (Observatory__Metric)OBSERVATORY_METRICS, &share));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(places_add_up),
	    TEST(a_place_stands_under_each_heading),
	    TEST(a_reason_has_its_days),
	    TEST(reasons_beyond_those_kept_are_at_limit),
	    TEST(what_is_not_recorded_is_under_no_heading),
	    TEST(a_vacancy_goes_stale),
	    TEST(half_a_region_is_not_counted),
	    TEST(shares_are_whole_percentages),
	};

	return cmocka_run_group_tests_name("observatory_figures", tests, NULL, NULL);
}
