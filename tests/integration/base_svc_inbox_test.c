#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)

/* The same command, sent again and again, and once in other words. */

struct world {
	struct toy toy;
	struct toy_call call;
};

static struct world world;

static int
make(void **state)
{
	struct world *w = &world;

	toy_open(&w->toy);
	w->call = (struct toy_call){
	    .key = TOY_OFFICER,
	    .message_id = machines_id(&w->toy.m),
	    .method = TOY_METHOD(REGISTER_HOUSEHOLD),
	    .body = toy_note(&w->toy, TOY_PLAIN),
	};
	*state = w;
	return 0;
}

static int
clear(void **state)
{
	toy_close(&((struct world *)*state)->toy);
	return 0;
}

static struct bytes
send(struct world *w, const struct toy_call *call)
{
	struct svc_input in = toy_input(&w->toy, call);
	struct svc_sends sends;

	assert_int_equal(toy_turn(&w->toy, &in, 1, &sends), ERR_NONE);
	assert_int_equal(sends.n, 1);
	return sends.list[0].envelope;
}

static uint32_t
refused(struct world *w, const struct toy_call *call)
{
	const Envelope__Envelope *reply = toy_ask(&w->toy, call);

	assert_false(reply->has_fault);
	return reply->refusal == NULL ? 0 : reply->refusal->number;
}

static void
the_same_command_hears_the_same_bytes(void **state)
{
	struct world *w = *state;
	struct bytes first = send(w, &w->call);

	assert_int_equal(toy_head(&w->toy), 1);
	assert_true(bytes_equal(first, send(w, &w->call)));
	machines_restart(&w->toy.m, "foster");
	w->toy.m.now_ms += 29 * DAY_MS;
	/* Even now that the copy of members is too old for a new command. */
	assert_true(bytes_equal(first, send(w, &w->call)));
	assert_int_equal(toy_head(&w->toy), 1 + 1); /* members was witnessed */
	assert_int_equal(toy_seen.handled, 1);
}

static void
twice_in_one_turn_is_once(void **state)
{
	struct world *w = *state;
	struct svc_input in[2];
	struct svc_sends sends;

	in[0] = in[1] = toy_input(&w->toy, &w->call);
	assert_int_equal(toy_turn(&w->toy, in, 2, &sends), ERR_NONE);
	assert_int_equal(sends.n, 2);
	assert_true(bytes_equal(sends.list[0].envelope, sends.list[1].envelope));
	assert_int_equal(toy_head(&w->toy), 1);
}

static void
the_same_id_for_another_command_is_refused(void **state)
{
	struct world *w = *state;
	struct toy_call other = w->call;
	struct bytes first = send(w, &w->call);

	other.body = toy_note(&w->toy, TOY_PLAIN + 1);
	assert_int_equal(refused(w, &other), REFUSAL_ID_OTHER_BODY);
	other = w->call;
	other.method = TOY_METHOD(AMEND_HOUSEHOLD);
	assert_int_equal(refused(w, &other), REFUSAL_ID_OTHER_BODY);
	assert_int_equal(toy_head(&w->toy), 1);
	assert_true(bytes_equal(first, send(w, &w->call)));
}

static void
another_organisation_is_another_command(void **state)
{
	struct world *w = *state;

	w->call.key = TOY_OF_TWO;
	w->call.organisation_id = toy_provider_id;
	assert_int_equal(refused(w, &w->call), 0);
	w->call.organisation_id = toy_other_provider_id;
	assert_int_equal(refused(w, &w->call), REFUSAL_ID_OTHER_BODY);
}

static void
an_id_is_one_caller_s_own(void **state)
{
	struct world *w = *state;
	struct toy_call spoken_for = w->call;
	struct bytes first = send(w, &w->call);

	w->call.key = TOY_OFFICER_TOO;
	assert_false(bytes_equal(first, send(w, &w->call)));
	/* Two people behind the gateway's one key do not share an id either. */
	spoken_for.peer = "gateway";
	spoken_for.user_id = toy_person_ids[0];
	send(w, &spoken_for);
	spoken_for.user_id = toy_person_ids[1];
	send(w, &spoken_for);
	assert_int_equal(toy_head(&w->toy), 4);
}

static void
a_refusal_is_remembered_like_a_yes(void **state)
{
	struct world *w = *state;
	struct bytes first;
	const Envelope__Envelope *reply;

	w->call.body = toy_note(&w->toy, TOY_REFUSED);
	first = send(w, &w->call);
	assert_true(bytes_equal(first, send(w, &w->call)));
	assert_int_equal(toy_seen.handled, 1);
	assert_int_equal(toy_head(&w->toy), 1);
	assert_int_equal(toy_rows(&w->toy, "foster", SVC_INBOX), 1);
	reply = toy_ask(&w->toy, &w->call);
	assert_int_equal(reply->refusal->number, TOY_NO);
	assert_string_equal(
	    reply->refusal->sentence, "The rule says no: not this one.");
	assert_string_equal(reply->refusal->clause, "Toy Act 2026, s1");
	assert_string_equal(reply->refusal->field, "household.bedrooms");
	machines_check_rebuild(&w->toy.m, "foster");
	assert_true(bytes_equal(first, send(w, &w->call)));
}

