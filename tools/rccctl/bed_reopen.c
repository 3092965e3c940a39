#include "verbs.h"

const struct verb verb_bed_reopen = {
    .name = "bed reopen",
    .takes = "CLOSED",
    .summary = "closed beds are available again",
    .text = "By a placement officer of its provider.",
    .example = "rccctl bed reopen 01k9j3v5x2m8q4r7t6p2weh0ab",
    .words_min = 1,
    .words_max = 1,
    .call = "residential.reopen_beds",
    .fields = FIELDS("closed_id"),
    .done = "The beds are open again.",
};
