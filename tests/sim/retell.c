#include "sim/retell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/journal.h"
#include "base/json.h"
#include "base/message.h"

#include "sim/actors.h"

#define TOLD_MAX 1024 /* most of it followers asking, when it is quiet */
#define NOTE_BYTES 100
#define ITEM_BYTES_MAX 8192 /* what is longer is a page of events */
#define WORDS_MAX 180       /* of a message or an entry */
#define ENTRIES_MAX 6       /* of those written in one turn */
#define METHOD_EVENTS 1     /* of every service: a follower asks */
#define ARENA_BYTES (8U << 20)

struct told {
	int64_t at_ms;
	enum { TOLD_NOTE, TOLD_CUT, TOLD_ITEM, TOLD_ENTRIES } kind;
	char note[NOTE_BYTES];
	struct item item; /* of a cut: who; of entries: who, and the first */
	bool is_lost;     /* nobody was there */
};

struct retelling {
	struct arena arena;
	struct told list[TOLD_MAX];
	uint64_t n;
};

/* ---- keeping ---- */

static struct told *
add(struct world *w)
{
	struct retelling *r = w->retelling;
	struct told *t = &r->list[r->n++ % TOLD_MAX];

	if (t->kind == TOLD_ITEM)
		free(t->item.data);
	*t = (struct told){.at_ms = w->now_ms};
	return t;
}

void
retell(struct world *w, const char *format, ...)
{
	struct told *t = add(w);
	va_list args;

	t->kind = TOLD_NOTE;
	va_start(args, format);
	vsnprintf(t->note, sizeof t->note, format, args);
	va_end(args);
}

void
retell_cut(struct world *w, unsigned a, unsigned b)
{
	struct told *t = add(w);

	t->kind = TOLD_CUT;
	t->item = (struct item){.from = a, .to = b};
}

void
retell_entries(struct world *w, unsigned node, uint64_t first)
{
	struct told *t = add(w);

	t->kind = TOLD_ENTRIES;
	t->item = (struct item){.from = node, .number = first};
}

static bool
is_kept(const struct item *item)
{
	return (item->kind == ITEM_CALL || item->kind == ITEM_ANSWER ||
		   item->kind == ITEM_TO_CLIENT) &&
	       item->len <= ITEM_BYTES_MAX;
}

void
retell_item(struct world *w, const struct item *item)
{
	struct told *t;

	if (!is_kept(item))
		return;
	t = add(w);
	t->kind = TOLD_ITEM;
	t->item = *item;
	t->is_lost = item->to < NODES && w->nodes[item->to].svc == NULL;
}

void
retell_drop(const struct item *item)
{
	if (!is_kept(item))
		free(item->data);
}

void
retell_open(struct world *w)
{
	w->retelling = calloc(1, sizeof *w->retelling);
	if (w->retelling == NULL ||
	    arena_open(&w->retelling->arena, ARENA_BYTES) != ERR_NONE)
		abort();
}

void
retell_close(struct world *w)
{
	for (unsigned i = 0; i < TOLD_MAX; i++)
		if (w->retelling->list[i].kind == TOLD_ITEM)
			free(w->retelling->list[i].item.data);
	arena_close(&w->retelling->arena);
	free(w->retelling);
	w->retelling = NULL;
}

/* ---- telling ---- */

static const char *
name_of(const struct world *w, const struct actors *a, unsigned party)
{
	static const char *const personas[] = {
	    [PERSONA_ADMINISTRATOR] = "administrator",
	    [PERSONA_COMMISSIONER] = "commissioner",
	    [PERSONA_NOMINATED_OFFICER] = "nominated officer",
	    [PERSONA_DIRECTOR] = "director",
	    [PERSONA_COOPERATIVE_OFFICER] = "officer",
	    [PERSONA_PLACEMENT_OFFICER] = "placement officer",
	    [PERSONA_GHOST] = "ghost of requests",
	    [PERSONA_INTRUDER] = "intruder",
	    [PERSONA_DOORKEEPER] = "doorkeeper",
	};
	static char names[2][100];
	static unsigned next;
	char *name = names[next++ % 2];
	const struct actor *c;

	if (party < NODES)
		return w->nodes[party].service->name;
	c = &a->list[party - NODES];
	snprintf(name, sizeof names[0], "%s %u%s%s", personas[c->persona],
	    party - NODES, c->organisation[0] != '\0' ? " of " : "", c->organisation);
	return name;
}

static const char *
words_of(struct world *w, const ProtobufCMessageDescriptor *type, struct bytes body)
{
	struct arena *a = &w->retelling->arena;
	ProtobufCMessage *m;
	const char *json;

	if (type == NULL || message_unpack(a, type, body, &m) != ERR_NONE ||
	    json_from_message(a, m, 0, &json) != ERR_NONE)
		return "(cannot be read)";
	return json;
}

