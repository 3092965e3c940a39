#include "base/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "support/folder.h"

/* 2026-11-21, noon in London. */
#define NOON_MS INT64_C(1795262400000)
#define TODAY 20778
#define DAY_MS INT64_C(86400000)
#define EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name
#define ROLE(name) MEMBERS__ROLE__ROLE_##name

static char ann[] = "01jd5r0000aaaaaaaaaaaaaaaa";
static char ben[] = "01jd5r0000bbbbbbbbbbbbbbbb";
static char agency[] = "01jd5r0000cccccccccccccccc";
static char council_id[] = "E08000003";
static char neighbour_id[] = "E08000006";
static char co_operative[] = "co-operative";

/* The access tables alone, in a store of their own. */
struct room {
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	struct kv *kv;
	struct kv_txn txn;
	struct arena arena;
	uint64_t number;
};

static int
make(void **state)
{
	static const char *const tables[SVC_TABLES] = {JOURNAL_TABLE_NAME,
	    JOURNAL_INBOX_TABLE_NAME, JOURNAL_META_TABLE_NAME, "owed", "timers",
	    "caused", "cursors", "councils", "providers", "people", "keys"};
	struct room *room = calloc(1, sizeof *room);
	char problem[200];

	assert_non_null(room);
	folder_make(room->folder);
	folder_file(room->path, room->folder, "store");
	assert_int_equal(arena_open(&room->arena, 8u << 20), ERR_NONE);
	assert_int_equal(kv_open(&room->kv,
			     &(struct kv_options){.path = room->path,
				 .tables = tables,
				 .tables_n = SVC_TABLES,
				 .no_sync = true},
			     problem, sizeof problem),
	    ERR_NONE);
	kv_begin(room->kv, &room->txn, true);
	*state = room;
	return 0;
}

static int
clear(void **state)
{
	struct room *room = *state;

	kv_abort(&room->txn);
	kv_close(room->kv);
	arena_close(&room->arena);
	folder_remove(room->folder);
	free(room);
	return 0;
}

static enum err
apply(struct room *room, uint32_t type, const void *message)
{
	struct svc_event e = {++room->number, NOON_MS, type, "", message};

	return access_apply(&room->txn, &room->arena, &e);
}

static Members__Grant
grant_of(Members__Role role, char *organisation_id, int32_t from, int32_t until)
{
	Members__Grant grant = MEMBERS__GRANT__INIT;

	grant.organisation_id = organisation_id;
	SET(&grant, role, role);
	SET(&grant, from_day, from);
	if (until != 0)
		SET(&grant, until_day, until);
	return grant;
}

static void
add_person(struct room *room, char *person_id, Members__Grant *grants, size_t n)
{
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__PersonRegistered event = MEMBERS__PERSON_REGISTERED__INIT;
	Members__Grant *list[4];

	for (size_t i = 0; i < n; i++)
		list[i] = &grants[i];
	person.person_id = person_id;
	person.grants = list;
	person.n_grants = n;
	event.person = &person;
	assert_int_equal(apply(room, EVENT(PERSON_REGISTERED), &event), ERR_NONE);
}

static void
add_key(struct room *room, uint8_t number, char *person_id)
{
	uint8_t bytes[32] = {number};
	Members__Key key = MEMBERS__KEY__INIT;
	Members__KeyRegistered event = MEMBERS__KEY_REGISTERED__INIT;

	key.person_id = person_id;
	SET_BYTES(&key, public_key, ((struct bytes){bytes, sizeof bytes}));
	event.key = &key;
	assert_int_equal(apply(room, EVENT(KEY_REGISTERED), &event), ERR_NONE);
}

/* One who asks, and what comes of it. */
struct asking {
	uint8_t key; /* first byte of it */
	const char *peer;
	char *user_id, *organisation_id;
	int64_t now_ms;
};

