#ifndef RCC_GATEWAY_HTTP_H
#define RCC_GATEWAY_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

#define GATEWAY_BODY_MAX ((size_t)64 * 1024)
#define GATEWAY_HEADERS_MAX 12
/* Of each of the two listeners; streams, of both together, leave room for pages. */
#define GATEWAY_CONNECTIONS_MAX 1024
#define GATEWAY_STREAMS_MAX 768
/* What a stream's reader may leave unread before it is closed. */
#define GATEWAY_STREAM_BYTES_MAX ((size_t)128 * 1024)

/*
 * One request and its answer. The site has it from `asked` until it answers, ends the
 * stream, or is told that it is gone, whichever is first.
 */
struct gateway_exchange {
	void *of; /* the site's own; NULL at first */
};

/* Good until the exchange ends. */
struct gateway_request {
	struct gateway_exchange *exchange;
	const char *method; /* HEAD is GET here; its answer's body is left out */
	const char *path;   /* as sent, with its percent signs; begins with "/" */
	const char *query;  /* as sent, without "?"; "" where there is none */
	struct bytes body;
	const char *address; /* a number; "" where it is not known */
	bool is_from_front;  /* over the unix socket, with the front's secret */
};

/*
 * The value of a header, whatever the case of its name. NULL: it is not there, or more
 * than once. The front's own headers (X-Rcc-...) are there for is_from_front alone, and
 * its secret never is.
 */
const char *gateway_http_header(const struct gateway_request *r, const char *name);

struct gateway_header {
	const char *name, *value;
};

/* HTTP's status, a Content-Type (NULL: none), the body, and headers, which stand for
 * the ones the door adds to every answer where they have the same name. */
struct gateway_reply {
	unsigned status;
	const char *type;
	struct bytes body;
	struct gateway_header headers[GATEWAY_HEADERS_MAX];
	size_t headers_n;
};

/* At once in `asked`, or at any later time. All of it is copied. The exchange is not
 * the site's any more. */
void gateway_http_answer(struct gateway_exchange *x, const struct gateway_reply *reply);

/* The answer is a stream of events (200, text/event-stream) that stays open until one
 * of the two ends it. Beyond GATEWAY_STREAMS_MAX: 503, and `gone`. */
void gateway_http_stream(struct gateway_exchange *x);
/* One event, or several, written out with their blank lines; copied. ERR_FULL: the
 * reader is too slow and is closed; `gone` follows. */
enum err gateway_http_push(struct gateway_exchange *x, struct bytes event) MUST_CHECK;
/* Ends a stream when what was pushed is read. The exchange is not the site's any more.
 */
void gateway_http_end(struct gateway_exchange *x);

struct gateway_http_options {
	const char *address; /* "127.0.0.1:8080", "[::1]:8080": numbers, never a name */
	const char *front; /* path of the unix socket for a trusted front; NULL: none */
	struct bytes secret; /* which that front must send in X-Rcc-Front; borrowed */
	/* A request is there, whole. */
	void (*asked)(void *context, const struct gateway_request *request);
	/* The caller left before the exchange was answered, or its stream ended: it is
	 * not to be touched after this. Never called for one that the site has ended.
	 */
	void (*gone)(void *context, struct gateway_exchange *x);
	/* The page for a person (Accept: text/html) who is turned away with this
	 * status, as HTML; BYTES_NONE: a sentence is all, as it is for programs. NULL:
	 * for nobody. */
	struct bytes (*turned)(void *context, unsigned status);
	void *context;
};

/*
 * HTTP/1.1 in the caller's own loop. Requests that two readers could read in two ways
 * are answered 400, and those too large, 413 or 431; the site never sees them. Head and
 * body have ten seconds in all, an answer has thirty to be read, a connection may rest
 * for thirty: whatever is sent meanwhile. A site that does not answer within a minute
 * is answered for, 503.
 */
struct gateway_http;

/* Listens, but answers nobody before gateway_http_serve. `problem` gets one sentence
 * where an address is none, or is in use. */
enum err gateway_http_open(struct gateway_http **out,
    const struct gateway_http_options *o, char *problem,
    size_t problem_size) MUST_CHECK;
/* Ends whatever is open, without `gone`. */
void gateway_http_close(struct gateway_http *h);

/* Readable when there is something to serve. */
int gateway_http_fd(const struct gateway_http *h);
/* Serves what there is, without waiting. How long it may be left alone, microseconds.
 */
int64_t gateway_http_serve(struct gateway_http *h, int64_t now_us);

#endif
