#include "requests_world.h"

#include "matching.pb-c.h"

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define EMERGENCY REQUESTS__URGENCY__URGENCY_EMERGENCY
#define L2 REQUESTS__DISCLOSURE__DISCLOSURE_L2
#define L3 REQUESTS__DISCLOSURE__DISCLOSURE_L3

static Requests__RequestShown *
show(struct machines *m, enum who who, char *request_id)
{
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	struct machine_call call = by(who, CALL(REQUEST), &asked);

	asked.request_id = request_id;
	return machines_ask(m, &call, &requests__request_shown__descriptor);
}

static void
submitting_is_checked(void **state)
{
	struct machines *m = *state;
	Requests__Submit *bad = need(m, PLANNED);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), bad);
	Envelope__Envelope *answer;

	SET(bad->children[0], age_years, 18);
	answer = machines_call(m, &call);
	assert_int_equal(answer->refusal->number, REQUESTS_CHILD_AGE);
	assert_string_equal(answer->refusal->field, "children.age_years");
	assert_non_null(strstr(answer->refusal->sentence, "child A"));
	bad = need(m, PLANNED);
	bad->has_family_first = 0;
	bad->family_first = REQUESTS__FAMILY_FIRST__FAMILY_FIRST_UNSPECIFIED;
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(SUBMIT), bad), REQUESTS_FAMILY_FIRST);
	assert_int_equal(faulted(m, BIDDER, CALL(SUBMIT), need(m, PLANNED)),
	    ENVELOPE__FAULT__FAULT_DENIED);
	assert_int_equal(faulted(m, DIRECTOR, CALL(SUBMIT), need(m, PLANNED)),
	    ENVELOPE__FAULT__FAULT_DENIED);
}

/* A council that left cannot ask; its people are still known. */
static void
only_member_councils_ask(void **state)
{
	struct machines *m = *state;

	add_council(m, MANCHESTER, SALFORD, false);
	machines_settle(m);
	assert_int_equal(refused(m, COMMISSIONER, CALL(SUBMIT), need(m, EMERGENCY)),
	    REQUESTS_NOT_A_MEMBER);
}

/* An unfilled request is overdue, and never closed. */
static void
unfilled_becomes_overdue_and_stays_open(void **state)
{
	struct machines *m = *state;
	char *r = submit(m, PLANNED);
	int32_t needed = day_in_london(m->now_ms) + 1;

	circulate(m, r);
	m->now_ms = day_start_in_london(needed + 1) - 1;
	assert_false(shown(m, r)->is_overdue);
	m->now_ms += 1;
	assert_true(shown(m, r)->is_overdue);
	m->now_ms += 10 * DAY_MS;
	machines_settle(m);
	assert_state(m, r, STATE(CIRCULATED));
	offer(m, BIDDER, r, VACANCY_1);
	machines_check_rebuild(m, "requests");
}

/* ---- circulating and answering ---- */

static void
circulation_needs_open_known_vacancies(void **state)
{
	static const char *const unknown[] = {"000000000000000000000000vx"};
	static const char *const shut[] = {VACANCY_SHUT};
	static const char *const one[] = {VACANCY_1};
	static const char *const more[] = {VACANCY_1, VACANCY_2};
	struct machines *m = *state;
	char *r = submit(m, PLANNED);
	struct machine_call call =
	    by(COMMISSIONER, CALL(CIRCULATE), circulation(m, r, unknown, 1));

	assert_int_equal(machines_refused(m, &call), REQUESTS_VACANCY_UNKNOWN);
	call.body = &circulation(m, r, shut, 1)->base;
	assert_int_equal(machines_refused(m, &call), REQUESTS_VACANCY_CLOSED);
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(CIRCULATE), circulation(m, r, one, 1)),
	    REQUESTS_UNKNOWN);
	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, one, 1));
	assert_int_equal(refused(m, RIVAL, CALL(OFFER), offer_of(m, r, VACANCY_2)),
	    REQUESTS_UNKNOWN);
	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, more, 2));
	assert_int_equal(shown(m, r)->n_bids, 2);
	offer(m, RIVAL, r, VACANCY_2);
}

