/* Pages of requests' events in, what is open out: for officers of the co-operative. */
#include "integration/observatory_world.h"

#define CONCERN(name) OBSERVATORY__CONCERN__CONCERN_##name
#define SAY(w, type, event) DECIDE(w, requests, REQUESTS_EVENT(type), event)

static struct machine_call
call_for(unsigned who, const Observatory__OperationsAsked *asked)
{
	struct machine_call call = {
	    .service = "observatory", .method = CALL(OPERATIONS), .body = &asked->base};

	machine_key(who, call.key);
	return call;
}

static const Observatory__Operations *
look(struct world *w)
{
	Observatory__OperationsAsked asked = OBSERVATORY__OPERATIONS_ASKED__INIT;
	struct machine_call call = call_for(OFFICER, &asked);

	machines_settle(&w->m);
	return machines_ask(&w->m, &call, &observatory__operations__descriptor);
}

static const Observatory__NeedOpen *
only(struct world *w)
{
	const Observatory__Operations *o = look(w);

	assert_int_equal(o->open, 1);
	assert_int_equal(o->n_needs, 1);
	return o->needs[0];
}

static char *
emergency(struct world *w)
{
	static char ref[] = "A";
	Requests__RequestSubmitted event = REQUESTS__REQUEST_SUBMITTED__INIT;
	Requests__NeedCirculation need = REQUESTS__NEED_CIRCULATION__INIT;
	Requests__ChildNeed child = REQUESTS__CHILD_NEED__INIT, *list[] = {&child};

	child.child_ref = ref;
	SET(&child, age_years, 9);
	SET(&child, age_day, TODAY);
	need.request_id = machines_id(&w->m);
	need.council_id = manchester;
	need.home_sector = sector;
	SET(&need, urgency, REQUESTS__URGENCY__URGENCY_EMERGENCY);
	SET(&need, needed_by_day, TODAY);
	need.children = list;
	need.n_children = 1;
	event.circulation = &need;
	SET(&event, submitted_time, w->m.now_ms);
	SET(&event, overdue_time, w->m.now_ms + INT64_C(86400000));
	SAY(w, REQUEST_SUBMITTED, event);
	return need.request_id;
}

static void
circulate(struct world *w, char *request_id, char **providers, size_t n)
{
	Requests__RequestCirculated event = REQUESTS__REQUEST_CIRCULATED__INIT;
	Requests__Bid bids[3], *list[3];

	for (size_t i = 0; i < n; i++) {
		requests__bid__init(&bids[i]);
		bids[i].provider_id = providers[i];
		list[i] = &bids[i];
	}
	event.request_id = request_id;
	event.bids = list;
	event.n_bids = n;
	SAY(w, REQUEST_CIRCULATED, event);
}

static void
decline(struct world *w, char *request_id, char *provider_id)
{
	Requests__OfferDeclined event = REQUESTS__OFFER_DECLINED__INIT;

	event.request_id = request_id;
	event.provider_id = provider_id;
	SAY(w, OFFER_DECLINED, event);
}

static void
confirm(struct world *w, char *request_id, char *hold_id, int64_t until_ms)
{
	Requests__OfferConfirmed event = REQUESTS__OFFER_CONFIRMED__INIT;

	event.request_id = request_id;
	event.hold_id = hold_id;
	SET(&event, latest_start_time, until_ms);
	SAY(w, OFFER_CONFIRMED, event);
}

