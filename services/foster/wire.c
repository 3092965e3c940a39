#include "foster/wire.h"

#include <assert.h>

#include "base/access.h"
#include "base/ask.h"
#include "base/message.h"
#include "base/shown.h"
#include "base/str.h"
#include "foster/places.h"
#include "foster/standing.h"
#include "foster/store.h"

#include "requests.pb-c.h"

/* ---- what all handlers share ---- */

enum err
foster_refuse(struct svc_ask *ask, enum foster_refusal no, const char *detail)
{
	svc_refuse(ask, foster_refusal(no), detail);
	return ERR_NONE;
}

/* The household, if it is the caller's own: `no` for one of others as for none at all.
 */
static enum err
own_home(struct svc_ask *ask, const char *household_id, enum foster_refusal no,
    Foster__HouseholdShown **out)
{
	Foster__HouseholdShown *known =
	    foster_store_home(ask->txn, ask->arena, household_id);

	*out = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (known == NULL ||
	    !str_equal(known->household->provider_id, ask->caller.organisation_id))
		return foster_refuse(ask, no, NULL);
	*out = known;
	return ERR_NONE;
}

enum err
foster_own_home(
    struct svc_ask *ask, const char *household_id, Foster__HouseholdShown **out)
{
	return own_home(ask, household_id, FOSTER_HOUSEHOLD_UNKNOWN, out);
}

enum err
foster_own_home_of(struct svc_ask *ask, const char *id, enum foster_refusal no,
    Foster__HouseholdShown **out)
{
	const char *owner = foster_store_owner(ask->txn, ask->arena, id);

	*out = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (owner == NULL)
		return foster_refuse(ask, no, NULL);
	return own_home(ask, owner, no, out);
}

/* ---- questions ---- */

#define PROVIDER ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER)
/* Each is read whole, and its row and standing go into one answer. */
#define STANDINGS_MAX 100

/* Councils and the co-operative read all that is open; a provider its own, since who
 * lives in another's home, and at what fee, is no business of a competitor. */
static enum err
on_vacancies(struct svc_ask *ask, const ProtobufCMessage *message)
{
	Foster__VacanciesAsked call = *(const Foster__VacanciesAsked *)message;
	const char *asking = ask->caller.organisation_id;
	bool is_provider = (ask->caller.roles & PROVIDER) != 0;
	Foster__Vacancies *answer = MESSAGE_NEW(ask->arena, foster__vacancies);

	if (answer == NULL)
		return ERR_MEMORY;
	SET(answer, journal_number, svc_next_number(ask) - 1);
	svc_answer(ask, &answer->base);
	if (is_provider && call.provider_id != NULL &&
	    !str_equal(call.provider_id, asking))
		return ask->txn->err;
	if (is_provider)
		call.provider_id = ask_text(ask, asking);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	return foster_store_vacancies(
	    ask->txn, ask->arena, &call, ask_page_rows(call.limit), answer);
}

/* Whole for its own provider; for the council in whose area it is, what an exemption
 * is decided on; for anybody else it is not there. */
static enum err
on_household(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__HouseholdAsked *call = (const Foster__HouseholdAsked *)message;
	const char *asking = ask->caller.organisation_id;
	Foster__HouseholdShown *known =
	    foster_store_home(ask->txn, ask->arena, call->household_id);
	struct foster_home home;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	bool is_own = known != NULL && str_equal(known->household->provider_id, asking);
	bool is_area = known != NULL && str_equal(known->household->council_id, asking);
	if (!is_own && !is_area)
		return foster_refuse(ask, FOSTER_HOUSEHOLD_UNKNOWN, NULL);
	enum err e = foster_home_of(ask->arena, known, NULL, ask_today(ask), &home);
	if (e != ERR_NONE)
		return e;
	known->places = foster_places(ask->arena, &home);
	if (known->places == NULL)
		return ERR_MEMORY;
	if (!is_own)
		known = foster_shown_to_council(ask->arena, known);
	if (known == NULL)
		return ERR_MEMORY;
	svc_answer(ask, &known->base);
	return ERR_NONE;
}

