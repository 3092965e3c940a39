#include <stdio.h>

#include "base/str.h"

#include "list.h"
#include "resolve.h"
#include "table.h"
#include "verbs.h"
#include "words.h"

#include "requests.pb-c.h"

static const struct flag flags[] = {
    {"--all", NULL, "ended and withdrawn ones too", "include_closed", "true"},
    {"--after", "ID", "go on behind this request", "after_id", NULL},
    LIST_MOST,
};

static void
add_row(struct tool *t, struct table *table, const struct resolve_names *councils,
    const Requests__RequestLine *line)
{
	struct arena *a = &t->arena;

	table_cell(table, line->request_id);
	table_cell(
	    table, words_enum(a, &requests__state__descriptor, (int)line->state));
	table_cell(
	    table, words_enum(a, &requests__urgency__descriptor, (int)line->urgency));
	table_cell(table, words_number(a, line->children));
	table_cell(
	    table, str_format(a, "%s%s",
		       line->has_needed_by_day ? words_day(a, line->needed_by_day) : "",
		       line->has_is_overdue && line->is_overdue ? " !" : ""));
	table_cell(table, line->home_sector);
	table_cell(table, line->has_offers ? words_number(a, line->offers) : "");
	table_cell(table,
	    line->has_outcome
		? words_enum(a, &requests__outcome__descriptor, (int)line->outcome)
		: resolve_name(councils, line->council_id));
}

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Requests__Requests *list = (const void *)answer;
	struct resolve_names councils;
	struct table table;
	bool is_provider = list->n_requests > 0 && list->requests[0]->has_level;

	resolve_councils(t, &councils);
	table_begin(&table, &t->arena,
	    is_provider ? "request|state|urgency|ch.>|needed by|home|offers>|outcome~"
			: "request|state|urgency|ch.>|needed by|home|offers>|council~");
	for (size_t i = 0; i < list->n_requests; i++)
		add_row(t, &table, &councils, list->requests[i]);
	table_print(&table, stdout);
	list_end(list->n_requests, "request", "requests", list->next_id,
	    list->n_requests > 0 ? "ch.: children; !: overdue. " : "");
}

const struct verb verb_request_list = {
    .name = "request list",
    .summary = "the requests you may see: your council's, or those circulated to you",
    .example = "rccctl request list --all",
    FLAGS(flags),
    .run = list_run,
    .call = "requests.requests",
    .print = print,
};
