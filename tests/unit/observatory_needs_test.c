/* What is counted of needs and of who lives where, and under what. */
#include "unit/observatory_sample.h"

static void
a_child_is_in_one_state(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 2};
	Observatory__PlaceRow *place = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, 1, 7);

	put_place(w, place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
	assert_int_equal(all(w, METRIC(OPEN)), 1);
	assert_int_equal(all(w, METRIC(IN_TIME)), 1);
	SET(row, is_circulated, true);
	SET(row, overdue_time, NOW_MS);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(OPEN)), 0);
	assert_int_equal(all(w, METRIC(WAITING)), 1);
	assert_int_equal(all(w, METRIC(UNFILLED)), 1);
	assert_int_equal(all(w, METRIC(NO_REQUEST)), 2);
	Observatory__PlacementRow *placement = place_them(w, row, "", place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
	assert_int_equal(all(w, METRIC(UNFILLED)), 0);
	assert_int_equal(all(w, METRIC(PLACED)), 1);
	assert_int_equal(all(w, METRIC(NO_REQUEST)), 1);
	assert_int_equal(all(w, METRIC(PLACED_IN_HOUSE)), 1);
	SET(placement, end_day, TODAY);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 0);
	assert_int_equal(all(w, METRIC(ENDED)), 1);
	w->question.from_day = TODAY + 1;
	count(w);
	assert_int_equal(all(w, METRIC(ENDED)), 0);
	row = need_row(w, 2, 7);
	SET(row, withdrawn_day, TODAY);
	w->question.from_day = TODAY;
	put_need(w, row);
	assert_int_equal(all(w, METRIC(WITHDRAWN)), 2);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
}

/* Asked for by kind; by age in years today; of none named, whatever is lawful. */
static void
a_need_stands_under_what_was_asked(void **state)
{
	struct world *w = *state;
	Common__CareType home = TYPE(CHILDRENS_HOME);
	Observatory__NeedRow *row = need_row(w, 1, 15);

	put_need(w, row);
	assert_int_equal(w->table.types[TYPE(FOSTER)].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(w->table.types[home].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(
	    w->table.types[TYPE(SUPPORTED_ACCOMMODATION)].counts[METRIC(SEARCHING)], 0);
	assert_int_equal(w->table.bands[BAND(10_TO_15)].counts[METRIC(SEARCHING)], 1);
	w->question.today = TODAY + 366; /* and is 16 */
	count(w);
	assert_int_equal(
	    w->table.types[TYPE(SUPPORTED_ACCOMMODATION)].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(w->table.bands[BAND(16_TO_17)].counts[METRIC(SEARCHING)], 1);
	row->care_types = &home;
	row->n_care_types = 1;
	put_need(w, row);
	assert_int_equal(w->table.types[TYPE(FOSTER)].counts[METRIC(SEARCHING)], 0);
	assert_int_equal(w->table.areas[1].counts[METRIC(SEARCHING)], 1);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
	w->question.care_type = TYPE(FOSTER);
	count(w);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
}

/* As many as a request may have; of more, which none is, the first six. */
static void
six_children_are_six(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 8, .filled = 7};
	Observatory__PlaceRow *place = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, OBSERVATORY_CHILDREN_MAX, 7);

	put_place(w, place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(SEARCHING)), 6);
	for (const char *child = "ABCDEF"; *child != '\0'; child++)
		(void)place_them(w, row, (char[]){*child, '\0'}, place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 6);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
	SET(place_them(w, row, "", place), end_day, TODAY); /* a seventh */
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 6);
	Observatory__ChildRow *seven[OBSERVATORY_CHILDREN_MAX + 1];
	for (size_t i = 0; i <= OBSERVATORY_CHILDREN_MAX; i++)
		seven[i] = row->children[0];
	row->children = seven;
	row->n_children = OBSERVATORY_CHILDREN_MAX + 1;
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 6);
}

/* Nothing is late that has no day to be by. */
static void
a_need_without_a_day_is_never_late(void **state)
{
	struct world *w = *state;
	Observatory__NeedRow *row = need_row(w, 1, 7);

	row->has_overdue_time = false;
	row->overdue_time = 0;
	put_need(w, row);
	assert_int_equal(all(w, METRIC(IN_TIME)), 1);
	assert_int_equal(all(w, METRIC(UNFILLED)), 0);
	/* Another council's is not counted where one asks for its own. */
	w->question.area = &w->areas[2];
	count(w);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
	w->question.area = &w->areas[1];
	w->question.age_band = BAND(10_TO_15);
	count(w);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
	w->question.age_band = BAND(5_TO_9);
	count(w);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
}

static char far[] = "TR1 1";

/* By the recorded area and the table of adjoining councils, never by miles. */
static void
how_far_from_home(void **state)
{
	static const struct {
		char *area, *sector;
		Observatory__Metric where, miles;
	} cases[] = {
	    {manchester, nearer, METRIC(OWN_AREA), METRIC(MILES_TO_5)},
	    {trafford, far, METRIC(ADJOINING), METRIC(MILES_OVER_20)},
	    {bury, near, METRIC(AT_A_DISTANCE), METRIC(MILES_TO_5)},
	    {NULL, NULL, METRIC(AREA_UNKNOWN), METRIC(MILES_UNKNOWN)},
	};
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 1};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		Observatory__PlaceRow *place = place_row(w, &p);
		Observatory__NeedRow *row = need_row(w, 1, 7);
		place->council_id = cases[i].area;
		place->home_sector = cases[i].sector;
		put_place(w, place);
		place_them(w, row, "", place);
		uint32_t where = 0, miles = 0;
		if (i > 0) {
			where = all(w, cases[i].where);
			miles = all(w, cases[i].miles);
		}
		put_need(w, row);
		assert_int_equal(all(w, cases[i].where), where + 1);
		assert_int_equal(all(w, cases[i].miles), miles + 1);
	}
	struct observatory_share share;
	assert_true(
	    observatory_share(w->table.all->counts, METRIC(SHARE_OVER_20), &share));
	assert_int_equal(share.percent, 33); /* of the three that are known */
	assert_true(
	    observatory_share(w->table.all->counts, METRIC(SHARE_OWN_AREA), &share));
	assert_int_equal(share.percent, 33);
	assert_false(
	    observatory_share(w->table.all->counts, METRIC(SHARE_STALE), &share));
	assert_false(observatory_share(w->table.all->counts, METRIC(PLACED), &share));
}

