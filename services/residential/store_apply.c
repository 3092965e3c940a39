#include "residential/store.h"

#include "base/day.h"
#include "base/message.h"
#include "base/place.h"
#include "base/row.h"
#include "base/shown.h"
#include "base/str.h"

/* One event being applied. */
struct change {
	struct kv_txn *txn;
	struct arena *arena;
	int64_t time_ms;
};

static struct bytes
part_key(const struct change *c, const char *home_id, enum residential_part part,
    const char *id)
{
	return row_part_key(c->txn, c->arena, home_id, (char)part, id);
}

static void
put_part(const struct change *c, const char *home_id, enum residential_part part,
    const char *id, const ProtobufCMessage *row)
{
	row_put(
	    c->txn, c->arena, RESIDENTIAL_HOMES, part_key(c, home_id, part, id), row);
}

static void
drop_part(const struct change *c, const char *home_id, enum residential_part part,
    const char *id)
{
	kv_delete(c->txn, RESIDENTIAL_HOMES, part_key(c, home_id, part, id));
}

/* Writes a row of a home that has an id of its own, and whose it is. */
static enum err
put_owned(const struct change *c, const char *home_id, enum residential_part part,
    const char *id, const ProtobufCMessage *row)
{
	if (id == NULL || home_id == NULL)
		return ERR_CORRUPT;
	put_part(c, home_id, part, id, row);
	kv_put(c->txn, RESIDENTIAL_OWNERS, row_key(id), bytes_of_text(home_id));
	return c->txn->err;
}

static enum err
drop_owned(const struct change *c, const char *home_id, enum residential_part part,
    const char *id)
{
	if (id == NULL || home_id == NULL)
		kv_fail(c->txn, ERR_CORRUPT);
	if (c->txn->err != ERR_NONE)
		return c->txn->err;
	drop_part(c, home_id, part, id);
	kv_delete(c->txn, RESIDENTIAL_OWNERS, row_key(id));
	return c->txn->err;
}

/* ---- homes, and what belongs to one ---- */

static enum err
put_home(const struct change *c, const Residential__Home *h)
{
	if (h == NULL || h->home_id == NULL || h->provider_id == NULL || h->urn == NULL)
		return ERR_CORRUPT;
	const Residential__Home *old = residential_store_part(c->txn, c->arena,
	    h->home_id, RESIDENTIAL_PART_HOME, &residential__home__descriptor);
	if (old != NULL && !str_equal(old->urn, h->urn))
		kv_delete(c->txn, RESIDENTIAL_URNS, row_key(old->urn));
	put_part(c, h->home_id, RESIDENTIAL_PART_HOME, NULL, &h->base);
	kv_put(c->txn, RESIDENTIAL_URNS, row_key(h->urn), bytes_of_text(h->home_id));
	kv_put(c->txn, RESIDENTIAL_PROVIDERS,
	    part_key(c, h->provider_id, RESIDENTIAL_PART_HOME, h->home_id), BYTES_NONE);
	return c->txn->err;
}

static enum err
put_occupant(const struct change *c, const Residential__Occupant *o)
{
	if (o == NULL)
		return ERR_CORRUPT;
	return put_owned(
	    c, o->home_id, RESIDENTIAL_PART_OCCUPANT, o->occupant_id, &o->base);
}

static enum err
put_closed(const struct change *c, const Residential__ClosedBeds *row)
{
	if (row == NULL)
		return ERR_CORRUPT;
	return put_owned(
	    c, row->home_id, RESIDENTIAL_PART_CLOSED, row->closed_id, &row->base);
}

static enum err
put_reservation(const struct change *c, const Residential__Reservation *r)
{
	if (r == NULL)
		return ERR_CORRUPT;
	return put_owned(
	    c, r->home_id, RESIDENTIAL_PART_RESERVATION, r->reservation_id, &r->base);
}

