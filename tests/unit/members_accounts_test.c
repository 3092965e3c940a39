#include "members/accounts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/message.h"

#define TODAY 20778 /* 2026-11-21 */
#define NOW_MS INT64_C(1795262400000)
#define STEP ((uint64_t)NOW_MS / MEMBERS_TOTP_STEP_MS)
#define OVER(name) MEMBERS__OVER__OVER_##name
#define ROLE(name) MEMBERS__ROLE__ROLE_##name
#define INVITATION MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION
#define SIGN_IN_LINK MEMBERS__LINK_PURPOSE__LINK_PURPOSE_SIGN_IN
#define ANY_PURPOSE MEMBERS__LINK_PURPOSE__LINK_PURPOSE_UNSPECIFIED

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* ---- somebody ---- */

/* A person with one role, their account and its password, which is all ones. */
struct somebody {
	Members__Grant grant, *grants[1];
	Members__Person person;
	Members__Account account;
	Members__Proof proof;
	uint8_t password[32], verifier[32], codes[2][32];
	ProtobufCBinaryData recovery[2];
	struct members_standing who;
};

static void
make(struct somebody *s)
{
	*s = (struct somebody){.person = MEMBERS__PERSON__INIT,
	    .grant = MEMBERS__GRANT__INIT,
	    .account = MEMBERS__ACCOUNT__INIT,
	    .proof = MEMBERS__PROOF__INIT};
	SET(&s->grant, role, ROLE(COMMISSIONER));
	SET(&s->grant, from_day, TODAY);
	s->grants[0] = &s->grant;
	s->person.grants = s->grants;
	s->person.n_grants = 1;
	memset(s->password, 1, sizeof s->password);
	digest_of((struct bytes){s->password, 32}, s->verifier);
	SET_BYTES(&s->proof, verifier, ((struct bytes){s->verifier, 32}));
	SET(&s->proof, totp_step, STEP - 1);
	for (int i = 0; i < 2; i++) {
		memset(s->codes[i], 10 + i, 32);
		s->recovery[i] = (ProtobufCBinaryData){32, s->codes[i]};
	}
	s->proof.recovery_digests = s->recovery;
	s->proof.n_recovery_digests = 2;
	s->account.proof = &s->proof;
	s->who = (struct members_standing){
	    .person = &s->person, .account = &s->account, .today = TODAY};
}

/* ---- logins and digests ---- */

static void
a_login_is_an_address_in_small_letters(void **state)
{
	static const struct {
		const char *given, *kept;
		enum members_refusal no;
	} rows[] = {
	    {"a@b.example", "a@b.example", MEMBERS_OK},
	    {" \t Ada.BYRON+1@Council.Example\r\n", "ada.byron+1@council.example",
		MEMBERS_OK},
	    {"z@y.x-1", "z@y.x-1", MEMBERS_OK}, {NULL, NULL, MEMBERS_LOGIN_MISSING},
	    {"", NULL, MEMBERS_LOGIN_MISSING}, {" \v\f", NULL, MEMBERS_LOGIN_MISSING},
	    {"ada", NULL, MEMBERS_LOGIN_FORM}, {"@b.example", NULL, MEMBERS_LOGIN_FORM},
	    {"a@b@c.example", NULL, MEMBERS_LOGIN_FORM},
	    {"a@b", NULL, MEMBERS_LOGIN_FORM}, {"a.a@b", NULL, MEMBERS_LOGIN_FORM},
	    {"a@.example", NULL, MEMBERS_LOGIN_FORM},
	    {"a@b.example.", NULL, MEMBERS_LOGIN_FORM},
	    {"a@b..example", NULL, MEMBERS_LOGIN_FORM},
	    {"a b@c.example", NULL, MEMBERS_LOGIN_FORM},
	    {"a\x7f@c.example", NULL, MEMBERS_LOGIN_FORM},
	    {"\xd0\xb0@c.example", NULL, MEMBERS_LOGIN_FORM}, /* a Cyrillic a */
	};
	char out[MEMBERS_LOGIN_BYTES_MAX + 1];
	char longest[MEMBERS_LOGIN_BYTES_MAX + 2];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(members_check_login(rows[i].given, out), rows[i].no);
		if (rows[i].kept != NULL)
			assert_string_equal(out, rows[i].kept);
	}
	memset(longest, 'a', sizeof longest - 1);
	memcpy(longest + 10, "@b.", 3);
	longest[MEMBERS_LOGIN_BYTES_MAX] = '\0';
	assert_int_equal(members_check_login(longest, out), MEMBERS_OK);
	assert_string_equal(out, longest);
	longest[MEMBERS_LOGIN_BYTES_MAX] = 'a';
	longest[MEMBERS_LOGIN_BYTES_MAX + 1] = '\0';
	assert_int_equal(members_check_login(longest, out), MEMBERS_LOGIN_LONG);
}

