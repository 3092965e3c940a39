/* Links, accounts and sessions, as the gateway meets them. */
#include "integration/members_world.h"

#include "members/accounts.h"

static char manchester[] = "E08000003";
static char bea_login[] = "bea@council.example";
static char cleo_login[] = "cleo@council.example";

static int
make_region(void **state)
{
	make_with_option(state, "sign-in-links");
	assert_null(add_first(*state, ADA, "Ada"));
	add_council(*state, manchester);
	return 0;
}

static int
make_real(void **state)
{
	make(state);
	assert_null(add_first(*state, ADA, "Ada"));
	add_council(*state, manchester);
	return 0;
}

/* ---- links ---- */

static Members__LinkShown *
link_shown(struct machines *m, uint8_t n)
{
	Members__LinkAsked body = MEMBERS__LINK_ASKED__INIT;
	struct machine_call call = call_by_gateway(m, NULL, CALL(LINK), &body);

	SET(&body, digest, digest(m, n));
	return machines_ask(m, &call, &members__link_shown__descriptor);
}

static uint32_t
link_refused(struct machines *m, uint8_t n)
{
	Members__LinkAsked body = MEMBERS__LINK_ASKED__INIT;

	SET(&body, digest, digest(m, n));
	return gateway_is_refused(m, CALL(LINK), &body);
}

static Members__UseLink
using_link(struct machines *m, uint8_t n, uint8_t session)
{
	Members__UseLink body = MEMBERS__USE_LINK__INIT;

	SET(&body, digest, digest(m, n));
	SET(&body, session_digest, digest(m, session));
	return body;
}

static void
a_link_signs_in_once(void **state)
{
	struct machines *m = *state;
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);
	Members__UseLink use = using_link(m, 1, 50);

	offer(m, bea, SIGN_IN_LINK, 1);
	assert_string_equal(link_shown(m, 1)->person->person_id, bea);
	const Members__SessionShown *answer = shown(m, CALL(SIGN_IN_BY_LINK), &use);
	assert_string_equal(answer->person->person_id, bea);
	assert_int_equal(answer->session->via, MEMBERS__VIA__VIA_LINK);
	assert_false(answer->session->has_digest);
	assert_int_equal(over(m, 50), OVER(UNSPECIFIED));
	use = using_link(m, 1, 51);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN_BY_LINK), &use), MEMBERS_LINK_UNKNOWN);
	assert_int_equal(link_refused(m, 1), MEMBERS_LINK_UNKNOWN);
	machines_check_rebuild(m, "members");
	machines_restart(m, "members");
	assert_int_equal(over(m, 50), OVER(UNSPECIFIED));
	assert_int_equal(link_refused(m, 1), MEMBERS_LINK_UNKNOWN);
}

/* Nobody had said so in a real installation. */
static void
links_sign_in_only_where_it_is_configured(void **state)
{
	struct machines *m = *state;
	Members__OfferLink body = MEMBERS__OFFER_LINK__INIT;

	body.person_id = add_person(m, BEA, ROLE(COMMISSIONER), manchester);
	SET(&body, purpose, SIGN_IN_LINK);
	SET(&body, digest, digest(m, 1));
	assert_int_equal(
	    is_refused(m, ADA, CALL(OFFER_LINK), &body), MEMBERS_LINK_SIGN_IN_OFF);
	SET(&body, purpose, INVITATION);
	do_it(m, ADA, CALL(OFFER_LINK), &body);
	Members__UseLink use = using_link(m, 1, 50);
	assert_int_equal(gateway_is_refused(m, CALL(SIGN_IN_BY_LINK), &use),
	    MEMBERS_LINK_OTHER_PURPOSE);
	assert_int_equal(link_shown(m, 1)->purpose, INVITATION);
}

static void
a_forged_link_is_none(void **state)
{
	struct machines *m = *state;
	Members__UseLink use = using_link(m, 2, 50);
	Members__OfferLink again = MEMBERS__OFFER_LINK__INIT;
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);

	offer(m, bea, SIGN_IN_LINK, 1);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN_BY_LINK), &use), MEMBERS_LINK_UNKNOWN);
	use = using_link(m, 1, 50);
	use.digest.len = 31;
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN_BY_LINK), &use), MEMBERS_LINK_UNKNOWN);
	/* A session under a digest that is in use would be another's as well. */
	use = using_link(m, 1, 1);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN_BY_LINK), &use), MEMBERS_DIGEST_KNOWN);
	again.person_id = bea;
	SET(&again, purpose, INVITATION);
	SET(&again, digest, digest(m, 1));
	assert_int_equal(
	    is_refused(m, ADA, CALL(OFFER_LINK), &again), MEMBERS_DIGEST_KNOWN);
	/* A link is no session. */
	assert_int_equal(over(m, 1), OVER(UNKNOWN));
}

