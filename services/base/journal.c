#include "base/journal.h"

#include "base/id.h"
#include "base/message.h"
#include "base/record.h"
#include "base/str.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define HEAD_BYTES (8 + JOURNAL_HASH_BYTES + 8 + 8 + 8)
#define CHECK_BYTES 16
#define CALLER_BYTES 16
#define INBOX_KEY_BYTES (ID_LEN + CALLER_BYTES)
#define INBOX_BYTES (JOURNAL_HASH_BYTES + 8)
#define RESTORED_BYTES (8 + 8)
#define DAY_MS (24ll * 3600 * 1000)

static_assert(JOURNAL_HASH_BYTES == RECORD_HASH_BYTES, "one hash");
static_assert(JOURNAL_SALT_BYTES == RECORD_SALT_BYTES, "one salt");

const char *const journal_tables[JOURNAL_TABLES_N] = {
    [JOURNAL_TABLE] = JOURNAL_TABLE_NAME,
    [JOURNAL_INBOX_TABLE] = JOURNAL_INBOX_TABLE_NAME,
    [JOURNAL_META_TABLE] = JOURNAL_META_TABLE_NAME,
};

/* ---- the head ---- */

static void
write_head(struct kv_txn *txn, const struct journal_head *head)
{
	uint8_t row[HEAD_BYTES + CHECK_BYTES];

	bytes_put_u64(row, head->number);
	memcpy(row + 8, head->hash, JOURNAL_HASH_BYTES);
	bytes_put_u64(row + 40, (uint64_t)head->time_ms);
	bytes_put_u64(row + 48, head->incarnation);
	bytes_put_u64(row + 56, head->epoch);
	crypto_generichash(row + HEAD_BYTES, CHECK_BYTES, row, HEAD_BYTES, NULL, 0);
	kv_put(txn, JOURNAL_META_TABLE, bytes_of_text("head"),
	    (struct bytes){row, sizeof row});
}

void
journal_read_head(struct kv_txn *txn, struct journal_head *out)
{
	uint8_t check[CHECK_BYTES] = {0};
	struct bytes row;

	*out = (struct journal_head){0};
	if (!kv_get(txn, JOURNAL_META_TABLE, bytes_of_text("head"), &row))
		return;
	if (row.len == HEAD_BYTES + CHECK_BYTES)
		crypto_generichash(check, CHECK_BYTES, row.data, HEAD_BYTES, NULL, 0);
	if (row.len != HEAD_BYTES + CHECK_BYTES ||
	    memcmp(check, row.data + HEAD_BYTES, CHECK_BYTES) != 0) {
		kv_fail(txn, ERR_CORRUPT);
		return;
	}
	out->number = bytes_get_u64(row.data);
	memcpy(out->hash, row.data + 8, JOURNAL_HASH_BYTES);
	out->time_ms = (int64_t)bytes_get_u64(row.data + 40);
	out->incarnation = bytes_get_u64(row.data + 48);
	out->epoch = bytes_get_u64(row.data + 56);
}

enum err
journal_open(struct kv_txn *txn, uint64_t incarnation)
{
	struct journal_head head;
	struct bytes key, value;
	struct record last;

	if (sodium_init() < 0)
		kv_fail(txn, ERR_INTERNAL);
	journal_read_head(txn, &head);
	if (!kv_last(txn, JOURNAL_TABLE, &key, &value)) {
		if (head.number != 0)
			kv_fail(txn, ERR_CORRUPT);
	} else if (key.len != 8 || bytes_get_u64(key.data) != head.number ||
		   !record_read(value, &last) ||
		   memcmp(last.entry_hash, head.hash, JOURNAL_HASH_BYTES) != 0) {
		kv_fail(txn, ERR_CORRUPT);
	}
	if (txn->err == ERR_NONE && head.incarnation == 0) {
		if (incarnation == 0)
			kv_fail(txn, ERR_INTERNAL);
		head.incarnation = incarnation;
		head.epoch = JOURNAL_EPOCH_FIRST;
		write_head(txn, &head);
	}
	return txn->err;
}

