#ifndef RCC_REQUESTS_STORE_CHANGE_H
#define RCC_REQUESTS_STORE_CHANGE_H

/*
 * What the files of the store share and nobody else may see.
 *   store.c          tables, questions, following
 *   store_apply.c    one event: its row, its timers
 *   store_bids.c     what an event does to bids and offers
 *   store_journey.c  what it does to the chosen placements
 *   store_owed.c     what is owed to the owner of a place
 *   store_drafts.c   what is kept before it is a request
 *   store_timeline.c what a request's own council may read of its events
 */

#include "requests/store.h"

#define EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name
#define STATE(name) REQUESTS__STATE__STATE_##name

/* One event on its way into its request's row. */
struct change {
	struct kv_txn *txn;
	struct arena *a;
	const struct svc_event *event;
	Requests__Request *row;
};

typedef void requests_change_fn(struct change *c, const void *event);

requests_change_fn requests_change_circulated;
requests_change_fn requests_change_interest;
requests_change_fn requests_change_offer;
requests_change_fn requests_change_declined;
requests_change_fn requests_change_opened;
requests_change_fn requests_change_decided;
requests_change_fn requests_change_held;
requests_change_fn requests_change_lost;
requests_change_fn requests_change_approved;
requests_change_fn requests_change_offer_confirmed;
requests_change_fn requests_change_hold_confirmed;
requests_change_fn requests_change_start_ordered;
requests_change_fn requests_change_started;
requests_change_fn requests_change_ended;
requests_change_fn requests_change_freed;
requests_change_fn requests_change_withdrawn;
requests_change_fn requests_change_release_owed;
requests_change_fn requests_change_released;
requests_change_fn requests_change_agreed;
requests_change_fn requests_change_broken;
requests_change_fn requests_change_call_closed;

/* Drafts are no requests yet, and have events of their own. */
enum err requests_change_draft_kept(
    struct kv_txn *txn, struct arena *a, const Requests__DraftKept *kept);
enum err requests_change_draft_dropped(
    struct kv_txn *txn, struct arena *a, const Requests__DraftDropped *dropped);

/* The event as an entry of its request's timeline, where it is one; the row is as it is
 * after the event. */
void requests_change_timeline(struct change *c);

/* The placement of this hold or id, on its way or begun; NULL, where an event has
 * neither: the only one. NULL latches. */
Requests__Journey *requests_change_journey(
    struct change *c, const char *hold_id, const char *placement_id);

/* One call to the service that owns the place; closed by the event of its answer. */
struct owed {
	const char *service;
	uint32_t method;
	const char *id;
	const ProtobufCMessage *body;
};
void requests_change_owe(struct change *c, const struct owed *owed);
void requests_change_close(struct change *c, const char *owed_id);

void requests_change_latch(struct change *c, enum err e);
/* The bid of an event that only a bidder can have caused; NULL latches. */
Requests__Bid *requests_change_bid(struct change *c, const char *provider_id);
/* A key of two texts, one behind the other, without a value. */
void requests_change_index(
    struct change *c, enum requests_table table, const char *whose, const char *id);
/* The state of the whole: of those children that are least far. */
Requests__State requests_change_state(const Requests__Request *row);
/* Everybody's outcome, and what they may still read. */
void requests_change_outcomes(
    struct change *c, Requests__BidOutcome *const *list, size_t n);

#endif
