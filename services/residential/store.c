#include "residential/store.h"

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

/* More rows of one kind than a home can have. */
#define HOME_ROWS_MAX 128
/* Rows looked at for one page of vacancies. */
#define VACANCIES_WALKED_MAX 2000

const struct svc_table_spec residential_store_tables[RESIDENTIAL_TABLES] = {
    [RESIDENTIAL_HOMES - SVC_TABLES] = {.name = "homes"},
    [RESIDENTIAL_VACANCIES - SVC_TABLES] = {.name = "vacancies"},
    [RESIDENTIAL_HOLDS - SVC_TABLES] = {.name = "holds"},
    [RESIDENTIAL_PLACEMENTS - SVC_TABLES] = {.name = "placements"},
    [RESIDENTIAL_OWNERS - SVC_TABLES] = {.name = "owners"},
    [RESIDENTIAL_PROVIDERS - SVC_TABLES] = {.name = "providers"},
    [RESIDENTIAL_URNS - SVC_TABLES] = {.name = "urns"},
};

/* ---- one row ---- */

static void *
row_of(struct kv_txn *txn, struct arena *a, unsigned table, const char *id,
    const ProtobufCMessageDescriptor *type)
{
	return id == NULL ? NULL : row_get(txn, a, table, row_key(id), type);
}

void *
residential_store_part(struct kv_txn *txn, struct arena *a, const char *home_id,
    enum residential_part part, const ProtobufCMessageDescriptor *type)
{
	if (home_id == NULL)
		return NULL;
	return row_get(txn, a, RESIDENTIAL_HOMES,
	    row_part_key(txn, a, home_id, (char)part, NULL), type);
}

static Residential__Home *
home_row(struct kv_txn *txn, struct arena *a, const char *home_id)
{
	return residential_store_part(
	    txn, a, home_id, RESIDENTIAL_PART_HOME, &residential__home__descriptor);
}

Residential__Vacancy *
residential_store_vacancy(struct kv_txn *txn, struct arena *a, const char *vacancy_id)
{
	return row_of(txn, a, RESIDENTIAL_VACANCIES, vacancy_id,
	    &residential__vacancy__descriptor);
}

Residential__HoldRow *
residential_store_hold(struct kv_txn *txn, struct arena *a, const char *hold_id)
{
	return row_of(
	    txn, a, RESIDENTIAL_HOLDS, hold_id, &residential__hold_row__descriptor);
}

Residential__PlacementRow *
residential_store_placement(
    struct kv_txn *txn, struct arena *a, const char *placement_id)
{
	return row_of(txn, a, RESIDENTIAL_PLACEMENTS, placement_id,
	    &residential__placement_row__descriptor);
}

static const char *
text_at(struct kv_txn *txn, struct arena *a, unsigned table, const char *key)
{
	struct bytes value;

	if (key == NULL || !kv_get(txn, table, row_key(key), &value))
		return NULL;
	return row_text(txn, a, value);
}

const char *
residential_store_owner(struct kv_txn *txn, struct arena *a, const char *id)
{
	return text_at(txn, a, RESIDENTIAL_OWNERS, id);
}

const char *
residential_store_urn(struct kv_txn *txn, struct arena *a, const char *urn)
{
	return text_at(txn, a, RESIDENTIAL_URNS, urn);
}

bool
residential_store_is_published(
    struct kv_txn *txn, struct arena *a, const Residential__Vacancy *vacancy)
{
	return row_is(txn, a, RESIDENTIAL_VACANCIES, row_key(vacancy->vacancy_id),
	    &vacancy->base);
}

bool
residential_store_review_day(
    struct kv_txn *txn, struct arena *a, const char *home_id, int32_t *day)
{
	const Residential__HomeReviewed *last = residential_store_part(txn, a, home_id,
	    RESIDENTIAL_PART_REVIEW, &residential__home_reviewed__descriptor);

	if (last == NULL || !last->has_next_review_day)
		return false;
	*day = last->next_review_day;
	return true;
}

