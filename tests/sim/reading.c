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
		if (!o->is_lost && random_one_in(actors_dice(a), ++standing))
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

static void
remember_request(struct actors *a, struct actor *c, const Requests__Request *r)
{
	struct seen *s = &c->seen;

	model_keep(s->request, r->request_id);
	s->is_there = true;
	s->state = (unsigned)r->state;
	s->is_emergency =
	    r->circulation->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
	for (size_t i = 0; i < r->n_journeys; i++) {
		const Requests__Journey *j = r->journeys[i];

		s->approver = (unsigned)j->approver;
		s->is_approved = j->has_approved_time && !j->has_grounds_due_time;
	}
	remember_offers(a, c, r);
	for (size_t i = 0; r->identity != NULL && i < r->identity->n_child_ids; i++)
		actors_learn(
		    &a->children, r->identity->child_ids[i], r->request_id, NULL);
}

static void
remember_referral(struct actors *a, struct actor *c, const Requests__Referral *r)
{
	struct seen *s = &c->seen;

	model_keep(s->request, r->circulation->request_id);
	s->is_there = true;
	s->state = (unsigned)r->state;
	for (size_t i = 0; i < r->n_journeys; i++)
		model_keep(s->offer, r->journeys[i]->offer_id);
	for (size_t i = 0; i < r->n_offers; i++)
		s->has_offered |= !r->offers[i]->is_lost;
	if (r->bid != NULL && r->bid->n_vacancy_ids > 0)
		model_keep(s->vacancy, r->bid->vacancy_ids[random_below(actors_dice(a),
					   (uint32_t)r->bid->n_vacancy_ids)]);
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
		       (line->state == STATE(CIRCULATED) && line->offers == 0);
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
read_own_home(struct actors *a, struct actor *c, const Foster__HouseholdShown *shown)
{
	struct bytes packed;

	expect(a, c, str_equal(shown->household->provider_id, c->organisation),
	    "was shown another provider's home");
	if (message_pack(&a->arena, &shown->household->base, &packed) != ERR_NONE ||
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
		read_own_home(a, c, shown);
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
