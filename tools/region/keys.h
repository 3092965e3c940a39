#ifndef RCC_REGION_KEYS_H
#define RCC_REGION_KEYS_H

#include <stdint.h>

#include "plan.h"

struct key_pair {
	uint8_t public_key[32], secret_key[32];
};

/* RUN/keys/<file>, as it is there; ends the process with a sentence where it is not. */
void keys_read(const char *run, const char *file, struct key_pair *out);
/* The same, made and written first where it is not there yet. */
void keys_make(const char *run, const char *file, struct key_pair *out);

/* RUN/keys/README: who has which key, one line each, columns between tabs. */
void keys_write_readme(const char *run, const struct plan *p, char *const *provider_ids,
    const char *administrator);

#endif
