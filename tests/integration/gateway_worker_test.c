/*
 * The worker's children are this same program, as the gateway's are the gateway: main
 * gives way to worker_main when it is told to.
 */
#include "gateway/worker.h"

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/sanitized.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define PATIENCE_US 20000000
#define QUICK_KIB WORKER_MEMORY_KIB_MIN
#define TICKETS 64

static struct worker worker;
static struct answered {
	uint64_t ticket;
	bool has_key;
	char hex[2 * WORKER_KEY_BYTES + 1];
} answers[TICKETS];
static size_t answers_n;

static void
on_answer(void *context, uint64_t ticket, const uint8_t *key)
{
	struct answered *a = &answers[answers_n++];

	assert_ptr_equal(context, &worker);
	assert_true(answers_n <= TICKETS);
	*a = (struct answered){.ticket = ticket, .has_key = key != NULL};
	if (key != NULL)
		bytes_to_hex((struct bytes){key, WORKER_KEY_BYTES}, a->hex);
}

static void
open_worker(const char *program)
{
	const struct worker_options o = {program, on_answer, &worker};

	answers_n = 0;
	assert_int_equal(worker_open(&worker, &o), ERR_NONE);
}

static int
open_own(void **state)
{
	(void)state;
	open_worker("/proc/self/exe");
	return 0;
}

static int
close_worker(void **state)
{
	(void)state;
	worker_close(&worker);
	return 0;
}

static struct worker_question
question(const char *password, uint32_t memory_kib, uint32_t passes)
{
	struct worker_question q = {
	    bytes_of_text(password), memory_kib, passes, {0}, false};

	memcpy(q.salt, "somesaltsomesalt", sizeof q.salt);
	return q;
}

static uint64_t
ask(const char *password, uint32_t memory_kib, uint32_t passes)
{
	struct worker_question q = question(password, memory_kib, passes);
	uint64_t ticket = 0;

	assert_int_equal(worker_ask(&worker, &q, &ticket), ERR_NONE);
	assert_int_not_equal(ticket, 0);
	return ticket;
}

/* Until there are so many answers, as the loop of the gateway would. */
static void
serve_until(size_t n)
{
	int64_t end_us = clock_ticks_us() + PATIENCE_US;

	while (answers_n < n) {
		int64_t rest_us = worker_serve(&worker, clock_ticks_us());
		struct pollfd wait = {.fd = worker_fd(&worker), .events = POLLIN};

		assert_true(clock_ticks_us() < end_us);
		if (answers_n < n)
			(void)poll(&wait, 1, (int)(rest_us / 1000) + 1);
	}
}

static size_t
place_of(uint64_t ticket)
{
	size_t i = 0;

	while (i < answers_n && answers[i].ticket != ticket)
		i++;
	return i;
}

static bool
is_answered(uint64_t ticket)
{
	return place_of(ticket) < answers_n;
}

static struct answered
answer_to(uint64_t ticket)
{
	assert_true(is_answered(ticket));
	return answers[place_of(ticket)];
}

/* What the reference program `argon2 somesaltsomesalt -id -p 1 -l 32 -r` says. */
static const struct {
	const char *password;
	uint32_t memory_kib, passes;
	const char *key;
} known[] = {
    {"correct horse battery", WORKER_MEMORY_KIB, WORKER_PASSES,
	"d5473e9b0220bdf43699c1b4d763d45b2b54c30776b3aab8f00e122a765d4b3e"},
    {"\xc3\xa9", 8192, 1,
	"6ab96a2759efbce7ba0db4ec32c6d418b7a46c9d472693c889a1b2b34dc6049b"},
};

static void
keys_are_those_of_argon2id(void **state)
{
	(void)state;
	uint64_t tickets[N(known)];

	for (size_t i = 0; i < N(known); i++)
		tickets[i] =
		    ask(known[i].password, known[i].memory_kib, known[i].passes);
	serve_until(N(known));
	for (size_t i = 0; i < N(known); i++) {
		assert_true(answer_to(tickets[i]).has_key);
		assert_string_equal(answer_to(tickets[i]).hex, known[i].key);
	}
}

