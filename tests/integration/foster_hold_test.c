/* A place from vacancy to placement and back, by packed bytes. */
#include <string.h>

#include "integration/foster_world.h"

static void
a_place_is_held_confirmed_started_ended(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Foster__Vacancy *v = opened(w, id);
	const char *placement = machines_id(&w->m);

	assert_int_equal(v->places->free, 3);
	const Place__Held *h = held(w, hold_of(w, v, 2, true));
	assert_string_equal(h->place_id, id);
	assert_true(h->fencing_number > 0);
	assert_int_equal(h->expires_time, w->m.now_ms + 60 * MINUTE_MS);
	assert_int_equal(places(w, id)->held, 2);
	assert_int_equal(places(w, id)->free, 1);

	assert_true(done(w, confirm_call(w, h, h->fencing_number))->has_number);
	assert_int_equal(shown(w, OFFICER, id)->holds[0]->state,
	    PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED);
	assert_true(done(w, start_call(w, h, placement))->has_number);
	const Foster__HouseholdShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->n_holds, 0);
	assert_int_equal(s->n_occupants, 2);
	assert_int_equal(s->places->filled, 2);
	assert_int_equal(s->vacancy->places->free, 1);
	assert_string_equal(s->occupants[0]->placement_id, placement);
	assert_string_not_equal(
	    s->occupants[0]->occupant_id, s->occupants[1]->occupant_id);
	assert_string_equal(
	    s->occupants[0]->sibling_group_id, s->occupants[1]->sibling_group_id);

	assert_true(done(w, end_call(w, placement))->has_number);
	assert_int_equal(places(w, id)->filled, 0);
	assert_int_equal(places(w, id)->free, 3);
}

/* By fresh ids: the answer is yes and nothing is recorded. */
static void
what_was_done_is_done_again(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v = opened(w, registered(w, 3));
	const Place__Held *h = held(w, hold_of(w, v, 1, false));
	const char *placement = machines_id(&w->m);
	const Place__Held *other = held(w, hold_of(w, v, 1, false));

	done(w, release_call(w, other->hold_id));
	assert_false(done(w, release_call(w, other->hold_id))->has_number);
	done(w, confirm_call(w, h, h->fencing_number));
	assert_false(done(w, confirm_call(w, h, h->fencing_number))->has_number);
	done(w, start_call(w, h, placement));
	assert_false(done(w, start_call(w, h, placement))->has_number);
	assert_int_equal(
	    no(w, start_call(w, h, machines_id(&w->m))), FOSTER_HOLD_STARTED);
	assert_int_equal(no(w, release_call(w, h->hold_id)), FOSTER_HOLD_STARTED);
	done(w, end_call(w, placement));
	assert_false(done(w, end_call(w, placement))->has_number);
	assert_int_equal(
	    no(w, end_call(w, machines_id(&w->m))), FOSTER_PLACEMENT_UNKNOWN);
}

/* The same message again hears the same answer, number and all. */
static void
the_same_hold_is_held_once(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Place__Hold *h = hold_of(w, opened(w, id), 1, false);
	struct machine_call call = call_by_requests(w, CALL(HOLD), &h->base);

	call.message_id = machines_id(&w->m);
	const Place__Held *first = machines_ask(&w->m, &call, &place__held__descriptor);
	const Place__Held *again = machines_ask(&w->m, &call, &place__held__descriptor);
	assert_string_equal(first->hold_id, call.message_id);
	assert_string_equal(again->hold_id, first->hold_id);
	assert_int_equal(again->fencing_number, first->fencing_number);
	assert_int_equal(places(w, id)->held, 1);
}

static void
the_last_place_goes_to_one(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v = opened(w, registered(w, 1));
	const Place__Hold *late = hold_of(w, v, 1, false);

	const Place__Held *first = held(w, hold_of(w, v, 1, false));
	w->m.now_ms += 20 * MINUTE_MS;
	struct machine_call call = call_by_requests(w, CALL(HOLD), &late->base);
	const Envelope__Envelope *answer = machines_call(&w->m, &call);
	assert_non_null(answer->refusal);
	assert_int_equal(answer->refusal->number, FOSTER_TERMS_NUMBER);
	assert_non_null(
	    strstr(answer->refusal->sentence, "the place was taken at 12:05"));
	assert_null(strstr(answer->refusal->sentence, first->hold_id));

	/* Also once it has started, and on another day. */
	done(w, confirm_call(w, first, first->fencing_number));
	done(w, start_call(w, first, machines_id(&w->m)));
	world_wait(w, w->m.now_ms + DAY_MS);
	call = call_by_requests(w, CALL(HOLD), &late->base);
	answer = machines_call(&w->m, &call);
	assert_non_null(
	    strstr(answer->refusal->sentence, "taken at 12:25 on 2026-11-21"));
}

/* Nobody took it: there never was room. */
static void
want_of_room_alone_names_no_time(void **state)
{
	struct foster_world *w = *state;
	const Place__Hold *h = hold_of(w, opened(w, registered(w, 1)), 2, true);
	struct machine_call call = call_by_requests(w, CALL(HOLD), &h->base);

	const Envelope__Envelope *answer = machines_call(&w->m, &call);
	assert_int_equal(answer->refusal->number, FOSTER_TERMS_NUMBER);
	assert_null(strstr(answer->refusal->sentence, "taken"));
}

