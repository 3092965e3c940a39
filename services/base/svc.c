#include "base/svc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "base/row.h"
#include "base/str.h"
#include "base/svc_inside.h"

static const char *const base_tables[SVC_TABLES] = {
	[SVC_JOURNAL] = "journal",
	[SVC_INBOX] = "inbox",
	[SVC_META] = "meta",
	[SVC_OWED] = "owed",
	[SVC_TIMERS] = "timers",
	[SVC_CAUSED] = "caused",
	[SVC_CURSORS] = "cursors",
	[SVC_ACCESS_COUNCILS] = "access-councils",
	[SVC_ACCESS_PROVIDERS] = "access-providers",
	[SVC_ACCESS_PEOPLE] = "access-people",
	[SVC_ACCESS_KEYS] = "access-keys",
};

#define REBUILD_ENTRIES_A_COMMIT 10000
static const char layout_key[] = "layout";

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

	memcpy(block, svc->seed, 32);
	bytes_put_u64(block + 32, svc->seed_drawn++);
	crypto_generichash(seed, sizeof seed, block, sizeof block, NULL, 0);
	if (len <= sizeof seed)
		memcpy(out, seed, len);
	else
		randombytes_buf_deterministic(out, len, seed);
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

const ProtobufCMessageDescriptor *
svc_type_of(const ProtobufCMessageDescriptor *oneof, uint32_t number)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field(oneof, number);

	return field == NULL ? NULL : field->descriptor;
}

bool
svc_is_own_table(const struct svc *svc, unsigned table)
{
	if (table >= SVC_TABLES)
		return svc->service->tables[table - SVC_TABLES].source == NULL;
	if (table >= SVC_ACCESS_COUNCILS && table <= SVC_ACCESS_KEYS)
		return svc->service->owns_access;
	return table == SVC_OWED || table == SVC_TIMERS || table == SVC_CAUSED ||
	    table == SVC_INBOX;
}

const struct conf_peer *
svc_peer_of_key(const struct svc *svc, const uint8_t key[32])
{
	for (size_t i = 0; i < svc->peers->n; i++)
		if (memcmp(svc->peers->list[i].key, key, 32) == 0)
			return &svc->peers->list[i];
	return NULL;
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

	memset(&svc->pending, 0, sizeof svc->pending);
	return ask;
}

uint64_t
svc_next_number(const struct svc_ask *ask)
{
	return ask->svc->head.number + ask->svc->pending.n + 1;
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
	struct journal_entry *entry = &p->entries[p->n];

	assert(p->refusal == NULL && "a refusal stands alone");
	assert(p->n < SVC_EVENTS_A_DECISION);
	assert(svc_type_of(svc->service->event, type) == event->descriptor);
	if (ask->txn->err != ERR_NONE)
		return;
	*entry = (struct journal_entry){.type = type, .command_id = ask->command_id};
	svc_draw(svc, entry->salt, sizeof entry->salt);
	svc_latch(ask->txn, message_pack(ask->arena, event, &entry->event));
	if (ask->txn->err != ERR_NONE)
		return;
	p->n++;
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
	assert(ask->svc->pending.n == 0 && "rules are asked before anything is decided");
	ask->svc->pending.refusal = no;
	ask->svc->pending.detail = detail;
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
	enum err e;

	if (p->n == 0 || ask->txn->err != ERR_NONE)
		return ask->txn->err;
	p->entries[p->n - 1].command = command;
	e = journal_append(ask->txn, ask->arena, &batch, &svc->head, svc->head.epoch);
	if (e == ERR_NONE)
		journal_read_head(ask->txn, &svc->head);
	return e;
}

/* ---- what apply may do ---- */

void
svc_owe(struct kv_txn *txn, struct arena *scratch, const Journal__OwedCall *owed)
{
	row_put(txn, scratch, SVC_OWED, row_key(owed->owed_id), &owed->base);
}

void
svc_owed_close(struct kv_txn *txn, const char *owed_id)
{
	kv_delete(txn, SVC_OWED, row_key(owed_id));
}

static struct bytes
timer_key(uint8_t out[12 + CHECK_STRING_BYTES_MAX], int64_t due_ms, uint32_t kind,
    const char *subject_id)
{
	size_t len = strlen(subject_id);

	assert(due_ms >= 0 && len <= CHECK_STRING_BYTES_MAX);
	bytes_put_u64(out, (uint64_t)due_ms);
	bytes_put_u32(out + 8, kind);
	memcpy(out + 12, subject_id, len);
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
	row_put(txn, scratch, SVC_TIMERS, timer_key(key, due_ms, kind, subject_id),
	    &row->base);
}

