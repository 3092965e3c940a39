#include "chance.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"

#include "take.h"

struct chance
chance_of(uint64_t seed, const char *purpose, uint64_t index)
{
	struct chance c = {.used = sizeof c.bytes};
	crypto_generichash_state state;
	uint8_t number[8];

	static_assert(sizeof c.key >= crypto_generichash_BYTES_MIN, "a whole digest");
	static_assert(sizeof c.key == crypto_stream_chacha20_KEYBYTES, "is the key");
	(void)crypto_generichash_init(&state, NULL, 0, sizeof c.key);
	bytes_put_u64(number, seed);
	(void)crypto_generichash_update(&state, number, sizeof number);
	bytes_put_u64(number, index);
	(void)crypto_generichash_update(&state, number, sizeof number);
	(void)crypto_generichash_update(
	    &state, (const uint8_t *)purpose, strlen(purpose) + 1);
	(void)crypto_generichash_final(&state, c.key, sizeof c.key);
	return c;
}

static void
draw(struct chance *c, uint8_t *out, size_t n)
{
	uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];

	assert(n <= sizeof c->bytes);
	if (sizeof c->bytes - c->used < n) {
		static_assert(sizeof nonce == 8, "a block's number");
		bytes_put_u64(nonce, c->block++);
		(void)crypto_stream_chacha20(c->bytes, sizeof c->bytes, nonce, c->key);
		c->used = 0;
	}
	memcpy(out, c->bytes + c->used, n);
	c->used += n;
}

uint32_t
chance_below(struct chance *c, uint32_t n)
{
	assert(n > 0);
	uint32_t whole =
	    UINT32_MAX - UINT32_MAX % n; /* beyond it some come too often */
	uint8_t bytes[4];
	uint32_t number;

	do {
		draw(c, bytes, sizeof bytes);
		number = bytes_get_u32(bytes);
	} while (number >= whole);
	return number % n;
}

int32_t
chance_between(struct chance *c, int32_t least, int32_t most)
{
	assert(least <= most);
	return least + (int32_t)chance_below(c, (uint32_t)(most - least) + 1);
}

bool
chance_per_mille(struct chance *c, uint32_t per_mille)
{
	return chance_below(c, 1000) < per_mille;
}

size_t
chance_weighted(struct chance *c, const uint32_t *weights, size_t n)
{
	uint32_t sum = 0, at;
	size_t i = 0;

	for (size_t j = 0; j < n; j++)
		sum += weights[j];
	for (at = chance_below(c, sum); at >= weights[i]; i++)
		at -= weights[i];
	return i;
}

void
chance_shuffle(struct chance *c, uint32_t *list, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = chance_below(c, (uint32_t)i);
		uint32_t card = list[i - 1];
		list[i - 1] = list[j];
		list[j] = card;
	}
}

void
chance_share(const uint32_t *weights, size_t k, size_t n, uint32_t *out)
{
	uint64_t rest[CHANCE_KINDS_MAX], sum = 0;
	size_t given = 0;

	assert(k > 0 && k <= CHANCE_KINDS_MAX);
	for (size_t i = 0; i < k; i++)
		sum += weights[i];
	assert(sum > 0);
	for (size_t i = 0; i < k; i++) {
		out[i] = (uint32_t)(weights[i] * (uint64_t)n / sum);
		rest[i] = weights[i] * (uint64_t)n % sum;
		given += out[i];
	}
	for (; given < n; given++) {
		size_t most = 0;
		for (size_t i = 1; i < k; i++)
			most = rest[i] > rest[most] ? i : most;
		out[most]++;
		rest[most] = 0;
	}
}

struct deck
chance_deck(
    struct chance *c, struct arena *a, const uint32_t *weights, size_t k, size_t n)
{
	struct deck d = {.cards = TAKE_LIST(a, n, uint32_t)};
	uint32_t share[CHANCE_KINDS_MAX];

	chance_share(weights, k, n, share);
	for (size_t i = 0; i < k; i++) {
		for (uint32_t j = 0; j < share[i]; j++)
			d.cards[d.n++] = (uint32_t)i;
	}
	chance_shuffle(c, d.cards, d.n);
	return d;
}

uint32_t
chance_deal(struct deck *d)
{
	assert(d->next < d->n);
	return d->cards[d->next++];
}

struct id
chance_id(struct chance *c, int64_t time_ms)
{
	uint8_t random[ID_RANDOM_BYTES];

	draw(c, random, sizeof random);
	return id_make(time_ms, random);
}
