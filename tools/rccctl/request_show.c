#include <stdio.h>

#include "base/clock.h"

#include "args.h"
#include "client.h"
#include "command.h"
#include "resolve.h"
#include "story.h"
#include "verbs.h"
#include "words.h"

#include "requests.pb-c.h"

#define LOOK_EVERY_MS 300

static const struct flag flags[] = {
    {"--until", "STATE",
	"wait (as long as --wait) until it has come so far: held, confirmed, started, "
	"...",
	NULL, NULL},
};

static int
state_of(const Requests__RequestShown *shown)
{
	if (shown->request)
		return (int)shown->request->state;
	return shown->referral ? (int)shown->referral->state : 0;
}

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Requests__RequestShown *shown = (const void *)answer;

	if (shown->request)
		story_request(t, shown->request);
	if (shown->referral)
		story_referral(t, shown->referral);
	(void)puts(NOTICE);
}

/* Asks until the request has come as far as wanted, or the time is up. The states
 * stand in the order of the journey. */
static enum exit_code
wait_until(struct tool *t, const ProtobufCMessage *question, int wanted, void **answer)
{
	int64_t end_us = clock_ticks_us() + t->wait_ms * 1000;

	for (;;) {
		size_t mark = t->arena.used;
		enum exit_code code = command_send(t, question, answer);
		if (code != EXIT_YES || state_of(*answer) >= wanted)
			return code;
		if (clock_ticks_us() >= end_us)
			break;
		arena_release(&t->arena, mark);
		client_pause(LOOK_EVERY_MS);
	}
	complain("the request is %s and has not come as far as %s in time",
	    words_enum(&t->arena, &requests__state__descriptor, state_of(*answer)),
	    words_enum(&t->arena, &requests__state__descriptor, wanted));
	return EXIT_FAULT;
}

static enum exit_code
run(struct tool *t)
{
	const char *until = args_value(t, "--until");
	ProtobufCMessage *question = NULL;
	void *answer = NULL;
	int wanted = 0;
	enum exit_code code;

	if (until && !words_enum_parse(&requests__state__descriptor, until, &wanted))
		return complain_usage(t, "--until: '%.30s' is not one of: %s", until,
		    words_enum_list(&t->arena, &requests__state__descriptor));
	code = command_build(t, &question);
	if (code == EXIT_YES)
		code = resolve_ids(t, question);
	if (code == EXIT_YES)
		code = command_check(t, question);
	if (code == EXIT_YES)
		code = wait_until(t, question, wanted, &answer);
	return code == EXIT_YES ? command_show(t, answer) : code;
}

const struct verb verb_request_show = {
    .name = "request show",
    .takes = "REQUEST",
    .summary =
	"the story of one request: need, state, what it waits for, who was asked",
    .text = "What is shown depends on who asks: the child's council sees all of it, a "
	    "provider "
	    "what was opened to it.",
    .example = "rccctl request show 4zr8qk",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .run = run,
    .call = "requests.request",
    .fields = FIELDS("request_id"),
    .print = print,
};
