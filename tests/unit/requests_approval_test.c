#include "requests/approval.h"

#include "requests_sample.h"

#define STATE(name) REQUESTS__STATE__STATE_##name
#define NOBODY REQUESTS__APPROVER__APPROVER_NONE
#define OFFICER REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER
#define DIRECTOR REQUESTS__APPROVER__APPROVER_DIRECTOR

static const struct {
	struct requests_area area;
	Requests__Approver approver;
} areas[] = {
    {{.is_own = true}, NOBODY},
    {{.is_own = true, .is_own_team = true}, NOBODY},
    {{.adjoins = true}, OFFICER},
    {{.adjoins = false}, DIRECTOR},
    /* The council's own carers, wherever they live (reg 11(4)). */
    {{.adjoins = true, .is_own_team = true}, NOBODY},
    {{.adjoins = false, .is_own_team = true}, NOBODY},
};

static void
who_approves(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(areas); i++)
		assert_int_equal(requests_approver(areas[i].area), areas[i].approver);
}

enum { WISHES = 1, BEST = 2, RELATIVES = 4, IRO = 8, NOTIFIED = 16, CONSULTED = 32 };

static Requests__ApprovalGrounds *
grounds(unsigned which)
{
	Requests__ApprovalGrounds *g =
	    MESSAGE_NEW(sample_arena(), requests__approval_grounds);

	SET(g, wishes_considered, (which & WISHES) != 0);
	SET(g, most_appropriate, (which & BEST) != 0);
	SET(g, relatives_consulted, (which & RELATIVES) != 0);
	SET(g, reviewing_officer_consulted, (which & IRO) != 0);
	SET(g, area_authority_notified, (which & NOTIFIED) != 0);
	SET(g, area_authority_consulted, (which & CONSULTED) != 0);
	return g;
}

/* Every set of grounds, for both approvers, in an emergency and not. */
static void
every_set_of_grounds(void **state)
{
	static const struct {
		unsigned ground;
		enum requests_refusal no;
	} order[] = {
	    {WISHES, REQUESTS_GROUND_WISHES},
	    {BEST, REQUESTS_GROUND_APPROPRIATE},
	    {RELATIVES, REQUESTS_GROUND_RELATIVES},
	    {NOTIFIED, REQUESTS_GROUND_NOTIFIED},
	    {CONSULTED, REQUESTS_GROUND_CONSULTED},
	    {IRO, REQUESTS_GROUND_REVIEWING_OFFICER},
	};

	(void)state;
	for (unsigned n = 0; n < 64 * 4; n++) {
		Requests__Approver approver = n & 64 ? DIRECTOR : OFFICER;
		bool may_owe = (n & 128) != 0;
		enum requests_refusal expected = REQUESTS_OK;

		for (size_t i = 0; i < N(order) && expected == REQUESTS_OK; i++) {
			if ((order[i].ground == NOTIFIED && approver == DIRECTOR) ||
			    (order[i].ground == CONSULTED && approver == OFFICER) ||
			    (may_owe && order[i].ground > BEST))
				continue;
			if ((n & order[i].ground) == 0)
				expected = order[i].no;
		}
		assert_int_equal(
		    requests_check_grounds(grounds(n), approver, may_owe), expected);
	}
}

static Requests__Request *
decided(bool is_emergency, Requests__Approver approver)
{
	Requests__Request *r =
	    is_emergency ? emergency(STATE(HELD)) : planned(STATE(HELD));

	SET(r->journeys[0], approver, approver);
	return r;
}

static enum requests_refusal
checked(const Requests__Request *r, const Requests__Approve *call, bool is_director,
    bool *already)
{
	struct requests_approval approval;
	enum requests_refusal no =
	    requests_check_approve(r, call, is_director, &approval);

	*already = approval.is_already;
	return no;
}

static enum requests_refusal
approve(const Requests__Request *r, unsigned which, bool is_director, bool *already)
{
	Requests__Approve call = REQUESTS__APPROVE__INIT;

	call.grounds = grounds(which);
	return checked(r, &call, is_director, already);
}

