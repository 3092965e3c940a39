/* Placements on their way, each step after the one before it. */
#include "sim/model.h"

#include "base/str.h"

#include "members.pb-c.h"

#define EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name
#define ROLE(name) (1U << MEMBERS__ROLE__ROLE_##name)

/* ---- which children, which placement ---- */

unsigned
model_children(const struct model_request *r, char *const *refs, size_t refs_n)
{
	unsigned children = 0;

	for (size_t i = 0; i < refs_n; i++)
		children |= 1U << (unsigned)(refs[i][0] - 'A');
	return refs_n == 0 ? (1U << r->children) - 1 : children;
}

static unsigned
count(unsigned children)
{
	unsigned n = 0;

	for (; children != 0; children &= children - 1)
		n++;
	return n;
}

unsigned
model_children_from(const struct model_request *r, enum model_step step)
{
	unsigned children = 0;

	for (size_t i = 0; i < r->journeys_n; i++)
		if (r->journeys[i].step >= step &&
		    r->journeys[i].step < MODEL_GIVEN_BACK)
			children |= r->journeys[i].children;
	return children;
}

bool
model_has_chosen(const struct model_request *r, const char *provider,
    enum model_step first, enum model_step last)
{
	for (size_t i = 0; i < r->journeys_n; i++) {
		const struct model_journey *j = &r->journeys[i];

		if (j->step >= first && j->step <= last &&
		    str_equal(r->offers[j->offer].provider, provider))
			return true;
	}
	return false;
}

const struct model_journey *
model_waiting(const struct model_request *r, const char *hold)
{
	const struct model_journey *j = MODEL_FIND(r->journeys, r->journeys_n, hold);

	return j != NULL && j->step < MODEL_ORDERED ? j : NULL;
}

struct model_journey *
model_journey_of(const struct sight *s, const char *hold)
{
	struct model_journey *j = MODEL_FIND(s->r->journeys, s->r->journeys_n, hold);

	model_expect(s, j != NULL, "has an event about a placement it has not");
	return j;
}

static struct model_journey *
journey_of_placement(const struct sight *s, const char *placement)
{
	for (size_t i = 0; i < s->r->journeys_n; i++)
		if (str_equal(s->r->journeys[i].placement, placement))
			return &s->r->journeys[i];
	model_expect(s, false, "has an event about a placement it has not");
	return NULL;
}

const struct model_offer *
model_offer_of(const struct sight *s, const struct model_journey *j)
{
	return &s->r->offers[j->offer];
}

/* ---- decided ---- */

/* Homes move, and requests may hear of it later. */
static void
check_area(const struct sight *s, const Requests__Journey *j, struct model_journey *row)
{
	const struct model_offer *o = model_offer_of(s, row);
	const struct model_home *h = model_home_of_vacancy(s->m, o->vacancy);

	model_expect(s,
	    h != NULL && (h->has_moved || str_equal(h->council, j->area_council_id)),
	    "was decided on for another area than the home is in");
	row->approver =
	    model_approver(s->m, s->r->council, j->area_council_id, o->provider);
	model_expect(s, row->approver == (unsigned)j->approver,
	    "asks for another approval than the law does");
}

static void
see_decided(struct sight *s)
{
	const Requests__PlacementDecided *e = s->e->event;
	const Requests__Journey *j = e->journey;
	struct model_request *r = s->r;
	const struct model_offer *o = MODEL_FIND(r->offers, r->offers_n, j->offer_id);
	unsigned children = model_children(r, j->child_refs, j->n_child_refs);
	struct model_journey *row;
	struct model_bid *bid;

	model_expect(
	    s, o != NULL && !o->is_lost, "was decided on without a standing offer");
	model_expect(s, j->reason != 0 && (j->parts <= 1) == (j->split_reason == 0),
	    "was decided on without a reason");
	model_expect_officer(s, j->decided_by_id, ROLE(COMMISSIONER));
	model_expect(s, (model_children_from(r, MODEL_DECIDED) & children) == 0,
	    "was decided on twice");
	if (o == NULL)
		return;
	model_expect(s, o->children == children && e->n_children == count(children),
	    "was decided on for other children than the offer was for");
	bid = model_bid_of(s, o->provider);
	if (bid != NULL)
		bid->was_chosen = true;
	row = MODEL_ADD(s->m, r->journeys, r->journeys_n, j->hold_id);
	model_keep(row->placement, j->placement_id);
	model_keep(row->group, s->e->command_id);
	row->offer = (size_t)(o - r->offers);
	row->children = children;
	row->parts = j->parts == 0 ? 1 : j->parts;
	check_area(s, j, row);
	model_check_decided(s, row);
	*s->tally += 1;
}

