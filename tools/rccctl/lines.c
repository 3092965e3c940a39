#include "lines.h"

#include <inttypes.h>
#include <string.h>

#include "base/field.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"

/* The line's field for this service's events. */
static const ProtobufCFieldDescriptor *
field_of(const struct contract *c)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(
		&backup__line__descriptor, c->service);

	return f && f->descriptor == c->event ? f : NULL;
}

static bool
put_message(struct arena *a, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    const ProtobufCMessage *value)
{
	const ProtobufCMessage **place = field_make(a, m, f, 1);

	if (place)
		*place = value;
	return place != NULL;
}

/* Is what the line says the entry, to the byte? */
static bool
is_same(struct tool *t, const struct contract *c, const char *line,
    const Journal__Record *record, const Journal__Body *body)
{
	struct lines_entry entry;
	struct check_problem why;
	struct bytes command, again;

	if (!lines_read(t, c, line, &entry, &why) ||
	    !bytes_equal(BYTES_OF(entry.body.event), BYTES_OF(body->event)) ||
	    !entry.body.command != !body->command)
		return false;
	if (!body->command)
		return entry.record.header->number == record->header->number;
	return message_pack(&t->arena, &body->command->base, &command) == ERR_NONE &&
	       message_pack(&t->arena, &entry.body.command->base, &again) == ERR_NONE &&
	       bytes_equal(command, again);
}

enum exit_code
lines_say(struct tool *t, const struct contract *c, const Journal__Record *record,
    const Journal__Body *body, const char **out)
{
	const ProtobufCFieldDescriptor *service = field_of(c);
	const ProtobufCFieldDescriptor *type =
	    protobuf_c_message_descriptor_get_field(c->event, record->header->type);
	Backup__Line line = BACKUP__LINE__INIT;
	Backup__Record head = BACKUP__RECORD__INIT;
	ProtobufCMessage *event = message_new(&t->arena, c->event), *inner = NULL;

	head.header = record->header;
	head.command = body->command;
	SET_FROM(&head, salt, record, salt);
	SET_FROM(&head, entry_hash, record, entry_hash);
	line.record = &head;
	if (!service || !type ||
	    message_unpack(&t->arena, type->descriptor, BYTES_OF(body->event),
		&inner) != ERR_NONE ||
	    !event || !put_message(&t->arena, event, type, inner) ||
	    !put_message(&t->arena, &line.base, service, event) ||
	    json_from_message(&t->arena, &line.base, 0, out) != ERR_NONE ||
	    !is_same(t, c, *out, record, body)) {
		complain("entry %" PRIu64 " of %s cannot be said in open form by this "
			 "release",
		    record->header->number, c->service);
		return EXIT_FAULT;
	}
	return EXIT_YES;
}

static bool
is_wrong(struct check_problem *why, const char *field, const char *reason)
{
	*why = (struct check_problem){.field = ""};
	(void)stpcpy(why->field, field);
	(void)stpcpy(why->reason, reason);
	return false;
}

bool
lines_read(struct tool *t, const struct contract *c, const char *text,
    struct lines_entry *out, struct check_problem *why)
{
	const ProtobufCFieldDescriptor *service = field_of(c), *type;
	const ProtobufCMessage *event, *inner;
	ProtobufCMessage *m = NULL;
	const Backup__Line *line;
	struct bytes packed;

	if (json_to_message(&t->arena, &backup__line__descriptor, text, &m, why) !=
	    ERR_NONE)
		return false;
	line = (const Backup__Line *)m;
	if (!line->record || !line->record->header || !service ||
	    field_count(m, service) == 0)
		return is_wrong(why, c->service, "is not there");
	type = protobuf_c_message_descriptor_get_field(
	    c->event, line->record->header->type);
	event = field_message(field_at(m, service, 0));
	if (!type || field_count(event, type) == 0)
		return is_wrong(why, "record.header.type", "is not the event's");
	inner = field_message(field_at(event, type, 0));
	if (message_pack(&t->arena, inner, &packed) != ERR_NONE)
		return is_wrong(why, c->service, "is too large");
	*out = (struct lines_entry){JOURNAL__RECORD__INIT, JOURNAL__BODY__INIT};
	out->record.header = line->record->header;
	SET_FROM(&out->record, salt, line->record, salt);
	SET_FROM(&out->record, entry_hash, line->record, entry_hash);
	SET_BYTES(&out->body, event, packed);
	out->body.command = line->record->command;
	return true;
}
