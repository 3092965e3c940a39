/* May they come, and may they still move in; the rows of both; the days ahead. */
#include "unit/residential_sample.h"

#include "residential/standing.h"
#include "support/full.h"

/* ---- may they come ---- */

static enum residential_refusal
may_hold(struct sample *s)
{
	uint32_t reserved_n;

	return residential_may_hold(s->known, house_of(s), AREA, &reserved_n);
}

#define HOLD(there, held, coming, change, no)                                          \
	do {                                                                           \
		sample_make(s);                                                        \
		Residential__Home *h = s->known->home;                                 \
		sample_open(s, BAND(10_TO_15));                                        \
		sample_people(s, there, held, coming);                                 \
		change;                                                                \
		(void)h;                                                               \
		assert_int_equal(may_hold(s), no);                                     \
	} while (0)

static void
each_rule_says_its_no(void **state)
{
	struct sample *s = *state;

	HOLD("12g", "13b", "14g", (void)0, RESIDENTIAL_OK);
	HOLD("", "13b", "14g",
	    s->coming->children[0]->child_id = s->held->children[0]->child_id,
	    RESIDENTIAL_HOLD_CHILD_THERE);
	HOLD("", "", "14g", SET(h, restriction, RESTRICTION(ACCOMMODATION)),
	    RESIDENTIAL_RESTRICTED);
	HOLD("", "", "14g", SET(h, restriction, RESTRICTION(SUSPENDED)),
	    RESIDENTIAL_RESTRICTED);
	HOLD("", "", "14g", SET(h, age_min_years, 15), RESIDENTIAL_AGE);
	HOLD("", "", "14g", SET(h, age_min_years, 14), RESIDENTIAL_OK);
	HOLD("", "", "14g", SET(h, age_max_years, 13), RESIDENTIAL_AGE);
	HOLD("", "", "14g", SET(h, age_max_years, 14), RESIDENTIAL_OK);
	HOLD("", "", "14g", SET(h, takes_girls, false), RESIDENTIAL_SEX);
	HOLD("", "", "14b", SET(h, takes_girls, false), RESIDENTIAL_OK);
	HOLD("", "", "14u", SET(h, takes_girls, false), RESIDENTIAL_SEX);
	HOLD("", "", "14u", SET(h, takes_boys, false), RESIDENTIAL_SEX);
	HOLD("", "", "14u", (void)0, RESIDENTIAL_OK);
	HOLD("9g 9g 9g 9g", "", "14g", (void)0, RESIDENTIAL_NO_BED);
	HOLD("9g 9g", "9g 9g", "14g", (void)0, RESIDENTIAL_NO_BED);
	HOLD("9g 9g 9g", "", "14g.A 13b.A", (void)0, RESIDENTIAL_NO_BED);
	HOLD("9g", "", "14g", sample_close(s, 3, TODAY, 0), RESIDENTIAL_NO_BED);
	HOLD("9g", "", "14g", SET(h, staffed_beds, 1), RESIDENTIAL_NO_BED);
	HOLD("9g", "", "14gP", SET(h, has_pets, true), RESIDENTIAL_PETS);
	HOLD("9g", "", "14g<", (void)0, RESIDENTIAL_NOT_SAFE_TOGETHER);
	/* Want of room is told before want of safety: it says less of those there. */
	HOLD("9g*", "", "14g", (void)0, RESIDENTIAL_NO_BED);
	HOLD("", "9g*", "14g", (void)0, RESIDENTIAL_NO_BED);
	HOLD("9g", "", "14g*", (void)0, RESIDENTIAL_NOT_SAFE_TOGETHER);
	HOLD("", "", "14g*", (void)0, RESIDENTIAL_OK);
	HOLD("", "", "14g*.A 12b*.A", (void)0, RESIDENTIAL_OK);
}

