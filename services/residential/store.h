#ifndef RCC_RESIDENTIAL_STORE_H
#define RCC_RESIDENTIAL_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/kv.h"
#include "base/svc.h"

#include "residential.pb-c.h"

/*
 * What residential knows, and one function for each question. All is in the arena
 * given; NULL where there is no such row, or the transaction has failed (txn->err
 * says).
 *
 *   homes      all of one home side by side, so that one walk reads it. Key: home id
 *              (26), then a letter, then the id of the row:
 *              B (no id)          row: Beds, as last counted
 *              C closed id        row: ClosedBeds
 *              H (no id)          row: Home
 *              L hold id          no value: that hold is held or confirmed
 *              N reservation id   row: Reservation (a numbered bed)
 *              O occupant id      row: Occupant (who lives there now)
 *              R (no id)          row: HomeReviewed, the last one
 *              V vacancy id       no value
 *   vacancies  key: vacancy id       row: Vacancy as last published, open or not
 *   holds      key: hold id          row: HoldRow, whatever became of it
 *   placements key: placement id     row: PlacementRow, ended or not
 *   owners     key: id of an occupant, closed or reserved bed   value: home id
 *   providers  key: provider id, then H home id or V vacancy id; no value
 *   urns       key: Ofsted number    value: home id
 *
 * A home 01hgw2…3, with one child placed and one hold, reads as four rows of homes in
 * a row:
 *   01hgw2bbg00000000000000003B                           -> Beds
 *   01hgw2bbg00000000000000003H                           -> Home
 *   01hgw2bbg00000000000000003L01hgw2bbg00000000000000009 ->
 *   01hgw2bbg00000000000000003O01hgw2bbg00000000000000007 -> Occupant
 */
enum residential_table {
	RESIDENTIAL_HOMES = SVC_TABLES,
	RESIDENTIAL_VACANCIES,
	RESIDENTIAL_HOLDS,
	RESIDENTIAL_PLACEMENTS,
	RESIDENTIAL_OWNERS,
	RESIDENTIAL_PROVIDERS,
	RESIDENTIAL_URNS,
};
#define RESIDENTIAL_TABLES 7
extern const struct svc_table_spec residential_store_tables[RESIDENTIAL_TABLES];

/* Timers, by kind; the subject is a hold, a home. */
enum residential_timer {
	RESIDENTIAL_TIMER_HOLD = 1, /* expiry while held, latest start once confirmed */
	RESIDENTIAL_TIMER_REVIEW = 2, /* the start of a stated day, in London */
};

/* A home with its occupants, closed and reserved beds, live holds and vacancies; its
 * beds as last counted (NULL: never). */
Residential__HomeShown *residential_store_home(
    struct kv_txn *txn, struct arena *a, const char *home_id);
Residential__Vacancy *residential_store_vacancy(
    struct kv_txn *txn, struct arena *a, const char *vacancy_id);
Residential__HoldRow *residential_store_hold(
    struct kv_txn *txn, struct arena *a, const char *hold_id);
Residential__PlacementRow *residential_store_placement(
    struct kv_txn *txn, struct arena *a, const char *placement_id);
/* The home that an occupant, a closed or a reserved bed belongs to. */
const char *residential_store_owner(
    struct kv_txn *txn, struct arena *a, const char *id);
/* The home with this Ofsted number. */
const char *residential_store_urn(struct kv_txn *txn, struct arena *a, const char *urn);

/* Is this vacancy, to the byte, the one last published? */
bool residential_store_is_published(
    struct kv_txn *txn, struct arena *a, const Residential__Vacancy *vacancy);
/* When the last bed of this home was taken through a hold, as far as that hold or what
 * it started is still there; 0: none is. */
int64_t residential_store_taken_time(
    struct kv_txn *txn, struct arena *a, const Residential__HomeShown *home);
/* The day of the review that stands; false where none does. */
bool residential_store_review_day(
    struct kv_txn *txn, struct arena *a, const char *home_id, int32_t *day);

/* A page of vacancies open to referral, by id, after asked->after_id, at most
 * `limit`. Long tables are walked in stretches: a page may be short, or empty, and
 * still name where to go on. */
enum err residential_store_vacancies(struct kv_txn *txn, struct arena *a,
    const Residential__VacanciesAsked *asked, uint32_t limit,
    Residential__Vacancies *out) MUST_CHECK;
/* A page of a provider's homes, by id. */
enum err residential_store_homes(struct kv_txn *txn, struct arena *a,
    const char *provider_id, const Residential__HomesAsked *asked,
    Residential__Homes *out) MUST_CHECK;

/* The only way that any of it changes: in store_apply.c. */
enum err residential_store_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e) MUST_CHECK;

/* ---- between store.c and store_apply.c ---- */

enum residential_part {
	RESIDENTIAL_PART_BEDS = 'B',
	RESIDENTIAL_PART_CLOSED = 'C',
	RESIDENTIAL_PART_HOME = 'H',
	RESIDENTIAL_PART_LIVE_HOLD = 'L',
	RESIDENTIAL_PART_RESERVATION = 'N',
	RESIDENTIAL_PART_OCCUPANT = 'O',
	RESIDENTIAL_PART_REVIEW = 'R',
	RESIDENTIAL_PART_VACANCY = 'V',
};

/* A row of one home without an id of its own: Home, Beds, HomeReviewed. */
void *residential_store_part(struct kv_txn *txn, struct arena *a, const char *home_id,
    enum residential_part part, const ProtobufCMessageDescriptor *type);

#endif
