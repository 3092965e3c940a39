#include "residential/wire.h"

#include <assert.h>

#include "base/access.h"
#include "base/ask.h"
#include "base/message.h"
#include "base/shown.h"
#include "base/str.h"
#include "residential/beds.h"
#include "residential/home.h"
#include "residential/standing.h"
#include "residential/store.h"

#include "requests.pb-c.h"

/* ---- what all handlers share ---- */

enum err
residential_refuse(struct svc_ask *ask, enum residential_refusal no, const char *detail)
{
	svc_refuse(ask, residential_refusal(no), detail);
	return ERR_NONE;
}

bool
residential_is_council(struct svc_ask *ask, const char *council_id)
{
	return access_council(ask->txn, ask->arena, council_id) != NULL;
}

bool
residential_is_of_provider(struct svc_ask *ask, const Residential__Home *row)
{
	const Members__Provider *provider =
	    access_provider(ask->txn, ask->arena, ask->caller.organisation_id);

	return provider != NULL &&
	       residential_fits_provider(row->care_type, provider->kind);
}

/* The home, if it is the caller's own: `no` for one of others as for none at all. */
static enum err
own_home(struct svc_ask *ask, const char *home_id, enum residential_refusal no,
    Residential__HomeShown **out)
{
	Residential__HomeShown *known =
	    residential_store_home(ask->txn, ask->arena, home_id);

	*out = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (known == NULL ||
	    !str_equal(known->home->provider_id, ask->caller.organisation_id))
		return residential_refuse(ask, no, NULL);
	*out = known;
	return ERR_NONE;
}

enum err
residential_own_home(
    struct svc_ask *ask, const char *home_id, Residential__HomeShown **out)
{
	return own_home(ask, home_id, RESIDENTIAL_HOME_UNKNOWN, out);
}

enum err
residential_own_home_of(struct svc_ask *ask, const char *id,
    enum residential_refusal no, Residential__HomeShown **out)
{
	const char *owner = residential_store_owner(ask->txn, ask->arena, id);

	*out = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (owner == NULL)
		return residential_refuse(ask, no, NULL);
	return own_home(ask, owner, no, out);
}

enum err
residential_decide(struct svc_ask *ask, uint32_t type, const ProtobufCMessage *event,
    const char *home_id, const char *id)
{
	uint64_t number = svc_next_number(ask);

	svc_decide(ask, type, event);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum err e = residential_publish(ask, home_id);
	return e != ERR_NONE ? e : ask_done(ask, id, number);
}

/* ---- questions ---- */

#define PROVIDER ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER)
/* Each is read whole, and its row and standing go into one answer. */
#define STANDINGS_MAX 50

/* Councils and the co-operative read all that is open; a provider its own, since who
 * lives in another's home, and at what fee, is no business of a competitor. */
static enum err
on_vacancies(struct svc_ask *ask, const ProtobufCMessage *message)
{
	Residential__VacanciesAsked call =
	    *(const Residential__VacanciesAsked *)message;
	const char *asking = ask->caller.organisation_id;
	bool is_provider = (ask->caller.roles & PROVIDER) != 0;
	Residential__Vacancies *answer =
	    MESSAGE_NEW(ask->arena, residential__vacancies);

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
	return residential_store_vacancies(
	    ask->txn, ask->arena, &call, ask_page_rows(call.limit), answer);
}

