#include "base/ask.h"
#include "base/message.h"
#include "base/str.h"
#include "residential/home.h"
#include "residential/store.h"
#include "residential/wire.h"

/* ---- homes ---- */

static bool
is_urn_taken(struct svc_ask *ask, const Residential__Home *row)
{
	const char *owner = residential_store_urn(ask->txn, ask->arena, row->urn);

	return owner != NULL && !str_equal(owner, row->home_id);
}

/* The row by itself, and beside what else is known here. */
static enum residential_refusal
check_row(struct svc_ask *ask, const Residential__Home *row)
{
	enum residential_refusal no = residential_check_home(row, ask_today(ask));

	if (no != RESIDENTIAL_OK)
		return no;
	if (!residential_is_of_provider(ask, row))
		return RESIDENTIAL_PROVIDER_KIND;
	if (!residential_is_council(ask, row->council_id))
		return RESIDENTIAL_COUNCIL_UNKNOWN;
	return is_urn_taken(ask, row) ? RESIDENTIAL_URN_TAKEN : RESIDENTIAL_OK;
}

enum err
residential_on_register(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__RegisterHome *call =
	    (const Residential__RegisterHome *)message;
	Residential__HomeRegistered event = RESIDENTIAL__HOME_REGISTERED__INIT;

	if (call->home == NULL)
		return residential_refuse(ask, RESIDENTIAL_ROW_MISSING, NULL);
	if (call->home->home_id != NULL || call->home->provider_id != NULL)
		return residential_refuse(ask, RESIDENTIAL_ID_GIVEN, NULL);
	enum residential_refusal no = check_row(ask, call->home);
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	Residential__Home row = *call->home;
	row.home_id = ask_new_id(ask);
	row.provider_id = ask_text(ask, ask->caller.organisation_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	event.home = &row;
	return residential_decide(ask,
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOME_REGISTERED, &event.base,
	    row.home_id, row.home_id);
}

/* What the call amends, where it may; *no says why not. */
static enum err
check_amend(struct svc_ask *ask, const Residential__HomeShown *known,
    const Residential__Home *row, enum residential_refusal *no)
{
	struct residential_house house;
	enum err e =
	    residential_house_of(ask->arena, known, NULL, ask_today(ask), &house);

	if (e != ERR_NONE)
		return e;
	*no = RESIDENTIAL_HOME_UNKNOWN;
	if (row->provider_id != NULL &&
	    !str_equal(row->provider_id, known->home->provider_id))
		return ERR_NONE;
	*no = check_row(ask, row);
	if (*no == RESIDENTIAL_OK)
		*no = residential_may_amend(known, &house, row);
	return ERR_NONE;
}

enum err
residential_on_amend(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__AmendHome *call = (const Residential__AmendHome *)message;
	Residential__HomeAmended event = RESIDENTIAL__HOME_AMENDED__INIT;
	Residential__HomeShown *known;
	enum residential_refusal no;

	if (call->home == NULL)
		return residential_refuse(ask, RESIDENTIAL_ROW_MISSING, NULL);
	enum err e = residential_own_home(ask, call->home->home_id, &known);
	if (e != ERR_NONE || known == NULL)
		return e;
	e = check_amend(ask, known, call->home, &no);
	if (e != ERR_NONE)
		return e;
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	Residential__Home row = *call->home;
	row.provider_id = known->home->provider_id;
	event.home = &row;
	return residential_decide(ask,
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOME_AMENDED, &event.base,
	    row.home_id, row.home_id);
}

/* ---- occupants ---- */

enum err
residential_on_record(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__RecordOccupant *call =
	    (const Residential__RecordOccupant *)message;
	Residential__OccupantRecorded event = RESIDENTIAL__OCCUPANT_RECORDED__INIT;
	Residential__HomeShown *known;

	if (call->occupant == NULL)
		return residential_refuse(ask, RESIDENTIAL_ROW_MISSING, NULL);
	enum err e = residential_own_home(ask, call->occupant->home_id, &known);
	if (e != ERR_NONE || known == NULL)
		return e;
	enum residential_refusal no =
	    residential_may_record(known, call->occupant, ask_today(ask));
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	if (call->occupant->placing_council_id != NULL &&
	    !residential_is_council(ask, call->occupant->placing_council_id))
		return residential_refuse(ask, RESIDENTIAL_COUNCIL_UNKNOWN, NULL);
	Residential__Occupant row = *call->occupant;
	row.occupant_id = ask_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	event.occupant = &row;
	return residential_decide(ask,
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_OCCUPANT_RECORDED, &event.base,
	    row.home_id, row.occupant_id);
}

static const Residential__Occupant *
occupant_in(const Residential__HomeShown *known, const char *id)
{
	for (size_t i = 0; i < known->n_occupants; i++) {
		if (str_equal(known->occupants[i]->occupant_id, id))
			return known->occupants[i];
	}
	return NULL;
}

enum err
residential_on_end_occupant(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__EndOccupant *call =
	    (const Residential__EndOccupant *)message;
	Residential__OccupantEnded event = RESIDENTIAL__OCCUPANT_ENDED__INIT;
	Residential__HomeShown *known;
	enum err e = residential_own_home_of(
	    ask, call->occupant_id, RESIDENTIAL_OCCUPANT_UNKNOWN, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	const Residential__Occupant *occupant = occupant_in(known, call->occupant_id);
	if (occupant == NULL) /* the id is that of a closed or reserved bed */
		return residential_refuse(ask, RESIDENTIAL_OCCUPANT_UNKNOWN, NULL);
	enum residential_refusal no =
	    residential_may_end_occupant(occupant, call, ask_today(ask));
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	event.occupant_id = call->occupant_id;
	event.home_id = known->home->home_id;
	SET_FROM(&event, end_day, call, end_day);
	return residential_decide(ask,
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_OCCUPANT_ENDED, &event.base,
	    event.home_id, event.occupant_id);
}
