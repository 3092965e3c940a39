#ifndef RCC_GATEWAY_WORKER_H
#define RCC_GATEWAY_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "base/err.h"

/*
 * A password's key (argon2id) takes 64 MiB and some 60 ms, in which a loop would stand
 * still. So it is made in processes of their own: this same program as `rcc-gateway
 * --worker`, that has no key, no file and no network, may do little more than read,
 * write and take memory (seccomp), and ends with its parent.
 */
#define WORKER_PASSWORD_BYTES_MAX 512
#define WORKER_SALT_BYTES 16
#define WORKER_KEY_BYTES 32
#define WORKER_MEMORY_KIB 65536 /* for a new password */
#define WORKER_PASSES 2
/* What an account may ask for instead: as it was when its password was set. */
#define WORKER_MEMORY_KIB_MIN 8192
#define WORKER_MEMORY_KIB_MAX 262144
#define WORKER_PASSES_MAX 8

#define WORKER_CHILDREN 2
#define WORKER_WAITING_MAX 32 /* a second's work */
#define WORKER_KEPT_FREE 8    /* of these, for whoever is known */
#define WORKER_TRIES 3        /* of one question, by children that died over it */
#define WORKER_SILENT_US INT64_C(10000000) /* taken for a halt */
#define WORKER_REST_US                                                                 \
	INT64_C(1000000) /* before a child that did nothing is replaced */

struct worker_question {
	struct bytes password; /* any bytes; at most so many */
	uint32_t memory_kib, passes;
	uint8_t salt[WORKER_SALT_BYTES];
	/* Of somebody who has been here before: comes before those who have not, and
	 * finds a place when they have filled theirs. */
	bool is_known;
};

/* A question on its way, as it is sent. */
#define WORKER_PACKED_BYTES                                                            \
	(8 + 4 + 4 + WORKER_SALT_BYTES + 4 + WORKER_PASSWORD_BYTES_MAX)
#define WORKER_ANSWER_BYTES (8 + WORKER_KEY_BYTES)

struct worker_options {
	const char *program; /* what is run with --worker: "/proc/self/exe" */
	/* Answers come inside worker_serve. `key` is good until this returns; NULL: no
	 * child could make it. */
	void (*answered)(
	    void *context, uint64_t ticket, const uint8_t key[WORKER_KEY_BYTES]);
	void *context;
};

struct worker {
	struct worker_options options;
	int wait_fd;
	uint64_t last_ticket;
	struct worker_waiting {
		uint64_t ticket; /* 0: this place is free */
		unsigned tries;
		bool is_known;
		uint8_t packed[WORKER_PACKED_BYTES];
	} waiting[WORKER_WAITING_MAX];
	struct worker_child {
		pid_t pid;       /* 0: there is none */
		int pipe;        /* a socket that keeps messages apart */
		uint64_t ticket; /* what it works on; 0: nothing */
		int64_t until_us;
		int64_t not_before_us; /* when the next one may be started */
		bool is_proven;        /* it has answered once */
	} children[WORKER_CHILDREN];
};

/* Starts no child yet. Not to be moved while open. */
enum err worker_open(struct worker *w, const struct worker_options *o) MUST_CHECK;
void worker_close(struct worker *w);

/* Readable when there is something to serve. */
int worker_fd(const struct worker *w);
/* Serves what there is, without waiting. How long it may be left alone. */
int64_t worker_serve(struct worker *w, int64_t now_us);
/* The same, when something may have been asked since. */
int64_t worker_rest(struct worker *w, int64_t now_us);

/*
 * The key of a password: answered later, by the ticket, which is never 0. Serve soon.
 * ERR_BUSY where too many wait already; ERR_MALFORMED where it asks for what no child
 * will do.
 */
enum err worker_ask(
    struct worker *w, const struct worker_question *q, uint64_t *ticket) MUST_CHECK;
/* Nobody waits for this answer any more: it is not given. */
void worker_forget(struct worker *w, uint64_t ticket);

/* The child: answers what comes through its standard input until that ends. Returns
 * what the process leaves with. */
int worker_main(void);
/* What it does with one message, of any bytes: the answer, or 0 for what is none of
 * ours. Only a child does this, and tests. */
size_t worker_work(struct bytes packed, uint8_t answer[WORKER_ANSWER_BYTES]);

#endif
