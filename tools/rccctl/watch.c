#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"

#include "args.h"
#include "client.h"
#include "verbs.h"
#include "words.h"

#include "requests.pb-c.h"

#define LOOK_EVERY_MS INT64_C(1000)
#define ASK_MS INT64_C(3000)
#define ROWS_MAX 2000
#define SECONDS_MAX INT64_C(604800) /* a week */
#define MEMORY_BYTES ((size_t)64 * 1024 * 1024)

static const struct flag flags[] = {
    {"--for", "SECONDS", "so long; until Ctrl-C unless told", NULL, NULL},
};

static volatile sig_atomic_t is_stopped;

static void
on_stop(int number)
{
	(void)number;
	is_stopped = 1;
}

/* What was seen at the last look, in an arena of its own: two take turns. */
struct seen {
	struct arena memory;
	const Requests__Requests *list; /* NULL: not yet */
};

static const Requests__RequestLine *
find(const Requests__Requests *list, const char *id)
{
	for (size_t i = 0; list && i < list->n_requests; i++) {
		if (str_equal(list->requests[i]->request_id, id))
			return list->requests[i];
	}
	return NULL;
}

static const char *
state_word(struct tool *t, Requests__State state)
{
	return words_enum(&t->arena, &requests__state__descriptor, (int)state);
}

static void
print_json(struct tool *t, const Requests__RequestLine *now)
{
	const char *json = NULL;

	if (json_from_message(&t->arena, &now->base, 0, &json) == ERR_NONE)
		(void)puts(json);
}

static void
print_new(struct tool *t, const char *clock, const Requests__RequestLine *now)
{
	(void)printf("%s  %s  new: %s, %s, %u child%s, home %s%s%s\n", clock,
	    words_safe(&t->arena, now->request_id), state_word(t, now->state),
	    words_enum(&t->arena, &requests__urgency__descriptor, (int)now->urgency),
	    now->children, now->children == 1 ? "" : "ren",
	    now->home_sector ? words_safe(&t->arena, now->home_sector) : "not said",
	    now->has_needed_by_day ? ", by " : "",
	    now->has_needed_by_day ? words_day(&t->arena, now->needed_by_day) : "");
}

/* What is different, in words; "" where nothing is. */
static const char *
say_change(
    struct tool *t, const Requests__RequestLine *was, const Requests__RequestLine *now)
{
	struct arena *a = &t->arena;
	const char *text = "";

	if (was->state != now->state)
		text = str_format(a, "; %s -> %s", state_word(t, was->state),
		    state_word(t, now->state));
	if (text && was->offers != now->offers)
		text = str_format(
		    a, "%s; offers %u -> %u", text, was->offers, now->offers);
	if (text && !was->is_overdue && now->is_overdue)
		text = str_format(a, "%s; overdue", text);
	if (text && was->level != now->level)
		text = str_format(a, "%s; you may now read %s", text,
		    words_enum(a, &requests__disclosure__descriptor, (int)now->level));
	if (text && was->outcome != now->outcome)
		text = str_format(a, "%s; outcome %s", text,
		    words_enum(a, &requests__outcome__descriptor, (int)now->outcome));
	if (!text)
		return "changed";
	return *text ? text + 2 : text;
}

static void
print_change(struct tool *t, const char *clock, const Requests__RequestLine *was,
    const Requests__RequestLine *now)
{
	const char *text = was ? say_change(t, was, now) : "new";

	if (!*text)
		return;
	if (t->is_json)
		print_json(t, now);
	else if (was)
		(void)printf("%s  %s  %s\n", clock,
		    words_safe(&t->arena, now->request_id), text);
	else
		print_new(t, clock, now);
}