static void
a_fault_leaves_nothing_and_may_be_tried_again(void **state)
{
	static const struct {
		uint32_t bedrooms;
		Envelope__Fault fault;
	} rows[] = {{TOY_FAULTS, ENVELOPE__FAULT__FAULT_UNREACHABLE},
	    {TOY_BREAKS_APPLY, ENVELOPE__FAULT__FAULT_CORRUPT},
	    {TOY_DECIDES_TOO_MUCH, ENVELOPE__FAULT__FAULT_MEMORY}};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		w->call.body = toy_note(&w->toy, rows[i].bedrooms);
		assert_int_equal(toy_ask(&w->toy, &w->call)->fault, rows[i].fault);
		assert_int_equal(toy_head(&w->toy), 0);
		assert_int_equal(toy_rows(&w->toy, "foster", TOY_NOTES), 0);
	}
	w->call.body = toy_note(&w->toy, TOY_PLAIN);
	assert_int_equal(refused(w, &w->call), 0);
	assert_int_equal(toy_head(&w->toy), 1);
}

static void
what_fails_the_check_leaves_nothing(void **state)
{
	struct world *w = *state;
	Foster__Household household = FOSTER__HOUSEHOLD__INIT;
	Foster__RegisterHousehold call = FOSTER__REGISTER_HOUSEHOLD__INIT;
	char sector[] = "nowhere";
	const Envelope__Envelope *reply;

	household.home_sector = sector;
	call.household = &household;
	w->call.body = &call.base;
	reply = toy_ask(&w->toy, &w->call);
	assert_int_equal(reply->refusal->number, REFUSAL_FIELD);
	assert_string_equal(reply->refusal->field, "household.home_sector");
	assert_non_null(strstr(reply->refusal->sentence, "household.home_sector: "));
	assert_non_null(strstr(reply->refusal->sentence, "postcode sector"));
	assert_int_equal(toy_head(&w->toy), 0);
	w->call.body = toy_note(&w->toy, TOY_PLAIN);
	assert_int_equal(refused(w, &w->call), 0);
}

static char *
id_at(struct world *w, int64_t time_ms)
{
	uint8_t random[ID_RANDOM_BYTES] = {7};
	struct id id = id_make(time_ms, random);

	return str_copy(&w->toy.m.arena, id.text);
}

static void
an_id_from_too_long_ago_or_ahead_is_refused(void **state)
{
	struct world *w = *state;
	int64_t now_ms = w->toy.m.now_ms;
	const struct {
		int64_t time_ms;
		uint32_t refusal;
	} rows[] = {{now_ms - 30 * DAY_MS, 0}, {now_ms - 30 * DAY_MS - 1, 3},
	    {now_ms + 5 * MINUTE_MS, 0}, {now_ms + 5 * MINUTE_MS + 1, 3}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		w->call.message_id = id_at(w, rows[i].time_ms);
		assert_int_equal(refused(w, &w->call), rows[i].refusal);
	}
	assert_int_equal(toy_head(&w->toy), 2);
}

static void
access_is_checked_again_before_an_answer_is_repeated(void **state)
{
	struct world *w = *state;

	send(w, &w->call);
	toy_end_role(&w->toy, TOY_OFFICER);
	machines_settle(&w->toy.m);
	assert_int_equal(
	    toy_ask(&w->toy, &w->call)->fault, ENVELOPE__FAULT__FAULT_DENIED);
	assert_int_equal(toy_head(&w->toy), 1);
}

/* A row goes at 30 days, and the rebuilt inbox is the inbox. */
static void
the_inbox_forgets_after_thirty_days(void **state)
{
	struct world *w = *state;
	struct toy_call late;

	send(w, &w->call);
	w->toy.m.now_ms += 30 * DAY_MS;
	machines_settle(&w->toy.m);
	late = w->call;
	late.message_id = NULL;
	send(w, &late);
	assert_int_equal(toy_rows(&w->toy, "foster", SVC_INBOX), 1);
	assert_int_equal(refused(w, &w->call), REFUSAL_ID_TIME);
	machines_check_rebuild(&w->toy.m, "foster");
	assert_int_equal(toy_rows(&w->toy, "foster", SVC_INBOX), 1);
	assert_int_equal(toy_head(&w->toy), 2 + 1); /* members was witnessed */
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(the_same_command_hears_the_same_bytes),
	    TEST(twice_in_one_turn_is_once),
	    TEST(the_same_id_for_another_command_is_refused),
	    TEST(another_organisation_is_another_command),
	    TEST(an_id_is_one_caller_s_own),
	    TEST(a_refusal_is_remembered_like_a_yes),
	    TEST(a_fault_leaves_nothing_and_may_be_tried_again),
	    TEST(what_fails_the_check_leaves_nothing),
	    TEST(an_id_from_too_long_ago_or_ahead_is_refused),
	    TEST(access_is_checked_again_before_an_answer_is_repeated),
	    TEST(the_inbox_forgets_after_thirty_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