static void
a_digest_is_32_bytes_and_new(void **state)
{
	uint8_t bytes[33] = {0};
	ProtobufCBinaryData digest = {32, bytes};

	(void)state;
	assert_int_equal(members_check_digest(&digest, false), MEMBERS_DIGEST_FORM);
	bytes[31] = 1;
	assert_int_equal(members_check_digest(&digest, false), MEMBERS_OK);
	assert_int_equal(members_check_digest(&digest, true), MEMBERS_DIGEST_KNOWN);
	digest.len = 33;
	assert_int_equal(members_check_digest(&digest, false), MEMBERS_DIGEST_FORM);
	digest = (ProtobufCBinaryData){0, NULL};
	assert_int_equal(members_check_digest(&digest, false), MEMBERS_DIGEST_FORM);
}

/* ---- who may sign in ---- */

static void
whoever_signs_in_stands(void **state)
{
	struct somebody s;

	(void)state;
	make(&s);
	assert_int_equal(members_check_standing(&s.who), MEMBERS_OK);
	s.who.account = NULL;
	assert_int_equal(members_check_standing(&s.who), MEMBERS_OK);
	s.who.account = &s.account;
	s.grant.from_day = TODAY + 1;
	assert_int_equal(members_check_standing(&s.who), MEMBERS_ACCOUNT_NO_ROLE);
	assert_true(members_has_role_ahead(&s.person, TODAY));
	s.grant.from_day = TODAY - 9;
	SET(&s.grant, until_day, TODAY);
	assert_int_equal(members_check_standing(&s.who), MEMBERS_ACCOUNT_NO_ROLE);
	assert_false(members_has_role_ahead(&s.person, TODAY));
	SET(&s.account, is_closed, true);
	assert_int_equal(members_check_standing(&s.who), MEMBERS_ACCOUNT_CLOSED);
	s.who.is_system = true;
	assert_int_equal(members_check_standing(&s.who), MEMBERS_ACCOUNT_OF_SYSTEM);
	s.who.person = NULL;
	assert_int_equal(members_check_standing(&s.who), MEMBERS_PERSON_UNKNOWN);
}

/* ---- links ---- */

static void
a_link_is_offered_to_who_may_have_one(void **state)
{
	struct somebody s;
	uint8_t bytes[32] = {1};
	Members__OfferLink offer = MEMBERS__OFFER_LINK__INIT;
	struct members_offer_facts known = {.now_ms = NOW_MS};

	(void)state;
	make(&s);
	known.who = s.who;
	assert_int_equal(
	    members_check_offer(&offer, &known), MEMBERS_LINK_PURPOSE_MISSING);
	SET(&offer, purpose, SIGN_IN_LINK);
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_LINK_SIGN_IN_OFF);
	known.may_sign_in = true;
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_DIGEST_FORM);
	SET_BYTES(&offer, digest, ((struct bytes){bytes, 32}));
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_OK);
	known.is_digest_known = true;
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_DIGEST_KNOWN);
	known.is_digest_known = known.may_sign_in = false;
	SET(&offer, purpose, INVITATION);
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_OK);
	s.grant.from_day = TODAY + 9; /* invited before the first day */
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_OK);
	SET(&s.grant, until_day, TODAY);
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_ACCOUNT_NO_ROLE);
	SET(&s.account, is_closed, true);
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_ACCOUNT_CLOSED);
	known.who.person = NULL;
	assert_int_equal(members_check_offer(&offer, &known), MEMBERS_PERSON_UNKNOWN);
}

