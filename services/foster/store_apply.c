#include "foster/store.h"

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
part_key(const struct change *c, const char *household_id, enum foster_part part,
    const char *id)
{
	return row_part_key(c->txn, c->arena, household_id, (char)part, id);
}

static void
put_part(const struct change *c, const char *household_id, enum foster_part part,
    const char *id, const ProtobufCMessage *row)
{
	row_put(
	    c->txn, c->arena, FOSTER_HOMES, part_key(c, household_id, part, id), row);
}

static void
drop_part(const struct change *c, const char *household_id, enum foster_part part,
    const char *id)
{
	kv_delete(c->txn, FOSTER_HOMES, part_key(c, household_id, part, id));
}

/* Writes a row of a household that has an id of its own, and whose it is. */
static enum err
put_owned(const struct change *c, const char *household_id, enum foster_part part,
    const char *id, const ProtobufCMessage *row)
{
	if (id == NULL || household_id == NULL)
		return ERR_CORRUPT;
	put_part(c, household_id, part, id, row);
	kv_put(c->txn, FOSTER_OWNERS, row_key(id), bytes_of_text(household_id));
	return c->txn->err;
}

static enum err
drop_owned(const struct change *c, const char *household_id, enum foster_part part,
    const char *id)
{
	if (id == NULL || household_id == NULL)
		kv_fail(c->txn, ERR_CORRUPT);
	if (c->txn->err != ERR_NONE)
		return c->txn->err;
	drop_part(c, household_id, part, id);
	kv_delete(c->txn, FOSTER_OWNERS, row_key(id));
	return c->txn->err;
}

/* ---- households, and what belongs to one ---- */

static enum err
put_household(const struct change *c, const Foster__Household *h)
{
	if (h == NULL || h->household_id == NULL || h->provider_id == NULL)
		return ERR_CORRUPT;
	put_part(c, h->household_id, FOSTER_PART_HOUSEHOLD, NULL, &h->base);
	kv_put(c->txn, FOSTER_PROVIDERS,
	    part_key(c, h->provider_id, FOSTER_PART_HOUSEHOLD, h->household_id),
	    BYTES_NONE);
	return c->txn->err;
}

static enum err
put_occupant(const struct change *c, const Foster__Occupant *o)
{
	if (o == NULL)
		return ERR_CORRUPT;
	return put_owned(
	    c, o->household_id, FOSTER_PART_OCCUPANT, o->occupant_id, &o->base);
}

static enum err
put_withheld(const struct change *c, const Foster__Withheld *w)
{
	if (w == NULL)
		return ERR_CORRUPT;
	return put_owned(
	    c, w->household_id, FOSTER_PART_WITHHELD, w->withheld_id, &w->base);
}

static enum err
put_exemption(const struct change *c, const Foster__Exemption *x)
{
	if (x == NULL)
		return ERR_CORRUPT;
	return put_owned(
	    c, x->household_id, FOSTER_PART_EXEMPTION, x->exemption_id, &x->base);
}

static enum err
end_exemption(const struct change *c, const Foster__ExemptionEnded *ended)
{
	if (ended->exemption_id == NULL)
		return ERR_CORRUPT;
	Foster__Exemption *x = row_get(c->txn, c->arena, FOSTER_HOMES,
	    part_key(
		c, ended->household_id, FOSTER_PART_EXEMPTION, ended->exemption_id),
	    &foster__exemption__descriptor);
	if (x == NULL)
		return c->txn->err == ERR_NONE ? ERR_CORRUPT : c->txn->err;
	SET_FROM(x, until_day, ended, until_day);
	return put_exemption(c, x);
}

/* What lapsed by that day is forgotten; the journal keeps it. */
static enum err
drop_lapsed(const struct change *c, const Foster__HouseholdReviewed *reviewed)
{
	const Foster__HouseholdShown *home =
	    foster_store_home(c->txn, c->arena, reviewed->household_id);

	if (home == NULL)
		return c->txn->err == ERR_NONE ? ERR_CORRUPT : c->txn->err;
	for (size_t i = 0; i < home->n_withheld; i++) {
		const Foster__Withheld *w = home->withheld[i];
		if (day_is_past(reviewed->day, DAY_SPAN_OF(w)))
			(void)drop_owned(
			    c, w->household_id, FOSTER_PART_WITHHELD, w->withheld_id);
	}
	for (size_t i = 0; i < home->n_exemptions; i++) {
		const Foster__Exemption *x = home->exemptions[i];
		if (day_is_past(reviewed->day, DAY_SPAN_OF(x)))
			(void)drop_owned(
			    c, x->household_id, FOSTER_PART_EXEMPTION, x->exemption_id);
	}
	return c->txn->err;
}

