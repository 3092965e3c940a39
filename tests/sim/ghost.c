#include "sim/actors.h"

#include <string.h>

#include "base/message.h"

#include "place.pb-c.h"
#include "residential.pb-c.h"

/* The same with every owner. */
#define CALL(name) RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name

/* Held still, but its journey has moved on and will never confirm it. */
static bool
is_left_behind(struct actors *a, const struct model_hold *h)
{
	const struct model_request *r = model_request(a->model, h->request);

	return !h->may_confirm && (r == NULL || model_waiting(r, h->id) == NULL);
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
	actors_call(a, client, h->owner, CALL(CONFIRM_HOLD), &c->base);
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
	actors_call(a, client, h->owner, CALL(START), &s->base);
}

static const struct model_vacancy *
supported_vacancy(struct actors *a)
{
	const struct model_vacancy *found = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < a->model->vacancies_n; i++) {
		const struct model_vacancy *v = &a->model->vacancies[i];
		const struct model_home *h = model_home_of_vacancy(a->model, v->id);

		if (v->is_open && h != NULL &&
		    h->care.type ==
			COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION &&
		    random_one_in(actors_dice(a), ++n))
			found = v;
	}
	return found;
}

/* Supported accommodation for a child of 15: the owner must not rely on who asks. */
static void
misplace(struct actors *a, unsigned client)
{
	const struct known *r = actors_pick(a, &a->requests, NULL);
	const struct model_vacancy *v = supported_vacancy(a);
	Place__Hold *hold = MESSAGE_NEW(&a->arena, place__hold);
	Common__Child *child = MESSAGE_NEW(&a->arena, common__child);
	struct id id = actors_new_id(a);

	if (r == NULL || v == NULL)
		return;
	hold->request_id = TEXT(r->id);
	hold->vacancy_id = TEXT(v->id);
	hold->placing_council_id = TEXT(r->owner);
	hold->children = LIST_NEW(&a->arena, 1, Common__Child *);
	hold->children[hold->n_children++] = child;
	child->child_id = id.text;
	SET(child, age_years, 15);
	SET(child, age_day, actors_today(a));
	SET(child, sex, COMMON__SEX__SEX_FEMALE);
	SET(hold, hold_minutes, 60);
	actors_call(a, client, NODE_RESIDENTIAL, CALL(HOLD), &hold->base);
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

	if (random_one_in(actors_dice(a), 16)) {
		misplace(a, client);
		a->list[client].is_waiting = false;
		return;
	}
	if (h == NULL)
		return;
	a->world->tally.n[TALLY_GHOSTS]++;
	if (h->state == MODEL_HOLD_CONFIRMED || is_left_behind(a, h))
		start(a, client, h);
	else
		confirm(a, client, h);
	a->list[client].is_waiting = false;
}
