/*
 * Need beside supply: first how many children are sought a home for and how many places
 * there are, then how far from home, together with brothers and sisters, and in whose
 * homes children live.
 */
#include <stdio.h>

#include "base/str.h"

#include "args.h"
#include "client.h"
#include "command.h"
#include "resolve.h"
#include "table.h"
#include "verbs.h"
#include "words.h"

#include "observatory.pb-c.h"

#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define BREAKDOWN(name) OBSERVATORY__BREAKDOWN__BREAKDOWN_##name
#define HIDDEN "c"

static const struct flag flags[] = {
    {"--council", "CODE", "this council's children and area alone: E08000003",
	"council_id", NULL},
    {"--type", "TYPE", "foster, childrens home, supported accommodation or secure",
	"care_type", NULL},
    {"--ages", "BAND", "under 1, 1 to 4, 5 to 9, 10 to 15 or 16 to 17", "age_band",
	NULL},
    {"--since", "DAY", "ended and withdrawn since then; 365 days unless told",
	"from_day", NULL},
    {"--print", NULL, "as it may leave the council: small counts hidden", "for_print",
	"true"},
    {"--definitions", NULL, "what each figure counts, and whose definition it is", NULL,
	NULL},
};

/* ---- one figure ---- */

/* NULL where the answer has none. */
static const Observatory__Figure *
figure(const Observatory__Line *line, Observatory__Metric metric)
{
	for (size_t i = 0; i < line->n_figures; i++) {
		if (line->figures[i]->metric == metric)
			return line->figures[i];
	}
	return NULL;
}

/* "1,204", "62%", "c" where it is hidden, "" where there is none. */
static const char *
say(struct tool *t, const Observatory__Line *line, Observatory__Metric metric)
{
	const Observatory__Figure *f = figure(line, metric);
	const char *text = NULL;

	if (!f)
		return "";
	if (f->has_is_hidden && f->is_hidden)
		return HIDDEN;
	if (!f->has_percent)
		return words_number(&t->arena, f->count);
	text = str_format(&t->arena, "%u%%", f->percent);
	return text ? text : "?";
}

/* ---- tables: a line of the answer is a row ---- */

static const char *
name(
    struct tool *t, const struct resolve_names *councils, const Observatory__Line *line)
{
	struct arena *a = &t->arena;

	switch (line->breakdown) {
	case BREAKDOWN(COUNCIL):
		return line->council_id ? resolve_name(councils, line->council_id)
		                        : "elsewhere";
	case BREAKDOWN(CARE_TYPE):
		return words_enum(
		    a, &common__care_type__descriptor, (int)line->care_type);
	case BREAKDOWN(AGE_BAND):
		return words_enum(
		    a, &common__age_band__descriptor, (int)line->age_band);
	case BREAKDOWN(SECTOR):
		return words_enum(a, &members__sector__descriptor, (int)line->sector);
	case BREAKDOWN(ALL):
	case BREAKDOWN(UNSPECIFIED): break;
	}
	return "all";
}

struct column {
	const char *head;
	Observatory__Metric metric;
};

/* Is there more to the line than zeros? */
static bool
says_something(const Observatory__Line *line, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const Observatory__Figure *f = figure(line, columns[i].metric);
		if (f && (f->count > 0 || f->is_hidden))
			return true;
	}
	return false;
}

/* `is_whole`: also the lines of nothing but zeros. Nothing at all without a line. */
static void
print_table(struct tool *t, const Observatory__Sufficiency *s,
    const struct resolve_names *councils, const struct column *columns, size_t n,
    bool is_whole)
{
	struct table table;
	const char *heads = "~";
	Observatory__Breakdown before = BREAKDOWN(UNSPECIFIED);

	for (size_t i = 0; heads && i < n; i++)
		heads = str_format(&t->arena, "%s|%s>", heads, columns[i].head);
	table_begin(&table, &t->arena, heads ? heads : "?");
	for (size_t i = 0; i < s->n_lines; i++) {
		const Observatory__Line *line = s->lines[i];
		bool is_new = line->breakdown != before;
		if (!is_whole && !says_something(line, columns, n))
			continue;
		for (size_t k = 0; is_new && table.cells_n > 0 && k <= n; k++)
			table_cell(&table, NULL);
		before = line->breakdown;
		table_cell(&table, name(t, councils, line));
		for (size_t k = 0; k < n; k++)
			table_cell(&table, say(t, line, columns[k].metric));
	}
	table_print(&table, stdout);
}

