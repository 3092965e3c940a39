#include "foster/store.h"

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

/* More rows of one kind than a household can have. */
#define HOME_ROWS_MAX 64
/* Rows looked at for one page of vacancies. */
#define VACANCIES_WALKED_MAX 2000

const struct svc_table_spec foster_store_tables[FOSTER_TABLES] = {
    [FOSTER_HOMES - SVC_TABLES] = {.name = "homes"},
    [FOSTER_VACANCIES - SVC_TABLES] = {.name = "vacancies"},
    [FOSTER_HOLDS - SVC_TABLES] = {.name = "holds"},
    [FOSTER_PLACEMENTS - SVC_TABLES] = {.name = "placements"},
    [FOSTER_OWNERS - SVC_TABLES] = {.name = "owners"},
    [FOSTER_PROVIDERS - SVC_TABLES] = {.name = "providers"},
};

/* ---- one row ---- */

static void *
row_of(struct kv_txn *txn, struct arena *a, unsigned table, const char *id,
    const ProtobufCMessageDescriptor *type)
{
	return id == NULL ? NULL : row_get(txn, a, table, row_key(id), type);
}

Foster__Household *
foster_store_household(struct kv_txn *txn, struct arena *a, const char *household_id)
{
	if (household_id == NULL)
		return NULL;
	return row_get(txn, a, FOSTER_HOMES,
	    row_part_key(txn, a, household_id, FOSTER_PART_HOUSEHOLD, NULL),
	    &foster__household__descriptor);
}

Foster__Vacancy *
foster_store_vacancy(struct kv_txn *txn, struct arena *a, const char *vacancy_id)
{
	return row_of(
	    txn, a, FOSTER_VACANCIES, vacancy_id, &foster__vacancy__descriptor);
}

Foster__HoldRow *
foster_store_hold(struct kv_txn *txn, struct arena *a, const char *hold_id)
{
	return row_of(txn, a, FOSTER_HOLDS, hold_id, &foster__hold_row__descriptor);
}

Foster__PlacementRow *
foster_store_placement(struct kv_txn *txn, struct arena *a, const char *placement_id)
{
	return row_of(txn, a, FOSTER_PLACEMENTS, placement_id,
	    &foster__placement_row__descriptor);
}

const char *
foster_store_owner(struct kv_txn *txn, struct arena *a, const char *id)
{
	struct bytes value;

	if (id == NULL || !kv_get(txn, FOSTER_OWNERS, row_key(id), &value))
		return NULL;
	return row_text(txn, a, value);
}

bool
foster_store_is_published(
    struct kv_txn *txn, struct arena *a, const Foster__Vacancy *vacancy)
{
	return row_is(
	    txn, a, FOSTER_VACANCIES, row_key(vacancy->vacancy_id), &vacancy->base);
}

bool
foster_store_is_counted(
    struct kv_txn *txn, struct arena *a, const Foster__PlacesCounted *counted)
{
	return row_is(txn, a, FOSTER_HOMES,
	    row_part_key(txn, a, counted->household_id, FOSTER_PART_COUNT, NULL),
	    &counted->base);
}

bool
foster_store_review_day(
    struct kv_txn *txn, struct arena *a, const char *household_id, int32_t *day)
{
	const Foster__HouseholdReviewed *last = row_get(txn, a, FOSTER_HOMES,
	    row_part_key(txn, a, household_id, FOSTER_PART_REVIEW, NULL),
	    &foster__household_reviewed__descriptor);

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
foster_store_taken_time(
    struct kv_txn *txn, struct arena *a, const Foster__HouseholdShown *home)
{
	int64_t last = 0;