static void
a_link_lapses_and_is_replaced(void **state)
{
	struct machines *m = *state;
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);

	offer(m, bea, INVITATION, 1);
	offer(m, bea, INVITATION, 2);
	assert_int_equal(link_refused(m, 1), MEMBERS_LINK_UNKNOWN);
	assert_string_equal(link_shown(m, 2)->person->person_id, bea);
	m->now_ms += 7 * DAY_MS - 1;
	link_shown(m, 2);
	m->now_ms += 1;
	assert_int_equal(link_refused(m, 2), MEMBERS_LINK_UNKNOWN);
	for (uint8_t i = 10; i < 20; i++) {
		m->now_ms++; /* in one millisecond none is the oldest */
		offer(m, bea, SIGN_IN_LINK, i);
	}
	assert_int_equal(link_refused(m, 10), MEMBERS_LINK_UNKNOWN);
	link_shown(m, 11);
	link_shown(m, 19);
	machines_check_rebuild(m, "members");
}

/* ---- accounts ---- */

static void
an_invitation_opens_an_account(void **state)
{
	struct machines *m = *state;
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);
	Members__CredentialAsked asked = MEMBERS__CREDENTIAL_ASKED__INIT;
	struct machine_call ask = call_by_gateway(m, NULL, CALL(CREDENTIAL), &asked);

	offer(m, bea, INVITATION, 1);
	Members__TakeInvitation body = taking(m, 1, " Bea@Council.example ", 50);
	const Members__SessionShown *answer = shown(m, CALL(OPEN_ACCOUNT), &body);
	assert_string_equal(answer->login, bea_login);
	assert_int_equal(answer->recovery_left, 2);
	assert_int_equal(answer->session->via, MEMBERS__VIA__VIA_INVITATION);
	body = taking(m, 1, bea_login, 51);
	assert_int_equal(
	    gateway_is_refused(m, CALL(OPEN_ACCOUNT), &body), MEMBERS_LINK_UNKNOWN);
	asked.login = bea_login;
	const Members__Credential *credential =
	    machines_ask(m, &ask, &members__credential__descriptor);
	assert_int_equal(credential->derivation->memory_kib, 65536);
	assert_int_equal(credential->totp_sealed.len, 20);
	asked.login = cleo_login; /* nobody's: no word on that */
	credential = machines_ask(m, &ask, &members__credential__descriptor);
	assert_null(credential->derivation);
	/* Another may not have the same address. */
	offer(m, add_person(m, CLEO, ROLE(COMMISSIONER), manchester), INVITATION, 2);
	body = taking(m, 2, "BEA@council.example", 52);
	assert_int_equal(
	    gateway_is_refused(m, CALL(OPEN_ACCOUNT), &body), MEMBERS_LOGIN_TAKEN);
	body = taking(m, 2, cleo_login, 52);
	body.recovery_digests[1] = body.recovery_digests[0];
	assert_int_equal(
	    gateway_is_refused(m, CALL(OPEN_ACCOUNT), &body), MEMBERS_RECOVERY_FORM);
	machines_check_rebuild(m, "members");
}

static void
a_code_serves_once(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__SignIn body = signing_in(m, bea_login, 51);

	/* The code by which the invitation was taken. */
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	m->now_ms += 30000;
	body = signing_in(m, " BEA@council.example", 51);
	const Members__SessionShown *answer = shown(m, CALL(SIGN_IN), &body);
	assert_string_equal(answer->person->person_id, bea);
	assert_int_equal(answer->session->via, MEMBERS__VIA__VIA_PASSWORD);
	body = signing_in(m, bea_login, 52);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	machines_restart(m, "members");
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	m->now_ms += 30000;
	body = signing_in(m, bea_login, 52);
	body.password_key = digest(m, 77);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	body = signing_in(m, cleo_login, 52);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	body = signing_in(m, bea_login, 51);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_DIGEST_KNOWN);
}

