#ifndef RCC_REGION_OPTIONS_H
#define RCC_REGION_OPTIONS_H

#include <stdint.h>

#include "base/arena.h"

/* What the command line says; -1 or NULL where it does not. */
struct options {
	int (*run)(struct arena *a, const struct options *o);
	const char *folder, *peers, *data;
	int64_t seed, scope, per_mille, households, residences, requests;
	int32_t day;
};

/* -1 to go on; else the exit status, all having been said: 0 after --help, 2 for a
 * wrong command line. */
int options_read(int argc, char **argv, struct options *out);

#endif