static bool
is_same_head(const struct journal_head *a, const struct journal_head *b)
{
	return a->number == b->number && a->incarnation == b->incarnation &&
	       a->epoch == b->epoch &&
	       memcmp(a->hash, b->hash, JOURNAL_HASH_BYTES) == 0;
}

/* ---- entries ---- */

static bool
get_record(struct kv_txn *txn, uint64_t number, struct record *out)
{
	uint8_t key[8];
	struct bytes packed;

	bytes_put_u64(key, number);
	if (!kv_get(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, &packed))
		return false;
	if (record_read(packed, out) && out->header.number == number)
		return true;
	kv_fail(txn, ERR_CORRUPT);
	return false;
}

static void
inbox_key(uint8_t out[INBOX_KEY_BYTES], const char *message_id, struct bytes caller_key,
    const char *user_id)
{
	struct bytes user = user_id != NULL ? bytes_of_text(user_id) : BYTES_NONE;
	crypto_generichash_state state;

	memcpy(out, message_id, ID_LEN);
	crypto_generichash_init(&state, NULL, 0, CALLER_BYTES);
	crypto_generichash_update(&state, caller_key.data, caller_key.len);
	crypto_generichash_update(&state, user.data, user.len);
	crypto_generichash_final(&state, out + ID_LEN, CALLER_BYTES);
}

static void
put_inbox(struct kv_txn *txn, const char *command_id, uint64_t number,
    const Journal__CommandRecord *command)
{
	uint8_t key[INBOX_KEY_BYTES], row[INBOX_BYTES];

	if (!command->has_caller_key)
		return;
	if (!id_is_well_formed(command_id) ||
	    command->digest.len != JOURNAL_HASH_BYTES) {
		kv_fail(txn, ERR_INTERNAL);
		return;
	}
	inbox_key(key, command_id, BYTES_OF(command->caller_key), command->user_id);
	memcpy(row, command->digest.data, JOURNAL_HASH_BYTES);
	bytes_put_u64(row + JOURNAL_HASH_BYTES, number);
	kv_put(txn, JOURNAL_INBOX_TABLE, (struct bytes){key, sizeof key},
	    (struct bytes){row, sizeof row});
}

/* One entry behind `head`, which moves to it. */
static void
append(struct kv_txn *txn, struct arena *scratch, const struct journal_entry *e,
    struct journal_head *head)
{
	struct record r = {
	    .header = {head->number + 1, head->time_ms, e->type, head->incarnation,
		bytes_of_text(e->command_id)},
	    .event = e->event,
	    .salt = e->salt,
	};
	struct bytes packed = BYTES_NONE;
	uint8_t key[8];
	enum err fault = ERR_NONE;

	if (e->type == 0 || r.header.command_id.len == 0 ||
	    r.header.command_id.len > RECORD_COMMAND_ID_MAX)
		fault = ERR_INTERNAL;
	if (fault == ERR_NONE && e->command != NULL)
		fault = message_pack(scratch, &e->command->base, &r.command);
	if (fault == ERR_NONE)
		fault = record_write(scratch, head->hash, &r, &packed, head->hash);
	if (fault != ERR_NONE) {
		kv_fail(txn, fault);
		return;
	}
	head->number++;
	bytes_put_u64(key, head->number);
	kv_append(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, packed);
	if (e->command != NULL)
		put_inbox(txn, e->command_id, head->number, e->command);
}

enum err
journal_append(struct kv_txn *txn, struct arena *scratch,
    const struct journal_batch *batch, struct journal_head *head, uint64_t epoch)
{
	struct journal_head next;
	size_t mark = scratch->used;

	journal_read_head(txn, &next);
	if (txn->err == ERR_NONE && (!is_same_head(&next, head) || next.epoch != epoch))
		kv_fail(txn, ERR_CORRUPT);
	if (batch->time_ms < next.time_ms)
		kv_fail(txn, ERR_INTERNAL);
	next.time_ms = batch->time_ms;
	for (size_t i = 0; i < batch->n && txn->err == ERR_NONE; i++) {
		append(txn, scratch, &batch->entries[i], &next);
		arena_release(scratch, mark);
	}
	if (txn->err == ERR_NONE && batch->n > 0) {
		write_head(txn, &next);
		*head = next;
	}
	return txn->err;
}

