/*
 * Bytes from outside at the gateway's door, as a connection sends them: in pieces where
 * the input says so (a byte 0xff), and ended or left open. Whatever comes, what is
 * answered is HTTP, one answer after the other; the site is asked for what was sent and
 * nothing else, and hears of every request exactly once that it is over; and nobody
 * stays for longer than he may.
 */
#include "fuzz/support/fuzz.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"
#include "gateway/http.h"

#define ANSWER_MAX 65536
#define PAGE "{\"well\":true}"
#define SECOND_US 1000000
#define TRIES 200
#define KEPT_MAX 64

static struct gateway_http *http;
static struct sockaddr_in address;
static unsigned asked, gone, given, streams;
static struct gateway_exchange *kept[KEPT_MAX];
static size_t kept_n;
static struct bytes sent; /* so far, by this input */
static int64_t now_us;

static void
give(struct gateway_exchange *x)
{
	const struct gateway_reply reply = {
	    .status = 200, .type = "application/json", .body = bytes_of_text(PAGE)};

	given++;
	gateway_http_answer(x, &reply);
}

static bool
was_sent(const void *what, size_t len)
{
	return len == 0 || memmem(sent.data, sent.len, what, len) != NULL;
}

static void
on_asked(void *context, const struct gateway_request *r)
{
	(void)context;
	asked++;
	FUZZ_CHECK(r->path[0] == '/' && was_sent(r->path, strlen(r->path)), "path %s",
	    r->path);
	FUZZ_CHECK(was_sent(r->query, strlen(r->query)), "query %s", r->query);
	FUZZ_CHECK(
	    str_equal(r->method, "GET") || was_sent(r->method, strlen(r->method)),
	    "method %s", r->method);
	FUZZ_CHECK(r->body.len <= GATEWAY_BODY_MAX && r->body.len <= sent.len,
	    "a body of %zu", r->body.len);
	FUZZ_CHECK(
	    !r->is_from_front && gateway_http_header(r, "x-rcc-identity") == NULL,
	    "somebody passes for the front");
	FUZZ_CHECK(gateway_http_header(r, "host") != NULL, "for nobody");
	if (!str_equal(r->path, "/later") && !str_equal(r->path, "/stream")) {
		give(r->exchange);
		return;
	}
	FUZZ_CHECK(kept_n < KEPT_MAX, "one caller, and many at once");
	kept[kept_n++] = r->exchange;
	if (str_equal(r->path, "/stream")) {
		streams++; /* its head goes out at once */
		gateway_http_stream(r->exchange);
	}
}

static void
on_gone(void *context, struct gateway_exchange *x)
{
	size_t i = 0;

	(void)context;
	while (i < kept_n && kept[i] != x)
		i++;
	FUZZ_CHECK(i < kept_n, "gone twice, or never there");
	kept[i] = kept[--kept_n];
	gone++;
}

/* Whoever waits gets an answer, and a stream an event and its end. */
static void
answer_kept(void)
{
	while (kept_n > 0) {
		struct gateway_exchange *x = kept[--kept_n];

		if (gateway_http_push(x, bytes_of_text(": " PAGE "\n\n")) == ERR_NONE) {
			given++;
			gateway_http_end(x);
		} else {
			give(x);
		}
	}
}