static void
a_link_holds_for_some_days(void **state)
{
	static const struct {
		int64_t expires_ms;
		enum members_refusal no;
	} rows[] = {
	    {NOW_MS, MEMBERS_LINK_TIME},
	    {NOW_MS + 1, MEMBERS_OK},
	    {NOW_MS + MEMBERS_LINK_MS_MAX, MEMBERS_OK},
	    {NOW_MS + MEMBERS_LINK_MS_MAX + 1, MEMBERS_LINK_TIME},
	};
	struct somebody s;
	uint8_t bytes[32] = {1};
	Members__OfferLink offer = MEMBERS__OFFER_LINK__INIT;
	struct members_offer_facts known = {.now_ms = NOW_MS};

	(void)state;
	make(&s);
	known.who = s.who;
	SET(&offer, purpose, INVITATION);
	SET_BYTES(&offer, digest, ((struct bytes){bytes, 32}));
	assert_int_equal(
	    members_link_expires_ms(&offer, NOW_MS), NOW_MS + MEMBERS_LINK_MS_USUAL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		SET(&offer, expires_time, rows[i].expires_ms);
		assert_int_equal(members_check_offer(&offer, &known), rows[i].no);
		assert_int_equal(
		    members_link_expires_ms(&offer, NOW_MS), rows[i].expires_ms);
	}
	assert_int_equal(members_links_left_max(INVITATION), 0);
	assert_int_equal(members_links_left_max(SIGN_IN_LINK), MEMBERS_LINKS_MAX - 2);
}

static void
a_link_serves_its_purpose_alone(void **state)
{
	Members__Link link = MEMBERS__LINK__INIT;

	(void)state;
	SET(&link, purpose, INVITATION);
	SET(&link, expires_time, NOW_MS + 1);
	assert_int_equal(members_check_link(&link, ANY_PURPOSE, NOW_MS), MEMBERS_OK);
	assert_int_equal(members_check_link(&link, INVITATION, NOW_MS), MEMBERS_OK);
	assert_int_equal(members_check_link(&link, SIGN_IN_LINK, NOW_MS),
	    MEMBERS_LINK_OTHER_PURPOSE);
	assert_int_equal(
	    members_check_link(&link, INVITATION, NOW_MS + 1), MEMBERS_LINK_UNKNOWN);
	assert_int_equal(
	    members_check_link(NULL, INVITATION, NOW_MS), MEMBERS_LINK_UNKNOWN);
}

/* ---- proofs ---- */

struct taking {
	Members__TakeInvitation body;
	Members__Derivation derivation;
	uint8_t salt[16], password[32], sealed[40],
	    codes[MEMBERS_RECOVERY_CODES_MAX + 1][32];
	ProtobufCBinaryData recovery[MEMBERS_RECOVERY_CODES_MAX + 1];
};

static void
make_taking(struct taking *t)
{
	*t = (struct taking){.body = MEMBERS__TAKE_INVITATION__INIT,
	    .derivation = MEMBERS__DERIVATION__INIT,
	    .password = {1}};
	SET_BYTES(&t->derivation, salt, ((struct bytes){t->salt, sizeof t->salt}));
	SET(&t->derivation, memory_kib, MEMBERS_MEMORY_KIB_MIN);
	SET(&t->derivation, passes, MEMBERS_PASSES_MIN);
	t->body.derivation = &t->derivation;
	SET_BYTES(&t->body, password_key, ((struct bytes){t->password, 32}));
	SET_BYTES(&t->body, totp_sealed, ((struct bytes){t->sealed, 40}));
	SET(&t->body, totp_step, STEP);
	for (unsigned i = 0; i < COUNT(t->recovery); i++) {
		t->codes[i][0] = (uint8_t)(1 + i);
		t->recovery[i] = (ProtobufCBinaryData){32, t->codes[i]};
	}
	t->body.recovery_digests = t->recovery;
	t->body.n_recovery_digests = MEMBERS_RECOVERY_CODES_MAX;
}