static const struct column need_and_supply[] = {
    {"sought", METRIC(SEARCHING)},
    {"unfilled", METRIC(UNFILLED)},
    {"placed", METRIC(PLACED)},
    {"approved", METRIC(APPROVED)},
    {"filled", METRIC(FILLED)},
    {"held", METRIC(HELD)},
    {"free", METRIC(FREE)},
    {"not available", METRIC(NOT_AVAILABLE)},
};
static const struct column outside[] = {
    {"sought", METRIC(SEARCHING)},
    {"unfilled", METRIC(UNFILLED)},
    {"placed", METRIC(PLACED)},
    {"approved", METRIC(APPROVED)},
    {"filled", METRIC(FILLED)},
    {"free", METRIC(FREE)},
    {"not free", METRIC(NOT_FREE)},
};
static const struct column where[] = {
    {"own area", METRIC(OWN_AREA)},
    {"adjoining", METRIC(ADJOINING)},
    {"at distance", METRIC(AT_A_DISTANCE)},
    {"20+ miles", METRIC(MILES_OVER_20)},
    {"no miles", METRIC(MILES_UNKNOWN)},
    {"together", METRIC(TOGETHER)},
    {"apart", METRIC(APART)},
    {"in-house", METRIC(PLACED_IN_HOUSE)},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* ---- sentences ---- */

/* "Not available: 12 carer break, 3 reserved." Nothing where there is nothing. */
static void
print_list(struct tool *t, const Observatory__Line *all, const char *title,
    Observatory__Metric from, Observatory__Metric until)
{
	struct arena *a = &t->arena;
	const char *text = NULL;

	for (Observatory__Metric m = from; m <= until; m++) {
		const Observatory__Figure *f = figure(all, m);
		if (!f || (f->has_count && f->count == 0))
			continue;
		text = str_format(a, "%s %s %s",
		    text ? str_format(a, "%s,", text) : title, say(t, all, m),
		    words_enum(a, &observatory__metric__descriptor, (int)m));
	}
	if (text)
		words_wrap(stdout, str_format(a, "%s.", text), 0, 4);
}

static void
print_shares(struct tool *t, const Observatory__Line *all)
{
	static const struct column shares[] = {
	    {"in their own area", METRIC(SHARE_OWN_AREA)},
	    {"over 20 miles from home", METRIC(SHARE_OVER_20)},
	    {"of siblings together", METRIC(SHARE_TOGETHER)},
	    {"of placed children in-house", METRIC(SHARE_PLACED_IN_HOUSE)},
	    {"of filled places in-house", METRIC(SHARE_FILLED_IN_HOUSE)},
	    {"of approved places filled", METRIC(SHARE_FILLED)},
	    {"of those available", METRIC(SHARE_FILLED_OF_AVAILABLE)},
	};
	struct arena *a = &t->arena;
	const char *text = NULL;

	for (size_t i = 0; i < COUNT(shares); i++) {
		if (figure(all, shares[i].metric))
			text = str_format(a, "%s%s %s",
			    text ? str_format(a, "%s, ", text) : "Shares: ",
			    say(t, all, shares[i].metric), shares[i].head);
	}
	if (text)
		words_wrap(stdout, str_format(a, "%s. Miles are about.", text), 0, 4);
}

static void
print_vacancies(struct tool *t, const Observatory__Sufficiency *s)
{
	const Observatory__Line *all = s->lines[0];

	if (!figure(all, METRIC(VACANCIES)))
		return;
	(void)printf(
	    "Vacancies: %s open to referral, %s of them not confirmed for %u "
	    "days.\nFilled places without a request here: %s; how far from home "
	    "is not known.\n",
	    say(t, all, METRIC(VACANCIES)), say(t, all, METRIC(VACANCIES_STALE)),
	    s->stale_days, say(t, all, METRIC(NO_REQUEST)));
}

static void
print_waited(struct tool *t, const Observatory__Sufficiency *s)
{
	const Observatory__Line *all = s->lines[0];
	const Observatory__Figure *days = figure(all, METRIC(MEDIAN_DAYS));

	if (!days || !days->has_days_tenths)
		return;
	(void)printf("From request to placement: %u.%u days for the middle one",
	    days->days_tenths / 10, days->days_tenths % 10);
	if (figure(all, METRIC(STARTED)))
		(void)printf(" of %s children placed since %s",
		    say(t, all, METRIC(STARTED)), words_day(&t->arena, s->from_day));
	(void)printf(".\n");
}

static void
print_freshness(struct tool *t, const Observatory__Sufficiency *s)
{
	struct arena *a = &t->arena;
	const char *text = str_format(a,
	    "Definitions version %u (--definitions). As of:", s->definitions_version);

	for (size_t i = 0; text && i < s->n_sources; i++) {
		const Observatory__Source *source = s->sources[i];
		text = str_format(a, "%s%s %s %s", text, i > 0 ? "," : "",
		    source->service ? words_safe(a, source->service) : "?",
		    source->has_fresh_time
			? words_time(a, source->fresh_time, t->now_ms)
			: "(nothing heard yet)");
	}
	words_wrap(stdout, text ? str_format(a, "%s.", text) : "?", 0, 4);
}

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Observatory__Sufficiency *s = (const void *)answer;
	struct resolve_names councils;

	if (s->n_lines == 0)
		return; /* cannot be: there is always the line of all */
	resolve_councils(t, &councils);
	(void)printf("Children, and places\n");
	if (s->is_suppressed)
		print_table(t, s, &councils, outside, COUNT(outside), true);
	else
		print_table(
		    t, s, &councils, need_and_supply, COUNT(need_and_supply), true);
	print_list(t, s->lines[0], "Sought:", METRIC(OPEN), METRIC(WAITING));
	print_list(t, s->lines[0], "Needed:", METRIC(SAME_DAY), METRIC(PLANNED));
	print_list(t, s->lines[0],
	    str_format(&t->arena, "Since %s:", words_day(&t->arena, s->from_day)),
	    METRIC(ENDED), METRIC(WITHDRAWN));
	print_list(
	    t, s->lines[0], "Not available:", METRIC(CARER_BREAK), METRIC(AT_LIMIT));
	print_list(
	    t, s->lines[0], "Apart:", METRIC(ABOVE_APPROVED), METRIC(APPROVED_APART));
	print_vacancies(t, s);
	print_waited(t, s);
	(void)printf("\nWhere placed children live\n");
	if (!says_something(s->lines[0], where, COUNT(where)))
		(void)printf(
		    "No child lives in a place found through a request yet.\n");
	print_table(t, s, &councils, where, COUNT(where), false);
	print_list(t, s->lines[0], "Miles from home, about:", METRIC(MILES_TO_5),
	    METRIC(MILES_UNKNOWN));
	print_shares(t, s->lines[0]);
	(void)fputc('\n', stdout);
	if (s->is_suppressed)
		words_wrap(stdout,
		    HIDDEN ": hidden, a count of 1 to 4 or one that would give such a "
			   "count away; your own council's are shown.",
		    0, 4);
	print_freshness(t, s);
	(void)printf(NOTICE "\n");
}

