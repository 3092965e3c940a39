#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/row.h"
#include "base/str.h"
#include "base/svc_inside.h"

void
svc_latch(struct kv_txn *txn, enum err e)
{
	if (txn->err == ERR_NONE)
		txn->err = e;
}

/* Salts and ids come from the turn's seed, so that a simulation replays exactly. */
void
svc_draw(struct svc *svc, void *out, size_t len)
{
	uint8_t block[32 + 8];
	uint8_t seed[randombytes_SEEDBYTES];

	assert(len <= sizeof svc->drawn);
	if (svc->drawn_left < len) {
		memcpy(block, svc->seed, 32);
		bytes_put_u64(block + 32, svc->seed_used++);
		crypto_generichash(seed, sizeof seed, block, sizeof block, NULL, 0);
		randombytes_buf_deterministic(svc->drawn, sizeof svc->drawn, seed);
		svc->drawn_left = sizeof svc->drawn;
	}
	memcpy(out, svc->drawn + sizeof svc->drawn - svc->drawn_left, len);
	svc->drawn_left -= len;
}

struct id
svc_draw_id(struct svc *svc)
{
	uint8_t random[ID_RANDOM_BYTES];

	svc_draw(svc, random, sizeof random);
	return id_make(svc->now_ms, random);
}

const char *
svc_new_id(struct svc_ask *ask)
{
	struct id id = svc_draw_id(ask->svc);
	const char *text = str_copy(ask->arena, id.text);

	if (text == NULL)
		svc_latch(ask->txn, ERR_MEMORY);
	return text;
}

/* ---- deciding ---- */

struct svc_ask
svc_ask_new(struct svc *svc, struct kv_txn *txn, const char *command_id)
{
	struct svc_ask ask = {
	    .svc = svc,
	    .txn = txn,
	    .arena = &svc->scratch,
	    .now_ms = svc->now_ms,
	    .command_id = command_id,
	    .members_copy_age_ms = svc_copy_age_ms(svc),
	};

	/* Its entries are written as they are decided: there is no need to clear them.
	 */
	svc->pending.n = 0;
	svc->pending.answer = NULL;
	svc->pending.refusal = NULL;
	svc->pending.detail = NULL;
	svc->pending.parked = NULL;
	svc->pending.pass_fault = ERR_NONE;
	return ask;
}

uint64_t
svc_next_number(const struct svc_ask *ask)
{
	return ask->svc->head.number + ask->svc->pending.n + 1;
}

uint64_t
svc_incarnation(const struct svc_ask *ask)
{
	return ask->svc->head.incarnation;
}

void
svc_decide(struct svc_ask *ask, uint32_t type, const ProtobufCMessage *event)
{
	struct svc *svc = ask->svc;
	struct svc_pending *p = &svc->pending;
	struct svc_event e = {
	    .number = svc_next_number(ask),
	    .time_ms = ask->now_ms,
	    .type = type,
	    .command_id = ask->command_id,
	    .message = event,
	};
	struct journal_entry *entry;

	assert(p->refusal == NULL && "a refusal stands alone");
	assert(svc_type_of(svc->service->event, type) == event->descriptor);
	if (ask->txn->err != ERR_NONE)
		return;
	if (p->n == SVC_EVENTS_A_DECISION) {
		log_line(
		    LOG_LEVEL_ERROR, "decision.too_long", "req", ask->command_id, NULL);
		svc_latch(ask->txn, ERR_MEMORY);
		return;
	}
	entry = &p->entries[p->n];
	*entry = (struct journal_entry){.type = type, .command_id = ask->command_id};
	svc_draw(svc, entry->salt, sizeof entry->salt);
	svc_latch(ask->txn, message_pack(ask->arena, event, &entry->event));
	/* A page must be able to carry it, or no follower ever gets past it. */
	if (entry->event.len > SVC_EVENT_BYTES_MAX)
		svc_latch(ask->txn, ERR_MEMORY);
	if (ask->txn->err != ERR_NONE)
		return;
	p->n++;
	if (type >= JOURNAL_TYPE_FIRST)
		svc_latch(ask->txn, svc->service->apply(ask->txn, ask->arena, &e));
}

void
svc_answer(struct svc_ask *ask, const ProtobufCMessage *answer)
{
	ask->svc->pending.answer = answer;
}

