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

#include "base/id.h"
#include "base/str.h"

static const char help[] =
    "rcc-history: is what clients heard what the journals say?\n"
    "\n"
    "  rcc-history [--unsettled] [--least N] [--by-hand HOLD] HISTORY STORES\n"
    "  rcc-history --empty STORE TABLE...   so that its service makes them again\n"
    "  rcc-history --same KEPT FRESH        two stores of one service, row by row\n"
    "\n"
    "HISTORY was written by rcc-load; in the folder STORES stand the stores of "
    "members,\n"
    "foster, residential and requests, which do not run.\n"
    "  --unsettled  they were stopped while calls between them were still owed\n"
    "  --least N    fewer acknowledged commands than that prove nothing; 1\n"
    "  --by-hand HOLD  a hold with this id was asked for by hand: requests knows\n"
    "               nothing of it; all else of it must be right\n"
    "\n"
    "Leaves with 0 when all is well, 1 where something is wrong, 2 for a wrong "
    "command\n"
    "line.\n";

enum what { CHECK_THE_HISTORY, EMPTY_TABLES, COMPARE_TABLES };

struct wish {
	enum what what;
	char **words; /* of the command line, behind the options */
	int words_n;
	int64_t least;
	const char *by_hand;
	bool is_unsettled;
};

static bool
take_option(struct wish *w, int option)
{
	switch (option) {
	case 'u': w->is_unsettled = true; return true;
	case 'e': w->what = EMPTY_TABLES; return true;
	case 's': w->what = COMPARE_TABLES; return true;
	case 'b': w->by_hand = optarg; return id_is_well_formed(optarg);
	case 'l': return str_to_i64(optarg, 0, INT64_MAX, &w->least);
	default: return false;
	}
}

/* The status to leave with, or -1. */
static int
read_wish(struct wish *w, int argc, char **argv)
{
	static const struct option options[] = {
	    {"unsettled", no_argument, NULL, 'u'},
	    {"least", required_argument, NULL, 'l'},
	    {"by-hand", required_argument, NULL, 'b'},
	    {"empty", no_argument, NULL, 'e'},
	    {"same", no_argument, NULL, 's'},
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
		is_good = is_good && take_option(w, option);
	}
	w->words = argv + optind;
	w->words_n = argc - optind;
	if (!is_good || w->words_n < 2 || (w->what != EMPTY_TABLES && w->words_n > 2)) {
		(void)fprintf(stderr, "rcc-history: see rcc-history --help\n");
		return 2;
	}
	return -1;
}

static void
read_all(struct check *c, const struct wish *w, FILE *history)
{
	char path[PATH_MAX];

	check_history(c, history);
	for (unsigned s = 0; s < CHECK_SERVICES; s++) {
		const char *name = check_service_name((enum check_service)s);

		(void)snprintf(path, sizeof path, "%s/%s", w->words[1], name);
		check_journal(c, (enum check_service)s, path);
	}
}

static int
compare_tables(const struct wish *w)
{
	struct check c;
	uint64_t rows, wrong;

	check_open(&c, stdout);
	rows = check_same(&c, w->words[0], w->words[1]);
	wrong = c.wrong;
	check_close(&c);
	(void)printf("%s: %" PRIu64 " rows followed again: %" PRIu64 " wrong\n",
	    w->words[0], rows, wrong);
	return wrong == 0 && rows > 0 ? 0 : 1;
}

static int
check_the_history(const struct wish *w)
{
	FILE *history = fopen(w->words[0], "re");
	struct check c;
	uint64_t wrong, answered;

	if (history == NULL) {
		(void)fprintf(
		    stderr, "rcc-history: %s: %s\n", w->words[0], strerror(errno));
		return 1;
	}
	check_open(&c, stdout);
	c.is_settled = !w->is_unsettled;
	c.by_hand = w->by_hand;
	read_all(&c, w, history);
	wrong = check_end(&c);
	answered = c.answered;
	if (answered < (uint64_t)w->least)
		(void)printf("WRONG: only %" PRIu64
			     " acknowledged commands, of at least %" PRId64 "\n",
		    answered, w->least);
	(void)printf("%" PRIu64 " acknowledged of %" PRIu64 " commands, %" PRIu64
		     " entries, %zu holds, %zu placements decided, %" PRIu64
		     " open: %" PRIu64 " wrong\n",
	    answered, c.commands, c.entries, c.holds_n, c.journeys_n, c.journeys_open,
	    wrong);
	(void)fclose(history);
	check_close(&c);
	return wrong == 0 && answered >= (uint64_t)w->least ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct wish w;
	int status = read_wish(&w, argc, argv);

	if (status >= 0)
		return status;
	switch (w.what) {
	case CHECK_THE_HISTORY: return check_the_history(&w);
	case COMPARE_TABLES: return compare_tables(&w);
	case EMPTY_TABLES:
		return check_empty(w.words[0], w.words + 1, (size_t)w.words_n - 1) ? 0
		                                                                   : 1;
	}
	return 1;
}
