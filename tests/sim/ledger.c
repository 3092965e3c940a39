#include "sim/actors.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "common.pb-c.h"
#include "members.pb-c.h"

#define OTHER_WORDS_ONE_IN 4

/* A command that was answered, and how: yes, or a rule's no. */
struct ledger_row {
	unsigned client;
	enum node_name node;
	uint32_t method;
	struct id id;
	uint8_t *call; /* malloc'd, the answer behind it */
	size_t call_len;
	uint8_t *answer;
	size_t answer_len;
};

/* A yes to what was so already is nowhere in the journal, and says so. */
static bool
is_recorded(struct actors *a, const struct actor *c, struct bytes envelope)
{
	const ProtobufCMessageDescriptor *type =
	    protobuf_c_message_descriptor_get_field(
		a->world->nodes[c->to].service->answer, c->method)
		->descriptor;
	const Envelope__Envelope *e;
	ProtobufCMessage *m;

	if (message_unpack(&a->arena, &envelope__envelope__descriptor, envelope, &m) !=
	    ERR_NONE)
		return false;
	e = (const Envelope__Envelope *)m;
	/* Asked with each page, and noted now and then. */
	if (c->to == NODE_MEMBERS && c->method == MEMBERS__MEMBERS_CALL__CALL_SESSION)
		return false;
	if (e->refusal != NULL || type != &common__done__descriptor)
		return true;
	return message_unpack(&a->arena, type, BYTES_OF(e->body), &m) == ERR_NONE &&
	       ((const Common__Done *)m)->has_number;
}

void
ledger_add(struct actors *a, unsigned client, struct bytes answer)
{
	const struct actor *c = &a->list[client];
	uint8_t *words;

	if (!is_recorded(a, c, answer))
		return;
	if (a->ledger_n == a->ledger_size) {
		a->ledger_size = a->ledger_size * 2 + 256;
		a->ledger = realloc(a->ledger, a->ledger_size * sizeof *a->ledger);
		if (a->ledger == NULL)
			abort();
	}
	words = malloc(c->call_len + answer.len);
	if (words == NULL)
		abort();
	memcpy(words, c->call, c->call_len);
	memcpy(words + c->call_len, answer.data, answer.len);
	a->ledger[a->ledger_n++] = (struct ledger_row){.client = client,
	    .node = c->to,
	    .method = c->method,
	    .id = c->id,
	    .call = words,
	    .call_len = c->call_len,
	    .answer = words + c->call_len,
	    .answer_len = answer.len};
}

/* The same command, word for word, hears the same answer, byte for byte. */
static void
repeat(struct actors *a, const struct ledger_row *row)
{
	const char *name = a->world->nodes[row->node].service->name;

	a->world->tally.n[TALLY_REPEATS]++;
	if (actors_ask(a, row->client, row->node, &row->id,
		(struct bytes){row->call, row->call_len}) == NULL)
		return;
	if (a->answer_len != row->answer_len ||
	    memcmp(a->answer, row->answer, row->answer_len) != 0)
		world_fail(a->world, "%s answers a repeat otherwise: method %u, %s",
		    name, row->method, row->id.text);
}

/* Another id, day or byte in the first field that has one; looked for in messages too,
 * which do not nest without end. */
static void
change_words(ProtobufCMessage *m)
{
	const ProtobufCMessageDescriptor *d = m->descriptor;

	for (unsigned i = 0; i < d->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &d->fields[i];
		uint8_t *member = (uint8_t *)m + f->offset;
		char *text = NULL;

		if (f->label != PROTOBUF_C_LABEL_OPTIONAL)
			continue;
		if (f->type == PROTOBUF_C_TYPE_INT32) {
			int32_t *day = (void *)member;

			(*day)++;
			return;
		}
		if (f->type == PROTOBUF_C_TYPE_BYTES) {
			ProtobufCBinaryData *data = (void *)member;

			if (data->len == 0)
				continue;
			data->data[0] ^= 1;
			return;
		}
		if (f->type == PROTOBUF_C_TYPE_STRING ||
		    f->type == PROTOBUF_C_TYPE_MESSAGE)
			memcpy(&text, member, sizeof text);
		if (text == NULL)
			continue;
		if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
			m = *(ProtobufCMessage **)(void *)member;
			d = m->descriptor;
			i = UINT_MAX; /* from its first field */
		} else if (strlen(text) == ID_LEN) {
			text[ID_LEN - 1] = text[ID_LEN - 1] == '1' ? '2' : '1';
			return;
		}
	}
}

/* Another command under the same id is refused, whatever became of the first. */
static void
say_otherwise(struct actors *a, const struct ledger_row *row)
{
	const struct service *s = a->world->nodes[row->node].service;
	const ProtobufCMessageDescriptor *type =
	    protobuf_c_message_descriptor_get_field(s->call, row->method)->descriptor;
	ProtobufCMessage *m, *call;
	Envelope__Envelope *e;
	const Envelope__Envelope *answer;
	struct bytes packed;

	arena_reset(&a->arena);
	if (message_unpack(&a->arena, &envelope__envelope__descriptor,
		(struct bytes){row->call, row->call_len}, &m) != ERR_NONE)
		abort();
	e = (Envelope__Envelope *)m;
	if (message_unpack(&a->arena, type, BYTES_OF(e->body), &call) != ERR_NONE)
		abort();
	change_words(call);
	if (message_pack(&a->arena, call, &packed) != ERR_NONE)
		abort();
	SET_BYTES(e, body, packed);
	if (message_pack(&a->arena, &e->base, &packed) != ERR_NONE)
		abort();
	answer = actors_ask(a, row->client, row->node, &row->id, packed);
	if (answer != NULL && (answer->refusal == NULL ||
				  answer->refusal->number != REFUSAL_ID_OTHER_BODY))
		world_fail(a->world, "%s took another command under id %s, method %u",
		    s->name, row->id.text, row->method);
}

void
actors_check_ledger(struct actors *a)
{
	for (size_t i = 0; i < a->ledger_n && !a->world->is_over; i++) {
		const struct ledger_row *row = &a->ledger[i];

		if (!model_has_command(a->model, row->node, row->id.text))
			world_fail(a->world,
			    "%s lost an acknowledged write: method %u, %s",
			    a->world->nodes[row->node].service->name, row->method,
			    row->id.text);
		repeat(a, row);
		if (random_one_in(actors_dice(a), OTHER_WORDS_ONE_IN))
			say_otherwise(a, row);
	}
}

void
ledger_close(struct actors *a)
{
	for (size_t i = 0; i < a->ledger_n; i++)
		free(a->ledger[i].call);
	free(a->ledger);
	a->ledger = NULL;
	a->ledger_n = a->ledger_size = 0;
}
