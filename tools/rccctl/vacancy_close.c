#include "owner.h"
#include "vacancy.h"
#include "verbs.h"

static const struct flag flags[] = {OWNER_TYPE};

static const struct owner owners[OWNERS_N] = {
    {"foster", "foster.vacancies", "vacancies[].vacancy_id", "foster.close_vacancy",
	FIELDS("vacancy_id"), vacancy_print_household},
    {"home", "residential.vacancies", "vacancies[].vacancy_id",
	"residential.close_vacancy", FIELDS("vacancy_id"), vacancy_print_home},
};

static enum exit_code
run(struct tool *t)
{
	return owner_run(t, owners);
}

const struct verb verb_vacancy_close = {
    .name = "vacancy close",
    .takes = "VACANCY",
    .summary = "take a household or home off the lists; what is held stays held",
    .text = "By a placement officer of its provider. It can be opened again.",
    .example = "rccctl vacancy close 9m2c7t",
    .words_min = 1,
    .words_max = 1,
    FLAGS(flags),
    .run = run,
};
