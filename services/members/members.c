#include "members/members.h"

#include <assert.h>
#include <stddef.h>

#include "base/day.h"
#include "base/id.h"
#include "base/str.h"

/* The numbers are on the wire and never move; a new one goes to the end. */
#define ROW(no, ...) [(no)-MEMBERS_ROW_MISSING] = {(no), __VA_ARGS__}
static const struct refusal refusals[] = {
    ROW(MEMBERS_ROW_MISSING, "Nothing to record was sent.", NULL, NULL),
    ROW(MEMBERS_NAME_MISSING, "A name is needed.", NULL, "name"),
    ROW(MEMBERS_NAME_LONG, "The name is longer than 80 characters.", NULL, "name"),
    ROW(MEMBERS_COUNCIL_MISSING, "Say which council, by its GSS code.", NULL,
	"council.council_id"),
    ROW(MEMBERS_COUNCIL_ADJOINS_ITSELF, "A council does not adjoin itself.", NULL,
	"council.adjoining_council_ids"),
    ROW(MEMBERS_COUNCIL_ADJOINS_TWICE, "An adjoining council is named twice.", NULL,
	"council.adjoining_council_ids"),
    ROW(MEMBERS_MEMBERSHIP_DAYS,
	"A membership needs a first day, and any end must come after it.", NULL,
	"council.memberships"),
    ROW(MEMBERS_MEMBERSHIPS_OVERLAP, "Two memberships of this council overlap.", NULL,
	"council.memberships"),
    ROW(MEMBERS_PROVIDER_UNKNOWN, "There is no such provider to amend.", NULL,
	"provider.provider_id"),
    ROW(MEMBERS_URN_MISSING, "A registered provider needs its Ofsted number.", NULL,
	"provider.urn"),
    ROW(MEMBERS_URN_FORM, "An Ofsted number is SC and six digits, or seven digits.",
	"SSDA903 return, URN", "provider.urn"),
    ROW(MEMBERS_URN_TAKEN, "Another provider has this Ofsted number.", NULL,
	"provider.urn"),
    ROW(MEMBERS_KIND_MISSING, "Say what kind of provider this is.", NULL,
	"provider.kind"),
    ROW(MEMBERS_SECTOR_MISSING, "Say whose: council, private or voluntary.", NULL,
	"provider.sector"),
    ROW(MEMBERS_SECTOR_OF_COUNCIL,
	"A council's own fostering team is of the local authority sector.", NULL,
	"provider.sector"),
    ROW(MEMBERS_SECTOR_OF_AGENCY,
	"An independent fostering agency is private or voluntary.", NULL,
	"provider.sector"),
    ROW(MEMBERS_COUNCIL_OF_PROVIDER_MISSING, "Say which council's provider this is.",
	NULL, "provider.council_id"),
    ROW(MEMBERS_COUNCIL_OF_PROVIDER_UNKNOWN,
	"This council is not registered here; register it first.", NULL,
	"provider.council_id"),
    ROW(MEMBERS_COUNCIL_OF_PROVIDER_NEEDLESS,
	"Only a local authority's provider belongs to a council.", NULL,
	"provider.council_id"),
    ROW(MEMBERS_OWNER_LONG, "The owner's name is longer than 80 characters.", NULL,
	"provider.owner_name"),
    ROW(MEMBERS_GRADE_DAY_MISSING, "Say on which day this grade was given.", NULL,
	"provider.grade_day"),
    ROW(MEMBERS_GRADE_DAY_NEEDLESS, "A day of grading was given without a grade.", NULL,
	"provider.grade_day"),
    ROW(MEMBERS_GRADE_DAY_AHEAD, "The day of grading lies ahead.", NULL,
	"provider.grade_day"),
    ROW(MEMBERS_PERSON_UNKNOWN, "There is no such person here.", NULL, "person_id"),
    ROW(MEMBERS_GRANT_MISSING, "Say which role is given.", NULL, "grants"),
    ROW(MEMBERS_GRANTS_MANY, "One person may have at most 40 roles on record.", NULL,
	"grants"),
    ROW(MEMBERS_ROLE_MISSING, "Say which role.", NULL, "role"),
    ROW(MEMBERS_ROLE_NOT_OF_ORGANISATION,
	"This organisation has no such role: commissioners, nominated officers and "
	"directors are of a council, placement officers of a provider, officers and "
	"administrators of the co-operative.",
	NULL, "role"),
    ROW(MEMBERS_ORGANISATION_UNKNOWN,
	"This organisation is not registered here; register it first.", NULL,
	"organisation_id"),
    ROW(MEMBERS_GRANT_DAYS, "A role needs a first day, and any end must come after it.",
	NULL, "from_day"),
    ROW(MEMBERS_GRANT_OVERLAPS,
	"The person has this role in this organisation already for some of these days.",
	NULL, "role"),
    ROW(MEMBERS_ROLE_NOT_HELD,
	"The person has no such role in this organisation after that day.", NULL,
	"role"),
    ROW(MEMBERS_ROLE_END_MISSING, "Say from which day the role is no longer held.",
	NULL, "until_day"),
    ROW(MEMBERS_ROLE_END_PAST,
	"A role can end today or later; what was done under it stands.", NULL,
	"until_day"),
    ROW(MEMBERS_ADMINISTRATOR_LAST,
	"This would leave nobody to administer; name another administrator first.",
	NULL, NULL),
    ROW(MEMBERS_KEY_FORM, "A public key is 32 bytes, and not all zero.", NULL,
	"public_key"),
    ROW(MEMBERS_KEY_KNOWN,
	"This key was registered before; make a new one with rccctl keys new.", NULL,
	"public_key"),
    ROW(MEMBERS_KEY_OF_SERVICE, "This key belongs to a service, not to a person.", NULL,
	"public_key"),
    ROW(MEMBERS_KEY_UNKNOWN, "This key is not registered here.", NULL, "public_key"),
    ROW(MEMBERS_KEY_REVOKED, "This key is revoked already.", NULL, "public_key"),
    ROW(MEMBERS_FIRST_TAKEN, "There is already an administrator.", NULL, NULL),
    ROW(MEMBERS_COUNCIL_ADJOINS_MANY, "No council adjoins more than 24 others.", NULL,
	"council.adjoining_council_ids"),
    ROW(MEMBERS_MEMBERSHIPS_MANY,
	"One council may have at most 40 memberships on record.", NULL,
	"council.memberships"),
    ROW(MEMBERS_DIGEST_FORM, "A digest is 32 bytes, and not all zero.", NULL, "digest"),
    ROW(MEMBERS_DIGEST_KNOWN, "This token is in use already; make a new one.", NULL,
	"digest"),
    ROW(MEMBERS_LINK_PURPOSE_MISSING, "Say what the link is for.", NULL, "purpose"),
    ROW(MEMBERS_LINK_SIGN_IN_OFF,
	"Only an invented region has links that sign in without an account; invite the "
	"person instead.",
	NULL, "purpose"),
    ROW(MEMBERS_LINK_TIME, "A link holds from now on, for at most 14 days.", NULL,
	"expires_time"),
    ROW(MEMBERS_LINK_UNKNOWN,
	"This link no longer works: it was used, has lapsed, or was replaced by a "
	"newer "
	"one. Ask an administrator for another.",
	NULL, NULL),
    ROW(MEMBERS_LINK_OTHER_PURPOSE,
	"This link is not for that; open it as it was sent.", NULL, NULL),
    ROW(MEMBERS_ACCOUNT_UNKNOWN,
	"Nobody here signs in with this address; ask an administrator for an "
	"invitation.",
	NULL, "login"),
    ROW(MEMBERS_ACCOUNT_OF_SYSTEM,
	"This is a system, which has an API key and signs in by nothing else.", NULL,
	"person_id"),
    ROW(MEMBERS_ACCOUNT_CLOSED,
	"This account is closed; an administrator can reopen it.", NULL, NULL),
    ROW(MEMBERS_ACCOUNT_CLOSED_ALREADY, "This account is closed already.", NULL,
	"person_id"),
    ROW(MEMBERS_ACCOUNT_NOT_CLOSED, "This account is not closed.", NULL, "person_id"),
    ROW(MEMBERS_ACCOUNT_NO_ROLE,
	"This person has no role here at present; an administrator gives roles.", NULL,
	"person_id"),
    ROW(MEMBERS_LOGIN_MISSING, "Enter your email address at work.", NULL, "login"),
    ROW(MEMBERS_LOGIN_LONG, "The email address is longer than 120 characters.", NULL,
	"login"),
    ROW(MEMBERS_LOGIN_FORM,
	"Enter an email address in the usual form, such as name@council.example.", NULL,
	"login"),
    ROW(MEMBERS_LOGIN_TAKEN, "Somebody else signs in with this email address.", NULL,
	"login"),
    ROW(MEMBERS_PASSWORD_MISSING, "Enter a password.", NULL, "password_key"),
    ROW(MEMBERS_PASSWORD_WRONG, "This is not your password.", NULL, "password_key"),
    ROW(MEMBERS_PASSWORD_NONE,
	"You sign in without a password, so there is none to change.", NULL,
	"password_key"),
    ROW(MEMBERS_DERIVATION_FORM,
	"A salt is 16 bytes; at most 1 GiB and 16 passes derive a key.", NULL,
	"derivation"),
    ROW(MEMBERS_DERIVATION_WEAK,
	"A password's key is derived with at least 19 MiB and two passes.",
	"OWASP, Password Storage Cheat Sheet", "derivation"),
    ROW(MEMBERS_FACTOR_MISSING,
	"A second factor is needed, sealed in at most 256 bytes.", NULL, "totp_sealed"),
    ROW(MEMBERS_FACTOR_TIME,
	"This code is not of these minutes; look at the clock of your telephone.", NULL,
	"totp_step"),
    ROW(MEMBERS_RECOVERY_FORM, "From 1 to 16 recovery codes are needed, none twice.",
	NULL, "recovery_digests"),
    ROW(MEMBERS_SIGN_IN_WRONG,
	"Email address, password and code do not go together. A code works once: wait "
	"for the next one.",
	NULL, "login"),
    ROW(MEMBERS_SESSIONS_OF_OTHERS, "Only an administrator may sign somebody else out.",
	NULL, "person_id"),
    ROW(MEMBERS_API_KEY_ROLE,
	"A system may commission, offer places or look on; approving and administering "
	"are for people.",
	NULL, "role"),
    ROW(MEMBERS_API_KEY_UNKNOWN, "There is no such API key.", NULL, "api_key_id"),
    ROW(MEMBERS_API_KEY_REVOKED, "This API key is revoked already.", NULL,
	"api_key_id"),
};

