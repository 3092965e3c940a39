#include "base/bus.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/bus_door.h"
#include "base/bus_socket.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

/* Routing ids as ROUTER makes them: a zero, then a counter. */
#define ROUTING_ID_BYTES 5
#define BAD_MESSAGES_MAX 64 /* passed over in one bus_receive */
#define POLLED_MAX (2 + 2 * CONF_PEERS_MAX)

#define SELF_TEST_US 2000000 /* a stranger who did not even knock: a broken test */
#define SELF_TEST_STEP_MS 5
#define SELF_TEST_GRACE_US 50000 /* after the no, to see that it was meant */

struct peer {
	char name[sizeof((struct conf_peer *)0)->name];
	struct bus_socket calls;
	struct bus_socket hints;
};

struct bus {
	struct bus_options options;
	struct bus_door door;
	struct bus_socket calls; /* in */
	struct bus_socket hints; /* out */
	int locks[2];            /* of their two endpoints; -1: none */
	struct peer peers[CONF_PEERS_MAX];
	size_t peers_n;
	size_t turn;           /* the socket bus_receive looks at next */
	struct bus_parts held; /* what bus_receive last gave out */
};

enum err
bus_open(
    struct bus **out, const struct bus_options *o, char *problem, size_t problem_size)
{
	struct bus *bus = calloc(1, sizeof *bus);
	enum err e;

	assert(o->is_known != NULL);
	if (bus == NULL)
		return ERR_MEMORY;
	bus->options = *o;
	bus->locks[0] = bus->locks[1] = -1;
	bus->door.is_known = o->is_known;
	bus->door.context = o->context;
	e = bus_context_hold();
	if (e == ERR_NONE) {
		e = bus_door_open(&bus->door);
		if (e == ERR_NONE) {
			*out = bus;
			return ERR_NONE;
		}
		bus_context_release();
	}
	snprintf(problem, problem_size, "the message library does not start: %s",
	    err_name(e));
	free(bus);
	return e;
}

void
bus_close(struct bus *bus)
{
	if (bus == NULL)
		return;
	bus_parts_drop(&bus->held);
	for (size_t i = 0; i < bus->peers_n; i++) {
		bus_socket_close(&bus->peers[i].calls);
		bus_socket_close(&bus->peers[i].hints);
	}
	bus_socket_close(&bus->calls);
	bus_socket_close(&bus->hints);
	bus_socket_close(&bus->door.socket);
	bus_context_release();
	/* Last: whoever waits for the endpoint may have it only now. */
	for (size_t i = 0; i < 2; i++) {
		if (bus->locks[i] >= 0)
			close(bus->locks[i]);
	}
	free(bus);
}

/*
 * libzmq takes an ipc file away from a process that is still serving it, without a
 * word; so a lock beside the file says that it is served. The kernel lets go of it
 * when the process ends, however it ends.
 */
static enum err
lock_endpoint(const char *endpoint, int *lock, char *problem, size_t problem_size)
{
	static const char scheme[] = "ipc://";
	char path[CONF_ENDPOINT_MAX + sizeof ".lock"];

	if (!str_starts(endpoint, scheme) || endpoint[sizeof scheme - 1] == '@')
		return ERR_NONE;
	snprintf(path, sizeof path, "%s.lock", endpoint + sizeof scheme - 1);
	*lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (*lock < 0) {
		snprintf(problem, problem_size, "cannot serve %s: %s", endpoint,
		    strerror(errno));
		return ERR_UNREACHABLE;
	}
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return ERR_NONE;
	close(*lock);
	*lock = -1;
	snprintf(problem, problem_size, "another process serves %s", endpoint);
	return ERR_BUSY;
}

static enum err
bind_one(struct bus_socket *s, enum bus_kind kind, const struct bus *bus,
    const char *endpoint, char *problem, size_t problem_size)
{
	struct bus_end end = {bus->options.public_key, bus->options.secret_key, NULL};
	enum err e = bus_socket_open(s, kind, &end);
	int why;

	if (e != ERR_NONE) {
		snprintf(problem, problem_size, "cannot serve %s: %s", endpoint,
		    err_name(e));
		return e;
	}
	why = bus_socket_bind(s, endpoint);
	if (why == 0)
		return ERR_NONE;
	bus_socket_close(s);
	if (why == EADDRINUSE) {
		snprintf(problem, problem_size, "another process serves %s", endpoint);
		return ERR_BUSY;
	}
	snprintf(
	    problem, problem_size, "cannot serve %s: %s", endpoint, zmq_strerror(why));
	return ERR_UNREACHABLE;
}

enum err
bus_bind(struct bus *bus, const char *endpoint, const char *hints, char *problem,
    size_t problem_size)
{
	enum err e;

	assert(bus->calls.zmq == NULL);
	e = lock_endpoint(endpoint, &bus->locks[0], problem, problem_size);
	if (e == ERR_NONE)
		e = bind_one(&bus->calls, BUS_KIND_CALLS_IN, bus, endpoint, problem,
		    problem_size);
	if (e != ERR_NONE || hints[0] == '\0')
		return e;
	e = lock_endpoint(hints, &bus->locks[1], problem, problem_size);
	if (e == ERR_NONE)
		e = bind_one(
		    &bus->hints, BUS_KIND_HINTS_OUT, bus, hints, problem, problem_size);
	return e;
}