void
svc_timer_clear(struct kv_txn *txn, int64_t due_ms, uint32_t kind, const char *subject_id)
{
	uint8_t key[12 + CHECK_STRING_BYTES_MAX];

	kv_delete(txn, SVC_TIMERS, timer_key(key, due_ms, kind, subject_id));
}

/* ---- sending ---- */

bool
svc_push_send(struct svc *svc, const char *service, uint64_t token, struct bytes envelope)
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

/* ---- opening ---- */

/* Which events each peer may have, as a table the page loop can index. */
static void
index_releases(struct svc *svc)
{
	const struct service *s = svc->service;

	for (size_t i = 0; i < s->releases_n; i++) {
		const struct svc_release *r = &s->releases[i];

		assert(r->type < SVC_EVENT_TYPES_MAX);
		assert(svc_type_of(s->event, r->type) != NULL);
		for (size_t p = 0; p < svc->peers->n; p++)
			if (strcmp(svc->peers->list[p].name, r->follower) == 0)
				svc->released[p][r->type] = r;
	}
}

static void
name_tables(struct svc *svc)
{
	const struct service *s = svc->service;

	assert(SVC_TABLES + s->tables_n <= KV_TABLES_MAX);
	assert(s->sources_n <= SVC_SOURCES_MAX);
	for (unsigned i = 0; i < SVC_TABLES; i++)
		svc->tables[i] = base_tables[i];
	for (unsigned i = 0; i < s->tables_n; i++)
		svc->tables[SVC_TABLES + i] = s->tables[i].name;
	svc->tables_n = SVC_TABLES + (unsigned)s->tables_n;
}

static uint32_t
read_layout(struct kv_txn *txn)
{
	struct bytes value;

	if (!kv_get(txn, SVC_META, bytes_of_text(layout_key), &value) || value.len != 4)
		return 0;
	return bytes_get_u32(value.data);
}

static void
write_layout(struct kv_txn *txn, uint32_t layout)
{
	uint8_t value[4];

	bytes_put_u32(value, layout);
	kv_put(txn, SVC_META, bytes_of_text(layout_key), (struct bytes){value, 4});
}

/* Head, layout, cursors; true in *rebuild where the tables are of another build. */
static enum err
read_state(struct svc *svc, uint64_t incarnation, bool *rebuild)
{
	struct kv_txn txn;
	uint32_t layout;

	kv_begin(svc->kv, &txn, true);
	svc_latch(&txn, journal_open(&txn, incarnation));
	journal_read_head(&txn, &svc->head);
	layout = read_layout(&txn);
	if (svc->head.number == 0 && layout != svc->service->layout) {
		write_layout(&txn, svc->service->layout);
		layout = svc->service->layout;
	}
	*rebuild = layout != svc->service->layout;
	svc_latch(&txn, svc_follow_open(svc, &txn));
	svc_read_owed(svc, &txn);
	svc->committed = svc->head;
	return kv_end(&txn);
}

static enum err
read_timers(struct svc *svc)
{
	struct kv_txn txn;

	kv_begin(svc->kv, &txn, false);
	svc->timer_next_ms = svc_first_timer_ms(&txn);
	return kv_end(&txn);
}

static enum err
open_memory(struct svc *svc)
{
	enum err e = arena_open(&svc->scratch, SVC_SCRATCH_BYTES);

	if (e == ERR_NONE)
		e = arena_open(&svc->outgoing, SVC_OUTGOING_BYTES);
	if (e != ERR_NONE)
		return e;
	for (size_t i = 0; i < svc->service->sources_n; i++) {
		svc->following[i].source = &svc->service->sources[i];
		svc->following[i].pages = malloc(SVC_PAGES_BYTES);
		if (svc->following[i].pages == NULL)
			return ERR_MEMORY;
	}
	for (size_t i = 0; i < SVC_PARKED_MAX; i++) {
		svc->parked[i].body = malloc(SVC_PARKED_BODY);
		if (svc->parked[i].body == NULL)
			return ERR_MEMORY;
	}
	return ERR_NONE;
}