/* How each of the page stands today. */
static enum err
add_standings(struct svc_ask *ask, Foster__Households *answer)
{
	struct arena *a = ask->arena;

	answer->standings = LIST_NEW(a, STANDINGS_MAX, Foster__HouseholdStanding *);
	if (answer->standings == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < answer->n_households; i++) {
		const Foster__HouseholdShown *known =
		    foster_store_home(ask->txn, a, answer->households[i]->household_id);
		struct foster_home home;

		if (known == NULL)
			return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
		enum err e = foster_home_of(a, known, NULL, ask_today(ask), &home);
		if (e != ERR_NONE)
			return e;
		answer->standings[i] = foster_standing(a, known, &home);
		if (answer->standings[i] == NULL)
			return ERR_MEMORY;
		answer->n_standings++;
	}
	return ERR_NONE;
}

static enum err
on_households(struct svc_ask *ask, const ProtobufCMessage *message)
{
	Foster__HouseholdsAsked call = *(const Foster__HouseholdsAsked *)message;
	Foster__Households *answer = MESSAGE_NEW(ask->arena, foster__households);
	uint32_t rows = ask_page_rows(call.limit);

	if (answer == NULL)
		return ERR_MEMORY;
	if (call.with_standing && rows > STANDINGS_MAX)
		rows = STANDINGS_MAX;
	SET(&call, limit, rows);
	svc_answer(ask, &answer->base);
	enum err e = foster_store_households(
	    ask->txn, ask->arena, ask->caller.organisation_id, &call, answer);
	return e != ERR_NONE || !call.with_standing ? e : add_standings(ask, answer);
}

/* ---- the tables ---- */

#define AREA_COUNCIL                                                                   \
	(ROLE_BIT(MEMBERS__ROLE__ROLE_NOMINATED_OFFICER) |                             \
	    ROLE_BIT(MEMBERS__ROLE__ROLE_DIRECTOR))
#define CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define EVENT(name) FOSTER__FOSTER_EVENT__EVENT_##name

static const struct svc_method methods[] = {
    {CALL(REGISTER_HOUSEHOLD), PROVIDER, NULL, SVC_COMMAND, foster_on_register},
    {CALL(AMEND_HOUSEHOLD), PROVIDER, NULL, SVC_COMMAND, foster_on_amend},
    {CALL(RECORD_OCCUPANT), PROVIDER, NULL, SVC_COMMAND, foster_on_record},
    {CALL(END_OCCUPANT), PROVIDER, NULL, SVC_COMMAND, foster_on_end_occupant},
    {CALL(WITHHOLD_PLACES), PROVIDER, NULL, SVC_COMMAND, foster_on_withhold},
    {CALL(RESTORE_PLACES), PROVIDER, NULL, SVC_COMMAND, foster_on_restore},
    {CALL(GRANT_EXEMPTION), AREA_COUNCIL, NULL, SVC_COMMAND, foster_on_exempt},
    {CALL(END_EXEMPTION), AREA_COUNCIL, NULL, SVC_COMMAND, foster_on_end_exemption},
    {CALL(OPEN_VACANCY), PROVIDER, NULL, SVC_COMMAND, foster_on_open},
    {CALL(CONFIRM_VACANCY), PROVIDER, NULL, SVC_COMMAND, foster_on_confirm_vacancy},
    {CALL(CLOSE_VACANCY), PROVIDER, NULL, SVC_COMMAND, foster_on_close},
    {CALL(SET_OPEN_PLACES), PROVIDER, NULL, SVC_COMMAND, foster_on_set_open_places},
    {CALL(VACANCIES), SVC_ANYONE, NULL, SVC_QUESTION, on_vacancies},
    {CALL(HOUSEHOLD), PROVIDER | AREA_COUNCIL, NULL, SVC_QUESTION, on_household},
    {CALL(HOUSEHOLDS), PROVIDER, NULL, SVC_QUESTION, on_households},
    {CALL(HOLD), 0, "requests", SVC_COMMAND_ANY_COPY, foster_on_hold},
    {CALL(CONFIRM_HOLD), 0, "requests", SVC_COMMAND_ANY_COPY, foster_on_confirm},
    {CALL(RELEASE), 0, "requests", SVC_COMMAND_ANY_COPY, foster_on_release},
    {CALL(START), 0, "requests", SVC_COMMAND_ANY_COPY, foster_on_start},
    {CALL(END), 0, "requests", SVC_COMMAND_ANY_COPY, foster_on_end},
};

