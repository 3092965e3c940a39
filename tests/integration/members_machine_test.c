#include "integration/members_world.h"

static char manchester[] = "E08000003", salford[] = "E08000006";
static char co_operative[] = "co-operative";

/* ---- the beginning ---- */

static void
the_first_administrator_comes_once(void **state)
{
	struct machines *m = *state;
	Members__CouncilsAsked body = MEMBERS__COUNCILS_ASKED__INIT;
	const struct refusal *no;

	assert_int_equal(
	    faults(m, ADA, CALL(COUNCILS), &body), ENVELOPE__FAULT__FAULT_STALE);
	assert_int_equal(add_first(m, 1, "Ada")->number, MEMBERS_KEY_OF_SERVICE);
	assert_int_equal(add_first(m, ADA, " ")->number, MEMBERS_NAME_MISSING);
	assert_null(add_first(m, ADA, "Ada"));
	assert_string_equal(self(m, ADA)->person->name, "Ada");
	no = add_first(m, BEA, "Bea");
	assert_non_null(no);
	assert_int_equal(no->number, MEMBERS_FIRST_TAKEN);
	machines_restart(m, "members");
	assert_int_equal(add_first(m, BEA, "Bea")->number, MEMBERS_FIRST_TAKEN);
	assert_int_equal(
	    faults(m, BEA, CALL(COUNCILS), &body), ENVELOPE__FAULT__FAULT_DENIED);
}

/* ---- who may write, and who may ask ---- */

static void
only_administrators_write(void **state)
{
	struct machines *m = *state;
	Members__RegisterCouncil write = MEMBERS__REGISTER_COUNCIL__INIT;
	Members__ProvidersAsked ask = MEMBERS__PROVIDERS_ASKED__INIT;

	add_council(m, manchester);
	add_person(m, BEA, ROLE(COMMISSIONER), manchester);
	for (uint32_t method = CALL(REGISTER_COUNCIL); method <= CALL(REVOKE_KEY);
	     method++) {
		assert_int_equal(
		    faults(m, BEA, method, &write), ENVELOPE__FAULT__FAULT_DENIED);
		assert_int_equal(
		    faults(m, CLEO, method, &write), ENVELOPE__FAULT__FAULT_DENIED);
		/* rcc-foster's own key. */
		assert_int_equal(
		    faults(m, 2, method, &write), ENVELOPE__FAULT__FAULT_DENIED);
	}
	assert_int_equal(
	    faults(m, BEA, CALL(PROVIDERS), &ask), ENVELOPE__FAULT__FAULT_UNSPECIFIED);
	assert_int_equal(
	    faults(m, 2, CALL(PROVIDERS), &ask), ENVELOPE__FAULT__FAULT_UNSPECIFIED);
	assert_int_equal(
	    faults(m, CLEO, CALL(PROVIDERS), &ask), ENVELOPE__FAULT__FAULT_DENIED);
}

/* The gateway speaks for a person, and is nobody's administrator in its own name. */
static void
the_gateway_writes_for_an_administrator(void **state)
{
	struct machines *m = *state;
	char name[] = "A council";
	Members__Council council = MEMBERS__COUNCIL__INIT;
	Members__RegisterCouncil body = MEMBERS__REGISTER_COUNCIL__INIT;
	struct machine_call call = {
	    .service = "members", .method = CALL(REGISTER_COUNCIL), .body = &body.base};

	council.council_id = manchester;
	council.name = name;
	body.council = &council;
	machine_peer_key(m, "gateway", call.key);
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	call.user_id = self(m, ADA)->person->person_id;
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_UNSPECIFIED);
	machine_peer_key(m, "requests", call.key);
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_DENIED);
}

/* ---- commands ---- */

static Members__Provider
agency(char *name, char *urn)
{
	Members__Provider provider = MEMBERS__PROVIDER__INIT;

	provider.name = name;
	provider.urn = urn;
	SET(&provider, kind, MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY);
	SET(&provider, sector, MEMBERS__SECTOR__SECTOR_PRIVATE);
	return provider;
}

