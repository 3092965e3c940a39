#include "requests_steps.h"

#include "matching.pb-c.h"

/* Who is shown what, by question and by event. */

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
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
	assert_int_equal(requests_bid_of(shown(m, r), PROVIDER_1)->level, L2);
}

/* Who declines and comes back begins again at level 1. */
static void
a_decline_closes_what_was_opened(void **state)
{
	struct machines *m = *state;
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	char *chosen;
	char *r = with_offers(m, PLANNED, &chosen);

	does(m, COMMISSIONER, CALL(OPEN), opening(m, r, L2));
	no.request_id = r;
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_DISTANCE);
	does(m, BIDDER, CALL(DECLINE), &no);
	assert_null(show(m, BIDDER, r)->referral->detail);
	offer(m, BIDDER, r, VACANCY_1);
	assert_null(show(m, BIDDER, r)->referral->detail);
	assert_true(does(m, COMMISSIONER, CALL(OPEN), opening(m, r, L2))->has_number);
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

	memcpy(in.key, call->key, sizeof in.key);
	envelope.message_id = machines_id(m);
	SET(&envelope, method, call->method);
	SET(&envelope, wait_ms, 1000);
	assert_int_equal(message_pack(&m->arena, call->body, &body), ERR_NONE);
	SET_BYTES(&envelope, body, body);
	assert_int_equal(
	    message_pack(&m->arena, &envelope.base, &in.envelope), ERR_NONE);
	assert_int_equal(
	    svc_turn(machines_svc(m, "requests"), m->now_ms, seed, &in, 1, &sends),
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
	Requests__Part *part = part_of(m, "CA");
	Requests__Part *nobody = part_of(m, "D");
	char *r = submit_siblings(m);

	asked.request_id = r;
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(SHORTLIST), &asked), REQUESTS_UNKNOWN);
	asked.child_refs = nobody->child_refs;
	asked.n_child_refs = nobody->n_child_refs;
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(SHORTLIST), &asked), REQUESTS_CHILD_REFS);
	asked.child_refs = part->child_refs;
	asked.n_child_refs = part->n_child_refs;
	/* How far from school, or from a place to avoid, is level 2: not for them. */
	assert_int_equal(
	    faulted(m, REGION, CALL(SHORTLIST), &asked), ENVELOPE__FAULT__FAULT_DENIED);
	assert_int_equal(
	    faulted(m, REGION, CALL(WHY), &asked), ENVELOPE__FAULT__FAULT_DENIED);
	assert_int_equal(
	    faulted(m, BIDDER, CALL(WHY), &asked), ENVELOPE__FAULT__FAULT_DENIED);
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
	assert_int_equal(
	    ((Matching__ShortlistAsked *)(void *)message)->n_child_refs, 2);
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
			/* Of the detail, what a rule or a point looks at. */
			assert_string_equal(e->detail->school_sector, "M14 6");
			assert_false(e->detail->has_family_first);
			assert_false(e->detail->has_legal_status);
			assert_false(e->detail->has_earlier_placements);
			assert_false(e->has_members_copy_age_ms);
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
	    TEST(levels_open_one_after_the_other),
	    TEST(a_decline_closes_what_was_opened),
	    TEST(everybody_sees_their_own_part),
	    TEST(lists_are_paged_and_kept_apart),
	    TEST(the_shortlist_is_matchings_to_answer),
	    TEST(matching_is_given_no_identity),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
