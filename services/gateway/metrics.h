#ifndef RCC_GATEWAY_METRICS_H
#define RCC_GATEWAY_METRICS_H

#include "base/arena.h"
#include "base/err.h"

#include "gateway.pb-c.h"

/* What Content-Type says of the text. */
#define GATEWAY_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/*
 * The same view as Prometheus reads it: text format 0.0.4, one gauge a number, a label
 * `service` on each and `source` where one follows another. Ages are counted to the
 * view's asked_time. What is not known is left out, never zero. NUL-terminated, in the
 * arena; ERR_MEMORY at the cap.
 */
enum err gateway_metrics_text(
    struct arena *a, const Gateway__Health *view, const char **out) MUST_CHECK;

#endif
