#ifndef RCC_BYTES_H
#define RCC_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Borrowed bytes: whoever made them owns them. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

#define BYTES_NONE ((struct bytes){NULL, 0})

bool bytes_equal(struct bytes a, struct bytes b);
struct bytes bytes_of_text(const char *text); /* without the final NUL */
/* A copy in the arena; BYTES_NONE when it is full (arena.is_full says so). */
struct bytes bytes_copy(struct arena *a, struct bytes b);

/* Lower-case hex into `out`, which has room for 2 * len + 1. */
void bytes_to_hex(struct bytes b, char *out);
/* Exactly `len` bytes from 2 * len hex digits; false if it is not that. */
bool bytes_from_hex(const char *hex, uint8_t *out, size_t len);

/* Big-endian integers, so that order on disk is order in meaning. */
void bytes_put_u64(uint8_t out[8], uint64_t v);
uint64_t bytes_get_u64(const uint8_t in[8]);
void bytes_put_u32(uint8_t out[4], uint32_t v);
uint32_t bytes_get_u32(const uint8_t in[4]);

#endif