const struct refusal *
members_refusal(enum members_refusal no)
{
	size_t i = (size_t)no - MEMBERS_ROW_MISSING;

	assert(no >= MEMBERS_ROW_MISSING);
	assert(i < sizeof(refusals) / sizeof(refusals[0]));
	return &refusals[i];
}

enum members_refusal
members_check_name(const char *name)
{
	if (str_is_blank(name))
		return MEMBERS_NAME_MISSING;
	if (str_characters(name) > MEMBERS_NAME_CHARACTERS_MAX)
		return MEMBERS_NAME_LONG;
	return MEMBERS_OK;
}

static enum members_refusal
check_memberships(const Members__Council *council)
{
	if (council->n_memberships > MEMBERS_MEMBERSHIPS_MAX)
		return MEMBERS_MEMBERSHIPS_MANY;
	for (size_t i = 0; i < council->n_memberships; i++) {
		const Members__Membership *m = council->memberships[i];
		if (!m->has_from_day ||
		    (m->has_until_day && m->until_day <= m->from_day))
			return MEMBERS_MEMBERSHIP_DAYS;
		for (size_t j = 0; j < i; j++) {
			if (day_spans_meet(
				DAY_SPAN_OF(m), DAY_SPAN_OF(council->memberships[j])))
				return MEMBERS_MEMBERSHIPS_OVERLAP;
		}
	}
	return MEMBERS_OK;
}

