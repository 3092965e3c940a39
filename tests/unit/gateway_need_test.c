/* What is said of a need after it was sent, by how it stands and who looks. */
#include "gateway/need.h"
#include "gateway/need_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/routes.h"
#include "support/memory.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define NOW_MS INT64_C(1795183500000) /* 2026-11-20T14:05:00Z */
#define REQUEST_ID "01hzzzzzzzzzzzzzzzzzzz7k2m"
#define PLACEMENT_ID "01hzzzzzzzzzzzzzzzzzzzp001"
#define OFFER_ID "01hzzzzzzzzzzzzzzzzzzzff01"
#define PROVIDER_ID "01hzzzzzzzzzzzzzzzzzzzpr01"
#define PERSON_ID "01hzzzzzzzzzzzzzzzzzzzpe01"

static void *
message(const ProtobufCMessageDescriptor *type, const char *json)
{
	struct check_problem why;
	ProtobufCMessage *m = NULL;

	if (json_to_message(&arena, type, json, &m, &why) != ERR_NONE)
		fail_msg("%s %s in %s", why.field, why.reason, json);
	return m;
}

static struct directory names;
static struct page page;
static struct session reader;

static void
look_as(uint32_t roles)
{
	static Members__Person *people[1];

	names.councils = message(&members__councils__descriptor,
	    "{\"councils\":[{\"council_id\":\"E08000003\",\"name\":\"Manchester\","
	    "\"adjoining_council_ids\":[\"E08000006\"]},"
	    "{\"council_id\":\"E08000006\",\"name\":\"Salford\"},"
	    "{\"council_id\":\"E08000010\",\"name\":\"Wigan\"}]}");
	names.providers = message(&members__providers__descriptor,
	    "{\"providers\":[{\"provider_id\":\"" PROVIDER_ID
	    "\",\"name\":\"Alder\"}]}");
	people[0] = message(&members__person__descriptor,
	    "{\"person_id\":\"" PERSON_ID "\",\"name\":\"Ann\"}");
	names.people = people;
	names.people_n = 1;
	reader = (struct session){.roles = roles};
	page = (struct page){.arena = &arena,
	    .directory = &names,
	    .who = &reader,
	    .now_ms = NOW_MS,
	    .path = "/needs/" REQUEST_ID,
	    .query = ""};
}

/* A request in this state, with these further members of its JSON. */
static const Requests__Request *
request(const char *state, const char *more)
{
	return message(&requests__request__descriptor,
	    str_format(&arena,
		"{\"request_id\":\"" REQUEST_ID "\",\"state\":\"%s\","
		"\"council_id\":\"E08000003\",\"circulation\":{\"urgency\":\"planned\","
		"\"children\":[{\"child_ref\":\"A\",\"age_years\":9,"
		"\"age_day\":\"2026-11-20\",\"sex\":\"female\"}]}%s}",
		state, more));
}

#define BIDS                                                                           \
	",\"bids\":[{\"provider_id\":\"" PROVIDER_ID                                   \
	"\",\"answered_time\":\"2026-11-20T13:00:00.000Z\"},{\"provider_id\":"         \
	"\"01hzzzzzzzzzzzzzzzzzzzpr02\"}]"
#define ONE_BID(more) ",\"bids\":[{\"provider_id\":\"" PROVIDER_ID "\"" more "}]"
#define OFFERS(lost)                                                                   \
	",\"offers\":[{\"offer_id\":\"" OFFER_ID "\",\"provider_id\":\"" PROVIDER_ID   \
	"\",\"council_id\":\"E08000006\",\"fee_pence_week\":90000,\"is_lost\":" lost   \
	"}]"
#define JOURNEY(state, more)                                                           \
	OFFERS("false")                                                                \
	",\"journeys\":[{\"placement_id\":\"" PLACEMENT_ID                             \
	"\",\"offer_id\":\"" OFFER_ID "\",\"state\":\"" state                          \
	"\",\"hold_expires_time\":\"2026-11-20T16:05:00.000Z\"," more                  \
	"\"area_council_id\":\"E08000006\",\"decided_by_id\":\"" PERSON_ID "\"}]"