static void
a_recovery_code_serves_once(void **state)
{
	struct machines *m = *state;
	add_account(m, BEA, bea_login, 50);
	Members__SignIn body = signing_in(m, bea_login, 51);

	body.has_totp_step = 0;
	body.totp_step = 0;
	SET(&body, recovery_digest, digest(m, 202));
	const Members__SessionShown *answer = shown(m, CALL(SIGN_IN), &body);
	assert_int_equal(answer->recovery_left, 1);
	assert_int_equal(answer->session->via, MEMBERS__VIA__VIA_RECOVERY);
	SET(&body, session_digest, digest(m, 52));
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	SET(&body, recovery_digest, digest(m, 201));
	assert_int_equal(shown(m, CALL(SIGN_IN), &body)->recovery_left, 0);
	machines_check_rebuild(m, "members");
}

static void
single_sign_on_needs_an_account(void **state)
{
	struct machines *m = *state;
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);
	Members__SignInByIdentity body = MEMBERS__SIGN_IN_BY_IDENTITY__INIT;
	Members__TakeInvitation take = taking(m, 1, bea_login, 50);

	offer(m, bea, INVITATION, 1);
	body.login = bea_login;
	SET(&body, session_digest, digest(m, 51));
	assert_int_equal(gateway_is_refused(m, CALL(SIGN_IN_BY_IDENTITY), &body),
	    MEMBERS_ACCOUNT_UNKNOWN);
	take.derivation = NULL;
	take.has_password_key = take.has_totp_sealed = take.has_totp_step = 0;
	take.password_key = take.totp_sealed = (ProtobufCBinaryData){0};
	take.totp_step = 0;
	take.n_recovery_digests = 0;
	assert_false(shown(m, CALL(OPEN_ACCOUNT), &take)->has_recovery_left);
	const Members__SessionShown *answer =
	    shown(m, CALL(SIGN_IN_BY_IDENTITY), &body);
	assert_string_equal(answer->person->person_id, bea);
	assert_int_equal(answer->session->via, MEMBERS__VIA__VIA_IDENTITY);
	/* Without a password none is right. */
	m->now_ms += 30000;
	Members__SignIn by_password = signing_in(m, bea_login, 52);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &by_password), MEMBERS_SIGN_IN_WRONG);
}

/* Whoever lost the telephone is invited again: other proofs, and no old session. */
static void
another_invitation_renews_the_account(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);

	m->now_ms += 30000;
	offer(m, bea, INVITATION, 2);
	assert_string_equal(link_shown(m, 2)->login, bea_login);
	Members__TakeInvitation body = taking(m, 2, "b@council.example", 51);
	SET(&body, password_key, digest(m, 210));
	shown(m, CALL(OPEN_ACCOUNT), &body);
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	assert_int_equal(over(m, 51), OVER(UNSPECIFIED));
	m->now_ms += 30000;
	Members__SignIn sign_in = signing_in(m, bea_login, 52);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &sign_in), MEMBERS_SIGN_IN_WRONG);
	sign_in = signing_in(m, "b@council.example", 52);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &sign_in), MEMBERS_SIGN_IN_WRONG);
	SET(&sign_in, password_key, digest(m, 210));
	shown(m, CALL(SIGN_IN), &sign_in);
	machines_check_rebuild(m, "members");
}

/* ---- sessions ---- */

static void
a_session_idles_out(void **state)
{
	struct machines *m = *state;
	add_account(m, BEA, bea_login, 50);

	m->now_ms += MEMBERS_SESSION_IDLE_MS - 1;
	assert_int_equal(over(m, 50), OVER(UNSPECIFIED)); /* and is noted */
	m->now_ms += MEMBERS_SESSION_IDLE_MS - 1;
	assert_int_equal(over(m, 50), OVER(UNSPECIFIED));
	machines_check_rebuild(m, "members");
	m->now_ms += MEMBERS_SESSION_IDLE_MS;
	assert_int_equal(over(m, 50), OVER(UNKNOWN)); /* the timer came first */
	machines_check_rebuild(m, "members");
}

/* A page that stays open and looks for news is nobody who does something. */
static void
a_session_idles_out_though_a_page_watches(void **state)
{
	struct machines *m = *state;
	int64_t begun_ms = m->now_ms;

	add_account(m, BEA, bea_login, 50);
	while (m->now_ms < begun_ms + MEMBERS_SESSION_IDLE_MS - 60000) {
		assert_int_equal(over_watching(m, 50), OVER(UNSPECIFIED));
		m->now_ms += 30000;
	}
	m->now_ms += 60001;
	assert_int_equal(over_watching(m, 50), OVER(UNKNOWN));
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	machines_check_rebuild(m, "members");
}

static void
a_session_ends_though_it_is_used(void **state)
{
	struct machines *m = *state;
	add_account(m, BEA, bea_login, 50);
	int64_t end_ms = m->now_ms + MEMBERS_SESSION_MS_MAX;

	while (m->now_ms < end_ms) {
		assert_int_equal(over(m, 50), OVER(UNSPECIFIED));
		m->now_ms += MEMBERS_SESSION_IDLE_MS / 2;
	}
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
}