static void
a_child_of_15_is_not_for_supported_accommodation(void **state)
{
	struct sample *s = *state;
	const struct refusal *no = residential_refusal(RESIDENTIAL_SUPPORTED_AGE);

	HOLD("", "", "15g", SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION));
	     SET(h, age_min_years, 16), RESIDENTIAL_SUPPORTED_AGE);
	/* Also where the row itself were wrong. */
	HOLD("", "", "15g", SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION)),
	    RESIDENTIAL_SUPPORTED_AGE);
	HOLD("", "", "16g", SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION));
	     sample_open(s, BAND(16_TO_17)), RESIDENTIAL_OK);
	assert_non_null(strstr(no->clause, "regulation 27A"));
}

static void
each_childs_band_is_open(void **state)
{
	struct sample *s = *state;

	HOLD("", "", "16g", (void)0, RESIDENTIAL_BAND_CLOSED);
	HOLD("", "", "15g.A 9b.A", (void)0, RESIDENTIAL_BAND_CLOSED);
	HOLD("", "", "15g.A 9b.A", sample_open(s, BAND(5_TO_9)), RESIDENTIAL_OK);
	HOLD("", "", "15g.A 9b.A", sample_open(s, BAND(5_TO_9));
	     SET(s->known->vacancies[1], is_open, false), RESIDENTIAL_BAND_CLOSED);
}

static void
only_want_of_room_tells_when(void **state)
{
	(void)state;
	for (int no = RESIDENTIAL_ROW_MISSING; no < RESIDENTIAL_REFUSALS_END; no++)
		assert_int_equal(
		    residential_is_want_of_room((enum residential_refusal)no),
		    no == RESIDENTIAL_NO_BED);
}

/* ---- may they still move in ---- */

#define LIVE(there, held, coming, change, no)                                          \
	do {                                                                           \
		sample_make(s);                                                        \
		Residential__Home *h = s->known->home;                                 \
		sample_people(s, there, held, coming);                                 \
		change;                                                                \
		(void)h;                                                               \
		assert_int_equal(residential_may_live_here(house_of(s)), no);          \
	} while (0)

static void
the_start_asks_again_what_is_law(void **state)
{
	struct sample *s = *state;

	LIVE("12g", "13b", "14g", (void)0, RESIDENTIAL_OK);
	LIVE("12g", "", "14g", SET(h, restriction, RESTRICTION(SUSPENDED)),
	    RESIDENTIAL_RESTRICTED);
	LIVE("12g", "", "14g", SET(h, age_max_years, 13), RESIDENTIAL_AGE);
	LIVE("12g", "", "14g", SET(h, takes_girls, false), RESIDENTIAL_SEX);
	LIVE("12g", "", "14g<", (void)0, RESIDENTIAL_NOT_SAFE_TOGETHER);
	LIVE("12g*", "", "14g", (void)0, RESIDENTIAL_NOT_SAFE_TOGETHER);
	/* What was promised stands: staff and closed beds are the home's to see to. */
	LIVE("12g", "", "14g", SET(h, staffed_beds, 1), RESIDENTIAL_OK);
	LIVE("12g", "", "14g", sample_close(s, 3, TODAY, 0), RESIDENTIAL_OK);
	/* Those held for come after whoever starts first. */
	LIVE("12g 12g 12g", "13b", "14g", (void)0, RESIDENTIAL_OK);
	LIVE("12g", "13b", "14gB", (void)0, RESIDENTIAL_OK);
	LIVE("12g 12g 12g 12g", "", "14g", (void)0, RESIDENTIAL_REGISTERED_FULL);
}

/* ---- rows ---- */