enum members_refusal
members_check_council(const Members__Council *council)
{
	if (council == NULL)
		return MEMBERS_ROW_MISSING;
	if (council->council_id == NULL)
		return MEMBERS_COUNCIL_MISSING;
	enum members_refusal no = members_check_name(council->name);
	if (no != MEMBERS_OK)
		return no;
	if (council->n_adjoining_council_ids > MEMBERS_ADJOINING_MAX)
		return MEMBERS_COUNCIL_ADJOINS_MANY;
	for (size_t i = 0; i < council->n_adjoining_council_ids; i++) {
		const char *id = council->adjoining_council_ids[i];
		if (str_equal(id, council->council_id))
			return MEMBERS_COUNCIL_ADJOINS_ITSELF;
		for (size_t j = 0; j < i; j++) {
			if (str_equal(id, council->adjoining_council_ids[j]))
				return MEMBERS_COUNCIL_ADJOINS_TWICE;
		}
	}
	return check_memberships(council);
}

static enum members_refusal
check_urn(const Members__Provider *provider, bool is_taken)
{
	bool is_councils =
	    provider->kind == MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING;

	if (provider->urn == NULL)
		return is_councils ? MEMBERS_OK : MEMBERS_URN_MISSING;
	if (!id_is_urn(provider->urn))
		return MEMBERS_URN_FORM;
	return is_taken ? MEMBERS_URN_TAKEN : MEMBERS_OK;
}

