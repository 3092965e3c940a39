/*
 * Bytes from outside at the gateway's door, as a connection sends them: in pieces where
 * the input says so (a byte 0xff), and ended or left open. Whatever comes, what is
 * answered is HTTP, a page is given for its own path alone, and nobody stays for more
 * than five seconds.
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
#define FIVE_SECONDS_US 6000000
#define TRIES 200

static struct gateway_http http;
static struct sockaddr_in address;
static unsigned served;
static int64_t now_us;

static enum err
page(void *context, struct gateway_page *out)
{
	(void)context;
	served++;
	*out = (struct gateway_page){200, "application/json", bytes_of_text(PAGE)};
	return ERR_NONE;
}

static const struct gateway_route routes[] = {{"/health", page}};

/* A port that was free a moment ago. */
static bool
listens(void)
{
	char text[40], problem[300];
	struct gateway_http_options o = {text, routes, 1, NULL};
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
	gateway_http_close(&http);
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
	(void)gateway_http_serve(&http, now_us);
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

/* One answer, whole: its status, and a page for whom it was. */
static void
is_http(const char *answer, struct bytes sent, unsigned pages)
{
	static const char *const known[] = {"HTTP/1.1 ", "HTTP/1.0 "};
	int64_t status = 0;
	char digits[4] = "";

	FUZZ_CHECK(str_starts(answer, known[0]) || str_starts(answer, known[1]),
	    "it answers: %.80s", answer);
	memcpy(digits, answer + 9, 3);
	FUZZ_CHECK(str_to_i64(digits, 100, 599, &status) && strstr(answer, "\r\n\r\n"),
	    "it answers: %.80s", answer);
	bool is_given = status == 200;
	FUZZ_CHECK(is_given == (pages == 1), "status %d, and %u pages were made",
	    (int)status, pages);
	FUZZ_CHECK(!is_given || memmem(sent.data, sent.len, "/health", 7) != NULL,
	    "nobody asked for it");
	FUZZ_CHECK(status == 200 || strstr(answer, PAGE) == NULL, "a page with a no");
	/* Nothing of what was asked is said back. */
	FUZZ_CHECK(strstr(answer, "ECHO-ME") == NULL, "it says back what it was told");
}

static void
one(struct bytes input)
{
	char *answer = arena_take(&fuzz_arena, ANSWER_MAX + 1);
	uint8_t *sent = arena_take(&fuzz_arena, input.len + 1);
	size_t len = 0, sent_len = 0;
	int fd = connected();
	bool is_open = true;

	FUZZ_CHECK(answer != NULL && sent != NULL, "no room");
	served = 0;
	serve();
	while (input.len > 0) {
		struct bytes part = fuzz_cut(&input, 0xff);
		if (part.len > 0 && send(fd, part.data, part.len, MSG_NOSIGNAL) < 0)
			break;
		if (part.len > 0)
			memcpy(sent + sent_len, part.data, part.len);
		sent_len += part.len;
		serve();
	}
	for (unsigned i = 0; i < 3 && is_open; i++) {
		serve();
		is_open = read_more(fd, answer, &len);
	}
	now_us += FIVE_SECONDS_US;
	for (unsigned i = 0; i < 20 && is_open; i++) {
		serve();
		is_open = read_more(fd, answer, &len);
	}
	FUZZ_CHECK(!is_open, "somebody stays for longer than five seconds");
	answer[len] = '\0';
	if (len > 0)
		is_http(answer, (struct bytes){sent, sent_len}, served);
	close(fd);
	serve();
}

const struct fuzz_target fuzz_target = {
    .rounds = 1500, .bytes_max = 4096, .open = begin, .one = one, .close = end};
