#include <assert.h>
#include <string.h>

#include "base/row.h"
#include "base/svc_inside.h"

/* ---- what apply may do ---- */

/* Is this row one that can be sent, and watched? */
static bool
is_owed_call(const Journal__OwedCall *row)
{
	return id_is_well_formed(row->owed_id) && row->service != NULL &&
	       strlen(row->service) < sizeof((struct svc_owed_state *)0)->service &&
	       row->has_method;
}

void
svc_owe(struct kv_txn *txn, struct arena *scratch, const Journal__OwedCall *owed)
{
	assert(is_owed_call(owed));
	row_put(txn, scratch, SVC_OWED, row_key(owed->owed_id), &owed->base);
}

void
svc_owed_close(struct kv_txn *txn, const char *owed_id)
{
	kv_delete(txn, SVC_OWED, row_key(owed_id));
}

/* ---- which of them are watched ---- */

static struct svc_owed_state *
owed_state(struct svc *svc, const char *id)
{
	for (size_t i = 0; i < svc->owed_n; i++)
		if (strcmp(svc->owed[i].id, id) == 0)
			return &svc->owed[i];
	return NULL;
}

void
svc_owed_later(struct svc *svc, const char *owed_id, int64_t now_ms)
{
	struct svc_owed_state *s = owed_state(svc, owed_id);

	if (s == NULL)
		return;
	s->next_ms = now_ms + s->wait_ms;
	s->wait_ms = s->wait_ms * 2 > SVC_OWED_RETRY_MS_MAX ? SVC_OWED_RETRY_MS_MAX
	                                                    : s->wait_ms * 2;
}

/* The table as it is read: what was watched before stands in the same order. */
struct owed_walk {
	struct svc_owed_state before[SVC_OWED_WATCHED];
	size_t before_n, at;
	unsigned of_service[CONF_PEERS_MAX + 1]; /* the last: of no peer we know */
};

/* Watches the row, unless its service has its share of the watch already. */
static void
watch(struct svc *svc, struct owed_walk *walk, const Journal__OwedCall *row)
{
	const struct conf_peer *peer = conf_peer(svc->peers, row->service);
	size_t p = peer == NULL ? CONF_PEERS_MAX : (size_t)(peer - svc->peers->list);
	struct svc_owed_state *s = &svc->owed[svc->owed_n];

	if (walk->of_service[p] == SVC_OWED_A_SERVICE)
		return;
	walk->of_service[p]++;
	svc->owed_n++;
	*s = (struct svc_owed_state){.wait_ms = SVC_OWED_RETRY_MS};
	memcpy(s->id, row->owed_id, sizeof s->id);
	memcpy(s->service, row->service, strlen(row->service) + 1);
	while (
	    walk->at < walk->before_n && strcmp(walk->before[walk->at].id, s->id) < 0)
		walk->at++;
	if (walk->at < walk->before_n && strcmp(walk->before[walk->at].id, s->id) == 0)
		*s = walk->before[walk->at];
}

void
svc_read_owed(struct svc *svc, struct kv_txn *txn)
{
	struct owed_walk walk = {.before_n = svc->owed_n};
	size_t mark = svc->scratch.used;
	unsigned looked_at = 0;
	struct kv_walk w;

	memcpy(walk.before, svc->owed, svc->owed_n * sizeof svc->owed[0]);
	svc->owed_n = 0;
	svc->owed_total = (uint32_t)kv_count(txn, SVC_OWED);
	svc->owed_oldest_ms = 0;
	kv_walk(txn, &w, SVC_OWED, BYTES_NONE, BYTES_NONE);
	while (svc->owed_n < SVC_OWED_WATCHED && looked_at < SVC_OWED_LOOKED_AT &&
	       kv_next(&w)) {
		Journal__OwedCall *row =
		    row_at(&w, &svc->scratch, &journal__owed_call__descriptor);

		if (row == NULL || !is_owed_call(row)) {
			svc_latch(txn, ERR_CORRUPT);
			break;
		}
		if (looked_at++ == 0)
			svc->owed_oldest_ms = row->opened_time;
		watch(svc, &walk, row);
		arena_release(&svc->scratch, mark);
	}
	kv_walk_end(&w);
	svc->owed_is_stale = false;
}

/* ---- sending ---- */

static enum err
send_owed(struct svc *svc, struct kv_txn *txn, struct svc_owed_state *s)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	Journal__OwedCall *row = row_get(txn, &svc->scratch, SVC_OWED, row_key(s->id),
	    &journal__owed_call__descriptor);
	enum err e;

	if (row == NULL)
		return txn->err;
	call.message_id = row->owed_id;
	call.user_id = row->user_id;
	call.organisation_id = row->organisation_id;
	SET(&call, method, row->method);
	SET(&call, wait_ms, SVC_OWED_RETRY_MS);
	SET_BYTES(&call, body, BYTES_OF(row->body));
	e = svc_push_envelope(svc, s->service, 0, &call);
	if (e == ERR_NONE)
		svc_owed_later(svc, s->id, svc->now_ms);
	return e;
}

enum err
svc_due_owed(struct svc *svc, int64_t *wake_ms)
{
	struct kv_txn txn;
	enum err e = ERR_NONE;
	bool any = svc->owed_is_stale;

	for (size_t i = 0; i < svc->owed_n; i++)
		any |= svc->owed[i].next_ms <= svc->now_ms;
	if (any) {
		kv_begin(svc->kv, &txn, false);
		if (svc->owed_is_stale)
			svc_read_owed(svc, &txn);
		for (size_t i = 0; i < svc->owed_n && e == ERR_NONE; i++)
			if (svc->owed[i].next_ms <= svc->now_ms)
				e = send_owed(svc, &txn, &svc->owed[i]);
		svc_latch(&txn, e);
		e = kv_end(&txn);
	}
	for (size_t i = 0; i < svc->owed_n; i++)
		if (svc->owed[i].next_ms < *wake_ms)
			*wake_ms = svc->owed[i].next_ms;
	return e;
}
