#include <string.h>

#include "base/log.h"
#include "base/row.h"
#include "base/str.h"
#include "base/svc_inside.h"

static const struct refusal refusal_other_body = {REFUSAL_ID_OTHER_BODY,
    "This message id was already used for another command.", NULL, "message_id"};
static const struct refusal refusal_id_time = {REFUSAL_ID_TIME,
    "The message id is older than 30 days or ahead of this service's clock.", NULL,
    "message_id"};

/* One call on its way through: what each step found out. */
struct call {
	struct svc *svc;
	struct kv_txn *txn;
	const struct svc_input *in;
	Envelope__Envelope *envelope;
	const struct conf_peer *peer;
	const struct svc_method *method;
	struct svc_ask ask;
	ProtobufCMessage *message;
	uint8_t digest[JOURNAL_HASH_BYTES];
};

static const struct svc_method *
method_of(const struct service *s, uint32_t number)
{
	for (size_t i = 0; i < s->methods_n; i++)
		if (s->methods[i].number == number)
			return &s->methods[i];
	return NULL;
}

/* Is `name` one of the space-separated words? "*" is every service. */
static bool
names_service(const char *words, const char *name)
{
	size_t len = strlen(name);

	if (words == NULL || len == 0)
		return false;
	if (strcmp(words, "*") == 0)
		return true;
	for (const char *at = words; (at = strstr(at, name)) != NULL; at += len)
		if ((at == words || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* The reply: the answer's envelope less its ids, behind the correlation id. Two
 * packed messages one after the other are one message. */
static enum err
push_reply(struct call *c, struct bytes answer)
{
	Envelope__Envelope head = ENVELOPE__ENVELOPE__INIT;
	struct bytes packed;
	uint8_t *joined;
	enum err e;

	head.correlation_id = c->envelope->message_id;
	e = message_pack(&c->svc->scratch, &head.base, &packed);
	if (e != ERR_NONE)
		return e;
	joined = arena_take_raw(&c->svc->outgoing, packed.len + answer.len + 1);
	if (joined == NULL)
		return ERR_MEMORY;
	memcpy(joined, packed.data, packed.len);
	if (answer.len > 0)
		memcpy(joined + packed.len, answer.data, answer.len);
	return svc_push_send(c->svc, NULL, c->in->token,
		   (struct bytes){joined, packed.len + answer.len})
	           ? ERR_NONE
	           : ERR_MEMORY;
}

static enum err
pack_answer(struct call *c, const ProtobufCMessage *answer, struct bytes *out)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	struct bytes body = BYTES_NONE;
	enum err e = ERR_NONE;

	if (answer != NULL)
		e = message_pack(&c->svc->scratch, answer, &body);
	if (e != ERR_NONE)
		return e;
	SET(&envelope, method, c->envelope->method);
	if (answer != NULL)
		SET_BYTES(&envelope, body, body);
	return message_pack(&c->svc->scratch, &envelope.base, out);
}

static enum err
pack_refusal(struct call *c, const struct refusal *no, const char *detail,
    const char *field, struct bytes *out)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	Envelope__Refusal refusal = ENVELOPE__REFUSAL__INIT;
	const char *sentence = no->sentence;

	if (detail != NULL) { /* within the sentence, before its full stop */
		size_t len = strlen(sentence);

		if (len > 0 && sentence[len - 1] == '.')
			len--;
		sentence = str_format(
		    &c->svc->scratch, "%.*s: %s.", (int)len, sentence, detail);
	}
	if (sentence == NULL)
		return ERR_MEMORY;
	SET(&refusal, number, no->number);
	refusal.sentence = (char *)(uintptr_t)sentence;
	refusal.clause = (char *)(uintptr_t)no->clause;
	refusal.field = (char *)(uintptr_t)(field != NULL ? field : no->field);
	SET(&envelope, method, c->envelope->method);
	envelope.refusal = &refusal;
	return message_pack(&c->svc->scratch, &envelope.base, out);
}

/* A no that leaves nothing behind: the same id may come again. */
static enum err
reply_refusal(struct call *c, const struct refusal *no, const char *field)
{
	struct bytes answer;
	enum err e = pack_refusal(c, no, NULL, field, &answer);

	return e != ERR_NONE ? e : push_reply(c, answer);
}

static enum err
reply_fault(struct call *c, enum err fault, const char *detail)
{
	if (fault != ERR_BUSY)
		log_line(LOG_LEVEL_WARN, "call.fault", "method",
		    log_number(c->envelope->method), "fault", err_name(fault), "req",
		    c->envelope->message_id, NULL);
	return svc_push_fault(c->svc, c->in->token, c->envelope->message_id,
	    c->envelope->method, fault, detail);
}

/* ---- the steps ---- */

/* Who is it, and may they ask this? ERR_NONE with *no set: say which organisation. */
static enum err
admit(struct call *c, const struct refusal **no)
{
	struct svc_caller *caller = &c->ask.caller;
	struct access_asking asking;
	const char *services = "*";
	uint32_t roles = SVC_ANYONE;
	enum err e;

	*no = NULL;
	asking = (struct access_asking){c->in->key,
	    c->peer == NULL ? NULL : c->peer->name, c->envelope, c->svc->now_ms};
	memcpy(caller->key, c->in->key, sizeof caller->key);
	if (c->envelope->method >= SVC_METHOD_FIRST) {
		if (c->method == NULL)
			return ERR_UNKNOWN_METHOD;
		services = c->method->services;
		roles = c->method->roles;
	} else if (svc_type_of(c->svc->service->call, c->envelope->method) == NULL) {
		return ERR_UNKNOWN_METHOD;
	}
	/* Whoever a service names as the person behind it is no authority, but for the
	 * gateway, whose word it is that the person has signed in. */
	if (c->peer != NULL && !access_is_for_person(&asking)) {
		caller->service = c->peer->name;
		return names_service(services, c->peer->name) ? ERR_NONE : ERR_DENIED;
	}
	if (!svc_knows_members(c->svc, c->txn))
		return ERR_STALE;
	e = access_caller(c->txn, &c->svc->scratch, &asking, caller, no);
	if (e != ERR_NONE || *no != NULL)
		return e;
	if (roles != SVC_ANYONE && (caller->roles & roles) == 0)
		return ERR_DENIED;
	return ERR_NONE;
}

/* The call's message, checked; false in *fine with the problem filled in. */
static enum err
decode(struct call *c, bool *fine)
{
	const ProtobufCMessageDescriptor *type =
	    svc_type_of(c->svc->service->call, c->envelope->method);
	struct check_problem why = {0};
	struct bytes body = BYTES_OF(c->envelope->body);
	enum err e = message_unpack(&c->svc->scratch, type, body, &c->message);

	*fine = true;
	if (e != ERR_NONE)
		return e;
	*fine = check_message(c->message, body, &why);
	if (!*fine) {
		const char *sentence =
		    str_format(&c->svc->scratch, "%s: %s", why.field, why.reason);
		const char *field = str_copy(&c->svc->scratch, why.field);
		struct refusal no = {REFUSAL_FIELD, sentence, NULL, field};

		if (sentence == NULL || field == NULL)
			return ERR_MEMORY;
		e = reply_refusal(c, &no, NULL);
	}
	return e;
}

/* Health and events, which every service answers alike. */
static enum err
answer_common(struct call *c)
{
	struct bytes answer;
	enum err e;

	if (c->envelope->method == SVC_METHOD_HEALTH) {
		Common__Health *health;

		e = svc_build_health(c->svc, c->txn, &health);
		if (e == ERR_NONE)
			e = pack_answer(c, &health->base, &answer);
	} else {
		Journal__EventsPage *page;

		if (c->peer == NULL)
			return reply_fault(c, ERR_DENIED, NULL);
		e = svc_answer_events(c->svc, c->txn, c->peer,
		    (const Journal__EventsAsked *)c->message, &page);
		if (e == ERR_NONE)
			e = pack_answer(c, &page->base, &answer);
	}
	if (e == ERR_DENIED)
		return reply_fault(c, e, NULL);
	return e != ERR_NONE ? e : push_reply(c, answer);
}

/* What the inbox says: *done when it already holds the reply. */
static enum err
look_in_inbox(struct call *c, bool *done)
{
	const char *id = c->envelope->message_id;
	const char *user = c->ask.caller.person_id;
	int64_t age_ms = c->svc->now_ms - id_time_ms(id);
	struct journal_seen seen;
	enum err e;

	*done = true;
	/* What a service owes is never too late: its rules stand a repeat by name. */
	if (age_ms < -SVC_ID_AHEAD_MS_MAX ||
	    (age_ms > SVC_INBOX_MS && c->ask.caller.service == NULL))
		return reply_refusal(c, &refusal_id_time, NULL);
	journal_digest(c->envelope->method, c->ask.caller.organisation_id,
	    BYTES_OF(c->envelope->body), c->digest);
	e = journal_seen(c->txn, &c->svc->scratch, (struct bytes){c->in->key, 32},
	    user == NULL ? "" : user, id, &seen);
	if (e != ERR_NONE)
		return e;
	if (seen.is_known && memcmp(seen.digest, c->digest, sizeof c->digest) != 0)
		return reply_refusal(c, &refusal_other_body, NULL);
	if (seen.is_known)
		return push_reply(c, seen.answer);
	*done = false;
	return ERR_NONE;
}

/* Adds the Refused event: a rule's no is remembered like a yes. */
static void
decide_refused(struct call *c)
{
	struct svc_pending *p = &c->svc->pending;
	Common__Refused refused = COMMON__REFUSED__INIT;
	struct journal_entry *entry = &p->entries[0];

	refused.command_id = c->envelope->message_id;
	SET_BYTES(&refused, digest, ((struct bytes){c->digest, sizeof c->digest}));
	SET(&refused, number, p->refusal->number);
	*entry = (struct journal_entry){
	    .type = JOURNAL_TYPE_REFUSED, .command_id = c->envelope->message_id};
	svc_draw(c->svc, entry->salt, sizeof entry->salt);
	svc_latch(c->txn, message_pack(&c->svc->scratch, &refused.base, &entry->event));
	p->n = 1;
}

/* Journals a command with its answer and replies; questions only reply. */
static enum err
conclude(struct call *c)
{
	struct svc_pending *p = &c->svc->pending;
	Journal__CommandRecord record = JOURNAL__COMMAND_RECORD__INIT;
	struct bytes answer;
	enum err e;

	if (p->refusal != NULL)
		e = pack_refusal(c, p->refusal, p->detail, NULL, &answer);
	else
		e = pack_answer(c, p->answer, &answer);
	if (e == ERR_NONE && answer.len > SVC_ANSWER_BYTES_MAX)
		e = ERR_MEMORY; /* and is not sent: better a fault than silence */
	if (e != ERR_NONE)
		return p->n > 0 ? e : reply_fault(c, e, "the answer is too large");
	if (c->method->kind != SVC_QUESTION) {
		if (p->refusal != NULL)
			decide_refused(c);
		SET_BYTES(&record, caller_key, ((struct bytes){c->in->key, 32}));
		record.user_id = (char *)(uintptr_t)(c->ask.caller.person_id == NULL
							 ? ""
							 : c->ask.caller.person_id);
		SET_BYTES(
		    &record, digest, ((struct bytes){c->digest, sizeof c->digest}));
		SET(&record, method, c->envelope->method);
		SET_BYTES(&record, answer, answer);
		e = svc_journal(&c->ask, &record);
		if (e != ERR_NONE)
			return e;
	}
	return push_reply(c, answer);
}

/* Whoever must show a restored store what it promised is told to do that first. */
static bool
must_show_first(struct call *c)
{
	const char *waited_for = c->svc->service->restored_waits_for;

	return c->method->kind != SVC_QUESTION && c->ask.caller.service != NULL &&
	       waited_for != NULL && strcmp(c->ask.caller.service, waited_for) == 0 &&
	       svc_waits(c->svc, c->txn);
}

static enum err
handle(struct call *c)
{
	struct svc_pending *p = &c->svc->pending;
	enum err e;

	if (must_show_first(c))
		return reply_fault(c, ERR_BUSY,
		    "restored from a copy, and not yet shown what it promised since");
	if (c->method->kind == SVC_COMMAND && c->ask.caller.service == NULL &&
	    svc_copy_is_old(&c->ask))
		return reply_fault(
		    c, ERR_STALE, "the copy of members is over a day old");
	e = c->method->handler(&c->ask, c->message);
	if (c->txn->err != ERR_NONE)
		return c->txn->err;
	if (e != ERR_NONE) {
		/* Events were applied that will not be journalled: the turn is void. */
		if (p->n > 0)
			return e;
		if (p->parked != NULL)
			svc_unpark(c->svc, p->parked);
		return reply_fault(c, e, NULL);
	}
	if (p->n > 0 && (c->method->kind == SVC_QUESTION || p->parked != NULL))
		return ERR_INTERNAL;
	if (p->pass_fault != ERR_NONE)
		return reply_fault(c, p->pass_fault, NULL);
	if (p->parked != NULL) {
		svc_park_for(c->svc, p->parked, c->envelope, c->in->token);
		return ERR_NONE;
	}
	return conclude(c);
}

static enum err
take(struct call *c)
{
	const struct refusal *no;
	bool fine;
	bool done;
	enum err e = admit(c, &no);

	if (no != NULL)
		return reply_refusal(c, no, NULL);
	if (e == ERR_DENIED || e == ERR_UNKNOWN_METHOD || e == ERR_STALE)
		return reply_fault(c, e, NULL);
	if (e != ERR_NONE)
		return e;
	e = decode(c, &fine);
	if (e == ERR_MALFORMED)
		return reply_fault(
		    c, e, "the body is not the message this method takes");
	if (e == ERR_MEMORY)
		return reply_fault(c, e, "the message would take too much memory");
	if (e != ERR_NONE || !fine)
		return e;
	if (c->envelope->method < SVC_METHOD_FIRST)
		return answer_common(c);
	if (c->method->kind != SVC_QUESTION) {
		e = look_in_inbox(c, &done);
		if (e != ERR_NONE || done)
			return e;
	}
	return handle(c);
}

/*
 * Takes one call through to its reply. An error means that the turn is void (an
 * apply fault, a store fault); a no of any kind is a reply and ERR_NONE.
 */
enum err
svc_take_call(struct svc *svc, struct kv_txn *txn, const struct svc_input *in)
{
	struct call c = {.svc = svc, .txn = txn, .in = in};
	struct check_problem why;
	ProtobufCMessage *envelope;
	enum err e;

	e = message_unpack(
	    &svc->scratch, &envelope__envelope__descriptor, in->envelope, &envelope);
	if (e != ERR_NONE)
		/* Nothing to answer to: who sent it cannot be told which call it was.
		 */
		return ERR_NONE;
	c.envelope = (Envelope__Envelope *)envelope;
	if (c.envelope->message_id == NULL ||
	    !id_is_well_formed(c.envelope->message_id))
		return svc_push_fault(svc, in->token, NULL, c.envelope->method,
		    ERR_MALFORMED, "message_id: is not an id");
	c.peer = svc_peer_of_key(svc, in->key);
	c.method = method_of(svc->service, c.envelope->method);
	c.ask = svc_ask_new(svc, txn, c.envelope->message_id);
	c.ask.method = c.envelope->method;
	/* The body is checked later, as its own type; the envelope now. */
	c.envelope->has_body = 0;
	if (!check_message(&c.envelope->base, in->envelope, &why))
		return reply_fault(&c, ERR_MALFORMED,
		    str_format(&svc->scratch, "%s: %s", why.field, why.reason));
	return take(&c);
}
