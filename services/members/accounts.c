#include "members/accounts.h"

#include <string.h>

#include "base/day.h"
#include "base/digest.h"
#include "base/message.h"
#include "base/str.h"

/* ---- who ---- */

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Something before the one @, and behind it words with dots between them. */
static bool
is_address(const char *text)
{
	const char *at = strchr(text, '@');

	if (at == NULL || at == text || strchr(at + 1, '@') != NULL)
		return false;
	if (at[1] == '.' || strchr(at, '.') == NULL || strstr(at, "..") != NULL)
		return false;
	return !str_ends(text, ".");
}

enum members_refusal
members_check_login(const char *login, char out[MEMBERS_LOGIN_BYTES_MAX + 1])
{
	size_t len, n = 0;

	out[0] = '\0';
	if (login == NULL)
		return MEMBERS_LOGIN_MISSING;
	while (is_blank(*login))
		login++;
	len = strlen(login);
	while (len > 0 && is_blank(login[len - 1]))
		len--;
	if (len == 0)
		return MEMBERS_LOGIN_MISSING;
	if (len > MEMBERS_LOGIN_BYTES_MAX)
		return MEMBERS_LOGIN_LONG;
	for (; n < len; n++) {
		if (login[n] <= ' ' || login[n] > '~')
			return MEMBERS_LOGIN_FORM;
		bool is_capital = login[n] >= 'A' && login[n] <= 'Z';
		out[n] = (char)(is_capital ? login[n] - 'A' + 'a' : login[n]);
	}
	out[n] = '\0';
	return is_address(out) ? MEMBERS_OK : MEMBERS_LOGIN_FORM;
}

static bool
is_digest(const ProtobufCBinaryData *data)
{
	uint8_t any = 0;

	for (size_t i = 0; i < data->len; i++)
		any |= data->data[i];
	return data->len == MEMBERS_DIGEST_BYTES && any != 0;
}

enum members_refusal
members_check_digest(const ProtobufCBinaryData *digest, bool is_known)
{
	if (!is_digest(digest))
		return MEMBERS_DIGEST_FORM;
	return is_known ? MEMBERS_DIGEST_KNOWN : MEMBERS_OK;
}

bool
members_has_role(const Members__Person *person, int32_t today)
{
	for (size_t i = 0; i < person->n_grants; i++) {
		if (day_is_in(today, DAY_SPAN_OF(person->grants[i])))
			return true;
	}
	return false;
}

bool
members_has_role_ahead(const Members__Person *person, int32_t today)
{
	for (size_t i = 0; i < person->n_grants; i++) {
		if (!day_is_past(today, DAY_SPAN_OF(person->grants[i])))
			return true;
	}
	return false;
}

static bool
is_closed(const struct members_standing *who)
{
	return who->account != NULL && who->account->is_closed;
}

/* Somebody who may have an account at all. */
static enum members_refusal
check_person(const struct members_standing *who)
{
	if (who->person == NULL)
		return MEMBERS_PERSON_UNKNOWN;
	return who->is_system ? MEMBERS_ACCOUNT_OF_SYSTEM : MEMBERS_OK;
}

enum members_refusal
members_check_standing(const struct members_standing *who)
{
	enum members_refusal no = check_person(who);

	if (no != MEMBERS_OK)
		return no;
	if (is_closed(who))
		return MEMBERS_ACCOUNT_CLOSED;
	return members_has_role(who->person, who->today) ? MEMBERS_OK
	                                                 : MEMBERS_ACCOUNT_NO_ROLE;
}

/* ---- links ---- */

int64_t
members_link_expires_ms(const Members__OfferLink *offer, int64_t now_ms)
{
	return offer->has_expires_time ? offer->expires_time
	                               : now_ms + MEMBERS_LINK_MS_USUAL;
}

