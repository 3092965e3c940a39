#include "gateway/http.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <sodium.h>

#include "base/str.h"
#include "gateway/http_inside.h"

/* ---- requests ---- */

static enum MHD_Result
on_header(void *guard, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	gateway_guard_header(guard, name, value);
	return MHD_YES;
}

/* The bytes from the version to the empty line, as gateway_guard_are_lines wants them.
 * `method` is the first of the request in the library's buffer. */
static struct bytes
lines_of(struct MHD_Connection *c, const char *method, const char *version)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t before = (size_t)(version - method);

	if (info == NULL || info->header_size < before)
		return BYTES_NONE;
	return (struct bytes){(const uint8_t *)version, info->header_size - before};
}

struct wanted {
	const char *name, *value;
	unsigned n;
};

static enum MHD_Result
on_wanted(void *wanted, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct wanted *w = wanted;

	(void)kind;
	if (strcasecmp(name, w->name) == 0) {
		w->n++;
		w->value = value;
	}
	return MHD_YES;
}

const char *
gateway_caller_header(const struct gateway_caller *caller, const char *name)
{
	struct wanted w = {.name = name};

	MHD_get_connection_values(caller->connection, MHD_HEADER_KIND, on_wanted, &w);
	return w.n == 1 ? w.value : NULL;
}

const char *
gateway_http_header(const struct gateway_request *r, const char *name)
{
	if (strcasecmp(name, "X-Rcc-Front") == 0 ||
	    (!r->is_from_front && strncasecmp(name, "X-Rcc-", 6) == 0))
		return NULL;
	return gateway_caller_header(
	    (const struct gateway_caller *)(const void *)r->exchange, name);
}

/* At the front's door only the front is heard: a secret that is wrong there is a wrong
 * configuration, and would otherwise make one address of all callers. */
static bool
knows_secret(const struct gateway_caller *caller)
{
	struct bytes secret = caller->http->options.secret;
	const char *said = gateway_caller_header(caller, "X-Rcc-Front");

	return said != NULL && strlen(said) == secret.len &&
	       sodium_memcmp(said, secret.data, secret.len) == 0;
}

