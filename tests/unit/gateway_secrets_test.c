#include "gateway/secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1795262400000)
#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define N(list) (sizeof(list) / sizeof((list)[0]))

static const uint8_t gateway_key[32] = {1}, other_key[32] = {2};
static const uint8_t mine[32] = {7}, yours[32] = {8};
static struct secrets secrets;

static struct id
id_at(int64_t ms)
{
	static const uint8_t random[ID_RANDOM_BYTES] = {9, 8, 7};

	return id_make(ms, random);
}

static int
open_secrets(void **state)
{
	(void)state;
	secrets_open(&secrets, gateway_key);
	return 0;
}

/* ---- forms ---- */

static void
a_form_is_good_where_it_was_given(void **state)
{
	(void)state;
	struct id id = id_at(NOW_MS);
	struct secrets_mark token = secrets_form_token(&secrets, &id, mine, "/needs");
	const struct {
		const char *text;
		const uint8_t *session;
		const char *path;
		int64_t now_ms;
		enum secrets_form answer;
	} cases[] = {
	    {token.text, mine, "/needs", NOW_MS, SECRETS_FORM_GENUINE},
	    {token.text, mine, "/needs", NOW_MS + DAY_MS, SECRETS_FORM_GENUINE},
	    {token.text, mine, "/needs", NOW_MS + DAY_MS + 1, SECRETS_FORM_OLD},
	    {token.text, mine, "/needs", NOW_MS - 300000, SECRETS_FORM_GENUINE},
	    {token.text, mine, "/needs", NOW_MS - 300001, SECRETS_FORM_OLD},
	    {token.text, yours, "/needs", NOW_MS, SECRETS_FORM_FORGED},
	    {token.text, NULL, "/needs", NOW_MS, SECRETS_FORM_FORGED},
	    {token.text, mine, "/need", NOW_MS, SECRETS_FORM_FORGED},
	    {token.text, mine, "/needs/", NOW_MS, SECRETS_FORM_FORGED},
	    {token.text, mine, "", NOW_MS, SECRETS_FORM_FORGED},
	    {token.text, yours, "/needs", NOW_MS + 2 * DAY_MS, SECRETS_FORM_FORGED},
	    {NULL, mine, "/needs", NOW_MS, SECRETS_FORM_FORGED},
	    {"", mine, "/needs", NOW_MS, SECRETS_FORM_FORGED},
	    {token.text + 1, mine, "/needs", NOW_MS, SECRETS_FORM_FORGED},
	};

	for (size_t i = 0; i < N(cases); i++)
		assert_int_equal(secrets_form_check(&secrets, cases[i].text,
				     cases[i].session, cases[i].path, cases[i].now_ms),
		    cases[i].answer);
	assert_string_equal(secrets_form_id(token.text).text, id.text);
}

static void
no_character_of_a_token_may_be_another(void **state)
{
	(void)state;
	struct id id = id_at(NOW_MS);
	struct secrets_mark token = secrets_form_token(&secrets, &id, NULL, "/sign-in");

	assert_int_equal(strlen(token.text), SECRETS_MARK_LEN);
	assert_int_equal(
	    secrets_form_check(&secrets, token.text, NULL, "/sign-in", NOW_MS),
	    SECRETS_FORM_GENUINE);
	for (size_t i = 0; i < SECRETS_MARK_LEN; i++) {
		struct secrets_mark changed = token;

		changed.text[i] = token.text[i] == '0' ? '1' : '0';
		assert_int_equal(secrets_form_check(
				     &secrets, changed.text, NULL, "/sign-in", NOW_MS),
		    SECRETS_FORM_FORGED);
	}
}

