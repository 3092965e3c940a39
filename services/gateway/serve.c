#include "gateway/serve.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/manager.h"
#include "gateway/ask.h"
#include "gateway/http.h"
#include "gateway/metrics.h"

#define PAGE_BYTES ((size_t)1024 * 1024)
#define JSON_INDENT 2

struct gateway {
	struct manager manager;
	struct gateway_ask ask;
	struct gateway_http http;
	struct arena page; /* of the page that is being written */
	int wake_fd;       /* HTTP or the manager, as one thing to wait for */
};

/* ---- the pages ---- */

static enum err
view(struct gateway *g, const Gateway__Health **out)
{
	arena_reset(&g->page);
	return gateway_health_view(
	    &g->page, g->ask.heard, g->ask.n, clock_now_ms(), out);
}

static enum err
health_page(void *context, struct gateway_page *out)
{
	struct gateway *g = context;
	const Gateway__Health *health;
	const char *json;
	enum err e = view(g, &health);

	if (e == ERR_NONE)
		e = json_from_message(&g->page, &health->base, JSON_INDENT, &json);
	if (e != ERR_NONE)
		return e;
	*out = (struct gateway_page){
	    health->well ? 200 : 503, "application/json", bytes_of_text(json)};
	return ERR_NONE;
}

static enum err
metrics_page(void *context, struct gateway_page *out)
{
	struct gateway *g = context;
	const Gateway__Health *health;
	const char *text;
	enum err e = view(g, &health);

	if (e == ERR_NONE)
		e = gateway_metrics_text(&g->page, health, &text);
	if (e != ERR_NONE)
		return e;
	*out = (struct gateway_page){200, GATEWAY_METRICS_TYPE, bytes_of_text(text)};
	return ERR_NONE;
}

static const struct gateway_route routes[] = {
    {"/health", health_page},
    {"/metrics", metrics_page},
};

/* ---- the loop ---- */

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
		/* Callers wait at the door until there is something to say. */
		if (g->ask.is_settled) {
			manager_tell_ready(&g->manager);
			rest_us = gateway_http_serve(&g->http, clock_ticks_us());
			if (rest_us < wait_us)
				wait_us = rest_us;
		}
		e = gateway_ask_wait(&g->ask, wait_us, g->wake_fd);
		if (manager_says_stop(&g->manager))
			return e;
	}
	return e;
}

/* ---- start and stop ---- */

static enum err
watch(struct gateway *g, int fd)
{
	struct epoll_event readable = {.events = EPOLLIN};

	return epoll_ctl(g->wake_fd, EPOLL_CTL_ADD, fd, &readable) == 0 ? ERR_NONE
	                                                                : ERR_INTERNAL;
}

static enum err
open_all(struct gateway *g, const struct run_options *o, char *problem, size_t size)
{
	const struct gateway_http_options http = {
	    o->option, routes, sizeof routes / sizeof routes[0], g};
	enum err e = manager_open(&g->manager, problem, size);

	if (e == ERR_NONE)
		e = arena_open(&g->page, PAGE_BYTES);
	if (e == ERR_NONE)
		e = gateway_ask_open(&g->ask, o, problem, size);
	if (e == ERR_NONE)
		e = gateway_http_open(&g->http, &http, problem, size);
	if (e != ERR_NONE)
		return e;
	g->wake_fd = epoll_create1(EPOLL_CLOEXEC);
	if (g->wake_fd < 0)
		return ERR_INTERNAL;
	e = watch(g, gateway_http_fd(&g->http));
	return e == ERR_NONE ? watch(g, g->manager.stop_fd) : e;
}

static void
close_all(struct gateway *g)
{
	gateway_http_close(&g->http);
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
		log_line(LOG_LEVEL_INFO, "http.open", "address", o->option, NULL);
		e = loop(&g);
		manager_tell_stopping(&g.manager);
	}
	if (e != ERR_NONE && problem[0] == '\0')
		snprintf(problem, problem_size, "cannot go on: %s", err_name(e));
	close_all(&g);
	return e;
}