/* Of the other end of the connection. */
static void
find_peer(struct gateway_caller *caller)
{
	const struct sockaddr *a = MHD_get_connection_info(
	    caller->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
	                               ->client_addr;
	const void *number =
	    a->sa_family == AF_INET6
		? (const void *)&((const struct sockaddr_in6 *)(const void *)a)
		      ->sin6_addr
		: &((const struct sockaddr_in *)(const void *)a)->sin_addr;

	(void)inet_ntop(
	    a->sa_family, number, caller->peer.text, sizeof caller->peer.text);
}

static void
find_address(struct gateway_caller *caller)
{
	const char *forwarded;

	if (!caller->is_by_front) {
		if (caller->peer.text[0] == '\0')
			find_peer(caller);
		caller->address = caller->peer;
		return;
	}
	forwarded = gateway_caller_header(caller, "X-Forwarded-For");
	if (forwarded == NULL || !gateway_guard_forwarded(forwarded,
				     caller->address.text, sizeof caller->address.text))
		caller->address.text[0] = '\0';
}

static struct gateway_caller *
caller_of(struct MHD_Connection *c)
{
	return MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
	    ->socket_context;
}

void *
gateway_caller_target(void *context, const char *target, struct MHD_Connection *c)
{
	struct gateway_caller *caller = caller_of(c);
	struct gateway_http *h = caller->http;

	(void)context;
	caller->phase = GATEWAY_PHASE_HEAD;
	caller->target = str_copy(&caller->memory, target == NULL ? "" : target);
	if (caller->until_us > h->now_us + GATEWAY_REQUEST_US)
		caller->until_us = h->now_us + GATEWAY_REQUEST_US;
	return caller;
}

/* Once, when the headers are there and nothing behind them is read. */
static enum MHD_Result
judge(struct gateway_caller *caller, const char *method, const char *version)
{
	struct gateway_guard guard = {.seen = 0};
	struct bytes lines = lines_of(caller->connection, method, version);
	struct gateway_guard_no no;

	caller->phase = GATEWAY_PHASE_BODY;
	MHD_get_connection_values(
	    caller->connection, MHD_HEADER_KIND, on_header, &guard);
	if (!gateway_guard_are_lines(&guard, lines) || caller->target == NULL ||
	    !gateway_guard_is_path(caller->target) ||
	    version != method + strlen(method) + strlen(caller->target) + 2)
		guard.is_bad = true;
	no = gateway_guard_says(&guard, strcmp(version, MHD_HTTP_VERSION_1_1) != 0);
	if (no.status == 0 && caller->is_by_front && !knows_secret(caller))
		no = (struct gateway_guard_no){
		    403, "This door is for the web server in front alone.\n"};
	caller->no = no;
	/* Who has begun to send what is merely too large hears so when it is sent. */
	if (no.status == 0 || (no.status == 413 && !guard.is_waiting &&
				  guard.length <= (int64_t)GATEWAY_SWALLOWED_MAX))
		return MHD_YES;
	gateway_caller_turn(caller, no, true);
	return gateway_caller_hand_over(caller);
}

static enum MHD_Result
take_body(struct gateway_caller *caller, struct bytes part)
{
	if (caller->body == NULL)
		caller->body = arena_take_raw(&caller->memory, GATEWAY_BODY_MAX);
	if (caller->body == NULL || part.len > GATEWAY_SWALLOWED_MAX - caller->body_len)
		return MHD_NO;
	if (part.len <= GATEWAY_BODY_MAX && caller->no.status == 0 &&
	    caller->body_len <= GATEWAY_BODY_MAX - part.len)
		memcpy(caller->body + caller->body_len, part.data, part.len);
	else
		caller->no = (struct gateway_guard_no){413, GATEWAY_TOO_LARGE};
	caller->body_len += part.len;
	return MHD_YES;
}

/* The request is whole. */
static void
ask_site(struct gateway_caller *caller, const char *method)
{
	char *query;

	if (caller->no.status != 0) {
		gateway_caller_turn(caller, caller->no, false);
		return;
	}
	caller->is_head = strcmp(method, "HEAD") == 0;
	caller->request = (struct gateway_request){
	    .exchange = &caller->exchange,
	    .method = caller->is_head ? "GET" : method,
	    .path = caller->target,
	    .query = "",
	    .body = {caller->body, caller->body_len},
	    .address = caller->address.text,
	    .is_from_front = caller->is_by_front,
	};
	query = strchr(caller->target, '?');
	if (query != NULL) {
		*query = '\0';
		caller->request.query = query + 1;
	}
	find_address(caller);
	caller->phase = GATEWAY_PHASE_SITE;
	caller->until_us = caller->http->now_us + GATEWAY_SITE_US;
	caller->is_sites = true;
	caller->http->options.asked(caller->http->options.context, &caller->request);
}

/* NOLINTBEGIN(readability-function-size): the library says what it takes. Called when
 * the headers are there, for every part of the body, at its end, and after a
 * suspension. */
enum MHD_Result
gateway_caller_request(void *context, struct MHD_Connection *c, const char *path,
    const char *method, const char *version, const char *data, size_t *data_size,
    void **request)
{
	struct gateway_caller *caller = *request;
	size_t len = *data_size;

	(void)context;
	(void)c;
	(void)path;
	if (caller == NULL || caller->is_lost || caller->phase == GATEWAY_PHASE_SHUT)
		return MHD_NO;
	if (caller->phase == GATEWAY_PHASE_HEAD)
		return judge(caller, method, version);
	*data_size = 0;
	if (len > 0)
		return take_body(caller, (struct bytes){(const uint8_t *)data, len});
	if (caller->phase == GATEWAY_PHASE_BODY)
		ask_site(caller, method);
	if (caller->phase != GATEWAY_PHASE_SITE)
		return gateway_caller_hand_over(caller);
	gateway_caller_suspend(caller);
	return MHD_YES;
}
/* NOLINTEND(readability-function-size) */
