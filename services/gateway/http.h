#ifndef RCC_GATEWAY_HTTP_H
#define RCC_GATEWAY_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct MHD_Connection;
struct MHD_Daemon;

#define GATEWAY_HTTP_CONNECTIONS_MAX 256

/* What a page says: a status of HTTP, a Content-Type, and the body, which is copied. */
struct gateway_page {
	unsigned status;
	const char *type;
	struct bytes body;
};

/* A path, as it is sent and to the letter, and who writes its page. */
struct gateway_route {
	const char *path;
	enum err (*page)(void *context, struct gateway_page *out);
};

struct gateway_http_options {
	const char
	    *address; /* "127.0.0.1:8080", "[::1]:8080": a number, never a name */
	const struct gateway_route *routes;
	size_t routes_n;
	void *context; /* of the routes */
};

/*
 * HTTP in the caller's own loop: GET and HEAD of the routes, one request a connection;
 * any other path is answered 404, any other method 405, what two readers could read in
 * two ways 400. No connection lives longer than five seconds, whatever it does.
 */
struct gateway_http {
	struct MHD_Daemon *daemon;
	struct gateway_http_options options;
	int64_t now_us;
	struct gateway_caller {
		struct MHD_Connection *connection; /* NULL: this place is free */
		int64_t until_us;                  /* INT64_MAX: was shut down */
	} callers[GATEWAY_HTTP_CONNECTIONS_MAX];
};

/* Listens, but answers nobody before gateway_http_serve. `problem` gets one sentence
 * where the address is none, or is in use. Not to be moved while open. */
enum err gateway_http_open(struct gateway_http *h, const struct gateway_http_options *o,
    char *problem, size_t problem_size) MUST_CHECK;
void gateway_http_close(struct gateway_http *h);

/* Readable when there is something to serve. */
int gateway_http_fd(const struct gateway_http *h);
/* Serves what there is, without waiting. How long it may be left alone. */
int64_t gateway_http_serve(struct gateway_http *h, int64_t now_us);

#endif
