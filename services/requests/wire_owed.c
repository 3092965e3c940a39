#include "base/log.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/journey.h"
#include "requests/wire_inside.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

/* ---- what may follow ---- */

static void
owe_release(struct svc_ask *ask, const Requests__Request *request, const char *owner,
    char *hold_id)
{
	Requests__ReleaseOwed event = REQUESTS__RELEASE_OWED__INIT;

	event.request_id = request->request_id;
	event.release_id = requests_wire_id(ask);
	event.hold_id = hold_id;
	event.owner = str_copy(ask->arena, owner);
	if (event.release_id != NULL && event.owner != NULL)
		svc_decide(ask, EVENT(RELEASE_OWED), &event.base);
}

void
requests_wire_lose(struct svc_ask *ask, const Requests__Request *request,
    const char *sentence, bool release)
{
	Requests__PlaceLost event = REQUESTS__PLACE_LOST__INIT;

	event.request_id = request->request_id;
	event.hold_id = request->journey->hold_id;
	event.sentence = str_copy(ask->arena, sentence);
	SET(&event, time, ask->now_ms);
	svc_decide(ask, EVENT(PLACE_LOST), &event.base);
	if (release)
		owe_release(ask, request,
		    requests_store_owner(request->journey->care_type),
		    request->journey->hold_id);
}

static void
close_call(struct svc_ask *ask, const Requests__Request *request,
    const struct svc_reply *reply)
{
	Requests__CallClosed event = REQUESTS__CALL_CLOSED__INIT;

	event.request_id = request->request_id;
	event.call_id = reply->owed->owed_id;
	if (reply->refusal != NULL)
		event.sentence = reply->refusal->sentence;
	svc_decide(ask, EVENT(CALL_CLOSED), &event.base);
}

/* ---- the owner's answers ---- */

struct answered {
	enum requests_owed owed;
	char *hold_id; /* NULL for an end */
};

/* Which call it was, and about which hold. */
static enum err
read_owed(struct svc_ask *ask, const Journal__OwedCall *owed, struct answered *out)
{
	struct bytes body = BYTES_OF(owed->body);
	ProtobufCMessage *call = NULL;
	enum err e = ERR_NONE;

	out->hold_id = NULL;
	switch (owed->method) {
	case PLACE_CALL(HOLD):
		out->owed = REQUESTS_OWED_HOLD;
		out->hold_id = owed->owed_id;
		return ERR_NONE;
	case PLACE_CALL(CONFIRM_HOLD):
		out->owed = REQUESTS_OWED_CONFIRM;
		e = message_unpack(
		    ask->arena, &place__confirm_hold__descriptor, body, &call);
		if (e == ERR_NONE)
			out->hold_id = ((Place__ConfirmHold *)(void *)call)->hold_id;
		return e;
	case PLACE_CALL(START):
		out->owed = REQUESTS_OWED_START;
		e = message_unpack(ask->arena, &place__start__descriptor, body, &call);
		if (e == ERR_NONE)
			out->hold_id = ((Place__Start *)(void *)call)->hold_id;
		return e;
	case PLACE_CALL(RELEASE): out->owed = REQUESTS_OWED_RELEASE; return ERR_NONE;
	case PLACE_CALL(END): out->owed = REQUESTS_OWED_END; return ERR_NONE;
	}
	return ERR_CORRUPT;
}

static enum err
decide_held(
    struct svc_ask *ask, Requests__Request *request, const struct svc_reply *reply)
{
	const Place__Held *held = (const void *)reply->answer;
	Requests__PlaceHeld event = REQUESTS__PLACE_HELD__INIT;

	/* Without them nothing could be confirmed: no answer, ask again. */
	if (!held->has_fencing_number || !held->has_expires_time)
		return ERR_MALFORMED;
	event.request_id = request->request_id;
	event.hold_id = reply->owed->owed_id;
	SET_FROM(&event, fencing_number, held, fencing_number);
	SET_FROM(&event, expires_time, held, expires_time);
	svc_decide(ask, EVENT(PLACE_HELD), &event.base);
	return ask->txn->err;
}

static enum err
decide_started(
    struct svc_ask *ask, Requests__Request *request, const struct svc_reply *reply)
{
	Requests__PlacementStarted event = REQUESTS__PLACEMENT_STARTED__INIT;

	event.request_id = request->request_id;
	event.start_id = reply->owed->owed_id;
	SET_FROM(&event, start_day, request->journey, start_day);
	event.placement_id = request->journey->placement_id;
	event.n_outcomes = request->n_bids;
	event.outcomes = requests_outcomes(
	    ask->arena, request, REQUESTS_CLOSING_STARTED, ask->now_ms);
	if (event.outcomes == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(PLACEMENT_STARTED), &event.base);
	return ask->txn->err;
}

