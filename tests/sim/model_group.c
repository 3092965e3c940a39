/* Siblings in several homes: decided on, confirmed and lost together. */
#include "sim/model.h"

#include "base/str.h"

#include "members.pb-c.h"

#define ROLE(name) (1U << MEMBERS__ROLE__ROLE_##name)

/* ---- decided ---- */

static bool
is_permitted(const struct model_split *split, const struct model_request *r,
    const char *group, unsigned parts, unsigned waiting)
{
	unsigned found = 0;

	for (size_t i = 0; i < split->parts_n; i++) {
		bool is_there = (split->parts[i] & waiting) == 0;

		for (size_t k = 0; k < r->journeys_n; k++)
			if (str_equal(r->journeys[k].group, group) &&
			    r->journeys[k].children == split->parts[i]) {
				is_there = true;
				found++;
			}
		if (!is_there)
			return false;
	}
	return found == parts;
}

/* All who waited are in it, each once; apart only as the council permits. */
void
model_check_decided(const struct sight *s, const struct model_journey *last)
{
	unsigned all = (1U << s->r->children) - 1;
	unsigned parts = 0, chosen = 0, others = 0;
	bool is_permitted_split = last->parts == 1;

	for (size_t i = 0; i < s->r->journeys_n; i++) {
		const struct model_journey *j = &s->r->journeys[i];

		if (str_equal(j->group, last->group)) {
			chosen |= j->children;
			parts++;
		} else if (j->step < MODEL_GIVEN_BACK)
			others |= j->children;
	}
	if (parts < last->parts)
		return;
	model_expect(s,
	    parts == last->parts && (chosen & others) == 0 && (chosen | others) == all,
	    "lost a child on the way, or has one in two places");
	for (size_t i = 0; i < s->r->splits_n; i++)
		is_permitted_split |= is_permitted(
		    &s->r->splits[i], s->r, last->group, parts, all & ~others);
	model_expect(s, is_permitted_split, "was split as its council does not permit");
	s->m->world->tally.n[TALLY_SPLITS] += parts > 1;
	s->m->world->tally.n[TALLY_RETRIES] += parts > 1 && s->r->was_broken;
}

/* ---- said yes to ---- */

/* Everybody has said yes but, it may be, this last one, and every place is held. */
void
model_check_all_yes(const struct sight *s, const struct model_journey *yes)
{
	unsigned silent = 0, further = 0;

	for (size_t i = 0; i < s->r->journeys_n; i++) {
		const struct model_journey *j = &s->r->journeys[i];

		if (!str_equal(j->group, yes->group))
			continue;
		model_expect(s, j->step == MODEL_HELD || j->step == MODEL_SAID_YES,
		    "was confirmed before all its places were held");
		model_expect(s, s->e->time_ms < j->hold_ends_ms,
		    "was confirmed when a hold was over");
		silent += !j->has_agreed;
		further += j->step == MODEL_SAID_YES;
		model_expect(s,
		    j->step != MODEL_SAID_YES || j->kept_until_ms == yes->kept_until_ms,
		    "has places that are not kept equally long");
	}
	model_expect(s, silent <= 1, "was confirmed before each provider had said yes");
	s->m->world->tally.n[TALLY_GROUP_YES] += yes->parts > 1 && further == 1;
}

/* ---- lost, and what goes with it ---- */

static void
give_back(struct model_journey *j)
{
	j->step = MODEL_GIVEN_BACK;
	j->owes_release = true;
}

static bool
is_silent(const struct sight *s, const struct model_journey *agreed)
{
	for (size_t i = 0; i < s->r->journeys_n; i++)
		if (str_equal(s->r->journeys[i].group, agreed->group) &&
		    !s->r->journeys[i].has_agreed)
			return true;
	return false;
}

void
model_see_lost(struct sight *s)
{
	const Requests__PlaceLost *e = s->e->event;
	struct model_journey *j = model_journey_of(s, e->hold_id);

	if (j == NULL)
		return;
	model_expect(s, j->step <= MODEL_ORDERED, "lost a place that it did not have");
	model_expect(s, j->step != MODEL_HELD || !j->has_agreed || !is_silent(s, j),
	    "lost the place that a provider said yes to, for another's silence");
	s->r->offers[j->offer].is_lost = true;
	j->step = MODEL_GIVEN_BACK;
	j->is_lost = true;
	*s->tally += 1;
}

