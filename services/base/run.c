#include "base/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/bus.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/json.h"
#include "base/kv.h"
#include "base/log.h"
#include "base/manager.h"
#include "base/message.h"
#include "base/run_batch.h"
#include "base/run_options.h"
#include "base/str.h"

#define SCRATCH_BYTES ((size_t)256 * 1024)
#define WAIT_MS_MAX 1000      /* between looks at the room on disk */
#define DRAINED_MAX 4096      /* messages, between two turns */
#define ROOM_EVERY_TURNS 1000 /* when there is no idle moment to look at it */
#define USED_PERCENT_WARN 80

static_assert(
    BUS_MESSAGE_BYTES_MAX == SVC_MESSAGE_BYTES_MAX, "bus carries what svc makes");

struct run {
	const struct service *service;
	struct run_options options;
	struct svc *svc;
	struct bus *bus;
	struct run_batch batch;
	struct arena scratch;
	struct manager manager;
	int store_fd;        /* the lock on the store */
	bool is_nearly_full; /* and the log was told; so for the next */
	bool is_out_of_room; /* none can be kept ahead */
	unsigned turns_since_room;
	char problem[RUN_PROBLEM_MAX];
};

static bool
is_key_known(void *svc, const uint8_t key[32])
{
	return svc_key_is_known(svc, key);
}

/* ---- what goes out ---- */

/* Sends, after the commit. A bit for every peer that could not be reached. */
static uint32_t
send_all(struct run *r, const struct svc_sends *sends)
{
	const struct conf_peers *peers = &r->options.peers;
	uint32_t unreachable = 0;

	for (size_t i = 0; i < sends->n; i++) {
		const struct svc_send *s = &sends->list[i];
		const struct conf_peer *peer;

		if (s->service == NULL) {
			bus_reply(r->bus, s->token, s->envelope);
			continue;
		}
		if (bus_send(r->bus, s->service, s->envelope) == ERR_NONE)
			continue;
		peer = conf_peer(peers, s->service);
		if (peer != NULL)
			unreachable |= 1u << (peer - peers->list);
	}
	return unreachable;
}

/* Only after the sends are gone: they end with the next call of svc. */
static void
tell_unreachable(struct run *r, uint32_t unreachable)
{
	const struct conf_peers *peers = &r->options.peers;

	for (size_t i = 0; i < peers->n; i++) {
		if (unreachable & (1u << i))
			svc_unreachable(r->svc, peers->list[i].name, clock_now_ms());
	}
}

static void
send_hint(struct run *r, uint64_t head_number)
{
	Journal__Hint hint = JOURNAL__HINT__INIT;
	char name[sizeof r->options.self->name];
	struct bytes packed;

	memcpy(name, r->options.self->name, sizeof name);
	hint.service = name;
	SET(&hint, number, head_number);
	arena_reset(&r->scratch);
	if (message_pack(&r->scratch, &hint.base, &packed) == ERR_NONE)
		bus_hint(r->bus, packed);
}

static void
tell_fault(struct run *r, struct bytes call, uint64_t token, Envelope__Fault fault)
{
	Envelope__Envelope answer = ENVELOPE__ENVELOPE__INIT;
	struct bytes packed;
	struct run_peeked said;

	if (!run_peek(call, &said))
		return;
	answer.correlation_id = said.message_id.text;
	SET(&answer, method, said.method);
	SET(&answer, fault, fault);
	arena_reset(&r->scratch);
	if (message_pack(&r->scratch, &answer.base, &packed) == ERR_NONE)
		bus_reply(r->bus, token, packed);
}

/* Who would wait too long is told so at once, and nothing is decided. */
static void
turn_away(struct run *r, const struct bus_message *m)
{
	tell_fault(r, m->bytes, m->token, ENVELOPE__FAULT__FAULT_BUSY);
}

/* Nothing of this turn is acknowledged and the process ends: nobody who waits, for this
 * turn or a later one, need wait to find that out. */
static void
tell_trouble(struct run *r, enum err e)
{
	Envelope__Fault fault = ENVELOPE__FAULT__FAULT_STORAGE;

	if (e == ERR_FULL)
		fault = ENVELOPE__FAULT__FAULT_FULL;
	else if (e != ERR_STORAGE)
		return;
	for (size_t i = 0; i < r->batch.calls_n; i++) {
		const struct svc_input *call = &r->batch.calls[i];

		tell_fault(r, call->envelope, call->token, fault);
	}
}

