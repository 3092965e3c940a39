#ifndef RCC_TESTS_INTEGRATION_GATEWAY_DOOR_H
#define RCC_TESTS_INTEGRATION_GATEWAY_DOOR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "gateway/http.h"
#include "support/folder.h"

/*
 * The door on real sockets, in the test's own loop and by the test's own clock; a site
 * that answers /now at once, keeps /later and makes a stream of /stream; and callers.
 */
#define SECRET "0123456789abcdef0123456789abcdef"
#define HEARD_MAX ((size_t)256 * 1024)
#define KEPT_MAX 1100
#define SECOND_US 1000000LL

struct door_world {
	struct gateway_http *http;
	struct arena arena;
	char folder[FOLDER_PATH_MAX], socket_path[FOLDER_PATH_MAX];
	struct sockaddr_in address;
	int64_t now_us;
	unsigned asked, gone;
	const struct gateway_request *last; /* not yet answered */
	struct gateway_exchange *kept[KEPT_MAX];
	size_t kept_n;
};

static inline void
door_answer(struct gateway_exchange *x, unsigned status, const char *text)
{
	const struct gateway_reply reply = {
	    .status = status, .type = "text/plain", .body = bytes_of_text(text)};

	gateway_http_answer(x, &reply);
}

static inline const char *
or_none(const char *text)
{
	return text == NULL ? "none" : text;
}

/* What the site was told, as the body of its answer. */
static inline void
door_tell(struct door_world *w, const struct gateway_request *r)
{
	door_answer(r->exchange, 200,
	    str_format(&w->arena, "%s %s?%s %zu %.*s|%s|%s|%s|%s", r->method, r->path,
		r->query, r->body.len, (int)(r->body.len < 40 ? r->body.len : 40),
		r->body.len == 0 ? "" : (const char *)r->body.data,
		r->is_from_front ? "front" : "direct", r->address,
		or_none(gateway_http_header(r, "x-rcc-identity")),
		or_none(gateway_http_header(r, "X-RCC-FRONT"))));
}

static inline void
door_asked(void *context, const struct gateway_request *r)
{
	struct door_world *w = context;

	w->asked++;
	w->last = r;
	assert_null(r->exchange->of);
	if (str_equal(r->path, "/later") || str_equal(r->path, "/stream")) {
		if (str_equal(r->path, "/stream"))
			gateway_http_stream(r->exchange);
		assert_true(w->kept_n < KEPT_MAX);
		r->exchange->of = w;
		w->kept[w->kept_n++] = r->exchange;
		return;
	}
	door_tell(w, r);
}

static inline void
door_gone(void *context, struct gateway_exchange *x)
{
	struct door_world *w = context;
	size_t i = 0;

	w->gone++;
	assert_ptr_equal(x->of, w);
	while (i < w->kept_n && w->kept[i] != x)
		i++;
	assert_true(i < w->kept_n);
	w->kept[i] = w->kept[--w->kept_n];
}

/* A page for people of each status but 417. */
static inline struct bytes
door_turned(void *context, unsigned status)
{
	struct door_world *w = context;

	return status == 417 ? BYTES_NONE
	                     : bytes_of_text(str_format(
				   &w->arena, "<h1>turned away, %u</h1>", status));
}

static inline void
door_open(struct door_world *w)
{
	char text[40], problem[300] = "";
	struct gateway_http_options o = {.address = text,
	    .front = w->socket_path,
	    .secret = bytes_of_text(SECRET),
	    .asked = door_asked,
	    .gone = door_gone,
	    .turned = door_turned,
	    .context = w};
	socklen_t len = sizeof w->address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*w = (struct door_world){.now_us = SECOND_US};
	assert_int_equal(arena_open(&w->arena, 256 * HEARD_MAX), ERR_NONE);
	folder_make(w->folder);
	folder_file(w->socket_path, w->folder, "front.sock");
	w->address = (struct sockaddr_in){
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&w->address, sizeof w->address), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&w->address, &len), 0);
	close(fd);
	snprintf(text, sizeof text, "127.0.0.1:%u", ntohs(w->address.sin_port));
	if (gateway_http_open(&w->http, &o, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
}

static inline void
door_close(struct door_world *w)
{
	gateway_http_close(w->http);
	folder_remove(w->folder);
	arena_close(&w->arena);
}

static inline void
door_serve(struct door_world *w)
{
	w->now_us += 1000;
	assert_true(gateway_http_serve(w->http, w->now_us) >= 0);
}

/* Time goes by, and is looked at often. */
static inline void
door_wait(struct door_world *w, int64_t seconds)
{
	for (int64_t i = 0; i < seconds * 4; i++) {
		w->now_us += SECOND_US / 4;
		door_serve(w);
	}
}

/* ---- callers ---- */

static inline int
call_tcp(struct door_world *w)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(
	    connect(fd, (struct sockaddr *)&w->address, sizeof w->address), 0);
	return fd;
}

static inline int
call_front(struct door_world *w)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(strlen(w->socket_path) < sizeof a.sun_path);
	memcpy(a.sun_path, w->socket_path, strlen(w->socket_path));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

/* All of it, served in between; false where the door does not take it any more. */
static inline bool
say_bytes(struct door_world *w, int fd, const void *data, size_t len)
{
	const char *at = data;

	for (unsigned idle = 0; len > 0 && idle < 200;) {
		ssize_t n = send(fd, at, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return false;
		idle = n > 0 ? 0 : idle + 1;
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
		door_serve(w);
	}
	door_serve(w);
	return len == 0;
}

static inline bool
say(struct door_world *w, int fd, const char *text)
{
	return say_bytes(w, fd, text, strlen(text));
}

/* Everything that comes by itself now; *is_open: may more follow? */
static inline const char *
hear(struct door_world *w, int fd, bool *is_open)
{
	char *text = arena_take_raw(&w->arena, HEARD_MAX);
	size_t len = 0;

	assert_non_null(text);
	*is_open = true;
	for (unsigned idle = 0; idle < 300 && *is_open;) {
		ssize_t n;

		door_serve(w);
		n = recv(fd, text + len, HEARD_MAX - 1 - len, MSG_DONTWAIT);
		if (n > 0) {
			len += (size_t)n;
			idle = 0;
		} else if (n == 0 || errno != EAGAIN) {
			*is_open = false;
		} else {
			idle++;
		}
	}
	text[len] = '\0';
	return text;
}

/* What one caller hears who says this; it may stay connected, or not. */
static inline const char *
said(struct door_world *w, const char *request, bool *is_open)
{
	int fd = call_tcp(w);
	const char *heard;

	(void)say(w, fd, request);
	heard = hear(w, fd, is_open);
	close(fd);
	door_serve(w);
	return heard;
}

static inline const char *
body_of(const char *answer)
{
	const char *end = strstr(answer, "\r\n\r\n");

	return end == NULL ? "no end of headers" : end + 4;
}

static inline int
status_of(const char *answer)
{
	int64_t status = 0;
	char digits[4] = "";

	if (!str_starts(answer, "HTTP/1.1 ") && !str_starts(answer, "HTTP/1.0 "))
		return 0;
	memcpy(digits, answer + 9, 3);
	return str_to_i64(digits, 100, 599, &status) ? (int)status : 0;
}

#endif
