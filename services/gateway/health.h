#ifndef RCC_GATEWAY_HEALTH_H
#define RCC_GATEWAY_HEALTH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#include "common.pb-c.h"
#include "gateway.pb-c.h"

/* What one service last said of itself. All borrowed. */
struct gateway_heard {
	const char *service;
	int64_t answered_ms;          /* when it last answered; 0: never yet */
	const Common__Health *health; /* NULL: it did not answer when last asked */
};

/*
 * How do the services stand? Each as it answered when last asked; of one that did not
 * only that, for what it said before is no longer so. In the arena, with texts borrowed
 * from `heard`. ERR_MEMORY at the cap.
 */
enum err gateway_health_view(struct arena *a, const struct gateway_heard *heard,
    size_t n, int64_t now_ms, const Gateway__Health **out) MUST_CHECK;

#endif