/* From entered to begun, step by step. */
static void
a_need_is_followed_through_its_night(void **state)
{
	struct world *w = *state;
	char *home = household(w, w->agency, trafford, 3);
	char *request = emergency(w);
	char *providers[] = {w->team, w->agency, w->team};
	struct part part = {NULL, w->agency, home, 0, NULL, NULL};
	Requests__InterestShown interest = REQUESTS__INTEREST_SHOWN__INIT;
	Requests__PlaceHeld held = REQUESTS__PLACE_HELD__INIT;
	Requests__PlaceLost lost = REQUESTS__PLACE_LOST__INIT;
	int64_t now_ms = w->m.now_ms;

	const Observatory__NeedOpen *need = only(w);
	assert_true(need->is_same_day);
	assert_int_equal(need->needed_by_day, TODAY);
	assert_int_equal(need->submitted_time, now_ms);
	assert_int_equal(need->ages_years[0], 9);
	assert_int_equal(need->asked, 0);
	assert_false(need->has_circulated_time);
	assert_int_equal(need->concerns[0], CONCERN(SAME_DAY_NO_OFFER));
	/* Two are asked, one of them for two places, and asked again. */
	circulate(w, request, providers, 3);
	circulate(w, request, providers, 1);
	interest.request_id = request;
	interest.provider_id = w->team;
	SAY(w, INTEREST_SHOWN, interest);
	need = only(w);
	assert_int_equal(need->asked, 2);
	assert_int_equal(need->answered, 1);
	assert_true(need->has_circulated_time);
	decided(w, request, &part);
	held.request_id = request;
	held.hold_id = part.hold_id;
	SET(&held, expires_time, now_ms + 7200000);
	SAY(w, PLACE_HELD, held);
	need = only(w);
	assert_int_equal(need->answered, 2);
	assert_int_equal(need->offers_standing, 1);
	assert_int_equal(need->chosen, 1);
	assert_int_equal(need->step_due_time, now_ms + 7200000);
	assert_int_equal(need->n_concerns, 0);
	/* The place is lost, and with it the offer; another is chosen. */
	lost.request_id = request;
	lost.hold_id = part.hold_id;
	SAY(w, PLACE_LOST, lost);
	need = only(w);
	assert_int_equal(need->offers_standing, 0);
	assert_int_equal(need->chosen, 0);
	assert_int_equal(need->concerns[0], CONCERN(SAME_DAY_NO_OFFER));
	decided(w, request, &part);
	confirm(w, request, part.hold_id, now_ms + 3600000);
	/* Too late for a no of what was said yes to. */
	decline(w, request, w->agency);
	need = only(w);
	assert_int_equal(need->offers_standing, 1);
	assert_int_equal(need->step_due_time, now_ms + 3600000);
	assert_int_equal(need->concerns[0], CONCERN(HOLD_ENDING));
	started(w, request, &part);
	assert_int_equal(look(w)->open, 0);
	const Observatory__Sufficiency *s = ask(w, OFFICER, NULL);
	assert_int_equal(figure(line(s, NULL), METRIC(STARTED)), 1);
	assert_int_equal(figure(line(s, NULL), METRIC(SAME_DAY)), 0);
}

static void
an_offer_is_taken_back(void **state)
{
	struct world *w = *state;
	char *request = emergency(w);
	char *providers[] = {w->team, w->agency};
	Requests__OfferMade made = REQUESTS__OFFER_MADE__INIT;
	Requests__OfferRow offer = REQUESTS__OFFER_ROW__INIT;

	circulate(w, request, providers, 2);
	offer.offer_id = machines_id(&w->m);
	offer.request_id = request;
	offer.provider_id = w->agency;
	made.offer = &offer;
	SAY(w, OFFER_MADE, made);
	assert_int_equal(only(w)->concerns[0], CONCERN(DECISION_WAITING));
	decline(w, request, w->team);
	assert_int_equal(only(w)->offers_standing, 1);
	decline(w, request, w->agency);
	assert_int_equal(only(w)->offers_standing, 0);
	assert_int_equal(only(w)->answered, 2);
	/* Somebody who was never asked answers: nothing is known of it. */
	decline(w, request, w->homes);
	assert_int_equal(only(w)->answered, 2);
}

