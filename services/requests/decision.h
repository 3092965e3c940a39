#ifndef RCC_REQUESTS_DECISION_H
#define RCC_REQUESTS_DECISION_H

#include "base/arena.h"
#include "requests/requests.h"

/* The council's choice among the offers that stand; the machine makes none. */

struct requests_offers {
	const Requests__OfferRow *list[REQUESTS_CHILDREN_MAX];
	size_t n;
};

/*
 * May these offers be chosen? They stand, and are together for every child who still
 * waits: one for all of them, or one for each part of a split that is permitted.
 * *offers are then those named, in order.
 * Source: Children Act 1989, s22C; quoted in decision.c.
 */
enum requests_refusal requests_check_decide(const Requests__Request *request,
    const Requests__Decide *call, struct requests_offers *offers);

/* What a decision on one offer is recorded with: ids made for it, where the home lies
 * now, and who must therefore approve. */
struct requests_decision {
	const Requests__OfferRow *offer;
	const char *hold_id; /* names the hold: the id of the call that asks for it */
	const char *placement_id;
	const char *area_council_id;
	Requests__Approver approver;
};

/* What the owner of the place may know of these children: who they are to it, and whom
 * they are not safe with. False when the arena is full. */
bool requests_describe(struct arena *a, const Requests__Request *request,
    uint32_t children, Requests__PlacementDecided *out);

/* A checked decision as it is recorded, with the offers it was made among and all
 * that the owner is asked. NULL when the arena is full. */
Requests__PlacementDecided *requests_decided(struct arena *a,
    const Requests__Request *request, const Requests__Decide *call,
    const struct requests_act *act, const struct requests_decision *decision);

#endif
