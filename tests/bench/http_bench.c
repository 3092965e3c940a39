/*
 * What does the gateway cost, and how fast is the portal?
 *
 * durable: "confirm vacancy" over HTTP (a key of the interface, JSON) beside the same
 *     over direct ZeroMQ, in interleaved rounds, on services of its own. ZeroMQ goes
 *     over a unix socket here, and so does HTTP behind a web server, whose door it is;
 *     the door for all (TCP) is measured as well. In the ordinary scheduling class, as
 *     services run: in the round-robin one a thread that is woken waits until another
 *     sleeps, which costs most where most hand on to each other.
 * page: the sufficiency overview at regional scale, as an officer sees it.
 * streams: 500 browsers that watch a board; a change, and when each of them sees it.
 *     Both on the invented region, which deploy/run loads into build/bench-portal and
 *     which stays there for the next time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "bench/support/bench.h"
#include "bench/support/confirming.h"
#include "bench/support/rounds.h"
#include "bench/support/web.h"

#include "common.pb-c.h"
#include "members.pb-c.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))
#define KEY_LEN 69
#define REQUEST_MAX 1024
#define OF_PORTAL "build/bench-portal"
#define PORTAL_PORT 28080
#define LOAD_S 600 /* the first time the region is loaded */
#define PAGES 200
#define STREAMS 500
#define CHANGES 10
#define CHANGE_WAIT_MS 10000

/* ---- durable ---- */

struct over_http {
	const struct bench_confirming *direct;
	struct bench_web clients[BENCH_CLIENTS_MAX];
	struct pollfd readable[BENCH_CLIENTS_MAX];
	char head[REQUEST_MAX / 2]; /* what every request begins with */
};

