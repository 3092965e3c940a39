#ifndef RCC_ID_H
#define RCC_ID_H

#include <stdbool.h>
#include <stdint.h>

#define ID_LEN 26
#define ID_RANDOM_BYTES 10

/*
 * A time-ordered id: 48 bits of milliseconds since 1970, then 80 random bits, as
 * 26 characters of Crockford's base 32 in lower case. Sorts by time as text, so
 * new rows land side by side in the store.
 */
struct id {
	char text[ID_LEN + 1];
};

struct id id_make(int64_t time_ms, const uint8_t random[ID_RANDOM_BYTES]);
bool id_is_well_formed(const char *text);
/* The milliseconds in a well-formed id. */
int64_t id_time_ms(const char *text);

/* Is this the form of an Ofsted number (URN): SC and six digits, or seven digits? */
bool id_is_urn(const char *text);

#endif
