#include "base/day.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "observatory/store.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

/* One event of the owner of a place being applied to the place's row. */
struct change {
	struct kv_txn *txn;
	struct arena *arena;
	const struct mirror_spec *spec;
	uint64_t number;
};

/* The row, or an empty one: a count may not come before the place it is of, but what
 * came is kept. NULL with the transaction failed. */
static Observatory__PlaceRow *
row_of(const struct change *c, char *place_id)
{
	if (place_id == NULL || !id_is_well_formed(place_id)) {
		kv_fail(c->txn, ERR_CORRUPT);
		return NULL;
	}
	Observatory__PlaceRow *row =
	    row_get(c->txn, c->arena, c->spec->rows, row_key(place_id), c->spec->type);
	if (row == NULL && c->txn->err == ERR_NONE) {
		row = MESSAGE_NEW(c->arena, observatory__place_row);
		if (row == NULL)
			kv_fail(c->txn, ERR_MEMORY);
		else
			row->place_id = place_id;
	}
	return c->txn->err == ERR_NONE ? row : NULL;
}

static enum err
save(const struct change *c, const Observatory__PlaceRow *row)
{
	row_put(c->txn, c->arena, c->spec->rows, row_key(row->place_id), &row->base);
	mirror_note(c->txn, c->spec, row->place_id, c->number);
	return c->txn->err;
}

/* ---- what is not available ---- */

static enum err
close_some(const struct change *c, char *place_id, const Observatory__Closed *closed)
{
	Observatory__PlaceRow *row = row_of(c, place_id);
	Observatory__Closed *kept = message_copy(c->arena, &closed->base);

	if (row == NULL)
		return c->txn->err;
	Observatory__Closed **list =
	    LIST_NEW(c->arena, row->n_closed + 1, Observatory__Closed *);
	if (list == NULL || kept == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < row->n_closed; i++)
		list[i] = row->closed[i];
	list[row->n_closed++] = kept;
	row->closed = list;
	return save(c, row);
}

/* Drops the one with this id (NULL: none), and what was over by that day. */
static enum err
reopen(const struct change *c, char *place_id, const char *closed_id, int32_t day)
{
	Observatory__PlaceRow *row = row_of(c, place_id);
	size_t n = 0;

	if (row == NULL)
		return c->txn->err;
	for (size_t i = 0; i < row->n_closed; i++) {
		const Observatory__Closed *closed = row->closed[i];
		bool is_over = closed->has_until_day && closed->until_day <= day;
		if (!is_over &&
		    (closed_id == NULL || !str_equal(closed->closed_id, closed_id)))
			row->closed[n++] = row->closed[i];
	}
	row->n_closed = n;
	return save(c, row);
}

/* ---- what is open to referral ---- */

static enum err
set_opening(const struct change *c, Observatory__PlaceRow *row,
    const Observatory__Opening *opening)
{
	Observatory__Opening *kept = message_copy(c->arena, &opening->base);
	Observatory__Opening **list =
	    LIST_NEW(c->arena, row->n_openings + 1, Observatory__Opening *);
	size_t n = 0;

	if (kept == NULL || list == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < row->n_openings; i++) {
		if (!str_equal(row->openings[i]->vacancy_id, opening->vacancy_id))
			list[n++] = row->openings[i];
	}
	list[n++] = kept;
	row->openings = list;
	row->n_openings = n;
	return save(c, row);
}

/* ---- fostering households ---- */

static Observatory__Metric
withheld_metric(Foster__WithheldReason reason)
{
	switch (reason) {
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK:
		return OBSERVATORY__METRIC__METRIC_CARER_BREAK;
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_NEEDS_OF_CHILD_IN_PLACEMENT:
		return OBSERVATORY__METRIC__METRIC_NEEDS_OF_CHILD;
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_AWAITING_EXEMPTION:
		return OBSERVATORY__METRIC__METRIC_AWAITING_EXEMPTION;
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_ASSESSMENT:
		return OBSERVATORY__METRIC__METRIC_ASSESSMENT;
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_SUSPENDED:
		return OBSERVATORY__METRIC__METRIC_SUSPENDED;
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_BEDROOM_NOT_READY:
		return OBSERVATORY__METRIC__METRIC_ROOM_NOT_READY;
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_OTHER_COMMITMENT:
		return OBSERVATORY__METRIC__METRIC_OTHER_COMMITMENT;
	case FOSTER__WITHHELD_REASON__WITHHELD_REASON_UNSPECIFIED: break;
	}
	return OBSERVATORY__METRIC__METRIC_AT_LIMIT;
}