/* ---- what comes in ---- */

static void
take_hint(struct run *r, const struct bus_message *m)
{
	ProtobufCMessage *hint;

	arena_reset(&r->scratch);
	if (message_unpack(&r->scratch, &journal__hint__descriptor, m->bytes, &hint) ==
	    ERR_NONE)
		svc_hint(r->svc, m->service, ((Journal__Hint *)(void *)hint)->number);
}

/* Takes what waits on the sockets, as far as there is room for it; what there is no
 * room for is turned away, but for so much that the turn itself would be late. */
static enum err
drain(struct run *r)
{
	struct bus_message m;

	for (unsigned i = 0; i < DRAINED_MAX && run_batch_has_room(&r->batch); i++) {
		enum err e = bus_receive(r->bus, &m);

		if (e != ERR_NONE || m.what == BUS_NOTHING)
			return e;
		if (m.what == BUS_HINT)
			take_hint(r, &m);
		else if (!run_batch_add(&r->batch, &m))
			turn_away(r, &m);
	}
	return ERR_NONE;
}

/* Drains, and lingers for those who are about to call where that pays. */
static enum err
gather(struct run *r)
{
	int64_t until = clock_ticks_us() + run_batch_linger_us(&r->batch);
	enum err e = drain(r);

	while (e == ERR_NONE && run_batch_expects_more(&r->batch) &&
	       run_batch_has_room(&r->batch)) {
		int64_t left = until - clock_ticks_us();

		if (left <= 0)
			break;
		bus_linger(r->bus, left);
		e = drain(r);
	}
	return e;
}

/* ---- turns ---- */

static enum err
take_turn(struct run *r)
{
	size_t n = run_batch_inputs(&r->batch);
	int64_t began_us = clock_ticks_us(), worked_us = clock_worked_us();
	uint8_t seed[32];
	struct svc_sends sends;
	uint32_t unreachable;
	enum err e;

	/* So few bytes are never cut short, nor interrupted. */
	if (getrandom(seed, sizeof seed, 0) != sizeof seed)
		return ERR_INTERNAL;
	e = svc_turn(r->svc, clock_now_ms(), seed, r->batch.inputs, n, &sends);
	if (e != ERR_NONE) {
		tell_trouble(r, e);
		return e;
	}
	run_batch_worked(&r->batch, clock_worked_us() - worked_us);
	run_batch_done(&r->batch, sends.taken, clock_ticks_us() - began_us);
	unreachable = send_all(r, &sends);
	if (sends.has_news)
		send_hint(r, sends.head_number);
	tell_unreachable(r, unreachable);
	r->turns_since_room++;
	return ERR_NONE;
}

/* Sends what is due; *wait_ms is how long nothing more will be. */
static enum err
send_due(struct run *r, int64_t *wait_ms)
{
	struct svc_sends sends;
	int64_t wake_ms;
	uint32_t unreachable;
	enum err e = svc_due(r->svc, clock_now_ms(), &sends, &wake_ms);

	if (e == ERR_STORAGE || e == ERR_FULL || e == ERR_CORRUPT)
		return e;
	if (e !=
	    ERR_NONE) /* some of it was too much for one go: the rest comes again */
		log_line(LOG_LEVEL_WARN, "due.fault", "fault", err_name(e), NULL);
	unreachable = send_all(r, &sends);
	tell_unreachable(r, unreachable);
	*wait_ms = wake_ms - clock_now_ms();
	if (unreachable != 0 || *wait_ms < 0)
		*wait_ms = 0;
	if (*wait_ms > WAIT_MS_MAX)
		*wait_ms = WAIT_MS_MAX;
	return ERR_NONE;
}

/* ---- between turns ---- */

static void
keep_room(struct run *r)
{
	bool was_nearly_full = r->is_nearly_full, was_out_of_room = r->is_out_of_room;
	unsigned used;

	r->turns_since_room = 0;
	r->is_out_of_room = kv_keep_room(svc_kv(r->svc)) != ERR_NONE;
	if (r->is_out_of_room && !was_out_of_room)
		log_line(LOG_LEVEL_WARN, "store.no_room_ahead", NULL);
	used = kv_used_percent(svc_kv(r->svc));
	r->is_nearly_full = used >= USED_PERCENT_WARN;
	if (r->is_nearly_full && !was_nearly_full)
		log_line(LOG_LEVEL_WARN, "store.nearly_full", "used_percent",
		    log_number(used), NULL);
}

