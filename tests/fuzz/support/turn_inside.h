#ifndef RCC_TESTS_FUZZ_TURN_INSIDE_H
#define RCC_TESTS_FUZZ_TURN_INSIDE_H

/* What turn.c and turn_hear.c share: one input, as far as it has come. */

#include "fuzz/support/speak.h"
#include "fuzz/support/turn_world.h"

#define TURN_BATCH_MAX 6
#define TURN_SENT_MAX 32
#define TURN_TOLD_MAX 8
#define TURN_WAITING_MAX 128
/* The token of the i-th input of a turn: none is used twice. */
#define TURN_TOKEN(turn, i) (1000 * (turn) + (i))

/* A letter of the service's. */
struct sent {
	const char *service; /* whom it is to */
	const char *message_id;
	uint32_t method;
	struct bytes body;
};

/* A call of somebody's. */
struct told {
	uint8_t key[32];
	uint32_t method;
	const char *message_id; /* NULL: bytes that need no answer */
	struct bytes envelope;
};

struct turn_now {
	struct turn_world world;
	struct speaker speaker;
	struct sent sent[TURN_SENT_MAX]; /* the last of them */
	size_t sent_n;
	struct told told[TURN_TOLD_MAX];
	size_t told_n;
	uint64_t drawn;                     /* turns */
	uint64_t waiting[TURN_WAITING_MAX]; /* calls passed on, by their token */
	size_t waiting_n;
	bool is_lied_to; /* a page or an answer that no service of ours would send */
};
extern struct turn_now now;

/*
 * Looks at all that is sent after a turn of the `n` calls of this list (or, of none, at
 * what passing time makes it send); what is not answered now has been passed on.
 */
void turn_hear(const struct svc_sends *sends, const struct told *list, size_t n);

#endif
