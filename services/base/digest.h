#ifndef RCC_DIGEST_H
#define RCC_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * What is kept of a secret: enough to know it again, and nothing to use it by. Of
 * secrets that nobody can guess (random tokens, keys derived by argon2id), since this
 * is as fast for whoever tries them all as it is here.
 */
#define DIGEST_BYTES 32

/* BLAKE2b-256. */
void digest_of(struct bytes secret, uint8_t out[DIGEST_BYTES]);
/* Are they the same? Takes as long wherever they differ; only the lengths show. */
bool digest_equal(struct bytes a, struct bytes b);

#endif