static enum err
review(const struct change *c, const Foster__HouseholdReviewed *reviewed)
{
	const char *id = reviewed->household_id;
	int32_t day;

	if (id == NULL)
		return ERR_CORRUPT;
	if (foster_store_review_day(c->txn, c->arena, id, &day))
		svc_timer_clear(
		    c->txn, day_start_in_london(day), FOSTER_TIMER_REVIEW, id);
	put_part(c, id, FOSTER_PART_REVIEW, NULL, &reviewed->base);
	if (reviewed->has_next_review_day)
		svc_timer_set(c->txn, c->arena,
		    day_start_in_london(reviewed->next_review_day), FOSTER_TIMER_REVIEW,
		    id);
	return drop_lapsed(c, reviewed);
}

static enum err
put_count(const struct change *c, const Foster__PlacesCounted *counted)
{
	put_part(c, counted->household_id, FOSTER_PART_COUNT, NULL, &counted->base);
	return c->txn->err;
}

static enum err
put_vacancy(const struct change *c, const Foster__Vacancy *v)
{
	if (v == NULL || v->vacancy_id == NULL || v->provider_id == NULL)
		return ERR_CORRUPT;
	row_put(c->txn, c->arena, FOSTER_VACANCIES, row_key(v->vacancy_id), &v->base);
	struct bytes key = part_key(c, v->household_id, FOSTER_PART_VACANCY, NULL);
	if (kv_has(c->txn, FOSTER_HOMES, key))
		return c->txn->err;
	kv_put(c->txn, FOSTER_HOMES, key, bytes_of_text(v->vacancy_id));
	kv_put(c->txn, FOSTER_PROVIDERS,
	    part_key(c, v->provider_id, FOSTER_PART_VACANCY, v->vacancy_id),
	    BYTES_NONE);
	return c->txn->err;
}

/* ---- holds ---- */

static void
put_hold(const struct change *c, const Foster__HoldRow *row)
{
	row_put(c->txn, c->arena, FOSTER_HOLDS, row_key(row->hold_id), &row->base);
}

static void
set_timer(const struct change *c, const Foster__HoldRow *row)
{
	svc_timer_set(c->txn, c->arena, place_due_time(PLACE_HOLD_IN(row)),
	    FOSTER_TIMER_HOLD, row->hold_id);
}

static void
clear_timer(const struct change *c, const Foster__HoldRow *row)
{
	svc_timer_clear(c->txn, place_due_time(PLACE_HOLD_IN(row)), FOSTER_TIMER_HOLD,
	    row->hold_id);
}

static enum err
grant(const struct change *c, const Foster__HoldRow *row)
{
	if (row == NULL || row->hold_id == NULL || row->household_id == NULL)
		return ERR_CORRUPT;
	put_hold(c, row);
	kv_put(c->txn, FOSTER_HOMES,
	    part_key(c, row->household_id, FOSTER_PART_LIVE_HOLD, row->hold_id),
	    BYTES_NONE);
	set_timer(c, row);
	return c->txn->err;
}

/* The hold that an event is about; a hold that is not live is ERR_CORRUPT. */
static Foster__HoldRow *
live_hold(const struct change *c, const char *hold_id)
{
	Foster__HoldRow *row = foster_store_hold(c->txn, c->arena, hold_id);

	if (row == NULL || row->household_id == NULL ||
	    (row->state != PLACE__HOLD_STATE__HOLD_STATE_HELD &&
		row->state != PLACE__HOLD_STATE__HOLD_STATE_CONFIRMED)) {
		kv_fail(c->txn, ERR_CORRUPT);
		return NULL;
	}
	return row;
}

