/*
 * rccctl: the co-operative from the command line.
 *
 * One run is one verb: it reads the command line (args.c), makes a message of it,
 * has it checked as the service would (command.c), sends it (client.c) and prints
 * the answer in the words of people (words.c, table.c) or as JSON. It knows no rule
 * of the domain: what may be done is decided by the services, and who is asking is
 * decided by the key.
 *
 * Every verb is a row of the table below and one file of its name; --help is
 * printed from the row. Read command.c next, then request_submit.c.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/run_options.h"
#include "base/str.h"

#include "args.h"
#include "client.h"
#include "command.h"
#include "help.h"
#include "tool.h"
#include "verbs.h"

#define ARENA_BYTES                                                                    \
	((size_t)256 * 1024 * 1024) /* address space; the most an answer takes */

static const struct verb *const verbs[] = {
    &verb_status,
    &verb_request_submit,
    &verb_request_list,
    &verb_request_show,
    &verb_request_shortlist,
    &verb_request_why,
    &verb_request_circulate,
    &verb_request_open,
    &verb_request_decide,
    &verb_request_approve,
    &verb_request_start,
    &verb_request_withdraw,
    &verb_request_end,
    &verb_offer_interest,
    &verb_offer_make,
    &verb_offer_decline,
    &verb_offer_confirm,
    &verb_vacancy_list,
    &verb_vacancy_show,
    &verb_vacancy_open,
    &verb_vacancy_confirm,
    &verb_vacancy_places,
    &verb_vacancy_close,
    &verb_home_list,
    &verb_home_show,
    &verb_home_register,
    &verb_home_amend,
    &verb_home_occupant,
    &verb_home_occupant_ended,
    &verb_bed_close,
    &verb_bed_reopen,
    &verb_bed_reserve,
    &verb_bed_free,
    &verb_sufficiency,
    &verb_account_list,
    &verb_account_link,
    &verb_account_close,
    &verb_account_reopen,
    &verb_watch,
    &verb_journal_show,
    &verb_journal_verify,
    &verb_backup_make,
    &verb_restore,
    &verb_export,
    &verb_keys_new,
    &verb_id_new,
    &verb_call,
    &verb_help,
};
#define VERBS_N (sizeof(verbs) / sizeof(verbs[0]))

static enum exit_code
run_help(struct tool *t)
{
	return help_about(verbs, VERBS_N, t->args.words, t->args.words_n);
}

const struct verb verb_help = {
    .name = "help",
    .takes = "[VERB...]",
    .summary = "all verbs, or one of them",
    .example = "rccctl help request submit",
    .words_max = 2,
    .run = run_help,
};

static enum exit_code
run(struct tool *t, char **argv)
{
	bool help = false;
	enum exit_code code;

	if (argv[0] && argv[1] && str_equal(argv[1], "--version") && !argv[2]) {
		(void)printf("rccctl %s\n%s\n", RUN_VERSION, NOTICE);
		return EXIT_YES;
	}
	code = args_read(t, verbs, VERBS_N, argv, &help);
	if (help && t->verb) {
		help_verb(stdout, t->verb);
		return code;
	}
	if (help) {
		(void)help_about(verbs, VERBS_N, t->args.words, t->args.words_n);
		return code;
	}
	if (code != EXIT_YES)
		return code;
	return t->verb->run ? t->verb->run(t) : command_run(t);
}

int
main(int argc, char **argv)
{
	struct tool tool = {.now_ms = clock_now_ms()};
	enum exit_code code;

	(void)argc;
	tool.today = day_in_london(tool.now_ms);
	if (arena_open(&tool.arena, ARENA_BYTES) != ERR_NONE)
		return (int)complain_memory();
	code = run(&tool, argv);
	client_close(&tool);
	arena_close(&tool.arena);
	/* A flush on the way that failed is remembered by ferror alone. */
	if ((ferror(stdout) != 0 || fclose(stdout) != 0) && code == EXIT_YES) {
		complain("the answer could not be written out");
		code = EXIT_FAULT;
	}
	return (int)code;
}
