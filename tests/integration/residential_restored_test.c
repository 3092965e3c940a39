/* A store of rcc-residential that was brought back from a copy, and is shown by
 * rcc-requests what it promised since: as foster_restored_test.c, but for its beds. */
#include "residential_world.h"

#include "showing.h"

static int
set_up(void **state)
{
	world_set_up(state);
	showing_open(&((struct residential_world *)*state)->m);
	return 0;
}

static void
no_bed_is_promised_twice(void **state)
{
	struct residential_world *w = *state;
	const char *home = registered(w, "SC100001");
	const Residential__Vacancy *v =
	    opened(w, home, COMMON__AGE_BAND__AGE_BAND_10_TO_15);
	Place__Hold *mine, *next;
	const Place__Held *h;
	struct machine_call call;
	Place__JourneyShown *j;

	done(w, close_call(w, home, 4, 0));
	machines_copy(&w->m, "residential");
	mine = hold_of(w, v, 1, 12);
	next = hold_of(w, v, 1, 12);
	h = held(w, mine);
	done(w, confirm_call(w, h, h->fencing_number));
	machines_restore(&w->m, "residential");
	call = hold_call(w, next);
	assert_int_equal(machines_fault(&w->m, &call), ENVELOPE__FAULT__FAULT_BUSY);
	j = shown_held(&w->m, mine, h);
	j->confirm = SHOWN_CALL(
	    &w->m, confirm_call(w, h, h->fencing_number), Place__ConfirmHold);
	machines_settle(&w->m);
	assert_false(is_waiting(&w->m, "residential"));
	assert_string_equal(
	    beds_text(w, home), "5 5: 0 there, 1 held, 0 reserved, 4 closed, 0 free");
	assert_int_equal(no(w, hold_call(w, next)), RESIDENTIAL_NO_BED);
	done(w, start_call(w, h, machines_id(&w->m)));
	assert_string_equal(
	    beds_text(w, home), "5 5: 1 there, 0 held, 0 reserved, 4 closed, 0 free");
}

/* Who moved into the bed that is kept for the council is in it again; a bed too many is
 * a fact. */
static void
who_moved_in_since_has_the_reserved_bed(void **state)
{
	struct residential_world *w = *state;
	const char *home = registered(w, "SC100002");
	const Residential__Vacancy *v =
	    opened(w, home, COMMON__AGE_BAND__AGE_BAND_10_TO_15);
	Place__Hold *holds[2];

	done(w, close_call(w, home, 4, 0));
	done(w, reserve_call(w, home, 2, ELSEWHERE));
	machines_copy(&w->m, "residential");
	for (size_t i = 0; i < 2; i++) {
		struct machine_call start;
		const Place__Held *h;
		Place__JourneyShown *j;

		holds[i] = hold_of(w, v, 1, 12);
		if (i == 1) {
			Residential__ReopenBeds body = RESIDENTIAL__REOPEN_BEDS__INIT;

			body.closed_id = shown(w, OFFICER, home)->closed[0]->closed_id;
			done(w, call_of(OFFICER, CALL(REOPEN_BEDS), &body.base));
		}
		h = held(w, holds[i]);
		done(w, confirm_call(w, h, h->fencing_number));
		start = start_call(w, h, machines_id(&w->m));
		done(w, start);
		j = shown_held(&w->m, holds[i], h);
		j->confirm = SHOWN_CALL(
		    &w->m, confirm_call(w, h, h->fencing_number), Place__ConfirmHold);
		j->start = SHOWN_CALL(&w->m, start, Place__Start);
	}
	machines_restore(&w->m, "residential");
	assert_string_equal(
	    beds_text(w, home), "5 5: 0 there, 0 held, 1 reserved, 4 closed, 0 free");
	machines_settle(&w->m);
	assert_false(is_waiting(&w->m, "residential"));
	assert_string_equal(
	    beds_text(w, home), "5 5: 2 there, 0 held, 0 reserved, 4 closed, 0 free");
	const Residential__HomeShown *known = shown(w, OFFICER, home);
	size_t reserved_n = 0;
	for (size_t i = 0; i < known->n_occupants; i++)
		reserved_n += known->occupants[i]->reservation_id != NULL;
	assert_int_equal(reserved_n, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, world_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(no_bed_is_promised_twice),
	    TEST(who_moved_in_since_has_the_reserved_bed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
