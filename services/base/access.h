#ifndef RCC_ACCESS_H
#define RCC_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/svc.h"

#include "members.pb-c.h"

/*
 * Who is known, and what they may do: the same tables in every service, written
 * from the events of members. In members they are its own, everywhere else they
 * are the followed copy.
 *
 *   councils   key: GSS code      row: members.Council
 *   providers  key: provider id   row: members.Provider
 *   people     key: person id     row: members.Person
 *   keys       key: public key    row: members.Key
 */

#define ROLE_BIT(role) (1u << (unsigned)(role))

/* Applies one event of members (any type; those it does not know are ERR_CORRUPT). */
enum err access_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e);
/* The source row for every service but members; and as an element of its list, which
 * has to be constant. */
extern const struct svc_source access_source;
#define ACCESS_SOURCE                                                                  \
	{                                                                              \
		.service = "members", .event = &members__members_event__descriptor,    \
		.apply = access_apply                                                  \
	}

/* Who knocks: the authenticated key, the peer whose it is (NULL: nobody's of the
 * services), and what the envelope says. All borrowed. */
struct access_asking {
	const uint8_t *key; /* 32 bytes */
	const char *peer;
	const Envelope__Envelope *envelope;
	int64_t now_ms;
};

/* Is it a person who asks: by a key of their own, or through the gateway? */
bool access_is_for_person(const struct access_asking *asking);

/*
 * Fills in caller->person_id, organisation_id and roles for whoever asks.
 * A person's own key speaks for that person only; the gateway's key for the
 * user_id given. Without an organisation the person's only one is taken. Roles are
 * those granted on the London day of now_ms. Any other service is itself and has no
 * roles. ERR_DENIED: unknown or revoked key,
 * unknown person, another person's id. *no is set (and ERR_NONE returned) where a
 * person acts for several organisations and did not say for which.
 */
enum err access_caller(struct kv_txn *txn, struct arena *a,
    const struct access_asking *asking, struct svc_caller *out,
    const struct refusal **no) MUST_CHECK;

bool access_key_is_known(struct kv_txn *txn, struct arena *a, const uint8_t key[32]);
bool access_is_empty(struct kv_txn *txn);

const Members__Council *access_council(
    struct kv_txn *txn, struct arena *a, const char *id);
const Members__Provider *access_provider(
    struct kv_txn *txn, struct arena *a, const char *id);
const Members__Person *access_person(
    struct kv_txn *txn, struct arena *a, const char *id);
bool access_council_is_member(const Members__Council *c, int32_t day);
bool access_councils_adjoin(const Members__Council *a, const char *other_id);

#endif