static void
the_rows_say_what_was_granted_and_started(void **state)
{
	struct sample *s = *state;
	struct residential_grant grant = {"hold", "home", 41, NOW};
	Place__Hold call = PLACE__HOLD__INIT;
	Place__Start start = PLACE__START__INIT;
	Residential__PlacementStarted event = RESIDENTIAL__PLACEMENT_STARTED__INIT;
	char one[] = "one", two[] = "two";
	char *ids[] = {one, two};

	sample_make(s);
	sample_people(s, "", "", "12gB.A 13b.A");
	call.request_id = said(s, "request");
	call.vacancy_id = said(s, "vacancy");
	call.children = s->coming->children;
	call.n_children = 2;
	SET(&call, are_siblings, true);
	SET(&call, hold_minutes, 60);
	call.not_safe_with = s->coming->not_safe_with;
	call.n_not_safe_with = 1;
	call.placing_council_id = said(s, AREA);
	Residential__HoldRow *row = residential_new_hold(&s->arena, &call, &grant);
	assert_string_equal(row->home_id, "home");
	assert_int_equal(row->fencing_number, 41);
	assert_int_equal(row->expires_time, NOW + 60 * INT64_C(60000));
	assert_int_equal(row->n_not_safe_with, 1);
	assert_string_equal(row->placing_council_id, AREA);

	row->reservation_ids = LIST_NEW(&s->arena, 1, char *);
	row->reservation_ids[row->n_reservation_ids++] = said(s, "bed 1");
	start.placement_id = said(s, "placement");
	start.placing_council_id = said(s, AREA);
	SET(&start, start_day, TODAY);
	assert_true(residential_new_occupants(&s->arena, row, &start, ids, &event));
	assert_int_equal(event.n_occupants, 2);
	assert_string_equal(event.occupants[0]->reservation_id, "bed 1");
	assert_null(event.occupants[1]->reservation_id);
	for (size_t i = 0; i < 2; i++) {
		const Residential__Occupant *o = event.occupants[i];
		assert_string_equal(o->occupant_id, ids[i]);
		assert_string_equal(o->sibling_group_id, "hold");
		assert_int_equal(o->n_not_safe_with, 1);
		assert_int_equal(o->kind, KIND(PLACED_HERE));
		assert_string_equal(o->placing_council_id, AREA);
		assert_int_equal(o->from_day, TODAY);
	}
	SET(row, are_siblings, false);
	assert_true(residential_new_occupants(&s->arena, row, &start, ids, &event));
	assert_null(event.occupants[0]->sibling_group_id);
}

/* Neither a hold without its names nor a start that leaves a child out. */
static void
rows_are_whole_or_not_at_all(void **state)
{
	struct sample *s = *state;
	struct residential_grant grant = {"a hold's name", "a home's name", 41, NOW};
	Residential__PlacementStarted event = RESIDENTIAL__PLACEMENT_STARTED__INIT;
	Place__Hold call = PLACE__HOLD__INIT;
	Place__Start start = PLACE__START__INIT;
	char one[] = "one", two[] = "two";
	char *ids[] = {one, two};
	const Residential__HoldRow *row = NULL;

	sample_make(s);
	sample_people(s, "", "12g 13b", "");
	FULL_UNTIL_IT_FITS(&s->arena,
	    FULL_IF((row = residential_new_hold(&s->arena, &call, &grant)) == NULL));
	assert_string_equal(row->home_id, "a home's name");
	FULL_UNTIL_IT_FITS(&s->arena, FULL_IF(!residential_new_occupants(
					  &s->arena, s->held, &start, ids, &event)));
	assert_int_equal(event.n_occupants, 2);
	assert_string_equal(event.occupants[1]->occupant_id, "two");
}

static void
a_call_says_whom_or_leaves_it_out(void **state)
{
	Place__Hold call = PLACE__HOLD__INIT;
	Common__NotSafeWith with = WITH(BOYS);

	(void)state;
	call.not_safe_with = &with;
	call.n_not_safe_with = 1;
	assert_int_equal(residential_check_hold(&call), RESIDENTIAL_OK);
	with = WITH(UNSPECIFIED);
	assert_int_equal(residential_check_hold(&call), RESIDENTIAL_HOLD_NOT_SAFE_WITH);
}

