#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/copied.h"
#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

#define DAY_MS INT64_C(86400000)
#define DENIED ENVELOPE__FAULT__FAULT_DENIED
#define STALE ENVELOPE__FAULT__FAULT_STALE
#define MALFORMED ENVELOPE__FAULT__FAULT_MALFORMED

/* Who may ask what, and what never gets as far as a handler. */

static struct toy toy;

static int
make(void **state)
{
	toy_open(&toy);
	*state = &toy;
	return 0;
}

static int
make_cold(void **state)
{
	toy_open_cold(&toy);
	*state = &toy;
	return 0;
}

static int
clear(void **state)
{
	toy_close(*state);
	return 0;
}

static Envelope__Fault
fault_of(struct toy *t, const struct toy_call *call)
{
	const Envelope__Envelope *reply = toy_ask(t, call);

	assert_null(reply->refusal);
	return reply->has_fault ? reply->fault : ENVELOPE__FAULT__FAULT_UNSPECIFIED;
}

static struct toy_call
write_as(struct toy *t, unsigned key, const char *peer)
{
	return (struct toy_call){
	    .key = key,
	    .peer = peer,
	    .method = TOY_METHOD(REGISTER_HOUSEHOLD),
	    .body = toy_note(t, TOY_PLAIN),
	};
}

static struct toy_call
any_copy_as(struct toy *t, unsigned key)
{
	struct toy_call call = write_as(t, key, NULL);

	call.method = TOY_METHOD(AMEND_HOUSEHOLD);
	return call;
}

static const Foster__VacanciesAsked vacancies = FOSTER__VACANCIES_ASKED__INIT;

static struct toy_call
question_as(unsigned key, const char *peer)
{
	return (struct toy_call){
	    .key = key,
	    .peer = peer,
	    .method = TOY_METHOD(VACANCIES),
	    .body = &vacancies.base,
	};
}

static void
the_roles_column_says_who_of_the_people(void **state)
{
	struct toy *t = *state;
	struct toy_call call = write_as(t, TOY_OFFICER, NULL);

	assert_int_equal(fault_of(t, &call), 0);
	assert_string_equal(toy_seen.person_id, toy_person_ids[0]);
	assert_string_equal(toy_seen.organisation_id, toy_provider_id);
	assert_string_equal(toy_seen.service, "");
	assert_int_equal(
	    toy_seen.roles, ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER));
	call = write_as(t, TOY_COMMISSIONER, NULL);
	assert_int_equal(fault_of(t, &call), DENIED);
	call = write_as(t, TOY_STRANGER, NULL);
	assert_int_equal(fault_of(t, &call), DENIED);
	call = question_as(TOY_COMMISSIONER, NULL); /* anyone known */
	assert_int_equal(fault_of(t, &call), 0);
	call = question_as(TOY_STRANGER, NULL);
	assert_int_equal(fault_of(t, &call), DENIED);
	assert_int_equal(toy_head(t), 1);
	assert_int_equal(toy_seen.handled, 2);
}

static void
one_of_two_organisations_must_be_said(void **state)
{
	struct toy *t = *state;
	struct toy_call call = write_as(t, TOY_OF_TWO, NULL);
	const Envelope__Envelope *reply = toy_ask(t, &call);

	assert_int_equal(reply->refusal->number, REFUSAL_ORGANISATION);
	assert_string_equal(reply->refusal->field, "organisation_id");
	assert_int_equal(toy_head(t), 0);
	call.organisation_id = toy_other_provider_id;
	assert_int_equal(fault_of(t, &call), 0);
	assert_string_equal(toy_seen.organisation_id, toy_other_provider_id);
	call = write_as(t, TOY_OFFICER, NULL);
	call.organisation_id = toy_other_provider_id; /* not theirs */
	assert_int_equal(fault_of(t, &call), DENIED);
}

static void
the_services_column_says_which_of_the_services(void **state)
{
	static const struct {
		const char *peer;
		bool may;
	} rows[] = {{"requests", true}, {"matching", true}, {"members", false},
	    {"gateway", false}, {"foster", false}};
	struct toy *t = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct toy_call call = write_as(t, 0, rows[i].peer);
		assert_int_equal(fault_of(t, &call), rows[i].may ? 0 : DENIED);
		if (rows[i].may)
			assert_string_equal(toy_seen.service, rows[i].peer);
	}
	/* No service at all, though every person may: the gateway is a service. */
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct toy_call call = question_as(0, rows[i].peer);
		assert_int_equal(fault_of(t, &call), DENIED);
	}
	assert_int_equal(toy_seen.handled, 2);
}

