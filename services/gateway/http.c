#include "gateway/http.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/str.h"

#define PLAIN "text/plain; charset=utf-8"
#define CALLER_US 5000000LL
#define REST_US 1000000LL
#define HEADER_BYTES_MAX ((size_t)16 * 1024) /* memory of a connection, all told */
#define ADDRESS_MAX 80

/* ---- answers ---- */

static struct gateway_page
plain(unsigned status, const char *sentence)
{
	return (struct gateway_page){status, PLAIN, bytes_of_text(sentence)};
}

static enum MHD_Result
answer(struct MHD_Connection *c, const struct gateway_page *page)
{
	union {
		const void *in;
		void *out;
	} body = {.in = page->body.data}; /* is copied, not written */
	struct MHD_Response *r = MHD_create_response_from_buffer(
	    page->body.len, body.out, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result = MHD_NO;

	if (r == NULL)
		return MHD_NO;
	if (MHD_add_response_header(r, "Content-Type", page->type) == MHD_YES &&
	    MHD_add_response_header(r, "Cache-Control", "no-store") == MHD_YES &&
	    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff") ==
		MHD_YES &&
	    MHD_add_response_header(r, "Connection", "close") == MHD_YES &&
	    (page->status != MHD_HTTP_METHOD_NOT_ALLOWED ||
		MHD_add_response_header(r, "Allow", "GET, HEAD") == MHD_YES))
		result = MHD_queue_response(c, page->status, r);
	MHD_destroy_response(r);
	return result;
}

/* ---- requests ---- */

/* What the headers that say where a request ends, and for whom it is, come to. */
struct guard {
	unsigned hosts, lengths, encodings;
	bool is_bad;
};

static enum MHD_Result
on_header(void *guard, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct guard *g = guard;
	size_t len = strlen(name);

	(void)kind;
	if (len == 0 || name[len - 1] == ' ' || name[len - 1] == '\t')
		g->is_bad = true; /* a blank before the colon */
	if (strcasecmp(name, "Host") == 0)
		g->hosts++;
	if (strcasecmp(name, "Content-Length") == 0)
		g->lengths++;
	if (strcasecmp(name, "Transfer-Encoding") == 0) {
		g->encodings++;
		if (value == NULL || strcasecmp(value, "chunked") != 0)
			g->is_bad = true;
	}
	return MHD_YES;
}

/* Whatever stands in front of the gateway reads the request as this does, or it is
 * not read: libmicrohttpd 0.9.75 lets these pass even when it is strict. */
static bool
is_unmistakable(struct MHD_Connection *c)
{
	struct guard g = {.hosts = 0};

	MHD_get_connection_values(c, MHD_HEADER_KIND, on_header, &g);
	return !g.is_bad && g.hosts == 1 && g.lengths + g.encodings <= 1;
}

static struct gateway_page
page_of(struct gateway_http *h, const char *path, const char *method)
{
	struct gateway_page page;

	for (size_t i = 0; i < h->options.routes_n; i++) {
		const struct gateway_route *route = &h->options.routes[i];

		if (!str_equal(route->path, path))
			continue;
		if (!str_equal(method, "GET") && !str_equal(method, "HEAD"))
			return plain(MHD_HTTP_METHOD_NOT_ALLOWED,
			    "This page can only be read.\n");
		if (route->page(h->options.context, &page) == ERR_NONE)
			return page;
		return plain(
		    MHD_HTTP_INTERNAL_SERVER_ERROR, "The page could not be written.\n");
	}
	return plain(MHD_HTTP_NOT_FOUND, "There is no such page.\n");
}

/* NOLINTBEGIN(readability-function-size): the library says what it takes. Called first
 * when the headers are there: answered then, and no body is waited for. */
static enum MHD_Result
on_request(void *context, struct MHD_Connection *c, const char *path,
    const char *method, const char *version, const char *data, size_t *data_size,
    void **request)
{
	struct gateway_page page;

	(void)version;
	(void)data;
	(void)data_size;
	(void)request;
	page = is_unmistakable(c) ? page_of(context, path, method)
	                          : plain(MHD_HTTP_BAD_REQUEST,
					"The request can be read in two ways.\n");
	return answer(c, &page);
}
/* NOLINTEND(readability-function-size) */

/* A path is taken as it was sent: nothing is hidden behind a percent sign. */
static size_t
leave_escaped(void *context, struct MHD_Connection *c, char *text)
{
	(void)context;
	(void)c;
	return strlen(text);
}

/* ---- callers ---- */

static void
shut(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (info != NULL)
		(void)shutdown(info->connect_fd, SHUT_RDWR);
}

static void
on_caller(void *context, struct MHD_Connection *c, void **place,
    enum MHD_ConnectionNotificationCode what)
{
	struct gateway_http *h = context;
	struct gateway_caller *caller = *place;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (caller != NULL)
			caller->connection = NULL;
		return;
	}
	for (size_t i = 0; i < GATEWAY_HTTP_CONNECTIONS_MAX; i++) {
		if (h->callers[i].connection != NULL)
			continue;
		h->callers[i] = (struct gateway_caller){c, h->now_us + CALLER_US};
		*place = &h->callers[i];
		return;
	}
	shut(c); /* nobody stays who is not counted */
}

