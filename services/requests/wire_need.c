#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/journey.h"
#include "requests/need.h"
#include "requests/wire_inside.h"

struct requests_act
requests_wire_act(const struct svc_ask *ask)
{
	return (struct requests_act){
	    .person_id = ask->caller.person_id,
	    .organisation_id = ask->caller.organisation_id,
	    .now_ms = ask->now_ms,
	    .today = day_in_london(ask->now_ms),
	    .copy_age_ms = ask->members_copy_age_ms,
	};
}

enum err
requests_wire_refuse(struct svc_ask *ask, enum requests_refusal no, const char *detail)
{
	svc_refuse(ask, requests_refusal(no), detail);
	return ask->txn->err;
}

enum err
requests_wire_done(struct svc_ask *ask, const char *id, uint64_t number)
{
	Common__Done *answer = MESSAGE_NEW(ask->arena, common__done);

	if (answer == NULL)
		return ERR_MEMORY;
	answer->id = str_copy(ask->arena, id);
	if (number != 0)
		SET(answer, number, number);
	svc_answer(ask, &answer->base);
	return ask->arena->is_full ? ERR_MEMORY : ask->txn->err;
}

enum err
requests_wire_done_already(struct svc_ask *ask, const char *id)
{
	return requests_wire_done(ask, id, 0);
}

void
requests_wire_decide(struct svc_ask *ask, uint32_t type, const ProtobufCMessage *event)
{
	if (event != NULL && !ask->arena->is_full)
		svc_decide(ask, type, event);
	else if (ask->txn->err == ERR_NONE)
		ask->txn->err = ERR_MEMORY;
}

char *
requests_wire_id(struct svc_ask *ask)
{
	return str_copy(ask->arena, svc_new_id(ask));
}

/* The request if the caller may act on it at all; otherwise *e is what to answer. */
static Requests__Request *
admit(struct svc_ask *ask, Requests__Request *request, bool is_known,
    enum requests_refusal unknown, enum err *e)
{
	*e = ask->txn->err;
	if (*e != ERR_NONE)
		return NULL;
	if (request == NULL || !is_known) {
		*e = requests_wire_refuse(ask, unknown, NULL);
		return NULL;
	}
	if (svc_copy_is_old(ask) && !requests_is_emergency(request)) {
		*e = ERR_STALE;
		return NULL;
	}
	return request;
}

Requests__Request *
requests_wire_own(struct svc_ask *ask, const char *request_id, enum err *e)
{
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, request_id);
	bool is_own = request != NULL &&
	              str_equal(request->council_id, ask->caller.organisation_id);

	return admit(ask, request, is_own, REQUESTS_UNKNOWN, e);
}

Requests__Request *
requests_wire_bid(struct svc_ask *ask, const char *request_id, enum err *e)
{
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, request_id);
	bool is_asked = request != NULL &&
	                requests_bid_of(request, ask->caller.organisation_id) != NULL;

	return admit(ask, request, is_asked, REQUESTS_UNKNOWN, e);
}

Requests__Request *
requests_wire_offer(struct svc_ask *ask, const char *offer_id, enum err *e)
{
	Requests__Request *request =
	    requests_store_of_offer(ask->txn, ask->arena, offer_id);
	const Requests__OfferRow *offer =
	    request == NULL ? NULL : requests_offer_of(request, offer_id);
	bool is_own =
	    offer != NULL && str_equal(offer->provider_id, ask->caller.organisation_id);

	return admit(ask, request, is_own, REQUESTS_OFFER_UNKNOWN, e);
}

/* ---- submit ---- */

const char *
requests_wire_child(struct svc_ask *ask, size_t child, size_t children_n)
{
	if (child >= children_n)
		return NULL;
	return str_format(
	    ask->arena, "child %c", (int)('A' + child % REQUESTS_CHILDREN_MAX));
}

bool
requests_wire_is_member(struct svc_ask *ask, const struct requests_act *act)
{
	const Members__Council *council =
	    access_council(ask->txn, ask->arena, act->organisation_id);

	return council != NULL && access_council_is_member(council, act->today);
}

enum err
requests_on_submit(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Submit *need = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	const char *child_ids[REQUESTS_CHILDREN_MAX];
	Requests__Submitted *answer = MESSAGE_NEW(ask->arena, requests__submitted);
	Requests__RequestSubmitted *event;
	size_t child;
	enum err e;

	if (svc_copy_is_old(ask) &&
	    need->urgency != REQUESTS__URGENCY__URGENCY_EMERGENCY)
		return ERR_STALE;
	if (need->draft_id != NULL &&
	    requests_wire_draft(ask, need->draft_id, &e) == NULL)
		return e;
	enum requests_refusal no =
	    requests_check_need(need, &act, requests_wire_is_member(ask, &act), &child);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(
		    ask, no, requests_wire_child(ask, child, need->n_children));
	for (size_t i = 0; i < REQUESTS_CHILDREN_MAX; i++)
		child_ids[i] = svc_new_id(ask);
	event = requests_submitted(ask->arena, need, &act, svc_new_id(ask), child_ids);
	if (event == NULL || answer == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(REQUEST_SUBMITTED), &event->base);
	if (need->draft_id != NULL)
		requests_wire_drop(
		    ask, need->draft_id, REQUESTS__DRAFT_END__DRAFT_END_SUBMITTED);
	answer->request_id = event->circulation->request_id;
	SET(answer, recorded_time, ask->now_ms);
	svc_answer(ask, &answer->base);
	return ask->txn->err;
}

/* ---- withdraw ---- */

enum err
requests_on_withdraw(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Withdraw *asked = (const void *)call;
	Requests__RequestWithdrawn event = REQUESTS__REQUEST_WITHDRAWN__INIT;
	uint64_t number = svc_next_number(ask);
	struct requests_journeys releases;
	enum err e;
	Requests__Request *request = requests_wire_own(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no = requests_check_withdraw(request, asked, &releases);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	event.request_id = request->request_id;
	SET(&event, reason, asked->reason);
	event.n_outcomes = request->n_bids;
	event.outcomes = requests_outcomes(
	    ask->arena, request, REQUESTS_CLOSING_WITHDRAWN, ask->now_ms);
	event.withdrawn_by_id = str_copy(ask->arena, ask->caller.person_id);
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	if (ask->arena->is_full)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(REQUEST_WITHDRAWN), &event.base);
	for (size_t i = 0; i < releases.n; i++)
		requests_wire_release(ask, request,
		    requests_store_owner(releases.list[i]->care_type),
		    releases.list[i]->hold_id);
	return requests_wire_done(ask, request->request_id, number);
}
