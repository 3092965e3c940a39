#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "args.h"
#include "child.h"
#include "command.h"
#include "input.h"
#include "split.h"
#include "verbs.h"
#include "words.h"

#include "requests.pb-c.h"

static const struct flag flags[] = {
    {"--emergency", NULL, "a place is needed today", "urgency", "emergency"},
    {"--planned", NULL, "a place is needed by a later day", "urgency", "planned"},
    {"--needed-by", "DAY", "today, tomorrow, 2026-11-21 or \"21 Nov 2026\"",
	"needed_by_day", NULL},
    {"--until", "DAY", "when the placement is expected to end", "expected_end_day",
	NULL},
    {"--home", "SECTOR",
	"the home's postcode sector, \"M14 5\"; never a whole postcode", "home_sector",
	NULL},
    {"--child", "CHILD...",
	"one child, on one line: age=7,sex=female,needs=trauma:medium+autism:low and "
	"where "
	"they matter not-safe-with=boys+pets, language=en, ethnicity=mixed, "
	"religion=none; "
	"again for each brother or sister",
	NULL, NULL},
    {"--siblings", NULL, "they are siblings of each other, to live together",
	"are_siblings", "true"},
    {"--may-split", "A,B/C...",
	"how they may live apart if no home takes all: A is the first child; again for "
	"each other way",
	NULL, NULL},
    {"--care-type", "WORD...",
	"what would do: foster, childrens home, supported accommodation; any unless "
	"told",
	"care_types", NULL},
    {"--miles-max", "N", "no further from home than about so many miles", "miles_max",
	NULL},
    {"--school", "SECTOR", "the school's postcode sector", "school_sector", NULL},
    {"--avoid", "SECTOR...", "a sector not to live near; again for each",
	"avoid_sectors", NULL},
    {"--legal", "CODE",
	"legal status as the return records it: C1, C2, E1, V2, J1, ...",
	"legal_status", NULL},
    {"--aim", "WORD",
	"of the care plan: return home, kinship, long term fostering, ...",
	"care_plan_aim", NULL},
    {"--earlier", "N", "earlier placements", "earlier_placements", NULL},
    {"--family-time", "N", "meetings with family in a week", "family_time_a_week",
	NULL},
    {"--family-first", "WORD",
	"considered not suitable, considered nobody found, or not yet (emergencies)",
	"family_first", NULL},
    {"--file", "FILE", "the whole request as JSON instead (-: from standard input)",
	NULL, NULL},
};

static enum exit_code
add_child(struct tool *t, Requests__Submit *submit, const char *text)
{
	Requests__ChildNeed **list =
	    LIST_NEW(&t->arena, submit->n_children + 1, Requests__ChildNeed *);
	Requests__ChildNeed *child = MESSAGE_NEW(&t->arena, requests__child_need);
	struct check_problem why;

	if (!list || !child)
		return complain_memory();
	if (!child_read(&t->arena, text, t->today, child, &why))
		return *why.reason ? complain_usage(t, "--child%s%s: %s",
					 *why.field ? " " : "", why.field, why.reason)
		                   : complain_memory();
	if (submit->n_children > 0)
		memcpy(list, submit->children,
		    submit->n_children * sizeof(Requests__ChildNeed *));
	list[submit->n_children++] = child;
	submit->children = list;
	return EXIT_YES;
}

static enum exit_code
add_split(struct tool *t, Requests__Submit *submit, const char *text)
{
	size_t n = submit->n_permitted_splits;
	Requests__Split **list = LIST_NEW(&t->arena, n + 1, Requests__Split *);
	Requests__Split *split = MESSAGE_NEW(&t->arena, requests__split);

	if (!list || !split)
		return complain_memory();
	if (!split_read(&t->arena, text, split))
		return t->arena.is_full
		           ? complain_memory()
		           : complain_usage(t,
				 "--may-split: '%.60s' is not like A,B/C: a letter for "
				 "each child, a stroke between homes",
				 text);
	if (n > 0)
		memcpy(list, submit->permitted_splits, n * sizeof(Requests__Split *));
	list[submit->n_permitted_splits++] = split;
	submit->permitted_splits = list;
	return EXIT_YES;
}

static enum exit_code
from_options(struct tool *t, Requests__Submit **out)
{
	ProtobufCMessage *message = NULL;
	enum exit_code code = command_build(t, &message);

	*out = (Requests__Submit *)message;
	for (size_t i = 0; code == EXIT_YES && i < t->args.n; i++) {
		const struct arg *arg = &t->args.list[i];
		if (str_equal(arg->flag->name, "--child"))
			code = add_child(t, *out, arg->value);
		if (str_equal(arg->flag->name, "--may-split"))
			code = add_split(t, *out, arg->value);
	}
	return code;
}

static enum exit_code
from_file(struct tool *t, const char *path, Requests__Submit **out)
{
	ProtobufCMessage *message = NULL;
	const char *text = NULL;
	enum exit_code code;

	for (size_t i = 0; i < t->args.n; i++) {
		const struct flag *flag = t->args.list[i].flag;
		if (flag->field || str_equal(flag->name, "--child") ||
		    str_equal(flag->name, "--may-split"))
			return complain_usage(
			    t, "%s and --file: the file says it all", flag->name);
	}
	code = input_read(t, path, &text);
	if (code != EXIT_YES)
		return code;
	code = command_read(t, t->verb->call, text, &message);
	*out = (Requests__Submit *)message;
	return code;
}

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Requests__Submitted *s = (const void *)answer;

	(void)printf("The request is recorded%s%s.\nIts id: %s\n",
	    s->has_recorded_time ? ", " : "",
	    s->has_recorded_time ? words_time(&t->arena, s->recorded_time, t->now_ms)
				 : "",
	    words_safe(&t->arena, s->request_id));
	(void)puts("Next: rccctl request shortlist, then request circulate.\n" NOTICE);
}

static enum exit_code
run(struct tool *t)
{
	const char *path = args_value(t, "--file");
	Requests__Submit *submit = NULL;
	void *answer = NULL;
	enum exit_code code =
	    path ? from_file(t, path, &submit) : from_options(t, &submit);

	if (code == EXIT_YES)
		code = command_check(t, &submit->base);
	if (code == EXIT_YES)
		code = command_send(t, &submit->base, &answer);
	return code == EXIT_YES ? command_show(t, answer) : code;
}

const struct verb verb_request_submit = {
    .name = "request submit",
    .summary = "ask for a placement for a child or a sibling group",
    .text = "By a commissioner of the child's council. Nothing here may hold a child's "
	    "name, "
	    "birth date, address or free text: ages, sexes, codes and postcode sectors "
	    "only.\n"
	    "The words of each option, and the fields of the JSON: rccctl call "
	    "requests.submit",
    .example =
	"rccctl request submit --emergency --needed-by today --home \"M14 5\" \\\n"
	"    --child age=7,sex=female,needs=trauma:medium+autism:low,language=en \\\n"
	"    --legal C2 --aim \"return home\" --family-first \"not yet\"\n"
	"rccctl request submit --planned --needed-by 2026-12-01 --home \"M14 5\" \\\n"
	"    --child age=7,sex=female --child age=9,sex=male --child age=15,sex=male "
	"\\\n"
	"    --siblings --may-split A,B/C --care-type foster,childrens-home \\\n"
	"    --family-first \"considered nobody found\"",
    FLAGS(flags),
    .run = run,
    .call = "requests.submit",
    .print = print,
};
