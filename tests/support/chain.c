#include "support/chain.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/id.h"
#include "base/message.h"

#define EVENT_BYTES_MAX (128u << 10)

static const char *const tables[] = {
    JOURNAL_TABLE_NAME, JOURNAL_INBOX_TABLE_NAME, JOURNAL_META_TABLE_NAME};

void
chain_open(struct chain *c)
{
	struct kv_txn txn;
	char problem[200];

	folder_make(c->folder);
	folder_file(c->path, c->folder, "store");
	c->options = (struct kv_options){
	    .path = c->path, .tables = tables, .tables_n = 3, .no_sync = true};
	assert_int_equal(arena_open(&c->arena, 8u << 20), ERR_NONE);
	assert_int_equal(
	    kv_open(&c->kv, &c->options, problem, sizeof problem), ERR_NONE);
	kv_begin(c->kv, &txn, true);
	assert_int_equal(journal_open(&txn, CHAIN_INCARNATION), ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

void
chain_close(struct chain *c)
{
	kv_close(c->kv);
	arena_close(&c->arena);
	folder_remove(c->folder);
}

const char *
chain_id(uint64_t number)
{
	static struct id id;
	uint8_t random[ID_RANDOM_BYTES] = {0};

	bytes_put_u64(random, number);
	id = id_make(CHAIN_TIME_MS + (int64_t)number, random);
	return id.text;
}

struct bytes
chain_key(uint64_t number)
{
	static uint8_t key[32];

	memset(key, (int)(number % 3 + 1), sizeof key);
	return (struct bytes){key, sizeof key};
}

struct bytes
chain_event(uint64_t number, size_t len)
{
	static uint8_t event[EVENT_BYTES_MAX];

	assert_true(len <= sizeof event);
	memset(event, (int)(number % 255), len);
	return (struct bytes){event, len};
}

static void
append_one(struct chain *c, struct kv_txn *txn, uint64_t number, size_t event_len)
{
	Journal__CommandRecord command = JOURNAL__COMMAND_RECORD__INIT;
	struct journal_entry entry = {
	    .type = (uint32_t)(number % 7 + 2),
	    .event = chain_event(number, event_len),
	    .command_id = chain_id(number),
	    .command = &command,
	};
	struct journal_batch batch = {&entry, 1, CHAIN_TIME_MS + (int64_t)number};
	uint8_t digest[JOURNAL_HASH_BYTES];
	struct journal_head head;
	char user[] = "somebody";

	memset(entry.salt, (int)(number % 250), sizeof entry.salt);
	journal_digest((uint32_t)number, "E06000001", entry.event, digest);
	SET_BYTES(&command, caller_key, chain_key(number));
	command.user_id = user;
	SET_BYTES(&command, digest, ((struct bytes){digest, sizeof digest}));
	SET(&command, method, (uint32_t)number);
	SET_BYTES(&command, answer, bytes_of_text("yes"));
	journal_read_head(txn, &head);
	assert_int_equal(head.number, number - 1);
	assert_int_equal(
	    journal_append(txn, &c->arena, &batch, &head, JOURNAL_EPOCH_FIRST),
	    ERR_NONE);
}

void
chain_append(struct chain *c, uint64_t n, uint64_t a_commit, size_t event_len)
{
	uint64_t number = chain_head(c).number, last = number + n;
	struct kv_txn txn;

	while (number < last) {
		kv_begin(c->kv, &txn, true);
		for (uint64_t i = 0; i < a_commit && number < last; i++)
			append_one(c, &txn, ++number, event_len);
		assert_int_equal(kv_end(&txn), ERR_NONE);
		arena_reset(&c->arena);
	}
}

struct journal_head
chain_head(struct chain *c)
{
	struct journal_head head;
	struct kv_txn txn;

	kv_begin(c->kv, &txn, false);
	journal_read_head(&txn, &head);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	return head;
}