static void
only_the_gateway_speaks_for_a_person(void **state)
{
	struct toy *t = *state;
	struct toy_call call = write_as(t, 0, "gateway");

	call.user_id = toy_person_ids[0];
	assert_int_equal(fault_of(t, &call), 0);
	assert_string_equal(toy_seen.person_id, toy_person_ids[0]);
	assert_string_equal(toy_seen.service, "");
	call.user_id = toy_person_ids[3]; /* who may not write */
	assert_int_equal(fault_of(t, &call), DENIED);
	call.user_id = "01jd5r0000zzzzzzzzzzzzzzzz"; /* nobody */
	assert_int_equal(fault_of(t, &call), DENIED);
	/* Another service that names a person is still itself, or nobody. */
	call = write_as(t, 0, "requests");
	call.user_id = toy_person_ids[0];
	assert_int_equal(fault_of(t, &call), 0);
	assert_string_equal(toy_seen.service, "requests");
	assert_string_equal(toy_seen.person_id, "");
	assert_int_equal(toy_seen.roles, 0);
	call = question_as(0, "members");
	call.user_id = toy_person_ids[0];
	assert_int_equal(fault_of(t, &call), DENIED);
	/* Nor does one person speak for another. */
	call = write_as(t, TOY_OFFICER, NULL);
	call.user_id = toy_person_ids[1];
	assert_int_equal(fault_of(t, &call), DENIED);
}

/* ---- how old the copy of members is ---- */

static void
with_no_copy_people_are_not_served(void **state)
{
	struct toy *t = *state;
	struct toy_call call = write_as(t, TOY_OFFICER, NULL);

	assert_false(svc_is_ready(toy_svc(t)));
	assert_int_equal(fault_of(t, &call), STALE);
	call = any_copy_as(t, TOY_OFFICER);
	assert_int_equal(fault_of(t, &call), STALE);
	call = question_as(TOY_OFFICER, NULL);
	assert_int_equal(fault_of(t, &call), STALE);
	call = write_as(t, 0, "requests");
	assert_int_equal(fault_of(t, &call), 0);
	machines_settle(&t->m);
	assert_true(svc_is_ready(toy_svc(t)));
	call = write_as(t, TOY_OFFICER, NULL);
	assert_int_equal(fault_of(t, &call), 0);
}

static void
an_old_copy_will_do_for_an_emergency_alone(void **state)
{
	struct toy *t = *state;
	struct toy_call call = any_copy_as(t, TOY_OFFICER);
	int64_t fresh_ms = toy_follow_health(t, "foster", "members")->fresh_time;

	t->m.now_ms = fresh_ms + DAY_MS;
	assert_int_equal(fault_of(t, &call), 0);
	assert_int_equal(toy_seen.copy_age_ms, DAY_MS);
	call = write_as(t, TOY_OFFICER, NULL);
	assert_int_equal(fault_of(t, &call), 0);
	t->m.now_ms++;
	assert_int_equal(fault_of(t, &call), STALE);
	call = any_copy_as(t, TOY_OFFICER);
	assert_int_equal(fault_of(t, &call), 0);
	assert_int_equal(toy_seen.copy_age_ms, DAY_MS + 1);
	call = question_as(TOY_OFFICER, NULL);
	assert_int_equal(fault_of(t, &call), 0);
	call = write_as(t, 0, "requests");
	assert_int_equal(fault_of(t, &call), 0);
}

/* ---- what is not even a call ---- */

static struct svc_sends
send_raw(struct toy *t, struct bytes envelope)
{
	struct svc_input in = {.token = 5, .envelope = envelope};
	struct svc_sends sends;

	machine_key(TOY_OFFICER, in.key);
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	return sends;
}

static void
a_method_nobody_has_is_said_to_be_unknown(void **state)
{
	static const uint32_t numbers[] = {
	    0, 3, 9, TOY_METHOD(START), 12345, UINT32_MAX};
	struct toy *t = *state;

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct toy_call call = write_as(t, TOY_OFFICER, NULL);
		call.method = numbers[i];
		assert_int_equal(
		    fault_of(t, &call), ENVELOPE__FAULT__FAULT_UNKNOWN_METHOD);
	}
}

static void
bytes_that_are_no_envelope_are_not_answered(void **state)
{
	static const uint8_t garbage[] = {0x0a, 0x7f, 1};
	struct toy *t = *state;

	assert_int_equal(send_raw(t, (struct bytes){garbage, sizeof garbage}).n, 0);
	assert_int_equal(send_raw(t, BYTES_NONE).n, 1); /* an envelope with nothing */
	assert_int_equal(toy_head(t), 0);
}

