#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/row.h"
#include "base/str.h"
#include "base/svc_inside.h"

/* ---- questions passed on ---- */

void
svc_pass(struct svc_ask *ask, const char *service, uint32_t method,
    const ProtobufCMessage *body)
{
	struct bytes packed;
	enum err e = message_pack(ask->arena, body, &packed);

	if (e == ERR_NONE)
		e = svc_park(ask, service, method, packed);
	if (e != ERR_NONE)
		svc_latch(ask->txn, e);
}

/* Fills a free slot; svc_park_for adds who is waiting. */
enum err
svc_park(struct svc_ask *ask, const char *service, uint32_t method, struct bytes body)
{
	struct svc *svc = ask->svc;

	if (body.len > SVC_PARKED_BODY)
		return ERR_MEMORY;
	for (size_t i = 0; i < SVC_PARKED_MAX; i++) {
		struct svc_parked *p = &svc->parked[i];

		if (p->is_used)
			continue;
		p->is_used = true;
		p->is_new = true;
		p->is_unreachable = false;
		p->id = svc_draw_id(svc);
		p->caller_id[0] = '\0';
		assert(strlen(service) < sizeof p->service);
		memcpy(p->service, service, strlen(service) + 1);
		p->service_method = method;
		memcpy(p->body, body.data, body.len);
		p->body_len = body.len;
		p->next_ms = svc->now_ms;
		svc->pending.is_passed = true;
		return ERR_NONE;
	}
	return ERR_BUSY;
}

void
svc_park_for(struct svc *svc, const Envelope__Envelope *call, uint64_t token)
{
	int64_t wait_ms = call->has_wait_ms ? call->wait_ms : SVC_PARKED_MS_MAX;

	if (wait_ms > SVC_PARKED_MS_MAX)
		wait_ms = SVC_PARKED_MS_MAX;
	for (size_t i = 0; i < SVC_PARKED_MAX; i++) {
		struct svc_parked *p = &svc->parked[i];

		if (!p->is_used || !p->is_new || p->caller_id[0] != '\0')
			continue;
		memcpy(p->caller_id, call->message_id, ID_LEN + 1);
		p->token = token;
		p->method = call->method;
		p->deadline_ms = svc->now_ms + wait_ms;
	}
}

void
svc_parked_committed(struct svc *svc)
{
	for (size_t i = 0; i < SVC_PARKED_MAX; i++)
		svc->parked[i].is_new = false;
}

void
svc_parked_aborted(struct svc *svc)
{
	for (size_t i = 0; i < SVC_PARKED_MAX; i++)
		if (svc->parked[i].is_used && svc->parked[i].is_new)
			svc->parked[i].is_used = false;
}

/* Is this the answer to a question passed on? Then the caller gets it. */
bool
svc_take_parked(struct svc *svc, const Envelope__Envelope *envelope)
{
	for (size_t i = 0; i < SVC_PARKED_MAX; i++) {
		struct svc_parked *p = &svc->parked[i];
		Envelope__Envelope reply = *envelope;

		if (!p->is_used || envelope->correlation_id == NULL ||
		    strcmp(p->id.text, envelope->correlation_id) != 0)
			continue;
		if (envelope->has_fault &&
		    envelope->fault == ENVELOPE__FAULT__FAULT_BUSY) {
			p->next_ms = svc->now_ms + SVC_PARKED_RETRY_MS;
			return true;
		}
		reply.message_id = NULL;
		reply.correlation_id = p->caller_id;
		SET(&reply, method, p->method);
		if (svc_push_envelope(svc, NULL, p->token, &reply) != ERR_NONE)
			log_line(LOG_LEVEL_WARN, "reply.dropped", "req", p->caller_id, NULL);
		p->is_used = false;
		return true;
	}
	return false;
}

