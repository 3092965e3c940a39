#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "requests/store_change.h"

void
requests_change_owe(struct change *c, const struct owed *what)
{
	Journal__OwedCall owed = JOURNAL__OWED_CALL__INIT;
	struct bytes packed = BYTES_NONE;

	requests_change_latch(c, message_pack(c->a, what->body, &packed));
	owed.owed_id = str_copy(c->a, what->id);
	owed.service = str_copy(c->a, what->service);
	if (owed.owed_id == NULL || owed.service == NULL) {
		requests_change_latch(c, ERR_MEMORY);
		return;
	}
	SET(&owed, method, what->method);
	SET_BYTES(&owed, body, packed);
	SET(&owed, opened_time, c->event->time_ms);
	svc_owe(c->txn, c->a, &owed);
	kv_put(c->txn, REQUESTS_CALLS, row_key(what->id), row_key(c->row->request_id));
}

void
requests_change_close(struct change *c, const char *owed_id)
{
	svc_owed_close(c->txn, owed_id);
	kv_delete(c->txn, REQUESTS_CALLS, row_key(owed_id));
}

static void
owe_release(
    struct change *c, const char *service, const char *release_id, char *hold_id)
{
	Place__Release body = PLACE__RELEASE__INIT;

	body.hold_id = hold_id;
	requests_change_owe(
	    c, &(struct owed){service, PLACE_CALL(RELEASE), release_id, &body.base});
}

void
requests_change_release_owed(struct change *c, const void *event)
{
	const Requests__ReleaseOwed *e = event;

	owe_release(
	    c, e->owner != NULL ? e->owner : "foster", e->release_id, e->hold_id);
}

void
requests_change_released(struct change *c, const void *event)
{
	requests_change_close(c, ((const Requests__HoldReleased *)event)->release_id);
}

void
requests_change_freed(struct change *c, const void *event)
{
	requests_change_close(c, ((const Requests__PlaceFreed *)event)->end_id);
}

void
requests_change_call_closed(struct change *c, const void *event)
{
	requests_change_close(c, ((const Requests__CallClosed *)event)->call_id);
}

void
requests_change_withdrawn(struct change *c, const void *event)
{
	const Requests__RequestWithdrawn *e = event;

	SET_FROM(c->row, withdraw_reason, e, reason);
	for (size_t i = 0; i < c->row->n_journeys; i++)
		if (c->row->journeys[i]->state < STATE(STARTED))
			SET(c->row->journeys[i], state, STATE(WITHDRAWN));
	requests_change_outcomes(c, e->outcomes, e->n_outcomes);
	/* Before each release was an event of its own: all places were foster's. */
	if (e->release_id != NULL)
		owe_release(c, "foster", e->release_id, e->hold_id);
}