static void
approval_is_checked(void **state)
{
	const unsigned all_near = WISHES | BEST | RELATIVES | IRO | NOTIFIED;
	const unsigned all_far = WISHES | BEST | RELATIVES | IRO | CONSULTED;
	Requests__Approve none = REQUESTS__APPROVE__INIT;
	bool already;

	(void)state;
	assert_int_equal(approve(decided(false, NOBODY), all_near, true, &already),
	    REQUESTS_APPROVAL_NEEDLESS);
	assert_int_equal(
	    approve(decided(false, OFFICER), all_near, false, &already), REQUESTS_OK);
	/* A director may do what an officer may. */
	assert_int_equal(
	    approve(decided(false, OFFICER), all_near, true, &already), REQUESTS_OK);
	assert_int_equal(approve(decided(false, DIRECTOR), all_far, false, &already),
	    REQUESTS_DIRECTOR_NEEDED);
	assert_int_equal(
	    approve(decided(false, DIRECTOR), all_far, true, &already), REQUESTS_OK);
	assert_int_equal(approve(decided(false, DIRECTOR), all_near, true, &already),
	    REQUESTS_GROUND_CONSULTED);
	assert_int_equal(checked(decided(false, OFFICER), &none, false, &already),
	    REQUESTS_GROUND_WISHES);
	assert_int_equal(approve(planned(STATE(CIRCULATED)), all_near, true, &already),
	    REQUESTS_NOT_DECIDED);
}

/* What was looked at was lost, and another chosen, before the word came. */
/* Each ground is said once, then or now; that is what the regulation asks. */
static void
a_ground_said_before_is_not_asked_again(void **state)
{
	const unsigned all = WISHES | BEST | RELATIVES | IRO | NOTIFIED | CONSULTED;
	bool already;

	(void)state;
	for (unsigned before = 0; before <= all; before++) {
		Requests__Request *r = decided(false, DIRECTOR);
		Requests__Approve now = REQUESTS__APPROVE__INIT;
		const struct requests_act act = acting(MANCHESTER);

		r->journeys[0]->grounds = grounds(before);
		assert_int_equal(
		    approve(r, all & ~before, true, &already), REQUESTS_OK);
		now.grounds = grounds(all & ~before);
		assert_false(
		    requests_approved(sample_arena(), r, r->journeys[0], &now, &act)
			->has_grounds_due_time);
		if ((before & WISHES) == 0)
			assert_int_equal(
			    approve(r, 0, true, &already), REQUESTS_GROUND_WISHES);
	}
}

static void
an_approval_is_of_one_placement(void **state)
{
	Requests__Request *r = decided(false, OFFICER);
	Requests__Approve call = REQUESTS__APPROVE__INIT;
	bool already;

	(void)state;
	call.grounds = grounds(WISHES | BEST | RELATIVES | IRO | NOTIFIED);
	call.placement_id = r->journeys[0]->placement_id;
	assert_int_equal(checked(r, &call, false, &already), REQUESTS_OK);
	call.placement_id = text("000000000000000000000p1acf");
	assert_int_equal(
	    checked(r, &call, false, &already), REQUESTS_APPROVAL_OF_ANOTHER);
	/* Not even where the one that stands now is approved already. */
	SET(r->journeys[0], approved_time, SAMPLE_NOW);
	assert_int_equal(
	    checked(r, &call, false, &already), REQUESTS_APPROVAL_OF_ANOTHER);
}

/* Of several homes each is approved by itself, and said which. */
static void
each_of_several_homes_is_approved(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	Requests__Approve call = REQUESTS__APPROVE__INIT;
	struct requests_act act = acting(MANCHESTER);
	struct requests_approval approval;
	bool already;

	(void)state;
	SET(r->journeys[1], approver, OFFICER);
	call.grounds = grounds(WISHES | BEST | RELATIVES | IRO | NOTIFIED);
	assert_int_equal(
	    checked(r, &call, false, &already), REQUESTS_PLACEMENT_MISSING);
	call.placement_id = r->journeys[0]->placement_id;
	assert_int_equal(
	    checked(r, &call, false, &already), REQUESTS_APPROVAL_NEEDLESS);
	call.placement_id = r->journeys[1]->placement_id;
	assert_int_equal(
	    requests_check_approve(r, &call, false, &approval), REQUESTS_OK);
	assert_ptr_equal(approval.journey, r->journeys[1]);
	assert_string_equal(
	    requests_approved(sample_arena(), r, approval.journey, &call, &act)
		->placement_id,
	    call.placement_id);
}