/* The copy of the owner's vacancies follows its events. */
static void
a_vacancy_that_closed_cannot_be_offered(void **state)
{
	struct machines *m = *state;
	char *r = submit(m, PLANNED);

	circulate(m, r);
	publish(m, VACANCY_1, PROVIDER_1, SALFORD, false);
	machines_settle(m);
	assert_int_equal(refused(m, BIDDER, CALL(OFFER), offer_of(m, r, VACANCY_1)),
	    REQUESTS_VACANCY_OF_ANOTHER);
	assert_int_equal(refused(m, BIDDER, CALL(OFFER), offer_of(m, r, VACANCY_2)),
	    REQUESTS_VACANCY_OF_ANOTHER);
}

static void
interest_and_decline_and_offer_again(void **state)
{
	struct machines *m = *state;
	Requests__ShowInterest interest = REQUESTS__SHOW_INTEREST__INIT;
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	const Requests__Bid *bid;
	char *r = submit(m, PLANNED);

	circulate(m, r);
	interest.request_id = r;
	assert_int_equal(does(m, BIDDER, CALL(SHOW_INTEREST), &interest)->number, 3);
	/* Again: yes, and nothing more is recorded. */
	assert_false(does(m, BIDDER, CALL(SHOW_INTEREST), &interest)->has_number);
	no.request_id = r;
	assert_int_equal(
	    refused(m, BIDDER, CALL(DECLINE), &no), REQUESTS_DECLINE_REASON_MISSING);
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_SKILLS_GAP);
	offer(m, BIDDER, r, VACANCY_1);
	does(m, BIDDER, CALL(DECLINE), &no);
	bid = requests_bid_of(shown(m, r), PROVIDER_1);
	assert_int_equal(
	    bid->declined, REQUESTS__DECLINE_REASON__DECLINE_REASON_SKILLS_GAP);
	assert_true(shown(m, r)->offers[0]->is_lost);
	offer(m, BIDDER, r, VACANCY_1);
	bid = requests_bid_of(shown(m, r), PROVIDER_1);
	assert_false(bid->has_declined);
	assert_int_equal(bid->n_offer_ids, 2);
	machines_check_rebuild(m, "requests");
}

/* ---- levels and views ---- */

static Requests__Open *
opening(struct machines *m, char *request_id, Requests__Disclosure level)
{
	Requests__Open *call = MESSAGE_NEW(&m->arena, requests__open);

	call->request_id = request_id;
	call->provider_id = str_copy(&m->arena, PROVIDER_1);
	SET(call, level, level);
	return call;
}

static void
levels_open_one_after_the_other(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = with_offers(m, PLANNED, &chosen);

	assert_null(show(m, BIDDER, r)->referral->detail);
	assert_true(does(m, COMMISSIONER, CALL(OPEN), opening(m, r, L2))->has_number);
	assert_false(does(m, COMMISSIONER, CALL(OPEN), opening(m, r, L2))->has_number);
	assert_string_equal(
	    show(m, BIDDER, r)->referral->detail->school_sector, "M14 6");
	assert_null(show(m, RIVAL, r)->referral->detail);
	assert_int_equal(refused(m, COMMISSIONER, CALL(OPEN), opening(m, r, L3)),
	    REQUESTS_LEVEL_NOT_CHOSEN);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(OPEN), opening(m, r, L3));
	assert_int_equal(show(m, BIDDER, r)->referral->identity->n_child_ids, 1);
	/* Lost with the place. */
	m->now_ms += 3 * HOUR_MS;
	assert_null(show(m, BIDDER, r)->referral->identity);
	assert_non_null(show(m, BIDDER, r)->referral->detail);
}