static void
a_restart_honours_it_and_another_key_does_not(void **state)
{
	(void)state;
	struct id id = id_at(NOW_MS);
	struct secrets_mark token = secrets_form_token(&secrets, &id, mine, "/needs");
	struct secrets again, other;

	secrets_open(&again, gateway_key);
	secrets_open(&other, other_key);
	assert_int_equal(secrets_form_check(&again, token.text, mine, "/needs", NOW_MS),
	    SECRETS_FORM_GENUINE);
	assert_int_equal(secrets_form_check(&other, token.text, mine, "/needs", NOW_MS),
	    SECRETS_FORM_FORGED);
	for (unsigned i = 0; i < SECRETS_PURPOSES; i++)
		for (unsigned j = 0; j < SECRETS_PURPOSES; j++)
			assert_int_equal(memcmp(secrets.keys[i], secrets.keys[j],
					     SECRETS_KEY_BYTES) == 0,
			    i == j);
	secrets_close(&again);
	for (size_t i = 0; i < sizeof again; i++)
		assert_int_equal(((const uint8_t *)&again)[i], 0);
}

/* ---- tokens ---- */

static void
a_token_is_made_for_an_id_and_only_its_digest_kept(void **state)
{
	(void)state;
	struct secrets_token session = secrets_token(&secrets, "", "session", "a");
	struct secrets_token again = secrets_token(&secrets, "", "session", "a");
	struct secrets_token other = secrets_token(&secrets, "", "session", "b");
	struct secrets_token link = secrets_token(&secrets, "", "link", "a");
	struct secrets_token key =
	    secrets_token(&secrets, SECRETS_API_KEY, "session", "a");
	struct secrets elsewhere;
	uint8_t digest[SECRETS_DIGEST_BYTES];
	char hex[2 * SECRETS_DIGEST_BYTES + 1];

	assert_string_equal(session.text, again.text);
	assert_string_not_equal(session.text, other.text);
	assert_string_not_equal(session.text, link.text);
	secrets_open(&elsewhere, other_key);
	assert_string_not_equal(
	    session.text, secrets_token(&elsewhere, "", "session", "a").text);
	assert_true(secrets_is_token(session.text, ""));
	assert_true(secrets_is_token(key.text, SECRETS_API_KEY));
	assert_false(secrets_is_token(key.text, ""));
	assert_false(secrets_is_token(session.text, SECRETS_API_KEY));
	/* b2sum -l 256 says the same. */
	secrets_digest("abc", digest);
	bytes_to_hex((struct bytes){digest, sizeof digest}, hex);
	assert_string_equal(
	    hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void
what_is_no_token_is_told(void **state)
{
	(void)state;
	static const char *const wrong[] = {
	    "",
	    "a",
	    "000000000000000000000000000000000000000000000000000000000000000",
	    "00000000000000000000000000000000000000000000000000000000000000000",
	    "000000000000000000000000000000000000000000000000000000000000000A",
	    "000000000000000000000000000000000000000000000000000000000000000g",
	    "rcck_",
	};

	for (size_t i = 0; i < N(wrong); i++) {
		assert_false(secrets_is_token(wrong[i], ""));
		assert_false(secrets_is_token(wrong[i], SECRETS_API_KEY));
	}
	assert_false(secrets_is_token(NULL, ""));
}

/* ---- sealing ---- */

static void
what_is_sealed_opens_as_what_it_is_about(void **state)
{
	(void)state;
	static const uint8_t plain[20] = "nineteen characters";
	uint8_t sealed[sizeof plain + SECRETS_SEAL_BYTES], again[sizeof sealed];
	uint8_t opened[sizeof plain];
	struct bytes whole = {sealed, sizeof sealed};
	struct secrets other;

	secrets_seal(&secrets, "totp:a", (struct bytes){plain, sizeof plain}, sealed);
	secrets_seal(&secrets, "totp:a", (struct bytes){plain, sizeof plain}, again);
	assert_memory_equal(sealed, again, sizeof sealed);
	secrets_seal(&secrets, "totp:b", (struct bytes){plain, sizeof plain}, again);
	assert_memory_not_equal(sealed, again, SECRETS_SEAL_BYTES - 16);
	secrets_seal(&secrets, "totp:a", (struct bytes){plain + 1, 19}, again);
	assert_memory_not_equal(sealed, again, SECRETS_SEAL_BYTES - 16);
	assert_true(secrets_unseal(&secrets, "totp:a", whole, opened));
	assert_memory_equal(opened, plain, sizeof plain);
	assert_false(secrets_unseal(&secrets, "totp:b", whole, opened));
	secrets_open(&other, other_key);
	assert_false(secrets_unseal(&other, "totp:a", whole, opened));
	for (size_t len = 0; len < sizeof sealed; len++)
		assert_false(secrets_unseal(
		    &secrets, "totp:a", (struct bytes){sealed, len}, opened));
	for (size_t i = 0; i < sizeof sealed; i++) {
		sealed[i] ^= 1;
		assert_false(secrets_unseal(&secrets, "totp:a", whole, opened));
		sealed[i] ^= 1;
	}
}

/* ---- devices ---- */

static void
a_browser_is_known_to_whom_it_signed_in(void **state)
{
	(void)state;
	static const char *const logins[] = {"ann", "ben", "cem", "dee", "eve"};
	struct secrets_device cookie = {""};
	struct id id, found;

	assert_false(secrets_device_knows(&secrets, NULL, "ann", NOW_MS, &found));
	assert_false(secrets_device_knows(&secrets, "", "ann", NOW_MS, &found));
	for (size_t i = 0; i < N(logins); i++) {
		id = id_at(NOW_MS + (int64_t)i);
		cookie = secrets_device_with(&secrets, cookie.text, logins[i], &id);
		for (size_t j = 0; j < N(logins); j++) {
			bool is_known = secrets_device_knows(
			    &secrets, cookie.text, logins[j], NOW_MS, &found);

			assert_int_equal(
			    is_known, j <= i && i - j < SECRETS_DEVICE_ACCOUNTS_MAX);
			if (is_known)
				assert_string_equal(
				    found.text, id_at(NOW_MS + (int64_t)j).text);
		}
	}
	assert_null(strstr(cookie.text, "eve"));
	assert_int_equal(strlen(cookie.text), sizeof cookie.text - 1);
}

static void
it_is_known_once_and_for_180_days(void **state)
{
	(void)state;
	struct id first = id_at(NOW_MS), second = id_at(NOW_MS + 5), found;
	struct secrets_device cookie =
	    secrets_device_with(&secrets, NULL, "ann", &first);

	assert_true(secrets_device_knows(
	    &secrets, cookie.text, "ann", NOW_MS + 180 * DAY_MS, &found));
	assert_false(secrets_device_knows(
	    &secrets, cookie.text, "ann", NOW_MS + 180 * DAY_MS + 1, &found));
	cookie = secrets_device_with(&secrets, cookie.text, "ann", &second);
	assert_int_equal(strlen(cookie.text), SECRETS_MARK_LEN);
	assert_true(secrets_device_knows(&secrets, cookie.text, "ann", NOW_MS, &found));
	assert_string_equal(found.text, second.text);
}

static void
no_cookie_can_be_made_up(void **state)
{
	(void)state;
	struct id id = id_at(NOW_MS), found;
	struct secrets_device good = secrets_device_with(&secrets, NULL, "ann", &id);
	struct secrets other;
	static const char *const wrong[] = {".", "....", "a.b.c",
	    "00000000000000000000000000000000000000000000000000000000000",
	    "0000000000000000000000000000000000000000000000000000000000"};

	for (size_t i = 0; i < N(wrong); i++)
		assert_false(
		    secrets_device_knows(&secrets, wrong[i], "ann", NOW_MS, &found));
	for (size_t i = 0; i < SECRETS_MARK_LEN; i++) {
		struct secrets_device changed = good;

		changed.text[i] = good.text[i] == '0' ? '1' : '0';
		assert_false(secrets_device_knows(
		    &secrets, changed.text, "ann", NOW_MS, &found));
	}
	secrets_open(&other, other_key);
	assert_false(secrets_device_knows(&other, good.text, "ann", NOW_MS, &found));
	/* What has not the form of one is not handed on. */
	struct secrets_device odd = good;
	odd.text[SECRETS_MARK_LEN - 1] = 'g';
	assert_int_equal(
	    strlen(secrets_device_with(&secrets, odd.text, "ben", &id).text),
	    SECRETS_MARK_LEN);
	/* Nor is a form's token one, though it begins with an id too. */
	struct secrets_mark form = secrets_form_token(&secrets, &id, NULL, "ann");
	assert_false(secrets_device_knows(&secrets, form.text, "ann", NOW_MS, &found));
}

/* ---- what nobody may tell, and recovery ---- */

static void
a_made_up_salt_is_always_the_same(void **state)
{
	(void)state;
	uint8_t a[SECRETS_SALT_BYTES], again[SECRETS_SALT_BYTES], b[SECRETS_SALT_BYTES];

	secrets_made_up_salt(&secrets, "nobody@a.example", a);
	secrets_made_up_salt(&secrets, "nobody@a.example", again);
	secrets_made_up_salt(&secrets, "nobody@b.example", b);
	assert_memory_equal(a, again, sizeof a);
	assert_memory_not_equal(a, b, sizeof a);
}

static void
a_recovery_code_is_read_as_people_type(void **state)
{
	(void)state;
	static const char *const same[] = {"k7m2-9xqp-41d0", "K7M2-9XQP-41D0",
	    "k7m29xqp41d0", " k7m2 9xqp 41d0\t", "k7m2-9xqp-4ldo", "K7M2 9XQP 4IDO"};
	static const char *const wrong[] = {"", "k7m2-9xqp-41d", "k7m2-9xqp-41d00",
	    "k7m2-9xqp-41du", "k7m2_9xqp_41d0", "k7m2-9xqp-41d\xc3\xa9"};
	uint8_t first[SECRETS_DIGEST_BYTES], digest[SECRETS_DIGEST_BYTES];

	assert_true(secrets_recovery_digest(&secrets, "ann", same[0], first));
	for (size_t i = 0; i < N(same); i++) {
		assert_true(secrets_recovery_digest(&secrets, "ann", same[i], digest));
		assert_memory_equal(digest, first, sizeof first);
	}
	assert_true(secrets_recovery_digest(&secrets, "ben", same[0], digest));
	assert_memory_not_equal(digest, first, sizeof first);
	for (size_t i = 0; i < N(wrong); i++)
		assert_false(
		    secrets_recovery_digest(&secrets, "ann", wrong[i], digest));
}

static void
recovery_codes_are_ten_of_their_own(void **state)
{
	(void)state;
	uint8_t digests[SECRETS_RECOVERY_CODES][SECRETS_DIGEST_BYTES];

	for (unsigned i = 0; i < SECRETS_RECOVERY_CODES; i++) {
		struct secrets_recovery code = secrets_recovery_code(&secrets, "a", i);

		assert_int_equal(strlen(code.text), SECRETS_RECOVERY_LEN);
		assert_true(
		    secrets_recovery_digest(&secrets, "ann", code.text, digests[i]));
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(
			    digests[i], digests[j], SECRETS_DIGEST_BYTES);
		assert_string_equal(
		    code.text, secrets_recovery_code(&secrets, "a", i).text);
		assert_string_not_equal(
		    code.text, secrets_recovery_code(&secrets, "b", i).text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_form_is_good_where_it_was_given),
	    cmocka_unit_test(no_character_of_a_token_may_be_another),
	    cmocka_unit_test(a_restart_honours_it_and_another_key_does_not),
	    cmocka_unit_test(a_token_is_made_for_an_id_and_only_its_digest_kept),
	    cmocka_unit_test(what_is_no_token_is_told),
	    cmocka_unit_test(what_is_sealed_opens_as_what_it_is_about),
	    cmocka_unit_test(a_browser_is_known_to_whom_it_signed_in),
	    cmocka_unit_test(it_is_known_once_and_for_180_days),
	    cmocka_unit_test(no_cookie_can_be_made_up),
	    cmocka_unit_test(a_made_up_salt_is_always_the_same),
	    cmocka_unit_test(a_recovery_code_is_read_as_people_type),
	    cmocka_unit_test(recovery_codes_are_ten_of_their_own),
	};
	return cmocka_run_group_tests(tests, open_secrets, NULL);
}