static enum err
put_beds(const struct change *c, const Residential__BedsCounted *counted)
{
	if (counted->beds == NULL)
		return ERR_CORRUPT;
	put_part(
	    c, counted->home_id, RESIDENTIAL_PART_BEDS, NULL, &counted->beds->base);
	return c->txn->err;
}

/* What lapsed by that day is forgotten; the journal keeps it. */
static enum err
drop_lapsed(const struct change *c, const Residential__HomeReviewed *reviewed)
{
	const Residential__HomeShown *home =
	    residential_store_home(c->txn, c->arena, reviewed->home_id);

	if (home == NULL)
		return c->txn->err == ERR_NONE ? ERR_CORRUPT : c->txn->err;
	for (size_t i = 0; i < home->n_closed; i++) {
		const Residential__ClosedBeds *row = home->closed[i];
		if (day_is_past(reviewed->day, DAY_SPAN_OF(row)))
			(void)drop_owned(
			    c, row->home_id, RESIDENTIAL_PART_CLOSED, row->closed_id);
	}
	for (size_t i = 0; i < home->n_reservations; i++) {
		const Residential__Reservation *r = home->reservations[i];
		if (day_is_past(reviewed->day, DAY_SPAN_OF(r)))
			(void)drop_owned(c, r->home_id, RESIDENTIAL_PART_RESERVATION,
			    r->reservation_id);
	}
	return c->txn->err;
}

static enum err
review(const struct change *c, const Residential__HomeReviewed *reviewed)
{
	const char *id = reviewed->home_id;
	int32_t day;

	if (id == NULL)
		return ERR_CORRUPT;
	if (residential_store_review_day(c->txn, c->arena, id, &day))
		svc_timer_clear(
		    c->txn, day_start_in_london(day), RESIDENTIAL_TIMER_REVIEW, id);
	put_part(c, id, RESIDENTIAL_PART_REVIEW, NULL, &reviewed->base);
	if (reviewed->has_next_review_day)
		svc_timer_set(c->txn, c->arena,
		    day_start_in_london(reviewed->next_review_day),
		    RESIDENTIAL_TIMER_REVIEW, id);
	return drop_lapsed(c, reviewed);
}

static enum err
put_vacancy(const struct change *c, const Residential__Vacancy *v)
{
	if (v == NULL || v->vacancy_id == NULL || v->provider_id == NULL)
		return ERR_CORRUPT;
	row_put(
	    c->txn, c->arena, RESIDENTIAL_VACANCIES, row_key(v->vacancy_id), &v->base);
	struct bytes key =
	    part_key(c, v->home_id, RESIDENTIAL_PART_VACANCY, v->vacancy_id);
	if (kv_has(c->txn, RESIDENTIAL_HOMES, key))
		return c->txn->err;
	kv_put(c->txn, RESIDENTIAL_HOMES, key, BYTES_NONE);
	kv_put(c->txn, RESIDENTIAL_PROVIDERS,
	    part_key(c, v->provider_id, RESIDENTIAL_PART_VACANCY, v->vacancy_id),
	    BYTES_NONE);
	return c->txn->err;
}

/* ---- holds ---- */

static void
put_hold(const struct change *c, const Residential__HoldRow *row)
{
	row_put(c->txn, c->arena, RESIDENTIAL_HOLDS, row_key(row->hold_id), &row->base);
}

static void
set_timer(const struct change *c, const Residential__HoldRow *row)
{
	svc_timer_set(c->txn, c->arena, place_due_time(PLACE_HOLD_IN(row)),
	    RESIDENTIAL_TIMER_HOLD, row->hold_id);
}

static void
clear_timer(const struct change *c, const Residential__HoldRow *row)
{
	svc_timer_clear(c->txn, place_due_time(PLACE_HOLD_IN(row)),
	    RESIDENTIAL_TIMER_HOLD, row->hold_id);
}