static void
see_time(int64_t *last, int64_t time)
{
	if (time > *last)
		*last = time;
}

int64_t
residential_store_taken_time(
    struct kv_txn *txn, struct arena *a, const Residential__HomeShown *home)
{
	int64_t last = 0;

	for (size_t i = 0; i < home->n_holds; i++)
		see_time(&last, home->holds[i]->granted_time);
	for (size_t i = 0; i < home->n_occupants; i++) {
		const Residential__PlacementRow *placement =
		    residential_store_placement(
			txn, a, home->occupants[i]->placement_id);
		const Residential__HoldRow *hold =
		    placement == NULL
			? NULL
			: residential_store_hold(txn, a, placement->hold_id);
		if (hold != NULL)
			see_time(&last, hold->changed_time);
	}
	return last;
}

/* ---- one home, whole ---- */

static Residential__HomeShown *
new_home(struct arena *a)
{
	Residential__HomeShown *home = MESSAGE_NEW(a, residential__home_shown);

	if (home == NULL)
		return NULL;
	home->occupants = LIST_NEW(a, HOME_ROWS_MAX, Residential__Occupant *);
	home->closed = LIST_NEW(a, HOME_ROWS_MAX, Residential__ClosedBeds *);
	home->reservations = LIST_NEW(a, HOME_ROWS_MAX, Residential__Reservation *);
	home->holds = LIST_NEW(a, HOME_ROWS_MAX, Residential__HoldRow *);
	home->vacancies = LIST_NEW(a, HOME_ROWS_MAX, Residential__Vacancy *);
	if (home->occupants == NULL || home->closed == NULL ||
	    home->reservations == NULL || home->holds == NULL ||
	    home->vacancies == NULL)
		return NULL;
	return home;
}

/* Puts the row behind the others of its list; what is not a row, or one too many, is
 * ERR_CORRUPT. */