#define NOBODY "\"approver\":\"none\","
#define OFFICER "\"approver\":\"nominated_officer\","
#define DIRECTOR "\"approver\":\"director\","
#define APPROVED                                                                       \
	"\"approved_by_id\":\"" PERSON_ID                                              \
	"\",\"approved_time\":\"2026-11-20T13:00:00.000Z\","
#define OWED "\"grounds_due_time\":\"2026-11-27T17:00:00.000Z\","

static const struct {
	uint32_t roles;
	const char *state, *more, *sentence, *next;
} steps[] = {
    {ROLE_COMMISSIONER, "submitted", "", "No provider has been asked yet.",
	"Choose which homes to ask"},
    {ROLE_NOMINATED, "submitted", "", "No provider has been asked yet.", NULL},
    {ROLE_COMMISSIONER, "circulated", BIDS,
	"1 of 2 providers answered, and no offers stand.", "Ask more homes"},
    {ROLE_COMMISSIONER, "circulated", BIDS OFFERS("true"),
	"1 of 2 providers answered, and no offers stand.", "Ask more homes"},
    {ROLE_COMMISSIONER, "circulated",
	BIDS OFFERS("false") ",\"answer_by_time\":\"2026-11-20T15:05:00.000Z\"",
	"1 of 2 providers answered, and 1 offer stands. They have until today "
	"15:05.",
	"Look at the offer"},
    {ROLE_DIRECTOR, "circulated",
	BIDS OFFERS("false") ",\"answer_by_time\":\"2026-11-20T13:05:00.000Z\"",
	"1 of 2 providers answered, and 1 offer stands. Their time to answer "
	"ended today 13:05.",
	NULL},
    /* Who is alone is not counted; who has answered has no time left to do so. */
    {ROLE_COMMISSIONER, "circulated",
	ONE_BID("") ",\"answer_by_time\":\"2026-11-20T15:05:00.000Z\"",
	"The provider has not answered, and no offers stand. They have until today "
	"15:05.",
	"Ask more homes"},
    {ROLE_COMMISSIONER, "circulated",
	ONE_BID(",\"answered_time\":\"2026-11-20T13:00:00.000Z\"")
	    OFFERS("false") ",\"answer_by_time\":\"2026-11-20T15:05:00.000Z\"",
	"The provider has answered, and 1 offer stands.", "Look at the offer"},
    {ROLE_COMMISSIONER, "decided", JOURNEY("decided", NOBODY),
	"Alder was chosen. The place is being held: this takes a moment, and "
	"the page says so when it is.",
	NULL},
    {ROLE_COMMISSIONER, "held", JOURNEY("held", NOBODY),
	"The place is held until today 16:05. Alder has still to say yes.", NULL},
    {ROLE_NOMINATED, "held", JOURNEY("held", OFFICER),
	"The place is held until today 16:05. Alder has still to say yes.",
	"Approve the placement"},
    {ROLE_NOMINATED, "held", JOURNEY("held", DIRECTOR),
	"The place is held until today 16:05. Alder has still to say yes.", NULL},
    {ROLE_DIRECTOR, "held", JOURNEY("held", DIRECTOR),
	"The place is held until today 16:05. Alder has still to say yes.",
	"Approve the placement"},
    {ROLE_COMMISSIONER, "confirming", JOURNEY("confirming", NOBODY),
	"Alder said yes. The place is being confirmed.", NULL},
    {ROLE_COMMISSIONER, "confirmed", JOURNEY("confirmed", NOBODY),
	"Alder said yes and the place is confirmed. Record the start when the "
	"child moves in.",
	"Record the start"},
    {ROLE_COMMISSIONER, "confirmed", JOURNEY("confirmed", OFFICER),
	"Alder said yes and the place is confirmed. The start waits for the "
	"approval of the nominated officer.",
	NULL},
    {ROLE_COMMISSIONER, "confirmed", JOURNEY("confirmed", OFFICER APPROVED),
	"Alder said yes and the place is confirmed. Record the start when the "
	"child moves in.",
	"Record the start"},
    {ROLE_COMMISSIONER, "confirmed", JOURNEY("confirmed", OFFICER APPROVED OWED),
	"Alder said yes and the place is confirmed. Record the start when the "
	"child moves in.",
	"Record the start"},
    {ROLE_NOMINATED, "confirmed", JOURNEY("confirmed", OFFICER APPROVED OWED),
	"Alder said yes and the place is confirmed. Record the start when the "
	"child moves in.",
	"Complete the approval"},
    {ROLE_COMMISSIONER, "starting", JOURNEY("starting", NOBODY),
	"The start with Alder is being recorded.", NULL},
    {ROLE_COMMISSIONER, "started",
	JOURNEY("started", NOBODY "\"start_day\":\"2026-11-19\","),
	"Placed with Alder since 19 November 2026.", NULL},
    {ROLE_COMMISSIONER, "ended", JOURNEY("ended", NOBODY "\"end_day\":\"2026-11-19\","),
	"Every placement of this need has ended.", NULL},
    {ROLE_COMMISSIONER, "withdrawn", ",\"withdraw_reason\":\"family_or_friends\"",
	"This need was withdrawn: lives with family or friends.", NULL},
};

