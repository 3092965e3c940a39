#include "requests_steps.h"

#include "requests/clocks.h"

/* A need on its way: kept as it is filled in, read by its own council alone, gone when
 * it is sent, dropped, or forgotten. */

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define EMERGENCY REQUESTS__URGENCY__URGENCY_EMERGENCY

static Requests__KeepDraft *
keeping(struct machines *m, const char *draft_id, Requests__Submit *draft)
{
	Requests__KeepDraft *call = MESSAGE_NEW(&m->arena, requests__keep_draft);

	call->draft_id = str_copy(&m->arena, draft_id);
	call->draft = draft;
	return call;
}

static char *
keep(struct machines *m, Requests__Submit *draft)
{
	return does(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, NULL, draft))->id;
}

static Requests__Submit *
little(struct machines *m)
{
	Requests__Submit *draft = MESSAGE_NEW(&m->arena, requests__submit);

	SET(draft, urgency, EMERGENCY);
	return draft;
}

static const Requests__DraftAsked *
asking(struct machines *m, char *draft_id)
{
	Requests__DraftAsked *call = MESSAGE_NEW(&m->arena, requests__draft_asked);

	call->draft_id = draft_id;
	return call;
}

static Requests__DraftShown *
draft_of(struct machines *m, char *draft_id)
{
	struct machine_call call = by(COMMISSIONER, CALL(DRAFT), asking(m, draft_id));

	return machines_ask(m, &call, &requests__draft_shown__descriptor);
}

static bool
is_there(struct machines *m, char *draft_id)
{
	struct machine_call call = by(COMMISSIONER, CALL(DRAFT), asking(m, draft_id));
	Envelope__Envelope *answer = machines_call(m, &call);

	if (answer->refusal != NULL)
		assert_int_equal(answer->refusal->number, REQUESTS_DRAFT_UNKNOWN);
	return answer->refusal == NULL;
}

static Requests__Drafts *
drafts(struct machines *m, enum who who, const char *after_id, uint32_t limit)
{
	Requests__DraftsAsked asked = REQUESTS__DRAFTS_ASKED__INIT;
	struct machine_call call = by(who, CALL(DRAFTS), &asked);

	asked.after_id = str_copy(&m->arena, after_id);
	SET(&asked, limit, limit);
	return machines_ask(m, &call, &requests__drafts__descriptor);
}

static void
it_is_kept_as_it_is_filled_in(void **state)
{
	struct machines *m = *state;
	Requests__Submit *draft = little(m);
	char *id = keep(m, draft);
	Requests__DraftShown *seen = draft_of(m, id);
	int64_t first = m->now_ms;

	assert_int_equal(seen->draft->urgency, EMERGENCY);
	assert_int_equal(seen->saved_time, first);
	assert_int_equal(seen->drops_time, first + REQUESTS_DRAFT_DAYS * DAY_MS);
	assert_string_equal(seen->saved_by_id, "00000000000000000000000021");
	assert_int_equal(seen->n_missing_fields, 4);
	assert_int_equal(seen->answers_needed, 5);
	m->now_ms += HOUR_MS;
	draft->home_sector = str_copy(&m->arena, "M14 5");
	assert_string_equal(
	    does(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, id, draft))->id, id);
	seen = draft_of(m, id);
	assert_string_equal(seen->draft->home_sector, "M14 5");
	assert_int_equal(seen->saved_time, first + HOUR_MS);
	assert_int_equal(seen->n_missing_fields, 3);
	/* The same again is no change, and is not written down. */
	m->now_ms += HOUR_MS;
	assert_false(
	    does(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, id, draft))->has_number);
	assert_int_equal(draft_of(m, id)->saved_time, first + HOUR_MS);
	/* What was taken out is gone. */
	draft->home_sector = NULL;
	does(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, id, draft));
	assert_null(draft_of(m, id)->draft->home_sector);
	machines_check_rebuild(m, "requests");
}

static void
what_is_kept_is_well_formed(void **state)
{
	struct machines *m = *state;
	Requests__Submit *draft = need(m, PLANNED);
	struct machine_call call =
	    by(COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, NULL, draft));
	Envelope__Envelope *answer;
	uint64_t before = entries_now(m);

	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, NULL, NULL)),
	    REQUESTS_DRAFT_MISSING);
	SET(draft->children[0], age_years, 18);
	answer = machines_call(m, &call);
	assert_int_equal(answer->refusal->number, REQUESTS_CHILD_AGE);
	assert_string_equal(answer->refusal->field, "children.age_years");
	assert_non_null(strstr(answer->refusal->sentence, "child A"));
	draft->children[0]->age_years = 9;
	draft->home_sector = str_copy(&m->arena, "12 Long Street");
	assert_int_equal(machines_refused(m, &call), REFUSAL_FIELD);
	draft->home_sector = NULL;
	/* As many children as fit on the wire. */
	draft->children = LIST_NEW(&m->arena, 900, Requests__ChildNeed *);
	for (draft->n_children = 0; draft->n_children < 900; draft->n_children++)
		draft->children[draft->n_children] =
		    MESSAGE_NEW(&m->arena, requests__child_need);
	assert_int_equal(machines_refused(m, &call), REQUESTS_CHILDREN_COUNT);
	assert_int_equal(drafts(m, COMMISSIONER, NULL, 0)->n_drafts, 0);
	assert_true(entries_now(m) > before); /* refusals are remembered */
}