/* Does kind go with sector, and is the council named exactly where one belongs? */
static enum members_refusal
check_owner(const Members__Provider *provider, bool is_council_known)
{
	bool is_local = provider->sector == MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY;

	switch (provider->kind) {
	case MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING:
		if (!is_local)
			return MEMBERS_SECTOR_OF_COUNCIL;
		break;
	case MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY:
		if (is_local)
			return MEMBERS_SECTOR_OF_AGENCY;
		break;
	case MEMBERS__PROVIDER_KIND__PROVIDER_KIND_UNSPECIFIED: /* refused before */
	case MEMBERS__PROVIDER_KIND__PROVIDER_KIND_CHILDRENS_HOMES:
	case MEMBERS__PROVIDER_KIND__PROVIDER_KIND_SUPPORTED_ACCOMMODATION: break;
	}
	if (!is_local)
		return provider->council_id == NULL
		           ? MEMBERS_OK
		           : MEMBERS_COUNCIL_OF_PROVIDER_NEEDLESS;
	if (provider->council_id == NULL)
		return MEMBERS_COUNCIL_OF_PROVIDER_MISSING;
	return is_council_known ? MEMBERS_OK : MEMBERS_COUNCIL_OF_PROVIDER_UNKNOWN;
}

static enum members_refusal
check_grade(const Members__Provider *provider, int32_t today)
{
	bool is_graded = provider->grade != MEMBERS__GRADE__GRADE_UNSPECIFIED;

	if (is_graded && !provider->has_grade_day)
		return MEMBERS_GRADE_DAY_MISSING;
	if (!is_graded && provider->has_grade_day)
		return MEMBERS_GRADE_DAY_NEEDLESS;
	if (is_graded && provider->grade_day > today)
		return MEMBERS_GRADE_DAY_AHEAD;
	return MEMBERS_OK;
}

enum members_refusal
members_check_provider(
    const Members__Provider *provider, const struct members_provider_facts *known)
{
	enum members_refusal no;

	if (provider == NULL)
		return MEMBERS_ROW_MISSING;
	if (provider->provider_id != NULL && !known->is_known)
		return MEMBERS_PROVIDER_UNKNOWN;
	if ((no = members_check_name(provider->name)) != MEMBERS_OK)
		return no;
	if (provider->kind == MEMBERS__PROVIDER_KIND__PROVIDER_KIND_UNSPECIFIED)
		return MEMBERS_KIND_MISSING;
	if ((no = check_urn(provider, known->is_urn_taken)) != MEMBERS_OK)
		return no;
	if (provider->sector == MEMBERS__SECTOR__SECTOR_UNSPECIFIED)
		return MEMBERS_SECTOR_MISSING;
	if ((no = check_owner(provider, known->is_council_known)) != MEMBERS_OK)
		return no;
	if (provider->owner_name != NULL &&
	    str_characters(provider->owner_name) > MEMBERS_NAME_CHARACTERS_MAX)
		return MEMBERS_OWNER_LONG;
	return check_grade(provider, known->today);
}

