#include "base/access.h"

#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

static const struct refusal which_organisation = {
    .number = REFUSAL_ORGANISATION,
    .sentence = "You act for more than one organisation: say for which one this is.",
    .field = "organisation_id",
};

/* ---- what the events of members do to the tables ---- */

static enum err
put_council(struct kv_txn *txn, struct arena *a, const Members__Council *council)
{
	if (council == NULL || council->council_id == NULL)
		return ERR_CORRUPT;
	row_put(
	    txn, a, SVC_ACCESS_COUNCILS, row_key(council->council_id), &council->base);
	return txn->err;
}

static enum err
put_provider(struct kv_txn *txn, struct arena *a, const Members__Provider *provider)
{
	if (provider == NULL || provider->provider_id == NULL)
		return ERR_CORRUPT;
	row_put(txn, a, SVC_ACCESS_PROVIDERS, row_key(provider->provider_id),
	    &provider->base);
	return txn->err;
}

static enum err
put_person(struct kv_txn *txn, struct arena *a, const Members__Person *person)
{
	if (person == NULL || person->person_id == NULL)
		return ERR_CORRUPT;
	row_put(txn, a, SVC_ACCESS_PEOPLE, row_key(person->person_id), &person->base);
	return txn->err;
}

/* The person's row, to be changed and put back; NULL where there is none. */
static Members__Person *
take_person(struct kv_txn *txn, struct arena *a, const char *id)
{
	if (id == NULL)
		return NULL;
	return row_get(
	    txn, a, SVC_ACCESS_PEOPLE, row_key(id), &members__person__descriptor);
}

static enum err
grant_role(struct kv_txn *txn, struct arena *a, const Members__RoleGranted *granted)
{
	Members__Person *person = take_person(txn, a, granted->person_id);

	if (txn->err != ERR_NONE)
		return txn->err;
	if (person == NULL || granted->grant == NULL)
		return ERR_CORRUPT;
	size_t n = person->n_grants;
	Members__Grant **grants = LIST_NEW(a, n + 1, Members__Grant *);
	if (grants == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < n; i++)
		grants[i] = person->grants[i];
	grants[n] = granted->grant;
	person->grants = grants;
	person->n_grants = n + 1;
	return put_person(txn, a, person);
}

/* A grant that was to end earlier anyway keeps its own end. */
static enum err
end_role(struct kv_txn *txn, struct arena *a, const Members__RoleEnded *ended)
{
	Members__Person *person = take_person(txn, a, ended->person_id);

	if (txn->err != ERR_NONE)
		return txn->err;
	if (person == NULL)
		return ERR_CORRUPT;
	for (size_t i = 0; i < person->n_grants; i++) {
		Members__Grant *grant = person->grants[i];
		if (grant->role != ended->role ||
		    !str_equal(grant->organisation_id, ended->organisation_id))
			continue;
		if (!grant->has_until_day || grant->until_day > ended->until_day)
			SET(grant, until_day, ended->until_day);
	}
	return put_person(txn, a, person);
}

static enum err
put_key(struct kv_txn *txn, struct arena *a, const Members__Key *key)
{
	if (key == NULL || !key->has_public_key || key->public_key.len == 0)
		return ERR_CORRUPT;
	row_put(txn, a, SVC_ACCESS_KEYS, BYTES_OF(key->public_key), &key->base);
	return txn->err;
}

static Members__Key *
take_key(struct kv_txn *txn, struct arena *a, struct bytes public_key)
{
	return row_get(txn, a, SVC_ACCESS_KEYS, public_key, &members__key__descriptor);
}

static enum err
revoke_key(struct kv_txn *txn, struct arena *a, const Members__KeyRevoked *revoked)
{
	if (!revoked->has_public_key || revoked->public_key.len == 0)
		return ERR_CORRUPT;
	Members__Key *key = take_key(txn, a, BYTES_OF(revoked->public_key));
	if (txn->err != ERR_NONE)
		return txn->err;
	if (key == NULL)
		return ERR_CORRUPT;
	SET(key, revoked, true);
	return put_key(txn, a, key);
}

enum err
access_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const void *message = e->message;

	/* The number of a oneof's member is an int to the compiler: another number
	 * than these is an event of a later build. */
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_REFUSED)
		return ERR_NONE;
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED) {
		const Members__CouncilRegistered *registered = message;
		return put_council(txn, a, registered->council);
	}
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED) {
		const Members__ProviderRegistered *registered = message;
		return put_provider(txn, a, registered->provider);
	}
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED) {
		const Members__PersonRegistered *registered = message;
		return put_person(txn, a, registered->person);
	}
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_ROLE_GRANTED)
		return grant_role(txn, a, message);
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_ROLE_ENDED)
		return end_role(txn, a, message);
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED) {
		const Members__KeyRegistered *registered = message;
		return put_key(txn, a, registered->key);
	}
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_KEY_REVOKED)
		return revoke_key(txn, a, message);
	return ERR_CORRUPT;
}

const struct svc_source access_source = ACCESS_SOURCE;

/* ---- who is asking ---- */

