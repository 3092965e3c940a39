#include "options.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/day.h"
#include "base/run_options.h"
#include "base/str.h"

#include "calibrate.h"
#include "defaults.h"
#include "load.h"
#include "self_check.h"

static const char help[] =
    "rcc-region: an invented region from public figures\n"
    "\n"
    "  rcc-region --load --run DIR   writes it through the services that run from\n"
    "                                DIR; begun again, it goes on where it stopped\n"
    "  rcc-region --print            how close it comes to the published figures;\n"
    "                                --plan-only says the same\n"
    "  rcc-region --self-check       proves the invention against its own rules\n"
    "  rcc-region --version          which version this is\n"
    "\n";

static const char help_end[] =
    "\n"
    "Only --load needs the services. Keys of all its people go to DIR/keys, with a\n"
    "README of who has which; the first administrator's, DIR/keys/administrator.key,\n"
    "must be there. What a load was begun with is kept in DIR/region.plan.\n"
    "Leaves with 0 when done, 1 on trouble or a refusal, 2 for a wrong command line.\n"
    "Invented region: no real child, carer, household or agency\n";

static void
print_help(void)
{
	(void)fputs(help, stdout);
	(void)printf(
	    "  --seed N        another region for another number; %d\n"
	    "  --scale WHAT    region: Greater Manchester, the default; england: all "
	    "%d\n"
	    "                  councils; or a part of the region, as 0.5\n"
	    "  --households N  %d to %d, kinship among them; %d, of England %d\n"
	    "  --homes N       children's homes, 0 to %d; %d, of England %d, and "
	    "fewer\n"
	    "                  of fewer households\n"
	    "  --requests N    open requests, 0 to %d; %d, of England %d\n"
	    "  --day DAY       --print: \"today\" in the region; %s\n"
	    "  --run DIR       --load: where the system runs; RUN where not said\n"
	    "  --peers FILE    where the services are; RCC_PEERS where not said\n"
	    "  --data DIR      the published tables; those inside where not said\n",
	    DEFAULT_SEED, ENGLAND_COUNCILS, PLAN_HOUSEHOLDS_MIN, PLAN_HOUSEHOLDS_MAX,
	    DEFAULT_HOUSEHOLDS, ENGLAND_HOUSEHOLDS, PLAN_RESIDENCES_MAX,
	    DEFAULT_RESIDENCES, ENGLAND_RESIDENCES, PLAN_REQUESTS_MAX, DEFAULT_REQUESTS,
	    ENGLAND_REQUESTS, DEFAULT_DAY);
	(void)fputs(help_end, stdout);
}

__attribute__((format(printf, 1, 2))) static int
complain(const char *format, ...)
{
	va_list list;

	(void)fputs("rcc-region: ", stderr);
	va_start(list, format);
	(void)vfprintf(stderr, format, list);
	va_end(list);
	(void)fputs("; see rcc-region --help\n", stderr);
	return 2;
}

static int64_t
said_or(int64_t said, int64_t otherwise)
{
	return said >= 0 ? said : otherwise;
}

static int64_t
at_least(int64_t n, int64_t least)
{
	return n > least ? n : least;
}

static struct plan_options
plan_options(const struct options *o)
{
	bool is_england = o->scope == DATA_ENGLAND;
	int64_t all = is_england ? ENGLAND_HOUSEHOLDS : DEFAULT_HOUSEHOLDS;
	int64_t homes = is_england ? ENGLAND_RESIDENCES : DEFAULT_RESIDENCES;
	int64_t requests = is_england ? ENGLAND_REQUESTS : DEFAULT_REQUESTS;
	int64_t part = said_or(o->per_mille, 1000);
	int64_t households =
	    said_or(o->households, at_least(all * part / 1000, PLAN_HOUSEHOLDS_MIN));
	int64_t in_proportion = homes * households / all;

	return (struct plan_options){
	    .seed = (uint64_t)said_or(o->seed, DEFAULT_SEED),
	    .scope = (enum data_scope)said_or(o->scope, DATA_REGION),
	    .households = (size_t)households,
	    .residences = (size_t)said_or(o->residences,
		in_proportion < PLAN_RESIDENCES_MAX ? in_proportion
						    : PLAN_RESIDENCES_MAX),
	    .requests = (size_t)said_or(o->requests, requests * part / 1000),
	    .day = o->day,
	    .time_ms = day_start_in_london(o->day),
	};
}

static int
run_print(struct arena *a, const struct options *o)
{
	struct plan_options options = plan_options(o);
	char digest[PLAN_DIGEST_LEN + 1], day[DAY_TEXT_LEN + 1];
	struct data d;
	struct plan p;

	data_read(a, o->data, options.scope, &d);
	plan_make(a, &d, &options, &p);
	plan_digest(a, &p, digest);
	day_format(options.day, day);
	calibrate_print(stdout, a, &p);
	(void)printf("Plan of seed %" PRIu64 " on %s: %s\n", options.seed, day, digest);
	return 0;
}

