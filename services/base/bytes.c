#include "base/bytes.h"

#include <string.h>

#include "base/arena.h"

bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

struct bytes
bytes_of_text(const char *text)
{
	if (text == NULL)
		return BYTES_NONE;
	return (struct bytes){(const uint8_t *)text, strlen(text)};
}

struct bytes
bytes_copy(struct arena *a, struct bytes b)
{
	if (b.len == 0)
		return BYTES_NONE;
	uint8_t *copy = arena_take_raw(a, b.len);
	if (copy == NULL)
		return BYTES_NONE;
	memcpy(copy, b.data, b.len);
	return (struct bytes){copy, b.len};
}

void
bytes_to_hex(struct bytes b, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < b.len; i++) {
		*out++ = digits[b.data[i] >> 4];
		*out++ = digits[b.data[i] & 15];
	}
	*out = '\0';
}

/* 16 for what is no hex digit, the final NUL too. */
static unsigned
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

bool
bytes_from_hex(const char *hex, uint8_t *out, size_t len)
{
	/* Looked at whole before anything is written. */
	for (size_t i = 0; i < 2 * len; i++)
		if (hex_digit(hex[i]) > 15)
			return false;
	if (hex[2 * len] != '\0')
		return false;
	for (size_t i = 0; i < len; i++)
		out[i] =
		    (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	return true;
}

void
bytes_put_u64(uint8_t out[8], uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)(v >> (56 - 8 * i));
}

uint64_t
bytes_get_u64(const uint8_t in[8])
{
	uint64_t v = 0;

	for (unsigned i = 0; i < 8; i++)
		v = v << 8 | in[i];
	return v;
}

void
bytes_put_u32(uint8_t out[4], uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> (24 - 8 * i));
}

uint32_t
bytes_get_u32(const uint8_t in[4])
{
	uint32_t v = 0;

	for (unsigned i = 0; i < 4; i++)
		v = v << 8 | in[i];
	return v;
}
