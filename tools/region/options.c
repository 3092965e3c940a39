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
    "  rcc-region --print            how close it comes to the published figures\n"
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
	    "  --households N  %d to %d, kinship among them; %d\n"
	    "  --requests N    open requests, 0 to %d; %d\n"
	    "  --day DAY       --print: \"today\" in the region; %s\n"
	    "  --run DIR       --load: where the system runs; RUN where not said\n"
	    "  --peers FILE    where the services are; RCC_PEERS where not said\n",
	    DEFAULT_SEED, PLAN_HOUSEHOLDS_MIN, PLAN_HOUSEHOLDS_MAX, DEFAULT_HOUSEHOLDS,
	    PLAN_REQUESTS_MAX, DEFAULT_REQUESTS, DEFAULT_DAY);
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

static struct plan_options
plan_options(const struct options *o)
{
	return (struct plan_options){
	    .seed = (uint64_t)(o->seed >= 0 ? o->seed : DEFAULT_SEED),
	    .households =
		(size_t)(o->households >= 0 ? o->households : DEFAULT_HOUSEHOLDS),
	    .requests = (size_t)(o->requests >= 0 ? o->requests : DEFAULT_REQUESTS),
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

	data_read(a, &d);
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
	    .seed = o->seed,
	    .households = o->households,
	    .requests = o->requests,
	};

	return load_region(a, &options);
}

static int
run_self_check(struct arena *a, const struct options *o)
{
	(void)o;
	return self_check(a);
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
	if (str_equal(name, "--run"))
		o->folder = value;
	else if (str_equal(name, "--peers"))
		o->peers = value;
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
	    {"--self-check", run_self_check}};

	*out = (struct options){.seed = -1, .households = -1, .requests = -1};
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
