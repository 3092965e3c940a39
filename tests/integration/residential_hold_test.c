/* What rcc-requests asks of a home: beds are promised once. */
#include "integration/residential_world.h"

#define HOME "SC100001"

static void
a_bed_goes_from_free_to_lived_in(void **state)
{
	struct residential_world *w = *state;
	const char *home_id = registered(w, HOME);
	const Residential__Vacancy *v = opened(w, home_id, BAND(10_TO_15));
	const Place__Held *h = held(w, hold_of(w, v, 2, 12));
	const char *placement_id = machines_id(&w->m);

	assert_string_equal(h->place_id, home_id);
	assert_string_equal(beds_text(w, home_id),
	    "5 5: 0 there, 2 held, 0 reserved, 0 closed, 3 free");
	assert_true(done(w, confirm_call(w, h, h->fencing_number))->has_number);
	assert_true(done(w, start_call(w, h, placement_id))->has_number);
	assert_string_equal(beds_text(w, home_id),
	    "5 5: 2 there, 0 held, 0 reserved, 0 closed, 3 free");
	assert_true(done(w, end_call(w, placement_id))->has_number);
	assert_string_equal(beds_text(w, home_id),
	    "5 5: 0 there, 0 held, 0 reserved, 0 closed, 5 free");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_bed_goes_from_free_to_lived_in, world_set_up, world_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