static bool
is_named(char *const *list, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(list[i], id))
			return true;
	return false;
}

void
model_see_broken(struct sight *s)
{
	const Requests__GroupBroken *e = s->e->event;
	const struct model_journey *lost = model_journey_of(s, e->lost_hold_id);
	size_t released = 0, kept = 0;

	if (lost == NULL)
		return;
	model_expect(s, lost->is_lost && lost->parts > 1, "was broken without a loss");
	for (size_t i = 0; i < s->r->journeys_n; i++) {
		struct model_journey *j = &s->r->journeys[i];

		if (!str_equal(j->group, lost->group) || j->step == MODEL_GIVEN_BACK)
			continue;
		if (j->step < MODEL_ORDERED) {
			model_expect(s,
			    is_named(
				e->released_hold_ids, e->n_released_hold_ids, j->hold),
			    "was broken and keeps a place that has not begun");
			give_back(j);
			released++;
		} else {
			model_expect(s,
			    is_named(e->kept_placement_ids, e->n_kept_placement_ids,
				j->placement),
			    "was broken and forgot who lives somewhere");
			kept++;
		}
	}
	model_expect(s,
	    released == e->n_released_hold_ids && kept == e->n_kept_placement_ids,
	    "was broken and gave back what it should have kept");
	s->r->was_broken = true;
	s->m->world->tally.n[TALLY_BREAKS_KEPT] += kept > 0;
	*s->tally += 1;
}

void
model_see_release_owed(struct sight *s)
{
	const Requests__ReleaseOwed *e = s->e->event;
	const char *owner = e->owner == NULL ? "foster" : e->owner;
	struct model_journey *j = model_journey_of(s, e->hold_id);
	const struct model_home *h;

	if (j == NULL)
		return;
	h = model_home_of_vacancy(s->m, model_offer_of(s, j)->vacancy);
	model_expect(s, j->step == MODEL_GIVEN_BACK, "gives back what it needs");
	model_expect(s, h != NULL && world_node_named(s->m->world, owner) == h->owner,
	    "asks the wrong service for a release");
	j->owes_release = false;
}

void
model_see_withdrawn(struct sight *s)
{
	const Requests__RequestWithdrawn *e = s->e->event;

	model_expect_officer(s, e->withdrawn_by_id, ROLE(COMMISSIONER));
	for (size_t i = 0; i < s->r->journeys_n; i++) {
		struct model_journey *j = &s->r->journeys[i];

		model_expect(s, j->step != MODEL_ORDERED,
		    "was withdrawn after its start was ordered");
		if (j->step < MODEL_ORDERED)
			give_back(j);
	}
	model_see_outcomes(s, e->outcomes, e->n_outcomes);
	model_expect(s, !s->r->is_filled && !s->r->is_withdrawn,
	    "was withdrawn after its start, or twice");
	s->r->is_withdrawn = true;
	s->m->world->tally.n[TALLY_WITHDRAWN_REST] +=
	    model_children_from(s->r, MODEL_STARTED) != 0;
	*s->tally += 1;
}

/* ---- after each turn ---- */

/* One is lost: the others were given back, or had begun. One has its yes: all have. */
static void
check_pair(struct model *m, const struct model_request *r,
    const struct model_journey *a, const struct model_journey *b)
{
	if (a->is_lost && b->step < MODEL_ORDERED)
		world_fail(m->world,
		    "request %s keeps hold %s although its group was broken", r->id,
		    b->hold);
	if (a->step <= MODEL_HELD && b->step > MODEL_HELD && b->step < MODEL_GIVEN_BACK)
		world_fail(m->world, "request %s confirmed a part of a group", r->id);
}

void
model_check_groups(struct model *m)
{
	for (size_t i = 0; i < m->requests_n; i++) {
		const struct model_request *r = &m->requests[i];

		for (size_t k = 0; k < r->journeys_n; k++) {
			const struct model_journey *j = &r->journeys[k];

			if (j->owes_release)
				world_fail(m->world,
				    "request %s gave back hold %s and did not say so",
				    r->id, j->hold);
			for (size_t l = 0; j->parts > 1 && l < r->journeys_n; l++)
				if (l != k && str_equal(r->journeys[l].group, j->group))
					check_pair(m, r, j, &r->journeys[l]);
		}
	}
}
