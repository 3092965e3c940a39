/*
 * Far more callers than can be served: each line keeps a window of needs and questions
 * on their way to requests, and fills it again whatever it hears. What is asked must be
 * answered, or turned away, within its deadline; nothing is sent twice.
 */
#include "load/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/message.h"
#include "base/str.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define WAIT_MS 2
#define TAKEN_A_ROUND 256
#define CLIENT_FROM 10000 /* in the history: nobody else's number */

struct slot {
	char id[LOAD_ID];
	int64_t sent_us;
	bool is_open, is_need;
};

struct times {
	double *ms;
	size_t n, room;
};

struct flood {
	struct load *l;
	struct slot *slots; /* the window of each client, one after the other */
	size_t window;
	struct times served, busy;
	uint64_t faults, late, silent;
	double longest_ms;
	bool is_over;
};

static void
note_time(struct times *t, double ms)
{
	if (t->n == t->room) {
		t->room = t->room == 0 ? 4096 : 2 * t->room;
		t->ms = realloc(t->ms, t->room * sizeof *t->ms);
		if (t->ms == NULL)
			load_fail("no memory");
	}
	t->ms[t->n++] = ms;
}

static const ProtobufCMessage *
build(struct load *l, bool is_need)
{
	Requests__RequestsAsked *list =
	    MESSAGE_NEW(&l->arena, requests__requests_asked);

	SET(list, limit, 1);
	return is_need ? load_need(l, 7, 1, false) : &list->base;
}

static void
write_down(struct flood *f, const struct load_client *c, const struct slot *s,
    enum history_event event, const char *detail)
{
	struct history_line line = {.time_us = clock_ticks_us(),
	    .event = event,
	    .client = CLIENT_FROM + c->number,
	    .service = "requests",
	    .method = "submit"};

	load_keep(line.id, s->id);
	(void)snprintf(line.detail, sizeof line.detail, "%s", detail);
	if (s->is_need && !history_write(f->l->history, &line))
		load_fail("the history cannot be written");
}

/* False where the line has no room, or no connection. */
static bool
send_one(struct flood *f, struct load_client *c, struct slot *s)
{
	struct load *l = f->l;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	struct id id = bus_new_id();
	struct bytes body, packed;
	enum err err;

	arena_reset(&l->arena);
	s->is_need =
	    l->desks[c->desk].role == LOAD_COMMISSIONER && random_one_in(&l->random, 4);
	e.message_id = id.text;
	load_keep(s->id, id.text);
	SET(&e, method, s->is_need ? CALL(SUBMIT) : CALL(REQUESTS));
	SET(&e, wait_ms, (uint32_t)l->options.deadline_ms);
	if (message_pack(&l->arena, build(l, s->is_need), &body) != ERR_NONE)
		load_fail("a call does not fit its contract");
	SET_BYTES(&e, body, body);
	if (message_pack(&l->arena, &e.base, &packed) != ERR_NONE)
		load_fail("a call is too long");
	write_down(f, c, s, HISTORY_INVOKE, "");
	err = bus_client_try(c->lines[LOAD_REQUESTS], packed);
	s->sent_us = clock_ticks_us();
	s->is_open = err == ERR_NONE;
	return s->is_open;
}

static void
hear_one(
    struct flood *f, struct load_client *c, struct slot *s, const Envelope__Envelope *e)
{
	double ms = (double)(clock_ticks_us() - s->sent_us) / 1000;
	char digest[HISTORY_DIGEST];

	s->is_open = false;
	f->late += ms > (double)f->l->options.deadline_ms;
	if (ms > f->longest_ms)
		f->longest_ms = ms;
	if (e->has_fault && e->fault == ENVELOPE__FAULT__FAULT_BUSY) {
		note_time(&f->busy, ms);
	} else if (e->has_fault) {
		f->faults++;
	} else if (e->refusal == NULL) {
		note_time(&f->served, ms);
		history_digest(BYTES_OF(e->body), digest);
		write_down(f, c, s, HISTORY_OK, digest);
	}
}

static struct slot *
find_slot(struct slot *window, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (window[i].is_open && str_equal(window[i].id, id))
			return &window[i];
	return NULL;
}

static void
take_some(struct flood *f, struct load_client *c, struct slot *window)
{
	struct bytes in;

	for (unsigned i = 0; i < TAKEN_A_ROUND; i++) {
		const Envelope__Envelope *e;
		ProtobufCMessage *m;
		struct slot *s;

		if (bus_client_take(c->lines[LOAD_REQUESTS], 0, &in) != ERR_NONE)
			return;
		arena_reset(&f->l->arena);
		if (message_unpack(&f->l->arena, &envelope__envelope__descriptor, in,
			&m) != ERR_NONE)
			load_fail("an answer cannot be read");
		e = (const Envelope__Envelope *)(const void *)m;
		s = find_slot(window, f->window, e->correlation_id);
		if (s != NULL)
			hear_one(f, c, s, e);
	}
}

/* How many are on their way. */
static size_t
go_round(struct flood *f)
{
	struct load *l = f->l;
	int64_t given_up_us = clock_ticks_us() - 5 * l->options.deadline_ms * 1000;
	struct bus_client *lines[LOAD_CLIENTS_MAX];
	size_t open = 0;

	for (size_t i = 0; i < l->clients_n; i++) {
		struct load_client *c = &l->clients[i];
		struct slot *window = &f->slots[i * f->window];

		lines[i] = c->lines[LOAD_REQUESTS];
		take_some(f, c, window);
		for (size_t k = 0; k < f->window; k++) {
			struct slot *s = &window[k];

			if (s->is_open && s->sent_us < given_up_us) {
				s->is_open = false;
				f->silent++;
			}
			if (!s->is_open && !f->is_over && !send_one(f, c, s))
				break;
			open += s->is_open;
		}
	}
	bus_client_wait_any(lines, l->clients_n, WAIT_MS);
	return open;
}

static void
print_times(const char *what, struct times *t)
{
	(void)printf(
	    "%zu %s after %.1f ms (median), %.1f ms (p99), %.1f ms (longest)\n", t->n,
	    what, load_percentile(t->ms, t->n, 0.5), load_percentile(t->ms, t->n, 0.99),
	    load_percentile(t->ms, t->n, 1));
}

void
load_flood(struct load *l)
{
	struct flood f = {.l = l, .window = (size_t)l->options.flood};
	int64_t until_us = clock_ticks_us() + l->options.seconds * 1000000;

	f.slots = load_take(l->clients_n * f.window, sizeof *f.slots);
	for (size_t i = 0; i < l->clients_n; i++) {
		const struct load_desk *d = &l->desks[l->clients[i].desk];

		l->clients[i].lines[LOAD_REQUESTS] =
		    load_line_open(l, LOAD_REQUESTS, d->public_key, d->secret_key).line;
	}
	while (go_round(&f) > 0 || !f.is_over)
		f.is_over = clock_ticks_us() >= until_us;
	print_times("served", &f.served);
	print_times("turned away", &f.busy);
	(void)printf(
	    "flood: %zu lines with %zu calls each on their way: %zu served, %zu "
	    "turned away, %" PRIu64 " other faults, %" PRIu64
	    " answered after their deadline, %" PRIu64
	    " never; the longest wait was %.0f ms of %" PRId64 "\n",
	    l->clients_n, f.window, f.served.n, f.busy.n, f.faults, f.late, f.silent,
	    f.longest_ms, l->options.deadline_ms);
	free(f.slots);
	free(f.served.ms);
	free(f.busy.ms);
}
