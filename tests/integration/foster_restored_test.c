/* A store of rcc-foster that was brought back from a copy, and is shown by rcc-requests
 * what it promised since. */
#include "foster_world.h"

#include "showing.h"

static int
set_up(void **state)
{
	world_set_up(state);
	showing_open(&((struct foster_world *)*state)->m);
	return 0;
}

static const Foster__Vacancy *
vacancy_for(struct foster_world *w, uint32_t children_max)
{
	return opened(w, registered(w, children_max));
}

static Place__JourneyShown *
show_confirmed(struct foster_world *w, Place__Hold *hold, const Place__Held *h)
{
	Place__JourneyShown *j = shown_held(&w->m, hold, h);

	j->confirm = SHOWN_CALL(
	    &w->m, confirm_call(w, h, h->fencing_number), Place__ConfirmHold);
	return j;
}

static Place__JourneyShown *
show_started(struct foster_world *w, Place__Hold *hold, const Place__Held *h,
    const char *placement_id)
{
	Place__JourneyShown *j = show_confirmed(w, hold, h);

	j->start = SHOWN_CALL(&w->m, start_call(w, h, placement_id), Place__Start);
	return j;
}

static Envelope__Fault
fault_of(struct foster_world *w, struct machine_call call)
{
	return machines_fault(&w->m, &call);
}

static Envelope__Fault
fault_of_hold(struct foster_world *w, const Place__Hold *hold)
{
	return fault_of(w, call_by_requests(w, CALL(HOLD), &hold->base));
}

#define BUSY ENVELOPE__FAULT__FAULT_BUSY
#define HOUR_MS (60 * MINUTE_MS)

/* The last page that was taken. */
static const Place__JourneysShown *
last_page(struct foster_world *w)
{
	Place__JourneysShown *found = NULL;
	ProtobufCMessage *message;
	struct journal_walk walk;
	struct kv_txn txn;

	kv_begin(svc_kv(machines_svc(&w->m, "foster")), &txn, false);
	journal_walk(&txn, &walk, 1);
	while (journal_next(&walk, &w->m.arena)) {
		if (walk.record->header->type !=
		    FOSTER__FOSTER_EVENT__EVENT_JOURNEYS_SHOWN)
			continue;
		assert_int_equal(
		    message_unpack(&w->m.arena, &place__journeys_shown__descriptor,
			BYTES_OF(walk.body->event), &message),
		    ERR_NONE);
		found =
		    (Place__JourneysShown *)(void *)message_copy(&w->m.arena, message);
	}
	kv_abort(&txn);
	assert_non_null(found);
	return found;
}

static void
no_place_is_promised_twice(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v = vacancy_for(w, 1);
	Place__Hold *first = hold_of(w, v, 1, false);
	const Place__Hold *second = hold_of(w, v, 1, false);
	const Place__Held *h;

	machines_copy(&w->m, "foster");
	h = held(w, first);
	done(w, confirm_call(w, h, h->fencing_number));
	machines_restore(&w->m, "foster");
	assert_true(is_waiting(&w->m, "foster"));
	assert_int_equal(places(w, v->household_id)->free, 1); /* as it knows */
	assert_int_equal(fault_of_hold(w, second), BUSY);
	/* What is asked about a hold it does not know waits as well. */
	assert_int_equal(fault_of(w, confirm_call(w, h, h->fencing_number)), BUSY);
	assert_int_equal(fault_of(w, release_call(w, h->hold_id)), BUSY);
	assert_int_equal(fault_of(w, start_call(w, h, v->vacancy_id)), BUSY);
	assert_int_equal(fault_of(w, end_call(w, v->vacancy_id)), BUSY);
	show_confirmed(w, first, h);
	machines_settle(&w->m);
	assert_false(is_waiting(&w->m, "foster"));
	assert_int_equal(places(w, v->household_id)->held, 1);
	assert_int_equal(
	    no(w, call_by_requests(w, CALL(HOLD), &second->base)), FOSTER_TERMS_NUMBER);
	/* It was granted under the number of another life. */
	done(w, start_call(w, h, machines_id(&w->m)));
	assert_int_equal(places(w, v->household_id)->filled, 1);
}

/* A hold of the copy, kept on in the time that was lost, is not ended by the clock that
 * the copy knows; one that was not is. */
