#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/row.h"
#include "base/svc_inside.h"

#define REBUILD_ENTRIES_A_COMMIT 10000

static const char layout_key[] = "layout";

uint32_t
svc_read_layout(struct kv_txn *txn)
{
	struct bytes value;

	if (!kv_get(txn, SVC_META, bytes_of_text(layout_key), &value) || value.len != 4)
		return 0;
	return bytes_get_u32(value.data);
}

void
svc_write_layout(struct kv_txn *txn, uint32_t layout)
{
	uint8_t value[4];

	bytes_put_u32(value, layout);
	kv_put(txn, SVC_META, bytes_of_text(layout_key), (struct bytes){value, 4});
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
	svc_write_layout(&txn, svc->head.number == 0 ? svc->service->layout : 0);
	return kv_end(&txn);
}

/* A command past its 30 days is out of the inbox, swept up already or not. */
static bool
is_expired(const struct svc *svc, const char *command_id)
{
	return !id_is_well_formed(command_id) ||
	       id_time_ms(command_id) < svc->head.time_ms - SVC_INBOX_MS;
}

bool
svc_is_expired_row(const struct svc *svc, struct bytes key)
{
	char id[ID_LEN + 1] = "";

	if (key.len >= ID_LEN)
		memcpy(id, key.data, ID_LEN);
	return is_expired(svc, id);
}

static enum err
reapply(struct svc *svc, struct kv_txn *txn, const struct journal_walk *w)
{
	const Journal__Header *h = w->record->header;
	const ProtobufCMessageDescriptor *type =
	    svc_type_of(svc->service->event, h->type);
	struct svc_event event = {h->number, h->time, h->type, h->command_id, NULL};
	ProtobufCMessage *message;
	enum err e;

	if (type == NULL)
		return ERR_CORRUPT;
	e = message_unpack(&svc->scratch, type, BYTES_OF(w->body->event), &message);
	if (e != ERR_NONE)
		return e == ERR_MALFORMED ? ERR_CORRUPT : e;
	event.message = message;
	if (h->type >= JOURNAL_TYPE_FIRST)
		svc_latch(txn, svc->service->apply(txn, &svc->scratch, &event));
	if (w->body->command != NULL && w->body->command->has_caller_key &&
	    !is_expired(svc, h->command_id))
		journal_rebuild_inbox(txn, w->record, w->body);
	if (w->body->command != NULL && w->body->command->has_cause_hash)
		kv_put(txn, SVC_CAUSED, BYTES_OF(w->body->command->cause_hash),
		    BYTES_NONE);
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
		snprintf(problem, size,
		    "entry %llu of the journal cannot be applied: %s",
		    (unsigned long long)w.number,
		    w.bad != NULL ? w.bad : err_name(txn.err));
	}
	kv_walk_end(&w.rows);
	*next += done;
	if (*next > svc->head.number && txn.err == ERR_NONE)
		svc_write_layout(&txn, svc->service->layout);
	return kv_end(&txn);
}

enum err
svc_rebuild(struct svc *svc, char *problem, size_t problem_size)
{
	struct kv_txn txn;
	uint64_t next = 1;
	enum err e = clear_own(svc);

	log_line(LOG_LEVEL_INFO, "store.rebuild", "entries",
	    log_number((int64_t)svc->head.number), NULL);
	while (e == ERR_NONE && next <= svc->head.number)
		e = rebuild_some(svc, &next, problem, problem_size);
	svc->owed_is_stale = true;
	kv_begin(svc->kv, &txn, false);
	svc->timer_next_ms = svc_first_timer_ms(svc, &txn);
	svc_latch(&txn, e);
	return kv_end(&txn);
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
			if (t != SVC_INBOX || !svc_is_expired_row(svc, w.key))
				row(context, svc->tables[t], w.key, w.value);
	}
	return kv_end(&txn);
}
