#include "verbs.h"

static const struct flag flags[] = {
    {"--beds", "N", "how many", "beds", NULL},
    {"--reason", "WORD",
	"staffing, repairs, needs of child in placement, restriction, other commitment "
	"(sold outside the co-operative)",
	"reason", NULL},
    {"--from", "DAY", "the first day", "from_day", NULL},
    {"--until", "DAY", "the day they are back; reopened by hand unless told",
	"until_day", NULL},
};

const struct verb verb_bed_close = {
    .name = "bed close",
    .takes = "HOME",
    .summary = "beds not available, and why",
    .text = "By a placement officer of its provider.",
    .example = "rccctl bed close 7q2d9x --beds 2 --reason staffing --from today",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "residential.close_beds",
    .fields = FIELDS("home_id"),
    .done = "The beds are closed.",
};