static void
an_envelope_is_checked_field_by_field(void **state)
{
	static char too_long[300];
	struct toy *t = *state;
	struct toy_call call = write_as(t, TOY_OFFICER, NULL);
	const Envelope__Envelope *reply;

	memset(too_long, 'x', sizeof too_long - 1);
	call.message_id = "not an id";
	reply = toy_ask(t, &call);
	assert_int_equal(reply->fault, MALFORMED);
	assert_null(reply->correlation_id);
	call = write_as(t, TOY_OFFICER, NULL);
	call.user_id = "somebody";
	reply = toy_ask(t, &call);
	assert_int_equal(reply->fault, MALFORMED);
	assert_non_null(strstr(reply->detail, "user_id: "));
	call.user_id = NULL;
	call.organisation_id = too_long;
	reply = toy_ask(t, &call);
	assert_int_equal(reply->fault, MALFORMED);
	assert_non_null(strstr(reply->detail, "organisation_id: "));
	assert_int_equal(toy_seen.handled, 0);
}

/* One id to who looks at the text, something else to who looks at the bytes. */
static void
a_nul_in_the_envelope_is_seen(void **state)
{
	struct toy *t = *state;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	struct svc_sends sends;
	struct bytes packed;
	uint8_t *x;
	const Envelope__Envelope *reply;

	e.message_id = machines_id(&t->m);
	e.organisation_id = str_format(&t->m.arena, "%sXjunk", toy_provider_id);
	SET(&e, method, TOY_METHOD(VACANCIES));
	assert_int_equal(message_pack(&t->m.arena, &e.base, &packed), ERR_NONE);
	x = memchr(message_data(packed), 'X', packed.len);
	assert_non_null(x);
	*x = '\0'; /* what C makes of it is the provider's id */
	sends = send_raw(t, packed);
	reply = toy_reply(t, &sends, 5);
	assert_int_equal(reply->fault, MALFORMED);
	assert_string_equal(reply->detail, "organisation_id: holds a NUL");
	assert_string_equal(reply->correlation_id, e.message_id);
	assert_int_equal(toy_seen.handled, 0);
}

static void
a_body_that_is_no_message_is_malformed(void **state)
{
	static uint8_t garbage[] = {0x0a, 0x7f, 1};
	struct toy *t = *state;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	struct svc_sends sends;
	struct bytes packed;
	const Envelope__Envelope *reply;

	e.message_id = machines_id(&t->m);
	SET(&e, method, TOY_METHOD(REGISTER_HOUSEHOLD));
	SET_BYTES(&e, body, ((struct bytes){garbage, sizeof garbage}));
	assert_int_equal(message_pack(&t->m.arena, &e.base, &packed), ERR_NONE);
	sends = send_raw(t, packed);
	reply = toy_reply(t, &sends, 5);
	assert_int_equal(reply->fault, MALFORMED);
	assert_string_equal(reply->correlation_id, e.message_id);
	assert_int_equal(toy_seen.handled, 0);
	/* Who may not ask does not even learn that. */
	toy_end_role(t, TOY_OFFICER);
	machines_settle(&t->m);
	sends = send_raw(t, packed);
	assert_int_equal(toy_reply(t, &sends, 5)->fault, DENIED);
}

static void
a_refusal_of_the_check_names_field_and_reason(void **state)
{
	struct toy *t = *state;
	Foster__Household household = FOSTER__HOUSEHOLD__INIT;
	Foster__RegisterHousehold body = FOSTER__REGISTER_HOUSEHOLD__INIT;
	struct toy_call call = write_as(t, TOY_OFFICER, NULL);
	const Envelope__Envelope *reply;

	SET(&household, fee_pence_week, -1);
	body.household = &household;
	call.body = &body.base;
	reply = toy_ask(t, &call);
	assert_int_equal(reply->refusal->number, REFUSAL_FIELD);
	assert_string_equal(reply->refusal->field, "household.fee_pence_week");
	assert_non_null(strstr(reply->refusal->sentence, "is negative"));
	assert_int_equal(toy_seen.handled, 0);
}

static void
health_is_for_everybody_known(void **state)
{
	struct toy *t = *state;
	Common__HealthAsked body = COMMON__HEALTH_ASKED__INIT;
	struct toy_call call = {
	    .key = TOY_COMMISSIONER, .method = 2, .body = &body.base};
	const Common__Health *h;

	toy_write(t);
	h = toy_body(t, toy_ask(t, &call), &common__health__descriptor);
	assert_string_equal(h->service, "foster");
	assert_string_equal(h->notice, "invented children only");
	assert_true(h->ready);
	assert_int_equal(h->head_number, 1);
	assert_int_equal(h->head_hash.len, 32);
	assert_int_equal(h->incarnation, 1001);
	assert_int_equal(h->n_follows, 1);
	call.key = TOY_STRANGER;
	assert_int_equal(fault_of(t, &call), DENIED);
}

