#include "load.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/str.h"

#include "begun.h"
#include "calibrate.h"
#include "loading.h"
#include "take.h"

#define DAY_MS (24ll * 3600 * 1000)
/* The services refuse ids older than thirty days. */
#define RESUME_DAYS_MAX 29

static void
check_same(const struct load_options *o, const struct begun *b)
{
	const struct plan_options *p = &o->plan;
	bool is_same_size = (int64_t)p->scope == b->scope &&
	                    (int64_t)p->households == b->households &&
	                    (int64_t)p->residences == b->residences &&
	                    (int64_t)p->requests == b->requests;

	if (o->is_seed_said && (int64_t)p->seed != b->seed)
		fail("this load was begun with --seed %" PRId64
		     "; it can only be gone on with as it was begun",
		    b->seed);
	if (o->is_size_said && !is_same_size)
		fail("this load was begun with --scale %s --households %" PRId64
		     " --homes %" PRId64 " --requests %" PRId64
		     "; it can only be gone on with as it was begun",
		    b->scope == DATA_ENGLAND ? "england" : "region", b->households,
		    b->residences, b->requests);
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
		    .seed = (int64_t)o->plan.seed,
		    .scope = (int64_t)o->plan.scope,
		    .households = (int64_t)o->plan.households,
		    .residences = (int64_t)o->plan.residences,
		    .requests = (int64_t)o->plan.requests,
		    .started_ms = clock_now_ms(),
		};
		return false;
	}
	check_same(o, b);
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
	    ".%01" PRId64 " s, %zu a second\n",
	    l->progress.done, ms / 1000, ms % 1000 / 100,
	    l->progress.done * 1000 / (size_t)(ms > 0 ? ms : 1));
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
	data_read(a, o->data, (enum data_scope)b.scope, &d);
	plan_make(a, &d,
	    &(struct plan_options){
		.seed = (uint64_t)b.seed,
		.scope = (enum data_scope)b.scope,
		.households = (size_t)b.households,
		.residences = (size_t)b.residences,
		.requests = (size_t)b.requests,
		.time_ms = b.started_ms,
		.day = day_in_london(b.started_ms),
	    },
	    &p);
	loading_take_plan(&l, &p);
	check_digest(a, &p, o->run, &b);
	loading_members(&l);
	loading_foster(&l);
	loading_residential(&l);
	loading_requests(&l);
	loading_settle(&l);
	loading_close(&l);
	b.loaded_ms = clock_now_ms();
	begun_write(o->run, &b);
	say_end(&l);
	calibrate_print(stdout, a, &p);
	return 0;
}
