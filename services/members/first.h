#ifndef RCC_MEMBERS_FIRST_H
#define RCC_MEMBERS_FIRST_H

#include <stdbool.h>
#include <stdint.h>

/* Is this command line the one below, rather than a service's? */
bool members_is_first(int argc, char **argv);

/*
 * rcc-members --first NAME PUBLICKEY --config FILE
 *
 * Writes the first administrator, who registers everybody else: once, while the
 * journal is empty, with the service not running. PUBLICKEY is 64 hex digits, as
 * `rccctl keys new` prints it. Exit: 0 when it is written, 1 with one sentence on
 * stderr, 2 for a wrong command line.
 */
int members_first_run(int argc, char **argv, int64_t now_ms);

#endif
