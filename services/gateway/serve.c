#include "gateway/serve.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/manager.h"
#include "base/str.h"
#include "gateway/ask.h"
#include "gateway/http.h"
#include "gateway/metrics.h"
#include "gateway/options.h"
#include "gateway/site.h"
#include "gateway/turned.h"

#define PAGE_BYTES ((size_t)1024 * 1024)
#define INDENT 2

struct gateway {
	struct gateway_options options;
	struct manager manager;
	struct gateway_ask ask;
	struct gateway_http *http;
	struct site site;
	struct turned turned;
	struct arena page; /* for monitoring, that is being written */
	int wake_fd;       /* HTTP or the manager, as one thing to wait for */
	bool is_serving;   /* callers are heard */
};

/* ---- the pages for monitoring ---- */

static enum err
view(struct gateway *g, const Gateway__Health **out)
{
	arena_reset(&g->page);
	return gateway_health_view(
	    &g->page, g->ask.heard, g->ask.n, clock_now_ms(), out);
}

static enum err
health_page(struct gateway *g, struct gateway_reply *out)
{
	const Gateway__Health *health;
	const char *json;
	enum err e = view(g, &health);

	if (e == ERR_NONE)
		e = json_from_message(&g->page, &health->base, INDENT, &json);
	if (e != ERR_NONE)
		return e;
	*out = (struct gateway_reply){.status = health->well ? 200 : 503,
	    .type = "application/json",
	    .body = bytes_of_text(json)};
	return ERR_NONE;
}

static enum err
metrics_page(struct gateway *g, struct gateway_reply *out)
{
	const Gateway__Health *health;
	const char *text;
	enum err e = view(g, &health);

	if (e == ERR_NONE)
		e = gateway_metrics_text(&g->page, health, &text);
	if (e != ERR_NONE)
		return e;
	*out = (struct gateway_reply){
	    .status = 200, .type = GATEWAY_METRICS_TYPE, .body = bytes_of_text(text)};
	return ERR_NONE;
}

static const struct {
	const char *path;
	enum err (*page)(struct gateway *g, struct gateway_reply *out);
} pages[] = {
    {"/health", health_page},
    {"/metrics", metrics_page},
};

static struct gateway_reply
plain(unsigned status, const char *sentence)
{
	return (struct gateway_reply){.status = status,
	    .type = "text/plain; charset=utf-8",
	    .body = bytes_of_text(sentence)};
}

/* For people and their programs everything else is the site's. */
static void
on_request(void *context, const struct gateway_request *request)
{
	struct gateway *g = context;
	struct gateway_reply reply = plain(500, "The page could not be written.\n");
	size_t i = 0, n = sizeof pages / sizeof pages[0];

	while (i < n && !str_equal(pages[i].path, request->path))
		i++;
	if (i == n) {
		site_asked(&g->site, request);
		return;
	}
	if (!str_equal(request->method, "GET")) {
		reply = plain(405, "This page can only be read.\n");
		reply.headers[reply.headers_n++] =
		    (struct gateway_header){"Allow", "GET, HEAD"};
	} else if (pages[i].page(g, &reply) != ERR_NONE) {
		reply = plain(500, "The page could not be written.\n");
	}
	gateway_http_answer(request->exchange, &reply);
}

static void
on_gone(void *context, struct gateway_exchange *x)
{
	struct gateway *g = context;

	site_gone(&g->site, x);
}

static struct bytes
on_turned(void *context, unsigned status)
{
	struct gateway *g = context;

	return turned_page(&g->turned, status);
}

/* ---- the loop ---- */

static enum err
watch(struct gateway *g, int fd)
{
	struct epoll_event readable = {.events = EPOLLIN};

	return epoll_ctl(g->wake_fd, EPOLL_CTL_ADD, fd, &readable) == 0 ? ERR_NONE
	                                                                : ERR_INTERNAL;
}

