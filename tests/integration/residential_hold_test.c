/* A bed from vacancy to placement and back, by packed bytes: promised once. */
#include <string.h>

#include "integration/residential_world.h"

#define URN "SC100001"

static void
a_bed_goes_from_free_to_lived_in(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	const Place__Held *h = held(w, hold_of(w, v, 2, 12));
	const char *placement = machines_id(&w->m);

	assert_string_equal(h->place_id, id);
	assert_int_equal(h->expires_time, w->m.now_ms + 60 * MINUTE_MS);
	assert_string_equal(
	    beds_text(w, id), "5 5: 0 there, 2 held, 0 reserved, 0 closed, 3 free");
	assert_true(done(w, confirm_call(w, h, h->fencing_number))->has_number);
	assert_true(done(w, start_call(w, h, placement))->has_number);
	const Residential__HomeShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->n_holds, 0);
	assert_int_equal(s->n_occupants, 2);
	assert_string_equal(s->occupants[0]->placement_id, placement);
	assert_string_equal(
	    s->occupants[0]->sibling_group_id, s->occupants[1]->sibling_group_id);
	assert_int_equal(s->vacancies[0]->residents->count, 2);
	assert_string_equal(
	    beds_text(w, id), "5 5: 2 there, 0 held, 0 reserved, 0 closed, 3 free");
	assert_true(done(w, end_call(w, placement))->has_number);
	assert_string_equal(
	    beds_text(w, id), "5 5: 0 there, 0 held, 0 reserved, 0 closed, 5 free");
}

/* By fresh ids: the answer is yes and nothing is recorded. */
static void
what_was_done_is_done_again(void **state)
{
	struct residential_world *w = *state;
	const Residential__Vacancy *v = opened(w, registered(w, URN), BAND(10_TO_15));
	const Place__Held *h = held(w, hold_of(w, v, 1, 12));
	const Place__Held *other = held(w, hold_of(w, v, 1, 12));
	const char *placement = machines_id(&w->m);

	done(w, release_call(w, other->hold_id));
	assert_false(done(w, release_call(w, other->hold_id))->has_number);
	assert_int_equal(
	    no(w, confirm_call(w, h, h->fencing_number + 1)), RESIDENTIAL_FENCING);
	done(w, confirm_call(w, h, h->fencing_number));
	assert_false(done(w, confirm_call(w, h, h->fencing_number))->has_number);
	done(w, start_call(w, h, placement));
	assert_false(done(w, start_call(w, h, placement))->has_number);
	assert_int_equal(
	    no(w, start_call(w, h, machines_id(&w->m))), RESIDENTIAL_HOLD_STARTED);
	assert_int_equal(no(w, release_call(w, h->hold_id)), RESIDENTIAL_HOLD_STARTED);
	done(w, end_call(w, placement));
	assert_false(done(w, end_call(w, placement))->has_number);
	assert_int_equal(
	    no(w, end_call(w, machines_id(&w->m))), RESIDENTIAL_PLACEMENT_UNKNOWN);
}

static void
the_same_hold_is_held_once(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Place__Hold *h = hold_of(w, opened(w, id, BAND(10_TO_15)), 1, 12);
	struct machine_call call = hold_call(w, h);

	call.message_id = machines_id(&w->m);
	const Place__Held *first = machines_ask(&w->m, &call, &place__held__descriptor);
	const Place__Held *again = machines_ask(&w->m, &call, &place__held__descriptor);
	assert_string_equal(first->hold_id, call.message_id);
	assert_int_equal(again->fencing_number, first->fencing_number);
	assert_int_equal(beds(w, id)->held, 1);
	/* Another call for a child who has a bed kept there is no second bed. */
	assert_int_equal(no(w, hold_call(w, h)), RESIDENTIAL_HOLD_CHILD_THERE);
}

/* Five beds, six that want one: the sixth hears when, and of nobody. */
static void
the_last_bed_goes_to_one(void **state)
{
	struct residential_world *w = *state;
	const Residential__Vacancy *v = opened(w, registered(w, URN), BAND(10_TO_15));
	const Place__Held *last = NULL;

	for (size_t i = 0; i < 5; i++)
		last = held(w, hold_of(w, v, 1, 12));
	w->m.now_ms += 20 * MINUTE_MS;
	struct machine_call call = hold_call(w, hold_of(w, v, 1, 12));
	const Envelope__Envelope *answer = machines_call(&w->m, &call);
	assert_non_null(answer->refusal);
	assert_int_equal(answer->refusal->number, RESIDENTIAL_NO_BED);
	assert_non_null(
	    strstr(answer->refusal->sentence, "the bed was taken at 12:05"));
	assert_null(strstr(answer->refusal->sentence, last->hold_id));
	done(w, confirm_call(w, last, last->fencing_number));
	done(w, start_call(w, last, machines_id(&w->m)));
	world_wait(w, last->expires_time); /* the four others */
	done(w, close_call(w, last->place_id, 4, 0));
	world_wait(w, w->m.now_ms + DAY_MS);
	call = hold_call(w, hold_of(w, v, 1, 12));
	answer = machines_call(&w->m, &call);
	assert_non_null(
	    strstr(answer->refusal->sentence, "taken at 12:25 on 2026-11-21"));
}

