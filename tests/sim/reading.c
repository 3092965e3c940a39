#include "sim/actors.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define STATE(name) REQUESTS__STATE__STATE_##name
#define IS_ONE_OF(state, bits) (((bits) & (1U << (unsigned)(state))) != 0)
#define BIT(name) (1U << (unsigned)STATE(name))

static void
expect(struct actors *a, const struct actor *c, bool is_so, const char *wrong)
{
	if (!is_so)
		world_fail(a->world, "%s of %s %s", c->person, c->organisation, wrong);
}

/* ---- no message above its reader's level ---- */

/* Level 1, and of the bids no more than how many and what was said. */
static void
check_cooperative(struct actors *a, const struct actor *c, const Requests__Request *r)
{
	expect(a, c, r->detail == NULL && r->identity == NULL && r->n_journeys == 0,
	    "was shown more than level 1");
	for (size_t i = 0; i < r->n_bids; i++)
		expect(
		    a, c, r->bids[i]->provider_id == NULL, "was shown who was asked");
	for (size_t i = 0; i < r->n_offers; i++)
		expect(a, c,
		    r->offers[i]->provider_id == NULL &&
			!r->offers[i]->has_fee_pence_week,
		    "was shown who offered, or the price");
}

static void
check_referral(struct actors *a, const struct actor *c, const Requests__Referral *r)
{
	const struct model_request *m =
	    model_request(a->model, r->circulation->request_id);
	const struct model_bid *bid = m == NULL ? NULL : model_bid(m, c->organisation);

	expect(a, c, bid != NULL, "was shown a request that was not sent there");
	if (bid == NULL)
		return;
	/* Whom the identity was opened to may read the detail as well. */
	expect(a, c, r->detail == NULL || bid->level >= 2,
	    "was shown L2 that was not opened");
	expect(a, c, r->identity == NULL || bid->level >= 3,
	    "was shown L3 that was not opened");
	expect(a, c, r->bid == NULL || str_equal(r->bid->provider_id, c->organisation),
	    "was shown another's bid");
	for (size_t i = 0; i < r->n_offers; i++)
		expect(a, c, str_equal(r->offers[i]->provider_id, c->organisation),
		    "was shown another's offer");
	expect(a, c,
	    bid->was_chosen ||
		(r->n_journeys == 0 &&
		    IS_ONE_OF(r->state, BIT(CIRCULATED) | BIT(ENDED) | BIT(WITHDRAWN))),
	    "can tell that another was chosen");
	for (size_t i = 0; i < r->n_journeys; i++)
		expect(a, c,
		    r->journeys[i]->decided_by_id == NULL &&
			r->journeys[i]->grounds == NULL,
		    "was shown who decided, or why");
}

static void
check_shown(
    struct actors *a, const struct actor *c, const Requests__RequestShown *shown)
{
	const Requests__Request *r = shown->request;

	a->world->tally.n[TALLY_SHOWN]++;
	if (c->persona == PERSONA_PLACEMENT_OFFICER) {
		expect(a, c, r == NULL, "was shown the council's view");
		if (shown->referral != NULL)
			check_referral(a, c, shown->referral);
		return;
	}
	if (r == NULL)
		return;
	if (c->persona == PERSONA_COOPERATIVE_OFFICER)
		check_cooperative(a, c, r);
	else
		expect(a, c, str_equal(r->council_id, c->organisation),
		    "was shown another council's request");
}

/* ---- what it means to whoever reads it ---- */

static void
remember_offers(struct actors *a, struct actor *c, const Requests__Request *r)
{
	struct seen *s = &c->seen;
	unsigned standing = 0;

	for (size_t i = 0; i < r->n_offers; i++) {
		const Requests__OfferRow *o = r->offers[i];

		actors_learn(&a->offers, o->offer_id, r->request_id, o->provider_id);
		if (!o->is_lost && (o->n_child_refs == 0 || r->n_splits == 0) &&
		    random_one_in(actors_dice(a), ++standing))
			model_keep(s->offer, o->offer_id);
		for (size_t k = 0; k < r->n_journeys; k++)
			if (str_equal(o->offer_id, r->journeys[k]->offer_id))
				model_keep(s->chosen, o->provider_id);
	}
	for (size_t i = 0; i < r->n_bids; i++) {
		const Requests__Bid *bid = r->bids[i];

		if (random_one_in(actors_dice(a), (uint32_t)i + 1))
			model_keep(s->asked, bid->provider_id);
		if (bid->level < REQUESTS__DISCLOSURE__DISCLOSURE_L2 &&
		    (bid->is_interested || bid->n_offer_ids > 0))
			model_keep(s->interested, bid->provider_id);
	}
}

