/* What administrators and people do about accounts, API keys and lists of people. */
#include "integration/members_world.h"

#include "members/accounts.h"

static char manchester[] = "E08000003";
static char co_operative[] = "co-operative";
static char bea_login[] = "bea@council.example";
static char label[] = "Case system";

static int
make_region(void **state)
{
	make_with_option(state, "sign-in-links");
	assert_null(add_first(*state, ADA, "Ada"));
	add_council(*state, manchester);
	return 0;
}

static uint32_t
refused_by_gateway_for(
    struct machines *m, const char *user_id, uint32_t method, const void *body)
{
	struct machine_call call = call_by_gateway(m, user_id, method, body);

	return machines_refused(m, &call);
}

static Common__Done *
done_by_gateway_for(
    struct machines *m, const char *user_id, uint32_t method, const void *body)
{
	struct machine_call call = call_by_gateway(m, user_id, method, body);

	return machines_ask(m, &call, &common__done__descriptor);
}

static void
only_whom_it_concerns_may_ask(void **state)
{
	struct machines *m = *state;
	Members__AccountsAsked empty = MEMBERS__ACCOUNTS_ASKED__INIT;
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);

	for (uint32_t method = CALL(OFFER_LINK); method <= CALL(PEOPLE); method++) {
		struct machine_call by_person = call_by(BEA, method, &empty);
		struct machine_call for_person =
		    call_by_gateway(m, bea, method, &empty);
		bool is_own = method == CALL(END_SESSIONS) ||
		              method == CALL(CHANGE_PASSWORD) ||
		              method == CALL(RENEW_RECOVERY);

		/* rcc-foster's own key. */
		assert_int_equal(
		    faults(m, 2, method, &empty), ENVELOPE__FAULT__FAULT_DENIED);
		if (is_own)
			continue;
		assert_int_equal(
		    machines_fault(m, &by_person), ENVELOPE__FAULT__FAULT_DENIED);
		assert_int_equal(
		    machines_fault(m, &for_person), ENVELOPE__FAULT__FAULT_DENIED);
	}
	/* Nor may the gateway administer in its own name. */
	struct machine_call call =
	    call_by_gateway(m, NULL, CALL(CLOSE_ACCOUNT), &empty);
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	/* Nor an administrator sign anybody in. */
	assert_int_equal(faults(m, ADA, CALL(SIGN_IN_BY_IDENTITY), &empty),
	    ENVELOPE__FAULT__FAULT_DENIED);
}

/* ---- closing ---- */

static void
a_closed_account_is_out_at_once(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__CloseAccount close = MEMBERS__CLOSE_ACCOUNT__INIT;
	Members__ReopenAccount reopen = MEMBERS__REOPEN_ACCOUNT__INIT;
	Members__UseLink use = MEMBERS__USE_LINK__INIT;

	close.person_id = reopen.person_id = bea;
	offer(m, bea, SIGN_IN_LINK, 3);
	assert_int_equal(is_refused(m, ADA, CALL(REOPEN_ACCOUNT), &reopen),
	    MEMBERS_ACCOUNT_NOT_CLOSED);
	do_it(m, ADA, CALL(CLOSE_ACCOUNT), &close);
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	assert_int_equal(is_refused(m, ADA, CALL(CLOSE_ACCOUNT), &close),
	    MEMBERS_ACCOUNT_CLOSED_ALREADY);
	SET(&use, digest, digest(m, 3));
	SET(&use, session_digest, digest(m, 51));
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN_BY_LINK), &use), MEMBERS_LINK_UNKNOWN);
	m->now_ms += 30000;
	Members__SignIn body = signing_in(m, bea_login, 51);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	machines_check_rebuild(m, "members");
	machines_restart(m, "members");
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &body), MEMBERS_SIGN_IN_WRONG);
	/* Reopened, it begins with no session, and no link of before holds. */
	do_it(m, ADA, CALL(REOPEN_ACCOUNT), &reopen);
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN_BY_LINK), &use), MEMBERS_LINK_UNKNOWN);
	shown(m, CALL(SIGN_IN), &body);
}

