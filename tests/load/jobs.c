/* What is to be done next, at which desk, and by whom. */
#include "load/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define JOBS_FIRST 64
#define IDLE_US 5000

void
load_push(struct load *l, size_t desk, enum load_verb verb, size_t journey, size_t bid,
    int64_t in_ms)
{
	struct load_desk *d = &l->desks[desk];

	if (d->jobs_n == d->jobs_room) {
		size_t room = d->jobs_room == 0 ? JOBS_FIRST : 2 * d->jobs_room;
		struct load_job *more = load_take(room, sizeof *more);

		if (d->jobs_n > 0)
			memcpy(more, d->jobs, d->jobs_n * sizeof *more);
		free(d->jobs);
		d->jobs = more;
		d->jobs_room = room;
	}
	d->jobs[d->jobs_n++] = (struct load_job){.verb = verb,
	    .due_us = clock_ticks_us() + in_ms * 1000,
	    .journey = journey,
	    .serial = verb == LOAD_KEEP ? 0 : l->journeys[journey].serial,
	    .bid = bid};
}

/* The one that is due longest; false where there is none. */
static bool
take_job(struct load_desk *d, int64_t now_us, struct load_job *out)
{
	size_t best = d->jobs_n;

	for (size_t i = 0; i < d->jobs_n; i++)
		if (d->jobs[i].due_us <= now_us &&
		    (best == d->jobs_n || d->jobs[i].due_us < d->jobs[best].due_us))
			best = i;
	if (best == d->jobs_n)
		return false;
	*out = d->jobs[best];
	d->jobs[best] = d->jobs[--d->jobs_n];
	return true;
}

struct load_journey *
load_journey_new(struct load *l, size_t desk)
{
	for (size_t i = 0; i < (size_t)l->options.journeys; i++) {
		struct load_journey *j = &l->journeys[i];

		if (j->is_used)
			continue;
		l->journeys_open++;
		*j = (struct load_journey){
		    .is_used = true, .serial = ++l->totals.journeys, .desk = desk};
		return j;
	}
	return NULL;
}

void
load_journey_over(struct load *l, struct load_journey *j)
{
	j->is_used = false;
	l->journeys_open--;
}

/* Of a journey that is over meanwhile? */
static bool
is_stale(const struct load *l, const struct load_job *job)
{
	const struct load_journey *j = &l->journeys[job->journey];

	return job->serial != 0 && (!j->is_used || j->serial != job->serial);
}

/* What somebody does of their own accord. */
static struct load_job
own_idea(struct load *l, const struct load_client *c)
{
	struct load_job job = {.verb = LOAD_NOTHING};
	const struct load_desk *d = &l->desks[c->desk];

	if (l->is_ending)
		return job;
	switch (d->role) {
	case LOAD_COMMISSIONER:
		if (!d->may_not_ask && l->journeys_open < (size_t)l->options.journeys)
			job.verb = LOAD_SUBMIT;
		else if (random_one_in(&l->random, 20))
			job.verb = LOAD_READ;
		break;
	case LOAD_PLACEMENT:
		if (d->places_n == 0 || !random_one_in(&l->random, 8))
			break;
		job.verb = LOAD_KEEP;
		job.journey =
		    d->first_place + random_below(&l->random, (uint32_t)d->places_n);
		break;
	case LOAD_OFFICER:
		if (random_one_in(&l->random, 8))
			job.verb = LOAD_READ;
		break;
	case LOAD_NOMINATED:
	case LOAD_DIRECTOR:
	case LOAD_ADMINISTRATOR:
	case LOAD_ROLES: break;
	}
	return job;
}

/* Not faster than was asked for. */
static bool
may_send(struct load *l, int64_t now_us)
{
	int64_t step;

	if (l->options.rate == 0)
		return true;
	if (now_us < l->sends_allowed_us)
		return false;
	step = INT64_C(1000000) / l->options.rate;
	l->sends_allowed_us += step;
	if (l->sends_allowed_us < now_us - INT64_C(100000))
		l->sends_allowed_us =
		    now_us; /* what was missed long ago is not made up */
	return true;
}

void
load_act(struct load *l, struct load_client *c)
{
	int64_t now_us = clock_ticks_us();
	struct load_desk *d = &l->desks[c->desk];

	if (c->is_waiting || now_us < c->idle_until_us)
		return;
	c->job = (struct load_job){.verb = LOAD_NOTHING};
	if (!take_job(d, now_us, &c->job))
		c->job = own_idea(l, c);
	else if (is_stale(l, &c->job))
		return;
	if (c->job.verb == LOAD_NOTHING) {
		c->idle_until_us =
		    now_us + IDLE_US / 2 + random_below(&l->random, IDLE_US);
		return;
	}
	if (!may_send(l, now_us)) {
		if (c->job.verb != LOAD_KEEP && c->job.verb != LOAD_READ &&
		    c->job.verb != LOAD_SUBMIT)
			load_push(
			    l, c->desk, c->job.verb, c->job.journey, c->job.bid, 0);
		c->idle_until_us = now_us + 1000;
		return;
	}
	arena_reset(&l->arena);
	switch (d->role) {
	case LOAD_COMMISSIONER:
	case LOAD_NOMINATED:
	case LOAD_DIRECTOR: load_council_act(l, c); break;
	case LOAD_PLACEMENT: load_provider_act(l, c); break;
	case LOAD_OFFICER: load_officer_act(l, c); break;
	case LOAD_ADMINISTRATOR:
	case LOAD_ROLES: break;
	}
}

void
load_hear(struct load *l, struct load_client *c, const struct load_answer *answer)
{
	if (is_stale(l, &c->job))
		return;
	switch (l->desks[c->desk].role) {
	case LOAD_COMMISSIONER:
	case LOAD_NOMINATED:
	case LOAD_DIRECTOR: load_council_hear(l, c, answer); break;
	case LOAD_PLACEMENT: load_provider_hear(l, c, answer); break;
	case LOAD_OFFICER:
	case LOAD_ADMINISTRATOR:
	case LOAD_ROLES: break;
	}
}
