#include "requests_steps.h"

/*
 * Who sees what, as bytes: every role, of the child's council and of others, asks for
 * a request in every state, and the answer is searched for what marks each level. What
 * people may not see they may not act on either, and cannot tell from nothing.
 */

/* What an answer holds. */
enum {
	L1 = 1 << 0,     /* where home is */
	L2 = 1 << 1,     /* where the school is */
	L3 = 1 << 2,     /* the child's reference */
	PEOPLE = 1 << 3, /* who at the council did what: commissioner 21, officer 22 */
	ONE = 1 << 4,    /* the provider that is chosen in the end */
	OTHER = 1 << 5,  /* the one that is not */
};
#define ALL (L1 | L2 | L3 | PEOPLE | ONE | OTHER)

#define STATES (STATE(WITHDRAWN) + 1)
#define CHILD "01kak4b8000000000000000c0d"

/* PROVIDER_1 and PROVIDER_2 are asked and offer; PROVIDER_3 never hears of it. Level 2
 * is opened to both, level 3 to the chosen one. */
static char *
reach(struct machines *m, Requests__State state, char **chosen)
{
	static const char *const asked[] = {VACANCY_1, VACANCY_2};
	Requests__Submit *body = need(m, REQUESTS__URGENCY__URGENCY_PLANNED);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), body);
	Requests__Open open = REQUESTS__OPEN__INIT;
	char *ids[] = {str_copy(&m->arena, CHILD)};
	Requests__Submitted *made;

	body->child_ids = ids;
	body->n_child_ids = 1;
	made = machines_ask(m, &call, &requests__submitted__descriptor);
	open.request_id = made->request_id;
	*chosen = machines_id(m);
	if (state >= STATE(CIRCULATED)) {
		does(m, COMMISSIONER, CALL(CIRCULATE),
		    circulation(m, made->request_id, asked, N(asked)));
		*chosen = offer(m, BIDDER, made->request_id, VACANCY_1);
		offer(m, RIVAL, made->request_id, VACANCY_2);
		SET(&open, level, REQUESTS__DISCLOSURE__DISCLOSURE_L2);
		open.provider_id = str_copy(&m->arena, PROVIDER_2);
		does(m, COMMISSIONER, CALL(OPEN), &open);
		open.provider_id = str_copy(&m->arena, PROVIDER_1);
		does(m, COMMISSIONER, CALL(OPEN), &open);
	}
	if (state >= STATE(DECIDED))
		does(m, COMMISSIONER, CALL(DECIDE),
		    decision(m, made->request_id, *chosen));
	if (state >= STATE(HELD)) {
		machines_settle(m);
		SET(&open, level, REQUESTS__DISCLOSURE__DISCLOSURE_L3);
		does(m, COMMISSIONER, CALL(OPEN), &open);
	}
	if (state >= STATE(CONFIRMING))
		does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, *chosen));
	if (state >= STATE(CONFIRMED))
		machines_settle(m);
	if (state >= STATE(STARTING) && state != STATE(WITHDRAWN)) {
		does(m, OFFICER, CALL(APPROVE), approval(m, made->request_id, true));
		does(m, COMMISSIONER, CALL(START), start_of(m, made->request_id));
	}
	if (state >= STATE(STARTED))
		machines_settle(m);
	if (state == STATE(ENDED))
		does(m, COMMISSIONER, CALL(END), end_of(m, made->request_id));
	if (state == STATE(WITHDRAWN))
		does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, made->request_id));
	assert_state(m, made->request_id, state);
	return made->request_id;
}

static bool
holds(struct bytes answer, const char *mark)
{
	return answer.len > 0 &&
	       memmem(answer.data, answer.len, mark, strlen(mark)) != NULL;
}

static unsigned
marks_in(struct bytes answer)
{
	return (holds(answer, "M14 5") ? L1 : 0u) | (holds(answer, "M14 6") ? L2 : 0u) |
	       (holds(answer, CHILD) ? L3 : 0u) |
	       (holds(answer, "00000000000000000000000021") ||
			   holds(answer, "00000000000000000000000022")
		       ? PEOPLE
		       : 0u) |
	       (holds(answer, PROVIDER_1) ? ONE : 0u) |
	       (holds(answer, PROVIDER_2) ? OTHER : 0u);
}

/* By reader and state: unspecified (never), submitted, circulated, decided, held,
 * confirming, confirmed, starting, started, ended, withdrawn. */
#define COUNCIL                                                                        \
	{                                                                              \
		0, L1 | L2 | L3 | PEOPLE, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL  \
	}
static const struct {
	enum who who;
	unsigned sees[STATES];
} readers[] = {
    {COMMISSIONER, COUNCIL},
    {OFFICER, COUNCIL},
    {DIRECTOR, COUNCIL},
    {NEIGHBOUR, {0}},
    {QUIET, {0}},
    {REGION, {0, L1, L1, L1, L1, L1, L1, L1, 0, 0, 0}},
    {BIDDER, {0, 0, L1 | L2 | ONE, L1 | L2 | ONE, L1 | L2 | L3 | ONE,
		 L1 | L2 | L3 | ONE, L1 | L2 | L3 | ONE, L1 | L2 | L3 | ONE,
		 L1 | L2 | L3 | ONE, L1 | ONE, L1 | ONE}},
    {RIVAL, {0, 0, L1 | L2 | OTHER, L1 | L2 | OTHER, L1 | L2 | OTHER, L1 | L2 | OTHER,
		L1 | L2 | OTHER, L1 | L2 | OTHER, L1 | OTHER, L1 | OTHER, L1 | OTHER}},
};