static void
issue_key(struct bench_region *r, char key[KEY_LEN + 1])
{
	struct bus_client *c = bench_client(r, BENCH_MEMBERS, &r->administrator);
	Members__IssueApiKey call = MEMBERS__ISSUE_API_KEY__INIT;
	uint8_t chance[32], digest[32];
	char hex[2 * sizeof chance + 1];

	randombytes_buf(chance, sizeof chance);
	bytes_to_hex((struct bytes){chance, sizeof chance}, hex);
	snprintf(key, KEY_LEN + 1, "rcck_%s", hex);
	crypto_generichash(
	    digest, sizeof digest, (const uint8_t *)key, KEY_LEN, NULL, 0);
	call.label = TEXT("bench");
	call.organisation_id = r->provider_id;
	SET(&call, role, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
	SET_BYTES(&call, digest, ((struct bytes){digest, sizeof digest}));
	bench_call(r, c, MEMBERS__MEMBERS_CALL__CALL_ISSUE_API_KEY, &call.base,
	    &common__done__descriptor);
	bus_client_close(c);
}

static void
http_post(void *state, size_t i)
{
	struct over_http *h = state;
	char request[REQUEST_MAX], body[80];

	snprintf(
	    body, sizeof body, "{\"vacancy_id\": \"%s\"}", h->direct->vacancies[i]);
	snprintf(request, sizeof request,
	    "%sIdempotency-Key: %s\r\nContent-Length: %zu\r\n\r\n%s", h->head,
	    bus_new_id().text, strlen(body), body);
	bench_web_say(&h->clients[i], request);
}

static void
http_collect(void *state, size_t clients, uint8_t *answered)
{
	struct over_http *h = state;

	for (size_t i = 0; i < clients; i++)
		h->readable[i] =
		    (struct pollfd){.fd = h->clients[i].fd, .events = POLLIN};
	if (poll(h->readable, clients, 10000) <= 0)
		bench_fail("no answer over HTTP");
	for (size_t i = 0; i < clients; i++) {
		if (h->readable[i].revents == 0 || !bench_web_hear(&h->clients[i]))
			continue;
		if (h->clients[i].status != 200)
			bench_fail(
			    "status %d: %s", h->clients[i].status, h->clients[i].body);
		answered[i] = 1;
	}
}

static void
open_http(struct over_http *h, const struct bench_confirming *direct, const char *key,
    bool is_front)
{
	const struct bench_region *r = &direct->region;

	h->direct = direct;
	snprintf(h->head, sizeof h->head,
	    "POST /api/v1/foster/confirm-vacancy HTTP/1.1\r\nHost: bench\r\n%s"
	    "Authorization: Bearer %s\r\nContent-Type: application/json\r\n",
	    is_front ? "X-Rcc-Front: " BENCH_SECRET "\r\n"
		       "X-Forwarded-For: 192.0.2.1\r\n"
		     : "",
	    key);
	for (size_t i = 0; i < BENCH_CLIENTS_MAX; i++) {
		if (is_front)
			bench_web_open_front(&h->clients[i], r->front);
		else
			bench_web_open(&h->clients[i], r->gateway_port);
	}
}

#define PEERS 3
static const char *const peer_names[PEERS] = {"front", "tcp", "direct"};

static void
say_durable(size_t clients, struct bench_round (*rounds)[BENCH_ROUNDS])
{
	double rate[PEERS];
	char name[60];

	for (size_t i = 0; i < PEERS; i++) {
		const char *who = peer_names[i];

		rate[i] = bench_of_rounds(rounds[i], BENCH_RATE);
		snprintf(name, sizeof name, "http.durable.%zu.%s.rate", clients, who);
		bench_figure(name, rate[i], "commands/s");
		snprintf(name, sizeof name, "http.durable.%zu.%s.p50", clients, who);
		bench_figure(name, bench_of_rounds(rounds[i], BENCH_P50), "us");
		snprintf(name, sizeof name, "http.durable.%zu.%s.p99", clients, who);
		bench_figure(name, bench_of_rounds(rounds[i], BENCH_P99), "us");
	}
	for (size_t i = 0; i < PEERS - 1; i++) {
		double ratio = rate[i] / rate[PEERS - 1];

		snprintf(name, sizeof name, "http.durable.%zu.%s.vs_direct", clients,
		    peer_names[i]);
		if (clients == 32)
			bench_limit(name, ratio, "ratio", 0.8, 1e9);
		else
			bench_figure(name, ratio, "ratio");
	}
}

static void
durable(void)
{
	static const size_t counts[] = {1, 32, 128};
	static struct bench_round rounds[3][PEERS][BENCH_ROUNDS];
	static struct bench_confirming direct;
	static struct over_http front, tcp;
	const struct bench_peer peers[PEERS] = {
	    {peer_names[0], &front, http_post, http_collect},
	    {peer_names[1], &tcp, http_post, http_collect},
	    {peer_names[2], &direct, bench_confirm_post, bench_confirm_collect}};
	char key[KEY_LEN + 1];

	bench_confirming_open(&direct, NULL);
	bench_start_gateway(&direct.region);
	issue_key(&direct.region, key);
	open_http(&front, &direct, key, true);
	open_http(&tcp, &direct, key, false);
	bench_machine(direct.region.folder);
	for (size_t i = 0; i < BENCH_ROUNDS; i++)
		for (size_t n = 0; n < 3; n++)
			for (size_t p = 0; p < PEERS; p++)
				rounds[n][p][i] = bench_measure(&peers[p], counts[n]);
	for (size_t n = 0; n < 3; n++)
		say_durable(counts[n], rounds[n]);
	for (size_t i = 0; i < BENCH_CLIENTS_MAX; i++) {
		bench_web_close(&front.clients[i]);
		bench_web_close(&tcp.clients[i]);
	}
	bench_confirming_close(&direct);
}

/* ---- the portal ---- */

struct portal {
	pid_t pid;
	char said[64 * 1024];                 /* by deploy/run */
	char officer[120], commissioner[120]; /* paths of their links */
};

static void
read_log(struct portal *p)
{
	int fd = open(OF_PORTAL "/said", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, p->said, sizeof p->said - 1);

	p->said[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* The path of the first link behind this word. */
static void
find_link(const struct portal *p, const char *who, char *out, size_t size)
{
	const char *at = strstr(p->said, who);

	at = at == NULL ? NULL : strstr(at, "/link/");
	if (at == NULL)
		bench_fail("no link for %s in " OF_PORTAL "/said", who);
	snprintf(out, size, "%.*s", (int)strcspn(at, " \n"), at);
}

static void
open_portal(struct portal *p)
{
	char http[40];
	int status;

	snprintf(http, sizeof http, "127.0.0.1:%d", PORTAL_PORT);
	(void)mkdir(OF_PORTAL, 0700);
	p->pid = fork();
	if (p->pid == 0) {
		int fd = open(
		    OF_PORTAL "/said", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(fd, 1);
		dup2(fd, 2);
		setenv("RUN", OF_PORTAL "/run", 1);
		setenv("HTTP", http, 1);
		execl("deploy/run", "deploy/run", (char *)NULL);
		_exit(127);
	}
	for (unsigned i = 0; i < LOAD_S * 10; i++) {
		read_log(p);
		if (strstr(p->said, "The co-operative is up") != NULL) {
			find_link(p, "Officer of the co-operative", p->officer,
			    sizeof p->officer);
			find_link(
			    p, "Commissioner", p->commissioner, sizeof p->commissioner);
			return;
		}
		if (waitpid(p->pid, &status, WNOHANG) == p->pid)
			bench_fail("the region does not come up: " OF_PORTAL "/said");
		usleep(100000);
	}
	bench_fail("the region is not up in time: " OF_PORTAL "/said");
}

static void
close_portal(struct portal *p)
{
	kill(p->pid, SIGTERM);
	waitpid(p->pid, NULL, 0);
}

static void
say_times(const char *name, double *ms, size_t n, double most)
{
	char figure[60];

	bench_sort(ms, n);
	snprintf(figure, sizeof figure, "%s.p50", name);
	bench_figure(figure, bench_percentile(ms, n, 0.5), "ms");
	snprintf(figure, sizeof figure, "%s.p99", name);
	bench_limit(figure, bench_percentile(ms, n, 0.99), "ms", 0, most);
}

static void
page(const struct portal *p)
{
	static double ms[PAGES];
	struct bench_web w;
	char cookie[120], request[REQUEST_MAX];

	bench_web_open(&w, PORTAL_PORT);
	bench_web_sign_in(&w, p->officer, cookie, sizeof cookie);
	snprintf(request, sizeof request,
	    "GET /sufficiency HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\n\r\n", cookie);
	for (size_t i = 0; i < PAGES; i++) {
		int64_t began_us = clock_ticks_us();

		bench_web_ask(&w, request);
		ms[i] = (double)(clock_ticks_us() - began_us) / 1e3;
		if (w.status != 200)
			bench_fail("/sufficiency: status %d", w.status);
	}
	bench_figure("http.page.sufficiency.size", (double)w.body_len / 1024, "KiB");
	say_times("http.page.sufficiency", ms, PAGES, 100);
	bench_web_close(&w);
}

/* ---- streams ---- */

struct watchers {
	struct bench_web list[STREAMS];
	struct pollfd readable[STREAMS];
	double ms[STREAMS * CHANGES];
	size_t n;
};

/* As many files as there are streams. */
static void
raise_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 4096) {
		files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

/* The stream of a page, as the page itself says it: data-live="/live?...". */
static void
find_stream(struct bench_web *w, char *out, size_t size)
{
	static const char before[] = "data-live=\"";
	const char *at = strstr(w->body, before);
	size_t n = 0;

	if (at == NULL)
		bench_fail("the board is not live: status %d", w->status);
	for (at += strlen(before); *at != '"' && *at != '\0' && n + 1 < size;) {
		out[n++] = *at;
		at += str_starts(at, "&amp;") ? 5 : 1;
	}
	out[n] = '\0';
}

static void
watch(struct watchers *all, const char *cookie)
{
	char request[REQUEST_MAX], stream[600];
	struct bench_web w;

	bench_web_open(&w, PORTAL_PORT);
	snprintf(request, sizeof request,
	    "GET /needs HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\n\r\n", cookie);
	bench_web_ask(&w, request);
	find_stream(&w, stream, sizeof stream);
	bench_web_close(&w);
	snprintf(request, sizeof request,
	    "GET %s HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\n\r\n", stream, cookie);
	for (size_t i = 0; i < STREAMS; i++) {
		bench_web_open(&all->list[i], PORTAL_PORT);
		bench_web_say(&all->list[i], request);
		all->readable[i] =
		    (struct pollfd){.fd = all->list[i].fd, .events = POLLIN};
	}
}

/* Takes what came to one of them; was there an event with something new? */
static bool
hear_event(struct bench_web *w)
{
	ssize_t n = recv(w->fd, w->text, BENCH_WEB_BYTES - 1, MSG_DONTWAIT);

	if (n <= 0)
		bench_fail("a stream ends");
	w->text[n] = '\0';
	return strstr(w->text, "event: fragment") != NULL;
}

static void
drain(struct watchers *all, int ms)
{
	while (poll(all->readable, STREAMS, ms) > 0) {
		for (size_t i = 0; i < STREAMS; i++) {
			if (all->readable[i].revents != 0)
				(void)hear_event(&all->list[i]);
		}
	}
}

/* A need is sent with the commissioner's own key, as from another browser. */
static void
change(void)
{
	static const char key[] = OF_PORTAL "/run/keys/manchester-commissioner.key";
	static const char peers[] = OF_PORTAL "/run/peers.conf";
	const char *const argv[] = {"rccctl", "--key", key, "--peers", peers, "request",
	    "submit", "--emergency", "--needed-by", "today", "--home", "M14 5",
	    "--legal", "V2", "--aim", "return home", "--family-first", "not yet",
	    "--child", "age=8,sex=male", NULL};
	char tool[300];
	int status;
	pid_t child;

	snprintf(tool, sizeof tool, "%s/rccctl", getenv("BIN"));
	child = fork();
	if (child == 0) {
		if (freopen("/dev/null", "w", stdout) != NULL)
			execv(tool, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		bench_fail("no need could be sent");
}

/* Until every one of them has seen it. */
static void
await_all(struct watchers *all, int64_t began_us)
{
	bool has_seen[STREAMS] = {false};
	size_t seen = 0;

	while (seen < STREAMS) {
		if (poll(all->readable, STREAMS, CHANGE_WAIT_MS) <= 0)
			bench_fail("%zu of %d saw the change", seen, STREAMS);
		for (size_t i = 0; i < STREAMS; i++) {
			if (all->readable[i].revents == 0 ||
			    !hear_event(&all->list[i]) || has_seen[i])
				continue;
			has_seen[i] = true;
			seen++;
			all->ms[all->n++] = (double)(clock_ticks_us() - began_us) / 1e3;
		}
	}
}

static void
streams(const struct portal *p)
{
	static struct watchers all;
	struct bench_web w;
	char cookie[120];

	raise_limit();
	bench_web_open(&w, PORTAL_PORT);
	bench_web_sign_in(&w, p->commissioner, cookie, sizeof cookie);
	watch(&all, cookie);
	drain(&all, 2000);
	for (size_t i = 0; i < CHANGES; i++) {
		int64_t began_us = clock_ticks_us();

		change();
		await_all(&all, began_us);
		drain(&all, 500);
	}
	bench_figure("http.streams.open", STREAMS, "streams");
	say_times("http.streams.change", all.ms, all.n, 1000);
	for (size_t i = 0; i < STREAMS; i++)
		bench_web_close(&all.list[i]);
	bench_web_close(&w);
}

int
main(void)
{
	static struct portal portal;

	if (getenv("BIN") == NULL)
		bench_fail("BIN is not set: run this through make bench");
	if (sodium_init() < 0)
		bench_fail("no chance here");
	open_portal(&portal);
	page(&portal);
	streams(&portal);
	close_portal(&portal);
	durable();
	return bench_exit();
}
