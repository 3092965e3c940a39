#include "begun.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"

#include "take.h"

#define FILE_NAME "region.plan"
#define REGION "region"

static void
path_in(char out[PATH_MAX], const char *run, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", run, name);

	if (n < 0 || n >= PATH_MAX)
		fail("the path of %s is too long", run);
}

bool
begun_read(const char *run, struct begun *out)
{
	char path[PATH_MAX], problem[300];
	struct begun b = {.started_ms = -1};
	const struct conf_key keys[] = {
	    {.section = REGION,
		.name = "seed",
		.kind = CONF_NUMBER,
		.max = INT64_MAX,
		.number = &b.seed},
	    {.section = REGION,
		.name = "households",
		.kind = CONF_NUMBER,
		.min = PLAN_HOUSEHOLDS_MIN,
		.max = PLAN_HOUSEHOLDS_MAX,
		.number = &b.households},
	    {.section = REGION,
		.name = "scope", /* as enum data_scope */
		.kind = CONF_NUMBER,
		.max = DATA_ENGLAND,
		.number = &b.scope},
	    {.section = REGION,
		.name = "homes",
		.kind = CONF_NUMBER,
		.max = PLAN_RESIDENCES_MAX,
		.number = &b.residences},
	    {.section = REGION,
		.name = "requests",
		.kind = CONF_NUMBER,
		.max = PLAN_REQUESTS_MAX,
		.number = &b.requests},
	    {.section = REGION,
		.name = "started_ms",
		.kind = CONF_NUMBER,
		.max = INT64_MAX,
		.number = &b.started_ms},
	    {.section = REGION,
		.name = "loaded_ms",
		.kind = CONF_NUMBER,
		.max = INT64_MAX,
		.number = &b.loaded_ms},
	    {.section = REGION,
		.name = "digest",
		.kind = CONF_TEXT,
		.text = b.digest,
		.text_size = sizeof b.digest},
	};

	path_in(path, run, FILE_NAME);
	if (access(path, F_OK) != 0)
		return false;
	if (conf_read(path, keys, sizeof keys / sizeof keys[0], problem,
		sizeof problem) != ERR_NONE)
		fail("%s", problem);
	if (b.started_ms < 0)
		fail("%s does not say when the load was started", path);
	*out = b;
	return true;
}

void
begun_write(const char *run, const struct begun *b)
{
	char path[PATH_MAX], fresh[PATH_MAX];

	path_in(path, run, FILE_NAME);
	path_in(fresh, run, FILE_NAME ".new");
	FILE *f = fopen(fresh, "we");
	bool is_written =
	    f != NULL &&
	    fprintf(f,
		"; What rcc-region was begun with; a load begun again goes by it.\n"
		"[region]\nseed = %" PRId64 "\nscope = %" PRId64
		"\nhouseholds = %" PRId64 "\nhomes = %" PRId64 "\nrequests = %" PRId64
		"\nstarted_ms = %" PRId64 "\nloaded_ms = %" PRId64 "\ndigest = %s\n",
		b->seed, b->scope, b->households, b->residences, b->requests,
		b->started_ms, b->loaded_ms, b->digest) > 0 &&
	    fflush(f) == 0 && fsync(fileno(f)) == 0;
	if (f != NULL && fclose(f) != 0)
		is_written = false;
	if (!is_written || rename(fresh, path) != 0)
		fail("%s cannot be written: %s", path, strerror(errno));
}