/* A port that was free a moment ago. */
static bool
listens(void)
{
	char text[40], problem[300];
	struct gateway_http_options o = {
	    .address = text, .asked = on_asked, .gone = on_gone};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address = (struct sockaddr_in){
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return false;
	close(fd);
	snprintf(text, sizeof text, "127.0.0.1:%u", ntohs(address.sin_port));
	return gateway_http_open(&http, &o, problem, sizeof problem) == ERR_NONE;
}

static void
begin(void)
{
	for (unsigned i = 0; i < TRIES; i++)
		if (listens())
			return;
	FUZZ_CHECK(false, "nowhere to listen");
}

static void
end(void)
{
	gateway_http_close(http);
}

static int
connected(void)
{
	/* Ended at once, so that no connection lingers where thousands follow. */
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	FUZZ_CHECK(
	    fd >= 0 &&
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0 &&
		connect(fd, (struct sockaddr *)&address, sizeof address) == 0,
	    "not connected: %s", strerror(errno));
	return fd;
}

static void
serve(void)
{
	now_us += 1000;
	(void)gateway_http_serve(http, now_us);
}

/* What has come by now, behind what came before; false at its end. */
static bool
read_more(int fd, char *answer, size_t *len)
{
	ssize_t n = recv(fd, answer + *len, ANSWER_MAX - *len, MSG_DONTWAIT);

	if (n > 0)
		*len += (size_t)n;
	return n > 0 || (n < 0 && errno == EAGAIN);
}

/* Where the answer that begins here ends; its status. */
static const char *
one_answer(const char *answer, int64_t *status)
{
	const char *body = strstr(answer, "\r\n\r\n"), *length;
	char code[4] = "", digits[12] = "";
	int64_t len = 0;

	FUZZ_CHECK(str_starts(answer, "HTTP/1.1 ") || str_starts(answer, "HTTP/1.0 "),
	    "it answers: %.80s", answer);
	memcpy(code, answer + 9, 3);
	FUZZ_CHECK(str_to_i64(code, 100, 599, status) && body != NULL,
	    "it answers: %.80s", answer);
	length = strcasestr(answer, "\r\nContent-Length: ");
	if (length != NULL && length < body) {
		memcpy(digits, length + 18, strcspn(length + 18, "\r"));
		FUZZ_CHECK(str_to_i64(digits, 0, ANSWER_MAX, &len), "%.80s", length);
	}
	/* A stream goes on to the end; HEAD has a length and no body. */
	if (*status == 200 && length == NULL)
		return body + strlen(body);
	body += 4;
	return str_starts(body, "HTTP/1.") || strlen(body) < (size_t)len ? body
	                                                                 : body + len;
}

static void
are_answers(const char *answer)
{
	const char *const all = answer, *refusal = NULL;
	unsigned pages = 0, others = 0;

	/* Nothing of what was asked is said back. */
	FUZZ_CHECK(strstr(answer, "ECHO-ME") == NULL, "it says back what it was told");
	while (*answer != '\0') {
		int64_t status;

		const char *next = one_answer(answer, &status);

		pages += status == 200;
		if (status != 200 && status != 100 && status != 413) {
			others++;
			refusal = refusal == NULL ? answer : refusal;
		}
		/* 0.9.75 writes the head of its own refusals twice. */
		if (others == 2 && strstr(refusal, "nosniff") == NULL)
			others = 1;
		answer = next;
	}
	FUZZ_CHECK(pages <= given + streams, "%u pages, of %u given and %u streams",
	    pages, given, streams);
	FUZZ_CHECK(others <= 1, "%u refusals, and still there: %s", others, all);
}

static void
say(int fd, struct bytes input)
{
	uint8_t *all = arena_take(&fuzz_arena, input.len + 1);

	FUZZ_CHECK(all != NULL, "no room");
	sent = (struct bytes){all, 0};
	while (input.len > 0) {
		struct bytes part = fuzz_cut(&input, 0xff);

		if (part.len > 0)
			memcpy(all + sent.len, part.data, part.len);
		sent.len += part.len;
		if (part.len > 0 && send(fd, part.data, part.len, MSG_NOSIGNAL) < 0)
			break;
		serve();
	}
}

static void
one(struct bytes input)
{
	char *answer = arena_take(&fuzz_arena, ANSWER_MAX + 1);
	size_t len = 0;
	int fd = connected();
	bool is_open = true;

	FUZZ_CHECK(answer != NULL, "no room");
	asked = gone = given = streams = 0;
	serve();
	say(fd, input);
	/* Some leave before the answer. */
	if (input.len % 8 == 7)
		(void)shutdown(fd, SHUT_RDWR);
	for (unsigned i = 0; i < 3 && is_open; i++) {
		serve();
		is_open = read_more(fd, answer, &len);
	}
	for (unsigned i = 0; i < 70 && (is_open || kept_n > 0); i++) {
		answer_kept();
		now_us += i < 30 ? 0 : SECOND_US;
		serve();
		is_open = is_open && read_more(fd, answer, &len);
	}
	FUZZ_CHECK(!is_open, "somebody stays for too long");
	answer[len] = '\0';
	are_answers(answer);
	close(fd);
	for (unsigned i = 0; i < 40 && asked != given + gone; i++) {
		now_us += SECOND_US;
		serve();
	}
	FUZZ_CHECK(
	    asked == given + gone, "%u asked, %u given, %u gone", asked, given, gone);
}

const struct fuzz_target fuzz_target = {
    .rounds = 1500, .bytes_max = 4096, .open = begin, .one = one, .close = end};
