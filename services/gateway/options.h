#ifndef RCC_GATEWAY_OPTIONS_H
#define RCC_GATEWAY_OPTIONS_H

#include <stddef.h>

#include "base/err.h"

/*
 * The gateway's `option`: an address to serve HTTP on, then keys and values:
 *   front=unix:/run/rcc/gateway.sock secret-file=/etc/rcc/keys/front.secret
 *       a unix socket for a web server that is trusted, since it sends the secret in
 *       that file; one goes with the other
 *   region=Greater Manchester
 *       what every page calls the region; last, for it goes on to the end of the line
 */
struct gateway_options {
	char address[80];
	char front[108]; /* a path; "": none */
	char secret[130];
	char region[80]; /* "": it is not said */
};

/* Reads the file too. `problem` gets one sentence. */
enum err gateway_options_read(struct gateway_options *out, const char *option,
    char *problem, size_t problem_size) MUST_CHECK;

#endif
