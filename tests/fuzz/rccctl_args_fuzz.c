/*
 * The command line: words, one a line. Every verb there is, for main.c and its table
 * are taken in whole; the call that the words make is built, checked and said as JSON,
 * and not sent.
 */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/json.h"
#include "base/message.h"
#include "base/str.h"

#define main rccctl_main
int rccctl_main(int argc, char **argv);
#include "rccctl/main.c" /* NOLINT(bugprone-suspicious-include) */
#undef main

#define WORDS_MAX 64
#define TOOL_BYTES ((size_t)8 << 20)
#define NOON_MS INT64_C(1795262400000)

static struct tool tool;

static void
begin(void)
{
	FUZZ_CHECK(arena_open(&tool.arena, TOOL_BYTES) == ERR_NONE, "no room");
	fuzz_listen();
}

/* A no is said, in one sentence that ends; a yes says nothing. */
static void
is_told(enum exit_code code)
{
	const char *heard = fuzz_heard();
	size_t len = strlen(heard);

	FUZZ_CHECK((code == EXIT_YES) == (len == 0), "%d, and: %s", (int)code, heard);
	FUZZ_CHECK(
	    len == 0 || (str_starts(heard, "rccctl: ") && heard[len - 1] == '\n'),
	    "it says: %s", heard);
}

/* What the verb would send: as good as its check says, and to be read again. */
static void
build(void)
{
	ProtobufCMessage *m = NULL, *again = NULL;
	struct check_problem why;
	const char *json = NULL;
	struct bytes before, after;
	enum exit_code code = command_build(&tool, &m);

	is_told(code);
	if (code != EXIT_YES)
		return;
	FUZZ_CHECK(
	    message_pack(&tool.arena, m, &before) == ERR_NONE, "it does not pack");
	code = command_check(&tool, m);
	is_told(code);
	if (code != EXIT_YES)
		return;
	FUZZ_CHECK(json_from_message(&tool.arena, m, 0, &json) == ERR_NONE,
	    "%s: good, and beyond JSON", tool.verb->name);
	FUZZ_CHECK(
	    json_to_message(&tool.arena, m->descriptor, json, &again, &why) == ERR_NONE,
	    "%s: %s %s", json, why.field, why.reason);
	FUZZ_CHECK(message_pack(&tool.arena, again, &after) == ERR_NONE &&
		       bytes_equal(before, after),
	    "other bytes after %s", json);
}

static void
check_read(void)
{
	FUZZ_CHECK(tool.verb != NULL, "a yes without a verb");
	FUZZ_CHECK(tool.args.words_n >= tool.verb->words_min &&
		       tool.args.words_n <= tool.verb->words_max,
	    "%s takes %zu words", tool.verb->name, tool.args.words_n);
	FUZZ_CHECK(tool.wait_ms >= 0 && tool.wait_ms <= INT64_C(3600000), "wait");
	for (size_t i = 0; i < tool.args.n; i++)
		FUZZ_CHECK((tool.args.list[i].flag->value == NULL) ==
			       (tool.args.list[i].value == NULL),
		    "%s", tool.args.list[i].flag->name);
}

static void
one(struct bytes input)
{
	char *argv[WORDS_MAX + 2] = {fuzz_text(bytes_of_text("rccctl"))};
	struct arena arena = tool.arena;
	bool help = false;
	size_t n = 1;

	while (input.len > 0 && n <= WORDS_MAX)
		argv[n++] = fuzz_text(fuzz_cut(&input, '\n'));
	arena_reset(&arena);
	tool = (struct tool){.arena = arena, .now_ms = NOON_MS};
	tool.today = day_in_london(tool.now_ms);
	enum exit_code code = args_read(&tool, verbs, VERBS_N, argv, &help);
	if (help)
		return; /* is printed from the same table */
	is_told(code);
	if (code != EXIT_YES)
		return;
	check_read();
	if (tool.verb->run == NULL)
		build();
}

const struct fuzz_target fuzz_target = {
    .rounds = 10000, .bytes_max = 1024, .open = begin, .one = one};