static enum err
ask(struct room *room, const struct asking *asking, struct svc_caller *out,
    const struct refusal **no)
{
	uint8_t key[32] = {asking->key};
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;

	*no = NULL;
	*out = (struct svc_caller){0};
	envelope.user_id = asking->user_id;
	envelope.organisation_id = asking->organisation_id;
	return access_caller(&room->txn, &room->arena,
	    &(struct access_asking){key, asking->peer, &envelope, asking->now_ms}, out,
	    no);
}

static void
expect_roles(struct room *room, const struct asking *asking, uint32_t roles)
{
	struct svc_caller caller;
	const struct refusal *no;

	assert_int_equal(
	    ask(room, asking, &caller, &no), roles == 0 ? ERR_DENIED : ERR_NONE);
	assert_null(no);
	assert_int_equal(caller.roles, roles);
	if (roles != 0)
		assert_int_equal(caller.key[0], asking->key);
}

/* Ann commissions for a council; Ben works for an agency and the co-operative. */
static void
populate(struct room *room)
{
	Members__Grant anns[] = {
	    grant_of(ROLE(COMMISSIONER), council_id, TODAY, TODAY + 2)};
	Members__Grant bens[] = {grant_of(ROLE(PLACEMENT_OFFICER), agency, 100, 0),
	    grant_of(ROLE(ADMINISTRATOR), co_operative, 100, 0),
	    grant_of(ROLE(COOPERATIVE_OFFICER), co_operative, 100, TODAY)};

	add_person(room, ann, anns, 1);
	add_person(room, ben, bens, 3);
	add_key(room, 1, ann);
	add_key(room, 2, ben);
}

/* ---- who is asking ---- */

static void
a_role_is_valid_from_its_first_day_to_before_its_end(void **state)
{
	struct room *room = *state;
	uint32_t commissioner = ROLE_BIT(ROLE(COMMISSIONER));
	int64_t midnight = day_start_in_london(TODAY);
	int64_t end = day_start_in_london(TODAY + 2);
	const struct {
		int64_t now_ms;
		uint32_t roles;
	} rows[] = {{midnight - 1, 0}, {midnight, commissioner},
	    {NOON_MS, commissioner}, {end - 1, commissioner}, {end, 0},
	    {end + 30 * DAY_MS, 0}};

	populate(room);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect_roles(room,
		    &(struct asking){1, NULL, NULL, NULL, rows[i].now_ms},
		    rows[i].roles);
}

static void
one_of_several_organisations_is_said(void **state)
{
	struct room *room = *state;
	struct svc_caller caller;
	const struct refusal *no;

	populate(room);
	assert_int_equal(
	    ask(room, &(struct asking){2, NULL, NULL, NULL, NOON_MS}, &caller, &no),
	    ERR_NONE);
	assert_non_null(no);
	assert_int_equal(no->number, REFUSAL_ORGANISATION);
	expect_roles(room, &(struct asking){2, NULL, NULL, agency, NOON_MS},
	    ROLE_BIT(ROLE(PLACEMENT_OFFICER)));
	/* The other role of the co-operative ended this morning. */
	expect_roles(room, &(struct asking){2, NULL, NULL, co_operative, NOON_MS},
	    ROLE_BIT(ROLE(ADMINISTRATOR)));
	expect_roles(room, &(struct asking){2, NULL, NULL, council_id, NOON_MS}, 0);
	expect_roles(room, &(struct asking){1, NULL, NULL, co_operative, NOON_MS}, 0);
}