static void
the_next_step_is_said(void **state)
{
	(void)state;

	for (size_t i = 0; i < N(steps); i++) {
		look_as(steps[i].roles);
		json_t *step = need_step(&page, request(steps[i].state, steps[i].more));
		const char *next = json_string_value(
		    json_object_get(json_object_get(step, "next"), "text"));
		assert_string_equal(
		    json_string_value(json_object_get(step, "sentence")),
		    steps[i].sentence);
		if (!str_equal(next, steps[i].next))
			fail_msg(
			    "row %zu: next is %s", i, next != NULL ? next : "nothing");
		json_decref(step);
	}
}

/* Only what its commissioner may still do is offered beside it. */
static void
what_else_may_be_done_is_offered(void **state)
{
	(void)state;
	static const struct {
		uint32_t roles;
		const char *state, *more;
		size_t n;
	} rows[] = {
	    {ROLE_COMMISSIONER, "submitted", "", 1},
	    {ROLE_COMMISSIONER, "circulated", BIDS, 1},
	    {ROLE_COMMISSIONER, "circulated", BIDS OFFERS("false"), 2},
	    {ROLE_NOMINATED, "circulated", BIDS OFFERS("false"), 0},
	    {ROLE_COMMISSIONER, "held", JOURNEY("held", NOBODY), 1},
	    {ROLE_COMMISSIONER, "starting", JOURNEY("starting", NOBODY), 0},
	    {ROLE_COMMISSIONER, "started", JOURNEY("started", NOBODY), 0},
	    {ROLE_COMMISSIONER, "ended", JOURNEY("ended", NOBODY), 0},
	    {ROLE_COMMISSIONER, "withdrawn", "", 0},
	};

	for (size_t i = 0; i < N(rows); i++) {
		look_as(rows[i].roles);
		json_t *step = need_step(&page, request(rows[i].state, rows[i].more));
		if (json_array_size(json_object_get(step, "others")) != rows[i].n)
			fail_msg("row %zu: %zu others", i,
			    json_array_size(json_object_get(step, "others")));
		json_decref(step);
	}
}

/* Each row of the rule that a service would refuse by, and no other. */
static void
what_it_is_too_late_for_is_said(void **state)
{
	static const struct {
		enum need_act act;
		Requests__State first; /* from here on it is too late */
		Requests__State there; /* and says this there */
		const char *words;
	} acts[] = {
	    {NEED_CHOOSE, REQUESTS__STATE__STATE_DECIDED,
		REQUESTS__STATE__STATE_CONFIRMED, "chosen already"},
	    {NEED_WITHDRAW, REQUESTS__STATE__STATE_STARTING,
		REQUESTS__STATE__STATE_STARTED, "cannot be withdrawn"},
	    {NEED_START, REQUESTS__STATE__STATE_STARTING,
		REQUESTS__STATE__STATE_STARTED, "recorded already"},
	    {NEED_END, REQUESTS__STATE__STATE_ENDED, REQUESTS__STATE__STATE_ENDED,
		"end is recorded"},
	};

	(void)state;
	for (size_t i = 0; i < N(acts); i++) {
		for (int s = REQUESTS__STATE__STATE_SUBMITTED;
		     s <= REQUESTS__STATE__STATE_WITHDRAWN; s++) {
			const char *why =
			    need_too_late(acts[i].act, (Requests__State)s);
			assert_int_equal(why != NULL, s >= (int)acts[i].first);
		}
		assert_non_null(
		    strstr(need_too_late(acts[i].act, acts[i].there), acts[i].words));
	}
}