static void
nobody_closes_the_last_administrator(void **state)
{
	struct machines *m = *state;
	Members__CloseAccount close = MEMBERS__CLOSE_ACCOUNT__INIT;
	Members__RevokeKey revoke = MEMBERS__REVOKE_KEY__INIT;
	uint8_t bytes[32];

	close.person_id = self(m, ADA)->person->person_id;
	assert_int_equal(is_refused(m, ADA, CALL(CLOSE_ACCOUNT), &close),
	    MEMBERS_ADMINISTRATOR_LAST);
	char *bea = add_person(m, BEA, ROLE(ADMINISTRATOR), co_operative);
	char *cleo = add_person(m, CLEO, ROLE(ADMINISTRATOR), co_operative);
	machine_key(CLEO, bytes);
	SET_BYTES(&revoke, public_key, ((struct bytes){bytes, sizeof bytes}));
	do_it(m, ADA, CALL(REVOKE_KEY), &revoke);
	machine_key(BEA, bytes);
	do_it(m, ADA, CALL(REVOKE_KEY), &revoke);
	/* Two more with the role and no key: they cannot get in, until one can. */
	assert_int_equal(is_refused(m, ADA, CALL(CLOSE_ACCOUNT), &close),
	    MEMBERS_ADMINISTRATOR_LAST);
	offer(m, bea, INVITATION, 1);
	Members__TakeInvitation body = taking(m, 1, bea_login, 50);
	shown(m, CALL(OPEN_ACCOUNT), &body);
	close.person_id = cleo; /* who never had an account */
	do_it(m, ADA, CALL(CLOSE_ACCOUNT), &close);
	close.person_id = self(m, ADA)->person->person_id;
	done_by_gateway_for(m, bea, CALL(CLOSE_ACCOUNT), &close);
	close.person_id = bea; /* Ada has her key still */
	done_by_gateway_for(m, bea, CALL(CLOSE_ACCOUNT), &close);
}

/* ---- one's own ---- */

static Members__ChangePassword
changing(struct machines *m, uint8_t from, uint8_t to)
{
	Members__ChangePassword body = MEMBERS__CHANGE_PASSWORD__INIT;

	body.derivation = taking(m, 0, "", 0).derivation;
	SET(&body, password_key, digest(m, from));
	SET(&body, new_password_key, digest(m, to));
	return body;
}

static void
a_password_is_changed_by_who_knows_it(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__ChangePassword body = changing(m, 210, 211);
	Members__SignInByIdentity identity = MEMBERS__SIGN_IN_BY_IDENTITY__INIT;

	identity.login = bea_login;
	SET(&identity, session_digest, digest(m, 51));
	shown(m, CALL(SIGN_IN_BY_IDENTITY), &identity);
	assert_int_equal(refused_by_gateway_for(m, bea, CALL(CHANGE_PASSWORD), &body),
	    MEMBERS_PASSWORD_WRONG);
	body = changing(m, 200, 211);
	SET(&body, kept_digest, digest(m, 51));
	done_by_gateway_for(m, bea, CALL(CHANGE_PASSWORD), &body);
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	assert_int_equal(over(m, 51), OVER(UNSPECIFIED));
	m->now_ms += 30000;
	Members__SignIn sign_in = signing_in(m, bea_login, 52);
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &sign_in), MEMBERS_SIGN_IN_WRONG);
	SET(&sign_in, password_key, digest(m, 211));
	shown(m, CALL(SIGN_IN), &sign_in);
	/* A new second factor with it: its codes count from there on. */
	body = changing(m, 211, 212);
	SET(&body, totp_sealed, digest(m, 4));
	SET(&body, totp_step, step_now(m) - 5);
	done_by_gateway_for(m, bea, CALL(CHANGE_PASSWORD), &body);
	sign_in = signing_in(m, bea_login, 53);
	SET(&sign_in, password_key, digest(m, 212));
	shown(m, CALL(SIGN_IN), &sign_in);
	machines_check_rebuild(m, "members");
	assert_int_equal(refused_by_gateway_for(m, self(m, ADA)->person->person_id,
			     CALL(CHANGE_PASSWORD), &body),
	    MEMBERS_PASSWORD_NONE);
}

