#include "verbs.h"

static const struct flag flags[] = {
    {"--level", "L2|L3",
	"L2: school, legal status, plan; to a provider that showed interest. L3: the "
	"child's reference; to the chosen one, after the decision",
	"level", NULL},
};

const struct verb verb_request_open = {
    .name = "request open",
    .takes = "REQUEST PROVIDER",
    .summary = "let one provider read more of the need; every opening is recorded",
    .text = "By a commissioner of the child's council.",
    .example = "rccctl request open 4zr8qk 0c5yvn --level L2",
    FLAGS(flags),
    .words_min = 2,
    .words_max = 2,
    .call = "requests.open",
    .fields = FIELDS("request_id", "provider_id"),
    .done = "Opened.",
};
