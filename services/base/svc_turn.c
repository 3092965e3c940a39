#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/row.h"
#include "base/svc_inside.h"

/* One turn's inputs, and which of them are already dealt with. */
struct turn {
	struct svc *svc;
	const struct svc_input *inputs;
	size_t n;
	size_t taken; /* the first so many; the rest must come again */
	bool is_done[SVC_SENDS_MAX];
	unsigned timers_left;
};

/* ---- timers ---- */

/* Is it to be said yet that this store was restored? */
static bool
is_as_restored(const struct svc *svc, struct kv_txn *txn)
{
	struct journal_restored restored;

	return svc->service->restored != NULL && journal_is_restored(txn, &restored) &&
	       svc->head.number == restored.number;
}

int64_t
svc_first_timer_ms(const struct svc *svc, struct kv_txn *txn)
{
	struct kv_walk w;
	int64_t due_ms = INT64_MAX;

	if (is_as_restored(svc, txn))
		return 0;
	if (svc_waits(svc, txn))
		return INT64_MAX;
	kv_walk(txn, &w, SVC_TIMERS, BYTES_NONE, BYTES_NONE);
	if (kv_next(&w) && w.key.len >= 8)
		due_ms = (int64_t)bytes_get_u64(w.key.data);
	kv_walk_end(&w);
	return due_ms;
}

/* The earliest timer, when it is due, and its key in the arena; NULL otherwise. */
static Journal__Timer *
due_timer(struct svc *svc, struct kv_txn *txn, struct bytes *key)
{
	struct kv_walk w;
	Journal__Timer *timer = NULL;

	kv_walk(txn, &w, SVC_TIMERS, BYTES_NONE, BYTES_NONE);
	if (kv_next(&w) && w.key.len >= 8 &&
	    (int64_t)bytes_get_u64(w.key.data) <= svc->now_ms) {
		*key = bytes_copy(&svc->scratch, w.key);
		timer = row_at(&w, &svc->scratch, &journal__timer__descriptor);
		if (timer == NULL || key->data == NULL)
			svc_latch(txn, ERR_CORRUPT);
	}
	kv_walk_end(&w);
	return timer;
}

/* The first that a restored store writes: that it was; it may ask to be shown the rest.
 */
static enum err
announce_restored(struct svc *svc, struct kv_txn *txn)
{
	struct id id = svc_draw_id(svc);
	struct svc_ask ask = svc_ask_new(svc, txn, id.text);
	enum err e = svc->service->restored(&ask, &svc->head);

	if (e == ERR_NONE)
		e = svc_journal(&ask, NULL);
	arena_reset(&svc->scratch);
	return e;
}

/*
 * Turns due timers into their events, before any rule can see a late one; at most
 * `*left` of them, which is then 0: what else came must wait for another turn.
 */
static enum err
run_timers(struct svc *svc, struct kv_txn *txn, unsigned *left)
{
	Journal__Timer *timer;
	struct bytes key;

	txn->written &= ~KV_BIT(SVC_TIMERS);
	if (is_as_restored(svc, txn)) {
		enum err e = announce_restored(svc, txn);
		if (e != ERR_NONE)
			return e;
	}
	if (svc_waits(svc, txn))
		return txn->err;
	for (; *left > 0 && (timer = due_timer(svc, txn, &key)) != NULL; --*left) {
		struct id id = svc_draw_id(svc);
		struct svc_ask ask = svc_ask_new(svc, txn, id.text);
		uint64_t before = svc->head.number;
		enum err e = svc->service->timer(&ask, timer);

		if (e == ERR_NONE)
			e = svc_journal(&ask, NULL);
		if (e != ERR_NONE)
			return e;
		/* Or it would become the same event for ever. */
		if (svc->head.number == before || kv_has(txn, SVC_TIMERS, key)) {
			log_line(LOG_LEVEL_ERROR, "timer.left_running", "kind",
			    log_number(timer->kind), NULL);
			return ERR_INTERNAL;
		}
		arena_reset(&svc->scratch);
	}
	return txn->err;
}

/* ---- answers to owed calls ---- */

