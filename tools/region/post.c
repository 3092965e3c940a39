#include "post.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/field.h"
#include "base/message.h"
#include "base/str.h"

#include "take.h"

#include "envelope.pb-c.h"

/* As many as a service takes from one caller in one turn, less a few. */
#define WINDOW 56
#define RESEND_MS 1500
#define SILENCE_US 30000000ll
#define WAIT_MS 30000
#define PAUSE_MS 20
#define QUIET_US 2000000ll
#define TELL_US 1000000ll

void
progress_tell(struct progress *p, size_t more)
{
	int64_t now = clock_ticks_us();

	p->done += more;
	if (now - p->began_us < QUIET_US || now - p->told_us < TELL_US)
		return;
	p->told_us = now;
	(void)fprintf(stderr, "rcc-region: %s, %zu of %zu\n", p->what, p->done, p->n);
}

static void
pause_ms(int64_t ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&t, NULL);
}

/* What is on its way: indices in the list. */
struct window {
	const struct line *line;
	struct post *list;
	size_t open[WINDOW], open_n;
	int64_t heard_us; /* when something last came of it */
};

static void
check_silence(const struct window *w)
{
	if (clock_ticks_us() - w->heard_us > SILENCE_US)
		fail(
		    "%s has not answered for half a minute; is it running, and does it "
		    "know these keys? Begin the load again once it is: it goes on "
		    "where "
		    "it stopped",
		    w->line->service);
}

static void
send_out(struct window *w, struct post *post)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	size_t mark = w->line->keep->used;
	struct bytes body, packed;
	enum err e;

	call.message_id = post->id.text;
	SET(&call, method, post->method);
	SET(&call, wait_ms, WAIT_MS);
	e = message_pack(w->line->keep, post->body, &body);
	if (e == ERR_NONE) {
		SET_BYTES(&call, body, body);
		e = message_pack(w->line->keep, &call.base, &packed);
	}
	if (e != ERR_NONE)
		fail("a command does not fit its contract (%s)", err_name(e));
	while ((e = bus_client_post(w->line->client, packed)) == ERR_UNREACHABLE)
		check_silence(w);
	if (e != ERR_NONE)
		fail("nothing could be sent to %s (%s)", w->line->service, err_name(e));
	arena_release(w->line->keep, mark);
}

/* "Not now": worth another try with the same id. */
static bool
may_pass(Envelope__Fault fault)
{
	return fault == ENVELOPE__FAULT__FAULT_BUSY ||
	       fault == ENVELOPE__FAULT__FAULT_STALE ||
	       fault == ENVELOPE__FAULT__FAULT_LATE ||
	       fault == ENVELOPE__FAULT__FAULT_UNREACHABLE;
}

static void
fail_by_fault(const char *service, const Envelope__Envelope *answer)
{
	const ProtobufCEnumValue *name = protobuf_c_enum_descriptor_get_value(
	    &envelope__fault__descriptor, (int)answer->fault);

	fail("%s met trouble: %s%s%s", service, name != NULL ? name->name : "unknown",
	    answer->detail != NULL ? ", " : "", answer->detail ? answer->detail : "");
}

/* The first field of the answer: the id of what was made. */
static void
keep_id(struct window *w, const struct post *post, const Envelope__Envelope *answer)
{
	ProtobufCMessage *m;
	const ProtobufCFieldDescriptor *f = &post->answer->fields[0];
	enum err e;

	if (post->made_id == NULL)
		return;
	assert(f->type == PROTOBUF_C_TYPE_STRING);
	e = message_unpack(w->line->keep, post->answer, BYTES_OF(answer->body), &m);
	if (e != ERR_NONE || field_count(m, f) == 0)
		fail("an answer of %s could not be read (%s)", w->line->service,
		    err_name(e));
	*post->made_id = take_text(w->line->keep, field_text(field_at(m, f, 0)));
}

static void
note_refusal(struct refused *refused, const char *service, const Envelope__Refusal *no)
{
	if (refused->n++ > 0)
		return;
	(void)snprintf(refused->first, sizeof refused->first, "%s: %s%s%s%s", service,
	    no->sentence != NULL ? no->sentence : "", no->field != NULL ? " (" : "",
	    no->field != NULL ? no->field : "", no->field != NULL ? ")" : "");
}

/* True when one of those on their way is done with. */
static bool
hear(struct window *w, struct bytes bytes)
{
	ProtobufCMessage *m;
	size_t i = 0;
	enum err e =
	    message_unpack(w->line->keep, &envelope__envelope__descriptor, bytes, &m);

	if (e != ERR_NONE)
		fail("an answer of %s could not be read (%s)", w->line->service,
		    err_name(e));
	const Envelope__Envelope *answer = (const Envelope__Envelope *)(const void *)m;
	while (i < w->open_n &&
	       !str_equal(w->list[w->open[i]].id.text, answer->correlation_id))
		i++;
	if (i == w->open_n)
		return false; /* heard before: it was sent twice */
	struct post *post = &w->list[w->open[i]];
	if (answer->has_fault && may_pass(answer->fault)) {
		check_silence(w);
		pause_ms(PAUSE_MS);
		send_out(w, post);
		return false;
	}
	if (answer->has_fault)
		fail_by_fault(w->line->service, answer);
	if (answer->refusal != NULL)
		note_refusal(w->line->refused, w->line->service, answer->refusal);
	else
		keep_id(w, post, answer);
	post->is_answered = true;
	w->heard_us = clock_ticks_us();
	w->open[i] = w->open[--w->open_n];
	return true;
}

void
post_all(const struct line *line, struct post *list, size_t n)
{
	struct window w = {.line = line, .list = list, .heard_us = clock_ticks_us()};
	size_t next = 0, done = 0;

	while (done < n) {
		struct bytes bytes;
		while (next < n && w.open_n < WINDOW) {
			w.open[w.open_n++] = next;
			send_out(&w, &list[next++]);
		}
		enum err e = bus_client_take(line->client, RESEND_MS, &bytes);
		if (e == ERR_NONE) {
			bool is_done = hear(&w, bytes);
			done += is_done;
			progress_tell(line->progress, is_done);
			continue;
		}
		if (e != ERR_LATE)
			fail("the connection to %s broke (%s)", line->service,
			    err_name(e));
		check_silence(&w);
		for (size_t i = 0; i < w.open_n; i++)
			send_out(&w, &list[w.open[i]]);
	}
}

void *
post_one(struct bus_client *client, const char *service, struct arena *a,
    uint32_t method, const ProtobufCMessage *body,
    const ProtobufCMessageDescriptor *answer)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT, *heard = NULL;
	ProtobufCMessage *m = NULL;
	struct bytes packed;
	enum err e = message_pack(a, body, &packed);

	SET(&call, method, method);
	if (e == ERR_NONE) {
		SET_BYTES(&call, body, packed);
		e = bus_client_call(client, a, &call, WAIT_MS, &heard);
	}
	if (e == ERR_LATE || e == ERR_UNREACHABLE)
		fail("%s does not answer; is it running, and is this key known to it?",
		    service);
	if (e != ERR_NONE)
		fail("a question to %s failed (%s)", service, err_name(e));
	if (heard->has_fault)
		fail_by_fault(service, heard);
	if (heard->refusal != NULL)
		fail("%s said no: %s", service, heard->refusal->sentence);
	e = message_unpack(a, answer, BYTES_OF(heard->body), &m);
	if (e != ERR_NONE)
		fail("an answer of %s could not be read (%s)", service, err_name(e));
	return m;
}
