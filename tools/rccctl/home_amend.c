#include "home.h"
#include "verbs.h"

static const struct flag flags[] = {HOME_FILE};

const struct verb verb_home_amend = {
    .name = "home amend",
    .summary = "the whole home anew: beds staffed, grade, restriction, ages, needs met",
    .text =
	"By a placement officer of its provider; home show --json says how it stands. "
	"The fields of the JSON: rccctl call residential.amend_home",
    .example = "rccctl home amend --file home.json",
    FLAGS(flags),
    .run = home_run_file,
    .call = "residential.amend_home",
    .done = "The home is amended.",
};