/* ---- the inbox ---- */

void
journal_digest(uint32_t method, const char *organisation_id, struct bytes body,
    uint8_t out[JOURNAL_HASH_BYTES])
{
	struct bytes organisation =
	    organisation_id != NULL ? bytes_of_text(organisation_id) : BYTES_NONE;
	crypto_generichash_state state;
	uint8_t fixed[8];

	bytes_put_u32(fixed, method);
	bytes_put_u32(fixed + 4, (uint32_t)organisation.len);
	crypto_generichash_init(&state, NULL, 0, JOURNAL_HASH_BYTES);
	crypto_generichash_update(&state, fixed, sizeof fixed);
	crypto_generichash_update(&state, organisation.data, organisation.len);
	crypto_generichash_update(&state, body.data, body.len);
	crypto_generichash_final(&state, out, JOURNAL_HASH_BYTES);
}

/* What the command's last entry answered. */
static enum err
read_answer(struct arena *a, const struct record *r, struct journal_seen *out)
{
	ProtobufCMessage *m = NULL;
	const Journal__CommandRecord *command;
	enum err e;

	if (r->command.data == NULL)
		return ERR_CORRUPT;
	e = message_unpack(a, &journal__command_record__descriptor, r->command, &m);
	if (e != ERR_NONE)
		return e == ERR_MALFORMED ? ERR_CORRUPT : e;
	command = (const Journal__CommandRecord *)m;
	if (command->digest.len != JOURNAL_HASH_BYTES ||
	    memcmp(command->digest.data, out->digest, JOURNAL_HASH_BYTES) != 0)
		return ERR_CORRUPT;
	out->answer = BYTES_OF(command->answer);
	if (r->header.type != JOURNAL_TYPE_REFUSED)
		return ERR_NONE;
	e = message_unpack(a, &common__refused__descriptor, r->event, &m);
	if (e != ERR_NONE)
		return e == ERR_MALFORMED ? ERR_CORRUPT : e;
	out->refused_number = ((const Common__Refused *)m)->number;
	return ERR_NONE;
}

enum err
journal_seen(struct kv_txn *txn, struct arena *a, struct bytes caller_key,
    const char *user_id, const char *message_id, struct journal_seen *out)
{
	struct journal_seen seen = {0};
	uint8_t key[INBOX_KEY_BYTES];
	struct bytes row;
	struct record r;

	*out = seen;
	if (!id_is_well_formed(message_id))
		return txn->err; /* no command was ever recorded under such an id */
	inbox_key(key, message_id, caller_key, user_id);
	if (!kv_get(txn, JOURNAL_INBOX_TABLE, (struct bytes){key, sizeof key}, &row))
		return txn->err;
	if (row.len != INBOX_BYTES) {
		kv_fail(txn, ERR_CORRUPT);
		return txn->err;
	}
	memcpy(seen.digest, row.data, JOURNAL_HASH_BYTES);
	if (!get_record(txn, bytes_get_u64(row.data + JOURNAL_HASH_BYTES), &r))
		kv_fail(txn, ERR_CORRUPT);
	else
		kv_fail(txn, read_answer(a, &r, &seen));
	if (txn->err != ERR_NONE)
		return txn->err;
	seen.is_known = true;
	*out = seen;
	return ERR_NONE;
}

/* The first inbox row's key: the oldest id, since ids sort by their time. */
static bool
oldest(struct kv_txn *txn, uint8_t key[INBOX_KEY_BYTES], int64_t *time_ms)
{
	char id[ID_LEN + 1] = "";
	struct kv_walk w;

	kv_walk(txn, &w, JOURNAL_INBOX_TABLE, BYTES_NONE, BYTES_NONE);
	if (!kv_next(&w))
		return false;
	if (w.key.len == INBOX_KEY_BYTES) {
		memcpy(key, w.key.data, INBOX_KEY_BYTES);
		memcpy(id, w.key.data, ID_LEN);
	}
	kv_walk_end(&w);
	if (!id_is_well_formed(id)) {
		kv_fail(txn, ERR_CORRUPT);
		return false;
	}
	*time_ms = id_time_ms(id);
	return true;
}