/* The other of a broken group is given back, and its offer stands. */
static void
a_broken_group_is_chosen_for_anew(void **state)
{
	struct world *w = *state;
	char *home = household(w, w->team, manchester, 2);
	char *request = submitted(w, manchester, 2);
	char a[] = "A", b[] = "B", *nobody = machines_id(&w->m);
	struct part first = {a, w->team, home, 0, NULL, NULL};
	struct part second = {b, w->agency, home, 0, NULL, NULL};
	Requests__ProviderAgreed agreed = REQUESTS__PROVIDER_AGREED__INIT;
	Requests__PlaceLost lost = REQUESTS__PLACE_LOST__INIT;
	Requests__GroupBroken broken = REQUESTS__GROUP_BROKEN__INIT;
	char *released[2];

	decided(w, request, &first);
	decided(w, request, &second);
	agreed.request_id = request;
	agreed.hold_id = first.hold_id;
	SAY(w, PROVIDER_AGREED, agreed);
	assert_int_equal(only(w)->chosen, 2);
	lost.request_id = request;
	lost.hold_id = first.hold_id;
	SAY(w, PLACE_LOST, lost);
	broken.request_id = request;
	released[0] = second.hold_id;
	released[1] = nobody; /* a hold that is not known here */
	broken.released_hold_ids = released;
	broken.n_released_hold_ids = 2;
	SAY(w, GROUP_BROKEN, broken);
	assert_int_equal(only(w)->chosen, 0);
	assert_int_equal(only(w)->offers_standing, 1);
}

static void
an_approval_is_waited_for(void **state)
{
	struct world *w = *state;
	char *request = submitted(w, manchester, 1);
	Requests__PlacementDecided event = REQUESTS__PLACEMENT_DECIDED__INIT;
	Requests__Journey journey = REQUESTS__JOURNEY__INIT;
	Requests__PlacementApproved approved = REQUESTS__PLACEMENT_APPROVED__INIT;

	journey.placement_id = machines_id(&w->m);
	journey.hold_id = machines_id(&w->m);
	journey.offer_id = machines_id(&w->m);
	SET(&journey, approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	event.request_id = request;
	event.journey = &journey;
	SAY(w, PLACEMENT_DECIDED, event);
	assert_int_equal(only(w)->concerns[0], CONCERN(APPROVAL_WAITING));
	approved.request_id = request;
	SAY(w, PLACEMENT_APPROVED, approved);
	assert_int_equal(only(w)->n_concerns, 0);
	SET(&journey, approver, REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER);
	journey.placement_id = machines_id(&w->m);
	SAY(w, PLACEMENT_DECIDED, event);
	assert_int_equal(only(w)->concerns[0], CONCERN(APPROVAL_WAITING));
	approved.placement_id = journey.placement_id;
	SAY(w, PLACEMENT_APPROVED, approved);
	assert_int_equal(only(w)->n_concerns, 0);
}

static void
officers_of_the_co_operative_alone_may_look(void **state)
{
	struct world *w = *state;
	Observatory__OperationsAsked asked = OBSERVATORY__OPERATIONS_ASKED__INIT;
	struct machine_call call = call_for(OFFICER, &asked);
	const Observatory__Operations *o;

	for (unsigned i = 0; i < 60; i++)
		(void)emergency(w);
	machines_settle(&w->m);
	o = machines_ask(&w->m, &call, &observatory__operations__descriptor);
	assert_int_equal(o->n_needs, 50);
	assert_int_equal(o->open, 60);
	assert_int_equal(o->n_sources, 4);
	SET(&asked, limit, 55);
	o = machines_ask(&w->m, &call, &observatory__operations__descriptor);
	assert_int_equal(o->n_needs, 55);
	SET(&asked, limit, 5000);
	o = machines_ask(&w->m, &call, &observatory__operations__descriptor);
	assert_int_equal(o->n_needs, 60);
	for (unsigned i = 0; i < 2; i++) {
		call = call_for(i == 0 ? BEA : PLACER, &asked);
		assert_int_equal(
		    machines_fault(&w->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	}
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    STORY(a_need_is_followed_through_its_night),
	    STORY(an_offer_is_taken_back),
	    STORY(a_broken_group_is_chosen_for_anew),
	    STORY(an_approval_is_waited_for),
	    STORY(officers_of_the_co_operative_alone_may_look),
	};

	return cmocka_run_group_tests_name("observatory_operations", tests, NULL, NULL);
}
