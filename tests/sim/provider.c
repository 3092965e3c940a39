#include "sim/actors.h"

#include <stdlib.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define STATE(name) REQUESTS__STATE__STATE_##name

#define NONSENSE_ONE_IN 10
#define HOUSEKEEPING_ONE_IN 9

/* ---- answering a need ---- */

static void
offer(struct actors *a, unsigned client, const char *request, const char *vacancy,
    unsigned part)
{
	Requests__Offer *o = MESSAGE_NEW(&a->arena, requests__offer);

	o->child_refs = LIST_NEW(&a->arena, MODEL_CHILDREN, char *);
	for (int i = 0; i < MODEL_CHILDREN; i++)
		if ((part & 1U << i) != 0)
			o->child_refs[o->n_child_refs++] =
			    str_format(&a->arena, "%c", 'A' + i);

	o->request_id = TEXT(request);
	o->vacancy_id = TEXT(vacancy);
	SET(o, fee_pence_week, 80000 + random_below(actors_dice(a), 40000));
	SET(o, earliest_start_day, actors_today(a));
	model_keep(a->list[client].about, request);
	actors_call(a, client, NODE_REQUESTS, CALL(OFFER), &o->base);
}

static void
show_interest(struct actors *a, unsigned client, const char *request)
{
	Requests__ShowInterest *i = MESSAGE_NEW(&a->arena, requests__show_interest);

	i->request_id = TEXT(request);
	actors_call(a, client, NODE_REQUESTS, CALL(SHOW_INTEREST), &i->base);
}

static void
decline(struct actors *a, unsigned client, const char *request)
{
	Requests__Decline *d = MESSAGE_NEW(&a->arena, requests__decline);

	d->request_id = TEXT(request);
	SET(d, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_CARER_DECLINED);
	actors_call(a, client, NODE_REQUESTS, CALL(DECLINE), &d->base);
}

static void
confirm(struct actors *a, unsigned client, const char *offer_id)
{
	Requests__ConfirmOffer *c = MESSAGE_NEW(&a->arena, requests__confirm_offer);

	c->offer_id = TEXT(offer_id);
	actors_call(a, client, NODE_REQUESTS, CALL(CONFIRM_OFFER), &c->base);
}

static void
answer_nonsense(struct actors *a, unsigned client)
{
	const struct known *r = actors_pick(a, &a->requests, NULL);
	const struct known *o = actors_pick(a, &a->offers, NULL);
	const struct known *v = actors_pick(a, &a->vacancies, NULL);

	if (r == NULL || o == NULL || v == NULL)
		return;
	switch (random_below(actors_dice(a), 6)) {
	case 0: offer(a, client, r->id, v->id, random_below(actors_dice(a), 8)); break;
	case 1: show_interest(a, client, r->id); break;
	case 2: decline(a, client, r->id); break;
	case 3: confirm(a, client, o->id); break;
	case 4: actors_ask_request(a, client, r->id, CALL(START)); break;
	default: actors_ask_request(a, client, r->id, CALL(REQUEST)); break;
	}
}

/* What the request, as last seen, asks this provider for. */
static void
pursue(struct actors *a, unsigned client, const struct seen *s)
{
	struct random *dice = actors_dice(a);
	bool is_open = s->state == STATE(CIRCULATED) && !s->has_offered;
	bool is_asked = is_open || s->is_held;

	if (is_asked && random_one_in(dice, 9))
		decline(a, client, s->request);
	else if (s->is_held && random_one_in(dice, 2))
		confirm(a, client, s->offer);
	else if (is_open && random_one_in(dice, 5))
		show_interest(a, client, s->request);
	else if (is_open && s->vacancy[0] != '\0')
		offer(a, client, s->request, s->vacancy, s->part);
}

/* ---- keeping house ---- */

static void
withhold(struct actors *a, unsigned client, const char *home)
{
	Foster__WithholdPlaces *p = MESSAGE_NEW(&a->arena, foster__withhold_places);

	p->household_id = TEXT(home);
	SET(p, places, 1);
	SET(p, reason, FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK);
	SET(p, from_day, actors_today(a));
	SET(p, until_day, actors_today(a) + 1);
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(WITHHOLD_PLACES), &p->base);
}

static void
restore(struct actors *a, unsigned client)
{
	Foster__RestorePlaces *r = MESSAGE_NEW(&a->arena, foster__restore_places);
	const struct known *w =
	    actors_pick(a, &a->withheld, a->list[client].organisation);

	if (w == NULL)
		return;
	r->withheld_id = TEXT(w->id);
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(RESTORE_PLACES), &r->base);
}

