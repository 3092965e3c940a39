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
/* On all lines together: services answer the queue in turns. */
#define OUT_MAX 768
#define RESEND_US 1500000ll
#define POLL_MS 50
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
	if (p->first_us == 0 && p->done > 0)
		p->first_us = now;
	if (now - p->began_us < QUIET_US || now - p->told_us < TELL_US)
		return;
	p->told_us = now;
	(void)fprintf(
	    stderr, "rcc-region: %s, %zu of %zu commands", p->what, p->done, p->n);
	if (p->done > 0 && now - p->first_us >= QUIET_US) {
		int64_t left_us =
		    (now - p->first_us) * (int64_t)(p->n - p->done) / (int64_t)p->done;
		(void)fprintf(
		    stderr, ", about %" PRId64 " s left", (left_us + 500000) / 1000000);
	}
	(void)fputc('\n', stderr);
}

static void
pause_ms(int64_t ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&t, NULL);
}

/* What is on its way over one line: indices in its list. */
struct window {
	const struct posting *posting;
	const struct line *line;
	size_t next, done;
	size_t open[WINDOW], open_n;
	int64_t heard_us, sent_us; /* when something last came, or went */
};

static void
check_silence(const struct window *w)
{
	if (clock_ticks_us() - w->heard_us > SILENCE_US)
		fail("%s has not answered for half a minute; is it running, and does "
		     "it know these keys? Begin the load again once it is: it goes on "
		     "where it stopped",
		    w->posting->service);
}

static void
send_out(struct window *w, const struct post *post)
{
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	struct arena *a = w->posting->keep;
	size_t mark = a->used;
	struct id id = post->id;
	struct bytes body, packed;
	enum err e;

	call.message_id = id.text;
	SET(&call, method, post->method);
	SET(&call, wait_ms, WAIT_MS);
	e = message_pack(a, post->body, &body);
	if (e == ERR_NONE) {
		SET_BYTES(&call, body, body);
		e = message_pack(a, &call.base, &packed);
	}
	if (e != ERR_NONE)
		fail("a command does not fit its contract (%s)", err_name(e));
	while ((e = bus_client_post(w->line->client, packed)) == ERR_UNREACHABLE)
		check_silence(w);
	if (e != ERR_NONE)
		fail("nothing could be sent to %s (%s)", w->posting->service,
		    err_name(e));
	w->sent_us = clock_ticks_us();
	arena_release(a, mark);
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
	e = message_unpack(w->posting->keep, post->answer, BYTES_OF(answer->body), &m);
	if (e != ERR_NONE || field_count(m, f) == 0)
		fail("an answer of %s could not be read (%s)", w->posting->service,
		    err_name(e));
	*post->made_id = take_text(w->posting->keep, field_text(field_at(m, f, 0)));
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
	struct arena *a = w->posting->keep;
	const char *service = w->posting->service;
	ProtobufCMessage *m;
	size_t i = 0;
	enum err e = message_unpack(a, &envelope__envelope__descriptor, bytes, &m);

	if (e != ERR_NONE)
		fail("an answer of %s could not be read (%s)", service, err_name(e));
	const Envelope__Envelope *answer = (const Envelope__Envelope *)(const void *)m;
	while (i < w->open_n &&
	       !str_equal(w->line->list[w->open[i]].id.text, answer->correlation_id))
		i++;
	if (i == w->open_n)
		return false; /* heard before: it was sent twice */
	const struct post *post = &w->line->list[w->open[i]];
	if (answer->has_fault && may_pass(answer->fault)) {
		check_silence(w);
		pause_ms(PAUSE_MS);
		send_out(w, post);
		return false;
	}
	if (answer->has_fault)
		fail_by_fault(service, answer);
	if (answer->refusal != NULL)
		note_refusal(w->posting->refused, service, answer->refusal);
	else
		keep_id(w, post, answer);
	w->heard_us = clock_ticks_us();
	w->open[i] = w->open[--w->open_n];
	w->done++;
	return true;
}

/* Sends what there is room for; how many. */
static size_t
fill(struct window *w, size_t room)
{
	size_t n = 0;

	for (; n < room && w->next < w->line->n && w->open_n < WINDOW; n++) {
		w->open[w->open_n++] = w->next;
		send_out(w, &w->line->list[w->next++]);
	}
	return n;
}

/* Takes all that has come; how many are done with. What was sent long ago is sent
 * again. */
static size_t
empty(struct window *w)
{
	struct bytes bytes;
	size_t n = 0;
	enum err e;

	while (w->open_n > 0 &&
	       (e = bus_client_take(w->line->client, 0, &bytes)) != ERR_LATE) {
		if (e != ERR_NONE)
			fail("the connection to %s broke (%s)", w->posting->service,
			    err_name(e));
		n += hear(w, bytes);
	}
	int64_t last = w->sent_us > w->heard_us ? w->sent_us : w->heard_us;
	if (w->open_n == 0 || clock_ticks_us() - last < RESEND_US)
		return n;
	check_silence(w);
	for (size_t i = 0; i < w->open_n; i++)
		send_out(w, &w->line->list[w->open[i]]);
	return n;
}

void
post_all(const struct posting *posting, const struct line *lines, size_t n)
{
	struct window windows[POST_LINES_MAX];
	struct bus_client *clients[POST_LINES_MAX];
	size_t out = 0, left = n;

	assert(n <= POST_LINES_MAX);
	for (size_t i = 0; i < n; i++) {
		windows[i] = (struct window){.posting = posting,
		    .line = &lines[i],
		    .heard_us = clock_ticks_us()};
		clients[i] = lines[i].client;
	}
	while (left > 0) {
		left = 0;
		for (size_t i = 0; i < n; i++) {
			size_t done;
			out += fill(&windows[i], OUT_MAX - out);
			done = empty(&windows[i]);
			out -= done;
			left += windows[i].done < lines[i].n;
			progress_tell(posting->progress, done);
		}
		if (left > 0)
			bus_client_wait_any(clients, n, POLL_MS);
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