static enum err
hand_reply(struct svc *svc, struct kv_txn *txn, const Journal__OwedCall *owed,
    const Envelope__Envelope *envelope)
{
	const ProtobufCMessageDescriptor *type =
	    svc_type_of(svc->service->answer_of(owed->service), owed->method);
	struct svc_ask ask = svc_ask_new(svc, txn, owed->owed_id);
	struct svc_reply reply = {owed, NULL, envelope->refusal};
	struct check_problem why;
	enum err e;

	if (type == NULL)
		return ERR_INTERNAL;
	if (envelope->refusal == NULL) {
		ProtobufCMessage *answer;
		struct bytes body = BYTES_OF(envelope->body);

		e = message_unpack(&svc->scratch, type, body, &answer);
		if (e != ERR_NONE || !check_message(answer, body, &why)) {
			log_line(LOG_LEVEL_ERROR, "owed.malformed", "service",
			    owed->service, "req", owed->owed_id, NULL);
			svc_owed_later(svc, owed->owed_id, svc->now_ms);
			return ERR_NONE;
		}
		reply.answer = answer;
	}
	ask.method = owed->method;
	e = svc->service->replied(&ask, &reply);
	if (e == ERR_NONE)
		e = svc_journal(&ask, NULL);
	if (e == ERR_NONE && kv_has(txn, SVC_OWED, row_key(owed->owed_id))) {
		log_line(LOG_LEVEL_ERROR, "owed.left_open", "req", owed->owed_id, NULL);
		return ERR_INTERNAL;
	}
	return e;
}

static enum err
take_answer(struct svc *svc, struct kv_txn *txn, const struct svc_input *in)
{
	ProtobufCMessage *message;
	Envelope__Envelope *envelope;
	Journal__OwedCall *owed;
	enum err e = message_unpack(
	    &svc->scratch, &envelope__envelope__descriptor, in->envelope, &message);

	if (e != ERR_NONE)
		return ERR_NONE;
	envelope = (Envelope__Envelope *)message;
	if (envelope->correlation_id == NULL ||
	    !id_is_well_formed(envelope->correlation_id))
		return ERR_NONE;
	owed = row_get(txn, &svc->scratch, SVC_OWED, row_key(envelope->correlation_id),
	    &journal__owed_call__descriptor);
	/* Closed already: a second answer to the same call. */
	if (owed == NULL || strcmp(owed->service, in->service) != 0)
		return txn->err;
	if (envelope->has_fault &&
	    envelope->fault != ENVELOPE__FAULT__FAULT_UNSPECIFIED) {
		svc_owed_later(svc, owed->owed_id, svc->now_ms);
		return ERR_NONE;
	}
	return hand_reply(svc, txn, owed, envelope);
}

/* ---- the turn ---- */

/* Answers that need no transaction: pages (checked, buffered), parked questions. */
static void
take_without_store(struct turn *t)
{
	for (size_t i = 0; i < t->n; i++) {
		ProtobufCMessage *message;

		if (!t->inputs[i].is_answer)
			continue;
		arena_reset(&t->svc->scratch);
		if (message_unpack(&t->svc->scratch, &envelope__envelope__descriptor,
			t->inputs[i].envelope, &message) != ERR_NONE) {
			t->is_done[i] = true;
			continue;
		}
		t->is_done[i] = svc_take_page(t->svc, &t->inputs[i],
				    (Envelope__Envelope *)message) ||
		                svc_take_parked(t->svc, &t->inputs[i],
				    (Envelope__Envelope *)message);
	}
}

static bool
needs_store(const struct turn *t)
{
	if (t->svc->timer_next_ms <= t->svc->now_ms || svc_has_pages(t->svc))
		return true;
	for (size_t i = 0; i < t->n; i++)
		if (!t->is_done[i])
			return true;
	return false;
}

static bool
has_room_to_send(const struct svc *svc)
{
	return svc->outgoing.size - svc->outgoing.used > SVC_OUTGOING_SPARE &&
	       svc->sends_n + 1 < SVC_SENDS_MAX;
}

static enum err
take_input(struct svc *svc, struct kv_txn *txn, const struct svc_input *in)
{
	enum err e;

	arena_reset(&svc->scratch);
	e = in->is_answer ? take_answer(svc, txn, in) : svc_take_call(svc, txn, in);
	return e != ERR_NONE ? e : txn->err;
}

/* A transaction, and what to go back to should it fail. */
struct attempt {
	struct kv_txn txn;
	size_t sends_n, outgoing_used;
};

