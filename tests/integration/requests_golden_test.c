/* The journals of released builds of rcc-requests; and the next one's. */
#include "requests_steps.h"
#include "support/golden.h"

#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED
#define EMERGENCY REQUESTS__URGENCY__URGENCY_EMERGENCY

static void
every_release_is_read(void **state)
{
	(void)state;
	golden_check(&requests_service);
}

/* ---- the next one ---- */

static uint64_t chance = 1;

static void
time_goes_on(struct machines *m)
{
	m->now_ms += golden_draw(&chance, 1800000);
}

static char *
submit_some(struct machines *m, Requests__Urgency urgency)
{
	Requests__Submit *body = need(m, urgency);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), body);
	Requests__Submitted *answer;

	SET(body->children[0], age_years, 1 + golden_draw(&chance, 16));
	SET(body->children[0], sex, (Common__Sex)(1 + golden_draw(&chance, 2)));
	SET(body, earlier_placements, golden_draw(&chance, 5));
	answer = machines_ask(m, &call, &requests__submitted__descriptor);
	time_goes_on(m);
	return answer->request_id;
}

static void
interest_is_shown_and_more_is_opened(struct machines *m, char *r)
{
	Requests__ShowInterest interest = REQUESTS__SHOW_INTEREST__INIT;
	Requests__Open open = REQUESTS__OPEN__INIT;

	interest.request_id = r;
	does(m, BIDDER, CALL(SHOW_INTEREST), &interest);
	time_goes_on(m);
	open.request_id = r;
	open.provider_id = str_copy(&m->arena, PROVIDER_1);
	SET(&open, level, 2);
	does(m, COMMISSIONER, CALL(OPEN), &open);
}

/* All the way, and to the end of it. */
static void
one_is_placed(struct machines *m, Requests__Urgency urgency)
{
	char *r = submit_some(m, urgency);
	char *chosen;

	circulate(m, r);
	interest_is_shown_and_more_is_opened(m, r);
	chosen = offer(m, BIDDER, r, VACANCY_1);
	offer(m, RIVAL, r, VACANCY_2);
	time_goes_on(m);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	machines_settle(m);
	does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, chosen));
	machines_settle(m);
	refused(m, COMMISSIONER, CALL(START), start_of(m, r));
	does(m, OFFICER, CALL(APPROVE), approval(m, r, urgency == PLANNED));
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	time_goes_on(m);
	if (urgency == PLANNED)
		does(m, COMMISSIONER, CALL(END), end_of(m, r));
	machines_settle(m);
}

/* The owner has no place, then the chosen one thinks better of it. */
static void
one_is_lost_and_withdrawn(struct machines *m)
{
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	char *r = submit_some(m, PLANNED);
	char *chosen;

	circulate(m, r);
	chosen = offer(m, BIDDER, r, VACANCY_1);
	owner.told[FOSTER_CALL(HOLD)] = SAY_NO;
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	machines_settle(m);
	owner.told[FOSTER_CALL(HOLD)] = SAY_YES;
	chosen = offer(m, RIVAL, r, VACANCY_2);
	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	machines_settle(m);
	no.request_id = r;
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_CARER_DECLINED);
	does(m, RIVAL, CALL(DECLINE), &no);
	machines_settle(m);
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	machines_settle(m);
}

/* Withdrawn while the hold is on its way: it comes, and is owed back. */
static void
one_is_withdrawn_too_early(struct machines *m)
{
	char *chosen;
	char *r = with_offers(m, PLANNED, &chosen);

	does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	machines_settle(m);
}

/* Ended, and the owner knows of no such placement. */
static void
one_end_is_refused(struct machines *m)
{
	char *chosen;
	char *r = brought_to(m, STATE(STARTED), &chosen);

	owner.told[FOSTER_CALL(END)] = SAY_NO;
	does(m, COMMISSIONER, CALL(END), end_of(m, r));
	machines_settle(m);
	owner.told[FOSTER_CALL(END)] = SAY_YES;
}

/* Siblings in two homes: one says yes, the other no; the next time both move in. */
static void
a_family_is_placed(struct machines *m)
{
	static const char *const all[] = {VACANCY_3, BED_1};
	Requests__Decline no = REQUESTS__DECLINE__INIT;
	char *r = submit_siblings(m);
	char *ab, *c;

	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, all, N(all)));
	ab = offer_part(m, QUIET, r, VACANCY_3, "AB");
	c = offer_part(m, HOMES, r, BED_1, "C");
	does(m, COMMISSIONER, CALL(DECIDE), decision_on_two(m, r, ab, c));
	machines_settle(m);
	does(m, QUIET, CALL(CONFIRM_OFFER), yes_to(m, ab));
	time_goes_on(m);
	no.request_id = r;
	SET(&no, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_STAFFING_GAP);
	does(m, HOMES, CALL(DECLINE), &no);
	machines_settle(m);
	c = offer_part(m, HOMES, r, BED_1, "C");
	does(m, COMMISSIONER, CALL(DECIDE), decision_on_two(m, r, ab, c));
	machines_settle(m);
	does(m, HOMES, CALL(CONFIRM_OFFER), yes_to(m, c));
	does(m, QUIET, CALL(CONFIRM_OFFER), yes_to(m, ab));
	machines_settle(m);
	does(m, COMMISSIONER, CALL(START), start_of(m, r));
	machines_settle(m);
	assert_state(m, r, STATE(STARTED));
}

/* Kept and changed; then one is sent, one dropped, one forgotten. */
static void
needs_are_drafted(struct machines *m)
{
	Requests__KeepDraft keep = REQUESTS__KEEP_DRAFT__INIT;
	Requests__DropDraft drop = REQUESTS__DROP_DRAFT__INIT;
	Requests__Submit *draft = MESSAGE_NEW(&m->arena, requests__submit);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), draft);

	keep.draft = draft;
	SET(draft, urgency, EMERGENCY);
	does(m, COMMISSIONER, CALL(KEEP_DRAFT), &keep);
	drop.draft_id = does(m, COMMISSIONER, CALL(KEEP_DRAFT), &keep)->id;
	keep.draft_id = does(m, COMMISSIONER, CALL(KEEP_DRAFT), &keep)->id;
	time_goes_on(m);
	keep.draft = need(m, PLANNED);
	does(m, COMMISSIONER, CALL(KEEP_DRAFT), &keep);
	does(m, COMMISSIONER, CALL(DROP_DRAFT), &drop);
	*draft = *keep.draft;
	draft->draft_id = keep.draft_id;
	machines_ask(m, &call, &requests__submitted__descriptor);
}

static void
the_next_release_is_written(void **state)
{
	struct machines *m = *state;

	one_is_placed(m, PLANNED);
	one_is_placed(m, EMERGENCY);
	one_is_lost_and_withdrawn(m);
	one_is_withdrawn_too_early(m);
	one_end_is_refused(m);
	a_family_is_placed(m);
	needs_are_drafted(m);
	submit_some(m, PLANNED); /* and nothing comes of it */
	m->now_ms += 20 * DAY_MS;
	machines_settle(m);
	machines_check_rebuild(m, "requests");
	golden_write(machines_svc(m, "requests"), &requests_service, golden_folder());
}

int
main(void)
{
	const struct CMUnitTest check[] = {cmocka_unit_test(every_release_is_read)};
	const struct CMUnitTest next[] = {cmocka_unit_test_setup_teardown(
	    the_next_release_is_written, make_world, clear_world)};

	if (golden_folder() != NULL)
		return cmocka_run_group_tests(next, NULL, NULL);
	return cmocka_run_group_tests(check, NULL, NULL);
}
