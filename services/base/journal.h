#ifndef RCC_JOURNAL_H
#define RCC_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/kv.h"

#include "common.pb-c.h"
#include "journal.pb-c.h"

#define JOURNAL_HASH_BYTES 32
#define JOURNAL_SALT_BYTES 16
#define JOURNAL_EPOCH_FIRST 1
#define JOURNAL_INBOX_DAYS 30
#define JOURNAL_PAGE_BYTES_MIN 4096
#define JOURNAL_PAGE_BYTES_MAX 65536
/* Numbers below 10 in the event oneof of every service are base's own: common.Refused,
 * and common.Witnessed in those that follow others. */
#define JOURNAL_TYPE_REFUSED 1
#define JOURNAL_TYPE_WITNESSED 2
#define JOURNAL_TYPE_FIRST 10

/*
 * The hash-chained journal of one service, and its inbox: the first engine, LMDB,
 * in the same transaction as the tables. Its three tables have fixed places in
 * every service's store.
 *
 *   journal  key: number, 8 bytes big-endian      value: journal.Record, packed
 *            0000000000000001 -> first entry
 *   inbox    key: message id (26) then H(caller key, user id) (16 bytes)
 *            value: digest (32), number of the entry with the answer (8)
 *   meta     key: "head" -> number (8), hash (32), time (8), incarnation (8),
 *            epoch (8), check (16: BLAKE2b of the 64 before it);
 *            "layout" -> version of the service's tables (4)
 *            "restored" -> head's number when it was restored (8), when (8); gone
 *            when what a restored store waits for has been seen
 */
enum journal_table { JOURNAL_TABLE, JOURNAL_INBOX_TABLE, JOURNAL_META_TABLE };
#define JOURNAL_TABLE_NAME "journal"
#define JOURNAL_INBOX_TABLE_NAME "inbox"
#define JOURNAL_META_TABLE_NAME KV_ROOT_TABLE
/* For who opens a store to read its journal alone. */
#define JOURNAL_TABLES_N 3
extern const char *const journal_tables[JOURNAL_TABLES_N];

struct journal_head {
	uint64_t number; /* 0 while empty */
	uint8_t hash[JOURNAL_HASH_BYTES];
	int64_t time_ms;
	uint64_t incarnation;
	uint64_t epoch;
};

/* One event to be appended. */
struct journal_entry {
	uint32_t type;
	struct bytes event; /* packed */
	const char *command_id;
	uint8_t salt[JOURNAL_SALT_BYTES];
	const Journal__CommandRecord
	    *command; /* in a command's last entry, else NULL */
};

struct journal_batch {
	const struct journal_entry *entries;
	size_t n;
	int64_t time_ms;
};

/*
 * First use writes an empty head with this incarnation (random, not zero). Later
 * ones see that the last entry is the head: ERR_CORRUPT where it is not.
 */
enum err journal_open(struct kv_txn *txn, uint64_t incarnation) MUST_CHECK;
void journal_read_head(struct kv_txn *txn, struct journal_head *out);

/*
 * Appends all or nothing, and the inbox row of each command record that bears a
 * caller's key (a reaction and a timer have none). `head` is the one expected, and is
 * moved to the one there is now. Errors latch in the transaction; ERR_CORRUPT where it
 * was not the head or the epoch is not the writer's:
 * somebody else wrote. ERR_INTERNAL where the time runs behind the last entry, a
 * type is zero or a command id is not one.
 */
enum err journal_append(struct kv_txn *txn, struct arena *scratch,
    const struct journal_batch *batch, struct journal_head *head,
    uint64_t epoch) MUST_CHECK;

/* What the inbox knows of a command. */
struct journal_seen {
	bool is_known;
	uint8_t digest[JOURNAL_HASH_BYTES];
	struct bytes answer; /* packed envelope less its ids; in the arena */
	uint32_t refused_number;
};
/* ERR_CORRUPT where the inbox names an entry that is not that command's. */
enum err journal_seen(struct kv_txn *txn, struct arena *a, struct bytes caller_key,
    const char *user_id, const char *message_id, struct journal_seen *out) MUST_CHECK;
