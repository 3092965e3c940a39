#include "verbs.h"

const struct verb verb_bed_free = {
    .name = "bed free",
    .takes = "RESERVATION",
    .summary = "a reserved bed is for everybody again",
    .text = "By a placement officer of its provider.",
    .example = "rccctl bed free 01k9j3v5x2m8q4r7t6p2weh0ab",
    .words_min = 1,
    .words_max = 1,
    .call = "residential.free_bed",
    .fields = FIELDS("reservation_id"),
    .done = "The bed is reserved no more.",
};
