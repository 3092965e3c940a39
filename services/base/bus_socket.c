#include "base/bus_socket.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/bus.h"
#include "base/clock.h"

/* In Debian's libzmq 4.3.4 at run time, but hidden by its header. */
#define BUS_ZAP_ENFORCE_DOMAIN 93

#define BUS_LINGER_MS 200     /* replies on their way out at a clean stop */
#define BUS_HANDSHAKE_MS 3000 /* a key just registered gets in after this */
#define BUS_HEARTBEAT_MS 2000
#define BUS_HEARTBEAT_GONE_MS 6000
#define BUS_RECONNECT_MS 100
#define BUS_RECONNECT_MAX_MS 1000
#define BUS_QUEUE_OUT 1000 /* messages a peer may leave unread */
#define BUS_QUEUE_IN 256
#define BUS_FRAME_BYTES_MAX (BUS_MESSAGE_BYTES_MAX + 4096)

/*
 * One context in a process, whatever holds it: libzmq 4.3.4 beside libsodium may
 * crash the others when the first of several ends. Hence the only state here that
 * changes; a process has one thread.
 */
static void *context;
static unsigned context_holders;

enum err
bus_context_hold(void)
{
	if (context == NULL) {
		context = zmq_ctx_new();
		if (context == NULL)
			return ERR_MEMORY;
	}
	context_holders++;
	return ERR_NONE;
}

void
bus_context_release(void)
{
	assert(context_holders > 0);
	context_holders--;
	if (context_holders > 0)
		return;
	while (zmq_ctx_term(context) != 0 && errno == EINTR)
		continue;
	context = NULL;
}

static bool
set_int(void *zmq, int option, int value)
{
	return zmq_setsockopt(zmq, option, &value, sizeof value) == 0;
}

static bool
set_key(void *zmq, int option, const uint8_t *key)
{
	return zmq_setsockopt(zmq, option, key, BUS_KEY_BYTES) == 0;
}

static bool
set_end(void *zmq, const struct bus_end *end)
{
	if (end->server_key != NULL)
		return set_key(zmq, ZMQ_CURVE_SERVERKEY, end->server_key) &&
		       set_key(zmq, ZMQ_CURVE_PUBLICKEY, end->public_key) &&
		       set_key(zmq, ZMQ_CURVE_SECRETKEY, end->secret_key);
	/* Without the last one, a server that nobody keeps the door of lets any key
	 * in; with it, nobody. */
	return set_int(zmq, ZMQ_CURVE_SERVER, 1) &&
	       set_key(zmq, ZMQ_CURVE_SECRETKEY, end->secret_key) &&
	       zmq_setsockopt(zmq, ZMQ_ZAP_DOMAIN, BUS_DOMAIN, strlen(BUS_DOMAIN)) ==
	           0 &&
	       set_int(zmq, BUS_ZAP_ENFORCE_DOMAIN, 1);
}

/* Every option of every socket; set before bind and connect, never after. */
static bool
set_options(void *zmq, enum bus_kind kind, const struct bus_end *end)
{
	int64_t frame_bytes_max = BUS_FRAME_BYTES_MAX;
	int linger_ms = kind == BUS_KIND_CALLS_IN ? BUS_LINGER_MS : 0;

	if (!set_int(zmq, ZMQ_LINGER, linger_ms))
		return false;
	if (kind == BUS_KIND_DOOR)
		return true;
	if (zmq_setsockopt(
		zmq, ZMQ_MAXMSGSIZE, &frame_bytes_max, sizeof frame_bytes_max) != 0 ||
	    !set_int(zmq, ZMQ_SNDHWM, BUS_QUEUE_OUT) ||
	    !set_int(zmq, ZMQ_RCVHWM, BUS_QUEUE_IN) ||
	    !set_int(zmq, ZMQ_HANDSHAKE_IVL, BUS_HANDSHAKE_MS) ||
	    !set_int(zmq, ZMQ_HEARTBEAT_IVL, BUS_HEARTBEAT_MS) ||
	    !set_int(zmq, ZMQ_HEARTBEAT_TIMEOUT, BUS_HEARTBEAT_GONE_MS) ||
	    !set_int(zmq, ZMQ_HEARTBEAT_TTL, BUS_HEARTBEAT_GONE_MS) ||
	    !set_int(zmq, ZMQ_RECONNECT_IVL, BUS_RECONNECT_MS) ||
	    !set_int(zmq, ZMQ_RECONNECT_IVL_MAX, BUS_RECONNECT_MAX_MS))
		return false;
	/* Say so when nobody is there, rather than keep it for when somebody is. */
	if (kind == BUS_KIND_CALLS_OUT && !set_int(zmq, ZMQ_IMMEDIATE, 1))
		return false;
	if (kind == BUS_KIND_CALLS_IN && !set_int(zmq, ZMQ_ROUTER_MANDATORY, 1))
		return false;
	if (kind == BUS_KIND_HINTS_IN && zmq_setsockopt(zmq, ZMQ_SUBSCRIBE, "", 0) != 0)
		return false;
	return set_end(zmq, end);
}

