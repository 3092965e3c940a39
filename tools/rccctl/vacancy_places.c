#include "base/str.h"

#include "owner.h"
#include "vacancy.h"
#include "verbs.h"

static const struct flag flags[] = {OWNER_TYPE};

static const struct owner owners[OWNERS_N] = {
    {"foster", "foster.vacancies", "vacancies[].vacancy_id", "foster.set_open_places",
	FIELDS("vacancy_id", "open_places"), vacancy_print_household},
    {"home", "residential.vacancies", "vacancies[].vacancy_id",
	"residential.set_open_places", FIELDS("vacancy_id", "open_places"),
	vacancy_print_home},
};

static enum exit_code
run(struct tool *t)
{
	if (str_equal(t->args.words[1], "all"))
		t->args.words_n = 1;
	return owner_run(t, owners);
}

const struct verb verb_vacancy_places = {
    .name = "vacancy places",
    .takes = "VACANCY N|all",
    .summary = "how many of the free places or beds are open to referral at a time",
    .text = "By a placement officer of its provider, and the vacancy is confirmed by "
	    "it. Never more than are free are offered; to open none, close it.",
    .example = "rccctl vacancy places 9m2c7t 1",
    .words_min = 2,
    .words_max = 2,
    FLAGS(flags),
    .run = run,
};
