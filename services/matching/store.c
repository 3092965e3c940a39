#include "matching/store.h"

#include <assert.h>

#include "base/message.h"
#include "base/row.h"

const struct svc_table_spec matching_store_tables[] = {
    {.name = "vacancies", .source = "foster"},
    {.name = "changes", .source = "foster"},
    {.name = "changed", .source = "foster"},
    {.name = "requests", .source = "requests"},
};

static_assert(sizeof(matching_store_tables) / sizeof(matching_store_tables[0]) ==
		  MATCHING_TABLES_END - SVC_TABLES,
    "every table has its name");

/* ---- apply ---- */

enum err
matching_store_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	if (e->type == MATCHING__MATCHING_EVENT__EVENT_REFUSED)
		return txn->err;
	return ERR_CORRUPT;
}

static void
note_change(struct kv_txn *txn, const char *vacancy_id, uint64_t number)
{
	struct bytes before, id = row_key(vacancy_id);
	uint8_t key[8];

	if (kv_get(txn, MATCHING_CHANGED, id, &before) && before.len == sizeof(key)) {
		bytes_put_u64(key, bytes_get_u64(before.data));
		kv_delete(txn, MATCHING_CHANGES, (struct bytes){key, sizeof(key)});
	}
	bytes_put_u64(key, number);
	kv_put(txn, MATCHING_CHANGED, id, (struct bytes){key, sizeof(key)});
	kv_put(txn, MATCHING_CHANGES, (struct bytes){key, sizeof(key)}, id);
}

enum err
matching_store_apply_foster(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	if (e->type != FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED)
		return ERR_NONE;
	const Foster__VacancyPublished *published = (const void *)e->message;
	const Foster__Vacancy *vacancy = published->vacancy;
	if (vacancy == NULL || vacancy->vacancy_id == NULL ||
	    !id_is_well_formed(vacancy->vacancy_id))
		return ERR_CORRUPT;
	row_put(
	    txn, a, MATCHING_VACANCIES, row_key(vacancy->vacancy_id), &vacancy->base);
	note_change(txn, vacancy->vacancy_id, e->number);
	return txn->err;
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

enum err
matching_store_apply_requests(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const void *message = e->message;

	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_SUBMITTED)
		return submitted(txn, a, message);
	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_STARTED) {
		const Requests__PlacementStarted *started = message;
		return closed(txn, started->request_id);
	}
	if (e->type == REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_WITHDRAWN) {
		const Requests__RequestWithdrawn *withdrawn = message;
		return closed(txn, withdrawn->request_id);
	}
	return ERR_NONE;
}

/* ---- questions ---- */

const Foster__Vacancy *
matching_store_vacancy(struct kv_txn *txn, struct arena *a, const char *vacancy_id)
{
	if (vacancy_id == NULL)
		return NULL;
	return row_get(txn, a, MATCHING_VACANCIES, row_key(vacancy_id),
	    &foster__vacancy__descriptor);
}

const Requests__RequestSubmitted *
matching_store_request(struct kv_txn *txn, struct arena *a, const char *request_id)
{
	if (request_id == NULL)
		return NULL;
	return row_get(txn, a, MATCHING_REQUESTS, row_key(request_id),
	    &requests__request_submitted__descriptor);
}

const Journal__Cursor *
matching_store_cursor(struct kv_txn *txn, struct arena *a, const char *service)
{
	return row_get(
	    txn, a, SVC_CURSORS, row_key(service), &journal__cursor__descriptor);
}

void
matching_store_walk_vacancies(struct kv_txn *txn, struct kv_walk *w)
{
	kv_walk(txn, w, MATCHING_VACANCIES, BYTES_NONE, BYTES_NONE);
}

void
matching_store_walk_changes(
    struct kv_txn *txn, struct matching_store_changes *w, uint64_t after_number)
{
	bytes_put_u64(w->from, after_number + 1);
	kv_walk(txn, &w->walk, MATCHING_CHANGES, BYTES_NONE,
	    (struct bytes){w->from, sizeof(w->from)});
}

const Foster__Vacancy *
matching_store_next_change(struct matching_store_changes *w, struct arena *a)
{
	struct kv_txn *txn = w->walk.txn;

	if (!kv_next(&w->walk))
		return NULL;
	const Foster__Vacancy *vacancy = row_get(
	    txn, a, MATCHING_VACANCIES, w->walk.value, &foster__vacancy__descriptor);
	/* The one is written with the other. */
	if (vacancy == NULL && txn->err == ERR_NONE)
		txn->err = ERR_CORRUPT;
	if (vacancy == NULL)
		kv_walk_end(&w->walk);
	return vacancy;
}