static void
everybody_sees_their_own_part(void **state)
{
	struct machines *m = *state;
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	Requests__RequestAsked nothing = REQUESTS__REQUEST_ASKED__INIT;
	struct machine_call known = by(NEIGHBOUR, CALL(REQUEST), &asked);
	struct machine_call unknown = by(NEIGHBOUR, CALL(REQUEST), &nothing);
	Envelope__Refusal *one, *other;
	char *chosen;
	char *r = brought_to(m, STATE(HELD), &chosen);

	assert_non_null(show(m, DIRECTOR, r)->request->identity);
	assert_null(show(m, REGION, r)->request->identity);
	assert_null(show(m, REGION, r)->request->detail);
	assert_non_null(show(m, REGION, r)->request->circulation);
	assert_int_equal(show(m, BIDDER, r)->referral->state, STATE(HELD));
	assert_int_equal(show(m, RIVAL, r)->referral->state, STATE(CIRCULATED));
	assert_int_equal(show(m, RIVAL, r)->referral->n_offers, 1);
	/* Another council cannot tell a request it may not see from none at all. */
	asked.request_id = r;
	nothing.request_id = machines_id(m);
	one = machines_call(m, &known)->refusal;
	other = machines_call(m, &unknown)->refusal;
	assert_int_equal(one->number, REQUESTS_UNKNOWN);
	assert_int_equal(other->number, one->number);
	assert_string_equal(other->sentence, one->sentence);
}

static Requests__Requests *
list(
    struct machines *m, enum who who, const char *after_id, uint32_t limit, bool closed)
{
	Requests__RequestsAsked asked = REQUESTS__REQUESTS_ASKED__INIT;
	struct machine_call call = by(who, CALL(REQUESTS), &asked);

	asked.after_id = str_copy(&m->arena, after_id);
	SET(&asked, limit, limit);
	SET(&asked, include_closed, closed);
	return machines_ask(m, &call, &requests__requests__descriptor);
}

static void
lists_are_paged_and_kept_apart(void **state)
{
	struct machines *m = *state;
	Requests__Requests *page;
	char *ids[5];

	for (size_t i = 0; i < N(ids); i++) {
		m->now_ms += 10;
		ids[i] = submit(m, PLANNED);
	}
	circulate(m, ids[1]);
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, ids[3]));
	page = list(m, COMMISSIONER, NULL, 2, false);
	assert_int_equal(page->n_requests, 2);
	assert_string_equal(page->requests[0]->request_id, ids[0]);
	page = list(m, COMMISSIONER, page->next_id, 2, false);
	assert_int_equal(page->n_requests, 2);
	assert_string_equal(page->requests[1]->request_id, ids[4]);
	page = list(m, COMMISSIONER, NULL, 0, true);
	assert_int_equal(page->n_requests, 5);
	assert_int_equal(page->requests[3]->state, STATE(WITHDRAWN));
	assert_null(page->next_id);
	assert_int_equal(list(m, NEIGHBOUR, NULL, 0, true)->n_requests, 0);
	page = list(m, BIDDER, NULL, 0, true);
	assert_int_equal(page->n_requests, 1);
	assert_string_equal(page->requests[0]->request_id, ids[1]);
	assert_int_equal(list(m, REGION, NULL, 0, true)->n_requests, 4);
}

/* ---- approval ---- */

static void
far_away_the_director_approves(void **state)
{
	struct machines *m = *state;
	char *chosen, *far;
	char *r = with_offers(m, PLANNED, &chosen);

	far = shown(m, r)->offers[1]->offer_id; /* in Wigan */
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, far));
	assert_int_equal(
	    shown(m, r)->journey->approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	assert_int_equal(refused(m, OFFICER, CALL(APPROVE), approval(m, r, true)),
	    REQUESTS_DIRECTOR_NEEDED);
	assert_int_equal(refused(m, DIRECTOR, CALL(APPROVE), approval(m, r, false)),
	    REQUESTS_GROUND_RELATIVES);
	does(m, DIRECTOR, CALL(APPROVE), approval(m, r, true));
	assert_string_equal(
	    shown(m, r)->journey->approved_by_id, "00000000000000000000000023");
}

/* The council's own team, in Salford: reg 11(4). */
static void
the_councils_own_carers_need_no_approval(void **state)
{
	struct machines *m = *state;
	char *r = submit(m, PLANNED);
	char *own;

	circulate(m, r);
	own = offer(m, QUIET, r, VACANCY_3);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, own));
	machines_settle(m);
	assert_int_equal(refused(m, OFFICER, CALL(APPROVE), approval(m, r, true)),
	    REQUESTS_APPROVAL_NEEDLESS);
	does(m, QUIET, CALL(CONFIRM_OFFER), yes_to(m, own));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
}