/* A way for them to live apart for which there are offers. */
static void
remember_splits(struct actors *a, struct actor *c, const Requests__Request *r)
{
	struct seen *s = &c->seen;

	for (size_t i = 0; i < r->n_splits; i++) {
		const Requests__SplitShown *split = r->splits[i];

		if (!split->is_covered ||
		    !random_one_in(actors_dice(a), (uint32_t)i + 1))
			continue;
		s->split_n = 0;
		for (size_t k = 0; k < split->n_parts; k++) {
			const Requests__PartShown *part = split->parts[k];

			model_keep(s->split[s->split_n++],
			    part->offer_ids[random_below(
				actors_dice(a), (uint32_t)part->n_offer_ids)]);
		}
	}
}

/* Offers for different children, as they come, whether or not anybody permits that. */
static void
muddle_split(struct actors *a, struct actor *c, const Requests__Request *r)
{
	const struct model_request *m = model_request(a->model, r->request_id);
	struct seen *s = &c->seen;
	unsigned covered = 0;

	s->split_n = 0;
	for (size_t i = 0; m != NULL && i < r->n_offers; i++) {
		const Requests__OfferRow *o = r->offers[i];
		unsigned children = model_children(m, o->child_refs, o->n_child_refs);

		if (o->is_lost || (covered & children) != 0 ||
		    s->split_n == MODEL_CHILDREN || random_one_in(actors_dice(a), 4))
			continue;
		covered |= children;
		model_keep(s->split[s->split_n++], o->offer_id);
	}
}

static bool
is_on_its_way(const Requests__Journey *j)
{
	return j->state >= STATE(DECIDED) && j->state <= STATE(STARTING);
}

/* Of several the one that needs something from this reader, if one does. */
static void
remember_journeys(struct actor *c, const Requests__Request *r)
{
	struct seen *s = &c->seen;

	for (size_t i = 0; i < r->n_journeys; i++) {
		const Requests__Journey *j = r->journeys[i];
		bool is_approved = j->has_approved_time && !j->has_grounds_due_time;
		bool needs =
		    j->approver > REQUESTS__APPROVER__APPROVER_NONE && !is_approved;

		if (j->state == STATE(STARTED))
			model_keep(s->started, j->placement_id);
		if (!is_on_its_way(j) && !(j->state == STATE(STARTED) && needs))
			continue;
		if (s->placement[0] != '\0' && !needs)
			continue;
		model_keep(s->placement, j->placement_id);
		s->approver = (unsigned)j->approver;
		s->is_approved = is_approved;
	}
}

static void
remember_request(struct actors *a, struct actor *c, const Requests__Request *r)
{
	struct seen *s = &c->seen;

	model_keep(s->request, r->request_id);
	s->is_there = true;
	s->state = (unsigned)r->state;
	s->is_emergency =
	    r->circulation->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
	remember_journeys(c, r);
	remember_splits(a, c, r);
	if (r->n_splits > 1 && random_one_in(actors_dice(a), 2))
		muddle_split(a, c, r);
	remember_offers(a, c, r);
	for (size_t i = 0; r->identity != NULL && i < r->identity->n_child_ids; i++)
		actors_learn(
		    &a->children, r->identity->child_ids[i], r->request_id, NULL);
}

/* Siblings may live apart: a provider offers more than once, for some or all. */
static size_t
offers_wanted(const Requests__NeedCirculation *need)
{
	return need->n_permitted_splits > 0 ? 4 : 1;
}

