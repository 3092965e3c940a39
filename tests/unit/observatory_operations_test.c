/* What is open, what is wrong with it, and in which order. */
#include "observatory/operations.h"

#include "support/full.h"
#include "unit/observatory_sample.h"

#define CONCERN(name) OBSERVATORY__CONCERN__CONCERN_##name
#define BIT(name) OBSERVATORY_BIT(CONCERN(name))
#define MINUTE_MS INT64_C(60000)

static struct observatory_operations operations;

static void
look(struct world *w)
{
	assert_int_equal(
	    observatory_operations(&w->arena, &w->known, NOW_MS, &operations),
	    ERR_NONE);
}

/* One child's need, minutes ago; and what has happened to it since. */
struct sample {
	bool is_same_day;
	int64_t submitted_minutes, circulated_minutes; /* ago; 0: not circulated */
	size_t asked, answered, offers, lost;
	int64_t overdue_minutes;             /* ago; 0: not said */
	int64_t hold_minutes, start_minutes; /* from now; 0: not known */
	bool is_decided, is_lost, is_started, needs_approval, is_approved, is_withdrawn;
};

static Observatory__NeedRow *
sample_row(struct world *w, const struct sample *s)
{
	Observatory__NeedRow *row = need_row(w, 1, 7);
	static const struct place p = {.approved = 1};

	SET(row, is_same_day, s->is_same_day);
	SET(row, submitted_time, NOW_MS - s->submitted_minutes * MINUTE_MS);
	SET(row, overdue_time,
	    s->overdue_minutes == 0 ? 0 : NOW_MS - s->overdue_minutes * MINUTE_MS);
	SET(row, is_circulated, s->circulated_minutes > 0);
	if (s->circulated_minutes > 0)
		SET(row, circulated_time, NOW_MS - s->circulated_minutes * MINUTE_MS);
	row->asked = LIST_NEW(&w->arena, s->asked, Observatory__AskedRow *);
	for (size_t i = 0; i < s->asked; i++) {
		row->asked[i] = MESSAGE_NEW(&w->arena, observatory__asked_row);
		SET(row->asked[i], has_answered, i < s->answered);
	}
	row->n_asked = s->asked;
	row->offers = LIST_NEW(&w->arena, s->offers, Observatory__OfferedRow *);
	for (size_t i = 0; i < s->offers; i++) {
		row->offers[i] = MESSAGE_NEW(&w->arena, observatory__offered_row);
		SET(row->offers[i], is_lost, i < s->lost);
	}
	row->n_offers = s->offers;
	if (s->is_withdrawn)
		SET(row, withdrawn_day, TODAY);
	if (!s->is_decided)
		return row;
	Observatory__PlacementRow *placement = place_them(w, row, "", place_row(w, &p));
	SET(placement, is_started, s->is_started);
	SET(placement, is_lost, s->is_lost);
	SET(placement, needs_approval, s->needs_approval);
	SET(placement, is_approved, s->is_approved);
	if (s->hold_minutes != 0)
		SET(placement, hold_until_time, NOW_MS + s->hold_minutes * MINUTE_MS);
	if (s->start_minutes != 0)
		SET(placement, latest_start_time,
		    NOW_MS + s->start_minutes * MINUTE_MS);
	return row;
}