enum members_refusal
members_check_offer(
    const Members__OfferLink *offer, const struct members_offer_facts *known)
{
	int64_t ends_ms = members_link_expires_ms(offer, known->now_ms);
	enum members_refusal no = check_person(&known->who);

	if (no != MEMBERS_OK)
		return no;
	if (is_closed(&known->who))
		return MEMBERS_ACCOUNT_CLOSED;
	if (!members_has_role_ahead(known->who.person, known->who.today))
		return MEMBERS_ACCOUNT_NO_ROLE;
	if (offer->purpose == MEMBERS__LINK_PURPOSE__LINK_PURPOSE_UNSPECIFIED)
		return MEMBERS_LINK_PURPOSE_MISSING;
	if (offer->purpose == MEMBERS__LINK_PURPOSE__LINK_PURPOSE_SIGN_IN &&
	    !known->may_sign_in)
		return MEMBERS_LINK_SIGN_IN_OFF;
	no = members_check_digest(&offer->digest, known->is_digest_known);
	if (no != MEMBERS_OK)
		return no;
	if (ends_ms <= known->now_ms || ends_ms > known->now_ms + MEMBERS_LINK_MS_MAX)
		return MEMBERS_LINK_TIME;
	return MEMBERS_OK;
}

size_t
members_links_left_max(Members__LinkPurpose purpose)
{
	return purpose == MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION
	           ? MEMBERS_INVITATIONS_MAX - 1
	           : MEMBERS_LINKS_MAX - MEMBERS_INVITATIONS_MAX - 1;
}

enum members_refusal
members_check_link(
    const Members__Link *link, Members__LinkPurpose purpose, int64_t now_ms)
{
	if (link == NULL || now_ms >= link->expires_time)
		return MEMBERS_LINK_UNKNOWN;
	if (purpose != MEMBERS__LINK_PURPOSE__LINK_PURPOSE_UNSPECIFIED &&
	    purpose != link->purpose)
		return MEMBERS_LINK_OTHER_PURPOSE;
	return MEMBERS_OK;
}

/* ---- proofs ---- */

static enum members_refusal
check_derivation(const Members__Derivation *derivation)
{
	if (derivation == NULL || derivation->salt.len != MEMBERS_SALT_BYTES ||
	    derivation->memory_kib > MEMBERS_MEMORY_KIB_MAX ||
	    derivation->passes > MEMBERS_PASSES_MAX)
		return MEMBERS_DERIVATION_FORM;
	if (derivation->memory_kib < MEMBERS_MEMORY_KIB_MIN ||
	    derivation->passes < MEMBERS_PASSES_MIN)
		return MEMBERS_DERIVATION_WEAK;
	return MEMBERS_OK;
}

static enum members_refusal
check_password(
    const Members__Derivation *derivation, const ProtobufCBinaryData *password_key)
{
	return is_digest(password_key) ? check_derivation(derivation)
	                               : MEMBERS_PASSWORD_MISSING;
}

/* A step far ahead of the clock would lock its owner out, one far behind it is old. */
static bool
is_step_of(uint64_t step, int64_t now_ms)
{
	uint64_t now = (uint64_t)now_ms / MEMBERS_TOTP_STEP_MS;

	return step + MEMBERS_TOTP_STEPS_OFF >= now &&
	       step <= now + MEMBERS_TOTP_STEPS_OFF;
}

static enum members_refusal
check_factor(const ProtobufCBinaryData *sealed, uint64_t step, int64_t now_ms)
{
	if (sealed->len == 0 || sealed->len > MEMBERS_SEALED_BYTES_MAX)
		return MEMBERS_FACTOR_MISSING;
	return is_step_of(step, now_ms) ? MEMBERS_OK : MEMBERS_FACTOR_TIME;
}

static enum members_refusal
check_recovery(const ProtobufCBinaryData *digests, size_t n)
{
	if (n == 0 || n > MEMBERS_RECOVERY_CODES_MAX)
		return MEMBERS_RECOVERY_FORM;
	for (size_t i = 0; i < n; i++) {
		if (!is_digest(&digests[i]))
			return MEMBERS_RECOVERY_FORM;
		for (size_t j = 0; j < i; j++) {
			if (bytes_equal(BYTES_OF(digests[i]), BYTES_OF(digests[j])))
				return MEMBERS_RECOVERY_FORM;
		}
	}
	return MEMBERS_OK;
}

bool
members_has_proofs(const Members__TakeInvitation *taken)
{
	return taken->derivation != NULL || taken->has_password_key ||
	       taken->has_totp_sealed || taken->n_recovery_digests > 0;
}