/* Each page asks, and what is asked within five minutes leaves nothing. */
static void
use_is_noted_seldom(void **state)
{
	struct machines *m = *state;
	Members__EndSession end = MEMBERS__END_SESSION__INIT;
	struct machine_call call = call_by_gateway(m, NULL, CALL(END_SESSION), &end);
	char *bea = add_account(m, BEA, bea_login, 50);
	uint64_t before = offer(m, bea, INVITATION, 2)->number;

	for (int i = 0; i < 100; i++) {
		m->now_ms += 1000;
		assert_int_equal(over(m, 50), OVER(UNSPECIFIED));
		assert_int_equal(over(m, 99), OVER(UNKNOWN)); /* nobody's cookie */
	}
	m->now_ms += MEMBERS_SESSION_NOTED_MS;
	assert_int_equal(over(m, 50), OVER(UNSPECIFIED));
	SET(&end, digest, digest(m, 50));
	const Common__Done *done = machines_ask(m, &call, &common__done__descriptor);
	assert_int_equal(done->number, before + 2);
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	done = machines_ask(m, &call, &common__done__descriptor);
	assert_false(done->has_number);
}

static void
a_role_that_ended_ends_the_session(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__EndRole end = MEMBERS__END_ROLE__INIT;
	Members__Grant grant = grant_of(ROLE(DIRECTOR), manchester);
	Members__GrantRole give = MEMBERS__GRANT_ROLE__INIT;

	end.person_id = bea;
	end.organisation_id = manchester;
	SET(&end, role, ROLE(COMMISSIONER));
	SET(&end, until_day, TODAY);
	do_it(m, ADA, CALL(END_ROLE), &end);
	assert_int_equal(over(m, 50), OVER(NO_ROLE));
	/* A role that comes later brings no session back. */
	give.person_id = bea;
	give.grant = &grant;
	do_it(m, ADA, CALL(GRANT_ROLE), &give);
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	SET(&end, role, ROLE(DIRECTOR));
	do_it(m, ADA, CALL(END_ROLE), &end);
	m->now_ms += 30000;
	Members__SignIn body = signing_in(m, bea_login, 51);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
}

static void
the_session_used_longest_ago_makes_room(void **state)
{
	struct machines *m = *state;
	add_account(m, BEA, bea_login, 1);
	Members__SignInByIdentity body = MEMBERS__SIGN_IN_BY_IDENTITY__INIT;

	body.login = bea_login;
	for (uint8_t i = 2; i <= MEMBERS_SESSIONS_MAX; i++) {
		SET(&body, session_digest, digest(m, i));
		shown(m, CALL(SIGN_IN_BY_IDENTITY), &body);
	}
	m->now_ms += MEMBERS_SESSION_NOTED_MS;
	for (uint8_t i = 1; i <= MEMBERS_SESSIONS_MAX; i++) {
		if (i != 7)
			assert_int_equal(over(m, i), OVER(UNSPECIFIED));
	}
	SET(&body, session_digest, digest(m, 99));
	shown(m, CALL(SIGN_IN_BY_IDENTITY), &body);
	assert_int_equal(over(m, 7), OVER(UNKNOWN));
	assert_int_equal(over(m, 1), OVER(UNSPECIFIED));
	assert_int_equal(over(m, 99), OVER(UNSPECIFIED));
}

#define IN(how, name) cmocka_unit_test_setup_teardown(name, how, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN(make_region, a_link_signs_in_once),
	    IN(make_real, links_sign_in_only_where_it_is_configured),
	    IN(make_region, a_forged_link_is_none),
	    IN(make_region, a_link_lapses_and_is_replaced),
	    IN(make_real, an_invitation_opens_an_account),
	    IN(make_real, a_code_serves_once),
	    IN(make_real, a_recovery_code_serves_once),
	    IN(make_real, single_sign_on_needs_an_account),
	    IN(make_real, another_invitation_renews_the_account),
	    IN(make_real, a_session_idles_out),
	    IN(make_real, a_session_idles_out_though_a_page_watches),
	    IN(make_real, a_session_ends_though_it_is_used),
	    IN(make_real, use_is_noted_seldom),
	    IN(make_real, a_role_that_ended_ends_the_session),
	    IN(make_real, the_session_used_longest_ago_makes_room),
	};

	return cmocka_run_group_tests_name("members_sign_in", tests, NULL, NULL);
}