#define APPEND(txn, home, list, row)                                                   \
	do {                                                                           \
		void *row_ = (row);                                                    \
		if (row_ == NULL || (home)->n_##list == HOME_ROWS_MAX)                 \
			kv_fail((txn), ERR_CORRUPT);                                   \
		else                                                                   \
			(home)->list[(home)->n_##list++] = row_;                       \
	} while (0)

static void
read_part(struct kv_walk *w, struct arena *a, Residential__HomeShown *home)
{
	enum residential_part part = (enum residential_part)w->key.data[w->prefix.len];
	struct bytes id = {
	    w->key.data + w->prefix.len + 1, w->key.len - w->prefix.len - 1};

	switch (part) {
	case RESIDENTIAL_PART_HOME:
		home->home = row_at(w, a, &residential__home__descriptor);
		return;
	case RESIDENTIAL_PART_BEDS:
		home->beds = row_at(w, a, &residential__beds__descriptor);
		return;
	case RESIDENTIAL_PART_OCCUPANT:
		APPEND(w->txn, home, occupants,
		    row_at(w, a, &residential__occupant__descriptor));
		return;
	case RESIDENTIAL_PART_CLOSED:
		APPEND(w->txn, home, closed,
		    row_at(w, a, &residential__closed_beds__descriptor));
		return;
	case RESIDENTIAL_PART_RESERVATION:
		APPEND(w->txn, home, reservations,
		    row_at(w, a, &residential__reservation__descriptor));
		return;
	case RESIDENTIAL_PART_LIVE_HOLD:
		APPEND(w->txn, home, holds,
		    residential_store_hold(w->txn, a, row_text(w->txn, a, id)));
		return;
	case RESIDENTIAL_PART_VACANCY:
		APPEND(w->txn, home, vacancies,
		    residential_store_vacancy(w->txn, a, row_text(w->txn, a, id)));
		return;
	case RESIDENTIAL_PART_REVIEW: return;
	}
	kv_fail(w->txn, ERR_CORRUPT);
}

Residential__HomeShown *
residential_store_home(struct kv_txn *txn, struct arena *a, const char *home_id)
{
	Residential__HomeShown *home = new_home(a);
	struct kv_walk w;

	if (home == NULL) {
		kv_fail(txn, ERR_MEMORY);
		return NULL;
	}
	if (home_id == NULL)
		return NULL;
	for (kv_walk(txn, &w, RESIDENTIAL_HOMES, row_key(home_id), BYTES_NONE);
	     kv_next(&w);) {
		read_part(&w, a, home);
		if (txn->err != ERR_NONE) {
			kv_walk_end(&w);
			return NULL;
		}
	}
	return home->home == NULL ? NULL : home;
}

/* ---- pages ---- */

static bool
is_asked(const Residential__Vacancy *v, const Residential__VacanciesAsked *asked)
{
	if (!v->is_open)
		return false;
	return asked->council_id == NULL || str_equal(v->council_id, asked->council_id);
}

/* The vacancy a walk stands on: of all of them, or in a provider's index. */
static Residential__Vacancy *
vacancy_at(struct kv_walk *w, struct arena *a)
{
	if (w->prefix.len == 0)
		return row_at(w, a, &residential__vacancy__descriptor);
	struct bytes id = {w->key.data + w->prefix.len, w->key.len - w->prefix.len};
	return residential_store_vacancy(w->txn, a, row_text(w->txn, a, id));
}

enum err
residential_store_vacancies(struct kv_txn *txn, struct arena *a,
    const Residential__VacanciesAsked *asked, uint32_t limit,
    Residential__Vacancies *out)
{
	bool is_of_one = asked->provider_id != NULL;
	unsigned table = is_of_one ? RESIDENTIAL_PROVIDERS : RESIDENTIAL_VACANCIES;
	struct bytes prefix = BYTES_NONE;
	unsigned walked = 0;
	struct kv_walk w;

	out->vacancies = LIST_NEW(a, limit, Residential__Vacancy *);
	if (out->vacancies == NULL)
		return ERR_MEMORY;
	if (is_of_one)
		prefix = row_part_key(
		    txn, a, asked->provider_id, RESIDENTIAL_PART_VACANCY, NULL);
	struct bytes from = row_key_after(txn, a, prefix, asked->after_id);
	for (kv_walk(txn, &w, table, prefix, from); kv_next(&w);) {
		size_t mark = a->used;
		Residential__Vacancy *v = vacancy_at(&w, a);
		if (v == NULL)
			kv_fail(txn, ERR_CORRUPT);
		bool is_last = ++walked == VACANCIES_WALKED_MAX;
		bool is_wanted = v != NULL && is_asked(v, asked);
		if (is_wanted)
			out->vacancies[out->n_vacancies++] = v;
		if (v != NULL && (is_last || out->n_vacancies == limit)) {
			out->next_id = v->vacancy_id;
			kv_walk_end(&w);
			break;
		}
		if (!is_wanted)
			arena_release(a, mark);
	}
	return txn->err;
}

enum err
residential_store_homes(struct kv_txn *txn, struct arena *a, const char *provider_id,
    const Residential__HomesAsked *asked, Residential__Homes *out)
{
	struct bytes prefix =
	    row_part_key(txn, a, provider_id, RESIDENTIAL_PART_HOME, NULL);
	struct bytes from = row_key_after(txn, a, prefix, asked->after_id);
	struct kv_walk w;

	out->homes = LIST_NEW(a, asked->limit, Residential__Home *);
	if (out->homes == NULL)
		return ERR_MEMORY;
	for (kv_walk(txn, &w, RESIDENTIAL_PROVIDERS, prefix, from); kv_next(&w);) {
		struct bytes id = {w.key.data + prefix.len, w.key.len - prefix.len};
		Residential__Home *h = home_row(txn, a, row_text(txn, a, id));
		if (h == NULL) {
			kv_fail(txn, ERR_CORRUPT);
			kv_walk_end(&w);
			break;
		}
		out->homes[out->n_homes++] = h;
		if (out->n_homes == asked->limit) {
			out->next_id = h->home_id;
			kv_walk_end(&w);
			break;
		}
	}
	return txn->err;
}
