#include "verbs.h"

static const struct flag flags[] = {
    {"--bed", "N", "its number, 1 to the registered places", "bed_number", NULL},
    {"--council", "CODE...", "whom it is kept for; again for each", "council_ids",
	NULL},
    {"--from", "DAY", "the first day", "from_day", NULL},
    {"--until", "DAY", "the day after the last; until freed unless told", "until_day",
	NULL},
};

const struct verb verb_bed_reserve = {
    .name = "bed reserve",
    .takes = "HOME",
    .summary = "keep one numbered bed for a council, or for those of a block contract",
    .text = "By a placement officer of its provider.",
    .example = "rccctl bed reserve 7q2d9x --bed 3 --council E08000003 --from today",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "residential.reserve_bed",
    .fields = FIELDS("home_id"),
    .done = "The bed is reserved.",
};