/* Whole for its own provider; for anybody else it is not there. */
static enum err
on_home(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__HomeAsked *call = (const Residential__HomeAsked *)message;
	Residential__HomeShown *known;
	struct residential_house house;
	enum err e = residential_own_home(ask, call->home_id, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	e = residential_house_of(ask->arena, known, NULL, ask_today(ask), &house);
	if (e != ERR_NONE)
		return e;
	known->beds = MESSAGE_NEW(ask->arena, residential__beds);
	if (known->beds == NULL)
		return ERR_MEMORY;
	residential_count_beds(&house, known->beds);
	svc_answer(ask, &known->base);
	return ERR_NONE;
}

/* How each of the page stands today. */
static enum err
add_standings(struct svc_ask *ask, Residential__Homes *answer)
{
	struct arena *a = ask->arena;

	answer->standings = LIST_NEW(a, STANDINGS_MAX, Residential__HomeStanding *);
	if (answer->standings == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < answer->n_homes; i++) {
		const Residential__HomeShown *known =
		    residential_store_home(ask->txn, a, answer->homes[i]->home_id);
		struct residential_house house;

		if (known == NULL)
			return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
		enum err e =
		    residential_house_of(a, known, NULL, ask_today(ask), &house);
		if (e != ERR_NONE)
			return e;
		answer->standings[i] = residential_standing(a, known, &house);
		if (answer->standings[i] == NULL)
			return ERR_MEMORY;
		answer->n_standings++;
	}
	return ERR_NONE;
}

static enum err
on_homes(struct svc_ask *ask, const ProtobufCMessage *message)
{
	Residential__HomesAsked call = *(const Residential__HomesAsked *)message;
	Residential__Homes *answer = MESSAGE_NEW(ask->arena, residential__homes);
	uint32_t rows = ask_page_rows(call.limit);

	if (answer == NULL)
		return ERR_MEMORY;
	if (call.with_standing && rows > STANDINGS_MAX)
		rows = STANDINGS_MAX;
	SET(&call, limit, rows);
	svc_answer(ask, &answer->base);
	enum err e = residential_store_homes(
	    ask->txn, ask->arena, ask->caller.organisation_id, &call, answer);
	return e != ERR_NONE || !call.with_standing ? e : add_standings(ask, answer);
}

/* ---- the tables ---- */

#define CALL(name) RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name
#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name
#define REQUESTS 0, "requests", SVC_COMMAND_ANY_COPY

static const struct svc_method methods[] = {
    {CALL(REGISTER_HOME), PROVIDER, NULL, SVC_COMMAND, residential_on_register},
    {CALL(AMEND_HOME), PROVIDER, NULL, SVC_COMMAND, residential_on_amend},
    {CALL(RECORD_OCCUPANT), PROVIDER, NULL, SVC_COMMAND, residential_on_record},
    {CALL(END_OCCUPANT), PROVIDER, NULL, SVC_COMMAND, residential_on_end_occupant},
    {CALL(CLOSE_BEDS), PROVIDER, NULL, SVC_COMMAND, residential_on_close_beds},
    {CALL(REOPEN_BEDS), PROVIDER, NULL, SVC_COMMAND, residential_on_reopen_beds},
    {CALL(RESERVE_BED), PROVIDER, NULL, SVC_COMMAND, residential_on_reserve},
    {CALL(FREE_BED), PROVIDER, NULL, SVC_COMMAND, residential_on_free},
    {CALL(OPEN_VACANCY), PROVIDER, NULL, SVC_COMMAND, residential_on_open},
    {CALL(CONFIRM_VACANCY), PROVIDER, NULL, SVC_COMMAND,
	residential_on_confirm_vacancy},
    {CALL(CLOSE_VACANCY), PROVIDER, NULL, SVC_COMMAND, residential_on_close},
    {CALL(SET_OPEN_PLACES), PROVIDER, NULL, SVC_COMMAND,
	residential_on_set_open_places},
    {CALL(VACANCIES), SVC_ANYONE, NULL, SVC_QUESTION, on_vacancies},
    {CALL(HOME), PROVIDER, NULL, SVC_QUESTION, on_home},
    {CALL(HOMES), PROVIDER, NULL, SVC_QUESTION, on_homes},
    {CALL(HOLD), REQUESTS, residential_on_hold},
    {CALL(CONFIRM_HOLD), REQUESTS, residential_on_confirm},
    {CALL(RELEASE), REQUESTS, residential_on_release},
    {CALL(START), REQUESTS, residential_on_start},
    {CALL(END), REQUESTS, residential_on_end},
};

/* A home's name leaves this service only towards its own provider; what is known of
 * each child only as far as the receiver's rules ask. */
static const char *const of_the_home[] = {"home.home_name", NULL};
static const char *const of_the_occupant[] = {
    "occupant.not_safe_with", "occupant.risks", "occupant.sibling_group_id", NULL};
static const char *const of_the_hold[] = {"hold.children", "hold.not_safe_with", NULL};
static const char *const of_the_start[] = {"occupants", NULL};
/* Who offers which home in whose area: the rest is matching's to know. */
static const char *const of_the_vacancy[] = {"vacancy.beds", "vacancy.reserved_free",
    "vacancy.capabilities", "vacancy.residents", "vacancy.will_not_take_with",
    "vacancy.open_places", NULL};

static const struct svc_release releases[] = {
    {"matching", EVENT(VACANCY_PUBLISHED), NULL},

    {"requests", EVENT(VACANCY_PUBLISHED), of_the_vacancy},
    {"requests", EVENT(HOLD_GRANTED), of_the_hold},
    {"requests", EVENT(HOLD_CONFIRMED), NULL},
    {"requests", EVENT(HOLD_RELEASED), NULL},
    {"requests", EVENT(HOLD_EXPIRED), NULL},
    {"requests", EVENT(PLACEMENT_STARTED), of_the_start},
    {"requests", EVENT(PLACEMENT_ENDED), NULL},

    {"observatory", EVENT(HOME_REGISTERED), of_the_home},
    {"observatory", EVENT(HOME_AMENDED), of_the_home},
    {"observatory", EVENT(OCCUPANT_RECORDED), of_the_occupant},
    {"observatory", EVENT(OCCUPANT_ENDED), NULL},
    {"observatory", EVENT(BEDS_CLOSED), NULL},
    {"observatory", EVENT(BEDS_REOPENED), NULL},
    {"observatory", EVENT(BED_RESERVED), NULL},
    {"observatory", EVENT(BED_FREED), NULL},
    {"observatory", EVENT(HOME_REVIEWED), NULL},
    {"observatory", EVENT(BEDS_COUNTED), NULL},
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

const struct service residential_service = {
    .name = "residential",
    .layout = 1,
    .call = &residential__residential_call__descriptor,
    .answer = &residential__residential_answer__descriptor,
    .event = &residential__residential_event__descriptor,
    .methods = methods,
    .methods_n = sizeof methods / sizeof methods[0],
    .tables = residential_store_tables,
    .tables_n = RESIDENTIAL_TABLES,
    .apply = residential_store_apply,
    .sources = &access_source,
    .sources_n = 1,
    .releases = releases,
    .releases_n = sizeof releases / sizeof releases[0],
    .replied = residential_on_reply,
    .timer = residential_on_timer,
    .answer_of = answer_of,
    .restored_waits_for = "requests",
    .restored = residential_on_restored,
};