static void
begin(struct svc *svc, struct attempt *a)
{
	a->sends_n = svc->sends_n;
	a->outgoing_used = svc->outgoing.used;
	kv_begin(svc->kv, &a->txn, true);
	arena_reset(&svc->scratch);
}

static void
abandon(struct svc *svc, struct attempt *a)
{
	kv_abort(&a->txn);
	svc->head = svc->committed;
	svc->sends_n = a->sends_n;
	arena_release(&svc->outgoing, a->outgoing_used);
	svc_parked_aborted(svc);
	svc_pages_aborted(svc);
}

static enum err
commit(struct svc *svc, struct attempt *a)
{
	bool owed_was_written = (a->txn.written & KV_BIT(SVC_OWED)) != 0;
	int64_t timer_next_ms = svc->timer_next_ms;
	enum err e;

	if (a->txn.is_dirty) {
		journal_expire_inbox(
		    &a->txn, svc->head.time_ms, SVC_INBOX_EXPIRED_A_TURN);
		timer_next_ms = svc_first_timer_ms(svc, &a->txn);
	}
	e = kv_end(&a->txn);
	if (e != ERR_NONE) {
		abandon(svc, a);
		return e;
	}
	svc->timer_next_ms = timer_next_ms;
	svc->owed_is_stale |= owed_was_written;
	svc->committed = svc->head;
	svc_parked_committed(svc);
	svc_pages_committed(svc);
	return ERR_NONE;
}

/* The inputs in order, as far as there is room for what they make us send. */
static enum err
take_inputs(struct turn *t, struct kv_txn *txn)
{
	struct svc *svc = t->svc;
	enum err e = ERR_NONE;
	size_t i = 0;

	for (; i < t->n && t->timers_left > 0 && has_room_to_send(svc); i++) {
		if (!t->is_done[i])
			e = take_input(svc, txn, &t->inputs[i]);
		/* It may have set one that is due already. */
		if (e == ERR_NONE && (txn->written & KV_BIT(SVC_TIMERS)) != 0)
			e = run_timers(svc, txn, &t->timers_left);
		if (e != ERR_NONE)
			return e;
	}
	t->taken = i;
	return ERR_NONE;
}

/* Everything in one transaction: the way it nearly always goes. */
static enum err
try_together(struct turn *t)
{
	struct svc *svc = t->svc;
	struct attempt a;
	enum err e;

	begin(svc, &a);
	t->timers_left = SVC_TIMERS_A_TURN;
	e = run_timers(svc, &a.txn, &t->timers_left);
	if (e == ERR_NONE)
		e = take_inputs(t, &a.txn);
	for (size_t s = 0; e == ERR_NONE && s < svc->service->sources_n; s++)
		e = svc_apply_pages(svc, &a.txn, &svc->following[s]);
	if (e != ERR_NONE) {
		abandon(svc, &a);
		return e;
	}
	return commit(svc, &a);
}

/* An input that cannot be decided, alone in its transaction: its caller is told. */
static void
fault_input(struct svc *svc, const struct svc_input *in, enum err fault)
{
	ProtobufCMessage *message;
	Envelope__Envelope *envelope;

	arena_reset(&svc->scratch);
	if (message_unpack(&svc->scratch, &envelope__envelope__descriptor, in->envelope,
		&message) != ERR_NONE)
		return;
	envelope = (Envelope__Envelope *)message;
	log_line(LOG_LEVEL_ERROR, "input.fault", "fault", err_name(fault), "req",
	    envelope->message_id != NULL ? envelope->message_id
					 : envelope->correlation_id,
	    NULL);
	if (in->is_answer) {
		if (envelope->correlation_id != NULL)
			svc_owed_later(svc, envelope->correlation_id, svc->now_ms);
	} else if (svc_push_fault(svc, in->token, envelope->message_id,
		       envelope->method, fault, NULL) != ERR_NONE) {
		log_line(LOG_LEVEL_WARN, "reply.dropped", NULL);
	}
}

static bool
is_of_the_store(enum err e)
{
	return e == ERR_FULL || e == ERR_STORAGE;
}

static enum err
alone_timers(struct svc *svc, unsigned *left)
{
	struct attempt a;
	enum err e;

	begin(svc, &a);
	e = run_timers(svc, &a.txn, left);
	if (e == ERR_NONE)
		return commit(svc, &a);
	/* Passing time cannot be refused: nothing may be decided behind it. */
	log_line(LOG_LEVEL_ERROR, "timer.fault", "fault", err_name(e), NULL);
	abandon(svc, &a);
	return e;
}

