#include "matching/homes.h"

#include <string.h>

#include "base/message.h"
#include "base/row.h"
#include "matching/store.h"

/* The first home whose id is not before this one; homes->n where all are. */
static size_t
place_of(const struct homes *homes, const char *vacancy_id)
{
	size_t low = 0, high = homes->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(homes_at(homes, middle)->vacancy_id, vacancy_id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct matching_home *
homes_find(const struct homes *homes, const char *vacancy_id)
{
	size_t i = place_of(homes, vacancy_id);

	if (i == homes->n || strcmp(homes_at(homes, i)->vacancy_id, vacancy_id) != 0)
		return NULL;
	return homes_at(homes, i);
}

static enum err
make_room(struct homes *homes)
{
	size_t block = homes->n / HOMES_A_BLOCK;

	if (block >= HOMES_BLOCKS_MAX)
		return ERR_MEMORY;
	if (homes->block[block] == NULL)
		homes->block[block] =
		    LIST_NEW(homes->memory, HOMES_A_BLOCK, struct matching_home);
	return homes->block[block] == NULL ? ERR_MEMORY : ERR_NONE;
}

bool
homes_put(struct homes *homes, const struct matching_home *home, enum err *e)
{
	size_t i = place_of(homes, home->vacancy_id);

	*e = ERR_NONE;
	if (i < homes->n &&
	    strcmp(homes_at(homes, i)->vacancy_id, home->vacancy_id) != 0)
		return false;
	if (i == homes->n) {
		*e = make_room(homes);
		if (*e != ERR_NONE)
			return true;
		homes->n++;
	}
	homes->block[i / HOMES_A_BLOCK][i % HOMES_A_BLOCK] = *home;
	return true;
}

static enum err
read_all(struct homes *homes, struct kv_txn *txn, struct arena *scratch)
{
	struct kv_walk w;
	enum err e = ERR_NONE;

	homes->n = 0;
	matching_store_walk_vacancies(txn, &w);
	while (e == ERR_NONE && kv_next(&w)) {
		struct matching_home home;
		size_t mark = scratch->used;
		const Foster__Vacancy *vacancy =
		    row_at(&w, scratch, &foster__vacancy__descriptor);
		if (vacancy == NULL)
			break;
		matching_home_of(vacancy, &home);
		arena_release(scratch, mark);
		/* Keys come in order: each belongs behind the last. */
		if (!homes_put(homes, &home, &e))
			e = ERR_CORRUPT;
	}
	kv_walk_end(&w);
	return e != ERR_NONE ? e : txn->err;
}

/* False where a new home belongs between two others. */
static bool
read_changes(
    struct homes *homes, struct kv_txn *txn, struct arena *scratch, enum err *e)
{
	struct matching_store_changes changes;
	const Foster__Vacancy *vacancy;
	bool in_place = true;
	size_t mark = scratch->used;

	*e = ERR_NONE;
	matching_store_walk_changes(txn, &changes, homes->number);
	while (*e == ERR_NONE && in_place &&
	       (vacancy = matching_store_next_change(&changes, scratch)) != NULL) {
		struct matching_home home;
		matching_home_of(vacancy, &home);
		arena_release(scratch, mark);
		in_place = homes_put(homes, &home, e);
	}
	kv_walk_end(&changes.walk);
	if (*e == ERR_NONE)
		*e = txn->err;
	return in_place;
}

enum err
homes_catch_up(struct homes *homes, struct kv_txn *txn, struct arena *scratch)
{
	const Journal__Cursor *cursor = matching_store_cursor(txn, scratch, "foster");
	uint64_t number = cursor == NULL ? 0 : cursor->number;
	uint64_t incarnation = cursor == NULL ? 0 : cursor->incarnation;
	bool is_same = incarnation == homes->incarnation;
	enum err e = txn->err;

	if (e != ERR_NONE || (is_same && number == homes->number))
		return e;
	bool is_patched = is_same && number > homes->number && homes->number > 0 &&
	                  read_changes(homes, txn, scratch, &e);
	if (e == ERR_NONE && !is_patched)
		e = read_all(homes, txn, scratch);
	/* Whatever was read in part is read again from the start. */
	homes->number = e == ERR_NONE ? number : 0;
	homes->incarnation = e == ERR_NONE ? incarnation : 0;
	return e;
}