static void
an_ofsted_number_is_one_providers(void **state)
{
	struct machines *m = *state;
	char name[] = "Invented Agency", first[] = "SC000001", second[] = "SC000002";
	Members__Provider one = agency(name, first), other = agency(name, first);
	Members__RegisterProvider body = MEMBERS__REGISTER_PROVIDER__INIT;
	Members__ProvidersAsked asked = MEMBERS__PROVIDERS_ASKED__INIT;
	struct machine_call ask = call_by(ADA, CALL(PROVIDERS), &asked);

	body.provider = &one;
	one.provider_id = do_it(m, ADA, CALL(REGISTER_PROVIDER), &body)->id;
	body.provider = &other;
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_PROVIDER), &body), MEMBERS_URN_TAKEN);
	/* The whole row again, under another number: the first is free. */
	one.urn = second;
	body.provider = &one;
	assert_string_equal(
	    do_it(m, ADA, CALL(REGISTER_PROVIDER), &body)->id, one.provider_id);
	body.provider = &other;
	other.provider_id = do_it(m, ADA, CALL(REGISTER_PROVIDER), &body)->id;
	assert_string_not_equal(other.provider_id, one.provider_id);
	other.urn = second;
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_PROVIDER), &body), MEMBERS_URN_TAKEN);
	const Members__Providers *providers =
	    machines_ask(m, &ask, &members__providers__descriptor);
	assert_int_equal(providers->n_providers, 2);
	/* Made in the same millisecond, they stand in no particular order. */
	size_t k = strcmp(providers->providers[0]->provider_id, one.provider_id) != 0;
	assert_string_equal(providers->providers[k]->urn, second);
	assert_string_equal(providers->providers[1 - k]->urn, first);
	machines_check_rebuild(m, "members");
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_PROVIDER), &body), MEMBERS_URN_TAKEN);
}

static void
organisations_come_before_their_people(void **state)
{
	struct machines *m = *state;
	char name[] = "Bea";
	Members__Grant grant = grant_of(ROLE(COMMISSIONER), salford),
		       *list[] = {&grant};
	Members__Grant same = grant, *twice[] = {&grant, &same};
	Members__RegisterPerson body = MEMBERS__REGISTER_PERSON__INIT;

	body.name = name;
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_PERSON), &body), MEMBERS_GRANT_MISSING);
	body.grants = list;
	body.n_grants = 1;
	assert_int_equal(is_refused(m, ADA, CALL(REGISTER_PERSON), &body),
	    MEMBERS_ORGANISATION_UNKNOWN);
	add_council(m, salford);
	do_it(m, ADA, CALL(REGISTER_PERSON), &body);
	body.grants = twice;
	body.n_grants = 2;
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_PERSON), &body), MEMBERS_GRANT_OVERLAPS);
}

static void
roles_come_and_go(void **state)
{
	struct machines *m = *state;
	add_council(m, manchester);
	char *bea = add_person(m, BEA, ROLE(COMMISSIONER), manchester);
	Members__Grant grant = grant_of(ROLE(DIRECTOR), manchester);
	Members__GrantRole give = MEMBERS__GRANT_ROLE__INIT;
	Members__EndRole end = MEMBERS__END_ROLE__INIT;

	give.person_id = bea;
	give.grant = &grant;
	do_it(m, ADA, CALL(GRANT_ROLE), &give);
	assert_int_equal(
	    is_refused(m, ADA, CALL(GRANT_ROLE), &give), MEMBERS_GRANT_OVERLAPS);
	assert_int_equal(self(m, BEA)->person->n_grants, 2);
	end.person_id = bea;
	end.organisation_id = manchester;
	SET(&end, until_day, TODAY + 1);
	SET(&end, role, ROLE(DIRECTOR));
	do_it(m, ADA, CALL(END_ROLE), &end);
	SET(&end, role, ROLE(COMMISSIONER));
	do_it(m, ADA, CALL(END_ROLE), &end);
	self(m, BEA);
	m->now_ms += DAY_MS;
	Members__SelfAsked asked = MEMBERS__SELF_ASKED__INIT;
	assert_int_equal(
	    faults(m, BEA, CALL(SELF), &asked), ENVELOPE__FAULT__FAULT_DENIED);
	machines_check_rebuild(m, "members");
}

static void
keys_come_once_and_go(void **state)
{
	struct machines *m = *state;
	uint8_t bytes[32];
	Members__SelfAsked asked = MEMBERS__SELF_ASKED__INIT;
	Members__RegisterKey add = MEMBERS__REGISTER_KEY__INIT;
	Members__RevokeKey revoke = MEMBERS__REVOKE_KEY__INIT;

	add_council(m, manchester);
	add.person_id = add_person(m, BEA, ROLE(COMMISSIONER), manchester);
	machine_key(BEA, bytes);
	SET_BYTES(&add, public_key, ((struct bytes){bytes, sizeof bytes}));
	SET_BYTES(&revoke, public_key, ((struct bytes){bytes, sizeof bytes}));
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_KEY), &add), MEMBERS_KEY_KNOWN);
	do_it(m, ADA, CALL(REVOKE_KEY), &revoke);
	assert_int_equal(
	    faults(m, BEA, CALL(SELF), &asked), ENVELOPE__FAULT__FAULT_DENIED);
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_KEY), &add), MEMBERS_KEY_KNOWN);
	assert_int_equal(
	    is_refused(m, ADA, CALL(REVOKE_KEY), &revoke), MEMBERS_KEY_REVOKED);
	machine_peer_key(m, "foster", bytes);
	assert_int_equal(
	    is_refused(m, ADA, CALL(REGISTER_KEY), &add), MEMBERS_KEY_OF_SERVICE);
	assert_int_equal(
	    is_refused(m, ADA, CALL(REVOKE_KEY), &revoke), MEMBERS_KEY_UNKNOWN);
	machine_key(CLEO, bytes);
	do_it(m, ADA, CALL(REGISTER_KEY), &add);
	assert_string_equal(self(m, CLEO)->person->person_id, add.person_id);
}