/*
 * Ends whoever has been here too long, and says when that is to be looked at again. The
 * library's own time limit begins anew with every byte, and so never ends a caller that
 * sends one a second.
 */
static int64_t
end_the_slow(struct gateway_http *h)
{
	int64_t rest_us = REST_US;

	for (size_t i = 0; i < GATEWAY_HTTP_CONNECTIONS_MAX; i++) {
		struct gateway_caller *caller = &h->callers[i];

		if (caller->connection == NULL || caller->until_us == INT64_MAX)
			continue;
		if (caller->until_us <= h->now_us) {
			caller->until_us = INT64_MAX;
			shut(caller->connection);
		} else if (caller->until_us - h->now_us < rest_us) {
			rest_us = caller->until_us - h->now_us;
		}
	}
	return rest_us;
}

/* ---- the door ---- */

/* "127.0.0.1:8080" or "[::1]:8080", as what to bind to; NULL where it is neither. */
static struct addrinfo *
read_address(const char *address)
{
	const struct addrinfo hints = {
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	    .ai_socktype = SOCK_STREAM,
	};
	const char *colon = strrchr(address, ':');
	struct addrinfo *found = NULL;
	char host[ADDRESS_MAX];
	size_t len = colon == NULL ? 0 : (size_t)(colon - address);

	if (len == 0 || len >= sizeof host || colon[1] == '\0')
		return NULL;
	memcpy(host, address, len);
	host[len] = '\0';
	if (host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		memmove(host, host + 1, len - 1);
	} else if (strchr(host, ':') != NULL) {
		return NULL;
	}
	return getaddrinfo(host, colon + 1, &hints, &found) == 0 ? found : NULL;
}

/* The descriptor, or -1 with errno set. */
static int
listen_at(const struct addrinfo *a)
{
	int on = 1, why;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

enum err
gateway_http_open(struct gateway_http *h, const struct gateway_http_options *o,
    char *problem, size_t problem_size)
{
	struct addrinfo *address = read_address(o->address);
	int fd;

	*h = (struct gateway_http){.options = *o};
	if (address == NULL) {
		snprintf(problem, problem_size,
		    "\"%s\" is no address and port to listen on, as 127.0.0.1:8080 is",
		    o->address);
		return ERR_MALFORMED;
	}
	fd = listen_at(address);
	freeaddrinfo(address);
	if (fd < 0) {
		snprintf(problem, problem_size, "cannot serve %s: %s", o->address,
		    strerror(errno));
		return ERR_UNREACHABLE;
	}
	h->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, h,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)GATEWAY_HTTP_CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_BYTES_MAX,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, on_caller, h, MHD_OPTION_END);
	if (h->daemon == NULL) {
		close(fd);
		snprintf(problem, problem_size, "the HTTP library does not start");
		return ERR_INTERNAL;
	}
	return ERR_NONE;
}

void
gateway_http_close(struct gateway_http *h)
{
	if (h->daemon != NULL)
		MHD_stop_daemon(h->daemon);
	h->daemon = NULL;
}

int
gateway_http_fd(const struct gateway_http *h)
{
	return MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int64_t
gateway_http_serve(struct gateway_http *h, int64_t now_us)
{
	MHD_UNSIGNED_LONG_LONG library_ms;
	int64_t rest_us;

	h->now_us = now_us;
	rest_us = end_the_slow(h);
	(void)MHD_run(h->daemon);
	if (MHD_get_timeout(h->daemon, &library_ms) == MHD_YES &&
	    library_ms < (MHD_UNSIGNED_LONG_LONG)(rest_us / 1000))
		rest_us = (int64_t)library_ms * 1000;
	return rest_us;
}
