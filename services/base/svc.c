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
    [SVC_META] = JOURNAL_META_TABLE_NAME,
    [SVC_OWED] = "owed",
    [SVC_TIMERS] = "timers",
    [SVC_CAUSED] = "caused",
    [SVC_CURSORS] = "cursors",
    [SVC_ACCESS_COUNCILS] = "access-councils",
    [SVC_ACCESS_PROVIDERS] = "access-providers",
    [SVC_ACCESS_PEOPLE] = "access-people",
    [SVC_ACCESS_KEYS] = "access-keys",
};

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

/* ---- opening ---- */

/* Which events each peer may have, as a table the page loop can index. */
static void
index_releases(struct svc *svc)
{
	const struct service *s = svc->service;

	assert(s->restored_waits_for == NULL || s->restored != NULL);
	assert(s->sources_n == 0 || svc_type_of(s->event, JOURNAL_TYPE_WITNESSED) ==
					&common__witnessed__descriptor);
	svc_check_releases(s);
	for (size_t i = 0; i < s->releases_n; i++) {
		const struct svc_release *r = &s->releases[i];

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

/* A store that has nothing to say or to be shown is as good as any once it is open. */
static void
note_restored(struct svc *svc, struct kv_txn *txn)
{
	struct journal_restored restored;

	if (!journal_is_restored(txn, &restored))
		return;
	log_line(LOG_LEVEL_WARN, "store.restored", "entries",
	    log_number((int64_t)restored.number), "waits_for",
	    svc->service->restored_waits_for != NULL ? svc->service->restored_waits_for
						     : "nobody",
	    NULL);
	if (svc->service->restored == NULL)
		journal_clear_restored(txn);
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
	layout = svc_read_layout(&txn);
	*rebuild = layout != svc->service->layout;
	if (*rebuild)
		svc_follow_again(svc, &txn);
	if (svc->head.number == 0 && *rebuild) {
		svc_write_layout(&txn, svc->service->layout);
		*rebuild = false;
	}
	svc_latch(&txn, svc_follow_open(svc, &txn));
	svc_read_owed(svc, &txn);
	note_restored(svc, &txn);
	svc->committed = svc->head;
	return kv_end(&txn);
}

static enum err
read_timers(struct svc *svc)
{
	struct kv_txn txn;

	kv_begin(svc->kv, &txn, false);
	svc->timer_next_ms = svc_first_timer_ms(svc, &txn);
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
	    .map_bytes = o->map_bytes,
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
	if (e == ERR_NONE && svc->service->opened != NULL && !o->is_bare)
		e = svc->service->opened(svc, o->option, problem, size);
	return e;
}

enum err
svc_open(
    struct svc **out, const struct svc_options *o, char *problem, size_t problem_size)
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
			snprintf(problem, problem_size,
			    "cannot open the store at %s: %s", o->path, err_name(e));
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
	ready = svc_knows_members(svc, &txn);
	kv_abort(&txn);
	return ready;
}