static enum err
connect_one(struct bus_socket *s, enum bus_kind kind, const struct bus_end *end,
    const char *endpoint)
{
	enum err e = bus_socket_open(s, kind, end);

	if (e != ERR_NONE)
		return e;
	if (bus_socket_connect(s, endpoint) == 0)
		return ERR_NONE;
	bus_socket_close(s);
	return ERR_UNREACHABLE;
}

enum err
bus_connect(struct bus *bus, const struct conf_peer *peer)
{
	struct bus_end end = {
	    bus->options.public_key, bus->options.secret_key, peer->key};
	struct peer *p = &bus->peers[bus->peers_n];
	enum err e;

	assert(bus->peers_n < CONF_PEERS_MAX);
	*p = (struct peer){.name = ""};
	memcpy(p->name, peer->name, sizeof p->name);
	e = connect_one(&p->calls, BUS_KIND_CALLS_OUT, &end, peer->endpoint);
	if (e != ERR_NONE)
		return e;
	if (peer->hints[0] != '\0')
		e = connect_one(&p->hints, BUS_KIND_HINTS_IN, &end, peer->hints);
	if (e != ERR_NONE) {
		bus_socket_close(&p->calls);
		return e;
	}
	bus->peers_n++;
	return ERR_NONE;
}

/* The sockets that bring messages, one after the other: the service's own, then two
 * of each peer. NULL where there is none. */
static struct bus_socket *
incoming(struct bus *bus, size_t i)
{
	struct bus_socket *s = &bus->calls;

	if (i > 0) {
		struct peer *p = &bus->peers[(i - 1) / 2];

		s = (i - 1) % 2 == 0 ? &p->calls : &p->hints;
	}
	return s->zmq == NULL ? NULL : s;
}

static size_t
incoming_n(const struct bus *bus)
{
	return 1 + 2 * bus->peers_n;
}

/* Handshakes are answered at once, and are nobody else's business. */
static void
look(struct bus *bus, struct bus_socket *s, bool *is_something)
{
	if (!bus_socket_look(s))
		return;
	if (s != &bus->door.socket) {
		*is_something = true;
		return;
	}
	bus_door_serve(&bus->door);
	s->is_ready = false;
}

/*
 * Waits once, until one of the sockets' descriptors tells that something changed, or
 * the caller's is readable. Asking a socket costs a call of the kernel, so only those
 * are asked whose descriptor tells, or that were used since they were asked.
 */
static enum err
poll_once(struct bus *bus, int64_t wait_ms, int extra_fd, bool *is_something)
{
	struct pollfd items[POLLED_MAX];
	struct bus_socket *sockets[POLLED_MAX];
	nfds_t n = 0;

	for (size_t i = 0; i <= incoming_n(bus); i++) {
		struct bus_socket *s =
		    i == 0 ? &bus->door.socket : incoming(bus, i - 1);

		if (s == NULL)
			continue;
		if (s->is_ready)
			*is_something = true;
		else if (s->is_unsure)
			look(bus, s, is_something);
		sockets[n] = s;
		items[n++] = (struct pollfd){.fd = s->fd, .events = POLLIN};
	}
	if (extra_fd >= 0)
		items[n++] = (struct pollfd){.fd = extra_fd, .events = POLLIN};
	if (poll(items, n, *is_something ? 0 : (int)wait_ms) < 0) {
		*is_something = true;
		return errno == EINTR ? ERR_NONE : ERR_INTERNAL;
	}
	for (nfds_t i = 0; i < n; i++) {
		if (items[i].revents == 0)
			continue;
		if (extra_fd >= 0 && i == n - 1)
			*is_something = true;
		else
			look(bus, sockets[i], is_something);
	}
	return ERR_NONE;
}

enum err
bus_wait(struct bus *bus, int64_t wait_ms, int extra_fd)
{
	int64_t until = clock_ticks_us() + wait_ms * 1000;
	bool is_something = false;

	for (size_t i = 0; i < incoming_n(bus); i++) {
		const struct bus_socket *s = incoming(bus, i);

		if (s != NULL && s->is_ready)
			wait_ms = 0;
	}
	for (;;) {
		enum err e = poll_once(bus, wait_ms, extra_fd, &is_something);
		int64_t left = until - clock_ticks_us();

		if (e != ERR_NONE || is_something || left <= 0 || wait_ms == 0)
			return e;
		wait_ms = (left + 999) / 1000;
	}
}

void
bus_linger(struct bus *bus, int64_t wait_us)
{
	if (bus_socket_wait(&bus->calls, ZMQ_POLLIN, wait_us))
		bus->calls.is_ready = true;
}

/*
 * Is the message a call, from somebody known? A routing id that the peer chose itself
 * is answered by silence, and nothing but the door's word says who is speaking.
 */