static void
an_invitation_is_taken_with_all_proofs_or_none(void **state)
{
	Members__TakeInvitation none = MEMBERS__TAKE_INVITATION__INIT;
	struct taking t;

	(void)state;
	assert_false(members_has_proofs(&none));
	assert_int_equal(members_check_proofs(&none, NOW_MS), MEMBERS_OK);
	make_taking(&t);
	assert_true(members_has_proofs(&t.body));
	assert_int_equal(members_check_proofs(&t.body, NOW_MS), MEMBERS_OK);
	t.body.n_recovery_digests = 0;
	assert_int_equal(members_check_proofs(&t.body, NOW_MS), MEMBERS_RECOVERY_FORM);
	t.body.has_totp_sealed = 0;
	t.body.totp_sealed.len = 0;
	assert_int_equal(members_check_proofs(&t.body, NOW_MS), MEMBERS_FACTOR_MISSING);
	t.body.derivation = NULL;
	assert_int_equal(
	    members_check_proofs(&t.body, NOW_MS), MEMBERS_DERIVATION_FORM);
	t.body.has_password_key = 0;
	t.body.password_key.len = 0;
	t.body.derivation = &t.derivation;
	assert_int_equal(
	    members_check_proofs(&t.body, NOW_MS), MEMBERS_PASSWORD_MISSING);
	/* Any one of them asks for all. */
	SET_BYTES(&none, totp_sealed, ((struct bytes){t.sealed, 40}));
	assert_true(members_has_proofs(&none));
	none = (Members__TakeInvitation)MEMBERS__TAKE_INVITATION__INIT;
	none.recovery_digests = t.recovery;
	none.n_recovery_digests = 1;
	assert_true(members_has_proofs(&none));
	none = (Members__TakeInvitation)MEMBERS__TAKE_INVITATION__INIT;
	SET_BYTES(&none, password_key, ((struct bytes){t.password, 32}));
	assert_true(members_has_proofs(&none));
}

static void
a_password_is_derived_slowly(void **state)
{
	static const struct {
		uint32_t memory_kib, passes;
		size_t salt_len;
		enum members_refusal no;
	} rows[] = {
	    {MEMBERS_MEMORY_KIB_MIN, MEMBERS_PASSES_MIN, 16, MEMBERS_OK},
	    {MEMBERS_MEMORY_KIB_MAX, MEMBERS_PASSES_MAX, 16, MEMBERS_OK},
	    {MEMBERS_MEMORY_KIB_MIN - 1, MEMBERS_PASSES_MIN, 16,
		MEMBERS_DERIVATION_WEAK},
	    {MEMBERS_MEMORY_KIB_MIN, MEMBERS_PASSES_MIN - 1, 16,
		MEMBERS_DERIVATION_WEAK},
	    {MEMBERS_MEMORY_KIB_MAX + 1, MEMBERS_PASSES_MIN, 16,
		MEMBERS_DERIVATION_FORM},
	    {MEMBERS_MEMORY_KIB_MIN, MEMBERS_PASSES_MAX + 1, 16,
		MEMBERS_DERIVATION_FORM},
	    {MEMBERS_MEMORY_KIB_MIN, MEMBERS_PASSES_MIN, 15, MEMBERS_DERIVATION_FORM},
	};
	struct taking t;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		make_taking(&t);
		SET(&t.derivation, memory_kib, rows[i].memory_kib);
		SET(&t.derivation, passes, rows[i].passes);
		t.derivation.salt.len = rows[i].salt_len;
		assert_int_equal(members_check_proofs(&t.body, NOW_MS), rows[i].no);
	}
}

