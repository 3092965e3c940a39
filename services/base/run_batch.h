#ifndef RCC_RUN_BATCH_H
#define RCC_RUN_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bus.h"
#include "base/id.h"
#include "base/svc.h"

/*
 * What came in and waits for its turn, bounded: in all, for each caller, and in how
 * long it will have to wait. Calls stand before answers, for answers bring event pages
 * and people do not wait for those. Also knows whether it pays to wait a moment for
 * more before the turn is committed.
 *
 * Where more comes in than can be served, a call is let in only while it will be
 * reached within an eighth of its caller's deadline (the rest is for what it waited in
 * the socket unseen, for a turn that takes longer, and for the way back), and within
 * two seconds where that caller has another waiting. Who was not heard of in the last
 * turn goes before all who were, as far as half of a turn, and there is always room for
 * them: so the first call of whoever comes is reached next, however many others flood,
 * and who waits in order is reached however many come.
 */
#define RUN_INPUTS_MAX 256    /* of one turn */
#define RUN_TURN_US 50000     /* ... and fewer where they are much work, */
#define RUN_TURN_CALLS_MIN 16 /* but so many */
#define RUN_ANSWERS_MAX 128
#define RUN_WAITING_MAX 1024               /* calls in order, this turn's among them, */
#define RUN_FIRST_MAX (RUN_INPUTS_MAX / 2) /* and those that go before them */
#define RUN_WAIT_US 2000000
#define RUN_CALLER_INPUTS_MAX 64
#define RUN_CALLERS 1024 /* a power of two */
#define RUN_BATCH_BYTES (8u << 20)

struct run_caller {
	uint64_t token;
	uint64_t turn;  /* when last seen */
	unsigned calls; /* that wait since */
};

struct run_batch {
	struct arena arenas[2]; /* the inputs' bytes; what is left over moves across */
	unsigned arena;
	struct svc_input calls[RUN_FIRST_MAX + RUN_WAITING_MAX];
	struct svc_input answers[RUN_ANSWERS_MAX];
	size_t calls_n, answers_n;
	size_t first_n; /* calls, of who was not heard of before */
	struct svc_input inputs[RUN_INPUTS_MAX]; /* of both, in order */
	size_t calls_now;                        /* among them */

	struct run_caller callers[RUN_CALLERS];
	uint64_t turn;
	unsigned distinct;     /* callers in this turn */
	unsigned distinct_new; /* of those, not in the last */
	unsigned distinct_last;
	int64_t commit_us; /* how long a turn takes, on average */
	int64_t call_us;   /* how much work a call is, on average */
	int64_t round_us;  /* ... with all that is done between it and the one before */
};

enum err run_batch_open(struct run_batch *b) MUST_CHECK;
void run_batch_close(struct run_batch *b);

/* Room for one more answer, and for the bytes of any message? */
bool run_batch_has_room(const struct run_batch *b);
/* Copies a call or an answer in. False: this call is to be turned away now, for it
 * would wait too long or its caller has had its share. */
bool run_batch_add(struct run_batch *b, const struct bus_message *m);

/*
 * Is it worth waiting for another call? When those who called in the last two turns
 * were several, and have not all called yet: they were answered together, so they
 * come back together. One caller alone never waits.
 */
bool run_batch_expects_more(const struct run_batch *b);
/* How long: a third of a commit. */
int64_t run_batch_linger_us(const struct run_batch *b);

/* The turn's inputs, in order: `inputs`, this many. */
size_t run_batch_inputs(struct run_batch *b);
/* Deciding them was so much work: the commit's wait for the disk is not in it, for that
 * is no shorter where they are fewer. Said before run_batch_done. */
void run_batch_worked(struct run_batch *b, int64_t work_us);
/* The turn took the first `taken` of them, in this time; the others stay. */
void run_batch_done(struct run_batch *b, size_t taken, int64_t turn_us);

/* So long did it take in all from when something had come to the end of the turn, with
 * all that was turned away meanwhile. */
void run_batch_rounded(struct run_batch *b, int64_t round_us);

/* What a packed envelope says of itself, without unpacking the rest: enough to turn the
 * call away. False: it says no well-formed id. */
struct run_peeked {
	struct id message_id;
	uint32_t method;
	int64_t wait_ms; /* INT64_MAX: not said */
};
bool run_peek(struct bytes envelope, struct run_peeked *out);

#endif