static void
the_clock_waits_until_all_is_shown(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *kept = vacancy_for(w, 1), *left = vacancy_for(w, 1);
	Place__Hold *hold = hold_of(w, kept, 1, false);
	Place__Hold *other = hold_of(w, left, 1, false);
	const Place__Held *h = held(w, hold), *o = held(w, other);

	machines_copy(&w->m, "foster");
	done(w, confirm_call(w, h, h->fencing_number));
	w->m.now_ms += 2 * HOUR_MS;
	machines_restore(&w->m, "foster");
	showing.answers = 0;
	machines_settle(&w->m);
	assert_true(is_waiting(&w->m, "foster"));
	assert_int_equal(places(w, left->household_id)->held, 1);
	show_confirmed(w, hold, h);
	shown_held(&w->m, other, o);
	showing.answers = 1;
	world_wait(w, w->m.now_ms + HOUR_MS);
	assert_false(is_waiting(&w->m, "foster"));
	assert_int_equal(places(w, kept->household_id)->held, 1);
	assert_int_equal(places(w, left->household_id)->held, 0);
	assert_int_equal(last_page(w)->adopted, 1);
	assert_int_equal(last_page(w)->shown, 2);
}

/* Two live where the copy knows of one place, and one has moved out: facts. */
static void
who_moved_in_and_out_since_is_known_again(void **state)
{
	struct foster_world *w = *state;
	struct household_row row;
	const Foster__Vacancy *v = vacancy_for(w, 1);
	const Foster__Vacancy *emptied = vacancy_for(w, 1);
	Place__Hold *holds[4];
	const Place__Held *h[4];
	char *placements[4];

	for (size_t i = 0; i < 4; i++) {
		holds[i] = hold_of(w, i < 2 ? v : emptied, 1, false);
		placements[i] = machines_id(&w->m);
	}
	h[2] = held(w, holds[2]);
	done(w, confirm_call(w, h[2], h[2]->fencing_number));
	done(w, start_call(w, h[2], placements[2]));
	machines_copy(&w->m, "foster");
	done(w, end_call(w, placements[2]));
	household_make(w, &row);
	row.row.household_id = said(w, v->household_id);
	SET(&row.terms, children_max, 2);
	{
		Foster__AmendHousehold body = FOSTER__AMEND_HOUSEHOLD__INIT;

		body.household = &row.row;
		done(w, call_of(OFFICER, CALL(AMEND_HOUSEHOLD), &body.base));
	}
	for (size_t i = 0; i < 4; i++) {
		if (i == 2)
			continue;
		h[i] = held(w, holds[i]);
		done(w, confirm_call(w, h[i], h[i]->fencing_number));
		done(w, start_call(w, h[i], placements[i]));
	}
	done(w, end_call(w, placements[3]));
	machines_restore(&w->m, "foster");
	for (size_t i = 0; i < 4; i++) {
		Place__JourneyShown *j = show_started(w, holds[i], h[i], placements[i]);

		if (i >= 2)
			j->end =
			    SHOWN_CALL(&w->m, end_call(w, placements[i]), Place__End);
	}
	machines_settle(&w->m);
	assert_false(is_waiting(&w->m, "foster"));
	assert_int_equal(places(w, v->household_id)->filled, 2);
	assert_int_equal(places(w, v->household_id)->free, 0);
	assert_int_equal(places(w, emptied->household_id)->filled, 0);
	assert_int_equal(places(w, emptied->household_id)->free, 1);
	assert_int_equal(last_page(w)->adopted, 4);
	done(w, end_call(w, placements[1]));
	assert_int_equal(places(w, v->household_id)->filled, 1);
}

static void
what_was_given_back_since_is_free(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v = vacancy_for(w, 1);
	Place__Hold *hold = hold_of(w, v, 1, false);
	const Place__Held *h = held(w, hold);
	Place__JourneyShown *over;

	machines_copy(&w->m, "foster");
	done(w, release_call(w, h->hold_id));
	machines_restore(&w->m, "foster");
	over = shown_held(&w->m, hold, h);
	over->hold = NULL;
	over->held = NULL;
	SET(over, is_over, true);
	machines_settle(&w->m);
	assert_int_equal(places(w, v->household_id)->free, 1);
	held(w, hold_of(w, v, 1, false));
}

/* Ten journeys, three a page and four taken at a time, with a crash in between; those
 * of one request may be cut, and are then shown once more. */