/* Turn after turn, until the signal; between them nothing is half done. */
static enum err
serve(struct run *r)
{
	int64_t wait_ms = 0;
	enum err e = ERR_NONE;

	while (e == ERR_NONE) {
		bool is_left_over = run_batch_inputs(&r->batch) > 0;
		bool is_idle = wait_ms > 0 && !is_left_over;
		int64_t began_us;

		if (is_idle || r->turns_since_room >= ROOM_EVERY_TURNS)
			keep_room(r);
		if (svc_is_ready(r->svc))
			manager_tell_ready(&r->manager);
		manager_tell_alive(&r->manager);
		e = bus_wait(r->bus, is_left_over ? 0 : wait_ms, r->manager.stop_fd);
		if (e != ERR_NONE || manager_says_stop(&r->manager))
			return e;
		began_us = clock_ticks_us();
		e = gather(r);
		if (e == ERR_NONE)
			e = take_turn(r);
		if (e == ERR_NONE)
			e = send_due(r, &wait_ms);
		run_batch_rounded(&r->batch, clock_ticks_us() - began_us);
	}
	return e;
}

/* ---- start and stop ---- */

static enum err
open_store(struct run *r)
{
	struct svc_options o = {
	    .service = r->service,
	    .path = r->options.store,
	    .peers = &r->options.peers,
	    .room_bytes = (uint64_t)r->options.room_mib << 20,
	    .option = r->options.option[0] != '\0' ? r->options.option : NULL,
	    .now_ms = clock_now_ms(),
	};

	crash_explain(r->service->name, r->options.store);
	if (getrandom(&o.incarnation, sizeof o.incarnation, 0) != sizeof o.incarnation)
		return ERR_INTERNAL;
	return svc_open(&r->svc, &o, r->problem, sizeof r->problem);
}

static bool
is_followed(const struct run *r, const char *name)
{
	for (size_t i = 0; i < r->service->sources_n; i++) {
		if (str_equal(r->service->sources[i].service, name))
			return true;
	}
	return false;
}

static enum err
open_bus(struct run *r)
{
	const struct conf_peers *peers = &r->options.peers;
	struct bus_options o = {.is_known = is_key_known, .context = r->svc};
	enum err e;

	memcpy(o.public_key, r->options.public_key, sizeof o.public_key);
	memcpy(o.secret_key, r->options.secret_key, sizeof o.secret_key);
	e = bus_open(&r->bus, &o, r->problem, sizeof r->problem);
	explicit_bzero(o.secret_key, sizeof o.secret_key);
	if (e == ERR_NONE)
		e = bus_bind(r->bus, r->options.self->endpoint, r->options.self->hints,
		    r->problem, sizeof r->problem);
	if (e != ERR_NONE)
		return e;
	for (size_t i = 0; i < peers->n; i++) {
		struct conf_peer peer = peers->list[i];

		if (&peers->list[i] == r->options.self || peer.endpoint[0] == '\0')
			continue;
		if (!is_followed(r, peer.name))
			peer.hints[0] = '\0'; /* they would only wake us */
		e = bus_connect(r->bus, &peer);
		if (e != ERR_NONE) {
			snprintf(r->problem, sizeof r->problem,
			    "%s is no endpoint to connect to (for %s)", peer.endpoint,
			    peer.name);
			return e;
		}
	}
	return ERR_NONE;
}

/* A service whose door cannot be shown to be shut does not open. */
static enum err
prove_door(struct run *r)
{
	enum err e = bus_self_test(r->bus, r->options.self->endpoint);

	if (e == ERR_NONE)
		log_line(LOG_LEVEL_INFO, "door.proved", NULL);
	else
		snprintf(r->problem, sizeof r->problem,
		    e == ERR_DENIED ? "a stranger's key was let in at %s: not serving"
				    : "could not prove that a stranger is refused at "
				      "%s: not serving",
		    r->options.self->endpoint);
	return e;
}

static void
say_why_it_ended(struct run *r, enum err e)
{
	if (e == ERR_FULL)
		snprintf(r->problem, sizeof r->problem,
		    "no room on disk for the store at %s", r->options.store);
	else if (e == ERR_STORAGE)
		snprintf(r->problem, sizeof r->problem,
		    "the store at %s could not be written; nothing unwritten was "
		    "acknowledged",
		    r->options.store);
	else if (e == ERR_CORRUPT)
		snprintf(r->problem, sizeof r->problem,
		    "the store at %s holds what was never written to it",
		    r->options.store);
	else
		snprintf(
		    r->problem, sizeof r->problem, "cannot go on: %s", err_name(e));
}