static void
a_key_speaks_for_its_own_person_only(void **state)
{
	struct room *room = *state;
	uint32_t commissioner = ROLE_BIT(ROLE(COMMISSIONER));

	populate(room);
	expect_roles(room, &(struct asking){1, NULL, ann, NULL, NOON_MS}, commissioner);
	expect_roles(room, &(struct asking){1, NULL, ben, agency, NOON_MS}, 0);
	/* Nor for itself under another's name. */
	expect_roles(room, &(struct asking){1, NULL, ben, council_id, NOON_MS}, 0);
	expect_roles(room, &(struct asking){1, NULL, ben, NULL, NOON_MS}, 0);
	expect_roles(room, &(struct asking){9, NULL, NULL, NULL, NOON_MS}, 0);
	expect_roles(room, &(struct asking){9, NULL, ann, NULL, NOON_MS}, 0);
}

static void
the_gateway_alone_speaks_for_others(void **state)
{
	struct room *room = *state;
	struct svc_caller caller;
	const struct refusal *no;

	populate(room);
	expect_roles(room, &(struct asking){8, "gateway", ann, NULL, NOON_MS},
	    ROLE_BIT(ROLE(COMMISSIONER)));
	expect_roles(room, &(struct asking){8, "gateway", agency, NULL, NOON_MS}, 0);
	assert_int_equal(ask(room, &(struct asking){8, "gateway", NULL, NULL, NOON_MS},
			     &caller, &no),
	    ERR_NONE);
	assert_string_equal(caller.service, "gateway");
	assert_null(caller.person_id);
	/* Another service stays itself, whomever it names. */
	assert_int_equal(
	    ask(room, &(struct asking){7, "requests", ann, council_id, NOON_MS},
		&caller, &no),
	    ERR_NONE);
	assert_string_equal(caller.service, "requests");
	assert_null(caller.person_id);
	assert_int_equal(caller.roles, 0);
}

static void
a_revoked_key_is_unknown(void **state)
{
	struct room *room = *state;
	uint8_t key[32] = {1};
	Members__KeyRevoked event = MEMBERS__KEY_REVOKED__INIT;

	assert_true(access_is_empty(&room->txn));
	populate(room);
	assert_false(access_is_empty(&room->txn));
	assert_true(access_key_is_known(&room->txn, &room->arena, key));
	SET_BYTES(&event, public_key, ((struct bytes){key, sizeof key}));
	assert_int_equal(apply(room, EVENT(KEY_REVOKED), &event), ERR_NONE);
	assert_false(access_key_is_known(&room->txn, &room->arena, key));
	expect_roles(room, &(struct asking){1, NULL, NULL, NULL, NOON_MS}, 0);
	expect_roles(room, &(struct asking){8, "gateway", ann, NULL, NOON_MS},
	    ROLE_BIT(ROLE(COMMISSIONER)));
}

/* ---- what events do ---- */

static void
a_role_is_given_and_ended(void **state)
{
	struct room *room = *state;
	Members__Grant grant = grant_of(ROLE(DIRECTOR), council_id, TODAY, 0);
	Members__RoleGranted granted = MEMBERS__ROLE_GRANTED__INIT;
	Members__RoleEnded ended = MEMBERS__ROLE_ENDED__INIT;
	uint32_t commissioner = ROLE_BIT(ROLE(COMMISSIONER));
	const struct asking asking = {1, NULL, NULL, NULL, NOON_MS};

	populate(room);
	granted.person_id = ann;
	granted.grant = &grant;
	assert_int_equal(apply(room, EVENT(ROLE_GRANTED), &granted), ERR_NONE);
	expect_roles(room, &asking, commissioner | ROLE_BIT(ROLE(DIRECTOR)));
	ended.person_id = ann;
	ended.organisation_id = council_id;
	SET(&ended, role, ROLE(DIRECTOR));
	SET(&ended, until_day, TODAY);
	assert_int_equal(apply(room, EVENT(ROLE_ENDED), &ended), ERR_NONE);
	expect_roles(room, &asking, commissioner);
	/* An end that was nearer stays. */
	SET(&ended, role, ROLE(COMMISSIONER));
	SET(&ended, until_day, TODAY + 50);
	assert_int_equal(apply(room, EVENT(ROLE_ENDED), &ended), ERR_NONE);
	const Members__Person *person = access_person(&room->txn, &room->arena, ann);
	assert_non_null(person);
	assert_int_equal(person->grants[0]->until_day, TODAY + 2);
}

