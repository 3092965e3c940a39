#ifndef RCC_GATEWAY_OPTIONS_H
#define RCC_GATEWAY_OPTIONS_H

#include <stddef.h>

#include "base/err.h"

/*
 * The gateway's `option`: an address to serve HTTP on, then words that are keys and
 * values:
 *   127.0.0.1:8080 front=unix:/run/rcc/gateway.sock
 * secret-file=/etc/rcc/keys/front.secret `front` is a unix socket for a web server that
 * is trusted, since it sends the secret in that file; one goes with the other.
 */
struct gateway_options {
	char address[80];
	char front[108]; /* a path; "": none */
	char secret[130];
};

/* Reads the file too. `problem` gets one sentence. */
enum err gateway_options_read(struct gateway_options *out, const char *option,
    char *problem, size_t problem_size) MUST_CHECK;

#endif
