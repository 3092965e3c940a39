#ifndef RCC_GATEWAY_LANGUAGE_H
#define RCC_GATEWAY_LANGUAGE_H

#include <stddef.h>

/* Languages by their two letters (ISO 639-1): those most spoken in England, the first
 * of them English, the rest by name. */
struct language {
	const char *code, *name;
};
extern const struct language languages[];
extern const size_t languages_n;

/* "Urdu" of "ur"; NULL where the list has it not. */
const char *language_name(const char *code);

#endif