static const struct {
	struct sample sample;
	unsigned concerns;
} needs[] = {
    /* Just entered. */
    {{.submitted_minutes = 1}, 0},
    {{.submitted_minutes = 119}, 0},
    {{.submitted_minutes = 120}, BIT(NOT_SENT)},
    {{.submitted_minutes = 1, .is_same_day = true}, BIT(SAME_DAY_NO_OFFER)},
    /* Sent. */
    {{.submitted_minutes = 300, .circulated_minutes = 119, .asked = 3}, 0},
    {{.submitted_minutes = 300, .circulated_minutes = 120, .asked = 3},
	BIT(UNANSWERED)},
    {{.submitted_minutes = 300, .circulated_minutes = 200, .asked = 3, .answered = 1},
	0},
    {{.submitted_minutes = 9,
	 .circulated_minutes = 8,
	 .is_same_day = true,
	 .asked = 2,
	 .answered = 1,
	 .offers = 1},
	BIT(DECISION_WAITING)},
    {{.submitted_minutes = 9,
	 .circulated_minutes = 8,
	 .is_same_day = true,
	 .asked = 2,
	 .answered = 1,
	 .offers = 1,
	 .lost = 1},
	BIT(SAME_DAY_NO_OFFER)},
    {{.submitted_minutes = 9, .circulated_minutes = 8, .offers = 2, .lost = 1},
	BIT(DECISION_WAITING)},
    {{.submitted_minutes = 9, .circulated_minutes = 8, .overdue_minutes = -1}, 0},
    /* It is so late on the minute. */
    {{.submitted_minutes = 9, .circulated_minutes = 8, .overdue_minutes = 1},
	BIT(OVERDUE)},
    /* Chosen: nothing is late but the next step. */
    {{.submitted_minutes = 900,
	 .circulated_minutes = 800,
	 .overdue_minutes = 9,
	 .offers = 1,
	 .is_decided = true,
	 .is_same_day = true},
	0},
    {{.submitted_minutes = 9, .is_decided = true, .hold_minutes = 61}, 0},
    {{.submitted_minutes = 9, .is_decided = true, .hold_minutes = 60},
	BIT(HOLD_ENDING)},
    {{.submitted_minutes = 9, .is_decided = true, .hold_minutes = -5},
	BIT(HOLD_ENDING)},
    {{.submitted_minutes = 9,
	 .is_decided = true,
	 .hold_minutes = 5,
	 .start_minutes = 600},
	0},
    {{.submitted_minutes = 9,
	 .is_decided = true,
	 .hold_minutes = 5,
	 .start_minutes = 30},
	BIT(HOLD_ENDING)},
    {{.submitted_minutes = 9, .is_decided = true, .needs_approval = true},
	BIT(APPROVAL_WAITING)},
    {{.submitted_minutes = 9,
	 .is_decided = true,
	 .needs_approval = true,
	 .is_approved = true},
	0},
    /* Lost again. */
    {{.submitted_minutes = 500,
	 .circulated_minutes = 400,
	 .answered = 1,
	 .asked = 1,
	 .is_decided = true,
	 .is_lost = true,
	 .hold_minutes = 5,
	 .needs_approval = true,
	 .is_same_day = true},
	BIT(SAME_DAY_NO_OFFER)},
};

static void
each_need_has_its_concerns(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
		mirror_clear(&w->needs);
		put_need(w, sample_row(w, &needs[i].sample));
		const struct observatory_need *need = mirror_at(&w->needs, 0);
		assert_true(observatory_is_open(need));
		if (observatory_concerns(need, NOW_MS) != needs[i].concerns)
			fail_msg("case %zu: %x", i, observatory_concerns(need, NOW_MS));
	}
}

