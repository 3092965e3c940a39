#include "home.h"
#include "verbs.h"

static const struct flag flags[] = {HOME_FILE};

const struct verb verb_home_register = {
    .name = "home register",
    .summary =
	"a home as registered with Ofsted and as its statement of purpose has it",
    .text =
	"By a placement officer of its provider. The fields of the JSON: rccctl call "
	"residential.register_home",
    .example = "rccctl home register --file home.json",
    FLAGS(flags),
    .run = home_run_file,
    .call = "residential.register_home",
    .done = "The home is registered here.",
};
