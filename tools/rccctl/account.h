#ifndef RCC_RCCCTL_ACCOUNT_H
#define RCC_RCCCTL_ACCOUNT_H

#include "tool.h"

#include "members.pb-c.h"

/*
 * The person that an administrator means: by id, by the last characters of one (6 or
 * more), by whole name or by what they sign in with, in any case. EXIT_USAGE, said,
 * where it is nobody or more than one.
 */
enum exit_code account_find(
    struct tool *t, const char *text, const Members__AccountShown **out);

/* A verb that is one call about one person, the first word. */
enum exit_code account_run(struct tool *t);

#endif