/* A request that left the list of open ones has ended or was withdrawn: ask which. */
static void
print_gone(struct tool *t, const char *clock, const Requests__RequestLine *was)
{
	Requests__RequestAsked question = REQUESTS__REQUEST_ASKED__INIT;
	Requests__RequestLine now = *was;
	struct ask ask = {"requests.request", &question.base, ASK_MS, false, true};
	void *answer = NULL;
	const Requests__RequestShown *shown;

	question.request_id = was->request_id;
	if (client_ask(t, &ask, &answer) != EXIT_YES)
		return;
	shown = answer;
	if (shown->request)
		SET(&now, state, shown->request->state);
	else if (shown->referral)
		SET(&now, state, shown->referral->state);
	print_change(t, clock, was, &now);
}

static void
compare(struct tool *t, const Requests__Requests *was, const Requests__Requests *now)
{
	const char *clock = words_clock(&t->arena, clock_now_ms());

	for (size_t i = 0; i < now->n_requests; i++)
		print_change(t, clock, find(was, now->requests[i]->request_id),
		    now->requests[i]);
	/* Only a whole list says that what is not in it has gone. */
	for (size_t i = 0; !now->next_id && i < was->n_requests; i++) {
		if (!find(now, was->requests[i]->request_id))
			print_gone(t, clock, was->requests[i]);
	}
	(void)fflush(stdout);
}

/* One look. EXIT_FAULT: nobody answered, and it was said once. */
static enum exit_code
look(struct tool *t, const struct seen *was, struct seen *now, bool is_quiet)
{
	Requests__RequestsAsked question = REQUESTS__REQUESTS_ASKED__INIT;
	/* The first look waits as long as --wait says, the others not to be late. */
	int64_t wait_ms = was->list ? ASK_MS : t->wait_ms;
	struct ask ask = {
	    "requests.requests", &question.base, wait_ms, false, is_quiet};
	void *answer = NULL;
	enum exit_code code = client_list(t, &ask, ROWS_MAX, &answer);

	if (code != EXIT_YES)
		return code;
	arena_reset(&now->memory);
	now->list = message_copy(&now->memory, answer);
	if (!now->list)
		return complain_memory();
	if (was->list)
		compare(t, was->list, now->list);
	else if (!t->is_json)
		(void)printf("%zu open requests. Changes follow; Ctrl-C ends. " NOTICE
			     "\n",
		    now->list->n_requests);
	(void)fflush(stdout);
	return EXIT_YES;
}

static enum exit_code
watch(struct tool *t, struct seen seen[2], int64_t end_us)
{
	unsigned turn = 0;
	bool is_quiet = false;

	while (!is_stopped && !ferror(stdout) && clock_ticks_us() < end_us) {
		size_t mark = t->arena.used;
		enum exit_code code = look(t, &seen[turn], &seen[!turn], is_quiet);
		if (code != EXIT_YES && !seen[turn].list)
			return code; /* it never worked: wrong key, or nobody there */
		if (code == EXIT_REFUSED || code == EXIT_USAGE)
			return code;
		is_quiet = code == EXIT_FAULT; /* said once, until it works again */
		if (code == EXIT_YES)
			turn = !turn;
		arena_release(&t->arena, mark);
		if (!is_stopped)
			client_pause(LOOK_EVERY_MS);
	}
	return EXIT_YES;
}

static enum exit_code
run(struct tool *t)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct seen seen[2] = {0};
	int64_t seconds = SECONDS_MAX;
	enum exit_code code = args_number(t, "--for", 1, SECONDS_MAX, &seconds);

	if (code != EXIT_YES)
		return code;
	if (arena_open(&seen[0].memory, MEMORY_BYTES) != ERR_NONE ||
	    arena_open(&seen[1].memory, MEMORY_BYTES) != ERR_NONE)
		return complain_memory();
	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGTERM, &stop, NULL);
	code = watch(t, seen, clock_ticks_us() + seconds * 1000000);
	arena_close(&seen[0].memory);
	arena_close(&seen[1].memory);
	return code;
}

const struct verb verb_watch = {
    .name = "watch",
    .summary = "changes of the requests you may see, a line each, as they happen",
    .text = "Asks every second, and shows only what this key may see.",
    .example = "rccctl watch --for 60",
    FLAGS(flags),
    .run = run,
};
