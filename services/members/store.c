#include "members/store.h"

#include <assert.h>

#include "base/access.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "members/store_accounts.h"

const struct svc_table_spec members_store_tables[] = {
    {.name = "urns"},
    {.name = "administrators"},
    {.name = "accounts"},
    {.name = "logins"},
    {.name = "links"},
    {.name = "sessions"},
    {.name = "api_keys"},
    {.name = "digests"},
    {.name = "held"},
    {.name = "changed"},
};
const size_t members_store_tables_n =
    sizeof(members_store_tables) / sizeof(members_store_tables[0]);

static_assert(sizeof(members_store_tables) / sizeof(members_store_tables[0]) ==
		  MEMBERS_TABLES_END - SVC_TABLES,
    "every table has its name");

/* ---- apply ---- */

/* Before the provider's row is overwritten: its number may change. */
static void
keep_urn(struct kv_txn *txn, struct arena *a, const Members__Provider *provider)
{
	const Members__Provider *before =
	    access_provider(txn, a, provider->provider_id);

	if (before != NULL && before->urn != NULL)
		kv_delete(txn, MEMBERS_URNS, row_key(before->urn));
	if (provider->urn != NULL)
		kv_put(txn, MEMBERS_URNS, row_key(provider->urn),
		    bytes_of_text(provider->provider_id));
}

static void
keep_administrator(
    struct kv_txn *txn, const char *person_id, const Members__Grant *grant)
{
	if (grant->role == MEMBERS__ROLE__ROLE_ADMINISTRATOR)
		kv_put(txn, MEMBERS_ADMINISTRATORS, row_key(person_id), BYTES_NONE);
}

enum err
members_store_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const void *message = e->message;
	enum err fault;

	if (members_accounts_apply(txn, a, e, &fault))
		return fault;
	if (e->type != MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED &&
	    e->type != MEMBERS__MEMBERS_EVENT__EVENT_KEY_REVOKED)
		members_accounts_changed(txn, e);
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED) {
		const Members__ProviderRegistered *registered = message;
		if (registered->provider == NULL ||
		    registered->provider->provider_id == NULL)
			return ERR_CORRUPT;
		keep_urn(txn, a, registered->provider);
	}
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED) {
		const Members__PersonRegistered *registered = message;
		const Members__Person *person = registered->person;
		if (person == NULL || person->person_id == NULL)
			return ERR_CORRUPT;
		for (size_t i = 0; i < person->n_grants; i++)
			keep_administrator(txn, person->person_id, person->grants[i]);
	}
	if (e->type == MEMBERS__MEMBERS_EVENT__EVENT_ROLE_GRANTED) {
		const Members__RoleGranted *granted = message;
		if (granted->person_id == NULL || granted->grant == NULL)
			return ERR_CORRUPT;
		keep_administrator(txn, granted->person_id, granted->grant);
	}
	return access_apply(txn, a, e);
}

/* ---- questions ---- */

const char *
members_store_urn_owner(struct kv_txn *txn, struct arena *a, const char *urn)
{
	struct bytes id;

	if (urn == NULL || !kv_get(txn, MEMBERS_URNS, row_key(urn), &id))
		return NULL;
	return str_format(a, "%.*s", (int)id.len, (const char *)id.data);
}

/* Every row of a table; NULL at the arena's cap. */
static void **
all_rows(struct kv_txn *txn, struct arena *a, unsigned table,
    const ProtobufCMessageDescriptor *type, size_t *n)
{
	struct kv_walk w;
	uint64_t count = kv_count(txn, table);
	void **rows = LIST_NEW(a, count + 1, void *);

	*n = 0;
	if (rows == NULL) {
		txn->err = ERR_MEMORY;
		return NULL;
	}
	kv_walk(txn, &w, table, BYTES_NONE, BYTES_NONE);
	while (*n < count && kv_next(&w)) {
		rows[*n] = row_at(&w, a, type);
		if (rows[*n] == NULL)
			break;
		(*n)++;
	}
	kv_walk_end(&w);
	return txn->err == ERR_NONE ? rows : NULL;
}

Members__Councils *
members_store_councils(struct kv_txn *txn, struct arena *a)
{
	size_t n;
	Members__Councils *out = MESSAGE_NEW(a, members__councils);
	void **rows =
	    all_rows(txn, a, SVC_ACCESS_COUNCILS, &members__council__descriptor, &n);

	if (out == NULL || rows == NULL)
		return NULL;
	out->councils = LIST_NEW(a, n + 1, Members__Council *);
	if (out->councils == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		out->councils[i] = rows[i];
	out->n_councils = n;
	return out;
}

Members__Providers *
members_store_providers(struct kv_txn *txn, struct arena *a)
{
	size_t n;
	Members__Providers *out = MESSAGE_NEW(a, members__providers);
	void **rows =
	    all_rows(txn, a, SVC_ACCESS_PROVIDERS, &members__provider__descriptor, &n);

	if (out == NULL || rows == NULL)
		return NULL;
	out->providers = LIST_NEW(a, n + 1, Members__Provider *);
	if (out->providers == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		out->providers[i] = rows[i];
	out->n_providers = n;
	return out;
}

size_t
members_store_administrators(
    struct kv_txn *txn, struct arena *a, const Members__Person ***out)
{
	struct kv_walk w;
	size_t n = 0;
	uint64_t count = kv_count(txn, MEMBERS_ADMINISTRATORS);
	const Members__Person **people =
	    LIST_NEW(a, count + 1, const Members__Person *);

	*out = people;
	if (people == NULL) {
		txn->err = ERR_MEMORY;
		return 0;
	}
	kv_walk(txn, &w, MEMBERS_ADMINISTRATORS, BYTES_NONE, BYTES_NONE);
	while (n < count && kv_next(&w)) {
		people[n] = row_get(
		    txn, a, SVC_ACCESS_PEOPLE, w.key, &members__person__descriptor);
		if (people[n] == NULL)
			break;
		n++;
	}
	kv_walk_end(&w);
	return n;
}

const Members__Key *
members_store_key(struct kv_txn *txn, struct arena *a, struct bytes public_key)
{
	if (public_key.len == 0 || public_key.len > KV_KEY_MAX)
		return NULL;
	return row_get(txn, a, SVC_ACCESS_KEYS, public_key, &members__key__descriptor);
}

bool
members_store_has_key(
    struct kv_txn *txn, struct arena *a, const char *person_id, struct bytes but)
{
	struct kv_walk w;
	bool found = false;

	kv_walk(txn, &w, SVC_ACCESS_KEYS, BYTES_NONE, BYTES_NONE);
	while (!found && kv_next(&w)) {
		size_t mark = a->used;
		const Members__Key *key = row_at(&w, a, &members__key__descriptor);
		if (key == NULL)
			break;
		found = !key->revoked && str_equal(key->person_id, person_id) &&
		        !bytes_equal(w.key, but);
		arena_release(a, mark);
	}
	kv_walk_end(&w);
	return found;
}
