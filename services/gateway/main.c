/*
 * rcc-gateway: the only process that the outside reaches.
 *
 * People get pages from it, programs the same as JSON (and an API), monitoring /health
 * and /metrics. A page is a view that asks the services in the name of whoever is
 * signed in, so each service says for itself what that person may see; the gateway
 * decides nothing about placements. It keeps nothing but what makes it quick, and while
 * it is down everything else goes on; rccctl does not need it.
 *
 * One thread, one loop: libmicrohttpd gives its connections as a descriptor to wait
 * for, which stands beside the ZeroMQ sockets. So there is no lock, nothing is shared,
 * and a slow caller costs a place in a table. Passwords alone are worked on by
 * children.
 *
 * Read next: routes_table.c (all pages), page.h (how one is made), site.c (from the
 * door to the answer), serve.c (the loop).
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/run_options.h"
#include "base/str.h"
#include "gateway/routes.h"
#include "gateway/serve.h"
#include "gateway/worker.h"

static const struct service gateway = {
    .name = "gateway",
    .help =
	"  --routes       list its pages, and end\n"
	"option is the address and port it serves HTTP on: 127.0.0.1:8080; with\n"
	"front=unix:PATH secret-file=FILE behind it, also a socket for the web server\n"
	"in front that sends that secret\n",
};

static int
fail(const char *problem)
{
	log_line(LOG_LEVEL_ERROR, "service.failed", NULL);
	fprintf(stderr, "rcc-gateway: %s\n", problem);
	return 1;
}

int
main(int argc, char **argv)
{
	struct run_options o;
	char problem[RUN_PROBLEM_MAX] = "";
	enum run_next next;
	enum err e;

	if (argc == 2 && str_equal(argv[1], "--worker"))
		return worker_main();
	if (argc == 2 && str_equal(argv[1], "--routes")) {
		routes_print(stdout);
		return 0;
	}
	next = run_options_parse(&o, &gateway, argc, argv);
	if (next != RUN_GO_ON)
		return next == RUN_END_WELL ? 0 : 2;
	log_open(gateway.name, LOG_LEVEL_INFO);
	if (run_options_read(&o, &gateway, problem, sizeof problem) != ERR_NONE)
		return fail(problem);
	if (o.is_check) {
		run_options_print(&o, &gateway);
		return 0;
	}
	log_open(gateway.name, o.log_level);
	log_line(LOG_LEVEL_INFO, "service.starting", "version", RUN_VERSION, "notice",
	    RUN_NOTICE, NULL);
	printf("rcc-gateway %s: %s\n", RUN_VERSION, RUN_NOTICE);
	fflush(stdout);
	e = gateway_serve(&o, problem, sizeof problem);
	explicit_bzero(o.secret_key, sizeof o.secret_key);
	if (e != ERR_NONE)
		return fail(problem);
	log_line(LOG_LEVEL_INFO, "service.stopped", NULL);
	return 0;
}
