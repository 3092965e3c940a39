#include "base/record.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define BLOCK_BYTES 128 /* of BLAKE2b */
#define FIXED_BYTES (RECORD_HASH_BYTES + 8 + 8 + 4 + 8 + RECORD_HASH_BYTES)

static_assert(FIXED_BYTES + RECORD_COMMAND_ID_MAX <= BLOCK_BYTES, "one block an entry");
static_assert(RECORD_SALT_BYTES >= crypto_generichash_KEYBYTES_MIN, "salt is a key");

/* Protobuf tags: field number * 8 + wire type (0: varint, 2: length and bytes). */
enum {
	RECORD_HEADER = 1 * 8 + 2,
	RECORD_BODY_HASH = 2 * 8 + 2,
	RECORD_BODY = 3 * 8 + 2,
	RECORD_SALT = 4 * 8 + 2,
	RECORD_ENTRY_HASH = 5 * 8 + 2,
	HEADER_NUMBER = 1 * 8,
	HEADER_TIME = 2 * 8,
	HEADER_TYPE = 3 * 8,
	HEADER_INCARNATION = 4 * 8,
	HEADER_COMMAND_ID = 5 * 8 + 2,
	BODY_EVENT = 1 * 8 + 2,
	BODY_COMMAND = 2 * 8 + 2,
};

/* ---- hashes ---- */

void
record_body_hash(const uint8_t salt[RECORD_SALT_BYTES], struct bytes body,
    uint8_t out[RECORD_HASH_BYTES])
{
	int failed = crypto_generichash(
	    out, RECORD_HASH_BYTES, body.data, body.len, salt, RECORD_SALT_BYTES);

	assert(failed == 0);
	(void)failed;
}

void
record_entry_hash(const uint8_t previous[RECORD_HASH_BYTES],
    const struct record_header *header, const uint8_t body_hash[RECORD_HASH_BYTES],
    uint8_t out[RECORD_HASH_BYTES])
{
	uint8_t block[BLOCK_BYTES];
	size_t id_len = header->command_id.len;
	int failed;

	assert(id_len <= RECORD_COMMAND_ID_MAX);
	memcpy(block, previous, RECORD_HASH_BYTES);
	bytes_put_u64(block + 32, header->number);
	bytes_put_u64(block + 40, (uint64_t)header->time_ms);
	bytes_put_u32(block + 48, header->type);
	bytes_put_u64(block + 52, header->incarnation);
	if (id_len > 0)
		memcpy(block + 60, header->command_id.data, id_len);
	memcpy(block + 60 + id_len, body_hash, RECORD_HASH_BYTES);
	failed = crypto_generichash(
	    out, RECORD_HASH_BYTES, block, FIXED_BYTES + id_len, NULL, 0);
	assert(failed == 0);
	(void)failed;
}

bool
record_body_holds(const struct record *r)
{
	uint8_t hash[RECORD_HASH_BYTES];

	record_body_hash(r->salt, r->body, hash);
	return memcmp(hash, r->body_hash, sizeof hash) == 0;
}

bool
record_follows(const struct record *r, const uint8_t previous[RECORD_HASH_BYTES])
{
	uint8_t hash[RECORD_HASH_BYTES];

	record_entry_hash(previous, &r->header, r->body_hash, hash);
	return memcmp(hash, r->entry_hash, sizeof hash) == 0;
}

/* ---- reading: each step looks before it takes; the first that fails sticks ---- */

struct reader {
	const uint8_t *at, *end;
	bool is_bad;
};

static uint64_t
read_varint(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7) {
		uint8_t byte = *r->at++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte >= 0x80)
			continue;
		/* A last byte of nothing, or of bits beyond 64: written otherwise. */
		if ((byte == 0 && shift > 0) || (shift == 63 && byte > 1))
			break;
		return value;
	}
	r->is_bad = true;
	return 0;
}

static void
read_tag(struct reader *r, uint8_t tag)
{
	if (r->at < r->end && *r->at == tag)
		r->at++;
	else
		r->is_bad = true;
}

static uint64_t
read_number(struct reader *r, uint8_t tag)
{
	read_tag(r, tag);
	return read_varint(r);
}

static struct bytes
read_bytes(struct reader *r, uint8_t tag)
{
	uint64_t len = read_number(r, tag);
	struct bytes b = {r->at, (size_t)len};

	if (r->is_bad || len > (size_t)(r->end - r->at)) {
		r->is_bad = true;
		return BYTES_NONE;
	}
	r->at += len;
	return b;
}

static const uint8_t *
read_exactly(struct reader *r, uint8_t tag, size_t len)
{
	struct bytes b = read_bytes(r, tag);

	if (b.len != len)
		r->is_bad = true;
	return b.data;
}

static bool
is_read(const struct reader *r)
{
	return !r->is_bad && r->at == r->end;
}

