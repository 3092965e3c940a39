#include <assert.h>

#include "base/ask.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "foster/foster.h"
#include "foster/store.h"
#include "foster/wire.h"

/* ---- hold ---- */

/* "the place was taken at 14:05": when, and never whose it is or who asked. */
static const char *
taken_at(struct svc_ask *ask, const Foster__HouseholdShown *known)
{
	int64_t taken = foster_store_taken_time(ask->txn, ask->arena, known);
	char clock[6];
	char day[DAY_TEXT_LEN + 1];

	if (taken == 0)
		return NULL;
	day_clock_in_london(taken, clock);
	if (day_in_london(taken) == ask_today(ask))
		return str_format(ask->arena, "the place was taken at %s", clock);
	day_format(day_in_london(taken), day);
	return str_format(ask->arena, "the place was taken at %s on %s", clock, day);
}

static enum err
refuse_hold(
    struct svc_ask *ask, enum foster_refusal no, const Foster__HouseholdShown *known)
{
	const char *detail = foster_is_want_of_room(no) ? taken_at(ask, known) : NULL;

	return foster_refuse(ask, no, detail);
}

/* What stands in the way before the household is looked at. */
static enum foster_refusal
check_hold(struct svc_ask *ask, const Place__Hold *call)
{
	const Foster__HoldRow *earlier =
	    foster_store_hold(ask->txn, ask->arena, ask->command_id);

	return foster_of_place(
	    place_check_hold(call, PLACE_HOLD_OF(earlier), ask_today(ask)));
}

static enum err
grant(struct svc_ask *ask, Foster__HoldRow *row)
{
	Foster__HoldGranted event = FOSTER__HOLD_GRANTED__INIT;
	Place__Held *held = MESSAGE_NEW(ask->arena, place__held);

	if (held == NULL)
		return ERR_MEMORY;
	event.hold = row;
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_HOLD_GRANTED, &event.base);
	held->hold_id = row->hold_id;
	held->place_id = row->household_id;
	SET_FROM(held, fencing_number, row, fencing_number);
	SET_FROM(held, expires_time, row, expires_time);
	svc_answer(ask, &held->base);
	return foster_publish(ask, row->household_id);
}

enum err
foster_on_hold(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Hold *call = (const Place__Hold *)message;
	enum foster_refusal no = check_hold(ask, call);
	struct foster_home home;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	const Foster__Vacancy *vacancy =
	    foster_store_vacancy(ask->txn, ask->arena, call->vacancy_id);
	if (vacancy == NULL)
		return foster_refuse(ask, FOSTER_VACANCY_UNKNOWN, NULL);
	if (!vacancy->is_open)
		return foster_refuse(ask, FOSTER_VACANCY_CLOSED, NULL);
	const Foster__HouseholdShown *known =
	    foster_store_home(ask->txn, ask->arena, vacancy->household_id);
	if (known == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	struct foster_grant terms = {
	    .hold_id = ask->command_id,
	    .household_id = vacancy->household_id,
	    .fencing_number = svc_next_number(ask), /* HoldGranted comes first */
	    .now_ms = ask->now_ms,
	};
	Foster__HoldRow *row = foster_new_hold(ask->arena, call, &terms);
	if (row == NULL)
		return ERR_MEMORY;
	enum err e = foster_home_of(ask->arena, known, row, ask_today(ask), &home);
	if (e != ERR_NONE)
		return e;
	no = foster_may_hold(&home);
	return no != FOSTER_OK ? refuse_hold(ask, no, known) : grant(ask, row);
}

/* ---- confirm, release ---- */

void
foster_decide_confirmed(
    struct svc_ask *ask, const Foster__HoldRow *row, const Place__ConfirmHold *call)
{
	Foster__HoldConfirmed event = FOSTER__HOLD_CONFIRMED__INIT;

	event.hold_id = row->hold_id;
	event.request_id = row->request_id;
	SET_FROM(&event, latest_start_time, call, latest_start_time);
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_HOLD_CONFIRMED, &event.base);
}

enum err
foster_on_confirm(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__ConfirmHold *call = (const Place__ConfirmHold *)message;
	const Foster__HoldRow *row =
	    foster_store_hold(ask->txn, ask->arena, call->hold_id);
	uint64_t number = svc_next_number(ask);
	enum place_step step = PLACE_STEP_DO;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum foster_refusal no = foster_of_place(
	    place_may_confirm(PLACE_HOLD_OF(row), call, ask->now_ms, &step));
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	assert(row != NULL && "one that is not known is refused");
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, row->hold_id, 0);
	foster_decide_confirmed(ask, row, call);
	return ask_done(ask, row->hold_id, number);
}

void
foster_decide_released(struct svc_ask *ask, char *hold_id, const Foster__HoldRow *row)
{
	Foster__HoldReleased event = FOSTER__HOLD_RELEASED__INIT;

	event.hold_id = hold_id;
	if (row != NULL) {
		event.household_id = row->household_id;
		event.request_id = row->request_id;
	}
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_HOLD_RELEASED, &event.base);
}

