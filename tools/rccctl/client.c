#include "client.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/field.h"
#include "base/id.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"

#include "args.h"
#include "method.h"
#include "path.h"
#include "words.h"

#include "envelope.pb-c.h"

#define RETRY_MS INT64_C(200)
#define PAGE_ROWS 200
#define PAGES_MAX 100

static const char *
option_or_environment(const struct tool *t, const char *option, const char *variable)
{
	const char *value = args_value(t, option);

	return value ? value : getenv(variable);
}

enum exit_code
client_prepare(struct tool *t)
{
	const char *peers = option_or_environment(t, "--peers", "RCC_PEERS");
	const char *key = option_or_environment(t, "--key", "RCC_KEY");
	char problem[256] = "";

	if (t->is_connectable)
		return EXIT_YES;
	if (!peers)
		return complain_usage(t,
		    "where the services are is not said: give --peers FILE "
		    "or set RCC_PEERS");
	if (!key)
		return complain_usage(
		    t, "who you are is not said: give --key FILE or set RCC_KEY");
	if (conf_read_peers(peers, &t->peers, problem, sizeof(problem)) != ERR_NONE ||
	    conf_read_key(key, t->public_key, t->secret_key, problem,
		sizeof(problem)) != ERR_NONE) {
		complain("%s", problem);
		return EXIT_FAULT;
	}
	t->is_connectable = true;
	return EXIT_YES;
}

void
client_close(struct tool *t)
{
	for (size_t i = 0; i < CONF_PEERS_MAX; i++) {
		if (t->clients[i])
			bus_client_close(t->clients[i]);
		t->clients[i] = NULL;
	}
}

void
client_pause(int64_t ms)
{
	struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&pause, NULL);
}

static enum exit_code
connect_to(struct tool *t, const char *service, struct bus_client **out)
{
	const struct conf_peer *peer;
	enum exit_code code = client_prepare(t);
	size_t i;

	if (code != EXIT_YES)
		return code;
	peer = conf_peer(&t->peers, service);
	if (!peer || peer->endpoint[0] == '\0') {
		complain("the peers file says no endpoint of %s", service);
		return EXIT_FAULT;
	}
	i = (size_t)(peer - t->peers.list);
	assert(i < CONF_PEERS_MAX);
	if (!t->clients[i]) {
		enum err e =
		    bus_client_open(&t->clients[i], peer, t->public_key, t->secret_key);
		if (e != ERR_NONE) {
			complain("no connection to %s could be opened (%s)", service,
			    err_name(e));
			return EXIT_FAULT;
		}
	}
	*out = t->clients[i];
	return EXIT_YES;
}

/* What a fault means for the person who hears it. */
static const char *
fault_sentence(Envelope__Fault fault)
{
	switch (fault) {
	case ENVELOPE__FAULT__FAULT_UNSPECIFIED: break;
	case ENVELOPE__FAULT__FAULT_MALFORMED: return "could not read the call";
	case ENVELOPE__FAULT__FAULT_MEMORY:
		return "has no memory for a call of this size";
	case ENVELOPE__FAULT__FAULT_DENIED: return "gives this key no such right";
	case ENVELOPE__FAULT__FAULT_UNKNOWN_METHOD:
		return "does not know this call: it is of another version";
	case ENVELOPE__FAULT__FAULT_BUSY:
		return "is busy, or has not yet heard what this needs; try again";
	case ENVELOPE__FAULT__FAULT_LATE: return "had no answer in time; try again";
	case ENVELOPE__FAULT__FAULT_STALE:
		return "has no fresh copy of who may do what; try again";
	case ENVELOPE__FAULT__FAULT_FULL: return "has no room left in its store";
	case ENVELOPE__FAULT__FAULT_STORAGE: return "could not write to its store";
	case ENVELOPE__FAULT__FAULT_CORRUPT: return "found its store damaged";
	case ENVELOPE__FAULT__FAULT_UNREACHABLE:
		return "needs another service, which does not answer; try again";
	case ENVELOPE__FAULT__FAULT_INTERNAL:
		return "met a fault of its own; its log says which";
	}
	return "answered with a fault that this tool does not know";
}