static enum err
due_parked(struct svc *svc, struct svc_parked *p, int64_t *wake_ms)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	int64_t now_ms = svc->now_ms;
	enum err e;

	if (p->is_unreachable || now_ms >= p->deadline_ms) {
		p->is_used = false;
		return svc_push_fault(svc, p->token, p->caller_id, p->method,
		    p->is_unreachable ? ERR_UNREACHABLE : ERR_LATE, p->service);
	}
	if (now_ms >= p->next_ms) {
		call.message_id = p->id.text;
		SET(&call, method, p->service_method);
		SET(&call, wait_ms, (uint32_t)(p->deadline_ms - now_ms));
		SET_BYTES(&call, body, ((struct bytes){p->body, p->body_len}));
		e = svc_push_envelope(svc, p->service, 0, &call);
		if (e != ERR_NONE)
			return e;
		/* Lost on the way, or busy: asked again well before the deadline. */
		p->next_ms = now_ms + SVC_OWED_RETRY_MS;
	}
	if (p->next_ms < *wake_ms)
		*wake_ms = p->next_ms;
	if (p->deadline_ms < *wake_ms)
		*wake_ms = p->deadline_ms;
	return ERR_NONE;
}

/* ---- owed calls ---- */

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

/* Reads which calls are owed, the oldest first, keeping what is known of when each
 * was last sent. */
void
svc_read_owed(struct svc *svc, struct kv_txn *txn)
{
	struct svc_owed_state before[SVC_OWED_WATCHED];
	size_t before_n = svc->owed_n;
	size_t mark = svc->scratch.used;
	struct kv_walk w;

	memcpy(before, svc->owed, before_n * sizeof before[0]);
	svc->owed_n = 0;
	svc->owed_total = (uint32_t)kv_count(txn, SVC_OWED);
	svc->owed_oldest_ms = 0;
	for (kv_walk(txn, &w, SVC_OWED, BYTES_NONE, BYTES_NONE); kv_next(&w);) {
		struct svc_owed_state *s = &svc->owed[svc->owed_n];
		Journal__OwedCall *row =
		    row_at(&w, &svc->scratch, &journal__owed_call__descriptor);

		if (row == NULL || svc->owed_n == SVC_OWED_WATCHED)
			break;
		if (svc->owed_n == 0)
			svc->owed_oldest_ms = row->opened_time;
		*s = (struct svc_owed_state){.wait_ms = SVC_OWED_RETRY_MS};
		memcpy(s->id, row->owed_id, ID_LEN + 1);
		memcpy(s->service, row->service, strlen(row->service) + 1);
		for (size_t i = 0; i < before_n; i++)
			if (strcmp(before[i].id, s->id) == 0)
				*s = before[i];
		svc->owed_n++;
		arena_release(&svc->scratch, mark);
	}
	kv_walk_end(&w);
	svc->owed_is_stale = false;
}

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

/* ---- pulls ---- */

static enum err
send_pull(struct svc *svc, struct svc_following *f)
{
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	struct bytes body;
	enum err e;

	SET(&asked, after_number, f->number);
	SET(&asked, incarnation, f->incarnation);
	SET_BYTES(&asked, after_hash, ((struct bytes){f->hash, sizeof f->hash}));
	SET(&asked, page_bytes, SVC_PAGE_BYTES);
	e = message_pack(&svc->outgoing, &asked.base, &body);
	if (e != ERR_NONE)
		return e;
	f->pull_id = svc_draw_id(svc);
	f->pull_sent_ms = svc->now_ms;
	call.message_id = f->pull_id.text;
	SET(&call, method, SVC_METHOD_EVENTS);
	SET(&call, wait_ms, SVC_PULL_TIMEOUT_MS);
	SET_BYTES(&call, body, body);
	return svc_push_envelope(svc, f->source->service, 0, &call);
}

static enum err
due_pull(struct svc *svc, struct svc_following *f, int64_t *wake_ms)
{
	int64_t next_ms = f->next_pull_ms;

	/* What is restarted must be committed before more is pulled into it. */
	if (f->stopped[0] != '\0' ||
	    f->pages_len + 4 + SVC_MESSAGE_BYTES_MAX > SVC_PAGES_BYTES)
		return ERR_NONE;
	if (f->pull_sent_ms > 0)
		next_ms = f->pull_sent_ms + SVC_PULL_TIMEOUT_MS;
	if (svc->now_ms >= next_ms) {
		enum err e = send_pull(svc, f);

		if (e != ERR_NONE)
			return e;
		next_ms = svc->now_ms + SVC_PULL_TIMEOUT_MS;
	}
	if (next_ms < *wake_ms)
		*wake_ms = next_ms;
	return ERR_NONE;
}

