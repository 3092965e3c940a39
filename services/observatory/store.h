#ifndef RCC_OBSERVATORY_STORE_H
#define RCC_OBSERVATORY_STORE_H

#include "base/mirror.h"
#include "base/svc.h"
#include "observatory/figures.h"

/*
 * All followed; this service decides nothing and has nothing of its own. Each source
 * has the three tables of a mirror (base/mirror.h): rows, and what changed since.
 *
 *   households  key: household id  row: observatory.PlaceRow     from foster
 *   homes       key: home id       row: observatory.PlaceRow     from residential
 *   needs       key: request id    row: observatory.NeedRow      from requests
 *
 * A household with two places withheld until a day:
 *   households         01jd5r...01 -> {place_id: 01jd5r...01, approved: 3, free: 1, ...
 *                                      closed: [{reason: carer_break, places: 2, ...}]}
 *   household_changes  00000000000001f4 -> 01jd5r...01
 *   household_changed  01jd5r...01 -> 00000000000001f4
 */
enum observatory_tables {
	OBSERVATORY_HOUSEHOLDS = SVC_TABLES,
	OBSERVATORY_HOUSEHOLD_CHANGES,
	OBSERVATORY_HOUSEHOLD_CHANGED,
	OBSERVATORY_HOMES,
	OBSERVATORY_HOME_CHANGES,
	OBSERVATORY_HOME_CHANGED,
	OBSERVATORY_NEEDS,
	OBSERVATORY_NEED_CHANGES,
	OBSERVATORY_NEED_CHANGED,
	OBSERVATORY_TABLES_END,
};
#define OBSERVATORY_TABLES_N (OBSERVATORY_TABLES_END - SVC_TABLES)

extern const struct svc_table_spec observatory_store_tables[OBSERVATORY_TABLES_N];
extern const struct mirror_spec observatory_households, observatory_homes,
    observatory_needs;

/* The own events: there are none but refusals. */
svc_apply observatory_store_apply;
/* In store_places.c and store_needs.c. */
svc_apply observatory_store_apply_foster, observatory_store_apply_residential,
    observatory_store_apply_requests;

/* How far a source has been followed; NULL before its first page. */
const Journal__Cursor *observatory_store_cursor(
    struct kv_txn *txn, struct arena *a, const char *service);

/* Every provider known here, looked up as often as there are places: a mirror that is
 * filled for each question, since members say no more than that something changed. */
extern const struct mirror_spec observatory_providers;
enum err observatory_store_providers(
    struct kv_txn *txn, struct arena *a, struct mirror *out) MUST_CHECK;
/* All councils known here, in the order of their codes. */
enum err observatory_store_areas(
    struct kv_txn *txn, struct arena *a, struct observatory_known *out) MUST_CHECK;

#endif
