#ifndef RCC_GATEWAY_SERVE_H
#define RCC_GATEWAY_SERVE_H

#include <stddef.h>

#include "base/err.h"
#include "base/run_options.h"

/*
 * Serves until it is told to stop: asks the services, and answers HTTP at the address
 * that is the `option` of its configuration. `problem` gets one sentence where it could
 * not begin, or go on.
 */
enum err gateway_serve(
    const struct run_options *o, char *problem, size_t problem_size) MUST_CHECK;

#endif
