#include "verbs.h"

static const struct flag flags[] = {
    {"--fee", "POUNDS", "for a week, for all the children together: 950 or 1,234.50",
	"fee_pence_week", NULL},
    {"--start", "DAY", "the earliest day the children can come", "earliest_start_day",
	NULL},
    {"--children", "A,B",
	"only for these, a part of a split that the council permits; all unless told",
	"child_refs", NULL},
};

const struct verb verb_offer_make = {
    .name = "offer make",
    .takes = "REQUEST VACANCY",
    .summary = "offer a vacancy for a request",
    .text =
	"By a placement officer of a provider that the request was circulated to. The "
	"answer is the offer's id.",
    .example = "rccctl offer make 4zr8qk 9m2c7t --fee 950 --start today",
    FLAGS(flags),
    .words_min = 2,
    .words_max = 2,
    .call = "requests.offer",
    .fields = FIELDS("request_id", "vacancy_id"),
    .done = "The offer is made.",
};