/* ---- whose it is ---- */

static void
it_is_its_own_councils(void **state)
{
	static const enum who nobody[] = {
	    OFFICER, DIRECTOR, BIDDER, RIVAL, QUIET, REGION, HOMES};
	struct machines *m = *state;
	char *id = keep(m, little(m));
	Requests__DropDraft drop = REQUESTS__DROP_DRAFT__INIT;
	Requests__DraftsAsked list = REQUESTS__DRAFTS_ASKED__INIT;

	drop.draft_id = id;
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(DRAFT), asking(m, id)), REQUESTS_DRAFT_UNKNOWN);
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(DROP_DRAFT), &drop), REQUESTS_DRAFT_UNKNOWN);
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(KEEP_DRAFT), keeping(m, id, little(m))),
	    REQUESTS_DRAFT_UNKNOWN);
	assert_int_equal(drafts(m, NEIGHBOUR, NULL, 0)->n_drafts, 0);
	for (size_t i = 0; i < N(nobody); i++) {
		assert_int_equal(faulted(m, nobody[i], CALL(DRAFT), asking(m, id)),
		    ENVELOPE__FAULT__FAULT_DENIED);
		assert_int_equal(faulted(m, nobody[i], CALL(DRAFTS), &list),
		    ENVELOPE__FAULT__FAULT_DENIED);
		assert_int_equal(faulted(m, nobody[i], CALL(DROP_DRAFT), &drop),
		    ENVELOPE__FAULT__FAULT_DENIED);
		assert_int_equal(faulted(m, nobody[i], CALL(KEEP_DRAFT),
				     keeping(m, NULL, little(m))),
		    ENVELOPE__FAULT__FAULT_DENIED);
	}
	assert_true(is_there(m, id));
	/* An id that is nobody's, and one that is a request's. */
	assert_false(is_there(m, machines_id(m)));
	assert_false(is_there(m, submit(m, PLANNED)));
}

/* A list about a draft is made for those who may read it. */
static void
whom_it_would_reach_is_asked_for_its_own_council(void **state)
{
	struct machines *m = *state;
	char *id = keep(m, little(m));
	Requests__ShortlistAsked list = REQUESTS__SHORTLIST_ASKED__INIT;
	Requests__WhyAsked why = REQUESTS__WHY_ASKED__INIT;
	char *letter[] = {str_copy(&m->arena, "A")};

	list.request_id = why.request_id = id;
	why.vacancy_id = str_copy(&m->arena, VACANCY_1);
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(SHORTLIST), &list), REQUESTS_UNKNOWN);
	assert_int_equal(refused(m, NEIGHBOUR, CALL(WHY), &why), REQUESTS_UNKNOWN);
	assert_int_equal(refused(m, OFFICER, CALL(SHORTLIST), &list), REQUESTS_UNKNOWN);
	assert_int_equal(refused(m, DIRECTOR, CALL(WHY), &why), REQUESTS_UNKNOWN);
	list.child_refs = letter; /* it has no child yet */
	list.n_child_refs = 1;
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(SHORTLIST), &list), REQUESTS_CHILD_REFS);
}

static void
a_council_has_so_many_drafts_and_no_more(void **state)
{
	struct machines *m = *state;
	Requests__DropDraft drop = REQUESTS__DROP_DRAFT__INIT;
	char *first = keep(m, little(m));
	Requests__Drafts *page;

	m->now_ms += HOUR_MS;
	for (size_t i = 1; i < REQUESTS_DRAFTS_MAX; i++)
		keep(m, little(m));
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, NULL, little(m))),
	    REQUESTS_DRAFTS_MANY);
	/* Those that are there can be gone on with, and another council has its own. */
	does(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, first, need(m, PLANNED)));
	does(m, NEIGHBOUR, CALL(KEEP_DRAFT), keeping(m, NULL, little(m)));
	page = drafts(m, COMMISSIONER, NULL, 1000);
	assert_int_equal(page->n_drafts, REQUESTS_DRAFTS_MAX);
	assert_string_equal(page->drafts[0]->draft_id, first);
	assert_int_equal(page->drafts[0]->answers_missing, 0);
	assert_int_equal(page->drafts[1]->answers_missing, 4);
	assert_int_equal(drafts(m, COMMISSIONER, NULL, 0)->n_drafts, 50);
	assert_int_equal(drafts(m, COMMISSIONER, page->next_id, 0)->n_drafts, 0);
	page = drafts(m, COMMISSIONER, first, 2);
	assert_int_equal(page->n_drafts, 2);
	assert_string_equal(page->next_id, page->drafts[1]->draft_id);
	drop.draft_id = first;
	does(m, COMMISSIONER, CALL(DROP_DRAFT), &drop);
	keep(m, little(m));
	machines_check_rebuild(m, "requests");
}

