#include <assert.h>

#include "base/ask.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "residential/beds.h"
#include "residential/residential.h"
#include "residential/store.h"
#include "residential/wire.h"

#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name

/* ---- hold ---- */

/* "the bed was taken at 14:05": when, and never whose it is or who asked. */
static const char *
taken_at(struct svc_ask *ask, const Residential__HomeShown *known)
{
	int64_t taken = residential_store_taken_time(ask->txn, ask->arena, known);
	char clock[6];
	char day[DAY_TEXT_LEN + 1];

	if (taken == 0)
		return NULL;
	day_clock_in_london(taken, clock);
	if (day_in_london(taken) == ask_today(ask))
		return str_format(ask->arena, "the bed was taken at %s", clock);
	day_format(day_in_london(taken), day);
	return str_format(ask->arena, "the bed was taken at %s on %s", clock, day);
}

static enum err
refuse_hold(struct svc_ask *ask, enum residential_refusal no,
    const Residential__HomeShown *known)
{
	const char *detail =
	    residential_is_want_of_room(no) ? taken_at(ask, known) : NULL;

	return residential_refuse(ask, no, detail);
}

/* What stands in the way before the home is looked at; *vacancy where nothing does. */
static enum residential_refusal
check_hold(
    struct svc_ask *ask, const Place__Hold *call, const Residential__Vacancy **vacancy)
{
	const Residential__HoldRow *earlier =
	    residential_store_hold(ask->txn, ask->arena, ask->command_id);
	enum residential_refusal no = residential_of_place(
	    place_check_hold(call, PLACE_HOLD_OF(earlier), ask_today(ask)));

	if (no != RESIDENTIAL_OK)
		return no;
	no = residential_check_hold(call);
	if (no != RESIDENTIAL_OK)
		return no;
	*vacancy = residential_store_vacancy(ask->txn, ask->arena, call->vacancy_id);
	if (*vacancy == NULL)
		return RESIDENTIAL_VACANCY_UNKNOWN;
	return (*vacancy)->is_open ? RESIDENTIAL_OK : RESIDENTIAL_VACANCY_CLOSED;
}

static enum err
grant(struct svc_ask *ask, Residential__HoldRow *row)
{
	Residential__HoldGranted event = RESIDENTIAL__HOLD_GRANTED__INIT;
	Place__Held *held = MESSAGE_NEW(ask->arena, place__held);

	if (held == NULL)
		return ERR_MEMORY;
	event.hold = row;
	svc_decide(ask, EVENT(HOLD_GRANTED), &event.base);
	held->hold_id = row->hold_id;
	held->place_id = row->home_id;
	SET_FROM(held, fencing_number, row, fencing_number);
	SET_FROM(held, expires_time, row, expires_time);
	svc_answer(ask, &held->base);
	return residential_publish(ask, row->home_id);
}

static enum err
hold_in(
    struct svc_ask *ask, const Place__Hold *call, const Residential__HomeShown *known)
{
	struct residential_house house;
	uint32_t reserved_n = 0;
	struct residential_grant terms = {
	    .hold_id = ask->command_id,
	    .home_id = known->home->home_id,
	    .fencing_number = svc_next_number(ask), /* HoldGranted comes first */
	    .now_ms = ask->now_ms,
	};
	Residential__HoldRow *row = residential_new_hold(ask->arena, call, &terms);

	if (row == NULL)
		return ERR_MEMORY;
	enum err e =
	    residential_house_of(ask->arena, known, row, ask_today(ask), &house);
	if (e != ERR_NONE)
		return e;
	enum residential_refusal no =
	    residential_may_hold(known, &house, call->placing_council_id, &reserved_n);
	if (no != RESIDENTIAL_OK)
		return refuse_hold(ask, no, known);
	if (!residential_take_reserved(ask->arena, &house, reserved_n, row))
		return ERR_MEMORY;
	return grant(ask, row);
}

enum err
residential_on_hold(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Hold *call = (const Place__Hold *)message;
	const Residential__Vacancy *vacancy = NULL;
	enum residential_refusal no = check_hold(ask, call, &vacancy);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	const Residential__HomeShown *known =
	    residential_store_home(ask->txn, ask->arena, vacancy->home_id);
	if (known == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	return hold_in(ask, call, known);
}

/* ---- confirm, release ---- */

void
residential_decide_confirmed(struct svc_ask *ask, const Residential__HoldRow *row,
    const Place__ConfirmHold *call)
{
	Residential__HoldConfirmed event = RESIDENTIAL__HOLD_CONFIRMED__INIT;

	event.hold_id = row->hold_id;
	event.request_id = row->request_id;
	SET_FROM(&event, latest_start_time, call, latest_start_time);
	svc_decide(ask, EVENT(HOLD_CONFIRMED), &event.base);
}

enum err
residential_on_confirm(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__ConfirmHold *call = (const Place__ConfirmHold *)message;
	const Residential__HoldRow *row =
	    residential_store_hold(ask->txn, ask->arena, call->hold_id);
	uint64_t number = svc_next_number(ask);
	enum place_step step = PLACE_STEP_DO;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum residential_refusal no = residential_of_place(
	    place_may_confirm(PLACE_HOLD_OF(row), call, ask->now_ms, &step));
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	assert(row != NULL && "one that is not known is refused");
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, call->hold_id, 0);
	residential_decide_confirmed(ask, row, call);
	return ask_done(ask, call->hold_id, number);
}

void
residential_decide_released(
    struct svc_ask *ask, char *hold_id, const Residential__HoldRow *row)
{
	Residential__HoldReleased event = RESIDENTIAL__HOLD_RELEASED__INIT;

