#include "verbs.h"

static const struct flag flags[] = {
    {"--reason", "WORD",
	"no vacancy, outside approval, mix with current children, skills gap, staffing "
	"gap, location risk, distance, education unavailable, carer declined, "
	"insufficient "
	"information, too late, fee not agreed, grade concern, offered elsewhere",
	"reason", NULL},
};

const struct verb verb_offer_decline = {
    .name = "offer decline",
    .takes = "REQUEST",
    .summary = "say no to a request, with the reason",
    .text = "By a placement officer of a provider that the request was circulated to.",
    .example = "rccctl offer decline 4zr8qk --reason \"mix with current children\"",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "requests.decline",
    .fields = FIELDS("request_id"),
    .done = "Your answer is recorded.",
};
