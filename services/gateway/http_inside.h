#ifndef RCC_GATEWAY_HTTP_INSIDE_H
#define RCC_GATEWAY_HTTP_INSIDE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "base/arena.h"
#include "gateway/guard.h"
#include "gateway/http.h"

/* What http*.c share, and nobody else sees. */

#define GATEWAY_REQUEST_US 10000000LL /* head and body, all told */
#define GATEWAY_SITE_US 60000000LL    /* then the site is answered for */
#define GATEWAY_ANSWER_US 30000000LL  /* in which an answer is to be read */
#define GATEWAY_SWALLOWED_MAX ((size_t)1024 * 1024) /* of a body too large */
#define GATEWAY_DOORS_MAX 2
#define GATEWAY_CALLERS_MAX ((size_t)GATEWAY_DOORS_MAX * GATEWAY_CONNECTIONS_MAX)

enum gateway_phase {
	GATEWAY_PHASE_REST,   /* no request, or its first line is not whole */
	GATEWAY_PHASE_HEAD,   /* its headers are not judged */
	GATEWAY_PHASE_BODY,   /* what follows them is read, or passed over (`no`) */
	GATEWAY_PHASE_SITE,   /* the site has it */
	GATEWAY_PHASE_ANSWER, /* is being read by the caller */
	GATEWAY_PHASE_STREAM, /* of events */
	GATEWAY_PHASE_SHUT,   /* the socket is shut: the library will find out */
};

/* One connection, and the request on it. */
struct gateway_caller {
	struct gateway_exchange exchange; /* first: the site's pointer is this one */
	struct gateway_request request;
	struct gateway_http *http;
	struct MHD_Connection *connection; /* NULL: this place is free */
	struct MHD_Response *response;     /* given, and not yet taken by the library */
	struct gateway_guard_no no;        /* what it is turned away with */
	struct arena memory;               /* of this request */
	int64_t until_us;
	const char *target; /* the path and the query as one */
	uint8_t *body;
	size_t body_len; /* all that came, kept or not */
	uint8_t *stream; /* what of it is not read begins at stream_from */
	size_t stream_from, stream_len;
	enum gateway_phase phase;
	unsigned status; /* of the response */
	/* Of this request, and the other end of the connection, once it was asked for.
	 */
	struct gateway_address {
		char text[INET6_ADDRSTRLEN];
	} address, peer;
	bool is_by_front; /* it came to the front's own door */
	bool is_head;     /* headers alone are wanted */
	bool is_suspended;
	bool is_sites;  /* the site has neither answered nor been told it is gone */
	bool is_ending; /* the stream, when it is read */
	bool is_lost;   /* nobody reads the stream any more */
};

struct gateway_http {
	struct gateway_http_options options;
	struct gateway_door {
		struct gateway_http *http;
		struct MHD_Daemon *daemon;
		bool is_front;
	} doors[GATEWAY_DOORS_MAX];
	struct arena memory; /* holds this */
	int fd;              /* the daemons' and the streams' descriptors as one */
	int64_t now_us, look_us;
	size_t streams, open;
	bool is_closing;
	struct gateway_caller callers[GATEWAY_CALLERS_MAX];
};

int gateway_caller_socket(const struct gateway_caller *caller);
/* The library leaves the caller alone until gateway_caller_go_on. */
void gateway_caller_suspend(struct gateway_caller *caller);
void gateway_caller_go_on(struct gateway_caller *caller);
/* Ends the connection; the library finds out, and says so to the site. */
void gateway_caller_shut(struct gateway_caller *caller);

/* The library says what these take (http_request.c): the first line is there, before it
 * is changed; and all that follows. */
void *gateway_caller_target(
    void *context, const char *target, struct MHD_Connection *c);
enum MHD_Result gateway_caller_request(void *context, struct MHD_Connection *c,
    const char *path, const char *method, const char *version, const char *data,
    size_t *data_size, void **request);

/* A sentence as an answer, the last of its connection or not; NULL: no memory. */
struct MHD_Response *gateway_caller_plain(const char *sentence, bool is_last);
/* The value of a header; NULL: it is not there, or more than once. */
const char *gateway_caller_header(
    const struct gateway_caller *caller, const char *name);
/* Turned away by the door: a page for a person, for a program the sentence. */
void gateway_caller_turn(
    struct gateway_caller *caller, struct gateway_guard_no no, bool is_last);
/* The caller is to have this, or 500 where it is NULL. */
void gateway_caller_give(
    struct gateway_caller *caller, unsigned status, struct MHD_Response *response);
/* The library takes what was given; MHD_NO closes the connection. */
enum MHD_Result gateway_caller_hand_over(struct gateway_caller *caller);

#endif
