/* Who is told which figures, and that each is defined. */
#include "unit/observatory_sample.h"

#include "base/check.h"

#include "support/full.h"

static enum observatory_refusal
ask(const struct observatory_asker *asker, char *council_id, Common__CareType type,
    int32_t from_day, bool for_print)
{
	Observatory__SufficiencyAsked asked = OBSERVATORY__SUFFICIENCY_ASKED__INIT;
	struct observatory_view view;

	asked.council_id = council_id;
	if (type != 0)
		SET(&asked, care_type, type);
	if (from_day != 0)
		SET(&asked, from_day, from_day);
	SET(&asked, for_print, for_print);
	enum observatory_refusal no = observatory_may_ask(asker, &asked, &view);
	if (no == OBSERVATORY_OK) {
		bool is_exact =
		    !for_print && (asker->is_cooperative || council_id != NULL);
		assert_int_equal(view.is_suppressed, !is_exact);
	}
	return no;
}

static void
who_is_told_what(void **state)
{
	static const struct observatory_asker officer = {true, NULL, TODAY};
	static const struct observatory_asker council = {false, manchester, TODAY};

	(void)state;
	assert_int_equal(ask(&officer, NULL, 0, 0, false), OBSERVATORY_OK);
	assert_int_equal(
	    ask(&officer, bury, TYPE(FOSTER), TODAY - 10, false), OBSERVATORY_OK);
	assert_int_equal(ask(&officer, NULL, 0, 0, true), OBSERVATORY_OK);
	assert_int_equal(ask(&officer, bury, 0, 0, true), OBSERVATORY_NARROWED);
	assert_int_equal(
	    ask(&officer, NULL, TYPE(FOSTER), 0, true), OBSERVATORY_NARROWED);
	assert_int_equal(
	    ask(&officer, NULL, 0, TODAY - 10, true), OBSERVATORY_PERIOD_FIXED);
	assert_int_equal(ask(&officer, NULL, 0, TODAY + 1, false), OBSERVATORY_PERIOD);
	assert_int_equal(
	    ask(&officer, NULL, 0, TODAY - 1831, false), OBSERVATORY_PERIOD);
	assert_int_equal(
	    ask(&council, manchester, TYPE(FOSTER), TODAY - 10, false), OBSERVATORY_OK);
	assert_int_equal(ask(&council, NULL, 0, 0, false), OBSERVATORY_OK);
	assert_int_equal(
	    ask(&council, NULL, TYPE(FOSTER), 0, false), OBSERVATORY_NARROWED);
	assert_int_equal(
	    ask(&council, NULL, 0, TODAY - 10, false), OBSERVATORY_PERIOD_FIXED);
	assert_int_equal(ask(&council, bury, 0, 0, false), OBSERVATORY_OTHER_COUNCIL);
	assert_int_equal(ask(&council, manchester, 0, 0, true), OBSERVATORY_NARROWED);
}

/* By age too: two bands would tell what lies between them. */
static void
figures_of_all_are_not_narrowed_by_age(void **state)
{
	static const struct observatory_asker officer = {true, NULL, TODAY};
	static const struct observatory_asker council = {false, manchester, TODAY};
	Observatory__SufficiencyAsked asked = OBSERVATORY__SUFFICIENCY_ASKED__INIT;
	struct observatory_view view;

	(void)state;
	SET(&asked, age_band, BAND(5_TO_9));
	assert_int_equal(
	    observatory_may_ask(&council, &asked, &view), OBSERVATORY_NARROWED);
	assert_int_equal(observatory_may_ask(&officer, &asked, &view), OBSERVATORY_OK);
	asked.council_id = manchester;
	assert_int_equal(observatory_may_ask(&council, &asked, &view), OBSERVATORY_OK);
	assert_int_equal(view.age_band, BAND(5_TO_9));
	assert_int_equal(view.from_day, TODAY - OBSERVATORY_PERIOD_DAYS);
	SET(&asked, from_day, TODAY - OBSERVATORY_FROM_DAYS_BACK_MAX);
	assert_int_equal(observatory_may_ask(&council, &asked, &view), OBSERVATORY_OK);
	SET(&asked, from_day, TODAY);
	assert_int_equal(observatory_may_ask(&council, &asked, &view), OBSERVATORY_OK);
}

/* Numbers are on the wire: a row out of place would show another sentence. */
static void
every_refusal_has_its_row(void **state)
{
	(void)state;
	for (unsigned no = OBSERVATORY_OTHER_COUNCIL; no <= OBSERVATORY_COUNCIL_UNKNOWN;
	     no++) {
		const struct refusal *row =
		    observatory_refusal((enum observatory_refusal)no);
		assert_int_equal(row->number, no);
		assert_int_equal(row->sentence[strlen(row->sentence) - 1], '.');
	}
}

/* A council that was never a member, and of whom nothing is to be said, has no line;
 * nor has what is not recorded. */
