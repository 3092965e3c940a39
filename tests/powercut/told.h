#ifndef RCC_POWERCUT_TOLD_H
#define RCC_POWERCUT_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/svc.h"

#include "powercut/recorded.h"

#define TOLD_DIGEST_BYTES 16

/* A command that was answered: a yes, or a rule's no. */
struct answered {
	size_t at; /* the record that sent the answer */
	struct id id;
	uint8_t digest[TOLD_DIGEST_BYTES]; /* of the answer, less its ids */
};

/* How far the journal was, as a follower was told by a page or a hint. */
struct told_head {
	size_t at;
	uint64_t number; /* never less than the one before */
};

/* What a service let others know, in order: all of it must be there ever after. */
struct told {
	struct answered *answers;
	size_t answers_n;
	struct told_head *heads;
	size_t heads_n;
};

/* False where there is no memory. */
bool told_read(
    const struct recorded *r, const struct service *service, struct told *out);
/* How many answers were sent by the first `n` records; and the head told by them. */
size_t told_answers(const struct told *t, size_t n);
uint64_t told_head(const struct told *t, size_t n);
/* The digest of an answer's envelope, packed without its ids. */
void told_digest(const uint8_t *answer, size_t len, uint8_t out[TOLD_DIGEST_BYTES]);

#endif