static void
what_no_child_would_do_is_not_asked(void **state)
{
	(void)state;
	static char long_password[WORKER_PASSWORD_BYTES_MAX + 2];
	struct worker_question wrong[] = {
	    question("x", WORKER_MEMORY_KIB_MIN - 1, 2),
	    question("x", WORKER_MEMORY_KIB_MAX + 1, 2),
	    question("x", UINT32_MAX, 2),
	    question("x", WORKER_MEMORY_KIB, 0),
	    question("x", WORKER_MEMORY_KIB, WORKER_PASSES_MAX + 1),
	    question("x", WORKER_MEMORY_KIB, 2),
	};
	uint64_t ticket;

	memset(long_password, 'x', sizeof long_password - 1);
	wrong[N(wrong) - 1].password = bytes_of_text(long_password);
	for (size_t i = 0; i < N(wrong); i++)
		assert_int_equal(
		    worker_ask(&worker, &wrong[i], &ticket), ERR_MALFORMED);
	long_password[WORKER_PASSWORD_BYTES_MAX] = '\0';
	(void)ask(long_password, QUICK_KIB, 1);
	(void)ask("", QUICK_KIB, 1);
	serve_until(2);
	assert_true(answers[0].has_key && answers[1].has_key);
}

static void
too_many_are_told_to_come_again(void **state)
{
	(void)state;
	struct worker_question q = question("x", QUICK_KIB, 1);
	uint64_t strangers[WORKER_WAITING_MAX - WORKER_KEPT_FREE], more;
	uint64_t known_ones[WORKER_KEPT_FREE];

	for (unsigned i = 0; i < N(strangers); i++)
		strangers[i] = ask("x", QUICK_KIB, 1);
	assert_int_equal(worker_ask(&worker, &q, &more), ERR_BUSY);
	/* Whoever has been here before finds a place, and is served before them. */
	q.is_known = true;
	for (unsigned i = 0; i < N(known_ones); i++)
		assert_int_equal(worker_ask(&worker, &q, &known_ones[i]), ERR_NONE);
	assert_int_equal(worker_ask(&worker, &q, &more), ERR_BUSY);
	/* A child that finds no more of them takes a stranger while the other still
	 * works on the last. */
	for (unsigned i = 0; i < N(known_ones); i++) {
		while (!is_answered(known_ones[i]))
			serve_until(answers_n + 1);
		assert_true(answer_to(known_ones[i]).has_key);
	}
	assert_true(answers_n < N(known_ones) + N(strangers) / 2);
	q.is_known = false;
	serve_until(N(known_ones) + 1);
	assert_int_equal(worker_ask(&worker, &q, &more), ERR_NONE);
	serve_until(WORKER_WAITING_MAX + 1);
	for (unsigned i = 0; i < N(strangers); i++)
		assert_true(answer_to(strangers[i]).has_key);
	assert_true(answer_to(more).has_key);
}

/* How many children of this process there are, by the kernel's list. */
static unsigned
children(pid_t *last)
{
	char path[64], line[256] = "", *rest = line;
	unsigned n = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "r");
	assert_non_null(f);
	if (fgets(line, sizeof line, f) == NULL)
		line[0] = '\0';
	(void)fclose(f);
	while (*rest != '\0') {
		char *end;
		long pid = strtol(rest, &end, 10);

		if (end == rest)
			break;
		*last = (pid_t)pid;
		rest = end;
		n++;
	}
	return n;
}

static void
two_work_at_once_and_none_before_it_is_asked(void **state)
{
	(void)state;
	pid_t pid = 0;

	(void)worker_serve(&worker, clock_ticks_us());
	assert_int_equal(children(&pid), 0);
	for (unsigned i = 0; i < 8; i++)
		(void)ask("x", QUICK_KIB, 1);
	(void)worker_serve(&worker, clock_ticks_us());
	assert_int_equal(children(&pid), WORKER_CHILDREN);
	serve_until(8);
	assert_int_equal(children(&pid), WORKER_CHILDREN);
	worker_close(&worker);
	assert_int_equal(children(&pid), 0);
	open_worker("/proc/self/exe");
}

static void
one_that_is_killed_is_replaced_and_asked_again(void **state)
{
	(void)state;
	uint64_t ticket;

	for (unsigned i = 0; i < 2; i++) { /* before it has proved itself, and after */
		ticket = ask("correct horse battery", WORKER_MEMORY_KIB, WORKER_PASSES);
		(void)worker_serve(&worker, clock_ticks_us());
		for (unsigned c = 0; c < WORKER_CHILDREN; c++)
			if (worker.children[c].pid != 0)
				assert_int_equal(
				    kill(worker.children[c].pid, SIGKILL), 0);
		serve_until(i + 1);
		assert_string_equal(answer_to(ticket).hex, known[0].key);
	}
}

