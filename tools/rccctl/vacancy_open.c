#include "vacancy.h"
#include "verbs.h"

static const struct flag flags[] = {
    {"--from", "DAY", "the first day somebody could come", "available_from_day", NULL},
};

const struct verb verb_vacancy_open = {
    .name = "vacancy open",
    .takes = "HOUSEHOLD",
    .summary = "open a household to referral; its free places are derived, never typed",
    .text = "By a placement officer of the household's provider.",
    .example = "rccctl vacancy open e3k8mm --from today",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "foster.open_vacancy",
    .fields = FIELDS("household_id"),
    .print = vacancy_print,
};