static void
sell_outside(struct actors *a, unsigned client, const char *home)
{
	Foster__RecordOccupant *r = MESSAGE_NEW(&a->arena, foster__record_occupant);
	Foster__Occupant *o = MESSAGE_NEW(&a->arena, foster__occupant);
	struct id id = actors_new_id(a);
	bool is_adult = random_one_in(actors_dice(a), 8);

	o->household_id = TEXT(home);
	SET(o, kind,
	    is_adult ? FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT
		     : FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE);
	SET(o, age_years, is_adult ? 19 : 3 + random_below(actors_dice(a), 12));
	SET(o, age_day, actors_today(a));
	SET(o, sex, COMMON__SEX__SEX_FEMALE);
	SET(o, from_day, actors_today(a));
	if (!random_one_in(actors_dice(a), 6))
		o->child_id = str_copy(&a->arena, id.text);
	r->occupant = o;
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(RECORD_OCCUPANT), &r->base);
}

static void
end_outside(struct actors *a, unsigned client)
{
	Foster__EndOccupant *e = MESSAGE_NEW(&a->arena, foster__end_occupant);
	const struct known *o =
	    actors_pick(a, &a->occupants, a->list[client].organisation);

	if (o == NULL)
		return;
	e->occupant_id = TEXT(o->id);
	SET(e, end_day, actors_today(a));
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(END_OCCUPANT), &e->base);
}

/* None, which is refused, or so many of those that are free. */
static void
open_some(struct actors *a, unsigned client, const char *vacancy)
{
	Foster__SetOpenPlaces *s = MESSAGE_NEW(&a->arena, foster__set_open_places);

	s->vacancy_id = TEXT(vacancy);
	SET(s, open_places, random_below(actors_dice(a), 4));
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(SET_OPEN_PLACES), &s->base);
}

/* Closed for a while, and open again more often than not. */
static void
turn_vacancy(struct actors *a, unsigned client, const struct known *v)
{
	Foster__CloseVacancy *c = MESSAGE_NEW(&a->arena, foster__close_vacancy);
	Foster__OpenVacancy *o = MESSAGE_NEW(&a->arena, foster__open_vacancy);

	if (random_one_in(actors_dice(a), 4)) {
		c->vacancy_id = TEXT(v->id);
		actors_call(
		    a, client, NODE_FOSTER, FOSTER_CALL(CLOSE_VACANCY), &c->base);
		return;
	}
	o->household_id = TEXT(v->parent);
	SET(o, available_from_day, actors_today(a));
	actors_call(a, client, NODE_FOSTER, FOSTER_CALL(OPEN_VACANCY), &o->base);
}

/* What was looked at is sent back whole: moved to another area, or with one place more
 * or less. */
static void
amend(struct actors *a, unsigned client)
{
	static const char *const councils[] = {"E08000003", "E08000009", "E08000002"};
	struct actor *c = &a->list[client];
	Foster__AmendHousehold *amended =
	    MESSAGE_NEW(&a->arena, foster__amend_household);
	struct bytes packed = {c->household, c->household_len};
	struct random *dice = actors_dice(a);
	ProtobufCMessage *m;

	if (message_unpack(&a->arena, &foster__household__descriptor, packed, &m) !=
	    ERR_NONE)
		abort();
	amended->household = (Foster__Household *)m;
	if (random_one_in(dice, 2))
		amended->household->council_id =
		    TEXT(councils[random_below(dice, COUNT(councils))]);
	else
		SET(amended->household->approval, children_max,
		    amended->household->approval->children_max - 1 +
			2 * random_below(dice, 2));
	c->household_len = 0;
	actors_call(
	    a, client, NODE_FOSTER, FOSTER_CALL(AMEND_HOUSEHOLD), &amended->base);
}

static void
keep_house(struct actors *a, unsigned client)
{
	const struct known *v =
	    actors_pick(a, &a->vacancies, a->list[client].organisation);

	if (a->list[client].household_len > 0) {
		amend(a, client);
		return;
	}
	if (v == NULL)
		return;
	switch (random_below(actors_dice(a), 10)) {
	case 0: withhold(a, client, v->parent); break;
	case 1: restore(a, client); break;
	case 2:
	case 3: sell_outside(a, client, v->parent); break;
	case 4:
	case 5: end_outside(a, client); break;
	case 6: actors_ask_home(a, client, v->parent); break;
	case 7: open_some(a, client, v->id); break;
	default: turn_vacancy(a, client, v); break;
	}
}

void
provider_acts(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	struct seen s = c->seen;

	c->seen.is_there = false;
	if (random_one_in(actors_dice(a), NONSENSE_ONE_IN))
		answer_nonsense(a, client);
	else if (c->household_len > 0 ||
		 random_one_in(actors_dice(a), HOUSEKEEPING_ONE_IN))
		(house_is_kept_by(a, client) ? house_keep : keep_house)(a, client);
	else if (s.is_there)
		pursue(a, client, &s);
	if (!c->is_waiting)
		actors_look(a, client);
}