/* One that hangs is not waited for longer than it may be. */
static void
one_that_halts_is_replaced(void **state)
{
	(void)state;
	uint64_t ticket =
	    ask("correct horse battery", WORKER_MEMORY_KIB, WORKER_PASSES);
	int64_t now_us = clock_ticks_us();

	(void)worker_serve(&worker, now_us);
	assert_int_equal(kill(worker.children[0].pid, SIGSTOP), 0);
	(void)worker_serve(&worker, now_us + WORKER_SILENT_US - 1);
	assert_int_not_equal(worker.children[0].ticket, 0);
	(void)worker_serve(&worker, now_us + WORKER_SILENT_US);
	serve_until(1);
	assert_string_equal(answer_to(ticket).hex, known[0].key);
}

static void
what_cannot_be_run_is_given_up(void **state)
{
	(void)state;
	uint64_t ticket;

	worker_close(&worker);
	open_worker("/nowhere/at/all");
	ticket = ask("x", QUICK_KIB, 1);
	serve_until(1);
	assert_false(answer_to(ticket).has_key);
}

static void
who_is_gone_gets_no_answer(void **state)
{
	(void)state;
	uint64_t gone = ask("x", QUICK_KIB, 1), here = ask("y", QUICK_KIB, 1);
	uint64_t waiting = ask("z", QUICK_KIB, 1), last = ask("w", QUICK_KIB, 1);

	(void)worker_serve(&worker, clock_ticks_us());
	worker_forget(&worker, gone);    /* is worked on */
	worker_forget(&worker, waiting); /* is not yet */
	worker_forget(&worker, 0);
	worker_forget(&worker, 4711);
	serve_until(2);
	assert_true(answer_to(here).has_key && answer_to(last).has_key);
	(void)ask("x", QUICK_KIB, 1);
	serve_until(3);
	assert_int_equal(answers_n, 3);
}

/* A password that was asked with is nowhere in the gateway's memory of it. */
static void
no_password_is_kept(void **state)
{
	(void)state;
	static const char password[] = "a password that is long enough";

	(void)ask(password, QUICK_KIB, 1);
	assert_non_null(memmem(&worker, sizeof worker, password, sizeof password - 1));
	serve_until(1);
	assert_null(memmem(&worker, sizeof worker, password, sizeof password - 1));
}

/* It may not even ask for a file or a socket: told by what the kernel says of it. */
static void
a_child_is_shut_in(void **state)
{
	(void)state;
	char path[64], text[8192];
	size_t n;
	FILE *f;

	if (IS_SANITIZED)
		skip();
	(void)ask("x", QUICK_KIB, 1);
	serve_until(1);
	snprintf(path, sizeof path, "/proc/%d/status", (int)worker.children[0].pid);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	(void)fclose(f);
	text[n] = '\0';
	assert_non_null(strstr(text, "\nSeccomp:\t2\n"));
	assert_non_null(strstr(text, "\nNoNewPrivs:\t1\n"));
}

static void
bytes_that_are_no_question_are_none(void **state)
{
	(void)state;
	uint8_t packed[WORKER_PACKED_BYTES + 1] = {0}, answer[WORKER_ANSWER_BYTES];

	assert_int_equal(worker_work(BYTES_NONE, answer), 0);
	for (size_t len = 0; len <= sizeof packed; len++)
		assert_int_equal(worker_work((struct bytes){packed, len}, answer), 0);
}

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--worker") == 0)
		return worker_main();

	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		keys_are_those_of_argon2id, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		what_no_child_would_do_is_not_asked, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		too_many_are_told_to_come_again, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		two_work_at_once_and_none_before_it_is_asked, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		one_that_is_killed_is_replaced_and_asked_again, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		one_that_halts_is_replaced, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		what_cannot_be_run_is_given_up, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		who_is_gone_gets_no_answer, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(
		no_password_is_kept, open_own, close_worker),
	    cmocka_unit_test_setup_teardown(a_child_is_shut_in, open_own, close_worker),
	    cmocka_unit_test(bytes_that_are_no_question_are_none),
	};
	log_open("gateway", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
