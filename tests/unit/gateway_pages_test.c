#include "gateway/health.h"
#include "gateway/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/message.h"
#include "support/memory.h"

#define NOW_MS INT64_C(1764000000000) /* 2025-11-24T16:00:00Z */
#define BACKUP_AGE_MS 46200000        /* 03:10 */
#define N(list) (sizeof(list) / sizeof((list)[0]))

/* A service that is well: it follows one other and is three entries behind. */
struct sample {
	Common__Health health;
	Common__FollowHealth follow;
	Common__FollowHealth *follows[1];
	Common__Copied copied;
};

static void
make_sample(struct sample *s)
{
	static uint8_t hash[2] = {0xab, 0x01};
	static char source[] = "members", name[] = "foster";

	common__health__init(&s->health);
	common__follow_health__init(&s->follow);
	s->follow.service = source;
	SET(&s->follow, number, 117);
	SET(&s->follow, head_number, 120);
	SET(&s->follow, fresh_time, NOW_MS - 1500);
	s->follows[0] = &s->follow;
	s->health.service = name;
	SET(&s->health, ready, true);
	SET(&s->health, head_number, 4711);
	SET_BYTES(&s->health, head_hash, ((struct bytes){hash, sizeof hash}));
	SET(&s->health, incarnation, UINT64_C(0xfedcba9876543210));
	SET(&s->health, owed_calls, 0);
	SET(&s->health, store_used_percent, 7);
	SET(&s->health, started_time, NOW_MS - 60000);
	s->health.follows = s->follows;
	s->health.n_follows = 1;
	common__copied__init(&s->copied);
	SET(&s->copied, number, 4700);
	SET(&s->copied, begun_time, NOW_MS - BACKUP_AGE_MS);
	s->health.copied = &s->copied;
}

static const Gateway__Health *
view_of(const struct gateway_heard *heard, size_t n)
{
	const Gateway__Health *view = NULL;

	arena_reset(&arena);
	assert_int_equal(
	    gateway_health_view(&arena, heard, n, NOW_MS, &view), ERR_NONE);
	return view;
}

static const char *
metrics_of(const Gateway__Health *view)
{
	const char *text = NULL;

	assert_int_equal(gateway_metrics_text(&arena, view, &text), ERR_NONE);
	return text;
}

static void
assert_line(const char *text, const char *line)
{
	char whole[300];

	snprintf(whole, sizeof whole, "\n%s\n", line);
	if (strstr(text, whole) == NULL)
		fail_msg("no line \"%s\" in:\n%s", line, text);
}

static void
assert_none(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("\"%s\" in:\n%s", part, text);
}

/* ---- is all well? ---- */

static void
all_is_well_only_when_every_service_is_up_and_ready(void **state)
{
	struct sample a, b;
	struct gateway_heard heard[2] = {
	    {"foster", NOW_MS, &a.health}, {"requests", NOW_MS, &b.health}};
	const Common__Health *answers[] = {NULL, &b.health};

	(void)state;
	make_sample(&a);
	make_sample(&b);
	for (size_t i = 0; i < N(answers); i++) {
		for (unsigned ready = 0; ready < 2; ready++) {
			heard[1].health = answers[i];
			SET(&b.health, ready, ready != 0);
			assert_int_equal(
			    view_of(heard, 2)->well, answers[i] != NULL && ready != 0);
		}
	}
}

static void
a_ready_that_was_not_said_is_no(void **state)
{
	struct sample s;
	const struct gateway_heard heard = {"foster", NOW_MS, &s.health};

	(void)state;
	make_sample(&s);
	s.health.has_ready = 0;
	s.health.ready = false;
	assert_false(view_of(&heard, 1)->well);
	assert_true(view_of(&heard, 1)->services[0]->has_ready);
}

/* ---- JSON ---- */

