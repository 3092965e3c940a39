#include "requests/approval.h"

#include "base/message.h"
#include "base/str.h"
#include "requests/clocks.h"

/*
 * Law: Care Planning Regulations 2010, reg 11(1): "a decision to place C outside the
 * area of the responsible authority (including a placement outside England)— (a) must
 * not be put into effect until it has been approved by a nominated officer, or (b) in
 * the case of a proposed placement which is also at a distance, must not be put into
 * effect until it has been approved by the director of children's services."
 * Law: reg 11(4): "F who is approved as a local authority foster parent by the
 * responsible authority." is excepted. Placements with connected persons, which are
 * excepted too, never come here: they are not vacancies.
 * Law: reg 11(5): "outside the area of the responsible authority and not within the
 * area of any adjoining local authority."
 */
Requests__Approver
requests_approver(struct requests_area area)
{
	if (area.is_own || area.is_own_team)
		return REQUESTS__APPROVER__APPROVER_NONE;
	if (area.adjoins)
		return REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER;
	return REQUESTS__APPROVER__APPROVER_DIRECTOR;
}

/*
 * Law: reg 11(2): "C's wishes and feelings have been ascertained and given due
 * consideration", "the placement is the most appropriate placement available for C and
 * consistent with C's care plan", "C's relatives have been consulted, where
 * appropriate", "the IRO has been consulted", and
 * "paragraph (1)(a), the area authority have been notified, or paragraph (1)(b), the
 * area authority have been consulted and have been provided with a copy of C's care
 * plan".
 * Law: reg 11(3): "In the case of a placement made in an emergency" the first two come
 * before the approval and the rest "within five working days of approval of the
 * decision under paragraph (1)".
 */
enum requests_refusal
requests_check_grounds(
    const Requests__ApprovalGrounds *grounds, Requests__Approver approver, bool may_owe)
{
	if (!grounds->wishes_considered)
		return REQUESTS_GROUND_WISHES;
	if (!grounds->most_appropriate)
		return REQUESTS_GROUND_APPROPRIATE;
	if (may_owe)
		return REQUESTS_OK;
	if (!grounds->relatives_consulted)
		return REQUESTS_GROUND_RELATIVES;
	if (approver == REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER &&
	    !grounds->area_authority_notified)
		return REQUESTS_GROUND_NOTIFIED;
	if (approver == REQUESTS__APPROVER__APPROVER_DIRECTOR &&
	    !grounds->area_authority_consulted)
		return REQUESTS_GROUND_CONSULTED;
	if (!grounds->reviewing_officer_consulted)
		return REQUESTS_GROUND_REVIEWING_OFFICER;
	return REQUESTS_OK;
}

/* What was recorded before, with what is said now. */
static Requests__ApprovalGrounds
together(const Requests__ApprovalGrounds *before, const Requests__ApprovalGrounds *now)
{
	static const Requests__ApprovalGrounds none = REQUESTS__APPROVAL_GROUNDS__INIT;
	Requests__ApprovalGrounds all = REQUESTS__APPROVAL_GROUNDS__INIT;

	if (before == NULL)
		before = &none;
	if (now == NULL)
		now = &none;
	SET(&all, wishes_considered,
	    before->wishes_considered || now->wishes_considered);
	SET(&all, most_appropriate, before->most_appropriate || now->most_appropriate);
	SET(&all, relatives_consulted,
	    before->relatives_consulted || now->relatives_consulted);
	SET(&all, reviewing_officer_consulted,
	    before->reviewing_officer_consulted || now->reviewing_officer_consulted);
	SET(&all, area_authority_notified,
	    before->area_authority_notified || now->area_authority_notified);
	SET(&all, area_authority_consulted,
	    before->area_authority_consulted || now->area_authority_consulted);
	return all;
}

enum requests_refusal
requests_check_approve(const Requests__Request *request, const Requests__Approve *call,
    bool is_director, struct requests_approval *out)
{
	enum requests_refusal no =
	    requests_pick(request, REQUESTS_APPROVE, call->placement_id, &out->journey);
	const Requests__Journey *journey = out->journey;
	Requests__ApprovalGrounds all;

	out->is_already = false;
	if (no == REQUESTS_PLACEMENT_UNKNOWN)
		return REQUESTS_APPROVAL_OF_ANOTHER;
	if (no != REQUESTS_OK)
		return no;
	if (journey->approver == REQUESTS__APPROVER__APPROVER_NONE)
		return REQUESTS_APPROVAL_NEEDLESS;
	if (journey->approver == REQUESTS__APPROVER__APPROVER_DIRECTOR && !is_director)
		return REQUESTS_DIRECTOR_NEEDED;
	out->is_already = journey->has_approved_time && !journey->has_grounds_due_time;
	if (out->is_already)
		return REQUESTS_OK;
	all = together(journey->grounds, call->grounds);
	return requests_check_grounds(
	    &all, journey->approver, requests_is_emergency(request));
}

Requests__PlacementApproved *
requests_approved(struct arena *a, const Requests__Request *request,
    const Requests__Journey *journey, const Requests__Approve *call,
    const struct requests_act *act)
{
	Requests__PlacementApproved *out = MESSAGE_NEW(a, requests__placement_approved);
	Requests__ApprovalGrounds *all = MESSAGE_NEW(a, requests__approval_grounds);

	if (out == NULL || all == NULL)
		return NULL;
	*all = together(journey->grounds, call->grounds);
	out->request_id = request->request_id;
	out->placement_id = journey->placement_id;
	out->approved_by_id = str_copy(a, act->person_id);
	out->grounds = all;
	SET(out, time, act->now_ms);
	SET(out, members_copy_age_ms, act->copy_age_ms);
	if (requests_check_grounds(all, journey->approver, false) != REQUESTS_OK) {
		/* The five days run from the first approval; more grounds do not renew
		 * them. */
		if (journey->has_grounds_due_time)
			SET_FROM(out, grounds_due_time, journey, grounds_due_time);
		else
			SET(out, grounds_due_time, requests_grounds_due(act->now_ms));
	}
	return a->is_full ? NULL : out;
}

bool
requests_is_approved(const Requests__Journey *journey)
{
	return journey->approver == REQUESTS__APPROVER__APPROVER_NONE ||
	       journey->has_approved_time;
}
