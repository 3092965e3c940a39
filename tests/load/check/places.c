/*
 * Households and homes: what is held and who is there, as their owners' journals have
 * it, entry by entry. Never more than there are places; each step of a hold after the
 * one before it.
 */
#include "load/check/check.h"

#include <inttypes.h>

#include "base/day.h"

struct check_place *
check_place(struct check *c, const struct check_entry *e, const char *id)
{
	size_t at = ids_find(&c->places_by_id, id);
	struct check_place *p;

	if (at != IDS_NONE)
		return &c->places[at];
	(void)ids_put(&c->places_by_id, id, c->places_n);
	p = CHECK_ADD(c, places);
	check_keep(p->id, id);
	p->owner = e->service;
	return p;
}

static struct check_hold *
find_hold(struct check *c, const char *id)
{
	size_t at = ids_find(&c->holds_by_id, id);

	return at == IDS_NONE ? NULL : &c->holds[at];
}

static struct check_hold *
add_hold(struct check *c, const struct check_entry *e, const char *id)
{
	struct check_hold *h;

	(void)ids_put(&c->holds_by_id, id, c->holds_n);
	h = CHECK_ADD(c, holds);
	check_keep(h->id, id);
	h->owner = e->service;
	return h;
}

/* Places withheld, or beds closed, on the day of this entry. */
static uint32_t
withheld_at(const struct check *c, const struct check_entry *e, size_t place)
{
	int32_t day = day_in_london(e->time_ms);
	uint32_t n = 0;

	for (size_t i = 0; i < c->withheld_n; i++) {
		const struct check_withheld *w = &c->withheld[i];

		if (w->place == place && w->from_day <= day && day < w->until_day)
			n += w->places;
	}
	return n;
}

void
check_grant(struct check *c, const struct check_entry *e, const char *hold,
    const char *place, size_t children, uint64_t fencing_number)
{
	struct check_place *p = check_place(c, e, place);
	size_t at = (size_t)(p - c->places);
	uint32_t withheld = withheld_at(c, e, at);
	struct check_hold *h = find_hold(c, hold);

	if (h != NULL)
		check_wrong(c,
		    "%s: hold %s is granted at entry %" PRIu64 " and was there before",
		    check_service_name(e->service), hold, e->number);
	else
		h = add_hold(c, e, hold);
	h->place = at;
	h->children = (uint32_t)children;
	h->fencing_number = fencing_number;
	h->state = CHECK_HOLD_HELD;
	p->held += h->children;
	if (fencing_number != e->number)
		check_wrong(c, "%s: hold %s of entry %" PRIu64 " is numbered %" PRIu64,
		    check_service_name(e->service), hold, e->number, fencing_number);
	if (p->held + p->there + withheld > p->most_held)
		check_wrong(c,
		    "%s: entry %" PRIu64
		    " promises a place of %s that is not there: %u held, %u there, %u "
		    "withheld, of %u",
		    check_service_name(e->service), e->number, place, p->held, p->there,
		    withheld, p->most_held);
}

/* May a hold go from one state to the other? */
static bool
may_move(enum check_hold_state from, enum check_hold_state to)
{
	switch (to) {
	case CHECK_HOLD_CONFIRMED: return from == CHECK_HOLD_HELD;
	case CHECK_HOLD_STARTED: return from == CHECK_HOLD_CONFIRMED;
	case CHECK_HOLD_OVER:
		return from == CHECK_HOLD_HELD || from == CHECK_HOLD_CONFIRMED;
	case CHECK_HOLD_ENDED: return from == CHECK_HOLD_STARTED;
	case CHECK_HOLD_NONE:
	case CHECK_HOLD_HELD: return false;
	}
	return false;
}

void
check_move(struct check *c, const struct check_entry *e, const char *hold,
    enum check_hold_state to)
{
	struct check_hold *h = find_hold(c, hold);

	if (h == NULL && to == CHECK_HOLD_OVER) {
		add_hold(c, e, hold)->state =
		    CHECK_HOLD_NONE; /* its release is first */
		return;
	}
	if (h == NULL || !may_move(h->state, to)) {
		check_wrong(c,
		    "%s: entry %" PRIu64 " moves hold %s to state %d from %d",
		    check_service_name(e->service), e->number, hold, (int)to,
		    h == NULL ? -1 : (int)h->state);
		return;
	}
	if (to == CHECK_HOLD_OVER || to == CHECK_HOLD_STARTED)
		c->places[h->place].held -= h->children;
	h->state = to;
}

void
check_start(struct check *c, const struct check_entry *e, const char *hold,
    const char *placement)
{
	size_t at = ids_find(&c->holds_by_id, hold);

	check_move(c, e, hold, CHECK_HOLD_STARTED);
	if (at != IDS_NONE && !ids_put(&c->placements_by_id, placement, at))
		check_wrong(c, "%s: placement %s starts again at entry %" PRIu64,
		    check_service_name(e->service), placement, e->number);
}

void
check_stop(struct check *c, const struct check_entry *e, const char *placement)
{
	size_t at = ids_find(&c->placements_by_id, placement);

	if (at == IDS_NONE) {
		check_wrong(c, "%s: entry %" PRIu64 " ends placement %s, never begun",
		    check_service_name(e->service), e->number, placement);
		return;
	}
	check_move(c, e, c->holds[at].id, CHECK_HOLD_ENDED);
	c->places[c->holds[at].place].there -= c->holds[at].children;
}

void
check_stay(struct check *c, const struct check_entry *e, const char *occupant,
    const char *place, uint32_t counted)
{
	struct check_place *p = check_place(c, e, place);
	struct check_stay *s;

	if (!ids_put(&c->stays_by_id, occupant, c->stays_n)) {
		check_wrong(c, "%s: occupant %s comes again at entry %" PRIu64,
		    check_service_name(e->service), occupant, e->number);
		return;
	}
	s = CHECK_ADD(c, stays);
	check_keep(s->id, occupant);
	s->place = (size_t)(p - c->places);
	s->counted = counted;
	p->there += counted;
}

void
check_leave(struct check *c, const struct check_entry *e, const char *occupant)
{
	size_t at = ids_find(&c->stays_by_id, occupant);

	if (at == IDS_NONE || c->stays[at].is_over) {
		check_wrong(c, "%s: entry %" PRIu64 " ends occupant %s, not there",
		    check_service_name(e->service), e->number, occupant);
		return;
	}
	c->stays[at].is_over = true;
	c->places[c->stays[at].place].there -= c->stays[at].counted;
}

void
check_withhold(struct check *c, const struct check_entry *e,
    const struct check_withheld *row, const char *place)
{
	struct check_withheld *w;
	size_t at = (size_t)(check_place(c, e, place) - c->places);

	(void)ids_put(&c->withheld_by_id, row->id, c->withheld_n);
	w = CHECK_ADD(c, withheld);
	*w = *row;
	w->place = at;
}

void
check_restore(struct check *c, const struct check_entry *e, const char *withheld)
{
	size_t at = ids_find(&c->withheld_by_id, withheld);

	if (at == IDS_NONE)
		check_wrong(c, "%s: entry %" PRIu64 " gives back %s, never withheld",
		    check_service_name(e->service), e->number, withheld);
	else
		c->withheld[at].places = 0;
}
