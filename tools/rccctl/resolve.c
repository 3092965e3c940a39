#include "resolve.h"

#include <string.h>

#include "base/field.h"
#include "base/id.h"
#include "base/message.h"
#include "base/str.h"

#include "client.h"
#include "method.h"
#include "path.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"

#define ROWS_MAX 5000
#define NAMES_WAIT_MS 2000
#define LOOK_WAIT_MS 3000

/* Where the whole ids of a field stand: the list to ask for, and the path in it. A
 * vacancy may be either owner's. */
struct source {
	const char *field;
	const char *what; /* in a sentence: "request" */
	const char *method;
	const char *path;
};

static const struct source sources[] = {
    {"request_id", "request", "requests.requests", "requests[].request_id"},
    {"vacancy_id", "vacancy", "foster.vacancies", "vacancies[].vacancy_id"},
    {"vacancy_id", "vacancy", "residential.vacancies", "vacancies[].vacancy_id"},
    {"vacancy_ids", "vacancy", "foster.vacancies", "vacancies[].vacancy_id"},
    {"vacancy_ids", "vacancy", "residential.vacancies", "vacancies[].vacancy_id"},
    {"provider_id", "provider", "members.providers", "providers[].provider_id"},
    {"household_id", "household", "foster.households", "households[].household_id"},
    {"home_id", "home", "residential.homes", "homes[].home_id"},
};

#define SOURCES_N (sizeof(sources) / sizeof(sources[0]))

/* The first; the next, if any, stand behind it. */
static const struct source *
source_of(const char *field)
{
	for (size_t i = 0; i < SOURCES_N; i++) {
		if (str_equal(sources[i].field, field))
			return &sources[i];
	}
	return NULL;
}

static bool
is_part(const char *text)
{
	size_t len = strlen(text);

	return len >= RESOLVE_PART_MIN && len < ID_LEN &&
	       strspn(text, "0123456789abcdefghjkmnpqrstvwxyz") == len;
}

/* `ask` says how; its method is the list. */
static enum exit_code
ask_list(struct tool *t, struct ask ask, void **answer)
{
	struct method m;
	ProtobufCMessage *question;

	if (!method_find(ask.method, &m))
		return EXIT_FAULT;
	question = message_new(&t->arena, m.input);
	if (!question)
		return complain_memory();
	const ProtobufCFieldDescriptor *closed =
	    protobuf_c_message_descriptor_get_field_by_name(m.input, "include_closed");
	struct check_problem why;
	if (closed &&
	    !path_set(&t->arena, question, closed->name, "true", t->today, &why))
		return complain_memory();
	ask.body = question;
	if (!protobuf_c_message_descriptor_get_field_by_name(m.input, "limit"))
		return client_ask(t, &ask, answer);
	return client_list(t, &ask, ROWS_MAX, answer);
}

/* The one that ends so; NULL where none does. */
static enum exit_code
pick_any(const struct tool *t, const struct path_texts *ids, const char *what,
    const char *part, const char **out)
{
	const char *found = NULL;

	for (size_t i = 0; i < ids->n; i++) {
		if (!str_ends(ids->list[i], part) || str_equal(ids->list[i], found))
			continue;
		if (found)
			return complain_usage(t,
			    "more than one %s ends in %s: give more of it", what, part);
		found = ids->list[i];
	}
	*out = found;
	return EXIT_YES;
}

static enum exit_code
pick(const struct tool *t, const struct path_texts *ids, const char *what,
    const char **part)
{
	const char *found = NULL;
	enum exit_code code = pick_any(t, ids, what, *part, &found);

	if (code != EXIT_YES)
		return code;
	if (!found)
		return complain_usage(
		    t, "no %s that you may see ends in %s", what, *part);
	*part = found;
	return EXIT_YES;
}

/* One id, named as its field is: "request_id". */
static enum exit_code
resolve_id(struct tool *t, const char *field, const char **id)
{
	const struct source *s = source_of(field);
	struct path_texts ids = {0};
	void *answer = NULL;
	enum exit_code code;

	if (!s || !is_part(*id))
		return EXIT_YES;
	const char *what = s->what;
	for (; s < sources + SOURCES_N && str_equal(s->field, field); s++) {
		code = ask_list(t, (struct ask){.method = s->method}, &answer);
		if (code != EXIT_YES)
			return code;
		if (!path_texts(&t->arena, answer, s->path, &ids))
			return complain_memory();
	}
	return pick(t, &ids, what, id);
}

enum exit_code
resolve_in(struct tool *t, const char *method, const char *path, const char *part,
    const char **id)
{
	struct ask ask = {
	    .method = method,
	    .wait_ms = t->wait_ms < LOOK_WAIT_MS ? t->wait_ms : LOOK_WAIT_MS,
	    .is_quiet = true,
	};
	struct path_texts ids = {0};
	void *answer = NULL;

	*id = NULL;
	if (!id_is_well_formed(part) && !is_part(part))
		return EXIT_YES;
	if (ask_list(t, ask, &answer) != EXIT_YES)
		return EXIT_FAULT;
	if (!path_texts(&t->arena, answer, path, &ids))
		return complain_memory();
	return pick_any(t, &ids, "id", part, id);
}