static const char *
json_of(const struct gateway_heard *heard, size_t n)
{
	const char *json = NULL;

	assert_int_equal(
	    json_from_message(&arena, &view_of(heard, n)->base, 0, &json), ERR_NONE);
	return json;
}

static void
the_page_of_one_that_is_well_says_all(void **state)
{
	struct sample s;
	const struct gateway_heard heard = {"foster", NOW_MS - 200, &s.health};

	(void)state;
	make_sample(&s);
	assert_string_equal(json_of(&heard, 1),
	    "{\"well\":true,\"notice\":\"invented children only: no real child's "
	    "details may be entered here\",\"asked_time\":"
	    "\"2025-11-24T16:00:00.000Z\",\"services\":[{\"service\":\"foster\","
	    "\"up\":true,\"answered_time\":\"2025-11-24T15:59:59.800Z\",\"ready\":"
	    "true,\"incarnation\":\"fedcba9876543210\",\"head_number\":4711,"
	    "\"head_hash\":\"ab01\",\"follows\":[{\"service\":\"members\","
	    "\"lag_events\":3,\"fresh_time\":\"2025-11-24T15:59:58.500Z\"}],"
	    "\"owed_calls\":0,\"store_used_percent\":7,\"started_time\":"
	    "\"2025-11-24T15:59:00.000Z\",\"copied_time\":"
	    "\"2025-11-24T03:10:00.000Z\",\"uncopied_events\":11}]}");
}

static void
of_one_that_is_down_nothing_old_is_told(void **state)
{
	const struct gateway_heard heard[] = {
	    {"foster", NOW_MS - 9000, NULL}, {"requests", 0, NULL}};

	(void)state;
	assert_non_null(strstr(json_of(heard, 2),
	    "\"services\":[{\"service\":\"foster\",\"up\":false,"
	    "\"answered_time\":\"2025-11-24T15:59:51.000Z\"},{\"service\":"
	    "\"requests\",\"up\":false}]}"));
}

/* ---- Prometheus ---- */

static void
every_number_is_a_line(void **state)
{
	static const char *const lines[] = {
	    "rcc_service_up{service=\"foster\"} 1",
	    "rcc_service_answer_age_seconds{service=\"foster\"} 0.200",
	    "rcc_service_ready{service=\"foster\"} 1",
	    "rcc_service_start_time_seconds{service=\"foster\"} 1763999940.000",
	    "rcc_journal_head_number{service=\"foster\"} 4711",
	    "rcc_owed_calls{service=\"foster\"} 2",
	    "rcc_owed_oldest_age_seconds{service=\"foster\"} 61.007",
	    "rcc_store_used_ratio{service=\"foster\"} 0.070",
	    "rcc_backup_age_seconds{service=\"foster\"} 46200.000",
	    "rcc_backup_lag_events{service=\"foster\"} 11",
	    "rcc_follow_lag_events{service=\"foster\",source=\"members\"} 3",
	    "rcc_follow_fresh_age_seconds{service=\"foster\",source=\"members\"} 1.500",
	    "rcc_follow_stopped{service=\"foster\",source=\"members\"} 0",
	    "rcc_journal_info{service=\"foster\",incarnation=\"fedcba9876543210\"} 1",
	    "# TYPE rcc_service_up gauge",
	    "# HELP rcc_service_up 1 if the service answered when last asked.",
	};
	struct sample s;
	const struct gateway_heard heard = {"foster", NOW_MS - 200, &s.health};
	const char *text;

	(void)state;
	make_sample(&s);
	SET(&s.health, owed_calls, 2);
	SET(&s.health, oldest_owed_time, NOW_MS - 61007);
	text = metrics_of(view_of(&heard, 1));
	for (size_t i = 0; i < N(lines); i++)
		assert_line(text, lines[i]);
	assert_int_equal(strncmp(text, "# invented children only", 24), 0);
}

