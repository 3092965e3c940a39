#include "sim/model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/day.h"
#include "base/journal.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"

#include "requests.pb-c.h"

#define MODEL_BYTES (64U << 20)
#define CALLER_BYTES sizeof(((struct model_command *)0)->caller)

void
model_open(struct model *m, struct world *w, bool is_loud)
{
	memset(m, 0, sizeof *m);
	m->world = w;
	m->is_loud = is_loud;
	if (arena_open(&m->arena, MODEL_BYTES) != ERR_NONE)
		abort();
}

void
model_close(struct model *m)
{
	arena_close(&m->arena);
}

/* ---- lists ---- */

void
model_keep(char out[MODEL_ID], const char *text)
{
	snprintf(out, MODEL_ID, "%s", text == NULL ? "" : text);
}

void *
model_find(const void *list, size_t n, size_t size, const char *id)
{
	const char *row = list;

	for (size_t i = 0; id != NULL && i < n; i++, row += size)
		if (strcmp(row, id) == 0)
			return (void *)(uintptr_t)row;
	return NULL;
}

void *
model_add(void *list, size_t *n, size_t max, size_t size, const char *id)
{
	char *row = (char *)list + *n * size;

	if (*n == max) {
		fprintf(stderr, "rcc-sim: the model has no room for one more\n");
		abort();
	}
	*n += 1;
	memset(row, 0, size);
	model_keep(row, id);
	return row;
}

/* ---- what is true of every entry ---- */

/* One command, by one caller, is answered once: whatever was sent twice. */
static void
see_command(struct model *m, unsigned node, const struct journal_walk *j)
{
	const Journal__CommandRecord *record = j->body->command;
	const char *id = j->record->header->command_id;
	struct model_command *c;
	uint8_t caller[CALLER_BYTES];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof caller);
	crypto_generichash_update(
	    &state, record->caller_key.data, record->caller_key.len);
	crypto_generichash_update(&state, (const uint8_t *)record->user_id,
	    record->user_id == NULL ? 0 : strlen(record->user_id));
	crypto_generichash_final(&state, caller, sizeof caller);
	for (size_t i = 0; i < m->commands_n[node]; i++) {
		c = &m->commands[node][i];
		if (memcmp(c->caller, caller, sizeof caller) == 0 &&
		    strcmp(c->id, id) == 0)
			world_fail(m->world, "%s did a command twice: method %u, %s",
			    m->world->nodes[node].service->name, record->method, id);
	}
	c = MODEL_ADD(m, m->commands[node], m->commands_n[node], id);
	memcpy(c->caller, caller, sizeof caller);
}

/* What a followed entry made a service do, it did once. */
static void
see_cause(struct model *m, unsigned node, const Journal__CommandRecord *record)
{
	char text[MODEL_ID];

	bytes_to_hex((struct bytes){record->cause_hash.data, MODEL_ID / 2 - 1}, text);
	if (MODEL_FIND(m->caused[node], m->causes_n[node], text) != NULL)
		world_fail(m->world, "%s reacted to the same entry twice",
		    m->world->nodes[node].service->name);
	(void)MODEL_ADD(m, m->caused[node], m->causes_n[node], text);
}

static void
say(struct model *m, const struct service *s, const struct journal_walk *j,
    const ProtobufCMessage *event)
{
	const Journal__Header *h = j->record->header;
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field(s->event, h->type);
	const char *json = "";
	char time[TIME_TEXT_LEN + 1];

	time_format(h->time, time);
	if (json_from_message(&m->arena, event, 0, &json) != ERR_NONE)
		json = "(too long)";
	printf("%s %s %llu %s %s\n", time, s->name, (unsigned long long)h->number,
	    field->name, json);
}

static void
see(struct model *m, unsigned node, const struct journal_walk *j)
{
	const struct service *s = m->world->nodes[node].service;
	const Journal__Header *h = j->record->header;
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field(s->event, h->type);
	struct model_entry e = {h->number, h->time, h->type, NULL, h->command_id};
	ProtobufCMessage *event;

	if (field == NULL || message_unpack(&m->arena, field->descriptor,
				 BYTES_OF(j->body->event), &event) != ERR_NONE) {
		world_fail(m->world, "%s: an entry cannot be read", s->name);
		return;
	}
	if (m->is_loud)
		say(m, s, j, event);
	if (j->body->command != NULL && j->body->command->has_caller_key)
		see_command(m, node, j);
	if (j->body->command != NULL && j->body->command->has_cause_hash)
		see_cause(m, node, j->body->command);
	e.event = event;
	m->world->tally.n[TALLY_REFUSALS] += h->type == JOURNAL_TYPE_REFUSED;
	m->world->tally.n[TALLY_WITNESSES] += h->type == JOURNAL_TYPE_WITNESSED;
	if (node == NODE_MEMBERS) {
		model_see_members(m, &e);
		model_see_sessions(m, &e);
	} else if (node == NODE_FOSTER)
		model_see_foster(m, &e);
	else if (node == NODE_RESIDENTIAL)
		model_see_residential(m, &e);
	else if (node == NODE_REQUESTS && h->type >= JOURNAL_TYPE_FIRST)
		model_see_requests(m, &e);
}

/* The last entry that was read is there still, and the same: nothing that was committed
 * is ever gone. */
static void
check_seen(struct model *m, unsigned node, struct kv_txn *txn)
{
	struct journal_walk j;

	if (m->seen[node] == 0)
		return;
	journal_walk(txn, &j, m->seen[node]);
	if (!journal_next(&j, &m->arena) ||
	    memcmp(j.hash, m->seen_hash[node], sizeof j.hash) != 0)
		world_fail(m->world, "%s: entry %llu was committed, and is gone",
		    m->world->nodes[node].service->name,
		    (unsigned long long)m->seen[node]);
	kv_walk_end(&j.rows);
}

void
model_follow(struct model *m, unsigned node)
{
	struct node *n = &m->world->nodes[node];
	struct journal_walk j;
	struct kv_txn txn;

	kv_begin(svc_kv(n->svc), &txn, false);
	arena_reset(&m->arena);
	check_seen(m, node, &txn);
	journal_walk(&txn, &j, m->seen[node] + 1);
	while (journal_next(&j, &m->arena)) {
		if (j.number != m->seen[node] + 1)
			world_fail(m->world, "%s: entry %llu follows %llu",
			    n->service->name, (unsigned long long)j.number,
			    (unsigned long long)m->seen[node]);
		see(m, node, &j);
		m->seen[node] = j.number;
		memcpy(m->seen_hash[node], j.hash, sizeof j.hash);
		arena_reset(&m->arena);
	}
	if (j.bad != NULL)
		world_fail(m->world, "%s: the journal does not hold: %s",
		    n->service->name, j.bad);
	kv_walk_end(&j.rows);
	kv_abort(&txn);
	if (node == NODE_FOSTER || node == NODE_RESIDENTIAL)
		model_check_holds(m, (enum node_name)node);
	if (node == NODE_RESIDENTIAL)
		model_check_homes(m);
	if (node == NODE_REQUESTS)
		model_check_groups(m);
	if (node == NODE_MEMBERS)
		model_check_sessions(m);
}

bool
model_has_command(const struct model *m, unsigned node, const char *id)
{
	return MODEL_FIND(m->commands[node], m->commands_n[node], id) != NULL;
}
