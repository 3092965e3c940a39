#ifndef RCC_REQUESTS_STORE_H
#define RCC_REQUESTS_STORE_H

#include "base/svc.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

/*
 * What this service keeps, besides journal, inbox, owed calls and timers. Keys are
 * text without a final NUL, one behind the other where there are two; an id is 26
 * characters, a council's GSS code 9.
 *
 *   requests     request id                     requests.Request, the whole of it
 *   by-council   council id, request id         nothing
 *   by-provider  provider id, request id        nothing; who was circulated to
 *   offers       offer id                       request id
 *   calls        owed id                        request id; while the call is owed
 *   drafts       draft id                       requests.DraftKept, as last kept
 *   drafts-by-council  council id, draft id     nothing
 *   timeline     request id, journal number (8 bytes, big-endian)
 *                                               requests.TimelineEntry
 *   vacancies    vacancy id                     requests.VacancyRow; foster's, followed
 *   beds         vacancy id                     the same; residential's, followed
 *
 * A request of Manchester circulated to one provider:
 *   requests     01kx...r1                      {request_id: 01kx...r1, ...}
 *   by-council   E0800000301kx...r1
 *   by-provider  01kw...p101kx...r1
 */
enum requests_table {
	REQUESTS_REQUESTS = SVC_TABLES,
	REQUESTS_BY_COUNCIL,
	REQUESTS_BY_PROVIDER,
	REQUESTS_OFFERS,
	REQUESTS_CALLS,
	REQUESTS_DRAFTS,
	REQUESTS_DRAFTS_BY_COUNCIL,
	REQUESTS_TIMELINE,
	REQUESTS_VACANCIES,
	REQUESTS_BEDS,
	REQUESTS_TABLES_END,
};
#define REQUESTS_TABLES_N (REQUESTS_TABLES_END - SVC_TABLES)
#define REQUESTS_LAYOUT 4

extern const struct svc_table_spec requests_store_tables[REQUESTS_TABLES_N];

/* The only way own tables change. */
enum err requests_store_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);
/* The only way the vacancies change: their owners' events. */
enum err requests_store_follow_foster(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);
enum err requests_store_follow_residential(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);

/* What every owner of places is asked, under the same numbers. */
#define PLACE_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
/* The service that owns places of this kind. */
const char *requests_store_owner(Common__CareType care_type);

/* Each of these: the row in the arena, NULL where there is none (or for NULL). */
Requests__Request *requests_store_request(
    struct kv_txn *txn, struct arena *a, const char *request_id);
/* The request that this offer was made to. */
Requests__Request *requests_store_of_offer(
    struct kv_txn *txn, struct arena *a, const char *offer_id);
/* The request that this call is owed for. */
Requests__Request *requests_store_of_call(
    struct kv_txn *txn, struct arena *a, const char *owed_id);
/* Of either owner. */
const Requests__VacancyRow *requests_store_vacancy(
    struct kv_txn *txn, struct arena *a, const char *vacancy_id);

const Requests__DraftKept *requests_store_draft(
    struct kv_txn *txn, struct arena *a, const char *draft_id);
/* Is the draft there already this one, to the byte? */
bool requests_store_has_draft(
    struct kv_txn *txn, struct arena *a, const Requests__DraftKept *draft);
/* How many drafts a council has; no more than `most` are counted. */
size_t requests_store_count_drafts(
    struct kv_txn *txn, const char *council_id, size_t most);

/* What happened to a request after the entry of that number, oldest first. */
struct requests_store_timeline {
	struct kv_walk rows;
	uint8_t prefix[ID_LEN], from[ID_LEN + 8];
};
void requests_store_timeline(struct kv_txn *txn, struct requests_store_timeline *list,
    const char *request_id, uint64_t after_number);
/* NULL at the end. Leave early with kv_walk_end. */
Requests__TimelineEntry *requests_store_next_entry(
    struct requests_store_timeline *list, struct arena *a);

/* Request ids in order of submission, after `after_id` (NULL: from the first). */
struct requests_store_list {
	struct kv_walk rows;
	struct bytes from;
};

/* `table`: all of REQUESTS_REQUESTS, or an index and whose part of it; of
 * REQUESTS_DRAFTS_BY_COUNCIL these are ids of drafts. */
void requests_store_list(struct kv_txn *txn, struct arena *a,
    struct requests_store_list *list, enum requests_table table,
    const char *organisation_id, const char *after_id);
/* The next id, in the arena; NULL at the end. Leave early with kv_walk_end. */
const char *requests_store_next(struct requests_store_list *list, struct arena *a);

#endif