/* ---- held, said yes to, confirmed ---- */

/* The very children of this placement, by the references that its council gave. */
static bool
are_children_of(const struct model_request *r, const struct model_journey *j,
    const struct model_hold *h)
{
	for (unsigned i = 0; i < r->children; i++)
		if ((j->children & 1U << i) != 0 &&
		    MODEL_FIND(h->children, h->children_n, r->child_ids[i]) == NULL)
			return false;
	return h->children_n == count(j->children);
}

static void
see_held(struct sight *s)
{
	const Requests__PlaceHeld *e = s->e->event;
	const struct model_hold *h = model_hold(s->m, e->hold_id);
	struct model_journey *j = model_journey_of(s, e->hold_id);

	if (j == NULL)
		return;
	model_expect(s, j->step == MODEL_DECIDED, "was held for without a decision");
	model_expect(s, h != NULL && h->fencing_number == e->fencing_number,
	    "believes in a hold that was not granted");
	model_expect(s, h != NULL && are_children_of(s->r, j, h),
	    "has a hold for other children");
	j->step = MODEL_HELD;
	j->hold_ends_ms = e->expires_time;
}

static bool
may_speak_for(const struct sight *s, const struct model_journey *j, const char *person)
{
	return model_may(
	    s->m, person, model_offer_of(s, j)->provider, ROLE(PLACEMENT_OFFICER));
}

static void
see_agreed(struct sight *s)
{
	const Requests__ProviderAgreed *e = s->e->event;
	struct model_journey *j = model_journey_of(s, e->hold_id);

	if (j == NULL)
		return;
	model_expect(s,
	    j->step == MODEL_HELD && !j->has_agreed && j->parts > 1 &&
		s->e->time_ms < j->hold_ends_ms,
	    "was said yes to out of turn");
	model_expect(s, may_speak_for(s, j, e->agreed_by_id),
	    "was confirmed by another provider than the chosen");
	j->has_agreed = true;
	*s->tally += 1;
}

static void
see_offer_confirmed(struct sight *s)
{
	const Requests__OfferConfirmed *e = s->e->event;
	struct model_hold *h = model_hold(s->m, e->hold_id);
	struct model_journey *j = model_journey_of(s, e->hold_id);

	if (j == NULL)
		return;
	model_expect(
	    s, j->step == MODEL_HELD, "was confirmed by a provider that holds nothing");
	j->step = MODEL_SAID_YES;
	j->kept_until_ms = e->latest_start_time;
	model_check_all_yes(s, j);
	model_expect(s, may_speak_for(s, j, e->confirmed_by_id),
	    "was confirmed by another provider than the chosen");
	if (h != NULL)
		h->may_confirm = true;
}

static void
see_confirmed(struct sight *s)
{
	const Requests__HoldConfirmed *e = s->e->event;
	const struct model_hold *h = model_hold(s->m, e->hold_id);
	struct model_journey *j = model_journey_of(s, e->hold_id);

	if (j == NULL)
		return;
	model_expect(s, j->step == MODEL_SAID_YES,
	    "had its hold confirmed without the provider's yes");
	/* It may have run out since the owner said so. */
	model_expect(s, h != NULL && h->state >= MODEL_HOLD_CONFIRMED,
	    "believes in a confirmation that was not");
	j->step = MODEL_CONFIRMED;
}

/* ---- approved ---- */

static void
see_approved(struct sight *s)
{
	const Requests__PlacementApproved *e = s->e->event;
	struct model_journey *j = journey_of_placement(s, e->placement_id);
	unsigned roles = ROLE(DIRECTOR);

	if (j == NULL)
		return;
	if (j->approver != REQUESTS__APPROVER__APPROVER_DIRECTOR)
		roles |= ROLE(NOMINATED_OFFICER);
	model_expect(s, j->step <= MODEL_STARTED, "was approved undecided");
	model_expect(s, j->approver > REQUESTS__APPROVER__APPROVER_NONE,
	    "was approved without need");
	model_expect_officer(s, e->approved_by_id, roles);
	model_expect(s,
	    e->grounds != NULL && e->grounds->wishes_considered &&
		e->grounds->most_appropriate,
	    "was approved without grounds");
	model_expect(s,
	    s->r->is_emergency ||
		(e->grounds != NULL && e->grounds->relatives_consulted),
	    "was approved before its relatives were consulted");
	j->is_approved = true;
	*s->tally += 1;
}

/* ---- start and end ---- */

