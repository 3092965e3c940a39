#ifndef RCC_FOSTER_STORE_H
#define RCC_FOSTER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/kv.h"
#include "base/svc.h"

#include "foster.pb-c.h"

/*
 * What foster knows, and one function for each question. All is in the arena given;
 * NULL where there is no such row, or the transaction has failed (txn->err says).
 *
 *   homes      all of one household side by side, so that one walk reads it. Key:
 *              household id (26), then a letter, then the id of the row:
 *              H (no id)       row: Household
 *              O occupant id   row: Occupant (who lives there now)
 *              W withheld id   row: Withheld
 *              X exemption id  row: Exemption
 *              L hold id       no value: that hold is held or confirmed
 *              C (no id)       row: PlacesCounted, the last one
 *              R (no id)       row: HouseholdReviewed, the last one
 *              V (no id)       value: vacancy id
 *   vacancies  key: vacancy id       row: Vacancy as last published, open or not
 *   holds      key: hold id          row: HoldRow, whatever became of it
 *   placements key: placement id     row: PlacementRow, ended or not
 *   owners     key: id of an occupant, withheld or exemption   value: household id
 *   providers  key: provider id, then H household id or V vacancy id; no value
 *
 * A household 01hgw2…3, with one child placed and one hold, reads as three rows of
 * homes in a row:
 *   01hgw2bbg00000000000000003H                           -> Household
 *   01hgw2bbg00000000000000003L01hgw2bbg00000000000000009 ->
 *   01hgw2bbg00000000000000003O01hgw2bbg00000000000000007 -> Occupant
 */
enum foster_table {
	FOSTER_HOMES = SVC_TABLES,
	FOSTER_VACANCIES,
	FOSTER_HOLDS,
	FOSTER_PLACEMENTS,
	FOSTER_OWNERS,
	FOSTER_PROVIDERS,
};
#define FOSTER_TABLES 6
extern const struct svc_table_spec foster_store_tables[FOSTER_TABLES];

/* Timers, by kind; the subject is a hold, a household. */
enum foster_timer {
	FOSTER_TIMER_HOLD = 1,   /* expiry while held, latest start once confirmed */
	FOSTER_TIMER_REVIEW = 2, /* the start of a stated day, in London */
};

/* A household with its occupants, places withheld, exemptions, live holds and
 * vacancy; places are not derived here. */
Foster__HouseholdShown *foster_store_home(
    struct kv_txn *txn, struct arena *a, const char *household_id);
Foster__Household *foster_store_household(
    struct kv_txn *txn, struct arena *a, const char *household_id);
Foster__Vacancy *foster_store_vacancy(
    struct kv_txn *txn, struct arena *a, const char *vacancy_id);
Foster__HoldRow *foster_store_hold(
    struct kv_txn *txn, struct arena *a, const char *hold_id);
Foster__PlacementRow *foster_store_placement(
    struct kv_txn *txn, struct arena *a, const char *placement_id);
/* The household that an occupant, a withheld place or an exemption belongs to. */
const char *foster_store_owner(struct kv_txn *txn, struct arena *a, const char *id);

/* Is this vacancy, to the byte, the one last published? */
bool foster_store_is_published(
    struct kv_txn *txn, struct arena *a, const Foster__Vacancy *vacancy);
/* Are these, to the byte, the places last counted? */
bool foster_store_is_counted(
    struct kv_txn *txn, struct arena *a, const Foster__PlacesCounted *counted);
/* When the last place of this home was taken through a hold, as far as that hold or
 * what it started is still there; 0: none is. */
int64_t foster_store_taken_time(
    struct kv_txn *txn, struct arena *a, const Foster__HouseholdShown *home);
/* The day of the review that stands; false where none does. */
bool foster_store_review_day(
    struct kv_txn *txn, struct arena *a, const char *household_id, int32_t *day);

/* A page of vacancies open to referral, by id, after asked->after_id, at most
 * `limit`. Long tables are walked in stretches: a page may be short, or empty, and
 * still name where to go on. */
enum err foster_store_vacancies(struct kv_txn *txn, struct arena *a,
    const Foster__VacanciesAsked *asked, uint32_t limit,
    Foster__Vacancies *out) MUST_CHECK;
/* A page of a provider's households, by id. */
enum err foster_store_households(struct kv_txn *txn, struct arena *a,
    const char *provider_id, const Foster__HouseholdsAsked *asked,
    Foster__Households *out) MUST_CHECK;

/* The only way that any of it changes: in store_apply.c. */
enum err foster_store_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e) MUST_CHECK;

/* ---- between store.c and store_apply.c ---- */

enum foster_part {
	FOSTER_PART_COUNT = 'C',
	FOSTER_PART_EXEMPTION = 'X',
	FOSTER_PART_HOUSEHOLD = 'H',
	FOSTER_PART_LIVE_HOLD = 'L',
	FOSTER_PART_OCCUPANT = 'O',
	FOSTER_PART_REVIEW = 'R',
	FOSTER_PART_VACANCY = 'V',
	FOSTER_PART_WITHHELD = 'W',
};

#endif
