#include "verbs.h"

const struct verb verb_offer_interest = {
    .name = "offer interest",
    .takes = "REQUEST",
    .summary = "show interest, so that the council may let you read more",
    .text = "By a placement officer of a provider that the request was circulated to.",
    .example = "rccctl offer interest 4zr8qk",
    .words_min = 1,
    .words_max = 1,
    .call = "requests.show_interest",
    .fields = FIELDS("request_id"),
    .done = "Your interest is recorded.",
};