/* Once: callers who came before would only keep the loop turning. */
static bool
begin_serving(struct gateway *g)
{
	if (g->is_serving)
		return true;
	g->is_serving = true;
	manager_tell_ready(&g->manager);
	return watch(g, gateway_http_fd(g->http)) == ERR_NONE;
}

static enum err
loop(struct gateway *g)
{
	enum err e = ERR_NONE;

	while (e == ERR_NONE) {
		int64_t wait_us = 0, rest_us;

		manager_tell_alive(&g->manager);
		e = gateway_ask_go_on(&g->ask, &wait_us);
		if (e != ERR_NONE)
			return e;
		site_go_on(&g->site, &rest_us);
		wait_us = rest_us < wait_us ? rest_us : wait_us;
		(void)worker_serve(&g->site.worker, clock_ticks_us());
		/* Callers wait at the door until there is something to say. */
		if (g->ask.is_settled) {
			if (!begin_serving(g))
				return ERR_INTERNAL;
			rest_us = gateway_http_serve(g->http, clock_ticks_us());
			wait_us = rest_us < wait_us ? rest_us : wait_us;
		}
		rest_us = worker_rest(&g->site.worker, clock_ticks_us());
		wait_us = rest_us < wait_us ? rest_us : wait_us;
		e = calls_wait(&g->site.calls, wait_us, g->wake_fd);
		if (manager_says_stop(&g->manager))
			return e;
	}
	return e;
}

/* ---- start and stop ---- */

static enum err
open_http(struct gateway *g, char *problem, size_t size)
{
	const struct gateway_options *o = &g->options;
	const struct gateway_http_options http = {
	    .address = o->address,
	    .front = o->front[0] != '\0' ? o->front : NULL,
	    .secret = bytes_of_text(o->secret),
	    .asked = on_request,
	    .gone = on_gone,
	    .turned = on_turned,
	    .context = g,
	};

	return gateway_http_open(&g->http, &http, problem, size);
}

static enum err
open_all(struct gateway *g, const struct run_options *o, char *problem, size_t size)
{
	enum err e = gateway_options_read(&g->options, o->option, problem, size);

	if (e == ERR_NONE)
		e = manager_open(&g->manager, problem, size);
	if (e == ERR_NONE)
		e = arena_open(&g->page, PAGE_BYTES);
	if (e == ERR_NONE)
		e = site_open(&g->site, o, problem, size);
	if (g->options.region[0] != '\0')
		g->site.region = g->options.region;
	if (e == ERR_NONE)
		e = turned_open(&g->turned, g->site.templates, g->site.region);
	if (e == ERR_NONE)
		e = gateway_ask_open(&g->ask, &g->site.calls);
	if (e == ERR_NONE)
		e = open_http(g, problem, size);
	if (e != ERR_NONE)
		return e;
	g->wake_fd = epoll_create1(EPOLL_CLOEXEC);
	if (g->wake_fd < 0)
		return ERR_INTERNAL;
	e = watch(g, worker_fd(&g->site.worker));
	return e == ERR_NONE ? watch(g, g->manager.stop_fd) : e;
}

static void
close_all(struct gateway *g)
{
	gateway_http_close(g->http);
	turned_close(&g->turned);
	site_close(&g->site);
	gateway_ask_close(&g->ask);
	manager_close(&g->manager);
	if (g->page.base != NULL)
		arena_close(&g->page);
	if (g->wake_fd >= 0)
		close(g->wake_fd);
}

enum err
gateway_serve(const struct run_options *o, char *problem, size_t problem_size)
{
	struct gateway g = {.manager.stop_fd = -1, .wake_fd = -1};
	enum err e = open_all(&g, o, problem, problem_size);

	if (e == ERR_NONE) {
		log_line(
		    LOG_LEVEL_INFO, "http.open", "address", g.options.address, NULL);
		e = loop(&g);
		manager_tell_stopping(&g.manager);
	}
	if (e != ERR_NONE && problem[0] == '\0')
		snprintf(problem, problem_size, "cannot go on: %s", err_name(e));
	close_all(&g);
	explicit_bzero(&g.options, sizeof g.options);
	return e;
}
