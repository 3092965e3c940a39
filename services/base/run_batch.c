#include "base/run_batch.h"

#include <assert.h>
#include <string.h>

#define LINGER_SHARE 3   /* of a commit */
#define COMMIT_WEIGHT 8  /* a new turn's weight in the average, one in so many */
#define DEADLINE_SHARE 8 /* an eighth may be waited in order */
#define PROBES 8

enum err
run_batch_open(struct run_batch *b)
{
	memset(b, 0, sizeof *b);
	b->turn = 2; /* so that nobody was seen in the turn before */
	for (size_t i = 0; i < 2; i++) {
		enum err e = arena_open(&b->arenas[i], RUN_BATCH_BYTES);

		if (e != ERR_NONE) {
			run_batch_close(b);
			return e;
		}
	}
	return ERR_NONE;
}

void
run_batch_close(struct run_batch *b)
{
	for (size_t i = 0; i < 2; i++) {
		if (b->arenas[i].base != NULL)
			arena_close(&b->arenas[i]);
		b->arenas[i] = (struct arena){0};
	}
}

bool
run_batch_has_room(const struct run_batch *b)
{
	const struct arena *a = &b->arenas[b->arena];

	/* A message can be a little longer than an envelope may be, and is aligned. */
	return b->answers_n < RUN_ANSWERS_MAX &&
	       a->size - a->used > BUS_MESSAGE_BYTES_MAX + 8192;
}

/* The caller's row, or the one of nobody who was seen lately; NULL: the table is
 * full thereabouts, and this caller goes uncounted. */
static struct run_caller *
find_caller(struct run_batch *b, uint64_t token)
{
	struct run_caller *old = NULL;

	for (unsigned i = 0; i < PROBES; i++) {
		struct run_caller *c = &b->callers[(token + i) % RUN_CALLERS];

		if (c->turn != 0 && c->token == token)
			return c;
		if (old == NULL && c->turn + 1 < b->turn)
			old = c;
	}
	if (old != NULL)
		*old = (struct run_caller){.token = token};
	return old;
}

/* Counts one more of this caller's; the row, or NULL where it is not counted. */
static struct run_caller *
count_caller(struct run_batch *b, uint64_t token)
{
	struct run_caller *c = find_caller(b, token);

	if (c == NULL)
		return NULL;
	if (c->turn != b->turn) {
		b->distinct++;
		if (c->turn + 1 != b->turn)
			b->distinct_new++;
		c->turn = b->turn;
		c->calls = 0;
	}
	c->calls++;
	return c;
}

/* How many calls a turn may have, so that it does not last. */
static size_t
calls_a_turn(const struct run_batch *b)
{
	int64_t n = b->call_us == 0 ? RUN_INPUTS_MAX : RUN_TURN_US / b->call_us;

	if (n > RUN_INPUTS_MAX)
		return RUN_INPUTS_MAX;
	return n < RUN_TURN_CALLS_MIN ? RUN_TURN_CALLS_MIN : (size_t)n;
}

/* When a call with so many before it would be answered, about: after their turns, and
 * its own. */
static int64_t
wait_us(const struct run_batch *b, size_t before)
{
	int64_t us = b->round_us > b->commit_us ? b->round_us : b->commit_us;

	return (int64_t)(before / calls_a_turn(b) + 1) * us;
}

/* Where it will not be in the next turn: is it worth its while to wait? */
static bool
may_wait(const struct run_batch *b, struct bytes envelope, bool is_lone)
{
	struct run_peeked said;
	int64_t us = wait_us(b, b->calls_n);

	if (b->calls_n - b->first_n == RUN_WAITING_MAX)
		return false;
	if (b->calls_n < calls_a_turn(b))
		return true;
	if (!is_lone && us > RUN_WAIT_US)
		return false;
	return !run_peek(envelope, &said) || said.wait_ms / DEADLINE_SHARE > us / 1000;
}

static void
keep(struct run_batch *b, const struct svc_input *input)
{
	struct svc_input *at =
	    input->is_answer ? &b->answers[b->answers_n++] : &b->calls[b->calls_n++];

	*at = *input;
	at->envelope = bytes_copy(&b->arenas[b->arena], input->envelope);
}

/* Counts a call of this caller's, unless it is to be turned away; says whether it goes
 * before those of others. Half of a turn may: the rest is for those who wait in order.
 */
static bool
let_in(struct run_batch *b, const struct bus_message *m, bool *is_first)
{
	unsigned known = b->distinct_new;
	struct run_caller *c = count_caller(b, m->token);

	*is_first = b->distinct_new > known && b->first_n < calls_a_turn(b) / 2;
	if (*is_first)
		return true;
	if (c == NULL)
		return may_wait(b, m->bytes, false);
	if (c->calls <= RUN_CALLER_INPUTS_MAX && may_wait(b, m->bytes, c->calls == 1))
		return true;
	c->calls--;
	return false;
}

/* The last call goes before all but those who are first already. */
static void
put_first(struct run_batch *b)
{
	struct svc_input call = b->calls[b->calls_n - 1];
	size_t n = b->calls_n - 1 - b->first_n;

	memmove(
	    &b->calls[b->first_n + 1], &b->calls[b->first_n], n * sizeof b->calls[0]);
	b->calls[b->first_n++] = call;
}

