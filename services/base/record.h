#ifndef RCC_RECORD_H
#define RCC_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define RECORD_HASH_BYTES 32
#define RECORD_SALT_BYTES 16
/* With more the entry hash would need a second block of BLAKE2b; ids have 26. */
#define RECORD_COMMAND_ID_MAX 36

/*
 * The canonical bytes of one journal entry, read and written by hand because every
 * entry of every page passes here. On disk it is a journal.Record and within it a
 * journal.Body as protobuf-c would pack them; anything else that would mean the
 * same (another order, a field left out, one too many) is not a record.
 */
struct record_header {
	uint64_t number;
	int64_t time_ms;
	uint32_t type;
	uint64_t incarnation;
	struct bytes command_id;
};

/* Everything borrowed from the packed record. */
struct record {
	struct record_header header;
	const uint8_t *body_hash;
	struct bytes body; /* packed journal.Body: the two below */
	struct bytes event;
	struct bytes command; /* packed journal.CommandRecord; no data: none */
	const uint8_t *salt;
	const uint8_t *entry_hash;
};

/* False where these bytes are not a record. Hashes are not looked at. */
bool record_read(struct bytes packed, struct record *out);

/*
 * The record of an event that follows `previous`, in the arena; `entry_hash` gets
 * its place in the chain. Of `r` only header, event, command and salt are read.
 */
enum err record_write(struct arena *a, const uint8_t previous[RECORD_HASH_BYTES],
    const struct record *r, struct bytes *out,
    uint8_t entry_hash[RECORD_HASH_BYTES]) MUST_CHECK;

/* H(salt, body): BLAKE2b-256 of the packed body, keyed with the salt. */
void record_body_hash(const uint8_t salt[RECORD_SALT_BYTES], struct bytes body,
    uint8_t out[RECORD_HASH_BYTES]);

/*
 * BLAKE2b-256 of previous hash (32), number (8), time (8), type (4), incarnation (8),
 * command id, body hash (32); integers big-endian. The command id is at most
 * RECORD_COMMAND_ID_MAX long. `out` may be `previous`.
 */
void record_entry_hash(const uint8_t previous[RECORD_HASH_BYTES],
    const struct record_header *header, const uint8_t body_hash[RECORD_HASH_BYTES],
    uint8_t out[RECORD_HASH_BYTES]);

/* Does this entry hold: its body under its salt, and its place after `previous`? */
bool record_body_holds(const struct record *r);
bool record_follows(const struct record *r, const uint8_t previous[RECORD_HASH_BYTES]);

#endif
