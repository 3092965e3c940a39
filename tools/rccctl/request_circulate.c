#include "verbs.h"

static const struct flag flags[] = {
    {"--minutes", "N", "the time given to answer", "answer_minutes", NULL},
};

const struct verb verb_request_circulate = {
    .name = "request circulate",
    .takes = "REQUEST VACANCY...",
    .summary =
	"show the need (level 1: codes only) to the providers of these vacancies",
    .text = "By a commissioner of the child's council. May be done again with more "
	    "vacancies.",
    .example = "rccctl request circulate 4zr8qk 9m2c7t h1wd0x --minutes 60",
    FLAGS(flags),
    .words_min = 2,
    .words_max = ARGS_MAX,
    .call = "requests.circulate",
    .fields = FIELDS("request_id", "vacancy_ids"),
    .done = "Circulated.",
};
