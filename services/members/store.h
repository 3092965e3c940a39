#ifndef RCC_MEMBERS_STORE_H
#define RCC_MEMBERS_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/svc.h"

#include "members.pb-c.h"

/*
 * The tables of base/access are this service's own, and these two beside them;
 * then those of members/store_accounts.h:
 *
 *   urns            key: Ofsted's number     value: provider id, as text
 *                   SC012345 -> 01jd5r0000aaaaaaaaaaaaaaaa
 *   administrators  key: person id           no value
 *                   everybody who was ever given that role, whether it lasts or not
 */
enum members_table {
	MEMBERS_URNS = SVC_TABLES,
	MEMBERS_ADMINISTRATORS,
	MEMBERS_ACCOUNTS,
	MEMBERS_LOGINS,
	MEMBERS_LINKS,
	MEMBERS_SESSIONS,
	MEMBERS_API_KEYS,
	MEMBERS_DIGESTS,
	MEMBERS_HELD,
	MEMBERS_CHANGED,
	MEMBERS_TABLES_END,
};

extern const struct svc_table_spec members_store_tables[];
extern const size_t members_store_tables_n;

enum err members_store_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);

/* The id of the provider with this number; NULL when nobody has it. */
const char *members_store_urn_owner(
    struct kv_txn *txn, struct arena *a, const char *urn);

/* All rows, in order of their ids; in the arena. */
Members__Councils *members_store_councils(struct kv_txn *txn, struct arena *a);
Members__Providers *members_store_providers(struct kv_txn *txn, struct arena *a);

/* Whoever was ever given the role of administrator; how many. */
size_t members_store_administrators(
    struct kv_txn *txn, struct arena *a, const Members__Person ***out);

/* The row of a key, revoked or not; NULL when it was never registered. */
const Members__Key *members_store_key(
    struct kv_txn *txn, struct arena *a, struct bytes public_key);
/* Has this person a key that is not revoked, other than `but` (BYTES_NONE: any)?
 * Looks at every key: for rare questions. */
bool members_store_has_key(
    struct kv_txn *txn, struct arena *a, const char *person_id, struct bytes but);

#endif
