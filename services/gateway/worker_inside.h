#ifndef RCC_GATEWAY_WORKER_INSIDE_H
#define RCC_GATEWAY_WORKER_INSIDE_H

/* What the two ends of a worker's pipe share; worker.h is what others may see. */
#include "gateway/worker.h"

/* Will a child do this? */
bool worker_may(const struct worker_question *q);
void worker_pack(
    const struct worker_question *q, uint64_t ticket, uint8_t out[WORKER_PACKED_BYTES]);

#endif