static enum err
open_all(struct run *r)
{
	enum err e =
	    run_options_read(&r->options, r->service, r->problem, sizeof r->problem);

	if (e != ERR_NONE || r->options.is_check)
		return e;
	log_open(r->service->name, r->options.log_level);
	log_line(LOG_LEVEL_INFO, "service.starting", "version", RUN_VERSION, "notice",
	    RUN_NOTICE, NULL);
	printf("rcc-%s %s: %s\n", r->service->name, RUN_VERSION, RUN_NOTICE);
	fflush(stdout);
	e = manager_open(&r->manager, r->problem, sizeof r->problem);
	if (e == ERR_NONE)
		e = arena_open(&r->scratch, SCRATCH_BYTES);
	if (e == ERR_NONE)
		e = run_batch_open(&r->batch);
	if (e == ERR_NONE)
		e = run_options_lock(
		    &r->options, &r->store_fd, r->problem, sizeof r->problem);
	if (e == ERR_NONE)
		e = open_store(r);
	if (e == ERR_NONE)
		e = open_bus(r);
	return e == ERR_NONE ? prove_door(r) : e;
}

static void
close_all(struct run *r)
{
	bus_close(r->bus); /* replies on their way go out first */
	svc_close(r->svc);
	run_batch_close(&r->batch);
	if (r->scratch.base != NULL)
		arena_close(&r->scratch);
	manager_close(&r->manager);
	if (r->store_fd >= 0)
		close(r->store_fd);
	explicit_bzero(r->options.secret_key, sizeof r->options.secret_key);
}

/* ---- not serving ---- */

static int
verify_tables(const struct service *service, const char *folder)
{
	char kept[RUN_PATH_MAX], rebuilt[RUN_PATH_MAX], problem[RUN_PROBLEM_MAX] = "";
	const struct svc_copies copies = {kept, rebuilt};
	Journal__TablesVerified *said = NULL;
	const char *json = NULL;
	struct arena a;
	enum err e = arena_open(&a, SCRATCH_BYTES);

	log_open(service->name, LOG_LEVEL_ERROR);
	snprintf(kept, sizeof kept, "%s/kept", folder);
	snprintf(rebuilt, sizeof rebuilt, "%s/rebuilt", folder);
	if (e == ERR_NONE)
		e = svc_verify_tables(
		    service, &copies, &a, &said, problem, sizeof problem);
	if (e == ERR_CORRUPT) { /* that is what was asked */
		said = MESSAGE_NEW(&a, journal__tables_verified);
		e = said != NULL ? ERR_NONE : ERR_MEMORY;
		if (said != NULL)
			said->what = problem;
	}
	if (e == ERR_NONE)
		e = json_from_message(&a, &said->base, 0, &json);
	if (e == ERR_NONE)
		puts(json);
	else
		fprintf(stderr, "rcc-%s: %s\n", service->name,
		    problem[0] != '\0' ? problem : err_name(e));
	arena_close(&a);
	return e == ERR_NONE ? 0 : 1;
}

int
run_service(const struct service *service, int argc, char **argv)
{
	struct run r = {.service = service, .manager.stop_fd = -1, .store_fd = -1};
	enum run_next next = run_options_parse(&r.options, service, argc, argv);
	enum err e;

	if (next != RUN_GO_ON)
		return next == RUN_END_WELL ? 0 : 2;
	if (r.options.copies != NULL)
		return verify_tables(service, r.options.copies);
	log_open(service->name, LOG_LEVEL_INFO);
	e = open_all(&r);
	if (e != ERR_NONE && r.problem[0] == '\0')
		say_why_it_ended(&r, e);
	if (e == ERR_NONE && r.options.is_check) {
		run_options_print(&r.options, service);
	} else if (e == ERR_NONE) {
		e = serve(&r);
		manager_tell_stopping(&r.manager);
		if (e != ERR_NONE)
			say_why_it_ended(&r, e);
	}
	close_all(&r);
	if (e != ERR_NONE) {
		log_line(LOG_LEVEL_ERROR, "service.failed", "fault", err_name(e), NULL);
		fprintf(stderr, "rcc-%s: %s\n", service->name, r.problem);
		return 1;
	}
	if (!r.options.is_check)
		log_line(LOG_LEVEL_INFO, "service.stopped", NULL);
	return 0;
}
