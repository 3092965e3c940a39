#include "base/message.h"
#include "base/place.h"
#include "base/shown.h"
#include "foster/foster.h"
#include "foster/store.h"
#include "foster/wire.h"

#define EVENT(name) FOSTER__FOSTER_EVENT__EVENT_##name
#define MINUTE_MS INT64_C(60000)

/* The hold as it was granted, under the number of that life; NULL latches. */
static Foster__HoldRow *
adopt_hold(struct svc_ask *ask, const Place__JourneyShown *shown)
{
	Foster__HoldGranted event = FOSTER__HOLD_GRANTED__INIT;
	struct foster_grant terms = {
	    .hold_id = shown->hold_id,
	    .household_id = shown->held->place_id,
	    .fencing_number = shown->held->fencing_number,
	    .now_ms = shown->held->expires_time - shown->hold->hold_minutes * MINUTE_MS,
	};

	event.hold = foster_new_hold(ask->arena, shown->hold, &terms);
	if (event.hold == NULL)
		kv_fail(ask->txn, ERR_MEMORY);
	else
		svc_decide(ask, EVENT(HOLD_GRANTED), &event.base);
	return event.hold;
}

/* What is missing, in the order in which it happened. */
static enum err
adopt_facts(struct svc_ask *ask, Foster__HoldRow *row, unsigned missing,
    const Place__JourneyShown *shown)
{
	enum err e = ERR_NONE;

	if ((missing & PLACE_GRANTED) != 0)
		row = adopt_hold(ask, shown);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if ((missing & PLACE_CONFIRMED) != 0)
		foster_decide_confirmed(ask, row, shown->confirm);
	if ((missing & PLACE_STARTED) != 0)
		e = foster_decide_started(ask, row, shown->start);
	if (e == ERR_NONE && (missing & PLACE_ENDED) != 0) {
		Foster__PlacementRow *placement = foster_store_placement(
		    ask->txn, ask->arena, shown->end->placement_id);
		if (placement != NULL)
			foster_decide_ended(ask, placement, shown->end);
	}
	if ((missing & PLACE_RELEASED) != 0)
		foster_decide_released(ask, shown->hold_id, row);
	return e != ERR_NONE ? e : ask->txn->err;
}

static enum err
adopt(struct svc_ask *ask, const Place__JourneyShown *shown, enum shown_outcome *out)
{
	Foster__HoldRow *row = foster_store_hold(ask->txn, ask->arena, shown->hold_id);
	const Foster__PlacementRow *placement = NULL;

	if (shown->start != NULL)
		placement = foster_store_placement(
		    ask->txn, ask->arena, shown->start->placement_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	unsigned missing =
	    place_missing(PLACE_HOLD_OF(row), PLACE_PLACEMENT_OF(placement), shown);
	if (missing == 0)
		return ERR_NONE;
	const char *household_id =
	    row != NULL ? row->household_id : shown->held->place_id;
	if (foster_store_home(ask->txn, ask->arena, household_id) == NULL) {
		*out = SHOWN_NO_PLACE;
		return ask->txn->err;
	}
	*out = SHOWN_ADOPTED;
	enum err e = adopt_facts(ask, row, missing, shown);
	return e != ERR_NONE ? e : foster_publish(ask, household_id);
}

static const struct shown_owner owner = {
    .restored_event = EVENT(RESTORED),
    .journeys_shown_event = EVENT(JOURNEYS_SHOWN),
    .adopt = adopt,
};

enum err
foster_on_restored(struct svc_ask *ask, const struct journal_head *head)
{
	return shown_on_restored(ask, head, &owner);
}

enum err
foster_on_reply(struct svc_ask *ask, const struct svc_reply *reply)
{
	return shown_on_reply(ask, reply, &owner);
}