static void
remember_part(struct actors *a, struct seen *s, const Requests__NeedCirculation *need)
{
	struct random *dice = actors_dice(a);
	const Requests__Split *split;
	const Requests__Part *part;

	if (need->n_permitted_splits == 0 || random_one_in(dice, 4))
		return;
	split = need->permitted_splits[random_below(
	    dice, (uint32_t)need->n_permitted_splits)];
	part = split->parts[random_below(dice, (uint32_t)split->n_parts)];
	for (size_t i = 0; i < part->n_child_refs; i++)
		s->part |= 1U << (unsigned)(part->child_refs[i][0] - 'A');
}

/* Would the home take them, as it is registered? Providers know their own. */
static bool
suits(const struct actors *a, const char *vacancy, unsigned part,
    const Requests__NeedCirculation *need)
{
	const struct model_home *h = model_home_of_vacancy(a->model, vacancy);

	uint32_t children = 0;

	for (size_t i = 0; h != NULL && i < need->n_children; i++) {
		const Requests__ChildNeed *child = need->children[i];

		if (part != 0 && (part & 1U << i) == 0)
			continue;
		children++;
		if (h->owner != NODE_RESIDENTIAL)
			continue;
		if (!model_has_open_band(a->model, h, child->age_years) ||
		    child->age_years < h->care.age_min_years ||
		    (child->sex == COMMON__SEX__SEX_MALE && !h->care.takes_boys))
			return false;
	}
	return model_has_room(a->model, vacancy, children);
}

static void
remember_vacancy(struct actors *a, struct seen *s, const Requests__Referral *r)
{
	struct random *dice = actors_dice(a);
	const char *vacancy = NULL;

	for (unsigned tries = 0; tries < 8; tries++) {
		vacancy = r->bid->vacancy_ids[random_below(
		    dice, (uint32_t)r->bid->n_vacancy_ids)];
		if (suits(a, vacancy, s->part, r->circulation)) {
			model_keep(s->vacancy, vacancy);
			return;
		}
	}
	if (random_one_in(dice, 6)) /* in spite of it */
		model_keep(s->vacancy, vacancy);
}

static void
remember_referral(struct actors *a, struct actor *c, const Requests__Referral *r)
{
	struct seen *s = &c->seen;
	size_t offers = 0;

	model_keep(s->request, r->circulation->request_id);
	s->is_there = true;
	s->state = (unsigned)r->state;
	for (size_t i = 0; i < r->n_journeys; i++)
		if (s->offer[0] == '\0' || (r->journeys[i]->state == STATE(HELD) &&
					       !r->journeys[i]->has_agreed_time)) {
			model_keep(s->offer, r->journeys[i]->offer_id);
			s->is_held |= r->journeys[i]->state == STATE(HELD);
		}
	for (size_t i = 0; i < r->n_offers; i++)
		offers += !r->offers[i]->is_lost;
	s->has_offered = offers >= offers_wanted(r->circulation);
	remember_part(a, s, r->circulation);
	if (r->bid != NULL && r->bid->n_vacancy_ids > 0)
		remember_vacancy(a, s, r);
}

void
actors_read_request(struct actors *a, struct actor *c, struct bytes body)
{
	const Requests__RequestShown *shown;
	ProtobufCMessage *m;

	memset(&c->seen, 0, sizeof c->seen);
	if (message_unpack(&a->arena, &requests__request_shown__descriptor, body, &m) !=
	    ERR_NONE) {
		world_fail(a->world, "a shown request cannot be read");
		return;
	}
	shown = (const Requests__RequestShown *)m;
	check_shown(a, c, shown);
	if (a->world->is_over || c->persona == PERSONA_COOPERATIVE_OFFICER)
		return;
	if (shown->request != NULL)
		remember_request(a, c, shown->request);
	else if (shown->referral != NULL)
		remember_referral(a, c, shown->referral);
}

/* ---- lists ---- */

/* Is there something that this reader could do about it? */
static bool
is_for(const struct actor *c, const Requests__RequestLine *line)
{
	if (c->persona == PERSONA_PLACEMENT_OFFICER)
		return line->state == STATE(HELD) ||
		       (line->state == STATE(CIRCULATED) &&
			   line->offers < (line->children > 1 ? 4U : 1U));
	if (c->persona == PERSONA_COMMISSIONER)
		return !IS_ONE_OF(line->state, BIT(ENDED) | BIT(WITHDRAWN));
	if (c->persona == PERSONA_COOPERATIVE_OFFICER)
		return true;
	return IS_ONE_OF(
	    line->state, BIT(DECIDED) | BIT(HELD) | BIT(CONFIRMING) | BIT(CONFIRMED));
}

