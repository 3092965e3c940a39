/* The life of a hold, the same with every owner: by table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/place.h"

#define TODAY 20778 /* 2026-11-21 */
#define NOW INT64_C(1795262400000)
#define MINUTE INT64_C(60000)
#define DAY (INT64_C(24) * 60 * MINUTE)
#define STATE(name) PLACE__HOLD_STATE__HOLD_STATE_##name
#define SEX(name) COMMON__SEX__SEX_##name
#define CHILDREN 7

static char text_hold[] = "hold", text_other[] = "another hold";
static char text_request[] = "request", text_vacancy[] = "vacancy";
static char text_placement[] = "placement";

/* ---- the call ---- */

static Place__Hold call;
static Common__Child children[CHILDREN], *list[CHILDREN];
static char ids[CHILDREN][2];

static void
make_call(void)
{
	place__hold__init(&call);
	call.request_id = text_request;
	call.vacancy_id = text_vacancy;
	call.children = list;
	call.n_children = 2;
	SET(&call, hold_minutes, 60);
	for (size_t i = 0; i < CHILDREN; i++) {
		common__child__init(&children[i]);
		list[i] = &children[i];
		ids[i][0] = (char)('a' + i);
		children[i].child_id = ids[i];
		SET(&children[i], age_years, 5);
		SET(&children[i], age_day, TODAY);
		SET(&children[i], sex, SEX(FEMALE));
	}
}

#define HOLD(change, no)                                                               \
	do {                                                                           \
		make_call();                                                           \
		change;                                                                \
		assert_int_equal(place_check_hold(&call, NULL, TODAY), no);            \
	} while (0)

static void
a_call_is_whole(void **state)
{
	(void)state;
	HOLD((void)0, PLACE_OK);
	HOLD(call.request_id = NULL, PLACE_REQUEST_MISSING);
	HOLD(call.vacancy_id = NULL, PLACE_VACANCY_MISSING);
	HOLD(call.n_children = 0, PLACE_CHILDREN);
	HOLD(call.n_children = 6, PLACE_OK);
	HOLD(call.n_children = 7, PLACE_CHILDREN);
	HOLD(list[1]->child_id = NULL, PLACE_CHILD_INCOMPLETE);
	HOLD(list[1]->has_age_years = 0, PLACE_CHILD_INCOMPLETE);
	HOLD(list[1]->has_age_day = 0, PLACE_CHILD_INCOMPLETE);
	HOLD(SET(list[1], age_day, TODAY + 1), PLACE_OK);
	HOLD(SET(list[1], age_day, TODAY + 2), PLACE_CHILD_INCOMPLETE);
	HOLD(SET(list[1], sex, SEX(UNSPECIFIED)), PLACE_CHILD_INCOMPLETE);
	HOLD(SET(list[1], age_years, 17), PLACE_OK);
	HOLD(SET(list[1], age_years, 18), PLACE_CHILD_ADULT);
	HOLD(SET(list[1], age_years, 17);
	     SET(list[1], age_day, TODAY - 365), PLACE_CHILD_ADULT);
	HOLD(list[1]->child_id = list[0]->child_id, PLACE_CHILD_TWICE);
	HOLD(call.has_hold_minutes = 0; call.hold_minutes = 0, PLACE_MINUTES);
	HOLD(SET(&call, hold_minutes, 1), PLACE_OK);
	HOLD(SET(&call, hold_minutes, PLACE_HOLD_MINUTES_MAX), PLACE_OK);
	HOLD(SET(&call, hold_minutes, PLACE_HOLD_MINUTES_MAX + 1), PLACE_MINUTES);
}

static void
a_name_is_used_once(void **state)
{
	struct place_hold earlier = {.hold_id = text_hold, .state = STATE(RELEASED)};

	(void)state;
	make_call();
	assert_int_equal(
	    place_check_hold(&call, &earlier, TODAY), PLACE_RELEASED_FIRST);
	earlier.is_granted = true;
	assert_int_equal(place_check_hold(&call, &earlier, TODAY), PLACE_ID_USED);
}

/* ---- what may follow ---- */