/* Base's words each have a number here, and no two the same. */
static void
the_words_of_base_have_numbers_here(void **state)
{
	(void)state;
	for (int i = PLACE_REQUEST_MISSING; i < PLACE_NOES; i++) {
		enum residential_refusal no = residential_of_place((enum place_no)i);
		assert_true(no >= RESIDENTIAL_ROW_MISSING);
		assert_int_equal(residential_refusal(no)->number, no);
		for (int j = PLACE_REQUEST_MISSING; j < i; j++)
			assert_int_not_equal(
			    residential_of_place((enum place_no)j), no);
	}
	assert_int_equal(residential_of_place(PLACE_OK), RESIDENTIAL_OK);
}

/* A sentence for a person, with its full stop; and what is of both kinds of home names
 * no law that is of children's homes alone. */
static void
each_no_is_a_sentence_with_the_law_of_both_kinds(void **state)
{
	(void)state;
	for (int i = RESIDENTIAL_ROW_MISSING; i < RESIDENTIAL_REFUSALS_END; i++) {
		const struct refusal *no =
		    residential_refusal((enum residential_refusal)i);
		assert_int_equal(no->sentence[strlen(no->sentence) - 1], '.');
		if (no->clause != NULL && strstr(no->clause, "Children's Homes"))
			assert_non_null(strstr(no->clause, "Supported Accom"));
	}
}

/* ---- the vacancy, and the days ahead ---- */

static void
the_vacancy_is_of_registration_and_band(void **state)
{
	struct sample *s = *state;
	Residential__Vacancy *v;

	sample_make(s);
	SET(s->known->home, age_min_years, 12);
	sample_open(s, BAND(10_TO_15));
	v = residential_vacancy_now(
	    &s->arena, s->known, house_of(s), s->known->vacancies[0]);
	assert_int_equal(v->age_min_years, 12);
	assert_int_equal(v->age_max_years, 15);
	assert_true(v->is_open);
	assert_int_equal(v->beds->free, 4);
	assert_false(v->has_open_places);
	SET(s->known->vacancies[0], open_places, 2);
	assert_int_equal(v->statement_version, 3);
	SET(s->known->home, age_min_years, 16);
	v = residential_vacancy_now(
	    &s->arena, s->known, house_of(s), s->known->vacancies[0]);
	assert_false(v->is_open); /* no longer registered for the band */
	assert_int_equal(v->open_places, 2);
	SET(s->known->home, age_min_years, 12);
	SET(s->known->home, restriction, RESTRICTION(ACCOMMODATION));
	v = residential_vacancy_now(
	    &s->arena, s->known, house_of(s), s->known->vacancies[0]);
	assert_false(v->is_open);
}

