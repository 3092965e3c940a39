#include "verbs.h"

static const struct flag flags[] = {
    {"--day", "DAY", "when it ended, today at the latest", "end_day", NULL},
};

const struct verb verb_home_occupant_ended = {
    .name = "home occupant-ended",
    .takes = "PERSON",
    .summary = "somebody recorded by hand has moved out",
    .text = "By a placement officer of its provider.",
    .example = "rccctl home occupant-ended 01k9j3v5x2m8q4r7t6p2weh0ab --day today",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "residential.end_occupant",
    .fields = FIELDS("occupant_id"),
    .done = "The end is recorded: the bed is free again.",
};
