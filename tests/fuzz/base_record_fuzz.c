/*
 * Journal entries as bytes: the record on a disk, read by hand (record.c) and by
 * protobuf-c, which must agree; and a page as a follower hears it. The first byte says
 * which.
 */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/journal.h"
#include "base/message.h"
#include "base/record.h"

static const uint8_t before[RECORD_HASH_BYTES];

static void
both_say_the_same(struct bytes packed, const struct record *r)
{
	const Journal__Record *m = fuzz_unpack(&journal__record__descriptor, packed);
	const Journal__Body *body;

	FUZZ_CHECK(m->header != NULL && m->header->number == r->header.number &&
		       m->header->time == r->header.time_ms &&
		       m->header->type == r->header.type &&
		       m->header->incarnation == r->header.incarnation,
	    "the header is another");
	FUZZ_CHECK(bytes_equal(BYTES_OF(m->body), r->body), "the body is another");
	body = fuzz_unpack(&journal__body__descriptor, r->body);
	FUZZ_CHECK(
	    bytes_equal(BYTES_OF(body->event), r->event), "the event is another");
	FUZZ_CHECK((body->command != NULL) == (r->command.data != NULL),
	    "a command that only one sees");
}

/* Written again it is the same length, and reads the same; to the byte where its
 * hashes are its own. */
static void
a_record(struct bytes packed)
{
	struct record r, again;
	uint8_t hash[RECORD_HASH_BYTES];
	struct bytes written = BYTES_NONE;
	ProtobufCMessage *command;

	if (!record_read(packed, &r))
		return;
	if (r.command.data != NULL &&
	    message_unpack(&fuzz_arena, &journal__command_record__descriptor, r.command,
		&command) != ERR_NONE)
		return; /* which who walks the journal finds out */
	both_say_the_same(packed, &r);
	bool is_own = record_body_holds(&r) && record_follows(&r, before);
	FUZZ_CHECK(record_write(&fuzz_arena, before, &r, &written, hash) == ERR_NONE,
	    "no room");
	FUZZ_CHECK(written.len == packed.len && record_read(written, &again),
	    "%zu bytes became %zu", packed.len, written.len);
	FUZZ_CHECK(record_body_holds(&again) && record_follows(&again, before) &&
		       memcmp(again.entry_hash, hash, sizeof hash) == 0,
	    "what was written does not hold");
	FUZZ_CHECK(!is_own || bytes_equal(written, packed), "written otherwise");
}

static void
a_page(struct bytes packed)
{
	const Journal__EventsPage *page;
	uint8_t hash[JOURNAL_HASH_BYTES] = {0};
	uint64_t number = 0;
	ProtobufCMessage *m;
	enum err e;

	if (message_unpack(
		&fuzz_arena, &journal__events_page__descriptor, packed, &m) != ERR_NONE)
		return;
	page = (const Journal__EventsPage *)m;
	if (page->n_entries > 0 && page->entries[0]->header != NULL)
		number = page->entries[0]->header->number - 1;
	const uint64_t first = number;
	e = journal_check_page(page, &number, hash);
	FUZZ_CHECK(e == ERR_NONE || e == ERR_CORRUPT, "%s", err_name(e));
	FUZZ_CHECK(number - first <= page->n_entries &&
		       (e == ERR_CORRUPT || number - first == page->n_entries),
	    "%zu entries moved the cursor by %llu", page->n_entries,
	    (unsigned long long)(number - first));
}

static void
one(struct bytes input)
{
	if (input.len < 1)
		return;
	struct bytes rest = {input.data + 1, input.len - 1};
	if ((input.data[0] & 1) == 0)
		a_record(rest);
	else
		a_page(rest);
}

const struct fuzz_target fuzz_target = {.rounds = 20000, .bytes_max = 4096, .one = one};
