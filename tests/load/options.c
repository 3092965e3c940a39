#include "load/load.h"

#include <getopt.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"

static const char help[] =
    "rcc-load: many people of a region at once, against services that run\n"
    "\n"
    "  rcc-load --run DIR --history FILE [--seconds N | --commands N]\n"
    "\n"
    "  --run DIR        peers.conf and keys/administrator.key are there; a small\n"
    "                   co-operative is registered where keys/README is not\n"
    "  --history FILE   what was asked and heard goes there, behind what it holds\n"
    "  --clients N      people at once; 24\n"
    "  --journeys N     requests on their way at once; 60\n"
    "  --rate N         calls a second, all together; 0, the default: no limit\n"
    "  --seconds N      so long; 10 where --commands is not said either\n"
    "  --commands N     until so many commands have been answered\n"
    "  --seed N         another day for another number; 1\n"
    "  --deadline-ms N  said with each call; 10000\n"
    "  --patience N     seconds without any answer at all, then it gives up; 120\n"
    "  --fan-out N      places a need is circulated to; 3. Of more than 8 asked a "
    "third\n"
    "                   answer, and a tenth of these offer\n"
    "  --flood N        instead: N calls at a time over each line, never sent again\n"
    "  --unsettled      leave without waiting until nothing is owed any more\n"
    "\n"
    "Each command is sent again, with the same id, until it is answered. Leaves with "
    "0\n"
    "when all were, 1 on trouble, 2 for a wrong command line. Invented people only.\n";

static bool
take(const char *text, int64_t min, int64_t max, int64_t *out)
{
	return str_to_i64(text, min, max, out);
}

/* False where the value is not one. */
static bool
take_option(struct load_options *o, int option, const char *value)
{
	switch (option) {
	case 'r': o->run = value; return true;
	case 'h': o->history = value; return true;
	case 'c': return take(value, 1, LOAD_CLIENTS_MAX, &o->clients);
	case 'j': return take(value, 1, LOAD_JOURNEYS_MAX, &o->journeys);
	case 'a': return take(value, 0, 1000000, &o->rate);
	case 's': return take(value, 1, 86400, &o->seconds);
	case 'n': return take(value, 1, 100000000, &o->commands);
	case 'd': return take(value, 0, INT64_MAX, &o->seed);
	case 'w': return take(value, 1, 600000, &o->deadline_ms);
	case 'p': return take(value, 1, 86400, &o->patience_s);
	case 'f': return take(value, 1, 1000, &o->flood);
	case 'o': return take(value, 1, LOAD_BIDS_MAX, &o->fan_out);
	case 'u': o->must_settle = false; return true;
	default: return false;
	}
}

int
load_options_read(struct load_options *o, int argc, char **argv)
{
	static const struct option options[] = {
	    {"run", required_argument, NULL, 'r'},
	    {"history", required_argument, NULL, 'h'},
	    {"clients", required_argument, NULL, 'c'},
	    {"journeys", required_argument, NULL, 'j'},
	    {"rate", required_argument, NULL, 'a'},
	    {"seconds", required_argument, NULL, 's'},
	    {"commands", required_argument, NULL, 'n'},
	    {"seed", required_argument, NULL, 'd'},
	    {"deadline-ms", required_argument, NULL, 'w'},
	    {"patience", required_argument, NULL, 'p'},
	    {"flood", required_argument, NULL, 'f'},
	    {"fan-out", required_argument, NULL, 'o'},
	    {"unsettled", no_argument, NULL, 'u'},
	    {"help", no_argument, NULL, '?' + 256},
	    {NULL, 0, NULL, 0},
	};
	int option;

	*o = (struct load_options){.clients = 24,
	    .journeys = 60,
	    .seed = 1,
	    .fan_out = 3,
	    .patience_s = 120,
	    .deadline_ms = 10000,
	    .must_settle = true};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?' + 256) {
			(void)fputs(help, stdout);
			return 0;
		}
		if (!take_option(o, option, optarg)) {
			(void)fprintf(stderr, "rcc-load: see rcc-load --help\n");
			return 2;
		}
	}
	if (o->run == NULL || o->history == NULL || optind < argc) {
		(void)fprintf(
		    stderr, "rcc-load: say --run DIR and --history FILE; see --help\n");
		return 2;
	}
	if (o->seconds == 0 && o->commands == 0)
		o->seconds = 10;
	return -1;
}
