#include "vacancy.h"
#include "verbs.h"

const struct verb verb_vacancy_confirm = {
    .name = "vacancy confirm",
    .takes = "VACANCY",
    .summary = "say that a vacancy is still true today",
    .text = "By a placement officer of its provider.",
    .example = "rccctl vacancy confirm 9m2c7t",
    .words_min = 1,
    .words_max = 1,
    .call = "foster.confirm_vacancy",
    .fields = FIELDS("vacancy_id"),
    .print = vacancy_print,
};
