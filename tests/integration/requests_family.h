#ifndef RCC_TESTS_INTEGRATION_REQUESTS_FAMILY_H
#define RCC_TESTS_INTEGRATION_REQUESTS_FAMILY_H

#include "requests_steps.h"

/*
 * Three siblings for two homes of different owners: A and B with a fostering household
 * (outside the council's area, so approved), C in a children's home. Both are held,
 * both confirmed, and they move together; whatever is lost before that, nothing stays
 * held.
 */

#define AB 0 /* as placements are decided on */
#define C 1

static struct {
	char *request_id, *ab, *c; /* the offers */
} family;

/* Far enough for a decision: two homes offered. */
static inline char *
two_homes_offered(struct machines *m)
{
	static const char *const all[] = {VACANCY_1, VACANCY_2, BED_1};
	char *r = submit_siblings(m);

	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, all, N(all)));
	family.request_id = r;
	family.ab = offer_part(m, BIDDER, r, VACANCY_1, "AB");
	family.c = offer_part(m, HOMES, r, BED_1, "C");
	return r;
}

static inline const Requests__Journey *
place(struct machines *m, size_t i)
{
	const Requests__Request *request = shown(m, family.request_id);

	assert_true(i < request->n_journeys);
	return request->journeys[i];
}

static inline void
approve_ab(struct machines *m)
{
	Requests__Approve *call = approval(m, family.request_id, true);

	assert_int_equal(
	    refused(m, OFFICER, CALL(APPROVE), call), REQUESTS_PLACEMENT_MISSING);
	call->placement_id = place(m, AB)->placement_id;
	does(m, OFFICER, CALL(APPROVE), call);
}

static inline void
decide_both(struct machines *m)
{
	does(m, COMMISSIONER, CALL(DECIDE),
	    decision_on_two(m, family.request_id, family.ab, family.c));
}

/* As far as this state, all being well; the process dies after each step. */
static inline char *
family_in(struct machines *m, Requests__State state)
{
	char *r = two_homes_offered(m);

	machines_restart(m, "requests");
	decide_both(m);
	machines_restart(m, "requests");
	if (state >= STATE(HELD))
		machines_settle(m);
	if (state >= STATE(CONFIRMING)) {
		does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, family.ab));
		machines_restart(m, "requests");
		machines_settle(m);
		/* The first yes confirms nothing yet. */
		assert_int_equal(asked_n(FOSTER_CALL(CONFIRM_HOLD)), 0);
		assert_state(m, r, STATE(HELD));
		does(m, HOMES, CALL(CONFIRM_OFFER), yes_to(m, family.c));
		machines_restart(m, "requests");
	}
	if (state >= STATE(CONFIRMED))
		machines_settle(m);
	if (state >= STATE(STARTING)) {
		approve_ab(m);
		does(m, COMMISSIONER, CALL(START), start_of(m, r));
		machines_restart(m, "requests");
	}
	if (state >= STATE(STARTED))
		machines_settle(m);
	assert_state(m, r, state);
	return r;
}

#endif
