#include <stdio.h>

#include "base/str.h"

#include "args.h"
#include "client.h"
#include "command.h"
#include "resolve.h"
#include "table.h"
#include "vacancy.h"
#include "verbs.h"
#include "words.h"

#define ROWS_DEFAULT 100
#define ROWS_MAX 5000

static const struct flag flags[] = {
    {"--provider", "ID", "of this provider only", "provider_id", NULL},
    {"--council", "CODE", "in this council's area only: E08000003", "council_id", NULL},
    {"--after", "ID", "go on behind this vacancy", "after_id", NULL},
    {"--most", "N", "at most so many; 100 unless told", NULL, NULL},
};

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Foster__Vacancies *list = (const void *)answer;
	struct arena *a = &t->arena;
	struct resolve_names providers;
	struct table table;

	resolve_providers(t, &providers);
	table_begin(&table, a, "vacancy|provider~|home|takes~|free>|a week>|confirmed");
	for (size_t i = 0; i < list->n_vacancies; i++) {
		const Foster__Vacancy *v = list->vacancies[i];
		table_cell(&table, v->vacancy_id);
		table_cell(&table, resolve_name(&providers, v->provider_id));
		table_cell(&table, v->home_sector);
		table_cell(&table, vacancy_takes_short(a, v->approval));
		table_cell(&table, v->places ? words_number(a, v->places->free) : "");
		table_cell(&table,
		    v->has_fee_pence_week ? words_money(a, v->fee_pence_week) : "");
		table_cell(&table, v->has_confirmed_time
				       ? words_time(a, v->confirmed_time, t->now_ms)
				       : "");
	}
	table_print(&table, stdout);
	(void)printf("%zu vacanc%s%s. " NOTICE "\n", list->n_vacancies,
	    list->n_vacancies == 1 ? "y" : "ies",
	    list->next_id ? ", and more behind them (--most N)" : "");
}

static enum exit_code
run(struct tool *t)
{
	ProtobufCMessage *question = NULL;
	int64_t most = ROWS_DEFAULT;
	void *answer = NULL;
	enum exit_code code = args_number(t, "--most", 1, ROWS_MAX, &most);

	if (code == EXIT_YES)
		code = command_build(t, &question);
	if (code == EXIT_YES)
		code = resolve_ids(t, question);
	if (code == EXIT_YES)
		code = command_check(t, question);
	if (code != EXIT_YES)
		return code;
	struct ask ask = {.method = t->verb->call, .body = question};
	code = client_list(t, &ask, (size_t)most, &answer);
	return code == EXIT_YES ? command_show(t, answer) : code;
}

const struct verb verb_vacancy_list = {
    .name = "vacancy list",
    .summary = "the households open to referral",
    .example = "rccctl vacancy list --council E08000003 --most 20",
    FLAGS(flags),
    .run = run,
    .call = "foster.vacancies",
    .print = print,
};
