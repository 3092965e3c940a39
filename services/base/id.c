#include "base/id.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"

#define TIME_CHARACTERS 10
#define TIME_MS_MAX ((INT64_C(1) << 48) - 1)

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static_assert(sizeof alphabet == 32 + 1, "base 32");

struct id
id_make(int64_t time_ms, const uint8_t random[ID_RANDOM_BYTES])
{
	uint8_t raw[6 + ID_RANDOM_BYTES];
	struct id id;

	assert(time_ms >= 0 && time_ms <= TIME_MS_MAX);
	for (unsigned i = 0; i < 6; i++)
		raw[i] = (uint8_t)(time_ms >> (40 - 8 * i));
	memcpy(raw + 6, random, ID_RANDOM_BYTES);
	/* Five bits a character from the right; the first has the last three. */
	unsigned held = 0, bits = 0, byte = sizeof raw;
	for (unsigned i = ID_LEN; i-- > 0;) {
		if (bits < 5 && byte > 0) {
			held |= (unsigned)raw[--byte] << bits;
			bits += 8;
		}
		id.text[i] = alphabet[held & 31];
		held >>= 5;
		bits -= bits < 5 ? bits : 5;
	}
	id.text[ID_LEN] = '\0';
	return id;
}

bool
id_is_well_formed(const char *text)
{
	if (text == NULL || text[0] < '0' || text[0] > '7')
		return false;
	for (unsigned i = 0; i < ID_LEN; i++)
		if (text[i] == '\0' || strchr(alphabet, text[i]) == NULL)
			return false;
	return text[ID_LEN] == '\0';
}

int64_t
id_time_ms(const char *text)
{
	int64_t ms = 0;

	assert(id_is_well_formed(text));
	for (unsigned i = 0; i < TIME_CHARACTERS; i++)
		ms = ms << 5 | (strchr(alphabet, text[i]) - alphabet);
	return ms;
}

bool
id_is_urn(const char *text)
{
	size_t digits = 7, n = 0;

	if (str_starts(text, "SC")) {
		text += 2;
		digits = 6;
	}
	while (text[n] >= '0' && text[n] <= '9')
		n++;
	return text[n] == '\0' && n == digits;
}