static void
see_start_ordered(struct sight *s)
{
	const Requests__StartOrdered *e = s->e->event;
	struct model_hold *h = model_hold(s->m, e->hold_id);
	struct model_journey *j = model_journey_of(s, e->hold_id);

	if (j == NULL)
		return;
	model_expect(s, j->step == MODEL_CONFIRMED,
	    "was started before its place was confirmed");
	model_expect(s,
	    j->approver == REQUESTS__APPROVER__APPROVER_NONE || j->is_approved,
	    "was started without the approval it needs");
	model_expect(s, str_equal(e->placement_id, j->placement),
	    "was started as another placement");
	model_expect_officer(s, e->ordered_by_id, ROLE(COMMISSIONER));
	j->step = MODEL_ORDERED;
	if (h != NULL)
		h->may_start = true;
}

static void
see_started(struct sight *s)
{
	const Requests__PlacementStarted *e = s->e->event;
	struct model_journey *j = journey_of_placement(s, e->placement_id);
	const struct model_hold *h = j == NULL ? NULL : model_hold(s->m, j->hold);
	unsigned all = (1U << s->r->children) - 1;

	if (j == NULL)
		return;
	model_expect(s, j->step == MODEL_ORDERED, "started without an order, or twice");
	model_expect(s,
	    h != NULL && h->state == MODEL_HOLD_STARTED &&
		str_equal(h->placement, e->placement_id),
	    "believes in a start that was not");
	j->step = MODEL_STARTED;
	s->r->is_filled = model_children_from(s->r, MODEL_STARTED) == all;
	model_expect(
	    s, s->r->is_filled == !e->others_wait, "is wrong on whether others wait");
	if (s->r->is_filled)
		model_see_outcomes(s, e->outcomes, e->n_outcomes);
	else
		model_expect(s,
		    e->n_outcomes == 1 && str_equal(e->outcomes[0]->provider_id,
					      model_offer_of(s, j)->provider),
		    "told bidders that it was over while others wait");
	s->m->world->tally.n[TALLY_SPLIT_STARTS] += j->parts > 1;
	s->m->world->tally.n[TALLY_GROUPS_PLACED] += s->r->is_filled && j->parts > 1;
	*s->tally += 1;
}

static void
see_ended(struct sight *s)
{
	const Requests__PlacementEnded *e = s->e->event;
	struct model_journey *j = journey_of_placement(s, e->placement_id);

	if (j == NULL)
		return;
	model_expect(s, j->step == MODEL_STARTED, "ended before its start, or twice");
	model_expect(s, e->reason != 0, "ended without a reason");
	model_expect_officer(s, e->ended_by_id, ROLE(COMMISSIONER));
	j->step = MODEL_ENDED;
	model_keep(j->end, e->end_id);
	*s->tally += 1;
}

static void
see_freed(struct sight *s)
{
	const Requests__PlaceFreed *e = s->e->event;

	for (size_t i = 0; i < s->r->journeys_n; i++) {
		struct model_journey *j = &s->r->journeys[i];
		const struct model_hold *h = model_hold(s->m, j->hold);

		if (!str_equal(j->end, e->end_id))
			continue;
		model_expect(s, j->step == MODEL_ENDED && h != NULL && h->is_ended,
		    "believes in an end that was not");
		j->is_freed = true;
		return;
	}
	model_expect(s, false, "believes in an end of nothing");
}

const struct model_journey_sight model_journey_sights[] = {
    {EVENT(PLACEMENT_DECIDED), false, see_decided, TALLY_DECISIONS},
    {EVENT(PLACE_HELD), false, see_held, TALLIES},
    {EVENT(PROVIDER_AGREED), false, see_agreed, TALLY_AGREEMENTS},
    {EVENT(PLACE_LOST), false, model_see_lost, TALLY_LOSSES},
    {EVENT(GROUP_BROKEN), false, model_see_broken, TALLY_BREAKS},
    {EVENT(PLACEMENT_APPROVED), false, see_approved, TALLY_APPROVALS},
    {EVENT(OFFER_CONFIRMED), false, see_offer_confirmed, TALLIES},
    {EVENT(HOLD_CONFIRMED), false, see_confirmed, TALLIES},
    {EVENT(START_ORDERED), false, see_start_ordered, TALLIES},
    {EVENT(PLACEMENT_STARTED), false, see_started, TALLY_STARTS},
    {EVENT(PLACEMENT_ENDED), false, see_ended, TALLY_ENDS},
    {EVENT(PLACE_FREED), true, see_freed, TALLIES},
    {EVENT(REQUEST_WITHDRAWN), false, model_see_withdrawn, TALLY_WITHDRAWALS},
    {EVENT(RELEASE_OWED), true, model_see_release_owed, TALLIES},
};
const size_t model_journey_sights_n =
    sizeof model_journey_sights / sizeof model_journey_sights[0];
