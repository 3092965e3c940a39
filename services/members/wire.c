#include "members/wire.h"

#include <stdio.h>

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "members/wire_inside.h"

#include "common.pb-c.h"

#define ADMINISTRATORS ROLE_BIT(MEMBERS__ROLE__ROLE_ADMINISTRATOR)
#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

enum err
members_wire_refuse(struct svc_ask *ask, enum members_refusal no)
{
	svc_refuse(ask, members_refusal(no), NULL);
	return ask->txn->err;
}

enum err
members_wire_done(struct svc_ask *ask, const char *id, uint64_t number)
{
	Common__Done *answer = MESSAGE_NEW(ask->arena, common__done);

	if (answer == NULL)
		return ERR_MEMORY;
	if (id != NULL && (answer->id = str_copy(ask->arena, id)) == NULL)
		return ERR_MEMORY;
	if (number > 0)
		SET(answer, number, number);
	svc_answer(ask, &answer->base);
	return ask->txn->err;
}

/* ---- councils and providers ---- */

static enum err
on_register_council(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__RegisterCouncil *asked = (const void *)call;
	Members__CouncilRegistered event = MEMBERS__COUNCIL_REGISTERED__INIT;
	uint64_t number = svc_next_number(ask);

	enum members_refusal no = members_check_council(asked->council);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	event.council = asked->council;
	svc_decide(ask, EVENT(COUNCIL_REGISTERED), &event.base);
	return members_wire_done(ask, asked->council->council_id, number);
}

static struct members_provider_facts
facts_of_provider(struct svc_ask *ask, const Members__Provider *provider)
{
	struct kv_txn *txn = ask->txn;
	const char *owner = members_store_urn_owner(txn, ask->arena, provider->urn);

	return (struct members_provider_facts){
	    .is_known = access_provider(txn, ask->arena, provider->provider_id) != NULL,
	    .is_urn_taken = owner != NULL && !str_equal(owner, provider->provider_id),
	    .is_council_known =
		access_council(txn, ask->arena, provider->council_id) != NULL,
	    .today = day_in_london(ask->now_ms),
	};
}

static enum err
on_register_provider(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__RegisterProvider *asked = (const void *)call;
	Members__ProviderRegistered event = MEMBERS__PROVIDER_REGISTERED__INIT;
	uint64_t number = svc_next_number(ask);

	if (asked->provider == NULL)
		return members_wire_refuse(ask, MEMBERS_ROW_MISSING);
	struct members_provider_facts known = facts_of_provider(ask, asked->provider);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_provider(asked->provider, &known);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	Members__Provider row = *asked->provider;
	if (row.provider_id == NULL)
		row.provider_id = str_copy(ask->arena, svc_new_id(ask));
	if (row.provider_id == NULL)
		return ERR_MEMORY;
	event.provider = &row;
	svc_decide(ask, EVENT(PROVIDER_REGISTERED), &event.base);
	return members_wire_done(ask, row.provider_id, number);
}

/* ---- people and roles ---- */

enum members_organisation
members_wire_organisation(struct svc_ask *ask, const char *id)
{
	if (id == NULL)
		return MEMBERS_ORGANISATION_NOBODY;
	if (str_equal(id, MEMBERS_COOPERATIVE))
		return MEMBERS_ORGANISATION_COOPERATIVE;
	if (access_council(ask->txn, ask->arena, id) != NULL)
		return MEMBERS_ORGANISATION_COUNCIL;
	if (access_provider(ask->txn, ask->arena, id) != NULL)
		return MEMBERS_ORGANISATION_PROVIDER;
	return MEMBERS_ORGANISATION_NOBODY;
}

static enum members_refusal
check_key(struct svc_ask *ask, const ProtobufCBinaryData *key)
{
	struct members_key_facts known = {
	    .is_known = members_store_key(ask->txn, ask->arena, BYTES_OF(*key)) != NULL,
	};

	/* A key that may speak here and is no person's is a service's. */
	if (key->len == MEMBERS_KEY_BYTES && !known.is_known)
		known.is_service = svc_key_is_known(ask->svc, key->data);
	return members_check_key(key, &known);
}

static enum members_refusal
check_new_person(struct svc_ask *ask, const Members__RegisterPerson *asked)
{
	enum members_refusal no = members_check_name(asked->name);

	if (no != MEMBERS_OK)
		return no;
	if (asked->n_grants == 0)
		return MEMBERS_GRANT_MISSING;
	for (size_t i = 0; i < asked->n_grants; i++) {
		const Members__Grant *grant = asked->grants[i];
		no = members_check_grant(grant,
		    members_wire_organisation(ask, grant->organisation_id),
		    asked->grants, i);
		if (no != MEMBERS_OK)
			return no;
	}
	return asked->has_public_key ? check_key(ask, &asked->public_key) : MEMBERS_OK;
}

