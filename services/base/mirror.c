#include "base/mirror.h"

#include <string.h>

#include "base/bytes.h"
#include "base/row.h"

static size_t
slots_of(const struct mirror_spec *spec)
{
	size_t n = 2;

	while (n < 2 * spec->most)
		n *= 2;
	return n;
}

size_t
mirror_room(const struct mirror_spec *spec)
{
	/* And what alignment and fences may add. */
	return spec->most * spec->bytes + slots_of(spec) * sizeof(uint32_t) + 4096;
}

enum err
mirror_open(struct mirror *m, const struct mirror_spec *spec, struct arena *memory)
{
	*m = (struct mirror){.spec = spec, .slots_n = slots_of(spec)};
	m->list = arena_take_raw(memory, spec->most * spec->bytes);
	m->slots = arena_take(memory, m->slots_n * sizeof(uint32_t));
	return m->list == NULL || m->slots == NULL ? ERR_MEMORY : ERR_NONE;
}

void
mirror_note(
    struct kv_txn *txn, const struct mirror_spec *spec, const char *id, uint64_t number)
{
	struct bytes before, name = row_key(id);
	uint8_t key[8];

	if (kv_get(txn, spec->changed, name, &before) && before.len == sizeof(key)) {
		memcpy(key, before.data, sizeof(key)); /* the next write moves it */
		kv_delete(txn, spec->changes, (struct bytes){key, sizeof(key)});
	}
	bytes_put_u64(key, number);
	kv_put(txn, spec->changed, name, (struct bytes){key, sizeof(key)});
	kv_put(txn, spec->changes, (struct bytes){key, sizeof(key)}, name);
}

/* ---- in memory ---- */

/* An id is three words and two letters more: compared and mixed as such. */
static uint64_t
hash_of(const struct id *id)
{
	uint64_t words[4] = {0};

	memcpy(words, id->text, ID_LEN);
	for (size_t i = 1; i < 4; i++)
		words[i] = (words[i] ^ words[i - 1] ^ words[i - 1] >> 29) *
		           UINT64_C(0x9e3779b97f4a7c15);
	return words[3] ^ words[3] >> 32;
}

/* The slot that holds this id, or the empty one where it would stand. */
static uint32_t *
slot_of(const struct mirror *m, const struct id *id)
{
	for (uint64_t i = hash_of(id);; i++) {
		uint32_t *slot = &m->slots[i & (m->slots_n - 1)];
		if (*slot == 0 || memcmp(mirror_at(m, *slot - 1), id, ID_LEN) == 0)
			return slot;
	}
}

size_t
mirror_find(const struct mirror *m, const struct id *id)
{
	return *slot_of(m, id) - (size_t)1;
}

enum err
mirror_put(struct mirror *m, const struct id *id, const ProtobufCMessage *row)
{
	uint32_t *slot = slot_of(m, id);

	if (*slot == 0 && m->n == m->spec->most)
		return ERR_MEMORY;
	if (*slot == 0)
		*slot = (uint32_t)++m->n;
	uint8_t *out = m->list + (size_t)(*slot - 1) * m->spec->bytes;
	memset(out, 0, m->spec->bytes);
	m->spec->boil(row, out);
	memcpy(out, id, sizeof(*id));
	return ERR_NONE;
}

/* The id that a key or value is; false where it is none. */
static bool
take_id(struct bytes from, struct id *out)
{
	*out = (struct id){0};
	if (from.len != ID_LEN)
		return false;
	memcpy(out->text, from.data, ID_LEN);
	return true;
}

void
mirror_clear(struct mirror *m)
{
	if (m->n > 0)
		memset(m->slots, 0, m->slots_n * sizeof(uint32_t));
	m->n = 0;
}

static enum err
read_all(struct mirror *m, struct kv_txn *txn, struct arena *scratch)
{
	struct kv_walk w;
	enum err e = ERR_NONE;

	mirror_clear(m);
	kv_walk(txn, &w, m->spec->rows, BYTES_NONE, BYTES_NONE);
	while (e == ERR_NONE && kv_next(&w)) {
		size_t mark = scratch->used;
		const ProtobufCMessage *row = row_at(&w, scratch, m->spec->type);
		struct id id;
		if (row == NULL)
			break;
		e = take_id(w.key, &id) ? mirror_put(m, &id, row) : ERR_CORRUPT;
		arena_release(scratch, mark);
	}
	kv_walk_end(&w);
	return e != ERR_NONE ? e : txn->err;
}

static enum err
read_changes(struct mirror *m, struct kv_txn *txn, struct arena *scratch)
{
	struct kv_walk w;
	uint8_t from[8];
	enum err e = ERR_NONE;

	bytes_put_u64(from, m->number + 1);
	kv_walk(
	    txn, &w, m->spec->changes, BYTES_NONE, (struct bytes){from, sizeof(from)});
	while (e == ERR_NONE && kv_next(&w)) {
		size_t mark = scratch->used;
		const ProtobufCMessage *row =
		    row_get(txn, scratch, m->spec->rows, w.value, m->spec->type);
		struct id id;
		/* The one is written with the other. */
		if (row == NULL)
			e = txn->err != ERR_NONE ? txn->err : ERR_CORRUPT;
		else
			e = take_id(w.value, &id) ? mirror_put(m, &id, row)
			                          : ERR_CORRUPT;
		arena_release(scratch, mark);
	}
	kv_walk_end(&w);
	return e != ERR_NONE ? e : txn->err;
}

enum err
mirror_catch_up(struct mirror *m, struct kv_txn *txn, struct arena *scratch,
    uint64_t number, uint64_t incarnation)
{
	bool is_same = incarnation == m->incarnation;
	enum err e;

	if (is_same && number == m->number)
		return ERR_NONE;
	if (is_same && number > m->number && m->number > 0)
		e = read_changes(m, txn, scratch);
	else
		e = read_all(m, txn, scratch);
	/* Whatever was read in part is read again from the start. */
	m->number = e == ERR_NONE ? number : 0;
	m->incarnation = e == ERR_NONE ? incarnation : 0;
	return e;
}