/* Entries in the journal, after whatever was due has passed. */
static uint64_t
entries_now(struct machines *m)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	struct machine_call call = by(COMMISSIONER, CALL(HEALTH), &asked);
	Common__Health *health;

	/* The first one lets time pass; it tells what was committed before it. */
	machines_ask(m, &call, &common__health__descriptor);
	health = machines_ask(m, &call, &common__health__descriptor);
	return health->head_number;
}

/* An emergency starts on two grounds; the rest has five working days, during which
 * the placement goes on. */
static void
an_emergency_owes_its_other_grounds(void **state)
{
	struct machines *m = *state;
	uint64_t number;
	int64_t due;
	char *chosen;
	char *r = with_offers(m, EMERGENCY, &chosen);

	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	does(m, OFFICER, CALL(APPROVE), approval(m, r, false));
	due = shown(m, r)->journey->grounds_due_time;
	assert_int_equal(due, day_working_deadline(m->now_ms, 5));
	machines_settle(m);
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, chosen));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
	m->now_ms = due - 1;
	number = entries_now(m);
	m->now_ms = due;
	assert_int_equal(entries_now(m), number + 1);
	machines_settle(m);
	does(m, OFFICER, CALL(APPROVE), approval(m, r, true));
	assert_false(shown(m, r)->journey->has_grounds_due_time);
	assert_true(shown(m, r)->journey->approved_time < due);
	machines_check_rebuild(m, "requests");
}

/* ---- every other service is dead ---- */

static void
an_emergency_is_taken_with_everything_else_down(void **state)
{
	struct machines *m = *state;
	Requests__ShowInterest interest = REQUESTS__SHOW_INTEREST__INIT;
	char *planned_before = submit(m, PLANNED);
	char *chosen;
	char *r;

	circulate(m, planned_before);
	m->now_ms += 3 * DAY_MS; /* and nobody answers */
	assert_int_equal(faulted(m, COMMISSIONER, CALL(SUBMIT), need(m, PLANNED)),
	    ENVELOPE__FAULT__FAULT_STALE);
	interest.request_id = planned_before;
	assert_int_equal(faulted(m, BIDDER, CALL(SHOW_INTEREST), &interest),
	    ENVELOPE__FAULT__FAULT_STALE);
	assert_int_equal(
	    faulted(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, planned_before)),
	    ENVELOPE__FAULT__FAULT_STALE);
	r = with_offers(m, EMERGENCY, &chosen);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	does(m, OFFICER, CALL(APPROVE), approval(m, r, false));
	assert_true(shown(m, r)->members_copy_age_ms >= 3 * DAY_MS - HOUR_MS);
	assert_state(m, r, STATE(DECIDED));
	/* They return, and its owed steps run. */
	machines_settle(m);
	assert_state(m, r, STATE(HELD));
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, planned_before));
}

/* ---- what others are given ---- */

/* A question that is not answered at once, but passed on. */
static void
send_only(struct machines *m, const struct machine_call *call)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	struct svc_input in = {.token = 5};
	uint8_t seed[32] = {3};
	struct svc_sends sends;
	struct bytes body;
	size_t taken;

	memcpy(in.key, call->key, sizeof in.key);
	envelope.message_id = machines_id(m);
	SET(&envelope, method, call->method);
	SET(&envelope, wait_ms, 1000);
	assert_int_equal(message_pack(&m->arena, call->body, &body), ERR_NONE);
	SET_BYTES(&envelope, body, body);
	assert_int_equal(
	    message_pack(&m->arena, &envelope.base, &in.envelope), ERR_NONE);
	assert_int_equal(svc_turn(machines_svc(m, "requests"), m->now_ms, seed, &in, 1,
			     &taken, &sends),
	    ERR_NONE);
	assert_int_equal(sends.n, 0);
}