void
journal_expire_inbox(struct kv_txn *txn, int64_t now_ms, unsigned most)
{
	uint8_t key[INBOX_KEY_BYTES];
	int64_t time_ms;

	for (unsigned i = 0; i < most && oldest(txn, key, &time_ms); i++) {
		if (time_ms >= now_ms - JOURNAL_INBOX_DAYS * DAY_MS)
			return;
		kv_delete(txn, JOURNAL_INBOX_TABLE, (struct bytes){key, sizeof key});
	}
}

void
journal_rebuild_inbox(
    struct kv_txn *txn, const Journal__Record *record, const Journal__Body *body)
{
	if (body->command != NULL)
		put_inbox(txn, record->header->command_id, record->header->number,
		    body->command);
}

/* ---- another life ---- */

static const char restored_key[] = "restored";

enum err
journal_restore(struct kv_txn *txn, uint64_t incarnation, int64_t now_ms)
{
	struct journal_head head;
	uint8_t row[RESTORED_BYTES];

	journal_read_head(txn, &head);
	if (incarnation == 0 || incarnation > INT64_MAX ||
	    incarnation == head.incarnation)
		kv_fail(txn, ERR_INTERNAL);
	head.incarnation = incarnation;
	write_head(txn, &head);
	bytes_put_u64(row, head.number);
	bytes_put_u64(row + 8, (uint64_t)now_ms);
	kv_put(txn, JOURNAL_META_TABLE, bytes_of_text(restored_key),
	    (struct bytes){row, sizeof row});
	return txn->err;
}

bool
journal_is_restored(struct kv_txn *txn, struct journal_restored *out)
{
	struct bytes row;

	*out = (struct journal_restored){0};
	if (!kv_get(txn, JOURNAL_META_TABLE, bytes_of_text(restored_key), &row))
		return false;
	if (row.len != RESTORED_BYTES) {
		kv_fail(txn, ERR_CORRUPT);
		return false;
	}
	out->number = bytes_get_u64(row.data);
	out->time_ms = (int64_t)bytes_get_u64(row.data + 8);
	return true;
}

void
journal_clear_restored(struct kv_txn *txn)
{
	kv_delete(txn, JOURNAL_META_TABLE, bytes_of_text(restored_key));
}

enum err
journal_take(struct kv_txn *txn, struct arena *scratch, const Journal__Record *record,
    const Journal__Body *body)
{
	const Journal__Header *h = record->header;
	struct bytes packed = BYTES_NONE;
	struct journal_head head;
	struct record r = {.event = BYTES_OF(body->event), .salt = record->salt.data};
	uint8_t key[8];
	enum err e = ERR_NONE;

	journal_read_head(txn, &head);
	if (h == NULL || h->command_id == NULL || h->number != head.number + 1 ||
	    strlen(h->command_id) > RECORD_COMMAND_ID_MAX ||
	    record->salt.len != JOURNAL_SALT_BYTES)
		return ERR_MALFORMED;
	r.header = (struct record_header){
	    h->number, h->time, h->type, h->incarnation, bytes_of_text(h->command_id)};
	if (body->command != NULL)
		e = message_pack(scratch, &body->command->base, &r.command);
	if (e == ERR_NONE)
		e = record_write(scratch, head.hash, &r, &packed, head.hash);
	if (e == ERR_NONE && !bytes_equal(BYTES_OF(record->entry_hash),
				 (struct bytes){head.hash, JOURNAL_HASH_BYTES}))
		e = ERR_MALFORMED;
	if (e != ERR_NONE)
		return e;
	head.number = h->number;
	head.time_ms = h->time;
	head.incarnation = h->incarnation;
	bytes_put_u64(key, h->number);
	kv_append(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, packed);
	write_head(txn, &head);
	return txn->err;
}