static void
placements_that_did_not_come_about_are_left_out(void **state)
{
	(void)state;
	look_as(ROLE_COMMISSIONER);
	json_t *list = need_placements(
	    &page, request("circulated", JOURNEY("circulated", NOBODY)));
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	list = need_placements(&page, request("held", JOURNEY("held", OFFICER)));
	assert_int_equal(json_array_size(list), 1);
	const json_t *one = json_array_get(list, 0);
	assert_string_equal(json_string_value(json_object_get(one, "approval")),
	    "Needs the approval of the nominated officer.");
	assert_string_equal(
	    json_string_value(json_object_get(one, "where")), "Salford");
	assert_null(json_object_get(one, "sentence"));
	json_decref(list);
}

static void
areas_are_a_table_and_never_miles(void **state)
{
	(void)state;
	look_as(ROLE_COMMISSIONER);
	const Requests__Request *r = request("submitted", "");

	assert_int_equal(need_area(&page, r, "E08000003"), NEED_AREA_OWN);
	assert_int_equal(need_area(&page, r, "E08000006"), NEED_AREA_ADJOINING);
	assert_int_equal(need_area(&page, r, "E08000010"), NEED_AREA_FAR);
	assert_int_equal(need_area(&page, r, NULL), NEED_AREA_UNKNOWN);
}

static void
grades_and_places_are_said(void **state)
{
	(void)state;
	look_as(ROLE_COMMISSIONER);
	assert_string_equal(
	    need_grade(&page, "good on 2025-03-01"), "Good, 1 March 2025");
	assert_string_equal(
	    need_grade(&page, "not yet inspected"), "Not yet inspected");
	assert_string_equal(need_grade(&page, "good on some day"), "Good on some day");
	assert_string_equal(need_grade(&page, NULL), "Not known");
	assert_string_equal(need_place_name(&page, REQUEST_ID), "place 7K2M");
	assert_string_equal(need_place_name(&page, NULL), "place not known");
}

/* Every kind of thing that happens has words of its own. */
static void
what_happened_is_said(void **state)
{
	(void)state;
	const ProtobufCEnumDescriptor *kinds = &requests__happening__descriptor;
	const char *unknown = "Something happened that this page has no words for.";

	look_as(ROLE_COMMISSIONER);
	const Requests__Request *r = request("submitted", "");
	for (unsigned i = 0; i < kinds->n_values; i++) {
		Requests__TimelineEntry e = REQUESTS__TIMELINE_ENTRY__INIT;
		Requests__TimelineEntry *list[] = {&e};
		Requests__RequestTimeline timeline = REQUESTS__REQUEST_TIMELINE__INIT;
		SET(&e, kind, (Requests__Happening)kinds->values[i].value);
		SET(&e, time, NOW_MS);
		timeline.n_entries = 1;
		timeline.entries = list;
		json_t *lines = need_timeline(&page, r, &timeline);
		const char *text = json_string_value(
		    json_object_get(json_array_get(lines, 0), "text"));
		assert_int_equal(str_equal(text, unknown), e.kind == 0);
		assert_true(str_ends(text, "."));
		json_decref(lines);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_next_step_is_said),
	    cmocka_unit_test(what_else_may_be_done_is_offered),
	    cmocka_unit_test(what_it_is_too_late_for_is_said),
	    cmocka_unit_test(placements_that_did_not_come_about_are_left_out),
	    cmocka_unit_test(areas_are_a_table_and_never_miles),
	    cmocka_unit_test(grades_and_places_are_said),
	    cmocka_unit_test(what_happened_is_said),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
