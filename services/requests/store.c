#include "requests/store.h"

#include <string.h>

#include "base/id.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

#define AT(table) [(table)-SVC_TABLES]

const struct svc_table_spec requests_store_tables[REQUESTS_TABLES_N] = {
    AT(REQUESTS_REQUESTS) = {"requests", NULL},
    AT(REQUESTS_BY_COUNCIL) = {"by-council", NULL},
    AT(REQUESTS_BY_PROVIDER) = {"by-provider", NULL},
    AT(REQUESTS_OFFERS) = {"offers", NULL},
    AT(REQUESTS_CALLS) = {"calls", NULL},
    AT(REQUESTS_VACANCIES) = {"vacancies", "foster"},
};

Requests__Request *
requests_store_request(struct kv_txn *txn, struct arena *a, const char *request_id)
{
	if (request_id == NULL)
		return NULL;
	return row_get(txn, a, REQUESTS_REQUESTS, row_key(request_id),
	    &requests__request__descriptor);
}

/* A row whose value is the id of the request. */
static Requests__Request *
request_by(
    struct kv_txn *txn, struct arena *a, enum requests_table table, const char *id)
{
	char request_id[ID_LEN + 1] = {0};
	struct bytes value;

	if (id == NULL || !kv_get(txn, table, row_key(id), &value))
		return NULL;
	if (value.len != ID_LEN) {
		if (txn->err == ERR_NONE)
			txn->err = ERR_CORRUPT;
		return NULL;
	}
	memcpy(request_id, value.data, ID_LEN);
	return requests_store_request(txn, a, request_id);
}

Requests__Request *
requests_store_of_offer(struct kv_txn *txn, struct arena *a, const char *offer_id)
{
	return request_by(txn, a, REQUESTS_OFFERS, offer_id);
}

Requests__Request *
requests_store_of_call(struct kv_txn *txn, struct arena *a, const char *owed_id)
{
	return request_by(txn, a, REQUESTS_CALLS, owed_id);
}

const Foster__Vacancy *
requests_store_vacancy(struct kv_txn *txn, struct arena *a, const char *vacancy_id)
{
	if (vacancy_id == NULL)
		return NULL;
	return row_get(txn, a, REQUESTS_VACANCIES, row_key(vacancy_id),
	    &foster__vacancy__descriptor);
}

void
requests_store_list(struct kv_txn *txn, struct arena *a,
    struct requests_store_list *list, enum requests_table table,
    const char *organisation_id, const char *after_id)
{
	const char *whose = table == REQUESTS_REQUESTS ? "" : organisation_id;
	const char *from =
	    str_format(a, "%s%s", whose, after_id == NULL ? "" : after_id);

	if (from == NULL && txn->err == ERR_NONE)
		txn->err = ERR_MEMORY;
	list->from = after_id == NULL ? BYTES_NONE : row_key(from);
	kv_walk(txn, &list->rows, table, row_key(whose), list->from);
}

const char *
requests_store_next(struct requests_store_list *list, struct arena *a)
{
	while (kv_next(&list->rows)) {
		struct bytes key = list->rows.key;

		if (key.len < ID_LEN || bytes_equal(key, list->from))
			continue;
		return str_format(
		    a, "%.*s", ID_LEN, (const char *)key.data + key.len - ID_LEN);
	}
	return NULL;
}

/* ---- following ---- */

/* Of a vacancy only what a rule here asks: the rest is matching's to know. */
static void
follow_vacancy(struct kv_txn *txn, struct arena *a, const Foster__Vacancy *vacancy)
{
	Foster__Vacancy row = FOSTER__VACANCY__INIT;

	row.vacancy_id = vacancy->vacancy_id;
	row.household_id = vacancy->household_id;
	row.provider_id = vacancy->provider_id;
	row.council_id = vacancy->council_id;
	SET_FROM(&row, is_open, vacancy, is_open);
	row_put(txn, a, REQUESTS_VACANCIES, row_key(row.vacancy_id), &row.base);
}

enum err
requests_store_follow(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Foster__VacancyPublished *published;

	if (e->type != FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED)
		return txn->err;
	published = (const Foster__VacancyPublished *)(const void *)e->message;
	if (published->vacancy == NULL || published->vacancy->vacancy_id == NULL)
		return ERR_CORRUPT;
	follow_vacancy(txn, a, published->vacancy);
	return txn->err;
}
