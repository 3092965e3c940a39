#include "base/run_options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/str.h"

#define ROOM_MIB_DEFAULT 64
#define ROOM_MIB_MAX 65536

/* Only the gateway is called by nobody, and keeps nothing. */
static bool
has_store(const struct service *service)
{
	return service->call != NULL;
}

static void
print_help(const struct service *service)
{
	printf(
	    "usage: rcc-%s --config FILE [--check]\n"
	    "  --config FILE  ini; [service] peers, key, option, log%s\n"
	    "  --check        read the configuration, open nothing, say what was read\n"
	    "  --verify-tables DIR\n"
	    "                 DIR holds two copies of a store, kept and rebuilt: makes "
	    "the\n"
	    "                 tables of the second anew and compares (rccctl journal "
	    "verify)\n"
	    "  --version      the version, and what it may be used for\n"
	    "  --help         this\n"
	    "%sIt serves until SIGTERM or SIGINT. Exit: 0 after that, 1 with one "
	    "sentence\n"
	    "on standard error, 2 for a wrong command line.\n" RUN_NOTICE "\n",
	    service->name, has_store(service) ? ", store, room_mib" : "",
	    service->help != NULL ? service->help : "");
}

static enum run_next
wrong_usage(const struct service *service, const char *why, const char *word)
{
	fprintf(stderr, "rcc-%s: %s%s; see rcc-%s --help\n", service->name, why, word,
	    service->name);
	return RUN_END_USAGE;
}