static bool
is_apart(const Foster__Approval *terms)
{
	return terms->kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_FAMILY_AND_FRIENDS ||
	       terms->kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_SHORT_BREAK;
}

static enum err
put_household(const struct change *c, const Foster__Household *h)
{
	Observatory__PlaceRow *row = h == NULL ? NULL : row_of(c, h->household_id);

	if (row == NULL || h->approval == NULL)
		return c->txn->err != ERR_NONE ? c->txn->err : ERR_CORRUPT;
	row->provider_id = h->provider_id;
	row->council_id = h->council_id;
	row->home_sector = h->home_sector;
	SET(row, care_type, COMMON__CARE_TYPE__CARE_TYPE_FOSTER);
	SET(row, age_min_years, h->approval->age_min_years);
	SET(row, age_max_years, h->approval->age_max_years);
	SET(row, is_apart, is_apart(h->approval));
	/* Until they are counted. */
	SET_FROM(row, approved, h->approval, children_max);
	return save(c, row);
}

static void
set_places(Observatory__PlaceRow *row, const Foster__Places *places)
{
	SET_FROM(row, approved, places, approved);
	SET_FROM(row, filled, places, filled);
	SET_FROM(row, held, places, held);
	SET_FROM(row, free, places, free);
}

static enum err
count_household(const struct change *c, const Foster__PlacesCounted *counted)
{
	Observatory__PlaceRow *row = row_of(c, counted->household_id);

	if (row == NULL || counted->places == NULL)
		return c->txn->err != ERR_NONE ? c->txn->err : ERR_CORRUPT;
	set_places(row, counted->places);
	return save(c, row);
}

static enum err
withhold(const struct change *c, const Foster__Withheld *withheld)
{
	Observatory__Closed closed = OBSERVATORY__CLOSED__INIT;

	if (withheld == NULL)
		return ERR_CORRUPT;
	closed.closed_id = withheld->withheld_id;
	SET(&closed, reason, withheld_metric(withheld->reason));
	SET_FROM(&closed, places, withheld, places);
	SET_FROM(&closed, from_day, withheld, from_day);
	SET_FROM(&closed, until_day, withheld, until_day);
	return close_some(c, withheld->household_id, &closed);
}

static enum err
publish_household(const struct change *c, const Foster__Vacancy *vacancy)
{
	Observatory__Opening opening = OBSERVATORY__OPENING__INIT;
	Observatory__PlaceRow *row =
	    vacancy == NULL ? NULL : row_of(c, vacancy->household_id);

	if (row == NULL)
		return c->txn->err != ERR_NONE ? c->txn->err : ERR_CORRUPT;
	/* Journals begun before places were counted say them here alone. */
	if (vacancy->places != NULL)
		set_places(row, vacancy->places);
	opening.vacancy_id = vacancy->vacancy_id;
	SET_FROM(&opening, is_open, vacancy, is_open);
	SET_FROM(&opening, confirmed_time, vacancy, confirmed_time);
	return set_opening(c, row, &opening);
}

enum err
observatory_store_apply_foster(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	struct change c = {txn, a, &observatory_households, e->number};
	const void *m = e->message;
	const Foster__PlacesRestored *restored = m;
	const Foster__HouseholdReviewed *reviewed = m;

	if (e->type == FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REGISTERED)
		return put_household(
		    &c, ((const Foster__HouseholdRegistered *)m)->household);
	if (e->type == FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_AMENDED)
		return put_household(
		    &c, ((const Foster__HouseholdAmended *)m)->household);
	if (e->type == FOSTER__FOSTER_EVENT__EVENT_PLACES_WITHHELD)
		return withhold(&c, ((const Foster__PlacesWithheld *)m)->withheld);
	if (e->type == FOSTER__FOSTER_EVENT__EVENT_PLACES_RESTORED)
		return reopen(
		    &c, restored->household_id, restored->withheld_id, DAY_MIN);
	if (e->type == FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REVIEWED)
		return reopen(&c, reviewed->household_id, NULL, reviewed->day);
	if (e->type == FOSTER__FOSTER_EVENT__EVENT_PLACES_COUNTED)
		return count_household(&c, m);
	if (e->type == FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED)
		return publish_household(
		    &c, ((const Foster__VacancyPublished *)m)->vacancy);
	return ERR_NONE;
}

/* ---- homes ---- */