static void
print_definitions(struct tool *t, const Observatory__Definitions *d)
{
	struct arena *a = &t->arena;

	(void)printf(
	    "Definitions version %u, from %s\n", d->version, words_day(a, d->from_day));
	for (size_t i = 0; i < d->n_definitions; i++) {
		const Observatory__Definition *row = d->definitions[i];
		(void)printf("\n%s (%s)\n",
		    words_enum(a, &observatory__metric__descriptor, (int)row->metric),
		    words_enum(a, &observatory__unit__descriptor, (int)row->unit));
		(void)printf("    ");
		words_wrap(stdout, row->words ? row->words : "?", 4, 4);
		(void)printf("    ");
		words_wrap(stdout,
		    str_format(a, "Source: %s.", row->source ? row->source : "?"), 4,
		    4);
	}
}

static enum exit_code
define(struct tool *t)
{
	Observatory__DefinitionsAsked question = OBSERVATORY__DEFINITIONS_ASKED__INIT;
	struct ask ask = {.method = "observatory.definitions", .body = &question.base};
	void *answer = NULL;
	enum exit_code code = client_ask(t, &ask, &answer);

	if (code != EXIT_YES || command_is_shown(t, answer, &code))
		return code;
	print_definitions(t, answer);
	return EXIT_YES;
}

static enum exit_code
run(struct tool *t)
{
	return args_value(t, "--definitions") ? define(t) : command_run(t);
}

const struct verb verb_sufficiency = {
    .name = "sufficiency",
    .summary = "need beside supply: by council, type of care and age",
    .text =
	"Officers of the co-operative, and a council about its own children and area, "
	"read exact figures. A council that asks for all councils, and whatever is "
	"asked for with --print, has small counts hidden.",
    .example =
	"rccctl sufficiency --council E08000003 --type foster --ages \"10 to 15\"",
    FLAGS(flags),
    .run = run,
    .call = "observatory.sufficiency",
    .print = print,
};