/* Tenths of a mile from M14 5: 50, 51, 100, 101, 200 and 201. */
static void
miles_to_the_tenth(void **state)
{
	static const struct {
		const char *sector;
		Observatory__Metric miles;
	} cases[] = {
	    {"M22 3", METRIC(MILES_TO_5)}, {"M22 9", METRIC(MILES_TO_10)},
	    {"BL9 0", METRIC(MILES_TO_10)}, {"BL4 7", METRIC(MILES_TO_20)},
	    {"BB3 1", METRIC(MILES_TO_20)}, {"HD7 2", METRIC(MILES_OVER_20)},
	    {"ZZ9 9", METRIC(MILES_UNKNOWN)}, /* no such sector */
	};
	struct world *w = *state;
	struct place p = {.approved = 1, .filled = 1};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		mirror_clear(&w->needs);
		Observatory__PlaceRow *place = place_row(w, &p);
		Observatory__NeedRow *row = need_row(w, 1, 7);
		place->home_sector = str_copy(&w->arena, cases[i].sector);
		put_place(w, place);
		(void)place_them(w, row, "", place);
		put_need(w, row);
		assert_int_equal(all(w, METRIC(PLACED)), 1);
		assert_int_equal(all(w, cases[i].miles), 1);
	}
}

/* A child of no council here, in a place that is not known here, by a provider that is
 * not: placed all the same, and where is not known. */
static void
a_place_not_known_here_is_counted(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 1, .filled = 1};
	Observatory__PlaceRow *place = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, 1, 7);
	Observatory__PlacementRow *placement;

	place->provider_id = new_id(w);
	placement = place_them(w, row, "", place); /* `place` itself is not put */
	placement->has_care_type = false;          /* as rows before homes were */
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 1);
	assert_int_equal(all(w, METRIC(OWN_AREA)), 1); /* said in the placement */
	assert_int_equal(all(w, METRIC(MILES_UNKNOWN)), 1);
	assert_int_equal(all(w, METRIC(PLACED_INDEPENDENT)), 1);
	assert_int_equal(w->table.types[TYPE(FOSTER)].counts[METRIC(PLACED)], 1);
	row->council_id = new_id(w);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(AREA_UNKNOWN)), 1);
	assert_int_equal(w->table.areas[3].counts[METRIC(PLACED)], 1);
	row->home_sector = NULL;
	put_place(w, place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(MILES_UNKNOWN)), 1);
}

/* Children that came in one request and are no family are not kept together. */
static void
only_siblings_are_together(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 2};
	Observatory__PlaceRow *place = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, 2, 7);

	SET(row, are_siblings, false);
	put_place(w, place);
	(void)place_them(w, row, "", place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 2);
	assert_int_equal(all(w, METRIC(TOGETHER)) + all(w, METRIC(APART)), 0);
	/* Siblings so called, and one of them: nobody to be with. */
	row = need_row(w, 1, 7);
	SET(row, are_siblings, true);
	(void)place_them(w, row, "", place);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(PLACED)), 3);
	assert_int_equal(all(w, METRIC(TOGETHER)) + all(w, METRIC(APART)), 0);
}

static void
siblings_live_together_or_not(void **state)
{
	struct world *w = *state;
	struct place p = {.approved = 3, .filled = 3};
	Observatory__PlaceRow *one = place_row(w, &p), *other = place_row(w, &p);
	Observatory__NeedRow *row = need_row(w, 3, 7);

	put_place(w, one);
	put_place(w, other);
	place_them(w, row, "AB", one);
	put_need(w, row);
	/* The third is still sought a home for. */
	assert_int_equal(all(w, METRIC(PLACED)), 2);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
	assert_int_equal(all(w, METRIC(APART)), 2);
	place_them(w, row, "C", other);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(APART)), 3);
	assert_int_equal(all(w, METRIC(NO_REQUEST)), 3);
	row = need_row(w, 2, 7);
	place_them(w, row, "", one);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(TOGETHER)), 2);
	row = need_row(w, 1, 7);
	place_them(w, row, "", one);
	put_need(w, row);
	assert_int_equal(all(w, METRIC(TOGETHER)), 2);
	assert_int_equal(all(w, METRIC(APART)), 3);
	assert_int_equal(all(w, METRIC(PLACED)), 6);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(a_child_is_in_one_state),
	    TEST(a_need_stands_under_what_was_asked),
	    TEST(six_children_are_six),
	    TEST(a_need_without_a_day_is_never_late),
	    TEST(how_far_from_home),
	    TEST(miles_to_the_tenth),
	    TEST(a_place_not_known_here_is_counted),
	    TEST(only_siblings_are_together),
	    TEST(siblings_live_together_or_not),
	};

	return cmocka_run_group_tests_name("observatory_needs", tests, NULL, NULL);
}
