#include <string.h>

#include "base/check.h"
#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/fuzz.h"
#include "fuzz/support/turn_inside.h"
#include "rccctl/method.h"

#include "envelope.pb-c.h"
#include "journal.pb-c.h"

#define REFUSAL_BYTES_MAX 400

/* `packed` is good until the service is called again: the letter is its own. */
static Envelope__Envelope *
open_letter(struct bytes packed)
{
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	Envelope__Envelope *e, ids;

	packed = bytes_copy(&fuzz_arena, packed);
	FUZZ_CHECK(message_unpack(&fuzz_arena, &envelope__envelope__descriptor, packed,
		       &m) == ERR_NONE,
	    "what was sent is no envelope");
	e = (Envelope__Envelope *)m;
	ids = *e; /* the rest is looked at as what it is */
	ids.has_body = 0;
	ids.refusal = NULL;
	ids.detail = NULL;
	FUZZ_CHECK(check_message(&ids.base, packed, &why),
	    "%s: %s, sent in an envelope", why.field, why.reason);
	return e;
}

static ProtobufCMessage *
open_body(const ProtobufCMessageDescriptor *of, const Envelope__Envelope *e)
{
	const ProtobufCFieldDescriptor *type =
	    protobuf_c_message_descriptor_get_field(of, e->method);
	struct check_problem why;
	ProtobufCMessage *m = NULL;

	FUZZ_CHECK(type != NULL, "%s has no number %u", of->name, e->method);
	FUZZ_CHECK(message_unpack(&fuzz_arena, type->descriptor, BYTES_OF(e->body),
		       &m) == ERR_NONE,
	    "%s does not unpack", type->name);
	/* A page holds whole events; and what is published, the definition of a figure,
	 * may be longer than anything a caller may say. */
	if (type->descriptor != &journal__events_page__descriptor)
		FUZZ_CHECK(check_message(m, BYTES_OF(e->body), &why) ||
			       str_starts(why.reason, "is longer than"),
		    "%s: %s %s", type->name, why.field, why.reason);
	return m;
}

static void
check_refusal(const Envelope__Refusal *no)
{
	FUZZ_CHECK(
	    no->number > 0 && no->sentence != NULL, "a refusal without a reason");
	FUZZ_CHECK(
	    strlen(no->sentence) <= REFUSAL_BYTES_MAX && fuzz_is_plain(no->sentence, 0),
	    "no sentence for a person: %s", no->sentence);
}

static void
check_reply(struct bytes packed, const struct told *to)
{
	const Envelope__Envelope *e = open_letter(packed);

	if (to == NULL)
		return; /* as another service said it */
	bool is_fault = e->has_fault && e->fault != 0;

	FUZZ_CHECK(!is_fault || (e->refusal == NULL && !e->has_body),
	    "a fault, and something else");
	FUZZ_CHECK(e->refusal == NULL || !e->has_body, "a refusal, and an answer");
	FUZZ_CHECK(!is_fault || now.is_lied_to ||
		       (e->fault != ENVELOPE__FAULT__FAULT_INTERNAL &&
			   e->fault != ENVELOPE__FAULT__FAULT_CORRUPT &&
			   e->fault != ENVELOPE__FAULT__FAULT_STORAGE),
	    "method %u: %s", e->method, err_name((enum err)e->fault));
	if (e->refusal != NULL)
		check_refusal(e->refusal);
	if (to->message_id == NULL)
		return;
	FUZZ_CHECK(str_equal(e->correlation_id, to->message_id),
	    "the answer to %s answers %s", to->message_id,
	    e->correlation_id == NULL ? "nothing" : e->correlation_id);
	if (!is_fault && e->refusal == NULL) {
		FUZZ_CHECK(
		    e->method == to->method, "%u answers %u", e->method, to->method);
		speak_learn(
		    &now.world.words, open_body(now.world.one->service->answer, e));
	}
}

static void
check_sent(const struct svc_send *s)
{
	const Envelope__Envelope *e = open_letter(s->envelope);
	const struct contract *c = contract_of(s->service);

	FUZZ_CHECK(c != NULL, "sent to %s", s->service);
	FUZZ_CHECK(e->message_id != NULL && !e->has_fault && e->refusal == NULL,
	    "what was sent to %s is no call", s->service);
	(void)open_body(c->call, e);
	now.sent[now.sent_n++ % TURN_SENT_MAX] =
	    (struct sent){str_copy(&fuzz_arena, s->service),
		str_copy(&fuzz_arena, e->message_id), e->method, BYTES_OF(e->body)};
}

/* An answer to what was passed on in an earlier turn. */
static void
hear_late(const struct svc_send *s)
{
	size_t i = 0;

	while (i < now.waiting_n && now.waiting[i] != s->token)
		i++;
	FUZZ_CHECK(i < now.waiting_n, "a call is answered twice, or was never made");
	now.waiting[i] = now.waiting[--now.waiting_n];
	check_reply(s->envelope, NULL);
}

void
turn_hear(const struct svc_sends *sends, const struct told *list, size_t n)
{
	bool is_answered[TURN_BATCH_MAX] = {false};
	uint64_t first = TURN_TOKEN(now.drawn, 0);

	for (size_t i = 0; i < sends->n; i++) {
		const struct svc_send *s = &sends->list[i];

		if (s->service != NULL) {
			check_sent(s);
		} else if (n == 0 || s->token < first) {
			hear_late(s);
		} else {
			FUZZ_CHECK(
			    s->token < first + n && !is_answered[s->token - first],
			    "a call is answered twice, or was never made");
			is_answered[s->token - first] = true;
			check_reply(s->envelope, &list[s->token - first]);
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (is_answered[i] || list[i].message_id == NULL)
			continue;
		FUZZ_CHECK(now.world.one->service->answer_of != NULL &&
			       now.waiting_n < TURN_WAITING_MAX,
		    "method %u is not answered", list[i].method);
		now.waiting[now.waiting_n++] = first + i;
	}
}