static void
recovery_codes_differ(void **state)
{
	struct taking t;

	(void)state;
	make_taking(&t);
	t.body.n_recovery_digests = MEMBERS_RECOVERY_CODES_MAX + 1;
	assert_int_equal(members_check_proofs(&t.body, NOW_MS), MEMBERS_RECOVERY_FORM);
	t.body.n_recovery_digests = 2;
	t.recovery[1].len = 31;
	assert_int_equal(members_check_proofs(&t.body, NOW_MS), MEMBERS_RECOVERY_FORM);
	t.recovery[1] = t.recovery[0];
	assert_int_equal(members_check_proofs(&t.body, NOW_MS), MEMBERS_RECOVERY_FORM);
}

static void
a_code_is_of_these_minutes(void **state)
{
	static const struct {
		uint64_t step;
		size_t sealed_len;
		enum members_refusal no;
	} rows[] = {
	    {STEP - MEMBERS_TOTP_STEPS_OFF, 40, MEMBERS_OK},
	    {STEP + MEMBERS_TOTP_STEPS_OFF, 40, MEMBERS_OK},
	    {STEP - MEMBERS_TOTP_STEPS_OFF - 1, 40, MEMBERS_FACTOR_TIME},
	    {STEP + MEMBERS_TOTP_STEPS_OFF + 1, 40, MEMBERS_FACTOR_TIME},
	    {UINT64_MAX, 40, MEMBERS_FACTOR_TIME},
	    {STEP, 0, MEMBERS_FACTOR_MISSING},
	    {STEP, MEMBERS_SEALED_BYTES_MAX + 1, MEMBERS_FACTOR_MISSING},
	};
	struct taking t;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		make_taking(&t);
		SET(&t.body, totp_step, rows[i].step);
		t.body.totp_sealed.len = rows[i].sealed_len;
		assert_int_equal(members_check_proofs(&t.body, NOW_MS), rows[i].no);
	}
}

/* ---- signing in ---- */

