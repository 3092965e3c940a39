#include "requests_steps.h"

/* What happened to a request, as its own council reads it. */

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define DID(name) REQUESTS__HAPPENING__HAPPENING_##name

static Requests__RequestTimeline *
timeline(struct machines *m, char *request_id, uint64_t after_number, uint32_t limit)
{
	Requests__RequestTimelineAsked asked = REQUESTS__REQUEST_TIMELINE_ASKED__INIT;
	struct machine_call call = by(COMMISSIONER, CALL(TIMELINE), &asked);

	asked.request_id = request_id;
	SET(&asked, after_number, after_number);
	SET(&asked, limit, limit);
	return machines_ask(m, &call, &requests__request_timeline__descriptor);
}

/* The entries of a request are these, in this order. */
static Requests__RequestTimeline *
assert_timeline(
    struct machines *m, char *request_id, const Requests__Happening *kinds, size_t n)
{
	Requests__RequestTimeline *all = timeline(m, request_id, 0, 0);

	for (size_t i = 0; i < n && i < all->n_entries; i++)
		if (all->entries[i]->kind != kinds[i])
			fail_msg("entry %zu is %d, not %d", i,
			    (int)all->entries[i]->kind, (int)kinds[i]);
	assert_int_equal(all->n_entries, n);
	assert_false(all->has_next_number);
	return all;
}

static void
a_journey_is_told_from_need_to_end(void **state)
{
	static const Requests__Happening told[] = {DID(SUBMITTED), DID(CIRCULATED),
	    DID(OFFER_MADE), DID(OFFER_MADE), DID(DECIDED), DID(HELD),
	    DID(OFFER_CONFIRMED), DID(HOLD_CONFIRMED), DID(APPROVED),
	    DID(START_ORDERED), DID(STARTED), DID(ENDED)};
	struct machines *m = *state;
	Requests__RequestTimeline *all;
	Requests__TimelineEntry **e;
	char *chosen;
	char *r = brought_to(m, STATE(STARTED), &chosen);

	does(m, COMMISSIONER, CALL(END), end_of(m, r));
	all = assert_timeline(m, r, told, N(told));
	e = all->entries;
	assert_string_equal(all->request_id, r);
	assert_string_equal(e[0]->person_id, "00000000000000000000000021");
	assert_int_equal(e[1]->providers, 3);
	assert_int_equal(e[1]->due_time, shown(m, r)->answer_by_time);
	assert_string_equal(e[2]->provider_id, PROVIDER_1);
	assert_string_equal(e[2]->offer_id, chosen);
	assert_int_equal(e[2]->fee_pence_week, 95000);
	assert_string_equal(e[2]->person_id, "00000000000000000000000025");
	assert_int_equal(e[4]->decision_reason,
	    REQUESTS__DECISION_REASON__DECISION_REASON_BEST_MEETS_NEEDS);
	/* Whose place it was is known at every step, though the events name a hold. */
	for (size_t i = 4; i < N(told); i++) {
		assert_string_equal(e[i]->provider_id, PROVIDER_1);
		assert_string_equal(e[i]->placement_id, journey_of(m, r)->placement_id);
	}
	assert_null(e[5]->person_id); /* the owner of the place did */
	assert_true(e[5]->due_time > m->now_ms);
	assert_int_equal(e[10]->day, day_in_london(m->now_ms));
	assert_int_equal(e[10]->providers, 3);
	assert_int_equal(e[11]->end_reason, REQUESTS__END_REASON__END_REASON_CARE_PLAN);
	for (size_t i = 1; i < N(told); i++)
		assert_true(e[i]->number > e[i - 1]->number);
	machines_check_rebuild(m, "requests");
}

static void
what_was_refused_or_lost_is_told(void **state)
{
	static const Requests__Happening told[] = {DID(SUBMITTED), DID(CIRCULATED),
	    DID(INTEREST_SHOWN), DID(LEVEL_OPENED), DID(DECLINED), DID(OFFER_MADE),
	    DID(DECIDED), DID(PLACE_LOST), DID(WITHDRAWN)};
	struct machines *m = *state;
	Requests__ShowInterest interest = REQUESTS__SHOW_INTEREST__INIT;
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	Requests__Open open = REQUESTS__OPEN__INIT;
	Requests__TimelineEntry **e;
	char *chosen;
	char *r = submit(m, PLANNED);

	circulate(m, r);
	interest.request_id = no.request_id = open.request_id = r;
	does(m, RIVAL, CALL(SHOW_INTEREST), &interest);
	open.provider_id = str_copy(&m->arena, PROVIDER_2);
	SET(&open, level, REQUESTS__DISCLOSURE__DISCLOSURE_L2);
	does(m, COMMISSIONER, CALL(OPEN), &open);
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_SKILLS_GAP);
	does(m, RIVAL, CALL(DECLINE), &no);
	chosen = offer(m, BIDDER, r, VACANCY_1);
	owner.told[FOSTER_CALL(HOLD)] = SAY_NO;
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	e = assert_timeline(m, r, told, N(told))->entries;
	assert_string_equal(e[2]->provider_id, PROVIDER_2);
	assert_int_equal(e[3]->level, REQUESTS__DISCLOSURE__DISCLOSURE_L2);
	assert_string_equal(e[3]->provider_id, PROVIDER_2);
	assert_int_equal(
	    e[4]->decline_reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_SKILLS_GAP);
	assert_string_equal(e[7]->sentence, "The place was taken at 14:05.");
	assert_string_equal(e[7]->provider_id, PROVIDER_1);
	assert_int_equal(e[8]->withdraw_reason,
	    REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_RETURNED_HOME);
	machines_check_rebuild(m, "requests");
}

