/* What services say to each other: what only the owner may know stays there. */
#include "sim/model.h"

#include <string.h>

#include "base/field.h"
#include "base/journal.h"
#include "base/message.h"
#include "base/str.h"

#include "place.pb-c.h"
#include "residential.pb-c.h"

#define CALL_HOLD                                                                      \
	RESIDENTIAL__RESIDENTIAL_CALL__CALL_HOLD /* the same with every owner */
#define CALL_EVENTS 1
#define NODE(name) (1U << NODE_##name)
#define MESSAGES_MAX 1024 /* one within the other, of one event */

/*
 * Who may be told what, said once more than in the owners' tables and in other words.
 * A child's reference, a carer's name and who a need is about are for people to read,
 * never for another service to keep.
 */
static const struct secret {
	const char *message; /* NULL: in any */
	const char *field;
	unsigned may; /* services, as bits */
} secrets[] = {
    {NULL, "carer_name", 0},
    {NULL, "home_name", 0},
    {NULL, "child_id", 0},
    {NULL, "child_ids", 0},
    {NULL, "named_child_ids", 0},
    {NULL, "identity", 0},
    {NULL, "submitted_by_id", 0},
    {"members.Person", "name", 0},
    {"residential.Occupant", "not_safe_with", 0},
    {"residential.Occupant", "risks", 0},
    {"residential.Occupant", "sibling_group_id", 0},
    {"residential.Vacancy", "residents", NODE(MATCHING) | NODE(OBSERVATORY)},
    {"residential.Vacancy", "reserved_free", NODE(MATCHING) | NODE(OBSERVATORY)},
    {"requests.NeedDetail", "legal_status", NODE(OBSERVATORY)},
    {"requests.NeedDetail", "care_plan_aim", NODE(OBSERVATORY)},
    {"requests.NeedDetail", "earlier_placements", NODE(OBSERVATORY)},
    {"requests.NeedDetail", "family_first", NODE(OBSERVATORY)},
    {"requests.RequestWithdrawn", "withdrawn_by_id", NODE(OBSERVATORY)},
    {"requests.PlacementDecided", "not_safe_with", 0},
    {"requests.DraftKept", "circulation", NODE(MATCHING)},
    {"requests.DraftKept", "detail", NODE(MATCHING)},
    {"requests.DraftKept", "saved_by_id", 0},
    {"requests.DraftDropped", "draft_id", NODE(MATCHING)},
    {"requests.DraftDropped", "dropped_by_id", 0},
};

/* ---- every field of an event ---- */

static bool
is_secret(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, unsigned to)
{
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		const struct secret *s = &secrets[i];

		if ((s->may & 1U << to) == 0 && strcmp(s->field, f->name) == 0 &&
		    (s->message == NULL ||
			strcmp(s->message, m->descriptor->name) == 0))
			return true;
	}
	return false;
}

/* What is within a message, for the walk. */
struct within {
	const ProtobufCMessage *list[MESSAGES_MAX];
	size_t n;
};

static void
add_messages(
    struct within *w, const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	for (size_t i = 0; i < field_count(m, f) && w->n < MESSAGES_MAX; i++)
		w->list[w->n++] = field_message(field_at(m, f, i));
}

static void
check_event(struct model *m, unsigned from, unsigned to, const ProtobufCMessage *event)
{
	static struct within w; /* large */
	const struct node *nodes = m->world->nodes;

	w.n = 0;
	w.list[w.n++] = event;
	while (w.n > 0) {
		const ProtobufCMessage *part = w.list[--w.n];

		for (unsigned i = 0; i < part->descriptor->n_fields; i++) {
			const ProtobufCFieldDescriptor *f =
			    &part->descriptor->fields[i];

			if (field_count(part, f) > 0 && is_secret(part, f, to))
				world_fail(m->world,
				    "%s is told %s of a %s by %s, which is no "
				    "business of it",
				    nodes[to].service->name, f->name,
				    part->descriptor->name, nodes[from].service->name);
			if (f->type == PROTOBUF_C_TYPE_MESSAGE)
				add_messages(&w, part, f);
		}
	}
}

/* ---- pages, and holds asked for ---- */

static void
check_page(struct model *m, unsigned from, unsigned to, struct bytes body)
{
	const ProtobufCMessageDescriptor *events = m->world->nodes[from].service->event;
	const Journal__EventsPage *page;
	ProtobufCMessage *unpacked, *event;

	if (message_unpack(&m->arena, &journal__events_page__descriptor, body,
		&unpacked) != ERR_NONE) {
		world_fail(m->world, "a page of events cannot be read");
		return;
	}
	page = (const Journal__EventsPage *)unpacked;
	for (size_t i = 0; i < page->n_entries; i++) {
		const Journal__Entry *e = page->entries[i];
		const ProtobufCFieldDescriptor *type =
		    protobuf_c_message_descriptor_get_field(events, e->header->type);
		size_t mark = m->arena.used;

		if (e->has_event && type != NULL &&
		    message_unpack(&m->arena, type->descriptor, BYTES_OF(e->event),
			&event) == ERR_NONE)
			check_event(m, from, to, event);
		arena_release(&m->arena, mark);
	}
}

static void
see_hold_asked(struct model *m, const char *id, struct bytes body)
{
	struct model_asked *asked = MODEL_FIND(m->asked, m->asked_n, id);
	ProtobufCMessage *call;

	if (asked != NULL)
		return;
	asked = MODEL_ADD(m, m->asked, m->asked_n, id);
	if (message_unpack(&m->arena, &place__hold__descriptor, body, &call) ==
	    ERR_NONE)
		asked->minutes = ((const Place__Hold *)call)->hold_minutes;
}

void
model_see_sent(struct model *m, unsigned from, unsigned to, struct bytes envelope)
{
	const Envelope__Envelope *e;
	ProtobufCMessage *unpacked;

	arena_reset(&m->arena);
	if (message_unpack(&m->arena, &envelope__envelope__descriptor, envelope,
		&unpacked) != ERR_NONE) {
		world_fail(m->world, "what a service says cannot be read");
		return;
	}
	e = (const Envelope__Envelope *)unpacked;
	if (!e->has_body)
		return;
	if (e->correlation_id != NULL && e->method == CALL_EVENTS)
		check_page(m, from, to, BYTES_OF(e->body));
	else if (e->message_id != NULL && e->method == CALL_HOLD &&
		 from == NODE_REQUESTS && (to == NODE_FOSTER || to == NODE_RESIDENTIAL))
		see_hold_asked(m, e->message_id, BYTES_OF(e->body));
}
