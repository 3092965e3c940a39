#ifndef RCC_RCCCTL_ARGS_H
#define RCC_RCCCTL_ARGS_H

#include "tool.h"

extern const struct flag args_global[];
extern const size_t args_global_n;

/*
 * Reads the command line: global options anywhere, the verb, its own options and
 * words. Sets t->verb (NULL where only help was asked for) and t->args, and what
 * the global options say, with RCC_PEERS, RCC_KEY and RCC_ORGANISATION of the
 * environment standing in for those not given. *help is set where --help was.
 * EXIT_USAGE with one sentence on stderr.
 */
enum exit_code args_read(struct tool *t, const struct verb *const *verbs,
    size_t verbs_n, char **argv, bool *help);

/* The value of an option ("" for one that stands alone); NULL when not given. */
const char *args_value(const struct tool *t, const char *name);
/* The folder that --store or the one word behind the verb names; NULL: not just one. */
const char *args_store(const struct tool *t);
/* A whole number given by an option; *out stays as it was when it is not. */
enum exit_code args_number(
    const struct tool *t, const char *name, int64_t min, int64_t max, int64_t *out);

#endif
