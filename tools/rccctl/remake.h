#ifndef RCC_RCCCTL_REMAKE_H
#define RCC_RCCCTL_REMAKE_H

#include "tool.h"

#include "journal.pb-c.h"

/*
 * Has the service itself make its tables anew from the journal, in a scratch folder and
 * a process of its own with a time limit (--wait, or ten minutes), and compare. The
 * store is only read, and may be served. EXIT_FAULT, said, where it could not be done.
 */
enum exit_code remake_tables(struct tool *t, const char *store, const char *service,
    const Journal__TablesVerified **out);

#endif