enum err
foster_on_release(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Release *call = (const Place__Release *)message;
	const Foster__HoldRow *row =
	    foster_store_hold(ask->txn, ask->arena, call->hold_id);
	uint64_t number = svc_next_number(ask);
	enum place_step step = PLACE_STEP_DO;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum foster_refusal no =
	    foster_of_place(place_may_release(PLACE_HOLD_OF(row), call, &step));
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, call->hold_id, 0);
	foster_decide_released(ask, call->hold_id, row);
	if (row != NULL && ask->txn->err == ERR_NONE) {
		enum err e = foster_publish(ask, row->household_id);
		if (e != ERR_NONE)
			return e;
	}
	return ask_done(ask, call->hold_id, number);
}

/* ---- start, end ---- */

enum err
foster_decide_started(
    struct svc_ask *ask, const Foster__HoldRow *row, const Place__Start *call)
{
	Foster__PlacementStarted event = FOSTER__PLACEMENT_STARTED__INIT;
	const char **ids = LIST_NEW(ask->arena, row->n_children, const char *);

	if (ids == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < row->n_children; i++)
		ids[i] = svc_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (!foster_new_occupants(ask->arena, row, call, ids, &event))
		return ERR_MEMORY;
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_PLACEMENT_STARTED, &event.base);
	return ask->txn->err;
}

static enum err
start(struct svc_ask *ask, const Foster__HoldRow *row, const Place__Start *call)
{
	uint64_t number = svc_next_number(ask);
	enum err e = foster_decide_started(ask, row, call);

	if (e == ERR_NONE)
		e = foster_publish(ask, row->household_id);
	return e != ERR_NONE ? e : ask_done(ask, call->placement_id, number);
}

enum err
foster_on_start(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Start *call = (const Place__Start *)message;
	const Foster__HoldRow *row =
	    foster_store_hold(ask->txn, ask->arena, call->hold_id);
	const Foster__PlacementRow *placement =
	    foster_store_placement(ask->txn, ask->arena, call->placement_id);
	enum place_step step = PLACE_STEP_DO;
	struct foster_home home;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum foster_refusal no = foster_of_place(place_may_start(PLACE_HOLD_OF(row),
	    call, PLACE_PLACEMENT_OF(placement), ask->now_ms, &step));
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	assert(row != NULL && "one that is not known is refused");
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, call->placement_id, 0);
	const Foster__HouseholdShown *known =
	    foster_store_home(ask->txn, ask->arena, row->household_id);
	if (known == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	enum err e = foster_home_of(ask->arena, known, row, ask_today(ask), &home);
	if (e != ERR_NONE)
		return e;
	no = foster_may_live_here(&home);
	return no != FOSTER_OK ? foster_refuse(ask, no, NULL) : start(ask, row, call);
}

void
foster_decide_ended(
    struct svc_ask *ask, const Foster__PlacementRow *row, const Place__End *call)
{
	Foster__PlacementEnded event = FOSTER__PLACEMENT_ENDED__INIT;

	event.placement_id = row->placement_id;
	event.household_id = row->household_id;
	event.request_id = row->request_id;
	SET_FROM(&event, end_day, call, end_day);
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_PLACEMENT_ENDED, &event.base);
}

enum err
foster_on_end(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__End *call = (const Place__End *)message;
	const Foster__PlacementRow *row =
	    foster_store_placement(ask->txn, ask->arena, call->placement_id);
	uint64_t number = svc_next_number(ask);
	enum place_step step = PLACE_STEP_DO;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum foster_refusal no = foster_of_place(
	    place_may_end(PLACE_PLACEMENT_OF(row), call, ask_today(ask), &step));
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	assert(row != NULL && "one that is not known is refused");
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, row->placement_id, 0);
	foster_decide_ended(ask, row, call);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum err e = foster_publish(ask, row->household_id);
	return e != ERR_NONE ? e : ask_done(ask, row->placement_id, number);
}

/* ---- the clock ---- */

static enum err
expire(struct svc_ask *ask, const char *hold_id)
{
	Foster__HoldExpired event = FOSTER__HOLD_EXPIRED__INIT;
	const Foster__HoldRow *row = foster_store_hold(ask->txn, ask->arena, hold_id);

	if (row == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	event.hold_id = row->hold_id;
	event.household_id = row->household_id;
	event.request_id = row->request_id;
	SET(&event, was_confirmed,
	    row->state == PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED);
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED, &event.base);
	return ask->txn->err != ERR_NONE ? ask->txn->err
	                                 : foster_publish(ask, row->household_id);
}

enum err
foster_on_timer(struct svc_ask *ask, const Journal__Timer *timer)
{
	if (timer->kind == FOSTER_TIMER_HOLD)
		return expire(ask, timer->subject_id);
	/* Its day has come, so the next one is another: publishing decides the review.
	 */
	if (timer->kind == FOSTER_TIMER_REVIEW)
		return foster_publish(ask, timer->subject_id);
	return ERR_CORRUPT;
}