static struct place_hold
hold_in(Place__HoldState state)
{
	return (struct place_hold){
	    .hold_id = text_hold,
	    .is_granted = true,
	    .state = state,
	    .fencing_number = 41,
	    .expires_time = NOW + MINUTE,
	    .latest_start_time =
		state == STATE(CONFIRMED) || state == STATE(STARTED) ? NOW + DAY : 0,
	};
}

#define STEP_NONE 9

static const struct {
	Place__HoldState state;
	enum place_no confirm, release, start;
	int confirm_step, release_step, start_step;
} states[] = {
    {STATE(HELD), PLACE_OK, PLACE_OK, PLACE_HOLD_NOT_CONFIRMED, PLACE_STEP_DO,
	PLACE_STEP_DO, STEP_NONE},
    {STATE(CONFIRMED), PLACE_OK, PLACE_OK, PLACE_OK, PLACE_STEP_DONE, PLACE_STEP_DO,
	PLACE_STEP_DO},
    {STATE(RELEASED), PLACE_HOLD_RELEASED, PLACE_OK, PLACE_HOLD_RELEASED, STEP_NONE,
	PLACE_STEP_DONE, STEP_NONE},
    {STATE(EXPIRED), PLACE_HOLD_EXPIRED, PLACE_OK, PLACE_HOLD_EXPIRED, STEP_NONE,
	PLACE_STEP_DONE, STEP_NONE},
    {STATE(STARTED), PLACE_HOLD_STARTED, PLACE_HOLD_STARTED, PLACE_HOLD_STARTED,
	STEP_NONE, STEP_NONE, STEP_NONE},
    /* Not said, which no owner writes: there is no such hold. */
    {STATE(UNSPECIFIED), PLACE_HOLD_UNKNOWN, PLACE_OK, PLACE_HOLD_UNKNOWN, STEP_NONE,
	PLACE_STEP_DONE, STEP_NONE},
};

static void
states_by_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		struct place_hold hold = hold_in(states[i].state);
		Place__ConfirmHold confirm = PLACE__CONFIRM_HOLD__INIT;
		Place__Release release = PLACE__RELEASE__INIT;
		Place__Start start = PLACE__START__INIT;
		enum place_step step = (enum place_step)STEP_NONE;
		SET(&confirm, fencing_number, 41);
		SET(&confirm, latest_start_time, NOW + DAY);
		assert_int_equal(
		    place_may_confirm(&hold, &confirm, NOW, &step), states[i].confirm);
		if (states[i].confirm == PLACE_OK)
			assert_int_equal(step, states[i].confirm_step);
		release.hold_id = text_hold;
		assert_int_equal(
		    place_may_release(&hold, &release, &step), states[i].release);
		if (states[i].release == PLACE_OK)
			assert_int_equal(step, states[i].release_step);
		SET(&start, fencing_number, 41);
		start.placement_id = text_placement;
		SET(&start, start_day, TODAY);
		assert_int_equal(
		    place_may_start(&hold, &start, NULL, NOW, &step), states[i].start);
		if (states[i].start == PLACE_OK)
			assert_int_equal(step, states[i].start_step);
	}
}

static void
confirm_presents_the_number_in_time(void **state)
{
	Place__ConfirmHold confirm = PLACE__CONFIRM_HOLD__INIT;
	enum place_step step;
	struct place_hold hold = hold_in(STATE(HELD));

	(void)state;
#define CONFIRM(now) place_may_confirm(&hold, &confirm, now, &step)
	SET(&confirm, latest_start_time, NOW + DAY);
	assert_int_equal(CONFIRM(NOW), PLACE_FENCING);
	SET(&confirm, fencing_number, 40);
	assert_int_equal(CONFIRM(NOW), PLACE_FENCING);
	SET(&confirm, fencing_number, 41);
	assert_int_equal(CONFIRM(NOW), PLACE_OK);
	assert_int_equal(CONFIRM(NOW + MINUTE - 1), PLACE_OK);
	assert_int_equal(CONFIRM(NOW + MINUTE), PLACE_HOLD_EXPIRED);
	SET(&confirm, latest_start_time, NOW);
	assert_int_equal(CONFIRM(NOW), PLACE_LATEST_START);
	SET(&confirm, latest_start_time, NOW + 92 * DAY);
	assert_int_equal(CONFIRM(NOW), PLACE_OK);
	SET(&confirm, latest_start_time, NOW + 92 * DAY + 1);
	assert_int_equal(CONFIRM(NOW), PLACE_LATEST_START);
	hold = hold_in(STATE(CONFIRMED));
	assert_int_equal(CONFIRM(NOW), PLACE_CONFIRMED_OTHERWISE);
	assert_int_equal(
	    place_may_confirm(NULL, &confirm, NOW, &step), PLACE_HOLD_UNKNOWN);
}

