#ifndef RCC_REQUESTS_JOURNEY_H
#define RCC_REQUESTS_JOURNEY_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * A chosen placement on its way: the provider's yes, start, end, withdrawal. The
 * council orders and the owner of the place answers (weigh.h). Whatever happens a
 * journey ends: what is held is started or released.
 */

/* Some of a request's placements: never more than it has children. */
struct requests_journeys {
	Requests__Journey *list[REQUESTS_CHILDREN_MAX];
	size_t n;
};

/* Those decided on together with this one, itself among them, that are still on their
 * way and not ordered to start. */
void requests_group(const Requests__Request *request, const Requests__Journey *journey,
    struct requests_journeys *out);

/* May this provider say yes to this offer of its own now? Where its place is one of
 * several, each must still be held. */
enum requests_refusal requests_check_confirm(const Requests__Request *request,
    const char *offer_id, const struct requests_act *act);

/* Has everybody else in the group said yes, so that this yes confirms them all? */
bool requests_is_last_yes(
    const struct requests_journeys *group, const Requests__Journey *journey);

/* Until when the places of a group, confirmed now, are kept: all equally long, since
 * the children are to move together. */
int64_t requests_kept_until(const Requests__Request *request,
    const struct requests_journeys *group, int64_t now_ms);

/* May the placement have started on that day, today at the latest: confirmed, and
 * approved by then where it must be? Where none is named, all that are on their way,
 * together; *starts are those to order. */
enum requests_refusal requests_check_start(const Requests__Request *request,
    const Requests__Start *call, const struct requests_act *act,
    struct requests_journeys *starts);

enum requests_refusal requests_check_end(const Requests__Request *request,
    const Requests__End *call, const struct requests_act *act,
    Requests__Journey **ends);

/* *releases are what must then be given back. Where a placement has begun it stays, and
 * only the rest is withdrawn. */
enum requests_refusal requests_check_withdraw(const Requests__Request *request,
    const Requests__Withdraw *call, struct requests_journeys *releases);

enum requests_closing {
	REQUESTS_CLOSING_STARTED,
	REQUESTS_CLOSING_WITHDRAWN,
};

/* What one bidder is told when the search closes: everybody is told something, and
 * silence is an outcome of its own. */
Requests__Outcome requests_outcome(const Requests__Request *request,
    const Requests__Bid *bid, enum requests_closing closing, int64_t now_ms);

/* The outcomes of all, one a bid, in the arena; NULL when it is full. */
Requests__BidOutcome **requests_outcomes(struct arena *a,
    const Requests__Request *request, enum requests_closing closing, int64_t now_ms);

/* A start as it is recorded: while brothers or sisters wait, only its own provider is
 * told the outcome. NULL when the arena is full. */
Requests__PlacementStarted *requests_started(struct arena *a,
    const Requests__Request *request, const Requests__Journey *journey, int64_t now_ms);

#endif
