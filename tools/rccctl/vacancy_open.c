#include <string.h>

#include "base/str.h"

#include "args.h"
#include "owner.h"
#include "vacancy.h"
#include "verbs.h"

static const struct flag flags[] = {
    {"--home", "ID", "open a home, for one band of ages, instead of a household",
	"home_id", NULL},
    {"--ages", "BAND", "with --home: under-1, 1-4, 5-9, 10-15 or 16-17", "age_band",
	NULL},
    {"--places", "N", "at most so many at a time, where not all that are free",
	"open_places", NULL},
    {"--from", "DAY", "the first day somebody could come", "available_from_day", NULL},
};

static const struct owner household = {
    .call = "foster.open_vacancy",
    .fields = FIELDS("household_id"),
    .print = vacancy_print_household,
};
static const struct owner home = {
    .call = "residential.open_vacancy",
    .fields = FIELDS("home_id"),
    .print = vacancy_print_home,
};

/* "10-15" as the contract has it: "10 to 15". */
static enum exit_code
spell_out_ages(struct tool *t)
{
	for (size_t i = 0; i < t->args.n; i++) {
		struct arg *arg = &t->args.list[i];
		int64_t from, to;
		char first[3] = "";
		if (!str_equal(arg->flag->name, "--ages") || strlen(arg->value) < 3)
			continue;
		size_t len = strcspn(arg->value, "-");
		if (len >= sizeof(first))
			continue;
		(void)memcpy(first, arg->value, len);
		if (!str_to_i64(first, 0, 17, &from) ||
		    !str_to_i64(arg->value + len + 1, 0, 17, &to))
			continue;
		arg->value = str_format(&t->arena, "%d to %d", (int)from, (int)to);
		if (!arg->value)
			return complain_memory();
	}
	return EXIT_YES;
}

static enum exit_code
run(struct tool *t)
{
	bool is_home = args_value(t, "--home");
	enum exit_code code;

	if (is_home == (t->args.words_n > 0))
		return complain_usage(
		    t, "say either a household, or --home with a home and --ages");
	if (is_home != (args_value(t, "--ages") != NULL))
		return complain_usage(t, "--home and --ages belong together");
	code = spell_out_ages(t);
	return code == EXIT_YES ? owner_run_as(t, is_home ? &home : &household) : code;
}

const struct verb verb_vacancy_open = {
    .name = "vacancy open",
    .takes = "HOUSEHOLD|--home HOME",
    .summary = "open a household, or a home's beds for a band of ages, to referral",
    .text =
	"By a placement officer of its provider. How many places or beds are free is "
	"derived, never typed.",
    .example = "rccctl vacancy open e3k8mm --from today\n"
	       "rccctl vacancy open --home 7q2d9x --ages 10-15 --places 1",
    FLAGS(flags),
    .words_max = 1,
    .run = run,
};