static bool
read_call(struct bus_parts *parts, struct bus_message *out)
{
	uint8_t token[8] = {0};
	const char *user;
	struct bytes routing_id;

	if (parts->n != 2)
		return false;
	routing_id = bus_part(parts, 0);
	user = bus_parts_user(parts);
	if (routing_id.len != ROUTING_ID_BYTES || routing_id.data[0] != 0 ||
	    user == NULL || !bytes_from_hex(user, out->key, BUS_KEY_BYTES))
		return false;
	memcpy(
	    token + sizeof token - ROUTING_ID_BYTES, routing_id.data, ROUTING_ID_BYTES);
	out->what = BUS_CALL;
	out->token = bytes_get_u64(token);
	out->bytes = bus_part(parts, 1);
	return true;
}

static bool
read_message(struct bus *bus, size_t socket, struct bus_message *out)
{
	struct bus_parts *parts = &bus->held;

	*out = (struct bus_message){.what = BUS_NOTHING};
	if (socket == 0)
		return read_call(parts, out);
	if (parts->n != 1)
		return false;
	out->what = (socket - 1) % 2 == 0 ? BUS_ANSWER : BUS_HINT;
	out->service = bus->peers[(socket - 1) / 2].name;
	out->bytes = bus_part(parts, 0);
	return true;
}

enum err
bus_receive(struct bus *bus, struct bus_message *out)
{
	unsigned bad = 0;
	size_t empty = 0;

	bus_parts_drop(&bus->held);
	while (empty < incoming_n(bus) && bad < BAD_MESSAGES_MAX) {
		size_t at = bus->turn % incoming_n(bus);
		struct bus_socket *s = incoming(bus, at);

		bus->turn = at + 1;
		if (s == NULL || !s->is_ready || !bus_socket_take(s, &bus->held)) {
			empty++;
			continue;
		}
		empty = 0;
		if (read_message(bus, at, out))
			return ERR_NONE;
		bus_parts_drop(&bus->held);
		bad++;
	}
	if (bad > 0)
		log_line(
		    LOG_LEVEL_WARN, "message.dropped", "count", log_number(bad), NULL);
	*out = (struct bus_message){.what = BUS_NOTHING};
	return ERR_NONE;
}

void
bus_reply(struct bus *bus, uint64_t token, struct bytes envelope)
{
	uint8_t routing_id[8];
	struct bytes parts[2] = {
	    {routing_id + sizeof routing_id - ROUTING_ID_BYTES, ROUTING_ID_BYTES},
	    envelope,
	};

	bytes_put_u64(routing_id, token);
	if (envelope.len > BUS_MESSAGE_BYTES_MAX ||
	    bus_socket_send(&bus->calls, parts, 2) != ERR_NONE)
		log_line(LOG_LEVEL_INFO, "reply.dropped", "bytes",
		    log_number((int64_t)envelope.len), NULL);
}

enum err
bus_send(struct bus *bus, const char *service, struct bytes envelope)
{
	if (envelope.len > BUS_MESSAGE_BYTES_MAX)
		return ERR_MALFORMED;
	for (size_t i = 0; i < bus->peers_n; i++) {
		struct peer *p = &bus->peers[i];

		if (str_equal(p->name, service))
			return bus_socket_send(&p->calls, &envelope, 1);
	}
	return ERR_UNREACHABLE;
}

void
bus_hint(struct bus *bus, struct bytes hint)
{
	if (bus->hints.zmq == NULL)
		return;
	if (bus_socket_send(&bus->hints, &hint, 1) != ERR_NONE)
		log_line(LOG_LEVEL_DEBUG, "hint.dropped", NULL);
}

/*
 * Knocks with the stranger's key until the door has said no and a moment has passed.
 * A connection that could be written to is one that was let in.
 */
static enum err
knock(struct bus *bus, struct bus_socket *stranger)
{
	struct bytes nothing = BYTES_NONE;
	int64_t until = clock_ticks_us() + SELF_TEST_US;
	bool is_told = false;

	while (clock_ticks_us() < until) {
		bool is_something = false;
		enum err e = poll_once(bus, SELF_TEST_STEP_MS, -1, &is_something);

		if (e != ERR_NONE)
			return e;
		if (bus_socket_send(stranger, &nothing, 1) == ERR_NONE)
			return ERR_DENIED;
		if (bus->door.is_stranger_refused && !is_told) {
			is_told = true;
			until = clock_ticks_us() + SELF_TEST_GRACE_US;
		}
	}
	return is_told ? ERR_NONE : ERR_LATE;
}

enum err
bus_self_test(struct bus *bus, const char *endpoint)
{
	uint8_t secret_key[BUS_KEY_BYTES];
	struct bus_end end = {bus->door.stranger, secret_key, bus->options.public_key};
	struct bus_socket stranger;
	enum err e = bus_new_key(bus->door.stranger, secret_key);

	if (e != ERR_NONE)
		return e;
	e = connect_one(&stranger, BUS_KIND_CALLS_OUT, &end, endpoint);
	if (e != ERR_NONE)
		return e;
	bus->door.is_testing = true;
	bus->door.is_stranger_refused = false;
	e = knock(bus, &stranger);
	bus->door.is_testing = false;
	bus_socket_close(&stranger);
	return e;
}
