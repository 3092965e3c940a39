#include "verbs.h"

static const struct flag flags[] = {
    {"--reason", "WORD",
	"best meets needs, siblings together, close to home and school, culture and "
	"language, childs wish, only offer, immediate safety",
	"reason", NULL},
    {"--split-reason", "WORD",
	"where siblings live apart: no home for all, not safe together, needs differ, "
	"childrens wish, court order",
	"split_reason", NULL},
};

const struct verb verb_request_decide = {
    .name = "request decide",
    .takes = "REQUEST OFFER...",
    .summary = "choose an offer, or one for each part of a split, with a reason",
    .text =
	"By a commissioner of the child's council, who stays recorded as the one who "
	"decided. The place is then asked for; request show says whether it is held. "
	"Siblings chosen for several homes move together: if one home is lost before "
	"that, the others are given back and it is for you to choose again.",
    .example =
	"rccctl request decide 4zr8qk t6p2we --reason \"best meets needs\"\n"
	"rccctl request decide 4zr8qk t6p2we 0hv3nd --reason \"best meets needs\" \\\n"
	"    --split-reason \"no home for all\"",
    FLAGS(flags),
    .words_min = 2,
    .words_max = ARGS_MAX,
    .call = "requests.decide",
    .fields = FIELDS("request_id", "offer_id", "further_offer_ids"),
    .done = "The decision is recorded. What was chosen is now being asked for.",
};