static enum err
grant(const struct change *c, const Residential__HoldRow *row)
{
	if (row == NULL || row->hold_id == NULL || row->home_id == NULL)
		return ERR_CORRUPT;
	put_hold(c, row);
	kv_put(c->txn, RESIDENTIAL_HOMES,
	    part_key(c, row->home_id, RESIDENTIAL_PART_LIVE_HOLD, row->hold_id),
	    BYTES_NONE);
	set_timer(c, row);
	return c->txn->err;
}

/* The hold that an event is about; a hold that is not live is ERR_CORRUPT. */
static Residential__HoldRow *
live_hold(const struct change *c, const char *hold_id)
{
	Residential__HoldRow *row = residential_store_hold(c->txn, c->arena, hold_id);

	if (row == NULL || row->home_id == NULL ||
	    (row->state != PLACE__HOLD_STATE__HOLD_STATE_HELD &&
		row->state != PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED)) {
		kv_fail(c->txn, ERR_CORRUPT);
		return NULL;
	}
	return row;
}

static enum err
confirm(const struct change *c, const Residential__HoldConfirmed *confirmed)
{
	Residential__HoldRow *row = live_hold(c, confirmed->hold_id);

	if (row == NULL)
		return c->txn->err;
	clear_timer(c, row);
	SET(row, state, PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED);
	SET_FROM(row, latest_start_time, confirmed, latest_start_time);
	SET(row, changed_time, c->time_ms);
	put_hold(c, row);
	set_timer(c, row);
	return c->txn->err;
}

/* The row as it ended; NULL with the transaction failed. */
static Residential__HoldRow *
end_hold(const struct change *c, const char *hold_id, Place__HoldState state)
{
	Residential__HoldRow *row = live_hold(c, hold_id);

	if (row == NULL)
		return NULL;
	clear_timer(c, row);
	drop_part(c, row->home_id, RESIDENTIAL_PART_LIVE_HOLD, row->hold_id);
	SET(row, state, state);
	SET(row, changed_time, c->time_ms);
	put_hold(c, row);
	return row;
}

/* Without a home it came before the hold, and is kept so that the hold, when it
 * comes, is refused. */
static enum err
release(const struct change *c, const Residential__HoldReleased *released)
{
	Residential__HoldRow row = RESIDENTIAL__HOLD_ROW__INIT;

	if (released->hold_id == NULL)
		return ERR_CORRUPT;
	if (released->home_id != NULL) {
		end_hold(c, released->hold_id, PLACE__HOLD_STATE__HOLD_STATE_RELEASED);
		return c->txn->err;
	}
	row.hold_id = released->hold_id;
	row.request_id = released->request_id;
	SET(&row, state, PLACE__HOLD_STATE__HOLD_STATE_RELEASED);
	SET(&row, changed_time, c->time_ms);
	put_hold(c, &row);
	return c->txn->err;
}

/* ---- placements ---- */

static enum err
start(const struct change *c, const Residential__PlacementStarted *started)
{
	Residential__PlacementRow row = RESIDENTIAL__PLACEMENT_ROW__INIT;
	char **ids = LIST_NEW(c->arena, started->n_occupants, char *);
	const Residential__HoldRow *hold =
	    end_hold(c, started->hold_id, PLACE__HOLD_STATE__HOLD_STATE_STARTED);

	if (hold == NULL)
		return c->txn->err;
	if (ids == NULL)
		return ERR_MEMORY;
	if (started->placement_id == NULL)
		return ERR_CORRUPT;
	for (size_t i = 0; i < started->n_occupants; i++) {
		enum err e = put_occupant(c, started->occupants[i]);
		if (e != ERR_NONE)
			return e;
		ids[i] = started->occupants[i]->occupant_id;
	}
	row.placement_id = started->placement_id;
	row.home_id = hold->home_id;
	row.hold_id = started->hold_id;
	row.request_id = started->request_id;
	row.n_occupant_ids = started->n_occupants;
	row.occupant_ids = ids;
	row_put(c->txn, c->arena, RESIDENTIAL_PLACEMENTS, row_key(row.placement_id),
	    &row.base);
	return c->txn->err;
}

