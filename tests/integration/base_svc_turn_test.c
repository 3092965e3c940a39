#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

#define DAY_MS INT64_C(86400000)

/* One turn: many inputs, one transaction, and what a fault in it costs whom. */

static struct toy toy;

static int
make(void **state)
{
	toy_open(&toy);
	*state = &toy;
	return 0;
}

static int
clear(void **state)
{
	toy_close(*state);
	return 0;
}

static struct toy_call
note(struct toy *t, uint32_t bedrooms, uint64_t token)
{
	return (struct toy_call){
	    .key = TOY_OFFICER,
	    .token = token,
	    .method = TOY_METHOD(REGISTER_HOUSEHOLD),
	    .body = toy_note(t, bedrooms),
	};
}

static uint64_t
number_of(struct toy *t, const struct svc_sends *sends, uint64_t token)
{
	const Common__Done *done =
	    toy_body(t, toy_reply(t, sends, token), &common__done__descriptor);

	return done->number;
}

static void
numbers_given_out_are_those_of_the_journal(void **state)
{
	struct toy *t = *state;
	Place__Hold call = PLACE__HOLD__INIT;
	struct svc_input in[3];
	struct svc_sends sends;
	const Place__Held *held;

	SET(&call, hold_minutes, 5);
	in[0] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				 .method = TOY_METHOD(REGISTER_HOUSEHOLD),
				 .body = toy_note(t, TOY_REFUSED)});
	in[1] = toy_input(t, &(struct toy_call){.peer = "requests",
				 .method = TOY_METHOD(HOLD),
				 .body = &call.base,
				 .token = 1});
	in[2] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
				 .method = TOY_METHOD(REGISTER_HOUSEHOLD),
				 .body = toy_note(t, TOY_PLAIN),
				 .token = 2});
	assert_int_equal(toy_turn(t, in, 3, &sends), ERR_NONE);
	held = toy_body(t, toy_reply(t, &sends, 1), &place__held__descriptor);
	assert_int_equal(held->fencing_number, 2); /* the refusal is entry 1 */
	assert_int_equal(number_of(t, &sends, 2), 3);
	assert_true(sends.has_news);
	assert_int_equal(sends.head_number, 3);
	assert_int_equal(toy_head(t), 3);
}

static void
each_event_of_a_decision_has_its_own(void **state)
{
	struct toy *t = *state;
	struct toy_call call = note(t, TOY_DECIDES_TWO, 1);
	struct svc_input in = toy_input(t, &call);
	struct svc_sends sends;

	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	assert_int_equal(number_of(t, &sends, 1), 2);
	assert_int_equal(toy_head(t), 2);
	assert_int_equal(toy_write(t), 3);
	/* The answer is in the last of them, and found again there. */
	assert_int_equal(toy_turn(t, &in, 1, &sends), ERR_NONE);
	assert_int_equal(number_of(t, &sends, 1), 2);
	assert_int_equal(toy_head(t), 3);
}

static void
only_the_guilty_command_faults(void **state)
{
	struct toy *t = *state;
	struct toy_call calls[] = {note(t, TOY_PLAIN, 1), note(t, TOY_BREAKS_APPLY, 2),
	    note(t, TOY_REFUSED, 3), note(t, TOY_PLAIN, 4), note(t, TOY_FAULTS, 5)};
	struct svc_input in[5];
	struct svc_sends sends;

	for (size_t i = 0; i < 5; i++)
		in[i] = toy_input(t, &calls[i]);
	assert_int_equal(toy_turn(t, in, 5, &sends), ERR_NONE);
	assert_int_equal(sends.n, 5);
	assert_int_equal(number_of(t, &sends, 1), 1);
	assert_int_equal(
	    toy_reply(t, &sends, 2)->fault, ENVELOPE__FAULT__FAULT_CORRUPT);
	assert_int_equal(toy_reply(t, &sends, 3)->refusal->number, TOY_NO);
	assert_int_equal(number_of(t, &sends, 4), 3);
	assert_int_equal(
	    toy_reply(t, &sends, 5)->fault, ENVELOPE__FAULT__FAULT_UNREACHABLE);
	assert_int_equal(toy_head(t), 3);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 2);
	machines_check_rebuild(&t->m, "foster");
}

/* Answers so large that they fill what a turn may send: redone, they fit again. */
static void
a_redone_turn_sends_no_less_than_a_first(void **state)
{
	enum { N = 150 };
	struct toy *t = *state;
	Foster__VacanciesAsked question = FOSTER__VACANCIES_ASKED__INIT;
	struct toy_call guilty = note(t, TOY_BREAKS_APPLY, N);
	struct svc_input in[N + 1];
	struct svc_sends sends;

	SET(&question, limit, TOY_ANSWERS_MUCH);
	for (size_t i = 0; i < N; i++)
		in[i] = toy_input(t, &(struct toy_call){.key = TOY_OFFICER,
					 .method = TOY_METHOD(VACANCIES),
					 .body = &question.base,
					 .token = i});
	in[N] = toy_input(t, &guilty);
	assert_int_equal(toy_turn(t, in, N + 1, &sends), ERR_NONE);
	assert_int_equal(sends.n, N + 1);
}

