#include "gateway/limits.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"

#define NETWORK_BYTES 8 /* of an IPv6 address: what one customer has */

static_assert(sizeof((struct limits *)0)->key == crypto_shorthash_KEYBYTES, "its key");
static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a key of a bucket");

static const struct {
	int64_t tries, each_ms;
} rules[LIMITS_KINDS] = {
    [LIMITS_ADDRESS] = {LIMITS_ADDRESS_TRIES, LIMITS_ADDRESS_EACH_MS},
    [LIMITS_ACCOUNT_AT_ADDRESS] = {LIMITS_ACCOUNT_AT_ADDRESS_TRIES,
	LIMITS_ACCOUNT_AT_ADDRESS_EACH_MS},
    [LIMITS_ACCOUNT] = {LIMITS_ACCOUNT_TRIES, LIMITS_ACCOUNT_EACH_MS},
    [LIMITS_DEVICE] = {LIMITS_DEVICE_TRIES, LIMITS_DEVICE_EACH_MS},
};

void
limits_open(struct limits *l, const uint8_t key[16])
{
	memset(l, 0, sizeof *l);
	memcpy(l->key, key, sizeof l->key);
}

/* ---- whose bucket ---- */

static uint64_t
hash(const struct limits *l, struct bytes b)
{
	uint8_t out[crypto_shorthash_BYTES];

	crypto_shorthash(out, b.data, b.len, l->key);
	return bytes_get_u64(out);
}

static uint64_t
hash_pair(const struct limits *l, uint64_t a, uint64_t b)
{
	uint8_t both[2 * sizeof(uint64_t)];

	bytes_put_u64(both, a);
	bytes_put_u64(both + sizeof a, b);
	return hash(l, (struct bytes){both, sizeof both});
}

/* Of IPv6 the network alone, for one customer has every address in it. */
static uint64_t
hash_address(const struct limits *l, const char *address)
{
	struct in6_addr six;

	if (inet_pton(AF_INET6, address, &six) == 1 && !IN6_IS_ADDR_V4MAPPED(&six))
		return hash(l, (struct bytes){six.s6_addr, NETWORK_BYTES});
	return hash(l, bytes_of_text(address));
}

/* The key of each bucket that counts them; 0: that kind does not. */
static void
find_keys(
    const struct limits *l, const struct limits_who *who, uint64_t keys[LIMITS_KINDS])
{
	uint64_t account = 0;

	memset(keys, 0, LIMITS_KINDS * sizeof keys[0]);
	if (who->account != NULL)
		account = hash(l, bytes_of_text(who->account));
	if (who->account != NULL && who->device != NULL) {
		keys[LIMITS_DEVICE] =
		    hash_pair(l, account, hash(l, bytes_of_text(who->device)));
		return;
	}
	keys[LIMITS_ADDRESS] = hash_address(l, who->address);
	if (who->account == NULL)
		return;
	keys[LIMITS_ACCOUNT_AT_ADDRESS] = hash_pair(l, account, keys[LIMITS_ADDRESS]);
	keys[LIMITS_ACCOUNT] = account;
}

/* ---- the table ---- */

/* The bucket of this key; NULL: it is full, or was forgotten. */
static struct limits_bucket *
find(struct limits *l, enum limits_kind kind, uint64_t key)
{
	struct limits_bucket *set = l->buckets[kind][key % LIMITS_SETS];

	for (unsigned i = 0; i < LIMITS_WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/* The bucket of this key, in the place of the fullest where it had none. */
static struct limits_bucket *
make(struct limits *l, enum limits_kind kind, uint64_t key)
{
	struct limits_bucket *set = l->buckets[kind][key % LIMITS_SETS], *fullest = set;
	struct limits_bucket *found = find(l, kind, key);

	if (found != NULL)
		return found;
	for (unsigned i = 1; i < LIMITS_WAYS; i++)
		if (set[i].full_ms < fullest->full_ms)
			fullest = &set[i];
	*fullest = (struct limits_bucket){.key = key};
	return fullest;
}

/* ---- tries ---- */

/* What is missing in it, as the time that takes. It cannot be more than all, whatever
 * the clock was before it was set back. */
static int64_t
missing_in(const struct limits_bucket *b, enum limits_kind kind, int64_t now_ms)
{
	int64_t all_ms = rules[kind].each_ms * rules[kind].tries;
	int64_t missing_ms = b == NULL ? 0 : b->full_ms - now_ms;

	if (missing_ms < 0)
		return 0;
	return missing_ms < all_ms ? missing_ms : all_ms;
}

/* How long until there is one whole try in it: 0, there is. */
static int64_t
wait_for(struct limits *l, enum limits_kind kind, uint64_t key, int64_t now_ms)
{
	int64_t room_ms = rules[kind].each_ms * (rules[kind].tries - 1);
	int64_t missing_ms = missing_in(find(l, kind, key), kind, now_ms);

	return missing_ms > room_ms ? missing_ms - room_ms : 0;
}

bool
limits_take(
    struct limits *l, const struct limits_who *who, int64_t now_ms, int64_t *wait_ms)
{
	uint64_t keys[LIMITS_KINDS];

	find_keys(l, who, keys);
	*wait_ms = 0;
	for (unsigned i = 0; i < LIMITS_KINDS; i++) {
		int64_t ms = keys[i] == 0 ? 0 : wait_for(l, i, keys[i], now_ms);

		if (ms > *wait_ms)
			*wait_ms = ms;
	}
	if (*wait_ms > 0)
		return false;
	for (unsigned i = 0; i < LIMITS_KINDS; i++) {
		struct limits_bucket *b;

		if (keys[i] == 0)
			continue;
		b = make(l, i, keys[i]);
		b->full_ms = now_ms + missing_in(b, i, now_ms) + rules[i].each_ms;
	}
	return true;
}

void
limits_give_back(struct limits *l, const struct limits_who *who, int64_t now_ms)
{
	uint64_t keys[LIMITS_KINDS];

	find_keys(l, who, keys);
	for (unsigned i = 0; i < LIMITS_KINDS; i++) {
		struct limits_bucket *b = keys[i] == 0 ? NULL : find(l, i, keys[i]);

		if (b != NULL)
			b->full_ms =
			    now_ms + missing_in(b, i, now_ms) - rules[i].each_ms;
	}
}