static void
recovery_codes_are_renewed(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__RenewRecovery body = MEMBERS__RENEW_RECOVERY__INIT;
	ProtobufCBinaryData codes[] = {digest(m, 205)};
	Members__SignIn sign_in = signing_in(m, bea_login, 51);

	body.recovery_digests = codes;
	body.n_recovery_digests = 1;
	SET(&body, password_key, digest(m, 210));
	assert_int_equal(refused_by_gateway_for(m, bea, CALL(RENEW_RECOVERY), &body),
	    MEMBERS_PASSWORD_WRONG);
	SET(&body, password_key, digest(m, 200));
	done_by_gateway_for(m, bea, CALL(RENEW_RECOVERY), &body);
	sign_in.has_totp_step = 0;
	sign_in.totp_step = 0;
	SET(&sign_in, recovery_digest, digest(m, 201));
	assert_int_equal(
	    gateway_is_refused(m, CALL(SIGN_IN), &sign_in), MEMBERS_SIGN_IN_WRONG);
	SET(&sign_in, recovery_digest, digest(m, 205));
	shown(m, CALL(SIGN_IN), &sign_in);
}

static void
people_sign_themselves_out_everywhere(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__SignInByIdentity identity = MEMBERS__SIGN_IN_BY_IDENTITY__INIT;
	Members__EndSessions body = MEMBERS__END_SESSIONS__INIT;
	char *cleo = add_person(m, CLEO, ROLE(COMMISSIONER), manchester);

	identity.login = bea_login;
	SET(&identity, session_digest, digest(m, 51));
	shown(m, CALL(SIGN_IN_BY_IDENTITY), &identity);
	body.person_id = bea;
	SET(&body, kept_digest, digest(m, 50));
	assert_int_equal(refused_by_gateway_for(m, cleo, CALL(END_SESSIONS), &body),
	    MEMBERS_SESSIONS_OF_OTHERS);
	done_by_gateway_for(m, bea, CALL(END_SESSIONS), &body);
	assert_int_equal(over(m, 50), OVER(UNSPECIFIED));
	assert_int_equal(over(m, 51), OVER(UNKNOWN));
	body.has_kept_digest = 0;
	body.kept_digest = (ProtobufCBinaryData){0};
	do_it(m, ADA, CALL(END_SESSIONS), &body);
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	assert_false(do_it(m, ADA, CALL(END_SESSIONS), &body)->has_number);
	body.person_id = machines_id(m);
	assert_int_equal(
	    is_refused(m, ADA, CALL(END_SESSIONS), &body), MEMBERS_PERSON_UNKNOWN);
}

/* ---- API keys ---- */

static Members__IssueApiKey
issuing(struct machines *m, uint8_t n)
{
	Members__IssueApiKey body = MEMBERS__ISSUE_API_KEY__INIT;

	body.label = label;
	body.organisation_id = manchester;
	SET(&body, role, ROLE(COMMISSIONER));
	SET(&body, digest, digest(m, n));
	return body;
}

static Members__SessionShown *
use_api_key(struct machines *m, uint8_t n)
{
	Members__UseApiKey body = MEMBERS__USE_API_KEY__INIT;

	SET(&body, digest, digest(m, n));
	return shown(m, CALL(API_KEY), &body);
}

static void
a_system_acts_by_its_key_until_its_day(void **state)
{
	struct machines *m = *state;
	Members__IssueApiKey body = issuing(m, 60);
	Members__SelfAsked asked = MEMBERS__SELF_ASKED__INIT;

	SET(&body, until_day, TODAY + 2);
	do_it(m, ADA, CALL(ISSUE_API_KEY), &body);
	assert_int_equal(
	    is_refused(m, ADA, CALL(ISSUE_API_KEY), &body), MEMBERS_DIGEST_KNOWN);
	const Members__SessionShown *answer = use_api_key(m, 60);
	assert_string_equal(answer->person->name, label);
	assert_string_equal(answer->api_key->organisation_id, manchester);
	assert_false(answer->api_key->has_digest);
	char *person = answer->person->person_id;
	struct machine_call call = call_by_gateway(m, person, CALL(SELF), &asked);
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_UNSPECIFIED);
	/* It signs in by nothing else. */
	Members__OfferLink link = MEMBERS__OFFER_LINK__INIT;
	link.person_id = person;
	SET(&link, purpose, INVITATION);
	SET(&link, digest, digest(m, 61));
	assert_int_equal(
	    is_refused(m, ADA, CALL(OFFER_LINK), &link), MEMBERS_ACCOUNT_OF_SYSTEM);
	assert_int_equal(over(m, 60), OVER(UNKNOWN));
	assert_int_equal(use_api_key(m, 61)->over, OVER(UNKNOWN));
	m->now_ms += 2 * DAY_MS;
	assert_int_equal(use_api_key(m, 60)->over, OVER(EXPIRED));
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	machines_check_rebuild(m, "members");
}