static enum err
confirm(const struct change *c, const Foster__HoldConfirmed *confirmed)
{
	Foster__HoldRow *row = live_hold(c, confirmed->hold_id);

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
static Foster__HoldRow *
end_hold(const struct change *c, const char *hold_id, Place__HoldState state)
{
	Foster__HoldRow *row = live_hold(c, hold_id);

	if (row == NULL)
		return NULL;
	clear_timer(c, row);
	drop_part(c, row->household_id, FOSTER_PART_LIVE_HOLD, row->hold_id);
	SET(row, state, state);
	SET(row, changed_time, c->time_ms);
	put_hold(c, row);
	return row;
}

/* Without a household it came before the hold, and is kept so that the hold, when it
 * comes, is refused. */
static enum err
release(const struct change *c, const Foster__HoldReleased *released)
{
	Foster__HoldRow row = FOSTER__HOLD_ROW__INIT;

	if (released->hold_id == NULL)
		return ERR_CORRUPT;
	if (released->household_id != NULL) {
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
start(const struct change *c, const Foster__PlacementStarted *started)
{
	Foster__PlacementRow row = FOSTER__PLACEMENT_ROW__INIT;
	char **ids = LIST_NEW(c->arena, started->n_occupants, char *);
	const Foster__HoldRow *hold =
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
	row.household_id = hold->household_id;
	row.hold_id = started->hold_id;
	row.request_id = started->request_id;
	row.n_occupant_ids = started->n_occupants;
	row.occupant_ids = ids;
	row_put(
	    c->txn, c->arena, FOSTER_PLACEMENTS, row_key(row.placement_id), &row.base);
	return c->txn->err;
}

static enum err
end(const struct change *c, const Foster__PlacementEnded *ended)
{
	Foster__PlacementRow *row =
	    foster_store_placement(c->txn, c->arena, ended->placement_id);

	if (row == NULL)
		return c->txn->err == ERR_NONE ? ERR_CORRUPT : c->txn->err;
	for (size_t i = 0; i < row->n_occupant_ids; i++)
		(void)drop_owned(
		    c, row->household_id, FOSTER_PART_OCCUPANT, row->occupant_ids[i]);
	SET_FROM(row, end_day, ended, end_day);
	row_put(c->txn, c->arena, FOSTER_PLACEMENTS, row_key(row->placement_id),
	    &row->base);
	return c->txn->err;
}

/* ---- which event it is ---- */

static enum err
apply_event(const struct change *c, const struct svc_event *e)
{
	const void *m = e->message;
	const Foster__OccupantEnded *occupant_ended = m;
	const Foster__PlacesRestored *restored = m;

	switch ((Foster__FosterEvent__EventCase)e->type) {
	case FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REGISTERED:
		return put_household(
		    c, ((const Foster__HouseholdRegistered *)m)->household);
	case FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_AMENDED:
		return put_household(
		    c, ((const Foster__HouseholdAmended *)m)->household);
	case FOSTER__FOSTER_EVENT__EVENT_OCCUPANT_RECORDED:
		return put_occupant(c, ((const Foster__OccupantRecorded *)m)->occupant);
	case FOSTER__FOSTER_EVENT__EVENT_OCCUPANT_ENDED:
		return drop_owned(c, occupant_ended->household_id, FOSTER_PART_OCCUPANT,
		    occupant_ended->occupant_id);
	case FOSTER__FOSTER_EVENT__EVENT_PLACES_WITHHELD:
		return put_withheld(c, ((const Foster__PlacesWithheld *)m)->withheld);
	case FOSTER__FOSTER_EVENT__EVENT_PLACES_RESTORED:
		return drop_owned(c, restored->household_id, FOSTER_PART_WITHHELD,
		    restored->withheld_id);
	case FOSTER__FOSTER_EVENT__EVENT_EXEMPTION_GRANTED:
		return put_exemption(
		    c, ((const Foster__ExemptionGranted *)m)->exemption);
	case FOSTER__FOSTER_EVENT__EVENT_EXEMPTION_ENDED: return end_exemption(c, m);
	case FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REVIEWED: return review(c, m);
	case FOSTER__FOSTER_EVENT__EVENT_PLACES_COUNTED: return put_count(c, m);
	case FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED:
		return put_vacancy(c, ((const Foster__VacancyPublished *)m)->vacancy);
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_GRANTED:
		return grant(c, ((const Foster__HoldGranted *)m)->hold);
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_CONFIRMED: return confirm(c, m);
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_RELEASED: return release(c, m);
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED:
		end_hold(c, ((const Foster__HoldExpired *)m)->hold_id,
		    PLACE__HOLD_STATE__HOLD_STATE_EXPIRED);
		return c->txn->err;
	case FOSTER__FOSTER_EVENT__EVENT_PLACEMENT_STARTED: return start(c, m);
	case FOSTER__FOSTER_EVENT__EVENT_PLACEMENT_ENDED: return end(c, m);
	case FOSTER__FOSTER_EVENT__EVENT_RESTORED:
		return shown_apply_restored(c->txn, c->arena, e);
	case FOSTER__FOSTER_EVENT__EVENT_JOURNEYS_SHOWN:
		return shown_apply_journeys(c->txn, c->arena, e);
	case FOSTER__FOSTER_EVENT__EVENT_REFUSED: /* base's own */
	case FOSTER__FOSTER_EVENT__EVENT_WITNESSED: return ERR_NONE;
	case FOSTER__FOSTER_EVENT__EVENT__NOT_SET: break;
	}
	return ERR_CORRUPT;
}

enum err
foster_store_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	struct change c = {txn, a, e->time_ms};

	return apply_event(&c, e);
}