/* Forgets inbox rows older than 30 days, at most `most` of them. */
void journal_expire_inbox(struct kv_txn *txn, int64_t now_ms, unsigned most);
/* The digest of a command: method, acting organisation, body. */
void journal_digest(uint32_t method, const char *organisation_id, struct bytes body,
    uint8_t out[JOURNAL_HASH_BYTES]);

/* Which of the owner's events a follower gets; and withheld fields. */
struct journal_filter {
	const void *context;
	/* The packed event as this follower may have it, in the arena; BYTES_NONE
	 * with *is_sent false where it is withheld. */
	enum err (*pass)(const void *context, struct arena *a, uint32_t type,
	    struct bytes event, struct bytes *out, bool *is_sent);
};

/*
 * A page after `asked`, at most asked.page_bytes (bounded) of entries, and one entry
 * however large where there is one. Without a filter everything is sent. Events and
 * hashes are borrowed from the store: pack the page before the transaction ends.
 */
enum err journal_page(struct kv_txn *txn, struct arena *a,
    const Journal__EventsAsked *asked, const struct journal_filter *filter,
    Journal__EventsPage **out) MUST_CHECK;

/*
 * Does this page continue the chain at (number, hash)? Checks numbers and hashes
 * entry by entry; moves number and hash to the last good one. Bodies are not
 * unpacked. ERR_CORRUPT where it does not. An altered header or body hash comes out
 * as another hash, which the owner will not know when asked to go on from it.
 */
enum err journal_check_page(const Journal__EventsPage *page, uint64_t *number,
    uint8_t hash[JOURNAL_HASH_BYTES]) MUST_CHECK;

/* The hash of an entry, from that of the one before it: `hash` is moved on. */
void journal_entry_hash(const Journal__Entry *entry, uint8_t hash[JOURNAL_HASH_BYTES]);

/*
 * Walks every entry in order, checked against the chain and its own body hash, and
 * at the end against the head. Begin it after kv_begin; leave it early with
 * kv_walk_end(&w.rows).
 */
struct journal_walk {
	struct kv_walk rows;
	uint64_t number; /* of the entry below, or of the one that is bad */
	uint8_t hash[JOURNAL_HASH_BYTES];
	const Journal__Record
	    *record; /* in the arena given to next, and in the store */
	const Journal__Body *body;
	const char *bad; /* what is wrong with it, when the walk ended early */
	uint64_t from;
	bool is_started;
};
void journal_walk(struct kv_txn *txn, struct journal_walk *w, uint64_t from);
/* False at the end, or with `bad` set at the first entry that does not hold, or with
 * a fault latched in the transaction. */
bool journal_next(struct journal_walk *w, struct arena *a);

/* ---- another life of a journal ---- */

struct journal_restored {
	uint64_t number; /* the last entry brought back */
	int64_t time_ms;
};

/*
 * From here on the journal is another one than whoever followed it knew: entries keep
 * the incarnation they were written under, the head and all new ones bear this one
 * (random, below 2^63, not zero), so no follower's cursor is known any more. Marks the
 * store as restored. ERR_INTERNAL where the incarnation is the one it had.
 */
enum err journal_restore(
    struct kv_txn *txn, uint64_t incarnation, int64_t now_ms) MUST_CHECK;
/* Is it marked so? */
bool journal_is_restored(struct kv_txn *txn, struct journal_restored *out);
void journal_clear_restored(struct kv_txn *txn);

/*
 * Appends an entry that was written before, elsewhere, exactly as it was: header,
 * event, command and salt of the record and body, which must come out with the same
 * entry hash. ERR_MALFORMED where they do not: it is not the entry that follows here.
 * The inbox is left to rebuilding.
 */
enum err journal_take(struct kv_txn *txn, struct arena *scratch,
    const Journal__Record *record, const Journal__Body *body) MUST_CHECK;

/* Puts one entry's inbox row back (rebuilding). */
void journal_rebuild_inbox(
    struct kv_txn *txn, const Journal__Record *record, const Journal__Body *body);

#endif
