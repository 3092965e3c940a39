#ifndef RCC_BUS_H
#define RCC_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/id.h"

#include "envelope.pb-c.h"

/*
 * ZeroMQ with the safe options set: CURVE both ways, fail-closed allow-list, size
 * limits, no lingering, heartbeats. bus.c and run.c alone know ZeroMQ.
 */
struct bus;

/* Of an envelope; a larger one is refused before it is sent, and would cost its
 * sender the connection. */
#define BUS_MESSAGE_BYTES_MAX 262144u

struct bus_options {
	uint8_t public_key[32], secret_key[32];
	/* May this key connect? Asked for every handshake. Unknown: "try later". */
	bool (*is_known)(void *context, const uint8_t key[32]);
	void *context;
};

enum err bus_open(struct bus **out, const struct bus_options *o, char *problem,
    size_t problem_size) MUST_CHECK;
void bus_close(struct bus *bus);

/* ROUTER and PUB of a service; a name in use is one clear sentence in `problem`. */
enum err bus_bind(struct bus *bus, const char *endpoint, const char *hints,
    char *problem, size_t problem_size) MUST_CHECK;
/* Proves the door is shut: a random key must be refused. Before readiness. */
enum err bus_self_test(struct bus *bus, const char *endpoint) MUST_CHECK;
/* DEALER and SUB to a peer. */
enum err bus_connect(struct bus *bus, const struct conf_peer *peer) MUST_CHECK;

/* What the poll found: one message. */
enum bus_what { BUS_NOTHING, BUS_CALL, BUS_ANSWER, BUS_HINT };
struct bus_message {
	enum bus_what what;
	uint8_t key[32];     /* calls: authenticated */
	uint64_t token;      /* calls: answer by it */
	const char *service; /* answers and hints */
	struct bytes bytes;  /* good until the next bus_receive */
};

/* Waits up to wait_ms for anything, on any socket or on `extra_fd` (a signalfd,
 * -1: none); handshakes are answered inside. */
enum err bus_wait(struct bus *bus, int64_t wait_ms, int extra_fd) MUST_CHECK;
/* Waits up to wait_us for one more call, and for nothing else: the linger of a group
 * commit. */
void bus_linger(struct bus *bus, int64_t wait_us);
/* The next waiting message, or BUS_NOTHING; sockets take turns. Never blocks. */
enum err bus_receive(struct bus *bus, struct bus_message *out) MUST_CHECK;
/* A reply that cannot be sent is dropped: the retry finds the inbox. */
void bus_reply(struct bus *bus, uint64_t token, struct bytes envelope);
/* ERR_UNREACHABLE at once when the peer is not connected. */
enum err bus_send(
    struct bus *bus, const char *service, struct bytes envelope) MUST_CHECK;
void bus_hint(struct bus *bus, struct bytes hint);

/*
 * A caller outside the services: one connection, one call at a time (or many with
 * bus_client_post and bus_client_take), resent with the same id after a lost
 * connection, until the deadline.
 */
struct bus_client;

enum err bus_client_open(struct bus_client **out, const struct conf_peer *peer,
    const uint8_t public_key[32], const uint8_t secret_key[32]) MUST_CHECK;
void bus_client_close(struct bus_client *c);

/* The answer envelope, in the arena. ERR_LATE or ERR_UNREACHABLE when none came;
 * a fault in the answer is in the envelope. BUSY and STALE are retried within the
 * deadline. message_id is made where absent. */
enum err bus_client_call(struct bus_client *c, struct arena *a,
    Envelope__Envelope *call, int64_t wait_ms, Envelope__Envelope **answer) MUST_CHECK;

/* ERR_UNREACHABLE at once where there is no connection, or no room. */
enum err bus_client_try(struct bus_client *c, struct bytes envelope) MUST_CHECK;
/* Waits up to two seconds for a connection, and for room: then ERR_UNREACHABLE. */
enum err bus_client_post(struct bus_client *c, struct bytes envelope) MUST_CHECK;
/* ERR_LATE when nothing came in time. Bytes good until the next take. */
enum err bus_client_take(
    struct bus_client *c, int64_t wait_ms, struct bytes *out) MUST_CHECK;

/* Waits until one of them has something to take, or the time is over. */
void bus_client_wait_any(struct bus_client *const *clients, size_t n, int64_t wait_ms);

/* A random id now, for callers. */
struct id bus_new_id(void);
enum err bus_new_key(uint8_t public_key[32], uint8_t secret_key[32]) MUST_CHECK;

#endif
