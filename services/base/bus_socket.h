#ifndef RCC_BUS_SOCKET_H
#define RCC_BUS_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zmq.h>

#include "base/bytes.h"
#include "base/err.h"

/*
 * The inside of bus: one ZeroMQ socket with the safe options, and the parts of one
 * message. For bus*.c alone; everybody else stands on bus.h.
 */
#define BUS_DOMAIN "rcc"
#define BUS_DOOR "inproc://zeromq.zap.01"
#define BUS_PARTS_MAX 8
#define BUS_KEY_BYTES 32
#define BUS_USER_ID_LEN (2 * BUS_KEY_BYTES)

enum bus_kind {
	BUS_KIND_CALLS_IN,  /* ROUTER of a service */
	BUS_KIND_CALLS_OUT, /* DEALER to a service */
	BUS_KIND_HINTS_OUT, /* PUB of a service */
	BUS_KIND_HINTS_IN,  /* SUB to a service */
	BUS_KIND_DOOR,      /* REP that says who may connect, inside the process */
};

struct bus_socket {
	void *zmq;
	enum bus_kind kind;
	int fd;         /* tells that something changed here, not what */
	bool is_ready;  /* something was found here, and not yet taken */
	bool is_unsure; /* used since it was looked at: `fd` may have told already */
};

/* The keys of one end. A server has no `server_key`; a client proves its pair and
 * speaks only to the holder of `server_key`. */
struct bus_end {
	const uint8_t *public_key;
	const uint8_t *secret_key;
	const uint8_t *server_key;
};

/*
 * The context that all sockets of the process share: the first to hold it makes it,
 * the last to release it waits until the sockets' linger is over and ends it.
 */
enum err bus_context_hold(void) MUST_CHECK;
void bus_context_release(void);

/* The context must be held. `end` is NULL for the door. */
enum err bus_socket_open(
    struct bus_socket *s, enum bus_kind kind, const struct bus_end *end) MUST_CHECK;
void bus_socket_close(struct bus_socket *s); /* one never opened: harmless */
/* Zero, or the errno of zmq. */
int bus_socket_bind(struct bus_socket *s, const char *endpoint);
int bus_socket_connect(struct bus_socket *s, const char *endpoint);

/* Sends the parts as one message, or nothing; never waits. ERR_UNREACHABLE: nobody
 * is connected there, or whoever is does not read. */
enum err bus_socket_send(
    struct bus_socket *s, const struct bytes *parts, size_t n) MUST_CHECK;

/* One received message. Zeroed, it holds none. */
struct bus_parts {
	zmq_msg_t list[BUS_PARTS_MAX];
	size_t n;
};

/* The next message, or false where none waits (is_ready is then cleared). One of more
 * than BUS_PARTS_MAX parts comes with no parts. */
bool bus_socket_take(struct bus_socket *s, struct bus_parts *out);
struct bytes bus_part(struct bus_parts *parts, size_t i);
/*
 * Who sent it, as the door wrote it down: 64 hex digits, or NULL. Read from the last
 * part only: libzmq 4.3.4 loses it on a routing id's part that was polled for.
 */
const char *bus_parts_user(struct bus_parts *parts);
void bus_parts_drop(struct bus_parts *parts);

/* Does the socket have something to read (ZMQ_POLLIN), room to write (ZMQ_POLLOUT)? */
bool bus_socket_has(const struct bus_socket *s, int events);
/* Is there something to read? Sets is_ready, and is sure again. */
bool bus_socket_look(struct bus_socket *s);
/* Waits up to wait_us for one of `events` on this socket alone. */
bool bus_socket_wait(struct bus_socket *s, int events, int64_t wait_us);

void bus_random(void *out, size_t len);

#endif