static void
somebody_is_always_left_to_administer(void **state)
{
	struct machines *m = *state;
	uint8_t bytes[32];
	Members__EndRole end = MEMBERS__END_ROLE__INIT;
	Members__RevokeKey revoke = MEMBERS__REVOKE_KEY__INIT;

	end.person_id = self(m, ADA)->person->person_id;
	end.organisation_id = co_operative;
	SET(&end, role, ROLE(ADMINISTRATOR));
	SET(&end, until_day, TODAY + 365);
	machine_key(ADA, bytes);
	SET_BYTES(&revoke, public_key, ((struct bytes){bytes, sizeof bytes}));
	assert_int_equal(
	    is_refused(m, ADA, CALL(END_ROLE), &end), MEMBERS_ADMINISTRATOR_LAST);
	assert_int_equal(
	    is_refused(m, ADA, CALL(REVOKE_KEY), &revoke), MEMBERS_ADMINISTRATOR_LAST);
	/* Another with the role and a key: then one of the two may go, and not both. */
	char *bea = add_person(m, BEA, ROLE(ADMINISTRATOR), co_operative);
	do_it(m, ADA, CALL(REVOKE_KEY), &revoke);
	end.person_id = bea;
	assert_int_equal(
	    is_refused(m, BEA, CALL(END_ROLE), &end), MEMBERS_ADMINISTRATOR_LAST);
	machine_key(BEA, bytes);
	assert_int_equal(
	    is_refused(m, BEA, CALL(REVOKE_KEY), &revoke), MEMBERS_ADMINISTRATOR_LAST);
}

/* The same command again hears the same answer, a refusal too. */
static void
a_command_is_decided_once(void **state)
{
	struct machines *m = *state;
	char name[] = "Invented Agency", urn[] = "SC000001";
	Members__Provider provider = agency(name, urn);
	Members__RegisterProvider body = MEMBERS__REGISTER_PROVIDER__INIT;

	body.provider = &provider;
	struct machine_call call = call_by(ADA, CALL(REGISTER_PROVIDER), &body);
	call.message_id = machines_id(m);
	const Common__Done *first = machines_ask(m, &call, &common__done__descriptor);
	const Common__Done *again = machines_ask(m, &call, &common__done__descriptor);
	assert_string_equal(first->id, again->id);
	assert_int_equal(first->number, again->number);
	machines_restart(m, "members");
	again = machines_ask(m, &call, &common__done__descriptor);
	assert_string_equal(first->id, again->id);
	call.message_id = machines_id(m);
	assert_int_equal(machines_refused(m, &call), MEMBERS_URN_TAKEN);
	assert_int_equal(machines_refused(m, &call), MEMBERS_URN_TAKEN);
	provider.urn[7] = '2';
	assert_int_equal(machines_refused(m, &call), REFUSAL_ID_OTHER_BODY);
}

/* ---- what others are told ---- */

/* Does the page that this service is sent of the first person say a name? */
static bool
is_told_names(struct machines *m, const char *follower)
{
	Journal__EventsAsked body = JOURNAL__EVENTS_ASKED__INIT;
	struct machine_call call = {
	    .service = "members", .method = CALL(EVENTS), .body = &body.base};
	ProtobufCMessage *event;

	machine_peer_key(m, follower, call.key);
	SET(&body, page_bytes, 60000);
	const Journal__EventsPage *page =
	    machines_ask(m, &call, &journal__events_page__descriptor);
	assert_int_equal(page->n_entries, 2);
	assert_int_equal(
	    message_unpack(&m->arena, &members__person_registered__descriptor,
		BYTES_OF(page->entries[0]->event), &event),
	    ERR_NONE);
	return ((Members__PersonRegistered *)event)->person->name != NULL;
}

static void
names_stay_where_they_are_used(void **state)
{
	struct machines *m = *state;

	assert_true(is_told_names(m, "gateway"));
	assert_false(is_told_names(m, "requests"));
	assert_false(is_told_names(m, "foster"));
	assert_false(is_told_names(m, "matching"));
	assert_false(is_told_names(m, "observatory"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		the_first_administrator_comes_once, make, clear),
	    cmocka_unit_test_setup_teardown(
		only_administrators_write, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(
		the_gateway_writes_for_an_administrator, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(
		an_ofsted_number_is_one_providers, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(
		organisations_come_before_their_people, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(roles_come_and_go, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(
		keys_come_once_and_go, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(
		somebody_is_always_left_to_administer, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(
		a_command_is_decided_once, make_with_first, clear),
	    cmocka_unit_test_setup_teardown(
		names_stay_where_they_are_used, make_with_first, clear),
	};

	return cmocka_run_group_tests_name("members_machine", tests, NULL, NULL);
}
