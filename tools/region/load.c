#include "load.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/str.h"

#include "begun.h"
#include "calibrate.h"
#include "defaults.h"
#include "loading.h"
#include "take.h"

#define DAY_MS (24ll * 3600 * 1000)
/* The services refuse ids older than thirty days. */
#define RESUME_DAYS_MAX 29

static int64_t
said_or(int64_t said, int64_t otherwise)
{
	return said >= 0 ? said : otherwise;
}

static void
check_same(const char *what, int64_t said, int64_t begun)
{
	if (said >= 0 && said != begun)
		fail("this load was begun with --%s %" PRId64
		     "; it can only be gone on with as it was begun",
		    what, begun);
}

/* Has anything been written to this co-operative? Where its stores were begun anew,
 * what the run folder says of an earlier load is about others. */
static bool
is_empty(struct loading *l)
{
	Members__CouncilsAsked ask = MEMBERS__COUNCILS_ASKED__INIT;
	const Members__Councils *known = post_one(l->administrator, "members", l->arena,
	    MEMBERS__MEMBERS_CALL__CALL_COUNCILS, &ask.base,
	    &members__councils__descriptor);

	return known->n_councils == 0;
}

/* The load as it was begun, or a new one; true where it has come to its end already. */
static bool
begin(const struct load_options *o, bool is_new, struct begun *b)
{
	if (is_new || !begun_read(o->run, b)) {
		if (!is_new)
			fail(
			    "there is a region already, and %s does not say how it was "
			    "begun; it can only be loaded into an empty co-operative",
			    o->run);
		*b = (struct begun){
		    .seed = said_or(o->seed, DEFAULT_SEED),
		    .households = said_or(o->households, DEFAULT_HOUSEHOLDS),
		    .requests = said_or(o->requests, DEFAULT_REQUESTS),
		    .started_ms = clock_now_ms(),
		};
		return false;
	}
	check_same("seed", o->seed, b->seed);
	check_same("households", o->households, b->households);
	check_same("requests", o->requests, b->requests);
	if (b->loaded_ms > 0)
		return true;
	if (clock_now_ms() - b->started_ms > RESUME_DAYS_MAX * DAY_MS)
		fail("this load was begun more than %d days ago and cannot be gone on "
		     "with; begin with a new run folder",
		    RESUME_DAYS_MAX);
	return false;
}

/* A plan made by another version of this program would be other commands under the same
 * ids. */
static void
check_digest(struct arena *a, const struct plan *p, const char *run, struct begun *b)
{
	char digest[PLAN_DIGEST_LEN + 1];

	plan_digest(a, p, digest);
	if (b->digest[0] != '\0' && !str_equal(b->digest, digest))
		fail("this load was begun by another version of rcc-region; begin with "
		     "a "
		     "new run folder");
	(void)snprintf(b->digest, sizeof b->digest, "%s", digest);
	begun_write(run, b);
}

static void
say_end(const struct loading *l)
{
	int64_t ms = (clock_ticks_us() - l->progress.began_us) / 1000;

	(void)fprintf(stderr,
	    "rcc-region: the invented region is loaded: %zu commands in %" PRId64
	    ".%01" PRId64 " s\n",
	    l->commands, ms / 1000, ms % 1000 / 100);
	if (l->late_n > 0)
		(void)fprintf(stderr,
		    "rcc-region: %zu emergencies of the day it was begun were left "
		    "out\n",
		    l->late_n);
}

int
load_region(struct arena *a, const struct load_options *o)
{
	struct loading l = {.arena = a, .run = o->run};
	struct plan p;
	struct data d;
	struct begun b;

	loading_open(&l, o->peers);
	if (begin(o, is_empty(&l), &b)) {
		loading_close(&l);
		(void)fprintf(stderr,
		    "rcc-region: the invented region was loaded before; "
		    "nothing was sent\n");
		return 0;
	}
	data_read(a, &d);
	plan_make(a, &d,
	    &(struct plan_options){
		.seed = (uint64_t)b.seed,
		.households = (size_t)b.households,
		.requests = (size_t)b.requests,
		.time_ms = b.started_ms,
		.day = day_in_london(b.started_ms),
	    },
	    &p);
	loading_take_plan(&l, &p);
	check_digest(a, &p, o->run, &b);
	loading_members(&l);
	loading_foster(&l);
	loading_requests(&l);
	loading_settle(&l);
	loading_close(&l);
	if (l.refused.n > 0)
		fail("%zu of %zu commands were refused, the first by %s", l.refused.n,
		    l.commands, l.refused.first);
	b.loaded_ms = clock_now_ms();
	begun_write(o->run, &b);
	say_end(&l);
	calibrate_print(stdout, a, &p);
	return 0;
}