static enum err
open_inside(struct svc *svc, const struct svc_options *o, char *problem, size_t size)
{
	struct kv_options store = {
		.path = o->path,
		.tables = svc->tables,
		.tables_n = svc->tables_n,
		.room_bytes = o->room_bytes,
		.no_sync = o->no_sync,
	};
	bool rebuild = false;
	enum err e;

	if (sodium_init() < 0)
		return ERR_INTERNAL;
	e = open_memory(svc);
	if (e != ERR_NONE)
		return e;
	e = kv_open(&svc->kv, &store, problem, size);
	if (e != ERR_NONE)
		return e;
	/* Never zero, and no more than the integers of JSON can say. */
	e = read_state(svc, (o->incarnation & INT64_MAX) | 1, &rebuild);
	if (e == ERR_NONE && rebuild)
		e = svc_rebuild(svc, problem, size);
	if (e == ERR_NONE)
		e = read_timers(svc);
	if (e == ERR_NONE && svc->service->opened != NULL)
		e = svc->service->opened(svc, o->option, problem, size);
	return e;
}

enum err
svc_open(struct svc **out, const struct svc_options *o, char *problem, size_t problem_size)
{
	struct svc *svc = calloc(1, sizeof *svc);
	enum err e;

	if (svc == NULL)
		return ERR_MEMORY;
	svc->service = o->service;
	svc->peers = o->peers;
	svc->now_ms = o->now_ms;
	svc->started_ms = o->now_ms;
	svc->owed_is_stale = true;
	problem[0] = '\0';
	name_tables(svc);
	index_releases(svc);
	e = open_inside(svc, o, problem, problem_size);
	if (e != ERR_NONE) {
		if (problem[0] == '\0')
			snprintf(problem, problem_size, "cannot open the store at %s: %s",
			    o->path, err_name(e));
		svc_close(svc);
		return e;
	}
	*out = svc;
	return ERR_NONE;
}

void
svc_close(struct svc *svc)
{
	if (svc == NULL)
		return;
	if (svc->context_close != NULL)
		svc->context_close(svc->context);
	kv_close(svc->kv);
	for (size_t i = 0; i < SVC_PARKED_MAX; i++)
		free(svc->parked[i].body);
	for (size_t i = 0; i < SVC_SOURCES_MAX; i++)
		free(svc->following[i].pages);
	arena_close(&svc->outgoing);
	arena_close(&svc->scratch);
	free(svc);
}

struct kv *
svc_kv(struct svc *svc)
{
	return svc->kv;
}

void *
svc_context(const struct svc *svc)
{
	return svc->context;
}

void
svc_set_context(struct svc *svc, void *context, void (*close)(void *))
{
	svc->context = context;
	svc->context_close = close;
}

bool
svc_key_is_known(struct svc *svc, const uint8_t key[32])
{
	struct kv_txn txn;
	size_t mark = svc->scratch.used;
	bool known;

	if (svc_peer_of_key(svc, key) != NULL)
		return true;
	kv_begin(svc->kv, &txn, false);
	known = access_key_is_known(&txn, &svc->scratch, key);
	kv_abort(&txn);
	arena_release(&svc->scratch, mark);
	return known;
}

bool
svc_is_ready(struct svc *svc)
{
	struct kv_txn txn;
	bool ready;

	if (svc->service->owns_access)
		return true;
	kv_begin(svc->kv, &txn, false);
	ready = !access_is_empty(&txn);
	kv_abort(&txn);
	return ready;
}

enum err
svc_first(struct svc *svc, int64_t now_ms, const uint8_t seed[32],
    enum err (*decide)(struct svc_ask *ask, void *context), void *context)
{
	struct kv_txn txn;
	struct svc_ask ask;
	struct id id;
	enum err e;

	svc->now_ms = now_ms > svc->head.time_ms ? now_ms : svc->head.time_ms;
	memcpy(svc->seed, seed, sizeof svc->seed);
	svc->seed_drawn = 0;
	arena_reset(&svc->scratch);
	id = svc_draw_id(svc);
	kv_begin(svc->kv, &txn, true);
	ask = svc_ask_new(svc, &txn, id.text);
	e = decide(&ask, context);
	if (e == ERR_NONE)
		e = svc_journal(&ask, NULL);
	if (e != ERR_NONE) {
		kv_abort(&txn);
		svc->head = svc->committed;
		return e;
	}
	e = kv_end(&txn);
	if (e == ERR_NONE)
		svc->committed = svc->head;
	return e;
}