static const Envelope__Envelope *
envelope_of(struct world *w, const struct item *item)
{
	ProtobufCMessage *m;

	arena_reset(&w->retelling->arena);
	if (message_unpack(&w->retelling->arena, &envelope__envelope__descriptor,
		(struct bytes){item->data, item->len}, &m) != ERR_NONE)
		return NULL;
	return (const Envelope__Envelope *)m;
}

/* An answer, or what was asked, by what the service's contract calls it. */
static void
print_item(struct world *w, const struct actors *a, const struct told *t)
{
	const struct item *item = &t->item;
	bool is_call = item->kind == ITEM_CALL;
	const struct service *s = w->nodes[is_call ? item->to : item->from].service;
	const Envelope__Envelope *e = envelope_of(w, item);
	const ProtobufCFieldDescriptor *f;

	printf("%s %s %s%s: ", name_of(w, a, item->from), is_call ? "asks" : "answers",
	    name_of(w, a, item->to), t->is_lost ? ", which is down" : "");
	if (e == NULL) {
		printf("(cannot be read)\n");
		return;
	}
	f = protobuf_c_message_descriptor_get_field(
	    is_call ? s->call : s->answer, e->method);
	printf("%s ", f == NULL ? "(no such method)" : f->name);
	if (e->has_fault && e->fault != ENVELOPE__FAULT__FAULT_UNSPECIFIED)
		printf("fault %s %.100s", err_name((enum err)e->fault),
		    e->detail == NULL ? "" : e->detail);
	else if (e->refusal != NULL)
		printf("refused, %u: %.*s", e->refusal->number, WORDS_MAX,
		    e->refusal->sentence);
	else
		printf("%.*s", WORDS_MAX,
		    words_of(w, f == NULL ? NULL : f->descriptor, BYTES_OF(e->body)));
	printf(" [%s]\n", is_call ? e->message_id : e->correlation_id);
}

static void
print_entries(struct world *w, const struct told *t, uint64_t end)
{
	const struct node *n = &w->nodes[t->item.from];
	struct arena *a = &w->retelling->arena;
	struct journal_walk j;
	struct kv_txn txn;

	printf("%s writes entry %llu", n->service->name,
	    (unsigned long long)t->item.number);
	if (n->svc == NULL) {
		printf(" (and is down)\n");
		return;
	}
	kv_begin(svc_kv(n->svc), &txn, false);
	arena_reset(a);
	journal_walk(&txn, &j, t->item.number);
	for (unsigned i = 0; journal_next(&j, a) && j.number < end; i++) {
		const ProtobufCFieldDescriptor *f =
		    protobuf_c_message_descriptor_get_field(
			n->service->event, j.record->header->type);

		if (i < ENTRIES_MAX && f != NULL)
			printf("%s %s %.*s", i == 0 ? ":" : ";", f->name, WORDS_MAX,
			    words_of(w, f->descriptor, BYTES_OF(j.body->event)));
		else if (i == ENTRIES_MAX)
			printf("; and more");
	}
	kv_walk_end(&j.rows);
	kv_abort(&txn);
	printf("\n");
}

/* The first entry of this node's that was told later; or none. */
static uint64_t
end_of(const struct retelling *r, uint64_t at)
{
	const struct told *t = &r->list[at % TOLD_MAX];

	for (uint64_t i = at + 1; i < r->n; i++) {
		const struct told *later = &r->list[i % TOLD_MAX];

		if (later->kind == TOLD_ENTRIES && later->item.from == t->item.from)
			return later->item.number;
	}
	return UINT64_MAX;
}

static void
print(struct world *w, const struct actors *a, uint64_t at)
{
	const struct told *t = &w->retelling->list[at % TOLD_MAX];
	char time[TIME_TEXT_LEN + 1];

	time_format(t->at_ms, time);
	printf("  %s ", time);
	switch (t->kind) {
	case TOLD_NOTE: printf("%s\n", t->note); break;
	case TOLD_CUT:
		printf("%s and %s can no longer talk\n", name_of(w, a, t->item.from),
		    name_of(w, a, t->item.to));
		break;
	case TOLD_ITEM: print_item(w, a, t); break;
	case TOLD_ENTRIES: print_entries(w, t, end_of(w->retelling, at)); break;
	}
}

static bool
is_worth_telling(struct world *w, const struct told *t)
{
	const Envelope__Envelope *e;

	if (t->kind != TOLD_ITEM)
		return true;
	e = envelope_of(w, &t->item);
	return e == NULL || e->method != METHOD_EVENTS;
}

void
retell_print(struct world *w, const struct actors *a, unsigned lines)
{
	struct retelling *r = w->retelling;
	uint64_t first = r->n, oldest = r->n > TOLD_MAX ? r->n - TOLD_MAX : 0;

	for (unsigned n = 0; first > oldest && n < lines; first--)
		n += is_worth_telling(w, &r->list[(first - 1) % TOLD_MAX]);
	for (; first < r->n; first++)
		if (is_worth_telling(w, &r->list[first % TOLD_MAX]))
			print(w, a, first);
}
