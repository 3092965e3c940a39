#ifndef RCC_GATEWAY_LISTEN_H
#define RCC_GATEWAY_LISTEN_H

#include <stddef.h>

#include "base/err.h"

/*
 * A socket that listens: at "127.0.0.1:8080" or "[::1]:8080" (numbers, never names), or
 * at the path of a unix socket, which this user and group may then connect to; one left
 * behind by a process that is gone is replaced. `problem` gets one sentence where that
 * is no such place, or is in use.
 */
enum err gateway_listen(
    const char *address, int *fd, char *problem, size_t problem_size) MUST_CHECK;
enum err gateway_listen_unix(
    const char *path, int *fd, char *problem, size_t problem_size) MUST_CHECK;

#endif
