#ifndef RCC_MEMBERS_H
#define RCC_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/refusal.h"

#include "members.pb-c.h"

/*
 * The rules of belonging: what a council, a provider, a person, a role and a key
 * must be before they are written down. Each answers the first thing wrong, in the
 * order a reader would find it. Days are London days from 1970-01-01.
 */

#define MEMBERS_NAME_CHARACTERS_MAX 80
#define MEMBERS_GRANTS_MAX 40
#define MEMBERS_MEMBERSHIPS_MAX 40
#define MEMBERS_ADJOINING_MAX                                                          \
	24 /* no council in England has more; rcc-matching's too */
#define MEMBERS_KEY_BYTES 32
/* The organisation that officers and administrators act for. */
#define MEMBERS_COOPERATIVE "co-operative"

enum members_refusal {
	MEMBERS_OK = 0,
	MEMBERS_ROW_MISSING = 100,
	MEMBERS_NAME_MISSING,
	MEMBERS_NAME_LONG,
	MEMBERS_COUNCIL_MISSING,
	MEMBERS_COUNCIL_ADJOINS_ITSELF,
	MEMBERS_COUNCIL_ADJOINS_TWICE,
	MEMBERS_MEMBERSHIP_DAYS,
	MEMBERS_MEMBERSHIPS_OVERLAP,
	MEMBERS_PROVIDER_UNKNOWN,
	MEMBERS_URN_MISSING,
	MEMBERS_URN_FORM,
	MEMBERS_URN_TAKEN,
	MEMBERS_KIND_MISSING,
	MEMBERS_SECTOR_MISSING,
	MEMBERS_SECTOR_OF_COUNCIL,
	MEMBERS_SECTOR_OF_AGENCY,
	MEMBERS_COUNCIL_OF_PROVIDER_MISSING,
	MEMBERS_COUNCIL_OF_PROVIDER_UNKNOWN,
	MEMBERS_COUNCIL_OF_PROVIDER_NEEDLESS,
	MEMBERS_OWNER_LONG,
	MEMBERS_GRADE_DAY_MISSING,
	MEMBERS_GRADE_DAY_NEEDLESS,
	MEMBERS_GRADE_DAY_AHEAD,
	MEMBERS_PERSON_UNKNOWN,
	MEMBERS_GRANT_MISSING,
	MEMBERS_GRANTS_MANY,
	MEMBERS_ROLE_MISSING,
	MEMBERS_ROLE_NOT_OF_ORGANISATION,
	MEMBERS_ORGANISATION_UNKNOWN,
	MEMBERS_GRANT_DAYS,
	MEMBERS_GRANT_OVERLAPS,
	MEMBERS_ROLE_NOT_HELD,
	MEMBERS_ROLE_END_MISSING,
	MEMBERS_ROLE_END_PAST,
	MEMBERS_ADMINISTRATOR_LAST,
	MEMBERS_KEY_FORM,
	MEMBERS_KEY_KNOWN,
	MEMBERS_KEY_OF_SERVICE,
	MEMBERS_KEY_UNKNOWN,
	MEMBERS_KEY_REVOKED,
	MEMBERS_FIRST_TAKEN,
	MEMBERS_COUNCIL_ADJOINS_MANY,
	MEMBERS_MEMBERSHIPS_MANY,
	/* accounts.h */
	MEMBERS_DIGEST_FORM,
	MEMBERS_DIGEST_KNOWN,
	MEMBERS_LINK_PURPOSE_MISSING,
	MEMBERS_LINK_SIGN_IN_OFF,
	MEMBERS_LINK_TIME,
	MEMBERS_LINK_UNKNOWN,
	MEMBERS_LINK_OTHER_PURPOSE,
	MEMBERS_ACCOUNT_UNKNOWN,
	MEMBERS_ACCOUNT_OF_SYSTEM,
	MEMBERS_ACCOUNT_CLOSED,
	MEMBERS_ACCOUNT_CLOSED_ALREADY,
	MEMBERS_ACCOUNT_NOT_CLOSED,
	MEMBERS_ACCOUNT_NO_ROLE,
	MEMBERS_LOGIN_MISSING,
	MEMBERS_LOGIN_LONG,
	MEMBERS_LOGIN_FORM,
	MEMBERS_LOGIN_TAKEN,
	MEMBERS_PASSWORD_MISSING,
	MEMBERS_PASSWORD_WRONG,
	MEMBERS_PASSWORD_NONE,
	MEMBERS_DERIVATION_FORM,
	MEMBERS_DERIVATION_WEAK,
	MEMBERS_FACTOR_MISSING,
	MEMBERS_FACTOR_TIME,
	MEMBERS_RECOVERY_FORM,
	MEMBERS_SIGN_IN_WRONG,
	MEMBERS_SESSIONS_OF_OTHERS,
	MEMBERS_API_KEY_ROLE,
	MEMBERS_API_KEY_UNKNOWN,
	MEMBERS_API_KEY_REVOKED,
	MEMBERS_REFUSALS_END,
};

/* The row of a refusal; not for MEMBERS_OK. */
const struct refusal *members_refusal(enum members_refusal no);

/* A whole row of a council, to register or to amend it. */
enum members_refusal members_check_council(const Members__Council *council);

/* What must be known to judge a provider's row. */
struct members_provider_facts {
	bool is_known;     /* where the row has an id: is there such a provider? */
	bool is_urn_taken; /* by another provider */
	bool is_council_known;
	int32_t today;
};

/*
 * A whole row of a provider. A council's own fostering team may be without a URN;
 * everybody else is registered with Ofsted and has one.
 * Source: SSDA903 return, URN: "SC" and six digits, or seven digits.
 */
enum members_refusal members_check_provider(
    const Members__Provider *provider, const struct members_provider_facts *known);

enum members_refusal members_check_name(const char *name);

/* What an organisation_id turned out to name. */
enum members_organisation {
	MEMBERS_ORGANISATION_NOBODY,
	MEMBERS_ORGANISATION_COUNCIL,
	MEMBERS_ORGANISATION_PROVIDER,
	MEMBERS_ORGANISATION_COOPERATIVE,
};

/*
 * May this role be given? `held` are the person's other grants: the same role in
 * the same organisation is not given twice for the same day.
 */
enum members_refusal members_check_grant(const Members__Grant *grant,
    enum members_organisation organisation, Members__Grant *const *held, size_t held_n);

/*
 * May this role be ended? From today on only, since what was done under it stands.
 * `others` says whether an administrator without an end, and with a key, remains.
 */
enum members_refusal members_check_end(const Members__EndRole *end,
    const Members__Person *person, bool others, int32_t today);

/* Does the person administer today, with no end in sight? */
bool members_is_lasting_administrator(const Members__Person *person, int32_t today);

struct members_key_facts {
	bool is_known;   /* registered before, revoked or not */
	bool is_service; /* one of the services' own */
};

/* A public key: CURVE, 32 bytes; a key once registered never comes again. */
enum members_refusal members_check_key(
    const ProtobufCBinaryData *key, const struct members_key_facts *known);

/* `key` is its row, NULL where there is none; `others` as for ending a role, without
 * this key. */
enum members_refusal members_check_revoke(
    const Members__Key *key, bool is_administrator, bool others);

#endif
