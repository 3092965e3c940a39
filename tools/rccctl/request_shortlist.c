#include <stdio.h>
#include <string.h>

#include "base/str.h"

#include "args.h"
#include "candidate.h"
#include "command.h"
#include "resolve.h"
#include "table.h"
#include "verbs.h"
#include "words.h"

#include "matching.pb-c.h"

#define ROWS_MAX 50 /* as many as an answer has */

static const struct flag flags[] = {
    {"--children", "A,B", "only for these of the siblings; all unless told",
	"child_refs", NULL},
    {"--most", "N", "the best N of them; all 50 unless told", NULL, NULL},
    {"--explain", "N", "the points of the first N, with the fact behind each", NULL,
	NULL},
    {"--rules", NULL, "each rule's part in it, with the law or policy behind it", NULL,
	NULL},
};

/* The grade without its day, which the explanation has. */
static const char *
grade_word(struct arena *a, const Matching__Candidate *c)
{
	const char *day = c->grade ? strstr(c->grade, " on ") : NULL;

	if (!c->grade || strcmp(c->grade, "not yet inspected") == 0)
		return "none yet";
	return day ? str_format(a, "%.*s", (int)(day - c->grade), c->grade) : c->grade;
}

static void
print_candidates(struct tool *t, const Matching__Shortlist *s, size_t most,
    const struct resolve_names *providers)
{
	struct arena *a = &t->arena;
	struct table table;

	table_begin(&table, a,
	    "#>|vacancy|provider~|care|points>|miles>|area|a week>|grade|confirmed");
	for (size_t i = 0; i < s->n_candidates && i < most; i++) {
		const Matching__Candidate *c = s->candidates[i];
		table_cell(&table, words_number(a, i + 1));
		table_cell(&table, c->vacancy_id);
		table_cell(&table, resolve_name(providers, c->provider_id));
		table_cell(&table, candidate_care(c));
		table_cell(&table, words_tenths(a, c->points));
		table_cell(&table, candidate_miles(a, c));
		table_cell(&table, candidate_area(c));
		table_cell(&table,
		    c->has_fee_pence_week ? words_money(a, c->fee_pence_week) : "");
		table_cell(&table, grade_word(a, c));
		table_cell(&table, c->has_confirmed_time
				       ? words_time(a, c->confirmed_time, t->now_ms)
				       : "");
	}
	table_print(&table, stdout);
}

/* "1,024 vacancies looked at: 310 age outside approval, ... -> 41 suitable" */
static void
print_waterfall(struct tool *t, const Matching__Shortlist *s)
{
	struct arena *a = &t->arena;
	const char *text =
	    str_format(a, "%s vacancies looked at", words_number(a, s->vacancies));
	const char *before = ": ";

	for (size_t i = 0; text && i < s->n_waterfall; i++) {
		const Matching__RuleCount *c = s->waterfall[i];
		if (c->removed == 0)
			continue;
		text = str_format(a, "%s%s%s %s", text, before,
		    words_number(a, c->removed), rule_word(a, c->rule));
		before = ", ";
	}
	if (text)
		text = str_format(a, "%s -> %s suitable%s", text,
		    words_number(a, s->suitable),
		    s->suitable > s->n_candidates ? ", the best of them above" : "");
	words_wrap(stdout, text ? text : "?", 0, 0);
}

static void
print_rules(struct tool *t, const Matching__Shortlist *s)
{
	struct arena *a = &t->arena;
	struct table table;

	table_begin(&table, a, "rule|removed>|by it alone>|behind it~");
	for (size_t i = 0; i < s->n_waterfall; i++) {
		const Matching__RuleCount *c = s->waterfall[i];
		table_cell(&table, rule_word(a, c->rule));
		table_cell(&table, words_number(a, c->removed));
		table_cell(&table, words_number(a, c->only));
		table_cell(&table, c->source);
	}
	(void)fputc('\n', stdout);
	table_print(&table, stdout);
}

static void
explain(struct tool *t, const Matching__Shortlist *s, size_t n,
    const struct resolve_names *providers)
{
	for (size_t i = 0; i < s->n_candidates && i < n; i++) {
		const Matching__Candidate *c = s->candidates[i];
		(void)printf("\n%zu. %s of %s: %s points of 100\n", i + 1,
		    words_safe(&t->arena, c->vacancy_id),
		    words_safe(&t->arena, resolve_name(providers, c->provider_id)),
		    words_tenths(&t->arena, c->points));
		candidate_print_home(t, c);
		candidate_print_points(t, c);
	}
}

/* As old as the older of the two copies: a list is no fresher than its stalest half. */
static const char *
supply_words(struct tool *t, const Matching__Shortlist *s)
{
	int64_t foster = s->foster_fresh_time, homes = s->residential_fresh_time;

	if (!s->has_foster_fresh_time || !s->has_residential_fresh_time)
		return "when last heard";
	return words_time(&t->arena, foster < homes ? foster : homes, t->now_ms);
}

static void
print_source(struct tool *t, const Matching__Shortlist *s)
{
	struct arena *a = &t->arena;
	const char *text = str_format(a,
	    "Ranked by %s, as supply stood %s; miles are about. The list never "
	    "chooses.",
	    s->policy ? words_safe(a, s->policy) : "the policy in force",
	    supply_words(t, s));

	words_wrap(stdout, text ? text : "?", 0, 0);
}

/* How many rows --most and --explain ask for; what they are unless told, before. */
static enum exit_code
read_numbers(const struct tool *t, int64_t *most, int64_t *explained)
{
	enum exit_code code = args_number(t, "--most", 1, ROWS_MAX, most);

	return code == EXIT_YES ? args_number(t, "--explain", 1, ROWS_MAX, explained)
	                        : code;
}

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Matching__Shortlist *s = (const void *)answer;
	struct resolve_names providers;
	int64_t most = ROWS_MAX, explained = 0;

	if (read_numbers(t, &most, &explained) != EXIT_YES)
		return; /* cannot be: run has read them before */
	resolve_providers(t, &providers);
	print_candidates(t, s, (size_t)most, &providers);
	print_waterfall(t, s);
	print_source(t, s);
	if (args_value(t, "--rules"))
		print_rules(t, s);
	explain(t, s, (size_t)explained, &providers);
	(void)puts(NOTICE);
}

static enum exit_code
run(struct tool *t)
{
	int64_t most = ROWS_MAX, explained = 0;
	enum exit_code code = read_numbers(t, &most, &explained);

	return code == EXIT_YES ? command_run(t) : code;
}

const struct verb verb_request_shortlist = {
    .name = "request shortlist",
    .takes = "REQUEST",
    .summary =
	"which vacancies suit it, ranked with reasons, and how many each rule removed",
    .text = "By a commissioner of the child's council. Rules come first, then points "
	    "from a "
	    "published policy; fees are shown and never scored.",
    .example = "rccctl request shortlist 4zr8qk --explain 3",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .run = run,
    .call = "requests.shortlist",
    .fields = FIELDS("request_id"),
    .print = print,
};