static void
the_shortlist_is_matchings_to_answer(void **state)
{
	struct machines *m = *state;
	Requests__ShortlistAsked asked = REQUESTS__SHORTLIST_ASKED__INIT;
	struct machine_call call = by(COMMISSIONER, CALL(SHORTLIST), &asked);
	Envelope__Envelope *passed = NULL;
	ProtobufCMessage *message;
	struct svc_sends sends;
	int64_t wake_ms;
	char *r = submit(m, PLANNED);

	asked.request_id = r;
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(SHORTLIST), &asked), REQUESTS_UNKNOWN);
	send_only(m, &call);
	assert_int_equal(
	    svc_due(machines_svc(m, "requests"), m->now_ms, &sends, &wake_ms),
	    ERR_NONE);
	for (size_t i = 0; i < sends.n; i++) {
		if (!str_equal(sends.list[i].service, "matching"))
			continue;
		assert_int_equal(
		    message_unpack(&m->arena, &envelope__envelope__descriptor,
			bytes_copy(&m->arena, sends.list[i].envelope), &message),
		    ERR_NONE);
		passed = (Envelope__Envelope *)(void *)message;
	}
	if (passed == NULL) {
		fail_msg("nothing was sent to matching");
		return;
	}
	assert_int_equal(passed->method, MATCHING__MATCHING_CALL__CALL_SHORTLIST);
	assert_int_equal(
	    message_unpack(&m->arena, &matching__shortlist_asked__descriptor,
		BYTES_OF(passed->body), &message),
	    ERR_NONE);
	assert_string_equal(
	    ((Matching__ShortlistAsked *)(void *)message)->request_id, r);
	assert_int_equal(
	    ((Matching__ShortlistAsked *)(void *)message)->at_least_number, 1);
}

/* Matching gets the need and whether the search goes on; never who it is about,
 * who bid, or what came of it. */
static void
matching_is_given_no_identity(void **state)
{
	struct machines *m = *state;
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
	struct machine_call call = {
	    .service = "requests", .method = CALL(EVENTS), .body = &asked.base};
	Journal__EventsPage *page;
	size_t given = 0;
	char *chosen;

	brought_to(m, STATE(STARTED), &chosen);
	machine_peer_key(m, "matching", call.key);
	SET(&asked, page_bytes, 60000);
	page = machines_ask(m, &call, &journal__events_page__descriptor);
	for (size_t i = 0; i < page->n_entries; i++) {
		const Journal__Entry *entry = page->entries[i];
		ProtobufCMessage *message;

		if (!entry->has_event)
			continue;
		given++;
		if (entry->header->type ==
		    REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_SUBMITTED) {
			const Requests__RequestSubmitted *e;

			assert_int_equal(message_unpack(&m->arena,
					     &requests__request_submitted__descriptor,
					     BYTES_OF(entry->event), &message),
			    ERR_NONE);
			e = (const void *)message;
			assert_null(e->identity);
			assert_null(e->submitted_by_id);
			assert_non_null(e->detail);
		} else {
			const Requests__PlacementStarted *e;

			assert_int_equal(entry->header->type,
			    REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_STARTED);
			assert_int_equal(message_unpack(&m->arena,
					     &requests__placement_started__descriptor,
					     BYTES_OF(entry->event), &message),
			    ERR_NONE);
			e = (const void *)message;
			assert_int_equal(e->n_outcomes, 0);
		}
	}
	assert_int_equal(given, 2);
	assert_true(page->n_entries > 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(submitting_is_checked),
	    TEST(only_member_councils_ask),
	    TEST(unfilled_becomes_overdue_and_stays_open),
	    TEST(circulation_needs_open_known_vacancies),
	    TEST(a_vacancy_that_closed_cannot_be_offered),
	    TEST(interest_and_decline_and_offer_again),
	    TEST(levels_open_one_after_the_other),
	    TEST(everybody_sees_their_own_part),
	    TEST(lists_are_paged_and_kept_apart),
	    TEST(far_away_the_director_approves),
	    TEST(the_councils_own_carers_need_no_approval),
	    TEST(an_emergency_owes_its_other_grounds),
	    TEST(an_emergency_is_taken_with_everything_else_down),
	    TEST(the_shortlist_is_matchings_to_answer),
	    TEST(matching_is_given_no_identity),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