/* ---- how it ends ---- */

static void
sent_it_is_a_draft_no_more(void **state)
{
	struct machines *m = *state;
	Requests__Submit *body = need(m, PLANNED);
	char *id = keep(m, body);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), body);
	Requests__Submitted *sent;
	uint64_t before = entries_now(m);

	body->draft_id = id;
	/* A need that cannot be sent stays a draft. */
	SET(body, needed_by_day, day_in_london(m->now_ms) - 1);
	assert_int_equal(machines_refused(m, &call), REQUESTS_NEEDED_BY_PAST);
	assert_true(is_there(m, id));
	SET(body, needed_by_day, day_in_london(m->now_ms));
	sent = machines_ask(m, &call, &requests__submitted__descriptor);
	assert_int_equal(
	    entries_now(m), before + 3); /* the refusal, and both at once */
	assert_false(is_there(m, id));
	assert_state(m, sent->request_id, STATE(SUBMITTED));
	/* Whoever has it open still does not send it twice. */
	assert_int_equal(machines_refused(m, &call), REQUESTS_DRAFT_UNKNOWN);
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, id, little(m))),
	    REQUESTS_DRAFT_UNKNOWN);
	machines_check_rebuild(m, "requests");
}

static void
nobody_sends_what_is_of_others(void **state)
{
	struct machines *m = *state;
	char *id = keep(m, need(m, PLANNED));
	Requests__Submit *body = need(m, PLANNED);

	body->draft_id = id;
	assert_int_equal(
	    refused(m, NEIGHBOUR, CALL(SUBMIT), body), REQUESTS_DRAFT_UNKNOWN);
	assert_true(is_there(m, id));
}

static void
forgotten_it_is_dropped(void **state)
{
	struct machines *m = *state;
	int64_t start = m->now_ms;
	Requests__Submit *draft = little(m);
	char *left = keep(m, little(m));
	char *changed = keep(m, draft);
	uint64_t before;

	m->now_ms = start + 3 * DAY_MS;
	machines_settle(m);
	SET(draft, miles_max, 20);
	does(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, changed, draft));
	m->now_ms = start + REQUESTS_DRAFT_DAYS * DAY_MS - 1;
	before = entries_now(m);
	assert_true(is_there(m, left));
	m->now_ms += 1;
	assert_int_equal(entries_now(m), before + 1);
	assert_false(is_there(m, left));
	assert_true(is_there(m, changed));
	m->now_ms = start + (3 + REQUESTS_DRAFT_DAYS) * DAY_MS;
	machines_settle(m);
	assert_false(is_there(m, changed));
	assert_int_equal(drafts(m, COMMISSIONER, NULL, 0)->n_drafts, 0);
	machines_check_rebuild(m, "requests");
}

/* The first step of an emergency, with every other service dead. */
static void
an_emergency_is_begun_with_everything_else_down(void **state)
{
	struct machines *m = *state;
	Requests__DropDraft drop = REQUESTS__DROP_DRAFT__INIT;
	char *planned = keep(m, need(m, PLANNED));
	char *id;

	m->now_ms += 2 * DAY_MS; /* and nobody answers */
	drop.draft_id = planned;
	assert_int_equal(faulted(m, COMMISSIONER, CALL(KEEP_DRAFT),
			     keeping(m, planned, need(m, PLANNED))),
	    ENVELOPE__FAULT__FAULT_STALE);
	assert_int_equal(faulted(m, COMMISSIONER, CALL(DROP_DRAFT), &drop),
	    ENVELOPE__FAULT__FAULT_STALE);
	id = keep(m, little(m));
	drop.draft_id = id;
	does(m, COMMISSIONER, CALL(DROP_DRAFT), &drop);
	assert_false(is_there(m, id));
}

static void
a_council_that_left_keeps_none(void **state)
{
	struct machines *m = *state;
	char *id = keep(m, little(m));
	Requests__DropDraft drop = REQUESTS__DROP_DRAFT__INIT;

	add_council(m, MANCHESTER, SALFORD, false);
	machines_settle(m);
	assert_int_equal(
	    refused(m, COMMISSIONER, CALL(KEEP_DRAFT), keeping(m, NULL, little(m))),
	    REQUESTS_NOT_A_MEMBER);
	drop.draft_id = id;
	does(m, COMMISSIONER, CALL(DROP_DRAFT), &drop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(it_is_kept_as_it_is_filled_in),
	    TEST(what_is_kept_is_well_formed),
	    TEST(it_is_its_own_councils),
	    TEST(whom_it_would_reach_is_asked_for_its_own_council),
	    TEST(a_council_has_so_many_drafts_and_no_more),
	    TEST(sent_it_is_a_draft_no_more),
	    TEST(nobody_sends_what_is_of_others),
	    TEST(forgotten_it_is_dropped),
	    TEST(an_emergency_is_begun_with_everything_else_down),
	    TEST(a_council_that_left_keeps_none),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
