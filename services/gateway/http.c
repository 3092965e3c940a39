#include "gateway/http.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/http_inside.h"
#include "gateway/listen.h"

#define REST_US 30000000LL /* between two requests of a connection */
#define CROWDED_REST_US 500000LL
#define ROUND_US 100000LL /* between two looks at who is slow */
/* The library's, of one connection; it clears all of it after every request. */
#define HEADER_BYTES_MAX ((size_t)16 * 1024)
#define MEMORY_BYTES                                                                   \
	(GATEWAY_BODY_MAX + GATEWAY_STREAM_BYTES_MAX + 2 * HEADER_BYTES_MAX)
#define EVENTS_MAX 64
#define FILES_MAX 8192

/* ---- callers ---- */

int
gateway_caller_socket(const struct gateway_caller *caller)
{
	return MHD_get_connection_info(
	    caller->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
	    ->connect_fd;
}

void
gateway_caller_go_on(struct gateway_caller *caller)
{
	if (caller->is_suspended)
		MHD_resume_connection(caller->connection);
	caller->is_suspended = false;
}

void
gateway_caller_suspend(struct gateway_caller *caller)
{
	MHD_suspend_connection(caller->connection);
	caller->is_suspended = true;
}

void
gateway_caller_shut(struct gateway_caller *caller)
{
	/* What a reader left unread is thrown away, and not kept by the system. */
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	int fd = gateway_caller_socket(caller);

	if (caller->phase == GATEWAY_PHASE_ANSWER ||
	    caller->phase == GATEWAY_PHASE_STREAM)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	caller->is_lost = true;
	if (caller->phase != GATEWAY_PHASE_STREAM &&
	    caller->phase != GATEWAY_PHASE_SITE)
		caller->phase = GATEWAY_PHASE_SHUT;
	(void)shutdown(fd, SHUT_RDWR);
	gateway_caller_go_on(caller);
}

static bool
is_crowded(const struct gateway_http *h)
{
	return h->open > GATEWAY_CALLERS_MAX / GATEWAY_DOORS_MAX / 4 * 3;
}

/* Forgets the request; the connection may bring another. */
static void
rest(struct gateway_caller *caller)
{
	struct gateway_http *h = caller->http;

	if (caller->response != NULL)
		MHD_destroy_response(caller->response);
	if (caller->body != NULL) /* there may be a password in it */
		explicit_bzero(caller->body, caller->body_len < GATEWAY_BODY_MAX
						 ? caller->body_len
						 : GATEWAY_BODY_MAX);
	if (caller->phase == GATEWAY_PHASE_STREAM)
		h->streams--;
	if (caller->is_sites && !h->is_closing)
		h->options.gone(h->options.context, &caller->exchange);
	arena_reset(&caller->memory);
	*caller = (struct gateway_caller){
	    .http = h,
	    .connection = caller->connection,
	    .memory = caller->memory,
	    .is_by_front = caller->is_by_front,
	    .peer = caller->peer,
	    .until_us = h->now_us + (is_crowded(h) ? CROWDED_REST_US : REST_US),
	};
}

static void
on_caller(void *context, struct MHD_Connection *c, void **place,
    enum MHD_ConnectionNotificationCode what)
{
	struct gateway_door *door = context;
	struct gateway_http *h = door->http;
	struct gateway_caller *caller = *place;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (caller == NULL)
			return;
		arena_close(&caller->memory);
		*caller = (struct gateway_caller){.connection = NULL};
		h->open--;
		return;
	}
	for (caller = h->callers; caller->connection != NULL;)
		caller++; /* there are as many places as both doors let in */
	*caller = (struct gateway_caller){
	    .http = h,
	    .connection = c,
	    .is_by_front = door->is_front,
	    .until_us = h->now_us + GATEWAY_REQUEST_US,
	};
	if (arena_open(&caller->memory, MEMORY_BYTES) != ERR_NONE) {
		caller->until_us = 0; /* is shut at the next look */
		h->look_us = 0;
	}
	h->open++;
	*place = caller;
}

static void
on_completed(void *context, struct MHD_Connection *c, void **request,
    enum MHD_RequestTerminationCode how)
{
	struct gateway_caller *caller = *request;

	(void)context;
	(void)c;
	(void)how;
	*request = NULL;
	if (caller != NULL)
		rest(caller);
}

/* A path is taken as it was sent: nothing is hidden behind a percent sign. */
static size_t
leave_escaped(void *context, struct MHD_Connection *c, char *text)
{
	(void)context;
	(void)c;
	return strlen(text);
}

/* ---- the door ---- */

/*
 * Ends whoever has been here too long. The library's own time limit begins anew with
 * every byte, and so never ends a caller that sends one a second.
 */
static void
end_the_slow(struct gateway_http *h)
{
	if (h->now_us < h->look_us)
		return;
	h->look_us = h->now_us + ROUND_US;
	for (size_t i = 0; i < GATEWAY_CALLERS_MAX && h->open > 0; i++) {
		struct gateway_caller *caller = &h->callers[i];

		if (caller->connection == NULL || caller->until_us > h->now_us)
			continue;
		caller->until_us = INT64_MAX;
		if (caller->phase == GATEWAY_PHASE_SITE)
			gateway_caller_turn(caller,
			    (struct gateway_guard_no){
				503, "There was no answer in time.\n"},
			    false);
		else
			gateway_caller_shut(caller);
	}
}