static void
check_line(struct actors *a, const struct actor *c, const Requests__RequestLine *line)
{
	const struct model_request *r = model_request(a->model, line->request_id);
	const struct model_bid *bid = r == NULL ? NULL : model_bid(r, c->organisation);

	expect(a, c, r != NULL, "was listed a request that nobody made");
	expect(a, c,
	    c->persona != PERSONA_PLACEMENT_OFFICER ||
		(!line->has_asked && !line->has_answered && !line->has_submitted_time),
	    "was listed how many others were asked");
	expect(a, c,
	    str_equal(line->council_id, c->organisation) ||
		(line->submitted_by_id == NULL && !line->has_approver),
	    "was listed what is a council's own");
	if (c->persona == PERSONA_COOPERATIVE_OFFICER || r == NULL)
		return;
	if (c->persona == PERSONA_PLACEMENT_OFFICER)
		expect(a, c, bid != NULL && bid->level >= (unsigned)line->level,
		    "was listed a request that was not sent there");
	else
		expect(a, c, str_equal(line->council_id, c->organisation),
		    "was listed another council's request");
}

void
actors_read_list(struct actors *a, struct actor *c, struct bytes body)
{
	const Requests__Requests *list;
	ProtobufCMessage *m;

	a->world->tally.n[TALLY_LISTED]++;
	c->todo_n = 0;
	if (message_unpack(&a->arena, &requests__requests__descriptor, body, &m) !=
	    ERR_NONE) {
		world_fail(a->world, "a list cannot be read");
		return;
	}
	list = (const Requests__Requests *)m;
	for (size_t i = 0; i < list->n_requests; i++) {
		check_line(a, c, list->requests[i]);
		if (c->todo_n < TODO_MAX && is_for(c, list->requests[i]))
			model_keep(c->todo[c->todo_n++], list->requests[i]->request_id);
	}
}

/* ---- a home: its provider has it whole, the council of its area what it needs ---- */

static void
read_own_home(struct actors *a, struct actor *c, const char *provider,
    const ProtobufCMessage *row)
{
	struct bytes packed;

	expect(a, c, str_equal(provider, c->organisation),
	    "was shown another provider's home");
	if (message_pack(&a->arena, row, &packed) != ERR_NONE ||
	    packed.len > sizeof c->household)
		abort();
	memcpy(c->household, packed.data, packed.len);
	c->household_len = packed.len;
}

void
actors_read_home(struct actors *a, struct actor *c, struct bytes body)
{
	const Foster__HouseholdShown *shown;
	ProtobufCMessage *m;

	c->named_n = 0;
	model_keep(c->home, c->about);
	if (message_unpack(&a->arena, &foster__household_shown__descriptor, body, &m) !=
	    ERR_NONE) {
		world_fail(a->world, "a shown household cannot be read");
		return;
	}
	shown = (const Foster__HouseholdShown *)m;
	if (c->persona == PERSONA_PLACEMENT_OFFICER) {
		read_own_home(
		    a, c, shown->household->provider_id, &shown->household->base);
		return;
	}
	expect(
	    a, c, shown->household->carer_name == NULL, "was shown the carer's name");
	expect(a, c, str_equal(shown->household->council_id, c->organisation),
	    "was shown a home in another area");
	for (size_t i = 0; i < shown->n_occupants && c->named_n < MODEL_NAMED; i++)
		if (shown->occupants[i]->child_id != NULL)
			model_keep(
			    c->named[c->named_n++], shown->occupants[i]->child_id);
}

void
actors_read_care_home(struct actors *a, struct actor *c, struct bytes body)
{
	const Residential__HomeShown *shown;
	ProtobufCMessage *m;

	if (message_unpack(&a->arena, &residential__home_shown__descriptor, body, &m) !=
	    ERR_NONE) {
		world_fail(a->world, "a shown home cannot be read");
		return;
	}
	shown = (const Residential__HomeShown *)m;
	read_own_home(a, c, shown->home->provider_id, &shown->home->base);
}