static const Common__Copied *
told_copy(struct toy *t)
{
	Common__HealthAsked body = COMMON__HEALTH_ASKED__INIT;
	struct toy_call call = {
	    .key = TOY_COMMISSIONER, .method = 2, .body = &body.base};
	const Common__Health *h =
	    toy_body(t, toy_ask(t, &call), &common__health__descriptor);

	return h->copied;
}

#define BEGUN "\"begun_time\":\"2026-11-21T03:10:00.000Z\""

/* It knows of a copy what whoever made it left beside the store, and believes no word
 * that cannot be of this journal. */
static void
health_says_when_the_store_was_copied(void **state)
{
	static const char *const not_heard[] = {
	    "",
	    "{",
	    "[]",
	    "\xff",
	    "{\"number\":1}\n",
	    "{\"incarnation\":1001,\"number\":1}",
	    "{\"incarnation\":1001," BEGUN "}",
	    "{\"number\":1," BEGUN "}",
	    "{\"incarnation\":1002,\"number\":1," BEGUN "}",
	    "{\"incarnation\":1001,\"number\":3," BEGUN "}",
	};
	struct toy *t = *state;
	const char *store = kv_path(svc_kv(machines_svc(&t->m, "foster")));
	Common__Copied copied = COMMON__COPIED__INIT;
	char path[FOLDER_PATH_MAX], much[2000];

	toy_write(t);
	toy_write(t);
	assert_null(told_copy(t));
	SET(&copied, incarnation, 1001);
	SET(&copied, begun_time, 4711);
	for (unsigned n = 0; n <= 2; n++) {
		SET(&copied, number, n);
		assert_int_equal(copied_write(&t->m.arena, store, &copied), ERR_NONE);
		assert_int_equal(told_copy(t)->number, n);
		assert_int_equal(told_copy(t)->begun_time, 4711);
	}
	machines_restart(&t->m, "foster");
	machines_settle(&t->m);
	store = kv_path(svc_kv(machines_svc(&t->m, "foster")));
	assert_int_equal(told_copy(t)->number, 2);
	folder_file(path, store, COPIED_FILE);
	for (size_t i = 0; i < sizeof not_heard / sizeof not_heard[0]; i++) {
		folder_write(path, not_heard[i], strlen(not_heard[i]));
		assert_null(told_copy(t));
	}
	memset(much, ' ', sizeof much);
	folder_write(path, much, sizeof much);
	assert_null(told_copy(t));
}

static unsigned
files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	unsigned n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	assert_int_equal(closedir(dir), 0);
	return n;
}

/* The word is whole or is the one before; nothing else is left behind. */
static void
word_of_a_copy_that_cannot_be_left_changes_nothing(void **state)
{
	struct toy *t = *state;
	const char *store = kv_path(svc_kv(machines_svc(&t->m, "foster")));
	Common__Copied copied = COMMON__COPIED__INIT;
	char path[FOLDER_PATH_MAX];

	SET(&copied, incarnation, 1001);
	SET(&copied, begun_time, 4711);
	SET(&copied, number, 0);
	assert_int_equal(copied_write(&t->m.arena, "/nowhere", &copied), ERR_STORAGE);
	folder_file(path, store, COPIED_FILE);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(copied_write(&t->m.arena, store, &copied), ERR_STORAGE);
	assert_null(told_copy(t));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(files_in(store), 2); /* LMDB's */
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(the_roles_column_says_who_of_the_people),
	    TEST(one_of_two_organisations_must_be_said),
	    TEST(the_services_column_says_which_of_the_services),
	    TEST(only_the_gateway_speaks_for_a_person),
	    cmocka_unit_test_setup_teardown(
		with_no_copy_people_are_not_served, make_cold, clear),
	    TEST(an_old_copy_will_do_for_an_emergency_alone),
	    TEST(a_method_nobody_has_is_said_to_be_unknown),
	    TEST(bytes_that_are_no_envelope_are_not_answered),
	    TEST(an_envelope_is_checked_field_by_field),
	    TEST(a_nul_in_the_envelope_is_seen),
	    TEST(a_body_that_is_no_message_is_malformed),
	    TEST(a_refusal_of_the_check_names_field_and_reason),
	    TEST(health_is_for_everybody_known),
	    TEST(health_says_when_the_store_was_copied),
	    TEST(word_of_a_copy_that_cannot_be_left_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