static Observatory__Metric
closed_metric(Residential__ClosedReason reason)
{
	switch (reason) {
	case RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_STAFFING:
		return OBSERVATORY__METRIC__METRIC_UNSTAFFED;
	case RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_REPAIRS:
		return OBSERVATORY__METRIC__METRIC_ROOM_NOT_READY;
	case RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_NEEDS_OF_CHILD_IN_PLACEMENT:
		return OBSERVATORY__METRIC__METRIC_NEEDS_OF_CHILD;
	case RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_RESTRICTION:
		return OBSERVATORY__METRIC__METRIC_RESTRICTED;
	case RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_OTHER_COMMITMENT:
		return OBSERVATORY__METRIC__METRIC_OTHER_COMMITMENT;
	case RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_UNSPECIFIED: break;
	}
	return OBSERVATORY__METRIC__METRIC_AT_LIMIT;
}

static enum err
put_home(const struct change *c, const Residential__Home *h)
{
	Observatory__PlaceRow *row = h == NULL ? NULL : row_of(c, h->home_id);

	if (row == NULL)
		return c->txn->err != ERR_NONE ? c->txn->err : ERR_CORRUPT;
	row->provider_id = h->provider_id;
	row->council_id = h->council_id;
	row->home_sector = h->home_sector;
	SET_FROM(row, care_type, h, care_type);
	SET(row, age_min_years, h->age_min_years);
	SET(row, age_max_years, h->age_max_years);
	SET_FROM(row, approved, h, registered_places);
	return save(c, row);
}

static enum err
count_home(const struct change *c, const Residential__BedsCounted *counted)
{
	Observatory__PlaceRow *row = row_of(c, counted->home_id);
	const Residential__Beds *beds = counted->beds;

	if (row == NULL || beds == NULL)
		return c->txn->err != ERR_NONE ? c->txn->err : ERR_CORRUPT;
	SET_FROM(row, approved, beds, registered);
	SET_FROM(row, filled, beds, occupied);
	SET_FROM(row, held, beds, held);
	SET_FROM(row, free, beds, free);
	SET_FROM(row, reserved, beds, reserved);
	SET(row, unstaffed,
	    beds->registered > beds->staffed ? beds->registered - beds->staffed : 0);
	return save(c, row);
}

static enum err
close_beds(const struct change *c, const Residential__ClosedBeds *beds)
{
	Observatory__Closed closed = OBSERVATORY__CLOSED__INIT;

	if (beds == NULL)
		return ERR_CORRUPT;
	closed.closed_id = beds->closed_id;
	SET(&closed, reason, closed_metric(beds->reason));
	SET_FROM(&closed, places, beds, beds);
	SET_FROM(&closed, from_day, beds, from_day);
	SET_FROM(&closed, until_day, beds, until_day);
	return close_some(c, beds->home_id, &closed);
}

static enum err
publish_home(const struct change *c, const Residential__Vacancy *vacancy)
{
	Observatory__Opening opening = OBSERVATORY__OPENING__INIT;
	Observatory__PlaceRow *row =
	    vacancy == NULL ? NULL : row_of(c, vacancy->home_id);

	if (row == NULL)
		return c->txn->err != ERR_NONE ? c->txn->err : ERR_CORRUPT;
	opening.vacancy_id = vacancy->vacancy_id;
	SET_FROM(&opening, is_open, vacancy, is_open);
	SET_FROM(&opening, confirmed_time, vacancy, confirmed_time);
	return set_opening(c, row, &opening);
}

enum err
observatory_store_apply_residential(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	struct change c = {txn, a, &observatory_homes, e->number};
	const void *m = e->message;
	const Residential__BedsReopened *reopened = m;
	const Residential__HomeReviewed *reviewed = m;

	if (e->type == RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOME_REGISTERED)
		return put_home(&c, ((const Residential__HomeRegistered *)m)->home);
	if (e->type == RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOME_AMENDED)
		return put_home(&c, ((const Residential__HomeAmended *)m)->home);
	if (e->type == RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_BEDS_CLOSED)
		return close_beds(&c, ((const Residential__BedsClosed *)m)->closed);
	if (e->type == RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_BEDS_REOPENED)
		return reopen(&c, reopened->home_id, reopened->closed_id, DAY_MIN);
	if (e->type == RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOME_REVIEWED)
		return reopen(&c, reviewed->home_id, NULL, reviewed->day);
	if (e->type == RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_BEDS_COUNTED)
		return count_home(&c, m);
	if (e->type == RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_VACANCY_PUBLISHED)
		return publish_home(
		    &c, ((const Residential__VacancyPublished *)m)->vacancy);
	return ERR_NONE;
}
