#include "verbs.h"

static const struct flag flags[] = {
    {"--reason", "WORD",
	"best meets needs, siblings together, close to home and school, culture and "
	"language, childs wish, only offer, immediate safety",
	"reason", NULL},
};

const struct verb verb_request_decide = {
    .name = "request decide",
    .takes = "REQUEST OFFER",
    .summary = "choose an offer, by name and with a reason",
    .text =
	"By a commissioner of the child's council, who stays recorded as the one who "
	"decided. The place is then asked for; request show says whether it is held.",
    .example = "rccctl request decide 4zr8qk t6p2we --reason \"best meets needs\"",
    FLAGS(flags),
    .words_min = 2,
    .words_max = 2,
    .call = "requests.decide",
    .fields = FIELDS("request_id", "offer_id"),
    .done = "The decision is recorded. The place is now being asked for.",
};
