#include "vacancy.h"
#include "verbs.h"

const struct verb verb_vacancy_close = {
    .name = "vacancy close",
    .takes = "VACANCY",
    .summary = "take a household off the lists; what is held stays held",
    .text = "By a placement officer of its provider. It can be opened again.",
    .example = "rccctl vacancy close 9m2c7t",
    .words_min = 1,
    .words_max = 1,
    .call = "foster.close_vacancy",
    .fields = FIELDS("vacancy_id"),
    .print = vacancy_print,
};
