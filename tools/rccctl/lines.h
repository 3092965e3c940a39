#ifndef RCC_RCCCTL_LINES_H
#define RCC_RCCCTL_LINES_H

#include "base/journal.h"

#include "method.h"
#include "tool.h"

#include "backup.pb-c.h"

/*
 * A journal in open form: a line of JSON for each entry (backup.Line), with all that
 * its owner holds, from which the very same bytes can be made again.
 */

/* The line of an entry, in the arena. EXIT_FAULT, said, where the entry could not be
 * made again from it: nothing is left out silently. */
enum exit_code lines_say(struct tool *t, const struct contract *c,
    const Journal__Record *record, const Journal__Body *body, const char **out);

/* An entry as it was, ready for journal_take; in the arena. */
struct lines_entry {
	Journal__Record record;
	Journal__Body body;
};
/* False, with the reason, where the line does not say one of this service. */
bool lines_read(struct tool *t, const struct contract *c, const char *line,
    struct lines_entry *out, struct check_problem *why);

#endif
