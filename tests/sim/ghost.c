#include "sim/actors.h"

#include <string.h>

#include "base/message.h"

#include "foster.pb-c.h"

#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name

/* Held still, but its journey has moved on and will never confirm it. */
static bool
is_left_behind(struct actors *a, const struct model_hold *h)
{
	const struct model_request *r = model_request(a->model, h->request);

	return !h->may_confirm &&
	       (r == NULL || !r->is_decided || strcmp(r->hold, h->id) != 0);
}

/* One that is held or confirmed, of those left behind if there are any. */
static const struct model_hold *
live_hold(struct actors *a)
{
	const struct model *m = a->model;
	const struct model_hold *found = NULL;
	bool is_best = false;
	unsigned n = 0;

	for (size_t i = 0; i < m->holds_n; i++) {
		const struct model_hold *h = &m->holds[i];
		bool is_left = h->state == MODEL_HOLD_HELD && is_left_behind(a, h);

		if (h->state != MODEL_HOLD_HELD && h->state != MODEL_HOLD_CONFIRMED)
			continue;
		if (is_left && !is_best)
			n = 0;
		is_best |= is_left;
		if (is_left == is_best && random_one_in(actors_dice(a), ++n))
			found = h;
	}
	return found;
}

static void
confirm(struct actors *a, unsigned client, const struct model_hold *h)
{
	Place__ConfirmHold *c = MESSAGE_NEW(&a->arena, place__confirm_hold);

	c->hold_id = TEXT(h->id);
	SET(c, fencing_number, h->fencing_number - 1);
	SET(c, latest_start_time, a->world->now_ms + 3600LL * 1000);
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(CONFIRM_HOLD), &c->base);
}

static void
start(struct actors *a, unsigned client, const struct model_hold *h)
{
	Place__Start *s = MESSAGE_NEW(&a->arena, place__start);
	struct id placement = actors_new_id(a);

	s->hold_id = TEXT(h->id);
	SET(s, fencing_number, h->fencing_number + !is_left_behind(a, h));
	s->placement_id = placement.text;
	SET(s, start_day, actors_today(a));
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(START), &s->base);
}

/*
 * Requests as it was before a restore, say: it has the right key, names a hold that
 * is there, and its fencing number is of another time; or the number is right, and the
 * hold was given up. Nobody waits for its answers.
 */
void
ghost_acts(struct actors *a, unsigned client)
{
	const struct model_hold *h = live_hold(a);

	if (h == NULL)
		return;
	a->world->tally.n[TALLY_GHOSTS]++;
	if (h->state == MODEL_HOLD_CONFIRMED || is_left_behind(a, h))
		start(a, client, h);
	else
		confirm(a, client, h);
	a->list[client].is_waiting = false;
}
