#include "requests/store.h"

#include <assert.h>
#include <string.h>

#include "base/id.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

#include "residential.pb-c.h"

#define AT(table) [(table)-SVC_TABLES]
#define SAME(name)                                                                     \
	((int)PLACE_CALL(name) == (int)RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name)

static_assert(
    SAME(HOLD) && SAME(CONFIRM_HOLD) && SAME(RELEASE) && SAME(START) && SAME(END),
    "every owner of places is asked under the same numbers");

const struct svc_table_spec requests_store_tables[REQUESTS_TABLES_N] = {
    AT(REQUESTS_REQUESTS) = {"requests", NULL},
    AT(REQUESTS_BY_COUNCIL) = {"by-council", NULL},
    AT(REQUESTS_BY_PROVIDER) = {"by-provider", NULL},
    AT(REQUESTS_OFFERS) = {"offers", NULL},
    AT(REQUESTS_CALLS) = {"calls", NULL},
    AT(REQUESTS_DRAFTS) = {"drafts", NULL},
    AT(REQUESTS_DRAFTS_BY_COUNCIL) = {"drafts-by-council", NULL},
    AT(REQUESTS_TIMELINE) = {"timeline", NULL},
    AT(REQUESTS_VACANCIES) = {"vacancies", "foster"},
    AT(REQUESTS_BEDS) = {"beds", "residential"},
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

const Requests__VacancyRow *
requests_store_vacancy(struct kv_txn *txn, struct arena *a, const char *vacancy_id)
{
	const Requests__VacancyRow *row;

	if (vacancy_id == NULL)
		return NULL;
	row = row_get(txn, a, REQUESTS_VACANCIES, row_key(vacancy_id),
	    &requests__vacancy_row__descriptor);
	return row != NULL ? row
	                   : row_get(txn, a, REQUESTS_BEDS, row_key(vacancy_id),
				 &requests__vacancy_row__descriptor);
}

const Requests__DraftKept *
requests_store_draft(struct kv_txn *txn, struct arena *a, const char *draft_id)
{
	if (draft_id == NULL)
		return NULL;
	return row_get(txn, a, REQUESTS_DRAFTS, row_key(draft_id),
	    &requests__draft_kept__descriptor);
}

bool
requests_store_has_draft(
    struct kv_txn *txn, struct arena *a, const Requests__DraftKept *draft)
{
	return row_is(txn, a, REQUESTS_DRAFTS, row_key(draft->circulation->request_id),
	    &draft->base);
}

size_t
requests_store_count_drafts(struct kv_txn *txn, const char *council_id, size_t most)
{
	struct kv_walk rows;
	size_t n = 0;

	kv_walk(
	    txn, &rows, REQUESTS_DRAFTS_BY_COUNCIL, row_key(council_id), BYTES_NONE);
	while (n < most && kv_next(&rows))
		n++;
	kv_walk_end(&rows);
	return n;
}

void
requests_store_timeline(struct kv_txn *txn, struct requests_store_timeline *list,
    const char *request_id, uint64_t after_number)
{
	memcpy(list->prefix, request_id, ID_LEN);
	memcpy(list->from, request_id, ID_LEN);
	bytes_put_u64(list->from + ID_LEN, after_number + 1);
	kv_walk(txn, &list->rows, REQUESTS_TIMELINE,
	    (struct bytes){list->prefix, sizeof(list->prefix)},
	    (struct bytes){list->from, sizeof(list->from)});
}

Requests__TimelineEntry *
requests_store_next_entry(struct requests_store_timeline *list, struct arena *a)
{
	if (!kv_next(&list->rows))
		return NULL;
	return row_at(&list->rows, a, &requests__timeline_entry__descriptor);
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

const char *
requests_store_owner(Common__CareType care_type)
{
	switch (care_type) {
	case COMMON__CARE_TYPE__CARE_TYPE_UNSPECIFIED: /* before there were others */
	case COMMON__CARE_TYPE__CARE_TYPE_FOSTER: return "foster";
	case COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME:
	case COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION:
	case COMMON__CARE_TYPE__CARE_TYPE_SECURE: return "residential";
	}
	return "foster";
}

static enum err
keep_vacancy(struct kv_txn *txn, struct arena *a, enum requests_table table,
    const Requests__VacancyRow *row)
{
	if (row->vacancy_id == NULL)
		return ERR_CORRUPT;
	row_put(txn, a, table, row_key(row->vacancy_id), &row->base);
	return txn->err;
}

enum err
requests_store_follow_foster(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Foster__VacancyPublished *published = (const void *)e->message;
	Requests__VacancyRow row = REQUESTS__VACANCY_ROW__INIT;

	if (e->type != FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED)
		return txn->err;
	if (published->vacancy == NULL)
		return ERR_CORRUPT;
	row.vacancy_id = published->vacancy->vacancy_id;
	SET(&row, care_type, COMMON__CARE_TYPE__CARE_TYPE_FOSTER);
	row.place_id = published->vacancy->household_id;
	row.provider_id = published->vacancy->provider_id;
	row.council_id = published->vacancy->council_id;
	SET_FROM(&row, is_open, published->vacancy, is_open);
	return keep_vacancy(txn, a, REQUESTS_VACANCIES, &row);
}

enum err
requests_store_follow_residential(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Residential__VacancyPublished *published = (const void *)e->message;
	Requests__VacancyRow row = REQUESTS__VACANCY_ROW__INIT;

	if (e->type != RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_VACANCY_PUBLISHED)
		return txn->err;
	if (published->vacancy == NULL)
		return ERR_CORRUPT;
	row.vacancy_id = published->vacancy->vacancy_id;
	SET_FROM(&row, care_type, published->vacancy, care_type);
	row.place_id = published->vacancy->home_id;
	row.provider_id = published->vacancy->provider_id;
	row.council_id = published->vacancy->council_id;
	SET_FROM(&row, is_open, published->vacancy, is_open);
	return keep_vacancy(txn, a, REQUESTS_BEDS, &row);
}
