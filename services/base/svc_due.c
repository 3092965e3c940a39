#include <string.h>

#include "base/svc_inside.h"

/* ---- pulls ---- */

static enum err
send_pull(struct svc *svc, struct svc_following *f)
{
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	struct bytes body;
	enum err e;

	SET(&asked, after_number, f->ahead_number);
	SET(&asked, known_number, f->number);
	SET(&asked, incarnation, f->incarnation);
	SET_BYTES(&asked, after_hash, ((struct bytes){f->hash, sizeof f->hash}));
	SET(&asked, page_bytes, SVC_PAGE_BYTES);
	e = message_pack(&svc->outgoing, &asked.base, &body);
	if (e != ERR_NONE)
		return e;
	f->pull_id = svc_draw_id(svc);
	f->pull_sent_ms = svc->now_ms;
	f->hinted = 0; /* whatever was hinted at, this pull will see */
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

	/* What was pulled must be committed before more is, once there is so much. */
	if (f->stopped[0] != '\0')
		return ERR_NONE;
	if (f->pages_len == 0 && svc_witness_due_ms(f) < *wake_ms)
		*wake_ms = svc_witness_due_ms(f);
	if (f->unchecked_len > 0)
		*wake_ms = svc->now_ms;
	if (f->pages_len + f->unchecked_len + 4 + SVC_MESSAGE_BYTES_MAX >
	    SVC_PAGES_BYTES)
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

	if (f == NULL || number <= f->ahead_number)
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
		if (svc->parked[i].is_used &&
		    strcmp(svc->parked[i].service, service) == 0)
			svc->parked[i].is_unreachable = true;
}

/* ---- all of it ---- */

enum err
svc_due(struct svc *svc, int64_t now_ms, struct svc_sends *out, int64_t *wake_ms)
{
	enum err e;

	arena_reset(&svc->outgoing);
	arena_reset(&svc->scratch);
	svc->sends_n = 0;
	svc->now_ms = now_ms > svc->head.time_ms ? now_ms : svc->head.time_ms;
	*wake_ms = svc->timer_next_ms;
	e = svc_due_owed(svc, wake_ms);
	for (size_t i = 0; i < svc->service->sources_n && e == ERR_NONE; i++)
		e = due_pull(svc, &svc->following[i], wake_ms);
	if (e == ERR_NONE)
		e = svc_due_parked(svc, wake_ms);
	*out = (struct svc_sends){
	    svc->sends, svc->sends_n, 0, false, svc->committed.number};
	return e;
}