static void
a_sign_in_is_right_or_wrong(void **state)
{
	struct somebody s;
	uint8_t wrong[32] = {7};
	Members__SignIn asked = MEMBERS__SIGN_IN__INIT;

	(void)state;
	make(&s);
	SET_BYTES(&asked, password_key, ((struct bytes){s.password, 32}));
	assert_int_equal(
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	SET(&asked, totp_step, STEP);
	assert_int_equal(members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_OK);
	SET(&asked, totp_step, STEP - 1); /* the last used */
	assert_int_equal(
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	SET(&asked, totp_step, STEP + MEMBERS_TOTP_STEPS_OFF + 1);
	assert_int_equal(
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	SET(&asked, totp_step, STEP);
	SET_BYTES(&asked, recovery_digest, ((struct bytes){s.codes[1], 32}));
	assert_int_equal(/* not both */
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	asked.has_totp_step = 0;
	assert_int_equal(members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_OK);
	SET_BYTES(&asked, recovery_digest, ((struct bytes){wrong, 32}));
	assert_int_equal(
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	SET_BYTES(&asked, recovery_digest, ((struct bytes){s.codes[0], 32}));
	SET_BYTES(&asked, password_key, ((struct bytes){wrong, 32}));
	assert_int_equal(
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	SET_BYTES(&asked, password_key, ((struct bytes){s.password, 32}));
	SET(&s.account, is_closed, true); /* no other word than for a wrong password */
	assert_int_equal(
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	s.account.proof = NULL;
	assert_false(members_is_password(&s.account, &asked.password_key));
	s.who.account = NULL;
	assert_int_equal(
	    members_check_sign_in(&asked, &s.who, NOW_MS), MEMBERS_SIGN_IN_WRONG);
	assert_int_equal(members_check_identity(&s.who), MEMBERS_ACCOUNT_UNKNOWN);
	s.who.account = &s.account;
	assert_int_equal(members_check_identity(&s.who), MEMBERS_ACCOUNT_CLOSED);
}

static void
a_password_is_changed_by_who_has_it(void **state)
{
	struct somebody s;
	struct taking t;
	uint8_t wrong[32] = {7};
	Members__ChangePassword asked = MEMBERS__CHANGE_PASSWORD__INIT;

	(void)state;
	make(&s);
	make_taking(&t);
	SET_BYTES(&asked, password_key, ((struct bytes){wrong, 32}));
	assert_int_equal(
	    members_check_change(&asked, NULL, NOW_MS), MEMBERS_PASSWORD_NONE);
	assert_int_equal(
	    members_check_change(&asked, &s.account, NOW_MS), MEMBERS_PASSWORD_WRONG);
	SET_BYTES(&asked, password_key, ((struct bytes){s.password, 32}));
	assert_int_equal(
	    members_check_change(&asked, &s.account, NOW_MS), MEMBERS_PASSWORD_MISSING);
	SET_BYTES(&asked, new_password_key, ((struct bytes){wrong, 32}));
	asked.derivation = &t.derivation;
	assert_int_equal(members_check_change(&asked, &s.account, NOW_MS), MEMBERS_OK);
	SET_BYTES(&asked, totp_sealed, ((struct bytes){t.sealed, 40}));
	assert_int_equal(
	    members_check_change(&asked, &s.account, NOW_MS), MEMBERS_FACTOR_TIME);
	SET(&asked, totp_step, STEP);
	assert_int_equal(members_check_change(&asked, &s.account, NOW_MS), MEMBERS_OK);
	s.account.proof = NULL;
	assert_int_equal(
	    members_check_change(&asked, &s.account, NOW_MS), MEMBERS_PASSWORD_NONE);
}

static void
recovery_codes_are_renewed_by_who_has_the_password(void **state)
{
	struct somebody s;
	struct taking t;
	Members__RenewRecovery asked = MEMBERS__RENEW_RECOVERY__INIT;

	(void)state;
	make(&s);
	make_taking(&t);
	assert_int_equal(
	    members_check_renew(&asked, &s.account), MEMBERS_PASSWORD_WRONG);
	SET_BYTES(&asked, password_key, ((struct bytes){s.password, 32}));
	assert_int_equal(
	    members_check_renew(&asked, &s.account), MEMBERS_RECOVERY_FORM);
	asked.recovery_digests = t.recovery;
	asked.n_recovery_digests = 8;
	assert_int_equal(members_check_renew(&asked, &s.account), MEMBERS_OK);
}

/* ---- sessions ---- */

static void
a_session_is_honoured_while_all_holds(void **state)
{
	struct somebody s;
	Members__Session session = MEMBERS__SESSION__INIT;
	int64_t expires_ms = NOW_MS + MEMBERS_SESSION_MS_MAX;

	(void)state;
	make(&s);
	assert_int_equal(members_session_due_ms(NOW_MS, expires_ms),
	    NOW_MS + MEMBERS_SESSION_IDLE_MS);
	assert_int_equal(
	    members_session_due_ms(expires_ms - 1, expires_ms), expires_ms);
	SET(&session, used_time, NOW_MS);
	SET(&session, expires_time, expires_ms);
	SET(&session, due_time, NOW_MS + MEMBERS_SESSION_IDLE_MS);
	assert_int_equal(
	    members_session_over(&session, &s.who, NOW_MS), OVER(UNSPECIFIED));
	assert_int_equal(members_session_over(NULL, &s.who, NOW_MS), OVER(UNKNOWN));
	assert_int_equal(
	    members_session_over(&session, &s.who, session.due_time), OVER(IDLE));
	assert_int_equal(
	    members_session_over(&session, &s.who, expires_ms), OVER(EXPIRED));
	s.grant.from_day = TODAY + 1;
	assert_int_equal(members_session_over(&session, &s.who, NOW_MS), OVER(NO_ROLE));
	SET(&s.account, is_closed, true);
	assert_int_equal(members_session_over(&session, &s.who, NOW_MS), OVER(CLOSED));
	s.who.account = NULL;
	s.who.person = NULL;
	assert_int_equal(members_session_over(&session, &s.who, NOW_MS), OVER(NO_ROLE));
	assert_false(members_session_is_to_note(
	    &session, NOW_MS + MEMBERS_SESSION_NOTED_MS - 1));
	assert_true(
	    members_session_is_to_note(&session, NOW_MS + MEMBERS_SESSION_NOTED_MS));
}

/* ---- accounts, by an administrator ---- */

static void
an_account_is_closed_and_reopened_once(void **state)
{
	struct somebody s;

	(void)state;
	make(&s);
	assert_int_equal(members_check_reopen(&s.who), MEMBERS_ACCOUNT_NOT_CLOSED);
	assert_int_equal(members_check_close(&s.who, false), MEMBERS_OK);
	SET(&s.grant, role, ROLE(ADMINISTRATOR));
	assert_int_equal(
	    members_check_close(&s.who, false), MEMBERS_ADMINISTRATOR_LAST);
	assert_int_equal(members_check_close(&s.who, true), MEMBERS_OK);
	SET(&s.account, is_closed, true);
	assert_int_equal(
	    members_check_close(&s.who, true), MEMBERS_ACCOUNT_CLOSED_ALREADY);
	assert_int_equal(members_check_reopen(&s.who), MEMBERS_OK);
	s.who.is_system = true;
	assert_int_equal(members_check_close(&s.who, true), MEMBERS_ACCOUNT_OF_SYSTEM);
	s.who.person = NULL;
	assert_int_equal(members_check_close(&s.who, true), MEMBERS_PERSON_UNKNOWN);
	assert_int_equal(members_check_reopen(&s.who), MEMBERS_PERSON_UNKNOWN);
}

static void
an_account_is_in_one_state(void **state)
{
	struct somebody s;
	char login[] = "a@b.example";

	(void)state;
	make(&s);
	assert_int_equal(members_account_state(NULL, false),
	    MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_NONE);
	assert_int_equal(members_account_state(&s.account, false),
	    MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_NONE);
	assert_int_equal(members_account_state(&s.account, true),
	    MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_INVITED);
	s.account.login = login;
	assert_int_equal(members_account_state(&s.account, true),
	    MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_OPEN);
	SET(&s.account, is_closed, true);
	assert_int_equal(members_account_state(&s.account, true),
	    MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_CLOSED);
}

/* ---- API keys ---- */

static void
a_system_has_no_officers_role(void **state)
{
	static const struct {
		Members__Role role;
		enum members_organisation organisation;
		enum members_refusal no;
	} rows[] = {
	    {ROLE(COMMISSIONER), MEMBERS_ORGANISATION_COUNCIL, MEMBERS_OK},
	    {ROLE(NOMINATED_OFFICER), MEMBERS_ORGANISATION_COUNCIL,
		MEMBERS_API_KEY_ROLE},
	    {ROLE(DIRECTOR), MEMBERS_ORGANISATION_COUNCIL, MEMBERS_API_KEY_ROLE},
	    {ROLE(PLACEMENT_OFFICER), MEMBERS_ORGANISATION_PROVIDER, MEMBERS_OK},
	    {ROLE(COOPERATIVE_OFFICER), MEMBERS_ORGANISATION_COOPERATIVE, MEMBERS_OK},
	    {ROLE(ADMINISTRATOR), MEMBERS_ORGANISATION_COOPERATIVE,
		MEMBERS_API_KEY_ROLE},
	    {ROLE(UNSPECIFIED), MEMBERS_ORGANISATION_COUNCIL, MEMBERS_ROLE_MISSING},
	    {ROLE(COMMISSIONER), MEMBERS_ORGANISATION_PROVIDER,
		MEMBERS_ROLE_NOT_OF_ORGANISATION},
	};
	char label[] = "Case system";
	uint8_t bytes[32] = {1};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		Members__IssueApiKey asked = MEMBERS__ISSUE_API_KEY__INIT;
		Members__Grant grant = MEMBERS__GRANT__INIT;

		SET(&grant, role, rows[i].role);
		SET(&grant, from_day, TODAY);
		SET(&asked, role, rows[i].role);
		SET_BYTES(&asked, digest, ((struct bytes){bytes, 32}));
		assert_int_equal(
		    members_check_api_key(&asked, &grant, rows[i].organisation, false),
		    MEMBERS_NAME_MISSING);
		asked.label = label;
		assert_int_equal(
		    members_check_api_key(&asked, &grant, rows[i].organisation, false),
		    rows[i].no);
		if (rows[i].no == MEMBERS_OK)
			assert_int_equal(members_check_api_key(&asked, &grant,
					     rows[i].organisation, true),
			    MEMBERS_DIGEST_KNOWN);
	}
}

static void
an_api_key_is_honoured_until_its_day(void **state)
{
	struct somebody s;
	Members__ApiKey key = MEMBERS__API_KEY__INIT;

	(void)state;
	make(&s);
	assert_int_equal(members_api_key_over(NULL, &s.who), OVER(UNKNOWN));
	assert_int_equal(members_api_key_over(&key, &s.who), OVER(UNSPECIFIED));
	SET(&key, until_day, TODAY + 1);
	assert_int_equal(members_api_key_over(&key, &s.who), OVER(UNSPECIFIED));
	SET(&key, until_day, TODAY);
	assert_int_equal(members_api_key_over(&key, &s.who), OVER(EXPIRED));
	key.has_until_day = 0;
	s.grant.from_day = TODAY + 1;
	assert_int_equal(members_api_key_over(&key, &s.who), OVER(NO_ROLE));
	s.who.person = NULL;
	assert_int_equal(members_api_key_over(&key, &s.who), OVER(NO_ROLE));
	assert_int_equal(members_check_revoke_api_key(&key), MEMBERS_OK);
	SET(&key, is_revoked, true);
	assert_int_equal(members_api_key_over(&key, &s.who), OVER(REVOKED));
	assert_int_equal(members_check_revoke_api_key(&key), MEMBERS_API_KEY_REVOKED);
	assert_int_equal(members_check_revoke_api_key(NULL), MEMBERS_API_KEY_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_login_is_an_address_in_small_letters),
	    cmocka_unit_test(a_digest_is_32_bytes_and_new),
	    cmocka_unit_test(whoever_signs_in_stands),
	    cmocka_unit_test(a_link_is_offered_to_who_may_have_one),
	    cmocka_unit_test(a_link_holds_for_some_days),
	    cmocka_unit_test(a_link_serves_its_purpose_alone),
	    cmocka_unit_test(an_invitation_is_taken_with_all_proofs_or_none),
	    cmocka_unit_test(a_password_is_derived_slowly),
	    cmocka_unit_test(recovery_codes_differ),
	    cmocka_unit_test(a_code_is_of_these_minutes),
	    cmocka_unit_test(a_sign_in_is_right_or_wrong),
	    cmocka_unit_test(a_password_is_changed_by_who_has_it),
	    cmocka_unit_test(recovery_codes_are_renewed_by_who_has_the_password),
	    cmocka_unit_test(a_session_is_honoured_while_all_holds),
	    cmocka_unit_test(an_account_is_closed_and_reopened_once),
	    cmocka_unit_test(an_account_is_in_one_state),
	    cmocka_unit_test(a_system_has_no_officers_role),
	    cmocka_unit_test(an_api_key_is_honoured_until_its_day),
	};

	return cmocka_run_group_tests_name("members_accounts", tests, NULL, NULL);
}
