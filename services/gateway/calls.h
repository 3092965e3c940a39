#ifndef RCC_GATEWAY_CALLS_H
#define RCC_GATEWAY_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/id.h"

#include "envelope.pb-c.h"

struct bus;
struct run_options;

#define CALLS_MAX 4096
#define CALLS_WAIT_MS 5000 /* for an answer, unless the caller says otherwise */

/* What became of a call: an envelope (a yes, a refusal or a fault), good until the
 * function returns; NULL where none came in time, or the service is down. */
typedef void calls_answered(
    void *of, size_t index, const Envelope__Envelope *answer, bool is_down);

/* A call on its way. `of` and `index` are the asker's own. */
struct call {
	const char *service; /* of the peers file; must outlive the call */
	struct id id;        /* of the message */
	struct bytes packed; /* the envelope; must outlive the call */
	int64_t begun_us, until_us;
	int64_t again_us; /* not sent, or answered BUSY: to be sent (again) then */
	bool is_sent;
	calls_answered *answered;
	void *of;
	size_t index;
	struct call *next; /* in its bucket, or free */
};

#define CALLS_BUCKETS 1024

/*
 * Calls to services, many at once, none waited for. A service that answers BUSY or
 * STALE, or is not connected for a moment, is asked again with the same id within the
 * call's time; one that stays unreachable for a second is down.
 */
struct calls {
	struct bus *bus;
	const char *peers[CONF_PEERS_MAX];
	size_t peers_n;
	struct arena table;
	struct call *list; /* CALLS_MAX of them, in `table` */
	struct call *free;
	struct call *buckets[CALLS_BUCKETS];
	size_t under_way_n;
	int64_t next_us; /* when one of them is next to be looked at */
	struct arena scratch;
	/* Somebody's journal grew. May be NULL. */
	void (*hinted)(void *context, const char *service);
	void *context;
};

/* Connects to every peer that has an endpoint, and to its hints. */
enum err calls_open(struct calls *c, const struct run_options *o, char *problem,
    size_t problem_size) MUST_CHECK;
void calls_close(struct calls *c);

/*
 * Sends, or will as soon as it can be; `answered` hears of it from calls_go_on or
 * calls_wait, never from here. `packed` is the whole envelope under `id`. ERR_FULL
 * where too many are under way, ERR_UNREACHABLE where there is no such service.
 */
struct call_options {
	const char *service;
	struct id id;
	struct bytes packed;
	int64_t wait_ms;
	calls_answered *answered;
	void *of;
	size_t index;
};
enum err calls_send(struct calls *c, const struct call_options *o) MUST_CHECK;
/* The time, and an id now: the gateway's pages have both from here alone. */
int64_t calls_now_ms(const struct calls *c);
struct id calls_new_id(struct calls *c);

/* Nobody waits for the answers of `of` any more. */
void calls_forget(struct calls *c, const void *of);

/* Sends again, and ends what is late. *wait_us: how long there is no more of that. */
void calls_go_on(struct calls *c, int64_t *wait_us);
/* Waits for answers and hints, or for `fd`, and takes a few of those that came: the
 * others at the next. */
enum err calls_wait(struct calls *c, int64_t wait_us, int fd) MUST_CHECK;

#endif