	for (size_t i = 0; i < home->n_holds; i++)
		see_time(&last, home->holds[i]->granted_time);
	for (size_t i = 0; i < home->n_occupants; i++) {
		const Foster__PlacementRow *placement =
		    foster_store_placement(txn, a, home->occupants[i]->placement_id);
		const Foster__HoldRow *hold =
		    placement == NULL ? NULL
				      : foster_store_hold(txn, a, placement->hold_id);
		if (hold != NULL)
			see_time(&last, hold->changed_time);
	}
	return last;
}

/* ---- one household, whole ---- */

/* The lists of a home while its rows are read. */
struct reading {
	struct kv_txn *txn;
	struct arena *arena;
	Foster__HouseholdShown *home;
};

static Foster__HouseholdShown *
new_home(struct arena *a)
{
	Foster__HouseholdShown *home = MESSAGE_NEW(a, foster__household_shown);

	if (home == NULL)
		return NULL;
	home->occupants = LIST_NEW(a, HOME_ROWS_MAX, Foster__Occupant *);
	home->withheld = LIST_NEW(a, HOME_ROWS_MAX, Foster__Withheld *);
	home->exemptions = LIST_NEW(a, HOME_ROWS_MAX, Foster__Exemption *);
	home->holds = LIST_NEW(a, HOME_ROWS_MAX, Foster__HoldRow *);
	if (home->occupants == NULL || home->withheld == NULL ||
	    home->exemptions == NULL || home->holds == NULL)
		return NULL;
	return home;
}

/* The row is where a list of this length goes on; NULL when it is full or the row
 * is not one. */
static void *
listed(struct reading *r, const struct kv_walk *w, size_t n,
    const ProtobufCMessageDescriptor *type)
{
	void *row = n < HOME_ROWS_MAX ? row_at(w, r->arena, type) : NULL;

	if (row == NULL)
		kv_fail(r->txn, ERR_CORRUPT);
	return row;
}

static void
read_hold(struct reading *r, struct bytes id)
{
	Foster__HouseholdShown *home = r->home;
	const char *hold_id = row_text(r->txn, r->arena, id);
	Foster__HoldRow *row = foster_store_hold(r->txn, r->arena, hold_id);

	if (row == NULL || home->n_holds == HOME_ROWS_MAX) {
		kv_fail(r->txn, ERR_CORRUPT);
		return;
	}
	home->holds[home->n_holds++] = row;
}

static void
read_part(struct reading *r, const struct kv_walk *w)
{
	Foster__HouseholdShown *home = r->home;
	enum foster_part part = (enum foster_part)w->key.data[w->prefix.len];
	struct bytes id = {
	    w->key.data + w->prefix.len + 1, w->key.len - w->prefix.len - 1};

	switch (part) {
	case FOSTER_PART_HOUSEHOLD:
		home->household = row_at(w, r->arena, &foster__household__descriptor);
		return;
	case FOSTER_PART_OCCUPANT:
		home->occupants[home->n_occupants] =
		    listed(r, w, home->n_occupants, &foster__occupant__descriptor);
		home->n_occupants += home->n_occupants < HOME_ROWS_MAX;
		return;
	case FOSTER_PART_WITHHELD:
		home->withheld[home->n_withheld] =
		    listed(r, w, home->n_withheld, &foster__withheld__descriptor);
		home->n_withheld += home->n_withheld < HOME_ROWS_MAX;
		return;
	case FOSTER_PART_EXEMPTION:
		home->exemptions[home->n_exemptions] =
		    listed(r, w, home->n_exemptions, &foster__exemption__descriptor);
		home->n_exemptions += home->n_exemptions < HOME_ROWS_MAX;
		return;
	case FOSTER_PART_LIVE_HOLD: read_hold(r, id); return;
	case FOSTER_PART_VACANCY:
		home->vacancy = foster_store_vacancy(
		    r->txn, r->arena, row_text(r->txn, r->arena, w->value));
		return;
	case FOSTER_PART_COUNT:
	case FOSTER_PART_REVIEW: return;
	}
	kv_fail(r->txn, ERR_CORRUPT);
}

Foster__HouseholdShown *
foster_store_home(struct kv_txn *txn, struct arena *a, const char *household_id)
{
	struct reading r = {txn, a, new_home(a)};
	struct kv_walk w;

	if (r.home == NULL) {
		kv_fail(txn, ERR_MEMORY);
		return NULL;
	}
	if (household_id == NULL)
		return NULL;
	for (kv_walk(txn, &w, FOSTER_HOMES, row_key(household_id), BYTES_NONE);
	     kv_next(&w);) {
		read_part(&r, &w);
		if (txn->err != ERR_NONE) {
			kv_walk_end(&w);
			return NULL;
		}
	}
	return r.home->household == NULL ? NULL : r.home;
}

/* ---- pages ---- */

static bool
is_asked(const Foster__Vacancy *v, const Foster__VacanciesAsked *asked)
{
	if (!v->is_open)
		return false;
	return asked->council_id == NULL || str_equal(v->council_id, asked->council_id);
}

/* The vacancy a walk stands on: of all of them, or in a provider's index. */
static Foster__Vacancy *
vacancy_at(struct kv_walk *w, struct arena *a)
{
	if (w->prefix.len == 0)
		return row_at(w, a, &foster__vacancy__descriptor);
	struct bytes id = {w->key.data + w->prefix.len, w->key.len - w->prefix.len};
	return foster_store_vacancy(w->txn, a, row_text(w->txn, a, id));
}

enum err
foster_store_vacancies(struct kv_txn *txn, struct arena *a,
    const Foster__VacanciesAsked *asked, uint32_t limit, Foster__Vacancies *out)
{
	bool is_of_one = asked->provider_id != NULL;
	unsigned table = is_of_one ? FOSTER_PROVIDERS : FOSTER_VACANCIES;
	struct bytes prefix = BYTES_NONE;
	unsigned walked = 0;
	struct kv_walk w;

	out->vacancies = LIST_NEW(a, limit, Foster__Vacancy *);
	if (out->vacancies == NULL)
		return ERR_MEMORY;
	if (is_of_one)
		prefix =
		    row_part_key(txn, a, asked->provider_id, FOSTER_PART_VACANCY, NULL);
	struct bytes from = row_key_after(txn, a, prefix, asked->after_id);
	for (kv_walk(txn, &w, table, prefix, from); kv_next(&w);) {
		size_t mark = a->used;
		Foster__Vacancy *v = vacancy_at(&w, a);
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
foster_store_households(struct kv_txn *txn, struct arena *a, const char *provider_id,
    const Foster__HouseholdsAsked *asked, Foster__Households *out)
{
	struct bytes prefix =
	    row_part_key(txn, a, provider_id, FOSTER_PART_HOUSEHOLD, NULL);
	struct bytes from = row_key_after(txn, a, prefix, asked->after_id);
	struct kv_walk w;

	out->households = LIST_NEW(a, asked->limit, Foster__Household *);
	if (out->households == NULL)
		return ERR_MEMORY;
	for (kv_walk(txn, &w, FOSTER_PROVIDERS, prefix, from); kv_next(&w);) {
		struct bytes id = {w.key.data + prefix.len, w.key.len - prefix.len};
		Foster__Household *h =
		    foster_store_household(txn, a, row_text(txn, a, id));
		if (h == NULL) {
			kv_fail(txn, ERR_CORRUPT);
			kv_walk_end(&w);
			break;
		}
		out->households[out->n_households++] = h;
		if (out->n_households == asked->limit) {
			out->next_id = h->household_id;
			kv_walk_end(&w);
			break;
		}
	}
	return txn->err;
}
