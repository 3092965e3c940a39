#include "members/wire_inside.h"

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

/* ---- issuing and revoking ---- */

/* The person whom the key acts as, with its one role. */
static char *
decide_person(struct svc_ask *ask, char *label, Members__Grant *grant)
{
	Members__PersonRegistered event = MEMBERS__PERSON_REGISTERED__INIT;
	Members__Person person = MEMBERS__PERSON__INIT;

	person.person_id = members_wire_id(ask);
	person.name = label;
	person.grants = &grant;
	person.n_grants = 1;
	event.person = &person;
	if (person.person_id != NULL)
		svc_decide(ask, EVENT(PERSON_REGISTERED), &event.base);
	return person.person_id;
}

static enum err
issue(struct svc_ask *ask, const Members__IssueApiKey *asked, Members__Grant *grant)
{
	Members__ApiKeyIssued event = MEMBERS__API_KEY_ISSUED__INIT;
	Members__ApiKey key = MEMBERS__API_KEY__INIT;

	key.api_key_id = members_wire_id(ask);
	key.issued_by_id = members_wire_by(ask);
	key.label = asked->label;
	key.organisation_id = asked->organisation_id;
	SET(&key, digest, asked->digest);
	SET(&key, role, asked->role);
	SET_FROM(&key, until_day, asked, until_day);
	SET(&key, issued_time, ask->now_ms);
	if (ask->arena->is_full)
		return ERR_MEMORY;
	key.person_id = decide_person(ask, asked->label, grant);
	if (key.person_id == NULL)
		return ERR_MEMORY;
	event.api_key = &key;
	uint64_t number = svc_next_number(ask);
	svc_decide(ask, EVENT(API_KEY_ISSUED), &event.base);
	return members_wire_done(ask, key.api_key_id, number);
}

enum err
members_on_issue_api_key(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__IssueApiKey *asked = (const void *)call;
	Members__Grant grant = MEMBERS__GRANT__INIT;

	grant.organisation_id = asked->organisation_id;
	SET(&grant, role, asked->role);
	SET(&grant, from_day, day_in_london(ask->now_ms));
	SET_FROM(&grant, until_day, asked, until_day);
	enum members_organisation organisation =
	    members_wire_organisation(ask, asked->organisation_id);
	bool is_known = members_digest_is_known(ask->txn, BYTES_OF(asked->digest));
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no =
	    members_check_api_key(asked, &grant, organisation, is_known);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	return issue(ask, asked, &grant);
}

/* So that every other service turns away what acts by it, too. */
static void
end_role(struct svc_ask *ask, const Members__ApiKey *key)
{
	Members__RoleEnded event = MEMBERS__ROLE_ENDED__INIT;
	struct members_standing who = members_wire_standing(ask, key->person_id);

	if (who.person == NULL || !members_has_role_ahead(who.person, who.today))
		return;
	event.person_id = key->person_id;
	event.organisation_id = key->organisation_id;
	SET(&event, role, key->role);
	SET(&event, until_day, who.today);
	svc_decide(ask, EVENT(ROLE_ENDED), &event.base);
}

enum err
members_on_revoke_api_key(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__RevokeApiKey *asked = (const void *)call;
	const Members__ApiKey *key =
	    members_api_key(ask->txn, ask->arena, asked->api_key_id);
	Members__ApiKeyRevoked event = MEMBERS__API_KEY_REVOKED__INIT;
	uint64_t number = svc_next_number(ask);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_revoke_api_key(key);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	event.api_key_id = asked->api_key_id;
	event.by_id = members_wire_by(ask);
	svc_decide(ask, EVENT(API_KEY_REVOKED), &event.base);
	end_role(ask, key);
	return members_wire_done(ask, asked->api_key_id, number);
}

/* ---- using one ---- */

static void
note_used(struct svc_ask *ask, Members__ApiKey *key, int32_t today)
{
	Members__ApiKeyUsed event = MEMBERS__API_KEY_USED__INIT;

	if (key->has_used_day && key->used_day == today)
		return;
	SET(key, used_day, today);
	event.api_key_id = key->api_key_id;
	SET(&event, used_day, today);
	svc_decide(ask, EVENT(API_KEY_USED), &event.base);
}

/* As it is shown: what is kept of its secret stays here. */
static Members__ApiKey *
without_digest(Members__ApiKey *key)
{
	key->has_digest = 0;
	key->digest = (ProtobufCBinaryData){0};
	return key;
}

enum err
members_on_api_key(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__UseApiKey *asked = (const void *)call;
	Members__SessionShown *shown = MESSAGE_NEW(ask->arena, members__session_shown);
	Members__ApiKey *key = members_api_key(ask->txn, ask->arena,
	    members_digest_owner(
		ask->txn, ask->arena, BYTES_OF(asked->digest), MEMBERS_HELD_API_KEY));
	struct members_standing who =
	    members_wire_standing(ask, key != NULL ? key->person_id : NULL);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (shown == NULL)
		return ERR_MEMORY;
	Members__Over over = members_api_key_over(key, &who);
	if (key == NULL || over != MEMBERS__OVER__OVER_UNSPECIFIED) {
		SET(shown, over, over);
		svc_answer(ask, &shown->base);
		return ask->txn->err;
	}
	note_used(ask, key, who.today);
	shown->person = message_copy(ask->arena, &who.person->base);
	if (shown->person == NULL)
		return ERR_MEMORY;
	shown->api_key = without_digest(key);
	svc_answer(ask, &shown->base);
	return ask->txn->err;
}

enum err
members_on_api_keys(struct svc_ask *ask, const ProtobufCMessage *call)
{
	Members__ApiKeys *list = MESSAGE_NEW(ask->arena, members__api_keys);
	uint64_t count = kv_count(ask->txn, MEMBERS_API_KEYS);
	struct kv_walk w;

	(void)call;
	if (list == NULL)
		return ERR_MEMORY;
	list->api_keys = LIST_NEW(ask->arena, count + 1, Members__ApiKey *);
	if (list->api_keys == NULL)
		return ERR_MEMORY;
	kv_walk(ask->txn, &w, MEMBERS_API_KEYS, BYTES_NONE, BYTES_NONE);
	while (list->n_api_keys < count && kv_next(&w)) {
		Members__ApiKey *key =
		    row_at(&w, ask->arena, &members__api_key__descriptor);
		if (key == NULL)
			break;
		list->api_keys[list->n_api_keys++] = without_digest(key);
	}
	kv_walk_end(&w);
	svc_answer(ask, &list->base);
	return ask->txn->err;
}