/* A carer's name leaves this service only towards the household's own provider; no
 * child's reference leaves it for a service that has no business with that child. */
static const char *const of_the_household[] = {
    "household.carer_name", "household.approval.named_child_ids", NULL};
static const char *const of_the_occupant[] = {"occupant.child_id", NULL};
static const char *const of_the_exemption[] = {"exemption.child_ids", NULL};
static const char *const of_the_hold[] = {"hold.children", NULL};
static const char *const of_the_start[] = {"occupants", NULL};

static const struct svc_release releases[] = {
    {"matching", EVENT(VACANCY_PUBLISHED), NULL},

    {"requests", EVENT(VACANCY_PUBLISHED), NULL},
    {"requests", EVENT(HOLD_GRANTED), of_the_hold},
    {"requests", EVENT(HOLD_CONFIRMED), NULL},
    {"requests", EVENT(HOLD_RELEASED), NULL},
    {"requests", EVENT(HOLD_EXPIRED), NULL},
    {"requests", EVENT(PLACEMENT_STARTED), of_the_start},
    {"requests", EVENT(PLACEMENT_ENDED), NULL},

    {"observatory", EVENT(HOUSEHOLD_REGISTERED), of_the_household},
    {"observatory", EVENT(HOUSEHOLD_AMENDED), of_the_household},
    {"observatory", EVENT(OCCUPANT_RECORDED), of_the_occupant},
    {"observatory", EVENT(OCCUPANT_ENDED), NULL},
    {"observatory", EVENT(PLACES_WITHHELD), NULL},
    {"observatory", EVENT(PLACES_RESTORED), NULL},
    {"observatory", EVENT(EXEMPTION_GRANTED), of_the_exemption},
    {"observatory", EVENT(EXEMPTION_ENDED), NULL},
    {"observatory", EVENT(HOUSEHOLD_REVIEWED), NULL},
    {"observatory", EVENT(PLACES_COUNTED), NULL},
    {"observatory", EVENT(VACANCY_PUBLISHED), NULL},
    {"observatory", EVENT(HOLD_GRANTED), of_the_hold},
    {"observatory", EVENT(HOLD_CONFIRMED), NULL},
    {"observatory", EVENT(HOLD_RELEASED), NULL},
    {"observatory", EVENT(HOLD_EXPIRED), NULL},
    {"observatory", EVENT(PLACEMENT_STARTED), of_the_start},
    {"observatory", EVENT(PLACEMENT_ENDED), NULL},
};

static_assert(SHOWN_METHOD == REQUESTS__REQUESTS_CALL__CALL_JOURNEYS,
    "the question by which a restored store is shown its journeys");

static const ProtobufCMessageDescriptor *
answer_of(const char *service)
{
	(void)service; /* only requests is asked anything */
	return &requests__requests_answer__descriptor;
}

const struct service foster_service = {
    .name = "foster",
    .layout = 1,
    .call = &foster__foster_call__descriptor,
    .answer = &foster__foster_answer__descriptor,
    .event = &foster__foster_event__descriptor,
    .methods = methods,
    .methods_n = sizeof methods / sizeof methods[0],
    .tables = foster_store_tables,
    .tables_n = FOSTER_TABLES,
    .apply = foster_store_apply,
    .sources = &access_source,
    .sources_n = 1,
    .releases = releases,
    .releases_n = sizeof releases / sizeof releases[0],
    .replied = foster_on_reply,
    .timer = foster_on_timer,
    .answer_of = answer_of,
    .restored_waits_for = "requests",
    .restored = foster_on_restored,
};
