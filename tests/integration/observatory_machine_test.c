/* Pages of the owners' events in, figures out. */
#include "integration/observatory_world.h"

static void
a_journey_moves_the_figures(void **state)
{
	struct world *w = *state;
	char *home = household(w, w->agency, trafford, 3);
	char *request = submitted(w, manchester, 1);
	struct part part = {NULL, w->agency, home, 0, NULL, NULL};
	Requests__RequestCirculated circulated = REQUESTS__REQUEST_CIRCULATED__INIT;
	Requests__PlaceLost lost = REQUESTS__PLACE_LOST__INIT;
	Requests__PlacementEnded ended = REQUESTS__PLACEMENT_ENDED__INIT;

	counted(w, home, 3, 1, 0);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(OPEN)), 1);
	assert_int_equal(all(w, METRIC(FREE)), 2);
	circulated.request_id = request;
	DECIDE(w, requests, REQUESTS_EVENT(REQUEST_CIRCULATED), circulated);
	decided(w, request, &part);
	counted(w, home, 3, 1, 1);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(WAITING)), 1);
	assert_int_equal(all(w, METRIC(HELD)), 1);
	/* The place is lost; another is found. */
	lost.request_id = request;
	lost.hold_id = part.hold_id;
	DECIDE(w, requests, REQUESTS_EVENT(PLACE_LOST), lost);
	decided(w, request, &part);
	started(w, request, &part);
	counted(w, home, 3, 2, 0);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
	assert_int_equal(all(w, METRIC(PLACED)), 1);
	assert_int_equal(all(w, METRIC(ADJOINING)), 1);
	assert_int_equal(all(w, METRIC(MILES_TO_5)), 1);
	assert_int_equal(all(w, METRIC(PLACED_INDEPENDENT)), 1);
	assert_int_equal(all(w, METRIC(FILLED)), 2);
	assert_int_equal(all(w, METRIC(NO_REQUEST)), 1);
	ended.request_id = request;
	ended.placement_id = part.placement_id;
	SET(&ended, end_day, TODAY);
	DECIDE(w, requests, REQUESTS_EVENT(PLACEMENT_ENDED), ended);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(PLACED)), 0);
	assert_int_equal(all(w, METRIC(ENDED)), 1);
}

/* One decision a part; a broken group waits again; a withdrawal ends what waits. */
static void
siblings_in_several_homes(void **state)
{
	struct world *w = *state;
	char *one = household(w, w->team, manchester, 2);
	char *other = household(w, w->team, manchester, 2);
	char *request = submitted(w, manchester, 2);
	char a[] = "A", b[] = "B";
	struct part first = {a, w->team, one, 0, NULL, NULL};
	struct part second = {b, w->team, other, 0, NULL, NULL};
	Requests__GroupBroken broken = REQUESTS__GROUP_BROKEN__INIT;
	Requests__RequestWithdrawn withdrawn = REQUESTS__REQUEST_WITHDRAWN__INIT;

	decided(w, request, &first);
	decided(w, request, &second);
	broken.request_id = request;
	broken.lost_hold_id = first.hold_id;
	broken.released_hold_ids = &second.hold_id;
	broken.n_released_hold_ids = 1;
	DECIDE(w, requests, REQUESTS_EVENT(GROUP_BROKEN), broken);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(SEARCHING)), 2);
	decided(w, request, &first);
	decided(w, request, &second);
	started(w, request, &first);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(PLACED)), 1);
	assert_int_equal(all(w, METRIC(APART)), 1);
	assert_int_equal(all(w, METRIC(SEARCHING)), 1);
	withdrawn.request_id = request;
	DECIDE(w, requests, REQUESTS_EVENT(REQUEST_WITHDRAWN), withdrawn);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(PLACED)), 1);
	assert_int_equal(all(w, METRIC(WITHDRAWN)), 1);
	assert_int_equal(all(w, METRIC(SEARCHING)), 0);
}

static void
withheld(struct world *w, char *household_id, char *id, int32_t until_day)
{
	Foster__PlacesWithheld event = FOSTER__PLACES_WITHHELD__INIT;
	Foster__Withheld row = FOSTER__WITHHELD__INIT;

	row.withheld_id = id;
	row.household_id = household_id;
	SET(&row, places, 1);
	SET(&row, reason, FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK);
	SET(&row, from_day, TODAY - 1);
	if (until_day > 0)
		SET(&row, until_day, until_day);
	event.withheld = &row;
	DECIDE(w, foster, FOSTER_EVENT(PLACES_WITHHELD), event);
}

static void
places_withheld_have_their_reason(void **state)
{
	struct world *w = *state;
	char *home = household(w, w->team, manchester, 3);
	char *by_hand = machines_id(&w->m);
	Foster__PlacesRestored restored = FOSTER__PLACES_RESTORED__INIT;
	Foster__HouseholdReviewed reviewed = FOSTER__HOUSEHOLD_REVIEWED__INIT;
	Foster__PlacesCounted counted = FOSTER__PLACES_COUNTED__INIT;
	Foster__Places places = FOSTER__PLACES__INIT;

	withheld(w, home, by_hand, 0);
	withheld(w, home, machines_id(&w->m), TODAY + 9);
	SET(&places, approved, 3);
	SET(&places, not_available, 2);
	counted.household_id = home;
	counted.places = &places;
	DECIDE(w, foster, FOSTER_EVENT(PLACES_COUNTED), counted);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 2);
	assert_int_equal(all(w, METRIC(AT_LIMIT)), 1);
	restored.household_id = home;
	restored.withheld_id = by_hand;
	DECIDE(w, foster, FOSTER_EVENT(PLACES_RESTORED), restored);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 1);
	reviewed.household_id = home;
	SET(&reviewed, day, TODAY + 9);
	DECIDE(w, foster, FOSTER_EVENT(HOUSEHOLD_REVIEWED), reviewed);
	machines_settle(&w->m);
	assert_int_equal(all(w, METRIC(CARER_BREAK)), 0);
}

static void
homes_stand_beside_households(void **state)
{
	static const struct {
		Observatory__Metric metric;
		uint32_t n;
	} cases[] = {
	    {METRIC(APPROVED), 8},
	    {METRIC(FILLED), 2},
	    {METRIC(HELD), 1},
	    {METRIC(FREE), 1},
	    {METRIC(NOT_AVAILABLE), 4},
	    {METRIC(UNSTAFFED), 2},
	    {METRIC(ROOM_NOT_READY), 1},
	    {METRIC(RESERVED), 1},
	    {METRIC(VACANCIES), 2},
	    {METRIC(VACANCIES_STALE), 1},
	    {METRIC(SHARE_STALE), 50},
	    {METRIC(SHARE_FILLED), 25},
	    {METRIC(SHARE_FILLED_OF_AVAILABLE), 50},
	    {METRIC(NO_REQUEST), 1},
	    {METRIC(PLACED), 1},
	    {METRIC(PLACED_INDEPENDENT), 1},
	    {METRIC(MILES_TO_5), 1},
	};
	struct world *w = *state;
	char *home = home_with_beds(w);
	char *request = submitted(w, manchester, 1);
	struct part part = {NULL, w->homes, home,
	    COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME, NULL, NULL};

	decided(w, request, &part);
	started(w, request, &part);
	machines_settle(&w->m);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(all(w, cases[i].metric), cases[i].n);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    STORY(a_journey_moves_the_figures),
	    STORY(siblings_in_several_homes),
	    STORY(places_withheld_have_their_reason),
	    STORY(homes_stand_beside_households),
	};

	return cmocka_run_group_tests_name("observatory_machine", tests, NULL, NULL);
}
