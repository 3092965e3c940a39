#include "base/journal.h"

#include "base/message.h"
#include "base/record.h"

#include <string.h>

void
journal_walk(struct kv_txn *txn, struct journal_walk *w, uint64_t from)
{
	uint8_t key[8];

	*w = (struct journal_walk){.from = from > 0 ? from : 1};
	/* One entry early: what the first must follow is in the one before it. */
	bytes_put_u64(key, w->from > 1 ? w->from - 1 : 1);
	kv_walk(
	    txn, &w->rows, JOURNAL_TABLE, BYTES_NONE, (struct bytes){key, sizeof key});
}

static bool
found(struct journal_walk *w, uint64_t number, const char *bad)
{
	kv_walk_end(&w->rows);
	w->number = number;
	w->bad = bad;
	return false;
}

/* What is wrong with the row, as the entry of this number that follows w->hash? */
static const char *
wrong_with(const struct journal_walk *w, uint64_t number, struct record *r)
{
	if (w->rows.key.len != 8)
		return "its key is not a number";
	if (bytes_get_u64(w->rows.key.data) != number)
		return "it is missing";
	if (!record_read(w->rows.value, r))
		return "its bytes are not an entry";
	if (r->header.number != number)
		return "it bears another number than its key";
	if (!record_body_holds(r))
		return "its body is not what was written";
	if (!record_follows(r, w->hash))
		return "it does not follow from the one before it";
	return NULL;
}

/* The end of the rows: is it the head? */
static bool
at_end(struct journal_walk *w)
{
	struct journal_head head;

	journal_read_head(w->rows.txn, &head);
	if (w->rows.txn->err != ERR_NONE)
		return false;
	if (head.number > w->number)
		return found(w, w->number + 1, "it is missing: the head is beyond it");
	if (head.number < w->number)
		return found(w, head.number + 1, "it is beyond the head");
	if (memcmp(head.hash, w->hash, JOURNAL_HASH_BYTES) != 0)
		return found(w, w->number, "it is not the entry that the head names");
	return false;
}

static ProtobufCBinaryData
data_of(const uint8_t *data, size_t len)
{
	return (ProtobufCBinaryData){len, message_data((struct bytes){data, len})};
}

/* The entry as messages, all but the command record borrowed from the store. */
static enum err
show(struct journal_walk *w, struct arena *a, const struct record *r)
{
	struct bytes id = r->header.command_id;
	Journal__Record *record = MESSAGE_NEW(a, journal__record);
	Journal__Header *header = MESSAGE_NEW(a, journal__header);
	Journal__Body *body = MESSAGE_NEW(a, journal__body);
	char *command_id = arena_take(a, id.len + 1);
	ProtobufCMessage *command = NULL;

	if (record == NULL || header == NULL || body == NULL || command_id == NULL)
		return ERR_MEMORY;
	if (id.len > 0)
		memcpy(command_id, id.data, id.len);
	SET(header, number, r->header.number);
	SET(header, time, r->header.time_ms);
	SET(header, type, r->header.type);
	SET(header, incarnation, r->header.incarnation);
	header->command_id = command_id;
	record->header = header;
	SET(record, body_hash, data_of(r->body_hash, JOURNAL_HASH_BYTES));
	SET(record, body, data_of(r->body.data, r->body.len));
	SET(record, salt, data_of(r->salt, JOURNAL_SALT_BYTES));
	SET(record, entry_hash, data_of(r->entry_hash, JOURNAL_HASH_BYTES));
	SET(body, event, data_of(r->event.data, r->event.len));
	if (r->command.data != NULL) {
		enum err e = message_unpack(
		    a, &journal__command_record__descriptor, r->command, &command);
		if (e != ERR_NONE)
			return e;
		body->command = (Journal__CommandRecord *)command;
	}
	w->record = record;
	w->body = body;
	return ERR_NONE;
}

/* The chain before the entry that was asked for. */
static bool
start(struct journal_walk *w)
{
	struct record r;

	w->is_started = true;
	w->number = w->from - 1;
	if (w->from == 1)
		return true;
	if (!kv_next(&w->rows))
		return at_end(w);
	if (w->rows.key.len != 8 || bytes_get_u64(w->rows.key.data) != w->number)
		return found(w, w->number, "it is missing");
	if (!record_read(w->rows.value, &r))
		return found(w, w->number, "its bytes are not an entry");
	memcpy(w->hash, r.entry_hash, JOURNAL_HASH_BYTES);
	return true;
}

bool
journal_next(struct journal_walk *w, struct arena *a)
{
	const char *bad;
	struct record r;
	enum err e;

	if (w->bad != NULL || (!w->is_started && !start(w)))
		return false;
	if (!kv_next(&w->rows))
		return at_end(w);
	bad = wrong_with(w, w->number + 1, &r);
	if (bad != NULL)
		return found(w, w->number + 1, bad);
	e = show(w, a, &r);
	if (e == ERR_MALFORMED)
		return found(w, w->number + 1, "its command record does not unpack");
	if (e != ERR_NONE) {
		kv_fail(w->rows.txn, e);
		kv_walk_end(&w->rows);
		return false;
	}
	w->number++;
	memcpy(w->hash, r.entry_hash, JOURNAL_HASH_BYTES);
	return true;
}
