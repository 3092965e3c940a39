#include "sim/actors.h"

#include "base/message.h"
#include "base/str.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name

/* ---- kept and sent ---- */

/* As far as somebody has come with it: some answers are not there yet. */
static Requests__Submit *
half_a_need(struct actors *a)
{
	struct random *dice = actors_dice(a);
	Requests__Submit *s = commissioner_need(a, random_one_in(dice, 2));

	if (random_one_in(dice, 3)) {
		s->has_urgency = 0;
		s->urgency = REQUESTS__URGENCY__URGENCY_UNSPECIFIED;
	}
	if (random_one_in(dice, 3))
		s->home_sector = NULL;
	if (random_one_in(dice, 4))
		s->n_children = 0;
	for (size_t i = 0; i < s->n_children; i++) {
		if (!random_one_in(dice, 4))
			continue;
		s->children[i]->has_sex = 0;
		s->children[i]->sex = COMMON__SEX__SEX_UNSPECIFIED;
	}
	return s;
}

static void
keep(struct actors *a, unsigned client, const char *draft)
{
	Requests__KeepDraft *k = MESSAGE_NEW(&a->arena, requests__keep_draft);

	k->draft_id = draft == NULL ? NULL : TEXT(draft);
	k->draft = half_a_need(a);
	actors_call(a, client, NODE_REQUESTS, CALL(KEEP_DRAFT), &k->base);
}

static void
drop(struct actors *a, unsigned client, const char *draft)
{
	Requests__DropDraft *d = MESSAGE_NEW(&a->arena, requests__drop_draft);

	d->draft_id = TEXT(draft);
	actors_call(a, client, NODE_REQUESTS, CALL(DROP_DRAFT), &d->base);
}

static void
send(struct actors *a, unsigned client, const char *draft)
{
	Requests__Submit *s = commissioner_need(a, random_one_in(actors_dice(a), 2));

	s->draft_id = TEXT(draft);
	actors_call(a, client, NODE_REQUESTS, CALL(SUBMIT), &s->base);
}

void
drafts_do(struct actors *a, unsigned client, const char *draft)
{
	switch (random_below(actors_dice(a), 7)) {
	case 0: keep(a, client, draft); break;
	case 1:
	case 2: send(a, client, draft); break;
	case 3: actors_ask_request(a, client, draft, CALL(SHORTLIST)); break;
	case 4: drop(a, client, draft); break;
	default: actors_ask_request(a, client, draft, CALL(DRAFT)); break;
	}
}

void
drafts_act(struct actors *a, unsigned client)
{
	struct random *dice = actors_dice(a);
	const char *own = a->list[client].organisation;
	const struct known *d =
	    actors_pick(a, &a->drafts, random_one_in(dice, 8) ? NULL : own);
	Requests__DraftsAsked *list = MESSAGE_NEW(&a->arena, requests__drafts_asked);

	if (random_one_in(dice, 8))
		actors_call(a, client, NODE_REQUESTS, CALL(DRAFTS), &list->base);
	else if (d == NULL || random_one_in(dice, 4))
		keep(a, client, NULL);
	else
		drafts_do(a, client, d->id);
}

/* ---- read ---- */

static void *
read_as(struct actors *a, const ProtobufCMessageDescriptor *type, struct bytes body)
{
	ProtobufCMessage *m;

	if (message_unpack(&a->arena, type, body, &m) == ERR_NONE)
		return m;
	world_fail(a->world, "%s cannot be read", type->name);
	return NULL;
}

/* A draft is read by its own council's commissioners alone. */
static void
check_own(struct actors *a, const struct actor *c, const char *draft)
{
	const struct model_draft *d = model_draft(a->model, draft);

	a->world->tally.n[TALLY_DRAFTS_SHOWN]++;
	if (d == NULL || c->persona != PERSONA_COMMISSIONER ||
	    !str_equal(d->council, c->organisation))
		world_fail(a->world, "%s of %s was shown another's draft", c->person,
		    c->organisation);
}

void
actors_read_draft(struct actors *a, struct actor *c, struct bytes body)
{
	const Requests__DraftShown *shown =
	    read_as(a, &requests__draft_shown__descriptor, body);

	if (shown != NULL)
		check_own(a, c, shown->draft_id);
}

void
actors_read_drafts(struct actors *a, struct actor *c, struct bytes body)
{
	const Requests__Drafts *list = read_as(a, &requests__drafts__descriptor, body);

	for (size_t i = 0; list != NULL && i < list->n_drafts; i++)
		check_own(a, c, list->drafts[i]->draft_id);
}

/* What happened to a request is its own council's to read. */
void
actors_read_timeline(struct actors *a, struct actor *c, struct bytes body)
{
	const Requests__RequestTimeline *shown =
	    read_as(a, &requests__request_timeline__descriptor, body);
	const struct model_request *r =
	    shown == NULL ? NULL : model_request(a->model, shown->request_id);

	if (shown == NULL)
		return;
	a->world->tally.n[TALLY_TIMELINES]++;
	if (r == NULL || !str_equal(r->council, c->organisation) ||
	    shown->n_entries == 0)
		world_fail(a->world, "%s of %s was shown another's timeline", c->person,
		    c->organisation);
}
