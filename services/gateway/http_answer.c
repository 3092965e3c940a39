#include "gateway/http.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/str.h"
#include "gateway/http_inside.h"

#define PLAIN "text/plain; charset=utf-8"
#define HTML "text/html; charset=utf-8"

/* ---- answers ---- */

/* What every answer says unless it says otherwise itself; some only where a browser
 * makes a page of it. */
static const struct {
	struct gateway_header header;
	bool is_of_pages;
} usual[] = {
    {{"Cache-Control", "no-store"}, false},
    {{"Content-Security-Policy",
	 "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
	 "data:; "
	 "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
	 "'none'"},
	false},
    {{"X-Content-Type-Options", "nosniff"}, false},
    {{"X-Frame-Options", "DENY"}, false},
    {{"Referrer-Policy", "same-origin"}, true},
    {{"Cross-Origin-Opener-Policy", "same-origin"}, true},
    {{"Cross-Origin-Resource-Policy", "same-origin"}, false},
    {{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"}, true},
};

static bool
is_page(const struct gateway_reply *reply)
{
	return reply->type == NULL || str_starts(reply->type, "text/html") ||
	       str_starts(reply->type, "image/svg");
}

static bool
says(const struct gateway_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->headers_n; i++) {
		if (strcasecmp(reply->headers[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool
add_headers(struct MHD_Response *r, const struct gateway_reply *reply)
{
	enum MHD_Result is_added = MHD_YES;

	if (reply->type != NULL)
		is_added = MHD_add_response_header(r, "Content-Type", reply->type);
	for (size_t i = 0; is_added == MHD_YES && i < reply->headers_n; i++)
		is_added = MHD_add_response_header(
		    r, reply->headers[i].name, reply->headers[i].value);
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
		const struct gateway_header *header = &usual[i].header;

		if (is_added == MHD_YES && !says(reply, header->name) &&
		    (!usual[i].is_of_pages || is_page(reply)))
			is_added =
			    MHD_add_response_header(r, header->name, header->value);
	}
	return is_added == MHD_YES;
}

/* NULL where a header holds what none may, or there is no memory. */
static struct MHD_Response *
response_of(const struct gateway_reply *reply)
{
	union {
		const void *in;
		void *out;
	} body = {.in = reply->body.data}; /* is copied, not written */
	struct MHD_Response *r = MHD_create_response_from_buffer(
	    reply->body.len, body.out, MHD_RESPMEM_MUST_COPY);

	if (r == NULL || add_headers(r, reply))
		return r;
	MHD_destroy_response(r);
	return NULL;
}

static struct MHD_Response *
sentence_or_page(const char *type, struct bytes body, bool is_last)
{
	struct gateway_reply reply = {.type = type, .body = body};

	if (is_last)
		reply.headers[reply.headers_n++] =
		    (struct gateway_header){"Connection", "close"};
	return response_of(&reply);
}

struct MHD_Response *
gateway_caller_plain(const char *sentence, bool is_last)
{
	return sentence_or_page(PLAIN, bytes_of_text(sentence), is_last);
}

void
gateway_caller_turn(
    struct gateway_caller *caller, struct gateway_guard_no no, bool is_last)
{
	const struct gateway_http_options *o = &caller->http->options;
	const char *accept = gateway_caller_header(caller, "Accept");
	struct bytes page = BYTES_NONE;

	if (o->turned != NULL && accept != NULL && strstr(accept, "text/html") != NULL)
		page = o->turned(o->context, no.status);
	gateway_caller_give(caller, no.status,
	    page.data != NULL ? sentence_or_page(HTML, page, is_last)
			      : gateway_caller_plain(no.sentence, is_last));
}

void
gateway_caller_give(
    struct gateway_caller *caller, unsigned status, struct MHD_Response *response)
{
	if (response == NULL) {
		status = MHD_HTTP_INTERNAL_SERVER_ERROR;
		response =
		    gateway_caller_plain("The answer could not be written.\n", false);
	}
	caller->status = status;
	caller->response = response;
	caller->phase = GATEWAY_PHASE_ANSWER;
	caller->until_us = caller->http->now_us + GATEWAY_ANSWER_US;
	gateway_caller_go_on(caller);
}

void
gateway_http_answer(struct gateway_exchange *x, const struct gateway_reply *reply)
{
	struct gateway_caller *caller = (struct gateway_caller *)(void *)x;

	caller->is_sites = false;
	if (caller->phase == GATEWAY_PHASE_SITE)
		gateway_caller_give(caller, reply->status, response_of(reply));
}

/* The library takes what was given; false closes the connection. */
enum MHD_Result
gateway_caller_hand_over(struct gateway_caller *caller)
{
	struct MHD_Response *response = caller->response;
	enum MHD_Result is_taken = MHD_NO;

	caller->response = NULL;
	if (response == NULL)
		return MHD_NO;
	is_taken = MHD_queue_response(caller->connection, caller->status, response);
	MHD_destroy_response(response);
	return is_taken;
}

/* ---- streams ---- */

static ssize_t
on_stream(void *context, uint64_t position, char *out, size_t max)
{
	struct gateway_caller *caller = context;
	size_t n = caller->stream_len < max ? caller->stream_len : max;

	(void)position;
	if (caller->is_lost)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (n == 0 && caller->is_ending)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) {
		gateway_caller_suspend(caller);
		return 0;
	}
	memcpy(out, caller->stream + caller->stream_from, n);
	caller->stream_from += n;
	caller->stream_len -= n;
	return (ssize_t)n;
}

/* Says when the reader of a stream is gone, which the library does not look for while
 * there is nothing to send. What the system keeps for one is bounded as well. */
static void
watch_reader(struct gateway_caller *caller)
{
	struct epoll_event left = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = caller};
	int fd = gateway_caller_socket(caller), bytes = (int)GATEWAY_STREAM_BYTES_MAX;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	if (epoll_ctl(caller->http->fd, EPOLL_CTL_ADD, fd, &left) != 0)
		caller->is_lost = true;
}

/* NULL where there is no memory. */
static struct MHD_Response *
stream_of(struct gateway_caller *caller, const struct gateway_reply *reply)
{
	struct MHD_Response *r = NULL;

	caller->stream = arena_take_raw(&caller->memory, GATEWAY_STREAM_BYTES_MAX);
	if (caller->stream != NULL)
		r = MHD_create_response_from_callback(
		    MHD_SIZE_UNKNOWN, 1024, on_stream, caller, NULL);
	if (r == NULL || add_headers(r, reply))
		return r;
	MHD_destroy_response(r);
	return NULL;
}

void
gateway_http_stream(struct gateway_exchange *x)
{
	const struct gateway_reply reply = {
	    .type = "text/event-stream",
	    .headers = {{"X-Accel-Buffering", "no"}, {"Connection", "close"}},
	    .headers_n = 2,
	};
	struct gateway_caller *caller = (struct gateway_caller *)(void *)x;
	struct gateway_http *h = caller->http;
	struct MHD_Response *r;

	if (caller->phase != GATEWAY_PHASE_SITE)
		return;
	if (h->streams == GATEWAY_STREAMS_MAX) {
		gateway_caller_give(caller, MHD_HTTP_SERVICE_UNAVAILABLE,
		    gateway_caller_plain(
			"Too many pages are kept fresh already.\n", true));
		return;
	}
	r = caller->is_head ? response_of(&reply) : stream_of(caller, &reply);
	gateway_caller_give(caller, MHD_HTTP_OK, r);
	if (caller->is_head || r == NULL)
		return;
	caller->phase = GATEWAY_PHASE_STREAM;
	caller->until_us = INT64_MAX;
	h->streams++;
	watch_reader(caller);
	/* A comment, so that its head is not kept back: nginx does over HTTP/2, until
	 * there is a body. */
	if (gateway_http_push(x, bytes_of_text(":\n\n")) != ERR_NONE)
		caller->is_lost = true;
}

enum err
gateway_http_push(struct gateway_exchange *x, struct bytes event)
{
	struct gateway_caller *caller = (struct gateway_caller *)(void *)x;

	if (caller->phase != GATEWAY_PHASE_STREAM || caller->is_lost)
		return ERR_FULL;
	if (event.len > GATEWAY_STREAM_BYTES_MAX - caller->stream_len) {
		gateway_caller_shut(caller);
		return ERR_FULL;
	}
	if (event.len >
	    GATEWAY_STREAM_BYTES_MAX - caller->stream_from - caller->stream_len) {
		memmove(caller->stream, caller->stream + caller->stream_from,
		    caller->stream_len);
		caller->stream_from = 0;
	}
	memcpy(caller->stream + caller->stream_from + caller->stream_len, event.data,
	    event.len);
	caller->stream_len += event.len;
	gateway_caller_go_on(caller);
	return ERR_NONE;
}

void
gateway_http_end(struct gateway_exchange *x)
{
	struct gateway_caller *caller = (struct gateway_caller *)(void *)x;

	caller->is_sites = false;
	if (caller->phase != GATEWAY_PHASE_STREAM)
		return;
	caller->is_ending = true;
	caller->until_us = caller->http->now_us + GATEWAY_ANSWER_US;
	gateway_caller_go_on(caller);
}