static void
which_lines_are_told(void **state)
{
	struct world *w = *state;
	Members__Council never = MEMBERS__COUNCIL__INIT;
	struct place p = {.approved = 1};

	count(w);
	w->areas[0].row = &never;
	assert_true(observatory_is_shown(w->table.all, true, TODAY));
	assert_false(observatory_is_shown(&w->table.areas[0], true, TODAY));
	assert_true(observatory_is_shown(&w->table.areas[1], true, TODAY));
	assert_false(observatory_is_shown(&w->table.areas[3], true, TODAY));
	assert_false(observatory_is_shown(&w->table.types[0], true, TODAY));
	assert_true(observatory_is_shown(&w->table.types[1], true, TODAY));
	assert_true(observatory_is_shown(&w->table.sectors[1], false, TODAY));
	assert_false(observatory_is_shown(&w->table.sectors[1], true, TODAY));
	assert_false(observatory_is_shown(&w->table.sectors[0], false, TODAY));
	/* Something is to be said: of the first, and of places of no council. */
	Observatory__PlaceRow *row = place_row(w, &p);
	row->council_id = bury;
	put_place(w, row);
	row = place_row(w, &p);
	row->council_id = NULL;
	put_place(w, row);
	count(w);
	assert_true(observatory_is_shown(&w->table.areas[0], true, TODAY));
	assert_true(observatory_is_shown(&w->table.areas[3], true, TODAY));
}

static void
searching(struct world *w, char *council, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		Observatory__NeedRow *row = need_row(w, 1, 7);
		row->council_id = council;
		put_need(w, row);
	}
}

/* Three of Bury's and nine of Manchester's: of twelve in all Manchester, that knows its
 * nine, would know the three. So nothing is told, the total neither. */
static void
where_nothing_shelters_a_count_no_total_is_told(void **state)
{
	struct world *w = *state;
	uint64_t bit = UINT64_C(1) << METRIC(SEARCHING);

	searching(w, bury, 3);
	searching(w, manchester, 9);
	w->known.areas_n = 2;
	count(w);
	assert_int_equal(all(w, METRIC(SEARCHING)), 12);
	assert_int_equal(observatory_hide(&w->arena, &w->table, TODAY), ERR_NONE);
	assert_true(w->table.all->hidden & bit);
	assert_true(w->table.areas[0].hidden & bit);
	assert_true(w->table.areas[1].hidden & bit);
	assert_true(w->table.types[TYPE(FOSTER)].hidden & bit);
	assert_true(w->table.bands[BAND(5_TO_9)].hidden & bit);
}

/* What is not hidden for want of memory would be told. */
static void
all_is_hidden_or_nothing_is_told(void **state)
{
	struct world *w = *state;

	searching(w, bury, 3);
	searching(w, manchester, 9);
	searching(w, trafford, 20);
	FULL_UNTIL_IT_FITS(&w->arena, observatory_hide(&w->arena, &w->table, TODAY));
	assert_true(w->table.areas[0].hidden & UINT64_C(1) << METRIC(SEARCHING));
}

/* Of few, of all but few and of a few in all: each tells of a few children. */
static void
shares_of_few_are_not_told(void **state)
{
	static const struct {
		uint32_t of, whole;
		bool is_told;
	} cases[] = {{0, 4, false}, {0, 5, true}, {5, 5, true}, {4, 20, false},
	    {5, 20, true}, {15, 20, true}, {16, 20, false}, {20, 20, true}};
	struct world *w = *state;

	count(w);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct observatory_share share = {cases[i].of, cases[i].whole, 0};
		assert_int_equal(
		    observatory_may_share(&w->table, METRIC(SHARE_TOGETHER), &share),
		    cases[i].is_told);
	}
}

/* Every small count is hidden; of the rest only what shelters one. */
static void
what_is_hidden_outside(void **state)
{
	struct world *w = *state;
	static const unsigned searching[] = {3, 9, 20};
	char *codes[] = {bury, manchester, trafford};

	for (size_t i = 0; i < 3; i++) {
		for (unsigned n = 0; n < searching[i]; n++) {
			Observatory__NeedRow *row = need_row(w, 1, n % 2 ? 7 : 12);
			row->council_id = codes[i];
			assert_int_equal(
			    put(&w->needs, row->request_id, &row->base), 0);
		}
	}
	count(w);
	assert_int_equal(observatory_hide(&w->arena, &w->table, TODAY), ERR_NONE);
	uint64_t bit = UINT64_C(1) << METRIC(SEARCHING);
	assert_true(w->table.areas[0].hidden & bit);
	assert_true(w->table.areas[1].hidden & bit);
	assert_true(w->table.areas[2].hidden & bit);
	assert_false(w->table.all->hidden & bit);
	assert_false(w->table.types[TYPE(FOSTER)].hidden & bit);
	assert_false(w->table.bands[BAND(5_TO_9)].hidden & bit);
	assert_false(w->table.areas[0].hidden & UINT64_C(1) << METRIC(PLACED));
}