static enum err
end(const struct change *c, const Residential__PlacementEnded *ended)
{
	Residential__PlacementRow *row =
	    residential_store_placement(c->txn, c->arena, ended->placement_id);

	if (row == NULL)
		return c->txn->err == ERR_NONE ? ERR_CORRUPT : c->txn->err;
	for (size_t i = 0; i < row->n_occupant_ids; i++)
		(void)drop_owned(
		    c, row->home_id, RESIDENTIAL_PART_OCCUPANT, row->occupant_ids[i]);
	SET_FROM(row, end_day, ended, end_day);
	row_put(c->txn, c->arena, RESIDENTIAL_PLACEMENTS, row_key(row->placement_id),
	    &row->base);
	return c->txn->err;
}

/* ---- which event it is ---- */

#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name

static enum err
apply_event(const struct change *c, const struct svc_event *e)
{
	const void *m = e->message;
	const Residential__OccupantEnded *occupant_ended = m;
	const Residential__BedsReopened *reopened = m;
	const Residential__BedFreed *freed = m;

	switch ((Residential__ResidentialEvent__EventCase)e->type) {
	case EVENT(HOME_REGISTERED):
		return put_home(c, ((const Residential__HomeRegistered *)m)->home);
	case EVENT(HOME_AMENDED):
		return put_home(c, ((const Residential__HomeAmended *)m)->home);
	case EVENT(OCCUPANT_RECORDED):
		return put_occupant(
		    c, ((const Residential__OccupantRecorded *)m)->occupant);
	case EVENT(OCCUPANT_ENDED):
		return drop_owned(c, occupant_ended->home_id, RESIDENTIAL_PART_OCCUPANT,
		    occupant_ended->occupant_id);
	case EVENT(BEDS_CLOSED):
		return put_closed(c, ((const Residential__BedsClosed *)m)->closed);
	case EVENT(BEDS_REOPENED):
		return drop_owned(
		    c, reopened->home_id, RESIDENTIAL_PART_CLOSED, reopened->closed_id);
	case EVENT(BED_RESERVED):
		return put_reservation(
		    c, ((const Residential__BedReserved *)m)->reservation);
	case EVENT(BED_FREED):
		return drop_owned(c, freed->home_id, RESIDENTIAL_PART_RESERVATION,
		    freed->reservation_id);
	case EVENT(HOME_REVIEWED): return review(c, m);
	case EVENT(BEDS_COUNTED): return put_beds(c, m);
	case EVENT(VACANCY_PUBLISHED):
		return put_vacancy(
		    c, ((const Residential__VacancyPublished *)m)->vacancy);
	case EVENT(HOLD_GRANTED):
		return grant(c, ((const Residential__HoldGranted *)m)->hold);
	case EVENT(HOLD_CONFIRMED): return confirm(c, m);
	case EVENT(HOLD_RELEASED): return release(c, m);
	case EVENT(HOLD_EXPIRED):
		end_hold(c, ((const Residential__HoldExpired *)m)->hold_id,
		    PLACE__HOLD_STATE__HOLD_STATE_EXPIRED);
		return c->txn->err;
	case EVENT(PLACEMENT_STARTED): return start(c, m);
	case EVENT(PLACEMENT_ENDED): return end(c, m);
	case EVENT(RESTORED): return shown_apply_restored(c->txn, c->arena, e);
	case EVENT(JOURNEYS_SHOWN): return shown_apply_journeys(c->txn, c->arena, e);
	case EVENT(REFUSED): /* base's own */
	case EVENT(WITNESSED): return ERR_NONE;
	case EVENT(_NOT_SET): break;
	}
	return ERR_CORRUPT;
}

enum err
residential_store_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	struct change c = {txn, a, e->time_ms};

	return apply_event(&c, e);
}
