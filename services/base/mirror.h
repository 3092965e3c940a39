#ifndef RCC_MIRROR_H
#define RCC_MIRROR_H

#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/kv.h"

/*
 * A followed table whose rows are messages, each boiled down to a fixed number of
 * bytes, in memory: what a question looks through when it has to look at all of them.
 * A copy of a copy: it says how far it had followed, and a question first brings it up
 * to where the store is in that question's own transaction. Beside the rows the store
 * keeps two tables that say what changed since:
 *
 *   rows      key: id                    row: whatever `type` says; never deleted
 *   changes   key: number in the source's journal, 8 bytes big-endian
 *             value: id. One an id: its last change
 *             00000000000001f4 -> 01jd5r0000aaaaaaaaaaaaaaaa
 *   changed   key: id                    value: that number, 8 bytes
 */
struct mirror_spec {
	unsigned rows, changes, changed; /* tables */
	const ProtobufCMessageDescriptor *type;
	size_t bytes; /* of one boiled down; it begins with its struct id */
	size_t most;  /* of them: address space, touched as it is used */
	void (*boil)(const ProtobufCMessage *row, void *out); /* out is zeroed */
};

struct mirror {
	const struct mirror_spec *spec;
	uint8_t *list; /* as they came */
	size_t n;
	uint32_t *slots; /* by id: where it stands in the list, from 1; 0: nothing */
	size_t slots_n;  /* a power of two, over twice the most */
	uint64_t number, incarnation; /* of the source's journal: what this is as of */
};

/* Address space that one needs; ask the arena for it all before. */
size_t mirror_room(const struct mirror_spec *spec);
enum err mirror_open(
    struct mirror *m, const struct mirror_spec *spec, struct arena *memory) MUST_CHECK;

/* For apply: the row with this id changed by the event of this number. */
void mirror_note(struct kv_txn *txn, const struct mirror_spec *spec, const char *id,
    uint64_t number);

/*
 * Reads what changed since, or everything where that cannot be told (another
 * incarnation, a store that is behind). `number` and `incarnation` are those of the
 * source's cursor in this transaction. ERR_MEMORY beyond the most.
 */
enum err mirror_catch_up(struct mirror *m, struct kv_txn *txn, struct arena *scratch,
    uint64_t number, uint64_t incarnation) MUST_CHECK;

/* Boils a row down over the one with its id, or as a new one. */
enum err mirror_put(
    struct mirror *m, const struct id *id, const ProtobufCMessage *row) MUST_CHECK;

/* Empty again. */
void mirror_clear(struct mirror *m);

/* The i-th of m->n, as they came. */
static inline const void *
mirror_at(const struct mirror *m, size_t i)
{
	return m->list + i * m->spec->bytes;
}
/* Where the one with this id stands in the list; SIZE_MAX where there is none. */
size_t mirror_find(const struct mirror *m, const struct id *id);

#endif