static void
the_number_is_presented(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Place__Held *h = held(w, hold_of(w, opened(w, id), 1, false));

	assert_int_equal(
	    no(w, confirm_call(w, h, h->fencing_number + 1)), FOSTER_FENCING);
	done(w, confirm_call(w, h, h->fencing_number));
	Place__Held wrong = *h;
	SET(&wrong, fencing_number, h->fencing_number - 1);
	assert_int_equal(
	    no(w, start_call(w, &wrong, machines_id(&w->m))), FOSTER_FENCING);
}

static void
the_clock_ends_a_hold(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 1);
	const Foster__Vacancy *v = opened(w, id);
	const Place__Held *h = held(w, hold_of(w, v, 1, false));

	/* No turn in between: the confirm itself finds it expired. */
	w->m.now_ms = h->expires_time;
	assert_int_equal(
	    no(w, confirm_call(w, h, h->fencing_number)), FOSTER_HOLD_EXPIRED);
	assert_int_equal(places(w, id)->free, 1);
	assert_false(done(w, release_call(w, h->hold_id))->has_number);

	h = held(w, hold_of(w, v, 1, false));
	w->m.now_ms = h->expires_time - 1;
	done(w, confirm_call(w, h, h->fencing_number));
	world_wait(w, h->expires_time + DAY_MS);
	assert_int_equal(places(w, id)->held, 1);
	w->m.now_ms = MACHINE_TIME_MS + 3 * DAY_MS;
	assert_int_equal(
	    no(w, start_call(w, h, machines_id(&w->m))), FOSTER_HOLD_EXPIRED);
	assert_int_equal(places(w, id)->held, 0);
}

static void
a_release_that_comes_first_is_kept(void **state)
{
	struct foster_world *w = *state;
	const Place__Hold *h = hold_of(w, opened(w, registered(w, 3)), 1, false);
	struct machine_call call = call_by_requests(w, CALL(HOLD), &h->base);

	call.message_id = machines_id(&w->m);
	assert_true(done(w, release_call(w, call.message_id))->has_number);
	assert_false(done(w, release_call(w, call.message_id))->has_number);
	machines_restart(&w->m, "foster");
	assert_int_equal(no(w, call), FOSTER_HOLD_RELEASED_FIRST);
}

/* Everything a hold is measured against besides its children. */
static void
a_hold_needs_an_open_vacancy(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v = opened(w, registered(w, 3));
	Foster__CloseVacancy body = FOSTER__CLOSE_VACANCY__INIT;
	Place__Hold *h = hold_of(w, v, 1, false);

	body.vacancy_id = v->vacancy_id;
	struct machine_call call = call_of(OFFICER, CALL(CLOSE_VACANCY), &body.base);
	const Foster__Vacancy *closed =
	    machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	assert_false(closed->is_open);
	assert_int_equal(no(w, call), FOSTER_VACANCY_CLOSED);
	assert_int_equal(
	    no(w, call_by_requests(w, CALL(HOLD), &h->base)), FOSTER_VACANCY_CLOSED);
	h->vacancy_id = machines_id(&w->m);
	assert_int_equal(
	    no(w, call_by_requests(w, CALL(HOLD), &h->base)), FOSTER_VACANCY_UNKNOWN);
}

/* Between the hold and the start the home took a child from outside. */
static void
the_start_asks_the_law_again(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 6);
	const Foster__Vacancy *v = opened(w, id);
	const Place__Held *two = held(w, hold_of(w, v, 2, false));
	const Place__Held *one = held(w, hold_of(w, v, 1, false));

	done(w, confirm_call(w, two, two->fencing_number));
	done(w, confirm_call(w, one, one->fencing_number));
	done(w, occupant_call(w, id, KIND(PLACED_OUTSIDE), 4));
	assert_int_equal(
	    no(w, start_call(w, two, machines_id(&w->m))), FOSTER_USUAL_LIMIT);
	/* The other one gives way, and there is room in law. */
	done(w, release_call(w, one->hold_id));
	done(w, start_call(w, two, machines_id(&w->m)));
	assert_int_equal(places(w, id)->free, 0);
}

static void
only_requests_holds(void **state)
{
	struct foster_world *w = *state;
	const Place__Hold *h = hold_of(w, opened(w, registered(w, 3)), 1, false);
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
	    STORY(a_place_is_held_confirmed_started_ended),
	    STORY(what_was_done_is_done_again),
	    STORY(the_same_hold_is_held_once),
	    STORY(the_last_place_goes_to_one),
	    STORY(want_of_room_alone_names_no_time),
	    STORY(the_number_is_presented),
	    STORY(the_clock_ends_a_hold),
	    STORY(a_release_that_comes_first_is_kept),
	    STORY(a_hold_needs_an_open_vacancy),
	    STORY(the_start_asks_the_law_again),
	    STORY(only_requests_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