enum members_refusal
members_check_proofs(const Members__TakeInvitation *taken, int64_t now_ms)
{
	if (!members_has_proofs(taken))
		return MEMBERS_OK;
	enum members_refusal no =
	    check_password(taken->derivation, &taken->password_key);
	if (no != MEMBERS_OK)
		return no;
	no = check_factor(&taken->totp_sealed, taken->totp_step, now_ms);
	if (no != MEMBERS_OK)
		return no;
	return check_recovery(taken->recovery_digests, taken->n_recovery_digests);
}

bool
members_is_password(
    const Members__Account *account, const ProtobufCBinaryData *password_key)
{
	static const uint8_t nothing[MEMBERS_DIGEST_BYTES];
	const Members__Proof *proof = account != NULL ? account->proof : NULL;
	struct bytes kept = {nothing, sizeof nothing};
	uint8_t digest[DIGEST_BYTES];

	if (proof != NULL)
		kept = BYTES_OF(proof->verifier);
	digest_of(BYTES_OF(*password_key), digest);
	bool is_same = digest_equal((struct bytes){digest, sizeof digest}, kept);
	return is_same && proof != NULL;
}

size_t
members_find_recovery(const Members__Proof *proof, const ProtobufCBinaryData *digest)
{
	size_t found = proof->n_recovery_digests;

	for (size_t i = 0; i < proof->n_recovery_digests; i++) {
		if (digest_equal(
			BYTES_OF(proof->recovery_digests[i]), BYTES_OF(*digest)))
			found = i;
	}
	return found;
}

static bool
is_second_factor(
    const Members__SignIn *asked, const Members__Proof *proof, int64_t now_ms)
{
	if (asked->has_totp_step == asked->has_recovery_digest)
		return false;
	if (asked->has_totp_step)
		return asked->totp_step > proof->totp_step &&
		       is_step_of(asked->totp_step, now_ms);
	return members_find_recovery(proof, &asked->recovery_digest) <
	       proof->n_recovery_digests;
}

enum members_refusal
members_check_sign_in(
    const Members__SignIn *asked, const struct members_standing *who, int64_t now_ms)
{
	if (!members_is_password(who->account, &asked->password_key) ||
	    !is_second_factor(asked, who->account->proof, now_ms))
		return MEMBERS_SIGN_IN_WRONG;
	return members_check_standing(who) == MEMBERS_OK ? MEMBERS_OK
	                                                 : MEMBERS_SIGN_IN_WRONG;
}

enum members_refusal
members_check_identity(const struct members_standing *who)
{
	return who->account == NULL ? MEMBERS_ACCOUNT_UNKNOWN
	                            : members_check_standing(who);
}

/* The password there is, from whoever wants to change something about it. */
static enum members_refusal
check_own_password(
    const Members__Account *account, const ProtobufCBinaryData *password_key)
{
	if (account == NULL || account->proof == NULL)
		return MEMBERS_PASSWORD_NONE;
	return members_is_password(account, password_key) ? MEMBERS_OK
	                                                  : MEMBERS_PASSWORD_WRONG;
}

enum members_refusal
members_check_change(const Members__ChangePassword *asked,
    const Members__Account *account, int64_t now_ms)
{
	enum members_refusal no = check_own_password(account, &asked->password_key);

	if (no != MEMBERS_OK)
		return no;
	no = check_password(asked->derivation, &asked->new_password_key);
	if (no != MEMBERS_OK || !asked->has_totp_sealed)
		return no;
	return check_factor(&asked->totp_sealed, asked->totp_step, now_ms);
}

enum members_refusal
members_check_renew(
    const Members__RenewRecovery *asked, const Members__Account *account)
{
	enum members_refusal no = check_own_password(account, &asked->password_key);

	if (no != MEMBERS_OK)
		return no;
	return check_recovery(asked->recovery_digests, asked->n_recovery_digests);
}

/* ---- sessions ---- */

int64_t
members_session_due_ms(int64_t used_ms, int64_t expires_ms)
{
	int64_t idle_ms = used_ms + MEMBERS_SESSION_IDLE_MS;

	return idle_ms < expires_ms ? idle_ms : expires_ms;
}

