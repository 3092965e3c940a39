#include "matching/store.h"

#include <assert.h>

#include "base/message.h"
#include "base/mirror.h"
#include "base/row.h"

const struct svc_table_spec matching_store_tables[] = {
    {.name = "vacancies", .source = "foster"},
    {.name = "changes", .source = "foster"},
    {.name = "changed", .source = "foster"},
    {.name = "home_vacancies", .source = "residential"},
    {.name = "home_changes", .source = "residential"},
    {.name = "home_changed", .source = "residential"},
    {.name = "requests", .source = "requests"},
    {.name = "drafts", .source = "requests"},
};

static_assert(sizeof(matching_store_tables) / sizeof(matching_store_tables[0]) ==
		  MATCHING_TABLES_END - SVC_TABLES,
    "every table has its name");

/* Where an owner's vacancies stand. */
struct place {
	const char *service;
	struct mirror_spec tables;
};

static const struct place places[MATCHING_OWNERS] = {
    [MATCHING_FOSTER] = {"foster", {.rows = MATCHING_VACANCIES,
				       .changes = MATCHING_CHANGES,
				       .changed = MATCHING_CHANGED,
				       .type = &foster__vacancy__descriptor}},
    [MATCHING_RESIDENTIAL] = {"residential",
	{.rows = MATCHING_HOME_VACANCIES,
	    .changes = MATCHING_HOME_CHANGES,
	    .changed = MATCHING_HOME_CHANGED,
	    .type = &residential__vacancy__descriptor}},
};

/* ---- apply ---- */

enum err
matching_store_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	if (e->type == MATCHING__MATCHING_EVENT__EVENT_REFUSED)
		return txn->err;
	return ERR_CORRUPT;
}

static enum err
published(struct kv_txn *txn, struct arena *a, const struct place *place,
    const char *vacancy_id, const ProtobufCMessage *vacancy, uint64_t number)
{
	if (vacancy_id == NULL || !id_is_well_formed(vacancy_id))
		return ERR_CORRUPT;
	row_put(txn, a, place->tables.rows, row_key(vacancy_id), vacancy);
	mirror_note(txn, &place->tables, vacancy_id, number);
	return txn->err;
}

enum err
matching_store_apply_foster(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	if (e->type != FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED)
		return ERR_NONE;
	const Foster__Vacancy *vacancy =
	    ((const Foster__VacancyPublished *)(const void *)e->message)->vacancy;
	if (vacancy == NULL)
		return ERR_CORRUPT;
	return published(txn, a, &places[MATCHING_FOSTER], vacancy->vacancy_id,
	    &vacancy->base, e->number);
}

enum err
matching_store_apply_residential(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	if (e->type != RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_VACANCY_PUBLISHED)
		return ERR_NONE;
	const Residential__Vacancy *vacancy =
	    ((const Residential__VacancyPublished *)(const void *)e->message)->vacancy;
	if (vacancy == NULL)
		return ERR_CORRUPT;
	return published(txn, a, &places[MATCHING_RESIDENTIAL], vacancy->vacancy_id,
	    &vacancy->base, e->number);
}

static enum err
submitted(
    struct kv_txn *txn, struct arena *a, const Requests__RequestSubmitted *request)
{
	if (request->circulation == NULL || request->circulation->request_id == NULL)
		return ERR_CORRUPT;
	row_put(txn, a, MATCHING_REQUESTS, row_key(request->circulation->request_id),
	    &request->base);
	return txn->err;
}

static enum err
closed(struct kv_txn *txn, const char *request_id)
{
	if (request_id == NULL)
		return ERR_CORRUPT;
	kv_delete(txn, MATCHING_REQUESTS, row_key(request_id));
	return txn->err;
}

static enum err
draft_kept(struct kv_txn *txn, struct arena *a, const Requests__DraftKept *draft)
{
	if (draft->circulation == NULL || draft->circulation->request_id == NULL)
		return ERR_CORRUPT;
	row_put(txn, a, MATCHING_DRAFTS, row_key(draft->circulation->request_id),
	    &draft->base);
	return txn->err;
}

