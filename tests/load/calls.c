/* Sending, sending again, hearing; and writing down what was asked and heard. */
#include "load/load.h"

#include <string.h>

#include "base/clock.h"
#include "base/field.h"
#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "residential.pb-c.h"

#define RESEND_US 1000000
#define CONNECT_US 50000
#define BACKOFF_MIN_US 20000
#define BACKOFF_MAX_US 500000
#define ASK_MS 30000
#define QUESTIONS_FROM 30

const struct load_contract load_contracts[LOAD_SERVICES] = {
    [LOAD_MEMBERS] = {"members", &members__members_call__descriptor,
	&members__members_answer__descriptor},
    [LOAD_FOSTER] = {"foster", &foster__foster_call__descriptor,
	&foster__foster_answer__descriptor},
    [LOAD_RESIDENTIAL] = {"residential", &residential__residential_call__descriptor,
	&residential__residential_answer__descriptor},
    [LOAD_REQUESTS] = {"requests", &requests__requests_call__descriptor,
	&requests__requests_answer__descriptor},
    [LOAD_MATCHING] = {"matching", &matching__matching_call__descriptor,
	&matching__matching_answer__descriptor},
    [LOAD_OBSERVATORY] = {"observatory", &observatory__observatory_call__descriptor,
	&observatory__observatory_answer__descriptor},
};

static const ProtobufCFieldDescriptor *
method_of(const ProtobufCMessageDescriptor *type, uint32_t method)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field(type, method);

	if (f == NULL)
		load_fail("there is no method %u", method);
	return f;
}

static bool
is_question(enum load_service to, uint32_t method)
{
	return to >= LOAD_MATCHING || method >= QUESTIONS_FROM ||
	       (to == LOAD_REQUESTS &&
		   (method == REQUESTS__REQUESTS_CALL__CALL_SHORTLIST ||
		       method == REQUESTS__REQUESTS_CALL__CALL_WHY));
}

/* ---- the history ---- */

static void
write_down(struct load *l, const struct load_client *c, enum history_event event,
    const struct history_line *heard)
{
	struct history_line line = *heard;

	line.time_us = clock_ticks_us();
	line.event = event;
	line.client = c->number;
	load_keep(line.id, c->id.text);
	load_keep(line.about, c->about);
	(void)snprintf(
	    line.service, sizeof line.service, "%s", load_contracts[c->to].name);
	(void)snprintf(line.method, sizeof line.method, "%s",
	    method_of(load_contracts[c->to].call, c->method)->name);
	if (!history_write(l->history, &line))
		load_fail("the history cannot be written to %s", l->options.history);
}

/* ---- one call at a time, waited for ---- */

struct load_line
load_line_open(struct load *l, enum load_service to, const uint8_t public_key[32],
    const uint8_t secret_key[32])
{
	struct load_line out = {.to = to};
	const struct conf_peer *peer = conf_peer(&l->peers, load_contracts[to].name);

	if (peer == NULL ||
	    bus_client_open(&out.line, peer, public_key, secret_key) != ERR_NONE)
		load_fail("no line to rcc-%s can be opened", load_contracts[to].name);
	return out;
}

const void *
load_ask(struct load *l, const struct load_line *line, uint32_t method,
    const ProtobufCMessage *call)
{
	const struct load_contract *to = &load_contracts[line->to];
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT, *answer = NULL;
	ProtobufCMessage *m = NULL;
	struct bytes body;
	enum err err = message_pack(&l->arena, call, &body);

	SET(&e, method, method);
	if (err == ERR_NONE) {
		SET_BYTES(&e, body, body);
		err = bus_client_call(line->line, &l->arena, &e, ASK_MS, &answer);
	}
	if (err != ERR_NONE)
		load_fail("rcc-%s, method %u: %s", to->name, method, err_name(err));
	if (answer->has_fault || answer->refusal != NULL)
		load_fail("rcc-%s, method %u: %s", to->name, method,
		    answer->refusal != NULL  ? answer->refusal->sentence
		    : answer->detail != NULL ? answer->detail
					     : "a fault");
	if (message_unpack(&l->arena, method_of(to->answer, method)->descriptor,
		BYTES_OF(answer->body), &m) != ERR_NONE)
		load_fail("an answer of rcc-%s cannot be read", to->name);
	return m;
}

/* ---- a client's call ---- */

static void
send_now(struct load *l, struct load_client *c)
{
	struct bytes call = {c->call, c->call_len};
	const struct history_line nothing = {.number = 0};
	enum err e;

	if (c->lines[c->to] == NULL)
		c->lines[c->to] = load_line_open(l, c->to, l->desks[c->desk].public_key,
		    l->desks[c->desk].secret_key)
		                      .line;
	e = bus_client_try(c->lines[c->to], call);
	if (e != ERR_NONE && e != ERR_UNREACHABLE)
		load_fail("a call cannot be sent: %s", err_name(e));
	c->resend_us =
	    clock_ticks_us() + (e == ERR_NONE ? RESEND_US : (int64_t)CONNECT_US);
	if (e != ERR_NONE)
		return;
	if (c->is_sent) {
		write_down(l, c, HISTORY_RESEND, &nothing);
		l->totals.resent++;
	}
	c->is_sent = true;
}

