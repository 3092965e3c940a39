/*
 * rcc-history: is what clients heard what the journals say? Reads a history of rcc-load
 * and the stopped services' stores; prints what is wrong, a line each, and one line of
 * totals.
 */
#include "load/check/check.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const char help[] =
    "rcc-history: is what clients heard what the journals say?\n"
    "\n"
    "  rcc-history [--unsettled] [--least N] HISTORY STORES\n"
    "\n"
    "HISTORY was written by rcc-load; in the folder STORES stand the stores of "
    "members,\n"
    "foster, residential and requests, which do not run.\n"
    "  --unsettled  they were stopped while calls between them were still owed\n"
    "  --least N    fewer acknowledged commands than that prove nothing; 1\n"
    "\n"
    "Leaves with 0 when all is well, 1 where something is wrong, 2 for a wrong "
    "command\n"
    "line.\n";

struct wish {
	const char *history, *stores;
	int64_t least;
	bool is_unsettled;
};

/* The status to leave with, or -1. */
static int
read_wish(struct wish *w, int argc, char **argv)
{
	static const struct option options[] = {
	    {"unsettled", no_argument, NULL, 'u'},
	    {"least", required_argument, NULL, 'l'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	bool is_good = true;
	int option;

	*w = (struct wish){.least = 1};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			(void)fputs(help, stdout);
			return 0;
		}
		if (option == 'u')
			w->is_unsettled = true;
		else
			is_good = option == 'l' &&
			          str_to_i64(optarg, 0, INT64_MAX, &w->least);
	}
	if (!is_good || argc - optind != 2) {
		(void)fprintf(stderr, "rcc-history: see rcc-history --help\n");
		return 2;
	}
	w->history = argv[optind];
	w->stores = argv[optind + 1];
	return -1;
}

static void
read_all(struct check *c, const struct wish *w, FILE *history)
{
	char path[PATH_MAX];

	check_history(c, history);
	for (unsigned s = 0; s < CHECK_SERVICES; s++) {
		const char *name = check_service_name((enum check_service)s);

		(void)snprintf(path, sizeof path, "%s/%s", w->stores, name);
		check_journal(c, (enum check_service)s, path);
	}
}

int
main(int argc, char **argv)
{
	struct wish w;
	struct check c;
	FILE *history;
	uint64_t wrong, answered;
	int status = read_wish(&w, argc, argv);

	if (status >= 0)
		return status;
	history = fopen(w.history, "re");
	if (history == NULL) {
		(void)fprintf(
		    stderr, "rcc-history: %s: %s\n", w.history, strerror(errno));
		return 1;
	}
	check_open(&c, stdout);
	c.is_settled = !w.is_unsettled;
	read_all(&c, &w, history);
	wrong = check_end(&c);
	answered = c.answered;
	if (answered < (uint64_t)w.least)
		(void)printf("WRONG: only %" PRIu64
			     " acknowledged commands, of at least %" PRId64 "\n",
		    answered, w.least);
	(void)printf("%" PRIu64 " acknowledged of %" PRIu64 " commands, %" PRIu64
		     " entries, %zu holds, %zu placements decided, %" PRIu64
		     " open: %" PRIu64 " wrong\n",
	    answered, c.commands, c.entries, c.holds_n, c.journeys_n, c.journeys_open,
	    wrong);
	(void)fclose(history);
	check_close(&c);
	return wrong == 0 && answered >= (uint64_t)w.least ? 0 : 1;
}