static bool
read_header(struct bytes packed, struct record_header *h)
{
	struct reader r = {packed.data, packed.data + packed.len, false};
	uint64_t type;

	h->number = read_number(&r, HEADER_NUMBER);
	h->time_ms = (int64_t)read_number(&r, HEADER_TIME);
	type = read_number(&r, HEADER_TYPE);
	h->type = (uint32_t)type;
	h->incarnation = read_number(&r, HEADER_INCARNATION);
	h->command_id = read_bytes(&r, HEADER_COMMAND_ID);
	return is_read(&r) && type <= UINT32_MAX &&
	       h->command_id.len <= RECORD_COMMAND_ID_MAX;
}

static bool
read_body(struct bytes packed, struct record *out)
{
	struct reader r = {packed.data, packed.data + packed.len, false};

	out->event = read_bytes(&r, BODY_EVENT);
	out->command =
	    !r.is_bad && r.at < r.end ? read_bytes(&r, BODY_COMMAND) : BYTES_NONE;
	return is_read(&r);
}

bool
record_read(struct bytes packed, struct record *out)
{
	struct reader r = {packed.data, packed.data + packed.len, false};
	struct bytes header = read_bytes(&r, RECORD_HEADER);

	out->body_hash = read_exactly(&r, RECORD_BODY_HASH, RECORD_HASH_BYTES);
	out->body = read_bytes(&r, RECORD_BODY);
	out->salt = read_exactly(&r, RECORD_SALT, RECORD_SALT_BYTES);
	out->entry_hash = read_exactly(&r, RECORD_ENTRY_HASH, RECORD_HASH_BYTES);
	return is_read(&r) && read_header(header, &out->header) &&
	       read_body(out->body, out);
}

/* ---- writing: into room that was counted before ---- */

static size_t
varint_size(uint64_t v)
{
	size_t n = 1;

	for (; v >= 0x80; v >>= 7)
		n++;
	return n;
}

static size_t
bytes_size(size_t len)
{
	return 1 + varint_size(len) + len;
}

static uint8_t *
write_number(uint8_t *at, uint8_t tag, uint64_t v)
{
	*at++ = tag;
	for (; v >= 0x80; v >>= 7)
		*at++ = (uint8_t)(v | 0x80);
	*at++ = (uint8_t)v;
	return at;
}

static uint8_t *
write_bytes(uint8_t *at, uint8_t tag, struct bytes b)
{
	at = write_number(at, tag, b.len);
	if (b.len > 0)
		memcpy(at, b.data, b.len);
	return at + b.len;
}

static size_t
header_size(const struct record_header *h)
{
	return 4 + varint_size(h->number) + varint_size((uint64_t)h->time_ms) +
	       varint_size(h->type) + varint_size(h->incarnation) +
	       bytes_size(h->command_id.len);
}

static uint8_t *
write_header(uint8_t *at, const struct record_header *h)
{
	at = write_number(at, RECORD_HEADER, header_size(h));
	at = write_number(at, HEADER_NUMBER, h->number);
	at = write_number(at, HEADER_TIME, (uint64_t)h->time_ms);
	at = write_number(at, HEADER_TYPE, h->type);
	at = write_number(at, HEADER_INCARNATION, h->incarnation);
	return write_bytes(at, HEADER_COMMAND_ID, h->command_id);
}

enum err
record_write(struct arena *a, const uint8_t previous[RECORD_HASH_BYTES],
    const struct record *r, struct bytes *out, uint8_t entry_hash[RECORD_HASH_BYTES])
{
	size_t body_len = bytes_size(r->event.len) +
	                  (r->command.data != NULL ? bytes_size(r->command.len) : 0);
	size_t len = bytes_size(header_size(&r->header)) + bytes_size(body_len) +
	             2 * bytes_size(RECORD_HASH_BYTES) + bytes_size(RECORD_SALT_BYTES);
	uint8_t *packed = arena_take(a, len), *at, *body_hash, *body;

	if (packed == NULL)
		return ERR_MEMORY;
	at = write_header(packed, &r->header);
	body_hash = write_number(at, RECORD_BODY_HASH, RECORD_HASH_BYTES);
	body = write_number(body_hash + RECORD_HASH_BYTES, RECORD_BODY, body_len);
	at = write_bytes(body, BODY_EVENT, r->event);
	if (r->command.data != NULL)
		at = write_bytes(at, BODY_COMMAND, r->command);
	record_body_hash(r->salt, (struct bytes){body, body_len}, body_hash);
	at = write_bytes(at, RECORD_SALT, (struct bytes){r->salt, RECORD_SALT_BYTES});
	record_entry_hash(previous, &r->header, body_hash, entry_hash);
	at = write_bytes(
	    at, RECORD_ENTRY_HASH, (struct bytes){entry_hash, RECORD_HASH_BYTES});
	assert(at == packed + len);
	*out = (struct bytes){packed, len};
	return ERR_NONE;
}