static bool
may_pass(Envelope__Fault fault)
{
	return fault == ENVELOPE__FAULT__FAULT_BUSY ||
	       fault == ENVELOPE__FAULT__FAULT_LATE ||
	       fault == ENVELOPE__FAULT__FAULT_STALE ||
	       fault == ENVELOPE__FAULT__FAULT_UNREACHABLE;
}

static enum exit_code
say_refusal(struct tool *t, const Envelope__Refusal *no)
{
	const char *json = NULL;

	complain("%s", words_safe(&t->arena, no->sentence));
	if (no->clause && *no->clause)
		(void)fprintf(stderr, "Why: %s\n", words_safe(&t->arena, no->clause));
	if (no->field && *no->field)
		(void)fprintf(stderr, "Field: %s\n", words_safe(&t->arena, no->field));
	if (t->is_json && json_from_message(&t->arena, &no->base, 0, &json) == ERR_NONE)
		(void)printf("{\"refusal\": %s}\n", json);
	return EXIT_REFUSED;
}

/* Sends until there is an answer that is not trouble that may pass. */
static enum err
call_patiently(struct tool *t, struct bus_client *client, Envelope__Envelope *call,
    int64_t wait_ms, Envelope__Envelope **answer)
{
	int64_t end_us = clock_ticks_us() + wait_ms * 1000;

	*answer = NULL;
	for (;;) {
		int64_t left_ms = (end_us - clock_ticks_us()) / 1000;
		Envelope__Envelope *heard = NULL;
		enum err e;
		if (left_ms < 1)
			left_ms = 1;
		SET(call, wait_ms, (uint32_t)left_ms);
		e = bus_client_call(client, &t->arena, call, left_ms, &heard);
		if (e == ERR_NONE)
			*answer = heard;
		if (e == ERR_NONE && (!heard->has_fault || !may_pass(heard->fault)))
			return ERR_NONE;
		if (e != ERR_NONE && e != ERR_UNREACHABLE && e != ERR_LATE)
			return e;
		if (clock_ticks_us() + RETRY_MS * 1000 >= end_us)
			return *answer ? ERR_NONE
			               : e; /* a fault heard says more than silence */
		client_pause(RETRY_MS);
	}
}

static enum exit_code
say_silence(const struct tool *t, const char *service, enum err e, int64_t wait_ms)
{
	if (e != ERR_UNREACHABLE && e != ERR_LATE) {
		complain("the call to %s failed (%s)", service, err_name(e));
		return EXIT_FAULT;
	}
	complain("%s did not answer at %s within %" PRId64
		 " s: is it running, and is this "
		 "key registered?",
	    service, conf_peer(&t->peers, service)->endpoint, (wait_ms + 999) / 1000);
	return EXIT_FAULT;
}

static enum exit_code
read_answer(struct tool *t, const struct method *m, const struct ask *ask,
    const Envelope__Envelope *answer, void **out)
{
	enum err e = ERR_NONE;

	if (answer->refusal)
		return ask->is_quiet ? EXIT_REFUSED : say_refusal(t, answer->refusal);
	if (answer->has_fault) {
		const char *detail =
		    answer->detail ? words_safe(&t->arena, answer->detail) : "";
		if (!ask->is_quiet)
			complain("%s %s%s%s", m->service, fault_sentence(answer->fault),
			    *detail ? ": " : "", detail);
		return EXIT_FAULT;
	}
	*out = NULL;
	if (m->output && answer->has_body) {
		ProtobufCMessage *body = NULL;
		e = message_unpack(&t->arena, m->output, BYTES_OF(answer->body), &body);
		*out = body;
	} else if (m->output) {
		*out = message_new(&t->arena, m->output);
	}
	if (e == ERR_NONE && (*out || !m->output))
		return EXIT_YES;
	complain("the answer of %s could not be read (%s): is this tool of the same "
		 "version?",
	    m->service, err_name(e == ERR_NONE ? ERR_MEMORY : e));
	return EXIT_FAULT;
}

static void
fill_envelope(struct tool *t, const struct ask *ask, struct id *id, char **id_text,
    char **organisation)
{
	union {
		const char *in;
		char *out;
	} text = {.in = t->organisation_id}; /* protobuf-c's texts are not const */

	*organisation = text.out;
	if (ask->is_command && t->message_id)
		(void)snprintf(id->text, sizeof(id->text), "%s", t->message_id);
	else
		*id = bus_new_id();
	*id_text = id->text;
}