/* ---- rebuilding and dumping ---- */

static enum err
clear_own(struct svc *svc)
{
	struct kv_txn txn;

	kv_begin(svc->kv, &txn, true);
	for (unsigned t = 0; t < svc->tables_n; t++)
		if (svc_is_own_table(svc, t))
			kv_clear(&txn, t);
	/* Layout 0: a crash from here on starts the rebuild again. */
	write_layout(&txn, 0);
	return kv_end(&txn);
}

static enum err
reapply(struct svc *svc, struct kv_txn *txn, const struct journal_walk *w)
{
	const Journal__Header *h = w->record->header;
	const ProtobufCMessageDescriptor *type = svc_type_of(svc->service->event, h->type);
	struct svc_event event = {h->number, h->time, h->type, h->command_id, NULL};
	ProtobufCMessage *message;
	enum err e;

	if (type == NULL)
		return ERR_CORRUPT;
	e = message_unpack(&svc->scratch, type, BYTES_OF(w->body->event), &message);
	if (e != ERR_NONE)
		return e == ERR_MALFORMED ? ERR_CORRUPT : e;
	event.message = message;
	if (h->type != SVC_EVENT_REFUSED)
		svc_latch(txn, svc->service->apply(txn, &svc->scratch, &event));
	if (w->body->command != NULL && w->body->command->has_caller_key)
		journal_rebuild_inbox(txn, w->record, w->body);
	if (w->body->command != NULL && w->body->command->has_cause_hash)
		kv_put(txn, SVC_CAUSED, BYTES_OF(w->body->command->cause_hash), BYTES_NONE);
	return txn->err;
}

/* Applies entries from `*next` on, at most a commit's worth. */
static enum err
rebuild_some(struct svc *svc, uint64_t *next, char *problem, size_t size)
{
	struct kv_txn txn;
	struct journal_walk w;
	unsigned done = 0;

	kv_begin(svc->kv, &txn, true);
	journal_walk(&txn, &w, *next);
	arena_reset(&svc->scratch);
	while (done < REBUILD_ENTRIES_A_COMMIT && journal_next(&w, &svc->scratch)) {
		svc_latch(&txn, reapply(svc, &txn, &w));
		arena_reset(&svc->scratch);
		if (txn.err != ERR_NONE)
			break;
		done++;
	}
	if (w.bad != NULL || txn.err != ERR_NONE) {
		svc_latch(&txn, ERR_CORRUPT);
		snprintf(problem, size, "entry %llu of the journal cannot be applied: %s",
		    (unsigned long long)w.number, w.bad != NULL ? w.bad : err_name(txn.err));
	}
	kv_walk_end(&w.rows);
	*next += done;
	if (*next > svc->head.number && txn.err == ERR_NONE)
		write_layout(&txn, svc->service->layout);
	return kv_end(&txn);
}

enum err
svc_rebuild(struct svc *svc, char *problem, size_t problem_size)
{
	uint64_t next = 1;
	enum err e = clear_own(svc);

	log_line(LOG_LEVEL_INFO, "store.rebuild", "entries",
	    log_number((int64_t)svc->head.number), NULL);
	while (e == ERR_NONE && next <= svc->head.number)
		e = rebuild_some(svc, &next, problem, problem_size);
	svc->owed_is_stale = true;
	return e;
}

/* An inbox row past its 30 days is gone, whether or not it was swept up yet. */
static bool
is_expired(const struct svc *svc, unsigned table, struct bytes key)
{
	char id[ID_LEN + 1] = {0};

	if (table != SVC_INBOX || key.len < ID_LEN)
		return false;
	memcpy(id, key.data, ID_LEN);
	return id_time_ms(id) < svc->head.time_ms - JOURNAL_INBOX_DAYS * 24ll * 3600 * 1000;
}

enum err
svc_dump(struct svc *svc,
    void (*row)(void *context, const char *table, struct bytes key, struct bytes value),
    void *context)
{
	struct kv_txn txn;

	kv_begin(svc->kv, &txn, false);
	for (unsigned t = 0; t < svc->tables_n; t++) {
		struct kv_walk w;

		if (!svc_is_own_table(svc, t))
			continue;
		for (kv_walk(&txn, &w, t, BYTES_NONE, BYTES_NONE); kv_next(&w);)
			if (!is_expired(svc, t, w.key))
				row(context, svc->tables[t], w.key, w.value);
	}
	return kv_end(&txn);
}
