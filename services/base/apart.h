#ifndef RCC_APART_H
#define RCC_APART_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * Work that may crash or hang, since LMDB may on damaged pages: done by a process of
 * its own, which says through a pipe what it finds. It dies with its parent, leaves
 * no core file and is silent on stderr.
 */
struct apart {
	pid_t child;
	int pipe; /* the end to read from */
};

/* Silence that is taken for a halt. */
#define APART_SILENT_MS 30000

/*
 * What `work` returns the process leaves with. ERR_INTERNAL where no process could be
 * started. Flush stdout first, or the child may print it again; and have no store open
 * that the child will open.
 */
enum err apart_begin(struct apart *out, int (*work)(const void *context, int pipe),
    const void *context) MUST_CHECK;
/* 1: there is something to read, or the end. 0: silence for so long. -1: trouble. */
int apart_wait(const struct apart *a, int silent_ms);
/* Kills it where it is not to go on, and waits: the status as wait(2) has it. */
int apart_end(struct apart *a, bool is_killed);

#endif
