#include "verbs.h"

static const struct flag flags[] = {
    {"--reason", "WORD",
	"returned home, family or friends, placed elsewhere, no longer needed, entered "
	"in "
	"error",
	"reason", NULL},
};

const struct verb verb_request_withdraw = {
    .name = "request withdraw",
    .takes = "REQUEST",
    .summary =
	"take a request back; every bidder is told, and what was held is released",
    .text = "By a commissioner of the child's council.",
    .example = "rccctl request withdraw 4zr8qk --reason \"family or friends\" --yes",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "requests.withdraw",
    .fields = FIELDS("request_id"),
    .done = "The request is withdrawn.",
    .destroys = "Withdraw request",
};
