#include "matching/homes.h"

#include <string.h>

#include "base/message.h"
#include "base/row.h"

enum err
homes_open(struct homes *homes, enum matching_owner owner, struct arena *memory)
{
	*homes = (struct homes){
	    .owner = owner,
	    .home = arena_take_raw(memory, HOMES_MAX * sizeof(homes->home[0])),
	    .lanes = arena_take_raw(
		memory, HOMES_MAX / MATCHING_LANES * sizeof(homes->lanes[0])),
	    .by_id = arena_take_raw(memory, HOMES_MAX * sizeof(homes->by_id[0])),
	};
	return memory->is_full ? ERR_MEMORY : ERR_NONE;
}

static const char *
id_at(const struct homes *homes, size_t place)
{
	return homes->home[homes->by_id[place]].vacancy_id;
}

/* Among the ids, the first that is not before this one; homes->n where all are. */
static size_t
place_of(const struct homes *homes, const char *vacancy_id)
{
	size_t low = 0, high = homes->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(id_at(homes, middle), vacancy_id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct matching_home *
homes_find(const struct homes *homes, const char *vacancy_id)
{
	size_t place = place_of(homes, vacancy_id);

	if (place == homes->n || strcmp(id_at(homes, place), vacancy_id) != 0)
		return NULL;
	return &homes->home[homes->by_id[place]];
}

enum err
homes_put(struct homes *homes, const struct matching_home *home)
{
	size_t place = place_of(homes, home->vacancy_id);
	uint32_t at;

	if (place == homes->n || strcmp(id_at(homes, place), home->vacancy_id) != 0) {
		uint32_t *order = &homes->by_id[place];
		if (homes->n == HOMES_MAX)
			return ERR_MEMORY;
		memmove(order + 1, order, (homes->n - place) * sizeof(*order));
		*order = (uint32_t)homes->n++;
	}
	at = homes->by_id[place];
	homes->home[at] = *home;
	matching_lanes_put(
	    &homes->lanes[at / MATCHING_LANES], at % MATCHING_LANES, &home->facts);
	return ERR_NONE;
}

static enum err
put_vacancy(struct homes *homes, const void *vacancy)
{
	struct matching_home home;

	switch (homes->owner) {
	case MATCHING_FOSTER: matching_home_of_foster(vacancy, &home); break;
	case MATCHING_RESIDENTIAL: matching_home_of_residential(vacancy, &home); break;
	case MATCHING_OWNERS: return ERR_INTERNAL;
	}
	return homes_put(homes, &home);
}

static enum err
read_all(struct homes *homes, struct kv_txn *txn, struct arena *scratch)
{
	struct kv_walk w;
	const void *vacancy;
	enum err e = ERR_NONE;
	size_t mark = scratch->used;

	homes->n = 0;
	matching_store_walk_vacancies(txn, &w, homes->owner);
	while (e == ERR_NONE && kv_next(&w)) {
		vacancy = matching_store_vacancy_at(&w, scratch, homes->owner);
		if (vacancy == NULL)
			break;
		e = put_vacancy(homes, vacancy);
		arena_release(scratch, mark);
	}
	kv_walk_end(&w);
	return e != ERR_NONE ? e : txn->err;
}

static enum err
read_changes(struct homes *homes, struct kv_txn *txn, struct arena *scratch)
{
	struct matching_store_changes changes;
	const void *vacancy;
	enum err e = ERR_NONE;
	size_t mark = scratch->used;

	matching_store_walk_changes(txn, &changes, homes->owner, homes->number);
	while (e == ERR_NONE &&
	       (vacancy = matching_store_next_change(&changes, scratch)) != NULL) {
		e = put_vacancy(homes, vacancy);
		arena_release(scratch, mark);
	}
	kv_walk_end(&changes.walk);
	return e != ERR_NONE ? e : txn->err;
}

enum err
homes_catch_up(struct homes *homes, struct kv_txn *txn, struct arena *scratch)
{
	const Journal__Cursor *cursor =
	    matching_store_cursor(txn, scratch, matching_store_owner(homes->owner));
	uint64_t number = cursor == NULL ? 0 : cursor->number;
	uint64_t incarnation = cursor == NULL ? 0 : cursor->incarnation;
	bool is_same = incarnation == homes->incarnation;
	enum err e = txn->err;

	if (e != ERR_NONE || (is_same && number == homes->number))
		return e;
	if (is_same && number > homes->number && homes->number > 0)
		e = read_changes(homes, txn, scratch);
	else
		e = read_all(homes, txn, scratch);
	/* Whatever was read in part is read again from the start. */
	homes->number = e == ERR_NONE ? number : 0;
	homes->incarnation = e == ERR_NONE ? incarnation : 0;
	return e;
}
