#ifndef RCC_ROW_H
#define RCC_ROW_H

#include <stdbool.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/kv.h"

/*
 * Rows that are messages. Errors latch in the transaction: ERR_CORRUPT where
 * stored bytes do not unpack, ERR_MEMORY at the arena's cap.
 */
void row_put(struct kv_txn *txn, struct arena *scratch, unsigned table,
    struct bytes key, const ProtobufCMessage *row);
/* NULL when absent (or the transaction has failed). */
void *row_get(struct kv_txn *txn, struct arena *a, unsigned table, struct bytes key,
    const ProtobufCMessageDescriptor *type);
/* The row a walk stands on; NULL when it does not unpack. */
void *row_at(
    const struct kv_walk *w, struct arena *a, const ProtobufCMessageDescriptor *type);

/* Is the row there this one, to the byte? */
bool row_is(struct kv_txn *txn, struct arena *scratch, unsigned table, struct bytes key,
    const ProtobufCMessage *row);

/* The commonest key: an id or a code as text. */
struct bytes row_key(const char *id);
/* Two of them, joined by a NUL, in the arena: row_key2(a, household_id, "") is the
 * prefix of "all of this household's occupants". */
struct bytes row_key2(struct arena *a, const char *first, const char *second);

/*
 * Tables that hold all of one thing side by side, so that one walk reads it: its id,
 * then a letter that says which kind of row, then that row's own id, which may be
 * NULL. Latches ERR_MEMORY, and ERR_CORRUPT where there is no first id.
 */
struct bytes row_part_key(
    struct kv_txn *txn, struct arena *a, const char *first, char part, const char *id);
/* Where a walk of `prefix` goes on behind this id; from its start without one. Latches
 * ERR_MEMORY. */
struct bytes row_key_after(
    struct kv_txn *txn, struct arena *a, struct bytes prefix, const char *after_id);
/* A key or value, or part of one, as text in the arena. Latches ERR_MEMORY. */
char *row_text(struct kv_txn *txn, struct arena *a, struct bytes b);

#endif