static enum err
alone_input(struct svc *svc, const struct svc_input *in)
{
	struct attempt a;
	enum err e;

	begin(svc, &a);
	e = take_input(svc, &a.txn, in);
	if (e == ERR_NONE)
		e = commit(svc, &a);
	else
		abandon(svc, &a);
	if (e == ERR_NONE || is_of_the_store(e))
		return e;
	fault_input(svc, in, e);
	return ERR_NONE;
}

static enum err
alone_source(struct svc *svc, struct svc_following *f)
{
	struct attempt a;
	enum err e;

	begin(svc, &a);
	e = svc_apply_pages(svc, &a.txn, f);
	if (e == ERR_NONE)
		e = commit(svc, &a);
	else
		abandon(svc, &a);
	if (e == ERR_NONE || is_of_the_store(e))
		return e;
	svc_stop_following(f, f->fault[0] != '\0' ? f->fault : err_name(e));
	return ERR_NONE;
}

/* After a fault: the same inputs again, each in a transaction of its own, so that
 * only the one at fault suffers. */
static enum err
redo_alone(struct turn *t)
{
	struct svc *svc = t->svc;
	enum err e;
	size_t i = 0;

	t->timers_left = SVC_TIMERS_A_TURN;
	e = alone_timers(svc, &t->timers_left);
	for (; e == ERR_NONE && i < t->n && t->timers_left > 0 && has_room_to_send(svc);
	     i++) {
		if (!t->is_done[i])
			e = alone_input(svc, &t->inputs[i]);
		if (e == ERR_NONE && svc->timer_next_ms <= svc->now_ms)
			e = alone_timers(svc, &t->timers_left);
	}
	for (size_t s = 0; e == ERR_NONE && s < svc->service->sources_n; s++)
		e = alone_source(svc, &svc->following[s]);
	t->taken = i;
	return e;
}

static void
begin_turn(struct svc *svc, int64_t now_ms, const uint8_t seed[32])
{
	svc->now_ms = now_ms > svc->head.time_ms ? now_ms : svc->head.time_ms;
	memcpy(svc->seed, seed, sizeof svc->seed);
	svc->seed_used = 0;
	svc->drawn_left = 0;
}

enum err
svc_turn(struct svc *svc, int64_t now_ms, const uint8_t seed[32],
    const struct svc_input *inputs, size_t n, struct svc_sends *out)
{
	struct turn t = {.svc = svc, .inputs = inputs, .n = n};
	uint64_t number_before = svc->committed.number;
	enum err e = ERR_NONE;

	if (t.n > SVC_SENDS_MAX)
		t.n = SVC_SENDS_MAX;
	arena_reset(&svc->outgoing);
	svc->sends_n = 0;
	begin_turn(svc, now_ms, seed);
	svc_check_pages(svc);
	take_without_store(&t);
	t.taken = t.n;
	if (needs_store(&t)) {
		e = try_together(&t);
		if (e != ERR_NONE && !is_of_the_store(e)) {
			log_line(
			    LOG_LEVEL_WARN, "turn.redone", "fault", err_name(e), NULL);
			e = redo_alone(&t);
		}
	}
	/* A turn that failed acknowledges nothing, not even what it did commit. */
	if (e != ERR_NONE)
		svc->sends_n = 0;
	*out = (struct svc_sends){svc->sends, svc->sends_n, t.taken,
	    svc->committed.number > number_before, svc->committed.number};
	return e;
}

enum err
svc_first(struct svc *svc, int64_t now_ms, const uint8_t seed[32],
    enum err (*decide)(struct svc_ask *ask, void *context), void *context)
{
	struct attempt a;
	struct svc_ask ask;
	struct id id;
	enum err e;

	begin_turn(svc, now_ms, seed);
	begin(svc, &a);
	id = svc_draw_id(svc);
	ask = svc_ask_new(svc, &a.txn, id.text);
	e = decide(&ask, context);
	if (e == ERR_NONE)
		e = svc_journal(&ask, NULL);
	if (e == ERR_NONE)
		return commit(svc, &a);
	abandon(svc, &a);
	return e;
}
