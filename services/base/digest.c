#include "base/digest.h"

#include <assert.h>

#include <sodium.h>

void
digest_of(struct bytes secret, uint8_t out[DIGEST_BYTES])
{
	int failed =
	    crypto_generichash(out, DIGEST_BYTES, secret.data, secret.len, NULL, 0);

	assert(failed == 0);
	(void)failed;
}

bool
digest_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len &&
	       (a.len == 0 || sodium_memcmp(a.data, b.data, a.len) == 0);
}
