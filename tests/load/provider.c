/* Placement officers answer a need, and say yes when chosen. */
#include "load/load.h"

#include "base/message.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define SOON_MS 10

static struct load_bid *
bid_of(struct load *l, const struct load_client *c)
{
	return &l->journeys[c->job.journey].bids[c->job.bid];
}

static void
read_referral(struct load *l, struct load_client *c, const char *request)
{
	Requests__RequestAsked *a = MESSAGE_NEW(&l->arena, requests__request_asked);

	a->request_id = TEXT(request);
	load_call(l, c, LOAD_REQUESTS, CALL(REQUEST), request, &a->base);
}

static void
show_interest(struct load *l, struct load_client *c, const char *request)
{
	Requests__ShowInterest *i = MESSAGE_NEW(&l->arena, requests__show_interest);

	i->request_id = TEXT(request);
	load_call(l, c, LOAD_REQUESTS, CALL(SHOW_INTEREST), request, &i->base);
}

static void
offer(struct load *l, struct load_client *c, const char *request)
{
	Requests__Offer *o = MESSAGE_NEW(&l->arena, requests__offer);

	o->request_id = TEXT(request);
	o->vacancy_id = l->places[bid_of(l, c)->place].vacancy;
	SET(o, fee_pence_week, 80000 + random_below(&l->random, 40000));
	SET(o, earliest_start_day, load_today());
	load_call(l, c, LOAD_REQUESTS, CALL(OFFER), request, &o->base);
}

static void
decline(struct load *l, struct load_client *c, const char *request)
{
	Requests__Decline *d = MESSAGE_NEW(&l->arena, requests__decline);

	d->request_id = TEXT(request);
	SET(d, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_CARER_DECLINED);
	load_call(l, c, LOAD_REQUESTS, CALL(DECLINE), request, &d->base);
}

static void
confirm(struct load *l, struct load_client *c, const char *request)
{
	Requests__ConfirmOffer *m = MESSAGE_NEW(&l->arena, requests__confirm_offer);

	m->offer_id = bid_of(l, c)->offer;
	load_call(l, c, LOAD_REQUESTS, CALL(CONFIRM_OFFER), request, &m->base);
}

void
load_provider_act(struct load *l, struct load_client *c)
{
	const char *request =
	    c->job.verb == LOAD_KEEP ? NULL : l->journeys[c->job.journey].request;

	switch (c->job.verb) {
	case LOAD_REFERRAL: read_referral(l, c, request); break;
	case LOAD_INTEREST: show_interest(l, c, request); break;
	case LOAD_OFFER: offer(l, c, request); break;
	case LOAD_DECLINE:
	case LOAD_RENEGE: decline(l, c, request); break;
	case LOAD_CONFIRM: confirm(l, c, request); break;
	case LOAD_KEEP: load_keep_house(l, c); break;
	case LOAD_NOTHING:
	case LOAD_SUBMIT:
	case LOAD_SHORTLIST:
	case LOAD_CIRCULATE:
	case LOAD_LOOK:
	case LOAD_DECIDE:
	case LOAD_OPEN:
	case LOAD_START:
	case LOAD_END:
	case LOAD_WITHDRAW:
	case LOAD_APPROVE:
	case LOAD_READ: break;
	}
}

#define FEW 8

/* One in ten says no, one in five first asks to know more; where many were asked most
 * say no. */
static void
answer_referral(struct load *l, const struct load_client *c)
{
	enum load_verb verb = LOAD_OFFER;

	if (random_one_in(&l->random, 10) ||
	    (l->options.fan_out > FEW && !random_one_in(&l->random, 8)))
		verb = LOAD_DECLINE;
	else if (random_one_in(&l->random, 5))
		verb = LOAD_INTEREST;
	load_push(l, c->desk, verb, c->job.journey, c->job.bid, 0);
}

void
load_provider_hear(
    struct load *l, struct load_client *c, const struct load_answer *answer)
{
	struct load_journey *j;

	if (c->job.verb == LOAD_KEEP) {
		load_keep_heard(l, c, answer);
		return;
	}
	j = &l->journeys[c->job.journey];
	switch (c->job.verb) {
	case LOAD_REFERRAL: answer_referral(l, c); break;
	case LOAD_INTEREST:
		load_push(l, j->desk, LOAD_OPEN, c->job.journey, c->job.bid, 0);
		load_push(l, c->desk, LOAD_OFFER, c->job.journey, c->job.bid, SOON_MS);
		break;
	case LOAD_OFFER:
		bid_of(l, c)->is_answered = true;
		if (answer->refusal == NULL)
			load_keep(bid_of(l, c)->offer,
			    ((const Common__Done *)answer->body)->id);
		break;
	case LOAD_DECLINE: bid_of(l, c)->is_answered = true; break;
	case LOAD_CONFIRM:
	case LOAD_RENEGE: /* and back to the council */
		load_push(l, j->desk, LOAD_LOOK, c->job.journey, 0, SOON_MS);
		break;
	case LOAD_NOTHING:
	case LOAD_SUBMIT:
	case LOAD_SHORTLIST:
	case LOAD_CIRCULATE:
	case LOAD_LOOK:
	case LOAD_DECIDE:
	case LOAD_OPEN:
	case LOAD_START:
	case LOAD_END:
	case LOAD_WITHDRAW:
	case LOAD_APPROVE:
	case LOAD_KEEP:
	case LOAD_READ: break;
	}
}