	event.hold_id = hold_id;
	if (row != NULL) {
		event.home_id = row->home_id;
		event.request_id = row->request_id;
	}
	svc_decide(ask, EVENT(HOLD_RELEASED), &event.base);
}

enum err
residential_on_release(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Release *call = (const Place__Release *)message;
	const Residential__HoldRow *row =
	    residential_store_hold(ask->txn, ask->arena, call->hold_id);
	uint64_t number = svc_next_number(ask);
	enum place_step step = PLACE_STEP_DO;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum residential_refusal no =
	    residential_of_place(place_may_release(PLACE_HOLD_OF(row), call, &step));
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, call->hold_id, 0);
	residential_decide_released(ask, call->hold_id, row);
	if (row != NULL && ask->txn->err == ERR_NONE) {
		enum err e = residential_publish(ask, row->home_id);
		if (e != ERR_NONE)
			return e;
	}
	return ask_done(ask, call->hold_id, number);
}

/* ---- start, end ---- */

enum err
residential_decide_started(
    struct svc_ask *ask, const Residential__HoldRow *row, const Place__Start *call)
{
	Residential__PlacementStarted event = RESIDENTIAL__PLACEMENT_STARTED__INIT;
	char **ids = LIST_NEW(ask->arena, row->n_children, char *);

	if (ids == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < row->n_children; i++)
		ids[i] = ask_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (!residential_new_occupants(ask->arena, row, call, ids, &event))
		return ERR_MEMORY;
	svc_decide(ask, EVENT(PLACEMENT_STARTED), &event.base);
	return ask->txn->err;
}

static enum err
start(struct svc_ask *ask, const Residential__HoldRow *row, const Place__Start *call)
{
	uint64_t number = svc_next_number(ask);
	enum err e = residential_decide_started(ask, row, call);

	if (e == ERR_NONE)
		e = residential_publish(ask, row->home_id);
	return e != ERR_NONE ? e : ask_done(ask, call->placement_id, number);
}

enum err
residential_on_start(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Start *call = (const Place__Start *)message;
	const Residential__HoldRow *row =
	    residential_store_hold(ask->txn, ask->arena, call->hold_id);
	const Residential__PlacementRow *placement =
	    residential_store_placement(ask->txn, ask->arena, call->placement_id);
	enum place_step step = PLACE_STEP_DO;
	struct residential_house house;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum residential_refusal no =
	    residential_of_place(place_may_start(PLACE_HOLD_OF(row), call,
		PLACE_PLACEMENT_OF(placement), ask->now_ms, &step));
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	assert(row != NULL && "one that is not known is refused");
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, call->placement_id, 0);
	const Residential__HomeShown *known =
	    residential_store_home(ask->txn, ask->arena, row->home_id);
	if (known == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	enum err e =
	    residential_house_of(ask->arena, known, row, ask_today(ask), &house);
	if (e != ERR_NONE)
		return e;
	no = residential_may_live_here(&house);
	return no != RESIDENTIAL_OK ? residential_refuse(ask, no, NULL)
	                            : start(ask, row, call);
}

void
residential_decide_ended(
    struct svc_ask *ask, const Residential__PlacementRow *row, const Place__End *call)
{
	Residential__PlacementEnded event = RESIDENTIAL__PLACEMENT_ENDED__INIT;

	event.placement_id = row->placement_id;
	event.home_id = row->home_id;
	event.request_id = row->request_id;
	SET_FROM(&event, end_day, call, end_day);
	svc_decide(ask, EVENT(PLACEMENT_ENDED), &event.base);
}

enum err
residential_on_end(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__End *call = (const Place__End *)message;
	const Residential__PlacementRow *row =
	    residential_store_placement(ask->txn, ask->arena, call->placement_id);
	enum place_step step = PLACE_STEP_DO;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum residential_refusal no = residential_of_place(
	    place_may_end(PLACE_PLACEMENT_OF(row), call, ask_today(ask), &step));
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	assert(row != NULL && "one that is not known is refused");
	if (step == PLACE_STEP_DONE)
		return ask_done(ask, call->placement_id, 0);
	uint64_t number = svc_next_number(ask);
	residential_decide_ended(ask, row, call);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum err e = residential_publish(ask, row->home_id);
	return e != ERR_NONE ? e : ask_done(ask, row->placement_id, number);
}

/* ---- the clock ---- */

static enum err
expire(struct svc_ask *ask, const char *hold_id)
{
	Residential__HoldExpired event = RESIDENTIAL__HOLD_EXPIRED__INIT;
	const Residential__HoldRow *row =
	    residential_store_hold(ask->txn, ask->arena, hold_id);

	if (row == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	event.hold_id = row->hold_id;
	event.home_id = row->home_id;
	event.request_id = row->request_id;
	SET(&event, was_confirmed,
	    row->state == PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED);
	svc_decide(ask, EVENT(HOLD_EXPIRED), &event.base);
	return ask->txn->err != ERR_NONE ? ask->txn->err
	                                 : residential_publish(ask, row->home_id);
}

enum err
residential_on_timer(struct svc_ask *ask, const Journal__Timer *timer)
{
	if (timer->kind == RESIDENTIAL_TIMER_HOLD)
		return expire(ask, timer->subject_id);
	/* Its day has come, so the next one is another: publishing decides the review.
	 */
	if (timer->kind == RESIDENTIAL_TIMER_REVIEW)
		return residential_publish(ask, timer->subject_id);
	return ERR_CORRUPT;
}