static int
run_load(struct arena *a, const struct options *o)
{
	struct load_options options = {
	    .run = o->folder,
	    .peers = o->peers,
	    .data = o->data,
	    .plan = plan_options(o),
	    .is_seed_said = o->seed >= 0,
	    .is_size_said = o->scope >= 0 || o->per_mille >= 0 || o->households >= 0 ||
	                    o->residences >= 0 || o->requests >= 0,
	};

	return load_region(a, &options);
}

static int
run_self_check(struct arena *a, const struct options *o)
{
	return self_check(a, o->data);
}

/* "region", "england", or a part of the region: "0.25"; three digits at the most. */
static bool
read_scale(const char *text, struct options *o)
{
	int64_t part;
	size_t digits = 0;

	o->per_mille = 1000;
	o->scope = str_equal(text, "england") ? DATA_ENGLAND : DATA_REGION;
	if (o->scope == DATA_ENGLAND || str_equal(text, "region") ||
	    str_equal(text, "1"))
		return true;
	if (!str_starts(text, "0."))
		return false;
	while (text[2 + digits] >= '0' && text[2 + digits] <= '9')
		digits++;
	if (digits > 3 || !str_to_i64(text + 2, 1, 999, &part))
		return false;
	for (; digits < 3; digits++)
		part *= 10;
	o->per_mille = part;
	return true;
}

/* One option with its value; how many words it took, or 0 where it is wrong. */
static int
read_option(const char *name, const char *value, struct options *o)
{
	const struct {
		const char *name;
		int64_t min, max;
		int64_t *out;
	} numbers[] = {
	    {"--seed", 0, INT64_MAX - 2, &o->seed},
	    {"--households", PLAN_HOUSEHOLDS_MIN, PLAN_HOUSEHOLDS_MAX, &o->households},
	    {"--homes", 0, PLAN_RESIDENCES_MAX, &o->residences},
	    {"--requests", 0, PLAN_REQUESTS_MAX, &o->requests},
	};

	if (value == NULL)
		return 0;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		if (str_equal(name, numbers[i].name))
			return str_to_i64(value, numbers[i].min, numbers[i].max,
				   numbers[i].out)
			           ? 2
			           : 0;
	}
	if (str_equal(name, "--day"))
		return day_parse(value, &o->day) ? 2 : 0;
	if (str_equal(name, "--scale"))
		return read_scale(value, o) ? 2 : 0;
	if (str_equal(name, "--run"))
		o->folder = value;
	else if (str_equal(name, "--peers"))
		o->peers = value;
	else if (str_equal(name, "--data"))
		o->data = value;
	else
		return 0;
	return 2;
}

static int
check(const struct options *o)
{
	if (o->run == NULL)
		return complain("say --load, --print or --self-check");
	if (o->run != run_load)
		return -1;
	if (o->folder == NULL)
		return complain(
		    "say with --run DIR, or RUN, in which folder the system runs");
	if (o->peers == NULL)
		return complain(
		    "say with --peers FILE, or RCC_PEERS, where the services are");
	return -1;
}

int
options_read(int argc, char **argv, struct options *out)
{
	static const struct {
		const char *name;
		int (*run)(struct arena *a, const struct options *o);
	} modes[] = {{"--load", run_load}, {"--print", run_print},
	    {"--plan-only", run_print}, {"--self-check", run_self_check}};

	*out = (struct options){.seed = -1,
	    .scope = -1,
	    .per_mille = -1,
	    .households = -1,
	    .residences = -1,
	    .requests = -1};
	out->peers = getenv("RCC_PEERS");
	out->folder = getenv("RUN");
	(void)day_parse(DEFAULT_DAY, &out->day);
	for (int i = 1, n; i < argc; i += n) {
		n = 0;
		if (str_equal(argv[i], "--help")) {
			print_help();
			return 0;
		}
		if (str_equal(argv[i], "--version")) {
			(void)printf("rcc-region %s\n%s\n", RUN_VERSION, RUN_NOTICE);
			return 0;
		}
		for (size_t j = 0; j < sizeof modes / sizeof modes[0]; j++) {
			if (!str_equal(argv[i], modes[j].name))
				continue;
			if (out->run != NULL && out->run != modes[j].run)
				return complain(
				    "say one of --load, --print, --self-check");
			out->run = modes[j].run;
			n = 1;
		}
		if (n == 0)
			n = read_option(argv[i], argv[i + 1], out);
		if (n == 0)
			return complain("'%s%s%s' is not what this can do", argv[i],
			    argv[i + 1] != NULL ? " " : "",
			    argv[i + 1] != NULL ? argv[i + 1] : "");
	}
	return check(out);
}