static void
an_api_key_is_revoked(void **state)
{
	struct machines *m = *state;
	Members__IssueApiKey body = issuing(m, 60);
	Members__RevokeApiKey revoke = MEMBERS__REVOKE_API_KEY__INIT;
	Members__ApiKeysAsked asked = MEMBERS__API_KEYS_ASKED__INIT;
	Members__SelfAsked self_asked = MEMBERS__SELF_ASKED__INIT;
	struct machine_call ask = call_by(ADA, CALL(API_KEYS), &asked);

	revoke.api_key_id = do_it(m, ADA, CALL(ISSUE_API_KEY), &body)->id;
	char *person = use_api_key(m, 60)->person->person_id;
	do_it(m, ADA, CALL(REVOKE_API_KEY), &revoke);
	assert_int_equal(use_api_key(m, 60)->over, OVER(REVOKED));
	assert_int_equal(
	    is_refused(m, ADA, CALL(REVOKE_API_KEY), &revoke), MEMBERS_API_KEY_REVOKED);
	/* Nobody takes the gateway's word for it any more. */
	struct machine_call call = call_by_gateway(m, person, CALL(SELF), &self_asked);
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	const Members__ApiKeys *keys =
	    machines_ask(m, &ask, &members__api_keys__descriptor);
	assert_int_equal(keys->n_api_keys, 1);
	assert_true(keys->api_keys[0]->is_revoked);
	assert_int_equal(keys->api_keys[0]->used_day, TODAY);
	assert_false(keys->api_keys[0]->has_digest);
	SET(&body, digest, digest(m, 62));
	SET(&body, role, ROLE(DIRECTOR));
	assert_int_equal(
	    is_refused(m, ADA, CALL(ISSUE_API_KEY), &body), MEMBERS_API_KEY_ROLE);
	revoke.api_key_id = machines_id(m);
	assert_int_equal(
	    is_refused(m, ADA, CALL(REVOKE_API_KEY), &revoke), MEMBERS_API_KEY_UNKNOWN);
	machines_check_rebuild(m, "members");
}

/* ---- lists ---- */

static void
accounts_are_listed_by_page(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__AccountsAsked asked = MEMBERS__ACCOUNTS_ASKED__INIT;
	struct machine_call ask = call_by(ADA, CALL(ACCOUNTS), &asked);
	Members__IssueApiKey key = issuing(m, 60);
	char *cleo = add_person(m, CLEO, ROLE(COMMISSIONER), manchester);
	char words[] = "BEA@council";

	offer(m, cleo, INVITATION, 3);
	do_it(m, ADA, CALL(ISSUE_API_KEY), &key);
	const Members__Accounts *list =
	    machines_ask(m, &ask, &members__accounts__descriptor);
	assert_int_equal(list->n_accounts, 3); /* a system is none of them */
	assert_null(list->next_id);
	for (size_t i = 0; i < 3; i++) {
		const Members__AccountShown *row = list->accounts[i];
		bool is_bea = strcmp(row->person->person_id, bea) == 0;
		bool is_cleo = strcmp(row->person->person_id, cleo) == 0;

		assert_int_equal(row->state,
		    is_bea    ? MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_OPEN
		    : is_cleo ? MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_INVITED
			      : MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_NONE);
		assert_int_equal(row->sessions, is_bea ? 1 : 0);
		assert_int_equal(row->has_link_expires_time, is_cleo);
		assert_true(row->has_key);
	}
	SET(&asked, limit, 2);
	list = machines_ask(m, &ask, &members__accounts__descriptor);
	assert_int_equal(list->n_accounts, 2);
	asked.after_id = list->next_id;
	list = machines_ask(m, &ask, &members__accounts__descriptor);
	assert_int_equal(list->n_accounts, 1);
	assert_null(list->next_id);
	asked.after_id = NULL;
	asked.person_id = cleo;
	list = machines_ask(m, &ask, &members__accounts__descriptor);
	assert_int_equal(list->n_accounts, 1);
	assert_string_equal(list->accounts[0]->person->person_id, cleo);
	asked.person_id = NULL;
	asked.containing = words;
	list = machines_ask(m, &ask, &members__accounts__descriptor);
	assert_int_equal(list->n_accounts, 1);
	assert_string_equal(list->accounts[0]->login, bea_login);
}