void
svc_refuse(struct svc_ask *ask, const struct refusal *no, const char *detail)
{
	assert(
	    ask->svc->pending.n == 0 && "rules are asked before anything is decided");
	ask->svc->pending.refusal = no;
	ask->svc->pending.detail = detail;
}

bool
svc_waits(const struct svc *svc, struct kv_txn *txn)
{
	struct journal_restored restored;

	return svc->service->restored_waits_for != NULL &&
	       journal_is_restored(txn, &restored);
}

void
svc_restored_clear(struct kv_txn *txn, const struct svc_event *e)
{
	struct journal_restored restored;

	if (!journal_is_restored(txn, &restored) || e->number <= restored.number)
		return;
	journal_clear_restored(txn);
	/* They waited, and come before whatever else is in this turn. */
	txn->written |= KV_BIT(SVC_TIMERS);
}

bool
svc_copy_is_old(const struct svc_ask *ask)
{
	return ask->members_copy_age_ms > SVC_COPY_AGE_MAX_MS;
}

enum err
svc_journal(struct svc_ask *ask, const Journal__CommandRecord *command)
{
	struct svc *svc = ask->svc;
	struct svc_pending *p = &svc->pending;
	struct journal_batch batch = {p->entries, p->n, ask->now_ms};

	if (p->n == 0 || ask->txn->err != ERR_NONE)
		return ask->txn->err;
	p->entries[p->n - 1].command = command;
	return journal_append(
	    ask->txn, ask->arena, &batch, &svc->head, svc->head.epoch);
}

/* ---- what apply may do ---- */

static struct bytes
timer_key(uint8_t out[12 + CHECK_STRING_BYTES_MAX], int64_t due_ms, uint32_t kind,
    const char *subject_id)
{
	size_t len = strlen(subject_id);

	assert(due_ms >= 0 && len <= CHECK_STRING_BYTES_MAX);
	bytes_put_u64(out, (uint64_t)due_ms);
	bytes_put_u32(out + 8, kind);
	memcpy(out + 12, bytes_of_text(subject_id).data, len);
	return (struct bytes){out, 12 + len};
}

void
svc_timer_set(struct kv_txn *txn, struct arena *scratch, int64_t due_ms, uint32_t kind,
    const char *subject_id)
{
	uint8_t key[12 + CHECK_STRING_BYTES_MAX];
	Journal__Timer *row = MESSAGE_NEW(scratch, journal__timer);

	if (row == NULL) {
		svc_latch(txn, ERR_MEMORY);
		return;
	}
	SET(row, due_time, due_ms);
	SET(row, kind, kind);
	row->subject_id = str_copy(scratch, subject_id);
	if (row->subject_id == NULL)
		svc_latch(txn, ERR_MEMORY);
	row_put(txn, scratch, SVC_TIMERS, timer_key(key, due_ms, kind, subject_id),
	    &row->base);
}

void
svc_timer_clear(
    struct kv_txn *txn, int64_t due_ms, uint32_t kind, const char *subject_id)
{
	uint8_t key[12 + CHECK_STRING_BYTES_MAX];

	kv_delete(txn, SVC_TIMERS, timer_key(key, due_ms, kind, subject_id));
}

/* ---- sending ---- */

bool
svc_push_send(
    struct svc *svc, const char *service, uint64_t token, struct bytes envelope)
{
	if (svc->sends_n == SVC_SENDS_MAX)
		return false;
	svc->sends[svc->sends_n++] = (struct svc_send){service, token, envelope};
	return true;
}

enum err
svc_push_envelope(struct svc *svc, const char *service, uint64_t token,
    const Envelope__Envelope *envelope)
{
	struct bytes packed;
	enum err e = message_pack(&svc->outgoing, &envelope->base, &packed);

	if (e != ERR_NONE)
		return e;
	return svc_push_send(svc, service, token, packed) ? ERR_NONE : ERR_MEMORY;
}

enum err
svc_push_fault(struct svc *svc, uint64_t token, const char *correlation_id,
    uint32_t method, enum err fault, const char *detail)
{
	Envelope__Envelope reply = ENVELOPE__ENVELOPE__INIT;

	reply.correlation_id = (char *)(uintptr_t)correlation_id;
	reply.detail = (char *)(uintptr_t)detail;
	SET(&reply, method, method);
	SET(&reply, fault, (Envelope__Fault)fault);
	return svc_push_envelope(svc, NULL, token, &reply);
}