static void
an_answer_too_large_to_send_is_a_fault(void **state)
{
	struct toy *t = *state;
	Foster__VacanciesAsked question = FOSTER__VACANCIES_ASKED__INIT;
	const Envelope__Envelope *reply;

	SET(&question, limit, TOY_ANSWERS_TOO_MUCH);
	reply = toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
			       .method = TOY_METHOD(VACANCIES),
			       .body = &question.base});
	assert_int_equal(reply->fault, ENVELOPE__FAULT__FAULT_MEMORY);
}

static void
time_never_runs_behind_the_last_entry(void **state)
{
	struct toy *t = *state;
	int64_t first_ms = t->m.now_ms;

	toy_write(t);
	assert_int_equal(toy_seen.now_ms, first_ms);
	t->m.now_ms -= 5000;
	machines_restart(&t->m, "foster");
	toy_write(t);
	assert_int_equal(toy_seen.now_ms, first_ms);
	t->m.now_ms += 5001;
	toy_write(t);
	assert_int_equal(toy_seen.now_ms, first_ms + 1);
	machines_check_rebuild(&t->m, "foster");
}

/* ---- a store that will not have it ---- */

static void
reopen_with(struct toy *t, uint64_t map_bytes)
{
	struct machine *one = &t->m.list[1];
	char problem[300];
	struct svc_options o = {
	    .service = one->service,
	    .path = one->path,
	    .peers = &t->m.peers,
	    .map_bytes = map_bytes,
	    .no_sync = true,
	    .incarnation = 1,
	    .now_ms = t->m.now_ms,
	};

	svc_close(one->svc);
	assert_int_equal(svc_open(&one->svc, &o, problem, sizeof problem), ERR_NONE);
}

/* Three notes at a time, until one turn cannot be kept; that one says nothing. */
static uint64_t
write_until_it_fails(struct toy *t, enum err expected)
{
	uint64_t acknowledged = toy_head(t);

	for (unsigned turn = 0; turn < 10000; turn++) {
		struct svc_input in[3];
		struct svc_sends sends;
		enum err e;

		for (size_t i = 0; i < 3; i++) {
			struct toy_call call = note(t, TOY_PLAIN, i);
			in[i] = toy_input(t, &call);
		}
		e = toy_turn(t, in, 3, &sends);
		if (e != ERR_NONE) {
			assert_int_equal(e, expected);
			assert_int_equal(sends.n, 0);
			assert_false(sends.has_news);
			return acknowledged;
		}
		assert_int_equal(sends.n, 3);
		acknowledged += 3;
	}
	fail_msg("it never failed");
	return 0;
}

static void
a_full_store_acknowledges_nothing(void **state)
{
	struct toy *t = *state;
	uint64_t acknowledged;

	reopen_with(t, 512u << 10);
	acknowledged = write_until_it_fails(t, ERR_FULL);
	assert_true(acknowledged > 100);
	reopen_with(t, 64u << 20);
	assert_int_equal(toy_head(t), acknowledged);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), acknowledged);
	assert_int_equal(toy_write(t), acknowledged + 1);
	machines_check_rebuild(&t->m, "foster");
}

static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The commit itself fails: the disk takes no more. */
static void
a_failed_commit_acknowledges_nothing(void **state)
{
	struct toy *t = *state;
	char path[FOLDER_PATH_MAX];
	struct stat file;
	uint64_t acknowledged;

	toy_write(t);
	folder_file(path, t->m.list[1].path, "data.mdb");
	assert_int_equal(stat(path, &file), 0);
	signal(SIGXFSZ, SIG_IGN);
	limit_files((rlim_t)file.st_size + (64u << 10));
	acknowledged = write_until_it_fails(t, ERR_STORAGE);
	limit_files(0);
	machines_restart(&t->m, "foster");
	assert_int_equal(toy_head(t), acknowledged);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), acknowledged);
	assert_int_equal(toy_write(t), acknowledged + 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(numbers_given_out_are_those_of_the_journal),
	    TEST(each_event_of_a_decision_has_its_own),
	    TEST(only_the_guilty_command_faults),
	    TEST(a_redone_turn_sends_no_less_than_a_first),
	    TEST(an_answer_too_large_to_send_is_a_fault),
	    TEST(time_never_runs_behind_the_last_entry),
	    TEST(a_full_store_acknowledges_nothing),
	    TEST(a_failed_commit_acknowledges_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
