#include "matching_world.h"

/* ---- the shortlist ---- */

static void
check_waterfall(const Matching__Shortlist *list)
{
	uint32_t sum = list->suitable;

	assert_int_equal(list->n_waterfall, MATCHING_RULES);
	for (size_t i = 0; i < list->n_waterfall; i++) {
		const Matching__RuleCount *count = list->waterfall[i];
		assert_int_equal(count->rule, scalar_waterfall[i]);
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
	struct scalar_vacancy vacancy = {NULL, NULL};

	for (size_t i = 0; i < VACANCIES; i++) {
		if (str_equal(scalar_id(room->vacancy[i]), candidate->vacancy_id))
			vacancy = room->vacancy[i];
	}
	assert_true(vacancy.foster != NULL || vacancy.home != NULL);
	assert_int_equal(mask_of(room, r, vacancy), 0);
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
	assert_int_equal(candidate->confirmed_time, vacancy.foster != NULL
							? vacancy.foster->confirmed_time
							: vacancy.home->confirmed_time);
	assert_int_equal(candidate->care_type, vacancy.foster != NULL
						   ? COMMON__CARE_TYPE__CARE_TYPE_FOSTER
						   : vacancy.home->care_type);
	assert_true(candidate->places >= room->request[r]->circulation->n_children);
	assert_true(strlen(candidate->residents) > 0);
	assert_int_equal(candidate->grade != NULL, vacancy.home != NULL);
}

static void
a_shortlist_adds_up(void **state)
{
	struct room *room = *state;
	uint32_t shown[2] = {0, 0};

	for (unsigned r = 0; r < REQUESTS; r++) {
		const Matching__Shortlist *list = shortlist(room, r);
		uint32_t suitable = 0, places = 0;
		for (size_t i = 0; i < VACANCIES; i++)
			if (mask_of(room, r, room->vacancy[i]) == 0) {
				suitable++;
				places +=
				    scalar_places(room->request[r], room->vacancy[i]);
			}
		assert_int_equal(list->vacancies, VACANCIES);
		assert_int_equal(list->suitable, suitable);
		assert_int_equal(list->places, places);
		assert_true(list->providers <= suitable);
		assert_int_equal(list->providers > 0, suitable > 0);
		assert_true(list->providers_within_20_miles <= list->providers);
		check_waterfall(list);
		assert_int_equal(list->n_candidates,
		    suitable < SHORTLIST_MAX ? suitable : SHORTLIST_MAX);
		for (size_t i = 0; i < list->n_candidates; i++) {
			check_candidate(room, r, list->candidates[i]);
			assert_true(i == 0 || list->candidates[i - 1]->points >=
						  list->candidates[i]->points);
		}
		assert_int_equal(list->foster_number, FOSTER);
		assert_true(list->foster_fresh_time >= INVENT_NOON_MS);
		assert_int_equal(list->residential_number, HOMES);
		assert_true(list->residential_fresh_time >= INVENT_NOON_MS);
		assert_string_equal(
		    list->policy, "Regional shortlist policy, version 2");
		assert_memory_equal(
		    list->policy_hash.data, room->policy.hash, POLICY_HASH_BYTES);
		for (size_t i = 0; i < list->n_candidates; i++)
			shown[list->candidates[i]->care_type ==
			      COMMON__CARE_TYPE__CARE_TYPE_FOSTER]++;
	}
	assert_true(shown[0] > 0 && shown[1] > 0);
}

static uint32_t
bit_of(Matching__Rule rule)
{
	for (unsigned i = 0; i < SCALAR_RULES; i++) {
		if (scalar_waterfall[i] == rule)
			return 1u << i;
	}
	return 0;
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
			const struct scalar_vacancy v = room->vacancy[i];
			const Matching__Why *said = why(room, r,
			    v.foster != NULL ? v.foster->vacancy_id
					     : v.home->vacancy_id);
			uint32_t mask = 0;
			for (size_t f = 0; f < said->n_failures; f++) {
				mask |= bit_of(said->failures[f]->rule);
				assert_true(strlen(said->failures[f]->fact) > 0);
				assert_true(strlen(said->failures[f]->source) > 0);
			}
			assert_int_equal(mask, mask_of(room, r, v));
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
	};

	return cmocka_run_group_tests_name("matching_machine", tests, NULL, NULL);
}