static void
what_leaves_by_reader_and_state(void **state)
{
	struct machines *m = *state;
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	Requests__RequestsAsked all = REQUESTS__REQUESTS_ASKED__INIT;
	Requests__RequestTimelineAsked history = REQUESTS__REQUEST_TIMELINE_ASKED__INIT;
	char *chosen;

	SET(&all, include_closed, 1);
	for (Requests__State s = STATE(SUBMITTED); s < STATES; s++) {
		asked.request_id = reach(m, s, &chosen);
		history.request_id = asked.request_id;
		for (size_t i = 0; i < N(readers); i++) {
			struct machine_call one =
			    by(readers[i].who, CALL(REQUEST), &asked);
			struct machine_call list =
			    by(readers[i].who, CALL(REQUESTS), &all);
			struct machine_call timeline =
			    by(readers[i].who, CALL(TIMELINE), &history);
			const Envelope__Envelope *e = machines_call(m, &one);
			unsigned seen = marks_in(BYTES_OF(e->body));
			bool is_listed = holds(
			    BYTES_OF(machines_call(m, &list)->body), asked.request_id);

			if (seen != readers[i].sees[s])
				fail_msg("reader %zu in state %d sees %x, not %x", i,
				    (int)s, seen, readers[i].sees[s]);
			assert_int_equal(e->refusal == NULL, seen != 0);
			assert_int_equal(is_listed, seen != 0);
			seen = marks_in(BYTES_OF(machines_call(m, &list)->body));
			/* Who entered it, to their own council. */
			assert_int_equal(
			    seen & ~(L1 | (readers[i].sees[s] & PEOPLE)), 0);
			seen = marks_in(BYTES_OF(machines_call(m, &timeline)->body));
			assert_int_equal(seen != 0, (readers[i].sees[s] & PEOPLE) != 0);
			assert_int_equal(seen & (L1 | L2 | L3), 0);
		}
	}
}

/* ---- acting ---- */

/* Every command on a request of others, in every state: the words for none at all, and
 * nothing is done. */
static void
nobody_acts_on_what_is_of_others(void **state)
{
	struct machines *m = *state;
	char *chosen;

	for (Requests__State s = STATE(SUBMITTED); s < STATES; s++) {
		char *r = reach(m, s, &chosen);
		Requests__Open open = REQUESTS__OPEN__INIT;
		Requests__ShowInterest interest = REQUESTS__SHOW_INTEREST__INIT;
		Requests__Decline decline = REQUESTS__DECLINE__INIT;
		Requests__ShortlistAsked shortlist = REQUESTS__SHORTLIST_ASKED__INIT;
		Requests__WhyAsked why = REQUESTS__WHY_ASKED__INIT;
		static const char *const vacancy[] = {VACANCY_3};
		const struct {
			enum who who;
			uint32_t method;
			const void *body;
			uint32_t no;
		} rows[] = {
		    {NEIGHBOUR, CALL(SHORTLIST), &shortlist, REQUESTS_UNKNOWN},
		    {NEIGHBOUR, CALL(WHY), &why, REQUESTS_UNKNOWN},
		    {NEIGHBOUR, CALL(CIRCULATE), circulation(m, r, vacancy, 1),
			REQUESTS_UNKNOWN},
		    {NEIGHBOUR, CALL(OPEN), &open, REQUESTS_UNKNOWN},
		    {NEIGHBOUR, CALL(DECIDE), decision(m, r, chosen), REQUESTS_UNKNOWN},
		    {NEIGHBOUR, CALL(START), start_of(m, r), REQUESTS_UNKNOWN},
		    {NEIGHBOUR, CALL(END), end_of(m, r), REQUESTS_UNKNOWN},
		    {NEIGHBOUR, CALL(WITHDRAW), withdrawal(m, r), REQUESTS_UNKNOWN},
		    {QUIET, CALL(SHOW_INTEREST), &interest, REQUESTS_UNKNOWN},
		    {QUIET, CALL(OFFER), offer_of(m, r, VACANCY_3), REQUESTS_UNKNOWN},
		    {QUIET, CALL(DECLINE), &decline, REQUESTS_UNKNOWN},
		    {QUIET, CALL(CONFIRM_OFFER), yes_to(m, chosen),
			REQUESTS_OFFER_UNKNOWN},
		    {RIVAL, CALL(CONFIRM_OFFER), yes_to(m, chosen),
			REQUESTS_OFFER_UNKNOWN},
		};

		open.request_id = r;
		interest.request_id = r;
		decline.request_id = r;
		shortlist.request_id = r;
		why.request_id = r;
		for (size_t i = 0; i < N(rows); i++) {
			uint32_t no =
			    refused(m, rows[i].who, rows[i].method, rows[i].body);

			if (no != rows[i].no)
				fail_msg("row %zu in state %d: refusal %u", i, (int)s,
				    (unsigned)no);
		}
		assert_state(m, r, s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(what_leaves_by_reader_and_state),
	    TEST(nobody_acts_on_what_is_of_others),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