static void
a_release_may_come_first(void **state)
{
	Place__Release release = PLACE__RELEASE__INIT;
	enum place_step step = PLACE_STEP_DONE;

	(void)state;
	assert_int_equal(place_may_release(NULL, &release, &step), PLACE_HOLD_UNKNOWN);
	release.hold_id = text_hold;
	assert_int_equal(place_may_release(NULL, &release, &step), PLACE_OK);
	assert_int_equal(step, PLACE_STEP_DO);
}

static void
start_presents_the_number_in_time(void **state)
{
	Place__Start start = PLACE__START__INIT;
	struct place_placement placement = {.hold_id = text_other};
	enum place_step step = PLACE_STEP_DO;
	struct place_hold hold = hold_in(STATE(CONFIRMED));

	(void)state;
#define START(now) place_may_start(&hold, &start, NULL, now, &step)
	assert_int_equal(START(NOW), PLACE_FENCING);
	SET(&start, fencing_number, 41);
	assert_int_equal(START(NOW), PLACE_PLACEMENT_MISSING);
	start.placement_id = text_placement;
	assert_int_equal(START(NOW), PLACE_START_DAYS);
	SET(&start, start_day, TODAY);
	assert_int_equal(START(NOW), PLACE_OK);
	SET(&start, expected_end_day, TODAY - 1);
	assert_int_equal(START(NOW), PLACE_START_DAYS);
	SET(&start, expected_end_day, TODAY);
	assert_int_equal(START(NOW + DAY - 1), PLACE_OK);
	assert_int_equal(START(NOW + DAY), PLACE_HOLD_EXPIRED);
	assert_int_equal(place_may_start(&hold, &start, &placement, NOW, &step),
	    PLACE_PLACEMENT_TAKEN);
	/* The same placement of the same hold again: yes, and nothing follows. */
	hold = hold_in(STATE(STARTED));
	placement.hold_id = text_hold;
	assert_int_equal(
	    place_may_start(&hold, &start, &placement, NOW, &step), PLACE_OK);
	assert_int_equal(step, PLACE_STEP_DONE);
	assert_int_equal(
	    place_may_start(NULL, &start, NULL, NOW, &step), PLACE_HOLD_UNKNOWN);
}

static void
an_end_is_told_once_it_is_there(void **state)
{
	Place__End end = PLACE__END__INIT;
	struct place_placement placement = {.hold_id = text_hold};
	enum place_step step = PLACE_STEP_DONE;

	(void)state;
#define END() place_may_end(&placement, &end, TODAY, &step)
	assert_int_equal(END(), PLACE_PLACEMENT_MISSING);
	end.placement_id = text_placement;
	assert_int_equal(END(), PLACE_END_DAY_MISSING);
	SET(&end, end_day, TODAY + 1); /* the other clock passed midnight already */
	assert_int_equal(END(), PLACE_OK);
	assert_int_equal(step, PLACE_STEP_DO);
	SET(&end, end_day, TODAY + 2);
	assert_int_equal(END(), PLACE_END_DAY_AHEAD);
	placement.is_ended = true;
	assert_int_equal(END(), PLACE_OK);
	assert_int_equal(step, PLACE_STEP_DONE);
	assert_int_equal(
	    place_may_end(NULL, &end, TODAY, &step), PLACE_PLACEMENT_UNKNOWN);
}