/* All or nothing, and nobody is named as the cause where nobody took it. */
static void
siblings_come_together_or_not(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));

	done(w, close_call(w, id, 3, 0));
	struct machine_call call = hold_call(w, hold_of(w, v, 3, 12));
	const Envelope__Envelope *answer = machines_call(&w->m, &call);
	assert_int_equal(answer->refusal->number, RESIDENTIAL_NO_BED);
	assert_null(strstr(answer->refusal->sentence, "taken"));
	assert_int_equal(beds(w, id)->held, 0);
	held(w, hold_of(w, v, 2, 12));
	assert_int_equal(beds(w, id)->free, 0);
}

static void
the_clock_ends_a_hold(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	const Place__Held *h = held(w, hold_of(w, v, 1, 12));

	/* No turn in between: the confirm itself finds it expired. */
	w->m.now_ms = h->expires_time;
	assert_int_equal(
	    no(w, confirm_call(w, h, h->fencing_number)), RESIDENTIAL_HOLD_EXPIRED);
	assert_int_equal(beds(w, id)->free, 5);
	assert_false(done(w, release_call(w, h->hold_id))->has_number);

	h = held(w, hold_of(w, v, 1, 12));
	w->m.now_ms = h->expires_time - 1;
	done(w, confirm_call(w, h, h->fencing_number));
	world_wait(w, h->expires_time + DAY_MS);
	assert_int_equal(beds(w, id)->held, 1);
	w->m.now_ms = MACHINE_TIME_MS + 3 * DAY_MS;
	assert_int_equal(
	    no(w, start_call(w, h, machines_id(&w->m))), RESIDENTIAL_HOLD_EXPIRED);
	assert_int_equal(beds(w, id)->held, 0);
}

static void
a_release_that_comes_first_is_kept(void **state)
{
	struct residential_world *w = *state;
	struct machine_call call = hold_call(
	    w, hold_of(w, opened(w, registered(w, URN), BAND(10_TO_15)), 1, 12));

	call.message_id = machines_id(&w->m);
	assert_true(done(w, release_call(w, call.message_id))->has_number);
	assert_false(done(w, release_call(w, call.message_id))->has_number);
	machines_restart(&w->m, "residential");
	assert_int_equal(no(w, call), RESIDENTIAL_HOLD_RELEASED_FIRST);
}

static void
a_hold_needs_an_open_vacancy(void **state)
{
	struct residential_world *w = *state;
	const Residential__Vacancy *v = opened(w, registered(w, URN), BAND(10_TO_15));
	Residential__CloseVacancy body = RESIDENTIAL__CLOSE_VACANCY__INIT;
	Place__Hold *h = hold_of(w, v, 1, 12);

	body.vacancy_id = v->vacancy_id;
	struct machine_call call = call_of(OFFICER, CALL(CLOSE_VACANCY), &body.base);
	const Residential__Vacancy *closed =
	    machines_ask(&w->m, &call, &residential__vacancy__descriptor);
	assert_false(closed->is_open);
	assert_int_equal(no(w, call), RESIDENTIAL_VACANCY_CLOSED);
	assert_int_equal(no(w, hold_call(w, h)), RESIDENTIAL_VACANCY_CLOSED);
	h->vacancy_id = machines_id(&w->m);
	assert_int_equal(no(w, hold_call(w, h)), RESIDENTIAL_VACANCY_UNKNOWN);
}

/* ---- reserved beds ---- */