void
load_call(struct load *l, struct load_client *c, enum load_service to, uint32_t method,
    const char *about, const ProtobufCMessage *call)
{
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	const struct history_line nothing = {.number = 0};
	struct bytes body, packed;

	c->to = to;
	c->method = method;
	c->id = bus_new_id();
	c->is_question = is_question(to, method);
	load_keep(c->about, about);
	e.message_id = c->id.text;
	SET(&e, method, method);
	SET(&e, wait_ms, (uint32_t)l->options.deadline_ms);
	if (message_pack(&l->arena, call, &body) != ERR_NONE)
		load_fail("a call does not fit its contract");
	SET_BYTES(&e, body, body);
	if (message_pack(&l->arena, &e.base, &packed) != ERR_NONE ||
	    packed.len > sizeof c->call)
		load_fail("a call is too long");
	memcpy(c->call, packed.data, packed.len);
	c->call_len = packed.len;
	c->is_waiting = true;
	c->is_sent = false;
	c->backoff_us = BACKOFF_MIN_US;
	c->invoked_us = clock_ticks_us();
	write_down(l, c, c->is_question ? HISTORY_ASK : HISTORY_INVOKE, &nothing);
	send_now(l, c);
}

/* Not now: half of the pause is chance, so that those turned away together do not come
 * back together. */
static void
hear_fault(struct load *l, struct load_client *c, const Envelope__Envelope *e)
{
	const ProtobufCEnumValue *name = protobuf_c_enum_descriptor_get_value(
	    &envelope__fault__descriptor, (int)e->fault);
	struct history_line line = {.number = 0};
	bool is_busy = e->fault == ENVELOPE__FAULT__FAULT_BUSY;

	(void)snprintf(line.detail, sizeof line.detail, "%s",
	    name != NULL ? name->name + strlen("FAULT_") : "unknown");
	write_down(l, c, HISTORY_FAULT, &line);
	if (e->fault == ENVELOPE__FAULT__FAULT_MALFORMED ||
	    e->fault == ENVELOPE__FAULT__FAULT_DENIED ||
	    e->fault == ENVELOPE__FAULT__FAULT_UNKNOWN_METHOD)
		load_fail("rcc-%s, method %u: %s %s", load_contracts[c->to].name,
		    c->method, line.detail, e->detail != NULL ? e->detail : "");
	l->totals.busy += is_busy;
	l->totals.faults += !is_busy;
	c->resend_us = clock_ticks_us() + c->backoff_us / 2 +
	               random_below(&l->random, (uint32_t)c->backoff_us / 2);
	if (c->backoff_us < BACKOFF_MAX_US)
		c->backoff_us *= 2;
}

static void
count(struct load *l, const struct load_client *c)
{
	struct load_totals *t = &l->totals;

	if (c->is_question) {
		t->questions++;
		return;
	}
	t->commands++;
	if (t->command_ms_n < t->command_ms_room)
		t->command_ms[t->command_ms_n++] =
		    (double)(clock_ticks_us() - c->invoked_us) / 1000;
}

/* The journal number in an answer: of the entry, or of what was read. */
static void
find_number(const ProtobufCMessage *body, struct history_line *line)
{
	static const char *const names[] = {"number", "journal_number"};

	line->has_number = body->descriptor == &common__done__descriptor;
	for (size_t i = 0; i < COUNT(names); i++) {
		const ProtobufCFieldDescriptor *f =
		    protobuf_c_message_descriptor_get_field_by_name(
			body->descriptor, names[i]);

		if (f == NULL || f->type != PROTOBUF_C_TYPE_UINT64 ||
		    field_count(body, f) == 0)
			continue;
		line->has_number = true;
		memcpy(&line->number, field_at(body, f, 0), sizeof line->number);
	}
}

static void
hear_answer(struct load *l, struct load_client *c, const Envelope__Envelope *e)
{
	struct load_answer answer = {.refusal = e->refusal};
	struct history_line line = {.number = 0};
	enum history_event event = HISTORY_OK;
	ProtobufCMessage *m = NULL;

	if (e->refusal != NULL) {
		event = HISTORY_REFUSED;
		(void)snprintf(
		    line.detail, sizeof line.detail, "%u", e->refusal->number);
		l->totals.refused++;
	} else {
		if (message_unpack(&l->arena,
			method_of(load_contracts[c->to].answer, c->method)->descriptor,
			BYTES_OF(e->body), &m) != ERR_NONE)
			load_fail("an answer of rcc-%s cannot be read",
			    load_contracts[c->to].name);
		answer.body = m;
		find_number(m, &line);
		history_digest(BYTES_OF(e->body), line.detail);
	}
	write_down(l, c, c->is_question ? HISTORY_TOLD : event, &line);
	count(l, c);
	c->is_waiting = false;
	load_hear(l, c, &answer);
}

void
load_attend(struct load *l, struct load_client *c)
{
	struct bytes in;

	while (c->is_waiting && c->lines[c->to] != NULL &&
	       bus_client_take(c->lines[c->to], 0, &in) == ERR_NONE) {
		const Envelope__Envelope *e;
		ProtobufCMessage *m;

		arena_reset(&l->arena);
		if (message_unpack(
			&l->arena, &envelope__envelope__descriptor, in, &m) != ERR_NONE)
			load_fail("an answer of rcc-%s cannot be read",
			    load_contracts[c->to].name);
		e = (const Envelope__Envelope *)(const void *)m;
		if (!str_equal(e->correlation_id, c->id.text))
			continue; /* heard before: it was sent twice */
		l->heard_us = clock_ticks_us();
		if (e->has_fault)
			hear_fault(l, c, e);
		else
			hear_answer(l, c, e);
	}
	if (c->is_waiting && clock_ticks_us() >= c->resend_us) {
		arena_reset(&l->arena);
		send_now(l, c);
	}
}