static void
the_clock_ends_it_as_it_stands(void **state)
{
	struct place_hold hold = hold_in(STATE(HELD));

	(void)state;
	assert_int_equal(place_due_time(&hold), NOW + MINUTE);
	hold = hold_in(STATE(CONFIRMED));
	assert_int_equal(place_due_time(&hold), NOW + DAY);
}

#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name

static void
bands_join_without_a_gap(void **state)
{
	static const Common__AgeBand of_age[] = {BAND(UNDER_1), BAND(1_TO_4),
	    BAND(1_TO_4), BAND(1_TO_4), BAND(1_TO_4), BAND(5_TO_9), BAND(5_TO_9),
	    BAND(5_TO_9), BAND(5_TO_9), BAND(5_TO_9), BAND(10_TO_15), BAND(10_TO_15),
	    BAND(10_TO_15), BAND(10_TO_15), BAND(10_TO_15), BAND(10_TO_15),
	    BAND(16_TO_17), BAND(16_TO_17), BAND(UNSPECIFIED), BAND(UNSPECIFIED)};

	(void)state;
	for (uint32_t age = 0; age < sizeof of_age / sizeof of_age[0]; age++) {
		struct place_ages ages = place_band_ages(of_age[age]);
		assert_int_equal(place_band_of(age), of_age[age]);
		if (age < 18)
			assert_true(ages.min_years <= age && age <= ages.max_years);
	}
	/* Not said, or a band of another release: nobody is in it. */
	for (int band = BAND(16_TO_17) + 1; band >= 0; band -= BAND(16_TO_17) + 1) {
		struct place_ages ages = place_band_ages((Common__AgeBand)band);
		assert_true(ages.min_years > ages.max_years);
	}
}

/* ---- what a restored owner is shown ---- */

/* A journey with everything in it, to be cut short or broken. */
static struct whole {
	Common__Child child;
	Common__Child *children[1];
	Place__Hold hold;
	Place__Held held;
	Place__ConfirmHold confirm;
	Place__Start start;
	Place__End end;
	Place__JourneyShown shown;
} whole;

static Place__JourneyShown *
shown_whole(void)
{
	common__child__init(&whole.child);
	place__hold__init(&whole.hold);
	place__held__init(&whole.held);
	place__confirm_hold__init(&whole.confirm);
	place__start__init(&whole.start);
	place__end__init(&whole.end);
	place__journey_shown__init(&whole.shown);
	whole.children[0] = &whole.child;
	whole.hold.request_id = text_request;
	whole.hold.children = whole.children;
	whole.hold.n_children = 1;
	whole.held.hold_id = text_hold;
	whole.held.place_id = text_vacancy;
	SET(&whole.held, fencing_number, 9);
	SET(&whole.held, expires_time, NOW);
	SET(&whole.confirm, latest_start_time, NOW);
	whole.start.placement_id = text_placement;
	SET(&whole.start, start_day, TODAY);
	whole.end.placement_id = text_placement;
	SET(&whole.end, end_day, TODAY);
	whole.shown.request_id = text_request;
	whole.shown.hold_id = text_hold;
	whole.shown.hold = &whole.hold;
	whole.shown.held = &whole.held;
	whole.shown.confirm = &whole.confirm;
	whole.shown.start = &whole.start;
	whole.shown.end = &whole.end;
	return &whole.shown;
}

