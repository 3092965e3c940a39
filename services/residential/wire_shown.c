#include "base/ask.h"
#include "base/message.h"
#include "base/place.h"
#include "base/shown.h"
#include "residential/beds.h"
#include "residential/residential.h"
#include "residential/store.h"
#include "residential/wire.h"

#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name
#define MINUTE_MS INT64_C(60000)

/* Its reserved beds are found again as far as they are there; a bed too many is a fact.
 */
static enum err
take_beds(struct svc_ask *ask, Residential__HoldRow *row)
{
	const Residential__HomeShown *known =
	    residential_store_home(ask->txn, ask->arena, row->home_id);
	struct residential_house house;
	uint32_t reserved_n = 0;

	if (known == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	enum err e =
	    residential_house_of(ask->arena, known, row, ask_today(ask), &house);
	if (e != ERR_NONE ||
	    !residential_has_beds(&house, row->placing_council_id, &reserved_n))
		return e;
	return residential_take_reserved(ask->arena, &house, reserved_n, row)
	           ? ERR_NONE
	           : ERR_MEMORY;
}

/* The hold as it was granted, under the number of that life; NULL latches. */
static Residential__HoldRow *
adopt_hold(struct svc_ask *ask, const Place__JourneyShown *shown)
{
	Residential__HoldGranted event = RESIDENTIAL__HOLD_GRANTED__INIT;
	struct residential_grant terms = {
	    .hold_id = shown->hold_id,
	    .home_id = shown->held->place_id,
	    .fencing_number = shown->held->fencing_number,
	    .now_ms = shown->held->expires_time - shown->hold->hold_minutes * MINUTE_MS,
	};

	event.hold = residential_new_hold(ask->arena, shown->hold, &terms);
	kv_fail(ask->txn, event.hold == NULL ? ERR_MEMORY : take_beds(ask, event.hold));
	if (ask->txn->err == ERR_NONE)
		svc_decide(ask, EVENT(HOLD_GRANTED), &event.base);
	return event.hold;
}

/* What is missing, in the order in which it happened. */
static enum err
adopt_facts(struct svc_ask *ask, Residential__HoldRow *row, unsigned missing,
    const Place__JourneyShown *shown)
{
	enum err e = ERR_NONE;

	if ((missing & PLACE_GRANTED) != 0)
		row = adopt_hold(ask, shown);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if ((missing & PLACE_CONFIRMED) != 0)
		residential_decide_confirmed(ask, row, shown->confirm);
	if ((missing & PLACE_STARTED) != 0)
		e = residential_decide_started(ask, row, shown->start);
	if (e == ERR_NONE && (missing & PLACE_ENDED) != 0) {
		Residential__PlacementRow *placement = residential_store_placement(
		    ask->txn, ask->arena, shown->end->placement_id);
		if (placement != NULL)
			residential_decide_ended(ask, placement, shown->end);
	}
	if ((missing & PLACE_RELEASED) != 0)
		residential_decide_released(ask, shown->hold_id, row);
	return e != ERR_NONE ? e : ask->txn->err;
}

static enum err
adopt(struct svc_ask *ask, const Place__JourneyShown *shown, enum shown_outcome *out)
{
	Residential__HoldRow *row =
	    residential_store_hold(ask->txn, ask->arena, shown->hold_id);
	const Residential__PlacementRow *placement = NULL;

	if (shown->start != NULL)
		placement = residential_store_placement(
		    ask->txn, ask->arena, shown->start->placement_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	unsigned missing =
	    place_missing(PLACE_HOLD_OF(row), PLACE_PLACEMENT_OF(placement), shown);
	if (missing == 0)
		return ERR_NONE;
	const char *home_id = row != NULL ? row->home_id : shown->held->place_id;
	if (residential_store_home(ask->txn, ask->arena, home_id) == NULL) {
		*out = SHOWN_NO_PLACE;
		return ask->txn->err;
	}
	*out = SHOWN_ADOPTED;
	enum err e = adopt_facts(ask, row, missing, shown);
	return e != ERR_NONE ? e : residential_publish(ask, home_id);
}

static const struct shown_owner owner = {
    .restored_event = EVENT(RESTORED),
    .journeys_shown_event = EVENT(JOURNEYS_SHOWN),
    .adopt = adopt,
};

enum err
residential_on_restored(struct svc_ask *ask, const struct journal_head *head)
{
	return shown_on_restored(ask, head, &owner);
}

enum err
residential_on_reply(struct svc_ask *ask, const struct svc_reply *reply)
{
	return shown_on_reply(ask, reply, &owner);
}