static void
councils_belong_by_day_and_adjoin(void **state)
{
	struct room *room = *state;
	Members__Membership first = MEMBERS__MEMBERSHIP__INIT;
	Members__Membership second = MEMBERS__MEMBERSHIP__INIT;
	Members__Membership *memberships[] = {&first, &second};
	char *adjoining[] = {neighbour_id};
	Members__Council council = MEMBERS__COUNCIL__INIT;
	Members__CouncilRegistered event = MEMBERS__COUNCIL_REGISTERED__INIT;
	const int32_t days[] = {99, 100, 199, 200, 299, 300, 5000};
	const bool belongs[] = {false, true, true, false, false, true, true};

	SET(&first, from_day, 100);
	SET(&first, until_day, 200);
	SET(&second, from_day, 300);
	council.council_id = council_id;
	council.memberships = memberships;
	council.n_memberships = 2;
	council.adjoining_council_ids = adjoining;
	council.n_adjoining_council_ids = 1;
	event.council = &council;
	assert_null(access_council(&room->txn, &room->arena, council_id));
	assert_int_equal(apply(room, EVENT(COUNCIL_REGISTERED), &event), ERR_NONE);
	const Members__Council *row =
	    access_council(&room->txn, &room->arena, council_id);
	assert_non_null(row);
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
		assert_int_equal(access_council_is_member(row, days[i]), belongs[i]);
	assert_true(access_councils_adjoin(row, neighbour_id));
	assert_false(access_councils_adjoin(row, council_id));
}

static void
events_that_cannot_be_are_corrupt(void **state)
{
	struct room *room = *state;
	Members__RoleGranted granted = MEMBERS__ROLE_GRANTED__INIT;
	Members__RoleEnded ended = MEMBERS__ROLE_ENDED__INIT;
	Members__KeyRevoked revoked = MEMBERS__KEY_REVOKED__INIT;
	Members__PersonRegistered registered = MEMBERS__PERSON_REGISTERED__INIT;
	uint8_t key[32] = {5};

	granted.person_id = ann;
	ended.person_id = ann;
	SET_BYTES(&revoked, public_key, ((struct bytes){key, sizeof key}));
	assert_int_equal(apply(room, EVENT(ROLE_GRANTED), &granted), ERR_CORRUPT);
	assert_int_equal(apply(room, EVENT(ROLE_ENDED), &ended), ERR_CORRUPT);
	assert_int_equal(apply(room, EVENT(KEY_REVOKED), &revoked), ERR_CORRUPT);
	assert_int_equal(
	    apply(room, EVENT(PERSON_REGISTERED), &registered), ERR_CORRUPT);
	assert_int_equal(apply(room, 9999, &registered), ERR_CORRUPT);
	assert_int_equal(apply(room, EVENT(REFUSED), &registered), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_role_is_valid_from_its_first_day_to_before_its_end, make, clear),
	    cmocka_unit_test_setup_teardown(
		one_of_several_organisations_is_said, make, clear),
	    cmocka_unit_test_setup_teardown(
		a_key_speaks_for_its_own_person_only, make, clear),
	    cmocka_unit_test_setup_teardown(
		the_gateway_alone_speaks_for_others, make, clear),
	    cmocka_unit_test_setup_teardown(a_revoked_key_is_unknown, make, clear),
	    cmocka_unit_test_setup_teardown(a_role_is_given_and_ended, make, clear),
	    cmocka_unit_test_setup_teardown(
		councils_belong_by_day_and_adjoin, make, clear),
	    cmocka_unit_test_setup_teardown(
		events_that_cannot_be_are_corrupt, make, clear),
	};

	return cmocka_run_group_tests_name("base_access", tests, NULL, NULL);
}
