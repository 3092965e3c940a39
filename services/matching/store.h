#ifndef RCC_MATCHING_STORE_H
#define RCC_MATCHING_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/svc.h"

#include "foster.pb-c.h"
#include "journal.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

/* Whose vacancies there are. */
enum matching_owner {
	MATCHING_FOSTER,
	MATCHING_RESIDENTIAL,
	MATCHING_OWNERS,
};

/*
 * All followed; this service decides nothing and has nothing of its own.
 *
 *   vacancies  key: vacancy id           row: foster.Vacancy, as last published
 *   changes    key: number in the journal of foster, 8 bytes big-endian
 *              value: vacancy id. One a vacancy: its last publication
 *              00000000000001f4 -> 01jd5r0000aaaaaaaaaaaaaaaa
 *   changed    key: vacancy id           value: that number, 8 bytes
 *   home_vacancies, home_changes, home_changed
 *              the same of residential: residential.Vacancy
 *   requests   key: request id           row: requests.RequestSubmitted, while any of
 *              the children still needs a home; gone when the last has started, and
 *              from a withdrawal on
 *   drafts     key: draft id             row: requests.DraftKept, until it is dropped
 */
enum matching_table {
	MATCHING_VACANCIES = SVC_TABLES,
	MATCHING_CHANGES,
	MATCHING_CHANGED,
	MATCHING_HOME_VACANCIES,
	MATCHING_HOME_CHANGES,
	MATCHING_HOME_CHANGED,
	MATCHING_REQUESTS,
	MATCHING_DRAFTS,
	MATCHING_TABLES_END,
};

extern const struct svc_table_spec matching_store_tables[];

/* The own events: there are none but refusals. */
enum err matching_store_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);
enum err matching_store_apply_foster(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);
enum err matching_store_apply_residential(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);
enum err matching_store_apply_requests(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);

/* The service that owns them. */
const char *matching_store_owner(enum matching_owner owner);
/* A foster.Vacancy or a residential.Vacancy, by owner. NULL where there is none. */
const void *matching_store_vacancy(struct kv_txn *txn, struct arena *a,
    enum matching_owner owner, const char *vacancy_id);
/* A draft, too, is a request here, of which less is known. NULL where there is neither.
 */
const Requests__RequestSubmitted *matching_store_request(
    struct kv_txn *txn, struct arena *a, const char *request_id, bool *is_draft);

/* How far a source has been followed; NULL before its first page. */
const Journal__Cursor *matching_store_cursor(
    struct kv_txn *txn, struct arena *a, const char *service);

/* All vacancies of an owner in the order of their ids, and the one a walk stands on. */
void matching_store_walk_vacancies(
    struct kv_txn *txn, struct kv_walk *w, enum matching_owner owner);
const void *matching_store_vacancy_at(
    const struct kv_walk *w, struct arena *a, enum matching_owner owner);
/* An owner's vacancies published after a number, in the order of that. */
struct matching_store_changes {
	struct kv_walk walk;
	enum matching_owner owner;
	uint8_t from[8];
};
void matching_store_walk_changes(struct kv_txn *txn, struct matching_store_changes *w,
    enum matching_owner owner, uint64_t after_number);
/* The vacancy as it now stands; NULL at the end, or with txn->err set. */
const void *matching_store_next_change(
    struct matching_store_changes *w, struct arena *a);

#endif