/* The gateway's directory asks after every hint, and hears only of what it shows. */
static void
the_directory_hears_of_changes_alone(void **state)
{
	struct machines *m = *state;
	Members__PeopleAsked asked = MEMBERS__PEOPLE_ASKED__INIT;
	struct machine_call ask = call_by_gateway(m, NULL, CALL(PEOPLE), &asked);
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);

	const Members__People *list =
	    machines_ask(m, &ask, &members__people__descriptor);
	assert_int_equal(list->n_people, 2);
	SET(&asked, known_number, list->changed_number);
	offer(m, bea, SIGN_IN_LINK, 1);
	list = machines_ask(m, &ask, &members__people__descriptor);
	assert_int_equal(list->n_people, 0);
	assert_int_equal(list->changed_number, asked.known_number);
	add_person(m, CLEO, ROLE(COMMISSIONER), manchester);
	list = machines_ask(m, &ask, &members__people__descriptor);
	assert_int_equal(list->n_people, 3);
	assert_true(list->changed_number > asked.known_number);
}

/* ---- what leaves, and what comes back ---- */

/* Every page that a follower is sent has headers alone of these. */
static void
no_follower_hears_of_sessions(void **state)
{
	struct machines *m = *state;
	static const char *const followers[] = {
	    "foster", "residential", "requests", "matching", "observatory", "gateway"};
	add_account(m, BEA, bea_login, 50);
	Members__IssueApiKey key = issuing(m, 60);

	do_it(m, ADA, CALL(ISSUE_API_KEY), &key);
	use_api_key(m, 60);
	for (size_t f = 0; f < sizeof followers / sizeof followers[0]; f++) {
		Journal__EventsAsked body = JOURNAL__EVENTS_ASKED__INIT;
		struct machine_call call = {
		    .service = "members", .method = CALL(EVENTS), .body = &body.base};
		unsigned withheld = 0;

		machine_peer_key(m, followers[f], call.key);
		SET(&body, page_bytes, 60000);
		const Journal__EventsPage *page =
		    machines_ask(m, &call, &journal__events_page__descriptor);
		for (size_t i = 0; i < page->n_entries; i++) {
			if (page->entries[i]->header->type <
			    MEMBERS__MEMBERS_EVENT__EVENT_LINK_OFFERED)
				continue;
			assert_false(page->entries[i]->has_event);
			withheld++;
		}
		assert_int_equal(withheld, 6);
	}
}

/* What a copy holds may have been ended since. */
static void
a_restored_store_honours_no_session(void **state)
{
	struct machines *m = *state;
	char *bea = add_account(m, BEA, bea_login, 50);
	Members__LinkAsked link = MEMBERS__LINK_ASKED__INIT;
	Members__CloseAccount close = MEMBERS__CLOSE_ACCOUNT__INIT;

	offer(m, bea, INVITATION, 2);
	machines_copy(m, "members");
	close.person_id = bea;
	do_it(m, ADA, CALL(CLOSE_ACCOUNT), &close);
	machines_restore(m, "members");
	assert_int_equal(over(m, 50), OVER(UNKNOWN));
	SET(&link, digest, digest(m, 2));
	assert_int_equal(
	    gateway_is_refused(m, CALL(LINK), &link), MEMBERS_LINK_UNKNOWN);
	machines_check_rebuild(m, "members");
	m->now_ms += 30000;
	Members__SignIn body = signing_in(m, bea_login, 51);
	shown(m, CALL(SIGN_IN), &body);
	machines_restart(m, "members");
	assert_int_equal(over(m, 51), OVER(UNSPECIFIED));
	machines_check_rebuild(m, "members");
}

#define IN_REGION(name) cmocka_unit_test_setup_teardown(name, make_region, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_REGION(only_whom_it_concerns_may_ask),
	    IN_REGION(a_closed_account_is_out_at_once),
	    IN_REGION(nobody_closes_the_last_administrator),
	    IN_REGION(a_password_is_changed_by_who_knows_it),
	    IN_REGION(recovery_codes_are_renewed),
	    IN_REGION(people_sign_themselves_out_everywhere),
	    IN_REGION(a_system_acts_by_its_key_until_its_day),
	    IN_REGION(an_api_key_is_revoked),
	    IN_REGION(accounts_are_listed_by_page),
	    IN_REGION(the_directory_hears_of_changes_alone),
	    IN_REGION(no_follower_hears_of_sessions),
	    IN_REGION(a_restored_store_honours_no_session),
	};

	return cmocka_run_group_tests_name("members_accounts", tests, NULL, NULL);
}
