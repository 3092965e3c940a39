#include "base/ask.h"
#include "base/message.h"
#include "base/str.h"
#include "residential/home.h"
#include "residential/store.h"
#include "residential/wire.h"

/* The acting provider's own home, whole, and as its rules count it. */
static enum err
own_house(struct svc_ask *ask, const char *home_id, Residential__HomeShown **known,
    struct residential_house *house)
{
	enum err e = residential_own_home(ask, home_id, known);

	if (e != ERR_NONE || *known == NULL)
		return e;
	return residential_house_of(ask->arena, *known, NULL, ask_today(ask), house);
}

/* ---- beds closed ---- */

enum err
residential_on_close_beds(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__CloseBeds *call = (const Residential__CloseBeds *)message;
	Residential__BedsClosed event = RESIDENTIAL__BEDS_CLOSED__INIT;
	Residential__ClosedBeds row = RESIDENTIAL__CLOSED_BEDS__INIT;
	Residential__HomeShown *known;
	struct residential_house house;
	int32_t from_day = 0;
	enum err e = own_house(ask, call->home_id, &known, &house);

	if (e != ERR_NONE || known == NULL)
		return e;
	enum residential_refusal no =
	    residential_may_close_beds(known, &house, call, &from_day);
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	row.closed_id = ask_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	row.home_id = call->home_id;
	SET_FROM(&row, beds, call, beds);
	SET_FROM(&row, reason, call, reason);
	SET(&row, from_day, from_day);
	SET_FROM(&row, until_day, call, until_day);
	event.closed = &row;
	return residential_decide(ask,
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_BEDS_CLOSED, &event.base, row.home_id,
	    row.closed_id);
}

static bool
is_closed_in(const Residential__HomeShown *known, const char *closed_id)
{
	for (size_t i = 0; i < known->n_closed; i++) {
		if (str_equal(known->closed[i]->closed_id, closed_id))
			return true;
	}
	return false;
}

enum err
residential_on_reopen_beds(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__ReopenBeds *call = (const Residential__ReopenBeds *)message;
	Residential__BedsReopened event = RESIDENTIAL__BEDS_REOPENED__INIT;
	Residential__HomeShown *known;
	enum err e = residential_own_home_of(
	    ask, call->closed_id, RESIDENTIAL_CLOSED_UNKNOWN, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	if (!is_closed_in(known, call->closed_id))
		return residential_refuse(ask, RESIDENTIAL_CLOSED_UNKNOWN, NULL);
	event.closed_id = call->closed_id;
	event.home_id = known->home->home_id;
	return residential_decide(ask,
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_BEDS_REOPENED, &event.base,
	    event.home_id, event.closed_id);
}

/* ---- beds reserved ---- */

static enum residential_refusal
check_councils(struct svc_ask *ask, const Residential__ReserveBed *call)
{
	for (size_t i = 0; i < call->n_council_ids; i++) {
		if (!residential_is_council(ask, call->council_ids[i]))
			return RESIDENTIAL_COUNCIL_UNKNOWN;
	}
	return RESIDENTIAL_OK;
}

enum err
residential_on_reserve(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__ReserveBed *call = (const Residential__ReserveBed *)message;
	Residential__BedReserved event = RESIDENTIAL__BED_RESERVED__INIT;
	Residential__Reservation row = RESIDENTIAL__RESERVATION__INIT;
	Residential__HomeShown *known;
	struct residential_house house;
	int32_t from_day = 0;
	enum err e = own_house(ask, call->home_id, &known, &house);

	if (e != ERR_NONE || known == NULL)
		return e;
	enum residential_refusal no =
	    residential_may_reserve(known, &house, call, &from_day);
	if (no == RESIDENTIAL_OK)
		no = check_councils(ask, call);
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	row.reservation_id = ask_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	row.home_id = call->home_id;
	SET_FROM(&row, bed_number, call, bed_number);
	row.n_council_ids = call->n_council_ids;
	row.council_ids = call->council_ids;
	SET(&row, from_day, from_day);
	SET_FROM(&row, until_day, call, until_day);
	event.reservation = &row;
	return residential_decide(ask,
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_BED_RESERVED, &event.base,
	    row.home_id, row.reservation_id);
}

static bool
is_reserved_in(const Residential__HomeShown *known, const char *reservation_id)
{
	for (size_t i = 0; i < known->n_reservations; i++) {
		if (str_equal(known->reservations[i]->reservation_id, reservation_id))
			return true;
	}
	return false;
}

/* Whoever lives in it or has it kept stays; it is reserved for nobody afterwards. */
enum err
residential_on_free(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__FreeBed *call = (const Residential__FreeBed *)message;
	Residential__BedFreed event = RESIDENTIAL__BED_FREED__INIT;
	Residential__HomeShown *known;
	enum err e = residential_own_home_of(
	    ask, call->reservation_id, RESIDENTIAL_RESERVATION_UNKNOWN, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	if (!is_reserved_in(known, call->reservation_id))
		return residential_refuse(ask, RESIDENTIAL_RESERVATION_UNKNOWN, NULL);
	event.reservation_id = call->reservation_id;
	event.home_id = known->home->home_id;
	return residential_decide(ask, RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_BED_FREED,
	    &event.base, event.home_id, event.reservation_id);
}
