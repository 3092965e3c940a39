#include "matching/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "matching/matching.h"
#include "matching/policy.h"
#include "matching/shortlist.h"
#include "support/invent.h"
#include "support/machine.h"
#include "support/scalar.h"

#define POLICY "services/matching/policy.conf"
#define VACANCIES 300
#define REQUESTS 12
#define CALL(name) MATCHING__MATCHING_CALL__CALL_##name
#define BEA 101 /* the key of a person */

/* ---- owners that only keep a journal ---- */

static enum err
apply_nothing(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

#define PERSON_REGISTERED MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED
#define KEY_REGISTERED MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED
#define COUNCIL_REGISTERED MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED
#define VACANCY_PUBLISHED FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED
#define REQUEST_SUBMITTED REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_SUBMITTED
#define REQUEST_WITHDRAWN REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_WITHDRAWN
#define PLACEMENT_STARTED REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_STARTED

static const struct svc_release of_members[] = {
    {"matching", PERSON_REGISTERED, NULL},
    {"matching", KEY_REGISTERED, NULL},
    {"matching", COUNCIL_REGISTERED, NULL},
};
static const struct svc_release of_foster[] = {{"matching", VACANCY_PUBLISHED, NULL}};
static const struct svc_release of_requests[] = {
    {"matching", REQUEST_SUBMITTED, NULL},
    {"matching", REQUEST_WITHDRAWN, NULL},
    {"matching", PLACEMENT_STARTED, NULL},
};

static const struct service members = {.name = "members",
    .layout = 1,
    .call = &members__members_call__descriptor,
    .answer = &members__members_answer__descriptor,
    .event = &members__members_event__descriptor,
    .apply = apply_nothing,
    .releases = of_members,
    .releases_n = 3,
    .owns_access = true};
static const struct service foster = {.name = "foster",
    .layout = 1,
    .call = &foster__foster_call__descriptor,
    .answer = &foster__foster_answer__descriptor,
    .event = &foster__foster_event__descriptor,
    .apply = apply_nothing,
    .releases = of_foster,
    .releases_n = 1};
static const struct service requests = {.name = "requests",
    .layout = 1,
    .call = &requests__requests_call__descriptor,
    .answer = &requests__requests_answer__descriptor,
    .event = &requests__requests_event__descriptor,
    .apply = apply_nothing,
    .releases = of_requests,
    .releases_n = 3};

struct room {
	struct machines m;
	struct invent invent;
	struct policy policy;
	Foster__Vacancy *vacancy[VACANCIES];
	Requests__RequestSubmitted *request[REQUESTS];
};

static void
publish(struct room *room, Foster__Vacancy *vacancy)
{
	Foster__VacancyPublished event = FOSTER__VACANCY_PUBLISHED__INIT;

	event.vacancy = vacancy;
	machines_decide(&room->m, "foster", VACANCY_PUBLISHED, &event.base);
}

static void
add_members(struct room *room)
{
	uint8_t bytes[32];
	char name[] = "A council", *adjoining[] = {invent_councils[1]};
	Members__Council council = MEMBERS__COUNCIL__INIT;
	Members__CouncilRegistered registered = MEMBERS__COUNCIL_REGISTERED__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT, *grants[] = {&grant};
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__PersonRegistered added = MEMBERS__PERSON_REGISTERED__INIT;
	Members__Key key = MEMBERS__KEY__INIT;
	Members__KeyRegistered keyed = MEMBERS__KEY_REGISTERED__INIT;

	council.name = name;
	council.adjoining_council_ids = adjoining;
	council.n_adjoining_council_ids = 1;
	registered.council = &council;
	for (size_t i = 0; i < INVENT_COUNCILS; i++) {
		council.council_id = invent_councils[i];
		machines_decide(
		    &room->m, "members", COUNCIL_REGISTERED, &registered.base);
	}
	grant.organisation_id = invent_councils[0];
	SET(&grant, role, MEMBERS__ROLE__ROLE_COMMISSIONER);
	SET(&grant, from_day, 100);
	person.person_id = machines_id(&room->m);
	person.grants = grants;
	person.n_grants = 1;
	added.person = &person;
	machines_decide(&room->m, "members", PERSON_REGISTERED, &added.base);
	machine_key(BEA, bytes);
	key.person_id = person.person_id;
	SET_BYTES(&key, public_key, ((struct bytes){bytes, sizeof bytes}));
	keyed.key = &key;
	machines_decide(&room->m, "members", KEY_REGISTERED, &keyed.base);
}

static int
make(void **state)
{
	struct room *room = calloc(1, sizeof *room);
	char problem[300] = "";

	assert_non_null(room);
	*state = room;
	machines_open(&room->m);
	machines_add(&room->m, &members, NULL);
	machines_add(&room->m, &foster, NULL);
	machines_add(&room->m, &requests, NULL);
	machines_add(&room->m, &matching_service, POLICY);
	if (policy_read(POLICY, &room->policy, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	room->invent = (struct invent){&room->m.arena, 4711};
	add_members(room);
	for (uint32_t i = 0; i < VACANCIES; i++) {
		room->vacancy[i] = invent_vacancy(&room->invent, i * 2);
		publish(room, room->vacancy[i]);
	}
	for (uint32_t i = 0; i < REQUESTS; i++) {
		room->request[i] = invent_request(&room->invent, i);
		machines_decide(
		    &room->m, "requests", REQUEST_SUBMITTED, &room->request[i]->base);
	}
	machines_settle(&room->m);
	return 0;
}

static int
clear(void **state)
{
	struct room *room = *state;

	machines_close(&room->m);
	free(room);
	return 0;
}

/* ---- asking ---- */

static struct machine_call
call_by(struct room *room, const char *service, uint32_t method, const void *body)
{
	struct machine_call call = {
	    .service = "matching", .method = method, .body = body};

	machine_peer_key(&room->m, service, call.key);
	return call;
}

static Matching__Shortlist *
shortlist(struct room *room, unsigned r)
{
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(SHORTLIST), &body);

	body.request_id = room->request[r]->circulation->request_id;
	SET(&body, at_least_number, r + 1);
	return machines_ask(&room->m, &call, &matching__shortlist__descriptor);
}

static Matching__Why *
why(struct room *room, unsigned r, char *vacancy_id)
{
	Matching__WhyAsked body = MATCHING__WHY_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(WHY), &body);

	body.request_id = room->request[r]->circulation->request_id;
	body.vacancy_id = vacancy_id;
	return machines_ask(&room->m, &call, &matching__why__descriptor);
}

static struct scalar
scalar_of(const struct room *room)
{
	return (struct scalar){.today = INVENT_TODAY,
	    .now_ms = INVENT_NOON_MS,
	    .points_max = room->policy.points_max,
	    .avoid_miles = room->policy.avoid_miles,
	    .home_miles = room->policy.home_miles,
	    .school_miles = room->policy.school_miles,
	    .confirmed_days = room->policy.confirmed_days,
	    .adjoining_id = invent_councils[1]};
}

/* Bits of the rules that remove it. */
static uint32_t
scalar_mask(const struct room *room, unsigned r, const Foster__Vacancy *v)
{
	struct scalar scalar = scalar_of(room);
	uint32_t mask = 0;

	for (Matching__Rule rule = MATCHING__RULE__RULE_OPEN; rule <= MATCHING_RULES;
	     rule++) {
		if (!scalar_passes(&scalar, rule, room->request[r], v))
			mask |= MATCHING_BIT(rule);
	}
	return mask;
}

/* ---- the shortlist ---- */

static void
check_waterfall(const Matching__Shortlist *list)
{
	uint32_t sum = list->suitable;

	assert_int_equal(list->n_waterfall, MATCHING_RULES);
	for (size_t i = 0; i < list->n_waterfall; i++) {
		const Matching__RuleCount *count = list->waterfall[i];
		assert_int_equal(count->rule, i + 1);
		assert_true(strlen(count->source) > 0);
		assert_true(count->only <= list->vacancies - list->suitable);
		sum += count->removed;
	}
	assert_int_equal(sum, list->vacancies);
}

static void
check_candidate(
    const struct room *room, unsigned r, const Matching__Candidate *candidate)
{
	struct scalar scalar = scalar_of(room);
	uint32_t sum = 0, most = 0;
	const Foster__Vacancy *vacancy = NULL;

	for (size_t i = 0; i < VACANCIES; i++) {
		if (str_equal(room->vacancy[i]->vacancy_id, candidate->vacancy_id))
			vacancy = room->vacancy[i];
	}
	assert_non_null(vacancy);
	assert_int_equal(scalar_mask(room, r, vacancy), 0);
	assert_int_equal(candidate->n_factors, POLICY_FACTORS - 1);
	for (size_t i = 0; i < candidate->n_factors; i++) {
		const Matching__Points *points = candidate->factors[i];
		assert_int_equal(points->factor, i + 1);
		assert_true(points->points <= points->points_max);
		assert_true(strlen(points->evidence) > 0);
		if (str_equal(points->evidence, "not recorded"))
			assert_int_equal(points->points, 0);
		sum += points->points;
		most += points->points_max;
	}
	assert_int_equal(sum, candidate->points);
	assert_int_equal(most, POLICY_POINTS);
	assert_int_equal(
	    candidate->points, scalar_points(&scalar, room->request[r], vacancy));
	assert_int_equal(candidate->has_fee_pence_week, vacancy->has_fee_pence_week);
	assert_int_equal(candidate->confirmed_time, vacancy->confirmed_time);
}

static void
a_shortlist_adds_up(void **state)
{
	struct room *room = *state;
	uint32_t shown = 0;

	for (unsigned r = 0; r < REQUESTS; r++) {
		const Matching__Shortlist *list = shortlist(room, r);
		uint32_t suitable = 0;
		for (size_t i = 0; i < VACANCIES; i++)
			suitable += scalar_mask(room, r, room->vacancy[i]) == 0;
		assert_int_equal(list->vacancies, VACANCIES);
		assert_int_equal(list->suitable, suitable);
		check_waterfall(list);
		assert_int_equal(list->n_candidates,
		    suitable < SHORTLIST_MAX ? suitable : SHORTLIST_MAX);
		for (size_t i = 0; i < list->n_candidates; i++) {
			check_candidate(room, r, list->candidates[i]);
			assert_true(i == 0 || list->candidates[i - 1]->points >=
						  list->candidates[i]->points);
		}
		assert_int_equal(list->foster_number, VACANCIES);
		assert_true(list->foster_fresh_time >= INVENT_NOON_MS);
		assert_string_equal(
		    list->policy, "Regional shortlist policy, version 1");
		assert_memory_equal(
		    list->policy_hash.data, room->policy.hash, POLICY_HASH_BYTES);
		shown += (uint32_t)list->n_candidates;
	}
	assert_true(shown > 0);
}

/* Every vacancy says why, and the failures are the rules that it fails. */
static void
why_agrees_with_the_shortlist(void **state)
{
	struct room *room = *state;
	uint32_t failures = 0;

	for (unsigned r = 0; r < REQUESTS; r += 3) {
		const Matching__Shortlist *list = shortlist(room, r);
		for (size_t i = 0; i < list->n_candidates; i++) {
			char *id = list->candidates[i]->vacancy_id;
			const Matching__Why *said = why(room, r, id);
			assert_true(said->suitable);
			assert_int_equal(said->rank, i + 1);
			assert_int_equal(
			    said->candidate->points, list->candidates[i]->points);
		}
		for (size_t i = 0; i < VACANCIES; i += 7) {
			const Matching__Why *said =
			    why(room, r, room->vacancy[i]->vacancy_id);
			uint32_t mask = 0;
			for (size_t f = 0; f < said->n_failures; f++) {
				mask |= MATCHING_BIT(said->failures[f]->rule);
				assert_true(strlen(said->failures[f]->fact) > 0);
				assert_true(strlen(said->failures[f]->source) > 0);
			}
			assert_int_equal(mask, scalar_mask(room, r, room->vacancy[i]));
			assert_int_equal(said->suitable, mask == 0);
			failures += (uint32_t)said->n_failures;
		}
	}
	assert_true(failures > 0);
}

/* ---- who may ask, and when there is no answer yet ---- */

static void
only_requests_asks_about_a_child(void **state)
{
	struct room *room = *state;
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	Matching__PolicyAsked policy = MATCHING__POLICY_ASKED__INIT;
	struct machine_call call = call_by(room, "foster", CALL(SHORTLIST), &body);

	body.request_id = room->request[0]->circulation->request_id;
	assert_int_equal(
	    machines_fault(&room->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	machine_key(BEA, call.key);
	assert_int_equal(
	    machines_fault(&room->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	call.method = CALL(WHY);
	assert_int_equal(
	    machines_fault(&room->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	call.method = CALL(POLICY);
	call.body = &policy.base;
	const Matching__Policy *said =
	    machines_ask(&room->m, &call, &matching__policy__descriptor);
	assert_int_equal(said->n_weights, POLICY_FACTORS - 1);
	machine_key(BEA + 1, call.key);
	assert_int_equal(
	    machines_fault(&room->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
}

static void
a_question_ahead_of_the_copy_is_too_early(void **state)
{
	struct room *room = *state;
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(SHORTLIST), &body);

	Requests__RequestSubmitted *later = invent_request(&room->invent, REQUESTS);
	machines_decide(&room->m, "requests", REQUEST_SUBMITTED, &later->base);
	body.request_id = later->circulation->request_id;
	SET(&body, at_least_number, REQUESTS + 1);
	assert_int_equal(machines_fault(&room->m, &call), ENVELOPE__FAULT__FAULT_BUSY);
	machines_settle(&room->m);
	assert_int_equal(
	    machines_fault(&room->m, &call), ENVELOPE__FAULT__FAULT_UNSPECIFIED);
}

static void
what_is_not_known_is_refused(void **state)
{
	struct room *room = *state;
	Matching__WhyAsked body = MATCHING__WHY_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(WHY), &body);

	assert_int_equal(machines_refused(&room->m, &call), MATCHING_REQUEST_UNKNOWN);
	body.request_id = machines_id(&room->m);
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_REQUEST_UNKNOWN);
	body.request_id = room->request[0]->circulation->request_id;
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_VACANCY_UNKNOWN);
	body.vacancy_id = machines_id(&room->m);
	assert_int_equal(machines_refused(&room->m, &call), MATCHING_VACANCY_UNKNOWN);
}

/* ---- what changes ---- */

/* The homes in memory are those of the store, however they came there. */
static void
changes_reach_the_next_question(void **state)
{
	struct room *room = *state;
	uint32_t before = shortlist(room, 0)->vacancies;
	Foster__Vacancy *closed = room->vacancy[17];

	assert_int_equal(before, VACANCIES);
	/* One closed, one behind the last, one between two others. */
	SET(closed, is_open, false);
	publish(room, closed);
	publish(room, invent_vacancy(&room->invent, 2 * VACANCIES));
	machines_settle(&room->m);
	assert_int_equal(shortlist(room, 0)->vacancies, VACANCIES + 1);
	assert_int_equal(why(room, 0, closed->vacancy_id)->failures[0]->rule,
	    MATCHING__RULE__RULE_OPEN);
	publish(room, invent_vacancy(&room->invent, 33));
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_shortlist_adds_up, make, clear),
	    cmocka_unit_test_setup_teardown(why_agrees_with_the_shortlist, make, clear),
	    cmocka_unit_test_setup_teardown(
		only_requests_asks_about_a_child, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_question_ahead_of_the_copy_is_too_early, make, clear),
	    cmocka_unit_test_setup_teardown(what_is_not_known_is_refused, make, clear),
	    cmocka_unit_test_setup_teardown(
		changes_reach_the_next_question, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_request_is_forgotten_once_it_needs_no_home, make, clear),
	};

	return cmocka_run_group_tests_name("matching_machine", tests, NULL, NULL);
}
