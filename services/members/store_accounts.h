#ifndef RCC_MEMBERS_STORE_ACCOUNTS_H
#define RCC_MEMBERS_STORE_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/svc.h"

#include "members.pb-c.h"

/*
 * Who signs in, by what; part of members/store.h, which names the tables:
 *
 *   accounts  key: person id    row: members.Account
 *   logins    key: e-mail address as it is kept    value: person id, as text
 *             a.byron@council.example -> 01jd5r0000aaaaaaaaaaaaaaaa
 *   links     key: link id      row: members.Link
 *   sessions  key: session id   row: members.Session
 *   api_keys  key: API key id   row: members.ApiKey, revoked or not
 *   digests   key: digest (32)  value: 'L', 'S' or 'K', then the id of that row
 *   held      key: person id, 'L', 'S' or 'K', then the id of that row   no value
 *   changed   key: "directory"  value: number (8) of the last event that changed the
 *             name or a role of anybody, or an organisation
 *
 * A link and a session are here while they hold; each has a timer that ends it.
 */
enum members_held {
	MEMBERS_HELD_LINK = 'L',
	MEMBERS_HELD_SESSION = 'S',
	MEMBERS_HELD_API_KEY = 'K',
};

enum members_timer {
	MEMBERS_TIMER_SESSION = 1, /* subject: session id */
	MEMBERS_TIMER_LINK = 2,    /* subject: link id */
};

/* The part of members_store_apply: true where the event is one of these. */
bool members_accounts_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e, enum err *out);
/* Notes that the directory changed. */
void members_accounts_changed(struct kv_txn *txn, const struct svc_event *e);
uint64_t members_accounts_changed_number(struct kv_txn *txn);

/* Rows, in the arena; NULL where there is none. Ids and logins may be NULL. */
Members__Account *members_account(struct kv_txn *txn, struct arena *a, const char *id);
const char *members_login_owner(struct kv_txn *txn, struct arena *a, const char *login);
Members__Link *members_link(struct kv_txn *txn, struct arena *a, const char *id);
Members__Session *members_session(struct kv_txn *txn, struct arena *a, const char *id);
Members__ApiKey *members_api_key(struct kv_txn *txn, struct arena *a, const char *id);

/* The id of what has this digest, if it is of that kind; NULL otherwise. */
const char *members_digest_owner(
    struct kv_txn *txn, struct arena *a, struct bytes digest, enum members_held kind);
bool members_digest_is_known(struct kv_txn *txn, struct bytes digest);

/* The ids of what a person holds, oldest first: at most `max` of them in `out`. */
size_t members_held(struct kv_txn *txn, struct arena *a, const char *person_id,
    enum members_held kind, const char **out, size_t max);

#endif