static enum err
draft_dropped(struct kv_txn *txn, const Requests__DraftDropped *dropped)
{
	if (dropped->draft_id == NULL)
		return ERR_CORRUPT;
	kv_delete(txn, MATCHING_DRAFTS, row_key(dropped->draft_id));
	return txn->err;
}

enum err
matching_store_apply_requests(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const void *message = e->message;

	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_SUBMITTED)
		return submitted(txn, a, message);
	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_DRAFT_KEPT)
		return draft_kept(txn, a, message);
	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_DRAFT_DROPPED)
		return draft_dropped(txn, message);
	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_STARTED) {
		const Requests__PlacementStarted *started = message;
		return started->others_wait ? ERR_NONE
		                            : closed(txn, started->request_id);
	}
	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_WITHDRAWN) {
		const Requests__RequestWithdrawn *withdrawn = message;
		return closed(txn, withdrawn->request_id);
	}
	return ERR_NONE;
}

/* ---- questions ---- */

const char *
matching_store_owner(enum matching_owner owner)
{
	return places[owner].service;
}

const void *
matching_store_vacancy(struct kv_txn *txn, struct arena *a, enum matching_owner owner,
    const char *vacancy_id)
{
	if (vacancy_id == NULL)
		return NULL;
	return row_get(txn, a, places[owner].tables.rows, row_key(vacancy_id),
	    places[owner].tables.type);
}

static const Requests__RequestSubmitted *
draft_as_request(struct kv_txn *txn, struct arena *a, const char *draft_id)
{
	const Requests__DraftKept *draft = row_get(txn, a, MATCHING_DRAFTS,
	    row_key(draft_id), &requests__draft_kept__descriptor);
	Requests__RequestSubmitted *out;

	if (draft == NULL)
		return NULL;
	out = MESSAGE_NEW(a, requests__request_submitted);
	if (out == NULL) {
		kv_fail(txn, ERR_MEMORY);
		return NULL;
	}
	out->circulation = draft->circulation;
	out->detail = draft->detail;
	return out;
}

const Requests__RequestSubmitted *
matching_store_request(
    struct kv_txn *txn, struct arena *a, const char *request_id, bool *is_draft)
{
	const Requests__RequestSubmitted *request;

	*is_draft = false;
	if (request_id == NULL)
		return NULL;
	request = row_get(txn, a, MATCHING_REQUESTS, row_key(request_id),
	    &requests__request_submitted__descriptor);
	if (request != NULL)
		return request;
	*is_draft = true;
	return draft_as_request(txn, a, request_id);
}

const Journal__Cursor *
matching_store_cursor(struct kv_txn *txn, struct arena *a, const char *service)
{
	return row_get(
	    txn, a, SVC_CURSORS, row_key(service), &journal__cursor__descriptor);
}

void
matching_store_walk_vacancies(
    struct kv_txn *txn, struct kv_walk *w, enum matching_owner owner)
{
	kv_walk(txn, w, places[owner].tables.rows, BYTES_NONE, BYTES_NONE);
}

const void *
matching_store_vacancy_at(
    const struct kv_walk *w, struct arena *a, enum matching_owner owner)
{
	return row_at(w, a, places[owner].tables.type);
}

void
matching_store_walk_changes(struct kv_txn *txn, struct matching_store_changes *w,
    enum matching_owner owner, uint64_t after_number)
{
	w->owner = owner;
	bytes_put_u64(w->from, after_number + 1);
	kv_walk(txn, &w->walk, places[owner].tables.changes, BYTES_NONE,
	    (struct bytes){w->from, sizeof(w->from)});
}

const void *
matching_store_next_change(struct matching_store_changes *w, struct arena *a)
{
	const struct place *place = &places[w->owner];
	struct kv_txn *txn = w->walk.txn;

	if (!kv_next(&w->walk))
		return NULL;
	const void *vacancy =
	    row_get(txn, a, place->tables.rows, w->walk.value, place->tables.type);
	/* The one is written with the other. */
	if (vacancy == NULL && txn->err == ERR_NONE)
		txn->err = ERR_CORRUPT;
	if (vacancy == NULL)
		kv_walk_end(&w->walk);
	return vacancy;
}
