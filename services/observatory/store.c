#include "observatory/store.h"

#include <string.h>

#include "base/access.h"
#include "base/message.h"
#include "base/row.h"

#define PLACES_MAX ((size_t)1 << 17)
#define NEEDS_MAX ((size_t)1 << 19)
#define PROVIDERS_MAX ((size_t)1 << 14)

const struct svc_table_spec observatory_store_tables[OBSERVATORY_TABLES_N] = {
    {.name = "households", .source = "foster"},
    {.name = "household_changes", .source = "foster"},
    {.name = "household_changed", .source = "foster"},
    {.name = "homes", .source = "residential"},
    {.name = "home_changes", .source = "residential"},
    {.name = "home_changed", .source = "residential"},
    {.name = "needs", .source = "requests"},
    {.name = "need_changes", .source = "requests"},
    {.name = "need_changed", .source = "requests"},
};

static void
boil_place(const ProtobufCMessage *row, void *out)
{
	observatory_place_of((const void *)row, out);
}

static void
boil_need(const ProtobufCMessage *row, void *out)
{
	observatory_need_of((const void *)row, out);
}

const struct mirror_spec observatory_households = {OBSERVATORY_HOUSEHOLDS,
    OBSERVATORY_HOUSEHOLD_CHANGES, OBSERVATORY_HOUSEHOLD_CHANGED,
    &observatory__place_row__descriptor, sizeof(struct observatory_place), PLACES_MAX,
    boil_place};
const struct mirror_spec observatory_homes = {OBSERVATORY_HOMES,
    OBSERVATORY_HOME_CHANGES, OBSERVATORY_HOME_CHANGED,
    &observatory__place_row__descriptor, sizeof(struct observatory_place), PLACES_MAX,
    boil_place};
const struct mirror_spec observatory_needs = {OBSERVATORY_NEEDS,
    OBSERVATORY_NEED_CHANGES, OBSERVATORY_NEED_CHANGED,
    &observatory__need_row__descriptor, sizeof(struct observatory_need), NEEDS_MAX,
    boil_need};

enum err
observatory_store_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	if (e->type == OBSERVATORY__OBSERVATORY_EVENT__EVENT_REFUSED)
		return txn->err;
	return ERR_CORRUPT;
}

const Journal__Cursor *
observatory_store_cursor(struct kv_txn *txn, struct arena *a, const char *service)
{
	return row_get(
	    txn, a, SVC_CURSORS, row_key(service), &journal__cursor__descriptor);
}

/* ---- councils and providers ---- */

static void
read_council(const Members__Council *row, struct observatory_area *out)
{
	out->row = row;
	if (row->council_id != NULL &&
	    strlen(row->council_id) <= OBSERVATORY_COUNCIL_LEN)
		memcpy(out->council.code, row->council_id, strlen(row->council_id));
}

enum err
observatory_store_areas(
    struct kv_txn *txn, struct arena *a, struct observatory_known *out)
{
	size_t most = kv_count(txn, SVC_ACCESS_COUNCILS);
	struct observatory_area *areas = LIST_NEW(a, most, struct observatory_area);
	struct kv_walk w;

	if (areas == NULL)
		return ERR_MEMORY;
	out->areas = areas;
	for (kv_walk(txn, &w, SVC_ACCESS_COUNCILS, BYTES_NONE, BYTES_NONE);
	     kv_next(&w);) {
		const Members__Council *row =
		    row_at(&w, a, &members__council__descriptor);
		if (row != NULL)
			read_council(row, &areas[out->areas_n++]);
	}
	return txn->err;
}

static void
boil_provider(const ProtobufCMessage *message, void *boiled)
{
	const Members__Provider *row = (const void *)message;
	struct observatory_provider *out = boiled;
	bool is_council = row->sector == MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY;

	out->sector =
	    row->sector <= MEMBERS__SECTOR__SECTOR_VOLUNTARY ? row->sector : 0;
	out->is_in_house = is_council || row->council_id != NULL;
}

const struct mirror_spec observatory_providers = {.rows = SVC_ACCESS_PROVIDERS,
    .type = &members__provider__descriptor,
    .bytes = sizeof(struct observatory_provider),
    .most = PROVIDERS_MAX,
    .boil = boil_provider};

enum err
observatory_store_providers(struct kv_txn *txn, struct arena *a, struct mirror *out)
{
	struct kv_walk w;
	enum err e = ERR_NONE;

	mirror_clear(out);
	kv_walk(txn, &w, SVC_ACCESS_PROVIDERS, BYTES_NONE, BYTES_NONE);
	while (e == ERR_NONE && kv_next(&w)) {
		size_t mark = a->used;
		const Members__Provider *row =
		    row_at(&w, a, &members__provider__descriptor);
		struct id id = {0};
		if (row == NULL)
			break;
		memcpy(id.text, w.key.data, w.key.len < ID_LEN ? w.key.len : ID_LEN);
		e = mirror_put(out, &id, &row->base);
		arena_release(a, mark);
	}
	kv_walk_end(&w);
	return e != ERR_NONE ? e : txn->err;
}
