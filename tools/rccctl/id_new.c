#include <stdio.h>

#include "base/bus.h"
#include "base/id.h"

#include "verbs.h"

static enum exit_code
run(struct tool *t)
{
	struct id id = bus_new_id();

	(void)printf(t->is_json ? "{\"id\": \"%s\"}\n" : "%s\n", id.text);
	return EXIT_YES;
}

const struct verb verb_id_new = {
    .name = "id new",
    .summary = "make an id to give a command with --id",
    .text =
	"A command sent again with the same id and the same content, even days later, "
	"is not done again: it hears the first answer.",
    .example = "rccctl offer interest 4zr8qk --id $(rccctl id new)",
    .run = run,
};
