#include "verbs.h"

static const struct flag flags[] = {
    {"--day", "DAY", "the day the placement ended", "end_day", NULL},
    {"--reason", "WORD",
	"care plan, returned home, carer asked behaviour, carer asked other, child "
	"asked, "
	"council asked, allegation, standards, closure, turned 18",
	"reason", NULL},
    {"--placement", "PLACEMENT",
	"which, where there are several (placement_id in request show)", "placement_id",
	NULL},
};

const struct verb verb_request_end = {
    .name = "request end",
    .takes = "REQUEST",
    .summary = "end a placement that had started",
    .text = "By a commissioner of the child's council. The place becomes free again.",
    .example = "rccctl request end 4zr8qk --day today --reason \"returned home\" --yes",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "requests.end",
    .fields = FIELDS("request_id"),
    .done = "The end is recorded, and the place is being freed.",
    .destroys = "End the placement of request",
};