static void
planned_approval_is_whole(void **state)
{
	Requests__Request *r = decided(false, OFFICER);
	Requests__Approve call = REQUESTS__APPROVE__INIT;
	struct requests_act act = acting(MANCHESTER);
	Requests__PlacementApproved *e;
	bool already;

	(void)state;
	assert_int_equal(
	    approve(r, WISHES | BEST, false, &already), REQUESTS_GROUND_RELATIVES);
	call.grounds = grounds(WISHES | BEST | RELATIVES | IRO | NOTIFIED);
	e = requests_approved(sample_arena(), r, r->journeys[0], &call, &act);
	assert_false(e->has_grounds_due_time);
	assert_string_equal(e->approved_by_id, act.person_id);
	assert_int_equal(e->time, SAMPLE_NOW);
	SET(r->journeys[0], approved_time, SAMPLE_NOW);
	assert_int_equal(approve(r, 0, false, &already), REQUESTS_OK);
	assert_true(already);
}

/* Two grounds let the child in; the rest is owed within five working days, and
 * completing them bit by bit does not move the day. */
static void
an_emergency_owes_the_rest(void **state)
{
	Requests__Request *r = decided(true, DIRECTOR);
	Requests__Approve call = REQUESTS__APPROVE__INIT;
	struct requests_act act = acting(MANCHESTER);
	int64_t due = day_working_deadline(SAMPLE_NOW, 5);
	Requests__PlacementApproved *e;
	bool already;

	(void)state;
	assert_int_equal(approve(r, BEST, true, &already), REQUESTS_GROUND_WISHES);
	assert_int_equal(approve(r, WISHES | BEST, true, &already), REQUESTS_OK);
	call.grounds = grounds(WISHES | BEST);
	e = requests_approved(sample_arena(), r, r->journeys[0], &call, &act);
	assert_int_equal(e->grounds_due_time, due);
	/* 2026-11-21 is a Saturday: Monday to Friday, and the end of that Friday. */
	assert_int_equal(due, INT64_C(1795798800000));

	SET(r->journeys[0], approved_time, SAMPLE_NOW);
	SET(r->journeys[0], grounds_due_time, due);
	r->journeys[0]->grounds = e->grounds;
	r->state = r->journeys[0]->state = STATE(STARTED);
	act.now_ms += 48 * HOUR_MS;
	call.grounds = grounds(RELATIVES);
	assert_int_equal(approve(r, RELATIVES, true, &already), REQUESTS_OK);
	assert_false(already);
	e = requests_approved(sample_arena(), r, r->journeys[0], &call, &act);
	assert_int_equal(e->grounds_due_time, due);
	assert_true(e->grounds->wishes_considered);
	r->journeys[0]->grounds = e->grounds;
	call.grounds = grounds(IRO | CONSULTED);
	e = requests_approved(sample_arena(), r, r->journeys[0], &call, &act);
	assert_false(e->has_grounds_due_time);
	assert_true(e->grounds->relatives_consulted);
}

static void
the_start_waits_for_the_approval(void **state)
{
	Requests__Request *r = decided(false, OFFICER);

	(void)state;
	assert_false(requests_is_approved(r->journeys[0]));
	SET(r->journeys[0], approved_time, SAMPLE_NOW);
	assert_true(requests_is_approved(r->journeys[0]));
	assert_true(requests_is_approved(decided(false, NOBODY)->journeys[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_approves),
	    cmocka_unit_test(every_set_of_grounds),
	    cmocka_unit_test(approval_is_checked),
	    cmocka_unit_test(a_ground_said_before_is_not_asked_again),
	    cmocka_unit_test(an_approval_is_of_one_placement),
	    cmocka_unit_test(each_of_several_homes_is_approved),
	    cmocka_unit_test(planned_approval_is_whole),
	    cmocka_unit_test(an_emergency_owes_the_rest),
	    cmocka_unit_test(the_start_waits_for_the_approval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