enum exit_code
client_ask(struct tool *t, const struct ask *ask, void **answer)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	Envelope__Envelope *envelope = NULL;
	struct bus_client *client = NULL;
	int64_t wait_ms = ask->wait_ms > 0 ? ask->wait_ms : t->wait_ms;
	struct method m;
	struct bytes body;
	struct id id;
	enum exit_code code;
	enum err e;

	bool is_known = method_find(ask->method, &m);
	assert(is_known && m.input == ask->body->descriptor);
	(void)is_known;
	code = connect_to(t, m.service, &client);
	if (code != EXIT_YES)
		return code;
	e = message_pack(&t->arena, ask->body, &body);
	if (e != ERR_NONE)
		return complain_memory();
	fill_envelope(t, ask, &id, &call.message_id, &call.organisation_id);
	SET(&call, method, m.number);
	SET_BYTES(&call, body, body);
	e = call_patiently(t, client, &call, wait_ms, &envelope);
	if (e != ERR_NONE)
		return ask->is_quiet ? EXIT_FAULT
		                     : say_silence(t, m.service, e, wait_ms);
	return read_answer(t, &m, ask, envelope, answer);
}

/* ---- lists ---- */

static const ProtobufCFieldDescriptor *
first_list(const ProtobufCMessageDescriptor *type)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		if (type->fields[i].label == PROTOBUF_C_LABEL_REPEATED)
			return &type->fields[i];
	}
	assert(0 && "this answer has no list");
	return NULL;
}

/* The rows of `more` behind those of `all`. */
static bool
join(struct arena *a, ProtobufCMessage *all, const ProtobufCMessage *more,
    const ProtobufCFieldDescriptor *rows)
{
	size_t size = field_element_size(rows);
	size_t before = field_count(all, rows), n = field_count(more, rows);
	const void *old = before > 0 ? field_at(all, rows, 0) : NULL;
	unsigned char *list;

	if (n == 0)
		return true;
	list = field_make(a, all, rows, before + n);
	if (!list)
		return false;
	if (old)
		memcpy(list, old, before * size);
	memcpy(list + before * size, field_at(more, rows, 0), n * size);
	return true;
}

static char *
next_id(const ProtobufCMessage *answer)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(
		answer->descriptor, "next_id");
	char *text = NULL;

	if (f && field_count(answer, f) > 0)
		memcpy(&text, field_at(answer, f, 0), sizeof text);
	return text;
}

static void
put_next_id(ProtobufCMessage *m, const char *name, const char *value)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(m->descriptor, name);

	assert(f && f->type == PROTOBUF_C_TYPE_STRING);
	memcpy((char *)m + f->offset, &value, sizeof value);
}

/* One page more: asked for behind what `all` has, and joined to it. */
static enum exit_code
next_page(struct tool *t, const struct ask *page, ProtobufCMessage **all)
{
	void *more = NULL;
	enum exit_code code = client_ask(t, page, &more);

	if (code != EXIT_YES)
		return code;
	assert(more != NULL); /* no list is of a method that answers nothing */
	if (!*all)
		*all = more;
	else if (!join(&t->arena, *all, more, first_list((*all)->descriptor)))
		return complain_memory();
	put_next_id(*all, "next_id", next_id(more));
	return EXIT_YES;
}

enum exit_code
client_list(struct tool *t, const struct ask *question, size_t most, void **answer)
{
	ProtobufCMessage *ask = message_copy(&t->arena, question->body);
	struct check_problem why;
	struct ask page = *question;
	ProtobufCMessage *all = NULL;

	if (!ask ||
	    !path_set(&t->arena, ask, "limit",
		str_format(&t->arena, "%zu", most < PAGE_ROWS ? most : PAGE_ROWS),
		t->today, &why))
		return complain_memory();
	page.body = ask;
	for (unsigned pages = 0; pages < PAGES_MAX; pages++) {
		enum exit_code code = next_page(t, &page, &all);
		if (code != EXIT_YES)
			return code;
		if (!next_id(all) ||
		    field_count(all, first_list(all->descriptor)) >= most)
			break;
		put_next_id(ask, "after_id", next_id(all));
	}
	*answer = all;
	return EXIT_YES;
}
