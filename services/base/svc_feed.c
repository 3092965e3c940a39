#include <assert.h>
#include <string.h>

#include "base/field.h"
#include "base/svc_inside.h"

/* One follower, as the page loop meets it. */
struct follower {
	const struct svc *svc;
	const struct svc_release *const *released; /* by event type */
};

static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessageDescriptor *type, const char *name, size_t len)
{
	for (unsigned i = 0; i < type->n_fields; i++)
		if (strncmp(type->fields[i].name, name, len) == 0 &&
		    type->fields[i].name[len] == '\0')
			return &type->fields[i];
	return NULL;
}

static void
clear_field(ProtobufCMessage *m, const ProtobufCFieldDescriptor *field)
{
	uint8_t *quantifier = (uint8_t *)m + field->quantifier_offset;
	uint8_t *member = (uint8_t *)m + field->offset;
	const void *no_list = NULL;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		memset(quantifier, 0, sizeof(size_t));
		memcpy(member, &no_list, sizeof no_list);
		return;
	}
	if (field->type != PROTOBUF_C_TYPE_STRING &&
	    field->type != PROTOBUF_C_TYPE_MESSAGE)
		memset(quantifier, 0, sizeof(protobuf_c_boolean));
	/* The value too: one without its has_ would be a programming fault. */
	memset(member, 0, field_element_size(field));
}

/* The field a path ends in, and in *m the message that holds it: NULL where that is not
 * there to be taken out of. */
static const ProtobufCFieldDescriptor *
field_at_path(
    const ProtobufCMessageDescriptor *type, ProtobufCMessage **m, const char *path)
{
	void *inner;

	for (;;) {
		size_t len = strcspn(path, ".");
		const ProtobufCFieldDescriptor *field = field_named(type, path, len);

		assert(field != NULL && "a withheld path names a field");
		assert((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0);
		if (path[len] == '\0')
			return field;
		assert(field->type == PROTOBUF_C_TYPE_MESSAGE);
		assert(field->label == PROTOBUF_C_LABEL_OPTIONAL &&
		       "no path through a list");
		if (*m != NULL) {
			memcpy(&inner, (uint8_t *)*m + field->offset, sizeof inner);
			*m = inner;
		}
		type = field->descriptor;
		path += len + 1;
	}
}

void
svc_check_releases(const struct service *s)
{
	for (size_t i = 0; i < s->releases_n; i++) {
		const struct svc_release *r = &s->releases[i];
		const ProtobufCMessageDescriptor *type = svc_type_of(s->event, r->type);
		ProtobufCMessage *nothing = NULL;

		assert(type != NULL && r->type < SVC_EVENT_TYPES_MAX);
		for (const char *const *path = r->withheld;
		     path != NULL && *path != NULL; path++)
			(void)field_at_path(type, &nothing, *path);
	}
}

/* Takes "household.carer_name" out of a message. */
static void
clear_path(ProtobufCMessage *m, const char *path)
{
	const ProtobufCMessageDescriptor *type = m->descriptor;
	ProtobufCMessage *holder = m;
	const ProtobufCFieldDescriptor *field = field_at_path(type, &holder, path);

	if (holder != NULL)
		clear_field(holder, field);
}

static enum err
pass_event(const void *context, struct arena *a, uint32_t type, struct bytes event,
    struct bytes *out, bool *is_sent)
{
	const struct follower *f = context;
	const struct svc_release *release =
	    type < SVC_EVENT_TYPES_MAX ? f->released[type] : NULL;
	ProtobufCMessage *m;
	enum err e;

	*is_sent = release != NULL;
	*out = event;
	if (release == NULL || release->withheld == NULL)
		return ERR_NONE;
	e = message_unpack(a, svc_type_of(f->svc->service->event, type), event, &m);
	if (e != ERR_NONE)
		return e == ERR_MALFORMED ? ERR_CORRUPT : e;
	for (const char *const *path = release->withheld; *path != NULL; path++)
		clear_path(m, *path);
	return message_pack(a, m, out);
}

enum err
svc_answer_events(struct svc *svc, struct kv_txn *txn, const struct conf_peer *peer,
    const Journal__EventsAsked *asked, Journal__EventsPage **out)
{
	struct follower f = {svc, svc->released[peer - svc->peers->list]};
	struct journal_filter filter = {&f, pass_event};
	bool is_follower = false;

	for (unsigned i = 0; i < SVC_EVENT_TYPES_MAX; i++)
		is_follower |= f.released[i] != NULL;
	if (!is_follower)
		return ERR_DENIED;
	return journal_page(txn, &svc->scratch, asked, &filter, out);
}