enum err
bus_socket_open(struct bus_socket *s, enum bus_kind kind, const struct bus_end *end)
{
	static const int types[] = {
	    [BUS_KIND_CALLS_IN] = ZMQ_ROUTER,
	    [BUS_KIND_CALLS_OUT] = ZMQ_DEALER,
	    [BUS_KIND_HINTS_OUT] = ZMQ_PUB,
	    [BUS_KIND_HINTS_IN] = ZMQ_SUB,
	    [BUS_KIND_DOOR] = ZMQ_REP,
	};
	size_t fd_len = sizeof s->fd;
	int fd = -1;
	void *zmq;

	assert(context != NULL && (end != NULL) == (kind != BUS_KIND_DOOR));
	zmq = zmq_socket(context, types[kind]);
	if (zmq == NULL)
		return ERR_MEMORY;
	if (!set_options(zmq, kind, end) ||
	    zmq_getsockopt(zmq, ZMQ_FD, &fd, &fd_len) != 0) {
		zmq_close(zmq);
		return ERR_INTERNAL;
	}
	*s = (struct bus_socket){.zmq = zmq, .kind = kind, .fd = fd, .is_unsure = true};
	return ERR_NONE;
}

void
bus_socket_close(struct bus_socket *s)
{
	if (s->zmq != NULL)
		zmq_close(s->zmq);
	s->zmq = NULL;
}

int
bus_socket_bind(struct bus_socket *s, const char *endpoint)
{
	return zmq_bind(s->zmq, endpoint) == 0 ? 0 : zmq_errno();
}

int
bus_socket_connect(struct bus_socket *s, const char *endpoint)
{
	return zmq_connect(s->zmq, endpoint) == 0 ? 0 : zmq_errno();
}

enum err
bus_socket_send(struct bus_socket *s, const struct bytes *parts, size_t n)
{
	s->is_unsure = true;
	/* Only the first part can find nobody: the rest follows it. */
	for (size_t i = 0; i < n; i++) {
		int flags = ZMQ_DONTWAIT | (i + 1 < n ? ZMQ_SNDMORE : 0);
		const void *data = parts[i].len > 0 ? (const void *)parts[i].data : "";

		while (zmq_send(s->zmq, data, parts[i].len, flags) < 0) {
			if (zmq_errno() != EINTR)
				return ERR_UNREACHABLE;
		}
	}
	return ERR_NONE;
}

/* Part after part into `out`; what does not fit is read and forgotten. */
bool
bus_socket_take(struct bus_socket *s, struct bus_parts *out)
{
	bool is_too_long = false;
	int more = 1;

	out->n = 0;
	s->is_unsure = true;
	while (more) {
		zmq_msg_t *part;

		if (out->n == BUS_PARTS_MAX) {
			is_too_long = true;
			bus_parts_drop(out);
		}
		part = &out->list[out->n];
		zmq_msg_init(part);
		while (zmq_msg_recv(part, s->zmq, ZMQ_DONTWAIT) < 0) {
			if (zmq_errno() == EINTR)
				continue;
			/* It looked at all that had come: what comes now is told. */
			zmq_msg_close(part);
			bus_parts_drop(out);
			s->is_ready = s->is_unsure = false;
			return false;
		}
		out->n++;
		more = zmq_msg_more(part);
	}
	if (is_too_long)
		bus_parts_drop(out);
	return true;
}

struct bytes
bus_part(struct bus_parts *parts, size_t i)
{
	assert(i < parts->n);
	return (struct bytes){
	    zmq_msg_data(&parts->list[i]), zmq_msg_size(&parts->list[i])};
}

const char *
bus_parts_user(struct bus_parts *parts)
{
	if (parts->n == 0)
		return NULL;
	return zmq_msg_gets(&parts->list[parts->n - 1], "User-Id");
}

void
bus_parts_drop(struct bus_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		zmq_msg_close(&parts->list[i]);
	parts->n = 0;
}

bool
bus_socket_has(const struct bus_socket *s, int events)
{
	int found = 0;
	size_t len = sizeof found;

	if (zmq_getsockopt(s->zmq, ZMQ_EVENTS, &found, &len) != 0)
		return false;
	return (found & events) != 0;
}

bool
bus_socket_look(struct bus_socket *s)
{
	s->is_unsure = false;
	if (bus_socket_has(s, ZMQ_POLLIN))
		s->is_ready = true;
	return s->is_ready;
}

bool
bus_socket_wait(struct bus_socket *s, int events, int64_t wait_us)
{
	int64_t until = clock_ticks_us() + wait_us;
	struct pollfd wake = {.fd = s->fd, .events = POLLIN};

	/* The descriptor tells that something changed, not what: look each time. */
	while (!bus_socket_has(s, events)) {
		int64_t left = until - clock_ticks_us();
		struct timespec t = {left / 1000000, left % 1000000 * 1000};

		if (left <= 0)
			return false;
		if (ppoll(&wake, 1, &t, NULL) < 0 && errno != EINTR)
			return false;
	}
	return true;
}

void
bus_random(void *out, size_t len)
{
	uint8_t *at = out;

	while (len > 0) {
		ssize_t n = getrandom(at, len, 0);

		if (n < 0)
			continue; /* EINTR: nothing else can be, with these arguments */
		at += n;
		len -= (size_t)n;
	}
}
