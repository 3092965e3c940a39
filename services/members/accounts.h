#ifndef RCC_MEMBERS_ACCOUNTS_H
#define RCC_MEMBERS_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "members/members.h"

/*
 * The rules of signing in: by what, for how long, and when no more. Tokens and
 * passwords are never seen here, only what is kept of them (proto/members.proto).
 * `now_ms` is milliseconds since 1970 UTC, `today` the London day of it.
 */

#define MEMBERS_LOGIN_BYTES_MAX 120
#define MEMBERS_DIGEST_BYTES 32
#define MEMBERS_SALT_BYTES 16
/* The least of argon2id that OWASP's cheat sheet on storing passwords still takes. */
#define MEMBERS_MEMORY_KIB_MIN (19 * 1024)
#define MEMBERS_MEMORY_KIB_MAX (1024 * 1024)
#define MEMBERS_PASSES_MIN 2
#define MEMBERS_PASSES_MAX 16
#define MEMBERS_SEALED_BYTES_MAX 256
#define MEMBERS_RECOVERY_CODES_MAX 16
#define MEMBERS_TOTP_STEP_MS 30000
#define MEMBERS_TOTP_STEPS_OFF 10 /* that the gateway's clock may be away from ours */

#define MEMBERS_LINK_MS_MAX (INT64_C(14) * 24 * 3600 * 1000)
#define MEMBERS_LINK_MS_USUAL (INT64_C(7) * 24 * 3600 * 1000)
/* Of one person at a time. The oldest makes room, of sessions that used longest ago. */
#define MEMBERS_INVITATIONS_MAX 1
#define MEMBERS_LINKS_MAX 10
#define MEMBERS_SESSIONS_MAX 20
#define MEMBERS_SESSION_MS_MAX (INT64_C(12) * 3600 * 1000)
#define MEMBERS_SESSION_IDLE_MS (INT64_C(30) * 60 * 1000)
#define MEMBERS_SESSION_NOTED_MS (INT64_C(5) * 60 * 1000)

/* Who it is, as they stand today. */
struct members_standing {
	const Members__Person *person;   /* NULL: there is no such person */
	const Members__Account *account; /* NULL: there is none */
	bool is_system;                  /* acts by an API key alone */
	int32_t today;
};

/*
 * The address somebody signs in with, as it is kept: without blanks around it and in
 * small letters. An e-mail address of printable ASCII, so that no two look the same.
 */
enum members_refusal members_check_login(
    const char *login, char out[MEMBERS_LOGIN_BYTES_MAX + 1]);

/* A digest to be kept: 32 bytes, not all zero, and of nothing that is kept already. */
enum members_refusal members_check_digest(
    const ProtobufCBinaryData *digest, bool is_known);

/* Has this person a role today? Or today or on a later day? */
bool members_has_role(const Members__Person *person, int32_t today);
bool members_has_role_ahead(const Members__Person *person, int32_t today);

/* May this person sign in at all: known, no system, not closed, with a role today? */
enum members_refusal members_check_standing(const struct members_standing *who);

/* ---- links ---- */

struct members_offer_facts {
	struct members_standing who;
	bool is_digest_known;
	bool may_sign_in; /* members' configuration says sign-in-links */
	int64_t now_ms;
};

/* May this link be given out? */
enum members_refusal members_check_offer(
    const Members__OfferLink *offer, const struct members_offer_facts *known);
/* How many of a person's links of this purpose may be left when another is given out.
 */
size_t members_links_left_max(Members__LinkPurpose purpose);
/* Until when it holds. */
int64_t members_link_expires_ms(const Members__OfferLink *offer, int64_t now_ms);

/* Does this link (NULL: there is none) hold, and for this purpose? Purpose
 * UNSPECIFIED: for any. */
enum members_refusal members_check_link(
    const Members__Link *link, Members__LinkPurpose purpose, int64_t now_ms);

/* ---- proofs ---- */

/* What an invitation is taken with: all of password, second factor and recovery codes,
 * or none of them (single sign-on alone). */
enum members_refusal members_check_proofs(
    const Members__TakeInvitation *taken, int64_t now_ms);
bool members_has_proofs(const Members__TakeInvitation *taken);

/* Is this the password of the account (NULL, or one without: never)? Takes as long
 * whether it is or not. */
bool members_is_password(
    const Members__Account *account, const ProtobufCBinaryData *password_key);

/* The place of a recovery code among those left; their number where it is none. */
size_t members_find_recovery(
    const Members__Proof *proof, const ProtobufCBinaryData *digest);

/* MEMBERS_OK or MEMBERS_SIGN_IN_WRONG, whatever was wrong. The password, and beside it
 * either a code later than the last one used or a recovery code that is left. */
enum members_refusal members_check_sign_in(
    const Members__SignIn *asked, const struct members_standing *who, int64_t now_ms);

/* By the front's word: the account of that login stands, and there is one. */
enum members_refusal members_check_identity(const struct members_standing *who);

/* The person's own change of password, or of recovery codes. */
enum members_refusal members_check_change(const Members__ChangePassword *asked,
    const Members__Account *account, int64_t now_ms);
enum members_refusal members_check_renew(
    const Members__RenewRecovery *asked, const Members__Account *account);

/* ---- sessions ---- */

/* When it ends if nothing more is done in it after `used_ms`. */
int64_t members_session_due_ms(int64_t used_ms, int64_t expires_ms);
/* Why it is not honoured now; UNSPECIFIED where it is. `session` may be NULL. */
Members__Over members_session_over(const Members__Session *session,
    const struct members_standing *who, int64_t now_ms);
/* Is it long enough since its use was last noted? */
bool members_session_is_to_note(const Members__Session *session, int64_t now_ms);

/* ---- accounts, by an administrator ---- */

/* `others`: another administrator without an end remains who can get in. */
enum members_refusal members_check_close(
    const struct members_standing *who, bool others);
enum members_refusal members_check_reopen(const struct members_standing *who);
Members__AccountState members_account_state(
    const Members__Account *account, bool is_invited);

/* ---- API keys ---- */

/* The grant is that of the person whom the key will act as. */
enum members_refusal members_check_api_key(const Members__IssueApiKey *asked,
    const Members__Grant *grant, enum members_organisation organisation,
    bool is_digest_known);
Members__Over members_api_key_over(
    const Members__ApiKey *key, const struct members_standing *who);
enum members_refusal members_check_revoke_api_key(const Members__ApiKey *key);

#endif