bool
run_batch_add(struct run_batch *b, const struct bus_message *m)
{
	bool is_first = false;
	struct svc_input input = {
	    .is_answer = m->what == BUS_ANSWER,
	    .token = m->token,
	    .service = m->service,
	    .envelope = m->bytes,
	};

	assert(run_batch_has_room(b));
	assert(m->what == BUS_CALL || m->what == BUS_ANSWER);
	if (!input.is_answer && !let_in(b, m, &is_first))
		return false;
	memcpy(input.key, m->key, sizeof input.key);
	keep(b, &input);
	if (is_first)
		put_first(b);
	return true;
}

bool
run_batch_expects_more(const struct run_batch *b)
{
	size_t expected = b->distinct_last + b->distinct_new;

	return expected > 1 && b->calls_n > 0 && b->calls_n < expected &&
	       b->calls_n < calls_a_turn(b);
}

int64_t
run_batch_linger_us(const struct run_batch *b)
{
	return b->commit_us / LINGER_SHARE;
}

/* The calls of this turn: answers have room of their own. */
static size_t
calls_now(const struct run_batch *b)
{
	size_t room = RUN_INPUTS_MAX - b->answers_n, most = calls_a_turn(b);

	if (most < room)
		room = most;
	return b->calls_n < room ? b->calls_n : room;
}

size_t
run_batch_inputs(struct run_batch *b)
{
	size_t n = 0;

	b->calls_now = calls_now(b);
	for (size_t i = 0; i < b->calls_now; i++)
		b->inputs[n++] = b->calls[i];
	for (size_t i = 0; i < b->answers_n; i++)
		b->inputs[n++] = b->answers[i];
	return n;
}

/* Those that were not taken, into the other arena; who they are from is counted anew.
 */
static void
keep_rest(struct run_batch *b, size_t calls_taken, size_t answers_taken)
{
	size_t calls_n = b->calls_n, answers_n = b->answers_n;

	b->calls_n = b->answers_n = 0;
	b->first_n -= calls_taken < b->first_n ? calls_taken : b->first_n;
	for (size_t i = calls_taken; i < calls_n; i++) {
		(void)count_caller(b, b->calls[i].token);
		keep(b, &b->calls[i]);
	}
	for (size_t i = answers_taken; i < answers_n; i++)
		keep(b, &b->answers[i]);
}

void
run_batch_worked(struct run_batch *b, int64_t work_us)
{
	size_t n = b->calls_now;

	if (n >= RUN_TURN_CALLS_MIN)
		b->call_us += (work_us / (int64_t)n - b->call_us) / COMMIT_WEIGHT;
}

void
run_batch_done(struct run_batch *b, size_t taken, int64_t turn_us)
{
	size_t now = b->calls_now, calls_taken = taken < now ? taken : now;
	unsigned before = b->arena;

	assert(taken <= now + b->answers_n);
	if (b->calls_n > 0) {
		b->commit_us += (turn_us - b->commit_us) / COMMIT_WEIGHT;
		b->distinct_last = b->distinct;
		b->distinct = b->distinct_new = 0;
		b->turn++;
	}
	if (taken < b->calls_n + b->answers_n)
		b->arena = 1 - b->arena;
	keep_rest(b, calls_taken, taken - calls_taken);
	arena_reset(&b->arenas[before]);
}

void
run_batch_rounded(struct run_batch *b, int64_t round_us)
{
	if (b->calls_now > 0)
		b->round_us += (round_us - b->round_us) / COMMIT_WEIGHT;
}

/* ---- looking into an envelope that is turned away ---- */

static bool
take_varint(struct bytes *in, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift < 64 && in->len > 0; shift += 7) {
		uint8_t b = *in->data++;

		in->len--;
		*out |= (uint64_t)(b & 0x7f) << shift;
		if ((b & 0x80) == 0)
			return true;
	}
	return false;
}

/* The value behind a tag: a number, or bytes. Groups are no part of proto2 as we use
 * it. */
static bool
take_value(struct bytes *in, unsigned wire_type, uint64_t *number, struct bytes *value)
{
	*value = BYTES_NONE;
	if (wire_type == PROTOBUF_C_WIRE_TYPE_VARINT)
		return take_varint(in, number);
	if (wire_type == PROTOBUF_C_WIRE_TYPE_64BIT)
		*number = 8;
	else if (wire_type == PROTOBUF_C_WIRE_TYPE_32BIT)
		*number = 4;
	else if (wire_type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED ||
		 !take_varint(in, number))
		return false;
	if (*number > in->len)
		return false;
	*value = (struct bytes){in->data, (size_t)*number};
	in->data += *number;
	in->len -= (size_t)*number;
	return true;
}

bool
run_peek(struct bytes envelope, struct run_peeked *out)
{
	bool has_id = false;

	*out = (struct run_peeked){.wait_ms = INT64_MAX};
	while (envelope.len > 0) {
		uint64_t tag, number;
		struct bytes value;

		if (!take_varint(&envelope, &tag) ||
		    !take_value(&envelope, tag & 7, &number, &value))
			return false;
		if (tag >> 3 == 1 && value.len == ID_LEN) {
			memcpy(out->message_id.text, value.data, ID_LEN);
			out->message_id.text[ID_LEN] = '\0';
			has_id = id_is_well_formed(out->message_id.text);
		}
		if (tag >> 3 == 3 && value.data == NULL)
			out->method = (uint32_t)number;
		if (tag >> 3 == 6 && value.data == NULL)
			out->wait_ms = (uint32_t)number;
	}
	return has_id;
}