static void
what_is_not_known_has_no_line(void **state)
{
	struct sample s;
	const struct gateway_heard heard[] = {
	    {"foster", NOW_MS, &s.health}, {"requests", 0, NULL}};
	const char *text;

	(void)state;
	make_sample(&s);
	s.follow.has_fresh_time = 0;
	s.health.copied = NULL;
	text = metrics_of(view_of(heard, 2));
	assert_line(text, "rcc_service_up{service=\"requests\"} 0");
	assert_none(text, "rcc_service_ready{service=\"requests\"");
	assert_none(text, "rcc_service_answer_age_seconds{service=\"requests\"");
	assert_none(text, "rcc_journal_info{service=\"requests\"");
	assert_none(text, "\nrcc_owed_oldest_age_seconds{");
	assert_none(text, "\nrcc_follow_fresh_age_seconds{");
	assert_none(text, "\nrcc_backup_age_seconds{");
	assert_line(text, "rcc_backup_lag_events{service=\"foster\"} 4711");
	assert_none(text, "rcc_backup_lag_events{service=\"requests\"");
}

static void
a_follow_that_stopped_says_so(void **state)
{
	static char why[] = "an entry of type 99";
	struct sample s;
	const struct gateway_heard heard = {"foster", NOW_MS, &s.health};

	(void)state;
	make_sample(&s);
	s.follow.stopped = why;
	assert_line(metrics_of(view_of(&heard, 1)),
	    "rcc_follow_stopped{service=\"foster\",source=\"members\"} 1");
}

static void
a_clock_that_is_behind_makes_nothing_negative(void **state)
{
	struct sample s;
	const struct gateway_heard heard = {"foster", NOW_MS + 5000, &s.health};

	(void)state;
	make_sample(&s);
	SET(&s.follow, number, 130); /* beyond the head it last heard of */
	assert_line(metrics_of(view_of(&heard, 1)),
	    "rcc_service_answer_age_seconds{service=\"foster\"} 0.000");
	assert_line(metrics_of(view_of(&heard, 1)),
	    "rcc_follow_lag_events{service=\"foster\",source=\"members\"} 0");
}

static void
labels_are_escaped(void **state)
{
	static char source[] = "a\"b\\c\nd";
	struct sample s;
	const struct gateway_heard heard = {"fo\"ster", NOW_MS, &s.health};

	(void)state;
	make_sample(&s);
	s.follow.service = source;
	assert_line(metrics_of(view_of(&heard, 1)),
	    "rcc_follow_lag_events{service=\"fo\\\"ster\",source=\"a\\\"b\\\\c\\nd\"} "
	    "3");
}

/* Too long a page is no page: half of one would be believed. */
static void
more_than_the_page_holds_is_a_fault(void **state)
{
	struct sample s;
	struct gateway_heard heard[1] = {{"foster", NOW_MS, &s.health}};
	Common__FollowHealth *follows[900];
	const char *text = NULL;
	const Gateway__Health *view;

	(void)state;
	make_sample(&s);
	for (size_t i = 0; i < N(follows); i++)
		follows[i] = &s.follow;
	s.health.follows = follows;
	s.health.n_follows = N(follows);
	view = view_of(heard, 1);
	assert_int_equal(gateway_metrics_text(&arena, view, &text), ERR_MEMORY);
	assert_null(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_is_well_only_when_every_service_is_up_and_ready),
	    cmocka_unit_test(a_ready_that_was_not_said_is_no),
	    cmocka_unit_test(the_page_of_one_that_is_well_says_all),
	    cmocka_unit_test(of_one_that_is_down_nothing_old_is_told),
	    cmocka_unit_test(every_number_is_a_line),
	    cmocka_unit_test(what_is_not_known_has_no_line),
	    cmocka_unit_test(a_follow_that_stopped_says_so),
	    cmocka_unit_test(a_clock_that_is_behind_makes_nothing_negative),
	    cmocka_unit_test(labels_are_escaped),
	    cmocka_unit_test(more_than_the_page_holds_is_a_fault),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