/* The three answers that only say yes to a call. */
static enum err
decide_yes(struct svc_ask *ask, Requests__Request *request,
    const struct svc_reply *reply, enum requests_effect effect)
{
	Requests__HoldConfirmed confirmed = REQUESTS__HOLD_CONFIRMED__INIT;
	Requests__HoldReleased released = REQUESTS__HOLD_RELEASED__INIT;
	Requests__PlaceFreed freed = REQUESTS__PLACE_FREED__INIT;

	if (effect == REQUESTS_CONFIRMED) {
		confirmed.request_id = request->request_id;
		confirmed.confirm_id = reply->owed->owed_id;
		svc_decide(ask, EVENT(HOLD_CONFIRMED), &confirmed.base);
	} else if (effect == REQUESTS_RELEASED) {
		released.request_id = request->request_id;
		released.release_id = reply->owed->owed_id;
		svc_decide(ask, EVENT(HOLD_RELEASED), &released.base);
	} else {
		freed.request_id = request->request_id;
		freed.end_id = reply->owed->owed_id;
		svc_decide(ask, EVENT(PLACE_FREED), &freed.base);
	}
	return ask->txn->err;
}

static void
lose(struct svc_ask *ask, Requests__Request *request, const struct svc_reply *reply,
    bool release)
{
	const char *sentence = reply->refusal == NULL ? NULL : reply->refusal->sentence;

	requests_wire_lose(ask, request, sentence, release);
	close_call(ask, request, reply);
}

enum err
requests_on_reply(struct svc_ask *ask, const struct svc_reply *reply)
{
	Requests__Request *request =
	    requests_store_of_call(ask->txn, ask->arena, reply->owed->owed_id);
	bool is_yes = reply->refusal == NULL;
	enum requests_effect effect;
	struct answered answered;
	enum err e = read_owed(ask, reply->owed, &answered);

	if (e != ERR_NONE)
		return e;
	if (request == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	if (!is_yes)
		log_line(LOG_LEVEL_INFO, "owed.refused", "method",
		    log_number(reply->owed->method), "refusal",
		    log_number(reply->refusal->number), "req", reply->owed->owed_id,
		    NULL);
	effect =
	    requests_weigh_answer(request, answered.owed, answered.hold_id, is_yes);
	switch (effect) {
	case REQUESTS_HELD: return decide_held(ask, request, reply);
	case REQUESTS_BEGUN: return decide_started(ask, request, reply);
	case REQUESTS_CONFIRMED:
	case REQUESTS_FREED:
	case REQUESTS_RELEASED: return decide_yes(ask, request, reply, effect);
	case REQUESTS_LOST: lose(ask, request, reply, false); break;
	case REQUESTS_LOST_OWES_RELEASE: lose(ask, request, reply, true); break;
	case REQUESTS_OWES_RELEASE:
		close_call(ask, request, reply);
		owe_release(ask, request, reply->owed->service, answered.hold_id);
		break;
	case REQUESTS_CLOSES:
	case REQUESTS_NOTHING: close_call(ask, request, reply); break;
	}
	return ask->txn->err;
}

/* ---- the owner's events ---- */

/*
 * The owner's clock ended a hold. This may come before the answer to a call about
 * that hold, or after it, or after the journey has moved on to another hold: only
 * the hold that the journey waits with is lost by it.
 */
static enum err
on_expired(struct svc_ask *ask, const char *request_id, const char *hold_id)
{
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, request_id);

	if (request != NULL && requests_weigh_expiry(request, hold_id) == REQUESTS_LOST)
		requests_wire_lose(ask, request,
		    "The time for which the place was held is over.", false);
	return ask->txn->err;
}

enum err
requests_on_foster_event(struct svc_ask *ask, const struct svc_event *e)
{
	const Foster__HoldExpired *expired = (const void *)e->message;

	if (e->type != FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED)
		return ask->txn->err;
	return on_expired(ask, expired->request_id, expired->hold_id);
}

enum err
requests_on_residential_event(struct svc_ask *ask, const struct svc_event *e)
{
	const Residential__HoldExpired *expired = (const void *)e->message;

	if (e->type != RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOLD_EXPIRED)
		return ask->txn->err;
	return on_expired(ask, expired->request_id, expired->hold_id);
}

/* ---- passing time ---- */

static const char *
deadline_sentence(Requests__State state)
{
	if (state == REQUESTS__STATE__STATE_DECIDED)
		return "The owner of the place did not answer in time.";
	if (state == REQUESTS__STATE__STATE_HELD)
		return "The provider did not say yes while the place was held.";
	return "The placement was not started while the place was kept.";
}

enum err
requests_on_timer(struct svc_ask *ask, const Journal__Timer *timer)
{
	Requests__ClockPassed event = REQUESTS__CLOCK_PASSED__INIT;
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, timer->subject_id);

	if (request == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	event.request_id = timer->subject_id;
	SET(&event, clock, (Requests__ClockKind)timer->kind);
	SET(&event, due_time, timer->due_time);
	svc_decide(ask, EVENT(CLOCK_PASSED), &event.base);
	if (timer->kind == REQUESTS__CLOCK_KIND__CLOCK_KIND_HOLD &&
	    requests_weigh_deadline(request, timer->due_time) ==
		REQUESTS_LOST_OWES_RELEASE)
		requests_wire_lose(
		    ask, request, deadline_sentence(request->state), true);
	return ask->txn->err;
}