/* Children of one council, placed in their own area or in Bury's, of that age. */
static void
placed(struct world *w, char *council, unsigned n, bool is_own, uint32_t age)
{
	static const struct place one = {1, 1, 0, 0, 0, 0, 0};

	for (unsigned i = 0; i < n; i++) {
		Observatory__PlaceRow *home = place_row(w, &one);
		Observatory__NeedRow *row = need_row(w, 1, age);

		home->council_id = is_own ? council : bury;
		put_place(w, home);
		row->council_id = council;
		place_them(w, row, "", home);
		put_need(w, row);
	}
}

static bool
may_share_own_area(const struct world *w)
{
	struct observatory_share share;

	assert_true(
	    observatory_share(w->table.all->counts, METRIC(SHARE_OWN_AREA), &share));
	return observatory_may_share(&w->table, METRIC(SHARE_OWN_AREA), &share);
}

/*
 * Ten children of each of two councils, three of Trafford's away from it and two of
 * them small: Manchester knows its own ten, and so whatever total there is would tell
 * it of Trafford's.
 */
static void
two_councils_have_no_totals_by_kind(void **state)
{
	struct world *w = *state;
	uint64_t bit = UINT64_C(1) << METRIC(PLACED);

	placed(w, manchester, 5, true, 7);
	placed(w, manchester, 5, false, 12);
	placed(w, trafford, 7, true, 12);
	placed(w, trafford, 1, false, 12);
	placed(w, trafford, 2, false, 7);
	assert_int_equal(observatory_hide(&w->arena, &w->table, TODAY), ERR_NONE);
	assert_false(w->table.all->hidden & bit);
	assert_false(w->table.areas[1].hidden & bit);
	assert_true(w->table.bands[BAND(5_TO_9)].hidden & bit);
	assert_true(w->table.bands[BAND(10_TO_15)].hidden & bit);
	assert_false(may_share_own_area(w));
	/* With a third one's beside them nobody can tell whose they are. */
	placed(w, bury, 6, true, 7);
	assert_int_equal(observatory_hide(&w->arena, &w->table, TODAY), ERR_NONE);
	assert_false(w->table.bands[BAND(5_TO_9)].hidden & bit);
	assert_true(may_share_own_area(w));
}

/* Everything outside is in a block, and every metric has its words. */
static void
every_figure_is_defined(void **state)
{
	struct world *w = *state;
	const Observatory__Definitions *d = observatory_definitions(&w->arena);

	assert_non_null(d);
	assert_int_equal(
	    d->n_definitions, observatory__metric__descriptor.n_values - 1);
	for (size_t i = 0; i < d->n_definitions; i++) {
		const Observatory__Definition *row = d->definitions[i];
		struct check_problem why;
		if (!check_message(&row->base, BYTES_NONE, &why))
			fail_msg("definition %zu: %s %s", i, why.field, why.reason);
		assert_int_equal(row->metric, i + 1);
		assert_true(strlen(row->words) > 10 && strlen(row->source) > 10);
		assert_ptr_equal(observatory_definition(row->metric)->words != NULL, 1);
	}
	assert_null(observatory_definition(0));
	assert_null(observatory_definition(OBSERVATORY_METRICS));
	FULL_UNTIL_IT_FITS(
	    &w->arena, FULL_IF((d = observatory_definitions(&w->arena)) == NULL));
	assert_int_equal(
	    d->n_definitions, observatory__metric__descriptor.n_values - 1);
	/* All that goes outside small is hidden there. */
	for (size_t i = 0; i < 3; i++) {
		Observatory__NeedRow *row = need_row(w, 1, 7);
		put_need(w, row);
	}
	count(w);
	for (Observatory__Metric m = 1; m < OBSERVATORY_METRICS; m++) {
		w->table.all->counts[m] = 2;
		w->table.areas[0].counts[m] = 2;
	}
	assert_int_equal(observatory_hide(&w->arena, &w->table, TODAY), ERR_NONE);
	for (Observatory__Metric m = 1; m < OBSERVATORY_METRICS; m++) {
		if (observatory_is_count(m) && observatory_definition(m)->is_outside)
			assert_true(w->table.areas[0].hidden >> m & 1);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(who_is_told_what),
	    TEST(figures_of_all_are_not_narrowed_by_age),
	    TEST(every_refusal_has_its_row),
	    TEST(which_lines_are_told),
	    TEST(where_nothing_shelters_a_count_no_total_is_told),
	    TEST(all_is_hidden_or_nothing_is_told),
	    TEST(shares_of_few_are_not_told),
	    TEST(what_is_hidden_outside),
	    TEST(two_councils_have_no_totals_by_kind),
	    TEST(every_figure_is_defined),
	};

	return cmocka_run_group_tests_name("observatory_view", tests, NULL, NULL);
}
