#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/svc_inside.h"

/* A free slot for somebody who has not taken more than a fair share of them. */
static enum err
find_slot(struct svc *svc, const char *person_id, struct svc_parked **out)
{
	struct svc_parked *slot = NULL;
	unsigned theirs = 0;

	for (size_t i = 0; i < SVC_PARKED_MAX; i++) {
		struct svc_parked *p = &svc->parked[i];

		if (!p->is_used && slot == NULL)
			slot = p;
		if (p->is_used && person_id[0] != '\0' &&
		    strcmp(p->person_id, person_id) == 0)
			theirs++;
	}
	if (slot == NULL || theirs >= SVC_PARKED_A_PERSON)
		return ERR_BUSY;
	*out = slot;
	return ERR_NONE;
}

static enum err
park(struct svc_ask *ask, const char *service, uint32_t method, struct bytes body)
{
	struct svc *svc = ask->svc;
	char person_id[ID_LEN + 1] = "";
	struct svc_parked *p;
	enum err e;

	assert(strlen(service) < sizeof p->service);
	if (body.len > SVC_PARKED_BODY)
		return ERR_MEMORY;
	if (ask->caller.person_id != NULL)
		snprintf(person_id, sizeof person_id, "%s", ask->caller.person_id);
	e = find_slot(svc, person_id, &p);
	if (e != ERR_NONE)
		return e;
	p->is_used = true;
	svc->parked_n++;
	p->is_new = true;
	p->is_unreachable = false;
	p->id = svc_draw_id(svc);
	memcpy(p->person_id, person_id, sizeof person_id);
	memcpy(p->service, service, strlen(service) + 1);
	p->service_method = method;
	memcpy(p->body, body.data, body.len);
	p->body_len = body.len;
	p->next_ms = svc->now_ms;
	svc->pending.parked = p;
	return ERR_NONE;
}

void
svc_pass(struct svc_ask *ask, const char *service, uint32_t method,
    const ProtobufCMessage *body)
{
	struct svc_pending *pending = &ask->svc->pending;
	struct bytes packed;
	enum err e = message_pack(ask->arena, body, &packed);

	assert(pending->parked == NULL && "a question is passed on once");
	if (e == ERR_NONE)
		e = park(ask, service, method, packed);
	/* Told to this caller alone: nobody else's turn is void for it. */
	pending->pass_fault = e;
}

void
svc_park_for(struct svc *svc, struct svc_parked *p, const Envelope__Envelope *call,
    uint64_t token)
{
	int64_t wait_ms = call->has_wait_ms ? call->wait_ms : SVC_PARKED_MS_MAX;

	if (wait_ms > SVC_PARKED_MS_MAX)
		wait_ms = SVC_PARKED_MS_MAX;
	memcpy(p->caller_id, call->message_id, sizeof p->caller_id);
	p->token = token;
	p->method = call->method;
	p->deadline_ms = svc->now_ms + wait_ms;
}

void
svc_unpark(struct svc *svc, struct svc_parked *p)
{
	assert(p->is_used && svc->parked_n > 0);
	p->is_used = false;
	svc->parked_n--;
}

void
svc_parked_committed(struct svc *svc)
{
	for (size_t i = 0; svc->parked_n > 0 && i < SVC_PARKED_MAX; i++)
		svc->parked[i].is_new = false;
}

void
svc_parked_aborted(struct svc *svc)
{
	for (size_t i = 0; svc->parked_n > 0 && i < SVC_PARKED_MAX; i++)
		if (svc->parked[i].is_used && svc->parked[i].is_new)
			svc_unpark(svc, &svc->parked[i]);
}

static struct svc_parked *
find_parked(struct svc *svc, const char *service, const char *id)
{
	for (size_t i = 0; svc->parked_n > 0 && i < SVC_PARKED_MAX; i++) {
		struct svc_parked *p = &svc->parked[i];

		if (p->is_used && strcmp(p->id.text, id) == 0 &&
		    strcmp(p->service, service) == 0)
			return p;
	}
	return NULL;
}

bool
svc_take_parked(
    struct svc *svc, const struct svc_input *in, const Envelope__Envelope *envelope)
{
	Envelope__Envelope reply = ENVELOPE__ENVELOPE__INIT;
	struct svc_parked *p;

	if (envelope->correlation_id == NULL)
		return false;
	p = find_parked(svc, in->service, envelope->correlation_id);
	if (p == NULL)
		return false;
	if (envelope->has_fault && envelope->fault == ENVELOPE__FAULT__FAULT_BUSY) {
		p->next_ms = svc->now_ms + SVC_PARKED_RETRY_MS;
		return true;
	}
	reply.correlation_id = p->caller_id;
	SET(&reply, method, p->method);
	SET_FROM(&reply, body, envelope, body);
	SET_FROM(&reply, fault, envelope, fault);
	reply.refusal = envelope->refusal;
	reply.detail = envelope->detail;
	if (svc_push_envelope(svc, NULL, p->token, &reply) != ERR_NONE)
		log_line(LOG_LEVEL_WARN, "reply.dropped", "req", p->caller_id, NULL);
	svc_unpark(svc, p);
	return true;
}

static enum err
ask_on(struct svc *svc, struct svc_parked *p)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;

	call.message_id = p->id.text;
	SET(&call, method, p->service_method);
	SET(&call, wait_ms, (uint32_t)(p->deadline_ms - svc->now_ms));
	SET_BYTES(&call, body, ((struct bytes){p->body, p->body_len}));
	return svc_push_envelope(svc, p->service, 0, &call);
}

static enum err
due_parked(struct svc *svc, struct svc_parked *p, int64_t *wake_ms)
{
	int64_t now_ms = svc->now_ms;
	enum err e;

	if (!p->is_used)
		return ERR_NONE;
	if (p->is_unreachable || now_ms >= p->deadline_ms) {
		svc_unpark(svc, p);
		return svc_push_fault(svc, p->token, p->caller_id, p->method,
		    p->is_unreachable ? ERR_UNREACHABLE : ERR_LATE, p->service);
	}
	if (now_ms >= p->next_ms) {
		e = ask_on(svc, p);
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

enum err
svc_due_parked(struct svc *svc, int64_t *wake_ms)
{
	enum err e = ERR_NONE;

	for (size_t i = 0; svc->parked_n > 0 && i < SVC_PARKED_MAX && e == ERR_NONE;
	     i++)
		e = due_parked(svc, &svc->parked[i], wake_ms);
	return e;
}