static void
what_is_over_is_not_open(void **state)
{
	static const struct sample cases[] = {
	    {.is_withdrawn = true, .is_same_day = true},
	    {.is_withdrawn = true, .is_decided = true, .hold_minutes = 5},
	    {.is_decided = true, .is_started = true},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		put_need(w, sample_row(w, &cases[i]));
	look(w);
	assert_int_equal(operations.needs_n, 0);
	for (unsigned c = 0; c < OBSERVATORY_CONCERNS; c++)
		assert_int_equal(operations.by_concern[c], 0);
}

/* A began, B is chosen, C waits: one need, of those two. */
static void
a_group_is_one_need(void **state)
{
	struct world *w = *state;
	Observatory__NeedRow *row = need_row(w, 3, 7);
	static const struct place p = {.approved = 3};
	Observatory__PlaceRow *place = place_row(w, &p);
	Observatory__PlacementRow *chosen;
	Observatory__Operations *shown;

	SET(row->children[1], age_years, 11);
	SET(row->children[2], age_years, 2);
	place_them(w, row, "A", place);
	chosen = place_them(w, row, "B", place);
	SET(chosen, is_started, false);
	SET(chosen, hold_until_time, NOW_MS + 90 * MINUTE_MS);
	chosen = place_them(w, row, "B", place);
	SET(chosen, is_started, false);
	SET(chosen, hold_until_time, NOW_MS + 70 * MINUTE_MS);
	put_need(w, row);
	look(w);
	assert_int_equal(operations.needs_n, 1);
	shown = observatory_operations_shown(&w->arena, &operations, 9, NOW_MS);
	assert_int_equal(shown->open, 1);
	assert_int_equal(shown->planned, 1);
	assert_int_equal(shown->needs[0]->children, 3);
	assert_int_equal(shown->needs[0]->chosen, 1);
	assert_int_equal(shown->needs[0]->n_ages_years, 2);
	assert_int_equal(shown->needs[0]->ages_years[0], 11);
	assert_int_equal(shown->needs[0]->ages_years[1], 2);
	assert_int_equal(shown->needs[0]->step_due_time, NOW_MS + 70 * MINUTE_MS);
	assert_false(shown->needs[0]->has_needed_by_day);
	assert_false(shown->needs[0]->has_submitted_time);
	/* When it was entered is not recorded: long ago. */
	assert_int_equal(shown->needs[0]->n_concerns, 1);
	assert_int_equal(shown->needs[0]->concerns[0], CONCERN(NOT_SENT));
}

/* By the worst of each; then today's first; then who waits longest; then by id. */
static void
the_worst_comes_first(void **state)
{
	static const struct sample cases[] = {
	    {.submitted_minutes = 20},
	    {.submitted_minutes = 20, .offers = 1},
	    {.submitted_minutes = 30, .offers = 1},
	    {.submitted_minutes = 30, .offers = 1},
	    {.submitted_minutes = 10, .offers = 1, .is_same_day = true},
	    {.submitted_minutes = 5, .overdue_minutes = 4},
	    {.submitted_minutes = 5, .is_same_day = true},
	};
	static const size_t order[] = {6, 5, 4, 2, 3, 1, 0};
	struct world *w = *state;
	char *ids[7] = {NULL};
	Observatory__Operations *shown;

	for (size_t i = 0; i < 7; i++) {
		Observatory__NeedRow *row = sample_row(w, &cases[i]);
		if (i == 0)
			row->council_id = NULL;
		SET(row, needed_by_day, TODAY + 1);
		ids[i] = row->request_id;
		put_need(w, row);
	}
	look(w);
	shown = observatory_operations_shown(&w->arena, &operations, 7, NOW_MS);
	assert_int_equal(shown->n_needs, 7);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(shown->needs[i]->request_id, ids[order[i]]);
	assert_null(shown->needs[6]->council_id);
	assert_string_equal(shown->needs[0]->council_id, manchester);
	assert_int_equal(shown->needs[0]->needed_by_day, TODAY + 1);
	assert_int_equal(shown->needs[0]->concerns[0], CONCERN(SAME_DAY_NO_OFFER));
	assert_int_equal(shown->same_day, 2);
	assert_int_equal(shown->n_concerns, OBSERVATORY_CONCERNS - 1);
	assert_int_equal(shown->concerns[0]->needs, 1);
	assert_int_equal(shown->concerns[6]->concern, CONCERN(DECISION_WAITING));
	assert_int_equal(shown->concerns[6]->needs, 4);
	/* Cut, and still counted. */
	shown = observatory_operations_shown(&w->arena, &operations, 2, NOW_MS);
	assert_int_equal(shown->n_needs, 2);
	assert_int_equal(shown->open, 7);
}

static void
open_vacancies(
    struct world *w, char *provider, bool is_home, size_t n, const int64_t *days_ago)
{
	static const struct place p = {.approved = 4};
	Observatory__PlaceRow *row = place_row(w, &p);

	row->provider_id = provider;
	if (is_home)
		SET(row, care_type, TYPE(CHILDRENS_HOME));
	row->openings = LIST_NEW(&w->arena, n, Observatory__Opening *);
	for (size_t i = 0; i < n; i++) {
		row->openings[i] = MESSAGE_NEW(&w->arena, observatory__opening);
		SET(row->openings[i], is_open, true);
		SET(row->openings[i], confirmed_time, NOW_MS - days_ago[i] * DAY_MS);
	}
	row->n_openings = n;
	put_place(w, row);
}

/* Of each provider: how many, and since when; those not known here are one. */
static void
unconfirmed_vacancies_are_by_provider(void **state)
{
	struct world *w = *state;
	Observatory__Operations *shown;

	look(w);
	assert_int_equal(operations.unconfirmed_n, 0);
	open_vacancies(w, own_team, false, 1, (int64_t[]){14});
	open_vacancies(w, agency, false, 2, (int64_t[]){15, 3});
	open_vacancies(w, agency, true, 2, (int64_t[]){20, 19});
	look(w);
	assert_int_equal(operations.vacancies, 5);
	assert_int_equal(operations.vacancies_stale, 3);
	assert_int_equal(operations.unconfirmed_n, 1);
	open_vacancies(w, own_team, false, 1, (int64_t[]){40});
	open_vacancies(w, new_id(w), false, 1, (int64_t[]){20});
	open_vacancies(w, new_id(w), false, 1, (int64_t[]){18});
	look(w);
	shown = observatory_operations_shown(&w->arena, &operations, 9, NOW_MS);
	assert_int_equal(shown->n_unconfirmed, 3);
	assert_int_equal(shown->unconfirmed_providers, 3);
	assert_int_equal(shown->unconfirmed_vacancies, 6);
	assert_int_equal(shown->vacancies, 8);
	assert_string_equal(shown->unconfirmed[0]->provider_id, own_team);
	assert_int_equal(shown->unconfirmed[0]->vacancies, 1);
	assert_string_equal(shown->unconfirmed[1]->provider_id, agency);
	assert_int_equal(shown->unconfirmed[1]->vacancies, 3);
	assert_int_equal(
	    shown->unconfirmed[1]->oldest_confirmed_time, NOW_MS - 20 * DAY_MS);
	assert_int_equal(shown->unconfirmed[2]->vacancies, 2);
	shown = observatory_operations_shown(&w->arena, &operations, 1, NOW_MS);
	assert_int_equal(shown->n_unconfirmed, 1);
	assert_int_equal(shown->unconfirmed_providers, 3);
}

/* All of it is said, or nothing. */
static void
half_of_it_is_not_said(void **state)
{
	static const struct sample sample = {.submitted_minutes = 30,
	    .circulated_minutes = 20,
	    .offers = 1,
	    .is_decided = true,
	    .hold_minutes = 3};
	struct world *w = *state;
	Observatory__Operations *shown = NULL;

	put_need(w, sample_row(w, &sample));
	open_vacancies(w, agency, false, 1, (int64_t[]){15});
	FULL_UNTIL_IT_FITS(&w->arena,
	    observatory_operations(&w->arena, &w->known, NOW_MS, &operations));
	look(w);
	FULL_UNTIL_IT_FITS(
	    &w->arena, FULL_IF((shown = observatory_operations_shown(
				    &w->arena, &operations, 9, NOW_MS)) == NULL));
	assert_int_equal(shown->n_needs, 1);
	assert_int_equal(shown->n_unconfirmed, 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(each_need_has_its_concerns),
	    TEST(what_is_over_is_not_open),
	    TEST(a_group_is_one_need),
	    TEST(the_worst_comes_first),
	    TEST(unconfirmed_vacancies_are_by_provider),
	    TEST(half_of_it_is_not_said),
	};

	return cmocka_run_group_tests_name("observatory_operations", tests, NULL, NULL);
}