Members__Over
members_session_over(
    const Members__Session *session, const struct members_standing *who, int64_t now_ms)
{
	if (session == NULL)
		return MEMBERS__OVER__OVER_UNKNOWN;
	if (now_ms >= session->expires_time)
		return MEMBERS__OVER__OVER_EXPIRED;
	if (now_ms >= session->due_time)
		return MEMBERS__OVER__OVER_IDLE;
	if (is_closed(who))
		return MEMBERS__OVER__OVER_CLOSED;
	if (who->person == NULL || !members_has_role(who->person, who->today))
		return MEMBERS__OVER__OVER_NO_ROLE;
	return MEMBERS__OVER__OVER_UNSPECIFIED;
}

bool
members_session_is_to_note(const Members__Session *session, int64_t now_ms)
{
	return now_ms - session->used_time >= MEMBERS_SESSION_NOTED_MS;
}

/* ---- accounts, by an administrator ---- */

enum members_refusal
members_check_close(const struct members_standing *who, bool others)
{
	enum members_refusal no = check_person(who);

	if (no != MEMBERS_OK)
		return no;
	if (is_closed(who))
		return MEMBERS_ACCOUNT_CLOSED_ALREADY;
	if (members_is_lasting_administrator(who->person, who->today) && !others)
		return MEMBERS_ADMINISTRATOR_LAST;
	return MEMBERS_OK;
}

enum members_refusal
members_check_reopen(const struct members_standing *who)
{
	if (who->person == NULL)
		return MEMBERS_PERSON_UNKNOWN;
	return is_closed(who) ? MEMBERS_OK : MEMBERS_ACCOUNT_NOT_CLOSED;
}

Members__AccountState
members_account_state(const Members__Account *account, bool is_invited)
{
	if (account != NULL && account->is_closed)
		return MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_CLOSED;
	if (account != NULL && account->login != NULL)
		return MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_OPEN;
	return is_invited ? MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_INVITED
	                  : MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_NONE;
}

/* ---- API keys ---- */

/* What the law asks of an officer in person is not left to a machine. */
static bool
is_for_systems(Members__Role role)
{
	switch (role) {
	case MEMBERS__ROLE__ROLE_COMMISSIONER:
	case MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER:
	case MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER: return true;
	case MEMBERS__ROLE__ROLE_UNSPECIFIED: /* refused as missing */
	case MEMBERS__ROLE__ROLE_NOMINATED_OFFICER:
	case MEMBERS__ROLE__ROLE_DIRECTOR:
	case MEMBERS__ROLE__ROLE_ADMINISTRATOR: break;
	}
	return false;
}

enum members_refusal
members_check_api_key(const Members__IssueApiKey *asked, const Members__Grant *grant,
    enum members_organisation organisation, bool is_digest_known)
{
	enum members_refusal no = members_check_name(asked->label);

	if (no != MEMBERS_OK)
		return no;
	no = members_check_grant(grant, organisation, NULL, 0);
	if (no != MEMBERS_OK)
		return no;
	if (!is_for_systems(asked->role))
		return MEMBERS_API_KEY_ROLE;
	return members_check_digest(&asked->digest, is_digest_known);
}

Members__Over
members_api_key_over(const Members__ApiKey *key, const struct members_standing *who)
{
	if (key == NULL)
		return MEMBERS__OVER__OVER_UNKNOWN;
	if (key->is_revoked)
		return MEMBERS__OVER__OVER_REVOKED;
	if (key->has_until_day && who->today >= key->until_day)
		return MEMBERS__OVER__OVER_EXPIRED;
	if (who->person == NULL || !members_has_role(who->person, who->today))
		return MEMBERS__OVER__OVER_NO_ROLE;
	return MEMBERS__OVER__OVER_UNSPECIFIED;
}

enum members_refusal
members_check_revoke_api_key(const Members__ApiKey *key)
{
	if (key == NULL)
		return MEMBERS_API_KEY_UNKNOWN;
	return key->is_revoked ? MEMBERS_API_KEY_REVOKED : MEMBERS_OK;
}