/* The council has its bed while the home is full to everybody else. */
static void
the_reserved_bed_is_its_councils(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));

	done(w, reserve_call(w, id, 2, AREA));
	done(w, close_call(w, id, 4, 0));
	const Residential__HomeShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->vacancies[0]->beds->free, 0);
	assert_int_equal(s->vacancies[0]->n_reserved_free, 1);
	assert_string_equal(s->vacancies[0]->reserved_free[0]->council_id, AREA);
	assert_int_equal(no(w, hold_call(w, hold_of(w, v, 1, 12))), RESIDENTIAL_NO_BED);
	Place__Hold *h = hold_of(w, v, 1, 12);
	h->placing_council_id = said(w, AREA);
	const Place__Held *got = held(w, h);
	s = shown(w, OFFICER, id);
	assert_int_equal(s->beds->reserved, 0);
	assert_int_equal(s->holds[0]->n_reservation_ids, 1);
	assert_int_equal(s->vacancies[0]->n_reserved_free, 0);
	h->children[0]->child_id = machines_id(&w->m);
	assert_int_equal(no(w, hold_call(w, h)), RESIDENTIAL_NO_BED);

	/* Started it is lived in; ended it is the council's again. */
	const char *placement = machines_id(&w->m);
	done(w, confirm_call(w, got, got->fencing_number));
	done(w, start_call(w, got, placement));
	s = shown(w, OFFICER, id);
	assert_string_equal(
	    s->occupants[0]->reservation_id, s->reservations[0]->reservation_id);
	assert_int_equal(s->beds->reserved, 0);
	done(w, end_call(w, placement));
	assert_int_equal(beds(w, id)->reserved, 1);
}

/* With a free bed besides, its council takes the reserved one: others need the free. */
static void
the_reserved_bed_goes_first(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	Place__Hold *h = hold_of(w, v, 2, 12);

	done(w, reserve_call(w, id, 1, ELSEWHERE));
	assert_int_equal(beds(w, id)->free, 4);
	held(w, h); /* ELSEWHERE's: one reserved, one free */
	assert_string_equal(
	    beds_text(w, id), "5 5: 0 there, 2 held, 0 reserved, 0 closed, 3 free");
}

/* ---- together ---- */

/* The home with a resident who must not meet him. */
static void
a_resident_who_must_not_meet_him(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	Residential__Occupant *o = occupant_made(w, id, 13);
	Place__Hold *girl = hold_of(w, v, 1, 12), *boy = hold_of(w, v, 1, 12);

	SET(o, sex, SEX(FEMALE));
	o->not_safe_with = with_one(w, WITH(BOYS));
	o->n_not_safe_with = 1;
	done(w, occupant_call(w, o));
	SET(boy->children[0], sex, SEX(MALE));
	struct machine_call call = hold_call(w, boy);
	const Envelope__Envelope *answer = machines_call(&w->m, &call);
	assert_int_equal(answer->refusal->number, RESIDENTIAL_NOT_SAFE_TOGETHER);
	assert_non_null(strstr(answer->refusal->clause, "regulation 14"));
	/* Nothing of the one who lives there: neither sex, nor age, nor who. */
	assert_null(strstr(answer->refusal->sentence, "girl"));
	assert_null(strstr(answer->refusal->sentence, "boy"));
	assert_null(strstr(answer->refusal->sentence, "13"));
	held(w, girl);
}

/* What was safe at the hold is asked again at the start. */
static void
somebody_came_between_the_hold_and_the_start(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	Place__Hold *asked = hold_of(w, v, 1, 12);
	Residential__EndOccupant end = RESIDENTIAL__END_OCCUPANT__INIT;

	asked->not_safe_with = with_one(w, WITH(BOYS));
	asked->n_not_safe_with = 1;
	const Place__Held *h = held(w, asked);
	done(w, confirm_call(w, h, h->fencing_number));
	end.occupant_id =
	    said(w, done(w, occupant_call(w, occupant_made(w, id, 15)))->id);
	assert_int_equal(
	    no(w, start_call(w, h, machines_id(&w->m))), RESIDENTIAL_NOT_SAFE_TOGETHER);
	SET(&end, end_day, TODAY);
	done(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
	done(w, start_call(w, h, machines_id(&w->m)));
	/* And whom she is not safe with goes with her. */
	assert_int_equal(
	    shown(w, OFFICER, id)->vacancies[0]->residents->not_safe_with[0],
	    WITH(BOYS));
}

/* From the hold on the home is closed to others; its beds say so, not why. */
static void
a_child_who_must_live_alone(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	Place__Hold *alone = hold_of(w, v, 1, 12);

	alone->not_safe_with = with_one(w, WITH(ANY_CHILD));
	alone->n_not_safe_with = 1;
	const Place__Held *other = held(w, hold_of(w, v, 1, 12));
	assert_int_equal(no(w, hold_call(w, alone)), RESIDENTIAL_NOT_SAFE_TOGETHER);
	done(w, release_call(w, other->hold_id));
	const Place__Held *h = held(w, alone);
	assert_string_equal(
	    beds_text(w, id), "5 5: 0 there, 1 held, 0 reserved, 4 closed, 0 free");
	assert_int_equal(no(w, hold_call(w, hold_of(w, v, 1, 12))), RESIDENTIAL_NO_BED);
	assert_int_equal(
	    shown(w, OFFICER, id)->vacancies[0]->residents->n_not_safe_with, 0);
	done(w, release_call(w, h->hold_id));
	assert_int_equal(beds(w, id)->free, 5);
}

/* ---- registration ---- */

static void
restrict_home(struct residential_world *w, const char *id)
{
	Residential__Home *row = row_of(w, id);

	SET(row, restriction, RESTRICTION(ACCOMMODATION));
	SET(row, restriction_day, TODAY);
	done(w, amend_call(w, OFFICER, row));
}

static void
a_restriction_stops_holds_vacancies_and_starts(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	const Place__Held *h = held(w, hold_of(w, v, 1, 12));

	opened(w, id, BAND(16_TO_17));
	done(w, confirm_call(w, h, h->fencing_number));
	restrict_home(w, id);
	const Residential__HomeShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->n_vacancies, 2);
	assert_false(s->vacancies[0]->is_open || s->vacancies[1]->is_open);
	assert_string_equal(
	    beds_text(w, id), "5 5: 0 there, 1 held, 0 reserved, 4 closed, 0 free");
	assert_int_equal(
	    no(w, hold_call(w, hold_of(w, v, 1, 12))), RESIDENTIAL_VACANCY_CLOSED);
	assert_int_equal(no(w, open_call(w, OFFICER, id, BAND(10_TO_15))),
	    RESIDENTIAL_VACANCY_RESTRICTED);
	assert_int_equal(
	    no(w, start_call(w, h, machines_id(&w->m))), RESIDENTIAL_RESTRICTED);

	/* Lifted: the promise stands, and the vacancy is the provider's to open. */
	Residential__Home *row = row_of(w, id);
	SET(row, restriction, RESTRICTION(UNSPECIFIED));
	row->has_restriction_day = 0;
	row->restriction_day = 0;
	done(w, amend_call(w, OFFICER, row));
	done(w, start_call(w, h, machines_id(&w->m)));
	assert_false(shown(w, OFFICER, id)->vacancies[0]->is_open);
	assert_string_equal(opened(w, id, BAND(10_TO_15))->vacancy_id, v->vacancy_id);
}