/* Its own provider is told how it stands: beds, what it said, and what it can open. */
static void
the_standing_is_beds_own_words_and_ages(void **state)
{
	struct sample *s = *state;
	const Residential__HomeStanding *now = NULL;
	struct residential_house *house;

	sample_make(s);
	sample_open(s, BAND(10_TO_15));
	SET(s->known->vacancies[0], open_places, 2);
	SET(s->known->vacancies[0], grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(s->known->home, age_min_years, 12);
	sample_people(s, "14g", "", "");
	house = house_of(s);
	FULL_UNTIL_IT_FITS(&s->arena,
	    FULL_IF((now = residential_standing(&s->arena, s->known, house)) == NULL));
	assert_string_equal(now->home_id, "home");
	assert_int_equal(now->beds->free, 3);
	assert_int_equal(now->n_vacancies, 1);
	assert_string_equal(now->vacancies[0]->vacancy_id, "vacancy");
	assert_int_equal(now->vacancies[0]->age_band, BAND(10_TO_15));
	assert_int_equal(now->vacancies[0]->available_from_day, TODAY);
	assert_int_equal(now->vacancies[0]->confirmed_time, NOW);
	assert_int_equal(now->vacancies[0]->open_places, 2);
	assert_true(now->vacancies[0]->is_open);
	assert_false(now->vacancies[0]->has_grade); /* that is in the home's row */
	assert_int_equal(now->n_age_bands, 2);
	assert_int_equal(now->age_bands[0], BAND(10_TO_15));
	assert_int_equal(now->age_bands[1], BAND(16_TO_17));
	assert_null(now->cannot_open);

	SET(s->known->home, restriction, RESTRICTION(SUSPENDED));
	FULL_UNTIL_IT_FITS(&s->arena,
	    FULL_IF((now = residential_standing(&s->arena, s->known, house)) == NULL));
	assert_int_equal(now->n_age_bands, 0);
	assert_string_equal(now->cannot_open,
	    residential_refusal(RESIDENTIAL_VACANCY_RESTRICTED)->sentence);
}

#define NEXT(change, day)                                                              \
	do {                                                                           \
		sample_make(s);                                                        \
		change;                                                                \
		bool is_any = residential_next_review(s->known, TODAY, &next);         \
		assert_int_equal(is_any ? next : 0, day);                              \
	} while (0)

static void
the_next_day_is_the_first_that_changes_something(void **state)
{
	struct sample *s = *state;
	int32_t next;

	NEXT((void)0, 0);
	NEXT(sample_close(s, 1, TODAY - 3, 0), 0);
	NEXT(sample_close(s, 1, TODAY - 3, TODAY + 9), TODAY + 9);
	NEXT(sample_close(s, 1, TODAY + 3, TODAY + 9), TODAY + 3);
	NEXT(sample_reserve_days(s, 1, TODAY - 9, TODAY + 5), TODAY + 5);
	NEXT(sample_reserve_days(s, 1, TODAY + 5, 0), TODAY + 5);
	NEXT(sample_people(s, "18g", "", ""), 0);
	/* A birthday that leads into another band, not every one. */
	NEXT(sample_people(s, "17g", "", ""), day_make(2027, 11, 21));
	NEXT(sample_people(s, "9g", "", ""), day_make(2027, 11, 21));
	NEXT(sample_people(s, "8g", "", ""), day_make(2028, 11, 21));
	NEXT(sample_people(s, "10g 12b", "", ""), day_make(2030, 11, 21));
}

static void
what_has_ended_has_lapsed(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_close(s, 1, TODAY - 3, TODAY + 1);
	sample_reserve_days(s, 1, TODAY - 9, TODAY + 1);
	assert_false(residential_has_lapsed(s->known, TODAY));
	s->known->n_closed = 0;
	assert_true(residential_has_lapsed(s->known, TODAY + 1));
	sample_make(s);
	sample_close(s, 1, TODAY - 3, TODAY);
	assert_true(residential_has_lapsed(s->known, TODAY));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_rule_says_its_no),
	    cmocka_unit_test(a_child_of_15_is_not_for_supported_accommodation),
	    cmocka_unit_test(each_childs_band_is_open),
	    cmocka_unit_test(only_want_of_room_tells_when),
	    cmocka_unit_test(the_start_asks_again_what_is_law),
	    cmocka_unit_test(the_rows_say_what_was_granted_and_started),
	    cmocka_unit_test(rows_are_whole_or_not_at_all),
	    cmocka_unit_test(a_call_says_whom_or_leaves_it_out),
	    cmocka_unit_test(the_words_of_base_have_numbers_here),
	    cmocka_unit_test(each_no_is_a_sentence_with_the_law_of_both_kinds),
	    cmocka_unit_test(the_vacancy_is_of_registration_and_band),
	    cmocka_unit_test(the_standing_is_beds_own_words_and_ages),
	    cmocka_unit_test(the_next_day_is_the_first_that_changes_something),
	    cmocka_unit_test(what_has_ended_has_lapsed),
	};

	return cmocka_run_group_tests(tests, sample_set_up, sample_tear_down);
}
