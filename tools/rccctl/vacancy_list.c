#include <stdio.h>

#include "base/json.h"
#include "base/str.h"

#include "args.h"
#include "client.h"
#include "command.h"
#include "list.h"
#include "path.h"
#include "resolve.h"
#include "table.h"
#include "vacancy.h"
#include "verbs.h"
#include "words.h"

static const struct flag flags[] = {
    {"--type", "TYPE", "foster, home or supported only", NULL, NULL},
    {"--provider", "ID", "of this provider only", "provider_id", NULL},
    {"--council", "CODE", "in this council's area only: E08000003", "council_id", NULL},
    {"--after", "ID", "go on behind this vacancy (with --type)", "after_id", NULL},
    LIST_MOST,
};

/* What each owner answered; NULL: was not asked, or did not answer. */
struct answers {
	Foster__Vacancies *foster;
	Residential__Vacancies *residential;
};

static size_t
rows(const struct answers *all)
{
	return (all->foster ? all->foster->n_vacancies : 0) +
	       (all->residential ? all->residential->n_vacancies : 0);
}

static void
add_row(struct table *table, const struct resolve_names *providers, struct vacancy v)
{
	table_cell(table, v.vacancy_id);
	table_cell(table, v.type);
	table_cell(table, resolve_name(providers, v.provider_id));
	table_cell(table, v.sector);
	table_cell(table, v.takes_short);
	table_cell(table, v.free);
	table_cell(table, v.fee);
	table_cell(table, v.confirmed);
}

static void
print(struct tool *t, const struct answers *all)
{
	const Foster__Vacancies *foster = all->foster;
	const Residential__Vacancies *residential = all->residential;
	struct resolve_names providers;
	struct table table;
	bool is_more;

	resolve_providers(t, &providers);
	table_begin(&table, &t->arena,
	    "vacancy|type|provider~|home|takes|free>|a week>|confirmed");
	for (size_t i = 0; foster && i < foster->n_vacancies; i++)
		add_row(
		    &table, &providers, vacancy_of_household(t, foster->vacancies[i]));
	for (size_t i = 0; residential && i < residential->n_vacancies; i++)
		add_row(
		    &table, &providers, vacancy_of_home(t, residential->vacancies[i]));
	is_more = (foster && foster->next_id) || (residential && residential->next_id);
	table_print(&table, stdout);
	list_end(rows(all), "vacancy", "vacancies", is_more, "");
}

/* One object, with each owner's answer as it came. */
static enum exit_code
show_json(struct tool *t, const struct answers *all)
{
	const char *foster = "null", *residential = "null";

	if (all->foster &&
	    json_from_message(&t->arena, &all->foster->base, 2, &foster) != ERR_NONE)
		return complain_memory();
	if (all->residential && json_from_message(&t->arena, &all->residential->base, 2,
				    &residential) != ERR_NONE)
		return complain_memory();
	(void)printf("{\"foster\": %s,\n\"residential\": %s}\n", foster, residential);
	return EXIT_YES;
}

/* What stands there in either's answer; a field that only one has is enough. */
static enum exit_code
show_field(struct tool *t, const struct answers *all)
{
	struct path_texts texts = {0};
	bool is_there = !all->foster && !all->residential;

	if (all->foster)
		is_there = path_texts(&t->arena, &all->foster->base, t->field, &texts);
	if (all->residential &&
	    path_texts(&t->arena, &all->residential->base, t->field, &texts))
		is_there = true;
	if (!is_there)
		return complain_usage(
		    t, "--field: the answers have nothing called %s", t->field);
	for (size_t i = 0; i < texts.n; i++)
		(void)puts(texts.list[i]);
	return EXIT_YES;
}

/* The rows of homes of another type are left out here: the service does not ask. */
static void
keep_type(Residential__Vacancies *list, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n_vacancies; i++) {
		if (str_equal(vacancy_type(list->vacancies[i]->care_type), type))
			list->vacancies[n++] = list->vacancies[i];
	}
	list->n_vacancies = n;
}

static enum exit_code
ask_one(struct tool *t, const char *call, void **answer)
{
	const struct verb *asked = t->verb;
	struct verb verb = *asked;
	enum exit_code code;

	verb.call = call;
	t->verb = &verb;
	code = list_ask(t, answer);
	t->verb = asked;
	return code;
}

static enum exit_code
run(struct tool *t)
{
	const char *type = args_value(t, "--type");
	bool is_foster = !type || str_equal(type, "foster");
	bool is_home = !type || str_equal(type, "home") || str_equal(type, "supported");
	enum exit_code foster = EXIT_YES, residential = EXIT_YES, shown;
	struct answers all = {NULL, NULL};
	void *answer = NULL;

	if (!is_foster && !is_home)
		return complain_usage(
		    t, "--type is foster, home or supported, not %.40s", type);
	if (!type && args_value(t, "--after"))
		return complain_usage(t, "--after goes with --type: say whose list");
	if (is_foster)
		foster = ask_one(t, "foster.vacancies", &answer);
	if (foster == EXIT_USAGE)
		return foster;
	all.foster = answer;
	answer = NULL;
	if (is_home)
		residential = ask_one(t, "residential.vacancies", &answer);
	all.residential = answer;
	if (all.residential && type)
		keep_type(all.residential, type);
	/* Who does not answer has been named; the other's are listed all the same. */
	if (!all.foster && !all.residential)
		return foster != EXIT_YES ? foster : residential;
	shown = EXIT_YES;
	if (t->is_json)
		shown = show_json(t, &all);
	else if (t->field)
		shown = show_field(t, &all);
	else if (foster == residential || rows(&all) > 0) /* half a none is no none */
		print(t, &all);
	if (shown != EXIT_YES)
		return shown;
	return foster != EXIT_YES ? foster : residential;
}

const struct verb verb_vacancy_list = {
    .name = "vacancy list",
    .summary = "the households and homes open to referral",
    .text =
	"Where one of the two owners does not answer, the other's are listed, and it "
	"leaves with 1. With --json an object: foster and residential.",
    .example = "rccctl vacancy list --council E08000003 --most 20\n"
	       "rccctl vacancy list --type home",
    FLAGS(flags),
    .run = run,
};