/* Which organisations have this role? */
static enum members_organisation
organisation_of(Members__Role role)
{
	switch (role) {
	case MEMBERS__ROLE__ROLE_UNSPECIFIED: break;
	case MEMBERS__ROLE__ROLE_COMMISSIONER:
	case MEMBERS__ROLE__ROLE_NOMINATED_OFFICER:
	case MEMBERS__ROLE__ROLE_DIRECTOR: return MEMBERS_ORGANISATION_COUNCIL;
	case MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER:
		return MEMBERS_ORGANISATION_PROVIDER;
	case MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER:
	case MEMBERS__ROLE__ROLE_ADMINISTRATOR: return MEMBERS_ORGANISATION_COOPERATIVE;
	}
	return MEMBERS_ORGANISATION_NOBODY;
}

static bool
grants_overlap(const Members__Grant *a, const Members__Grant *b)
{
	if (a->role != b->role || !str_equal(a->organisation_id, b->organisation_id))
		return false;
	return day_spans_meet(DAY_SPAN_OF(a), DAY_SPAN_OF(b));
}

enum members_refusal
members_check_grant(const Members__Grant *grant, enum members_organisation organisation,
    Members__Grant *const *held, size_t held_n)
{
	if (grant == NULL)
		return MEMBERS_GRANT_MISSING;
	enum members_organisation wanted = organisation_of(grant->role);
	if (wanted == MEMBERS_ORGANISATION_NOBODY)
		return MEMBERS_ROLE_MISSING;
	if (organisation == MEMBERS_ORGANISATION_NOBODY)
		return MEMBERS_ORGANISATION_UNKNOWN;
	if (organisation != wanted)
		return MEMBERS_ROLE_NOT_OF_ORGANISATION;
	if (!grant->has_from_day ||
	    (grant->has_until_day && grant->until_day <= grant->from_day))
		return MEMBERS_GRANT_DAYS;
	if (held_n >= MEMBERS_GRANTS_MAX)
		return MEMBERS_GRANTS_MANY;
	for (size_t i = 0; i < held_n; i++) {
		if (grants_overlap(grant, held[i]))
			return MEMBERS_GRANT_OVERLAPS;
	}
	return MEMBERS_OK;
}

static bool
has_role_after(const Members__Person *person, const Members__EndRole *end)
{
	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *grant = person->grants[i];
		if (grant->role == end->role &&
		    str_equal(grant->organisation_id, end->organisation_id) &&
		    (!grant->has_until_day || grant->until_day > end->until_day))
			return true;
	}
	return false;
}

enum members_refusal
members_check_end(const Members__EndRole *end, const Members__Person *person,
    bool others, int32_t today)
{
	if (person == NULL)
		return MEMBERS_PERSON_UNKNOWN;
	if (end->role == MEMBERS__ROLE__ROLE_UNSPECIFIED)
		return MEMBERS_ROLE_MISSING;
	if (!end->has_until_day)
		return MEMBERS_ROLE_END_MISSING;
	if (end->until_day < today)
		return MEMBERS_ROLE_END_PAST;
	if (!has_role_after(person, end))
		return MEMBERS_ROLE_NOT_HELD;
	if (end->role == MEMBERS__ROLE__ROLE_ADMINISTRATOR && !others)
		return MEMBERS_ADMINISTRATOR_LAST;
	return MEMBERS_OK;
}

bool
members_is_lasting_administrator(const Members__Person *person, int32_t today)
{
	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *grant = person->grants[i];
		if (grant->role == MEMBERS__ROLE__ROLE_ADMINISTRATOR &&
		    grant->from_day <= today && !grant->has_until_day)
			return true;
	}
	return false;
}

enum members_refusal
members_check_key(const ProtobufCBinaryData *key, const struct members_key_facts *known)
{
	uint8_t any = 0;

	if (key->len != MEMBERS_KEY_BYTES)
		return MEMBERS_KEY_FORM;
	for (size_t i = 0; i < key->len; i++)
		any |= key->data[i];
	if (any == 0)
		return MEMBERS_KEY_FORM;
	if (known->is_service)
		return MEMBERS_KEY_OF_SERVICE;
	return known->is_known ? MEMBERS_KEY_KNOWN : MEMBERS_OK;
}

enum members_refusal
members_check_revoke(const Members__Key *key, bool is_administrator, bool others)
{
	if (key == NULL)
		return MEMBERS_KEY_UNKNOWN;
	if (key->revoked)
		return MEMBERS_KEY_REVOKED;
	if (is_administrator && !others)
		return MEMBERS_ADMINISTRATOR_LAST;
	return MEMBERS_OK;
}
