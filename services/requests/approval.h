#ifndef RCC_REQUESTS_APPROVAL_H
#define RCC_REQUESTS_APPROVAL_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * Who must approve a placement outside the child's council's area before it starts,
 * and of what the approver must be satisfied.
 * Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg
 * 11, quoted in approval.c.
 */

/* Where the offered home is, seen from the child's council. */
struct requests_area {
	bool is_own;  /* in the council's own area */
	bool adjoins; /* in the area of an adjoining council: a table, never miles */
	bool is_own_team; /* the provider is the council's own fostering team */
};

Requests__Approver requests_approver(struct requests_area area);

/*
 * The first ground that is missing for this approver; REQUESTS_OK where all are
 * there. In an emergency two suffice before the start (`may_owe`).
 */
enum requests_refusal requests_check_grounds(const Requests__ApprovalGrounds *grounds,
    Requests__Approver approver, bool may_owe);

/* What an approval is about, and whether nothing is left of it to approve. */
struct requests_approval {
	Requests__Journey *journey;
	bool is_already;
};

/* May this person approve the placement on these grounds? Grounds recorded before
 * count. */
enum requests_refusal requests_check_approve(const Requests__Request *request,
    const Requests__Approve *call, bool is_director, struct requests_approval *out);

/* What is recorded; grounds_due_time only where some are still owed. NULL when the
 * arena is full. */
Requests__PlacementApproved *requests_approved(struct arena *a,
    const Requests__Request *request, const Requests__Journey *journey,
    const Requests__Approve *call, const struct requests_act *act);

/* May the start go ahead as far as approval is concerned? */
bool requests_is_approved(const Requests__Journey *journey);

#endif
