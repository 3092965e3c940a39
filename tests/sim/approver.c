/* Nominated officers and directors: approvals, and exemptions from the usual limit. */
#include "sim/actors.h"

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define NONSENSE_ONE_IN 10

void
approver_approves(struct actors *a, unsigned client, const char *request,
    const char *placement, bool is_emergency)
{
	Requests__Approve *p = MESSAGE_NEW(&a->arena, requests__approve);
	/* What an emergency may owe for a while, and what may not be owed at all. */
	bool has_rest = !is_emergency || random_one_in(actors_dice(a), 2);
	bool has_first = !random_one_in(actors_dice(a), 8);

	p->request_id = TEXT(request);
	if (placement != NULL && !random_one_in(actors_dice(a), 3))
		p->placement_id = TEXT(placement);
	p->grounds = MESSAGE_NEW(&a->arena, requests__approval_grounds);
	SET(p->grounds, wishes_considered, has_first);
	SET(p->grounds, most_appropriate, true);
	SET(p->grounds, relatives_consulted, has_rest);
	SET(p->grounds, reviewing_officer_consulted, has_rest);
	SET(p->grounds, area_authority_notified, has_rest);
	SET(p->grounds, area_authority_consulted, has_rest);
	actors_call(a, client, NODE_REQUESTS, CALL(APPROVE), &p->base);
}

static bool
is_offered(const struct model_request *r, const char *vacancy)
{
	for (size_t i = 0; i < r->offers_n; i++)
		if (!r->offers[i].is_lost && str_equal(r->offers[i].vacancy, vacancy))
			return true;
	return false;
}

/* A request for which a place in this home is offered and not yet taken up. */
static const char *
request_offered(struct actors *a, const char *vacancy)
{
	const struct model *m = a->model;
	const char *found = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < m->requests_n; i++) {
		const struct model_request *r = &m->requests[i];

		if (!r->is_filled && !r->is_withdrawn && is_offered(r, vacancy) &&
		    random_one_in(actors_dice(a), ++n))
			found = r->id;
	}
	return found;
}

/* A home in the council's area that is nearly full, as published, and offered still;
 * or any home. */
static const char *
home_to_look_at(struct actors *a, const char *council)
{
	const struct model *m = a->model;
	const struct known *any = actors_pick(a, &a->homes, NULL);
	const char *found = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < m->homes_n; i++) {
		const struct model_home *h = &m->homes[i];

		if (h->owner == NODE_FOSTER && str_equal(h->council, council) &&
		    h->filled + h->held > 1 && h->children_max > h->filled + h->held &&
		    request_offered(a, h->vacancy) != NULL &&
		    random_one_in(actors_dice(a), ++n))
			found = h->id;
	}
	return found == NULL && any != NULL ? any->id : found;
}

/* For who lives there and who may come: by the area's council, which need not be the
 * children's. */
static void
exempt(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	Foster__GrantExemption *x = MESSAGE_NEW(&a->arena, foster__grant_exemption);
	const struct model_home *h =
	    MODEL_FIND(a->model->homes, a->model->homes_n, c->home);
	const char *request = h == NULL ? NULL : request_offered(a, h->vacancy);

	x->household_id = c->home;
	x->child_ids = LIST_NEW(&a->arena, MODEL_NAMED, char *);
	for (size_t i = 0; i < c->named_n; i++)
		x->child_ids[x->n_child_ids++] = c->named[i];
	for (size_t i = 0; request != NULL && i < a->children.n; i++)
		if (x->n_child_ids < MODEL_NAMED &&
		    str_equal(a->children.items[i].parent, request))
			x->child_ids[x->n_child_ids++] = a->children.items[i].id;
	SET(x, from_day, actors_today(a));
	SET(x, until_day,
	    actors_today(a) + 1 + (int32_t)random_below(actors_dice(a), 9));
	/* One that nobody comes by is of little use, and seldom asked for. */
	if (x->n_child_ids > 0 && (request != NULL || random_one_in(actors_dice(a), 8)))
		actors_call(
		    a, client, NODE_FOSTER, FOSTER_CALL(GRANT_EXEMPTION), &x->base);
}

static void
end_exemption(struct actors *a, unsigned client)
{
	Foster__EndExemption *e = MESSAGE_NEW(&a->arena, foster__end_exemption);
	const struct known *x =
	    actors_pick(a, &a->exemptions, a->list[client].organisation);

	if (x == NULL)
		return;
	e->exemption_id = TEXT(x->id);
	SET(e, until_day, actors_today(a));
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(END_EXEMPTION), &e->base);
}

static void
approve_nonsense(struct actors *a, unsigned client)
{
	const struct known *r = actors_pick(a, &a->requests, NULL);

	if (r != NULL)
		approver_approves(a, client, r->id, NULL, true);
}

void
approver_acts(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	struct seen s = c->seen;

	c->seen.is_there = false;
	if (random_one_in(actors_dice(a), NONSENSE_ONE_IN))
		approve_nonsense(a, client);
	else if (s.is_there && !s.is_approved &&
		 s.approver > REQUESTS__APPROVER__APPROVER_NONE)
		approver_approves(a, client, s.request, s.placement, s.is_emergency);
	else if (c->home[0] != '\0') {
		exempt(a, client);
		c->home[0] = '\0';
	} else if (random_one_in(actors_dice(a), 5) && a->homes.n > 0)
		actors_ask_home(a, client, home_to_look_at(a, c->organisation));
	else if (random_one_in(actors_dice(a), 12))
		end_exemption(a, client);
	if (!c->is_waiting)
		actors_look(a, client);
}
