#include "base/access.h"
#include "base/ask.h"
#include "base/message.h"
#include "base/str.h"
#include "foster/household.h"
#include "foster/store.h"
#include "foster/wire.h"

/* Decides the one event of a command, publishes what it changed, answers done. */
static enum err
record(struct svc_ask *ask, uint32_t type, const ProtobufCMessage *event,
    const char *household_id, const char *id)
{
	uint64_t number = svc_next_number(ask);

	svc_decide(ask, type, event);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum err e = foster_publish(ask, household_id);
	return e != ERR_NONE ? e : ask_done(ask, id, number);
}

/* ---- households ---- */

static bool
is_council_known(struct svc_ask *ask, const char *council_id)
{
	return access_council(ask->txn, ask->arena, council_id) != NULL;
}

enum err
foster_on_register(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__RegisterHousehold *call =
	    (const Foster__RegisterHousehold *)message;
	Foster__HouseholdRegistered event = FOSTER__HOUSEHOLD_REGISTERED__INIT;
	const Members__Provider *provider =
	    access_provider(ask->txn, ask->arena, ask->caller.organisation_id);

	if (provider == NULL || !foster_is_fostering((int)provider->kind))
		return foster_refuse(ask, FOSTER_PROVIDER_KIND, NULL);
	if (call->household == NULL)
		return foster_refuse(ask, FOSTER_ROW_MISSING, NULL);
	if (call->household->household_id != NULL ||
	    call->household->provider_id != NULL)
		return foster_refuse(ask, FOSTER_ID_GIVEN, NULL);
	enum foster_refusal no =
	    foster_check_household(call->household, ask_today(ask));
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	if (!is_council_known(ask, call->household->council_id))
		return foster_refuse(ask, FOSTER_COUNCIL_UNKNOWN, NULL);
	Foster__Household row = *call->household;
	row.household_id = ask_new_id(ask);
	row.provider_id = ask_text(ask, ask->caller.organisation_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	event.household = &row;
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REGISTERED,
	    &event.base, row.household_id, row.household_id);
}

/* What the call amends, where it may; *no says why not. */
static enum err
check_amend(struct svc_ask *ask, const Foster__HouseholdShown *known,
    const Foster__Household *row, enum foster_refusal *no)
{
	struct foster_home home;
	enum err e = foster_home_of(ask->arena, known, NULL, ask_today(ask), &home);

	if (e != ERR_NONE)
		return e;
	if (row->provider_id != NULL &&
	    !str_equal(row->provider_id, known->household->provider_id)) {
		*no = FOSTER_HOUSEHOLD_UNKNOWN;
		return ERR_NONE;
	}
	*no = foster_check_household(row, ask_today(ask));
	if (*no == FOSTER_OK && !is_council_known(ask, row->council_id))
		*no = FOSTER_COUNCIL_UNKNOWN;
	if (*no == FOSTER_OK)
		*no = foster_may_amend(known, &home, row);
	return ERR_NONE;
}

enum err
foster_on_amend(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__AmendHousehold *call = (const Foster__AmendHousehold *)message;
	Foster__HouseholdAmended event = FOSTER__HOUSEHOLD_AMENDED__INIT;
	Foster__HouseholdShown *known;
	enum foster_refusal no;

	if (call->household == NULL)
		return foster_refuse(ask, FOSTER_ROW_MISSING, NULL);
	enum err e = foster_own_home(ask, call->household->household_id, &known);
	if (e != ERR_NONE || known == NULL)
		return e;
	e = check_amend(ask, known, call->household, &no);
	if (e != ERR_NONE)
		return e;
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	Foster__Household row = *call->household;
	row.provider_id = known->household->provider_id;
	event.household = &row;
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_AMENDED, &event.base,
	    row.household_id, row.household_id);
}

/* ---- occupants ---- */

enum err
foster_on_record(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__RecordOccupant *call = (const Foster__RecordOccupant *)message;
	Foster__OccupantRecorded event = FOSTER__OCCUPANT_RECORDED__INIT;
	Foster__HouseholdShown *known;

	if (call->occupant == NULL)
		return foster_refuse(ask, FOSTER_ROW_MISSING, NULL);
	enum err e = foster_own_home(ask, call->occupant->household_id, &known);
	if (e != ERR_NONE || known == NULL)
		return e;
	enum foster_refusal no =
	    foster_may_record(known, call->occupant, ask_today(ask));
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	if (call->occupant->placing_council_id != NULL &&
	    !is_council_known(ask, call->occupant->placing_council_id))
		return foster_refuse(ask, FOSTER_COUNCIL_UNKNOWN, NULL);
	Foster__Occupant row = *call->occupant;
	row.occupant_id = ask_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	event.occupant = &row;
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_OCCUPANT_RECORDED, &event.base,
	    row.household_id, row.occupant_id);
}

static const Foster__Occupant *
occupant_in(const Foster__HouseholdShown *known, const char *id)
{
	for (size_t i = 0; i < known->n_occupants; i++) {
		if (str_equal(known->occupants[i]->occupant_id, id))
			return known->occupants[i];
	}
	return NULL;
}

