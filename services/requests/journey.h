#ifndef RCC_REQUESTS_JOURNEY_H
#define RCC_REQUESTS_JOURNEY_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * The chosen placement on its way: decision, hold, the provider's yes, confirm,
 * start, end. The council decides and orders; the owner of the place answers; each
 * answer moves the one journey it was for, or none. Whatever happens a journey
 * ends: what is held is started or released.
 */

/* May this offer be chosen? */
enum requests_refusal requests_check_decide(
    const Requests__Request *request, const Requests__Decide *call);

/* What a decision is recorded with: ids made for it, where the home lies now, and
 * who must therefore approve. */
struct requests_decision {
	const char *hold_id; /* names the hold: the id of the call that asks for it */
	const char *placement_id;
	const char *area_council_id;
	Requests__Approver approver;
};

/* A checked decision as it is recorded, with the offers it was made among and all
 * that the owner is asked. NULL when the arena is full. */
Requests__PlacementDecided *requests_decided(struct arena *a,
    const Requests__Request *request, const Requests__Decide *call,
    const struct requests_act *act, const struct requests_decision *decision);

/* May this provider say yes to this offer of its own now? */
enum requests_refusal requests_check_confirm(const Requests__Request *request,
    const char *offer_id, const struct requests_act *act);

/* May the placement have started on that day, today at the latest: confirmed, and
 * approved by then where it must be? */
enum requests_refusal requests_check_start(const Requests__Request *request,
    const Requests__Start *call, const struct requests_act *act);

enum requests_refusal requests_check_end(const Requests__Request *request,
    const Requests__End *call, const struct requests_act *act);

/* *hold_id is what must then be released; NULL where nothing is or may be held. */
enum requests_refusal requests_check_withdraw(const Requests__Request *request,
    const Requests__Withdraw *call, const char **hold_id);

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

/* What the owner was asked. */
enum requests_owed {
	REQUESTS_OWED_HOLD,
	REQUESTS_OWED_CONFIRM,
	REQUESTS_OWED_RELEASE,
	REQUESTS_OWED_START,
	REQUESTS_OWED_END,
};

/* What follows from the owner's answer, or from time passing. */
enum requests_effect {
	REQUESTS_CLOSES, /* the call is closed and nothing moves */
	REQUESTS_HELD,
	REQUESTS_CONFIRMED,
	REQUESTS_BEGUN,
	REQUESTS_FREED,
	REQUESTS_RELEASED,
	REQUESTS_LOST,              /* nothing is held any more */
	REQUESTS_LOST_OWES_RELEASE, /* lost here; the owner may still hold */
	REQUESTS_OWES_RELEASE,      /* granted to a journey that has moved on */
	REQUESTS_NOTHING,           /* not even a call to close */
};

/* The owner said yes or no to a call about this hold (NULL for the end). */
enum requests_effect requests_weigh_answer(const Requests__Request *request,
    enum requests_owed owed, const char *hold_id, bool is_yes);

/* The owner's own clock ended this hold. The start is the owner's to answer: what
 * was ordered is settled by that answer alone. */
enum requests_effect requests_weigh_expiry(
    const Requests__Request *request, const char *hold_id);

/* The time set for the place on its way is over. */
enum requests_effect requests_weigh_deadline(
    const Requests__Request *request, int64_t due_ms);

#endif