enum run_next
run_options_parse(
    struct run_options *o, const struct service *service, int argc, char **argv)
{
	static const struct option longs[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"check", no_argument, NULL, 'k'},
	    {"verify-tables", required_argument, NULL, 't'},
	    {"version", no_argument, NULL, 'v'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	memset(o, 0, sizeof *o);
	optind = 1;
	while ((c = getopt_long_only(argc, argv, ":", longs, NULL)) != -1) {
		if (c == 'c') {
			o->config = optarg;
		} else if (c == 'k') {
			o->is_check = true;
		} else if (c == 't') {
			o->copies = optarg;
		} else if (c == 'v') {
			printf(
			    "rcc-%s %s\n%s\n", service->name, RUN_VERSION, RUN_NOTICE);
			return RUN_END_WELL;
		} else if (c == 'h') {
			print_help(service);
			return RUN_END_WELL;
		} else {
			return wrong_usage(service,
			    c == ':' ? "a value is missing behind "
				     : "there is no option ",
			    argv[optind - 1]);
		}
	}
	if (optind < argc)
		return wrong_usage(service, "there is no use for ", argv[optind]);
	if (o->config == NULL && o->copies == NULL)
		return wrong_usage(service, "say its configuration: --config FILE", "");
	return RUN_GO_ON;
}

static bool
read_log_level(struct run_options *o)
{
	static const char *const names[] = {
	    [LOG_LEVEL_ERROR] = "error",
	    [LOG_LEVEL_WARN] = "warn",
	    [LOG_LEVEL_INFO] = "info",
	    [LOG_LEVEL_DEBUG] = "debug",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (str_equal(o->log, names[i])) {
			o->log_level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

static enum err
read_config(struct run_options *o, const struct service *service, char *problem,
    size_t problem_size)
{
	const struct conf_key keys[] = {
	    {"service", "peers", CONF_TEXT, .text = o->peers_path,
		.text_size = sizeof o->peers_path},
	    {"service", "key", CONF_TEXT, .text = o->key_path,
		.text_size = sizeof o->key_path},
	    {"service", "option", CONF_TEXT, .text = o->option,
		.text_size = sizeof o->option},
	    {"service", "log", CONF_TEXT, .text = o->log, .text_size = sizeof o->log},
	    {"service", "store", CONF_TEXT, .text = o->store,
		.text_size = sizeof o->store},
	    {"service", "room_mib", CONF_NUMBER, .max = ROOM_MIB_MAX,
		.number = &o->room_mib},
	};
	size_t n = sizeof keys / sizeof keys[0] - (has_store(service) ? 0 : 2);
	enum err e;

	memcpy(o->log, "info", sizeof "info");
	o->room_mib = ROOM_MIB_DEFAULT;
	e = conf_read(o->config, keys, n, problem, problem_size);
	if (e != ERR_NONE)
		return e;
	for (size_t i = 0; i < n; i++) {
		if (keys[i].kind != CONF_TEXT || keys[i].text == o->option ||
		    keys[i].text[0] != '\0')
			continue;
		snprintf(problem, problem_size, "%s: [service] %s is missing",
		    o->config, keys[i].name);
		return ERR_MALFORMED;
	}
	if (!read_log_level(o)) {
		snprintf(problem, problem_size,
		    "%s: [service] log is error, warn, info or debug, not \"%s\"",
		    o->config, o->log);
		return ERR_MALFORMED;
	}
	return ERR_NONE;
}

/* The service's own row among its peers, and the key that stands in it. */
static enum err
check_self(struct run_options *o, const struct service *service, char *problem,
    size_t problem_size)
{
	o->self = conf_peer(&o->peers, service->name);
	if (o->self == NULL || (has_store(service) && o->self->endpoint[0] == '\0')) {
		snprintf(problem, problem_size, "%s: no %s for [%s]", o->peers_path,
		    has_store(service) ? "endpoint" : "key", service->name);
		return ERR_MALFORMED;
	}
	if (memcmp(o->self->key, o->public_key, sizeof o->public_key) != 0) {
		snprintf(problem, problem_size,
		    "the key in %s is not the one that %s gives for [%s]", o->key_path,
		    o->peers_path, service->name);
		return ERR_MALFORMED;
	}
	return ERR_NONE;
}

enum err
run_options_read(struct run_options *o, const struct service *service, char *problem,
    size_t problem_size)
{
	enum err e = read_config(o, service, problem, problem_size);

	if (e == ERR_NONE)
		e = conf_read_peers(o->peers_path, &o->peers, problem, problem_size);
	if (e == ERR_NONE)
		e = conf_read_key(
		    o->key_path, o->public_key, o->secret_key, problem, problem_size);
	if (e == ERR_NONE)
		e = check_self(o, service, problem, problem_size);
	return e;
}

enum err
run_options_lock(
    const struct run_options *o, int *fd, char *problem, size_t problem_size)
{
	bool is_taken;

	/* What is wrong with the folder itself, opening the store will say. */
	(void)mkdir(o->store, 0700);
	*fd = open(o->store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0 || flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_NONE;
	is_taken = errno == EWOULDBLOCK;
	(void)close(*fd);
	*fd = -1;
	if (!is_taken)
		return ERR_NONE; /* a file system without locks */
	snprintf(
	    problem, problem_size, "another process serves the store at %s", o->store);
	return ERR_BUSY;
}

void
run_options_print(const struct run_options *o, const struct service *service)
{
	char key[2 * sizeof o->public_key + 1];

	bytes_to_hex((struct bytes){o->public_key, sizeof o->public_key}, key);
	printf(
	    "service   %s\nkey       %s\nlog       %s\n", service->name, key, o->log);
	if (has_store(service))
		printf("store     %s, %" PRId64 " MiB kept ahead\nendpoint  %s\n"
		       "hints     %s\n",
		    o->store, o->room_mib, o->self->endpoint,
		    o->self->hints[0] != '\0' ? o->self->hints : "none");
	for (size_t i = 0; i < o->peers.n; i++) {
		const struct conf_peer *peer = &o->peers.list[i];

		if (peer != o->self)
			printf("peer      %s at %s\n", peer->name,
			    peer->endpoint[0] != '\0' ? peer->endpoint : "no endpoint");
	}
}
