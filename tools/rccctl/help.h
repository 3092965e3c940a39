#ifndef RCC_RCCCTL_HELP_H
#define RCC_RCCCTL_HELP_H

#include <stdio.h>

#include "tool.h"

/* Everything about one verb, from its row. */
void help_verb(FILE *out, const struct verb *v);
/* All verbs (no words), those of a group, or one. EXIT_USAGE where there is none. */
enum exit_code help_about(const struct verb *const *verbs, size_t n,
    const char *const *words, size_t words_n);

#endif