/* An offer is found among those of its request, which stands in the same call. */
static enum exit_code
resolve_offer(struct tool *t, const char *request_id, const char **offer_id)
{
	Requests__RequestAsked question = REQUESTS__REQUEST_ASKED__INIT;
	struct ask ask = {.method = "requests.request", .body = &question.base};
	union {
		const char *in;
		char *out;
	} text = {.in = request_id};
	struct path_texts ids = {0};
	void *answer = NULL;
	enum exit_code code;

	question.request_id = text.out;
	code = client_ask(t, &ask, &answer);
	if (code != EXIT_YES)
		return code;
	if (!path_texts(&t->arena, answer, "request.offers[].offer_id", &ids) ||
	    !path_texts(&t->arena, answer, "referral.offers[].offer_id", &ids))
		return complain_memory();
	return pick(t, &ids, "offer", offer_id);
}

static const char *
text_of(const ProtobufCMessage *m, const char *name)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(m->descriptor, name);

	return f && field_count(m, f) > 0 ? field_text(field_at(m, f, 0)) : NULL;
}

static bool
is_offer_field(const ProtobufCFieldDescriptor *f)
{
	return str_equal(f->name, "offer_id") ||
	       str_equal(f->name, "further_offer_ids");
}

static enum exit_code
resolve_field(struct tool *t, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	for (size_t i = 0; i < field_count(m, f); i++) {
		const char *id = field_text(field_at(m, f, i));
		const char *request_id = text_of(m, "request_id");
		bool is_offer = is_offer_field(f) && request_id && is_part(id);
		enum exit_code code = is_offer ? resolve_offer(t, request_id, &id)
		                               : resolve_id(t, f->name, &id);
		if (code != EXIT_YES)
			return code;
		/* The element is the message's own: written where it was read from. */
		char *list = (char *)m + f->offset;
		if (f->label == PROTOBUF_C_LABEL_REPEATED)
			memcpy(&list, (char *)m + f->offset, sizeof(char *));
		memcpy(list + i * sizeof id, &id, sizeof id);
	}
	return EXIT_YES;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the contract, whose messages never
 * contain themselves (tools/lint sees to that). */
enum exit_code
resolve_ids(struct tool *t, ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *type = message->descriptor;

	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &type->fields[i];
		enum exit_code code;
		if (f->type == PROTOBUF_C_TYPE_MESSAGE &&
		    f->label != PROTOBUF_C_LABEL_REPEATED &&
		    field_count(message, f) > 0) {
			void *inner;
			memcpy(&inner, field_at(message, f, 0), sizeof inner);
			code = resolve_ids(t, inner);
			if (code != EXIT_YES)
				return code;
			continue;
		}
		if (f->type != PROTOBUF_C_TYPE_STRING ||
		    (!source_of(f->name) && !is_offer_field(f)))
			continue;
		code = resolve_field(t, message, f);
		if (code != EXIT_YES)
			return code;
	}
	return EXIT_YES;
}
/* NOLINTEND(misc-no-recursion) */

/* ---- names ---- */

static void
read_names(struct tool *t, const struct ask *ask, const char *id_path,
    const char *name_path, struct resolve_names *out)
{
	struct path_texts ids = {0}, names = {0};
	void *answer = NULL;

	*out = (struct resolve_names){0};
	if (client_ask(t, ask, &answer) != EXIT_YES)
		return;
	if (!path_texts(&t->arena, answer, id_path, &ids) ||
	    !path_texts(&t->arena, answer, name_path, &names) || ids.n != names.n)
		return; /* a row without a name: ids are shown instead */
	*out = (struct resolve_names){ids.list, names.list, ids.n};
}

void
resolve_providers(struct tool *t, struct resolve_names *out)
{
	Members__ProvidersAsked question = MEMBERS__PROVIDERS_ASKED__INIT;
	struct ask ask = {
	    "members.providers", &question.base, NAMES_WAIT_MS, false, true};

	read_names(t, &ask, "providers[].provider_id", "providers[].name", out);
}

void
resolve_councils(struct tool *t, struct resolve_names *out)
{
	Members__CouncilsAsked question = MEMBERS__COUNCILS_ASKED__INIT;
	struct ask ask = {
	    "members.councils", &question.base, NAMES_WAIT_MS, false, true};

	read_names(t, &ask, "councils[].council_id", "councils[].name", out);
}

const char *
resolve_name(const struct resolve_names *names, const char *id)
{
	for (size_t i = 0; i < names->n; i++) {
		if (str_equal(names->ids[i], id))
			return names->names[i];
	}
	return id ? id : "?";
}