static void
decide_key(struct svc_ask *ask, char *person_id, ProtobufCBinaryData public_key)
{
	Members__Key key = MEMBERS__KEY__INIT;
	Members__KeyRegistered event = MEMBERS__KEY_REGISTERED__INIT;

	key.person_id = person_id;
	SET(&key, public_key, public_key);
	event.key = &key;
	svc_decide(ask, EVENT(KEY_REGISTERED), &event.base);
}

static enum err
on_register_person(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__RegisterPerson *asked = (const void *)call;
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__PersonRegistered event = MEMBERS__PERSON_REGISTERED__INIT;
	uint64_t number = svc_next_number(ask);

	enum members_refusal no = check_new_person(ask, asked);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	person.person_id = str_copy(ask->arena, svc_new_id(ask));
	if (person.person_id == NULL)
		return ERR_MEMORY;
	person.name = asked->name;
	person.grants = asked->grants;
	person.n_grants = asked->n_grants;
	event.person = &person;
	svc_decide(ask, EVENT(PERSON_REGISTERED), &event.base);
	if (asked->has_public_key)
		decide_key(ask, person.person_id, asked->public_key);
	return members_wire_done(ask, person.person_id, number);
}

static enum err
on_grant_role(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__GrantRole *asked = (const void *)call;
	Members__RoleGranted event = MEMBERS__ROLE_GRANTED__INIT;
	uint64_t number = svc_next_number(ask);

	const Members__Person *person =
	    access_person(ask->txn, ask->arena, asked->person_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (person == NULL)
		return members_wire_refuse(ask, MEMBERS_PERSON_UNKNOWN);
	if (asked->grant == NULL)
		return members_wire_refuse(ask, MEMBERS_GRANT_MISSING);
	enum members_refusal no = members_check_grant(asked->grant,
	    members_wire_organisation(ask, asked->grant->organisation_id),
	    person->grants, person->n_grants);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	event.person_id = asked->person_id;
	event.grant = asked->grant;
	svc_decide(ask, EVENT(ROLE_GRANTED), &event.base);
	return members_wire_done(ask, asked->person_id, number);
}

/* Would an administrator without an end remain who also has a key, apart from one
 * person (may be NULL) and one key (BYTES_NONE: none)? */
static bool
others_remain(struct svc_ask *ask, const char *but_person_id, struct bytes but_key)
{
	const Members__Person **people;
	size_t n = members_store_administrators(ask->txn, ask->arena, &people);
	int32_t today = day_in_london(ask->now_ms);

	for (size_t i = 0; i < n; i++) {
		if (str_equal(people[i]->person_id, but_person_id))
			continue;
		if (members_is_lasting_administrator(people[i], today) &&
		    members_store_has_key(
			ask->txn, ask->arena, people[i]->person_id, but_key))
			return true;
	}
	return false;
}

static enum err
on_end_role(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__EndRole *asked = (const void *)call;
	Members__RoleEnded event = MEMBERS__ROLE_ENDED__INIT;
	uint64_t number = svc_next_number(ask);
	bool others = asked->role != MEMBERS__ROLE__ROLE_ADMINISTRATOR ||
	              others_remain(ask, asked->person_id, BYTES_NONE);

	const Members__Person *person =
	    access_person(ask->txn, ask->arena, asked->person_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no =
	    members_check_end(asked, person, others, day_in_london(ask->now_ms));
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	event.person_id = asked->person_id;
	event.organisation_id = asked->organisation_id;
	SET(&event, role, asked->role);
	SET(&event, until_day, asked->until_day);
	svc_decide(ask, EVENT(ROLE_ENDED), &event.base);
	return members_wire_done(ask, asked->person_id, number);
}

/* ---- keys ---- */

static enum err
on_register_key(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__RegisterKey *asked = (const void *)call;
	uint64_t number = svc_next_number(ask);

	const Members__Person *person =
	    access_person(ask->txn, ask->arena, asked->person_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (person == NULL)
		return members_wire_refuse(ask, MEMBERS_PERSON_UNKNOWN);
	enum members_refusal no = check_key(ask, &asked->public_key);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	decide_key(ask, asked->person_id, asked->public_key);
	return members_wire_done(ask, asked->person_id, number);
}

static enum err
on_revoke_key(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__RevokeKey *asked = (const void *)call;
	Members__KeyRevoked event = MEMBERS__KEY_REVOKED__INIT;
	struct bytes public_key = BYTES_OF(asked->public_key);
	uint64_t number = svc_next_number(ask);
	int32_t today = day_in_london(ask->now_ms);

	const Members__Key *key = members_store_key(ask->txn, ask->arena, public_key);
	const char *person_id = key != NULL ? key->person_id : NULL;
	const Members__Person *person = access_person(ask->txn, ask->arena, person_id);
	bool is_administrator =
	    person != NULL && members_is_lasting_administrator(person, today);
	bool others = !is_administrator || others_remain(ask, NULL, public_key);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_revoke(key, is_administrator, others);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	SET(&event, public_key, asked->public_key);
	svc_decide(ask, EVENT(KEY_REVOKED), &event.base);
	return members_wire_done(ask, person_id, number);
}

enum err
members_first(struct svc_ask *ask, void *context)
{
	struct members_first *first = context;
	Members__Grant grant = MEMBERS__GRANT__INIT, *grants = &grant;
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__PersonRegistered event = MEMBERS__PERSON_REGISTERED__INIT;
	ProtobufCBinaryData key = {.len = 32, .data = first->public_key};

	enum members_refusal no = members_check_name(first->name);
	if (svc_next_number(ask) != 1)
		no = MEMBERS_FIRST_TAKEN;
	if (no == MEMBERS_OK)
		no = check_key(ask, &key);
	if (no != MEMBERS_OK) {
		first->no = members_refusal(no);
		return ask->txn->err;
	}
	grant.organisation_id = str_copy(ask->arena, MEMBERS_COOPERATIVE);
	SET(&grant, role, MEMBERS__ROLE__ROLE_ADMINISTRATOR);
	SET(&grant, from_day, day_in_london(ask->now_ms));
	person.person_id = str_copy(ask->arena, svc_new_id(ask));
	person.name = str_copy(ask->arena, first->name);
	if (ask->arena->is_full)
		return ERR_MEMORY;
	person.grants = &grants;
	person.n_grants = 1;
	event.person = &person;
	svc_decide(ask, EVENT(PERSON_REGISTERED), &event.base);
	decide_key(ask, person.person_id, key);
	return ask->txn->err;
}

/* ---- questions ---- */

static enum err
answer_list(struct svc_ask *ask, const void *list)
{
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (list == NULL)
		return ERR_MEMORY;
	svc_answer(ask, list);
	return ask->txn->err;
}

static enum err
on_councils(struct svc_ask *ask, const ProtobufCMessage *call)
{
	(void)call;
	return answer_list(ask, members_store_councils(ask->txn, ask->arena));
}

static enum err
on_providers(struct svc_ask *ask, const ProtobufCMessage *call)
{
	(void)call;
	return answer_list(ask, members_store_providers(ask->txn, ask->arena));
}

/* A service asking in its own name is nobody's person: the answer is empty. */
static enum err
on_self(struct svc_ask *ask, const ProtobufCMessage *call)
{
	Members__Self *answer = MESSAGE_NEW(ask->arena, members__self);

	(void)call;
	if (answer == NULL)
		return ERR_MEMORY;
	const Members__Person *person =
	    access_person(ask->txn, ask->arena, ask->caller.person_id);
	if (person != NULL &&
	    (answer->person = message_copy(ask->arena, &person->base)) == NULL)
		return ERR_MEMORY;
	return answer_list(ask, answer);
}

/* ---- the service ---- */

/* Kept as it was given: there is one thing that it can say. */
static enum err
opened(struct svc *svc, const char *option, char *problem, size_t problem_size)
{
	if (option == NULL || option[0] == '\0')
		return ERR_NONE;
	if (!str_equal(option, MEMBERS_OPTION_SIGN_IN_LINKS)) {
		snprintf(problem, problem_size,
		    "rcc-members knows one option, " MEMBERS_OPTION_SIGN_IN_LINKS
		    ", and not \"%s\"",
		    option);
		return ERR_MALFORMED;
	}
	svc_set_context(svc, (void *)(uintptr_t)option, NULL);
	return ERR_NONE;
}

#define ASKERS "foster residential requests matching observatory gateway"
#define WRITE(name, function)                                                          \
	{                                                                              \
		CALL(name), ADMINISTRATORS, NULL, SVC_COMMAND, function                \
	}
#define ASK(name, function)                                                            \
	{                                                                              \
		CALL(name), SVC_ANYONE, ASKERS, SVC_QUESTION, function                 \
	}

/* What the gateway says in its own name, of people who are not signed in yet. */
#define OF_GATEWAY(name, kind, function)                                               \
	{                                                                              \
		CALL(name), 0, "gateway", kind, function                               \
	}

static const struct svc_method methods[] = {
    WRITE(REGISTER_COUNCIL, on_register_council),
    WRITE(REGISTER_PROVIDER, on_register_provider),
    WRITE(REGISTER_PERSON, on_register_person),
    WRITE(GRANT_ROLE, on_grant_role),
    WRITE(END_ROLE, on_end_role),
    WRITE(REGISTER_KEY, on_register_key),
    WRITE(REVOKE_KEY, on_revoke_key),
    ASK(COUNCILS, on_councils),
    ASK(PROVIDERS, on_providers),
    ASK(SELF, on_self),
    WRITE(OFFER_LINK, members_on_offer_link),
    OF_GATEWAY(LINK, SVC_QUESTION, members_on_link),
    OF_GATEWAY(OPEN_ACCOUNT, SVC_COMMAND, members_on_open_account),
    OF_GATEWAY(SIGN_IN_BY_LINK, SVC_COMMAND, members_on_sign_in_by_link),
    OF_GATEWAY(CREDENTIAL, SVC_QUESTION, members_on_credential),
    OF_GATEWAY(SIGN_IN, SVC_COMMAND, members_on_sign_in),
    OF_GATEWAY(SIGN_IN_BY_IDENTITY, SVC_COMMAND, members_on_sign_in_by_identity),
    OF_GATEWAY(SESSION, SVC_COMMAND, members_on_session),
    OF_GATEWAY(END_SESSION, SVC_COMMAND, members_on_end_session),
    {CALL(END_SESSIONS), SVC_ANYONE, NULL, SVC_COMMAND, members_on_end_sessions},
    {CALL(CHANGE_PASSWORD), SVC_ANYONE, NULL, SVC_COMMAND, members_on_change_password},
    {CALL(RENEW_RECOVERY), SVC_ANYONE, NULL, SVC_COMMAND, members_on_renew_recovery},
    WRITE(CLOSE_ACCOUNT, members_on_close_account),
    WRITE(REOPEN_ACCOUNT, members_on_reopen_account),
    {CALL(ACCOUNTS), ADMINISTRATORS, NULL, SVC_QUESTION, members_on_accounts},
    WRITE(ISSUE_API_KEY, members_on_issue_api_key),
    OF_GATEWAY(API_KEY, SVC_COMMAND, members_on_api_key),
    WRITE(REVOKE_API_KEY, members_on_revoke_api_key),
    {CALL(API_KEYS), ADMINISTRATORS, NULL, SVC_QUESTION, members_on_api_keys},
    {CALL(PEOPLE), ADMINISTRATORS, "gateway", SVC_QUESTION, members_on_people},
};

/* Who may do what is all that these ask of a person; only pages show names. */
static const char *const names[] = {"person.name", NULL};

/* Nothing of accounts, sessions, links and API keys, to anybody. */
#define RELEASE(follower, without)                                                     \
	{follower, EVENT(COUNCIL_REGISTERED), NULL},                                   \
	    {follower, EVENT(PROVIDER_REGISTERED), NULL},                              \
	    {follower, EVENT(PERSON_REGISTERED), without},                             \
	    {follower, EVENT(ROLE_GRANTED), NULL},                                     \
	    {follower, EVENT(ROLE_ENDED), NULL},                                       \
	    {follower, EVENT(KEY_REGISTERED), NULL},                                   \
	{                                                                              \
		follower, EVENT(KEY_REVOKED), NULL                                     \
	}

static const struct svc_release releases[] = {
    RELEASE("foster", names),
    RELEASE("residential", names),
    RELEASE("requests", names),
    RELEASE("matching", names),
    RELEASE("observatory", names),
    RELEASE("gateway", NULL),
};

const struct service members_service = {
    .name = "members",
    .layout = 2,
    .call = &members__members_call__descriptor,
    .answer = &members__members_answer__descriptor,
    .event = &members__members_event__descriptor,
    .methods = methods,
    .methods_n = sizeof(methods) / sizeof(methods[0]),
    .tables = members_store_tables,
    .tables_n = MEMBERS_TABLES_END - SVC_TABLES,
    .apply = members_store_apply,
    .releases = releases,
    .releases_n = sizeof(releases) / sizeof(releases[0]),
    .timer = members_on_timer,
    .restored = members_on_restored,
    .owns_access = true,
    .opened = opened,
    .help = "  --first NAME PUBLICKEY --config FILE\n"
	    "                 write the first administrator, once, and end\n",
};
