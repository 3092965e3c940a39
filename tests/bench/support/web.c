#include "bench/support/web.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"

#include "bench/support/bench.h"

#define WAIT_MS 30000
#define REQUEST_MAX 4096

static void
begin(struct bench_web *w, int fd)
{
	*w = (struct bench_web){.fd = fd, .text = malloc(BENCH_WEB_BYTES)};
	if (w->fd < 0 || w->text == NULL)
		bench_fail("no connection to the gateway");
}

void
bench_web_open(struct bench_web *w, int port)
{
	begin(w, bench_connect(port));
}

void
bench_web_open_front(struct bench_web *w, const char *path)
{
	begin(w, bench_connect_unix(path));
}

void
bench_web_close(struct bench_web *w)
{
	close(w->fd);
	free(w->text);
}

void
bench_web_say(struct bench_web *w, const char *request)
{
	size_t len = strlen(request);

	w->len = 0;
	if (send(w->fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
		bench_fail("cannot send: %s", strerror(errno));
}

void
bench_web_header(const struct bench_web *w, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);
	const char *line = w->text;

	out[0] = '\0';
	while ((line = strstr(line, "\r\n")) != NULL && line + 4 < w->body) {
		line += 2;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			line += len + 1;
			line += strspn(line, " ");
			snprintf(out, size, "%.*s", (int)strcspn(line, "\r"), line);
			return;
		}
	}
}

/* Is the answer whole? */
static bool
is_whole(struct bench_web *w)
{
	char *end = strstr(w->text, "\r\n\r\n"), number[24], status[4] = "";
	int64_t len, code;

	if (end == NULL)
		return false;
	w->body = end + 4;
	w->body_len = w->len - (size_t)(w->body - w->text);
	memcpy(status, w->text + strlen("HTTP/1.1 "), 3);
	bench_web_header(w, "content-length", number, sizeof number);
	if (!str_to_i64(status, 100, 599, &code))
		bench_fail("no answer: %.80s", w->text);
	w->status = (int)code;
	return str_to_i64(number, 0, (int64_t)BENCH_WEB_BYTES, &len) &&
	       w->body_len >= (size_t)len;
}

bool
bench_web_hear(struct bench_web *w)
{
	ssize_t n =
	    recv(w->fd, w->text + w->len, BENCH_WEB_BYTES - 1 - w->len, MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		bench_fail("the gateway hangs up");
	if (n > 0)
		w->len += (size_t)n;
	w->text[w->len] = '\0';
	return n > 0 && is_whole(w);
}

void
bench_web_ask(struct bench_web *w, const char *request)
{
	struct pollfd readable = {.fd = w->fd, .events = POLLIN};

	bench_web_say(w, request);
	do {
		if (poll(&readable, 1, WAIT_MS) != 1)
			bench_fail("no answer to %.80s", request);
	} while (!bench_web_hear(w));
}

/* The value behind name="token". */
static void
find_token(const char *page, char *out, size_t size)
{
	static const char before[] = "name=\"token\" value=\"";
	const char *last = NULL;

	for (const char *at = page; (at = strstr(at, before)) != NULL;) {
		at += strlen(before);
		last = at;
	}
	if (last == NULL)
		bench_fail("a form without a token");
	snprintf(out, size, "%.*s", (int)strcspn(last, "\""), last);
}

void
bench_web_sign_in(struct bench_web *w, const char *path, char *cookie, size_t size)
{
	char request[REQUEST_MAX], form[REQUEST_MAX / 2], token[300];

	snprintf(
	    request, sizeof request, "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", path);
	bench_web_ask(w, request);
	if (w->status != 200)
		bench_fail("%.20s...: status %d", path, w->status);
	find_token(w->body, token, sizeof token);
	snprintf(form, sizeof form, "token=%s", token);
	snprintf(request, sizeof request,
	    "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: "
	    "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
	    path, strlen(form), form);
	bench_web_ask(w, request);
	bench_web_header(w, "set-cookie", cookie, size);
	cookie[strcspn(cookie, ";")] = '\0';
	if (!str_starts(cookie, "session="))
		bench_fail(
		    "nobody is signed in: status %d, %.200s", w->status, w->body);
}
