#include "matching_world.h"

/* ---- what changes ---- */

static bool
fails(struct room *room, unsigned r, char *vacancy_id, Matching__Rule rule)
{
	const Matching__Why *said = why(room, r, vacancy_id);

	for (size_t i = 0; i < said->n_failures; i++) {
		if (said->failures[i]->rule == rule)
			return true;
	}
	return false;
}

/* The homes in memory are those of the store, however they came there. */
static void
changes_reach_the_next_question(void **state)
{
	struct room *room = *state;
	uint32_t before = shortlist(room, 0)->vacancies;
	Foster__Vacancy *closed = room->foster[17];

	assert_int_equal(before, VACANCIES);
	/* One closed, one behind the last, one between two others. */
	SET(closed, is_open, false);
	publish(room, closed);
	publish(room, invent_vacancy(&room->invent, 2 * VACANCIES));
	machines_settle(&room->m);
	assert_int_equal(shortlist(room, 0)->vacancies, VACANCIES + 1);
	assert_true(fails(room, 0, closed->vacancy_id, MATCHING__RULE__RULE_OPEN));
	publish(room, invent_vacancy(&room->invent, 35));
	machines_settle(&room->m);
	const Matching__Shortlist *patched = shortlist(room, 0);
	assert_int_equal(patched->vacancies, VACANCIES + 2);
	machines_restart(&room->m, "matching");
	const Matching__Shortlist *anew = shortlist(room, 0);
	assert_int_equal(anew->vacancies, VACANCIES + 2);
	assert_int_equal(anew->suitable, patched->suitable);
	for (size_t i = 0; i < anew->n_candidates; i++)
		assert_string_equal(anew->candidates[i]->vacancy_id,
		    patched->candidates[i]->vacancy_id);
}

/* An owner whose journal begins anew is read anew; the other's homes stay. */
static void
a_source_that_begins_anew_is_read_anew(void **state)
{
	struct room *room = *state;

	assert_int_equal(shortlist(room, 0)->vacancies, VACANCIES);
	machines_begin_anew(&room->m, "residential");
	for (uint32_t i = 0; i < 20; i++)
		publish_home(room, room->home[i]);
	machines_settle(&room->m);
	const Matching__Shortlist *list = shortlist(room, 0);
	assert_int_equal(list->vacancies, FOSTER + 20);
	assert_int_equal(list->residential_number, 20);
	assert_int_equal(list->foster_number, FOSTER);
	why(room, 0, room->foster[3]->vacancy_id);
	why(room, 0, room->home[3]->vacancy_id);
}

static void
a_request_is_forgotten_once_it_needs_no_home(void **state)
{
	struct room *room = *state;
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(SHORTLIST), &body);
	Requests__RequestWithdrawn withdrawn = REQUESTS__REQUEST_WITHDRAWN__INIT;
	Requests__PlacementStarted started = REQUESTS__PLACEMENT_STARTED__INIT;

	withdrawn.request_id = room->request[0]->circulation->request_id;
	started.request_id = room->request[1]->circulation->request_id;
	machines_decide(&room->m, "requests", REQUEST_WITHDRAWN, &withdrawn.base);
	machines_decide(&room->m, "requests", PLACEMENT_STARTED, &started.base);
	machines_settle(&room->m);
	body.request_id = withdrawn.request_id;
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_REQUEST_UNKNOWN);
	body.request_id = started.request_id;
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_REQUEST_UNKNOWN);
	shortlist(room, 2);
}

/* While others of the group wait for theirs, the search goes on. */
static void
a_request_is_kept_while_others_of_the_group_wait(void **state)
{
	struct room *room = *state;
	Requests__PlacementStarted started = REQUESTS__PLACEMENT_STARTED__INIT;
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(SHORTLIST), &body);
	char a[] = "A", d[] = "D", *refs[] = {a};

	started.request_id = room->request[1]->circulation->request_id;
	SET(&started, others_wait, true);
	machines_decide(&room->m, "requests", PLACEMENT_STARTED, &started.base);
	machines_settle(&room->m);
	body.request_id = started.request_id;
	body.child_refs = refs;
	body.n_child_refs = 1;
	const Matching__Shortlist *list =
	    machines_ask(&room->m, &call, &matching__shortlist__descriptor);
	assert_int_equal(list->n_child_refs, 1);
	assert_string_equal(list->child_refs[0], "A");
	refs[0] = d;
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_CHILD_UNKNOWN);
	started.has_others_wait = 0;
	started.others_wait = 0;
	machines_decide(&room->m, "requests", PLACEMENT_STARTED, &started.base);
	machines_settle(&room->m);
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_REQUEST_UNKNOWN);
}

/* ---- drafts ---- */

/* A draft is asked about as a request is, as far as it goes, until it is dropped. */
static void
a_draft_is_followed_until_it_is_dropped(void **state)
{
	struct room *room = *state;
	Requests__NeedCirculation need = REQUESTS__NEED_CIRCULATION__INIT;
	Requests__NeedDetail detail = REQUESTS__NEED_DETAIL__INIT;
	Requests__DraftKept kept = REQUESTS__DRAFT_KEPT__INIT;
	Requests__DraftDropped dropped = REQUESTS__DRAFT_DROPPED__INIT;
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	Matching__WhyAsked why = MATCHING__WHY_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(SHORTLIST), &body);
	struct machine_call asked_why = call_by(room, "requests", CALL(WHY), &why);
	const Matching__Shortlist *nothing_said, *said;

	need.request_id = machines_id(&room->m);
	need.council_id = invent_councils[0];
	kept.circulation = &need;
	kept.detail = &detail;
	body.request_id = why.request_id = dropped.draft_id = need.request_id;
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_REQUEST_UNKNOWN);
	machines_decide(&room->m, "requests", DRAFT_KEPT, &kept.base);
	machines_settle(&room->m);
	nothing_said = machines_ask(&room->m, &call, &matching__shortlist__descriptor);
	assert_string_equal(nothing_said->request_id, need.request_id);
	assert_true(nothing_said->suitable > 0);
	assert_true(nothing_said->providers > 0);
	assert_int_equal(nothing_said->providers_within_20_miles, 0); /* of where? */
	why.vacancy_id = nothing_said->candidates[0]->vacancy_id;
	assert_int_equal(((Matching__Why *)machines_ask(
			      &room->m, &asked_why, &matching__why__descriptor))
			     ->rank,
	    1);
	/* As it goes on. */
	need = *room->request[0]->circulation;
	need.request_id = body.request_id;
	kept.detail = room->request[0]->detail;
	machines_decide(&room->m, "requests", DRAFT_KEPT, &kept.base);
	machines_settle(&room->m);
	said = machines_ask(&room->m, &call, &matching__shortlist__descriptor);
	assert_true(said->suitable < nothing_said->suitable);
	machines_restart(&room->m, "matching");
	assert_int_equal(((Matching__Shortlist *)machines_ask(
			      &room->m, &call, &matching__shortlist__descriptor))
			     ->suitable,
	    said->suitable);
	machines_decide(&room->m, "requests", DRAFT_DROPPED, &dropped.base);
	machines_settle(&room->m);
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_REQUEST_UNKNOWN);
	shortlist(room, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		changes_reach_the_next_question, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_source_that_begins_anew_is_read_anew, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_request_is_forgotten_once_it_needs_no_home, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_request_is_kept_while_others_of_the_group_wait, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_draft_is_followed_until_it_is_dropped, make, clear),
	};

	return cmocka_run_group_tests_name("matching_follow", tests, NULL, NULL);
}