static bool
grant_is_valid(const Members__Grant *grant, int32_t day)
{
	return grant->from_day <= day &&
	       (!grant->has_until_day || day < grant->until_day);
}

/* The one organisation in which the person has any role on the day: NULL with
 * *several false where there is none, true where there are more. */
static const char *
only_organisation(const Members__Person *person, int32_t day, bool *several)
{
	const char *found = NULL;

	*several = false;
	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *grant = person->grants[i];
		if (!grant_is_valid(grant, day))
			continue;
		if (found != NULL && !str_equal(found, grant->organisation_id)) {
			*several = true;
			return NULL;
		}
		found = grant->organisation_id;
	}
	return found;
}

static uint32_t
roles_on(const Members__Person *person, const char *organisation_id, int32_t day)
{
	uint32_t roles = 0;

	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *grant = person->grants[i];
		/* A role of a later build means nothing here. */
		if (grant_is_valid(grant, day) && grant->role < 32 &&
		    str_equal(grant->organisation_id, organisation_id))
			roles |= ROLE_BIT(grant->role);
	}
	return roles;
}

static bool
is_gateway(const struct access_asking *asking)
{
	return str_equal(asking->peer, "gateway") && asking->envelope->user_id != NULL;
}

bool
access_is_for_person(const struct access_asking *asking)
{
	return asking->peer == NULL || is_gateway(asking);
}

/* Whose word this is: the key's own person, or whom the gateway speaks for. */
static enum err
speaks_for(struct kv_txn *txn, struct arena *a, const struct access_asking *asking,
    const char **out)
{
	const char *user_id = asking->envelope->user_id;

	if (is_gateway(asking)) {
		*out = user_id;
		return ERR_NONE;
	}
	const Members__Key *row = take_key(txn, a, (struct bytes){asking->key, 32});
	if (txn->err != ERR_NONE)
		return txn->err;
	if (row == NULL || row->revoked || row->person_id == NULL)
		return ERR_DENIED;
	if (user_id != NULL && !str_equal(user_id, row->person_id))
		return ERR_DENIED;
	*out = row->person_id;
	return ERR_NONE;
}

enum err
access_caller(struct kv_txn *txn, struct arena *a, const struct access_asking *asking,
    struct svc_caller *out, const struct refusal **no)
{
	struct svc_caller caller = {.service = NULL};
	const char *organisation_id = asking->envelope->organisation_id;
	const char *person_id = NULL;
	bool several;

	memcpy(caller.key, asking->key, sizeof caller.key);
	if (!access_is_for_person(asking)) {
		caller.service = asking->peer;
		*out = caller;
		return ERR_NONE;
	}
	enum err e = speaks_for(txn, a, asking, &person_id);
	if (e != ERR_NONE)
		return e;
	const Members__Person *person = take_person(txn, a, person_id);
	if (txn->err != ERR_NONE)
		return txn->err;
	if (person == NULL)
		return ERR_DENIED;
	int32_t today = day_in_london(asking->now_ms);
	if (organisation_id == NULL) {
		organisation_id = only_organisation(person, today, &several);
		if (several) {
			*no = &which_organisation;
			return ERR_NONE;
		}
	}
	caller.person_id = person->person_id;
	caller.organisation_id = organisation_id;
	if (organisation_id != NULL)
		caller.roles = roles_on(person, organisation_id, today);
	/* Nobody speaks in the name of an organisation without a role in it today. */
	if (caller.roles == 0)
		return ERR_DENIED;
	*out = caller;
	return ERR_NONE;
}

bool
access_key_is_known(struct kv_txn *txn, struct arena *a, const uint8_t key[32])
{
	const Members__Key *row = take_key(txn, a, (struct bytes){key, 32});

	return row != NULL && !row->revoked;
}

bool
access_is_empty(struct kv_txn *txn)
{
	return kv_count(txn, SVC_ACCESS_KEYS) == 0;
}

/* ---- the rows ---- */

const Members__Council *
access_council(struct kv_txn *txn, struct arena *a, const char *id)
{
	if (id == NULL)
		return NULL;
	return row_get(
	    txn, a, SVC_ACCESS_COUNCILS, row_key(id), &members__council__descriptor);
}

const Members__Provider *
access_provider(struct kv_txn *txn, struct arena *a, const char *id)
{
	if (id == NULL)
		return NULL;
	return row_get(
	    txn, a, SVC_ACCESS_PROVIDERS, row_key(id), &members__provider__descriptor);
}

const Members__Person *
access_person(struct kv_txn *txn, struct arena *a, const char *id)
{
	return take_person(txn, a, id);
}

bool
access_council_is_member(const Members__Council *c, int32_t day)
{
	for (size_t i = 0; i < c->n_memberships; i++) {
		const Members__Membership *m = c->memberships[i];
		if (m->from_day <= day && (!m->has_until_day || day < m->until_day))
			return true;
	}
	return false;
}

bool
access_councils_adjoin(const Members__Council *a, const char *other_id)
{
	for (size_t i = 0; i < a->n_adjoining_council_ids; i++) {
		if (str_equal(a->adjoining_council_ids[i], other_id))
			return true;
	}
	return false;
}