/* One place of two is lost: the other is given back, and it is said which was lost. */
static void
a_group_that_breaks_is_told(void **state)
{
	static const Requests__Happening told[] = {DID(SUBMITTED), DID(CIRCULATED),
	    DID(OFFER_MADE), DID(OFFER_MADE), DID(DECIDED), DID(DECIDED), DID(HELD),
	    DID(HELD), DID(PROVIDER_AGREED), DID(DECLINED), DID(PLACE_LOST),
	    DID(GROUP_BROKEN)};
	struct machines *m = *state;
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	Requests__TimelineEntry **e;
	char *one, *other;
	char *r = submit_siblings(m);

	circulate(m, r);
	one = offer_part(m, BIDDER, r, VACANCY_1, "AB");
	other = offer_part(m, RIVAL, r, VACANCY_2, "C");
	does(m, COMMISSIONER, CALL(DECIDE), decision_on_two(m, r, one, other));
	machines_settle(m);
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, one));
	no.request_id = r;
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_STAFFING_GAP);
	does(m, RIVAL, CALL(DECLINE), &no);
	machines_settle(m);
	e = assert_timeline(m, r, told, N(told))->entries;
	assert_string_equal(e[8]->provider_id, PROVIDER_1);
	assert_int_equal(e[8]->n_child_refs, 2);
	assert_string_equal(e[10]->provider_id, PROVIDER_2);
	assert_string_equal(e[11]->provider_id, PROVIDER_2);
	assert_int_equal(e[11]->n_child_refs, 1);
}

static void
time_passing_is_told(void **state)
{
	static const Requests__Happening told[] = {
	    DID(SUBMITTED), DID(CIRCULATED), DID(CLOCK_PASSED), DID(CLOCK_PASSED)};
	struct machines *m = *state;
	Requests__TimelineEntry **e;
	char *r = submit(m, PLANNED);

	circulate(m, r);
	m->now_ms += 7 * DAY_MS;
	machines_settle(m);
	e = assert_timeline(m, r, told, N(told))->entries;
	assert_true(e[2]->due_time < m->now_ms);
	assert_int_equal(
	    e[2]->clock + e[3]->clock, REQUESTS__CLOCK_KIND__CLOCK_KIND_UNFILLED +
					   REQUESTS__CLOCK_KIND__CLOCK_KIND_ANSWER);
}

static void
it_is_read_in_parts_and_by_its_own_council(void **state)
{
	struct machines *m = *state;
	Requests__RequestTimelineAsked asked = REQUESTS__REQUEST_TIMELINE_ASKED__INIT;
	Requests__RequestTimeline *part;
	char *chosen;
	char *r = with_offers(m, PLANNED, &chosen);

	with_offers(m, PLANNED, &chosen); /* another's are not among them */
	part = timeline(m, r, 0, 3);
	assert_int_equal(part->n_entries, 3);
	assert_int_equal(part->next_number, part->entries[2]->number);
	part = timeline(m, r, part->next_number, 3);
	assert_int_equal(part->n_entries, 1);
	assert_false(part->has_next_number);
	assert_int_equal(timeline(m, r, part->entries[0]->number, 0)->n_entries, 0);
	asked.request_id = r;
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(TIMELINE), &asked), REQUESTS_UNKNOWN);
	assert_int_equal(
	    faulted(m, BIDDER, CALL(TIMELINE), &asked), ENVELOPE__FAULT__FAULT_DENIED);
	assert_int_equal(
	    faulted(m, REGION, CALL(TIMELINE), &asked), ENVELOPE__FAULT__FAULT_DENIED);
	asked.request_id = machines_id(m);
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(TIMELINE), &asked), REQUESTS_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(a_journey_is_told_from_need_to_end),
	    TEST(what_was_refused_or_lost_is_told),
	    TEST(a_group_that_breaks_is_told),
	    TEST(time_passing_is_told),
	    TEST(it_is_read_in_parts_and_by_its_own_council),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