static void
what_is_shown_is_whole_or_not_taken(void **state)
{
	(void)state;
#define BREAKS(what)                                                                   \
	do {                                                                           \
		assert_true(place_is_shown_whole(shown_whole()));                      \
		what;                                                                  \
		assert_false(place_is_shown_whole(&whole.shown));                      \
	} while (0)
	BREAKS(whole.shown.request_id = NULL);
	BREAKS(whole.shown.hold_id = NULL);
	BREAKS(whole.shown.hold = NULL);
	BREAKS(whole.shown.held = NULL);
	BREAKS(whole.shown.confirm = NULL);
	BREAKS(whole.shown.start = NULL);
	BREAKS(whole.hold.request_id = text_hold);
	BREAKS(whole.hold.n_children = 0);
	BREAKS(whole.hold.n_children = PLACE_CHILDREN_MAX + 1);
	BREAKS(whole.held.hold_id = text_placement);
	BREAKS(whole.held.place_id = NULL);
	BREAKS(whole.held.has_fencing_number = false);
	BREAKS(whole.held.expires_time = 0);
	BREAKS(whole.confirm.latest_start_time = 0);
	BREAKS(whole.start.placement_id = NULL);
	BREAKS(whole.start.has_start_day = false);
	BREAKS(whole.end.placement_id = text_hold);
	BREAKS(whole.end.has_end_day = false);
	/* One that is not as far yet is whole without the rest. */
	shown_whole()->end = NULL;
	assert_true(place_is_shown_whole(&whole.shown));
	whole.shown.start = NULL;
	assert_true(place_is_shown_whole(&whole.shown));
	whole.shown.confirm = NULL;
	assert_true(place_is_shown_whole(&whole.shown));
	/* Of one that is over nothing more is needed. */
	shown_whole()->hold = NULL;
	SET(&whole.shown, is_over, true);
	assert_true(place_is_shown_whole(&whole.shown));
	whole.shown.request_id = NULL;
	assert_false(place_is_shown_whole(&whole.shown));
	whole.shown.request_id = text_request;
	whole.shown.hold_id = NULL;
	assert_false(place_is_shown_whole(&whole.shown));
}

static void
what_is_missing_by_table(void **state)
{
	enum { H = PLACE_GRANTED, C = PLACE_CONFIRMED, S = PLACE_STARTED };
	enum { E = PLACE_ENDED, R = PLACE_RELEASED };
	static const struct {
		int state; /* the owner's; -1: it knows of no hold */
		/* missing where it is shown held, confirmed, started, ended; over */
		unsigned held, confirmed, started, ended, over;
	} cases[] = {
	    {-1, H, H | C, H | C | S, H | C | S | E, 0},
	    {STATE(HELD), 0, C, C | S, C | S | E, R},
	    {STATE(CONFIRMED), 0, 0, S, S | E, R},
	    {STATE(STARTED), 0, 0, 0, E, 0},
	    {STATE(RELEASED), 0, 0, 0, 0, 0},
	    {STATE(EXPIRED), 0, 0, 0, 0, 0},
	};
	struct place_placement placement = {.hold_id = text_hold};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct place_hold row = hold_in(STATE(HELD));
		const struct place_hold *hold = cases[i].state < 0 ? NULL : &row;

		if (hold != NULL)
			row = hold_in((Place__HoldState)cases[i].state);
#define MISSING() place_missing(hold, &placement, &whole.shown)
		(void)shown_whole();
		assert_int_equal(MISSING(), cases[i].ended);
		whole.shown.end = NULL;
		assert_int_equal(MISSING(), cases[i].started);
		whole.shown.start = NULL;
		assert_int_equal(MISSING(), cases[i].confirmed);
		whole.shown.confirm = NULL;
		assert_int_equal(MISSING(), cases[i].held);
		SET(&whole.shown, is_over, true);
		assert_int_equal(MISSING(), cases[i].over);
	}
	/* Ended already. */
	placement.is_ended = true;
	struct place_hold started = hold_in(STATE(STARTED));
	assert_int_equal(place_missing(&started, &placement, shown_whole()), 0);
	/* Under another placement's name: that one's end is nobody's to write here. */
	assert_int_equal(place_missing(&started, NULL, shown_whole()), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bands_join_without_a_gap),
	    cmocka_unit_test(a_call_is_whole),
	    cmocka_unit_test(a_name_is_used_once),
	    cmocka_unit_test(states_by_table),
	    cmocka_unit_test(confirm_presents_the_number_in_time),
	    cmocka_unit_test(a_release_may_come_first),
	    cmocka_unit_test(start_presents_the_number_in_time),
	    cmocka_unit_test(an_end_is_told_once_it_is_there),
	    cmocka_unit_test(the_clock_ends_it_as_it_stands),
	    cmocka_unit_test(what_is_shown_is_whole_or_not_taken),
	    cmocka_unit_test(what_is_missing_by_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
