#include "verbs.h"

static const struct flag flags[] = {
    {"--day", "DAY", "the day the child arrives: today, 2026-11-21, ...", "start_day",
	NULL},
    {"--placement", "PLACEMENT",
	"only this one of several (placement_id in request show)", "placement_id",
	NULL},
};

const struct verb verb_request_start = {
    .name = "request start",
    .takes = "REQUEST",
    .summary = "the child has moved in: start the placement",
    .text =
	"By a commissioner of the child's council, after the provider's yes and, where "
	"one is due, the approval. Of siblings in several homes all start together, "
	"unless one is named.",
    .example = "rccctl request start 4zr8qk --day today",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "requests.start",
    .fields = FIELDS("request_id"),
    .done = "The start is ordered. The owner of the place now records it.",
};