static void
end_streams_left(struct gateway_http *h)
{
	struct epoll_event events[EVENTS_MAX];
	int n = h->streams == 0 ? 0 : epoll_wait(h->fd, events, EVENTS_MAX, 0);

	for (int i = 0; i < n; i++) {
		struct gateway_caller *caller = events[i].data.ptr;

		if (caller != NULL && caller->phase == GATEWAY_PHASE_STREAM &&
		    !caller->is_lost)
			gateway_caller_shut(caller);
	}
}

/* Not told to be strict, the library leaves the judgement of Host and of blanks in a
 * path to judge(), and 0.9.75 then does not answer with its own head twice. */
static enum err
open_door(struct gateway_http *h, size_t i, int listening)
{
	struct epoll_event readable = {.events = EPOLLIN};
	struct gateway_door *door = &h->doors[i];

	*door = (struct gateway_door){.http = h, .is_front = i > 0};
	door->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0,
	    NULL, NULL, gateway_caller_request, door, MHD_OPTION_LISTEN_SOCKET,
	    listening, MHD_OPTION_CONNECTION_LIMIT, (unsigned)GATEWAY_CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_BYTES_MAX,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
	    MHD_OPTION_URI_LOG_CALLBACK, gateway_caller_target, door,
	    MHD_OPTION_NOTIFY_CONNECTION, on_caller, door, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, door, MHD_OPTION_END);
	if (door->daemon == NULL) {
		close(listening);
		return ERR_INTERNAL;
	}
	return epoll_ctl(h->fd, EPOLL_CTL_ADD,
		   MHD_get_daemon_info(door->daemon, MHD_DAEMON_INFO_EPOLL_FD)
		       ->epoll_fd,
		   &readable) == 0
	           ? ERR_NONE
	           : ERR_INTERNAL;
}

/* As many files as there may be callers, where the system allows it. */
static void
raise_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= FILES_MAX)
		return;
	files.rlim_cur = files.rlim_max < FILES_MAX ? files.rlim_max : FILES_MAX;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static enum err
open_doors(struct gateway_http *h, char *problem, size_t problem_size)
{
	int listening;
	enum err e =
	    gateway_listen(h->options.address, &listening, problem, problem_size);

	if (e == ERR_NONE)
		e = open_door(h, 0, listening);
	if (e != ERR_NONE || h->options.front == NULL)
		return e;
	e = gateway_listen_unix(h->options.front, &listening, problem, problem_size);
	return e == ERR_NONE ? open_door(h, 1, listening) : e;
}

enum err
gateway_http_open(struct gateway_http **out, const struct gateway_http_options *o,
    char *problem, size_t problem_size)
{
	struct arena memory;
	struct gateway_http *h;
	enum err e = arena_open(&memory, sizeof *h + MEMORY_BYTES);

	if (e != ERR_NONE)
		return e;
	raise_limit();
	h = arena_take(&memory, sizeof *h);
	*h = (struct gateway_http){.options = *o, .memory = memory};
	h->fd = epoll_create1(EPOLL_CLOEXEC);
	e = h->fd < 0 ? ERR_INTERNAL : open_doors(h, problem, problem_size);
	if (e == ERR_NONE) {
		*out = h;
		return e;
	}
	if (problem[0] == '\0')
		snprintf(problem, problem_size, "the HTTP library does not start");
	gateway_http_close(h);
	return e;
}

void
gateway_http_close(struct gateway_http *h)
{
	struct arena memory;

	if (h == NULL)
		return;
	h->is_closing = true;
	for (size_t i = 0; i < GATEWAY_CALLERS_MAX && h->open > 0; i++) {
		if (h->callers[i].connection != NULL)
			gateway_caller_shut(&h->callers[i]);
	}
	for (size_t i = 0; i < GATEWAY_DOORS_MAX; i++) {
		if (h->doors[i].daemon != NULL)
			MHD_stop_daemon(h->doors[i].daemon);
	}
	if (h->fd >= 0)
		close(h->fd);
	if (h->options.front != NULL && h->doors[1].daemon != NULL)
		(void)unlink(h->options.front);
	memory = h->memory;
	arena_close(&memory);
}

int
gateway_http_fd(const struct gateway_http *h)
{
	return h->fd;
}

int64_t
gateway_http_serve(struct gateway_http *h, int64_t now_us)
{
	int64_t rest_us;

	h->now_us = now_us;
	end_the_slow(h);
	end_streams_left(h);
	rest_us = h->open > 0 ? h->look_us - now_us : GATEWAY_REQUEST_US;
	for (size_t i = 0; i < GATEWAY_DOORS_MAX && h->doors[i].daemon != NULL; i++) {
		MHD_UNSIGNED_LONG_LONG library_ms;

		(void)MHD_run(h->doors[i].daemon);
		if (MHD_get_timeout(h->doors[i].daemon, &library_ms) == MHD_YES &&
		    library_ms == 0)
			rest_us = 0;
	}
	return rest_us;
}