static void
fifteen_is_too_young_for_supported_accommodation(void **state)
{
	struct residential_world *w = *state;
	Residential__Home *home = home_made(w, "SC200001");

	SET(home, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION));
	SET(home, age_min_years, 16);
	const char *id = done(w, register_call(w, SUPPORTED_OFFICER, home))->id;
	struct machine_call call = open_call(w, SUPPORTED_OFFICER, id, BAND(16_TO_17));
	const Residential__Vacancy *v =
	    machines_ask(&w->m, &call, &residential__vacancy__descriptor);
	call = hold_call(w, hold_of(w, v, 1, 15));
	const Envelope__Envelope *answer = machines_call(&w->m, &call);
	assert_int_equal(answer->refusal->number, RESIDENTIAL_SUPPORTED_AGE);
	assert_non_null(strstr(answer->refusal->clause, "regulation 27A"));
	held(w, hold_of(w, v, 1, 16));
}

/* Brothers of two bands come by the vacancy of either, where both are open. */
static void
siblings_of_two_bands(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	Place__Hold *h = hold_of(w, v, 2, 12);

	SET(h->children[1], age_years, 9);
	assert_int_equal(no(w, hold_call(w, h)), RESIDENTIAL_BAND_CLOSED);
	opened(w, id, BAND(5_TO_9));
	held(w, h);
}

static void
only_requests_holds(void **state)
{
	struct residential_world *w = *state;
	const Place__Hold *h =
	    hold_of(w, opened(w, registered(w, URN), BAND(10_TO_15)), 1, 12);
	struct machine_call call = call_of(OFFICER, CALL(HOLD), &h->base);

	assert_int_equal(machines_fault(&w->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	machine_peer_key(&w->m, "matching", call.key);
	assert_int_equal(machines_fault(&w->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
	    STORY(a_bed_goes_from_free_to_lived_in),
	    STORY(what_was_done_is_done_again),
	    STORY(the_same_hold_is_held_once),
	    STORY(the_last_bed_goes_to_one),
	    STORY(siblings_come_together_or_not),
	    STORY(the_clock_ends_a_hold),
	    STORY(a_release_that_comes_first_is_kept),
	    STORY(a_hold_needs_an_open_vacancy),
	    STORY(the_reserved_bed_is_its_councils),
	    STORY(the_reserved_bed_goes_first),
	    STORY(a_resident_who_must_not_meet_him),
	    STORY(somebody_came_between_the_hold_and_the_start),
	    STORY(a_child_who_must_live_alone),
	    STORY(a_restriction_stops_holds_vacancies_and_starts),
	    STORY(fifteen_is_too_young_for_supported_accommodation),
	    STORY(siblings_of_two_bands),
	    STORY(only_requests_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