void
svc_hint(struct svc *svc, const char *service, uint64_t number)
{
	struct svc_following *f = svc_following(svc, service);

	if (f == NULL || number <= f->number)
		return;
	f->hinted = number;
	f->next_pull_ms = 0;
}

void
svc_unreachable(struct svc *svc, const char *service, int64_t now_ms)
{
	struct svc_following *f = svc_following(svc, service);

	if (f != NULL && f->pull_sent_ms > 0) {
		f->pull_sent_ms = 0;
		f->next_pull_ms = now_ms + SVC_OWED_RETRY_MS;
	}
	for (size_t i = 0; i < SVC_PARKED_MAX; i++)
		if (svc->parked[i].is_used && strcmp(svc->parked[i].service, service) == 0)
			svc->parked[i].is_unreachable = true;
}

/* ---- all of it ---- */

static enum err
due_owed(struct svc *svc, int64_t *wake_ms)
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
		if (e != ERR_NONE)
			kv_abort(&txn);
		else
			e = kv_end(&txn);
	}
	for (size_t i = 0; i < svc->owed_n; i++)
		if (svc->owed[i].next_ms < *wake_ms)
			*wake_ms = svc->owed[i].next_ms;
	return e;
}

enum err
svc_due(struct svc *svc, int64_t now_ms, struct svc_sends *out, int64_t *wake_ms)
{
	enum err e;

	arena_reset(&svc->outgoing);
	arena_reset(&svc->scratch);
	svc->sends_n = 0;
	svc->now_ms = now_ms > svc->head.time_ms ? now_ms : svc->head.time_ms;
	*wake_ms = svc->timer_next_ms;
	e = due_owed(svc, wake_ms);
	for (size_t i = 0; i < svc->service->sources_n && e == ERR_NONE; i++)
		e = due_pull(svc, &svc->following[i], wake_ms);
	for (size_t i = 0; i < SVC_PARKED_MAX && e == ERR_NONE; i++)
		if (svc->parked[i].is_used)
			e = due_parked(svc, &svc->parked[i], wake_ms);
	*out = (struct svc_sends){svc->sends, svc->sends_n, false, svc->committed.number};
	return e;
}

/* ---- health ---- */

static Common__FollowHealth *
follow_health(struct svc *svc, const struct svc_following *f)
{
	Common__FollowHealth *h = MESSAGE_NEW(&svc->scratch, common__follow_health);

	if (h == NULL)
		return NULL;
	h->service = (char *)(uintptr_t)f->source->service;
	SET(h, number, f->done_number);
	SET(h, head_number, f->head_number);
	SET(h, fresh_time, f->fresh_ms);
	if (f->stopped[0] != '\0')
		h->stopped = (char *)(uintptr_t)f->stopped;
	return h;
}

enum err
svc_build_health(struct svc *svc, struct kv_txn *txn, Common__Health **out)
{
	Common__Health *h = MESSAGE_NEW(&svc->scratch, common__health);
	size_t n = svc->service->sources_n;

	if (h == NULL)
		return ERR_MEMORY;
	h->service = (char *)(uintptr_t)svc->service->name;
	h->notice = (char *)(uintptr_t)"invented children only";
	SET(h, ready, svc->service->owns_access || !access_is_empty(txn));
	SET(h, head_number, svc->committed.number);
	SET_BYTES(h, head_hash,
	    ((struct bytes){svc->committed.hash, sizeof svc->committed.hash}));
	SET(h, incarnation, svc->head.incarnation);
	SET(h, owed_calls, svc->owed_total);
	if (svc->owed_total > 0)
		SET(h, oldest_owed_time, svc->owed_oldest_ms);
	SET(h, store_used_percent, kv_used_percent(svc->kv));
	SET(h, started_time, svc->started_ms);
	h->follows = LIST_NEW(&svc->scratch, n + 1, Common__FollowHealth *);
	if (h->follows == NULL)
		return ERR_MEMORY;
	for (; h->n_follows < n; h->n_follows++) {
		h->follows[h->n_follows] = follow_health(svc, &svc->following[h->n_follows]);
		if (h->follows[h->n_follows] == NULL)
			return ERR_MEMORY;
	}
	*out = h;
	return ERR_NONE;
}