enum err
foster_on_end_occupant(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__EndOccupant *call = (const Foster__EndOccupant *)message;
	Foster__OccupantEnded event = FOSTER__OCCUPANT_ENDED__INIT;
	Foster__HouseholdShown *known;
	enum err e =
	    foster_own_home_of(ask, call->occupant_id, FOSTER_OCCUPANT_UNKNOWN, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	const Foster__Occupant *occupant = occupant_in(known, call->occupant_id);
	if (occupant == NULL) /* the id is that of another of the household's rows */
		return foster_refuse(ask, FOSTER_OCCUPANT_UNKNOWN, NULL);
	enum foster_refusal no =
	    foster_may_end_occupant(occupant, call, ask_today(ask));
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	event.occupant_id = call->occupant_id;
	event.household_id = known->household->household_id;
	SET_FROM(&event, end_day, call, end_day);
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_OCCUPANT_ENDED, &event.base,
	    event.household_id, event.occupant_id);
}

/* ---- places withheld ---- */

enum err
foster_on_withhold(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__WithholdPlaces *call = (const Foster__WithholdPlaces *)message;
	Foster__PlacesWithheld event = FOSTER__PLACES_WITHHELD__INIT;
	Foster__Withheld row = FOSTER__WITHHELD__INIT;
	Foster__HouseholdShown *known;
	int32_t from_day = 0;
	enum err e = foster_own_home(ask, call->household_id, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	enum foster_refusal no =
	    foster_may_withhold(known, call, ask_today(ask), &from_day);
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	row.withheld_id = ask_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	row.household_id = call->household_id;
	SET_FROM(&row, places, call, places);
	SET_FROM(&row, reason, call, reason);
	SET(&row, from_day, from_day);
	SET_FROM(&row, until_day, call, until_day);
	event.withheld = &row;
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_PLACES_WITHHELD, &event.base,
	    row.household_id, row.withheld_id);
}

static bool
is_withheld_in(const Foster__HouseholdShown *known, const char *withheld_id)
{
	for (size_t i = 0; i < known->n_withheld; i++) {
		if (str_equal(known->withheld[i]->withheld_id, withheld_id))
			return true;
	}
	return false;
}

enum err
foster_on_restore(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__RestorePlaces *call = (const Foster__RestorePlaces *)message;
	Foster__PlacesRestored event = FOSTER__PLACES_RESTORED__INIT;
	Foster__HouseholdShown *known;
	enum err e =
	    foster_own_home_of(ask, call->withheld_id, FOSTER_WITHHELD_UNKNOWN, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	if (!is_withheld_in(known, call->withheld_id))
		return foster_refuse(ask, FOSTER_WITHHELD_UNKNOWN, NULL);
	event.withheld_id = call->withheld_id;
	event.household_id = known->household->household_id;
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_PLACES_RESTORED, &event.base,
	    event.household_id, event.withheld_id);
}

/* ---- exemptions, the area council's ---- */

enum err
foster_on_exempt(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__GrantExemption *call = (const Foster__GrantExemption *)message;
	Foster__ExemptionGranted event = FOSTER__EXEMPTION_GRANTED__INIT;
	Foster__Exemption row = FOSTER__EXEMPTION__INIT;
	int32_t from_day = 0;
	const Foster__HouseholdShown *known =
	    foster_store_home(ask->txn, ask->arena, call->household_id);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (known == NULL)
		return foster_refuse(ask, FOSTER_HOUSEHOLD_UNKNOWN, NULL);
	enum foster_refusal no = foster_may_exempt(
	    known, call, ask->caller.organisation_id, ask_today(ask), &from_day);
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	row.exemption_id = ask_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	row.household_id = call->household_id;
	row.council_id = known->household->council_id;
	row.n_child_ids = call->n_child_ids;
	row.child_ids = call->child_ids;
	SET(&row, from_day, from_day);
	SET_FROM(&row, until_day, call, until_day);
	event.exemption = &row;
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_EXEMPTION_GRANTED, &event.base,
	    row.household_id, row.exemption_id);
}

static const Foster__Exemption *
exemption_in(const Foster__HouseholdShown *known, const char *id)
{
	for (size_t i = 0; i < known->n_exemptions; i++) {
		if (str_equal(known->exemptions[i]->exemption_id, id))
			return known->exemptions[i];
	}
	return NULL;
}

enum err
foster_on_end_exemption(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__EndExemption *call = (const Foster__EndExemption *)message;
	Foster__ExemptionEnded event = FOSTER__EXEMPTION_ENDED__INIT;
	int32_t until_day = 0;
	const char *owner =
	    foster_store_owner(ask->txn, ask->arena, call->exemption_id);
	const Foster__HouseholdShown *known =
	    foster_store_home(ask->txn, ask->arena, owner);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	const Foster__Exemption *row =
	    known == NULL ? NULL : exemption_in(known, call->exemption_id);
	/* Whom another council exempted is not for this one to know. */
	if (row == NULL || !str_equal(row->council_id, ask->caller.organisation_id))
		return foster_refuse(ask, FOSTER_EXEMPTION_UNKNOWN, NULL);
	enum foster_refusal no = foster_may_end_exemption(
	    row, call, ask->caller.organisation_id, ask_today(ask), &until_day);
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	event.exemption_id = call->exemption_id;
	event.household_id = row->household_id;
	SET(&event, until_day, until_day);
	return record(ask, FOSTER__FOSTER_EVENT__EVENT_EXEMPTION_ENDED, &event.base,
	    event.household_id, event.exemption_id);
}