static void
page_after_page_whatever_happens(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v[10];
	Place__Hold *holds[10];
	const Place__Held *h[10];

	for (size_t i = 0; i < 10; i++)
		v[i] = vacancy_for(w, 1);
	machines_copy(&w->m, "foster");
	for (size_t i = 0; i < 10; i++) {
		holds[i] = hold_of(w, v[i], 1, false);
		if (i > 3 && i < 10)
			holds[i]->request_id = holds[3]->request_id;
		h[i] = held(w, holds[i]);
	}
	machines_restore(&w->m, "foster");
	for (size_t i = 0; i < 10; i++)
		shown_held(&w->m, holds[i], h[i]);
	showing.a_page = 10;
	showing.answers = 1;
	machines_settle(&w->m);
	assert_true(is_waiting(&w->m, "foster"));
	assert_int_equal(last_page(w)->adopted, 4);
	assert_int_equal(last_page(w)->shown, 3);
	assert_string_equal(last_page(w)->next_after_id, holds[2]->request_id);
	machines_restart(&w->m, "foster");
	machines_check_rebuild(&w->m, "foster");
	showing.answers = 1;
	world_wait(w, w->m.now_ms + 20000);
	assert_true(is_waiting(&w->m, "foster"));
	assert_int_equal(last_page(w)->adopted, 4);
	assert_int_equal(last_page(w)->shown, 0);
	machines_restart(&w->m, "foster");
	showing.answers = 1;
	world_wait(w, w->m.now_ms + 20000);
	assert_false(is_waiting(&w->m, "foster"));
	assert_int_equal(last_page(w)->adopted, 2);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(places(w, v[i]->household_id)->held, 1);
}

static void
a_place_that_is_not_known_any_more_is_named(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *known = vacancy_for(w, 1), *lost;
	Place__Hold *hold;
	const Place__Held *h;

	machines_copy(&w->m, "foster");
	lost = vacancy_for(w, 1);
	hold = hold_of(w, lost, 1, false);
	h = held(w, hold);
	machines_restore(&w->m, "foster");
	show_confirmed(w, hold, h);
	machines_settle(&w->m);
	assert_false(is_waiting(&w->m, "foster"));
	assert_int_equal(last_page(w)->n_unknown_place_hold_ids, 1);
	assert_string_equal(last_page(w)->unknown_place_hold_ids[0], h->hold_id);
	assert_int_equal(no(w, start_call(w, h, h->hold_id)), FOSTER_HOLD_UNKNOWN);
	held(w, hold_of(w, known, 1, false));
}

/* A second restore loses what the first was shown; what that one had asked is no answer
 * to this one. */
static void
restored_again_it_is_shown_all_again(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v[2] = {vacancy_for(w, 1), vacancy_for(w, 1)};
	Place__Hold *holds[2] = {
	    hold_of(w, v[0], 1, false), hold_of(w, v[1], 1, false)};
	const Place__Held *h[2];

	machines_copy(&w->m, "foster");
	for (size_t i = 0; i < 2; i++)
		h[i] = held(w, holds[i]);
	machines_restore(&w->m, "foster");
	showing.answers = 0;
	machines_settle(&w->m); /* it has asked, and nothing was said */
	machines_copy(&w->m, "foster");
	machines_restore(&w->m, "foster");
	for (size_t i = 0; i < 2; i++)
		shown_held(&w->m, holds[i], h[i]);
	showing.a_page = 1;
	showing.answers = 2; /* to the first life's question, and to the second's */
	world_wait(w, w->m.now_ms + 20000);
	assert_true(is_waiting(&w->m, "foster"));
	showing.answers = 10;
	world_wait(w, w->m.now_ms + 20000);
	assert_false(is_waiting(&w->m, "foster"));
	assert_int_equal(showing.asked, 3);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(places(w, v[i]->household_id)->held, 1);
}

/* What is not whole is not taken, nor is the mark: it is asked for again. */
static void
what_is_shown_must_be_whole(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v = vacancy_for(w, 1);
	Place__Hold *hold = hold_of(w, v, 1, false);
	const Place__Held *h;
	Place__JourneyShown *j;

	machines_copy(&w->m, "foster");
	h = held(w, hold);
	machines_restore(&w->m, "foster");
	j = shown_held(&w->m, hold, h);
	j->held->place_id = NULL;
	machines_settle(&w->m);
	assert_true(is_waiting(&w->m, "foster"));
	j->held->place_id = said(w, v->household_id);
	world_wait(w, w->m.now_ms + 20000);
	assert_false(is_waiting(&w->m, "foster"));
	assert_int_equal(places(w, v->household_id)->held, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, world_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(no_place_is_promised_twice),
	    TEST(the_clock_waits_until_all_is_shown),
	    TEST(who_moved_in_and_out_since_is_known_again),
	    TEST(what_was_given_back_since_is_free),
	    TEST(page_after_page_whatever_happens),
	    TEST(a_place_that_is_not_known_any_more_is_named),
	    TEST(restored_again_it_is_shown_all_again),
	    TEST(what_is_shown_must_be_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
