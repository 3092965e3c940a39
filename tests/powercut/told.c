#include "powercut/told.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/message.h"

#define ARENA_BYTES (32u << 20)
#define RULES_FIRST 100 /* below it a refusal is base's, and may leave nothing */

void
told_digest(const uint8_t *answer, size_t len, uint8_t out[TOLD_DIGEST_BYTES])
{
	crypto_generichash(out, TOLD_DIGEST_BYTES, answer, len, NULL, 0);
}

/* Was it a command, and did the rules answer it? */
static bool
is_decided(const struct service *service, const Envelope__Envelope *e)
{
	if (e->has_fault || e->correlation_id == NULL ||
	    !id_is_well_formed(e->correlation_id))
		return false;
	if (e->refusal != NULL && e->refusal->number < RULES_FIRST)
		return false;
	for (size_t i = 0; i < service->methods_n; i++)
		if (service->methods[i].number == e->method)
			return service->methods[i].kind != SVC_QUESTION;
	return false;
}

/* By its contract an answer Done without a number says that it was so already, and that
 * nothing was recorded. */
static bool
says_it_was_so(
    struct arena *a, const struct service *service, const Envelope__Envelope *e)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field(service->answer, e->method);
	ProtobufCMessage *m;

	if (e->refusal != NULL || field == NULL ||
	    field->descriptor != &common__done__descriptor)
		return false;
	return message_unpack(a, &common__done__descriptor, BYTES_OF(e->body), &m) ==
	           ERR_NONE &&
	       !((Common__Done *)(void *)m)->has_number;
}

static bool
add_answer(struct told *t, struct arena *a, size_t at, Envelope__Envelope *e)
{
	struct answered *new = &t->answers[t->answers_n++];
	struct bytes packed;

	*new = (struct answered){.at = at};
	memcpy(new->id.text, e->correlation_id, ID_LEN);
	e->correlation_id = e->message_id = NULL;
	if (message_pack(a, &e->base, &packed) != ERR_NONE)
		return false;
	told_digest(packed.data, packed.len, new->digest);
	return true;
}

static void
add_head(struct told *t, size_t at, uint64_t number)
{
	uint64_t last = t->heads_n == 0 ? 0 : t->heads[t->heads_n - 1].number;

	/* What a restore brought back may be less: it is told anew. */
	if (number > last)
		t->heads[t->heads_n++] = (struct told_head){at, number};
}

static bool
take(struct told *t, struct arena *a, const struct service *service, size_t at,
    const struct record *r)
{
	struct bytes sent = {r->data, r->head.len};
	ProtobufCMessage *m;
	Envelope__Envelope *e;

	/* A hint is one part, an answer two; a question to another service tells
	 * nothing that must last. */
	if (r->head.at == 1) {
		if (message_unpack(a, &journal__hint__descriptor, sent, &m) ==
			ERR_NONE &&
		    ((Journal__Hint *)(void *)m)->service != NULL &&
		    strcmp(((Journal__Hint *)(void *)m)->service, service->name) == 0)
			add_head(t, at, ((Journal__Hint *)(void *)m)->number);
		return true;
	}
	if (message_unpack(a, &envelope__envelope__descriptor, sent, &m) != ERR_NONE)
		return false;
	e = (Envelope__Envelope *)(void *)m;
	if (e->method == 1 && !e->has_fault &&
	    message_unpack(a, &journal__events_page__descriptor, BYTES_OF(e->body),
		&m) == ERR_NONE)
		add_head(t, at, ((Journal__EventsPage *)(void *)m)->head_number);
	if (!is_decided(service, e) || says_it_was_so(a, service, e))
		return true;
	return add_answer(t, a, at, e);
}

bool
told_read(const struct recorded *r, const struct service *service, struct told *out)
{
	struct arena a;
	bool is_fine;

	*out = (struct told){
	    .answers = calloc(r->n, sizeof *out->answers),
	    .heads = calloc(r->n, sizeof *out->heads),
	};
	is_fine = out->answers != NULL && out->heads != NULL &&
	          arena_open(&a, ARENA_BYTES) == ERR_NONE;
	for (size_t i = 0; i < r->n && is_fine; i++) {
		if (r->list[i].head.kind != RECORD_SENT)
			continue;
		is_fine = take(out, &a, service, i, &r->list[i]);
		arena_reset(&a);
	}
	return is_fine;
}

size_t
told_answers(const struct told *t, size_t n)
{
	size_t low = 0, high = t->answers_n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (t->answers[middle].at < n)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t
told_head(const struct told *t, size_t n)
{
	uint64_t number = 0;

	for (size_t i = 0; i < t->heads_n && t->heads[i].at < n; i++)
		number = t->heads[i].number;
	return number;
}
