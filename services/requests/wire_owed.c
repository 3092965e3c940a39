#include "base/log.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/weigh.h"
#include "requests/wire_inside.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

/* ---- what may follow ---- */

void
requests_wire_release(struct svc_ask *ask, const Requests__Request *request,
    const char *owner, char *hold_id)
{
	Requests__ReleaseOwed event = REQUESTS__RELEASE_OWED__INIT;

	event.request_id = request->request_id;
	event.release_id = requests_wire_id(ask);
	event.hold_id = hold_id;
	event.owner = str_copy(ask->arena, owner);
	requests_wire_decide(ask, EVENT(RELEASE_OWED), &event.base);
}

static void
owe_release_of(struct svc_ask *ask, const Requests__Request *request,
    const Requests__Journey *journey)
{
	requests_wire_release(
	    ask, request, requests_store_owner(journey->care_type), journey->hold_id);
}

/* The rest of what was decided on together, but for what has begun. */
static void
break_group(struct svc_ask *ask, const Requests__Request *request,
    const struct requests_loss *loss)
{
	Requests__GroupBroken *event =
	    requests_broken(ask->arena, request, loss, ask->now_ms);
	struct requests_journeys group;

	requests_wire_decide(
	    ask, EVENT(GROUP_BROKEN), event == NULL ? NULL : &event->base);
	requests_group(request, loss->journey, &group);
	for (size_t i = 0; i < group.n; i++)
		if (group.list[i] != loss->journey)
			owe_release_of(ask, request, group.list[i]);
}

void
requests_wire_lose(struct svc_ask *ask, const Requests__Request *request,
    const struct requests_loss *loss)
{
	Requests__PlaceLost event = REQUESTS__PLACE_LOST__INIT;

	event.request_id = request->request_id;
	event.hold_id = loss->journey->hold_id;
	event.sentence = str_copy(ask->arena, loss->sentence);
	SET(&event, time, ask->now_ms);
	requests_wire_decide(ask, EVENT(PLACE_LOST), &event.base);
	if (loss->owes_release)
		owe_release_of(ask, request, loss->journey);
	if (loss->journey->parts > 1)
		break_group(ask, request, loss);
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
decide_started(struct svc_ask *ask, Requests__Request *request,
    const struct svc_reply *reply, const char *hold_id)
{
	Requests__PlacementStarted *event = requests_started(ask->arena, request,
	    requests_journey_of_hold(request, hold_id), ask->now_ms);

	if (event == NULL)
		return ERR_MEMORY;
	event->start_id = reply->owed->owed_id;
	svc_decide(ask, EVENT(PLACEMENT_STARTED), &event->base);
	return ask->txn->err;
}

/* The three answers that only say yes to a call. */
static enum err
decide_yes(struct svc_ask *ask, Requests__Request *request,
    const struct svc_reply *reply, enum requests_effect effect, char *hold_id)
{
	Requests__HoldConfirmed confirmed = REQUESTS__HOLD_CONFIRMED__INIT;
	Requests__HoldReleased released = REQUESTS__HOLD_RELEASED__INIT;
	Requests__PlaceFreed freed = REQUESTS__PLACE_FREED__INIT;

	if (effect == REQUESTS_CONFIRMED) {
		confirmed.request_id = request->request_id;
		confirmed.confirm_id = reply->owed->owed_id;
		confirmed.hold_id = hold_id;
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
    const char *hold_id, bool owes_release)
{
	struct requests_loss loss = {
	    .journey = requests_journey_of_hold(request, hold_id),
	    .sentence = reply->refusal == NULL ? NULL : reply->refusal->sentence,
	    .owes_release = owes_release,
	};

	requests_wire_lose(ask, request, &loss);
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
	case REQUESTS_BEGUN:
		return decide_started(ask, request, reply, answered.hold_id);
	case REQUESTS_CONFIRMED:
	case REQUESTS_FREED:
	case REQUESTS_RELEASED:
		return decide_yes(ask, request, reply, effect, answered.hold_id);
	case REQUESTS_LOST:
	case REQUESTS_LOST_OWES_RELEASE:
		lose(ask, request, reply, answered.hold_id,
		    effect == REQUESTS_LOST_OWES_RELEASE);
		break;
	case REQUESTS_OWES_RELEASE:
		close_call(ask, request, reply);
		requests_wire_release(
		    ask, request, reply->owed->service, answered.hold_id);
		break;
	case REQUESTS_CLOSES: close_call(ask, request, reply); break;
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
	struct requests_loss loss;

	if (request != NULL && requests_weigh_expiry(request, hold_id, &loss))
		requests_wire_lose(ask, request, &loss);
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

enum err
requests_on_timer(struct svc_ask *ask, const Journal__Timer *timer)
{
	Requests__ClockPassed event = REQUESTS__CLOCK_PASSED__INIT;
	struct requests_loss loss;
	Requests__Request *request;

	if (timer->kind == REQUESTS__CLOCK_KIND__CLOCK_KIND_DRAFT) {
		requests_wire_drop(
		    ask, timer->subject_id, REQUESTS__DRAFT_END__DRAFT_END_TOO_OLD);
		return ask->txn->err;
	}
	request = requests_store_request(ask->txn, ask->arena, timer->subject_id);
	if (request == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	event.request_id = timer->subject_id;
	SET(&event, clock, (Requests__ClockKind)timer->kind);
	SET(&event, due_time, timer->due_time);
	svc_decide(ask, EVENT(CLOCK_PASSED), &event.base);
	if (timer->kind != REQUESTS__CLOCK_KIND__CLOCK_KIND_HOLD)
		return ask->txn->err;
	/* Of placements decided on apart, several may be over at the same instant. */
	while (request != NULL &&
	       requests_weigh_deadline(request, timer->due_time, &loss)) {
		requests_wire_lose(ask, request, &loss);
		request =
		    requests_store_request(ask->txn, ask->arena, timer->subject_id);
	}
	return ask->txn->err;
}
