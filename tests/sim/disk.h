#ifndef RCC_SIM_DISK_H
#define RCC_SIM_DISK_H

#include "sim/world.h"

/* Between world.c and disk.c: a disk that fills is a store that may not grow. LMDB says
 * so in the middle of a turn, or at its commit, as it would of a disk. */

/* The bytes that a store may have when it opens now; 0: what it likes. */
uint64_t disk_left(struct world *w, unsigned node);
/* A turn found no room: nothing may leave, and the process ends. */
void disk_is_full(struct world *w, unsigned node, const struct svc_sends *sends);
/* It did not even open: it is tried again. */
void disk_keeps_down(struct world *w, unsigned node);

#endif
